"""Which share of things was done in time: working days, calendar days or clock hours, in one list or two."""

from sqlalchemy import and_, literal, or_, select

from scorecards.definitions import Linked
from scorecards.measures.frame import NO_NUMBER, by_day, flag, group_of, passes, per_period
from scorecards.measures.links import linked_rows
from scorecards.measures.words import base_words, code_words, column_words, limit_words, listed, start_words
from scorecards.periods import working_days
from scorecards.store.schema import calendar

HOURS_A_DAY = 24
MINUTES_A_DAY = HOURS_A_DAY * 60
SUMS = ("numerator", "denominator", "excluded")


class WithinKind:
    """The percentage in time; the day of the start is day 0, and rows that end before they start leave the base."""

    name = "within"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        times = _times(kpi, reading, wanted.breakdown)
        first, last = calendar.alias("first"), calendar.alias("last")
        finished = and_(times.c.start.is_not(None), times.c.done.is_not(None), _in_order(times))
        limits = _limits(measure, times)
        # A row without a limit of its own is neither in time nor late.
        counted = and_(finished, or_(*(and_(applies, _can_tell(limit, times)) for applies, limit in limits)))
        if measure.unfinished == "missed_when_overdue":
            overdue = (and_(applies, _overdue(measure, limit, reading, times, first)) for applies, limit in limits)
            counted = or_(counted, *overdue)
        in_time = or_(*(and_(applies, _in_time(limit, times, first, last)) for applies, limit in limits))
        joined = times
        if any(limit.working_days is not None for _applies, limit in limits):
            joined = times.outerjoin(first, first.c.day == times.c.start).outerjoin(last, last.c.day == times.c.done)
        rows = (
            select(
                times.c.day,
                times.c.grp,
                flag(and_(finished, counted, in_time)).label("numerator"),
                flag(counted).label("denominator"),
                (1 - flag(counted)).label("excluded"),
            )
            .select_from(joined)
            .subquery("rows")
        )
        return per_period(by_day(rows, *SUMS), wanted, *SUMS)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        limit, end = _limit_words(definitions, measure), column_words(definitions, measure.records, measure.to)
        late = ""
        if measure.limit_by is not None:
            late = f" Those with another {column_words(definitions, measure.records, measure.limit_by.column)} or none "
            late += "are left out."
        if measure.unfinished == "missed_when_overdue":
            late += " Those not finished and already over the limit count as not in time."
        return (
            f"Of {base_words(definitions, measure)}, the percentage in which {end} came within {limit} of "
            f"{start_words(definitions, measure)}; the first day is day 0.{late}"
        )

    def record_types(self, kpi):
        start = kpi.measure.from_
        return (kpi.measure.records, start.records) if isinstance(start, Linked) else (kpi.measure.records,)


def _limits(measure, times):
    """Return every limit with the condition that it applies to a row."""
    if measure.limit is not None:
        return [(literal(True), measure.limit)]
    return [(times.c.code == code, limit) for code, limit in measure.limit_by.limits.items()]


def _limit_words(definitions, measure):
    if measure.limit is not None:
        return limit_words(measure.limit)
    by = measure.limit_by
    codes = code_words(definitions, measure.records, by.column, by.limits)
    name = column_words(definitions, measure.records, by.column)
    limits = [f"{limit_words(limit)} ({code})" for code, limit in zip(codes, by.limits.values(), strict=True)]
    return f"{listed(limits, 'or')}, by {name},"


def _times(kpi, reading, breakdown):
    """Return day, group, start and end of every row that the measure is about."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    columns = {
        "day": table.c[measure.dated_by],
        "grp": group_of(kpi, reading, table, breakdown),
        "done": table.c[measure.to],
        "done_minute": _minute(table, measure.to),
        "code": table.c[measure.limit_by.column] if measure.limit_by is not None else literal(""),
    }
    if isinstance(measure.from_, Linked):
        rows = linked_rows(measure, reading, table, columns)
        return select(*rows.c, NO_NUMBER.label("start_minute")).subquery("times")
    columns |= {"start": table.c[measure.from_], "start_minute": _minute(table, measure.from_)}
    return (
        select(*(column.label(name) for name, column in columns.items()))
        .where(
            reading.live(measure.records, table),
            passes(table, measure.where),
            table.c[measure.dated_by].is_not(None),
        )
        .subquery("times")
    )


def _minute(table, column):
    name = f"{column}_minute"
    return table.c.get(name, NO_NUMBER)


def _in_order(times):
    """Return the condition that a row does not end before it starts, by the minute where both are known."""
    to_the_minute = and_(times.c.start_minute.is_not(None), times.c.done_minute.is_not(None))
    return and_(
        times.c.done >= times.c.start,
        or_(~to_the_minute, times.c.done_minute >= times.c.start_minute),
    )


def _can_tell(limit, times):
    """Return the condition that a finished row says enough to tell whether it was in time.

    Whether four hours passed cannot be told without the times of day, unless a whole day lies between.
    """
    if limit.hours is None or limit.hours >= HOURS_A_DAY:
        return literal(True)
    to_the_minute = and_(times.c.start_minute.is_not(None), times.c.done_minute.is_not(None))
    return or_(to_the_minute, times.c.done - times.c.start > 1)


def _in_time(limit, times, first, last):
    if limit.working_days is not None:
        return last.c.working_day - first.c.working_day <= limit.working_days
    if limit.days is not None:
        return times.c.done - times.c.start <= limit.days
    # Where a time of day is missing, 72 hours are three calendar days.
    to_the_minute = and_(times.c.start_minute.is_not(None), times.c.done_minute.is_not(None))
    by_minute = times.c.done_minute - times.c.start_minute <= limit.hours * 60
    by_day_ = times.c.done - times.c.start <= -(-limit.hours // 24)
    return or_(and_(to_the_minute, by_minute), and_(~to_the_minute, by_day_))


def _overdue(measure, limit, reading, times, first):
    """Return the condition that an unfinished row had already run over its limit on the last covered day."""
    covered_to = reading.covered_to.get(measure.records)
    if covered_to is None:
        return literal(False)
    last_covered = covered_to - 1
    unfinished = and_(times.c.start.is_not(None), times.c.done.is_(None))
    if limit.working_days is not None:
        return and_(unfinished, working_days()[last_covered] - first.c.working_day > limit.working_days)
    if limit.days is not None:
        return and_(unfinished, last_covered - times.c.start > limit.days)
    by_minute = covered_to * MINUTES_A_DAY - times.c.start_minute > limit.hours * 60
    by_day_ = last_covered - times.c.start > -(-limit.hours // 24)
    return and_(
        unfinished,
        or_(and_(times.c.start_minute.is_not(None), by_minute), and_(times.c.start_minute.is_(None), by_day_)),
    )
