"""Owns the workbook that goes back to a sender: made from new, with values alone, and every place linked and marked."""

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from data_loaders.grid import Cell, address
from data_loaders.problems import PLACES_KEPT, Problem
from data_loaders.reading import read_file
from data_loaders.reply import Asked, Covering, asked_in, covering_note
from data_loaders.reply_copy import Copy, blank_words, codes_of, copies_of, row_and_column, safe_cells
from data_loaders.results import FileCheck
from scorecards.definitions import Definitions
from scorecards.errors import LoadRefused

NOTE, PROBLEMS, LOOK = "Please read", "Problems", "What to look at"
SHEET_NAME_LENGTH, TEXT_LENGTH, COMMENT_LENGTH = 31, 32_767, 1_000
RESERVED = {NOTE.casefold(), PROBLEMS.casefold(), "history"}  # Excel keeps the last for itself
PLACES_NAMED = 12
SHORT_LENGTH, LINK_TEXT_LENGTH, LOOK_WIDTH = 70, 250, 76
NARROWEST, WIDEST, ROWS_MEASURED = 9, 38, 200
LONG_NUMBER = 1e11  # from which Excel would write 9.21E+11
FORMULA = ("=", "+", "-", "@")
DATE, MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
# Each mark has a sign, a word, a fill and a border of its own, so that none rests on colour alone.
SIGNS = {"error": "■", "warning": "◆", "note": "○"}
WORDS = {"error": "Could not be used", "warning": "Please check", "note": "For information"}
FILLS = {"error": ("#F6CFCB", 2, "#8B1A10"), "warning": ("#FFEFB0", 8, "#6B4E00"), "note": ("#E8EEF4", 1, "#5B6B7A")}
INK, RULE, HEADING_FILL, LINK = "#1F2A33", "#B9C4CE", "#E7EDF3", "#0B4F8A"
WORSE = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Reply:
    """What is sent back: a covering note and a workbook, under the name that its file should have."""

    name: str
    covering: Covering
    workbook: bytes


def reply_to(
    definitions: Definitions,
    data: bytes,
    file: FileCheck,
    *,
    today: datetime.date,
    received: datetime.date | None = None,
) -> Reply:
    """Return the reply to the sender of `data`, checked as `file`.

    The bytes are read again through the limited reader. Of a file that cannot be read the workbook has the note alone.
    """
    asked = asked_in(file)
    copies = readable_copies(definitions, data, file, asked)
    covering = covering_note(definitions, file, today, received, with_rows=bool(copies))
    return Reply(f"Reply - {stem(file.name)}.xlsx", covering, workbook(covering, file, asked, copies, today))


def readable_copies(definitions, data: bytes, file: FileCheck, asked: Sequence[Asked]) -> list[Copy]:
    try:
        return copies_of(read_file(data, file.name), asked, definitions)
    except LoadRefused:
        return []


def stem(name: str) -> str:
    """Return a file's name without its ending and without signs that a system might not take."""
    kept = "".join(sign if sign.isalnum() or sign in " -_()." else "-" for sign in name)
    return kept.rpartition(".")[0] or kept


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book):
        self.book, self.made = book, {}

    def __call__(self, mark: str = "", **settings) -> Any:
        key = (mark, *sorted(settings.items()))
        if key not in self.made:
            fill, border, colour = FILLS.get(mark, ("", 0, ""))
            marked = {"bg_color": fill, "border": border, "border_color": colour, "pattern": 1} if mark else {}
            base = {"font_name": "Calibri", "font_color": INK, "valign": "top"}
            quoted = settings.pop("quote_prefix", False)
            self.made[key] = self.book.add_format({**base, **marked, **settings})
            if quoted:
                self.made[key].set_quote_prefix()
        return self.made[key]


def workbook(
    covering: Covering, file: FileCheck, asked: Sequence[Asked], copies: Sequence[Copy], today: datetime.date
) -> bytes:
    out = io.BytesIO()
    # Whatever a cell begins with, it is a value: no formula, no link, no number that was a text.
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": DATE, **plain}) as book:
        made = datetime.datetime.combine(today, datetime.time())
        book.set_properties({"title": covering.subject, "author": covering.us, "created": made})
        styles, names = Styles(book), sheet_names(copies)
        note, problems = book.add_worksheet(NOTE), book.add_worksheet(PROBLEMS)
        sheets = [book.add_worksheet(name) for name in names]
        at = {copy.sheet.name: name for copy, name in zip(copies, names, strict=True)}
        write_note(note, styles, covering, file, asked, copies, at)
        lines = write_problems(problems, styles, asked, at)
        for sheet, copy in zip(sheets, copies, strict=True):
            write_copy(sheet, styles, copy, lines, covering.us)
    return out.getvalue()


