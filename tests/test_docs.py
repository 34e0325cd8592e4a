"""What the documentation says is true: the catalogue is current, and what can be added is written down."""

import re
from pathlib import Path

import pytest

from scorecards.__main__ import COMMANDS
from scorecards.catalogue import WINDOW_WORDS, catalogue
from scorecards.definitions import read_definitions
from scorecards.measures import KINDS
from tests.seeding import with_kpi

ROOT = Path(__file__).parents[1]


def text(*path):
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


def test_the_catalogue_is_current():
    assert text("docs", "kpi_catalogue.md") == catalogue(read_definitions(ROOT)), "run: python -m scorecards catalogue"


def test_a_kpi_without_thresholds_or_breakdowns_is_catalogued_too():
    plain = with_kpi(read_definitions(ROOT), "icpc_15wd_pct", thresholds=None, breakdowns=())
    entry = catalogue(plain).split("`icpc_15wd_pct`")[1].split("###")[0]
    assert "nothing yet: agree a target" in entry
    assert "- **Broken down by**: nothing" in entry


@pytest.mark.parametrize("kind", KINDS)
def test_every_measure_kind_is_documented(kind):
    assert f"`{kind}`" in text("docs", "adding_a_kpi.md")


@pytest.mark.parametrize("record", read_definitions(ROOT).record_types.values(), ids=lambda record: record.id)
def test_every_list_is_documented(record):
    annex_a = f" (Annex A list {record.annex_a_list})" if record.annex_a_list else ""
    assert f"| {record.title}{annex_a} | {record.one_row_is} |" in text("docs", "formats.md")


@pytest.mark.parametrize("page", sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
def test_every_page_is_documented(page):
    assert f"`pages/{page}.py`" in text("docs", "pages.md")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command):
    assert f"python -m scorecards {command}" in text("docs", "commands.md")


def test_every_window_has_words():
    shown = {window for kpi in read_definitions(ROOT).kpis.values() for window in kpi.windows.shown}
    assert shown <= WINDOW_WORDS.keys()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md"])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)", text(page)):
        if not target.startswith(("http://", "https://")):
            assert (ROOT / target).exists(), f"{page} links to {target}"
