"""The first draft of a layout: a guess that a person corrects, good enough that there is little to correct."""

import datetime

import pytest

from data_loaders.layouts import Layout, layout_problems, propose, tried
from scorecards.errors import ScorecardError
from tests.layouts import content, content_of, definitions, drawn, layout_of, sheet_of
from tests.samples.make_layout_samples import FIRST, SAMPLES


def proposed(*sheets, name="Data", file="figures.xlsx", agency="police"):
    return propose(content_of(*sheets, name=file), name, definitions(), agency=agency)


def only(*sheets, **more):
    (table,) = proposed(*sheets, **more).tables
    return table


def says(table):
    return {
        name: [next(iter(one.model_dump(exclude_none=True).items())) for one in sources]
        for name, sources in table.says.items()
    }


def with_words_of(draft: Layout, other: Layout) -> Layout:
    """Return a draft with the meanings that were taught to another layout."""
    words = {name: {**draft.words.get(name, {}), **more} for name, more in other.words.items()}
    return draft.model_copy(
        update={"measures": {**draft.measures, **other.measures}, "words": {**draft.words, **words}}
    )


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "several-tables"])
def test_of_a_real_return_only_the_words_remain_to_be_taught(name):
    file = content(name, FIRST)
    expected = {(one.sheet, one.cell) for one in drawn(name, FIRST)[2]}
    found = set()
    for sheet in dict.fromkeys(one for one, _ in expected):
        draft = propose(file, sheet, definitions(), agency=SAMPLES[name].agency)
        assert layout_problems(draft, definitions()) == ()
        taught = tried(file, with_words_of(draft, layout_of(name)), definitions())
        found |= {(one.sheet, cell) for one in taught.figures for cell in one.cells}
        assert taught.questions == ()
    assert found == expected


def test_of_several_tables_each_is_found_and_one_measure_is_to_be_said():
    file = content("several-tables", FIRST)
    draft = propose(file, "Dashboard", definitions(), agency="council")
    assert [(table.title, table.first) for table in draft.tables] == [
        ("Quarterly dashboard", "B4"), ("Locality", "J4"), ("Caseload", "B9")
    ]  # fmt: skip
    taught = tried(file, with_words_of(draft, layout_of("several-tables")), definitions())
    assert [(one.dimension, one.word, one.figures) for one in taught.questions] == [("measure", "Dashboard", 2)]
    assert len(taught.figures) == 3


def test_a_draft_is_nobodys_until_somebody_keeps_it():
    draft = proposed("Indicator | Apr-25\nAssaults | 12")
    assert (draft.agency, draft.name, draft.taught_by, draft.taught_on) == (
        "police", "draft", "draft", datetime.date.today()
    )  # fmt: skip


def test_the_titles_and_names_that_are_exactly_ours_are_proposed_as_such():
    draft = proposed("""
    Indicator                    | Area  | Apr-25
    Recorded assaults on children | North | 12
    Missing                      | South | 7
    Missing                      | Total | 9
    """)
    assert {word: meaning.kpi for word, meaning in draft.measures.items()} == {
        "Recorded assaults on children": "assaults_recorded"
    }
    assert draft.words == {"area": {"North": "north", "South": "south"}}


@pytest.mark.parametrize(
    ("heading", "dimension"),
    [
        ("Unit", "unit"), ("Measured as", "basis"), ("Sex", "group"), ("Broken down by", "breakdown"),
        ("Site", "provider"), ("Local authority", "area"), ("Expected", "available_from"),
    ],
)  # fmt: skip
def test_a_column_is_named_by_its_heading(heading, dimension):
    table = only(f"Indicator | {heading} | Split by | Apr-25\nAssaults | one | kind | 12\nMissing | two | kind | 7")
    assert ("label_column", "B") in says(table).get(dimension, [])


@pytest.mark.parametrize(
    ("words", "dimension"),
    [
        (("Number", "%", "Number", "%"), "unit"),
        (("Number", "Out of", "Number", "Out of"), "part"),
        (("Average", "Total", "Month End", "Total"), "basis"),
        (("Vale hospital", "Hill Infirmary", "NHS trust", "x"), "provider"),
        (("Eastvale Borough", "Northborough Council", "x", "Hill District"), "area"),
    ],
)
def test_a_column_without_a_heading_is_named_by_its_words(words, dimension):
    rows = [["Indicator", "", "Apr-25"], *([f"Indicator {at}", word, at] for at, word in enumerate(words, 1))]
    assert says(only(sheet_of(rows)))[dimension] == [("label_column", "B")]


