"""Owns the reading of one file in a child process: bytes on stdin, unique cells and codes on stdout.

Run by path with `python -I`, so it imports nothing from this project but the second reader beside it, by its path too.
A hostile file can abort or stall the libraries used here; then only this process ends. It writes no file and logs no
cell text.
"""

import csv
import datetime
import gc
import importlib.util
import io
import math
import os
import posixpath
import re
import struct
import sys
import traceback
import zipfile
from array import array
from contextlib import suppress
from itertools import chain, product, zip_longest
from operator import itemgetter
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

import orjson

# Measured over 3,605 public spreadsheets: the largest real sheet spans 400,000 cells, 99 in 100 span 66,000.
ROWS_LIMIT = 200_000
AREA_LIMIT = 5_000_000
CELLS_LIMIT = 2_500_000
OUTPUT_LIMIT = 200 * 1024**2

MEMORY_LIMIT = 1_500 * 1024**2
SECONDS_LIMIT = 20

# Merged ranges, hidden rows and hidden columns of a sheet that are told one by one.
PARTS_TOLD = 20_000

# A stray quotation mark swallows the rows after it; texts longer than this seldom hold a line break.
LONG_FIELD = 200

MIDNIGHT = datetime.time()
# Cells of these types need no preparation before they are told apart; True and 1.0 would be taken for one.
PLAIN_KINDS = {str: "text", float: "number", datetime.date: "date"}

STATES = {"Visible": "visible", "Hidden": "hidden", "VeryHidden": "very hidden"}


class Refused(Exception):
    """The file cannot be used; the sentence lacks only the name of the file at its beginning."""

    def __init__(self, code, sentence):
        self.code, self.sentence = code, sentence
        super().__init__(sentence)


# Sizes


def check_size(rows, columns, sheet=""):
    """Refuse a sheet that spans more rows, or more rows times columns, than any real list."""
    where = f"sheet '{called(sheet)}'" if sheet else "the list"
    if rows > ROWS_LIMIT:
        raise Refused(
            "too_many_rows",
            f"is too long: {where} goes down to row {rows:,}, and at most {ROWS_LIMIT:,} rows are read. "
            "Delete what stands far below the list, or send it in parts.",
        )
    if rows * columns > AREA_LIMIT:
        raise Refused(
            "far_cells",
            f"is too wide and long: {where} spans {rows:,} rows and {columns:,} columns. Look for a stray "
            "entry far to the right or far down, delete the rows and columns around it, save and send again.",
        )


def called(sheet):
    """Return the name of a sheet as a sentence may hold it: short, without long numbers and signs that nobody sees."""
    name = "".join(sign for sign in sheet if sign.isprintable())[:40]
    return "(not shown)" if re.search(r"\d{6,}|\d{3} \d{3} \d{4}|@", name) else name


def check_total(area, cells=0):
    """Refuse a file whose sheets together span or hold too much."""
    if area > AREA_LIMIT or cells > CELLS_LIMIT:
        raise Refused(
            "too_many_cells",
            f"holds too much: at most {CELLS_LIMIT:,} filled cells are read. Send it in parts.",
        )


# Cells to columns


def tidied(value):
    """Return a cell value as str, float or date where it is one, else as (kind, value)."""
    if isinstance(value, tuple | str):
        return value
    if isinstance(value, bool):
        return ("yes_no", value)
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else ("error", "#NUM!")
    if isinstance(value, datetime.datetime):
        # Excel has no dates without a time; midnight is how it stores a date.
        return value.date() if value.time() == MIDNIGHT else ("datetime", value.isoformat())
    if isinstance(value, datetime.timedelta):
        return ("time", duration_text(value))
    if isinstance(value, datetime.time):
        return ("time", value.isoformat("seconds"))
    return value


def duration_text(length):
    """Return a length of time as '30:00:00'."""
    sign = "-" if length < datetime.timedelta(0) else ""
    minutes, seconds = divmod(round(abs(length).total_seconds()), 60)
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def factorise(values):
    """Return ({kind: unique values}, codes): code 0 is blank, the others count through the kinds in order."""
    types = set(map(type, values))
    if not types <= PLAIN_KINDS.keys() or holds_endless_numbers(values, types):
        values = list(map(tidied, values))
    kinds, keys = {}, {}
    for value in dict.fromkeys(values):
        if type(value) is tuple:
            kind, plain = value
        else:
            kind, plain = PLAIN_KINDS[type(value)], value
        if value != "":
            kinds.setdefault(kind, []).append(plain)
            keys.setdefault(kind, []).append(value)
    order = ["", *chain.from_iterable(keys.values())]
    index = dict(zip(order, range(len(order)), strict=True))
    return kinds, array("I", map(index.__getitem__, values))


