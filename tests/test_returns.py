"""Who has sent what: received, late, in part, missing and not due, by agency and period."""

import datetime

import pytest

from scorecards.definitions import ExpectedReturn, read_definitions
from scorecards.periods import period_by_id, single_day
from scorecards.returns import (
    ReturnState,
    Stretch,
    awaited_for,
    figures_as_at,
    item_title,
    read_parts,
    read_returns,
    read_supplied,
    record_reason,
    take_back_reason,
)
from scorecards.store import landing
from scorecards.store.schema import submission, withdrawal
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


QUARTER = ("2025-07-01", "2025-09-30")


def only(store, **more):
    (one,) = read_returns(store, **more)
    return one


def cell(kpi="assaults_recorded", period=Q2.id, numerator=12, **more):
    return {"kpi": kpi, "period": period, "numerator": numerator, "area": "partnership", **more}


def send(store, *cells, day, agency="police"):
    return land(store, {"aggregate_return": list(cells)}, None, agency=agency, received=datetime.date(2025, 10, day))


def withdraw(store, number):
    """Take back the submission that landed as the version of this number."""
    with landing(store, "tester", "Withdrawn") as landed:
        found = landed.connection.execute(submission.select().where(submission.c.landed_in == number)).one()
        landed.connection.execute(
            withdrawal.insert().values(submission_id=found.id, why="Sent by mistake", landed_in=landed.version)
        )
        for table in store.lists.values():
            mine = table.c.submission_id == found.id
            landed.connection.execute(table.update().where(mine).values(superseded_in=landed.version))
    return landed.version


def test_what_was_withdrawn_has_not_come(open_with):
    store = open_with(expected(records=["missing_episodes"], kpis=["assaults_recorded"]))
    lists = land(store, {"missing_episodes": [EPISODE]}, QUARTER, received=datetime.date(2025, 10, 6))
    figures = send(store, cell(), day=6)
    assert only(store).state is ReturnState.RECEIVED
    withdraw(store, lists)
    assert only(store).missing == ("Missing episodes",)
    withdraw(store, figures)
    assert (only(store).state, len(only(store).missing)) == (ReturnState.MISSING, 2)
    assert read_supplied(store) == {}
    assert figures_as_at(store) != datetime.date(2025, 10, 6)


def test_at_an_earlier_version_a_return_stands_as_it_stood_then(open_with):
    store = open_with(expected(records=["missing_episodes"], kpis=["assaults_recorded"]))
    lists = land(store, {"missing_episodes": [EPISODE]}, QUARTER, received=datetime.date(2025, 10, 6))
    figures = send(store, cell(), day=6)
    withdraw(store, lists)
    found = [only(store, version=version).state for version in (lists, figures, None)]
    assert found == [ReturnState.PART, ReturnState.RECEIVED, ReturnState.PART]
    assert only(store, version=lists).missing == (store.definitions.kpis["assaults_recorded"].title,)


def test_a_figure_that_is_corrected_later_is_not_late(open_with):
    store = open_with(expected(kpis=["assaults_recorded"]))
    first = send(store, cell(), day=7)
    with landing(store, "tester", "Superseded") as landed:
        table = store.lists["aggregate_return"]
        landed.connection.execute(table.update().values(superseded_in=landed.version))
    assert only(store).state is ReturnState.MISSING
    send(store, cell(numerator=13), day=13)
    assert (only(store).state, only(store).received) == (ReturnState.RECEIVED, datetime.date(2025, 10, 7))
    assert only(store, version=first).state is ReturnState.RECEIVED


@pytest.mark.parametrize(
    "sent",
    [
        cell(area="north"),  # a locality's figure is not the partnership's
        cell(breakdown="agency", group="mash"),
        cell(basis="rolling_12_months"),
        cell(period="2025-26-Q1"),
        cell(kpi="ed_self_harm"),
    ],
)
def test_only_the_figure_of_the_whole_for_the_period_itself_counts(open_with, sent):
    store = open_with(expected(kpis=["assaults_recorded"]))
    send(store, sent, day=7)
    assert only(store).state is ReturnState.MISSING


def test_a_figure_without_an_area_is_the_whole_partnership_s(open_with):
    store = open_with(expected(kpis=["assaults_recorded"]))
    send(store, cell(area=None), day=7)
    assert only(store).state is ReturnState.RECEIVED


