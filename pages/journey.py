"""The child protection journey: how many come to each decision point, how soon, and how far the same children come."""

import streamlit as st

from scorecards.narrative import TWO_WAYS, journey_summary
from scorecards.ui import (
    begin_page,
    chosen_journey,
    draw_followed,
    head,
    html,
    journey_localities,
    journey_stages,
    journey_steps,
    journey_trends,
    note,
    say,
    section,
)

page = begin_page("The child protection journey", heading="", filters=("period", "area", "version"))
head(page, "The child protection journey", f"{page.when} From the contact to the plan.")
if not page.definitions.partnership.journey:
    note("No journey is described here: kpi_definitions.yaml says which measures it is made of.")
    st.stop()
journey = chosen_journey(page)
say(journey_summary(journey))
html(journey_stages(page, journey))
draw_followed(page, journey)
section("Each step", TWO_WAYS)
html(journey_steps(page, journey))
section(
    "Three years of every ratio",
    "Quarter by quarter, drawn from nought. Followed shares leave out those who are too recent to tell.",
)
html(journey_trends(page))
section("By locality")
html(journey_localities(page, journey))
note("Every figure is a measure with its own page: definition, caveats, what it was made from, and its questions.")
