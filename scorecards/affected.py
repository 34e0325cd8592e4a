"""Who is affected: how many times as often something happens to one group of children as to all others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scorecards.definitions import Definitions, Kpi
from scorecards.periods import Period
from scorecards.places import period_for
from scorecards.rate_ratio import Counted, Ratio, Standing, rate_ratio, share_ratio
from scorecards.scorecard import NOT_WHOLE, SHARES, WHOLE, View
from scorecards.series import FedBy, Point, read_latest
from scorecards.store import Store

# What children are told apart by.
BREAKDOWNS = ("age_band", "sex", "ethnicity", "disability")
# These are no groups of children: nobody said, or there is no child yet. They are left out and shown apart.
APART = ("unknown", "not stated", "unborn")
OUT = (Standing.MORE, Standing.LESS)
SURE = 0.998
COUNTS = ("count", "distinct", "stock", "rate")


class Basis(StrEnum):
    """What a group's cases are set against."""

    CHILDREN = "the children who live here"
    COHORT = "its share in a wider cohort"
    SHARE = "its own cases"


class NotCompared(StrEnum):
    """Why the groups of a measure are not set beside each other."""

    NO_FIGURES = "no figures by group"
    NOT_WHOLE = "a part of the period or of the cases"
    NO_LIMITS = "an average, a total or a ratio"
    NO_BASE = "neither a population by group nor a wider cohort"


@dataclass(frozen=True)
class GroupRatio:
    """One group: its cases among what they are set against, and how many times as often that is as for the others."""

    group: str
    counted: Counted
    others: Counted
    ratio: Ratio  # with its 95% interval
    is_sure: bool  # the 99.8% interval too leaves out 1


@dataclass(frozen=True)
class Affected:
    """A measure by one breakdown for one period: every group beside all others, or why it is not."""

    kpi: Kpi
    breakdown: str
    period: Period
    basis: Basis | None
    groups: tuple[GroupRatio, ...]
    apart: tuple[tuple[str, float], ...]  # (group, cases) of those that are left out
    why_not: NotCompared | None
    wider: Kpi | None = None  # the cohort that the shares are set against
    mid_year: int | None = None
    source: str = ""

    @property
    def standing_out(self) -> tuple[GroupRatio, ...]:
        """Return the groups to whom it happens more or less often than chance allows."""
        return tuple(one for one in self.groups if one.ratio.standing in OUT)

    @property
    def sure(self) -> tuple[GroupRatio, ...]:
        """Return the groups of which that holds at 99.8% too: of hundreds looked at, hardly one is there by chance."""
        return tuple(one for one in self.groups if one.is_sure)


def read_affected(store: Store, view: View) -> tuple[Affected, ...]:
    """Return every measure that is kept by groups of children, by each of its breakdowns, for the quarter of `view`."""
    definitions = store.definitions
    kpis = [kpi for kpi in definitions.kpis.values() if set(BREAKDOWNS) & set(kpi.breakdowns)]
    periods = {kpi.id: period_for(definitions, kpi, view.period) for kpi in kpis}
    stored = read_latest(store, periods, BREAKDOWNS, version=view.version)
    return tuple(
        _affected(definitions, kpi, breakdown, periods[kpi.id], stored)
        for kpi in kpis
        for breakdown in BREAKDOWNS
        if breakdown in kpi.breakdowns
    )


def _affected(definitions, kpi, breakdown, period, stored) -> Affected:
    points = stored.get((kpi.id, breakdown), {})
    cases = {group: point.numerator for group, point in points.items() if _is_whole(point)}
    apart = tuple((group, number) for group, number in cases.items() if is_apart(group) and number)
    why_not = _why_not(kpi, points, cases)
    if why_not is not None:
        return Affected(kpi, breakdown, period, None, (), apart, why_not)
    named = {group: number for group, number in cases.items() if not is_apart(group)}
    if kpi.measure.kind in SHARES:
        bases = {group: points[group].denominator or 0 for group in named}
        return Affected(kpi, breakdown, period, Basis.SHARE, _shares(named, bases), apart, None)
    if (people := people_by_group(definitions, breakdown, period)) is not None:
        children, mid_year, source = people
        if not _tells_of_nobody(points):
            # Of a group that no sender named nobody knows that it has no case.
            children = {group: number for group, number in children.items() if group in named}
        groups = _rates(named, children)
        # A group whose children nobody has counted stands beside none.
        apart += tuple((group, number) for group, number in named.items() if number and group not in children)
        return Affected(kpi, breakdown, period, Basis.CHILDREN, groups, apart, None, None, mid_year, source)
    wider = definitions.kpis.get(kpi.compared_with) if kpi.compared_with else None
    there = stored.get((wider.id, breakdown), {}) if wider is not None else {}
    beside = {group: point.numerator for group, point in there.items() if _is_whole(point) and not is_apart(group)}
    if not (_tells_of_nobody(points) and _tells_of_nobody(there)):
        beside = {group: number for group, number in beside.items() if group in named}
        named = {group: number for group, number in named.items() if group in beside}
    if wider is None or not sum(beside.values()):
        return Affected(kpi, breakdown, period, None, (), apart, NotCompared.NO_BASE)
    return Affected(kpi, breakdown, period, Basis.COHORT, _cohorts(named, beside), apart, None, wider)


