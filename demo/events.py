"""What others than the council record: contacts to the MASH, missing episodes, return interviews, and counts."""

import datetime

import numpy as np
import pandas as pd

from demo.area import (
    LISTS_FROM,
    OTHERS_FROM,
    PLACES,
    POLICE,
    SCHOOLS,
    SOURCES,
    Quarter,
    as_date,
    contacts_expected,
    quarters,
    working_days_after,
)
from demo.children import ADULT, Children, expand_families, of_age
from demo.journey import NEVER, Episode

DAY = 1440  # minutes
OPEN_SHARE = 0.15  # of contacts, on children who are open already
OUTCOMES = ("nfa", "advice", "early_help", "strategy", "existing", "referral")
RATINGS = ("red", "amber", "green", "blue")


def contacts(
    children: Children, episodes: list[Episode], referrals: pd.DataFrame, rng: np.random.Generator, scale: float
) -> pd.DataFrame:
    """Return one row for each child in each contact since October 2020; times are minutes since 1970."""
    spells = _open_spells(episodes)
    parts = [_quarter_of_contacts(children, spells, referrals, quarter, rng, scale) for quarter in quarters(LISTS_FROM)]
    return pd.concat(parts, ignore_index=True)


def _open_spells(episodes: list[Episode]) -> pd.DataFrame:
    spells = pd.DataFrame(
        [(episode.family, episode.referred, episode.closed) for episode in episodes],
        columns=["family", "first", "after"],
    )
    return spells.sort_values(["family", "first"], ignore_index=True)


def _quarter_of_contacts(children, spells, referrals, quarter: Quarter, rng, scale) -> pd.DataFrame:
    expected = contacts_expected(quarter) * scale * (1 + 0.007 * rng.standard_normal())
    led = _that_led_to_referrals(referrals, quarter, rng)
    already = _on_open_children(children, spells, quarter, expected * OPEN_SHARE, rng)
    others = _on_other_children(children, spells, quarter, expected - len(led) - len(already), rng)
    found = pd.concat([led, already, others], ignore_index=True)
    found = found.drop_duplicates(["child", "at"]).sort_values(["at", "child"], ignore_index=True)
    return _with_decisions(found, quarter, rng)


def _that_led_to_referrals(referrals, quarter, rng) -> pd.DataFrame:
    """Return the contacts behind the referrals of the quarter; one in 25 referrals comes another way."""
    rows = referrals[referrals["referred"].between(quarter.first, quarter.last)]
    of_episode = rng.random(int(rows["episode"].max()) + 1)[rows["episode"]]
    rows, of_episode = rows[of_episode < 0.96], of_episode[of_episode < 0.96]
    minute = 490 + (of_episode * 96_000).astype(int) % 560
    frame = pd.DataFrame({"child": rows["child"], "day": rows["referred"], "at": rows["referred"] * DAY + minute})
    return frame.assign(source=rows["source"], outcome="referral", open_case=False)


def _on_open_children(children, spells, quarter, wanted, rng) -> pd.DataFrame:
    during = spells[(spells["first"] < quarter.last - 2) & (spells["after"] > quarter.first + 2)]
    picked = during.sample(int(wanted * 0.75), replace=True, random_state=rng)
    first = np.maximum(picked["first"] + 1, quarter.first).to_numpy()
    last = np.minimum(picked["after"] - 1, quarter.last).to_numpy()
    day = first + (rng.random(len(picked)) * (last - first + 1)).astype(int)
    frame = _of_families(children, picked["family"].to_numpy(), day, rng)
    frame["outcome"] = np.where(rng.random(len(frame)) < 0.95, "existing", "strategy")
    return _trimmed(frame.assign(open_case=True), wanted, rng)


def _on_other_children(children, spells, quarter, wanted, rng) -> pd.DataFrame:
    weights = np.concatenate(
        [np.full(len(families), place.need) for place, families in zip(PLACES, children.families_of_place, strict=True)]
    )
    count = int(wanted * 1.9) + 40
    family = rng.choice(len(weights), p=weights / weights.sum(), size=count)
    day = _likely_days(quarter, count, rng)
    free = ~_is_open(spells, family, day)
    frame = _of_families(children, family[free], day[free], rng)
    frame["outcome"] = rng.choice(OUTCOMES[:4], p=(0.47, 0.30, 0.22, 0.01), size=len(frame))
    return _trimmed(frame.assign(open_case=False), wanted, rng)


