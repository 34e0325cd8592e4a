"""Layouts taught and figures typed in as an analyst does it: pressed, chosen, corrected, tried, kept and set aside."""

import datetime
import re
import shutil
from html import unescape
from itertools import pairwise

import pytest

from data_loaders import check_files, layouts
from data_loaders.reading import read_file
from scorecards.definitions import read_definitions
from scorecards.ui import lesson, loading, picture, said
from scorecards.ui.layout_list import reads_words
from scorecards.ui.parts import field_label
from scorecards.ui.readers import current_store
from scorecards.ui.teaching import KEPT
from tests import seeded
from tests.partner_files import workbook
from tests.samples.make_layout_samples import SAMPLES
from tests.seeding import TODAY, empty_store
from tests.test_analyst_pages import alerts, choose, downloads, labels, press, sign
from tests.test_pages import headings, markup, open_page, words

TEACH, LOAD = "pages/layouts.py", "pages/load.py"
# Two titles, a year in a cell of its own, a label column of measures and one of sites, months under quarters.
HOSPITAL = [
    ("Wexmoor Hospitals", None, None, None),
    ("Year", "2025/26", None, None),
    ("Indicator", "Site", "July", "August"),
    ("Self-harm presentations", "General", 8, 11),
    (None, "Infirmary", 3, "*"),
    ("Beds in use", "General", 81, 82),
    ("Total", None, 92, 93),
]
LOCALITIES = [
    ("Locality report Q2 2025/26",),
    ("Locality", "Referrals to children's social care", "First conferences held"),
    ("North", 12, 4),
    ("South", 9, 3),
    ("Wexmoor", 21, 7),
]

TABLES = [
    ("Activity", "Q1 2025/26"),
    ("Conferences held", 35),
    ("Plans begun", 29),
    (None,),
    (None,),
    ("Caseload", "As at 30 June 2025"),
    ("Children with a plan", 141),
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A store with nothing in it, made once."""
    folder = tmp_path_factory.mktemp("empty")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        empty_store(None, read_definitions(partnership=seeded.PARTNERSHIP)).close()
    return folder


@pytest.fixture(autouse=True)
def product(empty, own_home, monkeypatch):
    shutil.copytree(empty, own_home, dirs_exist_ok=True)
    monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(seeded.PARTNERSHIP))
    monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())


def sample(name, quarter=1):
    """Name, bytes and figures of a sample's file of one quarter."""
    return SAMPLES[name].file(quarter)


def taught(name, data, agency):
    """Return the page after a file and its sender were chosen and looked at."""
    app = open_page("pages/layouts.py")
    app.file_uploader[0].set_value((name, data, "application/octet-stream"))
    field(app, "Who sent it").set_value(agency)
    return press(app, "Look at this file")


def field(app, begins, number=0):
    """Return the select or text field whose label begins so, or the one of that number among them."""
    fields = (*app.selectbox, *app.text_input, *app.multiselect)
    return [one for one in fields if one.label.startswith(begins)][number]


def says(app, word, meaning):
    """Choose what a word of the sender means, by the words that are shown."""
    chooser = field(app, f"“{word}”")
    (chosen,) = [one for one in chooser.options if one == meaning or one.startswith(f"{meaning}:")]
    chooser.select(chosen)


def roles(app):
    """Return what stands in the cells of the picture by their role."""
    found = {}
    for role, text in re.findall(r'<td class="(\w+)(?: n)?"[^>]*>(.*?)</td>', markup(app)):
        plain = re.sub(r'<span class="role">.</span>|<small>.*?</small>', "", text)
        if plain:
            found.setdefault(role, []).append(plain)
    return found


def told(app):
    """Return what the page tells in alerts, as it is read."""
    return [unescape(sentence) for sentence in alerts(app)]


def go_to(app, path):
    """Open the page that the last click leads to: the test's browser does not follow by itself."""
    app.switch_page(path)
    return app.run()


def lead(app):
    return re.findall(r'<p class="lead" role="status">(.*?)</p>', markup(app))


def kept_layouts():
    return layouts.read_layouts(current_store().definitions)


def audit():
    """Return who did what, oldest first."""
    with current_store().read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT who, what FROM audit ORDER BY id")]


def keep_it(app, title="ED quarterly"):
    field(app, "What this layout is called").set_value(title)
    return press(sign(app), "Keep this layout")


def teach_hospital():
    """Teach the hospital's sheet to the end and keep it."""
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "This is right")
    says(app, "Self-harm presentations", "Hospital attendances for self-harm")
    says(app, "Beds in use", "Ignore it")
    says(app, "Total", "Ignore it")
    return keep_it(press(app, "These meanings are right"))


