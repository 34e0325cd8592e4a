"""The scorecard: which figure stands on a line, what it is compared with, and how it is judged."""

import datetime

import pytest

from scorecards import rag, spc
from scorecards.comparators import england
from scorecards.definitions import Locality, Target, read_definitions
from scorecards.periods import (
    academic_year,
    financial_year,
    half_year,
    month,
    period_by_id,
    quarter,
    rolling_year,
    term,
)
from scorecards.scorecard import WHOLE, View, build_line, build_scorecard, interval_of, window_for
from scorecards.series import FedBy, Note, Point, Status
from tests.seeding import empty_store, land, with_partnership

Q2 = period_by_id("2025-26-Q2")
# An agreed target judges the quarter; where councils stand would judge 12 months.
QUARTERLY = Target.model_validate(
    {"kpi": "icpc_15wd_pct", "from": "2020-04-01", "green": 82.4, "amber": 76.4, "agreed_by": "the executive group"}
)


@pytest.fixture(scope="module")
def definitions():
    return with_partnership(read_definitions(), first_day=datetime.date(2020, 4, 1), targets=(QUARTERLY,))


def share(period, numerator, denominator, **more):
    return Point(period, 100 * numerator / denominator, numerator, denominator, 0, Status.FINAL, **more)


def count(period, number, **more):
    return Point(period, number, number, None, 0, Status.FINAL, **more)


def quarters(number, until=Q2):
    """Return the newest `number` quarters, oldest first."""
    found = [until]
    while len(found) < number:
        year, which = int(found[0].id[:4]), int(found[0].id[-1])
        found.insert(0, quarter(year, which - 1) if which > 1 else quarter(year - 1, 4))
    return found


def line(definitions, kpi_id, points, period=Q2, area=WHOLE):
    kpi = definitions.kpis[kpi_id]
    series = {}
    for point in points:
        series.setdefault((kpi_id, point.period.kind), []).append(point)
    return build_line(definitions, kpi, View(period, area), {key: tuple(found) for key, found in series.items()}, {})


def test_a_line_compares_with_the_quarter_before_and_the_same_quarter_a_year_ago(definitions):
    values = (80, 81, 82, 83, 84, 86)
    made = line(
        definitions, "icpc_15wd_pct", [share(one, value, 100) for one, value in zip(quarters(6), values, strict=True)]
    )
    assert (made.latest.value, made.previous.value, made.year_ago.value) == (86, 84, 81)
    assert (made.change, made.change_on_year) == (2, 5)
    assert (made.is_worse_than_before, made.is_worse_than_a_year_ago) == (False, False)


def test_a_line_without_a_figure_for_its_period_is_unknown_and_not_the_one_before(definitions):
    made = line(definitions, "icpc_15wd_pct", [share(one, 90, 100) for one in quarters(9)[:-1]])
    assert (made.latest.period, made.latest.value) == (Q2, None)
    assert made.judgement.reason is rag.Unrated.NO_FIGURE
    assert made.pattern.variation is spc.Variation.NOT_ENOUGH_DATA
    assert made.change is None


def test_a_rolling_measure_is_judged_on_twelve_months_and_tested_on_its_quarters(definitions):
    those = quarters(14)
    points = [share(one, 20 + number, 100) for number, one in enumerate(those)]
    points += [share(rolling_year(one), 90, 400) for one in those]
    made = line(definitions, "re_referral_pct", points)
    assert made.is_rolling
    assert made.latest.value == 22.5
    assert [point.period.kind for point in made.pattern_points] == ["quarter"] * 14
    assert made.previous.period == rolling_year(those[-2])
    assert made.pattern.variation is spc.Variation.CONCERN


def median(period, days):
    return Point(period, days, None, 40, 0, Status.FINAL)


