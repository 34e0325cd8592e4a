"""A file that fits a taught layout goes the way of any return: checked, previewed, landed, and asked about."""

import csv
import datetime

import pytest

from data_loaders import check_files, land
from data_loaders.layouts import Meaning, save_layout, taught
from data_loaders.layouts.kept import layouts_folder
from data_loaders.layouts.model import Source
from scorecards.series.reading import stored_points
from scorecards.store.schema import layout_used, submission
from tests.layouts import definitions, layout, opened, read, sheet_of
from tests.partner_files import live, workbook

MONTHLY = layout(
    {"first": "B3", "marks": {"A2": "Indicator"}, "says": {"period": [{"heading_row": 2}]}},
    name="monthly", measures={"Assaults": {"kpi": "assaults_recorded"}, "Missing": {"kpi": "missing_home_episodes"}},
)  # fmt: skip
ROWS = [["Wexshire Police"], ["Indicator", "Apr-25", "May-25"], ["Assaults", 12, 14], ["Missing", 7, "<5"]]


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def kept(own_home):  # noqa: ARG001 (each test has its own folder of layouts)
    save_layout(MONTHLY)


def sent(rows=ROWS, name="police.xlsx", **sheets):
    return name, workbook(Data=rows, **sheets)


def check_of(store, *files, **given):
    check = check_files(store, files or [sent()], **given)
    return check.files[0]


def told(check, *severities):
    return [(problem.code, problem.cell) for problem in check.problems if problem.severity in severities]


def test_an_exact_fit_says_who_sent_it_and_reads_it_without_a_question(store):
    check = check_of(store)
    assert (check.verdict, check.agency, check.agency_from) == ("ready", "police", "from the layout 'Figures as drawn'")
    assert (check.layout.name, check.questions, told(check, "warning", "error")) == ("monthly", (), [])
    (note,) = (problem for problem in check.problems if problem.code == "layout_read")
    assert note.sentence == (
        "Read through the layout 'Figures as drawn', taught by Analyst on 10/07/2025: 4 figures. "
        "Not read: 1 title, 5 heading or label."
    )
    (account,) = check.cells
    assert (account.read, account.ready, account.refused, account.cells_ignored) == (10, 4, 0, 6)


def test_what_is_wrong_with_a_figure_is_told_at_its_own_cell(store):
    rows = [*ROWS[:2], ["Assaults", -3, "12*"], ["Missing", "#N/A", 1.5]]
    check = check_of(store, sent(rows))
    found = {problem.cell: problem.code for problem in check.problems if problem.severity != "note"}
    assert found == {
        "B3": "number_below_zero", "C3": "number_unreadable", "B4": "error_cell", "C4": "number_not_whole",
    }  # fmt: skip
    (account,) = check.cells
    assert (account.ready, account.refused) == (0, 4)


def test_words_that_are_not_known_keep_only_their_figures_out_and_that_is_said(store):
    rows = [*ROWS, ["Stalking", 3, 4]]
    check = check_of(store, sent(rows))
    (problem,) = (one for one in check.problems if one.severity != "note")
    assert (problem.code, problem.sheet, problem.cell, problem.value, problem.rows) == (
        "layout_word_unknown", "Data", "A5", "Stalking", 2
    )  # fmt: skip
    assert problem.sentence == "Which measure is 'Stalking'? 2 figures wait for it. They were not read."
    landed = land(store, check_files(store, [sent(rows)]), by="a test")
    assert (check.verdict, landed.rows_added) == ("to look at", 4)


