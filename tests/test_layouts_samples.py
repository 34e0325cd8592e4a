"""Eleven workbooks and an e-mail as partners send them: read through what was taught once, and by nothing else."""

import datetime
from collections import defaultdict

import pytest

from data_loaders import check_files, land
from data_loaders.layouts import fits, lay_out, tried
from data_loaders.typed import TypedFigure, typed_file, typed_name
from scorecards.periods import period_by_id
from scorecards.store.schema import layout_used, submission
from tests.layouts import content, definitions, drawn, layout_of, opened
from tests.samples.make_layout_samples import FIRST, LAYOUTS, SAMPLES, SECOND

MOVES, HAS_A_NEW_WORD = "two-row-headings", "units-and-breakdowns"
COLUMNS = ("kpi", "period", "provider", "area", "breakdown", "group", "basis")
NUMBERS = ("numerator", "denominator", "value")
LATER = datetime.date(2025, 10, 20)


@pytest.fixture(autouse=True)
def taught(monkeypatch):
    monkeypatch.setenv("SCORECARDS_LAYOUTS", str(LAYOUTS))


@pytest.fixture
def store(database_url):
    store = opened(database_url)
    yield store
    store.close()


def expected_rows(figures):
    """Return what is to be stored of drawn figures: a row for each figure, with its first cell."""
    rows = defaultdict(dict)
    for one in figures:
        key = (one.sheet, *(getattr(one, name) for name in COLUMNS))
        rows[key][one.part] = one
    return sorted((expected_row(key, parts) for key, parts in rows.items()), key=repr)


def expected_row(key, parts):
    first = next(parts[name] for name in NUMBERS if name in parts)
    numbers = [parts[name].number if name in parts else None for name in NUMBERS]
    plain = tuple(None if isinstance(number, str) else number for number in numbers)
    signs = tuple(number if isinstance(number, str) else None for number in numbers)
    return (
        *key,
        *map(float_or_none, plain),
        *signs,
        first.available_from,
        first.cell,
        int(first.cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
    )


def float_or_none(number):
    return None if number is None else round(float(number), 9)


def found_in(check):
    """Return the rows that the check of a file has ready, in the same form."""
    return sorted((row for one in check.lists if one.record_type for row in found_rows(one)), key=repr)


def found_rows(one):
    rows = one.rows
    names = (*COLUMNS, *NUMBERS, *(f"{name}_symbol" for name in NUMBERS), "available_from")
    values = zip(*(rows.columns[name] for name in names), rows.cells, rows.sheet_rows, strict=True)
    return [(one.sheet, *rounded(row)) for row in values]


def rounded(row):
    return tuple(round(value, 9) if isinstance(value, float) else value for value in row)


def check_of(store, name, quarter, **given):
    file, data, figures = drawn(name, quarter)
    (check,) = check_files(store, [(file, data)], **given).files
    return check, figures


@pytest.fixture(scope="module")
def one_store(tmp_path_factory):
    store = opened(f"sqlite:///{tmp_path_factory.mktemp('samples') / 'scorecards.db'}")
    yield store
    store.close()


@pytest.mark.parametrize("name", SAMPLES)
def test_the_first_file_gives_exactly_the_figures_that_were_drawn_each_with_its_cell(one_store, name):
    check, figures = check_of(one_store, name, FIRST)
    assert found_in(check) == expected_rows(figures)
    assert (check.agency, check.layout.name, check.questions) == (SAMPLES[name].agency, name, ())
    assert check.agency_from == f"from the layout '{layout_of(name).title}'"
    assert all(one.read == one.ready + one.refused + one.cells_ignored for one in check.cells)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in (MOVES, HAS_A_NEW_WORD)])
def test_the_next_file_loads_without_a_question(one_store, name):
    check, figures = check_of(one_store, name, SECOND)
    assert found_in(check) == expected_rows(figures)
    assert (check.verdict, check.questions) == ("ready", ())
    assert [problem.code for problem in check.problems if problem.severity != "note"] == []
    assert len(figures) > len(drawn(name, FIRST)[2])


def test_a_file_whose_tables_moved_asks_once_and_is_read_where_they_stand_now(one_store):
    check, figures = check_of(one_store, MOVES, SECOND)
    asked = [(problem.code, problem.sheet) for problem in check.problems if problem.severity != "note"]
    assert (check.verdict, asked, check.lists) == ("to look at", [("layout_moved", "Timeliness")], ())
    assert "moved 2 rows down" in check.own_problems[0].sentence
    name = drawn(MOVES, SECOND)[0]
    check, _ = check_of(one_store, MOVES, SECOND, accept_moved=[name])
    assert found_in(check) == expected_rows(figures)
    assert check.verdict == "ready"


def test_a_new_word_asks_once_and_keeps_only_its_own_figures_out(one_store):
    check, figures = check_of(one_store, HAS_A_NEW_WORD, SECOND)
    (question,) = check.questions
    assert (question.dimension, question.word, question.address, question.figures) == (
        "measure", "Children seen alone", "B7", 2
    )  # fmt: skip
    (problem,) = (one for one in check.problems if one.severity != "note")
    assert (problem.code, problem.cell, problem.value, problem.rows) == (
        "layout_word_unknown", "B7", "Children seen alone", 2
    )  # fmt: skip
    assert found_in(check) == expected_rows(figures)
    (one,) = check.lists
    assert (one.rows_read, one.rows_ready, one.rows_refused) == (12, 10, 2)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_number_of_a_figure_knows_its_cell(name):
    for quarter in (FIRST, SECOND):
        found = tried(content(name, quarter), layout_of(name), definitions())
        cells = {(one.sheet, cell) for one in found.figures for cell in one.cells}
        assert cells == {(one.sheet, one.cell) for one in drawn(name, quarter)[2]}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_layout_fits_no_other_partners_file(name):
    layouts = [layout_of(other) for other in SAMPLES]
    assert [fit.layout.name for fit in fits(layouts, content(name, FIRST)) if fit.kind == "exact"] == [name]


