"""How long ago the last visit or review was on the last day of the period: each open row in one band, or in none."""

from scorecards.definitions import TIME_SINCE

VISITED = """
    {kind: ageing, records: cp_plans, open_from: start_date, open_to: end_date, date: last_visit_date,
     bands: [{days: 10}, {days: 20}]}"""
PLANS = """
    child | start_date | last_visit_date | end_date
    A     | 2025-01-01 | 2025-06-30      | 2025-07-01
    B     | 2025-01-01 | 2025-06-20      | 2025-07-01
    C     | 2025-01-01 | 2025-06-19      | 2025-07-01
    D     | 2025-01-01 | 2025-06-10      | 2025-07-01
    E     | 2025-01-01 | 2025-06-09      | 2025-07-01
    F     | 2025-01-01 | -               | 2025-07-01
    G     | 2025-01-01 | 2025-06-30      | 2025-06-30
    """


def test_every_open_row_is_in_one_band_to_the_day(check):
    check(
        measure=VISITED,
        cp_plans=PLANS,
        by=TIME_SINCE,
        since="2025-06-01",
        figures="""
            period     | group           | numerator
            2025-26-Q1 | Up to 10 days   | 2
            2025-26-Q1 | 11 to 20 days   | 2
            2025-26-Q1 | Over 20 days    | 1
            2025-26-Q1 | unknown         | 1
        """,
    )


def test_the_whole_is_what_all_bands_make_together(check):
    check(
        measure=VISITED,
        cp_plans=PLANS,
        since="2025-06-01",
        figures="""
            period     | numerator
            2025-26-Q1 | 6
        """,
    )


def test_a_row_counts_once_it_has_been_open_for_longer_than_the_first_band(check):
    check(
        measure=VISITED,
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2025-06-19 | -               | 2025-07-01
            B     | 2025-06-20 | -               | 2025-07-01
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 1
        """,
    )


def test_a_row_with_a_later_date_is_in_no_band_and_every_band_knows_that_one_is_missing(check):
    plans = """
        child | start_date | last_visit_date | end_date
        A     | 2025-01-01 | 2025-07-01      | 2025-07-02
        B     | 2025-01-01 | 2025-06-30      | 2025-07-02
        C     | 2025-01-01 | -               | 2025-07-01
        """
    check(
        measure=VISITED,
        cp_plans=plans,
        by=TIME_SINCE,
        since="2025-06-30",
        figures="""
            period     | group         | numerator | since
            2025-26-Q1 | Up to 10 days | 1         | 1
            2025-26-Q1 | unknown       | 1         | 1
        """,
    )
    check(
        measure=VISITED,
        cp_plans=plans,
        since="2025-06-30",
        figures="""
            period     | numerator | excluded | since
            2025-26-Q1 | 2         | 1        | 1
        """,
    )


def test_bands_of_working_days_and_of_months_have_ends_of_their_own(check):
    check(
        measure=VISITED.replace("{days: 10}, {days: 20}", "{working_days: 6}"),
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2025-01-01 | 2025-04-22      | 2025-05-01
            B     | 2025-01-01 | 2025-04-17      | 2025-05-01
        """,
        by=TIME_SINCE,
        since="2025-04-30",
        figures="""
            period  | group                  | numerator
            2025-04 | Up to 6 working days   | 1
            2025-04 | Over 6 working days    | 1
        """,
    )
    check(
        measure=VISITED.replace("{days: 10}, {days: 20}", "{months: 3}, {months: 6}"),
        cp_plans="""
            child | start_date | last_visit_date | end_date
            A     | 2023-01-01 | 2023-11-29      | 2024-03-01
            B     | 2023-01-01 | 2023-11-28      | 2024-03-01
            C     | 2023-01-01 | 2023-08-28      | 2024-03-01
        """,
        by=TIME_SINCE,
        since="2024-02-01",
        figures="""
            period  | group                        | numerator
            2024-02 | Up to 3 months               | 1
            2024-02 | Over 3 and up to 6 months    | 1
            2024-02 | Over 6 months                | 1
        """,
    )
