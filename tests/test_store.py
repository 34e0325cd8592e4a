"""The store: all or nothing, every version kept, children unrecognisable without the key, on either database."""

import datetime
import hashlib
import sqlite3
import stat
import threading

import pytest
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, create_engine, func, inspect, select
from sqlalchemy.exc import DBAPIError

from scorecards import store as stores
from scorecards.definitions import read_definitions
from scorecards.errors import StoreError
from scorecards.store import (
    Pseudonymiser,
    bulk_insert,
    canonical,
    count_rows_anew,
    database_url,
    home,
    landing,
    list_tables,
    open_store,
    today,
)
from scorecards.store.engine import PROJECT, is_demo
from scorecards.store.identity import KEY_FILE, make_key
from scorecards.store.lists import reconcile, stored_columns
from scorecards.store.schema import audit, data_version, fixed, setting
from scorecards.store.writing import writing

TODAY = datetime.date(2025, 10, 14)
KEY = "a key of the tests, which is long enough"


@pytest.fixture
def store(database_url):
    opened = open_store(database_url, read_definitions(), TODAY)
    yield opened
    opened.close()


@pytest.fixture
def on_sqlite(sqlite_url):
    opened = open_store(sqlite_url, read_definitions(), TODAY)
    yield opened
    opened.close()


def referral(number, version=1):
    return ("council", f"child {number}", 739000 + number, "6", 1, number, version)


COLUMNS = ("agency", "child_id", "referral_date", "source", "submission_id", "source_row", "landed_in")


def put(landed, store, *numbers):
    rows = [referral(number, landed.version) for number in numbers]
    bulk_insert(landed.connection, store.lists["referrals"], COLUMNS, rows)


def referrals(store):
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(store.lists["referrals"]))


# Landing.


def test_an_empty_store_has_no_version(store):
    assert store.data_version() == 0


def test_each_landing_makes_one_version(store):
    for number in (1, 2):
        with landing(store, "An Analyst", f"file {number}") as landed:
            put(landed, store, number)
            assert landed.version == number
    assert (store.data_version(), referrals(store)) == (2, 2)
    with store.read() as connection:
        made = connection.execute(select(data_version.c.id, data_version.c.made_by, data_version.c.what)).all()
    assert sorted(map(tuple, made)) == [(1, "An Analyst", "file 1"), (2, "An Analyst", "file 2")]


def test_a_landing_that_fails_leaves_nothing_behind(store):
    with pytest.raises(RuntimeError), landing(store, "An Analyst", "file 1") as landed:
        put(landed, store, 1)
        raise RuntimeError
    with landing(store, "An Analyst", "file 2") as landed:
        assert landed.version == 1
    assert (store.data_version(), referrals(store)) == (1, 0)
    with store.read() as connection:
        assert connection.scalars(select(audit.c.what)).all() == ["file 2"]


def test_a_landing_is_not_seen_before_it_is_whole(store):
    with landing(store, "An Analyst", "file 1") as landed:
        put(landed, store, 1)
        assert (store.data_version(), referrals(store)) == (0, 0)
    assert (store.data_version(), referrals(store)) == (1, 1)


def test_a_reader_sees_one_version_throughout(store):
    if store.url.startswith("sqlite") and stores.engine._journal_mode() == "DELETE":
        pytest.skip("without WAL a SQLite writer waits until the reader is done")
    with store.read() as connection:
        count = select(func.count()).select_from(store.lists["referrals"])
        assert connection.scalar(count) == 0
        with landing(store, "An Analyst", "file 1") as landed:
            put(landed, store, 1)
        assert connection.scalar(count) == 0
    assert referrals(store) == 1


