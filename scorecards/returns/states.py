"""What became of each return: received, late, in part, missing, explained or not due; and what follows from it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from scorecards.definitions import Definitions
from scorecards.measures import kind_of
from scorecards.periods import Period, single_day
from scorecards.returns.expected import KPI, Part, read_parts
from scorecards.returns.said import WHOLE_RETURN, Said, read_reasons
from scorecards.store import Store
from scorecards.store.schema import kpi_value

# Kinds whose figure needs every list they read, and not only the one that dates it.
NEED_EVERY_LIST = ("cohort", "reached", "reviewed", "ratio", "during", "preceded")
# Kinds that are made of whatever came, so that nothing that is missing leaves them without a figure.
OF_WHAT_CAME = ("filled", "returned", "population")


class ReturnState(StrEnum):
    RECEIVED = "received"
    LATE = "late"  # here in full, but after it was due
    PART = "part"
    MISSING = "missing"
    NOT_SUPPLIED = "not supplied"  # missing, and the agency said why or when
    NOT_DUE = "not due yet"


# What is not here in full though it was due, or has come in part before that.
OPEN_STATES = (ReturnState.PART, ReturnState.MISSING, ReturnState.NOT_SUPPLIED)


@dataclass(frozen=True)
class Stretch:
    """Days on end, both included."""

    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class Absence:
    """One part of a return that is not here in full, and what the agency said about it."""

    item: str  # a record type, or "kpi:" + id
    title: str
    lacks: tuple[Stretch, ...] = ()  # of a list that came in part, the days without cover
    reason: str = ""  # as it was recorded
    expected: Period | None = None  # a day, or the period that the agency named
    is_declared: bool = False  # the agency sent word, in place of the figure, that there is none or none yet

    @property
    def is_explained(self) -> bool:
        return bool(self.reason) or self.is_declared


@dataclass(frozen=True)
class Return:
    """One agency's return for one period."""

    agency: str
    period: Period
    due: datetime.date
    state: ReturnState
    received: datetime.date | None  # when the last of it came
    days_late: int  # 0 when in time or not due
    missing: tuple[str, ...]  # titles of lists and measures not sent
    problem_rows: int  # rows refused in what was sent
    without_figure: tuple[str, ...]  # ids of KPIs that have no figure because of what is missing
    absent: tuple[Absence, ...] = ()  # the same as `missing`, with what was said about each

    @property
    def is_open(self) -> bool:
        """Return whether something of it is still awaited, and it was due or began to come."""
        return self.state in OPEN_STATES


def read_returns(
    store: Store, periods: Sequence[Period] | None = None, version: int | None = None
) -> tuple[Return, ...]:
    """Return every expected return of `periods` (else of all periods that have ended), by agency and time.

    What has come is that of the newest version, or as it was at `version`.
    """
    with store.read() as connection:
        parts = [one for one in read_parts(store, connection, version) if _is_wanted(one, periods, store.today)]
        said = read_reasons(connection)
        known = _known_figures(connection, {one.period.id for one in parts}, version)
    together: dict[tuple[str, str], list[Part]] = {}
    for one in parts:
        together.setdefault((one.agency, one.period.id), []).append(one)
    return tuple(
        _return(store.definitions, those, said.get(key, {}), known, store.today) for key, those in together.items()
    )


def _is_wanted(part, periods, today):
    return part.period.end <= today and (periods is None or part.period in periods)


Known = set[tuple[str, str]]  # (measure, period id) of the figures that there are


def _known_figures(connection: Connection, periods: set[str], version: int | None) -> Known:
    """Return which figures of the whole partnership there are for these periods, or the 12 months to their ends."""
    table, ids = kpi_value.c, {*periods, *(f"{one}-R12" for one in periods)}
    counts: ColumnElement[bool] = table.superseded_in.is_(None)
    if version is not None:
        counts = and_(table.landed_in <= version, or_(counts, table.superseded_in > version))
    whole = and_(table.breakdown == "", table.value.is_not(None), table.period.in_(sorted(ids)))
    query = select(table.kpi, table.period).where(whole, counts)
    return {(kpi, period.removesuffix("-R12")) for kpi, period in connection.execute(query)}


