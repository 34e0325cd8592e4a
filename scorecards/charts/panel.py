"""Charts small enough to stand beside each other, as SVG text: one measure's three years, and one group's."""

from collections.abc import Sequence
from html import escape

from scorecards.charts.line_chart import axis_number
from scorecards.charts.palette import FONT, Palette, palette
from scorecards.charts.scales import Scale, scale_for
from scorecards.charts.small import runs_of, svg
from scorecards.definitions import Thresholds
from scorecards.format import figure, period_axis, threshold
from scorecards.narrative import timeline, whole_value
from scorecards.scorecard import CHART_PERIODS, Line
from scorecards.series import Point

WIDTH, HEIGHT = 440, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 16, 22, 26
GROUP_WIDTH, GROUP_HEIGHT, EDGE = 240, 44, 6


def panel(line: Line, *, dark: bool = False) -> str:
    """Return three years of a line with its scale, the level it is judged by and its latest figure in words."""
    colours = palette(dark)
    points = timeline(line.points, line.latest.period)[-CHART_PERIODS:]
    # A part, or what is left of a quarter since rows were brought up to date, is no step of a line: a gap.
    values = [whole_value(point) for point in points]
    known = [value for value in [*values, line.latest.value] if value is not None]
    if not known:
        return svg(WIDTH, 40, f'<text x="0" y="24" font-size="14" fill="{colours.soft}">no figures yet</text>')
    judged = line.thresholds.green if isinstance(line.thresholds, Thresholds) else None
    scale = scale_for([*known, judged] if judged is not None else known, is_share=line.kpi.unit == "percent")
    up = _up(scale.low, scale.high, TOP, HEIGHT - BOTTOM)
    across = _across(len(points), LEFT, WIDTH - RIGHT)
    parts = [*_grid(line, scale, up, colours), *_years(points, across, colours)]
    parts += [_run(run, colours.accent, 2.2) for run in runs_of(across, values, up)]
    if judged is not None:
        parts += _level(line, judged, up(judged), colours)
    parts += _latest(line, across[-1], values, up, colours)
    return svg(WIDTH, HEIGHT, "".join(parts))


def group_line(points: Sequence[Point], low: float, high: float, *, dark: bool = False) -> str:
    """Return a group's periods between two ends of a scale: gaps stay gaps, the latest figure is a dot."""
    colours = palette(dark)
    values = [whole_value(point) for point in points]
    if not any(value is not None for value in values):
        return svg(GROUP_WIDTH, GROUP_HEIGHT, "")
    up = _up(low, high, EDGE, GROUP_HEIGHT - EDGE)
    across = _across(CHART_PERIODS, EDGE, GROUP_WIDTH - EDGE)[-len(values) :]
    foot = GROUP_HEIGHT - EDGE
    parts = [f'<line x1="0" x2="{GROUP_WIDTH}" y1="{foot}" y2="{foot}" stroke="{colours.grid}"/>']
    parts += [_run(run, colours.accent, 1.8) for run in runs_of(across, values, up)]
    if values[-1] is not None:
        parts.append(_dot(across[-1], up(values[-1]), colours, 3.6))
    return svg(GROUP_WIDTH, GROUP_HEIGHT, "".join(parts))


def _across(count, left, right) -> list[float]:
    return [left + at * (right - left) / max(1, count - 1) for at in range(count)]


def _up(low, high, top, bottom):
    span = high - low
    return lambda value: (top + bottom) / 2 if not span else bottom - (value - low) / span * (bottom - top)


def _grid(line, scale: Scale, up, colours: Palette):
    for tick in scale.ticks:
        words = axis_number(line.kpi, tick, scale.step)
        y = up(tick)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours.grid}"/>'
        yield _text(LEFT - 7, y + 4, words, colours.soft, anchor="end")


def _years(points, across, colours):
    """Yield the names of the latest period and of the same time in the years before."""
    step = {"term": 3, "financial_year": 1, "academic_year": 1, "half_year": 2}.get(points[-1].period.kind, 4)
    for at in range(len(points) - 1, -1, -step):
        anchor = "end" if at == len(points) - 1 else "middle"
        yield _text(across[at], HEIGHT - 7, period_axis(points[at].period), colours.soft, anchor=anchor)


def _level(line, judged, y, colours):
    yield (
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours.better}" '
        'stroke-dasharray="5 4" stroke-width="1.3"/>'
    )
    name = "Agreed target" if line.target else "Level for green"
    yield _text(LEFT + 4, y - 5, f"{name} {threshold(line.kpi, judged)}", colours.better, halo=colours.page)


def _latest(line, across, values, up, colours):
    latest = line.latest.value
    if latest is None:
        return
    y = up(latest)
    yield _dot(across, y, colours, 4.4) if values[-1] is not None else _ring(across, y, colours)
    before = values[-2] if len(values) > 1 else None
    # Where the line comes from above, the words stand below it.
    falls = before is not None and before > latest and y + 20 < HEIGHT - BOTTOM
    words = figure(line.kpi, latest)
    yield _text(across + 4, y + 20 if falls else max(14.0, y - 10), words, colours.accent, anchor="end", bold=True)


def _dot(x, y, colours, radius):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colours.accent}"/>'


def _ring(x, y, colours):
    """Return the dot of a figure that is not of a whole period: hollow, as on the large chart."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colours.page}" stroke="{colours.accent}" stroke-width="2"/>'


def _run(run, colour, width):
    if len(run) == 1:
        return f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="2.2" fill="{colour}"/>'
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def _text(x, y, words, colour, *, anchor="start", bold=False, halo=""):
    # Words that lie on a line stay readable.
    edge = f' stroke="{halo}" stroke-width="4" paint-order="stroke"' if halo else ""
    family, weight = FONT.replace("'", ""), "bold" if bold else "normal"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{family}" font-size="13" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{colour}"{edge}>{escape(words)}</text>'
    )
