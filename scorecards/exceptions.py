"""What needs attention, and only that: why, since when, and in which order; facts, no sentences."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from scorecards import rag, spc
from scorecards.definitions import BandThresholds, Kpi, Thresholds, newest_between
from scorecards.funnel import Group, Verdict, funnel
from scorecards.periods import Period, add_months, quarter_of, rolling_year
from scorecards.returns import Return, ReturnState, Supplied, read_returns, read_supplied
from scorecards.scorecard import WHOLE, Line, Series, View, build_line, read_series, spanned_break
from scorecards.series import Point, read_groups
from scorecards.store import Store

# How far back a running exception is followed: two years.
QUARTERS_BACK = 8
# A locality stands out when chance alone would put it there once in 500 times (99.8% limits).
BEYOND = {Verdict.ABOVE: "above", Verdict.BELOW: "below"}


class Reason(StrEnum):
    """Why something is an exception; the order is the order of rank."""

    RED_AND_CHANGED = "red, and a real change for the worse"
    CHANGED = "a real change for the worse"
    RED = "red"
    CONSISTENTLY_FAILING = "consistently failing its target"
    LOCALITY = "a locality beyond chance"
    AMBER_GETTING_WORSE = "amber, and getting worse"


RANK = tuple(Reason)


class State(StrEnum):
    NEW = "new"
    CONTINUING = "continuing"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class LocalityFinding:
    """A locality that differs from the partnership by more than chance allows."""

    locality: str
    point: Point
    whole: Point
    points: tuple[Point, ...]  # of the locality, over time
    direction: str  # above or below


@dataclass(frozen=True)
class ExceptionItem:
    """One thing that needs attention, or that did in the quarter before and no longer does."""

    line: Line
    reason: Reason
    state: State
    running: int  # for how many quarters in a row, this one included; 0 when resolved
    locality: LocalityFinding | None = None
    also: tuple[Reason, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return self.line.kpi.id, self.locality.locality if self.locality else ""


@dataclass(frozen=True)
class Exceptions:
    """Everything the executive group needs for one view, ranked."""

    view: View
    current: tuple[ExceptionItem, ...]
    resolved: tuple[ExceptionItem, ...]
    returns: tuple[Return, ...]  # missing, in part or late, newest period first
    measures: int  # how many were looked at


def find_exceptions(store: Store, view: View) -> Exceptions:
    """Return the exceptions of a view, ranked by reason, then new before continuing, then by how far off they are."""
    kpis = tuple(store.definitions.kpis.values())
    series = read_series(store, kpis, view.area, view.version)
    localities = _locality_series(store, view)
    supplied = read_supplied(store, view.version)
    by_quarter = [
        _found(store, kpis, _earlier(view, back), series, localities, supplied) for back in range(QUARTERS_BACK + 1)
    ]
    now, before = by_quarter[0], by_quarter[1]
    current = [replace(item, **_running(item, by_quarter)) for item in now.values()]
    gone = [
        replace(item, line=_line_now(store, item, view, series, supplied), state=State.RESOLVED, running=0)
        for key, item in before.items()
        if key not in now
    ]
    resolved = [item for item in gone if _is_judged_now(item, view, localities)]
    return Exceptions(
        view, tuple(sorted(current, key=_rank)), tuple(sorted(resolved, key=_rank)), _returns(store, view), len(kpis)
    )


def _earlier(view: View, quarters: int) -> View:
    return replace(view, period=quarter_of(add_months(view.period.first, -3 * quarters)))


def _running(item, by_quarter):
    """Return the state of an exception, and for how many quarters in a row its main reason has stood."""
    running = 0
    for found in by_quarter:
        if item.key not in found or not _stands_for(found[item.key], item.reason):
            break
        if _was_recorded_otherwise(found[item.key].line, item.line):
            break
        running += 1
    return {"state": State.NEW if running == 1 else State.CONTINUING, "running": running}


def _was_recorded_otherwise(earlier: Line, line: Line) -> bool:
    return newest_between(line.kpi.breaks, earlier.latest.period.first, line.latest.period.end) is not None


def _stands_for(item, reason):
    """Return whether an exception of another quarter had this reason too; a red is a red whether or not it changed."""
    reasons = {item.reason, *item.also}
    reds = {Reason.RED, Reason.RED_AND_CHANGED}
    return bool(reasons & reds) if reason in reds else reason in reasons


def _line_now(store, item, view, series, supplied):
    return build_line(store.definitions, item.line.kpi, view, series, supplied)


def _is_judged_now(item, view, localities):
    """Return whether today's figure can be judged by what made the exception: what nobody can tell is not resolved."""
    if item.locality is None:
        return item.line.latest.value is not None and _CAN_BE_JUDGED[item.reason](item.line)
    points = localities.get((item.line.kpi.id, "rolling_12_months"), {}).get(item.locality.locality, ())
    return any(point.period == rolling_year(view.period) and _can_stand_out(point) for point in points)


def _has_colour(line):
    return line.judgement.rating is not rag.Rating.NOT_RATED


def _can_be_compared(line):
    """Return whether it is known that an amber gets no worse: over a break in the series nobody can tell."""
    return _has_colour(line) and not (line.break_on_period or line.break_on_year)


