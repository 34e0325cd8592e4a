"""Every visible number, date and name: how a value is written, the same on every page and in every file."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from scorecards.definitions import BandThresholds, Definitions, Kpi, Ratio, Target, Thresholds
from scorecards.periods import Period
from scorecards.periods.made import MONTHS
from scorecards.scorecard import WHOLE
from scorecards.series import Point

NO_FIGURE = "no figure"
UNKNOWN = "unknown"
_SINGULAR = {"children": "child", "people": "person", "families": "family", "enquiries": "enquiry"}
_UNIT_AFTER = {"percent": "%", "per_100": "", "per_10000": "", "count": ""}
_DAY_UNITS = {"days": "day", "working_days": "working day"}


def round_half_up(value: float, decimals: int) -> float:
    """Return `value` rounded as people round by hand: 2.85 to 2.9, and never to minus nought."""
    # Twelve digits drop the binary noise of a division: 100 * 0.0285 is 2.85.
    step = Decimal(1).scaleb(-decimals)
    return float(Decimal(f"{value:.12g}").quantize(step, rounding=ROUND_HALF_UP)) + 0.0


def number(value: float, decimals: int = 0) -> str:
    """Return a number with commas for thousands: "1,852"."""
    return f"{round_half_up(value, decimals):,.{decimals}f}"


def figure(kpi: Kpi, value: float | None) -> str:
    """Return a KPI's value with its unit, to the KPI's decimals: "71.3%", "548", "243 days"; else "no figure"."""
    if value is None:
        return NO_FIGURE
    return _with_unit(kpi, number(value, kpi.decimals))


def change(kpi: Kpi, difference: float | None) -> str:
    """Return a difference of two figures: "+0.8 points" between percentages, "-12", "+1.9"; "" for none known."""
    if difference is None:
        return ""
    written = number(difference, kpi.decimals)
    if round_half_up(difference, kpi.decimals) == 0:
        return "no change"
    signed = written if difference < 0 else f"+{written}"
    if kpi.unit == "percent":
        return f"{signed} {'point' if written.strip('-') == '1' else 'points'}"
    return _with_unit(kpi, signed)


def base(kpi: Kpi, point: Point) -> str:
    """Return what a figure rests on: "124 of 174", "9 plans to 12 reviews"; "" when unknown or its own count."""
    if kpi.unit == "percent":
        if not point.denominator:
            return ""
        whole = number(point.denominator)
        return f"{number(point.numerator)} of {whole}" if point.numerator is not None else f"of {whole} {kpi.counts}"
    if kpi.unit == "per_10000":
        return counted(kpi, point.numerator) if point.numerator is not None else ""
    if isinstance(kpi.measure, Ratio):
        if not point.denominator or point.numerator is None:
            return ""
        below = f"{number(point.denominator)} {noun(kpi.measure.over.counts, point.denominator)}"
        return f"{counted(kpi, point.numerator)} to {below}"
    return counted(kpi, point.denominator) if point.denominator else ""


def counted(kpi: Kpi, count: float) -> str:
    """Return a count with the KPI's noun: "1 child", "548 children"."""
    return f"{number(count)} {noun(kpi.counts, count)}"


def noun(plural: str, count: float) -> str:
    """Return the plural noun as it is, or its singular for exactly one."""
    if count != 1:
        return plural
    return _SINGULAR.get(plural) or plural.removesuffix("s")


def day(date: datetime.date) -> str:
    """Return "14 October 2025"."""
    return f"{short_day(date)} {date.year}"


def short_day(date: datetime.date) -> str:
    """Return "30 September": for the last day of a period whose year is said elsewhere."""
    return f"{date.day} {MONTHS[date.month - 1]}"


def short_period(period: Period) -> str:
    """Return a period in few letters: "Q2 25/26", "Aug 25", "Autumn 25/26", "Year to Sep 25"."""
    if period.kind == "month":
        return _short_month(period.first)
    if period.kind == "date":
        return f"{period.first.day} {_short_month(period.first)}"
    if period.kind == "rolling_12_months":
        return f"Year to {_short_month(period.last)}"
    return period.label.replace(" term", "").replace("20", "", 1)


def period_axis(period: Period) -> str:
    """Return what stands under a point of a chart: 12 months by the quarter they end with."""
    if period.kind != "rolling_12_months":
        return short_period(period)
    # The id of 12 months is that of their last quarter: 2025-26-Q2-R12.
    year, end, last_quarter = period.id.split("-")[:3]
    return f"{last_quarter} {year[2:]}/{end}"