def test_a_file_is_shown_as_a_picture_with_a_letter_for_each_cell():
    app = taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital")
    assert not app.exception
    found = roles(app)
    assert found["waiting"] == ["8", "11", "3", "*", "81", "82", "92", "93"]
    assert found["period"] == ["July", "August"]
    assert {"Self-harm presentations", "General", "Total"} <= set(found["question"])
    shown = markup(app)
    assert '<th scope="col">C</th>' in shown
    assert '<th scope="row">4</th>' in shown
    assert '<span class="role">P</span>July<small>July 2025</small>' in shown
    assert "P says the period (2)" in words(app)
    assert "8 figures stand here. 6 cells with words that need a meaning: that comes next." in words(app)


def test_the_steps_say_where_one_is_and_headings_follow_each_other():
    app = taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital")
    assert re.findall(r'aria-current="step">.*?</span> (.*?)</li>', markup(app)) == ["Where the figures stand"]
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", markup(app))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_what_is_taught_reads_the_next_file_by_itself():
    app = teach_hospital()
    assert "“ED quarterly” is kept." in words(app)
    assert audit() == [("A. Analyst", "Taught the layout hospital/ed-quarterly")]
    later = [*HOSPITAL[:2], ("Indicator", "Site", "May", "June"), *HOSPITAL[3:]]
    check = check_files(current_store(), [("next.xlsx", workbook(ED=later))])
    (one,) = check.files
    assert (one.verdict, one.agency, one.questions) == ("ready", "hospital", ())
    rows = one.lists[0].rows.columns
    assert list(zip(rows["provider"], rows["period"], rows["numerator"], strict=True)) == [
        ("General", "2025-05", 8.0), ("General", "2025-06", 11.0), ("Infirmary", "2025-05", 3.0),
        ("Infirmary", "2025-06", None),
    ]  # fmt: skip


def test_the_words_of_a_sample_lead_to_every_figure_of_its_next_quarter():
    name, data, _ = sample("early-help")
    app = press(taught(name, data, "mash"), "This is right")
    says(app, "Contacts a month (average)", "Contacts to the front door")
    field(app, "It gives", 0).select("an average of its months")
    says(app, "Strategy meetings", "Strategy discussions held")
    says(app, "Decisions in one day", "Contacts decided within one working day")
    says(app, "awaiting validation", "not available")
    app.checkbox[0].check()
    app = press(app, "These meanings are right")
    later, data, expected = sample("early-help", 2)
    app.file_uploader[0].set_value((later, data, "application/octet-stream"))
    app = press(app, "Try it on this file")
    assert f"Read from {later}" in words(app)
    (tried,) = [found for file, found in app.session_state[lesson.LESSON].trials if file == later]
    wanted = {(one.kpi, one.period, one.basis or "") for one in expected}
    basis = {"average of months": "monthly_average"}
    assert {(one.kpi, one.period_id, basis.get(one.basis.lower(), "")) for one in tried.figures} >= {
        one for one in wanted if one[2] == ""
    }
    assert len(tried.figures) == len({(one.kpi, one.period, one.basis) for one in expected})


def test_what_says_the_area_can_be_changed_and_the_picture_follows():
    app = taught("localities.xlsx", workbook(Report=LOCALITIES), "council")
    field(app, "What is measured").select_index(index_of(field(app, "What is measured"), "Row 2:"))
    app = app.run()
    field(app, "The area is said in").select_index(index_of(field(app, "The area is said in"), "Column A:"))
    app = app.run()
    found = roles(app)
    assert found["figure"] == ["12", "4", "9", "3", "21", "7"]
    assert found["area"] == ["North", "South", "Wexmoor"]
    app = press(press(app, "This is right"), "These meanings are right")
    assert lead(app) == ["6 figures of 2 measures would be read."]
    shown = words(app)
    assert "Referrals to children's social care Q2 2025/26 North 12 – – Report B3" in shown
    assert "Referrals to children's social care Q2 2025/26 whole partnership 21 – – Report B5" in shown


