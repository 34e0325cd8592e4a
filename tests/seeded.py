"""Three and a half years of the demo's partnership in a small store, always the same: for tests of pages."""

import datetime
import shutil
from pathlib import Path

import pytest

from scorecards.definitions import read_definitions
from scorecards.periods import add_months, add_working_days, period_by_id, quarter_of
from scorecards.snapshots import freeze
from tests.seeding import TODAY, empty_store, land

PARTNERSHIP = Path(__file__).parents[1] / "demo" / "partnership.yaml"
FIRST, LAST = "2022-04-01", "2025-09-30"
LOCALITIES = ("north", "south", "east", "west", "vale", "coast", "unknown")
AGES = ("5 to 9", "10 to 15", "unknown")
DATED_BY = {"referrals": "referral_date", "icpc": "conference_date", "cp_plans": "start_date"}
# Of sixty conferences a quarter so many are in time: usual ups and downs, and a fall at the end.
IN_TIME = (50, 51, 49, 52, 50, 51, 49, 50, 51, 49, 52, 50, 51, 33)
SENT_ON = datetime.date(2025, 7, 8)
FROZEN_AT = datetime.datetime(2025, 7, 17, 10, tzinfo=datetime.UTC)


def quarters():
    """Return the quarters that the store has figures of, the oldest first."""
    start = period_by_id("2022-23-Q1").first
    return [quarter_of(add_months(start, 3 * number)) for number in range(len(IN_TIME))]


def days(period, count):
    """Return `count` days over the first two months of a quarter, so that what they lead to still falls into it."""
    length = (period.end - period.first).days * 2 // 3
    return [period.first + datetime.timedelta(days=number * length // count) for number in range(count)]


def lists():
    """Return rows of three lists, each with the day that dates it."""
    referrals, conferences, plans = [], [], []
    for at, period in enumerate(quarters()):
        for number, day in enumerate(days(period, 60)):
            # The late ones are mostly of one locality, which stands out by more than chance.
            locality = "north" if number >= 50 else LOCALITIES[number % 7]
            place = {"locality": locality, "age_band": AGES[number % 3]}
            # Every fifth child comes back each quarter.
            child = {"child_id": f"often {number}" if number % 5 == 0 else f"once {at} {number}"}
            referrals.append({**child, **place, "referral_date": day.isoformat(), "source": "1A"})
            held = add_working_days(day, 10 if number < IN_TIME[at] else 20)
            dates = {"s47_start_date": day.isoformat(), "conference_date": held.isoformat()}
            conferences.append({**child, **place, **dates, "led_to_plan": "yes"})
            ended = add_months(day, 6 + number % 24)
            dates = {"start_date": day.isoformat(), "end_date": ended.isoformat() if ended < TODAY else None}
            plans.append({**child, **place, **dates, "previous_plans": number % 4 // 3})
    return {"referrals": referrals, "icpc": conferences, "cp_plans": plans}


def between(rows, first, last):
    """Return the rows that are dated from `first` to `last`, by list."""
    return {records: [row for row in made if first <= row[DATED_BY[records]] <= last] for records, made in rows.items()}


def make(folder):
    """Make the store in `folder`: all but the last quarter, a snapshot of it, then the last quarter."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = empty_store(None, read_definitions(partnership=PARTNERSHIP))
    rows = lists()
    land(
        store,
        between(rows, FIRST, "2025-06-30"),
        (FIRST, "2025-06-30"),
        agency="council",
        received=SENT_ON,
        touched=None,
    )
    freeze(store, "2025-26-Q1", made_by="tester", made_at=FROZEN_AT)
    land(store, between(rows, "2025-07-01", LAST), ("2025-07-01", LAST), agency="council")
    store.close()


def use(folder, home, monkeypatch):
    """Copy the store that `make` made to a test's own home, and set what opens it."""
    shutil.copytree(folder, home, dirs_exist_ok=True)
    monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(PARTNERSHIP))
    monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())
