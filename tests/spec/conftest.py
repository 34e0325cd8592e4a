"""The drawn-table check: records, a measure and the figures they make, on SQLite, PostgreSQL and in plain Python."""

import datetime
from functools import cache

import pytest

from scorecards.definitions import Locality, read_definitions
from scorecards.definitions.models import LeadAgency
from scorecards.measures import Reading
from scorecards.periods import all_periods, period_by_id
from tests import drawn, oracle, postgres
from tests.measuring import kpi_with, measure, measured, measuring_store, rows_for_now
from tests.seeding import with_partnership

TODAY = datetime.date(2025, 10, 14)
ONE_DAY = datetime.timedelta(days=1)
NOT_COUNTED = ("reported_numerator", "reported_known", "since")


@cache
def definitions():
    localities = {"north": Locality(title="North"), "south": Locality(title="South")}
    return with_partnership(read_definitions(), localities=localities)


@pytest.fixture(scope="session")
def measures_on_sqlite(tmp_path_factory):
    with measuring_store(f"sqlite:///{tmp_path_factory.mktemp('spec') / 'store.db'}", definitions(), TODAY) as store:
        yield store


@pytest.fixture(scope="session")
def measures_on_postgres(postgres_server):
    with (
        postgres.empty_database(postgres_server) as url,
        measuring_store(url, definitions(), TODAY) as store,
    ):
        yield store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def check(request):
    """Return a function that compares the figures of a drawn measure with those drawn below it.

    Records are given by list, with the child as `child`; rows are the lead agency's where no agency is drawn. Figures
    are all those of the drawn kinds of period that end after `since`; a column not drawn is empty or nought throughout.
    """
    store = request.getfixturevalue(f"measures_on_{request.param}")

    def compare(
        *, measure: str, figures: str, by="", since="2021-04-01", covered=None, leads=None, version=None, **records
    ):
        wanted = drawn.table(figures)
        ours = _with_leads(leads)
        kpi = _kpi(measure)
        lists = {name: [_row(ours, name, row) for row in drawn.table(text)] for name, text in records.items()}
        since = datetime.date.fromisoformat(since)
        kinds = {period_by_id(row["period"]).kind for row in wanted} or {"quarter"}
        first, end = _cover(covered or {})
        reading = Reading(ours, store.lists, _ordinals(first), _ordinals(end), version)
        with rows_for_now(store, lists) as connection:
            found = measured(connection, kpi, reading, kinds, by, since.toordinal())
        compared = {name for row in wanted for name in row}
        assert _compared(found, compared) == _expected(wanted)
        periods = [
            one for one in all_periods(ours.partnership.first_day, TODAY) if one.kind in kinds and one.end > since
        ]
        assert oracle.answer(kpi, oracle.World(ours, lists, first, end, version), periods, by) == found

    return compare


def _kpi(text):
    return kpi_with(measure(text), definitions=definitions())


def _with_leads(leads):
    if leads is None:
        return definitions()
    agencies = tuple(
        LeadAgency(records=row["list"], agency=row["agency"], from_=row["from"]) for row in drawn.table(leads)
    )
    return with_partnership(definitions(), lead_agencies=agencies)


def _row(ours, records, row):
    """Return a drawn row by the names of its columns, a moment as its day and its minute."""
    named = {}
    for name, value in row.items():
        column = ours.record_types[records].child_column if name == "child" else name
        if isinstance(value, datetime.datetime):
            named[f"{column}_minute"], value = value, value.date()
        named[column] = value
    lead = next((one.agency for one in ours.partnership.lead_agencies if one.records == records), "council")
    return {"agency": lead, **named}


def _cover(covered):
    days = {records: [datetime.date.fromisoformat(day) for day in span] for records, span in covered.items()}
    first = {records: span[0] for records, span in days.items()}
    return first, {records: span[1] + ONE_DAY for records, span in days.items()}


def _ordinals(days):
    return {records: day.toordinal() for records, day in days.items()}


def _compared(found, drawn_columns):
    return {
        key: {name: value for name, value in row.items() if name in drawn_columns or name not in NOT_COUNTED}
        for key, row in found.items()
    }


def _expected(wanted):
    nothing = {"numerator": 0, "denominator": None, "excluded": 0}
    expected = {}
    for row in wanted:
        key = (row["period"], row.get("group") or "")
        expected[key] = nothing | {name: value for name, value in row.items() if name not in ("period", "group")}
    return expected
