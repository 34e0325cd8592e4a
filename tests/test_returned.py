"""Returns on time and key fields filled in: worked out by a landing, again at a start, and the same in plain Python."""

import datetime
import random

import pytest

from data_loaders import check_files, return_template
from data_loaders import land as land_files
from scorecards.definitions import ExpectedReturn, read_definitions
from scorecards.periods import all_periods, period_by_id
from scorecards.series import Note, Status, bring_up_to_date, read_groups, read_points, versions
from scorecards.series.recompute import definition_hash
from scorecards.store import open_store
from tests import oracle
from tests.seeding import TODAY, empty_store, land, with_kpi, with_partnership
from tests.test_templates import EPISODE, put_into

ON_TIME, FILLED = "data_return_on_time_pct", "dq_completeness_pct"
Q1, Q2, Q3 = (period_by_id(f"2025-26-Q{number}") for number in (1, 2, 3))
QUARTER = ("2025-07-01", "2025-09-30")


def expected(**line):
    settings = {"agency": "police", "every": "quarter", "due_days_after": 8, "from": "2025-04-01", **line}
    return ExpectedReturn.model_validate(settings)


LINES = (
    expected(records=["missing_episodes"], kpis=["assaults_recorded"]),
    expected(agency="mash", records=["contacts"], every="month", due_days_after=3, **{"from": "2025-06-01"}),
    expected(agency="education", kpis=["perm_exclusions"], every="term", due_days_after=30),
    expected(agency="council", records=["referrals", "cp_plans"], due_days_after=20),
)


def few_kpis(*lines, kpis=(ON_TIME, FILLED, "assaults_recorded", "perm_exclusions")):
    """Return the definitions with these lines of expectations and few KPIs, so that a landing is quick."""
    found = with_partnership(read_definitions(), returns=lines or LINES, first_day=datetime.date(2024, 4, 1))
    return found.model_copy(update={"kpis": {name: found.kpis[name] for name in kpis}})


@pytest.fixture
def opened(database_url):
    """Return a function that opens the store on a day, closing the one before."""
    stores = []

    def open_on(day=TODAY, definitions=None):
        if stores:
            stores.pop().close()
        stores.append(empty_store(database_url, definitions or few_kpis(), day))
        return stores[-1]

    yield open_on
    for store in stores:
        store.close()


def on_time(store, period, group=None):
    if group is None:
        points = read_points(store, [ON_TIME]).get((ON_TIME, period.kind), ())
    else:
        points = read_groups(store, [ON_TIME], "agency").get((ON_TIME, period.kind), {}).get(group, ())
    return next((point for point in points if point.period == period), None)


def figure(period, kpi="assaults_recorded", **more):
    return {"kpi": kpi, "period": period, "numerator": 3, "area": "partnership", **more}


def test_each_list_and_measure_due_counts_once_and_those_in_time_count(opened):
    store = opened(datetime.date(2025, 10, 22))
    land(store, {"missing_episodes": []}, QUARTER, received=datetime.date(2025, 10, 8))
    land(store, {"aggregate_return": [figure(Q2.id)]}, None, agency="police", received=datetime.date(2025, 10, 9))
    land(store, {"contacts": []}, ("2025-07-01", "2025-08-31"), received=datetime.date(2025, 8, 31))
    land(store, {"referrals": [], "cp_plans": []}, QUARTER, received=datetime.date(2025, 10, 20))
    point = on_time(store, Q2)
    # One of two of the police; August of the MASH, but not July, due on 3 August, nor September; no exclusions of the
    # summer term; both lists of the council.
    assert (point.numerator, point.denominator, point.excluded) == (4, 8, 0)
    assert (point.value, point.status, point.note) == (50, Status.FINAL, Note.NONE)
    by_agency = {one: on_time(store, Q2, one) for one in ("police", "mash", "education", "council")}
    assert {one: (point.numerator, point.denominator) for one, point in by_agency.items()} == {
        "police": (1, 2), "mash": (1, 3), "education": (0, 1), "council": (2, 2),
    }  # fmt: skip


def test_what_is_not_due_yet_is_left_out_even_where_it_is_here(opened):
    store = opened(datetime.date(2025, 10, 20))  # the last day on which the council may send
    land(store, {"referrals": []}, QUARTER, received=datetime.date(2025, 10, 2))
    point = on_time(store, Q2)
    assert (point.numerator, point.denominator, point.excluded) == (0, 6, 2)
    assert (point.status, point.note) == (Status.PROVISIONAL, Note.TOO_RECENT_LEFT_OUT)
    running = on_time(store, Q3)
    assert (running.value, running.status) == (None, Status.TOO_RECENT)


