"""A drop folder loads what is fine, leaves the rest to a person with a report, and loses nothing whatever happens."""

import csv
import datetime
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from data_loaders import watching
from data_loaders.__main__ import main
from data_loaders.watching import Busy, Ran, alone_in, is_quiet, run_once, watch
from scorecards.errors import LoadRefused, ScorecardError
from scorecards.store.schema import submission
from tests.partner_files import CONTACTS, REFERRALS, TODAY, day, landed, live, opened, text_file

ROOT = Path(__file__).parents[1]
# Children of these files; none of them may stand in a report.
CHILDREN = ("AB1234", "9212044", "CX99")
GOOD = text_file((REFERRALS, ("AB1234", "03/09/2025", "Police")))
OTHER = text_file((REFERRALS, ("9212044", "04/08/2025", "GP")))
WRONG = text_file((REFERRALS, ("CX99", "31/09/2025", "Police"), ("AB1234", "03/09/2025", "Police")))
PERSONAL = text_file(((*REFERRALS, "Child name"), ("AB1234", "03/09/2025", "Police", "Amara Goss")))
# With postcodes, which a table that is not read should not bring.
UNUSED = (
    b"CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,HOME_POST\n9212044,20/11/2019,P,D1,N8,A6,PR1,,X1,Q17 9PC\n"
)


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def drop(inbox):
    """Return a function that puts a file into the drop folder, as it lies there once it has arrived."""

    def put(name, data):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return put


@pytest.fixture
def run(inbox, database_url):
    """Return a function that runs once over the drop folder; on either database."""
    said = []
    return lambda settled=0: run_once(inbox, lambda: opened(database_url), "a test", said.append, settled)


@pytest.fixture
def run_here(inbox, sqlite_url):
    return lambda settled=0: run_once(inbox, lambda: opened(sqlite_url), "a test", lambda _said: None, settled)


def places(inbox):
    """Return where each file lies, the reports aside."""
    files = (path for path in inbox.rglob("*") if path.is_file() and path.name != watching.LOCK)
    found = sorted(path.relative_to(inbox).as_posix() for path in files)
    return [place for place in found if not place.startswith("reports/")]


def when_made(path):
    return path.stat().st_mtime_ns


def reports(inbox, suffix):
    return [path.read_text("utf-8-sig") for path in sorted((inbox / "reports").glob(f"*{suffix}"), key=when_made)]


def stored_rows(url, *columns):
    store = opened(url)
    try:
        return live(store, "referrals", *columns)
    finally:
        store.close()


# What becomes of files


def test_what_is_fine_is_stored_and_the_rest_is_left_to_a_person(inbox, drop, run, database_url):
    drop("good.csv", GOOD)
    drop("wrong.csv", WRONG)
    drop("letter.pdf", b"%PDF-1.7 a letter")
    drop("names.csv", PERSONAL)
    drop("episodes.csv", UNUSED)
    drop("shopping.csv", b"milk,eggs\n2,12\n")
    ran = run()
    assert places(inbox) == [
        "needs-a-person/shopping.csv", "needs-a-person/wrong.csv", "not-used/episodes.csv", "refused/letter.pdf",
        "refused/names.csv", "stored/good.csv",
    ]  # fmt: skip
    assert (ran.moved, ran.left) == (Counter({"needs-a-person": 2, "refused": 2, "not-used": 1, "stored": 1}), 0)
    assert ran.sentence == "1 to stored, 2 to needs-a-person, 2 to refused, 1 to not-used."
    assert stored_rows(database_url, "referral_date", "source") == [(day(2025, 9, 3), "6")]


def test_the_report_says_what_became_of_each_file_and_names_no_child(inbox, drop, run_here):
    for name, data in {"good.csv": GOOD, "police/wrong.csv": WRONG, "names.csv": PERSONAL, "x.pdf": b"%PDF-"}.items():
        drop(name, data)
    ran = run_here()
    (text,), (table,) = reports(inbox, ".txt"), reports(inbox, ".csv")
    assert ran.report.name.endswith(".txt")
    stored = "Stored as data version 1. Referrals to children's social care: 1 added."
    assert f"good.csv\n  Went to stored. {stored}\n" in text
    assert "police/wrong.csv\n  Went to needs-a-person. " in text
    assert "September has 30 days. The row was not read." in text
    assert text.endswith("4 files: 1 to needs-a-person, 2 to refused, 1 to stored.\n")
    rows = list(csv.DictReader(table.splitlines()))
    assert {row["File"]: row["Went to"] for row in rows} == {
        "good.csv": "stored", "police/wrong.csv": "needs-a-person", "names.csv": "refused", "x.pdf": "refused",
    }  # fmt: skip
    for child in (*CHILDREN, "Amara", "Goss"):
        assert child not in text + table
    assert {path.stat().st_mode & 0o777 for path in (inbox / "reports").iterdir()} == {0o600}


