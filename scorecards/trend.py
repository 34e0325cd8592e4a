"""Whether a series has steadily risen or fallen over about three years, and how fast.

Mann-Kendall needs no shape of distribution and no straight line; the Theil-Sen slope is the median of all
slopes between two points. Both want a series whose periods do not overlap. Fingertips tests at least five
annual points and no quarterly ones, so this is not the "Fingertips trend".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import erfc, isnan, sqrt
from typing import Literal

from scipy.stats import kendalltau, theilslopes

# With four points even a perfect rise has p = 0.083: no test could ever speak.
MIN_POINTS = 5
# Up to here the exact distribution of S is used where no values are tied.
EXACT_UP_TO = 12

Direction = Literal["increasing", "decreasing", "none"]


@dataclass(frozen=True)
class Trend:
    """Mann-Kendall's S, z and two-sided p; the Theil-Sen slope in units per period, with its 95% interval."""

    s: int
    z: float | None
    p: float
    slope_per_period: float
    slope_low: float
    slope_high: float
    method: Literal["exact", "normal"]
    direction: Direction
    points: int


@dataclass(frozen=True)
class ProportionTrend:
    """Chi-squared for trend (1 degree of freedom) with its p and the direction of the proportions."""

    chi2: float
    p: float
    direction: Direction


def mann_kendall(values: Sequence[float | None], alpha: float = 0.05) -> Trend | None:
    """Return the trend of a series, oldest first, or None with fewer than 5 figures.

    A period without a figure (None) is left out but keeps its place in time, so the slope stays per period.
    """
    known = [(at, _without_noise(value)) for at, value in enumerate(values) if value is not None and not isnan(value)]
    if len(known) < MIN_POINTS:
        return None
    times, figures = zip(*known, strict=True)
    s = sum(_sign(later - earlier) for earlier, later in combinations(figures, 2))
    z = _z(s, figures)
    is_exact = len(figures) <= EXACT_UP_TO and len(set(figures)) == len(figures)
    p = float(kendalltau(times, figures, method="exact").pvalue) if is_exact else _two_sided_p(z)
    slope = theilslopes(figures, times, alpha=0.95)
    return Trend(
        s=s,
        z=z,
        p=p,
        slope_per_period=float(slope.slope),
        slope_low=float(slope.low_slope),
        slope_high=float(slope.high_slope),
        method="exact" if is_exact else "normal",
        direction=_direction(s, p, alpha),
        points=len(figures),
    )


def chi_squared_for_trend(
    numerators: Sequence[float | None], denominators: Sequence[float | None], alpha: float = 0.05
) -> ProportionTrend:
    """Return the Cochran-Armitage test of proportions over equal periods; ValueError for impossible counts.

    A period without figures (None) is left out but keeps its place. Right for large denominators;
    over-sensitive where brothers and sisters are counted together.
    """
    counts = [
        (at, x, n)
        for at, (x, n) in enumerate(zip(numerators, denominators, strict=True))
        if x is not None and n is not None
    ]
    for _, x, n in counts:
        if not 0 <= x <= n:
            raise ValueError(f"{x} of {n} is not a proportion.")
    total, events = sum(n for _, _, n in counts), sum(x for _, x, _ in counts)
    moment = sum(n * at for at, _, n in counts)
    # total x variance of time, in whole numbers so that "only one period has any children" is exactly 0.
    time_spread = total * sum(n * at**2 for at, _, n in counts) - moment**2
    if time_spread == 0 or events in (0, total):
        return ProportionTrend(chi2=0.0, p=1.0, direction="none")
    proportion = events / total
    tilt = sum(at * (x - n * proportion) for at, x, n in counts)
    chi2 = tilt**2 / (proportion * (1 - proportion) * time_spread / total)
    p = _two_sided_p(sqrt(chi2))
    return ProportionTrend(chi2=chi2, p=p, direction=_direction(tilt, p, alpha))


def _z(s: int, figures: Sequence[float]) -> float | None:
    """Return the normal score of S with tie and continuity correction; None when all values are equal."""
    variance = _variance_terms(len(figures)) - sum(map(_variance_terms, Counter(figures).values()))
    return (s - _sign(s)) / sqrt(variance) if variance > 0 else None


def _variance_terms(n: int) -> float:
    return n * (n - 1) * (2 * n + 5) / 18


def _two_sided_p(z: float | None) -> float:
    return 1.0 if z is None else erfc(abs(z) / sqrt(2))


def _direction(sign: float, p: float, alpha: float) -> Direction:
    if p >= alpha or sign == 0:
        return "none"
    return "increasing" if sign > 0 else "decreasing"


def _sign(difference: float) -> int:
    return (difference > 0) - (difference < 0)


def _without_noise(value: float) -> float:
    """Return the value at 12 significant digits, so that 20.000000000000004 ties with 20."""
    return float(f"{value:.12g}")
