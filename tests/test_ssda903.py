"""An SSDA903 return is known by its headings: missing episodes are read, and each other table is named and not used."""

import datetime

import pytest

from data_loaders import check_files, land
from data_loaders.__main__ import main
from tests.partner_files import TODAY, codes, day, live, opened, text_file

MISSING = ("CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
# Every table of the return with its headings, as the Department for Education specifies them.
NOT_USED = {
    "children (header)": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes of care": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
    "unaccompanied asylum-seeking children": "CHILD,SEX,DOB,DUC",
    "reviews of children in care": "CHILD,DOB,REVIEW,REVIEW_CODE",
    "health, convictions and substance misuse (OC2)": "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,"
    "IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED",
    "care leavers (OC3)": "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM",
    "adoption (AD1)": "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR",
    "placed for adoption": "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
    "previous permanence": "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM",
}


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def either_store(database_url):
    store = opened(database_url)
    yield store
    store.close()


def checked(store, *rows, **given):
    return check_files(store, [("2025-missing.csv", text_file(rows))], **given)


def said(check):
    return {one.code: f"{one.sentence} {one.advice}" for one in check.problems}


def test_missing_and_away_episodes_are_from_care(either_store):
    check = checked(
        either_store, MISSING, ("569582", "31/03/2012", "A", "26/06/2025", "30/06/2025"),
        ("840802", "02/12/2011", "M", "11/08/2025", ""),
    )  # fmt: skip
    assert (check.files[0].verdict, codes(check)) == ("ready", [])
    land(either_store, check, by="a test")
    columns = ("agency", "type", "missing_from", "missing_at", "returned_at", "age")
    assert live(either_store, "missing_episodes", *columns) == [
        ("council", "away", "care", day(2025, 6, 26), day(2025, 6, 30), 13),
        ("council", "missing", "care", day(2025, 8, 11), None, 13),
    ]


def test_the_council_sends_it_though_the_police_are_expected_to_send_such_a_list(store):
    check = checked(store, MISSING, ("1", "31/03/2012", "M", "26/06/2025", "30/06/2025"))
    assert (check.files[0].agency, check.files[0].agency_from) == (
        "council", "the agency that makes this national return"
    )  # fmt: skip
    assert said(check)["not_the_lead"] == (
        "Police leads on this list, so these rows are stored and count in no figure. Nothing, unless their sender "
        "should lead: then change lead_agencies in partnership.yaml."
    )


def test_who_is_chosen_goes_before(store):
    check = checked(store, MISSING, ("1", "31/03/2012", "M", "26/06/2025", "30/06/2025"), agency="police")
    assert (check.files[0].agency, "not_the_lead" in said(check)) == ("police", False)


def test_what_the_return_leaves_unsaid_is_said(store):
    check = checked(store, MISSING, ("1", "31/03/2012", "M", "26/06/2025", "30/06/2025"))
    assert said(check)["form_read"].startswith("SSDA903 return, missing and away from placement. It is about children")


def test_only_months_with_episodes_are_taken_as_covered(store):
    (one,) = checked(store, MISSING, ("1", "31/03/2012", "M", "26/06/2025", "30/06/2025")).lists
    assert one.covers == (datetime.date(2025, 6, 1), datetime.date(2025, 6, 30))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("1", "31/03/2012", "Q", "26/06/2025", ""), "value_unknown"),
        (("1", "31/03/2012", "M", "31/06/2025", ""), "date_impossible"),
        (("1", "31/03/2012", "M", "26/06/2025", "25/06/2025"), "dates_out_of_order"),
        (("", "31/03/2012", "M", "26/06/2025", ""), "blank_required"),
    ],
)
def test_its_rows_go_through_the_same_checks(store, row, code):
    assert codes(checked(store, MISSING, row)) == [code]


def test_a_heading_that_stands_twice_is_told(store):
    check = checked(store, (*MISSING, "MISSING"), ("1", "31/03/2012", "M", "26/06/2025", "", "A"))
    assert codes(check) == ["heading_duplicate"]


def test_without_ends_every_episode_is_open(store):
    check = checked(store, MISSING[:-1], ("1", "31/03/2012", "M", "26/06/2025"))
    land(store, check, by="a test")
    assert live(store, "missing_episodes", "returned_at", "missing_from") == [(None, "care")]


@pytest.mark.parametrize("title", NOT_USED)
def test_each_other_table_is_named_and_not_used(store, title):
    row = ",".join(["1234567", *["x"] * NOT_USED[title].count(",")])
    check = check_files(store, [("table.csv", f"{NOT_USED[title]}\n{row}\n".encode())])
    (file,) = check.files
    assert (file.verdict, file.sentence, file.problems) == (
        "not used", f"SSDA903 return: {title} (not used yet)", ()
    )  # fmt: skip


@pytest.mark.shared
def test_real_returns_load_at_the_command_line(shared, monkeypatch, sqlite_url, capsys):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())
    # Pupil numbers and postcodes in the tables that are not read are warned about.
    assert main([str(shared / "data" / "ssda903")]) == 1
    out = capsys.readouterr().out
    assert out.count("(not used yet)") == 6
    assert "Stored as data version 1 from 2 files: 2 rows added" in out
