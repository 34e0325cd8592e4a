"""Periods and days as data: what a quarter is called, where it ends, and which working day a day is."""

from scorecards.periods.covered import Covered, covered_within, parse_covered
from scorecards.periods.days import (
    FIRST_DAY,
    LAST_DAY,
    add_working_days,
    bank_holidays,
    prepare,
    working_days,
    working_days_between,
)
from scorecards.periods.made import (
    Period,
    academic_year,
    add_months,
    all_periods,
    financial_year,
    half_year,
    last_complete_quarter,
    month,
    quarter,
    quarter_of,
    rolling_year,
    single_day,
    term,
)
from scorecards.periods.names import parse_period, period_by_id
from scorecards.periods.spans import Span, left_of, merged

__all__ = [
    "FIRST_DAY",
    "LAST_DAY",
    "Covered",
    "Period",
    "Span",
    "academic_year",
    "add_months",
    "add_working_days",
    "all_periods",
    "bank_holidays",
    "covered_within",
    "financial_year",
    "half_year",
    "last_complete_quarter",
    "left_of",
    "merged",
    "month",
    "parse_covered",
    "parse_period",
    "period_by_id",
    "prepare",
    "quarter",
    "quarter_of",
    "rolling_year",
    "single_day",
    "term",
    "working_days",
    "working_days_between",
]
