"""The child protection journey's page in parts: its stages, those followed, each step, three years, localities."""

import streamlit as st
from markupsafe import Markup

from scorecards import charts, format, narrative
from scorecards.journey import Journey, Stage
from scorecards.scorecard import WHOLE, Line
from scorecards.ui.page import Page
from scorecards.ui.parts import choose, note, section
from scorecards.ui.readers import figure_for, html_for, journey_for
from scorecards.ui.rendering import html, render

WINDOWS = {"quarter": "The quarter", "rolling_12_months": "12 months"}
# What is known of a step, in the order of its columns.
OF_A_STEP = {
    "ratio": "Activity ratio",
    "followed": "Followed forward",
    "median": "Half within",
    "upper_quartile": "Three in four within",
    "in_timescale": "In timescale",
}
TRENDS = {"ratio": "Activity ratio", "followed": "Followed share"}


def chosen_journey(page: Page) -> Journey:
    """Let the reader choose the quarter or its 12 months, and return the journey in it."""
    return journey_for(page, choose("journey_window", "Read it by", WINDOWS, "quarter"))


def journey_stages(page: Page, journey: Journey) -> Markup:
    """Return the stages in a row, each with its number and the ratio to the one before."""

    def make():
        stages = [_stage(page, stage) for stage in journey.stages]
        return render("journey_stages.html", stages=stages, when=narrative.when_of(_period(journey)))

    return html_for(page, f"journey stages {journey.window}", make)


def _period(journey):
    return journey.stages[0].counts.latest.period if journey.stages else journey.view.period


def _stage(page, stage: Stage):
    ratio = stage.lines.get("ratio")
    return {
        "title": stage.stage.title,
        "address": page.link("pages/kpi.py", kpi=stage.stage.counts),
        "number": narrative.stage_number(stage),
        "is_supplied": stage.is_supplied,
        "why": narrative.stage_missing(stage),
        "ratio_words": narrative.ratio_words(ratio) if ratio else "",
        "ratio": format.figure(ratio.kpi, ratio.latest.value) if ratio and ratio.latest.is_known else "",
        "note": narrative.status_sentence(stage.counts.latest, stage.counts.kpi) if stage.is_supplied else "",
    }


def draw_followed(page: Page, journey: Journey) -> None:
    """Draw those followed through all stages, or step by step where there are none, with the same as a table."""
    cohort = journey.cohort
    if cohort is None or len(cohort.known) < 2:
        _draw_step_by_step(page, journey)
        return
    section("The same children, followed forward", narrative.cohort_title(cohort) + ".")
    if recency := narrative.cohort_recency(cohort):
        note(recency)
    figure = figure_for(page, f"journey {journey.window}", lambda: charts.flow_chart(cohort, dark=page.dark))
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="journey_chart", alt=narrative.flow_alt(cohort))
    rows = narrative.flow_rows(cohort)
    html(render("journey_followed.html", rows=rows, title=narrative.cohort_title(cohort)))


def _draw_step_by_step(page, journey):
    known = [stage for stage in journey.steps if "followed" in stage.lines and stage.lines["followed"].latest.is_known]
    section(
        "The same children, followed forward",
        "Nobody can be followed through every stage, because the first is not supplied or too recent. Each step stands "
        "by itself, with its own children.",
    )
    if not known:
        note("No step can be followed in this period: what it takes is not supplied, or it is too recent to tell.")
        return
    name = f"journey steps {journey.window}"
    figure = figure_for(page, name, lambda: charts.steps_chart(journey, dark=page.dark))
    alt = "Bars, one for each step; the table below has their figures under Followed forward."
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="journey_steps_chart", alt=alt)


def journey_steps(page: Page, journey: Journey) -> Markup:
    """Return the table of steps: ratio, followed share, times, timescale, and who cannot be linked or is too recent."""

    def make():
        rows = [_step(page, stage) for stage in journey.steps]
        when = narrative.when_of(_period(journey))
        return render("journey_steps.html", rows=rows, columns=list(OF_A_STEP.values()), when=when)

    return html_for(page, f"journey steps {journey.window}", make)


def _step(page, stage: Stage):
    cells = [_cell(page, stage.lines.get(name), name) for name in OF_A_STEP]
    return {"title": narrative.step_name(stage), "cells": cells, "unlinked": narrative.unlinked_words(stage)}


def _cell(page, line: Line | None, name):
    if line is None:
        return {"figure": "no measure", "small": "", "address": "", "title": ""}
    point = line.latest
    small = format.base(line.kpi, point) if point.is_known else narrative.missing_words(point)
    if name == "in_timescale":
        small = f"{line.kpi.title}: {small}" if small else line.kpi.title
    if point.is_known and point.excluded and name == "followed":
        small += f"; {format.number(point.excluded)} too recent"
    return {
        "figure": narrative.step_figure(line),
        "small": small,
        "address": page.link("pages/kpi.py", kpi=line.kpi.id),
        "title": line.kpi.title,
    }


def journey_trends(page: Page) -> Markup:
    """Return three years of every ratio and followed share, quarter by quarter."""

    def make():
        steps = [_trends(page, stage) for stage in journey_for(page, "quarter").steps]
        return render("journey_trends.html", steps=steps)

    return html_for(page, "journey trends", make)


def _trends(page, stage: Stage):
    panels = [
        {
            "label": label,
            "address": page.link("pages/kpi.py", kpi=stage.lines[name].kpi.id),
            "title": stage.lines[name].kpi.title,
            "picture": charts.data_uri(charts.trend_panel(stage.lines[name], dark=page.dark)),
            "alt": narrative.trend_alt(stage.lines[name], stage.lines[name].kpi.title),
        }
        for name, label in TRENDS.items()
        if name in stage.lines
    ]
    return {"title": narrative.step_name(stage), "panels": panels}


def journey_localities(page: Page, journey: Journey) -> Markup:
    """Return the stages and ratios of each locality as a table."""

    def make():
        if page.view.area != WHOLE:
            words = "Choose the whole partnership to see its localities side by side."
            return render("note.html", words=words)
        if not journey.localities:
            return render("note.html", words="There are no figures by locality for this period.")
        order = sorted(journey.localities, key=lambda group: group == format.UNKNOWN)
        rows = [(format.area_name(page.definitions, group), _locality(journey, group)) for group in order]
        titles = [stage.stage.title for stage in journey.stages]
        return render("journey_localities.html", rows=rows, titles=titles, when=narrative.when_of(_period(journey)))

    return html_for(page, f"journey localities {journey.window}", make)


def _locality(journey, group):
    return [_local(stage, group, journey.localities[group]) for stage in journey.stages]


def _local(stage, group, points):
    # Where everything that came has a locality, there is no figure of those without.
    count, ratio = points.get((stage.stage.id, "counts")), points.get((stage.stage.id, "ratio"))
    small = ""
    if ratio is not None and ratio.is_known:
        small = f"{format.figure(stage.lines['ratio'].kpi, ratio.value)} per 100"
    if count is not None and count.is_known:
        return format.number(count.value), small
    return (
        "none" if count is None and group == format.UNKNOWN and stage.is_supplied else narrative.NOT_SUPPLIED
    ), small
