"""What a cell means in its column: dates, numbers, codes, identifiers, and why something is none of these."""

import datetime

import pytest

from data_loaders.dates import Trouble, turned_texts
from data_loaders.grid import BLANK, Cell
from data_loaders.parsing import reader_of
from scorecards.definitions import Column
from tests.partner_files import context, day, definitions

DAY = day(2025, 9, 3)


def column(kind, **more):
    return Column(title="A column", type=kind, required=False, headings=more.pop("headings", ("A column",)), **more)


def read(kind, value, cell_kind="text", **more):
    return reader_of(column(kind, **more), context())(Cell(cell_kind, value))


def code_of(found) -> str:
    assert isinstance(found, Trouble), found
    return found.code


@pytest.mark.parametrize(
    "text",
    [
        "2025-09-03", "03/09/2025", "3/9/2025", "03-09-2025", "03.09.2025", "3 Sep 2025", "3rd September 2025",
        "3-Sept-2025",
        "Wednesday 3 September, 2025", "2025/09/03", "03/09/2025 00:00", "2025-09-03T14:05:00Z", " 3\u00a0Sep  2025 ",
    ],
)  # fmt: skip
def test_a_date_is_read_the_british_way_or_as_iso(text):
    assert read("date", text) == DAY


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("31/09/2025", "date_impossible", "September has 30 days."),
        ("29/02/2025", "date_impossible", "February 2025 has 28 days."),
        ("2025-13-40", "date_impossible", "There is no such month."),
        ("03/00/2025", "date_impossible", "There is no such month."),
        ("3 Smarch 2025", "date_impossible", "There is no such month."),
        ("0000-01-01", "date_impossible", "There is no such year."),
        ("09/25/2025", "date_american", "There is no month 25: the date seems to be written month first."),
        ("03/09/25", "date_two_digit_year", "The year has two digits."),
        ("3 Sep 25", "date_two_digit_year", "The year has two digits."),
        ("03/09/2025 25:10", "date_unreadable", "There is no such time of day."),
        ("03/09/2025 13:10pm", "date_unreadable", "There is no such time of day."),
        ("next week", "date_unreadable", "This is not a date."),
        ("03/09-2025", "date_unreadable", "This is not a date."),
        ("03/09/1999", "date_out_of_range", "This is before 01/01/2000, too long ago to be right."),
        ("03/09/2027", "date_out_of_range", "This is after 15/10/2026, too far ahead to be right."),
    ],
)
def test_what_is_no_date_says_why(text, code, says):
    found = read("date", text)
    assert (found.code, found.sentence) == (code, says)


def test_excel_dates_are_dates_and_their_serial_numbers_are_not():
    assert read("date", datetime.date(2025, 9, 3), "date") == DAY
    assert read("date", datetime.datetime(2025, 9, 3, 14, 5), "datetime") == DAY
    found = read("date", 45903.0, "number")
    assert found.code == "date_is_number"
    assert found.sentence.endswith("As an Excel date it would be 03/09/2025.")
    assert read("date", 7.0, "number").sentence == "A number stands where a date belongs."


def test_a_time_or_a_yes_is_no_date():
    assert read("date", "09:30:00", "time").sentence == "A time of day without a date."
    assert code_of(read("date", True, "yes_no")) == "date_unreadable"


def doubtful(*texts):
    """Return which of the texts of a column are not believed because others of it are written month first."""
    cells = [BLANK, *(Cell("text", text) for text in texts)]
    reads = [None, *(read("date", text) for text in texts)]
    troubles = {code: found for code, found in enumerate(reads) if isinstance(found, Trouble)}
    values = [None if isinstance(found, Trouble) else found for found in reads]
    turned = turned_texts(cells, values, troubles)
    assert all(values[code] is None for code in turned)
    return [cells[code].value for code in turned]


