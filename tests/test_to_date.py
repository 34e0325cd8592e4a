"""A year to date that falls: told where the file says so, against the file itself and against what is stored."""

import pytest

from data_loaders import check_files, land
from scorecards.definitions import read_definitions
from scorecards.store import open_store
from tests.partner_files import TODAY, definitions, opened, text_file

HEADINGS = ("Measure", "Period", "Number", "Basis")
ASSAULTS = "Recorded assaults on children"


@pytest.fixture
def store(database_url):
    store = opened(database_url)
    yield store
    store.close()


def figures(*rows, basis="Year to date"):
    return text_file([HEADINGS, *((ASSAULTS, period, number, basis) for period, number in rows)])


def stored(store, *rows):
    land(store, check_files(store, [("first.csv", figures(*rows))], agency="police"), by="a test", confirmed=True)


def falls(store, data):
    check = check_files(store, [("return.csv", data)], agency="police")
    return [(one.cell, one.severity, one.sentence) for one in check.problems if one.code == "to_date_falls"]


def test_a_year_to_date_that_falls_is_told_at_the_later_figure(store):
    assert falls(store, figures(("Q1 2024/25", 80), ("Q2 2024/25", 70), ("Q3 2024/25", 90))) == [
        (
            "C3",
            "warning",
            "Recorded assaults on children: the year to date is lower in Q2 2024/25 than in Q1 2024/25, so no figure "
            "of the time between can be worked out.",
        )
    ]


def test_a_figure_is_held_against_what_is_stored_on_both_its_sides(store):
    stored(store, ("Q1 2024/25", 80), ("Q3 2024/25", 120))
    assert [cell for cell, *_ in falls(store, figures(("Q2 2024/25", 79)))] == ["C2"]
    assert [cell for cell, *_ in falls(store, figures(("Q2 2024/25", 121)))] == ["C2"]
    assert falls(store, figures(("Q2 2024/25", 100))) == []


def test_a_correction_in_the_same_file_makes_it_right(store):
    stored(store, ("Q1 2024/25", 80))
    assert falls(store, figures(("Q1 2024/25", 60), ("Q2 2024/25", 70))) == []


def test_a_new_year_begins_again_from_nothing(store):
    assert falls(store, figures(("Q4 2023/24", 300), ("Q1 2024/25", 70))) == []
    assert falls(store, figures(("Q3 2023/24", 300), ("Q2 2024/25", 70))) == []


def test_a_share_that_leaves_fewer_than_it_did_is_told(database_url):
    kpi = read_definitions().kpis["re_referral_pct"]
    store = open_store(database_url, definitions().model_copy(update={"kpis": {kpi.id: kpi}}), TODAY)
    shares = [("Q1 2024/25", 20, 80), ("Q2 2024/25", 60, 100)]
    rows = [(kpi.title, *share, "Year to date") for share in shares]
    check = check_files(store, [("s.csv", text_file([("Measure", "Period", "Number", "Out of", "Basis"), *rows]))],
                        agency="council")  # fmt: skip
    assert [(one.cell, one.sentence) for one in check.problems if one.code == "to_date_falls"] == [
        (
            "C3",
            f"{kpi.title}: the year to date leaves fewer of what it is out of uncounted in Q2 2024/25 than in "
            "Q1 2024/25, so no figure of the time between can be worked out.",
        )
    ]
    store.close()


def test_figures_of_single_periods_may_fall(store):
    assert falls(store, figures(("Q1 2024/25", 80), ("Q2 2024/25", 70), basis="In the period")) == []


def test_stored_falls_are_not_told_again_by_a_file_about_something_else(store):
    stored(store, ("Q1 2024/25", 80), ("Q2 2024/25", 70))
    assert falls(store, figures(("Q4 2024/25", 100))) == []
