"""What a series' ups and downs say, in words: more than usual, or not; better or worse only by the latest point."""

from itertools import pairwise
from math import isclose

from scorecards import spc
from scorecards.format import figure
from scorecards.narrative.break_words import since
from scorecards.narrative.timeline import whole_value
from scorecards.narrative.words import step, steps
from scorecards.rag import Rating
from scorecards.scorecard import Line
from scorecards.series import Note
from scorecards.spc import Rule, Variation

_CHANGES = {
    Variation.COMMON_CAUSE: ("none", "No: usual ups and downs"),
    Variation.IMPROVEMENT: ("better", "Yes: getting better"),
    Variation.CONCERN: ("worse", "Yes: getting worse"),
    Variation.NEUTRAL_HIGH: ("higher", "Yes: higher than usual"),
    Variation.NEUTRAL_LOW: ("lower", "Yes: lower than usual"),
}
_REAL = (Variation.IMPROVEMENT, Variation.CONCERN, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW)


def real_change(line: Line) -> tuple[str, str]:
    """Return (kind, words) of whether the latest figure differs from usual: "Yes: getting worse"."""
    variation = line.pattern.variation
    if variation not in _CHANGES:
        return "unknown", _too_early(line)
    kind, words = _CHANGES[variation]
    if line.pattern.rule is Rule.TREND and kind in ("higher", "lower"):
        words = "Yes: rising steadily" if kind == "higher" else "Yes: falling steadily"
    return kind, words


def _too_early(line):
    known = known_count(line)
    if not known:
        return f"Too early to say{since_break(line)}" if line.newest_break else "No figures to test"
    if line.pattern.limits is not None:
        return _NOT_TESTED.get(line.latest.note, f"No figure to test this {pattern_step(line)}")
    found = steps(line.kpi.windows.pattern, known, in_words=False)
    gaps = "" if known < spc.TOO_FEW else ", with gaps"
    return f"Too early to say: {found}{since_break(line)}{gaps}"


def since_break(line: Line) -> str:
    """Return " since April 2024" where a break limits what can be tested; else ""."""
    is_cut = len(line.tested_points) < len(line.pattern_points)
    return f" since {since(line.newest_break)}" if is_cut and line.newest_break else ""


_NOT_TESTED = {
    Note.PART_COVERED: "Not tested: part of the period",
    Note.TOO_RECENT_LEFT_OUT: "Not tested: too recent",
    Note.SENT_SINCE: "Not tested: rows left out",
    Note.MONTHLY_AVERAGE: "Not tested: an average of the months",
}


def known_count(line: Line) -> int:
    """Return how many periods have a figure that can be tested."""
    return sum(whole_value(point) is not None for point in line.tested_points)


def pattern_step(line: Line) -> str:
    """Return what a period of the tested series is called: "quarter"."""
    return step(line.kpi.windows.pattern)


def is_real_change(line: Line) -> bool:
    """Return whether the latest point says that something has changed, for better, worse or neither."""
    return line.pattern.variation in _REAL


def points_down(line: Line) -> bool:
    """Return whether the arrow of a real change points down: the figure is lower than usual, or falls."""
    return is_real_change(line) and side(line) == "below"


def side(line: Line) -> str:
    """Return "above" or "below": on which side of usual the latest point lies, or moves."""
    flag = line.pattern.flags[-1]
    return "above" if flag is not None and flag.direction == "high" else "below"


def drawn_limits(line: Line) -> spc.Limits | None:
    """Return the limits as shown: a figure cannot fall below nought nor a share pass 100%."""
    if line.pattern.limits is None:
        return None
    return spc.clip(line.pattern.limits, 0, 100 if line.kpi.unit == "percent" else None)


def usual_range(line: Line) -> str:
    """Return "74.3% to 90.9%", or "" where too few figures give none."""
    limits = drawn_limits(line)
    return f"{figure(line.kpi, limits.lower)} to {figure(line.kpi, limits.upper)}" if limits else ""


def range_name(line: Line) -> str:
    """Return "usual range", or "provisional usual range" with fewer than 13 points."""
    limits = line.pattern.limits
    return "provisional usual range" if limits is not None and limits.is_provisional else "usual range"


