"""The last visit or review, seen from the last day of the period: recent enough, too long ago, or not known."""

VISITED = """
    {kind: recent, records: cp_plans, open_from: start_date, open_to: end_date, date: last_visit_date,
     limit: {days: 10}, blank: missed}"""


def test_a_visit_is_recent_up_to_the_limit_to_the_day(check):
    check(
        measure=VISITED,
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2025-01-01 | 2025-06-30      | 2025-07-01
            B     | 2025-01-01 | 2025-06-20      | 2025-07-01
            C     | 2025-01-01 | 2025-06-19      | 2025-07-01
            D     | 2025-01-01 | 2025-06-30      | 2025-06-30
        """,
        since="2025-06-01",
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 2         | 3
        """,
    )


def test_a_plan_counts_once_it_has_been_open_for_longer_than_the_limit(check):
    check(
        measure=VISITED,
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2025-06-19 | -               | 2025-07-01
            B     | 2025-06-20 | -               | 2025-07-01
            C     | 2025-06-20 | 2025-06-20      | 2025-07-01
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


def test_a_blank_is_missed_or_left_out_as_the_measure_says(check):
    plans = """
        child | start_date | last_visit_date | end_date
        A     | 2025-01-01 | 2025-06-29      | 2025-07-01
        B     | 2025-01-01 | -               | 2025-07-01
    """
    check(
        measure=VISITED,
        cp_plans=plans,
        since="2025-06-01",
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )
    check(
        measure=VISITED.replace("missed", "left_out"),
        cp_plans=plans,
        since="2025-06-01",
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 1           | 1
        """,
    )


def test_a_visit_after_the_last_day_says_nothing_of_that_day(check):
    check(
        measure=VISITED,
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2025-01-01 | 2025-07-01      | -
            B     | 2025-01-01 | 2025-06-30      | 2025-07-02
            C     | 2025-01-01 | 2025-07-31      | -
        """,
        since="2025-06-01",
        figures="""
            period  | numerator | denominator | excluded | since
            2025-06 | 1         | 1           | 2        | 2
            2025-07 | 1         | 2           | 0        | 0
            2025-08 | 0         | 2           | 0        | 0
            2025-09 | 0         | 2           | 0        | 0
            2025-10 | 0         | 2           | 0        | 0
        """,
    )


def test_working_days_leave_out_weekends_and_bank_holidays(check):
    # Easter Monday was 21 April 2025: five working days before Wednesday 30 April lies Wednesday the 23rd.
    check(
        measure=VISITED.replace("days: 10", "working_days: 6"),
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2025-01-01 | 2025-04-22      | 2025-05-01
            B     | 2025-01-01 | 2025-04-18      | 2025-05-01
            C     | 2025-01-01 | 2025-04-17      | 2025-05-01
            D     | 2025-04-22 | -               | 2025-05-01
            E     | 2025-04-21 | -               | 2025-05-01
            F     | 2025-04-17 | -               | 2025-05-01
        """,
        since="2025-04-30",
        figures="""
            period  | numerator | denominator
            2025-04 | 1         | 5
        """,
    )


def test_calendar_months_end_on_the_last_day_of_a_shorter_month(check):
    check(
        measure=VISITED.replace("days: 10", "months: 6"),
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2023-01-01 | 2023-08-29      | 2024-03-01
            B     | 2023-01-01 | 2023-08-31      | 2024-03-01
            C     | 2023-01-01 | 2023-08-28      | 2024-03-01
            D     | 2023-08-28 | 2024-01-01      | 2024-03-01
            E     | 2023-08-29 | 2024-01-01      | 2024-03-01
        """,
        since="2024-02-01",
        figures="""
            period  | numerator | denominator
            2024-02 | 3         | 4
        """,
    )


def test_rows_that_do_not_count_and_groups(check):
    check(
        measure=VISITED.replace("blank", "where: [{column: other_authority, is_not: ['yes']}], blank"),
        by="locality",
        leads="""
            list     | agency  | from
            cp_plans | council | 2000-01-01
        """,
        since="2025-06-01",
        cp_plans="""
            child | start_date | last_visit_date | end_date   | locality | other_authority | agency  | superseded_in
            A     | 2025-01-01 | 2025-06-29      | 2025-07-01 | north    | -               | council | -
            B     | 2025-01-01 | 2025-06-01      | 2025-07-01 | -        | no              | council | -
            C     | 2025-01-01 | 2025-06-01      | 2025-07-01 | north    | yes             | council | -
            D     | 2025-01-01 | 2025-06-01      | 2025-07-01 | north    | no              | mash    | -
            E     | 2025-01-01 | 2025-06-01      | 2025-07-01 | north    | no              | council | 2
        """,
        figures="""
            period     | group   | numerator | denominator
            2025-26-Q1 | north   | 1         | 1
            2025-26-Q1 | unknown | 0         | 1
        """,
    )
