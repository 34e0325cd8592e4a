"""What is different today: figures that a later load changed, and real changes since a snapshot."""

from collections.abc import Iterator
from dataclasses import dataclass

from scorecards.definitions import Kpi
from scorecards.periods import Period
from scorecards.scorecard import WHOLE, Line, Scorecard
from scorecards.series import Point, Status, read_groups, read_points
from scorecards.snapshots.content import scorecard_of, splits_of
from scorecards.snapshots.kept import Snapshot
from scorecards.spc import Variation
from scorecards.store import Store

REAL = (Variation.CONCERN, Variation.IMPROVEMENT, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW)


@dataclass(frozen=True)
class Difference:
    """A frozen figure that is another today, or has another status."""

    kpi: Kpi  # as it was
    window: str
    area: str  # partnership or a locality
    was: Point
    now: Point
    is_redefined: bool  # the KPI's definition changed, too

    @property
    def period(self) -> Period:
        return self.was.period


def differences(store: Store, snapshot: Snapshot) -> tuple[Difference, ...]:
    """Return the figures of a snapshot that are different today: latest and series, and the latest by locality.

    What was too recent to be known, and is known by now, was to be expected and is none of them.
    """
    kpis = {line.kpi.id: line.kpi for line in scorecard_of(snapshot.content).lines}
    today = _figures_today(store, kpis)
    found = []
    for kpi_id, window, area, was in _frozen(snapshot.content):
        now = today.get((kpi_id, window, area, was.period.id), Point(was.period))
        if _facts(was) != _facts(now) and was.status is not Status.TOO_RECENT:
            is_redefined = store.definitions.kpis.get(kpi_id) != kpis[kpi_id]
            found.append(Difference(kpis[kpi_id], window, area, was, now, is_redefined))
    return tuple(found)


def _facts(point: Point):
    return point.value, point.numerator, point.denominator, point.status


def _frozen(content: dict) -> Iterator[tuple[str, str, str, Point]]:
    """Yield (KPI, window, area, point) of every figure that a snapshot shows over time or by locality, once each."""
    shown: dict[tuple[str, str, str, str], Point] = {}
    for line in scorecard_of(content).lines:
        for window, points in (
            (line.kpi.windows.pattern, line.pattern_points),
            (line.window, (*line.points, line.latest)),
        ):
            shown |= {(line.kpi.id, window, WHOLE, point.period.id): point for point in points}
    for split in splits_of(content):
        if split.breakdown == "locality":
            shown |= {(split.kpi, split.window, area, point.period.id): point for area, point in split.groups.items()}
            if split.whole is not None:
                shown[split.kpi, split.window, WHOLE, split.whole.period.id] = split.whole
    for (kpi_id, window, area, _period), point in shown.items():
        yield kpi_id, window, area, point


def _figures_today(store: Store, kpis) -> dict[tuple[str, str, str, str], Point]:
    found: dict[tuple[str, str, str, str], Point] = {}
    for (kpi_id, window), points in read_points(store, kpis).items():
        found |= {(kpi_id, window, WHOLE, point.period.id): point for point in points}
    for (kpi_id, window), groups in read_groups(store, kpis, "locality").items():
        for locality, points in groups.items():
            found |= {(kpi_id, window, locality, point.period.id): point for point in points}
    return found


@dataclass(frozen=True)
class ChangeSince:
    """A KPI whose latest figure is a real change, with the figure that the snapshot showed."""

    line: Line  # today's
    was: Point
    is_new: bool  # the snapshot did not show this change yet

    @property
    def now(self) -> Point:
        return self.line.latest


def real_changes(snapshot: Snapshot, scorecard: Scorecard) -> tuple[ChangeSince, ...]:
    """Return the lines that moved since the snapshot by more than usual ups and downs, new changes first.

    A change that the snapshot showed already counts again only where it is good or bad news and went on.
    """
    before = scorecard_of(snapshot.content)
    found = []
    for line in scorecard.lines:
        frozen = before.line(line.kpi.id)
        if frozen is None or line.pattern.variation not in REAL or not _went_on(line, frozen.latest):
            continue
        is_new = line.pattern.variation is not frozen.pattern.variation
        if is_new or line.pattern.variation in (Variation.CONCERN, Variation.IMPROVEMENT):
            found.append(ChangeSince(line, frozen.latest, is_new))
    return tuple(sorted(found, key=lambda change: not change.is_new))


def _went_on(line: Line, was: Point) -> bool:
    """Return whether the figure moved, since `was`, the way that its latest special cause points."""
    flag = line.pattern.flags[-1] if line.pattern.flags else None
    if flag is None or line.latest.value is None or was.value is None:
        return False
    return line.latest.value > was.value if flag.direction == "high" else line.latest.value < was.value
