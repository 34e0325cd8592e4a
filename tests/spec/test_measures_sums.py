"""Totals of a column of whole numbers."""

TOTAL = "{kind: sum, records: referrals, dated_by: referral_date, column: referrals_last_12m}"


def test_numbers_are_added_by_the_period_of_their_row_and_blank_ones_are_counted_apart(check):
    check(
        measure=TOTAL,
        referrals="""
            child | referral_date | source | referrals_last_12m
            A     | 2024-02-29    | "6"    | 4
            A     | 2025-03-31    | "6"    | 7
            B     | 2025-04-01    | "6"    | 2
            C     | 2025-06-30    | "6"    | 3
            C     | 2025-06-30    | "6"    | 3
            D     | 2025-06-30    | "6"    | -
            E     | 2025-07-01    | "6"    | 1
        """,
        since="2024-04-01",
        figures="""
            period     | numerator | excluded
            2024-25-Q4 | 7         | 0
            2025-26-Q1 | 8         | 1
            2025-26-Q2 | 1         | 0
        """,
    )


def test_noughts_add_up_to_nought_and_blanks_to_nothing(check):
    check(
        measure=TOTAL,
        referrals="""
            child | referral_date | source | referrals_last_12m
            A     | 2025-04-30    | "6"    | 0
            B     | 2025-04-30    | "6"    | -
            C     | 2025-05-01    | "6"    | -
        """,
        figures="""
            period  | numerator | excluded
            2025-04 | 0         | 1
            2025-05 | -         | 1
        """,
    )


def test_a_total_of_groups_leaves_out_rows_that_lack_what_is_asked_for(check):
    check(
        measure=TOTAL.replace("}", ", where: [{column: nfa, known: true}, {column: source, is: [3A]}]}"),
        by="locality",
        leads="""
            list      | agency  | from
            referrals | council | 2000-01-01
        """,
        referrals="""
            child | referral_date | source | referrals_last_12m | nfa | locality | agency  | superseded_in
            A     | 2025-04-01    | 3A     | 2                  | no  | north    | council | -
            B     | 2025-04-01    | 3A     | 3                  | -   | north    | council | -
            C     | 2025-04-01    | "6"    | 4                  | no  | north    | council | -
            D     | 2025-04-01    | 3A     | 5                  | yes | -        | council | -
            E     | 2025-04-01    | 3A     | 6                  | yes | south    | mash    | -
            F     | 2025-04-01    | 3A     | 7                  | yes | south    | council | 2
        """,
        figures="""
            period     | group   | numerator | excluded
            2025-26-Q1 | north   | 2         | 1
            2025-26-Q1 | unknown | 5         | 0
        """,
    )
