"""Counts, distinct counts, stocks and rates: which rows are in a period, and which count."""

REFERRALS = "{kind: count, records: referrals, dated_by: referral_date}"
PLANS_OPEN = "{kind: stock, records: cp_plans, open_from: start_date, open_to: end_date}"


def test_a_row_belongs_to_the_period_of_its_day_from_the_first_to_the_last(check):
    check(
        measure=REFERRALS,
        referrals="""
            child | referral_date | source
            A     | 2025-03-31    | "6"
            B     | 2025-04-01    | "6"
            C     | 2025-06-30    | "6"
            D     | 2025-07-01    | "6"
        """,
        figures="""
            period     | numerator
            2024-25-Q4 | 1
            2025-26-Q1 | 2
            2025-26-Q2 | 1
        """,
    )


def test_the_end_of_february_is_in_february_in_leap_years_too(check):
    check(
        measure=REFERRALS,
        referrals="""
            child | referral_date | source
            A     | 2024-02-29    | "6"
            B     | 2025-02-28    | "6"
            C     | 2024-03-01    | "6"
        """,
        figures="""
            period  | numerator
            2024-02 | 1
            2024-03 | 1
            2025-02 | 1
        """,
    )


def test_one_day_is_in_its_month_its_quarter_and_four_rolling_years(check):
    check(
        measure=REFERRALS,
        referrals="""
            child | referral_date | source
            A     | 2024-05-20    | "6"
        """,
        figures="""
            period         | numerator
            2024-05        | 1
            2024-25-Q1     | 1
            2024-25-Q1-R12 | 1
            2024-25-Q2-R12 | 1
            2024-25-Q3-R12 | 1
            2024-25-Q4-R12 | 1
        """,
    )


def test_codes_are_counted_by_their_groups_and_blank_ones_as_unknown(check):
    check(
        measure=REFERRALS.replace("referrals", "contacts").replace("referral_date", "contact_at"),
        by="outcome",
        contacts="""
            child | contact_at | source | outcome
            A     | 2025-04-01 | "6"    | nfa
            A     | 2025-04-01 | 3A     | nfa
            B     | 2025-04-02 | "6"    | -
        """,
        figures="""
            period     | group             | numerator
            2025-26-Q1 | No further action | 2
            2025-26-Q1 | unknown           | 1
        """,
    )


def test_several_codes_of_one_group_are_one_group(check):
    check(
        measure=REFERRALS,
        by="source",
        referrals="""
            child | referral_date | source
            A     | 2025-04-01    | 3A
            B     | 2025-04-01    | 3E
            C     | 2025-04-01    | "6"
        """,
        figures="""
            period     | group  | numerator
            2025-26-Q1 | Health | 2
            2025-26-Q1 | Police | 1
        """,
    )


def test_rows_without_a_value_that_is_asked_for_are_left_out_and_counted(check):
    check(
        measure="""{kind: count, records: referrals, dated_by: referral_date, where: [{column: nfa, known: true},
                    {column: source, is_not: ["10"]}]}""",
        referrals="""
            child | referral_date | source | nfa
            A     | 2025-04-01    | "6"    | yes
            B     | 2025-04-01    | "6"    | -
            C     | 2025-04-01    | "10"   | no
        """,
        figures="""
            period     | numerator | excluded
            2025-26-Q1 | 1         | 1
        """,
    )


def test_only_the_agency_that_leads_on_the_day_counts(check):
    check(
        measure="{kind: count, records: contacts, dated_by: contact_at}",
        leads="""
            list     | agency  | from
            contacts | council | 2000-01-01
            contacts | mash    | 2025-05-01
        """,
        contacts="""
            agency  | child | contact_at | source
            council | A     | 2025-04-30 | "6"
            mash    | A     | 2025-04-30 | "6"
            council | B     | 2025-05-01 | "6"
            mash    | B     | 2025-05-01 | "6"
            police  | C     | 2025-05-02 | "6"
        """,
        figures="""
            period  | numerator
            2025-04 | 1
            2025-05 | 1
        """,
    )


def test_where_no_agency_leads_all_senders_count(check):
    check(
        measure="{kind: count, records: contacts, dated_by: contact_at}",
        leads="""
            list      | agency  | from
            referrals | council | 2000-01-01
        """,
        contacts="""
            agency  | child | contact_at | source
            council | A     | 2025-04-30 | "6"
            mash    | B     | 2025-04-30 | "6"
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
        """,
    )


def test_superseded_rows_count_no_longer(check):
    check(
        measure=REFERRALS,
        referrals="""
            child | referral_date | source | landed_in | superseded_in
            A     | 2025-04-01    | "6"    | 1         | 2
            B     | 2025-04-01    | "6"    | 1         | -
            C     | 2025-04-01    | "6"    | 2         | -
            D     | 2025-04-01    | "6"    | 2         | 3
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
        """,
    )


def test_a_figure_can_be_had_as_it_was(check):
    check(
        measure=REFERRALS,
        version=1,
        referrals="""
            child | referral_date | source | landed_in | superseded_in
            A     | 2025-04-01    | "6"    | 1         | 2
            B     | 2025-04-01    | "6"    | 1         | -
            C     | 2025-07-01    | "6"    | 2         | -
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
        """,
    )


