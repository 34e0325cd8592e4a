"""Which share of open plans had every review on time; a missed review stays missed for that plan."""

from sqlalchemy import Integer, and_, case, func, literal, or_, select, union_all

from scorecards.definitions import DAYS_A_WEEK
from scorecards.measures.frame import flag, group_of, in_windows, open_on_last_day, passes
from scorecards.measures.words import base_words, rows_of
from scorecards.store.schema import calendar_months, period

MONTHS_A_YEAR = 12


class ReviewedKind:
    """The share of rows open long enough whose first and every later review came within so many calendar months."""

    name = "reviewed"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        breach = _first_breach(measure, reading, table)
        joined, long_enough = _open_long_enough(measure, table)
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
            .select_from(joined.outerjoin(breach, breach.c.row == table.c.id))
            .where(in_windows(wanted), reading.live(measure.records, table), passes(table, measure.where), long_enough)
            .group_by(period.c.id, grp)
        )

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        longer = _length(measure, "second_year_within")
        second_year = f", or within {longer} where that was in the second year or later" if longer else ""
        return (
            f"Of {base_words(definitions, measure)} for {_length(measure, 'open_at_least', 'calendar month')} or more, "
            f"the percentage with every one of their {rows_of(definitions, measure.reviews)} on time: the first within "
            f"{_length(measure, 'first_within')}, each later one within {_length(measure, 'then_within')} of the one "
            f"before{second_year}. A missed one stays missed."
        )

    def record_types(self, kpi):
        return (kpi.measure.records, kpi.measure.reviews)


def _length(measure, name, month="month"):
    """Return "3 months" or "6 weeks", whichever of the two settings of that name is given, or nothing."""
    for number, unit in ((getattr(measure, f"{name}_months"), month), (getattr(measure, f"{name}_weeks"), "week")):
        if number is not None:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return ""


def _open_long_enough(measure, table):
    """Return the open rows of every period, joined with what is needed to say so, and whether they are old enough."""
    start, last_day = table.c[measure.open_from], period.c.end_day - 1
    joined = period.join(table, open_on_last_day(table, measure))
    if measure.open_at_least_weeks is not None:
        return joined, start <= last_day - DAYS_A_WEEK * measure.open_at_least_weeks
    shifted = calendar_months.alias("open_since")
    on = and_(shifted.c.months == measure.open_at_least_months, shifted.c.day == last_day)
    return joined.join(shifted, on), start <= shifted.c.latest_start


def _limits(months, weeks):
    """Return a limit as two columns of which one is null: calendar months, or days."""
    return literal(months, Integer), literal(None if weeks is None else DAYS_A_WEEK * weeks, Integer)


def _first_breach(measure, reading, table):
    """Return, for each row, the first day on which a review was overdue; null when none ever was."""
    reviews = reading.lists[measure.reviews]
    whose = measure.reviews_who or reading.definitions.record_types[measure.reviews].child_column
    reviewed = reviews.c[measure.reviews_dated_by]
    start, end = table.c[measure.open_from], table.c[measure.open_to]
    months, days = _limits(measure.first_within_months, measure.first_within_weeks)
    starts = select(
        table.c.id.label("row"), start.label("day"), months.label("months"), days.label("days")
    ).where(reading.live(measure.records, table))  # fmt: skip
    # A review on or before the start of the plan is not one of its reviews (CIN census rule 8841).
    is_its = and_(
        reviews.c[whose] == table.c[measure.who],
        reviewed > start,
        or_(end.is_(None), reviewed <= end),
    )
    joined, limits = _later_limits(measure, table.join(reviews, is_its), start, reviewed)
    later = (
        select(table.c.id, reviewed, *limits)
        .select_from(joined)
        .where(reading.live(measure.records, table), reading.live(measure.reviews, reviews))
    )
    events = union_all(starts, later).subquery("events")
    following = func.lead(events.c.day).over(partition_by=events.c.row, order_by=events.c.day)
    gaps = select(*events.c, following.label("following")).subquery("gaps")
    due = calendar_months.alias("due")
    by = case((gaps.c.days.is_not(None), gaps.c.day + gaps.c.days), else_=due.c.later)
    return (
        select(gaps.c.row, func.min(by + 1).label("day"))
        .join_from(gaps, due, and_(due.c.months == gaps.c.months, due.c.day == gaps.c.day), isouter=True)
        .where(or_(gaps.c.following.is_(None), gaps.c.following > by))
        .group_by(gaps.c.row)
        .subquery("breach")
    )


def _later_limits(measure, joined, start, reviewed):
    """Return how long after a review the next one is due, which may be longer from the second year on."""
    first_year = _limits(measure.then_within_months, measure.then_within_weeks)
    if measure.second_year_within_months is None and measure.second_year_within_weeks is None:
        return joined, first_year
    year = calendar_months.alias("a_year_on")
    later = _limits(measure.second_year_within_months, measure.second_year_within_weeks)
    is_later = reviewed >= year.c.later
    limits = [case((is_later, after), else_=before) for before, after in zip(first_year, later, strict=True)]
    return joined.outerjoin(year, and_(year.c.months == MONTHS_A_YEAR, year.c.day == start)), limits
