"""A backup is one version of the store, private, without a key; it is put back whole, or not at all."""

import datetime
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import threading
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select

from scorecards.__main__ import main
from scorecards.errors import StoreError
from scorecards.periods import days
from scorecards.series import bring_up_to_date
from scorecards.snapshots import freeze
from scorecards.store import backup as backups
from scorecards.store import open_store, originals, server_copies, sqlite_copies
from scorecards.store.backup import back_up, restore
from scorecards.store.checks import check_store
from scorecards.store.copies import opened_file, read_manifest, row_counts, sums_of
from scorecards.store.identity import KEY_FILE
from scorecards.store.schema import audit, kpi_value
from scorecards.store.writing import writing
from tests import postgres
from tests.partner_files import REFERRALS, landed, opened

PROGRAMS = "bin"


@pytest.fixture(autouse=True)
def postgres_programs(monkeypatch):
    """Have the search path lead to the programs of the tests' PostgreSQL, as a server's client packages do."""
    if postgres.is_installed():
        monkeypatch.setenv("PATH", f"{postgres.programs() / PROGRAMS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(scope="module", autouse=True)
def short_calendar():
    """Keep the days of eight years alone: a store is read whole so often here, and most of it is calendar."""
    kept = (days.bank_holidays, days.working_days, days._month_rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(days, "FIRST_DAY", datetime.date(2020, 1, 1))
        patch.setattr(days, "LAST_DAY", datetime.date(2027, 12, 31))
        for one in kept:
            one.cache_clear()
        yield
    for one in kept:
        one.cache_clear()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a store of two landings and a snapshot, and its key."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = opened(f"sqlite:///{folder / 'scorecards.db'}")
        land_months(store, 7, 8)
        freeze(store, "2025-26-Q2", made_by="a test")
        store.close()
    return folder


@pytest.fixture
def on_sqlite(made, tmp_path, sqlite_url):
    """The address of a copy of that store."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return sqlite_url


@pytest.fixture(scope="module")
def made_on_server(made, postgres_server):
    """The address of that store on a server."""
    with postgres.empty_database(postgres_server) as url:
        # The home is that of the first test again before it goes on.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SCORECARDS_HOME", str(made))
            store = opened(url)
            land_months(store, 7, 8)
            freeze(store, "2025-26-Q2", made_by="a test")
            store.close()
        yield url


@pytest.fixture
def on_server(made, made_on_server, postgres_server, tmp_path):
    """The address of a copy of that store."""
    for key in (KEY_FILE, originals.KEY_FILE):
        shutil.copy(made / key, tmp_path)
    with postgres.empty_database(postgres_server, copied_from=made_on_server) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("server", marks=pytest.mark.postgres)])
def url(request):
    """The address of a store with two landings and a snapshot, on either database."""
    return request.getfixturevalue(f"on_{request.param}")


def land_months(store, *months):
    for month in months:
        landed(store, REFERRALS, *rows(month), name=f"month {month}.xlsx", agency="council")


def land_more(url):
    store = opened(url)
    land_months(store, 9)
    store.close()


def rows(month):
    return [(f"C{month}-{number}", f"{number:02d}/{month:02d}/2025", "Police") for number in range(1, 21)]


def sums(url):
    """Return what every table holds, read past the product."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = sums_of(connection)
    engine.dispose()
    return found


def naive(url):
    """Return every row of every table as text, sorted: another way of telling whether two stores are the same."""
    engine = create_engine(url)
    with engine.connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        found = {
            name: sorted(repr(tuple(row)) for row in connection.exec_driver_sql(f"SELECT * FROM {quote(name)}"))
            for name in inspect(connection).get_table_names()
        }
    engine.dispose()
    return found


def without_last_line(tables):
    """Return the tables without the line of the audit log that says that something was restored."""
    return tables | {"audit": [line for line in tables["audit"] if "Restored the backup" not in line]}


# Taken.


def test_a_backup_says_what_it_holds(url, tmp_path):
    manifest, findings = back_up(tmp_path / "store.backup", url)
    assert manifest.tables == sums(url)
    assert {name: table.rows for name, table in manifest.tables.items()} == {
        name: len(those) for name, those in naive(url).items()
    }
    assert manifest.data_version == 2
    assert manifest == read_manifest(tmp_path / "store.backup")
    assert [one for one in findings if not one.is_right] == []


def test_a_backup_is_for_its_owner_s_eyes_alone(url, tmp_path):
    before = os.umask(0)
    try:
        back_up(tmp_path / "kept" / "store.backup", url)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "kept" / "store.backup").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["store.backup"]


def test_a_backup_holds_no_key(url, tmp_path):
    back_up(tmp_path / "store.backup", url)
    key = (tmp_path / KEY_FILE).read_text()
    with zipfile.ZipFile(tmp_path / "store.backup") as packed:
        inside = b"".join(packed.read(name) for name in packed.namelist())
    assert len(inside) > 10_000
    assert key.encode() not in inside
    assert bytes.fromhex(key) not in inside
    assert sorted(packed.namelist()) == sorted(["manifest.json", "store.db" if "sqlite" in url else "store.dump"])


def test_what_was_deleted_from_a_store_is_not_in_its_backup(on_sqlite, tmp_path):
    connection = sqlite3.connect(tmp_path / "scorecards.db")
    secret = "words that somebody asked us to forget " * 200
    kept, gone = f"INSERT INTO setting VALUES ('note', '{secret}')", "DELETE FROM setting WHERE name = 'note'"
    for statement in ("PRAGMA secure_delete=OFF", kept, gone):
        connection.execute(statement)
        connection.commit()
    connection.close()
    assert secret[:400].encode() in (tmp_path / "scorecards.db").read_bytes()
    back_up(tmp_path / "store.backup", on_sqlite)
    with zipfile.ZipFile(tmp_path / "store.backup") as packed:
        assert b"asked us to forget" not in packed.read("store.db")


def test_a_backup_taken_while_somebody_lands_is_of_one_version(url, tmp_path):
    store = opened(url)
    done = threading.Event()
    failures = []

    def land_on():
        try:
            for number in range(100):
                if done.is_set():
                    return
                given = [(f"D{number}-{child}", "03/09/2025", "Police") for child in range(1 + number % 7)]
                landed(store, REFERRALS, *given, name=f"landing {number}.xlsx", agency="council")
        except BaseException as error:
            failures.append(error)

    writer = threading.Thread(target=land_on)
    writer.start()
    try:
        taken = [back_up(tmp_path / "0.backup", url)]
        while len(taken) < 30 and taken[-1][0].data_version < taken[0][0].data_version + 2 and not failures:
            taken.append(back_up(tmp_path / f"{len(taken)}.backup", url))
    finally:
        done.set()
        writer.join()
        store.close()
    assert failures == []
    assert [one for _, findings in taken for one in findings if not one.is_right] == []
    versions = [manifest.data_version for manifest, _ in taken]
    assert versions == sorted(versions) and versions[-1] > versions[0]
    for manifest, _ in taken:
        assert manifest.tables["data_version"].rows == manifest.data_version
        assert manifest.tables["submission"].rows == manifest.data_version


def test_a_backup_does_not_take_another_s_place(url, tmp_path):
    (tmp_path / "store.backup").write_text("what was backed up last week")
    with pytest.raises(StoreError, match=r"store\.backup is there already"):
        back_up(tmp_path / "store.backup", url)
    assert (tmp_path / "store.backup").read_text() == "what was backed up last week"


@pytest.mark.parametrize("is_made", [False, True])
def test_nothing_is_backed_up_where_nothing_is(sqlite_url, tmp_path, is_made):
    if is_made:
        (tmp_path / "scorecards.db").touch()
    with pytest.raises(StoreError, match=r"no store.* to back up yet"):
        back_up(tmp_path / "store.backup", sqlite_url)
    assert {path.name for path in tmp_path.iterdir()} == ({"scorecards.db"} if is_made else set())


def test_an_empty_database_of_a_server_is_nothing_to_back_up(postgres_url, tmp_path):
    with pytest.raises(StoreError, match="no store to back up yet"):
        back_up(tmp_path / "store.backup", postgres_url)


def test_where_a_backup_cannot_be_written_a_sentence_says_so(on_sqlite, tmp_path):
    (tmp_path / "a file").touch()
    with pytest.raises(StoreError, match="The store was not backed up: "):
        back_up(tmp_path / "a file" / "store.backup", on_sqlite)


# Put back.


def test_what_is_restored_is_what_was_backed_up(url, tmp_path):
    before = naive(url)
    back_up(tmp_path / "store.backup", url)
    land_more(url)
    assert naive(url) != before
    restored = restore(tmp_path / "store.backup", by="a test", replace=True, url=url)
    assert without_last_line(naive(url)) == before
    changed = {name for name, table in sums(url).items() if restored.manifest.tables[name] != table}
    assert changed == {"audit"}
    assert all(one.is_right for one in backups.check(url)[1])


def test_a_restored_store_goes_on(url, tmp_path):
    back_up(tmp_path / "store.backup", url)
    land_more(url)
    restore(tmp_path / "store.backup", by="a test", replace=True, url=url)
    land_more(url)
    store = opened(url)
    assert store.data_version() == 3
    store.close()
    assert all(one.is_right for one in backups.check(url)[1])


def test_what_a_restore_replaces_is_kept_and_can_be_put_back(url, tmp_path):
    back_up(tmp_path / "store.backup", url)
    land_more(url)
    newer = naive(url)
    kept = restore(tmp_path / "store.backup", by="a test", replace=True, url=url).kept
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    restore(kept, by="a test", replace=True, url=url)
    assert without_last_line(naive(url)) == newer


def test_the_audit_log_says_who_restored_what(url, tmp_path):
    manifest, _ = back_up(tmp_path / "store.backup", url)
    kept = restore(tmp_path / "store.backup", by="An Analyst", replace=True, url=url).kept
    store = opened(url)
    with store.read() as connection:
        last = connection.execute(select(audit).order_by(audit.c.id.desc())).first()
    store.close()
    said = f"Restored the backup of {manifest.made_at}, data version 2. What it replaced is kept as {kept.name}."
    assert (last.who, last.what, last.data_version) == ("An Analyst", said, 2)


def test_a_store_with_figures_is_not_replaced_unasked(url, tmp_path):
    back_up(tmp_path / "store.backup", url)
    land_more(url)
    before = naive(url)
    with pytest.raises(StoreError, match="say --replace"):
        restore(tmp_path / "store.backup", by="a test", url=url)
    assert naive(url) == before


def test_a_store_is_restored_where_none_is(on_sqlite, tmp_path):
    back_up(tmp_path / "store.backup", on_sqlite)
    before = naive(on_sqlite)
    there = f"sqlite:///{tmp_path / 'elsewhere' / 'restored.db'}"
    assert restore(tmp_path / "store.backup", by="a test", url=there).kept is None
    assert without_last_line(naive(there)) == before
    assert stat.S_IMODE((tmp_path / "elsewhere" / "restored.db").stat().st_mode) == 0o600


def test_a_store_is_restored_into_another_database_of_the_server(on_server, postgres_server, tmp_path):
    back_up(tmp_path / "store.backup", on_server)
    with postgres.empty_database(postgres_server) as there:
        assert restore(tmp_path / "store.backup", by="a test", url=there).kept is None
        assert without_last_line(naive(there)) == naive(on_server)


def test_a_store_in_which_nothing_was_stored_yet_is_replaced_without_a_word(url, tmp_path):
    back_up(tmp_path / "store.backup", url)
    before = naive(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        tables = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
            connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)}")
            connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER USER")
    engine.dispose()
    if engine.dialect.name == "sqlite":
        Path(engine.url.database).unlink()
    opened(url).close()
    assert restore(tmp_path / "store.backup", by="a test", url=url).kept is None
    assert without_last_line(naive(url)) == before


