"""Problems on the page: by file and severity with all their places, the reasons they need, and the reply."""

import datetime
import io

import openpyxl
import pytest
from sqlalchemy import select

from data_loaders import covering_note, problems_csv, reply_to
from scorecards.store.schema import problem as problem_table
from scorecards.ui import loading, verdicts
from scorecards.ui.problem_list import DOUBTS, Answers
from scorecards.ui.readers import current_store
from tests import seeded
from tests.partner_files import text_file, workbook
from tests.test_analyst_pages import REFERRALS, alerts, downloads, load_page, press, sign, versions
from tests.test_pages import markup, words
from tests.test_plausibility import DOUBTS as CODES

pytestmark = pytest.mark.usefixtures("with_figures")
BAD = text_file([
    REFERRALS,
    ("80001", "02/07/2025", "1A"),
    ("80002", "31/09/2025", "1A"),
    ("80003", "31/09/2025", "1A"),
    ("80004", "04/07/2025", "Martians"),
    ("80005", "31/09/2025", "1A"),
])  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded")
    seeded.make(folder)
    return folder


@pytest.fixture
def with_figures(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)


def many_referrals():
    """Return a file with three times as many referrals in July as any month had before."""
    rows = [(f"9{number:04}", datetime.date(2025, 7, number % 28 + 1), "1A") for number in range(200)]
    return workbook(Referrals=[REFERRALS, *rows])


def fields(app):
    return [one for one in app.text_input if one.label.startswith("Why is this right")]


def agree(app):
    """Agree that the stored rows of the days should go."""
    for box in app.checkbox:
        if box.label.startswith("Yes"):
            box.set_value(True)


def test_one_cause_in_several_rows_is_one_line_that_opens_to_all_its_cells():
    app = load_page(("Q2.csv", BAD))
    shown = words(app)
    assert "■ Not read until it is put right: 4 places" in shown
    assert (
        "Q2 B3 and 2 more B3, B4, B6 Date of referral 31/09/2025 September has 30 days. 3 rows were not read." in shown
    )
    assert '<details class="places"><summary>B3 and 2 more</summary>B3, B4, B6</details>' in markup(app)
    assert "Q2 C5 Referral Source Martians Not a known value" in shown


def test_each_file_is_replied_to_by_its_name():
    app = load_page(("Q2.csv", BAD), ("broken.xlsx", b"\x00not a workbook"))
    assert [one for one in downloads(app) if one.startswith("Reply")] == [
        "Reply to Children's social care about Q2.csv", "Reply to the sender about broken.xlsx",
    ]  # fmt: skip
    notes = [one.value for one in app.code]
    assert "We could use 1 of its 5 rows; 4 could not be used." in notes[0]
    assert "We could not use anything of it yet." in notes[1]
    assert "broken.xlsx: refused" in words(app)


def test_the_reply_is_made_from_the_bytes_in_hand():
    load_page(("Q2.csv", BAD))
    held = loading.InHand(files={"Q2.csv": BAD})
    store = current_store()
    from data_loaders import check_files

    (file,) = check_files(store, [("Q2.csv", BAD)]).files
    answers = Answers(problems_csv, reply_to, covering_note)
    made = answers.reply_to(store.definitions, held.files["Q2.csv"], file, today=store.today)
    assert openpyxl.load_workbook(io.BytesIO(made.workbook))["Problems"]["D2"].value == "B3"
    assert verdicts.reply_name("Q2.csv") == made.name == "Reply - Q2.xlsx"


def test_what_is_hard_to_believe_asks_for_a_reason_and_is_not_stored_without():
    app = load_page(("many.xlsx", many_referrals()))
    assert "Hard to believe, and stored only with a reason:" in words(app)
    assert "July 2025: 200 rows, where 0 to" in words(app)
    before = versions()
    agree(app)
    app = press(sign(app), "Store the 200 good rows")
    assert alerts(app)[0] == "Say beside each warning that needs it why it is right. Nothing was stored yet."
    assert versions() == before


def test_a_reason_given_beside_the_warning_is_kept_with_it():
    app = sign(load_page(("many.xlsx", many_referrals())))
    for one in fields(app):
        one.set_value("Backlog of the winter was entered in July")
    agree(app)
    app = press(app.run(), "Store the 200 good rows")
    assert "Stored as data version" in words(app)
    with current_store().read() as connection:
        kept = connection.execute(
            select(problem_table.c.code, problem_table.c.passed_why, problem_table.c.passed_by).where(
                problem_table.c.passed_why.is_not(None)
            )
        ).all()
    assert ("sudden_jump", "Backlog of the winter was entered in July", "A. Analyst") in [tuple(row) for row in kept]


def test_a_reason_that_could_name_a_person_is_sent_back_with_the_files_still_in_hand():
    app = sign(load_page(("many.xlsx", many_referrals())))
    for one in fields(app):
        one.set_value("Please see 9434765919")
    agree(app)
    app = press(app.run(), "Store the 200 good rows")
    assert alerts(app)[0].startswith("A reason seems to hold a number")
    assert "many.xlsx" in words(app)
    assert fields(app)[0].value == "Please see 9434765919"


def test_every_kind_of_doubt_has_words():
    assert DOUBTS.keys() == CODES | {"rows_vanished", "to_date_differs"}


def test_notes_alone_need_nobody():
    app = load_page(("Q2.csv", text_file([(*REFERRALS, "Shoe size"), ("80001", "02/07/2025", "1A", "33")])))
    assert "No file that could be read has anything to look at." in words(app)
    assert "Noted, with nothing that must be done (1)" in words(app)
    assert not any(one.startswith("Reply") for one in downloads(app))