def test_a_file_that_was_stored_is_read_again_once_a_word_was_taught(store):
    rows = [*ROWS, ["In care", 3, 4]]
    land(store, check_files(store, [sent(rows)]), by="a test")
    assert check_of(store, sent(rows)).verdict == "nothing new"
    save_layout(taught(MONTHLY, "measure", "In care", Meaning(kpi="missing_care_episodes")))
    check = check_files(store, [sent(rows)])
    assert check.files[0].verdict == "ready"
    (change,) = check.changes
    assert (change.added, change.changed, change.unchanged) == (2, 0, 4)
    land(store, check, by="a test")
    assert len(live(store, "aggregate_return", "id")) == 6
    with store.read() as connection:
        assert len(connection.execute(layout_used.select()).all()) == 2
        layouts = [one.layout for one in connection.execute(submission.select().order_by(submission.c.id))]
    assert len(set(layouts)) == 2
    assert check_of(store, sent(rows)).verdict == "nothing new"


def test_tables_that_moved_are_read_only_where_somebody_said_so(store):
    lower = sent([[None], *ROWS])
    check = check_of(store, lower)
    assert (check.verdict, check.lists, told(check, "warning")) == ("to look at", (), [("layout_moved", None)])
    assert (check.agency, check.layout.name) == ("police", "monthly")
    (account,) = check.cells
    assert account.ignored == (("the layout moved", 10),)
    check = check_of(store, lower, accept_moved=["police.xlsx"])
    assert (check.verdict, check.rows_ready) == ("ready", 4)
    assert "moved 1 row down on sheet 'Data'" in check.own_problems[0].sentence


def test_a_layout_that_was_changed_is_told_by_the_first_text_that_is_gone(store):
    save_layout(layout({**MONTHLY.tables[0].model_dump(), "marks": {"A1": "Wexshire Police", "A2": "Indicator"}},
                       name="monthly"))  # fmt: skip
    check = check_of(store, sent([["Eastshire Police"], *ROWS[1:]]))
    assert (check.verdict, told(check, "error")) == ("to look at", [("layout_changed", "A1")])
    sentence = check.own_problems[0].sentence
    assert sentence.endswith("Where 'Wexshire Police' was taught, 'Eastshire Police' stands now. Nothing was read.")
    gone = check_of(store, sent([[None], *ROWS[1:]]))
    assert "Where 'Wexshire Police' was taught, nothing stands now." in gone.own_problems[0].sentence


def test_a_changed_layout_stands_in_no_lists_way(store):
    save_layout(layout({"marks": {"A1": "Measure", "D1": "Note"}}, name="monthly"))
    rows = [["Measure", "Period", "Number"], ["Recorded assaults on children", "2025-26-Q1", 12]]
    check = check_of(store, sent(rows), agency="police")
    assert (check.verdict, check.layout, check.rows_ready) == ("ready", None, 1)


def test_our_own_template_is_never_read_through_a_layout(store):
    from data_loaders.templates import return_template
    from scorecards.periods import quarter

    save_layout(layout({"sheet": "Aggregate return", "marks": {"A1": "Measure"}}, name="monthly"))
    check = check_of(store, ("return.xlsx", return_template(definitions(), "police", quarter(2025, 1))))
    assert check.layout is None


def test_other_sheets_of_the_file_are_read_as_the_lists_they_are(store):
    missing = [["Child Unique ID", "Missing from", "Returned", "Missing type", "Home or care"],
               ["C1", datetime.date(2025, 4, 2), datetime.date(2025, 4, 3), "Missing", "Home"]]  # fmt: skip
    check = check_of(store, sent(Episodes=missing))
    assert [(one.record_type, one.sheet, one.rows_ready) for one in check.lists] == [
        ("missing_episodes", "Episodes", 1), ("aggregate_return", "Data", 4)
    ]  # fmt: skip
    assert [one.sheet for one in check.cells] == ["Data", "Episodes"]
    assert all(one.read == one.ready + one.refused + one.cells_ignored for one in check.cells)


def test_the_chosen_agencys_layouts_alone_count(store):
    check = check_of(store, agency="council")
    assert (check.layout, check.lists[0].record_type) == (None, None)
    save_layout(layout(MONTHLY.tables[0].model_dump(), agency="council", name="theirs", measures=MONTHLY.measures))
    check = check_of(store, agency="council")
    assert (check.layout.name, check.agency, check.agency_from) == ("theirs", "council", "as chosen")


