"""The fixtures that the other tests stand on do what they promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, inspect, text

ROOT = Path(__file__).parents[1]

# A second turn passes only if what the first made is gone, in whichever order they run.
EACH_TEST = pytest.mark.parametrize("turn", ["first", "second"])


@EACH_TEST
def test_a_test_gets_an_empty_database_on_either_engine(database_url, turn):
    engine = create_engine(database_url, poolclass=NullPool)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {turn} (day_number integer)"))
    assert inspect(engine).get_table_names() == [turn]


def test_a_postgres_store_is_reached_through_psycopg(postgres_url):
    with create_engine(postgres_url, poolclass=NullPool).connect() as connection:
        assert connection.scalar(text("SHOW server_encoding")) == "UTF8"
        assert int(connection.scalar(text("SHOW server_version_num"))) >= 180000


@EACH_TEST
def test_a_test_has_a_home_of_its_own(tmp_path, turn):
    assert Path(os.environ["SCORECARDS_HOME"]) == tmp_path
    assert list(tmp_path.iterdir()) == []
    (tmp_path / turn).touch()


SKIPPING = """
import os
import pytest

@pytest.mark.browser
def test_in_a_browser(): pytest.skip("no browser")

@pytest.mark.postgres
def test_on_postgres(): pytest.skip("no server")

@pytest.mark.shared
def test_on_shared_files(): pytest.skip("no folder")

def test_own_settings(): assert "SCORECARDS_DATABASE_URL" not in os.environ
"""


def closing_line(folder: Path, **environment: str) -> str:
    """Return how pytest closes on the tests above, with our fixtures and `environment`."""
    (folder / "test_skipping.py").write_text(SKIPPING)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.conftest",
        "-c",
        "pyproject.toml",
        "--rootdir",
        folder,
        folder,
    ]
    run = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    return run.stdout.splitlines()[-1]


def test_a_test_that_cannot_run_is_skipped_on_a_laptop(tmp_path):
    assert closing_line(tmp_path, SCORECARDS_REQUIRE="").startswith("1 passed, 3 skipped")


def test_a_test_that_cannot_run_fails_where_its_mark_is_required(tmp_path):
    assert closing_line(tmp_path, SCORECARDS_REQUIRE="browser,postgres").startswith("2 failed, 1 passed, 1 skipped")


def test_the_settings_of_whoever_runs_the_tests_are_not_seen(tmp_path):
    theirs = {"SCORECARDS_DATABASE_URL": "sqlite:///theirs.db", "SCORECARDS_REQUIRE": ""}
    assert closing_line(tmp_path, **theirs).startswith("1 passed, 3 skipped")
