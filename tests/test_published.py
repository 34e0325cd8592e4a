"""Published figures made again from their published counts, with our arithmetic and our rounding."""

import json

import pytest

from scorecards.format import round_half_up

PER_10_000 = 10_000


@pytest.fixture
def published(shared):
    return json.loads((shared / "vectors" / "published_dfe.json").read_text())


def percentage(numerator, denominator):
    return round_half_up(100 * numerator / denominator, 1)


def test_the_percentages_of_england_follow_from_their_counts(published):
    shares = {name: row for name, row in published["england_2025"].items() if "den" in row}
    assert len(shares) == 6
    assert {name: percentage(row["num"], row["den"]) for name, row in shares.items()} == {
        name: row["published"] for name, row in shares.items()
    }


def test_the_rates_of_england_follow_from_their_counts(published):
    rates = {name: row for name, row in published["england_2025"].items() if "pop" in row}
    assert len(rates) == 3
    assert {name: round_half_up(PER_10_000 * row["num"] / row["pop"], 1) for name, row in rates.items()} == {
        name: row["published"] for name, row in rates.items()
    }


def test_re_referrals_of_a_council_follow_from_its_counts_by_referral_and_by_child(published):
    for year in published["bexley_rereferral"]:
        assert percentage(year["rereferrals"], year["referrals"]) == year["pct"], year["year"]
        assert percentage(year["children_rereferred"], year["children"]) == year["child_pct"], year["year"]


def test_counting_children_instead_of_referrals_is_another_figure(published):
    for year in published["bexley_rereferral"]:
        assert year["child_pct"] < year["pct"]
