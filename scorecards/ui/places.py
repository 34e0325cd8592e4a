"""Localities on a page: the hot spots, and one measure as a map of tiles, a funnel and a table."""

from dataclasses import replace

import streamlit as st
from markupsafe import Markup

from scorecards import charts, format
from scorecards.definitions import Kpi
from scorecards.funnel import Verdict
from scorecards.narrative.funnel_words import in_funnel, place_words
from scorecards.narrative.place_words import (
    average_words,
    looked_at,
    measured_among,
    not_judged_words,
    place_base,
    place_figure,
    place_verdict,
    places_summary,
    spot_sentence,
    spot_title,
    why_not_judged,
)
from scorecards.places import BREAKDOWN, ByPlace, Places, Spot
from scorecards.scorecard import WHOLE
from scorecards.ui.choices import draw_filters, themes_with_kpis
from scorecards.ui.funnels import draw_funnel
from scorecards.ui.page import Page
from scorecards.ui.parts import note, say, section
from scorecards.ui.readers import html_for, line_for, places_for
from scorecards.ui.rendering import html, render

# A telephone holds this many tiles side by side.
NARROW = 3
UPPER = (Verdict.ABOVE, Verdict.HIGH)


def draw_places(page: Page) -> None:
    """Draw the hot spots of all measures and one measure place by place; first what the address asks for."""
    parts = (draw_place_measure, draw_hot_spots) if page.kpi is not None else (draw_hot_spots, draw_place_measure)
    for draw in parts:
        draw(page)


def draw_hot_spots(page: Page) -> None:
    """Draw who stands out in any measure: the worse first, then the better, then what is neither; and by chance."""
    places, area = places_for(page), page.view.area
    say(places_summary(places, page.definitions, area))
    note(looked_at(places))
    hot = [spot for spot in places.hot if area in (WHOLE, spot.locality)]
    section("Worse by more than chance", "Beyond the 99.8% limits on the bad side; those furthest beyond come first.")
    html(_cards(page, "worse", [spot for spot in hot if spot.is_worse], "No locality stands out for the worse."))
    section("Better by more than chance", "What do they do that others could learn from, or do they record otherwise?")
    html(_cards(page, "better", [spot for spot in hot if spot.is_worse is False], "None stands out for the better."))
    _draw_by_measure(page, places)


def _cards(page, name, spots: list[Spot], otherwise) -> Markup:
    def make():
        return render("spots.html", cards=[_card(page, spot) for spot in spots], otherwise=otherwise)

    return html_for(page, f"spots {name}", make)


def _card(page: Page, spot: Spot):
    kpi = spot.of.kpi
    line = line_for(page, kpi, spot.of.period.kind)
    own = replace(line, area=spot.locality, points=spot.points, latest=spot.points[-1])
    words = place_words(spot.placed, kpi.polarity)
    return {
        "title": spot_title(spot, page.definitions),
        "kind": {"worse": "red"}.get(words.kind, "none"),
        "words": words,
        "period": spot.of.period.long_label,
        "sentence": spot_sentence(spot),
        "address": _address(page, kpi, spot.locality),
        "spark": charts.data_uri(charts.sparkline(own, dark=page.dark)),
        "spark_alt": f"{spot_title(spot, page.definitions)} over the last periods",
    }


def _address(page: Page, kpi: Kpi, locality: str) -> str:
    theme = page.theme.id if page.theme.id in kpi.themes else kpi.themes[0]
    return page.link("pages/kpi.py", kpi=kpi.id, theme=theme, area=locality)


def _draw_by_measure(page: Page, places: Places) -> None:
    """Draw what has no good direction, and what is only worth a look, a line a measure."""
    area = page.view.area
    neutral = [spot for spot in places.hot if spot.is_worse is None and area in (WHOLE, spot.locality)]
    near = [spot for spot in places.near if area in (WHOLE, spot.locality)]
    section(
        "Higher or lower, and neither good nor bad",
        "Beyond the 99.8% limits of measures that tell how much there is. Need and recording differ between places, "
        "and many measures tell of the same children.",
    )
    if neutral:
        caption = "Localities beyond the 99.8% limits, by measure"
        html(html_for(page, "spots neutral", lambda: _by_measure(page, neutral, caption)))
    else:
        note("None.")
    with st.expander(f"Worth a look: {len(near)} between the 95% and the 99.8% limits"):
        note("Some of these are chance. One that stays here quarter after quarter is not.")
        if near:
            caption = "Localities between the 95% and the 99.8% limits, by measure"
            html(html_for(page, "spots near", lambda: _by_measure(page, near, caption)))
        for words, count in not_judged_words(places):
            note(f"{count} {'measure' if count == 1 else 'measures'} with figures by locality: {words}")


