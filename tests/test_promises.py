"""When a figure that is not there can be had, in whatever words its sender says it."""

import datetime

import pytest

from data_loaders.promises import is_promise, period_of, promised
from tests.partner_files import checked, codes, landed, live, opened

TODAY = datetime.date(2025, 10, 14)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("not available until Q3 2025/26", "2025-26-Q3"),
        ("Not available until Q3", "2025-26-Q3"),
        ("not available until Q1", "2026-27-Q1"),  # the next one that has not ended
        ("not yet available, expected 20/10/2025", None),
        ("expected 20/10/2025", "2025-10-20"),
        ("Expected on 20 October 2025", "2025-10-20"),
        ("available from November 2025", "2025-11"),
        ("due: 03/11/2025", "2025-11-03"),
        ("to follow", None),
        ("awaited", None),
        ("not ready", None),
    ],
)
def test_words_in_the_place_of_a_number_say_that_there_is_none_yet_and_perhaps_when(text, when):
    found = promised(text, TODAY)
    assert is_promise(text)
    assert (found.id if found else None) == when


@pytest.mark.parametrize("text", ["12", "c", "not applicable", "available", "about 20", "Q3", "nil"])
def test_other_words_promise_nothing(text):
    assert not is_promise(text)
    assert promised(text, TODAY) is None


@pytest.mark.parametrize(
    ("today", "text", "quarter"),
    [
        ("2025-12-31", "Q3", "2025-26-Q3"),
        ("2026-01-01", "Q3", "2026-27-Q3"),
        ("2026-01-01", "quarter 4", "2025-26-Q4"),
        ("2026-01-01", "Q4 2026/27", "2026-27-Q4"),
    ],
)
def test_a_quarter_without_a_year_is_the_next_that_has_not_ended(today, text, quarter):
    assert period_of(text, datetime.date.fromisoformat(today)).id == quarter


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


HEADINGS = ("Measure", "Period", "Number", "Available from")
ASSAULTS = ("Recorded assaults on children", "Q2 2025/26")


def cells(store):
    return live(store, "aggregate_return", "numerator", "numerator_symbol", "available_from")


@pytest.mark.parametrize(
    ("number", "available", "stored"),
    [
        (12, None, (12.0, None, None)),
        (None, "Q3 2025/26", (None, None, "2025-26-Q3")),
        (None, datetime.datetime(2025, 10, 20), (None, None, "2025-10-20")),
        (None, datetime.datetime(2025, 11, 1), (None, None, "2025-11")),
        ("not available until Q3", None, (None, "x", "2025-26-Q3")),
        ("not available until Q3", "20/11/2025", (None, "x", "2025-11-20")),  # the column for it goes first
        ("x", "Q3", (None, "x", "2025-26-Q3")),
        (12, "tbc", (12.0, None, None)),
    ],
)
def test_a_figure_that_is_not_there_is_kept_with_when_it_can_be_had(store, number, available, stored):
    check, _landed = landed(store, HEADINGS, (*ASSAULTS, number, available), agency="police")
    assert codes(check) == []
    assert cells(store) == [stored]


def test_a_blank_row_and_one_whose_day_cannot_be_read_give_no_figure(store):
    rows = [(*ASSAULTS, None, None), ("Recorded assaults on children", "Q1 2025/26", None, "some time")]
    check = checked(store, HEADINGS, *rows, agency="police")
    (one,) = [found for found in check.lists if found.record_type]
    assert (one.rows_ready, dict(one.ignored)) == (0, {"no figure given": 2})


def test_a_day_that_cannot_be_read_leaves_the_figure_where_it_is(store):
    check, _landed = landed(store, HEADINGS, (*ASSAULTS, 12, "some time"), agency="police")
    assert [(one.code, one.severity) for one in check.problems if one.severity != "note"] == [
        ("period_unknown", "warning")
    ]
    assert cells(store) == [(12.0, None, None)]


def test_the_figure_takes_the_place_of_the_promise_when_it_comes(store):
    landed(store, HEADINGS, (*ASSAULTS, "not available until Q3", None), agency="police", name="a.xlsx")
    landed(store, HEADINGS, (*ASSAULTS, 31, None), agency="police", name="b.xlsx")
    assert cells(store) == [(31.0, None, None)]


def test_two_columns_may_each_say_it_in_the_figure_s_place(store):
    headings = ("Measure", "Period", "Number", "Out of")
    landed(store, headings, (*ASSAULTS, None, "expected 20/11/2025"), agency="police")
    assert live(store, "aggregate_return", "available_from") == [("2025-11-20",)]
