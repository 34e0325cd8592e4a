"""One measure run over rows of plain values, on either database."""

from contextlib import contextmanager

import pytest
import yaml
from pydantic import TypeAdapter

from scorecards.definitions import read_definitions
from scorecards.definitions.measure_models import Measure
from scorecards.measures import Slice, kind_of
from scorecards.periods import prepare
from scorecards.store import bulk_insert, count_rows_anew
from scorecards.store.lists import stored_columns
from tests.prepared import open_prepared
from tests.seeding import with_partnership

KEY = "a key for tests only, of no use to anybody"
PROVENANCE = {"submission_id": 1, "source_row": 2, "landed_in": 1, "superseded_in": None}
MEASURE = TypeAdapter(Measure)


@contextmanager
def measuring_store(url, definitions, today):
    """Yield a store at `url` with the calendar and periods in it, and no rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_KEY", KEY)
        store = open_prepared(url, definitions, today)
    try:
        with store.writer.begin() as connection:
            prepare(connection, definitions, today)
            count_rows_anew(connection, store.lists)
        yield store
    finally:
        store.close()


@contextmanager
def rows_for_now(store, lists):
    """Yield a connection that sees rows of plain values in the list tables; nothing of them is kept."""
    with store.writer.connect() as connection, connection.begin() as transaction:
        for records, rows in lists.items():
            put(connection, store, records, rows)
        yield connection
        transaction.rollback()


def put(connection, store, records, rows):
    """Insert rows of plain values (dates, moments, words, whole numbers) into a list table."""
    record = store.definitions.record_types[records]
    columns = ["agency", *stored_columns(record), *PROVENANCE]
    lead = _leads(store.definitions, records)
    values = []
    for row in rows:
        stored = {"agency": lead, **PROVENANCE, **row}
        assert set(stored) <= set(columns), f"{records} has no column {set(stored) - set(columns)}"
        values.append(tuple(as_stored(stored.get(column)) for column in columns))
    bulk_insert(connection, store.lists[records], columns, values)


def _leads(definitions, records):
    leads = [lead for lead in definitions.partnership.lead_agencies if lead.records == records]
    return min(leads, key=lambda lead: lead.from_).agency if leads else "council"


def as_stored(value):
    """Return a plain value as the store keeps it: days as ordinals, moments as minutes."""
    if hasattr(value, "hour"):
        return value.toordinal() * 24 * 60 + value.hour * 60 + value.minute
    return value.toordinal() if hasattr(value, "toordinal") else value


def measured(connection, kpi, reading, windows, breakdown="", first_day=0):
    """Return what the measure's statement finds: {(period id, group): {column: number}}."""
    statement = kind_of(kpi.measure).select(kpi, reading, Slice(tuple(windows), breakdown, first_day))
    rows = [dict(row) for row in connection.execute(statement).mappings()]
    found = {(row.pop("period"), row.pop("grp")): row for row in rows}
    assert len(found) == len(rows), "two rows for one period and group"
    return found


def measure(text):
    """Return the measure written as in kpi_definitions.yaml."""
    return MEASURE.validate_python(yaml.safe_load(text))


def kpi_with(measure, breakdowns=("locality",), kpi_id="drawn", definitions=None):
    """Return a KPI with this measure; its words are those of another."""
    some = (definitions or read_definitions()).kpis["referrals"]
    return some.model_copy(update={"id": kpi_id, "measure": measure, "breakdowns": tuple(breakdowns)})


def with_kpis(definitions, kpis):
    return definitions.model_copy(update={"kpis": {**definitions.kpis, **kpis}})


__all__ = ["kpi_with", "measure", "measured", "measuring_store", "put", "rows_for_now", "with_kpis", "with_partnership"]
