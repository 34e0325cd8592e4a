"""Owns what a sender's word means: what the layout was taught, else what a word says by itself; nothing is guessed."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from data_loaders.grid import Cell
from data_loaders.layouts.model import Basis, Layout, Meaning, Part, Status, Unit, WordKind
from data_loaders.parsing import SYMBOLS, tidy
from data_loaders.places import WHOLE_AREA, Places
from data_loaders.problems import shown
from data_loaders.promises import is_promise
from scorecards.definitions import Definitions, Kpi, did_you_mean, normalise
from scorecards.definitions.words import nearest
from scorecards.periods import Covered, Period, covered_within, parse_covered, parse_period, period_by_id
from scorecards.periods.made import academic_year, financial_year

Known = Literal["layout", "itself", "ignored", ""]
YEARS = ("financial_year", "academic_year")
# A group's word for everybody: the figure is then not broken down.
WHOLE_GROUP = "whole"
LONGEST = {"breakdown": 40, "group": 120, "provider": 120}
SETS: dict[str, tuple[str, ...]] = {
    "part": get_args(Part),
    "unit": get_args(Unit),
    "basis": get_args(Basis),
    "status": get_args(Status),
}
# Words for these that mean the same everywhere; "Total" is none of them: it may be a number or what it is out of.
PART_WORDS: dict[str, Part] = {
    **dict.fromkeys(("number", "no", "n", "count", "numerator", "num"), "number"),
    **dict.fromkeys(("out of", "denominator", "den", "denom", "cohort size", "eligible"), "out_of"),
    **dict.fromkeys(("percentage", "percent", "pct", "rate", "value", "result"), "value"),
}
UNIT_WORDS: dict[str, Unit] = {
    **dict.fromkeys(("number", "no", "n", "count", "volume"), "count"),
    **dict.fromkeys(("percentage", "percent", "pct"), "percent"),
    **dict.fromkeys(("rate", "rate per 10000", "rate per 10 000", "per 10000", "per 10 000"), "rate"),
}
PARTS_IN_WORDS = {"number": "Number", "out_of": "Out of", "value": "Percentage, rate or average"}
UNITS_IN_WORDS = {
    "count": "Number",
    "percent": "Percent",
    "fraction": "Fraction of one, shown as percent",
    "rate": "Rate",
}
STATUS_IN_WORDS = {"c": "withheld", "x": "not available", "z": "not applicable", "low": "small"}


@dataclass(frozen=True)
class Understood:
    """What a word means to us; `value` is a Meaning for a measure, a Covered for a period, else our word."""

    value: Any = None
    known: Known = ""
    in_words: str = ""
    suggestion: str = ""

    @property
    def is_ignored(self) -> bool:
        return self.known == "ignored"

    @property
    def is_unknown(self) -> bool:
        return self.known == ""


NOT_SAID = Understood(None, "itself")
IGNORED = Understood(None, "ignored", "ignored")


@dataclass(frozen=True)
class Said:
    """One text about a figure: whether it stands beside or above the figure, or speaks for all of the sheet."""

    text: str
    is_near: bool
    is_fixed: bool = False


def text_of(cell: Cell) -> str:
    """Return a heading or label as text: a date that begins a month as that month."""
    if cell.kind in ("date", "datetime"):
        day = cell.value.date() if isinstance(cell.value, datetime.datetime) else cell.value
        return f"{day:%B %Y}" if day.day == 1 else f"{day:%d/%m/%Y}"
    if cell.kind in ("blank", "error", "formula", "disputed"):
        return ""
    return tidy(cell)


class Vocabulary:
    """Every word that a layout knows, and those that speak for themselves."""

    def __init__(self, layout: Layout, definitions: Definitions):
        self.definitions = definitions
        self.places = Places(definitions.partnership)
        self.measures = {plain_form(word): meaning for word, meaning in layout.measures.items()}
        self.words = {
            kind: {plain_form(word): meaning for word, meaning in words.items()} for kind, words in layout.words.items()
        }
        self._by_title = {normalise(form): kpi.id for kpi in definitions.kpis.values() for form in (kpi.title, kpi.id)}
        self._basis = definitions.code_lists["aggregate_basis"].by_form
        self._breakdowns = {name for kpi in definitions.kpis.values() for name in kpi.breakdowns}
        self._memory: dict[tuple, Understood] = {}

    def understand(self, dimension: WordKind, parts: Sequence[Said]) -> tuple[str, Understood]:
        """Return the word that the parts make, and what it means; a blank word says nothing."""
        parts = tuple(part for part in parts if part.text)
        key = (dimension, parts)
        word = " ".join(part.text for part in parts)
        if key not in self._memory:
            self._memory[key] = self._understood(dimension, parts, word) if word else NOT_SAID
        return word, self._memory[key]

    def _understood(self, dimension: WordKind, parts: Sequence[Said], word: str) -> Understood:
        if dimension == "measure":
            return self._measure(word, parts)
        taught = self.words.get(dimension, {})
        form = plain_form(word)
        if form in taught:
            return self._taught(dimension, taught[form])
        if dimension == "period":
            return self._period(parts)
        if len(parts) == 1 and parts[0].is_fixed:
            return self._fixed(dimension, word)
        return self._by_itself(dimension, word)

    def _measure(self, word: str, parts: Sequence[Said]) -> Understood:
        form = normalise(word)
        if plain_form(word) in self.measures:
            meaning = self.measures[plain_form(word)]
            return IGNORED if meaning is None else Understood(meaning, "layout", self._measure_in_words(meaning))
        if len(parts) == 1 and parts[0].is_fixed and form in self._by_title:
            meaning = Meaning(kpi=self._by_title[form])
            return Understood(meaning, "layout", self._measure_in_words(meaning))
        near = self._by_title.get(form) or nearest(word, [kpi.title for kpi in self.definitions.kpis.values()])
        return Understood(suggestion=self._by_title.get(normalise(near), "") if near else "")

    def _measure_in_words(self, meaning: Meaning) -> str:
        """Return the KPI's title, and what else the word says."""
        more = [
            PARTS_IN_WORDS[meaning.part].lower() if meaning.part else "",
            self.basis_in_words(meaning.basis).lower() if meaning.basis else "",
            meaning.group or "",
        ]
        said = ", ".join(filter(None, more))
        return f"{self.definitions.kpis[meaning.kpi].title}{f' ({said})' if said else ''}"

    def basis_in_words(self, basis: str) -> str:
        return self.definitions.code_lists["aggregate_basis"].codes[basis].label

    def _taught(self, dimension: WordKind, meaning: str | None) -> Understood:
        if meaning is None:
            return IGNORED
        if dimension == "period":
            period = period_by_id(meaning)
            basis: Basis | None = "rolling_12_months" if period and period.kind == "rolling_12_months" else None
            return Understood(Covered(period, basis), "layout", period.label if period else "")
        if dimension == "available_from":
            return Understood(meaning, "layout", meaning)
        return Understood(meaning, "layout", self.in_words(dimension, meaning))

    def in_words(self, dimension: str, meaning: str) -> str:
        """Return one of our words as it is shown."""
        if dimension == "area":
            localities = self.definitions.partnership.localities
            return localities[meaning].title if meaning in localities else "The whole partnership"
        if dimension == "basis":
            return self.basis_in_words(meaning)
        if dimension in ("breakdown", "group") and meaning == WHOLE_GROUP:
            return "Everybody, not broken down"
        known = {"part": PARTS_IN_WORDS, "unit": UNITS_IN_WORDS, "status": STATUS_IN_WORDS}.get(dimension, {})
        return known.get(meaning, meaning)

    def _fixed(self, dimension: WordKind, word: str) -> Understood:
        """Return what a layout says once for all figures: our own word, or one that speaks for itself."""
        if dimension in ("provider", "group", "breakdown", "available_from"):
            return Understood(word, "layout", self.in_words(dimension, word))
        if meaning_problem(dimension, word, self.definitions) is None:
            return Understood(word, "layout", self.in_words(dimension, word))
        return self._by_itself(dimension, word)

    def _by_itself(self, dimension: WordKind, word: str) -> Understood:
        form = normalise(word)
        if dimension == "area":
            # "Total" of a force or a trust is not ours, and its "North" need not be our North.
            return Understood(suggestion=self._near_area(word))
        if dimension == "provider":
            known = self.places.by_kind["provider"]
            return self._said(dimension, self.places.spelled("provider", word)) if form in known else Understood()
        if dimension == "breakdown":
            name = form.replace(" ", "_")
            return self._said(dimension, name) if name in self._breakdowns else Understood()
        if dimension == "available_from":
            period = available_period(word)
            return self._said(dimension, period) if period else Understood()
        found = {
            "part": PART_WORDS.get(form) or {"percent": "value"}.get(plain_form(word)),
            "unit": UNIT_WORDS.get(plain_form(word)),
            "basis": self._basis.get(form),
        }.get(dimension)
        return self._said(dimension, found) if found else Understood()

    def _said(self, dimension: str, value: str) -> Understood:
        return Understood(value, "itself", self.in_words(dimension, value))

    def _near_area(self, word: str) -> str:
        """Return the locality that is written most alike, or "partnership"; a total is never proposed as ours."""
        us = self.definitions.partnership
        names = {one.title: name for name, one in us.localities.items()}
        names |= {alias: name for name, one in us.localities.items() for alias in one.aliases}
        names |= {us.name: WHOLE_AREA, us.short_name: WHOLE_AREA}
        found = nearest(word, names)
        return names[found] if found else ""

    def _period(self, parts: Sequence[Said]) -> Understood:
        covered = read_covered(parts)
        if covered is None:
            return Understood()
        return Understood(covered, "itself", covered_in_words(covered, self))


