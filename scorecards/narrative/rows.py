"""The small print of a scorecard row: over what it is measured, how it moved, and England beside it."""

from scorecards.definitions import Kpi, Ratio
from scorecards.format import area_name, change, figure, short_day
from scorecards.narrative.break_words import not_compared
from scorecards.narrative.words import capital, step
from scorecards.periods import Period
from scorecards.scorecard import Line
from scorecards.series import Note

# A definition's first clause is used as it stands when it is short enough for a table row.
LONGEST_CLAUSE = 90


def is_stock(kpi: Kpi) -> bool:
    """Return whether a KPI is measured on the last day of a period."""
    return kpi.measure.kind != "submitted" and kpi.measure.is_stock


def when(line: Line) -> str:
    """Return when a figure was measured: "in Q2 2025/26", "at 30 September 2025", "in the last 12 months"."""
    period = line.latest.period
    if is_stock(line.kpi):
        return f"at {short_day(period.last)} {period.last.year}"
    if line.is_rolling:
        return "in the last 12 months"
    return f"in the {lower(period.label)}" if period.kind == "term" else f"in {period.label}"


def lower(words: str) -> str:
    """Return the words with a small first letter."""
    return words[:1].lower() + words[1:]


def measured_over(line: Line) -> str:
    """Return what a row's figure is a figure of: "Of child protection plans that ended in the last 12 months"."""
    kpi, period = line.kpi, line.latest.period
    span = _span(kpi, period)
    if kpi.unit == "percent":
        return _first_clause(kpi, period) or f"Of {kpi.counts} {span}"
    if kpi.unit == "per_10000":
        return f"For every 10,000 children, {_yearly(kpi, period)}{span}"
    if isinstance(kpi.measure, Ratio):
        return capital(f"{kpi.counts} {span}, for every 100 {kpi.measure.over.counts}")
    if kpi.unit == "count":
        return capital(f"{kpi.counts} {span}")
    return capital(f"{_LENGTHS.get(kpi.measure.kind, '')}{kpi.counts} {span}")


_LENGTHS = {"median": "middle value of ", "upper_quartile": "upper quartile of ", "mean": "average of "}


def _yearly(kpi, period):
    is_part = not is_stock(kpi) and period.months < 12
    return "as a yearly rate, " if is_part else ""


def _span(kpi, period):
    if is_stock(kpi):
        return f"at {short_day(period.last)}"
    return "in the last 12 months" if period.kind == "rolling_12_months" else f"in the {step(period.kind)}"


def _first_clause(kpi: Kpi, period: Period) -> str:
    """Return the definition up to "the share", with the period put in its place; "" when it does not begin so."""
    clause, found, _ = kpi.definition.partition(", the share")
    if not found or not clause.startswith("Of "):
        return ""
    clause = clause.replace("on the last day of the period", f"at {short_day(period.last)}")
    span = "in the last 12 months" if period.kind == "rolling_12_months" else f"in the {step(period.kind)}"
    clause = clause.replace("in the period", span)
    return clause if len(clause) <= LONGEST_CLAUSE else ""


def change_words(line: Line) -> str:
    """Return the change on the period before: "+0.8 points"; why there is none; "" without a figure."""
    if line.latest.value is None:
        return ""
    if line.latest.is_part_period:
        return "part of the period only"
    if line.latest.note is Note.MONTHLY_AVERAGE:
        return "an average of the months"
    if line.break_on_period is not None:
        return not_compared(line.break_on_period)
    return change(line.kpi, line.change) or f"no figure a {step(line.window)} ago"


def change_on_year_words(line: Line) -> str:
    """Return "+2.1 points on a year ago"; why there is none; "" without a whole figure."""
    if line.latest.value is None or line.latest.stands_apart:
        return ""
    if line.window in ("financial_year", "academic_year"):
        return ""  # the year before is the period before, and is said already
    if line.break_on_year is not None:
        # Said already of the period before.
        return "" if line.break_on_period else f"with a year ago {not_compared(line.break_on_year)}"
    words = change(line.kpi, line.change_on_year)
    return f"{words} on a year ago" if words else "no figure a year ago"


def england_words(line: Line) -> str:
    """Return England's newest published figure with its year: "81.4% (2024/25)", or "not published"."""
    if line.england is None:
        return "not published"
    return f"{figure(line.kpi, line.england.value)} ({line.england.year_label})"


def unit_words(kpi: Kpi) -> str:
    """Return what a chart's axis counts: "Percentage of children"."""
    if kpi.unit == "percent":
        return f"Percentage of {kpi.counts}"
    if kpi.unit == "per_10000":
        return "Rate for every 10,000 children"
    if isinstance(kpi.measure, Ratio):
        return capital(f"{kpi.counts} for every 100 {kpi.measure.over.counts}")
    if kpi.unit == "count":
        return f"Number of {kpi.counts}"
    unit = "Working days" if kpi.unit == "working_days" else "Days"
    return f"{unit}, {_LENGTHS.get(kpi.measure.kind, '')}{kpi.counts},"


def place(line: Line, definitions) -> str:
    """Return the area a line is of, by the name that people know."""
    us = definitions.partnership
    return us.short_name if line.area == "partnership" else f"{area_name(definitions, line.area)} locality"
