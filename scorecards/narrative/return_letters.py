"""What is written about a return that is not here: to the agency once, twice and a third time, and to the chair."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from scorecards.definitions import Definitions
from scorecards.format import agency_title, day
from scorecards.narrative.return_words import MOST_NAMED, absence_words, days
from scorecards.narrative.statuses import last_expected, part_words, said_words
from scorecards.narrative.words import capital, listed, ordinal, some
from scorecards.returns import Chaser, Return, ReturnState


@dataclass(frozen=True)
class Letter:
    """An e-mail ready to be sent: the mailbox ("" where none is known), the subject and the words."""

    to: str
    subject: str
    body: str


WAYS = {"email": "by e-mail", "call": "by telephone", "meeting": "in a meeting"}
# From this reminder on an agency hears who above it will be told.
FIRM_FROM = 3


def reminder(
    ret: Return, chasers: Sequence[Chaser], told_from: datetime.date, definitions: Definitions, today: datetime.date
) -> Letter:
    """Return the next reminder to an agency: the first asks, the second says so, the third says who will be told.

    `told_from` is the day from which the return is to be with somebody above.
    """
    agency = definitions.partnership.agencies.get(ret.agency)
    before = [one for one in chasers if one.kind == "reminder"]
    number = len(before) + 1
    lines = "\n".join(f"- {part_words(one)}" for one in ret.absent)
    thanks = "The rest has come, thank you. " if ret.state is ReturnState.PART else ""
    paragraphs = (
        "Dear colleague,",
        f"{_what_is_late(ret, definitions)}{_how_often(before)}",
        f"{thanks}Still missing:\n{lines}",
        _what_they_said(ret, today),
        _warning(chasers, told_from, definitions, today) if number >= FIRM_FROM else "",
        f"{_what_follows(ret)}Please send it in the workbook that comes with this, which asks for exactly this and "
        "nothing else. If you cannot, tell us why and when it will come, so that we can say so on the scorecard.",
        "Thank you",
    )
    nth = f"{ordinal(number)} reminder: " if number > 1 else ""
    subject = capital(f"{nth}safeguarding return for {ret.period.label}")
    return Letter((agency.email or "") if agency else "", subject, _joined(paragraphs))


def escalation(ret: Return, chasers: Sequence[Chaser], definitions: Definitions) -> Letter:
    """Return what is told to somebody above: what is missing, what was done, what was said, and what it costs."""
    rule, agency = definitions.partnership.escalation, agency_title(definitions, ret.agency)
    kpis = [definitions.kpis[one].title for one in dict.fromkeys(ret.without_figure) if one in definitions.kpis]
    said = [f"- {absence_words(one)}" for one in ret.absent]
    silence = "" if any(one.is_explained for one in ret.absent) else "\nThey have given no reason."
    paragraphs = (
        f"To {rule.to}",
        f"{_what_is_late(ret, definitions)} We bring to you what is {days(rule.days_late)} late or more.",
        "What is missing, and what they said:\n" + "\n".join(said) + silence,
        f"What we did: {_what_was_done(chasers)}",
        f"What follows: no figure for {some(kpis, MOST_NAMED)}." if kpis else "",
        f"Please take it up with {agency}.",
    )
    state = "not complete" if ret.state is ReturnState.PART else "missing"
    subject = f"{agency}: safeguarding return for {ret.period.label} is {state}"
    return Letter(rule.email or "", subject, _joined(paragraphs))


def _joined(paragraphs) -> str:
    return "\n\n".join(one for one in paragraphs if one)


def _what_is_late(ret, definitions):
    late = f" and is {days(ret.days_late)} late" if ret.days_late else ""
    return (
        f"The safeguarding return of {agency_title(definitions, ret.agency)} for {ret.period.long_label} was due on "
        f"{day(ret.due)}{late}."
    )


def _how_often(before):
    if not before:
        return ""
    return f" We asked {asked_words(before)}; this is our {ordinal(len(before) + 1)} reminder."


def _what_they_said(ret, today):
    said = dict.fromkeys(words for one in ret.absent if (words := said_words(one, lead="")))
    if not said:
        return ""
    expected = last_expected(ret.absent)
    is_over = expected is not None and expected.end <= today
    return f"You told us: {' '.join(said)}{' That day has passed, and it has not come.' if is_over else ''}"


def _warning(chasers, told_from, definitions, today):
    rule = definitions.partnership.escalation
    told = [one for one in chasers if one.kind == "escalation"]
    if told:
        return f"{capital(rule.to)} was told on {day(told[-1].sent_on)}."
    if told_from <= today:
        return f"It is so late that we have to tell {rule.to}."
    return f"If it is not here by {day(told_from)}, we will tell {rule.to}."


def _what_follows(ret):
    measures = len(set(ret.without_figure))
    if not measures:
        return ""
    has = "measure has" if measures == 1 else "measures have"
    return f"Without it {measures} {has} no figure, and those of an earlier period are never carried forward. "


def _what_was_done(chasers):
    reminders = [one for one in chasers if one.kind == "reminder"]
    return f"we asked {asked_words(reminders)}." if reminders else "nobody has reminded them yet."


def asked_words(reminders: Sequence[Chaser]) -> str:
    """Return when and how an agency was asked: "on 9 October 2025 by e-mail and on 13 October 2025 by telephone"."""
    return listed([f"on {day(one.sent_on)} {WAYS[one.how]}" for one in reminders])
