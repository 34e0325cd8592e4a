"""A figure among others: their middle, their spread, and which place it takes; numbers in, numbers out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

Method = Literal["median", "mean"]
QUARTERS = 4


@dataclass(frozen=True)
class Middle:
    """The middle of those that have a value; how many of all have none is said beside it."""

    method: Method
    value: float | None
    n: int
    without: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Spread:
    """Where a quarter, half and three quarters of the values lie below."""

    n: int
    q1: float
    median: float
    q3: float


@dataclass(frozen=True)
class Place:
    """Which place a value takes among `of` values that are known, its own among them.

    Where one direction is good, place 1 is the best and quarter 1 the best quarter. Where none is, both count from the
    highest value, and `is_judged` is False: a position, not a rank.
    """

    place: int
    of: int
    quarter: int
    is_judged: bool


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of sorted `values` lie, as R's quantile of type 7 does."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * share
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def spread_of(values: Iterable[float | None]) -> Spread | None:
    """Return the spread of those values that are known, or None where none is."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Spread(len(known), *(quantile(known, share) for share in (0.25, 0.5, 0.75)))


def middle_of(values: Iterable[float | None], method: Method = "median") -> Middle:
    """Return the middle of those values that are known; none is ever taken for 0."""
    given = list(values)
    known = [value for value in given if value is not None]
    if not known:
        return Middle(method, None, 0, len(given), None, None)
    middle = median(known) if method == "median" else fmean(known)
    return Middle(method, middle, len(known), len(given) - len(known), min(known), max(known))


def place_among(own: float | None, values: Iterable[float | None], polarity: str) -> Place | None:
    """Return the place of `own` among `values`, which hold it too; ties share the better place and quarter.

    Only lower and higher judge: for a band or a context KPI no direction is good.
    """
    known = [value for value in values if value is not None]
    if own is None or not known:
        return None
    # Turned round, the best is always the smallest.
    turned = known if polarity == "lower" else [-value for value in known]
    mine = own if polarity == "lower" else -own
    place = 1 + sum(value < mine for value in turned)
    quarter = next(
        (number for number in range(1, QUARTERS) if mine <= quantile(turned, number / QUARTERS)),
        QUARTERS,
    )
    return Place(place, len(known), quarter, polarity in ("lower", "higher"))
