"""What is wrong with a list, where, and that every row of it is accounted for."""

import datetime

import pytest

from data_loaders import PROBLEM_CODES, check_files, problems_csv
from data_loaders.problems import HIDDEN, harmless, shown
from scorecards.errors import ScorecardError
from tests.partner_files import (
    CONTACTS,
    FIGURES,
    MISSING,
    PLANS,
    REFERRALS,
    checked,
    codes,
    opened,
    text_file,
    workbook,
)

GOOD = ("C1", "03/09/2025", "Police")
ASSAULTS = "Recorded assaults on children"


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def only(check):
    """Return the one list of a check, its rows accounted for."""
    (found,) = check.lists
    assert found.rows_read == found.rows_ready + found.rows_refused + found.rows_ignored
    return found


def counts(check) -> tuple[int, int, int, int]:
    one = only(check)
    return one.rows_read, one.rows_ready, one.rows_refused, one.rows_ignored


def first_problem(check):
    return next(problem for problem in check.problems if problem.severity != "note")


def test_good_rows_are_ready(store):
    check = checked(store, REFERRALS, GOOD, ("C2", "04/09/2025", "2A"))
    assert counts(check) == (2, 2, 0, 0)
    assert (check.files[0].verdict, check.problems, check.can_land) == ("ready", (), True)


def test_a_wrong_cell_is_told_by_its_address_and_stops_its_row(store):
    check = checked(store, REFERRALS, GOOD, ("C2", "31/09/2025", "Police"))
    problem = first_problem(check)
    assert counts(check) == (2, 1, 1, 0)
    assert (problem.file, problem.sheet, problem.cell, problem.heading, problem.value) == (
        "test.xlsx", "List", "B3", "Date of referral", "31/09/2025",
    )  # fmt: skip
    assert (problem.sentence, problem.severity) == ("September has 30 days. The row was not read.", "error")


def test_one_cause_in_many_rows_is_one_problem(store):
    rows = [(f"C{number}", "03/09/2025", "Martians") for number in range(1, 413)]
    (problem,) = checked(store, REFERRALS, *rows).problems
    assert (problem.cell, problem.rows, problem.place) == ("C2", 412, "C2 and 411 more")
    assert problem.sentence.endswith("412 rows were not read.")


def test_many_different_wrong_values_are_not_all_listed(store):
    rows = [
        (f"C{number}", "03/09/2025", f"Martian{'abcdefghij'[number // 10]}{'abcdefghij'[number % 10]}")
        for number in range(60)
    ]
    problems = checked(store, REFERRALS, *rows).problems
    assert len(problems) == 21
    assert problems[-1].value is None
    assert problems[-1].sentence.startswith("40 more different values that cannot be read.")
    assert sum(problem.rows for problem in problems) == 60


def test_a_blank_that_every_row_needs_stops_the_row(store):
    check = checked(store, REFERRALS, GOOD, ("C2", None, "Police"), (None, "03/09/2025", "Police"))
    assert counts(check) == (3, 1, 2, 0)
    assert codes(check) == ["blank_required", "blank_required"]


def test_an_unknown_code_where_none_is_needed_is_read_as_not_known(store):
    check = checked(store, (*REFERRALS, "Gender"), (*GOOD, "Femal"))
    problem = first_problem(check)
    assert counts(check) == (1, 1, 0, 0)
    assert (problem.severity, problem.sentence) == (
        "warning", "Not a known value of 'Sex'. Did you mean 'Female'? Read as not known.",
    )  # fmt: skip


def test_a_plan_whose_end_cannot_be_read_is_not_taken_for_an_open_one(store):
    check = checked(store, PLANS, ("C1", "03/09/2025", "#N/A"), ("C2", "03/09/2025", None))
    assert counts(check) == (2, 1, 1, 0)
    assert first_problem(check).code == "error_cell"
    assert first_problem(check).cell == "C2"


def test_a_time_before_its_start_on_the_same_day_is_out_of_order(store):
    noon, later = datetime.datetime(2025, 9, 3, 12), datetime.datetime(2025, 9, 3, 13)
    day = datetime.date(2025, 9, 3)
    check = checked(
        store, MISSING, ("C1", later, noon, "Missing", "Home"), ("C2", noon, later, "Missing", "Home"),
        ("C3", later, day, "Missing", "Home"),
    )  # fmt: skip
    assert counts(check) == (3, 2, 1, 0)
    assert first_problem(check).sentence == "The child returned before going missing. The row was not read."


