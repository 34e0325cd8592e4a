"""What a taught layout reads: tables as senders draw them, and the figures, questions and reasons they give."""

import datetime

import pytest

from data_loaders.grid import Cell
from data_loaders.layouts import fits, lay_out, moved, tried
from data_loaders.layouts.analysis import analyse
from tests.layouts import asked, content_of, definitions, layout, read, sheet_of

JULY = datetime.date(2025, 10, 14)


def only(content, taught):
    (fit,) = fits([taught], content)
    return fit


def reasons(taught, *sheets):
    """Return why cells were not read, and how many."""
    content = content_of(*sheets)
    return dict(lay_out(content, only(content, taught), definitions(), JULY).ignored)


# Headings and labels


def test_indicators_stand_down_and_quarters_across():
    drawn = """
    Indicator | Q1 2025/26 | Q2 2025/26
    Assaults  | 12         | 14
    Missing   | 7          |
    """
    assert read(layout(), drawn) == [
        "assaults_recorded 2025-26-Q1: 12 at B2",
        "assaults_recorded 2025-26-Q2: 14 at C2",
        "missing_home_episodes 2025-26-Q1: 7 at B3",
    ]


def test_periods_stand_down_and_measures_across():
    taught = layout({"says": {"measure": [{"heading_row": 1}], "period": [{"label_column": "A"}]},
                     "marks": {"A1": "Period"}})  # fmt: skip
    drawn = """
    Period | Assaults | Missing
    Apr-25 | 12       | 7
    May-25 | 14       | 9
    """
    assert read(taught, drawn) == [
        "assaults_recorded 2025-04: 12 at B2",
        "missing_home_episodes 2025-04: 7 at C2",
        "assaults_recorded 2025-05: 14 at B3",
        "missing_home_episodes 2025-05: 9 at C3",
    ]


TWO_ROWS = {"first": "B3", "says": {"period": [{"heading_row": 1}], "area": [{"heading_row": 2}]}}
AREAS = {"area": {"Ours": "partnership", "North": "north", "Theirs": None}}


def test_a_blank_heading_repeats_the_one_to_its_left():
    drawn = """
    Indicator | Apr-25 |        | May-25 |
              | Ours   | Theirs | Ours   | Theirs
    Assaults  | 12     | 30     | 14     | 31
    """
    taught = layout(TWO_ROWS, **AREAS)
    assert read(taught, drawn) == [
        "assaults_recorded 2025-04: 12 at B3",
        "assaults_recorded 2025-05: 14 at D3",
    ]
    assert reasons(taught, drawn)["another area"] == 2


def test_a_lower_heading_does_not_reach_below_the_next_upper_one():
    drawn = """
    Indicator | Apr-25 |       | May-25
              | Ours   | North |
    Assaults  | 12     | 5     | 14
    """
    taught = layout(TWO_ROWS, **AREAS)
    assert read(taught, drawn) == ["assaults_recorded 2025-04: 12 at B3", "assaults_recorded 2025-04 [North]: 5 at C3"]
    assert reasons(taught, drawn)["nothing says what it is"] == 1


def test_a_merged_heading_speaks_for_all_columns_that_it_spans_and_not_for_the_row_below():
    drawn = """
    Indicator | Apr-25 |       | Year
              | Ours   | North |
    Assaults  | 12     | 5     | 99
    """
    sheet = sheet_of(drawn, merged=((0, 1, 0, 2), (0, 3, 1, 3)))
    taught = layout(TWO_ROWS, **AREAS, period={"Year": None})
    assert read(taught, sheet) == ["assaults_recorded 2025-04: 12 at B3", "assaults_recorded 2025-04 [North]: 5 at C3"]


def test_a_heading_merged_with_a_row_that_is_no_heading_is_found_there():
    drawn = """
    Indicator | Apr-25
              |
    Assaults  | 12
    """
    taught = layout({"first": "B3", "says": {"period": [{"heading_row": 2}]}})
    assert read(taught, sheet_of(drawn, merged=((0, 1, 1, 1),))) == ["assaults_recorded 2025-04: 12 at B3"]


LABELLED = {"first": "C2", "says": {"area": [{"label_column": "B"}]}}


def test_a_blank_label_repeats_the_one_above_it():
    drawn = """
    Indicator | Area  | Apr-25
    Assaults  | Ours  | 12
              | North | 5
    Missing   | Ours  | 7
              | North | 3
    """
    assert read(layout(LABELLED, **AREAS), drawn) == [
        "assaults_recorded 2025-04: 12 at C2",
        "assaults_recorded 2025-04 [North]: 5 at C3",
        "missing_home_episodes 2025-04: 7 at C4",
        "missing_home_episodes 2025-04 [North]: 3 at C5",
    ]


def test_a_label_to_the_right_does_not_reach_below_the_next_one_to_its_left():
    drawn = """
    Indicator | Area  | Apr-25
    Assaults  | North | 5
    Missing   |       | 7
    """
    taught = layout(LABELLED, **AREAS)
    assert read(taught, drawn) == ["assaults_recorded 2025-04 [North]: 5 at C2"]
    (left,) = lay_out(content_of(drawn), only(content_of(drawn), taught), definitions(), JULY).left_out
    assert (left.addresses, left.sentence) == (
        ("C3",), "1 number in 'Drawn' no label or heading speaks for: C3. Not read."
    )  # fmt: skip