def test_a_list_that_came_after_the_backup_goes(url, tmp_path):
    back_up(tmp_path / "store.backup", url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE list_visits "
            "(id INTEGER PRIMARY KEY, submission_id INTEGER, landed_in INTEGER, superseded_in INTEGER)"
        )
    engine.dispose()
    restore(tmp_path / "store.backup", by="a test", replace=True, url=url)
    assert "list_visits" not in naive(url)


def test_a_store_that_cannot_be_read_is_kept_as_it_is_and_replaced(on_sqlite, tmp_path):
    back_up(tmp_path / "store.backup", on_sqlite)
    before = naive(on_sqlite)
    path = tmp_path / "scorecards.db"
    path.write_bytes(path.read_bytes()[:4096] + b"\x55" * 30_000 + path.read_bytes()[34_096:])
    damaged = path.read_bytes()
    with pytest.raises(StoreError, match="say --replace"):
        restore(tmp_path / "store.backup", by="a test", url=on_sqlite)
    kept = restore(tmp_path / "store.backup", by="a test", replace=True, url=on_sqlite).kept
    assert without_last_line(naive(on_sqlite)) == before
    assert kept.read_bytes() == damaged
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_journals_of_a_damaged_store_are_kept_with_it(tmp_path):
    for beside in ("", "-journal", "-wal"):
        (tmp_path / f"scorecards.db{beside}").write_text(f"what a machine left that stopped{beside}")
    kept = sqlite_copies.keep_unreadable(f"sqlite:///{tmp_path / 'scorecards.db'}", "today")
    assert kept.name == "scorecards.damaged-today.db"
    assert {path.name: path.read_text() for path in tmp_path.glob("scorecards.damaged*")} == {
        f"scorecards.damaged-today.db{beside}": f"what a machine left that stopped{beside}"
        for beside in ("", "-journal", "-wal")
    }


