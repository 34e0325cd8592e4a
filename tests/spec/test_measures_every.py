"""Groups of rows in which every row that must pass does; here a child's assessments stand for one conference."""

SEEN = """
    {kind: every, records: assessments, dated_by: start_date, group_by: child_id,
     required: [{column: disability, is: ["yes"]}], numerator: [{column: child_seen, is: ["yes"]}]}"""


def test_one_fail_is_a_fail_else_one_unknown_is_unknown_else_it_passes(check):
    check(
        measure=SEEN,
        assessments="""
            child | start_date | disability | child_seen
            A     | 2025-04-01 | yes        | yes
            A     | 2025-04-01 | yes        | yes
            B     | 2025-04-01 | yes        | yes
            B     | 2025-04-01 | yes        | no
            B     | 2025-04-01 | yes        | -
            C     | 2025-04-01 | yes        | yes
            C     | 2025-04-01 | yes        | -
            D     | 2025-04-01 | yes        | yes
            D     | 2025-04-01 | no         | no
            D     | 2025-04-01 | no         | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 2         | 3           | 1
        """,
    )


def test_a_row_that_may_or_may_not_have_to_pass_leaves_its_group_open_only_if_it_does_not_pass(check):
    check(
        measure=SEEN,
        assessments="""
            child | start_date | disability | child_seen
            A     | 2025-04-01 | yes        | yes
            A     | 2025-04-01 | -          | yes
            B     | 2025-04-01 | yes        | yes
            B     | 2025-04-01 | -          | no
            C     | 2025-04-01 | -          | yes
            D     | 2025-04-01 | no         | yes
            E     | 2025-04-01 | yes        | no
            E     | 2025-04-01 | -          | no
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 2           | 2
        """,
    )


def test_a_known_fail_of_one_test_is_a_fail_whatever_another_lacks(check):
    check(
        measure=SEEN.replace("numerator: [", 'numerator: [{column: needs_support, is: ["yes"]}, '),
        assessments="""
            child | start_date | disability | child_seen | needs_support
            A     | 2025-04-01 | yes        | no         | -
            B     | 2025-04-01 | yes        | yes        | -
            C     | 2025-04-01 | yes        | yes        | yes
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 2           | 1
        """,
    )


def test_a_group_belongs_to_the_period_of_its_first_day_alone(check):
    check(
        measure=SEEN,
        assessments="""
            child | start_date | disability | child_seen
            A     | 2024-02-29 | yes        | yes
            A     | 2024-03-01 | yes        | no
            B     | 2024-03-01 | yes        | yes
        """,
        figures="""
            period  | numerator | denominator
            2024-02 | 0         | 1
            2024-03 | 1         | 1
        """,
    )


def test_rows_of_no_group_are_each_unknown_and_groups_are_split_with_their_rows(check):
    check(
        measure=SEEN.replace("group_by: child_id", "group_by: team"),
        by="locality",
        leads="""
            list        | agency  | from
            assessments | council | 2000-01-01
        """,
        assessments="""
            child | start_date | disability | child_seen | team | locality | agency  | superseded_in
            A     | 2025-04-01 | yes        | yes        | one  | north    | council | -
            B     | 2025-04-01 | yes        | no         | one  | south    | council | -
            C     | 2025-04-01 | yes        | yes        | -    | north    | council | -
            D     | 2025-04-01 | yes        | no         | -    | north    | council | -
            E     | 2025-04-01 | yes        | no         | one  | north    | mash    | -
            F     | 2025-04-01 | yes        | no         | one  | north    | council | 2
        """,
        figures="""
            period     | group | numerator | denominator | excluded
            2025-26-Q1 | north | 1         | 1           | 2
            2025-26-Q1 | south | 0         | 1           | 0
        """,
    )
