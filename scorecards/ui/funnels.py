"""Groups beside their average: the funnel plot, its reading in words, and its figures as a table."""

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup

from scorecards import charts
from scorecards.funnel import FEW_GROUPS, Funnel, Verdict
from scorecards.narrative.funnel_words import funnel_alt, in_funnel, place_words, rests_on
from scorecards.ui.page import Page
from scorecards.ui.parts import note
from scorecards.ui.readers import figure_for
from scorecards.ui.rendering import html, render

NOT_WIDENED = (
    "Limits take each case as independent. Brothers and sisters are counted together, so a point a little beyond the "
    "95% limit may still be chance; beyond the 99.8% limit, ask why. This is no league table: inside the limits, "
    "differences say nothing."
)


def draw_funnel(
    page: Page,
    key: str,
    title: str,
    found: Funnel,
    names: Mapping[str, str],
    counts: str,
    *,
    by: str = "Group",
    polarity: str = "context",
    decimals: int = 1,
) -> None:
    """Draw a funnel plot, how to read it, and its table; `key` is unique on the page for what is drawn."""
    figure = figure_for(
        page,
        f"funnel {key}",
        lambda: charts.funnel_chart(found, names, counts, polarity=polarity, decimals=decimals, dark=page.dark),
    )
    st.plotly_chart(
        figure, theme=None, config=charts.CONFIG, key=f"funnel_{key}", alt=funnel_alt(title, found, dict(names))
    )
    few = f"Fewer than {FEW_GROUPS} groups: each makes up much of the average, so little can stand out. "
    note(f"{few if found.is_few else ''}{NOT_WIDENED}")
    html(funnel_table(title, found, names, counts, by=by, polarity=polarity, decimals=decimals))


def funnel_table(
    title: str,
    found: Funnel,
    names: Mapping[str, str],
    counts: str,
    *,
    by: str = "Group",
    polarity: str = "context",
    decimals: int = 1,
) -> Markup:
    """Return the figures of a funnel plot as a table, in the order given: it is no league table."""
    rows = [
        {
            "name": names.get(one.group.name, one.group.name),
            "figure": in_funnel(found.kind, one.value, decimals),
            "base": rests_on(found.kind, one, counts),
            "chance": _chance(found, one, decimals),
            "words": place_words(one, polarity),
        }
        for one in found.groups
    ]
    return render("funnel.html", title=title, by=by, rows=rows, average=in_funnel(found.kind, found.average, decimals))


def _chance(found, one, decimals):
    if one.verdict is Verdict.TOO_FEW:
        return ""
    low = in_funnel(found.kind, one.limits.lower, decimals).partition(" per ")[0]
    return f"{low} to {in_funnel(found.kind, one.limits.upper, decimals).partition(' per ')[0]}"
