"""Load returns: partners' files are checked and shown first, then stored whole or not at all."""

from data_loaders import check_files, covering_note, land, layouts, problems_csv, reply_to, return_template
from data_loaders.reading import read_file
from scorecards.ui import begin_page, head, loading
from scorecards.ui.layout_questions import keeping_moved
from scorecards.ui.problem_list import Answers

page = begin_page("Load returns", heading="", needs_figures=False)
head(page, "Load returns", "Files are checked and shown first. Nothing is stored until you say so.")
loading.choose_files()
loading.check_files_in_hand(page, check_files)
loading.draw_outcome(page)
loading.draw_check(page, Answers(problems_csv, reply_to, covering_note))
loading.draw_decision(page, keeping_moved(land, layouts, read_file, loading.accepted_files))
loading.draw_templates(page, return_template)
