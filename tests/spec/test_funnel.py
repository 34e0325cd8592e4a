"""The funnel: who differs from the average by more than chance among so few."""

from math import comb, exp, lgamma, log

import pytest

from scorecards.funnel import Funnel, Group, Verdict, by_chance, funnel, limits, pooled


def chance_of_up_to(cases, base, share):
    return sum(comb(base, x) * share**x * (1 - share) ** (base - x) for x in range(cases + 1))


def chance_of_up_to_rate(cases, expected):
    return sum(exp(x * log(expected) - expected - lgamma(x + 1)) for x in range(cases + 1))


def naive(below, from_here_on):
    """Return the verdict by adding up the chances of all that is as far out, or further."""
    if from_here_on < 0.001:
        return Verdict.ABOVE
    if below < 0.001:
        return Verdict.BELOW
    if from_here_on < 0.025:
        return Verdict.HIGH
    return Verdict.LOW if below < 0.025 else Verdict.WITHIN


def one(cases, base, kind, average):
    return funnel([Group("North", cases, base)], kind, average).groups[0]


@pytest.mark.parametrize(("base", "share"), [(10, 0.2), (40, 0.98), (100, 0.2), (33, 0.5), (250, 0.03)])
def test_a_share_is_beyond_where_the_binomial_says_so(base, share):
    for cases in range(base + 1):
        below = chance_of_up_to(cases, base, share)
        from_here_on = 1 - chance_of_up_to(cases - 1, base, share)
        assert one(cases, base, "share", share).verdict == naive(below, from_here_on), cases


@pytest.mark.parametrize("expected", [10, 14.5, 40, 100])
def test_a_rate_is_beyond_where_the_poisson_says_so(expected):
    for cases in range(160):
        below = chance_of_up_to_rate(cases, expected)
        from_here_on = 1 - chance_of_up_to_rate(cases - 1, expected)
        assert one(cases, 10_000, "rate", expected / 10_000).verdict == naive(below, from_here_on), cases


# 40 expected: where scipy's gammainc and gammaincc leave 0.1% and 2.5%, found by bisection.
def test_limits_of_a_rate_are_those_of_the_poisson():
    at = limits([10_000], "rate", 0.004)[0]
    found = [edge * 10_000 for edge in (at.lower, at.warning_lower, at.warning_upper, at.upper)]
    assert found == pytest.approx([21.4710551, 27.6046453, 53.3459192, 61.3994880], abs=5e-7)


def test_a_group_on_the_limits_of_100_at_20_percent():
    # Binomial: 9 or fewer of 100 at 20% in 0.23% of times and 8 or fewer in 0.09%; 34 or more in 0.07%.
    seen = [one(cases, 100, "share", 0.2).verdict for cases in (8, 9, 11, 12, 28, 29, 33, 34)]
    assert seen == [
        Verdict.BELOW, Verdict.LOW, Verdict.LOW, Verdict.WITHIN,
        Verdict.WITHIN, Verdict.HIGH, Verdict.HIGH, Verdict.ABOVE,
    ]  # fmt: skip


def test_a_limit_never_passes_none_or_all():
    at = limits([10, 12], "share", 0.98)
    assert [row.upper for row in at] == [1, 1]
    assert limits([20], "share", 0.05)[0].lower == 0
    assert limits([1_000], "rate", 0.002)[0].lower == 0


@pytest.mark.parametrize(
    ("cases", "base", "verdict", "is_cautious"),
    [
        (9, 9, Verdict.TOO_FEW, False),
        (10, 10, Verdict.ABOVE, True),
        (29, 29, Verdict.ABOVE, True),
        (30, 30, Verdict.ABOVE, False),
    ],
)
def test_fewer_than_10_are_not_judged_and_fewer_than_30_with_caution(cases, base, verdict, is_cautious):
    found = one(cases, base, "share", 0.2)
    assert (found.verdict, found.is_cautious) == (verdict, is_cautious)


@pytest.mark.parametrize(
    ("cases", "children", "verdict", "is_cautious"),
    [(0, 900, Verdict.TOO_FEW, False), (0, 1_000, Verdict.BELOW, True), (0, 3_000, Verdict.BELOW, False)],
)
def test_a_rate_rests_on_the_cases_to_be_expected(cases, children, verdict, is_cautious):
    found = one(cases, children, "rate", 0.01)
    assert (found.verdict, found.is_cautious) == (verdict, is_cautious)


def test_the_average_is_that_of_all_together_unless_it_is_given():
    groups = [Group("North", 30, 100), Group("South", 10, 300)]
    assert pooled(groups) == 0.1
    assert funnel(groups, "share").average == 0.1
    assert funnel(groups, "share", 0.2).average == 0.2


def test_the_distance_is_in_standard_deviations():
    assert one(28, 100, "share", 0.2).distance == pytest.approx(2)  # a standard deviation is 4 of 100
    assert one(20, 10_000, "rate", 0.004).distance == pytest.approx(-(10**0.5))  # and of 40 expected, 6.32


def test_a_few_groups_are_told_apart():
    groups = [Group(str(at), 5, 50) for at in range(5)]
    assert [funnel(groups[:many], "share").is_few for many in (1, 4, 5)] == [True, True, False]


def test_where_nobody_has_a_case_nobody_stands_out():
    found = funnel([Group("North", 0, 50), Group("South", 0, 90)], "share")
    assert [placed.verdict for placed in found.groups] == [Verdict.WITHIN] * 2
    assert [placed.distance for placed in found.groups] == [0.0, 0.0]
    assert funnel([Group("North", 50, 50)], "share").groups[0].verdict == Verdict.WITHIN


def test_no_groups_make_an_empty_funnel_about_a_given_average():
    assert funnel([], "share", 0.5) == Funnel("share", 0.5, (), is_few=True)


def test_two_of_a_thousand_alike_lie_beyond_by_chance():
    assert by_chance(1000) == pytest.approx(2)
    assert by_chance(1000, 0.95) == pytest.approx(50)


@pytest.mark.parametrize(("cases", "base"), [(1, 0), (-1, 10), (11, 10), (float("nan"), 10), (1, float("nan"))])
def test_what_is_no_share_is_refused(cases, base):
    with pytest.raises(ValueError, match=r"not a share|base of a group"):
        funnel([Group("North", cases, base)], "share", 0.2)


@pytest.mark.parametrize(("kind", "average"), [("share", 20), ("share", -0.1), ("rate", float("nan"))])
def test_an_average_is_not_a_percentage(kind, average):
    with pytest.raises(ValueError, match="average share lies between 0 and 1"):
        limits([10], kind, average)


def test_an_average_of_nobody_is_refused():
    with pytest.raises(ValueError, match="base above 0"):
        pooled([])
