"""What every measure kind is built from: which rows count, which groups they fall in, which periods they meet."""

from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import ColumnElement, Integer, Select, Table, and_, case, cast, func, literal, or_, select

from scorecards.definitions import Condition, Definitions, Duration, Kpi
from scorecards.store.schema import calendar, calendar_months, period

UNKNOWN = "unknown"
# A day after all others.
STILL_OPEN = 10_000_000
PERIOD_END = "period_end"
MINUTES_AN_HOUR = 60
# A null of no type is a text to PostgreSQL, and a text does not compare with a number.
NO_NUMBER = literal(None, Integer)


@dataclass(frozen=True)
class Reading:
    """What a statement may see: the list tables, as at which version, and how far each list is covered."""

    definitions: Definitions
    lists: dict[str, Table]
    covered_from: dict[str, int] = field(default_factory=dict)  # first covered day of each record type
    covered_to: dict[str, int] = field(default_factory=dict)  # the day after the last covered day
    version: int | None = None  # None: the newest

    def live(self, records: str, table) -> ColumnElement[bool]:
        """Return the condition that a row counts: not superseded, and sent by the agency that leads on its day."""
        return and_(self._visible(table), self._led(records, table))

    def _visible(self, table):
        if self.version is None:
            return table.c.superseded_in.is_(None)
        gone_later = or_(table.c.superseded_in.is_(None), table.c.superseded_in > self.version)
        return and_(table.c.landed_in <= self.version, gone_later)

    def _led(self, records, table):
        leads = sorted(
            (lead for lead in self.definitions.partnership.lead_agencies if lead.records == records),
            key=lambda lead: lead.from_,
        )
        record = self.definitions.record_types[records]
        if not leads or record.dated_by is None:
            return literal(True)
        day = table.c[record.dated_by]
        if record.replaces == "episode" and record.ended_by is not None:
            # Whoever leads when an episode ends keeps it up to date; one that is still open belongs to the newest lead.
            day = func.coalesce(table.c[record.ended_by], STILL_OPEN)
        ends = [lead.from_.toordinal() for lead in leads[1:]] + [None]
        terms = []
        for position, (lead, end) in enumerate(zip(leads, ends, strict=True)):
            # The first lead agency also holds for earlier days: a list has one lead at any time.
            terms.append(and_(
                table.c.agency == lead.agency,
                day >= lead.from_.toordinal() if position else literal(True),
                day < end if end is not None else literal(True),
            ))  # fmt: skip
        return or_(*terms)


@dataclass(frozen=True)
class Slice:
    """Which figures are wanted: these kinds of period, from `first_day` on, split by one breakdown or not at all."""

    windows: tuple[str, ...]
    breakdown: str = ""
    first_day: int = 0  # periods that end on or before this day are left out


class Kind(Protocol):
    """A measure kind: one statement for all windows of a slice, and one sentence."""

    name: str

    def select(self, kpi: Kpi, reading: Reading, wanted: Slice) -> Select | None:
        """Return a select of period, grp, numerator, denominator, excluded (and reported_* where a counter helps)."""
        ...

    def sentence(self, kpi: Kpi, definitions: Definitions) -> str: ...

    def record_types(self, kpi: Kpi) -> tuple[str, ...]:
        """Return the record types that the statement reads, the one that dates it first."""
        ...


def flag(condition) -> ColumnElement[int]:
    """Return 1 where `condition` holds and 0 where it does not or is unknown."""
    return case((condition, 1), else_=0)


def passes(table, conditions: tuple[Condition, ...]) -> ColumnElement[bool]:
    """Return the condition that a row passes all of `conditions`."""
    return and_(literal(True), *(_test(table.c[one.column], one) for one in conditions))


def _test(column, condition):
    if condition.is_ is not None:
        return column.in_(condition.is_)
    if condition.is_not is not None:
        return or_(column.is_(None), column.not_in(condition.is_not))
    if condition.known is not None:
        return column.is_not(None) if condition.known else column.is_(None)
    return column >= condition.at_least if condition.at_least is not None else column <= condition.at_most


