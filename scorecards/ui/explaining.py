"""The pages that explain: how figures are to be read, with the numbers that the rules really use."""

from markupsafe import Markup

from scorecards import charts, narrative, rag, spc
from scorecards.intervals import wilson
from scorecards.narrative.words import spelled
from scorecards.rag import Rating
from scorecards.series import Point, Status
from scorecards.ui.page import Page
from scorecards.ui.rendering import render
from scorecards.ui.tables import Tag, kind_of_rating

# Why there may be no figure, and what to do about each.
MISSING = (
    (Status.NOT_SUBMITTED, "The return it is made from has not come.", "Chase it: see Returns received."),
    (Status.NOT_SUPPLIED, "The return came without the column or rows that this measure needs.", "Ask the sender."),
    (Status.HISTORY_INCOMPLETE, "A repeat is seen only where the time before is on record.", "Load earlier years."),
    (Status.TOO_RECENT, "Too little time has passed to know how it ends.", "Wait; nothing is wrong."),
    (Status.NOT_APPLICABLE, "There was nobody to measure, so there is no share.", "Nothing: it is not a fault."),
    (Status.WITHHELD, "The sender gave a symbol instead of a number.", "Ask whether they may send the number."),
)  # fmt: skip
CHANGES = (
    ("none", False, "No: usual ups and downs", "The figure moved as it always does. Do not act on it alone."),
    ("worse", False, "Yes: getting worse", "Something has changed, in the wrong direction. Find out what."),
    ("better", False, "Yes: getting better", "Something has changed, in the right direction. Keep what did it."),
    ("higher", False, "Yes: higher than usual", "Something has changed; this measure has no good or bad direction."),
    ("unknown", False, "Too early to say", "There are too few figures to know what is usual."),
)  # fmt: skip
# The example of chance: 124 of 174 children.
EXAMPLE = (124, 174)


def how_to_read(page: Page) -> Markup:
    """Return plain explanations with small examples; every number in them is the one that the code judges by."""
    low, high = (round(100 * edge) for edge in (wilson(*EXAMPLE).low, wilson(*EXAMPLE).high))
    return render(
        "how_to_read.html",
        ratings={rating.name: _tag(rating) for rating in Rating},
        changes=[
            (charts.data_uri(charts.change_icon(kind, falls=falls, dark=page.dark)), words, meaning)
            for kind, falls, words, meaning in CHANGES
        ],
        missing=[(narrative.missing_words(Point(page.view.period, status=one)), why, do) for one, why, do in MISSING],
        chance=(low, high),
        run=spelled(spc.RUN),
        fewest=spelled(spc.TOO_FEW),
        enough=spc.MIN_POINTS,
        unrated_below=rag.MIN_DENOMINATOR,
        small_below=rag.LOW_BASE_BELOW,
        exceptions=page.link("pages/exceptions.py"),
        places=page.link("pages/places.py"),
        dictionary=page.link("pages/dictionary.py"),
    )


def _tag(rating: Rating) -> Tag:
    return Tag(kind_of_rating(rating.value), rating.value.capitalize(), narrative.RATING_SYMBOL[rating.value])


def accessibility_statement(page: Page) -> Markup:
    """Return who can use this product, what does not work yet, and what to do then."""
    return render("accessibility.html", us=page.definitions.partnership, snapshots=page.link("pages/snapshots.py"))
