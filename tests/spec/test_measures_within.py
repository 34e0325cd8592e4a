"""Done in time or not: working days, days and hours, in one list or from one list to the next."""

CONFERENCE = """
    {kind: within, records: icpc, dated_by: conference_date, to: conference_date, limit: {working_days: 15},
     from: {records: section_47, column: start_date, reported_in: s47_start_date, within_days: 60},
     unfinished: left_out}"""
DECISION = """
    {kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at,
     limit: {working_days: 1}, unfinished: missed_when_overdue}"""
INTERVIEW = """
    {kind: within, records: return_interviews, dated_by: returned_at, from: returned_at, to: completed_at,
     limit: {hours: 72}, unfinished: left_out}"""
JUNE = {"contacts": ("2024-01-01", "2025-06-30")}


def test_the_fifteenth_working_day_is_in_time_and_bank_holidays_are_none(check):
    # Good Friday and Easter Monday 2024 lie between 21 March and 15 April: 15 working days, not 17.
    check(
        measure=CONFERENCE,
        icpc="""
            child | s47_start_date | conference_date
            A     | 2024-03-21     | 2024-04-15
            B     | 2024-03-21     | 2024-04-16
            C     | 2024-12-20     | 2025-01-15
            D     | 2025-06-03     | 2025-06-03
        """,
        section_47="child | start_date",
        figures="""
            period     | numerator | denominator
            2024-25-Q1 | 1         | 2
            2024-25-Q4 | 1         | 1
            2025-26-Q1 | 1         | 1
        """,
    )


def test_where_no_start_was_reported_the_nearest_earlier_enquiry_starts_the_clock(check):
    check(
        measure=CONFERENCE,
        section_47="""
            child | start_date
            A     | 2025-04-01
            A     | 2025-05-12
            A     | 2025-06-03
            B     | 2025-04-02
            C     | 2025-04-01
        """,
        icpc="""
            child | s47_start_date | conference_date
            A     | -              | 2025-06-02
            B     | -              | 2025-06-01
            C     | -              | 2025-06-01
            D     | -              | 2025-06-02
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 2           | 2
        """,
    )


def test_a_reported_start_holds_also_where_another_enquiry_is_nearer(check):
    check(
        measure=CONFERENCE,
        section_47="""
            child | start_date
            A     | 2025-05-12
        """,
        icpc="""
            child | s47_start_date | conference_date
            A     | 2025-04-01     | 2025-06-02
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 0         | 1
        """,
    )


def test_what_ends_before_it_starts_is_left_out(check):
    check(
        measure=CONFERENCE,
        section_47="child | start_date",
        icpc="""
            child | s47_start_date | conference_date
            A     | 2025-06-03     | 2025-06-02
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 0         | 0           | 1
        """,
    )


def test_other_peoples_children_do_not_start_the_clock(check):
    check(
        measure=CONFERENCE,
        section_47="""
            child | start_date
            B     | 2025-05-12
        """,
        icpc="""
            child | s47_start_date | conference_date
            A     | -              | 2025-06-02
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 0         | 0           | 1
        """,
    )


def test_undecided_contacts_are_late_only_when_their_time_has_run_out(check):
    # Cover ends on Monday 30 June: the contact of Friday has its working day still, that of Thursday has not.
    check(
        measure=DECISION,
        covered=JUNE,
        contacts="""
            child | contact_at | source | decided_at
            A     | 2025-06-26 | "6"    | 2025-06-27
            B     | 2025-06-26 | "6"    | -
            C     | 2025-06-27 | "6"    | -
            D     | 2025-06-30 | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 2           | 2
        """,
    )


def test_a_contact_at_the_weekend_has_until_monday(check):
    check(
        measure=DECISION,
        covered=JUNE,
        contacts="""
            child | contact_at | source | decided_at
            A     | 2025-06-07 | "6"    | 2025-06-09
            B     | 2025-06-07 | "6"    | 2025-06-10
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 2
        """,
    )


def test_seventy_two_hours_are_hours_where_both_times_are_known(check):
    check(
        measure=INTERVIEW,
        return_interviews="""
            child | returned_at      | completed_at
            A     | 2025-06-02 23:00 | 2025-06-05 23:00
            B     | 2025-06-02 23:00 | 2025-06-05 23:01
            C     | 2025-06-02 23:00 | 2025-06-02 22:59
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 2           | 1
        """,
    )


def test_without_times_seventy_two_hours_are_three_days(check):
    check(
        measure=INTERVIEW,
        return_interviews="""
            child | returned_at      | completed_at
            A     | 2025-06-02       | 2025-06-05
            B     | 2025-06-02       | 2025-06-06
            C     | 2025-06-02 08:00 | 2025-06-05
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 2         | 3
        """,
    )


