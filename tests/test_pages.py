"""Every page as its reader opens it: on an empty store, on one with figures, and when something is wrong."""

import re
import sqlite3
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests import seeded
from tests.test_architecture import pages

ROOT = Path(__file__).parents[1]
# What a page is called in the menu and on its tab.
TITLES = {
    "app.py": "Overview",
    "pages/scorecards.py": "Scorecards",
    "pages/data_sets.py": "Data sets",
    "pages/kpi.py": "Measure",
    "pages/journey.py": "The child protection journey",
    "pages/exceptions.py": "Exceptions",
    "pages/places.py": "Localities and hot spots",
    "pages/work.py": "This quarter's work",
    "pages/load.py": "Load returns",
    "pages/type_in.py": "Type in figures",
    "pages/layouts.py": "Teach a layout",
    "pages/submissions.py": "Submissions",
    "pages/returns.py": "Returns received",
    "pages/snapshots.py": "Snapshots",
    "pages/dictionary.py": "Data dictionary",
    "pages/how_to_read.py": "How to read these figures",
    "pages/accessibility.py": "Accessibility",
}


WITH_FIGURES = pytest.mark.usefixtures("with_figures")


def open_page(path="app.py", **address):
    """Return a page as it is opened by its own address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    if path != "app.py":
        app.switch_page(path)
    return app.run()


def markup(app):
    """Return all HTML of ours on a page, without its style."""
    return "\n".join(element.proto.body for element in app.get("html") if "<style>" not in element.proto.body)


def words(app):
    """Return the words of our HTML, without its tags."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", markup(app)).split()))


def headings(app):
    return re.findall(r"<h1>(.*?)</h1>", markup(app))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded")
    seeded.make(folder)
    return folder


@pytest.fixture
def with_figures(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)


def test_every_page_is_named_here():
    assert set(TITLES) == set(pages())


@pytest.mark.parametrize("path", pages())
def test_a_page_opens_on_an_empty_store(path):
    app = open_page(path)
    assert not app.exception
    assert len(headings(app)) == 1
    assert "No figures yet." in words(app)
    assert "Traceback" not in markup(app)


@pytest.mark.parametrize("path", pages())
@WITH_FIGURES
def test_a_page_opens_on_a_store_with_figures(path):
    app = open_page(path)
    assert not app.exception
    assert len(headings(app)) == 1
    assert "unsuppressed figures. Figures as at 14 October 2025." in words(app)
    assert "Traceback" not in markup(app)


@pytest.mark.parametrize(("path", "title"), TITLES.items())
@WITH_FIGURES
def test_a_page_says_where_one_is_and_that_its_figures_are_fictional(path, title):
    shown = markup(open_page(path))
    marked = re.findall(r'aria-current="page"[^>]*>(.*?)</a>', shown)
    assert [unescape(label) for label in marked] == ["Scorecards" if title == "Measure" else title]
    assert '<span class="tag amber">Fictional</span>' in shown
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", shown)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_an_empty_store_says_what_to_do_next():
    app = open_page("pages/scorecards.py")
    assert "There are no figures yet, because no return has been loaded." in words(app)
    assert 'href="load"' in markup(app)


@WITH_FIGURES
def test_a_scorecard_has_a_row_for_every_measure_of_its_theme():
    app = open_page("pages/scorecards.py", theme="child_protection")
    assert headings(app) == ["Child protection"]
    rows = re.findall(r'<th scope="row"[^>]*><a href="([^"]+)">(.*?)</a>', markup(app))
    assert "Conference within 15 working days" in [title for _, title in rows]
    assert "kpi?theme=child_protection&amp;kpi=icpc_15wd_pct&amp;period=2025-26-Q2&amp;area=partnership" in [
        address for address, _ in rows
    ]


@WITH_FIGURES
def test_a_rating_is_a_word_a_shape_and_a_reason():
    shown = words(open_page("pages/scorecards.py", theme="child_protection"))
    assert "55.0% 33 of 60" in shown
    assert "■ Red agreed target 82% or more" in shown
    assert "Yes: getting worse" in shown
    assert "○ Not rated no target: activity" in shown


@WITH_FIGURES
def test_a_hot_spot_has_a_sentence_and_the_way_to_its_measure_in_that_place():
    app = open_page("pages/places.py")
    shown = words(app)
    assert "pairs of a locality and a measure were looked at" in shown
    assert "Conference within 15 working days: North" in shown
    assert "kpi=icpc_15wd_pct&amp;period=2025-26-Q2&amp;area=north" in markup(app)


@WITH_FIGURES
def test_a_measure_is_shown_place_by_place_with_a_tile_and_a_word_for_each():
    app = open_page("pages/places.py", theme="child_protection", kpi="icpc_15wd_pct")
    tiles = re.findall(r'<li class="place ([a-z]+)[^"]*"', markup(app))
    assert len(tiles) == 6
    assert tiles[0] == "worse"
    assert "Worse: below the 99.8% limit" in words(app)


