"""Followed through several lists: each step linked to the one before, and everybody followed for the same time."""

TO_PLAN = """
    {kind: reached, records: referrals, dated_by: referral_date, who: child_id, within_days: 60, hops: [
     {records: section_47, dated_by: start_date, within_days: 30},
     {records: icpc, dated_by: conference_date, reported_in: s47_start_date, within_days: 45},
     {records: cp_plans, dated_by: start_date, within_days: 45}]}"""
TO_ENQUIRY = """
    {kind: reached, records: referrals, dated_by: referral_date, who: child_id, within_days: 60, hops: [
     {records: section_47, dated_by: start_date, within_days: 30}]}"""
COVERED = dict.fromkeys(("section_47", "icpc", "cp_plans"), ("2024-04-01", "2025-09-30"))


def test_who_comes_to_every_step_reaches_the_last(check):
    check(
        measure=TO_PLAN,
        covered=COVERED,
        referrals="""
            child | referral_date
            A     | 2025-04-01
            B     | 2025-04-01
            C     | 2025-04-01
        """,
        section_47="""
            child | start_date
            A     | 2025-04-03
            B     | 2025-04-03
        """,
        icpc="""
            child | conference_date
            A     | 2025-04-20
            C     | 2025-04-20
        """,
        cp_plans="""
            child | start_date
            A     | 2025-04-20
            B     | 2025-04-20
            C     | 2025-04-20
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 3
        """,
    )


def test_the_last_day_of_a_step_is_in_it_and_the_next_is_not(check):
    check(
        measure=TO_ENQUIRY,
        covered=COVERED,
        referrals="""
            child | referral_date
            A     | 2025-04-01
            B     | 2025-04-01
            C     | 2025-04-01
        """,
        section_47="""
            child | start_date
            A     | 2025-05-01
            B     | 2025-05-02
            C     | 2025-03-31
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 3
        """,
    )


def test_every_step_in_time_but_all_of_them_too_long_is_not_reached(check):
    # 60 days from 1 April are over on 31 May.
    check(
        measure=TO_PLAN,
        covered=COVERED,
        referrals="""
            child | referral_date
            A     | 2025-04-01
            B     | 2025-04-01
        """,
        section_47="""
            child | start_date
            A     | 2025-04-20
            B     | 2025-04-20
        """,
        icpc="""
            child | conference_date
            A     | 2025-05-20
            B     | 2025-05-20
        """,
        cp_plans="""
            child | start_date
            A     | 2025-05-31
            B     | 2025-06-01
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )


def test_those_whose_time_has_not_passed_are_left_out_whichever_step_they_came_to(check):
    # Cover ends on 30 September: 1 August has its 60 days, 2 August has not.
    check(
        measure=TO_ENQUIRY,
        covered=COVERED,
        referrals="""
            child | referral_date
            A     | 2025-08-01
            B     | 2025-08-02
        """,
        section_47="""
            child | start_date
            B     | 2025-08-03
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q2 | 0         | 1           | 1
        """,
    )


def test_the_list_that_ends_first_says_who_is_too_recent(check):
    check(
        measure=TO_PLAN,
        covered=COVERED | {"icpc": ("2024-04-01", "2025-06-29")},
        referrals="""
            child | referral_date
            A     | 2025-04-30
            B     | 2025-05-01
        """,
        section_47="child | start_date",
        icpc="child | conference_date",
        cp_plans="child | start_date",
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 0         | 1           | 1
        """,
    )


def test_a_step_belongs_to_the_nearest_one_before_it_and_so_to_one_journey(check):
    check(
        measure=TO_ENQUIRY,
        covered=COVERED,
        referrals="""
            child | referral_date
            A     | 2025-03-25
            A     | 2025-04-05
        """,
        section_47="""
            child | start_date
            A     | 2025-04-10
        """,
        figures="""
            period     | numerator | denominator
            2024-25-Q4 | 0         | 1
            2025-26-Q1 | 1         | 1
        """,
    )


def test_a_step_in_between_that_belongs_to_no_journey_ends_what_follows_it(check):
    # The second enquiry comes too late after the referral; the conference is its own, and not the first one's.
    check(
        measure=TO_PLAN,
        covered=COVERED,
        referrals="""
            child | referral_date
            A     | 2025-04-01
        """,
        section_47="""
            child | start_date
            A     | 2025-04-03
            A     | 2025-05-05
        """,
        icpc="""
            child | conference_date
            A     | 2025-05-10
        """,
        cp_plans="""
            child | start_date
            A     | 2025-05-10
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


def test_the_enquiry_that_the_sender_names_carries_the_journey_on(check):
    check(
        measure=TO_PLAN,
        covered=COVERED,
        referrals="""
            child | referral_date
            A     | 2025-04-01
            B     | 2025-04-01
        """,
        section_47="""
            child | start_date
            A     | 2025-04-03
            A     | 2025-05-05
            B     | 2025-04-03
        """,
        icpc="""
            child | s47_start_date | conference_date
            A     | 2025-04-03     | 2025-05-10
            B     | 2025-04-02     | 2025-05-10
        """,
        cp_plans="""
            child | start_date
            A     | 2025-05-10
            B     | 2025-05-10
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )


def test_first_events_of_one_day_go_together_and_a_figure_is_kept_for_each_locality(check):
    check(
        measure=TO_ENQUIRY,
        covered=COVERED,
        by="locality",
        referrals="""
            child | referral_date | locality
            A     | 2025-04-01    | north
            A     | 2025-04-01    | north
            B     | 2025-04-01    | south
        """,
        section_47="""
            child | start_date
            A     | 2025-04-01
        """,
        figures="""
            period     | group | numerator | denominator
            2025-26-Q1 | north | 2         | 2
            2025-26-Q1 | south | 0         | 1
        """,
    )
