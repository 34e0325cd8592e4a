"""Owns how files are loaded: chosen, checked, asked about, and stored only when somebody says so."""

import datetime
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from scorecards.errors import ScorecardError
from scorecards.narrative.words import listed
from scorecards.periods import Period, add_months, all_periods, last_complete_quarter
from scorecards.ui import verdicts
from scorecards.ui.layout_questions import draw_layout_questions
from scorecards.ui.page import Page
from scorecards.ui.parts import plain
from scorecards.ui.problem_list import Answers, draw_problems, given_reasons
from scorecards.ui.rendering import html, render
from scorecards.ui.row_changes import changes_table, new_figures
from scorecards.ui.signing import your_name
from scorecards.ui.submissions import kept_words

FILE_TYPES = ["xlsx", "xlsm", "xls", "ods", "csv"]
RETURN_TYPES = ["xml"]  # the children in need census
LARGEST_MEGABYTES = 25
NAME_LENGTH = 100
PERIODS_OFFERED = 8
YEARS_OFFERED = (1, 2, 3, 4, 5)
ALL_STORED = "Nothing was stored: somebody stored all of this meanwhile."
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a session remembers: the files in hand until they are stored or put away.
IN_HAND = "files_in_hand"

Covers = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class InHand:
    """Files that somebody brought and what they said about them; the check, and what a landing did."""

    files: dict[str, bytes] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)
    covers: dict[str, Covers] = field(default_factory=dict)
    dropped: frozenset[tuple[str, str, str]] = frozenset()  # file, sheet, heading
    received: dict[str, datetime.date] = field(default_factory=dict)  # where that was not today
    accepted: frozenset[str] = frozenset()  # files that are read where their tables stand now
    check: Any = None  # of the loaders, whom this room does not know
    landed: Any = None
    trouble: str = ""
    # Tables that others published are kept apart from partners' files, and are stored by a press of their own.
    published: dict[str, bytes] = field(default_factory=dict)
    looked_at: frozenset[str] = frozenset()  # files that were asked whether they are such tables
    releases: dict[str, str] = field(default_factory=dict)  # where somebody gave one
    published_check: Any = None
    published_stored: Any = None


def in_hand() -> InHand:
    """Return the files that this session holds."""
    return st.session_state.get(IN_HAND, InHand())


def keep(held: InHand) -> None:
    """Hold these files until the next click."""
    st.session_state[IN_HAND] = held


def put_away(**said) -> None:
    """Let partners' files go and hold what was published; `said` is what became of them."""
    held = in_hand()
    keep(InHand(published=held.published, releases=held.releases, published_check=held.published_check, **said))


def bring(name: str, data: bytes, agency: str, received: datetime.date | None = None) -> None:
    """Add a file that another page has, in the place of one of its name, to be checked with those in hand."""
    held = in_hand()
    days = held.received | ({name: received} if received else {})
    keep(replace(
        held, files=held.files | {name: data}, agencies=held.agencies | {name: agency}, received=days, check=None,
        landed=None, trouble="",
    ))  # fmt: skip


def accepted_files() -> dict[str, bytes]:
    """Return the files in hand that somebody agreed to read where their tables stand now."""
    held = in_hand()
    return {name: held.files[name] for name in held.accepted}


def check_again() -> None:
    """Have the files in hand checked anew: how they are read has changed."""
    keep(replace(in_hand(), check=None))


def choose_files() -> None:
    """Draw the chooser of files. Their bytes are read once, when somebody asks for a check."""
    held = in_hand()
    with st.form("choose_files", clear_on_submit=True, border=False):
        sent = st.file_uploader(
            "Files from partners: Excel, OpenDocument, CSV or the census in XML, several at once. "
            "Published tables of the DfE may be among them",
            type=[*FILE_TYPES, *RETURN_TYPES],
            accept_multiple_files=True,
            max_upload_size=LARGEST_MEGABYTES,
        )
        words = "Check these files too" if held.files or held.published else "Check these files"
        is_checked = held.check or held.published
        asked = st.form_submit_button(words, type="secondary" if is_checked else "primary")
    if asked and sent:
        brought = with_own_names([(one.name, one.getvalue()) for one in sent], held.files | held.published)
        keep(replace(
            held, files=held.files | brought, looked_at=held.looked_at - brought.keys(), check=None, landed=None,
            trouble="", published_stored=None,
        ))  # fmt: skip
    elif asked:
        keep(replace(held, trouble="Choose one or more files first.", landed=None))


