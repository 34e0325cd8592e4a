"""Ratios of rates and of shares: how many times as often, and how far chance could carry it."""

import pytest
from scipy.stats.contingency import relative_risk

from scorecards.rate_ratio import Counted, Standing, rate_ratio, share_ratio


def edges(ratio):
    return (ratio.value, ratio.low, ratio.high)


def test_a_rate_ratio_matches_the_published_cohort_of_boice_and_monson():
    # Breast cancer after fluoroscopy: 41 in 28,010 person-years against 15 in 19,017; 1.86 (90% interval 1.1 to 3.1).
    found = rate_ratio(Counted(41, 28_010), Counted(15, 19_017), confidence=0.90)
    assert [round(edge, 2) for edge in edges(found)] == [1.86, 1.13, 3.05]


def test_a_share_ratio_matches_the_published_trial_of_aspirin():
    # Physicians' Health Study: 189 heart attacks of 11,034 against 104 of 11,037; 1.82 (1.43 to 2.31).
    found = share_ratio(Counted(189, 11_034), Counted(104, 11_037))
    assert [round(edge, 2) for edge in edges(found)] == [1.82, 1.43, 2.31]


@pytest.mark.parametrize(("a", "n", "b", "m"), [(12, 40, 30, 200), (61, 566, 22, 216), (150, 900, 100, 1_000)])
def test_a_share_ratio_is_the_relative_risk_of_scipy(a, n, b, m):
    other = relative_risk(a, n, b, m)
    interval = other.confidence_interval(0.95)
    found = share_ratio(Counted(a, n), Counted(b, m))
    assert edges(found) == pytest.approx((other.relative_risk, interval.low, interval.high), rel=1e-12)


@pytest.mark.parametrize(
    ("cases", "standing"), [(60, Standing.LESS), (100, Standing.ALIKE), (150, Standing.MORE), (9, Standing.TOO_FEW)]
)
def test_only_an_interval_that_leaves_out_one_says_more_or_less(cases, standing):
    assert rate_ratio(Counted(cases, 10_000), Counted(1_000, 100_000)).standing == standing


@pytest.mark.parametrize(("cases", "is_cautious"), [(9, False), (10, True), (29, True), (30, False)])
def test_fewer_than_30_cases_on_either_side_are_read_with_caution(cases, is_cautious):
    assert rate_ratio(Counted(cases, 1_000), Counted(100, 1_000)).is_cautious == is_cautious
    assert rate_ratio(Counted(100, 1_000), Counted(cases, 1_000)).is_cautious == is_cautious


def test_no_case_on_one_side_has_no_interval():
    assert edges(rate_ratio(Counted(0, 500), Counted(40, 900))) == (0.0, None, None)
    assert edges(rate_ratio(Counted(40, 500), Counted(0, 900))) == (None, None, None)
    assert rate_ratio(Counted(40, 500), Counted(0, 900)).standing == Standing.TOO_FEW


@pytest.mark.parametrize(("cases", "base"), [(1, 0), (-1, 10), (float("nan"), 10), (1, float("inf"))])
def test_what_is_no_rate_is_refused(cases, base):
    with pytest.raises(ValueError, match="neither a rate nor a share"):
        Counted(cases, base)


def test_more_cases_than_there_can_be_are_no_share():
    with pytest.raises(ValueError, match="not a share"):
        share_ratio(Counted(11, 10), Counted(1, 10))
