"""Measure kinds from landed rows to figures: what coverage makes of them, and which rows they rest on."""

from contextlib import ExitStack, closing

import pytest

from scorecards.definitions import Locality, Population, read_definitions
from scorecards.format import base
from scorecards.narrative.statuses import status_sentence
from scorecards.periods import period_by_id
from scorecards.provenance import read_provenance
from scorecards.scorecard import interval_of
from scorecards.series import FedBy, Note, Status, read_points
from tests.measuring import kpi_with, measure
from tests.seeding import empty_store, land, with_partnership

QUARTER = ("2025-04-01", "2025-06-30")
Q1 = period_by_id("2025-26-Q1")


@pytest.fixture
def store_with(sqlite_url):
    """Return a function that opens a store with one KPI of a drawn measure, called `drawn`."""
    with ExitStack() as opened:

        def opener(settings, partnership=None, **changes):
            real = with_partnership(read_definitions(), **(partnership or {}))
            kpi = kpi_with(measure(settings), definitions=real).model_copy(update=changes)
            alone = real.model_copy(update={"kpis": {"drawn": kpi}})
            return opened.enter_context(closing(empty_store(sqlite_url, alone)))

        yield opener


def figure(store, period=Q1, **more):
    """Return the drawn KPI's figure of a period."""
    points = read_points(store, ["drawn"], **more)["drawn", period.kind]
    return next(point for point in points if point.period == period)


def rows_of(store, period=Q1, **group):
    """Return the sheet rows that the drawn KPI's figure rests on, and the lists in which they were looked up."""
    found = read_provenance(store, store.definitions.kpis["drawn"], period, **group)
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


RATIO = """{kind: ratio, records: section_47, dated_by: start_date,
            over: {records: strategy_discussions, dated_by: held_date, counts: discussions}}"""


def enquiry(child, day, **more):
    return {"child_id": child, "start_date": day, **more}


def discussion(child, day, **more):
    return {"child_id": child, "held_date": day, **more}


def test_a_ratio_may_be_more_than_100_and_has_no_range_of_chance(store_with):
    store = store_with(RATIO, unit="per_100", counts="enquiries", aggregation="pool")
    held = [discussion("a", "2025-05-01"), discussion("b", "2025-06-30")]
    land(
        store, {"section_47": [enquiry(child, "2025-04-01") for child in "abc"], "strategy_discussions": held}, QUARTER
    )
    point, kpi = figure(store), store.definitions.kpis["drawn"]
    assert (point.value, point.status, interval_of(kpi, point)) == (150, Status.FINAL, None)
    assert base(kpi, point) == "3 enquiries to 2 discussions"
    assert rows_of(store) == ([(2, 3), (2, 4)], [])
    nothing_below = figure(store, period_by_id("2025-04"))
    assert (nothing_below.value, nothing_below.status) == (None, Status.NOT_APPLICABLE)
    assert "no discussions to measure" in status_sentence(nothing_below, kpi)


def test_a_ratio_needs_both_lists_for_the_same_days(store_with):
    store = store_with(RATIO, unit="per_100", aggregation="pool")
    land(store, {"section_47": [enquiry("a", "2025-04-01")]}, QUARTER)
    assert figure(store).status is Status.NOT_SUBMITTED
    land(store, {"strategy_discussions": [discussion("a", "2025-04-01")]}, ("2025-04-01", "2025-05-31"))
    assert figure(store).status is Status.NOT_SUBMITTED
    assert figure(store, period_by_id("2025-04")).status is Status.FINAL
    land(store, {"strategy_discussions": [discussion("a", "2025-06-01")]}, ("2025-06-01", "2025-06-30"))
    assert (figure(store).value, figure(store).status) == (50, Status.FINAL)


def test_a_ratio_of_a_part_of_the_days_says_so_where_both_lists_are_of_that_part(store_with):
    store = store_with(RATIO, unit="per_100", aggregation="pool")
    rows = {"section_47": [enquiry("a", "2025-04-01")], "strategy_discussions": [discussion("a", "2025-04-01")]}
    land(store, rows, ("2025-04-01", "2025-05-31"))
    assert (figure(store).value, figure(store).note) == (100, Note.PART_COVERED)


