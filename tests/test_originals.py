"""Partners' files are kept as they came: encrypted, for a set time, and fetched by name at the command line alone."""

import datetime
import hashlib
import stat
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from data_loaders import check_files, land
from data_loaders.__main__ import main as load_main
from data_loaders.originals import fetch_original
from data_loaders.withdrawing import plan_withdrawal, withdraw
from scorecards.__main__ import main
from scorecards.errors import StoreError
from scorecards.store.originals import KEY_FILE, kept_originals, make_key, purge_originals, read_original
from scorecards.store.schema import audit, original, setting
from tests.partner_files import CONTACTS, REFERRALS, TODAY, landed, opened, text_file

ROWS = (REFERRALS, ("Quillfeather-1", "03/09/2025", "Police"))
DATA = text_file(ROWS)
SHA256 = hashlib.sha256(DATA).hexdigest()
KEPT_DAYS = 400


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def either_store(database_url):
    store = opened(database_url)
    yield store
    store.close()


def send(store, data=DATA, name="referrals.csv", received=None, **given):
    check = check_files(store, [(name, data)], **given)
    return land(store, check, by="a test", confirmed=True, received={name: received} if received else None)


def kept(store):
    with store.read() as connection:
        return kept_originals(connection)


def told(store):
    with store.read() as connection:
        return connection.scalars(select(audit.c.what).order_by(audit.c.id)).all()


def tokens(store):
    with store.read() as connection:
        return connection.scalars(select(original.c.token)).all()


def on(store, day):
    """Return the store as it is opened on another day."""
    return replace(store, today=day)


def test_an_original_is_kept_encrypted_until_so_many_days_after_it_came(either_store, own_home):
    send(either_store, received=datetime.date(2025, 10, 1))
    (one,) = kept(either_store).values()
    assert (one.sha256, one.name, one.kept_on) == (SHA256, "referrals.csv", TODAY)
    assert one.keep_until == datetime.date(2025, 10, 1) + datetime.timedelta(days=KEPT_DAYS)
    (token,) = tokens(either_store)
    assert b"Quillfeather" not in token
    assert Fernet((own_home / KEY_FILE).read_bytes()).decrypt(token) == DATA
    assert stat.S_IMODE((own_home / KEY_FILE).stat().st_mode) == 0o600


def test_the_partnership_says_how_long(store):
    us = store.definitions.partnership.model_copy(update={"keep_originals_days": 30})
    send(replace(store, definitions=store.definitions.model_copy(update={"partnership": us})))
    (one,) = kept(store).values()
    assert one.keep_until == TODAY + datetime.timedelta(days=30)


def test_of_a_file_that_came_so_long_ago_no_original_is_kept(store, own_home):
    send(store, received=TODAY - datetime.timedelta(days=KEPT_DAYS + 1))
    assert (kept(store), (own_home / KEY_FILE).exists()) == ({}, False)


def test_of_a_file_from_which_columns_were_left_out_no_original_is_kept(store):
    rows = [(*REFERRALS, "Forename"), ("C1", "03/09/2025", "Police", "Nightjar")]
    send(store, text_file(rows), drop_columns=[("referrals.csv", "referrals", "Forename")])
    assert store.data_version() == 1
    assert kept(store) == {}


def test_a_check_shows_no_bytes_of_a_file_in_a_log(store):
    check = check_files(store, [("referrals.csv", DATA)])
    assert check.files[0].data == DATA
    assert "Quillfeather" not in repr(check)


def test_an_original_that_is_sent_again_is_kept_from_then_on(store):
    send(store)
    withdraw(store, plan_withdrawal(store, [1]), by="a test", why="sent in error")
    later = on(store, TODAY + datetime.timedelta(days=10))
    send(later)
    (one,) = kept(store).values()
    assert one.keep_until == TODAY + datetime.timedelta(days=KEPT_DAYS + 10)


# The key


