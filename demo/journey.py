"""What becomes of a family that is referred: who comes back, who is assessed and who comes to a plan, and when."""

import random
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from demo.area import (
    CHILDREN_PER_REFERRAL,
    FOLLOWED_FROM,
    PLACES,
    REFERRALS_PER_10000,
    SCHOOLS,
    SOURCES,
    WORKING_DAYS,
    Place,
    Quarter,
    as_date,
    drifting_plan_share,
    late_conference_share,
    quarters,
    returning_share,
    working_days_after,
)
from demo.children import ADULT, UNBORN_KNOWN, Children

NEVER = 10**7  # a day that does not come
# Between two referrals of a family lie 20 to 360 days when it comes back, and more than 375 when it does not,
# so that no reading of "within 12 months" changes who has come back.
SOONEST, LATEST, FORGOTTEN = 20, 360, 375


class Episode(NamedTuple):
    """One referral of one family and all that followed, as day numbers; NEVER where it did not come to it."""

    family: int
    children: tuple[int, ...]
    place: int
    referred: int
    source: int
    nfa: bool
    assessed_from: int
    authorised: int
    supported: bool
    strategy: int
    s47: int  # 0 no section 47, 1 joint with police, 2 social care alone
    conference: int
    planned: bool
    plan_end: int
    closed: int
    category: int


def evenly(step: float, start: float) -> Iterator[float]:
    """Yield numbers between 0 and 1 that fill the range evenly.

    A share drawn with them comes out near its level each quarter, so that the stories stand out from the noise.
    """
    while True:
        start = (start + step) % 1
        yield start


class Draws(NamedTuple):
    """The chances of one locality: plain ones, and even ones for the shares that tell stories."""

    plain: random.Random
    returning: Iterator[float]
    late: Iterator[float]
    drifting: Iterator[float]
    length: Iterator[float]
    conferred: Iterator[float]
    planned: Iterator[float]
    on_time: Iterator[float]


def _draws(seed: int, place: Place) -> Draws:
    plain = random.Random(f"{seed} {place.id}")
    # Steps that have nothing to do with each other: the golden ratio, and parts of square roots.
    steps = (0.6180339887, 0.4142135624, 0.7320508076, 0.2360679775, 0.6457513111, 0.3166247904, 0.1231056256)
    return Draws(plain, *(evenly(step, plain.random()) for step in steps))


def follow_families(children: Children, seed: int, scale: float) -> list[Episode]:
    """Return every referral from 2018 on with what followed, in order of place and day."""
    found = []
    for index, place in enumerate(PLACES):
        found += _follow_place(children, index, _draws(seed, place), scale)
    return found


class _Known:
    """What a locality remembers of its families while the days go by."""

    def __init__(self):
        self.latest: dict[int, Episode] = {}
        self.in_order: list[Episode] = []
        self.days: list[int] = []

    def add(self, episode: Episode):
        self.latest[episode.family] = episode
        self.in_order.append(episode)
        self.days.append(episode.referred)

    def is_free(self, family: int, day: int) -> bool:
        before = self.latest.get(family)
        return before is None or (before.referred < day - FORGOTTEN and before.closed < day)


def _follow_place(children: Children, index: int, draws: Draws, scale: float) -> list[Episode]:
    place, known = PLACES[index], _Known()
    for quarter in quarters(FOLLOWED_FROM):
        for day in _referral_days(place, quarter, draws.plain, scale):
            who = _who(children, index, day, known, draws)
            if who is not None:
                known.add(_episode(index, place, day, *who, draws))
    return known.in_order


def _referral_days(place: Place, quarter: Quarter, plain: random.Random, scale: float) -> list[int]:
    first = as_date(quarter.first)
    season = {7: 0.965, 10: 1.015}.get(first.month, 1.01)
    a_year = place.children * scale * place.need * REFERRALS_PER_10000 / 10000
    # The spring of 2020 was quiet, as everywhere.
    level = 0.86 if quarter.label == "Q1 2020/21" else 1 + plain.gauss(0, 0.012)
    days = WORKING_DAYS[bisect_left(WORKING_DAYS, quarter.first) : bisect_left(WORKING_DAYS, quarter.last + 1)].tolist()
    return sorted(plain.choices(days, k=round(a_year / 4 * season * level / CHILDREN_PER_REFERRAL)))


def _who(children, index, day, known, draws):
    """Return the family and children that are referred, or None in a small area where nobody is left."""
    if next(draws.returning) < returning_share(PLACES[index], day):
        before = _returning(day, known, draws.plain)
        if before is not None:
            still = tuple(child for child in before.children if day - children.born[child] < ADULT)
            if still:
                return before.family, still
    families = children.families_of_place[index]
    for _ in range(200):
        family = families[int(draws.plain.random() * len(families))]
        if known.is_free(family, day):
            named = _named(children, family, day, draws.plain)
            if named:
                return family, named
    return None


