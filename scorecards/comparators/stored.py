"""Published figures out of the store: an area's own, its neighbours', its region's and England's, of one release."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, select

from scorecards.comparators.standing import Method, Middle, Place, Spread, middle_of, place_among, spread_of
from scorecards.definitions.councils import ENGLAND, read_councils
from scorecards.definitions.published_models import ValueStatus
from scorecards.periods import Period
from scorecards.store.schema import neighbour_set, published_population, published_source, published_value


@dataclass(frozen=True)
class Figure:
    """One published figure; where it has no value its status says why."""

    area: str
    year: int  # ending on 31 March
    value: float | None
    status: ValueStatus
    numerator: float | None
    denominator: float | None
    release: str
    source: str


@dataclass(frozen=True)
class PopulationFigure:
    """How many people of an age lived in an area at the middle of a year, and which release says so."""

    area: str
    mid_year: int
    value: int
    release: str
    source: str


@dataclass(frozen=True)
class Asked:
    """Which measure of which area and year is asked for, and how its neighbours' middle is taken."""

    measure: str
    area: str
    year: int
    polarity: str = "context"
    method: Method = "median"
    model: str | None = None  # of neighbours; the newest that has the area, unless given
    release: str | None = None  # the newest of the year, unless given
    version: int | None = None  # as it was at a data version; None: now


@dataclass(frozen=True)
class Beside:
    """What stands beside a figure of ours, all of one release: of two releases nothing is compared."""

    asked: Asked
    release: str
    source: str
    own: Figure | None
    model: str | None
    neighbours: Middle | None  # None where no model has the area
    region: Figure | None
    england: Figure | None
    councils: Spread | None
    place: Place | None
    councils_without: int  # that the release has no figure of


def compare(connection: Connection, asked: Asked) -> Beside | None:
    """Return what was published of a measure and year to stand beside an area's figure; None where nothing was."""
    release = asked.release or newest_release(connection, asked.measure, asked.year, asked.version)
    area = read_councils().code(asked.area)
    found = figures_of(connection, asked.measure, asked.year, release) if release else {}
    if not found or release is None:
        return None
    levels = {level: [one for of, one in found.values() if of == level] for level in ("country", "region", "council")}
    councils = [one.value for one in levels["council"]]
    own = found[area][1] if area in found else None
    model, neighbours = neighbours_of(connection, area, asked.model, asked.version)
    region = found.get(read_councils().region(area) or "")
    england = found.get(ENGLAND)
    return Beside(
        asked,
        release,
        next(iter(found.values()))[1].source,
        own,
        model,
        middle_of([found[one][1].value if one in found else None for one in neighbours], asked.method)
        if model
        else None,
        region[1] if region else None,
        england[1] if england else None,
        spread_of(councils),
        place_among(own.value if own else None, councils, asked.polarity),
        sum(value is None for value in councils),
    )


def newest_year(connection: Connection, measure: str, period: Period, version: int | None = None) -> int | None:
    """Return the newest year with anything published of a measure that had ended when `period` did, or None."""
    last = period.last
    ended = last.year if (last.month, last.day) >= (3, 31) else last.year - 1
    of = published_value.c
    where = (of.measure == measure, of.year <= ended, *landed_by(published_value, version))
    return connection.scalar(select(func.max(of.year)).where(*where))


def landed_by(table: Table, version: int | None) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that rows were in the store at a data version; none for now."""
    if version is None:
        return ()
    return (table.c.source_id.in_(select(published_source.c.id).where(published_source.c.landed_in <= version)),)


def newest_release(connection: Connection, measure: str, year: int, version: int | None = None) -> str | None:
    """Return the newest release that has a measure and year; releases sort by their words."""
    of = published_value.c
    where = (of.measure == measure, of.year == year, *landed_by(published_value, version))
    releases = connection.scalars(select(of.release).where(*where).distinct())
    # In Python: databases sort words by rules of their own.
    return max(releases, default=None)


def figures_of(connection: Connection, measure: str, year: int, release: str) -> dict[str, tuple[str, Figure]]:
    """Return the level and the figure of every area, by its code."""
    of = published_value.c
    where = (of.measure == measure, of.year == year, of.release == release)
    return {row.area: (row.level, figure_of(row)) for row in connection.execute(_with_source().where(*where))}


def published_series(connection: Connection, measure: str, area: str) -> Sequence[Figure]:
    """Return an area's published figures, a year each and of each year the newest release, the oldest first."""
    of = published_value.c
    where = (of.measure == measure, of.area == read_councils().code(area))
    newest: dict[int, Figure] = {}
    for row in connection.execute(_with_source().where(*where)):
        if row.year not in newest or newest[row.year].release < row.release:
            newest[row.year] = figure_of(row)
    return [newest[year] for year in sorted(newest)]


def neighbours_of(
    connection: Connection, area: str, model: str | None = None, version: int | None = None
) -> tuple[str | None, Sequence[str]]:
    """Return a model and the codes of an area's neighbours in it, the nearest first; no model, where none has it."""
    of = neighbour_set.c
    where = (of.area == area, *landed_by(neighbour_set, version))
    models = connection.scalars(select(of.model).where(*where).distinct())
    chosen = max((one for one in models if model in (None, one)), default=None)
    ranked = select(of.neighbour).where(of.model == chosen, of.area == area).order_by(of.rank)
    return chosen, connection.scalars(ranked).all() if chosen else []


def published_population_of(
    connection: Connection, area: str, mid_year: int, release: str | None = None, band: str = "0_17"
) -> PopulationFigure | None:
    """Return the population of an area at a mid-year: of the release that is given, else of the newest, or None."""
    of = published_population.c
    rows = connection.execute(
        select(of.area, of.mid_year, of.value, of.release, published_source.c.title, published_source.c.publisher)
        .join(published_source)
        .where(of.area == read_councils().code(area), of.mid_year == mid_year, of.age_band == band)
        .where(of.value.is_not(None))
    ).all()
    chosen = max((row for row in rows if release in (None, row.release)), key=lambda row: row.release, default=None)
    if chosen is None:
        return None
    return PopulationFigure(chosen.area, mid_year, chosen.value, chosen.release, source_line(chosen))


def _with_source():
    of = published_source.c
    return select(published_value, of.title, of.publisher).join(published_source)


def figure_of(row) -> Figure:
    status = ValueStatus(row.status)
    counts = row.numerator, row.denominator
    return Figure(row.area, row.year, row.value, status, *counts, row.release, source_line(row))


def source_line(row) -> str:
    """Return where a figure comes from: "Department for Education, Children in need, table C1: ..., release 2025"."""
    return f"{row.publisher}, {row.title}, release {row.release}"
