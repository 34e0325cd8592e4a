"""One scorecard's page: what it shows in a few sentences, its table, the file to take away, and what was frozen."""

import csv
import io

import streamlit as st

from scorecards import format, narrative
from scorecards.narrative import scorecard_summary
from scorecards.scorecard import Line, Scorecard
from scorecards.ui.changed import draw_changed_since
from scorecards.ui.page import Page, head
from scorecards.ui.parts import note, say
from scorecards.ui.readers import scorecard_for
from scorecards.ui.rendering import html
from scorecards.ui.tables import scorecard_table

COLUMNS = (
    "measure", "area", "period", "value", "numerator", "denominator", "unit", "status",
    "change", "change on a year ago", "rating", "why", "real change",
    "England", "England's year", "last return", "kpi", "handling",
)  # fmt: skip


def draw_scorecard(page: Page) -> None:
    """Draw the scorecard that the address names."""
    theme, card = page.theme, scorecard_for(page, page.theme)
    head(page, theme.title, f"{page.when} {theme.about}", crumbs=page.crumbs[:1])
    say(scorecard_summary(card))
    html(scorecard_table(page, card))
    draw_download(page, card, f"Download this scorecard, {page.area_words} (CSV)", theme.id)
    draw_changed_since(page, card)
    note(
        "In the small charts the dashed line is the agreed target. Figures of 12 months are tested for real change on "
        "their own quarters. England is the newest published year that had ended. The title of a measure opens its "
        "chart."
    )


def draw_download(page: Page, card: Scorecard, label: str, name: str) -> None:
    """Draw the button that takes a scorecard of one quarter and area away."""
    file = f"{name}_{page.view.area}_{page.view.period.id}.csv"
    # Made when it is asked for, and not whenever the page is looked at.
    st.download_button(label, lambda: card_csv(page, card), file, "text/csv", key="take_card", on_click="ignore")


def card_csv(page: Page, card: Scorecard) -> bytes:
    """Return every measure of a scorecard that somebody supplies as a CSV file, its figures unrounded."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows(_csv_row(page, line) for line in card.in_use.lines)
    # A byte order mark, so that Excel reads it as UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _csv_row(page: Page, line: Line) -> tuple:
    point, england, supplied = line.latest, line.england, line.supplied
    return (
        line.kpi.title, format.area_name(page.definitions, line.area), point.period.label, point.value, point.numerator,
        point.denominator, line.kpi.unit, narrative.status_sentence(point, line.kpi) or point.status.value, line.change,
        line.change_on_year, narrative.rating_word(line), narrative.rating_reason(line), narrative.real_change(line)[1],
        england.value if england else None, england.year_label if england else None,
        supplied.received.isoformat() if supplied else None, line.kpi.id,
        f"{page.definitions.partnership.handling}: unsuppressed figures",
    )  # fmt: skip
