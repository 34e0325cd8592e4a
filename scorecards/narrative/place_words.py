"""What is said of localities: who stands out and by how much, why one is not judged, and what chance alone would do."""

from scorecards.definitions import Definitions
from scorecards.format import area_name, figure, number, round_half_up
from scorecards.funnel import FEW_GROUPS
from scorecards.narrative.funnel_words import PER, PlaceWords, in_funnel, place_words
from scorecards.narrative.statuses import missing_words, status_sentence
from scorecards.narrative.words import capital, some, spelled
from scorecards.places import ByPlace, NotJudged, Places, Spot
from scorecards.scorecard import WHOLE

_WHY_NOT = {
    NotJudged.NO_FIGURES: "Nobody has sent it by locality for this period.",
    NotJudged.NO_LIMITS: "It is not judged: an average, a total or a ratio has no limits that chance keeps.",
    NotJudged.NO_BASE: "It is not judged: the numbers behind it were not sent.",
    NotJudged.NO_POPULATION: (
        "It is not judged: a count says little beside another place's without the number of children who live there. "
        "Give the localities' populations in partnership.yaml."
    ),
    NotJudged.NOT_OF_CHILDREN: (
        "It is not judged: it does not count children, so it cannot be set against how many live there."
    ),
    NotJudged.WHOLE_NOT_KNOWN: "It is not judged: there is no figure yet of the whole period and all its cases.",
    NotJudged.RECORDED_OTHERWISE: "It is not judged: within the period it began to be recorded otherwise.",
    NotJudged.WITHOUT_PLACE: "It is not judged: too many cases have no locality.",
}


def why_not_judged(of: ByPlace) -> str:
    """Return why no locality of the measure is judged; "" where they are."""
    if of.why_not is None:
        return ""
    if of.why_not is NotJudged.WITHOUT_PLACE and of.without_place is not None:
        return f"It is not judged: {_percent(of.without_place)} of the cases have no locality."
    return _WHY_NOT[of.why_not]


def place_verdict(of: ByPlace, locality: str) -> PlaceWords:
    """Return a locality's place in words, or why it has none."""
    point, placed = of.points.get(locality), of.placed.get(locality)
    if placed is not None:
        return place_words(placed, of.kpi.polarity)
    if point is None or not point.is_known:
        words = capital(missing_words(point)) if point is not None else "No figure"
        return PlaceWords("few", "–", "No figure", words, False, "")
    why = "Not judged" if of.why_not else status_sentence(point, of.kpi) or "Not judged"
    return PlaceWords("few", "–", "Not judged", why, False, "")


def place_figure(of: ByPlace, locality: str) -> str:
    """Return a locality's figure: a count as a rate where the children who live there are known."""
    placed, point = of.placed.get(locality), of.points.get(locality)
    if placed is not None and of.funnel is not None:
        return in_funnel(of.funnel.kind, placed.value, of.kpi.decimals or 1)
    return figure(of.kpi, point.value) if point is not None and point.is_known else ""


def place_base(of: ByPlace, locality: str) -> str:
    """Return what a locality's figure rests on, in few words."""
    placed, point = of.placed.get(locality), of.points.get(locality)
    if placed is not None and of.funnel is not None:
        cases, base = number(placed.group.cases), number(placed.group.base)
        return f"{cases} of {base}" if of.funnel.kind == "share" else f"{cases} {of.kpi.counts}"
    if point is None or point.denominator is None or of.kpi.unit == "count":
        return ""
    return f"of {number(point.denominator)}"


def measured_among(of: ByPlace) -> str:
    """Return what the funnel's groups are sized by: "referrals", "children aged 0 to 17"."""
    return of.kpi.counts if of.funnel is not None and of.funnel.kind == "share" else "children aged 0 to 17"


