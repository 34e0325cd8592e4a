"""Partners' files for tests: fictional rows as workbooks and text files, and an empty store to load them into."""

import csv
import datetime
import io
from functools import cache

import xlsxwriter

from data_loaders import check_files, land
from data_loaders.grid import FileContent, Sheet
from data_loaders.parsing import Context
from data_loaders.places import Places
from data_loaders.reading import read_file
from scorecards.definitions import Definitions, ExpectedReturn, Locality, read_definitions
from scorecards.store import Store
from tests.prepared import open_prepared

TODAY = datetime.date(2025, 10, 14)
MADE = datetime.datetime(2025, 10, 14)
LOCALITIES = {
    "north": Locality(title="North", aliases=("Northern",), teams=("North team",), districts=("Hill",), providers=()),
    "south": Locality(title="South", teams=("South team",), districts=("Vale",), providers=("Vale hospital",)),
}
KPIS = ("referrals", "cpp_stock", "assaults_recorded", "missing_home_episodes")
LEADS = {"missing_episodes": "police"}
RETURNS = tuple(
    ExpectedReturn.model_validate({"every": "quarter", "due_days_after": 8, "from": "2025-04-01", **one})
    for one in (
        {"agency": "council", "records": ["referrals", "section_47", "icpc", "cp_plans"]},
        {"agency": "mash", "records": ["contacts"]},
        {"agency": "police", "records": ["missing_episodes"], "kpis": ["assaults_recorded"]},
    )
)

CONTACTS = ("Child Unique ID", "Date of Contact", "Contact Source")
REFERRALS = ("Child Unique ID", "Date of referral", "Referral Source")
PLANS = ("Child Unique ID", "Child Protection Plan Start Date", "Child Protection Plan End Date")
MISSING = ("Child Unique ID", "Missing from", "Returned", "Missing type", "Home or care")
FIGURES = ("Measure", "Period", "Number")


def leader(sent_by) -> str:
    """Return the agency that leads on a list in tests: the council where it sends the list."""
    return "council" if "council" in sent_by else sent_by[-1]


@cache
def definitions() -> Definitions:
    """The project's definitions with two localities and few KPIs, so that a landing is quick."""
    found = read_definitions()
    leads = tuple(
        lead.model_copy(update={"agency": LEADS.get(lead.records, leader(found.record_types[lead.records].sent_by))})
        for lead in found.partnership.lead_agencies
    )
    us = found.partnership.model_copy(update={"localities": LOCALITIES, "returns": RETURNS, "lead_agencies": leads})
    return found.model_copy(update={"partnership": us, "kpis": {name: found.kpis[name] for name in KPIS}})


def context(today: datetime.date = TODAY) -> Context:
    return Context(definitions(), today, Places(definitions().partnership), lambda identifier: f"hash of {identifier}")


def opened(url: str, today: datetime.date = TODAY) -> Store:
    return open_prepared(url, definitions(), today)


def workbook(**sheets) -> bytes:
    """Return a workbook of the sheets, each a list of rows, the first with the headings."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as book:
        book.set_properties({"created": MADE})  # the same rows have the same bytes
        for name, rows in sheets.items():
            fill(book, book.add_worksheet(name.replace("_", " ")), rows)
    return out.getvalue()


def fill(book, sheet, rows):
    moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            if isinstance(value, str) and value.startswith("#"):
                sheet.write_formula(number, at, "=1/0", None, value)
            elif isinstance(value, datetime.datetime):
                sheet.write_datetime(number, at, value, moment)
            elif value is not None:
                sheet.write(number, at, value)


def text_file(rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def sheet_of(*rows, name="List") -> Sheet:
    """Return rows as the reader gives them."""
    return content_of(*rows, name=name).sheets[0]


def content_of(*rows, name="List") -> FileContent:
    return read_file(workbook(**{name: rows}), "test.xlsx")


def checked(store: Store, *rows, name="test.xlsx", **given):
    """Return the check of one file with one sheet."""
    return check_files(store, [(name, workbook(List=rows))], **given)


def landed(store: Store, *rows, name="test.xlsx", **given):
    """Check and land one file with one sheet, whatever it removes; return (check, what landed)."""
    check = checked(store, *rows, name=name, **given)
    return check, land(store, check, by="a test", confirmed=True)


def live(store: Store, record_type: str, *columns) -> list[tuple]:
    """Return the rows of a list that count, in order."""
    table = store.lists[record_type]
    with store.read() as connection:
        rows = connection.execute(table.select().where(table.c.superseded_in.is_(None))).mappings().all()
    return sorted((tuple(row[name] for name in columns) for row in rows), key=repr)


def day(year: int, month: int, number: int) -> int:
    return datetime.date(year, month, number).toordinal()


def codes(check) -> list[str]:
    return [problem.code for problem in check.problems if problem.severity != "note"]
