"""Rules between lists and over time: which rows of a check break them, and where they stand in the sender's sheets."""

import datetime

import pytest

from data_loaders import check_files, land
from data_loaders.rules import BY_NAME, KINDS
from scorecards.definitions import read_definitions
from tests.partner_files import MISSING, PLANS, REFERRALS, opened, workbook

FIRST, LAST = datetime.date(2024, 1, 1), datetime.date(2025, 9, 30)
COVERS = (FIRST, LAST)
CHILD = "Child Unique ID"
ASSESSMENTS = (CHILD, "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation")
ENQUIRIES = (CHILD, "Section 47 start date", "ICPC not required")
CONFERENCES = (CHILD, "ICPC date", "Transfer in", "Led to a child protection plan")
REVIEWS = (CHILD, "Date of review conference")
DISCUSSIONS = (CHILD, "Date of strategy discussion", "Police present")
INTERVIEWS = ("Child ID", "Date and time returned", "RHI completed", "RHI offered")
REFERRED = ("C9", "02/01/2024", "Police")  # somebody else's, so that the list is there


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def check(store, covers=COVERS, name="lists.xlsx", **sheets):
    """Return the check of one workbook of the council's; each sheet is a list of rows below its headings."""
    return check_files(store, [(name, workbook(**sheets), "council")], covers=covers)


def told(check) -> list[tuple]:
    """Return (code, sheet, places, value) of every rule that is broken."""
    return [(one.code, one.sheet, one.places, one.value) for one in check.problems if one.code in BY_NAME]


def test_every_kind_of_rule_is_declared_and_known():
    declared = {rule.rule.kind for rule in read_definitions().rules_between.values()}
    assert declared == {kind.name for kind in KINDS}


def test_a_conference_before_the_childs_referral_is_told_at_the_conference(store):
    found = check(
        store,
        Referrals=[REFERRALS, REFERRED, ("C1", "10/09/2025", "Police"), ("C2", "01/09/2025", "Police")],
        Conferences=[CONFERENCES, ("C1", "03/09/2025", "No", ""), ("C2", "03/09/2025", "No", "")],
    )
    assert told(found) == [("wrong_order", "Conferences", ("B2",), "03/09/2025")]
    (problem,) = [one for one in found.problems if one.code == "wrong_order"]
    assert (problem.severity, problem.heading, problem.rows) == ("warning", "ICPC date", 1)
    assert problem.sentence == "The conference is before the child's referral. Kept."
    assert (found.files[0].verdict, found.lists[1].status) == ("to look at", "to look at")


@pytest.mark.parametrize(
    ("referred", "is_told"),
    [("03/09/2025", False), ("04/09/2025", True), ("18/10/2025", False), ("01/10/2025", True)],
    ids=["the same day", "the next day", "after today, so not read", "within 45 days"],
)
def test_a_referral_of_the_same_day_is_in_order(store, referred, is_told):
    found = check(
        store, Referrals=[REFERRALS, REFERRED, ("C1", referred, "Police")],
        Conferences=[CONFERENCES, ("C1", "03/09/2025", "No", "")],
    )  # fmt: skip
    assert [one[0] for one in told(found)] == (["wrong_order"] if is_told else [])


def test_nobody_is_accused_where_history_is_not_covered(store):
    sheets = {
        "Referrals": [REFERRALS, REFERRED, ("C1", "10/09/2025", "Police")],
        "Conferences": [CONFERENCES, ("C1", "03/09/2025", "No", "")],
    }
    assert told(check(store, covers=(datetime.date(2025, 4, 1), LAST), **sheets)) == []
    assert len(told(check(store, covers=(datetime.date(2024, 9, 3), LAST), **sheets))) == 1
    assert told(check(store, covers=(datetime.date(2024, 9, 4), LAST), **sheets)) == []


def test_a_rule_whose_other_list_nobody_sent_says_nothing(store):
    assert told(check(store, Conferences=[CONFERENCES, ("C1", "03/09/2025", "No", "yes")])) == []


