"""Owns the coloured picture of a sender's sheet: what each cell is to a layout, by letter, pattern and colour."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from scorecards.ui.rendering import render
from scorecards.ui.said import Place, order, place_of

# Every role of a cell: its letter in the picture and its words in the legend. A cell outside has no letter.
ROLES = {
    "figure": ("F", "figure that is read"),
    "waiting": ("F", "figure that waits for the meaning of a word"),
    "heading": ("H", "heading"),
    "label": ("L", "label of a row"),
    "period": ("P", "says the period"),
    "area": ("A", "says the area"),
    "mark": ("M", "fixed words by which the table is found again"),
    "ignored": ("N", "not read, on purpose"),
    "question": ("?", "words that need a meaning"),
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


def picture_of(sheet: Any, firsts: Sequence[Place] = ()) -> Markup:
    """Return a sheet, as the loaders picture it, as an HTML table in a box of its own with a legend.

    `firsts` are the first figures of its tables: from there on an open question is a figure that waits for a word.
    """
    rows = rows_of(sheet, firsts)
    return render("picture.html", sheet=sheet, rows=rows, legend=_legend(rows))


def rows_of(sheet: Any, firsts: Sequence[Place] = ()) -> list[PictureRow]:
    """Return the cells of a sheet with what is drawn of each."""
    return [
        PictureRow(sheet.first_row + number, tuple(_cell(one, firsts) for one in cells))
        for number, cells in enumerate(sheet.rows)
    ]


def _cell(one, firsts) -> PictureCell:
    role = "waiting" if one.role == "question" and _is_within(one.address, firsts) else one.role
    letter, words = ROLES[role]
    seen = _seen_meaning(one, role)
    return PictureCell(one.text, role, letter if one.text else "", seen, one.meaning or words, one.is_number)


def _is_within(address: str, firsts: Sequence[Place]) -> bool:
    at = place_of(address)
    return any(at.row >= first.row and order(at.column) >= order(first.column) for first in firsts if at)


def _seen_meaning(one, role: str) -> str:
    """Return what a heading or label was understood as, where that is not what it says already."""
    if role not in EXPLAINED or not one.text:
        return ""
    meaning = one.meaning if role == "question" else one.meaning.partition(": ")[2]
    if _plain_words(meaning) == _plain_words(one.text):
        return ""
    return meaning if len(meaning) <= LONGEST_MEANING else f"{meaning[: LONGEST_MEANING - 1]}…"


def _plain_words(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def counts_of(sheet: Any, firsts: Sequence[Place] = ()) -> dict[str, int]:
    """Return how many filled cells of a sheet have each role."""
    return _counts(rows_of(sheet, firsts))


def _counts(rows) -> dict[str, int]:
    counts = dict.fromkeys(ROLES, 0)
    for row in rows:
        for cell in row.cells:
            counts[cell.role] += bool(cell.text)
    return counts


def _legend(rows) -> list[tuple[str, str, str, int]]:
    """Return (role, letter, words, cells) of each role that the picture has."""
    counts = _counts(rows)
    return [(role, *ROLES[role], count) for role, count in counts.items() if count and role != "outside"]
