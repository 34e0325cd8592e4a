"""Owns what is odd about a list though each of its cells can be read: slipped rows, turned dates, what is unseen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy

from data_loaders.grid import Sheet, column_letters
from data_loaders.matching import HEADER_ROWS, PERSONS_NUMBERS, Recognised
from data_loaders.merged import is_label, merged_rows
from data_loaders.problems import Problem
from data_loaders.tables import blank_uniques
from scorecards.definitions import normalise

# From conception to birth, with some room for a date that was estimated.
DAYS_UNBORN = 300
NUMBERS = ("number", "whole_number")
DATES = ("date", "datetime")
PLACES_NAMED = 5


def check_oddities(page, readings: Mapping[str, Any], problems: list[Problem]) -> tuple[dict[str, Any], numpy.ndarray]:
    """Append what is odd; return the readings without what cannot be, and the mask of the rows that it stops."""
    readings = {name: without_late_births(page, reading, readings, problems) for name, reading in readings.items()}
    stopped = overlong_rows(page, problems)
    for name, reading in readings.items():
        if reading.at >= 0:
            problems += [
                *turned_dates(page, reading),
                *merged_cells(page, name, reading),
                *numbers_as_text(page, reading),
            ]
    problems += [*hidden_cells(page), *disputed_headings(page), *persons_number(page)]
    return readings, stopped


def overlong_rows(page, problems: list[Problem]) -> numpy.ndarray:
    """Append an error for rows of a text file that go beyond its headings: a comma without quotes shifts the cells."""
    beyond = range(max(page.match.headings) + 1, len(page.sheet.columns)) if page.sheet.is_text else range(0)
    filled = [~blank_uniques(column)[column.codes[page.rows]] for column in (page.sheet.columns[at] for at in beyond)]
    long = numpy.any(filled, axis=0) if filled else numpy.zeros(len(page.rows), dtype=bool)
    if long.any():
        rows = int(long.sum())
        left = "The row was not read." if rows == 1 else f"{rows:,} rows were not read."
        problems.append(
            page.problem(
                "row_too_long", "error", f"The row goes on beyond the headings, so its cells may have shifted. {left}",
                "Put texts and numbers that hold a comma into quotation marks, or send the list as .xlsx.",
                at=beyond[0], where=long,
            )
        )  # fmt: skip
    return long


def without_late_births(page, reading, readings: Mapping[str, Any], problems: list[Problem]):
    """Return a reading of dates of birth without those long after the row's own date; the others as they are."""
    event = readings.get(page.match.record.dated_by or "")
    if reading.column.type != "birth" or event is None:
        return reading
    born, happened = days_of(reading), days_of(event)
    late = (born > 0) & (happened > 0) & (born > happened + DAYS_UNBORN)
    if not late.any():
        return reading
    problems.append(
        page.problem(
            "birth_after_event", "warning",
            "The date of birth is more than ten months after the date of the row. Read as not known.",
            "Ask which of the two dates is right.", at=reading.at, where=late,
        )
    )  # fmt: skip
    # Code 0 is the blank cell.
    return replace(reading, codes=numpy.where(late, 0, reading.codes), wrong=reading.wrong | late)


def days_of(reading) -> numpy.ndarray:
    days = [value[0] if isinstance(value, tuple) else value for value in reading.values]
    return numpy.array([-1 if day is None else day for day in days])[reading.codes]


def turned_dates(page, reading):
    """Yield a warning where texts are written month first and date cells may have been turned round by Excel."""
    if reading.column.type not in DATES or not any(one.code == "date_american" for one in reading.troubles.values()):
        return
    cells = page.sheet.columns[reading.at].uniques
    turned = [code for code, cell in enumerate(cells) if cell.kind in DATES and cell.value.day <= 12]
    where = numpy.isin(reading.codes, turned)
    if where.any():
        yield page.problem(
            "date_american", "warning",
            "Other dates of this column are written month first. Excel may have turned this one round. Kept.",
            "Ask the sender to check every date of the column.", at=reading.at, where=where,
        )  # fmt: skip