def test_dates_written_month_first_put_others_of_their_column_in_doubt():
    assert doubtful("09/25/2025", "03/04/2025", "04/04/2025", "2025-03-04", "3 April 2025") == ["03/04/2025"]
    assert doubtful("25/09/2025", "03/04/2025") == []
    assert doubtful("09/25/2025", "25/09/2025", "03/04/2025") == ["03/04/2025"]


def test_one_slip_among_many_british_dates_puts_no_other_in_doubt():
    british = [f"{day}/09/2025" for day in range(13, 31)]
    assert doubtful("09/25/2025", *british, "03/04/2025") == []


@pytest.mark.parametrize("text", ["45903", "45903.5"])
def test_a_day_as_excel_counts_them_is_told_and_not_read(text):
    found = read("date", text)
    assert (found.code, found.sentence) == (
        "date_is_number", "A number stands where a date belongs. As an Excel date it would be 03/09/2025."
    )  # fmt: skip
    assert read("birth", text).sentence == "A number stands where a date of birth belongs."


@pytest.mark.parametrize("text", ["-", "n/a", "N/A", "  ", "None", "not applicable"])
def test_a_date_that_says_nothing_is_blank(text):
    assert read("date", text) is None
    assert read("datetime", text) is None


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("03/09/2025", None),
        ("03/09/2025 00:00", 0),
        ("3 Sep 2025 2:05 pm", 845),
        ("2025-09-03 12:00am", 0),
        ("03/09/2025 at 14.05", 845),
    ],
)
def test_a_moment_keeps_its_minute_only_where_one_is_given(text, minute):
    assert read("datetime", text) == (DAY, None if minute is None else DAY * 1440 + minute)


def test_a_date_of_birth_may_be_ahead_for_the_unborn_and_is_blank_where_unknown():
    assert read("birth", "14/02/2026") == day(2026, 2, 14)
    assert read("birth", "unknown") is None
    assert code_of(read("birth", "01/01/1970")) == "date_out_of_range"


