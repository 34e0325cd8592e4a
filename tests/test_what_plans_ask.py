"""What five plans ask of the data is found where the page says: every page and every measure named there exists."""

import re
from pathlib import Path

import pytest

from scorecards.definitions import read_definitions

PROJECT = Path(__file__).resolve().parents[1]
PLANS = (PROJECT / "docs" / "what_the_plans_ask.md").read_text(encoding="utf-8").split("\n## ")[1:]


def rows(plan):
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in plan.splitlines() if line[:1] == "|")
    return list(cells)[2:]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.partition(",")[0])
def test_of_each_plan_ten_things_are_found_on_a_page_and_in_a_measure(plan):
    assert len(rows(plan)) == 10
    for _heading, asks, pages, measures in rows(plan):
        named, ids = re.findall(r"`([^`]+)`", pages), re.findall(r"`([^`]+)`", measures)
        assert named and ids, asks
        assert [page for page in named if not (PROJECT / page).is_file()] == [], asks
        assert [one for one in ids if one not in read_definitions().kpis] == [], asks


def test_there_are_five_plans():
    assert len(PLANS) == 5
