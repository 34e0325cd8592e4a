"""Every KPI and every measure kind on random rows: SQLite, PostgreSQL and plain Python agree, row by row."""

import datetime
from functools import cache

import pytest

from scorecards.definitions import Locality, read_definitions
from scorecards.definitions.models import LeadAgency
from scorecards.measures import KINDS, Reading, Slice, kind_of
from scorecards.periods import all_periods
from scorecards.store import count_rows_anew
from tests import oracle, postgres
from tests.measuring import kpi_with, measure, measured, measuring_store, put, with_kpis
from tests.random_rows import random_lists
from tests.seeding import with_partnership

TODAY = datetime.date(2025, 10, 14)
WINDOWS = ("month", "quarter", "rolling_12_months")
# Each version of the store is one seed's rows; the newest version is read as such (None).
VERSIONS = (1, 2, None)

COVERED_FROM = {"cp_reviews": datetime.date(2023, 6, 1)}
COVERED_TO = {
    "contacts": datetime.date(2025, 9, 11),
    "icpc": datetime.date(2025, 9, 11),
    "referrals": datetime.date(2025, 9, 11),
    "assessments": datetime.date(2025, 10, 1),
    "missing_episodes": datetime.date(2025, 8, 1),
    "return_interviews": datetime.date(2025, 9, 1),
}

