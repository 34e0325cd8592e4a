"""What the analyst's registers say, value by value: who is late, what is left to do, what a check found."""

import datetime
from dataclasses import replace
from types import SimpleNamespace

import pytest

from data_loaders import Change, Check, FileCheck, ListCheck, Problem
from data_loaders.containers import given_name
from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id, single_day
from scorecards.returns import Absence, Chaser, Return, ReturnState, SentList, SentProblem
from scorecards.snapshots import SnapshotInfo
from scorecards.ui import dictionary, loading, returns_grid, snapshot_list, verdicts, work_list
from tests.seeded import PARTNERSHIP

TODAY = datetime.date(2025, 10, 14)
DUE = datetime.date(2025, 10, 8)
Q1, Q2 = period_by_id("2025-26-Q1"), period_by_id("2025-26-Q2")
TERM = period_by_id("2024-25-T3")
JULY = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))


@pytest.fixture(scope="module")
def definitions():
    return read_definitions(partnership=PARTNERSHIP)


def returned(state, *, agency="police", period=Q2, late=0, missing=(), kpis=(), refused=0, absent=()):
    received = None if state in (ReturnState.MISSING, ReturnState.NOT_SUPPLIED, ReturnState.NOT_DUE) else DUE
    absent = absent or tuple(Absence(title, title) for title in missing)
    titles = tuple(one.title for one in absent)
    return Return(agency, period, DUE, state, received, late, titles, refused, kpis, absent)


NO_CHASERS: dict = {}
EXPECTED = single_day(datetime.date(2025, 10, 20))
SHAPES = {"green": "●", "red": "■", "none": "○"}


@pytest.mark.parametrize(
    ("one", "kind", "said", "below"),
    [
        (returned(ReturnState.RECEIVED), "green", "Received", ""),
        (returned(ReturnState.RECEIVED, refused=1), "green", "Received", "1 row refused"),
        (returned(ReturnState.LATE, late=12), "amber", "12 days late", ""),
        (returned(ReturnState.PART, late=6, missing=("Plans",)), "amber", "In part", "without Plans, 6 days overdue"),
        (returned(ReturnState.PART, missing=("Plans", "Visits")), "amber", "In part", "without 2 parts of it"),
        (returned(ReturnState.MISSING, late=1, missing=("Plans",)), "red", "Missing", "1 day overdue"),
        (returned(ReturnState.NOT_DUE, missing=("Plans",)), "none", "Not due yet", "due 8 October 2025"),
        (
            returned(ReturnState.NOT_SUPPLIED, late=6, absent=(Absence("a", "Plans", (), "A new system", EXPECTED),)),
            "amber",
            "Not supplied",
            "because: A new system, expected on 20 October 2025, 6 days overdue",
        ),
        (
            returned(ReturnState.NOT_SUPPLIED, absent=(Absence("a", "Plans", (), f"{'word ' * 30}"),)),
            "amber",
            "Not supplied",
            f"because: {'word ' * 11}word …",
        ),
        (returned(ReturnState.RECEIVED, period=TERM, refused=2), "green", "Received", "Summer 24/25, 2 rows refused"),
    ],
)
def test_a_return_is_a_chip_with_what_else_there_is_to_say(one, kind, said, below):
    shape = SHAPES.get(kind) or {"12 days late": "◆", "In part": "◐", "Not supplied": "▲"}[said]
    assert returns_grid.mark_of(one) == returns_grid.Mark(kind, said, below, shape)


def test_every_state_has_a_word_and_a_shape_of_its_own():
    marks = [returns_grid.mark_of(returned(state, late=2, missing=("Plans",))) for state in ReturnState]
    assert len({one.words for one in marks}) == len({one.shape for one in marks}) == len(ReturnState)


def test_a_quarter_for_which_nothing_was_expected_is_not_in_the_grid():
    shown = returns_grid.quarters_shown([returned(ReturnState.RECEIVED, period=Q1)], TODAY)
    assert [one.id for one in shown] == ["2025-26-Q1", "2025-26-Q2"]
    assert [one.id for one in returns_grid.quarters_shown([], TODAY)] == ["2025-26-Q2"]


def test_what_is_due_is_counted_by_state():
    states = (ReturnState.RECEIVED, ReturnState.LATE, ReturnState.PART, ReturnState.MISSING, ReturnState.NOT_DUE)
    said = returns_grid.due_words([returned(state) for state in states], Q2)
    assert said == (
        "Quarter 2 2025/26, July to September 2025. Due 8 October 2025. "
        "2 of 5 here, 1 in part, 1 missing, 1 not due yet."
    )


