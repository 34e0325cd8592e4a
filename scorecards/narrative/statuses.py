"""Why a figure is missing, or not final: each kind of nothing in its own words."""

from collections.abc import Sequence

from scorecards.definitions import Kpi, Ratio
from scorecards.format import day, number
from scorecards.narrative.break_words import break_in_line, break_sentence
from scorecards.narrative.words import capital, listed, spelled
from scorecards.periods import Period
from scorecards.returns import Absence, Awaited, Stretch
from scorecards.scorecard import Line
from scorecards.series import FedBy, Note, Point, Status

MOST_AWAITED = 2  # things that one line names; more are counted

_MISSING = {
    Status.NOT_SUBMITTED: "no figure sent",
    Status.NOT_SUPPLIED: "sent without what it needs",
    Status.HISTORY_INCOMPLETE: "history too short",
    Status.TOO_RECENT: "too recent",
    Status.NOT_APPLICABLE: "no cases",
    Status.WITHHELD: "withheld by the sender",
}
_MISSING_BY_NOTE = {
    Note.NO_POPULATION: "no population held",
    Note.SENDERS_DISAGREE: "senders disagree",
    Note.SENDER_MISSING: "not all senders have sent",
    Note.CANNOT_BE_ADDED: "parts cannot be added up",
    Note.NOT_BY_LOCALITY: "not counted by locality",
    Note.NOT_AVAILABLE: "not available",
    Note.EARLIER_MISSING: "year to date only",
    Note.TO_DATE_FALLS: "year to date falls",
    Note.TO_DATE_ONLY: "year to date only",
}


def missing_words(point: Point) -> str:
    """Return in a few words why there is no figure; "" when there is one."""
    if point.is_known:
        return ""
    return _MISSING_BY_NOTE.get(point.note) or _MISSING.get(point.status, "no figure")


def missing_in_line(line: Line) -> str:
    """Return in a few words why a line has no figure, and when it is expected where that is known."""
    words, expected = missing_words(line.latest), last_expected(_absences(line))
    return f"{words}, {expected_words(expected)}" if words and expected else words


def last_expected(absences: Sequence[Absence]) -> Period | None:
    """Return when the last of what is missing is expected; None where that is not known of all of it.

    Of several that are awaited, the figure is there when the last one is.
    """
    known = [one.expected for one in absences if one.expected is not None]
    return max(known, key=lambda one: one.end) if known and len(known) == len(absences) else None


def _absences(line):
    return [one.absence for one in line.awaited]


def awaited_in_row(line: Line) -> str:
    """Return in a few words whom a figure is awaited from: "awaited from Police, expected on 20 October 2025"."""
    if not line.awaited:
        return ""
    who = listed(list(dict.fromkeys(one.who for one in line.awaited)))
    expected = last_expected(_absences(line))
    return f"awaited from {who}, {expected_words(expected) if expected else f'due {day(_last_due(line))}'}"


def _last_due(line):
    return max(one.due for one in line.awaited)


def expected_words(when: Period) -> str:
    """Return "expected on 20 October 2025" or "expected from Q3 2025/26"."""
    return f"expected {'on' if when.kind == 'date' else 'from'} {when.label}"


def status_in_line(line: Line) -> str:
    """Return why a line's figure is missing or provisional, who has not sent what, and when it is expected."""
    named = [awaited_words(one) for one in line.awaited[:MOST_AWAITED]]
    more = len(line.awaited) - len(named)
    rest = f"{capital(spelled(more))} more {'is' if more == 1 else 'are'} awaited." if more else ""
    parts = (status_sentence(line.latest, line.kpi), break_in_line(line), *named, rest)
    return " ".join(part for part in parts if part)


def awaited_words(one: Awaited) -> str:
    """Return who has not sent what, since when, and what they said: "Awaited from Police: Missing episodes ..."."""
    absence = one.absence
    first = f"Awaited from {one.who}: {part_words(absence)} for {one.period.label}, due {day(one.due)}."
    return " ".join(part for part in (first, said_words(absence)) if part)


def part_words(absence: Absence) -> str:
    """Return what is awaited, and of a list that came in part which days: "Missing episodes, 1 to 30 June 2025"."""
    return ", ".join([absence.title, *(stretch_words(one) for one in absence.lacks)])


def stretch_words(one: Stretch) -> str:
    """Return "1 June 2025 to 30 June 2025", or the one day."""
    return day(one.first) if one.first == one.last else f"{day(one.first)} to {day(one.last)}"


def said_words(absence: Absence, lead: str = "reason given: ") -> str:
    """Return what the agency said: "Reason given: new system; expected on 20 October 2025."; "" where it was silent."""
    parts = [f"{lead}{absence.reason.rstrip('.')}"] if absence.reason else []
    if absence.is_declared and not absence.reason:
        parts.append("the sender says that it is not available yet" if absence.expected else
                     "the sender says that it is not available")  # fmt: skip
    if absence.expected is not None:
        parts.append(expected_words(absence.expected))
    return f"{capital('; '.join(parts))}." if parts else ""


