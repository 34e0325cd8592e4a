"""An exception in words: what it is called, why it is one and since when, and the figure with its meaning."""

from scorecards.definitions import Definitions
from scorecards.exceptions import QUARTERS_BACK, ExceptionItem, Reason, State
from scorecards.format import area_name, base, figure
from scorecards.narrative.kpi_words import figure_in_context
from scorecards.narrative.patterns import is_real_change, range_name
from scorecards.narrative.standing import rating_word
from scorecards.narrative.statuses import status_in_line
from scorecards.narrative.words import capital, ordinal, spelled
from scorecards.rag import Rating
from scorecards.series import Point
from scorecards.spc import Variation

SEPARATOR = " · "


def exception_title(item: ExceptionItem, definitions: Definitions) -> str:
    """Return the measure's title, and the locality where the exception is about one."""
    if item.locality is None:
        return item.line.kpi.title
    return f"{item.line.kpi.title}: {_locality(item, definitions)}"


def exception_context(item: ExceptionItem, definitions: Definitions) -> str:
    """Return theme, how long and why: "Child protection · new this quarter · a real change"."""
    theme = definitions.theme(item.line.kpi.themes[0])
    parts = [theme.title if theme else "", _since(item), _why(item)]
    return SEPARATOR.join(part for part in parts if part)


def exception_sentence(item: ExceptionItem, definitions: Definitions) -> str:
    """Return the figure with its n, where it stands and whether it changed; to be read under the title."""
    if item.locality is not None:
        return _locality_sentence(item, definitions)
    if item.line.latest.value is None:
        return status_in_line(item.line)
    if item.state is State.RESOLVED:
        return f"Now {figure_in_context(item.line)}"
    return figure_in_context(item.line)


def _locality(item, definitions):
    name = area_name(definitions, item.locality.locality)
    return name if "locality" in name.casefold() else f"{name} locality"


def _since(item):
    if item.state is State.RESOLVED:
        return _resolved(item)
    if item.state is State.NEW:
        return "new this quarter"
    # Exceptions are followed back for two years only.
    if item.running > QUARTERS_BACK:
        return f"for {spelled(QUARTERS_BACK + 1)} quarters or more"
    return f"{ordinal(item.running)} quarter running"


def _resolved(item):
    # A partner who stops sending has not resolved anything.
    is_unknown = item.locality is None and (item.line.latest.value is None or item.line.latest.stands_apart)
    if is_unknown:
        return "cannot be judged this quarter"
    if item.locality is None and item.line.judgement.rating is Rating.AMBER:
        return "eased since last quarter, still amber"
    return "resolved since last quarter"


def _why(item):
    if item.state is State.RESOLVED:
        return f"was {item.reason.value}" if item.reason is not Reason.LOCALITY else "was beyond chance"
    return _REASONS[item.reason](item.line)


def _changed(line):
    provisional = f" on a {range_name(line)}" if line.pattern.limits.is_provisional else ""
    return f"a real change{provisional}"


def _red(line):
    if line.pattern.variation is Variation.NOT_ENOUGH_DATA:
        return "too early to say whether it changed"
    return "a real change for the better" if is_real_change(line) else "usual ups and downs"


def _failing(line):
    return "will keep missing its target as things run" if line.target else "will not be green as things run"


_REASONS = {
    Reason.RED_AND_CHANGED: _changed,
    Reason.CHANGED: _changed,
    Reason.RED: _red,
    Reason.CONSISTENTLY_FAILING: _failing,
    Reason.LOCALITY: lambda _line: "beyond chance when compared with the whole partnership",
    Reason.AMBER_GETTING_WORSE: lambda _line: "amber, and worse than last quarter and a year ago",
}


def _locality_sentence(item, definitions):
    found, kpi = item.locality, item.line.kpi
    name = _locality(item, definitions)
    then = (
        f"{_with_base(kpi, found.point)} in the 12 months to {found.point.period.label.removeprefix('12 months to ')}"
    )
    if item.state is State.RESOLVED:
        return f"{capital(name)} no longer stands out by more than chance; it was {then}."
    whole = f"the whole partnership is {_with_base(kpi, found.whole)}{_whole_in_words(item.line)}"
    return f"{then}, {found.direction} what chance would explain; {whole}."


def _with_base(kpi, point: Point):
    return f"{figure(kpi, point.value)} ({base(kpi, point)})"


_WHOLE = {
    Variation.COMMON_CAUSE: "with usual ups and downs",
    Variation.CONCERN: "getting worse",
    Variation.IMPROVEMENT: "getting better",
}


def _whole_in_words(line):
    words = [] if line.judgement.reason else [rating_word(line).lower()]
    if line.pattern.variation in _WHOLE:
        words.append(_WHOLE[line.pattern.variation])
    return "".join(f", {word}" for word in words)
