"""The words beside the latest figures of a chart, placed where they cover none of the recent ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from scorecards.charts.palette import Palette
from scorecards.format import figure, period_axis
from scorecards.narrative import missing_words, pattern_fact
from scorecards.scorecard import Line
from scorecards.series import Point
from scorecards.spc import Variation

# On a telephone a label is about as wide as this many points.
RECENT = 7
# Two lines of a label, as a share of what the chart spans.
ROOM = 0.2


@dataclass(frozen=True)
class Label:
    """Words that stand over (`above`) or under a height, in the unit of the figure."""

    words: str
    colour: str
    height: float
    above: bool

    def room(self, span: float) -> float:
        """Return how far up or down the chart must reach for the label."""
        return self.height + ROOM * span if self.above else max(0.0, self.height - ROOM * span)


def latest_labels(line: Line, colours: Palette, judged: Sequence[Point], tested: Sequence[Point]) -> list[Label]:
    """Return the label of the latest figure and, beside 12-month figures, that of the latest quarter alone."""
    recent = [one.value for points in (judged, tested) for one in points[-RECENT:] if one.value is not None]
    low, high = (min(recent), max(recent)) if recent else (0.0, 0.0)
    value, alone = line.latest.value, _alone(line, tested)
    words, colour = _judged_words(line, colours)
    if alone is None:
        is_over = value is None or high - value <= value - low
        return [Label(words, colour, high if is_over else low, is_over)]
    is_over = value is None or value >= alone.value
    words_alone = f"{period_axis(alone.period)} alone: {figure(line.kpi, alone.value)}{_fact(line)}"
    return [
        Label(words, colour, high if is_over else low, is_over),
        Label(words_alone, _colour_of_fact(line, colours, colours.reference), low if is_over else high, not is_over),
    ]


def _alone(line, tested):
    """Return the point of the latest quarter alone, when it has a figure."""
    last = tested[-1] if tested else None
    return last if last is not None and last.is_known and last.period.end == line.latest.period.end else None


def _judged_words(line, colours):
    period = period_axis(line.latest.period)
    if not line.latest.is_known:
        return f"{period}:<br>{missing_words(line.latest)}", colours.soft
    value = figure(line.kpi, line.latest.value)
    if line.is_rolling:
        return f"Last 12 months:<br>{value}", colours.accent
    return f"{period}: {value}{_fact(line)}", _colour_of_fact(line, colours, colours.accent)


def _fact(line):
    """Return on new lines what is special about the latest point."""
    fact = pattern_fact(line).partition(" in two of")[0].replace(" for ", "<br>for ")
    return f",<br>{fact}" if fact else ""


def _colour_of_fact(line, colours, usual):
    return colour_of(line.pattern.variation, colours) if pattern_fact(line) else usual


def colour_of(variation: Variation, colours: Palette) -> str:
    """Return the colour of a special cause: worse, better or neither."""
    return {Variation.CONCERN: colours.worse, Variation.IMPROVEMENT: colours.better}.get(variation, colours.neutral)
