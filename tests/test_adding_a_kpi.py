"""A KPI is added in YAML alone, and then stands on every page, in every export and in the catalogue."""

import io
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from data_loaders import return_template
from data_loaders.__main__ import main as load
from scorecards.catalogue import catalogue
from scorecards.definitions import read_definitions
from scorecards.exports import EXPORTS
from scorecards.periods import period_by_id
from scorecards.snapshots import freeze
from scorecards.store import today
from tests.seeding import empty_store, land
from tests.test_pages import open_page, words

ROOT = Path(__file__).parents[1]
TITLE = "Conferences after a transfer"
BLOCK = """
  transfer_in_pct:
    title: Conferences after a transfer
    why: Children who move must not be lost between councils.
    definition: Of first conferences in the period, the share for children who moved here with a plan.
    themes: [child_protection]
    measure:
      kind: percentage
      records: icpc
      dated_by: conference_date
      numerator: [{column: transfer_in, is: ["yes"]}]
    unit: percent
    counts: children
    decimals: 1
    polarity: lower
    windows: {shown: [quarter, rolling_12_months], judged: quarter, pattern: quarter}
    breakdowns: [locality]
    aggregation: pool
    thresholds: {green: 5, amber: 10, basis: local, source: "Local default, not verified"}
    benchmark: null
    companions: [icpc_held]
    owner: Head of safeguarding
    caveats: A transfer that nobody recorded is not in the figure.
    questions:
      - Did the other council tell us in time?
      - Was each child seen in the first week?
    reviewed: 2026-11-20
    evidence: quantity
"""


@pytest.fixture
def with_new_kpi(own_home, monkeypatch, tmp_path):
    """Give the product a copy of the definitions with one block more, and a quarter of conferences."""
    folder = tmp_path / "definitions"
    folder.mkdir()
    for name in ("kpi_definitions.yaml", "record_types.yaml", "partnership.yaml"):
        shutil.copy(ROOT / name, folder)
    with (folder / "kpi_definitions.yaml").open("a", encoding="utf-8") as file:
        file.write(BLOCK)
    monkeypatch.setenv("SCORECARDS_DEFINITIONS", str(folder))
    monkeypatch.setenv("SCORECARDS_TODAY", "2025-10-14")
    store = empty_store(f"sqlite:///{own_home / 'scorecards.db'}", read_definitions(), today())
    rows = [
        {"child_id": str(number), "conference_date": "2025-08-20", "transfer_in": "yes" if number < 12 else "no"}
        for number in range(40)
    ]
    land(store, {"icpc": rows}, ("2024-07-01", "2025-09-30"))
    yield store
    store.close()


@pytest.mark.usefixtures("with_new_kpi")
@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("pages/scorecards.py", {"theme": "child_protection"}),
        ("pages/kpi.py", {"kpi": "transfer_in_pct"}),
        ("pages/exceptions.py", {}),
        ("pages/dictionary.py", {}),
    ],
)
def test_it_stands_on_every_page_that_shows_measures(page, address):
    app = open_page(page, **address)
    assert not app.exception
    assert TITLE in words(app)


@pytest.mark.usefixtures("with_new_kpi")
def test_its_figure_is_worked_out_and_rated():
    said = words(open_page("pages/kpi.py", kpi="transfer_in_pct"))
    assert "30.0%" in said
    assert "12 of 40" in said
    assert "Red" in said


def test_it_is_in_every_export_the_catalogue_and_the_template(with_new_kpi):
    store = with_new_kpi
    frozen = freeze(store, "2025-26-Q2", made_by="tester")
    book = openpyxl.load_workbook(io.BytesIO(EXPORTS["xlsx"].make(frozen)))
    assert any(cell.value == TITLE for sheet in book for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(io.BytesIO(EXPORTS["csv"].make(frozen))) as archive:
        assert TITLE in archive.read("figures.csv").decode("utf-8-sig")
    assert TITLE in catalogue(store.definitions)
    past = (period_by_id("2024-25-Q4"),)
    template = return_template(store.definitions, "council", period_by_id("2025-26-Q2"), past_periods=past)
    sheets = openpyxl.load_workbook(io.BytesIO(template))
    assert any(cell.value == TITLE for sheet in sheets for row in sheet.iter_rows() for cell in row)


def blocks_of_the_walk_through(kind):
    text = (ROOT / "docs" / "adding_a_kpi.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def as_written(own_home, monkeypatch, tmp_path):
    """Do what the walk-through says, in a copy of the definitions; return the files that it has one load."""
    folder = tmp_path / "definitions"
    folder.mkdir()
    for name in ("kpi_definitions.yaml", "record_types.yaml", "partnership.yaml"):
        shutil.copy(ROOT / name, folder)
    kpi, new_list, kpi_on_it = blocks_of_the_walk_through("yaml")[:3]
    with (folder / "kpi_definitions.yaml").open("a", encoding="utf-8") as file:
        file.write(kpi + kpi_on_it)
    lists = (folder / "record_types.yaml").read_text(encoding="utf-8")
    with_ours = lists.replace("record_types:\n", f"record_types:\n{new_list}", 1)
    (folder / "record_types.yaml").write_text(with_ours, encoding="utf-8")
    monkeypatch.setenv("SCORECARDS_DEFINITIONS", str(folder))
    monkeypatch.setenv("SCORECARDS_TODAY", "2025-10-14")
    files = []
    for name, text in zip(("referrals.csv", "carers.csv"), blocks_of_the_walk_through("csv"), strict=True):
        (own_home / name).write_text(text, encoding="utf-8")
        files.append(str(own_home / name))
    return files


def test_the_walk_through_gives_the_figures_that_it_promises(as_written, capsys):
    assert load([*as_written, "--agency", "council", "--covers", "2025-07-01..2025-09-30"]) == 0
    capsys.readouterr()
    by_schools = words(open_page("pages/kpi.py", kpi="school_referral_nfa_pct"))
    assert "33.3%" in by_schools
    assert "1 of 3" in by_schools
    carers = words(open_page("pages/kpi.py", kpi="young_carer_plan_pct"))
    assert "75.0%" in carers
    assert "3 of 4" in carers
    shown = words(open_page("pages/dictionary.py", search="young_carer_plan_pct"))
    assert "FROM list_young_carer_assessments" in shown
