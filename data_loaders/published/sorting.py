"""Owns telling published tables from partners' files, by their headings and never by the name of a file."""

from collections.abc import Mapping
from pathlib import PurePath

from data_loaders.published.tables import (
    HEADINGS_WITHIN,
    TEXTS,
    Grid,
    first_rows,
    grids_of,
    is_like_published,
    recognised_in,
)
from scorecards.definitions.published_models import PublishedTables
from scorecards.definitions.published_reading import read_published_tables
from scorecards.errors import LoadRefused


def is_text(name: str) -> bool:
    """Return whether a file's headings can be looked at without the reader of workbooks."""
    return PurePath(name).suffix.lower() in TEXTS


def published_among(files: Mapping[str, bytes], tables: PublishedTables | None = None) -> frozenset[str]:
    """Return the names of the files that are published tables, or mean to be: those of partners are not among them."""
    known = tables or read_published_tables()
    return frozenset(name for name, data in files.items() if is_published(name, data, known))


def is_published(name: str, data: bytes, known: PublishedTables) -> bool:
    try:
        heads = [first_rows(data)] if is_text(name) else [head(grid) for grid in grids_of(name, data)]
    except LoadRefused:
        # What cannot be read at all is told with the partners' files, where every such sentence stands.
        return False
    return any(True for grid in heads for _ in recognised_in(grid, known)) or any(
        is_like_published(row, known) for grid in heads for row in grid.rows
    )


def head(grid: Grid) -> Grid:
    return Grid(grid.rows[:HEADINGS_WITHIN], grid.lines[:HEADINGS_WITHIN])
