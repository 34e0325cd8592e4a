"""Owns making the extract that comes with the product: `python -m data_loaders.published.extract FOLDER...`.

The folders hold the published tables as they were published. It writes `scorecards/published/councils.csv`, which
council has which codes, and from it the packed values, populations and neighbours beside it.
"""

import csv
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from data_loaders.published.carried import (
    NEIGHBOUR_COLUMNS,
    NEIGHBOURS,
    PEOPLE,
    PEOPLE_COLUMNS,
    SIGNS,
    VALUE_COLUMNS,
    VALUES,
    packed,
)
from data_loaders.published.reading import opened_file, read_published
from data_loaders.published.results import PublishedFile
from data_loaders.published.rows import YEAR
from data_loaders.published.tables import Recognised
from scorecards.definitions.councils import COLUMNS, COUNCILS, read_councils
from scorecards.definitions.published_models import PublishedTables, ValuesTable, ValueStatus
from scorecards.definitions.published_reading import read_published_tables

FIRST_YEAR = 2016

Files = Sequence[tuple[str, bytes]]


def main(folders: Sequence[str]) -> int:
    """Write the councils and the extract from the tables in `folders`; return 1 where one of them is wrong."""
    if not folders:
        print(__doc__)
        return 1
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*.csv"))
    files, tables = [(path.name, path.read_bytes()) for path in paths], read_published_tables()
    COUNCILS.write_bytes(councils_csv(files, tables))
    read_councils.cache_clear()
    read = [file for file in read_published(files, tables) if file.table is not None]
    wrong = [sentence for file in read for sentence in file.wrong]
    for sentence in wrong:
        print(sentence)
    if not wrong:
        for path, data in extract_of(read).items():
            path.write_bytes(data)
            print(f"Written: {path.name}, {len(data):,} bytes")
    return 1 if wrong else 0


def councils_csv(files: Files, tables: PublishedTables) -> bytes:
    """Return the table of councils: of those whose code changed, the newest, and the earlier ones beside it."""
    seen: dict[str, dict[str, tuple]] = defaultdict(dict)  # number -> code -> (first year, last year, name, region)
    for found in (opened_file(name, data, tables) for name, data in files):
        if isinstance(found, Recognised) and isinstance(found.table, ValuesTable):
            note_councils(found, seen)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, codes in sorted(seen.items()):
        *earlier, newest = sorted(codes, key=lambda code: codes[code][1])
        years = min(one[0] for one in codes.values()), codes[newest][1]
        writer.writerow((number, newest, *codes[newest][2:], *years, " ".join(earlier)))
    return text.getvalue().encode()


def note_councils(found: Recognised, seen: dict[str, dict[str, tuple]]) -> None:
    names = ("number", "council", "council_name", "region", "period")
    for row in found.rows:
        number, code, name, region, period = (found.text(row, found.areas.get(one)) for one in names)
        match = YEAR.fullmatch(period)
        if number and code and match:
            year = int(match[1]) + (match[2] is not None)
            first, last, *_ = seen[number].get(code, (year, year))
            seen[number][code] = (min(first, year), max(last, year), name, region)


def extract_of(files: Iterable[PublishedFile]) -> dict[Path, bytes]:
    """Return the packed files: of each measure and year the newest release, of the years from 2016 on."""
    files = list(files)
    return {
        VALUES: packed(VALUE_COLUMNS, newest_values(files)),
        PEOPLE: packed(PEOPLE_COLUMNS, newest_people(files)),
        NEIGHBOURS: packed(NEIGHBOUR_COLUMNS, sorted(
            (file.release, one.area, one.rank, one.neighbour) for file in files for one in file.neighbours
        )),
    }  # fmt: skip


def newest_values(files: Sequence[PublishedFile]) -> list[tuple]:
    held = [(file.release, one) for file in files for one in file.values if one.year >= FIRST_YEAR]
    newest: dict[tuple, str] = {}
    for release, one in held:
        newest[one.measure, one.year] = max(release, newest.get((one.measure, one.year), ""))
    return sorted(
        (release, one.measure, one.level, one.year, one.area,
         "" if one.status is ValueStatus.DERIVED else plain(one.value), SIGNS[one.status],
         plain(one.numerator), plain(one.denominator))
        for release, one in held if newest[one.measure, one.year] == release
    )  # fmt: skip


def newest_people(files: Sequence[PublishedFile]) -> list[tuple]:
    # The rates of a year ending in March rest on the middle of the year before.
    held = [(file.release, one) for file in files for one in file.people if one.mid_year >= FIRST_YEAR - 1]
    # Of a council that was gone the tables have no number at all.
    held = [(release, one) for release, one in held if one.value is not None]
    return sorted(
        (release, one.band, one.level, one.mid_year, one.area, plain(one.value), SIGNS[one.status])
        for release, one in held
    )


def plain(number: float | None) -> str:
    return "" if number is None else f"{number:.12g}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
