"""Owns published figures into the store: what is new beside what is there, as one data version or nothing at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Table, select

from data_loaders.published.carried import carried_files
from data_loaders.published.reading import Releases, read_published
from data_loaders.published.results import PublishedCheck, PublishedFile, revised
from scorecards.definitions.published_models import PublishedTables
from scorecards.definitions.published_reading import read_published_tables
from scorecards.errors import LoadRefused
from scorecards.store import Landing, Store, bulk_insert, landing
from scorecards.store.schema import neighbour_set, published_population, published_source, published_value
from scorecards.store.writing import name_kept

Row = tuple
Rows = Mapping[tuple, Row]  # by their keys


@dataclass(frozen=True)
class Kept:
    """A table of the store: the columns of its key, those beside it, and the rows that a file gives for it."""

    table: Table
    key: tuple[str, ...]
    beside: tuple[str, ...]

    def rows_of(self, file: PublishedFile) -> dict[tuple, Row]:
        return dict(ROWS[self.table.name](file))


def value_rows(file: PublishedFile) -> Iterable[tuple[tuple, Row]]:
    for one in file.values:
        beside = (one.level, one.value, str(one.status), one.numerator, one.denominator)
        yield (one.measure, one.area, one.year, file.release), beside


def people_rows(file: PublishedFile) -> Iterable[tuple[tuple, Row]]:
    for one in file.people:
        yield (one.area, one.band, one.mid_year, file.release), (one.level, one.value, str(one.status))


def neighbour_rows(file: PublishedFile) -> Iterable[tuple[tuple, Row]]:
    for one in file.neighbours:
        yield (file.release, one.area, one.rank), (one.neighbour,)


ROWS = {
    published_value.name: value_rows,
    published_population.name: people_rows,
    neighbour_set.name: neighbour_rows,
}
KEPT = (
    Kept(
        published_value,
        ("measure", "area", "year", "release"),
        ("level", "value", "status", "numerator", "denominator"),
    ),
    Kept(published_population, ("area", "age_band", "mid_year", "release"), ("level", "value", "status")),
    Kept(neighbour_set, ("model", "area", "rank"), ("neighbour",)),
)
# What a release may still gain: the denominator of a published rate comes with the population, which may be later.
MAY_BE_FILLED = "denominator"


def check_published(
    store: Store,
    files: Sequence[tuple[str, bytes]],
    release: Releases = None,
    tables: PublishedTables | None = None,
) -> PublishedCheck:
    """Return what published files hold and how much of it is new; nothing is stored.

    `release` names the release of them all, or by the name of a file that of each, where it is not their newest year.
    """
    with store.read() as connection:
        known = children_known(connection)
        read = read_published(files, tables or read_published_tables(), release, known, store.today.year)
        return compared(connection, read)


def land_published(store: Store, check: PublishedCheck, by: str) -> int | None:
    """Store what is new as one data version and return its number; None where nothing is.

    Raise LoadRefused, with everything as before, where somebody stored another figure of the same release meanwhile.
    """
    files = [file for file in check.files if file.can_land]
    if not check.can_land:
        return None
    titles = dict.fromkeys(f"{file.table.title} ({file.release})" for file in files if file.table)
    with landing(store, name_kept(by), f"Landed published figures: {', '.join(titles)}") as opened:
        again = compared(opened.connection, files)
        if bad := [sentence for file in again.files for sentence in file.wrong]:
            raise LoadRefused("changed_meanwhile", " ".join((*bad[:1], "Nothing was stored.")))
        for file in files:
            store_file(opened, file)
        return opened.version


def check_carried(store: Store, tables: PublishedTables | None = None) -> PublishedCheck:
    """Return the published figures that come with the product, beside what is stored; nothing is stored."""
    files = carried_files(tables or read_published_tables())
    with store.read() as connection:
        return compared(connection, files)


def children_known(connection: Connection) -> dict[tuple[str, str, str, int], float]:
    known = published_population.c
    rows = connection.execute(
        select(known.release, known.area, known.age_band, known.mid_year, known.value).where(known.value.is_not(None))
    )
    return {(release, area, band, mid_year): float(value) for release, area, band, mid_year, value in rows}


def compared(connection: Connection, files: Sequence[PublishedFile]) -> PublishedCheck:
    """Return the files beside what is stored, and beside each other: a release has one figure, whoever sends it."""
    told, new, known = [], 0, 0
    together: dict[str, dict[tuple, Row]] = {kept.table.name: {} for kept in KEPT}
    for file in files:
        rows = {kept: kept.rows_of(file) if file.can_land else {} for kept in KEPT}
        there = {kept: {**stored(connection, kept, file), **together[kept.table.name]}
                 for kept in KEPT if rows[kept]}  # fmt: skip
        other = [said for kept in there for said in contradictions(file, kept, rows[kept], there[kept])]
        held = {kept: len(rows[kept].keys() & there[kept].keys()) for kept in there}
        own = 0 if other else sum(len(rows[kept]) - same for kept, same in held.items())
        told.append(replace(file, wrong=(*file.wrong, *other), new=own, is_other=bool(other)))
        for kept, same in () if other else held.items():
            known += same
            together[kept.table.name].update(rows[kept])
        new += own
    return PublishedCheck(tuple(told), new, known)


def stored(connection: Connection, kept: Kept, file: PublishedFile) -> dict[tuple, Row]:
    """Return the rows that are there of a file's release and measures, by their keys."""
    columns = [kept.table.c[name] for name in (*kept.key, *kept.beside)]
    of = kept.table.c.model if kept.table is neighbour_set else kept.table.c.release
    query = select(*columns).where(of == file.release)
    if kept.table is published_value:
        query = query.where(kept.table.c.measure.in_({one.measure for one in file.values}))
    return {tuple(row[: len(kept.key)]): tuple(row[len(kept.key) :]) for row in connection.execute(query)}


