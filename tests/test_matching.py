"""Which list a sheet is, where its headings stand, and which of its rows are records."""

from dataclasses import replace

import pytest

from data_loaders.blocks import tables_on
from data_loaders.matching import recognise
from data_loaders.tables import table_of
from tests.partner_files import CONTACTS, FIGURES, PLANS, REFERRALS, definitions, sheet_of

ROW = ("C1", "03/09/2025", "Police")
LIST_5 = (
    "Child Unique ID", "Strategy discussion initiating Section 47 Enquiry Start Date",
    "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
)  # fmt: skip
EARLY_HELP = (
    "Child Unique ID", "Gender", "Date of Birth", "Assessment start date", "Assessment completion date",
    "Organisation completing assessment",
)  # fmt: skip


def lists(*rows, name="Sheet", record=None) -> list[str]:
    return [match.record.id for match in recognise(sheet_of(*rows, name=name), definitions(), record).matches]


def matched(*rows):
    sheet = sheet_of(*rows)
    return sheet, recognise(sheet, definitions()).matches[0]


@pytest.mark.parametrize("record", definitions().record_types.values(), ids=lambda record: record.id)
def test_every_list_is_known_by_its_first_headings(record):
    headings = [column.headings[0] for column in record.columns.values()]
    assert lists(headings, ["C1"] * len(headings)) == [record.id]


def test_a_sheet_is_known_by_its_headings_and_not_by_its_name():
    assert lists(REFERRALS, ROW, name="Contacts") == ["referrals"]


def test_headings_are_compared_without_case_marks_and_spaces():
    assert lists(("child  unique id ", "DATE OF CONTACT*", "Contact\u00a0source:"), ROW) == ["contacts"]
    assert lists(("ChildUniqueID", "DateOfContact", "ContactSource"), ROW) == ["contacts"]


def test_headings_may_stand_below_a_title():
    _, match = matched(("List 1: Contacts",), (), ("Drawn up on 1 October",), CONTACTS, ROW)
    assert match.header_row == 3


def test_headings_far_below_a_preamble_are_found():
    [(part, found)] = tables_on(sheet_of(*[("a title",)] * 30, CONTACTS, ROW), definitions())
    assert [(match.record.id, match.header_row) for match in found.matches] == [("contacts", 30)]
    assert part.n_rows == 32


def test_one_row_of_annex_a_list_5_feeds_two_lists():
    assert lists(LIST_5, ("C1", "03/09/2025", "No", "10/09/2025")) == ["section_47", "icpc"]


def test_a_list_of_conferences_that_gives_the_date_of_the_enquiry_lists_no_enquiries():
    headings = (LIST_5[0], LIST_5[1], LIST_5[3], "Led to a child protection plan")
    assert lists(headings, ("C1", "03/09/2025", "10/09/2025", "Yes")) == ["icpc"]


def test_our_own_template_says_which_list_a_sheet_is():
    assert lists(LIST_5, ("C1", "03/09/2025", "No", "10/09/2025"), record="section_47") == ["section_47"]


def test_early_help_is_not_taken_for_social_care_assessments():
    assert lists(EARLY_HELP, ("C1",)) == ["early_help"]
    assert lists(EARLY_HELP[:-1], ("C1",)) == ["assessments"]


def test_a_list_not_used_yet_is_known_by_most_of_its_headings():
    found = recognise(
        sheet_of(("Child Unique ID", "Date of Placement Order", "Date the Child Entered Care"), ("C1",)), definitions()
    )
    assert found.matches == ()
    assert found.unused.title == "Annex A list 10: adoption"


def test_a_sheet_of_codes_is_no_list():
    found = recognise(
        sheet_of(("Eligibility Category", "LA in Touch", "Type of Accommodation", "Gender"), ("a",)), definitions()
    )
    assert (found.matches, found.unused, found.has_children) == ((), None, False)


def test_a_tie_is_broken_by_the_name_of_the_sheet():
    both = ("Child ID", "Date and time returned", "Missing from", "Missing type", "Missing from home or care")
    row = ("C1", "03/09/2025 10:00", "02/09/2025", "Missing", "Home")
    assert lists(both, row, name="Missing episodes") == ["missing_episodes"]


def test_a_misspelt_heading_is_named_and_never_assumed():
    _, match = matched(("Child ID", "Date of contct", "Contact Source"), ROW)
    assert (match.record.id, match.missing, match.suggestion) == ("contacts", ("contact_at",), "Date of contct")