def test_a_child_whose_referral_was_refused_is_not_accused_of_having_none(store):
    found = check(
        store,
        Referrals=[REFERRALS, REFERRED, ("C1", "31/09/2025", "Police"), ("C1", "10/09/2025", "Police")],
        Conferences=[CONFERENCES, ("C1", "03/09/2025", "No", "")],
    )
    assert told(found) == []


def test_a_stored_referral_puts_a_new_conference_in_order_and_out_of_it(store):
    referrals = [REFERRALS, REFERRED, ("C1", "01/06/2025", "Police"), ("C2", "05/06/2025", "Police")]
    land(store, check(store, name="first.xlsx", Referrals=referrals), by="a test")
    conferences = [CONFERENCES, ("C1", "03/06/2025", "", ""), ("C2", "03/06/2025", "", "")]
    found = check(store, covers=(datetime.date(2025, 4, 1), LAST), name="second.xlsx", Conferences=conferences)
    assert told(found) == [("wrong_order", "Conferences", ("B3",), "03/06/2025")]


def test_where_only_the_first_event_is_sent_it_is_the_one_to_look_at(store):
    conferences = [CONFERENCES, ("C1", "03/06/2025", "", "")]
    land(store, check(store, name="first.xlsx", Conferences=conferences), by="a test")
    found = check(store, name="second.xlsx", Referrals=[REFERRALS, REFERRED, ("C1", "05/06/2025", "Police")])
    assert told(found) == [("wrong_order", "Referrals", ("B3",), "05/06/2025")]


def test_what_was_stored_and_breaks_a_rule_is_not_told_again(store):
    conferences = [CONFERENCES, ("C1", "03/06/2025", "", "")]
    referrals = [REFERRALS, REFERRED, ("C1", "05/06/2025", "Police")]
    land(store, check(store, name="first.xlsx", Conferences=conferences, Referrals=referrals), by="a test")
    assert told(check(store, name="second.xlsx", Reviews=[REVIEWS, ("C1", "05/09/2025")])) == []


def test_a_correction_is_judged_as_it_would_stand(store):
    first = {"Referrals": [REFERRALS, REFERRED, ("C1", "05/06/2025", "Police")],
             "Conferences": [CONFERENCES, ("C1", "03/06/2025", "", "")]}  # fmt: skip
    land(store, check(store, name="first.xlsx", **first), by="a test")
    corrected = [CONFERENCES, ("C1", "06/06/2025", "", "")]
    assert told(check(store, name="second.xlsx", Conferences=corrected)) == []


def test_several_rows_of_one_cause_are_one_problem_with_all_its_places(store):
    numbers = range(1, 8)
    found = check(
        store,
        Referrals=[REFERRALS, REFERRED, *((f"C{number}", "10/09/2025", "Police") for number in numbers)],
        Assessments=[ASSESSMENTS, *((f"C{number}", "03/09/2025", "") for number in numbers)],
    )
    assert told(found) == [("wrong_order", "Assessments", tuple(f"B{row}" for row in range(2, 9)), None)]
    assert found.problems[0].place == "B2 and 6 more"


def test_a_transfer_in_has_no_referral_here(store):
    found = check(
        store, Referrals=[REFERRALS, REFERRED, ("C1", "10/09/2025", "Police")],
        Conferences=[CONFERENCES, ("C1", "03/09/2025", "Yes", "")],
    )  # fmt: skip
    assert told(found) == []


def test_a_section_47_enquiry_after_its_conference_is_told(store):
    found = check(
        store, Enquiries=[ENQUIRIES, ("C1", "10/09/2025", "No"), ("C2", "01/09/2025", "No")],
        Conferences=[CONFERENCES, ("C1", "03/09/2025", "", ""), ("C2", "03/09/2025", "", "")],
    )  # fmt: skip
    assert ("wrong_order", "Conferences", ("B2",), "03/09/2025") in told(found)


