"""Owns the words of the returns received: who has sent what for which quarter, and what follows where they have not."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scorecards.definitions import Definitions
from scorecards.format import day, short_period
from scorecards.narrative import missing_parts, return_words, returns_sentence
from scorecards.narrative.return_letters import asked_words
from scorecards.narrative.return_words import days
from scorecards.narrative.statuses import expected_words, last_expected
from scorecards.narrative.words import capital, spelled
from scorecards.periods import Period, add_months, last_complete_quarter, quarter_of
from scorecards.returns import Chaser, Return, ReturnState, escalation_due

QUARTERS_SHOWN = 6
STATE_CHIPS = {
    ReturnState.RECEIVED: "green",
    ReturnState.LATE: "amber",
    ReturnState.PART: "amber",
    ReturnState.MISSING: "red",
    ReturnState.NOT_SUPPLIED: "amber",
    ReturnState.NOT_DUE: "none",
}
# Each state has a shape of its own, for those who do not see colours.
STATE_SHAPES = {
    ReturnState.RECEIVED: "●",
    ReturnState.LATE: "◆",
    ReturnState.PART: "◐",
    ReturnState.MISSING: "■",
    ReturnState.NOT_SUPPLIED: "▲",
    ReturnState.NOT_DUE: "○",
}
REASON_SHOWN = 60  # signs of a reason that fit into the grid; the whole stands below it
Chasers = Mapping[tuple[str, str], tuple[Chaser, ...]]


@dataclass(frozen=True)
class Mark:
    """One chip of the grid: its kind, words and shape, and what stands below it."""

    kind: str
    words: str
    below: str
    shape: str


@dataclass(frozen=True)
class GridRow:
    """One agency's line: the marks of each quarter, none where nothing was expected."""

    agency: str
    cells: tuple[tuple[Mark, ...], ...]


def quarters_shown(returns: Sequence[Return], today: datetime.date) -> tuple[Period, ...]:
    """Return the last six quarters that have ended, oldest first, from the first for which anything was expected."""
    newest = last_complete_quarter(today)
    quarters = [quarter_of(add_months(newest.first, -3 * back)) for back in reversed(range(QUARTERS_SHOWN))]
    while len(quarters) > 1 and not in_quarter(returns, quarters[0]):
        quarters.pop(0)
    return tuple(quarters)


def grid_rows(returns: Sequence[Return], quarters: Sequence[Period], definitions: Definitions) -> tuple[GridRow, ...]:
    """Return a line for each agency that anything is expected of; a term stands in the quarter in which it ends."""
    agencies = dict.fromkeys(one.agency for one in definitions.partnership.returns)
    return tuple(
        GridRow(definitions.partnership.agencies[agency].title, tuple(_cell(returns, agency, one) for one in quarters))
        for agency in agencies
    )


def _cell(returns, agency, quarter) -> tuple[Mark, ...]:
    return tuple(mark_of(one) for one in in_quarter(returns, quarter) if one.agency == agency)


def in_quarter(returns: Sequence[Return], quarter: Period) -> tuple[Return, ...]:
    """Return the returns of every period that ended in a quarter."""
    return tuple(one for one in returns if quarter.first < one.period.end <= quarter.end)


def mark_of(one: Return) -> Mark:
    """Return the chip of one return, and below it which term or month it is for and what else there is to say."""
    below = [] if one.period.kind == "quarter" else [short_period(one.period)]
    if one.state is ReturnState.PART:
        below.append(
            f"without {one.missing[0]}" if len(one.missing) == 1 else f"without {len(one.missing)} parts of it"
        )
    if one.state is ReturnState.NOT_SUPPLIED:
        below += _said_below(one)
    if one.is_open and one.days_late:
        below.append(f"{days(one.days_late)} overdue")
    if one.state is ReturnState.NOT_DUE:
        below.append(f"due {day(one.due)}")
    if one.problem_rows:
        below.append(f"{one.problem_rows:,} {'row' if one.problem_rows == 1 else 'rows'} refused")
    words = _CHIP_WORDS.get(one.state) or return_words(one)
    return Mark(STATE_CHIPS[one.state], words, ", ".join(below), STATE_SHAPES[one.state])


_CHIP_WORDS = {
    ReturnState.RECEIVED: "Received",
    ReturnState.PART: "In part",
    ReturnState.NOT_SUPPLIED: "Not supplied",
}


def _said_below(one: Return) -> list[str]:
    """Return why something is not supplied, cut to what fits, and when it is expected."""
    reasons = dict.fromkeys(absence.reason for absence in one.absent if absence.reason)
    said = [f"because: {_shortened(reason)}" for reason in reasons]
    expected = last_expected(one.absent)
    return said + ([expected_words(expected)] if expected else [])


