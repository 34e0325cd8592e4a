"""Who has sent what: received, late, in part, missing and not due, by agency and period."""

import datetime

import pytest

from scorecards.definitions import ExpectedReturn, read_definitions
from scorecards.periods import period_by_id
from scorecards.returns import ReturnState, figures_as_at, read_returns, read_supplied
from tests.seeding import empty_store, land, with_partnership

Q1, Q2 = period_by_id("2025-26-Q1"), period_by_id("2025-26-Q2")
EPISODE = {"child_id": "a", "missing_at": "2025-07-02", "type": "missing", "missing_from": "home"}


def expected(**line):
    settings = {"agency": "police", "every": "quarter", "due_days_after": 8, "from": "2025-07-01", **line}
    return ExpectedReturn.model_validate(settings)


@pytest.fixture
def open_with(sqlite_url):
    """Return a function that opens a store that expects these returns, today."""
    stores = []

    def opened(*lines, today=datetime.date(2025, 10, 14)):
        stores.append(empty_store(sqlite_url, with_partnership(read_definitions(), returns=tuple(lines)), today))
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


def states(store):
    return [(one.agency, one.period.id, one.state, one.days_late) for one in read_returns(store)]


def test_a_return_is_due_so_many_days_after_its_period_and_then_missing(open_with):
    assert states(open_with(expected(records=["missing_episodes"]))) == [("police", Q2.id, ReturnState.MISSING, 6)]


def test_before_it_is_due_it_is_not_missing(open_with):
    store = open_with(expected(records=["missing_episodes"]), today=datetime.date(2025, 10, 8))
    (only,) = read_returns(store)
    assert (only.state, only.due, only.received) == (ReturnState.NOT_DUE, datetime.date(2025, 10, 8), None)


def test_a_full_list_in_time_is_received(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    land(store, {"missing_episodes": [EPISODE]}, ("2025-07-01", "2025-09-30"), received=datetime.date(2025, 10, 8))
    assert states(store) == [("police", Q2.id, ReturnState.RECEIVED, 0)]


def test_a_day_after_it_was_due_it_is_late(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    land(store, {"missing_episodes": []}, ("2025-07-01", "2025-09-30"), received=datetime.date(2025, 10, 9), refused=3)
    (only,) = read_returns(store)
    assert (only.state, only.days_late, only.problem_rows) == (ReturnState.LATE, 1, 3)


def test_a_later_correction_does_not_make_it_late(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    for day in (7, 13):
        land(store, {"missing_episodes": []}, ("2025-07-01", "2025-09-30"), received=datetime.date(2025, 10, day))
    assert states(store) == [("police", Q2.id, ReturnState.RECEIVED, 0)]


def test_two_halves_make_a_whole_on_the_day_of_the_second(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    land(store, {"missing_episodes": []}, ("2025-07-01", "2025-08-15"), received=datetime.date(2025, 10, 1))
    assert states(store) == [("police", Q2.id, ReturnState.PART, 6)]
    land(store, {"missing_episodes": []}, ("2025-08-16", "2025-09-30"), received=datetime.date(2025, 10, 10))
    assert states(store) == [("police", Q2.id, ReturnState.LATE, 2)]


def test_what_is_missing_from_a_partial_return_is_named_with_the_figures_it_feeds(open_with):
    store = open_with(expected(records=["missing_episodes"], kpis=["assaults_recorded"]))
    land(store, {"missing_episodes": []}, ("2025-07-01", "2025-09-30"))
    (only,) = read_returns(store)
    assert (only.state, only.days_late) == (ReturnState.PART, 6)
    assert only.missing == (store.definitions.kpis["assaults_recorded"].title,)
    assert only.without_figure == ("assaults_recorded",)


def test_a_missing_list_leaves_all_its_measures_without_a_figure(open_with):
    (only,) = read_returns(open_with(expected(records=["missing_episodes"])))
    assert only.missing == ("Missing episodes",)
    assert {"missing_home_episodes", "missing_care_children", "missing_repeat_pct"} <= set(only.without_figure)


def test_an_aggregate_is_received_cell_by_cell(open_with):
    store = open_with(expected(kpis=["assaults_recorded"]))
    cell = {"kpi": "assaults_recorded", "period": Q2.id, "numerator": 12, "area": "partnership"}
    land(store, {"aggregate_return": [cell]}, None, agency="police", received=datetime.date(2025, 10, 8))
    assert states(store) == [("police", Q2.id, ReturnState.RECEIVED, 0)]


def test_an_agency_with_two_lines_has_one_return_due_with_the_later(open_with):
    store = open_with(expected(records=["missing_episodes"]), expected(kpis=["assaults_recorded"], due_days_after=20))
    (only,) = read_returns(store)
    assert (only.state, only.due, len(only.missing)) == (ReturnState.NOT_DUE, datetime.date(2025, 10, 20), 2)


def test_only_periods_that_ended_and_begin_after_the_expectation_are_asked_for(open_with):
    assert read_returns(open_with(expected(kpis=["assaults_recorded"], **{"from": "2026-01-01"}))) == ()
    store = open_with(expected(kpis=["assaults_recorded"], **{"from": "2025-04-01"}))
    assert [one.period for one in read_returns(store)] == [Q1, Q2]
    assert [one.period for one in read_returns(store, (Q1,))] == [Q1]


def test_a_figure_is_supplied_by_its_lead_agency_s_newest_submission(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    land(store, {"missing_episodes": []}, ("2025-04-01", "2025-06-30"), received=datetime.date(2025, 7, 8))
    land(store, {"missing_episodes": []}, ("2025-07-01", "2025-09-30"), received=datetime.date(2025, 10, 8))
    land(store, {"missing_episodes": []}, ("2025-07-01", "2025-09-30"), agency="council")
    cell = {"kpi": "assaults_recorded", "period": Q2.id, "numerator": 12, "area": "partnership"}
    land(store, {"aggregate_return": [cell]}, None, agency="police", received=datetime.date(2025, 10, 9))
    supplied = read_supplied(store)
    assert (supplied["missing_episodes"].agency, supplied["missing_episodes"].received) == (
        "police",
        datetime.date(2025, 10, 8),
    )
    assert supplied["kpi:assaults_recorded"].file_name == "version 4.xlsx"


def test_figures_are_as_at_the_day_of_the_newest_file(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    assert figures_as_at(store) is None
    land(store, {"missing_episodes": []}, ("2025-07-01", "2025-09-30"), received=datetime.date(2025, 10, 8))
    assert figures_as_at(store) == datetime.date(2025, 10, 8)
