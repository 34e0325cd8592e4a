"""What is hard to believe of a return: beside its sender's own history, and in itself."""

import datetime
import math
from dataclasses import replace

import pytest
from sqlalchemy import select

from data_loaders import check_files, land, needing_reasons
from data_loaders.plausibility.figures import Figure, chance_of, figure_words, number_of
from data_loaders.plausibility.months import whole_months
from data_loaders.plausibility.parts import Part, other_sums
from data_loaders.plausibility.usual import is_sudden_nought, usual
from scorecards.definitions import read_definitions
from scorecards.errors import LoadRefused
from scorecards.periods import add_months, period_by_id, quarter
from scorecards.store.schema import audit, problem
from tests import seeding
from tests.partner_files import FIGURES, REFERRALS, opened, workbook
from tests.test_templates import filled

COVERS = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))
DOUBTS = {"sudden_jump", "sudden_nought", "column_copied", "figure_copied", "parts_differ"}
ASSAULTS = "Recorded assaults on children"
USUAL = (19, 21, 20, 18, 22, 20, 19, 21, 20, 20, 19, 21)  # rows of the twelve months to June 2025
SOURCES = ("6", "2A", "3A", "1A")
SHOWN = ("Police", "Schools", "GP", "1A")


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def with_referrals(store, counts=USUAL):
    """Store referrals of the months up to June 2025, as many in each as `counts` says."""
    first = add_months(datetime.date(2025, 7, 1), -len(counts))
    rows = [
        {"child_id": f"{month} {number}", "referral_date": (add_months(first, month) + days(number)).isoformat(),
         "source": SOURCES[number % 4], "nfa": ("yes", "no")[number % 2], "locality": "north"}
        for month, count in enumerate(counts) for number in range(count)
    ]  # fmt: skip
    seeding.land(store, {"referrals": rows}, (first.isoformat(), "2025-06-30"), agency="council")
    return rows


def days(number):
    return datetime.timedelta(days=number % 28)


def referrals(*counts, sources=SHOWN, nfa=("Yes", "No"), first=COVERS[0]):
    """Return the sheet of a file with so many referrals in each month from July 2025 on."""
    rows = [(f"N{month} {number}", add_months(first, month) + days(number), sources[number % len(sources)],
             nfa[number % len(nfa)]) for month, count in enumerate(counts) for number in range(count)]  # fmt: skip
    return [(*REFERRALS, "Referral NFA?"), *rows]


def check(store, rows, name="file.xlsx", agency="council", covers=COVERS):
    return check_files(store, [(name, workbook(List=rows), agency)], covers=covers)


def doubts(found) -> list[tuple[str, str]]:
    return [(one.code, one.sentence) for one in found.problems if one.code in DOUBTS]


# Limits


def test_limits_are_those_of_the_published_example():
    # The vector of NHSRplotthedots without screening: mean 1.944, limits -3.063 and 6.952.
    points = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    limits = usual(points, lambda _mean: 0)
    mean = sum(points) / 18
    moving = [abs(points[at] - points[at - 1]) for at in range(1, 18)]
    reach = 2.66 * sum(moving) / 17
    assert (limits.low, limits.high) == pytest.approx((mean - reach, mean + reach))
    assert (round(limits.low, 3), round(limits.high, 3)) == (-3.063, 6.952)


def test_fewer_than_eight_points_give_no_limits():
    assert usual([20] * 7, math.sqrt) is None
    assert usual([20] * 8, math.sqrt).points == 8


def test_counts_vary_by_their_root_even_where_eight_of_them_were_equal():
    limits = usual([25] * 8, math.sqrt)
    assert (limits.low, limits.high) == (10, 40)
    assert limits.holds(10) and not limits.holds(9)


@pytest.mark.parametrize(
    ("value", "history", "is_one"),
    [(0, [9, 8, 9, 9], True), (1, [9, 8, 9, 9], False), (0, [9, 8, 9], False), (0, [9, 0, 9, 9], False),
     (0, [4, 5, 4, 5], False), (0, [5, 5, 5, 5], True)],
)  # fmt: skip
def test_a_nought_is_sudden_after_a_year_of_something(value, history, is_one):
    assert is_sudden_nought(value, history) is is_one


