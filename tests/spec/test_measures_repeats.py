"""The n-th time within a window, and the second time ever."""

AGAIN = """
    {kind: repeat, records: referrals, dated_by: referral_date, who: child_id, occurrence: 2, within_months: 12,
     same_day: one_occasion, counted: records, reported_count: referrals_last_12m}"""
CHILDREN_AGAIN = AGAIN.replace("counted: records", "counted: children")
# The same without what the sender counted, which is drawn only where it matters.
PLAIN = AGAIN.replace(", reported_count: referrals_last_12m", "")
PLAIN_CHILDREN = CHILDREN_AGAIN.replace(", reported_count: referrals_last_12m", "")
THIRD_MISSING = """
    {kind: repeat, records: missing_episodes, dated_by: missing_at, who: child_id, occurrence: 3, within_days: 90,
     same_day: separate_occasions, counted: records}"""
EVER = """
    {kind: previous_ever, records: cp_plans, dated_by: start_date, who: child_id, reported_count: previous_plans}"""


def test_a_day_less_than_twelve_months_is_a_repeat_and_twelve_months_are_not(check):
    check(
        measure=PLAIN,
        referrals="""
            child | referral_date | source
            A     | 2024-05-11    | "6"
            A     | 2025-05-10    | "6"
            B     | 2024-05-10    | "6"
            B     | 2025-05-10    | "6"
            C     | 2024-05-09    | "6"
            C     | 2025-05-10    | "6"
        """,
        figures="""
            period     | numerator | denominator
            2024-25-Q1 | 0         | 3
            2025-26-Q1 | 1         | 3
        """,
    )


def test_twelve_months_before_a_leap_day_is_the_28th(check):
    check(
        measure=PLAIN,
        since="2024-01-01",
        referrals="""
            child | referral_date | source
            A     | 2023-02-28    | "6"
            A     | 2024-02-29    | "6"
            B     | 2023-03-01    | "6"
            B     | 2024-02-29    | "6"
            C     | 2024-02-29    | "6"
            C     | 2025-02-28    | "6"
            D     | 2024-02-29    | "6"
            D     | 2025-03-01    | "6"
        """,
        figures="""
            period     | numerator | denominator
            2023-24-Q4 | 1         | 4
            2024-25-Q4 | 1         | 2
        """,
    )


def test_of_four_referrals_of_a_child_three_are_repeats(check):
    check(
        measure=PLAIN,
        referrals="""
            child | referral_date | source
            A     | 2025-04-01    | "6"
            A     | 2025-04-20    | 3A
            A     | 2025-05-02    | "6"
            A     | 2025-06-30    | "6"
            B     | 2025-05-02    | "6"
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 3         | 5
        """,
    )


def test_of_the_children_referred_one_was_referred_again(check):
    check(
        measure=PLAIN_CHILDREN,
        referrals="""
            child | referral_date | source
            A     | 2025-04-01    | "6"
            A     | 2025-04-20    | 3A
            A     | 2025-05-02    | "6"
            A     | 2025-06-30    | "6"
            B     | 2025-05-02    | "6"
        """,
        figures="""
            period     | numerator | denominator
            2025-04    | 1         | 1
            2025-05    | 1         | 2
            2025-06    | 1         | 1
            2025-26-Q1 | 1         | 2
        """,
    )


def test_two_on_one_day_are_one_occasion(check):
    check(
        measure=PLAIN,
        referrals="""
            child | referral_date | source
            A     | 2025-04-01    | "6"
            A     | 2025-04-01    | 3A
            B     | 2025-04-01    | "6"
            B     | 2025-04-02    | "6"
            B     | 2025-04-02    | 3A
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 2         | 5
        """,
    )


def test_the_earlier_one_may_be_of_another_group(check):
    check(
        measure=PLAIN,
        by="source",
        referrals="""
            child | referral_date | source
            A     | 2025-04-01    | "6"
            A     | 2025-05-01    | 3A
        """,
        figures="""
            period     | group  | numerator | denominator
            2025-26-Q1 | Police | 0         | 1
            2025-26-Q1 | Health | 1         | 1
        """,
    )


