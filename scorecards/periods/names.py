"""Periods by the names that people give them."""

import datetime
import re

from scorecards.periods.made import (
    MONTHS,
    TERMS,
    Period,
    academic_year,
    financial_year,
    half_year,
    month,
    quarter,
    quarter_of,
    rolling_year,
    single_day,
    term,
)

_MONTH_NUMBER = {name[:3].casefold(): number for number, name in enumerate(MONTHS, 1)}


def period_by_id(period_id: str) -> Period | None:
    """Return the period of an id such as 2025-26-Q2, 2025-08, 2024-25-T1 or 2025-26-Q2-R12; None for anything else."""
    rolling = period_id.removesuffix("-R12")
    if rolling != period_id:
        last = period_by_id(rolling)
        return rolling_year(last) if last is not None and last.kind == "quarter" else None
    if match := re.fullmatch(r"(20\d\d)-(\d\d)(?:-([QHT])([1-4])|-(AY))?", period_id):
        year, suffix = int(match[1]), int(match[2])
        if suffix == (year + 1) % 100 and match[5]:
            return academic_year(year)
        if suffix == (year + 1) % 100 and match[3]:
            makers = {"Q": (quarter, 4), "H": (half_year, 2), "T": (term, 3)}
            make, most = makers[match[3]]
            return make(year, int(match[4])) if int(match[4]) <= most else None
        if match[3] or match[5]:
            return None
        # 2010-11 could be November 2010; financial years are told from months by their second part.
        return (
            month(year, suffix) if 1 <= suffix <= 12 else financial_year(year) if suffix == (year + 1) % 100 else None
        )
    try:
        return single_day(datetime.date.fromisoformat(period_id))
    except ValueError:
        return None


_YEAR = r"(20\d\d)\s*(?:[/ -]|to)\s*(?:20)?(\d\d)"
_SHORT_YEAR = r"(\d\d)\s*[/ -]\s*(\d\d)"


def parse_period(text: str) -> Period | None:
    """Return the period that people write as Q2 2025/26, 2025-26 Q2, Aug-25, July to September 2025, Autumn term
    2025/26, 2024/25, 12 months to September 2025, 31/03/2025 or one of our ids; None when it is none of these."""
    text = re.sub(r"[–—−]", "-", str(text)).strip()
    by_id = period_by_id(text.upper())
    if by_id is not None:
        return by_id
    lower = " ".join(text.casefold().replace("'", " ").split())
    for pattern, make in _PATTERNS:
        match = re.fullmatch(pattern, lower)
        if match:
            return make(*match.groups())
    return None


def _years(first: str, second: str) -> int | None:
    year = int(first) if len(first) == 4 else 2000 + int(first)
    return year if (year + 1) % 100 == int(second[-2:]) else None


def _with_year(make):
    def made(first, second, number):
        year = _years(first, second)
        return make(year, number) if year is not None else None

    return made


def _month_number(word: str) -> int | None:
    return (
        _MONTH_NUMBER.get(word[:3])
        if any(name.casefold().startswith(word) for name in MONTHS) or word == "sept"
        else None
    )


def _month(word, year):
    number = _month_number(word)
    return month(int(year) if len(year) == 4 else 2000 + int(year), number) if number else None


def _month_span(first, last, year):
    start, end = _month_number(first), _month_number(last)
    if not start or not end:
        return None
    last_month = month(int(year), end)
    for made in (quarter_of(last_month.first), _half_of(last_month), rolling_year(quarter_of(last_month.first))):
        if made.end == last_month.end and made.first.month == start:
            return made
    return None


def _half_of(last_month):
    year = last_month.first.year if last_month.first.month >= 4 else last_month.first.year - 1
    return half_year(year, 1 if 4 <= last_month.first.month <= 9 else 2)


def _rolling_to(word, year):
    last_month = _month(word, year)
    if last_month is None:
        return None
    last = quarter_of(last_month.first)
    return rolling_year(last) if last.end == last_month.end else None


def _calendar_day(day, number, year):
    try:
        return single_day(datetime.date(int(year), int(number), int(day)))
    except ValueError:
        return None


def _worded_day(day, word, year):
    number = _month_number(word)
    return _calendar_day(day, number, year) if number else None


def _term(word, first, second):
    return _with_year(term)(first, second, [name.casefold() for name in TERMS].index(word) + 1)


def _academic_year(first, second):
    year = _years(first, second)
    return academic_year(year) if year is not None else None


def _financial_year(first, second):
    year = _years(first, second)
    return financial_year(year) if year is not None else None


_ANY_YEAR = (_YEAR, _SHORT_YEAR)
_PATTERNS = [
    pattern
    for year in _ANY_YEAR
    for pattern in (
        (rf"(?:q|qtr|quarter) ?([1-4]),? ?\(?{year}\)?", lambda n, a, b: _with_year(quarter)(a, b, int(n))),
        (rf"{year},? ?(?:q|qtr|quarter) ?([1-4])", lambda a, b, n: _with_year(quarter)(a, b, int(n))),
        (rf"(?:h|half|half year) ?([12]),? ?{year}", lambda n, a, b: _with_year(half_year)(a, b, int(n))),
        (rf"{year},? ?(?:h|half|half year) ?([12])", lambda a, b, n: _with_year(half_year)(a, b, int(n))),
        (rf"(autumn|spring|summer)(?: term)?,? ?{year}", _term),
        (rf"(?:academic year|ay) ?{year}", _academic_year),
        (rf"(?:fy|financial year|year)? ?{year}", _financial_year),
    )
] + [
    (r"(?:12 months to|year to|rolling 12 months to|12 months ending) ([a-z]+) (20\d\d|\d\d)", _rolling_to),
    (r"([a-z]+)[ -](20\d\d|\d\d)", _month),
    (r"([a-z]+) ?(?:to|-) ?([a-z]+) (20\d\d)", _month_span),
    (r"(\d\d?)[/.](\d\d?)[/.](20\d\d)", _calendar_day),
    (r"(\d\d?) ([a-z]+) (20\d\d)", _worded_day),
]
