"""Owns published tables on the page that loads files: told from partners' files, shown, and stored with one press."""

from dataclasses import dataclass, replace
from types import ModuleType

import streamlit as st

from scorecards.comparators import neighbours_of
from scorecards.definitions.councils import read_councils
from scorecards.definitions.published_models import NeighboursTable, PopulationTable
from scorecards.errors import ScorecardError
from scorecards.narrative.words import capital, listed, spelled
from scorecards.periods import financial_year
from scorecards.ui.loading import in_hand, keep
from scorecards.ui.page import Page
from scorecards.ui.parts import plain
from scorecards.ui.rendering import html, render
from scorecards.ui.signing import name_given, your_name
from scorecards.ui.verdicts import count_words

MEASURES_LINKED = 6
SAID = 5  # sentences on one file; the rest is told as a number
FICTIONAL = "This is a fictional place, so nothing is shown beside these figures."
NO_COUNCIL = (
    "partnership.yaml names no council yet, so nothing is shown beside these figures: give its code there as area_code."
)


@dataclass(frozen=True)
class Stored:
    """What became of a press: what was stored, and the measures that it stands beside."""

    sentence: str
    kpis: tuple[str, ...]


@dataclass(frozen=True)
class TableRow:
    """One line of the list of published tables."""

    name: str
    recognised: str
    what: str
    ours: str
    neighbours: str
    feeds: str
    unused: str
    chip: tuple[str, str]


def sort_out(published: ModuleType) -> None:
    """Move the published tables among the files in hand to a place of their own; `published` is the loaders' door."""
    held = in_hand()
    fresh = {name: held.files[name] for name in _worth_a_look(held, published) if name not in held.looked_at}
    if not fresh:
        return
    found = published.published_among(fresh)
    tables = {name: data for name, data in fresh.items() if name in found}
    kept = {name: data for name, data in held.files.items() if name not in found}
    check = held.check
    if check is not None and found:
        check = replace(check, files=tuple(one for one in check.files if one.name not in found)) if kept else None
    keep(replace(
        held, files=kept, published=held.published | tables, check=check,
        looked_at=held.looked_at | fresh.keys(), published_check=None if found else held.published_check,
    ))  # fmt: skip


def _worth_a_look(held, published: ModuleType) -> list[str]:
    """Return the files that may be published tables: texts, and workbooks in which no list of ours was found."""
    lists = {file.name: file.lists for file in held.check.files} if held.check else {}
    without = {name for name, those in lists.items() if not any(one.record_type for one in those)}
    return [name for name in held.files if published.is_text(name) or name in without]


def check_published(page: Page, published: ModuleType) -> None:
    """Check the published tables in hand unless that is done; nothing is stored."""
    held = in_hand()
    if not held.published or held.published_check is not None:
        return
    bar = st.progress(0.0, "Reading published tables")
    try:
        check = published.check_published(page.store, list(held.published.items()), held.releases)
        keep(replace(held, published_check=check))
    except ScorecardError as error:
        keep(replace(held, releases={}, trouble=str(error)))
        st.rerun()
    finally:
        bar.empty()


def draw_stored(page: Page) -> None:
    """Draw what the last press stored, with the way to the measures that it now stands beside."""
    stored = in_hand().published_stored
    if stored is None:
        return
    is_compared = page.definitions.partnership.compared_area is not None
    kpis = [page.definitions.kpis[one] for one in stored.kpis if one in page.definitions.kpis] if is_compared else []
    ways = [(kpi.title, page.link("pages/kpi.py", kpi=kpi.id, theme=kpi.themes[0])) for kpi in kpis[:MEASURES_LINKED]]
    html(render("load_published_stored.html", sentence=stored.sentence, ways=ways))


def draw_published(page: Page, published: ModuleType) -> None:
    """Draw the published tables in hand: what each is, what is wrong with it, and the buttons that decide."""
    check = in_hand().published_check
    if check is None:
        return
    found = published.about_us(page.store, check, _our_neighbours(page))
    html(render(
        "load_published.html", words=_checked_words(check), rows=[_row(one) for one in found],
        aside=_aside(page), refused=[_refusal(one.file) for one in found if one.file.wrong],
        remarks=[(one.file.name, remark) for one in found for remark in one.remarks],
    ))  # fmt: skip
    for one in found:
        if one.file.is_other:
            _ask_release(one.file)
    _draw_decision(page, published, found)


def _our_neighbours(page: Page):
    area = page.definitions.partnership.compared_area
    if area is None:
        return None, ()
    with page.store.read() as connection:
        return neighbours_of(connection, read_councils().code(area))


def _checked_words(check) -> str:
    count = len(check.files)
    return f"{capital(spelled(count))} published {'table' if count == 1 else 'tables'}. Nothing of them is stored yet."


def _aside(page: Page) -> str:
    us = page.definitions.partnership
    return "" if us.compared_area else FICTIONAL if us.is_fictional else NO_COUNCIL


