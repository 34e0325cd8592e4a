"""Owns what would stand after a landing: stored rows that stay and the rows of a check, as columns of whole numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy
import pandas
from sqlalchemy import Connection, Integer, or_, select

from data_loaders.preview import Plan
from data_loaders.results import ListCheck
from scorecards.definitions import Condition, RecordType
from scorecards.periods import merged
from scorecards.series import read_coverage
from scorecards.store import Store

NONE = -1  # no day, no number: ordinals begin with 1
STORED = -1  # a row that no list of the check sends
DAY = 1440  # minutes
ROWS_AT_ONCE = 5_000
# No list has columns of these names: theirs are in small letters.
ROW_ID, AGENCY, CHILD, SENT, ROW = "ID", "AGENCY", "CHILD", "SENT", "ROW"


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one list after the landing; `sent` numbers the list of the check that sends a row, -1 for none."""

    record: RecordType
    frame: pandas.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def child(self) -> numpy.ndarray:
        return self.frame[CHILD].to_numpy()

    @property
    def sent(self) -> numpy.ndarray:
        return self.frame[SENT].to_numpy()

    @property
    def is_sent(self) -> numpy.ndarray:
        return self.sent != STORED

    def days(self, column: str) -> numpy.ndarray:
        """Return the days of a column, -1 where there is none."""
        return self.frame[column].to_numpy()

    def moments(self, column: str, untimed: int) -> numpy.ndarray:
        """Return the minutes of a column, -1 where there is none; a day without a time is at its minute `untimed`."""
        days = self.days(column)
        found = numpy.where(days == NONE, NONE, days * DAY + untimed)
        minute = f"{column}_minute"
        if minute not in self.frame:
            return found
        minutes = self.frame[minute].to_numpy()
        return numpy.where(minutes == NONE, found, minutes)

    def passes(self, conditions: Iterable[Condition]) -> numpy.ndarray:
        """Return the mask of rows that pass every condition."""
        found = numpy.ones(len(self), dtype=bool)
        for one in conditions:
            found &= passed(one, self.frame[one.column])
        return found


def passed(condition: Condition, column: pandas.Series) -> numpy.ndarray:
    """Return the mask of rows whose value in `column` passes; a blank passes only `is_not` and `known: false`."""
    known = (column != NONE if column.dtype != object else column.notna()).to_numpy()
    if condition.is_ is not None:
        return column.isin(condition.is_).to_numpy()
    if condition.is_not is not None:
        return ~column.isin(condition.is_not).to_numpy()
    if condition.known is not None:
        return known == condition.known
    if condition.at_least is not None:
        return known & (column >= condition.at_least).to_numpy()
    return known & (column <= condition.at_most).to_numpy()


