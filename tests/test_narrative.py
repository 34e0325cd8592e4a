"""Sentences made from figures: what a councillor reads beside a number."""

import datetime
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards import narrative
from scorecards.definitions import Thresholds
from scorecards.exceptions import ExceptionItem, Exceptions, LocalityFinding, Reason, State
from scorecards.narrative.timeline import following, timeline
from scorecards.narrative.words import ordinal, spelled, step, steps
from scorecards.periods import financial_year, half_year, month, quarter, rolling_year, single_day, term
from scorecards.periods.made import academic_year
from scorecards.rag import Rating
from scorecards.returns import Return, ReturnState
from scorecards.series import FedBy, Note, Point, Status
from tests.lines import (
    FALLEN,
    Q2,
    STEADY,
    VIEW,
    band,
    count,
    definitions,
    line,
    points,
    quarters,
    scorecard,
    share,
    supplied,
    target,
    terms,
)

CONFERENCE, LONG, AGAIN = "icpc_15wd_pct", "cpp_18m_plus_pct", "re_referral_pct"
AGREED = definitions(target(CONFERENCE, 82, 75), target(LONG, 5, 9))
OURS = definitions()
R12 = rolling_year(Q2)
ROLLING = [22.0, 22.1, 22.0, 22.3, 22.5, 22.4, 22.8, 22.5, 22.0, 22.6, 22.9, 23.5, 27.4]
ALONE = [22.0, 23.0, 22.0, 24.0, 22.0, 23.0, 22.0, 23.0, 24.0, 22.0, 23.0, 24.0, 31.0]
USUAL = [71.0, 72.0, 70.0, 71.0, 72.0, 70.0, 71.0, 73.0, 69.0, 71.0, 72.0, 70.0, 71.0]
LOW = [5.0, 5.2, 4.8, 5.1, 4.9, 5.2, 5.0, 4.9, 5.1, 5.0, 4.8, 5.0, 5.0]


def conference(values, **more):
    return line(CONFERENCE, points(values, **more), ours=AGREED)


def re_referrals():
    return line(AGAIN, points(ALONE, n=1700), points(ROLLING, rolling=True, n=6760))


def contacts(values):
    return line("mash_contacts", points(values, make=count))


def of_status(status, note=Note.NONE, value=None, **more):
    return Point(Q2, value, status=status, note=note, **more)


def conference_ending(point):
    return line(CONFERENCE, (*points(USUAL[:-1], last=quarter(2025, 1)), point), ours=AGREED)


# Where a figure stands


def test_a_fall_below_the_usual_range_is_said_with_target_and_n():
    assert narrative.line_sentence(conference([*[83.0, 85.0] * 6, 71.3], n=174)) == (
        "Conference within 15 working days stood at 71.3% (124 of 174) in Q2 2025/26, below the agreed target of 82%, "
        "and below the usual range of 77.7% to 88.3%."
    )


def test_a_rolling_figure_is_judged_and_its_own_quarters_say_whether_it_changed():
    assert narrative.line_sentence(re_referrals()) == (
        "Re-referrals within 12 months stood at 27.4% (1,852 of 6,760) in the last 12 months, above the 23% limit "
        "(where the worst quarter of councils begins) for the second quarter running; the change is larger than this "
        "measure's usual ups and downs: the latest quarter alone, 31.0%, is above the usual range of 20.1% to 26.8%. "
        "As things run now it will keep missing the line for green: its whole usual range is above 20%."
    )


def test_a_red_that_is_noise_is_said_in_words():
    said = narrative.line_sentence(conference(USUAL))
    assert "for the 13th" not in said and "as in each of the last 13 quarters" in said
    assert "it is red, but within its usual ups and downs: nothing shows that it got worse." in said


def test_a_green_that_slips_is_said_in_words():
    slipping = conference([90.0, 90.5, 91.0, 90.0, 90.5, 91.0, 90.0, 90.5, 91.0, 90.0, 90.5, 91.0, 84.0])
    assert slipping.judgement.rating is Rating.GREEN
    assert "meeting the agreed target of 82% or more, and below the usual range" in narrative.line_sentence(slipping)
    assert narrative.line_sentence(slipping).endswith("Green, but slipping.")


def test_a_red_that_mends_is_said_in_words():
    mending = conference([60.0, 61.0, 60.5, 60.0, 61.0, 60.5, 60.0, 61.0, 60.5, 60.0, 61.0, 60.5, 70.0])
    assert "Still red, but getting better." in narrative.line_sentence(mending)


def test_a_missing_figure_says_why_and_nothing_else():
    assert narrative.line_sentence(conference([*USUAL, None])) == (
        "Conference within 15 working days: no figure sent. "
        "No figure for Q2 2025/26: what it is made from has not been sent."
    )


@pytest.mark.parametrize(
    ("kpi", "make", "words"),
    [
        ("cpp_rate_10k", lambda: points([41.0, 42.1], make=rate), "stood at 42.1 (548 children) at 30 September 2025;"),
        ("perm_exclusions", lambda: terms([5, 6]), "stood at 6 in the summer term 2024/25;"),
        ("mash_contacts", lambda: points([600, 612], make=count), "stood at 612 in Q2 2025/26;"),
    ],
)
def test_a_sentence_says_when_a_figure_was_measured(kpi, make, words):
    assert words in narrative.line_sentence(line(kpi, make()))


def rate(period, value):
    return Point(period, value, 548, 130_000, status=Status.FINAL)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([19.0], "in the better half of councils (20% or less)"),
        ([22.0], "above the middle council's 20%"),
        ([19.0, 22.0, 21.0], "above the middle council's 20% for the second quarter running"),
        ([27.0], "above the 23% limit (where the worst quarter of councils begins)"),
        ([22.0, 27.0], "above the 23% limit (where the worst quarter of councils begins)"),
    ],
)
def test_where_no_target_is_agreed_a_figure_stands_among_councils(values, words):
    assert narrative.standing(line(AGAIN, (), points(values, rolling=True))) == words