def _row(one) -> TableRow:
    file = one.file
    title = file.table.title if file.table else "No published table that we know"
    return TableRow(
        file.name, title, _what(one) if file.table else "", _share(one.ours), _share(one.neighbours),
        *_feeds(one), _chip(file),
    )  # fmt: skip


def _what(one) -> str:
    """Return the release, the years and how many figures: "Release 2025, 2012/13 to 2024/25, 23,604 figures"."""
    table, release = one.file.table, one.file.release
    if isinstance(table, NeighboursTable):
        return f"{table.publisher}. Model {release}, {one.figures:,} neighbours."
    if not one.years:
        return f"{table.publisher}. Release {release}."
    ends = dict.fromkeys((one.years[0], one.years[-1]))
    said = [f"mid-{year}" if isinstance(table, PopulationTable) else financial_year(year - 1).label for year in ends]
    return f"{table.publisher}. Release {release}, {' to '.join(said)}, {count_words(one.figures, 'figure')}."


def _share(area) -> str:
    """Return how many figures are of an area, and how many of them are no number; "" where there is none to ask of."""
    if area is None or not area.figures:
        return ""
    without = area.figures - area.numbers
    return f"{area.figures:,}" + (f", {without:,} of them withheld or missing" if without else "")


def _feeds(one) -> tuple[str, str]:
    table = one.file.table
    if isinstance(table, NeighboursTable):
        named = "our council is in it" if one.neighbours_named else "our council is not in it"
        return "Every comparison with statistical neighbours", capital(f"{named}.") if one.ours else ""
    if isinstance(table, PopulationTable):
        return "Rates of the same release", ""
    names = listed([kpi.title for kpi in one.feeds]) if one.feeds else ""
    unused = f"{count_words(len(one.unused), 'figure')} a year that no measure of ours is compared with."
    return names or ("No measure of ours" if table and not one.file.wrong else ""), unused if one.unused else ""


def _chip(file) -> tuple[str, str]:
    if file.wrong:
        return "red", "Refused"
    return ("green", f"{file.new:,} new") if file.new else ("none", "Nothing new")


def _refusal(file) -> dict:
    more = len(file.wrong) - SAID
    # Its name stands above them.
    said = [capital(one.removeprefix(file.name).lstrip(":, ")) for one in file.wrong[:SAID]]
    return {"name": file.name, "sentences": said, "more": f"And {more:,} more." if more > 0 else ""}


def _ask_release(file) -> None:
    with st.form(f"release of {file.name}", border=False):
        given = st.text_input(
            plain(f"Store {file.name} as release"), f"{file.release.removesuffix(' revised')} revised", max_chars=17,
            width=360,
        )  # fmt: skip
        if st.form_submit_button("Check it under this name"):
            held = in_hand()
            keep(replace(held, releases=held.releases | {file.name: given.strip()}, published_check=None, trouble=""))
            st.rerun()


def _draw_decision(page: Page, published: ModuleType, found) -> None:
    held = in_hand()
    check = held.published_check
    is_asked_above = held.check is not None and held.check.can_land
    name = "" if not check.can_land else name_given() if is_asked_above else your_name()
    with st.container(horizontal=True):
        words = f"Store the {check.new:,} new published figures" if check.new > 1 else "Store the new published figure"
        stores = check.can_land and st.button(words, type="primary")
        leaves = st.button("Put the published tables away")
    if leaves:
        _put_away()
    if stores:
        _store(page, published, found, name)
    if leaves or stores:
        st.rerun()


def _put_away(**said) -> None:
    keep(replace(in_hand(), **{"published": {}, "published_check": None, "releases": {}, "trouble": ""} | said))


def _store(page: Page, published: ModuleType, found, name: str) -> None:
    """Store what is new, or say why not; only then are the files let go."""
    held = in_hand()
    if not name:
        keep(replace(held, trouble="Give your name above the buttons: it is kept with what you store."))
        return
    try:
        version = published.land_published(page.store, held.published_check, by=name)
    except ScorecardError as refusal:
        keep(replace(held, published_check=None, trouble=str(refusal)))
        return
    landed = [one for one in found if one.file.can_land and one.file.new]
    left = sum(bool(one.file.wrong) for one in found)
    refused = (
        f" {capital(count_words(left, 'table'))} had something wrong, and nothing of it is stored." if left else ""
    )
    sentence = (
        f"{count_words(held.published_check.new, 'published figure')} of {count_words(len(landed), 'table')} stored as "
        f"data version {version}.{refused}"
    )
    kpis = tuple(dict.fromkeys(kpi.id for one in landed for kpi in one.feeds))
    # What is wrong stays to be read, and to be loaded again under another release.
    wrong = {one.file.name: held.published[one.file.name] for one in found if one.file.wrong}
    _put_away(published_stored=Stored(sentence, kpis), published=wrong)
