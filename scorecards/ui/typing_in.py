"""Owns how figures from a letter, an e-mail or a telephone call are typed in, then checked and stored as a file is."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import streamlit as st

from scorecards.definitions import Definitions, Kpi
from scorecards.errors import ScorecardError
from scorecards.format import area_name
from scorecards.narrative.words import listed
from scorecards.periods import Period, all_periods
from scorecards.scorecard import WHOLE
from scorecards.ui import loading
from scorecards.ui.page import Page
from scorecards.ui.rendering import html, render
from scorecards.ui.wording import measures_for

LINES = "typed_lines"  # how many lines were added to those that are expected
ROUND = "typed_round"  # the version that this session stored last: the form is blank again after it
CAME_BY = ("E-mail", "Word document", "PDF", "Telephone", "Letter", "Meeting")
# Why there is no number, as a figure's own cell says it.
NO_FIGURE = {
    "x": "Not available yet",
    "c": "Withheld because it is small",
    "z": "Does not apply",
}
PERIODS_OFFERED = 24
PERIODS_AHEAD = 4
GIVEN_AS_NUMBER = ("count",)
GIVEN_AS_VALUE = ("days", "working_days")
ANY_NUMBERS = {"number": "Number", "out_of": "Out of", "value": "Value alone"}
SHARES = 6.4  # the width of a line, in widths of a number
VALUE_LABELS = {"percent": "or the percentage alone", "per_100": "or the ratio alone", "per_10000": "or the rate alone"}


class Typing(Protocol):
    """What this room needs of the loaders, whom it does not know: the page hands it in."""

    TypedFigure: Any

    def typed_file(self, figures: Sequence[Any], definitions: Definitions, /, *, agency: str, period: Period, by: str,
                   note: str, received: datetime.date) -> bytes: ...  # fmt: skip

    def typed_name(self, definitions: Definitions, agency: str, period: Period, received: datetime.date, /) -> str: ...


@dataclass(frozen=True)
class Letter:
    """Where typed figures come from: who sent them, for which period, when and how they came."""

    agency: str
    period: Period
    received: str
    by: str
    came: str
    note: str


@dataclass(frozen=True)
class Line:
    """One line of the form as it was filled in."""

    kpi: str
    number: str = ""
    out_of: str = ""
    value: str = ""
    area: str = WHOLE
    provider: str = ""
    missing: str = ""
    expected: str = ""

    @property
    def has_number(self) -> bool:
        return bool(self.number or self.out_of or self.value)

    @property
    def is_filled(self) -> bool:
        return self.has_number or bool(self.missing)


def draw_stored(page: Page) -> None:
    """Say at the top of the page what was stored; the form below is blank again."""
    landed = loading.in_hand().landed
    if landed is None:
        return
    if st.session_state.get(ROUND) != landed.data_version:
        st.session_state[ROUND] = landed.data_version
        st.session_state.pop(LINES, None)
    loading.draw_outcome(page)


def draw_trouble(page: Page) -> None:
    """Say below the form what is wrong with it."""
    if loading.in_hand().landed is None:
        loading.draw_outcome(page)


def draw_typing(page: Page, typing: Typing) -> None:
    """Draw the choice of sender and period, the form of their figures, and hand what was typed to the check."""
    agency, period = _ask_return(page)
    if agency is None or period is None:
        html(render("type_first.html"))
        return
    expected = expected_measures(page.definitions, agency)
    key = f"{agency} {period.id} {st.session_state.get(ROUND, '')}"
    with st.form(f"typed {key}", border=False):
        letter = _ask_letter(page, agency, period, key)
        html(render("type_figures.html", period=period.long_label, is_any=bool(expected)))
        lines = [_ask_expected(kpi, period, key) for kpi in expected]
        another = "Another figure" if expected else "Figure"
        lines += [
            _ask_other(page, f"{another} {number + 1}", agency, period, f"other {number} {key}")
            for number in range(_lines_added(expected))
        ]
        with st.container(horizontal=True):
            checks = st.form_submit_button("Check these figures", type="primary")
            adds = st.form_submit_button("Add another figure")
    if adds:
        st.session_state[LINES] = _lines_added(expected) + 1
        st.rerun()
    if checks:
        _hand_over(page, typing, letter, [line for line in lines if line.is_filled])
        st.rerun()


def _lines_added(expected: Sequence[Kpi]) -> int:
    return st.session_state.get(LINES, 0 if expected else 1)


def _ask_return(page: Page) -> tuple[str | None, Period | None]:
    agencies = page.definitions.partnership.agencies
    who, when = st.columns(2)
    agency = who.selectbox(
        "Who sent the figures", list(agencies), index=None, format_func=lambda one: agencies[one].title,
        placeholder="Choose the sender", key="typed_agency",
    )  # fmt: skip
    periods = {one.id: one for one in periods_for(page, agency)} if agency else {}
    chosen = when.selectbox(
        "For which period", list(periods), format_func=lambda one: periods[one].long_label,
        key=f"typed_period {agency}", disabled=not agency,
    )  # fmt: skip
    return agency, periods.get(chosen or "")


def periods_for(page: Page, agency: str) -> tuple[Period, ...]:
    """Return the periods that figures may be for: those in which an agency is asked first, then the newest others."""
    us, today = page.definitions.partnership, page.store.today
    asked = loading.periods_to_send(us.returns, agency, us.first_day, today)
    ended = [one for one in all_periods(us.first_day, today) if one.end <= today]
    newest = sorted(ended, key=lambda one: (one.end, one.first), reverse=True)[:PERIODS_OFFERED]
    return tuple(dict.fromkeys([*(one for one in asked if one.end <= today), *newest]))


def expected_measures(definitions: Definitions, agency: str) -> list[Kpi]:
    """Return the measures that an agency is asked for by name."""
    expected = [kpi for one in definitions.partnership.returns if one.agency == agency for kpi in one.kpis]
    return [definitions.kpis[name] for name in dict.fromkeys(expected)]


def _ask_letter(page: Page, agency: str, period: Period, key: str) -> Letter:
    """Ask when and how the figures came, and what else is to be remembered of it."""
    html(render("type_letter.html"))
    day, how, who = st.columns(3)
    received = day.text_input("Date received", f"{page.store.today:%d/%m/%Y}", max_chars=10, key=f"received {key}")
    came = how.selectbox("How it came", CAME_BY, key=f"came {key}")
    by = who.text_input("Which office sent it, not whose name", max_chars=80, key=f"by {key}",
                        placeholder="Performance team")  # fmt: skip
    note = st.text_input("Note: where it stands, what was asked. Never anything about a child", max_chars=300,
                         key=f"note {key}")  # fmt: skip
    return Letter(agency, period, received, by.strip(), came, note.strip())


def _ask_expected(kpi: Kpi, period: Period, key: str) -> Line:
    """Ask for one measure that is expected: only the numbers that its kind has."""
    html(render("type_measure.html", title=kpi.title, unit=kpi.counts))
    fields, key = numbers_of(kpi), f"{kpi.id} {key}"
    shares = [1.0] * len(fields) + [1.6, 1.2]
    *numbers, why, when = st.columns([*shares, SHARES - sum(shares)])[:-1]
    typed = {name: _ask_number(column, name, label, key)
             for column, (name, label) in zip(numbers, fields.items(), strict=True)}  # fmt: skip
    return Line(kpi.id, **typed, missing=_ask_why(why, key), expected=_ask_when(when, period, key))


def numbers_of(kpi: Kpi) -> dict[str, str]:
    """Return which numbers a figure of a measure has, with their labels."""
    if kpi.unit in GIVEN_AS_NUMBER:
        return {"number": "Number"}
    if kpi.unit in GIVEN_AS_VALUE:
        return {"value": f"Value in {kpi.unit.replace('_', ' ')}"}
    return {"number": "Number", "out_of": "Out of", "value": VALUE_LABELS[kpi.unit]}


def _ask_number(column, name: str, label: str, key: str) -> str:
    return column.text_input(label, max_chars=20, key=f"{name} {key}").strip()


def _ask_why(column, key: str) -> str:
    """Ask why there is no figure."""
    return column.selectbox("If there is no figure", list(NO_FIGURE), index=None, placeholder="Say why",
                            format_func=NO_FIGURE.__getitem__, key=f"missing {key}") or ""  # fmt: skip


def _ask_when(column, period: Period, key: str) -> str:
    """Ask with which period a missing figure is expected."""
    later = [one.label for one in periods_after(period)]
    return column.selectbox("Expected with", later, index=None, placeholder="Not said", key=f"expected {key}") or ""


def periods_after(period: Period) -> tuple[Period, ...]:
    """Return the next periods of the same kind, with which a missing figure may come."""
    until = period.end + (period.end - period.first) * (PERIODS_AHEAD + 1)
    later = [one for one in all_periods(period.end, until) if one.kind == period.kind and one.first >= period.end]
    return tuple(later[:PERIODS_AHEAD])


def _ask_other(page: Page, title: str, agency: str, period: Period, key: str) -> Line:
    """Ask for one more figure: of any measure, area and provider."""
    definitions = page.definitions
    html(render("type_measure.html", title=title, unit=""))
    titles = {name: definitions.kpis[name].title for name in measures_for(definitions, agency)}
    areas = (WHOLE, *definitions.partnership.localities)
    what, where, at = st.columns([2, 1, 1])
    kpi = what.selectbox("Measure", list(titles), index=None, format_func=titles.__getitem__,
                         placeholder="Choose or type to search", key=f"kpi {key}")  # fmt: skip
    area = where.selectbox("Area", areas, format_func=lambda one: area_name(definitions, one), key=f"area {key}")
    provider = at.text_input("Provider or site, if any", max_chars=80, key=f"provider {key}").strip()
    *numbers, why, when = st.columns([1.0, 1.0, 1.0, 1.6, 1.2, SHARES - 5.8])[:-1]
    typed = {name: _ask_number(column, name, label, key)
             for column, (name, label) in zip(numbers, ANY_NUMBERS.items(), strict=True)}  # fmt: skip
    return Line(kpi or "", **typed, area=area or WHOLE, provider=provider, missing=_ask_why(why, key),
                expected=_ask_when(when, period, key))  # fmt: skip


def _hand_over(page: Page, typing: Typing, letter: Letter, lines: Sequence[Line]) -> None:
    """Make a file of what was typed and have it checked like any other, or say what is missing."""
    received = loading.read_day(letter.received)
    held = replace(loading.in_hand(), landed=None)
    wrong = complaint(page, received, lines)
    if wrong or received is None:
        loading.keep(replace(held, trouble=wrong))
        return
    figures = [_figure(page.definitions, typing, line, letter.period) for line in lines]
    name = typing.typed_name(page.definitions, letter.agency, letter.period, received)
    try:
        data = typing.typed_file(
            figures, page.definitions, agency=letter.agency, period=letter.period, by=letter.by or letter.came,
            note=f"{letter.came}. {letter.note}".strip(), received=received,
        )  # fmt: skip
    except ScorecardError as error:
        loading.keep(replace(held, trouble=str(error)))
        return
    loading.bring(name, data, letter.agency, received)


def complaint(page: Page, received: datetime.date | None, lines: Sequence[Line]) -> str:
    """Return what must be put right before the figures can be checked, as a sentence; "" where nothing must."""
    if received is None or received > page.store.today:
        return "Write the date received as 31/10/2025; it may not lie ahead."
    if not lines:
        return "Type at least one figure, or say why there is none."
    if any(not line.kpi for line in lines):
        return "Choose a measure for each figure that you typed."
    both = [page.definitions.kpis[line.kpi].title for line in lines if line.has_number and line.missing]
    return f"{listed(both)}: give a figure, or say why there is none, not both." if both else ""


def _figure(definitions: Definitions, typing: Typing, line: Line, period: Period) -> Any:
    """Return a line as the loaders take it: a status stands where the number would."""
    area = "" if line.area == WHOLE else area_name(definitions, line.area)
    number = line.number or line.missing
    return typing.TypedFigure(
        kpi=line.kpi, period=period.id, number=number, out_of=line.out_of, value=line.value, area=area,
        provider=line.provider, available_from=line.expected if line.missing == "x" else "",
    )  # fmt: skip