# Settings that no KPI of ours uses today; each is a measure as kpi_definitions.yaml would have it.
OTHERS = {
    "contacts with an outcome": """
        {kind: count, records: contacts, dated_by: contact_at, where: [{column: outcome, known: true},
        {column: source, is_not: ["6", 3A]}]}""",
    "contacts without an outcome": """
        {kind: count, records: contacts, dated_by: contact_at, where: [{column: outcome, known: false}]}""",
    "earlier referrals": """
        {kind: sum, records: referrals, dated_by: referral_date, column: referrals_last_12m,
        where: [{column: nfa, known: true}, {column: source, is_not: ["6"]}]}""",
    "children with a plan": """
        {kind: distinct, records: cp_plans, of: child_id, open_from: start_date, open_to: end_date}""",
    "children with a plan of neglect": """
        {kind: stock, records: cp_plans, open_from: start_date, open_to: end_date, latest_only: child_id,
        where: [{column: latest_category, is: [NEG, EMO]}, {column: disability, known: true}]}""",
    "share of children seen alone": """
        {kind: percentage, records: cp_plans, open_from: start_date, open_to: end_date, latest_only: child_id,
        numerator: [{column: seen_alone, is: ["yes"]}]}""",
    "categories of newest plans": """
        {kind: distinct, records: missing_episodes, open_from: missing_at, open_to: returned_at,
        latest_only: child_id, of: district}""",
    "sources": "{kind: distinct, records: contacts, of: source, dated_by: contact_at}",
    "open assessments of a quarter": """
        {kind: stock, records: assessments, open_from: start_date, open_to: authorised_date,
        where: [{column: disability, known: true}], lasted: {from: start_date, to: period_end, more_than_days: 90}}""",
    "plans reviewed half a year on": """
        {kind: stock, records: cp_plans, open_from: start_date, open_to: end_date,
        lasted: {from: start_date, to: latest_review_date, at_least_months: 6}}""",
    "plans visited in a month": """
        {kind: percentage, records: cp_plans, open_from: start_date, open_to: end_date,
        lasted: {from: last_visit_date, to: period_end, more_than_days: 30}}""",
    "plans with late reviews": """
        {kind: percentage, records: cp_plans, open_from: start_date, open_to: end_date,
        numerator: [{column: seen_alone, is: ["yes"]}],
        lasted: {from: start_date, to: latest_review_date, at_least_months: 6}}""",
    "missing for a day": """
        {kind: percentage, records: missing_episodes, dated_by: missing_at,
        lasted: {from: missing_at, to: returned_at, more_than_hours: 24}}""",
    "plans of a year": """
        {kind: percentage, records: cp_plans, dated_by: start_date,
        lasted: {from: start_date, to: end_date, at_least_months: 12}}""",
    "several earlier referrals": """
        {kind: percentage, records: referrals, dated_by: referral_date, where: [{column: nfa, known: true}],
        numerator: [{column: referrals_last_12m, at_least: 2}, {column: source, is_not: ["6"]}]}""",
    "few earlier referrals": """
        {kind: percentage, records: referrals, dated_by: referral_date,
        numerator: [{column: referrals_last_12m, at_most: 1}, {column: nfa, known: true}]}""",
    "contacts decided in a day": """
        {kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
        limit: {days: 1}, unfinished: missed_when_overdue}""",
    "contacts decided in 36 hours": """
        {kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
        limit: {hours: 36}, unfinished: missed_when_overdue, where: [{column: outcome, known: true}]}""",
    "contacts decided in 24 hours": """
        {kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
        limit: {hours: 24}, unfinished: left_out}""",
    "contacts decided by their rating": """
        {kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
        limit_by: {column: initial_rating, limits: {red: {hours: 4}, amber: {days: 1}, green: {working_days: 3}}},
        unfinished: missed_when_overdue}""",
    "contacts decided by their rating in hours": """
        {kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
        limit_by: {column: initial_rating, limits: {red: {hours: 4}, green: {hours: 72}}}, unfinished: left_out}""",
    "assessments in 30 days of the referral": """
        {kind: within, records: assessments, dated_by: start_date, to: authorised_date, limit: {days: 30},
        from: {records: referrals, column: referral_date, within_days: 60}, unfinished: left_out}""",
    "referrals per 10,000": """
        {kind: rate, records: referrals, dated_by: referral_date, population: "0_17", per: 10000,
        where: [{column: nfa, known: true}]}""",
    "enquiries for every 100 discussions": """
        {kind: ratio, records: section_47, dated_by: start_date, where: [{column: disability, known: true}],
        over: {records: strategy_discussions, dated_by: held_date, counts: discussions,
        where: [{column: outcome, known: true}, {column: outcome, is_not: [nfa]}]}}""",
    "decisions for every 100 contacts": """
        {kind: ratio, records: contacts, dated_by: decided_at, over: {records: contacts, dated_by: contact_at,
        counts: contacts}, where: [{column: outcome, is: [referral]}]}""",
    "enquiries for every 100 plans": """
        {kind: ratio, records: section_47, dated_by: start_date, over: {records: cp_plans, open_from: start_date,
        open_to: end_date, counts: plans, where: [{column: seen_alone, known: true}]}}""",
    "children who live here": "{kind: population, of: '0_17'}",
    "mean days": """
        {kind: mean, records: assessments, dated_by: start_date, from: start_date, to: authorised_date, in: days}""",
    "mean working days": """
        {kind: mean, records: assessments, dated_by: authorised_date, from: start_date, to: authorised_date,
        in: working_days, where: [{column: child_seen, known: true}]}""",
    "mean earlier plans of open ones": """
        {kind: mean, records: cp_plans, open_from: start_date, open_to: end_date, column: previous_plans}""",
    "median working days": """
        {kind: median, records: icpc, dated_by: conference_date, from: s47_start_date, to: conference_date,
        in: working_days, where: [{column: transfer_in, is_not: ["yes"]}]}""",
    "median earlier referrals": """
        {kind: median, records: referrals, dated_by: referral_date, column: referrals_last_12m,
        where: [{column: nfa, known: true}]}""",
    "third contact in a year": """
        {kind: repeat, records: contacts, dated_by: contact_at, who: child_id, occurrence: 3, within_months: 12,
        same_day: separate_occasions, counted: records}""",
    "fourth referral in a year": """
        {kind: repeat, records: referrals, dated_by: referral_date, who: child_id, occurrence: 4, within_months: 12,
        same_day: one_occasion, counted: children, reported_count: referrals_last_12m}""",
    "second enquiry in 91 days": """
        {kind: repeat, records: section_47, dated_by: start_date, who: child_id, occurrence: 2, within_days: 91,
        same_day: one_occasion, counted: records, reported_count: s47_last_12m,
        where: [{column: disability, known: true}]}""",
    "referral after a year": """
        {kind: repeat, records: referrals, dated_by: referral_date, who: child_id, occurrence: 2, within_months: 24,
        not_within_months: 12, same_day: one_occasion, counted: records}""",
    "same child from the same place": """
        {kind: repeat, records: missing_episodes, dated_by: missing_at, who: [child_id, district], occurrence: 2,
        within_days: 90, same_day: one_occasion, counted: records}""",
    "same child from the same place and team": """
        {kind: repeat, records: contacts, dated_by: contact_at, who: [child_id, source, outcome], occurrence: 2,
        within_months: 12, same_day: separate_occasions, counted: records}""",
    "fewer earlier referrals": """
        {kind: change, records: referrals, dated_by: referral_date, who: child_id, column: referrals_last_12m,
        direction: lower, where: [{column: source, is_not: ["6"]}]}""",
    "higher rating": """
        {kind: change, records: contacts, dated_by: contact_at, who: [child_id, outcome], column: initial_rating,
        direction: higher, order: [green, amber, red]}""",
    "contact to referral": """
        {kind: cohort, records: contacts, dated_by: contact_at, who: child_id, then: referrals,
        then_dated_by: referral_date, within_days: 30, where: [{column: outcome, known: true}]}""",
    "contact to plan": """
        {kind: reached, records: contacts, dated_by: contact_at, who: child_id, within_days: 200,
        where: [{column: open_case, is_not: ["yes"]}], hops: [
        {records: referrals, dated_by: referral_date, within_days: 90},
        {records: section_47, dated_by: start_date, within_days: 91},
        {records: icpc, dated_by: conference_date, reported_in: s47_start_date, within_days: 60},
        {records: cp_plans, dated_by: start_date, where: [{column: other_authority, is_not: ["yes"]}],
        within_days: 120}]}""",
    "enquiry to conference and back": """
        {kind: reached, records: section_47, dated_by: start_date, who: child_id, within_days: 120, hops: [
        {records: icpc, dated_by: conference_date, reported_in: s47_start_date, within_days: 60},
        {records: section_47, dated_by: start_date, within_days: 90}]}""",
    "upper quartile of working days": """
        {kind: upper_quartile, records: icpc, dated_by: conference_date, from: s47_start_date, to: conference_date,
        in: working_days, where: [{column: transfer_in, is_not: ["yes"]}]}""",
    "upper quartile of days from the referral": """
        {kind: upper_quartile, records: section_47, dated_by: start_date, to: start_date, in: days,
        from: {records: referrals, column: referral_date, within_days: 90}}""",
    "enquiry to plan": """
        {kind: cohort, records: section_47, dated_by: start_date, who: child_id, then: cp_plans,
        then_dated_by: start_date, then_where: [{column: other_authority, is_not: ["yes"]}], within_days: 60}""",
    "seen every few weeks": """
        {kind: reviewed, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
        reviews: missing_episodes, reviews_who: child_id, reviews_dated_by: missing_at, first_within_weeks: 20,
        then_within_weeks: 26, second_year_within_weeks: 60, open_at_least_weeks: 6}""",
    "reviewed less often later": """
        {kind: reviewed, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
        reviews: cp_reviews, reviews_dated_by: review_date, first_within_weeks: 20, then_within_months: 6,
        second_year_within_weeks: 60, open_at_least_months: 3}""",
    "visited in fifteen working days": """
        {kind: recent, records: cp_plans, open_from: start_date, open_to: end_date, date: last_visit_date,
        limit: {working_days: 15}, blank: missed, latest_only: child_id}""",
    "visited in thirty days": """
        {kind: recent, records: cp_plans, open_from: start_date, open_to: end_date, date: last_visit_date,
        limit: {days: 30}, blank: left_out, where: [{column: other_authority, is_not: ["yes"]}]}""",
    "reviewed in six months": """
        {kind: recent, records: cp_plans, open_from: start_date, open_to: end_date, date: latest_review_date,
        limit: {months: 6}, blank: left_out}""",
    "conferences with their enquiry": """
        {kind: preceded, records: icpc, dated_by: conference_date, who: child_id, reported_in: s47_start_date,
        by: {records: section_47, dated_by: start_date, where: [{column: disability, is_not: ["no"]}]},
        within_days: 45, where: [{column: transfer_in, is_not: ["yes"]}]}""",
    "reviews with a contact": """
        {kind: preceded, records: cp_reviews, dated_by: review_date, who: child_id,
        by: {records: contacts, dated_by: contact_at}, within_days: 90}""",
    "everybody seen": """
        {kind: every, records: assessments, dated_by: start_date, group_by: child_id,
        required: [{column: disability, is: ["no"]}], numerator: [{column: child_seen, is: ["yes"]},
        {column: needs_support, is_not: ["no"]}]}""",
    "all of a district": """
        {kind: every, records: missing_episodes, dated_by: missing_at, group_by: district,
        numerator: [{column: returned_at, known: true}, {column: placed_by_other, is: ["no"]}],
        where: [{column: missing_from, is: [care]}]}""",
    "missing with a plan": """
        {kind: during, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
        where: [{column: disability, is_not: ["yes"]}],
        had: {records: missing_episodes, dated_by: missing_at, where: [{column: missing_from, is: [care]}]}}""",
    "reviews of known categories": """
        {kind: reviewed, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
        reviews: cp_reviews, reviews_dated_by: review_date, first_within_months: 2, then_within_months: 5,
        open_at_least_months: 4, where: [{column: latest_category, known: true}]}""",
}


