"""Values in, sentences out: plain words made from the figures alone, without markup."""

from scorecards.narrative.exception_words import exception_context, exception_sentence, exception_title
from scorecards.narrative.kpi_words import (
    chart_alt,
    chart_subtitle,
    chart_title,
    how_sure,
    line_sentence,
    supplied_by,
)
from scorecards.narrative.patterns import (
    drawn_limits,
    pattern_fact,
    points_down,
    range_name,
    real_change,
    usual_range,
)
from scorecards.narrative.return_words import missing_parts, return_words, returns_sentence
from scorecards.narrative.rows import change_on_year_words, change_words, england_words, measured_over, unit_words, when
from scorecards.narrative.standing import RATING_SYMBOL, good_is, rating_reason, rating_word, small_numbers, standing
from scorecards.narrative.statuses import (
    awaited_in_row,
    awaited_words,
    missing_in_line,
    missing_words,
    said_words,
    status_in_line,
    status_sentence,
)
from scorecards.narrative.summaries import front_summary, scorecard_summary, theme_summary
from scorecards.narrative.timeline import timeline, whole_value

__all__ = [
    "RATING_SYMBOL",
    "awaited_in_row",
    "awaited_words",
    "change_on_year_words",
    "change_words",
    "chart_alt",
    "chart_subtitle",
    "chart_title",
    "drawn_limits",
    "england_words",
    "exception_context",
    "exception_sentence",
    "exception_title",
    "front_summary",
    "good_is",
    "how_sure",
    "line_sentence",
    "measured_over",
    "missing_in_line",
    "missing_parts",
    "missing_words",
    "pattern_fact",
    "points_down",
    "range_name",
    "rating_reason",
    "rating_word",
    "real_change",
    "return_words",
    "returns_sentence",
    "said_words",
    "scorecard_summary",
    "small_numbers",
    "standing",
    "status_in_line",
    "status_sentence",
    "supplied_by",
    "theme_summary",
    "timeline",
    "unit_words",
    "usual_range",
    "when",
    "whole_value",
]
