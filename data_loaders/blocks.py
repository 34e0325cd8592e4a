"""Owns where on a sheet the tables stand: one below the other, side by side, or far below a preamble."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy

from data_loaders.grid import BLANK, Column, Sheet
from data_loaders.matching import (
    HEADER_ROWS,
    PERSONS_NUMBERS,
    Headings,
    Recognised,
    complete,
    forms_of,
    headings_at,
    in_a_form,
    recognise,
    two_row_headings,
    unused_list,
)
from scorecards.definitions import Definitions, known_form, normalise

TABLES_LIMIT = 20  # of one sheet; each is looked at as a copy of it
ROWS_AFTER_A_GAP = 4  # a title, a note and headings in two rows
FORM_BEGINNING = 2  # letters by which most cells are known to be no heading


@dataclass(frozen=True)
class Block:
    """One table: the row and columns of its headings, and the rows (first, one past the last) that belong to it."""

    headings: Headings
    left: int
    right: int  # one past the last column
    top: int = 0
    bottom: int = 0


def tables_on(sheet: Sheet, definitions: Definitions, record: str | None = None) -> list[tuple[Sheet, Recognised]]:
    """Return each table of a sheet as (the sheet with all else blanked, what it was recognised as).

    Every cell stands in one of them. `record` is the list that our own template says the sheet is.
    """
    blocks = [] if record is not None else blocks_of(sheet, definitions)
    if 1 < len(blocks) <= TABLES_LIMIT:
        return [
            (part_of(sheet, block), recognise(part_of(sheet, block), definitions, first=block.top)) for block in blocks
        ]
    below = blocks[0].headings.row if blocks else 0
    return [(sheet, recognise(sheet, definitions, record, first=below if below >= HEADER_ROWS else 0))]


def blocks_of(sheet: Sheet, definitions: Definitions) -> list[Block]:
    """Return the tables of the lists that we know, in the order of their rows and columns."""
    found: list[Block] = []
    for headings in known_headings(sheet, definitions):
        for block in side_by_side(headings, sheet, definitions):
            if not any(repeats(block, other) for other in found):
                found.append(block)
    return [with_rows(block, found, sheet) for block in found]


def known_headings(sheet: Sheet, definitions: Definitions) -> list[Headings]:
    """Return the rows that are the headings of a list, whether in one row or in two."""
    forms = forms_of(definitions.record_types.values())
    forms |= {known_form(text) for unused in definitions.unused_lists.values() for text in unused.headings}
    told = forms | set(PERSONS_NUMBERS) | national_headings(definitions)
    # In a long list thousands of rows have the same few words of ours in them; what those make is asked once.
    is_known: dict[frozenset[str], bool] = {}
    found: list[Headings] = []
    for row in rows_with_forms(sheet, forms):
        # Right below the headings of a table stand its values, some of which may be words that head columns.
        is_first_record = bool(found) and found[-1].row == row - 1
        tall = () if is_first_record else two_row_headings(sheet, [row], forms)
        for one in (headings_at(sheet, row), *tall):
            words = frozenset(one.places.keys() & told) if one else frozenset()
            if one and words and words not in is_known:
                is_known[words] = is_table(one, definitions)
            if one and is_known.get(words):
                found.append(one)
                break
    return found


def national_headings(definitions: Definitions) -> set[str]:
    """Return the headings of the tables of national returns, normalised."""
    forms = (form for record in definitions.record_types.values() for form in record.forms)
    return {known_form(heading) for form in forms for heading in form.columns.values()}


def rows_with_forms(sheet: Sheet, forms: set[str]) -> list[int]:
    """Return the rows in which at least two cells may be headings; in a long list only few cells are looked at.

    Below the first rows two of them must be whole headings of ours, or a blank row must have come just before: words
    of ours begin values, too.
    """
    count, whole = numpy.zeros(sheet.n_rows, dtype=int), numpy.zeros(sheet.n_rows, dtype=int)
    beginnings = {form[:FORM_BEGINNING] for form in forms}
    words = {word for form in forms for word in form.split()}
    for column in sheet.columns:
        told = {
            code: normalise(cell.value)
            for code, cell in enumerate(column.uniques)
            if cell.kind == "text" and (cell.value.strip()[:FORM_BEGINNING].casefold() in beginnings)
        }
        codes = [code for code, text in told.items() if (text.split()[:1] or [""])[0] in words]
        if codes:
            count += numpy.isin(column.codes, codes)
            whole += numpy.isin(column.codes, [code for code in codes if told[code] in forms])
    return numpy.flatnonzero((count >= 2) & ((whole >= 2) | begins_a_table(sheet))).tolist()


def begins_a_table(sheet: Sheet) -> numpy.ndarray:
    """Return the mask of the first rows of a sheet and of those that follow a blank row within a few."""
    blank = numpy.ones(sheet.n_rows, dtype=bool)
    for column in sheet.columns:
        blank &= column.codes == 0
    begins = numpy.arange(sheet.n_rows) < HEADER_ROWS
    for after in range(1, ROWS_AFTER_A_GAP + 1):
        begins[after:] |= blank[:-after]
    return begins


def is_table(headings: Headings, definitions: Definitions) -> bool:
    records = definitions.record_types.values()
    return bool(
        complete(headings, records)
        or next(iter(in_a_form(headings, records)), None)
        or unused_list([headings], definitions.unused_lists.values())
    )


def side_by_side(headings: Headings, sheet: Sheet, definitions: Definitions) -> list[Block]:
    """Return one block for each run of headings that is a list by itself, else one for the whole row."""
    runs = [run for run in runs_of(headings) if is_table(run, definitions)]
    if len(runs) < 2:
        return [Block(headings, 0, len(sheet.columns))]
    lefts = [0, *(min(run.written) for run in runs[1:])]
    return [
        Block(run, left, right) for run, left, right in zip(runs, lefts, [*lefts[1:], len(sheet.columns)], strict=True)
    ]


def runs_of(headings: Headings) -> list[Headings]:
    """Return the headings parted where a column between them has none."""
    runs: list[dict[int, str]] = []
    for at, text in sorted(headings.written.items()):
        if not runs or at - 1 not in runs[-1]:
            runs.append({})
        runs[-1][at] = text
    return [headings.only(run) for run in runs]


def repeats(block: Block, other: Block) -> bool:
    """Return whether a block's headings are those of another once more, as at the top of a printed page."""
    return overlap(block, other) and block.headings.places == other.headings.places


