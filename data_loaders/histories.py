"""Owns who sent what of one list over time, and what it comes to when only some of it counts."""

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.sql import Select

from data_loaders.deriving import AGE_UNKNOWN, UNBORN, keys_of
from data_loaders.details import Parts, parts_of
from data_loaders.places import UNKNOWN
from data_loaders.preview import ended_later
from data_loaders.results import Covers
from data_loaders.staying import SAYS_NOTHING, is_silent
from scorecards.definitions import RecordType
from scorecards.store.runs import pairs_of

CHUNK = 5_000


@dataclass(frozen=True, eq=False)
class Sender:
    """One submission: which days it speaks for, and which stored rows it sent as they stood."""

    id: int
    version: int
    file: str
    sheet: str
    covers: Covers | None
    follows: str | None
    columns: frozenset[str] | None  # that its sheet had; None where that was not recorded
    confirmed: dict[int, int] | None  # sheet row by row id; None where that was not recorded
    stands: bool


@dataclass(frozen=True, eq=False)
class Row:
    """A stored row of any version, or the copy of one that is to land."""

    id: int
    submission_id: int
    source_row: int
    source_cell: str | None
    landed_in: int
    superseded_in: int | None
    key: tuple
    content: tuple

    @property
    def is_live(self) -> bool:
        return self.superseded_in is None

    def counted_before(self, version: int) -> bool:
        """Return whether the row counted before `version` and was not superseded by it."""
        return self.landed_in < version and (self.superseded_in is None or self.superseded_in > version)


@dataclass(frozen=True, eq=False)
class History:
    """One agency's submissions of one list, oldest first, those to be withdrawn among them."""

    record: RecordType
    agency: str
    names: tuple[str, ...]  # of the stored columns
    senders: tuple[Sender, ...]
    leaving: frozenset[int]

    @property
    def standing(self) -> list[Sender]:
        return [one for one in self.senders if one.stands and one.id not in self.leaving]

    @property
    def leavers(self) -> list[Sender]:
        return [one for one in self.senders if one.id in self.leaving]

    @cached_property
    def parts(self) -> list[Parts]:
        return parts_of(self.record, self.names)

    @property
    def dating(self) -> int:
        """Return the place of what dates a row in its content: its day, or the period of an aggregate."""
        return self.names.index(self.record.dated_by or "period")

    @property
    def ending(self) -> int | None:
        return self.names.index(self.record.ended_by) if self.record.ended_by else None


def sender_of(row, stands: bool) -> Sender:
    covers = None
    if row["covers_from"] is not None:
        day = datetime.date.fromordinal
        covers = (day(row["covers_from"]), day(row["covers_to"] - 1))
    confirmed = None if row["confirmed"] is None else dict(pairs_of(row["confirmed"]))
    columns = None if row["columns"] is None else frozenset(json.loads(row["columns"]))
    return Sender(
        row["id"], row["landed_in"], row["file_name"], row["sheet"], covers, row["follows"], columns, confirmed, stands
    )  # fmt: skip


def rows_of(connection: Connection, table, history: History, condition: ColumnElement[bool]) -> Iterator[Row]:
    """Yield the rows of every version that meet `condition`, with their keys."""
    cell = table.c.source_cell if history.record.replaces == "key" else None
    own = [table.c.id, table.c.submission_id, table.c.source_row, table.c.landed_in, table.c.superseded_in]
    query: Select = select(*own, *([] if cell is None else [cell]), *(table.c[name] for name in history.names))
    width = len(own) + (cell is not None)
    for chunk in connection.execute(query.where(table.c.agency == history.agency, condition)).partitions(CHUNK):
        columns = dict(zip(history.names, zip(*(row[width:] for row in chunk), strict=True), strict=True))
        for key, row in zip(keys_of(history.record, columns), chunk, strict=True):
            number, sender, sheet_row, landed_in, superseded_in, *cells = row[:width]
            yield Row(
                number, sender, sheet_row, cells[0] if cells else None, landed_in, superseded_in, key,
                tuple(row[width:]),
            )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Known:
    """Stored rows of every version, found by their ids and by the submission and version they came in."""

    rows: Sequence[Row]
    by_id: dict[int, Row]
    first: dict[tuple[int, int], list[Row]]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Known":
        first: dict[tuple[int, int], list[Row]] = {}
        for row in rows:
            first.setdefault((row.submission_id, row.landed_in), []).append(row)
        return cls(rows, {row.id: row for row in rows}, first)


