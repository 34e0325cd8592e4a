"""What our settings do, whichever page is open: seen in a browser on a page of ordinary parts."""

import socket
from urllib.parse import urlsplit

import pytest

PAGE = """
import streamlit as st

st.set_page_config(page_title="Parts")
st.title("Parts")
st.button("Load", type="primary")
st.selectbox("Period", ["Quarter 1", "Quarter 2"])
st.file_uploader("Partner file")
st.info("Note"); st.success("Landed"); st.warning("Late"); st.error("Refused")
st.markdown("[A link](/) and `code`")
st.caption("As at 30 September")
st.badge("Green", color="green")
if st.button("Fail"):
    raise ValueError("Row 17 of Referrals.xlsx")
"""


@pytest.fixture(scope="module")
def parts(serve, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parts")
    (folder / "app.py").write_text(PAGE)
    return serve(folder, app=folder / "app.py")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_our_colours_can_be_read_by_day_and_by_night(parts, visit, page, axe_violations, scheme):
    page.emulate_media(color_scheme=scheme)
    assert axe_violations(visit(parts)) == []


def test_a_fault_shows_no_value_and_no_traceback(parts, visit, page):
    visit(parts).get_by_role("button", name="Fail").click()
    page.get_by_test_id("stException").wait_for()
    assert "Referrals.xlsx" not in page.content()
    assert "Traceback" not in page.content()


def test_only_this_computer_reaches_it(parts):
    # 127.0.0.2 is this computer too, by an address on which nothing of ours may listen.
    with pytest.raises(OSError, match=r"refused|unreachable|assign|timed out"):
        socket.create_connection(("127.0.0.2", urlsplit(parts).port), timeout=5)


def test_a_programme_may_not_drive_the_pages(parts, page):
    assert page.request.post(f"{parts}/_stcore/agent/interact", data={}).status == 403


def test_no_file_of_ours_is_served_by_its_path(parts, page):
    # Any unknown path answers with Streamlit's own empty page.
    answer = page.request.get(f"{parts}/app/static/app.py")
    assert answer.status == 404 or "<noscript>" in answer.text()
