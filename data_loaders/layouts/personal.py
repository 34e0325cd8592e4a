"""Owns what of a sender's sheet may be shown: nothing of a list of children, no label that looks like a person."""

import re
from collections.abc import Iterable, Mapping

from data_loaders.grid import Cell, Sheet, address
from data_loaders.layouts.analysis import Analysis
from data_loaders.layouts.places import Place
from data_loaders.matching import recognise
from data_loaders.privacy import by_heading, by_values, holds_person
from data_loaders.problems import Problem
from scorecards.definitions import Definitions, normalise

HIDDEN_SHEET = "The sheet is hidden, so what stands in it is not shown."
OF_CHILDREN = "The sheet lists children or other people, so what stands in it is not shown."
# A mailbox or telephone number in a note is the sender's own; it is blacked out where it stands.
OF_PEOPLE = ("names", "NHS numbers", "pupil numbers", "postcodes")
CELLS_LOOKED_AT = 2_000  # different ones of a column
LONGEST_HEADING = 60
# Words of tables of figures, beside those of the KPIs, that no name of a person has in it.
_PLAIN = (
    "number total percentage percent rate average all children child young people person families family cases case "
    "referrals referral reports report incidents incident attendances attendance episodes episode visits plans plan "
    "orders order exclusions exclusion suspensions offences offence crimes crime victims domestic abuse neglect sexual "
    "physical emotional exploitation self harm mental health missing police school schools education training staff "
    "days weeks months quarter year term male female boys girls under over aged age group ethnicity other unknown not "
    "known target actual performance indicator measure notes comments source national local england region service "
    "team hours calls contacts open closed arrests warnings meetings assessments checks rape burglary robbery theft "
    "hospital infirmary clinic site trust royal general university community ward lodge view park grove farm manor "
    "court cottage villa academy primary high church saint house home homes centre"
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
    words = vocabulary_of(definitions)
    is_of_people = lists_children(sheet, definitions) or any(
        holds_people(column.uniques, words) for column in sheet.columns
    )
    return OF_CHILDREN if is_of_people else ""


def lists_children(sheet: Sheet, definitions: Definitions) -> bool:
    """Return whether a sheet is a list of records about children, or has a column of their identifiers."""
    found = recognise(sheet, definitions)
    return found.has_children or any(match.record.child_column for match in found.matches)


def holds_people(cells: Iterable[Cell], words: set[str]) -> bool:
    """Return whether the different cells of a column are mostly identifiers or names of people."""
    filled = [cell for cell in cells if cell.kind in ("text", "number")][:CELLS_LOOKED_AT]
    telling = [cell for cell in filled if cell.kind == "number" or is_telling(cell.value, words)]
    found = by_values(telling, len(telling))
    heads = {by_heading(cell.value) for cell in filled if cell.kind == "text" and len(cell.value) < LONGEST_HEADING}
    return found in OF_PEOPLE or (bool(found) and bool(heads & set(OF_PEOPLE)))


def is_telling(text: str, words: set[str]) -> bool:
    """Return whether a text may be the name of a person: none of its words is of a table of figures."""
    return not words & set(normalise(text).split()) and re.search(r"[^\W\d_]", text) is not None


def personal_problems(analysis: Analysis) -> list[Problem]:
    """Return an error for each sheet whose labels seem to hold people: nothing of such a file is read.

    A word that was taught is known to be none: homes and schools are called like people.
    """
    words = vocabulary_of(analysis.definitions)
    found = []
    for name, grid in analysis.grids.items():
        said = spoken_in(analysis, name)
        texts = {place: text for place, (text, _) in said.items()}
        bad = next((place for place, text in texts.items() if holds_person(text)), None)
        bad = bad or names_in({place: text for place, (text, is_known) in said.items() if not is_known}, words)
        what = "a person's details"
        if bad is None and lists_children(grid.sheet, analysis.definitions):
            bad, what = min(texts, default=(0, 0)), "a list of children"
        if bad is not None:
            found.append(personal_problem(analysis.content.name, name, bad, what))
    return found


def spoken_in(analysis: Analysis, sheet: str) -> dict[Place, tuple[str, bool]]:
    """Return the texts that speak for figures of a sheet, by place, and whether the layout was taught them."""
    grid = analysis.grids[sheet]
    found: dict[Place, tuple[str, bool]] = {}
    for figure in analysis.figures:
        for heard in figure.heard.values() if figure.frame.grid is grid else ():
            place = heard.place
            if place is not None and place != figure.place and grid.cell(*place).kind == "text":
                is_known = found.get(place, ("", False))[1] or heard.understood.known in ("layout", "ignored")
                found[place] = (grid.cell(*place).value, is_known)
    return dict(sorted(found.items()))


def names_in(texts: Mapping[Place, str], words: set[str]) -> Place | None:
    """Return the first of the labels of a column, or headings of a row, that are mostly people."""
    for axis in (1, 0):
        lines: dict[int, list[Place]] = {}
        for place in texts:
            lines.setdefault(place[axis], []).append(place)
        for places in lines.values():
            telling = [place for place in places if is_telling(texts[place], words)]
            cells = list(dict.fromkeys(Cell("text", texts[place]) for place in telling))
            if by_values(cells, len(cells)) in OF_PEOPLE:
                return min(telling)
    return None


def personal_problem(file: str, sheet: str, place: Place, what: str) -> Problem:
    sentence = f"The labels seem to hold {what}. Nothing of the file was read."
    advice = "Ask the sender for figures without names or identifiers, and delete this file."
    return Problem("personal_data", "error", file, sheet, address(*place), None, None, sentence, advice)
