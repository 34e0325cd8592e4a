"""Copies of a SQLite store: taken as one version while others write, and put back in one transaction."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DatabaseError

from scorecards.errors import StoreError
from scorecards.store.checks import Finding, check_store, the_file_is_whole
from scorecards.store.copies import (
    Manifest,
    copy_sqlite,
    facts_of,
    opened_file,
    row_counts,
    sums_of,
)
from scorecards.store.engine import SYNCHRONOUS
from scorecards.store.failures import DAMAGED, failure_of
from scorecards.store.private import private_file, settle

BESIDE = ("-journal", "-wal", "-shm")


def take(url: str, content: Path) -> tuple[dict, list[Finding]]:
    """Copy the store at `url` into the empty file `content`; return what stands in it and what checks find."""
    path = path_of(url)
    if not path.exists():
        raise StoreError(f"There is no store {path.name} to back up yet. Nothing was written.")
    copy_sqlite(path, content)
    with opened_file(content) as connection:
        facts = facts_of(connection)
        return facts, check_store(connection) if facts["revision"] else []


def check(url: str) -> tuple[dict[str, int], list[Finding]]:
    """Return how many rows each table has, and what checks find, without a change to the store."""
    path = path_of(url)
    if not path.exists():
        raise StoreError(f"There is no store {path.name} yet, and so nothing to check.")
    with opened_file(path) as connection:
        counts = row_counts(connection)
        return counts, check_store(connection) if "setting" in counts else []


def path_of(url: str) -> Path:
    return Path(make_url(url).database or "")


def place(url: str) -> tuple[Path, str]:
    """Return the folder and the name that files kept beside the store go by."""
    return path_of(url).parent, path_of(url).stem


def rows_there(url: str) -> dict[str, int] | None:
    """Return how many rows the tables of the store at `url` have, none of one not there; None: it cannot be read."""
    path = path_of(url)
    if not path.exists() or path.stat().st_size == 0:
        return {}
    try:
        with opened_file(path) as connection:
            return row_counts(connection) if the_file_is_whole(connection).is_right else None
    except DatabaseError as error:
        if failure_of(error) is DAMAGED:
            return None
        raise


def prove(content: Path, manifest: Manifest) -> None:
    """Raise StoreError unless `content` is a whole database that holds what `manifest` says."""
    with opened_file(content) as connection:
        is_right = the_file_is_whole(connection).is_right and sums_of(connection) == manifest.tables
    if not is_right:
        raise StoreError("The backup does not hold what it held when it was made. Nothing was changed.")


def keep_unreadable(url: str, moment: str) -> Path:
    """Copy the files of a damaged store aside as they are."""
    path = path_of(url)
    kept = path.with_name(f"{path.stem}.damaged-{moment}{path.suffix}")
    for beside in ("", *BESIDE):
        if (file := path.with_name(path.name + beside)).exists():
            shutil.copy2(file, kept.with_name(kept.name + beside))
    return kept


def put(url: str, content: Path, _manifest: Manifest, write_down: Callable[[Connection], None]) -> None:
    """Put `content` in the store's place, at once: whoever stops it on the way finds the store as it was.

    `write_down` says in the audit log of what is restored that it was.
    """
    with opened_file(content) as connection:
        write_down(connection)
        connection.commit()
        wanted = sums_of(connection)
    path = path_of(url)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if rows_there(url) is None:
        _exchange(path, content)
    else:
        _write_into(path, content)
    with opened_file(path) as connection:
        is_right = sums_of(connection) == wanted
    if not is_right:
        raise StoreError("What was restored is not what was backed up. Do not use it; restore another backup.")


def _exchange(path, content):
    with private_file(path) as fresh:
        shutil.copyfile(content, fresh)
        # A journal left behind would be played into whatever database stands beside it.
        for beside in BESIDE:
            path.with_name(path.name + beside).unlink(missing_ok=True)
        settle(fresh, path)


def _write_into(path, content):
    """Write into the file that others may have open, as one transaction that they see whole or not at all."""
    path.touch(0o600)
    source, there = sqlite3.connect(content), sqlite3.connect(path, timeout=60)
    try:
        there.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
        source.backup(there)
    finally:
        there.close()
        source.close()
