"""Owns which rows and columns of a sheet are a taught table's figures, and which texts speak for each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from data_loaders.grid import address
from data_loaders.layouts.answers import TableFit
from data_loaders.layouts.meanings import Said, plain_form, text_of
from data_loaders.layouts.model import Dimension, Source, TaughtTable
from data_loaders.layouts.places import Grid, Place, column_of, place_of
from scorecards.periods import parse_covered

FAR_ROWS, FAR_COLUMNS = 20_000, 1_000  # no table of figures is larger
NUMBERS = ("number", "percent")


@dataclass(frozen=True)
class Spot:
    """A text about figures, and where it stands; nowhere where the sheet's or file's name or the layout says it."""

    text: str
    place: Place | None = None


@dataclass(frozen=True, eq=False)
class Frame:
    """A taught table in a sheet: the rows and columns of its figures, and what is said above and beside them."""

    fit: TableFit
    grid: Grid
    file_name: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    headings: Mapping[int, Mapping[int, Spot]]  # by heading row, then column
    labels: Mapping[int, Mapping[int, Spot]]  # by label column, then row
    sections: Mapping[int, Mapping[int, Spot]]  # by section column, then row
    headings_again: frozenset[int] = frozenset()  # rows that repeat the headings
    unlabelled: frozenset[Place] = frozenset()  # filled cells in the table's rows or columns that nothing speaks for
    beyond: tuple[Place, ...] = ()  # numbers right of the table or below it
    marks: Mapping[Place, str] = field(default_factory=dict)

    @property
    def table(self) -> TaughtTable:
        return self.fit.table

    def said(self, dimension: Dimension, row: int, column: int) -> list[tuple[Said, Place | None]]:
        """Return the texts that say `dimension` of the figure at a place, in the layout's order."""
        found = []
        for source in self.table.says.get(dimension, ()):
            spot = self._spot(source, row, column)
            near = any(getattr(source, name) is not None for name in ("heading_row", "label_column", "section_column"))
            found.append((Said(spot.text, near, source.fixed is not None), spot.place))
        return found

    def _spot(self, source: Source, row: int, column: int) -> Spot:
        down, right = self.fit.rows_down, self.fit.columns_right
        nothing = Spot("")
        if source.heading_row is not None:
            return self.headings[source.heading_row - 1 + down].get(column, nothing)
        if source.label_column is not None:
            return self.labels[column_of(source.label_column) + right].get(row, nothing)
        if source.section_column is not None:
            return self.sections[column_of(source.section_column) + right].get(row, nothing)
        if source.cell is not None:
            return cell_spot(self.grid, shifted(place_of(source.cell), self.fit))
        if source.sheet_name:
            return Spot(self.grid.sheet.name)
        return Spot(self.file_name if source.file_name else source.fixed or "")


def shifted(place: Place, fit: TableFit) -> Place:
    return place[0] + fit.rows_down, place[1] + fit.columns_right


def cell_spot(grid: Grid, place: Place) -> Spot:
    """Return the text of a cell, of a merged one that of the range it belongs to."""
    place = grid.merged.get(place, place)
    return Spot(text_of(grid.cell(*place)), place)


def frame_of(grid: Grid, fit: TableFit, file_name: str, others: Sequence[TableFit] = ()) -> Frame:
    """Return where a taught table stands in a sheet; `others` are the tables that stand on the same sheet."""
    table = fit.table
    heading_rows = sorted(source_rows(table, fit))
    label_columns = sorted(source_columns(table, fit, "label_column"))
    section_columns = sorted(source_columns(table, fit, "section_column"))
    first = shifted(place_of(table.first), fit)
    end = edges(grid, fit, first, others)
    columns = body_columns(grid, table, first, end, heading_rows)
    layer = RowWalk(grid, table, columns, heading_rows, label_columns, section_columns)
    layer.walk(first[0], end[0], fixed_end=table.last is not None)
    headings = read_headings(grid, heading_rows, first[1], columns)
    marks = {shifted(place_of(at), fit): text for at, text in table.marks.items()}
    return Frame(
        fit, grid, file_name, tuple(layer.rows), tuple(columns), headings, layer.labels, layer.sections,
        frozenset(layer.headings_again), frozenset(layer.unlabelled(first[1])),
        tuple(beyond(grid, table, columns, layer, end)), marks,
    )  # fmt: skip


