"""Owns the first draft of a layout: what seems to say what of a sheet's figures; a guess, for a person to confirm."""

import datetime
import re
from collections.abc import Mapping, Sequence
from statistics import mean

from data_loaders.grid import FileContent, address, column_letters
from data_loaders.layouts.blocks import A_YEAR, Block, blocks_of, is_period
from data_loaders.layouts.kept import taught
from data_loaders.layouts.meanings import PART_WORDS, UNIT_WORDS, plain_form, text_of
from data_loaders.layouts.model import Layout, Meaning
from data_loaders.layouts.personal import why_not_shown
from data_loaders.layouts.places import Grid, Place, grid_of
from data_loaders.layouts.trying import words_of
from data_loaders.parsing import tidy
from data_loaders.places import WHOLE_AREA, WHOLE_AREA_WORDS, Places
from data_loaders.problems import SHOWN_LENGTH, shown
from scorecards.definitions import Definitions, normalise
from scorecards.errors import ScorecardError
from scorecards.periods import covered_within, parse_covered

MARKS = 4
BLANKS_ALLOWED = 20
_BARE_TO_DATE = re.compile(r"f?ytd|year to date|to date|cumulative", re.I)
_PROVIDERS = re.compile(r"\b(?:hospital|trust|infirmary|nhs|clinic|practice|provider|site|a&e)\b", re.I)
_AREAS = re.compile(r"\b(?:council|borough|district|county|city|locality|area|force|lpa|bcu)\b", re.I)
_MARKING = re.compile(r"\b(?:official|sensitive|confidential|restricted|protect|draft)\b", re.I)
_BASES = {
    "total",
    "sum",
    "average",
    "mean",
    "month end",
    "snapshot",
    "total snapshot",
    "ytd",
    "year to date",
    "rolling",
}
# What a column of labels is, by its own heading.
_HEADED = {
    "unit": re.compile(r"units?|unit of measure|format|type of figure|number or percentage", re.I),
    "basis": re.compile(r"basis|aggregation|covers|(?:how )?(?:counted|measured)(?: as)?", re.I),
    "group": re.compile(r"group|category|categories|age(?: group| band)?|sex|gender|ethnicity", re.I),
    "breakdown": re.compile(r"breakdown|broken down by|split(?: by)?", re.I),
    "provider": re.compile(r"provider|site|hospital|trust|organisation", re.I),
    "area": re.compile(r"area|council|locality|district|borough|local authority|la", re.I),
    "available_from": re.compile(r"available(?: from)?|expected|due", re.I),
}


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

    Raise ScorecardError where nothing on the sheet looks like a table of figures, or it may not be shown.
    """
    sheet = next((one for one in content.sheets if one.name == sheet_name), None)
    if sheet is None:
        raise ScorecardError(f"{content.name} has no sheet '{sheet_name}'.")
    if hidden := why_not_shown(sheet, definitions):
        raise ScorecardError(f"Sheet '{sheet_name}': {hidden[0].lower()}{hidden[1:]}")
    grid, places = grid_of(sheet), Places(definitions.partnership)
    blocks = blocks_of(grid)
    tables = [table for block in blocks if (table := table_of(grid, block, content.name, places, len(blocks) == 1))]
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


def table_of(grid: Grid, block: Block, file_name: str, places: Places, is_only: bool) -> dict | None:
    """Return a taught table for a block, as plain values, or None where no fixed text marks it."""
    says = says_of(grid, block, file_name, places)
    marks = marks_of(grid, block)
    if not marks:
        return None
    by_sheet = is_only and says["measure"] == [{"sheet_name": True}]
    rows, columns = block.gaps
    return {
        "title": "A sheet for each measure" if by_sheet else title_of(grid, block),
        "sheet": "*" if by_sheet else sheet_pattern(grid.sheet.name),
        "first": address(block.rows[0], block.columns[0]),
        "blank_rows": min(rows, BLANKS_ALLOWED),
        "blank_columns": min(columns, BLANKS_ALLOWED),
        "marks": marks,
        "says": says,
    }


# What says what


def says_of(grid: Grid, block: Block, file_name: str, places: Places) -> dict[str, list[dict]]:
    """Return the sources of each dimension, as far as headings and labels tell."""
    heads = {row: texts_in_row(grid, row, block) for row in block.headings}
    labels = {column: texts_in_column(grid, column, block) for column in block.labels}
    says = {"period": period_sources(grid, block, heads, labels, file_name)}
    sections = section_source(grid, block, labels)
    name_label_columns(grid, block, labels, says, places, has_other_measure=bool(sections or not heads))
    measure = max(labels, key=lambda column: mean(map(len, labels[column])), default=None)
    if measure is not None:
        says["measure"] = [*sections, {"label_column": column_letters(measure)}]
    elif sections:
        says["measure"] = sections
    name_heading_rows(heads, says, places)
    says.setdefault("measure", [{"sheet_name": True}])
    if "breakdown" not in says:
        says.pop("group", None)
    return says


def texts_in_row(grid: Grid, row: int, block: Block) -> list[str]:
    """Return the texts above the figures in one heading row."""
    texts = (text_of(grid.cell(row, column)) for column in range(block.columns[0], block.columns[1] + 1))
    return [text for text in texts if text]


def texts_in_column(grid: Grid, column: int, block: Block) -> list[str]:
    return [text for row in block.rows if (text := text_of(grid.cell(row, column)))]


def mostly(texts: Sequence[str], test, at_least: float = 0.5) -> bool:
    return bool(texts) and sum(1 for text in texts if test(text)) >= at_least * len(texts)


def says_year(text: str) -> bool:
    """Return whether a text names a period with its year, or a year by itself."""
    if _BARE_TO_DATE.fullmatch(text.strip()):
        return False
    return bool(A_YEAR.fullmatch(text.strip())) or parse_covered(text) is not None


def period_sources(grid: Grid, block: Block, heads: dict, labels: dict, file_name: str) -> list[dict]:
    """Return what says the period, and take it from the headings and labels that are left."""
    rows = [row for row in heads if mostly(heads[row], is_period)]
    columns = [column for column in labels if mostly(labels[column], is_period)] if not rows else []
    texts = [heads.pop(row) for row in rows] + [labels.pop(column) for column in columns]
    sources: list[dict] = [{"heading_row": row + 1} for row in rows]
    sources += [{"label_column": column_letters(column)} for column in columns]
    if any(mostly(one, says_year) for one in texts):
        return sources
    return [*year_source(grid, block, file_name), *sources]


def year_source(grid: Grid, block: Block, file_name: str) -> list[dict]:
    """Return the nearest cell above the table that names a period, else the sheet's or the file's name."""
    for row in range(block.top - 1, -1, -1):
        for column in range(grid.n_columns):
            text = text_of(grid.cell(row, column))
            if text and (covered_within(text) is not None or A_YEAR.fullmatch(text)):
                return [{"cell": address(row, column)}]
    names_none = covered_within(grid.sheet.name) is None and covered_within(file_name.rpartition(".")[0]) is not None
    return [{"file_name": True}] if names_none else [{"sheet_name": True}]


def section_source(grid: Grid, block: Block, labels: Mapping[int, Sequence[str]]) -> list[dict]:
    """Return the column of texts that stand alone in their row, where the labels below them repeat."""
    if not block.sections or not any(len(set(texts)) < len(texts) for texts in labels.values()):
        return []
    column = next(at for at in block.labels if text_of(grid.cell(block.sections[0], at)))
    return [{"section_column": column_letters(column)}]


def name_label_columns(
    grid: Grid, block: Block, labels: dict, says: dict, places: Places, *, has_other_measure: bool
) -> None:
    """Name the columns of labels that are no measure, by their heading or by their words.

    The last of them is the measure, unless sections or the sheet can say that and its words are areas or providers.
    """
    for column in list(labels):
        is_last = len(labels) == 1
        if is_last and not has_other_measure and not mostly(labels[column], lambda text: is_area(text, places)):
            return
        by_heading = None if is_last else headed(grid, block, column)
        dimension = by_heading or by_words(labels[column], places)
        if is_last and dimension not in ("area", "provider"):
            return
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
    parts = {**PART_WORDS, "percent": "value", "total": "number"}
    # "Number" and "%" may say either, but only a column of parts says what a number is out of.
    has_base = any(parts.get(plain_form(text)) == "out_of" for text in texts)
    tests = (
        ("part", lambda text: has_base and plain_form(text) in parts),
        ("unit", lambda text: len(texts) > 3 and plain_form(text) in UNIT_WORDS),
        ("basis", lambda text: plain_form(text) in _BASES),
        ("part", lambda text: plain_form(text) in parts),
        ("area", lambda text: is_area(text, places)),
        ("provider", lambda text: bool(_PROVIDERS.search(text))),
        ("area", lambda text: bool(_AREAS.search(text))),
    )
    return next((name for name, test in tests if mostly(texts, test)), None)


def is_area(text: str, places: Places) -> bool:
    return normalise(text) in places.areas and normalise(text) not in map(normalise, WHOLE_AREA_WORDS)


def name_heading_rows(heads: Mapping[int, Sequence[str]], says: dict, places: Places) -> None:
    """Name the rows of headings that are no periods: the first is the measure, if nothing else is."""
    for row, texts in heads.items():
        has_area = any(is_area(text, places) for text in texts) or len(set(texts)) > 1
        dimension = "measure" if "measure" not in says else by_words(texts, places) or ("area" if has_area else None)
        if dimension and dimension not in says:
            says[dimension] = [{"heading_row": row + 1}]


# By what the table is found again


def marks_of(grid: Grid, block: Block) -> dict[str, str]:
    """Return fixed texts by which the table is found again: headings of its labels, else a title, else labels."""
    before = range(block.start, block.columns[0])
    heads = [(row, column) for row in block.headings for column in before]
    titles = [(row, column) for row in range(block.top - 1, block.after, -1) for column in before[:1]]
    labels = [(row, column) for column in block.labels[:1] for row in block.rows]
    fixed = [place for place in (*heads, *titles) if is_fixed(grid, place)][:MARKS]
    more = [place for place in labels if is_fixed(grid, place)][: max(0, 2 - len(fixed))]
    return {address(*place): tidy(grid.cell(*place)) for place in (*fixed, *more)}


def is_fixed(grid: Grid, place: Place) -> bool:
    """Return whether a text will be the same next time: no number, period, marking or name of the sheet, and plain."""
    cell = grid.cell(*place)
    if cell.kind != "text":
        return False
    text = tidy(cell)
    if is_period(text) or covered_within(text) is not None or _MARKING.search(text) or re.search(r"\d", text):
        return False
    return 2 < len(text) <= SHOWN_LENGTH and shown(text) == text and plain_form(text) != plain_form(grid.sheet.name)


def title_of(grid: Grid, block: Block) -> str:
    """Return the first title above the table, else the heading of its labels, else where it begins."""
    rows = [*range(block.after + 1, block.top), *block.headings]
    texts = [text_of(grid.cell(row, column)) for row in rows for column in range(block.start, block.columns[0])]
    plain = [text for text in texts if text and not is_period(text) and not covered_within(text)]
    named = [shown(text) for text in plain if len(text) > 2 and not _MARKING.search(text)]
    return named[0] if named else f"{grid.sheet.name}, from {address(block.rows[0], block.columns[0])}"


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