def fails(table, conditions: tuple[Condition, ...]) -> ColumnElement[bool]:
    """Return the condition that a row is known to fail one of `conditions`; a blank neither passes nor fails."""
    return or_(literal(False), *(_fails(table.c[one.column], one) for one in conditions))


def _fails(column, condition):
    is_blank_an_answer = condition.known is not None or condition.is_not is not None
    known = literal(True) if is_blank_an_answer else column.is_not(None)
    return and_(known, flag(_test(column, condition)) == 0)


def is_unknown(table, conditions: tuple[Condition, ...]) -> ColumnElement[bool]:
    """Return the condition that a test cannot be made because its column is blank."""
    tested = [table.c[one.column].is_(None) for one in conditions if one.known is None and one.is_not is None]
    return or_(literal(False), *tested)


def must_be_known(measure) -> tuple[Condition, ...]:
    """Return the conditions of the base that only ask for a value.

    Counts and shares of rows say how many rows they leave out for want of one; to other kinds it is a condition.
    """
    return tuple(one for one in measure.where if one.known)


def narrows(measure) -> tuple[Condition, ...]:
    """Return the conditions that say which rows the measure is about."""
    return tuple(one for one in measure.where if not one.known)


def group_of(kpi: Kpi, reading: Reading, table, breakdown: str, records: str = "") -> ColumnElement[str]:
    """Return the group that a row falls in: a code's group or label, the value itself, or 'unknown'."""
    if not breakdown:
        return literal("")
    column, records = table.c[breakdown], records or kpi.measure.records
    code_list = None
    if breakdown in reading.definitions.record_types[records].columns:
        code_list = reading.definitions.code_list(records, breakdown)
    if code_list is None:
        return func.coalesce(column, UNKNOWN)
    names = {code: entry.group or entry.label for code, entry in code_list.codes.items()}
    return func.coalesce(case(names, value=column, else_=column), UNKNOWN)


def in_windows(wanted: Slice):
    """Return the condition on the period table for `wanted`."""
    return and_(period.c.kind.in_(wanted.windows), period.c.end_day > wanted.first_day)


def per_period(daily, wanted: Slice, *sums: str) -> Select:
    """Return the sums of a daily table (day, grp, ...) per period and group."""
    # PostgreSQL sums sums to decimals, which do not divide by floats.
    columns = [cast(func.sum(daily.c[name]), Integer).label(name) for name in sums]
    return (
        select(period.c.id.label("period"), daily.c.grp, *columns)
        .join_from(period, daily, is_dated_in(daily.c.day))
        .where(in_windows(wanted))
        .group_by(period.c.id, daily.c.grp)
    )


def by_day(rows, *sums: str):
    """Return rows (day, grp, flags) summed per day and group: small enough to meet every period cheaply."""
    columns = [func.sum(rows.c[name]).label(name) for name in sums]
    return select(rows.c.day, rows.c.grp, *columns).group_by(rows.c.day, rows.c.grp).subquery("daily")


def is_dated_in(day) -> ColumnElement[bool]:
    """Return the condition that a day lies in a period."""
    return and_(day >= period.c.first_day, day < period.c.end_day)


def open_on(table, measure, day) -> ColumnElement[bool]:
    """Return the condition that a row is open on a day: begun by then, and not ended on or before it."""
    ended = table.c[measure.open_to]
    return and_(table.c[measure.open_from] <= day, or_(ended.is_(None), ended > day))


def open_on_last_day(table, measure) -> ColumnElement[bool]:
    """Return the condition that a row is open on a period's last day."""
    return open_on(table, measure, period.c.end_day - 1)


def only_latest(joined, reading: Reading, measure, table, wanted: Slice):
    """Return `joined`, of periods and open rows, with only the newest row of each child where the measure asks so."""
    if getattr(measure, "latest_only", None) is None:
        return joined
    rows = reading.lists[measure.records].alias("open_rows")
    of_all = select(period.c.id.label("period"), rows.c.id.label("row"), _age(measure, rows, period.c.id))
    of_all = of_all.join_from(period, rows, open_on_last_day(rows, measure))
    ranked = of_all.where(in_windows(wanted), reading.live(measure.records, rows)).subquery("by_age")
    return joined.join(ranked, and_(ranked.c.period == period.c.id, ranked.c.row == table.c.id, ranked.c.age == 1))