def with_own_names(brought: list[tuple[str, bytes]], there: dict[str, bytes]) -> dict[str, bytes]:
    """Return files by name; the same bytes twice are one file, and another file of the same name gets a number."""
    known = {hashlib.sha256(data).digest() for data in there.values()}
    found: dict[str, bytes] = {}
    for name, data in brought:
        print_of = hashlib.sha256(data).digest()
        if print_of in known:
            continue
        known.add(print_of)
        # The check calls a file by the same name: printable and not endless.
        name = "".join(sign for sign in name if sign.isprintable())[-NAME_LENGTH:] or "File"
        own, number = name, 2
        while own in there or own in found:
            own, number = f"{name} ({number})", number + 1
        found[own] = data
    return found


def check_files_in_hand(page: Page, check_files: Callable) -> None:
    """Check the files in hand unless that is done, with a bar that says how far it is; nothing is stored."""
    held = in_hand()
    if not held.files or held.check is not None:
        return
    bar = st.progress(0.0, "Reading files")
    sent = [(name, data, held.agencies.get(name)) for name, data in held.files.items()]
    try:
        check = check_files(
            page.store, sent, covers=held.covers, drop_columns=held.dropped, accept_moved=held.accepted,
            progress=_shows_on(bar),
        )  # fmt: skip
    except ScorecardError as error:
        put_away(trouble=str(error))
        return
    finally:
        bar.empty()
    keep(replace(held, check=check))
    st.rerun()


def _shows_on(bar):
    return lambda share, words: bar.progress(min(max(share, 0.0), 1.0), plain(words))


def draw_outcome(page: Page) -> None:
    """Draw what became of the last click: a sentence of trouble, or what was stored and which figures are new."""
    held = in_hand()
    if held.trouble:
        html(render("load_trouble.html", sentence=held.trouble))
    if held.landed is not None:
        figures = new_figures(page, held.landed.data_version)
        html(render("load_stored.html", sentence=held.landed.sentence, figures=figures))


def draw_check(page: Page, answers: Answers) -> None:
    """Draw what was found: files, problems, the account of rows and what would change."""
    check = in_hand().check
    if check is None:
        return
    agencies = page.definitions.partnership.agencies
    html(render("load_files.html", words=verdicts.checked_words(check), rows=verdicts.file_rows(check, agencies)))
    agreed = draw_layout_questions(check, in_hand().files, in_hand().accepted)
    if agreed:
        keep(replace(in_hand(), accepted=in_hand().accepted | {agreed}, check=None))
        st.rerun()
    draw_questions(page, check)
    draw_problems(page, check, in_hand(), answers)
    html(render("load_account.html", words=verdicts.account_words(check), rows=verdicts.list_rows(check)))
    if check.can_land:
        html(changes_table(page, check.changes, verdicts.change_words(check)))


def draw_questions(page: Page, check) -> None:
    """Draw what may be said about the files: who sent them, which days they cover, which columns to leave out."""
    asked = [file for file in check.files if file.lists or verdicts.personal_columns(file)]
    asked = [file for file in asked if file.verdict != "nothing new"]
    if not asked:
        return
    is_open = any(verdicts.must_be_asked(file) for file in asked)
    with (
        st.expander("Change who sent a file, or which days it covers", expanded=is_open),
        st.form("answers", border=False),
    ):
        answers = [_ask_about(page, file) for file in asked]
        if st.form_submit_button("Check again"):
            _take(answers)
            st.rerun()


