"""One KPI over three years: its figures, its usual range, its target and England, each labelled where it stands."""

from dataclasses import dataclass, field
from itertools import pairwise

import plotly.graph_objects as go

from scorecards.charts.labels import colour_of, latest_labels
from scorecards.charts.palette import FONT, Palette, palette
from scorecards.charts.scales import Scale, scale_for, spread
from scorecards.definitions import BandThresholds, Definitions, SeriesBreak
from scorecards.format import base, figure, number, period_axis, threshold
from scorecards.narrative import drawn_limits, missing_words, range_name, since, status_sentence, timeline
from scorecards.narrative.standing import knows_quarters
from scorecards.scorecard import CHART_PERIODS, PATTERN_PERIODS, Line, spanned_break
from scorecards.series import FedBy
from scorecards.spc import MEANING, Variation

HEIGHT = 380
MARGIN = {"l": 46, "r": 96, "t": 26, "b": 84}
PLOT_HEIGHT = HEIGHT - MARGIN["t"] - MARGIN["b"]
# The height of a line of small text.
LINE_HEIGHT = 15
# For `st.plotly_chart`: no tool bar, no zoom that a keyboard cannot undo.
CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}

_SHAPES = {
    Variation.CONCERN: "diamond",
    Variation.IMPROVEMENT: "square",
    Variation.NEUTRAL_HIGH: "triangle-up",
    Variation.NEUTRAL_LOW: "triangle-down",
}
_MARKS = {
    Variation.CONCERN: "◆ worse",
    Variation.IMPROVEMENT: "■ better",
    Variation.NEUTRAL_HIGH: "▲ higher",
    Variation.NEUTRAL_LOW: "▼ lower",
}
_FED = {
    FedBy.LIST: "from records",
    FedBy.COUNTER: "from the sender's counts",
    FedBy.AGGREGATE: "from totals as sent",
    FedBy.POPULATION: "from estimates",
}


@dataclass(frozen=True)
class Rule:
    """A level across the chart and the words that stand beside it."""

    level: float
    words: str
    colour: str
    dash: str
    width: float = 1.3
    since_break: bool = False  # of what was recorded alike, and drawn no further back


@dataclass
class _Drawing:
    """What has been put on the chart so far."""

    line: Line
    colours: Palette
    periods: tuple[str, ...]  # ids, in order: a point's place is its place here
    scale: Scale
    breaks: tuple[tuple[int, SeriesBreak], ...] = ()  # with the first place after each
    traces: list[dict] = field(default_factory=list)
    shapes: list[dict] = field(default_factory=list)
    notes: list[dict] = field(default_factory=list)
    marks: set[Variation] = field(default_factory=set)


def kpi_chart(line: Line, definitions: Definitions, *, dark: bool = False) -> go.Figure:  # noqa: ARG001
    """Return the chart of a line; of 12-month figures the thin line is each quarter alone, which has the range."""
    colours = palette(dark)
    judged = _shown(timeline(line.points, line.latest.period), line.window)
    tested = _tested(line)
    rules = _rules(line, colours, bool(tested) or not line.is_rolling)
    axis = judged or tested or (line.latest,)
    labels = latest_labels(line, colours, judged, tested)
    values = [point.value for point in (*judged, *tested) if point.is_known] + [rule.level for rule in rules] or [0.0]
    room = [label.room(max(values) - min(values)) for label in labels]
    scale = scale_for([*values, *room], is_share=line.kpi.unit == "percent")
    drawing = _Drawing(line, colours, tuple(period_axis(point.period) for point in axis), scale, _breaks(line, axis))
    _draw_band(drawing, bool(tested) or not line.is_rolling)
    _draw_rules(drawing, rules)
    if tested:
        _draw_thin_line(drawing, tested)
    _draw_main_line(drawing, judged)
    _mark_special_causes(drawing, tested or judged)
    _draw_labels(drawing, labels)
    _mark_gaps(drawing, judged)
    _mark_joins(drawing, judged)
    _mark_breaks(drawing)
    return go.Figure(data=drawing.traces, layout=_layout(drawing))


def _shown(points, window):
    return points[-(PATTERN_PERIODS if window == "month" else CHART_PERIODS) :]


