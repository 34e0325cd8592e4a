"""Owns the doubt about columns that say one thing in every row, where the sender's rows of before said many."""

import math
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, case, func, select

from data_loaders.plausibility.usual import Told, doubt
from data_loaders.preview import Plan
from data_loaders.problems import shown
from data_loaders.results import FileCheck, ListCheck
from scorecards.definitions import RecordType
from scorecards.store import Store

# It is told from so many rows on, where the odds are so long against it, and where it never was so common.
ROWS_TO_COMPARE, LONGEST_ODDS, MOST_COMMON = 20, 0.001, 0.9
DAYS_COMPARED = 2 * 365


def copied_columns(store: Store, connection: Connection, plan: Plan) -> list[Told]:
    """Return the columns that say the same in every row, where the agency's rows of before say many things."""
    batch, record = plan.batch, plan.batch.record
    lists = [(file, one) for file, one in batch.lists if len(one.rows)]
    count = sum(len(one.rows) for _, one in lists)
    if count < ROWS_TO_COMPARE or record.dated_by is None:
        return []
    said = {name: the_one_value(name, lists) for name in compared(record, lists)}
    same = {name: value for name, value in said.items() if value is not NO_ONE_VALUE}
    shares = stored_shares(store, connection, plan, same) if same else {}
    told = []
    for name, share in shares.items():
        if share < MOST_COMMON and (share == 0 or count * math.log(share) < math.log(LONGEST_ODDS)):
            told.append(column_doubt(record, name, same[name], share, count, *lists[0]))
    return told


NO_ONE_VALUE = object()


def the_one_value(name: str, lists) -> Any:
    """Return what every row says in a column, or NO_ONE_VALUE."""
    values = (value for _, one in lists for value in one.rows.columns[name])
    first = next(values)
    return first if all(value == first for value in values) else NO_ONE_VALUE


def compared(record: RecordType, lists) -> list[str]:
    """Return the stored columns that should vary: a list of one day has one date, and a time is part of its day."""
    one_day = {one.covers[0] == one.covers[1] for _, one in lists if one.covers} == {True}
    columns = {
        ("birth_month" if column.type == "birth" else name): column
        for name, column in record.columns.items()
        if column.type not in ("drop", "locality")
    }
    return [name for name in columns if not (one_day and name == record.dated_by)]


def stored_shares(store: Store, connection: Connection, plan: Plan, same: Mapping[str, Any]) -> dict[str, float]:
    """Return what share of the agency's rows of the last years say the same; nothing where there are too few."""
    table, dated_by = store.lists[plan.batch.record.id], str(plan.batch.record.dated_by)
    first = min(day for _, one in plan.batch.lists for day in one.rows.columns.get(dated_by, ()))
    says = [
        func.sum(case((table.c[name].is_(None) if value is None else table.c[name] == value, 1), else_=0))
        for name, value in same.items()
    ]
    query = select(func.count(), *says).where(
        table.c.superseded_in.is_(None), table.c.agency == plan.batch.agency, table.c[dated_by] >= first - DAYS_COMPARED
    )
    count, *found = connection.execute(query).one()
    if count < ROWS_TO_COMPARE:
        return {}
    return {name: int(number) / count for name, number in zip(same, found, strict=True)}


def column_doubt(
    record: RecordType, name: str, value, share: float, count: int, file: FileCheck, one: ListCheck
) -> Told:
    birth = next((known for known, column in record.columns.items() if column.type == "birth"), "")
    own = birth if name == "birth_month" else name
    column = record.columns[own]
    before = "none" if share == 0 else f"{share:.0%}" if share >= 0.01 else "less than 1%"
    heading = one.rows.headings.get(own)
    if value is None and heading is None:
        sentence = (
            f"'{column.title}' is not among the columns, and {1 - share:.0%} of this agency's earlier rows had it."
        )
    else:
        says = "blank" if value is None else "the same"
        sentence = f"'{column.title}' is {says} in all {count:,} rows, as in {before} of this agency's earlier rows."
    letters = one.rows.letters.get(own)
    places = [f"{letters}{one.rows.sheet_rows[0]}"] if letters else ()
    shows = column.type in ("code", "yes_no", "text", "whole_number") and value is not None
    advice = "Check whether the column was copied down or lost. If it is right, say why."
    return doubt("column_copied", file, one, sentence, places, heading=heading, advice=advice,
                 value=shown(value) if shows else None)  # fmt: skip
