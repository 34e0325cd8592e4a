"""What one types does what it says."""

import runpy
import sys
from pathlib import Path

import pytest

from scorecards.__main__ import COMMANDS, main
from scorecards.definitions import read_definitions

ROOT = Path(__file__).parents[1]


@pytest.fixture
def in_project(monkeypatch):
    monkeypatch.setenv("SCORECARDS_DEFINITIONS", str(ROOT))


@pytest.mark.usefixtures("in_project")
def test_right_definitions_are_counted(capsys):
    assert main(["check"]) == 0
    kpis, lists = len(read_definitions().kpis), len(read_definitions().record_types)
    assert capsys.readouterr().out == f"All definitions are right: {kpis} KPIs, {lists} record types.\n"


def test_every_problem_stands_on_a_line_of_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SCORECARDS_DEFINITIONS", str(tmp_path))
    assert main(["check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{name}.yaml:1: the file is missing from {tmp_path.name}."
        for name in ("kpi_definitions", "partnership", "record_types")
    ]


@pytest.mark.usefixtures("in_project")
def test_the_outcome_reaches_whoever_called(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["scorecards", "check"])
    monkeypatch.delitem(sys.modules, "scorecards.__main__")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("scorecards", run_name="__main__")
    assert ended.value.code == 0


def test_an_unknown_command_is_answered_with_those_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["chekc"])
    assert ended.value.code == 2
    assert "check" in capsys.readouterr().err


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name, capsys):
    with pytest.raises(SystemExit):
        main([name, "--help"])
    assert COMMANDS[name].__doc__.split()[0] in capsys.readouterr().out
