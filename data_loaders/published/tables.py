"""Owns the way from bytes to a recognised table: its rows as text, and where each column of it stands."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
        """Return "line 12, column 'Referrals_rate'"."""
        heading = self.headings[place] if place < len(self.headings) else ""
        return f"line {line}, column '{heading}'" if heading else f"line {line}, column {column_letters(place)}"


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
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
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
    found = [one for grid in grids_of(name, data) for one in recognised_in(grid, known)]
    if len(found) == 1:
        return found[0]
    if found:
        titles = ", ".join(f"'{one.table.title}'" for one in found)
        raise LoadRefused("two_tables", f"{name} fits more than one published table: {titles}. Load them apart.")
    raise LoadRefused(
        "unknown_table",
        f"{name}: its headings fit no published table that we know. A new one is described in published_tables.yaml.",
    )


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
    needed = [table.columns[name] for name in table.recognised_by]
    if table.kind != "neighbours":
        needed += [areas.period, areas.level, areas.country]
    return all(any(normalise(heading) in forms for heading in headings) for headings in needed)


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
