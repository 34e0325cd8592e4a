"""Files as partners really send them: each is read as a data analyst expects, down to its cells."""

import datetime
from collections import Counter
from pathlib import Path

import pytest

from data_loaders import PROBLEM_CODES, check_files, land
from tests.partner_files import definitions, opened
from tests.samples.make_awkward_samples import EXPECTED, FOLDER, Expected

AWKWARD = sorted(FOLDER.iterdir())


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def by_name(path: Path) -> str:
    return path.name


def test_every_awkward_file_has_its_expectation():
    assert {path.name for path in AWKWARD} == set(EXPECTED)


@pytest.mark.parametrize("path", AWKWARD, ids=by_name)
def test_an_awkward_file_is_read_as_an_analyst_expects(store, path):
    check = check_files(store, [(path.name, path.read_bytes())])
    expected = EXPECTED[path.name]
    assert found_in(check, expected) == expected
    assert {problem.code for problem in check.problems} <= PROBLEM_CODES.keys()
    for account in check.files[0].cells:
        assert account.read == account.ready + account.refused + account.cells_ignored
    if check.can_land:
        assert land(store, check, by="a test", reasons={"": "as agreed"}).rows_added == check.rows_ready


def found_in(check, expected: Expected) -> Expected:
    """Return what was found, in the shape of what is expected."""
    lists = [one for one in check.lists if one.record_type]
    ignored: Counter[str] = Counter()
    for one in lists:
        ignored.update(dict(one.ignored))
    problems = [f"{problem.code}{'?' if problem.severity == 'note' else ''}" for problem in check.problems]
    return Expected(
        tuple((one.record_type, one.rows_read, one.rows_ready, one.rows_refused) for one in lists),
        dict(ignored),
        tuple(sorted(problems, key=lambda code: (*expected.problems, code).index(code))),
        {name: values_of(lists, name) for name in expected.values},
    )


def values_of(lists, name: str) -> list:
    """Return the values of a stored column, those of a date as a date."""
    one = next(one for one in lists if name in one.rows.columns)
    column = definitions().record_types[one.record_type].columns.get(name)
    values = one.rows.columns[name]
    if column is not None and column.type == "date":
        return [value and datetime.date.fromordinal(value) for value in values]
    return list(values)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("hidden_rows_and_columns.xlsx", "Hidden and read like the others: 2 rows (3, 4) and 1 column (C)."),
        ("american_dates.csv", "There is no month 25: the date seems to be written month first. The row was not read."),
        (
            "american_dates_turned_by_excel.xlsx",
            "Other dates of this column are written month first. Excel may have turned this one round. Kept.",
        ),
        (
            "serial_dates_1904.xlsx",
            "A number stands where a date belongs. As an Excel date it would be 04/09/2025. The row was not read.",
        ),
        (
            "serial_dates.csv",
            "A number stands where a date belongs. As an Excel date it would be 04/09/2025. The row was not read.",
        ),
        ("total_that_is_no_sum.xlsx", "The total is given as 4, but the rows above add up to 3."),
        ("readers_disagree.xlsx", "Two readers see different things in this cell. The row was not read."),
        (
            "rows_longer_than_headings.csv",
            "The row goes on beyond the headings, so its cells may have shifted. The row was not read.",
        ),
    ],
)
def test_an_awkward_file_is_told_in_a_plain_sentence(store, name, sentence):
    check = check_files(store, [(name, (FOLDER / name).read_bytes())])
    assert sentence in [problem.sentence for problem in check.problems]
