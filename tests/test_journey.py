"""The child protection journey: the same figures as are stored, nothing drawn through a gap, and words for it all."""

import re
import shutil
from contextlib import closing
from html import unescape

import pytest

from scorecards import charts, narrative
from scorecards.definitions import read_definitions
from scorecards.journey import build_journey
from scorecards.periods import add_working_days, period_by_id, quarter_of
from scorecards.scorecard import View
from scorecards.series import Status, read_groups, read_points
from scorecards.store import database_url, open_store
from tests import seeded
from tests.seeding import TODAY, empty_store, land
from tests.test_pages import markup, open_page, words

COVERS = ("2024-04-01", "2025-09-30")
QUARTERS = [quarter_of(period_by_id(one).first) for one in
            ("2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4", "2025-26-Q1", "2025-26-Q2")]  # fmt: skip
Q2 = QUARTERS[-1]
# Of forty children each quarter so many come to each stage.
CAME_TO = {"contacts": 40, "referrals": 20, "strategy_discussions": 10, "section_47": 8, "icpc": 5, "cp_plans": 4}


def rows_of(*wanted):
    """Return the rows of some lists, the same each quarter; one referral a quarter has no contact before it."""
    made = {records: [] for records in CAME_TO}
    for at, period in enumerate(QUARTERS):
        for number, day in enumerate(seeded.days(period, 40)):
            who = {"child_id": f"child {at} {number}", "locality": "north" if number % 2 else "south"}
            held = add_working_days(day, 12)
            dates = {
                "contacts": {"contact_at": day, "source": "1A", "outcome": "referral"},
                "referrals": {"referral_date": add_working_days(day, 1), "source": "1A"},
                "strategy_discussions": {"held_date": add_working_days(day, 3)},
                "section_47": {"start_date": add_working_days(day, 3)},
                "icpc": {"s47_start_date": add_working_days(day, 3), "conference_date": held, "led_to_plan": "yes"},
                "cp_plans": {"start_date": held},
            }
            for records, row in dates.items():
                if number < CAME_TO[records]:
                    made[records].append(who | {name: _text(value) for name, value in row.items()})
        made["referrals"].append({"child_id": f"other {at}", "referral_date": _text(period.first), "source": "1A"})
    return {records: made[records] for records in wanted}


def _text(value):
    return value if isinstance(value, str) else value.isoformat()


@pytest.fixture(scope="module")
def without_contacts(tmp_path_factory):
    """A store without contacts and without strategy discussions."""
    return made_of(tmp_path_factory.mktemp("steps"), "council", "referrals", "section_47", "icpc", "cp_plans")


@pytest.fixture(scope="module")
def without_discussions(tmp_path_factory, without_contacts):
    folder = shutil.copytree(without_contacts, tmp_path_factory.mktemp("gap"), dirs_exist_ok=True)
    return made_of(folder, "mash", "contacts")


@pytest.fixture(scope="module")
def all_made(tmp_path_factory, without_discussions):
    folder = shutil.copytree(without_discussions, tmp_path_factory.mktemp("all"), dirs_exist_ok=True)
    return made_of(folder, "council", "strategy_discussions")


def made_of(folder, agency, *lists):
    """Land lists in the store of a folder, and return the folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        with closing(opened_store()) as store:
            land(store, rows_of(*lists), COVERS, agency=agency)
    return folder


def opened_store():
    return open_store(database_url(), read_definitions(partnership=seeded.PARTNERSHIP), TODAY)


@pytest.fixture
def use(own_home, monkeypatch):
    """Return a function that puts a made store in the test's own home."""
    return lambda folder: seeded.use(folder, own_home, monkeypatch)


@pytest.fixture
def opened(use):
    """Return a function that opens a made store."""

    def opening(folder):
        use(folder)
        return opened_store()

    return opening


def test_every_stage_and_step_is_the_stored_figure(opened, all_made):
    with closing(opened(all_made)) as store:
        journey = build_journey(store, View(Q2), "quarter")
        assert [stage.counts.latest.value for stage in journey.stages] == [40, 21, 10, 8, 5, 4]
        for stage in journey.stages:
            for line in stage.lines.values():
                stored = read_points(store, [line.kpi.id])[line.kpi.id, "quarter"]
                assert line.latest == next(point for point in stored if point.period == Q2)
        conference = journey.stages[4]
        values = {
            name: line.latest.value for name, line in conference.lines.items() if name not in ("counts", "reached")
        }
        assert values == {"ratio": 62.5, "followed": 62.5, "median": 9, "upper_quartile": 9, "in_timescale": 100}
        assert conference.lines["reached"].latest.status is Status.TOO_RECENT
        assert narrative.unlinked_words(journey.stages[1]) == "1 of 21"


def test_the_newest_children_who_can_all_be_followed_are_drawn_with_the_same_base(opened, all_made):
    with closing(opened(all_made)) as store:
        cohort = build_journey(store, View(Q2), "quarter").cohort
    assert (cohort.period.id, cohort.base, cohort.within_days) == ("2025-26-Q1", 40, 120)
    assert [one.number for one in cohort.followed] == [40, 20, 10, 8, 5, 4]
    assert cohort.too_recent == 40
    bars = charts.flow_chart(cohort).data[0]
    assert list(bars.x) == [40, 20, 10, 8, 5, 4]
    assert narrative.flow_rows(cohort)[1:3] == [
        ("Referrals", "20", "50.0%", "50.0%"),
        ("Strategy discussions", "10", "25.0%", "50.0%"),
    ]
    assert "Strategy discussions 10 (25.0%)" in narrative.flow_alt(cohort)


