"""Figures over time: what coverage, refused rows, counters, aggregates and changed definitions make of them."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from sqlalchemy import func, select, update

from scorecards.definitions import Count, ExpectedReturn, Locality, Mean, Population, read_definitions
from scorecards.periods import period_by_id, quarter
from scorecards.periods.days import working_days
from scorecards.series import FedBy, Note, Status, bring_up_to_date, read_coverage, read_groups, read_points, versions
from scorecards.series.coverage import merged
from scorecards.series.figures import population_for
from scorecards.series.proof import figures_that_differ
from scorecards.series.recompute import definition_hash, recompute
from scorecards.store import landing
from scorecards.store.schema import calendar, kpi_value, population
from tests.seeding import day, empty_store, land, with_kpi, with_partnership

YEAR = ("2024-04-01", "2025-03-31")


@pytest.fixture(scope="module")
def definitions():
    places = {"north": Locality(title="North"), "south": Locality(title="South")}
    return with_partnership(read_definitions(), localities=places, first_day=datetime.date(2023, 4, 1))


@pytest.fixture
def store(sqlite_url, definitions):
    opened = empty_store(sqlite_url, definitions)
    yield opened
    opened.close()


def referral(child, date, **more):
    return {"child_id": child, "referral_date": date, "source": "6", "locality": "north", **more}


def plan(child, start, end=None, **more):
    return {"child_id": child, "start_date": start, "end_date": end, "locality": "north", **more}


def one(store, kpi, period_id, **more):
    """Return the point of a period."""
    period = period_by_id(period_id)
    points = read_points(store, [kpi], **more)[kpi, period.kind]
    return next(point for point in points if point.period == period)


def test_a_period_nobody_has_sent_is_unknown_not_zero(store):
    land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR)
    point = one(store, "referrals", "2025-26-Q1")
    assert (point.value, point.status, point.fed_by) == (None, Status.NOT_SUBMITTED, FedBy.NOTHING)


def test_a_covered_period_without_rows_is_zero(store):
    land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR)
    point = one(store, "referrals", "2024-25-Q2")
    assert (point.value, point.status, point.fed_by) == (0, Status.FINAL, FedBy.LIST)


def test_a_share_of_nothing_has_no_value(store):
    land(store, {"icpc": []}, YEAR)
    point = one(store, "icpc_15wd_pct", "2024-25-Q2")
    assert (point.value, point.denominator, point.status) == (None, 0, Status.NOT_APPLICABLE)


def test_a_share_whose_column_never_came_is_not_supplied(store):
    contact = {"child_id": "a", "contact_at": "2024-05-01", "source": "6"}
    land(store, {"contacts": [contact]}, YEAR, agency="mash")
    point = one(store, "contact_to_referral_pct", "2024-25-Q1")
    assert (point.value, point.excluded, point.status) == (None, 1, Status.NOT_SUPPLIED)


def test_a_part_covered_period_is_provisional_and_says_so(store):
    land(store, {"referrals": [referral("a", "2024-05-01")]}, ("2024-04-01", "2024-05-15"))
    point = one(store, "referrals", "2024-25-Q1")
    assert (point.value, point.status, point.note) == (1, Status.PROVISIONAL, Note.PART_COVERED)
    assert one(store, "referrals", "2024-04").status is Status.FINAL


def test_a_rolling_year_beyond_the_newest_data_has_no_figure_and_one_that_lacks_its_start_is_in_part(store):
    land(store, {"referrals": [referral("a", "2024-05-01")]}, ("2024-04-01", "2024-09-30"))
    assert one(store, "referrals", "2024-25-Q2-R12").note is Note.PART_COVERED
    assert one(store, "referrals", "2024-25-Q3-R12").status is Status.NOT_SUBMITTED


def test_refused_rows_make_a_period_provisional_but_known(store):
    land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR, refused=2)
    point = one(store, "referrals", "2024-25-Q1")
    assert (point.value, point.status, point.note) == (1, Status.PROVISIONAL, Note.ROWS_REFUSED)


def test_a_clean_submission_of_the_same_days_forgives_refused_rows(store):
    land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR, refused=2)
    land(store, {"referrals": []}, ("2024-04-01", "2024-06-30"))
    assert one(store, "referrals", "2024-25-Q1").status is Status.FINAL
    assert one(store, "referrals", "2024-25-Q2").note is Note.ROWS_REFUSED


def test_a_stock_is_known_only_where_its_last_day_is_covered(store):
    land(
        store,
        {"cp_plans": [plan("a", "2023-12-01"), plan("b", "2024-01-01", "2024-06-30")]},
        ("2024-04-01", "2024-08-31"),
    )
    # The plan that ends on the last day of June is not open on it.
    assert one(store, "cpp_stock", "2024-25-Q1").value == 1
    assert one(store, "cpp_stock", "2024-25-Q2").status is Status.NOT_SUBMITTED
    assert one(store, "cpp_stock", "2023-24-Q4").status is Status.NOT_SUBMITTED


def test_rows_of_an_agency_that_does_not_lead_do_not_count(store):
    land(store, {"contacts": [{"child_id": "a", "contact_at": "2024-05-01", "source": "6"}]}, YEAR, agency="council")
    assert one(store, "mash_contacts", "2024-25-Q1").status is Status.NOT_SUBMITTED


def test_repeats_without_a_year_of_history_are_incomplete_not_better(store):
    land(store, {"referrals": [referral("a", "2024-05-01"), referral("a", "2024-06-01")]}, YEAR)
    point = one(store, "re_referral_pct", "2024-25-Q1")
    assert (point.value, point.status) == (None, Status.HISTORY_INCOMPLETE)


def test_the_reported_counter_stands_in_where_history_is_too_short_and_says_so(store):
    rows = [referral("a", "2024-05-01", referrals_last_12m=1), referral("b", "2024-06-01", referrals_last_12m=0)]
    land(store, {"referrals": rows}, YEAR)
    point = one(store, "re_referral_pct", "2024-25-Q1")
    assert (point.value, point.numerator, point.fed_by) == (50, 1, FedBy.COUNTER)
    assert (point.status, point.note) == (Status.FINAL, Note.REPORTED_COUNTER)


def test_one_blank_counter_is_enough_not_to_use_counters(store):
    rows = [referral("a", "2024-05-01", referrals_last_12m=1), referral("b", "2024-06-01")]
    land(store, {"referrals": rows}, YEAR)
    assert one(store, "re_referral_pct", "2024-25-Q1").status is Status.HISTORY_INCOMPLETE


def test_own_history_is_used_once_it_reaches_back_a_year(store):
    rows = [referral("a", "2023-05-01"), referral("a", "2024-04-30", referrals_last_12m=0), referral("b", "2024-06-01")]
    land(store, {"referrals": rows}, ("2023-04-01", "2025-03-31"))
    point = one(store, "re_referral_pct", "2024-25-Q1")
    assert (point.numerator, point.denominator, point.fed_by) == (1, 2, FedBy.LIST)


def test_a_young_cohort_is_too_recent_and_a_half_grown_one_provisional(store):
    s47 = [{"child_id": child, "start_date": start} for child, start in (("a", "2024-04-10"), ("b", "2024-06-20"))]
    icpc = [{"child_id": "a", "conference_date": "2024-04-25", "s47_start_date": "2024-04-10"}]
    land(store, {"section_47": s47, "icpc": icpc}, ("2024-04-01", "2024-06-30"))
    quarter = one(store, "s47_to_icpc_pct", "2024-25-Q1")
    assert (quarter.numerator, quarter.denominator, quarter.excluded) == (1, 1, 1)
    assert (quarter.status, quarter.note) == (Status.PROVISIONAL, Note.TOO_RECENT_LEFT_OUT)
    assert one(store, "s47_to_icpc_pct", "2024-06").status is Status.TOO_RECENT


def test_a_conversion_without_the_later_list_is_not_submitted(store):
    land(store, {"section_47": [{"child_id": "a", "start_date": "2024-04-10"}]}, YEAR)
    assert one(store, "s47_to_icpc_pct", "2024-25-Q1").status is Status.NOT_SUBMITTED


def test_reviews_need_both_lists(store):
    land(store, {"cp_plans": [plan("a", "2024-04-02")]}, YEAR)
    assert one(store, "cpp_reviewed_on_time_pct", "2024-25-Q2").status is Status.NOT_SUBMITTED
    land(store, {"cp_reviews": [{"child_id": "a", "review_date": "2024-06-20"}]}, YEAR)
    assert one(store, "cpp_reviewed_on_time_pct", "2024-25-Q2").value == 100


def test_a_rate_that_a_revised_population_changed_says_so(definitions):
    def about(*releases, mid_year=2024):
        people = tuple(
            Population(area="partnership", mid_year=mid_year, children_0_17=number, release=f"release {at}")
            for at, number in enumerate(releases)
        )
        return population_for(with_partnership(definitions, populations=people), "partnership", quarter(2024, 4))

    assert about(50_000) == (50_000, Note.NONE)
    assert about(50_000, 49_000) == (49_000, Note.REVISED_POPULATION)
    # The same number again is no revision, and that an older year stands in is said first.
    assert about(50_000, 50_000) == (50_000, Note.NONE)
    assert about(50_000, 49_000, mid_year=2023) == (49_000, Note.OLDER_POPULATION)
    assert about() == (None, Note.NO_POPULATION)


def test_a_rate_is_annualised_and_uses_the_population_of_the_year_before_the_31_march(sqlite_url, definitions):
    people = tuple(
        Population(area="partnership", mid_year=year, children_0_17=number, release="made up")
        for year, number in ((2023, 100_000), (2024, 50_000))
    )
    store = empty_store(sqlite_url, with_partnership(definitions, populations=people))
    land(
        store,
        {"referrals": [referral(str(number), "2024-05-01") for number in range(25)]},
        ("2024-04-01", "2025-09-30"),
    )
    quarter = one(store, "referral_rate_10k", "2024-25-Q1")
    assert (quarter.value, quarter.denominator, quarter.note) == (25 * 4 / 50_000 * 10_000, 50_000, Note.NONE)
    assert one(store, "referral_rate_10k", "2024-25-Q4-R12").value == 25 / 50_000 * 10_000
    # No mid-2025 estimate is known yet: the newest stands in, and the figure says so.
    assert one(store, "referral_rate_10k", "2025-26-Q1").note is Note.OLDER_POPULATION
    assert one(store, "referral_rate_10k", "2024-25-Q1", breakdown="locality", group="north").note is Note.NO_POPULATION
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(population)) == 2
    store.close()


def test_a_median_has_no_numerator(store):
    plans = [
        plan("a", "2024-01-01", "2024-05-01"),
        plan("b", "2024-02-01", "2024-05-01"),
        plan("c", "2024-03-01", "2024-05-01"),
    ]
    land(store, {"cp_plans": plans}, YEAR)
    point = one(store, "cpp_duration_days_median", "2024-25-Q1")
    assert (point.value, point.numerator, point.denominator) == (90, None, 3)


def test_every_locality_of_a_covered_period_has_a_count_even_if_nought(store):
    land(store, {"referrals": [referral("a", "2024-05-01"), referral("b", "2024-05-02", locality="unknown")]}, YEAR)
    groups = read_groups(store, ["referrals"], "locality", windows=["quarter"])["referrals", "quarter"]
    first = {name: points[0].value for name, points in groups.items()}
    assert first == {"north": 1, "south": 0, "unknown": 1}


def replace_period(cell, period):
    return {**cell, "period": period}


class TestAggregates:
    def cell(self, kpi, period, numerator=None, **more):
        return {"kpi": kpi, "period": period, "numerator": numerator, "area": "partnership", **more}

    def send(self, store, *cells, agency="hospital"):
        return land(store, {"aggregate_return": list(cells)}, None, agency=agency)

    def test_a_submitted_count_is_taken_as_it_is(self, store):
        self.send(store, self.cell("ed_self_harm", "2024-25-Q1", 88))
        point = one(store, "ed_self_harm", "2024-25-Q1")
        assert (point.value, point.status, point.fed_by) == (88, Status.FINAL, FedBy.AGGREGATE)

    def test_providers_of_the_expected_agency_are_added(self, store):
        two = (self.cell("ed_self_harm", "2024-25-Q1", 40, provider=name) for name in ("Infirmary", "General"))
        self.send(store, *two)
        assert one(store, "ed_self_harm", "2024-25-Q1").value == 80

    def test_what_one_of_two_expected_agencies_sent_is_not_the_whole(self, sqlite_url, definitions):
        line = {"kpis": ["ed_self_harm"], "every": "quarter", "due_days_after": 8}
        lines = [{**line, "agency": "hospital", "from": "2020-04-01"}]
        lines += [{**line, "agency": "community_health", "from": "2024-07-01"}]
        returns = tuple(ExpectedReturn.model_validate(one) for one in lines)
        store = empty_store(sqlite_url, with_partnership(definitions, returns=returns))
        self.send(store, *(self.cell("ed_self_harm", f"2024-25-Q{number}", 40) for number in (1, 2)))
        # In the first quarter the hospital was the only one expected.
        assert one(store, "ed_self_harm", "2024-25-Q1").value == 40
        half = one(store, "ed_self_harm", "2024-25-Q2")
        assert (half.value, half.status, half.note) == (None, Status.NOT_SUBMITTED, Note.SENDER_MISSING)
        self.send(store, self.cell("ed_self_harm", "2024-25-Q2", 7), agency="community_health")
        assert one(store, "ed_self_harm", "2024-25-Q2").value == 47
        store.close()

    def test_a_symbol_for_a_number_is_withheld_not_nought(self, store):
        cells = [self.cell("ed_self_harm", "2024-25-Q1", 40, provider="Infirmary")]
        cells.append(self.cell("ed_self_harm", "2024-25-Q1", provider="General", numerator_symbol="c"))
        self.send(store, *cells)
        assert one(store, "ed_self_harm", "2024-25-Q1").status is Status.WITHHELD

    def test_unexpected_senders_that_contradict_each_other_give_no_figure(self, store):
        self.send(store, self.cell("ed_self_harm", "2024-25-Q1", 40), agency="police")
        assert one(store, "ed_self_harm", "2024-25-Q1").value == 40
        self.send(store, self.cell("ed_self_harm", "2024-25-Q1", 50), agency="council")
        point = one(store, "ed_self_harm", "2024-25-Q1")
        assert (point.value, point.note) == (None, Note.SENDERS_DISAGREE)

    def test_a_list_wins_over_an_aggregate_and_the_aggregate_fills_what_no_list_covers(self, store):
        self.send(store, *(self.cell("referrals", f"2023-24-Q{number}", 400 + number) for number in (1, 2, 3, 4)))
        self.send(store, self.cell("referrals", "2024-25-Q1", 999))
        land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR)
        points = read_points(store, ["referrals"])["referrals", "quarter"]
        assert [(point.value, point.fed_by.value) for point in points[3:6]] == [
            (404, "aggregate"),
            (1, "list"),
            (0, "list"),
        ]

    def test_a_list_of_some_of_the_days_takes_the_place_of_no_whole_figure(self, store):
        whole = {1: 20, 2: 22, 3: 24, 4: 30}
        self.send(store, *(self.cell("referrals", f"2023-24-Q{number}", count) for number, count in whole.items()))
        march = [referral(name, "2024-03-05") for name in "abc"]
        land(store, {"referrals": march}, ("2024-03-01", "2024-03-31"))
        quarter, year = one(store, "referrals", "2023-24-Q4"), one(store, "referrals", "2023-24-Q4-R12")
        assert (quarter.value, quarter.status, quarter.fed_by) == (30, Status.FINAL, FedBy.AGGREGATE)
        assert (year.value, year.status, year.fed_by) == (96, Status.FINAL, FedBy.AGGREGATE)
        assert (one(store, "referrals", "2024-03").value, one(store, "referrals", "2024-02").value) == (3, None)
        assert figures_that_differ(store) == []
        land(store, {"referrals": [referral("d", "2024-01-05")]}, ("2024-01-01", "2024-02-29"))
        quarter, year = one(store, "referrals", "2023-24-Q4"), one(store, "referrals", "2023-24-Q4-R12")
        assert (quarter.value, quarter.fed_by, year.value) == (4, FedBy.LIST, 70)
        assert figures_that_differ(store) == []

    def test_a_whole_figure_that_comes_after_a_list_of_some_of_the_days_stands(self, store):
        land(store, {"referrals": [referral("a", "2024-03-05")]}, ("2024-03-01", "2024-03-31"))
        assert one(store, "referrals", "2023-24-Q4").note is Note.PART_COVERED
        self.send(
            store, self.cell("referrals", "2023-24-Q4", 30), self.cell("referrals", "2023-24-Q4", 9, area="north")
        )
        north = {"breakdown": "locality", "group": "north"}
        assert [one(store, "referrals", "2023-24-Q4", **more).value for more in ({}, north)] == [30, 9]

    def test_a_year_sent_ready_made_stands_beside_a_list_of_some_of_it(self, store):
        self.send(store, self.cell("referrals", "2023-24-Q4", 96, basis="rolling_12_months"))
        land(store, {"referrals": [referral("a", "2024-03-05")]}, ("2024-01-01", "2024-03-31"))
        assert one(store, "referrals", "2023-24-Q4-R12").value == 96
        assert one(store, "referrals", "2023-24-Q4").value == 1

    def test_where_only_a_sign_was_sent_a_list_of_some_of_the_days_says_what_it_can(self, store):
        quarters = [self.cell("referrals", f"2023-24-Q{number}", 10) for number in (1, 2, 3, 4)]
        signs = [self.cell("referrals", period, numerator_symbol="c") for period in ("2023-24-Q4-R12", "2024-25-Q1")]
        self.send(store, *quarters, *signs)
        land(store, {"referrals": [referral("a", "2024-03-05")]}, ("2024-03-01", "2024-04-30"))
        points = [one(store, "referrals", period) for period in ("2023-24-Q4-R12", "2024-25-Q1")]
        assert [(point.value, point.note, point.fed_by) for point in points] == [
            (1, Note.PART_COVERED, FedBy.LIST), (0, Note.PART_COVERED, FedBy.LIST),
        ]  # fmt: skip

    def test_four_quarters_make_a_rolling_year(self, store):
        for number, count in enumerate((10, 20, 30, 40), 1):
            self.send(store, self.cell("ed_self_harm", f"2024-25-Q{number}", count))
        definitions = store.definitions
        assert definitions.kpis["ed_self_harm"].aggregation == "sum"
        assert one(store, "ed_self_harm", "2024-25-Q4").value == 40

    def test_percentages_of_quarters_are_pooled_never_averaged(self, store):
        for number, (numerator, denominator) in enumerate(((10, 10), (0, 90), (0, 90), (0, 10)), 1):
            self.send(store, self.cell("re_referral_pct", f"2023-24-Q{number}", numerator, denominator=denominator))
        year = one(store, "re_referral_pct", "2023-24-Q4-R12")
        assert (year.value, year.numerator, year.denominator) == (5, 10, 200)

    def test_three_months_make_a_quarter(self, store):
        for month in ("2024-04", "2024-05", "2024-06"):
            self.send(store, self.cell("referrals", month, 100), agency="council")
        assert one(store, "referrals", "2024-25-Q1").value == 300

    def test_a_missing_quarter_makes_no_year(self, store):
        for number in (1, 2, 4):
            self.send(store, self.cell("re_referral_pct", f"2023-24-Q{number}", 1, denominator=10))
        assert one(store, "re_referral_pct", "2023-24-Q4-R12").value is None

    def test_a_bare_percentage_is_kept_without_its_base(self, store):
        self.send(
            store, self.cell("re_referral_pct", "2023-24-Q4", value=21.5, basis="rolling_12_months"), agency="council"
        )
        point = one(store, "re_referral_pct", "2023-24-Q4-R12")
        assert (point.value, point.numerator, point.denominator) == (21.5, None, None)

    def test_two_bare_percentages_cannot_be_added(self, store):
        two = (self.cell("re_referral_pct", "2023-24-Q4", value=20, provider=name) for name in ("one", "other"))
        self.send(store, *two, agency="council")
        point = one(store, "re_referral_pct", "2023-24-Q4")
        assert (point.value, point.note) == (None, Note.CANNOT_BE_ADDED)

    def test_a_percentage_of_nothing_does_not_apply_and_a_bare_number_is_not_supplied(self, store):
        self.send(store, self.cell("re_referral_pct", "2023-24-Q3", 0, denominator=0), agency="council")
        self.send(store, self.cell("re_referral_pct", "2023-24-Q4", 7), agency="council")
        assert one(store, "re_referral_pct", "2023-24-Q3").status is Status.NOT_APPLICABLE
        assert one(store, "re_referral_pct", "2023-24-Q4").status is Status.NOT_SUPPLIED

    def test_a_count_without_a_number_is_not_supplied(self, store):
        self.send(store, self.cell("ed_self_harm", "2024-25-Q1"))
        assert one(store, "ed_self_harm", "2024-25-Q1").status is Status.NOT_SUPPLIED

    def to_date(self, store, kpi, figures, **more):
        cells = [self.cell(kpi, period, *numbers, basis="to_date", **more) for period, *numbers in figures]
        self.send(store, *cells)

    def test_a_figure_for_the_year_to_date_is_not_taken_for_the_period(self, store):
        self.to_date(store, "ed_self_harm", [("2024-25-Q2", 170)])
        point = one(store, "ed_self_harm", "2024-25-Q2")
        assert (point.value, point.status, point.note) == (None, Status.NOT_SUPPLIED, Note.EARLIER_MISSING)

    def test_figures_for_the_year_to_date_become_figures_of_the_periods_by_difference(self, store):
        years = [("2024-25-Q1", 80), ("2024-25-Q2", 170), ("2024-25-Q3", 170), ("2024-25-Q4", 300), ("2025-26-Q1", 70)]
        self.to_date(store, "ed_self_harm", years)
        quarters = [one(store, "ed_self_harm", period).value for period, _ in years]
        assert quarters == [80, 90, 0, 130, 70]

    def test_a_corrected_year_to_date_changes_the_periods_on_both_its_sides(self, store):
        self.to_date(store, "ed_self_harm", [("2024-25-Q1", 80), ("2024-25-Q2", 170), ("2024-25-Q3", 200)])
        self.to_date(store, "ed_self_harm", [("2024-25-Q2", 165)])
        assert [one(store, "ed_self_harm", f"2024-25-Q{number}").value for number in (1, 2, 3)] == [80, 85, 35]

    def test_a_year_to_date_that_falls_gives_no_figure(self, store):
        self.to_date(store, "ed_self_harm", [("2024-25-Q1", 80), ("2024-25-Q2", 70), ("2024-25-Q3", 100)])
        points = [one(store, "ed_self_harm", f"2024-25-Q{number}") for number in (1, 2, 3)]
        assert [(point.value, point.note) for point in points] == [
            (80, Note.NONE), (None, Note.TO_DATE_FALLS), (30, Note.NONE),
        ]  # fmt: skip

    def test_a_year_to_date_that_counts_more_than_there_were_since_gives_no_share(self, store):
        # Of 20 cases since, 40 would have been counted: the cases that were not fell from 60 to 40.
        shares = [("2023-24-Q1", 20, 80), ("2023-24-Q2", 60, 100)]
        cells = [self.cell("re_referral_pct", period, top, denominator=base, basis="to_date")
                 for period, top, base in shares]  # fmt: skip
        self.send(store, *cells, agency="council")
        point = one(store, "re_referral_pct", "2023-24-Q2")
        assert (point.value, point.note) == (None, Note.TO_DATE_FALLS)

    def test_a_school_year_to_date_is_never_taken_from_a_financial_year_to_date(self, store):
        self.to_date(store, "perm_exclusions", [("2023-24-T1", 10), ("2023-24-T2", 18)])
        self.to_date(store, "perm_exclusions", [("2023-24-Q3", 5)])
        assert [one(store, "perm_exclusions", f"2023-24-T{number}").value for number in (1, 2)] == [10, 8]

    def test_months_to_date_give_the_quarters_whose_ends_are_known(self, store):
        self.to_date(store, "ed_self_harm", [("2024-06", 80), ("2024-08", 120), ("2024-09", 170)])
        assert "month" not in store.definitions.kpis["ed_self_harm"].windows.shown
        assert [one(store, "ed_self_harm", f"2024-25-Q{number}").value for number in (1, 2)] == [80, 90]

    def test_a_share_of_the_year_to_date_is_taken_apart_by_its_numbers(self, store):
        shares = [("2023-24-Q1", 10, 40), ("2023-24-Q2", 30, 100)]
        cells = [self.cell("re_referral_pct", period, top, denominator=base, basis="to_date")
                 for period, top, base in shares]  # fmt: skip
        cells.append(self.cell("re_referral_pct", "2023-24-Q3", value=25, basis="to_date"))
        self.send(store, *cells, agency="council")
        second, third = (one(store, "re_referral_pct", f"2023-24-Q{number}") for number in (2, 3))
        assert (second.numerator, second.denominator, round(second.value, 6)) == (20, 60, 33.333333)
        assert (third.value, third.note) == (None, Note.TO_DATE_ONLY)

    def test_a_stock_or_a_count_of_children_is_never_taken_apart(self, store):
        assert store.definitions.kpis["cpp_stock"].aggregation == "latest"
        self.to_date(store, "cpp_stock", [("2023-24-Q1", 200), ("2023-24-Q2", 260)])
        assert one(store, "cpp_stock", "2023-24-Q2").note is Note.TO_DATE_ONLY

    def test_a_figure_of_the_period_goes_before_a_difference(self, store):
        self.to_date(store, "ed_self_harm", [("2024-25-Q1", 80), ("2024-25-Q2", 170)])
        self.send(store, self.cell("ed_self_harm", "2024-25-Q2", 91))
        assert one(store, "ed_self_harm", "2024-25-Q2").value == 91

    def test_each_provider_has_a_year_of_its_own(self, store):
        for name, figures in (("One", (10, 25)), ("Two", (5, 5))):
            self.to_date(store, "ed_self_harm", list(zip(("2024-25-Q1", "2024-25-Q2"), figures, strict=True)),
                         provider=name)  # fmt: skip
        assert [one(store, "ed_self_harm", f"2024-25-Q{number}").value for number in (1, 2)] == [15, 15]

    def test_an_average_of_the_months_is_shown_as_one_and_added_to_nothing(self, store):
        self.send(store, self.cell("referrals", "2023-24-Q1", value=27.3, basis="monthly_average"), agency="council")
        rest = (self.cell("referrals", f"2023-24-Q{number}", 80) for number in (2, 3, 4))
        self.send(store, *rest, agency="council")
        point = one(store, "referrals", "2023-24-Q1")
        assert (point.value, point.note, point.stands_apart) == (27.3, Note.MONTHLY_AVERAGE, True)
        assert one(store, "referrals", "2023-24-Q4-R12").value is None

    def test_a_quarter_that_months_make_is_part_of_the_year(self, store):
        months = [self.cell("referrals", f"2023-{number:02d}", 1) for number in (4, 5, 6)]
        self.send(store, *months, *(self.cell("referrals", f"2023-24-Q{number}", 10) for number in (2, 3, 4)))
        assert one(store, "referrals", "2023-24-Q4-R12").value == 33

    def test_a_localitys_figure_that_is_gone_is_in_no_longer_period(self, store):
        north = [self.cell("referrals", f"2023-24-Q{number}", 10, area="north") for number in (1, 2, 3, 4)]
        self.send(store, *north, agency="council")
        year = {"breakdown": "locality", "group": "north"}
        assert one(store, "referrals", "2023-24-Q4-R12", **year).value == 40
        table = store.lists["aggregate_return"]
        with landing(store, "tester", "one figure is taken back") as landed:
            gone = update(table).where(table.c.period == "2023-24-Q4").values(superseded_in=landed.version)
            landed.connection.execute(gone)
            recompute(store, landed, {"aggregate_return": None})
        assert ("referrals", "rolling_12_months") not in read_groups(store, ["referrals"], "locality")
        assert figures_that_differ(store) == []

    def test_quarters_make_no_term_that_they_reach_beyond_and_months_do(self, store):
        self.send(store, *(self.cell("perm_exclusions", f"2023-24-Q{number}", 10) for number in (1, 2, 3, 4)))
        terms = ("2022-23-T3", "2023-24-T1", "2023-24-T2")
        assert [one(store, "perm_exclusions", term).value for term in terms] == [None] * 3
        self.send(store, *(self.cell("perm_exclusions", f"2023-{number:02d}", number) for number in (9, 10, 11, 12)))
        assert one(store, "perm_exclusions", "2023-24-T1").value == 42

    def test_months_make_a_quarter_of_a_measure_that_is_shown_by_quarters_alone(self, store):
        self.send(store, *(self.cell("ed_self_harm", f"2024-0{number}", number) for number in (4, 5, 6)))
        assert one(store, "ed_self_harm", "2024-25-Q1").value == 15

    @pytest.mark.parametrize(
        ("symbol", "status"),
        [("c", Status.WITHHELD), ("<5", Status.WITHHELD), ("low", Status.WITHHELD), ("x", Status.NOT_SUPPLIED),
         ("..", Status.NOT_SUPPLIED), ("z", Status.NOT_APPLICABLE)],
    )  # fmt: skip
    def test_each_sign_says_why_there_is_no_number(self, store, symbol, status):
        self.send(store, self.cell("ed_self_harm", "2024-25-Q1", numerator_symbol=symbol))
        point = one(store, "ed_self_harm", "2024-25-Q1")
        assert (point.value, point.status) == (None, status)

    def test_a_provider_that_has_no_such_figure_takes_nothing_from_the_others(self, store):
        cells = [self.cell("ed_self_harm", "2024-25-Q1", 40, provider="Infirmary")]
        cells.append(self.cell("ed_self_harm", "2024-25-Q1", provider="Clinic", numerator_symbol="z"))
        self.send(store, *cells)
        assert one(store, "ed_self_harm", "2024-25-Q1").value == 40

    def test_a_senders_own_total_is_not_added_to_its_providers_figures(self, store):
        parts = [
            self.cell("ed_self_harm", "2024-25-Q1", count, provider=name) for name, count in (("A", 10), ("B", 20))
        ]
        self.send(store, *parts, self.cell("ed_self_harm", "2024-25-Q1", 31))
        assert one(store, "ed_self_harm", "2024-25-Q1").value == 31
        assert one(store, "ed_self_harm", "2024-25-Q1", breakdown="provider", group="B").value == 20
        later = [replace_period(part, "2024-25-Q2") for part in parts]
        self.send(store, *later, self.cell("ed_self_harm", "2024-25-Q2", numerator_symbol="x"))
        assert one(store, "ed_self_harm", "2024-25-Q2").value == 30
        later = [replace_period(part, "2024-25-Q3") for part in parts]
        self.send(store, *later, self.cell("ed_self_harm", "2024-25-Q3", numerator_symbol="c"))
        assert one(store, "ed_self_harm", "2024-25-Q3").status is Status.WITHHELD

    def test_providers_can_be_a_breakdown(self, store):
        two = (
            self.cell("ed_self_harm", "2024-25-Q1", count, provider=name) for name, count in (("One", 4), ("Two", 5))
        )
        self.send(store, *two)
        assert "provider" in store.definitions.kpis["ed_self_harm"].breakdowns
        assert one(store, "ed_self_harm", "2024-25-Q1", breakdown="provider", group="Two").value == 5

    def test_localities_and_declared_breakdowns_stand_apart_from_the_whole(self, sqlite_url, definitions):
        split = with_kpi(definitions, "referrals", breakdowns=("locality", "source", "agency"))
        store = empty_store(sqlite_url, split)
        self.send(
            store,
            self.cell("referrals", "2024-25-Q1", 100),
            self.cell("referrals", "2024-25-Q1", 40, area="north"),
            self.cell("referrals", "2024-25-Q1", 30, breakdown="source", group="Police"),
            self.cell("referrals", "2024-25-Q1", 5, breakdown="shoe size", group="5"),
            agency="council",
        )
        assert one(store, "referrals", "2024-25-Q1").value == 100
        assert one(store, "referrals", "2024-25-Q1", breakdown="locality", group="north").value == 40
        assert one(store, "referrals", "2024-25-Q1", breakdown="source", group="Police").value == 30
        assert one(store, "referrals", "2024-25-Q1", breakdown="agency", group="council").value == 100
        store.close()


class TestVersions:
    def test_a_correction_is_a_new_version_and_the_old_one_can_still_be_asked(self, store):
        first = land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR)
        second = land(store, {"referrals": [referral("b", "2024-05-02")]}, YEAR)
        assert one(store, "referrals", "2024-25-Q1").value == 2
        assert one(store, "referrals", "2024-25-Q1", version=first).value == 1
        assert [version[0] for version in versions(store)] == [second, first]

    def test_figures_that_did_not_change_are_not_written_again(self, store):
        land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR)
        with store.read() as connection:
            before = connection.scalar(select(func.count()).select_from(kpi_value))
        land(
            store,
            {"return_interviews": []},
            ("2024-04-01", "2024-06-30"),
            touched={"referrals": (day("2024-04-01"), 0)},
        )
        with store.read() as connection:
            assert connection.scalar(select(func.count()).select_from(kpi_value)) == before

    def test_only_kpis_of_the_touched_lists_are_computed(self, store):
        land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR)
        assert ("cpp_stock", "quarter") not in read_points(store, ["cpp_stock", "referrals"])

    def test_a_failed_recomputation_leaves_everything_as_before(self, store):
        land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR)
        with pytest.raises(AttributeError):
            land(store, {"referrals": [referral("b", "2024-05-02")]}, YEAR, touched=17)
        assert store.data_version() == 1
        assert one(store, "referrals", "2024-25-Q1").value == 1


class TestAtStart:
    def test_nothing_happens_on_an_empty_store_and_then_nothing_again(self, store):
        bring_up_to_date(store)
        bring_up_to_date(store)
        assert store.data_version() == 0

    def test_a_changed_definition_is_recomputed_as_a_new_version(self, store, definitions):
        land(
            store,
            {"referrals": [referral("a", "2024-05-01"), referral("a", "2024-05-30", nfa="yes")]},
            YEAR,
            touched=None,
        )
        bring_up_to_date(store)
        assert store.data_version() == 1
        without_nfa = {"column": "nfa", "is_not": ["yes"]}
        narrower = Count.model_validate(
            {"kind": "count", "records": "referrals", "dated_by": "referral_date", "where": [without_nfa]}
        )
        again = empty_store(store.url, with_kpi(definitions, "referrals", measure=narrower))
        bring_up_to_date(again)
        assert (again.data_version(), one(again, "referrals", "2024-25-Q1").value) == (2, 1)
        assert one(again, "referrals", "2024-25-Q1", version=1).value == 2
        again.close()

    def test_a_landing_leaves_no_figure_of_an_old_definition_where_nobody_started_the_product(self, store, definitions):
        twice = [referral("a", "2024-05-01"), referral("b", "2024-05-30", nfa="yes")]
        land(store, {"referrals": twice}, YEAR)
        narrower = Count.model_validate(
            {
                "kind": "count",
                "records": "referrals",
                "dated_by": "referral_date",
                "where": [{"column": "nfa", "is_not": ["yes"]}],
            }
        )
        again = empty_store(store.url, with_kpi(definitions, "referrals", measure=narrower))
        land(again, {"cp_plans": []}, YEAR)
        assert one(again, "referrals", "2024-25-Q1").value == 1
        land(again, {"referrals": []}, ("2025-04-01", "2025-06-30"))
        assert one(again, "referrals", "2024-25-Q1").value == 1
        again.close()

    def test_a_removed_kpi_has_no_figures_any_more(self, store, definitions):
        land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR, touched=None)
        kept = {name: kpi for name, kpi in definitions.kpis.items() if name != "referrals"}
        again = empty_store(store.url, definitions.model_copy(update={"kpis": kept}))
        bring_up_to_date(again)
        assert read_points(again, ["referrals"]) == {}
        again.close()

    def test_a_new_quarter_gets_its_own_unknown_figures(self, store, definitions):
        land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR, touched=None)
        later = empty_store(store.url, definitions, datetime.date(2026, 2, 1))
        steps = []
        bring_up_to_date(later, lambda share, words: steps.append((share, words)))
        assert one(later, "referrals", "2025-26-Q4").status is Status.NOT_SUBMITTED
        assert later.data_version() == 2
        assert steps[-1] == (1.0, "Figures are up to date")
        later.close()

    def test_words_do_not_change_the_hash_and_settings_do(self, definitions):
        kpi = definitions.kpis["referrals"]
        said = with_kpi(definitions, "referrals", why="Another reason.")
        split = with_kpi(definitions, "referrals", breakdowns=())
        line = {"agency": "council", "kpis": ["referrals"], "every": "term", "due_days_after": 8, "from": "2024-04-01"}
        expected = with_partnership(definitions, returns=(ExpectedReturn.model_validate(line),))
        same = definition_hash(kpi, definitions)
        assert definition_hash(said.kpis["referrals"], said) == same
        assert definition_hash(split.kpis["referrals"], split) != same
        assert definition_hash(kpi, expected) != same


def test_a_new_store_is_made_ready_beside_somebody_who_lands_the_first_rows(database_url, definitions):
    with (
        closing(empty_store(database_url, definitions)) as store,
        closing(empty_store(database_url, definitions)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        with landing(store, "tester", "the first rows") as landed:
            recompute(store, landed)
            made_ready = pool.submit(bring_up_to_date, other)
            # It waits for the landing, and so cannot be done yet.
            with pytest.raises(TimeoutError):
                made_ready.result(1.5)
        made_ready.result(60)
        with store.read() as connection:
            days = connection.scalar(select(func.count()).select_from(calendar))
        assert (days, store.data_version()) == (len(working_days()), 1)


def test_a_mean_is_the_sum_over_how_many(sqlite_url, definitions):
    settings = {"kind": "mean", "records": "cp_plans", "dated_by": "end_date", "from": "start_date", "to": "end_date"}
    mean = Mean.model_validate({**settings, "in": "days"})
    store = empty_store(sqlite_url, with_kpi(definitions, "cpp_duration_days_median", measure=mean))
    land(store, {"cp_plans": [plan("a", "2024-01-01", "2024-05-01"), plan("b", "2024-04-01", "2024-05-01")]}, YEAR)
    assert one(store, "cpp_duration_days_median", "2024-25-Q1").value == (121 + 30) / 2
    assert one(store, "cpp_duration_days_median", "2024-25-Q2").status is Status.NOT_APPLICABLE
    store.close()


def test_a_median_of_nothing_does_not_apply_and_an_even_one_is_the_mean_of_the_middle_two(store):
    land(store, {"cp_plans": [plan("a", "2024-04-01", "2024-05-01"), plan("b", "2024-04-01", "2024-05-02")]}, YEAR)
    assert one(store, "cpp_duration_days_median", "2024-25-Q1").value == 30.5
    assert one(store, "cpp_duration_days_median", "2024-25-Q2").status is Status.NOT_APPLICABLE


def test_three_times_in_90_days_needs_90_days_of_history(store):
    def episode(date):
        return {"child_id": "a", "missing_at": date, "type": "missing", "missing_from": "home"}

    rows = [episode(date) for date in ("2024-06-01", "2024-07-10", "2024-08-29")]
    land(store, {"missing_episodes": rows}, YEAR)
    assert one(store, "missing_repeat_pct", "2024-25-Q1").status is Status.HISTORY_INCOMPLETE
    # From 1 June to 29 August are 90 days, both counted.
    assert one(store, "missing_repeat_pct", "2024-25-Q2").value == 100


def test_what_only_says_known_leaves_rows_out_of_a_count(sqlite_url, definitions):
    known = {"kind": "count", "records": "referrals", "dated_by": "referral_date"}
    measure = Count.model_validate({**known, "where": [{"column": "nfa", "known": True}]})
    store = empty_store(sqlite_url, with_kpi(definitions, "referrals", measure=measure))
    land(store, {"referrals": [referral("a", "2024-05-01"), referral("b", "2024-08-01", nfa="no")]}, YEAR)
    assert one(store, "referrals", "2024-25-Q1").status is Status.NOT_SUPPLIED
    assert one(store, "referrals", "2024-25-Q2").value == 1
    store.close()


def test_as_it_was_coverage_stops_at_the_version(store):
    first = land(store, {"referrals": []}, YEAR)
    land(store, {"referrals": []}, ("2025-04-01", "2025-06-30"))
    with store.read() as connection:
        then = read_coverage(connection, store.definitions, first)
        now = read_coverage(connection, store.definitions)
    assert then.end_days()["referrals"] == day("2025-04-01")
    assert now.end_days()["referrals"] == day("2025-07-01")
    assert now.first_days()["referrals"] == day("2024-04-01")


def test_a_list_without_a_named_lead_is_covered_by_whoever_sent_it(sqlite_url, definitions):
    store = empty_store(sqlite_url, with_partnership(definitions, lead_agencies=()))
    land(store, {"referrals": [referral("a", "2024-05-01")]}, YEAR, agency="council")
    assert one(store, "referrals", "2024-25-Q1").value == 1
    store.close()


def test_rows_refused_in_the_list_that_is_linked_make_a_figure_provisional(store):
    enquiry = {"child_id": "a", "start_date": "2024-05-01"}
    land(store, {"section_47": [enquiry], "icpc": []}, YEAR)
    assert one(store, "s47_to_icpc_pct", "2024-25-Q1").status is Status.FINAL
    land(store, {"icpc": []}, ("2024-07-01", "2024-07-31"), refused=1)
    of = {quarter: one(store, "s47_to_icpc_pct", f"2024-25-{quarter}") for quarter in ("Q1", "Q3")}
    assert (of["Q1"].status, of["Q1"].note) == (Status.PROVISIONAL, Note.ROWS_REFUSED)
    assert of["Q3"].note is Note.NONE


def test_spans_that_touch_are_one():
    assert merged([(10, 20), (1, 5), (5, 8), (12, 15)]) == ((1, 8), (10, 20))


def test_a_change_of_lead_agency_splits_the_cover(sqlite_url, definitions):
    leads = [lead.model_dump() for lead in definitions.partnership.lead_agencies if lead.records != "contacts"]
    leads += [
        {"records": "contacts", "agency": "council", "from_": "2020-01-01"},
        {"records": "contacts", "agency": "mash", "from_": "2024-07-01"},
    ]
    made = tuple(type(definitions.partnership.lead_agencies[0]).model_validate(lead) for lead in leads)
    store = empty_store(sqlite_url, with_partnership(definitions, lead_agencies=made))
    contact = {"child_id": "a", "source": "6"}
    both = [{**contact, "contact_at": "2024-05-01"}, {**contact, "contact_at": "2024-08-01"}]
    land(store, {"contacts": both}, YEAR, agency="council")
    assert one(store, "mash_contacts", "2024-25-Q1").value == 1
    assert one(store, "mash_contacts", "2024-25-Q2").status is Status.NOT_SUBMITTED
    land(store, {"contacts": both}, YEAR, agency="mash")
    assert one(store, "mash_contacts", "2024-25-Q1").value == 1
    assert one(store, "mash_contacts", "2024-25-Q2").value == 1
    store.close()