def _return(definitions: Definitions, parts: list[Part], said: Said, known: Known, today: datetime.date) -> Return:
    period, agency = parts[0].period, parts[0].agency
    missing = [one for one in parts if one.received is None]
    absent = tuple(_absence(definitions, one, said) for one in missing)
    due = max(one.due for one in parts)
    days = [day for one in parts if (day := one.received or one.begun) is not None]
    received = max(days) if days else None
    state, late = _state(due, received, absent, today)
    without = (
        kpi for one in missing for kpi in fed_by(definitions, agency, one.item, period) if (kpi, period.id) not in known
    )
    titles = tuple(one.title for one in absent)
    refused = sum(one.refused for one in parts)
    return Return(agency, period, due, state, received, late, titles, refused, tuple(dict.fromkeys(without)), absent)


def _absence(definitions: Definitions, part: Part, said: Said) -> Absence:
    """Return what is not here with what was said of it: the part's own reason goes before that of the whole return."""
    reason = said.get(part.item) or said.get(WHOLE_RETURN)
    expected = part.available
    if reason is not None and reason.expected is not None:
        expected = single_day(reason.expected)
    words = reason.why if reason is not None else ""
    lacks = tuple(_stretch(*span) for span in part.lacks)
    return Absence(part.item, item_title(definitions, part.item), lacks, words, expected, part.is_declared)


def _stretch(first: int, end: int) -> Stretch:
    return Stretch(datetime.date.fromordinal(first), datetime.date.fromordinal(end - 1))


def item_title(definitions: Definitions, item: str) -> str:
    """Return what a list or a measure is called."""
    kpi, record = definitions.kpis.get(item.removeprefix(KPI)), definitions.record_types.get(item)
    if item.startswith(KPI):
        return kpi.title if kpi else item.removeprefix(KPI)
    return record.title if record else item


def _state(due, received, absent, today):
    overdue = max(0, (today - due).days)
    if not absent:
        late = max(0, (received - due).days)
        return (ReturnState.LATE, late) if late else (ReturnState.RECEIVED, 0)
    if received is not None:
        return ReturnState.PART, overdue
    if all(one.is_explained for one in absent):
        return ReturnState.NOT_SUPPLIED, overdue
    return (ReturnState.MISSING, overdue) if overdue else (ReturnState.NOT_DUE, 0)


def fed_by(definitions: Definitions, agency: str, item: str, period: Period) -> list[str]:
    """Return the ids of the KPIs that a part feeds; rows of an agency that does not lead on a list feed none."""
    if item.startswith(KPI):
        return [item.removeprefix(KPI)]
    if definitions.partnership.lead_agency(item, period.last) not in (agency, None):
        return []
    return [kpi.id for kpi in definitions.kpis.values() if item in _needed(kpi)]


def _needed(kpi):
    if kpi.measure.kind in OF_WHAT_CAME:
        return ()
    records = kind_of(kpi.measure).record_types(kpi)
    return records if kpi.measure.kind in NEED_EVERY_LIST else records[:1]


@dataclass(frozen=True)
class Awaited:
    """What a figure waits for: who has not sent which part of it, for which period, and what they said."""

    who: str  # the agency's title
    period: Period
    due: datetime.date
    absence: Absence


def awaited_for(
    returns: Sequence[Return], definitions: Definitions, kpi_id: str, period: Period
) -> tuple[Awaited, ...]:
    """Return what a measure's figure of a period waits for, the newest first."""
    agencies = definitions.partnership.agencies
    found = [
        Awaited(agencies[one.agency].title if one.agency in agencies else one.agency, one.period, one.due, absence)
        for one in returns
        if period.first < one.period.end <= period.end
        for absence in one.absent
        if kpi_id in fed_by(definitions, one.agency, absence.item, one.period)
    ]
    return tuple(sorted(found, key=lambda one: one.period.end, reverse=True))
