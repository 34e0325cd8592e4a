"""Owns the question after a year to date that falls: one of the two figures is wrong, and neither period has one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from sqlalchemy import Connection, select

from data_loaders.preview import Plan
from data_loaders.problems import Problem
from data_loaders.results import FileCheck, ListCheck, Rows
from scorecards.definitions import Kpi
from scorecards.periods import Period, period_by_id
from scorecards.series.aggregates import TO_DATE, Sent, counted_with, in_period, sent_of, year_of
from scorecards.series.figures import Note
from scorecards.store import Store

# A figure as it would stand: its period and numbers, and where in the check it stands; None for a stored one.
Place = tuple[FileCheck, ListCheck, str]
Moment = tuple[Period, Sent, Place | None]


def falling(store: Store, connection: Connection, plans: Sequence[Plan]) -> Iterable[tuple[ListCheck, Problem]]:
    """Yield a problem for each figure for the year to date that would be lower than the one before it in its year."""
    for plan in plans:
        if plan.batch.record.replaces == "key" and TO_DATE in bases_of(plan):
            for (kpi, *_), moments in as_they_would_stand(store, connection, plan).items():
                yield from falls_of(store.definitions.kpis.get(kpi), moments)


def bases_of(plan: Plan) -> set:
    return {basis for rows in plan.insert if len(rows) for basis in rows.columns["basis"]}


def as_they_would_stand(store: Store, connection: Connection, plan: Plan) -> dict[tuple, dict[int, Moment]]:
    """Return the figures for the year to date after landing `plan`, by series and the day after the last they count."""
    table = store.lists[plan.batch.record.id]
    live = (table.c.agency == plan.batch.agency) & (table.c.basis == TO_DATE) & table.c.superseded_in.is_(None)
    gone = set(plan.supersede)
    found: dict[tuple, dict[int, Moment]] = {}
    for stored in connection.execute(select(table).where(live)).mappings():
        if stored["id"] not in gone:
            put(found, stored, None)
    for (file, one), rows in zip(plan.batch.lists, plan.insert, strict=True):
        for number, row in enumerate(rows_of(rows, plan.batch.agency)):
            if row["basis"] == TO_DATE:
                put(found, row, (file, one, rows.cells[number] if rows.cells else f"A{rows.sheet_rows[number]}"))
    return found


def rows_of(rows: Rows, agency: str) -> Iterable[dict]:
    if len(rows):
        for values in zip(*rows.columns.values(), strict=True):
            yield {"agency": agency, **dict(zip(rows.columns, values, strict=True))}


def put(found: dict[tuple, dict[int, Moment]], row, place: Place | None) -> None:
    period = period_by_id(row["period"])
    if period is not None:
        cell = sent_of(row)
        found.setdefault((row["kpi"], *counted_with(period, cell)), {})[period.end.toordinal()] = (period, cell, place)


def falls_of(kpi: Kpi | None, moments: dict[int, Moment]) -> Iterable[tuple[ListCheck, Problem]]:
    """Yield the problems of one series; each is told at the later figure, unless only the earlier one is new."""
    numbers = {end: (period, cell) for end, (period, cell, _) in moments.items()}
    in_order = [moments[end] for end in sorted(moments)]
    for (before, _, first), (period, cell, second) in pairwise(in_order):
        place = second or first
        if place is None or before.end <= year_of(period).first:
            continue  # a new year begins again from nothing
        between = replace(period, first=before.end)
        if in_period(cell, between, numbers, kpi).fault is Note.TO_DATE_FALLS:
            yield place[1], problem_of(place, kpi, (before, numbers[before.end.toordinal()][1]), (period, cell))


def problem_of(place: Place, kpi: Kpi | None, before: tuple[Period, Sent], later: tuple[Period, Sent]) -> Problem:
    file, one, cell = place
    title = kpi.title if kpi else "This measure"
    what = "is lower" if has_fallen(before[1], later[1]) else "leaves fewer of what it is out of uncounted"
    return Problem(
        "to_date_falls", "warning", file.name, one.sheet, cell, None, None,
        f"{title}: the year to date {what} in {later[0].label} than in {before[0].label}, so no figure of the time "
        "between can be worked out.",
        "Ask which of the two is right. A corrected earlier figure is to be sent as well.",
    )  # fmt: skip


def has_fallen(before: Sent, later: Sent) -> bool:
    """Return whether one of the numbers themselves is lower, and not only what they leave of each other."""
    pairs = [(getattr(before, name), getattr(later, name)) for name in ("numerator", "denominator", "value")]
    return any(now < then for then, now in pairs if then is not None and now is not None)