def test_three_months_make_the_quarter_and_two_are_a_part_of_it(open_with):
    store = open_with(expected(kpis=["assaults_recorded"]))
    send(store, cell(period="2025-07"), cell(period="2025-08"), day=6)
    assert (only(store).state, only(store).days_late) == (ReturnState.PART, 6)
    send(store, cell(period="2025-09"), day=10)
    assert (only(store).state, only(store).days_late) == (ReturnState.LATE, 2)


@pytest.mark.parametrize(
    ("sent", "state", "expected_then"),
    [
        ({"numerator_symbol": "c"}, ReturnState.RECEIVED, None),  # it was counted, and is withheld
        ({"value_symbol": "<5"}, ReturnState.RECEIVED, None),
        ({"numerator_symbol": "z"}, ReturnState.RECEIVED, None),
        ({"numerator_symbol": "x"}, ReturnState.NOT_SUPPLIED, None),
        ({"numerator_symbol": "x", "available_from": "2025-26-Q3"}, ReturnState.NOT_SUPPLIED, "Q3 2025/26"),
        ({"available_from": "2025-11"}, ReturnState.NOT_SUPPLIED, "November 2025"),
    ],
)
def test_a_sign_in_place_of_a_number_is_an_answer_or_says_that_there_is_none(open_with, sent, state, expected_then):
    store = open_with(expected(kpis=["assaults_recorded"]))
    send(store, cell(numerator=None, **sent), day=7)
    one = only(store)
    labels = [absence.expected.label if absence.expected else None for absence in one.absent]
    assert (one.state, labels) == (state, [] if state is ReturnState.RECEIVED else [expected_then])


