"""The menu: where one can go, in the words of the partnership, carrying on what the reader chose."""

import streamlit as st

from scorecards.definitions import Partnership
from scorecards.ui.address import link
from scorecards.ui.rendering import html, render

# Pages by group: what the figures show, the work behind them, and what explains them.
MENU = (
    (
        ("app.py", "Overview"),
        ("pages/scorecards.py", "Scorecards"),
        ("pages/data_sets.py", "Data sets"),
        ("pages/journey.py", "The child protection journey"),
        ("pages/exceptions.py", "Exceptions"),
        ("pages/places.py", "Localities and hot spots"),
    ),
    (
        ("pages/work.py", "This quarter's work"),
        ("pages/load.py", "Load returns"),
        ("pages/type_in.py", "Type in figures"),
        ("pages/layouts.py", "Teach a layout"),
        ("pages/submissions.py", "Submissions"),
        ("pages/returns.py", "Returns received"),
        ("pages/snapshots.py", "Snapshots"),
    ),
    (
        ("pages/dictionary.py", "Data dictionary"),
        ("pages/how_to_read.py", "How to read these figures"),
        ("pages/accessibility.py", "Accessibility"),
    ),
)
# Pages that are reached from another stand under that one's name.
STANDS_UNDER = {"Measure": "Scorecards"}
# From the menu one comes to all scorecards, whichever was read last.
LEFT_BEHIND = {"pages/scorecards.py": ("theme", "kpi")}


def draw_menu(us: Partnership | None, title: str, chosen: dict[str, str]) -> None:
    """Draw the menu with the page called `title` marked; `us` is None when the definitions cannot be read."""
    here = STANDS_UNDER.get(title, title)
    with st.sidebar:
        html(render("who.html", us=us))
        for number, group in enumerate(MENU):
            with st.container(key=f"menu_{number}", gap=None):
                for path, label in group:
                    carried = {name: value for name, value in chosen.items() if name not in LEFT_BEHIND.get(path, ())}
                    if label == here:
                        html(render("menu_here.html", label=label, address=link(path, **carried)))
                    else:
                        st.page_link(path, label=label, query_params=carried)