def index_of(chooser, begins):
    return next(number for number, option in enumerate(chooser.options) if option.startswith(begins))


def test_a_place_that_a_layout_cannot_use_is_told_and_left_as_it_was():
    app = taught("localities.xlsx", workbook(Report=LOCALITIES), "council")
    field(app, "The period is said in").select_index(0)
    before = app.session_state[lesson.LESSON].draft
    chooser = field(app, "What is measured")
    chooser.select_index(index_of(chooser, "Nothing on the sheet"))
    app = app.run()
    field(app, "Always").select("First conferences held")
    app = app.run()
    now = app.session_state[lesson.LESSON].draft
    assert now.tables[0].says["measure"][0].fixed == "First conferences held"
    assert now.tables[0].says["period"] != () and before.tables[0].first == now.tables[0].first


def test_a_guess_is_marked_and_taken_only_when_it_was_checked():
    name, data, _ = sample("police-councils")
    app = press(taught(name, data, "police"), "This is right")
    assert "◆ Our guess: check it" in words(app)
    for word in ("Assaults on persons aged 0-17", "MISPER: from home (episodes)", "MISPER: from care (episodes)"):
        says(app, word, "Recorded assaults on children")
    app.checkbox[-1].check()
    app = press(app, "These meanings are right")
    assert "tick that you have checked them" in told(app)[0]
    (guess,) = [one for one in app.checkbox if one.label.startswith("I have checked")]
    guess.check()
    app = press(app, "These meanings are right")
    assert headings(app) == ["Teach a layout"]
    assert "would be read" in lead(app)[0]


def test_words_left_open_are_asked_for_again_and_the_others_stay():
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "This is right")
    says(app, "Self-harm presentations", "Hospital attendances for self-harm")
    app = press(app, "These meanings are right")
    assert told(app) == ["Say what “Beds in use” and “Total” mean, or ignore what is not for us."]
    assert "Words that were told (3)" in [one.label for one in app.expander]
    app.checkbox[0].check()
    app = press(app, "These meanings are right")
    assert lead(app) == ["4 figures of 1 measure would be read."]
    assert "Beds in use" not in str(app.session_state[lesson.LESSON].draft.measures["Self-harm presentations"])


def test_a_word_that_says_by_itself_what_it_means_can_be_ignored():
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "This is right")
    says(app, "Self-harm presentations", "Hospital attendances for self-harm")
    app.checkbox[0].check()
    chooser = field(app, "Ignore what stands under these")
    chooser.select(next(option for option in chooser.options if "August" in option))
    app = press(app, "These meanings are right")
    assert lead(app) == ["2 figures of 1 measure would be read."]


def test_back_leads_to_the_picture_and_to_the_words():
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "This is right")
    app = press(app, "Back to the picture")
    assert "Is this how the sheet is to be read?" in words(app)
    app = press(app, "This is right")
    app.checkbox[0].check()
    app = press(app, "These meanings are right")
    assert lead(app) == ["No figure would be read."]
    assert "What do the sender’s words mean?" in words(press(app, "Back to the words"))


def test_a_layout_is_not_kept_without_a_name():
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "This is right")
    app.checkbox[0].check()
    app = press(press(app, "These meanings are right"), "Keep this layout")
    assert told(app) == ["Give the layout and yourself a name: both stand on it. Nothing was kept yet."]
    assert kept_layouts() == ()


def test_where_a_layout_cannot_be_kept_it_is_said_in_a_sentence(own_home):
    (own_home / "layouts").write_text("A file stands where the folder belongs.")
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "This is right")
    app.checkbox[0].check()
    app = keep_it(press(app, "These meanings are right"))
    assert "The layout could not be kept" in told(app)[0]
    assert audit() == []


def test_another_layout_of_the_same_title_gets_a_name_of_its_own():
    assert lesson.name_of("ED quarterly", ["ed-quarterly"]) == "ed-quarterly-2"
    assert lesson.name_of("***", []) == "layout"


