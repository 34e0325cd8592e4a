"""Owns what a landing would change: new rows against the stored ones, by key and then by content."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, case, false, or_, select

from data_loaders.checking import chosen
from data_loaders.deriving import keys_of
from data_loaders.problems import Problem
from data_loaders.results import Change, Covers, FileCheck, ListCheck, Rows
from data_loaders.tables import REPEATED
from scorecards.definitions import RecordType
from scorecards.store import Store
from scorecards.store.lists import stored_columns


@dataclass(frozen=True, eq=False)
class Batch:
    """The lists of one record type and agency that are sent together: they never replace each other's rows."""

    record: RecordType
    agency: str
    lists: tuple[tuple[FileCheck, ListCheck], ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """What landing a batch does: rows to insert for each of its lists, and ids of stored rows that they supersede."""

    batch: Batch
    insert: tuple[Rows, ...]
    supersede: tuple[int, ...]
    days: tuple[int, int] | None  # first day and end of all that changes
    change: Change


def batches_of(files: Iterable[FileCheck], record_types: dict[str, RecordType]) -> list[Batch]:
    """Return the lists that can land, together by record type and agency, in the order of the definitions."""
    found: dict[tuple, list] = {}
    for file in files:
        if file.can_land:
            for one in file.lists:
                if one.can_land:
                    found.setdefault((one.record_type, one.agency), []).append((file, one))
    in_order = sorted(found.items(), key=lambda item: (list(record_types).index(item[0][0]), item[0][1]))
    return [Batch(record_types[name], agency, tuple(lists)) for (name, agency), lists in in_order]


def without_shared_rows(files: Sequence[FileCheck]) -> list[FileCheck]:
    """Return the files with each row that a later list also has taken from the earlier one, and a note that says so."""
    owner: dict[tuple, dict[tuple, tuple[int, int]]] = {}
    for position, file in enumerate(files):
        for place, one in enumerate(file.lists):
            if one.can_land and file.can_land:
                owner.setdefault((one.record_type, one.agency), {}).update(
                    dict.fromkeys(one.rows.keys, (position, place))
                )
    return [
        replace(file, lists=tuple(
            left_to_later(file, one, owner.get((one.record_type, one.agency), {}), (position, place), files)
            for place, one in enumerate(file.lists)
        ))
        for position, file in enumerate(files)
    ]  # fmt: skip


def left_to_later(file: FileCheck, one: ListCheck, owner, here: tuple[int, int], files) -> ListCheck:
    """Return a list without the rows that a later list owns."""
    if not owner or not (one.can_land and file.can_land):
        return one
    taken = [index for index, key in enumerate(one.rows.keys) if owner[key] != here]
    if not taken:
        return one
    later = files[owner[one.rows.keys[taken[0]]][0]].name
    first = one.rows.sheet_rows[taken[0]]
    cell = f"line {first}" if file.kind == "xml" else f"A{first}"
    where = f"in {later}" if later != file.name else "in a later sheet"
    problem = Problem(
        "row_repeated", "note", file.name, one.sheet, cell, None, None,
        f"The same row is {where}. The later one was kept.", "Nothing, if it was sent twice by mistake.", len(taken),
    )  # fmt: skip
    gone = set(taken)
    rows = chosen(one.rows, [index for index in range(len(one.rows)) if index not in gone])
    ignored = dict(one.ignored)
    ignored[REPEATED] = ignored.get(REPEATED, 0) + len(taken)
    return replace(
        one, rows=rows, rows_ready=len(rows), ignored=tuple(ignored.items()), problems=(*one.problems, problem)
    )


@dataclass(frozen=True, eq=False)
class Stored:
    """A stored row that counts: its id, what it holds, and whether the new lists say that they replace it."""

    id: int
    content: tuple
    in_cover: bool


def plan_of(store: Store, connection: Connection, batch: Batch) -> Plan:
    """Return what landing `batch` would do to what `connection` sees."""
    record, names = batch.record, stored_columns(batch.record)
    lists = [one for _, one in batch.lists]
    stored = stored_rows(store, connection, batch, names)
    sent = {key for one in lists for key in one.rows.keys} if stored else set()
    gone = [row for key, row in stored.items() if row.in_cover and key not in sent]
    fates = [fates_of(record, one, names, stored) for one in lists]
    insert = tuple(chosen_rows(one.rows, new) for one, (new, _) in zip(lists, fates, strict=True))
    replaced = [row_id for _, ids in fates for row_id in ids]
    rows, inserted = sum(len(one.rows) for one in lists), sum(len(rows) for rows in insert)
    day_at = names.index(record.dated_by) if record.dated_by else None
    gone_days = [row.content[day_at] for row in gone] if day_at is not None else []
    change = Change(
        record.id, record.title, batch.agency, joined(lists), inserted - len(replaced), len(replaced), len(gone),
        rows - inserted, sum(row.in_cover for row in stored.values()), as_dates(gone_days),
    )  # fmt: skip
    days = [
        *gone_days,
        *(day for one in insert if len(one) and record.dated_by for day in one.columns[record.dated_by]),
    ]
    return Plan(batch, insert, (*replaced, *(row.id for row in gone)), touched_days(change.covers, days), change)


def fates_of(
    record: RecordType, one: ListCheck, names: Sequence[str], stored: dict[tuple, Stored]
) -> tuple[Sequence[int] | None, list[int]]:
    """Return the indexes of rows to insert (None for all) and the ids of the stored rows that they replace."""
    rows = one.rows
    if not stored or not len(rows):
        return None, []
    new, replaced = [], []
    end_at = names.index(record.ended_by) if record.ended_by and one.covers else None
    contents = zip(*(rows.columns[name] for name in names), strict=True)
    for index, (key, content) in enumerate(zip(rows.keys, contents, strict=True)):
        before = stored.get(key)
        if before is None:
            new.append(index)
        elif before.content != content and not ended_later(before.content, content, end_at, one.covers):
            new.append(index)
            replaced.append(before.id)
    return new, replaced


def ended_later(before: tuple, content: tuple, end_at: int | None, covers: Covers | None) -> bool:
    """Return whether a stored row ended after the days covered by a list that has it as open.

    A later list told its end; an earlier one that is sent again cannot know it, and must not open the row again.
    """
    if end_at is None or covers is None:
        return False
    end = before[end_at]
    return content[end_at] is None and end is not None and end > covers[1].toordinal()


def chosen_rows(rows: Rows, indexes: Sequence[int] | None) -> Rows:
    return rows if indexes is None or len(indexes) == len(rows) else chosen(rows, indexes)


def stored_rows(store: Store, connection: Connection, batch: Batch, names: Sequence[str]) -> dict[tuple, Stored]:
    """Return the live rows of the batch's agency that it may replace, or that may have the key of one of its rows."""
    table, record = store.lists[batch.record.id], batch.record
    lists = [one for _, one in batch.lists]
    replaced = or_(false(), *(rule(table, record, one) for one in lists if one.covers))
    live = (table.c.agency == batch.agency) & table.c.superseded_in.is_(None)
    query = select(table.c.id, case((replaced, 1), else_=0), *(table.c[name] for name in names))
    found = connection.execute(query.where(live, or_(replaced, *same_key(table, record, lists))))
    contents = [(row[0], row[1], tuple(row[2:])) for row in found]
    columns = (
        dict(zip(names, zip(*(content for _, _, content in contents), strict=True), strict=True)) if contents else {}
    )
    keys = keys_of(record, columns) if contents else []
    return {
        key: Stored(row_id, content, bool(inside))
        for key, (row_id, inside, content) in zip(keys, contents, strict=True)
    }


def rule(table, record, one):
    """Return the condition on stored rows that `one` replaces: what its record type declares, for its days."""
    first, end = one.covers[0].toordinal(), one.covers[1].toordinal() + 1
    if record.replaces == "episode":
        ended = table.c[record.ended_by]
        return and_(table.c[record.dated_by] < end, or_(ended.is_(None), ended >= first))
    # Rows that stand beside another list's are sent by that list's date, and so go by it.
    dated = table.c[one.follows or record.dated_by]
    return and_(dated >= first, dated < end)


def same_key(table, record, lists):
    """Return conditions that no stored row with the key of a new one fails: keys hold the date, or the period."""
    name = record.dated_by or next((name for name in record.key if record.columns[name].type == "period"), None)
    values = {value for one in lists if len(one.rows) for value in one.rows.columns[name]}
    if not values:
        return []
    if record.dated_by:
        return [table.c[name].between(min(values), max(values))]
    return [table.c[name].in_(sorted(values))]


def joined(lists: Sequence[ListCheck]) -> Covers | None:
    """Return the first and the last day that any of the lists covers."""
    covers = [one.covers for one in lists if one.covers]
    return (min(first for first, _ in covers), max(last for _, last in covers)) if covers else None


def as_dates(days: Sequence[int]) -> Covers | None:
    return (datetime.date.fromordinal(min(days)), datetime.date.fromordinal(max(days))) if days else None


def touched_days(covers: Covers | None, days: Sequence[int]) -> tuple[int, int] | None:
    """Return the first day and the day after the last that change, or None where a change may touch any day."""
    inside = [*days, *(day.toordinal() for day in covers or ())]
    return (min(inside), max(inside) + 1) if inside else None
