"""Owns which cells of a partner's sheet go back in a reply, and which are marked: values alone, nothing personal."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy

from data_loaders.grid import Cell, FileContent, Sheet, column_letters
from data_loaders.matching import recognise
from data_loaders.privacy import holds_person, personal_columns, persons_on
from data_loaders.reply import Asked
from data_loaders.tables import table_of
from scorecards.definitions import Definitions, normalise

# A sheet of so many rows goes back whole. Of a larger one so many rows around the marked ones do: a workbook of
# 100,000 rows takes half a minute to write, and nobody looks through it.
ROWS_WHOLE, ROWS_AROUND, CELLS_WHOLE = 2_000, 2_000, 200_000
NEIGHBOURS = 2  # rows above and below a marked one
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
LEFT_BLANK = "left blank, for it seems to hold {what}"
NOT_KEPT = "left blank, for we do not keep it"


@dataclass(frozen=True, eq=False)
class Copy:
    """What of one sheet goes back: its rows, its columns left blank with the word why, and its marks by cell."""

    sheet: Sheet
    rows: Sequence[int]  # counted from zero
    header: int | None
    blank: dict[int, str]
    kept_as_sent: frozenset[int]  # columns of identifiers, which are the sender's own
    marks: dict[tuple[int, int], tuple[Asked, ...]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return len(self.rows) == self.sheet.n_rows

    @property
    def n_columns(self) -> int:
        return len(self.sheet.columns)


def copies_of(content: FileContent, asked: Sequence[Asked], definitions: Definitions) -> list[Copy]:
    """Return the visible sheets that go back: all of a small file, of a large one those with something to look at."""
    if content.kind == "xml":
        return []
    visible = [sheet for sheet in content.sheets if sheet.state == "visible" and sheet.n_rows]
    is_small = sum(sheet.n_rows * len(sheet.columns) for sheet in visible) <= CELLS_WHOLE
    marked = {one.problem.sheet for one in asked if one.problem.severity != "note"}
    chosen = [sheet for sheet in visible if sheet.name in marked or is_small]
    return [copy_of(sheet, [one for one in asked if one.problem.sheet == sheet.name], definitions) for sheet in chosen]


def copy_of(sheet: Sheet, asked: Sequence[Asked], definitions: Definitions) -> Copy:
    marks = marks_of(asked, sheet)
    found = recognise(sheet, definitions)
    header = found.matches[0].header_row if found.matches else None
    blank, identifiers = blank_columns(sheet, found.matches)
    return Copy(sheet, rows_shown(sheet, header, {row for row, _ in marks}), header, blank, identifiers, marks)


def marks_of(asked: Iterable[Asked], sheet: Sheet) -> dict[tuple[int, int], tuple[Asked, ...]]:
    """Return what is to be looked at in each cell, by row and column counted from zero."""
    marks: dict[tuple[int, int], tuple[Asked, ...]] = {}
    for one in asked:
        for place in one.problem.places or filter(None, (one.problem.cell,)):
            at = row_and_column(place)
            if at is not None and at[0] < sheet.n_rows:
                marks[at] = (*marks.get(at, ()), one)
    return marks


def row_and_column(address: str) -> tuple[int, int] | None:
    """Return the row and column of an address, counted from zero; None where a place is no cell of a sheet."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def rows_shown(sheet: Sheet, header: int | None, marked: set[int]) -> Sequence[int]:
    if sheet.n_rows <= ROWS_WHOLE:
        return range(sheet.n_rows)
    top = range((header if header is not None else 0) + 1)
    around = sorted({row + step for row in sorted(marked)[:ROWS_AROUND] for step in range(-NEIGHBOURS, NEIGHBOURS + 1)})
    return sorted({*top, *(row for row in around[:ROWS_AROUND] if 0 <= row < sheet.n_rows)})


def blank_columns(sheet: Sheet, matches) -> tuple[dict[int, str], frozenset[int]]:
    """Return the columns that are left blank with the word why, and those of identifiers."""
    if not matches:
        return {at: LEFT_BLANK.format(what=what) for at, what in persons_on(sheet)}, frozenset()
    known = {at: match.record.columns[name] for match in matches for name, at in match.columns.items()}
    dropped = {normalise(heading) for match in matches for column in match.record.columns.values()
               if column.type == "drop" for heading in column.headings}  # fmt: skip
    headings = matches[0].headings
    blank = {at: NOT_KEPT for at, heading in headings.items() if normalise(heading) in dropped}
    personal = personal_columns(sheet, matches, table_of(sheet, matches[0]).rows, set())
    blank |= {at: LEFT_BLANK.format(what=what) for at, what in personal if at not in blank}
    return blank, frozenset(at for at, column in known.items() if column.type in ("child", "reference"))


def safe_cells(copy: Copy, at: int) -> list[Cell]:
    """Return the different cells of a column as they go back: a text with a person's details in it is taken out."""
    cells = list(copy.sheet.columns[at].uniques)
    if at in copy.kept_as_sent:
        return cells
    return [Cell("text", "(not shown)") if is_personal(cell) else cell for cell in cells]


def is_personal(cell: Cell) -> bool:
    return cell.kind == "text" and holds_person(cell.value)


def codes_of(copy: Copy, at: int) -> list[int]:
    """Return the code of each row of the copy in a column."""
    return copy.sheet.columns[at].codes[numpy.asarray(copy.rows, dtype=int)].tolist()


def blank_words(copy: Copy) -> list[str]:
    """Return for each column left blank its letter, heading and the word why."""
    return [f"column {column_letters(at)}: {why}." for at, why in sorted(copy.blank.items())]
