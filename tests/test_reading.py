"""A partner's file becomes a grid of cells that know their address, or a sentence; the parent never dies."""

import datetime as dt
import io
import random
import struct
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import numpy
import openpyxl
import pytest
import xlrd
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from data_loaders import reader, reading, second_reader
from data_loaders.containers import look
from data_loaders.grid import BLANK, Cell, address
from data_loaders.reading import read_file, read_files, run_reader
from scorecards.errors import LoadRefused
from tests.samples.make_reading_samples import (
    SHEET,
    members_of,
    open_document,
    saved,
    with_members,
    with_sheet,
    workbook,
    zipped,
)

XLS = (Path(__file__).parent / "samples/reading/errors_and_dates.xls").read_bytes()

_ = BLANK


def text(value):
    return Cell("text", value)


def number(value):
    return Cell("number", value)


def here(data, name="list.xlsx"):
    """Return what the reader answers, read in this process: the child does the same."""
    return reading.unpacked(reader.answer(data, look(data, name).kind, name), name)


def rows(data, name="list.xlsx", sheet=0):
    found = here(data, name)["sheets"][sheet]
    return [found.row(index) for index in range(found.n_rows)]


def refusal(data, name="list.xlsx"):
    with pytest.raises(LoadRefused) as refused:
        here(data, name)
    return refused.value.code, str(refused.value)


# Addresses


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [(0, 0, "A1"), (211, 7, "H212"), (0, 25, "Z1"), (0, 26, "AA1"), (1048575, 16383, "XFD1048576")],
)
def test_an_address_is_written_as_in_excel(row, column, expected):
    assert address(row, column) == expected


# The whole way


def test_a_workbook_is_read_in_a_child_process():
    data = workbook(("Agency", "Value"), ("Police", 12))
    content = read_file(data, "C:\\returns\\Referrals.xls")
    assert (content.name, content.kind, content.size, content.encoding) == ("Referrals.xls", "xlsx", len(data), None)
    assert len(content.sha256) == 64
    assert content.remarks == ("The file is called .xls but is an xlsx workbook.",)
    assert content.sheets[0].row(1) == [text("Police"), number(12.0)]


def test_the_child_and_this_process_read_the_same():
    for data, name in [(XLS, "a.xls"), (workbook((1, "x", True)), "a.xlsx"), (b"a,b\n1,2\n", "a.csv")]:
        content = read_file(data, name)
        assert [sheet.row(0) for sheet in content.sheets] == [
            sheet.row(0) if sheet.n_rows else [] for sheet in here(data, name)["sheets"]
        ]


def test_each_column_holds_its_different_cells_once():
    column = here(workbook(("Police",), ("Health",), (None,), ("Police",)))["sheets"][0].columns[0]
    assert column.uniques == (BLANK, text("Police"), text("Health"))
    assert column.codes.tolist() == [1, 2, 0, 1]
    assert column.codes.dtype == numpy.uint32
    assert column.cell(2) == BLANK


# Workbooks


def test_every_kind_of_cell_keeps_its_kind():
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        date, moment, clock, length = (
            book.add_format({"num_format": form}) for form in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm", "[h]:mm")
        )
        sheet.write_row(0, 0, ["12", 12, True])
        sheet.write_datetime(0, 3, dt.datetime(2026, 3, 4), date)
        sheet.write_datetime(0, 4, dt.datetime(2026, 3, 4, 10, 15), moment)
        sheet.write_number(0, 5, 0.395833333333333, clock)
        sheet.write_number(0, 6, 1.25, length)
        sheet.write_number(0, 7, 1, date)
    assert rows(stream.getvalue())[0] == [
        text("12"),
        number(12.0),
        Cell("yes_no", True),
        Cell("date", dt.date(2026, 3, 4)),
        Cell("datetime", dt.datetime(2026, 3, 4, 10, 15)),
        Cell("time", "09:30:00"),
        Cell("time", "30:00:00"),
        Cell("date", dt.date(1900, 1, 1)),
    ]


def test_true_and_one_in_a_column_stay_apart():
    assert rows(workbook((True,), (1,), (False,), (0,))) == [
        [Cell("yes_no", True)],
        [number(1.0)],
        [Cell("yes_no", False)],
        [number(0.0)],
    ]


def test_midnight_is_a_date():
    sheet = (
        '<row r="1"><c r="A1" t="d"><v>2026-03-04T00:00:00</v></c><c r="B1" t="d"><v>2026-03-04T01:00:00</v></c></row>'
    )
    assert rows(with_sheet(sheet)) == [
        [Cell("date", dt.date(2026, 3, 4)), Cell("datetime", dt.datetime(2026, 3, 4, 1))]
    ]


