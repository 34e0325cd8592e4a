"""Owns the way from bytes to a recognised table: its rows as text, and where each column of it stands."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath

from data_loaders.containers import FILE_LIMIT
from data_loaders.grid import Cell, column_letters
from data_loaders.reading import read_file
from scorecards.definitions import normalise
from scorecards.definitions.published_models import AreaColumns, PublishedTable, PublishedTables
from scorecards.errors import LoadRefused

TEXTS = (".csv", ".txt")
HEADINGS_WITHIN = 30  # rows: a workbook may have a title and notes above its headings
LONGEST_SHOWN = 40
HEAD_BYTES = 64 * 1024  # of a text, to see its headings
LIKE_NEIGHBOURS = 6  # headings of a table of neighbours that no other file has so many of
NAMED_MISSING = 3
HALF = 0.5  # of a table's columns: with fewer it is another table


@dataclass(frozen=True)
class Grid:
    """The cells of one table as text, with the line of each row as the file counts it."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Recognised:
    """A table with its headings found: the rows below them, and the place of each column by its name."""

    table: PublishedTable
    headings: tuple[str, ...]
    places: dict[str, int]
    areas: dict[str, int]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    wrong: tuple[str, ...] = ()

    def text(self, row: Sequence[str], place: int | None) -> str:
        """Return a cell, blank where the row is too short or the column is not there."""
        return row[place].strip() if place is not None and place < len(row) else ""

    def where(self, line: int, place: int) -> str:
        """Return "cell R12, column 'Referrals_rate'"."""
        heading = self.headings[place] if place < len(self.headings) else ""
        cell = f"cell {column_letters(place)}{line}"
        return f"{cell}, column '{heading}'" if heading else cell


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def grids_of(name: str, data: bytes) -> Iterator[Grid]:
    """Yield each sheet of a file; raise LoadRefused where it cannot be read."""
    if PurePath(name).suffix.lower() in TEXTS:
        yield text_grid(name, data)
        return
    for sheet in read_file(data, name).sheets:
        rows = tuple(tuple(map(written, sheet.row(index))) for index in range(sheet.n_rows))
        yield Grid(rows, tuple(range(1, sheet.n_rows + 1)))


def text_grid(name: str, data: bytes) -> Grid:
    if len(data) > FILE_LIMIT:
        raise LoadRefused("too_large", f"{name} is larger than any published table that we know.")
    text = decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, lines, line = [], [], 1
    try:
        for row in reader:
            rows.append(tuple(row))
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise LoadRefused("damaged", f"{name}, line {line}: not readable as CSV ({error}).") from None
    return Grid(tuple(rows), tuple(lines))


def decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def first_rows(data: bytes) -> Grid:
    """Return the first rows of a text, where its headings stand; what is damaged further down is not looked at."""
    reader = csv.reader(io.StringIO(decoded(data[:HEAD_BYTES]), newline=""))
    rows: list[tuple[str, ...]] = []
    with suppress(csv.Error):
        rows += (tuple(row) for row in islice(reader, HEADINGS_WITHIN))
    return Grid(tuple(rows), tuple(range(1, len(rows) + 1)))


def written(cell: Cell) -> str:
    """Return a cell of a workbook as the CSV of the same table would have it; what it does not say is no blank."""
    if cell.kind == "blank":
        return ""
    if cell.kind in ("number", "percent"):
        # 45% is 0.45 to a workbook, and 45 to a table.
        return f"{cell.value * (100 if cell.kind == 'percent' else 1):.12g}"
    return str(cell.value) if cell.value is not None else f"#{cell.kind}"


def recognise(name: str, data: bytes, known: PublishedTables) -> Recognised:
    """Return the one table in a file; raise LoadRefused where there is none, or more than one."""
    grids = list(grids_of(name, data))
    found = [one for grid in grids for one in recognised_in(grid, known)]
    if len(found) == 1:
        return found[0]
    if found:
        titles = ", ".join(f"'{one.table.title}'" for one in found)
        raise LoadRefused("two_tables", f"{name} fits more than one published table: {titles}. Load them apart.")
    raise LoadRefused(
        "unknown_table",
        f"{name}: its headings fit no published table that we know. {nearest_table(grids, known)}"
        "A new one is described in published_tables.yaml.",
    )


