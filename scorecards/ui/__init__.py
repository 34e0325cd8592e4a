"""What pages draw with; the only room that knows Streamlit."""

from scorecards.ui.address import link
from scorecards.ui.card import draw_scorecard
from scorecards.ui.cards import (
    changes_table,
    chosen_exceptions,
    exception_cards,
    exceptions_subtitle,
    ranking_rule,
    return_cards,
    return_tag,
    returns_table,
    theme_tiles,
)
from scorecards.ui.councils import draw_other_councils
from scorecards.ui.data_sets import draw_data_set
from scorecards.ui.explaining import accessibility_statement, how_to_read
from scorecards.ui.funnels import draw_funnel, funnel_table
from scorecards.ui.index import draw_index
from scorecards.ui.journey import (
    chosen_journey,
    draw_followed,
    journey_localities,
    journey_stages,
    journey_steps,
    journey_trends,
)
from scorecards.ui.measure import (
    about,
    big_figure,
    draw_breakdown,
    draw_chart,
    figures_csv,
    figures_table,
    how_it_is_made,
    window_titles,
)
from scorecards.ui.page import Page, begin_page, head
from scorecards.ui.parts import choose, note, say, section, select
from scorecards.ui.readers import (
    all_returns,
    changes_for,
    exceptions_for,
    groups_for,
    line_for,
    returns_for,
    scorecard_for,
)
from scorecards.ui.rendering import html, render
from scorecards.ui.tables import Tag, rating_tag

__all__ = [
    "Page",
    "Tag",
    "about",
    "accessibility_statement",
    "all_returns",
    "begin_page",
    "big_figure",
    "changes_for",
    "changes_table",
    "choose",
    "chosen_exceptions",
    "chosen_journey",
    "draw_breakdown",
    "draw_chart",
    "draw_data_set",
    "draw_followed",
    "draw_funnel",
    "draw_index",
    "draw_other_councils",
    "draw_scorecard",
    "exception_cards",
    "exceptions_for",
    "exceptions_subtitle",
    "figures_csv",
    "figures_table",
    "funnel_table",
    "groups_for",
    "head",
    "how_it_is_made",
    "how_to_read",
    "html",
    "journey_localities",
    "journey_stages",
    "journey_steps",
    "journey_trends",
    "line_for",
    "link",
    "note",
    "ranking_rule",
    "rating_tag",
    "render",
    "return_cards",
    "return_tag",
    "returns_for",
    "returns_table",
    "say",
    "scorecard_for",
    "section",
    "select",
    "theme_tiles",
    "window_titles",
]
