"""History accumulates from extracts that overlap: what they say together is what one list of everything would say."""

import datetime
from functools import cache

import pytest
from sqlalchemy import select

from data_loaders import check_files, land
from scorecards.definitions import read_definitions
from scorecards.errors import LoadRefused
from scorecards.measures import KINDS
from scorecards.store.schema import kpi_value
from tests import partner_files
from tests.census_files import case, census, child
from tests.extracts import FIRST, LAST, case_system, file_of, truth, windows
from tests.partner_files import PLANS, TODAY, checked, day, landed, live, opened
from tests.prepared import open_prepared

# The lists that an Annex A workbook with lists 1, 3, 4, 5 and 7 feeds.
FED = {"contacts", "referrals", "assessments", "section_47", "icpc", "cp_plans"}
EVERYTHING = (FIRST, LAST)
QUARTER = (datetime.date(2025, 4, 1), datetime.date(2025, 6, 30))
KEY = "a key for tests that stores may share, as long as any key"
CODES = {
    "q) 6: Police": "6", "e) 2A: Schools": "2A", "g) 3A: Health services": "3A",
    "a) Neglect": "NEG", "b) Physical abuse": "PHY", "d) Emotional abuse": "EMO",
}  # fmt: skip
# What a figure is, without when and through which version it came.
FIGURE = ("kpi", "window", "period", "breakdown", "grp", "numerator", "denominator", "value", "excluded", "status",
          "note", "fed_by")  # fmt: skip


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def either_store(database_url):
    store = opened(database_url)
    yield store
    store.close()


@cache
def definitions():
    """The project's definitions with every KPI that nothing but these lists feeds, and the council in the lead."""
    everything, few = read_definitions(), partner_files.definitions()
    kpis = {name: kpi for name, kpi in everything.kpis.items() if set(KINDS[kpi.measure.kind].record_types(kpi)) <= FED}
    us = few.partnership.model_copy(update={"first_day": FIRST})
    return few.model_copy(update={"kpis": kpis, "partnership": us})


def landed_in_turn(url, *files):
    """Return a store in which files, each (bytes, days covered), were landed one after the other, and the results."""
    made = open_prepared(url, definitions(), TODAY)
    results = []
    for number, (data, covers) in enumerate(files):
        check = check_files(made, [(f"Extract {number}.xlsx", data)], covers=covers)
        results.append(land(made, check, by="a test", confirmed=True, reasons={"": "As the council said."}))
    return made, results


def rows_of(store):
    """Return the rows of every list that count, without where they come from."""
    beside = {"id", "submission_id", "source_row", "landed_in", "superseded_in"}
    tables = {records: store.lists[records].columns for records in sorted(FED)}
    return {
        records: live(store, records, *(column.name for column in columns if column.name not in beside))
        for records, columns in tables.items()
    }


def figures_of(store):
    columns = [kpi_value.c[name] for name in FIGURE]
    with store.read() as connection:
        return {tuple(row) for row in connection.execute(select(*columns).where(kpi_value.c.superseded_in.is_(None)))}


@pytest.fixture(scope="module")
def at_once(tmp_path_factory):
    """The rows and figures of a store in which the lists of all three years were landed at once."""
    folder = tmp_path_factory.mktemp("at_once")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_KEY", KEY)
        store, _ = landed_in_turn(f"sqlite:///{folder / 'at_once.db'}", (file_of(truth()), EVERYTHING))
    found = rows_of(store), figures_of(store)
    store.close()
    return found


def expected(store, name, *words):
    """Return the truth in plain Python: of each row of a list its child, and what the functions `words` say of it."""
    named = store.pseudonymiser.pseudonym
    return sorted(((named(f"C{row.child}"), *(word(row) for word in words)) for row in truth()[name]), key=repr)


def start(row):
    return row.start.toordinal()


def end(row):
    return row.end.toordinal() if row.end else None


def code(row):
    return CODES[row.words[0]]