SUGGESTED = "above the suggested level of 20% (not yet agreed)"


@pytest.mark.parametrize(
    ("basis", "source", "green", "amber"),
    [
        ("local", "A guess", "meeting the suggested level of 20% or less (not yet agreed)", SUGGESTED),
        ("national", "Guidance", "meeting the national level of 20% or less", "above the national level of 20%"),
        ("statutory", "Law", "meeting the statutory level of 20% or less", "above the statutory level of 20%"),
        ("councils", "Us", "at the level of other councils (20% or less)", "above the level of other councils, 20%"),
    ],
)  # fmt: skip
def test_every_kind_of_line_is_called_what_it_is(basis, source, green, amber):
    ours = definitions(re_referral_pct=Thresholds(green=20, amber=25, basis=basis, source=source))
    assert narrative.standing(line(AGAIN, (), points([18.0], rolling=True), ours=ours)) == green
    assert narrative.standing(line(AGAIN, (), points([21.0], rolling=True), ours=ours)) == amber


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (20.0, "within the agreed band of 15% to 24.3%"),
        (25.9, "above the agreed band of 15% to 24.3%"),
        (9.0, "below the agreed band of 15% to 24.3%"),
    ],
)
def test_a_band_is_missed_on_one_of_its_sides(value, words):
    ours = definitions(band("cpp_second_subsequent_pct", 15, 24.3, 10, 28))
    assert narrative.standing(line("cpp_second_subsequent_pct", (), points([value], rolling=True), ours=ours)) == words


def test_a_band_that_nobody_agreed_says_so():
    drawn = line("cpp_second_subsequent_pct", (), points([20.0], rolling=True))
    assert narrative.standing(drawn) == "within the suggested band of 15% to 24.3% (not yet agreed)"


def test_quarters_of_missing_a_target_are_counted_back_to_a_gap():
    assert "for the third quarter running" in narrative.standing(conference([70.0, None, 70.0, 70.0, 70.0]))


def test_a_figure_on_the_very_line_ends_the_count():
    assert narrative.standing(conference([82.0, 70.0])) == "below the agreed target of 82%"


def test_a_figure_without_a_rating_stands_nowhere():
    assert narrative.standing(contacts([600, 610])) == ""


# Ratings


def test_a_rating_has_a_word_and_a_reason():
    drawn = conference(USUAL)
    assert (narrative.rating_word(drawn), narrative.rating_reason(drawn)) == ("Red", "agreed target 82% or more")
    assert narrative.RATING_SYMBOL[drawn.judgement.rating] == "■"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (19.0, "better half of councils: 20% or less"),
        (22.0, "worse than the middle council: 20%"),
        (27.0, "worst quarter of councils: above 23%"),
    ],
)
def test_the_reason_names_the_councils_that_a_figure_stands_among(value, reason):
    assert narrative.rating_reason(line(AGAIN, (), points([value], rolling=True))) == reason


def test_small_numbers_are_said_beside_the_rating():
    drawn = conference([90.0], n=20)
    assert narrative.rating_reason(drawn) == "agreed target 82% or more; small numbers: 20"
    assert narrative.small_numbers(drawn) == "Small numbers: one case more or less moves it by 5.0 points."


@pytest.mark.parametrize(
    ("drawn", "reason"),
    [
        (contacts([600]), "no target: activity"),
        (line("missing_care_episodes", points([9], make=count)), "no target agreed"),
        (conference([80.0], n=7), "too few to rate: 7"),
        (conference([None]), "no figure sent"),
        (conference_ending(of_status(Status.HISTORY_INCOMPLETE)), "history too short"),
        (conference_ending(of_status(Status.TOO_RECENT)), "too recent"),
        (conference_ending(of_status(Status.WITHHELD)), "withheld by the sender"),
        (conference_ending(of_status(Status.NOT_SUPPLIED)), "sent without what it needs"),
        (conference_ending(of_status(Status.NOT_APPLICABLE)), "no cases"),
        (conference_ending(of_status(Status.NOT_APPLICABLE, Note.SENDERS_DISAGREE)), "senders disagree"),
        (conference_ending(of_status(Status.NOT_SUPPLIED, Note.NO_POPULATION)), "no population held"),
        (conference_ending(of_status(Status.PROVISIONAL, Note.PART_COVERED, 70.0)), "part of the period only"),
        (conference_ending(of_status(Status.PROVISIONAL, Note.TOO_RECENT_LEFT_OUT, 70.0)), "too recent"),
    ],
)  # fmt: skip
def test_each_kind_of_missing_rating_is_told_apart(drawn, reason):
    assert (narrative.rating_word(drawn), narrative.rating_reason(drawn)) == ("Not rated", reason)


def test_an_average_of_the_months_is_neither_compared_nor_tested():
    average = Point(Q2, 27.3, status=Status.FINAL, note=Note.MONTHLY_AVERAGE, fed_by=FedBy.AGGREGATE)
    drawn = line("missing_care_episodes", (*points([80, 90, 85], last=quarter(2025, 1), make=count), average))
    assert (drawn.change, narrative.change_words(drawn)) == (None, "an average of the months")
    assert narrative.change_on_year_words(drawn) == ""


