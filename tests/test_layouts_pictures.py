"""A sender's sheet shown back: what is heading, period, figure, ignored; and nothing of a sheet about children."""

import datetime

import pytest

from data_loaders.grid import Cell
from data_loaders.layouts import picture, propose, tried, words_of
from data_loaders.layouts.pictures import COLUMNS_DRAWN, REMARK, ROWS_DRAWN
from data_loaders.problems import HIDDEN
from scorecards.errors import ScorecardError
from tests.layouts import content_of, definitions, layout, sheet_of

TAUGHT = layout(
    {"first": "B4", "marks": {"A2": "Indicator", "A9": "Gone"}, "ends_before": ["Source"],
     "says": {"period": [{"heading_row": 2}], "area": [{"heading_row": 3}], "provider": [{"cell": "B1"}]}},
    area={"Ours": "partnership", "Theirs": None, "North": "north"},
)  # fmt: skip
DRAWN = """
Wexshire | Hill   |        |       |
Indicator| Apr-25 |        |       | Mai-25
         | Ours   | Theirs | North | Ours
Assaults | 12     | 30     | 5     | 14
New      | 3      |        |       |
Source   |        |        |       |
"""


def roles(taught, *sheets):
    (drawn,) = picture(content_of(*sheets), taught, definitions())
    return {one.address: (one.role, one.meaning) for row in drawn.rows for one in row if one.text}


def test_each_cell_is_told_by_what_it_is_to_the_layout():
    assert roles(TAUGHT, DRAWN) == {
        "A1": ("outside", ""),
        "B1": ("question", "Provider: not known yet"),
        "A2": ("mark", "Found again by this text"),
        "B2": ("period", "Period: April 2025"),
        "E2": ("question", "Period: not known yet"),
        "B3": ("area", "Area: The whole partnership"),
        "C3": ("ignored", "Area: ignored"),
        "D3": ("area", "Area: North"),
        "E3": ("area", "Area: The whole partnership"),
        "A4": ("label", "Measure: Recorded assaults on children"),
        "B4": ("question", "Waits for the meaning of a word: provider"),
        "C4": ("ignored", "Not read: another area"),
        "D4": ("question", "Waits for the meaning of a word: provider"),
        "E4": ("question", "Waits for the meaning of a word: period and provider"),
        "A5": ("question", "Measure: not known yet"),
        "B5": ("question", "Waits for the meaning of a word: measure and provider"),
        "A6": ("outside", ""),
    }


def test_a_figure_says_what_it_is_of():
    taught = TAUGHT.model_copy(update={"words": {**TAUGHT.words, "provider": {"Hill": "Hill"}}})
    found = roles(taught, DRAWN)
    assert found["B4"] == ("figure", "Recorded assaults on children, April 2025, Hill: 12")
    assert found["D4"] == ("figure", "Recorded assaults on children, April 2025, North, Hill: 5")


def test_a_fixed_text_that_is_gone_is_a_question():
    lower = DRAWN.replace("Indicator", "Measure  ")
    both = layout({**TAUGHT.tables[0].model_dump(), "marks": {"A1": "Wexshire", "A2": "Indicator"}})
    assert roles(both, lower)["A2"] == ("question", "Here stood 'Indicator' when the layout was taught")


def test_a_part_of_a_figure_is_told_as_such_and_sections_are_labels():
    taught = layout(
        {"first": "B3", "marks": {"A1": "Indicator"},
         "says": {"measure": [{"section_column": "A"}], "part": [{"label_column": "A"}]}},
    )  # fmt: skip
    found = roles(taught, "Indicator | Q1 2025/26\nIn time |\nNumber | 18\nOut of | 24\nOther |")
    assert found["A2"] == ("label", "Measure: Return interviews within 72 hours")
    assert found["B4"] == ("figure", "Return interviews within 72 hours, Q1 2025/26: out of 24")
    assert found["A5"] == ("outside", "")


def test_without_a_layout_every_cell_is_outside():
    (drawn,) = picture(content_of(DRAWN), None, definitions())
    assert {one.role for row in drawn.rows for one in row} == {"outside"}
    assert (drawn.sheet, drawn.first_row, drawn.columns, drawn.cut) == ("Data", 1, ("A", "B", "C", "D", "E"), "")


def test_only_the_sheets_of_the_layout_are_drawn_or_the_one_that_is_asked_for():
    content = content_of(sheet_of(DRAWN), sheet_of("x | y", name="Notes"), sheet_of([], name="Empty"))
    assert [one.sheet for one in picture(content, TAUGHT, definitions())] == ["Data"]
    assert [one.sheet for one in picture(content, TAUGHT, definitions(), "Notes")] == ["Notes"]
    assert [one.sheet for one in picture(content, None, definitions())] == ["Data", "Notes"]
    assert picture(content_of("x | y"), layout(), definitions()) == ()


