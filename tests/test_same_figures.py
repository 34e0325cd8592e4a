"""One landing of random rows, on SQLite and on PostgreSQL: every stored figure is the same, value and status."""

import datetime

from sqlalchemy import select

from scorecards.definitions import Locality, Population, read_definitions
from scorecards.series import FedBy
from scorecards.store.schema import kpi_value
from tests.measuring import as_stored
from tests.random_rows import random_lists
from tests.seeding import empty_store, land, with_partnership

COVERED = ("2022-10-01", "2025-09-30")
PROVENANCE = ("agency", "landed_in", "superseded_in")


def definitions():
    localities = {"north": Locality(title="North"), "south": Locality(title="South")}
    populations = tuple(
        Population(area=area, mid_year=2023, children_0_17=children, release="made up")
        for area, children in (("partnership", 77_003), ("north", 40_001), ("south", 37_002))
    )
    return with_partnership(
        read_definitions(), localities=localities, populations=populations, first_day=datetime.date(2024, 4, 1)
    )


def rows():
    made = random_lists(definitions(), seed=7, rows=200)
    return {
        records: [{name: as_stored(value) for name, value in row.items() if name not in PROVENANCE} for row in found]
        for records, found in made.items()
    }


def stored_figures(url):
    store = empty_store(url, definitions())
    land(store, rows(), COVERED)
    columns = [column for column in kpi_value.columns if column.name != "id"]
    with store.read() as connection:
        found = [dict(row) for row in connection.execute(select(*columns)).mappings()]
    store.close()
    return {(row["kpi"], row["period"], row["breakdown"], row["grp"]): row for row in found}


def test_a_landing_stores_the_same_figures_on_both_databases(sqlite_url, postgres_url):
    on_sqlite, on_postgres = stored_figures(sqlite_url), stored_figures(postgres_url)
    assert on_sqlite == on_postgres
    assert FedBy.LIST in {row["fed_by"] for row in on_sqlite.values()}
