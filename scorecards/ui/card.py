"""One scorecard's page: what it shows in a few sentences, its table, and what is different since it was frozen."""

from scorecards.narrative import scorecard_summary
from scorecards.ui.changed import draw_changed_since
from scorecards.ui.page import Page, head
from scorecards.ui.parts import note, say
from scorecards.ui.readers import scorecard_for
from scorecards.ui.rendering import html
from scorecards.ui.tables import scorecard_table


def draw_scorecard(page: Page) -> None:
    """Draw the scorecard that the address names."""
    theme, card = page.theme, scorecard_for(page, page.theme)
    head(page, theme.title, f"{page.when} {theme.about}", crumbs=page.crumbs[:1])
    say(scorecard_summary(card))
    html(scorecard_table(page, card))
    draw_changed_since(page, card)
    note(
        "In the small charts the dashed line is the agreed target. Figures of 12 months are tested for real change on "
        "their own quarters. England is the newest published year that had ended. The title of a measure opens its "
        "chart."
    )
