"""Owns the landing: checked rows into the store as one data version, with the figures they touch, or nothing at all."""

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from data_loaders.preview import Plan, batches_of, plan_of
from data_loaders.problems import Problem
from data_loaders.reasons import reasons_given, write_reasons
from data_loaders.results import Change, Check, FileCheck, Landed, ListCheck, Rows
from scorecards.definitions import RecordType
from scorecards.errors import LoadRefused
from scorecards.series import recompute
from scorecards.store import Landing, Store, bulk_insert, landing
from scorecards.store.lists import stored_columns
from scorecards.store.originals import keep_original
from scorecards.store.runs import runs_text
from scorecards.store.schema import layout_used, source_file, submission, withdrawal
from scorecards.store.schema import problem as problem_table
from scorecards.store.writing import name_kept

Progress = Callable[[float, str], None]
ROWS_SHARE = 0.3  # of a landing goes into storing rows, the rest into figures


@dataclass(frozen=True)
class Arrival:
    """Who landed the files, and when each of them came."""

    by: str
    received: Mapping[str, datetime.date]
    today: datetime.date
    reasons: Mapping[str, str] = field(default_factory=dict)  # of doubtful problems, by their keys

    def day(self, file: str) -> datetime.date:
        return self.received.get(file, self.today)


class NothingToLand(Exception):
    """Ends a landing that turned out to have nothing new."""


