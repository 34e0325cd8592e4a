"""Owns the first draft of a layout: where a sheet's figures seem to stand and what says them; a guess for a person."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean

from data_loaders.grid import Cell, FileContent, address, column_letters
from data_loaders.layouts.kept import taught
from data_loaders.layouts.laying import words_of
from data_loaders.layouts.meanings import (
    PART_WORDS,
    UNIT_WORDS,
    is_status,
    plain_form,
    text_of,
)
from data_loaders.layouts.model import Layout, Meaning
from data_loaders.layouts.places import Grid, Place, grid_of
from data_loaders.parsing import tidy
from data_loaders.places import WHOLE_AREA, WHOLE_AREA_WORDS, Places
from data_loaders.problems import shown
from scorecards.definitions import Definitions, normalise
from scorecards.errors import ScorecardError
from scorecards.periods import covered_within, parse_covered

HEADING_ROWS = 5  # at most, above a table
GAP = 2  # rows without figures that a table may have within it
MARKS = 4
_NUMBER = re.compile(r"[<≤£(-]? ?\d[\d,]*(?:\.\d+)? ?%?\)?")
_PART_OF_PERIOD = re.compile(
    r"q(?:uarter|tr)? ?[1-4]|h[12]|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*|"
    r"(?:autumn|spring|summer)(?: term)?|f?ytd|year to date|to date|cumulative",
    re.I,
)
_A_YEAR = re.compile(r"20\d\d(?: ?[/–-] ?(?:20)?\d\d)?|(?:fy ?)?\d\d ?[/-] ?\d\d", re.I)
_PROVIDERS = re.compile(r"\b(?:hospital|trust|infirmary|nhs|clinic|practice|provider|site|a&e|ed)\b", re.I)
_AREAS = re.compile(r"\b(?:council|borough|district|county|city|locality|area|force|lpa|bcu)\b", re.I)
# What a column of labels is, by its own heading.
_HEADED = {
    "unit": re.compile(r"units?|unit of measure|format|type of figure|number or percentage", re.I),
    "basis": re.compile(r"basis|aggregation|covers|how counted|type", re.I),
    "group": re.compile(r"group|category|categories|age(?: group| band)?|sex|gender|ethnicity|breakdown value", re.I),
    "breakdown": re.compile(r"breakdown|broken down by|split(?: by)?|dimension", re.I),
    "provider": re.compile(r"provider|site|hospital|trust|organisation", re.I),
    "area": re.compile(r"area|council|locality|district|borough|local authority|la", re.I),
    "available_from": re.compile(r"available(?: from)?|expected|due", re.I),
    "period": re.compile(r"period|month|quarter|term|year|reporting period", re.I),
    "part": re.compile(r"number or out of|part|figure", re.I),
}


@dataclass(frozen=True)
class Block:
    """Rows and columns that seem to be the figures of one table, with the rows and columns of words around them."""

    rows: tuple[int, ...]
    first_column: int
    last_column: int
    labels: tuple[int, ...]  # columns
    headings: tuple[int, ...]  # rows
    sections: tuple[int, ...]  # rows with a text that stands alone
    gap: int


def propose(
    content: FileContent,
    sheet_name: str,
    definitions: Definitions,
    *,
    agency: str,
    taught_by: str = "draft",
    taught_on: datetime.date | None = None,
) -> Layout:
    """Return a first draft of a layout for one sheet: a guess, to be shown, corrected and confirmed by a person.

    Raise ScorecardError where nothing on the sheet looks like a table of figures.
    """
    sheet = next((one for one in content.sheets if one.name == sheet_name), None)
    if sheet is None:
        raise ScorecardError(f"{content.name} has no sheet '{sheet_name}'.")
    grid = grid_of(sheet)
    places = Places(definitions.partnership)
    tables = [table for block in blocks_of(grid) if (table := table_of(grid, block, content.name, places))]
    if not tables:
        raise ScorecardError(f"Nothing on sheet '{sheet_name}' looks like a table of figures with words beside it.")
    draft = Layout.model_validate({
        "agency": agency,
        "name": "draft",
        "title": f"Figures from {definitions.partnership.agencies[agency].title}",
        "taught_by": taught_by,
        "taught_on": taught_on or datetime.date.today(),
        "tables": tables,
    })  # fmt: skip
    return with_plain_words(draft, content, definitions, places)


# Where the figures stand


def is_figure(cell: Cell) -> bool:
    """Return whether a cell may be a figure: a number, or what stands for one."""
    if cell.kind in ("number", "percent"):
        return True
    if cell.kind != "text":
        return False
    text = tidy(cell)
    return bool(_NUMBER.fullmatch(text)) or is_status(text)


def is_words(cell: Cell) -> bool:
    return cell.kind in ("text", "date", "datetime") and not is_figure(cell)


def blocks_of(grid: Grid) -> list[Block]:
    """Return the blocks of figures on a sheet, from the top; a row is of one where a word stands before its figures."""
    rows = [row for row in range(grid.n_rows) if figures_after_words(grid, row)]
    found: list[list[int]] = []
    for row in rows:
        if found and row - found[-1][-1] - 1 <= GAP and not heads_a_table(grid, found[-1][-1], row):
            found[-1].append(row)
        else:
            found.append([row])
    blocks = [block_of(grid, group, found[at - 1][-1] if at else -1) for at, group in enumerate(found)]
    return [block for block in blocks if block is not None]


def figures_after_words(grid: Grid, row: int) -> list[int]:
    """Return the columns of the figures of a row that stand after a word."""
    words = [column for column in range(grid.n_columns) if is_words(grid.cell(row, column))]
    if not words or is_heading(grid, row):
        return []
    return [column for column in range(words[0] + 1, grid.n_columns) if is_figure(grid.cell(row, column))]


def is_heading(grid: Grid, row: int) -> bool:
    """Return whether a row is mostly periods: years are numbers, too."""
    cells = [grid.cell(row, column) for column in range(grid.n_columns) if grid.cell(row, column).kind != "blank"]
    periods = sum(1 for cell in cells if is_period(text_of(cell)))
    return periods >= 2 and 2 * periods >= len(cells) - 1


def heads_a_table(grid: Grid, above: int, below: int) -> bool:
    """Return whether headings stand between two rows of figures, so that another table begins there."""
    return any(
        sum(1 for column in range(grid.n_columns) if is_words(grid.cell(row, column))) > 1
        for row in range(above + 1, below)
    )


def block_of(grid: Grid, rows: Sequence[int], after: int) -> Block | None:
    """Return the block of figures in some rows, or None where no column is of figures."""
    width = range(grid.n_columns)
    words = [column for column in width if share(grid, rows, column, is_words) >= 0.5]
    figures = [column for column in width if share(grid, rows, column, is_figure) >= 0.3]
    firsts = [column for column in figures if any(before < column for before in words)]
    if not firsts:
        return None
    first = firsts[0]
    labels = tuple(column for column in range(first) if share(grid, rows, column, is_words) >= 0.2)
    headings = heading_rows(grid, rows[0], first, after)
    sections = tuple(
        row for row in range((headings or (rows[0] - 1,))[-1] + 1, rows[-1])
        if row not in rows and [at for at in width if grid.cell(row, at).kind != "blank"] in [[one] for one in labels]
    )  # fmt: skip
    gaps = [below - above - 1 for above, below in pairwise(rows)]
    return Block(tuple(rows), first, max(figures), labels, headings, sections, max(gaps, default=0))


def share(grid: Grid, rows: Sequence[int], column: int, test) -> float:
    return sum(1 for row in rows if test(grid.cell(row, column))) / len(rows)


def heading_rows(grid: Grid, first_row: int, first_column: int, after: int) -> tuple[int, ...]:
    """Return the rows of headings above a table: those with words over its figures, without a gap but for one row."""
    found: list[int] = []
    for row in range(first_row - 1, max(after, first_row - 1 - HEADING_ROWS - 1), -1):
        filled = [at for at in range(first_column, grid.n_columns) if grid.cell(row, at).kind != "blank"]
        if filled and (found or not only_a_title(grid, row, filled)):
            found.insert(0, row)
        elif found:
            break
    return tuple(found)


def only_a_title(grid: Grid, row: int, filled: Sequence[int]) -> bool:
    return len(filled) == 1 and len(text_of(grid.cell(row, filled[0]))) > 60


# What says what


def is_period(text: str) -> bool:
    """Return whether a text is the name of a period, or that of one without its year."""
    text = text.strip()
    return bool(_PART_OF_PERIOD.fullmatch(text) or _A_YEAR.fullmatch(text) or parse_covered(text))


def says_year(text: str) -> bool:
    return parse_covered(text) is not None and not re.fullmatch(r"f?ytd|year to date|to date|cumulative", text, re.I)


def table_of(grid: Grid, block: Block, file_name: str, places: Places) -> dict | None:
    """Return a taught table for a block, as plain values, or None where nothing marks it."""
    heads = {row: texts_in_row(grid, row, block) for row in block.headings}
    labels = {column: texts_in_column(grid, column, block) for column in block.labels}
    says: dict[str, list[dict]] = {}
    left_heads, left_labels = dict(heads), dict(labels)
    says["period"] = period_sources(grid, block, left_heads, left_labels, file_name)
    name_label_columns(grid, block, left_labels, says, places)
    measure = max(left_labels, key=lambda column: mean(map(len, left_labels[column])), default=None)
    if measure is not None:
        says["measure"] = [{"label_column": column_letters(measure)}]
        del left_labels[measure]
    name_heading_rows(left_heads, says, places)
    name_sections(grid, block, labels.get(measure, []) if measure is not None else [], measure, says, places)
    if "measure" not in says:
        says["measure"] = [{"sheet_name": True}]
    if "group" in says and "breakdown" not in says:
        del says["group"]
    marks = marks_of(grid, block)
    if not marks:
        return None
    is_sheet_a_measure = says["measure"] == [{"sheet_name": True}]
    return {
        "title": "A sheet for each measure" if is_sheet_a_measure else title_of(grid, block),
        "sheet": "*" if is_sheet_a_measure else sheet_pattern(grid.sheet.name),
        "first": address(block.rows[0], block.first_column),
        "blank_rows": min(block.gap, GAP) if not block.sections else max(0, block.gap - 1),
        "marks": marks,
        "says": says,
    }


def texts_in_row(grid: Grid, row: int, block: Block) -> list[str]:
    """Return the texts above the figures in one heading row."""
    texts = (text_of(grid.cell(row, column)) for column in range(block.first_column, grid.n_columns))
    return [text for text in texts if text]


def texts_in_column(grid: Grid, column: int, block: Block) -> list[str]:
    return [text for row in block.rows if (text := text_of(grid.cell(row, column)))]


def mostly(texts: Sequence[str], test, at_least: float = 0.5) -> bool:
    return bool(texts) and sum(1 for text in texts if test(text)) >= at_least * len(texts)


def period_sources(grid: Grid, block: Block, heads: dict, labels: dict, file_name: str) -> list[dict]:
    """Return what says the period, and take it from the headings and labels that are left."""
    rows = [row for row in heads if mostly(heads[row], is_period)]
    columns = [column for column in labels if mostly(labels[column], is_period)]
    texts = [text for row in rows for text in heads[row]] or [text for column in columns for text in labels[column]]
    sources = [{"heading_row": row + 1} for row in rows]
    if not rows:
        sources = [{"label_column": column_letters(column)} for column in columns]
    for row in rows:
        del heads[row]
    for column in columns:
        labels.pop(column, None)
    if sources and mostly(texts, says_year):
        return sources
    return [*year_source(grid, block, file_name), *sources]


def year_source(grid: Grid, block: Block, file_name: str) -> list[dict]:
    """Return the cell above the table that names a period, else the sheet's or the file's name."""
    top = min((*block.headings, *block.rows))
    for row in range(top - 1, -1, -1):
        for column in range(grid.n_columns):
            text = text_of(grid.cell(row, column))
            if text and (covered_within(text) is not None or _A_YEAR.fullmatch(text)):
                return [{"cell": address(row, column)}]
    if covered_within(grid.sheet.name):
        return [{"sheet_name": True}]
    return [{"file_name": True}] if covered_within(file_name.rpartition(".")[0]) else [{"sheet_name": True}]


def name_label_columns(grid: Grid, block: Block, labels: dict, says: dict, places: Places) -> None:
    """Name the columns of labels that are no measure, by their heading or by their words."""
    for column in list(labels):
        if len(labels) == 1:
            return
        dimension = headed(grid, block, column) or by_words(labels[column], places)
        if dimension and dimension not in says:
            says[dimension] = [{"label_column": column_letters(column)}]
            del labels[column]


def headed(grid: Grid, block: Block, column: int) -> str | None:
    """Return what a column of labels says by its own heading."""
    for row in reversed(block.headings):
        text = text_of(grid.cell(row, column))
        if text:
            return next((name for name, pattern in _HEADED.items() if pattern.fullmatch(text.strip(" :"))), None)
    return None


def by_words(texts: Sequence[str], places: Places) -> str | None:
    """Return what some headings or labels say, by most of their words."""
    tests = (
        (
            "unit",
            lambda text: plain_form(text) in UNIT_WORDS and plain_form(text) not in ("number", "no", "n", "count"),
        ),
        ("part", lambda text: plain_form(text) in {**PART_WORDS, "percent": "value", "total": "number"}),
        ("area", lambda text: is_area(text, places)),
        ("provider", lambda text: bool(_PROVIDERS.search(text))),
        ("area", lambda text: bool(_AREAS.search(text))),
    )
    return next((name for name, test in tests if mostly(texts, test)), None)


def is_area(text: str, places: Places) -> bool:
    return normalise(text) in places.areas and normalise(text) not in map(normalise, WHOLE_AREA_WORDS)


def name_heading_rows(heads: Mapping[int, Sequence[str]], says: dict, places: Places) -> None:
    """Name the rows of headings that are no periods."""
    for row, texts in heads.items():
        if "measure" not in says:
            says["measure"] = [{"heading_row": row + 1}]
            continue
        dimension = by_words(texts, places) or ("area" if any(is_area(text, places) for text in texts) else None)
        if dimension is None and len(set(texts)) > 1:
            dimension = "area" if "area" not in says else None
        if dimension and dimension not in says:
            says[dimension] = [{"heading_row": row + 1}]


def name_sections(grid, block: Block, labels: Sequence[str], measure: int | None, says: dict, places: Places) -> None:
    """Take texts that stand alone in their row as part of the measure where labels repeat below them, or as areas."""
    if not block.sections or measure is None or len(set(labels)) == len(labels):
        return
    texts = [text_of(grid.cell(row, at)) for row in block.sections for at in block.labels]
    column = next(at for at in block.labels if grid.cell(block.sections[0], at).kind != "blank")
    source = {"section_column": column_letters(column)}
    if "area" not in says and any(is_area(text, places) for text in texts if text):
        says["area"] = [source]
    else:
        says["measure"].insert(0, source)


def marks_of(grid: Grid, block: Block) -> dict[str, str]:
    """Return fixed texts by which the table is found again: headings of its labels, else a title, else labels."""
    heads = [(row, column) for row in block.headings for column in range(block.first_column)]
    above = min((*block.headings, *block.rows))
    titles = [(row, 0) for row in range(above - 1, -1, -1)]
    labels = [(row, column) for column in block.labels[:1] for row in block.rows]
    found: dict[str, str] = {}
    for place in (*heads, *titles):
        if is_fixed(grid, place) and len(found) < MARKS:
            found[address(*place)] = tidy(grid.cell(*place))
    for place in labels if len(found) < 2 else ():
        if is_fixed(grid, place) and len(found) < 2:
            found[address(*place)] = tidy(grid.cell(*place))
    return found


def is_fixed(grid: Grid, place: Place) -> bool:
    """Return whether a text will be the same next time: it has no number and no period, and may be shown."""
    cell = grid.cell(*place)
    if cell.kind != "text" or grid.merged.get(place, place) != place:
        return False
    text = tidy(cell)
    has_period = is_period(text) or covered_within(text) is not None
    return 2 < len(text) <= 80 and not has_period and not re.search(r"\d", text) and shown(text) == text[:60]


def title_of(grid: Grid, block: Block) -> str:
    """Return what stands above the table, else where it begins."""
    top = min((*block.headings, *block.rows))
    texts = [text_of(grid.cell(row, column)) for row in range(top - 1, max(top - 4, -1), -1) for column in range(3)]
    said = [shown(text) for text in texts if text and not covered_within(text) and not _A_YEAR.fullmatch(text)]
    return said[0] if said else f"{grid.sheet.name}, from {address(block.rows[0], block.first_column)}"


def sheet_pattern(name: str) -> str:
    """Return a sheet's name with * where it names a period, so that next quarter's sheet is the same one."""
    words = name.split()
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            if is_period(" ".join(words[start : start + length])):
                return " ".join([*words[:start], "*", *words[start + length :]])
    return name


# Words that are ours already


def with_plain_words(draft: Layout, content: FileContent, definitions: Definitions, places: Places) -> Layout:
    """Return the draft with the words that are exactly the title of a KPI or the name of a locality."""
    titles = {plain_form(kpi.title): kpi.id for kpi in definitions.kpis.values()}
    for one in words_of(content, draft, definitions):
        form = plain_form(one.word)
        if one.known == "" and one.dimension == "measure" and form in titles:
            draft = taught(draft, "measure", one.word, Meaning(kpi=titles[form]))
        if one.known == "" and one.dimension == "area" and is_area(one.word, places):
            draft = taught(draft, "area", one.word, places.area(one.word) or WHOLE_AREA)
    return draft
