"""What was sent for a quarter with what was wrong in it, and which figures a landing changed."""

import pytest

from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id
from scorecards.returns import read_new_figures, read_sent_lists
from scorecards.store import landing
from scorecards.store.schema import problem
from tests.seeding import empty_store, land

Q1, Q2 = period_by_id("2025-26-Q1"), period_by_id("2025-26-Q2")
APRIL_TO_JUNE, JULY_TO_SEPTEMBER = ("2025-04-01", "2025-06-30"), ("2025-07-01", "2025-09-30")
JULY = ("2025-07-01", "2025-07-31")


@pytest.fixture
def store(sqlite_url):
    opened = empty_store(sqlite_url, read_definitions())
    yield opened
    opened.close()


def referral(child, date):
    return {"child_id": child, "referral_date": date, "source": "6"}


def sent(store, covers, refused=0, records="referrals", rows=(), **more):
    return land(store, {records: list(rows)}, covers, agency="council", refused=refused, **more)


def refused(store, period):
    return [(one.records, one.rows_refused) for one in read_sent_lists(store, period)]


def test_a_list_is_for_the_quarters_whose_days_it_covers(store):
    sent(store, ("2025-04-01", "2025-09-30"), refused=3)
    assert refused(store, Q1) == refused(store, Q2) == [("referrals", 3)]
    assert refused(store, period_by_id("2024-25-Q4")) == []


def test_a_list_that_was_sent_again_takes_its_problems_with_it(store):
    sent(store, JULY_TO_SEPTEMBER, refused=3)
    sent(store, JULY_TO_SEPTEMBER)
    assert refused(store, Q2) == [("referrals", 0)]


def test_a_part_that_was_sent_again_does_not_settle_the_whole(store):
    sent(store, JULY_TO_SEPTEMBER, refused=3)
    sent(store, JULY)
    assert refused(store, Q2) == [("referrals", 3), ("referrals", 0)]


def test_another_list_for_the_same_days_settles_nothing(store):
    sent(store, JULY_TO_SEPTEMBER, refused=3)
    sent(store, JULY_TO_SEPTEMBER, records="icpc")
    assert refused(store, Q2) == [("referrals", 3), ("icpc", 0)]


def test_a_return_of_figures_is_for_the_quarter_that_had_just_ended(store):
    sent(store, None, refused=1, records="aggregate_return")
    assert refused(store, Q2) == [("aggregate_return", 1)]
    assert refused(store, Q1) == []


def test_notes_are_no_problems(store):
    version = sent(store, JULY_TO_SEPTEMBER, refused=1)
    with landing(store, "tester", "problems for a test") as opened:
        for severity in ("note", "warning", "error"):
            row = {
                "submission_id": 1,
                "code": "date_impossible",
                "severity": severity,
                "sentence": "No.",
                "advice": "Ask.",
            }
            opened.connection.execute(problem.insert().values(**row))
    assert version == 1
    (one,) = read_sent_lists(store, Q2)
    assert [found.severity for found in one.problems] == ["warning", "error"]


def test_a_landing_s_new_figures_are_those_that_changed_newest_first(store):
    sent(store, ("2025-04-01", "2025-09-30"), rows=[referral("a", "2025-05-01"), referral("b", "2025-08-01")])
    version = sent(store, JULY_TO_SEPTEMBER, rows=[referral("c", "2025-08-01"), referral("d", "2025-08-02")])
    found = [one for one in read_new_figures(store, version) if one.kpi == "referrals"]
    assert [(one.period.id, one.was, one.now) for one in found][:1] == [("2025-26-Q2", 1, 3)]
    ends = [one.period.end for one in read_new_figures(store, version)]
    assert ends == sorted(ends, reverse=True)


def test_a_landing_that_changes_no_figure_has_none(store):
    version = sent(store, JULY_TO_SEPTEMBER)
    again = sent(store, JULY_TO_SEPTEMBER)
    assert read_new_figures(store, version) != ()
    assert read_new_figures(store, again) == ()
