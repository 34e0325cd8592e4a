"""Localities and hot spots: which places differ by more than chance, in any measure and in the one chosen."""

from scorecards.ui import begin_page, head
from scorecards.ui.affected import draw_who_is_affected
from scorecards.ui.places import draw_places

page = begin_page("Localities and hot spots", heading="", filters=("period", "area"))
head(
    page,
    "Localities and hot spots",
    f"{page.view.period.long_label}. Every measure that is kept by locality, over 12 months where it has them.",
)
draw_places(page)
draw_who_is_affected(page)
