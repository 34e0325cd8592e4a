"""Owns the picture of a sender's sheet: each cell with what it is to the layout, cut to what a page can draw."""

from collections.abc import Mapping, Sequence

from data_loaders.grid import Cell, FileContent, Sheet, address, column_letters
from data_loaders.layouts.analysis import Analysis, Figure, analyse, period_in_words
from data_loaders.layouts.answers import Fit, Pictured, Role, SheetPicture, TableFit
from data_loaders.layouts.fitting import all_missing, fits
from data_loaders.layouts.frames import Frame
from data_loaders.layouts.laying import number_words
from data_loaders.layouts.meanings import text_of
from data_loaders.layouts.model import Layout, WordKind
from data_loaders.layouts.personal import why_not_shown
from data_loaders.layouts.places import Place, cell_at, place_of
from data_loaders.problems import HIDDEN, SHOWN_LENGTH, shown
from scorecards.definitions import Definitions

ROWS_DRAWN, COLUMNS_DRAWN = 60, 30
ROWS_ABOVE, COLUMNS_BEFORE = 6, 3  # of the tables, where there is more
ROLES: dict[str, Role] = {"period": "period", "area": "area"}
TITLES: dict[str, str] = {
    "measure": "Measure",
    "period": "Period",
    "area": "Area",
    "provider": "Provider",
    "breakdown": "Broken down by",
    "group": "Group",
    "part": "Gives",
    "unit": "Written as",
    "basis": "Covers",
    "available_from": "Available from",
    "status": "Stands for",
}
# A long text in the place of a number may be about a child.
IN_THE_BODY = ("figure", "ignored", "question")
REMARK = "(a remark, not shown)"
Drawn = Mapping[Place, tuple[Role, str]]


def picture(
    content: FileContent, layout: Layout | None, definitions: Definitions, sheet_name: str | None = None
) -> tuple[SheetPicture, ...]:
    """Return the sheets (or one of them) as grids of cells with what each is to the layout, cut to what can be drawn.

    Without a layout every cell is outside. Cells that may not be shown are not.
    """
    analysis = None if layout is None else analyse(content, fit_to_draw(layout, content), definitions)
    drawn = []
    for sheet in content.sheets:
        if (sheet_name is not None and sheet.name != sheet_name) or not sheet.n_rows:
            continue
        hidden = why_not_shown(sheet, definitions)
        cells = {} if analysis is None or hidden else drawn_cells(analysis, sheet.name)
        if sheet_name is not None or analysis is None or cells or sheet.name in analysis.fit.sheets:
            drawn.append(sheet_picture(sheet, cells, hidden))
    return tuple(drawn)


def fit_to_draw(layout: Layout, content: FileContent) -> Fit:
    """Return how a file fits, else the layout as taught on the sheets of the names it was taught for."""
    found = next(iter(fits((layout,), content)), None)
    return found or Fit(layout, tuple(TableFit(table, "", missing=all_missing(table)) for table in layout.tables))


def sheet_picture(sheet: Sheet, cells: Drawn, hidden: str) -> SheetPicture:
    """Return one sheet as rows of cells, from a little above and before its tables on."""
    first_row = max(0, min((row for row, _ in cells), default=0) - ROWS_ABOVE)
    first_column = max(0, min((column for _, column in cells), default=0) - COLUMNS_BEFORE)
    rows = range(first_row, min(sheet.n_rows, first_row + ROWS_DRAWN))
    columns = range(first_column, min(len(sheet.columns), first_column + COLUMNS_DRAWN))
    drawn = tuple(tuple(pictured(sheet, (row, column), cells, hidden) for column in columns) for row in rows)
    letters = tuple(column_letters(column) for column in columns)
    return SheetPicture(
        sheet.name, drawn, first_row + 1, letters, cut_words(sheet, len(rows), len(columns)), hidden
    )  # fmt: skip


def cut_words(sheet: Sheet, rows: int, columns: int) -> str:
    more = [(sheet.n_rows - rows, "row"), (len(sheet.columns) - columns, "column")]
    said = [f"1 more {what}" if count == 1 else f"{count:,} more {what}s" for count, what in more if count]
    if not said:
        return ""
    is_one = len(said) == 1 and said[0].startswith("1 ")
    return f"{' and '.join(said)} {'is' if is_one else 'are'} not drawn."


