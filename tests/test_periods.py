"""Periods and days: what they are called, where they end, and which working day is the fifteenth."""

import calendar as python_calendar
import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from scorecards.definitions import read_definitions
from scorecards.periods import (
    FIRST_DAY,
    LAST_DAY,
    Covered,
    academic_year,
    add_months,
    add_working_days,
    all_periods,
    bank_holidays,
    covered_within,
    financial_year,
    half_year,
    last_complete_quarter,
    month,
    parse_covered,
    parse_period,
    period_by_id,
    prepare,
    quarter,
    quarter_of,
    rolling_year,
    single_day,
    term,
    working_days,
    working_days_between,
)
from scorecards.store import open_store
from scorecards.store.schema import calendar, calendar_months, period
from tests.seeding import with_partnership

TODAY = datetime.date(2025, 10, 14)
ONE_DAY = datetime.timedelta(days=1)
ANY_DAY = st.dates(datetime.date(2000, 1, 1), datetime.date(2039, 12, 31))


def day(text):
    return datetime.date.fromisoformat(text)


# Working days.


@pytest.fixture
def vectors(shared):
    return json.loads((shared / "vectors" / "dates.json").read_text())


def test_due_days_are_those_of_the_published_convention(vectors):
    for case in vectors["due"]:
        start = day(case["start"][:10])
        for name, due in case.items():
            if name != "start":
                assert add_working_days(start, int(name)) == day(due), (start, name)


def test_elapsed_working_days_are_those_of_the_published_convention(vectors):
    for case in vectors["elapsed"]:
        assert working_days_between(day(case["a"]), day(case["b"])) == case["wd"], case


def test_two_years_are_729_days_and_one_more(vectors):
    for case in vectors["two_year_rule"]:
        start, end = day(case["start"]), day(case["end"])
        assert (end - start).days == case["days"]
        assert ((end - start).days > 729) == case["gt_729"]
        assert (add_months(start, 24) <= end) == case["anniversary_reached"]


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2025-06-02", "2025-06-02", 0),  # the day of the start is day 0
        ("2025-06-02", "2025-06-03", 1),
        ("2025-06-06", "2025-06-09", 1),  # Friday to Monday
        ("2025-06-07", "2025-06-09", 1),  # Saturday counts as the Friday before
        ("2025-06-06", "2025-06-08", 0),
        ("2025-04-17", "2025-04-22", 1),  # over Easter
        ("2022-09-16", "2022-09-20", 1),  # the state funeral was a bank holiday
        ("2023-05-05", "2023-05-09", 1),  # so was the coronation
        ("2021-12-24", "2021-12-29", 1),  # Christmas at a weekend moves to Monday and Tuesday
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(start, end, count):
    assert working_days_between(day(start), day(end)) == count


def test_every_day_of_the_calendar_has_its_working_day():
    counted = working_days()
    assert list(counted) == list(range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1))
    steps = {
        later - earlier for earlier, later in zip(list(counted.values()), list(counted.values())[1:], strict=False)
    }
    assert steps == {0, 1}


def test_england_has_eight_bank_holidays_a_year_and_scotlands_are_not_among_them():
    assert sum(one.year == 2024 for one in bank_holidays()) == 8
    assert day("2024-01-02") not in bank_holidays()


# Months.


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", -12, "2023-02-28"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2025-01-15", -1, "2024-12-15"),
        ("2025-08-31", 18, "2027-02-28"),
        ("2025-05-05", 0, "2025-05-05"),
    ],
)
def test_months_on_it_is_the_same_day_or_the_last_of_a_shorter_month(start, months, end):
    assert add_months(day(start), months) == day(end)


@given(ANY_DAY, st.integers(-24, 24))
def test_months_move_the_month_and_never_lengthen_the_day(start, months):
    end = add_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == min(start.day, python_calendar.monthrange(end.year, end.month)[1])


@given(ANY_DAY, st.integers(0, 24))
def test_a_later_start_never_ends_earlier(start, months):
    assert add_months(start, months) <= add_months(start + ONE_DAY, months)


# Periods.