# Signs that tell two words apart: "Re-referrals" and "% Re-referrals", "16" and "16+".
_TELLING_SIGNS = {"%": " percent ", "+": " plus ", "<": " under ", ">": " over ", "#": " number ", "&": " and "}


def plain_form(word: str) -> str:
    """Return a word for comparison; signs that tell it apart count as words."""
    for sign, said in _TELLING_SIGNS.items():
        word = word.replace(sign, said)
    return normalise(word) or word.strip()


def covered_in_words(covered: Covered, vocabulary: Vocabulary) -> str:
    basis = vocabulary.basis_in_words(covered.basis) if covered.basis else ""
    if covered.period is None:
        return basis
    if not basis or covered.period.kind == "rolling_12_months":
        return covered.period.label
    if covered.says_average:
        return f"{covered.period.label}, average"
    return f"{covered.period.label}, {basis[0].lower()}{basis[1:]}"


def read_covered(parts: Sequence[Said]) -> Covered | None:
    """Return what the texts about a period say together: "Q1" beside "2025/26", or "Apr-25" alone under a title.

    What stands nearest to the figure must be part of the period's name: "Change" under "2025/26" is none.
    """
    near = [part.text for part in parts if part.is_near]
    far = [(covered_within(part.text), part.text) for part in parts if not part.is_near]
    outer = [found.period.label if found and found.period else text for found, text in far]
    if not near:
        return _in_far_texts(far)
    for names in ([*outer, *near], [*near, *outer], [*reversed(near), *outer], [near[-1]]):
        if (covered := parse_covered(" ".join(names))) is not None:
            return covered
    return _in_the_year_of([*outer, *near[:-1]], near[-1])


