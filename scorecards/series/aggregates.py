"""Figures that partners send ready made: added up where they may be, never with a list's for the same days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from scorecards.definitions import Kpi
from scorecards.periods import Period, month, period_by_id, quarter_of
from scorecards.periods.made import academic_year, financial_year
from scorecards.returns.signs import NOT_APPLICABLE, NOT_AVAILABLE, is_withheld
from scorecards.series.figures import FedBy, Note, Point, Status
from scorecards.store import Store

WHOLE = "partnership"
ROLLING, TO_DATE, MONTHLY_AVERAGE = "rolling_12_months", "to_date", "monthly_average"


@dataclass(frozen=True)
class Sent:
    """One live cell of an aggregate return; `symbol` is what stood there for a number, if one did."""

    agency: str
    provider: str
    area: str
    breakdown: str
    group: str
    numerator: float | None
    denominator: float | None
    value: float | None
    symbol: str | None = None
    basis: str | None = None
    fault: Note = Note.NONE  # why a year to date gives no figure of the period

    @property
    def series(self) -> tuple[str, ...]:
        """Return what tells this cell's series from every other of its KPI."""
        return self.agency, self.provider, self.area, self.breakdown, self.group


Cells = dict[tuple[str, str], list[Sent]]  # by KPI and period id


def read_sent(store: Store, connection: Connection) -> Cells:
    """Return what was sent, by KPI and period id; a rolling figure stands under its rolling period.

    Figures for the year to date become figures of the period by difference.
    """
    table = store.lists["aggregate_return"]
    found: Cells = {}
    to_date: Cells = {}
    live = select(table).where(table.c.superseded_in.is_(None)).order_by(table.c.landed_in, table.c.id)
    for row in connection.execute(live).mappings():
        period = row["period"]
        if row["basis"] == ROLLING and not period.endswith("-R12"):
            period = f"{period}-R12"
        where = to_date if row["basis"] == TO_DATE else found
        where.setdefault((row["kpi"], period), []).append(sent_of(row))
    found = {key: one_a_series(cells) for key, cells in found.items()}
    for key, cells in taken_apart(to_date, store.definitions.kpis).items():
        given = {cell.series for cell in found.get(key, ())}
        found.setdefault(key, []).extend(cell for cell in cells if cell.series not in given)
    return found


def one_a_series(cells: Iterable[Sent]) -> list[Sent]:
    """Return one cell of each series, of cells from the oldest on, so that nothing counts twice.

    A figure can stand under several bases: typed without one, and sent as counted at the period's end. What was sent
    last holds, but an average of the months never goes before a figure of the period.
    """
    kept: dict[tuple[str, ...], Sent] = {}
    for cell in cells:
        before = kept.get(cell.series)
        if before is None or cell.basis != MONTHLY_AVERAGE or before.basis == MONTHLY_AVERAGE:
            kept[cell.series] = cell
    return list(kept.values())


def sent_of(row) -> Sent:
    """Return a stored row of the aggregate return as a cell."""
    symbols = (row["numerator_symbol"], row["denominator_symbol"], row["value_symbol"])
    return Sent(
        row["agency"], row["provider"] or "", row["area"] or WHOLE, row["breakdown"] or "", row["group"] or "",
        row["numerator"], row["denominator"], row["value"], next(filter(None, symbols), _said_to_come(row)),
        row["basis"],
    )  # fmt: skip


def _said_to_come(row) -> str | None:
    """Return the sign of a figure of which its sender says only from when it can be had."""
    has_none = all(row[name] is None for name in ("numerator", "denominator", "value"))
    return NOT_AVAILABLE if has_none and row.get("available_from") else None


def taken_apart(to_date: Cells, kpis: dict[str, Kpi]) -> Cells:
    """Return the figures of single periods that figures for the year to date give by difference.

    A cell's own period always has one, if only to say why there is no figure; a longer or shorter period that ends on
    the same day has one where both its ends are known.
    """
    by_series: dict[tuple, dict[int, tuple[Period, Sent]]] = {}
    for (kpi, period_id), cells in to_date.items():
        if (own := period_by_id(period_id)) is not None:
            for cell in cells:
                by_series.setdefault((kpi, *counted_with(own, cell)), {})[own.end.toordinal()] = (own, cell)
    found: Cells = {}
    for (kpi, *_), moments in by_series.items():
        for sent_for, cell in moments.values():
            for period in ending_with(sent_for):
                one = in_period(cell, period, moments, kpis.get(kpi))
                if period == sent_for or one.fault is Note.NONE:
                    found.setdefault((kpi, period.id), []).append(one)
    return found


