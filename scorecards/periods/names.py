"""Periods by the names that people give them."""

import datetime
import re
from collections.abc import Callable

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


_YEAR = r"(?:fy ?)?(20\d\d)\s*(?:[/ -]|to)\s*(?:20)?(\d\d)"
_SHORT_YEAR = r"(?:fy ?)?(\d\d)\s*[/ -]\s*(\d\d)"
_ONE_YEAR = r"(20\d\d|\d\d)"
_QUARTER = r"(?:(?:q|qtr|quarter) ?([1-4])|([1-4])(?:st|nd|rd|th) (?:quarter|qtr))"
_TO = r" ?(?:to|-) ?"
_ROLLING = (
    r"(?:rolling |last )?(?:12|twelve) ?(?:months|month|mths|m)(?: rolling)?(?: to| ending| ended)?|"
    r"(?:rolling )?year(?: to| ending| ended)|rolling year|r12m?(?: to)?"
)


def parse_period(text: str) -> Period | None:
    """Return the period that people write as Q2 2025/26, 2025-26 Q2, Aug-25, July to September 2025, Autumn term
    2025/26, 2024/25, 12 months to September 2025, Oct 24 - Sep 25, 31/03/2025 or one of our ids; None when it is none
    of these."""
    text = re.sub(r"[–—−]", "-", str(text)).strip()
    by_id = period_by_id(text.upper())
    if by_id is not None:
        return by_id
    lower = " ".join(re.sub(r"['’‘]", " ", text.casefold()).split())
    for pattern, make in _PATTERNS:
        match = re.fullmatch(pattern, lower)
        found = make(*match.groups()) if match else None
        if found is not None:
            return found
    return None


def _years(first: str, second: str) -> int | None:
    year = _full_year(first)
    return year if (year + 1) % 100 == int(second[-2:]) else None


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _with_year(make):
    def made(first, second, number):
        year = _years(first, second)
        return make(year, number) if year is not None else None

    return made


def _quarter(number, ordinal, first, second):
    return _with_year(quarter)(first, second, int(number or ordinal))


def _quarter_of_months(number, ordinal, start, end, first, second):
    """Return a quarter that is named by its number and by its months, where the two agree."""
    made = _quarter(number, ordinal, first, second)
    months = _month_number(start), _month_number(end)
    return made if made is not None and months == (made.first.month, made.last.month) else None


def _quarter_of_span(number, ordinal, span):
    made = parse_period(span)
    is_it = made is not None and made.kind == "quarter" and made.label.startswith(f"Q{number or ordinal} ")
    return made if is_it else None


def _month_number(word: str) -> int | None:
    return (
        _MONTH_NUMBER.get(word[:3])
        if len(word) >= 3 and (any(name.casefold().startswith(word) for name in MONTHS) or word == "sept")
        else None
    )


def _month(word, year):
    number = _month_number(word)
    return month(_full_year(year), number) if number else None


def _month_of_year(word, first, second):
    """Return the month of a financial year: January 2025/26 is January 2026."""
    number, year = _month_number(word), _years(first, second)
    if not number or year is None:
        return None
    return month(year if number >= 4 else year + 1, number)


def _month_span(first, last, year):
    start, end = _month_number(first), _month_number(last)
    if not start or not end:
        return None
    end_year = _full_year(year)
    return _span_of(month(end_year if start <= end else end_year - 1, start), month(end_year, end))


def _dated_span(first, first_year, last, last_year):
    start, end = _month(first, first_year), _month(last, last_year)
    return _span_of(start, end) if start and end else None


def _span_of(first, last):
    """Return the period of ours that runs from one month to another."""
    last_quarter = quarter_of(last.first)
    academic = last.first.year - 1 if last.first.month <= 8 else last.first.year
    for made in (last_quarter, _half_of(last), rolling_year(last_quarter), academic_year(academic)):
        if (made.first, made.end) == (first.first, last.end):
            return made
    return None


def _half_of(last_month):
    year = last_month.first.year if last_month.first.month >= 4 else last_month.first.year - 1
    return half_year(year, 1 if 4 <= last_month.first.month <= 9 else 2)


