"""A scorecard, a theme or everything, said in a few sentences."""

from collections.abc import Sequence

from scorecards.definitions import Definitions
from scorecards.exceptions import Exceptions
from scorecards.format import area_name, figure
from scorecards.narrative.patterns import pattern_fact
from scorecards.narrative.return_words import because_of
from scorecards.narrative.words import capital, some, spelled
from scorecards.rag import Rating, Unrated
from scorecards.returns import Return
from scorecards.scorecard import Line, Scorecard
from scorecards.series import Status
from scorecards.spc import Variation

# More measures than this are counted, not named.
MOST_NAMED = 3
# No figure because of what was sent; any other is too recent, too short of history, or of nothing.
NOT_SENT = (Status.NOT_SUBMITTED, Status.NOT_SUPPLIED, Status.WITHHELD)


def scorecard_summary(scorecard: Scorecard) -> str:
    """Return one to three sentences: the ratings, what really changed, and what has no figure."""
    if not scorecard.lines:
        return "There are no measures here yet."
    used = scorecard.here
    if not used.lines:
        return "None of these measures is counted by locality: they stand for the whole partnership."
    parts = (
        _ratings(used),
        _changes(used),
        _without_figure(used),
        _elsewhere_sentence(scorecard),
        unused_sentence(scorecard),
    )
    return " ".join(part for part in parts if part)


def _elsewhere_sentence(scorecard):
    count = len(scorecard.elsewhere)
    return f"{capital(spelled(count))} more {_is(count)} counted for the whole partnership only." if count else ""


def unused_sentence(scorecard: Scorecard) -> str:
    """Return how many measures nobody supplies yet, in a sentence; "" where there are none, or no others."""
    count = len(scorecard.unused)
    if not count:
        return ""
    return f"{capital(spelled(count))} more {_is(count)} defined and not supplied yet."


def _ratings(scorecard):
    rated, red, amber = len(scorecard.rated), scorecard.count(Rating.RED), scorecard.count(Rating.AMBER)
    if not rated:
        return _none_rated(len(scorecard.lines))
    if rated == 1:
        return f"The one rated measure is {scorecard.rated[0].judgement.rating.value}."
    if not red and not amber:
        return f"{_all(rated)} rated measures are green."
    if not red:
        return f"None of the {spelled(rated)} rated measures is red; {spelled(amber)} {_is(amber)} amber."
    ambers = f" and {spelled(amber)} {_is(amber)} amber" if amber else ""
    if red == rated:
        return f"{_all(rated)} rated measures are red."
    return f"{capital(spelled(red))} of the {spelled(rated)} rated measures {_is(red)} red{ambers}."


def _none_rated(count):
    if count == 2:
        return "Neither measure is rated."
    return "The one measure is not rated." if count == 1 else f"None of the {spelled(count)} measures is rated."


def _all(count):
    return "Both" if count == 2 else f"All {spelled(count)}"


def _is(count):
    return "is" if count == 1 else "are"


def _changes(scorecard):
    worse, better = _with(scorecard, Variation.CONCERN), _with(scorecard, Variation.IMPROVEMENT)
    if worse:
        return f"Getting worse: {_named(worse)}."
    said = _no_worse(scorecard)
    return f"{said} Getting better: {_named(better)}." if better else said


def _with(scorecard, variation):
    return [line for line in scorecard.lines if line.pattern.variation is variation]


def _named(lines):
    return some([f"{line.kpi.title} ({_in_brackets(line)})" for line in lines], MOST_NAMED)


def _in_brackets(line):
    still = {
        (Rating.GREEN, Variation.CONCERN): ", still green",
        (Rating.RED, Variation.IMPROVEMENT): ", still red",
    }
    words = still.get((line.judgement.rating, line.pattern.variation), "")
    quarter = "the latest quarter alone " if line.is_rolling else ""
    return f"{figure(line.kpi, line.latest.value)}, {quarter}{pattern_fact(line)}{words}"


def _no_worse(scorecard):
    tested = [line for line in scorecard.lines if line.pattern.variation is not Variation.NOT_ENOUGH_DATA]
    if not tested:
        return "It is too early to say what is usual." if _any_figure(scorecard) else ""
    reds = [line for line in scorecard.lines if line.judgement.rating is Rating.RED]
    if reds and all(line.pattern.variation is Variation.COMMON_CAUSE for line in reds):
        return f"{_reds(len(reds))} within usual ups and downs: nothing shows a real change for the worse."
    return "Nothing shows a real change for the worse."


def _any_figure(scorecard):
    return any(line.latest.is_known for line in scorecard.lines)


def _reds(count):
    return {1: "The red one is", 2: "Both reds are"}.get(count, "All reds are")


