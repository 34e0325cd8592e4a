"""Snapshots: what is frozen stays as it was, can be read back as it was on the screen, and cannot be altered unseen."""

import datetime
import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from scorecards import snapshots
from scorecards.definitions import Limit, read_definitions
from scorecards.errors import StoreError
from scorecards.exceptions import find_exceptions
from scorecards.measures import sentence
from scorecards.periods import period_by_id
from scorecards.returns import ReturnState
from scorecards.scorecard import Scorecard, View, build_scorecard
from scorecards.series import Point, Status, bring_up_to_date
from scorecards.snapshots.facts import canonical, pack, sha256, unpack
from scorecards.spc import Variation
from scorecards.store import open_store
from scorecards.store.schema import audit, data_version, snapshot
from tests import frozen
from tests.seeding import TODAY, empty_store, land, with_kpi

Q1, Q2 = period_by_id("2025-26-Q1"), period_by_id("2025-26-Q2")
NOON = datetime.datetime(2025, 10, 14, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frozen")
    frozen.make_template(folder)
    return folder


@pytest.fixture
def store(template, own_home):
    opened = frozen.open_copy(template, own_home)
    yield opened
    opened.close()


def freeze(store, period="2025-26-Q2", **more):
    return snapshots.freeze(store, period, made_by="A. Analyst", **{"made_at": NOON, **more})


def late_conferences(store, number, month="2025-08"):
    """Land conferences that replace those of a month."""
    row = {"s47_start_date": f"{month}-01", "conference_date": f"{month}-29", "locality": "north", "led_to_plan": "yes"}
    rows = [{**row, "child_id": f"late {one}"} for one in range(number)]
    land(store, {"icpc": rows}, (f"{month}-01", f"{month}-31"), agency="council")


def test_the_lines_read_back_are_the_lines_that_were_on_the_screen(store):
    content = freeze(store).content
    view = View(Q2, version=store.data_version())
    assert snapshots.scorecard_of(content) == build_scorecard(store, view)


def test_a_theme_reads_back_as_its_scorecard(store):
    content = freeze(store).content
    view = View(Q2, version=store.data_version())
    for theme in store.definitions.partnership.themes:
        shown = build_scorecard(store, view, theme)
        assert snapshots.scorecard_of(content, theme.id) == shown
        assert snapshots.lines_of(content)[theme.id] == shown.lines


def test_exceptions_read_back_as_they_stood(store):
    content = freeze(store).content
    found = find_exceptions(store, View(Q2, version=store.data_version()))
    assert snapshots.exceptions_of(content) == found
    assert "icpc_15wd_pct" in [item.line.kpi.id for item in found.current]


def test_returns_are_kept_whatever_became_of_them(store):
    states = {one.agency: one.state for one in snapshots.returns_of(freeze(store).content)}
    assert states == {"council": ReturnState.LATE, "hospital": ReturnState.MISSING}


def test_the_latest_figures_by_locality_and_group_are_kept(store):
    splits = {(one.kpi, one.breakdown, one.window): one for one in snapshots.splits_of(freeze(store).content)}
    groups = {key: split.groups for key, split in splits.items()}
    assert {group: point.denominator for group, point in groups["icpc_held", "locality", "quarter"].items()} == {
        "north": None,
        "south": None,
    }
    assert sum(point.value for point in groups["icpc_held", "locality", "quarter"].values()) == 100
    assert groups["icpc_15wd_pct", "locality", "rolling_12_months"]["north"].period.kind == "rolling_12_months"
    assert splits["icpc_15wd_pct", "locality", "rolling_12_months"].whole.denominator == 400
    assert {"Infirmary", "General"} == set(groups["ed_self_harm", "provider", "quarter"])


def test_a_group_without_a_figure_for_the_newest_period_is_left_out(store):
    content = freeze(store).content
    for split in snapshots.splits_of(content):
        assert len({point.period for point in split.groups.values()}) == 1


def test_definitions_read_back_with_their_words(store):
    content = freeze(store).content
    definitions = snapshots.definitions_of(content)
    assert definitions.kpis == store.definitions.kpis
    assert definitions.partnership == store.definitions.partnership
    assert definitions.record_types["icpc"].title == store.definitions.record_types["icpc"].title
    assert content["measures"] == {kpi.id: sentence(kpi, store.definitions) for kpi in store.definitions.kpis.values()}


def test_the_population_that_rates_rest_on_is_kept_with_its_release(store):
    assert freeze(store).content["populations"][0] == {
        "area": "partnership", "mid_year": 2024, "children_0_17": 30_000, "release": "Estimates of 2025",
    }  # fmt: skip


def test_a_population_of_a_later_year_is_not_in_force_yet(store):
    assert freeze(store, "2023-24-Q4").content["populations"] == []


def test_coverage_is_kept_as_first_and_last_days(store):
    covered = freeze(store).content["coverage"]["covered"]
    assert covered["icpc"] == [{"from": frozen.FIRST, "to": frozen.LAST}]


def test_fields_for_commentary_stand_empty(store):
    commentary = freeze(store).content["commentary"]
    assert commentary["partnership"] == ""
    assert set(commentary["measures"]) == set(store.definitions.kpis)
    assert set(commentary["measures"].values()) | set(commentary["themes"].values()) == {""}


def test_the_hash_is_of_the_facts_and_not_of_who_and_when(store):
    first = freeze(store)
    second = freeze(store, made_at=NOON + datetime.timedelta(days=1), title="Board of November")
    assert first.info.sha256 == second.info.sha256 == sha256(canonical(first.content))
    assert (first.info.title, second.info.title) == ("Quarter 2 2025/26, July to September 2025", "Board of November")


def test_the_text_is_canonical():
    assert canonical({"b": [1.0, None], "a": "é"}) == '{"a":"é","b":[1.0,null]}'
    with pytest.raises(ValueError, match="Out of range"):
        canonical({"a": float("nan")})


def test_every_kind_of_fact_comes_back_as_it_was():
    assert unpack(datetime.date, pack(NOON.date())) == NOON.date()
    assert unpack(tuple[Status, ...], pack((Status.FINAL, Status.WITHHELD))) == (Status.FINAL, Status.WITHHELD)
    assert pack({1: Q2}) == {"1": "2025-26-Q2"}


def test_snapshots_are_listed_newest_first_without_their_content(store):
    first, second = freeze(store, "2025-26-Q1"), freeze(store)
    assert snapshots.list_snapshots(store) == (second.info, first.info)
    assert (second.info.period, second.info.made_at, second.info.made_by) == (Q2, NOON, "A. Analyst")
    assert second.info.data_version == store.data_version() == 2


def test_a_snapshot_is_read_back_whole(store):
    made = freeze(store)
    assert snapshots.read_snapshot(store, made.info.id) == made


def test_freezing_makes_no_data_version_and_one_audit_line(store):
    made = freeze(store)
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(data_version)) == 2
        who, what = connection.execute(select(audit.c.who, audit.c.what).order_by(audit.c.id.desc())).first()
    assert who == "A. Analyst"
    assert what == f"Froze Q2 2025/26 as snapshot {made.info.id}, SHA-256 {made.info.sha256}"