def _returning(day: int, known: _Known, plain: random.Random) -> Episode | None:
    """Return the latest episode of a family that was referred within a year and is closed now."""
    first, last = bisect_left(known.days, day - LATEST), bisect_left(known.days, day - SOONEST)
    for _ in range(40 if last > first else 0):
        before = known.in_order[plain.randrange(first, last)]
        if known.latest[before.family] is before and before.closed < day:
            return before
    return None


def _named(children, family, day, plain):
    first, after = children.first_of_family[family], children.first_of_family[family + 1]
    fitting = [child for child in range(first, after) if -UNBORN_KNOWN <= day - children.born[child] < ADULT - 30]
    if len(fitting) > 1 and plain.random() < 0.12:
        return (plain.choice(fitting),)
    return tuple(fitting)


def _episode(index: int, place: Place, day: int, family: int, named: tuple[int, ...], draws: Draws) -> Episode:
    plain = draws.plain
    source = _source(day, plain)
    category = plain.choices(range(5), (0.49, 0.36, 0.07, 0.04, 0.04))[0]
    start = Episode(
        family, named, index, day, source, True, NEVER, NEVER, False, NEVER, 0, NEVER, False, NEVER, day + 3, category
    )
    if plain.random() < 0.065:
        return start
    begun = _after(day, plain.choice((0, 0, 1, 1, 2)))
    authorised = _after(begun, _assessment_length(next(draws.on_time), plain))
    supported = plain.random() < 0.66
    closed = authorised + (plain.randint(40, 200) if supported and plain.random() < 0.45 else 0)
    assessed = start._replace(nfa=False, assessed_from=begun, authorised=authorised, supported=supported, closed=closed)
    return _enquire(assessed, place, draws) if plain.random() < 0.515 else assessed


def _source(day: int, plain: random.Random) -> int:
    weights = [source[3] for source in SOURCES]
    weights[SCHOOLS] *= {8: 0.25, 7: 0.9}.get(as_date(day).month, 1.05)
    return plain.choices(range(len(SOURCES)), weights)[0]


def _after(day: int, count: int) -> int:
    return int(working_days_after(day, count))


def _assessment_length(share: float, plain: random.Random) -> int:
    """Return working days: 85% within 45, as in England."""
    if share < 0.84:
        return round(45 - 36 * plain.random() ** 1.6)
    return plain.randint(46, 85)


def _enquire(episode: Episode, place: Place, draws: Draws) -> Episode:
    plain = draws.plain
    waited = plain.randint(0, 9) if plain.random() < 0.72 else plain.randint(10, 70)
    strategy = _after(episode.referred, waited)
    kind = plain.choices((0, 1, 2), (0.25, 0.47, 0.28))[0]
    held = episode._replace(strategy=strategy, s47=kind, closed=max(episode.closed, strategy + 15))
    return _confer(held, place, draws) if kind and next(draws.conferred) < 0.325 else held


def _confer(episode: Episode, place: Place, draws: Draws) -> Episode:
    plain = draws.plain
    late = next(draws.late) < late_conference_share(place, episode.strategy) + plain.gauss(0, 0.01)
    conference = _after(episode.strategy, _conference_wait(late, plain))
    closed = max(episode.closed, conference + 60)
    held = episode._replace(conference=conference, closed=closed)
    if next(draws.planned) < 0.14:
        return held
    plan_end = conference + _plan_length(conference, draws)
    return held._replace(planned=True, plan_end=plan_end, closed=max(closed, plan_end + plain.randint(30, 120)))


def _conference_wait(late: bool, plain: random.Random) -> int:
    """Return working days from section 47 to conference: England's bands, 9% to day 10 and 73% on 11 to 15."""
    if late:
        return plain.randint(16, 20) if plain.random() < 0.55 else plain.randint(21, 32)
    return plain.randint(5, 10) if plain.random() < 0.11 else plain.choice((11, 12, 13, 13, 14, 14, 15, 15))


def _plan_length(start: int, draws: Draws) -> int:
    """Return days: median about eight months, one in 25 two years or more; a few drift on."""
    if next(draws.drifting) < drifting_plan_share(start):
        return draws.plain.randint(1180, 1500)
    normal = _normal_quantile(min(max(next(draws.length), 0.004), 0.993))
    return max(int(240 * np.exp(0.55 * normal)), 45)


def _normal_quantile(share: float) -> float:
    # The logistic curve is near enough to the normal one for the length of made-up plans.
    return float(np.log(share / (1 - share)) / 1.702)