def pictured(sheet: Sheet, place: Place, cells: Drawn, hidden: str) -> Pictured:
    cell = cell_at(sheet, *place)
    role, meaning = cells.get(place, ("outside", ""))
    is_remark = role in IN_THE_BODY and cell.kind == "text" and len(cell.value) > SHOWN_LENGTH
    text = REMARK if is_remark else as_shown(cell)
    return Pictured(
        address(*place), HIDDEN if hidden and text else text, role, meaning, cell.kind in ("number", "percent")
    )  # fmt: skip


def as_shown(cell: Cell) -> str:
    """Return a cell as it may be shown, as much like Excel shows it as we know."""
    if cell.kind == "number":
        return shown(f"{cell.value:.10g}")
    if cell.kind == "percent":
        return f"{round(cell.value * 100, 9):g}%"
    if cell.kind == "yes_no":
        return "TRUE" if cell.value else "FALSE"
    if cell.kind in ("error", "disputed"):
        return str(cell.value or "?")
    return "a formula without its result" if cell.kind == "formula" else shown(text_of(cell))


def drawn_cells(analysis: Analysis, sheet: str) -> dict[Place, tuple[Role, str]]:
    """Return what each cell of a sheet is to the layout: figures, what speaks for them, and the fixed texts."""
    found: dict[Place, tuple[Role, str]] = {}
    for frame in analysis.frames:
        if frame.grid.sheet.name == sheet:
            found |= marked(frame)
    figures = [figure for figure in analysis.figures if figure.frame.grid.sheet.name == sheet]
    for figure in figures:
        found |= spoken_for(figure, found)
    for figure in figures:
        found[figure.place] = figure_words(figure, analysis)
    return found


def marked(frame: Frame) -> dict[Place, tuple[Role, str]]:
    """Return the fixed texts by which a table is found, those that are not there as questions, and its headings."""
    found: dict[Place, tuple[Role, str]] = {
        spot.place: ("heading", "Heading")
        for spots in frame.headings.values()
        for spot in spots.values()
        if spot.place is not None
    }
    found |= {place: ("label", "Label") for spots in frame.labels.values() for place in placed(spots)}
    found |= {
        place: ("label", "Label of the lines below") for spots in frame.sections.values() for place in placed(spots)
    }
    missing = {place_of(one.address): one.text for one in frame.fit.missing}
    for place, text in frame.marks.items():
        said = (
            f"Here stood '{shown(text)}' when the layout was taught" if place in missing else "Found again by this text"
        )
        found[place] = ("question" if place in missing else "mark", said)
    return found


def placed(spots) -> list[Place]:
    return [spot.place for spot in spots.values() if spot.place is not None]


def spoken_for(figure: Figure, found: Drawn) -> dict[Place, tuple[Role, str]]:
    """Return what says something of a figure: the cells of its measure, period, area and so on."""
    said: dict[Place, tuple[Role, str]] = {}
    for dimension, heard in figure.heard.items():
        if heard.place is None or heard.place == figure.place or not heard.word:
            continue
        role, words = role_of(figure, dimension)
        before = found.get(heard.place, ("outside", ""))
        if before[0] in ("question", "period", "area") and role in ("label", "ignored"):
            continue
        said[heard.place] = (role, words)
    return said


def role_of(figure: Figure, dimension: WordKind) -> tuple[Role, str]:
    """Return what a word is to the layout, and what it means in words."""
    understood = figure.heard[dimension].understood
    if understood.is_ignored:
        return "ignored", f"{TITLES[dimension]}: ignored"
    if dimension in figure.unknown or understood.is_unknown:
        return "question", f"{TITLES[dimension]}: not known yet"
    return ROLES.get(dimension, "label"), f"{TITLES[dimension]}: {understood.in_words}"


def figure_words(figure: Figure, analysis: Analysis) -> tuple[Role, str]:
    """Return what became of a cell in the body of a table, in words."""
    if figure.reason:
        return "ignored", f"Not read: {figure.reason}"
    if figure.unknown:
        asked = " and ".join(TITLES[dimension].lower() for dimension in figure.unknown)
        return "question", f"Waits for the meaning of a word: {asked}"
    assert figure.meaning is not None
    kpi = analysis.definitions.kpis[figure.meaning.kpi]
    said: Sequence[str] = (
        kpi.title,
        period_in_words(figure, analysis.vocabulary),
        "" if figure.area == "partnership" else analysis.vocabulary.in_words("area", figure.area),
        figure.provider or "",
        figure.group or "",
    )
    number = number_words(figure, kpi)
    part = {"number": "", "out_of": "out of ", "value": ""}[figure.part]
    return "figure", f"{', '.join(filter(None, said))}: {part}{number}"