def test_those_who_have_the_store_open_see_what_was_restored(url, tmp_path):
    store = opened(url)
    back_up(tmp_path / "store.backup", url)
    land_more(url)
    assert store.data_version() == 3
    restore(tmp_path / "store.backup", by="a test", replace=True, url=url)
    assert store.data_version() == 2
    with writing(store) as connection:
        assert connection.execute(select(kpi_value.c.id)).first() is not None
    store.close()


# Refused.


@pytest.fixture
def taken(on_sqlite, tmp_path):
    back_up(tmp_path / "store.backup", on_sqlite)
    return tmp_path / "store.backup"


def again(path, **changes):
    """Write the backup anew with some of its manifest, or its content, changed."""
    with zipfile.ZipFile(path) as packed:
        said, content = json.loads(packed.read("manifest.json")), packed.read("store.db")
    content = changes.pop("content", content)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("manifest.json", json.dumps(said | changes))
        packed.writestr("store.db", content)


def assert_refused(path, url, why):
    before = naive(url)
    with pytest.raises(StoreError, match=why):
        restore(path, by="a test", replace=True, url=url)
    assert naive(url) == before
    assert [one.name for one in path.parent.iterdir() if "replaced" in one.name or one.suffix == ".part"] == []


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 and then nothing"])
def test_what_is_no_backup_is_not_restored(taken, on_sqlite, content):
    taken.write_bytes(content)
    assert_refused(taken, on_sqlite, r"store\.backup is not a backup of this product, or is damaged")


