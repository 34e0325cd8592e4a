"""Owns what is judged of all files of a check together, beside what is stored; told on the lists that bring it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from data_loaders.plausibility import doubts
from data_loaders.preview import Plan
from data_loaders.problems import Problem, needs_a_look
from data_loaders.results import FileCheck, ListCheck
from data_loaders.rules import broken_rules
from data_loaders.to_date import years_to_date
from data_loaders.vanishing import vanishing
from scorecards.store import Store


def judged_together(
    store: Store, connection: Connection, checks: Sequence[FileCheck], plans: Sequence[Plan]
) -> list[FileCheck]:
    """Return the checks with what is wrong between their rows and all that would stand after `plans`."""
    judges = (broken_rules, vanishing, years_to_date, doubts)
    return with_problems(checks, [told for judge in judges for told in judge(store, connection, plans)])


def with_problems(files: Sequence[FileCheck], found: Iterable[tuple[ListCheck, Problem]]) -> list[FileCheck]:
    """Return the checks with further problems of their lists, and verdicts that say so."""
    by_list: dict[int, list[Problem]] = {}
    for one, problem in found:
        by_list.setdefault(id(one), []).append(problem)
    return [with_more(file, by_list) for file in files]


def with_more(file: FileCheck, by_list: Mapping[int, list[Problem]]) -> FileCheck:
    lists = tuple(list_with_more(one, by_list.get(id(one), ())) for one in file.lists)
    more = [problem for one in file.lists for problem in by_list.get(id(one), ())]
    verdict = "to look at" if file.verdict == "ready" and needs_a_look(more) else file.verdict
    return replace(file, lists=lists, verdict=verdict)


def list_with_more(one: ListCheck, more: Sequence[Problem]) -> ListCheck:
    status = "to look at" if one.status == "ready" and needs_a_look(more) else one.status
    return replace(one, status=status, problems=(*one.problems, *more)) if more else one