def test_plans_of_one_day_and_reviews_on_the_first_day_are_told(store):
    headings = (*PLANS, "Date of latest review conference")
    found = check(
        store,
        Plans=[
            headings,
            ("C1", "03/09/2025", "03/09/2025", None),
            ("C2", "03/09/2025", "04/09/2025", None),
            ("C3", "03/09/2025", None, "03/09/2025"),
        ],
    )
    assert told(found) == [
        ("same_day", "Plans", ("C2",), "03/09/2025"), ("same_day", "Plans", ("D4",), "03/09/2025"),
    ]  # fmt: skip


def test_overlapping_plans_of_one_child_are_told_and_those_that_touch_are_not(store):
    found = check(
        store,
        Plans=[
            PLANS,
            ("C1", "01/02/2025", "30/06/2025"),
            ("C1", "29/06/2025", "30/08/2025"),
            ("C2", "01/02/2025", "30/06/2025"),
            ("C2", "30/06/2025", None),
            ("C3", "01/02/2025", None),
            ("C3", "01/03/2025", "01/04/2025"),
            ("C3", "01/05/2025", "01/06/2025"),
        ],
    )
    assert told(found) == [("overlapping", "Plans", ("B3", "B7", "B8"), None)]


def test_a_new_plan_that_overlaps_a_stored_one_is_told_and_a_stored_one_is_not(store):
    land(store, check(store, name="first.xlsx", Plans=[PLANS, ("C1", "01/02/2025", None)]), by="a test")
    late = (datetime.date(2025, 9, 1), LAST)
    again = [PLANS, ("C1", "01/02/2025", None), ("C1", "05/09/2025", None)]
    assert told(check(store, covers=late, name="both.xlsx", Plans=again)) == [
        ("two_open", "Plans", ("B3",), "05/09/2025")
    ]


def test_an_earlier_plan_sent_late_is_told_beside_the_stored_one_that_it_overlaps(store):
    plans = [PLANS, ("C1", "10/08/2025", "20/09/2025")]
    land(store, check(store, covers=(datetime.date(2025, 8, 1), LAST), name="first.xlsx", Plans=plans), by="a test")
    covers = (FIRST, datetime.date(2025, 7, 31))
    found = check(store, covers=covers, name="second.xlsx", Plans=[PLANS, ("C1", "01/07/2025", "15/08/2025")])
    assert told(found) == [("overlapping", "Plans", ("B2",), "01/07/2025")]


def test_an_end_that_a_later_list_told_stands_against_an_earlier_list_sent_again(store):
    land(store, check(store, name="first.xlsx", Plans=[PLANS, ("C1", "01/02/2025", "20/09/2025"),
                                                        ("C1", "25/09/2025", None)]), by="a test")  # fmt: skip
    early = (FIRST, datetime.date(2025, 6, 30))
    assert told(check(store, covers=early, name="second.xlsx", Plans=[PLANS, ("C1", "01/02/2025", None)])) == []


def test_two_open_assessments_are_told_at_the_later(store):
    rows = [ASSESSMENTS, ("C1", "01/09/2025", ""), ("C1", "08/09/2025", ""), ("C2", "01/09/2025", "")]
    assert told(check(store, Assessments=rows)) == [("two_open", "Assessments", ("B3",), "08/09/2025")]


@pytest.mark.parametrize(("started", "is_told"), [("25/07/2025", True), ("28/07/2025", False)])
def test_an_assessment_open_for_more_than_45_working_days_is_told(store, started, is_told):
    # Monday 28 July is nine weeks and a day before 30 September: 45 working days without the holiday of 25 August.
    found = check(store, Assessments=[ASSESSMENTS, ("C1", started, ""), ("C2", "01/02/2025", "01/03/2025")])
    assert [one[0] for one in told(found)] == (["open_too_long"] if is_told else [])


