"""Owns what a published file means to us: how much of it is of our council and its neighbours, and what it feeds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data_loaders.published.results import PublishedCheck, PublishedFile
from data_loaders.published.telling import file_lines
from scorecards.definitions import Kpi
from scorecards.definitions.councils import read_councils
from scorecards.store import Store

Nearest = tuple[str | None, Sequence[str]]


@dataclass(frozen=True)
class Area:
    """How many figures of a file are of an area or a group of them, and how many of those are numbers."""

    figures: int = 0
    numbers: int = 0


@dataclass(frozen=True)
class AboutUs:
    """One published file in the terms of this partnership."""

    file: PublishedFile
    years: tuple[int, ...]
    figures: int
    remarks: tuple[str, ...]
    ours: Area | None  # None where partnership.yaml names no council
    neighbours: Area | None  # None where no model of neighbours is known that has our council
    neighbours_named: int
    feeds: tuple[Kpi, ...]
    unused: tuple[str, ...]  # measures that no KPI is compared with


def about_us(store: Store, check: PublishedCheck, nearest: Nearest = (None, ())) -> tuple[AboutUs, ...]:
    """Return each file of a check with what it has of our council, of its neighbours and for our measures.

    `nearest` is the model of neighbours that the store has of our council, and their codes; a newer one among the
    files goes before it.
    """
    area = store.definitions.partnership.compared_area
    council = read_councils().code(area) if area else None
    codes = newest_neighbours(check, council, nearest) if council else ()
    return tuple(about_file(store, file, council, codes) for file in check.files)


def newest_neighbours(check: PublishedCheck, council: str, nearest: Nearest) -> Sequence[str]:
    model, codes = nearest
    for file in check.files:
        own = [one.neighbour for one in file.neighbours if one.area == council]
        if own and file.release >= (model or ""):
            model, codes = file.release, own
    return codes


def about_file(store: Store, file: PublishedFile, council: str | None, nearest: Sequence[str]) -> AboutUs:
    held = [(one.area, one.value) for one in file.values] + [(one.area, one.value) for one in file.people]
    measures = dict.fromkeys(one.measure for one in file.values)
    kpis = store.definitions.kpis.values()
    feeds = tuple(kpi for kpi in kpis if kpi.benchmark is not None and kpi.benchmark.published_id in measures)
    used = {kpi.benchmark.published_id for kpi in feeds if kpi.benchmark is not None}
    return AboutUs(
        file,
        tuple(sorted({one.year for one in file.values} | {one.mid_year for one in file.people})),
        len(held) or len(file.neighbours),
        () if file.wrong or file.table is None else tuple(line.strip() for line in file_lines(file)[1:]),
        counted(held, {council}) if council else None,
        counted(held, set(nearest)) if nearest else None,
        sum(one.area == council for one in file.neighbours),
        feeds,
        tuple(name for name in measures if name not in used),
    )


def counted(held: Iterable[tuple[str, float | None]], areas: set[str]) -> Area:
    mine = [value for area, value in held if area in areas]
    return Area(len(mine), sum(value is not None for value in mine))
