"""From any figure back to the submissions, the rows of their sheets and the very cells."""

import datetime
import json

import pytest
from sqlalchemy import select

from data_loaders.withdrawing import plan_withdrawal, withdraw
from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id
from scorecards.provenance import (
    Cell,
    is_for,
    is_taken_from,
    parts_of,
    ranges_of,
    read_provenance,
    sheet_rows_in,
)
from scorecards.series import FedBy, read_groups, read_points
from scorecards.store.schema import submission
from scorecards.submissions import State, read_submissions
from tests import seeded
from tests.partner_files import FIGURES, REFERRALS, day, definitions, landed, opened
from tests.seeding import empty_store, land

Q1, Q2 = period_by_id("2025-26-Q1"), period_by_id("2025-26-Q2")
QUARTER = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))
SEPTEMBER = (datetime.date(2025, 9, 1), datetime.date(2025, 9, 30))
ASSAULTS = "Recorded assaults on children"
# Kinds that count children, groups or cells, add up numbers, or set one list against another.
OF_OTHER_THINGS = ("distinct", "during", "every", "filled", "ratio", "returned", "sum")
LEFT_OUT_APART = ("count", "stock", "rate", "ageing")


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def sources(store, kpi, period, **more):
    """Return of each source the number of its submission, its rows in ranges, and whether it sent them again."""
    found = read_provenance(store, definitions().kpis[kpi], period, **more).sources
    return [(one.submission.id, one.ranges, one.is_repeat) for one in found]


def cells(store, kpi, period, **more):
    found = read_provenance(store, store.definitions.kpis[kpi], period, **more)
    return [(one.submission.id, cell.address, cell.period.id) for one in found.sources for cell in one.cells]


# Rows


def test_a_figure_knows_its_submissions_and_the_rows_of_their_sheets(store):
    rows = [(f"C{at}", f"{at:02}/08/2025", "Police") for at in range(1, 5)]
    landed(store, REFERRALS, rows[0], ("C9", "01/07/2025", "Police"), *rows[1:], covers=QUARTER)
    landed(store, REFERRALS, ("C5", "03/09/2025", "GP"), name="september.xlsx", covers=SEPTEMBER)
    assert sources(store, "referrals", period_by_id("2025-08")) == [(1, ((2, 2), (4, 6)), False)]
    assert sources(store, "referrals", Q2) == [(2, ((2, 2),), False), (1, ((2, 6),), False)]
    found = read_provenance(store, definitions().kpis["referrals"], Q2)
    assert (found.rows, found.point.value, found.point.fed_by) == (6, 6, FedBy.LIST)
    one = found.sources[0].submission
    assert (one.agency, one.file_name, one.sheet, one.covers, one.version) == (
        "council", "september.xlsx", "List", SEPTEMBER, 2,
    )  # fmt: skip
    assert (one.received, one.source, one.kept_until) == (
        datetime.date(2025, 10, 14), "file", datetime.date(2026, 11, 18),
    )  # fmt: skip


def test_rows_that_were_sent_again_are_found_in_the_newer_file_too(store):
    first, second = ("A", "01/08/2025", "Police"), ("B", "02/08/2025", "GP")
    landed(store, REFERRALS, first, second, covers=QUARTER)
    landed(store, REFERRALS, ("C", "03/08/2025", "GP"), second, first, covers=QUARTER)
    assert sources(store, "referrals", Q2) == [
        (2, ((2, 2),), False), (1, ((2, 3),), False), (2, ((3, 4),), True),
    ]  # fmt: skip
    assert read_provenance(store, definitions().kpis["referrals"], Q2).rows == 3


def test_a_figure_as_it_was_rests_on_what_there_was(store):
    landed(store, REFERRALS, ("A", "01/08/2025", "Police"), covers=QUARTER)
    landed(store, REFERRALS, ("A", "01/08/2025", "GP"), ("B", "02/08/2025", "GP"), covers=QUARTER)
    assert sources(store, "referrals", Q2) == [(2, ((2, 3),), False)]
    assert sources(store, "referrals", Q2, version=1) == [(1, ((2, 2),), False)]
    withdraw(store, plan_withdrawal(store, [2]), by="a test", why="sent in error")
    assert sources(store, "referrals", Q2) == [(1, ((2, 2),), False)]
    assert sources(store, "referrals", Q2, version=2) == [(2, ((2, 3),), False)]


