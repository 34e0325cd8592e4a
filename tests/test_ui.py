"""What pages draw with: addresses, choices, HTML, charts' files and the colours of the style."""

import csv
import io
import re

import pytest
import streamlit as st
from markupsafe import Markup

from demo.area import DEMO_TODAY as THE_DEMO_S_DAY
from scorecards.charts import RATING_COLOURS
from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id
from scorecards.series import Status
from scorecards.ui import choices, explaining, html, link, measure, menu, readers, render, style, tables
from scorecards.ui.style import style_sheet
from tests import lines, seeded

Q2, Q1 = period_by_id("2025-26-Q2"), period_by_id("2025-26-Q1")


@pytest.fixture(scope="module")
def definitions():
    return read_definitions(partnership=seeded.PARTNERSHIP)


@pytest.mark.parametrize(
    ("page", "params", "address"),
    [
        ("app.py", {}, "./"),
        ("pages/kpi.py", {"kpi": "icpc_15wd_pct"}, "kpi?kpi=icpc_15wd_pct"),
        ("pages/kpi.py", {"area": "north", "kpi": None, "theme": "mash"}, "kpi?theme=mash&area=north"),
        ("pages/load.py", {"period": "a b&c"}, "load?period=a+b%26c"),
    ],
)
def test_a_link_leads_to_a_page_and_carries_what_was_chosen(page, params, address):
    assert link(page, **params) == address


def choice(definitions, monkeypatch, **address):
    monkeypatch.setattr(st, "query_params", address)
    return choices.read_choice(definitions, (Q2, Q1), Q2)


def test_nothing_chosen_is_the_first_theme_the_newest_quarter_and_the_whole(definitions, monkeypatch):
    found = choice(definitions, monkeypatch)
    assert (found.theme.id, found.kpi, found.period, found.area) == ("mash", None, Q2, "partnership")
    assert found.unusual == {}


def test_the_usual_is_not_carried_on_so_that_newer_figures_show(definitions, monkeypatch):
    found = choice(definitions, monkeypatch, period="2025-26-Q2", area="partnership", theme="missing")
    assert found.unusual == {"theme": "missing"}


def test_what_differs_from_the_usual_is_carried_on(definitions, monkeypatch):
    found = choice(definitions, monkeypatch, period="2025-26-Q1", area="east", kpi="re_referral_pct")
    assert found.unusual == {"kpi": "re_referral_pct", "period": "2025-26-Q1", "area": "east"}


def test_a_measure_brings_its_own_theme(definitions, monkeypatch):
    found = choice(definitions, monkeypatch, theme="mash", kpi="icpc_15wd_pct")
    assert found.theme.id == "child_protection"
    assert found.in_vain == ()


def test_a_theme_without_measures_is_not_offered(definitions):
    empty = definitions.partnership.themes[0].model_copy(update={"id": "nursery", "title": "Nursery"})
    us = definitions.partnership.model_copy(update={"themes": (*definitions.partnership.themes, empty)})
    ours = definitions.model_copy(update={"partnership": us})
    assert "nursery" not in [theme.id for theme in choices.themes_with_kpis(ours)]


def test_what_a_template_is_given_is_escaped():
    assert "&lt;b&gt;" in render("say.html", sentences="<b>")


def test_only_rendered_html_is_shown():
    with pytest.raises(TypeError, match="render"):
        html("<b>")


def test_a_template_that_lacks_a_value_fails_rather_than_showing_nothing():
    with pytest.raises(Exception, match="sentences"):
        render("say.html")


def test_rendered_html_is_markup():
    assert isinstance(render("note.html", words="one"), Markup)


@pytest.mark.parametrize(("dark", "scheme"), [(False, "light"), (True, "dark")])
def test_ratings_have_the_colours_of_the_charts(dark, scheme):
    back, text = RATING_COLOURS[scheme]["red"]
    assert f"--red:{text};--red-back:{back};" in style_sheet(dark)


def test_paper_has_the_colours_of_the_day():
    printed = style_sheet(dark=True).partition("@media print")[2]
    assert RATING_COLOURS["light"]["red"][1] in printed


def test_a_marking_on_paper_cannot_leave_its_string():
    assert style._css_text('Secret"} <b>') == '"Secret\\22 \\7d  \\3c b\\3e "'


def test_every_colour_that_the_style_names_is_given():
    sheet = style_sheet(dark=False)
    assert set(re.findall(r"var\(--([\w-]+)\)", sheet)) <= set(re.findall(r"--([\w-]+):", sheet))


def test_the_demo_s_day_is_the_one_its_story_ends_on():
    assert readers.DEMO_TODAY == THE_DEMO_S_DAY


def test_every_page_of_the_menu_is_there():
    paths = [path for group in menu.MENU for path, _ in group]
    assert [path for path in paths if not (seeded.PARTNERSHIP.parents[1] / path).is_file()] == []


def test_every_kind_of_period_has_a_name(definitions):
    shown = {window for kpi in definitions.kpis.values() for window in kpi.windows.shown}
    assert shown <= set(measure.WINDOWS)


def test_the_file_of_figures_is_unrounded_and_keeps_unknown_apart_from_nought():
    line = lines.line("mash_decision_1wd_pct", [lines.share(Q1, None), lines.share(Q2, 71.26436781609196, 174)])
    rows = list(csv.DictReader(io.StringIO(measure.figures_csv(line).decode("utf-8-sig"))))
    assert [row["value"] for row in rows] == ["", "71.26436781609196"]
    assert rows[1]["period"] == "2025-26-Q2"
    assert rows[1]["to"] == "2025-09-30"


def test_every_kind_of_nothing_is_explained():
    with_figure = {Status.FINAL, Status.PROVISIONAL}
    assert {status for status, *_ in explaining.MISSING} == set(Status) - with_figure


def test_a_rating_of_few_cases_keeps_its_word_and_loses_its_colour():
    few, enough = (lines.line("mash_decision_1wd_pct", [lines.share(Q2, 50.0, n)]) for n in (20, 40))
    assert (tables.rating_tag(few).kind, tables.rating_tag(few).word) == ("none", "Red")
    assert tables.rating_tag(enough).kind == "red"
