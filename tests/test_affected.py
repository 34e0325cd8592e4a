"""Who is affected: groups of children beside all others, and who is left out of the comparison."""

import pytest

from scorecards import charts
from scorecards.affected import Basis, NotCompared, people_by_group, read_affected
from scorecards.definitions import read_definitions
from scorecards.errors import DefinitionError
from scorecards.narrative.affected_words import affected_alt, affected_sentence, apart_words
from scorecards.periods import quarter
from scorecards.rate_ratio import Counted, Standing
from scorecards.scorecard import View
from scorecards.ui.affected import affected_table
from tests.seeded import PARTNERSHIP
from tests.seeding import empty_store, land, with_partnership

Q2 = quarter(2025, 2)
GROUPS = {"white": 400, "mixed": 90, "asian": 40, "black": 8, "not_stated": 12}


def enquiry(at, ethnicity, disability):
    return {"child_id": f"child {at}", "start_date": "2025-02-03", "ethnicity": ethnicity, "disability": disability,
            "sex": "female" if at % 2 else "male", "locality": "north"}  # fmt: skip


def in_need(at, disability):
    return {"child_id": f"need {at}", "start_date": "2025-02-03", "disability": disability, "locality": "north",
            "ethnicity": "white", "sex": "male"}  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    names = [group for group, count in GROUPS.items() for _ in range(count)]
    enquiries = [enquiry(at, group, "yes" if at % 5 == 0 else "no") for at, group in enumerate(names)]
    cases = [in_need(at, "yes" if at % 10 == 0 else "no") for at in range(300)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(tmp_path_factory.mktemp("affected")))
        store = empty_store(None, read_definitions(partnership=PARTNERSHIP))
        rows = {"section_47": enquiries, "cin": cases}
        land(store, rows, ("2024-04-01", "2025-09-30"), agency="council")
    return {(of.kpi.id, of.breakdown): of for of in read_affected(store, View(Q2))}


def test_a_group_is_set_beside_all_other_children_who_live_here(found):
    of = found["s47_started", "ethnicity"]
    assert (of.basis, of.mid_year) == (Basis.CHILDREN, 2024)
    mixed = next(one for one in of.groups if one.group == "Mixed or multiple ethnic groups")
    assert mixed.counted == Counted(90, 8_500)
    assert mixed.others == Counted(448, 122_200)
    assert mixed.ratio.value == pytest.approx((90 / 8_500) / (448 / 122_200))
    assert mixed.ratio.standing is Standing.MORE
    assert mixed.is_sure


def test_who_did_not_say_is_left_out_and_shown_apart(found):
    of = found["s47_started", "ethnicity"]
    assert of.apart == (("Not stated", 12.0),)
    assert apart_words(of) == "Left out and counted apart: not stated 12."
    assert "Not stated" not in {one.group for one in of.groups}


def test_fewer_than_ten_cases_are_not_judged_and_a_group_in_no_row_has_none(found):
    standing = {one.group: (one.counted.cases, one.ratio.standing) for one in found["s47_started", "ethnicity"].groups}
    assert standing["Black, Black British, Caribbean or African"] == (8, Standing.TOO_FEW)
    assert standing["Other ethnic group"] == (0, Standing.TOO_FEW)


def test_without_a_population_shares_are_set_beside_those_of_a_wider_cohort(found):
    of = found["s47_started", "disability"]
    assert (of.basis, of.wider.id) == (Basis.COHORT, "cin_open")
    yes = next(one for one in of.groups if one.group == "yes")
    assert (yes.counted, yes.others) == (Counted(110, 550), Counted(30, 300))
    assert yes.ratio.value == pytest.approx(2)
    assert "says nothing of how often it happens among them" in affected_sentence(of)


def test_with_neither_it_is_said_why_there_is_no_comparison(found):
    of = found["cin_open", "disability"]
    assert (of.groups, of.why_not) == ((), NotCompared.NO_BASE)
    assert "group_populations in partnership.yaml" in affected_sentence(of)


def test_the_table_and_the_picture_say_the_same(found):
    of = found["s47_started", "ethnicity"]
    table, figure = affected_table(of), charts.ratio_chart(of)
    assert "▲</span> More often than others" in table
    assert "105.9 (90)" in table
    assert any(
        "Mixed or multiple ethnic groups</b> 2.89 times (2.30 to 3.62)" in note.text
        for note in figure.layout.annotations
    )
    assert figure.data[0].marker.symbol.count("triangle-up") == 1
    assert "Beyond chance: " in affected_alt(of)


def test_every_comparison_can_be_drawn(found):
    drawn = [charts.ratio_chart(of) for of in found.values() if of.groups]
    assert len(drawn) >= 5
    assert all(affected_alt(of) for of in found.values() if of.groups)


def test_populations_of_a_later_year_are_not_used_and_one_group_alone_is_none():
    demo = read_definitions(partnership=PARTNERSHIP)
    assert people_by_group(demo, "sex", quarter(2023, 2)) is None
    assert people_by_group(demo, "sex", Q2)[0] == {"Female": 63_700, "Male": 67_000}
    only = with_partnership(demo, group_populations=demo.partnership.group_populations[:1])
    assert people_by_group(only, "ethnicity", Q2) is None


def test_the_groups_of_each_kind_add_up_to_the_children_of_the_area():
    us = read_definitions(partnership=PARTNERSHIP).partnership
    for kind in ("ethnicity", "sex", "age_band"):
        assert sum(one.children for one in us.group_populations if one.breakdown == kind) == 130_700


def test_a_group_that_no_list_knows_is_named_with_its_line(tmp_path):
    text = PARTNERSHIP.read_text(encoding="utf-8").replace("group: mixed,", "group: mixd,")
    file = tmp_path / "partnership.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"of 'mixd', which is not a group of ethnicity\. Did you mean 'mixed'"):
        read_definitions(partnership=file)


def test_a_group_with_more_than_all_of_them_stands_beside_none(sqlite_url):
    store = empty_store(sqlite_url, read_definitions(partnership=PARTNERSHIP))
    sent = {"kpi": "mash_contact_nfa_pct", "period": "2025-26-Q2-R12", "breakdown": "age_band", "denominator": 40}
    counted = {"under 1": 41, "1 to 4": 10, "5 to 9": 12}
    rows = [{**sent, "group": group, "numerator": cases} for group, cases in counted.items()]
    land(store, {"aggregate_return": rows}, None, agency="mash")
    found = {(of.kpi.id, of.breakdown): of for of in read_affected(store, View(Q2))}
    of = found["mash_contact_nfa_pct", "age_band"]
    assert {one.group: one.others for one in of.groups} == {"1 to 4": Counted(12, 40), "5 to 9": Counted(10, 40)}
    store.close()