def test_seven_overlapping_extracts_are_one_list_of_three_years(database_url, monkeypatch, at_once):
    monkeypatch.setenv("SCORECARDS_KEY", KEY)
    extracts = [(file_of(case_system().extract(first, last)), None) for first, last in windows()]
    assert len(extracts) == 7
    store, results = landed_in_turn(database_url, *extracts)
    # Every kind of revision took place.
    assert all(sum(getattr(one, what) for one in results) > 20 for what in ("rows_changed", "rows_removed"))

    def of_children(records, *columns):
        return live(store, records, "child_id", *columns)

    assert of_children("contacts", "contact_at", "source") == expected(store, "List 1", start, code)
    assert of_children("referrals", "referral_date", "source") == expected(store, "List 3", start, code)
    assert of_children("assessments", "start_date", "authorised_date") == expected(store, "List 4", start, end)
    assert of_children("section_47", "start_date") == expected(store, "List 5", start)
    held = [row for row in expected(store, "List 5", start, end) if row[2] is not None]
    assert of_children("icpc", "s47_start_date", "conference_date") == held
    assert of_children("cp_plans", "start_date", "end_date", "latest_category") == expected(
        store, "List 7", start, end, code
    )
    rows, figures = at_once
    assert rows_of(store) == rows
    assert len(figures) > 1_000
    assert figures_of(store) == figures
    store.close()


SIX_MONTHS = (datetime.date(2025, 4, 1), datetime.date(2025, 9, 30))
NEXT = (datetime.date(2025, 9, 1), datetime.date(2025, 10, 14))
PLAN_DAYS = ("start_date", "end_date")


def test_the_same_six_months_again_with_revisions_are_the_newer_ones(either_store):
    first = (
        ("corrected", "03/04/2025", None),
        ("ended late", "01/05/2025", None),
        ("closed by mistake", "02/05/2025", "31/07/2025"),
        ("not a plan", "05/06/2025", None),
    )
    again = (
        ("corrected", "04/04/2025", None),
        ("ended late", "01/05/2025", "30/08/2025"),
        ("closed by mistake", "02/05/2025", None),
        ("recorded late", "09/09/2025", None),
    )
    landed(either_store, PLANS, *first, covers=SIX_MONTHS)
    landed(either_store, PLANS, *again, covers=SIX_MONTHS)
    assert live(either_store, "cp_plans", *PLAN_DAYS) == sorted(
        [
            (day(2025, 4, 4), None),
            (day(2025, 5, 1), day(2025, 8, 30)),
            (day(2025, 5, 2), None),
            (day(2025, 9, 9), None),
        ],
        key=repr,
    )


# Columns that a file does not have


TEAMS = ("Child Unique ID", "Date of referral", "Referral Source", "Referral NFA?", "Allocated Team", "Date of Birth")
SPARE = ("Child Unique ID", "Date of referral", "Referral Source")
KEPT = ("source", "nfa", "team", "locality", "age")


def test_what_a_file_has_no_column_for_stays_as_it_was(either_store):
    landed(either_store, TEAMS, ("C1", "03/09/2025", "Police", "Yes", "North team", "01/02/2015"))
    _, result = landed(either_store, SPARE, ("C1", "03/09/2025", "GP"))
    assert result.rows_changed == 1
    assert live(either_store, "referrals", *KEPT) == [("3A", "yes", "North team", "north", 10)]


def test_a_file_that_says_nothing_else_changes_nothing(store):
    landed(store, TEAMS, ("C1", "03/09/2025", "Police", "Yes", "North team", "01/02/2015"))
    _, result = landed(store, SPARE, ("C1", "03/09/2025", "Police"))
    assert (result.rows_changed, result.rows_unchanged) == (0, 1)


def test_a_blank_in_a_column_that_is_there_counts(store):
    landed(store, TEAMS, ("C1", "03/09/2025", "Police", "Yes", "North team", "01/02/2015"))
    landed(store, TEAMS, ("C1", "03/09/2025", "Police", None, None, None), ("C2", "04/09/2025", "GP", "No", "x", None))
    assert live(store, "referrals", *KEPT)[1] == ("6", None, None, "unknown", None)