def _by_measure(page: Page, spots: list[Spot], caption: str) -> Markup:
    by_kpi: dict[str, list[Spot]] = {}
    for spot in spots:
        by_kpi.setdefault(spot.of.kpi.id, []).append(spot)
    rows = [_row(page, those) for those in by_kpi.values()]
    return render("spots_by_measure.html", caption=caption, rows=rows)


def _row(page: Page, spots: list[Spot]):
    of = spots[0].of
    assert of.funnel is not None, "a spot is judged"
    said = [(spot.placed.verdict in UPPER, _said(page, spot)) for spot in spots]
    theme = page.theme.id if page.theme.id in of.kpi.themes else of.kpi.themes[0]
    return {
        "title": of.kpi.title,
        "address": page.link("pages/places.py", kpi=of.kpi.id, theme=theme),
        "period": of.period.long_label,
        "average": in_funnel(of.funnel.kind, of.funnel.average, of.kpi.decimals or 1),
        "higher": [words for is_upper, words in said if is_upper],
        "lower": [words for is_upper, words in said if not is_upper],
    }


def _said(page: Page, spot: Spot):
    words = place_words(spot.placed, spot.of.kpi.polarity)
    figure = place_figure(spot.of, spot.locality).partition(" per ")[0]
    return {"sign": words.sign, "name": format.area_name(page.definitions, spot.locality), "figure": figure}


def draw_place_measure(page: Page) -> None:
    """Draw one measure by locality, which the reader chooses: map, funnel and table."""
    by_theme = _kept_by_locality(page)
    if not by_theme:
        return
    section("One measure, place by place")
    theme, kpi = _chosen(page, by_theme)
    here = page.here | {"theme": theme, "kpi": kpi.id}
    themes = {one.id: one.title for one in themes_with_kpis(page.definitions) if one.id in by_theme}
    kpis = {one.id: one.title for one in by_theme[theme]}
    draw_filters(
        ("theme", "kpi"), page.definitions, page.quarters, here, key="measure_filters",
        only={"theme": themes, "kpi": kpis},
    )  # fmt: skip
    of = places_for(page).measures[kpi.id]
    html(html_for(page, f"map {kpi.id}", lambda: _map(page, of)))
    if of.funnel is None or not of.funnel.groups:
        note(why_not_judged(of))
        return
    note(average_words(of))
    names = {one: format.area_name(page.definitions, one) for one in page.definitions.partnership.localities}
    draw_funnel(
        page, f"{kpi.id} places", f"{kpi.title} by locality, {of.period.long_label}", of.funnel, names,
        measured_among(of), by="Locality", polarity=kpi.polarity, decimals=kpi.decimals or 1,
    )  # fmt: skip


def _kept_by_locality(page: Page) -> dict[str, list[Kpi]]:
    """Return the measures that have figures by locality, by theme; all that are kept by it where none has any."""
    measures = places_for(page).measures
    known = [one.kpi for one in measures.values() if any(point.is_known for point in one.points.values())]
    kept = known or [one.kpi for one in measures.values()]
    # One that a link asks for is offered too, so that the page can say why there is nothing to see.
    asked = [page.kpi] if page.kpi is not None and BREAKDOWN in page.kpi.breakdowns and page.kpi not in kept else []
    found: dict[str, list[Kpi]] = {}
    for theme in page.definitions.partnership.themes:
        for kpi in (*kept, *asked):
            if theme.id in kpi.themes:
                found.setdefault(theme.id, []).append(kpi)
    return found


def _chosen(page: Page, by_theme: dict[str, list[Kpi]]) -> tuple[str, Kpi]:
    """Return the theme and the measure that are asked for, else the measure in which a locality is worst."""
    if page.kpi is None and "theme" not in st.query_params:
        worst = next((spot.of.kpi for spot in places_for(page).hot if spot.is_worse), None)
        if worst is not None:
            return worst.themes[0], worst
    theme = page.theme.id if page.theme.id in by_theme else next(iter(by_theme))
    kpis = by_theme[theme]
    return theme, page.kpi if page.kpi is not None and page.kpi in kpis else kpis[0]


def _map(page: Page, of: ByPlace) -> Markup:
    localities = page.definitions.partnership.localities
    at = {name: place.tile for name, place in localities.items() if place.tile is not None}
    is_placed = len(at) == len(localities)
    columns = max((tile[0] for tile in at.values()), default=0)
    shape = f" placed w{columns}{' wide' if columns > NARROW else ''}" if is_placed else ""
    tiles = [
        {
            "name": format.area_name(page.definitions, name),
            "figure": place_figure(of, name).partition(" ")[0],
            "unit": place_figure(of, name).partition(" ")[2],
            "base": place_base(of, name),
            "words": place_verdict(of, name),
            "address": _address(page, of.kpi, name),
            "at": at.get(name) if is_placed else None,
            "is_chosen": page.view.area == name,
        }
        for name in localities
    ]
    return render("place_map.html", title=f"{of.kpi.title}, {of.period.long_label}", tiles=tiles, shape=shape)