def test_stopping_puts_the_file_away():
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "Stop and put this file away")
    assert lesson.LESSON not in app.session_state
    assert "Show us a file" in words(app)


def test_file_and_sender_are_both_asked_for():
    app = press(open_page("pages/layouts.py"), "Look at this file")
    assert told(app) == ["Choose a file and who sent it first."]


def test_a_file_that_cannot_be_read_is_told_in_a_sentence():
    app = taught("hospital.xlsx", b"\x00\x01 no workbook", "hospital")
    assert not app.exception
    assert len(told(app)) == 1
    app = press(taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital"), "This is right")
    app.checkbox[0].check()
    app = press(app, "These meanings are right")
    app.file_uploader[0].set_value(("other.xlsx", b"\x00\x01 no workbook", "application/octet-stream"))
    app = press(app, "Try it on this file")
    assert not app.exception
    assert len(told(app)) == 1


def test_cells_that_identify_somebody_are_not_drawn():
    children = [(f"90{number:04}", f"Ann Example {number}", datetime.date(2015, 1, 1 + number)) for number in range(9)]
    rows = [("Child Unique ID", "Child name", "Date of birth"), *children]
    app = taught("children.xlsx", workbook(Children=rows), "council")
    assert not app.exception
    assert "Ann Example" not in markup(app)
    assert "900001" not in markup(app)


def test_where_no_table_is_found_the_first_figure_is_asked_for():
    rows = [("Wexmoor",), (None,), ("We had a quiet quarter",), ("referrals", "three")]
    app = taught("letter.xlsx", workbook(Letter=rows), "council")
    assert "Where does the table begin?" in words(app)
    assert told(typed_in(app, "The cell of the first figure", "here", "Show the table")) == [
        "“here” is not a cell. Write it as B6: the column's letters, then the row's number."
    ]
    app = typed_in(app, "The cell of the first figure", "D9", "Show the table")
    assert "No words stand beside or above D9" in told(app)[0]
    app = typed_in(app, "The cell of the first figure", "b 4", "Show the table")
    table = app.session_state[lesson.LESSON].draft.tables[0]
    assert (table.first, table.marks) == ("B4", {"A4": "referrals"})
    assert table.says["measure"][0].label_column == "A"
    assert table.says["period"][0].sheet_name


def typed_in(app, label, text, button):
    field(app, label).set_value(text)
    return press(app, button)


def test_a_workbook_without_anything_on_it_says_so():
    app = taught("blank.xlsx", workbook(Blank=[]), "council")
    assert not app.exception
    assert len(told(app)) == 1


def test_of_several_sheets_those_with_figures_are_chosen():
    data = workbook(ED=HOSPITAL, Report=LOCALITIES, Notes=[("Nothing to say",)])
    app = taught("two.xlsx", data, "council")
    assert "Which sheets hold figures for us?" in words(app)
    assert "Nothing like a table stands on “Notes”." in words(app)
    assert [one.label for one in app.checkbox] == ["ED: 1 table, 8 figures", "Report: 1 table, 6 figures"]
    for one in app.checkbox:
        one.uncheck()
    app = press(app, "Look at these sheets")
    assert told(app) == ["Tick at least one sheet."]
    app.checkbox[1].check()
    app = press(app, "Look at these sheets")
    assert "Each cell of “Report”" in words(app)


def test_tables_are_looked_at_one_after_the_other_left_out_and_added():
    app = taught("two tables.xlsx", workbook(Dashboard=TABLES), "council")
    assert "Table 1 of 2: from cell B2 on" in words(app)
    app = press(app, "This is right: show the next table")
    assert "Table 2 of 2: from cell B7 on" in words(app)
    app = press(press(app, "Back to the table before"), "This is right: show the next table")
    app = press(app, "Do not read this table")
    assert "Is this how the sheet is to be read?" in words(app)
    assert "is not a cell" in told(typed_in(app, "The cell of its first figure", "?", "Show that table"))[0]
    assert "No words stand beside" in told(typed_in(app, "The cell of its first figure", "Z99", "Show that table"))[0]
    app = typed_in(app, "The cell of its first figure", "B7", "Show that table")
    assert "Table 2 of 2: from cell B7 on" in words(app)
    added = app.session_state[lesson.LESSON].draft.tables[1]
    assert (added.says["period"][0].heading_row, added.says["measure"][0].label_column) == (6, "A")


def test_the_corners_and_marks_of_a_table_can_be_changed():
    app = taught("hospital.xlsx", workbook(ED=HOSPITAL), "hospital")
    assert "is not a cell" in told(typed_in(app, "Last figure", "last", "Show the table so"))[0]
    field(app, "Last figure").set_value("")
    assert "in which cell the first figure" in told(typed_in(app, "First figure", " ", "Show the table so"))[0]
    field(app, "First figure").set_value("c4")
    field(app, "Last figure").set_value("D5")
    field(app, "It ends before").set_value("Notes, Source")
    field(app, "Sheets that have this table").set_value("ED*")
    app = press(app, "Show the table so")
    table = app.session_state[lesson.LESSON].draft.tables[0]
    assert (table.first, table.last, table.sheet, table.ends_before) == ("C4", "D5", "ED*", ("Notes", "Source"))
    assert roles(app)["waiting"] == ["8", "11", "3", "*"]
    app.multiselect[0].set_value([])
    assert "at least one of the fixed words" in told(press(app, "Show the table so"))[0]


def test_a_file_that_fits_a_layout_opens_with_what_is_known():
    teach_hospital()
    app = taught("again.xlsx", workbook(ED=[*HOSPITAL, ("Falls", "General", 1, 2)]), "hospital")
    assert "It looks like “ED quarterly”" in words(app)
    app = press(app, "Read it by this layout")
    assert "1 word of the sender needs a meaning." in words(app)
    says(app, "Falls", "Ignore it")
    app = keep_it(press(app, "These meanings are right"), "ED quarterly and falls")
    (layout,) = kept_layouts()
    assert (layout.name, layout.title) == ("ed-quarterly", "ED quarterly and falls")
    assert layout.measures["Falls"] is None
    assert audit()[-1] == ("A. Analyst", "Changed the layout hospital/ed-quarterly")


def test_a_table_that_was_rebuilt_is_found_anew_and_keeps_its_words():
    teach_hospital()
    rebuilt = [("Wexmoor Hospitals",), ("Year", "2025/26"), ("Changed in September",), (None,), *HOSPITAL[2:]]
    app = taught("rebuilt.xlsx", workbook(ED=rebuilt), "hospital")
    app = press(app, "Find its tables anew")
    assert "Is this how the sheet is to be read?" in words(app)
    draft = app.session_state[lesson.LESSON].draft
    assert (draft.name, draft.tables[0].first) == ("ed-quarterly", "C6")
    assert roles(app)["figure"] == ["8", "11", "3", "*"]


def test_another_layout_can_be_taught_for_a_file_that_is_like_one():
    teach_hospital()
    app = press(taught("again.xlsx", workbook(ED=HOSPITAL), "hospital"), "Teach another layout")
    assert app.session_state[lesson.LESSON].changes is None
    app = press(app, "This is right")
    app.checkbox[0].check()
    keep_it(press(app, "These meanings are right"))
    assert {one.name for one in kept_layouts()} == {"ed-quarterly", "ed-quarterly-2"}


def test_layouts_are_listed_opened_and_set_aside(own_home):
    teach_hospital()
    app = open_page("pages/layouts.py")
    assert "ED quarterly Wexmoor Hospitals NHS Trust 1 table: Hospital attendances for self-harm" in words(app)
    assert "14 October 2025, A. Analyst not yet" in words(app)
    app = field(app, "Open a layout").set_value("hospital/ed-quarterly").run()
    shown = words(app)
    assert "Sheet “ED”, from C4 on" in shown
    assert "Period cell B2 and row 3" in shown
    assert "Total Measure ignored" in shown.replace("Measures", "Measure")
    app = press(app, "Set “ED quarterly” aside")
    assert told(app) == ["Give your name first: it is kept with what you do. Nothing was changed."]
    app = press(sign(app), "Set “ED quarterly” aside")
    assert "is set aside" in told(app)[0]
    assert kept_layouts() == ()
    (aside,) = (own_home / "layouts" / "hospital" / "retired").glob("*.yaml")
    assert "ED quarterly" in aside.read_text(encoding="utf-8")
    assert audit()[-1] == ("A. Analyst", "Set the layout hospital/ed-quarterly aside")


def test_a_layout_that_cannot_be_set_aside_stays(own_home):
    teach_hospital()
    app = open_page("pages/layouts.py")
    app = sign(field(app, "Open a layout").set_value("hospital/ed-quarterly").run())
    (own_home / "layouts" / "hospital" / "retired").write_text("A file stands where the folder belongs.")
    assert "could not be set aside" in told(press(app, "Set “ED quarterly” aside"))[0]
    assert len(kept_layouts()) == 1


def layout_json():
    table = {"title": "T", "sheet": "ED", "first": "C4", "marks": {"A3": "Indicator"},
             "says": {"measure": [{"label_column": "A"}], "period": [{"heading_row": 3}]}}  # fmt: skip
    whole = {"agency": "hospital", "name": "ed-quarterly", "title": "ED quarterly", "taught_by": "A",
             "taught_on": "2025-10-14", "tables": [table]}  # fmt: skip
    return layouts.Layout.model_validate(whole).model_dump_json()


def test_a_layout_that_is_not_there_cannot_be_set_aside():
    with pytest.raises(Exception, match="is not there any more"):
        layouts.retire_layout(layouts.Layout.model_validate_json(layout_json()))


def test_what_a_layout_reads_is_said_in_few_words():
    definitions = read_definitions(partnership=seeded.PARTNERSHIP)
    layout = layouts.Layout.model_validate_json(layout_json())
    assert reads_words(definitions, layout) == "1 table; its measures go by our own names"
    many = {f"word {kpi}": {"kpi": kpi} for kpi in list(definitions.kpis)[:5]}
    more = lesson.changed(layout, measures=many)
    assert reads_words(definitions, more).endswith("Contacts becoming referrals and 2 more")


def load(*files):
    return choose(open_page("pages/load.py"), *files)


def test_a_file_that_is_not_recognised_is_carried_over_and_comes_back():
    name, data, _ = sample("police-councils")
    app = load((name, data))
    assert "Nothing in it was recognised." in words(app)
    app = go_to(press(app, "Teach a layout for"), TEACH)
    assert headings(app) == ["Teach a layout"]
    app = press(app, "Go on")
    assert "from" not in words(app).partition("Check and keep")[2].partition("Who")[0]
    field(app, "Who sent it").set_value("police")
    app = press(app, "Go on")
    assert "Is this how the sheet is to be read?" in words(app)
    app = press(app, "This is right")
    says(app, "Assaults on persons aged 0-17", "Recorded assaults on children")
    for one in app.checkbox:
        one.check()
    app = keep_it(press(app, "These meanings are right"), "Police dataset")
    assert KEPT in app.session_state
    app = go_to(press(app, "Load Wexshire"), LOAD)
    assert headings(app) == ["Load returns"]
    assert "Police Aggregate return" in words(app)
    assert "How these files are read" not in words(app)


def test_a_table_that_moved_is_read_where_it_stands_and_kept_so():
    teach_hospital()
    moved = [("Please note the new banner",), (None,), *HOSPITAL]
    app = load(("moved.xlsx", workbook(ED=moved)))
    assert "moved 2 rows down" in words(app)
    app = press(app, "Yes, read moved.xlsx where it stands now".replace(".", "\\."))
    assert "How these files are read" not in words(app)
    (button,) = [one for one in labels(app) if one.startswith("Store ") and one != "Store nothing"]
    app = press(sign(app, "B. Analyst"), button)
    assert "Stored as data version 1" in words(app)
    (layout,) = kept_layouts()
    assert (layout.tables[0].first, layout.taught_by) == ("C6", "B. Analyst")
    assert audit()[-1] == ("B. Analyst", "The tables of the layout hospital/ed-quarterly moved")
    assert "14 October 2025, B. Analyst 14 October 2025" in words(open_page("pages/layouts.py"))
    again = [("Another banner",), *moved[1:]]
    assert "How these files are read" not in words(load(("next.xlsx", workbook(ED=again))))


def load_moved(name="moved.xlsx", banner="Please note the new banner"):
    """Return the page after somebody agreed to read a file where its table stands now."""
    app = load((name, workbook(ED=[(banner,), (None,), *HOSPITAL])))
    return press(app, f"Yes, read {name} where it stands now".replace(".", "\\."))


def store_what_is_ready(app):
    (button,) = [one for one in labels(app) if one.startswith("Store ") and one != "Store nothing"]
    return press(sign(app, "B. Analyst"), button)


def told_of_layouts():
    return [what for _, what in audit() if "layout" in what]


def test_a_layout_that_cannot_be_kept_spoils_no_landing_and_is_asked_about_again(own_home):
    teach_hospital()
    app = load_moved()
    earlier = own_home / "layouts" / "hospital" / "earlier"
    earlier.write_bytes(b"in the way of a folder")
    before = told_of_layouts()
    assert "Stored as data version 1" in words(store_what_is_ready(app))
    assert (kept_layouts()[0].tables[0].first, told_of_layouts()) == ("C4", before)
    earlier.unlink()
    again = load(("next.xlsx", workbook(ED=[("Please note the new banner",), (None,), *HOSPITAL])))
    assert "moved 2 rows down" in words(again)


def test_a_layout_that_was_set_aside_meanwhile_does_not_come_back():
    teach_hospital()
    app = load_moved()
    layouts.retire_layout(kept_layouts()[0])
    before = told_of_layouts()
    assert "Stored as data version 1" in words(store_what_is_ready(app))
    assert (list(kept_layouts()), told_of_layouts()) == ([], before)


def test_a_new_word_is_answered_once():
    teach_hospital()
    longer = [*HOSPITAL[:3], ("Attendances after a fall", "General", 5, 6), *HOSPITAL[3:]]
    app = load(("new word.xlsx", workbook(ED=longer)))
    assert "1 word of the sender is not known yet, so 2 figures wait." in words(app)
    app = press(go_to(press(app, "Say what the words of new word"), TEACH), "Read it by this layout")
    says(app, "Attendances after a fall", "Ignore it")
    app = go_to(press(keep_it(press(app, "These meanings are right")), "Load new word"), LOAD)
    assert "How these files are read" not in words(app)


def test_a_file_that_was_changed_leads_to_what_changed():
    teach_hospital()
    changed = [*HOSPITAL[:2], ("Measure", "Hospital", "July", "August"), *HOSPITAL[3:]]
    app = load(("changed.xlsx", workbook(ED=changed)))
    app = go_to(press(app, "See what changed in"), TEACH)
    assert "Words that are not where they were" in words(app)
    assert "Indicator Measure" in words(app)
    app = press(app, "Read it by this layout")
    assert "Is this how the sheet is to be read?" in words(app)


def type_in(agency="hospital"):
    app = open_page("pages/type_in.py")
    return field(app, "Who sent the figures").set_value(agency).run()


def test_figures_are_typed_in_checked_and_stored_as_a_file_is():
    app = type_in()
    assert "These measures are expected of them." in words(app)
    field(app, "Number").set_value("42")
    field(app, "Date received").set_value("13/10/2025")
    field(app, "Which office").set_value("Safeguarding team")
    app = press(app, "Check these figures")
    assert "One file checked. Nothing has been stored yet." in words(app)
    assert "Typed in - Wexmoor Hospitals NHS Trust - Q2 2025-26 - 13-10-2025.xlsx" in words(app)
    app = press(sign(app), "Store 1 row")
    assert "Stored as data version 1 from 1 file: 1 row added" in words(app)
    assert field(app, "Number").value == ""
    with current_store().read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT s.agency, s.received_on, r.kpi, r.period, r.numerator FROM submission s "
            "JOIN list_aggregate_return r ON r.submission_id = s.id"
        )
        received = datetime.date(2025, 10, 13).toordinal()
        assert [tuple(row) for row in rows] == [("hospital", received, "ed_self_harm", "2025-26-Q2", 42.0)]


