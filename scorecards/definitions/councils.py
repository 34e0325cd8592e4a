"""Which councils there are and were, by their code of the statistics office and by the Department's number."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scorecards.definitions.words import normalise

COUNCILS = Path(__file__).parents[1] / "published" / "councils.csv"
COLUMNS = ("number", "code", "name", "region", "first_year", "last_year", "earlier_codes")
ENGLAND = "E92000001"
# The statistics office's codes; the Department's tables have London in two parts.
REGIONS = {
    "E12000001": "North East",
    "E12000002": "North West",
    "E12000003": "Yorkshire and The Humber",
    "E12000004": "East Midlands",
    "E12000005": "West Midlands",
    "E12000006": "East of England",
    "E12000007": "London",
    "E12000008": "South East",
    "E12000009": "South West",
    "E13000001": "Inner London",
    "E13000002": "Outer London",
}


@dataclass(frozen=True)
class Council:
    """A council as the published tables know it; a council whose code changed is still the same council."""

    number: str  # the Department's, three digits
    code: str  # nine signs, the newest
    name: str
    region: str  # the code of the region that the tables put it in
    first_year: int  # the first and the last year ending in March with a row of its own
    last_year: int
    earlier_codes: tuple[str, ...]


@dataclass(frozen=True)
class Councils:
    by_number: dict[str, Council]
    by_code: dict[str, Council]

    def code(self, code: str) -> str:
        """Return the newest code of the council that has or had `code`; a code that is not known stays as it is."""
        council = self.by_code.get(code)
        return council.code if council else code

    def region(self, code: str) -> str | None:
        """Return the code of the region that a council lies in, or None."""
        council = self.by_code.get(code)
        return council.region if council else None

    def name(self, code: str) -> str | None:
        council = self.by_code.get(code)
        return council.name if council else None

    def named(self, words: str) -> Council | None:
        """Return the council of a name, however it is written, or None; Herefordshire is "Herefordshire, County of"."""
        asked = normalise(words)
        named = {normalise(one.name.partition(", ")[0]): one for one in self.by_number.values()}
        return {normalise(one.name): one for one in self.by_number.values()}.get(asked, named.get(asked))


@lru_cache(maxsize=1)
def read_councils() -> Councils:
    """Return every council of the table that comes with the product."""
    with COUNCILS.open(encoding="utf-8", newline="") as lines:
        found = [_council(row) for row in csv.DictReader(lines)]
    by_code = {code: one for one in found for code in (*one.earlier_codes, one.code)}
    return Councils({one.number: one for one in found}, by_code)


def _council(row: dict[str, str]) -> Council:
    years = int(row["first_year"]), int(row["last_year"])
    return Council(row["number"], row["code"], row["name"], row["region"], *years, tuple(row["earlier_codes"].split()))
