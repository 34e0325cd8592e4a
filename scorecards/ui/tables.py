"""Tables of figures as HTML: what a template needs of a line, in words, and the template filled in."""

from dataclasses import dataclass

from markupsafe import Markup

from scorecards import charts, format, narrative
from scorecards.narrative.words import capital
from scorecards.scorecard import OF_MANY, POPULATION, Line, Scorecard
from scorecards.ui.changed import frozen_figures
from scorecards.ui.page import Page
from scorecards.ui.readers import changed_since, html_for
from scorecards.ui.rendering import render


@dataclass(frozen=True)
class Tag:
    """A chip: its colour (red, amber, green, none), its word and its shape."""

    kind: str
    word: str
    symbol: str


@dataclass(frozen=True)
class Row:
    """One line of a scorecard in words."""

    line: Line
    address: str
    about: str
    figure: str
    base: str
    awaited: str
    change: str
    change_on_year: str
    tag: Tag
    reason: str
    real_change: str
    icon: str
    spark: str
    spark_alt: str
    england: str
    england_year: str
    updated: str
    updated_by: str
    checked: tuple[str, str] | None  # the mark and words of the newest check of its figures
    frozen: str  # what the last snapshot said, where that was another figure


def rating_tag(line: Line) -> Tag:
    """Return the chip of a line's rating; one that rests on fewer than 30 keeps its word and loses its colour."""
    rating = line.judgement.rating.value
    kind = "none" if line.judgement.is_low_base else kind_of_rating(rating)
    return Tag(kind, narrative.rating_word(line), narrative.RATING_SYMBOL[rating])


def kind_of_rating(rating: str) -> str:
    """Return the style of a rating: not rated is grey."""
    return "none" if rating == "not rated" else rating


def row_of(page: Page, line: Line) -> Row:
    """Return a line's row, its link leading to the KPI's own page."""
    supplied = line.supplied
    return Row(
        line=line,
        address=page.link("pages/kpi.py", kpi=line.kpi.id),
        about=f"{narrative.measured_over(line)}. {narrative.good_is(line.kpi)}",
        figure=format.figure(line.kpi, line.latest.value),
        base=format.base(line.kpi, line.latest),
        awaited=capital(narrative.awaited_in_row(line)),
        change=narrative.change_words(line),
        change_on_year=narrative.change_on_year_words(line),
        tag=rating_tag(line),
        reason=narrative.rating_reason(line),
        real_change=narrative.real_change(line)[1],
        icon=icon_of(page, line),
        spark=charts.data_uri(charts.sparkline(line, dark=page.dark)),
        spark_alt=narrative.chart_alt(line),
        england=format.figure(line.kpi, line.england.value) if line.england else "",
        england_year=line.england.year_label if line.england else "",
        updated=format.day(supplied.received) if supplied else _not_one_return(line),
        updated_by=format.agency_title(page.definitions, supplied.agency) if supplied else "",
        checked=_newest_check(page, line),
        frozen=frozen_figures(page, line).get(line.latest.period.id, ""),
    )


def _newest_check(page, line):
    checks = page.definitions.checks_of(line.kpi)
    return narrative.checked_mark(checks[0]) if checks else None


def _not_one_return(line):
    if line.kpi.measure.kind == POPULATION:
        return "held in partnership.yaml"
    return "all returns" if line.kpi.measure.kind in OF_MANY else "not received"


def icon_of(page: Page, line: Line) -> str:
    """Return the small picture that stands before the words of a real change; its arrow follows the figures."""
    kind = narrative.real_change(line)[0]
    flag = line.pattern.flags[-1] if line.pattern.flags else None
    falls = flag is not None and flag.direction == "low"
    return charts.data_uri(charts.change_icon(kind, falls=falls, dark=page.dark))


def span_of(card: Scorecard) -> str:
    """Return over how long the small pictures go: of figures by the year over more than three of them."""
    return "Year by year" if {line.window for line in card.lines} == {"financial_year"} else "Three years"


def scorecard_table(page: Page, card: Scorecard) -> Markup:
    """Return the table of a scorecard, one row a KPI; made once for each view."""

    def make():
        unused = [
            (line.kpi.title, page.link("pages/kpi.py", kpi=line.kpi.id, theme=page.theme.id)) for line in card.unused
        ]
        elsewhere = [
            (line.kpi.title, page.link("pages/kpi.py", kpi=line.kpi.id, theme=page.theme.id, area=None))
            for line in card.elsewhere
        ]
        rows = [row_of(page, line) for line in card.here.lines]
        return render(
            "scorecard.html", theme=page.theme, rows=rows, elsewhere=elsewhere, unused=unused, span=span_of(card)
        )

    snapshot, _ = changed_since(page)
    return html_for(page, f"scorecard {snapshot.id if snapshot else ''}", make)
