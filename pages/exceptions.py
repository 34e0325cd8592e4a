"""What needs the executive's attention, ranked: each with its figure, its reason and the way to its chart."""

from scorecards.ui import (
    begin_page,
    chosen_exceptions,
    exception_cards,
    exceptions_for,
    exceptions_subtitle,
    head,
    html,
    ranking_rule,
    return_cards,
    section,
)

page = begin_page("Exceptions", heading="", filters=("period", "area"))
found = exceptions_for(page)
head(page, "Exceptions for the executive", exceptions_subtitle(page, found))
items, resolved = chosen_exceptions(page, found)
section("Needs attention", ranking_rule())
html(exception_cards(page, items, "Nothing here needs attention."))

section("Returns missing, in part or late")
html(return_cards(page, found.returns, "Every return of this quarter is here."))

section("No longer an exception")
html(exception_cards(page, resolved, "Nothing was resolved since last quarter."))