def test_rows_refused_in_either_list_of_a_ratio_make_it_provisional(store_with):
    store = store_with(RATIO, unit="per_100", aggregation="pool")
    land(store, {"section_47": [enquiry("a", "2025-04-01")]}, QUARTER)
    land(store, {"strategy_discussions": [discussion("a", "2025-04-01")]}, QUARTER, refused=1)
    assert (figure(store).value, figure(store).note) == (100, Note.ROWS_REFUSED)


def test_a_ratio_of_one_list_by_two_dates_rests_on_the_rows_of_both(store_with):
    store = store_with(
        """{kind: ratio, records: contacts, dated_by: decided_at, where: [{column: outcome, is: [referral]}],
            over: {records: contacts, dated_by: contact_at, counts: contacts}}""",
        unit="per_100",
        aggregation="pool",
    )
    contacts = [
        {"child_id": "a", "contact_at": "2025-03-31", "decided_at": "2025-04-01", "outcome": "referral"},
        {"child_id": "b", "contact_at": "2025-03-31", "decided_at": "2025-04-01", "outcome": "nfa"},
        {"child_id": "c", "contact_at": "2025-04-01", "decided_at": "2025-07-01", "outcome": "referral"},
    ]
    land(store, {"contacts": [{"source": "6", **row} for row in contacts]}, ("2025-01-01", "2025-06-30"))
    assert (figure(store).numerator, figure(store).denominator) == (1, 1)
    assert rows_of(store) == ([(2, 2), (4, 4)], [])


RECENT = """{kind: recent, records: cp_plans, open_from: start_date, open_to: end_date, date: last_visit_date,
             limit: {working_days: 15}, blank: left_out}"""


def test_a_figure_of_the_last_visit_is_provisional_where_rows_were_brought_up_to_date_since(store_with):
    store = store_with(RECENT, unit="percent", aggregation="latest")
    rows = [
        plan("a", "2025-04-01", last_visit_date="2025-06-20"),
        plan("b", "2025-04-01"),
        plan("c", "2025-06-25"),
        plan("d", "2025-04-01", last_visit_date="2025-05-20"),
    ]
    land(store, {"cp_plans": rows}, QUARTER)
    point = figure(store)
    assert (point.value, point.numerator, point.denominator, point.excluded) == (50, 1, 2, 1)
    assert (point.status, interval_of(store.definitions.kpis["drawn"], point).method) == (Status.FINAL, "Wilson")
    assert rows_of(store) == ([(2, 3), (5, 5)], [])
    rows[0]["last_visit_date"] = "2025-07-01"
    land(store, {"cp_plans": rows[:1]}, ("2025-07-01", "2025-07-02"), touched=None)
    assert figure(store).note is Note.SENT_SINCE


def test_a_figure_of_the_last_visit_without_a_known_date_is_not_supplied(store_with):
    store = store_with(RECENT, unit="percent", aggregation="latest")
    land(store, {"cp_plans": [plan("a", "2025-04-01"), plan("b", "2025-04-01", last_visit_date="2025-07-01")]}, QUARTER)
    assert (figure(store).value, figure(store).status) == (None, Status.NOT_SUPPLIED)
    land(store, {"cp_plans": []}, ("2025-01-01", "2025-03-31"))
    before = figure(store, period_by_id("2024-25-Q4"))
    assert (before.value, before.status) == (None, Status.NOT_APPLICABLE)


def test_children_of_one_list_who_are_in_another_need_both_for_the_whole_period(store_with):
    store = store_with(
        """{kind: during, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
            had: {records: missing_episodes, dated_by: missing_at}}""",
        unit="percent",
        aggregation="recompute",
    )
    plans = [plan("a", "2024-01-01"), plan("b", "2025-04-01", "2025-04-02"), plan("c", "2025-07-01")]
    land(store, {"cp_plans": plans}, ("2024-01-01", "2025-07-01"))
    assert figure(store).status is Status.NOT_SUBMITTED
    missing = {"child_id": "a", "missing_at": "2025-04-01", "type": "missing", "missing_from": "care"}
    land(store, {"missing_episodes": [missing]}, ("2025-04-01", "2025-04-30"))
    assert figure(store).status is Status.NOT_SUBMITTED
    land(store, {"missing_episodes": [missing]}, QUARTER)
    point = figure(store)
    assert (point.value, point.denominator, point.status) == (50, 2, Status.FINAL)
    assert interval_of(store.definitions.kpis["drawn"], point).method == "Wilson"
    assert rows_of(store) == ([(2, 3)], ["missing_episodes"] * 2)


