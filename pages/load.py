"""Load returns: partners' files are checked and shown first, then stored whole or not at all; published tables too."""

from data_loaders import check_files, covering_note, land, layouts, problems_csv, published, reply_to, return_template
from data_loaders.reading import read_file
from scorecards.ui import begin_page, head, loading, published_tables
from scorecards.ui.layout_questions import keeping_moved
from scorecards.ui.problem_list import Answers

page = begin_page("Load returns", heading="", needs_figures=False)
head(page, "Load returns", "Files are checked and shown first. Nothing is stored until you say so.")
loading.choose_files()
published_tables.sort_out(published)
published_tables.check_published(page, published)
loading.check_files_in_hand(page, check_files)
loading.draw_outcome(page)
published_tables.draw_stored(page)
loading.draw_check(page, Answers(problems_csv, reply_to, covering_note))
loading.draw_decision(page, keeping_moved(land, layouts, read_file, loading.accepted_files))
published_tables.draw_published(page, published)
loading.draw_templates(page, return_template)
