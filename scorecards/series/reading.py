"""Stored figures, read for the scorecards: by KPI, window and group, in the newest version or as it was."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, or_, select

from scorecards.periods import Period, period_by_id
from scorecards.series.figures import FedBy, Note, Point, Status
from scorecards.store import Store
from scorecards.store.schema import data_version, kpi_value


@lru_cache(maxsize=4096)
def _period(period_id: str) -> Period:
    found = period_by_id(period_id)
    assert found is not None, f"{period_id} was stored as a period and is none"
    return found


def stored_points(
    connection: Connection,
    kpis: Sequence[str],
    windows: Collection[str] | None = None,
    breakdown: str | None = None,
    group: str | None = None,
    version: int | None = None,
    periods: Collection[str] | None = None,
    breakdowns: Collection[str] | None = None,
) -> Iterator[tuple[str, str, str, str, Point]]:
    """Yield (kpi, window, breakdown, group, point) of the stored figures, in no order."""
    table = kpi_value.c
    query = select(
        table.kpi, table.window, table.breakdown, table.grp, table.period, table.value, table.numerator,
        table.denominator, table.excluded, table.status, table.note, table.fed_by,
    ).where(table.kpi.in_(list(kpis)))  # fmt: skip
    if version is None:
        query = query.where(table.superseded_in.is_(None))
    else:
        query = query.where(
            table.landed_in <= version, or_(table.superseded_in.is_(None), table.superseded_in > version)
        )
    if windows is not None:
        query = query.where(table.window.in_(list(windows)))
    if breakdown is not None:
        query = query.where(table.breakdown == breakdown)
    if group is not None:
        query = query.where(table.grp == group)
    if breakdowns is not None:
        query = query.where(table.breakdown.in_(list(breakdowns)))
    if periods is not None:
        query = query.where(table.period.in_(list(periods)))
    for (
        kpi,
        window,
        split,
        grp,
        period,
        value,
        numerator,
        denominator,
        excluded,
        status,
        note,
        fed_by,
    ) in connection.execute(query):
        point = Point(
            _period(period), value, numerator, denominator, excluded, _STATUS[status], _NOTE[note], _FED_BY[fed_by]
        )
        yield kpi, window, split, grp, point


_STATUS = {one.value: one for one in Status}
_NOTE = {one.value: one for one in Note}
_FED_BY = {one.value: one for one in FedBy}


def read_points(
    store: Store,
    kpis: Iterable[str],
    *,
    breakdown: str = "",
    group: str = "",
    version: int | None = None,
) -> dict[tuple[str, str], tuple[Point, ...]]:
    """Return the figures of each (KPI, window) in order of time, for the whole partnership or one group."""
    found: dict[tuple[str, str], list[Point]] = {}
    with store.read() as connection:
        rows = stored_points(connection, list(kpis), breakdown=breakdown, group=group, version=version)
        for kpi, window, _breakdown, _group, point in rows:
            found.setdefault((kpi, window), []).append(point)
    return {key: tuple(sorted(points, key=_first)) for key, points in found.items()}


def read_groups(
    store: Store,
    kpis: Iterable[str],
    breakdown: str,
    *,
    windows: Sequence[str] | None = None,
    version: int | None = None,
) -> dict[tuple[str, str], dict[str, tuple[Point, ...]]]:
    """Return the figures of each (KPI, window) by group of `breakdown`, in order of time."""
    found: dict[tuple[str, str], dict[str, list[Point]]] = {}
    with store.read() as connection:
        rows = stored_points(connection, list(kpis), windows=windows, breakdown=breakdown, version=version)
        for kpi, window, _breakdown, group, point in rows:
            found.setdefault((kpi, window), {}).setdefault(group, []).append(point)
    return {
        key: {group: tuple(sorted(points, key=_first)) for group, points in sorted(groups.items())}
        for key, groups in found.items()
    }


def read_latest(
    store: Store, periods: Mapping[str, Period], breakdowns: Sequence[str], *, version: int | None = None
) -> dict[tuple[str, str], dict[str, Point]]:
    """Return the figure of one period of each KPI (`periods`) by (KPI, breakdown) and group; the whole's group is "".

    One statement for all of them: KPIs by the dozen are looked at side by side.
    """
    found: dict[tuple[str, str], dict[str, Point]] = {}
    wanted = {one.id for one in periods.values()}
    with store.read() as connection:
        for kpi, _window, breakdown, group, point in stored_points(
            connection, list(periods), {one.kind for one in periods.values()}, version=version, periods=wanted,
            breakdowns=breakdowns,
        ):  # fmt: skip
            if point.period == periods[kpi]:
                found.setdefault((kpi, breakdown), {})[group] = point
    return {key: dict(sorted(groups.items())) for key, groups in found.items()}


def _first(point: Point):
    return point.period.first


def versions(store: Store) -> list[tuple[int, str, str, str]]:
    """Return every data version, newest first: number, when (ISO, UTC), by whom and what."""
    query = select(data_version.c.id, data_version.c.made_at, data_version.c.made_by, data_version.c.what)
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(data_version.c.id.desc()))]
