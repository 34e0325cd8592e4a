"""Every measure place by place: which localities differ from the others by more than chance; facts, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scorecards.definitions import Definitions, Kpi
from scorecards.funnel import CONTROL, NEARLY, WARNING, Funnel, Group, Kind, Placed, Verdict, by_chance, funnel, pooled
from scorecards.periods import Period
from scorecards.scorecard import NOT_WHOLE, POPULATION, SHARES, View, latest_period, spanned_break
from scorecards.series import Point, population_for, read_groups, read_latest
from scorecards.store import Store

BREAKDOWN = "locality"
UNKNOWN = "unknown"
YEAR = "rolling_12_months"
MONTHS_A_YEAR = 12
# Kinds that count cases one by one, so that a Poisson holds; a total of a column does not.
COUNTS = ("count", "distinct", "stock", "submitted")
# What is counted of these lives in no locality as a child of 0 to 17 does.
NOT_CHILDREN = ("people", "partners")
# Where more cases than this have no locality, those that have one may not be like the others.
MOST_WITHOUT_PLACE = 0.2


class NotJudged(StrEnum):
    """Why no locality of a measure is judged."""

    NO_FIGURES = "no figures by locality"
    NO_LIMITS = "no limits exist for an average, a total or a ratio"
    NO_BASE = "the numbers behind it were not sent"
    NO_POPULATION = "the children of the localities are not known"
    NOT_OF_CHILDREN = "it does not count children"
    WHOLE_NOT_KNOWN = "the whole partnership has no whole figure"
    RECORDED_OTHERWISE = "it was recorded in two ways within the period"
    WITHOUT_PLACE = "too many cases have no locality"


@dataclass(frozen=True)
class ByPlace:
    """One measure by locality for one period: the figures, and the funnel they stand in or why there is none."""

    kpi: Kpi
    period: Period
    points: Mapping[str, Point]  # by locality, "unknown" among them
    whole: Point | None
    funnel: Funnel | None
    why_not: NotJudged | None
    without_place: float | None  # which share of the cases has no locality

    @property
    def placed(self) -> dict[str, Placed]:
        """Return the localities that stand in the funnel, by id."""
        return {one.group.name: one for one in self.funnel.groups} if self.funnel else {}


@dataclass(frozen=True)
class Spot:
    """A locality that lies beyond a limit of one measure; `is_worse` is None where no direction is bad."""

    of: ByPlace
    placed: Placed
    is_worse: bool | None
    points: tuple[Point, ...]  # the locality's own, over time

    @property
    def locality(self) -> str:
        return self.placed.group.name


@dataclass(frozen=True)
class Places:
    """Every measure that is kept by locality, and the localities that stand out, those furthest beyond first."""

    measures: Mapping[str, ByPlace]
    hot: tuple[Spot, ...]  # beyond the 99.8% limits
    near: tuple[Spot, ...]  # between them and the 95% limits
    judged: int  # pairs of a locality and a measure

    @property
    def hot_by_chance(self) -> float:
        """Return how many pairs would lie beyond the 99.8% limits at most, were all localities alike."""
        return by_chance(self.judged, CONTROL)

    @property
    def near_by_chance(self) -> float:
        """Return how many would lie between the two pairs of limits."""
        return by_chance(self.judged, WARNING) - self.hot_by_chance


def read_places(store: Store, view: View) -> Places:
    """Return every measure by locality for the quarter of `view`, over 12 months where the measure has them."""
    definitions = store.definitions
    kpis = [kpi for kpi in definitions.kpis.values() if BREAKDOWN in kpi.breakdowns]
    periods = {kpi.id: period_for(definitions, kpi, view.period) for kpi in kpis}
    stored = read_latest(store, periods, ("", BREAKDOWN), version=view.version)
    measures = {kpi.id: _by_place(definitions, kpi, periods[kpi.id], stored) for kpi in kpis}
    twins = said_by_a_rate(kpis)
    judged = [one for name, one in measures.items() if one.funnel is not None and name not in twins]
    pairs = [(one, placed) for one in judged for placed in one.placed.values() if placed.verdict is not Verdict.TOO_FEW]
    out = [(one, placed) for one, placed in pairs if placed.is_beyond or placed.verdict in NEARLY]
    series = _series(store, {one.kpi.id: one.period for one, placed in out if placed.is_beyond}, view.version)
    spots = sorted((_spot(one, placed, series) for one, placed in out), key=_rank)
    hot = tuple(spot for spot in spots if spot.placed.is_beyond)
    return Places(measures, hot, tuple(spot for spot in spots if not spot.placed.is_beyond), len(pairs))


def period_for(definitions: Definitions, kpi: Kpi, quarter: Period) -> Period:
    """Return the 12 months that end with `quarter` where the KPI has them, else the quarter, else what is judged."""
    kinds = [kind for kind in (YEAR, "quarter") if kind in kpi.windows.shown]
    return latest_period(definitions, kinds[0] if kinds else kpi.windows.judged, quarter)


def said_by_a_rate(kpis: list[Kpi]) -> set[str]:
    """Return the counts that a rate among `kpis` says of every child: one of the two is enough to look at."""
    rates = [_rows_of(kpi) for kpi in kpis if kpi.measure.kind == "rate"]
    return {kpi.id for kpi in kpis if kpi.measure.kind in ("count", "stock") and _rows_of(kpi) in rates}


def _rows_of(kpi):
    return kpi.measure.model_dump(exclude={"kind", "population", "per"}, exclude_none=True, exclude_defaults=True)


def _by_place(definitions, kpi, period, stored):
    points = stored.get((kpi.id, BREAKDOWN), {})
    whole = stored.get((kpi.id, ""), {}).get("")
    found, why_not = None, _why_not(definitions, kpi, period, points, whole)
    if why_not is None:
        kind: Kind = "rate" if _is_count(kpi) else "share"
        groups = [_group(definitions, kpi, name, point) for name, point in _whole_points(definitions, points).items()]
        groups = [group for group in groups if group is not None]
        average = pooled(groups) if kind == "rate" else whole.numerator / whole.denominator
        found = funnel(groups, kind, average)
    return ByPlace(kpi, period, points, whole, found, why_not, _without_place(kpi, points))


def _why_not(definitions, kpi, period, points, whole) -> NotJudged | None:
    if not any(point.is_known for point in points.values()):
        return NotJudged.NO_FIGURES
    if kpi.measure.kind in (POPULATION, "sum") or not (_is_count(kpi) or _is_share(kpi)):
        return NotJudged.NO_LIMITS
    if _is_count(kpi) and kpi.counts in NOT_CHILDREN:
        return NotJudged.NOT_OF_CHILDREN
    judged = _whole_points(definitions, points)
    if not judged or whole is None or not whole.is_known or whole.note in NOT_WHOLE:
        return NotJudged.WHOLE_NOT_KNOWN
    if spanned_break(kpi, period):
        return NotJudged.RECORDED_OTHERWISE
    if _is_count(kpi) and not any(population_for(definitions, name, period)[0] for name in judged):
        return NotJudged.NO_POPULATION
    # More than all of them is no share: a figure is kept as it was sent.
    if _is_share(kpi) and not (whole.denominator and whole.numerator is not None
                               and whole.numerator <= whole.denominator):  # fmt: skip
        return NotJudged.NO_BASE
    if not any(_group(definitions, kpi, name, point) for name, point in judged.items()):
        return NotJudged.NO_BASE
    return NotJudged.WITHOUT_PLACE if (_without_place(kpi, points) or 0) > MOST_WITHOUT_PLACE else None


def _is_share(kpi):
    return kpi.measure.kind in SHARES or (kpi.measure.kind == "submitted" and kpi.unit == "percent")


def _is_count(kpi):
    return kpi.measure.kind == "rate" or (kpi.measure.kind in COUNTS and kpi.unit == "count")


def _whole_points(definitions, points):
    """Return the figures of known localities that are of the whole period and of all its cases."""
    return {
        name: point
        for name, point in points.items()
        if name in definitions.partnership.localities and point.is_known and point.note not in NOT_WHOLE
    }


def _group(definitions, kpi, name, point) -> Group | None:
    """Return what a locality puts into the funnel; None where what it rests on is not known."""
    if point.numerator is None:
        return None
    if not _is_count(kpi):
        base = point.denominator
        return Group(name, point.numerator, base) if base and point.numerator <= base else None
    children, _note = population_for(definitions, name, point.period)
    if not children:
        return None
    # A rate of less than a year is given by the year, so that its base is a part of a year of every child.
    is_yearly = kpi.measure.kind == "rate" and not kpi.measure.is_stock
    return Group(name, point.numerator, children * (point.period.months / MONTHS_A_YEAR if is_yearly else 1))


def _without_place(kpi, points):
    sizes = {name: point.numerator if _is_count(kpi) else point.denominator for name, point in points.items()}
    whole = sum(size for size in sizes.values() if size)
    return (sizes.get(UNKNOWN) or 0) / whole if whole else None


def _series(store, periods: Mapping[str, Period], version):
    """Return the figures over time of the measures in which somebody stands out, for small charts."""
    if not periods:
        return {}
    windows = {one.kind for one in periods.values()}
    return read_groups(store, list(periods), BREAKDOWN, windows=sorted(windows), version=version)


def _spot(of: ByPlace, placed: Placed, series) -> Spot:
    is_worse = None
    if of.kpi.polarity in ("higher", "lower"):
        is_worse = (placed.distance > 0) == (of.kpi.polarity == "lower")
    own = series.get((of.kpi.id, of.period.kind), {}).get(placed.group.name, ())
    return Spot(of, placed, is_worse, tuple(point for point in own if point.period.end <= of.period.end))


def _rank(spot: Spot):
    """Order what is worse first, then what is better, then what has no bad direction; the furthest beyond first."""
    return ((True, False, None).index(spot.is_worse), -abs(spot.placed.distance), spot.of.kpi.id, spot.locality)
