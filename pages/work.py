"""This quarter's work: the analyst's steps for a quarter, what is done and what is left."""

from scorecards.ui import begin_page, head
from scorecards.ui.registers import draw_work

page = begin_page("This quarter's work", heading="", filters=("period",), needs_figures=False)
head(page, "This quarter's work", page.view.period.long_label)
draw_work(page)
