"""Owns the report of a run over a drop folder: plain text for people and CSV for sorting, each entry kept as it comes.

Values are those that a check may show: none of a column that identifies a child.
"""

import csv
import datetime
import io
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from data_loaders.problems import Problem, harmless
from data_loaders.results import FileCheck
from data_loaders.telling import file_lines, problem_lines

HEADINGS = ("File", "Went to", "What happened", "Sheet", "Cell", "Rows", "Heading", "Value", "Severity",
            "What is wrong", "What to do", "Code")  # fmt: skip
COLUMNS = ("sheet", "cell", "rows", "heading", "value", "severity", "sentence", "advice", "code")  # of a problem
PRIVATE = 0o600


@dataclass(frozen=True)
class Entry:
    """A file by its place in the drop folder, where it went and why, and what was found in it."""

    file: str
    folder: str
    sentence: str
    found: FileCheck | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.found.problems if self.found else ()


class RunReport:
    """The report of one run, made with its first entry; a run that has nothing to tell leaves none."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.path: Path | None = None
        self.counts: Counter[str] = Counter()
        self.text: TextIO | None = None
        self.table: TextIO | None = None

    def __enter__(self) -> "RunReport":
        return self

    def __exit__(self, *_trouble: object) -> None:
        if self.text is None or self.table is None:
            return
        said = ", ".join(f"{count} to {folder}" for folder, count in sorted(self.counts.items()))
        files = self.counts.total()
        self.write(self.text, f"{'1 file' if files == 1 else f'{files} files'}: {said}.\n")
        self.text.close()
        self.table.close()

    def add(self, entry: Entry) -> None:
        """Put an entry into both files, on the disk before anything else is done with the file that it is about."""
        if self.text is None or self.table is None:
            self.text, self.table = self.begin()
        self.counts[entry.folder] += 1
        self.write(self.text, text_of(entry))
        self.write(self.table, rows_of(entry))

    def begin(self) -> tuple[TextIO, TextIO]:
        """Make the two files, named after this moment, for their owner's eyes alone."""
        now = datetime.datetime.now()
        name, number = f"{now:%Y-%m-%d %H%M%S}", 1
        while True:
            own = name if number == 1 else f"{name} ({number})"
            try:
                text = made(self.folder / f"{own}.txt")
                break
            except FileExistsError:
                number += 1
        self.path = self.folder / f"{own}.txt"
        table = made(self.folder / f"{own}.csv", encoding="utf-8-sig")
        self.write(text, f"Drop folder, {now:%d/%m/%Y, %H:%M}\n\n")
        self.write(table, line_of(HEADINGS))
        return text, table

    def write(self, file: TextIO, words: str) -> None:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())


def made(path: Path, encoding: str = "utf-8") -> TextIO:
    """Return a new file that only its owner may read; raise FileExistsError where there is one."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w", encoding=encoding, newline="")


def text_of(entry: Entry) -> str:
    """Return an entry as lines for people."""
    lines = [entry.file, f"  Went to {entry.folder}. {entry.sentence}"]
    if entry.found is not None:
        lines += [*file_lines(entry.found)[1:], *problem_lines(entry.problems)]
    return "\n".join([*map(seen, lines), "", ""])


def seen(words: str) -> str:
    """Return words without signs that nobody sees; a name made on another system may hold some that no file takes."""
    return "".join(sign for sign in words if sign.isprintable())


def rows_of(entry: Entry) -> str:
    """Return an entry as CSV: a line for each problem, or one that says there was none."""
    about = (entry.file, entry.folder, entry.sentence)
    rows = [(*about, *(getattr(one, name) for name in COLUMNS)) for one in entry.problems]
    return "".join(map(line_of, rows or [(*about, *[""] * len(COLUMNS))]))


def line_of(cells: tuple) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell and seen(str(cell))) for cell in cells])
    return out.getvalue()