def test_a_list_short_of_one_heading_is_said_to_be_so():
    _, match = matched(("Child ID", "Date of contact", "Remarks"), ROW)
    assert (match.record.id, match.missing) == ("contacts", ("source",))


def test_a_sheet_of_children_that_fits_no_list_is_noticed():
    assert recognise(sheet_of(("Child ID", "Shoe size"), ("C1", 33)), definitions()).has_children
    assert not recognise(sheet_of(("Child ID", "Guidance"), ("Give the identifier", "x")), definitions()).has_children


def test_two_columns_for_one_thing_are_noticed_unless_neither_is_kept():
    _, match = matched((*CONTACTS, "Source", "Age", "Age of child"), (*ROW, "Police", 3, 3))
    assert match.duplicates == (("source", (2, 3)),)


def test_a_heading_that_means_nothing_is_known_to_be_unknown():
    _, match = matched((*CONTACTS, "Shoe size"), (*ROW, 33))
    assert [match.headings[at] for at in match.unknown] == ["Shoe size"]


def test_the_letters_age_in_a_word_are_no_age():
    _, match = matched((*CONTACTS, "Language", "Stage", "Manager"), (*ROW, "a", "b", "c"))
    assert {"Language", "Stage", "Manager"} == {match.headings[at] for at in match.unknown}


# Headings in two rows


def test_headings_in_two_rows_are_read_together():
    upper = ("Child", "Date of", "Contact", "Remarks")
    lower = ("Unique ID", "contact", "source", None)
    _, match = matched(("Contacts",), upper, lower, ROW)
    assert (match.header_row, match.height, match.columns) == (2, 2, {"child_id": 0, "contact_at": 1, "source": 2})
    assert [match.headings[at] for at in match.unknown] == ["Remarks"]


def test_a_merged_upper_heading_stands_over_each_of_its_columns():
    sheet = replace(
        sheet_of(("Child Unique ID", "Contact", None), (None, "date", "source"), ROW),
        merged=((0, 1, 0, 2), (0, 0, 1, 0)),
    )
    [match] = recognise(sheet, definitions()).matches
    assert (match.header_row, match.columns) == (1, {"child_id": 0, "contact_at": 1, "source": 2})


def test_a_group_name_above_whole_headings_is_a_title():
    _, match = matched(("The child", "The contact"), CONTACTS, ROW)
    assert (match.header_row, match.height) == (1, 1)


def test_values_that_are_words_of_headings_are_no_second_row_of_headings():
    headings = ("Child ID", "CSE assessment date", "CSE risk level", "Referring agency")
    assert tables(headings, ("E1", "02/09/2025", "Medium", "School")) == [("cse_assessments", 1, [2])]


def test_headings_and_their_first_row_are_not_taken_for_two_rows_of_headings():
    assert lists(("Child", "Note"), ("Unique ID", "x")) == []


# Several tables


def tables(*rows, merged=()):
    """Return (list, row of its headings, rows of its records, all counted from one) of each table of a sheet."""
    found = []
    for part, known in tables_on(replace(sheet_of(*rows), merged=merged), definitions()):
        match = known.matches[0]
        found.append((match.record.id, match.header_row + 1, (table_of(part, match).rows + 1).tolist()))
    return found


REFERRED = ("C1", "04/09/2025", "GP")


def test_lists_one_below_the_other_are_read_each_by_itself():
    rows = (("Contacts",), CONTACTS, ROW, ROW, (), ("Referrals, second quarter",), REFERRALS, REFERRED)
    assert tables(*rows) == [("contacts", 2, [3, 4]), ("referrals", 7, [8])]


def test_a_title_right_below_a_table_belongs_to_the_next_one():
    assert tables(CONTACTS, ROW, ("Referrals",), REFERRALS, REFERRED) == [("contacts", 1, [2]), ("referrals", 4, [5])]


def test_lists_side_by_side_are_read_each_by_itself():
    rows = [(*CONTACTS, None, *REFERRALS), (*ROW, None, *REFERRED), (*ROW, None, None, None, None)]
    assert tables(*rows) == [("contacts", 1, [2, 3]), ("referrals", 1, [2])]


def test_one_list_with_a_gap_in_its_headings_is_one_list():
    assert tables((*CONTACTS[:2], None, CONTACTS[2]), (*ROW[:2], None, ROW[2])) == [("contacts", 1, [2])]


def test_lists_side_by_side_above_another_end_where_it_begins():
    rows = [(*CONTACTS, None, *REFERRALS), (*ROW, None, *REFERRED), (), PLANS, ("P1", "01/02/2025", None)]
    assert tables(*rows) == [("contacts", 1, [2]), ("referrals", 1, [2]), ("cp_plans", 4, [5])]


