"""A theme's scorecard: every measure with its latest figure, change, rating and three years."""

from scorecards.narrative import scorecard_summary
from scorecards.ui import begin_page, draw_changed_since, head, html, note, say, scorecard_for, scorecard_table

page = begin_page("Scorecards", heading="", filters=("theme", "period", "area", "version"))
card = scorecard_for(page, page.theme)
head(page, page.theme.title, f"{page.when} {page.theme.about}")
say(scorecard_summary(card))
html(scorecard_table(page, card))
draw_changed_since(page, card)
note(
    "In the small charts the dashed line is the agreed target. Figures of 12 months are tested for real change on "
    "their own quarters. England is the newest published year that had ended. The title of a measure opens its chart."
)
