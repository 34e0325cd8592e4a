"""What stands beside our figures: neighbours, region, England and the place among councils, all of one release."""

import datetime

import pytest

from data_loaders.published import check_carried, check_published, land_published
from scorecards.comparators import (
    Asked,
    Middle,
    Place,
    Spread,
    compare,
    middle_of,
    newest_year,
    place_among,
    published_population_of,
    published_series,
    quantile,
    spread_of,
)
from scorecards.format import round_half_up
from scorecards.periods import financial_year, quarter, rolling_year, single_day
from tests.partner_files import opened
from tests.test_published_loading import ALL, GLOUCESTERSHIRE, HACKNEY, NORTH_SOMERSET, SOMERSET, sample

# Numbers in, numbers out.


ONE, FOUR, FIVE = (7,), (4, 1, 3, 2), (1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ((7,), 0.25, 7),
        (FOUR, 0.25, 1.75),
        (FOUR, 0.5, 2.5),
        (FOUR, 0.75, 3.25),
        ((1, 2, 3, 4, 5), 0.25, 2),
        (FOUR, 1, 4),
    ],
)
def test_a_quantile_is_rs_of_type_7(values, share, expected):
    assert quantile(values, share) == pytest.approx(expected)


def test_what_is_not_known_is_left_out_of_the_middle_and_counted():
    assert middle_of([10, None, 20, 90, None]) == Middle("median", 20, 3, 2, 10, 90)
    assert middle_of([10, None, 20, 90], "mean") == Middle("mean", 40, 3, 1, 10, 90)
    assert middle_of([None, None]) == Middle("median", None, 0, 2, None, None)
    assert middle_of([]) == Middle("median", None, 0, 0, None, None)


def test_nought_is_a_value():
    assert middle_of([0, 0, None]) == Middle("median", 0, 2, 1, 0, 0)
    assert spread_of([0, None]) == Spread(1, 0, 0, 0)


def test_without_a_value_there_is_no_spread():
    assert spread_of([None, None]) is None


@pytest.mark.parametrize(
    ("own", "polarity", "expected"),
    [
        (10, "lower", Place(1, 4, 1, True)),
        (40, "lower", Place(4, 4, 4, True)),
        (40, "higher", Place(1, 4, 1, True)),
        (10, "higher", Place(4, 4, 4, True)),
        (30, "lower", Place(3, 4, 3, True)),
        # No direction is good: a position from the highest, and no rank.
        (40, "context", Place(1, 4, 1, False)),
        (10, "band", Place(4, 4, 4, False)),
    ],
)
def test_a_place_is_counted_from_the_best(own, polarity, expected):
    assert place_among(own, [10, 20, 30, 40, None], polarity) == expected


def test_ties_share_the_better_place_and_the_better_quarter():
    values = [10, 10, 20, 20, 20, 30, 30, 40]
    assert [place_among(own, values, "lower") for own in (10, 20, 30, 40)] == [
        Place(1, 8, 1, True),
        Place(3, 8, 2, True),
        Place(6, 8, 3, True),
        Place(8, 8, 4, True),
    ]
    # Exactly on a line is the better quarter: the lines lie at 17.5, 20 and 30.
    assert place_among(20, values, "higher") == Place(4, 8, 2, True)


def test_where_all_are_alike_all_are_in_the_best_quarter():
    assert place_among(5, [5, 5, 5], "higher") == Place(1, 3, 1, True)


def test_what_is_not_known_has_no_place():
    assert place_among(None, [1, 2], "lower") is None
    assert place_among(1, [None], "lower") is None


# Out of the store.


@pytest.fixture
def store(database_url):
    store = opened(database_url)
    land_published(store, check_published(store, list(map(sample, ALL))), by="An Analyst")
    yield store
    store.close()


def beside(store, *asked, **more):
    with store.read() as connection:
        return compare(connection, Asked(*asked, **more))


def test_a_figure_stands_beside_its_neighbours_its_region_and_england(store):
    found = beside(store, "re_referral_pct", GLOUCESTERSHIRE, 2024, polarity="lower")
    assert (found.own.value, found.own.numerator, found.own.denominator) == (25, 30, 120)
    assert (found.region.area, found.region.value) == ("E12000009", 26.2)
    assert (found.england.area, found.england.value) == ("E92000001", 20)
    # Of ten neighbours North Somerset and Somerset have a figure; Hackney's is of low reliability, seven have none.
    assert (found.model, found.neighbours) == ("2025-05", Middle("median", 16, 2, 8, 12, 20))
    assert (found.councils, found.place) == (Spread(3, 16, 20, 22.5), Place(3, 3, 4, True))
    assert found.source == (
        "Department for Education, Children in need, table C1: referrals and re-referrals, release 2024"
    )


