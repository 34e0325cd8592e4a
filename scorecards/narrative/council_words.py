"""A council's published figure beside other councils' in words: better or worse than whom, and in which place."""

from scorecards.comparators import Beside, Figure, Middle, Place
from scorecards.definitions import Kpi
from scorecards.definitions.councils import REGIONS, read_councils
from scorecards.definitions.published_models import ValueStatus
from scorecards.format import base, figure, number
from scorecards.narrative.words import capital, ordinal
from scorecards.periods import financial_year
from scorecards.periods.made import MONTHS
from scorecards.series import Point

_QUARTERS = {
    True: ("the best quarter", "the second-best quarter", "the second-worst quarter", "the worst quarter"),
    False: ("the highest quarter", "the second-highest quarter", "the second-lowest quarter", "the lowest quarter"),
}
_MIDDLE = {"median": "the middle", "mean": "the average"}
_WITHOUT = {
    ValueStatus.SUPPRESSED: "withheld, because the numbers are small",
    ValueStatus.LOW_RELIABILITY: "left out by the publisher, because it is of low reliability",
    ValueStatus.ROUNDS_TO_ZERO: "given as too small to show",
    ValueStatus.UNAVAILABLE: "not available",
    ValueStatus.NOT_APPLICABLE: "not applicable",
}
_DERIVED = "Worked out from the published counts."


def is_stock(kpi: Kpi) -> bool:
    """Return whether a KPI says what stands on a day, and not what happened in a time."""
    return kpi.aggregation == "latest"


def published_when(kpi: Kpi, year: int) -> str:
    """Return what a published year is of: "the year to 31 March 2025", or of a stock "31 March 2025"."""
    # A published stock is that of 31 March; everything else is of the year that ends on it.
    return f"31 March {year}" if is_stock(kpi) else f"the year to 31 March {year}"


def council_name(code: str) -> str:
    """Return what a council is called in a sentence: "Herefordshire" for "Herefordshire, County of"."""
    return (read_councils().name(code) or code).partition(", ")[0]


def region_name(code: str) -> str:
    """Return what a region is called."""
    return REGIONS.get(code, "Region")


def beside_sentence(kpi: Kpi, beside: Beside) -> str:
    """Return in one sentence how a council stands among others, for a reader without statistics."""
    name, when = council_name(beside.asked.area), published_when(kpi, beside.asked.year)
    own = beside.own
    if own is None or own.value is None:
        return f"{kpi.title}, {when}: no figure of {name} is published; it is {figure_without(own)}."
    others, place = _beside_others(kpi, own.value, beside), _in_place(beside)
    parts = "; ".join(part for part in (others, place) if part)
    return f"{kpi.title}, {when}: {name} had {figure(kpi, own.value)}{', ' if parts else ''}{parts}."


def _beside_others(kpi, own, beside):
    middle = beside.neighbours.value if beside.neighbours else None
    others = (
        (f"{_MIDDLE[beside.asked.method]} of its statistical neighbours", middle),
        ("England", beside.england.value if beside.england else None),
    )
    known = [(_standing(kpi, own, value), f"{name} ({figure(kpi, value)})") for name, value in others
             if value is not None]  # fmt: skip
    # "Better than one but worse than the other".
    joint = " but " if len({standing for standing, _ in known}) > 1 else " and "
    return joint.join(" ".join(one) for one in known)


def _standing(kpi, own, other):
    # What looks alike as it is shown is not called better or worse.
    if figure(kpi, own) == figure(kpi, other):
        return "about the same as"
    if kpi.polarity not in ("higher", "lower"):
        return "higher than" if own > other else "lower than"
    return "better than" if (own > other) == (kpi.polarity == "higher") else "worse than"


def _in_place(beside):
    place = beside.place
    if place is None:
        return ""
    counted = "from the best" if place.is_judged else "from the highest (neither end is good by itself)"
    of = f"{number(place.of)} councils with a figure"
    return f"{ordinal(place.place)} of {of}, counted {counted}, in {quarter_words(place)}"


def quarter_words(place: Place) -> str:
    """Return which quarter of councils a place lies in: "the best quarter"; where no way is good "the highest"."""
    return _QUARTERS[place.is_judged][place.quarter - 1]


def place_note(beside: Beside) -> str:
    """Return what is to be known about a place: from which end it is counted, its quarter, who has no figure."""
    place = beside.place
    if place is None:
        return "Without a figure of ours there is no place."
    end = "the best" if place.is_judged else "the highest; no direction is good by itself"
    said = f"Place 1 is {end}. In {quarter_words(place)} of councils."
    count = beside.councils_without
    without = f"{number(count)} {'council has' if count == 1 else 'councils have'} no figure and no place."
    return f"{said} {without}" if count else said


def figure_without(figure: Figure | None) -> str:
    """Return why there is no published number, to be read after "it is": it is never nought."""
    return _WITHOUT[figure.status] if figure else "not in this release"


def figure_note(kpi: Kpi, figure: Figure | None) -> str:
    """Return what a published figure rests on, or why there is none."""
    if figure is None or figure.value is None:
        return f"{capital(figure_without(figure))}."
    rests_on = base(kpi, _point(figure))
    worked_out = _DERIVED if figure.status is ValueStatus.DERIVED else ""
    return " ".join(filter(None, (f"{rests_on}." if rests_on else "", worked_out)))


def _point(figure):
    return Point(financial_year(figure.year - 1), figure.value, figure.numerator, figure.denominator)


def neighbours_title(middle: Middle) -> str:
    """Return what the row of the neighbours is called."""
    return f"Statistical neighbours ({middle.method})"


def neighbours_note(kpi: Kpi, middle: Middle, model: str) -> str:
    """Return how many neighbours have a figure, the lowest and the highest, and whose neighbours they are."""
    of = f"{middle.n} of {middle.n + middle.without} have a figure"
    span = "" if middle.low is None else f", from {figure(kpi, middle.low)} to {figure(kpi, middle.high)}"
    return f"{capital(of)}{span}. {capital(model_words(model))}."


def model_words(model: str) -> str:
    """Return which set of neighbours it is: "the Department's model of May 2025"."""
    year, _, month = model.partition("-")
    when = f"{MONTHS[int(month) - 1]} {year}" if month.isdigit() else model
    return f"the Department's model of {when}"


def ours_note(point: Point, year: int) -> str:
    """Return where our own latest figure comes from, and whether it is of the time of the published ones."""
    of_that_year = point.period.last == financial_year(year - 1).last
    other = "" if of_that_year else " Not of the same time as the published figures below."
    return f"Counted from what partners sent.{other}"
