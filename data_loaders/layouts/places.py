"""Owns where things stand in a sheet: filled cells by place, merged cells, and addresses as rows and columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy

from data_loaders.grid import BLANK, Cell, Sheet
from data_loaders.tables import is_blank

Place = tuple[int, int]  # row and column, counted from zero

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d*)")


def place_of(address: str) -> Place:
    """Return the row and column of an address: 'H212' is (211, 7)."""
    match = _ADDRESS.fullmatch(address)
    assert match is not None, f"{address} is no address"
    return int(match[2]) - 1, column_of(match[1])


def column_of(letters: str) -> int:
    """Return the number of a column counted from zero: 'A' is 0, 'AA' is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_at(sheet: Sheet, row: int, column: int) -> Cell:
    """Return a cell of a sheet; beyond its edge it is blank."""
    inside = 0 <= row < sheet.n_rows and 0 <= column < len(sheet.columns)
    return sheet.columns[column].cell(row) if inside else BLANK


@dataclass(frozen=True, eq=False)
class Grid:
    """A sheet by place: its filled cells, and for each merged cell the one that holds its value."""

    sheet: Sheet
    filled: Mapping[Place, Cell]
    merged: Mapping[Place, Place] = field(default_factory=dict)

    @property
    def n_rows(self) -> int:
        return self.sheet.n_rows

    @property
    def n_columns(self) -> int:
        return len(self.sheet.columns)

    def cell(self, row: int, column: int) -> Cell:
        return self.filled.get((row, column), BLANK)


# Merged cells are headings and labels; a range as long as a list is none of them.
LONGEST_MERGE = 2_000


def grid_of(sheet: Sheet) -> Grid:
    """Return the filled cells of a sheet by place, without those that stand unseen under a merged cell."""
    merged = merged_places(sheet)
    filled: dict[Place, Cell] = {}
    for at, column in enumerate(sheet.columns):
        blank = [is_blank(cell) for cell in column.uniques]
        for row in numpy.flatnonzero(column.codes).tolist():
            code = column.codes[row]
            if not blank[code] and merged.get((row, at), (row, at)) == (row, at):
                filled[row, at] = column.uniques[code]
    return Grid(sheet, dict(sorted(filled.items())), merged)


def merged_places(sheet: Sheet) -> dict[Place, Place]:
    """Return, for each cell of a merged range, the cell at its beginning."""
    found: dict[Place, Place] = {}
    for first_row, first_column, last_row, last_column in sheet.merged or ():
        if (last_row - first_row + 1) * (last_column - first_column + 1) > LONGEST_MERGE:
            continue
        for row in range(first_row, last_row + 1):
            for column in range(first_column, last_column + 1):
                found[row, column] = (first_row, first_column)
    return found