def test_a_merged_label_speaks_for_all_rows_that_it_spans():
    drawn = """
    Indicator | Area  | Apr-25
    Assaults  | Ours  | 12
              | North | 5
    Total     |       | 99
    """
    sheet = sheet_of(drawn, merged=((1, 0, 2, 0), (3, 0, 3, 1)))
    taught = layout(LABELLED, measures={"Assaults": {"kpi": "assaults_recorded"}, "Total": None}, **AREAS)
    assert read(taught, sheet) == ["assaults_recorded 2025-04: 12 at C2", "assaults_recorded 2025-04 [North]: 5 at C3"]


def test_a_line_of_its_own_speaks_for_the_lines_below_it():
    taught = layout({"first": "B3", "says": {"area": [{"section_column": "A"}]}}, **AREAS)
    drawn = """
    Indicator | Apr-25
    Ours      |
    Assaults  | 12
    Missing   | 7
    North     |
    Assaults  | 5
    """
    assert read(taught, drawn) == [
        "assaults_recorded 2025-04: 12 at B3",
        "missing_home_episodes 2025-04: 7 at B4",
        "assaults_recorded 2025-04 [North]: 5 at B6",
    ]


def test_a_line_of_its_own_in_a_column_apart_is_none_where_a_label_stands_beside_it():
    taught = layout({"first": "C3", "says": {"measure": [{"label_column": "B"}], "area": [{"section_column": "A"}]},
                     "marks": {"A1": "Area"}}, **AREAS)  # fmt: skip
    drawn = """
    Area  | Indicator | Apr-25
    Ours  |           |
          | Assaults  | 12
    North | Missing   |
          | Plans     | 130
    """
    assert read(taught, drawn) == ["assaults_recorded 2025-04: 12 at C3", "cpp_stock 2025-04: 130 at C5"]


def test_headings_repeated_within_a_table_are_no_figures():
    drawn = """
    Indicator | Q1 2025/26 | Q2 2025/26
    Assaults  | 12         | 14
    Indicator | Q1 2025/26 | Q2 2025/26
    Missing   | 7          | 9
    """
    assert [line.split(":")[0] for line in read(layout(), drawn)] == [
        "assaults_recorded 2025-26-Q1",
        "assaults_recorded 2025-26-Q2",
        "missing_home_episodes 2025-26-Q1",
        "missing_home_episodes 2025-26-Q2",
    ]


# Where a table ends


def test_a_table_goes_on_to_the_first_blank_line_and_numbers_below_it_are_told():
    drawn = """
    Indicator | Apr-25 |  | Sum
    Assaults  | 12     |  | 99
    |
    Missing   | 7      |  |
    """
    content = content_of(drawn)
    laid = lay_out(content, only(content, layout()), definitions(), JULY)
    assert read(layout(), drawn) == ["assaults_recorded 2025-04: 12 at B2"]
    assert [one.sentence for one in laid.left_out] == ["2 numbers beside or below 'Drawn': D2, B4. Not read."]


def test_blank_lines_and_columns_that_were_taught_end_no_table():
    drawn = """
    Indicator | Apr-25 |  | May-25
    Assaults  | 12     |  | 14
    |
    Missing   | 7      |  | 9
    """
    assert len(read(layout({"blank_rows": 1, "blank_columns": 1}), drawn)) == 4


def test_a_table_ends_before_a_word_that_was_taught_and_nothing_is_told_of_what_follows():
    drawn = """
    Indicator | Apr-25 | Total for the year
    Assaults  | 12     | 99
    Notes (1) | 7      |
    """
    taught = layout({"ends_before": ["Notes", "Total"]})
    content = content_of(drawn)
    assert read(taught, drawn) == ["assaults_recorded 2025-04: 12 at B2"]
    assert lay_out(content, only(content, taught), definitions(), JULY).left_out == ()


def test_a_table_ends_at_the_last_cell_that_was_taught():
    drawn = """
    Indicator | Apr-25 |  | May-25 | Jun-25
    Assaults  | 12     |  | 14     | 16
    |
    Missing   | 7      |  | 9      | 11
    Missing   | 8      |  | 9      | 11
    """
    assert [line[-2:] for line in read(layout({"last": "D4"}), drawn)] == ["B2", "D2", "B4", "D4"]


def test_a_table_without_labels_or_headings_is_one_line_or_column_unless_its_last_cell_was_taught():
    says = {"measure": [{"fixed": "Recorded assaults on children"}], "period": [{"heading_row": 1}]}
    drawn = """
    Apr-25 | May-25
    12     | 14
    99     | 99
    """
    row = layout({"first": "A2", "marks": {"A1": "Apr-25"}, "says": says})
    assert read(row, drawn) == ["assaults_recorded 2025-04: 12 at A2", "assaults_recorded 2025-05: 14 at B2"]
    cell = layout({"first": "A2", "marks": {"A1": "Apr-25"}, "says": {**says, "period": [{"cell": "A1"}]}})
    assert read(cell, drawn) == ["assaults_recorded 2025-04: 12 at A2"]
    wider = layout(
        {"first": "A2", "last": "B2", "marks": {"A1": "Apr-25"}, "says": {**says, "period": [{"cell": "A1"}]}}
    )
    assert [one.sentence for one in lay_out_of(wider, drawn).contradictions] == [
        "A2, B2 give different numbers for one figure (April 2025) in 'Drawn'. None was read."
    ]


def lay_out_of(taught, *sheets):
    content = content_of(*sheets)
    return lay_out(content, only(content, taught), definitions(), JULY)


