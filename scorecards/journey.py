"""The child protection journey: its stages and steps with their figures, and children followed through all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scorecards.definitions import Definitions, JourneyStage
from scorecards.periods import Period
from scorecards.scorecard import WHOLE, Line, Series, View, build_line, read_in, read_series
from scorecards.series import Point, read_groups
from scorecards.store import Store

COUNTS = "counts"


@dataclass(frozen=True)
class Stage:
    """A decision point in one kind of period: how many, and what is known of the step that leads to it."""

    stage: JourneyStage
    before: JourneyStage | None
    lines: Mapping[str, Line]  # by what they are there for: counts always, ratio, followed, median ...

    @property
    def counts(self) -> Line:
        return self.lines[COUNTS]

    @property
    def is_supplied(self) -> bool:
        return self.counts.latest.is_known

    @property
    def unlinked(self) -> Point | None:
        """Return the figure whose `excluded` are those that no earlier record could be found for."""
        line = self.lines.get("median") or self.lines.get("upper_quartile")
        return line.latest if line is not None and line.latest.is_known else None


@dataclass(frozen=True)
class Followed:
    """How many of the children followed came to a stage; None where it cannot be told, and `point` may say why."""

    stage: JourneyStage
    number: float | None
    point: Point | None = None


@dataclass(frozen=True)
class Cohort:
    """The newest first events that everybody has been followed from for long enough, and what became of them."""

    first: Line  # whose points the cohort is of
    period: Period
    base: float
    within_days: int | None
    followed: tuple[Followed, ...]  # the first stage, with all of them, included

    @property
    def known(self) -> tuple[Followed, ...]:
        """Return the stages up to the first that cannot be told: nothing is drawn through a gap."""
        numbers = [one.number for one in self.followed]
        return self.followed[: numbers.index(None)] if None in numbers else self.followed

    @property
    def too_recent(self) -> int:
        """Return how many of the period looked at cannot be followed to the end yet."""
        return self.first.latest.excluded


@dataclass(frozen=True)
class Journey:
    """The journey for one view, read by one kind of period."""

    view: View
    window: str
    stages: tuple[Stage, ...]
    localities: Mapping[str, Mapping[tuple[str, str], Point]]  # group -> (stage, counts or ratio) -> figure

    @property
    def steps(self) -> tuple[Stage, ...]:
        """Return every stage but the first: each is what its step leads to."""
        return self.stages[1:]

    @cached_property
    def cohort(self) -> Cohort | None:
        return _cohort(self.stages)


def build_journey(store: Store, view: View, window: str) -> Journey:
    """Return the partnership's journey for `view`, every figure as it is stored."""
    definitions = store.definitions
    stages = definitions.partnership.journey
    ids = {kpi_id for stage in stages for kpi_id in (stage.counts, *stage.of_the_step.values())}
    series = read_series(store, [definitions.kpis[one] for one in ids], view.area, view.version)
    befores: tuple[JourneyStage | None, ...] = (None, *stages[:-1])
    found = tuple(
        Stage(stage, before, _lines(definitions, stage, view, window, series))
        for stage, before in zip(stages, befores, strict=True)
    )
    return Journey(view, window, found, _localities(store, found, view, window))


def _lines(definitions: Definitions, stage, view, window, series: Series) -> dict[str, Line]:
    """Return the lines of a stage, all of them read by one kind of period."""
    named = {COUNTS: stage.counts, **stage.of_the_step}
    return {
        name: build_line(definitions, read_in(definitions.kpis[kpi_id], window), view, series, {})
        for name, kpi_id in named.items()
    }


def _cohort(stages: Sequence[Stage]) -> Cohort | None:
    reached = [(stage, stage.lines["reached"]) for stage in stages[1:] if "reached" in stage.lines]
    if not reached:
        return None
    first = reached[0][1]
    known = [point for point in first.points if point.is_known and point.denominator and not point.is_part_period]
    # Whom nobody is too recent for comes first: only then are all of a period's children in it.
    told = [point for point in known if not point.excluded] or known
    if not told:
        return None
    base = told[-1].denominator
    assert base is not None
    followed = [Followed(stages[0].stage, base)]
    for stage in stages[1:]:
        followed.append(_came_to(stage, told[-1].period, base, followed[-1].number))
    days = getattr(first.kpi.measure, "within_days", None)
    return Cohort(first, told[-1].period, base, days, tuple(followed))


def _came_to(stage, period, base, before):
    """Return how many came to a stage, if they are of the same children as those before and no more than they."""
    line = stage.lines.get("reached")
    point = next((one for one in line.points if one.period == period), None) if line is not None else None
    # Where a list has a gap, those who came in it are not among those who are known to have come.
    is_of_all = point is not None and point.denominator == base and not point.is_part_period
    number = point.numerator if is_of_all else None
    is_part = number is not None and before is not None and number <= before
    return Followed(stage.stage, number if is_part else None, point)


def _localities(store, stages, view, window):
    """Return for each locality its counts and ratios; nothing inside a locality."""
    if view.area != WHOLE:
        return {}
    wanted = {
        (stage.stage.id, name): stage.lines[name]
        for stage in stages
        for name in (COUNTS, "ratio")
        if name in stage.lines
    }
    ids = [line.kpi.id for line in wanted.values()]
    stored = read_groups(store, ids, "locality", windows=(window,), version=view.version)
    found: dict[str, dict[tuple[str, str], Point]] = {}
    for place, line in wanted.items():
        for group, points in stored.get((line.kpi.id, window), {}).items():
            here = next((point for point in points if point.period == line.latest.period), None)
            if here is not None:
                found.setdefault(group, {})[place] = here
    return found
