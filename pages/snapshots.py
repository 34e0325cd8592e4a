"""Snapshots: a quarter frozen as the board reads it, its downloads, and what is different today."""

from scorecards.ui import begin_page, head
from scorecards.ui.snapshot_list import draw_freezing, draw_snapshots

page = begin_page("Snapshots", heading="", needs_figures=False)
head(
    page,
    "Snapshots",
    "A snapshot keeps a quarter's scorecards as they stand, whatever arrives later.",
)
draw_freezing(page)
draw_snapshots(page)
