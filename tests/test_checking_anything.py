"""Whatever stands in a list's cells: no check falls over, and every row is accounted for."""

import datetime

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from data_loaders.files import Given, check_content
from data_loaders.grid import BLANK, Cell, Column, FileContent, Sheet
from data_loaders.problems import PROBLEM_CODES
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
