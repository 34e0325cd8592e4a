"""Where a figure comes from, on its own page: submissions with their rows or cells, and the same as a file."""

import csv
from dataclasses import replace

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from data_loaders import check_files, land
from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id
from scorecards.provenance import Cell, Source
from scorecards.store import open_store
from scorecards.submissions import read_submissions
from scorecards.ui.readers import current_store
from scorecards.ui.where_from import CELLS_SHOWN, RANGES_SHOWN, cell_words, cells_words, rows_words
from tests import seeded
from tests.partner_files import FIGURES, MISSING, text_file, workbook
from tests.seeding import TODAY
from tests.test_pages import open_page, words

Q2 = period_by_id("2025-26-Q2")
ASSAULTS, SELF_HARM = "Recorded assaults on children", "Hospital attendances for self-harm"
POLICE = workbook(Figures=[FIGURES, (ASSAULTS, "Q2 2025/26", 31)])
UNIT = workbook(Figures=[FIGURES, ("Training attendances", "Q2 2025/26", "c")])
HOME = [
    ("70001", "02/07/2025", "03/07/2025", "Missing", "Home"),
    ("70002", "05/08/2025", "06/08/2025", "Missing", "Home"),
]
MORE = ("70003", "07/09/2025", "08/09/2025", "Missing", "Home")
HOSPITAL = text_file([FIGURES, (SELF_HARM, "July 2025", 3), (SELF_HARM, "August 2025", "1,204"),
                      (SELF_HARM, "September 2025", 5)])  # fmt: skip
