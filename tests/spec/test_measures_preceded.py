"""Records with an earlier one of the same child in another list."""

WITH_ENQUIRY = """
    {kind: preceded, records: icpc, dated_by: conference_date, who: child_id, reported_in: s47_start_date,
     by: {records: section_47, dated_by: start_date}, within_days: 45}"""


def test_an_earlier_record_lies_on_the_day_or_up_to_so_many_days_before(check):
    check(
        measure=WITH_ENQUIRY,
        section_47="""
            child | start_date
            A     | 2025-06-30
            B     | 2025-05-16
            C     | 2025-05-15
            D     | 2025-07-01
            F     | 2024-01-15
        """,
        icpc="""
            child | conference_date | s47_start_date
            A     | 2025-06-30      | -
            B     | 2025-06-30      | -
            C     | 2025-06-30      | -
            D     | 2025-06-30      | -
            E     | 2025-06-30      | -
            F     | 2024-02-29      | -
        """,
        since="2024-02-01",
        figures="""
            period  | numerator | denominator
            2024-02 | 1         | 1
            2025-06 | 2         | 5
        """,
    )


def test_a_reported_date_must_be_that_of_a_record_of_the_child(check):
    check(
        measure=WITH_ENQUIRY,
        section_47="""
            child | start_date
            A     | 2025-06-01
            B     | 2025-06-01
            C     | 2025-03-01
            E     | 2025-06-01
            E     | 2025-06-02
        """,
        icpc="""
            child | conference_date | s47_start_date
            A     | 2025-06-30      | 2025-06-01
            B     | 2025-06-30      | 2025-06-02
            C     | 2025-06-30      | 2025-03-01
            D     | 2025-06-30      | 2025-06-01
            E     | 2025-06-30      | 2025-06-01
        """,
        figures="""
            period  | numerator | denominator
            2025-06 | 2         | 5
        """,
    )


def test_rows_that_do_not_count_on_either_side_and_groups(check):
    check(
        measure=WITH_ENQUIRY.replace("dated_by: start_date}", 'dated_by: start_date, where: [{column: disability, '
                                     'is_not: ["no"]}]}').replace("within", 'where: [{column: transfer_in, is_not: '
                                     '["yes"]}], within'),
        by="locality",
        leads="""
            list       | agency  | from
            section_47 | council | 2000-01-01
            icpc       | council | 2000-01-01
        """,
        section_47="""
            child | start_date | disability | agency  | superseded_in
            A     | 2025-06-01 | -          | council | -
            B     | 2025-06-01 | no         | council | -
            C     | 2025-06-01 | -          | police  | -
            D     | 2025-06-01 | -          | council | 2
        """,
        icpc="""
            child | conference_date | transfer_in | locality | agency  | superseded_in
            A     | 2025-06-30      | no          | north    | council | -
            A     | 2025-06-30      | yes         | north    | council | -
            A     | 2025-06-30      | no          | north    | mash    | -
            A     | 2025-06-30      | no          | north    | council | 2
            B     | 2025-06-30      | -           | south    | council | -
            C     | 2025-06-30      | -           | -        | council | -
            D     | 2025-06-30      | -           | -        | council | -
        """,
        figures="""
            period  | group   | numerator | denominator
            2025-06 | north   | 1         | 1
            2025-06 | south   | 0         | 1
            2025-06 | unknown | 0         | 2
        """,
    )  # fmt: skip
