"""How pages look: one style sheet, with the colours of the day or of the night."""

from functools import lru_cache
from pathlib import Path

import streamlit as st

SHEET = Path(__file__).with_name("style.css")

# A shield, drawn here: a named icon would be fetched from another host.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#12436D" d="M16 2 4 6v9c0 8 5 12.5 12 15 '
    '7-2.5 12-7 12-15V6z"/><path fill="none" stroke="#fff" stroke-width="3" d="m10 16 4.5 4.5L22.5 12"/></svg>'
)

LIGHT = {
    "ink": "#0b0c0c", "soft": "#505a5f", "line": "#d8dde0", "edge": "#7a8288", "page": "#ffffff", "panel": "#f6f8f9",
    "on": "#e3ebf1", "blue": "#12436d", "link": "#12436d", "focus": "#12436d",
    "red": "#8a1f11", "red-back": "#f6d7d2", "amber": "#574a00", "amber-back": "#fff2b3", "amber-edge": "#b58900",
    "green": "#00512b", "green-back": "#cce2d8", "none": "#383f43", "none-back": "#eeefef", "purple": "#801650",
}  # fmt: skip
DARK = {
    "ink": "#f0f2f4", "soft": "#b4bcc4", "line": "#3b444e", "edge": "#7d8894", "page": "#14181d", "panel": "#1e242b",
    "on": "#2a3947", "blue": "#8fc1ea", "link": "#8fc1ea", "focus": "#8fc1ea",
    "red": "#ffc2b8", "red-back": "#5a1d14", "amber": "#ffe68a", "amber-back": "#4a3d00", "amber-edge": "#d9a800",
    "green": "#a9e5c4", "green-back": "#0f4429", "none": "#d5dade", "none-back": "#343c45", "purple": "#e58ab5",
}  # fmt: skip


@lru_cache(maxsize=2)
def style_sheet(dark: bool) -> str:
    """Return the style sheet; on paper the colours are always those of the day."""
    chosen = _variables(DARK if dark else LIGHT)
    return f"<style>:root{{{chosen}}}@media print{{:root{{{_variables(LIGHT)}}}}}{SHEET.read_text(encoding='utf-8')}</style>"


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def draw_style(dark: bool) -> None:
    """Send the style sheet to the page."""
    st.html(style_sheet(dark))
