"""A funnel plot: each group by its size and its figure, between the limits that chance alone would keep."""

from collections.abc import Mapping
from dataclasses import dataclass

import plotly.graph_objects as go

from scorecards.charts.palette import FONT, Palette, palette
from scorecards.charts.scales import Scale, nice_step, scale_for
from scorecards.format import number
from scorecards.funnel import NEARLY, Funnel, Limits, Placed, Verdict, limits
from scorecards.narrative.funnel_words import PER, in_funnel, meaning, place_words, rests_on

HEIGHT = 400
MARGIN = {"l": 46, "r": 74, "t": 26, "b": 92}
# Points of a line; its ends lie close to the smallest and the largest group.
CURVE = 60
# What a label may take on a telephone: the plot is about this wide, a letter this, in pixels.
NARROW, LETTER, LINE_HEIGHT, GAP = 230, 6.8, 15, 9

_SHAPES = {"worse": "diamond", "better": "square", "higher": "triangle-up", "lower": "triangle-down"}


@dataclass(frozen=True)
class _Box:
    """Where a label lies, in pixels of a narrow chart."""

    left: float
    right: float
    low: float
    high: float

    def hits(self, other: "_Box") -> bool:
        return not (
            self.right <= other.left or other.right <= self.left or self.high <= other.low or other.high <= self.low
        )


def funnel_chart(
    found: Funnel,
    names: Mapping[str, str],
    counts: str,
    *,
    polarity: str = "context",
    decimals: int = 1,
    dark: bool = False,
) -> go.Figure:
    """Return the plot; `names` are the groups' titles by their name, `counts` what the base is ("contacts")."""
    colours = palette(dark)
    times = 100 if found.kind == "share" else PER
    widest = max((one.group.base for one in found.groups), default=1) * 1.12
    lines = _lines(found, widest)
    scale = _scale(found, times)
    step = nice_step(widest / 3)
    layout = {
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
        "annotations": [
            *_line_labels(lines[-1], found, times, scale, decimals, colours),
            *_point_labels(found, names, polarity, decimals, times, widest, scale, colours),
        ],
        "xaxis": _axis(colours)
        | {
            "range": [0, widest],
            "tickvals": [at * step for at in range(8) if at * step <= widest],
            "ticktext": [number(at * step) for at in range(8) if at * step <= widest],
            "showgrid": False,
            "title": {
                "text": _small_print(found, counts, polarity, scale),
                "font": {"color": colours.soft, "size": 11.5},
                "standoff": 6,
            },
        },
        "yaxis": _axis(colours)
        | {
            "range": [scale.low, scale.high],
            "tickvals": scale.ticks,
            "ticktext": [_tick(found, value, scale.step) for value in scale.ticks],
            "gridcolor": colours.grid,
        },
    }
    traces = [*_curves(lines, found, times, colours), _points(found, names, counts, polarity, decimals, times, colours)]
    return go.Figure(data=traces, layout=layout)


def _axis(colours):
    return {"fixedrange": True, "zeroline": False, "tickfont": {"color": colours.soft, "size": 12}}


def _tick(found, value, step):
    written = number(value, 0 if step >= 1 else (1 if step >= 0.1 else 2))
    return f"{written}%" if found.kind == "share" else written


def _lines(found: Funnel, widest: float) -> tuple[Limits, ...]:
    """Return the limits along the axis, the closer together the smaller the group."""
    smallest = min((one.group.base for one in found.groups), default=widest)
    start = min(0.5 * smallest, widest / 20)
    bases = [start * (widest / start) ** (at / (CURVE - 1)) for at in range(CURVE)]
    return limits(bases, found.kind, found.average)


def _scale(found: Funnel, times: float) -> Scale:
    values = [found.average]
    for one in found.groups:
        # The limits of a group that is not judged are so wide that the others would lie on one line.
        judged = one.verdict is not Verdict.TOO_FEW
        values += [one.value, one.limits.lower, one.limits.upper] if judged else [one.value]
    return scale_for([times * value for value in values], is_share=found.kind == "share")


def _curves(lines, found, times, colours: Palette):
    bases = [at.base for at in lines]
    drawn = (
        ([at.upper for at in lines], "solid", 1.3, colours.reference),
        ([at.lower for at in lines], "solid", 1.3, colours.reference),
        ([at.warning_upper for at in lines], "dash", 1.1, colours.reference),
        ([at.warning_lower for at in lines], "dash", 1.1, colours.reference),
        ([found.average] * len(lines), "solid", 1.6, colours.ink),
    )
    return [
        {
            "type": "scatter", "mode": "lines", "hoverinfo": "skip", "x": bases,
            "y": [times * value for value in values],
            "line": {"color": colour, "dash": dash, "width": width},
        }
        for values, dash, width, colour in drawn
    ]  # fmt: skip


def _points(found, names, counts, polarity, decimals, times, colours):
    looks = [_look(one, polarity, colours) for one in found.groups]
    return {
        "type": "scatter", "mode": "markers", "hoverinfo": "text", "cliponaxis": False,
        "x": [one.group.base for one in found.groups], "y": [times * one.value for one in found.groups],
        "hovertext": [_hover(found, one, names, counts, polarity, decimals) for one in found.groups],
        "marker": {
            "opacity": 1, "size": [13 if one.is_beyond else 10 for one in found.groups],
            "symbol": [symbol for symbol, _ in looks], "color": [colour for _, colour in looks],
            "line": {"color": [colours.page if "open" not in symbol else colour for symbol, colour in looks],
                     "width": [1 if "open" not in symbol else 2 for symbol, _ in looks]},
        },
    }  # fmt: skip


