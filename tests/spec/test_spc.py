"""Statistical process control: limits, the four rules, variation and assurance."""

import json
import random
from pathlib import Path

import pytest

from scorecards.spc import (
    Assurance,
    Limits,
    Pattern,
    Rule,
    SpecialCause,
    Variation,
    assurance,
    clip,
    has_enough_history,
    limits,
    outside_limits,
    pattern,
    shift_of_seven,
    special_causes,
    trend_of_seven,
    two_of_three_near_limit,
    variation,
)

VECTORS = Path(__file__).parents[2].parent / "shared" / "vectors" / "spc_nhsrplotthedots.json"
TREND_VECTORS = VECTORS.with_name("trend.json")

# Mean 0, near lines at 2, limits at 3.
DRAWN = Limits(
    mean=0.0,
    lower=-3.0,
    upper=3.0,
    near_lower=-2.0,
    near_upper=2.0,
    points=20,
    is_provisional=False,
    screened=False,
)
# NHSRplotthedots, test-ptd_spc_standard.R: one wild month in an otherwise quiet series.
ONE_WILD_POINT = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
QUIET = [20, 22, 21, 19, 20, 21, 19, 22, 20, 18, 21, 20, 19]


def shared(path):
    if not path.exists():
        pytest.skip("the shared reference folder is not here")
    return json.loads(path.read_text(encoding="utf-8"))


def flags(text):
    """Return the flags drawn as '..xx'."""
    return [mark == "x" for mark in text]


def on_a_window_of_seven(ends):
    """Return whether each point belongs to a window of seven that ends at a marked point."""
    return [any(ends[at : at + 7]) for at in range(len(ends))]


# Limits


def test_limits_are_the_mean_and_2_66_average_moving_ranges():
    found = limits([10, 12, 10, 12, 10, 12, 10, 12])
    assert found == Limits(
        mean=11.0,
        lower=pytest.approx(11 - 2.66 * 2),
        upper=pytest.approx(11 + 2.66 * 2),
        near_lower=pytest.approx(11 - 2.66 * 2 * 2 / 3),
        near_upper=pytest.approx(11 + 2.66 * 2 * 2 / 3),
        points=8,
        is_provisional=True,
        screened=False,
    )


def test_an_outlying_moving_range_is_screened_out_once_and_the_mean_keeps_the_point():
    found = limits(ONE_WILD_POINT)
    assert (found.mean, found.lower, found.upper) == pytest.approx((1.9444, -0.7156, 4.6044), abs=1e-4)
    assert found.screened


def test_without_screening_the_wild_point_widens_the_limits():
    found = limits(ONE_WILD_POINT, screen_outliers=False)
    assert (found.mean, found.lower, found.upper) == pytest.approx((1.9444, -3.063, 6.952), abs=1e-3)
    assert not found.screened


def test_screening_never_leaves_a_series_without_variation():
    # Always 100% but once: with that one range left out every point would be outside the limits.
    values = [100, 100, 100, 100, 100, 100, 100, 100, 95]
    found = limits(values)
    assert not found.screened
    assert outside_limits(values, found) == flags("........x")


@pytest.mark.parametrize(("points", "is_provisional"), [(7, True), (12, True), (13, False)])
def test_limits_are_provisional_below_thirteen_points(points, is_provisional):
    assert limits(QUIET[:points]).is_provisional is is_provisional


@pytest.mark.parametrize(
    ("values", "enough"),
    [
        ([], False),
        ([None] * 12, False),
        ([1, 2, 1, 2, 1, 2], False),
        ([1, 2, 1, 2, 1, 2, 1], True),
        ([1, 2, 1, 2, None, 1, 2, 1], False),
        ([1, 2, 1, 2, None, 1, 2, 1, 2], True),
        ([1, None] * 12, False),
    ],
)
def test_seven_points_in_a_row_or_six_moving_ranges_are_enough_history(values, enough):
    assert has_enough_history(values) is enough


def test_limits_of_a_short_history_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match="need 7 figures in a row"):
        limits([1, 2, 1, 2, 1, 2])


def test_no_moving_range_is_taken_across_a_gap():
    # The level changed while nobody counted: the jump from 12 to 30 is not the process's own variation.
    found = limits([10, 12, 10, 12, None, 30, 32, 30, 32], screen_outliers=False)
    assert (found.mean, found.upper, found.points) == (21.0, pytest.approx(21 + 2.66 * 2), 8)