LOWER = """
Indicator | Q1 2025/26 | Q2 2025/26
Assaults  | 12         | 14
{}        | {}         | {}
Missing   | 50         | 60
"""


@pytest.mark.parametrize(
    "headings",
    [
        ("Indicator", "Q1 2024/25", "Q2 2024/25"), ("Year before", "Q1 2024/25", "Q2 2024/25"),
        ("Neighbours", "Q1 2025/26", "Q2 2025/26"),
    ],
)  # fmt: skip
def test_a_table_of_other_periods_or_of_others_below_is_not_read_under_the_headings_above(headings):
    drawn = LOWER.format(*headings)
    assert read(layout(), drawn) == [
        "assaults_recorded 2025-26-Q1: 12 at B2", "assaults_recorded 2025-26-Q2: 14 at C2",
    ]  # fmt: skip
    assert [one.addresses for one in lay_out_of(layout(), drawn).left_out] == [("B4", "C4")]


def test_figures_that_can_be_had_later_are_no_headings():
    drawn = """
    Indicator | Q1 2025/26 | Q2 2025/26
    Assaults  | Q3 2025/26 | Q3 2025/26
    Missing   | 7          | 9
    """
    assert [line.split()[0] for line in read(layout(), drawn)][-2:] == ["missing_home_episodes"] * 2


def test_tables_on_one_sheet_do_not_run_into_each_other():
    drawn = """
    Indicator | Apr-25 | Measure | May-25
    Assaults  | 12     | Missing | 9
    Caseload  | Jun-25 |         |
    Plans     | 130    |         |
    """
    beside = {
        "title": "Beside",
        "first": "D2",
        "marks": {"C1": "Measure"},
        "says": {"measure": [{"label_column": "C"}]},
    }
    below = {"title": "Below", "first": "B4", "marks": {"A3": "Caseload"}, "says": {"period": [{"heading_row": 3}]}}
    assert read(layout({}, beside, below), drawn) == [
        "assaults_recorded 2025-04: 12 at B2",
        "missing_home_episodes 2025-05: 9 at D2",
        "cpp_stock 2025-06: 130 at B4",
    ]


# Periods


@pytest.mark.parametrize(
    ("heading", "line"),
    [
        ("Apr-25", "2025-04"),
        (datetime.date(2025, 4, 1), "2025-04"),
        (datetime.datetime(2025, 4, 1, 12), "2025-04"),
        ("Q1 25/26", "2025-26-Q1"),
        ("Autumn term 24/25", "2024-25-T1"),
        ("2024/25", "2024-25"),
        ("Apr 24 - Mar 25", "2024-25-Q4-R12 [Last 12 months]"),
        ("12 months to Mar 25", "2024-25-Q4-R12 [Last 12 months]"),
        ("YTD Sep 25", "2025-09 [Year to date]"),
        ("Monthly average Q1 2025/26", "2025-26-Q1 [Average of the months]"),
        ("As at 30 Sept 2025", "2025-26-Q2 [At the end of the period]"),
        ("As at 31 May 2025", "2025-05 [At the end of the period]"),
        (datetime.date(2025, 9, 30), "2025-26-Q2 [At the end of the period]"),
    ],
)
def test_a_heading_says_which_period_a_figure_covers_and_how(heading, line):
    assert read(layout(), sheet_of([["Indicator", heading], ["Plans", 130]])) == [f"cpp_stock {line}: 130 at B2"]


def test_an_average_is_of_the_months_only_where_a_measure_counts_or_the_heading_says_so():
    measures = {"Length": {"kpi": "cpp_duration_days_median"}, "In time": {"kpi": "rhi_72h_pct"},
                "Contacts": {"kpi": "mash_contacts"}}  # fmt: skip
    drawn = """
    Indicator | Average Q1 2025/26 | Monthly average Q2 2025/26
    Length    | 201.5              | 190
    In time   | 75.5               | 70
    Contacts  | 401.3              | 390
    """
    assert read(layout(measures=measures), drawn) == [
        "cpp_duration_days_median 2025-26-Q1: value 201.5 at B2",
        "cpp_duration_days_median 2025-26-Q2 [Average of the months]: value 190 at C2",
        "rhi_72h_pct 2025-26-Q1: value 75.5% at B3",
        "rhi_72h_pct 2025-26-Q2 [Average of the months]: value 70% at C3",
        "mash_contacts 2025-26-Q1 [Average of the months]: 401.3 at B4",
        "mash_contacts 2025-26-Q2 [Average of the months]: 390 at C4",
    ]


def test_a_day_as_a_heading_tells_nothing_of_what_happened_in_a_period():
    rows = [["Indicator", datetime.date(2025, 9, 30), "As at 3 Oct 2025"], ["Assaults", 12, None], ["Plans", None, 130]]
    assert asked(layout(), sheet_of(rows)) == [
        ("period", "30/09/2025", "B1", 1),
        ("period", "As at 3 Oct 2025", "C1", 1),
    ]
    taught = layout(period={"As at 3 Oct 2025": "2025-26-Q2", "30/09/2025": "2025-26-Q2"})
    assert read(taught, sheet_of(rows)) == [
        "assaults_recorded 2025-26-Q2: 12 at B2",
        "cpp_stock 2025-26-Q2: 130 at C3",
    ]
    in_period = layout({"says": {"basis": [{"fixed": "in_period"}]}})
    assert read(in_period, sheet_of([rows[0][:2], rows[1][:2]])) == [
        "assaults_recorded 2025-26-Q2 [In the period]: 12 at B2"
    ]