def _breaks(line, axis):
    """Return the breaks that lie between two places of the chart, each with the place that follows it."""
    firsts = [
        (next((at for at, point in enumerate(axis) if point.period.end > one.from_), 0), one) for one in line.kpi.breaks
    ]
    return tuple((at, one) for at, one in firsts if at)


def _start(drawing):
    """Return where what was recorded alike begins on the chart, for a shape's x and what it is measured by."""
    return {"xref": "x", "x0": drawing.breaks[-1][0] - 0.5, "x1": len(drawing.periods) - 0.6} if drawing.breaks else {}


def _tested(line):
    """Return the quarters that stand alone beside 12-month figures; none where the two are of different size."""
    if not line.is_rolling or line.kpi.unit == "count":
        return ()
    last = line.pattern_points[-1].period if line.pattern_points else None
    return _shown(timeline(line.pattern_points, last), line.kpi.windows.pattern)


def _place(drawing, point):
    name = period_axis(point.period)
    return drawing.periods.index(name) if name in drawing.periods else None


def _rules(line, colours, has_range):
    rules = [*_judged_by(line, colours), *_england(line, colours)]
    limits = drawn_limits(line)
    if limits is None or not has_range:
        return rules
    name = range_name(line).capitalize().replace("Provisional usual range", "Provisional<br>usual range")
    return [
        *rules,
        Rule(limits.upper, f"{name}<br>to {figure(line.kpi, limits.upper)}", colours.reference, "dash", 1.2, True),
        Rule(limits.lower, f"{name}<br>from {figure(line.kpi, limits.lower)}", colours.reference, "dash", 1.2, True),
    ]


def _judged_by(line, colours):
    lines, kpi = line.thresholds, line.kpi
    if lines is None:
        return []
    whose = "Agreed" if line.target else "Suggested"
    if isinstance(lines, BandThresholds):
        dash = "solid" if line.target else "longdash"
        edges = (("from", lines.green_low), ("to", lines.green_high))
        return [
            Rule(level, f"{whose} band<br>{word} {threshold(kpi, level)}", colours.better, dash)
            for word, level in edges
        ]
    green = threshold(kpi, lines.green)
    if line.target:
        return [Rule(lines.green, f"Agreed target<br>{green}", colours.better, "solid")]
    if lines.basis == "councils" and not knows_quarters(lines):
        return [Rule(lines.green, f"Other councils<br>{green}", colours.better, "longdash")]
    if lines.basis == "councils":
        return [
            Rule(lines.green, f"Middle council<br>{green}", colours.better, "longdash"),
            Rule(lines.amber, f"Worst quarter<br>from {threshold(kpi, lines.amber)}", colours.worse, "longdash"),
        ]
    name = lines.basis.capitalize() if lines.basis in ("national", "statutory") else whose
    return [Rule(lines.green, f"{name} level<br>{green}", colours.better, "longdash")]


def _england(line, colours):
    if line.england is None:
        return []
    words = f"England {line.england.year_label[2:]}<br>{figure(line.kpi, line.england.value)}"
    return [Rule(line.england.value, words, colours.reference, "dot", 1.5)]


def _draw_band(drawing, has_range):
    limits = drawn_limits(drawing.line)
    if limits is None or not has_range:
        return
    drawing.shapes.append(
        {
            "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": limits.lower, "y1": limits.upper,
            "fillcolor": drawing.colours.band, "line": {"width": 0}, "layer": "below",
        } | _start(drawing)
    )  # fmt: skip


def _draw_rules(drawing, rules):
    scale = drawing.scale
    heights = [(rule.level - scale.low) / (scale.high - scale.low) for rule in rules]
    sizes = [(rule.words.count("<br>") + 1) * LINE_HEIGHT / PLOT_HEIGHT for rule in rules]
    for rule, height in zip(rules, spread(heights, sizes, -0.04, 1.06), strict=True):
        drawing.shapes.append(
            {
                "type": "line", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": rule.level, "y1": rule.level,
                "line": {"color": rule.colour, "dash": rule.dash, "width": rule.width}, "layer": "below",
            } | (_start(drawing) if rule.since_break else {})
        )  # fmt: skip
        drawing.notes.append(
            _note(
                rule.words, rule.colour, xref="paper", x=1.01, xanchor="left", yref="paper", y=height,
                yanchor="middle", size=11.5,
            )
        )  # fmt: skip


