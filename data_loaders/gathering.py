"""Owns which files are meant when somebody names files and folders: found, named apart, and taken a batch at a time."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from data_loaders.containers import FILE_LIMIT, given_name
from scorecards.errors import LoadRefused

SUFFIXES = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".ots", ".csv", ".txt", ".tsv", ".tab",
            ".xml"}  # fmt: skip
# What is looked at together stands in memory together; these are more than a partnership's files of a quarter.
FILES_TOGETHER = 40
BYTES_TOGETHER = 60 * 1024**2
SHORT_ENOUGH = 110  # to be numbered: of a longer name than 120 signs the end is cut
# Files of programs that are still writing, or that nobody sent.
PASSING = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".swp")
NOBODY_SENT = {"thumbs.db", "desktop.ini"}


def files_in(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return the files that are meant, and those of the folders that are left alone, each in order of its name."""
    found: list[Path] = []
    left: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        for one in below(path):
            (found if one.suffix.lower() in SUFFIXES else left).append(one)
    return found, left


def below(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and the folders in it, in order; none that is hidden, passing or only a link."""
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if not is_passing(name) and path.is_file() and not path.is_symlink():
                yield path


def is_passing(name: str) -> bool:
    """Return whether a file is hidden, a lock of Excel's, still being written, or of the file manager's."""
    lower = name.lower()
    return lower.startswith((".", "~$")) or lower.endswith(PASSING) or lower in NOBODY_SENT


def names_of(paths: Sequence[Path]) -> list[str]:
    """Return a name for each file by which a person can tell it from the others: its own, else with its folders."""
    names = [given_name(path.name) for path in paths]
    again = {name for name, count in Counter(names).items() if count > 1}
    seen: Counter[str] = Counter()
    told = []
    for path, name in zip(paths, names, strict=True):
        if name in again:
            name = given_name(" - ".join((*path.parent.parts[-2:], path.name)).replace("/", "").replace("\\", ""))
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name[:SHORT_ENOUGH]} ({seen[name]})")
    return told


def bytes_of(path: Path, times: int = 1, *, may_be_link: bool = True) -> bytes:
    """Return the bytes of a file; of one that is too large only so many that it is refused as such.

    `times` raises how large it may be. Where others may write, a file may have become a link since it was found.

    Raise LoadRefused with a sentence where it cannot be read.
    """
    more = 0 if may_be_link else getattr(os, "O_NOFOLLOW", 0)  # Windows has none
    try:
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | more)) as file:
            return file.read(FILE_LIMIT * times + 1)
    except OSError as trouble:
        raise LoadRefused(
            "unreadable",
            f"{given_name(path.name)} cannot be opened: {trouble.strerror or 'no reason is given'}. "
            "Close it where it is open, and give yourself the right to read it.",
        ) from trouble


def in_batches(paths: Iterable[Path], files: int = FILES_TOGETHER, size: int = BYTES_TOGETHER) -> Iterator[list[Path]]:
    """Yield the files in bounded batches, in order: by how many they are and by how large."""
    batch: list[Path] = []
    weight = 0
    for path in paths:
        own = size_of(path)
        if batch and (len(batch) >= files or weight + own > size):
            yield batch
            batch, weight = [], 0
        batch.append(path)
        weight += own
    if batch:
        yield batch


def size_of(path: Path) -> int:
    """Return how many bytes of a file would be read; nothing of one that went meanwhile."""
    try:
        return min(path.stat().st_size, FILE_LIMIT + 1)
    except OSError:
        return 0
