"""A measure beside other councils: the sentence a board reads, and the table on the measure's page."""

import re
import shutil

import pytest

from data_loaders.published import check_carried, land_published
from scorecards import narrative
from scorecards.comparators import Asked, Beside, Figure, Middle, Place, Spread
from scorecards.definitions import read_definitions
from scorecards.definitions.published_models import ValueStatus
from scorecards.narrative.words import ordinal
from scorecards.periods import quarter, rolling_year
from scorecards.series import Point, Status
from tests import seeded
from tests.seeding import TODAY, empty_store, land
from tests.test_pages import markup, open_page, words

GLOUCESTERSHIRE, HEREFORDSHIRE = "E10000013", "E06000019"
KPIS = read_definitions().kpis
AGAIN, IN_TIME, RATE, STOCK = (
    KPIS[name] for name in ("re_referral_pct", "icpc_15wd_pct", "referral_rate_10k", "cpp_rate_10k")
)


def figure(area, value, numerator=None, denominator=None, status=ValueStatus.PUBLISHED):
    return Figure(area, 2025, value, status, numerator, denominator, "2025", "the Department")


def beside(own, middle, england, place, area=GLOUCESTERSHIRE, method="median"):
    return Beside(
        Asked("a measure", area, 2025, method=method), "2025", "the Department", own, "2025-05",
        Middle(method, middle, 9, 1, 12.1, 30.2), figure("E12000009", 21.0), figure("E92000001", england),
        Spread(153, 1, 2, 3), place, 2,
    )  # fmt: skip


def test_a_sentence_says_how_a_council_stands_among_others():
    found = beside(figure(GLOUCESTERSHIRE, 22.44), 17.8, 22.6, Place(104, 153, 3, True))
    assert narrative.beside_sentence(AGAIN, found) == (
        "Re-referrals within 12 months, the year to 31 March 2025: Gloucestershire had 22.4%, worse than the middle of "
        "its statistical neighbours (17.8%) but better than England (22.6%); 104th of 153 councils with a figure, "
        "counted from the best, in the second-worst quarter."
    )


def test_where_high_is_good_more_is_better_and_a_mean_is_called_the_average():
    found = beside(figure(GLOUCESTERSHIRE, 90), 80, 80, Place(1, 153, 1, True), method="mean")
    assert (
        "better than the average of its statistical neighbours (80.0%) and better than England (80.0%); first of 153"
        in narrative.beside_sentence(IN_TIME, found)
    )


def test_where_no_direction_is_good_nothing_is_better_or_worse():
    said = narrative.beside_sentence(RATE, beside(figure(HEREFORDSHIRE, 600), 500, 700, Place(9, 153, 1, False)))
    assert "higher than the middle of its statistical neighbours (500.0) but lower than England (700.0)" in said
    assert "counted from the highest (neither end is good by itself), in the highest quarter" in said
    assert "better" not in said and "worse" not in said


def test_what_looks_alike_is_not_called_better_or_worse():
    found = beside(figure(GLOUCESTERSHIRE, 17.84), 17.76, 17.8, Place(104, 153, 3, True))
    assert "had 17.8%, about the same as the middle of its statistical neighbours (17.8%) and about the same as" in (
        narrative.beside_sentence(AGAIN, found)
    )


@pytest.mark.parametrize(
    ("own", "why"),
    [
        (figure(HEREFORDSHIRE, None, status=ValueStatus.SUPPRESSED), "withheld, because the numbers are small"),
        (figure(HEREFORDSHIRE, None, status=ValueStatus.UNAVAILABLE), "not available"),
        (None, "not in this release"),
    ],
)
def test_a_figure_that_is_not_published_is_said_in_words_and_never_nought(own, why):
    found = beside(own, 17.8, 22.6, None, HEREFORDSHIRE)
    said = narrative.beside_sentence(STOCK, found)
    assert (
        said == f"Children on a plan, per 10,000, 31 March 2025: no figure of Herefordshire is published; it is {why}."
    )
    assert narrative.figure_note(STOCK, own) == f"{why[0].upper()}{why[1:]}."
    assert narrative.place_note(found) == "Without a figure of ours there is no place."


def test_every_reason_for_no_number_has_words():
    without = set(ValueStatus) - {ValueStatus.PUBLISHED, ValueStatus.DERIVED}
    assert all(narrative.figure_note(AGAIN, figure(HEREFORDSHIRE, None, status=status)) for status in without)


def test_a_published_figure_says_what_it_rests_on():
    assert narrative.figure_note(AGAIN, figure(GLOUCESTERSHIRE, 22.4, 1818, 8129)) == "1,818 of 8,129."
    worked_out = figure(GLOUCESTERSHIRE, 610.5, 8129, 133_000, ValueStatus.DERIVED)
    assert narrative.figure_note(RATE, worked_out) == "8,129 referrals. Worked out from the published counts."


def test_of_the_neighbours_it_is_said_how_many_have_a_figure_and_which_model_they_are_of():
    assert narrative.neighbours_note(AGAIN, Middle("median", 17.8, 9, 1, 12.1, 30.2), "2021-04") == (
        "9 of 10 have a figure, from 12.1% to 30.2%. The Department's model of April 2021."
    )
    assert narrative.neighbours_note(AGAIN, Middle("mean", None, 0, 10, None, None), "2025-05") == (
        "0 of 10 have a figure. The Department's model of May 2025."
    )