def newest_open_on(reading: Reading, measure, day: int) -> Select:
    """Return the select of the ids of the rows open on a day that are the newest of their child."""
    rows = reading.lists[measure.records].alias("open_rows")
    ranked = (
        select(rows.c.id.label("row"), _age(measure, rows))
        .where(open_on(rows, measure, day), reading.live(measure.records, rows))
        .subquery("by_age")
    )
    return select(ranked.c.row).where(ranked.c.age == 1)


def _age(measure, rows, *within):
    """Return 1 for the newest open row of each child, 2 for the one before it and so on.

    Of rows that begin on one day an untimed one is the oldest, and then the one sent last is the newest. A row that
    does not say whose it is has none before it.
    """
    who, start = rows.c[measure.latest_only], rows.c[measure.open_from]
    order = [start.desc(), minute_of(rows, measure.open_from).desc(), rows.c.id.desc()]
    age = func.row_number().over(partition_by=[*within, who], order_by=order)
    return case((who.is_(None), 1), else_=age).label("age")


def minute_of(table, column: str) -> ColumnElement[int]:
    """Return the minute of a moment to order rows of one day by: databases disagree about where nulls stand."""
    name = f"{column}_minute"
    return func.coalesce(table.c[name], 0) if name in table.c else literal(0)


def lasted_to(table, lasted: Duration) -> ColumnElement[int]:
    """Return the day to which a duration runs."""
    return period.c.end_day - 1 if lasted.to == PERIOD_END else table.c[lasted.to]


def has_lasted(table, lasted: Duration, read_with) -> ColumnElement[bool]:
    """Return the condition that a row has lasted as long as is asked; `read_with` is what `join_lasted` joined."""
    start, end = table.c[lasted.from_], lasted_to(table, lasted)
    if lasted.more_than_hours is not None:
        minutes = table.c[f"{lasted.to}_minute"] - table.c[f"{lasted.from_}_minute"]
        return minutes > lasted.more_than_hours * MINUTES_AN_HOUR
    if lasted.more_than_days is not None:
        return end - start > lasted.more_than_days
    if lasted.more_than_working_days is not None:
        first, last = read_with
        return last.c.working_day - first.c.working_day > lasted.more_than_working_days
    (shifted,) = read_with
    return end <= shifted.c.later if lasted.at_most_months is not None else start <= shifted.c.latest_start


def duration_is_known(table, lasted: Duration | None) -> ColumnElement[bool]:
    """Return the condition that the days a duration runs between are given; a blank one is not a short time.

    Hours are counted from a time of day to another, and are not known without both.
    """
    names = [] if lasted is None else [name for name in (lasted.from_, lasted.to) if name != PERIOD_END]
    if lasted is not None and lasted.more_than_hours is not None:
        names = [f"{name}_minute" for name in names]
    return and_(literal(True), *(table.c[name].is_not(None) for name in names))


def join_lasted(joined, table, lasted: Duration | None):
    """Return `joined` with the calendar rows that `lasted` is read with, and their aliases."""
    if lasted is None:
        return joined, ()
    start, end = table.c[lasted.from_], lasted_to(table, lasted)
    if lasted.more_than_working_days is not None:
        first, last = calendar.alias("lasted_first"), calendar.alias("lasted_last")
        return joined.outerjoin(first, first.c.day == start).outerjoin(last, last.c.day == end), (first, last)
    months, day = (lasted.at_most_months, start) if lasted.at_most_months else (lasted.at_least_months, end)
    if months is None:
        return joined, ()
    shifted = calendar_months.alias("lasted_months")
    return joined.outerjoin(shifted, and_(shifted.c.months == months, shifted.c.day == day)), (shifted,)
