"""The samples: a good file of every list lands whole, and each awkward file has the problem it is named after."""

from pathlib import Path

import pytest

from data_loaders import PROBLEM_CODES, check_files, land
from tests.partner_files import codes, definitions, opened

SAMPLES = Path(__file__).parent / "samples"
LISTS = sorted((SAMPLES / "lists").iterdir())
PROBLEMS = sorted((SAMPLES / "problems").iterdir())


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def by_name(path: Path) -> str:
    return path.stem


def test_every_list_has_a_sample():
    assert {path.stem for path in LISTS} == set(definitions().record_types)


@pytest.mark.parametrize("path", LISTS, ids=by_name)
def test_a_good_file_lands_whole(store, path):
    agency = definitions().record_types[path.stem].sent_by[-1]
    check = check_files(store, [(path.name, path.read_bytes(), agency)])
    assert [(one.record_type, one.rows_refused, one.rows_ignored) for one in check.lists] == [(path.stem, 0, 0)]
    assert codes(check) == []
    assert land(store, check, by="a test").rows_added == check.rows_ready == check.rows_read


def test_all_lists_land_together_and_once_more_change_nothing(database_url):
    agency = {name: record.sent_by[-1] for name, record in definitions().record_types.items()}
    files = [(path.name, path.read_bytes(), agency[path.stem]) for path in LISTS]
    later = [(name, data + b"\r\n", sender) for name, data, sender in files]
    store = opened(database_url)
    try:
        first = check_files(store, files)
        assert land(store, first, by="a test").rows_added == first.rows_read
        again = check_files(store, later)
        assert {(one.added, one.changed, one.removed) for one in again.changes} == {(0, 0, 0)}
        assert {one.record_type for one in again.changes} == set(definitions().record_types)
    finally:
        store.close()


@pytest.mark.parametrize("path", PROBLEMS, ids=by_name)
def test_an_awkward_file_has_the_problem_it_is_named_after(store, path):
    assert path.stem in PROBLEM_CODES
    check = check_files(store, [(path.name, path.read_bytes())])
    assert path.stem in [problem.code for problem in check.problems]
    assert all(problem.sentence.endswith((".", "?")) for problem in check.problems)
    assert all(one.rows_read == one.rows_ready + one.rows_refused + one.rows_ignored for one in check.lists)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["Annex_A_2024_Jan.xlsx", "official_template_2015-01.xlsx"])
def test_annex_a_workbooks_as_published_are_recognised(store, shared, name):
    check = check_files(store, [(name, (shared / "data" / "annex_a" / name).read_bytes())])
    (file,) = check.files
    found = {one.record_type for one in check.lists if one.record_type}
    assert found == {
        *("contacts", "early_help", "referrals", "assessments", "section_47", "icpc"),
        *("cin", "cp_plans", "cla", "care_leavers"),
    }
    assert file.agency == "council"
    assert sum(one.status == "not used" for one in check.lists) == 2
    assert all(one.rows_refused == 0 for one in check.lists)
    assert land(store, check, by="a test").rows_added == check.rows_ready > 0


@pytest.mark.shared
def test_what_councils_typed_for_annex_a_codes_is_understood(shared):
    import csv

    from data_loaders.parsing import code_of

    lists = {"Contact Source": "source", "Referral Source": "source", "Ethnicity": "ethnicity"}
    lists |= {"Initial Category of Abuse": "cp_category", "Latest Category of Abuse": "cp_category"}
    known = asked = 0
    with (shared / "data" / "annex_a" / "category_aliases.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["column"] in lists:
                asked += 1
                known += code_of(row["as_typed_by_an_LA"], definitions().code_lists[lists[row["column"]]]) is not None
    assert known / asked > 0.95
