"""The analyst's pages as they are worked with: files loaded, returns chased, quarters frozen, words looked up."""

import datetime
import io
import re
import sqlite3
from dataclasses import replace

import openpyxl
import pytest

from data_loaders import return_template
from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id
from scorecards.snapshots import list_snapshots
from scorecards.ui import loading
from scorecards.ui.readers import current_store
from tests import seeded
from tests.partner_files import text_file, workbook
from tests.test_pages import markup, open_page, words

TODAY = datetime.date(2025, 10, 14)
WITH_FIGURES = pytest.mark.usefixtures("with_figures")

MISSING = ("Nominal reference", "Date and time missing", "Date and time found", "Episode type", "Placement status")
EPISODES = text_file([
    MISSING,
    ("70001", "02/07/2025 21:00", "03/07/2025 08:00", "Missing", "Family home"),
    ("70002", "11/08/2025 22:30", "12/08/2025 01:00", "Missing", "Family home"),
    ("70003", "31/09/2025 22:30", "", "Missing", "Family home"),
])  # fmt: skip
REFERRALS = ("Child Unique ID", "Date of referral", "Referral Source")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded")
    seeded.make(folder)
    return folder


@pytest.fixture
def with_figures(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)


def load_page(*files):
    """Return the page after files, each (name, bytes), were chosen and their check was asked for."""
    app = open_page("pages/load.py")
    return choose(app, *files)


def choose(app, *files):
    app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files])
    return press(app, "Check these files")


def press(app, label):
    """Press the button whose label begins with `label`."""
    (button,) = [one for one in app.button if one.label.startswith(label)]
    return button.click().run()


def labels(app):
    return [one.label for one in app.button]


def sign(app, name="A. Analyst"):
    """Give a name where it is asked for."""
    return app.text_input(key="ask_your_name").set_value(name).run()


def downloads(app):
    return [one.proto.label.replace("\\", "") for one in app.get("download_button")]


def alerts(app):
    return re.findall(r'role="alert">(.*?)</p>', markup(app))


def versions():
    """Return the newest data version in the test's store."""
    return current_store().data_version()


@WITH_FIGURES
def test_a_file_is_checked_and_shown_and_nothing_is_stored():
    before = versions()
    shown = words(load_page(("Q2 police.csv", EPISODES)))
    assert "One file checked. Nothing has been stored yet." in shown
    assert "Q2 police.csv Police Missing episodes 3 2 1 ◆ 1 to look at" in shown
    assert "Q2 police B4 Date and time missing 31/09/2025 22:30 September has 30 days." in shown
    assert "3 rows read: 2 can be stored and 1 refused." in shown
    assert "2 rows added." in shown
    assert versions() == before


@WITH_FIGURES
def test_a_stored_file_gives_figures_at_once():
    assert "no figure" in words(open_page("pages/kpi.py", kpi="missing_home_episodes"))
    app = press(sign(load_page(("Q2 police.csv", EPISODES))), "Store the 2 good rows")
    assert "Stored as data version 3 from 1 file: 2 rows added" in words(app)
    assert "Missing children" in words(app)
    assert "Missing episodes from home Q2 25/26 no figure 2" in words(app)
    assert "Q2 police.csv" not in words(app)
    assert ">2<" in markup(open_page("pages/kpi.py", kpi="missing_home_episodes"))


@WITH_FIGURES
def test_storing_asks_for_a_name_once():
    app = press(load_page(("Q2 police.csv", EPISODES)), "Store the 2 good rows")
    assert alerts(app) == ["Give your name above the buttons: it is kept with what you store. Nothing was stored yet."]
    sign(app)
    app.switch_page("pages/snapshots.py").run()
    assert app.text_input(key="ask_your_name").value == "A. Analyst"