def source_rows(table: TaughtTable, fit: TableFit) -> set[int]:
    sources = [source for given in table.says.values() for source in given]
    return {source.heading_row - 1 + fit.rows_down for source in sources if source.heading_row is not None}


def source_columns(table: TaughtTable, fit: TableFit, what: str) -> set[int]:
    letters = {getattr(source, what) for given in table.says.values() for source in given} - {None}
    return {column_of(one) + fit.columns_right for one in letters}


def edges(grid: Grid, fit: TableFit, first: Place, others: Sequence[TableFit]) -> Place:
    """Return the row and column before which the table ends at the latest: its last cell, or another table."""
    rows, columns = min(grid.n_rows, first[0] + FAR_ROWS), min(grid.n_columns, first[1] + FAR_COLUMNS)
    if fit.table.last is not None:
        last = shifted(place_of(fit.table.last), fit)
        return min(rows, last[0] + 1), min(columns, last[1] + 1)
    for other in others:
        top, left, start = corner(other)
        if top > first[0] and left <= first[1] <= start[1]:
            rows = min(rows, top)
        if left > first[1] and top <= first[0]:
            columns = min(columns, left)
    return rows, columns


def corner(fit: TableFit) -> tuple[int, int, Place]:
    """Return the top row and left column of a table with its headings and labels, and its first figure."""
    first = shifted(place_of(fit.table.first), fit)
    columns = source_columns(fit.table, fit, "label_column") | source_columns(fit.table, fit, "section_column")
    return min({first[0], *source_rows(fit.table, fit)}), min({first[1], *columns}), first


def stops(table: TaughtTable, text: str) -> bool:
    """Return whether a label or heading is one before which the table ends."""
    form = plain_form(text)
    return any(form == plain_form(word) or form.startswith(f"{plain_form(word)} ") for word in table.ends_before)


# Columns and headings


def own_heading(grid: Grid, row: int, column: int, heading_rows: Sequence[int]) -> Spot | None:
    """Return the text that stands above a column in one heading row, or None where the cell is blank.

    A cell that is merged with one in a higher heading row says its text there, and nothing here.
    """
    origin = grid.merged.get((row, column), (row, column))
    if origin[0] != row and origin[0] in heading_rows:
        return None
    text = text_of(grid.cell(*origin))
    return Spot(text, origin) if text else None


def body_columns(grid: Grid, table: TaughtTable, first: Place, end: Place, heading_rows: Sequence[int]) -> list[int]:
    """Return the columns of figures: those with a heading of their own, up to a gap or a word that ends the table."""
    if not heading_rows:
        return list(range(first[1], end[1])) if table.last is not None else [first[1]]
    found, gap = [], 0
    for column in range(first[1], end[1]):
        spots = [own_heading(grid, row, column, heading_rows) for row in heading_rows]
        written = [spot for spot in spots if spot is not None]
        if any(stops(table, spot.text) for spot in written):
            break
        if written:
            found.append(column)
            gap = 0
            continue
        gap += 1
        if gap > table.blank_columns and table.last is None:
            break
    return found


def read_headings(
    grid: Grid, heading_rows: Sequence[int], start: int, columns: Sequence[int]
) -> dict[int, dict[int, Spot]]:
    """Return the heading of each column in each heading row; a blank one repeats that to its left.

    It repeats no further than the heading above it does.
    """
    found: dict[int, dict[int, Spot]] = {row: {} for row in heading_rows}
    carried: dict[int, Spot] = {}
    for column in range(start, max(columns, default=start) + 1):
        for row in heading_rows:
            own = own_heading(grid, row, column, heading_rows)
            if own is not None:
                is_new = own != carried.get(row)
                carried[row] = own
                if is_new:
                    for lower in heading_rows:
                        if lower > row:
                            carried.pop(lower, None)
        for row, spot in carried.items():
            found[row][column] = spot
    return found


