"""Owns where one figure comes from, in words: its submissions, and in each the rows or cells that it rests on."""

import csv
import io
from dataclasses import dataclass
from functools import partial

import streamlit as st
from markupsafe import Markup

from scorecards.exports.csv_zip import cell
from scorecards.format import day
from scorecards.provenance import RETURNED, WITHOUT_ROWS, Cell, Provenance, Source, read_provenance
from scorecards.scorecard import WHOLE, Line
from scorecards.series import FedBy
from scorecards.submissions import Submission
from scorecards.ui.page import Page
from scorecards.ui.readers import html_for
from scorecards.ui.rendering import render
from scorecards.ui.submissions import SentWords, list_title, sent_words
from scorecards.ui.verdicts import count_words

RANGES_SHOWN = 40
CELLS_SHOWN = 40


@dataclass(frozen=True)
class SourceRow:
    """One submission that a figure rests on, in words."""

    sent: SentWords
    version: str
    rests_on: str
    where: str


def where_from(page: Page, line: Line) -> Markup:
    """Return what the latest figure of a line rests on: each submission with its rows or cells, folded away."""
    return html_for(page, f"where from {line.kpi.id} {line.window}", lambda: _where_from(page, line))


def _where_from(page: Page, line: Line) -> Markup:
    found = provenance_of(page, line)
    return render(
        "where_from.html",
        words=rests_on_words(found),
        rows=[source_row(page, one) for one in found.sources],
        looked_up=[looked_up_words(page, one) for one in found.looked_up],
        submissions=page.link("pages/submissions.py"),
        returns=page.link("pages/returns.py"),
    )


def provenance_of(page: Page, line: Line) -> Provenance:
    """Return where the latest figure of a line comes from, as it is or was in the version that is looked at."""
    is_whole = line.area == WHOLE
    return read_provenance(
        page.store, line.kpi, line.latest.period, breakdown="" if is_whole else "locality",
        group="" if is_whole else line.area, version=page.view.version,
    )  # fmt: skip


def rests_on_words(found: Provenance) -> str:
    """Return in a sentence what a figure was made from."""
    if found.point is None or found.point.fed_by is FedBy.NOTHING:
        return f"Nothing that was stored gives a figure for {found.period.label}."
    if found.point.fed_by is FedBy.POPULATION:
        return "It is the estimate that partnership.yaml holds, and no rows are behind it."
    if found.kpi.measure.kind == RETURNED:
        return "It is worked out from what was expected of each agency and what came, and from no rows of it."
    sheets = count_words(len({one.submission.id for one in found.sources if not one.is_repeat}), "sheet")
    is_sent = found.point.fed_by is FedBy.AGGREGATE
    what = count_words(found.rows, "figure as it was sent" if is_sent and found.rows == 1 else "row")
    if is_sent and found.rows != 1:
        what = f"{found.rows:,} figures as they were sent"
    return f"{found.period.label} rests on {what}, in {sheets}."


def source_row(page: Page, one: Source) -> SourceRow:
    """Return a submission and what of it a figure rests on."""
    return SourceRow(
        sent_words(one.submission, page.definitions, page.store.today),
        f"{one.submission.version:,}",
        _rests_on(one),
        cells_words(one) if one.cells else rows_words(one),
    )


def _rests_on(one: Source) -> str:
    if one.is_repeat:
        return f"{count_words(one.rows, 'row')} sent again as they stood"
    return count_words(one.rows, "cell" if one.cells else "row")


def rows_words(one: Source) -> str:
    """Return rows of a sheet as "rows 12-310, 312"; a file in XML counts lines."""
    noun = "line" if one.submission.kind == "xml" else "row"
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in one.ranges[:RANGES_SHOWN]]
    left = sum(last - first + 1 for first, last in one.ranges[RANGES_SHOWN:])
    more = f" and {left:,} more" if left else ""
    plural = noun if one.rows == 1 else f"{noun}s"
    return f"{plural} {', '.join(shown)}{more}"


def cells_words(one: Source) -> str:
    """Return cells with what stands in them: "C14: 12 out of 40 (Q2 2025/26)"."""
    shown = [cell_words(cell) for cell in one.cells[:CELLS_SHOWN]]
    left = len(one.cells) - len(shown)
    return "; ".join([*shown, *([f"{left:,} more"] if left else [])])


def cell_words(cell: Cell) -> str:
    """Return one figure of an aggregate return in words."""
    place = cell.address or f"row {cell.row}"
    said = [f"{number:,.10g}" for number in (cell.numerator, cell.value) if number is not None]
    said += [f"out of {cell.denominator:,.10g}"] if cell.denominator is not None else []
    period = f" ({cell.period.label})" if cell.period else ""
    return f"{place}: {' '.join(said) or cell.symbol or 'blank'}{period}"


def looked_up_words(page: Page, one: Submission) -> str:
    title = list_title(page.definitions, one.records)
    return f"{one.id}: {title}, {one.file_name}, received {day(one.received)}"


def draw_rows_download(page: Page, line: Line) -> None:
    """Offer where the latest figure comes from as a file: the numbers of rows, and nothing that stands in them."""
    if line.latest.fed_by not in WITHOUT_ROWS and line.kpi.measure.kind != RETURNED:
        data = partial(rows_csv, page, line)
        name = f"{line.kpi.id} {line.latest.period.id} comes from.csv"
        st.download_button("Download where the figure comes from (CSV)", data, name, "text/csv", on_click="ignore")


def rows_csv(page: Page, line: Line) -> bytes:
    """Return every row and cell that the latest figure rests on as a CSV file, one stretch of rows a line."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("submission", "agency", "sha256", "sheet", "first_row", "last_row", "cell", "sent_again"))
    for one in provenance_of(page, line).sources:
        sent, again = one.submission, "yes" if one.is_repeat else "no"
        places = [(found.row, found.row, found.address) for found in one.cells] or [(*span, "") for span in one.ranges]
        for first, last, address in places:
            rows.writerow((sent.id, sent.agency, sent.sha256, cell(sent.sheet), first, last, address, again))
    return text.getvalue().encode("utf-8-sig")
