"""Of one kind of event, how many were followed by another for the same child; too recent ones apart."""

from sqlalchemy import and_, case, func, select

from scorecards.measures.frame import NO_NUMBER, by_day, flag, group_of, passes, per_period
from scorecards.measures.links import with_nearest
from scorecards.measures.words import base_words, rows_of, where_words

SUMS = ("numerator", "denominator", "excluded")


class CohortKind:
    """The share followed within the window.

    The link is the one that the partner reports (a later row that carries the date of the earlier). Where none is
    reported, each later event belongs to the child's nearest earlier one within the window, and to that one only;
    an earlier event counts once however many follow it. Earlier events of one day are one occasion, so one later event
    never converts two. Measured against greedy matching in docs/decisions/0008-cohort-links.md.
    """

    name = "cohort"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        base = _base(kpi, reading, wanted.breakdown)
        linked = _linked(measure, reading)
        covered_to = reading.covered_to.get(measure.then, 0)
        old_enough = base.c.day + measure.within_days < covered_to
        converted = and_(linked.c.gap.is_not(None), linked.c.gap <= measure.within_days)
        joined = base.outerjoin(linked, and_(linked.c.who == base.c.who, linked.c.anchor == base.c.day))
        rows = (
            select(
                base.c.day,
                base.c.grp,
                flag(and_(old_enough, converted)).label("numerator"),
                flag(old_enough).label("denominator"),
                (1 - flag(old_enough)).label("excluded"),
            )
            .select_from(joined)
            .subquery("rows")
        )
        return per_period(by_day(rows, *SUMS), wanted, *SUMS)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        later = rows_of(definitions, measure.then) + where_words(definitions, measure.then, measure.then_where)
        return (
            f"Of {base_words(definitions, measure)}, the percentage followed by {later} for the same child within "
            f"{measure.within_days} days. Those for which that time has not passed yet are too recent and left out. "
            "The link reported by the sender is used; where there is none, each later event belongs to the child's "
            "nearest earlier one within that time."
        )

    def record_types(self, kpi):
        return (kpi.measure.records, kpi.measure.then)


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


def _linked(measure, reading):
    """Return, for each child and anchor day, the shortest gap to a later event that belongs to it."""
    earlier, later = reading.lists[measure.records].alias("earlier"), reading.lists[measure.then].alias("later")
    later_child = reading.definitions.record_types[measure.then].child_column
    reported = later.c[measure.reported_in] if measure.reported_in else NO_NUMBER
    dated = with_nearest(
        select(earlier.c[measure.who].label("who"), earlier.c[measure.dated_by].label("at")).where(
            reading.live(measure.records, earlier), passes(earlier, measure.where)
        ),
        select(
            later.c[later_child].label("who"), later.c[measure.then_dated_by].label("at"), reported.label("reported")
        ).where(reading.live(measure.then, later), passes(later, measure.then_where)),
    )
    within = dated.c.nearest >= dated.c.at - measure.within_days
    anchor = func.coalesce(dated.c.reported, case((within, dated.c.nearest)))
    pairs = select(dated.c.who, dated.c.at.label("day"), anchor.label("anchor")).subquery("pairs")
    return (
        select(pairs.c.who, pairs.c.anchor, func.min(pairs.c.day - pairs.c.anchor).label("gap"))
        .where(pairs.c.day >= pairs.c.anchor)
        .group_by(pairs.c.who, pairs.c.anchor)
        .subquery("linked")
    )
