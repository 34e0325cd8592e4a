"""Owns what is usual: the limits that a sender's own history sets, and the doubt about what lies beyond them."""

import itertools
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from data_loaders.problems import PLACES_KEPT, Problem
from data_loaders.results import FileCheck, ListCheck

# 3 / d2, with d2 = 1.128 for moving ranges of two points (XmR chart).
LIMIT_FACTOR = 2.66
# Fewer points than these give no limits worth the name; older ones than the last two years tell of other times.
FEWEST_POINTS, MOST_POINTS = 8, 24
# A nought is told after a year of quarters. Where fewer than five are usual a nought comes by chance now and then; at
# five once in 150 (exp(-5)).
POINTS_BEFORE_NOUGHT, USUAL_BEFORE_NOUGHT = 4, 5
# Counts of rare things vary by their root, and eight lucky points can lie closer than that: a jump is beyond both.
CHANCE_FACTOR = 3

ASK = "Ask whether something is missing or was sent twice. If it is right, say why."

Told = tuple[ListCheck, Problem]
Chance = Callable[[float], float]  # how much a figure varies by chance around a mean


@dataclass(frozen=True)
class Usual:
    """What a sender's own figures lead to expect."""

    low: float
    high: float
    points: int

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def usual(history: Sequence[float], chance: Callable[[float], float]) -> Usual | None:
    """Return the limits of a history (XmR, and no closer than chance), or None where it is too short."""
    if len(history) < FEWEST_POINTS:
        return None
    mean = sum(history) / len(history)
    ranges = [abs(one - before) for before, one in itertools.pairwise(history)]
    reach = max(LIMIT_FACTOR * sum(ranges) / len(ranges), CHANCE_FACTOR * chance(mean))
    return Usual(mean - reach, mean + reach, len(history))


def is_sudden_nought(value: float, history: Sequence[float]) -> bool:
    long_enough = len(history) >= POINTS_BEFORE_NOUGHT
    return value == 0 and long_enough and min(history) > 0 and sum(history) >= USUAL_BEFORE_NOUGHT * len(history)


def doubt(code: str, file: FileCheck, one: ListCheck, sentence: str, places: Iterable[str] = (), **more) -> Told:
    places = tuple(filter(None, places))[:PLACES_KEPT]
    cell = places[0] if places else None
    found = Problem(code, "warning", file.name, one.sheet, cell, None, None, sentence, ASK, max(len(places), 1), places)
    return one, replace(found, needs_reason=True, **more)


def by_doubt(history: Sequence[float], found: Iterable[tuple[int, float]]) -> dict[str, list]:
    """Return what is no usual value, by the code of the doubt."""
    limits = usual(history, math.sqrt)
    told: dict[str, list] = defaultdict(list)
    for name, value in found:
        if is_sudden_nought(value, history):
            told["sudden_nought"].append((name, value))
        elif limits is not None and not limits.holds(value):
            told["sudden_jump"].append((name, value))
    return told
