"""How much of what was sent is filled in."""

from sqlalchemy import and_, literal, select, union_all

from scorecards.measures.frame import UNKNOWN, by_day, flag, per_period
from scorecards.measures.words import column_words, listed, rows_of
from scorecards.store.schema import submission

BY_LIST = "list"


class FilledKind:
    """Which share of the cells that ought to be filled is; a column that a template did not ask for is no cell."""

    name = "filled"

    def select(self, kpi, reading, wanted):
        days = [_daily(reading, records, columns, wanted) for records, columns in kpi.measure.cells.items()]
        daily = union_all(*(select(one) for one in days)).subquery("cells")
        return per_period(daily, wanted, "numerator", "denominator", "excluded")

    def sentence(self, kpi, definitions):
        lists = [
            f"{rows_of(definitions, records)} ({listed(column_words(definitions, records, one) for one in columns)})"
            for records, columns in kpi.measure.cells.items()
        ]
        return (
            f"Of the cells that ought to be filled in what was sent and is dated in the period, the percentage that "
            f"are: {'; '.join(lists)}. A column that the agency's template did not ask for is left out."
        )

    def record_types(self, kpi):
        return tuple(kpi.measure.cells)


def _daily(reading, records, columns, wanted):
    """Return the filled cells and all cells of one list, by day and group."""
    table, record = reading.lists[records], reading.definitions.record_types[records]
    asked = {name: _was_asked(table, records, name) for name in columns}
    filled = [flag(and_(_is_filled(table, record, name), asked[name])) for name in columns]
    day = table.c[record.dated_by]
    rows = (
        select(
            day.label("day"),
            _group(table, records, wanted.breakdown).label("grp"),
            sum(filled, literal(0)).label("numerator"),
            sum((flag(one) for one in asked.values()), literal(0)).label("denominator"),
            literal(0).label("excluded"),
        )
        .where(reading.live(records, table), day.is_not(None))
        .subquery(f"cells_of_{records}")
    )
    return by_day(rows, "numerator", "denominator", "excluded").alias(f"days_of_{records}")


def _group(table, records, breakdown):
    groups = {"": literal(""), BY_LIST: literal(records)}
    return groups[breakdown] if breakdown in groups else table.c[breakdown]


def _is_filled(table, record, name):
    """Return the condition that a cell says something; of a child not born yet there is no date of birth to give."""
    if record.columns[name].type == "birth":
        return and_(table.c.age_band.is_not(None), table.c.age_band != UNKNOWN)
    return table.c[name].is_not(None)


def _was_asked(table, records, name):
    """Return the condition that a row did not come in a template made before the column was asked for.

    What a template asked for stands in its submission as JSON, such as ["contacts", "contacts.outcome"].
    """
    knew_the_list = submission.c.asked.like(f'%"{_escaped(records)}.%', escape="\\")
    knew_the_column = submission.c.asked.like(f'%"{_escaped(f"{records}.{name}")}"%', escape="\\")
    without = select(submission.c.id).where(submission.c.asked.is_not(None), knew_the_list, ~knew_the_column)
    return table.c.submission_id.not_in(without)


def _escaped(text: str) -> str:
    # An underscore stands for any one sign in LIKE.
    return text.replace("_", "\\_")