def holds_endless_numbers(values, types):
    """Return whether a column may hold infinity or no number at all, which JSON cannot carry."""
    return float in types and not math.isfinite(sum(value for value in values if type(value) is float))


def sheet_of(name, state, rows, **facts):
    """Return a sheet as its factorised columns; short rows end in blanks."""
    columns = list(map(factorise, columns_of(rows)))
    return {"name": name, "state": state, "n_rows": len(rows), "columns": columns, **facts}


def columns_of(rows):
    """Return the values of each column in turn; short rows end in blanks."""
    widths = set(map(len, rows))
    if len(widths) != 1:
        return zip_longest(*rows, fillvalue="")
    # Many times as fast as turning all rows at once, which runs through every row for every cell.
    return (list(map(itemgetter(at), rows)) for at in range(widths.pop()))


def filled_cells(sheet):
    return sum(len(codes) - codes.count(0) for _, codes in sheet["columns"])


# Workbooks, by calamine


def open_workbook(data):
    """Return the workbook as calamine sees it."""
    import python_calamine

    return python_calamine.load_workbook(io.BytesIO(data))


def worksheets(book, remarks):
    """Yield (name, state) of each sheet that holds cells; charts and macro sheets only get a remark."""
    others = []
    for sheet in book.sheets_metadata:
        if str(sheet.typ).endswith("WorkSheet"):
            yield sheet.name, STATES[str(sheet.visible).rpartition(".")[2]]
        else:
            others.append(f"'{called(sheet.name)}'")
    if len(others) == 1:
        remarks.append(f"Sheet {others[0]} is a chart, dialogue or macro sheet and was not read.")
    elif others:
        more = f" and {len(others) - 3:,} more" if len(others) > 3 else ""
        remarks.append(f"Sheets {', '.join(others[:3])}{more} are chart, dialogue or macro sheets and were not read.")


def grid_of(sheet):
    """Return the rows of a sheet from A1 on; calamine would otherwise leave out empty rows at the top."""
    return sheet.to_python(skip_empty_area=False) if sheet.end else []


def put(rows, special):
    """Write special cells, given as {(row, column): (kind, value)}, into the rows in place."""
    for (row, column), cell in special.items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = cell


def second_reader():
    return beside("second_reader")


def number_formats():
    return beside("number_formats")


def beside(name):
    """Return a module beside this one; a child started by path can import nothing of the project by its name."""
    place = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_xlsx(data):
    """Read a workbook by calamine, from its XML what calamine shows as blank, and a second time by openpyxl."""
    remarks, sheets, area = [], [], 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members, epoch_1904 = workbook_parts(archive)
        second = second_reader().Workbook(data, size_of_parts(archive), epoch_1904)
        formats = number_formats()
        percent = formats.percent_styles(styles_of(archive))
        book = open_workbook(data)
        for name, state in worksheets(book, remarks):
            xml = archive.read(members[name])
            check_extent(xml, name)
            sheet = book.get_sheet_by_name(name)
            area += sheet_area(sheet)
            check_total(area)
            grid = grid_of(sheet)
            put(grid, special_cells(xml))
            put(grid, second.disputed(name, grid, cells_in(xml)))
            formats.mark_percent(grid, formats.percent_places(xml, percent, filled))
            width = len(grid[0]) if grid else 0
            sheets.append(sheet_of(name, state, grid, merged=merged_ranges(sheet), **hidden_parts(xml, width)))
    return {"sheets": sheets, "remarks": remarks + second.remarks(), "epoch_1904": epoch_1904}


def size_of_parts(archive):
    """Return the size of the texts and styles, which a reader takes in whole before the first cell."""
    parts = ("sharedstrings.xml", "styles.xml")
    return sum(member.file_size for member in archive.infolist() if member.filename.lower().endswith(parts))


def styles_of(archive):
    """Return the part of a workbook that says how its numbers are shown, if it has one of a usual name."""
    name = next((one for one in archive.namelist() if one.replace("\\", "/").lower().endswith("/styles.xml")), None)
    return archive.read(name) if name else b""