# Rows and labels


class RowWalk:
    """Walks down a table: which rows hold figures, and which labels and sections speak for them."""

    def __init__(self, grid, table, columns, heading_rows, label_columns, section_columns):
        self.grid, self.table, self.columns = grid, table, list(columns)
        self.heading_rows, self.label_columns, self.section_columns = heading_rows, label_columns, section_columns
        self.rows: list[int] = []
        self.labels: dict[int, dict[int, Spot]] = {column: {} for column in label_columns}
        self.sections: dict[int, dict[int, Spot]] = {column: {} for column in section_columns}
        self.headings_again: list[int] = []
        self.without_label: list[int] = []
        self.carried: dict[int, Spot] = {}
        self.section: dict[int, Spot] = {}
        self.stopped_at: int | None = None  # by a word
        self.last = -1

    def walk(self, first: int, end: int, *, fixed_end: bool) -> None:
        """Go down from the first row to where the table ends."""
        if not self.label_columns and not self.section_columns:
            self._without_labels(first, end, fixed_end)
            return
        self._section_above(first)
        gap = 0
        for row in range(first, end):
            own = {column: self._own_label(row, column) for column in self.label_columns}
            written = {column: spot for column, spot in own.items() if spot is not None}
            heads = self._section_at(row)
            if any(stops(self.table, spot.text) for spot in (*written.values(), *heads.values())):
                self.stopped_at = row
                return
            if self._heads_another_table(row):
                return
            if not written and not heads and not self._has_figures(row):
                gap += 1
                if gap > self.table.blank_rows and not fixed_end:
                    return
                continue
            gap, self.last = 0, row
            self._take(row, written, heads)

    def _without_labels(self, first: int, end: int, fixed_end: bool) -> None:
        self.rows = list(range(first, end)) if fixed_end else [first]
        self.last = self.rows[-1] if self.rows else -1

    def _take(self, row: int, written: Mapping[int, Spot], heads: Mapping[int, Spot]) -> None:
        if self._repeats_headings(row):
            self.headings_again.append(row)
        elif heads:
            self.section |= heads
            self.carried.clear()
        elif written or not self.label_columns:
            self._label(row, written)
            self.rows.append(row)
        else:
            self.without_label.append(row)

    def _label(self, row: int, written: Mapping[int, Spot]) -> None:
        """Give the row its labels; a blank one repeats that above it, unless one further left is new."""
        for column in self.label_columns:
            if column in written:
                if self.carried.get(column) != written[column]:
                    for other in self.label_columns:
                        if other > column:
                            self.carried.pop(other, None)
                self.carried[column] = written[column]
        for column, spot in self.carried.items():
            self.labels[column][row] = spot
        for column, spot in self.section.items():
            self.sections[column][row] = spot

    def _own_label(self, row: int, column: int) -> Spot | None:
        origin = self.grid.merged.get((row, column), (row, column))
        if origin[1] != column and origin[1] in self.label_columns:
            return None
        text = text_of(self.grid.cell(*origin))
        return Spot(text, origin) if text else None

    def _section_above(self, first: int) -> None:
        """Take up the section whose heading stands above the first row."""
        for column in self.section_columns:
            for row in range(first - 1, max(first - 4, -1), -1):
                spot = cell_spot(self.grid, (row, column))
                if spot.text and row not in self.heading_rows and not self._has_figures(row):
                    self.section[column] = spot
                    break

    def _section_at(self, row: int) -> dict[int, Spot]:
        """Return the section headings of a row: texts that stand there without figures and other labels."""
        if not self.section_columns or self._has_figures(row):
            return {}
        found = {column: cell_spot(self.grid, (row, column)) for column in self.section_columns}
        found = {column: spot for column, spot in found.items() if spot.text}
        others = [column for column in self.label_columns if column not in self.section_columns]
        if any(self._own_label(row, column) not in (None, *found.values()) for column in others):
            return {}
        return found

    def _has_figures(self, row: int) -> bool:
        return any((row, column) in self.grid.filled for column in self.columns)

    def _repeats_headings(self, row: int) -> bool:
        """Return whether a row shows the headings again, as long tables do on each page."""
        filled = [column for column in self.columns if (row, column) in self.grid.filled]
        same = 0
        for column in filled:
            text = text_of(self.grid.cell(row, column))
            heads = {text_of(self.grid.cell(head, column)) for head in self.heading_rows}
            same += bool(text) and text in heads
        return bool(filled) and 2 * same >= len(filled) and same > 0

    def _heads_another_table(self, row: int) -> bool:
        """Return whether a row holds the headings of a table for other periods, whose figures are none of this one.

        The same headings beside another label ("Q1" beside "2024/25") are those of another table, too.
        """
        filled = [column for column in self.columns if (row, column) in self.grid.filled]
        texts = [text_of(self.grid.cell(row, column)) for column in filled if self._is_words(row, column)]
        named = {found.period for text in texts if (found := parse_covered(text)) is not None and found.period}
        # A single period in the place of a number says from when it can be had.
        others = len(named) > 1 and 2 * len(texts) >= len(filled)
        if self._repeats_headings(row):
            return not self._repeats_labels(row)
        return others

    def _is_words(self, row: int, column: int) -> bool:
        return self.grid.cell(row, column).kind not in NUMBERS

    def _repeats_labels(self, row: int) -> bool:
        """Return whether the labels beside headings that stand again are blank, or those that stood beside them."""
        for column in self.label_columns:
            text = plain_form(text_of(self.grid.cell(row, column)))
            if text and text not in {plain_form(text_of(self.grid.cell(head, column))) for head in self.heading_rows}:
                return False
        return True

    def unlabelled(self, start: int) -> Iterable[Place]:
        """Yield the filled cells between the first and the last row that no label or heading speaks for."""
        inside, last = set(self.columns), max(self.columns, default=start)
        labelled, nameless = set(self.rows), set(self.without_label)
        for row, column in self.grid.filled:
            if start <= column <= last and (row in nameless or (row in labelled and column not in inside)):
                yield row, column


