"""The pages in a browser: accessible by day and night, wide and narrow, by keyboard, by address and on paper."""

import subprocess

import pytest

from tests import seeded
from tests.seeding import TODAY

PAGES = {
    "overview": "",
    "scorecard": "scorecards?theme=child_protection",
    "measure": "kpi?kpi=icpc_15wd_pct",
    "exceptions": "exceptions",
    "how to read": "how_to_read",
    "accessibility": "accessibility",
}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# What a page of 1280 pixels enlarged four times leaves.
ENLARGED = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def product(serve, tmp_path_factory):
    home = tmp_path_factory.mktemp("seeded")
    seeded.make(home)
    return serve(home, SCORECARDS_PARTNERSHIP=str(seeded.PARTNERSHIP), SCORECARDS_TODAY=TODAY.isoformat())


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_keeps_the_accessibility_rules(product, visit, page, axe_violations, address, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    assert axe_violations(visit(f"{product}/{address}")) == []


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_enlarged_four_times_needs_no_sideways_scrolling(product, visit, page, address):
    page.set_viewport_size(ENLARGED)
    visit(f"{product}/{address}")
    over = "main => main.scrollWidth - main.clientWidth"
    assert page.get_by_test_id("stMain").evaluate(over) <= 0


def test_a_measure_is_reached_from_the_front_page_by_keyboard(product, visit, page):
    visit(product)
    for name in ("Child protection", "Conference within 15 working days"):
        link = page.get_by_role("link", name=name, exact=True).first
        link.focus()
        assert link.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1, name=name).wait_for()
    assert "kpi=icpc_15wd_pct" in page.url


def test_the_menu_carries_on_what_was_chosen(product, visit, page):
    visit(f"{product}/scorecards?theme=child_protection&area=north&period=2025-26-Q1")
    page.get_by_role("link", name="Exceptions").click()
    page.get_by_role("heading", level=1, name="Exceptions for the executive").wait_for()
    assert "area=north" in page.url
    assert "period=2025-26-Q1" in page.url
    page.get_by_text("Quarter 1 2025/26, April to June 2025, North locality.").wait_for()


def test_the_chart_says_its_finding_to_those_who_cannot_see_it(product, visit, page):
    visit(f"{product}/kpi?kpi=icpc_15wd_pct")
    page.get_by_role("figure", name="Line chart of Conference within 15 working days").wait_for()


def test_paper_shows_every_row_and_no_menu(product, visit, page, tmp_path):
    visit(f"{product}/scorecards?theme=child_protection")
    titles = page.locator("table.scorecard tbody th a").all_inner_texts()
    assert len(titles) > 10
    page.pdf(path=tmp_path / "scorecard.pdf", prefer_css_page_size=True)
    printed = text_of(tmp_path / "scorecard.pdf")
    assert [title for title in titles if title not in printed] == []
    # Once at the top of the page, and at the foot of every sheet.
    assert printed.count("unsuppressed figures. Figures as at 14 October 2025.") > 2
    assert "Page 2" in printed
    assert "Load returns" not in printed


def text_of(path):
    """Return the words of a PDF file on one line."""
    try:
        done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("pdftotext is not installed")
    return " ".join(done.stdout.split())
