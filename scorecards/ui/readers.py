"""What pages read, each cached until the data or the definitions change: nothing is computed twice."""

# ruff: noqa: ARG001 (an argument that a cached function does not use is part of its cache's key)

import datetime
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from markupsafe import Markup
from plotly.graph_objects import Figure

from scorecards import store as stores
from scorecards.affected import Affected, read_affected
from scorecards.comparators import Asked, Beside, compare, newest_year
from scorecards.definitions import Definitions, Kpi, Theme, definitions_folder, read_definitions
from scorecards.errors import StoreError
from scorecards.exceptions import Exceptions, find_exceptions
from scorecards.journey import Journey, build_journey
from scorecards.narrative import timeline
from scorecards.periods import Period, quarter_of
from scorecards.places import Places, read_places
from scorecards.returns import (
    Chaser,
    Reason,
    Return,
    figures_as_at,
    newest_said,
    read_chasers,
    read_reasons,
    read_returns,
)
from scorecards.scorecard import (
    CHART_PERIODS,
    WHOLE,
    Line,
    Scorecard,
    View,
    build_line,
    build_scorecard,
    read_in,
    read_series,
    window_for,
)
from scorecards.series import Point, Status, bring_up_to_date, read_groups, read_points, versions
from scorecards.snapshots import (
    ChangeSince,
    Difference,
    SnapshotInfo,
    differences,
    list_snapshots,
    read_snapshot,
    real_changes,
    snapshot_before,
)
from scorecards.store import Store
from scorecards.store.engine import is_demo, newest_version
from scorecards.ui.moments import moment_words

if TYPE_CHECKING:
    from scorecards.ui.page import Page

VERSIONS_OFFERED = 60  # data versions to turn back to, in a list

PROJECT = Path(__file__).resolve().parents[2]
DEMO_PARTNERSHIP = PROJECT / "demo" / "partnership.yaml"
# The demo's story ends on this day, whatever the clock says.
DEMO_TODAY = datetime.date(2025, 10, 14)


@dataclass(frozen=True)
class Key:
    """All that a figure on a page depends on: whoever sees the same key sees the same figures."""

    url: str
    today: str
    definitions: str
    version: int
    said: str = ""  # changes with every reason and chaser that is recorded: they make no data version


def current_store() -> Store:
    """Return the open store with its figures up to date, opened once a day and for each change of the definitions."""
    partnership, today = _partnership_file(), _today()
    url = stores.database_url()
    if is_demo() and not os.environ.get("SCORECARDS_DATABASE_URL") and not (stores.home() / "demo.db").exists():
        raise StoreError("The demonstration has no data yet. Type: python -m demo")
    definitions = _definitions(_stamps(partnership), partnership)
    return _opened(url, str(stores.home()), definitions.version, today.isoformat(), definitions)


def key_of(store: Store) -> Key:
    """Return the key of what the store holds now: one small query."""
    with store.read() as connection:
        version, said = newest_version(connection), newest_said(connection)
    return Key(store.url, store.today.isoformat(), store.definitions.version, version, said)


def _partnership_file() -> str | None:
    given = os.environ.get("SCORECARDS_PARTNERSHIP")
    return given or (str(DEMO_PARTNERSHIP) if is_demo() else None)


def _today() -> datetime.date:
    return DEMO_TODAY if is_demo() and not os.environ.get("SCORECARDS_TODAY") else stores.today()


def _stamps(partnership: str | None) -> tuple[tuple[str, int, int], ...]:
    """Return when the definitions files changed last, so that an edit shows at the next click."""
    folder = definitions_folder()
    paths = [
        folder / "kpi_definitions.yaml",
        folder / "record_types.yaml",
        Path(partnership or folder / "partnership.yaml"),
    ]
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths if path.exists())


A_YEAR = ("rolling_12_months", "financial_year")


@st.cache_resource(max_entries=2, show_spinner=False)
def _definitions(_stamps_of_files: tuple, partnership: str | None) -> Definitions:
    return read_definitions(partnership=Path(partnership) if partnership else None)