@pytest.mark.parametrize(
    ("made", "period_id", "label", "long_label", "first", "last"),
    [
        (month(2025, 8), "2025-08", "August 2025", "August 2025", "2025-08-01", "2025-08-31"),
        (quarter(2025, 2), "2025-26-Q2", "Q2 2025/26", "Quarter 2 2025/26, July to September 2025",
         "2025-07-01", "2025-09-30"),
        (quarter(2025, 4), "2025-26-Q4", "Q4 2025/26", "Quarter 4 2025/26, January to March 2026",
         "2026-01-01", "2026-03-31"),
        (half_year(2025, 2), "2025-26-H2", "Half 2 2025/26", "Half 2 2025/26, October 2025 to March 2026",
         "2025-10-01", "2026-03-31"),
        (term(2025, 1), "2025-26-T1", "Autumn term 2025/26", "Autumn term 2025/26, September to December 2025",
         "2025-09-01", "2025-12-31"),
        (term(2025, 2), "2025-26-T2", "Spring term 2025/26", "Spring term 2025/26, January to March 2026",
         "2026-01-01", "2026-03-31"),
        (term(2025, 3), "2025-26-T3", "Summer term 2025/26", "Summer term 2025/26, April to August 2026",
         "2026-04-01", "2026-08-31"),
        (financial_year(1999), "1999-00", "1999/00", "1999/00, April 1999 to March 2000", "1999-04-01", "2000-03-31"),
        (academic_year(2025), "2025-26-AY", "Academic year 2025/26",
         "Academic year 2025/26, September 2025 to August 2026", "2025-09-01", "2026-08-31"),
        (single_day(day("2025-03-31")), "2025-03-31", "31 March 2025", "31 March 2025", "2025-03-31", "2025-03-31"),
        (rolling_year(quarter(2025, 2)), "2025-26-Q2-R12", "12 months to September 2025",
         "12 months to September 2025", "2024-10-01", "2025-09-30"),
    ],
)  # fmt: skip
def test_a_period_has_an_id_a_label_and_days(made, period_id, label, long_label, first, last):
    assert (made.id, made.label, made.long_label) == (period_id, label, long_label)
    assert (made.first, made.last) == (day(first), day(last))


def test_a_period_knows_its_months():
    assert [one.months for one in (month(2025, 12), quarter(2025, 4), rolling_year(quarter(2025, 1)))] == [1, 3, 12]


@pytest.mark.parametrize(
    ("on", "period_id"),
    [
        ("2025-03-31", "2024-25-Q4"),
        ("2025-04-01", "2025-26-Q1"),
        ("2025-12-31", "2025-26-Q3"),
        ("2026-01-01", "2025-26-Q4"),
    ],
)
def test_a_day_lies_in_a_quarter_of_the_financial_year(on, period_id):
    assert quarter_of(day(on)).id == period_id


def test_the_last_complete_quarter_ends_before_today():
    assert last_complete_quarter(day("2025-09-30")).id == "2025-26-Q1"
    assert last_complete_quarter(day("2025-10-01")).id == "2025-26-Q2"


def test_every_id_leads_back_to_its_period():
    for one in all_periods(datetime.date(2013, 4, 1), TODAY):
        assert period_by_id(one.id) == one
        assert parse_period(one.id.lower()) == one
        assert parse_period(one.label) == one


@pytest.mark.parametrize(
    "text",
    ["", "2025", "2025-26-Q5", "2025-26-H3", "2025-26-T4", "2025-27-Q1", "2025-13", "2025-27-AY", "2025-08-R12",
     "2025-26-R12", "2025-04-31", "1999-04", "R12", "Q2"],
)  # fmt: skip
def test_anything_else_is_no_id(text):
    assert period_by_id(text) is None


