"""Owns the cover sheet of our own templates: what stands where, and what a filled one says."""

import datetime
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from data_loaders.dates import Trouble, read_date
from data_loaders.grid import BLANK, Cell, FileContent, Sheet
from data_loaders.results import Covers
from scorecards.definitions import Column, Definitions, RecordType, normalise
from scorecards.periods import parse_period

LAYOUT = "Safeguarding scorecards return, layout 1"
COVER = "Cover"
AGENCY, PERIOD, FIRST_DAY, LAST_DAY, TEMPLATE = "Agency", "Period", "First day covered", "Last day covered", "Template"
NIL_LIST, NIL = "List", "Nothing to report"
# What a template is says itself, in lines that a machine reads and that nobody needs to change.
IDENTITY = "For the program that reads this file: please leave the lines below as they are"
MADE_FOR, ASKED_FOR = "Made for", "Asked for"
MEASURE = "kpi:"  # before the id of a measure, where lists and measures stand side by side
_MADE_FOR = re.compile(r"(\w+), (\S+), definitions (\w+), check ([0-9a-f]{8})")
SHEET_NAME_LENGTH = 31  # Excel allows no more
YES = {"yes", "y", "x", "true", "1"}
ROWS_LOOKED_AT = 500


@dataclass(frozen=True)
class Made:
    """What a template says of itself: made for whom, for which period, of which definitions, and what it asked for."""

    agency: str = ""  # ids
    period: str = ""
    definitions: str = ""
    asked: frozenset[str] | None = None  # lists, "list.column" and "kpi:" + id; None where the lines were changed
    titles: Mapping[str, str] = field(default_factory=dict)  # normalised title -> list or "kpi:" + id

    @property
    def measures(self) -> dict[str, str]:
        """Return what the measures were called when it was made: normalised title -> id."""
        named = self.titles.items()
        return {title: item.removeprefix(MEASURE) for title, item in named if item.startswith(MEASURE)}

    def as_asked(self, definitions: Definitions) -> Definitions:
        """Return the definitions without a need for columns that came after the template was made."""
        asked = self.asked or frozenset()
        changed = {
            name: record.model_copy(update={"columns": columns_as_asked(record, asked)})
            for name, record in definitions.record_types.items()
            if name in asked
        }
        if not changed:
            return definitions
        return definitions.model_copy(update={"record_types": {**definitions.record_types, **changed}})


@dataclass(frozen=True)
class FromTemplate:
    """What is kept of the template that a file was made from."""

    period: str | None  # id
    asked: str | None  # JSON list; None where it is not what this agency was asked for this period


@dataclass(frozen=True)
class CoverSheet:
    """What a template's cover says; None where it was changed so that it cannot be read."""

    sheet: str
    agency: str | None
    covers: Covers | None
    nil: frozenset[str]  # record types with nothing to report
    records: Mapping[str, str] = field(default_factory=dict)  # sheet name, normalised -> record type
    period: str | None = None  # id
    made: Made = field(default=Made())

    def kept_of(self, agency: str | None) -> FromTemplate:
        """Return what to keep of the template, where `agency` sent it."""
        is_its_own = self.made.agency == agency and self.made.period == self.period
        asked = json.dumps(sorted(self.made.asked)) if self.made.asked is not None and is_its_own else None
        return FromTemplate(self.period, asked)


def columns_as_asked(record: RecordType, asked: Collection[str]) -> dict[str, Column]:
    """Return a list's columns, those that a template did not ask for not required."""
    return {
        name: column if f"{record.id}.{name}" in asked else column.model_copy(update={"required": False})
        for name, column in record.columns.items()
    }


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
    made = made_of(said)
    # A template may be older than the titles: what a list was called then still means it.
    then = {title: item for title, item in made.titles.items() if item in definitions.record_types}
    lists = then | {normalise(record.title): name for name, record in definitions.record_types.items()}
    nil = {name for form, name in lists.items() if is_yes(said.get(form))}
    records = {normalise(sheet_name(title)): name for title, name in lists.items()}
    records |= {normalise(sheet_name(record.title)): name for name, record in definitions.record_types.items()}
    agency = by_form.get(text_of(said, AGENCY))
    period = parse_period(str(said.get(normalise(PERIOD), BLANK).value or ""))
    return CoverSheet(sheet.name, agency, covers, frozenset(nil), records, period.id if period else None, made)


def text_of(said: Mapping[str, Cell], label: str) -> str:
    return normalise(str(said.get(normalise(label), BLANK).value))


def identity(agency: str, period: str, version: str, asked: Mapping[str, tuple[str, Iterable[str]]]) -> list[tuple]:
    """Return the lines (label, text) by which a template says what it is.

    `asked` has, by list or "kpi:" + id, its title and the columns that are asked for.
    """
    lines = [
        (f"{ASKED_FOR}: {title}", f"{item}: {', '.join(columns)}" if (columns := tuple(names)) else item)
        for item, (title, names) in asked.items()
    ]
    items = {one for _, text in lines for one in items_of(text)}
    return [(MADE_FOR, f"{agency}, {period}, definitions {version}, check {check_of(items)}"), *lines]


def items_of(text: str) -> list[str]:
    """Return the list with its columns, or the measure, that a line asks for: "contacts: source, outcome"."""
    item, _, columns = text.partition(": ") if not text.startswith(MEASURE) else (text, "", "")
    return [item.strip(), *(f"{item.strip()}.{name.strip()}" for name in columns.split(",") if name.strip())]


def check_of(items: Collection[str]) -> str:
    """Return a word by which it is seen that nobody changed what a template asked for."""
    return hashlib.sha256(json.dumps(sorted(items)).encode()).hexdigest()[:8]


def made_of(said: Mapping[str, Cell]) -> Made:
    """Return what a template says of itself; one that is older than these lines says nothing."""
    found = _MADE_FOR.fullmatch(str(said.get(normalise(MADE_FOR), BLANK).value).strip())
    if found is None:
        return Made()
    beginning = normalise(ASKED_FOR)
    lines = {
        label.removeprefix(beginning).strip(): str(cell.value).strip()
        for label, cell in said.items()
        if label.startswith(f"{beginning} ") and cell.kind == "text"
    }
    asked = frozenset(one for text in lines.values() for one in items_of(text))
    titles = {title: items_of(text)[0] for title, text in lines.items()}
    agency, period, version, check = found.groups()
    return Made(agency, period, version, asked if check_of(asked) == check else None, titles)


def day_of(cell) -> datetime.date | None:
    if cell is None or cell.kind == "blank":
        return None
    found = read_date(cell, datetime.date(2000, 1, 1), datetime.date(2100, 1, 1), epoch_1904=False)
    return None if isinstance(found, Trouble) else datetime.date.fromordinal(found[0])


def is_yes(cell) -> bool:
    return cell is not None and cell.kind != "blank" and normalise(str(cell.value)) in YES
