"""Who has sent what: every expected return by period, what is missing or wrong in it, and what it changed."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, or_, select

from scorecards.definitions import Definitions, ExpectedReturn
from scorecards.measures import kind_of
from scorecards.periods import Period, add_months, all_periods, period_by_id
from scorecards.series.coverage import merged
from scorecards.store import Store
from scorecards.store.schema import data_version, kpi_value, problem, submission


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
            days += [one[2] for one in spans]
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


@dataclass(frozen=True)
class SentProblem:
    """What was wrong in one place of a list that was sent."""

    severity: str
    sheet: str | None
    cell: str | None
    heading: str | None
    value: str | None
    sentence: str
    advice: str


@dataclass(frozen=True)
class SentList:
    """One list as it was sent and stored: how much of it was read, and what was wrong with the rest."""

    agency: str
    records: str
    file_name: str
    sheet: str
    received: datetime.date
    rows_read: int
    rows_landed: int
    rows_refused: int
    problems: tuple[SentProblem, ...]  # errors and warnings


def read_sent_lists(store: Store, period: Period) -> tuple[SentList, ...]:
    """Return the lists that were sent for `period`, oldest first, without those that were sent again since."""
    sent = select(submission).where(_is_for(period)).order_by(submission.c.id)
    with store.read() as connection:
        rows = connection.execute(sent).mappings().all()
        live = [row for number, row in enumerate(rows) if not _sent_again(row, rows[number + 1 :], period)]
        problems = _problems_of(connection, [row["id"] for row in live])
    return tuple(_sent_list(row, problems.get(row["id"], ())) for row in live)


def _is_for(period: Period):
    """A list is for the days it covers; a return of figures names none and is for the period that had just ended."""
    table, first, end = submission.c, period.first.toordinal(), period.end.toordinal()
    next_end = add_months(period.end, period.months).toordinal()
    covers = and_(table.covers_from < end, table.covers_to > first)
    follows = and_(table.covers_from.is_(None), table.received_on >= end, table.received_on < next_end)
    return or_(covers, follows)


def _problems_of(connection, submissions) -> dict[int, list[SentProblem]]:
    table = problem.c
    columns = (table.severity, table.sheet, table.cell, table.heading, table.value, table.sentence, table.advice)
    chosen = select(table.submission_id, *columns).where(table.submission_id.in_(submissions), table.severity != "note")
    found: dict[int, list[SentProblem]] = {}
    for submission_id, *said in connection.execute(chosen.order_by(table.id)):
        found.setdefault(submission_id, []).append(SentProblem(*said))
    return found


def _sent_again(row, later, period: Period) -> bool:
    """Return whether newer submissions of the same list cover all days of `row` that matter."""
    if row["covers_from"] is None:
        return False
    first = max(row["covers_from"], period.first.toordinal())
    end = min(row["covers_to"], period.end.toordinal())
    same = [one for one in later if (one["agency"], one["record_type"]) == (row["agency"], row["record_type"])]
    spans = merged([(one["covers_from"], one["covers_to"]) for one in same])
    return any(start <= first and end <= stop for start, stop in spans)


def _sent_list(row, problems) -> SentList:
    return SentList(
        row["agency"], row["record_type"], row["file_name"], row["sheet"],
        datetime.date.fromordinal(row["received_on"]), row["rows_read"], row["rows_landed"], row["rows_refused"],
        tuple(problems),
    )  # fmt: skip


@dataclass(frozen=True)
class NewFigure:
    """A figure of the whole partnership that a data version changed; None stands for no figure."""

    kpi: str
    period: Period
    was: float | None
    now: float | None


def read_new_figures(store: Store, version: int) -> tuple[NewFigure, ...]:
    """Return the figures, in each KPI's judged window, that are other in `version` than before, newest period first."""
    columns = (kpi_value.c.kpi, kpi_value.c.window, kpi_value.c.period, kpi_value.c.value)
    whole = select(*columns).where(kpi_value.c.breakdown == "")
    with store.read() as connection:
        before = {row[:3]: row[3] for row in connection.execute(whole.where(kpi_value.c.superseded_in == version))}
        after = {row[:3]: row[3] for row in connection.execute(whole.where(kpi_value.c.landed_in == version))}
    kpis = store.definitions.kpis
    found = [
        NewFigure(kpi, one, before.get((kpi, window, period)), after.get((kpi, window, period)))
        for kpi, window, period in before.keys() | after.keys()
        if kpi in kpis and window == kpis[kpi].windows.judged and (one := period_by_id(period)) is not None
    ]
    changed = [one for one in found if one.was != one.now]
    return tuple(sorted(changed, key=lambda one: (-one.period.end.toordinal(), list(kpis).index(one.kpi))))
