"""Owns the data dictionary: every measure and every list in words, taken from the definitions and from nowhere else."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from scorecards.definitions import CodeList, Column, Definitions, Kpi, RecordType, Theme, normalise
from scorecards.format import breakdown_name, day, evidence_words, priorities_words, thresholds_words
from scorecards.measures import Reading, kind_of, sentence
from scorecards.measures.statement import statement_text
from scorecards.narrative import (
    asked_ready_made,
    asked_words,
    breaks_words,
    checked_words,
    how_often,
    official_source,
    sent_as,
)
from scorecards.periods import quarter_of
from scorecards.scorecard import POPULATION, judged_window
from scorecards.store import Store

A_YEAR = datetime.timedelta(days=366)

# Settings of a measure whose words are codes and kinds, not columns.
NOT_COLUMNS = {
    "kind",
    "is_",
    "is_not",
    "counted",
    "counts",
    "same_day",
    "in_",
    "unfinished",
    "direction",
    "blank",
    "order",
}

WINDOW_WORDS = {
    "month": "each month",
    "quarter": "each quarter",
    "half_year": "each half-year",
    "term": "each school term",
    "financial_year": "each financial year",
    "academic_year": "each academic year",
    "date": "on given days",
    "rolling_12_months": "the last 12 months",
}
POLARITY_WORDS = {
    "higher": "Good is high",
    "lower": "Good is low",
    "band": "Good is neither very low nor very high",
    "context": "Neither high nor low is good by itself, so it is never rated",
}
BASIS_WORDS = {
    "councils": "where other councils stand",
    "statutory": "a statutory time limit or duty",
    "national": "a national figure",
    "local": "a local default",
}
TYPE_WORDS = {
    "child": "Child's identifier; only a keyed hash of it is kept",
    "reference": "Another identifier; only a keyed hash of it is kept",
    "birth": "Date of birth; only age and month are kept",
    "date": "Day",
    "datetime": "Day, with the time where known",
    "code": "One of the codes",
    "codes": "Several of the codes",
    "yes_no": "Yes or no",
    "whole_number": "Whole number",
    "number": "Number",
    "kpi": "Name of a measure",
    "period": "Name of a period",
    "text": "A few words, no names",
    "locality": "Locality",
    "drop": "Recognised and never kept",
}
REPLACES_WORDS = {
    "event": "A new file takes the place of all rows dated in the days it covers.",
    "episode": "A new file takes the place of all rows that were open at any time in the days it covers.",
    "key": "A new figure takes the place of the earlier figure for the same measure, period and group; "
    "blanks remove nothing.",
}


@dataclass(frozen=True)
class Supply:
    """One list that feeds a measure, and the columns of it that are used."""

    title: str
    anchor: str
    senders: str
    columns: tuple[Column, ...]
    sent_as: str
    how_often: str


@dataclass(frozen=True)
class Entry:
    """One measure, in words."""

    kpi: Kpi
    how: str
    supplies: tuple[Supply, ...]
    thresholds: str
    source: str
    good: str
    windows: str
    breakdowns: str
    companions: tuple[tuple[str, str], ...]  # id, title
    evidence: str
    priorities: str
    reviewed: str
    is_review_due: bool
    ready_made: str  # who is asked for the figure itself, where it is made from a list, too
    official: str
    breaks: tuple[str, ...]
    checks: tuple[str, ...] = ()


def entries(definitions: Definitions, today: datetime.date) -> tuple[Entry, ...]:
    """Return every measure, in words, in the order of the definitions."""
    return tuple(_entry(kpi, definitions, today) for kpi in definitions.kpis.values())


def _entry(kpi: Kpi, definitions: Definitions, today: datetime.date) -> Entry:
    thresholds, target = definitions.thresholds(kpi, today)
    return Entry(
        kpi,
        sentence(kpi, definitions),
        _supplies(kpi, definitions),
        thresholds_words(kpi, thresholds, target) if thresholds else "None",
        f"{thresholds.source} ({BASIS_WORDS[thresholds.basis]})" if thresholds and not target
        else target.agreed_by if target else "",
        POLARITY_WORDS[kpi.polarity],
        _windows(kpi, definitions, today),
        ", ".join(breakdown_name(one).lower() for one in kpi.breakdowns) or "not broken down",
        tuple((other, definitions.kpis[other].title) for other in kpi.companions),
        evidence_words(kpi),
        priorities_words(kpi, definitions),
        day(kpi.reviewed),
        is_review_due(kpi, today),
        _ready_made(kpi, definitions),
        official_source(kpi, quarter_of(today)),
        breaks_words(kpi),
        tuple(checked_words(one) for one in definitions.checks_of(kpi)),
    )  # fmt: skip


def is_review_due(kpi: Kpi, today: datetime.date) -> bool:
    """Return whether a year has passed since somebody read the definition through."""
    return kpi.reviewed + A_YEAR < today


def is_unverified(kpi: Kpi, definitions: Definitions, today: datetime.date) -> bool:
    """Return whether a measure is rated by a default that nobody here has agreed or verified."""
    thresholds, target = definitions.thresholds(kpi, today)
    return thresholds is not None and target is None and "not verified" in thresholds.source.casefold()


def _windows(kpi: Kpi, definitions: Definitions, today: datetime.date) -> str:
    shown = ", ".join(WINDOW_WORDS[one] for one in kpi.windows.shown)
    judged = WINDOW_WORDS[judged_window(kpi, *definitions.thresholds(kpi, today))]
    pattern = WINDOW_WORDS[kpi.windows.pattern]
    return f"Shown for {shown}. Rated on {judged}; tested for real change on {pattern}."


def _supplies(kpi: Kpi, definitions: Definitions) -> tuple[Supply, ...]:
    if kpi.measure.kind == POPULATION:
        return ()  # partnership.yaml holds it, and nobody sends it
    named = _names_in(kpi.measure.model_dump())
    found = []
    for name in dict.fromkeys(kind_of(kpi.measure).record_types(kpi)):
        record = definitions.record_types[name]
        used = tuple(column for key, column in record.columns.items() if key in named or key == record.child_column)
        columns = used or tuple(column for column in record.columns.values() if column.required)
        senders, often = _senders(kpi, record, definitions), how_often(kpi, name, definitions)
        found.append(Supply(record.title, name, senders, columns, sent_as(kpi, record), often))
    return tuple(found)


def _ready_made(kpi, definitions):
    return "" if kpi.measure.kind == "submitted" else asked_words(asked_ready_made(kpi, definitions), definitions)


def statements(found: Iterable[Entry], store: Store) -> dict[str, str]:
    """Return the SQL statement that makes each of these measures, by id; none for one that no list is counted for."""
    reading = Reading(store.definitions, store.lists)
    made = ((one.kpi.id, statement_text(kind_of(one.kpi.measure), one.kpi, reading)) for one in found)
    return {kpi_id: sql for kpi_id, sql in made if sql}


def _names_in(settings, key: str = "") -> set[str]:
    """Return every word in a measure's settings that may be the name of a column."""
    if key in NOT_COLUMNS:
        return set()
    if isinstance(settings, dict):
        return set().union(*(_names_in(value, name) for name, value in settings.items()))
    if isinstance(settings, list | tuple):
        return set().union(*(_names_in(value, key) for value in settings))
    return {settings} if isinstance(settings, str) else set()


