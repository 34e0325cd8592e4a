"""The journey as pictures: those followed as bars that fall from stage to stage, and the small trends of its ratios."""

from itertools import pairwise

import plotly.graph_objects as go

from scorecards.charts.palette import FONT, palette
from scorecards.charts.scales import nice_step
from scorecards.charts.small import runs_of, svg
from scorecards.format import figure, number, period_axis
from scorecards.journey import Cohort, Journey
from scorecards.narrative import flow_rows, step_name, timeline
from scorecards.scorecard import SPARK_PERIODS, Line

ROW = 78
BAR = 0.34
TREND_WIDTH, TREND_HEIGHT = 340, 118
LEFT, RIGHT, TOP, BOTTOM = 40, 78, 12, 22


def flow_chart(cohort: Cohort, *, dark: bool = False) -> go.Figure:
    """Return a bar for each stage, as long as those who came to it; what went on falls to the next one."""
    colours = palette(dark)
    stages, rows = cohort.followed, flow_rows(cohort)
    known = len(cohort.known)
    at = [len(stages) - 1 - place for place in range(len(stages))]
    numbers = [one.number or 0 for one in cohort.known]
    bars = {
        "type": "bar", "orientation": "h", "y": at[:known], "x": numbers, "width": BAR, "hoverinfo": "skip",
        "marker": {"color": colours.accent},
    }  # fmt: skip
    falls = [
        {"type": "rect", "layer": "below", "x0": 0, "x1": count, "y0": below + BAR / 2, "y1": above - BAR / 2,
         "line": {"width": 0}, "fillcolor": colours.band}
        for (above, below), count in zip(pairwise(at[:known]), numbers[1:], strict=True)
    ]  # fmt: skip
    labels = [
        _label(row, place, colours, number_ < known) for number_, (row, place) in enumerate(zip(rows, at, strict=True))
    ]
    return go.Figure(data=[bars], layout=_layout(len(stages), cohort.base, labels, colours) | {"shapes": falls})


def _label(row, at, colours, is_known):
    title, count, of_all, of_before = row
    before = f", {of_before} of those before" if of_before not in ("", of_all) else ""
    words = f"<b>{title}</b> {count}{f' ({of_all})' if of_all else ''}{before}"
    return {
        "text": words, "xref": "paper", "x": 0, "xanchor": "left", "y": at + BAR / 2, "yanchor": "bottom",
        "showarrow": False, "align": "left", "font": {"color": colours.ink if is_known else colours.soft, "size": 12.5},
    }  # fmt: skip


def _layout(count, highest, labels, colours):
    return {
        "height": ROW * count + 16,
        "margin": {"l": 4, "r": 12, "t": 6, "b": 6},
        "autosize": True,
        "showlegend": False,
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": colours.ink, "size": 12},
        "annotations": labels,
        "xaxis": {"range": [0, highest or 1], "visible": False, "fixedrange": True},
        "yaxis": {"range": [-0.35, count - 0.35], "visible": False, "fixedrange": True},
    }


def steps_chart(journey: Journey, *, dark: bool = False) -> go.Figure:
    """Return a bar for each step: of those at the stage before, the share that came to the next; each of its own."""
    colours = palette(dark)
    steps = [stage for stage in journey.steps if "followed" in stage.lines]
    at = [len(steps) - 1 - place for place in range(len(steps))]
    values = [stage.lines["followed"].latest.value or 0 for stage in steps]
    whole = {
        "type": "bar", "orientation": "h", "y": at, "x": [100] * len(steps), "width": BAR, "hoverinfo": "skip",
        "marker": {"color": colours.band},
    }  # fmt: skip
    bars = whole | {"x": values, "marker": {"color": colours.accent}}
    labels = [
        _label((step_name(stage), *_step_words(stage), ""), place, colours, stage.lines["followed"].latest.is_known)
        for stage, place in zip(steps, at, strict=True)
    ]
    return go.Figure(data=[whole, bars], layout=_layout(len(steps), 100, labels, colours) | {"barmode": "overlay"})


def _step_words(stage):
    point, kpi = stage.lines["followed"].latest, stage.lines["followed"].kpi
    if not point.is_known:
        return "no figure", "a list is missing, or it is too recent"
    base = f"{number(point.numerator)} of {number(point.denominator)}" if point.numerator is not None else "as sent"
    return figure(kpi, point.value), base


def trend_panel(line: Line, *, dark: bool = False) -> str:
    """Return three years of one figure as SVG, from nought; gaps stay gaps, and the latest figure has its words."""
    colours = palette(dark)
    points = timeline(line.points, line.latest.period)[-SPARK_PERIODS:]
    values = [point.value for point in points]
    known = [value for value in values if value is not None]
    if not known:
        words = f'<text x="{LEFT}" y="60" font-size="13" fill="{colours.soft}">no figures yet</text>'
        return svg(TREND_WIDTH, TREND_HEIGHT, words)
    step = nice_step(max(known) / 2 or 1)
    top = step * max(1, -(-max(known) // step))
    width = TREND_WIDTH - LEFT - RIGHT
    across = [LEFT + at * width / (SPARK_PERIODS - 1) for at in range(SPARK_PERIODS)][-len(values) :]
    height = TREND_HEIGHT - TOP - BOTTOM

    def up(value):
        return TOP + height * (1 - value / top)

    parts = [_axis(top, up, colours)]
    for run in runs_of(across, values, up):
        if len(run) == 1:
            parts.append(f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="2" fill="{colours.accent}"/>')
            continue
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colours.accent}" stroke-width="2"/>')
    last = max(at for at, value in enumerate(values) if value is not None)
    x, y = across[last], up(values[last])
    parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{colours.accent}"/>')
    words = figure(line.kpi, values[last])
    parts.append(
        f'<text x="{x + 8:.1f}" y="{y + 4.5:.1f}" font-size="13" font-weight="700" fill="{colours.ink}">{words}</text>'
    )
    for place, anchor in ((0, "start"), (len(points) - 1, "end")):
        name = period_axis(points[place].period)
        parts.append(
            f'<text x="{across[place]:.1f}" y="{TREND_HEIGHT - 5}" font-size="11" text-anchor="{anchor}" '
            f'fill="{colours.soft}">{name}</text>'
        )
    return svg(TREND_WIDTH, TREND_HEIGHT, "".join(parts))


def _axis(top, up, colours):
    lines = ""
    for value in (0, top):
        y = up(value)
        lines += f'<line x1="{LEFT}" x2="{TREND_WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours.grid}"/>'
        label = number(value, 0 if value == int(value) else 1)
        place = f'x="{LEFT - 6}" y="{y + 4:.1f}" font-size="11" text-anchor="end"'
        lines += f'<text {place} fill="{colours.soft}">{label}</text>'
    return lines
