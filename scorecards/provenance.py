"""Where a figure comes from: the submissions it rests on, and in each the rows of its sheet or the very cells."""

import datetime
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, literal, or_, select

from scorecards.definitions import DAYS_A_WEEK, TIME_SINCE, Kpi, Linked
from scorecards.measures import Reading, kind_of
from scorecards.measures.ageing import band_on
from scorecards.measures.change import has_one_before
from scorecards.measures.every import rows_in_groups
from scorecards.measures.frame import group_of, narrows, newest_open_on, passes
from scorecards.measures.recent import latest_start
from scorecards.periods import Period, add_months, month, period_by_id, quarter_of
from scorecards.series import FedBy, Point
from scorecards.series.aggregates import ROLLING, TO_DATE, WHOLE, sent_of, wholes_or_parts
from scorecards.series.reading import stored_points
from scorecards.store import Store
from scorecards.store.runs import runs_of
from scorecards.store.schema import calendar_months, submission, withdrawal
from scorecards.submissions import Submission, counting, submissions_of

# Of these kinds a row that lacks what is asked for is counted as left out; of the others it is no row of theirs.
COUNT_LEFT_OUT = ("count", "sum", "ratio", "percentage", "stock", "rate")
WITHOUT_ROWS = (FedBy.NOTHING, FedBy.POPULATION)
RETURNED = "returned"  # worked out from what came at all, and from no rows of it
Range = tuple[int, int]  # first and last row, both included


@dataclass(frozen=True)
class Cell:
    """One figure of an aggregate return: where it stands, for which period, and what stands there."""

    address: str  # "" where the sender's sheet has no cells
    row: int
    period: Period | None
    numerator: float | None
    denominator: float | None
    value: float | None
    symbol: str | None


@dataclass(frozen=True)
class Source:
    """What of one submission a figure rests on."""

    submission: Submission
    rows: int
    ranges: tuple[Range, ...]  # rows of its sheet
    cells: tuple[Cell, ...] = ()
    is_repeat: bool = False  # rows that count under an earlier submission, and were sent again as they stood


@dataclass(frozen=True)
class Provenance:
    """All that one figure rests on."""

    kpi: Kpi
    period: Period
    point: Point | None
    sources: tuple[Source, ...] = ()
    looked_up: tuple[Submission, ...] = ()  # lists in which the rows of `sources` were looked up

    @property
    def rows(self) -> int:
        """Return how many rows or cells it rests on, each once."""
        return sum(one.rows for one in self.sources if not one.is_repeat)


def read_provenance(
    store: Store, kpi: Kpi, period: Period, *, breakdown: str = "", group: str = "", version: int | None = None
) -> Provenance:
    """Return what the figure of a KPI for a period (of a group, as it was at `version`) rests on."""
    with store.read() as connection:
        asked = Asked(store, connection, kpi, breakdown, group, version)
        point = asked.point(period)
        if point is None or point.fed_by in WITHOUT_ROWS or kpi.measure.kind == RETURNED:
            return Provenance(kpi, period, point)
        if point.fed_by is FedBy.AGGREGATE:
            return Provenance(kpi, period, point, asked.sources(asked.cells(period)))
        rows = list(asked.rows(period))
        sources = (*asked.sources(rows), *asked.sent_again(rows))
        return Provenance(kpi, period, point, sources, asked.looked_up(period))


@dataclass(frozen=True)
class Found:
    """A stored row that a figure rests on."""

    records: str
    id: int
    submission: int
    row: int
    cell: Cell | None = None


@dataclass(frozen=True, eq=False)
class Asked:
    """One question after a figure's provenance, and what answers it."""

    store: Store
    connection: Connection
    kpi: Kpi
    breakdown: str
    group: str
    version: int | None

    def point(self, period: Period) -> Point | None:
        """Return the stored figure itself."""
        found = stored_points(
            self.connection, (self.kpi.id,), (period.kind,), self.breakdown, self.group, self.version
        )  # fmt: skip
        return next((point for *_, point in found if point.period == period), None)

    def rows(self, period: Period) -> Iterator[Found]:
        """Yield the rows that the measure reads."""
        reading = Reading(self.store.definitions, self.store.lists, version=self.version)
        for records in read_lists(self.kpi):
            query = rows_statement(self.kpi, reading, records, period, self.breakdown, self.group)
            for row_id, submission_id, sheet_row in self.connection.execute(query):
                yield Found(records, row_id, submission_id, sheet_row)

    def cells(self, period: Period) -> list[Found]:
        """Return the cells that make up a figure sent ready made: its own, else those of its parts."""
        own = self.cells_of(period)
        if own:
            return own
        for kind in ("quarter", "month"):
            parts = [one for one in parts_of(period) if one.kind == kind]
            found = [cell for part in parts for cell in self.part(part)]
            is_whole = sum((part.end - part.first).days for part in parts) == (period.end - period.first).days
            if found and is_whole:
                return found
        return []

    def part(self, period: Period) -> list[Found]:
        """Return what a part of a longer figure rests on, which may have come as a list."""
        point = self.point(period)
        if point is not None and point.fed_by in (FedBy.LIST, FedBy.COUNTER):
            return list(self.rows(period))
        return self.cells(period)

    def cells_of(self, period: Period) -> list[Found]:
        """Return the cells sent for a period itself; where only years to date were, those it is the difference of."""
        table = self.store.lists["aggregate_return"]
        live = and_(counting(table, self.version), table.c.kpi == self.kpi.id, self._of_group(table))
        query = select(table).where(live).order_by(table.c.agency, table.c.id)
        rows = [(row, period_by_id(row["period"])) for row in self.connection.execute(query).mappings()]
        own = [(row, one) for row, one in rows if row["basis"] != TO_DATE and is_for(row, one, period)]
        have = {sent_of(row).series for row, _ in own}
        to_date = [(row, one) for row, one in rows if row["basis"] == TO_DATE and is_taken_from(one, period)]
        ending = {sent_of(row).series for row, one in to_date if one is not None and one.end == period.end} - have
        used = [*own, *(pair for pair in to_date if sent_of(pair[0]).series in ending)]
        # Where a sender gave the whole itself, its providers' figures are not added to it.
        counted = {one.series for one in wholes_or_parts(sent_of(row) for row, _ in used)}
        used = [pair for pair in used if sent_of(pair[0]).series in counted]
        expected = {one.agency for one in self.store.definitions.partnership.returns if self.kpi.id in one.kpis}
        # Where those who are to send it have, what others sent does not count.
        return [found(*pair) for pair in used if pair[0]["agency"] in expected] or [found(*pair) for pair in used]

    def _of_group(self, table) -> ColumnElement[bool]:
        whole = or_(table.c.area.is_(None), table.c.area == WHOLE)
        unsplit = or_(table.c.breakdown.is_(None), table.c.breakdown == "")
        if not self.breakdown:
            return and_(whole, unsplit)
        if self.breakdown in ("agency", "provider"):
            return and_(whole, unsplit, table.c[self.breakdown] == self.group)
        if self.breakdown == "locality":
            return and_(table.c.area == self.group, unsplit)
        return and_(whole, table.c.breakdown == self.breakdown, table.c.group == self.group)

    def sources(self, rows: Iterable[Found]) -> tuple[Source, ...]:
        """Return the rows by the submission under which they stand, the newest first."""
        by_submission: dict[int, list[Found]] = {}
        for one in rows:
            by_submission.setdefault(one.submission, []).append(one)
        known = submissions_of(self.connection, self.version, list(by_submission))
        return tuple(source_of(one, by_submission[one.id]) for one in sorted(known, key=_newest))

    def sent_again(self, rows: Sequence[Found]) -> tuple[Source, ...]:
        """Return the later submissions that have rows of these as they stood, with where they have them."""
        ids: dict[str, list[int]] = {}
        for row in sorted(rows, key=lambda row: row.id):
            ids.setdefault(row.records, []).append(row.id)
        hits = {
            number: sheet_rows_in(runs, ids[records])
            for number, records, runs in self._confirmations()
            if records in ids
        }
        known = submissions_of(self.connection, self.version, [number for number, found in hits.items() if found])
        return tuple(
            Source(one, len(hits[one.id]), ranges_of(hits[one.id]), is_repeat=True)
            for one in sorted(known, key=_newest)
        )

    def _confirmations(self) -> Sequence[tuple[int, str, str]]:
        """Return the submissions that stand and sent rows as they stood: number, list, and which, as runs."""
        gone = select(withdrawal.c.submission_id)
        query = select(submission.c.id, submission.c.record_type, submission.c.confirmed).where(
            submission.c.record_type.in_(read_lists(self.kpi)), submission.c.confirmed != "[]"
        )
        if self.version is not None:
            gone = gone.where(withdrawal.c.landed_in <= self.version)
            query = query.where(submission.c.landed_in <= self.version)
        return [tuple(row) for row in self.connection.execute(query.where(submission.c.id.not_in(gone)))]

    def looked_up(self, period: Period) -> tuple[Submission, ...]:
        """Return the submissions, of the same list or others, in which the rows were looked up."""
        reading = Reading(self.store.definitions, self.store.lists, version=self.version)
        numbers: set[int] = set()
        for records, first, end in looked_at(self.kpi, period):
            table, day = self.store.lists[records], str(self.store.definitions.record_types[records].dated_by)
            dated = and_(table.c[day] >= first, table.c[day] < end)
            query = select(table.c.submission_id).where(reading.live(records, table), dated).distinct()
            numbers.update(self.connection.scalars(query))
        return tuple(sorted(submissions_of(self.connection, self.version, numbers), key=_newest))


def _newest(one: Submission):
    return -one.id


def read_lists(kpi: Kpi) -> tuple[str, ...]:
    """Return the lists whose rows a measure counts, without those in which it only looks them up."""
    records = kind_of(kpi.measure).record_types(kpi)
    return records if kpi.measure.kind in ("filled", "ratio") else records[:1]


def rows_statement(kpi: Kpi, reading: Reading, records: str, period: Period, breakdown: str, group: str) -> Select:
    """Return the select of id, submission and sheet row of the rows that a measure reads for a period and group."""
    measure: Any = kpi.measure
    table = reading.lists[records]
    conditions = [reading.live(records, table)]
    if measure.kind == "filled":
        conditions += when(measure, reading, records, table, period)
        groups: Mapping[str, ColumnElement] = {"": literal(""), "list": literal(records)}
        grouped = groups[breakdown] if breakdown in groups else table.c[breakdown]
    elif measure.kind == "every":
        rows = rows_in_groups(kpi, reading, breakdown)
        in_period = and_(rows.c.first_day >= period.first.toordinal(), rows.c.first_day < period.end.toordinal())
        conditions.append(table.c.id.in_(select(rows.c.row).where(in_period)))
        grouped = group_of(kpi, reading, table, breakdown)
    else:
        bases = [base for base in (measure, getattr(measure, "over", None)) if base and base.records == records]
        conditions.append(or_(*(_is_about(measure.kind, base, reading, table, period) for base in bases)))
        grouped = _group_of(kpi, reading, table, breakdown, records, period)
    if breakdown:
        conditions.append(grouped == group)
    columns = (table.c.id, table.c.submission_id, table.c.source_row)
    return select(*columns).where(*conditions).order_by(table.c.submission_id, table.c.source_row)


def _group_of(kpi, reading, table, breakdown, records, period):
    if breakdown == TIME_SINCE:
        return band_on(kpi.measure, table, period.last.toordinal())
    return group_of(kpi, reading, table, breakdown, records)


def _is_about(kind, base, reading, table, period):
    about = narrows(base) if kind in COUNT_LEFT_OUT else base.where
    return and_(passes(table, about), *when(base, reading, base.records, table, period))


def when(measure: Any, reading: Reading, records: str, table, period: Period) -> list[ColumnElement[bool]]:
    """Return the conditions that a row is dated in the period, or open on its last day."""
    first, end = period.first.toordinal(), period.end.toordinal()
    if getattr(measure, "kind", "") == "filled":
        day = table.c[reading.definitions.record_types[records].dated_by]
        return [day >= first, day < end]
    if measure.dated_by is not None:
        day = table.c[measure.dated_by]
        after = [has_one_before(measure, reading, table)] if getattr(measure, "kind", "") == "change" else []
        return [day >= first, day < end, *after]
    begun, ended = table.c[measure.open_from], table.c[measure.open_to]
    if getattr(measure, "kind", "") == "during":
        return [begun < end, or_(ended.is_(None), ended >= first)]
    open_then = [begun < end, or_(ended.is_(None), ended >= end)]
    if getattr(measure, "latest_only", None) is not None:
        open_then.append(table.c.id.in_(newest_open_on(reading, measure, end - 1)))
    if getattr(measure, "kind", "") == "reviewed" and measure.open_at_least_weeks is not None:
        open_then.append(begun <= end - 1 - DAYS_A_WEEK * measure.open_at_least_weeks)
    elif getattr(measure, "kind", "") == "reviewed":
        since = select(calendar_months.c.latest_start).where(
            calendar_months.c.months == measure.open_at_least_months, calendar_months.c.day == end - 1
        )
        open_then.append(begun <= since.scalar_subquery())
    if getattr(measure, "kind", "") == "recent":
        open_then.append(begun <= latest_start(measure.limit, end - 1))
    if getattr(measure, "kind", "") == "ageing":
        open_then.append(begun <= latest_start(measure.bands[0], end - 1))
    return open_then


def looked_at(kpi: Kpi, period: Period) -> list[tuple[str, int, int]]:
    """Return (list, first day, end) of what is looked up for the rows of a period: what came before or followed."""
    measure: Any = kpi.measure
    first, end = period.first, period.end.toordinal()
    start = first.toordinal()
    if measure.kind == "cohort":
        return [(measure.then, start, end + measure.within_days)]
    if measure.kind == "reached":
        return [(hop.records, start, end + measure.within_days) for hop in measure.hops]
    if measure.kind == "reviewed":
        return [(measure.reviews, end - measure.longest_gap, end)]
    if measure.kind == "preceded":
        return [(measure.by.records, start - measure.within_days, end)]
    if measure.kind == "during":
        return [(measure.had.records, start, end)]
    if measure.kind == "within" and isinstance(measure.from_, Linked):
        return [(measure.from_.records, start - measure.from_.within_days, end)]
    if measure.kind == "repeat":
        months = measure.within_months
        back = add_months(first, -months).toordinal() if months is not None else start - measure.within_days
        return [(measure.records, back, start)]
    return [(measure.records, 0, start)] if measure.kind in ("previous_ever", "change") else []


def is_for(row, one: Period | None, period: Period) -> bool:
    """Return whether a row of the aggregate return is for a period; 12 months go by their last quarter."""
    if one is None:
        return False
    rolling = row["basis"] == ROLLING and one.kind != "rolling_12_months"
    return (period_by_id(f"{one.id}-R12") if rolling else one) == period


def is_taken_from(one: Period | None, period: Period) -> bool:
    """Return whether a year to date that ends with `one` gives the figure of `period`, or is taken from it."""
    if one is None:
        return False
    return one.end == period.end or (
        one.end == period.first and year_of(one.last, period) == year_of(period.last, period)
    )


def year_of(day: datetime.date, period: Period) -> int:
    """Return the year that a day is in: terms are of years from September, all else of years from April."""
    starts = 9 if period.kind in ("term", "academic_year") else 4
    return day.year if day.month >= starts else day.year - 1


def parts_of(period: Period) -> list[Period]:
    """Return the quarters and months that make up a longer period, in order."""
    found: dict[str, Period] = {}
    day = period.first
    while day < period.end:
        for one in (quarter_of(day), month(day.year, day.month)):
            if one != period and period.first <= one.first and one.end <= period.end:
                found[one.id] = one
        day = add_months(day, 1)
    return list(found.values())


def found(row, period: Period | None) -> Found:
    """Return a row of the aggregate return with its cell."""
    symbols = (row["numerator_symbol"], row["denominator_symbol"], row["value_symbol"])
    cell = Cell(
        row["source_cell"] or "", row["source_row"], period, row["numerator"], row["denominator"], row["value"],
        next(filter(None, symbols), None),
    )  # fmt: skip
    return Found("aggregate_return", row["id"], row["submission_id"], row["source_row"], cell)


def source_of(one: Submission, rows: Sequence[Found]) -> Source:
    cells = tuple(row.cell for row in rows if row.cell is not None)
    listed = [row.row for row in rows if row.cell is None]
    return Source(one, len(rows), ranges_of(listed), cells)


def ranges_of(rows: Iterable[int]) -> tuple[Range, ...]:
    """Return rows as ranges of first and last, in order: (12, 310), (312, 312)."""
    ranges: list[Range] = []
    for row in sorted(set(rows)):
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    return tuple(ranges)


def sheet_rows_in(runs: str, ids: Sequence[int]) -> list[int]:
    """Return the sheet rows that `runs` (store.runs) gives for those of the sorted row ids that it has."""
    found = []
    for first, sheet_row, count in runs_of(runs):
        for row_id in ids[bisect_left(ids, first) : bisect_left(ids, first + count)]:
            found.append(sheet_row + row_id - first)
    return found
