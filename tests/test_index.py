"""All scorecards at once: how each stands is counted once, said in words, and leads to it."""

import csv
import io
import re

import pytest

from scorecards import narrative
from scorecards.periods import period_by_id
from scorecards.scorecard import Scorecard, View
from scorecards.tally import Tally, tally
from scorecards.ui import card
from tests import lines
from tests.test_pages import made, markup, open_page, with_figures, words  # noqa: F401 (fixtures)

WITH_FIGURES = pytest.mark.usefixtures("with_figures")
NOTHING = dict.fromkeys(Tally.__dataclass_fields__, 0)
FALLEN = lines.points(lines.FALLEN)
AGREED = lines.target("icpc_15wd_pct", 82, 75)


def counts(**some):
    return Tally(**(NOTHING | some))


def test_every_measure_is_counted_once():
    ours = lines.definitions(AGREED)
    red = lines.line("icpc_15wd_pct", FALLEN, ours=ours)
    activity = lines.line("mash_contacts", lines.points([40] * 3, make=lines.count))
    late = lines.line("mash_decision_1wd_pct", lines.points([96.0, 97.0, None]))
    unused = lines.line("out_of_hours_contacts")
    found = tally(lines.scorecard(red, activity, late, unused))
    assert found == counts(red=1, unrated=1, without_figure=1, unused=1, worse=1, tested=1)
    assert (found.measures, found.supplied) == (4, 3)


@pytest.mark.parametrize(
    ("some", "tells"),
    [({"green": 3}, False), ({"amber": 1}, False), ({"red": 1}, True), ({"green": 1, "better": 1}, True)],
)
def test_what_is_red_or_really_changed_needs_telling(some, tells):
    assert counts(**some).needs_telling is tells


def test_counts_are_said_weightiest_first_and_what_is_nought_is_left_out():
    found = counts(red=2, green=1, unrated=4, worse=1, otherwise=2, tested=7)
    assert narrative.rating_counts(found) == [("red", "2 red"), ("green", "1 green"), ("not rated", "4 not rated")]
    assert narrative.change_counts(found) == [("worse", "1 getting worse"), ("higher", "2 higher or lower than usual")]


def test_no_real_change_and_too_early_are_two_things():
    assert narrative.change_counts(counts(green=1, tested=1)) == [("none", "No real change")]
    assert narrative.change_counts(counts(green=1)) == [("unknown", "Too early to say what is usual")]


def test_what_was_late_and_what_nobody_supplies_are_two_things():
    quarter = period_by_id("2025-26-Q2").label
    assert narrative.gaps_words(counts(without_figure=1, unused=3), quarter) == (
        "1 has no figure for Q2 2025/26. 3 not supplied yet."
    )
    assert narrative.gaps_words(counts(green=3), quarter) == ""


def test_all_scorecards_are_summed_up_in_a_sentence():
    found = [counts(red=1, worse=1), counts(green=2), counts(unused=4)]
    assert narrative.index_summary(found) == (
        "2 of 3 scorecards have figures. 1 of 2 has something red. 1 of 2 has a measure that is really getting worse."
    )
    assert narrative.index_summary([counts(green=1)]) == (
        "None has something red. None has a measure that is really getting worse."
    )


@WITH_FIGURES
def test_without_a_theme_the_page_shows_every_scorecard_with_who_leads_it():
    app = open_page("pages/scorecards.py")
    shown = words(app)
    assert re.findall(r"<h1>(.*?)</h1>", markup(app)) == ["Scorecards"]
    assert "Lead: Head of safeguarding. For: Executive group and board." in shown
    assert re.search(r"Child protection From the strategy .* how long plans last. ■ \d red", shown)
    assert re.search(r"\d getting worse", shown)
    assert 'href="scorecards?theme=child_protection&amp;period=2025-26-Q2&amp;area=partnership"' in markup(app)


@WITH_FIGURES
def test_a_scorecard_of_which_nothing_is_supplied_stands_last_and_short():
    last = words(open_page("pages/scorecards.py")).partition("Nothing supplied yet")[2]
    assert re.search(
        r"Private fostering \d+ measures defined, none supplied. Child protection sub-group. Lead: Head of", last
    )
    assert "Child protection From" not in last


