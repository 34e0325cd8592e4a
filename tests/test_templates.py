"""A blank template that is filled in loads without a single question."""

import datetime
import io
import json

import openpyxl
import pytest
from sqlalchemy import select

from data_loaders import check_files, land, return_template
from data_loaders.cover_sheet import sheet_name
from scorecards.definitions import Definitions
from scorecards.errors import ScorecardError
from scorecards.periods import quarter
from scorecards.returns import ReturnState, read_parts, read_returns
from scorecards.store.schema import submission
from tests.partner_files import codes, definitions, live, opened
from tests.seeding import with_kpi, with_partnership

Q1, Q2 = quarter(2025, 1), quarter(2025, 2)
DAYS = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def filled(agency, rows=(), cover=(), made_with=None, **more) -> bytes:
    """Return a template with `rows` (sheet, row by heading) put in and cells of the cover, by label, set."""
    return put_into(return_template(made_with or definitions(), agency, Q2, **more), rows, cover)


def put_into(template: bytes, rows=(), cover=()) -> bytes:
    """Return a template with `rows` put in and cells of the cover set."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    for sheet, row in rows:
        put(book[sheet], row)
    for label, value in cover:
        (cell,) = [line[1] for line in book["Cover"].iter_rows() if line[0].value == label]
        cell.value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put(sheet, row):
    headings = [cell.value for cell in sheet[1]]
    number = next(line for line in range(2, 100) if sheet.cell(line, 1).value in (None, row.get("Measure")))
    for heading, value in row.items():
        sheet.cell(number, headings.index(heading) + 1).value = value


def headings(data: bytes, sheet: str) -> list[str]:
    return [cell.value for cell in openpyxl.load_workbook(io.BytesIO(data))[sheet][1]]


EPISODE = {
    "Child Unique ID": "M1", "Missing from": datetime.datetime(2025, 7, 3, 22), "Missing type": "Missing",
    "Missing from home or care": "Home",
}  # fmt: skip


@pytest.mark.parametrize("agency", ["council", "mash", "police"])
def test_every_list_that_an_agency_is_expected_to_send_has_a_sheet(store, agency):
    check = check_files(store, [("return.xlsx", return_template(definitions(), agency, Q2))])
    expected = [one for one in definitions().partnership.returns if one.agency == agency]
    wanted = {name for one in expected for name in one.records} | {"aggregate_return" for one in expected if one.kpis}
    assert {one.record_type for one in check.lists if one.record_type} == wanted
    assert codes(check) == []
    assert check.files[0].agency == agency
    assert not check.can_land


def test_a_filled_template_loads_without_a_question(store):
    assaults = {"Measure": "Recorded assaults on children", "Number": 12}
    check = check_files(
        store, [("x.xlsx", filled("police", [("Missing episodes", EPISODE), ("Aggregate return", assaults)]))]
    )
    assert (check.files[0].verdict, codes(check)) == ("ready", [])
    assert (check.files[0].agency, check.files[0].agency_from) == ("police", "from the cover sheet")
    assert [(one.record_type, one.covers, one.rows_ready) for one in check.lists if one.rows_ready] == [
        ("missing_episodes", DAYS, 1), ("aggregate_return", None, 1),
    ]  # fmt: skip
    land(store, check, by="a test")
    assert live(store, "aggregate_return", "kpi", "period", "numerator") == [("assaults_recorded", "2025-26-Q2", 12.0)]


def test_measures_stand_ready_for_the_period_and_those_before():
    data = return_template(definitions(), "police", Q2, past_periods=[Q1])
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Aggregate return"]
    rows = list(sheet.iter_rows(min_row=2, max_col=2, values_only=True))
    sent, fed = (definitions().kpis[name].title for name in ("assaults_recorded", "missing_home_episodes"))
    # The list that the police send gives this period's episodes; of earlier ones only figures can be had.
    assert sorted(rows) == sorted([(sent, "Q1 2025/26"), (sent, "Q2 2025/26"), (fed, "Q1 2025/26")])


def test_a_template_asks_for_nothing_that_is_not_kept():
    asked = headings(return_template(definitions(), "council", Q2), sheet_name("Referrals to children's social care"))
    assert "Allocated Worker" not in asked
    assert "Locality" in asked


def test_a_template_has_no_localities_where_there_are_none():
    us = definitions().partnership.model_copy(update={"localities": {}})
    without = definitions().model_copy(update={"partnership": us})
    assert "Locality" not in headings(return_template(without, "mash", Q2), sheet_name("Contacts to the front door"))


def test_codes_are_offered_and_dates_are_formatted():
    book = openpyxl.load_workbook(io.BytesIO(return_template(definitions(), "police", Q2)))
    sheet = book["Missing episodes"]
    offered = {str(one.sqref).split(":")[0]: one for one in sheet.data_validations.dataValidation}
    column = headings(return_template(definitions(), "police", Q2), "Missing episodes").index("Missing type") + 1
    letter = openpyxl.utils.get_column_letter(column)
    assert offered[f"{letter}2"].formula1.startswith("Codes!$")
    assert all(one.errorStyle == "warning" for one in offered.values())
    assert sheet.column_dimensions["C"].number_format == "dd/mm/yyyy hh:mm"


def test_the_labels_offered_are_all_understood():
    for codes_ in definitions().code_lists.values():
        from scorecards.definitions import normalise

        assert {codes_.by_form[normalise(code.label)] for code in codes_.codes.values()} == set(codes_.codes)


def test_nothing_to_report_is_declared_on_the_cover(store):
    land(store, check_files(store, [("a.xlsx", filled("police", [("Missing episodes", EPISODE)]))]), by="a test")
    check = check_files(store, [("b.xlsx", filled("police", cover=[("Missing episodes", "Yes")]))])
    (nil,) = [one for one in check.lists if one.declared_nil]
    assert (nil.record_type, nil.status, nil.covers, check.files[0].verdict) == (
        "missing_episodes", "nothing to report", DAYS, "ready",
    )  # fmt: skip
    assert (check.changes[0].removed, check.changes[0].needs_confirmation) == (1, True)
    land(store, check, by="a test", confirmed=True)
    assert live(store, "missing_episodes", "agency") == []


def test_nothing_to_report_holds_where_the_sheet_was_taken_out(store):
    book = openpyxl.load_workbook(io.BytesIO(filled("police", cover=[("Missing episodes", "Yes")])))
    del book["Missing episodes"]
    out = io.BytesIO()
    book.save(out)
    check = check_files(store, [("a.xlsx", out.getvalue())])
    assert [(one.record_type, one.covers) for one in check.lists if one.declared_nil] == [("missing_episodes", DAYS)]
    assert land(store, check, by="a test").data_version == 1


def test_nothing_to_report_with_rows_is_asked_about(store):
    data = filled("police", [("Missing episodes", EPISODE)], cover=[("Missing episodes", "Yes")])
    check = check_files(store, [("a.xlsx", data)])
    assert codes(check) == ["nil_with_rows"]
    assert check.rows_ready == 1


@pytest.mark.parametrize("change", [("Agency", "Somebody"), ("First day covered", "soon"), ("Last day covered", None)])
def test_a_cover_sheet_that_was_changed_is_pointed_out(store, change):
    check = check_files(store, [("a.xlsx", filled("police", [("Missing episodes", EPISODE)], cover=[change]))])
    assert codes(check) == ["cover_unread"]
    assert check.files[0].agency == "police"


def test_the_cover_sheet_gives_way_to_what_is_chosen(store):
    days = (datetime.date(2025, 7, 1), datetime.date(2025, 7, 31))
    data = filled("police", [("Missing episodes", EPISODE)])
    check = check_files(store, [("a.xlsx", data)], agency="council", covers=days)
    assert [(one.agency, one.covers) for one in check.lists if one.rows_ready] == [("council", days)]


def test_the_same_template_has_the_same_bytes():
    assert return_template(definitions(), "police", Q2) == return_template(definitions(), "police", Q2)


def test_an_agency_that_nothing_is_expected_of_has_no_template():
    with pytest.raises(ScorecardError, match="expects no return from Education"):
        return_template(definitions(), "education", Q2)
    with pytest.raises(ScorecardError, match=r"Did you mean 'police'\?"):
        return_template(definitions(), "polise", Q2)


def test_a_list_s_title_makes_a_name_that_excel_allows():
    assert sheet_name("A/B: what? [every] child's plan in the area") == "A B what every child's plan in"


def narrower() -> Definitions:
    """Return the definitions as they were: the police's list had fewer columns, and they sent no measure."""
    now = definitions()
    record = now.record_types["missing_episodes"]
    columns = {name: one for name, one in record.columns.items() if name not in ("missing_from", "district")}
    then = record.model_copy(update={"columns": columns, "title": "Missing children"})
    lines = tuple(
        one.model_copy(update={"kpis": ()}) if one.agency == "police" else one for one in now.partnership.returns
    )
    earlier = now.model_copy(update={"record_types": {**now.record_types, "missing_episodes": then}, "version": "then"})
    return with_partnership(earlier, returns=lines)


