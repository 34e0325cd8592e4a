"""Owns what a landing would change: new rows against the stored ones, by key and then by content."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, and_, case, false, or_, select

from data_loaders.checking import chosen
from data_loaders.deriving import keys_of
from data_loaders.details import Edit, detail_of, newest_periods
from data_loaders.figures import TWICE, figure_at
from data_loaders.problems import PLACES_KEPT, Problem
from data_loaders.results import Change, Covers, FileCheck, ListCheck, Rows
from data_loaders.staying import told_before, with_what_stays
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
    # What each list sent and is not seen in its rows: those that give way to another's, and (stored row, sheet row)
    # of those that stand as before.
    beside: tuple[Rows, ...]
    confirmed: tuple[tuple[tuple[int, int], ...], ...]
    supersede: tuple[int, ...]
    days: tuple[int, int] | None  # first day and end of all that changes
    change: Change
    vanished: int = 0  # rows that go though they were open when the days covered began


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
    otherwise = given_otherwise_later(one, taken, owner, files)
    problem = Problem(
        "row_repeated", "note", file.name, one.sheet, cell, None, None,
        f"The same row is {where}. The later one was kept.", "Nothing, if it was sent twice by mistake.", len(taken),
    )  # fmt: skip
    if otherwise:
        cells = tuple(one.rows.cells[index] for index in otherwise) if one.rows.cells else ()
        problem = Problem(
            "figure_twice", "warning", file.name, one.sheet, cells[0] if cells else None, None, None,
            f"The same figure is {where} with another number. The later one was kept.", TWICE, len(otherwise),
            cells[:PLACES_KEPT], needs_reason=True,
        )  # fmt: skip
    gone = set(taken)
    rows = chosen(one.rows, [index for index in range(len(one.rows)) if index not in gone])
    ignored = dict(one.ignored)
    ignored[REPEATED] = ignored.get(REPEATED, 0) + len(taken)
    return replace(
        one, rows=rows, left=chosen(one.rows, taken), rows_ready=len(rows), ignored=tuple(ignored.items()),
        problems=(*one.problems, problem),
    )  # fmt: skip


def given_otherwise_later(one: ListCheck, taken: Sequence[int], owner, files: Sequence[FileCheck]) -> list[int]:
    """Return those of the rows `taken` by later lists that are figures and have other numbers there."""
    numbers: dict[tuple, tuple | None] = {}
    for position, place in {owner[one.rows.keys[index]] for index in taken if figure_at(one.rows, index)}:
        theirs = files[position].lists[place].rows
        numbers |= {key: figure_at(theirs, at) for at, key in enumerate(theirs.keys) if owner[key] == (position, place)}
    return [
        index for index in taken
        if figure_at(one.rows, index) and figure_at(one.rows, index) != numbers[one.rows.keys[index]]
    ]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Stored:
    """A stored row that counts: its id, what it holds, and whether the new lists say that they replace it."""

    id: int
    content: tuple
    in_cover: bool


@dataclass(frozen=True, eq=False)
class Fates:
    """What becomes of the rows of one list, by their indexes."""

    added: Sequence[int]
    changed: tuple[tuple[int, Stored], ...] = ()
    same: tuple[tuple[int, Stored], ...] = ()
    overtaken: tuple[int, ...] = ()  # what is stored is of later days and stays


def plan_of(store: Store, connection: Connection, batch: Batch) -> Plan:
    """Return what landing `batch` would do to what `connection` sees."""
    record, names = batch.record, stored_columns(batch.record)
    stored = stored_rows(store, connection, batch, names)
    contents = {key: row.content for key, row in stored.items()}
    kept = tuple((file, with_what_stays(record, one, names, contents)) for file, one in batch.lists)
    lists = [one for _, one in kept]
    sent = {key for one in lists for key in one.rows.keys} if stored else set()
    sent |= told_before(record, lists, names, contents)
    gone = [row for key, row in stored.items() if row.in_cover and key not in sent]
    fates = [fates_of(record, one, names, stored) for one in lists]
    insert = tuple(new_rows(record, one, fate) for one, fate in zip(lists, fates, strict=True))
    replaced = [row.id for fate in fates for row in superseded_by(record, fate)]
    change = change_of(store, replace(batch, lists=kept), names, fates, stored, gone)
    days = [
        *days_of(record, names, gone),
        *(day for one in insert if len(one) and record.dated_by for day in one.columns[record.dated_by]),
    ]
    return Plan(
        batch,
        insert,
        tuple(beside(one, fate) for one, fate in zip(lists, fates, strict=True)),
        tuple(confirmed(record, one, fate) for one, fate in zip(lists, fates, strict=True)),
        (*replaced, *(row.id for row in gone)),
        touched_days(change.covers, days),
        change,
        vanished(record, names, gone, change.covers),
    )


def vanished(record: RecordType, names: Sequence[str], gone: Sequence[Stored], covers: Covers | None) -> int:
    """Return how many of the rows that go were open when the days covered began: their end may have been told late."""
    if record.replaces != "episode" or record.ended_by is None or covers is None:
        return 0
    start, end, first = names.index(str(record.dated_by)), names.index(record.ended_by), covers[0].toordinal()
    return sum(1 for row in gone if row.content[end] is None and row.content[start] < first)


def fates_of(record: RecordType, one: ListCheck, names: Sequence[str], stored: dict[tuple, Stored]) -> Fates:
    """Return what becomes of each row of a list beside the rows that are stored."""
    rows = one.rows
    if not stored or not len(rows):
        return Fates(range(len(rows)))
    added, changed, same, overtaken = [], [], [], []
    end_at = names.index(record.ended_by) if record.ended_by and one.covers else None
    contents = zip(*(rows.columns[name] for name in names), strict=True)
    for index, (key, content) in enumerate(zip(rows.keys, contents, strict=True)):
        before = stored.get(key)
        if before is None:
            added.append(index)
        elif before.content == content:
            same.append((index, before))
        elif ended_later(before.content, content, end_at, one.covers):
            overtaken.append(index)
        else:
            changed.append((index, before))
    return Fates(added, tuple(changed), tuple(same), tuple(overtaken))


def new_rows(record: RecordType, one: ListCheck, fate: Fates) -> Rows:
    """Return the rows to insert: those added and changed; of aggregates all, so that the newest file has sent them."""
    if len(fate.added) == len(one.rows):
        return one.rows
    indexes = [*fate.added, *(index for index, _ in fate.changed)]
    if record.replaces == "key":
        indexes += [index for index, _ in fate.same]
    return chosen(one.rows, sorted(indexes))


def superseded_by(record: RecordType, fate: Fates) -> list[Stored]:
    return [row for _, row in (*fate.changed, *(fate.same if record.replaces == "key" else ()))]


def beside(one: ListCheck, fate: Fates) -> Rows:
    """Return the rows that a list sent and that never count, because another list has them otherwise."""
    overtaken = chosen(one.rows, fate.overtaken)
    if not len(one.left):
        return overtaken
    columns = {name: [*overtaken.columns[name], *values] for name, values in one.left.columns.items()}
    return Rows(
        columns,
        [*overtaken.keys, *one.left.keys],
        [*overtaken.sheet_rows, *one.left.sheet_rows],
        [*overtaken.cells, *one.left.cells],
    )


def confirmed(record: RecordType, one: ListCheck, fate: Fates) -> tuple[tuple[int, int], ...]:
    if record.replaces == "key":
        return ()
    return tuple((row.id, one.rows.sheet_rows[index]) for index, row in fate.same)


def change_of(store: Store, batch: Batch, names, fates: Sequence[Fates], stored, gone: Sequence[Stored]) -> Change:
    """Return the counts of what changes, and what stands behind them."""
    record, lists = batch.record, [one for _, one in batch.lists]
    edits = [
        edit_of(file, one, names, index, row)
        for (file, one), fate in zip(batch.lists, fates, strict=True)
        for index, row in fate.changed
    ]
    dating = record.dated_by or "period"
    added = [
        one.rows.columns[dating][index] for one, fate in zip(lists, fates, strict=True) for index in fate.added
    ]  # fmt: skip
    gone_days = days_of(record, names, gone)
    newest = {}
    if record.replaces == "key":
        newest = newest_periods((file.name, one.rows.columns["period"]) for file, one in batch.lists if len(one.rows))
    return Change(
        record.id, record.title, batch.agency, joined(lists), len(added), len(edits), len(gone),
        sum(len(fate.same) + len(fate.overtaken) for fate in fates), sum(row.in_cover for row in stored.values()),
        as_dates(gone_days), detail_of(store.definitions, record, names, edits, added, gone_days, newest),
    )  # fmt: skip


def edit_of(file: FileCheck, one: ListCheck, names: Sequence[str], index: int, row: Stored) -> Edit:
    rows = one.rows
    now = tuple(rows.columns[name][index] for name in names)
    cell = rows.cells[index] if rows.cells else ""
    return Edit(
        row.content, now, file.name, one.sheet, rows.sheet_rows[index], cell, rows.letters, file.kind == "xml"
    )  # fmt: skip


def days_of(record: RecordType, names: Sequence[str], rows: Iterable[Stored]) -> list[int]:
    """Return the days that date stored rows; none of a list that is not dated."""
    if record.dated_by is None:
        return []
    at = names.index(record.dated_by)
    return [row.content[at] for row in rows]


def ended_later(before: tuple, content: tuple, end_at: int | None, covers: Covers | None) -> bool:
    """Return whether a stored row ended after the days covered by a list that has it as open.

    A later list told its end; an earlier one that is sent again cannot know it, and must not open the row again.
    """
    if end_at is None or covers is None:
        return False
    end = before[end_at]
    return content[end_at] is None and end is not None and end > covers[1].toordinal()


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