def test_a_child_is_counted_once_in_each_month_and_once_in_the_quarter(check):
    check(
        measure="{kind: distinct, records: missing_episodes, of: child_id, dated_by: missing_at}",
        missing_episodes="""
            child | missing_at | type    | missing_from
            A     | 2025-04-01 | missing | home
            A     | 2025-04-09 | missing | home
            A     | 2025-05-01 | missing | care
            B     | 2025-05-01 | missing | home
        """,
        figures="""
            period     | numerator
            2025-04    | 1
            2025-05    | 2
            2025-26-Q1 | 2
        """,
    )


def test_groups_of_different_children_do_not_add_up_to_the_whole(check):
    check(
        measure="{kind: distinct, records: missing_episodes, of: child_id, dated_by: missing_at}",
        by="locality",
        missing_episodes="""
            child | missing_at | type    | missing_from | locality
            A     | 2025-04-01 | missing | home         | north
            A     | 2025-04-09 | missing | home         | south
            B     | 2025-04-09 | missing | home         | -
        """,
        figures="""
            period     | group   | numerator
            2025-26-Q1 | north   | 1
            2025-26-Q1 | south   | 1
            2025-26-Q1 | unknown | 1
        """,
    )


def test_different_children_can_be_counted_on_the_last_day(check):
    check(
        measure="{kind: distinct, records: cp_plans, of: child_id, open_from: start_date, open_to: end_date}",
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-07-31
            A     | 2025-05-01 | 2025-07-31
            B     | 2025-05-01 | 2025-07-31
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
        """,
    )


def test_a_plan_is_open_on_its_first_day_and_not_on_its_last(check):
    check(
        measure=PLANS_OPEN,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-06-30 | 2025-08-01
            B     | 2025-05-01 | 2025-06-30
            C     | 2025-05-01 | 2025-07-01
            D     | 2025-07-01 | -
            E     | 2025-06-30 | 2025-06-30
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
            2025-26-Q2 | 1
            2025-26-Q3 | 1
        """,
    )


def test_a_plan_without_an_end_is_open(check):
    check(
        measure=PLANS_OPEN,
        cp_plans="""
            child | start_date | end_date
            A     | 2025-08-15 | -
        """,
        figures="""
            period  | numerator
            2025-08 | 1
            2025-09 | 1
            2025-10 | 1
        """,
    )


def test_calendar_months_are_complete_on_the_same_day_or_on_the_last_of_a_shorter_month(check):
    # On 28 February 2025 six months have passed for a plan of 31 August, as there is no 31 February.
    check(
        measure=PLANS_OPEN.replace("}", ", lasted: {from: start_date, to: period_end, at_least_months: 6}}"),
        cp_plans="""
            child | start_date | end_date
            A     | 2024-08-28 | 2025-03-01
            B     | 2024-08-31 | 2025-03-01
            C     | 2024-09-01 | 2025-03-01
        """,
        since="2025-01-01",
        figures="""
            period  | numerator
            2025-01 | 0
            2025-02 | 2
        """,
    )


def test_a_plan_of_29_february_is_a_year_old_on_28_february(check):
    check(
        measure=PLANS_OPEN.replace("}", ", lasted: {from: start_date, to: period_end, at_least_months: 12}}"),
        cp_plans="""
            child | start_date | end_date
            A     | 2024-02-29 | 2025-03-01
            B     | 2024-03-01 | 2025-03-01
        """,
        since="2025-01-01",
        figures="""
            period  | numerator
            2025-01 | 0
            2025-02 | 1
        """,
    )


def test_a_length_to_a_day_that_is_not_given_is_not_known(check):
    check(
        measure=PLANS_OPEN.replace("}", ", lasted: {from: start_date, to: latest_review_date, at_least_months: 3}}"),
        cp_plans="""
            child | start_date | latest_review_date | end_date
            A     | 2025-06-02 | 2025-09-02         | -
            B     | 2025-06-02 | 2025-09-01         | -
            C     | 2025-06-02 | -                  | -
        """,
        figures="""
            period     | numerator | excluded
            2025-26-Q1 | 1         | 1
            2025-26-Q2 | 1         | 1
            2025-26-Q3 | 1         | 1
        """,
    )


def test_the_numerator_of_a_rate_is_a_count_or_a_stock(check):
    check(
        measure='{kind: rate, records: referrals, dated_by: referral_date, population: "0_17", per: 10000}',
        referrals="""
            child | referral_date | source
            A     | 2025-04-01    | "6"
            A     | 2025-05-01    | "6"
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 2
        """,
    )
    check(
        measure="""{kind: rate, records: cp_plans, open_from: start_date, open_to: end_date, population: "0_17",
                    per: 10000}""",
        cp_plans="""
            child | start_date | end_date
            A     | 2025-04-01 | 2025-06-01
            B     | 2025-05-01 | 2025-07-01
        """,
        figures="""
            period     | numerator
            2025-26-Q1 | 1
        """,
    )
