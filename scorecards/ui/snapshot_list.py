"""Owns how snapshots are drawn: frozen, listed, downloaded, and compared with today's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from scorecards.errors import ScorecardError
from scorecards.exports import EXPORTS
from scorecards.format import area_name, day, short_period
from scorecards.scorecard import WHOLE
from scorecards.snapshots import Difference, Snapshot, SnapshotInfo, differences, freeze, list_snapshots, read_snapshot
from scorecards.ui.changed import figure_words, is_seen
from scorecards.ui.loading import plain
from scorecards.ui.moments import LONDON, moment_words
from scorecards.ui.page import Page
from scorecards.ui.rendering import html, render
from scorecards.ui.signing import your_name

DIFFERENCES_SHOWN = 100
FROZEN = "frozen_words"  # what the last freezing did, said once


def draw_freezing(page: Page) -> None:
    """Draw the way to freeze a quarter, with who does it and what the paper is called."""
    said = st.session_state.pop(FROZEN, "")
    if said:
        html(render("load_trouble.html", sentence=said))
    if not page.quarters:
        html(render("snapshots_none.html", load=page.link("pages/load.py")))
        return
    quarters = {one.id: one for one in page.quarters}
    which, called = st.columns(2)
    chosen = which.selectbox("Quarter to freeze", list(quarters), format_func=lambda one: quarters[one].long_label)
    title = called.text_input("Title, such as the meeting it is for", max_chars=120)
    name = your_name()
    if st.button(plain(f"Freeze {quarters[chosen].label} as it stands now"), type="primary"):
        st.session_state[FROZEN] = _freeze(page, chosen, title, name)
        st.rerun()


def _freeze(page: Page, quarter: str, title: str, name: str) -> str:
    """Freeze a quarter and return what was done, or why not, in a sentence."""
    if not name:
        return "Give your name first: it stands on the snapshot. Nothing was frozen."
    try:
        made = freeze(page.store, quarter, made_by=name, title=title.strip()).info
    except ScorecardError as error:
        return str(error)
    return f"Frozen: {made.title}. It stays as it is, whatever arrives later; download it below."


@dataclass(frozen=True)
class SnapshotRow:
    """One line of the list of snapshots."""

    title: str
    period: str
    made: str
    by: str
    version: int
    sha256: str


def snapshot_rows(found: tuple[SnapshotInfo, ...]) -> list[SnapshotRow]:
    """Return the lines of the list of snapshots, newest first."""
    return [
        SnapshotRow(one.title, one.period.label, moment_words(one.made_at), one.made_by, one.data_version, one.sha256)
        for one in found
    ]


def draw_snapshots(page: Page) -> None:
    """Draw the list, and of the one that is chosen its downloads and what is different today."""
    found = list_snapshots(page.store)
    if not found:
        return
    html(render("snapshots.html", rows=snapshot_rows(found)))
    infos = {one.id: one for one in found}
    chosen = st.selectbox("Open a snapshot", list(infos), format_func=lambda one: _option(infos[one]), width=520)
    try:
        snapshot = read_snapshot(page.store, chosen)
    except ScorecardError as error:
        html(render("load_trouble.html", sentence=str(error)))
        return
    with st.container(horizontal=True):
        for name, export in EXPORTS.items():
            st.download_button(
                plain(f"Download: {export.title}"), partial(export.make, snapshot),
                file_name=export.file_name(snapshot), mime=export.mime, on_click="ignore",
                key=f"export {name} {chosen}",
            )  # fmt: skip
    draw_differences(page, snapshot)


def draw_differences(page: Page, snapshot: Snapshot) -> None:
    """Draw which figures of a snapshot are seen to be different today, the partnership's before those of localities."""
    changed = differences(page.store, snapshot)
    seen = [one for one in changed if is_seen(one)]
    html(render(
        "snapshot_differences.html",
        title=snapshot.info.title,
        words=difference_words(changed, len(seen)),
        whole=difference_rows(page, [one for one in seen if one.area == WHOLE]),
        localities=difference_rows(page, [one for one in seen if one.area != WHOLE]),
        most=DIFFERENCES_SHOWN,
    ))  # fmt: skip


def _option(one: SnapshotInfo) -> str:
    return f"{one.title}, frozen {day(one.made_at.astimezone(LONDON).date())}"


def difference_words(changed: Sequence[Difference], seen: int) -> str:
    """Return how many of a snapshot's figures are different today, and how many of them only unseen."""
    if not changed:
        return "Every figure in it is the same today."
    others = len(changed) - seen
    differ = "differs" if others == 1 else "differ"
    unseen = f"{differ} only in decimals that are not shown, or in being final now" if others else ""
    if not seen:
        return f"Every figure reads the same today; {others:,} {unseen}."
    figures = "1 figure reads" if seen == 1 else f"{seen:,} figures read"
    more = f"; {others:,} more {unseen}" if others else ""
    return f"{figures} differently today{more}. The snapshot keeps what the board read."


@dataclass(frozen=True)
class DifferenceRow:
    """One figure that is another today."""

    title: str
    address: str
    period: str
    area: str
    was: str
    now: str
    why: str


def difference_rows(page: Page, changed: Sequence[Difference]) -> list[DifferenceRow]:
    """Return the newest differences first, at most a hundred."""
    newest = sorted(changed, key=lambda one: -one.period.end.toordinal())
    return [_difference_row(page, one) for one in newest[:DIFFERENCES_SHOWN]]


def _difference_row(page: Page, one: Difference) -> DifferenceRow:
    kpis = page.definitions.kpis
    address = page.link("pages/kpi.py", kpi=one.kpi.id, theme=one.kpi.themes[0]) if one.kpi.id in kpis else ""
    return DifferenceRow(
        one.kpi.title,
        address,
        short_period(one.period),
        area_name(page.definitions, one.area),
        figure_words(one, one.was),
        figure_words(one, one.now),
        "The definition changed" if one.is_redefined else "Data came later or was corrected",
    )