def test_a_file_that_two_agencies_layouts_fit_asks_who_sent_it(store):
    save_layout(layout(MONTHLY.tables[0].model_dump(), agency="council", name="theirs", measures=MONTHLY.measures))
    check = check_of(store)
    assert (check.verdict, check.lists, told(check, "error")) == ("to look at", (), [("agency_unknown", None)])
    assert all(one.read == one.ready + one.refused + one.cells_ignored for one in check.cells)
    assert check_of(store, agency="police").rows_ready == 4


def test_an_agency_that_may_not_send_figures_is_refused_like_any_other(store):
    save_layout(layout(MONTHLY.tables[0].model_dump(), agency="council", name="theirs", measures=MONTHLY.measures))
    record = store.definitions.record_types["aggregate_return"].model_copy(update={"sent_by": ("police",)})
    changed = store.definitions.model_copy(
        update={"record_types": {**store.definitions.record_types, "aggregate_return": record}}
    )
    other = store.__class__(**{**vars(store), "definitions": changed})
    check = check_of(other, agency="council")
    assert told(check, "error") == [("agency_may_not_send", None)]
    (account,) = check.cells
    assert (account.ready, account.refused) == (0, 4)


def test_labels_that_look_like_children_stop_the_file(store):
    names = ("Ann Example", "Ben Sample", "Cara Specimen", "Dan Pattern", "Eve Fiction", "Finn Nobody")
    check = check_of(store, sent([*ROWS[:2], *([name, 1, 2] for name in names)]))
    assert (check.verdict, check.lists, told(check, "error")) == ("refused", (), [("personal_data", "A3")])
    assert not any(name in repr(check.problems) for name in names)
    (account,) = check.cells
    assert (account.read, account.refused) == (22, 22)


@pytest.mark.parametrize(
    "label", ["Assaults, see jo@example.org", "Assaults 943 476 5919", "Assaults at EX1 2AB", "Call 01234 567890"]
)
def test_a_label_with_a_persons_details_stops_the_file(store, label):
    check = check_of(store, sent([*ROWS, [label, 1, 2]]))
    assert told(check, "error") == [("personal_data", "A5")]
    assert label not in repr(check.problems)


def test_a_list_of_children_is_no_table_of_figures_whatever_was_taught(store):
    save_layout(layout({"marks": {"A1": "Child ID"}}, name="monthly"))
    rows = [["Child ID", "Apr-25"], *([f"C{at:04}", at] for at in range(20))]
    check = check_of(store, sent(rows))
    assert (check.verdict, told(check, "error")) == ("refused", [("personal_data", "B1")])


def test_two_numbers_for_one_figure_and_numbers_that_nothing_speaks_for_are_told(store):
    rows = [["Wexshire Police"], ["Indicator", "Apr-25", "Apr 25", None, None], ["Assaults", 12, 13, None, 99]]
    check = check_of(store, sent(rows))
    assert told(check, "error", "warning") == [("layout_contradicts", "B3"), ("layout_left_out", "E3")]
    (left,) = (problem for problem in check.problems if problem.code == "layout_left_out")
    assert (left.places, left.sentence) == (("E3",), "1 number beside or below 'Drawn': E3. Not read.")


def test_figures_of_hidden_rows_and_columns_are_told(store):
    import io

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
    check = check_of(store, ("police.xlsx", out.getvalue()))
    (note,) = (problem for problem in check.problems if problem.code == "cells_hidden")
    assert note.sentence == "Hidden and read like the others: 1 row (4) and 1 column (B)."


def test_a_layout_that_cannot_be_read_is_told_where_nothing_else_was_recognised(store):
    (layouts_folder() / "police" / "monthly.yaml").write_text("agency: polise", encoding="utf-8")
    check = check_of(store)
    (problem,) = (one for one in check.problems if one.code == "layout_broken")
    assert "monthly.yaml:1: the layout" in problem.sentence
    rows = [["Measure", "Period", "Number"], ["Recorded assaults on children", "2025-26-Q1", 12]]
    assert told(check_of(store, sent(rows), agency="police"), "warning") == []