def beyond(grid: Grid, table: TaughtTable, columns: Sequence[int], walked: RowWalk, end: Place) -> Iterable[Place]:
    """Yield numbers right of the table in its rows and below it in its columns, where nothing said that it ends.

    A sender who leaves a column free before the new year's months would otherwise send them for nothing.
    """
    if table.last is not None or not columns:
        return
    rights = range(0) if stops_right(grid, table, walked, columns[-1] + 1) else range(columns[-1] + 1, end[1])
    belows = range(0) if walked.stopped_at is not None else range(walked.last + 1, end[0])
    rows, inside = set(walked.rows), set(columns)
    for (row, column), cell in grid.filled.items():
        is_outside = (row in rows and column in rights) or (row in belows and column in inside)
        if is_outside and cell.kind in NUMBERS:
            yield row, column


def stops_right(grid: Grid, table: TaughtTable, walked: RowWalk, column: int) -> bool:
    """Return whether the table ends at a column because of a word above it."""
    spots = (own_heading(grid, row, column, walked.heading_rows) for row in walked.heading_rows)
    return any(spot is not None and stops(table, spot.text) for spot in spots)


def places_in_words(places: Iterable[Place]) -> str:
    """Return the first few places as addresses: "H5, H6 and 3 more"."""
    listed = [address(*place) for place in places]
    more = len(listed) - 5
    return f"{', '.join(listed[:5])}{f' and {more} more' if more > 0 else ''}"