def _trimmed(frame, wanted, rng):
    keep = np.sort(rng.permutation(len(frame))[: max(int(wanted), 0)])
    return frame.iloc[keep]


def _likely_days(quarter: Quarter, count: int, rng) -> np.ndarray:
    """Return days of the quarter; Saturdays and Sundays bring a fifth of a weekday's contacts."""
    days = np.arange(quarter.first, quarter.last + 1)
    weights = np.where((days + 3) % 7 >= 5, 0.2, 1.0)
    return rng.choice(days, p=weights / weights.sum(), size=count)


def _is_open(spells: pd.DataFrame, family: np.ndarray, day: np.ndarray) -> np.ndarray:
    keys = spells["family"].to_numpy() * 100_000 + spells["first"].to_numpy()
    before = np.searchsorted(keys, family * 100_000 + day, side="right") - 1
    same = spells["family"].to_numpy()[before] == family
    return same & (spells["after"].to_numpy()[before] >= day) & (before >= 0)


def _of_families(children: Children, family: np.ndarray, day: np.ndarray, rng) -> pd.DataFrame:
    """Return the children whom contacts about families on those days name, with source and minute."""
    source, minute = _sources(day, rng), _minutes(len(day), rng)
    entry, child = expand_families(children, family)
    named = of_age(children, child, day[entry], youngest=-90) & (rng.random(len(child)) < 0.88)
    entry, child = entry[named], child[named]
    return pd.DataFrame(
        {"child": child, "day": day[entry], "at": day[entry] * DAY + minute[entry], "source": source[entry]}
    )


def _sources(day: np.ndarray, rng) -> np.ndarray:
    shares = np.array([source[4] for source in SOURCES])
    source = rng.choice(len(SOURCES), p=shares / shares.sum(), size=len(day))
    # Schools are shut in August: what would have come from them comes, if at all, from the police.
    august = (day.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12) == 7
    return np.where(august & (source == SCHOOLS) & (rng.random(len(day)) < 0.8), POLICE, source)


def _minutes(count: int, rng) -> np.ndarray:
    """Return minutes of the day: mostly office hours, some evenings."""
    office = 480 + rng.integers(0, 600, size=count)
    return np.where(rng.random(count) < 0.84, office, rng.integers(0, DAY, size=count))


def _with_decisions(found: pd.DataFrame, quarter: Quarter, rng) -> pd.DataFrame:
    """Add decision, rating and out of hours; 93% are decided by the end of the next working day."""
    # One draw for all the children of a contact.
    contact = found["at"].to_numpy() * 20 + found["source"].to_numpy()
    _, of_contact = np.unique(contact, return_inverse=True)
    lots = rng.random((int(of_contact.max()) + 1, 4))[of_contact]
    slow = 0.07 if quarter.label != "Q2 2025/26" else 0.095
    waited = np.select([lots[:, 0] < slow, lots[:, 0] < 0.6], [2 + (lots[:, 1] * 4).astype(int), 1], 0)
    day, minute = found["day"].to_numpy(), found["at"].to_numpy() % DAY
    decided = working_days_after(day, waited)
    # Decisions fall in office hours, and after the contact.
    taken = 20 + (lots[:, 2] * 50).astype(int)
    at = decided * DAY + np.where(decided > day, 540 + taken, np.minimum(minute + taken, DAY - 1))
    rating = np.select([lots[:, 3] < 0.06, lots[:, 3] < 0.34, lots[:, 3] < 0.83], RATINGS[:3], RATINGS[3])
    return found.assign(decided=at, rating=rating, out_of_hours=(minute < 480) | (minute > 1080))


def missing_episodes(children: Children, rng: np.random.Generator, scale: float) -> pd.DataFrame:
    """Return one row for each time a child was reported missing since April 2022; times are minutes since 1970."""
    # The same few children go missing again and again: each keeps a place in the queue for care or home.
    in_queue = rng.permutation(len(children.id))
    parts = [
        part
        for quarter in quarters(OTHERS_FROM)
        for part in (
            _missing(children, in_queue[::2], quarter, "care", 272 * scale, 120 * scale, rng),
            _missing(children, in_queue[1::2], quarter, "home", 268 * scale, 420 * scale, rng),
        )
    ]
    found = pd.concat(parts, ignore_index=True).drop_duplicates(["child", "at"])
    found = _one_at_a_time(found.drop_duplicates(["child", "returned"]))
    return found.sort_values(["at", "child"], ignore_index=True)


