"""Lists that say what stands on a day: which day that is, and what a newer one takes the place of."""

import datetime

import pytest

from data_loaders import check_files
from tests.partner_files import REFERRALS, checked, codes, day, landed, live, opened, workbook

LEAVERS = ("Child Unique ID", "Date of Birth", "Eligibility Category")
ONE = ("C1", "02/09/2006", "a) Relevant child")


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def days(*ends):
    return tuple(datetime.date.fromisoformat(end) for end in ends)


def test_the_day_is_the_last_one_that_is_said_to_be_covered(store):
    landed(store, LEAVERS, ONE, covers=days("2025-07-01", "2025-09-01"))
    assert live(store, "care_leavers", "as_at", "age") == [(day(2025, 9, 1), 18)]


def test_the_age_is_that_on_the_day(store):
    landed(store, LEAVERS, ONE, covers=days("2025-07-01", "2025-09-02"))
    assert live(store, "care_leavers", "as_at", "age") == [(day(2025, 9, 2), 19)]


def test_the_day_comes_from_the_other_lists_of_the_file(store):
    referrals = [("R1", "03/04/2025", "Police"), ("R2", "29/09/2025", "GP")]
    file = workbook(List_9=[LEAVERS, ONE], List_3=[REFERRALS, *referrals])
    check = check_files(store, [("Annex A.xlsx", file)])
    leavers = next(one for one in check.lists if one.record_type == "care_leavers")
    assert leavers.rows.columns["as_at"] == [day(2025, 9, 30)]
    assert leavers.covers == days("2025-07-01", "2025-09-30")


def test_a_day_in_the_row_comes_first(store):
    landed(store, (*LEAVERS, "Snapshot date"), (*ONE, "31/08/2025"), covers=days("2025-07-01", "2025-09-30"))
    assert live(store, "care_leavers", "as_at") == [(day(2025, 8, 31),)]


def test_without_any_day_the_list_is_refused_and_it_is_said_how_to_give_one(store):
    check = checked(store, LEAVERS, ONE)
    assert codes(check) == ["day_unknown"]
    assert [(one.status, one.rows_refused) for one in check.lists] == [("refused", 1)]


def test_a_row_without_its_day_is_refused_where_nothing_else_tells_it(store):
    check = checked(store, (*LEAVERS, "Snapshot date"), (*ONE, "30/09/2025"), ("C2", None, "Relevant", None))
    assert codes(check) == ["blank_required"]
    assert [(one.rows_ready, one.rows_refused) for one in check.lists] == [(1, 1)]


def test_a_later_list_leaves_what_stood_at_the_end_of_an_earlier_quarter(store):
    landed(store, LEAVERS, ONE, ("C2", None, "Relevant"), covers=days("2025-01-01", "2025-06-30"))
    landed(store, LEAVERS, ONE, covers=days("2025-04-01", "2025-09-30"), name="later.xlsx")
    assert [row[0] for row in live(store, "care_leavers", "as_at")] == [day(2025, 6, 30)] * 2 + [day(2025, 9, 30)]


def test_a_later_list_of_the_same_quarter_takes_the_place_of_the_earlier(store):
    landed(store, LEAVERS, ONE, ("C2", None, "Relevant"), covers=days("2025-04-01", "2025-08-31"))
    landed(store, LEAVERS, ONE, covers=days("2025-04-01", "2025-09-30"), name="later.xlsx")
    assert live(store, "care_leavers", "as_at") == [(day(2025, 9, 30),)]


def test_a_day_that_has_not_come_is_no_day_on_which_anything_stands(store):
    check = checked(store, LEAVERS, ONE, covers=days("2025-07-01", "2026-03-31"))
    assert check.lists[0].rows.columns["as_at"] == [day(2025, 10, 14)]