@st.cache_resource(
    max_entries=2, show_spinner="Bringing the figures up to date ...", on_release=lambda store: store.close()
)
def _opened(url: str, home: str, version: str, today: str, _definitions: Definitions) -> Store:
    store = stores.open_store(url, _definitions, datetime.date.fromisoformat(today))
    bring_up_to_date(store)
    return store


@st.cache_resource(max_entries=8, show_spinner=False)
def quarters_with_figures(_store: Store, key: Key) -> tuple[Period, ...]:
    """Return every quarter that has ended and has any figure, newest first; none on an empty store."""
    if key.version == 0:
        return ()
    points = (point for series in read_points(_store, _store.definitions.kpis).values() for point in series)
    quarters = {
        quarter_of(point.period.last) for point in points if point.is_known and point.period.end <= _store.today
    }
    return tuple(sorted((quarter for quarter in quarters if quarter.end <= _store.today), reverse=True))


@st.cache_resource(max_entries=8, show_spinner=False)
def usual_quarter(_store: Store, key: Key) -> tuple[Period, int] | None:
    """Return the quarter that is opened unless another is chosen, and how many measures have a newer figure.

    That is the newest with any figure. Where every measure is read by the year it is the end of the newest year in
    which most have one: published years come out table by table, and half of a scorecard would stand empty.
    """
    quarters = quarters_with_figures(_store, key)
    if not quarters:
        return None
    kpis = _store.definitions.kpis.values()
    if any(kpi.windows.judged != "financial_year" for kpi in kpis):
        return quarters[0], 0
    having: dict[Period, set[str]] = {one: set() for one in quarters}
    for (kpi, _), points in read_points(_store, _store.definitions.kpis).items():
        for point in points:
            if point.status is not Status.NOT_SUBMITTED and quarter_of(point.period.last) in having:
                having[quarter_of(point.period.last)].add(kpi)
    ever = set().union(*having.values())
    usual = next((one for one in quarters if 2 * len(having[one]) > len(ever)), quarters[0])
    newer = set().union(*(having[one] for one in quarters if one.end > usual.end))
    return usual, len(newer)


@st.cache_resource(max_entries=8, show_spinner=False)
def day_of_figures(_store: Store, key: Key) -> datetime.date | None:
    """Return the day of the newest data; None on an empty store."""
    return figures_as_at(_store)


def scorecard_for(page: "Page", theme: Theme | None = None) -> Scorecard:
    """Return the scorecard of a theme (None: every KPI once) for what the reader looks at."""
    card = _scorecard(page.store, page.key, page.view)
    if theme is None:
        return card
    return replace(card, theme=theme, lines=tuple(line for line in card.lines if theme.id in line.kpi.themes))


def line_for(page: "Page", kpi: Kpi, window: str | None = None) -> Line:
    """Return a KPI's line for what the reader looks at, or the same in another kind of period, which is not rated."""
    line = next(line for line in scorecard_for(page).lines if line.kpi.id == kpi.id)
    if window is None or window == line.window:
        return line
    return _line_in(page.store, page.key, page.view, kpi.id, window)


def exceptions_for(page: "Page") -> Exceptions:
    """Return what needs attention in what the reader looks at."""
    return _exceptions(page.store, page.key, page.view)


def places_for(page: "Page") -> Places:
    """Return every measure by locality for the quarter that the reader looks at, whichever area was chosen."""
    return _places(page.store, page.key, replace(page.view, area=WHOLE))


def affected_for(page: "Page") -> tuple[Affected, ...]:
    """Return every measure by its groups of children, each beside all others, for the whole partnership."""
    return _affected(page.store, page.key, replace(page.view, area=WHOLE))


def returns_for(page: "Page") -> tuple[Return, ...]:
    """Return the expected returns of the periods that ended in the quarter the reader looks at."""
    quarter = page.view.period
    return tuple(one for one in all_returns(page) if quarter.first < one.period.end <= quarter.end)


def all_returns(page: "Page") -> tuple[Return, ...]:
    """Return every expected return of every period that has ended."""
    return _returns(page.store, page.key)


def all_chasers(page: "Page") -> dict[tuple[str, str], tuple[Chaser, ...]]:
    """Return every reminder and escalation by agency and period id."""
    return read_chasers(page.store)


