"""KPIs, their figures and every judgement of them joined in one frozen object: facts, no sentences."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from scorecards import rag, spc, trend
from scorecards.comparators import Published, england
from scorecards.definitions import (
    BandThresholds,
    Definitions,
    Kpi,
    SeriesBreak,
    Target,
    Theme,
    Thresholds,
    newest_between,
)
from scorecards.intervals import Interval, poisson, wilson
from scorecards.measures import kind_of
from scorecards.periods import (
    Period,
    academic_year,
    add_months,
    all_periods,
    financial_year,
    half_year,
    month,
    quarter_of,
    rolling_year,
    term,
)
from scorecards.returns import Awaited, Return, Supplied, awaited_for, read_returns, read_supplied
from scorecards.series import FedBy, Note, Point, Status, read_points
from scorecards.store import Store

WHOLE = "partnership"
# Part of the days, only some of the cases, or not of the period but of its months.
NOT_WHOLE = {Note.PART_COVERED, Note.TOO_RECENT_LEFT_OUT, Note.SENT_SINCE, Note.MONTHLY_AVERAGE}
SPARK_PERIODS = 12
CHART_PERIODS = 13  # three years of quarters, and the same quarter three years ago
PATTERN_PERIODS = 20
# Kinds that are made of what everybody sends, so that no one submission is theirs.
OF_MANY = ("filled", "returned")
POPULATION = "population"  # comes from partnership.yaml, and nobody sends it
# No figure, and not because somebody has not sent one.
NOT_AWAITED = (Note.NOT_BY_LOCALITY, Note.NO_POPULATION)
YEARS = {"financial_year": financial_year, "academic_year": academic_year}
# Kinds whose figure is a share of its denominator, so that a binomial interval holds.
SHARES = (
    "percentage", "within", "repeat", "previous_ever", "change", "cohort", "reached", "preceded", "reviewed", "recent",
    "every", "during",
)  # fmt: skip
# Kinds that are no share, and rest on so many rows all the same.
HAVE_A_BASE = ("mean", "median", "upper_quartile", "ratio")


@dataclass(frozen=True)
class View:
    """What a reader looks at: a quarter, an area, and the data version (None: the newest)."""

    period: Period
    area: str = WHOLE
    version: int | None = None


@dataclass(frozen=True)
class Line:
    """One KPI on a scorecard: its latest figure and everything that is judged about it."""

    kpi: Kpi
    area: str
    window: str  # the kind of period that `latest` is of
    latest: Point
    previous: Point | None  # one quarter earlier
    year_ago: Point | None
    points: tuple[Point, ...]  # of `window`, oldest first, up to the latest
    judgement: rag.Judgement
    thresholds: Thresholds | BandThresholds | None
    target: Target | None  # the agreed target that the thresholds come from, if they do
    pattern: spc.Pattern
    pattern_points: tuple[Point, ...]  # of the KPI's pattern window, which does not overlap
    trend: trend.Trend | None
    interval: Interval | None  # 95%, in the unit of the figure
    england: Published | None
    supplied: Supplied | None
    awaited: tuple[Awaited, ...] = ()  # what the latest figure waits for, where it is missing or of part of the period

    @property
    def change(self) -> float | None:
        return None if self.break_on_period else _difference(self.latest, self.previous)

    @property
    def change_on_year(self) -> float | None:
        return None if self.break_on_year else _difference(self.latest, self.year_ago)

    @property
    def newest_break(self) -> SeriesBreak | None:
        """Return the newest break in the series by the end of the latest period."""
        return newest_between(self.kpi.breaks, datetime.date.min, self.latest.period.end)

    @property
    def break_on_period(self) -> SeriesBreak | None:
        """Return the break that keeps the latest figure from being compared with the period before."""
        return _break_between(self.kpi, self.previous, self.latest)

    @property
    def break_on_year(self) -> SeriesBreak | None:
        """Return the break that keeps the latest figure from being compared with a year ago."""
        return _break_between(self.kpi, self.year_ago, self.latest)

    @property
    def tested_points(self) -> tuple[Point, ...]:
        """Return the points that limits and trend rest on: those since the newest break."""
        return _since_break(self.kpi, self.pattern_points, self.latest)

    @property
    def is_rolling(self) -> bool:
        return self.window == "rolling_12_months"

    @property
    def fed_by(self) -> FedBy:
        """Return what the newest figure that was sent is made from."""
        return _fed_by(self.latest, self.points)

    @property
    def spark(self) -> tuple[Point, ...]:
        return self.points[-SPARK_PERIODS:]

    @property
    def is_unused(self) -> bool:
        """Return whether nobody has supplied it in any period so far, and nobody is asked to."""
        # That it is not counted by locality says nothing of whether anybody sends it; what everybody makes is there.
        if self.is_elsewhere and self.kpi.measure.kind in (*OF_MANY, POPULATION):
            return False
        shown = (point for point in (*self.points, self.latest) if point.note is not Note.NOT_BY_LOCALITY)
        sent = (point for point in shown if point.status is not Status.NOT_SUBMITTED)
        return not self.awaited and self.supplied is None and next(sent, None) is None

    @property
    def is_elsewhere(self) -> bool:
        """Return whether it is counted for the whole partnership and not by locality, which is what is looked at."""
        return self.latest.note is Note.NOT_BY_LOCALITY

    @property
    def is_worse_than_before(self) -> bool | None:
        """Return whether the figure moved the wrong way on the quarter; None where no way is wrong or none is known."""
        return _is_worse(self.kpi.polarity, self.change)

    @property
    def is_worse_than_a_year_ago(self) -> bool | None:
        return _is_worse(self.kpi.polarity, self.change_on_year)


@dataclass(frozen=True)
class Scorecard:
    """The lines of one theme, or of all of them, for one view."""

    view: View
    theme: Theme | None
    lines: tuple[Line, ...]
    data_version: int

    @cached_property
    def rated(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.judgement.rating is not rag.Rating.NOT_RATED)

    @cached_property
    def in_use(self) -> "Scorecard":
        """The scorecard without the measures that nobody supplies yet; the same where none is supplied."""
        used = tuple(line for line in self.lines if not line.is_unused)
        return replace(self, lines=used) if used else self

    @cached_property
    def unused(self) -> tuple[Line, ...]:
        """The measures that nobody supplies yet, where others are supplied."""
        return tuple(line for line in self.lines if line.is_unused) if self.in_use is not self else ()

    @cached_property
    def here(self) -> "Scorecard":
        """The scorecard without measures that nobody supplies yet, and without those not counted by locality."""
        return replace(self, lines=tuple(line for line in self.in_use.lines if not line.is_elsewhere))

    @cached_property
    def elsewhere(self) -> tuple[Line, ...]:
        """The measures that are supplied for the whole partnership only."""
        return tuple(line for line in self.in_use.lines if line.is_elsewhere)

    def count(self, rating: rag.Rating) -> int:
        return sum(line.judgement.rating is rating for line in self.lines)

    def line(self, kpi_id: str) -> Line | None:
        return next((line for line in self.lines if line.kpi.id == kpi_id), None)


def _difference(latest, earlier):
    if earlier is None or latest.value is None or earlier.value is None:
        return None
    if NOT_WHOLE & {latest.note, earlier.note}:
        return None  # a part is not compared with a whole
    return latest.value - earlier.value


def _break_between(kpi, earlier, latest):
    return newest_between(kpi.breaks, earlier.period.first, latest.period.end) if earlier is not None else None


def _since_break(kpi, points, latest):
    """Return the points that begin on or after the newest break; all where there is none."""
    newest = newest_between(kpi.breaks, datetime.date.min, latest.period.end)
    return tuple(point for point in points if newest is None or point.period.first >= newest.from_)


def spanned_break(kpi: Kpi, period: Period) -> SeriesBreak | None:
    """Return the break inside a period, so that a part of its figure was recorded one way and a part the other."""
    return newest_between(kpi.breaks, period.first, period.end)


def _is_worse(polarity, change):
    if change is None or polarity not in ("higher", "lower"):
        return None
    return change < 0 if polarity == "higher" else change > 0


def build_scorecard(store: Store, view: View, theme: Theme | None = None) -> Scorecard:
    """Return the scorecard of `theme` (None: every KPI once) for `view`."""
    kpis = [kpi for kpi in store.definitions.kpis.values() if theme is None or theme.id in kpi.themes]
    version = view.version if view.version is not None else store.data_version()
    series = read_series(store, kpis, view.area, view.version)
    supplied, returns = read_supplied(store, view.version), read_returns(store, version=view.version)
    lines = tuple(build_line(store.definitions, kpi, view, series, supplied, returns) for kpi in kpis)
    return Scorecard(view, theme, lines, version)


Series = Mapping[tuple[str, str], tuple[Point, ...]]


def read_series(store: Store, kpis: Iterable[Kpi], area: str = WHOLE, version: int | None = None) -> Series:
    """Return the figures of every (KPI, window) for the whole partnership or one locality."""
    ids = [kpi.id for kpi in kpis]
    if area == WHOLE:
        return read_points(store, ids, version=version)
    return read_points(store, ids, breakdown="locality", group=area, version=version)


def build_line(
    definitions: Definitions,
    kpi: Kpi,
    view: View,
    series: Series,
    supplied: Mapping[str, Supplied],
    returns: Sequence[Return] = (),
) -> Line:
    """Return one KPI's line: pure, so that any period of the past can be judged from the same figures."""
    window = window_for(kpi, view.area, *definitions.thresholds(kpi, view.period.last))
    points = _until(series.get((kpi.id, window), ()), view.period)
    at = latest_period(definitions, window, view.period)
    latest = points[-1] if points and points[-1].period == at else _no_figure(kpi, view.area, at)
    pattern_points = _until(series.get((kpi.id, kpi.windows.pattern), ()), view.period)[-PATTERN_PERIODS:]
    thresholds, target = definitions.thresholds(kpi, latest.period.last)
    return Line(
        kpi=kpi,
        area=view.area,
        window=window,
        latest=latest,
        previous=_at(points, _shifted(latest.period, 1)),
        year_ago=_at(points, _shifted(latest.period, 4)),
        points=points,
        judgement=_judge(kpi, latest, thresholds),
        thresholds=thresholds,
        target=target,
        pattern=_pattern(kpi, pattern_points, latest, thresholds),
        pattern_points=pattern_points,
        trend=_trend(_since_break(kpi, pattern_points, latest)),
        interval=interval_of(kpi, latest),
        england=england(kpi.benchmark.published_id, latest.period) if kpi.benchmark else None,
        supplied=_supplied(kpi, _fed_by(latest, points), supplied),
        awaited=_awaited(definitions, kpi, latest, returns),
    )


