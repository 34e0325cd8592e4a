"""Owns the step of teaching in which somebody says where on a sheet each thing about its figures is said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st
from pydantic import ValidationError

from scorecards.definitions import Definitions
from scorecards.errors import ScorecardError
from scorecards.format import area_name
from scorecards.narrative.words import listed
from scorecards.scorecard import WHOLE
from scorecards.ui import said
from scorecards.ui.lesson import (
    Layouts,
    Lesson,
    changed,
    keep,
    moved_on,
    starting_at,
    with_sources,
    with_table,
    without_table,
)
from scorecards.ui.page import Page
from scorecards.ui.picture import counts_of, picture_of
from scorecards.ui.rendering import html, render
from scorecards.ui.said import Place
from scorecards.ui.verdicts import count_words

NO_WORDS = "No words stand beside or above {}, so no table can begin there."
NOT_AN_ADDRESS = "“{}” is not a cell. Write it as B6: the column's letters, then the row's number."
# What a table says by a word of ours that is always the same.
PARTS = {"number": "the number", "out_of": "what it is out of", "value": "the percentage, rate or median itself"}
UNITS = {
    "count": "a number",
    "percent": "a percentage: 45 is 45%",
    "fraction": "a fraction: 0.45 is 45%",
    "rate": "a rate",
}
BASES = {
    "in_period": "in the period",
    "to_date": "since the start of the year",
    "rolling_12_months": "the 12 months to its end",
    "at_date": "at its last day",
    "monthly_average": "an average of its months",
}


def draw_places(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Draw the picture of one table's sheet, and beside it where measure, period, area and the rest are said."""
    table = lesson.draft.tables[lesson.table]
    (plain_sheet,) = layouts.picture(lesson.content, None, page.definitions, _sheet_of(lesson, table))
    html(render("teach_places.html", which=_which(lesson), sheet=plain_sheet.sheet))
    left, right = st.columns([2.1, 1], gap="medium")
    with right:
        new = _ask_where(page, lesson, plain_sheet, table)
    if new != table:
        lesson = replace(lesson, draft=with_table(lesson.draft, lesson.table, new))
        keep(lesson)
    with left:
        _draw_table(page, layouts, lesson, plain_sheet.sheet)
    _draw_ways(layouts, lesson, plain_sheet)


def _which(lesson: Lesson) -> str:
    """Return which of several tables is shown."""
    count, table = len(lesson.draft.tables), lesson.draft.tables[lesson.table]
    return f"Table {lesson.table + 1} of {count}: from cell {table.first} on" if count > 1 else ""


def _sheet_of(lesson: Lesson, table: Any) -> str:
    """Return the sheet of the file on which a table stands: a pattern may fit several, and the first is shown."""
    names = [one.name for one in lesson.content.sheets if one.state == "visible"]
    wanted = table.sheet.casefold()
    head, star, tail = wanted.partition("*")
    for name in names:
        folded = name.casefold()
        if folded == wanted or (star and folded.startswith(head) and folded.endswith(tail.rpartition("*")[2])):
            return name
    return names[0]


def _draw_table(page: Page, layouts: Layouts, lesson: Lesson, sheet: str) -> None:
    try:
        (drawn,) = layouts.picture(lesson.content, lesson.draft, page.definitions, sheet)
    except ScorecardError as error:
        html(render("load_trouble.html", sentence=str(error)))
        return
    tables = [one for one in lesson.draft.tables if _sheet_of(lesson, one) == sheet]
    firsts = [place for one in tables if (place := said.place_of(one.first))]
    html(picture_of(drawn, firsts))
    html(render("teach_found.html", sentence=found_words(drawn, firsts)))


def found_words(sheet: Any, firsts: Sequence[Place]) -> str:
    """Return how many figures the tables of a sheet have as they are shown, and how many words need a meaning."""
    counts = counts_of(sheet, firsts)
    figures, open_words = counts["figure"] + counts["waiting"], counts["question"]
    stand = "stands" if figures == 1 else "stand"
    needs = f" {count_words(open_words, 'cell')} with words that need a meaning: that comes next." if open_words else ""
    return f"{count_words(figures, 'figure')} {stand} here.{needs}"