@pytest.mark.parametrize(
    ("source", "rows", "sheet", "file"),
    [
        ({"cell": "A1"}, ["Return for 2025/26", None], "Data", "figures.xlsx"),
        ({"cell": "A1"}, ["Quarter 2 2025/26", None], "Data", "figures.xlsx"),
        ({"sheet_name": True}, ["Wexshire Police", None], "Data 2025-26", "figures.xlsx"),
        ({"file_name": True}, ["Wexshire Police", None], "Data", "Return 2025-26 v2.xlsx"),
    ],
)
def test_a_quarter_without_its_year_takes_it_from_a_title_the_sheet_or_the_file(source, rows, sheet, file):
    taught = layout({"sheet": f"{sheet[:4]}*", "first": "B3", "marks": {"A2": "Indicator"},
                     "says": {"period": [source, {"heading_row": 2}]}})  # fmt: skip
    drawn = sheet_of([rows, ["Indicator", "Q1", "Apr", "2024/25"], ["Assaults", 12, 4, 50]], name=sheet)
    assert read(taught, drawn, name=file) == [
        "assaults_recorded 2025-26-Q1: 12 at B3",
        "assaults_recorded 2025-04: 4 at C3",
        "assaults_recorded 2024-25: 50 at D3",
    ]


def test_a_period_that_only_a_title_says_holds_for_all_figures():
    taught = layout({"first": "B3", "marks": {"A2": "Indicator"}, "says": {"period": [{"cell": "A1"}]}})
    drawn = """
    Safeguarding return, Quarter 2 2025/26 (provisional) |
    Indicator                                            | Number
    Assaults                                             | 12
    """
    assert read(taught, drawn) == ["assaults_recorded 2025-26-Q2: 12 at B3"]
    assert asked(taught, drawn.replace("Quarter 2 2025/26", "Q1 or Q2 2025/26")) == [
        ("period", "Safeguarding return, Q1 or Q2 2025/26 (provisional)", "A1", 1)
    ]


def test_the_year_below_which_a_word_stands_does_not_make_it_a_period():
    taught = layout({"first": "B3", "says": {"period": [{"heading_row": 1}, {"heading_row": 2}]}})
    drawn = """
    Indicator | 2024/25 |     | 2025/26 |
              | Q4      | RAG | Q1      | Change
    Assaults  | 11      | 1   | 12      | 1
    """
    assert read(taught, drawn) == ["assaults_recorded 2024-25-Q4: 11 at B3", "assaults_recorded 2025-26-Q1: 12 at D3"]
    assert asked(taught, drawn) == [("period", "2024/25 RAG", "C2", 1), ("period", "2025/26 Change", "E2", 1)]


def test_year_to_date_alone_ends_with_the_last_month_that_has_a_number():
    drawn = """
    Indicator | Mar-25 | Apr-25 | May-25 | Jun-25 | Jul-25 | YTD
    Assaults  | 11     | 12     | 14     |        | 0      | 26
    Missing   | 6      | 7      | 9      | n/a    |        | 16
    """
    found = read(layout(period={"Jul-25": None}), drawn)
    assert [line for line in found if "Year to date" in line] == [
        "assaults_recorded 2025-05 [Year to date]: 26 at G2",
        "missing_home_episodes 2025-05 [Year to date]: 16 at G3",
    ]


def test_year_to_date_ends_with_the_last_month_of_its_own_line_and_a_sum_of_blanks_is_no_figure():
    drawn = """
    Indicator | Apr-25 | May-25 | Jun-25 | YTD
    Assaults  | 12     | 14     |        | 26
    Missing   | 7      | 9      | 10     | 26
    Plans     |        |        |        | 0
    """
    assert [line for line in read(layout(), drawn) if "Year to date" in line] == [
        "assaults_recorded 2025-05 [Year to date]: 26 at E2",
        "missing_home_episodes 2025-06 [Year to date]: 26 at E3",
    ]
    assert asked(layout(), drawn) == [("period", "YTD", "E1", 1)]


def test_year_to_date_of_a_line_without_months_ends_with_the_last_month_of_the_table():
    drawn = """
    Indicator | Apr-25 | May-25 | YTD
    Assaults  | 12     | 14     | 26
    Missing   |        |        | 16
    """
    assert read(layout(), drawn)[-1] == "missing_home_episodes 2025-05 [Year to date]: 16 at D3"


def test_year_to_date_of_a_year_ends_with_the_last_month_of_that_year():
    taught = layout({"first": "B3", "says": {"period": [{"heading_row": 1}, {"heading_row": 2}]}})
    drawn = """
    Indicator | 2024/25 |     | 2025/26 |
              | Mar     | YTD | Apr     | YTD
    Assaults  | 11      | 140 | 12      | 12
    """
    assert [line for line in read(taught, drawn) if "Year to date" in line] == [
        "assaults_recorded 2025-03 [Year to date]: 140 at C3",
        "assaults_recorded 2025-04 [Year to date]: 12 at E3",
    ]


TITLED = {"first": "B3", "marks": {"A2": "Indicator"}, "says": {"period": [{"cell": "A1"}, {"heading_row": 2}]}}


