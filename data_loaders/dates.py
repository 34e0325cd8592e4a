"""Owns how a date or a time is written: British or ISO, never guessed, and why something is no date."""

import calendar
import datetime
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from data_loaders.grid import Cell

FIRST_EVENT = datetime.date(2000, 1, 1)
FIRST_BIRTH = datetime.date(1990, 1, 1)
# Excel's day 0 as dates after February 1900 count from it, and that of workbooks made on old Macintoshes.
EPOCH = datetime.date(1899, 12, 30)
EPOCH_1904 = datetime.date(1904, 1, 1)
MONTHS = [name.casefold() for name in calendar.month_name]


class Trouble(NamedTuple):
    """Why a cell is not what its column needs, and what to do about it."""

    code: str
    sentence: str
    advice: str


WRITE_DATES = "Write dates as 31/10/2025."
SLIPS = 0.1  # a smaller share of dates written month first, of those that show how they are written, are slips
TURNED = Trouble(
    "date_american", "Other dates of this column are written month first, so this one may be, too.",
    "Write the day first in every row: 31/10/2025.",
)  # fmt: skip

_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")  # a day as Excel counts them, written as text
_TIME = (
    r"(?:[ T,]+(?:at )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.]\d{2}(?:\.\d+)?)? ?(?P<half>am|pm)?"
    r"(?:Z|\+00:?00)?)?"
)
_SHAPES = (
    re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _TIME, re.I),
    re.compile(r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})" + _TIME, re.I),
    re.compile(
        r"(?:[a-z]{3,9},? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -]"
        r"(?P<word>[a-z]{3,9})[ ,-]+(?P<year>\d{4}|\d{2})" + _TIME,
        re.I,
    ),
)


def read_date(
    cell: Cell, earliest: datetime.date, latest: datetime.date, epoch_1904: bool
) -> tuple[int, int | None] | Trouble:
    """Return (day, minute) of a filled cell as ordinals, minute None where no time is given, or its Trouble."""
    if cell.kind == "date":
        return _in_range(cell.value, None, earliest, latest)
    if cell.kind == "datetime":
        return _in_range(cell.value.date(), cell.value.hour * 60 + cell.value.minute, earliest, latest)
    if cell.kind == "text":
        return _from_text(" ".join(str(cell.value).split()), earliest, latest, epoch_1904)
    if cell.kind == "number":
        return _from_serial(cell.value, epoch_1904)
    if cell.kind == "time":
        return Trouble("date_unreadable", "A time of day without a date.", "Give the date as well: 31/10/2025 14:05.")
    return Trouble("date_unreadable", "This is not a date.", WRITE_DATES)


def may_be_turned(text: str) -> bool:
    """Return whether a date in figures would be another day if it were written month first."""
    match = _SHAPES[1].fullmatch(" ".join(text.split()))
    if not match or len(match["year"]) == 2:
        return False
    day, month = int(match["day"]), int(match["month"])
    return day != month and 1 <= day <= 12 and 1 <= month <= 12


def _is_british(text: str) -> bool:
    """Return whether a date in figures cannot have been written month first."""
    match = _SHAPES[1].fullmatch(" ".join(text.split()))
    return match is not None and int(match["day"]) > 12


def turned_texts(cells: Sequence[Cell], values: list, troubles: Mapping[int, Trouble]) -> dict[int, Trouble]:
    """Return the texts of a column that were read as dates although others of it are written month first.

    They are set to None in `values`: 03/04/2025 beside 04/25/2025 is the fourth of March. One slip among many dates
    that can only be British puts no other in doubt.
    """
    american = sum(1 for trouble in troubles.values() if trouble.code == "date_american")
    if not american:
        return {}
    read = [code for code, value in enumerate(values) if value is not None and cells[code].kind == "text"]
    british = sum(1 for code in read if _is_british(cells[code].value))
    if american < SLIPS * (american + british):
        return {}
    doubtful = [code for code in read if may_be_turned(cells[code].value)]
    for code in doubtful:
        values[code] = None
    return dict.fromkeys(doubtful, TURNED)


def _from_text(text, earliest, latest, epoch_1904):
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text), epoch_1904)
    for shape in _SHAPES:
        if match := shape.fullmatch(text):
            return _from_parts(match.groupdict(), earliest, latest)
    return Trouble("date_unreadable", "This is not a date.", WRITE_DATES)


def _from_parts(parts, earliest, latest):
    if len(parts["year"]) == 2:
        return Trouble("date_two_digit_year", "The year has two digits.", "Write the year with four: 31/10/2025.")
    year, day = int(parts["year"]), int(parts["day"])
    month = _month(parts["word"]) if parts.get("word") else int(parts["month"])
    wrong = _no_such_day(year, month, day)
    if wrong:
        return wrong
    minute = _minute(parts)
    if isinstance(minute, Trouble):
        return minute
    return _in_range(datetime.date(year, month, day), minute, earliest, latest)


def _month(word):
    """Return the number of a month by its name or the first letters of it, else 0."""
    word = "sep" if word.casefold() == "sept" else word.casefold()
    return next((number for number, name in enumerate(MONTHS) if number and name.startswith(word)), 0)


def _no_such_day(year, month, day):
    if not 1 <= month <= 12:
        if 12 < month <= 31 and 1 <= day <= 12:
            return Trouble(
                "date_american", f"There is no month {month}: the date seems to be written month first.",
                "Write the day first: 31/10/2025, and check the other dates of the file.",
            )  # fmt: skip
        return Trouble("date_impossible", "There is no such month.", "Ask for the right date.")
    if year < 1:
        return Trouble("date_impossible", "There is no such year.", "Ask for the right date.")
    days = calendar.monthrange(year, month)[1]
    if 1 <= day <= days:
        return None
    name = calendar.month_name[month] + (f" {year}" if month == 2 else "")
    return Trouble("date_impossible", f"{name} has {days} days.", "Ask for the right date.")


def _minute(parts):
    if parts["hour"] is None:
        return None
    hour, minute = int(parts["hour"]), int(parts["minute"])
    half = (parts["half"] or "").casefold()
    if hour > (12 if half else 23) or minute > 59:
        return Trouble("date_unreadable", "There is no such time of day.", "Write times from 00:00 to 23:59.")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute


def _in_range(day, minute, earliest, latest):
    if day < earliest:
        return Trouble(
            "date_out_of_range",
            f"This is before {earliest:%d/%m/%Y}, too long ago to be right.",
            "Ask for the right date.",
        )
    if day > latest:
        return Trouble(
            "date_out_of_range",
            f"This is after {latest:%d/%m/%Y}, too far ahead to be right.",
            "Ask for the right date.",
        )
    return day.toordinal(), minute


def _from_serial(number, epoch_1904):
    base = EPOCH_1904 if epoch_1904 else EPOCH
    first = (FIRST_BIRTH - base).days
    meant = ""
    if first <= number < first + 36525:
        meant = f" As an Excel date it would be {base + datetime.timedelta(days=int(number)):%d/%m/%Y}."
    return Trouble(
        "date_is_number", f"A number stands where a date belongs.{meant}",
        "In Excel, give the column a date format, check the dates, save and send again.",
    )  # fmt: skip
