"""Whatever stands in a file: no check falls over, and every row and every cell of it is accounted for."""

import csv
import datetime
import hashlib
import io

import numpy
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from data_loaders import reader
from data_loaders.accounts import NOT_KNOWN
from data_loaders.containers import look
from data_loaders.files import Given, check_content
from data_loaders.grid import BLANK, Cell, Column, FileContent, Sheet
from data_loaders.problems import PROBLEM_CODES
from data_loaders.reading import unpacked
from tests.partner_files import context, definitions

RECORDS = list(definitions().record_types.values())
TEXTS = (
    "", " ", "C1", "C2", "Police", "yes", "n/a", "-", "c", "<5", "31/09/2025", "03/09/2025", "03/09/2025 10:00",
    "45%", "Total", "Q1 2025/26", "Recorded assaults on children", "12", "(3)", "1,204", "Missing", "Home", "\u00a0",
    "e\u0301",
)  # fmt: skip
CELLS = st.one_of(
    st.just(BLANK),
    st.sampled_from(TEXTS).map(lambda text: Cell("text", text)),
    st.text(max_size=8).map(lambda text: Cell("text", text)),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: Cell("number", number)),
    st.integers(0, 60_000).map(lambda number: Cell("number", float(number))),
    st.dates().map(lambda day: Cell("date", day)),
    st.dates(datetime.date(2020, 1, 1), datetime.date(2026, 1, 1)).map(lambda day: Cell("date", day)),
    st.datetimes().map(lambda moment: Cell("datetime", moment)),
    st.booleans().map(lambda yes: Cell("yes_no", yes)),
    st.sampled_from((Cell("error", "#N/A"), Cell("formula", None), Cell("time", "09:30:00"))),
)


def column_of(cells) -> Column:
    uniques = list(dict.fromkeys([BLANK, *cells]))
    return Column(tuple(uniques), numpy.array([uniques.index(cell) for cell in cells], dtype="<u4"))


@st.composite
def files(draw):
    record = draw(st.sampled_from(RECORDS))
    headings = [column.headings[0] for column in record.columns.values()]
    above, below = draw(st.integers(0, 2)), draw(st.integers(0, 8))
    columns = []
    for heading in headings:
        cells = draw(st.lists(CELLS, min_size=below, max_size=below))
        columns.append(column_of([*[BLANK] * above, Cell("text", heading), *cells]))
    sheet = Sheet("List", "visible", tuple(columns), above + 1 + below)
    return FileContent("test.xlsx", "0" * 64, "xlsx", 1, None, (sheet,), ())


@given(files())
@settings(max_examples=150)
def test_every_row_of_anything_is_accounted_for(content):
    check = check_content(content, context(), Given("council"))
    for one in check.lists:
        assert one.rows_read == one.rows_ready + one.rows_refused + one.rows_ignored
        assert one.rows_ready == len(one.rows) == len(one.rows.keys)
        assert {len(values) for values in one.rows.columns.values()} <= {one.rows_ready}
    assert {problem.code for problem in check.problems} <= PROBLEM_CODES.keys()
    accounted(check, {"List": filled_in(content.sheets[0])})


def filled_in(sheet) -> int:
    cells = [cell for row in range(sheet.n_rows) for cell in sheet.row(row)]
    return sum(cell.kind != "blank" and (cell.kind != "text" or bool(cell.value.strip())) for cell in cells)


def accounted(check, filled: dict[str, int]) -> None:
    """Hold that the account of each sheet has all of its filled cells, and not one twice."""
    assert {account.sheet: account.read for account in check.cells} == filled
    for account in check.cells:
        assert account.read == account.ready + account.refused + account.cells_ignored
        assert min(account.ready, account.refused, *(count for _, count in account.ignored), 0) == 0


# Whole files, as workbooks and as text

SOME = [
    record for record in RECORDS if record.id in ("contacts", "referrals", "section_47", "cp_plans", "aggregate_return")
]
VALUES = st.one_of(
    st.none(), st.sampled_from([text for text in TEXTS if text]), st.integers(0, 60_000), st.just("#N/A"),
    st.dates(datetime.date(2024, 1, 1), datetime.date(2025, 12, 1)),
)  # fmt: skip
GOOD = {
    "child": st.sampled_from(("C1", "C2", "C3", 4417719)),
    "date": st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 10, 1)),
    "datetime": st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 10, 1)),
    "code": st.sampled_from(("Police", "GP", "F", "Neglect", "nonsense")),
    "kpi": st.just("Recorded assaults on children"),
    "period": st.sampled_from(("Q1 2025/26", "Q2 2025/26", "soon")),
    "number": st.one_of(st.integers(0, 99), st.none()),
    "whole_number": st.integers(0, 9),
    "birth": st.dates(datetime.date(2008, 1, 1), datetime.date(2026, 10, 1)),
}


