"""Red, amber, green: on the edge, one below, and why there is no colour."""

import pytest

from scorecards.rag import (
    Band,
    Judgement,
    Rating,
    Thresholds,
    Unrated,
    band_from_tolerance,
    rate,
    rate_by_interval,
)

GREEN, AMBER, RED, NOT_RATED = Rating.GREEN, Rating.AMBER, Rating.RED, Rating.NOT_RATED

# Initial conferences within 15 working days: green from 82.4%, amber from 76.4%.
TIMELY = Thresholds(green=82.4, amber=76.4)
# Re-referrals within 12 months: green to 20%, amber to 23%.
REPEAT = Thresholds(green=20, amber=23)
# A second or subsequent plan: neither very many nor suspiciously few.
SECOND_PLAN = Band(green_low=15, green_high=25, amber_low=10, amber_high=30)


@pytest.mark.parametrize(
    ("value", "rating"), [(100, GREEN), (82.4, GREEN), (82.39, AMBER), (76.4, AMBER), (76.39, RED), (0, RED)]
)
def test_higher_is_better_and_an_edge_has_the_better_colour(value, rating):
    assert rate(value, "higher", TIMELY) == Judgement(rating, is_low_base=False, reason=None)


@pytest.mark.parametrize(
    ("value", "rating"), [(0, GREEN), (20, GREEN), (20.01, AMBER), (23, AMBER), (23.01, RED), (100, RED)]
)
def test_lower_is_better_and_an_edge_has_the_better_colour(value, rating):
    assert rate(value, "lower", REPEAT) == Judgement(rating, is_low_base=False, reason=None)


@pytest.mark.parametrize(
    ("value", "rating"),
    [
        (9.99, RED),
        (10, AMBER),
        (14.99, AMBER),
        (15, GREEN),
        (25, GREEN),
        (25.01, AMBER),
        (30, AMBER),
        (30.01, RED),
    ],
)
def test_a_band_is_green_inside_and_red_far_on_either_side(value, rating):
    assert rate(value, "band", SECOND_PLAN).rating is rating


def test_binary_noise_does_not_miss_a_target():
    assert rate(20.000000000000004, "lower", REPEAT).rating is GREEN
    assert rate(0.1 + 0.2, "lower", Thresholds(green=0.3, amber=0.4)).rating is GREEN
    assert rate(1 - 0.9, "higher", Thresholds(green=0.1, amber=0.0)).rating is GREEN
    assert rate(1e-17, "lower", Thresholds(green=0, amber=1)).rating is GREEN


def test_figures_are_compared_unrounded():
    # 1,001 of 5,000 is shown as 20.0% and is not 20%.
    assert rate(100 * 1001 / 5000, "lower", REPEAT).rating is AMBER


@pytest.mark.parametrize(
    ("denominator", "expected"),
    [
        (9, Judgement(NOT_RATED, True, Unrated.TOO_FEW)),
        (10, Judgement(RED, True, None)),
        (29, Judgement(RED, True, None)),
        (30, Judgement(RED, False, None)),
        (None, Judgement(RED, False, None)),
        (float("nan"), Judgement(RED, False, None)),
    ],
)
def test_a_small_denominator_greys_the_colour_and_below_ten_takes_it_away(denominator, expected):
    assert rate(50, "lower", REPEAT, denominator=denominator) == expected


@pytest.mark.parametrize("value", [None, float("nan")])
def test_an_unknown_figure_is_not_rated_and_is_not_zero(value):
    assert rate(value, "lower", REPEAT) == Judgement(NOT_RATED, False, Unrated.NO_FIGURE)
    assert rate(0, "lower", REPEAT).rating is GREEN


def test_activity_is_never_coloured():
    assert rate(50, "context", REPEAT, denominator=100) == Judgement(NOT_RATED, False, Unrated.CONTEXT)
    assert rate(None, "context", None).reason is Unrated.CONTEXT


def test_without_a_threshold_there_is_no_colour():
    assert rate(50, "lower", None) == Judgement(NOT_RATED, False, Unrated.NO_THRESHOLD)


@pytest.mark.parametrize("reason", [Unrated.TOO_RECENT, Unrated.HISTORY_SHORT, Unrated.PART_PERIOD])
def test_a_reason_from_the_status_of_the_figure_takes_the_colour_away(reason):
    assert rate(50, "lower", REPEAT, denominator=100, unrated=reason) == Judgement(NOT_RATED, False, reason)
    assert rate(None, "lower", REPEAT, unrated=reason).reason is reason


@pytest.mark.parametrize(
    ("polarity", "thresholds"),
    [("band", REPEAT), ("higher", SECOND_PLAN), ("lower", SECOND_PLAN), ("up", REPEAT)],
)
def test_thresholds_that_do_not_fit_the_polarity_are_refused(polarity, thresholds):
    with pytest.raises(ValueError, match="does not fit polarity"):
        rate(50, polarity, thresholds)


def test_the_edges_of_a_band_rise():
    with pytest.raises(ValueError, match="edges rise"):
        Band(green_low=15, green_high=25, amber_low=20, amber_high=30)


def test_a_tolerance_lies_on_the_worse_side_of_the_target():
    assert band_from_tolerance(90, 5, "higher") == Thresholds(green=90, amber=85)
    assert band_from_tolerance(20, 3, "lower") == Thresholds(green=20, amber=23)
    assert band_from_tolerance(100, 0, "higher") == Thresholds(green=100, amber=100)


def test_a_tolerance_needs_a_direction_and_a_size():
    with pytest.raises(ValueError, match="higher or lower"):
        band_from_tolerance(20, 3, "band")
    with pytest.raises(ValueError, match="0 or more"):
        band_from_tolerance(20, -3, "lower")


@pytest.mark.parametrize(
    ("low", "high", "higher", "lower"),
    [
        (0.25, 0.40, GREEN, RED),
        (0.20, 0.40, AMBER, AMBER),
        (0.15, 0.25, AMBER, AMBER),
        (0.10, 0.20, AMBER, AMBER),
        (0.05, 0.15, RED, GREEN),
    ],
)
def test_only_an_interval_that_leaves_out_the_comparator_is_green_or_red(low, high, higher, lower):
    assert rate_by_interval(low, high, 0.20, "higher") is higher
    assert rate_by_interval(low, high, 0.20, "lower") is lower


@pytest.mark.parametrize("polarity", ["band", "context"])
def test_without_a_good_direction_a_difference_has_no_colour(polarity):
    assert rate_by_interval(0.5, 0.6, 0.2, polarity) is NOT_RATED


def test_words_of_ratings_read_as_they_are_shown():
    assert f"{RED}: {Unrated.CONTEXT}" == "red: activity: no good or bad direction"