def test_a_row_of_headings_that_is_no_period_is_the_area_or_the_measure():
    both = only("| Apr-25 | Apr-25\nIndicator | Ours | Theirs\nAssaults | 12 | 30\nMissing | 3 | 4")
    assert says(both) == {
        "period": [("heading_row", 1)], "measure": [("label_column", "A")], "area": [("heading_row", 2)]
    }  # fmt: skip
    across = only("Period | Assaults | Missing\nApr-25 | 12 | 7\nMay-25 | 14 | 9")
    assert says(across) == {"period": [("label_column", "A")], "measure": [("heading_row", 1)]}
    same = only("| Apr-25 | May-25\nIndicator | Count | Count\nAssaults | 12 | 30\nMissing | 3 | 4")
    assert says(same) == {
        "period": [("heading_row", 1)],
        "measure": [("label_column", "A")],
        "part": [("heading_row", 2)],
    }


@pytest.mark.parametrize(
    ("title", "sheet", "file", "source"),
    [
        ("Return for 2025/26", "Data", "figures.xlsx", ("cell", "A1")),
        ("2025/26", "Data", "figures.xlsx", ("cell", "A1")),
        ("Wexshire", "Data 2025-26", "figures.xlsx", ("sheet_name", True)),
        ("Wexshire", "Data", "Return 2025-26.xlsx", ("file_name", True)),
        ("Wexshire", "Data", "figures.xlsx", ("sheet_name", True)),
    ],
)
def test_a_year_is_looked_for_above_the_table_then_in_the_names(title, sheet, file, source):
    drawn = sheet_of(
        [[title], ["Indicator", "Q1", "Q2", "YTD"], ["Assaults", 12, 14, 26], ["Missing", 1, 2, 3]], name=sheet
    )
    assert says(only(drawn, name=sheet, file=file))["period"] == [source, ("heading_row", 2)]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("Data", "Data"), ("Data Q1", "Data *"), ("Q2 2025-26", "*"), ("Sept 25 figures", "* figures"), ("2021-22", "*")],
)
def test_next_quarters_sheet_is_the_same_by_its_name(name, pattern):
    drawn = sheet_of("Indicator | Q1 2025/26\nAssaults | 12", name=name)
    assert only(drawn, name=name).sheet == pattern


def test_lines_of_their_own_are_part_of_the_measure_where_labels_repeat_below_them():
    sections = "Indicator | Apr-25\nHome |\nMissing | 7\nFound | 3\nCare |\nMissing | 2\nFound | 1"
    table = only(sections)
    assert (says(table)["measure"], table.blank_rows) == ([("section_column", "A"), ("label_column", "A")], 1)
    without = only(sections.replace("Care |\nMissing | 2\nFound | 1", "Care |\nAbsent | 2\nAway | 1"))
    assert says(without)["measure"] == [("label_column", "A")]


def test_sites_below_each_measure_are_sites():
    table = only(
        "Site | Apr-25\nSelf-harm |\nVale hospital | 7\nHill clinic | 3\nInjuries |\nVale hospital | 2\nHill clinic | 1"
    )
    assert says(table) == {
        "period": [("heading_row", 1)], "provider": [("label_column", "A")], "measure": [("section_column", "A")]
    }  # fmt: skip


def test_a_gap_before_the_months_of_another_year_does_not_end_the_table():
    table = only(
        "Indicator | Apr-25 | May-25 |  | Apr-24 | May-24\nAssaults | 1 | 2 |  | 3 | 4\nMissing | 1 | 2 |  | 3 | 4"
    )
    assert (table.first, table.blank_columns) == ("B2", 1)


def test_marks_are_texts_that_will_be_the_same_next_time():
    table = only("""
    Official - Sensitive          |        |
    Wexshire Police               |        |
    Return 14, Quarter 1 2025/26  |        |
    Ref     | Indicator           | Apr-25 | May-25
    1.1     | Assaults            | 12     | 14
    """)
    assert table.marks == {"A4": "Ref", "B4": "Indicator", "A2": "Wexshire Police"}
    assert table.title == "Wexshire Police"


def test_without_headings_the_first_labels_mark_the_table():
    table = only("Assaults | 12\nMissing | 7")
    assert (table.marks, table.title) == ({"A1": "Assaults", "A2": "Missing"}, "Data, from B1")


@pytest.mark.parametrize(
    "drawn", ["Just | words\nand | more", "1 | 2\n3 | 4", "Q1 | Q2\n1 | 2", "A1 | 5\nB2 | 6", "Note"]
)
def test_a_sheet_without_a_table_of_figures_has_no_draft(drawn):
    with pytest.raises(ScorecardError, match="looks like a table of figures"):
        proposed(drawn)


def test_a_sheet_that_is_not_there_has_no_draft():
    with pytest.raises(ScorecardError, match="has no sheet 'Figures'"):
        proposed("x", name="Figures")


def test_what_a_draft_cannot_say_it_leaves_to_the_person():
    table = only("Indicator | Group | Apr-25\nAssaults | Under 5 | 12\nMissing | 5 to 9 | 7")
    assert "group" not in table.says
    long = only(sheet_of([["A long sentence over the figures that says what the table is about, and for whom it is"],
                          ["Indicator", "A long sentence over the figures that is a title of the table and no heading"],
                          ["Assaults", 12], ["Missing", 3]]))  # fmt: skip
    assert says(long)["period"] == [("sheet_name", True)]
