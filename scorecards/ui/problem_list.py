"""Owns how problems are drawn: by file and severity, with their places, the reasons they need and the reply."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from scorecards.ui import verdicts
from scorecards.ui.page import Page
from scorecards.ui.parts import plain
from scorecards.ui.rendering import html, render

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_REASON = 300
# What the question after a reason calls each kind of doubt.
DOUBTS = {
    "sudden_jump": "far from what is usual",
    "sudden_nought": "nothing where there always was something",
    "column_copied": "a column that says one thing throughout, or is missing",
    "figure_copied": "the same figure again and again",
    "parts_differ": "parts that do not add up to their whole",
    "to_date_differs": "years to date that give another number than the figure of the period",
    "rows_vanished": "open rows that are in the newer list neither open nor ended",
}


@dataclass(frozen=True)
class Answers:
    """The loaders' ways to answer a sender, whom this room does not know."""

    problems_csv: Callable
    reply_to: Callable
    covering_note: Callable


def draw_problems(page: Page, check, held, answers: Answers) -> None:
    """Draw what needs somebody, file by file, each with the reasons asked for and the reply to its sender."""
    files = {file.name: file for file in check.files}
    sections = verdicts.problems_by_file(check)
    if check.problems and not sections:
        html(render("load_problems_none.html"))
    for section in sections:
        html(render("load_problems.html", problems=section))
        file = files[section.name]
        _ask_reasons(file)
        _offer_reply(page, file, held, answers)
    noted = verdicts.notes(check)
    if noted:
        html(render("load_notes.html", notes=noted))
    if check.problems:
        data = answers.problems_csv(check)
        st.download_button("Download all problems", data, "problems.csv", "text/csv", on_click="ignore")


def _ask_reasons(file) -> None:
    for code, problems in doubts_of(file).items():
        html(render("load_reason.html", problems=problems))
        label = f"Why is this right all the same? ({DOUBTS.get(code, 'hard to believe')})"
        st.text_input(label, key=_key(file, code), max_chars=LONGEST_REASON, help=REASON_HELP)


REASON_HELP = "It is stored only with a reason, kept with your name beside the figures. Name no child in it."


def _key(file, code: str) -> str:
    return f"reason {file.name} {code}"


def doubts_of(file) -> dict[str, list[Any]]:
    """Return the problems of a file that land only with a reason, by code: one answer does for all of a kind."""
    found: dict[str, list[Any]] = {}
    for problem in file.problems:
        if verdicts.is_asked(problem, file):
            found.setdefault(problem.code, []).append(problem)
    return found


def given_reasons(check) -> dict[str, str]:
    """Return what was typed as a reason, by the key of each problem that it answers."""
    return {
        problem.key: st.session_state.get(_key(file, code), "").strip()
        for file in check.files
        for code, problems in doubts_of(file).items()
        for problem in problems
    }


REPLY_HELP = "A workbook with a covering note and every place marked. It holds rows of the file: send it securely."


def _offer_reply(page: Page, file, held, answers: Answers) -> None:
    """Draw the reply to the sender of a file: the workbook in one click, and the words of the e-mail."""
    agencies, today = page.definitions.partnership.agencies, page.store.today
    who = agencies[file.agency].title if file.agency else "the sender"
    received = held.received.get(file.name)

    def workbook() -> bytes:
        data = held.files[file.name]
        return answers.reply_to(page.definitions, data, file, today=today, received=received).workbook

    note = answers.covering_note(page.definitions, file, today, received, with_rows=bool(file.sha256))
    st.download_button(
        plain(f"Reply to {who} about {file.name}"), workbook, verdicts.reply_name(file.name), XLSX,
        on_click="ignore", key=f"reply {file.name}", help=REPLY_HELP,
    )  # fmt: skip
    with st.expander("The covering note, to copy into an e-mail"):
        st.code(note.text, language=None, wrap_lines=True)
