"""Whether a record of another list came before, for the same child: how complete the links between lists are."""

from sqlalchemy import and_, or_, select

from scorecards.measures.frame import by_day, flag, group_of, passes, per_period
from scorecards.measures.words import base_words, column_words, rows_of, where_words

SUMS = ("numerator", "denominator", "excluded")


class PrecededKind:
    """The share of rows with an earlier one of the same child in another list: the reported one, else any."""

    name = "preceded"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        known = table.c[measure.who].is_not(None)
        rows = (
            select(
                table.c[measure.dated_by].label("day"),
                group_of(kpi, reading, table, wanted.breakdown).label("grp"),
                flag(and_(known, _has_one(measure, reading, table))).label("numerator"),
                flag(known).label("denominator"),
                (1 - flag(known)).label("excluded"),
            )
            .where(
                reading.live(measure.records, table),
                passes(table, measure.where),
                table.c[measure.dated_by].is_not(None),
            )
            .subquery("rows")
        )
        return per_period(by_day(rows, *SUMS), wanted, *SUMS)

    def sentence(self, kpi, definitions):
        measure, by = kpi.measure, kpi.measure.by
        earlier = rows_of(definitions, by.records) + where_words(definitions, by.records, by.where)
        date = column_words(definitions, by.records, by.dated_by)
        reported = ""
        if measure.reported_in is not None:
            name = column_words(definitions, measure.records, measure.reported_in)
            reported = f" Where {name} is given, there must be one of that day."
        return (
            f"Of {base_words(definitions, measure)}, the percentage with one or more {earlier} of the same child on "
            f"the day or in the {measure.within_days} days before (by {date}).{reported}"
        )

    def record_types(self, kpi):
        return (kpi.measure.records, kpi.measure.by.records)


def _has_one(measure, reading, table):
    """Return the condition that there is an earlier record, on the reported day where one is reported."""
    by = measure.by
    earlier = reading.lists[by.records].alias("earlier")
    child = reading.definitions.record_types[by.records].child_column
    day, dated = table.c[measure.dated_by], earlier.c[by.dated_by]
    found = select(earlier.c.id).where(
        earlier.c[child] == table.c[measure.who],
        dated <= day,
        dated >= day - measure.within_days,
        reading.live(by.records, earlier),
        passes(earlier, by.where),
    )
    if measure.reported_in is not None:
        reported = table.c[measure.reported_in]
        found = found.where(or_(reported.is_(None), dated == reported))
    return found.correlate(table).exists()
