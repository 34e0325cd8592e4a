"""Owns what can be wrong with a partner's file: a stable code, a place, a plain sentence and what to do."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]

# What each code stands for. An error stops the row, the list or the file; a warning lands; a note informs.
PROBLEM_CODES: dict[str, str] = {
    "agency_may_not_send": "The record type is not sent by this agency.",
    "agency_unknown": "Nothing in the file says which agency it comes from.",
    "area_unknown": "A word for a place is no locality of partnership.yaml.",
    "area_unplaced": "Teams, districts or providers fit no locality, so their rows count as unknown.",
    "birth_after_event": "A date of birth is long after the event that the row is about.",
    "blank_required": "A cell that every row needs is blank.",
    "cells_hidden": "Rows or columns of a list are hidden. They were read.",
    "cells_merged": "Cells of a list are merged.",
    "columns_dropped": "Columns were recognised or pointed out as not to be stored, and were left out.",
    "columns_unknown": "Columns are not part of the list and were left out unread.",
    "date_american": "A date is written month first.",
    "date_impossible": "There is no such day.",
    "date_in_future": "The day that dates the row has not come yet.",
    "date_is_number": "A date cell holds a number that Excel does not show as a date.",
    "date_out_of_range": "A date is too long ago or too far ahead to be right.",
    "date_two_digit_year": "A year is written with two digits.",
    "date_unreadable": "Something else stands where a date belongs.",
    "dates_out_of_order": "Two dates of a row are in an order they cannot have.",
    "error_cell": "Excel could not work out the cell.",
    "formula_unsaved": "The result of a formula was never saved in the file.",
    "header_unread": "The header of a return in XML does not say which year it is for.",
    "form_read": "The sheet is a table of a national return, and what that leaves unsaid was filled in.",
    "day_unknown": "A list says what stands on a day, and nothing says on which.",
    "heading_duplicate": "Two columns of one sheet stand for the same thing.",
    "heading_missing": "A sheet looks like a list but lacks a heading that the list needs.",
    "layout_broken": "Nothing in a file is recognised, and a layout that was taught cannot be read.",
    "layout_changed": "A file is like a taught layout, but some of its fixed texts are not there any more.",
    "layout_contradicts": "Two cells say different numbers for one and the same figure.",
    "layout_left_out": "Numbers stand in or beside a table that no label or heading speaks for.",
    "layout_moved": "The tables of a taught layout stand elsewhere than they were taught.",
    "layout_read": "A file was read through a taught layout.",
    "layout_word_unknown": "A word of the sender means nothing to the taught layout yet.",
    "identifier_of_person": "Children go by a number that identifies a person outright; only its hash is stored.",
    "list_empty": "A list has its headings and no rows, and is not declared as nothing to report.",
    "nil_with_rows": "A list is declared as nothing to report and has rows.",
    "not_the_lead": "The rows are stored and do not count, because another agency leads on the list.",
    "number_as_text": "A workbook keeps a number as text.",
    "number_below_zero": "A count or rate is below zero.",
    "number_fraction": "A percentage is given as a fraction of one.",
    "number_not_whole": "A count is not a whole number.",
    "number_too_large": "A number is larger than anything that is counted.",
    "number_over_base": "The number is more than what it is out of.",
    "number_unreadable": "Something else stands where a number belongs.",
    "personal_data": "A column seems to hold names, addresses or numbers that identify a person.",
    "return_unknown": "The file is a national return that is not read.",
    "readers_disagree": "Two readers see different things in a cell, so neither is believed.",
    "row_repeated": "The same row is in the file, or in another file, a second time.",
    "row_too_long": "A row of a text file has more cells than there are headings.",
    "rows_vanished": "Rows that were open are not in a newer list, neither open nor ended.",
    "sheet_hidden": "A hidden sheet was not read.",
    "sheet_unrecognised": "A sheet has a column of child identifiers and fits no list.",
    "text_too_long": "A short word was expected and a long text given.",
    "to_date_falls": "A figure for the year to date is lower than the one before it.",
    "total_differs": "A line of totals is not the sum of the rows above it.",
    "value_unknown": "A value is not in the list of codes.",
    "kpi_unknown": "A measure's name is not one of ours.",
    "period_unknown": "A period's name cannot be read.",
    # What is wrong between lists and over time: the kinds of rules_between in record_types.yaml.
    "activity_after": "Something happened soon after a record that said nothing would.",
    "at_weekend": "What is not held at weekends is dated on a Saturday or Sunday.",
    "inside": "Something is dated within a time in which it cannot have been.",
    "nothing_after": "What should have followed did not, as far as is known.",
    "nothing_before": "What should have gone before did not, as far as is known.",
    "open_too_long": "Something was still open long after it should have ended.",
    "outside": "Something is dated outside the time in which it belongs.",
    "overlapping": "Two stretches of time of one child overlap.",
    "same_day": "Two dates of a row are one day and should not be.",
    "too_old": "The date of birth makes somebody older than the children that the list is about.",
    "two_open": "Two stretches of time of one child are both still open.",
    "wrong_order": "What follows is dated before what it follows from.",
    # What is hard to believe beside the sender's own history, and lands only with a reason.
    "column_copied": "A column says the same in every row, and never did before.",
    "figure_twice": "One figure is given twice, with different numbers.",
    "figure_copied": "Figures are the same in a whole column, or in one period after the other.",
    "parts_differ": "A whole is not the sum of its parts in the same return.",
    "sudden_jump": "A figure, or the rows of a month, are far from what this sender's history makes usual.",
    "to_date_differs": "The figures for the year to date give another number than the figure sent for a period.",
    "sudden_nought": "There is nothing where this sender always had something.",
    "cover_unread": "The cover sheet of a template was changed and cannot be read.",
    "outside_cover": "Rows are dated outside the days that the list is said to cover.",
    "reason_personal": "A reason holds what could identify a person.",
    "changed_meanwhile": "Something was stored between the check and the landing.",
    "not_confirmed": "Rows would go that nobody confirmed.",
    "reason_missing": "Something is to be withdrawn, or stored though it is hard to believe, without a reason.",
    "submission_unknown": "A submission to be withdrawn does not exist.",
    "withdrawn_already": "A submission to be withdrawn was withdrawn before.",
    "unknown_table": "The headings of a file of published figures fit no published table that is known.",
    "two_tables": "A file of published figures fits more than one published table.",
    "release_unknown": "The name given to a release of published figures would not sort among the others.",
    "damaged": "The file is damaged.",
    "empty": "The file is empty.",
    "far_cells": "A stray entry far to the right or far down makes a sheet too large.",
    "html": "The file is a web page that is called a spreadsheet.",
    "not_a_spreadsheet": "The file is something other than a spreadsheet.",
    "not_now": "Too many files are being read at this moment.",
    "not_text": "The file is called a text and is none.",
    "old_format": "The file has a format that is not read.",
    "one_column": "A text file has only one column, so its separator is not known.",
    "password": "The file is protected with a password.",
    "stray_quote": "A stray quotation mark swallows rows of a text file.",
    "too_large": "The file is too large.",
    "too_many_cells": "The file has too many cells.",
    "too_many_rows": "A sheet has too many rows.",
    "too_slow": "The file took too long to read.",
    "unreadable": "The file cannot be opened where it lies.",
    "unsafe": "The file is built in a way that could do harm.",
}

# Beginnings that a spreadsheet would run as a formula when the downloaded list is opened: OWASP, CSV injection. The
# wide forms are Excel's in Japan; blanks before them do not help.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_BLANKS = " \u00a0\u200b\ufeff"

# Shapes of a person's details, looked for inside any text before it is shown.
_PERSONAL = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+|\d{6,}|\b\d{3}[ .-]\d{3}[ .-]\d{4}\b|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b"
    # A telephone number, however its digits are grouped.
    r"|(?<!\d)(?:0|\+44 ?(?:\(0\) ?)?)[1-37]\d(?:[ -]?\d){8}(?!\d)",
    re.I,
)
SHOWN_LENGTH = 60
HIDDEN = "(not shown)"


# How many addresses a problem that stands in many rows keeps: enough to find them, and no second copy of the list.
PLACES_KEPT = 1_000


@dataclass(frozen=True)
class Problem:
    """One cause, in one place or in many: `rows` says how many rows, `cell` is the first of them, `places` are all.

    Of `places` at most the first thousand are kept. A problem that needs a reason lands only with one.
    """

    code: str
    severity: Severity
    file: str
    sheet: str | None
    cell: str | None
    heading: str | None
    value: str | None
    sentence: str
    advice: str
    rows: int = 1
    places: tuple[str, ...] = ()
    needs_reason: bool = False

    @property
    def key(self) -> str:
        """Return what tells this problem from the others of its check."""
        return "|".join((self.file, self.sheet or "", self.code, self.cell or "", self.heading or ""))

    @property
    def place(self) -> str:
        """Return the cell in words: "H212", or "H212 and 3 more"."""
        more = f" and {self.rows - 1:,} more" if self.rows > 1 else ""
        return f"{self.cell}{more}" if self.cell else ""


def shown(value: object) -> str:
    """Return a cell's value as it may be shown: short, and not at all when it could identify a person."""
    text = " ".join(str(value).split())
    if seems_personal(text):
        return HIDDEN
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


def seems_personal(text: str) -> bool:
    """Return whether a text holds what could identify a person: an address, or a number as long as an identifier."""
    # However its parts are kept apart: a break in a line is kept as a blank.
    return _PERSONAL.search(" ".join(text.split())) is not None


def needs_a_look(problems: Iterable[Problem]) -> bool:
    """Return whether any of the problems is more than a note."""
    return any(problem.severity != "note" for problem in problems)


def problems_csv(check) -> bytes:
    """Return every problem of a check as a CSV file that Excel opens and that runs nothing."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ("File", "Sheet", "Cell", "Rows", "Heading", "Value", "Severity", "What is wrong", "What to do", "Code",
         "All cells")
    )  # fmt: skip
    for one in check.problems:
        row = (
            one.file,
            one.sheet,
            one.cell,
            one.rows,
            one.heading,
            one.value,
            one.severity,
            one.sentence,
            one.advice,
            one.code,
            " ".join(one.places),
        )
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def harmless(value: object) -> str:
    """Return a cell for a CSV file, with an apostrophe before what a spreadsheet would take for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(_BLANKS).startswith(_FORMULA) else text