def test_a_locality_goes_with_the_team_that_tells_it(store):
    landed(store, TEAMS, ("C1", "03/09/2025", "Police", "Yes", "North team", "01/02/2015"))
    landed(store, (*SPARE, "Allocated Team"), ("C1", "03/09/2025", "Police", "Nobody's team"))
    assert live(store, "referrals", *KEPT) == [("6", "yes", "Nobody's team", "unknown", 10)]


def test_a_census_leaves_each_childs_locality_where_it_was(store):
    landed(store, TEAMS, ("C1", "03/06/2024", "GP", "Yes", "North team", "01/02/2015"))
    land(store, check_files(store, [("CIN.xml", census(child(1, case())))]), by="a test", confirmed=True)
    assert live(store, "referrals", *KEPT) == [("6", "no", "North team", "north", 9)]


# Lists of each child's latest plan alone


def test_an_ended_plan_is_not_taken_back_by_a_list_of_latest_plans(either_store):
    landed(either_store, PLANS, ("C1", "03/02/2025", "10/09/2025"), ("C2", "04/02/2025", None), covers=SIX_MONTHS)
    landed(either_store, PLANS, ("C1", "22/09/2025", None), ("C2", "04/02/2025", None), covers=NEXT)
    assert live(either_store, "cp_plans", *PLAN_DAYS) == [
        (day(2025, 2, 3), day(2025, 9, 10)), (day(2025, 2, 4), None), (day(2025, 9, 22), None),
    ]  # fmt: skip


def test_a_list_with_two_plans_of_a_child_takes_back_what_it_leaves_out(store):
    landed(store, PLANS, ("C1", "03/02/2025", "10/09/2025"), ("C2", "04/02/2025", None), covers=SIX_MONTHS)
    both = (("C2", "04/02/2025", "08/09/2025"), ("C2", "29/09/2025", None))
    landed(store, PLANS, ("C1", "22/09/2025", None), *both, covers=NEXT)
    assert [begun for begun, _ in live(store, "cp_plans", *PLAN_DAYS)] == [
        day(2025, 2, 4), day(2025, 9, 22), day(2025, 9, 29),
    ]  # fmt: skip


def test_a_start_that_was_put_right_is_no_second_plan(store):
    landed(store, PLANS, ("C1", "03/09/2025", None), covers=SIX_MONTHS)
    landed(store, PLANS, ("C1", "04/09/2025", None), covers=NEXT)
    assert live(store, "cp_plans", *PLAN_DAYS) == [(day(2025, 9, 4), None)]


# Rows that vanish


def problems_of(check):
    return [(one.code, one.rows, one.needs_reason) for one in check.problems if one.code == "rows_vanished"]


def test_open_plans_that_vanish_are_asked_about(store):
    landed(store, PLANS, ("C1", "03/02/2025", None), ("C2", "04/02/2025", None), ("C3", "05/09/2025", None),
           covers=SIX_MONTHS)  # fmt: skip
    check = checked(store, PLANS, ("C2", "04/02/2025", None), covers=NEXT)
    assert problems_of(check) == [("rows_vanished", 1, False)]
    assert check.files[0].verdict == "to look at"


def test_plans_that_may_have_ended_between_two_lists_need_a_reason_to_go(store):
    landed(store, PLANS, ("C1", "03/02/2025", None), ("C2", "04/02/2025", None), covers=QUARTER)
    check = checked(store, PLANS, ("C2", "04/02/2025", None), covers=NEXT)
    assert problems_of(check) == [("rows_vanished", 1, True)]
    (told,) = (one for one in check.problems if one.code == "rows_vanished")
    assert told.advice == "Ask for a list from 01/07/2025 on and load that first."
    with pytest.raises(LoadRefused, match="reason"):
        land(store, check, by="a test", confirmed=True)


def test_rows_that_ended_before_do_not_vanish(store):
    landed(store, PLANS, ("C1", "03/02/2025", "10/06/2025"), ("C2", "04/02/2025", None), covers=SIX_MONTHS)
    assert problems_of(checked(store, PLANS, ("C2", "04/02/2025", None), covers=NEXT)) == []
