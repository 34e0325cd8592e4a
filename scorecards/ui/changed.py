"""Owns what is said of figures that became others after they were frozen: a mark beside each, and a list of them."""

from markupsafe import Markup

from scorecards.format import area_name, base, day, figure, short_period
from scorecards.narrative import missing_words
from scorecards.scorecard import Line, Scorecard
from scorecards.series import Point
from scorecards.snapshots import Difference, SnapshotInfo
from scorecards.ui.moments import LONDON
from scorecards.ui.page import Page
from scorecards.ui.readers import changed_since
from scorecards.ui.rendering import html, render

CHANGES_LISTED = 40


def figure_words(one: Difference, point: Point) -> str:
    """Return a figure with what it rests on: "94.0%, 1,852 of 1,970"."""
    if not point.is_known:
        return missing_words(point)
    rests_on = base(one.kpi, point)
    return f"{figure(one.kpi, point.value)}, {rests_on}" if rests_on else figure(one.kpi, point.value)


def is_seen(one: Difference) -> bool:
    """Return whether a reader sees the difference: decimals that are not shown do not count."""
    return figure_words(one, one.was) != figure_words(one, one.now)


def frozen_figures(page: Page, line: Line) -> dict[str, str]:
    """Return what the last snapshot said of those of a line's periods that read differently now, by period id."""
    snapshot, changed = changed_since(page)
    own = [one for one in changed if (one.kpi.id, one.window, one.area) == (line.kpi.id, line.window, line.area)]
    return {one.period.id: frozen_words(snapshot, one) for one in own if snapshot and is_seen(one)}


def frozen_words(snapshot: SnapshotInfo, one: Difference) -> str:
    """Return what was frozen: "frozen on 17 July 2025 as 94.0%, 1,852 of 1,970"."""
    return f"frozen on {frozen_day(snapshot)} as {figure_words(one, one.was)}"


def frozen_day(snapshot: SnapshotInfo) -> str:
    return day(snapshot.made_at.astimezone(LONDON).date())


def draw_changed_since(page: Page, card: Scorecard) -> None:
    """Draw which figures of a scorecard read differently since they were frozen last; nothing where none does."""
    snapshot, changed = changed_since(page)
    shown = {line.kpi.id for line in card.lines}
    own = [one for one in changed if one.kpi.id in shown and one.area == page.view.area and is_seen(one)]
    if snapshot and own:
        html(_list(page, snapshot, sorted(own, key=lambda one: -one.period.end.toordinal())))


def _list(page: Page, snapshot: SnapshotInfo, changed: list[Difference]) -> Markup:
    rows = [
        {
            "title": one.kpi.title,
            "address": page.link("pages/kpi.py", kpi=one.kpi.id),
            "period": short_period(one.period),
            "was": figure_words(one, one.was),
            "now": figure_words(one, one.now),
            "why": "The definition changed" if one.is_redefined else "Data came later or was corrected",
        }
        for one in changed[:CHANGES_LISTED]
    ]
    return render(
        "changed_since.html", rows=rows, count=len(changed), title=snapshot.title, when=frozen_day(snapshot),
        area=area_name(page.definitions, page.view.area), more=len(changed) - len(rows),
        snapshots=page.link("pages/snapshots.py"),
    )  # fmt: skip
