"""Owns which layout a file was made by: its tables are found by their fixed texts, as taught or moved as a whole."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy

from data_loaders.grid import FileContent, Sheet, address
from data_loaders.layouts.answers import Fit, MissingMark, TableFit, is_called
from data_loaders.layouts.frames import FAR_ROWS
from data_loaders.layouts.meanings import plain_form, text_of
from data_loaders.layouts.model import Layout, Source, TaughtTable
from data_loaders.layouts.places import Place, cell_at, place_of
from data_loaders.problems import shown

# A table is looked for here; what stands further away is no heading, and a longer sheet is a list.
ROWS_SEARCHED, COLUMNS_SEARCHED = 1_000, 200
ORDER = {"exact": 0, "moved": 1, "changed": 2}


def fits(layouts: Sequence[Layout], content: FileContent) -> tuple[Fit, ...]:
    """Return the layouts that a file may have been made by, the surest first; () where none is like it."""
    sheets = [one for one in content.sheets if one.state == "visible" and 0 < one.n_rows <= FAR_ROWS]
    wanted = {plain_form(text) for layout in layouts for table in layout.tables for text in table.marks.values()}
    places = [places_of(wanted, sheet) for sheet in sheets]
    found = [Fit(layout, tuple(tables_in(layout, sheets, places))) for layout in layouts]
    like = [fit for fit in found if is_like(fit)]
    return tuple(sorted(like, key=lambda fit: (ORDER[fit.kind], -marks_found(fit))))


def is_like(fit: Fit) -> bool:
    """Return whether at least half of the fixed texts of a layout are there."""
    return 2 * marks_found(fit) >= sum(len(table.table.marks) for table in fit.tables) > 0


def marks_found(fit: Fit) -> int:
    return sum(len(table.table.marks) - len(table.missing) for table in fit.tables)


def places_of(wanted: set[str], sheet: Sheet) -> dict[str, list[Place]]:
    """Return where each wanted text stands on a sheet; only the different cells of its beginning are looked at."""
    found: dict[str, list[Place]] = {}
    longest = 2 * max(map(len, wanted), default=0)
    for at, column in enumerate(sheet.columns[:COLUMNS_SEARCHED]):
        codes = column.codes[:ROWS_SEARCHED]
        for code in numpy.unique(codes).tolist():
            cell = column.uniques[code]
            if cell.kind != "text" or len(cell.value) > longest or (form := plain_form(cell.value)) not in wanted:
                continue
            found.setdefault(form, []).extend((row, at) for row in numpy.flatnonzero(codes == code).tolist())
    return found


def tables_in(layout: Layout, sheets: Sequence[Sheet], places: Sequence[dict[str, list[Place]]]) -> Iterable[TableFit]:
    """Yield where each table of a layout stands; one that several sheets have stands on each of them."""
    for table in layout.tables:
        called = [at for at, sheet in enumerate(sheets) if is_called(sheet.name, table.sheet)]
        found = [fit for at in called if (fit := placed(table, sheets[at], places[at])) is not None]
        if not found:
            others = [placed(table, sheet, places[at]) for at, sheet in enumerate(sheets) if at not in called]
            whole = [fit for fit in others if fit is not None and not fit.missing]
            found = whole if len(whole) == 1 else [TableFit(table, "", missing=all_missing(table))]
        yield from found


def all_missing(table: TaughtTable) -> tuple[MissingMark, ...]:
    return tuple(MissingMark(at, text) for at, text in table.marks.items())


def placed(table: TaughtTable, sheet: Sheet, places: dict[str, list[Place]]) -> TableFit | None:
    """Return where a table stands on a sheet: where most of its marks are, moved alike; None below half of them."""
    marks = {place_of(at): text for at, text in table.marks.items()}
    moves: Counter[Place] = Counter()
    for (row, column), text in marks.items():
        for at_row, at_column in places.get(plain_form(text), ()):
            moves[at_row - row, at_column - column] += 1
    if not moves:
        return None
    most = max(moves.values())
    if 2 * most < len(marks):
        return None
    # As taught goes before moved, and a short way before a long one.
    best = min((by for by, count in moves.items() if count == most), key=lambda by: (abs(by[0]) + abs(by[1]), by))
    if not stays_on_the_sheet(table, best):
        return None
    return TableFit(table, sheet.name, *best, missing=tuple(missing_marks(table, sheet, best)))


def missing_marks(table: TaughtTable, sheet: Sheet, by: Place) -> Iterable[MissingMark]:
    """Yield the marks that are not there when the table is moved by so many rows and columns."""
    for at, text in table.marks.items():
        row, column = place_of(at)
        place = (row + by[0], column + by[1])
        found = text_of(cell_at(sheet, *place))
        if plain_form(found) != plain_form(text):
            yield MissingMark(address(*place), text, shown(found))


def stays_on_the_sheet(table: TaughtTable, by: Place) -> bool:
    return all(row + by[0] >= 0 and column + by[1] >= 0 for row, column in named_places(table))


def named_places(table: TaughtTable) -> Iterable[Place]:
    """Yield every place that a table names; a row or column by itself as a place in it."""
    for at in (table.first, *table.marks, *([table.last] if table.last else [])):
        yield place_of(at)
    first = place_of(table.first)
    for source in (source for given in table.says.values() for source in given):
        if source.cell is not None:
            yield place_of(source.cell)
        if source.heading_row is not None:
            yield source.heading_row - 1, first[1]
        if source.label_column or source.section_column:
            yield first[0], place_of(f"{source.label_column or source.section_column}1")[1]


def moved(fit: Fit) -> Layout:
    """Return the layout as it stands in the file: every row and column where it is now.

    Texts that were changed are no marks any more; a table that is not in the file stays as it was taught.
    """
    tables: dict[int, list[tuple[TableFit, TaughtTable]]] = {}
    for one in fit.tables:
        tables.setdefault(fit.layout.tables.index(one.table), []).append((one, moved_table(one)))
    found: list[TaughtTable] = []
    for places in tables.values():
        is_one = all(table == places[0][1] for _, table in places)
        # On sheets where it stands in different places it becomes a table of each.
        found += [places[0][1]] if is_one else [table.model_copy(update={"sheet": one.sheet}) for one, table in places]
    return fit.layout.model_copy(update={"tables": tuple(found)})


def moved_table(fit: TableFit) -> TaughtTable:
    """Return one table as it stands in the file."""
    if not fit.sheet:
        return fit.table
    gone = {one.address for one in fit.missing}
    marks = {moved_address(at, fit): text for at, text in fit.table.marks.items()}
    marks = {at: text for at, text in marks.items() if at not in gone} or marks
    says = {name: tuple(moved_source(one, fit) for one in given) for name, given in fit.table.says.items()}
    changes = {
        "sheet": fit.sheet if fit.is_elsewhere else fit.table.sheet,
        "first": moved_address(fit.table.first, fit),
        "last": moved_address(fit.table.last, fit) if fit.table.last else None,
        "marks": marks,
        "says": says,
    }
    return fit.table.model_copy(update=changes)


def moved_address(at: str, fit: TableFit) -> str:
    row, column = place_of(at)
    return address(row + fit.rows_down, column + fit.columns_right)


def moved_letters(letters: str, fit: TableFit) -> str:
    return moved_address(f"{letters}{1 + max(0, -fit.rows_down)}", fit).rstrip("0123456789")


def moved_source(source: Source, fit: TableFit) -> Source:
    changes: dict[str, object] = {}
    if source.heading_row is not None:
        changes["heading_row"] = source.heading_row + fit.rows_down
    if source.label_column is not None:
        changes["label_column"] = moved_letters(source.label_column, fit)
    if source.section_column is not None:
        changes["section_column"] = moved_letters(source.section_column, fit)
    if source.cell is not None:
        changes["cell"] = moved_address(source.cell, fit)
    return source.model_copy(update=changes)
