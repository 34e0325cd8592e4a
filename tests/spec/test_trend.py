"""Trend: Mann-Kendall with Theil-Sen, and chi-squared for trend."""

import json
from pathlib import Path

import pytest

from scorecards.trend import ProportionTrend, Trend, chi_squared_for_trend, mann_kendall

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "trend.json"

TWELVE_QUARTERS = [18.2, 19.1, 18.7, 20.3, 19.9, 21.4, 20.8, 22.6, 21.9, 23.1, 22.4, 24.0]


def shared_vectors():
    if not VECTORS.exists():
        pytest.skip("the shared reference folder is not here")
    return json.loads(VECTORS.read_text(encoding="utf-8"))


def score(target, n):
    """Return an untied series of n whose Mann-Kendall S is `target`: swap neighbours of a rise."""
    values = list(range(n))
    swaps = (n * (n - 1) // 2 - target) // 2
    for end in range(n - 1, 0, -1):
        for at in range(end):
            if swaps:
                values[at], values[at + 1] = values[at + 1], values[at]
                swaps -= 1
    return values


def test_a_steady_rise_over_three_years_is_increasing():
    # Checked with scipy 1.17 (kendalltau exact, theilslopes).
    assert mann_kendall(TWELVE_QUARTERS) == Trend(
        s=54,
        z=pytest.approx(3.634345),
        p=pytest.approx(4.4129e-05, rel=1e-4),
        slope_per_period=pytest.approx(0.495),
        slope_low=pytest.approx(0.4),
        slope_high=pytest.approx(0.6),
        method="exact",
        direction="increasing",
        points=12,
    )


def test_the_same_series_backwards_is_decreasing():
    found = mann_kendall(TWELVE_QUARTERS[::-1])
    assert (found.s, found.direction) == (-54, "decreasing")
    assert found.slope_per_period == pytest.approx(-0.495)


def test_ties_take_the_normal_score_with_tie_correction():
    found = mann_kendall([5, 5, 6, 6, 7, 5, 8, 6, 7, 8, 7, 9])
    assert (found.s, found.method, found.direction) == (40, "normal", "increasing")
    assert (found.z, found.p) == pytest.approx((2.7531317, 0.0059028), rel=1e-5)


def test_more_than_twelve_points_take_the_normal_score():
    assert mann_kendall(list(range(12))).method == "exact"
    assert mann_kendall(list(range(13))).method == "normal"


def test_binary_noise_is_a_tie():
    assert mann_kendall([20.0, 20.000000000000004, 20, 20, 20]).s == 0


def test_a_constant_series_has_no_trend_and_no_score():
    found = mann_kendall([5.0] * 12)
    assert (found.s, found.z, found.p, found.direction) == (0, None, 1.0, "none")
    assert (found.slope_per_period, found.slope_low, found.slope_high) == (0, 0, 0)


@pytest.mark.parametrize("values", [[], [1, 2, 3, 4], [1, None, 2, 3, 4], [None] * 12, [1, 2, 3, 4, float("nan")]])
def test_fewer_than_five_figures_are_no_trend(values):
    assert mann_kendall(values) is None


def test_five_figures_that_all_rise_are_just_enough():
    found = mann_kendall([1, 2, 3, 4, 5])
    assert found.p == pytest.approx(2 / 120)
    assert found.direction == "increasing"


def test_a_gap_keeps_its_place_in_time_so_the_slope_stays_per_period():
    found = mann_kendall([10, 11, None, None, 14, 15, 16])
    assert (found.slope_per_period, found.points) == (1, 5)


def test_a_stricter_level_can_be_asked_for():
    assert mann_kendall([1, 2, 3, 4, 5], alpha=0.01).direction == "none"


@pytest.mark.parametrize(("n", "critical"), [(5, 10), (8, 18), (10, 23), (12, 30), (20, 62)])
def test_the_critical_score_is_the_first_to_be_a_trend(n, critical):
    # Exact two-sided 5% values of |S| without ties; S moves in steps of two.
    assert mann_kendall(score(critical, n)).s == critical
    assert mann_kendall(score(critical, n)).direction == "increasing"
    assert mann_kendall(score(critical - 2, n)).direction == "none"


def test_results_are_plain_numbers():
    found = mann_kendall(TWELVE_QUARTERS)
    numbers = (found.z, found.p, found.slope_per_period, found.slope_low, found.slope_high)
    assert {type(number) for number in numbers} == {float}


# R, prop.trend.test, the smokers of its documentation.
SMOKERS, PATIENTS = [83, 90, 129, 70], [86, 93, 136, 82]


def test_chi_squared_for_trend_matches_r():
    assert chi_squared_for_trend(SMOKERS, PATIENTS) == ProportionTrend(
        chi2=pytest.approx(8.224922285), p=pytest.approx(0.004131897), direction="decreasing"
    )


def test_chi_squared_for_trend_reads_the_other_way_backwards():
    assert chi_squared_for_trend(SMOKERS[::-1], PATIENTS[::-1]).direction == "increasing"


def test_chi_squared_leaves_a_gap_out_but_keeps_its_place():
    spread = chi_squared_for_trend([10, None, 20], [100, 100, 100])
    assert spread == chi_squared_for_trend([10, 0, 20], [100, 0, 100])
    assert spread == chi_squared_for_trend([10, 15, 20], [100, None, 100])


@pytest.mark.parametrize(
    ("numerators", "denominators"),
    [
        ([], []),
        ([None, None], [10, 10]),
        ([5], [10]),
        ([5, 0, 0], [10, 0, 0]),
        ([0, 0, 0], [10, 20, 30]),
        ([10, 20, 30], [10, 20, 30]),
        ([5, 5, 5], [10, 10, 10]),
    ],
)
def test_proportions_that_cannot_or_do_not_move_have_no_trend(numerators, denominators):
    assert chi_squared_for_trend(numerators, denominators) == ProportionTrend(0.0, 1.0, "none")


@pytest.mark.parametrize(("numerators", "denominators"), [([11], [10]), ([-1], [10]), ([1, 2], [10])])
def test_impossible_counts_are_refused(numerators, denominators):
    with pytest.raises(ValueError, match=r"not a proportion|shorter"):
        chi_squared_for_trend(numerators, denominators)


@pytest.mark.shared
def test_every_reference_series_is_reproduced():
    for case in shared_vectors()["mann_kendall"]:
        found = mann_kendall(case["y"])
        assert found.s == case["S"]
        assert found.z == pytest.approx(case["z"])
        assert found.p == pytest.approx(case.get("p_exact", case["p_normal"]))
        assert found.slope_per_period == pytest.approx(case["sen_slope"])
        if "sen_95" in case:
            assert [found.slope_low, found.slope_high] == pytest.approx(case["sen_95"])


@pytest.mark.shared
def test_every_reference_proportion_trend_is_reproduced():
    for case in shared_vectors()["chi2_trend"]:
        found = chi_squared_for_trend(case["x"], case["n"])
        assert (found.chi2, found.p) == pytest.approx((case["chi2"], case["p"]), rel=1e-4)
        assert found.direction == case["direction"]


@pytest.mark.shared
def test_the_critical_scores_are_the_reference_ones():
    for n, critical in shared_vectors()["mk_exact_critical_S_two_sided_05_no_ties"].items():
        assert mann_kendall(score(critical, int(n))).direction == "increasing"
        assert mann_kendall(score(critical - 2, int(n))).direction == "none"
