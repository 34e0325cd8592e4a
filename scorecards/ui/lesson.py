"""Owns a layout while it is being taught: the file in hand, the draft, and each change somebody makes to it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import streamlit as st

from scorecards.definitions import Definitions
from scorecards.ui import said
from scorecards.ui.said import Place

LESSON = "lesson"
CARRIED = "file_to_teach"  # (name, bytes, agency or "") that another page brings along
# What is done one after the other, and how it is called.
STEPS = {
    "file": "The file",
    "places": "Where the figures stand",
    "words": "What the words mean",
    "keep": "Check and keep",
}
LONGEST_NAME = 60


class Layouts(Protocol):
    """What this room needs of the loaders, whom it does not know: the pages hand it in."""

    Layout: Any
    TaughtTable: Any
    Meaning: Any

    def layouts_read(self, definitions: Definitions, /) -> Any: ...
    def fits(self, layouts: Sequence[Any], content: Any, /) -> Sequence[Any]: ...
    def moved(self, fit: Any, /) -> Any: ...
    def propose(self, content: Any, sheet_name: str, definitions: Definitions, /, *, agency: str) -> Any: ...
    def picture(self, content: Any, layout: Any, definitions: Definitions, sheet_name: str | None, /) -> Any: ...
    def words_of(self, content: Any, layout: Any, definitions: Definitions, /) -> Sequence[Any]: ...
    def tried(self, content: Any, layout: Any, definitions: Definitions, /) -> Any: ...
    def taught(self, layout: Any, dimension: Any, word: str, meaning: Any, /) -> Any: ...
    def save_layout(self, layout: Any, /) -> Any: ...
    def retire_layout(self, layout: Any, /) -> Any: ...


@dataclass(frozen=True)
class SheetFound:
    """A sheet of the file: what the product proposes to read of it, or why it proposes nothing."""

    name: str
    draft: Any = None
    sentence: str = ""


@dataclass(frozen=True)
class Lesson:
    """One file from which a layout is taught, and how far that is."""

    name: str
    data: bytes
    content: Any  # of the loaders, as the drafts and fits are
    agency: str
    fit: Any = None  # how the file fits a layout that is kept, until somebody says what of it
    sheets: tuple[SheetFound, ...] = ()
    draft: Any = None
    table: int = 0  # the one that is shown
    asked: tuple[str, ...] = ()  # what that table said when it was opened
    step: str = "file"
    changes: Any = None  # the layout that is changed; None for a new one
    trials: tuple[tuple[str, Any], ...] = ()  # other files, and what the draft reads from them
    trouble: str = ""
    number: int = 0  # grows with every change of the draft that a widget did not make


def in_hand() -> Lesson | None:
    """Return what is being taught in this session."""
    return st.session_state.get(LESSON)


def keep(lesson: Lesson | None) -> None:
    """Hold a lesson until the next click; None ends it."""
    if lesson is None:
        st.session_state.pop(LESSON, None)
    else:
        st.session_state[LESSON] = lesson


def carry(name: str, data: bytes, agency: str | None) -> None:
    """Bring a file along to the page on which layouts are taught."""
    st.session_state[CARRIED] = (name, data, agency or "")


def taken_up() -> tuple[str, bytes, str] | None:
    """Return the file that another page brought along, once."""
    return st.session_state.pop(CARRIED, None)


def changed(model: Any, **values: Any) -> Any:
    """Return a part of a layout with other values, checked as if it were read anew."""
    return type(model).model_validate({**model.model_dump(), **values})


def joined(drafts: Sequence[Any]) -> Any:
    """Return the drafts of several sheets as one layout; tables that several of them have count once."""
    first = drafts[0]
    tables = list({repr(table): table for draft in drafts for table in draft.tables}.values())
    measures = {word: meaning for draft in reversed(drafts) for word, meaning in draft.measures.items()}
    words: dict[str, dict] = {}
    for draft in reversed(drafts):
        for kind, meanings in draft.words.items():
            words[kind] = words.get(kind, {}) | meanings
    dumped = {name: meaning and meaning.model_dump() for name, meaning in measures.items()}
    return changed(first, tables=[table.model_dump() for table in tables], measures=dumped, words=words)


def with_words_of(draft: Any, layout: Any) -> Any:
    """Return the tables of a draft under the name of a layout that is kept, with all the words that it knows."""
    tables = [one.model_dump() for one in draft.tables]
    return changed(layout, tables=tables)


def with_table(draft: Any, at: int, table: Any) -> Any:
    """Return the draft with another table in the place of one."""
    tables = [*draft.tables[:at], table, *draft.tables[at + 1 :]]
    return changed(draft, tables=[one.model_dump() for one in tables])


def without_table(draft: Any, at: int) -> Any:
    """Return the draft without one of its tables."""
    return changed(draft, tables=[one.model_dump() for number, one in enumerate(draft.tables) if number != at])


def with_sources(table: Any, dimension: str, sources: Iterable[Mapping[str, Any]]) -> Any:
    """Return the table with what says `dimension`; nothing where no source does."""
    says = {name: [one.model_dump() for one in given] for name, given in table.says.items() if name != dimension}
    given = list(sources)
    if given:
        says[dimension] = given
    return changed(table, says=says)


def starting_at(layouts: Layouts, sheet: Any, first: Place) -> Any:
    """Return a table that begins at `first`, with the nearest column and row as what says measure and period.

    Its marks are what stands beside and above its first figure: fixed words, by which it is found again.
    """
    texts = {one.address: one.text for row in sheet.rows for one in row if one.text}
    lettered = [letters for letters in sheet.columns if said.order(letters) < said.order(first.column)]
    labels = [letters for letters in reversed(lettered) if f"{letters}{first.row}" in texts]
    headings = [row for row in range(first.row - 1, 0, -1) if f"{first.column}{row}" in texts]
    marks = [f"{labels[0]}{first.row}"] if labels else []
    marks += [f"{labels[0]}{headings[0]}"] if labels and headings and f"{labels[0]}{headings[0]}" in texts else []
    marks += [f"{first.column}{headings[0]}"] if headings else []
    return layouts.TaughtTable.model_validate({
        "title": f"{sheet.sheet}, from {first.address}",
        "sheet": sheet.sheet,
        "first": first.address,
        "marks": {address: texts[address] for address in marks},
        "says": {
            "measure": [{"label_column": labels[0]} if labels else {"sheet_name": True}],
            "period": [{"heading_row": headings[0]} if headings else {"sheet_name": True}],
        },
    })  # fmt: skip


def name_of(title: str, taken: Iterable[str]) -> str:
    """Return a title as the name of a file, another than those that are taken."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:LONGEST_NAME].strip("-") or "layout"
    known, name, number = set(taken), plain, 2
    while name in known:
        name, number = f"{plain}-{number}", number + 1
    return name


def moved_on(lesson: Lesson, step: str, **values: Any) -> Lesson:
    """Return the lesson at another step, without what was said at the last one."""
    lesson = replace(lesson, step=step, trouble="", **values)
    return replace(lesson, asked=tuple(lesson.draft.tables[lesson.table].says)) if step == "places" else lesson