def test_an_earlier_one_that_another_agency_sent_does_not_count(check):
    check(
        measure=PLAIN,
        referrals="""
            agency  | child | referral_date | source
            police  | A     | 2025-03-01    | "6"
            council | A     | 2025-05-01    | "6"
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


def test_what_the_sender_counted_is_kept_apart_from_what_we_saw(check):
    check(
        measure=AGAIN,
        referrals="""
            child | referral_date | source | referrals_last_12m
            A     | 2025-04-01    | "6"    | 1
            B     | 2025-04-01    | "6"    | 0
            C     | 2025-04-01    | "6"    | -
            C     | 2025-05-01    | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | reported_numerator | reported_known
            2025-26-Q1 | 1         | 4           | 2                  | 3
        """,
    )


def test_children_are_counted_once_also_by_the_senders_counter(check):
    check(
        measure=CHILDREN_AGAIN,
        referrals="""
            child | referral_date | source | referrals_last_12m
            A     | 2025-04-01    | "6"    | 1
            A     | 2025-05-01    | "6"    | 2
            B     | 2025-04-01    | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | reported_numerator | reported_known
            2025-26-Q1 | 1         | 2           | 1                  | 1
        """,
    )


def test_a_third_occasion_needs_two_others_in_its_window_of_days(check):
    # 30 June is day 90 of the window that began on 2 April, and day 91 of one that began on 1 April.
    check(
        measure=THIRD_MISSING,
        missing_episodes="""
            child | missing_at | type    | missing_from
            A     | 2025-04-01 | missing | home
            A     | 2025-05-01 | missing | home
            A     | 2025-06-30 | missing | home
            B     | 2025-04-02 | missing | home
            B     | 2025-05-01 | missing | home
            B     | 2025-06-30 | missing | home
        """,
        figures="""
            period  | numerator | denominator
            2025-04 | 0         | 2
            2025-05 | 0         | 2
            2025-06 | 1         | 2
        """,
    )


def test_several_on_one_day_are_separate_where_the_measure_says_so_and_untimed_ones_come_first(check):
    check(
        measure=THIRD_MISSING.replace("occurrence: 3", "occurrence: 2"),
        by="missing_from",
        missing_episodes="""
            child | missing_at       | type    | missing_from
            A     | 2025-04-01 22:00 | missing | home
            A     | 2025-04-01 08:00 | missing | care
            B     | 2025-04-01 08:00 | missing | home
            B     | 2025-04-01       | missing | care
        """,
        figures="""
            period     | group | numerator | denominator
            2025-26-Q1 | Home  | 2         | 2
            2025-26-Q1 | Care  | 0         | 2
        """,
    )


def test_a_second_plan_is_a_second_plan_however_long_ago_the_first_was(check):
    check(
        measure=EVER,
        since="2025-04-01",
        cp_plans="""
            child | start_date | end_date   | previous_plans
            A     | 2015-01-01 | 2015-06-01 | 0
            A     | 2025-04-01 | -          | -
            B     | 2025-04-01 | -          | 2
            C     | 2025-04-01 | -          | 0
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 2         | 3
        """,
    )


def test_neither_reported_nor_stored_is_unknown_not_first(check):
    check(
        measure=EVER,
        cp_plans="""
            child | start_date | previous_plans
            A     | 2025-04-01 | 0
            B     | 2025-04-01 | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 0         | 1           | 1
        """,
    )


def test_two_plans_from_one_day_are_not_one_after_the_other(check):
    check(
        measure=EVER,
        cp_plans="""
            child | start_date | previous_plans
            A     | 2025-04-01 | 0
            A     | 2025-04-01 | 0
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 2
        """,
    )


def test_plans_of_other_councils_are_no_earlier_plans_where_the_base_leaves_them_out(check):
    check(
        measure=EVER.replace("reported_count", 'where: [{column: other_authority, is_not: ["yes"]}], reported_count'),
        cp_plans="""
            child | start_date | previous_plans | other_authority
            A     | 2025-01-01 | 0              | yes
            A     | 2025-04-01 | 0              | -
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


AFTER_A_YEAR = """
    {kind: repeat, records: referrals, dated_by: referral_date, who: child_id, occurrence: 2, within_months: 24,
     not_within_months: 12, same_day: one_occasion, counted: records}"""


def test_a_repeat_after_a_gap_has_one_before_the_gap_and_none_within_it(check):
    check(
        measure=AFTER_A_YEAR,
        referrals="""
            child | referral_date | source
            A     | 2024-05-20    | "6"
            A     | 2025-05-20    | "6"
            B     | 2024-05-21    | "6"
            B     | 2025-05-20    | "6"
            C     | 2023-05-20    | "6"
            C     | 2024-08-20    | "6"
            C     | 2025-05-20    | "6"
            D     | 2023-05-20    | "6"
            D     | 2025-05-20    | "6"
            E     | 2023-05-21    | "6"
            E     | 2025-05-20    | "6"
            F     | 2025-05-20    | "6"
        """,
        since="2025-05-01",
        figures="""
            period  | numerator | denominator
            2025-05 | 2         | 6
        """,
    )


def test_a_year_before_the_29_february_is_the_28(check):
    check(
        measure=AFTER_A_YEAR,
        referrals="""
            child | referral_date | source
            A     | 2023-02-28    | "6"
            A     | 2024-02-29    | "6"
            B     | 2023-03-01    | "6"
            B     | 2024-02-29    | "6"
        """,
        since="2024-02-01",
        figures="""
            period  | numerator | denominator
            2024-02 | 1         | 2
        """,
    )


def test_a_pair_is_the_same_only_where_both_are_and_unknown_where_one_is_blank(check):
    for same_day, numerator in (("one_occasion", 1), ("separate_occasions", 2)):
        check(
            measure=f"""{{kind: repeat, records: contacts, dated_by: contact_at, who: [child_id, outcome],
                         occurrence: 2, within_months: 12, same_day: {same_day}, counted: records}}""",
            contacts="""
                child | contact_at | source | outcome
                A     | 2025-04-01 | "6"    | advice
                A     | 2025-05-01 | "6"    | advice
                A     | 2025-05-02 | "6"    | nfa
                B     | 2025-05-02 | "6"    | advice
                C     | 2025-05-02 | "6"    | -
                C     | 2025-05-03 | "6"    | -
                D     | 2025-05-04 | "6"    | nfa
                D     | 2025-05-04 | "6"    | nfa
            """,
            since="2025-05-01",
            figures=f"""
                period  | numerator   | denominator | excluded
                2025-05 | {numerator} | 5           | 2
            """,
        )


AFTER_THE_END = """
    {kind: repeat, records: cp_plans, dated_by: start_date, who: child_id, occurrence: 2, within_months: 24,
     since: end_date, same_day: one_occasion, counted: records}"""


def test_a_time_can_run_from_the_end_of_the_one_before(check):
    # B's earlier plan ended two years before to the day; C's has not ended; D's oldest is not the one that counts.
    check(
        measure=AFTER_THE_END,
        since="2015-01-01",
        cp_plans="""
            child | start_date | end_date
            A     | 2021-04-01 | 2023-05-11
            A     | 2025-05-10 | -
            B     | 2021-04-01 | 2023-05-10
            B     | 2025-05-10 | -
            C     | 2021-04-01 | -
            C     | 2025-05-10 | -
            D     | 2017-04-01 | 2018-05-01
            D     | 2020-04-01 | 2025-01-01
            D     | 2025-05-10 | -
        """,
        figures="""
            period     | numerator | denominator
            2020-21-Q1 | 1         | 1
            2021-22-Q1 | 0         | 3
            2025-26-Q1 | 2         | 4
        """,
    )
