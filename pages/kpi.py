"""One measure: its figure, its three years, what is known about it, its groups, and the numbers to take away."""

import streamlit as st

from scorecards.narrative import chart_subtitle, chart_title
from scorecards.ui import (
    about,
    begin_page,
    big_figure,
    choose,
    draw_breakdown,
    draw_chart,
    draw_other_councils,
    figures_csv,
    figures_table,
    head,
    how_it_is_made,
    html,
    line_for,
    section,
    window_titles,
)
from scorecards.ui.where_from import draw_rows_download, where_from

page = begin_page("Measure", heading="", filters=("kpi", "period", "area", "version"))
kpi = page.kpi
line = line_for(page, kpi)
head(page, kpi.title, kpi.definition, crumbs=page.crumbs)
html(big_figure(page, line))

left, right = st.columns([2.1, 1], gap="large")
with right:
    html(about(page, line))
with left:
    shown = line_for(page, kpi, choose("window", "Read it by", window_titles(kpi), line.window))
    section(chart_title(shown), chart_subtitle(shown, page.definitions))
    draw_chart(page, shown)
    html(how_it_is_made(page, line))
    html(where_from(page, line))
    draw_breakdown(page, kpi)
draw_other_councils(page, line)
section("The figures as a table")
with st.container(horizontal=True):
    st.download_button("Download these figures (CSV)", figures_csv(shown), f"{kpi.id}.csv", "text/csv")
    draw_rows_download(page, line)
html(figures_table(page, shown))