@WITH_FIGURES
def test_from_all_scorecards_one_is_chosen_and_the_way_leads_back():
    app = open_page("pages/scorecards.py")
    assert app.selectbox(key="choose_theme").value == ""
    app.selectbox(key="choose_theme").set_value("child_protection").run()
    assert app.query_params == {"theme": "child_protection"}
    assert '<a href="scorecards?period=2025-26-Q2&amp;area=partnership">Scorecards</a>' in markup(app)
    app.selectbox(key="choose_theme").set_value("").run()
    assert app.query_params == {}


@WITH_FIGURES
def test_the_front_page_tells_of_what_needs_telling_and_names_the_rest():
    shown = markup(open_page())
    tiles = re.findall(r'<li class="tile">\s*<h2><a [^>]*>(.*?)</a>', shown)
    assert "Child protection" in tiles
    assert "All scorecards, with who leads each" in shown
    assert "Not supplied yet: " in shown
    assert "Private fostering" not in tiles


@WITH_FIGURES
def test_an_unknown_scorecard_leads_to_all_of_them():
    shown = words(open_page("pages/scorecards.py", theme="nursery"))
    assert "There is no scorecard called 'nursery'. The page Scorecards shows them all." in shown
    assert "Open one to see every measure in it." in shown


def local(kpi_id, *quarterly):
    return lines.line(kpi_id, lines.points(quarterly), area="east", view=View(lines.Q2, "east"), supplied=SENT)


SENT = {"kpi:practitioner_survey_pct": lines.supplied(), "contacts": lines.supplied("mash")}


def test_what_is_not_counted_by_locality_is_neither_missing_nor_unused():
    here, elsewhere = local("mash_contacts", 96, 97), local("practitioner_survey_pct")
    ours = Scorecard(View(lines.Q2, "east"), None, (here, elsewhere), 1)
    assert [line.kpi.id for line in ours.here.lines] == ["mash_contacts"]
    assert [line.kpi.id for line in ours.elsewhere] == ["practitioner_survey_pct"]
    found = tally(ours)
    assert (found.supplied, found.elsewhere, found.unused, found.measures) == (1, 1, 0, 2)
    assert "One more is counted for the whole partnership only." in narrative.scorecard_summary(ours)
    assert narrative.gaps_words(found, "Q2 2025/26") == "1 for the whole partnership only."


def test_a_scorecard_of_nothing_by_locality_says_so():
    ours = Scorecard(View(lines.Q2, "east"), None, (local("practitioner_survey_pct"),), 1)
    assert narrative.scorecard_summary(ours) == (
        "None of these measures is counted by locality: they stand for the whole partnership."
    )


@WITH_FIGURES
def test_a_locality_s_scorecard_names_what_it_has_no_figures_of():
    shown = words(open_page("pages/scorecards.py", theme="data_quality", area="north"))
    assert "Counted for the whole partnership only, and not by locality: " in shown
    assert "Two more are counted for the whole partnership only." in shown
    assert "2 for the whole partnership only." in words(open_page("pages/scorecards.py", area="north"))


@WITH_FIGURES
def test_a_scorecard_can_be_taken_away_for_its_locality(monkeypatch):
    taken = []
    monkeypatch.setattr(card, "draw_download", lambda *asked: taken.append(asked[:3]))
    open_page("pages/scorecards.py", theme="child_protection", area="north")
    ((page, found, label),) = taken
    assert label == "Download this scorecard, North locality (CSV)"
    rows = list(csv.DictReader(io.StringIO(card.card_csv(page, found).decode("utf-8-sig"))))
    row = next(row for row in rows if row["kpi"] == "icpc_15wd_pct")
    assert (row["area"], row["period"], row["unit"]) == ("North", "12 months to September 2025", "percent")
    assert float(row["value"]) == found.line("icpc_15wd_pct").latest.value
    assert "unsuppressed" in row["handling"]
