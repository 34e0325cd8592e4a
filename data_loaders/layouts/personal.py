"""Owns what of a sender's sheet may be shown: nothing of a list of children, no label that looks like a person."""

import re
from collections.abc import Iterable

from data_loaders.grid import Cell, Sheet, address
from data_loaders.layouts.analysis import Analysis
from data_loaders.layouts.places import Place
from data_loaders.matching import recognise
from data_loaders.privacy import by_heading, by_values, holds_person
from data_loaders.problems import Problem
from scorecards.definitions import Definitions, normalise

HIDDEN_SHEET = "The sheet is hidden, so what stands in it is not shown."
OF_CHILDREN = "The sheet lists children or other people, so what stands in it is not shown."
TOLD_BY_HEADING = ("names", "addresses", "NHS numbers", "pupil numbers", "numbers of a person", "telephone numbers")
ROWS_LOOKED_AT = 2_000
# Words of tables of figures, beside those of the KPIs, that no name of a person has in it.
_PLAIN = (
    "number total percentage percent rate average all children child young people person families family cases case "
    "referrals referral reports report incidents incident attendances attendance episodes episode visits plans plan "
    "orders order exclusions exclusion suspensions offences offence crimes crime victims domestic abuse neglect sexual "
    "physical emotional exploitation self harm mental health missing police school schools education training staff "
    "days weeks months quarter year term hospital site trust male female boys girls under over aged age group "
    "ethnicity other unknown not known target actual performance indicator measure notes comments source national "
    "local england "
    "region service team hours calls contacts open closed arrests warnings orders meetings assessments checks"
)


def vocabulary_of(definitions: Definitions) -> set[str]:
    """Return words of measures, places and agencies: a label that has one is not the name of a person."""
    us = definitions.partnership
    texts = [_PLAIN, us.name, *(kpi.title for kpi in definitions.kpis.values())]
    texts += [agency.title for agency in us.agencies.values()]
    for locality in us.localities.values():
        texts += [locality.title, *locality.aliases, *locality.teams, *locality.districts, *locality.providers]
    return {word for text in texts for word in normalise(text).split() if len(word) > 2}


def why_not_shown(sheet: Sheet, definitions: Definitions) -> str:
    """Return why nothing of a sheet may be shown, as a sentence; "" where it may."""
    if sheet.state != "visible":
        return HIDDEN_SHEET
    found = recognise(sheet, definitions)
    if found.has_children or any(match.record.child_column for match in found.matches):
        return OF_CHILDREN
    words = vocabulary_of(definitions)
    return OF_CHILDREN if any(holds_people(column.uniques, words) for column in sheet.columns) else ""


def holds_people(cells: Iterable[Cell], words: set[str]) -> bool:
    """Return whether the different cells of a column are mostly identifiers or names of people."""
    filled = [cell for cell in cells if cell.kind in ("text", "number")][:ROWS_LOOKED_AT]
    telling = [cell for cell in filled if cell.kind == "number" or is_telling(cell.value, words)]
    heads = [by_heading(cell.value) for cell in filled if cell.kind == "text" and len(cell.value) < 60]
    is_headed = any(head in TOLD_BY_HEADING for head in heads) and len(telling) > 2
    found = by_values(telling, len(telling))
    # A mailbox or telephone number in a note is the sender's own; it is blacked out where it stands.
    return (is_headed and bool(found)) or found in ("names", "NHS numbers", "pupil numbers", "postcodes")


def is_telling(text: str, words: set[str]) -> bool:
    return not words & set(normalise(text).split()) and re.search(r"[^\W\d_]", text) is not None


def personal_problems(analysis: Analysis) -> list[Problem]:
    """Return an error for each sheet whose labels seem to hold people: nothing of such a file is read."""
    words = vocabulary_of(analysis.definitions)
    found = []
    for name, grid in analysis.grids.items():
        places = speaking_in(analysis, name)
        texts = {place: str(grid.cell(*place).value) for place in places if grid.cell(*place).kind == "text"}
        bad = next((place for place, text in texts.items() if holds_person(text)), None)
        if bad is None:
            bad = names_in(texts, words)
        what = "a person's details" if bad is not None else ""
        if bad is None and why_not_shown(grid.sheet, analysis.definitions):
            bad, what = min(places, default=(0, 0)), "a list of children or other people"
        if bad is not None:
            found.append(personal_problem(analysis.content.name, name, bad, what))
    return found


def names_in(texts: dict[Place, str], words: set[str]) -> Place | None:
    """Return the first of the labels of a column or headings of a row that are mostly names of people."""
    for axis in (0, 1):
        lines: dict[int, list[Place]] = {}
        for place in texts:
            lines.setdefault(place[axis], []).append(place)
        for places in lines.values():
            telling = [place for place in places if is_telling(texts[place], words)]
            cells = list(dict.fromkeys(Cell("text", texts[place]) for place in telling))
            if by_values(cells, len(cells)) in ("names", "NHS numbers", "pupil numbers", "postcodes"):
                return min(telling)
    return None


def speaking_in(analysis: Analysis, sheet: str) -> list[Place]:
    """Return the places of the labels and headings that speak for figures of a sheet."""
    found = {
        heard.place: None
        for figure in analysis.figures
        if figure.frame.grid.sheet.name == sheet
        for heard in figure.heard.values()
        if heard.place is not None
    }
    return sorted(found)


def personal_problem(file: str, sheet: str, place: Place, what: str) -> Problem:
    sentence = f"The labels seem to hold {what}. Nothing of the file was read."
    advice = "Ask the sender for figures without names or identifiers, and delete this file."
    return Problem("personal_data", "error", file, sheet, address(*place), None, None, sentence, advice)
