"""Sheets as partners make them, written as workbooks and CSV files."""

import csv
import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xlsxwriter

from demo.area import as_date

EXCEL_DAY_0 = 25569  # 1970-01-01 as Excel counts days
FORMATS = {"date": "dd/mm/yyyy", "time": "dd/mm/yyyy hh:mm"}


class Column(NamedTuple):
    """A heading and its cells: None is blank, text is text, numbers are what `kind` says.

    Kinds: text, number, date (day numbers), time (minutes since 1970).
    """

    heading: str
    kind: str
    cells: list


class Sheet(NamedTuple):
    """One sheet: lines above the headings, the columns, and what else partners leave in a workbook."""

    name: str
    columns: list[Column]
    above: tuple[str, ...] = ()
    has_total: bool = False
    is_hidden: bool = False

    def column(self, heading: str) -> list:
        """Return the cells under `heading`."""
        return next(column.cells for column in self.columns if column.heading == heading)


def cells(values: np.ndarray, known=True) -> list:
    """Return values as a list of cells, blank where not `known`."""
    if known is True:
        return values.tolist()
    return np.where(known, values.astype(object), None).tolist()


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write a workbook."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        # Not the clock: the same seed gives the same bytes.
        workbook.set_properties({"created": datetime.datetime(2025, 10, 8)})
        formats = {kind: workbook.add_format({"num_format": text}) for kind, text in FORMATS.items()}
        bold = workbook.add_format({"bold": True})
        for sheet in sheets:
            _write_sheet(workbook.add_worksheet(sheet.name), sheet, formats, bold)


def _write_sheet(page, sheet: Sheet, formats, bold) -> None:
    for row, line in enumerate(sheet.above):
        if line:
            page.write_string(row, 0, line, bold)
    top = len(sheet.above)
    for number, column in enumerate(sheet.columns):
        page.write_string(top, number, column.heading, bold)
        _write_cells(page, top + 1, number, column, formats.get(column.kind))
    page.set_column(0, len(sheet.columns) - 1, 16)
    if sheet.has_total:
        last = top + 1 + len(sheet.columns[0].cells)
        page.write_string(last, 0, "Total", bold)
        page.write_number(last, 2, last - top - 1, bold)
    if sheet.is_hidden:
        page.hide()


def _write_cells(page, top: int, number: int, column: Column, form) -> None:
    if column.kind == "date":
        shift, unit = EXCEL_DAY_0, 1
    elif column.kind == "time":
        shift, unit = EXCEL_DAY_0, 1440
    else:
        shift, unit = 0, 1
    for row, value in enumerate(column.cells, top):
        if value is None:
            continue
        if type(value) is str:
            page.write_string(row, number, value)
        else:
            page.write_number(row, number, value / unit + shift, form)


def write_csv(path: Path, sheet: Sheet) -> None:
    """Write a CSV file as Excel saves it: UTF-8 with a mark at the start, British dates."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.heading for column in sheet.columns])
        writer.writerows(zip(*(_as_text(column) for column in sheet.columns), strict=True))


def _as_text(column: Column) -> list:
    write = {"date": british_date, "time": british_time}.get(column.kind, lambda value: value)
    return ["" if value is None else value if type(value) is str else write(value) for value in column.cells]


def british_date(day: int) -> str:
    """Return a day number as 31/10/2025."""
    return f"{as_date(day):%d/%m/%Y}"


def british_time(minutes: int) -> str:
    """Return minutes since 1970 as 31/10/2025 14:05."""
    return f"{british_date(minutes // 1440)} {minutes % 1440 // 60:02d}:{minutes % 60:02d}"
