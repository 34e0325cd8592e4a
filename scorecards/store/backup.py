"""A store backed up while others work in it, and put back only when what is put back is right."""

import datetime
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from scorecards.errors import StoreError
from scorecards.store import failures, server_copies, sqlite_copies
from scorecards.store.checks import Finding
from scorecards.store.copies import Manifest, read_manifest, unpack, write_backup
from scorecards.store.engine import NO_ADDRESS, database_url, home, migrations
from scorecards.store.identity import KEY_FILE, read_key
from scorecards.store.private import private_file
from scorecards.store.writing import name_kept, write_audit

# What every new store has before anything was stored in it.
_OF_ITSELF = {"alembic_version", "setting", "calendar", "calendar_months", "period", "population"}
_WAYS = {"sqlite": sqlite_copies, "postgresql": server_copies}
_CALLED = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Restored:
    """What was put back, and where the store that it replaced is kept."""

    manifest: Manifest
    kept: Path | None


def back_up(to: Path, url: str | None = None) -> tuple[Manifest, list[Finding]]:
    """Write a backup of the store into the new file `to`; return its manifest and what checks found in the store.

    The backup is of one data version, whatever is stored meanwhile, and holds no key.
    """
    if to.exists():
        raise StoreError(f"{to.name} is there already. Give the backup another name; nothing was written.")
    return _taken(to, url or database_url())


def _taken(to, url) -> tuple[Manifest, list[Finding]]:
    engine = engine_of(url)
    with _told("The store was not backed up"):
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with private_file(to) as content:
            facts, findings = _WAYS[engine].take(url, content)
            if facts["revision"] is None:
                raise StoreError("There is no store to back up yet. Nothing was written.")
            return write_backup(to, engine, content, facts), findings


def check(url: str | None = None) -> tuple[dict[str, int], list[Finding]]:
    """Return how many rows each table of the store has and what every check finds; nothing is changed."""
    url = url or database_url()
    with _told("The store was not checked"):
        return _WAYS[engine_of(url)].check(url)


def restore(path: Path, *, by: str, replace: bool = False, url: str | None = None) -> Restored:
    """Put the backup `path` in the place of the store; StoreError, with everything as before, when it does not fit.

    A store with anything in it is only replaced where `replace` says so, and is kept as a backup of its own.
    """
    url = url or database_url()
    manifest = read_manifest(path)
    refuse_what_does_not_fit(path, manifest, engine_of(url))
    way = _WAYS[manifest.engine]
    with _told("The backup was not restored"):
        home().mkdir(mode=0o700, parents=True, exist_ok=True)
        with private_file(home() / "restoring") as content:
            unpack(path, manifest, content)
            way.prove(content, manifest)
            is_taken = _has_rows_of_somebody(way.rows_there(url))
            if is_taken and not replace:
                raise StoreError(
                    "There is a store with figures here already. To put the backup in its place, say --replace; what "
                    "it replaces is kept beside it. Nothing was changed."
                )
            kept = _keep(url, way) if is_taken else None
            # The audit log's lines between backup and now go with the store that they are in: the log says so itself.
            where = f" What it replaced is kept as {kept.name}." if kept else ""
            said = f"Restored the backup of {manifest.made_at}, data version {manifest.data_version}.{where}"
            way.put(
                url, content, manifest, lambda there: write_audit(there, name_kept(by), said, manifest.data_version)
            )
    return Restored(manifest, kept)


def refuse_what_does_not_fit(path: Path, manifest: Manifest, engine: str) -> None:
    """Raise StoreError where this backup is not for this database, this key or this version of the product."""
    if manifest.engine != engine:
        raise StoreError(
            f"{path.name} is a backup of a {_CALLED[manifest.engine]} store, and the store here is on "
            f"{_CALLED[engine]}. Set SCORECARDS_DATABASE_URL to a database of the right kind. Nothing was changed."
        )
    if manifest.revision not in {one.revision for one in ScriptDirectory.from_config(migrations()).walk_revisions()}:
        raise StoreError(
            f"{path.name} was made by a newer version of this product. Update the product, then restore it. Nothing "
            "was changed."
        )
    key = read_key(home())
    if key is None:
        raise StoreError(
            f"The key for child identifiers is missing, and a backup holds none. Put {KEY_FILE} of the store that was "
            "backed up into the data folder, or set SCORECARDS_KEY. Nothing was changed."
        )
    if key.fingerprint != manifest.key_fingerprint:
        raise StoreError(
            f"The key for child identifiers is not the one that {path.name} was made with, so no child would be "
            f"recognised again. Put the right {KEY_FILE} back (or set SCORECARDS_KEY). Nothing was changed."
        )


def engine_of(url: str) -> str:
    """Return sqlite or postgresql; StoreError, without what may be a password, where the address is of neither."""
    try:
        engine = make_url(url).get_backend_name()
    except ArgumentError:
        raise StoreError(NO_ADDRESS) from None
    if engine not in _WAYS:
        raise StoreError(NO_ADDRESS)
    return engine


def _has_rows_of_somebody(rows) -> bool:
    """Return whether anything stands in a store that the product did not put there itself; None cannot be read."""
    return rows is None or any(count for name, count in rows.items() if name not in _OF_ITSELF)


def _keep(url, way) -> Path:
    """Keep the store that is about to be replaced: as a backup, or as it is where it cannot be read."""
    moment = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S%fZ")
    if way.rows_there(url) is None:
        return way.keep_unreadable(url, moment)
    folder, stem = way.place(url)
    to = folder / f"{stem}.replaced-{moment}.backup"
    _taken(to, url)
    return to


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn what stops a copy into a sentence."""
    try:
        yield
    except (sqlite3.Error, psycopg.Error, DBAPIError, OSError) as error:
        raise failures.not_copied(error, what) from error
