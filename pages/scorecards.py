"""Scorecards."""

from scorecards.ui import begin_page

page = begin_page("Scorecards", filters=("theme", "period", "area"))
