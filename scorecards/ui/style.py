"""How pages look: one style sheet, with the colours of the day or of the night."""

from functools import lru_cache
from pathlib import Path

import streamlit as st

from scorecards.charts import RATING_COLOURS, palette

SHEETS = tuple(Path(__file__).with_name(name) for name in ("style.css", "picture.css", "places.css"))

# A shield, drawn here: a named icon would be fetched from another host.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#12436D" d="M16 2 4 6v9c0 8 5 12.5 12 15 '
    '7-2.5 12-7 12-15V6z"/><path fill="none" stroke="#fff" stroke-width="3" d="m10 16 4.5 4.5L22.5 12"/></svg>'
)

# Beside the colours that charts use: surfaces and lines of the page itself, as .streamlit/config.toml has them.
LIGHT = {
    "line": "#d8dde0", "edge": "#7a8288", "panel": "#f6f8f9", "on": "#e3ebf1", "amber-edge": "#b58900",
}  # fmt: skip
DARK = {
    "line": "#3b444e", "edge": "#8b96a1", "panel": "#1e242b", "on": "#2a3947", "amber-edge": "#d9a800",
}  # fmt: skip


@lru_cache(maxsize=2)
def style_sheet(dark: bool) -> str:
    """Return the style sheet; on paper the colours are always those of the day."""
    colours = f":root{{{_variables(dark)}}}@media print{{:root{{{_variables(dark=False)}}}}}"
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)
    return f"<style>{colours}{sheets}</style>"


def _variables(dark: bool) -> str:
    drawn, ratings = palette(dark), RATING_COLOURS["dark" if dark else "light"]
    colours = {
        "ink": drawn.ink,
        "soft": drawn.soft,
        "blue": drawn.accent,
        "worse": drawn.worse,
        "neutral": drawn.neutral,
    }
    for rating, (back, text) in ratings.items():
        name = rating.replace("not rated", "none")
        colours |= {name: text, f"{name}-back": back}
    colours |= DARK if dark else LIGHT
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def draw_style(dark: bool) -> None:
    """Send the style sheet to the page."""
    st.html(style_sheet(dark))


def draw_paper_marking(words: str) -> None:
    """Have the marking and the page's number printed at the foot of every sheet of paper."""
    boxes = f"@bottom-left{{content:{_css_text(words)}}}@bottom-right{{content:'Page ' counter(page)}}"
    st.html(f"<style>@page{{{boxes}}}</style>")


def _css_text(words: str) -> str:
    """Return the words as a CSS string in which every unusual character is written as its number."""
    safe = "".join(one if one.isalnum() or one in " .,:;-" else f"\\{ord(one):x} " for one in words)
    return f'"{safe}"'
