"""Events over events of one period: each is counted by itself, and nobody is followed."""

ENQUIRIES = """
    {kind: ratio, records: section_47, dated_by: start_date,
     over: {records: strategy_discussions, dated_by: held_date, counts: discussions}}"""


def test_each_side_is_counted_by_its_own_day_whoever_the_children_are(check):
    check(
        measure=ENQUIRIES,
        section_47="""
            child | start_date
            A     | 2024-02-29
            A     | 2025-03-31
            B     | 2025-04-01
            C     | 2025-06-30
            C     | 2025-06-30
        """,
        strategy_discussions="""
            child | held_date
            D     | 2024-03-01
            A     | 2025-03-31
            A     | 2025-06-30
            B     | 2025-07-01
        """,
        since="2024-02-01",
        figures="""
            period  | numerator | denominator
            2024-02 | 1         | 0
            2024-03 | 0         | 1
            2025-03 | 1         | 1
            2025-04 | 1         | 0
            2025-06 | 2         | 1
            2025-07 | 0         | 1
        """,
    )


def test_both_sides_are_split_by_the_same_groups(check):
    check(
        measure=ENQUIRIES,
        by="locality",
        leads="""
            list       | agency  | from
            section_47 | council | 2000-01-01
        """,
        section_47="""
            child | start_date | locality | agency  | superseded_in
            A     | 2025-04-01 | north    | council | -
            B     | 2025-04-01 | -        | council | -
            C     | 2025-04-01 | south    | police  | -
            D     | 2025-04-01 | south    | council | 2
        """,
        strategy_discussions="""
            child | held_date  | locality
            A     | 2025-04-01 | north
            B     | 2025-04-01 | south
        """,
        figures="""
            period     | group   | numerator | denominator
            2025-26-Q1 | north   | 1         | 1
            2025-26-Q1 | south   | 0         | 1
            2025-26-Q1 | unknown | 1         | 0
        """,
    )


def test_rows_that_lack_what_is_asked_for_are_counted_apart_and_none_known_is_not_nought(check):
    check(
        measure="""
            {kind: ratio, records: section_47, dated_by: start_date, where: [{column: disability, known: true}],
             over: {records: strategy_discussions, dated_by: held_date, counts: discussions,
                    where: [{column: outcome, known: true}]}}""",
        section_47="""
            child | start_date | disability
            A     | 2025-04-01 | no
            B     | 2025-04-01 | -
            A     | 2025-05-01 | -
            A     | 2025-06-01 | yes
        """,
        strategy_discussions="""
            child | held_date  | outcome
            A     | 2025-04-01 | nfa
            A     | 2025-05-01 | s47_joint
            A     | 2025-06-01 | -
        """,
        figures="""
            period  | numerator | denominator | excluded
            2025-04 | 1         | 1           | 1
            2025-05 | -         | 1           | 1
            2025-06 | 1         | -           | 1
        """,
    )


def test_one_list_can_be_set_against_itself_by_another_date(check):
    check(
        measure="""
            {kind: ratio, records: contacts, dated_by: decided_at, where: [{column: outcome, is: [referral]}],
             over: {records: contacts, dated_by: contact_at, counts: contacts}}""",
        contacts="""
            child | contact_at | source | decided_at | outcome
            A     | 2025-03-31 | "6"    | 2025-04-01 | referral
            B     | 2025-04-30 | "6"    | 2025-05-01 | referral
            C     | 2025-04-30 | "6"    | 2025-04-30 | nfa
            D     | 2025-04-30 | "6"    | -          | -
        """,
        figures="""
            period  | numerator | denominator
            2025-03 | 0         | 1
            2025-04 | 1         | 3
            2025-05 | 1         | 0
        """,
        since="2025-03-01",
    )


def test_events_can_be_set_against_what_is_open_on_the_last_day(check):
    check(
        measure="""
            {kind: ratio, records: cp_reviews, dated_by: review_date,
             over: {records: cp_plans, open_from: start_date, open_to: end_date, counts: plans}}""",
        cp_reviews="""
            child | review_date
            A     | 2025-04-01
            A     | 2025-04-30
        """,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-30 | 2025-06-01
            B     | 2025-04-01 | 2025-04-30
            C     | 2025-04-01 | 2025-05-31
        """,
        figures="""
            period  | numerator | denominator
            2025-04 | 2         | 2
            2025-05 | 0         | 1
        """,
    )
