"""Taught layouts: a sender's own workbook, whatever its shape, read as an aggregate return.

A layout is taught once in the browser, kept as YAML per sender, and found again by its marks the next quarter.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path

from data_loaders.grid import FileContent
from data_loaders.layouts.answers import (
    Contradiction,
    Fit,
    LaidOut,
    LaidTable,
    LayoutsRead,
    MissingMark,
    Pictured,
    Question,
    SheetPicture,
    TableFit,
    Tried,
    TriedFigure,
    WordRead,
)
from data_loaders.layouts.model import Basis, Dimension, Layout, Meaning, Part, Source, Status, TaughtTable, Unit
from scorecards.definitions import Definitions

__all__ = [
    "Basis",
    "Contradiction",
    "Dimension",
    "Fit",
    "LaidOut",
    "LaidTable",
    "Layout",
    "LayoutsRead",
    "Meaning",
    "MissingMark",
    "Part",
    "Pictured",
    "Question",
    "SheetPicture",
    "Source",
    "Status",
    "TableFit",
    "TaughtTable",
    "Tried",
    "TriedFigure",
    "Unit",
    "WordRead",
    "fits",
    "lay_out",
    "layout_hash",
    "layout_problems",
    "layouts_folder",
    "layouts_read",
    "moved",
    "picture",
    "propose",
    "read_layouts",
    "save_layout",
    "taught",
    "tried",
    "words_of",
]


def layouts_folder() -> Path:
    """Return where layouts are kept: SCORECARDS_LAYOUTS, else `layouts` in the data home (`demo-layouts` of the demo).

    A layout stands in `<agency>/<name>.yaml`, its earlier versions in `<agency>/earlier/`.
    """
    raise NotImplementedError


def layouts_read(definitions: Definitions) -> LayoutsRead:
    """Return every layout that can be used, and a sentence with file and line for what is wrong in the others."""
    raise NotImplementedError


def read_layouts(definitions: Definitions) -> tuple[Layout, ...]:
    """Return every layout that can be used; `layout_problems` tells why others cannot."""
    raise NotImplementedError


def layout_problems(layout: Layout, definitions: Definitions) -> tuple[str, ...]:
    """Return what a layout names that is not ours (a KPI, a locality, an agency), as sentences; () when it is good."""
    raise NotImplementedError


def save_layout(layout: Layout) -> Path:
    """Keep a layout, whole or not at all, and the version that it replaces beside it; return its file."""
    raise NotImplementedError


def layout_hash(layout: Layout) -> str:
    """Return sixteen letters that change when anything about the layout does, other than who taught it and when."""
    raise NotImplementedError


def taught(layout: Layout, dimension: str, word: str, meaning: Meaning | str | None) -> Layout:
    """Return the layout with the meaning of one more word: a Meaning for a measure, else our word; None to ignore it.

    Raise ScorecardError where the meaning would be wrong the next time, such as a fixed quarter for "This quarter".
    """
    raise NotImplementedError


def fits(layouts: Sequence[Layout], content: FileContent) -> tuple[Fit, ...]:
    """Return the layouts that a file may have been made by, the surest first; () where none is like it."""
    raise NotImplementedError


def moved(fit: Fit) -> Layout:
    """Return the layout as it stands in the file: every row and column where it is now."""
    raise NotImplementedError


def lay_out(content: FileContent, fit: Fit, definitions: Definitions) -> LaidOut:
    """Return the figures of a file as long sheets, what must be asked first, and what became of every other cell."""
    raise NotImplementedError


def words_of(content: FileContent, layout: Layout, definitions: Definitions) -> tuple[WordRead, ...]:
    """Return every word about figures that the layout reads in a file, with its meaning; unknown words first."""
    raise NotImplementedError


def propose(
    content: FileContent,
    sheet_name: str,
    definitions: Definitions,
    *,
    agency: str,
    taught_by: str = "draft",
    taught_on: datetime.date | None = None,
) -> Layout:
    """Return a first draft of a layout for one sheet: a guess, to be shown, corrected and confirmed by a person.

    Raise ScorecardError where nothing on the sheet looks like a table of figures.
    """
    raise NotImplementedError


def picture(
    content: FileContent, layout: Layout | None, definitions: Definitions, sheet_name: str | None = None
) -> tuple[SheetPicture, ...]:
    """Return the sheets (or one of them) as grids of cells with what each is to the layout, cut to what can be drawn.

    Without a layout every cell is outside. Cells that may not be shown are not.
    """
    raise NotImplementedError


def tried(content: FileContent, layout: Layout, definitions: Definitions) -> Tried:
    """Return what a layout reads from a file, as plain rows, for "try it on last quarter's file"."""
    raise NotImplementedError