NONE = "No figure for Q2 2025/26"
SENTENCES = {
    of_status(Status.NOT_SUBMITTED): f"{NONE}: what it is made from has not been sent.",
    of_status(Status.NOT_SUPPLIED): f"{NONE}: what was sent lacks what this measure needs.",
    of_status(Status.NOT_SUPPLIED, Note.NO_POPULATION): f"{NONE}: the number of children living here is not held.",
    of_status(Status.NOT_SUPPLIED, Note.NOT_BY_LOCALITY): (
        "No figure here: this measure is of the whole partnership and not counted by locality."
    ),
    of_status(Status.NOT_SUPPLIED, Note.CANNOT_BE_ADDED): f"{NONE}: the parts that were sent cannot be added up.",
    of_status(Status.NOT_APPLICABLE, Note.SENDERS_DISAGREE): f"{NONE}: two senders gave figures for the same thing.",
    of_status(Status.NOT_SUBMITTED, Note.SENDER_MISSING): (
        f"{NONE} yet: one of those who each send a part of it has not sent theirs."
    ),
    of_status(Status.HISTORY_INCOMPLETE): (
        f"{NONE}: the records of the time before are not held, so a repeat could not be seen."
    ),
    of_status(Status.TOO_RECENT): f"{NONE} yet: too little time has passed to know the outcome.",
    of_status(Status.NOT_APPLICABLE): "No cases: there were no children to measure in Q2 2025/26.",
    of_status(Status.WITHHELD): "Withheld: for Q2 2025/26 the sender gave a symbol instead of a number.",
    of_status(Status.FINAL): f"{NONE}.",
    of_status(Status.PROVISIONAL, value=70.0): "Provisional: this figure may still change.",
    of_status(Status.PROVISIONAL, Note.PART_COVERED, 70.0): (
        "Part of the period only: what was sent does not cover all of it, so do not compare it with whole periods."
    ),
    of_status(Status.PROVISIONAL, Note.ROWS_REFUSED, 70.0): (
        "Provisional: some rows that were sent could not be read and are not in it."
    ),
    of_status(Status.PROVISIONAL, Note.TOO_RECENT_LEFT_OUT, 70.0, excluded=12): (
        "Provisional: 12 children are too recent for the outcome to be known, and left out."
    ),
    of_status(Status.PROVISIONAL, Note.TOO_RECENT_LEFT_OUT, 70.0, excluded=1): (
        "Provisional: one case is too recent for the outcome to be known, and left out."
    ),
    of_status(Status.FINAL, Note.REPORTED_COUNTER, 70.0): (
        "Made from the sender's own count of earlier events, because the earlier records themselves are not held."
    ),
    of_status(Status.FINAL, Note.OLDER_POPULATION, 70.0): (
        "Divided by an older estimate of the number of children, the newest that is held."
    ),
    of_status(Status.FINAL, Note.REVISED_POPULATION, 70.0): (
        "Divided by a revised estimate of the number of children, so earlier papers may differ."
    ),
    of_status(Status.NOT_SUPPLIED, Note.NOT_AVAILABLE): f"{NONE}: the sender says that it is not available.",
    of_status(Status.NOT_SUPPLIED, Note.EARLIER_MISSING): (
        f"{NONE}: it was sent for the year to date, and what it was when the period began is not held."
    ),
    of_status(Status.NOT_SUPPLIED, Note.TO_DATE_FALLS): (
        f"{NONE}: the year to date cannot follow from what it was when the period began, so one of the two is wrong."
    ),
    of_status(Status.NOT_SUPPLIED, Note.TO_DATE_ONLY): (
        f"{NONE}: it was sent for the year to date, and this measure cannot be taken apart."
    ),
    of_status(Status.FINAL, Note.MONTHLY_AVERAGE, 7.3): (
        "Sent as an average of the months, not as a figure of the whole period, so it is not compared with others."
    ),
    of_status(Status.FINAL, value=70.0, fed_by=FedBy.AGGREGATE): (
        "Sent as a percentage without the numbers behind it: how many cases it rests on is not known, so neither the "
        "range of chance nor a low base can be shown."
    ),
    of_status(Status.FINAL, value=70.0, denominator=10, fed_by=FedBy.AGGREGATE): "",
    of_status(Status.FINAL, value=70.0): "",
}


@pytest.mark.parametrize(("point", "sentence"), SENTENCES.items())
def test_each_status_has_its_own_sentence(point, sentence):
    assert narrative.status_sentence(point, OURS.kpis[CONFERENCE]) == sentence


@pytest.mark.parametrize(
    ("kpi", "words"),
    [
        (CONFERENCE, "Good is high"),
        (LONG, "Good is low"),
        ("cpp_second_subsequent_pct", "Good is neither very low nor very high"),
        ("referrals", "Good is neither"),
    ],
)
def test_which_way_is_good_is_said(kpi, words):
    assert narrative.good_is(OURS.kpis[kpi]) == words


# Real changes


@pytest.mark.parametrize(
    ("drawn", "kind", "words"),
    [
        (conference(USUAL), "none", "No: usual ups and downs"),
        (conference(FALLEN), "worse", "Yes: getting worse"),
        (conference([*USUAL[:-1], 85.0]), "better", "Yes: getting better"),
        (contacts([*[600, 610] * 6, 900]), "higher", "Yes: higher than usual"),
        (contacts([*[600, 610] * 6, 300]), "lower", "Yes: lower than usual"),
        (contacts([600, 601, 590, 600, 595, 600, 585, 590, 594, 596, 601, 604, 606]), "higher", "Yes: rising steadily"),
        (contacts([600, 601, 610, 600, 605, 600, 615, 610, 606, 604, 599, 596, 594]), "lower", "Yes: falling steadily"),
        (contacts([600, 601, 590, 600, 595]), "unknown", "Too early to say: 5 quarters"),
        (contacts([600]), "unknown", "Too early to say: 1 quarter"),
        (contacts([600, None] * 6 + [600]), "unknown", "Too early to say: 7 quarters, with gaps"),
        (contacts([600, 610] * 6 + [None]), "unknown", "No figure to test this quarter"),
        (contacts([None]), "unknown", "No figures to test"),
        (line("referrals"), "unknown", "No figures to test"),
        (
            conference_ending(of_status(Status.PROVISIONAL, Note.PART_COVERED, 70.0)),
            "unknown",
            "Not tested: part of the period",
        ),
        (
            conference_ending(of_status(Status.PROVISIONAL, Note.TOO_RECENT_LEFT_OUT, 70.0)),
            "unknown",
            "Not tested: too recent",
        ),
    ],
)
def test_whether_a_change_is_real_is_said_by_the_latest_point_alone(drawn, kind, words):
    assert narrative.real_change(drawn) == (kind, words)


