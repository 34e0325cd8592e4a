"""Of each child's open rows only the newest counts: one category, one level of risk, on any day."""

NEGLECT = """
    {kind: stock, records: cp_plans, open_from: start_date, open_to: end_date, latest_only: child_id,
     where: [{column: latest_category, is: [NEG]}]}"""


def test_only_the_newest_open_row_of_a_child_counts_and_it_is_found_before_rows_are_chosen(check):
    # B's older plan is of neglect, and what holds of B is the newer one.
    check(
        measure=NEGLECT,
        cp_plans="""
            child | start_date | latest_category | end_date
            A     | 2025-04-01 | EMO             | 2025-07-01
            A     | 2025-04-02 | NEG             | 2025-07-01
            B     | 2025-04-01 | NEG             | 2025-07-01
            B     | 2025-06-30 | EMO             | 2025-07-01
            C     | 2025-04-01 | NEG             | 2025-07-01
            C     | 2025-07-01 | EMO             | 2025-07-02
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
        """,
    )


def test_a_newer_row_that_has_ended_by_the_day_gives_way_to_the_older_one(check):
    check(
        measure=NEGLECT,
        cp_plans="""
            child | start_date | latest_category | end_date
            A     | 2025-04-01 | NEG             | 2025-09-01
            A     | 2025-05-01 | EMO             | 2025-06-30
            B     | 2025-04-01 | NEG             | 2025-09-01
            B     | 2025-05-01 | EMO             | 2025-07-01
        """,
        figures="""
            period  | numerator
            2025-04 | 2
            2025-06 | 1
            2025-07 | 2
            2025-08 | 2
        """,
    )


def test_of_rows_that_begin_on_one_day_the_one_sent_last_is_the_newest(check):
    check(
        measure=NEGLECT,
        cp_plans="""
            child | start_date | latest_category | end_date
            A     | 2024-02-29 | NEG             | 2024-03-31
            A     | 2024-02-29 | EMO             | 2024-03-31
            B     | 2024-02-29 | EMO             | 2024-03-31
            B     | 2024-02-29 | NEG             | 2024-03-31
        """,
        figures="""
            period  | numerator
            2024-02 | 1
        """,
    )


def test_of_rows_that_begin_on_one_day_the_later_time_is_newer_and_one_without_a_time_is_older(check):
    check(
        measure="""{kind: stock, records: missing_episodes, open_from: missing_at, open_to: returned_at,
                    latest_only: child_id, where: [{column: missing_from, is: [care]}]}""",
        missing_episodes="""
            child | missing_at       | type    | missing_from | returned_at
            A     | 2025-04-30 09:00 | missing | care         | 2025-05-01
            A     | 2025-04-30 08:59 | missing | home         | 2025-05-01
            B     | 2025-04-30 00:01 | missing | care         | 2025-05-01
            B     | 2025-04-30       | missing | home         | 2025-05-01
            C     | 2025-04-30       | missing | care         | 2025-05-01
        """,
        figures="""
            period  | numerator
            2025-04 | 3
        """,
    )


def test_a_blank_in_the_newest_row_is_unknown_whatever_the_older_row_says(check):
    check(
        measure="""{kind: percentage, records: cp_plans, open_from: start_date, open_to: end_date,
                    latest_only: child_id, numerator: [{column: latest_category, is: [NEG]}]}""",
        by="locality",
        cp_plans="""
            child | start_date | latest_category | end_date   | locality
            A     | 2025-04-01 | NEG             | 2025-07-01 | north
            A     | 2025-04-02 | -               | 2025-07-01 | south
            B     | 2025-04-01 | EMO             | 2025-07-01 | north
            B     | 2025-04-02 | NEG             | 2025-07-01 | -
            C     | 2025-04-02 | EMO             | 2025-07-01 | north
        """,
        figures="""
            period     | group   | numerator | denominator | excluded
            2025-26-Q1 | north   | 0         | 1           | 0
            2025-26-Q1 | south   | 0         | 0           | 1
            2025-26-Q1 | unknown | 1         | 1           | 0
        """,
    )


def test_rows_that_do_not_count_are_nobodys_newest(check):
    check(
        measure=NEGLECT,
        leads="""
            list     | agency  | from
            cp_plans | council | 2000-01-01
        """,
        cp_plans="""
            child | start_date | latest_category | end_date   | agency  | superseded_in
            A     | 2025-04-01 | NEG             | 2025-07-01 | council | -
            A     | 2025-05-01 | EMO             | 2025-07-01 | council | 2
            B     | 2025-04-01 | NEG             | 2025-07-01 | council | -
            B     | 2025-05-01 | EMO             | 2025-07-01 | mash    | -
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
        """,
    )


def test_different_values_are_counted_among_the_newest(check):
    check(
        measure="""{kind: distinct, records: cp_plans, open_from: start_date, open_to: end_date,
                    latest_only: child_id, of: latest_category}""",
        cp_plans="""
            child | start_date | latest_category | end_date
            A     | 2025-04-01 | PHY             | 2025-07-01
            A     | 2025-04-02 | NEG             | 2025-07-01
            B     | 2025-04-02 | NEG             | 2025-07-01
            C     | 2025-04-02 | -               | 2025-07-01
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 1
        """,
    )