def test_a_percentage_varies_by_what_it_is_out_of():
    kpi = read_definitions().kpis["icpc_15wd_pct"]
    figure = Figure(("icpc_15wd_pct",), period_by_id("2025-26-Q1"), 80.0, 80, 100)
    assert chance_of(kpi, figure)(80) == pytest.approx(4)
    assert chance_of(kpi, Figure((), figure.period, 80.0, None, None))(80) == 0
    assert (number_of(kpi, 45, 60, None), number_of(kpi, None, None, 12.5)) == (75, 12.5)
    assert figure_words(kpi, 74.96) == "75.0%"


def test_only_months_of_which_every_day_is_covered_are_whole():
    def span(*ends):
        return tuple(datetime.date(*end).toordinal() for end in ends)

    july = (2025 - 1970) * 12 + 6
    assert whole_months([span((2025, 7, 1), (2025, 10, 1))]) == {july, july + 1, july + 2}
    assert whole_months([span((2025, 7, 2), (2025, 9, 30))]) == {july + 1}
    assert whole_months([span((2025, 7, 1), (2025, 7, 20)), span((2025, 7, 20), (2025, 8, 1))]) == {july}
    assert whole_months([]) == set()


# Rows by month


def test_a_month_far_below_the_usual_is_told_with_what_is_usual(store):
    with_referrals(store)
    found = check(store, referrals(20, 3, 19))
    # 20 rows a month with a mean moving range of 1.73 (the root of 20 reaches further): 20 ± 13.4.
    usual_rows = "where 7 to 33 a month are usual from this agency."
    assert doubts(found) == [("sudden_jump", f"August 2025: 3 rows, {usual_rows}")]
    (doubt,) = needing_reasons(found)
    assert (doubt.severity, doubt.needs_reason, doubt.sheet, doubt.cell, doubt.rows) == (
        "warning",
        True,
        "List",
        None,
        1,
    )
    assert found.files[0].verdict == "to look at"


def test_usual_months_are_no_doubt(store):
    with_referrals(store)
    assert doubts(check(store, referrals(20, 8, 33))) == []


def test_a_first_load_has_no_history_and_no_doubt(store):
    assert doubts(check(store, referrals(20, 3, 90))) == []


def test_another_agencys_history_is_no_measure(store):
    first = [{"child_id": f"C{number}", "contact_at": seeding.day("2025-05-01") + number % 28, "source": "6"}
             for number in range(400)]  # fmt: skip
    seeding.land(store, {"contacts": first}, ("2024-07-01", "2025-06-30"), agency="mash")
    rows = [("Child Unique ID", "Date of Contact", "Contact Source"), ("C1", datetime.date(2025, 8, 4), "Police")]
    assert doubts(check(store, rows)) == []


def test_seven_months_are_too_short_a_history(store):
    with_referrals(store, USUAL[:7])
    assert doubts(check(store, referrals(20, 80, 19))) == []


def test_months_without_a_row_are_told_together_even_after_a_short_history(store):
    with_referrals(store, USUAL[:5])
    assert doubts(check(store, referrals(20, 0, 0))) == [
        (
            "sudden_nought",
            "August 2025: 0 rows, September 2025: 0 rows, where 18 to 22 a month are usual from this agency.",
        )
    ]


def test_a_list_declared_empty_is_doubted_where_there_always_were_rows(store):
    with_referrals(store)
    nothing = filled("council", cover=[("Referrals to children's social care", "Yes")])
    found = check_files(store, [("return.xlsx", nothing)])
    assert [code for code, _ in doubts(found)] == ["sudden_nought"]


def test_what_stands_already_is_not_doubted_again(store):
    with_referrals(store)
    covers = (datetime.date(2025, 7, 1), datetime.date(2025, 8, 31))
    first = check(store, referrals(20, 3), name="first.xlsx", covers=covers)
    land(store, first, by="A. Analyst", reasons={"": "Only few came in August"})
    again = check(store, referrals(20, 3, 19), name="second.xlsx")
    assert doubts(again) == []


def test_a_month_that_has_not_ended_is_not_judged(store):
    with_referrals(store)
    covers = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 10))
    assert doubts(check(store, referrals(20, 20, 2), covers=covers)) == []


def test_rare_things_do_not_jump(store):
    with_referrals(store, (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1))
    assert doubts(check(store, referrals(0, 4, 1))) == []


# Columns


