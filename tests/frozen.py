"""A small store with three and a half years in it, copied for each test that freezes it."""

import datetime
import shutil
from pathlib import Path

import pytest

from scorecards.definitions import ExpectedReturn, Locality, Population, Target, read_definitions
from scorecards.periods import add_months, period_by_id, quarter_of
from tests.prepared import open_prepared
from tests.seeding import TODAY, empty_store, land, with_partnership

FIRST, LAST = "2022-04-01", "2025-09-30"
# Each of a hundred conferences a quarter, in time or not; the last quarter falls.
IN_TIME = (84, 85, 83, 86, 84, 85, 84, 83, 85, 86, 84, 85, 84, 71)


def definitions():
    """Return the product's own measures in a partnership of two localities, one target and two senders."""
    return with_partnership(
        read_definitions(),
        first_day=datetime.date(2022, 4, 1),
        localities={"north": Locality(title="North"), "south": Locality(title="South")},
        populations=tuple(
            Population(area=area, mid_year=2024, children_0_17=children, release="Estimates of 2025")
            for area, children in (("partnership", 30_000), ("north", 20_000), ("south", 10_000))
        ),
        targets=(
            Target.model_validate(
                {"kpi": "icpc_15wd_pct", "from": "2024-04-01", "green": 82, "amber": 75, "agreed_by": "Executive group"}
            ),
        ),
        returns=(
            ExpectedReturn.model_validate(
                {"agency": "council", "records": ["icpc"], "every": "quarter", "due_days_after": 8, "from": FIRST}
            ),
            ExpectedReturn.model_validate(
                {"agency": "hospital", "kpis": ["ed_self_harm"], "every": "quarter", "due_days_after": 8, "from": FIRST}
            ),
        ),
    )


def quarters():
    first, last = period_by_id("2022-23-Q1"), period_by_id("2025-26-Q2")
    found = [first]
    while found[-1] != last:
        found.append(quarter_of(add_months(found[-1].first, 3)))
    return found


def conferences(shares=IN_TIME):
    """Return a hundred conferences a quarter; in the north they are as often in time as anywhere."""
    rows = []
    for period, share in zip(quarters(), shares, strict=True):
        start = period.first + datetime.timedelta(days=14)
        for number in range(100):
            held = start + datetime.timedelta(days=10 if number < share else 40)
            rows.append(
                {
                    "child_id": f"{period.id} {number}",
                    "s47_start_date": start.isoformat(),
                    "conference_date": held.isoformat(),
                    "locality": "north" if number % 3 else "south",
                    "led_to_plan": "yes" if number % 4 else "no",
                }
            )
    return rows


def referrals():
    """Return eight referrals a month, some of a child who was referred before."""
    rows, number = [], 0
    for period in quarters():
        for month in range(3):
            for _ in range(8):
                number += 1
                day = add_months(period.first, month) + datetime.timedelta(days=number % 27)
                source = ("6", "2A", "=1+1")[number % 3]
                row = {"child_id": f"r {number % 90}", "referral_date": day.isoformat(), "source": source}
                rows.append({**row, "locality": ("north", "south", None)[number % 3]})
    return rows


def make_template(folder: Path) -> None:
    """Make the store and its key in `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = empty_store(f"sqlite:///{folder / 'scorecards.db'}", definitions())
    land(store, {"icpc": conferences(), "referrals": referrals()}, (FIRST, LAST), agency="council")
    sent = [period for period in quarters() if period.id < "2025-26-Q2"]
    cells = [
        {
            "kpi": "ed_self_harm",
            "period": period.id,
            "area": "partnership",
            "numerator": 40.0 + at % 5,
            "provider": name,
        }
        for at, period in enumerate(sent)
        for name in ("Infirmary", "General")
    ]
    land(store, {"aggregate_return": cells}, None, agency="hospital")
    store.close()


def open_copy(template: Path, folder: Path):
    """Return an open copy of the store in `folder`, which is the test's home."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    return open_prepared(f"sqlite:///{folder / 'scorecards.db'}", definitions(), TODAY)
