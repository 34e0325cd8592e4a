"""Owns what an analyst does about a return that is not here: remind, tell somebody above, or record why."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import get_args
from urllib.parse import quote

import streamlit as st

from scorecards.definitions import Definitions
from scorecards.errors import ScorecardError
from scorecards.format import agency_title, day
from scorecards.narrative.return_letters import WAYS, Letter, escalation, reminder
from scorecards.narrative.words import capital, ordinal
from scorecards.periods import period_by_id
from scorecards.returns import (
    Chaser,
    Reason,
    Return,
    ReturnState,
    item_title,
    record_chaser,
    record_reason,
    take_back_reason,
)
from scorecards.returns.said import WHOLE_RETURN, How, Kind
from scorecards.ui.loading import XLSX, file_name
from scorecards.ui.page import Page
from scorecards.ui.parts import field_label, note, plain, section
from scorecards.ui.readers import all_chasers, all_reasons
from scorecards.ui.rendering import html, render
from scorecards.ui.returns_grid import Chasers, mark_of
from scorecards.ui.signing import your_name

CHOSEN = "chase"  # of the address: "police.2025-26-Q2"
SAID = "what_was_recorded"  # what the last click did, said once
HOW = {"email": "By e-mail", "call": "By telephone", "meeting": "In a meeting"}
KINDS: dict[str, str] = {"reminder": "Reminder to the agency", "escalation": "Told somebody above"}
LONGEST_NOTE = 300
SeemsPersonal = Callable[[str], bool]  # of the loaders, whom this room does not know


def draw_chasing(
    page: Page, open_returns: Sequence[Return], return_template: Callable, seems_personal: SeemsPersonal
) -> None:
    """Draw what can be done about one of the returns that are not here."""
    chasers, reasons = all_chasers(page), all_reasons(page)
    said = st.session_state.pop(SAID, "")
    if said:
        html(render("load_trouble.html", sentence=said))
    if open_returns:
        section("Remind, or record why", "An agency has said why it cannot send, or has to be asked: both stay here.")
        one = choose_return(page, open_returns)
        mine = chasers.get((one.agency, one.period.id), ())
        name = your_name()
        letter, record = st.columns(2, gap="large")
        with letter:
            draw_letters(page, one, mine, return_template)
        with record:
            draw_log_form(page, one, name, seems_personal)
            given = tuple(reasons.get((one.agency, one.period.id), {}).values())
            draw_reasons(page, one, given, name, seems_personal)


def is_chosen() -> bool:
    """Return whether the address names a return to work on, which then stands first."""
    return CHOSEN in st.query_params


def choose_return(page: Page, returns: Sequence[Return]) -> Return:
    """Return the return that the reader works on; an address may name it."""
    by_name = {f"{one.agency}.{one.period.id}": one for one in returns}
    asked = st.query_params.get(CHOSEN)
    at = list(by_name).index(asked) if asked in by_name else 0
    titles = {name: return_title(page.definitions, one) for name, one in by_name.items()}
    return by_name[st.selectbox("Return", list(by_name), index=at, format_func=titles.__getitem__, width=520)]


def return_title(definitions: Definitions, one: Return) -> str:
    """Return "Police, Q2 2025/26: missing"."""
    agency = definitions.partnership.agencies[one.agency].title
    return f"{agency}, {one.period.label}: {mark_of(one).words.lower()}"


def can_be_worked_on(returns: Sequence[Return]) -> list[Return]:
    """Return what is not here, the newest first, and behind it what is not due yet: a reason may come early."""
    newest_first = sorted(returns, key=lambda one: one.period.end, reverse=True)
    not_due = [one for one in newest_first if one.state is ReturnState.NOT_DUE]
    return [*(one for one in newest_first if one.is_open), *not_due]


def draw_letters(page: Page, one: Return, chasers: tuple[Chaser, ...], return_template: Callable) -> None:
    """Draw the next reminder with the template of what is missing and, where it is due, what the chair is told."""
    definitions, rule = page.definitions, page.definitions.partnership.escalation
    told_from = one.due + datetime.timedelta(days=rule.days_late)
    number = sum(chaser.kind == "reminder" for chaser in chasers) + 1
    agency = definitions.partnership.agencies[one.agency].title
    nth = "First" if number == 1 else capital(ordinal(number))
    draw_letter(f"{nth} reminder to {agency}", reminder(one, chasers, told_from, definitions, page.store.today), agency)
    wanted = tuple(absence.item for absence in one.absent)
    st.download_button(
        "Download the template of what is missing",
        lambda: return_template(definitions, one.agency, one.period, only=wanted),
        file_name=file_name(f"Missing from {agency} {one.period.label}"), mime=XLSX, on_click="ignore",
        key=f"missing {one.agency} {one.period.id}",
    )  # fmt: skip
    if told_from <= page.store.today and one.is_open:
        draw_letter(f"To {rule.to}", escalation(one, chasers, definitions), "escalation")


def draw_letter(heading: str, letter: Letter, whose: str) -> None:
    """Draw a letter as it will be sent, with a link that opens it in the reader's e-mail program."""
    html(render(
        "return_letter.html",
        heading=heading,
        lines=letter.body.split("\n"),
        to=letter.to,
        whose=whose,
        address=mail_address(letter),
        words=f"Open in your e-mail program, to {letter.to}" if letter.to else "Open in your e-mail program",
    ))  # fmt: skip


