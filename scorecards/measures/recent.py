"""Whether the last of something, such as a visit or a review, is recent enough on the last day of the period."""

import datetime

from sqlalchemy import and_, case, exists, func, literal, or_, select

from scorecards.measures.frame import flag, group_of, in_windows, only_latest, open_on_last_day, passes
from scorecards.measures.words import base_words, column_words, limit_words
from scorecards.periods import add_months, working_days
from scorecards.store.schema import calendar, calendar_months, period, submission, withdrawal

LAST_DAY = period.c.end_day - 1


class RecentKind:
    """The share of rows, open for longer than the limit, whose date lies within the limit of the last day.

    A list that holds only the last date is sent anew each quarter, and what it says of an earlier last day is then
    gone from it: there the row counts as it stood when the list had come for that day.
    """

    name = "recent"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        joined, seen, since = seen_by_last_day(measure, reading, table, wanted)
        clock = Clock(measure.limit)
        joined = clock.joined(joined, table.c[measure.open_from], seen)
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
            f"{limit} of that day. A blank {blank}; where the newest list has a date after that day, the list that was "
            "sent for that day tells, and without one the row is left out."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)


def seen_by_last_day(measure, reading, table, wanted):
    """Return the open rows of each period, the date that was the last one on its last day, and whether it is not known.

    Of a row that was brought up to date since then, what was the last one on that day is known from before, if at all.
    """
    joined = only_latest(period.join(table, open_on_last_day(table, measure)), reading, measure, table, wanted)
    then = _as_it_stood(measure, reading, wanted)
    who = reading.definitions.record_types[measure.records].child_column
    same = [then.c.period == period.c.id, then.c.who == table.c[who], then.c.begun == table.c[measure.open_from]]
    joined = joined.outerjoin(then, and_(*same, then.c.age == 1))
    is_later = and_(table.c[measure.date].is_not(None), table.c[measure.date] > LAST_DAY)
    seen = case((is_later, then.c.seen), else_=table.c[measure.date])
    return joined, seen, and_(is_later, then.c.age.is_(None))


def _as_it_stood(measure, reading, wanted):
    """Return, for each period and row since replaced, the date it had when a list had come for the last day.

    `age` is 1 for the newest such state of a row, which is the child's and begins on one day; a state is left out when
    what brought it was withdrawn, or when its date lies after the last day too.
    """
    table = reading.lists[measure.records].alias("earlier_state")
    who = table.c[reading.definitions.record_types[measure.records].child_column]
    begun, seen = table.c[measure.open_from], table.c[measure.date]
    gone = select(withdrawal.c.submission_id)
    replaced, came = table.c.superseded_in.is_not(None), literal(True)
    if reading.version is not None:
        gone = gone.where(withdrawal.c.landed_in <= reading.version)
        replaced, came = table.c.superseded_in <= reading.version, submission.c.landed_in <= reading.version
    covering = exists().where(
        submission.c.record_type == measure.records,
        submission.c.agency == table.c.agency,
        submission.c.covers_from <= LAST_DAY,
        submission.c.covers_to > LAST_DAY,
        submission.c.landed_in >= table.c.landed_in,
        submission.c.landed_in < table.c.superseded_in,
        submission.c.id.not_in(gone),
        came,
    )
    age = func.row_number().over(
        partition_by=[period.c.id, who, begun], order_by=[table.c.landed_in.desc(), table.c.id.desc()]
    )
    return (
        select(
            period.c.id.label("period"),
            who.label("who"),
            begun.label("begun"),
            seen.label("seen"),
            age.label("age"),
        )
        .join_from(period, table, begun <= LAST_DAY)
        .where(
            in_windows(wanted),
            replaced,
            or_(seen.is_(None), seen <= LAST_DAY),
            table.c.submission_id.not_in(gone),
            covering,
        )
        .subquery("as_it_stood")
    )


class Clock:
    """The time from a day of a row to the last day of the period, in the unit of a limit.

    `name` tells the calendars of several clocks in one statement apart.
    """

    def __init__(self, limit, name=""):
        self.limit = limit
        table = calendar if limit.months is None else calendar_months
        self.begun, self.seen, self.last = (table.alias(f"{one}{name}") for one in ("begun", "seen", "last"))

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