def test_an_archive_under_a_password_is_no_backup(taken, on_sqlite):
    content = bytearray(taken.read_bytes())
    content[6] |= 1  # of the first part, there and in the directory: it is encrypted
    content[content.find(b"PK\x01\x02") + 8] |= 1
    taken.write_bytes(bytes(content))
    assert_refused(taken, on_sqlite, r"store\.backup is not a backup of this product, or is damaged")


def test_a_backup_of_an_unknown_database_is_not_restored(taken, on_sqlite):
    again(taken, engine="mysql")
    assert_refused(taken, on_sqlite, r"store\.backup is not a backup of this product, or is damaged")


@pytest.mark.parametrize("address", ["no address: s3cret", "mysql://somebody:s3cret@server/name"])
@pytest.mark.parametrize("command", [["backup", "new.backup"], ["restore", "store.backup", "--replace"], ["verify"]])
@pytest.mark.usefixtures("taken")
def test_what_is_no_address_of_a_database_is_told_without_its_password(tmp_path, monkeypatch, capsys, address, command):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", address)
    assert main(command) == 1
    said = capsys.readouterr()
    assert said.out.startswith("SCORECARDS_DATABASE_URL is not the address of a database.")
    assert "s3cret" not in said.out + said.err


def test_a_backup_that_is_not_there_is_told(taken, on_sqlite):
    assert_refused(taken.with_name("last.backup"), on_sqlite, r"last\.backup cannot be read: No such file")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_backup_with_one_bit_turned_is_not_restored(taken, on_sqlite, share):
    content = bytearray(taken.read_bytes())
    content[int(len(content) * share)] ^= 1
    taken.write_bytes(bytes(content))
    assert_refused(taken, on_sqlite, "is damaged")


