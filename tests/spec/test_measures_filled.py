"""Key fields filled in: every cell looked at counts, filled or not, in the list and the quarter of its row."""

FIELDS = "{kind: filled, cells: {referrals: [date_of_birth, ethnicity, source], assessments: [disability]}}"


def test_each_cell_counts_and_those_that_say_something_are_filled(check):
    check(
        measure=FIELDS,
        referrals="""
            child | referral_date | age_band | ethnicity  | source
            A     | 2025-04-01    | 1 to 4   | white      | "6"
            B     | 2025-06-30    | unknown  | not_stated | "6"
            C     | 2025-05-01    | unborn   |            | "6"
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 7         | 9
        """,
    )


def test_lists_are_counted_together_each_row_in_the_quarter_of_its_own_date(check):
    check(
        measure=FIELDS,
        referrals="""
            child | referral_date | age_band | ethnicity | source
            A     | 2025-04-01    | 1 to 4   | white     | "6"
        """,
        assessments="""
            child | start_date | authorised_date | disability
            A     | 2025-06-30 | 2025-07-20      | -
            B     | 2025-07-01 | 2025-07-20      | no
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 3         | 4
            2025-26-Q2 | 1         | 1
        """,
    )


def test_by_list_every_list_is_a_group(check):
    check(
        measure=FIELDS,
        by="list",
        referrals="""
            child | referral_date | age_band | ethnicity | source
            A     | 2025-04-01    | 1 to 4   |           | "6"
        """,
        assessments="""
            child | start_date | disability
            A     | 2025-04-01 | -
        """,
        figures="""
            period     | group       | numerator | denominator
            2025-26-Q1 | referrals   | 2         | 3
            2025-26-Q1 | assessments | 0         | 1
        """,
    )


def test_only_rows_of_the_agency_that_leads_on_a_list_are_looked_at(check):
    check(
        measure="{kind: filled, cells: {contacts: [outcome]}}",
        by="agency",
        contacts="""
            child | contact_at | source | outcome | agency
            A     | 2025-04-01 | "6"    |         | mash
            B     | 2025-04-01 | "6"    | nfa     | council
        """,
        figures="""
            period     | group | numerator | denominator
            2025-26-Q1 | mash  | 0         | 1
        """,
    )