def test_a_figure_that_stands_where_it_nearly_always_stood_is_no_real_change(definitions):
    # One dip draws the mean below five, and seven quarters above the mean would be a shift by the rule.
    days = [5, 5, 5, 4, 5, 5, 5, 5, 5, 5, 5, 5]
    points = [median(one, value) for one, value in zip(quarters(12), days, strict=True)]
    made = line(definitions, "referral_to_strategy_wd_median", points)
    assert made.pattern.variation is spc.Variation.COMMON_CAUSE
    assert [at for at, flag in enumerate(made.pattern.flags) if flag] == [3]
    # Seven quarters at another number are a shift all the same.
    days = [5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 7]
    points = [median(one, value) for one, value in zip(quarters(12), days, strict=True)]
    made = line(definitions, "referral_to_strategy_wd_median", points)
    assert made.pattern.variation is spc.Variation.CONCERN


def test_a_figure_that_moved_and_stayed_for_most_of_the_time_is_a_real_change(definitions):
    for days, variation in (
        ([5] * 8 + [10] * 9, spc.Variation.CONCERN),
        ([10] * 7 + [5] * 8, spc.Variation.IMPROVEMENT),
    ):
        points = [median(one, value) for one, value in zip(quarters(len(days)), days, strict=True)]
        assert line(definitions, "referral_to_strategy_wd_median", points).pattern.variation is variation


def test_a_part_period_is_not_rated_and_not_a_basis_for_change(definitions):
    half = share(Q2, 9, 10, note=Note.PART_COVERED)
    made = line(definitions, "icpc_15wd_pct", [share(quarters(2)[0], 80, 100), half])
    assert made.judgement.reason is rag.Unrated.PART_PERIOD
    later = line(definitions, "icpc_15wd_pct", [half, share(quarter(2025, 3), 80, 100)], quarter(2025, 3))
    assert later.change is None


def test_a_part_of_a_quarter_is_not_compared_with_a_whole_one(definitions):
    points = [share(quarters(2)[0], 80, 100), share(Q2, 9, 10, note=Note.PART_COVERED)]
    assert line(definitions, "icpc_15wd_pct", points).change is None


def test_a_quarter_that_is_not_stored_is_a_gap_and_not_closed_up(definitions):
    those = quarters(4)
    made = line(definitions, "icpc_15wd_pct", [share(those[0], 80, 100), share(those[3], 90, 100)])
    assert [point.value for point in made.points] == [80, None, None, 90]
    assert made.previous.value is None


def test_where_councils_stand_in_a_year_judges_twelve_months_and_an_agreed_target_the_quarter(definitions):
    yearly = with_partnership(definitions, targets=())
    points = [share(Q2, 60, 100), share(rolling_year(Q2), 340, 400)]
    made = line(yearly, "icpc_15wd_pct", points)
    assert (made.window, made.latest.value, made.judgement.rating) == ("rolling_12_months", 85, rag.Rating.GREEN)
    assert line(definitions, "icpc_15wd_pct", points).judgement.rating is rag.Rating.RED


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.NOT_SUPPLIED, rag.Unrated.NO_FIGURE),
        (Status.WITHHELD, rag.Unrated.NO_FIGURE),
        (Status.HISTORY_INCOMPLETE, rag.Unrated.HISTORY_SHORT),
        (Status.TOO_RECENT, rag.Unrated.TOO_RECENT),
        (Status.NOT_APPLICABLE, rag.Unrated.NOT_APPLICABLE),
    ],
)
def test_every_way_of_having_no_figure_is_told_apart(definitions, status, reason):
    assert line(definitions, "icpc_15wd_pct", [Point(Q2, status=status)]).judgement.reason is reason


def test_a_cohort_with_recent_ones_left_out_is_too_recent_to_rate(definitions):
    kpi = definitions.kpis["icpc_15wd_pct"]
    made = line(definitions, kpi.id, [share(Q2, 60, 100, note=Note.TOO_RECENT_LEFT_OUT)])
    assert made.judgement.reason is rag.Unrated.TOO_RECENT