@st.composite
def tables(draw):
    """Draw a table with what stands around it: titles, blank rows, repeated headings, totals, notes, more columns."""
    record = draw(st.sampled_from(SOME))
    columns = draw(
        st.permutations([column for column in record.columns.values() if column.required or draw(st.booleans())])
    )
    headings = [column.headings[0] for column in columns] + draw(
        st.sampled_from(([], ["Shoe size"], [None, "Allocated Worker"]))
    )
    rows = [[title] for title in draw(st.lists(st.sampled_from(("Our return", "Q2")), max_size=2))]
    rows.append(headings)
    for _ in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(("good", "good", "good", "odd", "blank", "headings", "short")))
        good = [draw(GOOD.get(column.type, VALUES)) for column in columns]
        rows.append({
            "good": good, "odd": [draw(VALUES) for _ in headings], "blank": [None, " "], "headings": headings,
            "short": good[:2],
        }[kind])  # fmt: skip
    if draw(st.booleans()):
        rows.append(["Total", *([None] * (len(headings) - 2)), draw(st.integers(0, 99))])
    return rows + draw(st.sampled_from(([], [[], ["Source: our system"]], [[], [], ["Note", "x"], ["y"]])))


NOTES = st.lists(st.lists(st.sampled_from(("to whom", None, 7, "it may")), min_size=1, max_size=3), max_size=4)
STATES = st.sampled_from(("visible", "visible", "visible", "hidden", "very_hidden"))


@st.composite
def sheets(draw):
    rows = draw(st.one_of(tables(), tables(), NOTES))
    return rows + ([[], *draw(tables())] if draw(st.booleans()) else [])


@given(st.lists(st.tuples(sheets(), STATES), min_size=1, max_size=3), st.sampled_from((None, "council", "police")))
@settings(max_examples=60, deadline=None)
def test_every_cell_of_any_workbook_is_accounted_for(drawn, agency):
    named = {f"Sheet {number}": rows for number, (rows, _) in enumerate(drawn, 1)}
    states = [state for _, state in drawn]
    check = check_content(content_of(workbook_of(named, states), "a.xlsx"), context(), Given(agency))
    accounted(check, {"Front": 1} | {name: len(filled_cells(rows)) for name, rows in named.items()})
    counted_twice(check, named)


@given(sheets(), st.sampled_from(",;\t|"))
@settings(max_examples=60, deadline=None)
def test_every_cell_of_any_text_file_is_accounted_for(rows, delimiter):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["first", "second", "third"], *rows])
    check = check_content(content_of(out.getvalue().encode(), "a.csv"), context(), Given("council"))
    named = {"a": [["first", "second", "third"], *rows]}
    accounted(check, {name: len(filled_cells(rows)) for name, rows in named.items()})
    counted_twice(check, named)


def content_of(data: bytes, name: str) -> FileContent:
    """Return the content of a file, read in this process: the child does the same."""
    kind = look(data, name).kind
    answer = unpacked(reader.answer(data, kind, name), name)
    sha256 = hashlib.sha256(data).hexdigest()
    return FileContent(
        name, sha256, kind, len(data), answer.get("encoding"), answer["sheets"], tuple(answer["remarks"])
    )


def workbook_of(named, states) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        book.add_worksheet("Front").write(0, 0, "to whom it may concern")
        for (name, rows), state in zip(named.items(), states, strict=True):
            sheet = book.add_worksheet(name)
            {"hidden": sheet.hide, "very_hidden": sheet.very_hidden}.get(state, lambda: None)()
            for number, row in enumerate(rows):
                for at, value in enumerate(row):
                    if value == "#N/A":
                        sheet.write_formula(number, at, "=NA()", None, value)
                    elif value is not None:
                        sheet.write(number, at, value)
    return out.getvalue()


def filled_cells(rows) -> set[tuple[int, int]]:
    """Return (row, column) of the filled cells as they were drawn, rows counted from one."""
    return {
        (number, at)
        for number, row in enumerate(rows, 1)
        for at, value in enumerate(row)
        if value is not None and str(value).strip()
    }


def counted_twice(check, named) -> None:
    """Hold that the cells ready are those of the rows that would be stored, counted again from what was drawn."""
    if check.verdict == "refused":
        return
    for account in check.cells:
        if account.sheet not in named:
            continue
        stored = set()
        for one in check.lists:
            if one.sheet == account.sheet and one.record_type:
                columns = definitions().record_types[one.record_type].columns
                kept = {letter for name, letter in one.rows.letters.items() if columns[name].type != "drop"}
                stored |= {(row, ord(letter) - ord("A")) for row in one.rows.sheet_rows for letter in kept}
        again = stored & filled_cells(named[account.sheet])
        assert account.ready + dict(account.ignored).get(NOT_KNOWN, 0) == len(again)
