"""The workbook's paper and ink: formats, pages ready to print, and cells whose text can never become a formula."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from textwrap import wrap

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scorecards.charts import PALETTE, RATING_COLOURS
from scorecards.definitions import Kpi
from scorecards.exports.paper import Paper
from scorecards.format import round_half_up
from scorecards.narrative import RATING_SYMBOL, rating_word
from scorecards.rag import Rating
from scorecards.scorecard import Line

COLOURS = PALETTE["light"]
A4 = 9
FONT = {"font_name": "Arial", "font_size": 10}
LONGEST_NAME = 31  # of a sheet
LONGEST_MARK = 80  # of a header or footer: Excel takes 255 characters for all three parts together
# Excel keeps these for itself or does not take them in the name of a sheet.
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
# A row of text in 10 points, with a little air.
ROW = 14

# quote_prefix: a cell that somebody edits stays text, whatever it begins with.
TEXT = {"quote_prefix": True, "text_wrap": True, "valign": "top"}
NUMBER = {"quote_prefix": False, "text_wrap": False}
LINE = {"bottom": 1, "bottom_color": COLOURS.grid}
SMALL = {"font_size": 9, "font_color": COLOURS.soft}
RIGHT = {"align": "right", "indent": 1}
STYLES = {
    "mark": {**TEXT, "bold": True, "font_color": COLOURS.worse},
    "title": {**TEXT, "bold": True, "font_size": 18, "text_wrap": False},
    "heading": {**TEXT, "bold": True, "font_size": 13, "text_wrap": False},
    "lead": {**TEXT, "font_size": 12},
    "plain": TEXT,
    "one_line": {**TEXT, "text_wrap": False},
    "soft": {**TEXT, **SMALL},
    "soft_line": {**TEXT, **SMALL, "text_wrap": False},
    "label": {**TEXT, "bold": True},
    "head": {**TEXT, **SMALL, "bold": True, "valign": "bottom", "bottom": 2},
    "head_right": {**TEXT, **SMALL, **RIGHT, "bold": True, "valign": "bottom", "bottom": 2},
    "cell": {**TEXT, **LINE},
    "cell_bold": {**TEXT, **LINE, "bold": True},
    "cell_right": {**TEXT, **LINE, **RIGHT},
    "cell_soft": {**TEXT, **LINE, **SMALL},
    "chip": {**TEXT, **LINE, "bold": True, "align": "center"},
    "value": {**TEXT, **RIGHT},
    "note": {**TEXT, **SMALL, **RIGHT},
    "note_line": {**TEXT, **SMALL, **RIGHT, **LINE},
    "note_found": {
        **TEXT, **RIGHT, **LINE, "font_size": 9, "bold": True, "font_color": RATING_COLOURS["light"]["red"][1],
        "bg_color": RATING_COLOURS["light"]["red"][0],
    },
}  # fmt: skip


@dataclass
class Book:
    """A workbook being written, with its formats."""

    paper: Paper
    made: BytesIO = field(default_factory=BytesIO)
    formats: dict[tuple, Format] = field(default_factory=dict)

    def __post_init__(self) -> None:
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": dict(FONT),  # a copy: XlsxWriter adds to it
        }
        self.workbook = Workbook(self.made, options)

    def format(self, style: str, **more) -> Format:
        """Return a style of STYLES, changed by `more`; the same asked for twice is one format in the file."""
        properties = {**FONT, **STYLES[style], **more}
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(properties)
        return self.formats[key]

    def text(self, sheet: Worksheet, row: int, column: int, words: str, style: str = "plain", **more) -> None:
        """Write words as text, whatever they begin with."""
        if words:
            sheet.write_string(row, column, words, self.format(style, **more))
        else:
            sheet.write_blank(row, column, None, self.format(style, **more))

    def headline(self, sheet: Worksheet, row: int, words: str, style: str = "title") -> None:
        """Write words that run over the columns to their right, in a row high enough for them."""
        self.text(sheet, row, 0, words, style)
        sheet.set_row(row, height_of([("", 1, style)]))

    def across(
        self, sheet: Worksheet, row: int, columns: tuple[int, int], words: str, style: str, widths: Sequence[int]
    ) -> None:
        """Write words over several columns of one row, which is made high enough for them."""
        sheet.merge_range(row, columns[0], row, columns[1], "", self.format(style))
        self.text(sheet, row, columns[0], words, style)
        sheet.set_row(row, height_of([(words, sum(widths[columns[0] : columns[1] + 1]), style)]))

    def rating(self, sheet: Worksheet, row: int, column: int, line: Line, **more) -> None:
        """Write a rating as a word with its sign, on its colour; one resting on fewer than 30 has none."""
        rating = line.judgement.rating
        words = f"{RATING_SYMBOL[rating.value]} {rating_word(line)}"
        shown = Rating.NOT_RATED if line.judgement.is_low_base else rating
        self.text(sheet, row, column, words, "chip", **rating_colours(shown), **more)

    def figure(self, sheet: Worksheet, row: int, column: int, kpi: Kpi, value: float, style: str, **more) -> None:
        """Write a KPI's value as a number, not rounded, shown with its unit."""
        sheet.write_number(row, column, value, self.format(style, **NUMBER, num_format=number_format(kpi), **more))

    def count(self, sheet: Worksheet, row: int, column: int, count: int, style: str, **more) -> None:
        """Write how many there are as a number."""
        sheet.write_number(row, column, count, self.format(style, **NUMBER, **more))

    def change(self, sheet: Worksheet, row: int, column: int, kpi: Kpi, value: float, style: str, **more) -> None:
        """Write a difference as a number that shows its sign."""
        shown = value if round_half_up(value, kpi.decimals) else 0
        sheet.write_number(row, column, shown, self.format(style, **NUMBER, num_format=change_format(kpi), **more))

    def ready_to_print(self, sheet: Worksheet, repeat: tuple[int, int] | None = None) -> None:
        """Set a landscape A4 page, one page wide, with the marking, the quarter and the page number below."""
        us = self.paper.definitions.partnership
        mark, name = _printed(us.handling), _printed(us.short_name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        sheet.set_header(f'&R&"Arial,Bold"&8 {mark}')
        sheet.set_footer(
            f'&L&"Arial,Bold"&8 {mark}&C&"Arial,Regular"&8 {name}, {_printed(self.paper.period.label)}, '
            f'snapshot {self.paper.info.id}&R&"Arial,Regular"&8 Page &P of &N'
        )
        if repeat is not None:
            sheet.repeat_rows(*repeat)


def rating_colours(rating: Rating) -> dict[str, str]:
    """Return the fill and ink of a rating; what is not rated has none."""
    fill, ink = RATING_COLOURS["light"][rating.value]
    return {} if rating is Rating.NOT_RATED else {"bg_color": fill, "font_color": ink}


def height_of(cells: Sequence[tuple[str, float, str]], least: float = ROW) -> float:
    """Return the points that a row needs for its cells: (words, width in characters, style) each.

    Programs differ in whether they make a row higher by themselves when a file is opened, so every row says it.
    """
    return max(least, *(_height(words, width, style) for words, width, style in cells))


def _height(words, width, style):
    size = STYLES[style].get("font_size", FONT["font_size"])
    # A column is as many figures wide in the usual size; words in bold are a little wider.
    room = max(4, int(width * FONT["font_size"] / size * (1.03 if STYLES[style].get("bold") else 1.13)))
    lines = sum(max(1, len(wrap(paragraph, room))) for paragraph in words.split("\n")) if words else 1
    return lines * size * 1.28 + 4


def _printed(words: str) -> str:
    """Return words for a header or footer, where & begins a command."""
    return " ".join(words.split())[:LONGEST_MARK].replace("&", "&&")


def number_format(kpi: Kpi) -> str:
    """Return how Excel shows a figure of `kpi`: with its unit and decimals."""
    return f"{_digits(kpi.decimals)}{_UNITS.get(kpi.unit, '')}"


def axis_format(kpi: Kpi, step: float) -> str:
    """Return how Excel shows the numbers on an axis: with decimals only where the step has some."""
    percent = '"%"' if kpi.unit == "percent" else ""
    return f"{_digits(0 if step == int(step) else 1)}{percent}"


def change_format(kpi: Kpi) -> str:
    """Return how Excel shows a difference of two figures of `kpi`: with its sign, percentages in points."""
    digits = _digits(kpi.decimals)
    unit = '" points"' if kpi.unit == "percent" else ""
    return f'+{digits}{unit};-{digits}{unit};"no change"'


_UNITS = {"percent": '"%"', "days": '" days"'}


def _digits(decimals):
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def sheet_names(titles: list[str]) -> list[str]:
    """Return a name for each title that Excel takes: short, without its forbidden signs, and none twice."""
    names: list[str] = []
    for title in titles:
        plain = " ".join(NOT_IN_NAMES.sub(" ", title).split()).strip("'") or "Scorecard"
        name, number = plain[:LONGEST_NAME].rstrip(), 1
        while name.casefold() in {"history", *(taken.casefold() for taken in names)}:
            number += 1
            name = f"{plain[: LONGEST_NAME - len(str(number)) - 1].rstrip()} {number}"
        names.append(name)
    return names
