"""A series in whole steps: a period that has no stored figure stands as a point without one."""

from collections.abc import Iterable

from scorecards.periods import Period, financial_year, half_year, month, quarter_of, rolling_year, term
from scorecards.periods.made import academic_year
from scorecards.series import Note, Point

# A chart of ups and downs may use whole periods only.
_NOT_WHOLE = (Note.PART_COVERED, Note.TOO_RECENT_LEFT_OUT, Note.SENT_SINCE, Note.MONTHLY_AVERAGE)
_PER_YEAR = {"half_year": (half_year, 2), "term": (term, 3)}


def timeline(points: Iterable[Point], latest: Period | None = None) -> tuple[Point, ...]:
    """Return the points from the first known one on, with a point for every period up to `latest`."""
    found: list[Point] = []
    for point in points:
        if found or point.is_known:
            found += [*_between(found[-1].period if found else None, point.period), point]
    if latest is not None and found:
        found += [*_between(found[-1].period, latest), *([Point(latest)] if found[-1].period.end < latest.end else [])]
    return tuple(found)


def whole_value(point: Point) -> float | None:
    """Return the value that ups and downs may be judged by: none for a part of a period."""
    return None if point.note in _NOT_WHOLE else point.value


def _between(before, after):
    """Yield a point without a figure for each period that lies between two."""
    period = following(before) if before is not None else None
    while period is not None and period.end < after.end:
        yield Point(period)
        period = following(period)


def following(period: Period) -> Period | None:
    """Return the next period of the same kind; None for single days, which have no next."""
    if period.kind in _PER_YEAR:
        make, most = _PER_YEAR[period.kind]
        year, number = int(period.id[:4]), int(period.id[-1])
        return make(year, number + 1) if number < most else make(year + 1, 1)
    made = _FOLLOWING.get(period.kind)
    return made(period.end) if made else None


_FOLLOWING = {
    "month": lambda day: month(day.year, day.month),
    "quarter": quarter_of,
    "rolling_12_months": lambda day: rolling_year(quarter_of(day)),
    "financial_year": lambda day: financial_year(day.year),
    "academic_year": lambda day: academic_year(day.year),
}
