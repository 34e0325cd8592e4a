"""Red, amber or green: how a figure stands against its thresholds, or why it has no colour.

Figures are compared unrounded, so 19.96 shown as 20.0 misses a target of 20. Only binary noise is forgiven:
20.000000000000004 is 20.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isclose, isnan
from typing import TypeGuard

# Below 10 a percentage says too little to colour; below 30 it is coloured grey as a low base.
MIN_DENOMINATOR = 10
LOW_BASE_BELOW = 30


class Rating(StrEnum):
    """The colour, or none."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NOT_RATED = "not rated"


class Unrated(StrEnum):
    """Why a figure has no colour."""

    CONTEXT = "activity: no good or bad direction"
    NO_THRESHOLD = "no threshold set"
    NO_FIGURE = "no figure"
    TOO_FEW = "fewer than 10 in the denominator"
    HISTORY_SHORT = "history too short"
    PART_PERIOD = "part of the period only"
    TOO_RECENT = "too recent to judge"
    ROWS_LEFT_OUT = "rows left out that changed after the last day"
    OTHER_BASIS = "sent as an average of the months"
    RECORDED_OTHERWISE = "recorded in two ways within the period"
    NOT_APPLICABLE = "does not apply"


@dataclass(frozen=True)
class Thresholds:
    """Where green and amber end, in the KPI's own unit; a value on an edge has the better colour."""

    green: float
    amber: float


@dataclass(frozen=True)
class Band:
    """Green between two edges, amber between two wider ones; a value on an edge has the better colour."""

    green_low: float
    green_high: float
    amber_low: float
    amber_high: float

    def __post_init__(self) -> None:
        if not self.amber_low <= self.green_low <= self.green_high <= self.amber_high:
            raise ValueError(f"A band's edges rise: amber low, green low, green high, amber high; not {self}.")


@dataclass(frozen=True)
class Judgement:
    """A rating, whether it rests on fewer than 30, and why there is none."""

    rating: Rating
    is_low_base: bool
    reason: Unrated | None


def rate(
    value: float | None,
    polarity: str,
    thresholds: Thresholds | Band | None,
    denominator: float | None = None,
    unrated: Unrated | None = None,
) -> Judgement:
    """Return the judgement of a figure; `unrated` is a reason known from its status, such as TOO_RECENT.

    ValueError when the thresholds do not fit the polarity.
    """
    is_low_base = _is_known(denominator) and denominator < LOW_BASE_BELOW
    # First what keeps this KPI from ever having a colour, then what keeps this period from it.
    if polarity == "context":
        return Judgement(Rating.NOT_RATED, is_low_base, Unrated.CONTEXT)
    if thresholds is None:
        return Judgement(Rating.NOT_RATED, is_low_base, Unrated.NO_THRESHOLD)
    if unrated is not None:
        return Judgement(Rating.NOT_RATED, is_low_base, unrated)
    if not _is_known(value):
        return Judgement(Rating.NOT_RATED, is_low_base, Unrated.NO_FIGURE)
    if _is_known(denominator) and denominator < MIN_DENOMINATOR:
        return Judgement(Rating.NOT_RATED, is_low_base, Unrated.TOO_FEW)
    return Judgement(_colour(value, polarity, thresholds), is_low_base, None)


def rate_by_interval(low: float, high: float, comparator: float, polarity: str) -> Rating:
    """Return green or red only when the interval leaves out the comparator, else amber; all in one unit."""
    sign = {"higher": 1, "lower": -1}.get(polarity)
    if sign is None:
        return Rating.NOT_RATED
    if not _at_most(low, comparator):
        return Rating.GREEN if sign > 0 else Rating.RED
    if not _at_most(comparator, high):
        return Rating.RED if sign > 0 else Rating.GREEN
    return Rating.AMBER


def band_from_tolerance(target: float, amber_within: float, polarity: str) -> Thresholds:
    """Return thresholds with green at the target and amber up to `amber_within` worse, in the same unit."""
    if amber_within < 0:
        raise ValueError(f"A tolerance is 0 or more, not {amber_within}.")
    if polarity not in ("higher", "lower"):
        raise ValueError(f"A target with a tolerance needs polarity higher or lower, not {polarity!r}.")
    return Thresholds(target, target - amber_within if polarity == "higher" else target + amber_within)


def _colour(value: float, polarity: str, thresholds: Thresholds | Band) -> Rating:
    if isinstance(thresholds, Band) and polarity == "band":
        green = _is_between(thresholds.green_low, value, thresholds.green_high)
        amber = _is_between(thresholds.amber_low, value, thresholds.amber_high)
    elif isinstance(thresholds, Thresholds) and polarity == "higher":
        green, amber = _at_most(thresholds.green, value), _at_most(thresholds.amber, value)
    elif isinstance(thresholds, Thresholds) and polarity == "lower":
        green, amber = _at_most(value, thresholds.green), _at_most(value, thresholds.amber)
    else:
        raise ValueError(f"{thresholds} does not fit polarity {polarity!r}.")
    if green:
        return Rating.GREEN
    return Rating.AMBER if amber else Rating.RED


def _is_between(low: float, value: float, high: float) -> bool:
    return _at_most(low, value) and _at_most(value, high)


def _at_most(value: float, edge: float) -> bool:
    # A billionth is far finer than any real difference between two rates and far coarser than binary noise.
    return value <= edge or isclose(value, edge, rel_tol=1e-9, abs_tol=1e-9)


def _is_known(value: float | None) -> TypeGuard[float]:
    return value is not None and not isnan(value)
