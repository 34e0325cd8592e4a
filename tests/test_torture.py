"""Killed, full, faulty and cut off: what was acknowledged is there, nothing half is, and a sentence says what happened.

Short runs; `make torture` does the same for every write and some hundred kills.
"""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from scorecards.errors import StoreError
from scorecards.store import backup
from scorecards.store.writing import landing
from tests.partner_files import opened
from tests.torture import shim
from tests.torture.files import PartnerFile, check_of, land_checked, wrong_with

ROOT = Path(__file__).parents[1]
FULL = "The disk is full. Nothing was stored. Make room on the disk that the store is on, then try again."


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    """The environment of a process in which writing can be made to fail."""
    if why := shim.why_not():
        pytest.skip(why)
    return shim.environment(shim.build(tmp_path_factory.mktemp("faults")))


def run(module, *arguments, environment=None):
    """Run a torture in a process of its own, and return what it reports."""
    command = [sys.executable, "-m", f"tests.torture.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


# Writing that fails.


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_landing_is_whole_or_not_there_whatever_the_disk_does(faults, journal):
    report = run("sweep", "landing", "--points", 2, "--journal", journal, environment=faults)
    assert report["wrong"] == []
    assert set(report["faults"]) == {fault.name for fault in shim.Fault} - {"COUNT"}
    assert report["runs"] >= 20
    assert report["killed"] >= 8
    assert {sentence.split(".")[0] for sentence in report["sentences"]} <= {
        "The disk is full",
        "The disk reported a fault",
    }


@pytest.mark.parametrize(("journal", "points"), [("DELETE", 2), ("WAL", 6)])
def test_a_full_disk_is_said_to_be_full(faults, journal, points):
    # In WAL mode it may show first in a file that SQLite maps, and then SQLite says no more than that it failed.
    report = run("sweep", "landing", "--points", points, "--journal", journal, "--faults", "FULL", environment=faults)
    assert report["wrong"] == []
    assert report["sentences"][FULL] >= 2


@pytest.mark.parametrize(
    ("scenario", "kinds"),
    [
        ("opening", ["FULL", "CUT_ALL"]),
        ("publishing", ["FULL", "KILL"]),
        ("upgrade", ["FULL", "KILL", "CUT_SOME"]),
        ("backup", ["FULL", "SYNC_FAULT"]),
        ("restoring", ["FAULT", "KILL"]),
    ],
)
def test_whatever_else_writes_is_whole_or_not_there(faults, scenario, kinds):
    report = run("sweep", scenario, "--points", 1, "--faults", *kinds, environment=faults)
    assert report["wrong"] == []
    assert set(report["faults"]) == set(kinds)


def test_a_store_that_does_not_wait_for_the_disk_would_be_found_out(faults):
    # With what SQLite calls FULL, a power cut takes back a landing that was acknowledged: the reason for EXTRA.
    arguments = ("landing", "--points", 1, "--journal", "DELETE", "--synchronous", "FULL", "--faults", "CUT_ALL")
    report = run("sweep", *arguments, environment=faults)
    assert [one for one in report["wrong"] if one.endswith("was lost")]


def test_a_landing_that_was_not_made_in_one_piece_would_be_found_out(sqlite_url):
    store = opened(sqlite_url)
    land_checked(store, check_of(store, PartnerFile("referrals", 7, 1)))
    assert wrong_with(store) == []
    with store.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM list_referrals WHERE id = 3")
    assert wrong_with(store) == [
        "referrals 2025-07 sent 1.csv is not whole",
        "referrals of month 7 is not what came last: referrals 2025-07 sent 1.csv",
        "19 rows of referrals count, and 20 came last",
    ]
    store.close()


# The disk is full.


def full_then_not(store, url):
    """Try to land where there is no room, then with room again; return what was said."""
    land_checked(store, check_of(store, PartnerFile("referrals", 7, 1)))
    second = check_of(store, PartnerFile("referrals", 7, 2))
    before = backup.check(url)[0]
    with no_file_may_grow(), pytest.raises(StoreError) as refused:
        land_checked(store, second)
    assert backup.check(url)[0] == before
    assert wrong_with(store) == []
    land_checked(store, second)
    assert wrong_with(store) == []
    assert store.data_version() == 2
    assert all(one.is_right for one in backup.check(url)[1])
    return str(refused.value)


class no_file_may_grow:
    """Let no file of this process be written beyond its first bytes."""

    def __enter__(self):
        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, self.before[1]))

    def __exit__(self, *_error):
        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)


def test_a_landing_beyond_what_one_may_write_leaves_the_store_as_it_was(sqlite_url):
    store = opened(sqlite_url)
    said = full_then_not(store, sqlite_url)
    store.close()
    assert said.startswith("The disk reported a fault.")


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of its own with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m,mode=0700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only an administrator may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_disk_that_is_really_full_the_sentence_says_so(small_disk):
    url = f"sqlite:///{small_disk / 'scorecards.db'}"
    store = opened(url)
    land_checked(store, check_of(store, PartnerFile("referrals", 7, 1)))
    before, second = backup.check(url)[0], check_of(store, PartnerFile("referrals", 7, 2))
    filling = small_disk / "something else"
    with pytest.raises(OSError, match="No space left"), filling.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4_096)
    with pytest.raises(StoreError) as refused:
        land_checked(store, second)
    assert str(refused.value) == FULL
    assert backup.check(url)[0] == before
    with pytest.raises(StoreError, match="The store was not backed up: the disk is full"):
        backup.back_up(small_disk / "store.backup", url)
    assert not (small_disk / "store.backup").exists()
    filling.unlink()
    land_checked(store, second)
    assert wrong_with(store) == []
    store.close()


# Killed.


def test_writers_killed_in_the_middle_lose_nothing_and_leave_nothing_half(database_url, tmp_path):
    report = run("crash", "--url", database_url, "--home", tmp_path, "--kills", 5, "--every", 8)
    assert report["wrong"] == []
    assert report["kills"] >= 5
    assert report["in_landing"] >= 1


def test_a_server_that_drops_a_writer_s_connection_is_told_in_a_sentence(postgres_url, postgres_server):
    store = opened(postgres_url)
    with pytest.raises(StoreError) as refused, landing(store, "An Analyst", "a file") as landed:
        number = landed.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        landed.connection.exec_driver_sql("SELECT 1")
    assert str(refused.value) == "The database server does not answer. Nothing was stored. Try again in a minute."
    assert store.data_version() == 0
    with landing(store, "An Analyst", "a file") as landed:
        assert landed.version == 1
    store.close()


def test_where_the_answer_to_a_commit_does_not_come_nobody_is_told_that_nothing_was_stored(postgres_url):
    store = opened(postgres_url)
    uncertain = pytest.raises(StoreError, match="It is not certain whether this was stored")
    with uncertain, landing(store, "An Analyst", "a file") as landed:
        landed.connection.exec_driver_sql(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.1); RETURN NULL; END $$"
        )
        # It runs when the transaction is committed, as an answer that is lost does.
        landed.connection.exec_driver_sql(
            "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION die()"
        )
    assert store.data_version() == 0
    store.close()


# Many at once.


def test_six_writers_at_once_store_each_file_once_and_readers_see_whole_versions(database_url, tmp_path):
    report = run("writers", "--url", database_url, "--home", tmp_path, "--writers", 6, "--each", 2, "--readers", 1)
    assert report["wrong"] == []
    assert report["acknowledged"] == 12
    assert report["looks"] >= 1
