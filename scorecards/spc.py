"""Whether a series varies as it always does or something has changed (XmR chart, Making Data Count words).

Limits, rules and their priority are Making Data Count's as NHSRplotthedots computes them. Give it a series
whose periods do not overlap: rolling or cumulative figures make patterns of their own. After a known change
(a rebase) give it only the points since.

A period without a figure (None) is unknown. It is left out of the limits, no moving range is taken across it,
and it ends every run: nobody can claim seven in a row over a period nobody counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, pairwise
from math import isclose, isnan
from statistics import fmean
from typing import Literal, TypeGuard

# 3 / d2, with d2 = 1.128 for moving ranges of two points (XmR chart).
LIMIT_FACTOR = 2.66
# The near lines stand at two of the three sigmas.
NEAR_FACTOR = LIMIT_FACTOR * 2 / 3
# D4 of a range chart of two points: a moving range this many times the average is itself out of control.
SCREEN_FACTOR = 3.267
# NHSRplotthedots warns of trial limits below 13 points.
MIN_POINTS = 13
# Fewer points cannot hold a run of seven, and five moving ranges or fewer leave the limits to chance.
TOO_FEW = 7
# Making Data Count's length of a trend and of a shift.
RUN = 7

Values = Sequence[float | None]
Direction = Literal["high", "low"]


class Rule(StrEnum):
    """The four signals of a special cause, first in priority first."""

    OUTSIDE_LIMITS = "outside limits"
    TREND = "trend of seven"
    TWO_OF_THREE = "two of three near limit"
    SHIFT = "shift of seven"


class Variation(StrEnum):
    """What the latest point says."""

    COMMON_CAUSE = "common cause"
    IMPROVEMENT = "special cause improvement"
    CONCERN = "special cause concern"
    NEUTRAL_HIGH = "special cause neutral high"
    NEUTRAL_LOW = "special cause neutral low"
    NOT_ENOUGH_DATA = "not enough data"


class Assurance(StrEnum):
    """Whether the process as it runs will meet its target."""

    CONSISTENTLY_PASSING = "consistently passing"
    CONSISTENTLY_FAILING = "consistently failing"
    INCONSISTENT = "inconsistent"
    NONE = "none"


@dataclass(frozen=True)
class Limits:
    """The mean and process limits of a series; `screened` when an outlying moving range was left out."""

    mean: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    points: int
    is_provisional: bool
    screened: bool


@dataclass(frozen=True)
class SpecialCause:
    """One point's signal; 'high' is above the mean or rising, 'low' is below the mean or falling."""

    rule: Rule
    direction: Direction


@dataclass(frozen=True)
class Pattern:
    """All that the chart of one series says; `flags` has one entry for each value given."""

    limits: Limits | None
    flags: tuple[SpecialCause | None, ...]
    variation: Variation
    assurance: Assurance
    rule: Rule | None


# A direction means better or worse by polarity; a band or an activity has no good direction.
MEANING: dict[str, dict[Direction, Variation]] = {
    "higher": {"high": Variation.IMPROVEMENT, "low": Variation.CONCERN},
    "lower": {"high": Variation.CONCERN, "low": Variation.IMPROVEMENT},
    "band": {"high": Variation.NEUTRAL_HIGH, "low": Variation.NEUTRAL_LOW},
    "context": {"high": Variation.NEUTRAL_HIGH, "low": Variation.NEUTRAL_LOW},
}
TARGET_ABOVE_ALL_LIMITS = {
    "higher": Assurance.CONSISTENTLY_FAILING,
    "lower": Assurance.CONSISTENTLY_PASSING,
}
TARGET_BELOW_ALL_LIMITS = {
    "higher": Assurance.CONSISTENTLY_PASSING,
    "lower": Assurance.CONSISTENTLY_FAILING,
}


def pattern(values: Values, polarity: str, target: float | None = None, screen_outliers: bool = True) -> Pattern:
    """Return limits, flags, variation and assurance of a series, oldest first, None for no figure."""
    if not has_enough_history(values):
        return Pattern(None, (None,) * len(values), Variation.NOT_ENOUGH_DATA, Assurance.NONE, None)
    found = limits(values, screen_outliers)
    flags = special_causes(values, found)
    return Pattern(
        limits=found,
        flags=flags,
        variation=_variation(values[-1], flags[-1], polarity),
        assurance=assurance(found, target, polarity),
        rule=flags[-1].rule if flags[-1] else None,
    )


def variation(values: Values, polarity: str) -> Variation:
    """Return what the latest point says; without a figure in the latest period that is NOT_ENOUGH_DATA."""
    return pattern(values, polarity).variation


def assurance(limits: Limits | None, target: float | None, polarity: str) -> Assurance:
    """Return whether the target lies beyond the limits; on a limit is inconsistent."""
    if limits is None or not _is_known(target) or polarity not in TARGET_ABOVE_ALL_LIMITS:
        return Assurance.NONE
    if _compare(target, limits.upper) > 0:
        return TARGET_ABOVE_ALL_LIMITS[polarity]
    if _compare(target, limits.lower) < 0:
        return TARGET_BELOW_ALL_LIMITS[polarity]
    return Assurance.INCONSISTENT


def has_enough_history(values: Values) -> bool:
    """Return whether a pattern may be judged: seven points in a row, or as many ranges around gaps."""
    return len(_moving_ranges(values)) >= TOO_FEW - 1


