"""Groups beside all others: each ratio as a point with its range, on a scale where twice and half are as far."""

from math import ceil, floor, log2

import plotly.graph_objects as go

from scorecards.affected import Affected
from scorecards.charts.palette import FONT, Palette, palette
from scorecards.narrative.affected_words import SIGNS, group_name_of, range_words, ratio_words
from scorecards.rate_ratio import Standing

ROW, AROUND = 48, 96
_SHAPES = {Standing.MORE: "triangle-up", Standing.LESS: "triangle-down", Standing.ALIKE: "circle"}
# However far a small group may lie, the others must still be told apart.
WIDEST = 4


def ratio_chart(of: Affected, *, dark: bool = False) -> go.Figure:
    """Return the chart of groups that have a ratio, in the order given, hollow where too few to judge."""
    colours = palette(dark)
    groups = [one for one in of.groups if one.ratio.value and one.ratio.low and one.ratio.high][::-1]
    end = _end(groups)
    ticks = [2.0**at for at in range(-end, end + 1)]
    layout = {
        "height": AROUND + ROW * len(groups),
        "margin": {"l": 12, "r": 12, "t": 26, "b": 62},
        "autosize": True,
        "showlegend": False,
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": colours.ink, "size": 12},
        "shapes": [
            {"type": "line", "x0": 1, "x1": 1, "yref": "paper", "y0": 0, "y1": 1,
             "line": {"color": colours.ink, "width": 1.4}, "layer": "below"}
        ],
        "annotations": [_label(of, at, one, colours) for at, one in enumerate(groups)] + [_same(colours)],
        "xaxis": {
            "type": "log", "range": [-end * 0.30103, end * 0.30103], "tickvals": ticks,
            "ticktext": [_times(tick) for tick in ticks], "fixedrange": True, "gridcolor": colours.grid,
            "zeroline": False, "tickfont": {"color": colours.soft},
            "title": {"text": _small_print(groups), "font": {"color": colours.soft, "size": 11.5}, "standoff": 6},
        },
        "yaxis": {"range": [-0.6, len(groups) - 0.1], "fixedrange": True, "showticklabels": False, "showgrid": False,
                  "zeroline": False},
    }  # fmt: skip
    return go.Figure(data=[_points(groups, end, colours)], layout=layout)


def _end(groups) -> int:
    """Return how many doublings the axis reaches to both sides: at least one."""
    edges = [abs(log2(edge)) for one in groups for edge in (one.ratio.low, one.ratio.high)]
    return max(1, min(WIDEST, ceil(max(edges, default=1) - 1e-9)))


def _points(groups, end, colours: Palette):
    looks = [_look(one.ratio.standing, colours) for one in groups]
    low = [max(one.ratio.low, 2.0**-end) for one in groups]
    high = [min(one.ratio.high, 2.0**end) for one in groups]
    values = [min(max(one.ratio.value, 2.0**-end), 2.0**end) for one in groups]
    return {
        "type": "scatter", "mode": "markers", "x": values, "y": list(range(len(groups))), "hoverinfo": "skip",
        "cliponaxis": False,
        "error_x": {"type": "data", "symmetric": False, "color": colours.reference, "thickness": 1.6, "width": 5,
                    "array": [edge - value for edge, value in zip(high, values, strict=True)],
                    "arrayminus": [value - edge for edge, value in zip(low, values, strict=True)]},
        "marker": {"size": 12, "opacity": 1, "symbol": [symbol for symbol, _ in looks],
                   "color": [colour for _, colour in looks], "line": {"width": 1.6, "color": [c for _, c in looks]}},
    }  # fmt: skip


def _look(standing, colours):
    if standing is Standing.TOO_FEW:
        return "circle-open", colours.soft
    return _SHAPES[standing], colours.accent if standing is Standing.ALIKE else colours.neutral


def _label(of, at, one, colours):
    words = f"<b>{group_name_of(of, one.group)}</b> {ratio_words(one.ratio)} ({range_words(one.ratio)})"
    return {
        "text": words, "xref": "paper", "x": 0, "xanchor": "left", "y": at + 0.36, "showarrow": False,
        "align": "left", "font": {"color": colours.ink, "size": 12.5},
    }  # fmt: skip


def _same(colours):
    return {
        "text": "As others", "x": 0, "yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False,
        "font": {"color": colours.ink, "size": 12},
    }  # fmt: skip


def _times(tick: float) -> str:
    return f"{floor(tick)}×" if tick >= 1 else f"1/{floor(1 / tick)}"


def _small_print(groups):
    marks = {SIGNS[one.ratio.standing]: one.ratio.standing.value for one in groups}
    said = ", ".join(f"{'○' if sign == '–' else sign} {words}" for sign, words in marks.items())
    return f"Times as often, with 95% ranges<br>{said}"
