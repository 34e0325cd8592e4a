"""Copies of a PostgreSQL store, by the server's own programs: taken as one version, and put back in one transaction."""

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, make_url
from sqlalchemy.pool import NullPool

from scorecards.errors import StoreError
from scorecards.store.checks import Finding, check_store
from scorecards.store.copies import Manifest, facts_of, row_counts, sums_of
from scorecards.store.engine import home
from scorecards.store.schema import fixed

# Where installers put the programs; the search path goes before.
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
FUNCTION = "audit_is_never_changed"


def take(url: str, content: Path) -> tuple[dict, list[Finding]]:
    """Dump the store at `url` into the file `content`; return what stands in it and what checks find."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        programs = programs_for(connection)
        facts = facts_of(connection)
        if facts["revision"]:
            # The dump is of the very version that was summed up, whatever is stored meanwhile.
            seen = connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar()
            dump = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={seen}", f"--file={content}"]
            _run(programs / "pg_dump", url, *dump)
        return facts, check_store(connection) if facts["revision"] else []


def check(url: str) -> tuple[dict[str, int], list[Finding]]:
    """Return how many rows each table has, and what checks find, without a change to the store."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        counts = row_counts(connection)
        return counts, check_store(connection) if "setting" in counts else []


def place(url: str) -> tuple[Path, str]:
    """Return the folder and the name that files kept of the store go by."""
    return home(), make_url(url).database or "scorecards"


def rows_there(url: str) -> dict[str, int] | None:
    """Return how many rows the tables of the store at `url` have."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        return row_counts(connection)


def keep_unreadable(url: str, moment: str) -> Path:
    raise NotImplementedError  # a server that answers can be read


def prove(content: Path, manifest: Manifest) -> None:
    """Nothing to do: what a dump holds is proved when it is in the database, before it is kept there."""


def put(url: str, content: Path, manifest: Manifest, write_down: Callable[[Connection], None]) -> None:
    """Put the dump in the store's place in one transaction, kept only when it holds what `manifest` says.

    `write_down` says in the audit log of what is restored that it was.
    """
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        restorer = programs_for(connection) / "pg_restore"
        connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
        _drop_ours(connection)
        for section in ("pre-data", "data", "post-data"):
            _play(connection, _script(restorer, section, content))
        connection.exec_driver_sql("SET search_path TO DEFAULT")  # the script left none
        if sums_of(connection) != manifest.tables:
            raise StoreError("The backup does not hold what it held when it was made. Nothing was changed.")
        write_down(connection)
        connection.exec_driver_sql("ANALYZE")


def _drop_ours(connection: Connection) -> None:
    quote = connection.dialect.identifier_preparer.quote
    there = inspect(connection).get_table_names()
    ours = [name for name in there if name in fixed.tables or name == "alembic_version" or name.startswith("list_")]
    if ours:
        connection.exec_driver_sql(f"DROP TABLE {', '.join(map(quote, ours))} CASCADE")
    connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {FUNCTION}() CASCADE")


def _script(program, section, content) -> Iterator[str]:
    """Yield the lines of SQL that put one section of a dump back."""
    command = [str(program), "--no-owner", "--no-privileges", f"--section={section}", "--file=-", str(content)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8") as running:
        assert running.stdout is not None
        yield from running.stdout
    if running.returncode:
        raise StoreError("The backup could not be read by PostgreSQL's pg_restore. Nothing was changed.")


def _play(connection: Connection, lines: Iterator[str]) -> None:
    """Run the lines of a script inside the open transaction: statements, and rows that follow a COPY."""
    driver = connection.connection.driver_connection
    assert driver is not None
    statements: list[str] = []
    for line in lines:
        if line.startswith("COPY ") and line.endswith(" FROM stdin;\n"):
            _run_statements(driver, statements)
            with driver.cursor() as cursor, cursor.copy(line.rstrip(";\n")) as rows:
                for row in iter(lambda: next(lines), "\\.\n"):
                    rows.write(row)
        elif not line.startswith("\\"):  # what only psql understands
            statements.append(line)
    _run_statements(driver, statements)


def _run_statements(driver, statements: list[str]) -> None:
    if any(line.strip() for line in statements):
        driver.execute("".join(statements))
    statements.clear()


def programs_for(connection: Connection) -> Path:
    """Return the folder with PostgreSQL programs that understand this server; StoreError where there is none."""
    wanted = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    found = {folder: _version_of(folder / "pg_dump") for folder in _folders()}
    able = [(version, folder) for folder, version in found.items() if version >= wanted]
    if able:
        return min(able)[1]
    newest = max(found.values(), default=0)
    here = f"the newest here is {newest}" if newest else "none is here"
    raise StoreError(
        f"A PostgreSQL store is backed up by pg_dump of version {wanted} or newer, and {here}. Install it (on Debian: "
        f"postgresql-client-{wanted}), or have the server's administrator back it up. Nothing was done."
    )


def _folders() -> Iterable[Path]:
    found = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for pattern in FOLDERS:
        found += sorted(Path("/").glob(pattern.lstrip("/")))
    return [folder for folder in found if (folder / "pg_dump").exists() and (folder / "pg_restore").exists()]


def _version_of(program) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(version.group(1)) if version else 0


def _run(program, url, *options):
    """Run one of PostgreSQL's programs on the database at `url`; its password never stands in a list of processes."""
    address = make_url(url).set(drivername="postgresql")
    environment = os.environ | ({"PGPASSWORD": str(address.password)} if address.password else {})
    where = address._replace(password=None).render_as_string(hide_password=False)
    done = subprocess.run(
        [str(program), *options, f"--dbname={where}"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().partition("\n")[0]
        raise StoreError(f"PostgreSQL's {program.name} could not do its work: {said}. Nothing was written.")