EPISODE_THEN = {name: value for name, value in EPISODE.items() if name != "Missing from home or care"}


def of_police(store):
    """Return the state of the police's return for the quarter, and the parts that are expected of it."""
    (one,) = [one for one in read_returns(store, (Q2,)) if one.agency == "police"]
    with store.read() as connection:
        parts = [part.item for part in read_parts(store, connection) if part.agency == "police" and part.period == Q2]
    return one.state, parts


def test_what_an_older_template_did_not_ask_for_is_not_missing_from_it(store):
    assert definitions().record_types["missing_episodes"].columns["missing_from"].required
    data = filled("police", [("Missing children", EPISODE_THEN)], made_with=narrower())
    check = check_files(store, [("old.xlsx", data)])
    assert (check.files[0].verdict, codes(check), check.rows_ready) == ("ready", [], 1)
    land(store, check, by="a test", received={"old.xlsx": datetime.date(2025, 10, 1)})
    assert of_police(store) == (ReturnState.RECEIVED, ["missing_episodes"])


def test_without_a_template_everything_that_is_expected_now_is_missing(store):
    assert of_police(store) == (ReturnState.MISSING, ["missing_episodes", "kpi:assaults_recorded"])
    land(store, check_files(store, [("new.xlsx", filled("police", [("Missing episodes", EPISODE)]))]), by="a test")
    assert of_police(store) == (ReturnState.PART, ["missing_episodes", "kpi:assaults_recorded"])