def test_few_cases_are_not_rated_and_some_are_greyed(definitions):
    assert line(definitions, "icpc_15wd_pct", [share(Q2, 9, 9)]).judgement.reason is rag.Unrated.TOO_FEW
    some = line(definitions, "icpc_15wd_pct", [share(Q2, 29, 29)]).judgement
    assert (some.rating, some.is_low_base) == (rag.Rating.GREEN, True)


def test_an_agreed_target_holds_from_its_date_and_not_before(definitions):
    agreed = Target.model_validate(
        {"kpi": "icpc_15wd_pct", "from": "2025-07-01", "green": 95, "amber": 90, "agreed_by": "the executive group"}
    )
    ours = with_partnership(definitions, targets=(QUARTERLY, agreed))
    points = [share(one, 91, 100) for one in quarters(2)]
    now, before = line(ours, "icpc_15wd_pct", points), line(ours, "icpc_15wd_pct", points, quarters(2)[0])
    assert (now.judgement.rating, now.target) == (rag.Rating.AMBER, agreed)
    assert (before.judgement.rating, before.target) == (rag.Rating.GREEN, QUARTERLY)


def test_a_count_without_direction_is_activity(definitions):
    made = line(definitions, "referrals", [count(one, 1500) for one in quarters(2)])
    assert made.judgement.reason is rag.Unrated.CONTEXT
    assert made.is_worse_than_before is None


def test_a_locality_s_percentages_are_of_twelve_months_and_its_counts_are_not(definitions):
    assert window_for(definitions.kpis["icpc_15wd_pct"], "north") == "rolling_12_months"
    assert window_for(definitions.kpis["icpc_15wd_pct"], WHOLE) == "quarter"
    assert window_for(definitions.kpis["referrals"], "north") == "quarter"


def test_a_measure_that_is_not_split_by_locality_says_so_in_one(definitions):
    kpi = definitions.kpis["ed_self_harm"]
    latest = build_line(definitions, kpi, View(Q2, "north"), {}, {}).latest
    assert (latest.value, latest.status, latest.note) == (None, Status.NOT_SUPPLIED, Note.NOT_BY_LOCALITY)
    assert build_line(definitions, kpi, View(Q2), {}, {}).latest.status is Status.NOT_SUBMITTED


def test_a_termly_measure_shows_the_last_term_that_has_ended(definitions):
    points = [count(term(2023, number), 10 * number) for number in (1, 2, 3)]
    points += [count(term(2024, number), 20 * number) for number in (1, 2, 3)]
    made = line(definitions, "perm_exclusions", points)
    assert made.latest.period == term(2024, 3)
    assert (made.previous.period, made.year_ago.period) == (term(2024, 2), term(2023, 3))
    autumn = line(definitions, "perm_exclusions", points, period_by_id("2024-25-Q3"))
    assert (autumn.latest.period, autumn.previous.period) == (term(2024, 1), term(2023, 3))


def test_a_monthly_measure_compares_months(definitions):
    kpi = definitions.kpis["referrals"]
    monthly = kpi.model_copy(update={"windows": kpi.windows.model_copy(update={"judged": "month", "pattern": "month"})})
    ours = definitions.model_copy(update={"kpis": {**definitions.kpis, "referrals": monthly}})
    points = [count(month(2024, 9), 1), count(month(2025, 8), 2), count(month(2025, 9), 3)]
    made = line(ours, "referrals", points)
    assert (made.latest.value, made.previous.value, made.year_ago.value) == (3, 2, 1)


def with_window(definitions, window):
    kpi = definitions.kpis["referrals"]
    windows = kpi.windows.model_copy(update={"judged": window, "pattern": window, "shown": (window,)})
    kpis = {**definitions.kpis, "referrals": kpi.model_copy(update={"windows": windows})}
    return definitions.model_copy(update={"kpis": kpis})