def replayed(history: History, rows: Sequence[Row]) -> dict[tuple, Row]:
    """Return what `rows` come to when only the standing submissions are landed, one version after the other."""
    known = Known.of(rows)
    stands: dict[tuple, Row] = {}
    for _version, group in groupby(history.standing, key=lambda one: one.version):
        batch = list(group)
        sent = sent_together(history, batch, known)
        kept = sent.keys() | told_before(history, sent, stands)
        stands = {
            key: row
            for key, row in stands.items()
            if key in kept or not any(speaks_for(history, one, row.content) for one in batch)
        }
        silent = {one.id: silent_parts(history, one) for one in batch}
        for key, (sender, sent_row) in sent.items():
            row = with_before(history, silent[sender.id], sent_row, stands.get(key))
            if key not in stands or gives_way(history, sender, stands[key], row):
                stands[key] = row
    return stands


def told_before(history: History, sent: dict[tuple, tuple[Sender, Row]], stands: dict[tuple, Row]) -> set[tuple]:
    """Return the keys of rows that a list of each child's latest row does not take back: see `staying.told_before`."""
    record = history.record
    if not record.may_be_latest_only or history.ending is None:
        return set()
    child, begun = history.names.index(str(record.child_column)), {}
    for _, row in sent.values():
        if row.content[child] in begun:
            return set()
        begun[row.content[child]] = row.content[history.dating]
    ends = ((key, begun.get(row.content[child]), row.content[history.ending]) for key, row in stands.items())
    return {key for key, start, ended in ends if start is not None and ended is not None and ended <= start}


def silent_parts(history: History, one: Sender) -> list[Parts]:
    """Return the columns that a submission did not speak of: landing leaves in them what is stored."""
    if one.columns is None or history.record.replaces == "key":
        return []
    return [part for part in history.parts if is_silent(history.record, part.name, one.columns)]


def with_before(history: History, silent: Sequence[Parts], row: Row, before: Row | None) -> Row:
    """Return a row with what stands before it in the columns that its submission did not speak of."""
    if not silent:
        return row
    content = list(row.content)
    said_unborn = says_unborn(history, silent, row)
    for part in silent:
        own = unsaid(part, said_unborn)
        kept = own if before is None or any(value not in SAYS_NOTHING for value in own) else part.of(before.content)
        for at, value in zip(part.places, kept, strict=True):
            content[at] = value
    return row if tuple(content) == row.content else replace(row, content=tuple(content))


def unsaid(part: Parts, said_unborn: bool) -> tuple:
    """Return what landing stores of a column that a sheet does not have, where nothing is stored yet."""
    if part.column.type == "birth":
        return None, UNBORN if said_unborn else AGE_UNKNOWN, None
    return (UNKNOWN,) if part.column.type == "locality" else (None,) * len(part.places)


def says_unborn(history: History, silent: Sequence[Parts], row: Row) -> bool:
    """Return whether a row's own sex column says that the child was not born yet."""
    sexes = [part for part in history.parts if part.column.codes == "sex"]
    return any(part.of(row.content) == (UNBORN,) for part in sexes if part not in silent)


def sent_together(history: History, batch: Sequence[Sender], known: Known) -> dict[tuple, tuple[Sender, Row]]:
    """Return what the submissions of one version sent, by key; of several the last has the say, as in landing."""
    sent: dict[tuple, tuple[Sender, Row]] = {}
    for one in batch:
        sent |= {row.key: (one, row) for row in sent_by(one, known)}
    for one in batch:
        if one.confirmed is None:
            sent |= {row.key: (one, row) for row in left_alone(history, one, known) if row.key not in sent}
    return sent


def sent_by(one: Sender, known: Known) -> list[Row]:
    """Return the rows that a submission landed, and those that it sent as they stood."""
    confirmed = one.confirmed or {}
    return known.first.get((one.id, one.version), []) + [
        replace(known.by_id[row_id], submission_id=one.id, source_row=confirmed[row_id])
        for row_id in confirmed.keys() & known.by_id.keys()
    ]


def left_alone(history: History, one: Sender, known: Known) -> list[Row]:
    """Return the rows in the days covered that a landing left alone, so that they must have been sent again.

    Only of submissions from before that was recorded.
    """
    return [
        row for row in known.rows if row.counted_before(one.version) and speaks_for(history, one, row.content)
    ]  # fmt: skip


def speaks_for(history: History, one: Sender, content: tuple) -> bool:
    """Return whether a submission says all there is of the days that a row lies in: see `preview.rule`, in SQL."""
    if one.covers is None:
        return False
    first, last = (day.toordinal() for day in one.covers)
    if history.record.replaces == "episode" and history.ending is not None:
        start, end = content[history.dating], content[history.ending]
        return start is not None and start <= last and (end is None or end >= first)
    day = content[history.names.index(one.follows) if one.follows else history.dating]
    return day is not None and first <= day <= last


def gives_way(history: History, sender: Sender, before: Row, row: Row) -> bool:
    """Return whether what stands gives way to what was sent, by the same rules as in landing."""
    if before.content == row.content:
        return history.record.replaces == "key"
    end_at = history.ending if sender.covers else None
    return not ended_later(before.content, row.content, end_at, sender.covers)
