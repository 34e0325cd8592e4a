"""Whether the last of something, such as a visit or a review, is recent enough on the last day of the period."""

import datetime

from sqlalchemy import and_, func, literal, or_, select

from scorecards.measures.frame import flag, group_of, in_windows, only_latest, open_on_last_day, passes
from scorecards.measures.words import base_words, column_words, limit_words
from scorecards.periods import add_months, working_days
from scorecards.store.schema import calendar, calendar_months, period

LAST_DAY = period.c.end_day - 1


class RecentKind:
    """The share of rows, open for longer than the limit, whose date lies within the limit of the last day."""

    name = "recent"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        seen = table.c[measure.date]
        clock = _Clock(measure.limit)
        joined = only_latest(period.join(table, open_on_last_day(table, measure)), reading, measure, table, wanted)
        joined = clock.joined(joined, table.c[measure.open_from], seen)
        # Of a row that was brought up to date since then, what was the last one on that day is not known.
        since = and_(seen.is_not(None), seen > LAST_DAY)
        counted = and_(~since, or_(seen.is_not(None), literal(measure.blank == "missed")))
        grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
        return (
            select(
                period.c.id.label("period"),
                grp,
                func.sum(flag(and_(counted, clock.is_within(clock.seen, seen)))).label("numerator"),
                func.sum(flag(counted)).label("denominator"),
                func.sum(1 - flag(counted)).label("excluded"),
                func.sum(flag(since)).label("since"),
            )
            .select_from(joined)
            .where(
                in_windows(wanted),
                reading.live(measure.records, table),
                passes(table, measure.where),
                ~clock.is_within(clock.begun, table.c[measure.open_from]),
            )
            .group_by(period.c.id, grp)
        )

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        limit, date = limit_words(measure.limit), column_words(definitions, measure.records, measure.date)
        blank = "counts as missed" if measure.blank == "missed" else "is not known, and its row is left out"
        return (
            f"Of {base_words(definitions, measure)} for more than {limit}, the percentage in which {date} is within "
            f"{limit} of that day. A blank {blank}; a date after that day says nothing of it, and its row is left out."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)


class _Clock:
    """The time from a day of a row to the last day of the period, in the unit of a limit."""

    def __init__(self, limit):
        self.limit = limit
        table = calendar if limit.months is None else calendar_months
        self.begun, self.seen, self.last = table.alias("begun"), table.alias("seen"), table.alias("last")

    def joined(self, joined, start, seen):
        """Return `joined` with the calendar rows of both days and of the last day, as far as they are needed."""
        if self.limit.days is not None:
            return joined
        for alias, day in ((self.begun, start), (self.seen, seen), (self.last, LAST_DAY)):
            on = alias.c.day == day
            if self.limit.months is not None:
                on = and_(on, alias.c.months == self.limit.months)
            joined = joined.outerjoin(alias, on)
        return joined

    def is_within(self, alias, day):
        """Return the condition that no more than the limit has passed since a day, whose calendar row is `alias`."""
        if self.limit.days is not None:
            return and_(day.is_not(None), LAST_DAY - day <= self.limit.days)
        if self.limit.months is not None:
            return and_(alias.c.later.is_not(None), alias.c.later >= LAST_DAY)
        passed = self.last.c.working_day - alias.c.working_day
        return and_(alias.c.day.is_not(None), passed <= self.limit.working_days)


def latest_start(limit, last_day: int) -> int:
    """Return the last day on which a row may begin to have been open for longer than `limit` on `last_day`."""
    day = last_day
    while is_within(limit, day, last_day):
        day -= 1
    return day


def is_within(limit, day: int, last_day: int) -> bool:
    """Return whether no more than the limit has passed from a day to the last day."""
    if limit.days is not None:
        return last_day - day <= limit.days
    if limit.months is not None:
        return add_months(datetime.date.fromordinal(day), limit.months).toordinal() >= last_day
    passed = working_days()
    return passed[last_day] - passed[day] <= limit.working_days