def test_a_column_that_was_copied_down_is_told(store):
    with_referrals(store)  # 64 of 240 are from the police
    found = check(store, referrals(20, 20, 20, sources=("Police",)))
    assert doubts(found) == [
        ("column_copied", "'Referral source' is the same in all 60 rows, as in 27% of this agency's earlier rows."),
    ]
    (doubt,) = needing_reasons(found)
    assert (doubt.cell, doubt.heading, doubt.value) == ("C2", "Referral Source", "6")


def test_a_column_that_was_lost_is_told(store):
    with_referrals(store)
    blank = check(store, referrals(20, 20, 20, nfa=(None,)), name="blank.xlsx")
    assert doubts(blank) == [
        ("column_copied", "'No further action' is blank in all 60 rows, as in none of this agency's earlier rows."),
    ]
    gone = check(store, [row[:3] for row in referrals(20, 20, 20)], name="gone.xlsx")
    assert doubts(gone) == [
        (
            "column_copied",
            "'No further action' is not among the columns, and 100% of this agency's earlier rows had it.",
        ),
    ]


def test_few_rows_may_all_say_the_same(store):
    with_referrals(store)
    short = (datetime.date(2025, 7, 1), datetime.date(2025, 7, 20))
    assert doubts(check(store, referrals(19, sources=("Police",)), covers=short)) == []


def test_every_date_the_same_is_told_unless_one_day_is_covered(store):
    with_referrals(store)
    day = datetime.date(2025, 7, 9)
    rows = [(*REFERRALS, "Referral NFA?"), *((f"N{at}", day, SHOWN[at % 4], ("Yes", "No")[at % 2]) for at in range(30))]
    july = (datetime.date(2025, 7, 1), datetime.date(2025, 7, 20))
    assert [sentence for _, sentence in doubts(check(store, rows, covers=july))] == [
        "'Date of referral' is the same in all 30 rows, as in none of this agency's earlier rows."
    ]
    assert doubts(check(store, rows, covers=(day, day))) == []


# Figures


def with_figures(store, *numbers, area="partnership", kpi="assaults_recorded", last="2025-26-Q1", agency="police"):
    """Store figures of the quarters up to `last`."""
    periods = [period_by_id(last)]
    while len(periods) < len(numbers):
        periods.insert(0, period_before(periods[0]))
    rows = [{"kpi": kpi, "period": period.id, "area": area, "numerator": number}
            for period, number in zip(periods, numbers, strict=True)]  # fmt: skip
    seeding.land(store, {"aggregate_return": rows}, None, agency=agency)


