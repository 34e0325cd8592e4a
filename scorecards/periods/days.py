"""Days as data: working days and calendar months as integers, so that no query computes with dates."""

import datetime
from functools import lru_cache

from sqlalchemy import Connection, delete, func, insert, select

from scorecards.definitions import Definitions
from scorecards.periods.made import Period, add_months, all_periods
from scorecards.store import bulk_insert
from scorecards.store.schema import calendar, calendar_months, period

FIRST_DAY = datetime.date(1999, 1, 1)
LAST_DAY = datetime.date(2040, 12, 31)
# Calendar-month offsets that every store keeps; those of the definitions are added.
USUAL_MONTHS = (3, 6, 12, 18, 24)


@lru_cache(maxsize=2)
def bank_holidays() -> frozenset[datetime.date]:
    """Return the bank holidays of England and Wales (PyPI `holidays`, one-off days included)."""
    import holidays  # here, because it takes long to import and pages never need it

    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=years, observed=True))


@lru_cache(maxsize=2)
def working_days() -> dict[int, int]:
    """Return, for each day ordinal of the calendar, how many working days there were up to and including it."""
    off, count, counted = bank_holidays(), 0, {}
    for ordinal in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1):
        day = datetime.date.fromordinal(ordinal)
        count += day.weekday() < 5 and day not in off
        counted[ordinal] = count
    return counted


def working_days_between(start: datetime.date, end: datetime.date) -> int:
    """Return the working days from `start` (day 0) to `end`; a weekend start counts as the working day before it."""
    counted = working_days()
    return counted[end.toordinal()] - counted[start.toordinal()]


def add_working_days(start: datetime.date, count: int) -> datetime.date:
    """Return the day on which `count` working days have passed since `start` (day 0)."""
    day = start
    while working_days_between(start, day) < count:
        day += datetime.timedelta(days=1)
    return day


def months_used(definitions: Definitions) -> tuple[int, ...]:
    """Return every calendar-month offset that some measure needs."""
    used = set(USUAL_MONTHS)
    for kpi in definitions.kpis.values():
        measure = kpi.measure
        lasted, limit = getattr(measure, "lasted", None), getattr(measure, "limit", None)
        for months in (
            getattr(measure, "within_months", None),
            getattr(measure, "not_within_months", None),
            getattr(measure, "first_within_months", None),
            getattr(measure, "then_within_months", None),
            getattr(measure, "second_year_within_months", None),
            getattr(measure, "open_at_least_months", None),
            lasted.at_least_months if lasted is not None else None,
            lasted.at_most_months if lasted is not None else None,
            getattr(limit, "months", None),
        ):
            if months:
                used.add(months)
    return tuple(sorted(used))


def prepare(connection: Connection, definitions: Definitions, today: datetime.date) -> tuple[Period, ...]:
    """Fill the calendar and period tables for `today`, and return the periods; does nothing that is done already."""
    periods = all_periods(definitions.partnership.first_day, today)
    if connection.scalar(select(func.count()).select_from(calendar)) != len(working_days()):
        connection.execute(delete(calendar))
        bulk_insert(connection, calendar, ("day", "working_day"), list(working_days().items()))
    have = set(connection.scalars(select(calendar_months.c.months).distinct()))
    for months in months_used(definitions):
        if months not in have:
            columns = ("months", "day", "earlier", "later", "latest_start")
            bulk_insert(connection, calendar_months, columns, _month_rows(months))
    wanted = {one.id: one for one in periods}
    stored = set(connection.scalars(select(period.c.id)))
    if stored - wanted.keys():
        connection.execute(delete(period).where(period.c.id.in_(stored - wanted.keys())))
    missing = [_period_row(one) for one in periods if one.id not in stored]
    if missing:
        connection.execute(insert(period), missing)
    return periods


def _period_row(one: Period) -> dict:
    return {
        "id": one.id,
        "kind": one.kind,
        "first_day": one.first.toordinal(),
        "end_day": one.end.toordinal(),
        "label": one.label,
    }


@lru_cache(maxsize=16)
def _month_rows(months: int) -> list[tuple[int, int, int, int, int]]:
    rows = []
    for ordinal in range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1):
        day = datetime.date.fromordinal(ordinal)
        earlier, later = add_months(day, -months), add_months(day, months)
        rows.append((months, ordinal, earlier.toordinal(), later.toordinal(), _latest_start(day, earlier, months)))
    return rows


def _latest_start(day: datetime.date, earlier: datetime.date, months: int) -> int:
    # add_months never decreases, so all starts up to one day have lasted: at a month's end several reach the same day.
    start = earlier
    while add_months(start + datetime.timedelta(days=1), months) <= day:
        start += datetime.timedelta(days=1)
    return start.toordinal()
