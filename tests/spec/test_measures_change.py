"""A level against that of the child's row before."""

LOWER = """
    {kind: change, records: contacts, dated_by: contact_at, who: child_id, column: initial_rating, direction: lower,
     order: [green, amber, red]}"""


def test_a_level_is_compared_with_the_last_one_of_an_earlier_day_and_a_first_row_is_not_in_it(check):
    check(
        measure=LOWER,
        contacts="""
            child | contact_at | source | initial_rating
            A     | 2024-02-29 | "6"    | red
            A     | 2025-04-01 | "6"    | amber
            A     | 2025-06-30 | "6"    | amber
            B     | 2025-03-31 | "6"    | green
            B     | 2025-04-01 | "6"    | red
            B     | 2025-04-02 | "6"    | green
            C     | 2025-04-01 | "6"    | green
        """,
        since="2025-04-01",
        figures="""
            period  | numerator | denominator
            2025-04 | 2         | 3
            2025-06 | 0         | 1
        """,
    )


def test_a_blank_or_a_code_outside_the_order_is_unknown_now_and_before(check):
    check(
        measure=LOWER,
        contacts="""
            child | contact_at | source | initial_rating
            A     | 2025-03-01 | "6"    | red
            A     | 2025-04-01 | "6"    | -
            A     | 2025-05-01 | "6"    | green
            B     | 2025-03-01 | "6"    | blue
            B     | 2025-04-01 | "6"    | green
            C     | 2025-03-01 | "6"    | red
            C     | 2025-04-01 | "6"    | blue
        """,
        since="2025-04-01",
        figures="""
            period  | numerator | denominator | excluded
            2025-04 | 0         | 0           | 3
            2025-05 | 0         | 0           | 1
        """,
    )


def test_rows_of_one_day_are_all_compared_with_the_last_row_of_the_day_before(check):
    check(
        measure=LOWER,
        contacts="""
            child | contact_at       | source | initial_rating
            A     | 2025-03-01 09:00 | "6"    | green
            A     | 2025-03-01 17:00 | "6"    | red
            A     | 2025-03-01       | "6"    | green
            A     | 2025-04-01 09:00 | "6"    | amber
            A     | 2025-04-01 10:00 | "6"    | green
            B     | 2025-03-01       | "6"    | green
            B     | 2025-03-01       | "6"    | red
            B     | 2025-04-01       | "6"    | amber
        """,
        since="2025-04-01",
        figures="""
            period  | numerator | denominator
            2025-04 | 3         | 3
        """,
    )


def test_where_says_which_rows_are_looked_at_and_the_one_before_may_be_any_that_counts(check):
    check(
        measure="""{kind: change, records: referrals, dated_by: referral_date, who: child_id,
                    column: referrals_last_12m, direction: higher, where: [{column: source, is: ["6"]}]}""",
        by="locality",
        leads="""
            list      | agency  | from
            referrals | council | 2000-01-01
        """,
        referrals="""
            child | referral_date | source | referrals_last_12m | locality | agency  | superseded_in
            A     | 2025-03-01    | 3A     | 0                  | south    | council | -
            A     | 2025-03-02    | 3A     | 9                  | south    | council | 2
            A     | 2025-03-03    | 3A     | 9                  | south    | mash    | -
            A     | 2025-04-01    | "6"    | 1                  | north    | council | -
            A     | 2025-04-02    | 3A     | 2                  | north    | council | -
            A     | 2025-04-03    | "6"    | 2                  | -        | council | -
        """,
        since="2025-04-01",
        figures="""
            period     | group   | numerator | denominator
            2025-26-Q1 | north   | 1         | 1
            2025-26-Q1 | unknown | 0         | 1
        """,
    )


def test_the_row_before_can_be_asked_to_be_of_the_same_kind_too(check):
    check(
        measure=LOWER.replace("who: child_id", "who: [child_id, outcome]"),
        contacts="""
            child | contact_at | source | initial_rating | outcome
            A     | 2025-03-01 | "6"    | amber          | nfa
            A     | 2025-03-02 | "6"    | red            | advice
            A     | 2025-04-01 | "6"    | amber          | nfa
            A     | 2025-04-02 | "6"    | amber          | advice
            A     | 2025-04-03 | "6"    | amber          | -
            A     | 2025-04-04 | "6"    | green          | referral
        """,
        since="2025-04-01",
        figures="""
            period  | numerator | denominator | excluded
            2025-04 | 1         | 2           | 1
        """,
    )