def test_a_time_without_a_zone_is_utc_and_no_time_is_now(store):
    assert freeze(store, made_at=datetime.datetime(2025, 10, 14, 12)).info.made_at == NOON
    summer = datetime.timezone(datetime.timedelta(hours=1))
    moment = datetime.datetime(2025, 7, 14, 13, 0, 0, 5, tzinfo=summer)
    assert freeze(store, made_at=moment).info.made_at == datetime.datetime(2025, 7, 14, 12, tzinfo=datetime.UTC)
    now = datetime.datetime.now(datetime.UTC)
    assert abs(freeze(store, made_at=None).info.made_at - now) < datetime.timedelta(minutes=2)


@pytest.mark.parametrize(
    ("period", "says"),
    [
        ("2025", "'2025' is not a quarter. Name one as 2025-26-Q2."),
        ("2025-08", "'2025-08' is not a quarter."),
        ("2025-26-Q3", "Q3 2025/26 has not ended yet (October to December 2025). Freeze it when it has."),
        ("2021-22-Q4", "Q4 2021/22 lies before the first quarter with figures, Q1 2022/23."),
    ],
)
def test_what_is_no_quarter_to_freeze_is_told_in_a_sentence(store, period, says):
    with pytest.raises(StoreError) as told:
        freeze(store, period)
    assert str(told.value).startswith(says)
    assert snapshots.list_snapshots(store) == ()