def _draw_thin_line(drawing, tested):
    _draw_points(drawing, tested, colour=drawing.colours.reference, width=1, size=5)


def _draw_main_line(drawing, judged):
    _draw_points(drawing, judged, colour=drawing.colours.accent, width=2.4, size=7)


def _draw_points(drawing, points, *, colour, width, size):
    placed = [(_place(drawing, point), point) for point in points]
    placed = [(at, point) for at, point in placed if at is not None]
    # A part of a period, or a figure on another basis, is drawn hollow: it is not to be compared.
    symbols = ["circle-open" if _is_apart(drawing, point) else "circle" for _, point in placed]
    across, values = [at for at, _ in placed], [point.value for _, point in placed]
    words = [_hover(drawing.line, point) for _, point in placed]
    for first, _ in drawing.breaks:
        # A point without a value between two: the line does not run over a break.
        if (cut := next((index for index, at in enumerate(across) if at >= first), 0)) > 0:
            for row, gap in ((across, first - 0.5), (values, None), (words, ""), (symbols, "circle")):
                row.insert(cut, gap)
    drawing.traces.append(
        {
            "type": "scatter", "mode": "lines+markers", "connectgaps": False,
            "x": across, "y": values,
            "line": {"color": colour, "width": width}, "marker": {"color": colour, "size": size, "symbol": symbols},
            "hovertext": words, "hoverinfo": "text",
        }
    )  # fmt: skip


def _is_apart(drawing, point):
    return point.stands_apart or spanned_break(drawing.line.kpi, point.period) is not None


def _hover(line, point):
    rests_on = base(line.kpi, point)
    words = f"{point.period.label}: {figure(line.kpi, point.value)}{f' ({rests_on})' if rests_on else ''}"
    status = status_sentence(point, line.kpi)
    return f"{words}<br>{status}" if status else words


def _mark_special_causes(drawing, points):
    """Mark every point that was more than usual ups and downs, by its shape as well as its colour."""
    line = drawing.line
    names = [period_axis(point.period) for point in line.pattern_points]
    # A flag for a latest period that has no point yet has nothing to mark.
    flags = dict(zip(names, line.pattern.flags, strict=False))
    marked = []
    for point in points:
        flag, at = flags.get(period_axis(point.period)), _place(drawing, point)
        if flag is not None and at is not None and point.is_known:
            marked.append((at, point.value, MEANING[line.kpi.polarity][flag.direction]))
    if not marked or (line.is_rolling and line.kpi.unit == "count"):
        return
    drawing.marks.update(meaning for _, _, meaning in marked)
    drawing.traces.append(
        {
            "type": "scatter", "mode": "markers", "hoverinfo": "skip",
            "x": [at for at, _, _ in marked], "y": [value for _, value, _ in marked],
            "marker": {
                "opacity": 1,
                "size": [12 if at == marked[-1][0] else 9 for at, _, _ in marked],
                "symbol": [_SHAPES[meaning] for _, _, meaning in marked],
                "color": [colour_of(meaning, drawing.colours) for _, _, meaning in marked],
                "line": {"color": drawing.colours.page, "width": 1},
            },
        }
    )  # fmt: skip


def _draw_labels(drawing, labels):
    scale = drawing.scale
    for label in labels:
        drawing.notes.append(
            _note(
                f"<b>{label.words}</b>", label.colour, x=len(drawing.periods) - 1, xanchor="right", align="right",
                yref="paper", y=(label.height - scale.low) / (scale.high - scale.low), xshift=8, size=12.5,
                yanchor="bottom" if label.above else "top", yshift=9 if label.above else -9,
                bgcolor=drawing.colours.page, opacity=0.9, borderpad=1,
            )
        )  # fmt: skip


def _mark_gaps(drawing, judged):
    for at, point in enumerate(judged[:-1]):
        if not point.is_known:
            drawing.notes.append(
                _note(
                    missing_words(point), drawing.colours.soft, x=at, xanchor="center", yref="paper", y=0.02,
                    yanchor="bottom", textangle=-90, size=11,
                )
            )  # fmt: skip


