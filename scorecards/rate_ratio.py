"""How many times as often something happens to one group as to all others, with how far chance could carry that.

Intervals are symmetric on the logarithm. Rates of people: variance 1/a + 1/b (K. J. Rothman, Epidemiology: An
Introduction, 2nd ed. 2012, chapter 9). Shares: 1/a - 1/n + 1/b - 1/m (D. Katz et al., Biometrics 34 (1978), 469-474).
Both take children as independent of each other, and brothers and sisters are not: call the intervals approximate.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, isfinite, log, sqrt
from statistics import NormalDist

# Below 10 cases on either side nothing is said; below 30 it is said with caution.
MIN_CASES, FEW_CASES_BELOW = 10, 30


class Standing(StrEnum):
    """What a ratio says of the group."""

    MORE = "more often than others"
    LESS = "less often than others"
    ALIKE = "no more than chance"
    TOO_FEW = "too few to judge"


@dataclass(frozen=True)
class Counted:
    """Cases among a base: of people for a rate, of all cases for a share."""

    cases: float
    base: float

    def __post_init__(self) -> None:
        if not (isfinite(self.base) and self.base > 0 and isfinite(self.cases) and self.cases >= 0):
            raise ValueError(f"{self.cases} among {self.base} is neither a rate nor a share.")


@dataclass(frozen=True)
class Ratio:
    """A ratio, its interval and what it says; no interval where one side has no case."""

    value: float | None  # None where nobody else has a case
    low: float | None
    high: float | None
    standing: Standing
    is_cautious: bool


def rate_ratio(group: Counted, others: Counted, confidence: float = 0.95) -> Ratio:
    """Return the group's rate over that of the others, who are all different people."""
    return _ratio(group, others, _inverse(group.cases) + _inverse(others.cases), confidence)


def share_ratio(group: Counted, others: Counted, confidence: float = 0.95) -> Ratio:
    """Return the group's share over that of the others; ValueError when there are more cases than there can be."""
    for one in (group, others):
        if one.cases > one.base:
            raise ValueError(f"{one.cases} of {one.base} is not a share.")
    variance = _inverse(group.cases) - 1 / group.base + _inverse(others.cases) - 1 / others.base
    return _ratio(group, others, variance, confidence)


def _ratio(group, others, variance, confidence):
    fewest = min(group.cases, others.cases)
    if not others.cases:
        return Ratio(None, None, None, Standing.TOO_FEW, is_cautious=False)
    value = (group.cases / group.base) / (others.cases / others.base)
    if not group.cases:
        return Ratio(value, None, None, Standing.TOO_FEW, is_cautious=False)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * sqrt(variance)
    low, high = exp(log(value) - reach), exp(log(value) + reach)
    standing = _standing(low, high) if fewest >= MIN_CASES else Standing.TOO_FEW
    return Ratio(value, low, high, standing, MIN_CASES <= fewest < FEW_CASES_BELOW)


def _standing(low, high):
    if low > 1:
        return Standing.MORE
    return Standing.LESS if high < 1 else Standing.ALIKE


def _inverse(cases):
    return 1 / cases if cases else 0.0