def test_a_quarter_with_only_a_term_takes_the_term_s_due_date():
    said = returns_grid.due_words([returned(ReturnState.RECEIVED, period=TERM)], Q2)
    assert "Due 8 October 2025. 1 of 1 here." in said


@pytest.mark.parametrize(
    ("older", "said"),
    [
        (0, "The one return due was received."),
        (1, "The one return due was received. One return of an earlier quarter never came in full, and what it feeds "
            "stays without a figure."),
        (2, "The one return due was received. Two returns of earlier quarters never came in full, and what they feed "
            "stays without figures."),
    ],
)  # fmt: skip
def test_what_never_came_is_not_forgotten(definitions, older, said):
    missing = [returned(ReturnState.MISSING, period=Q1, late=90, missing=("Plans",))] * older
    returns = [returned(ReturnState.RECEIVED), *missing]
    found = returns_grid.awaited(returns, definitions, datetime.date(2025, 4, 1), NO_CHASERS, TODAY)
    assert returns_grid.lead_words(returns, found, Q2, definitions) == said


def chased(kind, day, how="email"):
    return Chaser("police", Q2.id, kind, how, datetime.date(2025, 10, day), "", "Ana")


def test_what_was_done_and_who_is_to_hear_of_it_stand_beside_what_is_awaited(definitions):
    one = returned(ReturnState.MISSING, late=40, missing=("Missing episodes",), kpis=("missing_home_episodes",))
    on = datetime.date(2025, 11, 17)
    chasers = {("police", Q2.id): (chased("reminder", 9), chased("reminder", 13, "call"))}
    (found,) = returns_grid.awaited([one], definitions, datetime.date(2025, 4, 1), chasers, on)
    assert (found.name, found.late) == ("police.2025-26-Q2", "40 days overdue")
    assert found.done == "Reminded on 9 October 2025 by e-mail and on 13 October 2025 by telephone."
    assert found.escalation == "Due to be told to the chair of the partnership since 28 October 2025"
    told = {("police", Q2.id): (*chasers["police", Q2.id], chased("escalation", 30, "meeting"))}
    (found,) = returns_grid.awaited([one], definitions, datetime.date(2025, 4, 1), told, on)
    assert found.escalation == ""
    assert found.done.endswith("Escalated on 30 October 2025 in a meeting.")


def test_what_has_come_is_never_due_an_escalation(definitions):
    one = returned(ReturnState.LATE, late=40)
    assert returns_grid.escalation_words(one, definitions, (), datetime.date(2026, 1, 1)) == ""


def sent(refused=0, problems=0, records="cp_plans", agency="council"):
    problem = SentProblem("error", "List 7", "H5", "Plan start", "31/09/2025", "No such day.", "Ask.")
    return SentList(agency, records, "A.xlsx", "List 7", DUE, 100, 100 - refused, refused, (problem,) * problems)


@pytest.mark.parametrize(
    ("lists", "chip", "said"),
    [
        ([], ("none", "Nothing yet"), "Nothing was sent for this quarter yet."),
        ([sent()], ("green", "Done"), "100 rows were stored, and none was refused."),
        ([sent(problems=1)], ("green", "Done"), "One list was stored in full with something to check."),
        ([sent(problems=1)] * 2, ("green", "Done"), "Two lists were stored in full with something to check."),
        ([sent(1, 1)], ("amber", "1 refused"), "99 rows were stored; 1 row was refused, in one list."),
        ([sent(2, 1)] * 2, ("amber", "4 refused"), "196 rows were stored; 4 rows were refused, in two lists."),
    ],
)
def test_what_could_not_be_read_is_a_step(definitions, lists, chip, said):
    step = work_list.problems_step(lists, definitions)
    assert step.chip == chip
    assert said in step.sentence


def test_a_list_with_many_problems_says_how_many_are_shown(definitions):
    (table,) = work_list.problems_step([sent(30, 25)], definitions).tables
    assert table.summary == "Children's social care, Child protection plans: 30 of 100 rows refused"
    assert table.note == "A.xlsx, received 8 October 2025. The first 20 of 25 kinds of problem."
    assert len(table.rows) == 20


def test_a_list_that_is_no_longer_defined_is_shown_by_its_name(definitions):
    (table,) = work_list.problems_step([sent(1, 1, records="gone", agency="gone too")], definitions).tables
    assert table.summary.startswith("gone too, gone:")