@dataclass(frozen=True)
class Answer:
    """What somebody said of one file."""

    name: str
    agency: str | None
    covers: tuple[datetime.date | None, datetime.date | None] | None
    proposed: Covers | None
    dropped: tuple[tuple[str, str], ...]


def _ask_about(page: Page, file) -> Answer:
    html(render("load_question.html", name=file.name, how=file.agency_from))
    personal = verdicts.personal_columns(file)
    if personal:
        ticked = [one for one in personal if st.checkbox(_leave_out(*one), key=f"drop {file.name} {one}")]
        return Answer(file.name, None, None, None, tuple(ticked))
    sender, first, last = st.columns(3)
    senders = verdicts.senders_of(file, page.definitions)
    titles = page.definitions.partnership.agencies
    agency = sender.selectbox(
        "Sent by", senders, index=senders.index(file.agency) if file.agency in senders else None,
        format_func=lambda one: titles[one].title, placeholder="Choose the sender", key=f"sender {file.name}",
    )  # fmt: skip
    covers = verdicts.covers_of(file)
    if covers is None:
        return Answer(file.name, agency, None, None, ())
    days = [
        column.text_input(label, f"{value:%d/%m/%Y}", max_chars=10, key=f"{label} {file.name}")
        for column, label, value in ((first, "First day covered", covers[0]), (last, "Last day covered", covers[1]))
    ]
    return Answer(file.name, agency, (read_day(days[0]), read_day(days[1])), covers, ())


def read_day(text: str) -> datetime.date | None:
    """Return a day written as 31/10/2025, or None."""
    try:
        return datetime.datetime.strptime(text.strip(), "%d/%m/%Y").date()
    except ValueError:
        return None


def _leave_out(sheet: str, heading: str) -> str:
    return plain(f"Leave out the column “{heading}” of sheet “{sheet}” and read the rest")


def _take(answers: list[Answer]) -> None:
    """Keep the answers and have the files checked again, or say what is wrong with an answer."""
    held = in_hand()
    wrong = [one.name for one in answers if one.covers and not _in_order(one.covers)]
    if wrong:
        named = listed(wrong)
        sentence = f"{named}: write both days as 31/10/2025, the last not before the first."
        keep(replace(held, trouble=sentence))
        return
    agencies = {one.name: one.agency for one in answers if one.agency}
    covers: dict[str, Any] = {one.name: one.covers for one in answers if one.covers and one.covers != one.proposed}
    dropped = {(one.name, *column) for one in answers for column in one.dropped}
    keep(replace(
        held, agencies=held.agencies | agencies, covers={**held.covers, **covers}, dropped=held.dropped | dropped,
        check=None, trouble="",
    ))  # fmt: skip


def _in_order(covers) -> bool:
    return None not in covers and covers[0] <= covers[1]


def draw_decision(page: Page, land: Callable) -> None:
    """Draw the two ways on: store what is good, or nothing."""
    held = in_hand()
    if held.check is None:
        return
    if not held.check.can_land:
        html(render("load_trouble.html", sentence=verdicts.cannot_store_words(held.check)))
        if st.button("Put these files away"):
            put_away()
            st.rerun()
        return
    html(render("load_originals.html", sentences=kept_words(page, held.check, held.received)))
    name = your_name()
    confirmed = not held.check.needs_confirmation or st.checkbox(plain(verdicts.confirmation_words(held.check)))
    with st.container(horizontal=True):
        stores = st.button(verdicts.store_words(held.check), type="primary")
        leaves = st.button("Store nothing")
    if leaves:
        put_away(trouble="Nothing was stored, and the files were put away.")
        st.rerun()
    if stores:
        _store(page, land, name, confirmed)
        st.rerun()


