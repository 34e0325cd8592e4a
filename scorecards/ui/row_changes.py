"""Owns how a change of what is stored is shown: counts, cells from what to what, months, and figures that follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from scorecards.format import figure, short_period
from scorecards.returns import NewFigure, read_new_figures
from scorecards.ui import verdicts
from scorecards.ui.page import Page
from scorecards.ui.rendering import render

FIGURES_SHOWN = 12
MONTHS_SHOWN = 24


@dataclass(frozen=True)
class Looked:
    """What stands behind the counts of one list's change, in words."""

    title: str
    columns: str  # in which columns how many rows are others
    cells: tuple  # of data_loaders: file, sheet, cell, column, was, now, measure, period, is_restated
    more: str  # how many cells are not shown
    are_figures: bool
    files: int  # of how many files the cells are
    added: str
    removed: str
    restated: str


def changes_table(page: Page, changes: Sequence, words: str, *, back: bool = False) -> Markup:
    """Return what a landing changes in what is stored; `back` says that a withdrawal does."""
    agencies = page.definitions.partnership.agencies
    gone = [verdicts.removal_words(one, agencies) for one in changes if one.removed and not back]
    return render(
        "load_changes.html", words=words, changes=changes, agencies=agencies, gone=gone, span=verdicts.span_words,
        looked=[looked for one in changes if (looked := looked_at(one, agencies)) is not None], back=back,
    )  # fmt: skip


def looked_at(change, agencies) -> Looked | None:
    """Return what stands behind one list's counts; None where there is no more than the counts."""
    detail = change.detail
    if not (detail.cells or detail.added or detail.removed):
        return None
    left = detail.cells - len(detail.examples)
    return Looked(
        f"{change.title}, {agencies[change.agency].title}",
        ", ".join(f"{title} ({count:,})" for title, count in detail.columns),
        detail.examples,
        f"{verdicts.count_words(left, 'more cell')} changed." if left > 0 else "",
        any(cell.measure for cell in detail.examples),
        len({cell.file for cell in detail.examples}),
        months_words(detail.added),
        months_words(detail.removed),
        ", ".join(detail.restated),
    )


def months_words(months: Sequence[tuple[str, int]]) -> str:
    """Return rows by month in words: "July 2025 (12), August 2025 (1)", of many months the newest."""
    shown = months[-MONTHS_SHOWN:]
    earlier = len(months) - len(shown)
    words = ", ".join(f"{month} ({count:,})" for month, count in shown)
    return f"{words}, and {earlier:,} earlier" if earlier else words


@dataclass(frozen=True)
class NewFigures:
    """What a data version changed, by scorecard, and the newest figures of it."""

    count: int
    themes: tuple[tuple[str, str, int], ...]  # title, address, figures
    rows: tuple[tuple[str, str, str, str, str], ...]  # measure, address, period, was, now


def new_figures(page: Page, version: int) -> NewFigures:
    """Return the figures that are others since a data version, those of periods that have ended."""
    found = [one for one in read_new_figures(page.store, version) if one.period.end <= page.store.today]
    kpis = page.definitions.kpis
    counts: dict[str, int] = {}
    for one in found:
        for theme in kpis[one.kpi].themes:
            counts[theme] = counts.get(theme, 0) + 1
    themes = tuple(
        (theme.title, page.link("pages/scorecards.py", theme=theme.id, kpi=None, period=None), counts[theme.id])
        for theme in page.definitions.partnership.themes
        if theme.id in counts
    )
    newest = [_figure_row(page, one) for one in found if one.period.end == found[0].period.end]
    # A change too small to be seen is no news.
    return NewFigures(len(found), themes, tuple(row for row in newest if row[3] != row[4])[:FIGURES_SHOWN])


def _figure_row(page: Page, one: NewFigure):
    kpi = page.definitions.kpis[one.kpi]
    address = page.link("pages/kpi.py", kpi=kpi.id, theme=kpi.themes[0], period=None)
    return kpi.title, address, short_period(one.period), figure(kpi, one.was), figure(kpi, one.now)
