"""Submissions: every list that was stored, whether it still counts, where its original is, and taking one back."""

from data_loaders import plan_withdrawal, withdraw
from scorecards.ui import begin_page, head
from scorecards.ui.submissions import draw_submissions

page = begin_page("Submissions", heading="", needs_figures=False)
head(page, "Submissions", "Who sent what and when, whether it still counts, and how to take one back.")
draw_submissions(page, plan_withdrawal, withdraw)
