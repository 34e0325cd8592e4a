"""Scorecards and priorities come with the measures; a partnership words them anew, or makes its own."""

import pytest

from scorecards.definitions import read_definitions
from scorecards.errors import DefinitionError
from tests.test_definitions import GOOD

KNOWN = """
themes:
  front_door: {title: The front door, group: MASH sub-group, lead: Head of the MASH, audience: Board, about: Contacts.}
  referrals: {title: Known, group: Known group, lead: Somebody, audience: Board, about: Known words.}
priorities:
  early: {title: Help early, about: Before it is too late.}
"""


@pytest.fixture
def read(tmp_path):
    """Read definitions with scorecards and priorities, and what a partnership writes in place of its own."""

    def reading(themes: str = "themes: []\n", more: str = ""):
        files = dict(GOOD)
        files["partnership.yaml"] = files["partnership.yaml"].split("themes:\n")[0]
        files["kpi_definitions.yaml"] = KNOWN + files["kpi_definitions.yaml"]
        files["partnership.yaml"] += themes + more + "targets: []\n"
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return read_definitions(tmp_path)

    return reading


@pytest.mark.parametrize("section", ["themes", "priorities", "data_sets", "journey"])
def test_an_id_that_is_no_word_is_told(read, section):
    with pytest.raises(DefinitionError) as raised:
        read("", f"{section}: [{{id: [cp], title: Plans}}]\n")
    assert any("'id' is a list, which is not a word" in problem for problem in raised.value.problems)


def test_a_partnership_that_says_nothing_has_the_scorecards_that_come_with_the_measures(read):
    for themes in ("themes: []\n", ""):
        us = read(themes).partnership
        assert [theme.title for theme in us.themes] == ["The front door", "Known"]
        assert [one.title for one in us.priorities] == ["Help early"]


def test_what_a_partnership_leaves_unsaid_of_a_scorecard_stays(read):
    first, second = read("themes:\n  - {id: referrals, lead: Our own head}\n").partnership.themes
    assert (first.title, first.lead, first.audience) == ("Known", "Our own head", "Board")
    assert second.id == "front_door"


def test_a_partnership_makes_a_scorecard_of_its_own_from_measures_it_names(read):
    ours = "themes:\n  - {id: ours, title: Ours, group: Us, lead: Me, about: Our plan., kpis: [re_referrals]}\n"
    definitions = read(ours, "priorities:\n  - {id: early, title: Sooner, kpis: [re_referrals]}\n")
    kpi = definitions.kpis["re_referrals"]
    assert kpi.themes == ("referrals", "ours")
    assert [one.title for one in definitions.priorities_of(kpi)] == ["Sooner"]


@pytest.mark.parametrize(
    ("themes", "said"),
    [
        ("  - {id: ours, title: Ours}\n", "'lead' is missing"),
        ("  - {id: referrals, kpis: [re_referral]}\n", "'re_referral', which is not a KPI. Did you mean"),
        ("  - {id: referrals}\n  - {id: referrals}\n", "the theme 'referrals' stands here a second time."),
        ("  - referrals\n", "partnership.yaml:18"),
    ],
    ids=["half a scorecard", "a measure that is none", "twice", "no block"],
)
def test_what_is_wrong_with_a_scorecard_is_told(read, themes, said):
    with pytest.raises(DefinitionError) as raised:
        read("themes:\n" + themes)
    assert said in " ".join(raised.value.problems)


def test_a_mistake_in_a_scorecard_that_comes_with_the_measures_is_told_where_it_stands(read, tmp_path):
    read()
    path = tmp_path / "kpi_definitions.yaml"
    path.write_text(path.read_text().replace("lead: Somebody", "led: Somebody"))
    with pytest.raises(DefinitionError) as raised:
        read_definitions(tmp_path)
    assert raised.value.problems[0].startswith("kpi_definitions.yaml:4: theme 'referrals': 'led' is not known here.")


JOURNEY = """
journey:
  referral: {title: Referrals, one: a referral, counts: re_referrals}
  again: {title: Known again, one: another referral, counts: re_referrals}
"""


@pytest.fixture
def read_journey(read, tmp_path):
    """Read definitions with a journey of two stages, and what a partnership writes in place of it."""

    def reading(ours: str = "", journey: str = JOURNEY):
        read()
        for name, before, after in (("kpi_definitions.yaml", journey, ""), ("partnership.yaml", "", ours)):
            path = tmp_path / name
            path.write_text(before + path.read_text(encoding="utf-8") + after, encoding="utf-8")
        return read_definitions(tmp_path).partnership.journey

    return reading


def test_a_partnership_that_says_nothing_has_the_journey_that_comes_with_the_measures(read_journey):
    assert [stage.title for stage in read_journey()] == ["Referrals", "Known again"]


def test_a_partnerships_own_journey_takes_its_place_and_what_it_leaves_unsaid_of_a_stage_stays(read_journey):
    (stage,) = read_journey("journey:\n  - {id: again, title: Second}\n")
    assert (stage.title, stage.one, stage.counts) == ("Second", "another referral", "re_referrals")


def test_a_broken_stage_does_not_make_the_next_step_look_wrong(read_journey):
    with pytest.raises(DefinitionError) as raised:
        read_journey(journey=JOURNEY.replace("one: a referral", "won: a referral"))
    assert all("journey stage 'referral'" in problem for problem in raised.value.problems)
