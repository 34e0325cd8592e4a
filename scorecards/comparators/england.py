"""England's figures that come with the product, with the year and the release they come from."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scorecards.periods import Period

PUBLISHED = Path(__file__).parents[1] / "published"


@dataclass(frozen=True)
class Published:
    """One published value; `year` is the year ending on its 31 March."""

    area: str
    year: int
    value: float
    source: str

    @property
    def year_label(self) -> str:
        return f"{self.year - 1}/{self.year % 100:02d}"


@lru_cache(maxsize=1)
def _england() -> dict[str, tuple[Published, ...]]:
    found: dict[str, list[Published]] = {}
    with (PUBLISHED / "england.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            value = Published("England", int(row["year"]), float(row["value"]), row["source"])
            found.setdefault(row["kpi"], []).append(value)
    return {kpi: tuple(sorted(values, key=lambda one: one.year)) for kpi, values in found.items()}


def england(published_id: str, period: Period) -> Published | None:
    """Return England's newest published value for a year that had ended when `period` did, or None."""
    ended = [one for one in _england().get(published_id, ()) if (one.year, 3, 31) <= _day(period)]
    return ended[-1] if ended else None


def _day(period):
    return period.last.year, period.last.month, period.last.day