def pattern_fact(line: Line) -> str:
    """Return what the latest point does, without a subject: "below the usual range"; "" when nothing special."""
    rule = line.pattern.rule
    return _FACTS[rule](line) if rule is not None and is_real_change(line) else ""


def _outside(line):
    return f"{side(line)} the {range_name(line)}"


def _trend(line):
    moved = "risen" if side(line) == "above" else "fallen"
    return f"{moved} {steps(line.kpi.windows.pattern, _moves_in_a_row(line))} in a row"


def _two_of_three(line):
    edge = "top" if side(line) == "above" else "bottom"
    return f"near the {edge} of the {range_name(line)} in two of the last three {pattern_step(line)}s"


def _shift(line):
    return f"{side(line)} its average for {steps(line.kpi.windows.pattern, _same_side_in_a_row(line))} in a row"


_FACTS = {
    Rule.OUTSIDE_LIMITS: _outside,
    Rule.TREND: _trend,
    Rule.TWO_OF_THREE: _two_of_three,
    Rule.SHIFT: _shift,
}


def _moves_in_a_row(line):
    """Return how many times running the figure has moved the latest way; seven points are six moves."""
    values = _latest_first(line)
    sign = 1 if side(line) == "above" else -1
    moves = 0
    for after, before in pairwise(values):
        if before is None or not sign * (after - before) > 0 or isclose(after, before, rel_tol=1e-9):
            break
        moves += 1
    return moves


def _same_side_in_a_row(line):
    """Return for how many periods running the figure has been on the latest side of its average."""
    sign, mean, count = 1 if side(line) == "above" else -1, line.pattern.limits.mean, 0
    for value in _latest_first(line):
        if value is None or not sign * (value - mean) > 0:
            break
        count += 1
    return count


def _latest_first(line):
    return [whole_value(point) for point in reversed(line.tested_points)]


def pattern_clause(line: Line) -> str:
    """Return the end of a sentence about the figure, from its comma or semicolon on, without the full stop."""
    if line.pattern.variation is Variation.NOT_ENOUGH_DATA:
        return f"; {_unknown_clause(line)}"
    if not is_real_change(line):
        return _usual_clause(line)
    if line.pattern.rule is Rule.OUTSIDE_LIMITS:
        return _outside_clause(line)
    subject = f"the figure of each {pattern_step(line)}" if line.is_rolling else "it"
    verb = "was" if line.pattern.rule is Rule.TWO_OF_THREE else "has"
    been = "been " if line.pattern.rule is Rule.SHIFT else ""
    return f"; {subject} {verb} {been}{pattern_fact(line)}, which is more than usual ups and downs"


def _unknown_clause(line):
    known = known_count(line)
    if not known and since_break(line):
        return f"it is too early to say whether it really changed: it is recorded otherwise{since_break(line)}"
    if line.pattern.limits is not None or not known:
        return f"whether it really changed cannot be said without a whole figure for the latest {pattern_step(line)}"
    found = steps(line.kpi.windows.pattern, known, in_words=False)
    return f"it is too early to say whether it really changed ({found}{since_break(line)})"


def _usual_clause(line):
    if line.judgement.rating is Rating.RED:
        return "; it is red, but within its usual ups and downs: nothing shows that it got worse"
    return "; this is within its usual ups and downs"


def _outside_clause(line):
    if not line.is_rolling:
        joint = ", " if line.judgement.rating is Rating.NOT_RATED else ", and "
        return f"{joint}{pattern_fact(line)} of {usual_range(line)}"
    alone = figure(line.kpi, line.pattern_points[-1].value)
    return (
        f"; the change is larger than this measure's usual ups and downs: the latest {pattern_step(line)} alone, "
        f"{alone}, is {pattern_fact(line)} of {usual_range(line)}"
    )


def verdict(line: Line) -> str:
    """Return the sentence that keeps a colour from being misread: a green that slips, a red that mends; or ""."""
    rating, variation = line.judgement.rating, line.pattern.variation
    if rating is Rating.GREEN and variation is Variation.CONCERN:
        return "Green, but slipping."
    if rating is Rating.RED and variation is Variation.IMPROVEMENT:
        return "Still red, but getting better."
    return ""
