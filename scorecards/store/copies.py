"""A store as one file: what a backup holds and what it says about itself, written privately and read with suspicion."""

import datetime
import hashlib
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from sqlalchemy import URL, Connection, create_engine, inspect

from scorecards.errors import StoreError
from scorecards.store.private import private_file, settle

FORMAT = 1
MANIFEST = "manifest.json"
CONTENT = {"sqlite": "store.db", "postgresql": "store.dump"}
BLOCK = 1 << 20
STREAMED = {"stream_results": True, "yield_per": 5_000}
# What a damaged archive raises; RuntimeError is of one that is encrypted, packed in another way, or nested too deep.
BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, RuntimeError)
QUICK = 1  # a quarter of the time of zlib's usual level for a tenth more room (measured)


@dataclass(frozen=True)
class TableSum:
    """How many rows a table has, and a sum over the hashes of all of them, in whatever order they stand."""

    rows: int
    sum: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says about the store it was taken of."""

    engine: str
    made_at: str
    revision: str
    key_fingerprint: str
    data_version: int
    tables: Mapping[str, TableSum]
    size: int
    sha256: str

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


# What a database holds.


def sums_of(connection: Connection) -> dict[str, TableSum]:
    """Return the sum of every table that `connection` sees, by name."""
    inspector = inspect(connection)
    names = sorted(inspector.get_table_names())
    return {name: _sum_of(connection, name, [one["name"] for one in inspector.get_columns(name)]) for name in names}


def _sum_of(connection, table, columns):
    quote = connection.dialect.identifier_preparer.quote
    chosen = ", ".join(quote(name) for name in sorted(columns))
    found = connection.exec_driver_sql(f"SELECT {chosen} FROM {quote(table)}", execution_options=STREAMED)
    rows = total = 0
    for row in found:
        # Hashes are added, so that no database's way of sorting decides the sum.
        total += int.from_bytes(hashlib.sha256(orjson.dumps(tuple(row), default=bytes.hex)).digest())
        rows += 1
    return TableSum(rows, f"{total % (1 << 256):064x}")


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows every table has, by name."""
    quote = connection.dialect.identifier_preparer.quote
    names = sorted(inspect(connection).get_table_names())
    return {name: connection.exec_driver_sql(f"SELECT count(*) FROM {quote(name)}").scalar() or 0 for name in names}


def facts_of(connection: Connection) -> dict:
    """Return what stands in the database about itself: revision, key fingerprint, newest version, sums of tables."""
    tables = sums_of(connection)
    return {
        "revision": _one(connection, tables, "alembic_version", "SELECT version_num FROM alembic_version"),
        "key_fingerprint": _one(
            connection, tables, "setting", "SELECT value FROM setting WHERE name = 'key_fingerprint'"
        ),
        "data_version": _one(connection, tables, "data_version", "SELECT max(id) FROM data_version") or 0,
        "tables": tables,
    }


def _one(connection, tables, table, statement):
    return connection.exec_driver_sql(statement).scalar() if table in tables else None


@contextmanager
def opened_file(path: Path) -> Iterator[Connection]:
    """Yield a connection to a SQLite file that reads it as it is now, whatever others write meanwhile."""
    engine = create_engine(URL.create("sqlite", database=str(path)), hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")  # pysqlite begins nothing for a SELECT
            yield connection
    finally:
        engine.dispose()


# Written.


def copy_sqlite(source: Path, to: Path) -> None:
    """Write what is live in a SQLite store into the empty file `to`, as one version, while others read and write.

    VACUUM INTO leaves out pages that were freed, and with them originals that were purged.
    """
    connection = sqlite3.connect(source, timeout=60, isolation_level=None)
    try:
        connection.execute("VACUUM INTO ?", (str(to),))
    finally:
        connection.close()


def write_backup(to: Path, engine: str, content: Path, facts: dict) -> Manifest:
    """Write a backup of `content` (a database file, or a dump) with what is known of it, and return its manifest."""
    made_at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    manifest = Manifest(engine, made_at, **facts, size=content.stat().st_size, sha256=sha256_of(content))
    with private_file(to) as unfinished:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICK) as packed:
            packed.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1))
            packed.write(content, CONTENT[engine])
        try:
            settle(unfinished, to)
        except OSError:
            to.unlink(missing_ok=True)  # whoever is told that there is no backup must find none
            raise
    return manifest


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Read.


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself; StoreError when it is none, is damaged, or is of a newer product."""
    try:
        with zipfile.ZipFile(path) as packed:
            said = json.loads(packed.read(MANIFEST))
        if said.pop("format") != FORMAT:
            raise StoreError(
                f"{path.name} was made by another version of this product. Use that version to restore it."
            )
        tables = {name: TableSum(**table) for name, table in said.pop("tables").items()}
        manifest = Manifest(**said, tables=tables)
        if manifest.engine not in CONTENT:
            raise ValueError(manifest.engine)
        return manifest
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read: {error.strerror}. Nothing was changed.") from error
    except (*BROKEN, TypeError, AttributeError) as error:
        raise StoreError(f"{path.name} is not a backup of this product, or is damaged. Nothing was changed.") from error


def unpack(path: Path, manifest: Manifest, to: Path) -> None:
    """Write the database of a backup into `to`; StoreError when it is not what the manifest says."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open(CONTENT[manifest.engine]) as inside, to.open("wb") as out:
            is_whole = _copied(inside, out, manifest.size) and sha256_of(to) == manifest.sha256
    except BROKEN as error:
        raise _damaged(path) from error
    if not is_whole:
        raise _damaged(path)


def _copied(inside, out, size: int) -> bool:
    """Return whether exactly `size` bytes came: a damaged file may unpack to more than any disk holds."""
    left = size
    while block := inside.read(BLOCK):
        left -= len(block)
        if left < 0:
            return False
        out.write(block)
    out.flush()
    return left == 0


def _damaged(path):
    return StoreError(f"{path.name} is damaged: it does not hold what it held when it was made. Nothing was changed.")
