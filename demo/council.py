"""The council's lists, one row a child: referrals, assessments, strategy discussions, section 47, plans and reviews."""

import numpy as np
import pandas as pd

from demo.children import Children
from demo.journey import NEVER, Episode

# A review is due within three months, then within six; the usual practice is a little sooner.
FIRST_REVIEW, NEXT_REVIEW = (62, 88), (118, 176)
LATE_REVIEW = 0.045
# Past plans that were before our records or in another council, so that a quarter of plans are not the first.
PLANS_ELSEWHERE = 0.22


def council_lists(children: Children, episodes: list[Episode], rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Return the council's record tables; dates are day numbers and NEVER stands where nothing happened."""
    rows = _rows(episodes)
    s47 = rows[rows["s47"] > 0].copy()
    s47["earlier"] = _earlier(s47["child"].to_numpy(), s47["strategy"].to_numpy())
    conferred_again = (s47["conference"] < NEVER) & (s47["earlier"] > 0) & (rng.random(len(s47)) < 0.3)
    s47["earlier_conferences"] = conferred_again.astype(int)
    plans = _plans(children, rows)
    return {
        "referrals": _referrals(rows),
        "assessments": _assessments(rows, rng),
        "strategy": rows[rows["strategy"] < NEVER].drop_duplicates(["child", "strategy"]),
        "s47": s47.drop_duplicates(["child", "strategy"]),
        "plans": plans,
        "reviews": _reviews(plans, rng),
    }


def _rows(episodes: list[Episode]) -> pd.DataFrame:
    """Return one row for each child of each episode."""
    frame = pd.DataFrame(episodes, columns=Episode._fields)
    frame["episode"] = np.arange(len(frame))
    return frame.explode("children", ignore_index=True).rename(columns={"children": "child"}).astype({"child": int})


def _earlier(child: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return how many rows of the same child lie in the 365 days before each row."""
    # One number that sorts by child and then by day.
    key = child.astype(np.int64) * 100_000 + day
    in_order = np.sort(key)
    return np.searchsorted(in_order, key) - np.searchsorted(in_order, key - 364)


def _referrals(rows: pd.DataFrame) -> pd.DataFrame:
    referrals = rows.drop_duplicates(["child", "referred"]).copy()
    referrals["earlier"] = _earlier(referrals["child"].to_numpy(), referrals["referred"].to_numpy())
    return referrals


def _assessments(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the assessments after referral, and those made anew while a family stays open."""
    first = rows[rows["assessed_from"] < NEVER]
    again = first[first["closed"] > first["authorised"] + 60].copy()
    # Whole families are assessed again, so the chance is the episode's.
    again = again[(again["episode"] * 0.6180339887) % 1 < 0.36]
    wait = 30 + (again["episode"] * 7) % 25
    length = 30 + (again["episode"] * 13) % 33
    again["assessed_from"] = again["authorised"] + wait
    again["authorised"] = again["assessed_from"] + length
    both = pd.concat([first, again]).drop_duplicates(["child", "assessed_from"])
    both["seen"] = rng.random(len(both)) < 0.97
    return both


def _plans(children: Children, rows: pd.DataFrame) -> pd.DataFrame:
    plans = rows[rows["planned"]].rename(columns={"conference": "start", "plan_end": "end"})
    plans = plans.sort_values("start", kind="stable").drop_duplicates(["child", "start"])
    earlier = plans.groupby("child").cumcount().to_numpy()
    # The same for brothers and sisters; a child under one has hardly had time for a plan elsewhere.
    elsewhere = (pd.factorize(plans["episode"])[0] * 0.6180339887) % 1 < PLANS_ELSEWHERE
    aged_one = plans["start"].to_numpy() - children.born[plans["child"]] > 365
    plans["previous"] = np.where(earlier > 0, earlier, (elsewhere & aged_one).astype(int))
    changed = (plans["episode"] * 0.4142135624) % 1 < 0.12
    plans["latest_category"] = np.where(changed, (plans["category"] + 1) % 5, plans["category"])
    return plans.reset_index(drop=True)


def _reviews(plans: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row for each child at each review conference; a family is reviewed together."""
    families = plans.drop_duplicates("episode")
    held = [
        (episode, day)
        for episode, start, end in families[["episode", "start", "end"]].itertuples(index=False)
        for day in _review_days(start, end, rng)
    ]
    reviews = pd.DataFrame(held, columns=["episode", "review"])
    return reviews.merge(plans[["episode", "child", "place", "start", "end"]], on="episode")


def _review_days(start: int, end: int, rng: np.random.Generator) -> list[int]:
    days, day = [], start
    while True:
        limits, overdue = (FIRST_REVIEW, 93) if not days else (NEXT_REVIEW, 186)
        late = rng.random() < LATE_REVIEW
        day += int(rng.integers(overdue, overdue + 25)) if late else int(rng.integers(*limits))
        if day >= end - 25:
            # The plan ends at the last review.
            return [*days, end]
        days.append(_weekday(day))


def _weekday(day: int) -> int:
    # 1970-01-01, day 0, was a Thursday: day 2 of 7 is a Saturday.
    return day - {2: 1, 3: 2}.get(day % 7, 0)