def _in_far_texts(far: Sequence[tuple[Covered | None, str]]) -> Covered | None:
    """Return what titles and names say: the one of them that names a period, or all of them together."""
    named = [found for found, _ in far if found is not None]
    if len({found.period for found in named}) == 1:
        return named[0]
    return parse_covered(" ".join(text for _, text in far)) or covered_within(" ".join(text for _, text in far))


def _in_the_year_of(outer: Sequence[str], name: str) -> Covered | None:
    """Return a month or quarter without a year as that of the year of what stands above it or in the title.

    `within` is then what stands there: a table of twelve months may run over from the year before.
    """
    for text in reversed(outer):
        around = covered_within(text)
        if around is not None and around.period is not None:
            found = _in_year(name, year_of(around.period))
            is_title = found is not None and found.period is not None and around.period.kind not in YEARS
            return replace(found, within=around.period) if found is not None and is_title else found
    return None


def _in_year(name: str, year: Period) -> Covered | None:
    """Return what a name without a year is in a year; January to August of a school year are of its second."""
    if year.kind == "financial_year":
        return parse_covered(f"{name} {year.label}")
    for label in (financial_year(year.first.year).label, financial_year(year.first.year + 1).label):
        found = parse_covered(f"{name} {label}")
        period = found.period if found is not None else None
        # Which months the first quarter of a school year has, nothing says.
        if period is not None and period.kind in ("month", "term") and year.first <= period.first < year.end:
            return found
    return None


