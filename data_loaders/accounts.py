"""Owns the account of cells: each filled cell of a file is ready, refused, or ignored for a reason that is said."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy

from data_loaders.grid import Sheet
from data_loaders.matching import Match
from data_loaders.tables import NO_FIGURE, NO_RECORD, REPEATED, TITLE, Table, blank_uniques
from scorecards.definitions import normalise

HEADINGS = "headings"
LEFT_OUT = "column left out"
NO_PART = "column not part of the list"
NO_HEADING = "column without a heading"
NOT_KNOWN = "unreadable, taken as not known"
NO_LIST = "sheet is no list"
NOT_USED = "list not used yet"
COVER_SHEET = "cover sheet"
HIDDEN_SHEET = "hidden sheet"
NOTHING_NEW = "file stored before"

READY, REFUSED = "ready", "refused"
# Of a cell that two lists read, the first of these that one of them says holds.
ORDER = (READY, REFUSED, NOT_KNOWN, REPEATED, NO_FIGURE, NO_RECORD)

Told = Collection[tuple[str, str]]  # (sheet, heading) of columns to leave out


@dataclass(frozen=True)
class CellAccount:
    """The filled cells of one sheet: read = ready + refused + ignored, always."""

    sheet: str
    read: int
    ready: int
    refused: int
    ignored: tuple[tuple[str, int], ...]

    @property
    def cells_ignored(self) -> int:
        return sum(count for _, count in self.ignored)


@dataclass(frozen=True, eq=False)
class RowFates:
    """What became of the rows that a list looked at (sheet rows, from zero), and which of its cells are not known."""

    judged: numpy.ndarray
    refused: numpy.ndarray
    repeated: numpy.ndarray
    unread: Mapping[int, numpy.ndarray]  # sheet column -> rows


def fates_of(rows: numpy.ndarray, refused: numpy.ndarray, repeated: Sequence[int], readings: Mapping) -> RowFates:
    """Return the fates of `rows`: `refused` is a mask of them, `repeated` are rows as Excel numbers them."""
    unread = {reading.at: rows[reading.wrong] for reading in readings.values() if reading.wrong.any()}
    return RowFates(rows, rows[refused], numpy.array(repeated, dtype=int) - 1, unread)


@dataclass(frozen=True, eq=False)
class PageCells:
    """The cells of one table: those ignored whatever happens, and those whose fate is that of their rows."""

    ignored: Mapping[str, int]
    rows: numpy.ndarray = field(default_factory=lambda: numpy.zeros(0, dtype=int))
    numbers: Sequence[int] = ()  # of the rows, as the file counts them
    columns: tuple[int, ...] = ()
    filled: numpy.ndarray = field(default_factory=lambda: numpy.zeros((0, 0), dtype=bool))
    lists: tuple[tuple[int, frozenset[int]], ...] = ()  # place among the file's lists, and the columns it reads


@dataclass(frozen=True, eq=False)
class SheetCells:
    """The cells of one sheet, `read` counted from the sheet itself and not from its pages."""

    sheet: str
    read: int
    pages: tuple[PageCells, ...]

    def account(self, check) -> CellAccount:
        """Return the account as `check`, the file's, now stands."""
        if check.verdict == "refused":
            return CellAccount(self.sheet, self.read, 0, self.read, ())
        if check.verdict == "nothing new":
            return CellAccount(self.sheet, self.read, 0, 0, ((NOTHING_NEW, self.read),) if self.read else ())
        counts: Counter = Counter()
        for page in self.pages:
            counts.update(page.ignored)
            counts.update(record_cells(page, check.lists))
        ready, refused = counts.pop(READY, 0), counts.pop(REFUSED, 0)
        return CellAccount(self.sheet, self.read, ready, refused, tuple((why, n) for why, n in counts.items() if n))


def record_cells(page: PageCells, lists: Sequence) -> Counter:
    """Return how many cells of records have each fate."""
    best = numpy.full(page.filled.shape, len(ORDER) - 1, dtype=int)
    for index, columns in page.lists:
        mine = numpy.array([at in columns for at in page.columns], dtype=bool)
        fates = list_fates(page, lists[index])
        best[:, mine] = numpy.minimum(best, fates)[:, mine]
    counts = numpy.bincount(best[page.filled], minlength=len(ORDER))
    return Counter({fate: int(count) for fate, count in zip(ORDER, counts, strict=True) if count})


def list_fates(page: PageCells, one) -> numpy.ndarray:
    """Return for each cell of the records what one list makes of it, as its place in ORDER."""
    by_row = row_fates(page, one)
    fates = numpy.repeat(by_row[:, None], len(page.columns), axis=1)
    unread = one.fates.unread if one.fates else {}
    for place, at in enumerate(page.columns):
        if at in unread:
            wrong = numpy.isin(page.rows, unread[at]) & (by_row == ORDER.index(READY))
            fates[wrong, place] = ORDER.index(NOT_KNOWN)
    return fates