def is_apart(group: str) -> bool:
    """Return whether a group is not one of children whose answer is known."""
    return group.casefold() in APART


def _tells_of_nobody(points: Mapping[str, Point]) -> bool:
    """Return whether a group without a figure has no case: so it is in a list, and not in totals as sent."""
    return all(point.fed_by in (FedBy.LIST, FedBy.COUNTER) for point in points.values())


def _is_whole(point: Point) -> bool:
    return point.is_known and point.numerator is not None and point.note not in NOT_WHOLE


def _why_not(kpi, points: Mapping[str, Point], cases) -> NotCompared | None:
    if kpi.measure.kind not in (*COUNTS, *SHARES):
        return NotCompared.NO_LIMITS
    if not any(point.is_known and not is_apart(group) for group, point in points.items()):
        return NotCompared.NO_FIGURES
    is_whole = all(group in cases for group, point in points.items() if point.is_known)
    return None if is_whole else NotCompared.NOT_WHOLE


def people_by_group(definitions: Definitions, breakdown: str, period: Period) -> tuple[dict[str, int], int, str] | None:
    """Return the children of each group, of which mid-year and by whose word; None where they are not held.

    The mid-year is the one that rates of the period are divided by, or the newest before it.
    """
    wanted = period.last.year if period.last.month >= 4 else period.last.year - 1
    held = [
        one
        for one in definitions.partnership.group_populations
        if one.area == WHOLE and one.breakdown == breakdown and one.mid_year <= wanted
    ]
    if not held:
        return None
    mid_year = max(one.mid_year for one in held)
    newest = [one for one in held if one.mid_year == mid_year]
    names = _stored_names(definitions, breakdown)
    children = {names.get(one.group, one.group): one.children for one in newest}
    return (children, mid_year, newest[0].source) if len(children) > 1 else None


def _stored_names(definitions, breakdown):
    """Return the name under which the figures of each code are stored."""
    for record in definitions.record_types.values():
        column = record.columns.get(breakdown)
        if column is not None and column.codes:
            codes = definitions.code_lists[column.codes].codes
            return {code: entry.group or entry.label for code, entry in codes.items()}
    return {}


def _rates(cases: Mapping[str, float], children: Mapping[str, int]) -> tuple[GroupRatio, ...]:
    """Return each group's rate beside that of all other children; a group nobody is counted in has no case."""
    if len(children) < 2:
        return ()
    return tuple(
        _beside(group, Counted(cases.get(group, 0), children[group]), _others(group, cases, children), rate_ratio)
        for group in children
    )


def _shares(cases: Mapping[str, float], bases: Mapping[str, float]) -> tuple[GroupRatio, ...]:
    # More than all of them is no share: a figure is kept as it was sent.
    known = {group: base for group, base in bases.items() if base and cases[group] <= base}
    if len(known) < 2:
        return ()
    return tuple(
        _beside(group, Counted(cases[group], base), _others(group, cases, known), share_ratio)
        for group, base in known.items()
    )


def _others(group: str, cases: Mapping[str, float], bases: Mapping[str, float]) -> Counted:
    rest = [other for other in bases if other != group]
    return Counted(sum(cases.get(other, 0) for other in rest), sum(bases[other] for other in rest))


def _cohorts(cases: Mapping[str, float], wider: Mapping[str, float]) -> tuple[GroupRatio, ...]:
    """Return each group's share of the cases beside its share of the wider cohort."""
    whole, whole_wider = sum(cases.values()), sum(wider.values())
    if not whole:
        return ()
    return tuple(
        _beside(group, Counted(cases.get(group, 0), whole), Counted(wider.get(group, 0), whole_wider), share_ratio)
        for group in _in_order(cases, wider)
    )


def _in_order(*groups: Mapping[str, float]) -> Sequence[str]:
    return list(dict.fromkeys(name for those in groups for name in those))


def _beside(group, counted, others, ratio) -> GroupRatio:
    surest = ratio(counted, others, SURE).standing
    return GroupRatio(group, counted, others, ratio(counted, others), surest in OUT)
