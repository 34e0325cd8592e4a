"""Owns the way from figures in a sender's layout to a long sheet: a row a figure, each cell with where it came from."""

from collections.abc import Iterable, Sequence

import numpy

from data_loaders.grid import BLANK, Cell, Column, FileContent, Sheet, address
from data_loaders.layouts.analysis import (
    Analysis,
    Figure,
    Heard,
    analyse,
    period_in_words,
    place_named,
    questions_of,
)
from data_loaders.layouts.answers import Fit, LaidOut, LaidTable, Tried, TriedFigure, WordRead
from data_loaders.layouts.fitting import fits
from data_loaders.layouts.model import Layout, WordKind
from data_loaders.parsing import Trouble, number_of
from data_loaders.problems import shown
from scorecards.definitions import Definitions, Kpi, RecordType
from scorecards.periods import Covered

# Which column of the aggregate return each number of a figure stands in.
PART_COLUMNS = {"number": "numerator", "out_of": "denominator", "value": "value"}
WORD_ORDER: tuple[WordKind, ...] = (
    "measure", "period", "area", "provider", "breakdown", "group", "part", "unit", "basis", "available_from", "status"
)  # fmt: skip


def aggregate_record(definitions: Definitions) -> RecordType:
    return next(record for record in definitions.record_types.values() if record.replaces == "key")


def lay_out(content: FileContent, fit: Fit, definitions: Definitions) -> LaidOut:
    """Return the figures of a file as long sheets, what must be asked first, and what became of every other cell."""
    return laid_out(analyse(content, fit, definitions))


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


# Words


def words_of(content: FileContent, layout: Layout, definitions: Definitions) -> tuple[WordRead, ...]:
    """Return every word about figures that the layout reads in a file, with its meaning; unknown words first."""
    fit = fit_of(layout, content)
    if fit is None:
        return ()
    analysis = analyse(content, fit, definitions)
    found: dict[tuple, list[Figure]] = {}
    for figure in analysis.figures:
        silent = {name for name, heard in figure.heard.items() if heard.understood.is_ignored}
        for dimension, heard in figure.heard.items():
            if heard.word and not silent - {dimension} and figure.reason != "heading or label":
                found.setdefault((dimension, heard.word), []).append(figure)
    asked = {(one.dimension, one.word) for one in questions_of(analysis)}
    words = [word_read(key, figures, key in asked, analysis) for key, figures in found.items()]
    return tuple(sorted(words, key=lambda one: (one.known != "", WORD_ORDER.index(one.dimension))))


def word_read(key: tuple, figures: Sequence[Figure], is_asked: bool, analysis: Analysis) -> WordRead:
    dimension, word = key
    first = figures[0]
    heard = first.heard[dimension]
    understood = heard.understood
    known = "" if is_asked else understood.known
    meaning = None if known in ("", "ignored") else plain_meaning(heard, first)
    in_words = understood.in_words
    if dimension == "period" and known and known != "ignored":
        in_words = period_in_words(first, analysis.vocabulary)
    return WordRead(
        dimension, word, first.frame.grid.sheet.name, place_named(heard, first), len(figures), meaning, known,
        in_words if known else "", understood.suggestion,
    )  # fmt: skip


def plain_meaning(heard: Heard, figure: Figure) -> str | None:
    """Return what a word means as one of our ids."""
    value = heard.understood.value
    if isinstance(value, Covered):
        period = figure.period or value.period
        return period.id if period is not None else None
    return getattr(value, "kpi", value)


def fit_of(layout: Layout, content: FileContent) -> Fit | None:
    return next(iter(fits((layout,), content)), None)


# Trying


def tried(content: FileContent, layout: Layout, definitions: Definitions) -> Tried:
    """Return what a layout reads from a file, as plain rows, for "try it on last quarter's file"."""
    fit = fit_of(layout, content)
    if fit is None:
        return Tried(None, sentence=f"Nothing in {content.name} is built as taught in '{layout.title}'.")
    analysis = analyse(content, fit, definitions)
    rows = rows_of([figure for figure in analysis.figures if figure.is_read])
    figures = tuple(tried_figure(row, analysis) for row in rows)
    questions = questions_of(analysis)
    told = [f"{fit.sentence} {count_words(len(figures), 'figure')} read."]
    if questions:
        told.append(f"{count_words(len(questions), 'word')} must be explained first.")
    told += [one.sentence for one in analysis.contradictions]
    told += [one.sentence for one in analysis.left_out]
    return Tried(fit, figures, questions, analysis.ignored, " ".join(told))


def count_words(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def tried_figure(row: Sequence[Figure], analysis: Analysis) -> TriedFigure:
    first = row[0]
    assert first.meaning is not None and first.period is not None
    kpi = analysis.definitions.kpis[first.meaning.kpi]
    numbers = {figure.part: number_words(figure, kpi) for figure in row}
    vocabulary = analysis.vocabulary
    return TriedFigure(
        measure=kpi.title,
        period=first.period.label,
        area=vocabulary.in_words("area", first.area),
        provider=first.provider or "",
        breakdown=(first.breakdown or "").replace("_", " "),
        group=first.group or "",
        number=numbers.get("number", ""),
        out_of=numbers.get("out_of", ""),
        value=numbers.get("value", ""),
        basis=vocabulary.basis_in_words(first.basis) if first.basis else "",
        available_from=next((one.available for one in row if one.available), "") or "",
        sheet=first.frame.grid.sheet.name,
        cells=tuple(figure.address for figure in row),
        kpi=kpi.id,
        period_id=first.period.id,
    )


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
