"""What needs attention: reasons, rank, new, continuing and resolved, localities, and returns apart."""

import datetime

import pytest

from scorecards.definitions import Locality, Target, read_definitions
from scorecards.exceptions import Reason, State, find_exceptions, how_far_off
from scorecards.periods import period_by_id
from scorecards.scorecard import View
from tests.seeding import empty_store, land, with_partnership

# Working days: 1 August 2025 was a Friday; a conference 10 days later is in time, 40 days later is not.
LATE, ON_TIME = 40, 10
# An agreed target judges the quarter; where councils stand would judge 12 months.
QUARTERLY = Target.model_validate(
    {"kpi": "icpc_15wd_pct", "from": "2020-04-01", "green": 82.4, "amber": 76.4, "agreed_by": "the executive group"}
)


@pytest.fixture(scope="module")
def definitions():
    places = {name: Locality(title=name.title()) for name in ("north", "south")}
    return with_partnership(
        read_definitions(), localities=places, first_day=datetime.date(2021, 4, 1), targets=(QUARTERLY,)
    )


@pytest.fixture
def store(sqlite_url, definitions):
    opened = empty_store(sqlite_url, definitions)
    yield opened
    opened.close()


def conferences(store, shares, per_quarter=100, until="2025-26-Q2"):
    """Land one quarter of conferences for each percentage in time, the last of them in `until`."""
    rows, day = [], period_by_id(until).first
    starts = [datetime.date(day.year + (day.month - 1 - 3 * back) // 12, (day.month - 1 - 3 * back) % 12 + 1, 15)
              for back in range(len(shares))][::-1]  # fmt: skip
    for start, share in zip(starts, shares, strict=True):
        for number in range(per_quarter):
            took = ON_TIME if number < share * per_quarter / 100 else LATE
            rows.append(
                {
                    "child_id": f"{start} {number}",
                    "s47_start_date": start.isoformat(),
                    "conference_date": (start + datetime.timedelta(days=took)).isoformat(),
                    "locality": "north" if number % 2 else "south",
                    "led_to_plan": "yes",
                }
            )
    last = period_by_id(until).last.isoformat()
    land(store, {"icpc": rows}, (starts[0].replace(day=1).isoformat(), last))


def found(store, period="2025-26-Q2"):
    return find_exceptions(store, View(period_by_id(period)))


def of(items, kpi):
    return [(item.reason, item.state, item.running) for item in items if item.line.kpi.id == kpi and not item.locality]


def test_a_red_is_an_exception_and_a_green_is_not(store):
    conferences(store, [90, 60])
    assert of(found(store).current, "icpc_15wd_pct") == [(Reason.RED, State.NEW, 1)]
    conferences(store, [90, 91])


def test_a_red_that_is_more_than_usual_ups_and_downs_ranks_first(store):
    conferences(store, [90, 91, 90, 89, 90, 91, 90, 89, 90, 91, 90, 89, 90, 60])
    assert of(found(store).current, "icpc_15wd_pct") == [(Reason.RED_AND_CHANGED, State.NEW, 1)]
    ranks = [list(Reason).index(item.reason) for item in found(store).current]
    assert ranks == sorted(ranks)


def test_a_green_that_slipped_is_an_exception_by_its_change_alone(store):
    conferences(store, [99, 98, 99, 98, 99, 98, 99, 98, 99, 98, 99, 98, 99, 90])
    assert of(found(store).current, "icpc_15wd_pct") == [(Reason.CHANGED, State.NEW, 1)]


def test_what_stood_last_quarter_continues_and_says_for_how_long(store):
    conferences(store, [90, 60, 61, 60])
    assert of(found(store).current, "icpc_15wd_pct") == [(Reason.RED, State.CONTINUING, 3)]


def test_a_new_reason_is_new_even_where_another_stood_before(store):
    conferences(store, [79, 80, 79, 78, 79, 80, 79, 78, 79, 80, 79, 78, 79, 76.5, 60])
    (one,) = of(found(store).current, "icpc_15wd_pct")
    assert one == (Reason.RED_AND_CHANGED, State.NEW, 1)
    before = found(store, "2025-26-Q1").current
    assert [item for item in before if item.line.kpi.id == "icpc_15wd_pct"]


def test_what_no_longer_stands_is_resolved(store):
    conferences(store, [90, 60, 95])
    exceptions = found(store)
    assert of(exceptions.current, "icpc_15wd_pct") == []
    assert of(exceptions.resolved, "icpc_15wd_pct") == [(Reason.RED, State.RESOLVED, 0)]
    assert exceptions.resolved[0].line.latest.value == 95


def test_what_nobody_sent_is_not_resolved(store):
    conferences(store, [90, 60], until="2025-26-Q1")
    assert of(found(store, "2025-26-Q1").current, "icpc_15wd_pct")
    assert of(found(store).resolved, "icpc_15wd_pct") == []


def test_a_red_that_has_too_few_cases_now_is_not_resolved(store):
    conferences(store, [90, 60], until="2025-26-Q1")
    few = [
        {"child_id": f"few {number}", "s47_start_date": "2025-08-01", "conference_date": "2025-08-11"}
        for number in range(9)
    ]
    land(store, {"icpc": few}, ("2025-07-01", "2025-09-30"))
    exceptions = found(store)
    assert (of(exceptions.current, "icpc_15wd_pct"), of(exceptions.resolved, "icpc_15wd_pct")) == ([], [])


def test_a_red_of_which_only_part_is_there_now_is_not_resolved(store):
    conferences(store, [90, 60], until="2025-26-Q1")
    some = [
        {"child_id": f"some {number}", "s47_start_date": "2025-07-01", "conference_date": "2025-07-11"}
        for number in range(50)
    ]
    land(store, {"icpc": some}, ("2025-07-01", "2025-07-31"))
    assert of(found(store).resolved, "icpc_15wd_pct") == []


def test_an_amber_counts_only_when_it_gets_worse_on_the_quarter_and_the_year(store):
    conferences(store, [90, 90, 90, 90, 79, 78])
    assert of(found(store).current, "icpc_15wd_pct") == [(Reason.AMBER_GETTING_WORSE, State.CONTINUING, 2)]


def test_an_amber_that_recovers_is_left_alone(store):
    conferences(store, [90, 90, 90, 90, 78, 79])
    assert of(found(store).current, "icpc_15wd_pct") == []


def test_missing_its_line_whatever_happens_is_failing_consistently(store):
    conferences(store, [50, 51, 50, 49, 50, 51, 50, 49, 50, 51, 50, 49, 50, 51])
    item = next(item for item in found(store).current if item.line.kpi.id == "icpc_15wd_pct")
    assert (item.reason, item.also) == (Reason.RED, (Reason.CONSISTENTLY_FAILING,))
    assert how_far_off(item) == pytest.approx((82.4 - 51) / 82.4)


def test_a_locality_beyond_chance_is_an_exception_of_its_own(store):
    rows = []
    for place, on_time in (("north", 95), ("south", 50)):
        for number in range(100):
            took = ON_TIME if number < on_time else LATE
            day = datetime.date(2025, 7, 15)
            rows.append(
                {
                    "child_id": f"{place} {number}",
                    "s47_start_date": day.isoformat(),
                    "conference_date": (day + datetime.timedelta(days=took)).isoformat(),
                    "locality": place,
                }
            )
    land(store, {"icpc": rows}, ("2024-07-01", "2025-09-30"))
    items = [item for item in found(store).current if item.locality]
    assert [(item.key, item.locality.direction) for item in items] == [(("icpc_15wd_pct", "south"), "below")]
    assert (items[0].locality.point.value, items[0].locality.whole.value) == (50, 72.5)
    assert how_far_off(items[0]) > 0
    # For one locality's own view the localities are not compared with each other.
    assert not [
        item for item in find_exceptions(store, View(period_by_id("2025-26-Q2"), "south")).current if item.locality
    ]


def test_a_band_is_off_by_its_nearer_edge(store):
    conferences(store, [100, 100])
    item = next(item for item in found(store).current if item.line.kpi.id == "icpc_to_cpp_pct")
    assert item.reason is Reason.RED
    assert how_far_off(item) == pytest.approx((100 - item.line.thresholds.green_high) / item.line.thresholds.green_high)


def test_a_measure_without_a_figure_is_no_exception_but_its_return_is(store):
    exceptions = found(store)
    assert (exceptions.current, exceptions.resolved) == ((), ())
    assert {one.agency for one in exceptions.returns} >= {"council", "police", "hospital"}
    assert exceptions.measures == len(store.definitions.kpis)