def _short_month(date):
    return f"{MONTHS[date.month - 1][:3]} {date.year % 100:02d}"


def area_name(definitions: Definitions, area: str) -> str:
    """Return what an area is called: "Whole partnership", a locality's title, or "Locality unknown"."""
    if area in (WHOLE, ""):
        return "Whole partnership"
    if area == UNKNOWN:
        return "Locality unknown"
    locality = definitions.partnership.localities.get(area)
    return locality.title if locality else area


def agency_title(definitions: Definitions, agency: str) -> str:
    """Return what an agency is called; one that is not defined any more keeps its name."""
    known = definitions.partnership.agencies.get(agency)
    return known.title if known else agency


def group_name(definitions: Definitions, kpi: Kpi, breakdown: str, group: str) -> str:  # noqa: ARG001
    """Return what one group of a breakdown is called."""
    if breakdown == "locality":
        return area_name(definitions, group)
    if group == UNKNOWN:
        return "Not recorded"
    if breakdown == "agency" and group in definitions.partnership.agencies:
        return definitions.partnership.agencies[group].title
    if breakdown == "list" and group in definitions.record_types:
        return definitions.record_types[group].title
    # Groups of coded columns are stored by their labels, age bands by their words.
    return group[:1].upper() + group[1:]


def breakdown_name(breakdown: str) -> str:
    """Return what a breakdown is called: "Age band"."""
    words = breakdown.replace("_", " ")
    return words[:1].upper() + words[1:]


def threshold(kpi: Kpi, value: float) -> str:
    """Return a threshold as it was set, without idle decimals: "82%", "24.3%"."""
    whole, _, part = f"{Decimal(f'{value:.12g}'):,f}".partition(".")
    part = part.rstrip("0")
    return _with_unit(kpi, f"{whole}.{part}" if part else whole)


def thresholds_words(kpi: Kpi, thresholds: Thresholds | BandThresholds | None, target: Target | None) -> str:
    """Return where green lies and whose line that is; only what the partnership agreed is called a target."""
    if thresholds is None:
        return ""
    if isinstance(thresholds, BandThresholds):
        band = f"band {threshold(kpi, thresholds.green_low)} to {threshold(kpi, thresholds.green_high)}"
        return f"agreed {band}" if target else _unagreed(thresholds.basis, band)
    line = at_least_or_most(kpi, thresholds.green)
    if target:
        return f"agreed target {line}"
    if thresholds.basis == "councils":
        return f"{councils_words(thresholds)}: {line}"
    return _unagreed(thresholds.basis, f"level {line}")


def _unagreed(basis, line):
    return f"{basis} {line}" if basis in ("national", "statutory") else f"suggested {line}, not yet agreed"


def councils_words(thresholds: Thresholds) -> str:
    """Return which councils a green figure stands among; the source says which line was drawn."""
    return "better half of councils" if "middle council" in thresholds.source.casefold() else "level of other councils"


def at_least_or_most(kpi: Kpi, value: float) -> str:
    """Return "82% or more", "5% or less" or "12 or fewer", by which way is good."""
    if kpi.polarity == "higher":
        return f"{threshold(kpi, value)} or more"
    return f"{threshold(kpi, value)} or {'fewer' if kpi.unit == 'count' else 'less'}"


def _with_unit(kpi, written):
    if kpi.unit in _DAY_UNITS:
        return f"{written} {_DAY_UNITS[kpi.unit]}{'' if written.strip('+-') == '1' else 's'}"
    return f"{written}{_UNIT_AFTER[kpi.unit]}"


_EVIDENCE = {
    "quantity": "how much was done",
    "quality": "how well it was done",
    "outcome": "whether children are better off",
}


def evidence_words(kpi: Kpi) -> str:
    """Return what kind of evidence a measure is: "quality: how well it was done"; "" where it does not say."""
    return f"{kpi.evidence}: {_EVIDENCE[kpi.evidence]}" if kpi.evidence else ""


def priorities_words(kpi: Kpi, definitions: Definitions) -> str:
    """Return the titles of the priorities that a measure serves; "" where it serves none."""
    return "; ".join(one.title for one in definitions.priorities_of(kpi))
