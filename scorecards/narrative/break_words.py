"""A break in a series, in words: since when a figure is recorded otherwise, and what is therefore not compared."""

from scorecards.definitions import Kpi, SeriesBreak
from scorecards.format import day
from scorecards.periods import month
from scorecards.scorecard import Line, spanned_break
from scorecards.series import Point


def since(one: SeriesBreak) -> str:
    """Return "April 2024", or the day where it is not the first of a month."""
    return month(one.from_.year, one.from_.month).label if one.from_.day == 1 else day(one.from_)


def not_compared(one: SeriesBreak) -> str:
    """Return in a few words why a figure is not set beside an earlier one."""
    return f"not compared: recorded otherwise since {since(one)}"


def break_sentence(point: Point, kpi: Kpi) -> str:
    """Return what a break says of one period: the first recorded anew, or one that holds both; "" for any other."""
    if (inside := spanned_break(kpi, point.period)) is not None and point.is_known:
        return (
            f"Recorded in two ways: one until {since(inside)}, another from then on ({inside.title}), so it is not "
            "judged and not compared."
        )
    first = next((one for one in kpi.breaks if one.from_ == point.period.first), None)
    return f"Recorded otherwise from here on, so not compared with before: {first.reason.rstrip('.')}." if first else ""


def break_in_line(line: Line) -> str:
    """Return why a line is not compared with a year ago, where its own period does not say so already; else ""."""
    newest = line.break_on_year
    if newest is None or line.latest.value is None or break_sentence(line.latest, line.kpi):
        return ""
    return f"Not compared with before {since(newest)}, when it began to be recorded otherwise ({newest.title})."


def breaks_words(kpi: Kpi) -> tuple[str, ...]:
    """Return every break of a KPI as a sentence, the oldest first."""
    return tuple(f"{since(one)}: {one.title}. {one.reason.rstrip('.')}." for one in kpi.breaks)
