"""The small parts every page is made of: a lead, a section's heading, a note, a choice."""

import re

import streamlit as st

from scorecards.ui.rendering import html, render

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$])")
# What Streamlit would take for Markdown inside a line; a colon only where a word follows at once (":smile:").
_SIGNS = re.compile(r"[\\`*_\[\]<>~$#|{}]|:(?=\S)")


def say(sentences: str) -> None:
    """Show what matters most, in large words."""
    html(render("say.html", sentences=sentences))


def section(title: str, subtitle: str = "", way: tuple[str, str] | None = None) -> None:
    """Draw a section's heading, what it is about, and a way (label, address) to more."""
    html(render("section.html", title=title, subtitle=subtitle, way=way))


def note(words: str) -> None:
    """Show a small explanation."""
    html(render("note.html", words=words))


def plain(text: str) -> str:
    """Return text for a button or a sentence of Streamlit's, in which no sign is taken for Markdown."""
    return _MARKDOWN.sub(r"\\\1", text)


def field_label(text: str) -> str:
    """Return somebody else's words for the label of a field, without the signs that are taken for Markdown.

    They are left out and not escaped: a screen reader hears a field's label with every backslash in it.
    """
    return " ".join(_SIGNS.sub(" ", text).split())


def choose(key: str, label: str, titles: dict[str, str], usual: str) -> str:
    """Let the reader choose one of a few `titles` (id: title) and return its id; one alone is not asked for."""
    if len(titles) < 2:
        return usual
    # Another measure may not have what was chosen for the last one.
    if st.session_state.get(key) not in titles:
        st.session_state[key] = usual
    chosen = st.segmented_control(label, list(titles), format_func=titles.__getitem__, key=key, required=True)
    return chosen or usual


def select(key: str, label: str, titles: dict[str, str]) -> str:
    """Let the reader choose one of many `titles` (id: title) and return its id."""
    names: list[str] = list(titles)
    return st.selectbox(label, names, format_func=titles.__getitem__, key=key, width=260) or names[0]