def test_two_writers_wait_for_each_other(store):
    failures = []

    def land(first):
        try:
            for number in range(first, first + 5):
                with landing(store, "An Analyst", f"file {number}") as landed:
                    put(landed, store, number)
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=land, args=(first,)) for first in (100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert (store.data_version(), referrals(store)) == (10, 10)


def test_writing_without_a_version_is_all_or_nothing_too(store):
    with pytest.raises(RuntimeError), writing(store) as connection:
        connection.execute(setting.insert().values(name="colour", value="blue"))
        raise RuntimeError
    with store.read() as connection:
        assert connection.scalar(select(setting.c.value).where(setting.c.name == "colour")) is None
    assert store.data_version() == 0


def test_a_reader_cannot_write(store):
    with pytest.raises(DBAPIError, match=r"read.?only"), store.read() as connection:
        connection.execute(setting.insert().values(name="colour", value="blue"))


def test_each_audit_line_holds_the_hash_of_the_line_before(store):
    for number in (1, 2, 3):
        with landing(store, "An Analyst", f"file {number}"):
            pass
    with store.read() as connection:
        lines = connection.execute(select(audit).order_by(audit.c.id)).all()
    previous = ""
    for line in lines:
        text = "\x1f".join((previous, line.at, line.who, line.what, str(line.data_version)))
        assert line.previous == previous
        assert line.hash == hashlib.sha256(text.encode()).hexdigest()
        previous = line.hash
    assert [line.data_version for line in lines] == [1, 2, 3]


@pytest.mark.parametrize("rows", [[], [referral(1)], (referral(number) for number in (1, 2))])
def test_rows_are_inserted_from_any_sequence(on_sqlite, rows):
    with landing(on_sqlite, "An Analyst", "rows") as landed:
        bulk_insert(landed.connection, on_sqlite.lists["referrals"], COLUMNS, rows)
    assert referrals(on_sqlite) in (0, 1, 2)


def test_values_come_back_as_they_were(store):
    words = ['Ångström\'s "Team"\t1', "line\nbreak", "back\\slash", "\\N", "", None]
    columns = (*COLUMNS, "team")
    rows = [(*referral(number), word) for number, word in enumerate(words)]
    with landing(store, "An Analyst", "words") as landed:
        bulk_insert(landed.connection, store.lists["referrals"], columns, rows)
    table = store.lists["referrals"]
    with store.read() as connection:
        assert connection.scalars(select(table.c.team).order_by(table.c.id)).all() == words


def test_counting_rows_anew_harms_no_database(store):
    with landing(store, "An Analyst", "rows") as landed:
        put(landed, store, 1, 2, 3)
        count_rows_anew(landed.connection, store.lists)
    assert referrals(store) == 3


# Opening.


def test_a_store_opened_again_is_the_same_store(database_url):
    definitions = read_definitions()
    first = open_store(database_url, definitions, TODAY)
    with landing(first, "An Analyst", "file 1") as landed:
        put(landed, first, 1)
    first.close()
    second = open_store(database_url, definitions, TODAY)
    assert (second.data_version(), referrals(second)) == (1, 1)
    assert second.pseudonymiser.pseudonym("12") == first.pseudonymiser.pseudonym("12")
    second.close()


def test_two_that_open_a_new_store_at_once_both_may(database_url):
    opened, failures = [], []

    def open_one():
        try:
            opened.append(open_store(database_url, definitions, TODAY))
        except BaseException as error:
            failures.append(error)

    definitions = read_definitions()
    openers = [threading.Thread(target=open_one) for _ in range(2)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    for one in opened:
        one.close()
    assert failures == []
    assert len({one.pseudonymiser.fingerprint for one in opened}) == 1


def test_the_migrated_tables_are_those_of_the_schema(store):
    with store.read() as connection:
        inspector = inspect(connection)
        for table in (*fixed.tables.values(), *store.lists.values()):
            columns = {column["name"] for column in inspector.get_columns(table.name)}
            assert columns == set(table.columns.keys()), table.name


def test_a_store_of_a_newer_version_is_refused(database_url):
    store = open_store(database_url, read_definitions(), TODAY)
    with writing(store) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'from the future'")
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        open_store(database_url, read_definitions(), TODAY)


@pytest.mark.parametrize("address", ["postgres://host/name", "somewhere", "mysterious://host", "mysql://host/name"])
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(StoreError, match="is not the address of a database"):
        open_store(address, read_definitions(), TODAY)


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_store_that_would_be_lost_is_refused(address):
    with pytest.raises(StoreError, match="needs a file"):
        open_store(address, read_definitions(), TODAY)


def test_a_server_that_does_not_answer_is_told_without_the_password():
    address = "postgresql+psycopg://somebody:secret@127.0.0.1:1/scorecards?connect_timeout=2"
    with pytest.raises(StoreError, match="cannot be opened just now") as caught:
        open_store(address, read_definitions(), TODAY)
    assert "secret" not in str(caught.value)


def test_a_file_where_no_database_can_be_is_told_in_a_sentence(tmp_path):
    (tmp_path / "scorecards.db").mkdir()
    with pytest.raises(StoreError, match=r"scorecards\.db cannot be made or written: Is a directory"):
        open_store(f"sqlite:///{tmp_path / 'scorecards.db'}", read_definitions(), TODAY)


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
    ],
)
def test_wal_is_used_only_where_sqlite_is_safe_with_it(monkeypatch, version, mode):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert stores.engine._journal_mode() == mode


