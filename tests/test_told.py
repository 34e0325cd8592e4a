"""Problems that are told by more than their own rule: each is raised once here, by the code it goes by."""

import datetime
import io

import openpyxl
import pytest

from data_loaders import check_files, land
from data_loaders.gathering import bytes_of
from data_loaders.parsing import Context
from data_loaders.places import Places
from data_loaders.reading import run_reader
from data_loaders.through import read_through
from scorecards.errors import LoadRefused
from tests import layouts, partner_files
from tests.partner_files import REFERRALS, TODAY, codes, opened, workbook


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def edited(rows, change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(workbook(List=rows)))
    change(book["List"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_hidden_rows_are_noted(store):
    def hide(sheet):
        sheet.row_dimensions[2].hidden = True

    data = edited([REFERRALS, ("C1", "03/09/2025", "Police"), ("C2", "03/09/2025", "Police")], hide)
    (note,) = check_files(store, [("a.xlsx", data)]).problems
    assert (note.code, note.severity) == ("cells_hidden", "note")


def test_a_number_kept_as_text_is_noted(store):
    headings = (*REFERRALS, "Number of Referrals in Last 12 Months")
    (note,) = check_files(store, [("a.xlsx", workbook(List=[headings, ("C1", "03/09/2025", "Police", "2")]))]).problems
    assert (note.code, note.cell, note.value) == ("number_as_text", "D2", None)


def test_what_would_go_is_refused_by_its_code(store):
    rows = [(f"C{at}", f"{at + 1:02}/09/2025", "Police") for at in range(20)]
    covers = (datetime.date(2025, 9, 1), datetime.date(2025, 9, 30))
    check = check_files(store, [("a.xlsx", workbook(List=[REFERRALS, *rows]))], covers=covers)
    land(store, check, by="a test")
    less = check_files(store, [("b.xlsx", workbook(List=[REFERRALS, *rows[5:]]))], covers=covers)
    with pytest.raises(LoadRefused) as refused:
        land(store, less, by="a test")
    assert refused.value.code == "not_confirmed"


def test_a_reader_that_cannot_start_is_for_now():
    with pytest.raises(LoadRefused) as refused:
        run_reader(["/nowhere/python"], b"", "list.xlsx")
    assert refused.value.code == "not_now"


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    with pytest.raises(LoadRefused) as refused:
        bytes_of(tmp_path / "gone.xlsx")
    assert refused.value.code == "unreadable"


# Taught layouts


def through(text, taught) -> list[tuple]:
    """Return (code, severity) of what is said of a drawn table that is read through a layout."""
    ours = layouts.definitions()
    context = Context(ours, TODAY, Places(ours.partnership), partner_files.context().pseudonym)
    found = read_through(layouts.content_of(text), [taught], context, None, False)
    listed = [problem for one in found.lists for problem in one.problems]
    return [(one.code, one.severity) for one in (*found.problems, *listed)]


TAUGHT = """
    Indicator | Q1 2025/26
    Assaults  | 12
"""


def test_a_file_read_through_a_layout_says_so():
    assert through(TAUGHT, layouts.layout()) == [("layout_read", "note")]


def test_a_file_that_is_only_like_a_layout_is_not_read():
    marks = {"A1": "Indicator", "A4": "Prepared by", "A5": "Approved by"}
    text = """
        Indicator   | Q1 2025/26
        Assaults    | 12
                    |
        Prepared by |
        Checked by  |
    """
    assert through(text, layouts.layout({"marks": marks})) == [("layout_changed", "error")]


def test_two_numbers_for_one_figure_contradict_each_other():
    text = """
        Indicator | Q1 2025/26
        Assaults  | 12
        Assaults  | 13
    """
    assert ("layout_contradicts", "error") in through(text, layouts.layout())


def test_numbers_beside_the_table_that_nothing_speaks_for_are_told():
    text = """
        Indicator | Q1 2025/26
        Assaults  | 12
                  | 99
    """
    assert ("layout_left_out", "warning") in through(text, layouts.layout())


def test_a_layout_that_cannot_be_read_is_told_where_nothing_is_recognised(store, own_home):
    folder = own_home / "layouts" / "police"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("agency: police\n", encoding="utf-8")
    found = check_files(store, [("a.xlsx", workbook(List=[("Anything", "Else"), (1, 2)]))])
    assert codes(found) == ["layout_broken"]