def test_our_own_figure_says_when_it_is_of_another_year():
    def said(period):
        return narrative.ours_note(Point(period, 20.0, status=Status.FINAL), 2025)

    assert said(rolling_year(quarter(2024, 4))) == "Counted from what partners sent."
    assert said(rolling_year(quarter(2025, 2))).endswith("Not of the same time as the published figures below.")


def test_a_place_beyond_twenty_is_written_as_it_is_said():
    assert [ordinal(number) for number in (11, 13, 21, 42, 103, 111, 112)] == [
        "11th", "13th", "21st", "42nd", "103rd", "111th", "112th",
    ]  # fmt: skip


# On the page.


def ours(folder, *lines):
    """Write the demo's partnership as a real place's, with more lines, and return where."""
    words = seeded.PARTNERSHIP.read_text(encoding="utf-8")
    kept = words.replace("is_fictional: true", "is_fictional: false")
    path = folder / "partnership.yaml"
    path.write_text("\n".join((*lines, kept)), encoding="utf-8")
    return path


CODE = f"area_code: {GLOUCESTERSHIRE}"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The seeded store of a real place with the published figures that come with the product."""
    folder = tmp_path_factory.mktemp("councils")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = empty_store(None, read_definitions(partnership=ours(folder, CODE)))
        covers = ("2023-04-01", seeded.LAST)
        land(store, seeded.between(seeded.lists(), *covers), covers, agency="council")
        land_published(store, check_carried(store), by="An Analyst")
        store.close()
    return folder


@pytest.fixture
def at_home(made, own_home, monkeypatch):
    """Return how a page is opened where the partnership has these lines."""

    def begin(*lines):
        shutil.copytree(made, own_home, dirs_exist_ok=True)
        monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(ours(own_home, *lines)))
        monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())

    return begin


def rows(app):
    """Return the table beside other councils: whose, figure and words of each row."""
    table = re.search(r'<table class="stacks councils".*?</table>', markup(app), re.DOTALL)
    cells = re.findall(r'<tr role="row"><th scope="row".*?</tr>', table[0], re.DOTALL) if table else []
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in cells]


def test_a_measure_stands_beside_other_councils(at_home):
    at_home(CODE)
    app = open_page("pages/kpi.py", kpi="re_referral_pct")
    assert not app.exception
    ours_, own, neighbours, region, england, place = rows(app)
    assert ours_[0] == "Our own figure, 12 months to September 2025"
    assert own == ["Gloucestershire, as published", "22.4%", "1,818 of 8,129."]
    assert neighbours[:2] == ["Statistical neighbours (median)", "17.8%"]
    assert neighbours[2].startswith("10 of 10 have a figure, from 15.4% to 41.0%.")
    assert (region[:2], england[:2]) == (["South West", "22.1%"], ["England", "22.6%"])
    assert place[:2] == ["Our place among councils", "104 of 153"]
    shown = words(app)
    assert "Compared with other councils Re-referrals within 12 months, the year to 31 March 2025:" in shown
    assert "Source: Department for Education, Children in need, table C1: referrals and re-referrals, rel" in shown
    assert "Re-referrals within 12 months beside other councils, the year to 31 March 2025" in shown


def test_the_mean_of_the_neighbours_is_had_by_asking_for_it(at_home):
    at_home(CODE, "neighbours: mean")
    assert rows(open_page("pages/kpi.py", kpi="re_referral_pct"))[2][:2] == ["Statistical neighbours (mean)", "20.9%"]


def test_a_quarter_is_not_set_beside_a_year_nor_a_stock_beside_what_happened(at_home):
    at_home(CODE)
    # The demo agreed a target, so that the quarter is rated and shown large.
    app = open_page("pages/kpi.py", kpi="icpc_15wd_pct")
    assert "Quarter 2 2025/26" in words(app)
    assert rows(app)[0][0] == "Our own figure, 12 months to September 2025"

    app = open_page("pages/kpi.py", kpi="cpp_rate_10k")
    assert rows(app)[0][0] == "Our own figure, end of Q2 2025/26"
    assert "Children on a plan, per 10,000 beside other councils, 31 March 2024" in words(app)


def test_only_a_year_that_had_ended_stands_beside_an_earlier_quarter(at_home):
    at_home(CODE)
    assert "the year to 31 March 2024: Gl" in words(
        open_page("pages/kpi.py", kpi="re_referral_pct", period="2024-25-Q3")
    )


def test_a_locality_is_not_set_beside_councils(at_home):
    at_home(CODE)
    app = open_page("pages/kpi.py", kpi="re_referral_pct", area="north")
    assert rows(app) == []
    assert "What is published is of the whole council." in words(app)


def test_as_it_was_before_they_were_loaded_there_are_no_published_figures(at_home):
    at_home(CODE)
    app = open_page("pages/kpi.py", kpi="re_referral_pct", version="1")
    assert rows(app) == []
    assert "No published figures of this measure are loaded." in words(app)


def test_a_place_without_a_code_is_compared_with_none(at_home):
    at_home()
    app = open_page("pages/kpi.py", kpi="re_referral_pct")
    assert not app.exception
    assert "Compared with other councils" not in words(app)


def test_a_fictional_place_is_compared_with_none_whatever_its_code():
    us = read_definitions().partnership.model_copy(update={"area_code": GLOUCESTERSHIRE})
    assert us.compared_area == GLOUCESTERSHIRE
    assert us.model_copy(update={"is_fictional": True}).compared_area is None


def test_a_measure_that_nobody_publishes_is_compared_with_none(at_home):
    at_home(CODE)
    assert "Compared with other councils" not in words(open_page("pages/kpi.py", kpi="cpp_18m_plus_pct"))