def test_the_journal_is_the_chosen_one_and_nothing_is_spilled(on_sqlite):
    with on_sqlite.writer.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                 for name in ("journal_mode", "synchronous", "cache_spill", "foreign_keys")}  # fmt: skip
    chosen = stores.engine._journal_mode().lower()
    assert found == {"journal_mode": chosen, "synchronous": 3, "cache_spill": 0, "foreign_keys": 1}


def test_the_settings_of_the_environment_hold(monkeypatch, tmp_path):
    assert home() == tmp_path
    assert database_url() == f"sqlite:///{tmp_path / 'scorecards.db'}"
    monkeypatch.setenv("SCORECARDS_DEMO", "1")
    assert is_demo()
    assert database_url() == f"sqlite:///{tmp_path / 'demo.db'}"
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", "postgresql://server/name")
    assert database_url() == "postgresql://server/name"
    monkeypatch.delenv("SCORECARDS_HOME")
    assert home() == PROJECT / "data"


def test_today_is_the_clocks_unless_it_is_set(monkeypatch):
    assert today() == datetime.date.today()
    monkeypatch.setenv("SCORECARDS_TODAY", "2025-10-14")
    assert today() == TODAY
    monkeypatch.setenv("SCORECARDS_TODAY", "14/10/2025")
    with pytest.raises(StoreError, match="'14/10/2025', which is not a date"):
        today()


def test_a_store_opens_by_itself_where_the_environment_says(tmp_path):
    store = open_store()
    store.close()
    assert (tmp_path / "scorecards.db").exists()
    assert store.today == datetime.date.today()


def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path):
    (tmp_path / "scorecards.db").write_bytes(b"not a database at all " * 100)
    with pytest.raises(StoreError, match="cannot be opened: its file is damaged, or is not a database"):
        open_store(f"sqlite:///{tmp_path / 'scorecards.db'}", read_definitions(), TODAY)


def test_only_its_owner_may_read_a_new_store(tmp_path):
    open_store(f"sqlite:///{tmp_path / 'made #1, 100%' / 'scorecards.db'}", read_definitions(), TODAY).close()
    path = tmp_path / "made #1, 100%" / "scorecards.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_store_that_somebody_else_writes_to_says_so(sqlite_url, monkeypatch):
    monkeypatch.setattr(stores.engine, "WRITERS_WAIT", 10)
    store = open_store(sqlite_url, read_definitions(), TODAY)
    with (
        landing(store, "A", "the first"),
        pytest.raises(StoreError, match=r"Somebody else is storing something just now\. Nothing was stored"),
        landing(store, "B", "the second"),
    ):
        pytest.fail("two write at once")
    assert store.data_version() == 1
    store.close()


# The key.


def test_the_key_is_made_once_and_only_its_owner_may_read_it(sqlite_url, tmp_path):
    open_store(sqlite_url, read_definitions(), TODAY).close()
    key = tmp_path / KEY_FILE
    made = key.read_text()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(made) == 64
    open_store(sqlite_url, read_definitions(), TODAY).close()
    assert key.read_text() == made