def _without_figure(scorecard):
    missing = sum(not line.latest.is_known for line in scorecard.lines)
    if not missing:
        return ""
    if missing == len(scorecard.lines):
        return f"No figures for {scorecard.view.period.label}."
    return (
        f"{capital(spelled(missing))} {'has' if missing == 1 else 'have'} no figure for {scorecard.view.period.label}."
    )


def theme_summary(scorecard: Scorecard) -> str:
    """Return one short sentence for a theme's card: the weightiest thing there is to say."""
    scorecard = scorecard.here
    if not _any_figure(scorecard):
        return f"No figures for {scorecard.view.period.label}."
    for variation, words in _THEME_WORDS:
        lines = _with(scorecard, variation)
        if lines:
            return _theme_sentence(lines, words)
    reds = [line for line in scorecard.lines if line.judgement.rating is Rating.RED]
    if reds:
        tested = all(line.pattern.variation is Variation.COMMON_CAUSE for line in reds)
        changed = "without a real change" if tested else "too early to say whether anything really changed"
        return f"{capital(spelled(len(reds)))} red, {changed}."
    tested = any(line.pattern.variation is Variation.COMMON_CAUSE for line in scorecard.lines)
    return "Usual ups and downs." if tested else "Too early to say what is usual."


_THEME_WORDS = (
    (Variation.CONCERN, "Getting worse"),
    (Variation.IMPROVEMENT, "Getting better"),
    (Variation.NEUTRAL_HIGH, "Higher than usual"),
    (Variation.NEUTRAL_LOW, "Lower than usual"),
)


def _theme_sentence(lines: Sequence[Line], words):
    first = lines[0]
    more = f" and {spelled(len(lines) - 1)} more" if len(lines) > 1 else ""
    return f"{words}: {first.kpi.title} ({figure(first.kpi, first.latest.value)}){more}."


def front_summary(
    scorecard: Scorecard, exceptions: Exceptions, returns: Sequence[Return], definitions: Definitions
) -> str:
    """Return the whole picture in a short paragraph: ratings, what is not rated and why, and what really changed."""
    used = scorecard.in_use
    parts = (
        _all_ratings(used),
        _unrated(used, returns, definitions),
        unused_sentence(scorecard),
        _front_changes(used),
        _localities(exceptions, definitions),
    )
    return " ".join(part for part in parts if part)


def _all_ratings(scorecard):
    total, rated = len(scorecard.lines), len(scorecard.rated)
    if not rated:
        return _none_rated(total)
    counts = [(scorecard.count(rating), rating.value) for rating in (Rating.RED, Rating.AMBER, Rating.GREEN)]
    listed_counts = ", ".join(f"{count} {word}" for count, word in counts)
    return f"Of {total} measures {rated} {_is(rated)} rated: {listed_counts}."


def _unrated(scorecard, returns, definitions):
    """Return why the others have no rating; a measure without a figure counts there, whatever its kind."""
    unrated = [line for line in scorecard.lines if line.judgement.reason is not None]
    missing = {line.kpi.id for line in unrated if not line.latest.is_known and line.latest.status in NOT_SENT}
    others = [line for line in unrated if line.kpi.id not in missing]
    activity = sum(line.judgement.reason is Unrated.CONTEXT for line in others if line.latest.is_known)
    no_target = sum(line.judgement.reason is Unrated.NO_THRESHOLD for line in others if line.latest.is_known)
    parts = [
        _part(activity, "activity without a good or bad direction"),
        _part(no_target, "without a target yet"),
        _part(len(others) - activity - no_target, "too few, too recent or not whole"),
        f"{len(missing)} {'has' if len(missing) == 1 else 'have'} no figure{because_of(returns, missing, definitions)}"
        if missing
        else "",
    ]
    said = [part for part in parts if part]
    return f"{'; '.join(said)}." if said else ""


def _part(count, words):
    return f"{count} {_is(count)} {words}" if count else ""


def _front_changes(scorecard):
    worse = _with(scorecard, Variation.CONCERN)
    if not worse:
        return _no_worse(scorecard)
    things = "One measure" if len(worse) == 1 else f"{capital(spelled(len(worse)))} measures"
    named = some([f"{line.kpi.title} ({figure(line.kpi, line.latest.value)})" for line in worse], MOST_NAMED)
    return f"{things} really changed for the worse: {named}."


def _localities(exceptions, definitions):
    """Return which localities stand out, each with the measure that ranks first for it."""
    first: dict[str, str] = {}
    for item in exceptions.current:
        if item.locality is not None:
            first.setdefault(item.locality.locality, item.line.kpi.title)
    places = [f"{area_name(definitions, place)} ({title})" for place, title in first.items()]
    if not places:
        return ""
    return f"{some(places, MOST_NAMED)} {'stands' if len(places) == 1 else 'stand'} out by more than chance."