@WITH_FIGURES
def test_a_measure_that_is_not_judged_by_place_says_why():
    app = open_page("pages/places.py", theme="children_in_care", kpi="cla_stock")
    assert "Nobody has sent it by locality for this period." in words(app)


@WITH_FIGURES
def test_choosing_an_area_changes_the_figures_and_the_address():
    app = open_page("pages/scorecards.py", theme="child_protection")
    app.selectbox(key="choose_area").set_value("north").run()
    assert app.query_params == {"theme": "child_protection", "area": "north"}
    assert "North locality" in words(app)
    assert "55.0%" not in words(app)


@WITH_FIGURES
def test_choosing_another_scorecard_leaves_the_measure_of_the_last_one():
    app = open_page("pages/scorecards.py", theme="child_protection", kpi="icpc_15wd_pct")
    app.selectbox(key="choose_theme").set_value("referrals").run()
    assert app.query_params == {"theme": "referrals"}
    assert headings(app) == ["Referrals and assessments"]


@WITH_FIGURES
def test_an_earlier_quarter_can_be_opened_by_its_address():
    assert "Quarter 1 2025/26, April to June 2025" in words(open_page("pages/scorecards.py", period="2025-26-Q1"))


@pytest.mark.parametrize(
    ("address", "remark"),
    [
        ({"theme": "nursery"}, "There is no scorecard called 'nursery'."),
        ({"kpi": "nothing"}, "There is no measure called 'nothing'."),
        ({"period": "1999-00-Q1"}, "There are no figures for '1999-00-Q1'."),
        ({"area": "atlantis"}, "There is no area called 'atlantis'."),
    ],
)
@WITH_FIGURES
def test_an_address_that_asks_in_vain_is_told_so(address, remark):
    app = open_page("pages/kpi.py", **address)
    assert not app.exception
    assert remark in words(app)


@WITH_FIGURES
def test_what_an_address_says_is_never_markup():
    assert "<script>" not in markup(open_page("pages/kpi.py", kpi="<script>alert(1)</script>"))


@WITH_FIGURES
def test_a_measure_s_page_says_how_its_figure_is_made_and_how_sure_it_is():
    app = open_page("pages/kpi.py", kpi="icpc_15wd_pct")
    assert headings(app) == ["Conference within 15 working days"]
    shown = words(app)
    assert "How it is made. Of initial child protection conferences in the period" in shown
    for part in ("Why it matters", "Questions to ask", "How sure are we?", "Supplied by", "Watch out for", "Owner"):
        assert part in shown
    assert "Executive group" in shown


@WITH_FIGURES
def test_the_kind_of_period_can_be_chosen():
    app = open_page("pages/kpi.py", kpi="icpc_15wd_pct")
    assert "July to September 2025" in figures(app)
    app.get("button_group")[0].set_value("month").run()
    assert not app.exception
    assert "September 2025" in figures(app)
    assert "July to September 2025" not in figures(app)


def figures(app):
    """Return the table of figures, which is the last on the page."""
    return markup(app).rpartition("<table>")[2]


@WITH_FIGURES
def test_the_figures_can_be_taken_away():
    buttons = open_page("pages/kpi.py", kpi="icpc_15wd_pct").get("download_button")
    assert [button.proto.label for button in buttons] == [
        "Download these figures (CSV)", "Download where the figure comes from (CSV)",
    ]  # fmt: skip


@WITH_FIGURES
def test_a_measure_without_figures_says_why():
    shown = words(open_page("pages/kpi.py", kpi="missing_home_episodes"))
    assert "no figure" in shown
    assert "has not been sent" in shown


@WITH_FIGURES
def test_inside_a_locality_groups_are_not_shown():
    shown = words(open_page("pages/kpi.py", kpi="icpc_15wd_pct", area="north"))
    assert "Groups inside a locality are too small to keep." in shown


@WITH_FIGURES
def test_exceptions_are_ranked_and_say_their_rule():
    shown = words(open_page("pages/exceptions.py"))
    assert "Ranked: red, and a real change for the worse; then" in shown
    assert "Conference within 15 working days ■ Red" in shown
    assert "Comes from: Children's social care" in shown


@WITH_FIGURES
def test_a_locality_that_stands_out_leads_to_its_own_chart():
    app = open_page("pages/exceptions.py")
    assert "Conference within 15 working days: North locality" in words(app)
    assert "kpi=icpc_15wd_pct&amp;period=2025-26-Q2&amp;area=north" in markup(app)


@WITH_FIGURES
def test_a_measure_of_one_kind_of_period_offers_no_choice():
    app = open_page("pages/kpi.py", kpi="perm_exclusions")
    assert not app.exception
    assert not [group for group in app.get("button_group") if group.label == "Read it by"]


@WITH_FIGURES
def test_the_first_quarter_has_no_earlier_snapshot():
    app = open_page(period="2025-26-Q1")
    assert not app.exception
    assert "Real changes since" not in words(app)


