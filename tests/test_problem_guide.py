"""Every problem that can be told is written down, raised somewhere in a test, and has something to do about it."""

import ast
import re
from pathlib import Path

import pytest

from data_loaders import PROBLEM_CODES
from data_loaders.__main__ import main
from data_loaders.problem_guide import OWN_ADVICE, asked_of_sender, guides, problems_page
from data_loaders.problems import Problem
from data_loaders.rules import KINDS
from scorecards.definitions import read_definitions

ROOT = Path(__file__).parents[1]
SEVERITY = re.compile(r"(error|warning|note|refusal)\b.*")
# What makes a problem, with its code as the first word; other ways to a code are told by their name.
MAKERS = {
    "Problem",
    "problem",
    "problem_at",
    "list_problem",
    "Trouble",
    "LoadRefused",
    "doubt",
    "copy_doubt",
    "one_warning",
}
CODE = re.compile(r"[a-z]+(?:_[a-z]+)*")


def raised() -> set[str]:
    """Return every code that stands in the loaders' code as the first word of what makes a problem."""
    found = {kind.name for kind in KINDS}
    for path in (ROOT / "data_loaders").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node.func) in MAKERS:
                words = (argument.value for argument in node.args if isinstance(argument, ast.Constant))
                first = next((word for word in words if isinstance(word, str)), "")
                found |= {first} if CODE.fullmatch(first) else set()
    return found


def name_of(node) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_every_code_that_is_raised_is_described():
    severities = {"error", "warning", "note"}
    assert raised() - severities - PROBLEM_CODES.keys() == set()
    assert len(raised()) > 60


def test_every_code_has_its_line_in_the_guide_and_no_line_is_of_nothing():
    assert guides().keys() == PROBLEM_CODES.keys(), "give each code its line in data_loaders/problem_guide.csv"


@pytest.mark.parametrize("code", PROBLEM_CODES)
def test_a_line_of_the_guide_says_how_serious_and_what_to_do(code):
    guide = guides()[code]
    assert SEVERITY.fullmatch(guide.severity)
    assert guide.do.endswith((".", "?"))
    assert guide.ask in ("", OWN_ADVICE) or guide.ask.endswith((".", "?"))
    assert "partnership.yaml" not in guide.ask and "record_types.yaml" not in guide.ask


def test_the_page_of_problems_is_current():
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert page == problems_page(read_definitions(ROOT)), "run: python -m data_loaders --problems-doc"


def test_the_page_has_a_line_for_each_code_and_each_rule():
    definitions = read_definitions(ROOT)
    lines = [line for line in problems_page(definitions).splitlines() if line.startswith("| `")]
    assert len(lines) == len(PROBLEM_CODES) + len(definitions.rules_between)


@pytest.mark.parametrize("code", PROBLEM_CODES)
def test_every_code_has_a_sample_or_a_test_that_raises_it(code):
    samples = {path.stem for path in (ROOT / "tests" / "samples").rglob("*")}
    quoted = re.compile(rf"""["']{code}["']""")
    tests = (path for path in (ROOT / "tests").rglob("*.py") if path.name != Path(__file__).name)
    assert code in samples or any(quoted.search(path.read_text(encoding="utf-8")) for path in tests)


def test_a_sender_is_asked_what_is_theirs_to_do():
    def problem(code):
        return Problem(code, "warning", "a.xlsx", None, None, None, None, "It is so.", "Do so.")

    assert asked_of_sender(problem("date_impossible")) == "Please give the right date, written as 31/10/2025."
    assert asked_of_sender(problem("at_weekend")) == "Do so."
    assert asked_of_sender(problem("area_unplaced")) == ""
    assert asked_of_sender(problem("of_tomorrow")) == "Do so."


def test_the_page_is_written_by_a_command(tmp_path, monkeypatch, capsys):
    page = tmp_path / "problems.md"
    monkeypatch.setattr("data_loaders.__main__.PROBLEMS_PAGE", page)
    assert main(["--problems-doc"]) == 0
    assert page.read_text(encoding="utf-8") == problems_page(read_definitions())
    assert "Written: problems.md" in capsys.readouterr().out


def test_nothing_to_load_is_told(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert "name a file" in capsys.readouterr().err