@cache
def definitions():
    """Return the real definitions with two localities, leads that change, and the other measures beside our KPIs."""
    real = read_definitions()
    changes = [("contacts", "council", "2000-01-01"), ("contacts", "mash", "2024-07-02"),
               ("cp_plans", "council", "2022-01-01"), ("cp_plans", "mash", "2024-02-29"),
               ("cp_plans", "council", "2025-01-01"), ("section_47", "police", "2023-10-01")]  # fmt: skip
    changed = {records for records, _agency, _day in changes}
    leads = [lead for lead in real.partnership.lead_agencies if lead.records not in changed]
    leads += [
        LeadAgency(records=records, agency=agency, from_=datetime.date.fromisoformat(day))
        for records, agency, day in changes
    ]
    localities = {"north": Locality(title="North"), "south": Locality(title="South")}
    ours = with_partnership(
        real, lead_agencies=tuple(leads), localities=localities, first_day=datetime.date(2023, 4, 1)
    )
    others = {name: kpi_with(measure(text), ("locality", "agency"), name, real) for name, text in OTHERS.items()}
    return with_kpis(ours, others)


@cache
def rows():
    """Return the rows of three seeds, one for each version; the last one's are current."""
    versions = [random_lists(definitions(), seed=100 + number, version=number, last_version=3) for number in (1, 2, 3)]
    return {records: [row for made in versions for row in made[records]] for records in versions[0]}


