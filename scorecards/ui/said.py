"""Owns where a sheet may say something about its figures: every row, column and cell of it as an option in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# What may be said about a figure: the question, and the words where nothing says it.
DIMENSIONS = {
    "measure": ("What is measured is said in", ""),
    "period": ("The period is said in", ""),
    "area": ("The area is said in", "nothing: the whole partnership"),
    "provider": ("The provider or site is said in", "nothing"),
    "breakdown": ("What the figures are broken down by is said in", "nothing"),
    "group": ("The group is said in", "nothing"),
    "part": ("Number, out of or percentage: said in", "nothing: the measure tells it"),
    "unit": ("How numbers are written (percent, fraction) is said in", "nothing: the measure tells it"),
    "basis": ("How it is counted (in the period, to date) is said in", "nothing: in the period"),
    "available_from": ("When a missing figure is expected is said in", "nothing"),
}
# The same, as a label of a table.
SHORT = {
    "measure": "Measure",
    "period": "Period",
    "area": "Area",
    "provider": "Provider or site",
    "breakdown": "Broken down by",
    "group": "Group",
    "part": "Number, out of or percentage",
    "unit": "How numbers are written",
    "basis": "How it is counted",
    "available_from": "When a missing figure is expected",
}
ALWAYS_ASKED = ("measure", "period", "area")
# "Q1" may stand in one place and "2025/26" in another; both are read as one text.
SAID_IN_SEVERAL = ("measure", "period")
NOWHERE, FIXED = "", "fixed"
# A period that is always the same would be wrong next quarter.
NEVER_FIXED = ("period", "available_from")
TEXTS_SHOWN, LONGEST = 3, 34
CELLS_OFFERED = 60

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d*)")


@dataclass(frozen=True)
class Place:
    """A cell's column letters and row number."""

    column: str
    row: int

    @property
    def address(self) -> str:
        return f"{self.column}{self.row}"


def place_of(text: str) -> Place | None:
    """Return an address as people write it ("b 12", "B12"), or None."""
    found = _ADDRESS.fullmatch(re.sub(r"[\s$]", "", text).upper())
    return Place(found[1], int(found[2])) if found else None


def order(column: str) -> tuple[int, str]:
    """Return what columns are in order by: B before AA."""
    return len(column), column


def key_of(source: Any) -> str:
    """Return a source of a layout as the key of its option: "heading_row:5", "cell:B3", "sheet_name", "fixed"."""
    kind, value = next((name, value) for name, value in source.model_dump().items() if value is not None)
    return kind if kind in ("sheet_name", "file_name", FIXED) else f"{kind}:{value}"


def as_source(key: str, fixed: str = "") -> dict[str, Any]:
    """Return the fields of the source that an option stands for."""
    kind, _, value = key.partition(":")
    if kind == FIXED:
        return {FIXED: fixed}
    if kind in ("sheet_name", "file_name"):
        return {kind: True}
    return {kind: int(value) if kind == "heading_row" else value}


def options(sheet: Any, first: Place, dimension: str, file_name: str) -> dict[str, str]:
    """Return every place that may say `dimension` of the figures from `first` on: its key, and its words."""
    found = dict(_rows(sheet, first)) | dict(_columns(sheet, first)) | dict(_sections(sheet, first))
    found |= dict(_cells(sheet, first))
    found |= {"sheet_name": f"The sheet's name: {sheet.sheet}", "file_name": f"The file's name: {file_name}"}
    if dimension not in NEVER_FIXED:
        found[FIXED] = "Nothing on the sheet: it is always the same"
    return found


def words_of_key(key: str) -> str:
    """Return a place of which the sheet shows nothing: "Row 5", "Column B", "Cell B3"."""
    kind, _, value = key.partition(":")
    words = {
        "heading_row": f"Row {value}",
        "label_column": f"Column {value}",
        "section_column": f"Lines of their own in column {value}",
        "cell": f"Cell {value}",
        "sheet_name": "The sheet's name",
        "file_name": "The file's name",
        FIXED: "Nothing on the sheet: it is always the same",
    }
    return words[kind]


def _rows(sheet, first: Place) -> Iterator[tuple[str, str]]:
    for number, cells in _numbered(sheet):
        texts = [one.text for one in cells if one.text and order(_column(one)) >= order(first.column)]
        if number < first.row and texts:
            yield f"heading_row:{number}", f"Row {number}: {_some(texts)}"


def _columns(sheet, first: Place) -> Iterator[tuple[str, str]]:
    for at, column in enumerate(sheet.columns):
        texts = [cells[at].text for number, cells in _numbered(sheet) if number >= first.row and cells[at].text]
        if order(column) < order(first.column) and texts:
            yield f"label_column:{column}", f"Column {column}: {_some(texts)}"


def _sections(sheet, first: Place) -> Iterator[tuple[str, str]]:
    """Yield columns with texts that stand alone in their row, above the rows that they speak for."""
    for at, column in enumerate(sheet.columns):
        texts = [
            cells[at].text
            for number, cells in _numbered(sheet)
            if cells[at].text and [one for one in cells if one.text] == [cells[at]] and number >= first.row - 1
        ]
        if order(column) <= order(first.column) and texts:
            yield f"section_column:{column}", f"Lines of their own in column {column}: {_some(texts)}"


def _cells(sheet, first: Place) -> Iterator[tuple[str, str]]:
    outside = [
        one
        for number, cells in _numbered(sheet)
        for one in cells
        if one.text and (number < first.row or order(_column(one)) < order(first.column))
    ]
    for one in outside[:CELLS_OFFERED]:
        yield f"cell:{one.address}", f"Cell {one.address}: {_short(one.text)}"


def _numbered(sheet):
    return [(sheet.first_row + number, cells) for number, cells in enumerate(sheet.rows)]


def _column(one) -> str:
    return one.address.rstrip("0123456789")


def _some(texts) -> str:
    different = list(dict.fromkeys(texts))
    shown = ", ".join(_short(text) for text in different[:TEXTS_SHOWN])
    return f"{shown} …" if len(different) > TEXTS_SHOWN else shown


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