@pytest.mark.parametrize("size", [10, 10**9])
def test_a_backup_of_another_size_than_it_says_is_not_restored(taken, on_sqlite, size):
    again(taken, size=size)
    assert_refused(taken, on_sqlite, "is damaged")


def test_a_backup_whose_rows_were_changed_is_not_restored(taken, on_sqlite, tmp_path):
    with zipfile.ZipFile(taken) as packed:
        (tmp_path / "changed.db").write_bytes(packed.read("store.db"))
    with sqlite3.connect(tmp_path / "changed.db") as connection:
        connection.execute("UPDATE kpi_value SET excluded = excluded + 1 WHERE id = 1")
    connection.close()
    content = (tmp_path / "changed.db").read_bytes()
    again(taken, content=content, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    assert_refused(taken, on_sqlite, "does not hold what it held")


def test_a_backup_made_with_another_key_is_not_restored(taken, on_sqlite, tmp_path):
    key = (tmp_path / KEY_FILE).read_text()
    (tmp_path / KEY_FILE).write_text("f" * 64)
    assert_refused(taken, on_sqlite, r"not the one that store\.backup was made with")
    (tmp_path / KEY_FILE).unlink()
    assert_refused(taken, on_sqlite, "The key for child identifiers is missing, and a backup holds none")
    (tmp_path / KEY_FILE).write_text(key)
    restore(taken, by="a test", replace=True, url=on_sqlite)


def test_a_backup_of_a_newer_product_is_not_restored(taken, on_sqlite):
    again(taken, revision="9999")
    assert_refused(taken, on_sqlite, "made by a newer version of this product")
    again(taken, format=2)
    assert_refused(taken, on_sqlite, "made by another version of this product")


def test_a_backup_of_one_database_is_not_restored_into_another_kind(taken, postgres_url):
    with pytest.raises(StoreError, match="a backup of a SQLite store, and the store here is on PostgreSQL"):
        restore(taken, by="a test", url=postgres_url)


def test_a_dump_whose_rows_are_not_what_it_says_leaves_the_store_as_it_was(on_server, tmp_path):
    path = tmp_path / "store.backup"
    manifest, _ = back_up(path, on_server)
    with zipfile.ZipFile(path) as packed:
        said, content = json.loads(packed.read("manifest.json")), packed.read("store.dump")
    said["tables"]["kpi_value"]["sum"] = "0" * 64
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("manifest.json", json.dumps(said))
        packed.writestr("store.dump", content)
    with pytest.raises(StoreError, match="does not hold what it held"):
        restore(path, by="a test", replace=True, url=on_server)
    assert sums(on_server) == manifest.tables


def test_a_dump_that_is_none_leaves_the_store_as_it_was(on_server, tmp_path):
    path = tmp_path / "store.backup"
    manifest, _ = back_up(path, on_server)
    with zipfile.ZipFile(path) as packed:
        said = json.loads(packed.read("manifest.json"))
    content = b"PGDMP and nothing else"
    said |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("manifest.json", json.dumps(said))
        packed.writestr("store.dump", content)
    with pytest.raises(StoreError, match="could not be read by PostgreSQL's pg_restore"):
        restore(path, by="a test", replace=True, url=on_server)
    assert sums(on_server) == manifest.tables


# PostgreSQL's programs.


def programs_of(folder, version):
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return str(folder)


def test_the_programs_of_a_postgresql_too_old_for_the_server_are_not_used(on_server, tmp_path, monkeypatch):
    monkeypatch.setattr(server_copies, "FOLDERS", ())
    monkeypatch.setenv("PATH", programs_of(tmp_path / "old", "9.6.24"))
    with pytest.raises(StoreError, match=r"pg_dump of version 18 or newer, and the newest here is 9\. Install it"):
        back_up(tmp_path / "store.backup", on_server)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="pg_dump of version 18 or newer, and none is here"):
        back_up(tmp_path / "store.backup", on_server)
    assert not (tmp_path / "store.backup").exists()


