"""Owns the published figures that come with the product: a small extract, written by a script and read as files are."""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from data_loaders.published.results import Neighbour, People, PublishedFile, Value
from data_loaders.published.tables import sha256_of
from data_loaders.published.values import PER
from scorecards.definitions.published_models import (
    NeighboursTable,
    PopulationTable,
    PublishedTable,
    PublishedTables,
    ValuesTable,
    ValueStatus,
)

FOLDER = Path(__file__).parents[2] / "scorecards" / "published"
VALUES, PEOPLE, NEIGHBOURS = (FOLDER / f"{name}.csv.gz" for name in ("values", "populations", "neighbours"))
# The word that stands for a status; nothing stands for a figure as published, which most are.
SIGNS = {status: "" if status is ValueStatus.PUBLISHED else str(status) for status in ValueStatus}
STATUS = {sign: status for status, sign in SIGNS.items()}

VALUE_COLUMNS = ("release", "measure", "level", "year", "area", "value", "status", "numerator", "denominator")
PEOPLE_COLUMNS = ("release", "age_band", "level", "mid_year", "area", "value", "status")
NEIGHBOUR_COLUMNS = ("model", "area", "rank", "neighbour")


def carried_files(tables: PublishedTables) -> list[PublishedFile]:
    """Return the extract as files are read: one for each table and release."""
    return [*value_files(tables), *people_files(tables), *neighbour_files(tables)]


def value_files(tables: PublishedTables) -> list[PublishedFile]:
    of_measure = {name: table for table in tables.tables.values() if isinstance(table, ValuesTable)
                  for name in table.measures}  # fmt: skip
    found: dict[tuple, list[Value]] = defaultdict(list)
    for row in unpacked(VALUES):
        table = of_measure.get(row["measure"])
        if table is not None:
            found[table.id, row["release"]].append(value_of(row, PER.get(table.measures[row["measure"]].unit, 1)))
    return [
        carried(VALUES, tables.tables[name], release, values=tuple(those)) for (name, release), those in found.items()
    ]


def value_of(row: dict[str, str], per: int) -> Value:
    """Return a value; one that was worked out is worked out again, so that no digit of it is lost."""
    numerator, denominator, value = (number(row[name]) for name in ("numerator", "denominator", "value"))
    status = STATUS[row["status"]]
    if status is ValueStatus.DERIVED and numerator is not None and denominator:
        value = per * numerator / denominator
    about = row["measure"], row["area"], row["level"], int(row["year"])
    return Value(*about, value, status, numerator, denominator)


def people_files(tables: PublishedTables) -> list[PublishedFile]:
    table = next((one for one in tables.tables.values() if isinstance(one, PopulationTable)), None)
    found: dict[str, list[People]] = defaultdict(list)
    for row in unpacked(PEOPLE) if table else ():
        value = int(row["value"]) if row["value"] else None
        about = row["area"], row["level"], row["age_band"], int(row["mid_year"])
        found[row["release"]].append(People(*about, value, STATUS[row["status"]]))
    return [carried(PEOPLE, table, release, people=tuple(those)) for release, those in found.items() if table]


def neighbour_files(tables: PublishedTables) -> list[PublishedFile]:
    of_model = {table.model: table for table in tables.tables.values() if isinstance(table, NeighboursTable)}
    found: dict[str, list[Neighbour]] = defaultdict(list)
    for row in unpacked(NEIGHBOURS):
        found[row["model"]].append(Neighbour(row["area"], row["neighbour"], int(row["rank"])))
    return [carried(NEIGHBOURS, of_model[model], model, neighbours=tuple(those)) for model, those in found.items()
            if model in of_model]  # fmt: skip


def carried(path: Path, table: PublishedTable, release: str, **held) -> PublishedFile:
    return PublishedFile(path.name, sha256_of(path.read_bytes()), table, release, **held)


def number(written: str) -> float | None:
    return float(written) if written else None


def unpacked(path: Path) -> Sequence[dict[str, str]]:
    return _unpacked(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=3)
def _unpacked(path: Path, _changed: int) -> Sequence[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def packed(columns: Sequence[str], rows: Iterable[Sequence]) -> bytes:
    """Return rows as a packed CSV; the same rows give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