@pytest.mark.parametrize("damaged", [b"\xff\xfeo\x00", b""])
def test_a_key_file_that_is_damaged_is_told_in_a_sentence(sqlite_url, tmp_path, damaged):
    open_store(sqlite_url, read_definitions(), TODAY).close()
    (tmp_path / KEY_FILE).write_bytes(damaged)
    with pytest.raises(StoreError, match="it cannot be made again"):
        open_store(sqlite_url, read_definitions(), TODAY)


def test_a_key_that_somebody_made_in_the_same_moment_is_the_key(tmp_path):
    first = make_key(tmp_path)
    assert make_key(tmp_path).fingerprint == first.fingerprint


def test_another_key_is_refused_and_nothing_changes(database_url, tmp_path):
    open_store(database_url, read_definitions(), TODAY).close()
    key = tmp_path / KEY_FILE
    right = key.read_text()
    key.write_text("f" * 64)
    with pytest.raises(StoreError, match="not the one this store was made with"):
        open_store(database_url, read_definitions(), TODAY)
    key.write_text(right)
    open_store(database_url, read_definitions(), TODAY).close()


def test_a_lost_key_is_not_replaced_by_a_new_one(sqlite_url, tmp_path):
    open_store(sqlite_url, read_definitions(), TODAY).close()
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(StoreError, match="is missing"):
        open_store(sqlite_url, read_definitions(), TODAY)
    assert not (tmp_path / KEY_FILE).exists()


