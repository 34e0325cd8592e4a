"""A children in need census in XML loads as its lists, through the checks of any file, without a pupil number."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from data_loaders import census_reader, check_files, land
from data_loaders.containers import look
from data_loaders.reading import read_file, unpacked
from scorecards.errors import LoadRefused
from scorecards.store.schema import problem, submission
from tests.census_files import assessment, case, census, child, enquiry, plan
from tests.partner_files import codes, day, landed, live, opened

YEAR = (datetime.date(2024, 4, 1), datetime.date(2025, 3, 31))
JOURNEY = case(
    assessment("2024-06-05", "2024-07-30"),
    enquiry("2024-06-10", "2024-06-28"),
    plan("2024-06-28", "2025-02-03", ["2024-09-20", "2025-01-31"]),
)


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


def checked(store, data, name="CIN 2025.xml"):
    return check_files(store, [(name, data)])


def here(data):
    """Return what the reader answers, read in this process: the child does the same."""
    return unpacked(census_reader.reader.answer(data, "xml", "census.xml"), "census.xml")


def rows_of(sheets):
    """Return {sheet: rows}, the headings first."""
    return {sheet.name: [[cell.value for cell in sheet.row(row)] for row in range(sheet.n_rows)] for sheet in sheets}


def sheets(data):
    return rows_of(here(data)["sheets"])


def refusal(data):
    with pytest.raises(LoadRefused) as refused:
        here(data)
    return refused.value.code, str(refused.value)


def test_the_child_and_this_process_read_the_same():
    data = census(child(1, JOURNEY), child(2))
    content, same = read_file(data, "census.xml"), here(data)
    assert (rows_of(content.sheets), content.remarks) == (rows_of(same["sheets"]), tuple(same["remarks"]))
    assert [day.isoformat() for day in content.covers] == same["covers"]
    with pytest.raises(LoadRefused, match="is no well-formed XML"):
        read_file(data[:-10], "census.xml")


# What becomes of it


def test_a_census_lands_as_the_lists_that_it_can_fill(either_store):
    check = checked(either_store, census(child(1, JOURNEY, disabilities=["NONE"])))
    assert (check.files[0].verdict, check.files[0].agency, check.problems) == ("ready", "council", ())
    assert land(either_store, check, by="a test").rows_added == 7
    same = ("agency", "sex", "ethnicity", "age")
    about = ("council", "female", "white", 9)
    assert live(either_store, "referrals", *same, "referral_date", "source", "nfa") == [
        (*about, day(2024, 6, 3), "6", "no")
    ]
    assert live(either_store, "assessments", *same, "disability", "start_date", "authorised_date") == [
        (*about, "no", day(2024, 6, 5), day(2024, 7, 30))
    ]
    factors = ("referral_date", "factors", "factor_drugs", "factor_neglect")
    assert live(either_store, "assessments", *factors) == [(day(2024, 6, 3), "2A", "yes", "no")]
    assert live(either_store, "section_47", *same, "start_date", "icpc_unnecessary") == [
        (*about, day(2024, 6, 10), "no")
    ]
    assert live(either_store, "icpc", *same, "s47_start_date", "conference_date", "transfer_in") == [
        (*about, day(2024, 6, 10), day(2024, 6, 28), None)
    ]
    assert live(
        either_store, "cp_plans", *same, "start_date", "end_date", "initial_category", "latest_category",
        "previous_plans", "latest_review_date",
    ) == [(*about, day(2024, 6, 28), day(2025, 2, 3), "NEG", "EMO", 1, day(2025, 1, 31))]  # fmt: skip
    assert live(either_store, "cp_reviews", "review_date") == [(day(2024, 9, 20),), (day(2025, 1, 31),)]


def test_a_child_of_a_census_is_the_child_of_another_list(store):
    land(store, checked(store, census(child(1, case(), LAchildID="9212044"))), by="a test")
    landed(store, ("Child Unique ID", "Date of Contact", "Contact Source"), (9212044.0, "03/09/2025", "Police"),
           agency="mash")  # fmt: skip
    assert live(store, "referrals", "child_id") == live(store, "contacts", "child_id")


def test_the_days_covered_come_from_the_header(store):
    land(store, checked(store, census(child(1, JOURNEY))), by="a test")
    with store.read() as connection:
        covers = connection.execute(select(submission.c.covers_from, submission.c.covers_to)).all()
    assert set(covers) == {(day(2024, 4, 1), day(2025, 4, 1))}


def test_a_row_is_found_again_by_its_line(store):
    data = census(child(1), child(2, JOURNEY))
    land(store, checked(store, data), by="a test")
    ((line,),) = live(store, "cp_plans", "source_row")
    assert data.decode().splitlines()[line - 1] == "<ChildProtectionPlans>"


def test_what_is_wrong_is_told_by_child_case_plan_and_line(either_store):
    data = census(child(1), child(2, case(), case(plan("2024-02-30"), plan("2024-06-28", NumberOfPreviousCPP="two"))))
    check = checked(either_store, data)
    worse = [one for one in check.problems if one.severity != "note"]
    found = [(one.code, one.sheet, one.cell, one.heading, one.value) for one in worse]
    lines = [number for number, line in enumerate(data.decode().splitlines(), 1) if line == "<ChildProtectionPlans>"]
    assert found == [
        ("date_impossible", "Child protection plans", f"Child 2, CIN 2, Plan 1, line {lines[0]}", "CPPstartDate",
         "2024-02-30"),
        ("number_unreadable", "Child protection plans", f"Child 2, CIN 2, Plan 2, line {lines[1]}",
         "NumberOfPreviousCPP", "two"),
    ]  # fmt: skip
    land(either_store, check, by="a test")
    with either_store.read() as connection:
        kept = connection.scalars(select(problem.c.cell).where(problem.c.severity == "error")).all()
    assert kept == [f"Child 2, CIN 2, Plan 1, line {lines[0]}"]


def test_the_same_census_again_changes_nothing(store):
    data = census(child(1, JOURNEY))
    land(store, checked(store, data), by="a test")
    assert checked(store, data).files[0].verdict == "nothing new"


# What each element means


def test_a_conference_beside_the_referral_is_a_transfer_in(store):
    land(store, checked(store, census(child(1, case(enquiry("2024-06-10"), DateOfInitialCPC="2024-08-01")))), by="x")
    assert live(store, "icpc", "conference_date", "transfer_in", "s47_start_date") == [(day(2024, 8, 1), "yes", None)]


def test_the_date_of_an_enquirys_conference_beside_the_referral_is_no_second_one(store):
    data = census(child(1, case(enquiry("2024-06-10", "2024-06-28"), DateOfInitialCPC="2024-06-28")))
    land(store, checked(store, data), by="x")
    assert live(store, "icpc", "conference_date", "transfer_in") == [(day(2024, 6, 28), None)]


@pytest.mark.parametrize(
    ("sent", "told"),
    [(["HAND", "HEAR"], "Yes"), (["NONE"], "No"), (["none", "AUT"], "Yes"), ([], None), (["XYZ"], "XYZ")],
)
def test_disabilities_say_yes_or_no_and_a_strange_code_stays(sent, told):
    (_, row) = sheets(census(child(1, case(plan("2024-06-28")), disabilities=sent)))["Child protection plans"]
    assert row[4] == told


def test_an_unborn_child_has_the_day_it_is_expected(store):
    unborn = child(1, case(), PersonBirthDate=None, ExpectedPersonBirthDate="2024-09-01", GenderCurrent="0")
    land(store, checked(store, census(unborn)), by="x")
    assert live(store, "referrals", "age_band", "age", "sex") == [("unborn", None, "not_stated")]


def test_sex_is_read_where_the_census_asks_for_it(store):
    land(store, checked(store, census(child(1, case(), GenderCurrent=None, Sex="M"))), by="x")
    assert live(store, "referrals", "sex") == [("male",)]


def test_a_child_without_a_case_makes_no_row():
    assert sheets(census(child(1))) == {}


def test_a_prefix_or_a_namespace_changes_nothing():
    plain = census(child(1, JOURNEY))
    inside = plain.replace(b"<Message>", b'<Message xmlns="http://www.dfe.example/cin">')
    prefixed = re.sub(rb"<(/?)(\w)", rb"<\1d:\2", plain).replace(b"<d:Message>", b'<d:Message xmlns:d="urn:cin">')
    utf16 = plain.decode().replace("utf-8", "utf-16").encode("utf-16")
    assert sheets(inside) == sheets(prefixed) == sheets(utf16) == sheets(plain)


# The days covered


@pytest.mark.parametrize(
    ("header", "covers"),
    [
        ({}, YEAR),
        ({"ReferenceDate": None}, YEAR),
        ({"Year": None}, YEAR),
        ({"ReferenceDate": "2025-06-30", "DateTime": "2025-07-01T09:00:00"},
         (datetime.date(2025, 4, 1), datetime.date(2025, 6, 30))),
        ({"DateTime": "2024-12-15T09:00:00"}, (datetime.date(2024, 4, 1), datetime.date(2024, 12, 15))),
        ({"DateTime": None}, YEAR),
    ],
)  # fmt: skip
def test_a_census_covers_its_year_up_to_the_day_it_was_made(header, covers):
    assert here(census(child(1), **header))["covers"] == [day.isoformat() for day in covers]


def test_a_census_of_a_year_that_is_not_over_covers_the_days_so_far(store):
    data = census(child(1, case(CINreferralDate="2025-09-01")), Year="2026", ReferenceDate="2026-03-31", DateTime=None)
    (one,) = checked(store, data).lists
    assert (one.covers, one.covers_from) == (
        (datetime.date(2025, 4, 1), datetime.date(2025, 10, 14)), "from the header of the return"
    )  # fmt: skip


@pytest.mark.parametrize(
    "header",
    [
        {"Year": None, "ReferenceDate": None},
        {"Year": "2024"},
        {"Year": "soon", "ReferenceDate": None},
        {"ReferenceDate": "31/03/2025"},
        {"DateTime": "2023-05-01T10:00:00"},
    ],
)
def test_a_header_that_does_not_say_which_year_is_refused(header):
    code, sentence = refusal(census(child(1), **header))
    assert (code, sentence.startswith("census.xml "), "header" in sentence) == ("header_unread", True, True)


# The account of its elements


def test_every_element_with_a_value_is_accounted_for_once():
    data = census(
        child(1, JOURNEY, disabilities=["HAND", "HEAR"], FormerUPN="X98765432123B", UPNunknown="UN3"),
        child(2, case(PrimaryNeedCode="N4", CINclosureDate="2025-01-01", Colour="blue")),
        child(3),
    )
    values = [one for one in ElementTree.fromstring(data).iter() if not len(one) and (one.text or "").strip()]
    remarks = here(data)["remarks"]
    total, used, unused, left_out = map(int, re.findall(r"\d+", remarks[1]))
    assert total == len(values) == used + unused + left_out
    assert remarks == [
        "Children in need census for the year to 31 March 2025, with 3 children.",
        f"Of {total} elements with a value {used} were used, {unused} were not, and {left_out} were left out.",
        "Not used, because no list takes them: UPNunknown (1), PrimaryNeedCode (1), elements of other names (1), "
        "LEA (1), SoftwareCode (1).",
        "Not used, because their child has no record that takes them: LAchildID (1), PersonBirthDate (1), "
        "GenderCurrent (1), Ethnicity (1).",
        "Left out and not stored, because they identify a child: UPN (3), FormerUPN (1).",
    ]


def test_lists_that_it_does_not_hold_count_as_not_sent():
    assert here(census(child(1, case())))["remarks"][-1] == (
        "Nothing in it for: Assessments, Section 47, Child protection plans, Reviews. "
        "These count as not sent, not as none."
    )


def test_no_pupil_number_leaves_the_process_that_reads():
    data = census(child(1, JOURNEY, UPN="A123456789123", FormerUPN="X98765432123B"))
    answer = census_reader.reader.answer(data, "xml", "census.xml")
    assert b"C1" in answer
    assert b"A123456789123" not in answer
    assert b"X98765432123B" not in answer


# What is refused


BOMB = b'<!DOCTYPE Message [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE Message [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE, b"<!DOCTYPE Message>", b'<!DOCTYPE Message SYSTEM "cin.dtd">'])
def test_document_types_and_entities_are_refused(declared):
    data = census(child(1, case())).replace(b"<Message>", declared + b"<Message>", 1)
    assert refusal(data) == (
        "unsafe",
        "census.xml declares a document type or entities, which no return needs. Export it again from the case system "
        "and send that.",
    )


def test_damaged_xml_is_told_by_its_line():
    data = census(child(1, case()))
    code, sentence = refusal(data[: data.index(b"<ReferralSource>") + 3])
    assert code == "damaged"
    assert re.fullmatch(r"census.xml is damaged: line \d+ is no well-formed XML. Export it again .*", sentence)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (census(child(1), Collection="CLA"), "census.xml is an XML return of the collection 'CLA'."),
        (census(child(1), Collection="<b>x</b>"), "census.xml is an XML return."),
        (b"<Message/>", "census.xml is an XML return."),
    ],
)
def test_other_returns_are_refused_by_name(data, said):
    code, sentence = refusal(data)
    assert (code, sentence) == (
        "return_unknown", f"{said} Of XML returns only the children in need census (CIN) is read."
    )  # fmt: skip


def test_elements_without_end_are_refused():
    assert refusal(b"<Message>" + b"<a>" * 50 + b"</a>" * 50 + b"</Message>")[0] == "unsafe"


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(census_reader.reader, "ROWS_LIMIT", 3)
    with pytest.raises(census_reader.Refused) as refused:
        census_reader.read_census(census(*(child(number, case()) for number in range(4))))
    assert refused.value.code == "too_many_rows"


def test_a_text_without_end_is_cut_and_not_gathered():
    long = census(child(1, case(ReferralSource="6" * 100_000)))
    (_, row) = sheets(long)["Referrals"]
    assert len(row[5]) < 100_000


def test_a_census_is_told_from_other_xml_by_its_first_element():
    assert look(census(child(1)), "census.xml").kind == "xml"
    assert look(census(child(1)), "census.txt").remarks == ("The file is called .txt but is a return in XML.",)
    for other in (b"<Mail/>", b"<root><Message/></root>"):
        with pytest.raises(LoadRefused, match="is an XML file"):
            look(other, "other.xml")


def test_without_line_breaks_no_line_is_told():
    data = census(child(1, case()), child(2, case(CINreferralDate="2024-13-01"))).replace(b"\n", b"")
    places = here(data)["sheets"][0].places
    assert places == ["", "Child 1, CIN 1", "Child 2, CIN 1"]


def test_the_tables_of_a_census_as_text_files_are_recognised_too(store):
    heads = "LAchildID,CINdetailsID,CPPstartDate,CPPendDate,InitialCategoryOfAbuse,LatestCategoryOfAbuse"
    check = checked(store, f"{heads}\nC1,1,28/06/2024,,NEG,NEG\n".encode(), "ChildProtectionPlans.csv")
    assert [(one.record_type, one.rows_ready) for one in check.lists] == [("cp_plans", 1)]
    assert codes(check) == []


@pytest.mark.shared
def test_a_census_as_published_is_read_to_its_last_element(store, shared):
    data = (shared / "data" / "cin_census" / "BAR_cin_2022.xml").read_bytes()
    check = checked(store, data, "BAR_cin_2022.xml")
    # Its one made-up child lived in the 1970s, which every row is refused for, by name.
    assert [(one.title, one.rows_refused) for one in check.lists] == [
        ("Referrals to children's social care", 1), ("Child and family assessments", 1), ("Section 47 enquiries", 1),
        ("Initial child protection conferences", 1), ("Initial child protection conferences", 1),
        ("Child protection plans", 1), ("Child protection review conferences", 1),
    ]  # fmt: skip
    assert codes(check).count("date_out_of_range") == len(codes(check))
    recent = re.sub(rb"\b19(\d\d)-", lambda found: b"20%02d-" % (int(found[1]) - 49), data)
    check = checked(store, recent, "recent.xml")
    assert (check.rows_ready, check.rows_read) == (7, 7)
    assert land(store, check, by="a test").rows_added == 7
