"""Measure kinds from landed rows to figures: what coverage makes of them, and which rows they rest on."""

from contextlib import ExitStack, closing

import pytest

from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id
from scorecards.provenance import read_provenance
from scorecards.series import Status, read_points
from tests.measuring import kpi_with, measure
from tests.seeding import empty_store, land

QUARTER = ("2025-04-01", "2025-06-30")
Q1 = period_by_id("2025-26-Q1")


@pytest.fixture
def store_with(sqlite_url):
    """Return a function that opens a store with one KPI of a drawn measure, called `drawn`."""
    with ExitStack() as opened:

        def opener(settings, **changes):
            real = read_definitions()
            kpi = kpi_with(measure(settings), definitions=real).model_copy(update=changes)
            alone = real.model_copy(update={"kpis": {"drawn": kpi}})
            return opened.enter_context(closing(empty_store(sqlite_url, alone)))

        yield opener


def figure(store, period=Q1, **more):
    """Return the drawn KPI's figure of a period."""
    points = read_points(store, ["drawn"], **more)["drawn", period.kind]
    return next(point for point in points if point.period == period)


def rows_of(store, period=Q1):
    """Return the sheet rows that the drawn KPI's figure rests on, and the lists in which they were looked up."""
    found = read_provenance(store, store.definitions.kpis["drawn"], period)
    ranges = [span for source in found.sources for span in source.ranges]
    return ranges, [one.records for one in found.looked_up]


def plan(child, start, end=None, **more):
    return {"child_id": child, "start_date": start, "end_date": end, **more}


def test_a_figure_of_the_newest_open_rows_rests_on_these_alone(store_with):
    store = store_with("""{kind: stock, records: cp_plans, open_from: start_date, open_to: end_date,
                           latest_only: child_id, where: [{column: latest_category, is: [NEG]}]}""")
    rows = [
        plan("a", "2025-04-01", latest_category="NEG"),
        plan("a", "2025-05-01", latest_category="NEG"),
        plan("b", "2025-05-01", latest_category="NEG"),
        plan("b", "2025-05-02", latest_category="EMO"),
    ]
    land(store, {"cp_plans": rows}, QUARTER)
    assert figure(store).value == 1
    assert rows_of(store) == ([(3, 3)], [])


def referral(child, day, **more):
    return {"child_id": child, "referral_date": day, "source": "6", **more}


def test_a_total_without_rows_is_nought_and_one_of_blanks_is_not_supplied(store_with):
    store = store_with("{kind: sum, records: referrals, dated_by: referral_date, column: referrals_last_12m}")
    rows = [referral("a", "2025-04-02", referrals_last_12m=3), referral("b", "2025-04-02"), referral("c", "2025-05-02")]
    land(store, {"referrals": rows}, QUARTER)
    months = [figure(store, period_by_id(f"2025-0{month}")) for month in (4, 5, 6)]
    assert [(one.value, one.excluded, one.status) for one in months] == [
        (3, 1, Status.FINAL), (None, 1, Status.NOT_SUPPLIED), (0, 0, Status.FINAL),
    ]  # fmt: skip
    assert rows_of(store, months[0].period) == ([(2, 3)], [])
