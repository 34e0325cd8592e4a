"""One measure's own page in parts: the figure, what is known about it, its figures as a table and as a file."""

import csv
import io

import streamlit as st
from markupsafe import Markup

from scorecards import charts, format, measures, narrative
from scorecards.definitions import BandThresholds, Kpi
from scorecards.scorecard import CHART_PERIODS, PATTERN_PERIODS, WHOLE, Line
from scorecards.series import FedBy, Point
from scorecards.ui.affected import draw_affected
from scorecards.ui.changed import frozen_figures
from scorecards.ui.page import Page
from scorecards.ui.parts import choose, note, section
from scorecards.ui.readers import figure_for, groups_for
from scorecards.ui.rendering import html, render
from scorecards.ui.tables import icon_of, rating_tag

WINDOWS = {
    "month": "Months",
    "quarter": "Quarters",
    "half_year": "Half-years",
    "term": "Terms",
    "financial_year": "Financial years",
    "academic_year": "School years",
    "date": "Dates",
    "rolling_12_months": "12 months",
}
FED_BY = {
    FedBy.NOTHING: "",
    FedBy.LIST: "child-level list",
    FedBy.COUNTER: "list, with the sender's own count",
    FedBy.AGGREGATE: "figure sent ready-made",
    FedBy.POPULATION: "estimate in partnership.yaml",
}


def big_figure(page: Page, line: Line) -> Markup:
    """Return the latest figure in large, with its rating, whether it changed, and England."""
    change = narrative.change_words(line)
    return render(
        "big.html",
        period=line.latest.period.long_label,
        area=page.area_words,
        figure=format.figure(line.kpi, line.latest.value),
        base=format.base(line.kpi, line.latest) or narrative.awaited_in_row(line),
        tag=rating_tag(line),
        reason=narrative.rating_reason(line),
        icon=icon_of(page, line),
        real_change=narrative.real_change(line)[1],
        change=f"{change} on the period before" if line.change is not None else change,
        change_on_year=narrative.change_on_year_words(line),
        england=format.figure(line.kpi, line.england.value) if line.england else "",
        england_year=line.england.year_label if line.england else "",
    )


def how_it_is_made(page: Page, line: Line) -> Markup:
    """Return the chart's finding and, in one sentence, how the figure is made."""
    return render(
        "made.html", finding=narrative.line_sentence(line), sentence=measures.sentence(line.kpi, page.definitions)
    )


def about(page: Page, line: Line) -> Markup:
    """Return what stands beside the chart: why, questions, certainty, source, traps, thresholds and owner."""
    kpi = line.kpi
    return render(
        "about.html",
        kpi=kpi,
        sure=narrative.how_sure(line),
        supplied=narrative.supplied_by(line, page.definitions),
        good=narrative.good_is(kpi),
        thresholds=format.thresholds_words(kpi, line.thresholds, line.target),
        amber=_amber(line),
        source=line.thresholds.source if line.thresholds else "",
        benchmark=kpi.benchmark.note if kpi.benchmark else "",
        breaks=narrative.breaks_words(kpi),
        reviewed=format.day(kpi.reviewed),
        checks=[narrative.checked_words(one) for one in page.definitions.checks_of(kpi)],
        companions=[(page.definitions.kpis[one].title, page.link("pages/kpi.py", kpi=one)) for one in kpi.companions],
        returns=page.link("pages/returns.py"),
        dictionary=page.link("pages/dictionary.py", search=kpi.id),
    )


def _amber(line: Line) -> str:
    kpi, lines = line.kpi, line.thresholds
    if lines is None:
        return ""
    if isinstance(lines, BandThresholds):
        return f"{format.threshold(kpi, lines.amber_low)} to {format.threshold(kpi, lines.amber_high)}"
    return format.at_least_or_most(kpi, lines.amber)


