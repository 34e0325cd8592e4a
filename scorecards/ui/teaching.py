"""Owns how a layout is taught: a file looked at, placed, worded, tried on another, and kept under a name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from scorecards.errors import ScorecardError
from scorecards.narrative.words import listed
from scorecards.store.writing import write_audit, writing
from scorecards.ui import loading
from scorecards.ui.lesson import (
    STEPS,
    Layouts,
    Lesson,
    SheetFound,
    changed,
    in_hand,
    joined,
    keep,
    moved_on,
    name_of,
    starting_at,
    taken_up,
    with_words_of,
)
from scorecards.ui.page import Page
from scorecards.ui.parts import field_label, plain
from scorecards.ui.picture import counts_of, picture_of
from scorecards.ui.placing import NO_WORDS, NOT_AN_ADDRESS, draw_places
from scorecards.ui.rendering import html, render
from scorecards.ui.said import place_of
from scorecards.ui.signing import your_name
from scorecards.ui.verdicts import count_words
from scorecards.ui.wording import draw_words

FIGURES_SHOWN = 200
WHOLE_AREA = "The whole partnership"  # as the loaders name it
KEPT = "layout_kept"  # what the last lesson ended with, said once

Read = Callable[[bytes, str], Any]


def draw_teaching(page: Page, layouts: Layouts, read_file: Read) -> None:
    """Draw the step that the lesson has come to; without one, the way to begin."""
    carried = taken_up()
    if carried is not None:
        _begin(page, layouts, read_file, *carried)
    lesson = in_hand()
    if lesson is None:
        _draw_kept(page)
        _draw_start(page, layouts, read_file)
        return
    steps = list(STEPS.items())
    html(render("teach_steps.html", steps=steps, here=list(STEPS).index(lesson.step), file=lesson.name,
                agency=_title(page, lesson.agency)))  # fmt: skip
    if lesson.trouble:
        html(render("load_trouble.html", sentence=lesson.trouble))
    drawn_by: dict[str, Callable] = {
        "file": _draw_file,
        "places": draw_places,
        "words": draw_words,
        "keep": partial(_draw_keep, read_file),
    }
    drawn_by[lesson.step](page, layouts, lesson)
    if st.button("Stop and put this file away", key="stop_lesson", type="tertiary"):
        keep(None)
        st.rerun()


def _title(page: Page, agency: str) -> str:
    return page.definitions.partnership.agencies[agency].title if agency else ""


def _draw_start(page: Page, layouts: Layouts, read_file: Read) -> None:
    """Draw the chooser of a file and of who sent it."""
    agencies = page.definitions.partnership.agencies
    html(render("teach_start.html"))
    with st.form("teach_start", clear_on_submit=False, border=False):
        sent = st.file_uploader(
            "A file of theirs, with figures in it: Excel, OpenDocument or CSV", type=loading.FILE_TYPES,
            max_upload_size=loading.LARGEST_MEGABYTES,
        )  # fmt: skip
        agency = st.selectbox(
            "Who sent it", list(agencies), index=None, format_func=lambda one: agencies[one].title,
            placeholder="Choose the sender", width=360,
        )  # fmt: skip
        asked = st.form_submit_button("Look at this file", type="primary")
    if asked and (sent is None or agency is None):
        html(render("load_trouble.html", sentence="Choose a file and who sent it first."))
    elif asked and sent is not None and agency is not None:
        _begin(page, layouts, read_file, sent.name, sent.getvalue(), agency)


def _begin(page: Page, layouts: Layouts, read_file: Read, name: str, data: bytes, agency: str) -> None:
    """Read a file and hold it as a new lesson, or say why it cannot be read."""
    try:
        content = read_file(data, name)
    except ScorecardError as error:
        html(render("load_trouble.html", sentence=str(error)))
        return
    st.session_state.pop(KEPT, None)
    lesson = Lesson(content.name, data, content, agency)
    keep(_opened(page, layouts, lesson) if agency else lesson)
    st.rerun()


def _opened(page: Page, layouts: Layouts, lesson: Lesson) -> Lesson:
    """Return the lesson with the layout that the file fits, else with what is proposed for its sheets."""
    known = [one for one in layouts.layouts_read(page.definitions).layouts if one.agency == lesson.agency]
    fit = next(iter(layouts.fits(known, lesson.content)), None)
    if fit is not None:
        return replace(lesson, fit=fit)
    return _proposed(page, layouts, lesson)


def _proposed(page: Page, layouts: Layouts, lesson: Lesson) -> Lesson:
    """Return the lesson with a proposal for each sheet; where one sheet alone has tables, with that one chosen."""
    sheets = [one for one in lesson.content.sheets if one.state == "visible" and one.n_rows]
    found = tuple(_sheet_found(page, layouts, lesson, one.name) for one in sheets)
    drafted = [one for one in found if one.draft is not None]
    lesson = replace(lesson, sheets=found, fit=None)
    return _drafted(lesson, drafted) if len(drafted) == 1 else lesson


def _drafted(lesson: Lesson, sheets: Sequence[SheetFound]) -> Lesson:
    """Return the lesson with what is proposed for some sheets as its draft, and the words of the layout it changes."""
    draft = joined([one.draft for one in sheets])
    return moved_on(lesson, "places", draft=with_words_of(draft, lesson.changes) if lesson.changes else draft)


def _sheet_found(page: Page, layouts: Layouts, lesson: Lesson, sheet: str) -> SheetFound:
    try:
        draft = layouts.propose(lesson.content, sheet, page.definitions, agency=lesson.agency)
        (drawn,) = layouts.picture(lesson.content, draft, page.definitions, sheet)
    except ScorecardError as error:
        return SheetFound(sheet, None, str(error))
    counts = counts_of(drawn, [place for one in draft.tables if (place := place_of(one.first))])
    figures = count_words(counts["figure"] + counts["waiting"], "figure")
    return SheetFound(sheet, draft, f"{count_words(len(draft.tables), 'table')}, {figures}")


def _draw_file(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Draw what must be said of the file itself: its sender, the layout it fits, or the sheets to be read."""
    if not lesson.agency:
        _ask_sender(page, layouts, lesson)
    elif lesson.fit is not None:
        _ask_known(page, layouts, lesson)
    elif any(one.draft for one in lesson.sheets):
        _ask_sheets(lesson)
    else:
        _ask_first_figure(page, layouts, lesson)