def read_in(kpi: Kpi, window: str) -> Kpi:
    """Return a KPI as it is when read in another kind of period than the one that is judged."""
    pattern = kpi.windows.pattern if window == "rolling_12_months" else window
    windows = kpi.windows.model_copy(update={"judged": window, "pattern": pattern, "shown": (window, pattern)})
    return kpi.model_copy(update={"windows": windows})


def _fed_by(latest, points):
    sent = (point.fed_by for point in (latest, *reversed(points)) if point.fed_by is not FedBy.NOTHING)
    return next(sent, FedBy.NOTHING)


def _supplied(kpi, fed_by, supplied):
    if kpi.measure.kind in (*OF_MANY, POPULATION):
        return None
    if kpi.measure.kind == "submitted" or fed_by is FedBy.AGGREGATE:
        return supplied.get(f"kpi:{kpi.id}")
    return supplied.get(kind_of(kpi.measure).record_types(kpi)[0])


def _awaited(definitions, kpi, latest, returns):
    """Return what is awaited for a figure that is missing, or is of part of its period, because it was not sent."""
    was_not_sent = latest.status in (Status.NOT_SUBMITTED, Status.NOT_SUPPLIED) and latest.note not in NOT_AWAITED
    if not was_not_sent and not latest.is_part_period:
        return ()
    return awaited_for(returns, definitions, kpi.id, latest.period)