def window_titles(kpi: Kpi) -> dict[str, str]:
    """Return the kinds of period a KPI can be read by, with what they are called."""
    return {window: WINDOWS[window] for window in kpi.windows.shown}


def points_shown(line: Line) -> tuple[Point, ...]:
    """Return the periods of the chart and its table, the newest last."""
    return line.points[-(PATTERN_PERIODS if line.window == "month" else CHART_PERIODS) :]


def figures_table(page: Page, line: Line) -> Markup:
    """Return the chart's figures as a table, the newest first."""
    frozen = frozen_figures(page, line)
    rows = [_figure_row(line.kpi, point, frozen.get(point.period.id, "")) for point in reversed(points_shown(line))]
    return render("figures.html", kpi=line.kpi, rows=rows, area=format.area_name(page.definitions, page.view.area))


def _figure_row(kpi, point, frozen=""):
    note = narrative.status_sentence(point, kpi)
    return {
        "period": point.period.label,
        "dates": point.period.dates if point.period.dates != point.period.label else "",
        "figure": format.figure(kpi, point.value),
        "base": format.base(kpi, point),
        "note": " ".join(filter(None, (note, f"Was {frozen}." if frozen else ""))),
        "fed_by": FED_BY[point.fed_by],
    }


def figures_csv(line: Line) -> bytes:
    """Return every figure of the line's kind of period as a CSV file, unrounded, the oldest first."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("kpi", "area", "period", "from", "to", "value", "numerator", "denominator", "status", "note"))
    for point in line.points:
        period = point.period
        rows.writerow(
            (line.kpi.id, line.area, period.id, period.first, period.last, point.value, point.numerator,
             point.denominator, point.status.value, point.note.value)
        )  # fmt: skip
    # A byte order mark, so that Excel reads it as UTF-8.
    return text.getvalue().encode("utf-8-sig")


def draw_breakdown(page: Page, kpi: Kpi) -> None:
    """Draw the groups of a KPI that the reader chooses, as a chart and as a table; nothing where none are kept."""
    if not kpi.breakdowns:
        return
    if page.view.area != WHOLE:
        note("Groups inside a locality are too small to keep. Choose the whole partnership to see who is behind this.")
        return
    section("Who is behind the figure")
    titles = {one: format.breakdown_name(one) for one in kpi.breakdowns}
    asked = st.query_params.get("breakdown", "")
    breakdown = choose("breakdown", "Split by", titles, asked if asked in titles else kpi.breakdowns[0])
    groups, whole = groups_for(page, kpi, breakdown)
    if not groups:
        note(f"There are no figures by {titles[breakdown].lower()} for this quarter.")
        return
    figure = figure_for(
        page,
        f"{kpi.id} {breakdown}",
        lambda: charts.breakdown_chart(kpi, groups, whole, page.definitions, dark=page.dark),
    )
    alt = f"Bar chart of {kpi.title} by {titles[breakdown].lower()}; the table below has its figures."
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="breakdown_chart", alt=alt)
    html(_groups_table(page, kpi, breakdown, groups, whole))
    draw_affected(page, kpi, breakdown)


def _groups_table(page, kpi, breakdown, groups, whole):
    # What is not recorded comes last; it is no group.
    in_order = sorted(groups.items(), key=lambda item: item[0] == format.UNKNOWN)
    rows = [
        {"name": format.group_name(page.definitions, kpi, breakdown, group), **_figure_row(kpi, point)}
        for group, point in in_order
    ]
    title = format.breakdown_name(breakdown)
    return render("groups.html", kpi=kpi, rows=rows, breakdown=title, whole=_figure_row(kpi, whole))


def draw_chart(page: Page, line: Line) -> None:
    """Draw the three-year chart, with its takeaway for those who cannot see it."""
    name = f"{line.kpi.id} {line.window}"
    figure = figure_for(page, name, lambda: charts.kpi_chart(line, page.definitions, dark=page.dark))
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="kpi_chart", alt=narrative.chart_alt(line))