def test_an_empty_store_has_nothing_to_freeze(sqlite_url):
    store = empty_store(sqlite_url, frozen.definitions())
    with pytest.raises(StoreError, match="nothing to freeze yet"):
        freeze(store)
    store.close()


def test_twice_in_one_second_is_once(store):
    freeze(store)
    with pytest.raises(StoreError, match="frozen this very second"):
        freeze(store)
    assert len(snapshots.list_snapshots(store)) == 1


def test_a_later_load_leaves_a_snapshot_untouched(store):
    made = freeze(store)
    late_conferences(store, 5)
    assert snapshots.read_snapshot(store, made.info.id) == made


def test_an_altered_snapshot_is_not_shown(store):
    made = freeze(store)
    body = canonical({**made.content, "data_version": 1})
    with store.writer.begin() as connection:
        connection.execute(update(snapshot).values(body=body))
    with pytest.raises(StoreError, match="no longer matches its SHA-256"):
        snapshots.read_snapshot(store, made.info.id)


def test_a_snapshot_of_a_newer_product_asks_for_an_update(store):
    made = freeze(store)
    body = canonical({**made.content, "snapshot_schema": 2})
    with store.writer.begin() as connection:
        connection.execute(update(snapshot).values(body=body, sha256=sha256(body)))
    with pytest.raises(StoreError, match="newer version of the product"):
        snapshots.read_snapshot(store, made.info.id)


def test_a_snapshot_that_is_not_there_is_told_in_a_sentence(store):
    with pytest.raises(StoreError, match="There is no snapshot 9"):
        snapshots.read_snapshot(store, 9)


def test_no_child_is_in_a_snapshot(store):
    body = canonical(freeze(store).content)
    identifier = store.pseudonymiser.pseudonym("r 1")
    assert identifier not in body
    assert '"child_id"' in body  # the name of a column is all that is said of a child
    assert "r 1" not in json.dumps(json.loads(body)["lines"])


class TestDifferences:
    def test_nothing_differs_at_first(self, store):
        assert snapshots.differences(store, freeze(store)) == ()

    def test_a_later_load_shows_as_was_and_now(self, store):
        made = freeze(store)
        late_conferences(store, 5, "2025-07")
        found = snapshots.differences(store, made)
        told = {(one.kpi.id, one.window, one.area): (one.was.value, one.now.value) for one in found}
        assert told["icpc_held", "quarter", "partnership"][0] == 100
        assert told["icpc_held", "quarter", "north"] != told["icpc_held", "quarter", "partnership"]
        assert {one.period.end for one in found} == {Q2.end}
        assert not any(one.is_redefined for one in found)

    def test_a_figure_that_came_late_differs_from_none(self, store):
        made = freeze(store)
        cell = {"kpi": "ed_self_harm", "period": Q2.id, "area": "partnership", "numerator": 90.0}
        land(store, {"aggregate_return": [cell]}, None, agency="hospital")
        (one,) = [one for one in snapshots.differences(store, made) if one.kpi.id == "ed_self_harm"]
        assert (one.was.status, one.was.value) == (Status.NOT_SUBMITTED, None)
        assert (one.now.status, one.now.value) == (Status.FINAL, 90)

    def test_a_changed_definition_is_told_apart(self, store):
        made = freeze(store)
        measure = store.definitions.kpis["icpc_15wd_pct"].measure
        longer = measure.model_copy(update={"limit": Limit(working_days=40)})
        changed = with_kpi(store.definitions, "icpc_15wd_pct", measure=longer)
        again = open_store(store.url, changed, TODAY)
        bring_up_to_date(again)
        found = [one for one in snapshots.differences(again, made) if one.kpi.id == "icpc_15wd_pct"]
        assert {one.area for one in found} == {"partnership", "north", "south"}
        assert all(one.is_redefined and one.now.value == 100 for one in found)
        again.close()

    def test_a_kpi_that_is_gone_has_no_figure_today(self, store):
        made = freeze(store)
        rest = {name: kpi for name, kpi in store.definitions.kpis.items() if name != "icpc_held"}
        again = open_store(store.url, store.definitions.model_copy(update={"kpis": rest}), TODAY)
        bring_up_to_date(again)
        found = snapshots.differences(again, made)
        assert {(one.kpi.id, one.is_redefined, one.now.value) for one in found} == {("icpc_held", True, None)}
        again.close()


