"""Owns the second reading of a workbook: where two readers see different things in a cell, neither is believed.

Loaded beside `reader.py` in the child process, so it imports nothing from this project.
"""

import datetime
import io
import math
import re
import sys
import time
from contextlib import suppress

# openpyxl takes about eight times as long as calamine, 10 microseconds a cell.
CELLS_COMPARED = 100_000
# Of the 20 seconds that a file has, so that the first reading is never lost to the second.
SECONDS_OF_WORK = 6
LAST_ROW = 1_048_576  # of Excel; a row that claims a higher number would be preceded by as many empty ones
# Texts and styles are read whole before the first cell is.
PARTS_COMPARED = 24 * 1024**2

ROWS_BETWEEN_LOOKS = 5_000  # at the clock

DISPUTED = ("disputed", None)

EPOCH = datetime.datetime(1899, 12, 30)
EPOCH_1904 = datetime.datetime(1904, 1, 1)
ONE_SECOND = 1.5 / 86_400  # readers round the fraction of a day differently

# Excel writes a sign that XML cannot hold as _x0008_; only one of the readers turns that back.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def canonical(value, epoch=EPOCH):
    """Return a cell's value as (kind, what can be compared); None for a blank cell.

    White space, the forms of a time of day and the names of errors differ harmlessly between readers.
    """
    if value is None:
        return None
    if isinstance(value, str):
        text = "".join(sign for sign in _ESCAPED.sub(unescaped, value) if sign.isprintable() and not sign.isspace())
        return ("text", text) if text else None
    if isinstance(value, tuple):
        return (value[0], None)
    if isinstance(value, bool):
        return ("yes_no", value)
    if isinstance(value, int | float):
        return ("number", float(value)) if math.isfinite(value) else ("error", None)
    return ("moment", serial(value, epoch))


def unescaped(found):
    return chr(int(found[1], 16))


def serial(value, epoch):
    """Return a date, time or length of time as the number that Excel keeps for it."""
    if isinstance(value, datetime.time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86_400
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / 86_400
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    days = (value.replace(tzinfo=None) - epoch).total_seconds() / 86_400
    # Excel counts a 29 February 1900 that never was.
    return days - 1 if epoch == EPOCH and 0 < days < 61 else days


def agree(one, other):
    """Return whether two canonical values mean the same; an error or a formula without its result may be blank."""
    if one == other or (one is not None and one[0] == "formula") or (other is None and one[0] == "error"):
        return True
    if one is None or other is None or one[0] != other[0]:
        return False
    if one[0] == "moment":
        return abs(one[1] - other[1]) < ONE_SECOND
    return one[0] == "number" and abs(one[1] - other[1]) <= 1e-12 * abs(one[1])


def disputed(first, second, epoch=EPOCH, deadline=None):
    """Return {(row, column): cell} of the cells in which two readings of a sheet differ, or None if time ran out.

    `first` is a list of rows of calamine's values; `second` yields rows of values, errors as ("error", name).
    An error that only the second reader sees is an error; all else that differs is disputed.
    """
    found = {}
    row = -1
    for row, others in enumerate(second):
        if deadline is not None and row % ROWS_BETWEEN_LOOKS == 0 and time.process_time() > deadline:
            return None
        cells = first[row] if row < len(first) else ()
        # A row at the end of the sheet that is only formatted brings a million empty ones before it.
        if cells or others:
            compare_row(found, row, cells, others, epoch)
    for below in range(row + 1, len(first)):
        compare_row(found, below, first[below], (), epoch)
    return found


def compare_row(found, row, cells, others, epoch):
    for column in range(max(len(cells), len(others))):
        one = cells[column] if column < len(cells) else ""
        other = others[column] if column < len(others) else None
        # Most cells are equal as they stand; True and 1.0 are equal and are not the same.
        if one == other and type(one) is type(other):
            continue
        seen, seen_again = canonical(one, epoch), canonical(other, epoch)
        if agree(seen, seen_again):
            continue
        found[row, column] = other if seen is None and seen_again[0] == "error" else DISPUTED


class Workbook:
    """A workbook as openpyxl reads it, opened when the first sheet is compared; `passed_over` says what was not."""

    def __init__(self, data, parts, epoch_1904):
        self.data, self.parts = data, parts  # the bytes, and the size of the texts and styles in them
        self.epoch = EPOCH_1904 if epoch_1904 else EPOCH
        self.book = None
        self.until = time.process_time() + SECONDS_OF_WORK
        self.failed = parts > PARTS_COMPARED
        self.passed_over = []

    def disputed(self, name, rows, cells):
        """Return the cells of a sheet, read by calamine as `rows`, in which openpyxl sees something else."""
        found = self.compared(name, rows) if cells < CELLS_COMPARED and not self.failed else None
        if found is None:
            self.passed_over.append(name)
        return found or {}

    def compared(self, name, rows):
        if time.process_time() > self.until:
            return None
        try:
            self.book = self.book or opened(self.data)
            if name not in self.book.sheetnames:
                return None
            return disputed(rows, rows_of(self.book[name]), self.epoch, self.until)
        except Exception:
            # openpyxl fails with exceptions of every kind on files that calamine reads; MemoryError is one of them.
            self.book, self.failed = None, True
            return None

    def remarks(self):
        """Return the sentence that says which sheets only one reader has read."""
        return about_one_reading(self.passed_over)


def opened(data):
    # openpyxl only asks numpy for its types of numbers; without it the child starts faster and holds less.
    sys.modules.setdefault("numpy", None)
    import warnings

    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)


