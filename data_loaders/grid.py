"""Owns cells that know their sheet and address: what was in a partner's file, before anyone judges it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy


class Cell(NamedTuple):
    """One cell: `kind` is blank, text, number, percent, yes_no, date, datetime, time, error, formula or disputed.

    `value` is a str for text, time ('09:30:00', or '30:00:00' for a length of time) and error ('#N/A'),
    a float for number and percent (0.45 that Excel shows as 45%), a bool, a date or a datetime for the kinds of
    those names, None for blank, for a formula whose result was never saved and for a cell in which two readers see
    different things.
    """

    kind: str
    value: Any


BLANK = Cell("blank", None)


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a sheet as its different cells (`uniques[0]` is blank) and a code for each row."""

    uniques: tuple[Cell, ...]
    codes: numpy.ndarray

    def cell(self, row: int) -> Cell:
        """Return the cell in `row`, counted from zero."""
        return self.uniques[self.codes[row]]


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet; every column has `n_rows` codes, and row 0 is row 1 of the sheet."""

    name: str
    state: str
    columns: tuple[Column, ...]
    n_rows: int
    hidden_rows: Sequence[int] = ()  # counted from zero
    hidden_columns: Sequence[int] = ()
    merged: Sequence[Sequence[int]] = ()  # first row, first column, last row, last column
    is_text: bool = False  # of a text file, where a comma without quotes shifts the cells after it
    # A sheet made by a taught layout, one row a figure, knows where each of its cells stands in the sender's sheet.
    origins: Mapping[tuple[int, int], str] | None = None
    # A sheet made from a return in XML knows for each of its rows where it stands there: "Child 12, CIN 1, line 57".
    places: Sequence[str] | None = None
    lines: Sequence[int] | None = None

    def address(self, row: int, column: int) -> str:
        """Return the address of a cell in the sender's sheet, from its row and column counted from zero."""
        if self.places is not None:
            return self.places[row]
        own = address(row, column)
        return own if self.origins is None else self.origins.get((row, column), "")

    def numbers(self, rows: Sequence[int]) -> Sequence[int]:
        """Return rows, counted from one, as the sender's file counts them: a return in XML counts its lines."""
        return rows if self.lines is None else [self.lines[row - 1] for row in rows]

    def row(self, index: int) -> list[Cell]:
        """Return the cells of one row, counted from zero."""
        return [column.cell(index) for column in self.columns]


@dataclass(frozen=True, eq=False)
class FileContent:
    """Everything read from one file; `remarks` are plain sentences about how it was read."""

    name: str
    sha256: str
    kind: str
    size: int
    encoding: str | None
    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...]
    epoch_1904: bool = False
    # The first and the last day that the file itself says it covers, as the header of a return in XML does.
    covers: tuple[datetime.date, datetime.date] | None = None


def column_letters(column: int) -> str:
    """Return the letters of a column counted from zero: 0 is 'A', 26 is 'AA'."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def address(row: int, column: int) -> str:
    """Return the address of a cell from its row and column counted from zero: (211, 7) is 'H212'."""
    return f"{column_letters(column)}{row + 1}"