class TestRealChanges:
    def test_a_fall_beyond_the_usual_is_a_real_change(self, store):
        before = freeze(store, "2025-26-Q1")
        changes = {one.line.kpi.id: one for one in snapshots.real_changes(before, build_scorecard(store, View(Q2)))}
        fall = changes["icpc_15wd_pct"]
        assert (fall.was.value, fall.now.value, fall.is_new) == (84, 71, True)
        assert "icpc_held" not in changes  # always 100: nothing moved

    @pytest.mark.parametrize(("variation", "is_told"), [(Variation.CONCERN, True), (Variation.NEUTRAL_LOW, False)])
    def test_a_change_that_was_shown_already_counts_again_only_as_news_that_went_on(self, store, variation, is_told):
        before = freeze(store, "2025-26-Q1")
        next(one for one in before.content["lines"] if one["kpi"] == "icpc_15wd_pct")["pattern"]["variation"] = (
            variation
        )
        line = build_scorecard(store, View(Q2)).line("icpc_15wd_pct")
        line = replace(line, pattern=replace(line.pattern, variation=variation))
        now = Scorecard(View(Q2), None, (line,), 2)
        found = [(one.line.kpi.id, one.is_new) for one in snapshots.real_changes(before, now)]
        assert found == ([("icpc_15wd_pct", False)] if is_told else [])

    def test_a_measure_without_a_figure_now_has_not_changed(self, store):
        before = freeze(store, "2025-26-Q1")
        line = build_scorecard(store, View(Q2)).line("icpc_15wd_pct")
        now = Scorecard(View(Q2), None, (replace(line, latest=Point(Q2)),), 2)
        assert snapshots.real_changes(before, now) == ()

    def test_a_measure_that_was_not_frozen_is_no_change(self, store):
        before = freeze(store, "2025-26-Q1")
        content = {**before.content, "lines": [], "kpis": []}
        empty = snapshots.Snapshot(before.info, content)
        assert snapshots.real_changes(empty, build_scorecard(store, View(Q2))) == ()


class TestSnapshotBefore:
    def test_it_is_the_newest_of_the_newest_earlier_quarter(self, store):
        freeze(store, "2025-26-Q1")
        again = freeze(store, "2025-26-Q1", made_at=NOON + datetime.timedelta(hours=1))
        freeze(store, "2024-25-Q4")
        freeze(store)
        assert snapshots.snapshot_before(store, Q2) == again

    def test_there_may_be_none(self, store):
        freeze(store)
        assert snapshots.snapshot_before(store, Q2) is None


def test_it_freezes_on_both_databases(database_url):
    store = empty_store(database_url, frozen.definitions())
    land(store, {"icpc": frozen.conferences()}, (frozen.FIRST, frozen.LAST), agency="council")
    made = freeze(store)
    assert snapshots.read_snapshot(store, made.info.id) == made
    assert snapshots.scorecard_of(made.content) == build_scorecard(store, View(Q2, version=1))
    assert snapshots.differences(store, made) == ()
    store.close()


def test_the_demo_and_our_own_definitions_survive_the_way_through_json():
    definitions = read_definitions()
    for kpi in definitions.kpis.values():
        assert type(kpi).model_validate(json.loads(json.dumps(pack(kpi)))) == kpi