@pytest.mark.parametrize("made", [financial_year, academic_year])
def test_a_yearly_measure_compares_with_the_year_before(definitions, made):
    ours = with_window(definitions, f"{made.__name__}")
    found = line(ours, "referrals", [count(made(2022), 1), count(made(2024), 3)], period_by_id("2025-26-Q2"))
    assert (found.latest.value, found.previous.value, found.year_ago.value) == (3, None, None)
    assert [point.value for point in found.points] == [1, None, 3]
    found = line(ours, "referrals", [count(made(2023), 2), count(made(2024), 3)], period_by_id("2025-26-Q2"))
    assert (found.change, found.change_on_year) == (1, 1)


def test_a_half_yearly_measure_compares_halves(definitions):
    ours = with_window(definitions, "half_year")
    points = [count(half_year(2024, 1), 1), count(half_year(2024, 2), 2), count(half_year(2025, 1), 3)]
    found = line(ours, "referrals", points)
    assert (found.latest.period, found.previous.value, found.year_ago.value) == (half_year(2025, 1), 2, 1)
    found = line(ours, "referrals", points, period_by_id("2025-26-Q1"))
    assert (found.latest.period, found.previous.value) == (half_year(2024, 2), 1)


class TestHowSure:
    def test_a_share_has_a_wilson_interval_in_percent(self, definitions):
        interval = interval_of(definitions.kpis["icpc_15wd_pct"], share(Q2, 65, 100))
        assert (round(interval.low, 4), round(interval.high, 4)) == (55.2544, 73.6358)

    def test_a_rate_has_a_poisson_interval_on_its_own_scale(self, definitions):
        point = Point(Q2, 40.0, 400, 100_000, 0, Status.FINAL)
        interval = interval_of(definitions.kpis["cpp_rate_10k"], point)
        assert interval.low < 40 < interval.high
        assert interval.method == "Byar"

    def test_counts_medians_and_bare_percentages_have_none(self, definitions):
        assert interval_of(definitions.kpis["referrals"], count(Q2, 10)) is None
        assert interval_of(definitions.kpis["cpp_duration_days_median"], Point(Q2, 200, None, 30)) is None
        assert interval_of(definitions.kpis["icpc_15wd_pct"], Point(Q2, 80.0)) is None
        assert interval_of(definitions.kpis["icpc_15wd_pct"], Point(Q2, 120.0, 12, 10)) is None


class TestEngland:
    def test_the_newest_year_that_had_ended_is_used(self):
        assert england("re_referral_pct", Q2).year == 2025
        assert england("re_referral_pct", Q2).year_label == "2024/25"
        assert england("re_referral_pct", period_by_id("2024-25-Q3")).year == 2024

    def test_what_is_not_published_is_none(self):
        assert england("cpp_18m_plus_pct", Q2) is None


def test_a_scorecard_is_read_from_the_store_by_theme_and_area(sqlite_url, definitions):
    store = empty_store(sqlite_url, with_partnership(definitions, localities={"north": Locality(title="North")}))
    rows = [
        {"child_id": str(number), "conference_date": "2025-08-20", "s47_start_date": "2025-08-01", "locality": place}
        for number, place in enumerate(["north"] * 12 + ["unknown"] * 20)
    ]
    land(store, {"icpc": rows}, ("2024-07-01", "2025-09-30"))
    theme = store.definitions.theme("child_protection")
    card = build_scorecard(store, View(Q2), theme)
    assert {kpi.id for kpi in store.definitions.kpis.values() if theme.id in kpi.themes} == {
        one.kpi.id for one in card.lines
    }
    made = card.line("icpc_15wd_pct")
    assert (made.latest.numerator, made.latest.denominator, made.supplied.agency) == (32, 32, "council")
    assert {one.kpi.id for one in card.rated} == {"icpc_15wd_pct", "icpc_wd_median"}
    assert (card.count(rag.Rating.GREEN), card.data_version) == (2, 1)
    assert card.line("no_such") is None
    north = build_scorecard(store, View(Q2, "north"), theme).line("icpc_15wd_pct")
    assert (north.window, north.latest.denominator) == ("rolling_12_months", 12)
    assert build_scorecard(store, View(Q2)).theme is None
    assert made.spark[-1].fed_by is FedBy.LIST
    store.close()
