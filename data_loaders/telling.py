"""Owns what a check says as lines of plain text, for a terminal and for reports: files, problems, what changes."""

from collections.abc import Iterable

from data_loaders.accounts import CellAccount
from data_loaders.problems import Problem
from data_loaders.results import Check, FileCheck, ListCheck


def report(check: Check) -> list[str]:
    """Return what was found, line by line: files with their lists, problems, and what changes."""
    lines = [line for file in check.files for line in file_lines(file)]
    problems = problem_lines(check.problems)
    changes = [f"  {change.sentence}" for change in check.changes]
    return [
        *lines,
        *(["", "Problems", *problems] if problems else []),
        *(["", "What changes", *changes, *asks(check)] if changes else []),
    ]


def asks(check: Check) -> list[str]:
    """Return how to confirm that more than a tenth of what is stored goes: by the number of rows."""
    rows = check.rows_to_confirm
    going = "1 stored row" if rows == 1 else f"{rows:,} stored rows"
    return [f"  {going} would go, more than a tenth: confirm with --confirm {rows}."] if rows else []


def file_lines(file: FileCheck) -> list[str]:
    """Return what a file was recognised as, what is to be said of it, and what became of the rows of each list."""
    sender = f" (from {file.agency}, {file.agency_from})" if file.agency else ""
    return [
        f"{file.name}: {file.verdict}. {file.sentence}{sender}",
        *(f"  {remark}" for remark in file.remarks),
        *(list_line(one) for one in file.lists if one.record_type),
        *(cell_line(one) for one in file.cells if one.read and any(other.record_type for other in file.lists)),
    ]


def ended(sentence: str) -> str:
    """Return a sentence with its full stop."""
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def list_line(one: ListCheck) -> str:
    covers = f", covers {one.covers[0]:%d/%m/%Y} to {one.covers[1]:%d/%m/%Y} ({one.covers_from})" if one.covers else ""
    why = "".join(f", {count:,} {reason}" for reason, count in one.ignored)
    counts = f"{one.rows_ready:,} ready + {one.rows_refused:,} refused + {one.rows_ignored:,} ignored{why}"
    return f"  {one.sheet}: {one.title}: {one.rows_read:,} rows read = {counts}{covers}"


def cell_line(one: CellAccount) -> str:
    why = ", ".join(f"{reason} {count:,}" for reason, count in one.ignored)
    told = f" ({why})" if why else ""
    counts = f"{one.ready:,} ready + {one.refused:,} refused + {one.cells_ignored:,} ignored{told}"
    return f"  {one.sheet}: {one.read:,} filled cells = {counts}"


def problem_lines(problems: Iterable[Problem]) -> list[str]:
    return [problem_line(problem) for problem in problems]


def problem_line(problem: Problem) -> str:
    place = ", ".join(filter(None, (problem.file, problem.sheet, problem.place, problem.heading)))
    value = f" '{problem.value}':" if problem.value is not None else ""
    return f"  {problem.severity}: {place}:{value} {problem.sentence} {problem.advice}"
