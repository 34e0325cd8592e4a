"""No name, identifier or day of birth comes through: not into the store, a problem, a log or a download."""

import csv
import datetime
import io
import logging
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from data_loaders import check_files, land, problems_csv
from data_loaders.__main__ import main
from data_loaders.grid import Cell
from data_loaders.privacy import by_heading, by_values, holds_person, is_nhs_number, is_upn, persons_on
from data_loaders.problems import HIDDEN, shown
from data_loaders.reading import sheet_name
from scorecards.exports import EXPORTS
from scorecards.snapshots import freeze
from scorecards.ui.readers import current_store
from tests import seeded
from tests.partner_files import CONTACTS, REFERRALS, checked, codes, opened, sheet_of, text_file, workbook
from tests.test_analyst_pages import press, sign
from tests.test_pages import markup, open_page

GOOD = ("C1", "03/09/2025", "Police")


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def test_nothing_that_identifies_a_child_is_stored_said_or_logged(store, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = (
        "ZQ7781234",
        "4417719",
        "Zebedee",
        "Quillfeather",
        "17/03/2014",
        "2014-03-17",
        "735309",
        "Yolanda Nightjar",
    )
    headings = (*REFERRALS, "Date of Birth", "Gender", "Allocated Worker", "Favourite colour")
    rows = [
        ("ZQ7781234", "03/09/2025", "Police", "17/03/2014", "F", "Yolanda Nightjar", "Zebedee"),
        (4417719, "04/09/2025", "Police", "2014-03-17", "F", "Yolanda Nightjar", "Zebedee"),
        ("ZQ7781234", "31/09/2025", "Martian", "31/02/1914", "??", "Yolanda Nightjar", "Quillfeather"),
        ("ZQ7781234", "03/09/2025", "GP", "17/03/2014", "F", "Yolanda Nightjar", "Quillfeather"),
    ]
    check = checked(store, headings, *rows)
    land(store, check, by="a test")
    said = [repr(check), problems_csv(check).decode(), caplog.text, *(repr(one) for one in check.problems)]
    store.close()
    for path in Path(tmp_path).rglob("*"):
        if path.is_file():
            said.append(path.read_bytes().decode("latin-1"))
    assert check.rows_ready == 2
    assert [secret for secret in secrets for text in said if secret in text] == []


@pytest.mark.parametrize(
    "heading",
    ["Child Name", "Name", "Forename(s)", "Surname", "Child's first name", "Home address", "Postcode",
     "Post Code of Placement", "Phone", "Mobile number", "Email", "E-mail address", "NHS Number", "NHS no.", "UPN",
     "Mother", "Known as"],
)  # fmt: skip
def test_a_heading_tells_what_must_not_come_in(store, heading):
    check = checked(store, (*REFERRALS, heading), (*GOOD, "secret"))
    assert (check.files[0].verdict, codes(check), check.can_land) == ("refused", ["personal_data"], False)
    assert "secret" not in repr(check)
    assert check.lists == ()


@pytest.mark.parametrize("heading", ["Team name", "School name", "Measure", "Stage", "Colour", "Named plan"])
def test_other_headings_are_not_taken_for_a_person_s(heading):
    assert by_heading(heading) is None


@pytest.mark.parametrize(
    ("values", "what"),
    [
        (["someone@example.org", "none", "none"], "e-mail addresses"),
        (["AB1 2DE", "n/a"], "postcodes"),
        (["01632 960123", "-"], "telephone numbers"),
        (["+44 1632 960123"], "telephone numbers"),
        (["H801200001001", "-"], "pupil numbers"),
        (["A801200001001"], None),
        (["943 476 5919", "9434765919"], "NHS numbers"),
        (["Ann Other", "Bob Else", "Cy Young", "Dee Dum", "Eve Moneypenny"], "names"),
        (["Other, Ann", "Else, Bob", "Young, Cy", "Dum, Dee", "Moneypenny, Eve"], "names"),
        (["North Team", "South Team", "East Duty", "West Hub", "Family Help"], None),
        (["1234567890", "1234567891", "1234567892"], None),
        (["red", "green"], None),
        ([], None),
    ],
)
def test_values_tell_what_must_not_come_in(values, what):
    assert by_values([Cell("text", value) for value in values], len(values)) == what


def test_a_number_is_an_nhs_number_by_its_check_digit():
    assert is_nhs_number("943 476 5919")
    assert not is_nhs_number("943 476 5918")
    assert not is_nhs_number("1111111111")
    assert not is_nhs_number("12345")


@pytest.mark.parametrize("number", ["H801200001001", "h801200001001", "P82120000100B"])
def test_a_text_is_a_pupil_number_by_its_check_letter(number):
    assert is_upn(number)


@pytest.mark.parametrize(
    "text", ["A801200001001", "H801200001002", "H80120000100I", "I801200001001", "H8012000", "Police"]
)
def test_what_has_another_check_letter_is_no_pupil_number(text):
    assert not is_upn(text)


def test_a_number_of_a_person_serves_as_a_hashed_key_where_no_other_identifies_the_child(store):
    headings = ("NHS Number", "Date of referral", "Referral Source")
    check = checked(store, headings, ("943 476 5919", "03/09/2025", "Police"), (9434765919, "04/09/2025", "GP"))
    assert (check.files[0].verdict, check.rows_ready) == ("ready", 2)
    assert len(set(check.lists[0].rows.columns["child_id"])) == 1
    assert [problem.code for problem in check.problems] == ["identifier_of_person"]
    assert not any("943" in text for text in (repr(check), problems_csv(check).decode()))


def test_pupil_numbers_beside_the_childs_identifier_stop_the_file(store):
    check = checked(store, (*REFERRALS, "Reference 2"), (*GOOD, "H801200001001"))
    assert (check.files[0].verdict, codes(check)) == ("refused", ["personal_data"])
    assert "H8012" not in repr(check)


def test_a_column_without_a_heading_can_be_left_out_by_its_letter(store):
    data = workbook(List=[(*REFERRALS, None), (*GOOD, "someone@example.org")])
    [problem] = check_files(store, [("a.xlsx", data)]).problems
    assert problem.heading == "Column D"
    check = check_files(store, [("a.xlsx", data)], drop_columns={("a.xlsx", "List", problem.heading)})
    assert (check.files[0].verdict, check.rows_ready, check.files[0].is_kept) == ("ready", 1, False)


# Sheets that fit no list

NAMES = ("Ann", "Bo", "Cy", "Di", "Eve", "Fay")
STAFF = [("Name", "Telephone"), *((f"{name} Example", f"01632 96012{at}") for at, name in enumerate(NAMES))]


def test_a_sheet_of_no_list_that_is_about_persons_is_warned_of_and_not_told(store):
    check = check_files(store, [("a.xlsx", workbook(List=[REFERRALS, GOOD], Staff=STAFF))])
    assert codes(check) == ["personal_data"]
    [problem] = [problem for problem in check.problems if problem.severity == "warning"]
    assert problem.sentence == ("Sheet 'Staff' is not read, and seems to hold names, telephone numbers (column A, B).")
    assert not any(name in repr(check) for name in ("Example", "960120"))
    assert (check.rows_ready, check.files[0].is_kept) == (1, False)


def test_a_name_and_an_address_on_a_sheet_of_notes_are_no_trouble(store):
    notes = [("Contact", "Ann Example"), ("E-mail", "ann@example.org"), ("Telephone", "01632 960123"), ("Notes", "-")]
    check = check_files(store, [("a.xlsx", workbook(List=[REFERRALS, GOOD], Notes=notes))])
    assert codes(check) == []
    assert check.files[0].is_kept
    assert not any(secret in repr(replace(check.files[0], data=b"")) for secret in ("Example", "ann@", "960123"))


@pytest.mark.parametrize(
    ("heading", "cells", "what"),
    [
        ("Child name", ("A", "B", "C", "D", "E"), "names"),
        ("Surname", ("A", "B", "C", "D", "E"), "names"),
        ("NHS number", ("a1", "a2", "a3", "a4", "a5"), "NHS numbers"),
        ("Name", ("alpha", "beta", "gamma", "delta", "epsilon"), None),
        ("Address", ("A1", "A2", "A3", "A4", "A5"), None),
        ("Child name", ("A", "B"), None),
        ("Helper", ("Ann Other", "Bob Else", "Cy Young", "Dee Dum", "Eve Moneypenny"), "names"),
    ],
)
def test_a_column_of_a_sheet_of_no_list_is_about_persons_by_its_heading_or_its_values(heading, cells, what):
    found = persons_on(sheet_of((heading, "x"), *((cell, number) for number, cell in enumerate(cells))))
    assert found == ([(0, what)] if what else [])


def test_a_sheet_that_goes_by_a_persons_number_is_not_named():
    assert sheet_name("943 476 5919", 3) == "Sheet 3"
    assert sheet_name("ann@example.org") == "Sheet 1"
    assert sheet_name("Referrals  Q2\n") == "Referrals Q2"


def test_a_text_that_would_be_stored_may_not_hold_a_person_s_details(store):
    check = checked(store, (*CONTACTS, "Team"), (*GOOD, "ring 01632 960123"), agency="council")
    assert codes(check) == ["personal_data"]
    assert "960123" not in repr(check)
    assert not holds_person("North team 4")


def test_names_in_place_of_identifiers_are_refused(store):
    check = checked(store, REFERRALS, ("Ann Other", "03/09/2025", "Police"), ("Bob Else", "03/09/2025", "Police"))
    assert codes(check) == ["personal_data"]


def test_names_in_place_of_other_references_are_refused_too(store):
    headings = ("Course title", "Course date", "Participant agency", "Delegate reference")
    rows = [("Working together", "16/09/2025", "Police", name) for name in ("Ann Nightjar", "Bo Quillfeather")]
    assert codes(checked(store, headings, *rows)) == ["personal_data"]


def test_a_column_may_be_left_out_and_the_rest_goes_on(store):
    data = workbook(List=[(*REFERRALS, "Child Name"), (*GOOD, "Zebedee Quillfeather")])
    check = check_files(store, [("a.xlsx", data)], drop_columns={("a.xlsx", "List", "Child Name")})
    assert (check.files[0].verdict, check.rows_ready) == ("ready", 1)
    assert [problem.sentence for problem in check.problems] == ["Left out and not stored: 'Child Name'."]
    assert "Zebedee" not in repr(check)


def test_a_worker_is_left_out_in_any_list(store):
    workers = ["Ann Other", "Bob Else", "Cy Young", "Dee Dum", "Eve Moneypenny"]
    rows = [(f"C{at}", "03/09/2025", "Police", worker) for at, worker in enumerate(workers)]
    check = checked(store, (*CONTACTS, "Allocated Worker"), *rows, agency="council")
    assert check.files[0].verdict == "ready"
    assert "Moneypenny" not in repr(check)


def test_a_column_without_a_heading_is_looked_at_too(store):
    assert codes(checked(store, (*REFERRALS, None), (*GOOD, "someone@example.org"))) == ["personal_data"]


def test_a_heading_without_anything_below_it_stops_nothing(store):
    assert codes(checked(store, (*REFERRALS, "Child Name"), GOOD)) == []


@pytest.mark.parametrize(
    "birth", [41715, "31/02/2014", "03/17/2014", "17/03/14", "17/03/1914", datetime.date(1914, 3, 17)]
)
def test_a_day_of_birth_that_cannot_be_read_is_not_told_in_part_either(store, birth):
    check = checked(store, (*REFERRALS, "Date of Birth"), (*GOOD, birth))
    [problem] = check.problems
    assert problem.severity == "warning"
    assert problem.value is None
    assert not any(part in problem.sentence for part in ("2014", "1914", "41715", "17", "February"))


@pytest.mark.parametrize(
    "slipped", [datetime.date(2014, 3, 17), "17/03/2014", "2014-03-17", "17 March 2014", "17.3.14"]
)
def test_a_day_of_birth_that_slipped_into_another_column_is_not_shown(store, slipped):
    [problem] = checked(store, (*REFERRALS, "Gender"), (*GOOD, slipped)).problems
    assert (problem.code, problem.value) == ("value_unknown", "(not shown)")


def test_an_identifier_that_slipped_into_another_column_is_not_shown(store):
    [problem] = checked(store, (*REFERRALS, "Gender"), (*GOOD, 4417719)).problems
    assert problem.value == "(not shown)"


def test_a_long_text_in_a_column_of_codes_is_not_shown(store):
    told = "Zebedee was hurt by his father on Sunday evening and his aunt rang us"
    check = checked(store, (*REFERRALS, "Gender"), (*GOOD, told))
    assert [problem.value for problem in check.problems] == ["(not shown)"]
    assert "Zebedee" not in problems_csv(check).decode()


@pytest.mark.parametrize(
    "name",
    ["Zebedee Quillfeather", "Quillfeather, Zebedee", "ZEBEDEE QUILLFEATHER", "zebedee quillfeather, his aunt",
     "Zoë O'Quill (mother)", "Zebedee Quillfeather-Nightjar", "Z Quillfeather, school", "June Nightjar"],
)  # fmt: skip
def test_a_name_that_stands_where_a_code_a_date_or_yes_belongs_is_not_shown(store, name):
    check = checked(store, (*REFERRALS, "Gender", "Referral NFA"), ("C1", name, name, name, name))
    assert {problem.value for problem in check.problems} == {"(not shown)"}
    assert {problem.heading for problem in check.problems} == {
        "Date of referral", "Referral Source", "Gender", "Referral NFA",
    }  # fmt: skip
    assert not {"uill", "nightjar"} & set(re.findall("uill|nightjar", problems_csv(check).decode().lower()))


@pytest.mark.parametrize(
    "value",
    ["Polcie", "Martians", "Health Visitng Team", "Acme Housing", "Martian - not known", "Martian (police)", "9Z", "x",
     "Local authority servces", "12: Martians", "To be confirmed"],
)  # fmt: skip
def test_a_wrong_code_is_shown_as_it_was_written(store, value):
    [problem] = checked(store, REFERRALS, ("C1", "03/09/2025", value)).problems
    assert problem.value == value


@pytest.mark.parametrize("number", ["0121 496 0123", "+44 20 7946 0123", "01632-960-123", "07700 900 123"])
def test_a_telephone_number_is_not_shown_however_it_is_grouped(number):
    assert shown(f"Zebedee {number}") == HIDDEN


def test_a_wrong_date_and_a_wrong_word_are_still_shown(store):
    check = checked(store, (*REFERRALS, "Gender"), ("C1", "31/09/2025", "Police", "F"), (*GOOD, "Femail"))
    assert sorted(problem.value for problem in check.problems) == ["31/09/2025", "Femail"]


@pytest.mark.parametrize("begins", ["@SUM(A1)", " =1+1", "\u00a0@SUM(A1)", "＝1+1", "-2+3"])
def test_a_downloaded_list_of_problems_runs_nothing(store, begins):
    check = checked(store, (*REFERRALS, "Gender"), (*GOOD, begins))
    values = [row["Value"] for row in csv.DictReader(io.StringIO(problems_csv(check).decode("utf-8-sig")))]
    assert values == [f"'{check.problems[0].value}"]


# From one end to the other, through the pages: the children of a file are nowhere to be found.

SECRETS = ("ZQ7781234", "4417719", "Zebedee", "Quillfeather", "Nightjar", "17/03/2014", "2014-03-17", "41715", "735309",
           "ZE3 9XQ", "February 2014")  # fmt: skip


def files_of_secrets():
    headings = (*REFERRALS, "Date of Birth", "Gender", "Allocated Worker", "Favourite colour")
    rows = [
        ("ZQ7781234", "03/09/2025", "Police", datetime.datetime(2014, 3, 17), "F", "Yolanda Nightjar", "Zebedee"),
        (4417719, "04/09/2025", "Police", "2014-03-17", "17/03/2014", "Yolanda Nightjar", "Zebedee"),
        ("ZQ7781234", "05/09/2025", "Police", 41715, "ZQ7781234", "Yolanda Nightjar", "Quillfeather"),
        ("ZQ7781234", "31/09/2025", "Police", "31/02/2014", "F", "Yolanda Nightjar", "Quillfeather"),
    ]
    address = [
        (*REFERRALS, "Home address", "Child Name"),
        ("ZQ7781234", "06/09/2025", "GP", "1 Lane ZE3 9XQ", "Zebedee"),
    ]
    moved = [(*REFERRALS, "Gender"), ("4417719", "07/09/2025", "Police", "1 Hill Lane, ZE3 9XQ")]
    return [("a.xlsx", workbook(List=[headings, *rows])), ("b.xlsx", workbook(List=address)),
            ("c.csv", text_file(moved))]  # fmt: skip


def on_disk(folder):
    return [path.read_bytes().decode("latin-1") for path in Path(folder).rglob("*") if path.is_file()]


def told(texts):
    """Return what of the secrets is in the texts; a cell of the database holds text in UTF-8 as it is."""
    return sorted({secret for secret in SECRETS for text in texts if secret in text})


def test_the_command_line_tells_nothing_that_identifies_a_child(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "sent"
    folder.mkdir()
    for name, data in files_of_secrets():
        (folder / name).write_bytes(data)
    assert main([str(folder), "--agency", "council", "--by", "a test"]) == 2
    for path in folder.iterdir():
        path.unlink()
    said = capfd.readouterr()
    assert "4 ready" not in said.out
    assert " added, " in said.out
    assert told([said.out, said.err, caplog.text, *on_disk(tmp_path)]) == []


def test_the_journal_of_a_landing_holds_nothing_that_identifies_a_child(store, tmp_path):
    held: list[str] = []
    event.listen(store.writer, "commit", lambda _connection: held.extend(on_disk(tmp_path)))
    check = check_files(store, files_of_secrets(), agency="council")
    assert land(store, check, by="a test").rows_added == 4
    assert held
    assert told(held) == []


def test_no_page_snapshot_or_export_tells_what_identifies_a_child(tmp_path_factory, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    made = tmp_path_factory.mktemp("seeded")
    seeded.make(made)
    seeded.use(made, tmp_path, monkeypatch)
    app = open_page("pages/load.py")
    app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files_of_secrets()])
    pages = [markup(press(app, "Check these files"))]
    sign(app)
    for confirm in app.checkbox[-1:]:
        confirm.check().run()
    pages.append(markup(press(app, "Store the")))
    assert " added, " in pages[-1]
    for page in ("load", "work", "kpi", "dictionary", "returns", "exceptions", "scorecards", "snapshots"):
        pages.append(markup(open_page(f"pages/{page}.py")))
    store = current_store()
    frozen = freeze(store, "2025-26-Q2", made_by="a test")
    pages.append(markup(open_page("pages/snapshots.py", snapshot=str(frozen.info.id))))
    exported = []
    for export in EXPORTS.values():
        with zipfile.ZipFile(io.BytesIO(export.make(frozen))) as archive:
            exported += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    texts = [*pages, *exported, caplog.text, *on_disk(tmp_path)]
    assert told(texts) == []