def test_programs_that_do_not_say_their_version_are_passed_over(on_server, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", os.pathsep.join([programs_of(tmp_path / "odd", "?"), os.environ["PATH"]]))
    back_up(tmp_path / "store.backup", on_server)
    assert (tmp_path / "store.backup").exists()


def test_what_the_programs_cannot_do_is_told(on_server, tmp_path, monkeypatch):
    folder = programs_of(tmp_path / "failing", "18.1")
    Path(folder, "pg_dump").write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 18.1' && exit\necho 'error: no' >&2\nexit 1\n"
    )
    monkeypatch.setattr(server_copies, "FOLDERS", ())
    monkeypatch.setenv("PATH", os.pathsep.join([folder, "/bin"]))
    with pytest.raises(StoreError, match=r"pg_dump could not do its work: error: no\. Nothing was written"):
        back_up(tmp_path / "store.backup", on_server)
    assert not (tmp_path / "store.backup").exists()


def test_a_password_stands_in_no_list_of_processes(monkeypatch, tmp_path):
    seen = []

    def run(command, env, **_options):
        seen.append((command, env["PGPASSWORD"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(server_copies.subprocess, "run", run)
    url = "postgresql+psycopg://somebody:se%2Fcret@host:5433/name?sslmode=require"
    server_copies._run(tmp_path / "pg_dump", url, "--x")
    command = [str(tmp_path / "pg_dump"), "--x", "--dbname=postgresql://somebody@host:5433/name?sslmode=require"]
    assert seen == [(command, "se/cret")]


# Typed.


@pytest.fixture
def at_home(made, tmp_path):
    """The folder of the store that commands work on."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_backup_verify_and_restore_are_typed(at_home, capsys):
    path = at_home / "store.backup"
    assert main(["backup", str(path)]) == 0
    assert "data version 2, into" in capsys.readouterr().out
    assert main(["restore", str(path)]) == 1
    assert "say --replace" in capsys.readouterr().out
    assert main(["restore", str(path), "--replace", "--by", "An Analyst"]) == 0
    said = capsys.readouterr().out
    assert "Restored: " in said and "What was there before is kept: " in said
    assert main(["verify"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if line.startswith("Right: ")] == [
        "Right: The database file is whole.",
        "Right: Every reference leads somewhere.",
        "Right: Data versions 1 to 2 follow each other.",
        "Right: 2 submissions are whole.",
        "Right: The 4 lines of the audit log follow from each other.",
        "Right: The audit log refuses changes.",
        "Right: 1 snapshots are what was frozen.",
        "Right: No figure stands twice.",
    ]
    assert "  list_referrals: 40 rows" in said


def test_figures_are_worked_out_anew_where_asked(at_home, on_sqlite, capsys):
    store = open_store(on_sqlite)
    bring_up_to_date(store)
    store.close()
    before = naive(on_sqlite)
    assert main(["verify", "--figures"]) == 0
    assert "Right: Every figure is what the rows give." in capsys.readouterr().out
    assert naive(on_sqlite) == before
    with sqlite3.connect(at_home / "scorecards.db") as connection:
        connection.execute(
            "UPDATE kpi_value SET numerator = numerator + 1 WHERE superseded_in IS NULL AND numerator > 0"
        )
    connection.close()
    assert main(["verify", "--figures"]) == 1
    assert "WRONG: Figures are not what the rows give: " in capsys.readouterr().out


def test_a_store_that_is_not_whole_is_backed_up_with_a_warning(at_home, capsys):
    with sqlite3.connect(at_home / "scorecards.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET what = 'Nothing happened' WHERE id = 2")
    connection.close()
    assert main(["backup", str(at_home / "store.backup")]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[2:] == [
        "WRONG: The audit log was changed: line 2.",
        "WRONG: What keeps the audit log from being changed is missing: audit_no_update.",
    ]
    assert main(["restore", str(at_home / "store.backup"), "--replace"]) == 0


# Checked.


DAMAGES = {
    "a version is gone": ("DELETE FROM data_version WHERE id = 1", "Data versions are missing: 1."),
    "a reference leads nowhere": (
        "UPDATE submission SET landed_in = 77 WHERE id = 1",
        "References lead nowhere: submission row 1.",
    ),
    "a submission is gone": (
        "DELETE FROM submission WHERE id = 2",
        "Rows are not what their submissions say: 20 rows of submission 2 in list_referrals.",
    ),
    "rows came from nowhere": (
        "UPDATE submission SET rows_landed = 19 WHERE id = 2",
        "Rows are not what their submissions say: 20 rows of submission 2 in list_referrals.",
    ),
    "a row is of no version": (
        "UPDATE list_referrals SET superseded_in = 9 WHERE id IN (1, 2, 3)",
        "Rows are not what their submissions say: 3 rows of submission 1 in list_referrals.",
    ),
    "a line of the log is gone": (
        "DELETE FROM audit WHERE id = 1",
        "The audit log was changed: line 2, no line for data version 1.",
    ),
    "a line of the log was changed": (
        "UPDATE audit SET who = 'Somebody else' WHERE id = 1",
        "The audit log was changed: line 1.",
    ),
    "a snapshot was changed": (
        "UPDATE snapshot SET body = replace(body, '2025', '2026')",
        "Snapshots are not what was frozen: 1.",
    ),
    "the log may be written over": (
        "DROP TRIGGER audit_no_replace",
        "What keeps the audit log from being changed is missing: audit_no_delete, audit_no_replace, audit_no_update.",
    ),
    "figures stand twice": (
        "UPDATE kpi_value SET superseded_in = NULL WHERE superseded_in IS NOT NULL",
        "Figures stand twice: ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_not_whole_is_found(at_home, damage):
    statement, said = DAMAGES[damage]
    with sqlite3.connect(at_home / "scorecards.db") as connection:
        for name in ("audit_no_update", "audit_no_delete"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()
    with opened_file(at_home / "scorecards.db") as seen:
        wrong = [one.sentence for one in check_store(seen) if not one.is_right]
    assert any(sentence.startswith(said) for sentence in wrong), wrong


def test_a_damaged_file_is_found(at_home, capsys):
    path = at_home / "scorecards.db"
    with opened_file(path) as connection:
        assert row_counts(connection)["list_referrals"] == 40
    content = bytearray(path.read_bytes())
    content[-4096 * 20 :] = b"\x55" * (4096 * 20)
    path.write_bytes(bytes(content))
    assert main(["verify"]) == 1
    said = capsys.readouterr().out
    assert "WRONG: The database file is damaged: " in said or "The store was not checked: its file is damaged" in said


def test_there_is_nothing_to_check_in_a_store_that_is_not_there(tmp_path, capsys):
    assert main(["verify"]) == 1
    assert capsys.readouterr().out == "There is no store scorecards.db yet, and so nothing to check.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_server_s_store_is_checked_too(on_server, monkeypatch, capsys):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", on_server)
    assert main(["verify"]) == 0
    assert "Right: The 3 lines of the audit log follow from each other." in capsys.readouterr().out
    assert "postgres" not in json.dumps(backups.check(on_server)[0])
