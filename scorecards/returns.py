"""Who has sent what: every expected return by period, with what is missing and how late it is."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from scorecards.definitions import Definitions, ExpectedReturn
from scorecards.measures import kind_of
from scorecards.periods import Period, all_periods
from scorecards.series.coverage import merged
from scorecards.store import Store
from scorecards.store.schema import data_version, submission


class ReturnState(StrEnum):
    RECEIVED = "received"
    LATE = "late"  # here in full, but after it was due
    PART = "part"
    MISSING = "missing"
    NOT_DUE = "not due yet"


@dataclass(frozen=True)
class Return:
    """One agency's return for one period."""

    agency: str
    period: Period
    due: datetime.date
    state: ReturnState
    received: datetime.date | None  # when the last of it came
    days_late: int  # 0 when in time or not due
    missing: tuple[str, ...]  # titles of lists and measures not sent
    problem_rows: int  # rows refused in what was sent
    without_figure: tuple[str, ...]  # ids of KPIs that have no figure because of what is missing


@dataclass(frozen=True)
class _Received:
    spans: dict[tuple[str, str], list[tuple[int, int, int, int]]]  # (agency, list): first, end, received, refused
    cells: dict[tuple[str, str, str], int]  # (agency, kpi, period): received


def read_returns(store: Store, periods: tuple[Period, ...] | None = None) -> tuple[Return, ...]:
    """Return every expected return of `periods` (else of all periods that have ended), by agency and time."""
    us = store.definitions.partnership
    periods = periods or all_periods(us.first_day, store.today)
    received = _read_received(store)
    found = []
    for expected in us.returns:
        for period in periods:
            if period.kind == expected.every and period.first >= expected.from_ and period.end <= store.today:
                found.append(_return(store, expected, period, received))
    return tuple(_joined(found, store.today))


def _read_received(store: Store) -> _Received:
    aggregate = store.lists["aggregate_return"]
    lists = select(submission).where(submission.c.covers_from.is_not(None))
    cells = (
        select(aggregate.c.agency, aggregate.c.kpi, aggregate.c.period, submission.c.received_on)
        .join(submission, submission.c.id == aggregate.c.submission_id)
        .where(aggregate.c.superseded_in.is_(None))
    )
    spans: dict[tuple[str, str], list[tuple[int, int, int, int]]] = {}
    with store.read() as connection:
        for row in connection.execute(lists).mappings():
            span = (row["covers_from"], row["covers_to"], row["received_on"], row["rows_refused"])
            spans.setdefault((row["agency"], row["record_type"]), []).append(span)
        sent = {(agency, kpi, period): day for agency, kpi, period, day in connection.execute(cells)}
    return _Received(spans, sent)


def _return(store, expected: ExpectedReturn, period: Period, received: _Received) -> Return:
    definitions = store.definitions
    first, end = period.first.toordinal(), period.end.toordinal()
    missing, days, refused, without = [], [], 0, []
    for records in expected.records:
        spans = [one for one in received.spans.get((expected.agency, records), []) if one[0] < end and first < one[1]]
        covered = any(start <= first and end <= stop for start, stop in merged([one[:2] for one in spans]))
        if covered:
            # The first submission that completed the cover counts as the day of receipt; corrections do not.
            days.append(_day_covered(spans, first, end))
            refused += max(one[3] for one in spans)
        else:
            missing.append(definitions.record_types[records].title)
            without += _fed_by(definitions, records)
    for kpi in expected.kpis:
        day = received.cells.get((expected.agency, kpi, period.id))
        if day is None:
            missing.append(definitions.kpis[kpi].title)
            without.append(kpi)
        else:
            days.append(day)
    due = period.end + datetime.timedelta(days=expected.due_days_after - 1)
    latest = datetime.date.fromordinal(max(days)) if days else None
    return Return(
        expected.agency,
        period,
        due,
        ReturnState.RECEIVED,
        latest,
        0,
        tuple(missing),
        refused,
        tuple(dict.fromkeys(without)),
    )


def _day_covered(spans, first, end):
    by_day = sorted(spans, key=lambda one: one[2])
    for number in range(1, len(by_day) + 1):
        reached = merged([one[:2] for one in by_day[:number]])
        if any(start <= first and end <= stop for start, stop in reached):
            return by_day[number - 1][2]
    return by_day[-1][2]


def _fed_by(definitions: Definitions, records: str) -> list[str]:
    kpis = definitions.kpis.values()
    return [kpi.id for kpi in kpis if kind_of(kpi.measure).record_types(kpi)[0] == records]


def _joined(found: list[Return], today: datetime.date):
    """Yield one return per agency and period: an agency may have several lines of expectations."""
    together: dict[tuple[str, str], list[Return]] = {}
    for one in found:
        together.setdefault((one.agency, one.period.id), []).append(one)
    for parts in together.values():
        first = parts[0]
        days = [one.received for one in parts if one.received is not None]
        due = max(one.due for one in parts)
        received = max(days) if days else None
        missing = tuple(title for one in parts for title in one.missing)
        state, late = _state(due, received, missing, today)
        yield Return(
            first.agency,
            first.period,
            due,
            state,
            received,
            late,
            missing,
            sum(one.problem_rows for one in parts),
            tuple(kpi for one in parts for kpi in one.without_figure),
        )


def _state(due, received, missing, today):
    overdue = max(0, (today - due).days)
    if missing:
        if received is not None:
            return ReturnState.PART, overdue
        return (ReturnState.MISSING, overdue) if overdue else (ReturnState.NOT_DUE, 0)
    late = (received - due).days if received is not None else 0
    return (ReturnState.LATE, late) if late > 0 else (ReturnState.RECEIVED, 0)


@dataclass(frozen=True)
class Supplied:
    """Who supplied a list or figure last, and when."""

    agency: str
    received: datetime.date
    file_name: str
    version: int


def read_supplied(store: Store) -> dict[str, Supplied]:
    """Return the newest submission by each record type's lead agency, by record type ("kpi:" + id for aggregates)."""
    us = store.definitions.partnership
    columns = (
        submission.c.record_type, submission.c.agency, submission.c.received_on, submission.c.file_name,
        submission.c.landed_in,
    )  # fmt: skip
    aggregate = store.lists["aggregate_return"]
    cells = (
        select(aggregate.c.kpi, *columns[1:])
        .join(submission, submission.c.id == aggregate.c.submission_id)
        .where(aggregate.c.superseded_in.is_(None))
    )
    found: dict[str, Supplied] = {}
    with store.read() as connection:
        for records, agency, day, name, version in connection.execute(select(*columns).order_by(submission.c.id)):
            received = datetime.date.fromordinal(day)
            if us.lead_agency(records, received) in (agency, None):
                found[records] = Supplied(agency, received, name, version)
        for kpi, agency, day, name, version in connection.execute(cells.order_by(submission.c.id)):
            found[f"kpi:{kpi}"] = Supplied(agency, datetime.date.fromordinal(day), name, version)
    return found


def figures_as_at(store: Store) -> datetime.date | None:
    """Return the day of the newest data, or None on an empty store: what "figures as at" means on every page."""
    with store.read() as connection:
        newest = connection.scalar(select(submission.c.received_on).order_by(submission.c.received_on.desc()).limit(1))
        if newest is not None:
            return datetime.date.fromordinal(newest)
        made = connection.scalar(select(data_version.c.made_at).order_by(data_version.c.id.desc()).limit(1))
    return datetime.date.fromisoformat(made[:10]) if made else None
