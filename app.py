"""The front page: what the figures show, theme by theme, what really changed, and whose figures are awaited."""

from scorecards.narrative import front_summary, returns_sentence
from scorecards.ui import (
    begin_page,
    changes_for,
    changes_table,
    exceptions_for,
    head,
    html,
    returns_for,
    returns_table,
    say,
    scorecard_for,
    section,
    theme_tiles,
)

page = begin_page("Overview", heading="", filters=("period", "area"))
us = page.definitions.partnership
returns = returns_for(page)
head(page, f"Safeguarding in {us.short_name}: what the figures show", page.when)
say(front_summary(scorecard_for(page), exceptions_for(page), returns, page.definitions))
html(theme_tiles(page))

snapshot, changes = changes_for(page)
if snapshot:
    section(f"Real changes since the last snapshot ({snapshot.title})")
    html(changes_table(page, changes))

section("Returns", returns_sentence(returns, page.definitions), ("All returns received", page.link("pages/returns.py")))
html(returns_table(page, returns))
