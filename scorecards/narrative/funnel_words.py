"""What a place in a funnel is called: the mark, the words and the figure, the same on chart, map and table."""

from dataclasses import dataclass
from typing import Literal

from scorecards.format import number
from scorecards.funnel import LOW_BASE_BELOW, MIN_BASE, Funnel, Kind, Placed, Verdict

PER = 10_000
Meaning = Literal["worse", "better", "higher", "lower"]

# By meaning: beyond the 99.8% limit, and between it and the 95% limit.
SIGNS = {"worse": ("◆", "◇"), "better": ("■", "□"), "higher": ("▲", "△"), "lower": ("▼", "▽")}
_UPPER = (Verdict.ABOVE, Verdict.HIGH)
_LOWER = (Verdict.BELOW, Verdict.LOW)
_LIMIT = {
    Verdict.ABOVE: "above the 99.8% limit",
    Verdict.HIGH: "above the 95% limit",
    Verdict.LOW: "below the 95% limit",
    Verdict.BELOW: "below the 99.8% limit",
}


@dataclass(frozen=True)
class PlaceWords:
    """One group's verdict: a style (worse, better, higher, lower, within, few), a sign, and words."""

    kind: str
    sign: str
    short: str  # "Worse", "Worth a look", "As others", "Too few"
    words: str  # "Worse: above the 99.8% limit"
    is_beyond: bool
    caution: str  # "Small numbers: ..." or ""


def meaning(verdict: Verdict, polarity: str) -> Meaning | None:
    """Return what lying on that side means for a KPI of this polarity; None within the limits or for too few."""
    if verdict not in (*_UPPER, *_LOWER):
        return None
    is_upper = verdict in _UPPER
    if polarity in ("higher", "lower"):
        return "better" if is_upper == (polarity == "higher") else "worse"
    return "higher" if is_upper else "lower"


def place_words(placed: Placed, polarity: str = "context") -> PlaceWords:
    """Return how a group's place is said; only beyond the 99.8% limit is it called worse, better, higher or lower."""
    found = meaning(placed.verdict, polarity)
    caution = f"Small numbers: fewer than {LOW_BASE_BELOW}, so read it with caution." if placed.is_cautious else ""
    if placed.verdict is Verdict.TOO_FEW:
        return PlaceWords("few", "–", "Too few", f"Fewer than {MIN_BASE}: too few to judge", False, "")
    if found is None:
        return PlaceWords("within", "●", "As others", "Within the limits: no more than chance", False, caution)
    beyond, near = SIGNS[found]
    at = _LIMIT[placed.verdict]
    if placed.is_beyond:
        return PlaceWords(found, beyond, found.capitalize(), f"{found.capitalize()}: {at}", True, caution)
    return PlaceWords(found, near, "Worth a look", f"Worth a look: {at}", False, caution)


def in_funnel(kind: Kind, value: float, decimals: int = 1) -> str:
    """Return a figure of a funnel: a share as "34.2%", a rate as "52.3 per 10,000"."""
    if kind == "share":
        return f"{number(100 * value, decimals)}%"
    return f"{number(PER * value, decimals)} per {PER:,}"


def rests_on(kind: Kind, placed: Placed, counts: str) -> str:
    """Return what a group's figure rests on: "82 of 240 contacts", "82 among 24,000 children"."""
    cases, base = number(placed.group.cases), number(placed.group.base)
    return f"{cases} of {base} {counts}" if kind == "share" else f"{cases} among {base} {counts}"


def funnel_alt(title: str, found: Funnel, names: dict[str, str]) -> str:
    """Return what the picture shows, for those who cannot see it."""
    beyond = [names.get(one.group.name, one.group.name) for one in found.groups if one.is_beyond]
    who = f"Beyond the 99.8% limits: {', '.join(beyond)}." if beyond else "None lies beyond the 99.8% limits."
    average = in_funnel(found.kind, found.average)
    return f"Funnel plot of {title}, average {average}. {who} The table below has its figures."