@WITH_FIGURES
def test_files_stay_in_hand_when_another_page_is_read_meanwhile():
    app = load_page(("Q2 police.csv", EPISODES))
    app.switch_page("pages/dictionary.py").run()
    app.switch_page("pages/load.py").run()
    assert "Q2 police.csv Police Missing episodes" in words(app)


@WITH_FIGURES
def test_store_nothing_puts_the_files_away():
    before = versions()
    app = press(load_page(("Q2 police.csv", EPISODES)), "Store nothing")
    assert alerts(app) == ["Nothing was stored, and the files were put away."]
    assert "Q2 police.csv" not in words(app)
    assert versions() == before


@WITH_FIGURES
def test_the_same_file_again_brings_nothing_new():
    app = press(sign(load_page(("Q2 police.csv", EPISODES))), "Store the 2 good rows")
    app = choose(app, ("renamed.csv", EPISODES))
    assert "○ Nothing new" in words(app)
    assert alerts(app) == ["There is nothing new here: these files are stored already."]
    assert "renamed.csv" not in words(press(app, "Put these files away"))


@WITH_FIGURES
def test_rows_that_would_go_are_named_and_must_be_confirmed():
    fewer = workbook(Referrals=[REFERRALS, *(("80001", datetime.date(2025, 7, day), "1A") for day in range(1, 31))],
                     More=[REFERRALS, ("80002", datetime.date(2025, 9, 30), "1A")])  # fmt: skip
    app = load_page(("fewer.xlsx", fewer))
    shown = words(app)
    assert "60 rows of the 60 stored, dated 1 July 2025 to 29 August 2025, are not in the new file" in shown
    (tick,) = app.checkbox
    assert "60 of 60 rows" in tick.label
    app = press(sign(app), "Store 31 rows")
    assert "Tick the sentence above the buttons" in alerts(app)[0]
    app.checkbox[0].check().run()
    assert "60 removed" in words(press(app, "Store 31 rows"))


@WITH_FIGURES
def test_the_days_covered_can_be_changed():
    app = load_page(("Q2 police.csv", EPISODES))
    assert "1 July 2025 to 31 August 2025 the months of its dates" in words(app)
    app.text_input(key="Last day covered Q2 police.csv").set_value("30/09/2025")
    assert "1 July 2025 to 30 September 2025 as given" in words(press(app, "Check again"))


@WITH_FIGURES
def test_a_day_that_is_none_is_asked_for_again():
    app = load_page(("Q2 police.csv", EPISODES))
    app.text_input(key="First day covered Q2 police.csv").set_value("31/02/2025")
    app = press(app, "Check again")
    assert alerts(app) == ["Q2 police.csv: write both days as 31/10/2025, the last not before the first."]
    assert "Nothing has been stored yet" in words(app)


@WITH_FIGURES
def test_a_sender_that_cannot_be_told_is_asked_for():
    figures = workbook(
        Figures=[("Measure", "Period", "Number"), ("Referrals to children's social care", "Q2 2021/22", 300)]
    )
    app = load_page(("figures.xlsx", figures))
    assert "Sender not known yet" in words(app)
    assert alerts(app) == ["Say who sent figures.xlsx, then check again."]
    app.selectbox(key="sender figures.xlsx").set_value("council")
    app = press(app, "Check again")
    assert "figures.xlsx Children's social care Aggregate return 1 1 0 ● Ready" in words(app)
    assert "Store 1 row" in labels(app)


@WITH_FIGURES
def test_a_file_with_names_is_refused_and_read_without_that_column():
    headings = ("Child Unique ID", "Child name", "Date of referral", "Referral Source")
    named = workbook(Referrals=[headings, ("90001", "Ann Example", datetime.date(2025, 9, 1), "1A")])
    app = load_page(("named.xlsx", named))
    assert "■ Refused" in words(app)
    assert "Ann Example" not in markup(app)
    (tick,) = app.checkbox
    assert tick.label == "Leave out the column “Child name” of sheet “Referrals” and read the rest"
    tick.check()
    app = press(app, "Check again")
    assert "named.xlsx Children's social care" in words(app)
    assert "■ Refused" not in words(app)


