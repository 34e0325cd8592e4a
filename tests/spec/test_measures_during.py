"""Children of one list, at any time in the period, who are in another list within it."""

MISSING = """
    {kind: during, records: cp_plans, open_from: start_date, open_to: end_date, who: child_id,
     had: {records: missing_episodes, dated_by: missing_at, where: [{column: missing_from, is: [home]}]}}"""


def test_whoever_had_a_plan_on_any_day_of_the_period_counts_once(check):
    check(
        measure=MISSING,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-01-10 | 2025-03-31
            B     | 2025-01-10 | 2025-04-01
            C     | 2025-06-30 | 2025-08-01
            D     | 2025-07-01 | 2025-08-01
            E     | 2025-04-10 | 2025-04-20
            E     | 2025-05-10 | 2025-05-20
            F     | 2025-05-05 | 2025-05-05
        """,
        missing_episodes="""
            child | missing_at | type    | missing_from
            E     | 2025-06-30 | missing | home
            E     | 2025-06-29 | missing | home
        """,
        since="2025-01-10",
        figures="""
            period     | numerator | denominator
            2024-25-Q4 | 0         | 2
            2025-26-Q1 | 1         | 4
            2025-26-Q2 | 0         | 2
        """,
    )


def test_an_episode_counts_from_the_first_to_the_last_day_of_the_period_and_only_of_the_rows_asked_for(check):
    check(
        measure=MISSING,
        cp_plans="""
            child | start_date | end_date
            A     | 2024-02-01 | 2024-02-29
            B     | 2024-02-01 | 2024-02-29
            C     | 2024-02-01 | 2024-02-29
            D     | 2024-02-01 | 2024-02-29
            E     | 2024-02-01 | 2024-02-29
        """,
        missing_episodes="""
            child | missing_at       | type    | missing_from
            A     | 2024-02-29 23:59 | missing | home
            B     | 2024-03-01 00:00 | missing | home
            C     | 2024-01-31       | missing | home
            D     | 2024-02-10       | missing | care
        """,
        figures="""
            period  | numerator | denominator
            2024-02 | 1         | 5
        """,
    )


def test_a_plan_without_an_end_goes_on_and_a_child_may_be_in_two_groups_but_once_in_the_whole(check):
    plans = """
        child | start_date | end_date   | locality | agency  | superseded_in
        A     | 2025-04-01 | 2025-04-02 | north    | council | -
        A     | 2025-05-01 | -          | south    | council | -
        B     | 2025-05-01 | -          | -        | council | -
        C     | 2025-05-01 | -          | south    | mash    | -
        D     | 2025-05-01 | -          | south    | council | 2
    """
    episodes = """
        child | missing_at | type    | missing_from
        A     | 2025-08-01 | missing | home
    """
    leads = """
        list     | agency  | from
        cp_plans | council | 2000-01-01
    """
    groups = """
        period     | group   | numerator | denominator
        2025-26-Q1 | north   | 0         | 1
        2025-26-Q1 | south   | 0         | 1
        2025-26-Q1 | unknown | 0         | 1
        2025-26-Q2 | south   | 1         | 1
        2025-26-Q2 | unknown | 0         | 1
        2025-26-Q3 | south   | 0         | 1
        2025-26-Q3 | unknown | 0         | 1
    """
    whole = """
        period     | numerator | denominator
        2025-26-Q1 | 0         | 2
        2025-26-Q2 | 1         | 2
        2025-26-Q3 | 0         | 2
    """
    check(measure=MISSING, by="locality", leads=leads, cp_plans=plans, missing_episodes=episodes, figures=groups)
    check(measure=MISSING, leads=leads, cp_plans=plans, missing_episodes=episodes, figures=whole)