@pytest.mark.parametrize(
    ("started", "unnecessary", "held", "is_told"),
    [
        ("08/09/2025", "No", None, True),
        ("09/09/2025", "No", None, False),
        ("08/09/2025", "Yes", None, False),
        ("08/09/2025", "", None, False),
        ("08/09/2025", "No", "30/09/2025", False),
        ("08/09/2025", "No", "05/09/2025", True),
    ],
    ids=["due", "not yet", "not needed", "not said", "late is there", "an earlier one is another's"],
)
def test_an_enquiry_that_needed_a_conference_and_has_none(store, started, unnecessary, held, is_told):
    others = [CONFERENCES, ("C9", "02/09/2025", "", ""), *([("C1", held, "", "")] if held else [])]
    found = check(store, Enquiries=[ENQUIRIES, ("C1", started, unnecessary)], Conferences=others)
    assert ("nothing_after" in [one[0] for one in told(found)]) is is_told


def test_a_plan_without_a_conference_is_told_once_history_is_covered(store):
    sheets = {"Conferences": [CONFERENCES, ("C2", "01/09/2025", "", "")],
              "Plans": [PLANS, ("C1", "10/09/2025", None), ("C2", "10/09/2025", None)]}  # fmt: skip
    assert told(check(store, **sheets)) == [("nothing_before", "Plans", ("B2",), "10/09/2025")]
    assert told(check(store, covers=(datetime.date(2025, 7, 1), LAST), **sheets)) == []


def test_a_conference_said_to_have_led_to_a_plan_without_one(store):
    found = check(
        store,
        Conferences=[CONFERENCES, ("C1", "01/08/2025", "", "Yes"), ("C2", "01/08/2025", "", "Yes")],
        Plans=[PLANS, ("C2", "01/08/2025", None)],
    )
    assert told(found) == [("nothing_after", "Conferences", ("B2",), "01/08/2025")]


def test_activity_after_no_further_action_is_told_unless_a_later_referral_began_it(store):
    headings = (*REFERRALS, "Referral NFA?")
    found = check(
        store,
        Referrals=[
            headings,
            ("C1", "01/08/2025", "Police", "Yes"),
            ("C2", "01/08/2025", "Police", "Yes"),
            ("C2", "10/08/2025", "Police", "No"),
            ("C3", "01/07/2025", "Police", "Yes"),
            ("C4", "01/08/2025", "Police", "No"),
        ],
        Assessments=[ASSESSMENTS, *((f"C{number}", "12/08/2025", "30/08/2025") for number in (1, 2, 3, 4))],
    )
    assert told(found) == [("activity_after", "Referrals", ("B2",), "01/08/2025")]


def test_activity_after_a_stored_referral_is_told_at_the_activity(store):
    referrals = [(*REFERRALS, "Referral NFA?"), ("C1", "01/08/2025", "Police", "Yes")]
    land(store, check(store, name="first.xlsx", Referrals=referrals), by="a test")
    found = check(store, name="second.xlsx", Assessments=[ASSESSMENTS, ("C1", "12/08/2025", "30/08/2025")])
    assert told(found) == [("activity_after", "Assessments", ("B2",), "12/08/2025")]


def test_a_review_outside_any_plan_of_the_child_is_told(store):
    found = check(
        store,
        Plans=[PLANS, ("C1", "01/02/2025", "30/06/2025"), ("C2", "01/02/2025", None), ("C3", "01/05/2025", None)],
        Reviews=[
            REVIEWS,
            ("C1", "30/06/2025"),
            ("C1", "01/07/2025"),
            ("C2", "01/02/2025"),
            ("C2", "02/02/2025"),
            ("C4", "02/06/2025"),
        ],
    )
    assert told(found) == [("outside", "Reviews", ("B3", "B4", "B6"), None)]


MISSED = (*MISSING[:3], "Missing type", "Home or care")


def test_an_interview_while_the_child_was_missing_is_told(store):
    def at(day, hour):
        return datetime.datetime(2025, 9, day, hour)

    episodes = [MISSED, ("C1", at(1, 9), at(9, 9), "Missing", "Home"), ("C2", at(1, 9), at(3, 9), "Missing", "Home")]
    police = check_files(store, [("police.xlsx", workbook(List=episodes), "police")], covers=COVERS)
    land(store, police, by="a test")
    interviews = [INTERVIEWS, ("C1", at(3, 9), at(5, 9), "Yes"), ("C2", at(3, 9), at(5, 9), "Yes")]
    found = check(store, Interviews=interviews)
    assert told(found) == [("inside", "Interviews", ("C2",), "05/09/2025")]


