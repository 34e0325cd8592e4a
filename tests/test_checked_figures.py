"""A check of figures against their source is noted once and told wherever the measure is explained."""

import datetime

import pytest

from scorecards import narrative
from scorecards.definitions import Checked
from tests import lines
from tests.test_pages import made, open_page, with_figures, words  # noqa: F401 (fixtures)

WITH_FIGURES = pytest.mark.usefixtures("with_figures")


def check(outcome="agreed", on="2025-07-14", **more):
    day = datetime.date.fromisoformat(on)
    return Checked(kpi="icpc_15wd_pct", on=day, by="Data analyst", compared="20 cases", outcome=outcome, **more)


def test_a_check_is_told_with_its_day_role_source_and_outcome():
    assert narrative.checked_words(check()) == "On 14 July 2025 by the data analyst, against 20 cases: agreed."
    assert narrative.checked_words(check("did not agree", note="Three dates differ.")) == (
        "On 14 July 2025 by the data analyst, against 20 cases: did not agree. Three dates differ."
    )


@pytest.mark.parametrize(
    ("outcome", "mark"), [("agreed", "✓"), ("agreed after correction", "✓"), ("did not agree", "✗")]
)
def test_a_mark_never_stands_without_its_words(outcome, mark):
    assert narrative.checked_mark(check(outcome)) == (mark, f"Checked on 14 July 2025: {outcome}")


def test_the_newest_check_comes_first():
    ours = lines.definitions()
    us = ours.partnership.model_copy(update={"checked": (check(on="2024-01-05"), check(on="2025-07-14"))})
    checks = ours.model_copy(update={"partnership": us}).checks_of(ours.kpis["icpc_15wd_pct"])
    assert [one.on.year for one in checks] == [2025, 2024]


@WITH_FIGURES
def test_a_checked_measure_says_so_on_its_page_its_scorecard_and_in_the_dictionary():
    told = "On 14 July 2025 by the data analyst, against the dates of 20 conferences in the case system: agreed."
    assert told in words(open_page("pages/kpi.py", kpi="icpc_15wd_pct"))
    assert "✓ Checked on 14 July 2025: agreed" in words(open_page("pages/scorecards.py", theme="child_protection"))
    assert told in words(open_page("pages/dictionary.py"))
    assert "Nobody has noted a check of these figures yet." in words(open_page("pages/kpi.py", kpi="referrals"))