def test_a_folder_named_after_an_agency_says_who_sent_what_lies_in_it(inbox, drop, run_here, sqlite_url):
    contacts = text_file((CONTACTS, ("AB1234", "03/09/2025", "Police")))
    drop("MASH/2025/Q2.csv", contacts)
    drop("polise/Q2.csv", OTHER)
    run_here()
    assert places(inbox) == ["needs-a-person/polise/Q2.csv", "stored/MASH/2025/Q2.csv"]
    store = opened(sqlite_url)
    with store.read() as connection:
        assert connection.scalars(select(submission.c.agency)).all() == ["mash"]
    store.close()
    (text,) = reports(inbox, ".txt")
    assert "It lay in the folder 'polise', which is no agency of partnership.yaml. Did you mean 'Police'?" in text


def test_files_of_one_sender_that_come_together_do_not_replace_each_other(inbox, drop, run_here, sqlite_url):
    headings = (*REFERRALS, "Area")
    drop("council/north.csv", text_file((headings, ("AB1234", "03/09/2025", "Police", "North"))))
    drop("council/south.csv", text_file((headings, ("CX99", "04/09/2025", "Police", "South"))))
    run_here()
    assert stored_rows(sqlite_url, "locality") == [("north",), ("south",)]
    assert places(inbox) == ["stored/council/north.csv", "stored/council/south.csv"]


def test_the_same_bytes_twice_change_nothing(inbox, drop, run_here, sqlite_url):
    drop("a.csv", GOOD)
    drop("b.csv", GOOD)
    run_here()
    drop("a.csv", GOOD)
    run_here()
    assert places(inbox) == ["stored/a (2).csv", "stored/a.csv", "stored/b.csv"]
    assert len(stored_rows(sqlite_url, "id")) == 1
    first, second = reports(inbox, ".txt")
    assert "The very same as a.csv. Stored as data version 1." in first
    assert "This very file was stored before; nothing in it is new." in second


def test_what_would_take_much_away_waits_for_a_person(inbox, drop, run_here, sqlite_url):
    store = opened(sqlite_url)
    landed(store, REFERRALS, ("AB1234", "03/09/2025", "Police"), ("CX99", "30/09/2025", "GP"))
    store.close()
    drop("less.csv", GOOD)
    run_here()
    assert places(inbox) == ["needs-a-person/less.csv"]
    assert (
        "1 of 2 rows of 'Referrals to children's social care' would go, which must be confirmed."
        in (reports(inbox, ".txt")[0])
    )


def test_the_day_a_file_came_is_the_day_it_was_received(drop, run_here, sqlite_url):
    drop("a.csv", GOOD)
    run_here()
    store = opened(sqlite_url)
    with store.read() as connection:
        received = connection.scalar(select(submission.c.received_on))
    store.close()
    assert received == min(datetime.date.today(), TODAY).toordinal()


def test_nothing_new_leaves_no_report(inbox, run_here):
    assert run_here() == Ran()
    assert run_here().sentence == "Nothing new."
    assert reports(inbox, ".txt") == []


# Arriving


def test_a_file_that_is_still_being_written_stays(inbox, drop, run_here):
    drop("growing.csv", GOOD)
    ran = run_here(settled=60)
    assert (places(inbox), ran.left, ran.sentence) == (["growing.csv"], 1, "1 left for the next run.")


def test_a_copy_that_carries_an_old_time_counts_from_when_it_came(drop):
    path = drop("old.csv", GOOD)
    os.utime(path, (0, 0))
    assert not is_quiet(path, 60)
    assert is_quiet(path, 0)


def test_a_time_to_come_keeps_no_file_waiting(drop):
    path = drop("ahead.csv", GOOD)
    os.utime(path, (time.time() + 1e6,) * 2)
    assert is_quiet(path, 0)


def test_what_went_meanwhile_is_not_quiet(tmp_path):
    assert not is_quiet(tmp_path / "gone.csv", 0)