def test_a_month_after_that_of_the_title_may_be_of_the_year_before_and_is_asked_about():
    drawn = """
    Position at 31 December 2024 |     |     |
    Indicator                    | Jan | Apr | Dec
    Assaults                     | 11  | 12  | 13
    """
    assert read(layout(TITLED), drawn) == [
        "assaults_recorded 2024-04: 12 at C3", "assaults_recorded 2024-12: 13 at D3",
    ]  # fmt: skip
    assert asked(layout(TITLED), drawn) == [("period", "Position at 31 December 2024 Jan", "B2", 1)]


@pytest.mark.parametrize("title", ["Academic year 2024/25", "Summer term 2024/25"])
def test_months_of_a_school_year_run_from_september_to_august(title):
    drawn = f"""
    {title}   |     |     |     |
    Indicator | Sep | Jan | Apr | Q1
    Assaults  | 11  | 12  | 13  | 14
    """
    found = [line.split()[1] for line in read(layout(TITLED), drawn)]
    assert found == ["2024-09:", "2025-01:", "2025-04:"]
    assert [word for _, word, *_ in asked(layout(TITLED), drawn)] == [f"{title} Q1"]


def test_year_to_date_beside_no_month_is_asked_about():
    assert asked(layout(), "Indicator | YTD | 2024/25\nAssaults | 26 | 100") == [("period", "YTD", "B1", 1)]


def test_figures_of_months_that_have_not_begun_are_left_out():
    drawn = """
    Indicator | Oct-25 | Nov-25 | YTD
    Assaults  | 3      | 0      | 80
    """
    content = content_of(drawn)
    laid = lay_out(content, only(content, layout()), definitions(), JULY)
    rows = [[cell.value for cell in laid.tables[0].sheet.row(row)][:2] for row in (1, 2)]
    assert rows == [["assaults_recorded", "2025-10"], ["assaults_recorded", "2025-10"]]
    assert dict(laid.ignored)["a period that has not begun"] == 1


# What a cell gives


PARTS = {"first": "B3", "says": {"measure": [{"heading_row": 1}], "part": [{"heading_row": 2}],
                                 "period": [{"label_column": "A"}]}, "marks": {"A1": "Period"}}  # fmt: skip


def test_number_what_it_is_out_of_and_percentage_are_one_figure():
    drawn = """
    Period     | In time |        |   |
               | Number  | Out of | % | RAG
    Q1 2025/26 | 18      | 24     | 75%% | G
    """
    taught = layout(PARTS, part={"RAG": None})
    assert read(taught, drawn) == ["rhi_72h_pct 2025-26-Q1: 18 of 24 value 75% at B3, C3, D3"]


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        (Cell("percent", 0.45), "rhi_72h_pct 2025-04: value 45% at B2"),
        (45, "rhi_72h_pct 2025-04: value 45% at B2"),
        ("45%", "rhi_72h_pct 2025-04: value 45% at B2"),
        (0.45, "rhi_72h_pct 2025-04: value 0.45% at B2"),
        ("<5", "rhi_72h_pct 2025-04: value <5 at B2"),
        ("c", "rhi_72h_pct 2025-04: value c at B2"),
        ("n/a", "rhi_72h_pct 2025-04: value z at B2"),
        ("-", "rhi_72h_pct 2025-04: value - at B2"),
    ],
)
def test_a_percentage_without_its_numbers_is_a_value(cell, line):
    assert read(layout(), sheet_of([["Indicator", "Apr-25"], ["In time", cell]])) == [line]


UNITS = {"first": "C2", "says": {"unit": [{"label_column": "B"}]}}


def test_a_column_of_units_says_how_numbers_are_written():
    drawn = """
    Indicator | Unit     | Apr-25
    In time   | %        | 45
    In time   | Fraction | 0.46
    Assaults  | Number   | 12
    Plans     | Rate     | 41.5
    """
    taught = layout(UNITS, unit={"Fraction": "fraction"})
    assert read(taught, drawn) == [
        "assaults_recorded 2025-04: 12 at C4",
        "cpp_stock 2025-04: value 41.5 at C5",
    ]
    assert [one.sentence for one in lay_out_of(taught, drawn).contradictions] == [
        "C2, C3 give different numbers for one figure (April 2025) in 'Drawn'. None was read."
    ]
    assert read(taught, drawn.replace("0.46", "0.45")) == [
        "rhi_72h_pct 2025-04: value 45% at C2",
        "assaults_recorded 2025-04: 12 at C4",
        "cpp_stock 2025-04: value 41.5 at C5",
    ]


@pytest.mark.parametrize("cell", [Cell("percent", 0.45), 45])
def test_a_percentage_where_a_count_belongs_is_never_read_as_one(cell):
    found = read(layout(UNITS), sheet_of([["Indicator", "Unit", "Apr-25"], ["Assaults", "%", cell]]))
    assert found == ["assaults_recorded 2025-04: cannot be read: a percentage stands where a number belongs. at C2"]


def test_a_measures_word_may_say_the_part_the_basis_and_the_group_as_well():
    measures = {
        "In time (number)": {"kpi": "rhi_72h_pct", "part": "number"},
        "In time (all)": {"kpi": "rhi_72h_pct", "part": "out_of"},
        "Plans, under 5": {"kpi": "cpp_ends", "breakdown": "age_band", "group": "under 5"},
        "Contacts a month": {"kpi": "mash_contacts", "basis": "monthly_average"},
        "Offered": {"kpi": "rhi_offered_pct", "unit": "fraction"},
    }
    drawn = """
    Indicator        | Q1 2025/26
    In time (number) | 18
    In time (all)    | 24
    Plans, under 5   | 3
    Contacts a month | 401.3
    Offered          | 0.8
    """
    assert read(layout(measures=measures), drawn) == [
        "rhi_72h_pct 2025-26-Q1: 18 of 24 at B2, B3",
        "cpp_ends 2025-26-Q1 [age band=under 5]: 3 at B4",
        "mash_contacts 2025-26-Q1 [Average of the months]: 401.3 at B5",
        "rhi_offered_pct 2025-26-Q1: value 80% at B6",
    ]


