"""Owns what a check and a landing say: files, lists, rows ready, problems and changes; frozen, without identifiers."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from data_loaders.accounts import CellAccount, RowFates, SheetCells
from data_loaders.problems import Problem, needs_a_look

if TYPE_CHECKING:
    from data_loaders.cover_sheet import FromTemplate
    from data_loaders.layouts.answers import Question
    from data_loaders.typed import Typed

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
    letters: Mapping[str, str] = field(default_factory=dict)  # the sheet's column of each column that it has
    headings: Mapping[str, str] = field(default_factory=dict)  # and how it is headed there

    def __len__(self) -> int:
        return len(self.sheet_rows)


NO_ROWS = Rows({}, (), ())


@dataclass(frozen=True)
class LayoutUsed:
    """The taught layout that a file was read through, in the words it then had."""

    agency: str
    name: str
    title: str
    hash: str
    body: str  # YAML


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
    through_layout: bool = False  # read through the file's taught layout
    rows: Rows = field(default=NO_ROWS, repr=False)
    # Children of refused rows: nobody is to say that these have no such record.
    refused_children: frozenset[str] = field(default=frozenset(), repr=False)
    fates: RowFates | None = field(default=None, repr=False)  # what became of the rows of its sheet
    left: Rows = field(default=NO_ROWS, repr=False)  # rows that a later list of the same check sends, too

    @property
    def rows_ignored(self) -> int:
        return sum(count for _, count in self.ignored)

    @property
    def can_be_sent(self) -> bool:
        """Return whether there is something to land, whoever sent it: good rows, or that there were none."""
        if self.record_type is None or self.status == "refused":
            return False
        return self.rows_ready > 0 or len(self.left) > 0 or self.declared_nil

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
    layout: LayoutUsed | None = None
    questions: tuple["Question", ...] = ()  # words that mean nothing to the layout yet
    typed: "Typed | None" = None  # where its figures were typed from
    made: "FromTemplate | None" = None  # the template of ours that it was made from
    read_cells: tuple[SheetCells, ...] = field(default=(), repr=False)
    data: bytes = field(default=b"", repr=False)  # the file as it came; empty where it may not be kept

    @property
    def is_kept(self) -> bool:
        """Return whether its original is kept, encrypted: not where somebody had columns left out of it."""
        return bool(self.data)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.own_problems, *(problem for one in self.lists for problem in one.problems))

    @property
    def cells(self) -> tuple[CellAccount, ...]:
        """Return for each sheet how many of its filled cells are ready, refused, or ignored for which reason."""
        return tuple(one.account(self) for one in self.read_cells)

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
class CellChange:
    """One cell that would hold something else, in words; nothing in it says whom it is about."""

    file: str
    sheet: str
    cell: str  # "F17"; "row 17" where the sheet has no such column
    column: str
    was: str
    now: str
    # Of aggregates: which figure it is, and whether it is of an earlier period than the newest in the file.
    measure: str = ""
    period: str = ""
    is_restated: bool = False


@dataclass(frozen=True)
class Detail:
    """What stands behind the counts of a change, as far as it can be shown: bounded, and without identifiers."""

    columns: tuple[tuple[str, int], ...] = ()  # title of a column, and in how many changed rows it is another
    examples: tuple[CellChange, ...] = ()
    cells: int = 0  # changed in all
    added: tuple[tuple[str, int], ...] = ()  # month in words, and rows
    removed: tuple[tuple[str, int], ...] = ()
    restated: tuple[str, ...] = ()  # labels of the earlier periods of which figures change, oldest first


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
    detail: Detail = field(default=Detail(), repr=False)

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
        return f"{self.title}: {said}.{self.restated}"

    @property
    def restated(self) -> str:
        """Return which earlier periods an aggregate return restates, as a sentence; "" where it restates none."""
        periods = self.detail.restated
        return f" Restated: {', '.join(periods)}." if periods else ""


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
    def rows_to_confirm(self) -> int:
        """Return how many stored rows would go where that must be confirmed."""
        return sum(change.removed for change in self.changes if change.needs_confirmation)

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
        added = "1 row" if self.rows_added == 1 else f"{self.rows_added:,} rows"
        return (
            f"Stored as data version {self.data_version} from {files}: {added} added, "
            f"{self.rows_changed:,} changed, {self.rows_removed:,} removed, {self.rows_unchanged:,} as before."
        )