def test_the_key_may_stand_in_the_environment(store, own_home, monkeypatch):
    key = Fernet.generate_key().decode()
    monkeypatch.setenv("SCORECARDS_ORIGINALS_KEY", key)
    send(store)
    assert Fernet(key).decrypt(tokens(store)[0]) == DATA
    assert not (own_home / KEY_FILE).exists()
    with store.read() as connection:
        assert key not in str(connection.execute(select(setting)).all())


def test_another_key_is_refused(store, own_home, monkeypatch):
    send(store)
    monkeypatch.setenv("SCORECARDS_ORIGINALS_KEY", Fernet.generate_key().decode())
    with pytest.raises(StoreError, match="is not the one that this store's were encrypted with"):
        send(store, text_file((REFERRALS, ("C9", "04/09/2025", "GP"))))
    assert store.data_version() == 1
    with pytest.raises(StoreError, match="is not the one"):
        fetch_original(store, "1", own_home / "out.csv", "An analyst")


def test_a_missing_key_is_not_made_again(store, own_home):
    send(store)
    (own_home / KEY_FILE).unlink()
    with pytest.raises(StoreError, match="The key of the originals is missing"):
        send(store, text_file((REFERRALS, ("C9", "04/09/2025", "GP"))))
    assert not (own_home / KEY_FILE).exists()


def test_where_no_original_is_kept_any_more_a_new_key_does(store, own_home):
    send(store)
    first = (own_home / KEY_FILE).read_bytes()
    purge_originals(on(store, TODAY + datetime.timedelta(days=KEPT_DAYS + 1)), "a test")
    (own_home / KEY_FILE).unlink()
    send(store, text_file((REFERRALS, ("C9", "04/09/2025", "GP"))))
    assert (own_home / KEY_FILE).read_bytes() != first
    assert len(tokens(store)) == 1


@pytest.mark.parametrize("key", ["short", "x" * 44])
def test_what_is_no_key_is_refused(store, key, monkeypatch):
    monkeypatch.setenv("SCORECARDS_ORIGINALS_KEY", key)
    with pytest.raises(StoreError, match="SCORECARDS_ORIGINALS_KEY is no key of originals"):
        send(store)


def test_a_key_file_that_cannot_be_read_is_told(store, own_home):
    (own_home / KEY_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match=r"originals\.key cannot be read"):
        send(store)


def test_a_damaged_original_is_told(store):
    send(store)
    with store.writer.begin() as connection:
        connection.execute(original.update().values(token=b"rubbish"))
    with store.read() as connection, pytest.raises(StoreError, match="is damaged"):
        read_original(store, connection, SHA256)


# Purging


def test_originals_past_their_time_are_purged_and_told(either_store):
    send(either_store)
    later = on(either_store, TODAY + datetime.timedelta(days=1))
    send(later, text_file((CONTACTS, ("C1", "03/09/2025", "Police"))), "contacts.csv", agency="mash")
    assert purge_originals(on(either_store, TODAY + datetime.timedelta(days=KEPT_DAYS)), "a test") == ()
    gone = purge_originals(on(either_store, TODAY + datetime.timedelta(days=KEPT_DAYS + 1)), "a test")
    assert [one.name for one in gone] == ["referrals.csv"]
    assert [one.name for one in kept(either_store).values()] == ["contacts.csv"]
    assert told(either_store)[-1] == f"Purged: 1 original past their time ({SHA256[:12]})"
    assert len(told(either_store)) == 3


def test_the_command_says_what_it_purged(sqlite_url, store, monkeypatch, capsys):
    send(store)
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCORECARDS_TODAY", (TODAY + datetime.timedelta(days=KEPT_DAYS + 1)).isoformat())
    assert main(["purge", "--by", "An analyst"]) == 0
    assert capsys.readouterr().out == (
        "Purged: the original of referrals.csv, which was kept until 18/11/2026.\n1 original purged.\n"
    )
    assert main(["purge"]) == 0
    assert capsys.readouterr().out == "0 originals purged.\n"


