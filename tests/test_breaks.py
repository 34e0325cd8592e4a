"""Where a series begins to be recorded otherwise, no limit, trend or comparison crosses the day."""

import pytest

from scorecards import charts, narrative, rag, spc
from scorecards.definitions import SeriesBreak, read_definitions
from scorecards.exceptions import _can_be_compared, _reasons
from scorecards.exports.tables import FIGURES
from scorecards.exports.xlsx_charts import rules_of
from scorecards.places import NotJudged, _why_not
from scorecards.scorecard import View
from tests.lines import definitions, line, points, quarters, target
from tests.test_definitions import folder, problems_of, replace

CONFERENCE, AGAIN = "icpc_15wd_pct", "re_referral_pct"
LOW = [40.0, 41.5, 39.0, 40.5, 41.0, 39.5, 40.0, 41.0]
HIGH = [85.0, 84.0, 86.0, 85.5, 84.5, 85.0, 86.0, 84.5]
__all__ = ["folder"]


def broken(kpi_id, day, *targets):
    """Return definitions in which one KPI is recorded otherwise from a day on."""
    ours = definitions(*targets)
    one = SeriesBreak(
        **{"from": day, "title": "New recording system", "reason": "The start is now the day of the call."}
    )
    kpi = ours.kpis[kpi_id].model_copy(update={"breaks": (one,)})
    return ours.model_copy(update={"kpis": {**ours.kpis, kpi_id: kpi}})


def conference(values, quarters_since):
    day = quarters(quarters_since)[0].first
    return line(CONFERENCE, points(values), ours=broken(CONFERENCE, day, target(CONFERENCE, 82, 75)))


def test_a_jump_at_a_break_is_no_special_cause_and_without_the_break_it_is():
    with_break = conference([*LOW, *HIGH], 8)
    without = line(CONFERENCE, points([*LOW, *HIGH]), ours=definitions(target(CONFERENCE, 82, 75)))
    assert without.pattern.variation is spc.Variation.IMPROVEMENT
    assert with_break.pattern.variation is spc.Variation.COMMON_CAUSE
    assert with_break.pattern.limits.lower > 80
    assert (len(with_break.pattern.flags), set(with_break.pattern.flags)) == (16, {None})


def test_limits_and_trend_are_those_of_the_points_since_the_break_alone():
    with_break = conference([*LOW, *HIGH], 8)
    alone = line(CONFERENCE, points(HIGH), ours=definitions(target(CONFERENCE, 82, 75)))
    assert with_break.pattern.limits == alone.pattern.limits
    assert with_break.trend == alone.trend
    assert narrative.how_sure(with_break).endswith("it comes from 8 quarters since October 2023, and 13 are wanted.")


def test_too_few_points_since_a_break_are_too_few_however_many_lie_before_it():
    found = conference([*LOW, 85.0, 84.0, 86.0], 3)
    assert found.pattern.variation is spc.Variation.NOT_ENOUGH_DATA
    assert narrative.real_change(found)[1] == "Too early to say: 3 quarters since January 2025"
    assert narrative.change_words(found) == "+2.0 points"
    assert narrative.change_on_year_words(found) == (
        "with a year ago not compared: recorded otherwise since January 2025"
    )
    assert "Not compared with before January 2025" in narrative.line_sentence(found)


def test_the_first_period_after_a_break_is_compared_with_nothing_and_says_why():
    found = conference([*LOW, 85.0], 1)
    assert (found.change, found.change_on_year, found.is_worse_than_before) == (None, None, None)
    assert narrative.change_words(found) == "not compared: recorded otherwise since July 2025"
    assert narrative.change_on_year_words(found) == ""
    assert "Recorded otherwise from here on, so not compared with before" in narrative.line_sentence(found)


@pytest.mark.parametrize(("since", "is_judged"), [("2024-10-01", True), ("2025-01-01", False)])
def test_twelve_months_are_judged_only_where_all_of_them_were_recorded_alike(since, is_judged):
    quarterly, year = points([20.0] * 9), points([20.0] * 9, rolling=True)
    found = line(AGAIN, quarterly, year, ours=broken(AGAIN, since))
    assert (found.judgement.reason is rag.Unrated.RECORDED_OTHERWISE) is not is_judged
    assert found.change is None  # the 12 months to the quarter before span the break, or begin before it
    if not is_judged:
        assert narrative.rating_reason(found) == "recorded in two ways in this time"
        assert _reasons(found) == []


