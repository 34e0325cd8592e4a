"""Load returns: partners' files are checked and shown first, then stored whole or not at all."""

from data_loaders import check_files, land, problems_csv, return_template
from scorecards.ui import begin_page, head, loading

page = begin_page("Load returns", heading="", needs_figures=False)
head(page, "Load returns", "Files are checked and shown first. Nothing is stored until you say so.")
loading.choose_files()
loading.check_files_in_hand(page, check_files)
loading.draw_outcome(page)
loading.draw_check(page, problems_csv)
loading.draw_decision(page, land)
loading.draw_templates(page, return_template)