def test_a_broken_rule_that_only_warns_keeps_the_row(store):
    headings = (*PLANS, "Date of latest review conference")
    check = checked(store, headings, ("C1", "03/09/2025", None, "01/08/2025"))
    assert counts(check) == (1, 1, 0, 0)
    assert (first_problem(check).severity, first_problem(check).sentence) == (
        "warning", "The review is before the plan started. Kept.",
    )  # fmt: skip


@pytest.mark.parametrize(("day", "code"), [("14/10/2025", []), ("15/10/2025", ["date_in_future"])])
def test_what_is_dated_after_today_has_not_happened(store, day, code):
    assert codes(checked(store, REFERRALS, ("C1", day, "Police"))) == code


def test_the_same_row_twice_counts_once(store):
    check = checked(store, REFERRALS, GOOD, ("C2", "04/09/2025", "Police"), GOOD, ("C1", "03/09/2025", "GP"))
    assert counts(check) == (4, 2, 0, 2)
    assert only(check).ignored == (("repeated row", 2),)
    assert check.problems[0].sentence == "Same child and date of referral as a row above. The first was kept."
    assert check.files[0].verdict == "ready"


def test_an_identifier_is_one_child_however_it_is_typed(store):
    check = checked(store, REFERRALS, (9212044.0, "03/09/2025", "Police"), ("9212044 ", "03/09/2025", "Police"))
    assert counts(check) == (2, 1, 0, 1)


def test_a_list_short_of_a_heading_is_refused_with_the_heading_named(store):
    check = checked(store, ("Child ID", "Date of referal", "Referral source"), GOOD)
    assert counts(check) == (1, 0, 1, 0)
    assert first_problem(check).sentence == (
        "This looks like 'Referrals to children's social care', but no column is headed 'Date of referral'. "
        "Is it 'Date of referal'? The list was not read."
    )
    assert not check.can_land


def test_two_columns_for_one_thing_are_refused(store):
    check = checked(store, (*REFERRALS, "Source of referral"), (*GOOD, "GP"))
    assert counts(check) == (1, 0, 1, 0)
    assert first_problem(check).sentence.startswith(
        "2 columns stand for 'Referral source': C1 'Referral Source' and D1"
    )


def test_unknown_columns_are_left_out_and_their_values_never_shown(store):
    check = checked(store, (*REFERRALS, "Shoe size"), (*GOOD, "secret"))
    assert [problem.sentence for problem in check.problems] == ["Not part of this list and left out: 'Shoe size'."]
    assert "secret" not in str(check.problems)


def test_columns_that_a_list_does_not_keep_are_said_to_be_left_out(store):
    check = checked(store, (*REFERRALS, "Allocated Worker"), (*GOOD, "Ann Other"))
    assert [problem.sentence for problem in check.problems] == ["Left out and not stored: 'Allocated Worker'."]


def test_a_total_that_is_not_the_sum_is_a_warning(store):
    headings = (*REFERRALS, "Number of Referrals in Last 12 Months")
    rows = (*GOOD, 1), ("C2", "04/09/2025", "Police", 2)
    assert codes(checked(store, headings, *rows, ("Total", None, None, 3))) == []
    assert codes(checked(store, headings, *rows, ("Total", None, None, "all"))) == []
    check = checked(store, headings, *rows, ("Total", None, None, 4))
    assert codes(check) == ["total_differs"]
    assert first_problem(check).cell == "D4"
    assert first_problem(check).sentence == "The total is given as 4, but the rows above add up to 3."


# Figures


def test_figures_without_a_number_are_ignored_and_signs_are_kept(store):
    rows = [(ASSAULTS, "Q1 2025/26", 12), (ASSAULTS, "Q2 2025/26", None), (ASSAULTS, "Q3 2024/25", "c")]
    check = checked(store, FIGURES, *rows)
    assert counts(check) == (3, 2, 0, 1)
    assert only(check).rows.columns["numerator"] == [12.0, None]
    assert only(check).rows.columns["numerator_symbol"] == [None, "c"]
    assert only(check).rows.columns["area"] == ["partnership", "partnership"]
    assert only(check).covers is None


def test_a_figure_for_an_unknown_area_is_not_taken_for_the_whole(store):
    check = checked(
        store, (*FIGURES, "Area"), (ASSAULTS, "Q1 2025/26", 1, "Northen"), (ASSAULTS, "Q1 2025/26", 2, "North")
    )
    assert counts(check) == (2, 1, 1, 0)
    assert only(check).rows.columns["area"] == ["north"]


