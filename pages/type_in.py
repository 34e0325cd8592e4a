"""Type in figures: what came in a letter, an e-mail, a PDF or by telephone, checked and stored as a file is."""

from data_loaders import check_files, covering_note, land, problems_csv, reply_to, typed
from scorecards.ui import begin_page, head, loading, typing_in
from scorecards.ui.problem_list import Answers

page = begin_page("Type in figures", heading="", needs_figures=False)
head(page, "Type in figures", "For figures that came in a letter, an e-mail, a PDF or by telephone.")
typing_in.draw_stored(page)
typing_in.draw_typing(page, typed)
loading.check_files_in_hand(page, check_files)
typing_in.draw_trouble(page)
loading.draw_check(page, Answers(problems_csv, reply_to, covering_note))
loading.draw_decision(page, land)