RISING = [5.0, 6.0, 4.5, 6.0, 4.5, 6.0, 4.9, 5.0, 5.1, 5.2, 5.3, 5.4, 5.5]
SHIFTED = [5.0, 6.0, 5.0, 6.0, 5.0, 6.0, 6.6, 6.5, 6.6, 6.5, 6.6, 6.5, 6.6]
NEAR = [*[5.0, 5.3] * 7, 5.9, 5.7, 5.9]


@pytest.mark.parametrize(
    ("values", "fact", "title"),
    [
        (RISING, "risen six quarters in a row", "Getting worse: risen six quarters in a row"),
        (
            SHIFTED,
            "above its average for seven quarters in a row",
            "Getting worse: above its average for seven quarters in a row",
        ),
        (
            NEAR,
            "near the top of the usual range in two of the last three quarters",
            "Getting worse: near the top of its usual range",
        ),
    ],
)
def test_each_rule_has_its_words(values, fact, title):
    drawn = line(LONG, points(values, n=548), ours=AGREED)
    assert (narrative.pattern_fact(drawn), narrative.chart_title(drawn)) == (fact, title)
    verb = "was" if "near" in fact else "has been" if "average" in fact else "has"
    assert f"; it {verb} {fact}, which is more than usual ups and downs." in narrative.line_sentence(drawn)


def test_the_rules_of_a_rolling_figure_speak_of_its_quarters():
    drawn = line(AGAIN, points([20 + value for value in RISING]), points(ROLLING, rolling=True))
    assert "; the figure of each quarter has risen six quarters in a row" in narrative.line_sentence(drawn)


def test_falls_have_their_words_too():
    falling = contacts([600, 601, 610, 600, 605, 600, 615, 610, 606, 604, 599, 596, 594])
    near_bottom = contacts([750 - 100 * value for value in NEAR])
    assert narrative.pattern_fact(falling) == "fallen six quarters in a row"
    assert "near the bottom" in narrative.pattern_fact(near_bottom)
    assert narrative.points_down(falling) and not narrative.points_down(contacts([600]))


def test_nothing_special_has_no_fact():
    assert narrative.pattern_fact(conference(USUAL)) == ""


def test_a_part_of_a_quarter_is_not_said_to_have_changed():
    drawn = conference_ending(share(Q2, 60.0, status=Status.PROVISIONAL, note=Note.PART_COVERED))
    assert "whether it really changed cannot be said without a whole figure for the latest quarter" in (
        narrative.line_sentence(drawn)
    )
    assert narrative.chart_title(drawn) == "No whole figure for Q2 2025/26"
    assert narrative.change_words(drawn) == "part of the period only"


def test_few_points_are_too_early_to_say():
    assert "; it is too early to say whether it really changed (2 quarters)." in (
        narrative.line_sentence(conference([80.0, 81.0]))
    )


def test_fewer_than_thirteen_points_give_a_provisional_range():
    drawn = conference([70.0, 71.0, 70.0, 71.0, 70.0, 71.0, 70.0, 71.0, 60.0])
    assert narrative.range_name(drawn) == "provisional usual range"
    assert "below the provisional usual range" in narrative.line_sentence(drawn)
    assert "The usual range is provisional: it comes from 9 quarters, and 13 are wanted." in narrative.how_sure(drawn)


# The row of a scorecard


@pytest.mark.parametrize(
    ("kpi", "make", "words"),
    [
        ("mash_contacts", lambda: points([6], make=count), "Contacts in the quarter"),
        (LONG, lambda: points([5.0]), "Of child protection plans open at 30 September"),
        ("cpp_stock", lambda: points([6], make=count), "Children at 30 September"),
        ("icpc_to_cpp_pct", lambda: points([5.0]), "Of children in the quarter"),
        ("cpp_rate_10k", lambda: points([42.0], make=rate), "For every 10,000 children, at 30 September"),
        ("cpp_duration_days_median", lambda: points([42.0], make=rate), "Middle value of plans in the quarter"),
        ("perm_exclusions", lambda: terms([5]), "Exclusions in the term"),
    ],
)
def test_a_row_says_over_what_it_is_measured(kpi, make, words):
    assert narrative.measured_over(line(kpi, make())) == words


def test_rolling_rows_say_last_12_months():
    assert narrative.measured_over(re_referrals()) == "Of referrals in the last 12 months"
    assert narrative.measured_over(line("referral_rate_10k")) == "For every 10,000 children, in the last 12 months"


def test_a_quarterly_rate_is_called_yearly():
    rate_by_quarter = OURS.kpis["referral_rate_10k"].model_copy(
        update={"windows": OURS.kpis["cpp_rate_10k"].windows.model_copy(update={"judged": "quarter"})}
    )
    ours = OURS.model_copy(update={"kpis": {"referral_rate_10k": rate_by_quarter}})
    assert narrative.measured_over(line("referral_rate_10k", ours=ours)) == (
        "For every 10,000 children, as a yearly rate, in the quarter"
    )


def test_a_change_is_in_points_and_beside_a_year_ago():
    drawn = conference([80.0, 81.0, 82.0, 83.0, 80.8])
    assert narrative.change_words(drawn) == "-2.2 points"
    assert narrative.change_on_year_words(drawn) == "+0.8 points on a year ago"


def test_without_an_earlier_figure_there_is_no_change_to_tell():
    drawn = conference([80.0])
    assert narrative.change_words(drawn) == "no figure a quarter ago"
    assert narrative.change_on_year_words(drawn) == "no figure a year ago"


