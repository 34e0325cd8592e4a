"""Returns received: who has sent what for which quarter, what is late, and what has no figure because of it."""

from scorecards.ui import begin_page
from scorecards.ui.registers import draw_returns

page = begin_page("Returns received", heading="", needs_figures=False)
draw_returns(page)