def land(
    store: Store,
    check: Check,
    *,
    by: str,
    confirmed: bool = False,
    received: Mapping[str, datetime.date] | None = None,
    reasons: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Landed:
    """Store the good rows of every file of `check` as one data version, with the figures that they change.

    `received` has the day on which a file came, by its name, where that was not today.

    `reasons` say why what is hard to believe is right: by the key of a problem that needs one; "" answers all.

    Raise LoadRefused, with everything as before, where rows would go that nobody `confirmed`, where a reason lacks, or
    where somebody else landed since the check and what would change is not what was shown.
    """
    if not check.can_land:
        return Landed(None)
    if check.needs_confirmation and not confirmed:
        raise LoadRefused("not_confirmed", unconfirmed(check.changes))
    given = reasons_given(check, reasons or {})
    try:
        with landing(store, by, what_lands(check)) as opened:
            write_reasons(opened.connection, check, given, name_kept(by), opened.version)
            arrived = Arrival(name_kept(by), received or {}, store.today, given)
            return store_all(store, opened, check, arrived, progress or (lambda _share, _what: None))
    except NothingToLand:
        return Landed(None)


def unconfirmed(changes: Iterable[Change]) -> str:
    said = "; ".join(
        f"{change.removed:,} of {change.there:,} rows of '{change.title}' would go"
        for change in changes
        if change.needs_confirmation
    )
    return f"{said}. Nothing was stored. Check the days covered, then confirm."


def what_lands(check: Check) -> str:
    titles = dict.fromkeys(one.title for file in check.files if file.can_land for one in file.lists if one.can_land)
    return f"Landed: {', '.join(titles)}"


def store_all(store: Store, opened: Landing, check: Check, arrived: Arrival, progress: Progress) -> Landed:
    files = [file for file in check.files if file.can_land]
    progress(0.0, "Storing rows")
    has_moved = opened.version - 1 != check.data_version
    if has_moved:
        files = still_new(opened.connection, files)
    plans = [plan_of(store, opened.connection, batch) for batch in batches_of(files, store.definitions.record_types)]
    if not plans:
        raise NothingToLand
    if has_moved and (changes := tuple(plan.change for plan in plans)) != check.changes:
        raise LoadRefused("changed_meanwhile", changed_meanwhile(changes))
    for file in files:
        store_file(store, opened, file, arrived)
    for number, plan in enumerate(plans):
        progress(ROWS_SHARE * number / len(plans), f"Storing {plan.change.title}")
        store_plan(store, opened, plan, arrived)
    touched = touched_by(plans)
    recompute(store, opened, touched, lambda share, what: progress(ROWS_SHARE + (1 - ROWS_SHARE) * share, what))
    return landed(opened.version, len(files), [plan.change for plan in plans])


def changed_meanwhile(changes: Iterable[Change]) -> str:
    now = " ".join(change.sentence for change in changes)
    return (
        f"Somebody stored something since the check, and this would now change: {now} Check again; nothing was stored."
    )


def still_new(connection: Connection, files: Sequence[FileCheck]) -> list[FileCheck]:
    known = known_files(connection, files)
    return [file for file in files if file.sha256 not in known]


def known_files(connection: Connection, files: Sequence[FileCheck]) -> set[str]:
    """Return the SHA-256 of those of `files` that were landed before, and of which every list still stands.

    A file that is read through a layout is known only as that layout read it: another word of it may have been taught.
    """
    hashes = [file.sha256 for file in files]
    known = set(connection.scalars(select(source_file.c.sha256).where(source_file.c.sha256.in_(hashes))))
    what = (submission.c.sha256, submission.c.sheet, submission.c.record_type)
    sent = connection.execute(
        select(*what, submission.c.layout, withdrawal.c.why.is_(None))
        .outerjoin(withdrawal)
        .where(submission.c.sha256.in_(hashes))
    )
    stands: dict[tuple, bool] = {}
    layouts: set[tuple] = set()
    for *one, layout, is_standing in sent:
        stands[tuple(one)] = stands.get(tuple(one), False) or bool(is_standing)
        layouts |= {(one[0], layout)} if is_standing else set()
    anew = {one.sha256 for one in files if one.layout and (one.sha256, one.layout.hash) not in layouts}
    return known - anew - {sha256 for (sha256, *_), is_standing in stands.items() if not is_standing}


def store_file(store: Store, opened: Landing, file: FileCheck, arrived: Arrival) -> None:
    """Keep which file it was, unless it is here again after it was withdrawn, and its original."""
    is_known = opened.connection.scalar(select(source_file.c.sha256).where(source_file.c.sha256 == file.sha256))
    if not is_known:
        row = {"sha256": file.sha256, "name": file.name, "size": file.size, "kind": file.kind}
        opened.connection.execute(insert(source_file).values(**row, landed_in=opened.version))
    if file.is_kept:
        keep_original(store, opened.connection, file.sha256, file.data, arrived.day(file.name))


def store_plan(store: Store, opened: Landing, plan: Plan, arrived: Arrival) -> None:
    """Store one plan: superseded rows first, then each list's submission, its problems and its new rows."""
    table, record = store.lists[plan.batch.record.id], plan.batch.record
    supersede(opened, table, plan.supersede)
    for (file, one), rows, beside, confirmed in zip(
        plan.batch.lists, plan.insert, plan.beside, plan.confirmed, strict=True
    ):
        submission_id = store_submission(opened, file, one, arrived, confirmed)
        store_problems(opened.connection, submission_id, file, one, arrived)
        store_rows(opened, table, record, rows, (one.agency, submission_id))
        store_rows(opened, table, record, beside, (one.agency, submission_id), never_counts=True)


def store_rows(
    opened: Landing,
    table: Table,
    record: RecordType,
    rows: Rows,
    sender: tuple[str | None, int],
    *,
    never_counts: bool = False,
) -> None:
    """Insert the rows of one list; those that never count are superseded in the version in which they land."""
    if not len(rows):
        return
    agency, submission_id = sender
    same: dict[str, object] = {"agency": agency, "submission_id": submission_id, "landed_in": opened.version}
    if never_counts:
        same["superseded_in"] = opened.version
    values = {name: rows.columns[name] for name in stored_columns(record)} | {"source_row": rows.sheet_rows}
    values |= {name: [value] * len(rows) for name, value in same.items()}
    if record.replaces == "key":
        values["source_cell"] = rows.cells or [""] * len(rows)
    bulk_insert(opened.connection, table, list(values), list(zip(*values.values(), strict=True)))


def supersede(opened: Landing, table: Table, rows: Sequence[int]) -> None:
    """Mark rows, by their ids, as counting no more from this version on."""
    if rows:
        one_row = update(table).where(table.c.id == bindparam("row_id")).values(superseded_in=opened.version)
        opened.connection.execute(one_row, [{"row_id": row_id} for row_id in rows])


def store_submission(
    opened: Landing, file: FileCheck, one: ListCheck, arrived: Arrival, confirmed: Sequence[tuple[int, int]]
) -> int:
    first, last = one.covers or (None, None)
    row = {
        "agency": one.agency,
        "record_type": one.record_type,
        "covers_from": first.toordinal() if first else None,
        "covers_to": last.toordinal() + 1 if last else None,
        "sha256": file.sha256,
        "file_name": file.name,
        "sheet": one.sheet,
        "rows_read": one.rows_read,
        "rows_landed": one.rows_ready,
        "rows_refused": one.rows_refused,
        "rows_ignored": one.rows_ignored,
        "received_on": arrived.day(file.name).toordinal(),
        "received_by": arrived.by,
        "landed_in": opened.version,
        "follows": one.follows,
        "columns": json.dumps(sorted(one.rows.headings)) if one.rows.headings else None,
        "confirmed": runs_text(confirmed),
        **came_by(opened, file, one),
    }
    return opened.connection.execute(insert(submission).values(row).returning(submission.c.id)).scalar_one()


def came_by(opened: Landing, file: FileCheck, one: ListCheck) -> dict[str, str | None]:
    """Return how a list came, as its submission keeps it: typed in, in a template, or through a layout, with it."""
    if file.typed is not None:
        return {"source": "typed", "period": file.typed.period, "note": file.typed.note}
    if file.made is not None:
        return {"source": "template", "period": file.made.period, "asked": file.made.asked}
    if file.layout is None or not one.through_layout:
        return {}
    used, known = file.layout, layout_used.c.hash
    if opened.connection.scalar(select(known).where(known == used.hash)) is None:
        words = {"hash": used.hash, "agency": used.agency, "name": used.name, "body": used.body}
        opened.connection.execute(insert(layout_used).values(**words, first_used_in=opened.version))
    return {"source": "layout", "layout": used.hash}


def store_problems(
    connection: Connection, submission_id: int, file: FileCheck, one: ListCheck, arrived: Arrival
) -> None:
    """Keep what was wrong with a list; what was wrong with its file as a whole goes with the file's first list."""
    first = next(other for other in file.lists if other.can_land)
    found = (*(file.own_problems if one is first else ()), *one.problems)
    names = ("code", "severity", "sheet", "cell", "heading", "value", "sentence", "advice", "rows")
    rows = [
        (submission_id, *(getattr(problem, name) for name in names), *passed(problem, arrived)) for problem in found
    ]
    bulk_insert(connection, problem_table, ("submission_id", *names, "passed_why", "passed_by"), rows)


def passed(problem: Problem, arrived: Arrival) -> tuple[str | None, str | None]:
    """Return why a problem that needs a reason was passed, and by whom."""
    reason = arrived.reasons.get(problem.key) if problem.needs_reason else None
    return (reason, arrived.by) if reason else (None, None)


def touched_by(plans: Iterable[Plan]) -> dict[str, tuple[int, int] | None]:
    """Return for each record type the first day and the end of what changed, None for any day."""
    touched: dict[str, tuple[int, int] | None] = {}
    for plan in plans:
        name, days = plan.batch.record.id, plan.days
        before = touched.get(name, days)
        touched[name] = (min(before[0], days[0]), max(before[1], days[1])) if before and days else None
    return touched


def landed(version: int, files: int, changes: Sequence[Change]) -> Landed:
    added, changed, removed, unchanged = (
        sum(getattr(change, what) for change in changes) for what in ("added", "changed", "removed", "unchanged")
    )
    return Landed(version, added, changed, removed, unchanged, files, tuple(changes))