def _ask_where(page: Page, lesson: Lesson, sheet: Any, table: Any) -> Any:
    """Draw a chooser for each thing that is said about the figures; return the table as it is chosen now."""
    first = said.place_of(table.first)
    assert first is not None
    key = f"{lesson.number} {lesson.table} {table.first}"
    seen = [name for name in said.DIMENSIONS if name in said.ALWAYS_ASKED or name in lesson.asked]
    chosen = {name: _chosen(page, lesson, sheet, table, first, name, key) for name in seen}
    with st.expander("Does the sheet say more?"):
        html(render("teach_more.html"))
        for name in said.DIMENSIONS:
            if name not in seen:
                chosen[name] = _chosen(page, lesson, sheet, table, first, name, key)
    new = table
    for dimension, sources in chosen.items():
        if sources != [one.model_dump(exclude_none=True) for one in table.says.get(dimension, ())]:
            new = _said_in(new, dimension, sources)
    return new


def _said_in(table: Any, dimension: str, sources: list[dict]) -> Any:
    """Return the table with other sources; as it is, with a sentence, where a layout cannot say it so."""
    try:
        return with_sources(table, dimension, sources)
    except ValidationError as error:
        html(render("load_trouble.html", sentence=complaint(error)))
        return table


def complaint(error: ValidationError) -> str:
    """Return what a layout has against a change, as a sentence."""
    said = listed(str(one.get("ctx", {}).get("error", one["msg"])) for one in error.errors())
    return f"This cannot be: {said}."


def _chosen(page, lesson, sheet, table, first, dimension, key) -> list[dict]:
    """Draw the choosers of one dimension, one more than is said where it may be said in several places."""
    question, nowhere = said.DIMENSIONS[dimension]
    current = table.says.get(dimension, ())
    places = said.options(sheet, first, dimension, lesson.name)
    count = len(current) + 1 if dimension in said.SAID_IN_SEVERAL and current else max(len(current), 1)
    found = []
    for number in range(count):
        source = current[number] if number < len(current) else None
        label, nothing = (question, nowhere) if number == 0 else ("and also in", "nothing more")
        one = _one_source(page, places, dimension, source, label, nothing, f"{dimension} {number} {key}")
        found += [one] if one else []
    return found


def _one_source(page, places: Mapping[str, str], dimension, source, label, nothing, key) -> dict | None:
    current = said.key_of(source) if source is not None else said.NOWHERE
    known = dict(places)
    if current and current not in known:
        known[current] = said.words_of_key(current)
    ids = [*([said.NOWHERE] if nothing or not current else []), *known]
    titles = {said.NOWHERE: nothing.capitalize(), **known}
    chosen = st.selectbox(label, ids, index=ids.index(current), format_func=lambda one: titles[one], key=f"says {key}")
    if not chosen:
        return None
    if chosen != said.FIXED:
        return said.as_source(chosen)
    fixed = _ask_fixed(page, dimension, source.fixed if current == said.FIXED else "", f"fixed {key}")
    return said.as_source(said.FIXED, fixed) if fixed else None


def _ask_fixed(page: Page, dimension: str, current: str, key: str) -> str:
    """Ask what is always the same of all figures of a table."""
    words = fixed_words(page.definitions, dimension)
    if not words:
        return st.text_input("Always", current, max_chars=80, key=key).strip()
    ids = list(words)
    index = ids.index(current) if current in words else None
    return st.selectbox("Always", ids, index=index, format_func=lambda one: words[one], key=key,
                        placeholder="Choose what it is") or ""  # fmt: skip


def fixed_words(definitions: Definitions, dimension: str) -> Mapping[str, str]:
    """Return our words for a dimension that has a fixed set of them, as they are kept, with how they are shown."""
    areas = (WHOLE, *definitions.partnership.localities)
    breakdowns = sorted({name for kpi in definitions.kpis.values() for name in kpi.breakdowns})
    sets: dict[str, Mapping[str, str]] = {
        "measure": {kpi.title: kpi.title for kpi in definitions.kpis.values()},
        "area": {area: area_name(definitions, area) for area in areas},
        "part": PARTS,
        "unit": UNITS,
        "basis": BASES,
        "breakdown": {name: name.replace("_", " ").capitalize() for name in breakdowns},
    }
    return sets.get(dimension, {})


