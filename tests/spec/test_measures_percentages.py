"""Percentages of rows: what passes, what cannot be tested, and how long something lasted."""

NFA = """{kind: percentage, records: referrals, dated_by: referral_date, numerator: [{column: nfa, is: ["yes"]}]}"""
TWO_YEARS = """
    {kind: percentage, records: cp_plans, dated_by: end_date,
     lasted: {from: start_date, to: end_date, more_than_days: 729}}"""


def test_a_blank_column_is_not_a_no(check):
    check(
        measure=NFA,
        referrals="""
            child | referral_date | source | nfa
            A     | 2025-04-01    | "6"    | yes
            B     | 2025-04-01    | "6"    | no
            C     | 2025-04-01    | "6"    | no
            D     | 2025-04-01    | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 3           | 1
        """,
    )


def test_a_period_of_blanks_has_nothing_to_divide_by(check):
    check(
        measure=NFA,
        referrals="""
            child | referral_date | source | nfa
            A     | 2025-04-01    | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 0         | 0           | 1
        """,
    )


def test_what_is_not_one_of_some_codes_may_be_blank(check):
    check(
        measure="""{kind: percentage, records: contacts, dated_by: contact_at,
                    where: [{column: open_case, is_not: ["yes"]}],
                    numerator: [{column: outcome, is: [referral, strategy]}]}""",
        contacts="""
            child | contact_at | source | open_case | outcome
            A     | 2025-04-01 | "6"    | yes       | referral
            B     | 2025-04-01 | "6"    | no        | strategy
            C     | 2025-04-01 | "6"    | -         | nfa
            D     | 2025-04-01 | "6"    | -         | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 2           | 1
        """,
    )


def test_a_number_may_be_tested_at_its_edge(check):
    check(
        measure="""{kind: percentage, records: referrals, dated_by: referral_date,
                    numerator: [{column: referrals_last_12m, at_least: 2}]}""",
        referrals="""
            child | referral_date | source | referrals_last_12m
            A     | 2025-04-01    | "6"    | 1
            B     | 2025-04-01    | "6"    | 2
            C     | 2025-04-01    | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 2           | 1
        """,
    )


def test_two_years_are_more_than_729_days_also_over_a_leap_year(check):
    # 1 April 2022 to 31 March 2024 is 730 days although the second anniversary has not come.
    check(
        measure=TWO_YEARS,
        cp_plans="""
            child | start_date | end_date
            A     | 2022-04-01 | 2024-03-31
            B     | 2022-04-01 | 2024-03-30
            C     | 2021-04-01 | 2023-03-31
            D     | 2021-04-01 | 2023-04-01
        """,
        figures="""
            period     | numerator | denominator
            2022-23-Q4 | 0         | 1
            2023-24-Q1 | 1         | 1
            2023-24-Q4 | 1         | 2
        """,
    )


def test_a_plan_counts_in_the_period_in_which_it_ended(check):
    check(
        measure=TWO_YEARS,
        cp_plans="""
            child | start_date | end_date
            A     | 2022-01-01 | 2025-06-30
            B     | 2025-01-01 | 2025-07-01
            C     | 2022-01-01 | -
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 1
            2025-26-Q2 | 0         | 1
        """,
    )


def test_months_between_two_days_of_a_row_are_calendar_months(check):
    check(
        measure="""{kind: percentage, records: cp_plans, dated_by: end_date,
                    lasted: {from: start_date, to: end_date, at_least_months: 3}}""",
        cp_plans="""
            child | start_date | end_date
            A     | 2025-01-31 | 2025-04-29
            B     | 2025-01-31 | 2025-04-30
            C     | 2025-02-01 | 2025-04-30
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 3
        """,
    )


def test_something_unfinished_has_no_known_length(check):
    check(
        measure="""{kind: percentage, records: cp_plans, dated_by: start_date,
                    lasted: {from: start_date, to: end_date, at_least_months: 3}}""",
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-07-01
            B     | 2025-04-01 | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 1           | 1
        """,
    )


def test_a_share_of_open_plans_is_taken_on_the_last_day(check):
    check(
        measure="""{kind: percentage, records: cp_plans, open_from: start_date, open_to: end_date,
                    lasted: {from: start_date, to: period_end, at_least_months: 18}}""",
        cp_plans="""
            child | start_date | end_date
            A     | 2023-12-30 | 2025-07-20
            B     | 2024-01-01 | 2025-07-20
            C     | 2025-06-30 | 2025-07-20
            D     | 2023-01-01 | 2025-06-30
        """,
        by="locality",
        since="2024-04-01",
        figures="""
            period     | group   | numerator | denominator
            2024-25-Q1 | unknown | 0         | 3
            2024-25-Q2 | unknown | 1         | 3
            2024-25-Q3 | unknown | 1         | 3
            2024-25-Q4 | unknown | 1         | 3
            2025-26-Q1 | unknown | 1         | 3
        """,
    )


def test_hours_run_from_a_time_of_day_to_another_and_are_unknown_without_both(check):
    check(
        measure="""{kind: percentage, records: missing_episodes, dated_by: missing_at,
                    lasted: {from: missing_at, to: returned_at, more_than_hours: 24}}""",
        missing_episodes="""
            child | missing_at       | type    | missing_from | returned_at
            A     | 2024-02-28 09:00 | missing | home         | 2024-02-29 09:00
            B     | 2024-02-28 09:00 | missing | home         | 2024-02-29 09:01
            C     | 2024-02-29 09:00 | missing | home         | 2024-03-01 09:01
            D     | 2024-02-28       | missing | home         | 2024-02-29 09:01
            E     | 2024-02-28 09:00 | missing | home         | 2024-03-05
            F     | 2024-02-28 09:00 | missing | home         | -
        """,
        figures="""
            period  | numerator | denominator | excluded
            2024-02 | 2         | 3           | 3
        """,
    )


AT_MOST_THREE_MONTHS = """
    {kind: percentage, records: cp_plans, dated_by: end_date,
     lasted: {from: start_date, to: end_date, at_most_months: 3}}"""
OVERDUE = """
    {kind: stock, records: assessments, open_from: start_date, open_to: authorised_date,
     lasted: {from: start_date, to: period_end, more_than_working_days: 45}}"""


def test_three_calendar_months_are_at_most_three_and_a_day_more_is_not(check):
    # From 30 November three months end on the last day of February.
    check(
        measure=AT_MOST_THREE_MONTHS,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-02-10 | 2025-05-10
            B     | 2025-02-10 | 2025-05-11
            C     | 2024-11-30 | 2025-02-28
            D     | 2024-11-30 | 2025-03-01
            E     | 2025-04-01 | 2025-04-02
        """,
        figures="""
            period     | numerator | denominator
            2024-25-Q4 | 1         | 2
            2025-26-Q1 | 2         | 3
        """,
    )


def test_what_has_been_open_for_more_than_45_working_days_on_the_last_day_is_overdue(check):
    # 45 working days before Monday 30 June, with two bank holidays in May, is 24 April.
    check(
        measure=OVERDUE,
        assessments="""
            child | start_date | authorised_date
            A     | 2025-04-23 | 2025-07-10
            B     | 2025-04-24 | 2025-07-10
            C     | 2025-04-23 | 2025-06-30
            D     | 2025-04-23 | 2025-07-01
            E     | 2025-06-29 | 2025-07-10
        """,
        figures="""
            period     | numerator | excluded
            2025-26-Q1 | 2         | 0
        """,
    )
