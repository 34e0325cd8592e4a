"""A store of the first version becomes one of the newest with everything kept, or stays as it was."""

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, func, inspect, select

from data_loaders import check_files, land
from scorecards.errors import StoreError
from scorecards.series import bring_up_to_date
from scorecards.series.proof import figures_that_differ
from scorecards.snapshots import list_snapshots, read_snapshot
from scorecards.store import backup
from scorecards.store.backup import restore
from scorecards.store.copies import opened_file, read_manifest, sums_of
from scorecards.store.engine import migrations
from scorecards.store.schema import audit, kpi_value
from scorecards.store.writing import landing, writing
from tests.first_schema import KEY, make_first_store
from tests.partner_files import REFERRALS, live, opened, workbook

NEWEST = ScriptDirectory.from_config(migrations()).get_current_head()


@pytest.fixture(autouse=True)
def key_of_the_first_store(monkeypatch):
    monkeypatch.setenv("SCORECARDS_KEY", KEY)


@pytest.fixture
def first(database_url):
    """The address of a store of the first version."""
    make_first_store(database_url)
    return database_url


def rows_of(url, columns=None):
    """Return the columns of every table, and its rows of the columns that it had `columns`, read past the product."""
    engine = create_engine(url)
    with engine.connect() as connection:
        inspector, quote = inspect(connection), connection.dialect.identifier_preparer.quote
        columns = columns or {
            name: [column["name"] for column in inspector.get_columns(name)] for name in inspector.get_table_names()
        }
        found = {
            name: sorted(
                map(
                    repr,
                    connection.exec_driver_sql(f"SELECT {', '.join(map(quote, those))} FROM {quote(name)}").all(),
                )
            )
            for name, those in columns.items()
        }
    engine.dispose()
    return columns, found


def test_an_upgraded_store_keeps_every_row_and_every_figure(first):
    columns, before = rows_of(first)
    opened(first).close()
    _, after = rows_of(first, columns)
    assert before.pop("alembic_version") == ["('0001',)"]
    assert after.pop("alembic_version") == [f"('{NEWEST}',)"]
    assert after == before
    assert {name: len(rows) for name, rows in after.items() if rows} == {
        "audit": 7,
        "data_version": 6,
        "kpi_value": 485,
        "list_aggregate_return": 2,
        "list_cp_plans": 20,
        "list_missing_episodes": 15,
        "list_referrals": 82,
        "period": 155,
        "problem": 2,
        "setting": 2,
        "snapshot": 1,
        "source_file": 6,
        "submission": 6,
    }


def test_sums_of_figures_are_kept(first):
    totals = select(kpi_value.c.kpi, func.count(), func.sum(kpi_value.c.numerator), func.sum(kpi_value.c.excluded))
    live_totals = totals.where(kpi_value.c.superseded_in.is_(None)).group_by(kpi_value.c.kpi)
    engine = create_engine(first)
    with engine.connect() as connection:
        before = sorted(map(tuple, connection.execute(live_totals)))
    engine.dispose()
    store = opened(first)
    with store.read() as connection:
        assert sorted(map(tuple, connection.execute(live_totals))) == before
    store.close()
    assert [kpi for kpi, *_ in before] == ["assaults_recorded", "cpp_stock", "missing_home_episodes", "referrals"]


def test_an_upgraded_store_is_whole_and_its_figures_are_what_its_rows_give(first):
    store = opened(first)
    bring_up_to_date(store)
    assert figures_that_differ(store) == []
    assert read_snapshot(store, list_snapshots(store)[0].id).info.period.id == "2025-26-Q2"
    store.close()
    assert [one.sentence for one in backup.check(first)[1] if not one.is_right] == []


def test_an_upgraded_store_has_every_table_and_column_of_a_new_one(first, tmp_path):
    opened(first).close()
    there = f"sqlite:///{tmp_path / 'new.db'}"
    opened(there).close()
    upgraded, new = ({name: sorted(those) for name, those in rows_of(url)[0].items()} for url in (first, there))
    assert upgraded == new