def _ask_sender(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    agencies = page.definitions.partnership.agencies
    agency = st.selectbox(
        "Who sent it", list(agencies), index=None, format_func=lambda one: agencies[one].title,
        placeholder="Choose the sender", width=360,
    )  # fmt: skip
    if st.button("Go on", type="primary") and agency:
        keep(_opened(page, layouts, replace(lesson, agency=agency)))
        st.rerun()


def _ask_known(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Say how the file fits a layout that is kept, and ask whether it is to be read so."""
    fit = lesson.fit
    missing = [one for table in fit.tables for one in table.missing]
    html(render("teach_known.html", title=fit.layout.title, sentence=fit.sentence, missing=missing))
    with st.container(horizontal=True):
        follows = st.button("Read it by this layout, as it stands here", type="primary")
        again = st.button("Find its tables anew, and keep its words")
        anew = st.button("Teach another layout for it")
    if follows:
        keep(_followed(page, layouts, lesson, places=bool(missing)))
    elif again:
        keep(_proposed(page, layouts, replace(lesson, changes=fit.layout)))
    elif anew:
        keep(_proposed(page, layouts, lesson))
    if follows or again or anew:
        st.rerun()


def _followed(page: Page, layouts: Layouts, lesson: Lesson, *, places: bool) -> Lesson:
    """Return the lesson with a kept layout as it stands in the file, at the first step that has something to say."""
    draft = layouts.moved(lesson.fit)
    asked = layouts.tried(lesson.content, draft, page.definitions).questions
    step = "places" if places else "words" if asked else "keep"
    return moved_on(lesson, step, draft=draft, changes=lesson.fit.layout, fit=None)


def _ask_sheets(lesson: Lesson) -> None:
    """Ask which sheets hold figures; those with a proposal can be chosen, and the others are named."""
    found = [one for one in lesson.sheets if one.draft is not None]
    others = [one.name for one in lesson.sheets if one.draft is None]
    html(render("teach_sheets.html", others=listed(f"“{name}”" for name in others) if others else ""))
    with st.form("teach_sheets", border=False):
        ticked = [one for one in found if _is_ticked(one)]
        asked = st.form_submit_button("Look at these sheets", type="primary")
    if asked:
        keep(_drafted(lesson, ticked) if ticked else replace(lesson, trouble="Tick at least one sheet."))
        st.rerun()


def _is_ticked(one: SheetFound) -> bool:
    return st.checkbox(field_label(f"{one.name}: {one.sentence}"), value=True, key=f"sheet {one.name}")


def _ask_first_figure(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Show the sheet as it is and ask where its first figure stands, where nothing looks like a table."""
    names = [one.name for one in lesson.sheets]
    if not names:
        html(render("load_trouble.html", sentence="This file has no visible sheet with anything on it."))
        return
    html(render("teach_nothing.html", reasons=[one.sentence for one in lesson.sheets]))
    name = st.selectbox("Sheet", names, width=360) or names[0]
    (sheet,) = layouts.picture(lesson.content, None, page.definitions, name)
    html(picture_of(sheet))
    with st.form("teach_first", border=False):
        where = st.text_input("The cell of the first figure, such as B6", max_chars=8, width=360)
        asked = st.form_submit_button("Show the table that begins there", type="primary")
    if asked:
        keep(_from_first(page, layouts, lesson, sheet, where))
        st.rerun()


def _from_first(page: Page, layouts: Layouts, lesson: Lesson, sheet: Any, where: str) -> Lesson:
    first = place_of(where)
    if first is None:
        return replace(lesson, trouble=NOT_AN_ADDRESS.format(where.strip()))
    try:
        table = starting_at(layouts, sheet, first)
    except ValueError:
        return replace(lesson, trouble=NO_WORDS.format(first.address))
    draft = layouts.Layout(
        agency=lesson.agency, name="draft", title=sheet.sheet, taught_by="draft", taught_on=page.store.today,
        tables=(table,),
    )  # fmt: skip
    return moved_on(lesson, "places", draft=draft)


@dataclass(frozen=True)
class MeasureRead:
    """What is read of one measure, in words: how many figures, and of which periods."""

    title: str
    figures: int
    periods: str


def measures_read(figures: Sequence[Any]) -> list[MeasureRead]:
    """Return one line for each measure of the figures read, in their order."""
    found: dict[str, list[Any]] = {}
    for one in figures:
        found.setdefault(one.measure, []).append(one)
    return [MeasureRead(title, len(of_it), _periods(of_it)) for title, of_it in found.items()]


def _periods(figures) -> str:
    labels = list(dict.fromkeys(one.period for one in figures))
    return listed(labels) if len(labels) <= 3 else f"{labels[0]} to {labels[-1]}"


def _draw_keep(read_file: Read, page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Draw what would be read, the way to try another file, and the way to keep the layout."""
    found = layouts.tried(lesson.content, lesson.draft, page.definitions)
    html(_read_markup(found, lesson.name, "What would be read", read_words(found)))
    _draw_sheets(page, layouts, lesson)
    _draw_trials(read_file, page, layouts, lesson)
    html(render("section.html", title="Keep it", subtitle="", way=None))
    title = st.text_input("What this layout is called", lesson.draft.title, max_chars=80, width=420)
    name = your_name()
    with st.container(horizontal=True):
        keeps = st.button("Keep this layout", type="primary")
        to_words = st.button("Back to the words")
        to_places = st.button("Back to the picture")
    if keeps:
        _keep_layout(page, layouts, lesson, title.strip(), name)
    elif to_words or to_places:
        keep(moved_on(lesson, "words" if to_words else "places"))
    if keeps or to_words or to_places:
        st.rerun()


def _read_markup(found, file: str, heading: str, sentence: str):
    return render(
        "teach_read.html", heading=heading, file=file, found=found, sentence=sentence, where=where_words,
        measures=measures_read(found.figures), figures=found.figures[:FIGURES_SHOWN],
        left=max(len(found.figures) - FIGURES_SHOWN, 0),
    )  # fmt: skip


def read_words(found: Any) -> str:
    """Return how many figures of how many measures are read, in a sentence."""
    if not found.figures:
        return "No figure would be read."
    measures = len({one.measure for one in found.figures})
    return f"{count_words(len(found.figures), 'figure')} of {count_words(measures, 'measure')} would be read."


def where_words(figure: Any) -> str:
    """Return which provider, group or area a figure is of; "" for the whole partnership."""
    area = "" if figure.area == WHOLE_AREA else figure.area
    return ", ".join(one for one in (area, figure.provider, figure.group) if one)


def _draw_sheets(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Draw the sheets once more, now that the words are known."""
    with st.expander("See the sheets as they are read now"):
        for sheet in layouts.picture(lesson.content, lesson.draft, page.definitions, None):
            html(render("teach_sheet.html", name=sheet.sheet))
            html(picture_of(sheet))


def _draw_trials(read_file: Read, page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Draw what the layout reads of other files, and the chooser of one more."""
    html(render("teach_try.html"))
    with st.form(f"try {len(lesson.trials)}", clear_on_submit=True, border=False):
        sent = st.file_uploader(
            "Another file of the same sender", type=loading.FILE_TYPES, max_upload_size=loading.LARGEST_MEGABYTES,
            key=f"try {len(lesson.trials)} file",
        )  # fmt: skip
        asked = st.form_submit_button("Try it on this file")
    if asked and sent is not None:
        keep(_tried_on(page, layouts, lesson, sent.name, partial(read_file, sent.getvalue(), sent.name)))
        st.rerun()
    for name, found in reversed(lesson.trials):
        html(_read_markup(found, name, f"Read from {name}", found.sentence))


def _tried_on(page: Page, layouts: Layouts, lesson: Lesson, name: str, read: Callable[[], Any]) -> Lesson:
    try:
        found = layouts.tried(read(), lesson.draft, page.definitions)
    except ScorecardError as error:
        return replace(lesson, trouble=str(error))
    others = tuple(one for one in lesson.trials if one[0] != name)
    return replace(lesson, trials=(*others, (name, found)), trouble="")


def _keep_layout(page: Page, layouts: Layouts, lesson: Lesson, title: str, name: str) -> None:
    """Keep the layout and the audit line that says so, or say what is missing."""
    if not title or not name:
        keep(replace(lesson, trouble="Give the layout and yourself a name: both stand on it. Nothing was kept yet."))
        return
    taken = [one.name for one in layouts.layouts_read(page.definitions).layouts if one.agency == lesson.agency]
    own = lesson.draft.name if lesson.changes else name_of(title, taken)
    try:
        layout = changed(lesson.draft, name=own, title=title, taught_by=name, taught_on=page.store.today)
        layouts.save_layout(layout)
        with writing(page.store) as connection:
            what = f"{'Changed' if lesson.changes else 'Taught'} the layout {layout.agency}/{layout.name}"
            write_audit(connection, name, what, None)
    except ScorecardError as error:
        keep(replace(lesson, trouble=str(error)))
        return
    st.session_state[KEPT] = (layout.title, lesson.agency, lesson.name, lesson.data)
    loading.check_again()
    keep(None)


def _draw_kept(page: Page) -> None:
    """Say what the last lesson did, and offer to load its file through the new layout."""
    if KEPT not in st.session_state:
        return
    title, agency, name, data = st.session_state[KEPT]
    html(render("teach_kept.html", title=title, agency=_title(page, agency)))
    if st.button(plain(f"Load {name} through it now"), type="primary"):
        del st.session_state[KEPT]
        loading.bring(name, data, agency)
        st.switch_page("pages/load.py")
