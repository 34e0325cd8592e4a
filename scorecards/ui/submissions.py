"""Owns the register of submissions: who sent what, whether it counts, its original, and taking one back."""

# ruff: noqa: ARG001 (an argument that a cached function does not use is part of its cache's key)

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from scorecards.definitions import Definitions
from scorecards.errors import ScorecardError
from scorecards.format import agency_title, day
from scorecards.narrative.words import capital, listed, spelled
from scorecards.store import Store
from scorecards.submissions import State, Submission, live_rows, submissions_of, with_states
from scorecards.ui.moments import moment_words
from scorecards.ui.page import Page
from scorecards.ui.parts import field_label, plain, section, select
from scorecards.ui.readers import Key
from scorecards.ui.rendering import html, render
from scorecards.ui.row_changes import changes_table, new_figures
from scorecards.ui.signing import your_name
from scorecards.ui.verdicts import count_words, span_words

SHOWN = 20
LONGEST_REASON = 300
EVERYBODY = "all"
STATE_CHIPS = {
    State.STANDS: ("green", "Stands"),
    State.REPLACED: ("none", "Replaced in full"),
    State.WITHDRAWN: ("amber", "Withdrawn"),
}
SOURCES = {
    "file": "as a file",
    "template": "in our template",
    "layout": "through the taught layout ‘{layout}’",
    "typed": "typed in",
}

# What a session remembers: the withdrawal that is looked at, and what the last one did.
LOOKED_AT, DONE, TROUBLE = "withdrawal_looked_at", "withdrawal_done", "withdrawal_trouble"


@dataclass(frozen=True)
class SentWords:
    """What was sent, by whom and when, in the words of every table that names a submission."""

    number: int
    received: str
    agency: str
    title: str
    file: str
    sheet: str
    came: str
    note: str
    covers: str
    original: str


@dataclass(frozen=True)
class SubmissionRow:
    """One line of the register."""

    sent: SentWords
    stored: str
    rows: str
    below_rows: str
    problems: str
    chip: tuple[str, str]
    below_state: str


def draw_submissions(page: Page, plan_withdrawal: Callable, withdraw: Callable) -> None:
    """Draw every submission, newest first, those of an agency where one is chosen, and the way to take one back."""
    found = all_submissions(page)
    draw_done(page)
    if not found:
        html(render("submissions_none.html", load=page.link("pages/load.py")))
        return
    chosen = of_agency(page, found)
    section("Every list that was stored, newest first", register_words(chosen))
    is_long = len(chosen) > SHOWN
    shown = chosen if not is_long or st.toggle(f"Show all {len(chosen):,}") else chosen[:SHOWN]
    rows = [submission_row(one, page.definitions, page.store.today) for one in shown]
    html(render("submissions.html", rows=rows, left=len(chosen) - len(shown)))
    draw_withdrawal(page, chosen, plan_withdrawal, withdraw)


def all_submissions(page: Page) -> tuple[Submission, ...]:
    """Return every submission, newest first."""
    with page.store.read() as connection:
        found = submissions_of(connection)
    return tuple(reversed(with_states(found, _live(page.store, page.key))))


@st.cache_resource(max_entries=4, show_spinner=False)
def _live(_store: Store, key: Key) -> dict[int, int]:
    # Originals are purged between two data versions; rows come and go with them.
    with _store.read() as connection:
        return live_rows(_store, connection)


def of_agency(page: Page, found: Sequence[Submission]) -> tuple[Submission, ...]:
    """Let the reader choose who sent it, and return the submissions of that agency."""
    agencies = page.definitions.partnership.agencies
    there = {one.agency for one in found}
    titles = {name: one.title for name, one in agencies.items() if name in there}
    titles |= {name: name for name in sorted(there - titles.keys())}
    agency = select("submissions_of", "Sent by", {EVERYBODY: "Every agency", **titles})
    return tuple(one for one in found if agency in (EVERYBODY, one.agency))


def register_words(found: Sequence[Submission]) -> str:
    """Return how many submissions there are and what became of them."""
    counts = [(sum(one.state is state for one in found), state) for state in State]
    said = [f"{count:,} {'stands' if count == 1 else 'stand'}" for count, state in counts if state is State.STANDS]
    said += [
        f"{count:,} {'was' if count == 1 else 'were'} {state}"
        for count, state in counts
        if count and state is not State.STANDS
    ]
    return f"{count_words(len(found), 'submission')}: {listed(said)}."


