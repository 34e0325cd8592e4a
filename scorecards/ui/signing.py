"""Owns the reader's name: asked once a session, and kept with whatever they store or freeze."""

import streamlit as st

YOUR_NAME = "your_name"


def your_name() -> str:
    """Draw the question for the reader's name, asked once a session and kept with what they store."""
    # Streamlit forgets a widget that is not drawn, so the name has a key of its own beside the widget's.
    asked = f"ask_{YOUR_NAME}"
    st.session_state[asked] = st.session_state.get(YOUR_NAME, "")
    st.text_input("Your name, kept with what you store", key=asked, max_chars=80, on_change=_keep_name, width=360)
    return name_given()


def name_given() -> str:
    """Return the name that was given above on the same page; "" where none was."""
    return st.session_state.get(YOUR_NAME, "").strip()


def _keep_name() -> None:
    st.session_state[YOUR_NAME] = st.session_state[f"ask_{YOUR_NAME}"]