@pytest.mark.parametrize(
    ("text", "period_id"),
    [
        ("Q2 2025/26", "2025-26-Q2"),
        ("q2 2025-26", "2025-26-Q2"),
        ("Qtr 2, 2025/26", "2025-26-Q2"),
        ("Quarter 2 (2025/26)", "2025-26-Q2"),
        ("2025/26 Q2", "2025-26-Q2"),
        ("2025-2026 Quarter 2", "2025-26-Q2"),
        ("25/26 Q2", "2025-26-Q2"),
        ("Q2 25-26", "2025-26-Q2"),
        ("2025–26 Q2", "2025-26-Q2"),
        ("July to September 2025", "2025-26-Q2"),
        ("Jul-Sep 2025", "2025-26-Q2"),
        ("January to March 2026", "2025-26-Q4"),
        ("April to September 2025", "2025-26-H1"),
        ("January to December 2025", "2025-26-Q3-R12"),
        ("H1 2025/26", "2025-26-H1"),
        ("2025/26 half year 2", "2025-26-H2"),
        ("Aug-25", "2025-08"),
        ("August 2025", "2025-08"),
        ("Sept 2025", "2025-09"),
        ("Autumn term 2025/26", "2025-26-T1"),
        ("Summer 2025-26", "2025-26-T3"),
        ("Academic year 2025/26", "2025-26-AY"),
        ("AY 25/26", "2025-26-AY"),
        ("2024/25", "2024-25"),
        ("2024 to 2025", "2024-25"),
        ("FY 2024/25", "2024-25"),
        ("Financial year 2024-2025", "2024-25"),
        ("Year 24/25", "2024-25"),
        ("12 months to September 2025", "2025-26-Q2-R12"),
        ("Year to Mar 2025", "2024-25-Q4-R12"),
        ("Rolling 12 months to Sep 25", "2025-26-Q2-R12"),
        ("31/03/2025", "2025-03-31"),
        ("31.3.2025", "2025-03-31"),
        ("31 March 2025", "2025-03-31"),
        ("  2025-26-q2 ", "2025-26-Q2"),
        ("Q1 25/26", "2025-26-Q1"),
        ("Q2 FY25/26", "2025-26-Q2"),
        ("FY25/26 Q2", "2025-26-Q2"),
        ("2nd quarter 2025/26", "2025-26-Q2"),
        ("Q2 (Jul-Sep) 2025/26", "2025-26-Q2"),
        ("Q2 (Jul-Sep 2025)", "2025-26-Q2"),
        ("Q2 2025/26 (July to September)", "2025-26-Q2"),
        ("Jul-Sep 25", "2025-26-Q2"),
        ("Jul 2025 - Sep 2025", "2025-26-Q2"),
        ("Jan - Mar 26", "2025-26-Q4"),
        ("Oct 2025 to Mar 2026", "2025-26-H2"),
        ("Apr 24 - Mar 25", "2024-25-Q4-R12"),
        ("Oct 2024 to Sept 2025", "2025-26-Q2-R12"),
        ("Sep 24 - Aug 25", "2024-25-AY"),
        ("Oct to Sep 2025", "2025-26-Q2-R12"),
        ("Sep '25", "2025-09"),
        ("May2025", "2025-05"),
        ("2025 April", "2025-04"),
        ("09/2025", "2025-09"),
        ("April 2025/26", "2025-04"),
        ("Jan 25/26", "2026-01"),
        ("2025/26 Mar", "2026-03"),
        ("2025/26 autumn term", "2025-26-T1"),
        ("Autumn 2025", "2025-26-T1"),
        ("Spring term 2026", "2025-26-T2"),
        ("30-Sep-25", "2025-09-30"),
        ("30th September 2025", "2025-09-30"),
        ("30/09/25", "2025-09-30"),
        ("12 months to Mar 25", "2024-25-Q4-R12"),
        ("12 months ending 31 March 2025", "2024-25-Q4-R12"),
        ("Year ended 30 June 2025", "2025-26-Q1-R12"),
        ("R12 Q2 2025/26", "2025-26-Q2-R12"),
    ],
)
def test_periods_go_by_the_names_that_people_give_them(text, period_id):
    assert parse_period(text) == period_by_id(period_id)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "Q2", "Q5 2025/26", "Q2 2025/27", "H3 2025/26", "Autumn term 2025/27", "AY 2025/27", "2025/27",
     "August to September 2025", "Foo to September 2025", "Smarch 2025", "12 months to August 2025",
     "12 months to Smarch 2025", "31/02/2025", "31 Smarch 2025", "99/99/2025", "Q1 (Jul-Sep 2025)", "Smarch 25/26",
     "Q1 Jul-Sep 2025/26", "Ma 25", "12 months to 2024/25", "12 months to Aug 25", "Smarch 24 - Mar 25", "31-12-25",
     "April 2025/27", "12 months"],
)  # fmt: skip
def test_what_is_no_period_is_none(text):
    assert parse_period(text) is None


