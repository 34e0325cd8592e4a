"""Data sets: measures set out for one question, declared in YAML, each section opened by what the figures show."""

import re
from dataclasses import replace

import pytest

from scorecards import charts, narrative
from scorecards.errors import DefinitionError
from scorecards.funnel import Group, funnel
from scorecards.periods import quarter, rolling_year
from scorecards.series import Note, Point, Status
from scorecards.ui import data_sets
from tests import lines, seeded
from tests.test_groupings import read  # noqa: F401 (a fixture)
from tests.test_pages import made, markup, open_page, with_figures, words  # noqa: F401 (fixtures)

WITH_FIGURES = pytest.mark.usefixtures("with_figures")
Q2 = quarter(2025, 2)
YEAR = rolling_year(Q2)
OURS = """data_sets:
  - id: front_door
    title: Our front door
    about: Who comes.
    lead: Head of the MASH
    sections: [{title: Who comes, shows: [{kpi: re_referrals, form: groups, by: source}]}]
"""


def counts(**groups):
    return {name: lines.count(Q2, value) for name, value in groups.items()}


def named(groups):
    return {name: name.capitalize() for name in groups}


def test_a_partnership_declares_a_data_set_of_its_own_without_code(read):  # noqa: F811
    (found,) = read("themes: []\n", OURS).partnership.data_sets
    assert found.title == "Our front door"
    assert [(one.kpi, one.form, one.by) for one in found.shows] == [("re_referrals", "groups", "source")]


def test_a_mistake_in_a_partnership_s_own_data_set_is_told_where_it_stands(read):  # noqa: F811
    with pytest.raises(Exception, match="re_referrals by 'sauce', which is not one of its breakdowns") as raised:
        read("themes: []\n", OURS.replace("by: source", "by: sauce"))
    assert raised.value.problems[0].startswith("partnership.yaml:")


def test_what_a_section_shows_twice_in_the_same_way_is_told(read):  # noqa: F811
    shown = "{kpi: re_referrals, form: groups, by: source}"
    with pytest.raises(DefinitionError, match="shows re_referrals a second time in the same way in one section"):
        read("themes: []\n", OURS.replace(shown, f"{shown}, {shown}"))


def test_the_largest_of_a_count_is_named_with_its_share():
    kpi = lines.definitions().kpis["mash_contacts"]
    groups = counts(police=60, schools=25, health=10, unknown=5)
    assert narrative.groups_sentence(kpi, groups, lines.count(Q2, 100), named(groups)) == (
        "Most: Police, 60 of 100 contacts in Q2 2025/26 (60%); then Schools (25) and Health (10)."
    )


def test_one_group_alone_and_groups_of_nought_have_their_sentence():
    kpi = lines.definitions().kpis["mash_contacts"]
    one = counts(police=60, unknown=40)
    assert narrative.groups_sentence(kpi, one, lines.count(Q2, 100), named(one)) == (
        "Most: Police, 60 of 100 contacts in Q2 2025/26 (60%)."
    )
    none = counts(police=0, schools=0)
    assert narrative.groups_sentence(kpi, none, lines.count(Q2, 0), named(none)) == "No group has any in Q2 2025/26."


def test_of_shares_the_ends_are_named_and_too_few_cases_name_nobody():
    kpi = lines.definitions().kpis["mash_decision_1wd_pct"]
    shares = {"a": (90, 100), "b": (80, 50), "c": (70, 40), "d": (85, 90), "e": (60, 20), "few": (0, 4)}
    groups = {name: lines.share(YEAR, value, n) for name, (value, n) in shares.items()}
    assert narrative.groups_sentence(kpi, groups, lines.share(YEAR, 82.0), named(groups)) == (
        "From E 60.0% (12 of 20) to A 90.0% (90 of 100) in the 12 months to September 2025."
    )


def test_groups_without_figures_say_so():
    kpi = lines.definitions().kpis["mash_contacts"]
    assert narrative.groups_sentence(kpi, {"police": Point(Q2)}, Point(Q2), {"police": "Police"}) == (
        "There are no figures of any group in Q2 2025/26."
    )


def test_a_funnel_names_who_differs_by_more_than_chance_and_else_nobody():
    kpi = lines.definitions().kpis["mash_decision_1wd_pct"]
    alike = [Group(name, 180, 200) for name in "abcdef"]
    whole = lines.share(YEAR, 90.0)
    names = dict(zip("abcdef", "ABCDEF", strict=True))
    assert narrative.funnel_sentence(kpi, funnel(alike, "share"), whole, names, "source") == (
        "None of six sources differs from the average of 90.0% in the 12 months to September 2025 by more than chance."
    )
    late = funnel([*alike[:5], Group("f", 120, 200)], "share", 0.9)
    assert narrative.funnel_sentence(kpi, late, whole, names, "agency") == (
        "One of six agencies differs from the average of 90.0% in the 12 months to September 2025 by more than chance: "
        "F (60.0%, worse)."
    )


def test_bands_of_time_are_said_in_order_with_their_shares():
    kpi = lines.definitions().kpis["cpp_last_visit_ageing"]
    first, second, last = kpi.measure.labels
    assert (first, second, last) == ("Up to 10 working days", "11 to 20 working days", "Over 20 working days")
    groups = {last: lines.count(Q2, 0), first: lines.count(Q2, 8), "unknown": lines.count(Q2, 2)}
    names = {name: name for name in groups} | {"unknown": "Not recorded"}
    assert narrative.groups_sentence(kpi, groups, lines.count(Q2, 10), names) == (
        "Of 10 children: up to 10 working days 8 (80%), over 20 working days 0 and not recorded 2 (20%)."
    )