@pytest.mark.parametrize("value", ["#DIV/0!", datetime.date(2025, 1, 1), "many", -3])
def test_a_figure_that_cannot_be_read_stops_its_row(store, value):
    assert counts(checked(store, FIGURES, (ASSAULTS, "Q1 2025/26", value))) == (1, 0, 1, 0)


def test_an_unknown_measure_or_period_is_named(store):
    check = checked(store, FIGURES, ("Recorded asaults on children", "Q1 2025/26", 1), (ASSAULTS, "soon", 1))
    assert codes(check) == ["kpi_unknown", "period_unknown"]


def test_a_count_with_a_decimal_is_refused_unless_it_is_an_average_of_the_months(store):
    headings = (*FIGURES, "Value", "Basis")
    rows = [
        (ASSAULTS, "Q1 2025/26", 12.5, None, None),
        ("cpp_stock", "Q1 2025/26", None, 12.5, "Snapshot"),
        (ASSAULTS, "Q2 2025/26", None, 12.5, "Monthly average"),
        (ASSAULTS, "Q3 2024/25", 12, 3.4, None),
        (ASSAULTS, "Q4 2024/25", 12.000000000000002, None, None),
    ]
    check = checked(store, headings, *rows)
    assert counts(check) == (5, 3, 2, 0)
    assert [(one.code, one.severity, one.cell, one.value) for one in check.problems] == [
        ("number_not_whole", "error", "C2", "12.5"),
        ("number_not_whole", "error", "D3", "12.5"),
    ]
    assert (
        check.problems[0].advice == "Ask for the right number. If it is an average of the months, say so as its basis."
    )


def test_a_percentage_of_less_than_one_or_above_its_base_is_asked_about(store):
    from dataclasses import replace

    kpis = dict(store.definitions.kpis)
    kpis["assaults_recorded"] = kpis["assaults_recorded"].model_copy(update={"unit": "percent"})
    store = replace(store, definitions=store.definitions.model_copy(update={"kpis": kpis}))
    headings = ("Measure", "Period", "Number", "Out of", "Value")
    rows = [
        (ASSAULTS, "Q1 2025/26", None, None, 0.45),
        (ASSAULTS, "Q2 2025/26", 12, 10, None),
        (ASSAULTS, "Q4 2024/25", 1, 2, 50),
    ]
    check = checked(store, headings, *rows)
    assert codes(check) == ["number_fraction", "number_over_base"]
    assert counts(check) == (3, 3, 0, 0)


# What is worked out


def derived(store, *names, headings, rows):
    columns = only(checked(store, headings, *rows)).rows.columns
    return list(zip(*(columns[name] for name in names), strict=True))


def test_age_is_in_completed_years_at_the_date_of_the_row(store):
    headings = (*REFERRALS, "Date of Birth", "Gender")
    births: list = ["03/09/2015", "04/09/2015", "29/02/2024", "01/09/2025", "04/09/2025", None, None, "03/09/2005"]
    sexes = ["F", "F", "F", "F", "F", "Unborn", "F", "F"]
    rows = [
        (f"C{at}", "03/09/2025", "Police", birth, sex)
        for at, (birth, sex) in enumerate(zip(births, sexes, strict=True))
    ]
    assert derived(store, "age", "age_band", headings=headings, rows=rows) == [
        (10, "10 to 15"), (9, "5 to 9"), (1, "1 to 4"), (0, "under 1"), (None, "unborn"), (None, "unborn"),
        (None, "unknown"), (20, "16 and over"),
    ]  # fmt: skip


def test_the_month_of_birth_is_kept_and_the_day_is_not(store):
    rows = [("C1", "03/09/2025", "Police", "28/09/2015")]
    columns = only(checked(store, (*REFERRALS, "Date of Birth"), *rows)).rows.columns
    assert columns["birth_month"] == [2015 * 12 + 8]
    assert "date_of_birth" not in columns


def test_a_row_belongs_where_it_says_or_where_its_team_is(store):
    headings = (*CONTACTS, "Locality", "Team", "District")
    rows = [
        ("C1", "03/09/2025", "Police", "Northern", "South team", None),
        ("C2", "03/09/2025", "Police", None, "South team", None),
        ("C3", "03/09/2025", "Police", "Nowhere", "Other team", "Hill"),
        ("C4", "03/09/2025", "Police", None, "Other team", None),
    ]
    check = checked(store, headings, *rows, agency="council")
    assert only(check).rows.columns["locality"] == ["north", "south", "north", "unknown"]
    assert codes(check) == ["area_unknown"]
    assert [problem.sentence for problem in check.problems if problem.code == "area_unplaced"] == [
        "Fits no locality and counts as unknown: 'Other team' (1)."
    ]


