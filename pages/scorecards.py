"""Scorecards: all of them as cards, or one of them with every measure's figure, change, rating and three years."""

from scorecards.ui import begin_page, draw_index, draw_scorecard

page = begin_page("Scorecards", heading="", filters=("theme", "period", "area", "version"))
draw = draw_scorecard if page.has_theme else draw_index
draw(page)
