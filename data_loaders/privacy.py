"""Owns what must not come in: columns of names, addresses, and numbers that identify a person outright."""

import re
from collections.abc import Container, Iterable, Sequence

import numpy

from data_loaders.grid import Cell, Sheet, column_letters
from data_loaders.matching import Match
from data_loaders.parsing import tidy
from scorecards.definitions import normalise

_PEOPLE = (
    r"(?:child|children|contact|pupil|young person|person|patient|client|subject|parent|mother|father|carer|sibling|"
    r"social worker|worker|practitioner|officer|referrer|victim|suspect|perpetrator)(?:s| s)?"
)
_HEADINGS = (
    (rf"(?:{_PEOPLE} )?(?:full |first |last |middle |given |family |fore|sur|nick)?name(?:s| s)?", "names"),
    (rf"{_PEOPLE}|known as|initials|alias(?:es)?", "names"),
    (r"(?:.* )?(?:post ?codes?|address(?:es)?|house number|uprn)(?: .*)?|street", "addresses"),
    (r"(?:.* )?(?:tele)?phone(?: .*)?|(?:.* )?mobile(?: (?:no|number))?", "telephone numbers"),
    (r"(?:.* )?e ?mail(?: .*)?", "e-mail addresses"),
    (r"(?:.* )?nhs(?: (?:no|number|id))?", "NHS numbers"),
    (r"(?:.* )?(?:upn|unique pupil number)", "pupil numbers"),
    (r"(?:.* )?(?:national insurance|ni|passport|home office)(?: (?:no|number|ref|reference))", "numbers of a person"),
)
HEADINGS = tuple((re.compile(pattern), what) for pattern, what in _HEADINGS)

EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.I)
PHONE = re.compile(r"(?<!\d)(?:0|\+44 ?(?:\(0\) ?)?)[1-37]\d(?:[ -]?\d){8}(?!\d)")
UPN = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[\dA-Z]", re.I)
NHS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
NAME = re.compile(r"[A-Z][a-z'’-]+(?: [A-Z][a-z'’-]+){1,2}|[A-Z][A-Za-z'’-]+, ?[A-Z][a-z'’-]+")

SHARE = 0.2  # of a column's different values, from which a shape is no accident
VALUES_LOOKED_AT = 5_000  # of a column that is not kept anyway, evenly spread
NAME_SHARE, NAMES_AT_LEAST = 0.8, 5
# On a sheet of no list a few people may be named: who drew it up, whom to ask.
PERSONS_AT_LEAST, HEADINGS_LOOKED_AT = 5, 20
# Headings that stand over many other things than persons.
MAY_BE_ANYTHING = re.compile(rf"names?|initials|alias(?:es)?|street|{_PEOPLE}|.*address.*|.*contact.*", re.I)
# Words of places and teams, which are written like names.
NO_NAME = re.compile(
    r"\b(?:team|unit|service|school|academy|college|hospital|centre|center|trust|area|ward|north|south|east|west|"
    r"police|health|care|primary|duty|hub|house|road|street|council|support|early|help|social|family|children)\b",
    re.I,
)

# Words that stand where a code, a date or a number belongs, and are nobody's name: "Will" and "June" are.
_EVERYDAY = """
a about after all an and any as at awaiting be been before by case child closed completed confirm confirmed contact
current data date day days did do does due end ended enter entered error exact except few fewer first for from given
had has have held if in is it known last later less listed missing month months more n na new next nil nk no none
not number of on one ongoing only open or other outcome outside over own pending per plan please previous process
professional public recorded referral referred see self sent since some source started stated still tba tbc than
that the their them there these they this those time to two type unable under unknown until up update updated us
used value via waiting was week weeks were when where which who with within worker year years yes yet january
february march july september october november december
"""
EVERYDAY = frozenset(_EVERYDAY.split())
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’][^\W\d_]+)*(?!\w)")


def is_nhs_number(text: str) -> bool:
    """Return whether ten digits carry the right check digit (modulus 11, NHS Data Dictionary)."""
    digits = [int(sign) for sign in text if sign.isdigit()]
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == digits[9] and check != 10


# The letters that check a unique pupil number: the Department for Education's guide to UPNs.
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def is_upn(text: str) -> bool:
    """Return whether a text is a unique pupil number with the right check letter; a temporary one ends in a letter."""
    sign = text.strip().upper()
    if not UPN.fullmatch(sign) or not (sign[-1].isdigit() or sign[-1] in UPN_LETTERS):
        return False
    values = [int(one) if one.isdigit() else UPN_LETTERS.index(one) for one in sign[1:]]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return UPN_LETTERS[total % 23] == sign[0]


def by_heading(heading: str) -> str | None:
    """Return what a heading says that its column holds of a person, else None."""
    form = normalise(heading)
    return next((what for pattern, what in HEADINGS if pattern.fullmatch(form)), None)