def status_sentence(point: Point, kpi: Kpi) -> str:
    """Return why a figure is missing or provisional, or what it rests on; "" for a plain final figure."""
    return " ".join(part for part in (_status_sentence(point, kpi), break_sentence(point, kpi)) if part)


def _status_sentence(point, kpi):
    if not point.is_known:
        return _missing_sentence(point, kpi)
    if point.note is Note.TOO_RECENT_LEFT_OUT:
        left_out = f"{number(point.excluded)} {kpi.counts} are" if point.excluded > 1 else "one case is"
        return f"Provisional: {left_out} too recent for the outcome to be known, and left out."
    if point.note is Note.OLDER_POPULATION and point.fed_by is FedBy.POPULATION:
        return "An older estimate of the number of children, the newest that is held."
    if point.note in _KNOWN_BY_NOTE:
        return _KNOWN_BY_NOTE[point.note]
    if is_bare(point, kpi):
        return _BARE
    return "Provisional: this figure may still change." if point.status is Status.PROVISIONAL else ""


def is_bare(point: Point, kpi: Kpi) -> bool:
    """Return whether a percentage was sent without the numbers behind it."""
    return kpi.unit == "percent" and point.fed_by is FedBy.AGGREGATE and point.is_known and point.denominator is None


_BARE = (
    "Sent as a percentage without the numbers behind it: how many cases it rests on is not known, so neither the range "
    "of chance nor a low base can be shown."
)
_KNOWN_BY_NOTE = {
    Note.PART_COVERED: (
        "Part of the period only: what was sent does not cover all of it, so do not compare it with whole periods."
    ),
    Note.ROWS_REFUSED: "Provisional: some rows that were sent could not be read and are not in it.",
    Note.REPORTED_COUNTER: (
        "Made from the sender's own count of earlier events, because the earlier records themselves are not held."
    ),
    Note.SENT_SINCE: (
        "Provisional: some rows had been brought up to date after the last day, so what held on that day is not known "
        "of them and they are left out. Ask for the list as it stood on the last day."
    ),
    Note.MONTHLY_AVERAGE: (
        "Sent as an average of the months, not as a figure of the whole period, so it is not compared with others."
    ),
    Note.OLDER_POPULATION: "Divided by an older estimate of the number of children, the newest that is held.",
    Note.REVISED_POPULATION: "Divided by a revised estimate of the number of children, so earlier papers may differ.",
}


def _missing_sentence(point, kpi):
    when = point.period.label
    if point.note in _NO_FIGURE_BY_NOTE:
        return _NO_FIGURE_BY_NOTE[point.note].format(when=when)
    counts = kpi.measure.over.counts if isinstance(kpi.measure, Ratio) else kpi.counts
    return _NO_FIGURE.get(point.status, "No figure for {when}.").format(when=when, counts=counts)


_NO_FIGURE = {
    Status.NOT_SUBMITTED: "No figure for {when}: what it is made from has not been sent.",
    Status.NOT_SUPPLIED: "No figure for {when}: what was sent lacks what this measure needs.",
    Status.HISTORY_INCOMPLETE: (
        "No figure for {when}: the records of the time before are not held, so a repeat could not be seen."
    ),
    Status.TOO_RECENT: "No figure for {when} yet: too little time has passed to know the outcome.",
    Status.NOT_APPLICABLE: "No cases: there were no {counts} to measure in {when}.",
    Status.WITHHELD: "Withheld: for {when} the sender gave a symbol instead of a number.",
}
_NO_FIGURE_BY_NOTE = {
    Note.NO_POPULATION: "No figure for {when}: the number of children living here is not held.",
    Note.SENDERS_DISAGREE: "No figure for {when}: two senders gave figures for the same thing.",
    Note.SENDER_MISSING: "No figure for {when} yet: one of those who each send a part of it has not sent theirs.",
    Note.CANNOT_BE_ADDED: "No figure for {when}: the parts that were sent cannot be added up.",
    Note.NOT_AVAILABLE: "No figure for {when}: the sender says that it is not available.",
    Note.EARLIER_MISSING: (
        "No figure for {when}: it was sent for the year to date, and what it was when the period began is not held."
    ),
    Note.TO_DATE_FALLS: (
        "No figure for {when}: the year to date cannot follow from what it was when the period began, so one of the "
        "two is wrong."
    ),
    Note.TO_DATE_ONLY: (
        "No figure for {when}: it was sent for the year to date, and this measure cannot be taken apart."
    ),
    Note.NOT_BY_LOCALITY: "No figure here: this measure is of the whole partnership and not counted by locality.",
}