def test_a_break_that_is_still_to_come_says_nothing_of_an_earlier_quarter():
    values = points([*LOW, *HIGH])
    before = quarters(9)[0]
    ours = broken(CONFERENCE, quarters(8)[0].first, target(CONFERENCE, 82, 75))
    found = line(CONFERENCE, values, ours=ours, view=View(before))
    assert (found.newest_break, found.pattern.limits.points) == (None, 8)
    assert found.change is not None


def test_an_amber_that_fell_over_a_break_is_no_exception_and_none_is_resolved_by_it():
    found = conference([*HIGH, 78.0], 1)
    assert found.judgement.rating is rag.Rating.AMBER
    assert (_reasons(found), _can_be_compared(found)) == ([], False)


def test_a_line_is_missed_only_for_as_long_as_it_is_recorded_alike():
    assert narrative.standing(conference([60.0] * 8, 3)).endswith("for the third quarter running")


def test_the_chart_draws_an_upright_line_with_words_and_its_range_begins_there():
    drawn = charts.kpi_chart(conference([*LOW, *HIGH], 8), definitions())
    upright = [shape for shape in drawn.layout.shapes if shape.line.dash == "dashdot"]
    band = next(shape for shape in drawn.layout.shapes if shape.type == "rect")
    assert [shape.x0 for shape in upright] == [4.5]
    assert band.x0 == 4.5
    assert any("New recording system" in note.text for note in drawn.layout.annotations)
    assert "Recorded otherwise since October 2023" in drawn.layout.xaxis.title.text
    assert drawn.data[0].y[5] is None  # the line does not run over it


def test_the_small_picture_parts_at_the_break():
    assert charts.sparkline(conference([*LOW, *HIGH], 6)).count("<polyline") == 2
    assert "A line marks where it began to be recorded otherwise, April 2024" in narrative.chart_alt(
        conference([*LOW, *HIGH], 6)
    )


def test_the_table_and_the_file_of_figures_say_it_of_the_period():
    found = conference([*LOW, *HIGH], 6)
    said = [narrative.status_sentence(point, found.kpi) for point in found.points]
    assert [bool(words) for words in said] == [False] * 10 + [True] + [False] * 5
    assert FIGURES.fields[-1].name == "break"


def test_the_workbook_draws_what_was_recorded_before_as_a_line_of_its_own():
    *_, limit, before = rules_of(conference([*LOW, *HIGH], 8))
    first, last = quarters(9)[0], quarters(8)[0]
    assert before.words == "Recorded otherwise before October 2023, not to be compared"
    assert (before.at(first), before.at(last)) == (41.0, None)
    assert (limit.at(first), limit.at(last)) == (None, limit.level)


def test_localities_are_not_judged_over_a_time_that_was_recorded_in_two_ways():
    kpi = broken(AGAIN, "2025-01-01").kpis[AGAIN]
    year = points([20.0], rolling=True)[0]
    ours = definitions()
    assert _why_not(ours, kpi, year.period, {"east": year}, year) is NotJudged.RECORDED_OTHERWISE


def test_a_break_of_our_own_stands_on_its_measure_and_once_only(folder):
    own = "  - {kpi: re_referrals, from: 2024-04-01, title: New system, reason: We moved to another system.}"
    replace(folder, "partnership.yaml", "targets: []\n", f"targets: []\nbreaks:\n{own}\n")
    (found,) = read_definitions(folder).kpis["re_referrals"].breaks
    assert (found.title, type(found)) == ("New system", SeriesBreak)
    theirs = "    breaks: [{from: 2024-04-01, title: New form, reason: The form asks otherwise.}]\n    owner"
    replace(folder, "kpi_definitions.yaml", "    owner", theirs)
    assert problems_of(folder) == [
        "partnership.yaml:21: 're_referrals' has a break of 2024-04-01 in its own definition already."
    ]