def rows_of(sheet):
    """Yield the rows of an openpyxl sheet as values, errors marked."""
    # A dimension that is written too small would cut the sheet, one too large would fill it up.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), 1):
        if number > LAST_ROW:
            raise ValueError("There is no such row.")
        yield row and [("error", cell.value) if cell.data_type == "e" and cell.value else cell.value for cell in row]


class OldWorkbook:
    """An old workbook as xlrd reads it; it fails on one file in twelve that calamine reads."""

    def __init__(self, data):
        self.book, self.sheets, self.epoch_1904 = None, {}, False
        self.until = time.process_time() + SECONDS_OF_WORK
        self.passed_over = []
        with suppress(Exception):
            book = opened_old(data)
            self.sheets, self.epoch_1904 = {sheet.name: sheet for sheet in book.sheets()}, book.datemode == 1
            self.book = book
        self.failed = not self.sheets

    @property
    def epoch(self):
        return EPOCH_1904 if self.epoch_1904 else EPOCH

    def errors(self, name):
        """Return {(row, column): ("error", its name)} of a sheet; calamine shows errors as blanks."""
        sheet = self.sheets.get(name)
        places = ((row, column) for row in range(sheet.nrows if sheet else 0) for column in error_columns(sheet, row))
        return {(row, column): old_value(5, sheet.cell_value(row, column)) for row, column in places}

    def disputed(self, name, rows):
        """Return the cells of a sheet, read by calamine as `rows`, in which xlrd sees something else."""
        sheet = self.sheets.get(name)
        found = None
        if sheet and sum(map(len, rows)) < CELLS_COMPARED and time.process_time() < self.until:
            found = disputed(rows, old_rows(sheet), self.epoch, self.until)
        if found is None and not self.failed:
            self.passed_over.append(name)
        return found or {}

    def hidden(self, name, columns):
        """Return which rows are hidden, and which of the first `columns` columns, counted from zero."""
        sheet = self.sheets.get(name)
        if not sheet:
            return {"hidden_rows": [], "hidden_columns": []}
        rows = sorted(row for row, info in sheet.rowinfo_map.items() if info.hidden)
        found = sorted(at for at, info in sheet.colinfo_map.items() if info.hidden and at < columns)
        return {"hidden_rows": rows, "hidden_columns": found}

    def remarks(self):
        """Return the sentences about what only one reader has read."""
        if self.failed:
            return ["Errors such as #N/A cannot be told from blanks in this old workbook. Send it as .xlsx."]
        return about_one_reading(self.passed_over)


def refuse_password(data, refused):
    """Raise `refused` where xlrd knows that the old workbook, which calamine cannot open, is encrypted."""
    try:
        opened_old(data)
    except Exception as trouble:
        if "encrypted" in str(trouble):
            sentence = "is protected with a password. Ask the sender for a copy without one."
            raise refused("password", sentence) from None


def opened_old(data):
    import xlrd

    try:
        # What is hidden is told with the formats only, which fail more often than the cells do.
        return xlrd.open_workbook(file_contents=data, logfile=io.StringIO(), formatting_info=True)
    except Exception:
        return xlrd.open_workbook(file_contents=data, logfile=io.StringIO())


def error_columns(sheet, row):
    return [column for column, kind in enumerate(sheet.row_types(row)) if kind == 5]


def old_rows(sheet):
    """Yield the rows of an xlrd sheet as values, errors marked and dates as moments."""
    for row in range(sheet.nrows):
        yield list(map(old_value, sheet.row_types(row), sheet.row_values(row)))


def old_value(kind, value):
    """Return the value of an xlrd cell; 0 is empty, 1 text, 2 a number, 3 a date, 4 yes or no, 5 an error, 6 blank."""
    if kind in (0, 6):
        return None
    if kind == 3:
        return moment(value)
    if kind == 4:
        return bool(value)
    return ("error", ERRORS.get(value, "#ERROR!")) if kind == 5 else value


# The codes of errors in old workbooks: [MS-XLS] 2.5.10.
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def moment(number):
    """Return an Excel number formatted as a date as a length of time, which compares as the number it is."""
    return datetime.timedelta(days=number) if abs(number) < 3_000_000 else number


def about_one_reading(sheets):
    if not sheets:
        return []
    shown = [name if len(name) <= 31 and not re.search(r"\d{6}|@", name) else "(not shown)" for name in sheets[:3]]
    named = ", ".join(f"'{name}'" for name in shown) + (f" and {len(sheets) - 3} more" if len(sheets) > 3 else "")
    which = f"Sheet {named} was" if len(sheets) == 1 else f"Sheets {named} were"
    return [f"{which} read by one reader only, so no second reading confirms the cells."]
