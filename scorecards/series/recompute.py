"""Figures made anew inside a landing: only the KPIs and periods it touches, and new versions where they differ."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from scorecards import periods as calendar_periods
from scorecards.definitions import Definitions, Kpi
from scorecards.measures import Reading, Slice, kind_of
from scorecards.periods import Period
from scorecards.returns import Part, read_parts
from scorecards.series.aggregates import WHOLE, added_up, aggregate_point, parts_to_add, read_sent
from scorecards.series.coverage import read_coverage
from scorecards.series.figures import FedBy, Note, Point, Row, Setting, Status, point_of, status_of
from scorecards.series.reading import stored_points
from scorecards.series.returned import is_returned, returned_rows, what_is_due
from scorecards.store import Landing, Store, bulk_insert, count_rows_anew, landing
from scorecards.store.engine import newest_version
from scorecards.store.schema import kpi_value, population, setting
from scorecards.store.writing import writing

Progress = Callable[[float, str], None]
Touched = Mapping[str, tuple[int, int] | None]
COMPUTED = "computed_for"
_COLUMNS = (
    "kpi", "window", "period", "breakdown", "grp", "numerator", "denominator", "value", "excluded", "status", "note",
    "fed_by", "definition",
)  # fmt: skip
# Counts have a true zero where no row fell; shares of nothing have no value.
_ZERO_IS_KNOWN = ("count", "sum", "distinct", "stock", "ageing", "rate", "population")


def recompute(store: Store, landed: Landing, touched: Touched | None = None, progress: Progress | None = None) -> int:
    """Recompute what `touched` (record type: first and end day changed; None for all) affects; return rows written.

    Periods that end before the earliest change cannot be affected, unless how far a list reaches decides their figures.
    """
    connection = landed.connection
    periods = _prepare(store, connection)
    have, sent = _kpis_with_figures(connection), _kpis_just_sent(store, landed)
    chosen = [
        (kpi, _first_day(kpi, touched) if kpi.id in have - sent else 0)
        for kpi in store.definitions.kpis.values()
        if kpi.id in sent or _is_touched(kpi, touched)
    ]
    if _worked_out_for(connection) not in (None, _computed_for(store)):
        # Nobody brought the store up to date since definitions changed: a landing must leave no old figure behind.
        chosen = _joined(chosen, _outdated(store, connection, periods))
        _drop_undefined(store, landed)
    written = _recompute(store, landed, periods, chosen, progress)
    _remember(connection, store)
    return written


def _joined(chosen, more):
    """Return every KPI of both once, with the earlier day."""
    kpis, days = {}, {}
    for kpi, first_day in (*chosen, *more):
        kpis[kpi.id], days[kpi.id] = kpi, min(first_day, days.get(kpi.id, first_day))
    return [(kpi, days[kpi_id]) for kpi_id, kpi in kpis.items()]


def bring_up_to_date(store: Store, progress: Progress | None = None) -> None:
    """Recompute at start what a changed definition or a new period asks for, as a new data version."""
    with store.read() as connection:
        version, is_current = newest_version(connection), _worked_out_for(connection) == _computed_for(store)
    if version == 0:
        # A first landing elsewhere may be filling the same tables in this moment.
        with writing(store) as connection:
            _prepare(store, connection)
    elif not is_current:
        with landing(store, "the product", "Figures recomputed: definitions or periods changed") as landed:
            periods = _prepare(store, landed.connection)
            _recompute(store, landed, periods, _outdated(store, landed.connection, periods), progress)
            _drop_undefined(store, landed)
            _remember(landed.connection, store)


def _prepare(store: Store, connection: Connection) -> tuple[Period, ...]:
    """Fill the tables that figures are worked out with, and return the periods."""
    periods = calendar_periods.prepare(connection, store.definitions, store.today)
    _store_populations(connection, store.definitions)
    return periods


def _worked_out_for(connection: Connection) -> str | None:
    """Return which definitions and periods the stored figures are of; None when none were ever worked out."""
    return connection.scalar(select(setting.c.value).where(setting.c.name == COMPUTED))


def _outdated(store, connection, periods):
    """Return the KPIs to recompute and from which day: all of a changed one, else only periods without figures."""
    live = select(kpi_value.c.kpi, kpi_value.c.definition, kpi_value.c.period).where(
        kpi_value.c.superseded_in.is_(None), kpi_value.c.breakdown == ""
    )
    stored: dict[str, set[str]] = {}
    have: dict[str, set[str]] = {}
    for kpi, definition, period in connection.execute(live.distinct()):
        stored.setdefault(kpi, set()).add(definition)
        have.setdefault(kpi, set()).add(period)
    found = []
    for kpi in store.definitions.kpis.values():
        if stored.get(kpi.id) != {definition_hash(kpi, store.definitions)}:
            found.append((kpi, 0))
            continue
        if is_returned(kpi):
            found.append((kpi, 0))  # something has fallen due since
            continue
        missing = [one for one in _windows(kpi, periods) if one.id not in have[kpi.id]]
        if missing:
            found.append((kpi, min(one.end for one in missing).toordinal() - 1))
    return found


def _kpis_with_figures(connection):
    live = select(kpi_value.c.kpi).where(kpi_value.c.superseded_in.is_(None))
    return set(connection.scalars(live.distinct()))


def _kpis_just_sent(store, landed):
    """Return the KPIs of which this landing brought or replaced a figure sent ready made."""
    table = store.lists["aggregate_return"].c
    here = or_(table.landed_in == landed.version, table.superseded_in == landed.version)
    return set(landed.connection.scalars(select(table.kpi).where(here).distinct()))


def _drop_undefined(store, landed):
    gone = kpi_value.c.kpi.not_in(list(store.definitions.kpis)) & kpi_value.c.superseded_in.is_(None)
    landed.connection.execute(update(kpi_value).where(gone).values(superseded_in=landed.version))


def _windows(kpi: Kpi, periods: Iterable[Period]) -> list[Period]:
    return [one for one in periods if one.kind in kpi.windows.shown]


def _is_touched(kpi, touched):
    if touched is None or is_returned(kpi) or kpi.measure.kind == "population":
        return True
    return bool(set(kind_of(kpi.measure).record_types(kpi)) & touched.keys())


def _first_day(kpi, touched):
    """Return the day before which no period of `kpi` can have changed."""
    if touched is None or is_returned(kpi) or kpi.measure.kind == "population":
        return 0
    days = [touched[records] for records in kind_of(kpi.measure).record_types(kpi) if records in touched]
    if None in days:
        return 0
    return 0 if _looks_at_cover(kpi.measure) else min(first for first, _end in days)


def _looks_at_cover(measure):
    """Return whether how far a list reaches, or back to where without a gap, decides figures of earlier periods."""
    follows = measure.kind in ("cohort", "reached", "reviewed")
    return follows or getattr(measure, "unfinished", "") == "missed_when_overdue"


def _recompute(store, landed, periods, chosen, progress):
    connection = landed.connection
    count_rows_anew(connection, store.lists)
    coverage = read_coverage(connection, store.definitions)
    reading = Reading(store.definitions, store.lists, coverage.first_days(), coverage.end_days())
    sent = read_sent(store, connection)
    parts = read_parts(store, connection) if any(is_returned(kpi) for kpi, _first_day in chosen) else ()
    written = 0
    for number, (kpi, first_day) in enumerate(chosen):
        if progress is not None:
            progress(number / len(chosen), f"Working out {kpi.title}")
        wanted = [one for one in _windows(kpi, periods) if one.end.toordinal() > first_day]
        setting_ = Setting(kpi, store.definitions, coverage)
        if is_returned(kpi):
            figures = _returned_figures(setting_, parts, wanted, sent, store.today)
        else:
            figures = _figures(connection, setting_, reading, wanted, sent)
        written += _store(landed, kpi, definition_hash(kpi, store.definitions), wanted, figures)
    if progress is not None:
        progress(1.0, "Figures are up to date")
    return written


Figures = dict[tuple[str, str, str], Point]  # (period id, breakdown, group)


def _figures(connection, setting_, reading, wanted, sent) -> Figures:
    """Return every figure of one KPI for the wanted periods."""
    kpi = setting_.kpi
    found: Figures = {}
    covered = {one.id for one in wanted if status_of(setting_, one)[0] is not Status.NOT_SUBMITTED}
    first_day = min((one.first.toordinal() for one in wanted if one.id in covered), default=0)
    for breakdown in ("", *kpi.breakdowns):
        # A list that nobody sent is not asked for its rows.
        rows = _rows(connection, kpi, reading, breakdown, first_day) if covered else {}
        groups = _groups(setting_.definitions, breakdown, rows)
        for period in wanted:
            for group in groups:
                row = rows.get((period.id, group))
                if period.id in covered and (row is not None or _zero_is_known(setting_, breakdown, group)):
                    found[period.id, breakdown, group] = point_of(
                        setting_, period, row or _nothing(kpi), _area(breakdown, group)
                    )
                elif not breakdown:
                    found[period.id, "", ""] = Point(period)
    told = _add_aggregates(setting_, wanted, sent, found)
    _add_longer(connection, setting_, wanted, sent, found, told)
    return found


def _returned_figures(setting_, parts: tuple[Part, ...], wanted, sent, today) -> Figures:
    """Return the figures of what came in time; a period for which nothing was to come has none, unless one was sent."""
    found: Figures = {(period.id, "", ""): Point(period) for period in wanted}
    periods = {period.id: period for period in wanted}
    for breakdown in ("", *setting_.kpi.breakdowns):
        for (period_id, group), row in returned_rows(parts, wanted, breakdown, today).items():
            found[period_id, breakdown, group] = point_of(setting_, periods[period_id], row, WHOLE)
    _add_aggregates(setting_, wanted, sent, found)
    return {key: point for key, point in found.items() if point.fed_by is not FedBy.NOTHING}


def _zero_is_known(setting_, breakdown, group):
    """Return whether a covered period without a row has a figure: the whole does, and a count of a known locality."""
    if not breakdown:
        return True
    is_locality = breakdown == "locality" and group in setting_.definitions.partnership.localities
    return is_locality and setting_.kpi.measure.kind in _ZERO_IS_KNOWN


def _area(breakdown, group):
    return group if breakdown == "locality" else WHOLE


def _nothing(kpi):
    return Row(0, None if kpi.measure.kind in _ZERO_IS_KNOWN else 0)


def _groups(definitions, breakdown, rows):
    if not breakdown:
        return [""]
    groups = {group for _period, group in rows}
    if breakdown == "locality":
        groups |= set(definitions.partnership.localities)
    return sorted(groups)


def _rows(connection, kpi, reading, breakdown, first_day):
    statement = kind_of(kpi.measure).select(kpi, reading, Slice(kpi.windows.shown, breakdown, first_day))
    if statement is None:
        return {}
    return {
        (row["period"], row["grp"]): Row(
            row["numerator"],
            row["denominator"],
            int(row["excluded"] or 0),
            row.get("reported_numerator"),
            row.get("reported_known"),
            row.get("since"),
        )
        for row in connection.execute(statement).mappings()
    }


def _add_aggregates(setting_, wanted, sent, found) -> set[tuple[str, str, str]]:
    """Put in what was sent ready made, where no list covers the whole period; return all for which something was."""
    told: set[tuple[str, str, str]] = set()
    for period in wanted:
        cells = sent.get((setting_.kpi.id, period.id))
        is_in_part = status_of(setting_, period)[1] is Note.PART_COVERED
        if not cells or not (is_in_part or found[period.id, "", ""].fed_by is FedBy.NOTHING):
            continue
        for (breakdown, group), point in _sent_points(setting_, period, cells).items():
            key = (period.id, breakdown, group)
            told.add(key)
            # A list of some of the days takes the place of no number, but says more than a sign for none.
            if point.is_known or key not in found or not is_in_part:
                found[key] = point
    return told


def _sent_points(setting_, period, cells) -> dict[tuple[str, str], Point]:
    """Return the figures that the cells sent for a period give, by breakdown and group."""
    kpi = setting_.kpi
    returns = [one for one in setting_.definitions.partnership.returns if kpi.id in one.kpis]
    expected = frozenset(one.agency for one in returns)
    due = frozenset(one.agency for one in returns if one.from_ <= period.first)
    # A locality, or one sender's own figure, need not be everybody's.
    return {
        (breakdown, group): aggregate_point(kpi, period, those, expected, frozenset() if breakdown else due)
        for (breakdown, group), those in _split(kpi, cells).items()
    }


def _split(kpi, cells):
    """Return the cells of the whole, and of each group of a breakdown that the KPI has."""
    parts: dict[tuple[str, str], list] = {}
    for cell in cells:
        if cell.area == WHOLE and not cell.breakdown:
            parts.setdefault(("", ""), []).append(cell)
            for sender in ("agency", "provider"):
                if sender in kpi.breakdowns and getattr(cell, sender):
                    parts.setdefault((sender, getattr(cell, sender)), []).append(cell)
        elif cell.area != WHOLE and not cell.breakdown and "locality" in kpi.breakdowns:
            parts.setdefault(("locality", cell.area), []).append(cell)
        elif cell.area == WHOLE and cell.breakdown in kpi.breakdowns:
            parts.setdefault((cell.breakdown, cell.group), []).append(cell)
    return parts


def _add_longer(connection, setting_, wanted, sent, found, told):
    """Put in longer periods that no one sent but that their quarters or months make up.

    `told` has those for which something was sent: where it was no number, nothing else takes a list's place.
    """
    kpi = setting_.kpi
    short: dict[tuple[str, str], dict[str, Point]] = {}
    for (period_id, breakdown, group), point in found.items():
        if point.period.kind in ("month", "quarter"):
            short.setdefault((breakdown, group), {})[period_id] = point
    for key, points in _sent_unshown(setting_, sent).items():
        short[key] = {**points, **short.get(key, {})}
    if not any(kpi_id == kpi.id for kpi_id, _period in sent):
        return
    # What is worked out anew is not taken from the store: a figure that is gone must be in no sum.
    earlier = _stored_short(connection, kpi, {one.id for one in wanted})
    known = {key: {**earlier.get(key, {}), **points} for key, points in short.items()}
    for period in sorted(wanted, key=lambda one: one.kind != "quarter"):  # quarters make up years
        if period.kind == "month":
            continue
        for (breakdown, group), points in known.items():
            key = (period.id, breakdown, group)
            here = found.get(key, Point(period))
            if here.fed_by is not FedBy.NOTHING and (key in told or not here.is_part_period):
                continue
            parts = parts_to_add(kpi, period, points)
            # Lists alone that leave days out make no whole.
            if FedBy.AGGREGATE in {part.fed_by for part in parts}:
                found[key] = points[period.id] = added_up(kpi, period, parts)


def _sent_unshown(setting_, sent) -> dict[tuple[str, str], dict[str, Point]]:
    """Return the months and quarters that were sent of a KPI which is not shown by them, but made up of them."""
    kpi = setting_.kpi
    found: dict[tuple[str, str], dict[str, Point]] = {}
    for (kpi_id, period_id), cells in sent.items():
        period = calendar_periods.period_by_id(period_id) if kpi_id == kpi.id else None
        if period is not None and period.kind in ("month", "quarter") and period.kind not in kpi.windows.shown:
            for key, point in _sent_points(setting_, period, cells).items():
                found.setdefault(key, {})[period_id] = point
    return found


def _stored_short(connection, kpi, but):
    """Return the stored months and quarters, `but` not those of some ids."""
    found: dict[tuple[str, str], dict[str, Point]] = {}
    for _kpi, _window, breakdown, group, point in stored_points(connection, (kpi.id,), windows=("month", "quarter")):
        if point.period.id not in but:
            found.setdefault((breakdown, group), {})[point.period.id] = point
    return found


def _store(landed, kpi, definition, wanted, figures) -> int:
    """Supersede the stored figures that differ and insert the new ones; return how many were inserted."""
    connection = landed.connection
    ids = {one.id for one in wanted}
    live = select(kpi_value.c.id, *(kpi_value.c[name] for name in _COLUMNS[1:])).where(
        kpi_value.c.superseded_in.is_(None), kpi_value.c.kpi == kpi.id
    )
    stored = {tuple(row[1:5]): (row[0], tuple(row[1:])) for row in connection.execute(live) if row[2] in ids}
    fresh = {}
    for (period_id, breakdown, group), point in figures.items():
        key = (point.period.kind, period_id, breakdown, group)
        fresh[key] = (
            *key, point.numerator, point.denominator, point.value, point.excluded,
            point.status.value, point.note.value, point.fed_by.value, definition,
        )  # fmt: skip
    gone = [row_id for key, (row_id, row) in stored.items() if fresh.get(key) != row]
    new = [(kpi.id, *row, landed.version) for key, row in fresh.items() if key not in stored or stored[key][1] != row]
    if gone:
        supersede = update(kpi_value).where(kpi_value.c.id == bindparam("row_id")).values(superseded_in=landed.version)
        connection.execute(supersede, [{"row_id": row_id} for row_id in gone])
    bulk_insert(connection, kpi_value, (*_COLUMNS, "landed_in"), new)
    return len(new)


def definition_hash(kpi: Kpi, definitions: Definitions) -> str:
    """Return a hash that changes when anything that decides the KPI's figures does, and not when only words do."""
    us = definitions.partnership
    records = kind_of(kpi.measure).record_types(kpi)
    parts = [
        kpi.measure.model_dump(mode="json"),
        [*kpi.windows.shown],
        [*kpi.breakdowns],
        [kpi.aggregation, kpi.unit],
        [lead.model_dump(mode="json") for lead in us.lead_agencies if lead.records in records],
        sorted(us.localities) if "locality" in kpi.breakdowns else [],
        [one.model_dump() for one in us.populations] if kpi.measure.kind in ("rate", "population") else [],
        sorted((one.agency, one.from_.isoformat()) for one in us.returns if kpi.id in one.kpis),
        [_groups_of(definitions, kpi.measure.records, breakdown) for breakdown in kpi.breakdowns],
    ]
    if is_returned(kpi):
        parts.append([one.model_dump(mode="json") for one in us.returns])
    if (over := getattr(kpi.measure, "over", None)) is not None:
        parts.append([_groups_of(definitions, over.records, breakdown) for breakdown in kpi.breakdowns])
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _groups_of(definitions, records, breakdown):
    if breakdown not in definitions.record_types[records].columns:
        return []
    codes = definitions.code_list(records, breakdown)
    return sorted((code, entry.group or entry.label) for code, entry in codes.codes.items()) if codes else []


def _computed_for(store: Store) -> str:
    hashes = sorted(definition_hash(kpi, store.definitions) for kpi in store.definitions.kpis.values())
    periods = calendar_periods.all_periods(store.definitions.partnership.first_day, store.today)
    due = what_is_due(store.definitions, store.today)
    text = json.dumps([sorted(store.definitions.kpis), hashes, periods[-1].id, len(periods), due])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _remember(connection: Connection, store: Store) -> None:
    connection.execute(delete(setting).where(setting.c.name == COMPUTED))
    connection.execute(insert(setting).values(name=COMPUTED, value=_computed_for(store)))


def _store_populations(connection: Connection, definitions: Definitions) -> None:
    """Keep the population table as the partnership file has it; a release once stored is not changed."""
    key = (population.c.area, population.c.mid_year, population.c.release)
    stored = {tuple(row) for row in connection.execute(select(*key))}
    new = [
        {"area": one.area, "mid_year": one.mid_year, "release": one.release, "children_0_17": one.children_0_17}
        for one in definitions.partnership.populations
        if (one.area, one.mid_year, one.release) not in stored
    ]
    if new:
        connection.execute(insert(population), new)