def sheet_names(copies: Iterable[Copy]) -> list[str]:
    """Return a name for each copied sheet that Excel takes and that no other sheet has."""
    taken, names = set(RESERVED), []
    for copy in copies:
        kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in copy.sheet.name)
        base = " ".join(kept.split())[:SHEET_NAME_LENGTH].strip(" '") or "Sheet"
        name, number = base, 2
        while name.casefold() in taken:
            name, number = f"{base[: SHEET_NAME_LENGTH - 4]} ({number})", number + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def link_to(name: str, cell: str) -> str:
    return f"internal:'{name.replace(chr(39), chr(39) * 2)}'!{cell}"


# The first sheet


def write_note(sheet, styles: Styles, covering: Covering, file: FileCheck, asked, copies, at) -> None:
    """Write the covering note, what each colour and sign means, and the account of rows."""
    paper(sheet, landscape=False)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 4, 15)
    sheet.merge_range(0, 0, 0, 4, covering.subject, styles(bold=True, font_size=16, text_wrap=True))
    sheet.set_row(0, 44)
    sheet.merge_range(1, 0, 1, 4, f"From {covering.us} to {covering.sender}", styles(font_color="#5B6B7A"))
    row = 3
    for paragraph in covering.paragraphs:
        sheet.merge_range(row, 0, row, 4, paragraph, styles(text_wrap=True, font_size=12))
        sheet.set_row(row, 17 * (1 + len(paragraph) // 88) + 4)
        row += 1
    row = write_key(sheet, styles, asked, row + 1)
    row = write_account(sheet, styles, file, row + 1)
    write_remarks(sheet, styles, copies, at, row + 1)


def write_key(sheet, styles: Styles, asked: Sequence[Asked], row: int) -> int:
    """Write what the marks mean, with a link to the list of problems, and return the next row."""
    used = [severity for severity in SIGNS if any(one.problem.severity == severity for one in asked)]
    if not used:
        return row
    sheet.write_string(row, 0, "How places are marked", styles(bold=True, font_size=12))
    for row, severity in enumerate(used, row + 1):  # noqa: B020 (the rows go on)
        count = sum(one.problem.rows for one in asked if one.problem.severity == severity)
        sheet.write_string(row, 0, f"{SIGNS[severity]} {WORDS[severity]}", styles(severity))
        sheet.write_number(row, 1, count, styles(num_format="#,##0", align="left"))
    linked = styles(font_color=LINK, underline=1)
    sheet.write_url(row + 1, 0, link_to(PROBLEMS, "A1"), linked, "Go to the list of problems")
    return row + 2


def write_account(sheet, styles: Styles, file: FileCheck, row: int) -> int:
    """Write what became of the rows of each list, and return the next row."""
    lists = [one for one in file.lists if one.record_type]
    if not lists:
        return row
    sheet.write_string(row, 0, "What became of the rows", styles(bold=True, font_size=12))
    heading = styles(bold=True, bg_color=HEADING_FILL, bottom=1, text_wrap=True)
    for column, words in enumerate(("List", "Rows read", "Used", "Not used", "No record")):
        sheet.write_string(row + 1, column, words, heading)
    for row, one in enumerate(lists, row + 2):  # noqa: B020
        sheet.write_string(
            row, 0, f"{one.title} (sheet {one.sheet})", styles(text_wrap=True, bottom=1, bottom_color=RULE)
        )
        counts = (one.rows_read, one.rows_ready, one.rows_refused, one.rows_ignored)
        for column, count in enumerate(counts, 1):
            sheet.write_number(
                row, column, count, styles(num_format="#,##0", align="left", bottom=1, bottom_color=RULE)
            )
    return row + 1


def write_remarks(sheet, styles: Styles, copies: Sequence[Copy], at, row: int) -> None:
    """Write what was left out of the copies, and why."""
    said = [remark for copy in copies for remark in remarks_on(copy, at[copy.sheet.name])]
    if not said:
        return
    sheet.write_string(row, 0, "What is not in the copies of your sheets", styles(bold=True, font_size=12))
    for row, remark in enumerate(said, row + 1):  # noqa: B020
        sheet.merge_range(row, 0, row, 4, remark, styles(text_wrap=True))
        sheet.set_row(row, 16 * (1 + len(remark) // 92))


def remarks_on(copy: Copy, name: str) -> list[str]:
    found = [f"Sheet '{name}', {words}" for words in blank_words(copy)]
    if not copy.is_whole:
        found.append(
            f"Sheet '{name}' has {copy.sheet.n_rows:,} rows. Only rows with something to look at are here, each with "
            "those beside it, under the row numbers of your file."
        )
    return found


# The list of problems


def write_problems(sheet, styles: Styles, asked: Sequence[Asked], at: dict[str, str]) -> dict[int, int]:
    """Write a line for each thing asked, and return the line of each by its number."""
    paper(sheet, landscape=True)
    columns = (("No.", 5), ("How serious", 19), ("Sheet", 18), ("Cell", 9), ("Rows", 7), ("Heading", 22), ("Value", 18),
               ("What we found", 46), ("What to do", 46), ("All places", 30))  # fmt: skip
    heading = styles(bold=True, bg_color=HEADING_FILL, bottom=2, text_wrap=True)
    for column, (words, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, words, heading)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    lines = {}
    for row, one in enumerate(asked, 1):
        write_problem(sheet, styles, row, one, at)
        lines[one.number] = row
    if asked:
        sheet.autofilter(0, 0, len(asked), len(columns) - 1)
    else:
        sheet.write_string(1, 0, "We have no question about this file.", styles())
    return lines


def write_problem(sheet, styles: Styles, row: int, one: Asked, at: dict[str, str]) -> None:
    problem = one.problem
    sheet.write_number(row, 0, one.number, styles(align="left", bottom=4, bottom_color=RULE))
    sheet.write_string(
        row, 1, f"{SIGNS[problem.severity]} {WORDS[problem.severity]}", styles(problem.severity, text_wrap=True)
    )
    write_place(sheet, styles, row, problem, at)
    counted = styles(num_format="#,##0", align="left", bottom=4, bottom_color=RULE)
    sheet.write_number(row, 4, problem.rows, counted)
    for column, words in enumerate(
        (problem.heading, problem.value, problem.sentence, one.ask, places_words(problem)), 5
    ):
        write_text(sheet, row, column, words or "", styles, text_wrap=True, bottom=4, bottom_color=RULE)
    lines = max(len(problem.sentence) / 44, len(one.ask) / 44, len(places_words(problem)) / 28, 1)
    sheet.set_row(row, 15 * (1 + int(lines)) + 3)


def write_place(sheet, styles: Styles, row: int, problem: Problem, at: dict[str, str]) -> None:
    """Write sheet and cell, as links where that sheet is here."""
    name = at.get(problem.sheet or "")
    wrapped: dict[str, Any] = {"text_wrap": True, "bottom": 4, "bottom_color": RULE}
    linked = styles(**wrapped, font_color=LINK, underline=1)
    cell = problem.cell or ""
    is_cell = row_and_column(cell) is not None
    if name is None:
        write_text(sheet, row, 2, problem.sheet or "", styles, **wrapped)
    else:
        sheet.write_url(row, 2, link_to(name, cell if is_cell else "A1"), linked, problem.sheet)
    if name is not None and is_cell:
        sheet.write_url(row, 3, link_to(name, cell), linked, cell)
    else:
        write_text(sheet, row, 3, cell, styles, **wrapped)


def places_words(problem: Problem) -> str:
    """Return the places of a problem, and how many more there are."""
    if problem.rows <= 1:
        return ""
    named = problem.places[:PLACES_NAMED]
    left = problem.rows - len(named)
    more = f" and {left:,} more" if left and named else ""
    marked = f" (the first {PLACES_KEPT:,} are marked)" if problem.rows > PLACES_KEPT else ""
    return f"{', '.join(named)}{more}{marked}"


# The copies


def write_copy(sheet, styles: Styles, copy: Copy, lines: dict[int, int], author: str) -> None:
    """Write the values of a sheet where they stood, with marked cells and a last column that says what to look at."""
    paper(sheet, landscape=True)
    if not copy.is_whole:
        sheet.set_default_row(hide_unused_rows=True)
    for at in range(copy.n_columns):
        sheet.set_column(at, at, column_width(copy, at))
        write_column(sheet, styles, copy, at)
    write_marks(sheet, styles, copy, lines, author)
    header = copy.header if copy.header is not None else 0
    sheet.freeze_panes(header + 1, 0)
    sheet.repeat_rows(header)
    if copy.header is not None and copy.sheet.n_rows > header + 1:
        sheet.autofilter(header, 0, copy.sheet.n_rows - 1, copy.n_columns)


def column_width(copy: Copy, at: int) -> int:
    column, below = copy.sheet.columns[at], copy.header if copy.header is not None else 0
    cells = [column.cell(row) for row in copy.rows[below : below + ROWS_MEASURED]]
    return min(max([NARROWEST, *(len(text_of(cell)) + 2 for cell in cells if cell.kind != "blank")]), WIDEST)


def write_column(sheet, styles: Styles, copy: Copy, at: int) -> None:
    """Write one column; of one left blank only what stands above its rows, and the word why below its heading."""
    cells = safe_cells(copy, at)
    header = copy.header if copy.header is not None else -1
    for row, code in zip(copy.rows, codes_of(copy, at), strict=True):
        if at in copy.blank and row > header:
            if row == header + 1:
                sheet.write_string(row, at, f"({copy.blank[at]})", styles(italic=True, font_color="#5B6B7A"))
            continue
        mark = worst(copy.marks.get((row, at), ()))
        heading = {"bold": True, "bg_color": HEADING_FILL, "text_wrap": True} if row == header and not mark else {}
        write_cell(sheet, row, at, cells[code], styles, mark, heading)


def worst(found: Sequence[Asked]) -> str:
    """Return the worst severity of what is asked about a cell, "" where nothing is."""
    return min((one.problem.severity for one in found), key=WORSE.__getitem__, default="")


def write_cell(sheet, row: int, at: int, cell: Cell, styles: Styles, mark: str, settings: dict) -> None:
    """Write a value as what it is: a date stays a date and a text a text, whatever it begins with."""
    kind, value = cell
    if kind == "blank":
        if mark or settings:
            sheet.write_blank(row, at, None, styles(mark, **settings))
    elif kind == "number":
        form = {"num_format": "0"} if abs(value) >= LONG_NUMBER and value == int(value) else {}
        sheet.write_number(row, at, value, styles(mark, **settings, **form))
    elif kind == "yes_no":
        sheet.write_boolean(row, at, value, styles(mark, **settings))
    elif kind in ("date", "datetime") and value.year >= 1900:
        form = {"num_format": DATE if kind == "date" else MOMENT, "align": "left"}
        sheet.write_datetime(row, at, value, styles(mark, **settings, **form))
    else:
        write_text(sheet, row, at, text_of(cell), styles, mark, **settings)


def text_of(cell: Cell) -> str:
    if cell.kind == "formula":
        return "(a formula whose result was not saved)"
    if cell.kind == "disputed":
        return "(two readers saw different values)"
    return f"{cell.value:%d/%m/%Y}" if cell.kind in ("date", "datetime") else str(cell.value)


def write_text(sheet, row: int, at: int, text: str, styles: Styles, mark: str = "", **settings) -> None:
    # Excel would take it for a formula once somebody edits the cell; the prefix keeps it a text.
    quoted = {"quote_prefix": True} if text.lstrip().startswith(FORMULA) else {}
    style = styles(mark, **settings, **quoted)
    if text:
        sheet.write_string(row, at, text[:TEXT_LENGTH], style)
    else:
        sheet.write_blank(row, at, None, style)


def write_marks(sheet, styles: Styles, copy: Copy, lines: dict[int, int], author: str) -> None:
    """Write a comment to each marked cell, and in the column after the last what to look at in each row."""
    if not copy.marks:
        return
    shown, last = set(copy.rows), copy.n_columns
    by_row: dict[int, list[tuple[int, Asked]]] = {}
    for (row, at), found in copy.marks.items():
        if row in shown and at < last:
            words = "\n".join(f"{one.number}. {one.problem.sentence} {one.ask}" for one in found)
            sheet.write_comment(row, at, words[:COMMENT_LENGTH], {"author": author, "x_scale": 2.2, "y_scale": 1.4})
            by_row.setdefault(row, []).extend((at, one) for one in found)
    header = copy.header if copy.header is not None else 0
    heading = styles(bold=True, bg_color=HEADING_FILL, bottom=2, left=5, text_wrap=True)
    sheet.set_column(last, last, LOOK_WIDTH)
    sheet.write_string(header, last, f"{LOOK} (added by us)", heading)
    for row, asked in by_row.items():
        if row != header:
            write_row_mark(
                sheet, styles, row, last, sorted(asked, key=lambda one: WORSE[one[1].problem.severity]), lines
            )


def write_row_mark(
    sheet, styles: Styles, row: int, last: int, asked: Sequence[tuple[int, Asked]], lines: dict[int, int]
) -> None:
    """Write what to look at in a row, as a link to the line of its first problem."""
    words = "  ".join(
        f"{SIGNS[one.problem.severity]} {address(row, at)}: {short(one.problem.sentence)} (No. {one.number})"
        for at, one in asked
    )
    linked = styles(left=5, font_color=LINK, underline=1)
    target = link_to(PROBLEMS, f"A{lines[asked[0][1].number] + 1}")
    sheet.write_url(row, last, target, linked, words[:LINK_TEXT_LENGTH])


def short(sentence: str) -> str:
    """Return the first sentence of what was found, cut where it is long: the comment tells it whole."""
    first = sentence.split(". ")[0].rstrip(".")
    return first if len(first) <= SHORT_LENGTH else f"{first[: SHORT_LENGTH - 1]}…"


def paper(sheet, *, landscape: bool) -> None:
    """Set a sheet up for printing: one page wide, with its name and page number."""
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.5, 0.5, 0.6, 0.6)
    sheet.set_footer("&L&A&RPage &P of &N")