def test_read_by_12_months_it_is_of_12_months(opened, all_made):
    with closing(opened(all_made)) as store:
        journey = build_journey(store, View(Q2), "rolling_12_months")
    assert [stage.counts.latest.value for stage in journey.stages] == [160, 84, 40, 32, 20, 16]
    assert journey.cohort.period.id == "2025-26-Q1-R12"


def test_nothing_is_drawn_through_a_stage_that_is_not_supplied(opened, without_discussions):
    with closing(opened(without_discussions)) as store:
        journey = build_journey(store, View(Q2), "quarter")
    assert [stage.is_supplied for stage in journey.stages] == [True, True, False, True, True, True]
    assert [one.number for one in journey.cohort.followed] == [40, 20, None, None, None, None]
    assert list(charts.flow_chart(journey.cohort).data[0].x) == [40, 20]
    assert [row[1] for row in narrative.flow_rows(journey.cohort)][2:] == ["not supplied"] * 4
    assert "Strategy discussions: not supplied" in narrative.journey_summary(journey)


def test_without_contacts_each_step_stands_by_itself(opened, without_contacts):
    with closing(opened(without_contacts)) as store:
        journey = build_journey(store, View(QUARTERS[3]), "quarter")
    assert journey.cohort is None
    drawn = charts.steps_chart(journey)
    assert list(drawn.data[1].x) == [0, 0, 0, 62.5, 80]
    assert "no figure (" in drawn.layout.annotations[0].text
    assert "Contacts and strategy discussions: not supplied" in narrative.journey_summary(journey)


def test_localities_have_their_own_counts_and_ratios(opened, all_made):
    with closing(opened(all_made)) as store:
        journey = build_journey(store, View(Q2), "quarter")
        stored = read_groups(store, ["strategy_per_100_referrals"], "locality")["strategy_per_100_referrals", "quarter"]
        inside = build_journey(store, View(Q2, "north"), "quarter")
    assert journey.localities["north"]["strategy", "ratio"] == stored["north"][-1]
    assert [stage.counts.latest.value for stage in inside.stages] == [20, 10, 5, 4, 2, 2]
    assert inside.localities == {}


def table(app, caption):
    """Return the cells of the table whose caption begins so, row by row, without what stands small below them."""
    found = re.search(rf"<caption>{caption}.*?</table>", markup(app), re.DOTALL).group(0)
    rows = re.findall(r"<tr>(.*?)</tr>", found.split("<tbody>")[1], re.DOTALL)
    cells = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", re.sub(r"<small>.*?</small>", "", row), re.DOTALL) for row in rows
    ]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in row] for row in cells]


def test_the_page_shows_what_is_stored(use, all_made):
    use(all_made)
    app = open_page("pages/journey.py")
    assert not app.exception
    counts = re.findall(r'<p class="count">(.*?)</p>', markup(app))
    assert counts == ["40", "21", "10", "8", "5", "4"]
    assert (
        "Of 40 contacts about children not already open to social care in Q1 2025/26, 20 (50.0%) came to a referral"
        in (words(app))
    )
    assert "and 4 (10.0%) to a plan, all within 120 days." in words(app)
    assert [row[1] for row in table(app, "40 contacts")] == ["40", "20", "10", "8", "5", "4"]
    steps = {row[0]: row[1:] for row in table(app, "Each step")}
    assert [cell.partition(",")[0] for cell in steps["Section 47 enquiry to first conference"]] == [
        "62.5", "62.5%", "9.0", "9", "100.0%", "0 of 5",
    ]  # fmt: skip
    north = next(row for row in table(app, "How many") if row[0] == "North")
    assert north[1:] == ["20", "10", "5", "4", "2", "2"]
    assert "they are different children" in words(app)
    assert markup(app).count("<figure>") == 10


def test_the_page_says_not_supplied_and_draws_no_further(use, without_discussions):
    use(without_discussions)
    app = open_page("pages/journey.py")
    assert not app.exception
    assert re.findall(r'<p class="count">(.*?)</p>', markup(app))[2] == "not supplied"
    assert [row[1] for row in table(app, "40 contacts")] == ["40", "20"] + ["not supplied"] * 4
    assert "no figure sent" in words(app)


def test_nothing_is_drawn_through_a_list_with_a_gap(sqlite_url):
    store = empty_store(sqlite_url, read_definitions(partnership=seeded.PARTNERSHIP))
    made = rows_of(*CAME_TO)
    enquiries = made.pop("section_47")
    land(store, {"contacts": made.pop("contacts")}, COVERS, agency="mash")
    land(store, made, COVERS, agency="council")
    for first, last in (("2024-04-01", "2025-05-09"), ("2025-07-01", "2025-09-30")):
        sent = [row for row in enquiries if first <= row["start_date"] <= last]
        land(store, {"section_47": sent}, (first, last), agency="council")
    cohort = build_journey(store, View(Q2), "quarter").cohort
    assert cohort.period == QUARTERS[-2]
    assert [one.number for one in cohort.followed] == [40, 20, 10, None, None, None]
    store.close()
