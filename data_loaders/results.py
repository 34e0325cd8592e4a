"""Owns what a check and a landing say: files, lists, rows ready, problems and changes; frozen, without identifiers."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from data_loaders.problems import Problem, needs_a_look

Verdict = Literal["ready", "to look at", "refused", "nothing new", "not used"]
ListStatus = Literal["ready", "to look at", "refused", "nothing to report", "empty", "not used", "not data"]
Covers = tuple[datetime.date, datetime.date]  # first day and last day, both included

# Removing more than this share of what was stored for the days covered must be confirmed.
REMOVAL_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Rows:
    """The good rows of a list, as they will be stored: a list of values per stored column."""

    columns: Mapping[str, Sequence]
    keys: Sequence[tuple]
    sheet_rows: Sequence[int]  # as Excel numbers them
    cells: Sequence[str] = ()  # of aggregates, the address of each figure

    def __len__(self) -> int:
        return len(self.sheet_rows)


NO_ROWS = Rows({}, (), ())


@dataclass(frozen=True, eq=False)
class ListCheck:
    """One list found in one sheet: rows_read = rows_ready + rows_refused + rows_ignored, always.

    `record_type` is None for a sheet that is no list, or a list not used yet.
    """

    record_type: str | None
    sheet: str
    title: str
    status: ListStatus
    rows_read: int = 0
    rows_ready: int = 0
    rows_refused: int = 0
    ignored: tuple[tuple[str, int], ...] = ()
    covers: Covers | None = None
    covers_from: str = ""  # how the days covered were found, in words
    agency: str | None = None
    problems: tuple[Problem, ...] = ()
    declared_nil: bool = False
    # The column and days that say which stored rows this list replaces, where that is not its own dating column.
    follows: str | None = None
    # The agency that makes the national return whose table this is; nobody else has it to send.
    made_by: str | None = None
    rows: Rows = field(default=NO_ROWS, repr=False)

    @property
    def rows_ignored(self) -> int:
        return sum(count for _, count in self.ignored)

    @property
    def can_be_sent(self) -> bool:
        """Return whether there is something to land, whoever sent it: good rows, or that there were none."""
        return self.record_type is not None and self.status != "refused" and (self.rows_ready > 0 or self.declared_nil)

    @property
    def can_land(self) -> bool:
        return self.can_be_sent and self.agency is not None


@dataclass(frozen=True, eq=False)
class FileCheck:
    """One file: what it was recognised as, who sent it and whether it can land."""

    name: str
    sha256: str
    verdict: Verdict
    sentence: str
    agency: str | None = None
    agency_from: str = ""  # how the agency was found, in words
    lists: tuple[ListCheck, ...] = ()
    remarks: tuple[str, ...] = ()
    own_problems: tuple[Problem, ...] = ()  # of the file as a whole
    kind: str = ""
    size: int = 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.own_problems, *(problem for one in self.lists for problem in one.problems))

    @property
    def rows_read(self) -> int:
        return sum(one.rows_read for one in self.lists)

    @property
    def rows_ready(self) -> int:
        return sum(one.rows_ready for one in self.lists)

    @property
    def can_land(self) -> bool:
        return self.verdict in ("ready", "to look at") and any(one.can_land for one in self.lists)


@dataclass(frozen=True)
class Change:
    """What landing one agency's list does to what is stored: counts and days, no identifiers."""

    record_type: str
    title: str
    agency: str
    covers: Covers | None
    added: int
    changed: int
    removed: int
    unchanged: int
    there: int  # rows stored so far for the days covered
    removed_days: Covers | None = None  # first and last day of the rows removed

    @property
    def needs_confirmation(self) -> bool:
        """Return whether more than a tenth of what was there for these days would go."""
        return self.removed > REMOVAL_SHARE * self.there

    @property
    def sentence(self) -> str:
        counts = [
            (self.added, "added"),
            (self.changed, "changed"),
            (self.removed, "removed"),
            (self.unchanged, "as before"),
        ]
        said = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing changes"
        return f"{self.title}: {said}."


@dataclass(frozen=True, eq=False)
class Check:
    """Everything found in the files sent together; nothing is stored yet."""

    files: tuple[FileCheck, ...]
    changes: tuple[Change, ...] = ()
    data_version: int = 0

    @property
    def lists(self) -> tuple[ListCheck, ...]:
        return tuple(one for file in self.files for one in file.lists)

    @property
    def rows_read(self) -> int:
        return sum(file.rows_read for file in self.files)

    @property
    def rows_ready(self) -> int:
        return sum(file.rows_ready for file in self.files if file.can_land)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for file in self.files for problem in file.problems)

    @property
    def can_land(self) -> bool:
        return any(file.can_land for file in self.files)

    @property
    def needs_confirmation(self) -> bool:
        return any(change.needs_confirmation for change in self.changes)

    @property
    def needs_a_look(self) -> bool:
        return needs_a_look(self.problems)


@dataclass(frozen=True)
class Landed:
    """What a landing did; `data_version` is None when there was nothing to land."""

    data_version: int | None
    rows_added: int = 0
    rows_changed: int = 0
    rows_removed: int = 0
    rows_unchanged: int = 0
    files: int = 0
    changes: tuple[Change, ...] = ()

    @property
    def sentence(self) -> str:
        if self.data_version is None:
            return "Nothing was stored: no list was ready."
        files = "1 file" if self.files == 1 else f"{self.files} files"
        return (
            f"Stored as data version {self.data_version} from {files}: {self.rows_added:,} rows added, "
            f"{self.rows_changed:,} changed, {self.rows_removed:,} removed, {self.rows_unchanged:,} as before."
        )
