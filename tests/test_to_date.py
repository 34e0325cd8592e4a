"""A year to date that falls: told where the file says so, against the file itself and against what is stored."""

import pytest

from data_loaders import check_files, land
from scorecards.definitions import read_definitions
from scorecards.errors import LoadRefused
from tests.partner_files import TODAY, definitions, opened, text_file
from tests.prepared import open_prepared

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
    store = open_prepared(database_url, definitions().model_copy(update={"kpis": {kpi.id: kpi}}), TODAY)
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


# Years to date beside figures of periods


BASES = ("Measure", "Period", "Number", "Basis")


def differences(store, *rows, headings=BASES, agency="police"):
    check = check_files(store, [("return.csv", text_file([headings, *rows]))], agency=agency)
    return [(one.cell, one.sentence, one.needs_reason) for one in check.problems if one.code == "to_date_differs"]


def stored_rows(store, *rows, agency="police"):
    file = ("first.csv", text_file([BASES, *rows]))
    land(store, check_files(store, [file], agency=agency), by="a test", confirmed=True)


def test_years_to_date_that_give_another_number_than_an_older_figure_of_the_period_are_told(store):
    stored_rows(store, (ASSAULTS, "Q2 2024/25", 5, "In period"))
    later = [(ASSAULTS, "Q1 2024/25", 40, "YTD"), (ASSAULTS, "Q2 2024/25", 60, "YTD")]
    assert differences(store, *later) == [
        (
            "C3",
            f"{ASSAULTS}, Q2 2024/25: the figure of the period is 5, and the figures for the year to date give 20. "
            "The figure of the period counts.",
            True,
        )
    ]


def test_they_land_only_with_a_reason(store):
    stored_rows(store, (ASSAULTS, "Q1 2024/25", 5, None))
    check = check_files(
        store, [("later.csv", text_file([BASES, (ASSAULTS, "Q1 2024/25", 40, "YTD")]))], agency="police"
    )
    with pytest.raises(LoadRefused, match="give 40"):
        land(store, check, by="a test")
    land(store, check, by="a test", reasons={"": "Counted anew since"})
    assert differences(store, (ASSAULTS, "Q1 2024/25", 40, "YTD")) == []  # it stands already


def test_the_same_number_either_way_is_no_doubt(store):
    stored_rows(store, (ASSAULTS, "Q2 2024/25", 20, None), (ASSAULTS, "Q3 2024/25", 9, None))
    later = [(ASSAULTS, "Q1 2024/25", 40, "YTD"), (ASSAULTS, "Q2 2024/25", 60, "YTD")]
    assert differences(store, *later) == []
    assert differences(store, later[0], (ASSAULTS, "Q3 2024/25", 70, "YTD")) == []  # of six months


def test_a_corrected_figure_of_the_period_in_the_same_file_makes_it_right(store):
    stored_rows(store, (ASSAULTS, "Q1 2024/25", 5, "In period"))
    rows = [(ASSAULTS, "Q1 2024/25", 40, "YTD"), (ASSAULTS, "Q1 2024/25", 40, "In period")]
    assert differences(store, *rows) == []


def test_a_figure_of_the_period_that_comes_later_is_told_at_its_own_cell(store):
    stored(store, ("Q1 2024/25", 40), ("Q2 2024/25", 60))
    assert [cell for cell, *_ in differences(store, (ASSAULTS, "Q2 2024/25", 5, None))] == ["C2"]


def test_another_agency_or_provider_and_signs_and_averages_contradict_nothing(store):
    stored_rows(store, (ASSAULTS, "Q1 2024/25", 5, None), (ASSAULTS, "Q2 2024/25", "c", None),
                (ASSAULTS, "Q3 2024/25", 7, "Monthly average"))  # fmt: skip
    years = [(ASSAULTS, f"Q{number} 2024/25", 40 * number, "YTD") for number in (1, 2, 3)]
    assert differences(store, *years[:1], agency="council") == []
    assert differences(store, *years[1:]) == []
    of_one = [(*years[0], "Infirmary")]
    assert differences(store, *of_one, headings=(*BASES, "Provider")) == []


def test_a_share_is_held_against_both_its_numbers_or_else_what_they_make(database_url):
    kpi = read_definitions().kpis["re_referral_pct"]
    store = open_prepared(database_url, definitions().model_copy(update={"kpis": {kpi.id: kpi}}), TODAY)
    headings = ("Measure", "Period", "Number", "Out of", "Value", "Basis")

    def of(own):
        years = [(kpi.title, "Q1 2024/25", 20, 80, None, "YTD"), (kpi.title, "Q2 2024/25", 40, 140, None, "YTD")]
        found = differences(store, *years, (kpi.title, "Q2 2024/25", *own, None), headings=headings, agency="council")
        return [sentence.partition(": ")[2] for _, sentence, _ in found]

    assert of((20, 60, None)) == of((None, None, 33)) == []
    told = "the figure of the period is {}, and the figures for the year to date give 20 out of 60. The figure of the "
    assert of((10, 30, None)) == [told.format("10 out of 30") + "period counts."]
    assert of((None, None, 25)) == [told.format("25.0%") + "period counts."]
    store.close()