def period_before(period):
    start = add_months(period.first, -3)
    return quarter(start.year if start.month >= 4 else start.year - 1, (start.month - 4) % 12 // 3 + 1)


def figures(store, *rows, headings=FIGURES, **given):
    return check(store, [headings, *rows], agency="police", covers=None, **given)


def test_a_figure_far_from_its_own_history_is_told_at_its_cell(store):
    with_figures(store, 350, 352, 348, 351, 349, 350, 353, 347)
    found = figures(store, (ASSAULTS, "Q2 2025/26", 35))
    assert doubts(found) == [(
        "sudden_jump",
        "Recorded assaults on children, Q2 2025/26: 35, where 294 to 406 is usual after 8 earlier figures from this "
        "agency.",
    )]  # fmt: skip
    (doubt,) = needing_reasons(found)
    assert (doubt.cell, doubt.places) == ("C2", ("C2",))


def test_a_usual_figure_and_one_that_stands_already_are_no_doubt(store):
    with_figures(store, 350, 352, 348, 351, 349, 350, 353, 35)
    assert doubts(figures(store, (ASSAULTS, "Q1 2025/26", 35), name="again.xlsx")) == []
    assert doubts(figures(store, (ASSAULTS, "Q2 2025/26", 340), name="new.xlsx")) == []


def test_a_nought_after_five_quarters_is_told(store):
    with_figures(store, 350, 352, 348, 351, 349)
    assert [code for code, _ in doubts(figures(store, (ASSAULTS, "Q2 2025/26", 0)))] == ["sudden_nought"]


def test_a_locality_has_its_own_history_and_figures_of_a_measure_are_one_doubt(store):
    for area in ("north", "south"):
        with_figures(store, *(30, 31, 29, 30, 32, 28, 30, 31), area=area)
    headings = ("Measure", "Period", "Area", "Number")
    rows = ((ASSAULTS, "Q2 2025/26", "North", 90), (ASSAULTS, "Q2 2025/26", "South", 91))
    found = figures(store, *rows, headings=headings)
    assert doubts(found) == [(
        "sudden_jump",
        "Recorded assaults on children, Q2 2025/26, North: 90, where 14 to 47 is usual after 8 earlier figures from "
        "this agency. 1 more figures of this measure are like that.",
    )]  # fmt: skip
    assert needing_reasons(found)[0].places == ("D2", "D3")


def test_running_totals_are_not_judged_by_their_own_history(store):
    running = {"kpi": "assaults_recorded", "area": "partnership", "numerator": 1400, "basis": "rolling_12_months"}
    periods = [f"{year}-{(year + 1) % 100:02d}-Q{number}" for year in (2023, 2024) for number in (1, 2, 3, 4)]
    rows = [{**running, "period": period} for period in periods]
    seeding.land(store, {"aggregate_return": rows}, None, agency="police")
    found = figures(store, (ASSAULTS, "Q1 2025/26", 1650, "Rolling 12 months"), headings=(*FIGURES, "Basis"))
    assert doubts(found) == []


def test_figures_that_are_all_the_same_are_told_even_of_a_first_return(store):
    rows = [(ASSAULTS, f"Q{number} {label}", 371) for label in ("2023/24", "2024/25") for number in (1, 2, 3, 4)]
    assert doubts(figures(store, *rows)) == [("figure_copied", "All 8 figures of this sheet are 371.")]
    small = [(ASSAULTS, f"Q{number} {label}", 3) for label in ("2023/24", "2024/25") for number in (1, 2, 3, 4)]
    assert doubts(figures(store, *small, name="small.xlsx")) == []


def test_the_same_figure_in_four_periods_running_is_told_with_those_stored(store):
    with_figures(store, 340, 371, 371, 371)
    found = figures(store, (ASSAULTS, "Q2 2025/26", 371))
    assert doubts(found) == [(
        "figure_copied", "Recorded assaults on children is 371 in 4 periods running, Q3 2024/25 to Q2 2025/26.",
    )]  # fmt: skip
    assert doubts(figures(store, (ASSAULTS, "Q2 2025/26", 372), name="other.xlsx")) == []


PARTS = ("Measure", "Period", "Area", "Broken down by", "Group", "Number")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("", "", "", 50), ("North", "", "", 20), ("South", "", "", 25)], "its localities add up to 45"),
        ([("", "", "", 50), ("North", "", "", 20), ("South", "", "", 30)], None),
        ([("", "", "", 50), ("North", "", "", 20), ("North", "age_band", "1 to 4", 9)], None),
        ([("", "", "", 50), ("", "age_band", "1 to 4", 9), ("", "age_band", "5 to 9", 40)], "age band add up to 49"),
        ([("North", "", "", 50), ("North", "age_band", "1 to 4", 9), ("North", "age_band", "5 to 9", 42)], "up to 51"),
        ([("", "", "", 50), ("North", "", "", "c"), ("South", "", "", 25)], None),
    ],
    ids=["too few", "right", "one part", "groups", "groups of a locality", "withheld"],
)  # fmt: skip
def test_a_whole_that_is_not_the_sum_of_its_parts_is_told(store, rows, sentence):
    sent = [(ASSAULTS, "Q2 2025/26", *row) for row in rows]
    found = doubts(figures(store, *sent, headings=PARTS))
    assert [code for code, _ in found] == (["parts_differ"] if sentence else [])
    assert sentence is None or sentence in found[0][1]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("", "", 50), ("Infirmary", "", 20), ("General", "", 25)], "whole is 50, and its providers add up to 45."),
        ([("", "", 50), ("Infirmary", "", 20), ("General", "", 30)], None),
        ([("", "", 50), ("Infirmary", "", 20)], None),
        ([("", "", 50), ("Infirmary", "", 60)], "the whole is 50, and its providers add up to 60."),
        ([("", "", 50), ("Infirmary", "", 20), ("General", "", "c")], None),
        ([("Infirmary", "", 20), ("General", "", 25)], None),
        ([("", "North", 50), ("Infirmary", "North", 20), ("General", "North", 31)], "its providers add up to 51."),
        ([("", "", 50), ("Infirmary", "North", 20), ("General", "South", 25)], None),
    ],
    ids=["too few", "right", "one of them", "one above", "withheld", "no total", "of a locality", "other places"],
)  # fmt: skip
def test_a_senders_own_total_that_is_not_that_of_its_providers_is_told(store, rows, sentence):
    sent = [(ASSAULTS, "Q2 2025/26", *row) for row in rows]
    found = figures(store, *sent, headings=("Measure", "Period", "Provider", "Area", "Number"))
    assert [code for code, _ in doubts(found)] == (["parts_differ"] if sentence else [])
    assert sentence is None or doubts(found)[0][1].endswith(sentence)
    assert len(needing_reasons(found)) == len(doubts(found))