@pytest.mark.parametrize(
    ("text", "period_id", "basis"),
    [
        ("Q1 2025/26", "2025-26-Q1", None),
        ("2010/11", None, None),  # its id would be that of November 2010
        ("2009-10", None, None),  # a year to one reader, a month to another
        ("YTD Sep 25", "2025-09", "to_date"),
        ("Sep 25 YTD", "2025-09", "to_date"),
        ("YTD (Apr-Sep 25)", "2025-09", "to_date"),
        ("Apr to Aug 2025 YTD", "2025-08", "to_date"),
        ("Year to date Q2 2025/26", "2025-26-Q2", "to_date"),
        ("YTD H1 2025/26", "2025-26-Q2", "to_date"),
        ("Jul-Sep 2025 YTD", "2025-26-Q2", "to_date"),
        ("Cumulative to 30 September 2025", "2025-09", "to_date"),
        ("Cumulative to 29 September 2025", None, None),
        ("YTD soon", None, None),
        ("As at 30 Sept 2025", "2025-09-30", "at_date"),
        ("30/09/2025 snapshot", "2025-09-30", "at_date"),
        ("End of Q2 2025/26", "2025-26-Q2", "at_date"),
        ("Sep-25 (month end)", "2025-09", "at_date"),
        ("At home", None, None),
        ("Monthly average Q2 2025/26", "2025-26-Q2", "monthly_average"),
        ("Q2 2025/26 (average)", "2025-26-Q2", "monthly_average"),
        ("Average Q2 2025/26", "2025-26-Q2", "monthly_average"),
        ("Average of the months Q2 2025/26", "2025-26-Q2", "monthly_average"),
        ("Average", None, None),
        ("12 months to Mar 25", "2024-25-Q4-R12", "rolling_12_months"),
        ("Oct 24 - Sep 25", "2025-26-Q2-R12", "rolling_12_months"),
        ("Q2 2025/26 rolling 12 months", "2025-26-Q2-R12", "rolling_12_months"),
        ("Rolling Aug 25", None, None),
        ("", None, None),
    ],
)
def test_a_heading_says_what_a_figure_covers(text, period_id, basis):
    covered = parse_covered(text)
    assert (covered.period.id, covered.basis) == (period_id, basis) if period_id else covered is None


@pytest.mark.parametrize(
    ("text", "is_bare"),
    [("Average Q2 2025/26", True), ("Q2 2025/26 (mean)", True), ("Monthly average Q2 2025/26", False),
     ("Average per month Q2 2025/26", False), ("Q2 2025/26", False)],
)  # fmt: skip
def test_a_heading_that_says_average_alone_is_told_from_an_average_of_the_months(text, is_bare):
    assert parse_covered(text).says_average is is_bare


@pytest.mark.parametrize(("text", "within"), [("YTD", None), ("2025/26 to date", "2025-26"), ("YTD 25/26", "2025-26")])
def test_year_to_date_without_its_last_month_leaves_it_open(text, within):
    assert parse_covered(text) == Covered(None, "to_date", period_by_id(within) if within else None)


@pytest.mark.parametrize(
    ("text", "period_id"),
    [
        ("Wexshire Police: safeguarding return, Quarter 2 2025/26", "2025-26-Q2"),
        ("Police_return_Sep_2025", "2025-09"),
        ("Figures as at 30 Sept 2025 (provisional)", "2025-09-30"),
        ("Return for 2025/26 (provisional)", "2025-26"),
        ("Data Q2 25-26", "2025-26-Q2"),
        ("Q2 2025/26 compared with Q1 2025/26", None),
        ("Q1 and Q2 2025/26", None),
        ("Quarter 1 and Quarter 2 2025/26", None),
        ("April, May and June 2025", None),
        ("Figures that may change, Q2 2025/26", "2025-26-Q2"),
        ("YTD figures", None),
        ("nothing", None),
    ],
)
def test_the_one_period_that_a_title_names_is_found_in_it(text, period_id):
    found = covered_within(text)
    assert found.period.id == period_id if period_id else found is None


