"""Figures from a letter, a PDF or an e-mail: typed once, and checked, previewed and kept like any file."""

import datetime

import pytest

from data_loaders import check_files, land
from data_loaders.reading import read_file
from data_loaders.typed import Typed, TypedFigure, typed_file, typed_from, typed_name
from scorecards.errors import ScorecardError
from scorecards.periods import period_by_id
from scorecards.store.schema import submission
from tests.layouts import definitions, opened
from tests.partner_files import live, workbook

Q2 = period_by_id("2025-26-Q2")
RECEIVED = datetime.date(2025, 10, 10)


def typed(*figures, by="Performance team", note="E-mail of 10 October, second table.", agency="police"):
    return typed_file(
        figures, definitions(), agency=agency, period=Q2, by=by, note=note, received=RECEIVED
    )  # fmt: skip


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


FIGURES = (
    TypedFigure("assaults_recorded", "2025-26-Q2", number="1,031"),
    TypedFigure("Missing episodes from home", "Q2 2025/26", number="<5", area="North"),
    TypedFigure("rhi_72h_pct", "2025-26-Q2", value="62.5%"),
    TypedFigure("cpp_ends", "2025-26-Q2", number="12", breakdown="age band", group="under 5", basis="in_period"),
    TypedFigure("ed_self_harm", "2025-26-Q2", number="x", provider="Vale hospital", available_from="2025-26-Q3"),
    TypedFigure("referrals", "2025-26-Q2"),
)


def test_typed_figures_are_stored_with_who_sent_them_when_and_a_note(store):
    name = typed_name(definitions(), "police", Q2, RECEIVED)
    check = check_files(store, [(name, typed(*FIGURES))])
    (file,) = check.files
    assert (file.agency, file.agency_from, file.rows_ready) == ("police", "from the cover sheet", 5)
    assert [problem.code for problem in check.problems if problem.severity == "error"] == []
    reasons = {one.key: "Checked." for one in check.problems if one.needs_reason}
    land(store, check, by="an analyst", received={name: RECEIVED}, reasons=reasons)
    columns = ("kpi", "numerator", "numerator_symbol", "value", "area", "provider", "group", "basis", "available_from")
    assert live(store, "aggregate_return", *columns) == [
        ("assaults_recorded", 1031.0, None, None, "partnership", None, None, None, None),
        ("cpp_ends", 12.0, None, None, "partnership", None, "under 5", "in_period", None),
        ("ed_self_harm", None, "x", None, "partnership", "Vale hospital", None, None, "2025-26-Q3"),
        ("missing_home_episodes", None, "<5", None, "north", None, None, None, None),
        ("rhi_72h_pct", None, None, 62.5, "partnership", None, None, None, None),
    ]
    with store.read() as connection:
        (one,) = connection.execute(submission.select()).mappings().all()
    assert (one["source"], one["period"], one["note"], one["received_on"]) == (
        "typed", "2025-26-Q2", "E-mail of 10 October, second table.", RECEIVED.toordinal()
    )  # fmt: skip


def test_the_same_figures_typed_again_are_known(store):
    name = typed_name(definitions(), "police", Q2, RECEIVED)
    land(store, check_files(store, [(name, typed(FIGURES[0]))]), by="an analyst")
    assert check_files(store, [(name, typed(FIGURES[0]))]).files[0].verdict == "nothing new"


def test_a_typed_file_goes_by_sender_period_and_day():
    assert typed_name(definitions(), "police", Q2, RECEIVED) == "Typed in - Police - Q2 2025-26 - 10-10-2025.xlsx"
    assert read_file(typed(FIGURES[0]), "x.xlsx").sheets[0].name == "Cover"


def test_what_was_typed_wrong_is_told_by_the_check(store):
    check = check_files(
        store, [("typed.xlsx", typed(TypedFigure("assaults_recorded", "2025-26-Q2", number="about 30")))]
    )
    assert [problem.code for problem in check.problems if problem.severity == "error"] == ["number_unreadable"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kpi": "assaults"}, "'assaults' is not a measure of ours."),
        ({"period": "this quarter"}, "'this quarter' is not a period. Write Q2 2025/26, August 2025 or 2024/25."),
    ],
)
def test_a_measure_or_period_that_is_not_known_is_told_at_once(change, sentence):
    with pytest.raises(ScorecardError) as refused:
        typed(TypedFigure(**{"kpi": "assaults_recorded", "period": "2025-26-Q2", "number": "3", **change}))
    assert sentence in str(refused.value)


def test_without_a_figure_there_is_no_file():
    with pytest.raises(ScorecardError, match="Type at least one figure"):
        typed(FIGURES[-1])
    with pytest.raises(ScorecardError, match="is not an agency"):
        typed(FIGURES[0], agency="polise")


@pytest.mark.parametrize(
    ("where", "text", "sentence"),
    [
        ("by", "jo@example.org", "Take personal details out of who sent the figures"),
        ("note", "Call 01234 567890", "Take personal details out of the note"),
        ("note", "About 943 476 5919", "Take personal details out of the note"),
        ("note", "Child 7000123", "Take personal details out of the note"),
        ("note", "About 943\u00a0476\u00a05919", "Take personal details out of the note"),
        ("note", "x" * 501, "Shorten the note: it has 501 characters, and at most 500 are kept."),
    ],
)
def test_a_note_says_nothing_about_a_person(where, text, sentence):
    with pytest.raises(ScorecardError) as refused:
        typed(FIGURES[0], **{where: text})
    assert sentence in str(refused.value)


def test_a_formula_that_is_typed_stays_text():
    data = typed(TypedFigure("assaults_recorded", "2025-26-Q2", number="=1+1"))
    sheet = read_file(data, "x.xlsx").sheets[1]
    assert "=1+1" in [cell.value for cell in sheet.row(1)]


def cover_of(*rows):
    from data_loaders.cover_sheet import read_cover

    content = read_file(workbook(Cover=rows), "x.xlsx")
    return typed_from(content, read_cover(content, definitions()))


TEMPLATE = ["Template", "Safeguarding scorecards return, layout 1, definitions 1"]


def test_a_template_is_no_typed_file_and_a_changed_cover_says_what_it_can():
    assert cover_of(TEMPLATE) is None
    assert typed_from(read_file(workbook(Data=[["x", 1]]), "x.xlsx"), None) is None
    assert cover_of(TEMPLATE, ["Typed in from", "The office"]) == Typed("The office", "", None)
    spoiled = cover_of(TEMPLATE, ["Typed in from", 12], ["Period", "soon"], ["Note", "Call 01234 567890"])
    assert spoiled == Typed("", "", None)