def test_a_key_may_come_from_the_environment(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARDS_KEY", KEY)
    store = open_store(sqlite_url, read_definitions(), TODAY)
    store.close()
    assert store.pseudonymiser.pseudonym("12") == Pseudonymiser(KEY.encode()).pseudonym("12")
    assert not (tmp_path / KEY_FILE).exists()


def test_a_short_key_is_refused(sqlite_url, tmp_path, monkeypatch):
    (tmp_path / KEY_FILE).write_text("too short")
    with pytest.raises(StoreError, match=f"The key file {KEY_FILE} is too short"):
        open_store(sqlite_url, read_definitions(), TODAY)
    monkeypatch.setenv("SCORECARDS_KEY", "too short")
    with pytest.raises(StoreError, match="SCORECARDS_KEY is too short"):
        open_store(sqlite_url, read_definitions(), TODAY)


def test_neither_key_nor_identifier_stands_in_the_store(on_sqlite, tmp_path):
    child = on_sqlite.pseudonymiser.pseudonym("9212044")
    row = ("council", child, 739000, "6", 1, 2, 1)
    with landing(on_sqlite, "An Analyst", "one child") as landed:
        bulk_insert(landed.connection, on_sqlite.lists["referrals"], COLUMNS, [row])
    on_sqlite.close()
    stored = (tmp_path / "scorecards.db").read_bytes()
    key = (tmp_path / KEY_FILE).read_text()
    assert child.encode() in stored
    assert b"9212044" not in stored
    assert key.encode() not in stored
    assert hashlib.sha256(key.encode()).hexdigest()[:16].encode() not in stored


@pytest.mark.parametrize(
    "written",
    ["9212044", 9212044, 9212044.0, "9212044.0", "9212044.00", " 9212044 ", "'9212044", "‘9212044", "92 12 044",
     "９２１２０４４", "9212044\u200b", "\ufeff9212044", "9212044\xa0", " '9212044.0"],
)  # fmt: skip
def test_one_child_has_one_identifier_however_it_is_written(written):
    assert canonical(written) == "9212044"


@pytest.mark.parametrize(
    ("written", "is_"),
    [("ab-12 c", "AB-12C"), ("0012", "0012"), ("12.5", "12.5"), ("1E5", "1E5"), ("A12.0", "A12.0"), (1.5, "1.5")],
)
def test_identifiers_that_differ_stay_different(written, is_):
    assert canonical(written) == is_


def test_a_pseudonym_is_a_keyed_hash_of_the_canonical_identifier():
    one, other = Pseudonymiser(KEY.encode()), Pseudonymiser(KEY[::-1].encode())
    assert one.pseudonym(9212044.0) == one.pseudonym("9212044 ")
    assert one.pseudonym("9212044") != one.pseudonym("9212045")
    assert one.pseudonym("9212044") != other.pseudonym("9212044")
    assert len(one.pseudonym("9212044")) == 32
    assert one.fingerprint != other.fingerprint
    assert hashlib.sha256(b"9212044").hexdigest()[:32] != one.pseudonym("9212044")


# List tables.


def test_a_list_table_has_the_senders_columns_and_where_they_come_from():
    definitions = read_definitions()
    tables = list_tables(definitions.record_types)
    for name, record in definitions.record_types.items():
        provenance = ["submission_id", "source_row", "landed_in", "superseded_in"]
        provenance += ["source_cell"] if record.replaces == "key" else []
        assert list(tables[name].columns.keys()) == ["id", "agency", *stored_columns(record), *provenance]


def test_what_is_never_stored_has_no_column():
    contacts = read_definitions().record_types["contacts"]
    columns = stored_columns(contacts)
    assert "date_of_birth" not in columns
    assert "age_stated" not in columns
    assert [name for name in columns if name.startswith(("age", "birth"))] == ["age", "age_band", "birth_month"]
    assert [name for name in columns if name.startswith("contact_at")] == ["contact_at", "contact_at_minute"]
    referrals = stored_columns(read_definitions().record_types["referrals"])
    assert "referrals_last_12m_symbol" in referrals


def list_table(**columns):
    made = [Column(name, kind) for name, kind in columns.items()]
    return {"visits": Table("list_visits", MetaData(), Column("id", Integer, primary_key=True), *made)}


@pytest.fixture
def connection(database_url):
    engine = create_engine(database_url)
    with engine.begin() as opened:
        yield opened
    engine.dispose()


def test_a_new_column_is_added_and_earlier_rows_have_it_blank(connection):
    reconcile(connection, list_table(day=Integer))
    connection.execute(list_table(day=Integer)["visits"].insert().values(day=7))
    wider = list_table(day=Integer, seen=String(3), **{"odd name": Text})
    reconcile(connection, wider)
    connection.execute(wider["visits"].insert().values(day=8, seen="yes"))
    rows = connection.execute(select(wider["visits"]).order_by(wider["visits"].c.day)).all()
    assert [tuple(row)[1:] for row in rows] == [(7, None, None), (8, "yes", None)]


def test_a_column_that_is_gone_from_the_definitions_stays_in_the_store(connection):
    reconcile(connection, list_table(day=Integer, seen=String(3)))
    reconcile(connection, list_table(day=Integer))
    assert {column["name"] for column in inspect(connection).get_columns("list_visits")} == {"id", "day", "seen"}


@pytest.mark.parametrize(("was", "becomes"), [(Integer, String(40)), (Integer, Float), (Text, Integer), (Float, Text)])
def test_a_stored_column_is_never_retyped(connection, was, becomes):
    reconcile(connection, list_table(day=was))
    with pytest.raises(StoreError, match=r"list_visits keeps 'day' as .*Give the column a new name"):
        reconcile(connection, list_table(day=becomes))


@pytest.mark.parametrize(("was", "becomes"), [(String(3), String(40)), (String(40), Text), (Float, Float)])
def test_words_may_be_of_another_length(connection, was, becomes):
    reconcile(connection, list_table(day=was))
    reconcile(connection, list_table(day=becomes))


def test_a_required_column_may_become_optional(store):
    # Whether a column is required is for loading to check: the table takes a blank.
    row = ("council", "child 1", 739000, None, 1, 2, 1)
    with landing(store, "An Analyst", "no source") as landed:
        bulk_insert(landed.connection, store.lists["referrals"], COLUMNS, [row])
    assert referrals(store) == 1