def test_a_file_that_is_no_spreadsheet_is_told_in_a_sentence():
    app = load_page(("police.xls", b"\x00\x01\x02 not a spreadsheet"))
    assert not app.exception
    assert "■ Refused" in words(app)
    assert alerts(app) == ["There is nothing to store: no list in these files could be read."]


def test_a_file_s_name_is_neither_markup_nor_markdown():
    app = load_page(("**x** <b>y ![z](e).csv", EPISODES))
    assert "**x** &lt;b&gt;y ![z](e).csv" in markup(app)
    assert "<b>y" not in markup(app)
    assert loading.plain("**x** ![z](e) :smile:") == r"\*\*x\*\* \!\[z\]\(e\) \:smile\:"


def test_asking_for_a_check_of_nothing_says_what_to_do():
    assert alerts(press(open_page("pages/load.py"), "Check these files")) == ["Choose one or more files first."]


def test_files_are_added_to_those_in_hand():
    app = load_page(("one.csv", EPISODES))
    other = text_file([REFERRALS, ("1", "01/09/2025", "1A")])
    shown = words(choose(app, ("one.csv", other), ("the same.csv", EPISODES)))
    assert "Two files checked." in shown
    assert "one.csv (2)" in shown
    assert "the same.csv" not in shown


@WITH_FIGURES
def test_somebody_else_s_landing_meanwhile_is_said_and_checked_again():
    mine, theirs = load_page(("Q2 police.csv", EPISODES)), load_page(("Q2 police again.csv", EPISODES + b"\r\n"))
    press(sign(theirs), "Store the 2 good rows")
    app = press(sign(mine), "Store the 2 good rows")
    assert "stored something since the check" in alerts(app)[0]
    assert "Nothing changes: all of these rows are stored already." in words(app)


@WITH_FIGURES
def test_the_very_file_that_somebody_else_stored_meanwhile_changes_nothing():
    mine, theirs = load_page(("Q2 police.csv", EPISODES)), load_page(("Q2 police.csv", EPISODES))
    press(sign(theirs), "Store the 2 good rows")
    before = versions()
    assert alerts(press(sign(mine), "Store the 2 good rows")) == [loading.ALL_STORED]
    assert versions() == before


def test_a_sender_that_is_no_longer_defined_is_told_in_a_sentence():
    app = load_page(("Q2 police.csv", EPISODES))
    held = app.session_state[loading.IN_HAND]
    app.session_state[loading.IN_HAND] = replace(held, agencies={"Q2 police.csv": "gone"}, check=None)
    assert alerts(app.run())[0].startswith("&#39;gone&#39; is not an agency of partnership.yaml")


def test_blank_returns_and_sheets_for_past_figures_can_be_downloaded(monkeypatch):
    monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())
    app = open_page("pages/load.py")
    assert downloads(app) == [
        "Download the blank return of Children's social care for Q2 2025/26",
        "Download the sheet for past figures of Children's social care, 3 years back",
    ]
    app.selectbox[0].set_value("education").run()
    assert "Download the blank return of Education for Summer term 2024/25" in downloads(app)


def test_where_nobody_is_expected_to_send_anything_no_template_is_offered(tmp_path, monkeypatch):
    ours = tmp_path / "partnership.yaml"
    text = seeded.PARTNERSHIP.read_text(encoding="utf-8")
    ours.write_text(re.sub(r"returns:\n(  [-#].*\n|    .*\n)+", "returns: []\n", text), encoding="utf-8")
    monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(ours))
    app = open_page("pages/load.py")
    assert downloads(app) == []
    assert "expects no return from anybody yet" in words(app)
    assert "Nothing is expected for" in words(open_page("pages/returns.py"))
    assert "No return is expected for this quarter." in words(open_page("pages/work.py"))


