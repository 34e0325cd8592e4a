"""A landing makes anew the figures of earlier periods that depend on how far a list reaches by now."""

import pytest

from scorecards.periods import period_by_id
from scorecards.series import Note, Status, read_points, recompute
from scorecards.series.proof import figures_that_differ
from scorecards.store import landing
from tests.seeding import empty_store, land

WINTER = ("2025-01-01", "2025-03-31")
FIRST, SECOND, THIRD = ("2025-04-01", "2025-06-30"), ("2025-07-01", "2025-08-31"), ("2025-09-01", "2025-09-30")


@pytest.fixture
def store(database_url):
    opened = empty_store(database_url)
    yield opened
    opened.close()


def one(store, kpi):
    points = read_points(store, [kpi])[kpi, "quarter"]
    return next(point for point in points if point.period == period_by_id("2025-26-Q1"))


def figure(store, kpi):
    first = one(store, kpi)
    return first.numerator, first.denominator, first.excluded


def contact(child, day, decided=None):
    return {"child_id": child, "contact_at": day, "decided_at": decided, "source": "6"}


def test_a_contact_nobody_decided_is_late_once_its_day_has_passed(store):
    rows = [contact("a", "2025-06-02", "2025-06-03"), contact("b", "2025-06-30")]
    land(store, {"contacts": rows}, FIRST)
    assert figure(store, "mash_decision_1wd_pct") == (1, 1, 1)
    land(store, {"contacts": [contact("c", "2025-07-30", "2025-07-30")]}, SECOND)
    assert figure(store, "mash_decision_1wd_pct") == (1, 2, 0)


def test_an_enquiry_is_no_longer_too_recent_once_conferences_reach_far_enough(store):
    enquiries = [{"child_id": "a", "start_date": "2025-06-20"}, {"child_id": "b", "start_date": "2025-04-10"}]
    land(store, {"section_47": enquiries, "icpc": [{"child_id": "b", "conference_date": "2025-04-30"}]}, FIRST)
    assert figure(store, "s47_to_icpc_pct") == (1, 1, 1)
    land(store, {"icpc": []}, SECOND)
    assert figure(store, "s47_to_icpc_pct") == (1, 2, 0)


def test_a_gap_in_what_was_followed_makes_the_figure_provisional(store):
    land(store, {"section_47": [{"child_id": "a", "start_date": "2025-06-20"}], "icpc": []}, FIRST)
    land(store, {"icpc": []}, THIRD)
    assert one(store, "s47_to_icpc_pct").status is Status.PROVISIONAL
    land(store, {"icpc": []}, SECOND)
    assert one(store, "s47_to_icpc_pct").status is Status.FINAL


def test_a_figure_that_is_only_too_recent_says_so(store):
    land(store, {"section_47": [{"child_id": "a", "start_date": "2025-06-20"}], "icpc": []}, FIRST)
    assert one(store, "s47_to_icpc_pct").status is Status.TOO_RECENT


def test_a_gap_in_reviews_is_seen_by_earlier_periods_too(store):
    plans = [{"child_id": "a", "start_date": "2025-01-06"}]
    land(store, {"cp_plans": plans, "cp_reviews": [{"child_id": "a", "review_date": "2025-03-20"}]}, WINTER)
    land(store, {"cp_plans": [], "cp_reviews": []}, FIRST)
    assert figure(store, "cpp_reviewed_on_time_pct") == (1, 1, 0)
    land(store, {"cp_reviews": []}, THIRD)
    after = one(store, "cpp_reviewed_on_time_pct")
    with landing(store, "tester", "everything again") as landed:
        recompute(store, landed)
    assert one(store, "cpp_reviewed_on_time_pct") == after


def test_how_far_a_list_reaches_by_now_says_nothing_of_a_part_that_was_sent(store):
    rows = {
        "icpc": [{"child_id": "a", "conference_date": "2025-05-01"}],
        "section_47": [{"child_id": "a", "start_date": "2025-04-20"}],
    }
    land(store, rows, ("2025-01-01", "2025-05-15"))
    land(store, {"icpc": [{"child_id": "b", "conference_date": "2025-08-01"}]}, SECOND)
    point = one(store, "dq_linkage_pct")
    assert (point.value, point.note) == (100, Note.PART_COVERED)
    assert figures_that_differ(store) == []


def test_waits_are_not_measured_where_their_beginnings_were_not_sent(store):
    referrals = [{"child_id": f"child {at}", "referral_date": "2025-06-10", "source": "1A"} for at in range(10)]
    land(store, {"referrals": referrals}, FIRST, agency="council")
    land(store, {"contacts": [contact("child 1", "2025-06-09")]}, ("2025-06-09", "2025-06-09"), agency="mash")
    for kpi in ("contact_to_referral_wd_median", "contact_to_referral_wd_p75"):
        assert (one(store, kpi).value, one(store, kpi).status) == (None, Status.HISTORY_INCOMPLETE)
    land(
        store, {"contacts": [contact("child 1", "2025-06-09")]}, ("2025-03-18", "2025-06-30"), agency="mash", anew=True
    )
    for kpi in ("contact_to_referral_wd_median", "contact_to_referral_wd_p75"):
        assert (one(store, kpi).value, one(store, kpi).status) == (1, Status.FINAL)
    assert figures_that_differ(store) == []
