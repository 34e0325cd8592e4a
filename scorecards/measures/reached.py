"""Events followed through several lists, one after the other: how many came to the last of them in time."""

from sqlalchemy import and_, select

from scorecards.measures.frame import NO_NUMBER, by_day, flag, group_of, passes, per_period
from scorecards.measures.links import after_hop
from scorecards.measures.words import base_words, listed, rows_of, where_words

SUMS = ("numerator", "denominator", "excluded")


class ReachedKind:
    """The share that came to the last hop, each hop linked to the one before as a cohort's is.

    Everybody is followed for the same time, however many hops there are, so that figures of one base with fewer and
    with more hops can be read together: each is a part of the one before it.
    """

    name = "reached"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        base = _base(kpi, reading, wanted.breakdown)
        came = _came(measure, reading)
        followed_to = min(reading.covered_to.get(hop.records, 0) for hop in measure.hops)
        old_enough = base.c.day + measure.within_days < followed_to
        joined = base.outerjoin(came, and_(came.c.who == base.c.who, came.c.anchor == base.c.day))
        rows = (
            select(
                base.c.day,
                base.c.grp,
                flag(and_(old_enough, came.c.anchor.is_not(None))).label("numerator"),
                flag(old_enough).label("denominator"),
                (1 - flag(old_enough)).label("excluded"),
            )
            .select_from(joined)
            .subquery("rows")
        )
        return per_period(by_day(rows, *SUMS), wanted, *SUMS)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        hops = [
            f"{rows_of(definitions, hop.records)}{where_words(definitions, hop.records, hop.where)} "
            f"(within {hop.within_days} days)"
            for hop in measure.hops
        ]
        return (
            f"Of {base_words(definitions, measure)}, the percentage after which the same child came to "
            f"{listed(hops, 'and then')}, all within {measure.within_days} days of the first. Those for which that "
            "time has not passed yet are too recent and left out. At each step the link reported by the sender is "
            "used; where there is none, each later event belongs to the child's nearest earlier one."
        )

    def record_types(self, kpi):
        return tuple(dict.fromkeys((kpi.measure.records, *(hop.records for hop in kpi.measure.hops))))


def _base(kpi, reading, breakdown):
    measure = kpi.measure
    table = reading.lists[measure.records]
    return (
        select(
            table.c[measure.dated_by].label("day"),
            table.c[measure.who].label("who"),
            group_of(kpi, reading, table, breakdown).label("grp"),
        )
        .where(reading.live(measure.records, table), passes(table, measure.where))
        .subquery("base")
    )


def _came(measure, reading):
    """Return the child and day of every first event from which the last hop was reached in time."""
    table = reading.lists[measure.records].alias("first_events")
    day = table.c[measure.dated_by]
    events = select(table.c[measure.who].label("who"), day.label("at"), day.label("anchor")).where(
        reading.live(measure.records, table), passes(table, measure.where), day.is_not(None)
    )
    for number, hop in enumerate(measure.hops, start=1):
        events = after_hop(events, _events(hop, reading, number), hop.within_days, number)
    last = events.cte("last_events")
    in_time = and_(last.c.anchor.is_not(None), last.c.at <= last.c.anchor + measure.within_days)
    return select(last.c.who, last.c.anchor).where(in_time).group_by(last.c.who, last.c.anchor).subquery("came")


def _events(hop, reading, number):
    """Return who, at and reported of the rows that a hop leads to."""
    table = reading.lists[hop.records].alias(f"hop_{number}")
    child = reading.definitions.record_types[hop.records].child_column
    return select(
        table.c[child].label("who"),
        table.c[hop.dated_by].label("at"),
        (table.c[hop.reported_in] if hop.reported_in else NO_NUMBER).label("reported"),
    ).where(reading.live(hop.records, table), passes(table, hop.where), table.c[hop.dated_by].is_not(None))