# Files


def test_a_row_of_list_5_without_a_conference_is_no_conference_and_no_problem(store):
    headings = (
        "Child Unique ID", "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
    )  # fmt: skip
    rows = [("C1", "03/09/2025", "No", "10/09/2025"), ("C2", "03/09/2025", "Yes", None),
            ("C3", None, "No", "11/09/2025"), ("C4", "03/09/2025", "Perhaps", "31/09/2025")]  # fmt: skip
    check = checked(store, headings, *rows)
    found = [(one.record_type, one.rows_read, one.rows_ready, one.rows_refused, one.ignored) for one in check.lists]
    assert found == [("section_47", 4, 3, 0, (("no such record in the row", 1),)), ("icpc", 3, 2, 1, ())]
    assert codes(check) == ["value_unknown", "date_impossible"]


def test_a_hidden_sheet_is_not_read_and_is_warned_of(store, tmp_path):
    import openpyxl

    path = tmp_path / "hidden.xlsx"
    path.write_bytes(workbook(List=[REFERRALS, GOOD], Other=[("a", "b"), ("c", "d")]))
    book = openpyxl.load_workbook(path)
    book["Other"].sheet_state = "hidden"
    book.save(path)
    check = check_files(store, [("hidden.xlsx", path.read_bytes())])
    assert codes(check) == ["sheet_hidden"]
    assert check.rows_ready == 1


def test_a_file_that_cannot_be_read_is_refused_and_the_others_are_not(store):
    files = [("a.xlsx", b"no spreadsheet"), ("b.csv", text_file([REFERRALS, GOOD]))]
    check = check_files(store, files)
    assert [file.verdict for file in check.files] == ["refused", "ready"]
    assert check.rows_ready == 1


def test_a_sheet_that_is_no_list_is_listed_and_a_list_of_no_use_yet_is_named(store):
    adoption = ("Child Unique ID", "Date the Child Entered Care", "Date of Placement Order")
    sheets = {"Notes": [("to", "whom"), ("it", "may")], "Adoption": [adoption, ("C1", None, None)]}
    check = check_files(store, [("a.xlsx", workbook(**sheets))])
    assert [(one.status, one.title) for one in check.lists] == [
        ("not data", "Not a list"), ("not used", "Annex A list 10: adoption (not used yet)"),
    ]  # fmt: skip
    assert (check.files[0].verdict, check.can_land) == ("not used", False)
    assert check.files[0].sentence == "Annex A list 10: adoption (not used yet)"


def test_children_in_a_sheet_that_fits_no_list_are_pointed_out(store):
    assert codes(checked(store, ("Child ID", "Shoe size"), ("C1", 33))) == ["sheet_unrecognised"]


def test_a_list_without_rows_is_not_a_declaration_that_there_was_nothing(store):
    check = checked(store, PLANS)
    assert (only(check).status, check.files[0].verdict, check.can_land) == ("empty", "not used", False)
    assert check.problems[0].code == "list_empty"


# Senders


@pytest.mark.parametrize(
    ("rows", "agency"),
    [
        ((REFERRALS, GOOD), "council"),
        ((MISSING, ("C1", "03/09/2025", None, "Missing", "Home")), "police"),
        ((FIGURES, (ASSAULTS, "Q1 2025/26", 3)), "police"),
        ((CONTACTS, GOOD), None),
    ],
)
def test_the_sender_is_the_only_agency_that_can_be(store, rows, agency):
    check = checked(store, *rows)
    assert check.files[0].agency == agency
    assert codes(check) == ([] if agency else ["agency_unknown"])
    assert check.can_land == (agency is not None)


def test_the_sender_may_be_named_for_all_files_or_for_one(store):
    data = workbook(List=[CONTACTS, GOOD])
    check = check_files(
        store, [("a.xlsx", data, "mash"), ("b.csv", text_file([CONTACTS, GOOD]), None)], agency="council"
    )
    assert [file.agency for file in check.files] == ["mash", "council"]


def test_an_agency_may_not_send_what_is_not_its_own(store):
    check = checked(store, PLANS, ("C1", "03/09/2025", None), agency="police")
    assert codes(check) == ["agency_may_not_send"]
    assert counts(check) == (1, 0, 1, 0)
    assert not check.can_land


def test_an_unknown_agency_is_said_to_be_so(store):
    with pytest.raises(ScorecardError, match=r"'polise' is not an agency.*Did you mean 'police'\?"):
        checked(store, CONTACTS, GOOD, agency="polise")


# Days covered