def _senders(kpi: Kpi, record: RecordType, definitions: Definitions) -> str:
    """Return who supplies a list: whoever leads on it, else whoever is expected to send it, else whoever may."""
    us = definitions.partnership
    leads = [one.agency for one in us.lead_agencies if one.records == record.id]
    expected = [one.agency for one in us.returns if record.id in one.records or kpi.id in one.kpis]
    names = dict.fromkeys(leads[-1:] or expected or record.sent_by)
    return ", ".join(us.agencies[name].title for name in names if name in us.agencies)


@dataclass(frozen=True)
class ThemeEntries:
    """The measures of one theme; a measure of several themes stands under its first."""

    theme: Theme
    entries: tuple[Entry, ...]


def by_theme(found: tuple[Entry, ...], definitions: Definitions) -> tuple[ThemeEntries, ...]:
    """Return the measures under their first theme, without themes that have none."""
    themes = [
        ThemeEntries(theme, tuple(one for one in found if one.kpi.themes[0] == theme.id))
        for theme in definitions.partnership.themes
    ]
    return tuple(one for one in themes if one.entries)


@dataclass(frozen=True)
class ColumnRow:
    """One column of a list, in words."""

    column: Column
    kind: str
    codes: str


@dataclass(frozen=True)
class ListEntry:
    """One list that a partner may send, in words."""

    record: RecordType
    senders: str
    replaces: str
    columns: tuple[ColumnRow, ...]
    rules: tuple[str, ...]


def list_entries(definitions: Definitions) -> tuple[ListEntry, ...]:
    """Return every list that a partner may send, in words."""
    agencies = definitions.partnership.agencies
    return tuple(
        ListEntry(
            record,
            ", ".join(agencies[name].title for name in record.sent_by if name in agencies),
            REPLACES_WORDS[record.replaces],
            tuple(_column_row(column, definitions) for column in record.columns.values()),
            tuple(rule.says for rule in record.rules),
        )
        for record in definitions.record_types.values()
    )


def _column_row(column: Column, definitions: Definitions) -> ColumnRow:
    codes = definitions.code_lists[column.codes].title if column.codes else ""
    return ColumnRow(column, TYPE_WORDS[column.type], codes)


def code_entries(definitions: Definitions) -> tuple[CodeList, ...]:
    """Return the code lists that any list uses."""
    used = {column.codes for record in definitions.record_types.values() for column in record.columns.values()}
    return tuple(codes for name, codes in definitions.code_lists.items() if name in used)


def matching(found: tuple[Entry, ...], words: str) -> tuple[Entry, ...]:
    """Return the measures in which every word that was searched for stands; of an id that measure alone."""
    named = tuple(one for one in found if one.kpi.id == words.strip())
    if named:
        return named
    wanted = normalise(words).split()
    return tuple(one for one in found if all(word in _text_of(one) for word in wanted))


def _text_of(one: Entry) -> str:
    kpi = one.kpi
    lists = (f"{supply.title} {supply.senders} {supply.sent_as} {supply.how_often}" for supply in one.supplies)
    headings = (heading for supply in one.supplies for column in supply.columns for heading in column.headings)
    return normalise(
        " ".join(
            (
                kpi.id,
                kpi.title,
                kpi.definition,
                kpi.why,
                kpi.caveats,
                kpi.owner,
                one.how,
                *kpi.questions,
                one.evidence,
                one.priorities,
                one.ready_made,
                one.official,
                *lists,
                *headings,
            )
        )
    )


def matching_lists(found: tuple[ListEntry, ...], words: str) -> tuple[ListEntry, ...]:
    """Return the lists in whose title, columns or headings every word that was searched for stands."""
    wanted = normalise(words).split()
    return tuple(one for one in found if all(word in _text_of_list(one) for word in wanted))


def _text_of_list(one: ListEntry) -> str:
    columns = (f"{row.column.title} {' '.join(row.column.headings)}" for row in one.columns)
    return normalise(" ".join((one.record.id, one.record.title, one.record.one_row_is, one.senders, *columns)))
