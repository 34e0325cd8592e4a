"""The only place where HTML is made: templates with escaping on, shown by st.html."""

from functools import lru_cache
from pathlib import Path

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template_name: str, **context) -> Markup:
    """Return a template of scorecards/ui/templates filled in, every value escaped."""
    return Markup(_environment().get_template(template_name).render(**context))


def html(markup: Markup) -> None:
    """Show what `render` made; plain text is refused, so that nothing unescaped reaches the page."""
    if not isinstance(markup, Markup):
        raise TypeError("html() shows only what render() made")
    st.html(str(markup))