def covers(store, *rows, **given):
    found = only(checked(store, *rows, **given)).covers
    return tuple(day.isoformat() for day in found)


def test_events_cover_the_months_of_their_dates_but_no_day_to_come(store):
    assert covers(store, REFERRALS, GOOD, ("C2", "15/07/2025", "Police")) == ("2025-07-01", "2025-09-30")
    assert covers(store, REFERRALS, GOOD, ("C2", "02/10/2025", "Police")) == ("2025-09-01", "2025-10-14")


def test_a_dense_list_that_begins_and_ends_within_a_month_covers_no_more(store):
    rows = [(f"C{at}", f"{10 + at // 5:02}/09/2025", "Police") for at in range(50)]
    assert covers(store, REFERRALS, *rows) == ("2025-09-10", "2025-09-19")


def test_days_given_hold_and_rows_outside_them_are_kept_with_a_note(store):
    given = (datetime.date(2025, 9, 1), datetime.date(2025, 9, 2))
    check = checked(store, REFERRALS, GOOD, covers=given)
    assert only(check).covers == given
    assert [(problem.code, problem.rows) for problem in check.problems] == [("outside_cover", 1)]
    assert counts(check) == (1, 1, 0, 0)
    by_list = checked(store, REFERRALS, GOOD, covers={"referrals": given, "contacts": (given[1], given[1])})
    assert only(by_list).covers == given


def test_plans_cover_the_days_since_the_first_that_ended(store):
    rows = [("C1", "01/02/2020", None), ("C2", "01/02/2024", "20/05/2025"), ("C3", "03/09/2025", None)]
    assert covers(store, PLANS, *rows) == ("2025-05-01", "2025-09-30")
    assert covers(store, PLANS, rows[0], rows[2]) == ("2025-04-01", "2025-09-30")


def test_plans_beside_other_lists_cover_the_same_days(store):
    rows = [(f"C{at}", f"{1 + at:02}/0{7 + at % 3}/2025", "Police") for at in range(28)]
    data = workbook(
        Referrals=[REFERRALS, *rows],
        Plans=[PLANS, ("C1", "01/02/2020", None)],
        Reviews=[("Child ID", "Review date"), ("C1", "05/08/2025")],
    )
    lists = check_files(store, [("a.xlsx", data)]).lists
    days = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))
    assert [(one.record_type, one.covers) for one in lists] == [
        ("referrals", days),
        ("cp_plans", days),
        ("cp_reviews", days),
    ]


# Files together


def test_the_same_file_twice_brings_nothing_new(store):
    data = workbook(List=[REFERRALS, GOOD])
    check = check_files(store, [("a.xlsx", data), ("b.xlsx", data)])
    assert [file.verdict for file in check.files] == ["ready", "nothing new"]
    assert check.changes[0].added == 1


def test_the_same_row_in_two_files_is_kept_from_the_later(store):
    first = text_file([REFERRALS, GOOD, ("C2", "04/09/2025", "Police")])
    second = text_file([REFERRALS, ("C1", "03/09/2025", "GP")])
    check = check_files(store, [("a.csv", first), ("b.csv", second)])
    assert [(one.rows_read, one.rows_ready, one.rows_ignored) for one in check.lists] == [(2, 1, 1), (1, 1, 0)]
    assert check.problems[0].sentence == "The same row is in b.csv. The later one was kept."
    assert (check.changes[0].added, check.changes[0].removed) == (2, 0)


# Problems as a file


def test_every_problem_code_is_described(store):
    assert all(says.endswith(".") for says in PROBLEM_CODES.values())
    check = checked(store, (*REFERRALS, "Shoe size"), ("C1", "31/09/2025", "Martian", 3), GOOD, GOOD)
    assert {problem.code for problem in check.problems} <= PROBLEM_CODES.keys()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_a_downloaded_problem_runs_no_formula(text):
    assert harmless(text) == f"'{text}"
    assert harmless(None) == ""
    assert harmless("C1") == "C1"


def test_problems_can_be_downloaded(store):
    lines = problems_csv(checked(store, REFERRALS, ("C2", "=31/09", "Police"))).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("File,Sheet,Cell,Rows,Heading,Value,Severity")
    assert len(lines) == 2


@pytest.mark.parametrize("text", ["someone@example.org", "call 01234 567890", "9434765919", "AB1 2CD", "id 1234567"])
def test_a_value_that_could_identify_a_person_is_not_shown(text):
    assert shown(text) == HIDDEN


def test_a_long_value_is_shortened():
    assert shown("word " * 40) == "word " * 11 + "word…"
    assert shown(" Neglct ") == "Neglct"