def test_an_upgraded_store_goes_on_being_filled(first):
    store = opened(first)
    rows = [("C9-98", "30/09/2025", "Police"), ("C9-97", "29/09/2025", "Police")]
    check = check_files(store, [("more.xlsx", workbook(List=[REFERRALS, *rows]), "council")], covers=None)
    landed = land(store, check, by="a test", confirmed=True, reasons={"": "It is as the sender meant it"})
    assert landed.data_version == store.data_version()
    assert store.pseudonymiser.pseudonym("C9-98") in [child for (child,) in live(store, "referrals", "child_id")]
    store.close()
    assert [one.sentence for one in backup.check(first)[1] if not one.is_right] == []


# Kept before.


@pytest.fixture
def first_on_sqlite(sqlite_url):
    make_first_store(sqlite_url)
    return sqlite_url


def test_a_sqlite_store_is_backed_up_beside_itself_before_it_is_upgraded(first_on_sqlite, tmp_path):
    with opened_file(tmp_path / "scorecards.db") as connection:
        before = sums_of(connection)
    opened(first_on_sqlite).close()
    kept = tmp_path / f"scorecards.before-{NEWEST}.backup"
    assert kept.stat().st_mode & 0o777 == 0o600
    manifest = read_manifest(kept)
    assert (manifest.revision, manifest.tables) == ("0001", before)


def test_a_store_of_the_newest_version_is_not_backed_up_again(first_on_sqlite, tmp_path):
    opened(first_on_sqlite).close()
    kept = tmp_path / f"scorecards.before-{NEWEST}.backup"
    kept.unlink()
    opened(first_on_sqlite).close()
    assert not kept.exists()


def test_what_was_kept_before_an_upgrade_can_be_put_back_and_upgraded_again(first_on_sqlite, tmp_path):
    columns, before = rows_of(first_on_sqlite)
    opened(first_on_sqlite).close()
    restore(tmp_path / f"scorecards.before-{NEWEST}.backup", by="a test", replace=True, url=first_on_sqlite)
    _, after = rows_of(first_on_sqlite, columns)
    assert [name for name in before if before[name] != after[name]] == ["audit"]
    opened(first_on_sqlite).close()
    assert rows_of(first_on_sqlite)[1]["alembic_version"] == [f"('{NEWEST}',)"]


def test_a_store_that_cannot_be_backed_up_is_not_upgraded(first_on_sqlite, tmp_path):
    columns, before = rows_of(first_on_sqlite)
    (tmp_path / f"scorecards.before-{NEWEST}.backup").mkdir()
    with pytest.raises(StoreError, match=r"cannot be opened just now: is a directory\. Nothing was changed"):
        opened(first_on_sqlite)
    assert rows_of(first_on_sqlite, columns)[1] == before
    assert rows_of(first_on_sqlite)[0] == columns


# The audit log.


@pytest.mark.parametrize("is_upgraded", [True, False])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 2", "TRUNCATE audit",
     "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 1"],
)  # fmt: skip
def test_the_audit_log_is_never_changed(database_url, statement, is_upgraded):
    is_server = database_url.startswith("postgresql")
    if statement.startswith("TRUNCATE" if not is_server else "INSERT OR"):
        return  # a statement of the other database
    if is_upgraded:
        make_first_store(database_url)
    store = opened(database_url)
    for number in (1, 2, 3):
        with landing(store, "An Analyst", f"file {number}"):
            pass
    lines = select(audit).order_by(audit.c.id)
    with store.read() as connection:
        before = connection.execute(lines).all()
    with pytest.raises(StoreError), writing(store) as connection:
        connection.exec_driver_sql(statement)
    with store.read() as connection:
        assert connection.execute(lines).all() == before
    store.close()