def _no_figure(kpi, area, period):
    if area != WHOLE and "locality" not in kpi.breakdowns:
        return Point(period, status=Status.NOT_SUPPLIED, note=Note.NOT_BY_LOCALITY)
    return Point(period)


def window_for(
    kpi: Kpi, area: str, thresholds: Thresholds | BandThresholds | None = None, target: Target | None = None
) -> str:
    """Return the window that is shown: the one that thresholds judge, but 12 months for percentages of a locality."""
    if area != WHOLE and kpi.unit == "percent" and "rolling_12_months" in kpi.windows.shown:
        return "rolling_12_months"
    return judged_window(kpi, thresholds, target)


def judged_window(kpi: Kpi, thresholds: Thresholds | BandThresholds | None, target: Target | None) -> str:
    """Return the window that is rated: where councils stand is published by the year, so it judges 12 months."""
    is_yearly = thresholds is not None and thresholds.basis == "councils" and target is None
    return "rolling_12_months" if is_yearly and "rolling_12_months" in kpi.windows.shown else kpi.windows.judged


def _until(points, period):
    """Return the points that end by the end of `period`, with an unknown one wherever none is stored in between."""
    ended = [point for point in points if point.period.end <= period.end]
    if not ended:
        return ()
    stored = {point.period: point for point in ended}
    found = [ended[-1]]
    while found[-1].period > ended[0].period and (before := _shifted(found[-1].period, 1)) is not None:
        found.append(stored.get(before, Point(before)))
    return tuple(reversed(found)) if found[-1].period == ended[0].period else tuple(ended)


