"""Owns the questions after years to date that fall, or that give another number than was sent for a period itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from sqlalchemy import ColumnElement, Connection, or_, select

from data_loaders.plausibility.figures import figure_words, number_of
from data_loaders.plausibility.usual import Told, doubt
from data_loaders.preview import Plan
from data_loaders.problems import Problem
from data_loaders.results import FileCheck, ListCheck, Rows
from scorecards.definitions import Kpi
from scorecards.periods import Period, period_by_id
from scorecards.series.aggregates import (
    MONTHLY_AVERAGE,
    ROLLING,
    TO_DATE,
    Sent,
    counted_with,
    ending_with,
    in_period,
    sent_of,
    year_of,
)
from scorecards.series.figures import Note
from scorecards.store import Store

# Percentages are typed without their decimals, and so is one that numbers give.
ROUNDED = 0.5
# A figure as it would stand: its period and numbers, and where in the check it stands; None for a stored one.
Place = tuple[FileCheck, ListCheck, str]
Moment = tuple[Period, Sent, Place | None]
ToDate = dict[tuple, dict[int, Moment]]  # by series and the day after the last that a figure counts
OfPeriods = dict[tuple, tuple[Sent, Place | None]]  # by KPI, period and series


def years_to_date(store: Store, connection: Connection, plans: Sequence[Plan]) -> Iterator[tuple[ListCheck, Problem]]:
    """Yield what is wrong with the figures for the year to date as they would stand after landing `plans`."""
    for plan in plans:
        if plan.batch.record.replaces == "key" and any(map(len, plan.insert)):
            to_date = as_they_would_stand(store, connection, plan)
            if TO_DATE in bases_of(plan):
                yield from falling(store, to_date)
            if to_date:
                yield from contradicting(store, to_date, of_periods(store, connection, plan))


def falling(store: Store, to_date: ToDate) -> Iterator[tuple[ListCheck, Problem]]:
    """Yield a problem for each figure for the year to date that would be lower than the one before it in its year."""
    for (kpi, *_), moments in to_date.items():
        yield from falls_of(store.definitions.kpis.get(kpi), moments)


def bases_of(plan: Plan) -> set:
    return {basis for rows in plan.insert if len(rows) for basis in rows.columns["basis"]}


def as_they_would_stand(store: Store, connection: Connection, plan: Plan) -> ToDate:
    """Return the figures for the year to date after landing `plan`, by series and the day after the last they count."""
    found: ToDate = {}
    table = store.lists[plan.batch.record.id]
    for row, place in standing(store, connection, plan, table.c.basis == TO_DATE):
        if row["basis"] == TO_DATE:
            put(found, row, place)
    return found


def standing(
    store: Store, connection: Connection, plan: Plan, about: ColumnElement[bool]
) -> Iterator[tuple[Mapping, Place | None]]:
    """Yield the agency's stored rows that stay (only those `about`), the oldest first, and then those of the plan."""
    table = store.lists[plan.batch.record.id]
    live = (table.c.agency == plan.batch.agency) & about & table.c.superseded_in.is_(None)
    gone = set(plan.supersede)
    for stored in connection.execute(select(table).where(live).order_by(table.c.landed_in, table.c.id)).mappings():
        if stored["id"] not in gone:
            yield stored, None
    for (file, one), rows in zip(plan.batch.lists, plan.insert, strict=True):
        for number, row in enumerate(rows_of(rows, plan.batch.agency)):
            yield row, (file, one, rows.cells[number] if rows.cells else f"A{rows.sheet_rows[number]}")


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


def contradicting(store: Store, to_date: ToDate, own: OfPeriods) -> Iterator[Told]:
    """Yield a doubt for each figure of a period beside which years to date of the same sender give another number."""
    for (kpi_id, *_), moments in to_date.items():
        kpi = store.definitions.kpis.get(kpi_id)
        if kpi is not None:
            yield from differences_of(kpi, moments, own)


def of_periods(store: Store, connection: Connection, plan: Plan) -> OfPeriods:
    """Return the figures of single periods after landing `plan`, by KPI, period and series."""
    table = store.lists[plan.batch.record.id]
    others = (TO_DATE, ROLLING, MONTHLY_AVERAGE)
    about = or_(table.c.basis.is_(None), table.c.basis.not_in(others))
    found: OfPeriods = {}
    for row, place in standing(store, connection, plan, about):
        if row["basis"] not in others:
            cell = sent_of(row)
            found[row["kpi"], row["period"], cell.series] = (cell, place)
    return found


def differences_of(
    kpi: Kpi, moments: dict[int, Moment], own: Mapping[tuple, tuple[Sent, Place | None]]
) -> Iterator[Told]:
    """Yield the doubts of one series of years to date; each is told at what is new, the later year to date first."""
    numbers = {end: (period, cell) for end, (period, cell, _) in moments.items()}
    for sent_for, cell, place in moments.values():
        for period in ending_with(sent_for):
            figure, own_place = own.get((kpi.id, period.id, cell.series), (None, None))
            _, _, earlier_place = moments.get(period.first.toordinal(), (None, None, None))
            at = place or earlier_place or own_place
            given = in_period(cell, period, numbers, kpi)
            if figure is not None and at is not None and differ(kpi, figure, given):
                yield difference_doubt(kpi, period, figure, given, at)


def differ(kpi: Kpi, figure: Sent, given: Sent) -> bool:
    """Return whether two cells give two numbers, in their numbers or else, where one has none, in what they make."""
    if figure.symbol or given.symbol or given.fault:
        return False
    pairs = [(figure.numerator, given.numerator), (figure.denominator, given.denominator)]
    if kpi.unit == "count" or any(None in pair for pair in pairs):
        pairs = [(as_number(kpi, figure), as_number(kpi, given))]
    return any(abs(one - other) > ROUNDED for one, other in pairs if one is not None and other is not None)


def as_number(kpi: Kpi, cell: Sent) -> float | None:
    return number_of(kpi, cell.numerator, cell.denominator, cell.value)


def difference_doubt(kpi: Kpi, period: Period, figure: Sent, given: Sent, at: Place) -> Told:
    file, one, cell = at
    sentence = (
        f"{kpi.title}, {period.label}: the figure of the period is {sent_words(kpi, figure)}, and the figures for the "
        f"year to date give {sent_words(kpi, given)}. The figure of the period counts."
    )
    advice = "Ask which is right, and have the figure of the period sent again if it is not. If it is, say why."
    return doubt("to_date_differs", file, one, sentence, [cell], advice=advice)


def sent_words(kpi: Kpi, cell: Sent) -> str:
    if kpi.unit != "count" and cell.numerator is not None and cell.denominator is not None:
        return f"{cell.numerator:,g} out of {cell.denominator:,g}"
    number = as_number(kpi, cell)
    return figure_words(kpi, number) if number is not None else "none"
