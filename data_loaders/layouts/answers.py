"""What taught layouts answer: how a file fits, what was read, what is asked, and the picture of a sheet; frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
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
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        """Return in words whether and how the table moved or changed: "'Months' moved 2 rows down on 'Data'."."""
        raise NotImplementedError


@dataclass(frozen=True)
class Fit:
    """A layout and the places of its tables in a file: as taught, moved as a whole, or partly changed."""

    layout: Layout
    tables: tuple[TableFit, ...]

    @property
    def kind(self) -> FitKind:
        raise NotImplementedError

    @property
    def sentence(self) -> str:
        raise NotImplementedError


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
    """One taught table of a file as a long sheet: a row a figure, under the headings of an aggregate return."""

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
    files: Mapping[str, str] = field(default_factory=dict)
