"""The reply to a sender: what it says, what it marks, and what of their file it leaves behind."""

import datetime
import io
import re
import time
import zipfile

import openpyxl
import pytest

from data_loaders import check_files, reply_to
from data_loaders.__main__ import main
from data_loaders.problem_guide import asked_of_sender
from data_loaders.reply import asked_in, covering_note
from data_loaders.reply_book import short, stem
from data_loaders.reply_copy import ROWS_WHOLE, row_and_column
from tests.partner_files import FIGURES, TODAY, definitions, opened, text_file, workbook

CHILD = "Child Unique ID"
HEADINGS = (CHILD, "Date of Birth", "Date of referral", "Referral Source", "Allocated Worker", "Remarks")
DAY = datetime.date(2025, 9, 3)
BORN = datetime.date(2012, 2, 14)
GOOD = ("C1", BORN, DAY, "Police", "A. Worker", "fine")


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def replied(store, data, name="Q2 return.xlsx", agency="council", **given):
    """Return (the check of one file, the reply to its sender)."""
    check = check_files(store, [(name, data, agency)], **given)
    return check.files[0], reply_to(store.definitions, data, check.files[0], today=TODAY)


def opened_book(reply):
    return openpyxl.load_workbook(io.BytesIO(reply.workbook))


def values(sheet) -> list[tuple]:
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


BAD = [
    ("Referrals of the second quarter",),
    (),
    HEADINGS,
    GOOD,
    ("C2", BORN, "31/09/2025", "Police", "A. Worker", "=1+1"),
    ("C3", BORN, DAY, "Polcie", "A. Worker", "@home"),
    ("C4", BORN, DAY, "Polcie", "A. Worker", "+44"),
    ("C5", "15/15/2012", DAY, "GP", "A. Worker", None),
    (None, BORN, DAY, "GP", "A. Worker", None),
]