def counted_with(period: Period, cell: Sent) -> tuple:
    """Return what two years to date have in common of which one is the other's beginning: their series and calendar.

    A school's year to December and the financial year to December end together, and count from different days.
    """
    return cell.series, year_of(period).first.month


def in_period(cell: Sent, period: Period, moments: dict[int, tuple[Period, Sent]], kpi: Kpi | None) -> Sent:
    """Return what fell into `period`: the year to its end less the year to its beginning.

    `moments` has what was sent of the same series for the year to date, by the day after the last it counts.
    """
    if kpi is not None and kpi.aggregation not in ("sum", "pool"):
        return _faulty(cell, Note.TO_DATE_ONLY)
    if cell.symbol is not None or period.first == year_of(period).first:
        return cell
    now = _numbers(cell, kpi)
    if not now:
        return _faulty(cell, Note.TO_DATE_ONLY)
    _, earlier = moments.get(period.first.toordinal(), (None, None))
    before = _numbers(earlier, kpi) if earlier is not None and earlier.symbol is None else {}
    if now.keys() != before.keys():
        return _faulty(cell, Note.EARLIER_MISSING)
    numbers = {name: now[name] - before[name] for name in now}
    if min(numbers.values()) < 0 or _is_beyond_its_base(numbers, kpi):
        return _faulty(cell, Note.TO_DATE_FALLS)
    return replace(cell, numerator=numbers["numerator"], denominator=numbers.get("denominator"), value=None)


def _is_beyond_its_base(numbers: dict[str, float], kpi: Kpi | None) -> bool:
    """Return whether more of the period's cases are counted than there were: what was left of them fell."""
    return kpi is not None and kpi.unit == "percent" and numbers["numerator"] > numbers["denominator"]


def _faulty(cell: Sent, fault: Note) -> Sent:
    return replace(cell, numerator=None, denominator=None, value=None, fault=fault)


def _numbers(cell: Sent, kpi: Kpi | None) -> dict[str, float]:
    """Return the numbers of a cell that can be taken apart: a count, which may stand under "value", or both of a share.

    A percentage of the year to date without its numbers says nothing of a part of the year.
    """
    if kpi is None or kpi.unit == "count":
        count = cell.numerator if cell.numerator is not None else cell.value
        return {} if count is None else {"numerator": count}
    if cell.numerator is None or cell.denominator is None:
        return {}
    return {"numerator": cell.numerator, "denominator": cell.denominator}


def year_of(period: Period) -> Period:
    """Return the year that a period counts from the beginning of: terms are of academic years."""
    if period.kind in ("term", "academic_year"):
        return academic_year(period.first.year if period.first.month >= 9 else period.first.year - 1)
    return financial_year(period.first.year if period.first.month >= 4 else period.first.year - 1)


def ending_with(own: Period) -> Iterable[Period]:
    """Return a period, and the month, quarter and year that end with it."""
    if own.kind not in ("month", "quarter", "half_year", "financial_year"):
        return (own,)
    last = own.last
    same_end = (month(last.year, last.month), quarter_of(last), year_of(own))
    return dict.fromkeys([own, *(one for one in same_end if one.end == own.end)])


def aggregate_point(
    kpi: Kpi, period: Period, sent: list[Sent], expected: frozenset[str], due: frozenset[str] = frozenset()
) -> Point:
    """Return the figure that the sent cells give together.

    The agencies that the partnership expects this KPI from count; when none of them sent it, one other may; several
    others for the same figure contradict each other and give no figure. While one of several that are `due` for the
    period has not sent its own, what the others sent is not the whole and there is no figure.
    """
    sent = wholes_or_parts(sent)
    counted = [one for one in sent if one.agency in expected]
    if counted and due - {one.agency for one in counted}:
        return Point(period, status=Status.NOT_SUBMITTED, note=Note.SENDER_MISSING, fed_by=FedBy.AGGREGATE)
    if not counted and len({one.agency for one in sent}) > 1:
        return Point(period, status=Status.NOT_APPLICABLE, note=Note.SENDERS_DISAGREE, fed_by=FedBy.AGGREGATE)
    return _combined(kpi, period, counted or sent)


