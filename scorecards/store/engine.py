"""The store opened: engines for reading and for writing, tables, key, and the day we call today."""

import datetime
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError

from scorecards.definitions import Definitions, read_definitions
from scorecards.errors import StoreError
from scorecards.store import copies, failures, lists, schema
from scorecards.store.identity import KEY_FILE, Pseudonymiser, make_key, read_key
from scorecards.store.private import private_file

PROJECT = Path(__file__).resolve().parents[2]
# Milliseconds. A landing of a large file takes some of them, and several may stand in a queue.
WRITERS_WAIT, READERS_WAIT = 60_000, 15_000
# Compiled statements: the next landing asks the same of every measure and breakdown, and those are some hundreds.
STATEMENTS_KEPT = 4000
OPENING_LOCK = 1_989_041  # any number that no other program on the server locks (Children Act 1989, section 47)
# Of a DELETE journal, FULL leaves a moment after a commit in which a power cut takes it back (tests/torture).
SYNCHRONOUS = "EXTRA"
NO_ADDRESS = (
    "SCORECARDS_DATABASE_URL is not the address of a database. Write it as sqlite:///path/to/file.db or "
    "postgresql://user:password@server/name."
)
# The first SQLite versions without the WAL-reset fault, by branch: https://sqlite.org/wal.html#walresetbug
WAL_SAFE = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


@dataclass(frozen=True)
class Store:
    """An open store. `read()` gives a connection that cannot write; `landing` (store.writing) is the way to write."""

    url: str
    writer: Engine
    reader: Engine
    definitions: Definitions
    lists: dict[str, Table]
    pseudonymiser: Pseudonymiser
    today: datetime.date

    @contextmanager
    def read(self):
        """Yield a connection that sees one data version throughout and cannot write."""
        with failures.told_when_read(), self.reader.connect() as connection, connection.begin():
            yield connection

    def data_version(self) -> int:
        """Return the number of the newest data version; 0 when nothing was ever landed."""
        with self.read() as connection:
            return newest_version(connection)

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


def newest_version(connection: Connection) -> int:
    return connection.scalar(select(func.max(schema.data_version.c.id))) or 0


def home() -> Path:
    """Return the folder for data and keys: SCORECARDS_HOME, else `data` in the project."""
    return Path(os.environ.get("SCORECARDS_HOME") or PROJECT / "data")


def is_demo() -> bool:
    return os.environ.get("SCORECARDS_DEMO") == "1"


def database_url() -> str:
    """Return SCORECARDS_DATABASE_URL, else the embedded database; the demo has one of its own."""
    given = os.environ.get("SCORECARDS_DATABASE_URL")
    if given:
        return given
    return f"sqlite:///{home() / ('demo.db' if is_demo() else 'scorecards.db')}"


def today() -> datetime.date:
    """Return SCORECARDS_TODAY (ISO) when it is set, as the demo does, else the clock's date."""
    given = os.environ.get("SCORECARDS_TODAY")
    try:
        return datetime.date.fromisoformat(given) if given else datetime.date.today()
    except ValueError:
        raise StoreError(f"SCORECARDS_TODAY is '{given}', which is not a date. Write it as 2025-10-14.") from None


def open_store(
    url: str | None = None, definitions: Definitions | None = None, on: datetime.date | None = None
) -> Store:
    """Open the store at `url`, made and migrated when needed.

    Raise StoreError when it cannot be reached, is newer than this program, or was made with another key.
    """
    url = url or database_url()
    definitions = definitions or read_definitions()
    writer, reader = _engines(url)
    tables = lists.list_tables(definitions.record_types)
    try:
        with _failures_told(), writer.begin() as connection:
            _wait_for_other_openers(connection)
            _migrate(connection)
            lists.reconcile(connection, tables)
            key = _key_of(connection, home())
    except BaseException:
        writer.dispose()
        reader.dispose()
        raise
    return Store(url, writer, reader, definitions, tables, key, on or today())


def _engines(url: str) -> tuple[Engine, Engine]:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return _server_engines(url)
    except (ArgumentError, ModuleNotFoundError):
        raise StoreError(NO_ADDRESS) from None
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError("The store needs a file: an in-memory database would be lost. Use sqlite:///path/to/file.db.")
    _make_private(Path(parsed.database))
    return _sqlite_engines(parsed.database)


