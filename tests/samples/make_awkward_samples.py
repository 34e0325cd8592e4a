"""Makes awkward/ beside it: files as partners really send them, each with what a data analyst expects of it.

Run it from the project's folder: python -m tests.samples.make_awkward_samples. Everything in them is made up. One of
them is an old Excel workbook, made only where xlwt is installed, which nothing else here needs.
"""

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.samples.make_reading_samples import saved

FOLDER = Path(__file__).parent / "awkward"

REFERRALS = ("Child Unique ID", "Date of referral", "Referral Source")
WITH_COUNT = (*REFERRALS, "Number of Referrals in Last 12 Months")
PLANS = ("Child Unique ID", "Child Protection Plan Start Date", "Child Protection Plan End Date")
FIGURES = ("Measure", "Period", "Number")
ASSAULTS = "Recorded assaults on children"
R1, R2, R3 = ("C1", "03/09/2025", "Police"), ("C2", "04/09/2025", "GP"), ("C3", "05/09/2025", "Schools")
P1, P2 = ("C1", "01/02/2025", None), ("C2", "01/03/2025", "05/08/2025")
SEPTEMBER = [dt.date(2025, 9, day) for day in (3, 4, 5)]


@dataclass(frozen=True)
class Expected:
    """What a data analyst expects: for each list (name, rows read, ready, refused), why rows were ignored, and so on.

    `problems` are codes, a note's with a question mark behind it; `values` are what is stored, dates as dates.
    """

    lists: tuple[tuple[str, int, int, int], ...] = ()
    ignored: dict[str, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    values: dict[str, list] = field(default_factory=dict)


def referrals(ready: int, refused: int = 0, read: int | None = None, **more) -> Expected:
    return Expected((("referrals", read or ready + refused, ready, refused),), **more)


def figures(ready: int, refused: int = 0, read: int | None = None, **more) -> Expected:
    return Expected((("aggregate_return", read or ready + refused, ready, refused),), **more)


EXPECTED = {
    "hidden_sheets.xlsx": referrals(1, problems=("sheet_hidden", "sheet_hidden")),
    "hidden_rows_and_columns.xlsx": referrals(3, problems=("cells_hidden?",), values={"referral_date": SEPTEMBER}),
    "hidden_rows.xls": referrals(2, problems=("cells_hidden?", "cells_merged?")),
    "hidden_rows.ods": referrals(2, problems=("cells_hidden?", "cells_merged?")),
    "merged_children.xlsx": referrals(3, problems=("cells_merged?",), values={"source": ["6", "3A", "2A"]}),
    "merged_measures.xlsx": figures(
        4, problems=("cells_merged?",), values={"kpi": ["assaults_recorded"] * 4, "numerator": [12, 9, 7, 5]}
    ),
    "merged_numbers.xlsx": figures(
        1, read=2, ignored={"no figure given": 1}, problems=("cells_merged",), values={"numerator": [12]}
    ),
    "under_merged_cells.xlsx": figures(1, problems=("cells_merged",), read=2, ignored={"no figure given": 1}),
    "two_row_headings.xlsx": referrals(3, values={"referral_date": SEPTEMBER, "source": ["6", "3A", "2A"]}),
    "group_names_above_headings.xlsx": referrals(3),
    "title_rows.xlsx": referrals(3),
    "preamble_of_thirty_rows.xlsx": referrals(3),
    "notes_and_totals.xlsx": referrals(
        2, read=6, ignored={"line of totals": 1, "blank row": 1, "note below the table": 2},
        values={"referrals_last_12m": [1, 2]},
    ),
    "total_that_is_no_sum.xlsx": referrals(2, read=3, ignored={"line of totals": 1}, problems=("total_differs",)),
    "repeated_headings.xlsx": referrals(3, read=6, ignored={"headings repeated": 1, "title": 1, "blank row": 1}),
    "tables_one_below_the_other.xlsx": Expected(
        (("referrals", 4, 3, 0), ("cp_plans", 2, 2, 0)), ignored={"blank row": 1}
    ),
    "tables_side_by_side.xlsx": Expected((("referrals", 3, 3, 0), ("cp_plans", 3, 2, 0)), ignored={"blank row": 1}),
    "columns_in_another_order.csv": referrals(3, values={"source": ["6", "3A", "2A"], "referral_date": SEPTEMBER}),
    "extra_columns.csv": referrals(3, problems=("columns_dropped?", "columns_unknown?")),
    "missing_column_that_may_be.csv": Expected((("cp_plans", 2, 2, 0),), values={"end_date": [None, None]}),
    "missing_column_that_must_be.csv": referrals(0, 3, problems=("heading_missing",)),
    "blank_rows.xlsx": referrals(3, read=6, ignored={"blank row": 3}),
    "spaces.xlsx": referrals(3, values={"referral_date": SEPTEMBER, "source": ["6", "3A", "2A"]}),
    "numbers_as_text.xlsx": figures(2, problems=("number_as_text?",), values={"numerator": [12, 1204]}),
    "thousands.csv": figures(2, 1, problems=("number_not_whole",), values={"numerator": [1204, 1000000]}),
    "percent_signs.csv": figures(2, values={"value": [45, 100]}),
    "percent_sign_on_a_count.csv": figures(0, 1, problems=("number_unreadable",)),
    "brackets_for_negatives.csv": figures(1, 2, problems=("number_below_zero", "number_below_zero")),
    "signs_for_no_number.csv": figures(4, values={"numerator": [None] * 4, "numerator_symbol": ["c", "x", "z", "<5"]}),
    "dates_1904.xlsx": referrals(3, values={"referral_date": SEPTEMBER}),
    "serial_dates_1904.xlsx": referrals(1, 1, problems=("date_is_number",)),
    "serial_dates.xlsx": referrals(1, 2, problems=("date_is_number", "date_is_number")),
    "serial_dates.csv": referrals(1, 1, problems=("date_is_number",)),
    "two_digit_years.csv": referrals(1, 2, problems=("date_two_digit_year", "date_two_digit_year")),
    "american_dates.csv": referrals(
        1, 3, problems=("date_american", "date_american", "date_american"),
        values={"referral_date": [dt.date(2025, 9, 9)]},
    ),
    "american_dates_turned_by_excel.xlsx": referrals(1, 1, problems=("date_american", "date_american")),
    "british_dates.csv": referrals(
        3, values={"referral_date": [dt.date(2025, 9, 25), dt.date(2025, 3, 4), dt.date(2025, 4, 3)]}
    ),
    "births_after_the_event.csv": referrals(
        3, problems=("birth_after_event",),
        values={"age": [13, None, None], "age_band": ["10 to 15", "unknown", "unborn"]},
    ),
    "future_dates.csv": referrals(1, 2, problems=("date_in_future", "date_out_of_range")),
    "codes_in_prose.csv": referrals(
        5, 1, problems=("value_unknown",), values={"source": ["6", "3A", "2A", "5C", "10"]}
    ),
    "utf16.csv": referrals(3, problems=("columns_unknown?",)),
    "utf8_with_mark.csv": referrals(3, problems=("columns_unknown?",)),
    "windows_1252.csv": referrals(3, problems=("columns_unknown?",)),
    "semicolons.csv": referrals(3, values={"referral_date": SEPTEMBER}),
    "tabs.txt": referrals(3, values={"referral_date": SEPTEMBER}),
    "bars.csv": referrals(3, values={"referral_date": SEPTEMBER}),
    "stray_quote.csv": Expected(problems=("stray_quote",)),
    "rows_longer_than_headings.csv": figures(1, 1, problems=("row_too_long",), values={"numerator": [12]}),
    "every_row_longer_than_headings.csv": figures(0, 2, problems=("row_too_long",)),
    "error_cells.xlsx": referrals(1, 1, problems=("error_cell",)),
    "formula_without_a_result.xlsx": referrals(1, 1, problems=("formula_unsaved",)),
    "readers_disagree.xlsx": referrals(1, 1, problems=("readers_disagree",)),
}  # fmt: skip


# Text files


def text(*rows, delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def texts() -> dict[str, bytes]:
    noted = text((*REFERRALS, "Remark"), (*R1, "Café"), (*R2, "£ 5 – “quoted”"), (*R3, ""))
    shares = ("Measure", "Period", "Value")
    born = (*REFERRALS, "Date of Birth", "Gender")
    files = {
        "columns_in_another_order.csv": text(REFERRALS[::-1], R1[::-1], R2[::-1], R3[::-1]),
        "extra_columns.csv": text(
            (*REFERRALS, "Allocated Worker", "Shoe size"),
            *((*row, "Somebody", size) for row, size in zip((R1, R2, R3), (33, 34, 35), strict=True)),
        ),
        "missing_column_that_may_be.csv": text(PLANS[:2], P1[:2], P2[:2]),
        "missing_column_that_must_be.csv": text(REFERRALS[:2], R1[:2], R2[:2], R3[:2]),
        "thousands.csv": text(
            FIGURES, (ASSAULTS, "Q1 2025/26", "1,204"), (ASSAULTS, "Q2 2025/26", "1,000,000"),
            (ASSAULTS, "Q4 2024/25", "12.5"),
        ),
        "percent_signs.csv": text(shares, (ASSAULTS, "Q1 2025/26", "45%"), (ASSAULTS, "Q2 2025/26", "100 %")),
        "percent_sign_on_a_count.csv": text(FIGURES, (ASSAULTS, "Q1 2025/26", "45%")),
        "brackets_for_negatives.csv": text(
            FIGURES, (ASSAULTS, "Q1 2025/26", "(3)"), (ASSAULTS, "Q2 2025/26", "-4"), (ASSAULTS, "Q4 2024/25", "5")
        ),
        "signs_for_no_number.csv": text(
            FIGURES,
            *((ASSAULTS, f"Q{number} 2024/25", sign) for number, sign in enumerate(("c", "x", "n/a", "<5"), 1)),
        ),
        "serial_dates.csv": text(REFERRALS, R1, ("C2", "45904", "GP")),
        "two_digit_years.csv": text(REFERRALS, R1, ("C2", "04/09/25", "GP"), ("C3", "5 Sep 25", "GP")),
        "american_dates.csv": text(
            REFERRALS, ("C1", "09/25/2025", "GP"), ("C2", "09/03/2025", "GP"), ("C3", "04/09/2025", "GP"),
            ("C4", "09/09/2025", "GP"),
        ),
        "british_dates.csv": text(
            REFERRALS, ("C1", "25/09/2025", "GP"), ("C2", "04/03/2025", "GP"), ("C3", "03/04/2025", "GP")
        ),
        "births_after_the_event.csv": text(
            born, (*R1, "14/02/2012", "F"), (*R2, "14/02/2026", "M"), ("C3", "05/05/2025", "GP", "01/12/2025", "")
        ).replace("04/09/2025", "04/03/2025"),
        "future_dates.csv": text(REFERRALS, R1, ("C2", "04/11/2025", "GP"), ("C3", "05/09/2052", "GP")),
        "codes_in_prose.csv": text(
            REFERRALS,
            *((f"C{number}", "03/09/2025", source) for number, source in enumerate(
                ("q) 6: Police", "GP", "2A - Schools", "Other councils", "k) Unknown", "a neighbour, by telephone"), 1
            )),
        ),
        "semicolons.csv": text(REFERRALS, R1, R2, R3, delimiter=";"),
        "tabs.txt": text(REFERRALS, R1, R2, R3, delimiter="\t"),
        "bars.csv": text(REFERRALS, R1, R2, R3, delimiter="|"),
        "stray_quote.csv": text(REFERRALS, R1) + 'C2,"04/09/2025,GP\nC3,05/09/2025,GP\n',
        "rows_longer_than_headings.csv": text(FIGURES, (ASSAULTS, "Q1 2025/26", 12)) + f"{ASSAULTS},Q2 2025/26,1,204\n",
        "every_row_longer_than_headings.csv": ",".join(FIGURES)
        + "".join(f"\n{ASSAULTS},Q{quarter} 2025/26,1,204" for quarter in (1, 2)),
    }  # fmt: skip
    encoded = {"utf16.csv": "utf-16", "utf8_with_mark.csv": "utf-8-sig", "windows_1252.csv": "cp1252"}
    return {name: content.encode() for name, content in files.items()} | {
        name: noted.encode(encoding) for name, encoding in encoded.items()
    }


# Workbooks


def book_of(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def plain(*rows) -> bytes:
    return saved(book_of(*rows))


def merged(*rows, ranges: tuple[str, ...]) -> bytes:
    book = book_of(*rows)
    for cells in ranges:
        book.active.merge_cells(cells)
    return saved(book)


def hidden_sheets() -> bytes:
    book = book_of(REFERRALS, R1)
    for name, state in (("Working", "hidden"), ("People", "veryHidden")):
        book.create_sheet(name).append(("kept", "apart"))
        book[name].sheet_state = state
    return saved(book)


def hidden_rows_and_columns() -> bytes:
    book = book_of(REFERRALS, R1, R2, R3)
    for row in (3, 4):
        book.active.row_dimensions[row].hidden = True
    book.active.column_dimensions["C"].hidden = True
    return saved(book)


def under_merged_cells() -> bytes:
    """Return a workbook in which a number stands unseen under a merged cell."""
    from tests.samples.make_reading_samples import members_of, with_members

    data = plain(FIGURES, (ASSAULTS, "Q1 2025/26", 12), (ASSAULTS, "Q2 2025/26", 99))
    sheet = members_of(data)["xl/worksheets/sheet1.xml"].decode()
    ranges = '</sheetData><mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells>'
    return with_members(data, **{"xl/worksheets/sheet1.xml": sheet.replace("</sheetData>", ranges)})


def readers_disagree() -> bytes:
    """Return a workbook in which a cell holds two values, of which each reader takes another."""
    from tests.samples.make_reading_samples import members_of, with_members

    data = plain(REFERRALS, R1, ("C2", dt.date(2025, 9, 4), "GP"))
    sheet = members_of(data)["xl/worksheets/sheet1.xml"].decode()
    assert sheet.count("<v>45904</v>") == 1
    sheet = sheet.replace("<v>45904</v>", "<v>45904</v><v>45905</v>")
    return with_members(data, **{"xl/worksheets/sheet1.xml": sheet})


def counted_from_1904(*rows) -> bytes:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    return saved(book)


def workbooks() -> dict[str, bytes]:
    spaced = [tuple(f" {cell}\u00a0 " for cell in row) for row in (REFERRALS, R1, R2, R3)]
    upper, lower = ("Child", "Date of", "Referral"), ("Unique ID", "referral", "source")
    preamble = [(f"Line {number}",) for number in range(1, 31)]
    quarters = [f"Q{quarter} 2024/25" for quarter in (1, 2, 3, 4)]
    days = [("C1", SEPTEMBER[0], "Police"), ("C2", SEPTEMBER[1], "GP"), ("C3", SEPTEMBER[2], "Schools")]
    return {
        "hidden_sheets.xlsx": hidden_sheets(),
        "hidden_rows_and_columns.xlsx": hidden_rows_and_columns(),
        "merged_children.xlsx": merged(
            REFERRALS, R1, (None, *R2[1:]), (None, *R3[1:]), ranges=("A2:A4",)
        ),
        "merged_measures.xlsx": merged(
            FIGURES, (ASSAULTS, quarters[0], 12),
            (None, quarters[1], 9), (None, quarters[2], 7), (None, quarters[3], 5),
            ranges=("A2:A5",),
        ),
        "merged_numbers.xlsx": merged(
            FIGURES, (ASSAULTS, quarters[0], 12), (ASSAULTS, quarters[1], None), ranges=("C2:C3",)
        ),
        "under_merged_cells.xlsx": under_merged_cells(),
        "two_row_headings.xlsx": plain(upper, lower, R1, R2, R3),
        "group_names_above_headings.xlsx": merged(
            ("The child", "The referral", None), REFERRALS, R1, R2, R3, ranges=("B1:C1",)
        ),
        "title_rows.xlsx": plain(
            ("Referrals, second quarter",), ("Drawn up on 1 October 2025", "v2"), (), REFERRALS, R1, R2, R3
        ),
        "preamble_of_thirty_rows.xlsx": plain(*preamble, (), REFERRALS, R1, R2, R3),
        "notes_and_totals.xlsx": plain(
            WITH_COUNT, (*R1, 1), (*R2, 2), ("Total", None, None, 3), (), ("Source: our system",), ("Ask the team",)
        ),
        "total_that_is_no_sum.xlsx": plain(WITH_COUNT, (*R1, 1), (*R2, 2), ("Total", None, None, 4)),
        "repeated_headings.xlsx": plain(REFERRALS, R1, (), ("South",), REFERRALS, R2, R3),
        "tables_one_below_the_other.xlsx": plain(
            ("Referrals",), REFERRALS, R1, R2, R3, (), ("Plans",), PLANS, P1, P2
        ),
        "tables_side_by_side.xlsx": plain(
            (*REFERRALS, None, *PLANS), (*R1, None, *P1), (*R2, None, *P2), R3
        ),
        "blank_rows.xlsx": plain(REFERRALS, R1, (), (None, " ", None), R2, (), R3),
        "spaces.xlsx": plain(*spaced),
        "numbers_as_text.xlsx": plain(FIGURES, (ASSAULTS, "Q1 2025/26", "12"), (ASSAULTS, "Q2 2025/26", "1,204")),
        "dates_1904.xlsx": counted_from_1904(REFERRALS, *days),
        "serial_dates_1904.xlsx": counted_from_1904(REFERRALS, days[0], ("C2", 44442, "GP")),
        "serial_dates.xlsx": plain(REFERRALS, days[0], ("C2", 45904, "GP"), ("C3", "45905", "GP")),
        "american_dates_turned_by_excel.xlsx": plain(
            REFERRALS, ("C1", dt.date(2025, 3, 9), "GP"), ("C2", "09/25/2025", "GP")
        ),
        "error_cells.xlsx": plain(REFERRALS, R1, ("C2", "#N/A", "GP")),
        "formula_without_a_result.xlsx": plain(REFERRALS, R1, ("C2", "=B2+1", "GP")),
        "readers_disagree.xlsx": readers_disagree(),
    }  # fmt: skip


def open_document_with_hidden_rows() -> dict[str, bytes]:
    from tests.samples.make_reading_samples import open_document

    def row(cells, more=""):
        return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"

    def cell(value, more=""):
        return f'<table:table-cell office:value-type="string" {more}><text:p>{value}</text:p></table:table-cell>'

    covered = "<table:covered-table-cell/>"
    rows = [
        row(map(cell, REFERRALS)),
        row([cell(R1[0], 'table:number-rows-spanned="2"'), *map(cell, R1[1:])]),
        row([covered, *map(cell, R2[1:])], 'table:visibility="collapse"'),
    ]
    return {"hidden_rows.ods": open_document("".join(rows))}


def old_workbook() -> dict[str, bytes]:
    try:
        import xlwt
    except ImportError:
        return {}
    book = xlwt.Workbook()
    sheet = book.add_sheet("Referrals")
    for number, row in enumerate((REFERRALS, R1, (None, *R2[1:]))):
        for at, value in enumerate(row):
            if value is not None:
                sheet.write(number, at, value)
    sheet.merge(1, 2, 0, 0)
    sheet.row(2).hidden = True
    out = io.BytesIO()
    book.save(out)
    return {"hidden_rows.xls": out.getvalue()}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, data in (texts() | workbooks() | open_document_with_hidden_rows() | old_workbook()).items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
