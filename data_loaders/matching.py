"""Owns which list a sheet is: by the set of its headings, in whichever of its first rows they stand."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from data_loaders.grid import Sheet
from scorecards.definitions import Definitions, Form, RecordType, Unused, known_form, normalise

HEADER_ROWS = 20
UNUSED_SHARE = 0.6  # of an unused list's telling headings
IDENTIFIER_WORDS = ("id", "identifier", "childuniqueid")
# Where no other column identifies the child, these do; like any identifier they are stored as a keyed hash only.
PERSONS_NUMBERS = ("nhs number", "nhs no", "nhs id", "upn", "unique pupil number")
SSDA903_CHILD = "child"  # heads the identifiers in every table of the SSDA903 return
NEAR_HEADING = 0.8  # likeness from which a heading may be a misspelt one; it is said, never assumed


@dataclass(frozen=True, eq=False)
class Match:
    """A sheet read as a list: where its headings stand and which sheet column is which of the list's columns."""

    record: RecordType
    header_row: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]  # every heading as it is written, by sheet column
    duplicates: tuple[tuple[str, tuple[int, ...]], ...] = ()  # (the list's column, sheet columns that all stand for it)
    missing: tuple[str, ...] = ()  # required columns for which there is no heading
    suggestion: str = ""  # which heading may be meant for a missing one
    form: Form | None = None  # the table of a national return that the sheet is
    height: int = 1  # rows that the headings take; `header_row` is the last of them

    @property
    def unknown(self) -> list[int]:
        """Return the sheet columns whose headings mean nothing to this list."""
        known = {*self.columns.values(), *(at for _, group in self.duplicates for at in group)}
        return [at for at in self.headings if at not in known]


@dataclass(frozen=True)
class Recognised:
    """What a sheet was recognised as: lists to read (two where one row feeds both), a list not used yet, or nothing."""

    matches: tuple[Match, ...] = ()
    unused: Unused | None = None
    has_children: bool = False  # a sheet that fits no list but has a column of child identifiers


@dataclass(frozen=True)
class Headings:
    """One row taken as headings: what is written where, and where each normalised heading stands."""

    row: int
    written: dict[int, str]
    places: dict[str, list[int]] = field(default_factory=dict)
    height: int = 1  # rows that the headings take; `row` is the last of them

    def only(self, written: dict[int, str]) -> "Headings":
        """Return the headings of some of the columns."""
        places = {form: [at for at in found if at in written] for form, found in self.places.items()}
        return Headings(self.row, written, {form: found for form, found in places.items() if found}, self.height)


def recognise(sheet: Sheet, definitions: Definitions, record: str | None = None, first: int = 0) -> Recognised:
    """Return what `sheet` is by its headings from row `first` on; `record` is the list that our template says it is."""
    rows = list(heading_rows(sheet, first))
    records = definitions.record_types
    wanted = [records[record]] if record in records else list(records.values())
    forms = [match for headings in rows for match in in_a_form(headings, wanted)]
    if forms:
        return Recognised((max(forms, key=weight),))
    found = [match for headings in rows for match in complete(headings, wanted)]
    if not found:
        tall = two_row_headings(sheet, range(first + 1, min(first + HEADER_ROWS, sheet.n_rows)), forms_of(wanted))
        found = [match for headings in tall for match in complete(headings, wanted)]
    unused = unused_list(rows, definitions.unused_lists.values())
    if found and not (unused and knows_more(unused, found)):
        best = max(found, key=lambda match: (weight(match), fits_name(sheet.name, match.record), -match.header_row))
        return Recognised(with_siblings(best, found) if record is None else (best,))
    if unused:
        return Recognised(unused=unused)
    near = [match for headings in rows for match in nearly(headings, wanted)]
    if near:
        return Recognised((max(near, key=lambda match: (-len(match.missing), weight(match))),))
    return Recognised(has_children=any(has_children(sheet, headings, wanted) for headings in rows))


def heading_rows(sheet: Sheet, first: int = 0) -> Iterable[Headings]:
    """Yield each of the first rows, from `first` on, that has at least two texts."""
    for row in range(first, min(first + HEADER_ROWS, sheet.n_rows)):
        if headings := headings_at(sheet, row):
            yield headings