def test_empty_rows_and_columns_before_the_list_keep_their_place():
    assert rows(workbook(C3="x")) == [[_, _, _], [_, _, _], [_, _, text("x")]]


def test_blank_rows_and_columns_after_the_list_are_left_out():
    sheet = here(workbook(("a", ""), ("", "")))["sheets"][0]
    assert (sheet.n_rows, len(sheet.columns), len(sheet.columns[0].codes)) == (1, 1, 1)


def test_an_empty_sheet_has_no_rows():
    sheet = here(workbook())["sheets"][0]
    assert (sheet.n_rows, sheet.columns) == (0, ())


def test_error_values_are_errors_and_not_blanks():
    sheet = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="C1" t="e"><v>#N/A</v></c></row>'
        '<row r="3"><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E3" t="e"/><c r="F3" t="e"><f>A1</f></c></row>'
    )
    assert rows(with_sheet(sheet)) == [
        [number(1.0), _, Cell("error", "#N/A"), _, _, _],
        [_, _, _, _, _, _],
        [_, Cell("error", "#DIV/0!"), _, _, _, Cell("error", "#ERROR!")],
    ]


def test_a_formula_whose_result_was_never_saved_is_known_as_such():
    assert rows(workbook(("=1+1", "x"), (None, "=A1"))) == [
        [Cell("formula", None), text("x")],
        [_, Cell("formula", None)],
    ]


def test_a_formula_with_a_saved_result_is_its_result():
    sheet = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f t="shared" si="0"/><v>3</v></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><v>4</v></c></row>'
    )
    assert rows(with_sheet(sheet)) == [[number(2.0), number(3.0), _, number(4.0)]]


def test_formulas_that_all_have_results_are_their_results():
    assert rows(with_sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')) == [[number(2.0)]]


def test_numbers_that_are_none_are_errors():
    sheet = '<row r="1"><c r="A1"><v>1e999</v></c></row><row r="2"><c r="A2"><v>NaN</v></c></row>'
    assert rows(with_sheet(sheet)) == [[Cell("error", "#NUM!")], [Cell("error", "#NUM!")]]


def test_sheets_tell_whether_they_are_hidden():
    book = openpyxl.Workbook()
    book.create_sheet("People").sheet_state = "hidden"
    book.create_sheet("Codes").sheet_state = "veryHidden"
    assert [(sheet.name, sheet.state) for sheet in here(saved(book))["sheets"]] == [
        ("Sheet", "visible"),
        ("People", "hidden"),
        ("Codes", "very hidden"),
    ]


def test_hidden_rows_columns_and_merged_cells_are_known():
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    book.active.append([1, 2, 3])
    book.active.merge_cells("A3:B4")
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions.group("B", "XFD", hidden=True)
    sheet = here(saved(book))["sheets"][0]
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.merged) == ([1], [1, 2], [[2, 0, 3, 1]])


def test_what_is_said_not_to_be_hidden_is_not():
    data = with_sheet('<row r="1" hidden="0"><c r="A1"><v>1</v></c></row>', '<cols><col min="1" max="1"/></cols>')
    sheet = here(data)["sheets"][0]
    assert (sheet.hidden_rows, sheet.hidden_columns) == ([], [])


def test_hidden_rows_without_numbers_follow_one_another():
    data = with_sheet('<row r="3"><c><v>1</v></c></row><row hidden="1"><c><v>2</v></c></row>')
    assert here(data)["sheets"][0].hidden_rows == [3]


def test_dates_that_count_from_1904_are_converted_and_remarked():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([dt.date(2026, 3, 4)])
    content = read_file(saved(book), "list.xlsx")
    assert content.epoch_1904
    assert content.sheets[0].row(0) == [Cell("date", dt.date(2026, 3, 4))]
    assert content.remarks == (
        "The workbook counts its dates from 1904. Cells formatted as dates were read accordingly.",
    )


def test_a_chart_sheet_is_remarked_and_not_read():
    book = openpyxl.Workbook()
    book.active.append(["a"])
    chart = book.create_chartsheet("Figures")
    chart.add_chart(openpyxl.chart.BarChart())
    found = here(saved(book))
    assert [sheet.name for sheet in found["sheets"]] == ["Sheet"]
    assert found["remarks"] == ["Sheet 'Figures' is a chart, dialogue or macro sheet and was not read."]


def test_many_chart_sheets_are_one_remark():
    book = openpyxl.Workbook()
    book.active.append(["a"])
    for number in range(5):
        book.create_chartsheet(f"Chart {number}").add_chart(openpyxl.chart.BarChart())
    assert here(saved(book))["remarks"] == [
        "Sheets 'Chart 0', 'Chart 1', 'Chart 2' and 2 more are chart, dialogue or macro sheets and were not read."
    ]