def test_without_a_figure_there_is_no_change():
    drawn = conference([80.0, None])
    assert (narrative.change_words(drawn), narrative.change_on_year_words(drawn)) == ("", "")


def test_england_has_its_year_or_is_not_published():
    assert narrative.england_words(conference(USUAL)) == "81.4% (2024/25)"
    assert narrative.england_words(contacts([600])) == "not published"


# The page of a measure


@pytest.mark.parametrize(
    ("drawn", "title"),
    [
        (conference(FALLEN), "Getting worse: below its usual range this quarter"),
        (conference(STEADY), "Slow fall over 12 quarters, within usual ups and downs"),
        (conference(USUAL), "Usual ups and downs, no real change"),
        (contacts([600, 610]), "Too few quarters to say what is usual"),
        (contacts([600, 610] * 6 + [None]), "No figure for Q2 2025/26"),
        (contacts([*[600, 610] * 6, 900]), "Above its usual range this quarter"),
    ],
)
def test_a_chart_title_states_what_there_is_to_see(drawn, title):
    assert narrative.chart_title(drawn) == title


def test_a_chart_subtitle_says_measure_time_and_place():
    assert narrative.chart_subtitle(conference(USUAL), AGREED) == "Percentage of children by quarter, Wexmoor"
    assert narrative.chart_subtitle(re_referrals(), OURS) == (
        "Percentage of referrals, 12 months to each quarter, Wexmoor. "
        "The thin line is each quarter alone, and the usual range is of that line."
    )
    east = line(CONFERENCE, (), points([80.0], rolling=True), area="east")
    assert "East locality" in narrative.chart_subtitle(east, OURS)


@pytest.mark.parametrize(
    ("kpi", "words"),
    [
        ("mash_contacts", "Number of contacts"),
        ("cpp_rate_10k", "Rate for every 10,000 children"),
        ("cpp_duration_days_median", "Days, middle value of plans,"),
    ],
)
def test_the_unit_of_a_chart_is_said(kpi, words):
    assert narrative.unit_words(OURS.kpis[kpi]) == words


def test_working_days_are_not_called_days():
    kpi = OURS.kpis["cpp_duration_days_median"].model_copy(update={"unit": "working_days"})
    assert narrative.unit_words(kpi) == "Working days, middle value of plans,"


def test_the_alternative_text_is_the_takeaway():
    assert narrative.chart_alt(conference([*[83.0, 85.0] * 6, 71.3], n=174)) == (
        "Line chart of Conference within 15 working days, Q2 22/23 to Q2 25/26. "
        "Getting worse: below its usual range this quarter. Latest: 71.3% (124 of 174) in Q2 2025/26, rated red. "
        "Agreed target 82% or more. Usual range: 77.7% to 88.3%. England 81.4% (2024/25)."
    )


def test_the_alternative_text_of_nothing_says_so():
    assert narrative.chart_alt(line("referrals")) == (
        "Line chart of Referrals to children's social care. Too few quarters to say what is usual. "
        "No figure for Q2 2025/26: what it is made from has not been sent."
    )


def test_the_alternative_text_of_12_months_says_whose_range_it_is():
    assert "Usual range of one quarter: 20.1% to 26.8%." in narrative.chart_alt(re_referrals())


def test_how_sure_we_are_says_chance_and_what_the_range_rests_on():
    assert narrative.how_sure(conference([*USUAL[:-1], 71.3], n=174)) == (
        "With 174 children, chance alone could put this anywhere from about 64.1% to 77.5%. "
        "The usual range comes from 13 quarters."
    )


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (contacts([None]), "There are no figures yet to say what is usual."),
        (contacts([600]), "There is 1 quarter with a figure, too few to say what is usual."),
        (contacts([600, 610]), "There are 2 quarters with a figure, too few to say what is usual."),
        (re_referrals(), "It is of each quarter alone, because 12-month figures overlap."),
    ],
)
def test_how_sure_we_are_admits_what_is_not_known(drawn, words):
    assert words in narrative.how_sure(drawn)


@pytest.mark.parametrize(
    ("kpi", "key", "words"),
    [
        (CONFERENCE, "icpc", "Initial child protection conferences (Annex A list 5)"),
        ("strategy_discussions", "strategy_discussions", "Strategy discussions"),
        ("ed_self_harm", "kpi:ed_self_harm", "their own figures"),
    ],
)  # fmt: skip
def test_who_supplied_a_figure_is_named(kpi, key, words):
    said = narrative.supplied_by(line(kpi, supplied={key: supplied()}), OURS)
    assert said == f"Children's social care, {words}, 9 October 2025"


def test_nobody_yet_and_agencies_that_left_are_named_as_they_are():
    assert narrative.supplied_by(line("referrals"), OURS) == "Nobody yet"
    gone = line("ed_self_harm", supplied={"kpi:ed_self_harm": supplied("old_trust")})
    assert narrative.supplied_by(gone, OURS) == "old_trust, their own figures, 9 October 2025"


# Exceptions


def item(drawn, reason, state=State.NEW, running=1, locality=None):
    return ExceptionItem(drawn, reason, state, running, locality)


def in_locality(name="east", direction="above"):
    return LocalityFinding(name, share(R12, 31.0, 800), share(R12, 22.4, 6760), (), direction)


def test_an_exception_names_measure_context_and_meaning():
    found = item(conference([*[83.0, 85.0] * 6, 71.3], n=174), Reason.RED_AND_CHANGED)
    assert narrative.exception_title(found, AGREED) == "Conference within 15 working days"
    assert narrative.exception_context(found, AGREED) == "Child protection · new this quarter · a real change"
    assert narrative.exception_sentence(found, AGREED) == (
        "71.3% (124 of 174) in Q2 2025/26, below the agreed target of 82%, and below the usual range of 77.7% to 88.3%."
    )


