"""The published tables that the shared folder holds, read once for all tests of a process."""

from functools import cache

from data_loaders.published.reading import read_published
from scorecards.definitions.published_reading import read_published_tables

FOLDERS = ("dfe_2024_release", "dfe_2025_release", "neighbours")
# Tables of the same folders that are not used.
OTHERS = ("c3_", "c6_")


def paths_in(shared):
    found = [path for folder in FOLDERS for path in sorted((shared / "data" / folder).glob("*.csv"))]
    return [path for path in found if not path.name.startswith(OTHERS)]


@cache
def published_files(shared):
    """Return every published file of the shared folder as the product reads it."""
    return tuple(read_published([(path.name, path.read_bytes()) for path in paths_in(shared)], read_published_tables()))


@cache
def values_of(shared):
    """Return (release, value) of every value in every file."""
    return [(file.release, value) for file in published_files(shared) for value in file.values]