def as_text(rows):
    """Return a workbook in which everything that begins like a formula is a text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Referrals"
    for row in rows:
        sheet.append(row)
    for line in sheet.iter_rows():
        for cell in line:
            if cell.data_type == "f":
                cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def bad(store):
    return replied(store, as_text(BAD))


def test_the_note_says_who_what_when_how_many_and_by_when(bad):
    us = definitions().partnership.model_copy(update={"mailbox": "data@example.org"})
    own = definitions().model_copy(update={"partnership": us})
    assert covering_note(own, bad[0], TODAY, datetime.date(2025, 10, 9)).text == (
        f"To: {us.agencies['council'].title}\n"
        f"Subject: {us.short_name}: 'Q2 return.xlsx', 5 places to look at\n\n"
        "Thank you for 'Q2 return.xlsx', which reached us on 9 October 2025. We could use 2 of its 6 rows; 4 could not "
        "be used.\n\n"
        "The sheet 'Problems' lists 4 places that we could not use and 1 place that we used but have a question about, "
        "each with its cell and what to do.\n\n"
        "Please put these right in your own file and send the whole file again by 21 October 2025. Rows that we could "
        "use need no change; the new file takes the place of this one.\n\n"
        "Please answer to data@example.org, and send files only in the secure way we agreed on. The attached workbook "
        "holds rows of your own file, so treat it as you treat that.\n\n"
        f"{us.name}\n"
    )


def test_problems_are_listed_the_worst_first_and_linked_to_their_cells(bad):
    sheet = opened_book(bad[1])["Problems"]
    rows = [row[:9] for row in values(sheet)[1:]]
    assert [(row[0], row[1], row[2], row[3], row[4], row[6]) for row in rows] == [
        (1, "■ Could not be used", "Referrals", "A9", 1, None),
        (2, "■ Could not be used", "Referrals", "C5", 1, "31/09/2025"),
        (3, "■ Could not be used", "Referrals", "D6", 2, "Polcie"),
        (4, "◆ Please check", "Referrals", "B8", 1, None),
        (5, "○ For information", "Referrals", None, 1, None),
        (6, "○ For information", "Referrals", None, 1, None),
    ]
    assert rows[2][7] == (
        "Not a known value of 'Who made the contact or referral'. Did you mean 'Police'? 2 rows were not read."
    )
    assert rows[2][8] == "Please correct it, or tell us what it means."
    assert values(sheet)[3][9] == "D6, D7"
    assert sheet["D3"].hyperlink.location == "'Referrals'!C5"
    assert sheet["C6"].hyperlink.location == "'Referrals'!A1"


def test_a_copy_holds_the_values_where_they_stood(bad):
    sheet = opened_book(bad[1])["Referrals"]
    assert sheet["A1"].value == "Referrals of the second quarter"
    assert sheet["A3"].value == CHILD
    assert (sheet["C4"].value, sheet["C4"].is_date, sheet["C4"].number_format) == (
        datetime.datetime(2025, 9, 3), True, "dd/mm/yyyy",
    )  # fmt: skip
    assert (sheet["C5"].value, sheet["C5"].data_type) == ("31/09/2025", "s")
    assert sheet["A4"].value == "C1"


def test_faulty_cells_have_a_fill_a_border_a_comment_and_a_word_in_the_last_column(bad):
    sheet = opened_book(bad[1])["Referrals"]
    stopped, doubtful, good = sheet["D6"], sheet["B8"], sheet["D4"]
    assert (stopped.fill.fgColor.rgb, stopped.border.left.style) == ("FFF6CFCB", "medium")
    assert (doubtful.fill.fgColor.rgb, doubtful.border.left.style) == ("FFFFEFB0", "mediumDashed")
    assert (good.fill.fill_type, good.border.left.style, good.comment) == (None, None, None)
    assert "Did you mean 'Police'?" in stopped.comment.text
    assert [sheet.cell(row, 7).value for row in (3, 4, 5, 6)] == [
        "What to look at (added by us)",
        None,
        "■ C5: September has 30 days (No. 2)",
        "■ D6: Not a known value of 'Who made the contact or referral' (No. 3)",
    ]
    assert sheet["G6"].hyperlink.location == "'Problems'!A4"


def test_a_blank_cell_that_every_row_needs_is_marked(bad):
    cell = opened_book(bad[1])["Referrals"]["A9"]
    assert (cell.value, cell.fill.fgColor.rgb) == (None, "FFF6CFCB")
    assert cell.comment.text.startswith("1. Child is blank.")


@pytest.mark.parametrize("at", ["F5", "F6", "F7"])
def test_what_begins_like_a_formula_is_a_text_and_stays_one(bad, at):
    cell = opened_book(bad[1])["Referrals"][at]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_a_column_that_is_not_kept_is_left_blank_with_the_word_why(bad):
    book = opened_book(bad[1])
    column = [row[4] for row in values(book["Referrals"])]
    assert column[2:5] == ["Allocated Worker", "(left blank, for we do not keep it)", None]
    assert set(column[5:]) == {None}
    said = [cell.value for row in book["Please read"].iter_rows() for cell in row if cell.value]
    assert "Sheet 'Referrals', column E: left blank, for we do not keep it." in said


def test_nothing_of_the_partners_workbook_comes_along_but_values(store):
    book = openpyxl.load_workbook(io.BytesIO(as_text(BAD)))
    sheet = book["Referrals"]
    sheet["D4"].comment = openpyxl.comments.Comment("written by Wilhelmina", "Wilhelmina")
    sheet["D5"].hyperlink = "https://tracker.example.org/pixel"
    sheet["F4"] = '=HYPERLINK("https://tracker.example.org")'
    book.defined_names["Secret"] = openpyxl.workbook.defined_name.DefinedName("Secret", attr_text="Referrals!$A$1")
    hidden = book.create_sheet("Working")
    hidden["A1"] = "kept apart"
    hidden.sheet_state = "hidden"
    book.properties.creator = "Wilhelmina"
    out = io.BytesIO()
    book.save(out)
    file, reply = replied(store, out.getvalue())
    made = opened_book(reply)
    assert made.sheetnames == ["Please read", "Problems", "Referrals"]
    assert {sheet.sheet_state for sheet in made} == {"visible"}
    assert [name for name in made.defined_names if "filter" not in name.casefold()] == []
    with zipfile.ZipFile(io.BytesIO(reply.workbook)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
        names = parts.namelist()
    for word in (b"Wilhelmina", b"tracker.example", b"kept apart", b"HYPERLINK(", b"<f>"):
        assert word not in everything
    assert not any("vba" in name or "externalLink" in name for name in names)
    assert "sheet_hidden" in [problem.code for problem in file.problems]
    assert [row[2] for row in values(made["Problems"]) if row[2] == "Working"] == ["Working"]


def test_columns_refused_as_personal_data_are_left_blank_with_the_word_why(store):
    rows = [(*HEADINGS[:4], "Child name", "Notes"), *(
        (f"C{at}", BORN, DAY, "Police", f"Zebedee Zeta{'abcdefgh'[at]}", f"ring 01632 96012{at}") for at in range(6)
    )]  # fmt: skip
    file, reply = replied(store, workbook(List=rows))
    assert file.verdict == "refused"
    book = opened_book(reply)
    with zipfile.ZipFile(io.BytesIO(reply.workbook)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert b"Zebedee" not in everything and b"01632" not in everything
    assert [book["List"][at].value for at in ("A2", "E1", "E2", "F2")] == [
        "C0", "Child name", "(left blank, for it seems to hold names)",
        "(left blank, for it seems to hold telephone numbers)",
    ]  # fmt: skip
    assert reply.covering.subject.endswith("we could not use 'Q2 return.xlsx'")
    assert "Please delete the column and send the file again." in reply.covering.text


def test_a_persons_number_in_a_sheet_that_is_no_list_is_taken_out(store):
    sheets = {"Notes": [("to", "whom"), ("ring", "01632 960123"), ("see", "943 476 5919")],
              "List": [HEADINGS, ("C1", BORN, "31/09/2025", "Police", None, None)]}  # fmt: skip
    _, reply = replied(store, workbook(**sheets))
    assert values(opened_book(reply)["Notes"]) == [("to", "whom"), ("ring", "(not shown)"), ("see", "(not shown)")]


def test_a_file_that_cannot_be_read_gets_a_note_alone(store):
    file, reply = replied(store, b"not a workbook at all \x00\x01", name="Q2.xlsx")
    book = opened_book(reply)
    assert book.sheetnames == ["Please read", "Problems"]
    assert "We could not use anything of it yet." in reply.covering.text
    assert "We need it by 21 October 2025." in reply.covering.text
    assert "holds rows of your own file" not in reply.covering.text
    assert values(book["Problems"])[1][7] == file.problems[0].sentence


def test_a_file_in_order_is_told_so(store):
    file, reply = replied(store, workbook(List=[HEADINGS[:4], GOOD[:4]]))
    assert asked_in(file) == []
    assert reply.covering.subject.endswith("'Q2 return.xlsx' is in order")
    assert "There is nothing you need to do." in reply.covering.text
    assert values(opened_book(reply)["Problems"])[1][0] == "We have no question about this file."


def test_warnings_alone_ask_for_a_word_or_a_correction(store):
    _, reply = replied(store, workbook(List=[HEADINGS[:4], ("C1", "15/15/2012", DAY, "Police")]))
    assert "Please tell us by 21 October 2025 which of them are right" in reply.covering.text


def test_a_text_file_gets_a_workbook_too(store):
    data = text_file([HEADINGS[:4], ("C1", "14/02/2012", "31/09/2025", "Police"), ("=C2", "", "03/09/2025", "GP")])
    _, reply = replied(store, data, name="Q2 return.csv")
    (name,) = opened_book(reply).sheetnames[2:]
    sheet = opened_book(reply)[name]
    assert (sheet["C2"].value, sheet["A3"].value, sheet["A3"].data_type) == ("31/09/2025", "=C2", "s")
    assert reply.name == "Reply - Q2 return.xlsx"


def test_every_kind_of_cell_goes_back_as_what_it_is(store):
    book = openpyxl.Workbook()
    book.active.title = "History"
    book.active.append((*HEADINGS[:4], "Other"))
    others = (12.5, 1234567890123, True, datetime.datetime(2025, 9, 3, 14, 5), datetime.time(9, 30), "#N/A")
    for at, other in enumerate(others):
        book.active.append((f"C{at}", BORN, "31/09/2025", "Police", other))
    out = io.BytesIO()
    book.save(out)
    _, reply = replied(store, out.getvalue())
    made = opened_book(reply)
    assert made.sheetnames[2] == "History (2)"  # Excel keeps the name for itself
    cells = [made["History (2)"].cell(row, 5) for row in range(2, 8)]
    assert [cell.value for cell in cells] == [
        12.5, 1234567890123, True, datetime.datetime(2025, 9, 3, 14, 5), "09:30:00", "#N/A",
    ]  # fmt: skip
    assert (cells[1].number_format, cells[3].number_format, cells[5].data_type) == ("0", "dd/mm/yyyy hh:mm", "s")


def test_sheets_of_like_names_keep_apart(store):
    sheets = {"Problems": [HEADINGS[:4], GOOD[:4], ("C2", None, "x", "GP")],
              "Please read": [HEADINGS[:4], ("C3", None, "x", "GP")]}  # fmt: skip
    _, reply = replied(store, workbook(**sheets))
    book = opened_book(reply)
    assert book.sheetnames == ["Please read", "Problems", "Problems (2)", "Please read (2)"]
    assert book["Problems"]["D2"].hyperlink.location == "'Problems (2)'!C3"


def test_of_a_large_sheet_only_rows_to_look_at_go_back_under_their_own_numbers(store):
    rows = [[f"C{at}", DAY if at not in (700, 2400) else "31/09/2025", "Police"] for at in range(ROWS_WHOLE + 1_000)]
    start = time.process_time()
    _, reply = replied(store, text_file([(CHILD, "Date of referral", "Referral Source"), *rows]), name="big.csv")
    taken = time.process_time() - start
    sheet = opened_book(reply)[opened_book(reply).sheetnames[2]]
    filled = [row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value]
    assert filled == [1, 700, 701, 702, 703, 704, 2400, 2401, 2402, 2403, 2404]
    assert (sheet["A702"].value, sheet["B702"].value, sheet["B2402"].value) == ("C700", "31/09/2025", "31/09/2025")
    said = [cell.value for row in opened_book(reply)["Please read"].iter_rows() for cell in row if cell.value]
    assert any("has 3,001 rows. Only rows with something to look at are here" in str(line) for line in said)
    assert taken < 20


def test_what_only_the_partnership_can_do_is_not_asked_of_the_sender(store):
    headings = (CHILD, "Date of referral", "Referral Source", "Team")
    file, _ = replied(store, workbook(List=[headings, ("C1", DAY, "Police", "Nowhere team")]))
    codes = [problem.code for problem in file.problems]
    assert "area_unplaced" in codes
    assert asked_in(file) == []


def test_the_advice_of_a_rule_is_for_the_sender_too(store):
    sheets = {"Conferences": [(CHILD, "ICPC date", "Transfer in"), ("C1", datetime.date(2025, 9, 6), "No")]}
    file, _ = replied(store, workbook(**sheets))
    assert [asked_of_sender(problem) for problem in file.problems] == ["Check the date."]


def test_the_same_check_gives_the_same_bytes(store):
    data = as_text(BAD)
    assert replied(store, data)[1].workbook == replied(store, data)[1].workbook


def test_figures_are_answered_like_lists(store):
    rows = [FIGURES, ("Recorded assaults on children", "soon", 3), ("Recorded assaults on children", "Q2 2025/26", 3)]
    _, reply = replied(store, workbook(Figures=rows), agency="police")
    sheet = opened_book(reply)["Figures"]
    assert (sheet["B2"].value, sheet["B2"].border.left.style, sheet["C3"].value) == ("soon", "medium", 3)


@pytest.mark.parametrize(
    ("address", "place"), [("A1", (0, 0)), ("AB12", (11, 27)), ("Child 12, line 57", None), ("row 17", None)]
)
def test_an_address_is_a_row_and_a_column(address, place):
    assert row_and_column(address) == place


def test_names_and_sentences_are_shortened_to_what_fits():
    assert stem("Q2: police/final.xlsx") == "Q2- police-final"
    assert short("One thing. And another.") == "One thing"
    assert short("word " * 30).endswith("…")


def test_the_command_line_writes_replies(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SCORECARDS_TODAY", "2025-10-14")
    (tmp_path / "Q2.xlsx").write_bytes(as_text(BAD))
    (tmp_path / "good.xlsx").write_bytes(workbook(List=[HEADINGS[:4], ("C7", BORN, DAY, "GP")]))
    out = tmp_path / "replies"
    command = [str(tmp_path / "Q2.xlsx"), str(tmp_path / "good.xlsx"), "--agency", "council", "--check"]
    for _ in range(2):
        assert main([*command, "--reply", str(out)]) == 1
    assert sorted(path.name for path in out.iterdir()) == [
        "Reply - Q2 (2).txt", "Reply - Q2 (2).xlsx", "Reply - Q2.txt", "Reply - Q2.xlsx",
    ]  # fmt: skip
    assert {path.stat().st_mode & 0o077 for path in (out, *out.iterdir())} == {0}
    assert "Please put these right" in (out / "Reply - Q2.txt").read_text(encoding="utf-8")
    assert re.search(r"Reply written: Reply - Q2 \(2\)\.xlsx", capsys.readouterr().out)
