"""Owns the words of the returns received: who has sent what for which quarter, and what follows where they have not."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from scorecards.definitions import Definitions
from scorecards.format import day, short_period
from scorecards.narrative import return_words, returns_sentence
from scorecards.narrative.return_words import days
from scorecards.narrative.words import capital, spelled
from scorecards.periods import Period, add_months, last_complete_quarter, quarter_of
from scorecards.returns import Return, ReturnState

QUARTERS_SHOWN = 6
STATE_CHIPS = {
    ReturnState.RECEIVED: "green",
    ReturnState.LATE: "amber",
    ReturnState.PART: "amber",
    ReturnState.MISSING: "red",
    ReturnState.NOT_DUE: "none",
}
AWAITED = (ReturnState.PART, ReturnState.MISSING)


@dataclass(frozen=True)
class Mark:
    """One chip of the grid: its kind and words, and what stands below it."""

    kind: str
    words: str
    below: str


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
    if one.state in AWAITED and one.days_late:
        below.append(f"{days(one.days_late)} overdue")
    if one.state is ReturnState.NOT_DUE:
        below.append(f"due {day(one.due)}")
    if one.problem_rows:
        below.append(f"{one.problem_rows:,} {'row' if one.problem_rows == 1 else 'rows'} refused")
    words = {ReturnState.RECEIVED: "Received", ReturnState.PART: "In part"}.get(one.state) or return_words(one)
    return Mark(STATE_CHIPS[one.state], words, ", ".join(below))


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
            (ReturnState.PART, "in part"), (ReturnState.MISSING, "missing"), (ReturnState.NOT_DUE, "not due yet"),
        )
        if counts[state]
    ]  # fmt: skip
    # A term has a due date of its own, which its mark shows.
    due = min([one.due for one in current if one.period.kind == "quarter"] or [one.due for one in current])
    return f"{quarter.long_label}. Due {day(due)}. {', '.join([f'{here} of {len(current)} here', *others])}."


@dataclass(frozen=True)
class Awaited:
    """One return that is missing in full or in part, and what to do about it."""

    agency: str
    agency_id: str
    period: str
    period_id: str
    mark: Mark
    due: str
    missing: tuple[str, ...]
    kpis: tuple[tuple[str, str], ...]  # id and title of measures without a figure for it
    reminder: str  # an address that opens a written e-mail


def awaited(returns: Sequence[Return], definitions: Definitions, since: datetime.date) -> tuple[Awaited, ...]:
    """Return what is still missing of the periods that ended after `since`, newest first."""
    found = [one for one in returns if one.state in AWAITED and one.period.end > since]
    newest_first = sorted(found, key=lambda one: (-one.period.end.toordinal(), one.state is ReturnState.PART))
    return tuple(_awaited(one, definitions) for one in newest_first)


def _awaited(one: Return, definitions: Definitions) -> Awaited:
    agency = definitions.partnership.agencies[one.agency].title
    kpis = tuple((kpi, definitions.kpis[kpi].title) for kpi in dict.fromkeys(one.without_figure))
    reminder = reminder_address(one, agency, len(kpis))
    return Awaited(
        agency, one.agency, one.period.label, one.period.id, mark_of(one), day(one.due), one.missing, kpis, reminder
    )


def reminder_address(one: Return, agency: str, measures: int) -> str:
    """Return an address that opens an e-mail to a sender: what is missing, since when, and what follows."""
    late = f" and is {days(one.days_late)} late" if one.days_late else ""
    rest = "The rest has come, thank you. " if one.state is ReturnState.PART else ""
    cause = (
        f"Without it {measures} {'measure has' if measures == 1 else 'measures have'} no figure. " if measures else ""
    )
    body = (
        f"Dear colleague,\n\nThe safeguarding return of {agency} for {one.period.long_label} was due on {day(one.due)}"
        f"{late}. {rest}Still missing: {'; '.join(one.missing)}.\n\n{cause}Please send it, or tell us when it will "
        f"come and why it is late, so that we can say so on the scorecard.\n\nThank you"
    )
    return f"mailto:?subject={quote(f'Safeguarding return for {one.period.label}')}&body={quote(body)}"


def lead_words(returns: Sequence[Return], found: Sequence[Awaited], quarter: Period, definitions: Definitions) -> str:
    """Return what matters in a few sentences: who has sent for the newest quarter, and what never came before it."""
    newest = in_quarter(returns, quarter)
    older = len(found) - sum(one.state in AWAITED for one in newest)
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
