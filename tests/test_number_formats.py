"""What Excel shows as 45% is 45 out of a hundred, whatever number it keeps; a plain 0.45 stays what it is."""

import io
from pathlib import Path

import pytest
import xlrd
import xlsxwriter

from data_loaders.grid import Cell
from data_loaders.number_formats import mark_percent, old_percent_places, percent_styles, shows_percent
from data_loaders.parsing import number_of, tidy
from data_loaders.reading import read_file
from tests.samples.make_reading_samples import open_document

XLS = (Path(__file__).parent / "samples/reading/errors_and_dates.xls").read_bytes()
FORMATS = {
    "0%": True,
    "0.00%": True,
    "0.0%": True,
    '0.0" %"': False,
    "0\\%": False,
    "#,##0": False,
    "General": False,
    '[Red]-0.0%;0.0%;"none"': True,
}


def shown_as(formats, value=0.45):
    """Return the cells of a workbook with one number, shown in each of the formats."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Figures")
        for row, code in enumerate(formats):
            sheet.write_number(row, 0, value, book.add_format({"num_format": code}))
        sheet.write_string(len(formats), 0, "0.45", book.add_format({"num_format": "0%"}))
    (found,) = read_file(out.getvalue(), "figures.xlsx").sheets
    return [found.columns[0].cell(row) for row in range(found.n_rows)]


@pytest.mark.parametrize(("code", "is_percent"), FORMATS.items())
def test_a_format_shows_a_percentage_where_its_percent_sign_is_no_text(code, is_percent):
    assert shows_percent(code) is is_percent


def test_numbers_shown_as_percentages_are_percentages_and_text_stays_text():
    kinds = ["percent" if is_percent else "number" for is_percent in FORMATS.values()]
    assert shown_as(FORMATS) == [*(Cell(kind, 0.45) for kind in kinds), Cell("text", "0.45")]


def test_a_workbook_without_styles_has_no_percentages():
    assert percent_styles(b"") == set()
    assert percent_styles(b"<cellXfs><xf numFmtId='9'/></cellXfs>" + b" " * 9_000_000) == set()


def test_an_old_workbook_knows_its_percentages_too():
    book = xlrd.open_workbook(file_contents=XLS, formatting_info=True)
    sheet = book.sheet_by_index(0)
    assert sheet.cell_value(1, 1) == 12.5
    # The extended formats stand one after the other, 20 bytes each; bytes 2 and 3 of one are its number format.
    header, at, data = b"\xe0\x00\x14\x00", -1, bytearray(XLS)
    for _ in range(sheet.cell_xf_index(1, 1) + 1):
        at = data.index(header, at + 1)
    data[at + 6 : at + 8] = (9).to_bytes(2, "little")
    (first, *_) = read_file(bytes(data), "old.xls").sheets
    assert first.columns[1].cell(1) == Cell("percent", 12.5)


def test_an_old_workbook_without_formats_has_no_percentages():
    plain = xlrd.open_workbook(file_contents=XLS)
    assert old_percent_places(plain, plain.sheet_by_index(0)) == []
    assert old_percent_places(None, None) == []


def test_an_open_document_says_of_each_number_whether_it_is_a_percentage():
    cells = "".join(
        f'<table:table-cell office:value-type="{kind}" office:value="0.45"><text:p>?</text:p></table:table-cell>'
        for kind in ("percentage", "float")
    )
    (sheet,) = read_file(open_document(f"<table:table-row>{cells}</table:table-row>"), "figures.ods").sheets
    assert sheet.row(0) == [Cell("percent", 0.45), Cell("number", 0.45)]


def test_only_numbers_can_be_percentages():
    rows = [[0.5, "x", True, float("inf")], [1]]
    mark_percent(rows, [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 9), (9, 0)])
    assert rows == [[("percent", 0.5), "x", True, float("inf")], [("percent", 1.0)]]


@pytest.mark.parametrize(("share", "percentage"), [(0.45, 45), (0.57, 57), (1.25, 125), (0, 0), (0.123456, 12.3456)])
def test_a_percentage_is_a_hundred_times_what_excel_keeps(share, percentage):
    assert number_of(Cell("percent", share), percent=True) == (percentage, None)
    assert tidy(Cell("percent", share)) == f"{percentage:g}%"


def test_a_percentage_in_a_column_of_counts_is_no_number():
    found = number_of(Cell("percent", 0.45), percent=False)
    assert found.sentence == "A percentage stands where a number belongs."