def merged_cells(page, name: str, reading):
    """Yield what was made of merged cells in one column."""
    rows = merged_rows(page.sheet, reading.at, page.rows.tolist())
    if rows and is_label(page.match, name):
        yield page.problem(
            "cells_merged", "note", "Merged cells: what stands in the first row was read for each row.",
            "Nothing, if that is what is meant.", at=reading.at, sheet_rows=rows,
        )  # fmt: skip
    elif rows and reading.column.type != "drop":
        yield page.problem(
            "cells_merged", "warning", "Merged cells: what stands in the first row was read for that row only.",
            "Ask which row it belongs to, and for a sheet without merged cells.", at=reading.at, sheet_rows=rows,
        )  # fmt: skip


def numbers_as_text(page, reading):
    """Yield a note on numbers that a workbook keeps as text."""
    if reading.column.type not in NUMBERS or page.sheet.is_text or page.sheet.origins is not None:
        return
    cells = page.sheet.columns[reading.at].uniques
    texts = [
        code
        for code, cell in enumerate(cells)
        if cell.kind == "text" and reading.values[code] is not None and reading.values[code][0] is not None
    ]
    where = numpy.isin(reading.codes, texts)
    if where.any():
        yield page.problem(
            "number_as_text", "note", "The number is kept as text in Excel. It was read as the number it shows.",
            "Nothing, if it is the right number.", at=reading.at, where=where,
        )  # fmt: skip


def hidden_cells(page):
    """Yield a note on hidden rows and columns of the list: they were read like the others."""
    rows = sorted(set(page.sheet.hidden_rows) & set(page.rows.tolist()))
    columns = sorted(set(page.sheet.hidden_columns) & set(page.match.columns.values()))
    parts = [
        *([counted(len(rows), "row", [str(row + 1) for row in rows])] if rows else []),
        *([counted(len(columns), "column", [column_letters(at) for at in columns])] if columns else []),
    ]
    if parts:
        yield page.problem(
            "cells_hidden", "note", f"Hidden and read like the others: {' and '.join(parts)}.",
            "Ask the sender, if they were not meant to be sent.", sheet_rows=rows,
        )  # fmt: skip


def counted(count: int, what: str, names: list[str]) -> str:
    more = f" and {count - PLACES_NAMED:,} more" if count > PLACES_NAMED else ""
    return f"{count:,} {what}{'' if count == 1 else 's'} ({', '.join(names[:PLACES_NAMED])}{more})"


def persons_number(page):
    """Yield a note where the child goes by a number that identifies a person outright."""
    at = page.match.columns.get(page.match.record.child_column or "", -1)
    if normalise(page.match.headings.get(at, "")) in PERSONS_NUMBERS:
        yield page.problem(
            "identifier_of_person", "note",
            "Children go by this number in this list. Only a keyed hash of it is stored; lists that go by another "
            "identifier cannot be linked with it.",
            "Ask for the council's own identifier where it can be had.", at=at, sheet_rows=[page.match.header_row],
        )  # fmt: skip


def disputed_headings(page):
    """Yield a warning where two readers see different things in the headings, so that a column may be missed."""
    rows = range(page.match.header_row - page.match.height + 1, page.match.header_row + 1)
    for row, at in disputed_cells(page.sheet, rows)[:1]:
        yield page.problem(
            "readers_disagree", "warning",
            "Two readers see different things in this heading, so its column was not read.",
            "Open the file in Excel, save it and send it again.", at=at, sheet_rows=[row],
        )  # fmt: skip


def disputed_cells(sheet: Sheet, rows) -> list[tuple[int, int]]:
    """Return (row, column) of the cells of `rows` in which two readers see different things."""
    columns = [at for at, column in enumerate(sheet.columns) if any(cell.kind == "disputed" for cell in column.uniques)]
    return [(row, at) for row in rows for at in columns if sheet.columns[at].cell(row).kind == "disputed"]


def about_a_sheet_of_no_list(file: str, sheet: Sheet, found: Recognised) -> list[Problem]:
    """Return a warning where a dispute between two readers may be why a sheet was not recognised."""
    places = [] if found.matches or found.unused else disputed_cells(sheet, range(min(HEADER_ROWS, sheet.n_rows)))
    if not places:
        return []
    return [
        Problem(
            "readers_disagree", "warning", file, sheet.name, sheet.address(*places[0]), None, None,
            "Two readers see different things in the first rows of this sheet, and it fits no list.",
            "Open the file in Excel, save it and send it again.", len(places),
        )
    ]  # fmt: skip
