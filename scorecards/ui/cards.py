"""Cards as HTML: a theme on the front page, an exception, a return that is not here."""

from dataclasses import dataclass, replace

import streamlit as st
from markupsafe import Markup

from scorecards import charts, format, narrative
from scorecards.exceptions import RANK, ExceptionItem, Exceptions, State
from scorecards.returns import Return
from scorecards.scorecard import Line
from scorecards.ui.choices import themes_with_kpis
from scorecards.ui.index import address_of, tallies_of
from scorecards.ui.page import Page
from scorecards.ui.parts import select
from scorecards.ui.readers import html_for, scorecard_for
from scorecards.ui.rendering import render
from scorecards.ui.returns_grid import STATE_CHIPS, STATE_SHAPES
from scorecards.ui.tables import Tag, icon_of, rating_tag


def theme_tiles(page: Page) -> Markup:
    """Return a card for each theme with something to tell: its ratings, the weightiest of it, and the way to it.

    The others are named below: those without anything red or really changed, and those of which nothing is supplied.
    """

    def make():
        counted = tallies_of(page)
        shown = [theme for theme, counts in counted.items() if counts.needs_telling]
        return render(
            "tiles.html",
            tiles=[_tile(page, one, counted[one]) for one in shown],
            quiet=_named(page, (one for one, counts in counted.items() if counts.supplied and one not in shown)),
            unused=_named(
                page, (one for one, counts in counted.items() if not counts.supplied and not counts.elsewhere)
            ),
            every=page.link("pages/scorecards.py", theme=None, kpi=None),
        )

    return html_for(page, "tiles", make)


def _named(page, themes):
    return [(theme.title, address_of(page, theme)) for theme in themes]


def _tile(page, theme, counts):
    ratings = {"red": counts.red, "amber": counts.amber, "green": counts.green}
    return {
        "theme": theme,
        "address": address_of(page, theme),
        "marks": [(one, narrative.RATING_SYMBOL[one]) for one, count in ratings.items() for _ in range(count)],
        "words": ", ".join(f"{count} {one}" for one, count in ratings.items() if count),
        "unrated": counts.unrated + counts.without_figure,
        "summary": narrative.theme_summary(scorecard_for(page, theme)),
    }


def changes_table(page: Page, changes) -> Markup:
    """Return what really changed since a snapshot: then and now, and whether that is good."""
    rows = [
        {
            "title": change.line.kpi.title,
            "address": page.link("pages/kpi.py", kpi=change.line.kpi.id, theme=change.line.kpi.themes[0]),
            "tag": rating_tag(change.line),
            "was": format.figure(change.line.kpi, change.was.value),
            "now": format.figure(change.line.kpi, change.now.value),
            "icon": icon_of(page, change.line),
            "words": narrative.real_change(change.line)[1],
        }
        for change in changes
    ]
    return render("changes.html", rows=rows)


def returns_table(page: Page, returns: tuple[Return, ...]) -> Markup:
    """Return who has sent the quarter's figures and who is awaited."""
    rows = [
        {
            "agency": format.agency_title(page.definitions, one.agency),
            "period": one.period.label,
            "tag": return_tag(one),
            "due": format.day(one.due),
            "received": format.day(one.received) if one.received else "",
        }
        for one in returns
    ]
    return render("awaited.html", rows=rows)


def return_tag(one: Return) -> Tag:
    """Return the chip of a return's state."""
    return Tag(STATE_CHIPS[one.state], narrative.return_words(one), STATE_SHAPES[one.state])


@dataclass(frozen=True)
class Card:
    """An exception in words."""

    title: str
    kind: str
    tag: Tag | None
    context: str
    sentence: str
    source: str
    spark: str
    spark_alt: str
    chart: str  # addresses
    returns: str


def exception_cards(page: Page, items: tuple[ExceptionItem, ...], otherwise: str) -> Markup:
    """Return the exceptions in the order they were ranked in; `otherwise` is said when there are none."""
    return render("exceptions.html", cards=[_card(page, item) for item in items], otherwise=otherwise)


def _card(page, item):
    line = item.line if item.locality is None else _of_locality(item)
    rating = item.line.judgement.rating.value
    return Card(
        title=narrative.exception_title(item, page.definitions),
        kind=_kind(item, rating),
        tag=rating_tag(item.line) if item.locality is None else None,
        context=narrative.exception_context(item, page.definitions),
        sentence=narrative.exception_sentence(item, page.definitions),
        source=narrative.supplied_by(item.line, page.definitions),
        spark=charts.data_uri(charts.sparkline(line, dark=page.dark)),
        spark_alt="" if item.locality else narrative.chart_alt(line),
        chart=page.link("pages/kpi.py", kpi=line.kpi.id, theme=line.kpi.themes[0], area=line.area),
        returns=page.link("pages/returns.py"),
    )


def _kind(item, rating):
    if item.state is State.RESOLVED:
        return "none"
    return "red" if rating == "red" and item.locality is None else "amber"


def _of_locality(item) -> Line:
    """Return the line with the locality's own figures, for its small chart and its link."""
    found = item.locality
    return replace(item.line, area=found.locality, points=found.points, latest=found.point)


def return_cards(page: Page, returns: tuple[Return, ...], otherwise: str) -> Markup:
    """Return the returns that are missing, in part or late, and what they cost."""
    cards = [
        {
            "title": format.agency_title(page.definitions, one.agency),
            "period": one.period.long_label,
            "tag": return_tag(one),
            "due": format.day(one.due),
            "received": format.day(one.received) if one.received else "",
            "late": one.days_late,
            "missing": one.missing,
            "without": len(set(one.without_figure)),
            "address": page.link("pages/returns.py"),
        }
        for one in returns
    ]
    return render("return_cards.html", cards=cards, otherwise=otherwise)


def ranking_rule() -> str:
    """Return in which order exceptions stand."""
    return f"Ranked: {'; then '.join(reason.value for reason in RANK)}. New before continuing, then by how far off."


def exceptions_subtitle(page: Page, found: Exceptions) -> str:
    """Return how many measures need attention and how many are new."""
    states = [item.state for item in found.current]
    needing = len({item.line.kpi.id for item in found.current})
    return (
        f"{page.when} {needing} of {found.measures} measures need attention: {states.count(State.NEW)} new, "
        f"{states.count(State.CONTINUING)} continuing; {len(found.resolved)} resolved or eased since last quarter."
    )


STATES = {"current": "New and continuing", "new": "New", "continuing": "Continuing"}
EVERY_GROUP = "Every group"


def chosen_exceptions(page: Page, found: Exceptions) -> tuple[tuple[ExceptionItem, ...], tuple[ExceptionItem, ...]]:
    """Let the reader choose a group and a state; return the exceptions chosen, and the group's resolved ones."""
    groups = dict.fromkeys(theme.group for theme in themes_with_kpis(page.definitions))
    with st.container(horizontal=True, key="exception_filters", vertical_alignment="bottom"):
        group = select("group", "For", {one: one for one in (EVERY_GROUP, *groups)})
        state = select("state", "State", STATES)
    current = tuple(item for item in found.current if state in ("current", item.state.value))
    return _of_group(page, current, group), _of_group(page, found.resolved, group)


def _of_group(page, items, group):
    if group == EVERY_GROUP:
        return items
    themes = {theme.id for theme in page.definitions.partnership.themes if theme.group == group}
    return tuple(item for item in items if themes & set(item.line.kpi.themes))
