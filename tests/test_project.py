"""What makes the project installable, reproducible and safe to start stays as it is."""

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_architecture import imports, pages, python_files

ROOT = Path(__file__).parents[1]

# Each of these is a promise to whoever runs it; the reason stands beside it.
SERVING = [
    ("server", "address", "127.0.0.1", "nobody else reaches it until a proxy with sign-in is put in front"),
    ("server", "headless", True, "the first start asks nothing"),
    ("server", "fileWatcherType", "none", "the watcher slows every visitor's first page threefold"),
    ("server", "maxUploadSize", 25, "a file is held in memory until it is checked"),
    ("server", "enableStaticServing", False, "no folder of ours is reachable by its path"),
    ("server", "enableXsrfProtection", True, "another site cannot upload in a reader's name"),
    ("server", "enableAgentApi", False, "no programme drives the pages past their sign-in"),
    ("client", "showErrorDetails", "none", "a traceback shows values"),
    ("client", "toolbarMode", "minimal", "readers are not developers"),
    ("client", "showSidebarNavigation", False, "the menu is drawn by role"),
    ("browser", "gatherUsageStats", False, "nothing leaves the council's network"),
]


def toml(path: str) -> dict:
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def requirements(path: str) -> list[Requirement]:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r "))]


def names(path: str) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements(path)}


def own_files() -> list[Path]:
    """Return what the project keeps: what git tracks or would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this copy of the project is not a git clone")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(("section", "option", "value", "reason"), SERVING, ids=lambda value: str(value)[:40])
def test_the_product_is_served_safely(section, option, value, reason):
    assert toml(".streamlit/config.toml")[section].get(option) == value, reason


def test_streamlit_knows_every_setting_we_make():
    config = ROOT / ".streamlit/config.toml"
    shown = subprocess.run(
        [sys.executable, "-m", "streamlit", "config", "show"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "not a valid config option" not in shown.stdout + shown.stderr
    assert f"headless = {str(toml(config)['server']['headless']).lower()}" in shown.stdout


@pytest.mark.parametrize("path", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_to_one_version(path):
    loose = [str(line) for line in requirements(path) if not re.fullmatch(r"==[\w.]+", str(line.specifier))]
    assert loose == []


def test_what_the_product_imports_is_required_and_nothing_more_is_assumed():
    distributions = packages_distributions()
    files = [*python_files("scorecards", "data_loaders", "demo", "pages"), *pages()]
    tops = {name.split(".")[0] for file in files for name in imports(file)}
    foreign = {canonicalize_name(dist) for top in tops for dist in distributions.get(top, [])}
    assert foreign - names("requirements.txt") == set()


def test_it_says_which_python_it_needs_in_one_voice():
    project = toml("pyproject.toml")
    assert project["project"]["requires-python"] == ">=3.11"
    assert project["tool"]["ruff"]["target-version"] == "py311"
    assert "sys.version_info < (3, 11)" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_coverage_floor_stands():
    report = toml("pyproject.toml")["tool"]["coverage"]
    assert report["run"]["branch"]
    assert report["report"]["fail_under"] == 95


def test_the_check_of_every_change_can_be_run():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "make check" in script.read_text() and "make test" in script.read_text()


def test_the_licence_is_the_one_we_say():
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.startswith("MIT License\n\nCopyright (c) 2026 Safeguarding Scorecards contributors\n")
    assert toml("pyproject.toml")["project"]["license"] == "MIT"


def test_no_file_names_a_folder_of_somebody_s_machine():
    machine = re.compile(rb"(?<![\w.])/(?:work|root|home/\w+)/")
    assert [path.name for path in own_files() if machine.search(path.read_bytes())] == []


def test_no_store_key_or_log_is_kept_in_the_project():
    kept = [path.name for path in own_files() if re.search(r"\.(db|key|pem|log|sqlite3?)$|secrets\.toml$", path.name)]
    assert kept == []


DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_gives_context_reason_and_consequence(path):
    headings = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == ["Context", "Decision", "Reason", "Consequence"]


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))


def test_every_requirement_s_licence_has_been_read():
    (record,) = (ROOT / "docs" / "decisions").glob("*-libraries-and-licences.md")
    rows = re.findall(r"^\| ([A-Za-z][\w.\-]+)(?:\[\w+\])? \|", record.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {canonicalize_name(row) for row in rows} - {"library"}
    assert listed == names("requirements.txt") | names("requirements-dev.txt")