def test_an_empty_band_is_nought_only_where_the_others_make_up_the_whole():
    kpi = lines.definitions().kpis["cpp_last_visit_ageing"]
    groups = {"Up to 10 working days": lines.count(Q2, 8)}
    filled = data_sets._with_empty_bands(kpi, groups, lines.count(Q2, 8))
    assert {name: point.value for name, point in filled.items()} == {
        "Up to 10 working days": 8, "11 to 20 working days": 0, "Over 20 working days": 0,
    }  # fmt: skip
    assert data_sets._with_empty_bands(kpi, groups, lines.count(Q2, 9)) == groups


def test_a_part_of_a_period_is_no_step_of_a_small_line():
    part = lines.share(lines.quarters(2)[0], 100.0, status=Status.PROVISIONAL, note=Note.SENT_SINCE)
    picture = charts.panel(lines.line("mash_decision_1wd_pct", [part, lines.share(Q2, 89.0)]))
    assert "<polyline" not in picture
    assert ">89.0%</text>" in picture


def test_what_nobody_supplies_names_the_list_it_needs():
    ours = lines.definitions()
    assert narrative.not_supplied_sentence(ours.kpis["mash_agency_checks_on_time_pct"], ours) == (
        "Agencies answering in time: not supplied. It needs “Agency checks for the MASH”, which nobody sends yet."
    )


def test_only_figures_that_stand_for_the_whole_period_are_compared():
    part, whole, withheld = (
        lines.share(YEAR, 50.0, 40),
        lines.share(YEAR, 60.0, 50),
        Point(YEAR, status=Status.WITHHELD),
    )
    assert data_sets._can_be_compared(part)
    assert data_sets._can_be_compared(whole)
    assert not data_sets._can_be_compared(withheld)


@pytest.mark.parametrize("note", [Note.SENT_SINCE, Note.TOO_RECENT_LEFT_OUT])
def test_a_group_with_rows_left_out_is_set_beside_no_average(note):
    whole = lines.share(Q2, 90.0, 20)
    assert data_sets._can_be_compared(whole)
    assert not data_sets._can_be_compared(replace(whole, note=note))


def test_a_small_chart_has_its_latest_figure_and_its_level_in_words_and_keeps_gaps():
    line = lines.line("mash_decision_1wd_pct", lines.points([96.0, None, 93.0, 91.0]))
    picture = charts.panel(line)
    assert ">91.0%</text>" in picture
    assert "Level for green 95%" in picture
    assert picture.count("<polyline") == 1
    assert "no figures yet" in charts.panel(lines.line("mash_contacts"))


def test_a_group_s_line_has_a_dot_for_its_latest_figure_and_none_where_it_is_missing():
    known, ended = lines.points([4, 5, 6], make=lines.count), lines.points([4, 5, None], make=lines.count)
    assert charts.group_line(known, 0, 6).count("<circle") == 1
    assert charts.group_line(ended, 0, 6).count("<circle") == 0


@WITH_FIGURES
def test_a_data_set_names_what_nobody_sends_and_draws_no_picture_of_it():
    app = open_page("pages/data_sets.py", set="mash")
    shown = words(app)
    assert re.findall(r"<h1>(.*?)</h1>", markup(app)) == ["MASH data set"]
    assert "Agencies answering in time: not supplied. It needs" in shown
    assert "Contacts to the front door: there are no figures by source for this quarter." in shown
    assert "<table" not in markup(app)


@WITH_FIGURES
def test_an_unknown_data_set_is_told():
    assert "There is no data set called 'mesh'." in words(open_page("pages/data_sets.py", set="mesh"))


@WITH_FIGURES
def test_a_declared_data_set_shows_trends_groups_and_a_funnel(tmp_path, monkeypatch):
    ours = tmp_path / "ours.yaml"
    ours.write_text(seeded.PARTNERSHIP.read_text(encoding="utf-8") + DECLARED, encoding="utf-8")
    monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(ours))
    app = open_page("pages/data_sets.py", set="plans")
    assert not app.exception
    shown = words(app)
    assert "Conference within 15 working days stood at 55.0% (33 of 60) in Q2 2025/26" in shown
    assert "Conference within 15 working days by locality" in shown
    assert re.search(r"of seven localities|None of six localities|of six localities", shown)
    assert 'data-label="Three years"' in markup(app)
    assert "kpi?theme=child_protection&amp;kpi=icpc_15wd_pct" in markup(app)
    local = words(open_page("pages/data_sets.py", set="plans", area="north"))
    assert "Groups inside a locality are too small to keep." in local


DECLARED = """
data_sets:
  - id: plans
    title: From conference to plan
    about: How soon.
    lead: Head of safeguarding
    sections:
      - title: Conferences
        shows:
          - {kpi: icpc_15wd_pct, form: trend}
          - {kpi: icpc_15wd_pct, form: groups, by: locality}
          - {kpi: icpc_15wd_pct, form: funnel, by: locality}
          - {kpi: referrals, form: groups, by: locality}
"""
