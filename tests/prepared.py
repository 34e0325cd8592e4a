"""Owns stores that are ready sooner: a new SQLite store begins as a copy of one with its tables and its calendar."""

import os
import tempfile
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from scorecards.definitions import read_definitions
from scorecards.periods import prepare
from scorecards.store import Store, database_url, open_store
from scorecards.store.schema import setting
from scorecards.store.writing import writing


def open_prepared(url: str | None, definitions=None, on=None) -> Store:
    """Open a store as `open_store` does; one that is new on SQLite has its calendar already.

    Writing the calendar takes most of the time of a small test; tests of opening itself do without.
    """
    url = url or database_url()
    database = make_url(url).database
    if url.startswith("sqlite") and database and not Path(database).exists():
        Path(database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(database, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_new_store())
    return open_store(url, definitions, on)


@cache
def _new_store() -> bytes:
    """Return the bytes of a store that nobody has used, and that belongs to no key yet."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as environment:
        environment.setenv("SCORECARDS_HOME", folder)
        path = Path(folder) / "scorecards.db"
        store = open_store(f"sqlite:///{path}", read_definitions())
        with writing(store) as connection:
            prepare(connection, store.definitions, store.today)
            connection.execute(setting.delete().where(setting.c.name == "key_fingerprint"))
        store.close()
        return path.read_bytes()
