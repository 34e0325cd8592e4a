"""Returns received: who has sent what for which quarter, what is late, what follows, and what to do about it."""

from data_loaders import return_template
from data_loaders.problems import seems_personal
from scorecards.ui import begin_page
from scorecards.ui.registers import draw_returns

page = begin_page("Returns received", heading="", needs_figures=False)
draw_returns(page, return_template, seems_personal)