def mail_address(letter: Letter) -> str:
    """Return the address that opens an e-mail with its words filled in."""
    body = letter.body.replace("\n", "\r\n")  # RFC 6068, section 5
    return f"mailto:{quote(letter.to, safe='@')}?subject={quote(letter.subject)}&body={quote(body)}"


def draw_log_form(page: Page, one: Return, name: str, seems_personal: SeemsPersonal) -> None:
    """Draw the form by which a reminder, or that somebody above was told, is kept."""
    with st.form(f"log {one.agency} {one.period.id}", border=True):
        st.markdown("**Keep in the log what was done**")
        kind = st.selectbox("What was done", get_args(Kind), format_func=KINDS.__getitem__)
        how = st.selectbox("How", get_args(How), format_func=HOW.__getitem__)
        sent_on = st.date_input("On which day", page.store.today, max_value=page.store.today, format="DD/MM/YYYY")
        words = st.text_input("Note, without names of children", max_chars=LONGEST_NOTE)
        if st.form_submit_button("Keep in the log"):
            about = (page.store, one.agency, one.period.id)
            _try(
                lambda: record_chaser(*about, kind, how, sent_on, of_nobody(words, "note", seems_personal), name),
                "Kept in the log.",
            )


def draw_reasons(
    page: Page, one: Return, reasons: tuple[Reason, ...], name: str, seems_personal: SeemsPersonal
) -> None:
    """Draw what was recorded about a return, each with a way to take it back, and the form for another."""
    titles = {WHOLE_RETURN: "The whole return"}
    titles |= {absence.item: absence.title for absence in one.absent}
    for reason in reasons:
        draw_reason(page, reason, titles.get(reason.item) or item_title(page.definitions, reason.item), name)
    with st.form(f"reason {one.agency} {one.period.id}", border=True):
        st.markdown("**Not supplied, because ...**")
        item = st.selectbox("What is not supplied", list(titles), format_func=lambda name: field_label(titles[name]))
        why = st.text_area("Because", max_chars=LONGEST_NOTE, help="In the agency's words, without names of people")
        expected = st.date_input("Expected on, if they know", None, format="DD/MM/YYYY")
        note("It is shown wherever a figure is missing, and takes the place of an earlier reason for the same thing.")
        if st.form_submit_button("Record the reason"):
            about = (page.store, one.agency, one.period.id, item)
            _try(lambda: record_reason(*about, of_nobody(why, "reason", seems_personal), expected, name), "Recorded.")


def of_nobody(words: str, what: str, seems_personal: SeemsPersonal) -> str:
    """Return what somebody typed; raise ScorecardError where it holds what could identify a person."""
    if seems_personal(words):
        raise ScorecardError(
            f"The {what} seems to hold a number, an address or a postcode that could identify a person. Say it "
            "without: it is shown to others. Nothing was recorded, and what you wrote still stands in its box."
        )
    return words


def draw_reason(page: Page, reason: Reason, title: str, name: str) -> None:
    """Draw one recorded reason, and the button that takes it back."""
    html(render(
        "return_reason.html",
        item=title,
        why=_sentence(reason.why),
        expected=day(reason.expected) if reason.expected else "",
        day=day(_day_of(reason)),
        by=reason.recorded_by,
    ))  # fmt: skip
    about = (reason.agency, reason.period, reason.item)
    if st.button(plain(f"Take back: {title}"), key=f"take back {' '.join(about)}"):
        _try(lambda: take_back_reason(page.store, *about, name), "Taken back.")


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _day_of(reason: Reason) -> datetime.date:
    return datetime.datetime.fromisoformat(reason.recorded_at).date()


def _try(record: Callable[[], None], done: str) -> None:
    """Record something and draw the page anew, with what was done or why not."""
    try:
        record()
    except ScorecardError as error:
        done = str(error)
    st.session_state[SAID] = done
    st.rerun()


@dataclass(frozen=True)
class LogRow:
    """One line of the log."""

    day: str
    about: str
    what: str
    note: str
    by: str


def log_rows(chasers: Chasers, definitions: Definitions) -> list[LogRow]:
    """Return the log, the newest first."""
    found = sorted((one for those in chasers.values() for one in those), key=lambda one: one.sent_on, reverse=True)
    return [
        LogRow(
            day(one.sent_on),
            f"{agency_title(definitions, one.agency)}, {_label(one.period)}",
            f"{KINDS[one.kind]}, {WAYS[one.how]}",
            one.note,
            one.recorded_by,
        )
        for one in found
    ]


def _label(period_id: str) -> str:
    period = period_by_id(period_id)
    return period.label if period else period_id


def draw_log(page: Page) -> None:
    """Draw every reminder and escalation."""
    rows = log_rows(all_chasers(page), page.definitions)
    if rows:
        section("What was done so far")
        html(render("return_log.html", rows=rows, caption="Reminders and escalations, the newest first"))