def test_a_change_rests_on_the_rows_that_have_one_before(store_with):
    store = store_with(
        """{kind: change, records: referrals, dated_by: referral_date, who: child_id, column: referrals_last_12m,
            direction: lower}""",
        unit="percent",
        aggregation="pool",
    )
    rows = [
        referral("a", "2025-04-01", referrals_last_12m=2),
        referral("a", "2025-04-02", referrals_last_12m=1),
        referral("a", "2025-04-03"),
        referral("b", "2025-04-03", referrals_last_12m=2),
    ]
    land(store, {"referrals": rows}, QUARTER)
    point = figure(store)
    assert (point.value, point.denominator, point.excluded, point.status) == (100, 1, 1, Status.FINAL)
    assert rows_of(store) == ([(3, 4)], [])
    land(store, {"referrals": []}, ("2024-01-01", "2024-12-31"))
    before = figure(store, period_by_id("2024-25-Q1"))
    assert (before.value, before.status) == (None, Status.NOT_APPLICABLE)


def test_groups_of_rows_rest_on_all_the_rows_of_those_that_began_in_the_period(store_with):
    store = store_with(
        """{kind: every, records: assessments, dated_by: start_date, group_by: child_id,
            numerator: [{column: child_seen, is: ["yes"]}]}""",
        unit="percent",
        aggregation="pool",
    )
    rows = [
        {"child_id": "a", "start_date": "2025-06-30", "child_seen": "yes"},
        {"child_id": "a", "start_date": "2025-07-01", "child_seen": "no"},
        {"child_id": "b", "start_date": "2025-06-30", "child_seen": "yes"},
        {"child_id": "c", "start_date": "2025-07-01", "child_seen": "yes"},
    ]
    land(store, {"assessments": rows}, ("2025-04-01", "2025-07-31"))
    assert (figure(store).value, figure(store).denominator) == (50, 2)
    assert rows_of(store) == ([(2, 4)], [])


def test_links_are_not_judged_where_the_days_before_are_not_held(store_with):
    store = store_with(
        """{kind: preceded, records: icpc, dated_by: conference_date, who: child_id,
            by: {records: section_47, dated_by: start_date}, within_days: 30}""",
        unit="percent",
        aggregation="pool",
    )
    land(store, {"icpc": [{"child_id": "a", "conference_date": "2025-04-10"}]}, QUARTER)
    assert figure(store).status is Status.NOT_SUBMITTED
    land(store, {"section_47": [enquiry("a", "2025-04-01")]}, ("2025-03-03", "2025-06-30"))
    assert (figure(store).value, figure(store).status) == (None, Status.HISTORY_INCOMPLETE)
    land(store, {"section_47": []}, ("2025-03-02", "2025-03-02"))
    assert (figure(store).value, figure(store).status) == (100, Status.FINAL)
    assert rows_of(store) == ([(2, 2)], ["section_47"])


def test_the_population_is_a_figure_of_its_own_for_the_area_and_each_locality(store_with):
    held = (
        Population(area="partnership", mid_year=2023, children_0_17=51_000, release="ONS 2024"),
        Population(area="partnership", mid_year=2024, children_0_17=52_000, release="ONS 2025"),
        Population(area="north", mid_year=2024, children_0_17=20_000, release="ONS 2025"),
    )
    places = {"north": Locality(title="North"), "south": Locality(title="South")}
    store = store_with("{kind: population, of: '0_17'}", partnership={"populations": held, "localities": places})
    land(store, {"referrals": [referral("a", "2025-04-02")]}, QUARTER)
    last_year, now = figure(store, period_by_id("2024-25-Q4")), figure(store)
    assert (last_year.value, last_year.status, last_year.note) == (52_000, Status.FINAL, Note.NONE)
    assert (now.value, now.note, now.fed_by) == (52_000, Note.OLDER_POPULATION, FedBy.POPULATION)
    assert figure(store, period_by_id("2023-24-Q4")).value == 51_000
    too_early = figure(store, period_by_id("2022-23-Q4"))
    assert (too_early.value, too_early.note) == (None, Note.NO_POPULATION)
    assert "older estimate" in status_sentence(now, store.definitions.kpis["drawn"])
    assert figure(store, breakdown="locality", group="north").value == 20_000
    assert figure(store, breakdown="locality", group="south").note is Note.NO_POPULATION
    assert rows_of(store) == ([], [])


