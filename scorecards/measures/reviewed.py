"""Which share of open plans had every review on time; a missed review stays missed for that plan."""

from sqlalchemy import and_, func, literal, or_, select, union_all

from scorecards.measures.frame import flag, group_of, in_windows, open_on_last_day, passes
from scorecards.measures.words import base_words, rows_of
from scorecards.store.schema import calendar_months, period


class ReviewedKind:
    """The share of rows open long enough whose first and every later review came within so many calendar months."""

    name = "reviewed"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        breach = _first_breach(measure, reading, table)
        shifted = calendar_months.alias("open_since")
        # Reviews before the first covered day were never sent: plans that began earlier cannot be judged.
        judged = table.c[measure.open_from] >= reading.covered_from.get(measure.reviews, 0)
        on_time = or_(breach.c.day.is_(None), breach.c.day > period.c.end_day - 1)
        grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
        return (
            select(
                period.c.id.label("period"),
                grp,
                func.sum(flag(and_(judged, on_time))).label("numerator"),
                func.sum(flag(judged)).label("denominator"),
                func.sum(1 - flag(judged)).label("excluded"),
            )
            .select_from(
                period.join(
                    shifted,
                    and_(shifted.c.months == measure.open_at_least_months, shifted.c.day == period.c.end_day - 1),
                )
                .join(
                    table, and_(open_on_last_day(table, measure), table.c[measure.open_from] <= shifted.c.latest_start)
                )
                .outerjoin(breach, breach.c.row == table.c.id)
            )
            .where(in_windows(wanted), reading.live(measure.records, table), passes(table, measure.where))
            .group_by(period.c.id, grp)
        )

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        return (
            f"Of {base_words(definitions, measure)} for {measure.open_at_least_months} calendar months or more, the "
            f"percentage with every one of their {rows_of(definitions, measure.reviews)} on time: the first within "
            f"{measure.first_within_months} months, each later one within {measure.then_within_months} months of the "
            "one before. A missed one stays missed."
        )

    def record_types(self, kpi):
        return (kpi.measure.records, kpi.measure.reviews)


def _first_breach(measure, reading, table):
    """Return, for each row, the first day on which a review was overdue; null when none ever was."""
    reviews = reading.lists[measure.reviews]
    child = reading.definitions.record_types[measure.reviews].child_column
    reviewed = reviews.c[measure.reviews_dated_by]
    start, end = table.c[measure.open_from], table.c[measure.open_to]
    starts = select(
        table.c.id.label("row"), start.label("day"), literal(measure.first_within_months).label("months")
    ).where(reading.live(measure.records, table))
    # A review on or before the start of the plan is not one of its reviews (CIN census rule 8841).
    later = (
        select(table.c.id, reviewed, literal(measure.then_within_months))
        .join_from(
            table,
            reviews,
            and_(
                reviews.c[child] == table.c[measure.who],
                reviewed > start,
                or_(end.is_(None), reviewed <= end),
            ),
        )
        .where(reading.live(measure.records, table), reading.live(measure.reviews, reviews))
    )
    events = union_all(starts, later).subquery("events")
    following = func.lead(events.c.day).over(partition_by=events.c.row, order_by=events.c.day)
    gaps = select(events.c.row, events.c.day, events.c.months, following.label("following")).subquery("gaps")
    due = calendar_months.alias("due")
    return (
        select(gaps.c.row, func.min(due.c.later + 1).label("day"))
        .join_from(gaps, due, and_(due.c.months == gaps.c.months, due.c.day == gaps.c.day))
        .where(or_(gaps.c.following.is_(None), gaps.c.following > due.c.later))
        .group_by(gaps.c.row)
        .subquery("breach")
    )
