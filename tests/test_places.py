"""Which localities differ by more than chance: what is judged, what is not and why, and what is said of it."""

from dataclasses import replace

import pytest

from scorecards.definitions import read_definitions
from scorecards.funnel import Verdict
from scorecards.narrative.place_words import (
    looked_at,
    not_judged_words,
    place_figure,
    place_verdict,
    places_summary,
    spot_sentence,
    why_not_judged,
)
from scorecards.periods import quarter
from scorecards.places import NotJudged, read_places, said_by_a_rate
from scorecards.scorecard import View
from tests.seeded import PARTNERSHIP
from tests.seeding import empty_store, land, with_partnership

Q2 = quarter(2025, 2)
PLACES = ("north", "south", "east", "west", "vale", "coast")
AGAIN, RATE, NFA = "re_referral_pct", "referral_rate_10k", "referral_nfa_pct"


def referral(child, locality, day, **more):
    return {"child_id": child, "locality": locality, "referral_date": day, "source": "1A", **more}


def referrals():
    """Return a year of first referrals, and a year after it in which many more of East's children come back."""
    rows = []
    for place in PLACES:
        back = 40 if place == "east" else 12
        rows += [referral(f"{place} {at}", place, "2024-06-03") for at in range(back)]
        rows += [referral(f"{place} {at}", place, "2025-03-03", nfa="no") for at in range(80)]
    return rows


def enquiries():
    """Return enquiries of which a third have no locality."""
    places = [place if at % 3 else None for place in PLACES for at in range(30)]
    return [
        {"child_id": f"asked {at}", "locality": place, "start_date": "2025-02-03"} for at, place in enumerate(places)
    ]


def discussions():
    """Return discussions of the nine months that were sent."""
    return [{"child_id": f"met {at}", "locality": "east", "held_date": "2025-02-03"} for at in range(40)]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(tmp_path_factory.mktemp("places")))
        store = empty_store(None, read_definitions(partnership=PARTNERSHIP))
        rows = {"referrals": referrals(), "section_47": enquiries()}
        land(store, rows, ("2023-04-01", "2025-09-30"), agency="council")
        land(store, {"strategy_discussions": discussions()}, ("2025-01-01", "2025-09-30"), agency="council")
    return store


@pytest.fixture(scope="module")
def places(store):
    return read_places(store, View(Q2))


def verdicts(of):
    return {name: placed.verdict for name, placed in of.placed.items()}


def test_a_locality_far_from_the_whole_partnership_is_found(places):
    of = places.measures[AGAIN]
    assert of.period.kind == "rolling_12_months"
    assert of.funnel.average == pytest.approx(100 / 480)
    assert {name for name, verdict in verdicts(of).items() if verdict is Verdict.ABOVE} == {"east"}
    spot = next(spot for spot in places.hot if spot.of is of)
    assert (spot.locality, spot.is_worse) == ("east", True)
    assert spot.points[-1].value == 50


def test_what_is_worse_comes_first_and_what_has_no_bad_direction_last(places):
    assert [spot.is_worse for spot in places.hot] == sorted(
        (spot.is_worse for spot in places.hot), key=[True, False, None].index
    )


def test_counts_are_judged_as_rates_of_the_children_who_live_there(places):
    of = places.measures["referrals"]
    assert of.funnel.kind == "rate"
    assert {one.group.name: one.group.base for one in of.funnel.groups}["vale"] == 12_000
    assert place_figure(of, "vale") == "66.7 per 10,000"
    assert place_figure(places.measures[RATE], "vale") == "66.7 per 10,000"


def test_a_count_and_its_rate_are_one_thing_looked_at_once(store, places):
    assert "referrals" in said_by_a_rate(list(store.definitions.kpis.values()))
    judged = {spot.of.kpi.id for spot in (*places.hot, *places.near)}
    assert RATE in judged
    assert "referrals" not in judged


def test_how_many_pairs_were_looked_at_is_said_with_what_chance_would_do(places):
    assert places.judged == sum(
        placed.verdict is not Verdict.TOO_FEW
        for of in places.measures.values()
        if of.kpi.id != "referrals"
        for placed in of.placed.values()
    )
    assert looked_at(places).startswith(f"{places.judged} pairs of a locality and a measure were looked at")
    assert "chance alone would put at most one of them beyond the 99.8% limits" in looked_at(places)


def test_the_sentence_says_how_far_chance_would_go(places):
    spot = next(spot for spot in places.hot if spot.of.kpi.id == AGAIN)
    assert spot_sentence(spot) == (
        "50.0% (40 of 80) against 20.8% in the whole partnership. Chance alone would hardly ever carry a place of this "
        "size outside 7.4% to 36.4%."
    )
    assert "East for re-referrals within 12 months" in places_summary(places, read_definitions(partnership=PARTNERSHIP))


def test_a_measure_that_nobody_sent_is_not_judged(places):
    of = places.measures["cla_stock"]
    assert (of.funnel, of.why_not) == (None, NotJudged.NO_FIGURES)
    assert place_verdict(of, "east").short == "No figure"


def test_counts_without_a_known_number_of_children_are_not_judged(store):
    found = read_places(replace(store, definitions=with_partnership(store.definitions, populations=())), View(Q2))
    of = found.measures["referrals"]
    assert of.why_not is NotJudged.NO_POPULATION
    assert "Give the localities' populations in partnership.yaml." in why_not_judged(of)
    assert place_verdict(of, "east").short == "Not judged"
    assert found.measures[AGAIN].why_not is None
    assert any("number of children" in words for words, _count in not_judged_words(found))


def test_where_many_cases_have_no_locality_none_is_judged(places):
    of = places.measures["s47_started"]
    assert of.why_not is NotJudged.WITHOUT_PLACE
    assert why_not_judged(of) == "It is not judged: 33% of the cases have no locality."


def test_a_year_that_is_covered_in_part_is_not_judged(places):
    of = places.measures["strategy_discussions"]
    assert (of.funnel, of.why_not) == (None, NotJudged.WHOLE_NOT_KNOWN)
    assert place_verdict(of, "east").short == "Not judged"


def test_an_earlier_version_is_judged_as_it_was(store):
    assert read_places(store, View(Q2, version=1)).measures["strategy_discussions"].why_not is NotJudged.NO_FIGURES
    assert read_places(store, View(Q2, version=1)).measures[AGAIN].why_not is None


def test_a_share_of_more_than_all_of_them_is_not_judged(sqlite_url):
    store = empty_store(sqlite_url, read_definitions(partnership=PARTNERSHIP))
    sent = {"kpi": AGAIN, "period": "2025-26-Q2-R12"}
    places = [{**sent, "area": name, "numerator": 2, "denominator": 40} for name in ("north", "south")]
    rows = [{**sent, "numerator": 12, "denominator": 10}, *places]
    land(store, {"aggregate_return": rows}, None, agency="council")
    of = read_places(store, View(Q2)).measures[AGAIN]
    assert (of.funnel, of.why_not) == (None, NotJudged.NO_BASE)
    store.close()