@pytest.mark.parametrize(
    ("drawn", "reason", "why"),
    [
        (conference(FALLEN), Reason.CHANGED, "a real change"),
        (conference([*[70.0, 71.0] * 4, 60.0]), Reason.CHANGED, "a real change on a provisional usual range"),
        (conference(USUAL), Reason.RED, "usual ups and downs"),
        (conference([70.0]), Reason.RED, "too early to say whether it changed"),
        (conference([*[60.0, 61.0] * 6, 70.0]), Reason.RED, "a real change for the better"),
        (conference(USUAL), Reason.CONSISTENTLY_FAILING, "will keep missing its target as things run"),
        (re_referrals(), Reason.CONSISTENTLY_FAILING, "will not be green as things run"),
        (conference(STEADY), Reason.AMBER_GETTING_WORSE, "amber, and worse than last quarter and a year ago"),
    ],
)
def test_an_exception_says_why_it_is_one(drawn, reason, why):
    assert narrative.exception_context(item(drawn, reason), AGREED).split(" · ")[2] == why


@pytest.mark.parametrize(
    ("state", "running", "since"),
    [
        (State.NEW, 1, "new this quarter"),
        (State.CONTINUING, 3, "third quarter running"),
        (State.CONTINUING, 9, "for nine quarters or more"),
        (State.RESOLVED, 0, "resolved since last quarter"),
    ],
)
def test_an_exception_says_since_when(state, running, since):
    found = item(conference(USUAL), Reason.RED, state, running)
    assert narrative.exception_context(found, AGREED).split(" · ")[1] == since


def test_an_exception_of_a_theme_that_is_gone_says_the_rest():
    partnership = AGREED.partnership.model_copy(update={"themes": ()})
    ours = AGREED.model_copy(update={"partnership": partnership})
    assert narrative.exception_context(item(conference(USUAL), Reason.RED), ours) == (
        "new this quarter · usual ups and downs"
    )


def test_a_resolved_exception_says_where_it_is_now():
    found = item(conference([*USUAL[:-1], 83.0]), Reason.RED, State.RESOLVED, 0)
    assert narrative.exception_context(found, AGREED) == "Child protection · resolved since last quarter · was red"
    assert narrative.exception_sentence(found, AGREED).startswith("Now 83.0% (166 of 200) in Q2 2025/26, meeting")


def test_what_is_no_longer_red_but_amber_has_eased_and_is_not_resolved():
    found = item(conference([*USUAL[:-1], 81.0]), Reason.RED, State.RESOLVED, 0)
    assert narrative.exception_context(found, AGREED) == (
        "Child protection · eased since last quarter, still amber · was red"
    )


def test_a_partner_who_stops_sending_has_resolved_nothing():
    found = item(conference([*USUAL, None]), Reason.RED, State.RESOLVED, 0)
    assert "cannot be judged this quarter" in narrative.exception_context(found, AGREED)
    assert narrative.exception_sentence(found, AGREED) == (
        "No figure for Q2 2025/26: what it is made from has not been sent."
    )


def test_a_locality_is_compared_with_the_whole_partnership():
    found = item(re_referrals(), Reason.LOCALITY, State.CONTINUING, 2, in_locality())
    assert narrative.exception_title(found, OURS) == "Re-referrals within 12 months: East locality"
    assert narrative.exception_context(found, OURS) == (
        "Referrals and assessments · second quarter running · beyond chance when compared with the whole partnership"
    )
    assert narrative.exception_sentence(found, OURS) == (
        "31.0% (248 of 800) in the 12 months to September 2025, above what chance would explain; "
        "the whole partnership is 22.4% (1,514 of 6,760), red, getting worse."
    )


def test_a_locality_called_locality_is_not_called_so_twice():
    found = item(re_referrals(), Reason.LOCALITY, locality=in_locality("north"))
    assert narrative.exception_title(found, OURS) == "Re-referrals within 12 months: North locality"


def test_a_locality_beside_an_unrated_whole_is_still_told():
    found = item(line(AGAIN), Reason.LOCALITY, locality=in_locality())
    assert narrative.exception_sentence(found, OURS).endswith("the whole partnership is 22.4% (1,514 of 6,760).")


def test_a_locality_that_no_longer_stands_out_is_resolved():
    found = item(re_referrals(), Reason.LOCALITY, State.RESOLVED, 0, in_locality())
    assert narrative.exception_context(found, OURS).endswith("resolved since last quarter · was beyond chance")
    assert narrative.exception_sentence(found, OURS) == (
        "East locality no longer stands out by more than chance; "
        "it was 31.0% (248 of 800) in the 12 months to September 2025."
    )


# Summaries

GREEN, AMBER, RED = (line(LONG, points([*LOW[:-1], value], n=500), ours=AGREED) for value in (4.9, 5.2, 9.9))
NO_FIGURE = line("referrals", points([600, 610] * 6 + [None], make=count))
RED_NOISE = conference(USUAL)


