"""Pictures small enough for a table cell, as SVG text: twelve periods of one figure, and the mark of a change."""

import base64
from collections.abc import Iterator, Sequence
from itertools import pairwise

from scorecards.charts.palette import Palette, palette
from scorecards.definitions import BandThresholds
from scorecards.narrative import timeline
from scorecards.scorecard import SPARK_PERIODS, Line

WIDTH, HEIGHT = 132, 36
# Room for the dot of the latest figure on every side.
EDGE = 5
ICON = 18


def sparkline(line: Line, *, dark: bool = False) -> str:
    """Return the last twelve periods as SVG: gaps stay gaps, the latest figure is a dot, green's edge is dashed."""
    colours = palette(dark)
    shown = timeline(line.points, line.latest.period)[-SPARK_PERIODS:]
    values = [point.value for point in shown]
    known = [value for value in values if value is not None]
    if not known:
        return svg(WIDTH, HEIGHT, f'<text x="0" y="22" font-size="11" fill="{colours.soft}">no figures yet</text>')
    edge = _edge(line, known[-1])
    across = [EDGE + at * (WIDTH - 2 * EDGE) / max(1, SPARK_PERIODS - 1) for at in range(SPARK_PERIODS)][-len(values) :]
    up = _scale([*known, edge] if edge is not None else known)
    parts = [_dashed(up(edge), colours)] if edge is not None else []
    cuts = _cuts(line, shown)
    parts += [_cut((across[at - 1] + across[at]) / 2, colours) for at in cuts]
    parts += [_run(run, colours) for run in runs_of(across, values, up, cuts)]
    if values[-1] is not None:
        parts.append(f'<circle cx="{across[-1]:.1f}" cy="{up(values[-1]):.1f}" r="3.4" fill="{colours.accent}"/>')
    return svg(WIDTH, HEIGHT, "".join(parts))


def data_uri(svg: str) -> str:
    """Return an SVG as an address that an <img> can show."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def change_icon(kind: str, *, falls: bool = False, dark: bool = False) -> str:
    """Return the mark of a kind of change: a wave, a rise or a fall; the arrow follows the figures, not the verdict."""
    colours = palette(dark)
    if kind == "unknown":
        return svg(ICON, ICON, f'<path d="M4 9 H14" {_stroke(colours.soft)} stroke-dasharray="2 3"/>')
    if kind == "none":
        return svg(ICON, ICON, f'<path d="M2 11 L7 7 L11 13 L16 8" {_stroke(colours.soft)}/>')
    colour = {"worse": colours.worse, "better": colours.better}.get(kind, colours.neutral)
    path, end = ("M2 4 L9 9 L15 14", 14) if falls or kind == "lower" else ("M2 14 L9 9 L15 4", 4)
    return svg(ICON, ICON, f'<path d="{path}" {_stroke(colour)}/><circle cx="15" cy="{end}" r="2.6" fill="{colour}"/>')


def _edge(line, latest):
    """Return where green ends; of a band the edge that is nearer to the latest figure."""
    lines = line.thresholds
    if isinstance(lines, BandThresholds):
        return min((lines.green_low, lines.green_high), key=lambda edge: abs(edge - latest))
    return lines.green if lines is not None else None


def _scale(values: Sequence[float]):
    low, high = min(values), max(values)
    span = high - low
    # A series that never moves lies in the middle.
    return lambda value: HEIGHT / 2 if not span else HEIGHT - EDGE - (value - low) / span * (HEIGHT - 2 * EDGE)


def _cuts(line, shown):
    """Return the places of the first points that were recorded otherwise than the one before."""
    return [
        at
        for at, (before, after) in enumerate(pairwise(shown), start=1)
        if any(before.period.end <= one.from_ < after.period.end for one in line.kpi.breaks)
    ]


def runs_of(
    across: Sequence[float], values: Sequence[float | None], up, cuts: Sequence[int] = ()
) -> Iterator[list[tuple[float, float]]]:
    """Yield the stretches between gaps and breaks as lists of (x, y)."""
    run: list[tuple[float, float]] = []
    for at, (x, value) in enumerate(zip(across, values, strict=True)):
        if run and (value is None or at in cuts):
            yield run
            run = []
        if value is not None:
            run.append((x, up(value)))
    if run:
        yield run


def _run(run, colours: Palette):
    if len(run) == 1:
        # A figure between two gaps has no line to show it.
        return f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="1.8" fill="{colours.accent}"/>'
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
    return f'<polyline points="{points}" fill="none" stroke="{colours.accent}" stroke-width="1.8"/>'


def _cut(x, colours: Palette):
    """Return the upright line of a break in the series."""
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="{HEIGHT - 2}" stroke="{colours.ink}" stroke-dasharray="4 2"/>'


def _dashed(y, colours):
    return (
        f'<line x1="1" x2="{WIDTH - 1}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colours.reference}" stroke-dasharray="3 3"/>'
    )


def _stroke(colour):
    return f'fill="none" stroke="{colour}" stroke-width="2"'


def svg(width: int, height: int, inside: str) -> str:
    """Return a picture of this size with these shapes in it."""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="Arial, sans-serif">{inside}</svg>'
