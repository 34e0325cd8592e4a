"""Owns what a row of a published table is about, and what its cells say: the area, the year, numbers and symbols."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from data_loaders.published.results import MOST_SAID
from data_loaders.published.tables import Recognised, shown
from scorecards.definitions import normalise
from scorecards.definitions.councils import ENGLAND, Councils
from scorecards.definitions.published_models import PublishedTables, ValueStatus

YEAR = re.compile(r"(\d{4})(?:[/-]?(\d{2}))?")
CODE = re.compile(r"[A-Z]\d{8}")
EARLIEST = 1990
# As spreadsheets write long numbers; a comma that parts no thousands is no number of ours.
PLAIN = re.compile(r"[-+.0-9eE]+")
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


@dataclass
class Reading:
    """A table being read: what is known beside it, what was found wrong, and which rows were left out and why."""

    found: Recognised
    known: PublishedTables
    councils: Councils
    this_year: int
    wrong: list[str] = field(default_factory=list)
    left_out: Counter = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    @cached_property
    def levels(self) -> dict[str, str]:
        """Return what a level is called in the tables, normalised, and which of ours it is."""
        return {normalise(word): name for name, words in self.known.areas.levels for word in words}

    def is_wrong(self, line: int, place: int | None, sentence: str) -> None:
        """Note what is wrong with a cell; a column that is wrong throughout is told only so often."""
        where = f"line {line}" if place is None else self.found.where(line, place)
        if len(self.wrong) < MOST_SAID:
            self.wrong.append(f"{where}: {sentence}")


@dataclass(frozen=True)
class About:
    """Which area and year a row is about, and where it stands."""

    line: int
    row: Sequence[str]
    level: str
    area: str
    year: int


def rows_about(reading: Reading) -> Iterator[About]:
    """Yield each row with its area and year; a row that cannot be placed is told or counted."""
    found = reading.found
    for line, row in zip(found.lines, found.rows, strict=True):
        if not any(cell.strip() for cell in row):
            continue
        level = level_of(reading, row)
        if level is None:
            reading.left_out[f"of another level, {shown(found.text(row, found.areas['level']))}"] += 1
            continue
        if len(row) != len(found.headings):
            than = "more" if len(row) > len(found.headings) else "fewer"
            reading.is_wrong(line, None, f"the row has {than} cells than there are headings, so cells may have moved.")
            continue
        area, year = area_of(reading, line, row, level), year_of(reading, line, row)
        if area and year:
            yield About(line, row, level, area, year)


def level_of(reading: Reading, row: Sequence[str]) -> str | None:
    return reading.levels.get(normalise(reading.found.text(row, reading.found.areas["level"])))


def area_of(reading: Reading, line: int, row: Sequence[str], level: str) -> str | None:
    """Return the nine-character code of what a row is about; a council goes by its newest one."""
    place = reading.found.areas.get(level)
    if place is None:
        reading.is_wrong(line, None, f"there is no column with the code of the {level}.")
        return None
    code = reading.found.text(row, place)
    if not CODE.fullmatch(code) or (level == "country" and code != ENGLAND):
        wanted = f"{ENGLAND}, England" if level == "country" else "a code of nine characters such as E09000003"
        reading.is_wrong(line, place, f"{shown(code)} is not {wanted}.")
        return None
    return reading.councils.code(code) if level == "council" else code


def year_of(reading: Reading, line: int, row: Sequence[str]) -> int | None:
    """Return the year in which a period ends: 2024 of "2024", of "202324" and of "2023/24"."""
    place = reading.found.areas["period"]
    written = reading.found.text(row, place)
    match = YEAR.fullmatch(written)
    if match:
        first, second = int(match[1]), match[2]
        year = first + (second is not None)
        follows = second is None or year % 100 == int(second)
        if follows and EARLIEST <= year <= reading.this_year:
            return year
        if follows and year > reading.this_year:
            reading.is_wrong(line, place, f"{shown(written)} has not ended yet.")
            return None
    reading.is_wrong(line, place, f"{shown(written)} is not a year such as 2024, 202324 or 2023/24.")
    return None


def amount(reading: Reading, about: About, name: str) -> tuple[float | None, ValueStatus] | None:
    """Return the number in a column and what it is, or no number and what its symbol means; None where it is wrong."""
    place = reading.found.places[name]
    written = reading.found.text(about.row, place)
    status = reading.known.symbols.by_form.get(written.casefold())
    if status is not None:
        return None, status
    number = number_of(written)
    if number is None or number < 0:
        why = "less than nought" if number is not None else "neither a number nor a symbol that we know"
        reading.is_wrong(about.line, place, f"{shown(written)} is {why}.")
        return None
    return number, ValueStatus.PUBLISHED


def number_of(written: str) -> float | None:
    """Return a number as it was published; a workbook's 22.399999999999999 is 22.4."""
    plain = written.replace(",", "") if THOUSANDS.fullmatch(written) else written
    try:
        number = float(plain)
    except ValueError:
        return None
    return float(f"{number:.12g}") if math.isfinite(number) and PLAIN.fullmatch(plain) else None