def _store(page: Page, land: Callable, name: str, confirmed: bool) -> None:
    """Store what the check found, or say why not; only then are the files let go."""
    held = in_hand()
    if not name:
        keep(
            replace(
                held,
                trouble="Give your name above the buttons: it is kept with what you store. Nothing was stored yet.",
            )
        )
        return
    if not confirmed:
        keep(
            replace(
                held, trouble="Tick the sentence above the buttons if these rows should go. Nothing was stored yet."
            )
        )
        return
    reasons = given_reasons(held.check)
    if not all(reasons.values()):
        keep(replace(held, trouble="Say beside each warning that needs it why it is right. Nothing was stored yet."))
        return
    bar = st.progress(0.0, "Storing rows")
    try:
        landed = land(page.store, held.check, by=name, confirmed=confirmed, received=held.received, reasons=reasons,
                      progress=_shows_on(bar))  # fmt: skip
        put_away(**({"trouble": ALL_STORED} if landed.data_version is None else {"landed": landed}))
    except ScorecardError as refusal:
        # What was typed stays where only a reason is amiss; anything else may have changed what was found.
        is_about_a_reason = getattr(refusal, "code", "").startswith("reason")
        keep(replace(held, check=held.check if is_about_a_reason else None, trouble=str(refusal)))
    finally:
        bar.empty()


def draw_templates(page: Page, return_template: Callable) -> None:
    """Draw what can be sent out: a blank return for an agency and a period, and the way to bring past years in."""
    us, today = page.definitions.partnership, page.store.today
    agencies = list(dict.fromkeys(one.agency for one in us.returns))
    html(render("load_templates.html", is_any=bool(agencies)))
    if not agencies:
        return
    who, when = st.columns(2)
    agency = who.selectbox("For which agency", agencies, format_func=lambda one: us.agencies[one].title)
    periods = {one.id: one for one in periods_to_send(us.returns, agency, us.first_day, today)}
    chosen = when.selectbox("For which period", list(periods), format_func=lambda one: periods[one].long_label)
    title, period = us.agencies[agency].title, periods[chosen]
    st.download_button(
        plain(f"Download the blank return of {title} for {period.label}"),
        lambda: return_template(page.definitions, agency, period),
        file_name=file_name(f"Return {title} {period.label}"), mime=XLSX, on_click="ignore",
    )  # fmt: skip
    html(render("load_history.html"))
    years = st.selectbox("How far back", YEARS_OFFERED, index=2, format_func=year_words, width=220)
    past = past_periods(today, years)
    st.download_button(
        plain(f"Download the sheet for past figures of {title}, {year_words(years)} back"),
        lambda: return_template(page.definitions, agency, last_complete_quarter(today), past_periods=past),
        file_name=file_name(f"Past figures {title}"), mime=XLSX, on_click="ignore",
    )  # fmt: skip


def periods_to_send(returns, agency: str, first_day: datetime.date, today: datetime.date) -> tuple[Period, ...]:
    """Return the periods for which an agency is asked: those that have ended, newest first, then the present one."""
    kinds = {one.every for one in returns if one.agency == agency}
    known = [one for one in all_periods(first_day, today) if one.kind in kinds]
    ended = [one for one in known if one.end <= today]
    present = [one for one in known if one.end > today]
    return (*reversed(ended[-PERIODS_OFFERED:]), *present)


def past_periods(today: datetime.date, years: int) -> tuple[Period, ...]:
    """Return the quarters, terms and 12 months that ended in the last `years`, oldest first."""
    since = add_months(last_complete_quarter(today).end, -12 * years)
    kinds = ("quarter", "term", "rolling_12_months")
    # Twelve months that end in the first quarter wanted began a year before it.
    known = all_periods(add_months(since, -12), today)
    return tuple(one for one in known if one.kind in kinds and since < one.end <= today)


def year_words(years: int) -> str:
    """Return "1 year", "3 years"."""
    return verdicts.count_words(years, "year")


def file_name(words: str) -> str:
    """Return words as the name of a workbook that every system takes."""
    return f"{re.sub(r'[^A-Za-z0-9 -]+', '-', words)}.xlsx"
