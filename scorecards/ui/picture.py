"""Owns the coloured picture of a sender's sheet: what each cell is to a layout, by letter, pattern and colour."""

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from scorecards.ui.rendering import render

# Every role of a cell: its letter in the picture and its words in the legend. A cell outside has no letter.
ROLES = {
    "figure": ("F", "figure that is read"),
    "heading": ("H", "heading"),
    "label": ("L", "label of a row"),
    "period": ("P", "says the period"),
    "area": ("A", "says the area"),
    "mark": ("M", "fixed words by which the table is found again"),
    "ignored": ("N", "not read, on purpose"),
    "question": ("?", "not known yet"),
    "outside": ("", "outside the table"),
}
# What the product understood stands below the sender's words where it says more than they do.
EXPLAINED = ("heading", "label", "period", "area", "question")
LONGEST_MEANING = 48


@dataclass(frozen=True)
class PictureCell:
    """One cell as it is drawn: `meaning` is seen, `hint` is only heard or hovered."""

    text: str
    role: str
    letter: str
    meaning: str
    hint: str
    is_number: bool


@dataclass(frozen=True)
class PictureRow:
    """One row of a sheet, with its number as Excel has it."""

    number: int
    cells: tuple[PictureCell, ...]


def picture_of(sheet: Any) -> Markup:
    """Return a sheet, as the loaders picture it, as an HTML table in a box of its own with a legend."""
    rows = [PictureRow(sheet.first_row + number, tuple(map(_cell, cells))) for number, cells in enumerate(sheet.rows)]
    return render("picture.html", sheet=sheet, rows=rows, legend=_legend(rows))


def _cell(one) -> PictureCell:
    letter, words = ROLES[one.role]
    seen = _seen_meaning(one)
    return PictureCell(one.text, one.role, letter if one.text else "", seen, one.meaning or words, one.is_number)


def _seen_meaning(one) -> str:
    """Return what a heading or label was understood as, where that is not what it says already."""
    if one.role not in EXPLAINED or not one.text:
        return ""
    meaning = one.meaning.partition(": ")[2] or one.meaning
    if _plain_words(meaning) == _plain_words(one.text):
        return ""
    return meaning if len(meaning) <= LONGEST_MEANING else f"{meaning[: LONGEST_MEANING - 1]}…"


def _plain_words(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _legend(rows) -> list[tuple[str, str, str, int]]:
    """Return (role, letter, words, cells) of each role that the picture has."""
    counts = dict.fromkeys(ROLES, 0)
    for row in rows:
        for cell in row.cells:
            counts[cell.role] += bool(cell.text)
    return [(role, *ROLES[role], count) for role, count in counts.items() if count and role != "outside"]