def average_words(of: ByPlace) -> str:
    """Return what all are set beside, and how many cases have no locality."""
    if of.funnel is None:
        return ""
    average = in_funnel(of.funnel.kind, of.funnel.average, of.kpi.decimals or 1)
    whose = "the whole partnership" if of.funnel.kind == "share" else "all localities together"
    none = f" {capital(_percent(of.without_place))} of cases have no locality." if of.without_place else ""
    counted = "" if of.funnel.kind == "share" or of.kpi.unit != "count" else f" Counts are shown per {PER:,} children."
    few = " There are few localities, so little can stand out." if len(of.funnel.groups) < FEW_GROUPS else ""
    return f"The average is {average}, that of {whose}.{counted}{none}{few}"


def spot_title(spot: Spot, definitions: Definitions) -> str:
    """Return the measure and the place."""
    return f"{spot.of.kpi.title}: {area_name(definitions, spot.locality)}"


def spot_sentence(spot: Spot) -> str:
    """Return how far a locality is from the others, and how far chance alone would carry it."""
    of, placed = spot.of, spot.placed
    assert of.funnel is not None, "a spot is judged"
    decimals = of.kpi.decimals or 1
    here = in_funnel(of.funnel.kind, placed.value, decimals)
    average = in_funnel(of.funnel.kind, of.funnel.average, decimals).partition(" per ")[0]
    low, high = (
        in_funnel(of.funnel.kind, level, decimals).partition(" per ")[0]
        for level in (placed.limits.lower, placed.limits.upper)
    )
    base = (
        f"{number(placed.group.cases)} of {number(placed.group.base)}"
        if of.funnel.kind == "share"
        else f"{number(placed.group.cases)} {of.kpi.counts} among {number(placed.group.base)} children"
    )
    whose = "the whole partnership" if of.funnel.kind == "share" else "all localities together"
    return (
        f"{here} ({base}) against {average} in {whose}. Chance alone would hardly ever carry a place of this size "
        f"outside {low} to {high}."
    )


def places_summary(places: Places, definitions: Definitions, area: str = WHOLE) -> str:
    """Return how many localities stand out, for the worse first, in a few sentences."""
    hot = [spot for spot in places.hot if area in (WHOLE, spot.locality)]
    worse = [spot for spot in hot if spot.is_worse]
    if not places.judged:
        return "No measure can be judged by locality for this period."
    if not worse:
        return "In no measure is a locality worse than the others by more than chance."
    names = [f"{area_name(definitions, one.locality)} for {_small(one.of.kpi.title)}" for one in worse]
    times = "Once" if len(worse) == 1 else f"{capital(spelled(len(worse)))} times"
    return f"{times} a locality is worse than the others by more than chance: {some(names, 3)}."


def looked_at(places: Places) -> str:
    """Return how many pairs were looked at, and how many chance alone would put beyond the limits."""
    measures = sum(1 for one in places.measures.values() if one.funnel is not None)
    hot, near = _about(places.hot_by_chance), _about(places.near_by_chance)
    return (
        f"{number(places.judged)} pairs of a locality and a measure were looked at, of {measures} measures. Were all "
        f"localities alike, chance alone would put {hot} of them beyond the 99.8% limits and {near} more beyond the "
        f"95% limits. In truth it is {spelled(len(places.hot))} and {spelled(len(places.near))}."
    )


def not_judged_words(places: Places) -> list[tuple[str, int]]:
    """Return why measures that have figures by locality are not judged, with how many they are."""
    reasons = [one.why_not for one in places.measures.values() if one.why_not not in (None, NotJudged.NO_FIGURES)]
    return [(_WHY_NOT[reason], reasons.count(reason)) for reason in NotJudged if reason in reasons]


def _about(expected: float) -> str:
    return "at most one" if expected <= 1 else f"about {number(round_half_up(expected, 0))}"


def _percent(share: float) -> str:
    return "under 1%" if share < 0.01 else f"{number(100 * share)}%"


def _small(title: str) -> str:
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