def headings_at(sheet: Sheet, row: int) -> Headings | None:
    """Return a row taken as headings, or None where it has fewer than two texts."""
    written = texts_at(sheet, row)
    return Headings(row, written, places_of(written)) if len(written) > 1 else None


def texts_at(sheet: Sheet, row: int) -> dict[int, str]:
    cells = {at: cell for at, column in enumerate(sheet.columns) if (cell := column.cell(row)).kind == "text"}
    written = {at: " ".join(cell.value.split()) for at, cell in cells.items()}
    return {at: text for at, text in written.items() if text}


def places_of(written: Mapping[int, str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, text in written.items():
        places.setdefault(normalise(text), []).append(at)
    return places


def forms_of(records: Iterable[RecordType]) -> set[str]:
    """Return every heading that the lists know, normalised."""
    return {known_form(text) for record in records for column in record.columns.values() for text in column.headings}


def two_row_headings(sheet: Sheet, rows: Iterable[int], forms: set[str]) -> Iterable[Headings]:
    """Yield the headings that take a row and the one above it: "Referral" over "Date" and "Source", or one cell merged.

    Of both together, the lower and the upper, the first that is a known heading is taken.
    """
    for row in rows:
        lower, upper = texts_at(sheet, row), spread_right(sheet, row - 1) if row else {}
        if len(lower) < 1 or not upper:
            continue
        written = {
            at: known_of((f"{upper.get(at, '')} {lower.get(at, '')}".strip(), lower.get(at), upper.get(at)), forms)
            for at in sorted({*lower, *upper})
        }
        if len(written) > 1:
            yield Headings(row, written, places_of(written), height=2)


def known_of(options: tuple[str | None, ...], forms: set[str]) -> str:
    told = [text for text in options if text]
    return next((text for text in told if normalise(text) in forms), told[0])


def spread_right(sheet: Sheet, row: int) -> dict[int, str]:
    """Return the texts of a row, those in merged cells for each column that they span."""
    texts = texts_at(sheet, row)
    spans = {(top, left): right for top, left, _, right in sheet.merged}
    for at, text in list(texts.items()):
        for column in range(at, spans.get((row, at), at) + 1):
            texts.setdefault(column, text)
    return texts


def match_of(headings: Headings, record: RecordType) -> Match:
    columns, duplicates = {}, []
    for name, column in record.columns.items():
        forms = dict.fromkeys(map(known_form, column.headings))
        places = sorted(at for form in forms for at in headings.places.get(form, ()))
        if not places and column.type == "child":
            places = [at for form in PERSONS_NUMBERS for at in headings.places.get(form, ())]
        if len(places) > 1 and column.type != "drop":
            duplicates.append((name, tuple(places)))
        if places:
            columns[name] = places[0]
    missing = tuple(name for name, column in record.columns.items() if column.required and name not in columns)
    return Match(record, headings.row, columns, headings.written, tuple(duplicates), missing, height=headings.height)


def complete(headings: Headings, records: Iterable[RecordType]) -> list[Match]:
    """Return the matches of a heading row that lack no required heading."""
    matches = [match_of(headings, record) for record in records]
    return [match for match in matches if not match.missing]


def in_a_form(headings: Headings, records: Iterable[RecordType]) -> Iterable[Match]:
    """Yield the matches of a heading row that is that of a table of a national return."""
    for record in records:
        for form in record.forms:
            places = {name: headings.places.get(known_form(heading), []) for name, heading in form.columns.items()}
            if any(not places[name] for name in form.columns if record.columns[name].required):
                continue
            columns = {name: found[0] for name, found in places.items() if found}
            duplicates = tuple((name, tuple(found)) for name, found in places.items() if len(found) > 1)
            yield Match(record, headings.row, columns, headings.written, duplicates, form=form)


def weight(match: Match) -> int:
    return len(match.columns)


def fits_name(sheet_name: str, record: RecordType) -> bool:
    """Return whether the sheet's name is the list's title or its Annex A number: it breaks a tie, and no more."""
    name = normalise(sheet_name)
    number = re.fullmatch(r"list (\d+)\b.*", name)
    return name == normalise(record.title) or (number is not None and int(number[1]) == record.annex_a_list)


def with_siblings(best: Match, found: list[Match]) -> tuple[Match, ...]:
    """Return the lists that one row of this sheet feeds: Annex A's list 5 is a section 47 enquiry and its conference.

    Both are fed only where each has columns that the other lacks; a plain list of conferences that happens to give
    the enquiry's date does not list the enquiries.
    """
    same_row = [match for match in found if match.header_row == best.header_row]
    family = [match for match in same_row if related(match.record, best.record)]
    own = {id(match): set(match.columns.values()) for match in [best, *family]}
    fed = [match for match in family if own[id(match)] - own[id(best)]]
    return tuple(sorted([best, *fed], key=lambda match: match.record.same_row_as is not None))


def related(one: RecordType, other: RecordType) -> bool:
    return one.same_row_as == other.id or other.same_row_as == one.id


def unused_list(rows: list[Headings], unused: Iterable[Unused]) -> Unused | None:
    """Return the list not used yet that most of the telling headings belong to; a sheet of codes has no identifiers."""
    best, share = None, 0.0
    for headings in rows:
        if not any(is_identifier(form) for form in headings.places):
            continue
        for one in unused:
            forms = [known_form(heading) for heading in one.headings]
            found = sum(form in headings.places for form in forms) / len(forms)
            if found >= UNUSED_SHARE and found > share:
                best, share = one, found
    return best


def is_identifier(form: str) -> bool:
    return form == SSDA903_CHILD or any(word in form.split() for word in IDENTIFIER_WORDS)


def knows_more(unused: Unused, found: list[Match]) -> bool:
    """Return whether a sheet has every telling heading of an unused list, some of which no match of a list knows.

    Early help assessments have a start date as social care assessments do; only the former say who completed them.
    """
    forms = {known_form(heading) for heading in unused.headings}
    for match in found:
        written = {normalise(text): at for at, text in match.headings.items()}
        if not forms <= written.keys() or not any(written[form] in match.unknown for form in forms):
            return False
    return True


def nearly(headings: Headings, records: Iterable[RecordType]) -> list[Match]:
    """Return the lists of which only some required heading is missing or misspelt, the surest ones."""
    near = []
    for record in records:
        match = match_of(headings, record)
        if weight(match) < 2:
            continue
        unknown = {normalise(match.headings[at]): match.headings[at] for at in match.unknown}
        suggestions = [near_heading(record, name, unknown) for name in match.missing]
        one_short = len(match.missing) == 1 and has_telling(match)
        if one_short or all(suggestions):
            near.append(replace(match, suggestion=next(filter(None, suggestions), "")))
    return [match for match in near if match.suggestion] or near


def has_telling(match: Match) -> bool:
    """Return whether a required column other than the child is there, which few lists share.

    Without the child a code alone does not tell: its heading stands over a sheet of codes, too.
    """
    columns = match.record.columns
    no_child = match.record.child_column is not None and match.record.child_column not in match.columns
    untold = ("child", "code") if no_child else ("child",)
    return any(columns[name].required and columns[name].type not in untold for name in match.columns)


def near_heading(record: RecordType, name: str, written: Mapping[str, str]) -> str:
    """Return the one of the unknown headings (by their form) that may be meant for a missing column, or ""."""
    for heading in record.columns[name].headings:
        near = difflib.get_close_matches(known_form(heading), written, n=1, cutoff=NEAR_HEADING)
        if near:
            return written[near[0]]
    return ""


def has_children(sheet: Sheet, headings: Headings, records: Iterable[RecordType]) -> bool:
    """Return whether a column is headed as a child's identifier and most of what stands below has digits."""
    columns = [record.columns[record.child_column] for record in records if record.child_column]
    forms = {known_form(heading) for column in columns for heading in column.headings}
    for at in (at for form in forms for at in headings.places.get(form, ())):
        below = {sheet.columns[at].cell(row) for row in range(headings.row + 1, min(sheet.n_rows, headings.row + 50))}
        filled = [str(cell.value) for cell in below if cell.kind != "blank"]
        if filled and 2 * sum(any(sign.isdigit() for sign in text) for text in filled) > len(filled):
            return True
    return False