def test_an_episode_that_makes_a_stored_interview_impossible_is_told_at_its_end(store):
    def at(day, hour):
        return datetime.datetime(2025, 9, day, hour)

    interviews = [INTERVIEWS, ("C1", at(3, 9), at(5, 9), "Yes")]
    land(store, check(store, Interviews=interviews), by="a test")
    episodes = [MISSED, ("C1", at(1, 9), at(9, 9), "Missing", "Home"), ("C2", at(1, 9), None, "Missing", "Home")]
    found = check_files(store, [("police.xlsx", workbook(List=episodes), "police")], covers=COVERS)
    assert told(found) == [("inside", "List", ("C2",), "09/09/2025")]


def test_episodes_of_one_day_without_times_do_not_overlap(store):
    def rows(*ends):
        return [MISSED, *(("C1", start, end, "Missing", "Home") for start, end in ends)]

    day, moment = datetime.date, datetime.datetime
    touching = rows((day(2025, 9, 1), day(2025, 9, 3)), (day(2025, 9, 3), day(2025, 9, 4)))
    overlap = rows((moment(2025, 9, 1, 9), moment(2025, 9, 3, 9)), (moment(2025, 9, 3, 8), moment(2025, 9, 4, 8)))
    for name, sent, expected in (("touching.xlsx", touching, []), ("overlap.xlsx", overlap, ["overlapping"])):
        found = check_files(store, [(name, workbook(List=sent), "police")], covers=COVERS)
        assert [one[0] for one in told(found)] == expected


def test_conferences_on_saturday_and_sunday_are_told(store):
    days = ("05/09/2025", "06/09/2025", "07/09/2025", "08/09/2025")
    rows = [CONFERENCES, *((f"C{number}", day, "", "") for number, day in enumerate(days))]
    assert told(check(store, Conferences=rows)) == [("at_weekend", "Conferences", ("B3", "B4"), None)]


def test_somebody_over_25_is_told_and_no_part_of_the_birthday(store):
    headings = (*REFERRALS, "Date of Birth")
    rows = [headings, ("C1", "03/09/2025", "Police", "03/09/1999"), ("C2", "03/09/2025", "Police", "04/09/1999")]
    found = check(store, Referrals=rows)
    assert told(found) == [("too_old", "Referrals", ("D2",), None)]
    assert not any("1999" in repr(one) for one in found.problems)


def test_no_child_is_named_by_a_rule(store):
    found = check(
        store, Referrals=[REFERRALS, REFERRED, ("Zebedee1", "10/09/2025", "Police")],
        Conferences=[CONFERENCES, ("Zebedee1", "03/09/2025", "No", "")],
    )  # fmt: skip
    (problem,) = [one for one in found.problems if one.code == "wrong_order"]
    assert "Zebedee" not in repr(found) + repr(problem)
    assert store.pseudonymiser.pseudonym("Zebedee1") not in repr(found)


def test_rules_are_judged_alike_on_either_database(database_url):
    store = opened(database_url)
    try:
        plans = [PLANS, ("C1", "01/02/2025", None), ("C2", "01/02/2025", "30/06/2025")]
        referrals = [REFERRALS, REFERRED, ("C1", "05/02/2025", "Police")]
        land(store, check(store, name="first.xlsx", Plans=plans, Referrals=referrals), by="a test")
        found = check(
            store, covers=(datetime.date(2025, 7, 1), LAST), name="second.xlsx",
            Plans=[PLANS, ("C1", "01/02/2025", None), ("C1", "01/09/2025", None), ("C2", "01/06/2025", "30/07/2025")],
            Conferences=[CONFERENCES, ("C9", "03/06/2025", "", "")],
        )  # fmt: skip
    finally:
        store.close()
    assert told(found) == [
        ("overlapping", "Plans", ("B4",), "01/06/2025"), ("two_open", "Plans", ("B3",), "01/09/2025"),
    ]  # fmt: skip