_CAN_BE_JUDGED: dict[Reason, Callable[[Line], bool]] = {
    Reason.RED_AND_CHANGED: _has_colour,
    Reason.CHANGED: lambda line: line.pattern.variation is not spc.Variation.NOT_ENOUGH_DATA,
    Reason.RED: _has_colour,
    Reason.CONSISTENTLY_FAILING: lambda line: line.pattern.assurance is not spc.Assurance.NONE,
    Reason.AMBER_GETTING_WORSE: _can_be_compared,
}


def _found(store, kpis, view, series: Series, localities, supplied: Mapping[str, Supplied]):
    """Return the exceptions of one quarter by key, without their state."""
    found: dict[tuple[str, str], ExceptionItem] = {}
    for kpi in kpis:
        line = build_line(store.definitions, kpi, view, series, supplied)
        reasons = _reasons(line)
        if reasons:
            item = ExceptionItem(line, reasons[0], State.NEW, 1, None, tuple(reasons[1:]))
            found[item.key] = item
        for finding in _stand_out(kpi, view.period, series, localities):
            item = ExceptionItem(line, Reason.LOCALITY, State.NEW, 1, finding)
            found[item.key] = item
    return found


def _reasons(line: Line) -> list[Reason]:
    """Return why a line is an exception, the weightiest first; none for a line without a figure for the period."""
    if line.latest.value is None:
        return []
    is_red = line.judgement.rating is rag.Rating.RED
    changed = line.pattern.variation is spc.Variation.CONCERN
    reasons = []
    if is_red and changed:
        reasons.append(Reason.RED_AND_CHANGED)
    elif changed:
        reasons.append(Reason.CHANGED)
    elif is_red:
        reasons.append(Reason.RED)
    if line.pattern.assurance is spc.Assurance.CONSISTENTLY_FAILING:
        reasons.append(Reason.CONSISTENTLY_FAILING)
    is_amber = line.judgement.rating is rag.Rating.AMBER
    if is_amber and line.is_worse_than_before and line.is_worse_than_a_year_ago:
        reasons.append(Reason.AMBER_GETTING_WORSE)
    return reasons


def _locality_series(store, view):
    if view.area != WHOLE:
        return {}
    kpis = [kpi.id for kpi in store.definitions.kpis.values() if _is_compared(kpi)]
    return read_groups(store, kpis, "locality", windows=("rolling_12_months",), version=view.version)


def _is_compared(kpi: Kpi) -> bool:
    """Localities are compared on 12 months of a percentage that has a good direction."""
    return (
        kpi.unit == "percent"
        and kpi.polarity in ("higher", "lower")
        and "locality" in kpi.breakdowns
        and "rolling_12_months" in kpi.windows.shown
    )


def _stand_out(kpi: Kpi, period: Period, series: Series, localities) -> list[LocalityFinding]:
    """Return the localities that are worse than the partnership by more than chance allows."""
    window = (kpi.id, "rolling_12_months")
    year = rolling_year(period)
    whole = next((point for point in series.get(window, ()) if point.period == year), None)
    share = _share(whole)
    if whole is None or share is None or spanned_break(kpi, year):
        return []
    bad = "below" if kpi.polarity == "higher" else "above"
    found = []
    for locality, points in localities.get(window, {}).items():
        until = tuple(one for one in points if one.period.end <= year.end)
        if locality != "unknown" and until and until[-1].period == year and _beyond(until[-1], share) == bad:
            found.append(LocalityFinding(locality, until[-1], whole, until, bad))
    return found


def _share(point: Point | None) -> float | None:
    """Return a whole period's figure as a proportion, or None when it cannot be compared."""
    if point is None or point.stands_apart or point.numerator is None or not point.denominator:
        return None
    return point.numerator / point.denominator


def _beyond(point: Point, share: float) -> str | None:
    """Return above or below for a locality with 30 cases or more that chance would hardly put there, else None."""
    if not _can_stand_out(point):
        return None
    assert point.numerator is not None and point.denominator is not None
    placed = funnel([Group("", point.numerator, point.denominator)], "share", share).groups[0]
    return BEYOND.get(placed.verdict)


def _can_stand_out(point: Point) -> bool:
    is_whole = point.numerator is not None and not point.stands_apart
    return is_whole and (point.denominator or 0) >= rag.LOW_BASE_BELOW


def _rank(item: ExceptionItem):
    return RANK.index(item.reason), item.state is not State.NEW, -how_far_off(item), item.line.kpi.id


def how_far_off(item: ExceptionItem) -> float:
    """Return how far a figure lies beyond green, as a share of the green line, so that measures can be ranked."""
    point = item.locality.point if item.locality else item.line.latest
    value, lines = point.value, item.line.thresholds
    if value is None or lines is None:
        return 0.0
    if isinstance(lines, Thresholds):
        edge = lines.green
    else:
        edge = _nearer_edge(lines, value)
    return abs(value - edge) / abs(edge) if edge else abs(value)


def _nearer_edge(lines: BandThresholds, value: float) -> float:
    return lines.green_low if value < lines.green_low else lines.green_high


def _returns(store: Store, view: View) -> tuple[Return, ...]:
    """Return what is missing, in part or late for the periods that ended in the view's quarter."""
    wanted = (ReturnState.MISSING, ReturnState.NOT_SUPPLIED, ReturnState.PART, ReturnState.LATE)
    ended = [one for one in read_returns(store) if view.period.first < one.period.end <= view.period.end]
    return tuple(one for one in ended if one.state in wanted)
