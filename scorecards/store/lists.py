"""One table per record type, built from `record_types.yaml`: created and widened, never dropped or retyped."""

from typing import Any

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text, inspect
from sqlalchemy.schema import CreateColumn

from scorecards.definitions import RecordType
from scorecards.errors import StoreError

_TYPES = {
    "child": String(32),
    "reference": String(32),
    "date": Integer,
    "datetime": Integer,
    "code": String(40),
    "codes": Text,
    "yes_no": String(3),
    "whole_number": Integer,
    "number": Float,
    "kpi": String(80),
    "period": String(24),
    "text": Text,
    "locality": String(60),
}


def list_tables(record_types: dict[str, RecordType]) -> dict[str, Table]:
    """Return the table of each record type, by record type id."""
    metadata = MetaData()
    return {name: _table(record, metadata) for name, record in record_types.items()}


def stored_columns(record: RecordType) -> list[str]:
    """Return the names of the columns that come from the sender's row, in the order of the table."""
    names = []
    for name, column in record.columns.items():
        if column.type == "birth":
            names += ["age", "age_band", "birth_month"]
        elif column.type == "datetime":
            names += [name, f"{name}_minute"]
        elif column.type in ("number", "whole_number"):
            names += [name, f"{name}_symbol"]
        elif column.type != "drop":
            names.append(name)
    return names


def _table(record: RecordType, metadata: MetaData) -> Table:
    columns: list[Any] = [Column("id", Integer, primary_key=True), Column("agency", String(60), nullable=False)]
    for name, column in record.columns.items():
        columns += _columns(name, column)
    # Provenance: which submission, which sheet row, and the versions between which the row counts.
    columns += [
        Column("submission_id", Integer, nullable=False),
        Column("source_row", Integer, nullable=False),
        Column("landed_in", Integer, nullable=False),
        Column("superseded_in", Integer),
    ]
    if record.replaces == "key":
        columns.append(Column("source_cell", String(16)))  # of an aggregate's figure, in the sender's sheet
    table = Table(f"list_{record.id}", metadata, *columns)
    if record.dated_by:
        Index(f"ix_list_{record.id}_dated", table.c.superseded_in, table.c[record.dated_by])
    if record.child_column:
        dated = [table.c[record.dated_by]] if record.dated_by else []
        Index(f"ix_list_{record.id}_child", table.c[record.child_column], *dated)
    return table


def _columns(name, column):
    if column.type == "drop":
        return []
    if column.type == "birth":
        # Age in completed years at the dating date; the day of birth itself is not kept.
        return [Column("age", Integer), Column("age_band", String(12)), Column("birth_month", Integer)]
    kind = _TYPES[column.type]
    # Loading asks for required columns; the table does not, so that one can become optional later.
    made = [Column(name, kind)]
    if column.type == "datetime":
        made.append(Column(f"{name}_minute", Integer))  # minutes since day 0, where the sender gave a time
    if column.type in ("number", "whole_number"):
        made.append(Column(f"{name}_symbol", String(12)))  # c, x, z, low ... where no number was given
    return made


def reconcile(connection, tables: dict[str, Table]) -> None:
    """Make the list tables that are missing and add columns that are new; refuse a column of another type."""
    inspector = inspect(connection)
    existing = set(inspector.get_table_names())
    for table in tables.values():
        if table.name not in existing:
            table.create(connection)
            continue
        there = {column["name"]: column for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                _add(connection, table, column)
            elif not _same_family(column.type, there[column.name]["type"]):
                raise StoreError(
                    f"Table {table.name} keeps '{column.name}' as {there[column.name]['type']}, but record_types.yaml "
                    f"now makes it {column.type}. Give the column a new name instead: stored columns are never retyped."
                )


def _add(connection, table, column):
    wanted = Column(column.name, column.type)  # new columns are nullable: earlier rows do not have them
    wanted._set_parent(Table(table.name, MetaData()), all_names={}, allow_replacements=False)
    made = CreateColumn(wanted).compile(dialect=connection.dialect)
    quoted = connection.dialect.identifier_preparer.quote(table.name)
    connection.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {made}")


def _same_family(wanted, there) -> bool:
    return wanted._type_affinity is there._type_affinity or {wanted._type_affinity, there._type_affinity} <= {
        String()._type_affinity,
        Text()._type_affinity,
    }
