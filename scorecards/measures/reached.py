"""Events followed through several lists, one after the other: how many came to the last of them in time."""

from sqlalchemy import and_, literal, select, union_all

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
        followed_to = min(reading.covered_to.get(hop.records, 0) for hop in measure.hops)
        rows = union_all(
            _everybody(kpi, reading, wanted.breakdown, followed_to),
            _who_came(kpi, reading, wanted.breakdown, followed_to),
        ).subquery("rows")
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


def _everybody(kpi, reading, breakdown, followed_to):
    """Return the rows of the first events, each with whether its time has passed."""
    day, grp, about = _first_events(kpi, reading, breakdown, "first_events")
    old_enough = flag(day + kpi.measure.within_days < followed_to)
    columns = (literal(0).label("numerator"), old_enough.label("denominator"), (1 - old_enough).label("excluded"))
    return select(day.label("day"), grp.label("grp"), *columns).where(*about)


def _who_came(kpi, reading, breakdown, followed_to):
    """Return the rows of the first events from which the last hop was reached, once more.

    They are few: to look each up by child and day takes a fraction of the time that holding all against them would.
    """
    measure, came = kpi.measure, _came(kpi.measure, reading)
    day, grp, about = _first_events(kpi, reading, breakdown, "those_who_came")
    who = day.table.c[measure.who]
    columns = (literal(1).label("numerator"), literal(0).label("denominator"), literal(0).label("excluded"))
    joined = came.join(day.table, and_(who == came.c.who, day == came.c.anchor))
    old_enough = day + measure.within_days < followed_to
    return select(day.label("day"), grp.label("grp"), *columns).select_from(joined).where(*about, old_enough)


def _first_events(kpi, reading, breakdown, name):
    """Return the day and group of the first events, and the conditions that a row is one."""
    measure = kpi.measure
    table = reading.lists[measure.records].alias(name)
    about = (reading.live(measure.records, table), passes(table, measure.where))
    return table.c[measure.dated_by], group_of(kpi, reading, table, breakdown), about


def _came(measure, reading):
    """Return the child and day of every first event from which the last hop was reached in time."""
    table = reading.lists[measure.records].alias("followed")
    day, who = table.c[measure.dated_by], table.c[measure.who]
    # Only children who have the last event can have come to it, and they are the fewest.
    children = _children(measure.hops[-1], reading)
    events = select(who.label("who"), day.label("at"), day.label("anchor")).where(
        reading.live(measure.records, table), passes(table, measure.where), day.is_not(None), who.in_(children)
    )
    for number, hop in enumerate(measure.hops, start=1):
        events = after_hop(events, _events(hop, reading, children, number), hop.within_days, number)
    last = events.cte("last_events")
    in_time = and_(last.c.anchor.is_not(None), last.c.at <= last.c.anchor + measure.within_days)
    return select(last.c.who, last.c.anchor).where(in_time).group_by(last.c.who, last.c.anchor).subquery("came")


def _children(hop, reading):
    table = reading.lists[hop.records].alias("last_hop")
    child = table.c[reading.definitions.record_types[hop.records].child_column]
    return select(child).where(reading.live(hop.records, table), child.is_not(None))


def _events(hop, reading, children, number):
    """Return who, at and reported of the rows that a hop leads to."""
    table = reading.lists[hop.records].alias(f"hop_{number}")
    child, day = table.c[reading.definitions.record_types[hop.records].child_column], table.c[hop.dated_by]
    reported = table.c[hop.reported_in] if hop.reported_in else NO_NUMBER
    return select(child.label("who"), day.label("at"), reported.label("reported")).where(
        reading.live(hop.records, table), passes(table, hop.where), day.is_not(None), child.in_(children)
    )
