"""National returns as they are sent load in a browser: a census in XML, and the tables of an SSDA903 return."""

import re

import pytest

from tests import seeded
from tests.browser.test_analyst import check, settle, sign
from tests.census_files import assessment, case, census, child, enquiry, plan
from tests.seeding import TODAY

CENSUS = census(
    child(1, case(assessment("2024-06-05", "2024-07-30"), enquiry("2024-06-10", "2024-06-28"), plan("2024-06-28"))),
    child(2, case(CINreferralDate="2024-06-31")),
)


@pytest.fixture
def product(serve, tmp_path):
    """An empty store of the demo's partnership."""
    return serve(tmp_path, SCORECARDS_PARTNERSHIP=str(seeded.PARTNERSHIP), SCORECARDS_TODAY=TODAY.isoformat())


def sent(name, data):
    kind = "text/xml" if name.endswith(".xml") else "text/csv"
    return {"name": name, "mimeType": kind, "buffer": data}


def store_all(page):
    sign(page)
    page.get_by_role("button", name=re.compile("^Store (?!nothing)")).first.click()
    page.get_by_text(re.compile("as data version 1")).first.wait_for()
    settle(page)


def test_a_census_is_checked_by_child_and_line_and_stored(product, visit, page):
    visit(f"{product}/load")
    check(page, sent("CIN 2025.xml", CENSUS))
    line = 1 + CENSUS.decode()[: CENSUS.decode().rindex("<CINdetails>")].count("\n")
    assert page.get_by_text(f"Child 2, CIN 1, line {line}").count() > 0
    assert page.get_by_text("June has 30 days.").count() > 0
    assert page.get_by_text("A123456789101").count() == 0
    store_all(page)


@pytest.mark.shared
def test_a_real_ssda903_return_is_recognised_and_stored(product, visit, page, shared):
    files = sorted((shared / "data" / "ssda903").glob("2021-*.csv"))
    visit(f"{product}/load")
    check(page, *(sent(path.name, path.read_bytes()) for path in files))
    for title in ("episodes of care", "children (header)", "(OC2)"):
        assert page.get_by_text(re.compile(rf"SSDA903 return: .*{re.escape(title)}")).count() > 0
    store_all(page)
