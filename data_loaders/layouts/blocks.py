"""Owns where figures seem to stand on a sheet that nobody taught yet: blocks of numbers with words beside and above."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from data_loaders.grid import Cell
from data_loaders.layouts.meanings import is_status, text_of
from data_loaders.layouts.places import Grid
from data_loaders.parsing import tidy
from data_loaders.promises import is_promise
from scorecards.periods import parse_covered

HEADING_ROWS = 5  # at most, above a table
GAP = 2  # rows without figures that a table may have within it
MOSTLY, SOME, FEW = 0.5, 0.3, 0.2  # shares of the rows of a table
LONGEST_HEADING = 60
PART_OF_PERIOD = re.compile(
    r"q(?:uarter|tr)? ?[1-4]|h[12]|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*|"
    r"(?:autumn|spring|summer)(?: term)?|f?ytd|year to date|to date|cumulative",
    re.I,
)
A_YEAR = re.compile(r"20\d\d(?: ?[/–-] ?(?:20)?\d\d)?|(?:fy ?)?\d\d ?[/-] ?\d\d", re.I)
_NUMBER = re.compile(r"[<≤£(-]? ?\d[\d,]*(?:\.\d+)? ?%?\)?")


@dataclass(frozen=True)
class Block:
    """Rows and columns that seem to be the figures of one table, with the rows and columns of words around them."""

    rows: tuple[int, ...]
    start: int  # the first column
    columns: tuple[int, int]  # first and last of the figures
    labels: tuple[int, ...]  # columns
    headings: tuple[int, ...]  # rows
    sections: tuple[int, ...]  # rows with a text that stands alone
    after: int  # the last row of what stands above
    gaps: tuple[int, int]  # blank rows and blank columns within it

    @property
    def top(self) -> int:
        return min((*self.headings, *self.rows))


def is_figure(cell: Cell) -> bool:
    """Return whether a cell may be a figure: a number, or what stands for one."""
    if cell.kind in ("number", "percent"):
        return True
    if cell.kind != "text":
        return False
    text = tidy(cell)
    # "Expected" may head a column; "expected in Q3" stands in the place of a number.
    is_sign = is_status(text) and (not is_promise(text) or any(sign.isdigit() for sign in text))
    return bool(_NUMBER.fullmatch(text)) or is_sign


def is_words(cell: Cell) -> bool:
    return cell.kind in ("text", "date", "datetime") and not is_figure(cell)


def is_filled(cell: Cell) -> bool:
    return cell.kind != "blank"


def is_period(text: str) -> bool:
    """Return whether a text is the name of a period, or that of one without its year."""
    text = text.strip()
    return bool(PART_OF_PERIOD.fullmatch(text) or A_YEAR.fullmatch(text) or parse_covered(text))


def blocks_of(grid: Grid) -> list[Block]:
    """Return the blocks of figures on a sheet, from the top and from the left."""
    found: list[list[int]] = []
    for row in (row for row in range(grid.n_rows) if has_figures_after_words(grid, row)):
        if found and row - found[-1][-1] - 1 <= GAP and not heads_a_table(grid, found[-1][-1], row):
            found[-1].append(row)
        else:
            found.append([row])
    afters = [-1, *(rows[-1] for rows in found)]
    blocks = [
        block_of(grid, rows, after, span)
        for rows, after in zip(found, afters, strict=False)
        for span in spans_of(grid, rows, after)
    ]
    return [block for block in blocks if block is not None]


def has_figures_after_words(grid: Grid, row: int) -> bool:
    """Return whether a row has a figure after a word, and is no heading."""
    words = [column for column in range(grid.n_columns) if is_words(grid.cell(row, column))]
    if not words or is_heading(grid, row):
        return False
    return any(is_figure(grid.cell(row, column)) for column in range(words[0] + 1, grid.n_columns))


def is_heading(grid: Grid, row: int) -> bool:
    """Return whether a row is mostly periods: years are numbers, too."""
    cells = [grid.cell(row, column) for column in range(grid.n_columns) if is_filled(grid.cell(row, column))]
    periods = sum(1 for cell in cells if is_period(text_of(cell)))
    return periods >= 2 and 2 * periods >= len(cells) - 1


def heads_a_table(grid: Grid, above: int, below: int) -> bool:
    """Return whether headings stand between two rows of figures, so that another table begins there."""
    return any(
        sum(1 for column in range(grid.n_columns) if is_words(grid.cell(row, column))) > 1
        for row in range(above + 1, below)
    )


def spans_of(grid: Grid, rows: Sequence[int], after: int) -> list[tuple[int, int]]:
    """Return the first and the last column of each table in some rows: tables stand side by side with a gap between.

    Where no words follow the gap, as before the months of another year, it is one table.
    """
    with_headings = [*range(max(after + 1, rows[0] - HEADING_ROWS), rows[0]), *rows]
    filled = [
        column for column in range(grid.n_columns) if any(is_filled(grid.cell(row, column)) for row in with_headings)
    ]
    starts = [filled[0]] if filled else []
    for before, column in pairwise(filled):
        if column - before > 1 and share(grid, rows, column, is_words) >= MOSTLY:
            starts.append(column)
    ends = [max(column for column in filled if column < start) for start in starts[1:]] + filled[-1:]
    return list(zip(starts, ends, strict=True))


def block_of(grid: Grid, rows: Sequence[int], after: int, span: tuple[int, int]) -> Block | None:
    """Return the block of figures in some rows and columns, or None where no column is of figures."""
    width = range(span[0], span[1] + 1)
    own = [row for row in rows if any(is_figure(grid.cell(row, column)) for column in width)]
    if not own:
        return None
    words = [column for column in width if share(grid, own, column, is_words) >= MOSTLY]
    figures = [column for column in width if share(grid, own, column, is_figure) >= SOME]
    figures = [column for column in figures if any(before < column for before in words)]
    if not figures:
        return None
    first, last = figures[0], figures[-1]
    labels = tuple(column for column in range(span[0], first) if share(grid, own, column, is_words) >= FEW)
    headings = heading_rows(grid, own[0], (first, span[1]), after)
    gap = max((below - above - 1 for above, below in pairwise(own)), default=0)
    blank = blank_columns(grid, headings, (first, last)) if headings else 0
    sections = tuple(section_rows(grid, own, headings, labels, width))
    return Block(tuple(own), span[0], (first, last), labels, headings, sections, after, (gap, blank))


def share(grid: Grid, rows: Sequence[int], column: int, test: Callable[[Cell], bool]) -> float:
    return sum(1 for row in rows if test(grid.cell(row, column))) / len(rows)


def section_rows(grid: Grid, rows: Sequence[int], headings: Sequence[int], labels: Sequence[int], width: range):
    """Yield the rows above and between rows of figures in which only one label stands."""
    for row in range(headings[-1] + 1 if headings else rows[0] - 1, rows[-1]):
        filled = [column for column in width if is_filled(grid.cell(row, column))]
        if row not in rows and len(filled) == 1 and filled[0] in labels:
            yield row


def heading_rows(grid: Grid, first_row: int, columns: tuple[int, int], after: int) -> tuple[int, ...]:
    """Return the rows of headings above a table: those with words over its figures; one that is a title is none."""
    found: list[int] = []
    for row in range(first_row - 1, max(after, first_row - HEADING_ROWS - 2), -1):
        filled = [at for at in range(columns[0], columns[1] + 1) if is_filled(grid.cell(row, at))]
        is_title = len(filled) == 1 and len(text_of(grid.cell(row, filled[0]))) > LONGEST_HEADING
        if filled and (found or not is_title):
            found.insert(0, row)
        elif found:
            break
    return tuple(found)


def blank_columns(grid: Grid, headings: Sequence[int], columns: tuple[int, int]) -> int:
    """Return the longest run of columns between the first and the last figure that have no heading of their own."""
    longest = run = 0
    for column in range(columns[0], columns[1] + 1):
        places = [grid.merged.get((row, column), (row, column)) for row in headings]
        run = 0 if any(is_filled(grid.cell(*place)) for place in places) else run + 1
        longest = max(longest, run)
    return longest
