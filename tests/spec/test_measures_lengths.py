"""Means and medians: of days, of working days and of numbers."""

MEDIAN = "{kind: median, records: cp_plans, dated_by: end_date, from: start_date, to: end_date, in: days}"
MEAN = MEDIAN.replace("median", "mean")
UPPER_QUARTILE = MEDIAN.replace("median", "upper_quartile")


def test_the_middle_of_an_odd_number_of_lengths(check):
    check(
        measure=MEDIAN,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-04-02
            B     | 2025-04-01 | 2025-04-11
            C     | 2025-01-01 | 2025-04-11
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 10        | 3
        """,
    )


def test_of_an_even_number_the_two_in_the_middle_are_added_up(check):
    # The figure is half of their sum: 15 days.
    check(
        measure=MEDIAN,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-04-02
            B     | 2025-04-01 | 2025-04-11
            C     | 2025-04-01 | 2025-04-21
            D     | 2025-01-01 | 2025-04-11
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 30        | 4
        """,
    )


def test_equal_lengths_keep_their_places(check):
    check(
        measure=MEDIAN,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-04-11
            B     | 2025-04-02 | 2025-04-12
            C     | 2025-04-01 | 2025-05-01
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 10        | 3
        """,
    )


def test_the_median_of_a_quarter_is_not_made_of_those_of_its_months(check):
    check(
        measure=MEDIAN,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-04-11
            B     | 2025-04-01 | 2025-05-01
            C     | 2025-04-03 | 2025-05-04
        """,
        figures="""
            period     | numerator | denominator
            2025-04    | 10        | 1
            2025-05    | 61        | 2
            2025-26-Q1 | 30        | 3
        """,
    )


def test_what_cannot_be_measured_is_left_out_of_the_middle(check):
    check(
        measure=MEDIAN.replace("dated_by: end_date", "dated_by: start_date"),
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-04-11
            B     | 2025-04-01 | -
            C     | 2025-04-11 | 2025-04-01
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 10        | 1           | 2
        """,
    )


def test_where_nothing_can_be_measured_there_is_no_middle_and_no_mean(check):
    for measure in (MEDIAN, MEAN):
        check(
            measure=measure.replace("dated_by: end_date", "dated_by: start_date"),
            cp_plans="""
                child | start_date | end_date
                A     | 2025-04-01 | -
            """,
            figures="""
                period     | numerator | denominator | excluded
                2025-26-Q1 | -         | 0           | 1
            """,
        )


def test_a_mean_is_a_sum_and_how_many(check):
    check(
        measure=MEAN,
        by="locality",
        cp_plans="""
            child | start_date | end_date   | locality
            A     | 2025-04-01 | 2025-04-02 | north
            B     | 2025-04-01 | 2025-04-11 | north
            C     | 2025-01-01 | 2025-04-11 | -
        """,
        figures="""
            period     | group   | numerator | denominator
            2025-26-Q1 | north   | 11        | 2
            2025-26-Q1 | unknown | 100       | 1
        """,
    )


def test_lengths_in_working_days_leave_out_weekends_and_bank_holidays(check):
    check(
        measure=MEAN.replace("in: days", "in: working_days"),
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-17 | 2025-04-22
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 1
        """,
    )


def test_the_mean_of_a_number_of_open_plans(check):
    check(
        measure="{kind: mean, records: cp_plans, open_from: start_date, open_to: end_date, column: previous_plans}",
        cp_plans="""
            child | start_date | end_date   | previous_plans
            A     | 2025-04-01 | 2025-07-05 | 2
            B     | 2025-04-01 | 2025-07-05 | 1
            C     | 2025-04-01 | 2025-07-05 | -
            D     | 2025-04-01 | 2025-06-30 | 5
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 3         | 2           | 1
        """,
    )


def test_only_rows_of_the_base_are_measured(check):
    check(
        measure=MEDIAN.replace("in: days", "in: days, where: [{column: other_authority, known: true}]"),
        cp_plans="""
            child | start_date | end_date   | other_authority
            A     | 2025-04-01 | 2025-04-11 | no
            B     | 2025-04-01 | 2025-05-11 | -
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 10        | 1
        """,
    )


FROM_REFERRAL = """
    {kind: median, records: strategy_discussions, dated_by: held_date, to: held_date, in: working_days,
     from: {records: referrals, column: referral_date, within_days: 30}}"""


def test_a_time_can_run_from_the_child_s_nearest_earlier_record_of_another_list(check):
    # B's newest earlier referral counts and a later one does not; C's is 31 days old; D's is of the same day.
    check(
        measure=FROM_REFERRAL,
        referrals="""
            child | referral_date | source
            A     | 2025-04-01    | "6"
            B     | 2025-04-01    | "6"
            B     | 2025-04-07    | "6"
            B     | 2025-04-15    | "6"
            C     | 2025-04-01    | "6"
            D     | 2025-05-06    | "6"
        """,
        strategy_discussions="""
            child | held_date
            A     | 2025-04-04
            B     | 2025-04-14
            C     | 2025-05-02
            D     | 2025-05-06
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 3         | 3           | 1
        """,
    )


def test_the_upper_quartile_is_the_length_that_three_in_four_do_not_exceed(check):
    # Of four the third; of five three and three quarters, so the fourth; it always occurred.
    check(
        measure=UPPER_QUARTILE,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-04-03
            B     | 2025-04-01 | 2025-04-05
            C     | 2025-04-01 | 2025-04-08
            D     | 2025-04-01 | 2025-04-29
            E     | 2025-07-01 | 2025-07-02
            F     | 2025-07-01 | 2025-07-03
            G     | 2025-07-01 | 2025-07-04
            H     | 2025-07-01 | 2025-07-05
            I     | 2025-07-01 | 2025-07-06
            J     | 2025-07-10 | 2025-07-06
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 7         | 4           | 0
            2025-26-Q2 | 4         | 5           | 1
        """,
    )


def test_the_upper_quartile_of_one_length_is_that_length(check):
    check(
        measure=UPPER_QUARTILE,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-04-03
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 2         | 1
        """,
    )