def submission_row(one: Submission, definitions: Definitions, today: datetime.date) -> SubmissionRow:
    """Return a submission in words."""
    return SubmissionRow(
        sent_words(one, definitions, today),
        f"stored {moment_words(one.landed_at)} by {one.received_by}, data version {one.version:,}",
        f"{one.rows_landed:,} stored",
        rows_words(one),
        f"{one.problems:,}" if one.problems else "–",
        STATE_CHIPS[one.state],
        state_words(one),
    )


def sent_words(one: Submission, definitions: Definitions, today: datetime.date) -> SentWords:
    """Return what a submission is, in words."""
    return SentWords(
        one.id,
        day(one.received),
        agency_title(definitions, one.agency),
        list_title(definitions, one.records),
        one.file_name,
        one.sheet,
        came_words(one),
        one.note or "",
        span_words(one.covers) or "by the period of each figure",
        original_words(one, definitions.partnership.keep_originals_days, today),
    )


def list_title(definitions: Definitions, records: str) -> str:
    """Return what a list is called; one that is not defined any more keeps its name."""
    record = definitions.record_types.get(records)
    return record.title if record else records


def came_words(one: Submission) -> str:
    """Return how a submission came: "in our template", "typed in"."""
    return SOURCES.get(one.source, one.source).format(layout=one.layout or "")


def rows_words(one: Submission) -> str:
    """Return how many rows still stand under a submission, and how many of it could not be read."""
    said = [f"{one.live:,} count under it"] if one.live != one.rows_landed or one.state is not State.STANDS else []
    said += [f"{one.rows_refused:,} refused"] if one.rows_refused else []
    return ", ".join(said)


def state_words(one: Submission) -> str:
    """Return what there is to say of a submission's state."""
    if one.withdrawn is not None:
        gone = one.withdrawn
        return f"{moment_words(gone.at)} by {gone.by}, data version {gone.version:,}: {gone.why}"
    if one.state is State.REPLACED:
        return "later ones speak for all of it"
    return "" if one.live else "its rows stand under others that have them too" if one.rows_landed else ""


def original_words(one: Submission, days: int, today: datetime.date) -> str:
    """Return until when the original is kept, or that it is not."""
    if one.kept_until is not None and one.kept_until >= today:
        return f"kept until {day(one.kept_until)}"
    if one.kept_until is not None or one.received + datetime.timedelta(days=days) < today:
        return "not kept any more"
    return "not kept"


# Taking one back


def draw_withdrawal(page: Page, found: Sequence[Submission], plan_withdrawal: Callable, withdraw: Callable) -> None:
    """Draw the way to take a submission back: which, what would change, and only then the deed."""
    section(
        "Withdraw a submission",
        "What stands then is what would stand had it never been sent: other files keep what they say. Nothing is "
        "deleted, and the file may be sent again.",
    )
    held = st.session_state.get(LOOKED_AT)
    if st.session_state.get(TROUBLE):
        html(render("load_trouble.html", sentence=st.session_state.pop(TROUBLE)))
    if held is not None:
        _draw_decision(page, held, withdraw)
        return
    standing = {one.id: one for one in found if one.withdrawn is None}
    words = {one.id: option_words(page.definitions, one) for one in standing.values()}
    number = st.selectbox(
        "Which submission", list(standing), index=None, format_func=words.__getitem__,
        placeholder="Choose one by its number", key="withdraw_which", width=720,
    )  # fmt: skip
    if number is None:
        return
    others = others_of(standing[number], list(standing.values()))
    with_others = bool(others) and st.checkbox(others_words(page.definitions, others), key=f"with others of {number}")
    if st.button("See what would change", type="primary"):
        ids = (number, *(one.id for one in others)) if with_others else (number,)
        _look(page, plan_withdrawal, ids, [words[one] for one in ids])
        st.rerun()


@dataclass(frozen=True)
class LookedAt:
    """A withdrawal that was looked at and is not done: what it is of, in words, and what it would change."""

    words: tuple[str, ...]
    planned: Any  # of the loaders, whom this room does not know


def _look(page: Page, plan_withdrawal: Callable, ids: Sequence[int], words: Sequence[str]) -> None:
    try:
        st.session_state[LOOKED_AT] = LookedAt(tuple(words), plan_withdrawal(page.store, ids))
    except ScorecardError as refusal:
        st.session_state[TROUBLE] = str(refusal)


