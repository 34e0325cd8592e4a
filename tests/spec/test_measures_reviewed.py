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
