"""Followed forward: what happened next to the same child, within the window, once that window has passed."""

S47_TO_ICPC = """
    {kind: cohort, records: section_47, dated_by: start_date, who: child_id, then: icpc,
     then_dated_by: conference_date, reported_in: s47_start_date, within_days: 45}"""
COVERED = {"icpc": ("2024-04-01", "2025-09-30")}


def test_day_45_is_in_the_window_and_day_46_is_not(check):
    check(
        measure=S47_TO_ICPC,
        covered=COVERED,
        section_47="""
            child | start_date
            A     | 2025-04-01
            B     | 2025-04-01
            C     | 2025-04-01
            D     | 2025-04-01
        """,
        icpc="""
            child | conference_date
            A     | 2025-05-16
            B     | 2025-05-17
            C     | 2025-04-01
            D     | 2025-03-31
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 2         | 4
        """,
    )


def test_those_whose_time_has_not_passed_are_left_out_even_when_already_followed(check):
    # Cover ends on 30 September: 16 August has its 45 days, 17 August has not.
    check(
        measure=S47_TO_ICPC,
        covered=COVERED,
        section_47="""
            child | start_date
            A     | 2025-08-16
            B     | 2025-08-17
        """,
        icpc="""
            child | conference_date
            A     | 2025-09-30
            B     | 2025-09-01
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q2 | 1         | 1           | 1
        """,
    )


def test_one_conference_does_not_follow_two_enquiries(check):
    check(
        measure=S47_TO_ICPC,
        covered=COVERED,
        section_47="""
            child | start_date
            A     | 2025-04-01
            A     | 2025-04-20
        """,
        icpc="""
            child | conference_date
            A     | 2025-05-01
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )


def test_an_enquiry_counts_once_however_many_conferences_follow(check):
    check(
        measure=S47_TO_ICPC,
        covered=COVERED,
        section_47="""
            child | start_date
            A     | 2025-04-01
        """,
        icpc="""
            child | conference_date
            A     | 2025-04-15
            A     | 2025-05-01
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 1
        """,
    )


def test_the_enquiry_that_the_sender_names_is_the_one_that_was_followed(check):
    check(
        measure=S47_TO_ICPC,
        covered=COVERED,
        section_47="""
            child | start_date
            A     | 2025-03-31
            A     | 2025-04-20
        """,
        icpc="""
            child | s47_start_date | conference_date
            A     | 2025-03-31     | 2025-05-01
        """,
        figures="""
            period     | numerator | denominator
            2024-25-Q4 | 1         | 1
            2025-26-Q1 | 0         | 1
        """,
    )


def test_a_named_enquiry_that_was_never_sent_follows_nothing_else(check):
    check(
        measure=S47_TO_ICPC,
        covered=COVERED,
        section_47="""
            child | start_date
            A     | 2025-04-20
        """,
        icpc="""
            child | s47_start_date | conference_date
            A     | 2025-04-19     | 2025-05-01
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


def test_without_a_cover_of_the_later_list_everything_is_too_recent(check):
    check(
        measure=S47_TO_ICPC,
        section_47="""
            child | start_date
            A     | 2024-04-20
        """,
        icpc="child | conference_date",
        figures="""
            period     | numerator | denominator | excluded
            2024-25-Q1 | 0         | 0           | 1
        """,
    )


def test_enquiries_of_one_day_are_followed_together(check):
    check(
        measure=S47_TO_ICPC,
        covered=COVERED,
        section_47="""
            child | start_date
            A     | 2025-04-01
            A     | 2025-04-01
            A     | 2025-03-20
        """,
        icpc="""
            child | conference_date
            A     | 2025-04-20
        """,
        figures="""
            period     | numerator | denominator
            2024-25-Q4 | 0         | 1
            2025-26-Q1 | 2         | 2
        """,
    )


def test_conditions_hold_for_either_list(check):
    check(
        measure=S47_TO_ICPC.replace(
            "within_days",
            'where: [{column: icpc_unnecessary, known: true}], then_where: [{column: transfer_in, is_not: ["yes"]}], '
            "within_days",
        ),
        covered=COVERED,
        section_47="""
            child | start_date | icpc_unnecessary
            A     | 2025-04-01 | no
            A     | 2025-04-20 | -
            B     | 2025-04-01 | no
        """,
        icpc="""
            child | conference_date | transfer_in
            A     | 2025-05-01      | -
            B     | 2025-05-01      | yes
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )
