"""What each agency is to send for a period, part by part, and when all of a part was here."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, and_, func, null, or_, select

from scorecards.definitions import Definitions, ExpectedReturn
from scorecards.periods import Period, Span, all_periods, left_of, period_by_id
from scorecards.returns.signs import is_answer
from scorecards.store import Store
from scorecards.store.schema import submission, withdrawal

KPI = "kpi:"  # before the id of a measure, where lists and measures stand side by side
WHOLE = "partnership"
ROLLING = "rolling_12_months"
NUMBERS = ("numerator", "denominator", "value")
Key = tuple[str, str, str]  # agency, measure or list, period id


@dataclass(frozen=True)
class Part:
    """One list, or one measure, that an agency is to send for a period."""

    agency: str
    period: Period
    item: str  # a record type, or "kpi:" + id
    due: datetime.date
    received: datetime.date | None = None  # when all of it was here
    begun: datetime.date | None = None  # when the newest of it came, where that is not all
    lacks: tuple[Span, ...] = ()  # the days of a list begun that nothing covers
    refused: int = 0  # rows that could not be read
    is_declared: bool = False  # the agency says that there is no figure, or none yet
    available: Period | None = None  # and from when it can be had

    @property
    def is_on_time(self) -> bool:
        return self.received is not None and self.received <= self.due


@dataclass(frozen=True)
class Sheet:
    """One list as it was stored, and the days that it covers."""

    span: Span
    received: int
    refused: int


@dataclass(frozen=True)
class Figure:
    """One figure of the whole partnership as it stands: when it first came; else from when it can be had, if known."""

    received: int | None
    available: str | None = None


@dataclass(frozen=True)
class Arrivals:
    """All that has come and was not withdrawn."""

    sheets: dict[tuple[str, str], list[Sheet]] = field(default_factory=dict)  # by agency and list, oldest first
    figures: dict[Key, Figure] = field(default_factory=dict)
    asked: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # by agency and period id

    def was_asked(self, agency: str, period: Period, item: str) -> bool:
        """Return whether the agency knew of a part: a template that it filled in may be older than the expectation."""
        asked = self.asked.get((agency, period.id))
        return asked is None or item in asked


def read_parts(store: Store, connection: Connection, version: int | None = None) -> tuple[Part, ...]:
    """Return every part that is expected for the periods that have begun, but for what a template did not ask.

    What has come is that of the newest version, or as it was at `version`.
    """
    came = read_arrivals(store, connection, version)
    expected = expected_parts(store.definitions, store.today)
    return tuple(_with_arrival(one, came) for one in expected if came.was_asked(one.agency, one.period, one.item))


def expected_parts(definitions: Definitions, today: datetime.date) -> tuple[Part, ...]:
    """Return every part that partnership.yaml expects for the periods that have begun, as if nothing had come."""
    us = definitions.partnership
    newest: dict[Key, tuple[datetime.date, Part]] = {}
    for line in us.returns:
        for period in all_periods(us.first_day, today):
            if period.kind == line.every and period.first >= line.from_:
                for one in _parts_of(line, period):
                    key = (one.agency, one.item, period.id)
                    # Of two lines for the same part, the one that holds from a later day sets when it is due.
                    if key not in newest or newest[key][0] <= line.from_:
                        newest[key] = (line.from_, one)
    return tuple(part for _from, part in newest.values())


def _parts_of(line: ExpectedReturn, period: Period) -> Iterable[Part]:
    due = period.last + datetime.timedelta(days=line.due_days_after)
    for item in (*line.records, *(KPI + kpi for kpi in line.kpis)):
        yield Part(line.agency, period, item, due)


def _with_arrival(part: Part, came: Arrivals) -> Part:
    if part.item.startswith(KPI):
        return _with_figure(part, came)
    first, end = part.period.first.toordinal(), part.period.end.toordinal()
    stored = came.sheets.get((part.agency, part.item), ())
    sheets = [one for one in stored if one.span[0] < end and first < one.span[1]]
    if not sheets:
        return part
    lacks = left_of((first, end), [one.span for one in sheets])
    refused = _refused(sheets, (first, end))
    if lacks:
        return _changed(part, begun=_day(max(one.received for one in sheets)), lacks=lacks, refused=refused)
    return _changed(part, received=_day(_day_covered(sheets, (first, end))), refused=refused)


def _day_covered(sheets: list[Sheet], wanted: Span) -> int:
    """Return the day of the first submission that completed the cover: corrections after it make nothing late."""
    by_day = sorted(sheets, key=lambda one: one.received)
    for number, one in enumerate(by_day, 1):
        if not left_of(wanted, [earlier.span for earlier in by_day[:number]]):
            return one.received
    return by_day[-1].received


def _refused(sheets: list[Sheet], wanted: Span) -> int:
    """Return how many rows could not be read, without those of days that were sent again since."""
    found = 0
    for number, one in enumerate(sheets):
        inside = (max(one.span[0], wanted[0]), min(one.span[1], wanted[1]))
        if left_of(inside, [later.span for later in sheets[number + 1 :]]):
            found += one.refused
    return found


def _with_figure(part: Part, came: Arrivals) -> Part:
    kpi = part.item.removeprefix(KPI)
    figure = came.figures.get((part.agency, kpi, part.period.id))
    if figure is None:
        months = [came.figures.get((part.agency, kpi, one)) for one in _months(part.period)]
        days = [one.received for one in months if one is not None and one.received is not None]
        if len(days) == len(months) > 1:
            return _changed(part, received=_day(max(days)))
        return _changed(part, begun=_day(max(days))) if days else part
    if figure.received is None:
        return _changed(part, is_declared=True, available=period_by_id(figure.available or ""))
    return _changed(part, received=_day(figure.received))


def _months(period: Period) -> list[str]:
    found, day = [], period.first
    while day < period.end:
        found.append(f"{day.year}-{day.month:02d}")
        day = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return found


def _changed(part: Part, **came) -> Part:
    return Part(part.agency, part.period, part.item, part.due, **came)


def _day(ordinal: int) -> datetime.date:
    return datetime.date.fromordinal(ordinal)


def read_arrivals(store: Store, connection: Connection, version: int | None = None) -> Arrivals:
    """Return all that has come and was not withdrawn, in the newest version or by `version`."""
    return Arrivals(
        _read_sheets(connection, version), _read_figures(store, connection, version), _read_asked(connection, version)
    )


def stands(version: int | None = None):
    """Return the condition on submissions that one stands: landed, and not withdrawn, at `version` or by now."""
    gone = select(withdrawal.c.submission_id)
    if version is None:
        return submission.c.id.not_in(gone)
    gone = gone.where(withdrawal.c.landed_in <= version)
    return and_(submission.c.landed_in <= version, submission.c.id.not_in(gone))


def _read_sheets(connection, version):
    columns = ("agency", "record_type", "covers_from", "covers_to", "received_on", "rows_refused")
    query = select(*(submission.c[name] for name in columns))
    query = query.where(submission.c.covers_from.is_not(None), stands(version)).order_by(submission.c.id)
    found: dict[tuple[str, str], list[Sheet]] = {}
    for agency, records, first, end, received, refused in connection.execute(query):
        found.setdefault((agency, records), []).append(Sheet((first, end), received, refused))
    return found


def _read_figures(store, connection, version):
    """Return the figures as they stand, each with the day on which one first came: corrections make nothing late."""
    table = store.lists["aggregate_return"].c
    number = func.coalesce(*(table[name] for name in NUMBERS)).is_not(None)
    sign = func.coalesce(*(table[f"{name}_symbol"] for name in NUMBERS))
    whole = and_(
        or_(table.area.is_(None), table.area == WHOLE),
        or_(table.breakdown.is_(None), table.breakdown == ""),
        or_(table.basis.is_(None), table.basis != ROLLING),
    )
    counts = table.superseded_in.is_(None)
    if version is not None:
        counts = and_(table.landed_in <= version, or_(counts, table.superseded_in > version))
    # A record_types.yaml of one's own may not have the column yet.
    available_from = table.get("available_from", null())
    query = (
        select(table.agency, table.kpi, table.period, submission.c.received_on, number, sign, counts, available_from)
        .join(submission, submission.c.id == table.submission_id)
        .where(whole, stands(version))
    )
    first: dict[Key, int] = {}
    live: dict[Key, Figure] = {}
    for agency, kpi, period, received, has_number, symbol, is_live, available in connection.execute(query):
        key, is_given = (agency, kpi, period), has_number or is_answer(symbol)
        if is_given:
            first[key] = min(received, first.get(key, received))
        if is_live and (is_given or key not in live):
            live[key] = Figure(received if is_given else None, available)
    return {key: Figure(first[key]) if one.received is not None else one for key, one in live.items()}


def _read_asked(connection, version):
    """Return what the templates that an agency filled in for a period asked for; of several, all that any asked."""
    columns = (submission.c.agency, submission.c.period, submission.c.asked)
    query = select(*columns).where(submission.c.asked.is_not(None), submission.c.period.is_not(None), stands(version))
    found: dict[tuple[str, str], frozenset[str]] = {}
    for agency, period, asked in connection.execute(query.distinct()):
        found[agency, period] = found.get((agency, period), frozenset()) | frozenset(json.loads(asked))
    return found