def contradictions(file: PublishedFile, kept: Kept, rows: Rows, there: Rows) -> list[str]:
    """Return a sentence for each figure that the same release has differently already."""
    other = [key for key, row in rows.items() if key in there and not is_same(kept, row, there[key])]
    said = [
        f"{file.name}: {', '.join(map(str, key))} stands in the store as {plainly(there[key])}, and here as "
        f"{plainly(rows[key])}. A release is never changed: load this one under a name of its own, such as "
        f"{revised(file)}."
        for key in other[:3]
    ]
    return [*said, f"{file.name}: {len(other):,} figures differ so."] if len(other) > len(said) else said


def is_same(kept: Kept, row: Row, there: Row) -> bool:
    """Return whether two rows say the same; one of them may not know yet what a rate was divided by."""
    return all(
        mine == theirs or (name == MAY_BE_FILLED and None in (mine, theirs))
        for name, mine, theirs in zip(kept.beside, row, there, strict=True)
    )


def plainly(row: Row) -> str:
    """Return what a row says, for a sentence: its number, else why there is none."""
    return ", ".join(str(part) for part in row if part is not None)


def store_file(opened: Landing, file: PublishedFile) -> None:
    """Store what a file has that is not there, under a source of its own."""
    source = None
    for kept in KEPT:
        rows = kept.rows_of(file)
        there = stored(opened.connection, kept, file) if rows else {}
        new = [(*key, *row) for key, row in rows.items() if key not in there]
        if new:
            source = source or store_source(opened, file)
            columns = (*kept.key, *kept.beside, "source_id")
            bulk_insert(opened.connection, kept.table, columns, [(*row, source) for row in new])


def store_source(opened: Landing, file: PublishedFile) -> int:
    table = file.table
    assert table is not None
    row = {
        "table_id": table.id,
        "title": table.title,
        "publisher": table.publisher,
        "release": file.release,
        "file_name": file.name,
        "sha256": file.sha256,
        "landed_in": opened.version,
    }
    return opened.connection.execute(
        published_source.insert().values(row).returning(published_source.c.id)
    ).scalar_one()