def wholes_or_parts(sent: Iterable[Sent]) -> list[Sent]:
    """Return of each sender the figure that it gave without a provider, else those of its providers: never both.

    A trust's own total beside its hospitals' figures would count every case twice.
    """
    cells = list(sent)
    by_provider = {one.agency for one in cells if one.provider}
    wholes = {one.agency for one in cells if not one.provider and not _says_nothing(one)}
    return [
        one
        for one in cells
        if (one.agency not in wholes if one.provider else one.agency in wholes or one.agency not in by_provider)
    ]


def _says_nothing(cell: Sent) -> bool:
    numbers = (cell.numerator, cell.denominator, cell.value)
    return not cell.fault and not is_withheld(cell.symbol) and all(number is None for number in numbers)


def _combined(kpi, period, sent):
    # Where one provider has no such figure, the others' are the whole.
    sent = [one for one in sent if one.symbol != NOT_APPLICABLE] or sent[:1]
    unknown = next((one for one in sent if one.symbol or one.fault), None)
    if unknown is not None:
        return _without_number(period, unknown)
    if any(one.basis == MONTHLY_AVERAGE for one in sent):
        return _average(period, sent)
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


def _without_number(period: Period, cell: Sent) -> Point:
    """Return the point of a cell that gives no number: a sign stands there, or a year to date cannot be taken apart."""
    if cell.fault:
        return Point(period, status=Status.NOT_SUPPLIED, note=cell.fault, fed_by=FedBy.AGGREGATE)
    if cell.symbol == NOT_APPLICABLE:
        return Point(period, denominator=0, status=Status.NOT_APPLICABLE, fed_by=FedBy.AGGREGATE)
    if is_withheld(cell.symbol):
        return Point(period, status=Status.WITHHELD, fed_by=FedBy.AGGREGATE)
    return Point(period, status=Status.NOT_SUPPLIED, note=Note.NOT_AVAILABLE, fed_by=FedBy.AGGREGATE)


def _average(period: Period, sent: list[Sent]) -> Point:
    """Return an average of the months as it was sent: it is no total, and averages of several senders do not add up."""
    values = [one.value if one.value is not None else one.numerator for one in sent]
    if len(sent) > 1 or None in values:
        note = Note.CANNOT_BE_ADDED if len(sent) > 1 else Note.NONE
        return Point(period, status=Status.NOT_SUPPLIED, note=note, fed_by=FedBy.AGGREGATE)
    return Point(period, values[0], status=Status.FINAL, note=Note.MONTHLY_AVERAGE, fed_by=FedBy.AGGREGATE)


def made_point(kpi: Kpi, period: Period, numerator: float, denominator: float | None) -> Point:
    """Return the figure of a numerator and, unless it is a count, what it is out of."""
    if kpi.unit == "count":
        return Point(period, numerator, numerator, status=Status.FINAL, fed_by=FedBy.AGGREGATE)
    if not denominator:
        return Point(period, denominator=0, status=Status.NOT_APPLICABLE, fed_by=FedBy.AGGREGATE)
    scale = {"percent": 100, "per_100": 100, "per_10000": 10_000}.get(kpi.unit, 1)
    value = scale * numerator / denominator
    return Point(period, value, numerator, denominator, status=Status.FINAL, fed_by=FedBy.AGGREGATE)


def parts_to_add(kpi: Kpi, period: Period, by_id: dict[str, Point]) -> list[Point]:
    """Return the quarters or months whose figures make up a longer period: none where one is missing or may not be.

    `by_id` has the figures of the shorter periods of the same KPI, whichever way they were fed.
    """
    if kpi.aggregation not in ("sum", "pool") or kpi.unit not in ("count", "percent", "per_100"):
        return []
    for parts in (_quarters(period), _months(period)):
        points = [by_id[one] for one in parts if one in by_id]
        if len(points) == len(parts) > 1 and all(_can_be_added(kpi, point) for point in points):
            return points
    return []


def added_up(kpi: Kpi, period: Period, parts: Sequence[Point]) -> Point:
    """Return the figure of a longer period that the figures of its parts make together."""
    numerator = sum(part.numerator or 0 for part in parts)
    denominator = None if kpi.unit == "count" else sum(part.denominator or 0 for part in parts)
    return made_point(kpi, period, numerator, denominator)


def _can_be_added(kpi, point):
    if point.numerator is None or point.stands_apart:
        return False
    return kpi.unit == "count" or point.denominator is not None


def _quarters(period):
    """Return the quarters that make up a period: none where they reach beyond it, as they do beyond most terms."""
    found, day = [], period.first
    while day < period.end:
        one = quarter_of(day)
        if one.first < period.first or one.end > period.end:
            return []
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