def visited(child, start, seen):
    return plan(child, start, last_visit_date=seen)


VISITED_IN_TIME = """{kind: recent, records: cp_plans, open_from: start_date, open_to: end_date,
                        date: last_visit_date, limit: {days: 10}, blank: missed}"""
NEXT_QUARTER = ("2025-04-01", "2025-09-30")


def visited_in_two_lists(store):
    """Land a list for June, and one for September that no longer says when a child was last seen before July."""
    land(
        store,
        {"cp_plans": [visited("a", "2025-04-01", "2025-06-28"), visited("b", "2025-04-01", "2025-05-02")]},
        QUARTER,
    )
    later = [
        visited("a", "2025-04-01", "2025-09-25"),
        visited("b", "2025-04-01", "2025-09-26"),
        visited("c", "2025-05-01", "2025-09-26"),
    ]
    return land(store, {"cp_plans": later}, NEXT_QUARTER, anew=True)


def test_an_earlier_quarter_counts_visits_as_the_list_sent_for_it_had_them(store_with):
    store = store_with(VISITED_IN_TIME)
    visited_in_two_lists(store)
    then, now = figure(store), figure(store, period_by_id("2025-26-Q2"))
    # The third child was in no list of June, so nobody knows when it had been seen by then.
    assert (then.numerator, then.denominator, then.excluded, then.note) == (1, 2, 1, Note.SENT_SINCE)
    assert (now.numerator, now.denominator, now.excluded) == (3, 3, 0)


def test_a_list_sent_anew_for_the_quarter_tells_more_than_the_one_it_replaced(store_with):
    store = store_with(VISITED_IN_TIME)
    land(store, {"cp_plans": [visited("a", "2025-04-01", "2025-05-02")]}, QUARTER)
    land(store, {"cp_plans": [visited("a", "2025-04-01", "2025-06-28")]}, QUARTER, anew=True)
    land(store, {"cp_plans": [visited("a", "2025-04-01", "2025-09-25")]}, NEXT_QUARTER, anew=True)
    assert (figure(store).numerator, figure(store).denominator) == (1, 1)


def test_a_list_that_did_not_reach_the_last_day_does_not_tell_of_it(store_with):
    store = store_with(VISITED_IN_TIME)
    land(store, {"cp_plans": [visited("a", "2025-04-01", "2025-05-30")]}, ("2025-04-01", "2025-05-31"))
    land(store, {"cp_plans": [visited("a", "2025-04-01", "2025-09-25")]}, NEXT_QUARTER, anew=True)
    assert (figure(store).denominator, figure(store).excluded) == (0, 1)


def test_visits_of_an_earlier_quarter_are_read_as_at_a_version(store_with):
    store = store_with(VISITED_IN_TIME)
    visited_in_two_lists(store)
    assert figure(store, version=1).denominator == 2


VISITED_HOW_LONG_AGO = """{kind: ageing, records: cp_plans, open_from: start_date, open_to: end_date,
                            date: last_visit_date, bands: [{days: 10}, {days: 30}]}"""


def test_bands_of_an_earlier_quarter_are_those_of_the_list_sent_for_it(store_with):
    store = store_with(VISITED_HOW_LONG_AGO, breakdowns=("time_since",), unit="count", aggregation="latest")
    visited_in_two_lists(store)
    whole = figure(store)
    near, far = (figure(store, breakdown="time_since", group=one) for one in ("Up to 10 days", "Over 30 days"))
    # Of the third child nobody knows when it had been seen by then: it is in no band, and each band says so.
    assert (whole.value, whole.excluded, whole.note) == (2, 1, Note.SENT_SINCE)
    assert (near.value, near.note, far.value, far.note) == (1, Note.SENT_SINCE, 1, Note.SENT_SINCE)
    now = period_by_id("2025-26-Q2")
    assert figure(store, now, breakdown="time_since", group="Up to 10 days").value == 3


