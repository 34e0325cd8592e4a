"""Owns the list of taught layouts: what each reads, who taught it and when it was used, and how it is set aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import streamlit as st

from scorecards.definitions import Definitions
from scorecards.errors import ScorecardError
from scorecards.format import day
from scorecards.layout_uses import read_layout_uses
from scorecards.narrative.words import listed
from scorecards.store.writing import write_audit, writing
from scorecards.ui import said
from scorecards.ui.lesson import Layouts, in_hand
from scorecards.ui.page import Page
from scorecards.ui.parts import plain
from scorecards.ui.placing import BASES, PARTS, fixed_words
from scorecards.ui.rendering import html, render
from scorecards.ui.signing import your_name
from scorecards.ui.verdicts import count_words
from scorecards.ui.wording import IGNORED, KINDS, STATUSES

MEASURES_NAMED = 3
SET_ASIDE = "layout_set_aside"  # what the last click did, said once


@dataclass(frozen=True)
class LayoutRow:
    """One line of the list of layouts."""

    title: str
    agency: str
    reads: str
    taught: str
    used: str


def draw_layouts(page: Page, layouts: Layouts) -> None:
    """Draw the layouts that are kept, by agency, and the one that is opened; not while another is being taught."""
    if in_hand() is not None:
        return
    told = st.session_state.pop(SET_ASIDE, "")
    found = layouts.layouts_read(page.definitions)
    kept = sorted(found.layouts, key=lambda one: (one.agency, one.title))
    uses = read_layout_uses(page.store)
    rows = [_row(page.definitions, one, uses.get((one.agency, one.name))) for one in kept]
    html(render("layouts.html", rows=rows, problems=found.problems, told=told))
    if kept:
        names = {f"{one.agency}/{one.name}": one for one in kept}
        chosen = st.selectbox(
            "Open a layout", list(names), index=None, format_func=lambda one: _option(page, names[one]),
            placeholder="Choose one to see what it reads", width=520, key="layout_opened",
        )  # fmt: skip
        if chosen:
            _draw_layout(page, layouts, names[chosen])


def _option(page: Page, layout: Any) -> str:
    return f"{page.definitions.partnership.agencies[layout.agency].title}: {layout.title}"


def _row(definitions: Definitions, layout: Any, used) -> LayoutRow:
    return LayoutRow(
        layout.title,
        definitions.partnership.agencies[layout.agency].title,
        reads_words(definitions, layout),
        f"{day(layout.taught_on)}, {layout.taught_by}",
        day(used) if used else "not yet",
    )


def reads_words(definitions: Definitions, layout: Any) -> str:
    """Return what a layout reads: how many tables, and the first of its measures by name."""
    titles = list(dict.fromkeys(definitions.kpis[one.kpi].title for one in layout.measures.values() if one))
    tables = count_words(len(layout.tables), "table")
    if not titles:
        return f"{tables}; its measures go by our own names"
    left = len(titles) - MEASURES_NAMED
    named = [*titles[:MEASURES_NAMED], f"{left} more"] if left > 0 else titles
    return f"{tables}: {listed(named)}"


@dataclass(frozen=True)
class TableSaid:
    """One table of a layout in words: where it stands, and where each thing about its figures is said."""

    title: str
    where: str
    says: tuple[tuple[str, str], ...]


def tables_said(layout: Any) -> list[TableSaid]:
    """Return the tables of a layout in words."""
    return [_table_said(one) for one in layout.tables]


def _table_said(table: Any) -> TableSaid:
    until = f" to {table.last}" if table.last else " on"
    says = [
        (said.SHORT[name], listed([_source_words(source) for source in sources]))
        for name, sources in table.says.items()
    ]
    return TableSaid(table.title, f"Sheet “{table.sheet}”, from {table.first}{until}", tuple(says))


def _source_words(source: Any) -> str:
    key = said.key_of(source)
    if key == said.FIXED:
        return f"always “{source.fixed}”"
    words = said.words_of_key(key)
    return words[0].lower() + words[1:]


def words_said(definitions: Definitions, layout: Any) -> Iterator[tuple[str, str, str]]:
    """Yield (kind of word, the sender's word, what it means) for all that a layout was told."""
    for word, meaning in layout.measures.items():
        yield "Measure", word, _meaning_words(definitions, meaning)
    for dimension, words in layout.words.items():
        known = STATUSES if dimension == "status" else fixed_words(definitions, dimension)
        for word, meaning in words.items():
            yield KINDS[dimension], word, IGNORED if meaning is None else known.get(meaning, meaning)


def _meaning_words(definitions: Definitions, meaning: Any) -> str:
    if meaning is None:
        return IGNORED
    parts = [definitions.kpis[meaning.kpi].title]
    parts += [PARTS[meaning.part]] if meaning.part else []
    parts += [BASES[meaning.basis]] if meaning.basis else []
    parts += [meaning.group] if meaning.group else []
    return ", ".join(parts)


def _draw_layout(page: Page, layouts: Layouts, layout: Any) -> None:
    """Draw one layout in words, and the way to set it aside."""
    html(render("layout_opened.html", layout=layout, tables=tables_said(layout),
                words=list(words_said(page.definitions, layout))))  # fmt: skip
    with st.expander("Set this layout aside"):
        html(render("layout_aside.html"))
        name = your_name()
        if st.button(plain(f"Set “{layout.title}” aside")):
            st.session_state[SET_ASIDE] = _set_aside(page, layouts, layout, name)
            st.rerun()


def _set_aside(page: Page, layouts: Layouts, layout: Any, name: str) -> str:
    if not name:
        return "Give your name first: it is kept with what you do. Nothing was changed."
    try:
        layouts.retire_layout(layout)
        with writing(page.store) as connection:
            write_audit(connection, name, f"Set the layout {layout.agency}/{layout.name} aside", None)
    except ScorecardError as error:
        return str(error)
    return f"“{layout.title}” is set aside. Files made like it are no longer read by it; its figures stay."