@pytest.mark.parametrize("name", ["~$good.xlsx", ".good.csv", "good.csv.part", "good.csv.filepart", "Thumbs.db"])
def test_files_of_other_programs_are_left_alone(inbox, drop, run_here, name):
    drop(name, GOOD)
    assert run_here() == Ran()
    assert places(inbox) == [name]


def test_a_link_leads_nowhere(inbox, tmp_path, run_here):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(GOOD)
    (inbox / "link.csv").symlink_to(secret)
    assert run_here() == Ran()
    assert secret.exists()


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="this platform follows every link")
def test_a_file_that_becomes_a_link_is_not_read(inbox, drop, tmp_path, run_here, sqlite_url, monkeypatch):
    path, secret = drop("police/a.csv", GOOD), tmp_path / "secret.csv"
    secret.write_bytes(OTHER)
    quiet = watching.is_quiet

    def swapped_once_it_was_found(one, settled):
        found = quiet(one, settled)
        path.unlink()
        path.symlink_to(secret)
        return found

    monkeypatch.setattr(watching, "is_quiet", swapped_once_it_was_found)
    assert run_here().left == 1
    assert (places(inbox), stored_rows(sqlite_url, "id")) == (["police/a.csv"], [])


@pytest.mark.parametrize("leads_to", ["elsewhere", "nowhere"])
@pytest.mark.parametrize("name", watching.OWN_FOLDERS)
def test_a_link_in_the_place_of_a_folder_is_told_and_nothing_goes_through_it(
    inbox, drop, tmp_path, run_here, name, leads_to
):
    (tmp_path / "elsewhere").mkdir()
    (inbox / name).symlink_to(tmp_path / leads_to)
    drop("a.csv", GOOD)
    with pytest.raises(ScorecardError, match=f"'{name}' is a link where a folder of our own is needed. Take the link"):
        run_here()
    assert (inbox / "a.csv").is_file()
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_link_deeper_down_leaves_the_file_where_it_is(inbox, drop, tmp_path, run_here):
    (tmp_path / "elsewhere").mkdir()
    (inbox / "stored").mkdir()
    (inbox / "stored" / "council").symlink_to(tmp_path / "elsewhere")
    drop("council/a.csv", GOOD)
    drop("b.csv", OTHER)
    ran = run_here()
    assert ran.left == 1
    assert (inbox / "council" / "a.csv").is_file()
    assert not list((tmp_path / "elsewhere").iterdir())


def test_another_version_put_in_its_place_meanwhile_is_not_lost(inbox, drop, run_here, sqlite_url, monkeypatch):
    path = drop("a.csv", GOOD)
    landing = watching.land

    def land_while_somebody_sends(*arguments, **named):
        done = landing(*arguments, **named)
        path.write_bytes(OTHER)
        return done

    monkeypatch.setattr(watching, "land", land_while_somebody_sends)
    ran = run_here()
    monkeypatch.undo()
    assert (places(inbox), ran.left) == (["a.csv"], 1)
    monkeypatch.setenv("SCORECARDS_HOME", str(inbox.parent))
    run_here()
    assert places(inbox) == ["stored/a.csv"]
    assert [when for (when,) in stored_rows(sqlite_url, "referral_date")] == [day(2025, 8, 4), day(2025, 9, 3)]


# One bad file never stops the others


def test_a_fault_in_one_file_spares_the_others(inbox, drop, run_here, sqlite_url, monkeypatch, caplog):
    drop("bad.csv", OTHER)
    drop("good.csv", GOOD)
    checking = watching.check_files

    def falls_over(store, files, **named):
        if any(name == "bad.csv" for name, *_ in files):
            raise ZeroDivisionError("AB1234")
        return checking(store, files, **named)

    monkeypatch.setattr(watching, "check_files", falls_over)
    run_here()
    assert places(inbox) == ["needs-a-person/bad.csv", "stored/good.csv"]
    assert len(stored_rows(sqlite_url, "id")) == 1
    assert "It could not be loaded because of a fault in this product" in reports(inbox, ".txt")[0]
    assert "ZeroDivisionError" in caplog.text
    assert "AB1234" not in caplog.text