def test_a_figure_that_came_under_two_bases_counts_once(store):
    stock = layout({"says": {"basis": [{"fixed": "at_date"}]}}, agency="council", name="stock")
    save_layout(stock)
    land(store, check_files(store, [sent([["Indicator", "Q1 2025/26"], ["Plans", 130]], "stock.xlsx")]), by="a test")
    rows = [["Measure", "Period", "Number", "Basis"], ["cpp_stock", "2025-26-Q1", 131, None],
            ["cpp_stock", "2025-26-Q1", 129.5, "Monthly average"]]  # fmt: skip
    land(store, check_files(store, [sent(rows, "list.xlsx")], agency="council"), by="a test")
    assert len(live(store, "aggregate_return", "id")) == 3
    with store.read() as connection:
        points = [point for *_, point in stored_points(connection, ("cpp_stock",), windows=("quarter",))]
    assert [point.value for point in points if point.period.id == "2025-26-Q1"] == [131]


@pytest.mark.shared
def test_a_boards_own_table_of_a_year_is_read_as_it_was_published(shared):
    """Bury's key performance data: totals, averages and counts at the month's end, and seven lines never sent."""
    path = shared / "data" / "derived" / "bury_lscb_key_performance_data_transcribed.csv"
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    kpis = {
        "Children missing from home": "missing_home_episodes",
        "Children missing from care": "missing_care_episodes",
        "MASH referrals": "mash_contacts",
        "% children who had an independent return interview": "rhi_completed_pct",
    }
    words = [line[1] for line in lines[1:]]
    taught_on_it = layout(
        {"sheet": "*", "first": "D2", "marks": {"A1": "ref", "B1": "kpi", "C1": "aggregation_label"},
         "says": {"measure": [{"label_column": "B"}], "basis": [{"label_column": "C"}],
                  "period": [{"file_name": True}, {"heading_row": 1}]}},
        agency="business_unit",
        measures={word: {"kpi": kpis[word]} if word in kpis else None for word in words},
        basis={"Total": "in_period", "Average": "monthly_average"},
        period={"2015/16 check": None},
    )  # fmt: skip
    found = read(
        taught_on_it, sheet_of([[as_number(cell) for cell in line] for line in lines]), name="LSCB 2015-16.csv"
    )
    expected = []
    for number, line in enumerate(lines[1:], 2):
        for at, column in enumerate("DEFGH", 3) if line[1] in kpis else ():
            period = "2015-16" if column == "H" else f"2015-16-Q{at - 2}"
            basis = {"Total": "In the period", "Average": "Average of the months"}[line[2]]
            value = f"value {float(line[at]):g}%" if line[1].startswith("%") else f"{float(line[at]):,g}"
            expected.append(f"{kpis[line[1]]} {period} [{basis}]: {value} at {column}{number}")
    assert sorted(found) == sorted(expected)
    assert len(found) == 20


def as_number(text):
    try:
        return float(text)
    except ValueError:
        return text or None


def test_a_file_that_two_layouts_of_one_agency_read_differently_is_read_through_neither(store):
    north, south = (
        MONTHLY.model_copy(update={"name": name, "tables": tuple(
            table.model_copy(update={"says": {**table.says, "area": (Source(fixed=name),)}}) for table in MONTHLY.tables
        )}) for name in ("north", "south")
    )  # fmt: skip
    for one in (MONTHLY, north, south):
        save_layout(one)
    check = check_of(store, agency="police")
    assert (check.lists, told(check, "error")) == ((), [("layout_contradicts", None)])
    (account,) = check.cells
    assert (account.read, account.ready, account.cells_ignored) == (10, 0, 10)


def test_the_same_layout_under_two_names_reads_a_file(store):
    save_layout(MONTHLY.model_copy(update={"name": "copy"}))
    assert check_of(store).verdict == "ready"
