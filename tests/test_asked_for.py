"""Every indicator that the partnerships' plans ask for is a measure here, or it is said why not."""

import csv
from pathlib import Path

import pytest

from scorecards.definitions import read_definitions

ROOT = Path(__file__).parents[1]
ASKED_FOR = ROOT / "docs" / "indicators_asked_for.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", rows(ASKED_FOR), ids=lambda row: row["indicator"])
def test_an_indicator_that_is_asked_for_is_a_measure_or_it_is_said_why_not(row):
    kpis = read_definitions(ROOT).kpis
    assert row["measure"] in kpis or not row["measure"]
    assert row["measure"] == row["indicator"] or row["why_not"].endswith(".")
    assert row["asked_for_by"]


def test_no_indicator_stands_twice():
    names = [row["indicator"] for row in rows(ASKED_FOR)]
    assert len(names) == len(set(names)) == 178


def test_the_list_is_the_whole_of_what_is_asked_for(shared: Path):
    asked = {row["id"]: row["title"] for row in rows(shared / "reference" / "indicators.csv")}
    assert {row["indicator"]: row["title"] for row in rows(ASKED_FOR)} == asked
