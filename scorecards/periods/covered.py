"""What a heading says that a figure covers: a period, and whether it is to date, at a date, rolling or an average."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from scorecards.periods.made import Period, quarter_of
from scorecards.periods.names import parse_period, period_by_id

Basis = Literal["in_period", "to_date", "rolling_12_months", "at_date", "monthly_average"]
LONGEST_NAME = 8  # words of the name of a period that stands within a longer text


@dataclass(frozen=True)
class Covered:
    """What a figure covers; `period` is None for "year to date" without its last month, `within` its year then.

    `says_average` alone is an average of the months of what is counted, and of a median or a share its figure.
    """

    period: Period | None
    basis: Basis | None = None
    within: Period | None = None
    says_average: bool = False


# What stands before, behind or around the name of the period.
_WORDS: tuple[tuple[str, str], ...] = (
    ("to_date", r"f?ytd|y\.t\.d\.?|(?:financial )?year to date|cumulative(?: figures?| total)?|to date|running total"),
    (
        "monthly_average",
        r"(?:monthly|month) (?:average|avg|mean)|(?:average|avg|mean)(?: of the months| per month| a month| monthly)",
    ),
    ("average", r"average|avg|mean"),
    (
        "at_date",
        r"as at(?: the)?(?: end of)?|as of|(?:snapshot|position|caseload)(?: (?:as )?(?:at|on))?(?: the)?(?: end of)?|"
        r"at(?: the)? end of|at end|at|(?:the )?end of|(?:month|quarter|period|year)[ -]end",
    ),
    ("rolling_12_months", r"rolling(?: 12 months| year)?|r12m?|12 months rolling"),
)
_LINKS = r"(?:[ ,:;-]|to\b|for\b|of\b|ending\b|up to\b|until\b|\(|\))*"
_AROUND = [
    (basis, re.compile(rf"(?:{words}){_LINKS}(?P<rest>.*?)[ )]*", re.I))
    for basis, words in _WORDS
] + [
    (basis, re.compile(rf"(?P<rest>.*?)[ ,:;(-]*\b(?:{words})[ )]*", re.I))
    for basis, words in _WORDS
]  # fmt: skip
# 2010-11 may be a year, or November 2010.
_YEAR_OR_MONTH = re.compile(r"20(?:0[1-9]|10|11)-(?:0[2-9]|1[0-2])")
_MONTHS_TO = re.compile(r"[a-z]+(?:[ -]?(?:20)?\d\d)? ?(?:-|to) ?(?P<last>[a-z]+[ -]?(?:20\d\d|\d\d))", re.I)


def parse_covered(text: str) -> Covered | None:
    """Return what "Q2 2025/26", "YTD Sep 25", "As at 30 Sept 2025" or "12 months to Mar 25" says; None for no period.

    A figure to date stands under its last month or quarter; for "YTD" alone the caller knows which that is.
    """
    text = " ".join(re.sub(r"[–—−]", "-", str(text)).split())
    if not text or is_year_or_month(text):
        return None
    period = parse_period(text)
    if period is not None and period_by_id(period.id) != period:
        return None
    if period is not None:
        return Covered(period, "rolling_12_months" if period.kind == "rolling_12_months" else None)
    for basis, pattern in _AROUND:
        match = pattern.fullmatch(text)
        found = _MADE[basis](match["rest"].strip(" ()-:,")) if match else None
        if found is not None:
            return found
    return None


def is_year_or_month(text: str) -> bool:
    """Return whether a text such as 2010-11 is a year to one reader and a month to another."""
    match = _YEAR_OR_MONTH.fullmatch(text)
    return match is not None and int(text[5:]) == (int(text[2:4]) + 1) % 100


def _to_date(rest: str) -> Covered | None:
    """Return the last month or quarter of what is given to date; of a year alone it is not known."""
    if not rest:
        return Covered(None, "to_date")
    period = parse_period(rest)
    if period is not None and period.kind in ("financial_year", "academic_year"):
        return Covered(None, "to_date", period)
    months = _MONTHS_TO.fullmatch(rest)
    if months and (period is None or period.kind != "quarter"):
        period = parse_period(months["last"])
    if period is not None and period.kind in ("half_year", "rolling_12_months"):
        period = quarter_of(period.last)
    if period is not None and period.kind == "date":
        period = _month_that_ends(period)
    return Covered(period, "to_date") if period is not None else None


def _month_that_ends(day: Period) -> Period | None:
    month = parse_period(f"{day.first:%Y-%m}")
    return month if month is not None and month.end == day.end else None


def _at_date(rest: str) -> Covered | None:
    period = parse_period(rest)
    return Covered(period, "at_date") if period is not None else None


def _rolling(rest: str) -> Covered | None:
    period = parse_period(f"12 months to {rest}")
    return Covered(period, "rolling_12_months") if period is not None else None


def _average(rest: str) -> Covered | None:
    period = parse_period(rest)
    return Covered(period, "monthly_average") if period is not None else None


def _bare_average(rest: str) -> Covered | None:
    """Return an average that does not say of what it is one."""
    found = _average(rest)
    return replace(found, says_average=True) if found is not None else None


_MADE = {
    "to_date": _to_date,
    "at_date": _at_date,
    "rolling_12_months": _rolling,
    "monthly_average": _average,
    "average": _bare_average,
}


# "Q1 and Q2 2025/26" names two quarters, of which only one has its year. May is a word of every day.
_PART_OF_A_NAME = re.compile(
    r"\b(?:q(?:uarter|tr)? ?[1-4]|autumn|spring|summer|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|"
    r"aug(?:ust)?|sep(?:t|tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b",
    re.I,
)


def covered_within(text: str) -> Covered | None:
    """Return the one period that a longer text names ("Police return, Quarter 2 2025/26"); None for none or several.

    A quarter or month without its year beside it makes two: "April, May and June 2025".
    """
    words = re.sub(r"[–—−]", "-", str(text)).replace("_", " ").split()
    found: list[Covered] = []
    left: list[str] = []
    start = 0
    while start < len(words):
        length, one = _longest_from(words[start : start + LONGEST_NAME])
        if one is not None:
            found.append(one)
        left += words[start : start + length] if one is None else ["|"]
        start += length
    periods = {one.period for one in found if one.period is not None}
    if len(periods) != 1 or _PART_OF_A_NAME.search(" ".join(left)):
        return None
    return next(one for one in found if one.period is not None)


def _longest_from(words: list[str]) -> tuple[int, Covered | None]:
    """Return how many of the words the longest name at their beginning takes, and what it says; else (1, None)."""
    for length in range(len(words), 0, -1):
        one = parse_covered(" ".join(words[:length]).strip(" .,;:()[]-"))
        if one is not None and one.period is not None:
            return length, one
    return 1, None