@pytest.mark.parametrize(
    ("value", "number"),
    [("12", 12), ("1,234", 1234), ("nil", 0), ("None", 0), (" 7 ", 7), ("007", 7), ("12.0", 12)],
)
def test_a_count_is_a_whole_number(value, number):
    assert read("whole_number", value) == (number, None)


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        ("6.5", "text", "number_not_whole"), (6.138, "number", "number_not_whole"),
        ("9" * 400, "text", "number_too_large"), (99_999_999_999.0, "number", "number_too_large"),
        ("(3)", "text", "number_below_zero"), ("-3", "text", "number_below_zero"),
        (-1.0, "number", "number_below_zero"), ("about 5", "text", "number_unreadable"),
        ("£12", "text", "number_unreadable"), ("1,23", "text", "number_unreadable"),
        ("12%", "text", "number_unreadable"),
        (datetime.date(2025, 1, 1), "date", "number_unreadable"), ("01:30:00", "time", "number_unreadable"),
        (datetime.datetime(2025, 1, 1, 9), "datetime", "number_unreadable"), (True, "yes_no", "number_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_count_is_a_problem(value, kind, code):
    assert code_of(read("whole_number", value, kind)) == code


def test_a_percent_sign_belongs_only_where_percentages_are_asked_for():
    assert read("number", "45.5 %", headings=("Value", "Percentage")) == (45.5, None)
    assert code_of(read("number", "45%", headings=("Number",))) == "number_unreadable"


@pytest.mark.parametrize(
    ("sign", "kept"),
    [("c", "c"), ("C", "c"), ("x", "x"), ("z", "z"), ("low", "low"), ("..", ".."), (":", ":"), ("*", "*"), ("-", "-"),
     ("<5", "<5"), ("< 10", "<10"), ("suppressed", "c"), ("not available", "x"), ("N/A", "z")],
)  # fmt: skip
def test_a_sign_for_no_number_is_kept_and_is_never_zero(sign, kept):
    assert read("number", sign) == (None, kept)


def test_spaces_in_a_number_cell_are_blank():
    assert read("number", "  ") is None


@pytest.mark.parametrize("value", ["Yes", "y", "TRUE", "1", "a) Yes"])
def test_yes_has_many_spellings(value):
    assert read("yes_no", value) == "yes"


def test_no_unknown_and_nonsense_are_three_things():
    assert read("yes_no", "b) No") == read("yes_no", 0.0, "number") == read("yes_no", False, "yes_no") == "no"
    assert read("yes_no", "c) Unknown") is None
    assert code_of(read("yes_no", "CS Assessment Updated")) == "value_unknown"
    assert read("yes_no", True, "yes_no") == "yes"


@pytest.mark.parametrize(
    ("text", "code"),
    [("q) 6: Police", "6"), ("Police", "6"), ("6", "6"), ("1B", "1B"), ("2A - something of a school", "2A"),
     ("zz) Police", "6"), ("1B: words nobody knows", "1B")],
)  # fmt: skip
def test_a_code_is_known_by_its_forms_its_letter_and_its_beginning(text, code):
    assert read("code", text, codes="source") == code


def test_a_code_typed_as_a_number_is_the_code():
    assert read("code", 6.0, "number", codes="source") == "6"


def test_an_unknown_code_suggests_the_nearest():
    found = read("code", "Neglct", codes="cp_category")
    assert found.sentence == "Not a known value of 'Category of abuse'. Did you mean 'Neglect'?"
    assert read("code", "-", codes="cp_category") is None


def test_where_no_word_is_near_a_short_list_is_told_whole():
    assert read("code", "Residential", codes="missing_from").sentence.endswith("from'. Known are: Home, Care.")
    assert read("code", "Martians", codes="source").sentence.endswith("of 'Who made the contact or referral'.")


def test_an_identifier_is_never_kept_as_it_is():
    assert read("child", 9212044.0, "number") == "hash of 9212044.0"
    assert read("reference", "AB12") == "hash of AB12"
    assert read("child", "unknown") is None
    assert read("child", " - ") is None
    assert code_of(read("child", datetime.date(2025, 1, 1), "date")) == "value_unknown"


def test_a_measure_goes_by_title_or_id():
    assert read("kpi", "assaults_recorded") == read("kpi", "Recorded  assaults on children") == "assaults_recorded"
    assert read("kpi", "Recorded asaults on children").sentence.endswith(
        "Did you mean 'Recorded assaults on children'?"
    )


def test_a_period_may_have_become_a_date_in_excel():
    assert read("period", "Q2 2025/26") == "2025-26-Q2"
    assert read("period", datetime.date(2025, 8, 1), "date") == "2025-08"
    assert code_of(read("period", "soon")) == "period_unknown"


def test_a_text_is_tidied_and_a_place_spelled_our_way():
    assert read("text", " Locality\u00a04  Duty ") == "Locality 4 Duty"
    assert read("text", "north TEAM", places="team") == "North team"
    assert read("text", "n/a") is None
    assert read("text", 7.0, "number") == "7"
    assert code_of(read("text", "x" * 121)) == "text_too_long"


def test_what_a_figure_is_broken_down_by_goes_by_the_name_of_the_kpi():
    breakdown = definitions().kpis["referrals"].breakdowns[0]
    assert read("text", breakdown.replace("_", " ").title(), headings=("Breakdown",)) == breakdown


def test_a_locality_goes_by_its_names():
    assert read("locality", "northern") == "north"
    assert read("locality", "Whole area") == "partnership"
    assert read("locality", "-") is None
    assert code_of(read("locality", "Nrth")) == "area_unknown"


@pytest.mark.parametrize("kind", ["date", "whole_number", "yes_no", "text", "child", "birth"])
def test_an_error_cell_and_a_lost_formula_are_never_blank(kind):
    assert code_of(read(kind, "#N/A", "error")) == "error_cell"
    assert code_of(read(kind, None, "formula")) == "formula_unsaved"