def row_fates(page: PageCells, one) -> numpy.ndarray:
    if one.fates is None or one.status == "refused":
        return numpy.full(len(page.rows), ORDER.index(REFUSED))
    numbers = numpy.array(page.numbers, dtype=int)
    fates = numpy.full(len(page.rows), ORDER.index(NO_FIGURE if not_given(one) else NO_RECORD))
    # Rows that a later check took away, and that are no repetition, were refused by it.
    fates[numpy.isin(page.rows, one.fates.judged)] = ORDER.index(REFUSED)
    again = numpy.isin(page.rows, one.fates.repeated) | numpy.isin(numbers, list(one.left.sheet_rows))
    fates[again] = ORDER.index(REPEATED)
    fates[numpy.isin(page.rows, one.fates.refused)] = ORDER.index(REFUSED)
    fates[~again & numpy.isin(numbers, list(one.rows.sheet_rows))] = ORDER.index(READY)
    return fates


def not_given(one) -> bool:
    return any(reason == NO_FIGURE for reason, _ in one.ignored)


def filled_cells(sheet: Sheet) -> numpy.ndarray:
    """Return the mask (rows by columns) of the cells that hold more than spaces."""
    masks = [~blank_uniques(column)[column.codes] for column in sheet.columns]
    return numpy.column_stack(masks) if masks else numpy.zeros((sheet.n_rows, 0), dtype=bool)


def cells_of(sheets: Iterable[Sheet], pages: Sequence[Any], cover: str | None, told: Told) -> tuple[SheetCells, ...]:
    """Return the cells of each sheet; `pages` are the tables found, in the order of the file's lists.

    A page has the `whole` sheet that it is or is a part of, the `found` lists and their `tables`; `told` are the
    columns left out.
    """
    placed = with_places(pages)
    found = []
    for sheet in sheets:
        read = int(filled_cells(sheet).sum())
        if sheet.name == cover or sheet.state != "visible":
            reason = COVER_SHEET if sheet.name == cover else HIDDEN_SHEET
            found.append(SheetCells(sheet.name, read, (PageCells({reason: read}),)))
            continue
        parts = tuple(page_cells(page, first, told) for first, page in placed if page.sheet.name == sheet.name)
        found.append(SheetCells(sheet.name, read, parts))
    return tuple(found)


def with_places(pages: Sequence[Any]) -> list[tuple[int, Any]]:
    """Return each page with the place of its first list among those of the file."""
    placed, first = [], 0
    for page in pages:
        placed.append((first, page))
        first += max(len(page.found.matches), 1) if page.found.unused is None else 1
    return placed


def page_cells(page: Any, first: int, told: Told) -> PageCells:
    filled = filled_cells(page.whole)
    matches = page.found.matches
    if page.found.unused is not None or not matches:
        return PageCells({NO_LIST if page.found.unused is None else NOT_USED: int(filled.sum())})
    match, table = matches[0], page.tables[0]
    ignored = outside_records(filled, match, table)
    used = sorted({at for one in matches for at in read_by(one)})
    left_out = {normalise(heading) for sheet, heading in told if sheet == page.sheet.name}
    for at in set(range(filled.shape[1])) - set(used):
        ignored[why_not_read(at, matches, left_out)] += int(filled[table.rows, at].sum())
    return PageCells(
        ignored, table.rows, page.sheet.numbers((table.rows + 1).tolist()), tuple(used), filled[table.rows][:, used],
        tuple((first + place, frozenset(read_by(one))) for place, one in enumerate(matches)),
    )  # fmt: skip


def outside_records(filled: numpy.ndarray, match: Match, table: Table) -> Counter:
    top = match.header_row - match.height + 1
    ignored = Counter({TITLE: int(filled[:top].sum()), HEADINGS: int(filled[top : match.header_row + 1].sum())})
    for reason, rows in table.fates.items():
        ignored[reason] += int(filled[rows].sum())
    return ignored


def read_by(match: Match) -> set[int]:
    """Return the sheet columns that a list reads; of two that stand for one thing both count."""
    both = {at for _, places in match.duplicates for at in places}
    return both | {at for name, at in match.columns.items() if match.record.columns[name].type != "drop"}


def why_not_read(at: int, matches: Sequence[Match], left_out: Collection[str]) -> str:
    heading = matches[0].headings.get(at)
    if heading is None:
        return NO_HEADING
    dropped = any(place == at for match in matches for place in match.columns.values())
    return LEFT_OUT if dropped or normalise(heading) in left_out else NO_PART
