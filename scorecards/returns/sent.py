"""What was sent as it came: by whom last, what was wrong in it, and which figures it changed."""

import datetime
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from scorecards.periods import Period, add_months, merged, period_by_id
from scorecards.returns.expected import stands
from scorecards.store import Store
from scorecards.store.schema import data_version, kpi_value, problem, submission


@dataclass(frozen=True)
class Supplied:
    """Who supplied a list or figure last, and when."""

    agency: str
    received: datetime.date
    file_name: str
    version: int


def read_supplied(store: Store, version: int | None = None) -> dict[str, Supplied]:
    """Return the newest submission by each record type's lead agency, by record type ("kpi:" + id for aggregates), as
    it stands now or stood at an earlier data version.
    """
    us = store.definitions.partnership
    columns = (
        submission.c.record_type, submission.c.agency, submission.c.received_on, submission.c.file_name,
        submission.c.landed_in,
    )  # fmt: skip
    aggregate = store.lists["aggregate_return"]
    cells = (
        select(aggregate.c.kpi, *columns[1:])
        .join(submission, submission.c.id == aggregate.c.submission_id)
        .where(_counts(aggregate, version))
    )
    found: dict[str, Supplied] = {}
    with store.read() as connection:
        lists = select(*columns).where(stands(version)).order_by(submission.c.id)
        for records, agency, day, name, version in connection.execute(lists):
            received = datetime.date.fromordinal(day)
            if us.lead_agency(records, received) in (agency, None):
                found[records] = Supplied(agency, received, name, version)
        for kpi, agency, day, name, version in connection.execute(cells.order_by(submission.c.id)):
            found[f"kpi:{kpi}"] = Supplied(agency, datetime.date.fromordinal(day), name, version)
    return found


def _counts(table, version: int | None):
    """Return the condition on rows of a list that they count, now or at an earlier data version."""
    if version is None:
        return table.c.superseded_in.is_(None)
    return (table.c.landed_in <= version) & (table.c.superseded_in.is_(None) | (table.c.superseded_in > version))


def figures_as_at(store: Store) -> datetime.date | None:
    """Return the day of the newest data, or None on an empty store: what "figures as at" means on every page."""
    with store.read() as connection:
        newest = connection.scalar(select(func.max(submission.c.received_on)).where(stands()))
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
    sent = select(submission).where(_is_for(period), stands()).order_by(submission.c.id)
    with store.read() as connection:
        rows = connection.execute(sent).mappings().all()
        live = [row for number, row in enumerate(rows) if not _sent_again(row, rows[number + 1 :], period)]
        problems = _problems_of(connection, [row["id"] for row in live])
    return tuple(_sent_list(row, problems.get(row["id"], ())) for row in live)


def _is_for(period: Period):
    """A list is for the days it covers; figures are for the period of their template, else for what had just ended."""
    table, first, end = submission.c, period.first.toordinal(), period.end.toordinal()
    next_end = add_months(period.end, period.months).toordinal()
    covers = and_(table.covers_from < end, table.covers_to > first)
    follows = and_(table.period.is_(None), table.received_on >= end, table.received_on < next_end)
    figures = and_(table.covers_from.is_(None), or_(table.period == period.id, follows))
    return or_(covers, figures)


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