def test_neighbours_are_those_of_the_model_that_is_asked_for(store):
    older = beside(store, "re_referral_pct", GLOUCESTERSHIRE, 2024, model="2021-04", method="mean")
    assert (older.model, older.neighbours.method, older.neighbours.value) == ("2021-04", "mean", 16)
    assert beside(store, "re_referral_pct", GLOUCESTERSHIRE, 2024, model="1999").neighbours is None
    assert beside(store, "re_referral_pct", SOMERSET, 2024).neighbours is None


def test_the_newest_release_is_shown_and_nothing_of_another_stands_beside_it(store):
    newest = beside(store, "re_referral_pct", GLOUCESTERSHIRE, 2023)
    assert (newest.release, newest.own.value, newest.england.value) == ("2024", 21, 20.9)
    # Hackney and North Somerset have 2023 in the older release alone, and are not borrowed from it.
    assert (newest.councils.n, newest.neighbours.n) == (1, 0)
    older = beside(store, "re_referral_pct", GLOUCESTERSHIRE, 2023, release="2023")
    assert (older.release, older.own.value, older.england.value, older.councils.n) == ("2023", 20, 20, 2)


def test_a_figure_that_is_withheld_keeps_its_reason_and_takes_no_place(store):
    found = beside(store, "re_referral_pct", HACKNEY, 2024, polarity="lower")
    assert (found.own.value, found.own.status, found.place) == (None, "low_reliability", None)
    assert found.england.value == 20


def test_of_what_was_never_published_nothing_stands_beside(store):
    assert beside(store, "re_referral_pct", GLOUCESTERSHIRE, 1999) is None
    assert beside(store, "mash_contacts", GLOUCESTERSHIRE, 2024) is None
    assert beside(store, "re_referral_pct", "E06999999", 2024).own is None


def test_a_council_is_found_by_an_earlier_code(store):
    assert beside(store, "referrals", "E10000027", 2024).own == beside(store, "referrals", SOMERSET, 2024).own


def test_a_series_has_of_each_year_the_newest_release(store):
    with store.read() as connection:
        series = published_series(connection, "re_referral_pct", NORTH_SOMERSET)
        ours = published_series(connection, "re_referral_pct", GLOUCESTERSHIRE)
    assert [(one.year, one.value, one.release) for one in series] == [(2023, 10, "2023"), (2024, 12, "2024")]
    assert [(one.year, one.value, one.release) for one in ours] == [(2023, 21, "2024"), (2024, 25, "2024")]


def test_a_revised_population_changes_no_rate_of_an_earlier_release(store):
    older = beside(store, "referral_rate_10k", GLOUCESTERSHIRE, 2023, release="2023")
    assert (older.own.value, str(older.own.status)) == (500, "published")
    with store.read() as connection:
        assert published_population_of(connection, GLOUCESTERSHIRE, 2023).release == "2024"
        assert published_population_of(connection, GLOUCESTERSHIRE, 2023, "2023") is None
        assert published_population_of(connection, SOMERSET, 2022).value == 5000
        assert published_population_of(connection, "E06000029", 2023) is None


def test_a_period_is_compared_with_the_newest_year_that_had_ended(store):
    periods = {
        quarter(2023, 4): 2024,
        quarter(2024, 1): 2024,
        quarter(2023, 3): 2023,
        financial_year(2022): 2023,
        rolling_year(quarter(2026, 2)): 2024,
        single_day(datetime.date(2024, 3, 31)): 2024,
        single_day(datetime.date(2024, 3, 30)): 2023,
        quarter(2021, 4): None,
    }
    with store.read() as connection:
        assert {period: newest_year(connection, "re_referral_pct", period) for period in periods} == periods


# What is published elsewhere of the same figures.


def test_the_neighbours_of_gloucestershire_are_those_of_both_official_methods(sqlite_url):
    """The interactive tool takes the mean, the Department's dashboard the median; both are published."""
    store = opened(sqlite_url)
    land_published(store, check_carried(store), by="An Analyst")
    about = ("re_referral_pct", GLOUCESTERSHIRE, 2025)
    mean, median = (beside(store, *about, polarity="lower", method=method) for method in ("mean", "median"))
    assert (mean.own.value, mean.model, mean.neighbours.n, mean.neighbours.without) == (22.4, "2025-05", 10, 0)
    assert [round_half_up(one.neighbours.value, 1) for one in (mean, median)] == [20.9, 17.8]
    assert (median.england.value, median.councils) == (22.6, Spread(153, 16.9, 20, 23))
    # 22.4 lies between the middle, 20.0, and the line of the worst quarter, 23.0.
    assert median.place.quarter == 3
    herefordshire = beside(store, "cpp_2y_plus_ended_pct", "E06000019", 2024)
    assert herefordshire.neighbours.n + herefordshire.neighbours.without == 10
    assert herefordshire.neighbours.without > 0
    store.close()