def test_signs_tell_words_apart():
    measures = {"In time": {"kpi": "rhi_72h_pct", "part": "number"}, "% in time": {"kpi": "rhi_72h_pct"}}
    drawn = """
    Indicator | Apr-25
    In time   | 18
    % in time | 75
    """
    assert read(layout(measures=measures), drawn) == ["rhi_72h_pct 2025-04: 18 value 75% at B2, B3"]


# Of whom


def test_a_group_is_read_with_what_it_is_broken_down_by_and_everybody_as_the_whole():
    taught = layout(
        {"first": "D2", "says": {"breakdown": [{"label_column": "B"}], "group": [{"label_column": "C"}]}},
        measures={"Plans ended": {"kpi": "cpp_ends"}}, group={"All": "whole", "Under 5": "under 5", "Not known": None},
    )  # fmt: skip
    drawn = """
    Indicator   | Breakdown | Group     | Q1 2025/26
    Plans ended |           | All       | 30
    Plans ended | Age band  | Under 5   | 12
    Plans ended | Age band  | Not known | 2
    Plans ended | Age band  | 5 to 9    | 7
    Plans ended | Weekday   | Under 5   | 7
    """
    assert read(taught, drawn) == [
        "cpp_ends 2025-26-Q1: 30 at D2",
        "cpp_ends 2025-26-Q1 [age band=under 5]: 12 at D3",
    ]
    assert asked(taught, drawn) == [("group", "5 to 9", "C5", 1), ("breakdown", "Weekday", "B6", 1)]


def test_a_provider_is_asked_about_unless_partnership_yaml_has_it():
    taught = layout({"first": "C2", "says": {"provider": [{"label_column": "B"}]}}, provider={"Trust total": None})
    drawn = """
    Indicator | Site          | Apr-25
    Assaults  | VALE HOSPITAL | 12
    Assaults  | Moor clinic   | 3
    Assaults  | Trust total   | 15
    """
    assert read(taught, drawn) == ["assaults_recorded 2025-04 [Vale hospital]: 12 at C2"]
    assert asked(taught, drawn) == [("provider", "Moor clinic", "B3", 1)]


def test_no_area_is_taken_for_ours_by_its_name_alone():
    taught = layout(LABELLED)
    drawn = """
    Indicator | Area  | Apr-25
    Assaults  | North | 5
    Assaults  | Total | 90
    """
    questions = tried(content_of(drawn), taught, definitions()).questions
    assert [(one.word, one.suggestion) for one in questions] == [("North", "north"), ("Total", "")]


def test_what_is_always_the_same_is_said_once():
    says = {"measure": [{"fixed": "assaults_recorded"}], "area": [{"fixed": "north"}], "provider": [{"fixed": "Hill"}],
            "period": [{"heading_row": 1}], "unit": [{"fixed": "count"}]}  # fmt: skip
    assert read(layout({"says": says}), "Indicator | Apr-25\nx | 5") == [
        "assaults_recorded 2025-04 [North Hill]: 5 at B2"
    ]


def test_when_a_figure_can_be_had_may_stand_in_its_place_or_beside_it():
    taught = layout({"first": "C2", "says": {"available_from": [{"label_column": "B"}]}}, available_from={"soon": None})
    drawn = """
    Indicator | Expected   | Q4 2024/25
    Assaults  | Q2 2025/26 | x
    Missing   |            | not available until Q1
    Plans     | later      | x
    In time   | soon       | x
    """
    assert read(taught, drawn) == [
        "assaults_recorded 2024-25-Q4: x until 2025-26-Q2 at C2",
        "missing_home_episodes 2024-25-Q4: x until 2025-26-Q1 at C3",
    ]
    assert asked(taught, drawn) == [("available_from", "later", "B4", 1)]
    said = layout(taught.tables[0].model_dump(), available_from={"soon": None, "later": "2025-26-Q3"})
    assert "cpp_stock 2024-25-Q4: x until 2025-26-Q3 at C4" in read(said, drawn)


def test_a_basis_is_taken_from_the_heading_then_its_column_then_the_measure():
    taught = layout(
        {"first": "C2", "says": {"basis": [{"label_column": "B"}]}},
        measures={"Contacts": {"kpi": "mash_contacts", "basis": "monthly_average"}}, basis={"Month End": "at_date"},
    )  # fmt: skip
    drawn = """
    Indicator | Counted   | Q1 2025/26 | YTD Q2 2025/26
    Contacts  | Snapshot  | 10         | 30
    Contacts  |           | 11         |
    Contacts  | Weekly    | 12         |
    """
    assert read(taught, drawn) == [
        "mash_contacts 2025-26-Q1 [At the end of the period]: 10 at C2",
        "mash_contacts 2025-26-Q2 [Year to date]: 30 at D2",
        "mash_contacts 2025-26-Q1 [Average of the months]: 11 at C3",
    ]
    assert asked(taught, drawn) == [("basis", "Weekly", "B4", 1)]


# Words, signs and contradictions