def test_the_figure_changes_when_something_falls_due_and_nobody_lands_anything(opened):
    store = opened(datetime.date(2025, 10, 8))
    land(store, {"contacts": []}, ("2025-07-01", "2025-09-30"), received=datetime.date(2025, 10, 2))
    before = on_time(store, Q2)
    store = opened(datetime.date(2025, 10, 9))
    bring_up_to_date(store)
    after = on_time(store, Q2)
    assert [(one.numerator, one.denominator, one.excluded) for one in (before, after)] == [(1, 4, 4), (1, 6, 2)]
    count = len(versions(store))
    bring_up_to_date(store)
    assert len(versions(store)) == count, "a start with nothing new makes no version"


def test_a_quarter_before_anything_was_expected_has_no_figure(opened):
    store = opened()
    land(store, {"contacts": []}, QUARTER)
    assert on_time(store, period_by_id("2024-25-Q4")) is None


def test_a_partnership_s_own_past_shares_may_come_in_as_figures(opened):
    store = opened()
    past = figure("2024-25-Q4", kpi=ON_TIME, numerator=9, denominator=12)
    land(store, {"aggregate_return": [past]}, None, agency="business_unit")
    assert on_time(store, period_by_id("2024-25-Q4")).value == 75


def test_another_expectation_is_another_definition():
    kpi = few_kpis().kpis[ON_TIME]
    one, other = few_kpis(*LINES), few_kpis(*LINES[1:])
    assert definition_hash(kpi, one) != definition_hash(kpi, other)
    count = few_kpis().kpis["assaults_recorded"]
    assert definition_hash(count, one) != definition_hash(count, other)  # who sends it changed
    assert definition_hash(kpi, one) == definition_hash(kpi, with_kpi(one, FILLED, title="Another"))


@pytest.mark.parametrize("seed", range(3))
def test_what_came_in_time_is_the_same_in_plain_python(opened, seed):
    dice, store = random.Random(seed), opened(datetime.date(2025, 10, 21))
    definitions, sheets, figures = store.definitions, [], []
    for _ in range(12):
        came = datetime.date(2025, 6, 20) + datetime.timedelta(days=dice.randrange(122))
        if dice.random() < 0.6:
            agency, records = dice.choice(
                [
                    ("police", "missing_episodes"),
                    ("mash", "contacts"),
                    ("council", "referrals"),
                    ("council", "cp_plans"),
                ]
            )
            first = datetime.date(2025, dice.choice([4, 5, 6, 7, 8]), dice.choice([1, 1, 1, 2]))
            last = datetime.date(2025, dice.choice([6, 7, 8, 9]), 30)
            if first <= last:
                days = (first.isoformat(), last.isoformat())
                land(store, {records: []}, days, agency=agency, received=came, touched={})
                sheets.append({"agency": agency, "list": records, "first": first, "last": last, "came": came})
        else:
            agency, kpi, period = dice.choice(
                [("police", "assaults_recorded", Q1.id), ("police", "assaults_recorded", Q2.id),
                 ("education", "perm_exclusions", "2024-25-T3")]
            )  # fmt: skip
            is_number = dice.random() < 0.7
            supersede(store, agency, kpi, period)
            number = {"numerator": 3} if is_number else {"numerator": None, "numerator_symbol": "x"}
            land(store, {"aggregate_return": [figure(period, kpi, **number)]}, None, agency=agency, received=came)
            figures.append({"agency": agency, "kpi": kpi, "period": period, "came": came, "is_number": is_number})
    windows = ("quarter", "rolling_12_months")
    periods = [one for one in all_periods(definitions.partnership.first_day, store.today) if one.kind in windows]
    for breakdown in ("", "agency"):
        said = oracle.came_in_time(definitions, sheets, figures, periods, store.today, breakdown)
        assert stored(store, breakdown) == said
        assert any(row["numerator"] for row in said.values()), "nothing in time proves nothing"


def supersede(store, agency, kpi, period):
    """Let a figure sent again take the place of the one before, as a landing does."""
    table = store.lists["aggregate_return"]
    mine = (table.c.agency == agency) & (table.c.kpi == kpi) & (table.c.period == period)
    with store.writer.begin() as connection:
        connection.execute(table.update().where(mine, table.c.superseded_in.is_(None)).values(superseded_in=1))


def stored(store, breakdown):
    """Return what is stored of the share in time, as plain Python tells it."""
    if breakdown:
        series = read_groups(store, [ON_TIME], breakdown)
        points = [(group, one) for groups in series.values() for group, points in groups.items() for one in points]
    else:
        points = [("", one) for points in read_points(store, [ON_TIME]).values() for one in points]
    return {
        (one.period.id, group): {"numerator": one.numerator or 0, "denominator": one.denominator,
                                 "excluded": one.excluded}
        for group, one in points
    }  # fmt: skip