def test_nothing_to_report_holds_under_the_name_that_a_list_had_then(store):
    check = check_files(
        store, [("a.xlsx", filled("police", cover=[("Missing children", "Yes")], made_with=narrower()))]
    )
    assert [(one.record_type, one.covers) for one in check.lists if one.declared_nil] == [("missing_episodes", DAYS)]


def test_a_measure_is_known_by_the_title_that_it_had_when_the_template_was_made(store):
    then = with_kpi(definitions(), "assaults_recorded", title="Assaults on children")
    data = filled("police", [("Aggregate return", {"Measure": "Assaults on children", "Number": 7})], made_with=then)
    land(store, check_files(store, [("a.xlsx", data)]), by="a test")
    assert live(store, "aggregate_return", "kpi", "numerator") == [("assaults_recorded", 7.0)]


def kept(store):
    with store.read() as connection:
        columns = (submission.c.source, submission.c.period, submission.c.asked)
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_a_submission_keeps_which_template_it_came_in(store):
    land(store, check_files(store, [("a.xlsx", filled("police", [("Missing episodes", EPISODE)]))]), by="a test")
    ((source, period, asked),) = kept(store)
    assert (source, period) == ("template", "2025-26-Q2")
    names = [name for name in definitions().record_types["missing_episodes"].columns if name != "officer"]
    assert sorted(json.loads(asked)) == sorted(
        ["missing_episodes", *(f"missing_episodes.{name}" for name in names), "kpi:assaults_recorded"]
    )


@pytest.mark.parametrize(
    "cover",
    [
        [("Asked for: Missing episodes", "missing_episodes: child_id")],  # somebody took columns out of the line
        [("Asked for: Recorded assaults on children", None)],
        [("Made for", "police")],
        [("Period", "Q1 2025/26")],  # the template of another quarter, used again
    ],
)
def test_a_template_that_was_changed_loads_and_excuses_nothing(store, cover):
    data = filled("police", [("Missing episodes", EPISODE)], cover=cover)
    land(store, check_files(store, [("a.xlsx", data)]), by="a test")
    assert [asked for _source, _period, asked in kept(store)] == [None]
    assert len(live(store, "missing_episodes", "child_id")) == 1


def test_a_template_of_another_agency_excuses_nothing(store):
    data = filled("police", [("Missing episodes", EPISODE)])
    land(store, check_files(store, [("a.xlsx", data)], agency="council"), by="a test")
    assert [asked for _source, _period, asked in kept(store)] == [None]


def test_a_template_made_before_these_lines_says_nothing_of_what_it_asked(store):
    book = openpyxl.load_workbook(io.BytesIO(filled("police", [("Missing episodes", EPISODE)])))
    cover = book["Cover"]
    first = next(row for row in range(1, 100) if str(cover.cell(row, 1).value).startswith("For the program"))
    cover.delete_rows(first, 100)
    out = io.BytesIO()
    book.save(out)
    land(store, check_files(store, [("a.xlsx", out.getvalue())]), by="a test")
    assert kept(store) == [("template", "2025-26-Q2", None)]


def test_a_template_of_what_is_missing_has_those_sheets_alone_and_excuses_nothing(store):
    data = return_template(definitions(), "police", Q2, only={"kpi:assaults_recorded"})
    assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames == ["Cover", "Aggregate return", "Guide", "Codes"]
    assaults = ("Aggregate return", {"Measure": "Recorded assaults on children", "Number": 12})
    land(
        store,
        check_files(store, [("a.xlsx", filled("police", [assaults], only={"kpi:assaults_recorded"}))]),
        by="a test",
    )
    assert of_police(store) == (ReturnState.PART, ["missing_episodes", "kpi:assaults_recorded"])


def test_a_figure_that_is_not_there_yet_says_from_when_it_can_be_had(store):
    row = {"Measure": "Recorded assaults on children", "Available from": "Q3 2025/26"}
    check = check_files(store, [("a.xlsx", filled("police", [("Aggregate return", row)]))])
    assert (check.files[0].verdict, codes(check), check.rows_ready) == ("ready", [], 1)
    land(store, check, by="a test")
    assert live(store, "aggregate_return", "kpi", "numerator", "available_from") == [
        ("assaults_recorded", None, "2025-26-Q3")
    ]
    (one,) = [one for one in read_returns(store, (Q2,)) if one.agency == "police"]
    by_item = {absence.item: (absence.is_declared, absence.expected) for absence in one.absent}
    assert by_item == {"missing_episodes": (False, None), "kpi:assaults_recorded": (True, quarter(2025, 3))}