def option_words(definitions: Definitions, one: Submission) -> str:
    """Return what a submission is called in a choice; it is Streamlit's own text, and no Markdown."""
    agency, title = agency_title(definitions, one.agency), list_title(definitions, one.records)
    return f"{one.id}: {agency}, {title}, {one.file_name}, received {day(one.received)}"


def others_of(one: Submission, standing: Sequence[Submission]) -> list[Submission]:
    """Return the other lists of the same file that were stored with it."""
    return [two for two in standing if (two.sha256, two.version) == (one.sha256, one.version) and two.id != one.id]


def others_words(definitions: Definitions, others: Sequence[Submission]) -> str:
    titles = [list_title(definitions, one.records) for one in others]
    lists = "other list" if len(others) == 1 else f"{spelled(len(others))} other lists"
    return field_label(f"Withdraw the {lists} of this file, too: {listed(titles)}")


def withdrawal_words(changes: Sequence) -> str:
    """Return what withdrawing would change, or changed, in one sentence."""
    gone, back, changed, stay = (
        sum(getattr(one, name) for one in changes) for name in ("removed", "added", "changed", "unchanged")
    )
    parts = (
        (gone, "no longer counts", "no longer count"),
        (back, "comes back", "come back"),
        (changed, "is again what it was", "are again what they were"),
        (stay, "stays, as another file has it too", "stay, as other files have them too"),
    )
    said = [f"{count_words(count, 'row')} {one if count == 1 else many}" for count, one, many in parts if count]
    if not said:
        return "No row changes; only the days that it covered are no longer covered by it."
    return f"{capital(listed(said))}."


def _draw_decision(page: Page, held: LookedAt, withdraw: Callable) -> None:
    """Draw what a withdrawal would change, and the two ways on."""
    changes = held.planned.changes
    html(render("withdrawal.html", words=held.words))
    html(changes_table(page, changes, withdrawal_words(changes), back=True))
    name = your_name()
    why = st.text_input(
        "Why it is withdrawn", max_chars=LONGEST_REASON, key="withdraw_why", width=720,
        help="It is kept with the submission and shown here. Name no child in it.",
    )  # fmt: skip
    with st.container(horizontal=True):
        does = st.button(plain(f"Withdraw {count_words(len(held.words), 'submission')}"), type="primary")
        leaves = st.button("Leave it as it is")
    if leaves:
        st.session_state.pop(LOOKED_AT)
        st.rerun()
    if does:
        _withdraw(page, held, withdraw, name, why)
        st.rerun()


def _withdraw(page: Page, held: LookedAt, withdraw: Callable, name: str, why: str) -> None:
    """Take the submissions back, or say why not; only then is the withdrawal let go."""
    bar = st.progress(0.0, "Finding back what stood before")
    try:
        done = withdraw(
            page.store, held.planned, by=name, why=why,
            progress=lambda share, words: bar.progress(min(max(share, 0.0), 1.0), plain(words)),
        )  # fmt: skip
        st.session_state[DONE] = done
        st.session_state.pop(LOOKED_AT)
    except ScorecardError as refusal:
        st.session_state[TROUBLE] = str(refusal)
        if not getattr(refusal, "code", "").startswith("reason"):
            st.session_state.pop(LOOKED_AT)
    finally:
        bar.empty()


def draw_done(page: Page) -> None:
    """Say what the last withdrawal did, once, and which figures are others because of it."""
    done = st.session_state.pop(DONE, None)
    if done is not None:
        sentence = f"Withdrawn as data version {done.data_version:,}. {withdrawal_words(done.changes)}"
        html(render("load_stored.html", sentence=sentence, figures=new_figures(page, done.data_version)))


# Originals, where files are loaded


def kept_words(page: Page, check, received: dict[str, datetime.date]) -> list[str]:
    """Return until when the originals of the files that can land are kept, and of which nothing is kept."""
    days = datetime.timedelta(days=page.definitions.partnership.keep_originals_days)
    landing = [file for file in check.files if file.can_land]
    kept = [file for file in landing if file.is_kept]
    without = [file.name for file in landing if not file.is_kept]
    said = []
    if kept:
        until = min(received.get(file.name, page.store.today) + days for file in kept)
        said.append(f"Files are kept as they came, encrypted, until {day(until)}; no page gives one away.")
    if without:
        said.append(f"Of {listed(without)} no original is kept, because columns are left out of it.")
    return said