def test_a_correction_takes_the_place_of_what_was_typed_before():
    app = type_in()
    field(app, "Number").set_value("4 2")
    app = press(app, "Check these figures")
    field(app, "Number").set_value("42")
    app = press(app, "Check these figures")
    assert "One file checked." in words(app)
    (data,) = app.session_state[loading.IN_HAND].files.values()
    sheet = read_file(data, "typed.xlsx").sheets[1]
    assert 42.0 in [cell.value for cell in sheet.row(1)]


def test_a_figure_that_is_not_there_yet_says_when_it_comes():
    app = press(type_in(), "Add another figure")
    field(app, "If there is no figure", 0).select("Not available yet")
    field(app, "Expected with", 0).select("Q3 2025/26")
    field(app, "Measure").select("Children on a plan")
    field(app, "Area").select("North")
    field(app, "Number", 1).set_value("31")
    app = press(app, "Check these figures")
    assert "2 rows read: 2 can be stored." in words(app)
    (data,) = app.session_state[loading.IN_HAND].files.values()
    rows = [[cell.value for cell in read_file(data, "t.xlsx").sheets[1].row(number)] for number in (1, 2)]
    assert {"Hospital attendances for self-harm", "x", "Q3 2025/26"} <= {str(value) for value in rows[0]}
    assert {"Children on a plan", "North", "31.0"} <= {str(value) for value in rows[1]}


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({}, "Type at least one figure, or say why there is none."),
        ({"Date received": "31/02/2025", "Number": "4"}, "Write the date received as 31/10/2025; it may not lie"),
        ({"Date received": "15/10/2025", "Number": "4"}, "Write the date received as 31/10/2025; it may not lie"),
        ({"Number": "4", "Note": "Ask ann.example@example.org"}, "Take personal details out of the note"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_told_in_a_sentence(typed, complaint):
    app = type_in()
    for label, text in typed.items():
        field(app, label).set_value(text)
    (sentence,) = told(press(app, "Check these figures"))
    assert sentence.startswith(complaint)


@pytest.mark.parametrize(("label", "what"), [("Note", "the note"), ("Which office", "who sent the figures")])
def test_what_is_typed_about_a_person_is_sent_back_and_stays_in_its_box(label, what):
    app = type_in()
    field(app, "Number").set_value("42")
    field(app, label).set_value("Ann's NHS no 943 476 5919")
    app = press(app, "Check these figures")
    (sentence,) = told(app)
    assert sentence.startswith(f"Take personal details out of {what}: ")
    assert app.session_state[loading.IN_HAND].files == {}
    assert [field(app, one).value for one in ("Number", label)] == ["42", "Ann's NHS no 943 476 5919"]


def test_a_number_needs_a_measure_and_is_not_missing_at_once():
    app = type_in("council")
    assert "Figure 1" in words(app)
    field(app, "Number").set_value("4")
    assert told(press(app, "Check these figures")) == ["Choose a measure for each figure that you typed."]
    field(app, "Measure").select("Children on a plan")
    field(app, "If there is no figure").select("Not available yet")
    assert "not both" in told(press(app, "Check these figures"))[0]


def test_only_the_numbers_that_a_measure_has_are_asked_for():
    kpis = read_definitions(partnership=seeded.PARTNERSHIP).kpis
    from scorecards.ui.typing_in import numbers_of

    assert numbers_of(kpis["ed_self_harm"]) == {"number": "Number"}
    assert numbers_of(kpis["cpp_duration_days_median"]) == {"value": "Value in days"}
    assert list(numbers_of(kpis["icpc_15wd_pct"])) == ["number", "out_of", "value"]


def test_nothing_is_asked_before_the_sender_is_chosen():
    app = open_page("pages/type_in.py")
    assert "Choose who sent the figures first." in words(app)
    assert labels(app) == []
    assert downloads(app) == []


@pytest.mark.parametrize(
    ("text", "place"), [("B6", "B6"), (" $b$ 12", "B12"), ("AA1", "AA1"), ("B0", None), ("12", None), ("", None)]
)
def test_cells_are_read_as_people_write_them(text, place):
    found = said.place_of(text)
    assert (found and found.address) == place


def test_a_label_has_no_sign_that_would_be_taken_for_markdown():
    assert field_label("“![x](http://evil) **b** :smile: 10:30 [c] <i>”") == (
        "“! x (http //evil) b smile: 10 30 c i ”"
    )  # fmt: skip


def test_every_role_of_a_cell_has_a_letter_of_its_own_or_none():
    letters = [letter for role, (letter, _) in picture.ROLES.items() if role not in ("waiting", "outside")]
    assert len(letters) == len(set(letters))
    assert all(letters)