def test_a_store_that_cannot_be_reached_moves_nothing(inbox, drop):
    drop("a.csv", GOOD)

    def closed():
        raise ScorecardError("The database cannot be opened just now.")

    with pytest.raises(ScorecardError):
        run_once(inbox, closed, "a test", lambda _said: None, 0)
    assert places(inbox) == ["a.csv"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_stays(inbox, drop, run_here):
    drop("a.csv", GOOD).chmod(0)
    assert run_here().left == 1
    assert places(inbox) == ["a.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps names that are no text")
def test_a_name_that_is_no_text_stops_no_other_file(inbox, drop, run_here):
    for name, data in ((b"b\xe9a.csv", WRONG), (b"caf\xe9/a.csv", GOOD), (b"new\nline.csv", GOOD), (b"z.csv", OTHER)):
        drop(os.fsdecode(name), data)
    ran = run_here()
    assert (ran.moved, ran.left) == (Counter({"needs-a-person": 2, "stored": 2}), 0)
    told = [row["File"] for row in csv.DictReader(reports(inbox, ".csv")[0].splitlines())]
    assert sorted(set(told)) == ["ba.csv", "caf/a.csv", "newline.csv", "z.csv"]


def test_a_file_in_the_place_of_a_folder_is_told(drop, run_here):
    drop("stored", b"no folder")
    with pytest.raises(ScorecardError, match="'stored' is a file where a folder is needed"):
        run_here()


def test_a_folder_that_is_not_there_is_told(tmp_path, sqlite_url):
    with pytest.raises(ScorecardError, match="There is no folder 'nowhere'"):
        run_once(tmp_path / "nowhere", lambda: opened(sqlite_url), "a test", lambda _said: None)


def test_a_file_that_goes_while_it_is_looked_at_stops_nothing(inbox, drop, run_here, monkeypatch):
    drop("a.csv", GOOD)
    gone = drop("gone.csv", OTHER)
    looking = watching.looks_of

    def look_at_what_went(path):
        if path == gone and path.exists():
            path.unlink()
        return looking(path)

    monkeypatch.setattr(watching, "looks_of", look_at_what_went)
    assert (run_here().left, places(inbox)) == (1, ["stored/a.csv"])


def test_a_file_that_grows_while_it_is_read_stays(inbox, drop, run_here, monkeypatch):
    path = drop("a.csv", GOOD)
    reading = watching.bytes_of

    def read_while_it_grows(one, **named):
        data = reading(one, **named)
        path.write_bytes(data + b"C2,04/09/2025,GP\n")
        return data

    monkeypatch.setattr(watching, "bytes_of", read_while_it_grows)
    assert (run_here().left, places(inbox)) == (1, ["a.csv"])


def test_a_file_that_cannot_be_moved_is_stored_and_stays(inbox, drop, run_here, sqlite_url):
    drop("council/a.csv", GOOD)
    (inbox / "stored").mkdir()
    # In the place of the folder that it would go to.
    (inbox / "stored" / "council").write_bytes(b"a file")
    drop("police/b.pdf", b"%PDF-1.7")
    assert run_here().left == 1
    assert places(inbox) == ["council/a.csv", "refused/police/b.pdf", "stored/council"]
    assert len(stored_rows(sqlite_url, "id")) == 1
    (inbox / "stored" / "council").unlink()
    run_here()
    assert places(inbox) == ["refused/police/b.pdf", "stored/council/a.csv"]


def test_a_move_that_the_disk_refuses_is_told(inbox, drop, sqlite_url, monkeypatch):
    drop("a.csv", GOOD)
    said = []

    def refused(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watching, "move", refused)
    ran = run_once(inbox, lambda: opened(sqlite_url), "a test", said.append, 0)
    assert (ran.left, places(inbox)) == (1, ["a.csv"])
    assert said == ["a.csv: left for the next run. It could not be moved: No space left on device"]


def test_what_a_landing_refuses_waits_for_a_person(inbox, drop, run_here, monkeypatch):
    drop("a.csv", GOOD)

    def refused(*_arguments, **_named):
        raise LoadRefused("reason_missing", "It is stored only with a reason. Nothing was stored.")

    monkeypatch.setattr(watching, "land", refused)
    run_here()
    assert places(inbox) == ["needs-a-person/a.csv"]
    assert "Went to needs-a-person. It is stored only with a reason." in reports(inbox, ".txt")[0]


def test_a_store_in_which_others_store_all_the_time_leaves_the_file_for_later(inbox, drop, run_here, monkeypatch):
    drop("a.csv", GOOD)

    def overtaken(*_arguments, **_named):
        raise LoadRefused("changed_meanwhile", "Somebody stored something since the check.")

    monkeypatch.setattr(watching, "land", overtaken)
    assert (run_here().left, places(inbox)) == (1, ["a.csv"])


def test_a_doubt_waits_for_a_person_who_gives_a_reason(inbox, drop, run_here, sqlite_url):
    plans = ("Child Unique ID", "Child Protection Plan Start Date", "Child Protection Plan End Date")
    store = opened(sqlite_url)
    landed(store, plans, ("AB1234", "03/02/2025", None), ("CX99", "04/02/2025", None),
           covers=(datetime.date(2025, 4, 1), datetime.date(2025, 6, 30)))  # fmt: skip
    store.close()
    drop("plans.csv", text_file((plans, ("AB1234", "03/02/2025", ""), ("B2", "04/10/2025", "07/10/2025"))))
    run_here()
    assert places(inbox) == ["needs-a-person/plans.csv"]


# Two runs at once


def test_a_second_run_beside_the_first_does_nothing(inbox, drop, run_here):
    drop("a.csv", GOOD)
    with alone_in(inbox), pytest.raises(Busy, match="Another run is at work on 'inbox'"):
        run_here()
    assert places(inbox) == ["a.csv"]


def test_a_landing_of_somebody_else_in_between_is_taken_up(inbox, drop, run_here, sqlite_url, monkeypatch):
    drop("a.csv", GOOD)
    checking, turns = watching.check_files, []

    def check_while_somebody_lands(store, files, **named):
        done = checking(store, files, **named)
        if not turns:
            landed(store, REFERRALS, ("CX99", "05/09/2025", "GP"), ("9212044", "06/09/2025", "GP"))
        turns.append(len(files))
        return done

    monkeypatch.setattr(watching, "check_files", check_while_somebody_lands)
    run_here()
    # Beside what the other stored, the file takes rows away: nobody saw that before.
    assert (len(turns), places(inbox)) == (2, ["needs-a-person/a.csv"])
    assert len(stored_rows(sqlite_url, "id")) == 2


# Killed in the middle


CRASHING = """
import os, signal, sys
from pathlib import Path
from data_loaders import landing, run_reports, watching
from tests.partner_files import opened

where, at, inbox, url = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
module, name = {"check": (watching, "check_files"), "store": (landing, "recompute"), "land": (watching, "land"),
                "tell": (run_reports.RunReport, "add"), "move": (watching, "move")}[where.split()[1]]
own, calls = getattr(module, name), []

def killed(*arguments, **named):
    calls.append(1)
    if where.startswith("before") and len(calls) == at:
        os.kill(os.getpid(), signal.SIGKILL)
    done = own(*arguments, **named)
    if len(calls) == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return done

setattr(module, name, killed)
watching.run_once(inbox, lambda: opened(url), "a test", print, 0)
"""


@pytest.mark.parametrize(
    ("where", "at"),
    [
        ("after check", 1), ("before store", 1), ("after store", 1), ("after land", 1), ("after tell", 1),
        ("after move", 1),
    ],
)  # fmt: skip
def test_a_run_that_is_killed_loses_nothing(inbox, drop, run_here, sqlite_url, where, at):
    drop("good.csv", GOOD)
    drop("more.csv", OTHER)
    command = [sys.executable, "-c", CRASHING, where, str(at), str(inbox), sqlite_url]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    # Whatever was moved by then is stored, and a report told it before.
    moved = [place for place in places(inbox) if place.startswith("stored/")]
    assert not moved or (len(stored_rows(sqlite_url, "id")) == 2 and reports(inbox, ".txt"))
    run_here()
    assert places(inbox) == ["stored/good.csv", "stored/more.csv"]
    assert stored_rows(sqlite_url, "referral_date") == [(day(2025, 8, 4),), (day(2025, 9, 3),)]


# Watching


def test_watching_goes_on_until_it_is_stopped(inbox, drop, sqlite_url):
    said, stop = [], threading.Event()
    drop("a.csv", GOOD)
    told = threading.Event()

    def say(line):
        said.append(line)
        if line.startswith("b.csv"):
            told.set()

    watcher = threading.Thread(target=watch, args=(inbox, lambda: opened(sqlite_url), "x", say, stop, 0.05, 0))
    watcher.start()
    while not any(line.startswith("a.csv") for line in said):
        time.sleep(0.02)
    # Written elsewhere and put there whole, as nobody could tell otherwise that it is.
    whole = inbox.parent / "b.csv"
    whole.write_bytes(OTHER)
    whole.rename(inbox / "b.csv")
    assert told.wait(30)
    stop.set()
    watcher.join(30)
    assert not watcher.is_alive()
    assert places(inbox) == ["stored/a.csv", "stored/b.csv"]


def test_watching_says_what_is_wrong_and_tries_again(inbox, drop):
    drop("a.csv", GOOD)
    said, stop = [], threading.Event()

    def closed():
        if len(said) == 1:
            stop.set()
        raise ScorecardError("The database cannot be opened just now.")

    watch(inbox, closed, "x", said.append, stop, 0.01, 0)
    assert said == ["The database cannot be opened just now."] * 2


# At the command line


@pytest.fixture
def command(inbox, sqlite_url, monkeypatch):
    """Return a function that runs over the drop folder as cron would, and returns how that ends."""
    store = opened(sqlite_url)
    store.close()
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())
    return lambda *more: main(["--inbox", str(inbox), "--settled", "0", *more])