def test_a_not_a_number_is_a_gap():
    nan = float("nan")
    assert limits([*QUIET, nan]) == limits(QUIET)
    assert variation([*QUIET, nan], "lower") is Variation.NOT_ENOUGH_DATA


def test_clipped_limits_are_for_drawing_and_leave_the_mean():
    found = clip(limits([97, 100, 97, 100, 97, 100, 97, 100]), low=0, high=100)
    assert (found.upper, found.near_upper) == (100, 100)
    assert found.mean == 98.5
    assert found.lower == pytest.approx(98.5 - 2.66 * 3)


def test_limits_may_be_clipped_on_one_side_or_none():
    drawn = clip(DRAWN, low=0)
    assert (drawn.lower, drawn.near_lower, drawn.near_upper, drawn.upper) == (0, 0, 2, 3)
    assert clip(DRAWN) == DRAWN


def test_a_point_is_tested_against_the_unclipped_limit():
    values = [97, 100, 97, 100, 97, 100, 97, 100]
    assert pattern(values, "higher").variation is Variation.COMMON_CAUSE


# Rules


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 3.01, 3, -3, -3.01], ".x..x"),
        ([None, 4], ".x"),
        ([3 + 1e-12], "."),
        ([], ""),
    ],
)
def test_outside_is_strictly_beyond_a_limit(values, expected):
    assert outside_limits(values, DRAWN) == flags(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], ""),
        ([1], "."),
        ([1, 2, 3, 4, 5, 6], "......"),
        ([1, 2, 3, 4, 5, 6, 7], "xxxxxxx"),
        ([7, 6, 5, 4, 3, 2, 1], "xxxxxxx"),
        ([1, 2, 3, 3, 4, 5, 6], "......."),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], ".xxxxxxx."),
        ([1, 2, 3, 4, 5, 6, 7, 8], "xxxxxxxx"),
        ([1, 2, 3, None, 4, 5, 6, 7], "........"),
        ([1, 2, 3, 4, 5, 6, None], "......."),
        ([1, 2, 3, 4, 5, 6, 6 + 1e-12], "......."),
    ],
)
def test_seven_strict_rises_or_falls_are_a_trend_and_a_tie_or_gap_ends_it(values, expected):
    assert trend_of_seven(values) == flags(expected)


def test_a_point_where_two_trends_meet_belongs_to_the_one_that_ends_there():
    values = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    far = Limits(0, -100, 100, -90, 90, 13, False, False)
    directions = [flag.direction for flag in special_causes(values, far)]
    assert directions == ["high"] * 7 + ["low"] * 6


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([2.5, 1, 2.5], "x.x"),
        ([-2.5, -2.5, -1], "xx."),
        ([2.5, 1, 1, 2.5], "...."),
        ([2.5, 1, 1, 2.5, 2.5], "...xx"),
        ([2.5, -1, 2.5], "..."),
        ([2.5, 0, 2.5], "..."),
        ([2.5, None, 2.5], "..."),
        ([2.5, 2.5], ".."),
        ([2, 2, 2.5], "..."),
        ([3, 2.5, 1], "xx."),
        ([3.5, 2.5, 1], "..."),
    ],
)
def test_two_of_three_lie_between_near_line_and_limit_on_one_side(values, expected):
    assert two_of_three_near_limit(values, DRAWN) == flags(expected)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1, 1, 1, 1, 1], "......"),
        ([1, 1, 1, 1, 1, 1, 1], "xxxxxxx"),
        ([1, 1, 1, 1, 1, 1, -1], "......."),
        ([-1, -1, -1, -1, -1, -1, -1, -1, 1], "xxxxxxxx."),
        ([1, 1, 1, 0, 1, 1, 1, 1], "........"),
        ([1, 1, 1, None, 1, 1, 1, 1], "........"),
        ([1, 1, 1, 1e-12, 1, 1, 1, 1], "........"),
    ],
)
def test_seven_strictly_on_one_side_of_the_mean_are_a_shift(values, expected):
    assert shift_of_seven(values, 0.0) == flags(expected)