def latest_period(definitions: Definitions, window: str, period: Period) -> Period:
    """Return the newest period of a kind that has ended by the end of `period`."""
    if window == "quarter":
        return period
    if window == "rolling_12_months":
        return rolling_year(period)
    # Two years back: there is a newest one even where figures begin later.
    first_day = min(definitions.partnership.first_day, add_months(period.first, -24))
    ended = [one for one in all_periods(first_day, period.last) if one.kind == window and one.end <= period.end]
    return ended[-1]


def _shifted(period: Period, quarters: int) -> Period | None:
    """Return the period of the same kind one before (`quarters` is 1) or a year before (4), or None for single days."""
    if period.kind == "quarter":
        return quarter_of(add_months(period.first, -3 * quarters))
    if period.kind == "rolling_12_months":
        last_quarter = quarter_of(period.last)
        return rolling_year(quarter_of(add_months(last_quarter.first, -3 * quarters)))
    if period.kind == "month":
        first = add_months(period.first, -1 if quarters == 1 else -12)
        return month(first.year, first.month)
    if period.kind == "term":
        year, number = int(period.id[:4]), int(period.id[-1])
        if quarters == 4:
            return term(year - 1, number)
        return term(year, number - 1) if number > 1 else term(year - 1, 3)
    if period.kind == "half_year":
        year, number = int(period.id[:4]), int(period.id[-1])
        if quarters == 4:
            return half_year(year - 1, number)
        return half_year(year, 1) if number == 2 else half_year(year - 1, 2)
    if period.kind in ("financial_year", "academic_year"):
        return YEARS[period.kind](period.first.year - 1)
    return None


def _at(points, period):
    return next((point for point in points if point.period == period), None) if period is not None else None


_UNRATED = {
    Status.NOT_SUBMITTED: rag.Unrated.NO_FIGURE,
    Status.NOT_SUPPLIED: rag.Unrated.NO_FIGURE,
    Status.WITHHELD: rag.Unrated.NO_FIGURE,
    Status.HISTORY_INCOMPLETE: rag.Unrated.HISTORY_SHORT,
    Status.TOO_RECENT: rag.Unrated.TOO_RECENT,
    Status.NOT_APPLICABLE: rag.Unrated.NOT_APPLICABLE,
}