def all_reasons(page: "Page") -> dict[tuple[str, str], dict[str, Reason]]:
    """Return the reasons that hold, by agency and period id, and by what they are given for."""
    with page.store.read() as connection:
        return read_reasons(connection)


def groups_for(page: "Page", kpi: Kpi, breakdown: str) -> tuple[dict[str, Point], Point | None]:
    """Return a KPI's figure of each group for the quarter, and the whole partnership's of the same period."""
    return _groups(page.store, page.key, page.view, kpi.id, breakdown)


def group_series_for(page: "Page", kpi: Kpi, breakdown: str) -> dict[str, tuple[Point, ...]]:
    """Return each group's figures of three years up to the period that `groups_for` gives them for."""
    _groups_now, whole = groups_for(page, kpi, breakdown)
    if whole is None:
        return {}
    series = _group_series(page.store, page.key, page.view, kpi.id, breakdown)
    return {group: timeline(_up_to(points, whole), whole.period)[-CHART_PERIODS:] for group, points in series.items()}


def _up_to(points, whole):
    return [point for point in points if point.period.end <= whole.period.end]


def beside_for(page: "Page", kpi: Kpi, period: Period) -> Beside | None:
    """Return what was published of our council and others for the newest year that had ended when `period` did.

    None where the place is fictional or gives no code, and where nothing of it is published or loaded.
    """
    us = page.definitions.partnership
    if kpi.benchmark is None or us.compared_area is None:
        return None
    asked = Asked(kpi.benchmark.published_id, us.compared_area, period.last.year, kpi.polarity, us.neighbours)
    return _beside(page.store, page.key, replace(asked, version=page.view.version), period)


def journey_for(page: "Page", window: str) -> Journey:
    """Return the child protection journey in what the reader looks at, read by a kind of period."""
    return _journey(page.store, page.key, page.view, window)


def changes_for(page: "Page") -> tuple[SnapshotInfo | None, tuple[ChangeSince, ...]]:
    """Return the newest snapshot of an earlier quarter and what really changed since; None and nothing without one."""
    if page.view.area != WHOLE:
        return None, ()
    return _changes(page.store, page.key, page.view, len(list_snapshots(page.store)))


def changed_since(page: "Page") -> tuple[SnapshotInfo | None, tuple[Difference, ...]]:
    """Return the snapshot that was frozen last, and its figures that are others now; nothing where time was turned
    back, for then it is not today's figures that are shown."""
    newest = next(iter(list_snapshots(page.store)), None)
    if newest is None or page.view.version is not None:
        return None, ()
    return newest, _differences(page.store, page.key, newest.id)


def version_words(page: "Page") -> dict[str, str]:
    """Return the words for each data version that may be looked at, the newest first; that one has no number."""
    moments = moments_of_versions(page)
    earlier = [version for version in moments if version != page.key.version]
    # A link may name one that is too old for the list.
    linked = [version for version in earlier[VERSIONS_OFFERED:] if version == page.view.version]
    shown = [*earlier[:VERSIONS_OFFERED], *linked]
    return {"": "Now", **{str(version): moments[version] for version in shown}}


def moments_of_versions(page: "Page") -> dict[int, str]:
    """Return when each data version was made, the newest first."""
    return _moments(page.store, page.key)


def html_for(page: "Page", name: str, make: Callable[[], Markup]) -> Markup:
    """Return finished HTML of figures: made once for each name, view, theme and key."""
    return _html((page.key, name, page.view, page.here["theme"], page.dark), make)


def figure_for(page: "Page", name: str, make: Callable[[], Figure]) -> Figure:
    """Return a finished chart: made once for each name, view and key."""
    return _figure((page.key, name, page.view, page.dark), make)


@st.cache_resource(max_entries=4, show_spinner=False)
def _moments(_store: Store, key: Key) -> dict[int, str]:
    return {
        version: moment_words(datetime.datetime.fromisoformat(made_at))
        for version, made_at, _by, _what in versions(_store)
    }


# The arguments without an underscore are the cache's key; max_entries bounds what old versions hold.


