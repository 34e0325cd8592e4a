"""One measure beside other councils: our latest figure, then what is published of us, of neighbours and of England."""

from scorecards import format, narrative
from scorecards.comparators import Beside, Figure
from scorecards.definitions import Kpi
from scorecards.definitions.published_reading import read_published_tables
from scorecards.periods import financial_year
from scorecards.scorecard import WHOLE, Line
from scorecards.series import FedBy, Point
from scorecards.ui.page import Page
from scorecards.ui.parts import note, section
from scorecards.ui.readers import beside_for, line_for
from scorecards.ui.rendering import html, render

YEAR_LONG = ("financial_year", "rolling_12_months")
NOTHING_LOADED = (
    "No published figures of this measure are loaded. Drop them on Load returns, or load those that come with the "
    "product: python -m data_loaders --published"
)
ENGLAND_ALONE = (
    "Of this measure England's figure comes with the product and stands above. Other councils' are in none of the "
    "tables that can be loaded."
)
NO_YEAR = (
    "No figure of ours stands in this table: this measure is not read over 12 months here, and a shorter time is not "
    "set beside a published year."
)
OF_THE_WHOLE = "What is published is of the whole council. Choose the whole partnership to compare it with others."


def draw_other_councils(page: Page, line: Line) -> None:
    """Draw how our council stands among others; nothing where the place is fictional, has no code, or no benchmark."""
    kpi, area = line.kpi, page.definitions.partnership.compared_area
    if kpi.benchmark is None or area is None:
        return
    beside = beside_for(page, kpi, line.latest.period) if page.view.area == WHOLE else None
    if beside is None:
        section("Compared with other councils")
        is_in_tables = read_published_tables().measure(kpi.benchmark.published_id) is not None
        note(OF_THE_WHOLE if page.view.area != WHOLE else NOTHING_LOADED if is_in_tables else ENGLAND_ALONE)
        return
    section("Compared with other councils")
    ours = our_figure(page, line)
    rows = ([_our_row(kpi, ours, beside)] if ours and not is_same(ours, beside) else []) + rows_of(kpi, beside)
    words = {
        "sentence": narrative.beside_sentence(kpi, beside),
        "when": narrative.published_when(kpi, beside.asked.year),
        "aside": " ".join(filter(None, ("" if ours else NO_YEAR, other_release_words(line, beside)))),
    }
    html(render("councils.html", kpi=kpi, rows=rows, source=beside.source, **words))


def our_figure(page: Page, line: Line) -> Point | None:
    """Return our latest figure that may stand beside a published year: of 12 months, or of a stock at its end."""
    if narrative.is_stock(line.kpi):
        return line.latest if line.window != "rolling_12_months" else None
    if line.window in YEAR_LONG:
        return line.latest
    window = next((one for one in reversed(YEAR_LONG) if one in line.kpi.windows.shown), None)
    return line_for(page, line.kpi, window).latest if window else None


def other_release_words(line: Line, beside: Beside) -> str:
    """Return why England has another figure of the same year above the table than in it; "" where it has not."""
    above, below = line.england, beside.england
    if above is None or below is None or below.value is None or above.year != below.year:
        return ""
    shown = format.figure(line.kpi, above.value)
    if shown == format.figure(line.kpi, below.value):
        return ""
    return f"Above, England has {shown}: {above.source}, which was revised. In the table all is of one release."


def is_same(ours: Point, beside: Beside) -> bool:
    """Return whether ours is the published figure itself, which is not shown twice."""
    own = beside.own
    if own is None or ours.period != financial_year(own.year - 1) or ours.fed_by is not FedBy.AGGREGATE:
        return False
    # Worked out of the published counts it has more digits than the published figure.
    has_counts = own.numerator is not None and own.denominator is not None
    of_same = has_counts and (own.numerator, own.denominator) == (ours.numerator, ours.denominator)
    return of_same or ours.value == own.value


def rows_of(kpi: Kpi, beside: Beside) -> list[dict[str, str]]:
    """Return the published figures as rows: whose, the figure, what is to be known about it."""
    council = narrative.council_name(beside.asked.area)
    rows = [_published_row(kpi, f"{council}, as published", beside.own)]
    if beside.neighbours and beside.model:
        title, said = narrative.neighbours_title(beside.neighbours), narrative.neighbours_note
        figure = format.figure(kpi, beside.neighbours.value)
        rows.append({"name": title, "figure": figure, "note": said(kpi, beside.neighbours, beside.model)})
    if beside.region:
        rows.append(_published_row(kpi, narrative.region_name(beside.region.area), beside.region))
    rows.append(_published_row(kpi, "England", beside.england))
    place = beside.place
    among = f"{format.number(place.place)} of {format.number(place.of)}" if place else "no place"
    return [*rows, {"name": "Our place among councils", "figure": among, "note": narrative.place_note(beside)}]


def _our_row(kpi, ours, beside):
    when = f"end of {ours.period.label}" if narrative.is_stock(kpi) else ours.period.label
    note_ = narrative.status_sentence(ours, kpi) or narrative.ours_note(ours, beside.asked.year)
    base = format.base(kpi, ours)
    said = " ".join(filter(None, (f"{base}." if base else "", note_)))
    return {"name": f"Our own figure, {when}", "figure": format.figure(kpi, ours.value), "note": said}


def _published_row(kpi: Kpi, name: str, figure: Figure | None):
    value = figure.value if figure else None
    return {"name": name, "figure": format.figure(kpi, value), "note": narrative.figure_note(kpi, figure)}
