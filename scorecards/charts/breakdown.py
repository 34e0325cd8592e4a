"""One KPI by group, at one time: bars from nought, with the whole partnership as a line."""

import re

import plotly.graph_objects as go

from scorecards import rag
from scorecards.charts.line_chart import axis_number
from scorecards.charts.palette import FONT, palette
from scorecards.charts.scales import nice_step
from scorecards.definitions import Ageing, Definitions, Kpi
from scorecards.format import UNKNOWN, area_name, base, figure
from scorecards.narrative import missing_words
from scorecards.series import Point

BAR = 44
AROUND = 74
_AGE = re.compile(r"(under )?(\d+)( to \d+| and over)?", re.IGNORECASE)


def breakdown_chart(
    kpi: Kpi, groups: dict[str, Point], whole: Point | None, definitions: Definitions, *, dark: bool = False
) -> go.Figure:
    """Return bars of each group's figure with its n; pale where it rests on fewer than 30."""
    colours = palette(dark)
    names = sorted(groups, key=lambda name: _order(kpi, name, groups), reverse=True)
    values = [groups[name].value for name in names]
    shown_whole = whole if whole is not None and whole.is_known and kpi.unit != "count" else None
    highest = _highest(values, shown_whole)
    step = nice_step(highest / 4)
    bars = {
        "type": "bar", "orientation": "h", "x": values, "y": list(range(len(names))), "hoverinfo": "skip",
        "marker": {
            "color": colours.accent,
            "opacity": [0.45 if _is_small(kpi, groups[name]) else 1 for name in names],
        },
        "width": 0.42,
    }  # fmt: skip
    layout = {
        "height": AROUND + BAR * len(names),
        "margin": {"l": 12, "r": 12, "t": 26, "b": 34},
        "autosize": True,
        "showlegend": False,
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": colours.ink, "size": 12},
        "annotations": [_label(kpi, at, name, groups[name], definitions, colours) for at, name in enumerate(names)],
        "xaxis": {
            "range": [0, highest * 1.06],
            "tickvals": [at * step for at in range(6) if at * step <= highest * 1.06],
            "ticktext": [axis_number(kpi, at * step, step) for at in range(6) if at * step <= highest * 1.06],
            "fixedrange": True,
            "gridcolor": colours.grid,
            "zeroline": True,
            "zerolinecolor": colours.reference,
            "tickfont": {"color": colours.soft},
        },
        "yaxis": {"range": [-0.6, len(names) - 0.2], "fixedrange": True, "showticklabels": False, "showgrid": False},
    }
    if shown_whole:
        layout |= _whole_line(kpi, shown_whole, layout["annotations"], highest, colours)
    return go.Figure(data=[bars], layout=layout)


def _highest(values, whole):
    """Return the end of the axis; 1 where every figure is nought or missing."""
    known = [value for value in values if value is not None]
    return max([*known, whole.value if whole else 0]) or 1


def _order(kpi, name, groups):
    """Order ages by age, bands by time, other groups by their figure, and those that are not known last."""
    match = _AGE.fullmatch(name)
    if name == UNKNOWN:
        return (1, 0, name)
    if isinstance(kpi.measure, Ageing) and name in kpi.measure.labels:
        return (0, -1000 + kpi.measure.labels.index(name), name)
    if name == "unborn":
        return (0, -1000, name)
    if match:
        return (0, -999 + int(match[2]) - bool(match[1]), name)
    value = groups[name].value
    return (0, -value if value is not None else 0.5, name)


def _is_small(kpi, point):
    return kpi.unit == "percent" and point.denominator is not None and point.denominator < rag.LOW_BASE_BELOW


def _label(kpi, at, name, point, definitions, colours):
    """Return the group's name and figure, over its bar so that both fit a telephone."""
    rests_on = base(kpi, point)
    if not point.is_known:
        words = missing_words(point)
    else:
        words = f"{figure(kpi, point.value)}{f' ({rests_on})' if rests_on else ''}"
    caution = ", small numbers" if point.is_known and _is_small(kpi, point) else ""
    title = _name(definitions, name)
    return {
        "text": f"<b>{title}</b> {words}{caution}", "xref": "paper", "x": 0, "xanchor": "left", "y": at + 0.42,
        "showarrow": False, "align": "left", "font": {"color": colours.ink, "size": 12.5},
    }  # fmt: skip


def _name(definitions, name):
    if name in definitions.partnership.localities:
        return area_name(definitions, name)
    return "Not recorded" if name == UNKNOWN else name[:1].upper() + name[1:]


def _whole_line(kpi, whole, labels, highest, colours):
    """Return the line of the whole partnership, labelled at its top on the side that has room."""
    line = {
        "type": "line", "x0": whole.value, "x1": whole.value, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": colours.ink, "dash": "dash", "width": 1.5},
    }  # fmt: skip
    label = {
        "text": f"Whole partnership {figure(kpi, whole.value)}", "x": whole.value, "yref": "paper", "y": 1,
        "yanchor": "bottom", "xanchor": "right" if whole.value > highest / 2 else "left", "showarrow": False,
        "font": {"color": colours.ink, "size": 12},
    }  # fmt: skip
    return {"shapes": [line], "annotations": [*labels, label]}