def test_the_same_headings_once_more_are_no_new_table():
    rows = (CONTACTS, ROW, (), ("South",), CONTACTS, ROW)
    assert tables(*rows) == [("contacts", 1, [2, 6])]


def test_the_same_list_in_another_order_is_a_table_of_its_own():
    assert tables(CONTACTS, ROW, (), CONTACTS[::-1], ROW[::-1]) == [("contacts", 1, [2]), ("contacts", 4, [5])]


def test_every_cell_of_a_sheet_with_several_tables_stands_in_one_of_them():
    sheet = sheet_of(("a",), (*CONTACTS, None, *REFERRALS), (*ROW, None, *REFERRED), (), ("b",), PLANS, ("P1",), ("z",))
    parts = [part for part, _ in tables_on(sheet, definitions())]
    for row in range(sheet.n_rows):
        for at, cell in enumerate(sheet.row(row)):
            cells = [part.columns[at].cell(row) for part in parts if row < part.n_rows]
            assert sorted(found.kind != "blank" for found in cells)[-1:] == [cell.kind != "blank"], (row, at)
            assert sum(found.kind != "blank" for found in cells) <= 1


def test_a_template_says_itself_what_its_sheets_are():
    sheet = sheet_of(CONTACTS, ROW, (), REFERRALS, REFERRED)
    assert len(tables_on(sheet, definitions(), "contacts")) == 1


def test_far_too_many_tables_are_read_as_one():
    rows = [row for _ in range(15) for row in (CONTACTS, ROW, (), CONTACTS[::-1], ROW[::-1], (), REFERRALS, REFERRED)]
    assert len(tables_on(sheet_of(*rows), definitions())) == 3
    lists_in_turn = [
        (*(f"x{number}" for number in range(width)), *headings)
        for width in range(11)
        for headings in (CONTACTS, REFERRALS)
    ]
    assert len(tables_on(sheet_of(*lists_in_turn), definitions())) == 1


# Rows


def rows_of(*rows):
    sheet, match = matched(*rows)
    table = table_of(sheet, match)
    assert table.read == len(table.rows) + sum(table.ignored.values())
    return (table.rows + 1).tolist(), dict(table.ignored)


def test_blank_rows_and_notes_below_the_table_are_ignored_with_their_reasons():
    table = (CONTACTS, ROW, (), ROW, (), ("Source: our system",), ("Ask the data team",))
    assert rows_of(*table) == ([2, 4], {"note below the table": 2, "blank row": 2})


def test_a_blank_row_within_the_table_does_not_end_it():
    assert rows_of(CONTACTS, (), ROW, (), (), ROW) == ([3, 6], {"blank row": 3})


def test_headings_repeated_in_the_middle_are_ignored():
    assert rows_of(CONTACTS, ROW, CONTACTS, ROW) == ([2, 4], {"headings repeated": 1})


def test_a_title_above_repeated_headings_is_ignored():
    assert rows_of(CONTACTS, ROW, ("South",), ("April",), CONTACTS, ROW) == (
        [2, 6],
        {"headings repeated": 1, "title": 2},
    )


def test_a_line_of_totals_is_ignored():
    headings = (*REFERRALS, "Number of Referrals in Last 12 Months")
    assert rows_of(headings, (*ROW, 1), (*ROW, 2), ("Total", None, None, 3)) == ([2, 3], {"line of totals": 1})


def test_the_word_total_in_a_complete_record_is_no_total():
    assert rows_of(("Team", *CONTACTS), ("Total", *ROW)) == ([2], {})


def test_a_total_of_figures_is_no_measure():
    assert rows_of(FIGURES, ("Recorded assaults on children", "Q2 2025/26", 3), ("Total", "Q2 2025/26", 3))[0] == [2]


def test_a_list_without_rows_has_none():
    assert rows_of(PLANS) == ([], {})
    assert rows_of(PLANS, (), ("No plans this quarter",)) == ([], {"blank row": 1, "note below the table": 1})


@pytest.mark.parametrize("record", definitions().record_types.values(), ids=lambda record: record.id)
def test_a_list_is_known_by_what_it_needs_alone_whichever_headings_are_used(record):
    needed = {name: column.headings for name, column in record.columns.items() if column.required}
    for name, headings in needed.items():
        for heading in headings:
            written = {other: known[0] for other, known in needed.items()} | {name: heading}
            assert lists(list(written.values()), ["C1"] * len(written)) == [record.id], heading