def by_values(cells: Iterable[Cell], rows: int) -> str | None:
    """Return what the different values of a column that we do not know seem to hold of a person, else None."""
    told = [cell for cell in cells if cell.kind in ("text", "number")]
    texts = [tidy(cell) for cell in told[:: len(told) // VALUES_LOOKED_AT + 1]]
    if not texts:
        return None
    if any(EMAIL.search(text) for text in texts):
        return "e-mail addresses"
    # One identifier in eleven passes the check by accident, so most of a column must.
    shapes = ((POSTCODE.search, "postcodes", SHARE), (PHONE.search, "telephone numbers", SHARE),
              (is_upn, "pupil numbers", SHARE), (holds_nhs_number, "NHS numbers", 0.5))  # fmt: skip
    for holds, what, share in shapes:
        if sum(1 for text in texts if holds(text)) >= share * len(texts):
            return what
    names = sum(map(is_name, texts))
    if names >= NAMES_AT_LEAST and names >= NAME_SHARE * len(texts) and len(texts) * 2 >= rows:
        return "names"
    return None


def holds_nhs_number(text: str) -> bool:
    return any(is_nhs_number(found[0]) for found in NHS.finditer(text))


def holds_person(text: str) -> bool:
    """Return whether a text that would be stored holds an e-mail address, postcode, telephone, NHS or pupil number."""
    shapes = EMAIL.search(text) or POSTCODE.search(text) or PHONE.search(text)
    return bool(shapes) or holds_nhs_number(text) or any(map(is_upn, text.split()))


def personal_columns(
    sheet: Sheet, matches: Sequence[Match], rows: numpy.ndarray, dropped: set[str]
) -> list[tuple[int, str]]:
    """Return (sheet column, what it holds) of each column that must not come in.

    `matches` are the lists that the sheet feeds. Columns whose headings are in `dropped` do not count.
    """
    known = {at: match.record.columns[name] for match in matches for name, at in match.columns.items()}
    headings = matches[0].headings
    found = []
    for at in range(len(sheet.columns)):
        column, heading = known.get(at), headings.get(at, "")
        if (column and column.type not in ("text", "child", "reference")) or dropped & {
            normalise(heading),
            normalise(nameless(at)),
        }:
            continue
        used = used_cells(sheet.columns[at], rows)
        if column is None:
            what = by_heading(heading) or by_values(used, len(rows))
        elif column.type == "text":
            what = (
                "a person's details" if any(cell.kind == "text" and holds_person(cell.value) for cell in used) else None
            )
        else:
            what = "names" if are_names(used) else None
        if what and used:
            found.append((at, what))
    return found


def nameless(at: int) -> str:
    """Return what a column is called that has no heading, or one that cannot be shown."""
    return f"Column {column_letters(at)}"


def persons_on(sheet: Sheet) -> list[tuple[int, str]]:
    """Return (sheet column, what it holds) of each column of a sheet of no list that seems to be about persons.

    The name or the address of whoever drew it up is no such column.
    """
    rows = numpy.arange(sheet.n_rows)
    found = []
    for at, column in enumerate(sheet.columns):
        cells = used_cells(column, rows)
        texts = [tidy(cell) for cell in cells[:VALUES_LOOKED_AT] if cell.kind in ("text", "number")]
        telling = sum(1 for text in texts if holds_person(text) or is_name(text))
        what = by_values(cells, len(texts)) or headed_for_persons(texts)
        if what and (telling >= PERSONS_AT_LEAST or headed_for_persons(texts)):
            found.append((at, what))
    return found


def headed_for_persons(texts: Sequence[str]) -> str | None:
    """Return what the heading of a column says that it holds of persons; "Name" alone may be that of anything."""
    if len(texts) <= PERSONS_AT_LEAST:
        return None
    told = [
        what
        for text in texts[:HEADINGS_LOOKED_AT]
        if not MAY_BE_ANYTHING.fullmatch(text) and (what := by_heading(text))
    ]
    return told[0] if told else None


def is_name(text: str) -> bool:
    return bool(NAME.fullmatch(text)) and not NO_NAME.search(text)


def used_cells(column, rows: numpy.ndarray) -> list[Cell]:
    """Return the different cells of a column that stand in `rows`, without the blank."""
    counts = numpy.bincount(column.codes[rows], minlength=len(column.uniques))
    return [column.uniques[code] for code in numpy.flatnonzero(counts).tolist() if code]


def are_names(cells: list[Cell]) -> bool:
    """Return whether most identifiers are words: two or more of them and no digit."""
    first = cells[:200]
    return bool(first) and sum(1 for cell in first if cell.kind == "text" and NAME.fullmatch(tidy(cell))) * 2 > len(
        first
    )


def may_name_somebody(text: str, known: Container[str] = ()) -> bool:
    """Return whether a text that should be a code, date or number may be about a person by name.

    It may where two words or more of it are neither of everyday, nor of a service, nor among the `known` ones: a
    misspelt code is one such word, and a name is two.
    """
    words = [word.casefold() for word in _WORD.findall(text)]
    strange = [word for word in words if word not in known and word not in EVERYDAY and not NO_NAME.fullmatch(word)]
    return len(strange) > 1