@pytest.mark.parametrize(("heading", "parts"), [("Provider", ("One", "Two")), ("Area", ("North", "South"))])
def test_percentages_without_their_numbers_are_no_parts_of_a_percentage(store, heading, parts):
    kpis = dict(store.definitions.kpis)
    kpis["assaults_recorded"] = kpis["assaults_recorded"].model_copy(update={"unit": "percent"})
    shares = replace(store, definitions=store.definitions.model_copy(update={"kpis": kpis}))
    rows = [(ASSAULTS, "Q2 2025/26", part, value) for part, value in zip(("", *parts), (50, 40, 60), strict=True)]
    assert doubts(figures(shares, *rows, headings=("Measure", "Period", heading, "Value"))) == []


def test_where_a_locality_is_missing_only_a_sum_above_the_whole_is_told():
    def part(number):
        return Part(("kpi",), "", "", "", (number, None), "")

    few = [part(20), part(25)]
    assert list(other_sums(part(50), few, False)) == []
    assert [one.summed for one in other_sums(part(40), few, False)] == [45]


# Reasons


@pytest.fixture
def doubtful(store):
    with_referrals(store)
    return check(store, referrals(20, 3, 19))


def test_a_doubt_lands_only_with_a_reason(store, doubtful):
    with pytest.raises(LoadRefused) as refusal:
        land(store, doubtful, by="A. Analyst")
    assert refusal.value.code == "reason_missing"
    assert str(refusal.value) == (
        "file.xlsx: August 2025: 3 rows, where 7 to 33 a month are usual from this agency. If it is right, say why: it "
        "is stored only with a reason. Nothing was stored."
    )
    assert store.data_version() == 1


@pytest.mark.parametrize("reason", ["", "  ", "ok", "-", "123"])
def test_what_says_nothing_is_no_reason(store, doubtful, reason):
    with pytest.raises(LoadRefused, match="Nothing was stored"):
        land(store, doubtful, by="A. Analyst", reasons={"": reason})


def test_a_reason_may_not_name_a_person_by_number(store, doubtful):
    with pytest.raises(LoadRefused) as refusal:
        land(store, doubtful, by="A. Analyst", reasons={"": "See child 9212044 for why"})
    assert refusal.value.code == "reason_personal"


def test_a_reason_is_kept_with_its_problem_and_in_the_audit_log(database_url):
    store = opened(database_url)
    try:
        with_referrals(store)
        found = check(store, referrals(20, 3, 19))
        (doubt,) = needing_reasons(found)
        land(store, found, by="A. Analyst", reasons={doubt.key: "  The team  was closed for two weeks "})
        with store.read() as connection:
            kept = connection.execute(select(problem.c.code, problem.c.rows, problem.c.passed_why, problem.c.passed_by))
            lines = list(connection.scalars(select(audit.c.what).order_by(audit.c.id.desc()).limit(2)))
            assert [tuple(row) for row in kept] == [
                ("sudden_jump", 1, "The team was closed for two weeks", "A. Analyst")
            ]
    finally:
        store.close()
    assert lines == [
        "Landed: Referrals to children's social care",
        "Stored file.xlsx in spite of sudden_jump: The team was closed for two weeks",
    ]


def test_a_problem_that_needs_no_reason_keeps_none(store):
    found = check(store, [REFERRALS, ("C1", "03/09/2025", "Police"), ("C2", "03/09/2025", "Martians"),
                          ("C3", "03/09/2025", "Martians")])  # fmt: skip
    land(store, found, by="A. Analyst", reasons={"": "Never asked for"})
    with store.read() as connection:
        kept = connection.execute(select(problem.c.code, problem.c.rows, problem.c.passed_why)).all()
    assert [tuple(row) for row in kept] == [("value_unknown", 2, None)]
