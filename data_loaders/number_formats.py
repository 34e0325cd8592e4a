"""Owns which numbers a workbook shows as percentages: 0.45 that Excel shows as 45% is 45 out of a hundred.

Loaded beside `reader.py` in the child process, so it imports nothing from this project.
"""

import math
import re
from html import unescape
from itertools import product

# Excel's own formats 0% and 0.00%: ECMA-376 part 1, 18.8.30.
BUILT_IN = {b"9", b"10"}
# Styles are small; a longer part is none that a person made.
STYLES_LIMIT = 8 * 1024**2

_NUMBER_FORMAT = re.compile(rb"<(?:[\w.-]+:)?numFmt\b([^>]*)>")
_CELL_FORMATS = re.compile(rb"<(?:[\w.-]+:)?cellXfs\b.*?</(?:[\w.-]+:)?cellXfs\s*>", re.DOTALL)
_FORMAT = re.compile(rb"<(?:[\w.-]+:)?xf\b([^>]*)>")
_ID = re.compile(rb"""\bnumFmtId\s*=\s*["'](\d+)["']""")
_CODE = re.compile(rb"""\bformatCode\s*=\s*["']([^"']*)["']""")
_STYLE = re.compile(rb"""(?:^|\s)s\s*=\s*["'](\d+)["']""")
# In a format, text stands in quotes or behind a backslash.
_TEXT = re.compile(r'"[^"]*"|\\.')


def shows_percent(code):
    """Return whether a number format multiplies by a hundred: it has a percent sign that is not mere text."""
    return "%" in _TEXT.sub("", code)


def percent_styles(styles):
    """Return the numbers, as bytes, of the cell styles of a workbook that show a percentage."""
    if len(styles) > STYLES_LIMIT:
        return set()
    ids = set(BUILT_IN)
    for attributes in _NUMBER_FORMAT.findall(styles):
        number, code = _ID.search(attributes), _CODE.search(attributes)
        if number and code and shows_percent(unescape(code[1].decode("utf-8", "replace"))):
            ids.add(number[1])
    section = _CELL_FORMATS.search(styles)
    formats = _FORMAT.findall(section[0]) if section else []
    numbers = [_ID.search(attributes) for attributes in formats]
    return {str(at).encode() for at, number in enumerate(numbers) if number and number[1] in ids}


def percent_places(xml, styles, filled):
    """Return the places of a sheet's cells in one of `styles`; `filled` yields its cells, asked only if needed."""
    if not styles or not any(re.search(rb"""\ss\s*=\s*["']%b["']""" % style, xml) for style in styles):
        return []
    places = ((row, column, _STYLE.search(attributes)) for row, column, attributes, _ in filled(xml))
    return [(row, column) for row, column, style in places if style and style[1] in styles]


def old_percent_places(book, sheet):
    """Return the places of the cells of an old workbook's sheet that show a percentage, as xlrd tells."""
    if sheet is None or not getattr(book, "formatting_info", False):
        return []
    formats = [book.format_map.get(one.format_key) for one in book.xf_list]
    percent = {at for at, found in enumerate(formats) if found is not None and shows_percent(found.format_str or "")}
    places = product(range(sheet.nrows), range(sheet.ncols)) if percent else ()
    return [
        (row, column)
        for row, column in places
        if sheet.cell_type(row, column) == 2 and sheet.cell_xf_index(row, column) in percent
    ]


def mark_percent(rows, places):
    """Turn the numbers at `places` into percentages, in place."""
    for row, column in places:
        if row < len(rows) and column < len(rows[row]):
            value = rows[row][column]
            if type(value) in (int, float) and math.isfinite(value):
                rows[row][column] = ("percent", float(value))
