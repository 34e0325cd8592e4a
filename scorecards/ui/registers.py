"""Owns how the analyst's registers are drawn: returns received, this quarter's work and the data dictionary."""

from collections.abc import Callable

import streamlit as st

from scorecards.format import short_period
from scorecards.returns import read_sent_lists
from scorecards.snapshots import list_snapshots
from scorecards.ui import chasing, dictionary, returns_grid, work_list
from scorecards.ui.page import Page, head
from scorecards.ui.readers import all_chasers, all_returns, exceptions_for, returns_for, scorecard_for
from scorecards.ui.rendering import html, render

# The statements of all measures together would be longer than the page.
MOST_WITH_SQL = 8


def draw_returns(page: Page, return_template: Callable, seems_personal: Callable[[str], bool]) -> None:
    """Draw who has sent what in the last quarters, what is still awaited, what follows, and what can be done."""
    returns, definitions, today = all_returns(page), page.definitions, page.store.today
    quarters = returns_grid.quarters_shown(returns, today)
    shown = [one for one in returns if one.period.end > quarters[0].first]
    awaited = returns_grid.awaited(shown, definitions, quarters[0].first, all_chasers(page), today)
    workable, is_chosen = chasing.can_be_worked_on(shown), chasing.is_chosen()
    head(page, "Returns received", returns_grid.due_words(returns, quarters[-1]))
    if is_chosen:
        chasing.draw_chasing(page, workable, return_template, seems_personal)
    html(render(
        "returns.html",
        lead=returns_grid.lead_words(returns, awaited, quarters[-1], definitions),
        quarters=quarters,
        rows=returns_grid.grid_rows(returns, quarters, definitions),
        awaited=awaited,
        escalations=[one for one in awaited if one.escalation],
        short=short_period,
        work_on=lambda name: page.link("pages/returns.py", **{chasing.CHOSEN: name}),
        kpi_address=lambda kpi: page.link("pages/kpi.py", kpi=kpi, theme=definitions.kpis[kpi].themes[0]),
        load=page.link("pages/load.py"),
    ))  # fmt: skip
    if not is_chosen:
        chasing.draw_chasing(page, workable, return_template, seems_personal)
    chasing.draw_log(page)


def draw_dictionary(page: Page) -> None:
    """Draw the search and, by theme, every measure in words; then every list and code."""
    definitions = page.definitions
    asked = st.query_params.get("search", "")
    label = "Search for a measure, supplier, list, heading or word"
    words = st.text_input(label, asked, key="dictionary_search", width=420)
    found = dictionary.matching(dictionary.entries(definitions, page.store.today), words)
    lists = dictionary.matching_lists(dictionary.list_entries(definitions), words)
    html(render(
        "dictionary.html",
        words=words.strip(),
        count=len(found),
        themes=dictionary.by_theme(found, definitions),
        lists=lists,
        codes=() if words.strip() else dictionary.code_entries(definitions),
        address=lambda kpi: page.link("pages/kpi.py", kpi=kpi.id, theme=kpi.themes[0]),
        alone=lambda kpi: page.link("pages/dictionary.py", search=kpi.id),
        sql=dictionary.statements(found, page.store) if len(found) <= MOST_WITH_SQL else {},
        is_open=bool(words.strip()) and len(found) + len(lists) <= 3,
    ))  # fmt: skip


def draw_work(page: Page) -> None:
    """Draw the quarter's work step by step: what is done, what is left, and where to do it."""
    definitions, quarter = page.definitions, page.view.period

    def kpi_address(kpi):
        return page.link("pages/kpi.py", kpi=kpi.id, theme=kpi.themes[0])

    steps = [
        work_list.returns_step(returns_for(page), definitions),
        work_list.problems_step(read_sent_lists(page.store, quarter), definitions),
        work_list.figures_step(scorecard_for(page), kpi_address),
        work_list.definitions_step(definitions, page.store.today, kpi_address),
        work_list.exceptions_step(exceptions_for(page)),
        work_list.snapshot_step(list_snapshots(page.store), quarter, page.data_version),
    ]
    html(render("work.html", words=work_list.progress_words(steps), steps=steps, address=page.link))