@st.cache_resource(max_entries=48, show_spinner=False)
def _scorecard(_store: Store, key: Key, view: View) -> Scorecard:
    return build_scorecard(_store, view)


@st.cache_resource(max_entries=48, show_spinner=False)
def _line_in(_store: Store, key: Key, view: View, kpi_id: str, window: str) -> Line:
    kpi = _store.definitions.kpis[kpi_id]
    as_shown = read_in(kpi, window)
    line = build_line(_store.definitions, as_shown, view, read_series(_store, [kpi], view.area, view.version), {})
    # Thresholds are set for the judged kind of period only, and a published year stands beside a year: of children
    # missing in care a quarter's share is always lower, without being better.
    is_fair = kpi.benchmark is not None and (window in (kpi.benchmark.window, *A_YEAR) or kpi.aggregation == "latest")
    return replace(line, thresholds=None, target=None, england=line.england if is_fair else None)


@st.cache_resource(max_entries=24, show_spinner=False)
def _journey(_store: Store, key: Key, view: View, window: str) -> Journey:
    return build_journey(_store, view, window)


@st.cache_resource(max_entries=48, show_spinner=False)
def _exceptions(_store: Store, key: Key, view: View) -> Exceptions:
    return find_exceptions(_store, view)


@st.cache_resource(max_entries=16, show_spinner=False)
def _places(_store: Store, key: Key, view: View) -> Places:
    return read_places(_store, view)


@st.cache_resource(max_entries=16, show_spinner=False)
def _affected(_store: Store, key: Key, view: View) -> tuple[Affected, ...]:
    return read_affected(_store, view)


@st.cache_resource(max_entries=4, show_spinner=False)
def _returns(_store: Store, key: Key) -> tuple[Return, ...]:
    return read_returns(_store)


@st.cache_resource(max_entries=48, show_spinner=False)
def _groups(_store: Store, key: Key, view: View, kpi_id: str, breakdown: str) -> tuple[dict[str, Point], Point | None]:
    kpi = _store.definitions.kpis[kpi_id]
    # Groups are small: their percentages are read over 12 months, as a locality's are.
    window = window_for(kpi, breakdown)
    series = read_series(_store, [kpi], version=view.version).get((kpi_id, window), ())
    whole = [one for one in series if one.period.end <= view.period.end]
    if not whole:
        return {}, None
    groups = _group_series(_store, key, view, kpi_id, breakdown)
    points = [(group, point) for group, series in groups.items() for point in series]
    return {group: point for group, point in points if point.period == whole[-1].period}, whole[-1]


@st.cache_resource(max_entries=48, show_spinner=False)
def _group_series(_store: Store, key: Key, view: View, kpi_id: str, breakdown: str) -> dict[str, tuple[Point, ...]]:
    window = window_for(_store.definitions.kpis[kpi_id], breakdown)
    stored = read_groups(_store, [kpi_id], breakdown, windows=(window,), version=view.version)
    return stored.get((kpi_id, window), {})


@st.cache_resource(max_entries=48, show_spinner=False)
def _beside(_store: Store, key: Key, asked: Asked, period: Period) -> Beside | None:
    with _store.read() as connection:
        year = newest_year(connection, asked.measure, period, asked.version)
        return None if year is None else compare(connection, replace(asked, year=year))


@st.cache_resource(max_entries=8, show_spinner=False)
def _changes(
    _store: Store, key: Key, view: View, snapshots: int
) -> tuple[SnapshotInfo | None, tuple[ChangeSince, ...]]:
    earlier = snapshot_before(_store, view.period)
    if earlier is None:
        return None, ()
    return earlier.info, real_changes(earlier, _scorecard(_store, key, view))


@st.cache_resource(max_entries=8, show_spinner=False)
def _differences(_store: Store, key: Key, snapshot_id: int) -> tuple[Difference, ...]:
    return differences(_store, read_snapshot(_store, snapshot_id))


@st.cache_resource(max_entries=256, show_spinner=False)
def _html(key: tuple, _make: Callable[[], Markup]) -> Markup:
    return _make()


@st.cache_resource(max_entries=64, show_spinner=False)
def _figure(key: tuple, _make: Callable[[], Figure]) -> Figure:
    return _make()
