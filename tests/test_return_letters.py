"""What is written about a return that is not here: firmer each time, with what was said and what follows."""

import datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from scorecards.definitions import read_definitions
from scorecards.narrative.return_letters import Letter, escalation, reminder
from scorecards.periods import period_by_id, single_day
from scorecards.returns import Absence, Chaser, Return, ReturnState, Stretch
from scorecards.ui.chasing import mail_address
from tests.seeded import PARTNERSHIP

Q2 = period_by_id("2025-26-Q2")
DUE, TODAY, TOLD_FROM = (datetime.date(2025, 10, day) for day in (8, 14, 28))
EPISODES = (Absence("missing_episodes", "Missing episodes"),)
KPIS = ("missing_home_episodes", "missing_care_episodes")


@pytest.fixture(scope="module")
def definitions():
    return read_definitions(partnership=PARTNERSHIP)


def late(state=ReturnState.MISSING, absent=EPISODES, kpis=KPIS, days=6):
    return Return("police", Q2, DUE, state, None, days, tuple(one.title for one in absent), 0, kpis, tuple(absent))


def chased(kind, *days):
    return tuple(
        Chaser("police", Q2.id, kind, "email", datetime.date(2025, 10, day), "", "Ana") for day in days
    )  # fmt: skip


def write(definitions, ret=None, chasers=(), today=TODAY):
    return reminder(ret or late(), chasers, TOLD_FROM, definitions, today)


def test_the_first_asks_for_exactly_what_is_missing_and_says_what_follows(definitions):
    letter = write(definitions)
    assert (letter.to, letter.subject) == (
        "safeguarding-data@police.wexmoor.example", "Safeguarding return for Q2 2025/26",
    )  # fmt: skip
    assert letter.body == (
        "Dear colleague,\n\n"
        "The safeguarding return of Police for Quarter 2 2025/26, July to September 2025 was due on 8 October 2025 "
        "and is 6 days late.\n\n"
        "Still missing:\n- Missing episodes\n\n"
        "Without it 2 measures have no figure, and those of an earlier period are never carried forward. Please send "
        "it in the workbook that comes with this, which asks for exactly this and nothing else. If you cannot, tell "
        "us why and when it will come, so that we can say so on the scorecard.\n\n"
        "Thank you"
    )


def test_the_second_says_that_it_is_the_second(definitions):
    letter = write(definitions, chasers=chased("reminder", 9))
    assert letter.subject == "Second reminder: safeguarding return for Q2 2025/26"
    assert "We asked on 9 October 2025 by e-mail; this is our second reminder." in letter.body
    assert "the chair" not in letter.body


@pytest.mark.parametrize(
    ("today", "told", "said"),
    [
        (TODAY, (), "If it is not here by 28 October 2025, we will tell the chair of the partnership."),
        (TOLD_FROM, (), "It is so late that we have to tell the chair of the partnership."),
        (TOLD_FROM, (28,), "The chair of the partnership was told on 28 October 2025."),
    ],
)
def test_the_third_says_who_above_will_be_told(definitions, today, told, said):
    letter = write(definitions, chasers=(*chased("reminder", 9, 13), *chased("escalation", *told)), today=today)
    assert letter.subject.startswith("Third reminder:")
    assert said in letter.body


@pytest.mark.parametrize(("day", "is_over"), [(20, False), (13, True)])
def test_what_they_said_is_said_back_to_them(definitions, day, is_over):
    when = single_day(datetime.date(2025, 10, day))
    letter = write(
        definitions, late(absent=(Absence("missing_episodes", "Missing episodes", (), "A new system", when),))
    )
    assert f"You told us: A new system; expected on {day} October 2025." in letter.body
    assert ("That day has passed, and it has not come." in letter.body) == is_over


def test_of_a_list_that_came_in_part_the_days_are_named_and_the_rest_is_thanked_for(definitions):
    june = Stretch(datetime.date(2025, 9, 1), datetime.date(2025, 9, 30))
    part = late(ReturnState.PART, (Absence("missing_episodes", "Missing episodes", (june,)),), kpis=(), days=0)
    body = write(definitions, part).body
    assert "The rest has come, thank you. Still missing:\n- Missing episodes, 1 September 2025 to 30 September" in body
    assert "late" not in body
    assert "Without it" not in body


def test_the_chair_hears_what_is_missing_what_was_done_and_what_it_costs(definitions):
    letter = escalation(late(days=20), chased("reminder", 9, 13), definitions)
    assert (letter.to, letter.subject) == (
        "chair@safeguarding.wexmoor.example", "Police: safeguarding return for Q2 2025/26 is missing",
    )  # fmt: skip
    assert "We bring to you what is 20 days late or more." in letter.body
    assert "- Missing episodes\nThey have given no reason." in letter.body
    assert "we asked on 9 October 2025 by e-mail and on 13 October 2025 by e-mail." in letter.body
    assert "no figure for Missing episodes from home and Missing episodes from care." in letter.body


def test_the_chair_hears_the_reason_and_that_nobody_asked(definitions):
    part = late(ReturnState.PART, (Absence("kpi:assaults_recorded", "Assaults", (), "Short of staff"),), kpis=())
    letter = escalation(part, (), definitions)
    assert letter.subject.endswith("is not complete")
    assert "- Assaults (reason given: Short of staff)" in letter.body
    assert "nobody has reminded them yet." in letter.body
    assert "no figure" not in letter.body


def test_an_agency_without_a_mailbox_has_a_letter_without_an_address():
    assert write(read_definitions()).to == ""


def test_an_e_mail_opens_with_its_words_and_its_lines():
    address = mail_address(Letter("a@b.example", "Reminder: Q2 & more", "Dear colleague,\n\n50% is here?\nThank you"))
    parts = urlsplit(address)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", "a@b.example")
    assert parse_qs(parts.query) == {
        "subject": ["Reminder: Q2 & more"], "body": ["Dear colleague,\r\n\r\n50% is here?\r\nThank you"],
    }  # fmt: skip
