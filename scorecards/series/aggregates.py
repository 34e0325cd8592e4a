"""Figures that partners send ready made: added up where they may be, never with a list's for the same days."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from scorecards.definitions import Kpi
from scorecards.periods import Period, period_by_id, quarter_of
from scorecards.series.figures import FedBy, Note, Point, Status
from scorecards.store import Store

WHOLE = "partnership"
USED_BASES = (None, "in_period", "at_date", "rolling_12_months")


@dataclass(frozen=True)
class Sent:
    """One live cell of an aggregate return."""

    agency: str
    provider: str
    area: str
    breakdown: str
    group: str
    numerator: float | None
    denominator: float | None
    value: float | None
    withheld: bool


def read_sent(store: Store, connection: Connection) -> dict[tuple[str, str], list[Sent]]:
    """Return what was sent, by KPI and period id; a rolling figure stands under its rolling period."""
    table = store.lists["aggregate_return"]
    found: dict[tuple[str, str], list[Sent]] = {}
    for row in connection.execute(select(table).where(table.c.superseded_in.is_(None))).mappings():
        if row["basis"] not in USED_BASES:
            continue
        period = row["period"]
        if row["basis"] == "rolling_12_months" and not period.endswith("-R12"):
            period = f"{period}-R12"
        symbols = (row["numerator_symbol"], row["denominator_symbol"], row["value_symbol"])
        sent = Sent(
            row["agency"],
            row["provider"] or "",
            row["area"] or WHOLE,
            row["breakdown"] or "",
            row["group"] or "",
            row["numerator"],
            row["denominator"],
            row["value"],
            any(symbols),
        )
        found.setdefault((row["kpi"], period), []).append(sent)
    return found


def aggregate_point(
    kpi: Kpi, period: Period, sent: list[Sent], expected: frozenset[str], due: frozenset[str] = frozenset()
) -> Point:
    """Return the figure that the sent cells give together.

    The agencies that the partnership expects this KPI from count; when none of them sent it, one other may; several
    others for the same figure contradict each other and give no figure. While one of several that are `due` for the
    period has not sent its own, what the others sent is not the whole and there is no figure.
    """
    counted = [one for one in sent if one.agency in expected]
    if counted and due - {one.agency for one in counted}:
        return Point(period, status=Status.NOT_SUBMITTED, note=Note.SENDER_MISSING, fed_by=FedBy.AGGREGATE)
    if not counted and len({one.agency for one in sent}) > 1:
        return Point(period, status=Status.NOT_APPLICABLE, note=Note.SENDERS_DISAGREE, fed_by=FedBy.AGGREGATE)
    return _combined(kpi, period, counted or sent)


def _combined(kpi, period, sent):
    if any(one.withheld for one in sent):
        return Point(period, status=Status.WITHHELD, fed_by=FedBy.AGGREGATE)
    numerators = [one.numerator for one in sent]
    denominators = [one.denominator for one in sent]
    if kpi.unit == "count":
        numbers = [one.numerator if one.numerator is not None else one.value for one in sent]
        if None in numbers:
            return Point(period, status=Status.NOT_SUPPLIED, fed_by=FedBy.AGGREGATE)
        return made_point(kpi, period, sum(numbers), None)
    if None not in numerators and None not in denominators:
        return made_point(kpi, period, sum(numerators), sum(denominators))
    if len(sent) == 1 and sent[0].value is not None:
        return Point(period, sent[0].value, None, sent[0].denominator, status=Status.FINAL, fed_by=FedBy.AGGREGATE)
    note = Note.CANNOT_BE_ADDED if len(sent) > 1 else Note.NONE
    return Point(period, status=Status.NOT_SUPPLIED, note=note, fed_by=FedBy.AGGREGATE)


def made_point(kpi: Kpi, period: Period, numerator: float, denominator: float | None) -> Point:
    """Return the figure of a numerator and, unless it is a count, what it is out of."""
    if kpi.unit == "count":
        return Point(period, numerator, numerator, status=Status.FINAL, fed_by=FedBy.AGGREGATE)
    if not denominator:
        return Point(period, denominator=0, status=Status.NOT_APPLICABLE, fed_by=FedBy.AGGREGATE)
    scale = {"percent": 100, "per_10000": 10_000}.get(kpi.unit, 1)
    value = scale * numerator / denominator
    return Point(period, value, numerator, denominator, status=Status.FINAL, fed_by=FedBy.AGGREGATE)


def add_up(kpi: Kpi, period: Period, by_id: dict[str, Point]) -> Point | None:
    """Return the figure of a longer period from its quarters or months; None when one is missing or may not be added.

    `by_id` has the figures of the shorter periods of the same KPI, whichever way they were fed.
    """
    if kpi.aggregation not in ("sum", "pool") or kpi.unit not in ("count", "percent"):
        return None
    for parts in (_quarters(period), _months(period)):
        points = [by_id[one] for one in parts if one in by_id]
        if len(points) == len(parts) > 1 and all(_can_be_added(kpi, point) for point in points):
            numerator = sum(point.numerator or 0 for point in points)
            denominator = None if kpi.unit == "count" else sum(point.denominator or 0 for point in points)
            return made_point(kpi, period, numerator, denominator)
    return None


def _can_be_added(kpi, point):
    if point.numerator is None or point.is_part_period:
        return False
    return kpi.unit == "count" or point.denominator is not None


def _quarters(period):
    found, day = [], period.first
    while day < period.end:
        one = quarter_of(day)
        found.append(one.id)
        day = one.end
    return found


def _months(period):
    found, day = [], period.first
    while day < period.end:
        one = period_by_id(f"{day.year}-{day.month:02d}")
        found.append(one.id)
        day = one.end
    return found
