"""Teach a layout: a sender's own workbook shown once, coloured and worded, and read by itself from then on."""

from data_loaders import layouts
from data_loaders.reading import read_file
from scorecards.ui import begin_page, head
from scorecards.ui.layout_list import draw_layouts
from scorecards.ui.teaching import draw_teaching

page = begin_page("Teach a layout", heading="", needs_figures=False)
head(page, "Teach a layout", "Show once how a sender's own workbook is read. From then on it loads by itself.")
draw_teaching(page, layouts, read_file)
draw_layouts(page, layouts)
