"""The fictional area: its localities and teams, its calendar, its levels, and the stories its figures tell."""

import datetime
from typing import NamedTuple

import holidays
import numpy as np

# The day on which the demo is read; nothing here looks at the clock.
DEMO_TODAY = datetime.date(2025, 10, 14)

# Families are followed from here on, so that the first day of the files already has plans years old.
FOLLOWED_FROM = datetime.date(2018, 1, 1)
LISTS_FROM = datetime.date(2020, 10, 1)  # council and MASH lists: 20 quarters
OTHERS_FROM = datetime.date(2022, 4, 1)  # missing episodes, interviews and aggregates: 14 quarters
LAST_DAY = datetime.date(2025, 9, 30)

EPOCH = datetime.date(1970, 1, 1)


class Place(NamedTuple):
    """One locality: `need` is its referrals per child against the area, `returning` its usual re-referral share."""

    id: str
    title: str
    children: int
    need: float
    returning: float
    districts: tuple[str, ...]


PLACES = (
    Place("north", "North", 34600, 1.08, 0.205, ("Highmoor", "Netherfold", "Calder Rise", "Thornmere", "Askrigg Fell")),
    Place("south", "South", 26300, 0.84, 0.195, ("Millbrook Cross", "Larkfield Green", "Ashdene", "Stanner Hill")),
    Place("east", "East", 23800, 1.24, 0.205, ("Dockside", "Ropewalk", "Tanners Row", "Eastgate Park")),
    Place("west", "West", 18900, 0.95, 0.205, ("Westing", "Hollowell", "Pound Lane", "Furze Common")),
    Place("vale", "Vale", 12000, 0.62, 0.175, ("Vale Bridge", "Upper Wenlow", "Wenlow St Mary")),
    Place("coast", "Coast", 15100, 1.18, 0.215, ("Saltby Quay", "Marram Point", "Gull Sands")),
)

# England, year to March 2025, children referred to social care per 10,000.
REFERRALS_PER_10000 = 519
# Some 1.7 children are named in one referral of a family.
CHILDREN_PER_REFERRAL = 1.72

# What Department for Education source codes look like in Annex A and in the MASH's own log, with the
# share of referrals and of other contacts that come from each.
SOURCES = (
    ("6", "q) 6: Police", "Police", 0.29, 0.36),
    ("2A", "e) 2A: Schools", "Schools", 0.20, 0.17),
    ("2B", "f) 2B: Education services", "Education services", 0.03, 0.03),
    ("3A", "g) 3A: Health services", "GP", 0.03, 0.03),
    ("3B", "h) 3B: Health services", "Health visitor", 0.03, 0.03),
    ("3E", "k) 3E: Health services", "A&E", 0.04, 0.05),
    ("3F", "l) 3F: Health services", "Other health services", 0.05, 0.05),
    ("5A", "n) 5A: LA services", "Council social care", 0.08, 0.04),
    ("5B", "o) 5B: LA services", "Other council departments", 0.04, 0.04),
    ("5C", "p) 5C: LA services", "Other councils", 0.03, 0.02),
    ("1A", "a) 1A: Individual", "Family member, relative or carer", 0.06, 0.06),
    ("1B", "b) 1B: Individual", "Acquaintance, neighbour or child minder", 0.02, 0.03),
    ("4", "m) 4: Housing", "Housing", 0.02, 0.03),
    ("7", "r) 7: Other legal agency", "Other legal agency", 0.03, 0.02),
    ("8", "s) 8: Other", "Other", 0.03, 0.02),
    ("9", "t) 9: Anonymous", "Anonymous", 0.02, 0.02),
)
POLICE, SCHOOLS = 0, 1

ETHNICITIES = ("a) WBRI", "d) WOTH", "f) MWBC", "i) MOTH", "k) APKN", "m) AOTH", "o) BAFR", "r) OOTH", "s) REFU")
ETHNICITY_SHARES = (0.66, 0.06, 0.05, 0.05, 0.06, 0.03, 0.04, 0.02, 0.03)

CATEGORIES = ("NEG", "EMO", "PHY", "SAB", "MUL")
CATEGORY_SHARES = (0.49, 0.36, 0.07, 0.04, 0.04)

WITHOUT_PLACE = ("Children with Disabilities Team", "Emergency Duty Team")