@pytest.mark.parametrize(
    ("files", "code", "said"),
    [
        ({}, 0, "Nothing new.\n"),
        ({"good.csv": GOOD}, 0, "1 to stored.\n"),
        ({"good.csv": GOOD, "wrong.csv": WRONG}, 1, "1 to stored, 1 to needs-a-person.\n"),
        ({"wrong.csv": WRONG, "x.pdf": b"%PDF-1.7"}, 2, "1 to needs-a-person, 1 to refused.\n"),
        ({"episodes.csv": UNUSED}, 0, "1 to not-used.\n"),
    ],
)
def test_cron_is_told_by_the_way_a_run_ends(drop, command, capsys, files, code, said):
    for name, data in files.items():
        drop(name, data)
    assert command() == code
    assert capsys.readouterr().out.endswith(said)


def test_cron_is_told_that_another_run_is_at_work(inbox, drop, command, capsys):
    drop("a.csv", GOOD)
    with alone_in(inbox):
        assert command() == 4
    assert capsys.readouterr().err == "Another run is at work on 'inbox'. Nothing was done.\n"


def test_cron_is_told_that_nothing_could_be_done(inbox, drop, command, capsys, monkeypatch):
    drop("a.csv", GOOD)
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", "nowhere://")
    assert command() == 3
    assert "is not the address of a database" in capsys.readouterr().err
    assert places(inbox) == ["a.csv"]