def test_past_figures_are_asked_for_by_the_periods_that_measures_are_rated_and_tested_on():
    definitions = read_definitions(partnership=seeded.PARTNERSHIP)
    past = loading.past_periods(TODAY, 1)
    data = return_template(definitions, "council", period_by_id("2025-26-Q2"), past_periods=past)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Aggregate return"]
    asked = [(row[0].value, row[1].value) for row in sheet.iter_rows(min_row=2)]
    assert {period for title, period in asked if title == "Re-referrals within 12 months"} == {
        "Q3 2024/25", "Q4 2024/25", "Q1 2025/26", "Q2 2025/26", "12 months to December 2024",
        "12 months to March 2025", "12 months to June 2025", "12 months to September 2025",
    }  # fmt: skip
    assert ("Recorded assaults on children", "Q1 2025/26") not in asked


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31/10/2025", datetime.date(2025, 10, 31)),
        (" 1/2/2025 ", datetime.date(2025, 2, 1)),
        ("31/02/2025", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(text, day):
    assert loading.read_day(text) == day


@WITH_FIGURES
def test_a_file_whose_rows_all_stand_in_a_later_one_says_why_it_has_nothing_to_add():
    good = EPISODES.replace(b"31/09/2025", b"30/09/2025")
    shown = words(load_page(("first.csv", good), ("second.csv", good + b"\n")))
    assert "first.csv Police Missing episodes Left out: 3 rows (repeated row). 3 0 0 ○ Nothing to add" in shown
    assert "second.csv Police Missing episodes 3 3 0 ● Ready" in shown


@WITH_FIGURES
def test_returns_are_shown_by_agency_and_quarter_with_what_follows():
    shown = words(open_page("pages/returns.py"))
    assert "Who Q3 24/25 Q4 24/25 Q1 25/26 Q2 25/26" in shown
    assert "Police ■ Missing" in shown
    assert "6 days overdue" in shown
    assert re.search(r"Missing episodes Recorded assaults on children No figure for \d+ measures Missing", shown)
    assert "returns of earlier quarters never came in full" in shown


@WITH_FIGURES
def test_a_reminder_is_written_ready_to_send():
    (address, *_) = re.findall(r'href="(mailto:[^"]+)"', markup(open_page("pages/returns.py")))
    assert "Safeguarding%20return%20for%20Q2%202025/26" in address
    assert "6%20days%20late" in address


@WITH_FIGURES
def test_this_quarter_s_work_says_what_is_done_and_what_is_left():
    app = open_page("pages/work.py")
    shown = words(app)
    assert re.search(r"None of the six steps is done\.|One of the six steps is done\.", shown)
    assert "1. Get every return in ◆ 7 awaited 0 of 7 returns are here." in shown
    assert "180 rows were stored, and none was refused." in shown
    assert "Not frozen yet." in shown
    assert "has not been sent" in shown
    assert "rated by a default that nobody here has agreed" in shown


@WITH_FIGURES
def test_refused_rows_stand_in_the_work_with_their_cell_until_they_are_sent_again():
    press(sign(load_page(("Q2 police.csv", EPISODES))), "Store the 2 good rows")
    shown = words(open_page("pages/work.py"))
    assert "2. Settle what could not be read ◆ 1 refused" in shown
    assert "Police, Missing episodes: 1 of 3 rows refused" in shown
    assert "Q2 police B4 Date and time missing 31/09/2025 22:30" in shown
    corrected = EPISODES.replace(b"31/09/2025", b"30/09/2025")
    press(sign(load_page(("corrected.csv", corrected))), "Store 3 rows")
    assert "2. Settle what could not be read ● Done" in words(open_page("pages/work.py"))


def test_on_the_first_day_the_work_says_so():
    shown = words(open_page("pages/work.py"))
    assert "Nothing was sent for this quarter yet." in shown
    assert re.search(r"\b0 of \d+ measures have a figure\.", shown)


@WITH_FIGURES
def test_a_quarter_is_frozen_listed_and_offered_for_download():
    app = press(open_page("pages/snapshots.py"), "Freeze Q2 2025/26")
    assert alerts(app) == ["Give your name first: it stands on the snapshot. Nothing was frozen."]
    app.text_input[0].set_value("Board of October").run()
    app = press(sign(app), "Freeze Q2 2025/26")
    assert alerts(app) == ["Frozen: Board of October. It stays as it is, whatever arrives later; download it below."]
    newest = list_snapshots(current_store())[0]
    assert (newest.title, newest.made_by) == ("Board of October", "A. Analyst")
    assert "Board of October Q2 2025/26" in words(app)
    assert downloads(app) == ["Download: Excel workbook", "Download: CSV files with a data dictionary"]
    assert "Every figure in it is the same today." in words(app)
    assert "with the newest data" in words(open_page("pages/work.py"))


@WITH_FIGURES
def test_what_differs_from_a_snapshot_is_said_figure_by_figure():
    corrected = text_file([REFERRALS, *((str(number), "01/05/2025", "1A") for number in range(9))])
    app = load_page(("corrected.csv", corrected))
    app.text_input(key="First day covered corrected.csv").set_value("01/04/2025")
    app.text_input(key="Last day covered corrected.csv").set_value("30/06/2025")
    app = press(app, "Check again")
    app.checkbox[0].check().run()
    press(sign(app), "Store 9 rows")
    shown = words(open_page("pages/snapshots.py"))
    assert re.search(r"\d+ figures read differently today", shown)
    assert "Referrals to children's social care Q1 25/26 Whole partnership 60 9 Data came later" in shown
    assert "By locality (" in shown


@WITH_FIGURES
def test_a_quarter_frozen_before_the_newest_data_says_so():
    assert "before the newest data came" in words(open_page("pages/work.py", period="2025-26-Q1"))


def test_there_is_nothing_to_freeze_on_the_first_day():
    app = open_page("pages/snapshots.py")
    assert "There is nothing to freeze yet" in words(app)
    assert labels(app) == []


@WITH_FIGURES
def test_an_altered_snapshot_is_told_in_a_sentence(own_home):
    with sqlite3.connect(own_home / "scorecards.db") as connection:
        connection.execute("UPDATE snapshot SET body = replace(body, '83.33', '93.33')")
    connection.close()
    app = open_page("pages/snapshots.py")
    assert not app.exception
    assert "is not what was frozen" in alerts(app)[0]


def test_the_dictionary_has_every_measure_list_and_code():
    definitions = read_definitions()
    page = markup(open_page("pages/dictionary.py"))
    titles = set(re.findall(r"<summary><h3>(.*?)</h3>", page))
    wanted = [one.title for one in (*definitions.kpis.values(), *definitions.record_types.values())]
    assert {title.replace("'", "&#39;") for title in wanted} <= titles
    assert "Ethnic group" in titles


def test_the_dictionary_finds_a_measure_by_the_heading_of_its_column():
    app = open_page("pages/dictionary.py")
    shown = words(app.text_input[0].set_value("stratdiscussiondate").run())
    assert "Conference within 15 working days" in shown
    assert "Training attendances" not in shown
    assert "Section 47 enquiries" in shown


def test_what_is_in_no_definition_is_not_found():
    app = open_page("pages/dictionary.py")
    shown = words(app.text_input[0].set_value("zebra").run())
    assert "0 measures have “zebra”, and 0 lists." in shown
    assert "Try one word, or part of a heading." in shown


def test_a_dictionary_entry_says_who_supplies_it_and_by_which_headings():
    shown = words(open_page("pages/dictionary.py"))
    assert "Children's social care: Initial child protection conferences. Columns used: Child (headed" in shown
    assert "(headed “Date of Initial Child Protection Conference” or “InitialCPConfDate”" in shown
