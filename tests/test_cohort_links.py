"""How far inferred links (the nearest earlier event) are from greedy matching: pinned here, told in decision 8."""

import datetime
import random
from collections import defaultdict

import pytest

from scorecards.definitions import read_definitions
from scorecards.periods import financial_year
from tests import oracle
from tests.measuring import kpi_with, measure

ONE_DAY = datetime.timedelta(days=1)
YEAR = financial_year(2024)
WITHIN_DAYS = 45
INFERRED = kpi_with(
    measure(
        """{kind: cohort, records: section_47, dated_by: start_date, who: child_id, then: icpc,
            then_dated_by: conference_date, within_days: 45}"""
    )
)


def as_in_england(dice):
    """Return enquiries of a year for 1,000 children, 1.2 for each as in England 2025, with what followed.

    A third lead to a conference, mostly two to four weeks on; one conference in fifty is a second one.
    """
    enquiries, conferences = [], []
    for child in range(1000):
        for _ in range(dice.choices([1, 2, 3, 4], [85, 11, 3, 1])[0]):
            start = YEAR.first + ONE_DAY * dice.randrange(365)
            enquiries.append((child, start))
            if dice.random() < 0.33:
                held = start + ONE_DAY * dice.choice([*range(10, 30), *range(18, 23), 40, 50])
                conferences.append((child, held))
                if dice.random() < 0.02:
                    conferences.append((child, held + ONE_DAY * dice.randrange(1, 30)))
    return enquiries, conferences


def crowded(dice):
    """Return a year in which every child has six enquiries and four conferences on any days: the worst case."""
    days = [YEAR.first + ONE_DAY * number for number in range(365)]
    enquiries = [(child, day) for child in range(100) for day in dice.sample(days, 6)]
    conferences = [(child, day) for child in range(100) for day in dice.sample(days, 4)]
    return enquiries, conferences


def by_nearest_earlier(enquiries, conferences):
    """Return how many enquiries were followed, and how many there are, as the product counts them."""
    lists = {
        "section_47": [{"child_id": child, "start_date": day} for child, day in enquiries],
        "icpc": [{"child_id": child, "conference_date": day} for child, day in conferences],
    }
    world = oracle.World(read_definitions(), lists, covered_to={"icpc": datetime.date(2026, 1, 1)})
    row = oracle.answer(INFERRED, world, [YEAR])[YEAR.id, ""]
    return row["numerator"], row["denominator"]


def by_greedy_matching(enquiries, conferences):
    """Return how many enquiries find a conference of their own: each takes the earliest that is left."""
    left = defaultdict(list)
    for child, day in sorted(conferences):
        left[child].append(day)
    followed = 0
    for child, start in sorted(enquiries):
        mine = [day for day in left[child] if 0 <= (day - start).days <= WITHIN_DAYS]
        if mine:
            left[child].remove(mine[0])
            followed += 1
    return followed


def shares(make, seed):
    enquiries, conferences = make(random.Random(seed))
    enquiries = sorted(set(enquiries))
    ours, all_ = by_nearest_earlier(enquiries, conferences)
    return 100 * ours / all_, 100 * by_greedy_matching(enquiries, conferences) / all_


@pytest.mark.parametrize(("make", "points"), [(as_in_england, 0.5), (crowded, 3)])
def test_nearest_earlier_links_lie_little_below_greedy_ones(make, points):
    for seed in range(10):
        ours, greedy = shares(make, seed)
        assert ours <= greedy
        assert greedy - ours < points