@pytest.mark.parametrize(
    ("drawn", "sentence"),
    [
        ([], "There are no measures here yet."),
        ([GREEN], "The one rated measure is green. Nothing shows a real change for the worse."),
        ([GREEN, GREEN], "Both rated measures are green. Nothing shows a real change for the worse."),
        (
            [GREEN, AMBER],
            "None of the two rated measures is red; one is amber. Nothing shows a real change for the worse.",
        ),
        (
            [GREEN, RED],
            "One of the two rated measures is red. Getting worse: Plans open 18 months or more "
            "(9.9%, above the usual range).",
        ),
        (
            [GREEN, AMBER, RED_NOISE],
            "One of the three rated measures is red and one is amber. The red one is within usual ups and downs: "
            "nothing shows a real change for the worse.",
        ),
        (
            [RED_NOISE, RED_NOISE],
            "Both rated measures are red. Both reds are within usual ups and downs: "
            "nothing shows a real change for the worse.",
        ),
        (
            [RED_NOISE] * 3 + [NO_FIGURE],
            "All three rated measures are red. All reds are within usual ups and downs: "
            "nothing shows a real change for the worse. One has no figure for Q2 2025/26.",
        ),
        ([NO_FIGURE, NO_FIGURE], "Neither measure is rated. No figures for Q2 2025/26."),
        ([contacts([600])], "The one measure is not rated. It is too early to say what is usual."),
        (
            [contacts([600, 610] * 6 + [605]), NO_FIGURE, NO_FIGURE],
            "None of the three measures is rated. Nothing shows a real change for the worse. "
            "Two have no figure for Q2 2025/26.",
        ),
        (
            [conference([*[60.0, 61.0] * 6, 70.0]), GREEN],
            "One of the two rated measures is red. Nothing shows a real change for the worse. Getting better: "
            "Conference within 15 working days (70.0%, above the usual range, still red).",
        ),
        (
            [conference([*[90.0, 91.0] * 6, 84.0]), re_referrals()],
            "One of the two rated measures is red. Getting worse: Conference within 15 working days "
            "(84.0%, below the usual range, still green) and Re-referrals within 12 months "
            "(27.4%, the latest quarter alone above the usual range).",
        ),
    ],
)
def test_a_scorecard_is_said_in_three_sentences_at_most(drawn, sentence):
    assert narrative.scorecard_summary(scorecard(*drawn)) == sentence


@pytest.mark.parametrize(
    ("drawn", "sentence"),
    [
        ([NO_FIGURE], "No figures for Q2 2025/26."),
        ([GREEN, RED], "Getting worse: Plans open 18 months or more (9.9%)."),
        ([RED, re_referrals(), RED], "Getting worse: Plans open 18 months or more (9.9%) and two more."),
        ([conference([*[60.0, 61.0] * 6, 70.0])], "Getting better: Conference within 15 working days (70.0%)."),
        ([contacts([*[600, 610] * 6, 900])], "Higher than usual: Contacts to the front door (900)."),
        ([contacts([*[600, 610] * 6, 300])], "Lower than usual: Contacts to the front door (300)."),
        ([RED_NOISE, GREEN], "One red, without a real change."),
        ([conference([60.0])], "One red, too early to say whether anything really changed."),
        ([GREEN], "Usual ups and downs."),
        ([contacts([600])], "Too early to say what is usual."),
    ],
)
def test_a_theme_is_said_in_one_sentence(drawn, sentence):
    assert narrative.theme_summary(scorecard(*drawn)) == sentence


def front(drawn, returns=(), current=()):
    found = Exceptions(VIEW, tuple(current), (), (), len(drawn))
    return narrative.front_summary(scorecard(*drawn), found, returns, AGREED)


def test_the_front_page_says_ratings_why_not_and_what_changed():
    drawn = [GREEN, AMBER, RED, contacts([600]), line("missing_care_episodes", points([9], make=count)),
             conference([80.0], n=7), NO_FIGURE]  # fmt: skip
    assert front(drawn) == (
        "Of 7 measures 3 are rated: 1 red, 1 amber, 1 green. 1 is activity without a good or bad direction; "
        "1 is without a target yet; 1 is too few, too recent or not whole; 1 has no figure. "
        "One measure really changed for the worse: Plans open 18 months or more (9.9%)."
    )


def test_the_front_page_says_whose_return_is_missing():
    police = returned("police", ReturnState.MISSING, without_figure=("referrals",))
    assert "1 has no figure because the Police return is missing." in front([GREEN, NO_FIGURE], [police])
    part = returned("council", ReturnState.PART, missing=("Referrals",), without_figure=("referrals",))
    assert "because the Police and Children's social care returns are not complete" in front(
        [NO_FIGURE], [police, part]
    )


def test_a_figure_that_is_too_recent_waits_for_nobody():
    police = returned("police", ReturnState.MISSING, without_figure=("referrals",))
    recent = line("s47_to_icpc_pct", [Point(Q2, status=Status.TOO_RECENT, fed_by=FedBy.LIST)])
    said = front([GREEN, NO_FIGURE, recent], [police])
    assert "1 is too few, too recent or not whole; 1 has no figure because the Police return is missing." in said


def test_what_nobody_supplies_yet_is_counted_apart_and_not_as_missing():
    unused = line("young_carers")
    assert unused.is_unused
    assert not NO_FIGURE.is_unused
    assert front([GREEN, NO_FIGURE, unused]).startswith(
        "Of 2 measures 1 is rated: 0 red, 0 amber, 1 green. 1 has no figure. One more is defined and not supplied yet."
    )
    assert narrative.scorecard_summary(scorecard(GREEN, unused, unused)).endswith(
        "Two more are defined and not supplied yet."
    )
    assert narrative.theme_summary(scorecard(GREEN, unused)) == narrative.theme_summary(scorecard(GREEN))


def test_where_nothing_is_supplied_every_measure_is_told_as_before():
    card = scorecard(line("young_carers"), line("ed_drug_alcohol"))
    assert (card.in_use, card.unused) == (card, ())
    assert narrative.scorecard_summary(card) == "Neither measure is rated. No figures for Q2 2025/26."


def test_the_front_page_of_nothing_rated_and_a_locality():
    found = item(re_referrals(), Reason.LOCALITY, locality=in_locality())
    assert front([contacts([600, 610] * 6 + [605])], current=[found]) == (
        "The one measure is not rated. 1 is activity without a good or bad direction. "
        "Nothing shows a real change for the worse. "
        "East (Re-referrals within 12 months) stands out by more than chance."
    )


def test_the_front_page_counts_several_changes():
    assert "Two measures really changed for the worse: " in front([RED, re_referrals()])


# Returns


def returned(agency, state, *, late=0, missing=(), rows=0, without_figure=()):
    due = datetime.date(2025, 10, 8)
    return Return(agency, Q2, due, state, None, late, tuple(missing), rows, tuple(without_figure))


