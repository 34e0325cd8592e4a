"""The data dictionary answers what a figure is made from, in which form, how often, by which statement and whose."""

import datetime

import pytest

from scorecards.definitions import ExpectedReturn, read_definitions
from scorecards.measures import Reading, Slice, kind_of
from scorecards.measures.statement import laid_out, statement_text
from scorecards.ui import dictionary
from tests.seeding import empty_store, land, with_partnership
from tests.test_analyst_pages import markup
from tests.test_pages import open_page, words

TODAY = datetime.date(2025, 10, 14)


@pytest.fixture(scope="module")
def ours():
    return read_definitions()


@pytest.fixture(scope="module")
def found(ours):
    return {one.kpi.id: one for one in dictionary.entries(ours, TODAY)}


def test_a_statement_has_a_line_for_each_clause_and_an_inner_one_stands_further_in():
    sql = (
        "SELECT a.x, count(*) AS n FROM (SELECT t.x AS x FROM t WHERE t.x = 'a, FROM (b' AND t.y = 1) AS a GROUP BY a.x"
    )
    assert laid_out(sql).splitlines() == [
        "SELECT a.x,",
        "  count(*) AS n",
        "FROM (",
        "  SELECT t.x AS x",
        "  FROM t",
        "  WHERE t.x = 'a, FROM (b'",
        "    AND t.y = 1",
        ") AS a",
        "GROUP BY a.x",
    ]


def test_every_statement_as_it_is_shown_runs_and_finds_what_the_product_finds(ours, tmp_path):
    store = empty_store(f"sqlite:///{tmp_path / 'some.db'}", ours, TODAY)
    rows = [{"child_id": str(n), "conference_date": "2025-08-20", "transfer_in": "no"} for n in range(12)]
    land(store, {"icpc": rows}, ("2024-07-01", "2025-09-30"))
    reading, ran = Reading(ours, store.lists), 0
    with store.read() as connection:
        for kpi in ours.kpis.values():
            sql = statement_text(kind_of(kpi.measure), kpi, reading)
            if sql:
                statement = kind_of(kpi.measure).select(kpi, reading, Slice(kpi.windows.shown))
                shown = sorted(map(tuple, connection.exec_driver_sql(sql)))
                assert shown == sorted(map(tuple, connection.execute(statement))), kpi.id
                ran += bool(shown)
    store.close()
    assert ran > 1


def test_what_partners_send_themselves_has_no_statement(ours, tmp_path):
    store = empty_store(f"sqlite:///{tmp_path / 'some.db'}", ours, TODAY)
    entries = [one for one in dictionary.entries(ours, TODAY) if one.kpi.id in ("ed_self_harm", "mash_contacts")]
    assert list(dictionary.statements(entries, store)) == ["mash_contacts"]
    store.close()


def test_a_list_says_in_which_form_and_how_often_it_is_sent(found):
    (supply,) = found["mash_contacts"].supplies
    assert supply.sent_as.startswith("a list; one row is one ")
    assert supply.how_often == "every quarter from MASH, due 8 days after it ends"


def test_figures_sent_ready_made_say_so(found):
    (supply,) = found["ed_self_harm"].supplies
    assert supply.sent_as == "ready-made figures, in the aggregate return"
    assert supply.how_often == "every quarter from Hospital trust, due 8 days after it ends"


def test_what_nobody_is_asked_for_says_so(found):
    (supply,) = found["threshold_agreement_pct"].supplies
    assert supply.how_often == "nobody is asked for it yet in partnership.yaml"


def test_a_figure_that_is_asked_for_beside_its_list_says_both(ours):
    asked = ExpectedReturn.model_validate(
        {"agency": "police", "kpis": ["mash_contacts"], "every": "month", "due_days_after": 5, "from": "2025-04-01"}
    )
    both = with_partnership(ours, returns=(*ours.partnership.returns, asked))
    found = {one.kpi.id: one for one in dictionary.entries(both, TODAY)}
    assert found["mash_contacts"].ready_made == "every month from Police, due 5 days after it ends"
    assert found["mash_contacts"].supplies[0].how_often.startswith("every quarter from MASH")


def test_a_published_measure_names_its_release_and_a_break_its_day(found):
    assert "England's newest here is" in found["icpc_15wd_pct"].official
    assert found["mash_contacts"].official == ""
    assert found["injury_admissions_rate_10k"].breaks[0].startswith("April 2022: Same-day care apart.")


def test_the_page_shows_the_statement_of_what_was_searched_for_and_no_other():
    everything = markup(open_page("pages/dictionary.py"))
    assert "<pre" not in everything
    assert "search=icpc_15wd_pct" in everything
    one = markup(open_page("pages/dictionary.py", search="icpc_15wd_pct"))
    assert one.count("<pre") == 1
    assert "FROM list_icpc" in one


def test_an_id_finds_its_own_measure_and_none_that_speaks_of_it(found):
    assert [one.kpi.id for one in dictionary.matching(tuple(found.values()), "re_referral_pct")] == ["re_referral_pct"]


def test_a_measure_is_found_by_its_supplier_in_plain_words():
    app = open_page("pages/dictionary.py")
    shown = words(app.text_input[0].set_value("hospital trust ready-made").run())
    assert "self-harm" in shown.casefold()
    assert "Referrals to children's social care" not in shown
