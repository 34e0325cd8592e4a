"""Owns the question after rows that vanish: a plan that was open and is in the newer list neither open nor ended."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from data_loaders.preview import Plan
from data_loaders.problems import Problem
from data_loaders.results import ListCheck
from scorecards.periods import Span
from scorecards.series import read_coverage
from scorecards.store import Store


def vanishing(store: Store, connection: Connection, plans: Sequence[Plan]) -> Iterable[tuple[ListCheck, Problem]]:
    """Yield a problem for each list whose landing would take away rows that were open when its days began.

    Either they were recorded by mistake, or they ended before those days and nobody told: then their history goes, too.
    """
    lost = [(plan, plan.change.covers[0]) for plan in plans if plan.vanished and plan.change.covers]
    spans = read_coverage(connection, store.definitions).spans if lost else {}
    for plan, first in lost:
        gap = gap_before(first.toordinal(), spans.get(plan.batch.record.id, ()))
        file, one = plan.batch.lists[0]
        yield one, problem_of(file.name, one, plan.vanished, first, gap)


def gap_before(first: int, spans: Iterable[Span]) -> date | None:
    """Return the first of the days before `first` that no list covers, where lists cover any before those."""
    ends = [end for start, end in spans if start <= first]
    return date.fromordinal(max(ends)) if ends and max(ends) < first else None


def problem_of(file: str, one: ListCheck, rows: int, first: date, gap: date | None) -> Problem:
    """Return the problem; `gap` is the first of the days before that no list covers."""
    sentence = (
        f"Rows that were open before {first:%d/%m/%Y} are not in this list, neither open nor ended. "
        "Landing it takes them out of every period, also those in which they were open."
    )
    advice = "Ask when they ended, and for a list that shows it. If they were recorded by mistake, nothing."
    if gap is not None:
        sentence += f" No list covers the days from {gap:%d/%m/%Y}, in which they may have ended."
        advice = f"Ask for a list from {gap:%d/%m/%Y} on and load that first."
    return Problem(
        "rows_vanished", "warning", file, one.sheet, None, None, None, sentence, advice, rows,
        needs_reason=gap is not None,
    )  # fmt: skip