def overlap(block: Block, other: Block) -> bool:
    return block.left < other.right and other.left < block.right


def with_rows(block: Block, blocks: Sequence[Block], sheet: Sheet) -> Block:
    """Return the block with the rows that belong to it, up to the title of the next one below."""
    tops = {id(other): top_of(other, blocks, sheet) for other in blocks}
    below = [tops[id(other)] for other in blocks if overlap(other, block) and other.headings.row > block.headings.row]
    return replace(block, top=tops[id(block)], bottom=min(below, default=sheet.n_rows))


def top_of(block: Block, blocks: Iterable[Block], sheet: Sheet) -> int:
    """Return the first row of a block: that of the title right above its headings, or of the sheet."""
    above = [
        other.headings.row for other in blocks if overlap(other, block) and other.headings.row < block.headings.row
    ]
    if not above:
        return 0
    top = block.headings.row - block.headings.height + 1
    while top - 1 > max(above) and is_title(sheet, top - 1, block):
        top -= 1
    return top


def is_title(sheet: Sheet, row: int, block: Block) -> bool:
    """Return whether one text stands alone in a row."""
    cells = [sheet.columns[at].cell(row) for at in range(block.left, block.right)]
    return [cell.kind for cell in cells if cell.kind != "blank"] == ["text"]


def part_of(sheet: Sheet, block: Block) -> Sheet:
    """Return the sheet with nothing in it but the block, which keeps its addresses."""
    columns = []
    for at, column in enumerate(sheet.columns):
        if block.left <= at < block.right:
            codes = column.codes[: block.bottom].copy()
            codes[: block.top] = 0
            columns.append(Column(column.uniques, codes))
        else:
            columns.append(Column((BLANK,), numpy.zeros(block.bottom, dtype=column.codes.dtype)))
    return replace(sheet, columns=tuple(columns), n_rows=block.bottom)
