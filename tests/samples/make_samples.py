"""Makes the small samples beside it: a good file of every list in lists/, and in problems/ one file per problem.

Run it from the project's folder: python -m tests.samples.make_samples. A file in problems/ is named after the problem
that it has. Everything in them is made up.
"""

import csv
import io
from pathlib import Path

import openpyxl

from tests.samples.more_lists import MORE_LISTS

HERE = Path(__file__).parent

CHILD = "Child Unique ID"
REFERRALS = (CHILD, "Gender", "Date of Birth", "Date of referral", "Referral Source")
REFERRAL = ("R1", "b) Female", "14/02/2012", "03/09/2025", "q) 6: Police")
PLANS = (CHILD, "Child Protection Plan Start Date", "Child Protection Plan End Date")
FIGURES = ("Measure", "Period", "Area", "Number", "Value")

LISTS = {
    "contacts": [
        (CHILD, "Gender", "Date of Birth", "Age", "Date of Contact", "Contact Source", "Initial BRAG", "Outcome"),
        ("C1", "b) Female", "14/02/2012", "13.5", "03/09/2025 14:05", "q) 6: Police", "Amber", "NFA"),
        ("C2", "Unborn", "", "", "04/09/2025", "Health", "Green", "Early help"),
    ],
    "referrals": [REFERRALS, REFERRAL, ("R2", "M", "2015-06-30", "2025-09-04", "2A")],
    "assessments": [
        (CHILD, "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation", "Factors"),
        ("A1", "01/07/2025", "20/08/2025", "3B, 4B; 16A"),
        ("A2", "15/09/2025", "", ""),
    ],
    "strategy_discussions": [
        (CHILD, "Date of strategy discussion", "Police present", "Strategy outcome"),
        ("S1", "03/09/2025", "Yes", "Joint"),
    ],
    "section_47": [(CHILD, "Section 47 start date", "ICPC not required"), ("S1", "04/09/2025", "No")],
    "icpc": [(CHILD, "Section 47 start date", "ICPC date", "Transfer in"), ("S1", "04/09/2025", "18/09/2025", "No")],
    "cp_plans": [
        (*PLANS, "Latest Category of Abuse"),
        ("P1", "01/02/2024", "", "a) Neglect"),
        ("P2", "01/03/2024", "05/08/2025", "Emotional"),
    ],
    "cp_reviews": [("Child ID", "Date of review conference"), ("P1", "05/08/2025")],
    "missing_episodes": [
        ("Nominal reference", "Date and time missing", "Date and time found", "Missing or away", "Home or care"),
        ("M1", "03/09/2025 22:10", "04/09/2025 08:00", "Missing", "Placement"),
        ("M1", "09/09/2025 18:30", "", "Absent", "Family home"),
    ],
    "return_interviews": [
        ("Child ID", "Date and time returned", "RHI offered", "RHI completed", "Child declined"),
        ("M1", "04/09/2025 08:00", "Yes", "06/09/2025 10:00", "No"),
    ],
    "aggregate_return": [
        FIGURES,
        ("Recorded assaults on children", "Q1 2025/26", "", "1,204", ""),
        ("Recorded assaults on children", "Q2 2025/26", "", "nil", ""),
        ("Recorded assaults on children", "Q4 2024/25", "", "c", ""),
    ],
    **MORE_LISTS,
}  # fmt: skip

PROBLEMS = {
    "agency_unknown": [(CHILD, "Date of Contact", "Contact Source"), ("C1", "03/09/2025", "Police")],
    "area_unknown": [FIGURES, ("Recorded assaults on children", "Q1 2025/26", "Atlantis", "3", "")],
    "blank_required": [REFERRALS, ("R1", "F", "", "", "Police")],
    "columns_dropped": [(*REFERRALS, "Allocated Worker"), (*REFERRAL, "Somebody")],
    "columns_unknown": [(*REFERRALS, "Shoe size"), (*REFERRAL, "33")],
    "date_american": [REFERRALS, ("R1", "F", "", "09/25/2025", "Police")],
    "date_impossible": [REFERRALS, ("R1", "F", "", "31/09/2025", "Police")],
    "date_in_future": [REFERRALS, ("R1", "F", "", "03/11/2025", "Police")],
    "date_out_of_range": [REFERRALS, ("R1", "F", "", "03/09/1925", "Police")],
    "date_two_digit_year": [REFERRALS, ("R1", "F", "", "03/09/25", "Police")],
    "date_unreadable": [REFERRALS, ("R1", "F", "", "last week", "Police")],
    "dates_out_of_order": [PLANS, ("P1", "03/09/2025", "02/09/2025")],
    "day_unknown": [(CHILD, "Eligibility Category"), ("V1", "Relevant")],
    "heading_duplicate": [(*REFERRALS, "Source of referral"), (*REFERRAL, "GP")],
    "heading_missing": [(CHILD, "Date of referal", "Referral Source"), ("R1", "03/09/2025", "Police")],
    "kpi_unknown": [FIGURES, ("Recorded asaults on children", "Q1 2025/26", "", "3", "")],
    "list_empty": [REFERRALS],
    "number_below_zero": [FIGURES, ("Recorded assaults on children", "Q1 2025/26", "", "(3)", "")],
    "number_not_whole": [(*PLANS, "Number of Previous Child Protection Plans"), ("P1", "03/09/2025", "", "1.5")],
    "number_unreadable": [FIGURES, ("Recorded assaults on children", "Q1 2025/26", "", "about 3", "")],
    "period_unknown": [FIGURES, ("Recorded assaults on children", "soon", "", "3", "")],
    "personal_data": [(*REFERRALS, "Child name"), (*REFERRAL, "Somebody Else")],
    "row_repeated": [REFERRALS, REFERRAL, REFERRAL],
    "sheet_unrecognised": [(CHILD, "Shoe size"), ("C1", "33")],
    "text_too_long": [(*REFERRALS, "Allocated Team"), (*REFERRAL, "word " * 60)],
    "total_differs": [
        (*REFERRALS, "Previous referrals in last 12 months"),
        (*REFERRAL, "2"),
        ("Total", "", "", "", "", "3"),
    ],
    "value_unknown": [REFERRALS, ("R1", "F", "", "03/09/2025", "Martians")],
}  # fmt: skip


def text_file(rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def workbooks() -> dict[str, bytes]:
    """Return the problems that a text file cannot have: cells that are no texts, and sheets that are hidden."""
    made = {}
    for code, cell in (("error_cell", "#N/A"), ("formula_unsaved", "=B1"), ("date_is_number", 45903)):
        book = openpyxl.Workbook()
        book.active.append(REFERRALS)
        book.active.append(("R1", "F", None, cell, "Police"))
        made[code] = saved(book)
    book = openpyxl.Workbook()
    for row in (REFERRALS, REFERRAL):
        book.active.append(row)
    book.create_sheet("Working").append(("kept", "apart"))
    book["Working"].sheet_state = "hidden"
    return made | {"sheet_hidden": saved(book)}


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def main() -> None:
    for folder, files in (
        ("lists", {f"{name}.csv": text_file(rows) for name, rows in LISTS.items()}),
        ("problems", {f"{name}.csv": text_file(rows) for name, rows in PROBLEMS.items()}),
        ("problems", {f"{name}.xlsx": data for name, data in workbooks().items()}),
    ):
        (HERE / folder).mkdir(exist_ok=True)
        for name, data in files.items():
            (HERE / folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