@pytest.mark.parametrize("size", ["A1", "A1:XFD1048576"])
def test_a_dimension_that_lies_changes_nothing(size):
    sheet = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
    assert rows(with_sheet(sheet, f'<dimension ref="{size}"/>')) == [[number(1.0), number(2.0)]]


def test_cells_without_references_follow_one_another():
    sheet = (
        '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row>'
        '<row r="3"><c><v>3</v></c><c r="D3" t="e"><v>#REF!</v></c><c t="e"><v>#NUM!</v></c></row>'
    )
    assert rows(with_sheet(sheet)) == [
        [number(1.0), Cell("error", "#N/A"), _, _, _],
        [_, _, _, _, _],
        [number(3.0), _, _, Cell("error", "#REF!"), Cell("error", "#NUM!")],
    ]


def test_elements_with_a_prefix_are_read():
    sheet = SHEET.format(before="", rows='<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row>')
    sheet = sheet.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("xmlns=", "xmlns:x=")
    data = with_members(workbook(), **{"xl/worksheets/sheet1.xml": sheet})
    assert rows(data) == [[number(1.0), Cell("error", "#N/A")]]


def parts(members):
    with zipfile.ZipFile(io.BytesIO(zipped(members))) as archive:
        return reader.workbook_parts(archive)


def test_members_with_backslashes_still_mean_the_same():
    members = members_of(workbook(("Police",)))
    found, _ = parts({name.replace("/", "\\"): data for name, data in members.items()})
    assert found == {"Sheet": "xl\\worksheets\\sheet1.xml"}


def test_a_workbook_elsewhere_than_usual_is_found_by_its_relations():
    sheets = '<sheets><sheet name="List" r:id="r1"/><sheet name="Lost"/></sheets>'
    members = {
        "_rels/.rels": relations("a", "officeDocument", "/books/one.xml"),
        "books/_rels/one.xml.rels": relations("r1", "worksheet", "../sheets/first.xml"),
        "books/one.xml": f'<workbook xmlns:r="x">{sheets}</workbook>',
        "sheets/first.xml": "",
    }
    assert parts(members) == ({"List": "sheets/first.xml", "Lost": None}, False)


def relations(key, kind, target):
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="{key}" Type="http://x/{kind}" Target="{target}"/>'
        '<Relationship Id="other" Type="http://x/other" Target="other.xml"/></Relationships>'
    )


def test_a_workbook_without_relations_is_damaged():
    members = members_of(workbook(("a",)))
    del members["_rels/.rels"], members["xl/_rels/workbook.xml.rels"]
    assert refusal(zipped(members))[0] == "damaged"


def test_a_directory_that_lies_about_sizes_is_damaged():
    data = bytearray(workbook(("a",)))
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", data, at + 24, 10)
    code, sentence = refusal(bytes(data))
    assert code == "damaged"
    assert sentence.startswith("list.xlsx could not be read: the file is damaged or made in an unusual way.")


# The second reading


SAID_TWICE = "so no second reading confirms the cells."


def without_second(found):
    return [remark for remark in found["remarks"] if remark.endswith(SAID_TWICE)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café\u00a0 Nero\r\n", "Café Nero"),
        (" ", None),
        ("a_x000D_b", "a\rb"),
        (5.0, 5),
        (0.1 + 0.2, 0.3),
        (dt.time(), dt.datetime(1899, 12, 30)),
        (dt.date(1900, 1, 1), dt.timedelta(days=1)),
        (dt.datetime(2026, 3, 4, 9, 30), dt.datetime(2026, 3, 4, 9, 30, 0, 400_000)),
        (("error", "#N/A"), ("error", "#VALUE!")),
        (("formula", None), None),
        ("", None),
        (True, True),
    ],
)
def test_readers_that_only_put_it_differently_agree(one, other):
    assert second_reader.disputed([[one]], [[other]]) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12", 12),
        (12.0, 13),
        (1.0, True),
        ("Police", None),
        ("", "Police"),
        (46023.0, dt.datetime(2026, 1, 1)),
        (dt.date(2026, 3, 4), dt.datetime(2026, 3, 5)),
        (("error", "#N/A"), 3),
    ],
)
def test_readers_that_see_different_things_are_believed_neither(one, other):
    assert second_reader.disputed([[one]], [[other]]) == {(0, 0): ("disputed", None)}


def test_an_error_that_only_the_second_reader_sees_is_an_error():
    assert second_reader.disputed([["", 1.0]], [[("error", "#N/A"), 1]]) == {(0, 0): ("error", "#N/A")}