def test_run_lengths_can_be_those_of_another_house():
    assert trend_of_seven([1, 2, 3, 4, 5, 6], run=6) == [True] * 6
    assert shift_of_seven([1] * 7, 0.0, run=8) == [False] * 7
    assert special_causes([0.5, 1] * 4, DRAWN, shift_run=9) == (None,) * 8
    assert special_causes([-1, 0, 1, 2, 2.5], DRAWN, trend_run=5)[0] == SpecialCause(Rule.TREND, "high")


def test_the_first_rule_in_priority_names_the_point():
    # Every point is in the shift; the last two are near the limit; the very last rises beyond it.
    values = [1, 1, 1, 1, 1, 2.5, 2.6, 4]
    assert [flag.rule for flag in special_causes(values, DRAWN)] == [
        *[Rule.SHIFT] * 5,
        Rule.TWO_OF_THREE,
        Rule.TWO_OF_THREE,
        Rule.OUTSIDE_LIMITS,
    ]


def test_a_trend_speaks_by_its_direction_even_on_the_far_side_of_the_mean():
    # Falling but still above the mean: lower, not higher (NHSRplotthedots pull request 180).
    values = [2.9, 2.6, 2.3, 1.9, 1.5, 1.0, 0.5]
    assert special_causes(values, DRAWN)[-1] == SpecialCause(Rule.TREND, "low")


# Variation and assurance