@pytest.mark.usefixtures("command")
def test_two_runs_at_once_land_each_file_once(inbox, drop, sqlite_url):
    for number in range(1, 7):
        drop(f"council/{number}.csv", text_file((REFERRALS, (f"C{number}", f"0{number}/09/2025", "GP"))))
    run = [sys.executable, "-m", "data_loaders", "--inbox", str(inbox), "--settled", "0"]
    both = [subprocess.Popen(run, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
    ended = sorted(one.wait(120) for one in both)
    # The second was beside the first and did nothing, or came after it and found nothing.
    assert ended in ([0, 4], [0, 0])
    assert places(inbox) == [f"stored/council/{number}.csv" for number in range(1, 7)]
    assert len(stored_rows(sqlite_url, "id")) == 6


@pytest.mark.usefixtures("command")
def test_a_watcher_ends_well_when_it_is_asked_to(inbox, drop):
    drop("a.csv", GOOD)
    command = [sys.executable, "-m", "data_loaders", "--watch", str(inbox), "--every", "0.2", "--settled", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as watcher:
        lines = [watcher.stdout.readline() for _ in range(2)]
        watcher.send_signal(signal.SIGTERM)
        lines += watcher.stdout.readlines()
    assert watcher.returncode == 0
    assert lines[1].startswith("a.csv: stored. Stored as data version 1.")
    assert lines[2:] == ["1 to stored.\n"]


@pytest.mark.parametrize("more", [["--inbox", "x", "a.csv"], ["--inbox", "x", "--watch", "x"], []])
def test_one_thing_is_asked_for_at_a_time(more, capsys):
    with pytest.raises(SystemExit) as ended:
        main(more)
    assert ended.value.code == 2
    assert "name a file, or a folder of files" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["-5", "nan", "inf", "soon"])
@pytest.mark.parametrize("option", ["--every", "--settled"])
def test_a_wait_is_a_number_of_seconds(inbox, capsys, option, text):
    with pytest.raises(SystemExit) as ended:
        main(["--inbox", str(inbox), f"{option}={text}"])
    assert ended.value.code == 2
    assert f"'{text}' is not a number of seconds such as 30" in capsys.readouterr().err
