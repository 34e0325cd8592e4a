"""Owns the figures of an aggregate return as numbers, and the doubt about those far from the sender's earlier ones."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from data_loaders.plausibility.usual import MOST_POINTS, Chance, Told, Usual, doubt, is_sudden_nought, usual
from data_loaders.preview import Plan
from data_loaders.problems import shown
from data_loaders.results import FileCheck, ListCheck
from scorecards.definitions import Definitions, Kpi
from scorecards.periods import Period, period_by_id
from scorecards.store import Store


@dataclass(frozen=True)
class Figure:
    """One figure of an aggregate return, as a number: what it is of, and what it was made from."""

    series: tuple  # KPI, provider, area, breakdown, group, basis and kind of period
    period: Period
    value: float
    numerator: float | None
    denominator: float | None
    cell: str = ""

    @property
    def made_from(self) -> tuple:
        return self.numerator, self.denominator, self.value


SERIES = ("kpi", "provider", "area", "breakdown", "group", "basis")
NUMBERS = ("numerator", "denominator", "value")
RUNNING = ("rolling_12_months", "to_date")  # each figure holds most of the one before: limits would be far too close


def figures_of(definitions: Definitions, columns: Mapping[str, Sequence], cells: Sequence[str] = ()) -> list[Figure]:
    """Return the rows of an aggregate return that give a number."""
    count = len(columns["kpi"])
    found = []
    for row, cell in zip(range(count), cells or [""] * count, strict=True):
        kpi = definitions.kpis.get(columns["kpi"][row])
        period = period_by_id(columns["period"][row])
        numerator, denominator, value = (columns[name][row] for name in NUMBERS)
        number = number_of(kpi, numerator, denominator, value) if kpi else None
        if number is not None and period is not None:
            series = (*(columns[name][row] or "" for name in SERIES), period.kind)
            found.append(Figure(series, period, number, numerator, denominator, cell))
    return found


def number_of(kpi: Kpi, numerator, denominator, value) -> float | None:
    """Return a figure as it will be read: a count, or a share of what it is out of."""
    if kpi.unit == "count":
        return numerator if numerator is not None else value
    if numerator is not None and denominator:
        return {"percent": 100, "per_100": 100, "per_10000": 10_000}.get(kpi.unit, 1) * numerator / denominator
    return value


def stored_figures(store: Store, connection: Connection, plan: Plan) -> dict[tuple, dict[str, Figure]]:
    """Return the agency's live figures of the measures that the plan brings, by series and by period."""
    table = store.lists[plan.batch.record.id]
    kpis = {kpi for _, one in plan.batch.lists for kpi in one.rows.columns.get("kpi", ())}
    names = (*SERIES, "period", *NUMBERS)
    query = select(*(table.c[name] for name in names)).where(
        table.c.superseded_in.is_(None), table.c.agency == plan.batch.agency, table.c.kpi.in_(sorted(kpis))
    )
    rows = connection.execute(query).fetchall()
    columns = dict(zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True))
    found: dict[tuple, dict[str, Figure]] = defaultdict(dict)
    for figure in figures_of(store.definitions, columns):
        found[figure.series][figure.period.id] = figure
    return found


def unusual_figures(store: Store, connection: Connection, plan: Plan) -> list[Told]:
    """Return the figures far from the same agency's earlier ones of the same measure, place and group."""
    stored = stored_figures(store, connection, plan)
    sent: dict[tuple, set[str]] = defaultdict(set)
    for _, one in plan.batch.lists:
        for figure in sent_figures(store, one):
            sent[figure.series].add(figure.period.id)
    told = []
    for file, one in plan.batch.lists:
        odd: dict[tuple, list] = defaultdict(list)
        for figure in sent_figures(store, one):
            before = stored.get(figure.series, {})
            if figure.period.id in before and before[figure.period.id].value == figure.value:
                continue
            others = [other for name, other in before.items() if name not in sent[figure.series]]
            history = [other.value for other in sorted(others, key=first_day)][-MOST_POINTS:]
            code, limits = figure_doubt(store.definitions, figure, history)
            if code:
                odd[code, figure.series[0]].append((figure, limits))
        told += [figures_doubt(store.definitions, code, found, file, one) for (code, _), found in odd.items()]
    return told


def sent_figures(store: Store, one: ListCheck) -> list[Figure]:
    return figures_of(store.definitions, one.rows.columns, one.rows.cells) if len(one.rows) else []


def first_day(figure: Figure):
    return figure.period.first


def figure_doubt(definitions: Definitions, figure: Figure, history: Sequence[float]) -> tuple[str, Usual | None]:
    """Return the code of what is doubtful about a figure ("" for nothing), and what would be usual."""
    kpi = definitions.kpis[figure.series[0]]
    if is_sudden_nought(figure.value, history) and kpi.unit == "count":
        return "sudden_nought", usual(history, math.sqrt) or Usual(min(history), max(history), len(history))
    if figure.series[-2] in RUNNING or figure.period.kind in RUNNING:
        return "", None
    limits = usual(history, chance_of(kpi, figure))
    return ("sudden_jump", limits) if limits is not None and not limits.holds(figure.value) else ("", None)


def chance_of(kpi: Kpi, figure: Figure) -> Chance:
    """Return how figures vary by chance around a mean: a count by its root, a percentage by what it is out of."""
    if kpi.unit == "count":
        return math.sqrt
    if kpi.unit == "percent" and figure.denominator:
        out_of = figure.denominator
        return lambda mean: math.sqrt(max(mean * (100 - mean), 0) / out_of)
    return lambda _mean: 0.0


def figures_doubt(definitions: Definitions, code: str, found, file: FileCheck, one: ListCheck) -> Told:
    """Return the doubt about the figures of one measure; the first is told in full."""
    figure, limits = found[0]
    kpi = definitions.kpis[figure.series[0]]
    more = f" {len(found) - 1} more figures of this measure are like that." if len(found) > 1 else ""
    low, high = figure_words(kpi, max(limits.low, 0)), figure_words(kpi, limits.high)
    sentence = (
        f"{kpi.title}, {period_and_place(definitions, figure)}: {figure_words(kpi, figure.value)}, "
        f"where {low} to {high} is usual after {limits.points} earlier figures from this agency.{more}"
    )
    return doubt(code, file, one, sentence, [other.cell for other, _ in found], rows=len(found))


def figure_words(kpi: Kpi, value: float) -> str:
    return f"{value:,.0f}" if kpi.unit == "count" else f"{value:,.1f}{'%' if kpi.unit == 'percent' else ''}"


def period_and_place(definitions: Definitions, figure: Figure) -> str:
    _, provider, area, breakdown, group, _, _ = figure.series
    locality = definitions.partnership.localities.get(area)
    parts = [figure.period.label, locality.title if locality else "", provider, group if breakdown else ""]
    return ", ".join(shown(part) for part in parts if part)
