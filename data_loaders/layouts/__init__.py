"""Taught layouts: a sender's own workbook, whatever its shape, read as an aggregate return.

A layout is taught once in the browser, kept as YAML per sender, and found again by its marks the next quarter.
"""

from data_loaders.layouts.answers import (
    Contradiction,
    Fit,
    LaidOut,
    LaidTable,
    LayoutsRead,
    LeftOut,
    MissingMark,
    Pictured,
    Question,
    SheetPicture,
    TableFit,
    Tried,
    TriedFigure,
    WordRead,
)
from data_loaders.layouts.fitting import fits, moved
from data_loaders.layouts.kept import (
    layout_hash,
    layout_problems,
    layout_text,
    layouts_folder,
    layouts_read,
    read_layouts,
    save_layout,
    taught,
)
from data_loaders.layouts.laying import lay_out
from data_loaders.layouts.model import Basis, Dimension, Layout, Meaning, Part, Source, Status, TaughtTable, Unit
from data_loaders.layouts.pictures import picture
from data_loaders.layouts.proposing import propose
from data_loaders.layouts.retired import retire_layout
from data_loaders.layouts.trying import tried, words_of

__all__ = [
    "Basis",
    "Contradiction",
    "Dimension",
    "Fit",
    "LaidOut",
    "LaidTable",
    "Layout",
    "LayoutsRead",
    "LeftOut",
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
    "layout_text",
    "layouts_folder",
    "layouts_read",
    "moved",
    "picture",
    "propose",
    "read_layouts",
    "retire_layout",
    "save_layout",
    "taught",
    "tried",
    "words_of",
]