SENT = (
    ("police.xlsx", POLICE, "police"),
    ("=hospital.csv", HOSPITAL, "hospital"),
    ("unit.xlsx", UNIT, "business_unit"),
    ("episodes.xlsx", workbook(Home=[MISSING, *HOME]), "police"),
    ("episodes again.xlsx", workbook(Home=[MISSING, MORE, *HOME]), "police"),
)
HEADINGS = ["submission", "agency", "sha256", "sheet", "first_row", "last_row", "cell", "sent_again"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("where from")
    seeded.make(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = open_store(None, definitions=read_definitions(partnership=seeded.PARTNERSHIP), on=TODAY)
        for name, data, agency in SENT:
            check = check_files(store, [(name, data, agency)])
            land(store, check, by="tester", reasons={"": "They say that it is right."})
        store.close()
    return folder


@pytest.fixture(autouse=True)
def with_figures(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)


def told(**address):
    """Return what the page of a measure says of where its latest figure comes from."""
    shown = words(open_page("pages/kpi.py", **address))
    assert "Where this figure comes from" in shown
    told = shown.partition("Where this figure comes from ")[2]
    return told.partition(" Who is behind the figure")[0].partition(" About this measure")[0]


def offered(**address):
    buttons = open_page("pages/kpi.py", **address).get("download_button")
    return [one.proto.label for one in buttons if "comes from" in one.proto.label]


@pytest.fixture
def file(monkeypatch):
    """Return a function that returns the lines of the file that the page of a measure offers."""
    made, adding = {}, MediaFileManager.add_deferred

    def add(manager, data, *rest, file_name, **named):
        made[file_name] = data
        return adding(manager, data, *rest, file_name=file_name, **named)

    # The file is made when its button is pressed, which no test of a page can do.
    monkeypatch.setattr(MediaFileManager, "add_deferred", add)

    def pressed(kpi, **address):
        open_page("pages/kpi.py", kpi=kpi, **address)
        (data,) = [data for name, data in made.items() if name.startswith(f"{kpi} 20")]
        return list(csv.reader(data().decode("utf-8-sig").splitlines()))

    return pressed


def test_a_figure_of_a_list_names_its_submissions_and_the_rows_in_each():
    shown = told(kpi="cpp_stock")
    assert shown.startswith("Q2 2025/26 rests on 316 rows, in 2 sheets.")
    assert "6 14 October 2025, data version 2 Children's social care Child protection plans version 2.xlsx" in shown
    assert "1 July 2025 to 30 September 2025 60 rows rows 2-61 not kept" in shown
    assert "3 8 July 2025, data version 1" in shown
    assert "256 rows rows 289, 323-325," in shown


def test_a_figure_names_the_lists_in_which_something_was_looked_up():
    assert (
        "What came before or followed was looked up in 1: Referrals to children's social care, version 1.xlsx, "
        "received 8 July 2025."
    ) in told(kpi="re_referral_pct")


def test_a_locality_s_figure_rests_on_its_own_rows():
    shown = told(kpi="icpc_15wd_pct", area="north")
    assert shown.startswith("12 months to September 2025 rests on 72 rows, in 2 sheets.")
    assert "18 rows rows 2, 9, 16, 23, 30, 37, 44, 51-61" in shown


def test_a_figure_as_it_was_rests_on_what_there_was():
    shown = told(kpi="icpc_15wd_pct", version="1", period="2025-26-Q1")
    assert shown.startswith("Q1 2025/26 rests on 60 rows, in 1 sheet.")
    assert "data version 2" not in shown


def test_a_figure_that_was_sent_names_its_cell_and_what_stands_there():
    shown = told(kpi="assaults_recorded")
    assert shown.startswith("Q2 2025/26 rests on 1 figure as it was sent, in 1 sheet.")
    assert "Police Aggregate return police.xlsx Figures, as a file by the period of each figure 1 cell" in shown
    assert "C2: 31 (Q2 2025/26) kept until 18 November 2026" in shown


def test_a_figure_made_of_several_that_were_sent_names_each():
    shown = told(kpi="ed_self_harm")
    assert shown.startswith("Q2 2025/26 rests on 3 figures as they were sent, in 1 sheet.")
    assert "C2: 3 (July 2025); C3: 1,204 (August 2025); C4: 5 (September 2025)" in shown


def test_a_figure_that_was_withheld_shows_the_sign_that_was_sent_and_no_number(file):
    assert "1 cell C2: c (Q2 2025/26)" in told(kpi="training_attendance")
    assert file(kpi="training_attendance")[1][4:] == ["2", "2", "C2", "no"]


def test_where_there_is_no_figure_it_says_so_and_offers_no_file():
    assert told(kpi="perm_exclusions") == (
        "Nothing that was stored gives a figure for Summer term 2024/25. Returns received"
    )  # fmt: skip
    assert offered(kpi="perm_exclusions") == []


def test_a_figure_about_the_returns_themselves_rests_on_no_rows_and_offers_no_file():
    assert told(kpi="data_return_on_time_pct") == (
        "It is worked out from what was expected of each agency and what came, and from no rows of it. Returns received"
    )
    assert offered(kpi="data_return_on_time_pct") == []


def test_the_file_has_the_same_rows_and_nothing_that_stands_in_them(file):
    assert offered(kpi="cpp_stock") == ["Download where the figure comes from (CSV)"]
    headings, *lines = file(kpi="cpp_stock")
    assert headings == HEADINGS
    assert sum(int(last) - int(first) + 1 for _, _, _, _, first, last, _, _ in lines) == 316
    assert {(number, sheet, cell, again) for number, _, _, sheet, _, _, cell, again in lines} == {
        ("3", "Sheet1", "", "no"), ("6", "Sheet1", "", "no"),
    }  # fmt: skip
    sha256 = {one.id: one.sha256 for one in read_submissions(current_store())}
    assert all(line[2] == sha256[int(line[0])] for line in lines)


def test_the_file_of_a_figure_that_was_sent_has_its_cells(file):
    lines = file(kpi="ed_self_harm")[1:]
    assert [line[4:] for line in lines] == [[str(row), str(row), f"C{row}", "no"] for row in (2, 3, 4)]
    assert {line[1] for line in lines} == {"hospital"}


def test_a_sheet_s_name_runs_nothing_where_the_file_is_opened(file):
    assert [line[3] for line in file(kpi="ed_self_harm")[1:]] == ["'=hospital"] * 3


def test_rows_that_were_sent_again_are_told_apart(file):
    shown = told(kpi="missing_home_episodes")
    assert shown.startswith("Q2 2025/26 rests on 3 rows, in 2 sheets.")
    assert "2 rows sent again as they stood rows 3-4" in shown
    assert [line[4:] for line in file(kpi="missing_home_episodes")[1:]] == [
        ["2", "2", "", "no"], ["2", "3", "", "no"], ["3", "4", "", "yes"],
    ]  # fmt: skip


# In few words


def source(**parts):
    submission = read_submissions(current_store())[0]
    return Source(submission, **{"rows": 1, "ranges": (), **parts})


def test_of_many_stretches_of_rows_the_first_are_told_and_how_many_rows_are_left():
    ranges = tuple((2 * at, 2 * at) for at in range(1, RANGES_SHOWN + 1))
    assert rows_words(source(rows=1, ranges=((7, 7),))) == "row 7"
    in_xml = replace(
        source(rows=3, ranges=((7, 9),)), submission=replace(read_submissions(current_store())[0], kind="xml")
    )
    assert rows_words(in_xml) == "lines 7-9"
    assert rows_words(source(rows=RANGES_SHOWN, ranges=ranges)).endswith(", 78, 80")
    more = (*ranges, (100, 199), (300, 1299))
    assert rows_words(source(rows=RANGES_SHOWN + 1100, ranges=more)).endswith(", 78, 80 and 1,100 more")


def figure(address="C2", **parts):
    empty = {"numerator": None, "denominator": None, "value": None, "symbol": None}
    return Cell(address, 2, **{"period": Q2, **empty, **parts})


def test_of_many_cells_the_first_are_told_and_how_many_are_left():
    cells = tuple(figure(f"C{at}", numerator=at) for at in range(2, CELLS_SHOWN + 4))
    assert cells_words(source(cells=cells[:2])) == "C2: 2 (Q2 2025/26); C3: 3 (Q2 2025/26)"
    assert cells_words(source(cells=cells)).endswith("C41: 41 (Q2 2025/26); 2 more")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (figure(numerator=12.0, denominator=1040.0), "C2: 12 out of 1,040 (Q2 2025/26)"),
        (figure(value=62.5), "C2: 62.5 (Q2 2025/26)"),
        (figure(numerator=0.0), "C2: 0 (Q2 2025/26)"),
        (figure(symbol="<5"), "C2: <5 (Q2 2025/26)"),
        (figure(), "C2: blank (Q2 2025/26)"),
        (figure(address="", numerator=3.0, period=None), "row 2: 3"),
    ],
)
def test_a_cell_says_what_stands_in_it_and_nothing_is_not_zero(cell, said):
    assert cell_words(cell) == said