def limits(values: Values, screen_outliers: bool = True) -> Limits:
    """Return mean +/- 2.66 average moving ranges; ValueError unless `has_enough_history`."""
    if not has_enough_history(values):
        raise ValueError(f"Process limits need {TOO_FEW} figures in a row, or {TOO_FEW - 1} moving ranges.")
    known = [value for value in values if _is_known(value)]
    ranges = _moving_ranges(values)
    kept = _screen(ranges) if screen_outliers else ranges
    mean, spread = fmean(known), fmean(kept)
    return Limits(
        mean=mean,
        lower=mean - LIMIT_FACTOR * spread,
        upper=mean + LIMIT_FACTOR * spread,
        near_lower=mean - NEAR_FACTOR * spread,
        near_upper=mean + NEAR_FACTOR * spread,
        points=len(known),
        is_provisional=len(known) < MIN_POINTS,
        screened=len(kept) < len(ranges),
    )


def clip(limits: Limits, low: float | None = None, high: float | None = None) -> Limits:
    """Return limits to draw for figures that cannot pass `low` or `high`; test against the unclipped."""

    def within(line: float) -> float:
        line = line if low is None else max(line, low)
        return line if high is None else min(line, high)

    return replace(
        limits,
        lower=within(limits.lower),
        upper=within(limits.upper),
        near_lower=within(limits.near_lower),
        near_upper=within(limits.near_upper),
    )


def special_causes(
    values: Values, limits: Limits, trend_run: int = RUN, shift_run: int = RUN
) -> tuple[SpecialCause | None, ...]:
    """Return for each point the first rule in priority that it meets, or None."""
    sides = _sides(values, limits.mean)
    signals = (
        (Rule.OUTSIDE_LIMITS, _where(outside_limits(values, limits), sides)),
        (Rule.TREND, _trend_directions(values, trend_run)),
        (Rule.TWO_OF_THREE, _where(two_of_three_near_limit(values, limits), sides)),
        (Rule.SHIFT, _long_runs(sides, shift_run)),
    )
    return tuple(
        next((SpecialCause(rule, _word(signs[at])) for rule, signs in signals if signs[at]), None)
        for at in range(len(values))
    )


def outside_limits(values: Values, limits: Limits) -> list[bool]:
    """Flag each point strictly beyond a process limit."""
    return [_compare(value, limits.upper) > 0 or _compare(value, limits.lower) < 0 for value in values]


def trend_of_seven(values: Values, run: int = RUN) -> list[bool]:
    """Flag all points of a run of seven that strictly rises or strictly falls; a tie ends the run."""
    return [direction != 0 for direction in _trend_directions(values, run)]


def two_of_three_near_limit(values: Values, limits: Limits) -> list[bool]:
    """Flag the points near a limit where two of three are, all three on one side of the mean."""
    near = _near_limit(values, limits)
    sides = _sides(values, limits.mean)
    flags = [False] * len(values)
    for start in range(len(values) - 2):
        three = range(start, start + 3)
        if abs(sum(sides[at] for at in three)) == 3 and sum(near[at] for at in three) >= 2:
            for at in three:
                flags[at] = flags[at] or near[at]
    return flags


def shift_of_seven(values: Values, mean: float, run: int = RUN) -> list[bool]:
    """Flag all points of a run of seven strictly on one side of the mean; one on the mean ends the run."""
    return [side != 0 for side in _long_runs(_sides(values, mean), run)]


def _variation(latest: float | None, flag: SpecialCause | None, polarity: str) -> Variation:
    # An older point must not speak for a period nobody has counted yet.
    if not _is_known(latest):
        return Variation.NOT_ENOUGH_DATA
    return MEANING[polarity][flag.direction] if flag else Variation.COMMON_CAUSE


def _moving_ranges(values: Values) -> list[float]:
    return [abs(after - before) for before, after in pairwise(values) if _is_known(before) and _is_known(after)]


def _screen(ranges: list[float]) -> list[float]:
    """Leave out, once, the ranges too wide for the average range."""
    widest = SCREEN_FACTOR * fmean(ranges)
    kept = [width for width in ranges if width < widest]
    # In a series that hardly ever moves, screening would leave no variation and put every point outside.
    return kept if any(_compare(width, 0.0) for width in kept) else ranges


def _trend_directions(values: Values, run: int) -> list[int]:
    """Return +1 or -1 for each point of a long rise or fall; where two meet, the one that ends there."""
    steps = [_compare(after, before) for before, after in pairwise(values)]
    # Seven points are six steps.
    long = _long_runs(steps, run - 1)
    return [before or after for _, before, after in zip(values, [0, *long], [*long, 0], strict=False)]


def _long_runs(signs: Iterable[int], length: int) -> list[int]:
    """Keep the signs that repeat at least `length` times in a row, else 0."""
    kept: list[int] = []
    for sign, run in groupby(signs):
        size = len(list(run))
        kept += [sign if size >= length else 0] * size
    return kept


def _near_limit(values: Values, limits: Limits) -> list[bool]:
    beyond = [_compare(v, limits.near_upper) > 0 or _compare(v, limits.near_lower) < 0 for v in values]
    outside = outside_limits(values, limits)
    return [is_beyond and not is_outside for is_beyond, is_outside in zip(beyond, outside, strict=True)]


def _sides(values: Values, mean: float) -> list[int]:
    return [_compare(value, mean) for value in values]


def _where(flags: list[bool], signs: list[int]) -> list[int]:
    return [sign if flag else 0 for flag, sign in zip(flags, signs, strict=True)]


def _word(sign: int) -> Direction:
    return "high" if sign > 0 else "low"


def _compare(value: float | None, other: float | None) -> int:
    """Return 1 above, -1 below, 0 for equal or unknown."""
    # A billionth apart is binary noise: a constant series must not look above its own mean.
    if not (_is_known(value) and _is_known(other)) or isclose(value, other, rel_tol=1e-9, abs_tol=1e-9):
        return 0
    return 1 if value > other else -1


def _is_known(value: float | None) -> TypeGuard[float]:
    return value is not None and not isnan(value)