def _judge(kpi, point, thresholds):
    unrated = _UNRATED.get(point.status)
    if point.is_known and spanned_break(kpi, point.period):
        unrated = rag.Unrated.RECORDED_OTHERWISE
    elif point.note is Note.PART_COVERED:
        unrated = rag.Unrated.PART_PERIOD
    elif point.note is Note.TOO_RECENT_LEFT_OUT:
        unrated = rag.Unrated.TOO_RECENT
    elif point.note is Note.SENT_SINCE:
        unrated = rag.Unrated.ROWS_LEFT_OUT
    elif point.note is Note.MONTHLY_AVERAGE and kpi.aggregation == "sum":
        unrated = rag.Unrated.OTHER_BASIS
    has_base = kpi.measure.kind in SHARES or kpi.unit == "percent" or kpi.measure.kind in HAVE_A_BASE
    base = point.denominator if has_base else None
    return rag.rate(point.value, kpi.polarity, _rag_thresholds(thresholds), base, unrated)


def _rag_thresholds(thresholds):
    if thresholds is None:
        return None
    if isinstance(thresholds, BandThresholds):
        return rag.Band(thresholds.green_low, thresholds.green_high, thresholds.amber_low, thresholds.amber_high)
    return rag.Thresholds(thresholds.green, thresholds.amber)


def _pattern(kpi, points, latest, thresholds):
    alike = _since_break(kpi, points, latest)
    values = [_plotted(point) for point in alike]
    if not points or points[-1].period.end < latest.period.end:
        values.append(None)  # no figure for the latest period: nothing can be said of it
    target = thresholds.green if isinstance(thresholds, Thresholds) else None
    found = _without_the_usual(spc.pattern(values, kpi.polarity, target), values)
    # A flag for each point of the chart: what was recorded otherwise is neither usual nor unusual.
    return replace(found, flags=(None,) * (len(points) - len(alike)) + found.flags)


def _without_the_usual(found, values):
    """Return the pattern without flags on the value that most points have, of the earlier half and of the later.

    A median of whole days stands at one number for years. A single dip draws the mean below it, and by the letter of
    the rule of seven each quarter since would be a real change. A value that most points have only since some day is
    a real change.
    """
    known = [value for value in values if value is not None]
    usual = Counter(known).most_common(1)[0][0] if known else None
    middle = len(known) // 2
    if not all(2 * half.count(usual) > len(half) for half in (known[:middle], known[middle:])):
        return found
    flags = tuple(None if value == usual else flag for value, flag in zip(values, found.flags, strict=True))
    if values[-1] != usual or found.flags[-1] is None:
        return replace(found, flags=flags)
    return replace(found, flags=flags, variation=spc.Variation.COMMON_CAUSE, rule=None)


def _plotted(point):
    """Return the value that a chart of ups and downs may use: whole periods only."""
    return None if point.note in NOT_WHOLE else point.value


def _trend(points):
    return trend.mann_kendall([_plotted(point) for point in points[-SPARK_PERIODS:]])


def interval_of(kpi: Kpi, point: Point) -> Interval | None:
    """Return the 95% interval of a figure in its own unit, or None where chance is not binomial or Poisson."""
    if point.value is None or point.numerator is None:
        return None
    if kpi.measure.kind in SHARES or (kpi.measure.kind == "submitted" and kpi.unit == "percent"):
        if not point.denominator or point.numerator > point.denominator:
            return None
        share = wilson(point.numerator, point.denominator)
        return Interval(100 * share.low, 100 * share.high, share.method)
    if kpi.measure.kind == "rate" and point.denominator and point.numerator:
        count = poisson(point.numerator)
        scale = point.value / point.numerator
        return Interval(count.low * scale, count.high * scale, count.method)
    return None