def _look(placed: Placed, polarity, colours: Palette) -> tuple[str, str]:
    """Return the shape and the colour of a point; hollow is near a limit, a cross is not judged."""
    if placed.verdict is Verdict.TOO_FEW:
        return "x-thin-open", colours.soft
    means = meaning(placed.verdict, polarity)
    if means is None:
        return "circle", colours.accent
    colour = {"worse": colours.worse, "better": colours.better}.get(means, colours.neutral)
    return f"{_SHAPES[means]}{'-open' if placed.verdict in NEARLY else ''}", colour


def _hover(found, one, names, counts, polarity, decimals):
    words = place_words(one, polarity)
    name = names.get(one.group.name, one.group.name)
    figure = f"{name}: {in_funnel(found.kind, one.value, decimals)} ({rests_on(found.kind, one, counts)})"
    return "<br>".join(filter(None, (figure, words.words, words.caution)))


def _line_labels(end: Limits, found, times, scale, decimals, colours):
    average = in_funnel(found.kind, found.average, decimals).partition(" per ")[0]
    said = [(found.average, f"<b>Average<br>{average}</b>", colours.ink)]
    room = (scale.high - scale.low) / times * 2.4 * LINE_HEIGHT / (HEIGHT - MARGIN["t"] - MARGIN["b"])
    for level, words in ((end.upper, "99.8%<br>limit"), (end.lower, "99.8%<br>limit")):
        # At their narrowest the lines may be too close to the average for words of their own.
        if abs(level - found.average) > room:
            said.append((level, words, colours.reference))
    return [
        {
            "text": words, "xref": "paper", "x": 1.01, "xanchor": "left", "y": times * level, "yanchor": "middle",
            "showarrow": False, "align": "left", "font": {"color": colour, "size": 11.5},
        }
        for level, words, colour in said
    ]  # fmt: skip


def _point_labels(found, names, polarity, decimals, times, widest, scale, colours):
    """Return each group's name beside its point, those that stand out first, where it covers no other."""
    at = {one.group.name: _place(one, times, widest, scale) for one in found.groups}
    taken = [_Box(x - GAP, x + GAP, y - GAP, y + GAP) for x, y in at.values()]
    labels = []
    for one in sorted(found.groups, key=lambda one: -abs(one.distance)):
        words = names.get(one.group.name, one.group.name)
        words += f" {in_funnel(found.kind, one.value, decimals).partition(' per ')[0]}" if one.is_beyond else ""
        side, box = _free_side(words, *at[one.group.name], taken)
        taken.append(box)
        colour = _look(one, polarity, colours)[1] if one.is_beyond else colours.ink
        labels.append(_label(one, words, side, times, colour))
    return labels


def _place(one, times, widest, scale):
    tall = HEIGHT - MARGIN["t"] - MARGIN["b"]
    return one.group.base / widest * NARROW, (times * one.value - scale.low) / (scale.high - scale.low) * tall


def _free_side(words, x, y, taken):
    wide, tall = LETTER * len(words), LINE_HEIGHT
    sides = {
        "above": _Box(x - wide / 2, x + wide / 2, y + GAP, y + GAP + tall),
        "below": _Box(x - wide / 2, x + wide / 2, y - GAP - tall, y - GAP),
        "right": _Box(x + GAP, x + GAP + wide, y - tall / 2, y + tall / 2),
        "left": _Box(x - GAP - wide, x - GAP, y - tall / 2, y + tall / 2),
        "right above": _Box(x - GAP, x - GAP + wide, y + GAP, y + GAP + tall),
        "right below": _Box(x - GAP, x - GAP + wide, y - GAP - tall, y - GAP),
        "left above": _Box(x + GAP - wide, x + GAP, y + GAP, y + GAP + tall),
        "left below": _Box(x + GAP - wide, x + GAP, y - GAP - tall, y - GAP),
    }
    inside = {side: box for side, box in sides.items() if box.left >= -LETTER and box.right <= NARROW + LETTER}
    possible = inside or {"left" if x > NARROW / 2 else "right": sides["left" if x > NARROW / 2 else "right"]}
    return min(possible.items(), key=lambda item: sum(item[1].hits(other) for other in taken))


def _label(one, words, side, times, colour):
    across, _, up = side.rpartition(" ")
    aside = 10 if up not in ("above", "below") else -7
    x = {"right": ("left", aside), "left": ("right", -aside)}.get(across or up, ("center", 0))
    y = {"above": ("bottom", 7), "below": ("top", -7)}.get(up, ("middle", 0))
    return {
        "text": f"<b>{words}</b>" if one.is_beyond else words, "x": one.group.base, "y": times * one.value,
        "xanchor": x[0], "xshift": x[1], "yanchor": y[0], "yshift": y[1], "showarrow": False,
        "font": {"color": colour, "size": 12},
    }  # fmt: skip


def _small_print(found, counts, polarity, scale):
    """Return what stands along the axis, and what the marks on this chart mean."""
    across = counts[:1].upper() + counts[1:]
    up = "" if found.kind == "share" else f"; upwards, per {PER:,}"
    words = [f"{across}{up}. Lines: 99.8% and (dashed) 95% limits"]
    if not scale.starts_at_zero:
        words.append(f"The scale starts at {_tick(found, scale.low, scale.step)}, not at zero.")
    marks = {place_words(one, polarity).sign: place_words(one, polarity).short.lower() for one in found.groups}
    words.append(", ".join(f"{'×' if sign == '–' else sign} {said}" for sign, said in marks.items()))
    return "<br>".join(words)