def test_there_is_every_period_that_has_begun_and_none_that_ended_before_the_first_day():
    found = all_periods(datetime.date(2025, 5, 20), TODAY)
    assert [one.id for one in found if one.kind == "quarter"] == ["2025-26-Q1", "2025-26-Q2", "2025-26-Q3"]
    assert [one.id for one in found if one.kind == "month"] == [f"2025-{number:02}" for number in range(4, 11)]
    assert [one.id for one in found if one.kind == "term"] == ["2024-25-T3", "2025-26-T1"]
    assert [one.id for one in found if one.kind == "half_year"] == ["2025-26-H1", "2025-26-H2"]
    assert [one.id for one in found if one.kind == "financial_year"] == ["2025-26"]
    assert [one.id for one in found if one.kind == "academic_year"] == ["2024-25-AY", "2025-26-AY"]
    assert {one.id for one in found if one.kind == "rolling_12_months"} == {
        f"2025-26-Q{number}-R12" for number in (1, 2, 3)
    }


@pytest.mark.parametrize("kind", ["month", "quarter", "half_year", "term", "financial_year", "academic_year"])
def test_periods_of_one_kind_follow_each_other_without_gap_or_overlap(kind):
    found = [one for one in all_periods(datetime.date(2019, 4, 1), TODAY) if one.kind == kind]
    assert [one.end for one in found[:-1]] == [one.first for one in found[1:]]


# In the store.


@pytest.fixture
def store(database_url):
    opened = open_store(database_url, read_definitions(), TODAY)
    yield opened
    opened.close()


def contents(connection):
    tables = (calendar, calendar_months, period)
    return {table.name: sorted(map(tuple, connection.execute(select(table)))) for table in tables}


def test_days_and_periods_are_stored_once_however_often_they_are_prepared(store):
    with store.writer.begin() as connection:
        periods = prepare(connection, store.definitions, TODAY)
        once = contents(connection)
    with store.writer.begin() as connection:
        assert prepare(connection, store.definitions, TODAY) == periods
        assert contents(connection) == once
    assert [row[0] for row in once["period"]] == sorted(one.id for one in periods)
    assert dict(once["calendar"]) == working_days()
    later = {row[0] for row in once["calendar_months"]}
    assert later >= {3, 6, 12, 18, 24}


def test_the_last_start_that_has_lasted_is_the_last_one_whose_months_have_passed(sqlite_url):
    store = open_store(sqlite_url, read_definitions(), TODAY)
    with store.writer.begin() as connection:
        prepare(connection, store.definitions, TODAY)
        rows = connection.execute(select(calendar_months).where(calendar_months.c.months == 6)).all()
    store.close()
    days = {row.day: row for row in rows}
    # 28 February: 28, 29, 30 and 31 August have all lasted six months.
    assert days[day("2025-02-28").toordinal()].latest_start == day("2024-08-31").toordinal()
    assert days[day("2025-02-28").toordinal()].earlier == day("2024-08-28").toordinal()
    assert days[day("2024-08-31").toordinal()].later == day("2025-02-28").toordinal()
    assert days[day("2025-08-31").toordinal()].latest_start == day("2025-02-28").toordinal()
    for ordinal, row in days.items():
        last, next_one = (datetime.date.fromordinal(row.latest_start + step) for step in (0, 1))
        assert add_months(last, 6).toordinal() <= ordinal < add_months(next_one, 6).toordinal()


def test_a_new_day_brings_its_periods_and_an_other_first_day_takes_the_early_ones_away(store):
    with store.writer.begin() as connection:
        prepare(connection, store.definitions, datetime.date(2025, 9, 30))
        assert not connection.scalar(select(func.count()).where(period.c.id == "2025-26-Q3"))
        prepare(connection, store.definitions, datetime.date(2025, 10, 1))
        assert connection.scalar(select(func.count()).where(period.c.id == "2025-26-Q3"))
        later = with_partnership(store.definitions, first_day=datetime.date(2025, 4, 1))
        periods = prepare(connection, later, datetime.date(2025, 10, 1))
        assert set(connection.scalars(select(period.c.id))) == {one.id for one in periods}


def test_a_half_filled_calendar_is_filled_anew(store):
    with store.writer.begin() as connection:
        connection.execute(calendar.insert().values(day=1, working_day=7))
        prepare(connection, store.definitions, TODAY)
        assert dict(map(tuple, connection.execute(select(calendar)))) == working_days()
