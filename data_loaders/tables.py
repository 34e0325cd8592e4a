"""Owns which rows of a sheet are records: not the blank ones, repeated headings, totals or notes below the table."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy

from data_loaders.grid import Cell, Column, Sheet
from data_loaders.matching import Match
from scorecards.definitions import normalise

BLANK_ROW = "blank row"
TITLE = "title"
NOTES = "note below the table"
HEADINGS_AGAIN = "headings repeated"
TOTALS = "line of totals"
NO_RECORD = "no such record in the row"
NO_FIGURE = "no figure given"
REPEATED = "repeated row"

TOTAL_WORDS = {
    "total",
    "totals",
    "grand total",
    "overall total",
    "sum",
    "all total",
    "total all",
    "subtotal",
    "sub total",
}
TOTAL_COLUMNS = 3  # "Total" stands in one of the first columns of the table


@dataclass(frozen=True, eq=False)
class Table:
    """The rows below the headings: `rows` are sheet rows (from zero) that hold records, the others are ignored."""

    rows: numpy.ndarray
    read: int
    ignored: Counter = field(default_factory=Counter)
    totals: tuple[int, ...] = ()
    fates: Mapping[str, numpy.ndarray] = field(default_factory=dict)  # reason -> the sheet rows ignored for it


def is_blank(cell: Cell) -> bool:
    return cell.kind == "blank" or (cell.kind == "text" and not str(cell.value).strip())


def blank_uniques(column: Column) -> numpy.ndarray:
    """Return for each different cell of a column whether it is blank or nothing but spaces."""
    return numpy.array([is_blank(cell) for cell in column.uniques], dtype=bool)


def table_of(sheet: Sheet, match: Match) -> Table:
    """Return the rows below the headings of `match`, parted into records and rows ignored with a reason."""
    first = match.header_row + 1
    rows = numpy.arange(first, sheet.n_rows)
    filled = [~blank_uniques(column)[column.codes[first:]] for column in sheet.columns]
    blank = ~numpy.any(filled, axis=0) if len(rows) else numpy.zeros(0, dtype=bool)
    required = [at for name, at in match.columns.items() if match.record.columns[name].required]
    known = numpy.sum([filled[at] for at in match.columns.values()], axis=0)
    complete = (numpy.sum([filled[at] for at in required], axis=0) * 2 >= len(required)) & (known >= 2)
    notes = below_the_table(blank, complete) if len(rows) else blank
    again = ~notes & repeats_headings(sheet, match, first)
    titles = ~notes & ~blank & ~again & titles_above(again, numpy.sum(filled, axis=0))
    totals = (
        ~notes & ~again & ~titles & is_total(sheet, match, first, numpy.all([filled[at] for at in required], axis=0))
    )
    masks = ((NOTES, notes & ~blank), (BLANK_ROW, blank), (HEADINGS_AGAIN, again), (TITLE, titles), (TOTALS, totals))
    fates = {reason: rows[mask] for reason, mask in masks if mask.any()}
    kept = rows[~(notes | blank | again | titles | totals)]
    ignored = Counter({reason: len(found) for reason, found in fates.items()})
    return Table(kept, len(rows), ignored, tuple(rows[totals].tolist()), fates)


def below_the_table(blank, complete):
    """Return the mask of rows that follow the first blank row after which no record comes any more."""
    records = numpy.flatnonzero(complete & ~blank)
    after = numpy.arange(len(blank)) > (records[-1] if len(records) else -1)
    gap = numpy.flatnonzero(after & blank)
    return numpy.arange(len(blank)) > (gap[0] if len(gap) else len(blank))


def titles_above(again, filled):
    """Return the mask of rows with one cell right above headings that are repeated."""
    titles = numpy.zeros(len(again), dtype=bool)
    for row in numpy.flatnonzero(again).tolist():
        while row and filled[row - 1] == 1:
            row -= 1
            titles[row] = True
    return titles


def repeats_headings(sheet, match, first):
    """Return the mask of rows in which at least half of the known columns show their own heading."""
    found = numpy.zeros(sheet.n_rows - first, dtype=int)
    for at in match.columns.values():
        heading = normalise(match.headings[at])
        column = sheet.columns[at]
        same = [
            code
            for code, cell in enumerate(column.uniques)
            if cell.kind == "text" and cell.value and normalise_if_like(cell.value, heading)
        ]
        found += numpy.isin(column.codes[first:], same)
    return found >= max(2, len(match.columns) / 2)


def normalise_if_like(text, heading):
    # Most cells differ from the heading in length already; normalising each of 100,000 identifiers would cost more.
    return abs(len(text) - len(heading)) <= 6 and normalise(text) == heading


def is_total(sheet, match, first, complete):
    """Return the mask of rows that say "Total" in a first column and are no complete record."""
    says = numpy.zeros(sheet.n_rows - first, dtype=bool)
    in_required = numpy.zeros(sheet.n_rows - first, dtype=bool)
    required = {at for name, at in match.columns.items() if match.record.columns[name].required}
    for at in sorted(match.headings)[:TOTAL_COLUMNS]:
        column = sheet.columns[at]
        words = [
            code
            for code, cell in enumerate(column.uniques)
            if cell.kind == "text" and len(cell.value) < 20 and normalise(cell.value) in TOTAL_WORDS
        ]
        here = numpy.isin(column.codes[first:], words)
        says |= here
        if at in required:
            in_required |= here
    return says & (in_required | ~complete)
