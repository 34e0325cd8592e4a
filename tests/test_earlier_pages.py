"""Figures as they were at an earlier data version, and figures that became others after they were frozen."""

import pytest

from scorecards.ui.readers import current_store
from tests import seeded
from tests.seeding import land
from tests.test_pages import markup, open_page, words

CARD = {"theme": "child_protection"}
KPI = {"kpi": "icpc_15wd_pct"}
# Of the quarter that was frozen, ten conferences more are found to have been late.
LATER = "2025-04-01"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded")
    seeded.make(folder)
    return folder


@pytest.fixture
def with_figures(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)


WITH_FIGURES = pytest.mark.usefixtures("with_figures")


def corrected():
    """Land conferences of the frozen quarter that came to light later."""
    store = current_store()
    late = [
        {"child_id": f"late {number}", "s47_start_date": "2025-04-07", "conference_date": "2025-05-28",
         "locality": "north", "age_band": "5 to 9", "led_to_plan": "yes"}
        for number in range(10)
    ]  # fmt: skip
    land(store, {"icpc": late}, ("2025-04-01", "2025-06-30"), agency="council")


@WITH_FIGURES
def test_a_scorecard_is_shown_as_it_was_before_the_last_quarter_came():
    now, before = open_page("pages/scorecards.py", **CARD), open_page("pages/scorecards.py", **CARD, version="1")
    assert "As it was on" not in words(now)
    assert "(data version 1), judged by today’s targets" in words(before)
    assert "no figure sent" in words(before)
    assert "55.0%" in words(now) and "55.0%" not in words(before)
    assert not before.exception


@WITH_FIGURES
def test_a_measure_is_shown_as_it_was_in_every_kind_of_period_and_group():
    before = open_page("pages/kpi.py", **KPI, version="1")
    assert "As it was on" in words(before)
    assert "33 of 60" not in words(before)
    assert "33 of 60" in words(open_page("pages/kpi.py", **KPI))


@WITH_FIGURES
def test_who_had_sent_is_told_as_it_was():
    assert "14 October 2025 Children" in words(open_page("pages/scorecards.py", **CARD))
    before = words(open_page("pages/scorecards.py", **CARD, version="1"))
    assert "8 July 2025 Children" in before
    assert "14 October 2025 Children" not in before


@WITH_FIGURES
def test_every_link_of_an_earlier_view_stays_there_and_one_leads_back():
    before = markup(open_page("pages/scorecards.py", **CARD, version="1"))
    assert (
        "kpi?theme=child_protection&amp;kpi=icpc_15wd_pct&amp;period=2025-26-Q1&amp;area=partnership&amp;version=1"
        in (markup(open_page("pages/scorecards.py", **CARD, period="2025-26-Q1", version="1")))
    )
    back = before.split("Show the figures as they are now")[0].rsplit("<a ", 1)[1]
    assert "version" not in back
    assert back.startswith('href="?theme=child_protection')


@WITH_FIGURES
@pytest.mark.parametrize("version", ["2", "99", "0", "-1", "one", "٣", "9" * 40])
def test_a_version_that_is_no_earlier_one_is_the_newest(version):
    page = open_page("pages/scorecards.py", **CARD, version=version)
    assert not page.exception
    assert "As it was on" not in words(page)
    assert "no earlier version" in words(page)


@WITH_FIGURES
def test_the_chooser_offers_every_earlier_version_by_its_moment():
    page = open_page("pages/scorecards.py", **CARD)
    (chooser,) = [one for one in page.selectbox if one.label == "As it was"]
    assert chooser.options[0] == "Now"
    assert len(chooser.options) == 2
    page = chooser.set_value("1").run()
    assert "(data version 1)" in words(page)
    (chooser,) = [one for one in page.selectbox if one.label == "As it was"]
    assert "As it was on" not in words(chooser.set_value("").run())


@WITH_FIGURES
def test_a_figure_that_was_frozen_as_another_says_so_beside_it_and_in_a_list():
    before = words(open_page("pages/scorecards.py", **CARD, period="2025-26-Q1"))
    assert "as 85.0%" not in before
    corrected()
    page = words(open_page("pages/scorecards.py", **CARD, period="2025-26-Q1"))
    assert "72.9%" in page
    assert "frozen on 17 July 2025 as 85.0%, 51 of 60" in page
    assert "read differently since “Quarter 1 2025/26, April to June 2025” was frozen on 17 July 2025" in page
    # The same stands with the measure, in its table.
    assert "Was frozen on 17 July 2025 as 85.0%, 51 of 60." in words(open_page("pages/kpi.py", **KPI))


@WITH_FIGURES
def test_nothing_is_marked_where_time_was_turned_back():
    corrected()
    page = words(open_page("pages/scorecards.py", **CARD, period="2025-26-Q1", version="2"))
    assert "85.0%" in page
    assert "frozen on" not in page
