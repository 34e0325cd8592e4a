"""The analyst's pages in a browser: a return loaded and seen in its figure, a quarter frozen and taken away."""

import io
import zipfile

import openpyxl
import pytest

from tests import seeded
from tests.seeding import TODAY
from tests.test_analyst_pages import EPISODES

PAGES = ("load", "returns", "work", "snapshots", "dictionary")
WIDE, NARROW, ENLARGED = {"width": 1280, "height": 900}, {"width": 390, "height": 844}, {"width": 320, "height": 640}
FILE = {"name": "Q2 police.csv", "mimeType": "text/csv", "buffer": EPISODES}
WITH_NAMES = b"Child Unique ID,Child name,Date of referral,Referral Source\n9,Ann Example,01/09/2025,1A\n"
NAMED = {"name": "named.csv", "mimeType": "text/csv", "buffer": WITH_NAMES}


@pytest.fixture(scope="module")
def product(serve, tmp_path_factory):
    home = tmp_path_factory.mktemp("seeded")
    seeded.make(home)
    return serve(home, SCORECARDS_PARTNERSHIP=str(seeded.PARTNERSHIP), SCORECARDS_TODAY=TODAY.isoformat())


def settle(page):
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def check(page, *files):
    """Choose files and ask for their check."""
    page.set_input_files("input[type=file]", list(files))
    for file in files:
        page.get_by_text(file["name"], exact=True).first.wait_for()
    page.get_by_role("button", name="Check these files").click()
    page.get_by_text("Nothing has been stored yet.").wait_for()
    settle(page)


def sign(page):
    box = page.get_by_label("Your name, kept with what you store")
    box.fill("A. Analyst")
    box.press("Tab")
    settle(page)


def sideways(page):
    """Return by how many pixels a page is wider than its window."""
    return page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_keeps_the_accessibility_rules(product, visit, page, axe_violations, address, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    visit(f"{product}/{address}")
    page.evaluate("document.querySelectorAll('.stHtml details').forEach(one => one.open = true)")
    assert axe_violations(page) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_works_on_the_first_day(empty_url, visit, axe_violations, address):
    assert axe_violations(visit(f"{empty_url}/{address}")) == []


@pytest.mark.parametrize("address", PAGES)
def test_a_page_enlarged_four_times_needs_no_sideways_scrolling(product, visit, page, address):
    page.set_viewport_size(ENLARGED)
    visit(f"{product}/{address}")
    page.evaluate("document.querySelectorAll('.stHtml details').forEach(one => one.open = true)")
    assert sideways(page) <= 0


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_was_found_in_files_keeps_the_rules(product, visit, page, axe_violations, size):
    page.set_viewport_size(size)
    check(visit(f"{product}/load"), FILE, NAMED)
    page.evaluate("document.querySelectorAll('.stHtml details').forEach(one => one.open = true)")
    page.get_by_text("Leave out the column “Child name”").wait_for()
    assert axe_violations(page) == []
    assert sideways(page) <= 0


def test_a_return_that_is_loaded_is_seen_in_its_figure(serve, tmp_path, visit, page, axe_violations):
    seeded.make(tmp_path)
    own = serve(tmp_path, SCORECARDS_PARTNERSHIP=str(seeded.PARTNERSHIP), SCORECARDS_TODAY=TODAY.isoformat())
    visit(f"{own}/kpi?kpi=missing_home_episodes")
    page.get_by_text("no figure").first.wait_for()
    check(visit(f"{own}/load"), FILE)
    sign(page)
    page.get_by_role("button", name="Store the 2 good rows").click()
    page.get_by_text("Stored as data version 3 from 1 file").wait_for()
    settle(page)
    assert axe_violations(page) == []
    page.get_by_role("link", name="Missing episodes from home").first.click()
    page.get_by_role("heading", level=1, name="Missing episodes from home").wait_for()
    assert page.locator(".figure").first.inner_text() == "2"


def test_a_return_can_be_loaded_by_keyboard_alone(product, visit, page):
    check(visit(f"{product}/load"), FILE)
    button = page.get_by_role("button", name="Store nothing")
    button.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Nothing was stored, and the files were put away.").wait_for()


def test_a_quarter_is_frozen_and_taken_away_as_a_workbook_and_as_csv(product, visit, page, axe_violations):
    visit(f"{product}/snapshots")
    sign(page)
    page.get_by_role("button", name="Freeze Q2 2025/26").click()
    page.get_by_text("Frozen: Quarter 2 2025/26").wait_for()
    settle(page)
    assert axe_violations(page) == []
    book = openpyxl.load_workbook(io.BytesIO(taken(page, "Download: Excel workbook")))
    assert len(book.sheetnames) > 3
    files = zipfile.ZipFile(io.BytesIO(taken(page, "Download: CSV files"))).namelist()
    assert any(name.endswith(".csv") for name in files)


def test_templates_can_be_taken_away(product, visit, page):
    visit(f"{product}/load")
    for label in ("Download the blank return of", "Download the sheet for past figures of"):
        assert "Cover" in openpyxl.load_workbook(io.BytesIO(taken(page, label))).sheetnames


def taken(page, label):
    """Return the file that a button gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label).first.click()
    return download.value.path().read_bytes()


def test_the_dictionary_is_searched_and_read_by_keyboard(product, visit, page):
    visit(f"{product}/dictionary")
    box = page.get_by_label("Search for a measure, supplier, list, heading or word")
    box.fill("permanent exclusions")
    box.press("Enter")
    page.get_by_text("measures have “permanent exclusions”").wait_for()
    page.get_by_role("link", name="Open the figures of Permanent exclusions", exact=True).click()
    page.get_by_role("heading", level=1, name="Permanent exclusions", exact=True).wait_for()