def test_what_was_purged_is_not_left_in_the_database_file(store, own_home):
    send(store)
    (token,) = tokens(store)
    purge_originals(on(store, TODAY + datetime.timedelta(days=KEPT_DAYS + 1)), "a test")
    store.close()
    assert token[20:200] not in (own_home / "scorecards.db").read_bytes()


# Fetching


@pytest.fixture
def at_the_command_line(sqlite_url, store, monkeypatch):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())
    return store


@pytest.mark.parametrize("which", ["1", SHA256, SHA256[:8].upper()])
def test_an_original_is_written_for_one_s_eyes_alone_and_told(at_the_command_line, which, own_home, capsys):
    send(at_the_command_line)
    out = own_home / "out.csv"
    assert load_main(["--original", which, "--to", str(out), "--by", "An analyst"]) == 0
    assert (out.read_bytes(), stat.S_IMODE(out.stat().st_mode)) == (DATA, 0o600)
    assert "for your eyes alone" in capsys.readouterr().out
    assert told(at_the_command_line)[-1] == f"Fetched: the original {SHA256[:12]}"


def test_no_file_is_written_over_and_then_nothing_is_told(at_the_command_line, own_home, capsys):
    send(at_the_command_line)
    out = own_home / "out.csv"
    out.write_text("mine")
    assert load_main(["--original", "1", "--to", str(out), "--by", "An analyst"]) == 2
    assert "cannot be written: File exists" in capsys.readouterr().err
    assert (out.read_text(), len(told(at_the_command_line))) == ("mine", 1)


def test_where_the_log_cannot_be_written_nothing_is_fetched(store, own_home, monkeypatch):
    def fails(*_arguments):
        raise RuntimeError("no log")

    send(store)
    monkeypatch.setattr("data_loaders.originals.write_audit", fails)
    with pytest.raises(RuntimeError, match="no log"):
        fetch_original(store, "1", own_home / "out.csv", "An analyst")
    assert not (own_home / "out.csv").exists()


@pytest.mark.parametrize("which", ["2", "0" * 64, "abc", "%______________"])
def test_what_names_no_file_is_answered(store, which, own_home):
    send(store)
    with pytest.raises(StoreError, match="names no file that was loaded"):
        fetch_original(store, which, own_home / "out.csv", "An analyst")


def test_an_original_past_its_time_is_not_fetched_even_before_it_is_purged(store, own_home):
    send(store)
    later = on(store, TODAY + datetime.timedelta(days=KEPT_DAYS + 1))
    with pytest.raises(StoreError, match="may not be fetched any more"):
        fetch_original(later, "1", own_home / "out.csv", "An analyst")


def test_an_original_that_is_not_kept_is_told(store, own_home):
    send(store, received=TODAY - datetime.timedelta(days=KEPT_DAYS + 1))
    with pytest.raises(StoreError, match="is not kept"):
        fetch_original(store, "1", own_home / "out.csv", "An analyst")


@pytest.mark.parametrize(
    "given", [["--original", "1"], ["--original", "1", "--to", "x"], [], ["a.csv", "--original", "1"]]
)
def test_what_is_missing_at_the_command_line_is_asked_for(given, capsys):
    with pytest.raises(SystemExit) as ended:
        load_main(given)
    assert ended.value.code == 2
    assert "--original" in capsys.readouterr().err


def test_nobody_fetches_without_a_name(store, own_home):
    send(store)
    with pytest.raises(StoreError, match="Say who fetches"):
        fetch_original(store, "1", own_home / "out.csv", " ")


def test_two_that_make_a_key_at_once_have_the_same(own_home):
    key = make_key(own_home)
    assert make_key(own_home) == key
    assert [path.name for path in own_home.iterdir()] == [KEY_FILE]


def test_the_same_file_checked_and_landed_brings_its_original_to_the_store(store):
    landed(store, *ROWS)
    assert [one.name for one in kept(store).values()] == ["test.xlsx"]
