"""What agencies said and what was done is kept by name, on either database, and the log does not repeat it."""

import datetime

import pytest
from sqlalchemy import select

from scorecards.definitions import Escalation, read_definitions
from scorecards.errors import ScorecardError
from scorecards.returns import (
    Chaser,
    escalation_due,
    newest_said,
    read_chasers,
    read_reasons,
    record_chaser,
    record_reason,
    take_back_reason,
)
from scorecards.store.schema import audit, data_version
from tests.seeding import empty_store

Q2 = "2025-26-Q2"
RETURN = ("police", Q2)
DAY = datetime.date(2025, 10, 20)


@pytest.fixture
def store(database_url):
    opened = empty_store(database_url, read_definitions())
    yield opened
    opened.close()


def reasons(store):
    with store.read() as connection:
        return read_reasons(connection).get(RETURN, {})


def logged(store):
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(audit.c.who, audit.c.what).order_by(audit.c.id))]


def test_a_reason_is_kept_with_who_recorded_it_and_when(store):
    at = datetime.datetime(2025, 10, 13, 9, 30, tzinfo=datetime.UTC)
    record_reason(store, *RETURN, "missing_episodes", "  A new\n system ", DAY, " Ana Lyst ", at=at)
    one = reasons(store)["missing_episodes"]
    assert (one.why, one.expected, one.recorded_by, one.recorded_at) == (
        "A new system", DAY, "Ana Lyst", "2025-10-13T09:30:00+00:00",
    )  # fmt: skip


def test_recording_makes_no_data_version_and_the_audit_log_keeps_the_words_out(store):
    record_reason(store, *RETURN, "", "Ruby Stone is on leave", None, "Ana")
    take_back_reason(store, *RETURN, "", "Ben")
    record_chaser(store, *RETURN, "escalation", "meeting", store.today, "Ruby was there", "Ana")
    assert logged(store) == [
        ("Ana", "Reason recorded: not supplied, police, 2025-26-Q2"),
        ("Ben", "Reason taken back: police, 2025-26-Q2"),
        ("Ana", "Escalation recorded: police, 2025-26-Q2"),
    ]
    with store.read() as connection:
        assert connection.scalar(select(data_version.c.id)) is None


def test_taking_back_leaves_no_older_reason_standing(store):
    for why in ("One", "Two"):
        record_reason(store, *RETURN, "missing_episodes", why, None, "Ana")
    record_reason(store, *RETURN, "", "All of it", None, "Ana")
    take_back_reason(store, *RETURN, "missing_episodes", "Ana")
    assert {item: one.why for item, one in reasons(store).items()} == {"": "All of it"}


def test_chasers_stand_in_the_order_of_their_days(store):
    record_chaser(store, *RETURN, "reminder", "call", datetime.date(2025, 10, 13), " They are ill ", "Ana")
    record_chaser(store, *RETURN, "reminder", "email", datetime.date(2025, 10, 9), "", "Ben")
    assert read_chasers(store) == {RETURN: (
        Chaser(*RETURN, "reminder", "email", datetime.date(2025, 10, 9), "", "Ben"),
        Chaser(*RETURN, "reminder", "call", datetime.date(2025, 10, 13), "They are ill", "Ana"),
    )}  # fmt: skip


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (lambda store: record_reason(store, *RETURN, "", " ", None, "Ana"), "Say in a few words why"),
        (lambda store: record_reason(store, *RETURN, "", "Ill", None, " "), "Give your name first"),
        (lambda store: take_back_reason(store, *RETURN, "", ""), "Give your name first"),
        (lambda store: record_chaser(store, *RETURN, "reminder", "email", store.today, "", ""), "Give your name first"),
        (lambda store: record_chaser(store, *RETURN, "reminder", "email", DAY, "", "Ana"), "has not come yet"),
    ],
)  # fmt: skip
def test_what_lacks_a_name_a_reason_or_a_day_is_refused_and_nothing_is_kept(store, record, said):
    with pytest.raises(ScorecardError, match=said):
        record(store)
    assert (reasons(store), read_chasers(store), logged(store)) == ({}, {}, [])


def test_a_word_tells_whether_anything_was_recorded_since(store):
    def word():
        with store.read() as connection:
            return newest_said(connection)

    seen = [word()]
    record_reason(store, *RETURN, "", "Ill", None, "Ana")
    seen.append(word())
    take_back_reason(store, *RETURN, "", "Ana")
    seen.append(word())
    record_chaser(store, *RETURN, "reminder", "email", store.today, "", "Ana")
    seen.append(word())
    assert len(set(seen)) == 4
    assert word() == seen[-1]


def chased(kind):
    return (Chaser(*RETURN, kind, "email", datetime.date(2025, 10, 9), "", "Ana"),)


@pytest.mark.parametrize(
    ("today", "chasers", "since"),
    [
        ("2025-10-27", (), None),
        ("2025-10-28", (), "2025-10-28"),
        ("2025-12-01", chased("reminder"), "2025-10-28"),
        ("2025-12-01", chased("escalation"), None),
    ],
)
def test_after_so_many_days_somebody_above_is_to_be_told_once(today, chasers, since):
    due = datetime.date(2025, 10, 8)
    found = escalation_due(due, Escalation(days_late=20), chasers, datetime.date.fromisoformat(today))
    assert found == (datetime.date.fromisoformat(since) if since else None)
