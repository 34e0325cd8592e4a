"""Where a figure stands against its line: the agreed target, other councils or a suggested level."""

from math import isclose

from scorecards import rag
from scorecards.definitions import BandThresholds, Kpi, Thresholds, newest_between
from scorecards.format import at_least_or_most, councils_words, number, threshold, thresholds_words
from scorecards.narrative.statuses import missing_in_line
from scorecards.narrative.timeline import timeline
from scorecards.narrative.words import ordinal, step, steps
from scorecards.rag import Rating, Unrated
from scorecards.scorecard import Line

# "For the 14th quarter running" is harder to read than "in each of the last 14 quarters".
LONGEST_ORDINAL = 10
RATING_SYMBOL = {"red": "■", "amber": "◆", "green": "●", "not rated": "○"}
_GOOD = {
    "higher": "Good is high",
    "lower": "Good is low",
    "band": "Good is neither very low nor very high",
    "context": "Good is neither",
}
_UNRATED = {
    Unrated.CONTEXT: "no target: activity",
    Unrated.NO_THRESHOLD: "no target agreed",
    Unrated.HISTORY_SHORT: "history too short",
    Unrated.PART_PERIOD: "part of the period only",
    Unrated.TOO_RECENT: "too recent",
    Unrated.ROWS_LEFT_OUT: "rows left out that changed since",
    Unrated.OTHER_BASIS: "an average of the months",
    Unrated.RECORDED_OTHERWISE: "recorded in two ways in this time",
}


def rating_word(line: Line) -> str:
    """Return "Red", "Amber", "Green" or "Not rated"."""
    return line.judgement.rating.value.capitalize()


def good_is(kpi: Kpi) -> str:
    """Return which way is good: "Good is low"."""
    return _GOOD[kpi.polarity]


def rating_reason(line: Line) -> str:
    """Return what a figure is rated by, or in words why it is not."""
    reason = line.judgement.reason
    if reason is None:
        return _rated_by(line)
    if reason is Unrated.TOO_FEW:
        return f"too few to rate: {number(line.latest.denominator or 0)}"
    return _UNRATED.get(reason) or missing_in_line(line)


def _rated_by(line):
    words = _councils_place(line) if _is_councils(line) else thresholds_words(line.kpi, line.thresholds, line.target)
    return f"{words}; small numbers: {number(line.latest.denominator)}" if line.judgement.is_low_base else words


def _is_councils(line):
    is_line = line.target is None and not isinstance(line.thresholds, BandThresholds)
    return is_line and line.thresholds.basis == "councils"


def _councils_place(line):
    """Return which councils the figure stands among; the edge itself has the better colour."""
    kpi, lines = line.kpi, line.thresholds
    if line.judgement.rating is Rating.GREEN or not knows_quarters(lines):
        return thresholds_words(kpi, lines, None)
    if line.judgement.rating is Rating.AMBER:
        return f"worse than the middle council: {threshold(kpi, lines.green)}"
    return f"worst quarter of councils: {missed_side(line)} {threshold(kpi, lines.amber)}"


def knows_quarters(lines: Thresholds) -> bool:
    """Return whether the lines of other councils are the middle one and the start of the worst quarter."""
    source = lines.source.casefold()
    return "middle council" in source and "worst quarter" in source


def missed_side(line: Line) -> str:
    """Return "above" or "below": on which side of its line a figure that is not green lies."""
    if isinstance(line.thresholds, BandThresholds):
        return "below" if (line.latest.value or 0) < line.thresholds.green_low else "above"
    return "below" if line.kpi.polarity == "higher" else "above"


def standing(line: Line) -> str:
    """Return how a rated figure stands, without a subject: "above the agreed target of 5%"; "" when not rated."""
    rating = line.judgement.rating
    if rating is Rating.NOT_RATED:
        return ""
    return _met(line) if rating is Rating.GREEN else f"{_missed(line)}{_running(line)}"


def _met(line):
    kpi, lines = line.kpi, line.thresholds
    if isinstance(lines, BandThresholds):
        return f"within the {_whose(line)}band of {_band(line)}{_caution(line)}"
    level = at_least_or_most(kpi, lines.green)
    if line.target:
        return f"meeting the agreed target of {level}"
    if lines.basis == "councils":
        return f"{'in' if knows_quarters(lines) else 'at'} the {councils_words(lines)} ({level})"
    return f"meeting the {_whose(line)}level of {level}{_caution(line)}"


def _missed(line):
    kpi, lines, where = line.kpi, line.thresholds, missed_side(line)
    if isinstance(lines, BandThresholds):
        return f"{where} the {_whose(line)}band of {_band(line)}{_caution(line)}"
    if line.target:
        return f"{where} the agreed target of {threshold(kpi, lines.green)}"
    if lines.basis == "councils" and _is_worst_quarter(line):
        return f"{where} the {threshold(kpi, lines.amber)} limit (where the worst quarter of councils begins)"
    if lines.basis == "councils":
        whose = "middle council's " if knows_quarters(lines) else "level of other councils, "
        return f"{where} the {whose}{threshold(kpi, lines.green)}"
    return f"{where} the {_whose(line)}level of {threshold(kpi, lines.green)}{_caution(line)}"


def _is_worst_quarter(line):
    return line.judgement.rating is Rating.RED and knows_quarters(line.thresholds)


def _whose(line):
    if line.target:
        return "agreed "
    return f"{line.thresholds.basis} " if line.thresholds.basis in ("national", "statutory") else "suggested "


def _caution(line):
    is_suggested = line.target is None and line.thresholds.basis in ("local", "councils")
    return " (not yet agreed)" if is_suggested else ""


def _band(line):
    return f"{threshold(line.kpi, line.thresholds.green_low)} to {threshold(line.kpi, line.thresholds.green_high)}"


def _running(line):
    count = times_missed(line)
    if count > LONGEST_ORDINAL:
        return f", as in each of the last {steps(line.window, count)}"
    return f" for the {ordinal(count)} {step(line.window)} running" if count > 1 else ""


def times_missed(line: Line) -> int:
    """Return for how many periods in a row, the latest included, the figure has missed the line that it misses."""
    count = 0
    for point in reversed(timeline(line.points, line.latest.period)):
        was_agreed = line.target is None or point.period.last >= line.target.from_
        if newest_between(line.kpi.breaks, point.period.first, line.latest.period.end) is not None:
            break
        if not point.is_known or point.stands_apart or not was_agreed or not _misses(line, point.value):
            break
        count += 1
    return count


def _misses(line, value):
    lines, where = line.thresholds, missed_side(line)
    if isinstance(lines, BandThresholds):
        edge = lines.green_low if where == "below" else lines.green_high
    else:
        edge = (
            lines.amber
            if lines.basis == "councils" and line.target is None and _is_worst_quarter(line)
            else lines.green
        )
    if isclose(value, edge, rel_tol=1e-9, abs_tol=1e-9):
        return False
    return value < edge if where == "below" else value > edge


def small_numbers(line: Line) -> str:
    """Return a caution where a percentage rests on fewer than 30; else ""."""
    n = line.latest.denominator
    if line.kpi.unit != "percent" or line.latest.value is None or not n or n >= rag.LOW_BASE_BELOW:
        return ""
    return f"Small numbers: one case more or less moves it by {number(100 / n, line.kpi.decimals)} points."