def _shortened(text: str) -> str:
    return text if len(text) <= REASON_SHOWN else f"{text[:REASON_SHOWN].rsplit(' ', 1)[0]} …"


def due_words(returns: Sequence[Return], quarter: Period) -> str:
    """Return when a quarter's returns were due and how many are here: "Due 8 October 2025. 6 of 8 here, 1 missing."."""
    current = in_quarter(returns, quarter)
    if not current:
        return f"Nothing is expected for {quarter.long_label}."
    counts = {state: sum(one.state is state for one in current) for state in ReturnState}
    here = counts[ReturnState.RECEIVED] + counts[ReturnState.LATE]
    others = [
        f"{counts[state]} {words}"
        for state, words in (
            (ReturnState.PART, "in part"), (ReturnState.MISSING, "missing"),
            (ReturnState.NOT_SUPPLIED, "not supplied"), (ReturnState.NOT_DUE, "not due yet"),
        )
        if counts[state]
    ]  # fmt: skip
    # A term has a due date of its own, which its mark shows.
    due = min([one.due for one in current if one.period.kind == "quarter"] or [one.due for one in current])
    return f"{quarter.long_label}. Due {day(due)}. {', '.join([f'{here} of {len(current)} here', *others])}."


@dataclass(frozen=True)
class Awaited:
    """One return that is missing in full or in part, what was done about it, and who is to hear of it."""

    one: Return
    agency: str
    period: str
    mark: Mark
    due: str
    missing: tuple[str, ...]  # with what was said of each
    kpis: tuple[tuple[str, str], ...]  # id and title of measures without a figure for it
    done: str  # "Reminded on 9 October 2025"
    escalation: str  # "To be told to the chair of the partnership since 28 October 2025"

    @property
    def late(self) -> str:
        """Return "6 days overdue"; "" where it is not."""
        return f"{days(self.one.days_late)} overdue" if self.one.days_late else ""

    @property
    def name(self) -> str:
        """Return by what an address knows it."""
        return f"{self.one.agency}.{self.one.period.id}"


def awaited(
    returns: Sequence[Return],
    definitions: Definitions,
    since: datetime.date,
    chasers: Chasers,
    today: datetime.date,
) -> tuple[Awaited, ...]:
    """Return what is still missing of the periods that ended after `since`, newest first."""
    found = [one for one in returns if one.is_open and one.period.end > since]
    newest_first = sorted(found, key=lambda one: (-one.period.end.toordinal(), one.state is ReturnState.PART))
    return tuple(
        _awaited(one, definitions, chasers.get((one.agency, one.period.id), ()), today) for one in newest_first
    )


def _awaited(one: Return, definitions: Definitions, chasers: tuple[Chaser, ...], today: datetime.date) -> Awaited:
    agency = definitions.partnership.agencies[one.agency].title
    kpis = tuple((kpi, definitions.kpis[kpi].title) for kpi in dict.fromkeys(one.without_figure))
    return Awaited(
        one, agency, one.period.label, mark_of(one), day(one.due), tuple(missing_parts(one)), kpis,
        done_words(chasers), escalation_words(one, definitions, chasers, today),
    )  # fmt: skip


def done_words(chasers: Sequence[Chaser]) -> str:
    """Return when an agency was reminded and when somebody above was told; "" where nothing was done."""
    said = []
    for kind, verb in (("reminder", "Reminded"), ("escalation", "Escalated")):
        done = [one for one in chasers if one.kind == kind]
        if done:
            said.append(f"{verb} {asked_words(done)}.")
    return " ".join(said)


def escalation_words(one: Return, definitions: Definitions, chasers: tuple[Chaser, ...], today: datetime.date) -> str:
    """Return that and since when a return is to be told to somebody above; "" where it is not."""
    rule = definitions.partnership.escalation
    since = escalation_due(one.due, rule, chasers, today) if one.is_open else None
    return f"Due to be told to {rule.to} since {day(since)}" if since else ""


def lead_words(returns: Sequence[Return], found: Sequence[Awaited], quarter: Period, definitions: Definitions) -> str:
    """Return what matters in a few sentences: who has sent for the newest quarter, and what never came before it."""
    newest = in_quarter(returns, quarter)
    older = len(found) - sum(one.is_open for one in newest)
    sentences = [returns_sentence(newest, definitions)]
    if older == 1:
        sentences.append(
            "One return of an earlier quarter never came in full, and what it feeds stays without a figure."
        )
    elif older:
        count = capital(spelled(older))
        sentences.append(
            f"{count} returns of earlier quarters never came in full, and what they feed stays without figures."
        )
    return " ".join(sentences)
