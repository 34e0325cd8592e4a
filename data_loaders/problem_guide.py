"""Owns what to do about each kind of problem: the analyst who loads the file, and the sender who is written to."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from data_loaders.problems import PROBLEM_CODES, Problem
from scorecards.definitions import Definitions

# A line for each code: how serious it is, what the analyst does, and what the sender is asked. Nothing there says that
# the sender can do nothing about it; "(advice)" says that the problem's own advice is meant for the sender, too.
TABLE = Path(__file__).with_suffix(".csv")
OWN_ADVICE = "(advice)"

HEAD = """# What can be wrong with a file

This page is written from `data_loaders/problems.py`, `data_loaders/problem_guide.csv` and `record_types.yaml` by
`python -m data_loaders --problems-doc`; do not edit it by hand. An **error** stops the row, the list or the file; a
**warning** lands, and one that **needs a reason** lands only with a reason that is kept; a **note** informs; a
**refusal** leaves everything as it was.

| code | what is wrong | how serious | what to do |
|---|---|---|---|
"""
RULES_HEAD = """
## The rules between lists and over time

Declared under `rules_between` in `record_types.yaml`, told as warnings, each under the code of its kind. They judge the
rows of a check beside what is stored; a rule whose other list nobody sent says nothing.

| code | rule | what is wrong | what to do | where it is from |
|---|---|---|---|---|
"""


class Guide(NamedTuple):
    """How serious a kind of problem is, what the analyst does about it, and what the sender is asked."""

    severity: str
    do: str
    ask: str


@cache
def guides() -> dict[str, Guide]:
    """Return the guide of each code."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Guide(row["severity"], row["what_to_do"], row["ask_the_sender"])
                for row in csv.DictReader(lines)}  # fmt: skip


def asked_of_sender(problem: Problem) -> str:
    """Return what the sender is asked to do about a problem; "" where it is not theirs to act on."""
    guide = guides().get(problem.code)
    if guide is None or guide.ask == OWN_ADVICE:
        return problem.advice
    return guide.ask


def problems_page(definitions: Definitions) -> str:
    """Return the page of documentation: a line for each code, and one for each rule."""
    codes = [f"| `{code}` | {means} | {guides()[code].severity} | {guides()[code].do} |"
             for code, means in PROBLEM_CODES.items()]  # fmt: skip
    rules = [f"| `{rule.rule.kind}` | {name.replace('_', ' ')} | {rule.says} | {rule.advice} | {rule.source} |"
             for name, rule in definitions.rules_between.items()]  # fmt: skip
    return HEAD + "\n".join(codes) + "\n" + RULES_HEAD + "\n".join(rules) + "\n"