def _mark_joins(drawing, judged):
    """Mark where figures stop coming from one kind of source and start coming from another."""
    known = [(at, point) for at, point in enumerate(judged) if point.fed_by in _FED]
    for (_, before), (at, after) in pairwise(known):
        if before.fed_by is not after.fed_by:
            drawing.shapes.append(
                {
                    "type": "line", "x0": at - 0.5, "x1": at - 0.5, "yref": "paper", "y0": 0, "y1": 1,
                    "line": {"color": drawing.colours.reference, "dash": "dot", "width": 1},
                }
            )  # fmt: skip
            drawing.notes.append(
                _note(
                    f"{_FED[after.fed_by]} →", drawing.colours.soft, x=at - 0.5, xanchor=_side(at, judged),
                    yref="paper", y=1.0, yanchor="bottom", size=11,
                )
            )  # fmt: skip


def _mark_breaks(drawing):
    """Mark from where on a figure is recorded otherwise: a line, and in words what changed."""
    for at, one in drawing.breaks:
        drawing.shapes.append(
            {
                "type": "line", "x0": at - 0.5, "x1": at - 0.5, "yref": "paper", "y0": 0, "y1": 1,
                "line": {"color": drawing.colours.ink, "dash": "dashdot", "width": 1.5},
            }
        )  # fmt: skip
        is_left = _side(at, drawing.periods) == "left"
        drawing.notes.append(
            _note(
                f"{one.title} →" if is_left else f"{one.title} ↓", drawing.colours.ink, x=at - 0.5,
                xanchor="left" if is_left else "right", yref="paper", y=1.0, yanchor="bottom", size=11.5,
            )
        )  # fmt: skip


def _side(at, judged):
    return "left" if at < len(judged) / 2 else "right"


def _note(text, colour, *, size, **where):
    return {"text": text, "showarrow": False, "align": "left", "font": {"color": colour, "size": size}} | where


def _layout(drawing):
    colours, scale, kpi = drawing.colours, drawing.scale, drawing.line.kpi
    last = len(drawing.periods) - 1
    # Counted back by a year from the latest, so that the same time of each year is named.
    a_year = 3 if drawing.line.window == "term" else 4
    ticks = list(range(last, -1, -a_year if last > a_year else -1))[::-1]
    axis = {"fixedrange": True, "zeroline": False, "tickfont": {"color": colours.soft, "size": 12}}
    return {
        "height": HEIGHT,
        "margin": MARGIN,
        "autosize": True,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": colours.ink, "size": 12},
        "hoverlabel": {"bgcolor": colours.page, "font": {"color": colours.ink}},
        "shapes": drawing.shapes,
        "annotations": drawing.notes,
        "xaxis": axis
        | {
            "range": [-0.4, last + 0.4],
            "tickvals": ticks,
            "ticktext": [drawing.periods[at].replace(" ", "<br>") for at in ticks],
            "tickangle": 0,
            "showgrid": False,
            "title": {"text": _small_print(drawing), "font": {"color": colours.soft, "size": 11.5}, "standoff": 6},
        },
        "yaxis": axis
        | {
            "range": [scale.low, scale.high],
            "tickvals": scale.ticks,
            "ticktext": [axis_number(kpi, value, scale.step) for value in scale.ticks],
            "gridcolor": colours.grid,
            "visible": any(value is not None for trace in drawing.traces for value in trace["y"]),
        },
    }


def _small_print(drawing):
    """Return what a reader must know of the scale and of the marks that are on this chart."""
    scale = drawing.scale
    start = axis_number(drawing.line.kpi, scale.low, scale.step)
    words = [] if scale.starts_at_zero else [f"The scale starts at {start}, not at zero."]
    marks = [said for meaning, said in _MARKS.items() if meaning in drawing.marks]
    words += [f"Recorded otherwise since {since(one)}." for _, one in drawing.breaks[-1:]]
    if marks:
        words.append(f"More than usual ups and downs: {', '.join(marks)}")
    return "<br>".join(words)


def axis_number(kpi, value: float, step: float) -> str:
    """Return a number on an axis, with as many decimals as the step between two of them needs."""
    decimals = 0 if step >= 1 else (1 if step >= 0.1 else 2)
    return f"{number(value, decimals)}%" if kpi.unit == "percent" else number(value, decimals)