@pytest.mark.parametrize(
    ("polarity", "high", "low"),
    [
        ("higher", Variation.IMPROVEMENT, Variation.CONCERN),
        ("lower", Variation.CONCERN, Variation.IMPROVEMENT),
        ("band", Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
        ("context", Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW),
    ],
)
def test_variation_is_the_latest_point_read_by_polarity(polarity, high, low):
    assert variation([*QUIET, 40], polarity) is high
    assert variation([*QUIET, 1], polarity) is low
    assert variation([*QUIET, 20], polarity) is Variation.COMMON_CAUSE


def test_an_old_signal_does_not_colour_the_latest_point():
    found = pattern([*QUIET, 40, 20], "lower")
    assert found.flags[-2] == SpecialCause(Rule.OUTSIDE_LIMITS, "high")
    assert (found.variation, found.rule) == (Variation.COMMON_CAUSE, None)


def test_six_points_are_not_judged_and_seven_are():
    assert pattern([1, 2, 3, 4, 5, 6], "higher", target=3) == Pattern(
        limits=None,
        flags=(None,) * 6,
        variation=Variation.NOT_ENOUGH_DATA,
        assurance=Assurance.NONE,
        rule=None,
    )
    seven = pattern([1, 2, 3, 4, 5, 6, 7], "higher")
    assert [flag.rule for flag in seven.flags] == [
        Rule.OUTSIDE_LIMITS,
        *[Rule.TREND] * 5,
        Rule.OUTSIDE_LIMITS,
    ]
    assert seven.variation is Variation.IMPROVEMENT


def test_a_series_of_which_nothing_is_known_is_not_judged():
    assert pattern([None] * 12, "lower").variation is Variation.NOT_ENOUGH_DATA
    assert pattern([], "lower").flags == ()


def test_a_latest_period_without_a_figure_has_limits_but_no_variation():
    found = pattern([*QUIET, 40, None], "lower")
    assert found.limits == limits([*QUIET, 40])
    assert (found.variation, found.rule) == (Variation.NOT_ENOUGH_DATA, None)


def test_flags_line_up_with_the_values_around_a_gap():
    found = pattern([None, *QUIET[:6], None, *QUIET[6:], 60], "lower")
    assert len(found.flags) == 16
    assert found.flags[0] is found.flags[7] is None
    assert found.flags[15] == SpecialCause(Rule.OUTSIDE_LIMITS, "high")


@pytest.mark.parametrize("value", [0.0, 0.1, 100 / 3, 100.0])
def test_a_constant_series_is_common_cause_whatever_its_binary_noise(value):
    found = pattern([value] * 12, "higher", target=value)
    assert found.flags == (None,) * 12
    assert (found.variation, found.assurance) == (Variation.COMMON_CAUSE, Assurance.INCONSISTENT)


@pytest.mark.parametrize(
    ("target", "higher", "lower"),
    [
        (3.01, Assurance.CONSISTENTLY_FAILING, Assurance.CONSISTENTLY_PASSING),
        (3, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (0, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (-3, Assurance.INCONSISTENT, Assurance.INCONSISTENT),
        (-3.01, Assurance.CONSISTENTLY_PASSING, Assurance.CONSISTENTLY_FAILING),
    ],
)
def test_assurance_asks_whether_the_target_lies_beyond_the_limits(target, higher, lower):
    assert assurance(DRAWN, target, "higher") is higher
    assert assurance(DRAWN, target, "lower") is lower


@pytest.mark.parametrize(
    ("known_limits", "target", "polarity"),
    [(DRAWN, None, "higher"), (None, 5, "higher"), (DRAWN, 5, "band"), (DRAWN, 5, "context")],
)
def test_there_is_no_assurance_without_target_limits_or_direction(known_limits, target, polarity):
    assert assurance(known_limits, target, polarity) is Assurance.NONE


def test_a_pattern_carries_the_assurance_of_its_target():
    assert pattern(QUIET, "lower", target=40).assurance is Assurance.CONSISTENTLY_PASSING


# The whole reference


@pytest.mark.shared
def test_limits_match_nhsrplotthedots():
    for case in shared(VECTORS)["xmr"]:
        found = limits(case["y"], case["screen_outliers"])
        expected = (case["mean"], case["lpl"], case["upl"])
        assert (found.mean, found.lower, found.upper) == pytest.approx(expected, abs=case.get("tol", 1e-5))


@pytest.mark.shared
def test_trends_match_nhsrplotthedots():
    for case in shared(VECTORS)["seven_trend"]:
        assert trend_of_seven(case["y"]) == on_a_window_of_seven(case["out"])


@pytest.mark.shared
def test_shifts_match_nhsrplotthedots():
    for case in shared(VECTORS)["seven_one_side_last_flags"]:
        assert shift_of_seven(case["rel"], 0.0) == on_a_window_of_seven(case["out"])


@pytest.mark.shared
def test_a_whole_window_of_seven_is_flagged_as_in_nhsrplotthedots():
    for case in shared(VECTORS)["part_of_seven"]:
        assert on_a_window_of_seven(case["in"]) == [bool(flag) for flag in case["out"]]


@pytest.mark.shared
def test_two_of_three_matches_nhsrplotthedots():
    vectors = shared(VECTORS)
    for case in vectors["two_in_three_windows"] + vectors["two_in_three_flagged_points"]:
        values = [side * (2.5 if close else 1) for close, side in zip(case["close"], case["rel"], strict=True)]
        expected = [bool(out and close) for out, close in zip(case["out"], case["close"], strict=True)]
        assert two_of_three_near_limit(values, DRAWN) == expected


@pytest.mark.shared
def test_two_near_opposite_limits_are_common_cause():
    values = shared(VECTORS)["two_of_three_opposite_sides_is_common_cause"]["y"]
    assert pattern(values, "higher").flags[-2:] == (None, None)


@pytest.mark.shared
def test_assurance_matches_nhsrplotthedots():
    words = {
        "consistent_fail": Assurance.CONSISTENTLY_FAILING,
        "consistent_pass": Assurance.CONSISTENTLY_PASSING,
        "inconsistent": Assurance.INCONSISTENT,
    }
    for case in shared(VECTORS)["assurance"]:
        drawn = Limits(0, case["lpl"], case["upl"], 0, 0, 20, False, False)
        assert assurance(drawn, case["target"], "higher") is words[case["increase"]]
        assert assurance(drawn, case["target"], "lower") is words[case["decrease"]]


@pytest.mark.shared
@pytest.mark.parametrize(("points", "charts"), [(12, 3000), (36, 1500)])
def test_false_alarms_come_as_often_as_the_reference_simulation(points, charts):
    expected = shared(TREND_VECTORS)["spc_false_alarm_simulation_per_chart"][f"n{points}"]["any"]
    chance = random.Random(20250331)
    alarms = 0
    for _ in range(charts):
        values = [chance.gauss(0, 1) for _ in range(points)]
        alarms += any(pattern(values, "higher", screen_outliers=False).flags)
    spread = (expected * (1 - expected) / charts) ** 0.5
    assert alarms / charts == pytest.approx(expected, abs=4 * spread)
