"""Data dictionary: every measure and list in words, as the definitions have them."""

from scorecards.ui import begin_page
from scorecards.ui.registers import draw_dictionary

page = begin_page("Data dictionary", needs_figures=False)
draw_dictionary(page)