def test_a_new_word_is_asked_about_once_with_the_nearest_of_ours():
    drawn = """
    Indicator                  | Q1 2025/26 | Q2 2025/26
    Recorded assault on child  | 12         | 14
    Something else             |            |
    """
    (question,) = tried(content_of(drawn), layout(), definitions()).questions
    assert (question.suggestion, question.figures, question.address, question.sheet) == (
        "assaults_recorded", 2, "A2", "Data"
    )  # fmt: skip
    assert question.sentence == "Which measure is 'Recorded assault on child'? 2 figures wait for it."


def test_a_title_that_is_exactly_ours_is_still_asked_about():
    (question,) = tried(
        content_of("Indicator | Apr-25\nRecorded assaults on children | 4"), layout(), definitions()
    ).questions
    assert (question.suggestion, question.sentence[-22:]) == ("assaults_recorded", "1 figure waits for it.")


def test_what_stands_for_a_number_is_asked_about_unless_it_is_a_known_sign():
    drawn = """
    Indicator | Q1 2025/26 | Q2 2025/26 | Q3 2024/25 | Q4 2024/25
    Assaults  | pending    | unsure     | 12*        | skip
    """
    taught = layout(status={"pending": "x", "skip": None})
    assert asked(taught, drawn) == [("status", "unsure", "C2", 1)]
    assert read(taught, drawn) == [
        "assaults_recorded 2025-26-Q1: x at B2",
        "assaults_recorded 2024-25-Q3: cannot be read: this is not a number. at D2",
    ]


def test_the_same_number_twice_is_read_once():
    drawn = """
    Indicator | Apr-25 | Apr 25
    Assaults  | 12     | 12
    """
    assert read(layout(), drawn) == ["assaults_recorded 2025-04: 12 at B2"]
    assert reasons(layout(), drawn)["the same figure a second time"] == 1


def test_two_numbers_for_one_figure_are_neither_read():
    drawn = """
    Indicator | Apr-25 | Apr 25 | May-25
    Assaults  | 12     | 13     | 14
    """
    laid = lay_out_of(layout(), drawn)
    assert read(layout(), drawn) == ["assaults_recorded 2025-05: 14 at D2"]
    assert [(one.sheet, one.addresses) for one in laid.contradictions] == [("Data", ("B2", "C2"))]
    assert dict(laid.ignored)["says another number than another cell"] == 2


def test_every_filled_cell_is_a_figure_waits_or_is_ignored_for_a_reason():
    drawn = """
    Wexshire Police |        |        |       |
    Indicator       | Apr-25 | Change | May-25 |  | 7
    Assaults        | 12     | 1      | 14    |
                    | 3      |        |       |
    New             |        |        | 5     |
    |
    Source: NICHE   |        |        |       | 9
    """
    content = content_of(drawn)
    taught = layout({"first": "B3", "marks": {"A2": "Indicator"}, "says": {"period": [{"heading_row": 2}]}},
                    period={"Change": None})  # fmt: skip
    analysis = analyse(content, only(content, taught), definitions(), JULY)
    read_or_waiting = [figure for figure in analysis.figures if not figure.reason]
    ignored = dict(analysis.ignored)
    assert ignored == {
        "a word that is ignored": 1, "title": 1, "heading or label": 6, "nothing says what it is": 1,
        "outside the tables": 2, "note below a table": 1, "blank": 2,
    }  # fmt: skip
    assert len(read_or_waiting) + sum(ignored.values()) - ignored["blank"] == sum(
        bool(cell.strip()) for line in drawn.splitlines() for cell in line.split("|")
    )


def test_what_stands_unseen_under_a_merged_cell_is_no_figure():
    sheet = sheet_of("Indicator | Apr-25 | May-25\nAssaults | 12 | 14", merged=((1, 1, 1, 2),))
    assert read(layout(), sheet) == ["assaults_recorded 2025-04: 12 at B2"]


# Which layout a file was made by


DRAWN = """
Wexshire Police |
Indicator       | Apr-25
Assaults        | 12
"""
TWO_MARKS = layout({"first": "B3", "marks": {"A1": "Wexshire Police", "A2": "indicator:"},
                    "says": {"period": [{"heading_row": 2}]}})  # fmt: skip


def test_a_layout_is_found_by_its_fixed_texts_whatever_else_has_changed():
    fit = only(content_of(DRAWN.replace("Assaults", "Missing").replace("Apr", "May")), TWO_MARKS)
    assert (fit.kind, fit.sentence) == ("exact", "The file is built as taught in 'Figures as drawn'.")
    assert fit.tables[0].sentence == "'Drawn' stands on sheet 'Data' as taught."


def test_a_layout_that_moved_as_a_whole_is_read_where_it_stands_once_that_is_taught():
    lower = "\n|\n|\n" + "\n".join(f" | {line}" for line in DRAWN.strip().splitlines())
    fit = only(content_of(lower), TWO_MARKS)
    assert fit.kind == "moved"
    assert fit.sentence == (
        "The file is like 'Figures as drawn', but not as taught. "
        "'Drawn' moved 2 rows down and 1 column right on sheet 'Data'."
    )
    assert read(moved(fit), lower) == ["assaults_recorded 2025-04: 12 at C5"]
    assert only(content_of(lower), moved(fit)).kind == "exact"
    (back,) = fits([moved(fit)], content_of(DRAWN))
    assert back.tables[0].sentence == "'Drawn' moved 2 rows up and 1 column left on sheet 'Data'."