def _one_at_a_time(found: pd.DataFrame) -> pd.DataFrame:
    """Return the episodes without those that begin before an earlier one of the same child has ended."""
    in_order = found.sort_values(["child", "at"], ignore_index=True)
    reach = in_order.groupby("child")["returned"].cummax().groupby(in_order["child"]).shift(fill_value=0)
    return in_order[in_order["at"] > reach]


def _missing(children, in_queue, quarter, where, episodes, pool, rng) -> pd.DataFrame:
    is_teen = of_age(children, in_queue, quarter.first, youngest=11 * 365, oldest=ADULT - 92)
    teens = in_queue[is_teen][: max(int(pool), 6)]
    season = {7: 1.08, 10: 0.96, 1: 0.93}.get(as_date(quarter.first).month, 1.03)
    count = int(episodes * season * (1 + 0.05 * rng.standard_normal()))
    weights = 1 / (np.arange(len(teens)) + (2.0 if where == "care" else 25.0))
    child = rng.choice(teens, p=weights / weights.sum(), size=count)
    # Around six in the evening, with some at any hour.
    minute = (1080 + rng.normal(0, 230, size=count)).astype(int) % DAY
    at = rng.integers(quarter.first, quarter.last + 1, size=count) * DAY + minute
    hours = np.exp(rng.normal(np.log(8), 1.15, size=count))
    away = rng.random(count) < (0.22 if where == "care" else 0.03)
    frame = pd.DataFrame({"child": child, "at": at, "returned": at + np.maximum(hours * 60, 20).astype(int)})
    return frame.assign(missing_from=where, away=away, by_other=(where == "care") & (rng.random(count) < 0.13))


def return_interviews(missing: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row for each missing episode that ended: offered, completed and when, or declined."""
    rows = missing[~missing["away"]].reset_index(drop=True)
    quarter = rows["returned"] // DAY // 91
    offered = rng.random(len(rows)) < (0.925 + 0.01 * ((quarter * 7) % 5 - 2))
    completed = offered & (rng.random(len(rows)) < 0.60)
    in_time = rng.random(len(rows)) < 0.63
    hours = np.where(in_time, rng.integers(8, 72, size=len(rows)), rng.integers(74, 260, size=len(rows)))
    done = np.where(completed, rows["returned"] + hours * 60, NEVER * DAY)
    return rows.assign(offered=offered, completed=done, declined=offered & ~completed & (rng.random(len(rows)) < 0.7))


def counts(rng: np.random.Generator, scale: float) -> dict[str, pd.DataFrame]:
    """Return the figures that partners send without children behind them: KPI, period, area and number."""
    return {
        "hospital": _by_quarter("ed_self_harm", {4: 104, 7: 84, 10: 108, 1: 106}, rng, scale),
        "police": _by_quarter("assaults_recorded", {4: 352, 7: 371, 10: 338, 1: 327}, rng, scale),
        "business_unit": _by_quarter("training_attendance", {4: 452, 7: 328, 10: 566, 1: 518}, rng, scale),
        "education": _by_term("perm_exclusions", rng, scale),
    }


def _by_quarter(kpi, levels, rng, scale) -> pd.DataFrame:
    rows = [
        (kpi, quarter.label, round(levels[as_date(quarter.first).month] * (1 + 0.055 * rng.standard_normal()) * scale))
        for quarter in quarters(OTHERS_FROM)
    ]
    return pd.DataFrame(rows, columns=["kpi", "period", "number"])


def _by_term(kpi, rng, scale) -> pd.DataFrame:
    levels = {"Autumn": (46, 55), "Spring": (31, 42), "Summer": (23, 32)}
    rows = [
        (kpi, f"{term} term {year}/{(year + 1) % 100}", round(int(rng.integers(*levels[term])) * scale))
        for year in range(2021, 2025)
        for term in levels
        if datetime.date(year, 9, 1) > datetime.date(2022, 1, 1) or term == "Summer"
    ]
    return pd.DataFrame(rows, columns=["kpi", "period", "number"])