@pytest.mark.parametrize(
    ("ret", "words"),
    [
        (returned("mash", ReturnState.RECEIVED), "Received"),
        (returned("mash", ReturnState.RECEIVED, rows=14), "Received, 14 rows refused"),
        (returned("mash", ReturnState.RECEIVED, rows=1), "Received, 1 row refused"),
        (returned("mash", ReturnState.LATE, late=12), "12 days late"),
        (returned("mash", ReturnState.LATE, late=1), "1 day late"),
        (returned("mash", ReturnState.PART, missing=["Contacts"]), "Part: Contacts missing"),
        (returned("mash", ReturnState.PART, missing=["Contacts", "Plans"]), "Part: 2 missing"),
        (returned("mash", ReturnState.MISSING), "Missing"),
        (returned("mash", ReturnState.NOT_DUE), "Not due yet"),
    ],
)
def test_a_return_has_few_words(ret, words):
    assert narrative.return_words(ret) == words


HERE = returned("mash", ReturnState.RECEIVED)
POLICE = returned("police", ReturnState.MISSING, late=6, without_figure=("missing_home_episodes", "assaults_recorded"))


@pytest.mark.parametrize(
    ("returns", "sentence"),
    [
        ([], "No returns are expected."),
        ([returned("mash", ReturnState.NOT_DUE)], "No return is due yet."),
        ([HERE], "The one return due was received."),
        ([HERE, HERE], "All two returns were received."),
        (
            [HERE, POLICE],
            "One of two returns was received. The Police return is missing, 6 days overdue: "
            "two measures have no figure from it.",
        ),
        (
            [returned("council", ReturnState.PART, missing=["Plans"], without_figure=["cpp_stock"])],
            "The one return due was not received. The Children's social care return lacks Plans: "
            "one measure has no figure from it.",
        ),
        (
            [returned("circus", ReturnState.MISSING)],
            "The one return due was not received. The circus return is missing.",
        ),
    ],
)
def test_returns_are_counted_and_the_open_ones_named(returns, sentence):
    assert narrative.returns_sentence(returns, OURS) == sentence


@pytest.mark.parametrize(
    ("number", "end"), [(4, "One more is missing or in part."), (5, "Two more are missing or in part.")]
)
def test_many_open_returns_are_counted(number, end):
    assert narrative.returns_sentence([POLICE] * number, OURS).endswith(end)


# Series in whole steps


@pytest.mark.parametrize(
    ("period", "after"),
    [
        (month(2025, 12), month(2026, 1)),
        (quarter(2025, 4), quarter(2026, 1)),
        (half_year(2025, 2), half_year(2026, 1)),
        (term(2025, 1), term(2025, 2)),
        (term(2025, 3), term(2026, 1)),
        (financial_year(2025), financial_year(2026)),
        (academic_year(2025), academic_year(2026)),
        (rolling_year(quarter(2025, 4)), rolling_year(quarter(2026, 1))),
        (single_day(datetime.date(2025, 3, 31)), None),
    ],
)
def test_every_kind_of_period_has_the_one_after_it(period, after):
    assert following(period) == after


def test_a_period_without_a_stored_point_stands_as_unknown():
    first, _, third, fourth = quarters(4)
    found = timeline([Point(first), share(first, 80.0), share(third, 81.0)], fourth)
    assert [point.value for point in found] == [80.0, None, 81.0, None]
    assert [point.period for point in timeline([], fourth)] == []


def test_a_gap_of_two_periods_before_the_latest_is_filled():
    first, *_, last = quarters(4)
    assert [point.value for point in timeline([share(first, 80.0)], last)] == [80.0, None, None, None]


# Words


@pytest.mark.parametrize(("number", "words"), [(0, "none"), (1, "one"), (10, "ten"), (11, "11"), (1200, "1,200")])
def test_small_numbers_are_spelled(number, words):
    assert spelled(number) == words


def test_ordinals_and_steps():
    assert (ordinal(2), ordinal(10), ordinal(14)) == ("second", "tenth", "14th")
    assert (step("rolling_12_months"), steps("term", 1), steps("quarter", 14, in_words=False)) == (
        "quarter", "one term", "14 quarters",
    )  # fmt: skip


# Whatever the figures, a sentence is a sentence

FRAGMENT = re.compile(r"  | [,;.:]|[,;:]\.|\.\.|,,|\(\)|None|nan|_|<|\bthe the\b|[,;:]$")
values = st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=1, max_size=20)
POLARITIES = [CONFERENCE, LONG, AGAIN, "cpp_second_subsequent_pct", "mash_contacts", "cpp_rate_10k", "ed_self_harm"]


@given(kpi=st.sampled_from(POLARITIES), quarterly=values, rolling=values, n=st.integers(1, 400), whole=st.booleans())
def test_every_line_makes_whole_sentences(kpi, quarterly, rolling, n, whole):
    make = share if OURS.kpis[kpi].unit == "percent" else count
    more = {"n": n} if make is share else {}
    drawn = line(
        kpi, points(quarterly, make=make, **more), points(rolling, make=make, rolling=True, **more), ours=AGREED
    )
    if not whole and drawn.latest.is_known:
        drawn = replace(drawn, latest=replace(drawn.latest, note=Note.PART_COVERED, status=Status.PROVISIONAL))
    said = (narrative.line_sentence(drawn), narrative.chart_alt(drawn), narrative.how_sure(drawn))
    said += (narrative.scorecard_summary(scorecard(drawn)), narrative.theme_summary(scorecard(drawn)))
    for sentence in said:
        assert sentence.endswith(".") and not FRAGMENT.search(sentence), sentence
    assert len(narrative.chart_title(drawn).split()) <= 10
    for words in (narrative.rating_reason(drawn), narrative.measured_over(drawn), narrative.real_change(drawn)[1]):
        assert words and not FRAGMENT.search(words)
