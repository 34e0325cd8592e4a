"""Owns fetching an original: at the command line alone, for a name, and told in the audit log."""

import os
from pathlib import Path

from sqlalchemy import Connection, select

from scorecards.errors import StoreError
from scorecards.store import Store
from scorecards.store.originals import read_original
from scorecards.store.schema import source_file, submission
from scorecards.store.writing import name_kept, write_audit, writing

SHORTEST_HASH = 8  # characters of a SHA-256 that name a file


def fetch_original(store: Store, which: str, to: Path, by: str) -> str:
    """Write the original of a submission (its number) or a file (its SHA-256) to `to`; return what was done, in words.

    Raise StoreError where it is not kept, may not be fetched any more, or `to` is there already.
    """
    if not by.strip():
        raise StoreError("Say who fetches the original: --by NAME. It is kept in the audit log.")
    with store.read() as connection:
        sha256 = hash_of(connection, which.strip().lower())
        data = read_original(store, connection, sha256)
    try:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as trouble:
        raise StoreError(f"{to} cannot be written: {trouble.strerror}. Nothing was fetched.") from None
    try:
        with os.fdopen(handle, "wb") as file:
            # Told before it is written: nobody has an original of which the log knows nothing.
            with writing(store) as connection:
                write_audit(connection, name_kept(by.strip()), f"Fetched: the original {sha256[:12]}", None)
            file.write(data)
    except BaseException:
        to.unlink(missing_ok=True)
        raise
    return f"Written to {to}, for your eyes alone: {len(data):,} bytes. Delete it when you are done with it."


def hash_of(connection: Connection, which: str) -> str:
    """Return the SHA-256 of the file that a submission's number, or the beginning of its own, names."""
    if which.isdecimal() and len(which) < SHORTEST_HASH:
        found = list(connection.scalars(select(submission.c.sha256).where(submission.c.id == int(which))))
    elif len(which) >= SHORTEST_HASH and which.isalnum():
        found = list(connection.scalars(select(source_file.c.sha256).where(source_file.c.sha256.startswith(which))))
    else:
        found = []
    if len(found) != 1:
        raise StoreError(
            f"'{which}' names no file that was loaded. Give the number of a submission, as the page Submissions shows "
            f"it, or at least {SHORTEST_HASH} characters of the file's SHA-256."
        )
    return found[0]
