"""Owns what is asked of a file that a taught layout should read: has its table moved, what do new words mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from scorecards.errors import ScorecardError
from scorecards.store import Store
from scorecards.store.writing import write_audit, writing
from scorecards.ui.lesson import Layouts, carry, changed
from scorecards.ui.parts import plain
from scorecards.ui.rendering import html, render
from scorecards.ui.verdicts import count_words

TEACH = "pages/layouts.py"
AGREES = "Yes, read {} where it stands now"
LOOKS = "Look at {} first"
UNKNOWN = "Nothing in it was recognised. If it holds figures for the scorecard, show once how it is read."


@dataclass(frozen=True)
class LayoutQuestion:
    """What is asked of one file: a sentence, what may be agreed to at once, and the way to teach."""

    file: str
    agency: str | None
    sentence: str
    agrees: str  # what the button that says yes says of {}, the file; "" where there is nothing to say yes to
    teaches: str  # the words of the button that leads to teaching


def layout_questions(check: Any, accepted: frozenset[str]) -> list[LayoutQuestion]:
    """Return what is asked of each file that was checked, in their order."""
    return [one for file in check.files if (one := _question(file, file.name in accepted)) is not None]


def _question(file: Any, is_accepted: bool) -> LayoutQuestion | None:
    told = {problem.code: problem.sentence for problem in file.problems}
    agency = file.layout.agency if file.layout else file.agency
    if "layout_moved" in told and not is_accepted:
        return LayoutQuestion(file.name, agency, told["layout_moved"], AGREES, LOOKS)
    if "layout_changed" in told:
        return LayoutQuestion(file.name, agency, told["layout_changed"], "", "See what changed in {}")
    if file.questions:
        return LayoutQuestion(file.name, agency, new_words(file.questions), "", "Say what the words of {} mean")
    return LayoutQuestion(file.name, agency, UNKNOWN, "", "Teach a layout for {}") if _is_unknown(file) else None


def new_words(questions: Sequence[Any]) -> str:
    """Return how many words are not known and how many figures wait for them, in a sentence."""
    figures = sum(one.figures for one in questions)
    words, waiting = count_words(len(questions), "word"), count_words(figures, "figure")
    is_are, waits = "is" if len(questions) == 1 else "are", "waits" if figures == 1 else "wait"
    return f"{words} of the sender {is_are} not known yet, so {waiting} {waits}."


def _is_unknown(file: Any) -> bool:
    """Return whether a file was read and holds no list that we know: at most something like an aggregate return."""
    known = any(one.status != "not data" and not _is_no_return(one) for one in file.lists)
    return file.verdict in ("not used", "to look at") and not known


def _is_no_return(one: Any) -> bool:
    """Return whether a list has the headings of an aggregate return in part, and none of its figures was read."""
    return one.record_type == "aggregate_return" and one.status == "refused"


def draw_layout_questions(check: Any, files: Mapping[str, bytes], accepted: frozenset[str]) -> str | None:
    """Draw what is asked of the files; return the name of one that is to be read where its table stands now."""
    found = layout_questions(check, accepted)
    if not found:
        return None
    agreed = None
    html(render("layout_questions.html"))
    for number, one in enumerate(found):
        html(render("layout_question.html", name=one.file, sentence=one.sentence))
        with st.container(horizontal=True):
            if one.agrees and st.button(plain(one.agrees.format(one.file)), key=f"agree {number}"):
                agreed = one.file
            if st.button(plain(one.teaches.format(one.file)), key=f"teach {number}"):
                carry(one.file, files[one.file], one.agency)
                st.switch_page(TEACH)
    return agreed


def keeping_moved(land: Callable, layouts: Layouts, read_file: Callable, accepted: Callable) -> Callable:
    """Return a landing that also keeps where the tables of its files stand now, so that nobody is asked again.

    `accepted` gives the files, by name, of which somebody agreed to it.
    """

    def land_and_keep(store: Store, check: Any, *, by: str, **rest: Any) -> Any:
        moved = accepted()
        landed = land(store, check, by=by, **rest)
        if landed.data_version is not None:
            for file in check.files:
                if file.name in moved and file.layout is not None:
                    _keep_moved(store, layouts, read_file(moved[file.name], file.name), file.layout, by)
        return landed

    return land_and_keep


def _keep_moved(store: Store, layouts: Layouts, content: Any, used: Any, by: str) -> None:
    """Keep a layout as its tables stand in a file that was stored. Where that fails, it is asked again next time."""
    known = layouts.layouts_read(store.definitions).layouts
    own = [one for one in known if (one.agency, one.name) == (used.agency, used.name)]
    fit = next(iter(layouts.fits(own, content)), None)
    if fit is None or fit.kind != "moved":
        return
    try:
        layouts.save_layout(changed(layouts.moved(fit), taught_by=by, taught_on=store.today))
        with writing(store) as connection:
            write_audit(connection, by, f"The tables of the layout {used.agency}/{used.name} moved", None)
    except ScorecardError:
        return