def test_a_large_sheet_is_cut_to_what_stands_around_its_tables_and_the_rest_is_said():
    rows = [[None] * 40 for _ in range(100)]
    rows[20][10:12], rows[21][10:12] = ["Indicator", "Apr-25"], ["Assaults", 12]
    rows[99][39] = "far"
    taught = layout({"first": "L22", "marks": {"K21": "Indicator"},
                     "says": {"measure": [{"label_column": "K"}], "period": [{"heading_row": 21}]}})  # fmt: skip
    (drawn,) = picture(content_of(sheet_of(rows)), taught, definitions())
    assert (drawn.first_row, drawn.columns[0], len(drawn.rows), len(drawn.columns)) == (
        15,
        "H",
        ROWS_DRAWN,
        COLUMNS_DRAWN,
    )
    assert drawn.cut == "40 more rows and 10 more columns are not drawn."
    assert {len(row) for row in drawn.rows} == {COLUMNS_DRAWN}


def test_one_row_too_many_is_said_in_the_singular():
    (drawn,) = picture(content_of(sheet_of([["x", 1]] * (ROWS_DRAWN + 1))), None, definitions())
    assert drawn.cut == "1 more row is not drawn."


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12, "12"),
        (0.5, "0.5"),
        (1234567, HIDDEN),  # six digits or more may be an identifier
        (Cell("percent", 0.45), "45%"),
        (True, "TRUE"),
        (False, "FALSE"),
        (datetime.date(2025, 4, 1), "April 2025"),
        (datetime.date(2025, 4, 2), "02/04/2025"),
        (Cell("error", "#N/A"), "#N/A"),
        (Cell("formula", None), "a formula without its result"),
        (Cell("disputed", None), "?"),
        ("Ask jo.bloggs@example.org", HIDDEN),
        ("x" * 70, "x" * 59 + "…"),
    ],
)
def test_a_cell_is_shown_as_excel_shows_it_and_never_a_persons_details(value, text):
    (drawn,) = picture(content_of(sheet_of([[value]])), None, definitions())
    assert drawn.rows[0][0].text == text


def test_a_remark_in_the_place_of_a_number_is_not_shown():
    remark = "The one child who went missing again in August stays with an aunt in Eastvale now."
    content = content_of(sheet_of([["Indicator", "Apr-25"], ["Assaults", remark]]))
    (drawn,) = picture(content, layout(), definitions())
    assert drawn.rows[1][1].text == REMARK
    assert remark[:20] not in repr(tried(content, layout(), definitions()))


CHILDREN = [["Indicator", "Apr-25"], *([name, 1] for name in (
    "Ann Example", "Ben Sample", "Cara Specimen", "Dan Pattern", "Eve Fiction", "Finn Nobody"))]  # fmt: skip
NUMBERS = (9434765919, 4505577104, 9876543210)
LISTS = {
    "names": sheet_of(CHILDREN),
    "identifiers": sheet_of([["Child ID", "Apr-25"], *([f"C{at:04}", 1] for at in range(9))]),
    "a list of ours": sheet_of([["Child Unique ID", "Date of referral"], ["C1", datetime.date(2025, 4, 2)]]),
    "a hidden sheet": sheet_of(DRAWN, state="hidden"),
    "NHS numbers": sheet_of(
        [["Indicator", "Apr-25"], *([number, 1] for number in (9434765919, 4505577104, 9876543210))]
    ),
}


@pytest.mark.parametrize("sheet", LISTS.values(), ids=LISTS)
def test_nothing_of_a_sheet_about_children_is_shown_or_proposed(sheet):
    content = content_of(sheet)
    (drawn,) = picture(content, None, definitions(), "Data")
    assert drawn.hidden.endswith("so what stands in it is not shown.")
    assert {one.text for row in drawn.rows for one in row} <= {"", HIDDEN}
    with pytest.raises(ScorecardError, match="is not shown") as refused:
        propose(content, "Data", definitions(), agency="police")
    assert "Ann" not in str(refused.value)


def test_labels_that_look_like_children_are_no_words_to_teach():
    content = content_of(LISTS["names"])
    assert words_of(content, layout(), definitions()) == ()
    found = tried(content, layout(), definitions())
    assert (found.figures, found.questions) == ((), ())
    assert found.sentence == "The labels seem to hold a person's details. Nothing of the file was read."


def test_sites_that_are_called_like_people_are_no_people_once_they_are_taught():
    names = [row[0] for row in CHILDREN[1:]]
    rows = [["Indicator", "Site", "Apr-25"], *(["Assaults", name, 1] for name in names)]
    taught = layout(
        {"first": "C2", "says": {"provider": [{"label_column": "B"}]}}, provider=dict.fromkeys(names, "Oak")
    )
    assert len(words_of(content_of(sheet_of(rows)), taught, definitions())) == 8
