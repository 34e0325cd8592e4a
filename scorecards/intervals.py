"""How far chance alone could carry a proportion, a count or a rate.

Wilson score for proportions; exact Poisson below 10 and Byar's approximation from 10 for counts and
rates, as the Fingertips technical guidance gives them. All take events as independent. Brothers and sisters
are referred together, so call the intervals approximate.
"""

from dataclasses import dataclass
from math import isfinite, sqrt
from statistics import NormalDist

from scipy.special import gammaincinv

# Fingertips' switch from exact to Byar limits. It leaves a step of about 0.2% between a count of 9 and of 10.
BYAR_FROM = 10


@dataclass(frozen=True)
class Interval:
    """Where the underlying figure plausibly lies; `method` is Wilson, exact Poisson or Byar."""

    low: float
    high: float
    method: str


def wilson(numerator: float, denominator: float, confidence: float = 0.95) -> Interval:
    """Return the Wilson score interval of a proportion, 0 to 1; ValueError unless 0 <= x <= n and n > 0."""
    _check_proportion(numerator, denominator)
    z = _z(confidence)
    proportion = numerator / denominator
    reach = z * sqrt(z**2 + 4 * numerator * (1 - proportion))
    scale = 2 * (denominator + z**2)
    low = (2 * numerator + z**2 - reach) / scale
    high = (2 * numerator + z**2 + reach) / scale
    return Interval(max(low, 0.0), min(high, 1.0), "Wilson")


def poisson(count: float, confidence: float = 0.95) -> Interval:
    """Return the interval of a count: exact below 10, Byar from 10; ValueError for a negative count."""
    if not (isfinite(count) and count >= 0):
        raise ValueError(f"A count is 0 or more, not {count}.")
    # Byar's lower limit can fall below zero (a count of 1 at 99.8%), but never from 10.
    return _exact_poisson(count, confidence) if count < BYAR_FROM else _byar(count, confidence)


def rate(count: float, population: float, per: float = 10_000, confidence: float = 0.95) -> Interval:
    """Return the interval of a rate per `per` people; ValueError unless the population is above 0."""
    _check_denominator(population)
    counts = poisson(count, confidence)
    return Interval(counts.low / population * per, counts.high / population * per, counts.method)


def _exact_poisson(count: float, confidence: float) -> Interval:
    # The chi-squared quantile with 2a degrees of freedom, halved, is the gamma quantile with shape a.
    tail = _tail(confidence)
    low = float(gammaincinv(count, tail)) if count > 0 else 0.0
    return Interval(low, float(gammaincinv(count + 1, 1 - tail)), "exact Poisson")


def _byar(count: float, confidence: float) -> Interval:
    z = _z(confidence)
    above = count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3
    high = above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3
    return Interval(low, high, "Byar")


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf(1 - _tail(confidence))


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"Confidence lies between 0 and 1, such as 0.95, not at {confidence}.")
    return (1 - confidence) / 2


def _check_proportion(numerator: float, denominator: float) -> None:
    _check_denominator(denominator)
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator} is not a proportion.")


def _check_denominator(denominator: float) -> None:
    if not (isfinite(denominator) and denominator > 0):
        raise ValueError(f"A denominator or population is above 0, not {denominator}.")
