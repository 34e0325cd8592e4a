"""How to read these figures: plain explanations with small examples."""

from scorecards.ui import begin_page, how_to_read, html

page = begin_page("How to read these figures", needs_figures=False)
html(how_to_read(page))
