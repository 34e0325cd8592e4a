"""What taught layouts answer: how a file fits, what was read, what is asked, and the picture of a sheet; frozen."""

import re
from dataclasses import dataclass
from typing import Literal

from data_loaders.grid import Sheet
from data_loaders.layouts.model import Layout, TaughtTable, WordKind

FitKind = Literal["exact", "moved", "changed"]
Role = Literal["mark", "heading", "label", "period", "area", "figure", "ignored", "question", "outside"]


@dataclass(frozen=True)
class MissingMark:
    """A text by which a table is found again that is not where it should be."""

    address: str  # where it should be
    text: str  # what should stand there
    found: str = ""  # what stands there now, as it may be shown


@dataclass(frozen=True)
class TableFit:
    """Where a taught table stands in a file: on which sheet, and how far it moved since it was taught."""

    table: TaughtTable
    sheet: str  # the sheet's name in the file; "" where no sheet has the table
    rows_down: int = 0
    columns_right: int = 0
    missing: tuple[MissingMark, ...] = ()

    @property
    def kind(self) -> FitKind:
        """Return whether the table stands as taught, as a whole elsewhere, or with other texts than taught."""
        if self.missing:
            return "changed"
        return "moved" if self.rows_down or self.columns_right or self.is_elsewhere else "exact"

    @property
    def is_elsewhere(self) -> bool:
        """Return whether the table stands on a sheet of another name than taught."""
        return bool(self.sheet) and not is_called(self.sheet, self.table.sheet)

    @property
    def sentence(self) -> str:
        """Return in words whether and how the table moved or changed: "'Months' moved 2 rows down on 'Data'."."""
        if not self.sheet:
            return f"'{self.table.title}' was not found on any sheet."
        if self.missing:
            count = len(self.missing)
            texts = "1 fixed text is" if count == 1 else f"{count} fixed texts are"
            return f"'{self.table.title}' on sheet '{self.sheet}' was changed: {texts} not where it was taught."
        if self.kind == "exact":
            return f"'{self.table.title}' stands on sheet '{self.sheet}' as taught."
        return f"'{self.table.title}' {' and '.join(self._moves())}."

    def _moves(self) -> list[str]:
        said = []
        ways = ((self.rows_down, "row", ("down", "up")), (self.columns_right, "column", ("right", "left")))
        moves = [
            f"{abs(by)} {what}{'' if abs(by) == 1 else 's'} {names[0] if by > 0 else names[1]}"
            for by, what, names in ways
            if by
        ]
        if moves:
            said.append(f"moved {' and '.join(moves)} on sheet '{self.sheet}'")
        if self.is_elsewhere:
            said.append(f"is now on sheet '{self.sheet}', not '{self.table.sheet}'")
        return said


@dataclass(frozen=True)
class Fit:
    """A layout and the places of its tables in a file: as taught, moved as a whole, or partly changed."""

    layout: Layout
    tables: tuple[TableFit, ...]

    @property
    def kind(self) -> FitKind:
        kinds = {table.kind for table in self.tables}
        return "changed" if "changed" in kinds else "moved" if "moved" in kinds else "exact"

    @property
    def sentence(self) -> str:
        """Return how the file fits the layout, table by table where one is not as taught."""
        if self.kind == "exact":
            return f"The file is built as taught in '{self.layout.title}'."
        told = " ".join(table.sentence for table in self.tables if table.kind != "exact")
        return f"The file is like '{self.layout.title}', but not as taught. {told}"

    @property
    def sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets that the layout reads."""
        return tuple(dict.fromkeys(table.sheet for table in self.tables if table.sheet))


def is_called(name: str, pattern: str) -> bool:
    """Return whether a sheet's name is the one taught, in which * stands for anything."""
    parts = [re.escape(" ".join(part.casefold().split())) for part in pattern.split("*")]
    return re.fullmatch(" ?.*".join(parts), " ".join(name.casefold().split())) is not None


@dataclass(frozen=True)
class Question:
    """A word of the sender that means nothing yet, and keeps `figures` cells from being read."""

    dimension: WordKind
    word: str
    sheet: str
    address: str  # the first cell that has it
    figures: int
    suggestion: str = ""  # the nearest of ours, as a KPI id, a locality ... ; "" where none is near
    sentence: str = ""


@dataclass(frozen=True)
class WordRead:
    """A word that a layout reads in a file, and what it means: for the form in which words are taught."""

    dimension: WordKind
    word: str
    sheet: str
    address: str
    figures: int
    meaning: str | None  # a KPI id, a period id, a locality ...; None where it is ignored or means nothing yet
    known: Literal["layout", "itself", "ignored", ""]  # "" where it is a question
    in_words: str = ""  # "Contacts to the front door"; "Q2 2025/26"; "ignored"
    suggestion: str = ""


@dataclass(frozen=True, eq=False)
class LaidTable:
    """The taught tables of one sheet as a long sheet: a row a figure, under the headings of an aggregate return."""

    title: str
    sheet: Sheet  # its `origins` tell where each cell stands in the sender's sheet
    figures: int  # cells read as figures
    unanswered: int = 0  # figures that wait for the meaning of a word and are not in `sheet`


@dataclass(frozen=True, eq=False)
class LaidOut:
    """A file read through a layout. Every filled cell of its sheets is a figure, unanswered or ignored for a reason."""

    tables: tuple[LaidTable, ...]
    questions: tuple[Question, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()  # (reason, cells)
    contradictions: tuple["Contradiction", ...] = ()
    left_out: tuple["LeftOut", ...] = ()

    @property
    def figures(self) -> int:
        return sum(table.figures for table in self.tables)


@dataclass(frozen=True)
class Contradiction:
    """Cells that say different numbers for one and the same figure; none of them was read."""

    sheet: str
    addresses: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class LeftOut:
    """Numbers in or beside a table that no label or heading speaks for, so that they were not read."""

    sheet: str
    addresses: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Pictured:
    """One cell of the picture of a sheet: what stands in it (as it may be shown), and what it is to the layout."""

    address: str
    text: str
    role: Role
    meaning: str = ""  # in words: "Period: Q2 2025/26", "Ignored: other area"
    is_number: bool = False


@dataclass(frozen=True)
class SheetPicture:
    """A sheet as a grid of cells, cut to what a page can draw; the rest is said in `cut`."""

    sheet: str
    rows: tuple[tuple[Pictured, ...], ...]  # every row has the same columns
    first_row: int  # as Excel numbers it
    columns: tuple[str, ...]  # letters
    cut: str = ""  # "40 more rows and 3 more columns are not drawn."
    hidden: str = ""  # why the cells are not shown, where they may not be


@dataclass(frozen=True)
class TriedFigure:
    """One figure as a layout reads it from a file, in plain words and numbers."""

    measure: str  # title
    period: str  # label
    area: str
    provider: str
    breakdown: str
    group: str
    number: str
    out_of: str
    value: str
    basis: str
    available_from: str
    sheet: str
    cells: tuple[str, ...]  # of number, out of and value, those that are given
    kpi: str = ""
    period_id: str = ""


@dataclass(frozen=True)
class Tried:
    """What a layout reads from a file: the figures, what is asked, and the account of the cells."""

    fit: Fit | None
    figures: tuple[TriedFigure, ...] = ()
    questions: tuple[Question, ...] = ()
    ignored: tuple[tuple[str, int], ...] = ()
    sentence: str = ""


@dataclass(frozen=True)
class LayoutsRead:
    """The layouts of the folder, and a sentence with file and line for each thing wrong in the others."""

    layouts: tuple[Layout, ...] = ()
    problems: tuple[str, ...] = ()
