"""Owns the cover sheet of our own templates: what stands where, and what a filled one says."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from data_loaders.dates import Trouble, read_date
from data_loaders.grid import BLANK, Cell, FileContent, Sheet
from data_loaders.results import Covers
from scorecards.definitions import Definitions, normalise

LAYOUT = "Safeguarding scorecards return, layout 1"
COVER = "Cover"
AGENCY, PERIOD, FIRST_DAY, LAST_DAY, TEMPLATE = "Agency", "Period", "First day covered", "Last day covered", "Template"
NIL_LIST, NIL = "List", "Nothing to report"
SHEET_NAME_LENGTH = 31  # Excel allows no more
YES = {"yes", "y", "x", "true", "1"}
ROWS_LOOKED_AT = 100


@dataclass(frozen=True)
class CoverSheet:
    """What a template's cover says; None where it was changed so that it cannot be read."""

    sheet: str
    agency: str | None
    covers: Covers | None
    nil: frozenset[str]  # record types with nothing to report
    records: Mapping[str, str] = field(default_factory=dict)  # sheet name, normalised -> record type


def sheet_name(title: str) -> str:
    """Return a list's title as the name of a sheet."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in title)
    return " ".join(kept.split())[:SHEET_NAME_LENGTH].strip(" '")


def read_cover(content: FileContent, definitions: Definitions) -> CoverSheet | None:
    """Return the cover sheet of a file made from one of our templates, else None."""
    for sheet in content.sheets:
        said = labelled(sheet)
        if normalise(str(said.get(normalise(TEMPLATE), BLANK).value)).startswith(normalise(LAYOUT)):
            return from_labels(sheet, said, definitions)
    return None


def labelled(sheet: Sheet) -> dict[str, Cell]:
    """Return the cells of the second column by the normalised text beside them; of two alike the upper holds."""
    if len(sheet.columns) < 2:
        return {}
    said: dict[str, Cell] = {}
    for row in range(min(sheet.n_rows, ROWS_LOOKED_AT)):
        label, value = sheet.columns[0].cell(row), sheet.columns[1].cell(row)
        if label.kind == "text":
            said.setdefault(normalise(label.value), value)
    return said


def from_labels(sheet, said, definitions: Definitions) -> CoverSheet:
    agencies = definitions.partnership.agencies
    by_form = {normalise(form): name for name, agency in agencies.items() for form in (agency.title, name)}
    first, last = (day_of(said.get(normalise(label))) for label in (FIRST_DAY, LAST_DAY))
    covers = (first, last) if first and last and first <= last else None
    lists = {normalise(record.title): name for name, record in definitions.record_types.items()}
    nil = {name for form, name in lists.items() if is_yes(said.get(form))}
    records = {normalise(sheet_name(record.title)): name for name, record in definitions.record_types.items()}
    agency = by_form.get(normalise(str(said.get(normalise(AGENCY), BLANK).value)))
    return CoverSheet(sheet.name, agency, covers, frozenset(nil), records)


def day_of(cell) -> datetime.date | None:
    if cell is None or cell.kind == "blank":
        return None
    found = read_date(cell, datetime.date(2000, 1, 1), datetime.date(2100, 1, 1), epoch_1904=False)
    return None if isinstance(found, Trouble) else datetime.date.fromordinal(found[0])


def is_yes(cell) -> bool:
    return cell is not None and cell.kind != "blank" and normalise(str(cell.value)) in YES