def _draw_ways(layouts: Layouts, lesson: Lesson, sheet: Any) -> None:
    """Draw what else may be said of a table, and the ways on and back."""
    _draw_bounds(lesson, lesson.draft.tables[lesson.table])
    _draw_more_tables(layouts, lesson, sheet)
    is_last = lesson.table + 1 == len(lesson.draft.tables)
    with st.container(horizontal=True):
        words = "This is right: go on to the words" if is_last else "This is right: show the next table"
        goes_on = st.button(words, type="primary")
        leaves = len(lesson.draft.tables) > 1 and st.button("Do not read this table")
        goes_back = lesson.table > 0 and st.button("Back to the table before")
    if goes_on:
        keep(moved_on(lesson, "words") if is_last else moved_on(lesson, "places", table=lesson.table + 1))
    elif leaves:
        keep(_left_out(lesson))
    elif goes_back:
        keep(moved_on(lesson, "places", table=lesson.table - 1))
    if goes_on or leaves or goes_back:
        st.rerun()


def _left_out(lesson: Lesson) -> Lesson:
    draft = without_table(lesson.draft, lesson.table)
    at = min(lesson.table, len(draft.tables) - 1)
    return moved_on(lesson, "places", draft=draft, table=at, number=lesson.number + 1)


def _draw_bounds(lesson: Lesson, table: Any) -> None:
    """Ask for the corners of a table, the words by which it is found again, and where it ends."""
    key = f"{lesson.number} {lesson.table}"
    with st.expander("The table is larger or smaller than shown"), st.form(f"bounds {key}", border=False):
        left, right = st.columns(2)
        sheet = st.text_input("Sheets that have this table; * stands for anything", table.sheet, max_chars=80,
                              key=f"sheet of {key}")  # fmt: skip
        first = left.text_input("First figure", table.first, max_chars=8, key=f"first {key}")
        last = right.text_input(
            "Last figure (blank: to the last row and column that has words)", table.last or "", max_chars=8,
            key=f"last {key}",
        )  # fmt: skip
        ends = st.text_input(
            "It ends before a line that begins with (several with a comma between)", ", ".join(table.ends_before),
            key=f"ends {key}",
        )  # fmt: skip
        marks = st.multiselect(
            "Fixed words by which it is found again next time", list(table.marks), list(table.marks),
            format_func=lambda one: f"{one}: {table.marks[one]}", key=f"marks {key}",
        )  # fmt: skip
        if st.form_submit_button("Show the table so"):
            keep(_bounded(lesson, table, sheet, (first, last), ends.split(","), marks))
            st.rerun()


def _bounded(
    lesson: Lesson, table: Any, sheet: str, written: Sequence[str], ends: Sequence[str], marks: Sequence[str]
) -> Lesson:
    """Return the lesson with a table of other sheets and corners, or with what is wrong with them."""
    for text in written:
        if text.strip() and said.place_of(text) is None:
            return replace(lesson, trouble=NOT_AN_ADDRESS.format(text.strip()))
    corners = [said.place_of(text) for text in written]
    if corners[0] is None:
        return replace(lesson, trouble="Say in which cell the first figure stands, such as B6.")
    if not marks:
        return replace(
            lesson, trouble="Keep at least one of the fixed words: without any, the table is not found again."
        )
    values = {
        "sheet": sheet.strip() or table.sheet,
        "first": corners[0].address,
        "last": corners[1].address if corners[1] else None,
        "ends_before": [one.strip() for one in ends if one.strip()],
        "marks": {address: table.marks[address] for address in marks},
    }
    draft = with_table(lesson.draft, lesson.table, changed(table, **values))
    return moved_on(lesson, "places", draft=draft, number=lesson.number + 1)


def _draw_more_tables(layouts: Layouts, lesson: Lesson, sheet: Any) -> None:
    """Ask where another table begins that was not found."""
    with st.expander("There is another table on this sheet"), st.form(f"more {lesson.number}", border=False):
        where = st.text_input("The cell of its first figure, such as B20", max_chars=8, key=f"more at {lesson.number}")
        if st.form_submit_button("Show that table"):
            keep(_with_another(layouts, lesson, sheet, where))
            st.rerun()


def _with_another(layouts: Layouts, lesson: Lesson, sheet: Any, where: str) -> Lesson:
    first = said.place_of(where)
    if first is None:
        return replace(lesson, trouble=NOT_AN_ADDRESS.format(where.strip()))
    try:
        table = starting_at(layouts, sheet, first)
    except ValidationError:
        return replace(lesson, trouble=NO_WORDS.format(first.address))
    draft = changed(lesson.draft, tables=[*(one.model_dump() for one in lesson.draft.tables), table.model_dump()])
    return moved_on(lesson, "places", draft=draft, table=len(draft.tables) - 1, number=lesson.number + 1)
