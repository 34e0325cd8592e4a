"""Layouts taught and figures typed in, in a browser: accessible in every step, by keyboard, on a telephone."""

import shutil
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError, expect

from tests import seeded
from tests.browser.test_analyst import ENLARGED, NARROW, WIDE, settle, sideways
from tests.samples.make_layout_samples import SAMPLES
from tests.seeding import TODAY

TRUST, TRUST_NEXT = (SAMPLES["council-quarters"].file(quarter) for quarter in (1, 2))
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("taught")


@pytest.fixture(scope="module")
def server(serve, home):
    return serve(home, SCORECARDS_PARTNERSHIP=str(seeded.PARTNERSHIP), SCORECARDS_TODAY=TODAY.isoformat())


@pytest.fixture
def product(server, home):
    """The address of the product, with no layout that another test taught."""
    shutil.rmtree(home / "layouts", ignore_errors=True)
    return server


def bring(page, file, number=0):
    """Choose a drawn file, and wait until it has arrived."""
    name, data, _ = file
    with page.expect_response(lambda answer: answer.request.method == "PUT" and "upload_file" in answer.url):
        page.locator("input[type=file]").nth(number).set_input_files({"name": name, "mimeType": EXCEL, "buffer": data})
    page.get_by_title(name, exact=True).first.wait_for()
    settle(page)


def select(page, label, words, number=0):
    """Choose by typing what one looks for, as somebody without a mouse does."""
    picked = page.locator("[role=option][data-focused=true]", has_text=words)
    for _ in range(4):
        # What is typed while the page is drawn anew goes with it, and is typed again.
        box = page.get_by_role("combobox", name=label).nth(number).element_handle()
        box.focus()
        box.fill(words)
        with suppress(TimeoutError):
            picked.wait_for(timeout=5_000)
            break
    page.keyboard.press("Enter")
    page.wait_for_function("([box, words]) => box.value.includes(words)", arg=[box, words])
    settle(page)


def press(page, name, then):
    """Press a button by the keyboard, and wait for what comes of it."""
    button = page.get_by_role("button", name=name).first
    expect(button).to_be_enabled()
    button.press("Enter")
    page.get_by_text(then).first.wait_for()
    settle(page)


def look_at(visit, product, page, file=TRUST, sender="Children"):
    visit(f"{product}/layouts")
    bring(page, file)
    select(page, "Who sent it", sender)
    press(page, "Look at this file", "Is this how the sheet is to be read?")


def tell_words(page):
    press(page, "This is right", "What do the sender’s words mean?")
    select(page, "“Contacts received”", "Contacts to the front")
    select(page, "“Referrals accepted”", "Referrals to children")
    select(page, "“2025/26 Change”", "Ignore")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"])
def test_every_step_of_teaching_keeps_the_rules(product, visit, page, axe_violations, size, scheme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    look_at(visit, product, page)
    found = axe_violations(page)
    tell_words(page)
    page.get_by_text("Words that were understood").first.click()
    found += axe_violations(page)
    page.get_by_text("I have checked").first.click()
    press(page, "These meanings are right", "would be read")
    page.evaluate("document.querySelectorAll('.stHtml details').forEach(one => one.open = true)")
    found += axe_violations(page)
    assert found == []
    assert sideways(page) <= 0


def test_on_a_telephone_the_sheet_scrolls_in_its_own_box(product, visit, page):
    page.set_viewport_size(ENLARGED)
    look_at(visit, product, page)
    assert sideways(page) <= 0
    box = page.get_by_role("region", name="Sheet Scorecard data as it was sent")
    assert box.evaluate("one => one.scrollWidth > one.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.picture').scrollLeft > 0")


def test_a_layout_is_taught_by_keyboard_and_the_next_quarter_needs_no_question(product, visit, page, axe_violations):
    look_at(visit, product, page)
    tell_words(page)
    page.get_by_text("I have checked").first.click()
    press(page, "These meanings are right", "would be read")
    bring(page, TRUST_NEXT)
    press(page, "Try it on this file", f"Read from {TRUST_NEXT[0]}")
    box = page.get_by_label("Your name, kept with what you store")
    box.fill("A. Analyst")
    box.press("Tab")
    settle(page)
    press(page, "Keep this layout", "is kept.")
    assert axe_violations(page) == []
    press(page, f"Load {TRUST[0]} through it now", "One file checked.")
    visit(f"{product}/load")
    bring(page, TRUST_NEXT)
    press(page, "Check these files", "Nothing has been stored yet.")
    assert page.get_by_role("heading", name="How these files are read").count() == 0
    assert page.get_by_role("button", name="Store ").first.is_visible()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_figures_are_typed_in_and_shown_as_a_file_is(product, visit, page, axe_violations, size):
    page.set_viewport_size(size)
    visit(f"{product}/type_in")
    select(page, "Who sent the figures", "Hospital")
    found = axe_violations(page)
    page.get_by_label("Number", exact=True).first.fill("42")
    press(page, "Check these figures", "Nothing has been stored yet.")
    assert "Typed in - Wexmoor Hospitals NHS Trust" in page.get_by_test_id("stMain").inner_text()
    assert found + axe_violations(page) == []
    assert sideways(page) <= 0


@pytest.mark.parametrize("address", ["layouts", "type_in"])
def test_a_page_works_on_the_first_day(empty_url, visit, axe_violations, address):
    assert axe_violations(visit(f"{empty_url}/{address}")) == []