def test_only_what_the_base_asks_for_is_looked_at(check):
    check(
        measure=INTERVIEW.replace("unfinished:", "where: [{column: completed_at, known: true}], unfinished:"),
        return_interviews="""
            child | returned_at | completed_at
            A     | 2025-06-02  | 2025-06-05
            B     | 2025-06-02  | -
        """,
        figures="""
            period     | numerator | denominator
            2025-26-Q1 | 1         | 1
        """,
    )


def test_hours_that_are_no_whole_days_are_rounded_up_to_days(check):
    check(
        measure=DECISION.replace("working_days: 1", "hours: 30"),
        covered=JUNE,
        contacts="""
            child | contact_at       | source | decided_at
            A     | 2025-06-02       | "6"    | 2025-06-04
            B     | 2025-06-02       | "6"    | 2025-06-05
            C     | 2025-06-29 18:00 | "6"    | -
            D     | 2025-06-29 17:59 | "6"    | -
            E     | 2025-06-28       | "6"    | -
            F     | 2025-06-27       | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 4           | 2
        """,
    )


def test_days_run_out_on_the_day_after_the_limit(check):
    check(
        measure=DECISION.replace("working_days: 1", "days: 7"),
        covered=JUNE,
        contacts="""
            child | contact_at | source | decided_at
            A     | 2025-06-02 | "6"    | 2025-06-09
            B     | 2025-06-02 | "6"    | 2025-06-10
            C     | 2025-06-23 | "6"    | -
            D     | 2025-06-22 | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 1         | 3           | 1
        """,
    )


def test_without_cover_nothing_is_overdue(check):
    check(
        measure=DECISION,
        contacts="""
            child | contact_at | source | decided_at
            A     | 2025-06-02 | "6"    | -
        """,
        figures="""
            period     | numerator | denominator | excluded
            2025-26-Q1 | 0         | 0           | 1
        """,
    )


BY_RATING = """
    {kind: within, records: contacts, dated_by: contact_at, from: contact_at, to: decided_at, unfinished: left_out,
     limit_by: {column: initial_rating, limits: {red: {hours: 4}, amber: {days: 1}, green: {working_days: 3}}}}"""


def test_each_rating_has_its_own_limit_and_a_row_without_one_is_counted_apart(check):
    # 18 April 2025 was Good Friday, and Monday the 21st a holiday too.
    check(
        measure=BY_RATING,
        contacts="""
            child | contact_at       | source | decided_at       | initial_rating
            A     | 2025-04-16 09:00 | "6"    | 2025-04-16 13:00 | red
            B     | 2025-04-16 09:00 | "6"    | 2025-04-16 13:01 | red
            C     | 2025-04-16 09:00 | "6"    | 2025-04-17 23:59 | amber
            D     | 2025-04-16 09:00 | "6"    | 2025-04-18 00:00 | amber
            E     | 2025-04-16 09:00 | "6"    | 2025-04-23 23:00 | green
            F     | 2025-04-16 09:00 | "6"    | 2025-04-24 00:00 | green
            G     | 2025-04-16 09:00 | "6"    | 2025-04-16 09:01 | blue
            H     | 2025-04-16 09:00 | "6"    | 2025-04-16 09:01 | -
            I     | 2025-04-16 09:00 | "6"    | -                | red
        """,
        figures="""
            period  | numerator | denominator | excluded
            2025-04 | 3         | 6           | 3
        """,
    )


def test_what_is_unfinished_is_late_by_the_limit_of_its_own_rating(check):
    check(
        measure=BY_RATING.replace("left_out", "missed_when_overdue"),
        covered={"contacts": ("2025-04-01", "2025-04-16")},
        contacts="""
            child | contact_at       | source | decided_at | initial_rating
            A     | 2025-04-16 19:59 | "6"    | -          | red
            B     | 2025-04-16 20:00 | "6"    | -          | red
            C     | 2025-04-14 09:00 | "6"    | -          | amber
            D     | 2025-04-15 09:00 | "6"    | -          | amber
            E     | 2025-04-10 09:00 | "6"    | -          | green
            F     | 2025-04-11 09:00 | "6"    | -          | green
            G     | 2025-04-01 09:00 | "6"    | -          | blue
            H     | 2025-04-01 09:00 | "6"    | -          | -
        """,
        figures="""
            period  | numerator | denominator | excluded
            2025-04 | 0         | 3           | 5
        """,
    )


def test_a_few_hours_cannot_be_told_from_two_days_without_their_times(check):
    check(
        measure=BY_RATING,
        contacts="""
            child | contact_at       | source | decided_at       | initial_rating
            A     | 2025-04-16       | "6"    | 2025-04-16       | red
            B     | 2025-04-16       | "6"    | 2025-04-17       | red
            C     | 2025-04-16 09:00 | "6"    | 2025-04-17       | red
            D     | 2025-04-16       | "6"    | 2025-04-17 09:00 | red
            E     | 2025-04-16       | "6"    | 2025-04-18       | red
        """,
        figures="""
            period  | numerator | denominator | excluded
            2025-04 | 0         | 1           | 4
        """,
    )
