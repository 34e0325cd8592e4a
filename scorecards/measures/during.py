"""Which share of the children of one list were in another within the same period."""

from sqlalchemy import and_, func, literal, or_, select

from scorecards.measures.frame import group_of, in_windows, is_dated_in, passes
from scorecards.measures.words import column_words, rows_of, where_words
from scorecards.store.schema import period


class DuringKind:
    """The share of children, with a row open at any time in the period, who have a row of another list dated in it."""

    name = "during"

    def select(self, kpi, reading, wanted):
        there, had = _there(kpi, reading, wanted), _had(kpi.measure.had, reading, wanted)
        return (
            select(
                there.c.period,
                there.c.grp,
                func.count(had.c.who).label("numerator"),
                func.count().label("denominator"),
                literal(0).label("excluded"),
            )
            .select_from(there.outerjoin(had, and_(had.c.period == there.c.period, had.c.who == there.c.who)))
            .group_by(there.c.period, there.c.grp)
        )

    def sentence(self, kpi, definitions):
        measure, had = kpi.measure, kpi.measure.had
        there = rows_of(definitions, measure.records) + where_words(definitions, measure.records, measure.where)
        other = rows_of(definitions, had.records) + where_words(definitions, had.records, had.where)
        return (
            f"Of the children with {there} open at any time in the period, the percentage with one or more {other} in "
            f"the period (by {column_words(definitions, had.records, had.dated_by)}). Each child is counted once."
        )

    def record_types(self, kpi):
        return (kpi.measure.records, kpi.measure.had.records)


def _there(kpi, reading, wanted):
    """Return each child once for every period and group in which a row of theirs was open."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    who, ended = table.c[measure.who], table.c[measure.open_to]
    # A day on which it ended is one of its days: whoever left on the first day was there in the period.
    was_open = and_(
        table.c[measure.open_from] < period.c.end_day, or_(ended.is_(None), ended >= period.c.first_day)
    )  # fmt: skip
    grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
    return (
        select(period.c.id.label("period"), grp, who.label("who"))
        .join_from(period, table, was_open)
        .where(in_windows(wanted), reading.live(measure.records, table), passes(table, measure.where), who.is_not(None))
        .distinct()
        .subquery("there")
    )


def _had(had, reading, wanted):
    """Return each child once for every period in which a row of the other list is dated."""
    table = reading.lists[had.records]
    who = table.c[reading.definitions.record_types[had.records].child_column]
    return (
        select(period.c.id.label("period"), who.label("who"))
        .join_from(period, table, is_dated_in(table.c[had.dated_by]))
        .where(in_windows(wanted), reading.live(had.records, table), passes(table, had.where))
        .distinct()
        .subquery("had")
    )