def test_a_band_rests_on_the_rows_that_are_in_it(store_with):
    store = store_with(VISITED_HOW_LONG_AGO, breakdowns=("time_since",), unit="count", aggregation="latest")
    rows = [visited("a", "2025-04-01", "2025-06-28"), visited("b", "2025-04-01", None)]
    land(store, {"cp_plans": rows}, QUARTER)
    assert rows_of(store)[0] == [(2, 3)]
    for group, row in (("Up to 10 days", 2), ("unknown", 3)):
        assert rows_of(store, breakdown="time_since", group=group)[0] == [(row, row)]


REACHED = """{kind: reached, records: referrals, dated_by: referral_date, who: child_id, within_days: 60, hops: [
              {records: section_47, dated_by: start_date, within_days: 30},
              {records: icpc, dated_by: conference_date, within_days: 45}]}"""


def conference(child, day):
    return {"child_id": child, "conference_date": day}


def test_who_is_followed_needs_every_list_and_time(store_with):
    store = store_with(REACHED, unit="percent", aggregation="pool")
    rows = {
        "referrals": [referral("a", "2025-04-01"), referral("b", "2025-05-31")],
        "section_47": [enquiry("a", "2025-04-02")],
    }
    land(store, rows, QUARTER)
    assert figure(store).status is Status.NOT_SUBMITTED
    land(store, {"icpc": [conference("a", "2025-04-20")]}, QUARTER)
    found = figure(store)
    assert (found.value, found.denominator, found.excluded) == (100, 1, 1)
    assert (found.status, found.note) == (Status.PROVISIONAL, Note.TOO_RECENT_LEFT_OUT)
    # The list that reaches less far decides who is too recent; once both go on, the earlier period is made anew.
    land(store, {"section_47": []}, ("2025-07-01", "2025-09-30"))
    assert figure(store).excluded == 1
    land(store, {"icpc": []}, ("2025-07-01", "2025-09-30"))
    found = figure(store)
    assert (found.value, found.denominator, found.excluded, found.status) == (50, 2, 0, Status.FINAL)
    assert rows_of(store) == ([(2, 3)], ["icpc", "section_47"])


def test_a_gap_or_refused_rows_in_any_list_make_what_is_followed_provisional(store_with):
    store = store_with(REACHED, unit="percent", aggregation="pool")
    land(store, {"referrals": [referral("a", "2025-04-01")], "section_47": [enquiry("a", "2025-04-02")]}, QUARTER)
    land(store, {"icpc": [conference("a", "2025-04-20")]}, ("2025-04-01", "2025-04-30"))
    land(store, {"icpc": []}, ("2025-06-01", "2025-08-31"))
    land(store, {"section_47": []}, ("2025-07-01", "2025-08-31"))
    assert (figure(store).value, figure(store).note) == (100, Note.PART_COVERED)
    land(store, {"icpc": []}, ("2025-05-01", "2025-05-31"), refused=1)
    assert (figure(store).value, figure(store).note) == (100, Note.ROWS_REFUSED)


def test_the_upper_quartile_is_a_time_that_occurred_and_says_how_many_have_none(store_with):
    store = store_with(
        "{kind: upper_quartile, records: cp_plans, dated_by: start_date, from: start_date, to: end_date, in: days}",
        unit="days",
        counts="plans",
        aggregation="recompute",
    )
    ends = ("2025-04-02", "2025-04-04", "2025-04-08", "2025-04-16", None)
    land(store, {"cp_plans": [plan(str(number), "2025-04-01", end) for number, end in enumerate(ends)]}, QUARTER)
    found = figure(store)
    assert (found.value, found.numerator, found.denominator, found.excluded) == (7, None, 4, 1)
    assert base(store.definitions.kpis["drawn"], found) == "4 plans"
    assert interval_of(store.definitions.kpis["drawn"], found) is None
