"""Owns the rules between lists and over time: rows of a check that cannot be right beside what stands already."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

import numpy
from sqlalchemy import Connection

from data_loaders.preview import Plan
from data_loaders.problems import PLACES_KEPT, Problem
from data_loaders.results import FileCheck, ListCheck
from data_loaders.standing import AGENCY, DAY, NONE, ROW, AfterLanding, Rows, Wanted, after_landing
from scorecards.definitions import Dated, RuleBetween, Spells, lists_of, parts_of
from scorecards.definitions.rule_models import Inside as InsideRule
from scorecards.definitions.rule_models import SameDay as SameDayRule
from scorecards.periods import working_days
from scorecards.store import Store

WIDTH = 1 << 22  # more than any day's ordinal, so that child x WIDTH + day orders by child and then by day
WIDE = 1 << 33  # the same for minutes
OPEN = WIDTH - 1  # the end of what has not ended
LAST_MINUTE = DAY - 1


@dataclass(frozen=True, eq=False)
class Found:
    """Rows of one list (as a mask) that break a rule, and the column to look at."""

    rows: Rows
    mask: numpy.ndarray
    column: str


class Kind(Protocol):
    """A kind of rule: what it is called, and how the rows that break it are found."""

    name: str
    needs_stored: bool  # whether a row is judged beside others

    def find(self, rule: Any, after: AfterLanding) -> Iterable[Found]:
        """Yield the rows that break `rule`; only those that the check sends are told."""
        ...

    def days_back(self, rule: Any) -> int:
        """Return how many days before the first day of the check matter."""
        ...


class Lookup:
    """Some rows of a list in order of child and day, to find the nearest one before or after a day."""

    def __init__(self, rows: Rows, column: str, mask: numpy.ndarray):
        known = numpy.flatnonzero(mask & (rows.days(column) != NONE) & (rows.child >= 0))
        keys = rows.child[known] * WIDTH + rows.days(column)[known]
        order = numpy.argsort(keys, kind="stable")
        self.keys, self.rows = keys[order], known[order]

    def before(self, child: numpy.ndarray, days: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return for each the row of the latest day up to `days` (-1: none), and that day (-1: none)."""
        return self._at(numpy.searchsorted(self.keys, child * WIDTH + days, side="right") - 1, child)

    def after(self, child: numpy.ndarray, days: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return for each the row of the first day from `days` on (-1: none), and that day (-1: none)."""
        return self._at(numpy.searchsorted(self.keys, child * WIDTH + days, side="left"), child)

    def _at(self, places, child):
        if not len(self.keys):
            none = numpy.full(len(child), NONE)
            return none, none
        inside = (places >= 0) & (places < len(self.keys))
        places = numpy.where(inside, places, 0)
        same = inside & (self.keys[places] // WIDTH == child)
        return numpy.where(same, self.rows[places], NONE), numpy.where(same, self.keys[places] % WIDTH, NONE)


def rows_of(part: Dated, after: AfterLanding) -> tuple[Rows, numpy.ndarray, numpy.ndarray]:
    """Return the rows of a part, the mask of those it is about (a child and a day are known), and their days."""
    rows = after.rows[part.records]
    days = rows.days(part.date)
    return rows, rows.passes(part.where) & (days != NONE) & (rows.child >= 0), days


def judged_rows(part: Dated, after: AfterLanding) -> tuple[Rows, numpy.ndarray, numpy.ndarray]:
    """Return the same, of the days that the check covers: what began before was judged when it was first sent."""
    rows, about, days = rows_of(part, after)
    return rows, about & (days >= after.first_day), days


def not_refused(rows: Rows, records: str, after: AfterLanding) -> numpy.ndarray:
    """Return the mask of rows of children of whom `records` refused no row, for that may be what seems missing."""
    return ~numpy.isin(rows.child, list(after.refused.get(records, ())))


@lru_cache(maxsize=1)
def working_day_numbers() -> tuple[int, numpy.ndarray]:
    """Return the first day of the calendar, and the number of the working day of each day from it on."""
    counted = working_days()
    return min(counted), numpy.array(list(counted.values()))


def working_day(days: numpy.ndarray) -> numpy.ndarray:
    """Return the number of the working day of each day; no day is that of the calendar's first."""
    first, numbers = working_day_numbers()
    return numbers[numpy.clip(days - first, 0, len(numbers) - 1)]


class SameDay:
    name, needs_stored = "same_day", False

    def find(self, rule, after):
        rows, about, days = rows_of(rule.of, after)
        yield Found(rows, about & (days == rows.days(rule.and_)), rule.of.date)

    def days_back(self, rule):  # noqa: ARG002 (asked alike of all kinds)
        return 0


class AtWeekend(SameDay):
    name = "at_weekend"

    def find(self, rule, after):
        rows, about, days = rows_of(rule.of, after)
        # Day 1 was a Monday.
        yield Found(rows, about & ((days - 1) % 7 >= 5), rule.of.date)


class TooOld(SameDay):
    name = "too_old"

    def find(self, rule, after):
        for records in after.rows.keys() & set(rule.lists):
            rows = after.rows[records]
            birth = next(name for name, column in rows.record.columns.items() if column.type == "birth")
            yield Found(rows, rows.days("age") > rule.years, birth)


class OpenTooLong(SameDay):
    name = "open_too_long"

    def find(self, rule, after):
        part = rule.of
        rows = after.rows[part.records]
        starts = rows.days(part.from_)
        last = numpy.array([one.covers[1].toordinal() if one.covers else 0 for one in after.lists] or [0])
        waited = working_day(last[rows.sent]) - working_day(starts)
        open_ = (rows.days(part.to) == NONE) & (starts != NONE) & rows.passes(part.where)
        yield Found(rows, rows.is_sent & open_ & (waited > rule.working_days), part.from_)


@dataclass(frozen=True, eq=False)
class Stretches:
    """Spells in order of whose they are and of their start: places in the list's rows, and when they start and end."""

    places: numpy.ndarray
    whose: numpy.ndarray
    starts: numpy.ndarray
    ends: numpy.ndarray

    @property
    def follows(self) -> numpy.ndarray:
        """Return whether a spell has another of the same child before it."""
        is_first = numpy.ones(len(self.whose), dtype=bool)
        is_first[1:] = self.whose[1:] != self.whose[:-1]
        return ~is_first

    @property
    def reach(self) -> numpy.ndarray:
        """Return the latest end of a spell and of all before it of the same child."""
        return numpy.maximum.accumulate(self.whose * WIDE + self.ends) - self.whose * WIDE


def stretches(part: Spells, rows: Rows, *, by_sender: bool) -> Stretches:
    """Return the spells of a list in minutes; where a day has no time, none that only seem to touch overlap."""
    starts, ends = rows.moments(part.from_, LAST_MINUTE), rows.moments(part.to, 0)
    about = numpy.flatnonzero(rows.passes(part.where) & (starts != NONE) & (rows.child >= 0))
    whose = rows.child[about]
    if by_sender:
        senders, of_row = numpy.unique(rows.frame[AGENCY].to_numpy()[about].astype(str), return_inverse=True)
        whose = whose * len(senders) + of_row
    ends = numpy.where(ends[about] == NONE, OPEN * DAY, ends[about])
    order = numpy.lexsort((starts[about], whose))
    return Stretches(about[order], whose[order], starts[about][order], ends[order])


def as_mask(rows: Rows, places: numpy.ndarray) -> numpy.ndarray:
    mask = numpy.zeros(len(rows), dtype=bool)
    mask[places] = True
    return mask


class Overlapping:
    name, needs_stored = "overlapping", True

    def find(self, rule, after):
        rows = after.rows[rule.of.records]
        found = stretches(rule.of, rows, by_sender=True)
        is_open = found.ends == OPEN * DAY
        sent = rows.is_sent[found.places]
        # Two that are open are told as such by another kind.
        closed_reach = replace(found, ends=numpy.where(is_open, 0, found.ends)).reach
        earlier, any_earlier = shifted(closed_reach), shifted(found.reach)
        later = found.follows & ((found.starts < earlier) | (~is_open & (found.starts < any_earlier)))
        # Where only the earlier of the two is sent, it is the one to look at.
        runs_on = followed(found) & (following(found.starts) < found.ends) & ~(is_open & following(is_open))
        told = sent & (later | (runs_on & ~following(sent)))
        yield Found(rows, as_mask(rows, found.places[told]), rule.of.from_)

    def days_back(self, rule):  # noqa: ARG002
        return 0  # spells that reach into the covered days are read, whenever they began


def shifted(values: numpy.ndarray) -> numpy.ndarray:
    """Return the value before each, nought for the first."""
    return numpy.concatenate([numpy.zeros(1, values.dtype), values[:-1]]) if len(values) else values


def following(values: numpy.ndarray) -> numpy.ndarray:
    """Return the value after each, nought for the last."""
    return numpy.concatenate([values[1:], numpy.zeros(1, values.dtype)]) if len(values) else values


def followed(found: Stretches) -> numpy.ndarray:
    """Return whether a spell has another of the same child after it."""
    return following(found.follows)


class TwoOpen(Overlapping):
    name = "two_open"

    def find(self, rule, after):
        rows = after.rows[rule.of.records]
        found = stretches(rule.of, rows, by_sender=True)
        is_open = found.ends == OPEN * DAY
        found = only(found, is_open)
        sent = rows.is_sent[found.places]
        told = sent & (found.follows | (followed(found) & ~following(sent)))
        yield Found(rows, as_mask(rows, found.places[told]), rule.of.from_)


class WrongOrder:
    name, needs_stored = "wrong_order", True

    def find(self, rule, after):
        rows, about, days = judged_rows(rule.then, after)
        first_rows, first_about, _ = rows_of(rule.first, after)
        firsts = Lookup(first_rows, rule.first.date, first_about)
        _, earlier = firsts.before(rows.child, days)
        later, day = firsts.after(rows.child, days)
        known = after.covered[rule.first.records].since(days, rule.history_days)
        is_new = (earlier == NONE) | (days - earlier > rule.history_days)
        soon = (later != NONE) & (day - days <= rule.within_days)
        wrong = about & is_new & soon & known & not_refused(rows, rule.first.records, after)
        yield Found(rows, wrong & rows.is_sent, rule.then.date)
        # Where only the first is sent, it is the one to look at.
        yield Found(first_rows, as_mask(first_rows, later[wrong & ~rows.is_sent]), rule.first.date)

    def days_back(self, rule):
        return rule.history_days + rule.within_days


class NothingBefore:
    name, needs_stored = "nothing_before", True

    def find(self, rule, after):
        rows, about, days = judged_rows(rule.then, after)
        first_rows, first_about, _ = rows_of(rule.first, after)
        _, earlier = Lookup(first_rows, rule.first.date, first_about).before(rows.child, days)
        known = after.covered[rule.first.records].since(days, rule.history_days)
        alone = (earlier == NONE) | (days - earlier > rule.within_days)
        yield Found(rows, about & alone & known & not_refused(rows, rule.first.records, after), rule.then.date)

    def days_back(self, rule):
        return rule.history_days


class NothingAfter:
    name, needs_stored = "nothing_after", True

    def find(self, rule, after):
        rows, about, days = judged_rows(rule.first, after)
        then_rows, then_about, _ = rows_of(rule.then, after)
        later, _ = Lookup(then_rows, rule.then.date, then_about).after(rows.child, days)
        _, end = after.covered[rule.then.records].span_of(days)
        if rule.days is not None:
            is_over = end - 1 - days > rule.days
        else:
            is_over = working_day(end - 1) - working_day(days) > rule.working_days
        over = (end > 0) & is_over & not_refused(rows, rule.then.records, after)
        yield Found(rows, about & (later == NONE) & over, rule.first.date)

    def days_back(self, rule):  # noqa: ARG002
        return 0


class ActivityAfter:
    name, needs_stored = "activity_after", True

    def find(self, rule, after):
        first_rows = after.rows[rule.first.records]
        every = Lookup(first_rows, rule.first.date, numpy.ones(len(first_rows), dtype=bool))
        closed = first_rows.passes(rule.first.where)
        told = numpy.zeros(len(first_rows), dtype=bool)
        for part in rule.then:
            rows, about, days = judged_rows(part, after)
            # Whatever came last before the activity is what began it.
            began, day = every.before(rows.child, days)
            wrong = about & (began != NONE) & closed[began] & (days - day <= rule.within_days)
            is_sent = first_rows.is_sent[began]
            told |= as_mask(first_rows, began[wrong & is_sent])
            yield Found(rows, wrong & ~is_sent, part.date)
        yield Found(first_rows, told, rule.first.date)

    def days_back(self, rule):
        return rule.within_days


class Outside:
    name, needs_stored = "outside", True

    def find(self, rule, after):
        rows, about, days = judged_rows(rule.of, after)
        spell_rows = after.rows[rule.spells.records]
        found = stretches(rule.spells, spell_rows, by_sender=False)
        # The latest spell that began on an earlier day, and how far it and those before it reach.
        at = latest_start(found, rows.child, (days - 1) * DAY + LAST_MINUTE)
        inside = (at != NONE) & (reach_at(found, at) // DAY >= days)
        known = after.covered[rule.spells.records].since(days, 0)
        yield Found(rows, about & ~inside & known & not_refused(rows, rule.spells.records, after), rule.of.date)

    def days_back(self, rule):  # noqa: ARG002
        return 0


class Inside:
    name, needs_stored = "inside", True

    def find(self, rule, after):
        rows, about, _ = judged_rows(rule.of, after)
        first = numpy.minimum(rows.moments(rule.of.date, 0), rows.moments(rule.and_, 0))
        last = numpy.maximum(rows.moments(rule.of.date, LAST_MINUTE), rows.moments(rule.and_, LAST_MINUTE))
        spell_rows = after.rows[rule.spells.records]
        found = stretches(rule.spells, spell_rows, by_sender=False)
        found = only(found, found.ends != OPEN * DAY)
        at = latest_start(found, rows.child, first - 1)
        wrong = about & (rows.days(rule.and_) != NONE) & (at != NONE) & (last < reach_at(found, at))
        yield Found(rows, wrong & rows.is_sent, rule.and_)
        sent_later = at[wrong & ~rows.is_sent]
        yield Found(spell_rows, as_mask(spell_rows, found.places[sent_later]), rule.spells.to)

    def days_back(self, rule):  # noqa: ARG002
        return 0


def only(found: Stretches, mask: numpy.ndarray) -> Stretches:
    return Stretches(found.places[mask], found.whose[mask], found.starts[mask], found.ends[mask])


def latest_start(found: Stretches, child: numpy.ndarray, moments: numpy.ndarray) -> numpy.ndarray:
    """Return for each the place of the child's latest spell that started by a moment, -1 for none."""
    if not len(found.whose):
        return numpy.full(len(child), NONE)
    at = numpy.searchsorted(found.whose * WIDE + found.starts, child * WIDE + moments, side="right") - 1
    return numpy.where((at >= 0) & (found.whose[at] == child), at, NONE)


def reach_at(found: Stretches, at: numpy.ndarray) -> numpy.ndarray:
    return found.reach[at] if len(found.whose) else numpy.full(len(at), NONE)


KINDS: tuple[Kind, ...] = (
    SameDay(), AtWeekend(), TooOld(), OpenTooLong(), Overlapping(), TwoOpen(), WrongOrder(), NothingBefore(),
    NothingAfter(), ActivityAfter(), Outside(), Inside(),
)  # fmt: skip
BY_NAME = {kind.name: kind for kind in KINDS}


def broken_rules(store: Store, connection: Connection, plans: Sequence[Plan]) -> list[tuple[ListCheck, Problem]]:
    """Return the lists and the rules that their rows break, judged as all would stand after `plans`."""
    touched = {plan.batch.record.id for plan in plans}
    rules = [rule for rule in store.definitions.rules_between.values() if lists_of(rule.rule) & touched]
    first = first_day(plans)
    if not rules or first is None:
        return []
    after = after_landing(store, connection, plans, wanted_by(rules, touched), first)
    return [told for rule in rules for told in broken(rule, after, files_of(plans))]


def wanted_by(rules: Sequence[RuleBetween], touched: set[str]) -> dict[str, Wanted]:
    """Return what the rules need of each list."""
    columns: dict[str, set[str]] = {}
    back: dict[str, int] = {}
    stored: set[str] = set()
    for one in rules:
        for records in lists_of(one.rule):
            back[records] = max(back.get(records, 0), BY_NAME[one.rule.kind].days_back(one.rule))
        for _, part in parts_of(one.rule):
            named = (part.from_, part.to) if isinstance(part, Spells) else (part.date,)
            columns.setdefault(part.records, set()).update(named, (test.column for test in part.where))
        if isinstance(one.rule, SameDayRule | InsideRule):
            columns[one.rule.of.records].add(one.rule.and_)
        for records in getattr(one.rule, "lists", ()):
            columns.setdefault(records, set()).add("age")
        if BY_NAME[one.rule.kind].needs_stored:
            stored |= lists_of(one.rule)
    return {
        name: Wanted(frozenset(columns[name]), name in stored, back[name])
        for name in columns
        if name in touched | stored
    }


def first_day(plans: Sequence[Plan]) -> int | None:
    """Return the first day that a list of the check covers, or None where none has rows and days."""
    return min(
        (one.covers[0].toordinal() for plan in plans for _, one in plan.batch.lists if one.covers and len(one.rows)),
        default=None,
    )


def files_of(plans: Sequence[Plan]) -> list[FileCheck]:
    """Return the file of each list of the check, in the order of the lists."""
    return [file for plan in plans for file, _ in plan.batch.lists]


def broken(rule: RuleBetween, after: AfterLanding, files: Sequence[FileCheck]) -> list[tuple[ListCheck, Problem]]:
    """Return a problem for each list that has rows that break `rule`, or none where one of its lists was never sent."""
    if any(not len(after.rows.get(name, ())) for name in needed_lists(rule)):
        return []
    told = []
    for found in BY_NAME[rule.rule.kind].find(rule.rule, after):
        sent = numpy.where(found.mask, found.rows.sent, NONE)
        for number in numpy.unique(sent[sent != NONE]).tolist():
            told.append(problem_of(rule, found, sent == number, after.lists[number], files[number]))
    return told


def needed_lists(rule: RuleBetween) -> set[str]:
    """Return the lists without which a rule says nothing."""
    kind = rule.rule
    if kind.kind == "activity_after":
        return {kind.first.records}
    return {part.records for _, part in parts_of(kind)}


def problem_of(
    rule: RuleBetween, found: Found, mask: numpy.ndarray, one: ListCheck, file: FileCheck
) -> tuple[ListCheck, Problem]:
    """Return the list and the problem of its rows in `mask`: where they stand in the sender's sheet."""
    sheet_rows = numpy.sort(found.rows.frame[ROW].to_numpy()[mask]).tolist()
    letters = one.rows.letters.get(found.column) or one.rows.letters.get(found.rows.record.dated_by or "")
    # A return in XML has no columns, and counts its lines.
    column = "line " if file.kind == "xml" else letters
    places = tuple(f"{column}{row}" for row in sheet_rows[:PLACES_KEPT]) if column else ()
    problem = Problem(
        rule.rule.kind, rule.severity, file.name, one.sheet, places[0] if places else None,
        one.rows.headings.get(found.column), value_of(found, mask), f"{rule.says} Kept.", rule.advice,
        len(sheet_rows), places,
    )  # fmt: skip
    return one, problem


def value_of(found: Found, mask: numpy.ndarray) -> str | None:
    """Return the day of a single row; nothing of a date of birth."""
    if found.rows.record.columns[found.column].type == "birth" or mask.sum() != 1:
        return None
    day = int(found.rows.days(found.column)[mask][0])
    return f"{datetime.date.fromordinal(day):%d/%m/%Y}" if day != NONE else None