def nearest_table(grids: Sequence[Grid], known: PublishedTables) -> str:
    """Return which table a file comes nearest to and which of its columns are not there; "" where it is near none."""
    near = [
        (share, table, absent)
        for grid in grids
        for row in grid.rows[:HEADINGS_WITHIN]
        for table in known.tables.values()
        for share, absent in [not_there(table, {normalise(heading) for heading in row}, known.areas)]
        if share > HALF and is_like_published(row, known)
    ]
    if not near:
        return ""
    _, table, absent = max(near, key=lambda one: one[0])
    named = ", nor ".join(shown(heading) for heading in absent[:NAMED_MISSING])
    return f"Nearest is '{table.title}', but no column is headed {named}: it was renamed, or is missing. "


def not_there(table: PublishedTable, forms: set[str], areas: AreaColumns) -> tuple[float, list[str]]:
    """Return which share of a table's columns stands among `forms`, and those absent that it is recognised by."""
    there = [any(normalise(one) in forms for one in headings) for headings in table.columns.values()]
    needed = needed_by(table, areas)
    absent = [headings[0] for headings in needed if not any(normalise(one) in forms for one in headings)]
    return sum(there) / len(there), absent


def is_like_published(row: Sequence[str], known: PublishedTables) -> bool:
    """Return whether a row of headings has the form of a publication, though it may be of no table that we know."""
    forms = {normalise(heading) for heading in row}
    areas = (known.areas.period, known.areas.level)
    if all(any(normalise(heading) in forms for heading in headings) for headings in areas):
        return True
    models = (table for table in known.tables.values() if table.kind == "neighbours")
    return any(sum(normalise(one) in forms for names in table.columns.values() for one in names) >= LIKE_NEIGHBOURS
               for table in models)  # fmt: skip


def recognised_in(grid: Grid, known: PublishedTables) -> Iterator[Recognised]:
    """Yield the tables whose headings stand in the first rows of a sheet."""
    for index, row in enumerate(grid.rows[:HEADINGS_WITHIN]):
        forms = [normalise(heading) for heading in row]
        fitting = [table for table in known.tables.values() if fits(table, set(forms), known.areas)]
        for table in fitting:
            headings = tuple(heading.strip() for heading in row)
            below = slice(index + 1, None)
            places, areas = places_of(table.columns, forms), places_of(area_headings(known.areas), forms)
            twice = told_twice(headings, {**areas, **places})
            where = first_places(places), first_places(areas)
            yield Recognised(table, headings, *where, grid.rows[below], grid.lines[below], tuple(twice))
        if fitting:
            return


def area_headings(areas: AreaColumns) -> dict[str, tuple[str, ...]]:
    return {name: headings for name, headings in areas if name != "levels"}


def fits(table: PublishedTable, forms: set[str], areas: AreaColumns) -> bool:
    """Return whether every column that the table is recognised by stands among `forms`."""
    return all(any(normalise(heading) in forms for heading in headings) for headings in needed_by(table, areas))


def needed_by(table: PublishedTable, areas: AreaColumns) -> list[tuple[str, ...]]:
    """Return the headings of each column without which a table is not recognised."""
    needed = [table.columns[name] for name in table.recognised_by]
    return needed if table.kind == "neighbours" else [*needed, areas.period, areas.level, areas.country]


def places_of(columns, forms: Sequence[str]) -> dict[str, list[int]]:
    """Return where each column stands that is there: in one place, unless two headings mean it."""
    wanted = {normalise(heading): name for name, headings in columns.items() for heading in headings}
    found: dict[str, list[int]] = {}
    for place, form in enumerate(forms):
        if form in wanted:
            found.setdefault(wanted[form], []).append(place)
    return found


def first_places(places: dict[str, list[int]]) -> dict[str, int]:
    return {name: found[0] for name, found in places.items()}


def told_twice(headings: Sequence[str], places: dict[str, list[int]]) -> list[str]:
    """Return a sentence for each column that stands twice: which of the two is meant?"""
    twice = [sorted({headings[place] for place in found}) for found in places.values() if len(found) > 1]
    named = (" and ".join(map(shown, those)) for those in twice)
    return [f"line of headings: more than one column is {those}, so it is not clear which is meant." for those in named]


def shown(text: str) -> str:
    """Return what stands in a cell, as a sentence quotes it."""
    seen = "".join(sign for sign in text if sign.isprintable())
    return f"'{seen[:LONGEST_SHOWN]}…'" if len(seen) > LONGEST_SHOWN else f"'{seen}'"