@dataclass(frozen=True, eq=False)
class Covered:
    """The days of one list that are covered, in spans in order; `ends` are the days after."""

    starts: numpy.ndarray
    ends: numpy.ndarray

    def span_of(self, days: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return the start and the end of the span in which each day lies; both 0 where it lies in none."""
        at = numpy.searchsorted(self.starts, days, side="right") - 1
        inside = (at >= 0) & (days < self.ends[at]) if len(self.ends) else numpy.zeros(len(days), dtype=bool)
        at = numpy.where(inside, at, 0)
        if not len(self.ends):
            return numpy.zeros(len(days), dtype=int), numpy.zeros(len(days), dtype=int)
        return numpy.where(inside, self.starts[at], 0), numpy.where(inside, self.ends[at], 0)

    def since(self, days: numpy.ndarray, back: int) -> numpy.ndarray:
        """Return the mask of days that are covered, and so many days before them."""
        start, _ = self.span_of(days)
        return (start > 0) & (start <= days - back)


@dataclass(frozen=True, eq=False)
class AfterLanding:
    """What would stand, of the lists that were asked for, and what the check brings to it."""

    lists: Sequence[ListCheck]  # those of the check that can land: a row's `sent` is a place in them
    rows: Mapping[str, Rows]
    covered: Mapping[str, Covered]
    refused: Mapping[str, frozenset]  # children, by their number, of whom rows of a list were refused in this check
    first_day: int  # of those that the check covers


@dataclass(frozen=True)
class Wanted:
    """What is asked of one list: columns, and whether rows matter that are only stored."""

    columns: frozenset[str]
    with_stored: bool
    days_back: int  # how long before the first covered day rows matter


def after_landing(
    store: Store, connection: Connection, plans: Sequence[Plan], wanted: Mapping[str, Wanted], first_day: int
) -> AfterLanding:
    """Return the wanted lists as they would be after `plans`, which cover days from `first_day` on."""
    lists = [one for plan in plans for _, one in plan.batch.lists]
    number = {id(one): place for place, one in enumerate(lists)}
    frames = {
        name: list_frame(store, connection, name, one, [plan for plan in plans if plan.batch.record.id == name],
                         number, first_day - one.days_back)
        for name, one in wanted.items()
    }  # fmt: skip
    codes = numbered_children(frames, lists)
    refused: dict[str, set] = {}
    for one in lists:
        numbers = {codes[child] for child in one.refused_children if child in codes}
        refused.setdefault(str(one.record_type), set()).update(numbers)
    return AfterLanding(
        lists,
        {name: Rows(store.definitions.record_types[name], frame) for name, frame in frames.items()},
        covered_lists(connection, store, lists, wanted),
        {name: frozenset(children) for name, children in refused.items()},
        first_day,
    )


def numbered_children(frames: Mapping[str, pandas.DataFrame], lists: Sequence[ListCheck]) -> dict[str, int]:
    """Put a number in the place of each child of the frames, the same in all, and return the numbers."""
    whole = pandas.concat([frame[CHILD] for frame in frames.values()]) if frames else pandas.Series(dtype=object)
    numbers, children = pandas.factorize(whole, use_na_sentinel=True)
    at = 0
    for frame in frames.values():
        frame[CHILD] = numbers[at : at + len(frame)]
        at += len(frame)
    asked = {child for one in lists for child in one.refused_children}
    return {child: code for code, child in enumerate(children) if child in asked} if asked else {}


def covered_lists(connection, store, lists, wanted) -> dict[str, Covered]:
    """Return the covered days of each list, those of the check among them."""
    stored = read_coverage(connection, store.definitions).spans
    found = {}
    for name in wanted:
        own = [(one.covers[0].toordinal(), one.covers[1].toordinal() + 1) for one in lists
               if one.record_type == name and one.covers]  # fmt: skip
        spans = merged([*stored.get(name, ()), *own])
        found[name] = Covered(numpy.array([first for first, _ in spans]), numpy.array([end for _, end in spans]))
    return found


def list_frame(store, connection, name: str, wanted: Wanted, plans: Sequence[Plan], number, since) -> pandas.DataFrame:
    """Return the rows of a list after the landing: those stored that stay, and those of the check beside them."""
    record, table = store.definitions.record_types[name], store.lists[name]
    columns = [*key_columns(record, table), *sorted(columns_with_minutes(wanted.columns, table))]
    columns = list(dict.fromkeys(columns))
    sent = [sent_frame(record, table, columns, plan.batch.agency, one, number[id(one)])
            for plan in plans for _, one in plan.batch.lists if len(one.rows)]  # fmt: skip
    if not wanted.with_stored:
        return pandas.concat(sent, ignore_index=True) if sent else empty_frame(record, table, columns)
    stored = stored_frame(connection, record, table, columns, since)
    gone = [row_id for plan in plans for row_id in plan.supersede]
    stored = stored[~stored[ROW_ID].isin(gone)].reset_index(drop=True)
    return joined(record, table, stored, sent)


def joined(record: RecordType, table, stored: pandas.DataFrame, sent: Sequence[pandas.DataFrame]) -> pandas.DataFrame:
    """Return stored and sent rows together; a stored row that stays and is sent again counts as sent, as it stands."""
    if not sent:
        return stored
    brought = pandas.concat(sent, ignore_index=True)
    keys = [AGENCY, *(CHILD if name == record.child_column else name for name in key_columns(record, table))]
    places = brought[keys].reset_index(names="place").merge(stored[keys].reset_index(names="stored"), on=keys)
    again, of_sent = places["stored"].to_numpy(), places["place"].to_numpy()
    for name in (SENT, ROW):
        values = stored[name].to_numpy().copy()
        values[again] = brought[name].to_numpy()[of_sent]
        stored[name] = values
    return pandas.concat([stored, brought.drop(index=of_sent)], ignore_index=True)


def key_columns(record: RecordType, table) -> list[str]:
    minutes = [f"{name}_minute" for name in record.key if f"{name}_minute" in table.c]
    return [*record.key, *minutes]


def columns_with_minutes(columns: Iterable[str], table) -> set[str]:
    return {*columns, *(f"{name}_minute" for name in columns if f"{name}_minute" in table.c)}


def sent_frame(record, table, columns, agency: str, one: ListCheck, number: int) -> pandas.DataFrame:
    values = {name: one.rows.columns[name] for name in columns}
    frame = frame_of(record, table, values)
    return frame.assign(**{AGENCY: agency, SENT: number, ROW: numpy.array(one.rows.sheet_rows), ROW_ID: NONE})


def stored_frame(connection: Connection, record, table, columns, since: int) -> pandas.DataFrame:
    """Return the live rows that could matter: those since a day, and those that had not ended by then."""
    recent = table.c[record.dated_by] >= since
    if record.ended_by:
        ended = table.c[record.ended_by]
        recent = or_(recent, ended.is_(None), ended >= since)
    query = select(table.c.id, table.c.agency, *(table.c[name] for name in columns))
    values: dict[str, list] = {name: [] for name in (ROW_ID, AGENCY, *columns)}
    # In parts: 100,000 rows held at once as tuples cost Python half as much time again to look after.
    for rows in connection.execute(query.where(table.c.superseded_in.is_(None), recent)).partitions(ROWS_AT_ONCE):
        for column, part in zip(values.values(), zip(*rows, strict=True), strict=True):
            column.extend(part)
    frame = frame_of(record, table, {name: values[name] for name in columns})
    return frame.assign(**{
        AGENCY: list(values[AGENCY]), SENT: STORED, ROW: NONE, ROW_ID: numpy.array(values[ROW_ID], dtype=int),
    })  # fmt: skip


def empty_frame(record, table, columns) -> pandas.DataFrame:
    frame = frame_of(record, table, dict.fromkeys(columns, ()))
    return frame.assign(**{AGENCY: [], SENT: STORED, ROW: NONE, ROW_ID: NONE})


def frame_of(record: RecordType, table, values: Mapping[str, Sequence]) -> pandas.DataFrame:
    """Return columns as whole numbers (none is -1) or words, the child under one name in all lists."""
    made = {}
    for name, column in values.items():
        known = CHILD if name == record.child_column else name
        is_number = isinstance(table.c[name].type, Integer)
        made[known] = whole_numbers(column) if is_number else pandas.Series(list(column), dtype=object)
    return pandas.DataFrame(made)


def whole_numbers(values: Sequence) -> numpy.ndarray:
    return numpy.fromiter((NONE if value is None else value for value in values), numpy.int64, len(values))
