"""Published figures to stand beside our own, with the year and the release they come from.

beside = compare(connection, Asked("re_referral_pct", "E10000013", 2025, polarity="lower"))
"""

from scorecards.comparators.england import Published, england
from scorecards.comparators.standing import Middle, Place, Spread, middle_of, place_among, quantile, spread_of
from scorecards.comparators.stored import (
    Asked,
    Beside,
    Figure,
    PopulationFigure,
    compare,
    neighbours_of,
    newest_year,
    published_population_of,
    published_series,
)

__all__ = [
    "Asked",
    "Beside",
    "Figure",
    "Middle",
    "Place",
    "PopulationFigure",
    "Published",
    "Spread",
    "compare",
    "england",
    "middle_of",
    "neighbours_of",
    "newest_year",
    "place_among",
    "published_population_of",
    "published_series",
    "quantile",
    "spread_of",
]
