"""Data sets: measures set out section by section for one question, such as what becomes of contacts to the MASH."""

from scorecards.ui import begin_page, draw_data_set

page = begin_page("Data sets", heading="", filters=("set", "period", "area", "version"))
draw_data_set(page)