def cells_in(xml):
    """Return how many cells a sheet has, those without content among them, or a few more: columns are counted, too."""
    return xml.count(b"<%bc" % prefix_of(xml))


def merged_ranges(sheet):
    """Return the merged ranges as (first row, first column, last row, last column), counted from zero."""
    return [(*start, *end) for start, end in (sheet.merged_cell_ranges or ())[:PARTS_TOLD]]


def read_xls(data):
    """Read an old workbook by calamine and a second time by xlrd, which also knows errors and what is hidden."""
    remarks, sheets, area = [], [], 0
    try:
        book = open_workbook(data)
    except Exception:
        second_reader().refuse_password(data, Refused)
        raise
    found = [(name, state, book.get_sheet_by_name(name)) for name, state in worksheets(book, remarks)]
    for _, _, sheet in found:
        area += sheet_area(sheet)
        check_total(area)
    second, formats = second_reader().OldWorkbook(data), number_formats()
    for name, state, sheet in found:
        grid = grid_of(sheet)
        put(grid, second.errors(name))
        put(grid, second.disputed(name, grid))
        formats.mark_percent(grid, formats.old_percent_places(second.book, second.sheets.get(name)))
        hidden = second.hidden(name, len(grid[0]) if grid else 0)
        sheets.append(sheet_of(name, state, grid, merged=merged_ranges(sheet), **hidden))
    return {"sheets": sheets, "remarks": remarks + second.remarks(), "epoch_1904": second.epoch_1904}


def read_ods(data):
    """Read an OpenDocument file by calamine, and from its XML errors, merged cells and what is hidden."""
    remarks, sheets, area = [], [], 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml")
    parts, formats = open_document_parts(content), number_formats()
    book = open_workbook(data)
    for name, state in worksheets(book, remarks):
        sheet = book.get_sheet_by_name(name)
        area += sheet_area(sheet)
        check_total(area)
        grid = grid_of(sheet)
        put(grid, parts.errors.get(name, {}))
        formats.mark_percent(grid, parts.percent.get(name, ()))
        facts = {what: getattr(parts, what).get(name, [])[:PARTS_TOLD] for what in ("hidden_rows", "hidden_columns")}
        sheets.append(sheet_of(name, state, grid, merged=parts.merged.get(name, [])[:PARTS_TOLD], **facts))
    return {"sheets": sheets, "remarks": remarks, "epoch_1904": False}


def sheet_area(sheet):
    """Return the area from A1 to the last filled cell, after checking it."""
    if not sheet.end:
        return 0
    rows, columns = sheet.end[0] + 1, sheet.end[1] + 1
    check_size(rows, columns, sheet.name)
    return rows * columns


# What the XML of an xlsx sheet tells

