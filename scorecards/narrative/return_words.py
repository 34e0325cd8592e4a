"""Who has sent what, in words."""

from collections.abc import Sequence

from scorecards.definitions import Definitions
from scorecards.narrative.words import capital, listed, some, spelled
from scorecards.returns import Return, ReturnState

# More agencies than this are counted, not named.
MOST_NAMED = 3
_OPEN = (ReturnState.MISSING, ReturnState.PART)


def return_words(ret: Return) -> str:
    """Return a return's state in a few words: "Received", "12 days late", "Part: Strategy discussions missing"."""
    if ret.state is ReturnState.LATE:
        return f"{days(ret.days_late)} late"
    if ret.state is ReturnState.PART:
        return f"Part: {ret.missing[0]} missing" if len(ret.missing) == 1 else f"Part: {len(ret.missing)} missing"
    if ret.state is ReturnState.RECEIVED and ret.problem_rows:
        return f"Received, {ret.problem_rows:,} {'row' if ret.problem_rows == 1 else 'rows'} refused"
    return {ReturnState.NOT_DUE: "Not due yet"}.get(ret.state, ret.state.value.capitalize())


def days(count: int) -> str:
    """Return "1 day" or "6 days"."""
    return f"{count:,} {'day' if count == 1 else 'days'}"


def returns_sentence(returns: Sequence[Return], definitions: Definitions) -> str:
    """Return how many returns are here, and for each that is not what it costs; of the returns of one quarter."""
    due = [one for one in returns if one.state is not ReturnState.NOT_DUE]
    if not due:
        return "No return is due yet." if returns else "No returns are expected."
    here = [one for one in due if one.state not in _OPEN]
    first = f"{_all_or_some(len(here), len(due))} received."
    return " ".join([first, *_open_sentences(due, definitions)])


def _all_or_some(here, due):
    if due == 1:
        return "The one return due was" if here else "The one return due was not"
    if here == due:
        return f"All {spelled(due)} returns were"
    return f"{capital(spelled(here))} of {spelled(due)} returns {'was' if here <= 1 else 'were'}"


def _open_sentences(due, definitions):
    still_open = sorted((one for one in due if one.state in _OPEN), key=lambda one: -one.days_late)
    for one in still_open[:MOST_NAMED]:
        yield _open_sentence(one, definitions)
    if len(still_open) > MOST_NAMED:
        more = len(still_open) - MOST_NAMED
        yield f"{capital(spelled(more))} more {'is' if more == 1 else 'are'} missing or in part."


def _open_sentence(ret, definitions):
    agency = agency_name(ret, definitions)
    late = f", {days(ret.days_late)} overdue" if ret.days_late else ""
    state = "return is missing" if ret.state is ReturnState.MISSING else f"return lacks {some(list(ret.missing), 2)}"
    return f"The {agency} {state}{late}{_cost(len(set(ret.without_figure)))}."


def agency_name(ret: Return, definitions: Definitions) -> str:
    """Return the agency's title as it stands inside a sentence."""
    agency = definitions.partnership.agencies.get(ret.agency)
    return agency.title if agency else ret.agency


def _cost(count):
    if not count:
        return ""
    return f": {spelled(count)} {'measure has' if count == 1 else 'measures have'} no figure from it"


def because_of(returns: Sequence[Return], kpis: set[str], definitions: Definitions) -> str:
    """Return " because the Police return is missing" for returns that leave some of `kpis` without a figure."""
    causes = [one for one in returns if one.state in _OPEN and kpis & set(one.without_figure)]
    names = list(dict.fromkeys(agency_name(one, definitions) for one in causes))
    if not names:
        return ""
    is_missing = all(one.state is ReturnState.MISSING for one in causes)
    nouns = "return is" if len(names) == 1 else "returns are"
    return f" because the {listed(names)} {nouns} {'missing' if is_missing else 'not complete'}"
