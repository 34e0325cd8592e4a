"""Who is affected, on a page: the groups of one measure beside all others, and the groups that stand out in any."""

from math import log

import streamlit as st
from markupsafe import Markup

from scorecards import charts
from scorecards.affected import Affected, NotCompared
from scorecards.definitions import Kpi
from scorecards.format import breakdown_name
from scorecards.funnel import by_chance
from scorecards.narrative.affected_words import (
    SIGNS,
    affected_alt,
    affected_sentence,
    apart_words,
    beside_title,
    caution_words,
    counted_words,
    finding_words,
    group_name_of,
    range_words,
    ratio_words,
    standing_words,
)
from scorecards.rate_ratio import Standing
from scorecards.scorecard import WHOLE
from scorecards.ui.page import Page
from scorecards.ui.parts import note, section
from scorecards.ui.readers import affected_for, figure_for, html_for
from scorecards.ui.rendering import html, render

APPROXIMATE = (
    "Ranges take children as independent of each other, and brothers and sisters are not: they are somewhat wider in "
    "truth. A ratio says that a group is met more often, not why: need, poverty, recording and practice all may be it."
)


def draw_affected(page: Page, kpi: Kpi, breakdown: str) -> None:
    """Draw a measure's groups beside all others; nothing where the breakdown is not one of groups of children."""
    of = next((one for one in affected_for(page) if (one.kpi.id, one.breakdown) == (kpi.id, breakdown)), None)
    if of is None or of.why_not is NotCompared.NO_FIGURES:
        return
    section(f"Are some children met more often? {of.period.long_label}", affected_sentence(of))
    if not of.groups:
        return
    figure = figure_for(page, f"affected {kpi.id} {breakdown}", lambda: charts.ratio_chart(of, dark=page.dark))
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="affected_chart", alt=affected_alt(of))
    html(html_for(page, f"affected table {kpi.id} {breakdown}", lambda: affected_table(of)))
    note(f"{apart_words(of)} {APPROXIMATE}".strip())


def affected_table(of: Affected) -> Markup:
    """Return each group beside the others as a table, in the order of the groups."""
    rows = [
        {
            "name": group_name_of(of, one.group),
            "here": counted_words(of, one)[0],
            "there": counted_words(of, one)[1],
            "ratio": ratio_words(one.ratio),
            "range": range_words(one.ratio),
            "sign": SIGNS[one.ratio.standing],
            "words": standing_words(one.ratio),
            "caution": caution_words(one.ratio),
        }
        for one in of.groups
    ]
    by = breakdown_name(of.breakdown)
    title = f"{of.kpi.title} by {by.lower()}, {of.period.long_label}"
    return render("affected.html", title=title, by=by, heads=beside_title(of), rows=rows)


def draw_who_is_affected(page: Page) -> None:
    """Draw the groups of children who are met more or less often than others in any measure, a line a breakdown."""
    section(
        "Who is affected",
        "Groups of children, by age, sex, ethnicity and disability, met more or less often than all others by more "
        "than chance (99.8%), in the whole partnership.",
    )
    if page.view.area != WHOLE:
        note("Groups inside a locality are too small to keep. These are of the whole partnership.")
    found = affected_for(page)
    looked = sum(1 for of in found for one in of.groups if one.ratio.standing is not Standing.TOO_FEW)
    if not looked:
        note("No measure has groups that can be set beside the others for this period.")
        return
    out = sorted((of for of in found if of.sure), key=_widest)
    chance = "at most one" if by_chance(looked) <= 1 else f"about {by_chance(looked):.0f}"
    note(
        f"{looked:,} groups were looked at; were there no differences, {chance} would stand here by chance. The "
        "largest differences come first. Choose a measure to see all of its groups."
    )
    if out:
        html(html_for(page, "who is affected", lambda: _findings(page, out)))


def _widest(of: Affected):
    return (-max(abs(log(one.ratio.value)) for one in of.sure if one.ratio.value), of.kpi.id)


def _findings(page: Page, found: list[Affected]) -> Markup:
    caption = "How many times as often as all others, with the 95% range"
    return render("affected_findings.html", caption=caption, rows=[_finding(page, of) for of in found])


def _finding(page: Page, of: Affected):
    more = [finding_words(of, one) for one in of.sure if one.ratio.standing is Standing.MORE]
    less = [finding_words(of, one) for one in of.sure if one.ratio.standing is Standing.LESS]
    theme = page.theme.id if page.theme.id in of.kpi.themes else of.kpi.themes[0]
    return {
        "title": of.kpi.title,
        "address": page.link("pages/kpi.py", kpi=of.kpi.id, theme=theme, area=WHOLE, breakdown=of.breakdown),
        "period": of.period.long_label,
        "by": breakdown_name(of.breakdown),
        "basis": of.basis.value if of.basis else "",
        "more": more,
        # Of two groups the one is the other turned round.
        "less": less if len(of.groups) > 2 else [],
    }
