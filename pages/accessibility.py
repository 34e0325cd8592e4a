"""The accessibility statement: who can use this product, what does not work yet, and what to do then."""

from scorecards.ui import accessibility_statement, begin_page, html

page = begin_page("Accessibility", needs_figures=False)
html(accessibility_statement(page))
