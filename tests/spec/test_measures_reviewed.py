"""Reviews on time: the first within three months, each later one within six months of the one before."""

ON_TIME = """
    {kind: reviewed, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
     reviews: cp_reviews, reviews_dated_by: review_date, first_within_months: 3, then_within_months: 6,
     open_at_least_months: 3}"""


def test_a_plan_counts_once_it_has_been_open_for_three_months(check):
    check(
        measure=ON_TIME,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-03-31 | 2025-07-10
            B     | 2025-04-01 | 2025-07-10
        """,
        cp_reviews="""
            child | review_date
            A     | 2025-06-30
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 1
        """,
    )


def test_a_first_review_is_due_on_the_day_three_months_on(check):
    check(
        measure=ON_TIME,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-01-31 | 2025-07-10
            B     | 2025-01-31 | 2025-07-10
        """,
        cp_reviews="""
            child | review_date
            A     | 2025-04-30
            B     | 2025-05-01
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )


def test_on_the_last_day_a_review_that_is_due_today_is_not_missed(check):
    check(
        measure=ON_TIME,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-01-31 | 2025-06-10
            B     | 2025-01-30 | 2025-06-10
        """,
        cp_reviews="child | review_date",
        figures="""
            period  | numerator | denominator
            2025-04 | 2         | 2
            2025-05 | 0         | 2
        """,
    )


def test_a_missed_review_stays_missed(check):
    check(
        measure=ON_TIME,
        cp_plans="""
            child | start_date | end_date
            A     | 2024-07-01 | 2025-07-10
        """,
        cp_reviews="""
            child | review_date
            A     | 2024-10-01
            A     | 2025-04-02
            A     | 2025-05-02
        """,
        figures="""
            period     | numerator | denominator
            2024-25-Q3 | 1         | 1
            2024-25-Q4 | 1         | 1
            2025-26-Q1 | 0         | 1
        """,
    )


def test_a_review_on_the_day_the_plan_starts_is_not_one_of_its_reviews(check):
    check(
        measure=ON_TIME,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-01-15 | 2025-07-10
        """,
        cp_reviews="""
            child | review_date
            A     | 2025-01-15
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


def test_reviews_of_an_earlier_plan_do_not_help_a_later_one(check):
    check(
        measure=ON_TIME,
        since="2025-04-01",
        cp_plans="""
            child | start_date | end_date
            A     | 2024-01-10 | 2025-01-05
            A     | 2025-01-10 | 2025-07-10
        """,
        cp_reviews="""
            child | review_date
            A     | 2024-12-20
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


def test_plans_from_before_the_first_reviews_were_sent_cannot_be_judged(check):
    check(
        measure=ON_TIME,
        since="2025-04-01",
        covered={"cp_reviews": ("2025-01-01", "2025-06-30")},
        cp_plans="""
            child | start_date | end_date
            A     | 2024-12-31 | 2025-07-10
            B     | 2025-01-01 | 2025-07-10
        """,
        cp_reviews="""
            child | review_date
            B     | 2025-03-20
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 1           | 1
        """,
    )


VISITED = """
    {kind: reviewed, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
     reviews: cp_reviews, reviews_dated_by: review_date, first_within_weeks: 1, then_within_weeks: 6,
     second_year_within_weeks: 12, open_at_least_weeks: 1}"""


def test_weeks_are_seven_days_each(check):
    check(
        measure=VISITED,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-06-23 | 2025-07-10
            B     | 2025-06-23 | 2025-07-10
            C     | 2025-06-24 | 2025-07-10
            D     | 2025-05-12 | 2025-07-10
            E     | 2025-05-12 | 2025-07-10
        """,
        cp_reviews="""
            child | review_date
            A     | 2025-06-30
            D     | 2025-05-19
            D     | 2025-06-30
            E     | 2025-05-18
        """,
        since="2025-06-01",
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 3         | 4
        """,
    )


def test_from_the_anniversary_of_the_start_on_the_other_limit_holds(check):
    # A was last seen on the anniversary, so 12 weeks hold; B on the day before, so 52 weeks do.
    check(
        measure=VISITED.replace("then_within_weeks: 6", "then_within_weeks: 52"),
        cp_plans="""
            child | start_date | end_date
            A     | 2024-02-29 | 2026-01-01
            B     | 2024-02-29 | 2026-01-01
        """,
        cp_reviews="""
            child | review_date
            A     | 2024-03-01
            A     | 2025-02-28
            B     | 2024-03-01
            B     | 2025-02-27
        """,
        since="2025-05-01",
        figures="""
            period  | numerator | denominator
            2025-05 | 1         | 2
            2025-06 | 1         | 2
            2025-07 | 1         | 2
            2025-08 | 1         | 2
            2025-09 | 1         | 2
            2025-10 | 1         | 2
        """,
    )


def test_reviews_can_be_found_by_another_column_than_the_child(check):
    check(
        measure=VISITED.replace("who: child_id", "who: latest_category, reviews_who: locality").replace("week", "month")
        .replace("second_year_within_months: 12", "second_year_within_months: 24").replace("months: 1,", "months: 3,")
        .replace("months: 1}", "months: 3}"),
        cp_plans="""
            child | start_date | latest_category | end_date
            A     | 2025-01-31 | NEG             | 2025-07-10
            B     | 2025-01-31 | EMO             | 2025-07-10
        """,
        cp_reviews="""
            child | review_date | locality
            B     | 2025-04-30  | NEG
            A     | 2025-05-01  | EMO
        """,
        since="2025-06-01",
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )  # fmt: skip
