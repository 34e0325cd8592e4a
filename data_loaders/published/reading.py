"""Owns a published file as a whole: which table and release it is, its values, and what is wrong with it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from data_loaders.published.others import neighbours_of, people_of
from data_loaders.published.results import MOST_SAID, PublishedFile, Value
from data_loaders.published.rows import YEAR, Reading
from data_loaders.published.tables import Recognised, recognise, sha256_of
from data_loaders.published.values import Children, values_of
from scorecards.definitions.councils import read_councils
from scorecards.definitions.published_models import (
    NeighboursTable,
    PopulationTable,
    PublishedTable,
    PublishedTables,
)
from scorecards.errors import LoadRefused
from scorecards.store import today

# Sorted as text, a later release of the same year comes after the first: "2025", "2025 revised".
RELEASE = re.compile(r"\d{4}(-\d{2})?( [a-z0-9 ]{1,12})?")
MANY = 50  # councils; an extract of a few may have any
FEW = 0.8  # of the councils of other years; councils merge, and never so many at once
FIRST_TO_READ = (PopulationTable, NeighboursTable)

# Children by release, area, age and mid-year: those of the store, and those of the files that are read together.
Known = Mapping[tuple[str, str, str, int], float]


# The release of all files, or of each by its name; the newest year of a file speaks for it where there is none.
Releases = str | Mapping[str, str] | None


def release_or_refusal(release: str | None) -> str | None:
    """Return the release that was given; raise LoadRefused where it would not sort among the others."""
    if release is not None and not RELEASE.fullmatch(release):
        raise LoadRefused(
            "release_unknown", f"'{release}' is not a release. Write its year, and a word after it: 2025 revised."
        )
    return release


def read_published(
    files: Sequence[tuple[str, bytes]],
    tables: PublishedTables,
    release: Releases = None,
    children: Known | None = None,
    this_year: int | None = None,
) -> list[PublishedFile]:
    """Return each file as it was read, in order; populations are read first, for rates that rest on them.

    A year after `this_year` is no year of a publication.
    """
    this_year = this_year or today().year
    given = dict.fromkeys((name for name, _ in files), release) if not isinstance(release, Mapping) else release
    for one in given.values():
        release_or_refusal(one)
    known = dict(children or {})
    opened = [opened_file(name, data, tables) for name, data in files]
    read: dict[int, PublishedFile] = {}
    for number in sorted(range(len(files)), key=lambda at: not is_first(opened[at])):
        one = opened[number]
        if isinstance(one, Recognised):
            one = file_of(*files[number], one, tables, given.get(files[number][0]), known, this_year)
        people = [who for who in one.people if who.value is not None]
        known |= {(one.release, who.area, who.band, who.mid_year): float(who.value or 0) for who in people}
        read[number] = one
    return [read[number] for number in range(len(files))]


def opened_file(name: str, data: bytes, tables: PublishedTables) -> Recognised | PublishedFile:
    try:
        return recognise(name, data, tables)
    except LoadRefused as refusal:
        return PublishedFile(name, sha256_of(data), wrong=(str(refusal),))


def is_first(opened: Recognised | PublishedFile) -> bool:
    return isinstance(opened, Recognised) and isinstance(opened.table, FIRST_TO_READ)


def file_of(
    name: str, data: bytes, found: Recognised, tables: PublishedTables, given: str | None, known: Known, this_year: int
) -> PublishedFile:
    """Return what a recognised file holds."""
    reading = Reading(found, tables, read_councils(), this_year, list(found.wrong))
    table = found.table
    release = given or release_in(found)
    held: dict[str, Any] = {}
    if isinstance(table, NeighboursTable):
        held["neighbours"] = neighbours_of(reading, table)
    elif isinstance(table, PopulationTable):
        held["people"] = people_of(reading, table)
    else:
        held["values"] = values_of(reading, table, of_release(known, release))
        reading.remarks += not_given(table, held["values"])
        reading.remarks += cut_off(held["values"])
    if not reading.wrong and not any(held.values()):
        reading.wrong.append("it has its headings and no row that could be used.")
    wrong = tuple(f"{name}, {sentence}" for sentence in reading.wrong)
    if len(wrong) >= MOST_SAID:
        wrong = (*wrong, f"{name}: there may be more; only the first {MOST_SAID} are told.")
    left_out, remarks = +reading.left_out, tuple(reading.remarks)
    return PublishedFile(name, sha256_of(data), table, release, **held, left_out=left_out, wrong=wrong, remarks=remarks)


def cut_off(values: Sequence[Value]) -> list[str]:
    """Return a sentence where a year has far fewer councils than the others: a file may have been cut off."""
    councils: dict[int, set[str]] = defaultdict(set)
    for one in values:
        if one.level == "council":
            councils[one.year].add(one.area)
    most = max(map(len, councils.values()), default=0)
    return [
        f"Of {year} it has {len(those):,} councils, of other years up to {most:,}: the file may have been cut off. "
        "Download it again if that is not so as published."
        for year, those in sorted(councils.items())
        if most >= MANY and len(those) < FEW * most
    ]


def of_release(known: Known, release: str) -> Children:
    return {(area, band, mid_year): number for (of, area, band, mid_year), number in known.items() if of == release}


def release_in(found: Recognised) -> str:
    """Return the release that the newest year of a table speaks for; neighbours go by their model."""
    table = found.table
    if isinstance(table, NeighboursTable):
        return table.model
    written = (YEAR.fullmatch(found.text(row, found.areas["period"])) for row in found.rows)
    years = [int(match[1]) + (match[2] is not None) for match in written if match]
    return str(max(years, default=0) + table.years_behind)


def not_given(table: PublishedTable, values: Iterable) -> list[str]:
    """Return a sentence on each measure of the table that this release has not, or that lacks its population."""
    there = {one.measure for one in values}
    absent = {name: one for name, one in getattr(table, "measures", {}).items() if name not in there}
    return [
        f"It has no {name}: the rate is not in this release, and no population of the same release is here yet."
        if measure.per_children
        else f"It has no {name} in this release."
        for name, measure in absent.items()
    ]
