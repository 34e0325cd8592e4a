"""Whether a group differs from the average by more than chance among so few: funnel plot limits.

D. J. Spiegelhalter, "Funnel plots for comparing institutional performance", Stat. Med. 24 (2005), 1185-1202:
limits at 95% and 99.8% about an average, of the binomial for shares and of the Poisson for rates. They are exact here,
not interpolated: a group lies beyond one when chance carries it so far that way in under one of 40 times, or of 1,000.

All take cases as independent. Brothers and sisters are counted together, so true limits are somewhat wider; they are
not widened here (overdispersion), so the narrow pair is a reason to look and no more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite, sqrt
from typing import Literal

import numpy as np
from scipy.special import bdtrik, pdtrik

# Spiegelhalter's two pairs of limits: about two and three standard deviations.
WARNING, CONTROL = 0.95, 0.998
# Below 10 cases nothing is said of a group; below 30 it is said with caution.
MIN_BASE, LOW_BASE_BELOW = 10, 30
# Among fewer groups each makes up so much of the average that hardly any can stand out from it.
FEW_GROUPS = 5

# A share is cases of cases, 0 to 1; a rate is cases of people, for whom one may be counted again.
Kind = Literal["share", "rate"]


class Verdict(StrEnum):
    """Where a group lies in the funnel."""

    ABOVE = "above the upper control limit"
    HIGH = "above the upper warning limit"
    WITHIN = "within the limits"
    LOW = "below the lower warning limit"
    BELOW = "below the lower control limit"
    TOO_FEW = "too few to judge"


BEYOND = (Verdict.ABOVE, Verdict.BELOW)
NEARLY = (Verdict.HIGH, Verdict.LOW)


@dataclass(frozen=True)
class Group:
    """What is compared: its cases among its base (all cases of a share, people of a rate)."""

    name: str
    cases: float
    base: float


@dataclass(frozen=True)
class Limits:
    """How far chance carries the figure of a group of this base, in the unit of the average."""

    base: float
    lower: float
    warning_lower: float
    warning_upper: float
    upper: float


@dataclass(frozen=True)
class Placed:
    """One group in the funnel; `distance` is in standard deviations from the average, below it negative."""

    group: Group
    value: float
    limits: Limits
    verdict: Verdict
    is_cautious: bool  # judged, but on fewer than 30
    distance: float

    @property
    def is_beyond(self) -> bool:
        """Return whether it lies beyond a 99.8% limit."""
        return self.verdict in BEYOND


@dataclass(frozen=True)
class Funnel:
    """Every group against one average; `is_few` when there are fewer than five groups to compare."""

    kind: Kind
    average: float
    groups: tuple[Placed, ...]
    is_few: bool


def pooled(groups: Iterable[Group]) -> float:
    """Return all groups' cases over all their bases; ValueError when the bases add up to nought."""
    groups = list(groups)
    whole = sum(group.base for group in groups)
    if not whole > 0:
        raise ValueError("An average needs groups that together have a base above 0.")
    return sum(group.cases for group in groups) / whole


def funnel(groups: Sequence[Group], kind: Kind, average: float | None = None) -> Funnel:
    """Return each group's place about the average given (0 to 1, or per person), else about that of all together."""
    for group in groups:
        _check(group, kind)
    middle = pooled(groups) if average is None else average
    found = limits([group.base for group in groups], kind, middle)
    placed = tuple(_place(group, at, kind, middle) for group, at in zip(groups, found, strict=True))
    return Funnel(kind, middle, placed, len(groups) < FEW_GROUPS)


def limits(bases: Sequence[float], kind: Kind, average: float) -> tuple[Limits, ...]:
    """Return the limits at each base, for groups or to draw the funnel's lines."""
    if not (isfinite(average) and average >= 0 and (kind == "rate" or average <= 1)):
        raise ValueError(f"An average share lies between 0 and 1, an average rate is 0 or more; not {average}.")
    sizes = np.asarray(bases, dtype=float)
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ValueError("The base of a group is above 0.")
    low, high = _at(sizes, kind, average, CONTROL)
    near_low, near_high = _at(sizes, kind, average, WARNING)
    columns = (column.tolist() for column in (sizes, low, near_low, near_high, high))
    return tuple(Limits(*row) for row in zip(*columns, strict=True))


def by_chance(judged: int, confidence: float = CONTROL) -> float:
    """Return how many of so many groups, all alike, would lie beyond the limits at most, on average."""
    return judged * (1 - confidence)


def _at(sizes, kind, average, confidence):
    tail = (1 - confidence) / 2
    if average == 0 or (kind == "share" and average == 1):
        return np.full_like(sizes, average), np.full_like(sizes, average)
    if kind == "share":
        low, high = bdtrik(tail, sizes, average), 1 + bdtrik(1 - tail, sizes, average)
        # Where even all of them are no surprise, the limit stands at all of them.
        return np.maximum(low, 0) / sizes, np.minimum(high, sizes) / sizes
    low, high = pdtrik(tail, sizes * average), 1 + pdtrik(1 - tail, sizes * average)
    return np.maximum(low, 0) / sizes, high / sizes


def _place(group, at, kind, average):
    value = group.cases / group.base
    rests_on = _rests_on(group, kind, average)
    return Placed(
        group=group,
        value=value,
        limits=at,
        verdict=_verdict(value, at) if rests_on >= MIN_BASE else Verdict.TOO_FEW,
        is_cautious=MIN_BASE <= rests_on < LOW_BASE_BELOW,
        distance=_distance(value - average, group.base, kind, average),
    )


def _rests_on(group, kind, average):
    # Of a rate it is the cases to be expected that say how much a group can tell: none where 40 were due tells much.
    return group.base if kind == "share" else group.base * average


def _verdict(value, at):
    if value > at.upper:
        return Verdict.ABOVE
    if value < at.lower:
        return Verdict.BELOW
    if value > at.warning_upper:
        return Verdict.HIGH
    return Verdict.LOW if value < at.warning_lower else Verdict.WITHIN


def _distance(difference, base, kind, average):
    spread = average * (1 - average) if kind == "share" else average
    return difference / sqrt(spread / base) if spread else 0.0


def _check(group, kind):
    if not (isfinite(group.base) and group.base > 0):
        raise ValueError(f"The base of a group is above 0, not {group.base}.")
    if not (isfinite(group.cases) and group.cases >= 0) or (kind == "share" and group.cases > group.base):
        raise ValueError(f"{group.cases} of {group.base} is not a {kind}.")