class TestFilled:
    """How much of what came is filled in, and what its status rests on."""

    def points(self, store, window="quarter"):
        return {one.period.id: one for one in read_points(store, [FILLED])[FILLED, window]}

    def referral(self, child, day="2025-07-02", **more):
        return {"child_id": child, "referral_date": day, "source": "6", "ethnicity": "white", **more}

    def test_blank_key_fields_lower_the_share_and_other_columns_do_not(self, opened):
        store = opened()
        rows = [self.referral("a"), self.referral("b", ethnicity=None), self.referral("c", nfa=None)]
        land(store, {"referrals": rows}, QUARTER)
        point = self.points(store)[Q2.id]
        assert (point.numerator, point.denominator, point.status) == (5, 6, Status.FINAL)

    def test_a_list_that_did_not_come_has_no_cells_and_a_quarter_without_any_no_figure(self, opened):
        store = opened()
        land(store, {"referrals": [self.referral("a")]}, QUARTER)
        points = self.points(store)
        assert points[Q2.id].denominator == 2
        assert (points[Q1.id].value, points[Q1.id].status) == (None, Status.NOT_SUBMITTED)

    def test_a_quarter_of_which_a_part_came_or_rows_were_refused_is_provisional(self, opened):
        store = opened()
        land(store, {"referrals": [self.referral("a")]}, ("2025-07-01", "2025-08-31"))
        assert self.points(store)[Q2.id].note is Note.PART_COVERED
        land(store, {"cp_plans": []}, QUARTER, refused=2)
        land(store, {"referrals": []}, QUARTER)
        assert self.points(store)[Q2.id].note is Note.ROWS_REFUSED

    def test_twelve_months_need_a_list_that_reaches_their_last_day(self, opened):
        store = opened()
        land(store, {"referrals": [self.referral("a")]}, QUARTER)
        years = self.points(store, "rolling_12_months")
        assert (years["2025-26-Q2-R12"].denominator, years["2025-26-Q2-R12"].note) == (2, Note.PART_COVERED)
        assert years["2025-26-Q1-R12"].status is Status.NOT_SUBMITTED

    def test_nothing_in_a_list_that_came_is_nothing_to_divide_by(self, opened):
        store = opened()
        land(store, {"referrals": []}, QUARTER)
        assert self.points(store)[Q2.id].status is Status.NOT_APPLICABLE

    def test_it_is_split_by_list_and_by_agency(self, opened):
        store = opened()
        land(store, {"referrals": [self.referral("a", ethnicity=None)]}, QUARTER)
        land(store, {"contacts": [{"child_id": "b", "contact_at": "2025-07-03", "source": "6", "outcome": "nfa",
                                   "age_band": "unborn"}]}, QUARTER, agency="mash")  # fmt: skip
        for breakdown, wanted in (
            ("list", {"referrals": (1, 2), "contacts": (3, 3)}),
            ("agency", {"council": (1, 2), "mash": (3, 3)}),
        ):
            groups = read_groups(store, [FILLED], breakdown, windows=("quarter",))[FILLED, "quarter"]
            found = {group: (one.numerator, one.denominator) for group, points in groups.items() for one in points
                     if one.period == Q2}  # fmt: skip
            assert found == wanted


def test_a_column_that_an_older_template_did_not_ask_for_is_no_blank_cell(sqlite_url):
    now = few_kpis(LINES[0])
    measure = now.kpis[FILLED].measure.model_copy(update={"cells": {"missing_episodes": ("placed_by_other", "type")}})
    now = with_kpi(now, FILLED, measure=measure)
    record = now.record_types["missing_episodes"]
    columns = {name: one for name, one in record.columns.items() if name != "placed_by_other"}
    older = record.model_copy(update={"columns": columns})
    then = now.model_copy(update={"record_types": {**now.record_types, "missing_episodes": older}})
    store = open_store(sqlite_url, now, TODAY)
    try:
        for number, definitions in enumerate((then, now)):
            row = EPISODE | {"Missing from": datetime.datetime(2025, 7 + number, 3, 22)}
            data = put_into(return_template(definitions, "police", Q2), [("Missing episodes", row)])
            days = (datetime.date(2025, 7 + number, 1), datetime.date(2025, 7 + number, 31))
            land_files(store, check_files(store, [(f"{number}.xlsx", data)], covers=days), by="tester")
        (point,) = [one for one in read_points(store, [FILLED])[FILLED, "quarter"] if one.period == Q2]
        # Of the first row one cell was asked for and filled; of the second two, of which one is blank.
        assert (point.numerator, point.denominator) == (2, 3)
    finally:
        store.close()
