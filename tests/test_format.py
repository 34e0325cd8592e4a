"""How numbers, dates and names are written."""

import datetime

import pytest

from scorecards import format as written
from scorecards.definitions import Thresholds, read_definitions
from scorecards.periods import financial_year, half_year, month, quarter, rolling_year, single_day, term
from scorecards.periods.made import academic_year
from scorecards.series import Point
from tests import lines

OURS = lines.definitions()
KPIS = OURS.kpis
SHARE, COUNT, RATE, MEDIAN = "re_referral_pct", "referrals", "cpp_rate_10k", "cpp_duration_days_median"
Q2 = quarter(2025, 2)


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [(2.85, 1, 2.9), (2.5, 0, 3.0), (100 * 0.0285, 1, 2.9), (-2.85, 1, -2.9), (19.96, 1, 20.0), (0.05, 1, 0.1)],
)
def test_halves_are_rounded_away_from_nought(value, decimals, rounded):
    assert written.round_half_up(value, decimals) == rounded


def test_a_small_fall_is_not_written_as_minus_nought():
    assert written.number(-0.02, 1) == "0.0"


def test_thousands_have_commas():
    assert written.number(6760) == "6,760"


@pytest.mark.parametrize(
    ("kpi", "value", "words"),
    [
        (SHARE, 71.25, "71.3%"),
        (SHARE, 0.0, "0.0%"),
        (COUNT, 6690, "6,690"),
        (RATE, 42.06, "42.1"),
        (MEDIAN, 243, "243 days"),
        (MEDIAN, 1, "1 day"),
        (SHARE, None, "no figure"),
    ],
)
def test_a_figure_has_its_unit_and_decimals(kpi, value, words):
    assert written.figure(KPIS[kpi], value) == words


def test_working_days_are_called_so():
    kpi = KPIS[MEDIAN].model_copy(update={"unit": "working_days"})
    assert written.figure(kpi, 12) == "12 working days"


@pytest.mark.parametrize(
    ("kpi", "difference", "words"),
    [
        (SHARE, 0.84, "+0.8 points"),
        (SHARE, -9.5, "-9.5 points"),
        (SHARE, 0.01, "no change"),
        (COUNT, -12, "-12"),
        (COUNT, 1234, "+1,234"),
        (RATE, 1.9, "+1.9"),
        (MEDIAN, 1, "+1 day"),
        (MEDIAN, -12, "-12 days"),
        (SHARE, None, ""),
    ],
)
def test_a_change_of_a_percentage_is_in_points(kpi, difference, words):
    assert written.change(KPIS[kpi], difference) == words


def test_one_whole_point_is_singular():
    kpi = KPIS[SHARE].model_copy(update={"decimals": 0})
    assert written.change(kpi, -1) == "-1 point"


@pytest.mark.parametrize(
    ("kpi", "numerator", "denominator", "words"),
    [
        (SHARE, 1852, 6760, "1,852 of 6,760"),
        (SHARE, None, 174, "of 174 referrals"),
        (SHARE, None, None, ""),
        (RATE, 548, 130_000, "548 children"),
        (RATE, 1, 130_000, "1 child"),
        (RATE, None, None, ""),
        (MEDIAN, None, 142, "142 plans"),
        (COUNT, 548, None, ""),
    ],
)
def test_a_base_says_what_a_figure_rests_on(kpi, numerator, denominator, words):
    assert written.base(KPIS[kpi], Point(Q2, 1.0, numerator, denominator)) == words


@pytest.mark.parametrize(
    ("plural", "one"), [("children", "child"), ("enquiries", "enquiry"), ("plans", "plan"), ("people", "person")]
)
def test_one_of_something_is_singular(plural, one):
    assert (written.noun(plural, 1), written.noun(plural, 0)) == (one, plural)


def test_every_noun_of_ours_has_a_singular():
    assert [kpi.counts for kpi in read_definitions().kpis.values() if written.noun(kpi.counts, 1) == kpi.counts] == []