def test_a_term_awaited_stands_in_the_step_of_returns(definitions):
    step = work_list.returns_step([returned(ReturnState.NOT_DUE, period=TERM, missing=("Exclusions",))], definitions)
    assert step.chip == ("amber", "1 awaited")
    assert step.tables[0].rows[0][:3] == ("Police", "Summer term 2024/25", "8 October 2025")
    assert work_list.returns_step([returned(ReturnState.RECEIVED)], definitions).is_done


def test_definitions_are_read_through_once_a_year(definitions):
    later = max(kpi.reviewed for kpi in definitions.kpis.values()) + datetime.timedelta(days=400)
    step = work_list.definitions_step(definitions, later, lambda kpi: kpi.id)
    assert f"{len(definitions.kpis)} definitions were last read through more than a year ago." in step.sentence
    assert [table.summary.split(" (")[0] for table in step.tables][-1] == "Definitions to read through"


def test_one_definition_to_read_is_one(definitions):
    kpi = next(iter(definitions.kpis.values()))
    alone = definitions.model_copy(update={"kpis": {kpi.id: kpi}})
    later = kpi.reviewed + datetime.timedelta(days=400)
    step = work_list.definitions_step(alone, later, lambda kpi: kpi.id)
    assert step.sentence == "One definition was last read through more than a year ago."
    fresh = work_list.definitions_step(alone, kpi.reviewed, lambda kpi: kpi.id)
    assert fresh.is_done
    assert fresh.sentence.startswith("Every threshold is agreed or published")


def snapshot(version, period=Q2):
    made = datetime.datetime(2025, 10, 20, 9, tzinfo=datetime.UTC)
    return SnapshotInfo(1, period, "Board", made, "A. Analyst", version, "ab" * 32)


@pytest.mark.parametrize(
    ("snapshots", "chip"),
    [
        ((), ("amber", "To do")),
        ((snapshot(3, Q1),), ("amber", "To do")),
        ((snapshot(3),), ("green", "Done")),
        ((snapshot(2),), ("amber", "Data came later")),
    ],
)
def test_freezing_is_done_when_the_newest_data_is_frozen(snapshots, chip):
    assert work_list.snapshot_step(snapshots, Q2, 3).chip == chip


@pytest.mark.parametrize(
    ("count", "chip", "said"),
    [
        (0, ("green", "Done"), "Nothing stands out this quarter."),
        (1, ("none", "1 to read"), "1 measure or locality stands out this quarter."),
        (2, ("none", "2 to read"), "2 measures and localities stand out this quarter."),
    ],
)
def test_exceptions_are_read_before_the_executive_group_reads_them(count, chip, said):
    step = work_list.exceptions_step(SimpleNamespace(current=(None,) * count))
    assert (step.chip, step.sentence) == (chip, said)


def test_progress_is_counted_in_words():
    done = work_list.exceptions_step(SimpleNamespace(current=()))
    left = work_list.exceptions_step(SimpleNamespace(current=(None,)))
    assert work_list.progress_words([done, done]) == "Everything is done."
    assert work_list.progress_words([done, left]) == "One of the two steps is done."
    assert work_list.progress_words([done, done, left]) == "Two of the three steps are done."


def problem(code="blank_required", severity="error", rows=1, **more):
    facts = {"sheet": "List 7", "cell": "H5", "heading": "Plan start", "value": None, **more}
    return Problem(code, severity, "A.xlsx", sentence="No day.", advice="Ask.", rows=rows, **facts)


def found_list(ready=10, problems=(), **more):
    facts = {"status": "ready", "rows_read": ready, "rows_ready": ready, "covers": JULY, "agency": "council", **more}
    return ListCheck("cp_plans", "List 7", "Child protection plans", problems=tuple(problems), **facts)


def file(name="A.xlsx", verdict="ready", lists=None, agency="council", **more):
    return FileCheck(name, name, verdict, "Child protection plans", agency, lists=lists or (found_list(),), **more)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((file(),), "Store 10 rows"),
        ((file(lists=(found_list(1),)),), "Store 1 row"),
        ((file(), file("B.xlsx")), "Store 20 rows from two files"),
        ((file(verdict="to look at"),), "Store the 10 good rows"),
        ((file(verdict="to look at", lists=(found_list(1),)),), "Store the one good row"),
        ((file(verdict="to look at"), file("B.xlsx")), "Store the 10 good rows and the other file"),
        (
            (file(verdict="to look at"), file("B.xlsx"), file("C.xlsx")),
            "Store the 10 good rows and the two other files",
        ),
    ],
)
def test_the_button_says_what_it_stores(files, said):
    assert verdicts.store_words(Check(files)) == said


