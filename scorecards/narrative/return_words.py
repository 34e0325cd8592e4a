"""Who has sent what, in words."""

from collections.abc import Sequence

from scorecards.definitions import Definitions
from scorecards.format import agency_title
from scorecards.narrative.statuses import expected_words, last_expected, part_words, said_words
from scorecards.narrative.words import capital, listed, some, spelled
from scorecards.returns import Absence, Return, ReturnState

# More agencies than this are counted, not named.
MOST_NAMED = 3


def return_words(ret: Return) -> str:
    """Return a return's state in a few words: "Received", "12 days late", "Part: Strategy discussions missing"."""
    if ret.state is ReturnState.LATE:
        return f"{days(ret.days_late)} late"
    if ret.state is ReturnState.PART:
        return f"Part: {ret.missing[0]} missing" if len(ret.missing) == 1 else f"Part: {len(ret.missing)} missing"
    if ret.state is ReturnState.RECEIVED and ret.problem_rows:
        return f"Received, {ret.problem_rows:,} {'row' if ret.problem_rows == 1 else 'rows'} refused"
    if ret.state is ReturnState.NOT_SUPPLIED and (expected := last_expected(ret.absent)) is not None:
        return f"Not supplied, {expected_words(expected)}"
    return {ReturnState.NOT_DUE: "Not due yet"}.get(ret.state, ret.state.value.capitalize())


def absence_words(absence: Absence) -> str:
    """Return what is missing with what was said of it: "Missing episodes (reason given: new system)"."""
    said = said_words(absence).rstrip(".")
    return f"{part_words(absence)} ({said[:1].lower()}{said[1:]})" if said else part_words(absence)


def missing_parts(ret: Return) -> list[str]:
    """Return each thing that is missing with what was said of it; a snapshot of before that knows titles alone."""
    return [absence_words(one) for one in ret.absent] or list(ret.missing)


def days(count: int) -> str:
    """Return "1 day" or "6 days"."""
    return f"{count:,} {'day' if count == 1 else 'days'}"


def returns_sentence(returns: Sequence[Return], definitions: Definitions) -> str:
    """Return how many returns are here, and for each that is not what it costs; of the returns of one quarter."""
    due = [one for one in returns if one.state is not ReturnState.NOT_DUE]
    if not due:
        return "No return is due yet." if returns else "No returns are expected."
    here = [one for one in due if not one.is_open]
    first = f"{_all_or_some(len(here), len(due))} received."
    return " ".join([first, *_open_sentences(due, definitions)])


def _all_or_some(here, due):
    if due == 1:
        return "The one return due was" if here else "The one return due was not"
    if here == due:
        return f"All {spelled(due)} returns were"
    return f"{capital(spelled(here))} of {spelled(due)} returns {'was' if here <= 1 else 'were'}"


def _open_sentences(due, definitions):
    still_open = sorted((one for one in due if one.is_open), key=lambda one: -one.days_late)
    for one in still_open[:MOST_NAMED]:
        yield _open_sentence(one, definitions)
    if len(still_open) > MOST_NAMED:
        more = len(still_open) - MOST_NAMED
        yield f"{capital(spelled(more))} more {'is' if more == 1 else 'are'} missing or in part."


def _open_sentence(ret, definitions):
    agency = agency_title(definitions, ret.agency)
    late = f", {days(ret.days_late)} overdue" if ret.days_late else ""
    state = f"return lacks {some(list(ret.missing), 2)}" if ret.state is ReturnState.PART else "return is missing"
    said = f", {expected_words(expected)}" if (expected := last_expected(ret.absent)) else ""
    return f"The {agency} {state}{late}{said}{_cost(len(set(ret.without_figure)))}."


def _cost(count):
    if not count:
        return ""
    return f": {spelled(count)} {'measure has' if count == 1 else 'measures have'} no figure from it"


def because_of(returns: Sequence[Return], kpis: set[str], definitions: Definitions) -> str:
    """Return " because the Police return is missing" for returns that leave some of `kpis` without a figure."""
    causes = [one for one in returns if one.is_open and kpis & set(one.without_figure)]
    names = list(dict.fromkeys(agency_title(definitions, one.agency) for one in causes))
    if not names:
        return ""
    is_missing = all(one.state is not ReturnState.PART for one in causes)
    nouns = "return is" if len(names) == 1 else "returns are"
    return f" because the {listed(names)} {nouns} {'missing' if is_missing else 'not complete'}"
