"""A real council's published figures open the product before anybody has sent a file, and mix with nobody's store."""

import os
from pathlib import Path

import pytest
import yaml

from demo.__main__ import ANYBODY_S, main
from demo.real_council import SIGNS, council_of, numbers_of, prepare_council, settings_of, write_yaml
from scorecards.comparators import Figure
from scorecards.definitions import read_definitions
from scorecards.definitions.published_models import ValueStatus
from scorecards.errors import ScorecardError
from scorecards.periods import quarter
from scorecards.scorecard import View, build_scorecard
from scorecards.series import Status
from scorecards.store import open_store
from tests.test_pages import open_page, words

BARNET = "E09000003"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Barnet's own store, made once; its settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(tmp_path_factory.mktemp("home")))
        found = settings_of(council_of("barnet"))
        for name, value in found.items():
            patch.setenv(name, value)
        prepare_council(council_of(BARNET))
    return found


@pytest.fixture
def opened(settings, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    store = open_store(definitions=read_definitions())
    yield store
    store.close()


def lines(store, year):
    return {line.kpi.id: line for line in build_scorecard(store, View(quarter(year, 4))).lines}


def test_a_council_is_known_by_its_code_its_earlier_code_and_its_name():
    assert {council_of(asked).code for asked in ("E10000002", "e06000060", "Buckinghamshire")} == {"E06000060"}
    with pytest.raises(ScorecardError, match="'Atlantis' is not a council's code or name"):
        council_of("Atlantis")


def test_every_measure_that_is_published_has_its_figures_by_the_year(opened):
    found = lines(opened, 2023)
    assert found.keys() == {kpi.id for kpi in opened.definitions.kpis.values() if kpi.benchmark}
    assert len(found) == 12
    assert {line.window for line in found.values()} == {"financial_year"}
    known = {name: (line.latest.numerator, line.latest.denominator) for name, line in found.items()}
    assert known["re_referral_pct"] == (374, 2843)
    assert known["icpc_15wd_pct"] == (220, 293)
    assert found["cpp_rate_10k"].latest.value == pytest.approx(27.4, abs=0.05)
    assert len(found["re_referral_pct"].points) == 9  # from 2015/16 on


def test_a_withheld_figure_is_withheld_and_one_that_is_not_there_is_unknown(opened):
    found = lines(opened, 2024)
    assert found["cpp_2y_plus_open_pct"].latest.status is Status.WITHHELD
    assert found["icpc_15wd_pct"].latest.status is Status.NOT_SUBMITTED
    assert found["icpc_15wd_pct"].latest.value is None
    # What stands beside it was sent all the same.
    assert found["icpc_15wd_pct"].supplied.agency == "council"


def test_preparing_it_again_changes_nothing_and_keeps_what_was_set(settings, opened):
    before = opened.data_version()
    partnership = Path(settings["SCORECARDS_PARTNERSHIP"])
    written = yaml.safe_load(partnership.read_text(encoding="utf-8"))
    assert (written["area_code"], written["is_fictional"], written["returns"]) == (BARNET, False, [])
    write_yaml(partnership, {**written, "neighbours": "mean"})
    prepare_council(council_of(BARNET))
    assert read_definitions().partnership.neighbours == "mean"
    assert opened.data_version() == before
    write_yaml(partnership, written)


def test_a_number_that_is_not_published_becomes_a_sign_and_never_nought():
    def sent(*values, status=ValueStatus.PUBLISHED):
        value, numerator, denominator = values
        return numbers_of(Figure(BARNET, 2025, value, status, numerator, denominator, "2025", "DfE"))

    assert sent(50, 5, 10) == (5, 10, "")
    assert sent(0, 0, 10) == (0, 10, "")
    assert sent(50, None, 10) == ("", "", 50)
    without = set(ValueStatus) - {ValueStatus.PUBLISHED, ValueStatus.DERIVED}
    assert without == SIGNS.keys()
    assert sent(None, None, 10, status=ValueStatus.SUPPRESSED) == ("", "", "c")


def test_a_council_is_known_by_the_short_form_of_its_name():
    assert [council_of(asked).code for asked in ("Herefordshire", "herefordshire, county of", "Bristol")] == [
        "E06000019", "E06000019", "E06000023",
    ]  # fmt: skip


@pytest.mark.usefixtures("opened")
def test_it_opens_on_the_newest_year_that_most_measures_have_and_says_that_some_have_a_newer():
    shown = words(open_page("pages/scorecards.py", theme="child_protection"))
    assert (
        "The year to 31 March 2024 is the newest of which most measures are published. 6 measures have a newer figure: "
        "choose Q4 2024/25 under Period."
    ) in shown
    assert "No figure" not in shown
    later = words(open_page("pages/scorecards.py", theme="child_protection", period="2024-25-Q4"))
    assert "is the newest of which most measures" not in later


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("page", ["pages/journey.py", "pages/data_sets.py", "pages/scorecards.py", "app.py"])
def test_a_page_of_measures_that_nobody_publishes_opens_all_the_same(page):
    assert not open_page(page).exception


@pytest.mark.usefixtures("opened")
def test_the_pages_open_on_ten_years_and_who_published_them():
    app = open_page("pages/kpi.py", kpi="re_referral_pct", period="2024-25-Q4")
    assert not app.exception
    shown = words(app)
    assert "14.8% 407 of 2,751" in shown
    assert "better half of councils" in shown
    assert "Supplied by DfE, published, their own figures" in shown
    assert "13th of 153 councils with a figure, counted from the best, in the best quarter" in shown
    assert "2015/16" in shown
    assert "Our own figure" not in shown  # it is the published one, and not shown twice


def test_its_store_lies_apart_and_opens_with_nobody_else_s_settings(own_home, monkeypatch, capsys):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", "sqlite:///elsewhere.db")
    found = settings_of(council_of(BARNET))
    assert all(str(own_home / "councils" / BARNET) in value for value in found.values())
    assert not found.keys() & {"SCORECARDS_DEMO", "SCORECARDS_TODAY"} and "SCORECARDS_DEMO" in ANYBODY_S
    assert main(["--area", "Atlantis"]) == 1
    assert "is not a council's code or name" in capsys.readouterr().out
    assert os.environ["SCORECARDS_HOME"] == str(own_home)
    assert not (own_home / "councils").exists()
