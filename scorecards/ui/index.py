"""All scorecards at once: a card for each, by the group that answers for it, and last those without any figure."""

from collections.abc import Callable

from markupsafe import Markup

from scorecards import charts, narrative
from scorecards.definitions import Theme
from scorecards.tally import Tally, tally
from scorecards.ui.card import draw_download
from scorecards.ui.choices import themes_with_kpis
from scorecards.ui.page import Page, head
from scorecards.ui.readers import html_for, scorecard_for
from scorecards.ui.rendering import html, render
from scorecards.ui.tables import kind_of_rating


def draw_index(page: Page) -> None:
    """Draw the page of all scorecards."""
    head(page, "Scorecards", f"{page.when} Open one to see every measure in it.")
    html(html_for(page, "index", lambda: _cards(page, tallies_of(page))))
    words = f"Download every scorecard, {page.area_words} (CSV)"
    draw_download(page, scorecard_for(page), words, "scorecards")


def tallies_of(page: Page) -> dict[Theme, Tally]:
    """Return how each scorecard stands, in the partnership's order."""
    return {theme: tally(scorecard_for(page, theme)) for theme in themes_with_kpis(page.definitions)}


def address_of(page: Page, theme: Theme) -> str:
    return page.link("pages/scorecards.py", theme=theme.id, kpi=None)


def _cards(page: Page, counted: dict[Theme, Tally]) -> Markup:
    supplied = [theme for theme, counts in counted.items() if counts.supplied]
    groups = dict.fromkeys(theme.group for theme in supplied)
    cards = {group: [_card(page, one, counted[one]) for one in supplied if one.group == group] for group in groups}
    return render(
        "index.html",
        summary=narrative.index_summary(list(counted.values())),
        groups=list(cards.items()),
        elsewhere=_short(page, counted, lambda counts: not counts.supplied and counts.elsewhere),
        awaited=_short(page, counted, lambda counts: not counts.supplied and not counts.elsewhere),
    )


def _short(page: Page, counted: dict[Theme, Tally], belongs: Callable[[Tally], object]) -> list[dict]:
    return [
        {"theme": theme, "address": address_of(page, theme), "measures": counts.measures}
        for theme, counts in counted.items()
        if belongs(counts)
    ]


def _card(page: Page, theme: Theme, counts: Tally) -> dict:
    ratings = narrative.rating_counts(counts)
    return {
        "theme": theme,
        "address": address_of(page, theme),
        "measures": counts.measures,
        "ratings": [(kind_of_rating(one), words, narrative.RATING_SYMBOL[one]) for one, words in ratings],
        "changes": [(_icon(page, kind), words) for kind, words in narrative.change_counts(counts)],
        "gaps": narrative.gaps_words(counts, page.view.period.label),
    }


def _icon(page: Page, kind: str) -> str:
    return charts.data_uri(charts.change_icon(kind, falls=kind == "worse", dark=page.dark))