def _make_private(path: Path) -> None:
    """Make the file of a new store, for its owner's eyes alone; SQLite gives its journals the same mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"The store {path.name} cannot be made or written: {error.strerror}. Choose another folder with "
            "SCORECARDS_HOME, or give yourself the right to write there."
        ) from error


@contextmanager
def _failures_told():
    """Turn what the database or the migrations say into a sentence for the reader."""
    try:
        yield
    except (DatabaseError, sqlite3.Error, OSError) as error:
        raise failures.not_opened(error) from error
    except CommandError as error:
        raise StoreError(
            "The store was made by a newer version of this product. Nothing was changed. Update the product to open it."
        ) from error


def _wait_for_other_openers(connection: Connection) -> None:
    # Two servers that start together must not make the same tables; SQLite's BEGIN IMMEDIATE waits by itself.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({OPENING_LOCK})")


def _sqlite_engines(path: str) -> tuple[Engine, Engine]:
    # hide_parameters: an error that reaches a log must not hold the rows that it is about.
    writer = create_engine(URL.create("sqlite", database=path), hide_parameters=True, query_cache_size=STATEMENTS_KEPT)
    event.listen(writer, "connect", _prepare_writer)
    event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    reader = create_engine(URL.create("sqlite", database=path), hide_parameters=True)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return writer, reader


def _journal_mode() -> str:
    version = sqlite3.sqlite_version_info
    safe = version >= WAL_SAFE[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in WAL_SAFE)
    return "WAL" if safe else "DELETE"


def _prepare(connection, wait, *pragmas):
    connection.isolation_level = None  # transactions are ours alone: pysqlite must not commit for us
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={wait}", "foreign_keys=ON", *pragmas):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_writer(connection, _record):
    # Without cache_spill=OFF readers of a DELETE journal waited seconds in a landing (measured: 4.5 s, 0.08 s with).
    # Figures are worked out on this connection: with SQLite's usual 2 MB of cache that took twice as long (measured).
    cache = ("cache_spill=OFF", "cache_size=-65536")
    _prepare(connection, WRITERS_WAIT, f"journal_mode={_journal_mode()}", f"synchronous={SYNCHRONOUS}", *cache)


def _prepare_reader(connection, _record):
    _prepare(connection, READERS_WAIT, "query_only=ON", "mmap_size=268435456", "cache_size=-65536")


def _server_engines(url: str) -> tuple[Engine, Engine]:
    common = {"pool_pre_ping": True, "hide_parameters": True}
    writer = create_engine(url, **common, query_cache_size=STATEMENTS_KEPT)
    reader = create_engine(url, **common, isolation_level="REPEATABLE READ")
    event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("SET TRANSACTION READ ONLY"))
    return writer, reader


def migrations() -> Config:
    """Return where the versions of the fixed tables stand."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations").replace("%", "%%"))
    return config


def _migrate(connection: Connection) -> None:
    config = migrations()
    config.attributes["connection"] = connection
    _keep_before_upgrade(connection, config)
    command.upgrade(config, "head")


def _keep_before_upgrade(connection: Connection, config: Config) -> None:
    """Back up a SQLite store, beside itself, before its tables change; nobody can write to it meanwhile."""
    current = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(config).get_current_head()
    path = connection.engine.url.database
    if connection.dialect.name != "sqlite" or current in (None, newest) or not path:
        return
    kept = Path(path).with_name(f"{Path(path).stem}.before-{newest}.backup")
    with private_file(kept) as content:
        copies.copy_sqlite(Path(path), content)
        with copies.opened_file(content) as copied:
            facts = copies.facts_of(copied)
        copies.write_backup(kept, "sqlite", content, facts)


def _key_of(connection: Connection, folder: Path) -> Pseudonymiser:
    """Return the key of this store: made with a new store, and refused when it is another one."""
    stored = connection.scalar(select(schema.setting.c.value).where(schema.setting.c.name == "key_fingerprint"))
    key = read_key(folder)
    if stored is None:
        key = key or make_key(folder)
        connection.execute(schema.setting.insert().values(name="key_fingerprint", value=key.fingerprint))
    elif key is None:
        raise StoreError(
            f"The key for child identifiers is missing: {KEY_FILE} is not in the data folder. Put it back, or set "
            "SCORECARDS_KEY; without it no child would be recognised again. Nothing was changed."
        )
    elif key.fingerprint != stored:
        raise StoreError(
            "The key for child identifiers is not the one this store was made with, so no child would be recognised "
            "again. Put the right key file back (or set SCORECARDS_KEY); nothing was changed."
        )
    return key