def test_rows_refused_count_until_their_days_are_sent_again(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    july, rest = ("2025-07-01", "2025-07-31"), ("2025-08-01", "2025-09-30")
    land(store, {"missing_episodes": []}, july, refused=3)
    land(store, {"missing_episodes": []}, rest, refused=2)
    assert only(store).problem_rows == 5
    land(store, {"missing_episodes": []}, july)
    assert only(store).problem_rows == 2
    land(store, {"missing_episodes": []}, QUARTER)
    assert only(store).problem_rows == 0


def test_a_list_that_came_in_part_says_which_days_are_missing(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    land(store, {"missing_episodes": []}, ("2025-07-08", "2025-08-31"))
    (absence,) = only(store).absent
    day = datetime.date
    assert absence.lacks == (
        Stretch(day(2025, 7, 1), day(2025, 7, 7)), Stretch(day(2025, 9, 1), day(2025, 9, 30)),
    )  # fmt: skip


def test_a_measure_that_has_a_figure_all_the_same_is_not_said_to_have_none(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    assert "missing_home_episodes" in only(store).without_figure
    land(store, {"missing_episodes": [EPISODE]}, ("2025-07-01", "2025-08-31"))
    assert only(store).state is ReturnState.PART
    assert "missing_home_episodes" not in only(store).without_figure  # it has one, of a part of the period


def test_rows_of_an_agency_that_does_not_lead_on_a_list_leave_nothing_without_a_figure(open_with):
    one = only(open_with(expected(agency="council", records=["missing_episodes"])))
    assert (one.state, one.without_figure) == (ReturnState.MISSING, ())


def test_a_measure_that_needs_two_lists_waits_for_the_second_too(open_with):
    one = only(open_with(expected(agency="council", records=["cp_reviews"])))
    assert one.without_figure[0] == "cpp_reviewed_on_time_pct"


def test_of_two_lines_for_the_same_list_the_later_one_says_when_it_is_due(open_with):
    lines = [expected(records=["missing_episodes"], due_days_after=days, **{"from": start})
             for days, start in ((30, "2025-07-01"), (3, "2025-04-01"))]  # fmt: skip
    found = [(one.period.id, one.due) for one in read_returns(open_with(*lines))]
    assert found == [("2025-26-Q2", datetime.date(2025, 10, 30)), ("2025-26-Q1", datetime.date(2025, 7, 3))]


class TestReasons:
    """What an agency says it cannot send, and when it will."""

    @pytest.fixture
    def store(self, open_with):
        return open_with(expected(records=["missing_episodes"], kpis=["assaults_recorded"]))

    def say(self, store, item, why="A new system", on=None):
        record_reason(store, "police", Q2.id, item, why, on, "Ana")

    def said(self, store):
        return {absence.item: (absence.reason, absence.expected) for absence in only(store).absent}

    def test_a_reason_for_the_whole_return_is_one_for_each_of_its_parts(self, store):
        self.say(store, "", on=datetime.date(2025, 10, 20))
        day = single_day(datetime.date(2025, 10, 20))
        assert only(store).state is ReturnState.NOT_SUPPLIED
        assert self.said(store) == {
            "missing_episodes": ("A new system", day), "kpi:assaults_recorded": ("A new system", day),
        }  # fmt: skip

    def test_a_part_s_own_reason_goes_before_that_of_the_whole(self, store):
        self.say(store, "")
        self.say(store, "missing_episodes", "The extract failed")
        assert self.said(store)["missing_episodes"] == ("The extract failed", None)

    def test_while_one_part_is_unexplained_the_return_is_missing(self, store):
        self.say(store, "missing_episodes")
        assert only(store).state is ReturnState.MISSING
        assert only(store).days_late == 6

    def test_the_newest_reason_holds_and_once_taken_back_none_does(self, store):
        self.say(store, "missing_episodes")
        self.say(store, "missing_episodes", "Still the new system", datetime.date(2025, 11, 3))
        assert self.said(store)["missing_episodes"][0] == "Still the new system"
        take_back_reason(store, "police", Q2.id, "missing_episodes", "Ana")
        assert self.said(store)["missing_episodes"] == ("", None)

    def test_a_return_that_came_in_part_stays_one_and_tells_the_reason_for_the_rest(self, store):
        land(store, {"missing_episodes": []}, QUARTER)
        self.say(store, "kpi:assaults_recorded")
        assert only(store).state is ReturnState.PART
        assert self.said(store) == {"kpi:assaults_recorded": ("A new system", None)}

    def test_a_reason_does_not_hold_for_another_agency_or_period(self, open_with):
        store = open_with(expected(records=["missing_episodes"], **{"from": "2025-04-01"}))
        self.say(store, "")
        assert [one.state for one in read_returns(store)] == [ReturnState.MISSING, ReturnState.NOT_SUPPLIED]

    def test_a_recorded_day_goes_before_the_one_that_the_agency_sent(self, store):
        send(store, cell(numerator=None, available_from="2025-26-Q3"), day=7)
        assert self.said(store)["kpi:assaults_recorded"] == ("", period_by_id("2025-26-Q3"))
        self.say(store, "kpi:assaults_recorded", on=datetime.date(2025, 10, 30))
        assert self.said(store)["kpi:assaults_recorded"][1] == single_day(datetime.date(2025, 10, 30))


def test_what_a_figure_waits_for_is_told_with_the_newest_first(open_with):
    store = open_with(expected(records=["missing_episodes"], **{"from": "2025-04-01"}), expected(kpis=["ed_self_harm"]))
    returns, year = read_returns(store), period_by_id("2025-26-Q2-R12")
    waits = awaited_for(returns, store.definitions, "missing_home_episodes", year)
    assert [(one.who, one.period, one.absence.item) for one in waits] == [
        ("Police", Q2, "missing_episodes"), ("Police", Q1, "missing_episodes"),
    ]  # fmt: skip
    assert [one.period for one in awaited_for(returns, store.definitions, "missing_home_episodes", Q1)] == [Q1]
    assert awaited_for(returns, store.definitions, "cpp_open", Q2) == ()


def test_a_list_or_measure_that_is_no_longer_defined_goes_by_its_name(open_with):
    definitions = open_with().definitions
    assert [item_title(definitions, item) for item in ("gone", "kpi:gone", "kpi:assaults_recorded")] == [
        "gone", "gone", "Recorded assaults on children",
    ]  # fmt: skip


def test_periods_that_have_begun_have_parts_that_are_not_due_yet(open_with):
    store = open_with(expected(records=["missing_episodes"]))
    with store.read() as connection:
        parts = read_parts(store, connection)
    assert [(one.period.id, one.due.isoformat(), one.is_on_time) for one in parts] == [
        ("2025-26-Q2", "2025-10-08", False), ("2025-26-Q3", "2026-01-08", False),
    ]  # fmt: skip