def test_a_group_rests_on_its_own_rows(store):
    headings = (*REFERRALS, "Team")
    rows = [("A", "01/08/2025", "Police", "North team"), ("B", "02/08/2025", "GP", "South team")]
    landed(store, headings, *rows, covers=QUARTER)
    assert sources(store, "referrals", Q2, breakdown="locality", group="south") == [(1, ((3, 3),), False)]
    assert sources(store, "referrals", Q2, breakdown="locality", group="nowhere") == []


def test_a_figure_that_is_not_there_rests_on_nothing(store):
    found = read_provenance(store, definitions().kpis["referrals"], Q2)
    assert (found.point, found.sources, found.rows) == (None, (), 0)
    landed(store, REFERRALS, ("A", "01/09/2025", "Police"), covers=SEPTEMBER)
    assert read_provenance(store, definitions().kpis["referrals"], Q1).sources == ()


@pytest.fixture(scope="module")
def three_years(tmp_path_factory):
    folder = tmp_path_factory.mktemp("three years")
    seeded.make(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = empty_store(None, read_definitions(partnership=seeded.PARTNERSHIP))
    yield store
    store.close()


def rows_of(point, kind):
    """Return how many rows a figure says that it rests on."""
    return (point.numerator if kind in LEFT_OUT_APART else point.denominator) + point.excluded


def test_every_measure_rests_on_as_many_rows_as_its_figure_says(three_years):
    checked = set()
    for (kpi_id, _window), points in read_points(three_years, three_years.definitions.kpis).items():
        kpi = three_years.definitions.kpis[kpi_id]
        fed = [one for one in points if one.fed_by in (FedBy.LIST, FedBy.COUNTER)]
        by_children = getattr(kpi.measure, "counted", "") == "children"
        is_part = getattr(kpi.measure, "lasted", None) is not None and kpi.measure.kind == "stock"
        if by_children or is_part or kpi.measure.kind in OF_OTHER_THINGS:
            continue  # these and plans open long enough are fewer or more than rows
        for point in [one for one in fed if one.is_known or one.excluded][-2:]:
            found = read_provenance(three_years, kpi, point.period)
            assert found.rows == rows_of(point, kpi.measure.kind), (kpi_id, point)
            checked.add(kpi.measure.kind)
    assert {"count", "percentage", "stock", "within", "repeat", "rate", "median"} <= checked


def test_every_group_rests_on_as_many_rows_as_its_figure_says(three_years):
    kpi = three_years.definitions.kpis["referrals"]
    groups = read_groups(three_years, [kpi.id], "age_band", windows=("quarter",))[kpi.id, "quarter"]
    for group, points in groups.items():
        found = read_provenance(three_years, kpi, points[-1].period, breakdown="age_band", group=group)
        assert found.rows == points[-1].numerator


def test_what_a_measure_looks_up_is_named(three_years):
    kpis = three_years.definitions.kpis
    looked = {
        kpi: [one.records for one in read_provenance(three_years, kpis[kpi], Q2).looked_up]
        for kpi in ("re_referral_pct", "cpp_second_subsequent_pct", "referrals")
    }
    assert looked == {"re_referral_pct": ["referrals"], "cpp_second_subsequent_pct": ["cp_plans"], "referrals": []}


def test_every_measure_can_be_asked_on_either_database(database_url):
    store = empty_store(database_url)
    lists = {
        "section_47": [{"child_id": "a", "start_date": "2025-07-02"}],
        "icpc": [{"child_id": "a", "s47_start_date": "2025-07-02", "conference_date": "2025-07-20"}],
        "strategy_discussions": [{"child_id": "a", "held_date": "2025-07-02"}],
        "cp_plans": [{"child_id": "a", "start_date": "2025-03-02", "previous_plans": 0}],
        "cp_reviews": [{"child_id": "a", "review_date": "2025-06-01"}],
    }
    land(store, lists, ("2025-01-01", "2025-09-30"), agency="council")
    for kpi in store.definitions.kpis.values():
        read_provenance(store, kpi, Q2)
    kpis = store.definitions.kpis
    cohort = read_provenance(store, kpis["s47_to_icpc_pct"], Q2)
    assert (cohort.rows, [one.records for one in cohort.looked_up]) == (1, ["icpc"])
    reviewed = read_provenance(store, kpis["cpp_reviewed_on_time_pct"], Q2)
    assert (reviewed.rows, [one.records for one in reviewed.looked_up]) == (1, ["cp_reviews"])
    within = read_provenance(store, kpis["icpc_15wd_pct"], Q2)
    assert (within.rows, len(within.looked_up)) == (1, 1)
    store.close()


# Cells


def figure(period, number, kpi=ASSAULTS, **more):
    return (kpi, period, number, *more.values())


def test_a_figure_sent_ready_made_knows_its_cell(store):
    landed(store, FIGURES, (ASSAULTS, "Q1 2025/26", 12), (ASSAULTS, "Q2 2025/26", 7), agency="police")
    found = read_provenance(store, definitions().kpis["assaults_recorded"], Q2)
    assert [source.cells for source in found.sources] == [(Cell("C3", 3, Q2, 7.0, None, None, None),)]
    assert found.sources[0].ranges == ()


def test_a_figure_sent_again_stands_in_the_newest_file(store):
    landed(store, FIGURES, (ASSAULTS, "Q1 2025/26", 12), agency="police")
    landed(store, FIGURES, (ASSAULTS, "Q2 2025/26", 7), (ASSAULTS, "Q1 2025/26", 12), agency="police")
    assert cells(store, "assaults_recorded", Q1) == [(2, "C3", "2025-26-Q1")]


def test_what_somebody_sent_who_was_not_asked_is_no_source(store):
    landed(store, FIGURES, (ASSAULTS, "Q1 2025/26", 9), agency="council")
    landed(store, FIGURES, (ASSAULTS, "Q1 2025/26", 12), name="police.xlsx", agency="police")
    assert cells(store, "assaults_recorded", Q1) == [(2, "C2", "2025-26-Q1")]


def test_a_longer_figure_rests_on_the_cells_of_its_quarters(store):
    quarters = [("referrals", f"Q{number} 2024/25", number) for number in (1, 2, 3, 4)]
    landed(store, FIGURES, *quarters, agency="council")
    found = read_provenance(store, definitions().kpis["referrals"], period_by_id("2024-25-Q4-R12"))
    assert found.point.value == 10
    assert [cell.address for cell in found.sources[0].cells] == ["C2", "C3", "C4", "C5"]
    parts = [one.id for one in parts_of(period_by_id("2024-25"))]
    assert parts[:4] == ["2024-25-Q1", "2024-04", "2024-05", "2024-06"]
    assert len(parts) == 16


def test_a_part_that_came_as_a_list_gives_its_rows(sqlite_url):
    store = empty_store(sqlite_url)
    rows = [{"child_id": "a", "referral_date": "2023-11-01", "locality": "unknown"}]
    same = {"kpi": "referrals", "numerator": 5, "area": "partnership"}
    sent = [{**same, "period": f"2024-25-Q{number}"} for number in (1, 2)]
    land(store, {"referrals": rows}, ("2023-10-01", "2024-03-31"), agency="council")
    land(store, {"aggregate_return": sent}, None, agency="council")
    found = read_provenance(store, store.definitions.kpis["referrals"], period_by_id("2024-25-Q2-R12"))
    assert found.point.value == 11
    assert [(len(one.cells), one.ranges, one.rows) for one in found.sources] == [(2, (), 2), (0, ((2, 2),), 1)]
    store.close()


def test_a_whole_figure_rests_on_its_cell_beside_a_list_of_some_of_the_days(database_url):
    store = empty_store(database_url)
    whole = [{"kpi": "referrals", "period": f"2024-25-Q{number}", "numerator": 30, "area": "partnership"}
             for number in (1, 2, 3, 4)]  # fmt: skip
    land(store, {"aggregate_return": whole}, None, agency="council")
    march = [{"child_id": "a", "referral_date": "2025-03-05", "locality": "unknown"}]
    land(store, {"referrals": march}, ("2025-03-01", "2025-03-31"), agency="council")
    assert cells(store, "referrals", period_by_id("2024-25-Q4")) == [(1, "", "2024-25-Q4")]
    year = read_provenance(store, store.definitions.kpis["referrals"], period_by_id("2024-25-Q4-R12"))
    assert (year.point.value, [(len(one.cells), one.ranges) for one in year.sources]) == (120, [(4, ())])
    store.close()


def test_a_figure_taken_from_years_to_date_rests_on_both(store):
    headings = (*FIGURES, "Basis")
    rows = [(ASSAULTS, "Q1 2025/26", 12, "Year to date"), (ASSAULTS, "Q2 2025/26", 20, "Year to date")]
    landed(store, headings, *rows, agency="police")
    assert cells(store, "assaults_recorded", Q2) == [(1, "C2", "2025-26-Q1"), (1, "C3", "2025-26-Q2")]
    assert cells(store, "assaults_recorded", Q1) == [(1, "C2", "2025-26-Q1")]


def test_a_year_of_quarters_that_came_as_months_rests_on_the_cells_of_the_months(store):
    months = [("referrals", name, 1) for name in ("April 2024", "May 2024", "June 2024")]
    quarters = [("referrals", f"Q{number} 2024/25", number) for number in (2, 3, 4)]
    landed(store, FIGURES, *months, *quarters, agency="council")
    year = period_by_id("2024-25-Q4-R12")
    assert read_provenance(store, store.definitions.kpis["referrals"], year).point.value == 12
    assert [address for _, address, _ in cells(store, "referrals", year)] == ["C2", "C3", "C4", "C5", "C6", "C7"]


def test_a_term_that_came_as_months_rests_on_all_of_them(sqlite_url):
    store = empty_store(sqlite_url)
    same = {"kpi": "perm_exclusions", "numerator": 5, "area": "partnership"}
    months = [{**same, "period": f"2024-{number:02d}"} for number in (9, 10, 11, 12)]
    land(store, {"aggregate_return": [*months, {**same, "period": "2024-25-Q3"}]}, None, agency="education")
    term = period_by_id("2024-25-T1")
    assert read_provenance(store, store.definitions.kpis["perm_exclusions"], term).point.value == 20
    assert [period for *_, period in cells(store, "perm_exclusions", term)] == [one["period"] for one in months]
    store.close()


def test_a_figure_of_somebody_else_rests_on_it_where_those_who_are_to_send_it_sent_other_periods_alone(store):
    landed(store, FIGURES, ("referrals", "Q2 2025/26", 9), agency="mash", name="theirs.xlsx")
    landed(store, FIGURES, (ASSAULTS, "Q1 2025/26", 12), agency="police")
    landed(store, FIGURES, (ASSAULTS, "Q2 2025/26", 14), agency="mash", name="theirs again.xlsx")
    assert cells(store, "assaults_recorded", Q2) == [(3, "C2", "2025-26-Q2")]


def test_a_figure_rests_on_one_providers_own_and_on_anothers_years_to_date(store):
    headings = ("Measure", "Period", "Provider", "Number", "Basis")
    rows = [
        (ASSAULTS, "Q1 2025/26", "One", 12, "Year to date"), (ASSAULTS, "Q2 2025/26", "One", 20, "Year to date"),
        (ASSAULTS, "Q2 2025/26", "Two", 5, None),
    ]  # fmt: skip
    landed(store, headings, *rows, agency="police")
    assert read_provenance(store, definitions().kpis["assaults_recorded"], Q2).point.value == 13
    assert {address for _, address, _ in cells(store, "assaults_recorded", Q2)} == {"D2", "D3", "D4"}


def test_a_figure_rests_on_a_senders_own_total_and_not_on_its_providers(store):
    rows = [(ASSAULTS, "Q2 2025/26", name, number) for name, number in (("One", 12), ("Two", 8), ("Total", 20))]
    landed(store, ("Measure", "Period", "Provider", "Number"), *rows, agency="police")
    assert read_provenance(store, definitions().kpis["assaults_recorded"], Q2).point.value == 20
    assert cells(store, "assaults_recorded", Q2) == [(1, "D4", "2025-26-Q2")]


def test_the_first_quarter_of_a_year_is_taken_from_no_year_before():
    before, first = period_by_id("2024-25-Q4"), period_by_id("2025-26-Q1")
    assert not is_taken_from(before, first)
    assert is_taken_from(first, Q2)
    autumn, spring = period_by_id("2024-25-T1"), period_by_id("2024-25-T2")
    assert is_taken_from(autumn, spring)
    assert not is_taken_from(None, spring)


def test_twelve_months_are_told_by_their_period_or_by_their_basis():
    year = period_by_id("2025-26-Q1-R12")
    assert is_for({"basis": "rolling_12_months"}, Q1, year)
    assert is_for({"basis": "rolling_12_months"}, year, year)
    assert not is_for({"basis": None}, Q1, year)
    assert not is_for({"basis": None}, None, year)


@pytest.mark.parametrize(
    ("breakdown", "group", "cell"),
    [
        ("", "", "B2"), ("agency", "hospital", "B2"), ("provider", "General", "B2"), ("locality", "north", "B3"),
        ("age_band", "under 1", "B4"),
    ],
)  # fmt: skip
def test_each_group_has_its_own_cell(sqlite_url, breakdown, group, cell):
    definitions_ = read_definitions()
    kpi = definitions_.kpis["ed_self_harm"].model_copy(
        update={"breakdowns": ("agency", "provider", "locality", "age_band")}
    )
    store = empty_store(sqlite_url, definitions_.model_copy(update={"kpis": {kpi.id: kpi}}))
    same = {"kpi": kpi.id, "period": "2025-26-Q2", "numerator": 5}
    rows = [
        {**same, "area": "partnership", "provider": "General"},
        {**same, "area": "north"},
        {**same, "area": "partnership", "breakdown": "age_band", "group": "under 1"},
    ]
    land(store, {"aggregate_return": rows}, None, agency="hospital")
    table = store.lists["aggregate_return"]
    with store.writer.begin() as connection:
        for number in (1, 2, 3):
            one = table.update().where(table.c.id == number).values(source_cell=f"B{number + 1}")
            connection.execute(one)
    assert cells(store, kpi.id, Q2, breakdown=breakdown, group=group) == [(1, cell, "2025-26-Q2")]
    store.close()


# In few words


def test_rows_are_told_as_ranges():
    assert ranges_of([3, 1, 2, 7, 9, 8, 7]) == ((1, 3), (7, 9))
    assert ranges_of([]) == ()


def test_the_rows_of_a_newer_sheet_are_found_by_the_ids_of_the_rows_it_confirmed():
    runs = json.dumps([[10, 2, 3], [20, 9, 1], [30, 40, 100]])
    assert sheet_rows_in(runs, [11, 12, 13, 20, 129, 130]) == [3, 4, 9, 139]


# Submissions


def states(store, **more):
    return [(one.id, one.state, one.live) for one in read_submissions(store, **more)]


def test_submissions_stand_are_replaced_or_withdrawn(store):
    landed(store, REFERRALS, ("A", "01/08/2025", "Police"), covers=QUARTER)
    landed(store, REFERRALS, ("B", "01/09/2025", "GP"), covers=SEPTEMBER)
    assert states(store) == [(2, State.STANDS, 1), (1, State.STANDS, 1)]
    landed(store, REFERRALS, ("A", "01/08/2025", "GP"), ("B", "01/09/2025", "GP"), covers=QUARTER)
    assert states(store) == [(3, State.STANDS, 1), (2, State.STANDS, 1), (1, State.REPLACED, 0)]
    withdraw(store, plan_withdrawal(store, [3]), by="An analyst", why="wrong list")
    assert states(store) == [(3, State.WITHDRAWN, 0), (2, State.STANDS, 1), (1, State.STANDS, 1)]
    assert states(store, version=3) == [(3, State.STANDS, 1), (2, State.STANDS, 1), (1, State.REPLACED, 0)]
    gone = read_submissions(store)[0].withdrawn
    assert (gone.why, gone.by, gone.version) == ("wrong list", "An analyst", 4)


def test_figures_that_were_all_given_anew_are_replaced(store):
    landed(store, FIGURES, (ASSAULTS, "Q1 2025/26", 12), agency="police")
    landed(store, FIGURES, (ASSAULTS, "Q1 2025/26", 12), (ASSAULTS, "Q2 2025/26", 1), agency="police")
    assert states(store) == [(2, State.STANDS, 2), (1, State.REPLACED, 0)]


def test_a_submission_tells_how_it_came_and_what_was_wrong(store):
    landed(store, REFERRALS, ("C1", "31/09/2025", "Police"), ("C2", "31/09/2025", "Police"), ("C3", "01/09/2025", "GP"))
    with store.writer.begin() as connection:
        connection.execute(submission.update().values(source="typed", period="2025-26-Q2", note="By letter"))
    (one,) = read_submissions(store)
    assert (one.rows_read, one.rows_landed, one.rows_refused, one.problems) == (3, 1, 2, 2)
    assert (one.source, one.period, one.note, one.kind, one.received_by) == (
        "typed", "2025-26-Q2", "By letter", "xlsx", "a test",
    )  # fmt: skip
    with store.read() as connection:
        assert connection.scalar(select(submission.c.covers_from)) == day(2025, 9, 1)
