"""Every submission: one list of one file as it was landed, how it came, and whether it still counts."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, Select, and_, func, or_, select, true

from scorecards.periods import left_of
from scorecards.store import Store
from scorecards.store.schema import (
    data_version,
    layout_used,
    original,
    problem,
    source_file,
    submission,
    withdrawal,
)


class State(StrEnum):
    STANDS = "stands"
    REPLACED = "replaced in full"  # nothing of it counts: later ones speak for all its days, or gave every figure anew
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class TakenBack:
    """A withdrawal: why, by whom and when, as which data version."""

    why: str
    by: str
    at: datetime.datetime
    version: int


@dataclass(frozen=True)
class Submission:
    """One list of one file, as it was landed."""

    id: int
    agency: str
    records: str  # the record type
    file_name: str
    sha256: str
    kind: str  # of file: xlsx, csv, xml ...
    sheet: str
    covers: tuple[datetime.date, datetime.date] | None  # first and last day; None for aggregates
    received: datetime.date
    received_by: str
    landed_at: datetime.datetime
    version: int
    rows_read: int
    rows_landed: int
    rows_refused: int
    rows_ignored: int
    problems: int = 0  # places of errors and warnings
    source: str = "file"  # file, template, layout or typed
    layout: str | None = None  # the name of the taught layout
    period: str | None = None  # that a template or typed figures are for
    note: str | None = None  # beside typed figures
    kept_until: datetime.date | None = None  # the last day on which its original may be fetched
    withdrawn: TakenBack | None = None
    live: int = 0  # rows that count
    state: State = State.STANDS


def read_submissions(store: Store, version: int | None = None) -> tuple[Submission, ...]:
    """Return every submission with its state, newest first; as it was at `version` where one is given."""
    with store.read() as connection:
        found = submissions_of(connection, version)
        live = live_rows(store, connection, version)
    return tuple(reversed(with_states(found, live)))


def submissions_of(
    connection: Connection, version: int | None = None, ids: Collection[int] | None = None
) -> list[Submission]:
    """Return submissions (all, or those of `ids`) oldest first, without what needs their rows to be counted."""
    query = _query(version)
    if ids is not None:
        query = query.where(submission.c.id.in_(ids))
    problems = _problem_counts(connection)
    return [_submission(row, problems) for row in connection.execute(query).mappings()]


def _query(version: int | None) -> Select:
    taken_back, when = withdrawal.alias("taken_back"), data_version.alias("when_taken_back")
    by_then = true() if version is None else taken_back.c.landed_in <= version
    joined = (
        submission.join(source_file, source_file.c.sha256 == submission.c.sha256)
        .join(data_version, data_version.c.id == submission.c.landed_in)
        .outerjoin(original, original.c.sha256 == submission.c.sha256)
        .outerjoin(layout_used, layout_used.c.hash == submission.c.layout)
        .outerjoin(taken_back, and_(taken_back.c.submission_id == submission.c.id, by_then))
        .outerjoin(when, when.c.id == taken_back.c.landed_in)
    )
    query = (
        select(
            submission,
            source_file.c.kind,
            data_version.c.made_at,
            original.c.keep_until,
            layout_used.c.name.label("layout_name"),
            taken_back.c.why,
            taken_back.c.landed_in.label("gone_in"),
            when.c.made_by.label("gone_by"),
            when.c.made_at.label("gone_at"),
        )
        .select_from(joined)
        .order_by(submission.c.id)
    )
    return query if version is None else query.where(submission.c.landed_in <= version)


def _problem_counts(connection: Connection) -> dict[int, int]:
    places = func.sum(func.coalesce(problem.c.rows, 1))
    query = select(problem.c.submission_id, places).where(problem.c.severity != "note")
    return {number: int(count) for number, count in connection.execute(query.group_by(problem.c.submission_id))}


def _submission(row, problems: Mapping[int, int]) -> Submission:
    day, moment = datetime.date.fromordinal, datetime.datetime.fromisoformat
    covers = None
    if row["covers_from"] is not None:
        covers = (day(row["covers_from"]), day(row["covers_to"] - 1))
    gone = None
    if row["gone_in"] is not None:
        gone = TakenBack(row["why"], row["gone_by"], moment(row["gone_at"]), row["gone_in"])
    return Submission(
        row["id"], row["agency"], row["record_type"], row["file_name"], row["sha256"], row["kind"], row["sheet"],
        covers, day(row["received_on"]), row["received_by"], moment(row["made_at"]), row["landed_in"],
        row["rows_read"], row["rows_landed"], row["rows_refused"], row["rows_ignored"], problems.get(row["id"], 0),
        row["source"] or "file", row["layout_name"], row["period"], row["note"],
        day(row["keep_until"]) if row["keep_until"] is not None else None, gone,
    )  # fmt: skip


def live_rows(store: Store, connection: Connection, version: int | None = None) -> dict[int, int]:
    """Return how many rows of each submission count."""
    found: dict[int, int] = {}
    for table in store.lists.values():
        counts = counting(table, version)
        query = select(table.c.submission_id, func.count()).where(counts).group_by(table.c.submission_id)
        found |= {number: found.get(number, 0) + count for number, count in connection.execute(query)}
    return found


def counting(table, version: int | None = None):
    """Return the condition on rows of a list that they count, now or as it was at `version`."""
    if version is None:
        return table.c.superseded_in.is_(None)
    return and_(table.c.landed_in <= version, or_(table.c.superseded_in.is_(None), table.c.superseded_in > version))


def with_states(found: Sequence[Submission], live: Mapping[int, int]) -> list[Submission]:
    """Return submissions, oldest first, with how much of each counts."""
    counted = [replace(one, live=live.get(one.id, 0)) for one in found]
    states = []
    for number, one in enumerate(counted):
        same = [
            later
            for later in counted[number + 1 :]
            if (later.agency, later.records) == (one.agency, one.records) and later.version > one.version
        ]
        states.append(replace(one, state=state_of(one, [later for later in same if later.withdrawn is None])))
    return states


def state_of(one: Submission, later: Sequence[Submission]) -> State:
    """Return whether a submission stands beside the `later` ones of the same list that stand."""
    if one.withdrawn is not None:
        return State.WITHDRAWN
    if one.live:
        return State.STANDS
    if one.covers is None:
        return State.REPLACED if one.rows_landed else State.STANDS
    spans = [(first.toordinal(), last.toordinal() + 1) for first, last in (two.covers for two in later if two.covers)]
    first, last = one.covers
    return State.STANDS if left_of((first.toordinal(), last.toordinal() + 1), spans) else State.REPLACED