SPACES = "{http://schemas.openxmlformats.org/package/2006/relationships}"
REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']([A-Za-z]*)([0-9]+)["']""")
ERROR_TYPE = re.compile(rb"""(?:^|\s)t\s*=\s*["']e["']""")
TEXT_TYPE = re.compile(rb"""(?:^|\s)t\s*=\s*["']str["']""")
HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")


def workbook_parts(archive):
    """Return ({sheet name: its member}, whether dates count from 1904) of a workbook."""
    # A few programs write names with backslashes or other capitals; the names still mean the same.
    names = {member.replace("\\", "/").casefold(): member for member in archive.namelist()}
    root = "xl/workbook.xml"
    for relation in relations(archive, names, "_rels/.rels"):
        if relation.get("Type", "").endswith("/officeDocument"):
            root = place_of(relation.get("Target"), "")
    folder, _, file_name = root.rpartition("/")
    targets = {
        relation.get("Id"): place_of(relation.get("Target"), folder)
        for relation in relations(archive, names, f"{folder}/_rels/{file_name}.rels")
    }
    book = ElementTree.fromstring(archive.read(names[root.casefold()]))
    members = {}
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        key = next((value for name, value in sheet.items() if name.endswith("}id")), None)
        members[sheet.get("name")] = names.get(targets.get(key, "").casefold())
    properties = book.find("{*}workbookPr")
    epoch = "" if properties is None else properties.get("date1904", "")
    return members, epoch.lower() in ("1", "true", "on")


def relations(archive, names, place):
    member = names.get(place.casefold())
    if member is None:
        return []
    return ElementTree.fromstring(archive.read(member)).findall(f"{SPACES}Relationship")


def place_of(target, folder):
    """Return where a relation points, from the root of the archive."""
    return posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")


def prefix_of(xml):
    """Return what stands before the element names of a sheet: nothing, or 'x:' from some programs."""
    found = re.search(rb"<((?:[\w.-]+:)?)worksheet\b", xml[:65536])
    return found[1] if found else b""


def check_extent(xml, name):
    """Refuse a sheet whose cells lie too far apart, before calamine sets up room for all between them."""
    prefix = re.escape(prefix_of(xml))
    # Within A1:Y200000 no corner is too far; looking for the first cell elsewhere is far quicker than listing.
    elsewhere = rb'<%bc(?! r="[A-Y](?:[0-9]{1,5}|1[0-9]{5}|200000)")[\s/>]' % prefix
    if not re.search(elsewhere, xml):
        return
    columns = re.findall(rb'<%bc r="([A-Z]+)[0-9]+"' % prefix, xml)
    if len(columns) == len(re.findall(rb"<%bc[\s/>]" % prefix, xml)):
        last_column = max(map(column_number, set(columns)))
        last_row = max(map(int, set(re.findall(rb'<%bc r="[A-Z]+([0-9]+)"' % prefix, xml))))
        if last_row <= ROWS_LIMIT and last_row * (last_column + 1) <= AREA_LIMIT:
            return
    check_exact_extent(xml, name)


def check_exact_extent(xml, name):
    """Refuse a sheet by where its cells with content say they are; empty styled cells do not count."""
    last_row = last_column = count = 0
    for count, (row, column, _, _) in enumerate(filled(xml), 1):
        last_row, last_column = max(last_row, row), max(last_column, column)
        if count > CELLS_LIMIT:
            break
    check_size(last_row + 1, last_column + 1, name)
    check_total(0, count)


def filled(xml):
    """Yield (row, column, attributes, body) of each cell with content, placed as Excel places it."""
    prefix = re.escape(prefix_of(xml))
    tag = re.compile(rb"<%brow\b([^>]*)>|<%bc\b([^>]*?)(?:/>|>(.*?)</%bc\s*>)" % (prefix, prefix, prefix), re.DOTALL)
    row = column = -1
    for found in tag.finditer(xml):
        row_attributes, attributes, body = found.groups()
        place = REFERENCE.search(attributes if row_attributes is None else row_attributes)
        if row_attributes is not None:
            row, column = (int(place[2]) - 1 if place else row + 1), -1
            continue
        column += 1
        if place:
            row, column = int(place[2]) - 1, column_number(place[1])
        if body:
            yield row, column, attributes, body


def column_number(letters):
    """Return the number of a column counted from zero: b'A' is 0, b'AA' is 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number - 1


def special_cells(xml):
    """Return {(row, column): (kind, value)} of the cells with an error, or a formula without a result."""
    prefix = re.escape(prefix_of(xml))
    has_errors = b' t="e"' in xml or b" t='e'" in xml
    if not has_errors and not re.search(rb"<%bf[\s/>]" % prefix, xml):
        return {}
    # A result may be missing only where a formula is followed by the end of its cell or an empty result.
    lost = rb"(?:</%bf>|<%bf\b[^>]*/>)\s*(?:<%bv\s*/>|<%bv>\s*</%bv>)?\s*</%bc>" % ((prefix,) * 6)
    if not has_errors and not re.search(lost, xml):
        return {}
    formula = re.compile(rb"<%bf[\s/>]" % prefix)
    result = re.compile(rb"<%bv\b[^>]*>\s*([^<\s][^<]*)<" % prefix)
    any_result = re.compile(rb"<%bv\b" % prefix)
    special = {}
    for row, column, attributes, body in filled(xml):
        found = result.search(body)
        if ERROR_TYPE.search(attributes):
            special[row, column] = ("error", found[1].decode("ascii", "replace") if found else "#ERROR!")
            continue
        # A formula may have the empty text as its result: then it is blank, and known to be.
        is_known = found or (TEXT_TYPE.search(attributes) and any_result.search(body))
        if not is_known and formula.search(body):
            special[row, column] = ("formula", None)
    return special


def hidden_parts(xml, columns):
    """Return which rows are hidden, and which of the first `columns` columns, counted from zero."""
    if b"hidden=" not in xml:
        return {"hidden_rows": [], "hidden_columns": []}
    prefix = re.escape(prefix_of(xml))
    rows, last = [], -1
    for tag in re.finditer(rb"<%brow\b([^>]*)>" % prefix, xml):
        place = REFERENCE.search(tag[1])
        last = int(place[2]) - 1 if place else last + 1
        if HIDDEN.search(tag[1]):
            rows.append(last)
    hidden_columns = set()
    for tag in re.findall(rb"<%bcol\b[^>]*>" % prefix, xml):
        span = re.search(rb'\smin="([0-9]+)"', tag), re.search(rb'\smax="([0-9]+)"', tag)
        if HIDDEN.search(tag) and all(span):
            hidden_columns.update(range(int(span[0][1]) - 1, min(int(span[1][1]), columns)))
    return {"hidden_rows": rows[:PARTS_TOLD], "hidden_columns": sorted(hidden_columns)}


# What the XML of an OpenDocument spreadsheet tells


HIDES = ("collapse", "filter")
# A repeated blank row or column is written once; only those that hold something or are hidden count here.
REPEATS_TOLD = 200


class OpenDocumentParts:
    """Finds errors, percentages, merged cells and hidden rows and columns while expat walks through content.xml.

    Cells, rows and columns that are written once and repeated count as many.
    """

    def __init__(self):
        self.errors, self.merged, self.hidden_rows, self.hidden_columns, self.percent = {}, {}, {}, {}, {}
        self.table, self.row, self.column, self.next_column = "", 0, 0, 0
        self.height = self.width = 1
        self.error = None
        self.is_hidden_row = False

    def start(self, tag, attributes):
        name = tag.rpartition(":")[2]
        if name == "table":
            self.table, self.row, self.next_column = attributes.get("table:name", ""), 0, 0
        elif name == "table-column":
            self.start_column(attributes)
        elif name == "table-row":
            self.column, self.height = 0, int(attributes.get("table:number-rows-repeated", 1))
            if attributes.get("table:visibility") in HIDES:
                self.tell(self.hidden_rows, self.row, self.height)
        elif name in ("table-cell", "covered-table-cell"):
            self.start_cell(attributes)

    def start_column(self, attributes):
        width = int(attributes.get("table:number-columns-repeated", 1))
        if attributes.get("table:visibility") in HIDES:
            self.tell(self.hidden_columns, self.next_column, width)
        self.next_column += width

    def start_cell(self, attributes):
        types = attributes.get("calcext:value-type"), attributes.get("office:value-type")
        self.error = "#ERROR!" if "error" in types else None
        self.width = int(attributes.get("table:number-columns-repeated", 1))
        if any(types):
            check_size(self.row + self.height, self.column + self.width, self.table)
        if "percentage" in types:
            self.percent.setdefault(self.table, []).extend(self.places())
        rows = int(attributes.get("table:number-rows-spanned", 1))
        columns = int(attributes.get("table:number-columns-spanned", 1))
        if rows > 1 or columns > 1:
            last = (self.row + rows - 1, self.column + columns - 1)
            self.merged.setdefault(self.table, []).append((self.row, self.column, *last))

    def tell(self, found, first, count):
        found.setdefault(self.table, []).extend(range(first, first + min(count, REPEATS_TOLD)))

    def text(self, text):
        # A note on the cell is text in it too.
        if self.error and text.startswith(("#", "Err:")):
            self.error = text

    def end(self, tag):
        name = tag.rpartition(":")[2]
        if name in ("table-cell", "covered-table-cell"):
            if self.error:
                self.keep()
            self.column += self.width
            self.error = None
        elif name == "table-row":
            self.row += self.height

    def keep(self):
        self.errors.setdefault(self.table, {}).update(dict.fromkeys(self.places(), ("error", self.error)))

    def places(self):
        return product(range(self.row, self.row + self.height), range(self.column, self.column + self.width))


def open_document_parts(content):
    """Return what the content of an OpenDocument spreadsheet tells beyond the values of its cells."""
    parts = OpenDocumentParts()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = parts.start
    parser.EndElementHandler = parts.end
    parser.CharacterDataHandler = parts.text
    parser.Parse(content, True)
    return parts


# CSV


def read_csv(data, name):
    """Read text separated by commas, semicolons, tabs or bars; every cell is text, nothing is guessed further."""
    text, encoding, remarks = decoded(data)
    rows = parsed(text, delimiter_of(text))
    width = max(map(len, rows))
    check_size(len(rows), width)
    remarks += about_long_rows(rows)
    sheet = sheet_of(name.rpartition(".")[0] or name, "visible", rows, is_text=True)
    return {"sheets": [sheet], "remarks": remarks, "encoding": encoding, "epoch_1904": False}


def decoded(data):
    """Return (text, encoding, remarks), going by the mark at the beginning, then UTF-8, then Windows-1252."""
    encoding, remarks = encoding_of(data), []
    if encoding.startswith("utf-16"):
        remarks.append("Read as UTF-16 text.")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise Refused("not_text", NOT_TEXT) from None
        text, encoding = in_windows_1252(data), "cp1252"
        remarks.append("Read as Windows-1252 text.")
    if re.search(r"[\x00-\x08\x0e-\x19\x1b-\x1f]", text):
        raise Refused("not_text", NOT_TEXT)
    return text, encoding, remarks


NOT_TEXT = "is not a text file or is damaged: it holds bytes that are no text. Open it in Excel, save it as .xlsx."


def in_windows_1252(data):
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused("not_text", NOT_TEXT) from None


def encoding_of(data):
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # English text in UTF-16 without a mark has a zero in nearly every second byte.
    odd, even = data[1:4096:2].count(0), data[:4096:2].count(0)
    if max(odd, even) > 0.7 * len(data[:4096:2]):
        return "utf-16-le" if odd > even else "utf-16-be"
    return "utf-8"


def delimiter_of(text):
    """Return the separator that gives most rows of one width, of two cells or more, near the beginning."""
    best, best_score = None, (0, 0)
    beginning = text[:65536]
    if len(text) > 65536:
        beginning = beginning.rpartition("\n")[0]
    for delimiter in ",;\t|":
        widths = []
        # Quotation marks that do not pair are refused later, with their line.
        with suppress(csv.Error):
            for row in csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter):
                if len(row) > 1:
                    widths.append(len(row))
                if len(widths) == 50:
                    break
        score = max(((widths.count(width), width) for width in set(widths)), default=(0, 0))
        if score > best_score:
            best, best_score = delimiter, score
    if best is None:
        raise Refused(
            "one_column",
            "has only one column. Save it from Excel as .xlsx, or as CSV with commas between the columns.",
        )
    return best


def parsed(text, delimiter):
    """Return the rows; refuse quotation marks that do not pair, for they swallow the rows after them."""
    rows, start = [], 1
    # A text cell in Excel holds 32,767 letters at most.
    csv.field_size_limit(32_767)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if reader.line_num > start and any(len(cell) > LONG_FIELD and "\n" in cell for cell in row):
                raise Refused("stray_quote", stray_quote(start))
            rows.append(row)
            start = reader.line_num + 1
    except csv.Error:
        raise Refused("stray_quote", stray_quote(start)) from None
    return rows


def stray_quote(line):
    return (
        f'has a stray quotation mark (") on line {line}, or a very long text with line breaks. '
        "Correct it, or open the list in Excel, save it as .xlsx and send that."
    )


def about_long_rows(rows):
    """Return a remark if rows have more filled cells than the first full row, the heading."""
    heading = next((len(row) for row in rows if sum(map(bool, row)) > 1), 0)
    long = [number for number, row in enumerate(rows, 1) if any(row[heading:])]
    if not heading or not long:
        return []
    count = "1 row has" if len(long) == 1 else f"{len(long):,} rows have"
    return [f"{count} more cells than the headings, first row {long[0]:,}: does a comma lack its quotes?"]


# The process


READERS = {"xlsx": read_xlsx, "xls": read_xls, "ods": read_ods}


def read(data, kind, name):
    """Return what the file holds, as a dict with sheets, remarks, encoding and epoch_1904."""
    content = read_csv(data, name) if kind == "csv" else READERS[kind](data)
    check_total(0, sum(map(filled_cells, content["sheets"])))
    return content


def packed(content):
    """Return the answer as bytes: length of the head, head as JSON, then the codes of each column in turn."""
    codes = []
    for sheet in content.get("sheets", ()):
        codes += [codes for _, codes in sheet["columns"]]
        sheet["columns"] = [kinds for kinds, _ in sheet["columns"]]
    head = orjson.dumps(content)
    # The codes behind the head begin at a multiple of their size.
    head += b" " * (-len(head) % 4)
    if len(head) > OUTPUT_LIMIT:
        return packed({"refused": ["too_large", "holds too much text. Send it in parts."]})
    return b"".join([struct.pack("<Q", len(head)), head, *map(array.tobytes, codes)])


def answer(data, kind, name):
    """Return the packed content, or the packed reason why there is none."""
    try:
        return packed(read(data, kind, name))
    except Refused as refusal:
        return packed({"refused": [refusal.code, refusal.sentence]})
    except MemoryError:
        advice = "Delete what is not needed, or send it in parts."
        return packed({"refused": ["too_large", f"takes too much memory to read. {advice}"]})
    except BaseException as trouble:
        # Panics of the Rust libraries are no Exception. Their message may hold cells, so it stays here.
        frames = traceback.walk_tb(trouble.__traceback__)
        line = [at for frame, at in frames if frame.f_code.co_filename == __file__][-1]
        return packed({"failed": f"{type(trouble).__name__} at line {line}"})


def raise_limits(times):
    """Allow `times` as much of everything: whoever asks at the command line knows the file."""
    limits = globals()
    for name in ("ROWS_LIMIT", "AREA_LIMIT", "CELLS_LIMIT", "OUTPUT_LIMIT", "MEMORY_LIMIT", "SECONDS_LIMIT"):
        limits[name] *= times


def limit_this_process():
    """Take away what a reader of one file does not need: memory, time, files."""
    if sys.platform == "win32":  # pragma: no cover - runs on Windows only
        limit_on_windows()
        return
    import resource

    wanted = {
        resource.RLIMIT_AS: MEMORY_LIMIT,
        resource.RLIMIT_CPU: SECONDS_LIMIT,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for what, limit in wanted.items():
        _, most = resource.getrlimit(what)
        if most != resource.RLIM_INFINITY:
            limit = min(limit, most)
        try:
            resource.setrlimit(what, (limit, limit))
        except (ValueError, OSError):  # pragma: no cover - macOS refuses a limit on address space
            continue


def limit_on_windows():  # pragma: no cover - runs on Windows only
    """Put this process into a job with a memory and time limit; the parent's clock stands behind it."""
    import ctypes

    class Limits(ctypes.Structure):
        # JOBOBJECT_EXTENDED_LIMIT_INFORMATION, documented with SetInformationJobObject.
        _fields_ = [
            ("process_time", ctypes.c_int64),
            ("job_time", ctypes.c_int64),
            ("flags", ctypes.c_uint32),
            ("smallest_set", ctypes.c_size_t),
            ("largest_set", ctypes.c_size_t),
            ("processes", ctypes.c_uint32),
            ("affinity", ctypes.c_size_t),
            ("priority", ctypes.c_uint32),
            ("scheduling", ctypes.c_uint32),
            ("counters", ctypes.c_uint64 * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("process_peak", ctypes.c_size_t),
            ("job_peak", ctypes.c_size_t),
        ]

    # Time in units of 100 ns; flags: process time 0x2, one process 0x8, process memory 0x100, die on a fault 0x400.
    limits = Limits(process_time=SECONDS_LIMIT * 10**7, flags=0x50A, processes=1, process_memory=MEMORY_LIMIT)
    kernel = ctypes.WinDLL("kernel32")
    for function in (kernel.CreateJobObjectW, kernel.GetCurrentProcess):
        function.restype = ctypes.c_void_p
    job = ctypes.c_void_p(kernel.CreateJobObjectW(None, None))
    # 9 is JobObjectExtendedLimitInformation.
    kernel.SetInformationJobObject(job, 9, ctypes.byref(limits), ctypes.sizeof(limits))
    kernel.AssignProcessToJobObject(job, ctypes.c_void_p(kernel.GetCurrentProcess()))


def main(stdin, stdout):
    """Read one request, a line of JSON and then the bytes of the file, and answer it."""
    request = orjson.loads(stdin.readline())
    data = stdin.read()
    raise_limits(request.get("times", 1))
    limit_this_process()
    stdout.write(answer(data, request["kind"], request["name"]))
    stdout.flush()


if __name__ == "__main__":
    # Nothing here is worth collecting: the process ends with its one answer.
    gc.disable()
    main(sys.stdin.buffer, sys.stdout.buffer)
    # Ending at once spares the slow giving back of millions of cells.
    os._exit(0)