def test_everything_that_a_layout_names_moves_with_it():
    taught = layout(
        {"first": "C4", "last": "D5", "marks": {"A3": "Area"}, "blank_rows": 1,
         "says": {"measure": [{"cell": "A1"}], "period": [{"cell": "B1"}, {"heading_row": 3}],
                  "area": [{"section_column": "A"}], "provider": [{"label_column": "B"}]}},
    )  # fmt: skip
    (fit,) = fits([taught], content_of("|\n|\n" + "|\n" * 2 + " | Area"))
    (table,) = moved(fit).tables
    assert (table.first, table.last, table.marks, table.blank_rows) == ("D6", "E7", {"B5": "Area"}, 1)
    assert {name: one[0].model_dump(exclude_none=True) for name, one in table.says.items()} == {
        "measure": {"cell": "B3"},
        "period": {"cell": "C3"},
        "area": {"section_column": "B"},
        "provider": {"label_column": "C"},
    }
    assert table.says["period"][1].heading_row == 5


def test_a_layout_is_never_moved_off_the_sheet():
    taught = layout({"marks": {"A2": "Indicator"}, "says": {"period": [{"cell": "A1"}]}})
    assert fits([taught], content_of("Indicator | 1")) == ()


def test_a_layout_of_which_some_fixed_texts_are_gone_is_changed():
    fit = only(content_of(DRAWN.replace("Wexshire", "Eastshire")), TWO_MARKS)
    assert (fit.kind, [(one.address, one.text, one.found) for one in fit.tables[0].missing]) == (
        "changed", [("A1", "Wexshire Police", "Eastshire Police")]
    )  # fmt: skip
    assert fit.sentence.endswith("'Drawn' on sheet 'Data' was changed: 1 fixed text is not where it was taught.")
    assert read(moved(fit), DRAWN.replace("Wexshire", "Eastshire")) == ["assaults_recorded 2025-04: 12 at B3"]


def test_a_file_with_less_than_half_of_the_fixed_texts_is_another():
    taught = layout({"first": "B3", "marks": {"A1": "Wexshire Police", "A2": "Measure", "B2": "Number"},
                     "says": {"period": [{"cell": "A1"}]}})  # fmt: skip
    assert fits([taught, TWO_MARKS], content_of(DRAWN)) == (only(content_of(DRAWN), TWO_MARKS),)
    assert fits([taught], content_of("a | b")) == ()
    assert tried(content_of("a | b"), taught, definitions()).sentence == (
        "Nothing in figures.xlsx is built as taught in 'Figures as drawn'."
    )


def test_a_table_on_a_sheet_of_another_name_has_moved():
    content = content_of(sheet_of(DRAWN, name="Numbers"), sheet_of("x", name="Notes"))
    fit = only(content, TWO_MARKS)
    assert (fit.kind, fit.sheets) == ("moved", ("Numbers",))
    assert fit.tables[0].sentence == "'Drawn' is now on sheet 'Numbers', not 'Data'."
    assert moved(fit).tables[0].sheet == "Numbers"


def test_one_table_may_serve_several_sheets_and_stand_elsewhere_on_each():
    taught = TWO_MARKS.model_copy(update={"tables": (TWO_MARKS.tables[0].model_copy(update={"sheet": "Q*"}),)})
    lower = sheet_of("|\n" + DRAWN.strip(), name="Q2")
    content = content_of(sheet_of(DRAWN, name="Q1"), lower, sheet_of("x", name="Quotes"), sheet_of("x", name="Data"))
    fit = only(content, taught)
    assert [(one.sheet, one.kind) for one in fit.tables] == [("Q1", "exact"), ("Q2", "moved")]
    assert [(table.sheet, table.first) for table in moved(fit).tables] == [("Q1", "B3"), ("Q2", "B4")]
    same = only(content_of(sheet_of(DRAWN, name="Q1"), sheet_of(DRAWN, name="Q2")), taught)
    assert moved(same).tables == taught.tables


def test_a_table_that_is_on_no_sheet_is_missing():
    other = {"title": "Other", "first": "B3", "marks": {"A1": "Caseload"}}
    taught = layout(TWO_MARKS.tables[0].model_dump(), other)
    fit = only(content_of(DRAWN), taught)
    assert (fit.kind, [one.sheet for one in fit.tables]) == ("changed", ["Data", ""])
    assert "'Other' was not found on any sheet." in fit.sentence
    assert moved(fit).tables[1] == taught.tables[1]
    assert read(taught, DRAWN) == ["assaults_recorded 2025-04: 12 at B3"]


def test_hidden_sheets_and_long_lists_hold_no_tables():
    hidden = sheet_of(DRAWN, state="hidden")
    long = sheet_of([["Wexshire Police"], ["indicator"], *[["x"]] * 20_000])
    assert fits([TWO_MARKS], content_of(hidden, long)) == ()


def test_the_surest_layout_comes_first():
    one_mark = layout({"first": "B3", "marks": {"A1": "Wexshire Police"}, "says": {"period": [{"heading_row": 2}]}},
                      name="one")  # fmt: skip
    lower = layout({"first": "B3", "marks": {"A3": "Indicator"}, "says": {"period": [{"heading_row": 2}]}}, name="low")
    found = fits([lower, one_mark, TWO_MARKS], content_of(DRAWN))
    assert [(fit.layout.name, fit.kind) for fit in found] == [("drawn", "exact"), ("one", "exact"), ("low", "moved")]
