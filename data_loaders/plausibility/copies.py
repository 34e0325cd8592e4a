"""Owns the doubt about figures that are the same in a whole column, or in one period after the other."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Connection

from data_loaders.plausibility.figures import (
    Figure,
    figure_words,
    first_day,
    period_and_place,
    sent_figures,
    stored_figures,
)
from data_loaders.plausibility.usual import Told, doubt
from data_loaders.preview import Plan
from data_loaders.results import FileCheck, ListCheck
from scorecards.definitions import Definitions
from scorecards.store import Store

# As many equal figures in a row, or in a column, are no accident; below ten they can be.
COPIES_IN_TIME, COPIES_IN_COLUMN, SMALLEST_COPY = 4, 6, 10


def copied_figures(store: Store, connection: Connection, plan: Plan) -> list[Told]:
    """Return the figures that are the same in a whole column, or the same in one period after the other."""
    stored = stored_figures(store, connection, plan)
    told = []
    for file, one in plan.batch.lists:
        figures = sent_figures(store, one)
        if len(figures) >= COPIES_IN_COLUMN and len({figure.made_from for figure in figures}) == 1:
            if is_large(figures[0]):
                sentence = f"All {len(figures)} figures of this sheet are {figures[0].value:,g}."
                told.append(copy_doubt(file, one, sentence, figures))
            continue
        told += copies_in_time(store.definitions, figures, stored, file, one)
    return told


def is_large(figure: Figure) -> bool:
    """Return whether a figure is one that does not come again and again: small numbers do, and so do none and all."""
    number = figure.numerator if figure.numerator is not None else figure.value
    bare = figure.numerator is None or figure.denominator is None
    return number >= SMALLEST_COPY and not (bare and figure.value == 100)


def copies_in_time(definitions: Definitions, figures, stored, file, one) -> list[Told]:
    series: dict[tuple, dict[str, Figure]] = defaultdict(dict)
    for figure in figures:
        series[figure.series][figure.period.id] = figure
    told = []
    for name, sent in series.items():
        before = stored.get(name, {})
        fresh = {period for period, figure in sent.items() if figure.made_from != made(before.get(period))}
        run = longest_run(sorted({**before, **sent}.values(), key=first_day), fresh)
        if len(run) >= COPIES_IN_TIME and is_large(run[0]):
            kpi = definitions.kpis[name[0]]
            sentence = (
                f"{kpi.title} is {figure_words(kpi, run[0].value)} in {len(run)} periods running, "
                f"{run[0].period.label} to {period_and_place(definitions, run[-1])}."
            )
            told.append(copy_doubt(file, one, sentence, [figure for figure in run if figure.cell]))
    return told


def made(figure: Figure | None) -> tuple | None:
    return figure.made_from if figure else None


def longest_run(figures: Sequence[Figure], fresh: set[str]) -> list[Figure]:
    """Return the longest run of one and the same figure that has a fresh one in it."""
    runs: list[list[Figure]] = []
    for figure in figures:
        if runs and runs[-1][-1].made_from == figure.made_from:
            runs[-1].append(figure)
        else:
            runs.append([figure])
    with_fresh = [run for run in runs if any(figure.period.id in fresh for figure in run)]
    return max(with_fresh, key=len, default=[])


def copy_doubt(file: FileCheck, one: ListCheck, sentence: str, figures: Sequence[Figure]) -> Told:
    advice = "Check whether it was copied. If it is right, say why."
    return doubt("figure_copied", file, one, sentence, [figure.cell for figure in figures], advice=advice)
