"""Cells with several codes, such as the factors of an assessment, and the yes and no that they tell."""

import datetime

import pytest

from data_loaders.grid import Cell
from data_loaders.parsing import Trouble, reader_of
from tests.partner_files import checked, codes, context, day, definitions, landed, live, opened

ASSESSMENTS = ("Child Unique ID", "Assessment start date", "Date of authorisation")
FACTORS = (*ASSESSMENTS, "Assessment factors")
DONE = ("C1", "01/07/2025", "20/08/2025")
TOLD = ("factors", "factor_domestic_abuse", "factor_neglect")


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def read(text, kind="text"):
    column = definitions().record_types["assessments"].columns["factors"]
    return reader_of(column, context())(Cell(kind, text))


@pytest.mark.parametrize(
    ("cell", "is_"),
    [
        ("3B", "3B"),
        ("16A, 3B; 4B", "3B 4B 16A"),
        ("4B 3B", "3B 4B"),
        ("3B\n3B", "3B"),
        ('["3A","4B"]', "3A 4B"),
        ("3B - Domestic abuse: parent, Neglect", "3B 16A"),
        ("3A: Domestic abuse / Child criminal exploitation", "3A 24A"),
        ("None", None),
        ("n/a", None),
    ],
)
def test_every_code_of_a_cell_is_read_in_the_order_of_its_list(cell, is_):
    assert read(cell) == is_


def test_a_number_is_a_code_too():
    assert read(21.0, "number") == "21"


@pytest.mark.parametrize("cell", ["3B, 99Z", "some words"])
def test_where_one_code_is_not_known_the_cell_is_not_known(cell):
    assert isinstance(read(cell), Trouble)


def test_factors_tell_yes_and_no_and_a_blank_tells_neither(store):
    rows = [(*DONE, "3B, 4B"), ("C2", *DONE[1:], "21"), ("C3", *DONE[1:], None)]
    landed(store, FACTORS, *rows, agency="council")
    assert live(store, "assessments", *TOLD) == [
        ("21", "no", "no"), ("3B 4B", "yes", "no"), (None, None, None)
    ]  # fmt: skip


def test_a_cell_that_is_not_understood_is_told_and_no_factor_is_known(store):
    check, _ = landed(store, FACTORS, (*DONE, "3B, 99Z"), agency="council")
    assert codes(check) == ["value_unknown"]
    assert live(store, "assessments", *TOLD) == [(None, None, None)]


def test_a_column_of_its_own_comes_before_what_the_codes_tell(store):
    headings = (*FACTORS, "Factor: neglect")
    landed(store, headings, (*DONE, "3B", "Yes"), ("C2", *DONE[1:], "16A", None), agency="council")
    assert live(store, "assessments", *TOLD) == [("16A", "no", "yes"), ("3B", "yes", "yes")]


def test_factors_that_a_later_list_takes_back_are_not_kept(store):
    covers = (day_of(7, 1), day_of(9, 30))
    landed(store, FACTORS, (*DONE, "3B"), agency="council", covers=covers)
    landed(store, FACTORS, (*DONE, None), agency="council", covers=covers, name="later.xlsx")
    assert live(store, "assessments", *TOLD) == [(None, None, None)]


def test_factors_stay_where_a_later_list_has_none(store):
    covers = (day_of(7, 1), day_of(9, 30))
    landed(store, FACTORS, (*DONE, "3B"), agency="council", covers=covers)
    moved = ("C1", "01/07/2025", "21/08/2025")
    landed(store, ASSESSMENTS, moved, agency="council", covers=covers, name="later.xlsx")
    assert live(store, "assessments", "authorised_date", *TOLD) == [(day(2025, 8, 21), "3B", "yes", "no")]


def test_a_list_without_factors_says_nothing_of_them(store):
    check = checked(store, ASSESSMENTS, DONE, agency="council")
    assert codes(check) == []


def day_of(month, number):
    return datetime.date(2025, month, number)