@WITH_FIGURES
def test_what_is_resolved_stands_last_and_apart():
    shown = words(open_page("pages/exceptions.py"))
    assert shown.index("Needs attention") < shown.index("Returns missing") < shown.index("No longer an exception")


@WITH_FIGURES
def test_exceptions_can_be_read_by_group_and_by_state():
    app = open_page("pages/exceptions.py")
    app.selectbox(key="group").set_value("Police sub-group").run()
    assert "Conference within 15 working days" not in words(app)
    assert "Nothing here needs attention." in words(app)
    app.selectbox(key="group").set_value("Child protection sub-group").run()
    app.selectbox(key="state").set_value("continuing").run()
    assert "Conference within 15 working days ■ Red" not in words(app)


@WITH_FIGURES
def test_returns_that_are_not_here_stand_apart():
    shown = words(open_page("pages/exceptions.py"))
    apart = shown.partition("Returns missing, in part or late")[2]
    assert "Police ■ Missing" in apart
    assert "6 days overdue" in apart


@WITH_FIGURES
def test_the_front_page_sums_up_and_leads_on():
    app = open_page()
    assert headings(app) == ["Safeguarding in Wexmoor: what the figures show"]
    shown = words(app)
    assert re.search(r"Of \d+ measures \d+ are rated", shown)
    assert "Real changes since the last snapshot (Quarter 1 2025/26, April to June 2025)" in shown
    assert "85.0% to 55.0%" in shown
    assert 'href="scorecards?theme=child_protection&amp;period=2025-26-Q2&amp;area=partnership"' in markup(app)


@WITH_FIGURES
def test_the_front_page_of_a_locality_compares_with_no_snapshot():
    app = open_page(area="north")
    assert not app.exception
    assert "Real changes since" not in words(app)


@WITH_FIGURES
def test_reading_is_explained_with_the_numbers_that_are_used():
    shown = words(open_page("pages/how_to_read.py"))
    assert "provisional with fewer than 13" in shown
    assert "Of fewer than 10 it is shown and not rated." in shown


def test_a_mistake_in_the_definitions_is_told_by_file_and_line(tmp_path, monkeypatch):
    ours = tmp_path / "partnership.yaml"
    text = seeded.PARTNERSHIP.read_text(encoding="utf-8")
    ours.write_text(text.replace("short_name: Wexmoor", "short_nam: Wexmoor"), encoding="utf-8")
    monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(ours))
    app = open_page("pages/scorecards.py")
    assert not app.exception
    assert headings(app) == ["The definitions need a correction"]
    assert "partnership.yaml:" in words(app)
    assert "short_nam" in words(app)


@WITH_FIGURES
def test_a_corrected_definition_shows_at_the_next_click(tmp_path, monkeypatch):
    ours = tmp_path / "partnership.yaml"
    text = seeded.PARTNERSHIP.read_text(encoding="utf-8")
    ours.write_text("name: [", encoding="utf-8")
    monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(ours))
    app = open_page("pages/accessibility.py")
    assert headings(app) == ["The definitions need a correction"]
    ours.write_text(text, encoding="utf-8")
    assert headings(app.run()) == ["Accessibility"]


def test_a_file_that_is_no_database_is_told_in_a_sentence(own_home):
    (own_home / "scorecards.db").write_text("This is a letter, and long enough not to be empty.\n" * 40)
    app = open_page()
    assert not app.exception
    assert headings(app) == ["The figures cannot be shown"]
    assert "The store cannot be opened: its file is damaged" in words(app)


@WITH_FIGURES
def test_another_key_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setenv("SCORECARDS_KEY", "another key, of at least thirty-two characters")
    app = open_page()
    assert not app.exception
    assert headings(app) == ["The figures cannot be shown"]


@WITH_FIGURES
def test_a_damaged_store_is_told_in_a_sentence(own_home):
    with sqlite3.connect(own_home / "scorecards.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from the future'")
    connection.close()
    app = open_page()
    assert not app.exception
    assert headings(app) == ["The figures cannot be shown"]


def test_a_demonstration_that_was_not_prepared_says_how(monkeypatch):
    monkeypatch.setenv("SCORECARDS_DEMO", "1")
    app = open_page()
    assert "Type: python -m demo" in words(app)


def test_the_demonstration_brings_its_partnership_and_its_day(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)
    (own_home / "scorecards.db").rename(own_home / "demo.db")
    for name in ("SCORECARDS_PARTNERSHIP", "SCORECARDS_TODAY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("SCORECARDS_DEMO", "1")
    assert "Quarter 2 2025/26" in words(open_page())


@WITH_FIGURES
def test_figures_are_made_once_for_all_readers(monkeypatch):
    open_page("pages/scorecards.py")
    monkeypatch.setattr("scorecards.ui.readers.build_scorecard", None)
    monkeypatch.setattr("scorecards.ui.tables.row_of", None)
    assert not open_page("pages/scorecards.py").exception


def test_caches_are_ours_to_clear():
    open_page()
    st.cache_resource.clear()
    assert not open_page().exception