def letter(quarter):
    """Return the figures of the voluntary sector's e-mail as a typed file."""
    period = period_by_id(f"2025-26-Q{quarter}")
    figures = [
        TypedFigure("training_attendance", period.id, number=str(61 + quarter)),
        TypedFigure("mash_contacts", period.id, number="c"),
        TypedFigure("rhi_completed_pct", period.id, number="x", available_from="2025-26-Q3"),
    ]
    if quarter == SECOND:
        figures.append(TypedFigure("Strategy discussions", "Q2 2025/26", number="1,004", area="North"))
    data = typed_file(
        figures, definitions(), agency="voluntary", period=period, by="Safeguarding lead's office",
        note=f"E-mail of week {quarter}.", received=LATER,
    )  # fmt: skip
    return typed_name(definitions(), "voluntary", period, LATER), data


def test_all_twelve_land_quarter_after_quarter_on_either_database(store):
    for quarter in (FIRST, SECOND):
        files = [drawn(name, quarter)[:2] for name in SAMPLES] + [letter(quarter)]
        check = check_files(store, files, accept_moved=[drawn(MOVES, SECOND)[0]])
        reasons = {one.key: "Checked with the sender." for one in check.problems if one.needs_reason}
        landed = land(store, check, by="a test", confirmed=True, reasons=reasons)
        assert landed.files == len(files)
    stored = stored_rows(store)
    for name, sample in SAMPLES.items():
        figures = merged(drawn(name, FIRST)[2], drawn(name, SECOND)[2])
        own = sorted((row[1:] for row in stored if row[0] == (sample.agency, name)), key=repr)
        assert own == without_places(expected_rows(figures)), name
    typed = [row[1:] for row in stored if row[0] == ("voluntary", None)]
    assert len(typed) == 7
    assert ("strategy_discussions", "2025-26-Q2", None, "north", None, None, None, 1004.0) in [row[:8] for row in typed]


def merged(first, second):
    """Return what stands after both files: a figure sent again stands as it was sent last."""
    kept = {(one.kpi, one.period, one.provider, one.area, one.group, one.basis, one.part): one for one in first}
    kept |= {(one.kpi, one.period, one.provider, one.area, one.group, one.basis, one.part): one for one in second}
    return tuple(kept.values())


def without_places(rows):
    """Return rows without sheet, cell and row: an unchanged figure keeps those it first came with."""
    return sorted((row[1:-2] for row in rows), key=repr)


def stored_rows(store):
    """Return each live figure with its sender and the layout that it came through."""
    table = store.lists["aggregate_return"]
    names = (*COLUMNS, *NUMBERS, *(f"{name}_symbol" for name in NUMBERS), "available_from")
    join = table.join(submission, table.c.submission_id == submission.c.id).outerjoin(
        layout_used, submission.c.layout == layout_used.c.hash
    )
    with store.read() as connection:
        query = join.select().where(table.c.superseded_in.is_(None)).with_only_columns(
            table.c.agency, layout_used.c.name, *(table.c[name] for name in names)
        )  # fmt: skip
        return [((row[0], row[1]), *rounded(row[2:])) for row in connection.execute(query)]


def test_a_submission_keeps_how_it_came_and_the_words_of_its_layout(one_store):
    name, data, _ = drawn("police-councils", FIRST)
    land(one_store, check_files(one_store, [(name, data), letter(FIRST)]), by="a test")
    with one_store.read() as connection:
        sent = connection.execute(submission.select().order_by(submission.c.id)).mappings().all()
        (kept,) = connection.execute(layout_used.select()).mappings().all()
    assert [(one["agency"], one["source"], one["period"], one["note"]) for one in sent] == [
        ("police", "layout", None, None),
        ("voluntary", "typed", "2025-26-Q1", "E-mail of week 1."),
    ]
    assert (kept["hash"], kept["agency"], kept["name"]) == (sent[0]["layout"], "police", "police-councils")
    assert "Assaults on persons aged 0-17" in kept["body"]


def test_figures_are_laid_out_as_a_list_of_our_own_form():
    layout = layout_of("several-tables")
    (fit,) = fits([layout], content("several-tables", FIRST))
    laid = lay_out(content("several-tables", FIRST), fit, definitions())
    (table,) = laid.tables
    assert (table.title, table.sheet.name, table.figures, table.unanswered) == (
        "Activity, Caseload, Assessments by locality", "Dashboard", 5, 0
    )  # fmt: skip
    filled = [[cell.value for cell in table.sheet.row(row) if cell.value is not None] for row in range(6)]
    assert filled[0][:3] == ["Measure", "Period", "Provider"]
    assert filled[1:] == [
        ["icpc_held", "2025-26-Q1", "partnership", 35.0],
        ["cpp_starts", "2025-26-Q1", "partnership", 29.0],
        ["cpp_stock", "2025-26-Q1", "partnership", 141.0, "at_date"],
        ["assessments_completed", "2025-26-Q1", "north", 28.0],
        ["assessments_completed", "2025-26-Q1", "south", 29.0],
    ]
    assert [table.sheet.address(3, at) for at in (0, 1, 6)] == ["A9", "B8", "B9"]
