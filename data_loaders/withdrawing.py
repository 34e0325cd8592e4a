"""Owns the withdrawal of submissions: what stands then is what would stand had they never been sent."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, false, insert, or_, select, true

from data_loaders.details import Edit, detail_of
from data_loaders.histories import History, Row, replayed, rows_of, sender_of
from data_loaders.landing import supersede
from data_loaders.preview import as_dates, rule, touched_days
from data_loaders.problems import seems_personal
from data_loaders.reasons import is_reason
from data_loaders.results import Change, Covers
from scorecards.errors import LoadRefused
from scorecards.series import recompute
from scorecards.store import Landing, Store, bulk_insert, landing
from scorecards.store.engine import newest_version
from scorecards.store.lists import stored_columns
from scorecards.store.schema import submission, withdrawal

ROWS_SHARE = 0.3  # of a withdrawal goes into rows, the rest into figures

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Withdrawal:
    """What withdrawing submissions would change; nothing is done yet."""

    submissions: tuple[int, ...]
    changes: tuple[Change, ...]
    data_version: int


@dataclass(frozen=True)
class Withdrawn:
    """What a withdrawal did."""

    data_version: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, eq=False)
class Undoing:
    """What a withdrawal does to one list: rows that go, copies that land, and the days of all that changes."""

    history: History
    supersede: tuple[int, ...]
    copies: tuple[Row, ...]
    days: tuple[int, int] | None
    change: Change


def plan_withdrawal(store: Store, submissions: Collection[int]) -> Withdrawal:
    """Return what withdrawing `submissions` (ids) together would change; raise LoadRefused where it cannot be done."""
    with store.read() as connection:
        undoings = undoings_of(store, connection, submissions)
        return Withdrawal(tuple(sorted(submissions)), changes_of(undoings), newest_version(connection))


def withdraw(store: Store, planned: Withdrawal, *, by: str, why: str, progress: Progress | None = None) -> Withdrawn:
    """Take submissions back as one data version, with the figures that change, or change nothing at all.

    Raise LoadRefused without a name or a reason, and where somebody else stored meanwhile what makes it another change.
    """
    if seems_personal(why):
        raise LoadRefused("reason_personal", "The reason holds what could identify a person. Write it without.")
    if not by.strip() or not is_reason(why):
        raise LoadRefused("reason_missing", "A withdrawal needs your name and a reason. Nothing was done.")
    say = progress or (lambda _share, _what: None)
    with landing(store, by, what_is_withdrawn(store, planned)) as opened:
        say(0.0, "Finding back what stood before")
        undoings = undoings_of(store, opened.connection, planned.submissions)
        if opened.version - 1 != planned.data_version and changes_of(undoings) != planned.changes:
            raise LoadRefused(
                "changed_meanwhile",
                "Somebody stored something meanwhile, and the withdrawal would now change something else. Look at it "
                "again; nothing was done.",
            )
        for undoing in undoings:
            undo(store, opened, undoing)
        rows = [{"submission_id": one, "why": why.strip(), "landed_in": opened.version} for one in planned.submissions]
        opened.connection.execute(insert(withdrawal), rows)
        touched = {one.history.record.id: one.days for one in undoings}
        recompute(store, opened, touched, lambda share, what: say(ROWS_SHARE + (1 - ROWS_SHARE) * share, what))
    return Withdrawn(opened.version, changes_of(undoings))


def what_is_withdrawn(store: Store, planned: Withdrawal) -> str:
    """Return a withdrawal as the audit log tells it; the reason stands with the submission."""
    titles = dict.fromkeys(change.title for change in planned.changes)
    numbers = ", ".join(str(one) for one in planned.submissions)
    word = "submission" if len(planned.submissions) == 1 else "submissions"
    agencies = store.definitions.partnership.agencies
    senders = dict.fromkeys(
        agencies[one.agency].title if one.agency in agencies else one.agency for one in planned.changes
    )
    return f"Withdrawn: {word} {numbers} ({', '.join(titles)}) from {', '.join(senders)}"


def changes_of(undoings: Iterable[Undoing]) -> tuple[Change, ...]:
    return tuple(one.change for one in undoings)


def undoings_of(store: Store, connection: Connection, submissions: Collection[int]) -> list[Undoing]:
    """Return what withdrawing `submissions` does to each list that they are of."""
    return [undoing_of(store, connection, one) for one in histories(store, connection, frozenset(submissions))]


def histories(store: Store, connection: Connection, leaving: frozenset[int]) -> list[History]:
    """Return the history of each list and agency of which a submission leaves."""
    chosen = select(submission.c.id, submission.c.record_type, submission.c.agency).where(submission.c.id.in_(leaving))
    found = connection.execute(chosen.order_by(submission.c.id)).all()
    gone = set(connection.scalars(select(withdrawal.c.submission_id)))
    if not leaving or {number for number, *_ in found} != leaving:
        raise LoadRefused("submission_unknown", "There is no such submission. Nothing was done.")
    if leaving & gone:
        raise LoadRefused("withdrawn_already", "This submission was withdrawn before. Nothing was done.")
    lists = dict.fromkeys((records, agency) for _, records, agency in found)
    return [history_of(store, connection, records, agency, leaving, gone) for records, agency in lists]


def history_of(store: Store, connection: Connection, records, agency, leaving: frozenset[int], gone) -> History:
    record = store.definitions.record_types.get(records)
    if record is None:
        raise LoadRefused("submission_unknown", f"'{records}' is not in record_types.yaml any more. Nothing was done.")
    own = select(submission).where(submission.c.record_type == records, submission.c.agency == agency)
    rows = connection.execute(own.order_by(submission.c.id)).mappings()
    senders = tuple(sender_of(row, row["id"] not in gone) for row in rows)
    return History(record, agency, tuple(stored_columns(record)), senders, leaving & {one.id for one in senders})


def undoing_of(store: Store, connection: Connection, history: History) -> Undoing:
    """Return what a list is to become: only records that a leaving submission sent or removed can be others."""
    table = store.lists[history.record.id]
    affected = keys_touched(connection, table, history)
    near = rows_of(connection, table, history, same_days(table, history, affected))
    rows = [row for row in near if row.key in affected]
    wanted = replayed(history, rows)
    live = {row.key: row for row in rows if row.is_live}
    gone = [row for key, row in live.items() if key not in wanted]
    back = [row for key, row in wanted.items() if key not in live]
    both = [(live[key], row) for key, row in wanted.items() if key in live]
    changed = [(now, row) for now, row in both if now.content != row.content]
    # A record that stays is to stand under a submission that stands.
    standing = {one.id for one in history.standing}
    moved = [
        (now, row)
        for now, row in both
        if now.content == row.content and now.submission_id not in standing and row.submission_id in standing
    ]
    days = days_of(history, [*gone, *back, *(row for _, row in changed)])
    return Undoing(
        history,
        tuple(row.id for row in (*gone, *(now for now, _ in (*changed, *moved)))),
        in_order([*back, *(row for _, row in (*changed, *moved))]),
        touched_days(covers_of(history), days),
        change_of(store, history, gone, back, changed, staying(history, rows, both)),
    )


def staying(history: History, rows: Iterable[Row], both: Iterable[tuple[Row, Row]]) -> int:
    """Return how many of the records that the leaving submissions sent stay as they are."""
    confirmed = {row_id for one in history.leavers for row_id in one.confirmed or ()}
    sent = {row.key for row in rows if row.submission_id in history.leaving or row.id in confirmed}
    return sum(now.content == row.content and now.key in sent for now, row in both)


def in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.submission_id, row.source_row)))


def covers_of(history: History) -> Covers | None:
    covers = [one.covers for one in history.leavers if one.covers]
    return (min(first for first, _ in covers), max(last for _, last in covers)) if covers else None


def days_of(history: History, rows: Iterable[Row]) -> list[int]:
    return [row.content[history.dating] for row in rows] if history.record.dated_by else []


def keys_touched(connection: Connection, table: Table, history: History) -> dict[tuple, Any]:
    """Return the keys of the records that a withdrawal may change, each with its day or period.

    They are those that a leaving submission sent, those in the days it covers, of whichever version: it may have
    removed them, or kept them from coming back; and those that were left to a submission withdrawn before.
    """
    leavers, standing = history.leavers, [one.id for one in history.standing]
    confirmed = {row_id for one in leavers for row_id in one.confirmed or ()}
    covered = [rule(table, history.record, one) for one in leavers if one.covers]
    orphaned = and_(table.c.superseded_in.is_(None), table.c.submission_id.not_in(standing))
    told = or_(table.c.submission_id.in_(history.leaving), orphaned, *covered)
    if history.record.may_be_latest_only:
        told = true()  # what a list removes depends on all that it holds
    found = {row.key: row.content[history.dating] for row in rows_of(connection, table, history, told)}
    if confirmed:
        near = table.c.id.between(min(confirmed), max(confirmed))
        rows = rows_of(connection, table, history, near)
        found |= {row.key: row.content[history.dating] for row in rows if row.id in confirmed}
    return found


def same_days(table: Table, history: History, keys: dict[tuple, Any]) -> ColumnElement[bool]:
    """Return a condition that no row with one of the keys fails: keys hold the day, or the period."""
    if not keys:
        return false()
    column, values = table.c[history.record.dated_by or "period"], set(keys.values())
    return column.between(min(values), max(values)) if history.record.dated_by else column.in_(sorted(values))


def change_of(store: Store, history: History, gone, back, changed, unchanged: int) -> Change:
    """Return the counts of what a withdrawal changes, and what stands behind them."""
    record, senders = history.record, {one.id: one for one in history.senders}
    edits = [
        Edit(
            now.content, row.content, senders[row.submission_id].file, senders[row.submission_id].sheet,
            row.source_row, row.source_cell or "",
        )
        for now, row in changed
    ]  # fmt: skip
    back_days, gone_days = ([row.content[history.dating] for row in rows] for rows in (back, gone))
    return Change(
        record.id, record.title, history.agency, covers_of(history), len(back), len(changed), len(gone), unchanged,
        len(gone) + len(changed) + unchanged, as_dates(gone_days) if record.dated_by else None,
        detail_of(store.definitions, record, history.names, edits, back_days, gone_days),
    )  # fmt: skip


def undo(store: Store, opened: Landing, undoing: Undoing) -> None:
    """Let the rows that go count no more, and land the copies of those that come back."""
    history, copies = undoing.history, undoing.copies
    table = store.lists[history.record.id]
    supersede(opened, table, undoing.supersede)
    columns = [*history.names, "agency", "submission_id", "source_row", "landed_in"]
    rows = [
        (*row.content, history.agency, row.submission_id, row.source_row, opened.version, row.source_cell)
        for row in copies
    ]
    if history.record.replaces == "key":
        bulk_insert(opened.connection, table, [*columns, "source_cell"], rows)
    else:
        bulk_insert(opened.connection, table, columns, [row[:-1] for row in rows])