def _rolling_to(last):
    """Return the 12 months that end with `last`, the name of a month, a quarter or a day that ends a quarter."""
    end = parse_period(last)
    if end is None or end.kind not in ("month", "quarter", "date"):
        return None
    last_quarter = quarter_of(end.last)
    return rolling_year(last_quarter) if last_quarter.end == end.end else None


def _calendar_day(day, number, year):
    try:
        return single_day(datetime.date(_full_year(year), int(number), int(day)))
    except ValueError:
        return None


def _worded_day(day, word, year):
    number = _month_number(word)
    return _calendar_day(day, number, year) if number else None


def _term(word, first, second):
    return _with_year(term)(first, second, [name.casefold() for name in TERMS].index(word) + 1)


def _term_in(word, year):
    """Return the term of a calendar year: Spring 2026 is of 2025/26."""
    number = [name.casefold() for name in TERMS].index(word) + 1
    return term(int(year) if number == 1 else int(year) - 1, number)


def _academic_year(first, second):
    year = _years(first, second)
    return academic_year(year) if year is not None else None


def _financial_year(first, second):
    year = _years(first, second)
    return financial_year(year) if year is not None else None


_ANY_YEAR = (_YEAR, _SHORT_YEAR)
_PATTERNS: list[tuple[str, Callable[..., Period | None]]] = [
    pattern
    for year in _ANY_YEAR
    for pattern in (
        (rf"{_QUARTER},? ?\(?{year}\)?", _quarter),
        (rf"{year},? ?\(?{_QUARTER}\)?", lambda a, b, n, o: _quarter(n, o, a, b)),
        (rf"{_QUARTER},? ?\(?([a-z]+){_TO}([a-z]+)\)?,? ?{year}", _quarter_of_months),
        (
            rf"{_QUARTER},? ?{year},? ?\(?([a-z]+){_TO}([a-z]+)\)?",
            lambda n, o, a, b, s, e: _quarter_of_months(n, o, s, e, a, b),
        ),
        (rf"(?:h|half|half year) ?([12]),? ?{year}", lambda n, a, b: _with_year(half_year)(a, b, int(n))),
        (rf"{year},? ?(?:h|half|half year) ?([12])", lambda a, b, n: _with_year(half_year)(a, b, int(n))),
        (rf"(autumn|spring|summer)(?: term)?,? ?\(?{year}\)?", _term),
        (rf"{year},? ?(autumn|spring|summer)(?: term)?", lambda a, b, word: _term(word, a, b)),
        (rf"(?:academic year|ay) ?{year}", _academic_year),
        (rf"(?:fy|financial year|year)? ?{year}", _financial_year),
        (rf"([a-z]+),? ?{year}", _month_of_year),
        (rf"{year},? ?([a-z]+)", lambda a, b, word: _month_of_year(word, a, b)),
    )
] + [
    (rf"(?:{_ROLLING}) ?:? ?\(?(.+?)\)?", _rolling_to),
    (rf"{_QUARTER}[ ,:(-]+([a-z].+?)\)?", _quarter_of_span),
    (r"(autumn|spring|summer)(?: term)?,? ?(20\d\d)", _term_in),
    (rf"([a-z]+)[ -]?{_ONE_YEAR}", _month),
    (r"(20\d\d)[ -]([a-z]+)", lambda year, word: _month(word, year)),
    (r"(0?[1-9]|1[0-2])[/.](20\d\d)", lambda number, year: month(int(year), int(number))),
    (rf"([a-z]+){_TO}([a-z]+)[ -]{_ONE_YEAR}", _month_span),
    (rf"([a-z]+)[ -]?{_ONE_YEAR}{_TO}([a-z]+)[ -]?{_ONE_YEAR}", _dated_span),
    (rf"(\d\d?)[/.](\d\d?)[/.]{_ONE_YEAR}", _calendar_day),
    (rf"(\d\d?)(?:st|nd|rd|th)?[ -]([a-z]+),?[ -]{_ONE_YEAR}", _worded_day),
]
