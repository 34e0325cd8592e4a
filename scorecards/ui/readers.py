"""What pages read, each cached until the data or the definitions change: nothing is computed twice."""

import datetime
import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from scorecards import store as stores
from scorecards.definitions import Definitions, definitions_folder, read_definitions
from scorecards.errors import StoreError
from scorecards.exceptions import Exceptions, find_exceptions
from scorecards.periods import Period, period_by_id, quarter_of
from scorecards.returns import Return, figures_as_at, read_returns
from scorecards.scorecard import WHOLE, Scorecard, Series, View, build_scorecard, read_series
from scorecards.series import Point, bring_up_to_date, read_groups, read_points
from scorecards.store import Store
from scorecards.store.engine import is_demo

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
    return Key(store.url, store.today.isoformat(), store.definitions.version, store.data_version())


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


@st.cache_resource(max_entries=2, show_spinner=False)
def _definitions(_stamps_of_files: tuple, partnership: str | None) -> Definitions:
    return read_definitions(partnership=Path(partnership) if partnership else None)


@st.cache_resource(
    max_entries=2, show_spinner="Bringing the figures up to date ...", on_release=lambda store: store.close()
)
def _opened(url: str, home: str, version: str, today: str, _definitions: Definitions) -> Store:  # noqa: ARG001 (the cache's key)
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
def day_of_figures(_store: Store, key: Key) -> datetime.date | None:  # noqa: ARG001 (the cache's key)
    """Return the day of the newest data; None on an empty store."""
    return figures_as_at(_store)


@st.cache_resource(max_entries=64, show_spinner=False)
def whole_scorecard(_store: Store, key: Key, period: str, area: str) -> Scorecard:  # noqa: ARG001
    """Return every KPI's line for a quarter and an area."""
    return build_scorecard(_store, _view(period, area))


@st.cache_resource(max_entries=64, show_spinner=False)
def all_exceptions(_store: Store, key: Key, period: str, area: str) -> Exceptions:  # noqa: ARG001
    """Return what needs attention in a quarter and an area."""
    return find_exceptions(_store, _view(period, area))


@st.cache_resource(max_entries=8, show_spinner=False)
def all_returns(_store: Store, key: Key) -> tuple[Return, ...]:  # noqa: ARG001
    """Return every expected return of every period that has ended."""
    return read_returns(_store)


@st.cache_resource(max_entries=64, show_spinner=False)
def series_of(_store: Store, key: Key, kpi: str, area: str) -> Series:  # noqa: ARG001
    """Return one KPI's figures by (KPI, window) for an area."""
    return read_series(_store, [_store.definitions.kpis[kpi]], area)


@st.cache_resource(max_entries=64, show_spinner=False)
def groups_of(_store: Store, key: Key, kpi: str, breakdown: str, window: str) -> dict[str, tuple[Point, ...]]:  # noqa: ARG001
    """Return one KPI's figures by group of a breakdown, in one kind of period."""
    found = read_groups(_store, [kpi], breakdown, windows=(window,))
    return found.get((kpi, window), {})


def _view(period: str, area: str) -> View:
    return View(period_by_id(period), area)


def all_areas(definitions: Definitions) -> tuple[str, ...]:
    """Return the ids of the areas a reader can choose: the whole partnership, then its localities."""
    return (WHOLE, *definitions.partnership.localities)
