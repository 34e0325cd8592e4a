"""Where a chart's axis begins and ends, which numbers stand on it, and how labels keep out of each other's way."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

TICKS = 5
# A figure whose lowest value is under this share of its highest is drawn from zero.
FROM_ZERO_BELOW = 0.35
# So are figures that are small themselves: two children are not to be shown as if they were a tenth of one up or down.
FROM_ZERO_UP_TO = 10.0
# However little a figure moves, its axis spans at least this much of it: a small step must not look like a cliff.
LEAST_SPAN = 0.25
LEAST_SPAN_OF_SHARES = 10.0


@dataclass(frozen=True)
class Scale:
    """The ends of an axis and the step between its numbers."""

    low: float
    high: float
    step: float

    @property
    def starts_at_zero(self) -> bool:
        return self.low == 0

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [round(self.low + at * self.step, 10) for at in range(count + 1)]


def scale_for(values: Sequence[float], *, is_share: bool) -> Scale:
    """Return an axis for figures of nought or more that shows their ups and downs without blowing them up."""
    low, high = min(values), max(values)
    if low < FROM_ZERO_BELOW * high or high == 0 or (high <= FROM_ZERO_UP_TO and not is_share):
        low = 0.0
    least = LEAST_SPAN_OF_SHARES if is_share else LEAST_SPAN * high or 1.0
    span = max(1.16 * (high - low), least)
    middle = (low + high) / 2
    bottom, top = (0.0, span) if low == 0 else (max(0.0, middle - span / 2), middle + span / 2)
    if is_share:
        top = min(top, 100.0)
    step = nice_step((top - bottom) / TICKS)
    return Scale(floor(bottom / step + 1e-9) * step, ceil(top / step - 1e-9) * step, step)


def nice_step(rough: float) -> float:
    """Return the smallest of 1, 2, 5 and 10 times a power of ten that is not below `rough`."""
    size = 10.0 ** floor(log10(rough))
    return next(size * times for times in (1, 2, 5, 10) if size * times >= rough * (1 - 1e-9))


def spread(centres: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres moved so that labels of these sizes do not overlap, in the order given, and lie within."""
    order = sorted(range(len(centres)), key=lambda at: centres[at])
    found, floor_ = [0.0] * len(centres), low
    for at in order:
        found[at] = max(centres[at], floor_ + sizes[at] / 2)
        floor_ = found[at] + sizes[at] / 2
    # What was pushed over the top comes down again, and pushes those below it.
    ceiling = high
    for at in reversed(order):
        found[at] = min(found[at], ceiling - sizes[at] / 2)
        ceiling = found[at] - sizes[at] / 2
    return found