def test_rows_and_cells_that_only_one_reader_has_are_disputed():
    assert set(second_reader.disputed([["a"], ["b"]], [["a", "c"]])) == {(0, 1), (1, 0)}
    assert set(second_reader.disputed([], [["a"], [None, "c"]])) == {(0, 0), (1, 1)}


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B1"><v>1</v><v>2</v></c>',
        '<c r="B1" t="inlineStr"><is><t>a</t></is><v>3</v></c>',
        '<c r="B1"><v>1_000</v></c>',
        '<c r="B1" t="str"><v><![CDATA[x]]></v></c>',
    ],
)
def test_a_cell_that_the_readers_of_a_workbook_read_differently_is_not_believed(cell):
    found = rows(with_sheet(f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>'))
    assert found == [[number(1.0), Cell("disputed", None)]]


def test_a_row_beyond_the_last_of_excel_ends_the_second_reading_and_not_the_first():
    found = here(with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999"><c r="A2"><v>2</v></c></row>'))
    assert found["sheets"][0].row(0) == [number(1.0)]
    assert len(without_second(found)) == 1


def test_a_row_that_is_numbered_otherwise_than_its_cells_is_not_believed():
    assert rows(with_sheet('<row r="3"><c r="A1"><v>1</v></c></row>'))[0] == [Cell("disputed", None)]


def test_a_link_values_under_a_merge_and_a_wrong_dimension_are_no_dispute():
    book = openpyxl.Workbook()
    for row in (("a", None), ("x", "y"), (1, 2)):
        book.active.append(row)
    book.active["B1"].hyperlink = "https://example.invalid"
    book.active["B1"] = None
    data = saved(book)
    sheet = members_of(data)["xl/worksheets/sheet1.xml"].decode()
    sheet = sheet.replace("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A2:B3"/></mergeCells>')
    sheet = sheet.replace('<dimension ref="A1:B3"', '<dimension ref="A1"')
    data = with_members(data, **{"xl/worksheets/sheet1.xml": sheet})
    assert rows(data) == [[text("a"), _], [text("x"), text("y")], [number(1.0), number(2.0)]]


def test_a_large_sheet_is_read_once_and_that_is_said(monkeypatch):
    book = openpyxl.Workbook()
    book.active.append([1, 2, 3])
    book.create_sheet("Small").append([1])
    data = saved(book)
    assert without_second(here(data)) == []
    monkeypatch.setattr(reader, "second_reader", lambda: second_reader)
    monkeypatch.setattr(second_reader, "CELLS_COMPARED", 3)
    assert without_second(here(data)) == [
        "Sheet 'Sheet' was read by one reader only, so no second reading confirms the cells."
    ]
    monkeypatch.setattr(second_reader, "SECONDS_OF_WORK", 0)
    assert without_second(here(data)) == [
        "Sheets 'Sheet', 'Small' were read by one reader only, so no second reading confirms the cells."
    ]


def test_a_second_reading_that_takes_too_long_ends_without_a_word():
    assert second_reader.disputed([["a"]], [["b"]], deadline=0) is None


def test_a_workbook_that_only_one_reader_understands_is_read_and_that_is_said():
    """The second reader stumbles over the guide to pronunciation in a text."""
    found = here(with_sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>a</t><rPh><t>x</t></rPh></is></c></row>'))
    assert found["sheets"][0].row(0) == [text("a")]
    assert len(without_second(found)) == 1


def test_a_large_workbook_is_compared_within_its_time():
    rows_of_text = [[f"C{row}", f"0{1 + row % 9}/09/2025", "Police", row, row / 7] for row in range(12_000)]
    started = time.process_time()
    found = here(workbook(*rows_of_text))
    assert without_second(found) == []
    assert found["sheets"][0].n_rows == 12_000
    assert time.process_time() - started < 20


# Too far, too long, too much


def test_a_far_cell_is_refused_before_room_is_set_up_for_all_between():
    with pytest.raises(LoadRefused) as refused:
        read_file(workbook(A1="Agency", XFD1048576="x"), "list.xlsx")
    assert str(refused.value) == (
        "list.xlsx is too long: sheet 'Sheet' goes down to row 1,048,576, and at most 200,000 rows are read. "
        "Delete what stands far below the list, or send it in parts."
    )


def test_a_cell_far_to_the_right_and_one_far_down_are_refused():
    assert refusal(workbook(A1="Agency", XFD1="x", A5000="y")) == (
        "far_cells",
        "list.xlsx is too wide and long: sheet 'Sheet' spans 5,000 rows and 16,384 columns. Look for a stray entry "
        "far to the right or far down, delete the rows and columns around it, save and send again.",
    )


def test_far_cells_that_are_only_coloured_do_not_count():
    sheet = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert rows(with_sheet(sheet)) == [[number(1.0)]]


def test_a_wide_short_list_is_read():
    assert rows(workbook(AZ2="x"))[1][51] == text("x")


def test_a_far_cell_among_cells_without_references_is_refused():
    sheet = '<row><c><v>1</v></c></row><row><c r="XFD1048576"><v>1</v></c></row>'
    assert refusal(with_sheet(sheet))[0] == "too_many_rows"


def test_sheets_that_are_too_much_together_are_refused(monkeypatch):
    monkeypatch.setattr(reader, "AREA_LIMIT", 3)
    book = openpyxl.Workbook()
    book.active.append([1, 2])
    book.create_sheet().append([1, 2])
    assert refusal(saved(book)) == (
        "too_many_cells",
        "list.xlsx holds too much: at most 2,500,000 filled cells are read. Send it in parts.",
    )


def test_only_filled_cells_count_towards_the_limit(monkeypatch):
    monkeypatch.setattr(reader, "CELLS_LIMIT", 2)
    assert len(rows(workbook(A1=1, C3=2))) == 3
    assert refusal(workbook(A1=1, B2=2, C3=3))[0] == "too_many_cells"
    assert refusal(with_sheet("<row><c><v>1</v></c></row>" * 3))[0] == "too_many_cells"


def test_too_much_text_is_refused(monkeypatch):
    monkeypatch.setattr(reader, "OUTPUT_LIMIT", 100)
    assert refusal(workbook(("x" * 200,)))[0] == "too_large"


# Old workbooks


def test_an_old_workbook_is_read_with_its_errors():
    assert rows(XLS, "list.xls")[:5] == [
        [text("Agency"), text("Value"), text("Date"), text("Flag"), text("Time"), text("Calc")],
        [
            text("Police"),
            number(12.5),
            Cell("date", dt.date(2026, 3, 4)),
            Cell("yes_no", True),
            Cell("time", "09:30:00"),
            Cell("error", "#DIV/0!"),
        ],
        [
            text("Health"),
            number(3.0),
            Cell("datetime", dt.datetime(2026, 3, 4, 10, 15)),
            Cell("yes_no", False),
            Cell("time", "30:00:00"),
            Cell("error", "#N/A"),
        ],
        [_, _, _, _, _, number(13.5)],
        [text("Last"), _, _, _, _, _],
    ]
    assert [sheet.state for sheet in here(XLS, "list.xls")["sheets"]] == ["visible", "hidden", "visible"]


def test_an_old_workbook_that_counts_from_1904_says_so():
    data = XLS.replace(b"\x22\x00\x02\x00\x00\x00", b"\x22\x00\x02\x00\x01\x00")
    assert here(data, "list.xls")["epoch_1904"]


def test_an_old_workbook_that_its_second_reader_knows_to_be_encrypted_is_protected():
    first_record = XLS.index(b"\x09\x08\x10\x00") + 20
    data = XLS[:first_record] + struct.pack("<HH", 0x2F, 54) + XLS[first_record + 4 :]
    with pytest.raises(reader.Refused) as refused:
        second_reader.refuse_password(data, reader.Refused)
    assert refused.value.code == "password"
    second_reader.refuse_password(XLS, reader.Refused)
    second_reader.refuse_password(b"x", reader.Refused)


def test_an_old_workbook_that_only_one_reader_understands_is_remarked(monkeypatch):
    def fail(**_):
        raise xlrd.XLRDError("unusual")

    monkeypatch.setattr(xlrd, "open_workbook", fail)
    found = here(XLS, "list.xls")
    assert found["remarks"] == [
        "Errors such as #N/A cannot be told from blanks in this old workbook. Send it as .xlsx."
    ]
    assert found["sheets"][0].row(1)[5] == BLANK


def test_a_cell_that_two_readers_of_an_old_workbook_read_differently_is_not_believed():
    second = second_reader.OldWorkbook(XLS)
    name, read = next(iter(second.sheets)), reader.grid_of(reader.open_workbook(XLS).get_sheet_by_index(0))
    reader.put(read, second.errors(name))
    assert second.disputed(name, read) == {}
    read[1][1] = 99.0
    assert second.disputed(name, read) == {(1, 1): ("disputed", None)}


def test_an_old_workbook_too_large_to_be_read_twice_is_remarked(monkeypatch):
    monkeypatch.setattr(reader, "second_reader", lambda: second_reader)
    monkeypatch.setattr(second_reader, "CELLS_COMPARED", 3)
    assert len(without_second(here(XLS, "list.xls"))) == 1


# OpenDocument


def ods_cell(kind, value, shown="", repeated=1, more=""):
    times = f' table:number-columns-repeated="{repeated}"' if repeated > 1 else ""
    return (
        f'<table:table-cell{times} office:value-type="{kind}" office:{kind}-value="{value}" {more}>'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def ods_row(*cells, repeated=1):
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{''.join(cells)}</table:table-row>"


BLANK_CELL = "<table:table-cell/>"
ODS_ERROR = 'calcext:value-type="error"'


def test_an_open_document_is_read_with_its_errors():
    data = open_document(
        ods_row(ods_cell("string", "Agency", "Agency"), ods_cell("date", "2026-03-04", "4 March"))
        + ods_row(BLANK_CELL, repeated=2)
        + ods_row(BLANK_CELL, ods_cell("string", "", "#N/A", repeated=2, more=ODS_ERROR), repeated=2)
        + ods_row(
            ods_cell("string", "x", "x"), "<table:covered-table-cell/>", ods_cell("string", "", "?", more=ODS_ERROR)
        )
    )
    error = Cell("error", "#N/A")
    assert rows(data, "list.ods") == [
        [text("Agency"), Cell("date", dt.date(2026, 3, 4)), _],
        [_, _, _],
        [_, _, _],
        [_, error, error],
        [_, error, error],
        [text("x"), _, Cell("error", "#ERROR!")],
    ]


def test_an_open_document_without_errors_or_cells_is_read():
    assert rows(open_document(ods_row(ods_cell("string", "x", "x"))), "list.ods") == [[text("x")]]
    assert rows(open_document(""), "list.ods") == []


def test_an_error_repeated_to_the_end_of_an_open_document_is_refused():
    data = open_document(ods_row(ods_cell("string", "", "#N/A", more=ODS_ERROR), repeated=1_048_576))
    with pytest.raises(LoadRefused) as refused:
        read_file(data, "list.ods")
    assert refused.value.code == "too_many_rows"


def test_a_value_repeated_to_the_end_of_an_open_document_is_refused():
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    with pytest.raises(LoadRefused) as refused:
        read_file(open_document(ods_row(cell, repeated=1_048_576)), "list.ods")
    assert refused.value.code in ("too_many_rows", "damaged", "too_slow")


# CSV


@pytest.mark.parametrize(
    ("encoding", "written", "remarks"),
    [
        ("utf-8", "utf-8", []),
        ("utf-8-sig", "utf-8-sig", []),
        ("utf-16", "utf-16", ["Read as UTF-16 text."]),
        ("utf-16-le", "utf-16-le", ["Read as UTF-16 text."]),
        ("utf-16-be", "utf-16-be", ["Read as UTF-16 text."]),
        ("cp1252", "cp1252", ["Read as Windows-1252 text."]),
    ],
)
def test_csv_is_read_in_the_encodings_that_excel_writes(encoding, written, remarks):
    data = "Agency,Value\nCafé’s,£ 1\n".encode(written)
    found = here(data, "list.csv")
    assert (found["encoding"], found["remarks"]) == (encoding, remarks)
    assert found["sheets"][0].name == "list"
    assert rows(data, "list.csv") == [[text("Agency"), text("Value")], [text("Café’s"), text("£ 1")]]


def test_csv_cells_are_text_as_it_stands():
    data = b'Id,Value\n007, NA \n,"=1+1"\n\n1.0,TRUE\n'
    assert rows(data, "list.csv") == [
        [text("Id"), text("Value")],
        [text("007"), text(" NA ")],
        [_, text("=1+1")],
        [_, _],
        [text("1.0"), text("TRUE")],
    ]


@pytest.mark.parametrize(
    "line", ["Agency;Value\nPolice;1,5\nHealth;2,5\n", "Agency\tValue\nPolice\t1,5\nHealth\t2,5\n"]
)
def test_the_separator_that_fits_most_rows_is_taken(line):
    assert rows(line.encode(), "list.csv")[1] == [text("Police"), text("1,5")]


def test_a_title_above_the_headings_does_not_hide_the_separator():
    data = b"Referrals; April to June\nAgency,Value,Note\nPolice,1,a; b\nHealth,2,c; d\n"
    assert rows(data, "list.csv")[2] == [text("Police"), text("1"), text("a; b")]


def test_the_separator_of_a_long_file_is_found_near_its_beginning():
    data = b"Agency,Value\n" + b"Police,1\n" * 8_000
    assert len(rows(data, "list.csv")) == 8_001


def test_csv_with_one_column_is_refused():
    assert refusal(b"Agency\nPolice\nHealth\n", "list.csv") == (
        "one_column",
        "list.csv has only one column. Save it from Excel as .xlsx, or as CSV with commas between the columns.",
    )


def test_rows_longer_than_the_headings_are_kept_and_remarked():
    data = b"Agency,Value\nPolice,1,000\nHealth,2,000\nSchool,3,\n"
    assert rows(data, "list.csv")[1] == [text("Police"), text("1"), text("000")]
    assert here(data, "list.csv")["remarks"] == [
        "2 rows have more cells than the headings, first row 2: does a comma lack its quotes?"
    ]
    assert here(b"Agency,Value\nPolice,1,000\n", "list.csv")["remarks"] == [
        "1 row has more cells than the headings, first row 2: does a comma lack its quotes?"
    ]


def test_a_short_text_with_a_line_break_is_one_cell():
    data = b'Agency,Note\nPolice,"one\ntwo"\nHealth,three\n'
    assert rows(data, "list.csv") == [
        [text("Agency"), text("Note")],
        [text("Police"), text("one\ntwo")],
        [text("Health"), text("three")],
    ]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'Agency,Value\nPolice,"1\nHealth,2\nSchool,3\n', 2),
        (b'Agency,Value\nPolice,1\nHealth,"2"x\n', 3),
        (b'Agency,Value\n"two\nlines",1\nPolice,"1\n' + b"Health,2\n" * 50 + b'School","3"\n', 4),
        (b'Agency,Value\nPolice,"' + b"x" * 40_000 + b'"\n', 2),
    ],
)
def test_a_stray_quotation_mark_is_refused_with_its_line(data, line):
    code, sentence = refusal(data, "list.csv")
    assert code == "stray_quote"
    assert sentence.startswith(f'list.csv has a stray quotation mark (") on line {line}, ')


@pytest.mark.parametrize(
    "data",
    [
        b"Agency,Value\nPol\x00ice,1\n",
        b"Agency,Value\nPol\x07ice,1\n",
        b"Agency,Value\nPol\x81ice,1\n",
        b"\xff\xfeA\x00,\x00\x00\xd8",
        b"\xff\xfe\x00\x00A\x00\x00\x00",
    ],
)
def test_bytes_that_are_no_text_are_refused(data):
    assert refusal(data, "list.csv")[0] == "not_text"


def test_a_csv_file_that_is_too_long_is_refused():
    assert refusal(b"1,2\n" * 200_001, "list.csv") == (
        "too_many_rows",
        "list.csv is too long: the list goes down to row 200,001, and at most 200,000 rows are read. "
        "Delete what stands far below the list, or send it in parts.",
    )


def test_a_name_without_an_ending_names_the_sheet():
    assert here(b"a,b\n", "list")["sheets"][0].name == "list"


# What the child may do


def test_the_reader_limits_its_memory_time_and_files(monkeypatch):
    resource = pytest.importorskip("resource")
    wanted = {}
    monkeypatch.setattr(resource, "getrlimit", lambda what: (-1, 10 if what == resource.RLIMIT_CPU else -1))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: wanted.update({what: limits[0]}))
    stdin, stdout = io.BytesIO(b'{"kind":"csv","name":"list.csv"}\na,b\n'), io.BytesIO()
    reader.main(stdin, stdout)
    assert wanted == {
        resource.RLIMIT_AS: 1_500 * 1024**2,
        resource.RLIMIT_CPU: 10,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    assert reading.unpacked(stdout.getvalue(), "list.csv")["sheets"][0].row(0) == [text("a"), text("b")]


def test_a_reader_that_needs_too_much_memory_says_so(monkeypatch):
    def greedy(_):
        raise MemoryError

    monkeypatch.setitem(reader.READERS, "xlsx", greedy)
    assert refusal(workbook(("a",))) == (
        "too_large",
        "list.xlsx takes too much memory to read. Delete what is not needed, or send it in parts.",
    )


def test_a_failure_is_logged_without_what_it_says(monkeypatch, caplog):
    def fails(_):
        raise ValueError("Ann Example, 1 May 2015")

    monkeypatch.setitem(reader.READERS, "xlsx", fails)
    assert refusal(workbook(("a",)))[0] == "damaged"
    assert "ValueError at line" in caplog.text
    assert "Example" not in caplog.text


def child(script, seconds=20, message=b""):
    return run_reader([sys.executable, "-I", "-c", script], message, "list.xlsx", seconds)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("import os; os.abort()", "damaged"),
        ("raise SystemExit(3)", "damaged"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "too_slow"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "too_slow"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_child_that_dies_is_a_refusal(script, code):
    with pytest.raises(LoadRefused) as refused:
        child("import sys; sys.stderr.write('Ann Example'); " + script)
    assert refused.value.code == code
    assert "Example" not in str(refused.value)


@pytest.mark.parametrize(("returncode", "code"), [(1816, "too_slow"), (1, "damaged"), (0xC0000005, "damaged")])
def test_a_child_that_windows_ends_is_a_refusal(returncode, code):
    assert reading.refusal_of_a_dead_child(returncode, "list.xlsx").code == code


def test_two_sheets_of_one_name_are_told_apart():
    content = {"name": "Data", "state": "visible", "n_rows": 0, "columns": []}
    found = reading.sheets_of(
        [dict(content), dict(content), content | {"name": "Data (2)"}], numpy.array([], dtype="u1")
    )
    assert [sheet.name for sheet in found] == ["Data", "Data (2)", "Data (2) (2)"]


def test_a_child_that_hangs_is_stopped():
    started = time.monotonic()
    with pytest.raises(LoadRefused) as refused:
        child("import time; time.sleep(60)", seconds=0.3, message=b"x" * 1_000_000)
    assert time.monotonic() - started < 20
    assert str(refused.value).startswith("list.xlsx took too much time or memory to read and was stopped.")


def test_a_child_that_cannot_start_is_a_refusal():
    with pytest.raises(LoadRefused) as refused:
        run_reader(["/nowhere/python"], b"", "list.xlsx")
    assert str(refused.value) == "list.xlsx could not be read just now: no reader could be started. Try again later."


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x02\0\0\0\0\0\0\0{]",
        reader.packed({"sheets": []}) + b"\0\0\0\0",
        reader.packed(
            {"sheets": [{"name": "a", "state": "visible", "n_rows": 1, "columns": [({}, reader.array("I"))]}]}
        ),
        reader.packed(
            {"sheets": [{"name": "a", "state": "visible", "n_rows": 1, "columns": [({}, reader.array("I", [1]))]}]}
        ),
        b'\x19\0\0\0\0\0\0\0{"sheets": [{"rows": 1}]}',
    ],
)
def test_an_answer_that_makes_no_sense_is_a_refusal(answer):
    with pytest.raises(LoadRefused) as refused:
        reading.unpacked(answer, "list.xlsx")
    assert refused.value.code == "damaged"


def test_the_child_learns_no_secrets_from_the_environment(monkeypatch):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", "postgresql://user:secret@host/db")
    assert b"secret" not in child("import os; print(dict(os.environ))")


def test_at_most_two_children_run_at_once():
    started = time.monotonic()
    threads = [threading.Thread(target=child, args=("import time; time.sleep(0.3)",)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - started >= 0.9


# Many files


def test_many_files_come_back_in_order_each_with_its_content_or_refusal():
    steps = []
    items = [(workbook((value,)), f"{value}.xlsx") for value in range(4)] + [(b"", "empty.csv")]
    found = read_files(iter(items), lambda done, total: steps.append((done, total)))
    assert [content.name for content in found[:4]] == ["0.xlsx", "1.xlsx", "2.xlsx", "3.xlsx"]
    assert found[2].sheets[0].row(0) == [number(2.0)]
    assert isinstance(found[4], LoadRefused)
    assert steps == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_no_files_are_no_trouble():
    assert read_files([]) == []


# Files from elsewhere


def test_damaged_files_end_in_content_or_a_refusal():
    chance = random.Random(7)
    for source in (XLS, workbook(("Agency", "Value"), ("Police", 1)), open_document(ods_row(BLANK_CELL))):
        for _ in range(15):
            data = bytearray(source)
            for _ in range(chance.choice([1, 5, 30])):
                data[chance.randrange(len(data))] = chance.randrange(256)
            try:
                look(bytes(data), "list.xlsx")
            except LoadRefused as refused:
                assert str(refused).startswith("list.xlsx ")
        content = read_files([(bytes(data), "list.xlsx")])[0]
        assert isinstance(content, LoadRefused) or content.sheets


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory):
    tool = Path(__file__).parents[1].parent / "shared/tools/make_hostile_spreadsheets.py"
    if not tool.is_file():
        pytest.skip("the shared reference folder is not beside the project")
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(tool), str(folder)], check=True, capture_output=True)
    return folder


READABLE = {
    "awkward.xlsx",
    "cp1252.csv",
    "dates_1904.xlsx",
    "dimension_too_big.xlsx",
    "dimension_too_small.xlsx",
    "formulas.csv",
    "really_xlsx.csv",
    "really_xlsx.xls",
    "rows_longer_than_header.csv",
    "semicolons.csv",
    "strange_dates.xlsx",
    "utf16.csv",
    "utf8_bom.csv",
}


@pytest.mark.shared
def test_every_hostile_file_ends_in_a_verdict(hostile_folder):
    read = set()
    for path in sorted(hostile_folder.iterdir()):
        started = time.monotonic()
        try:
            assert read_file(path.read_bytes(), path.name).sheets
            read.add(path.name)
        except LoadRefused as refused:
            assert str(refused).startswith(f"{path.name} ")
        assert time.monotonic() - started < 25
    assert read == READABLE


def test_every_shared_table_is_read(shared):
    files = [path for path in sorted((shared / "data").rglob("*")) if path.suffix in (".xlsx", ".csv")]
    for path, content in zip(files, read_files((path.read_bytes(), path.name) for path in files), strict=True):
        assert not isinstance(content, LoadRefused), path.name
        assert max(sheet.n_rows for sheet in content.sheets) > 1
