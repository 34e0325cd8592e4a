"""What pages draw with; the only room that knows Streamlit."""

from scorecards.ui.address import link
from scorecards.ui.page import Page, begin_page, head
from scorecards.ui.rendering import html, render

__all__ = ["Page", "begin_page", "head", "html", "link", "render"]
