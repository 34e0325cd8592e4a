"""Owns the reply to a sender: what reached us, what we could use, what we ask for and by when, as note and workbook."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from data_loaders.problem_guide import asked_of_sender
from data_loaders.problems import Problem
from data_loaders.results import FileCheck
from scorecards.definitions import Definitions
from scorecards.periods import add_working_days

# How long a sender has: a working week, so that an answer can still be in this quarter's paper.
ANSWER_WORKING_DAYS = 5
SEVERITIES = ("error", "warning", "note")


@dataclass(frozen=True)
class Asked:
    """One thing that the sender is asked to look at, with its number in the reply."""

    number: int
    problem: Problem
    ask: str


@dataclass(frozen=True)
class Covering:
    """The covering note: who writes to whom about what, and the paragraphs of it."""

    subject: str
    sender: str
    us: str
    file: str
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the note as the text of an e-mail."""
        return "\n\n".join([f"To: {self.sender}\nSubject: {self.subject}", *self.paragraphs, self.us]) + "\n"


def asked_in(file: FileCheck) -> list[Asked]:
    """Return what the sender of a file is asked, the worst first; what is ours alone to act on is left out."""
    found = [(problem, ask) for problem in file.problems if (ask := asked_of_sender(problem))]
    in_order = sorted(found, key=lambda one: SEVERITIES.index(one[0].severity))
    return [Asked(number, problem, ask) for number, (problem, ask) in enumerate(in_order, 1)]


def covering_note(
    definitions: Definitions,
    file: FileCheck,
    today: datetime.date,
    received: datetime.date | None = None,
    *,
    with_rows: bool = True,
) -> Covering:
    """Return the note that goes with a reply about one file; `with_rows` where the workbook holds rows of it."""
    us = definitions.partnership
    agency = us.agencies.get(file.agency or "")
    asked = asked_in(file)
    paragraphs = (
        f"Thank you for '{file.name}', which reached us on {day_words(received or today)}. {used_words(file)}",
        *found_words(file, asked),
        *wanted_words(file, asked, add_working_days(today, ANSWER_WORKING_DAYS)),
        answer_words(us.mailbox, with_rows),
    )
    subject = f"{us.short_name}: {subject_words(file, asked)}"
    return Covering(subject, agency.title if agency else "the sender", us.name, file.name, paragraphs)


def day_words(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def rows_of(problems: Iterable[Asked]) -> int:
    return sum(one.problem.rows for one in problems)


def subject_words(file: FileCheck, asked: list[Asked]) -> str:
    if file.verdict == "refused":
        return f"we could not use '{file.name}'"
    open_ = [one for one in asked if one.problem.severity != "note"]
    return f"'{file.name}', {counted(rows_of(open_), 'place')} to look at" if open_ else f"'{file.name}' is in order"


def used_words(file: FileCheck) -> str:
    """Return how many rows could be used, and what became of the others."""
    if file.verdict == "refused":
        return "We could not use anything of it yet."
    if file.verdict == "nothing new":
        return "It is the same file that we have already, so nothing of it is new."
    if not file.rows_read:
        return "We found no list of ours with rows in it."
    refused = sum(one.rows_refused for one in file.lists)
    ignored = sum(one.rows_ignored for one in file.lists)
    others = [words for count, words in (
        (refused, f"{refused:,} could not be used"),
        (ignored, f"{ignored:,} {'was' if ignored == 1 else 'were'} a blank line, a total or a repeat"),
    ) if count]  # fmt: skip
    used = f"We could use {file.rows_ready:,} of its {counted(file.rows_read, 'row')}"
    return f"{used}; {' and '.join(others)}." if others else f"{used}."


def found_words(file: FileCheck, asked: list[Asked]) -> tuple[str, ...]:
    """Return what was found, in one paragraph."""
    if file.verdict == "refused":
        return tuple(one.problem.sentence for one in asked[:1])
    errors, warnings = ([one for one in asked if one.problem.severity == severity] for severity in ("error", "warning"))
    said = [f"{counted(rows_of(errors), 'place')} that we could not use"] if errors else []
    said += [f"{counted(rows_of(warnings), 'place')} that we used but have a question about"] if warnings else []
    if not said:
        return ("We have no question about it.",)
    return (f"The sheet 'Problems' lists {' and '.join(said)}, each with its cell and what to do.",)


def wanted_words(file: FileCheck, asked: list[Asked], by: datetime.date) -> tuple[str, ...]:
    """Return what is asked, and by when."""
    day = day_words(by)
    if file.verdict == "refused":
        what = asked[0].ask if asked else "Please send another copy."
        return (f"{what} We need it by {day}.",)
    if any(one.problem.severity == "error" for one in asked):
        return (f"Please put these right in your own file and send the whole file again by {day}. "
                "Rows that we could use need no change; the new file takes the place of this one.",)  # fmt: skip
    if any(one.problem.severity == "warning" for one in asked):
        return (f"Please tell us by {day} which of them are right, or send the whole file again with them corrected.",)
    return ("There is nothing you need to do.",)


def answer_words(mailbox: str | None, with_rows: bool) -> str:
    where = f"Please answer to {mailbox}" if mailbox else "Please answer to the message that this came with"
    careful = " The attached workbook holds rows of your own file, so treat it as you treat that." if with_rows else ""
    return f"{where}, and send files only in the secure way we agreed on.{careful}"