def test_days_are_written_out():
    day = datetime.date(2025, 10, 4)
    assert (written.day(day), written.short_day(day)) == ("4 October 2025", "4 October")


@pytest.mark.parametrize(
    ("period", "short", "axis"),
    [
        (Q2, "Q2 25/26", "Q2 25/26"),
        (rolling_year(Q2), "Year to Sep 25", "Q2 25/26"),
        (month(2025, 8), "Aug 25", "Aug 25"),
        (term(2025, 1), "Autumn 25/26", "Autumn 25/26"),
        (financial_year(2024), "24/25", "24/25"),
        (half_year(2025, 1), "Half 1 25/26", "Half 1 25/26"),
        (academic_year(2024), "Academic year 24/25", "Academic year 24/25"),
        (single_day(datetime.date(2025, 3, 31)), "31 Mar 25", "31 Mar 25"),
    ],
)
def test_periods_have_short_names(period, short, axis):
    assert (written.short_period(period), written.period_axis(period)) == (short, axis)


@pytest.mark.parametrize(
    ("area", "name"),
    [
        ("partnership", "Whole partnership"),
        ("", "Whole partnership"),
        ("east", "East"),
        ("unknown", "Locality unknown"),
        ("elsewhere", "elsewhere"),
    ],
)
def test_areas_go_by_their_titles(area, name):
    assert written.area_name(OURS, area) == name


@pytest.mark.parametrize(
    ("breakdown", "group", "name"),
    [
        ("locality", "east", "East"),
        ("age_band", "under 1", "Under 1"),
        ("age_band", "unknown", "Not recorded"),
        ("agency", "police", "Police"),
        ("agency", "circus", "Circus"),
        ("latest_category", "Neglect", "Neglect"),
    ],
)
def test_groups_go_by_their_names(breakdown, group, name):
    assert written.group_name(OURS, KPIS[SHARE], breakdown, group) == name


def test_breakdowns_are_named_for_readers():
    assert written.breakdown_name("age_band") == "Age band"


@pytest.mark.parametrize(
    ("kpi", "value", "words"),
    [(SHARE, 23.0, "23%"), (SHARE, 24.3, "24.3%"), (COUNT, 1200, "1,200"), (MEDIAN, 90, "90 days")],
)
def test_a_threshold_has_no_idle_decimals(kpi, value, words):
    assert written.threshold(KPIS[kpi], value) == words


def test_only_what_was_agreed_is_called_a_target():
    agreed = lines.target("icpc_15wd_pct", 82, 75)
    kpi = KPIS["icpc_15wd_pct"]
    assert written.thresholds_words(kpi, agreed.thresholds, agreed) == "agreed target 82% or more"
    assert written.thresholds_words(kpi, kpi.thresholds, None) == "better half of councils: 82.4% or more"
    assert written.thresholds_words(kpi, None, None) == ""


def test_bands_say_both_edges_and_whether_they_are_agreed():
    agreed, kpi = lines.band("cpp_second_subsequent_pct", 15, 24.3, 10, 28), KPIS["cpp_second_subsequent_pct"]
    assert written.thresholds_words(kpi, agreed.thresholds, agreed) == "agreed band 15% to 24.3%"
    assert written.thresholds_words(kpi, kpi.thresholds, None) == "suggested band 15% to 24.3%, not yet agreed"


@pytest.mark.parametrize(
    ("basis", "source", "words"),
    [
        ("local", "A guess", "suggested level 20% or less, not yet agreed"),
        ("national", "Guidance", "national level 20% or less"),
        ("statutory", "Regulations", "statutory level 20% or less"),
        ("councils", "Neighbours' average", "level of other councils: 20% or less"),
    ],
)
def test_every_line_says_whose_it_is(basis, source, words):
    level = Thresholds(green=20, amber=25, basis=basis, source=source)
    assert written.thresholds_words(KPIS[SHARE], level, None) == words


def test_a_count_is_fewer_not_less():
    assert written.at_least_or_most(KPIS["missing_care_episodes"], 12) == "12 or fewer"