class Quarter(NamedTuple):
    """One quarter: its label as partners write it, and its first and last day as day numbers."""

    label: str
    first: int
    last: int


def day_number(day: datetime.date) -> int:
    """Return the days since 1970-01-01."""
    return (day - EPOCH).days


def as_date(day: int) -> datetime.date:
    """Return the date of a day number."""
    return EPOCH + datetime.timedelta(days=int(day))


def quarters(since: datetime.date, until: datetime.date = LAST_DAY) -> list[Quarter]:
    """Return the quarters from `since`, a first day of one, to `until`, a last day of one."""
    found = []
    while since < until:
        after = datetime.date(since.year + since.month // 10, (since.month + 2) % 12 + 1, 1)
        found.append(Quarter(quarter_label(since), day_number(since), day_number(after) - 1))
        since = after
    return found


def quarter_label(day: datetime.date) -> str:
    """Return the quarter of the financial year, such as Q2 2025/26."""
    year = day.year if day.month >= 4 else day.year - 1
    return f"Q{(day.month - 4) % 12 // 3 + 1} {year}/{(year + 1) % 100:02d}"


def _working_days() -> np.ndarray:
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=range(2017, 2031))
    days = np.arange("2017-01-01", "2031-01-01", dtype="datetime64[D]")
    free = np.array(sorted(bank_holidays), dtype="datetime64[D]")
    return days[np.is_busday(days, holidays=free)].astype(np.int64)


WORKING_DAYS = _working_days()


def working_days_after(day, count):
    """Return the `count`-th working day after `day`; 0 is the day itself, or the next working day."""
    later = WORKING_DAYS[np.searchsorted(WORKING_DAYS, day, side="right") + np.maximum(count, 1) - 1]
    same = WORKING_DAYS[np.searchsorted(WORKING_DAYS, day, side="left")]
    return np.where(np.equal(count, 0), same, later)


def team_names(place: Place) -> dict[str, tuple[str, ...]]:
    """Return a locality's teams by what they do."""
    return {
        "assessment": tuple(f"{place.title} Assessment Team {number}" for number in (1, 2)),
        "safeguarding": tuple(f"{place.title} Safeguarding Team {number}" for number in (1, 2, 3)),
    }


# The stories, as shares by locality and day. A share between two days is read off the line between them.


def _between(day: int, points: tuple[tuple[str, float], ...]) -> float:
    days = [day_number(datetime.date.fromisoformat(text)) for text, _ in points]
    return float(np.interp(day, days, [share for _, share in points]))


def returning_share(place: Place, day: int) -> float:
    """Return the share of referrals that come back within a year; in East it climbs."""
    if place.id != "east":
        return place.returning
    return _between(day, (("2023-07-01", 0.205), ("2024-04-01", 0.25), ("2025-09-30", 0.35)))


# Conferences after day 15 while North had too few chairs, by the day of the section 47.
NORTH_SHORT_OF_CHAIRS = (
    ("2024-09-10", "2025-03-09", 0.58),
    ("2025-03-10", "2025-06-04", 0.34),
    ("2025-06-05", "2025-09-30", 0.66),
)


def late_conference_share(place: Place, day: int) -> float:
    """Return the share of conferences after day 15, by the day of the section 47: North lost its chairs twice."""
    if place.id == "north":
        for first, last, share in NORTH_SHORT_OF_CHAIRS:
            if day_number(datetime.date.fromisoformat(first)) <= day <= day_number(datetime.date.fromisoformat(last)):
                return share
    return 0.165


def drifting_plan_share(day: int) -> float:
    """Return the share of plans started on `day` that are still open years later."""
    return 0.033 if day_number(datetime.date(2022, 7, 1)) <= day <= day_number(datetime.date(2024, 3, 31)) else 0.0


CONTACTS_LEVEL = (("2020-10-01", 7000), ("2022-04-01", 7250), ("2024-07-01", 7420), ("2025-07-01", 8190))


def contacts_expected(quarter: Quarter) -> float:
    """Return the contacts of one quarter in the whole area; the latest is 9% above the same quarter a year ago."""
    season = {1: 1.0, 4: 1.01, 7: 0.96, 10: 1.02}[as_date(quarter.first).month]
    return _between(quarter.first, CONTACTS_LEVEL) * season