def year_of(period: Period) -> Period:
    """Return the year that a period ends in: terms are of academic years."""
    last = period.last
    if period.kind in ("term", "academic_year"):
        return academic_year(last.year if last.month >= 9 else last.year - 1)
    return financial_year(last.year if last.month >= 4 else last.year - 1)


def available_period(text: str) -> str | None:
    """Return the id of the period from which something is available."""
    covered = parse_covered(text)
    return covered.period.id if covered is not None and covered.period is not None else None


def is_status(text: str) -> bool:
    """Return whether a text in the place of a number is a sign that every loader knows."""
    word = text.casefold()
    is_small = re.fullmatch(r"[<≤] ?\d{1,3}", word) is not None
    return is_small or word in SYMBOLS or word in ("nil", "none") or is_promise(text)


def meaning_problem(dimension: str, meaning: str, definitions: Definitions) -> str | None:
    """Return why no word can mean this, as a clause that follows the word, or None where one can."""
    if dimension == "measure":
        forms = {normalise(form) for kpi in definitions.kpis.values() for form in (kpi.title, kpi.id)}
        return None if normalise(meaning) in forms else _none_of("a KPI", meaning, definitions.kpis)
    if dimension == "area":
        areas = (WHOLE_AREA, *definitions.partnership.localities)
        return None if meaning in areas else _none_of("a locality of partnership.yaml", meaning, areas)
    if dimension == "period":
        return None if period_by_id(meaning) else f"means '{meaning}', which is not the id of a period."
    if dimension in SETS:
        return (
            None
            if meaning in SETS[dimension]
            else _none_of(f"one of {', '.join(SETS[dimension])}", meaning, SETS[dimension])
        )
    longest = LONGEST.get(dimension)
    if longest and (len(meaning) > longest or shown(meaning) != " ".join(meaning.split())[: len(shown(meaning))]):
        return f"means a text that is too long or about a person; {longest} characters are kept at most."
    return None


def _none_of(what: str, meaning: str, known) -> str:
    return f"means '{meaning}', which is not {what}.{did_you_mean(meaning, known)}"


def period_for(kpi: Kpi, covered: Covered, basis: str | None) -> tuple[Period, str | None] | None:
    """Return the period and basis under which a figure of a KPI is kept; None where the heading does not tell.

    A figure of a day counts for the quarter or month that ends with it where it says how things stood on that day.
    """
    period, said = covered.period, basis_for(kpi, covered) or basis
    if period is None:
        return None
    if period.kind != "date":
        return period, said
    is_stock = bool(getattr(kpi.measure, "is_stock", False))
    said = said or ("at_date" if is_stock else None)
    return (ending, said) if said and (ending := ending_with(period, kpi)) is not None else None


def basis_for(kpi: Kpi, covered: Covered) -> str | None:
    """Return what a heading says that a figure of a KPI covers: "Average Q1" of a median or a share is that of Q1."""
    if not covered.says_average or kpi.unit == "count":
        return covered.basis
    is_rolling = covered.period is not None and covered.period.kind == "rolling_12_months"
    return "rolling_12_months" if is_rolling else None


def ending_with(day: Period, kpi: Kpi) -> Period | None:
    """Return the quarter, else the month, that ends with a day and that the KPI is shown for."""
    found = [parse_period(f"{day.first:%Y-%m}")]
    quarter = (day.first.month - 1) // 3
    year = day.first.year if day.first.month >= 4 else day.first.year - 1
    found.insert(0, parse_period(f"Q{quarter if quarter else 4} {year}/{(year + 1) % 100:02}"))
    ends = [one for one in found if one is not None and one.end == day.end]
    return next((one for one in ends if one.kind in kpi.windows.shown), ends[-1] if ends else None)
