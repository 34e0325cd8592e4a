"""A store as the first version of the product left it, on either database: what an upgrade has to keep."""

import re
from pathlib import Path

from alembic import command
from sqlalchemy import Connection, create_engine, event, inspect

from scorecards.store.engine import migrations

ROWS = Path(__file__).parent / "upgrades" / "store_of_0001.sql"
# The key that its children were made unrecognisable with.
KEY = "a key of the tests, which is long enough"


def make_first_store(url: str) -> None:
    """Fill the empty database at `url` with the tables of migration 0001, the list tables of then, and rows."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        # As the product does: nobody but us begins or commits.
        event.listen(engine, "connect", lambda connection, _record: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in statements(engine.dialect.name):
            connection.exec_driver_sql(statement)
        if engine.dialect.name == "postgresql":
            _count_on(connection)
    engine.dispose()


def statements(database: str) -> list[str]:
    """Return what `store_of_0001.sql` says, in the words of a database."""
    text = re.sub(r"^--.*\n", "", ROWS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [one for one in text.split(";\n") if one.strip()]
    if database == "postgresql":
        found = [re.sub(r"^(CREATE TABLE \w+ \( id) INTEGER", r"\1 SERIAL", one).replace("%", "%%") for one in found]
    return found


def _count_on(connection: Connection) -> None:
    """Have the next row of each table get the next number."""
    for table in inspect(connection).get_table_names():
        sequence = connection.exec_driver_sql(
            f"SELECT pg_get_serial_sequence('{table}', 'id') WHERE EXISTS "
            f"(SELECT 1 FROM information_schema.columns WHERE table_name = '{table}' AND column_name = 'id')"
        ).scalar()
        if sequence:
            connection.exec_driver_sql(
                f"SELECT setval('{sequence}', (SELECT coalesce(max(id), 0) + 1 FROM {table}), false)"
            )