@cache
def periods():
    found = all_periods(definitions().partnership.first_day, TODAY)
    return tuple(one for one in found if one.kind in WINDOWS)


@cache
def answer(kpi_id, version, breakdown):
    return oracle.answer(definitions().kpis[kpi_id], world(version), periods(), breakdown)


@cache
def world(version):
    return oracle.World(definitions(), rows(), COVERED_FROM, COVERED_TO, version)


def filled(url):
    """Yield a store with all the rows in it."""
    with measuring_store(url, definitions(), TODAY) as store:
        with store.writer.begin() as connection:
            for records, made in rows().items():
                put(connection, store, records, made)
            count_rows_anew(connection, store.lists)
        yield store


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory):
    yield from filled(f"sqlite:///{tmp_path_factory.mktemp('oracle') / 'store.db'}")


@pytest.fixture(scope="module")
def on_postgres(postgres_server):
    with postgres.empty_database(postgres_server) as url:
        yield from filled(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request):
    return request.getfixturevalue(f"on_{request.param}")


def reading(store, version):
    first = {records: day.toordinal() for records, day in COVERED_FROM.items()}
    end = {records: day.toordinal() for records, day in COVERED_TO.items()}
    return Reading(store.definitions, store.lists, first, end, version)


# Kinds without a statement: tests/test_returned.py works the second one out again.
NO_STATEMENT = {"submitted", "returned", "population"}
FED_BY_LISTS = [kpi.id for kpi in definitions().kpis.values() if kpi.measure.kind not in NO_STATEMENT]


@pytest.mark.parametrize("kpi_id", FED_BY_LISTS)
def test_statements_and_plain_python_agree(store, kpi_id):
    kpi = definitions().kpis[kpi_id]
    with store.read() as connection:
        for version in VERSIONS:
            for breakdown in ("", *kpi.breakdowns):
                found = measured(connection, kpi, reading(store, version), WINDOWS, breakdown)
                assert found == answer(kpi_id, version, breakdown), (version, breakdown)
                assert found, "random rows that reach no period prove nothing"


@pytest.mark.parametrize("kpi_id", FED_BY_LISTS)
def test_figures_are_whole_numbers_on_every_database(store, kpi_id):
    # PostgreSQL sums to decimals, which do not divide by floats.
    with store.read() as connection:
        found = measured(connection, definitions().kpis[kpi_id], reading(store, None), ("quarter",))
    values = {type(value) for row in found.values() for value in row.values()}
    assert values <= {int, type(None)}


def test_every_measure_kind_is_tried():
    assert {kpi.measure.kind for kpi in definitions().kpis.values()} == set(KINDS)
    assert set(oracle.KINDS) == set(KINDS) - NO_STATEMENT


def test_a_slice_leaves_out_periods_that_end_before_its_first_day(store):
    first_day = datetime.date(2025, 4, 1).toordinal()
    kpi = definitions().kpis["re_referral_pct"]
    statement = kind_of(kpi.measure).select(kpi, reading(store, None), Slice(("quarter",), "", first_day))
    with store.read() as connection:
        found = {row.period for row in connection.execute(statement)}
    assert found == {"2025-26-Q1", "2025-26-Q2"}
