"""The first line of every page: the store opened, the reader's choice read, menu, marking and heading drawn."""

import datetime
import logging
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from scorecards.definitions import DataSet, Definitions, Kpi, Theme
from scorecards.errors import DefinitionError, ScorecardError
from scorecards.format import area_name, day
from scorecards.periods import Period, last_complete_quarter
from scorecards.scorecard import WHOLE, View
from scorecards.store import Store
from scorecards.store.engine import is_demo
from scorecards.ui import readers
from scorecards.ui.address import link
from scorecards.ui.choices import draw_filters, kpis_of, read_choice
from scorecards.ui.menu import draw_menu
from scorecards.ui.readers import Key
from scorecards.ui.rendering import html, render
from scorecards.ui.style import ICON, draw_paper_marking, draw_style

log = logging.getLogger(__name__)

DATABASE_TROUBLE = (
    "The database cannot be opened or was made by a newer version of this product. Nothing was changed. Ask whoever "
    "looks after the product to read its log."
)


@dataclass(frozen=True)
class Page:
    """What a page works with: the open store, what the reader looks at, and how it is drawn."""

    title: str
    store: Store
    key: Key
    view: View
    data_set: DataSet | None
    theme: Theme
    has_theme: bool  # whether the address chose it; else it is the first
    kpi: Kpi | None  # always one where the reader may choose it
    quarters: tuple[Period, ...]  # that have ended and have figures, newest first
    filters: tuple[str, ...]
    remarks: tuple[str, ...]  # on what the address asked for in vain
    is_demo: bool
    dark: bool

    @property
    def definitions(self) -> Definitions:
        return self.store.definitions

    @property
    def data_version(self) -> int:
        return self.key.version

    @property
    def when(self) -> str:
        """Return the quarter and the area that are looked at, as a sentence."""
        return f"{self.view.period.long_label}, {self.area_words}."

    @property
    def area_words(self) -> str:
        """Return the area as it stands inside a sentence."""
        name = area_name(self.definitions, self.view.area)
        return name.lower() if self.view.area == WHOLE else f"{name} locality"

    @property
    def crumbs(self) -> tuple[tuple[str, str], ...]:
        """Return the way back from a KPI: its scorecard."""
        every, ours = self.link("pages/scorecards.py", theme=None, kpi=None), self.link("pages/scorecards.py", kpi=None)
        return (("Scorecards", every), (self.theme.title, ours))

    @property
    def here(self) -> dict[str, str]:
        """Return what the reader looks at, as an address carries it."""
        kpi = {"kpi": self.kpi.id} if self.kpi else {}
        version = "" if self.view.version is None else str(self.view.version)
        theme = self.theme.id if self.has_theme or self.kpi else ""
        data_set = self.data_set.id if self.data_set and "set" in self.filters else ""
        here = {"set": data_set, "theme": theme, **kpi, "period": self.view.period.id, "area": self.view.area}
        return {**here, "version": version}

    def link(self, page_path: str, **params: str | None) -> str:
        """Return the address of a page of ours ("pages/kpi.py") that carries theme, KPI, period and area on."""
        return link(page_path, **(self.here | params))

    def link_now(self) -> str:
        """Return the address of this very page with the newest figures."""
        return "?" + self.link("", version=None).partition("?")[2]


def begin_page(
    title: str, *, heading: str | None = None, needs_figures: bool = True, filters: tuple[str, ...] = ()
) -> Page:
    """Return the page's store and view, with menu, marking and heading drawn: the first line of every page.

    `heading` is the h1 (None: the title; "": the page draws its own by `head`). `filters` name what the reader may
    choose here, of set, theme, kpi, period and area. Without figures the page stops here unless it can do without.
    """
    st.set_page_config(page_title=title, page_icon=ICON, layout="wide", initial_sidebar_state="auto")
    dark = st.context.theme.type == "dark"
    draw_style(dark)
    store, key, quarters = _open(title)
    us = store.definitions.partnership
    usual, newer = readers.usual_quarter(store, key) or (last_complete_quarter(store.today), 0)
    choice = read_choice(store.definitions, quarters, usual, key.version)
    draw_menu(us, title, choice.unusual)
    _draw_marking(f"{us.handling}: unsuppressed figures.", readers.day_of_figures(store, key))
    if needs_figures and not quarters:
        html(render("empty.html", heading=heading or title, load=link("pages/load.py")))
        st.stop()
    view = View(choice.period, choice.area, choice.version)
    kpi = choice.kpi or (kpis_of(store.definitions, choice.theme)[0] if "kpi" in filters else None)
    newer_is_told = newer if choice.period == usual else 0
    remarks = (*choice.in_vain, *newer_words(newer_is_told, usual, quarters))
    page = Page(
        title,
        store,
        key,
        view,
        choice.data_set,
        choice.theme,
        choice.has_theme,
        kpi,
        quarters,
        filters,
        remarks,
        is_demo(),
        dark,
    )
    if heading != "":
        head(page, heading or title)
    return page


def newer_words(newer: int, usual: Period, quarters: tuple[Period, ...]) -> tuple[str, ...]:
    """Return a sentence where a page opens on an earlier year because most measures have no newer one."""
    if not newer:
        return ()
    have = "1 measure has" if newer == 1 else f"{newer} measures have"
    return (
        f"The year to {day(usual.last)} is the newest of which most measures are published. {have} a newer figure: "
        f"choose {quarters[0].label} under Period.",
    )


def head(page: Page, heading: str, subtitle: str = "", crumbs: tuple[tuple[str, str], ...] = ()) -> None:
    """Draw the h1, what stands above it (label, address) and below it, then the page's filters."""
    html(render("head.html", heading=heading, subtitle=subtitle, crumbs=crumbs))
    if page.filters and page.quarters:
        versions = readers.version_words(page) if "version" in page.filters else None
        draw_filters(page.filters, page.definitions, page.quarters, page.here, versions)
        if page.remarks:
            html(render("remarks.html", remarks=page.remarks))
    if page.view.version is not None and "area" in page.filters:
        when = readers.moments_of_versions(page)[page.view.version]
        version, has_returns = page.view.version, not {"theme", "kpi"} & set(page.filters)
        html(render("as_it_was.html", when=when, version=version, now=page.link_now(), has_returns=has_returns))


def _open(title: str) -> tuple[Store, Key, tuple[Period, ...]]:
    """Return the store, its key and its quarters, or say in a sentence why there are none and stop."""
    try:
        store = readers.current_store()
        key = readers.key_of(store)
        return store, key, readers.quarters_with_figures(store, key)
    except DefinitionError as error:
        _stop(title, "The definitions need a correction", "Put these right, then open the page again.", error.problems)
    except ScorecardError as error:
        _stop(title, "The figures cannot be shown", str(error))
    except (SQLAlchemyError, CommandError, OSError):
        # Their own words hold addresses and statements: those are for the log.
        log.exception("The store could not be opened.")
        _stop(title, "The figures cannot be shown", DATABASE_TROUBLE)


def _draw_marking(handling: str, as_at: datetime.date | None) -> None:
    age = f"Figures as at {day(as_at)}." if as_at else "No figures yet."
    html(render("marking.html", handling=handling, age=age))
    draw_paper_marking(f"{handling} {age}")


def _stop(title: str, heading: str, sentence: str, problems: tuple[str, ...] = ()) -> NoReturn:
    draw_menu(None, title, {})
    html(render("trouble.html", heading=heading, sentence=sentence, problems=problems))
    st.stop()