def change(**counts):
    numbers = {"added": 0, "changed": 0, "removed": 0, "unchanged": 5, "there": 100, **counts}
    return Change("cp_plans", "Child protection plans", "council", JULY, removed_days=JULY, **numbers)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ((change(added=1204, changed=37, removed=2),), "1,204 rows added, 37 changed and 2 removed."),
        ((change(added=1),), "1 row added."),
        ((change(),), "Nothing changes: all of these rows are stored already."),
    ],
)
def test_what_changes_is_one_sentence(changes, said):
    assert verdicts.change_words(Check((), changes)) == said


def test_one_row_that_goes_is_one(definitions):
    agencies = definitions.partnership.agencies
    said = verdicts.removal_words(replace(change(removed=1, there=0), removed_days=None), agencies)
    assert said == (
        "Child protection plans from Children's social care: 1 row is not in the new file and would no longer count. "
        "Earlier versions keep them."
    )


def test_two_hundred_problems_are_shown_and_the_rest_are_counted():
    many = file(verdict="to look at", lists=(found_list(problems=[problem(severity="warning")] * 205 + [problem()]),))
    (found,) = verdicts.problems_by_file(Check((many,)))
    assert found.title == "A.xlsx: 206 places to look at"
    assert sum(len(part.rows) for part in found.parts) == 200
    assert found.more == "6 more are in the download."


def test_rows_left_out_have_their_reason():
    one = found_list(5, rows_read=9, rows_refused=1, ignored=(("totals", 1), ("blank", 2)))
    assert (
        verdicts.account_words(Check((file(lists=(one,)),)))
        == "9 rows read: 5 can be stored, 1 refused and 3 left out."
    )
    assert verdicts.list_rows(Check((file(lists=(one,)),)))[0].reasons == "1 totals, 2 blank"


def test_a_nil_return_says_so():
    one = found_list(0, status="nothing to report", declared_nil=True)
    assert verdicts.list_rows(Check((file(lists=(one,)),)))[0].reasons == "Declared as nothing to report"


def test_a_heading_that_was_hidden_or_shortened_cannot_name_its_column():
    hidden = [problem("personal_data", heading=heading) for heading in ("Child name", "(not shown)", "Long …", None)]
    assert verdicts.personal_columns(file(own_problems=tuple(hidden))) == [("List 7", "Child name")]


def test_files_of_one_name_are_told_apart_and_equal_ones_are_one():
    brought = [("A.xlsx", b"1"), ("A.xlsx", b"2"), ("B.xlsx", b"1"), ("C.xlsx", b"0")]
    assert loading.with_own_names(brought, {"old.xlsx": b"0"}) == {"A.xlsx": b"1", "A.xlsx (2)": b"2"}


def test_a_file_in_hand_has_the_name_that_the_check_gives_it():
    brought = [("a\u202e" + "b" * 300 + ".xlsx", b"1"), ("c" * 300 + ".xlsx", b"2")]
    names = list(loading.with_own_names(brought, {}))
    assert names == [given_name(name) for name in names]
    assert all(name.endswith(".xlsx") for name in names)


@pytest.mark.parametrize(
    ("covers", "said"),
    [
        (None, ""),
        ((JULY[0], JULY[0]), "1 July 2025"),
        (JULY, "1 July 2025 to 30 September 2025"),
    ],
)
def test_days_covered_are_said_in_words(covers, said):
    assert verdicts.span_words(covers) == said


def test_every_kind_of_column_and_period_has_words(definitions):
    assert len(dictionary.entries(definitions, TODAY)) == len(definitions.kpis)
    assert all(row.kind for one in dictionary.list_entries(definitions) for row in one.columns)


def test_a_target_that_was_agreed_is_the_source_of_its_thresholds(definitions):
    found = {one.kpi.id: one for one in dictionary.entries(definitions, TODAY)}
    assert found["icpc_15wd_pct"].thresholds.startswith("agreed target 82%")
    assert "Executive group" in found["icpc_15wd_pct"].source
    assert found["mash_contacts"].source == ""


@pytest.mark.parametrize(
    ("changed", "seen", "said"),
    [
        (0, 0, "Every figure in it is the same today."),
        (
            1,
            0,
            "Every figure reads the same today; 1 differs only in decimals that are not shown, or in being final now.",
        ),
        (1, 1, "1 figure reads differently today. The snapshot keeps what the board read."),
        (
            5,
            3,
            "3 figures read differently today; 2 more differ only in decimals that are not shown, or in being final "
            "now. The snapshot keeps what the board read.",
        ),
    ],
)
def test_what_differs_from_a_snapshot_is_one_sentence(changed, seen, said):
    assert snapshot_list.difference_words([None] * changed, seen) == said
