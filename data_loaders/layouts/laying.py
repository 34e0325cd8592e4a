"""Owns the way from figures in a sender's layout to a long sheet: a row a figure, each cell with where it came from."""

import datetime
from collections.abc import Iterable, Sequence

import numpy

from data_loaders.grid import BLANK, Cell, Column, FileContent, Sheet, address
from data_loaders.layouts.analysis import (
    Analysis,
    Figure,
    analyse,
    questions_of,
)
from data_loaders.layouts.answers import Fit, LaidOut, LaidTable
from data_loaders.layouts.model import WordKind
from data_loaders.parsing import Trouble, number_of
from data_loaders.problems import shown
from scorecards.definitions import Definitions, Kpi, RecordType

# Which column of the aggregate return each number of a figure stands in.
PART_COLUMNS = {"number": "numerator", "out_of": "denominator", "value": "value"}


def aggregate_record(definitions: Definitions) -> RecordType:
    return next(record for record in definitions.record_types.values() if record.replaces == "key")


def lay_out(content: FileContent, fit: Fit, definitions: Definitions, on: datetime.date | None = None) -> LaidOut:
    """Return the figures of a file as long sheets, what must be asked first, and what became of every other cell."""
    return laid_out(analyse(content, fit, definitions, on))


def laid_out(analysis: Analysis) -> LaidOut:
    return LaidOut(
        tuple(long_sheets(analysis)), questions_of(analysis), analysis.ignored, analysis.contradictions,
        analysis.left_out,
    )  # fmt: skip


def long_sheets(analysis: Analysis) -> Iterable[LaidTable]:
    """Yield a long sheet for each sheet of the file that a table of the layout stands on."""
    for name in analysis.fit.sheets:
        titles = [frame.table.title for frame in analysis.frames if frame.grid.sheet.name == name]
        own = [figure for figure in analysis.figures if figure.frame.grid.sheet.name == name]
        read = [figure for figure in own if figure.is_read]
        waiting = sum(1 for figure in own if figure.unknown and not figure.reason)
        sheet = long_sheet(name, rows_of(read), analysis.definitions)
        yield LaidTable(", ".join(titles), sheet, len(read), waiting)


def rows_of(figures: Sequence[Figure]) -> list[list[Figure]]:
    """Return the figures by row: cells that give the number, what it is out of and the value of one figure together."""
    rows: dict[tuple, list[Figure]] = {}
    for figure in figures:
        rows.setdefault(figure.key, []).append(figure)
    return list(rows.values())


def long_sheet(name: str, rows: Sequence[Sequence[Figure]], definitions: Definitions) -> Sheet:
    """Return the rows under the headings of an aggregate return; `origins` tell where each cell came from."""
    record = aggregate_record(definitions)
    names = [name for name, column in record.columns.items() if column.type != "drop"]
    cells = [[Cell("text", record.columns[name].headings[0]) for name in names]]
    origins: dict[tuple[int, int], str] = {}
    for number, figures in enumerate(rows, 1):
        values = row_values(figures)
        cells.append([values.get(name, (BLANK, ""))[0] for name in names])
        origins |= {(number, at): values[name][1] for at, name in enumerate(names) if name in values}
    columns = tuple(column_of([row[at] for row in cells]) for at in range(len(names)))
    lines = [1, *(figures[0].place[0] + 1 for figures in rows)]
    return Sheet(name, "visible", columns, len(cells), origins=origins, lines=lines)


def row_values(figures: Sequence[Figure]) -> dict[str, tuple[Cell, str]]:
    """Return the cells of one row by column, each with the address of what says it."""
    first = figures[0]
    assert first.meaning is not None and first.period is not None
    said: dict[str, tuple[str | None, WordKind]] = {
        "kpi": (first.meaning.kpi, "measure"),
        "period": (first.period.id, "period"),
        "provider": (first.provider, "provider"),
        "area": (first.area, "area"),
        "breakdown": (first.breakdown, "breakdown"),
        "group": (first.group, "group"),
        "basis": (first.basis, "basis"),
        "available_from": (next((one.available for one in figures if one.available), None), "available_from"),
    }
    values = {
        column: (Cell("text", text), origin(first, dimension)) for column, (text, dimension) in said.items() if text
    }
    return values | {PART_COLUMNS[figure.part]: (figure.cell, figure.address) for figure in figures}


def origin(figure: Figure, dimension: WordKind) -> str:
    """Return where a dimension of a figure is said: its own cell, else the figure's; a basis also with the period."""
    heard = figure.heard.get(dimension) or (figure.heard["period"] if dimension == "basis" else None)
    return address(*heard.place) if heard is not None and heard.place is not None else figure.address


def column_of(cells: Sequence[Cell]) -> Column:
    """Return cells as their different ones and a code for each row, as the reader gives them."""
    codes = {BLANK: 0}
    numbers = [codes.setdefault(cell, len(codes)) for cell in cells]
    return Column(tuple(codes), numpy.array(numbers, dtype="u4"))


def number_words(figure: Figure, kpi: Kpi) -> str:
    """Return the number that a cell gives as the check of the list will read it, or what stands there instead."""
    found = number_of(figure.cell, percent=figure.part == "value")
    if isinstance(found, Trouble):
        sentence = str(found[1])
        return f"cannot be read: {sentence[0].lower()}{sentence[1:]}"
    number, symbol = found or (None, "")
    if number is None:
        return shown(symbol or "")
    percent = "%" if figure.part == "value" and kpi.unit == "percent" else ""
    return f"{number:,.10g}{percent}"
