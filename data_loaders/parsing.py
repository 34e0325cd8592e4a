"""Owns what a cell means in its column: each different value is read once, and becomes a value or a Trouble."""

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

from data_loaders.dates import FIRST_BIRTH, FIRST_EVENT, Trouble, read_date
from data_loaders.grid import Cell
from data_loaders.places import ALL_PROVIDERS, Places
from data_loaders.promises import is_promise, period_of
from scorecards.definitions import CodeList, Column, Definitions, did_you_mean, normalise
from scorecards.periods import parse_period

__all__ = ["Context", "Trouble", "reader_of"]

Read = Callable[[Cell], object]  # a filled cell in; its value, None where it says nothing, or a Trouble

SAYS_NOTHING = {"", "n a", "na", "none", "null", "not applicable"}
NO_IDENTIFIER = SAYS_NOTHING | {"unknown", "not known", "not recorded", "tbc", "missing"}
YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "a yes", "t"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "b no", "f"), "no"),
    **dict.fromkeys(
        ("unknown", "not known", "c unknown", "c not known", "not stated", "not recorded", "u", "nk"), None
    ),
}
# Signs that publishers of statistics put where they give no number: https://analysisfunction.civilservice.gov.uk/
# policy-store/symbols-in-tables-definitions-and-help/. They are kept beside an empty value, never read as a number.
SYMBOLS = {sign: sign for sign in ("c", "x", "z", "low", "..", ":", "*", "-")} | {
    "suppressed": "c",
    "not available": "x",
    "n/a": "z",
    "not applicable": "z",
}
NOT_AVAILABLE = "x"
_LESS_THAN = re.compile(r"[<≤] ?\d{1,3}")
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_IN_BRACKETS = re.compile(r"\((.*)\)|-(.*)")
_LETTER = re.compile(r"^[a-z]{1,2}\d?\) *", re.I)
BETWEEN_CODES = re.compile(r'[,;|/\n\r\[\]{}"]+')
TAKES_PERCENT_SIGN = {"percentage", "rate"}
TEXT_LENGTH = 120  # a team or group becomes the name of a figure, which the store keeps in 120 characters
LARGEST_NUMBER = 1_000_000_000  # more than any count or rate of an area; the store's whole numbers end at 2**31
SUGGESTIONS = 50
LABELS_TOLD = 8  # known words that a sentence can name
BREAKDOWN = "breakdown"

ERROR_CELL = "An error cell: Excel could not work it out."
DISPUTED = "Two readers see different things in this cell."


@dataclass(frozen=True)
class Context:
    """What reading a cell needs to know beyond the cell."""

    definitions: Definitions
    today: datetime.date
    places: Places
    pseudonym: Callable[[object], str]
    epoch_1904: bool = False
    stands_at: datetime.date | None = None  # the day of lists that say what stands on a day and do not say on which
    known_as: Mapping[str, str] = field(default_factory=dict)  # what a template called our measures when it was made

    @property
    def latest(self) -> datetime.date:
        """Return the last day any date may have: a year ahead."""
        return self.today + datetime.timedelta(days=366)


def reader_of(column: Column, context: Context) -> Read:
    """Return the function that reads a filled cell of `column`; errors, lost formulas and disputes never reach it."""
    return guarded(READERS[column.type](column, context))


def guarded(read: Read) -> Read:
    def guarded_read(cell):
        if cell.kind == "error":
            return Trouble("error_cell", ERROR_CELL, "Put it right in Excel, save and send again.")
        if cell.kind == "formula":
            return Trouble(
                "formula_unsaved",
                "The result of this formula was never saved.",
                "Open the file in Excel, save it and send it again.",
            )
        if cell.kind == "disputed":
            return Trouble("readers_disagree", DISPUTED, "Open the file in Excel, save it and send it again.")
        return read(cell)

    return guarded_read


def tidy(cell: Cell) -> str:
    """Return a cell as text: whole numbers without decimals, single spaces, one form of each letter."""
    if cell.kind == "number" and cell.value == int(cell.value):
        return str(int(cell.value))
    if cell.kind == "percent":
        return f"{hundredfold(cell.value):g}%"
    return " ".join(unicodedata.normalize("NFKC", str(cell.value)).split())


def identifiers(_column, context):
    pseudonym = context.pseudonym

    def read(cell):
        if cell.kind not in ("text", "number"):
            return Trouble("value_unknown", "This is not an identifier.", "Give the identifier as text or a number.")
        # Most identifiers are digits: only words can say that there is none.
        if cell.kind == "text" and not cell.value[-1:].isdigit() and normalise(cell.value) in NO_IDENTIFIER:
            return None
        return pseudonym(cell.value)

    return read


def births(_column, context):
    def read(cell):
        if cell.kind == "text" and normalise(cell.value) in NO_IDENTIFIER:
            return None
        found = read_date(cell, FIRST_BIRTH, context.latest, context.epoch_1904)
        return birth_trouble(found) if isinstance(found, Trouble) else found[0]

    return read


def birth_trouble(found: Trouble) -> Trouble:
    """Return the trouble with a day of birth in words that give no part of it away."""
    if found.code == "date_is_number":
        return found._replace(sentence="A number stands where a date of birth belongs.")
    return found._replace(sentence="This is not a date of birth.", advice="Ask for the right date: 31/10/2015.")


def days(_column, context):
    read = moments(_column, context)

    def read_day(cell):
        found = read(cell)
        return found if found is None or isinstance(found, Trouble) else found[0]

    return read_day


def moments(_column, context):
    def read(cell):
        if cell.kind == "text" and normalise(cell.value) in SAYS_NOTHING:
            return None
        found = read_date(cell, FIRST_EVENT, context.latest, context.epoch_1904)
        if isinstance(found, Trouble) or found[1] is None:
            return found
        return found[0], found[0] * 1440 + found[1]

    return read


def codes(column, context):
    code_list = context.definitions.code_lists[column.codes]
    labels = [entry.label for entry in code_list.codes.values()]
    # A short list is told whole to whoever wrote a word that is near none of it.
    known = f" Known are: {', '.join(labels)}." if len(labels) <= LABELS_TOLD else ""
    unknown = count(1)

    def read(cell):
        text = tidy(cell)
        code = code_of(text, code_list)
        if code is not None or normalise(text) in SAYS_NOTHING:
            return code
        # Finding the nearest takes time, and a column of the wrong thing has thousands of values, few of them shown.
        near = did_you_mean(text, labels) if next(unknown) <= SUGGESTIONS else ""
        return Trouble(
            "value_unknown",
            f"Not a known value of '{code_list.title}'.{near or known}",
            "Correct it, or ask the sender what it means.",
        )

    return read


def code_of(text: str, code_list: CodeList) -> str | None:
    """Return the code that `text` stands for: as it is, without a leading "a)", or by the code it begins with."""
    without = _LETTER.sub("", text)
    for form in (text, without, without.partition(":")[0], without.partition(" - ")[0]):
        code = code_list.by_form.get(normalise(form))
        if code is not None:
            return code
    return None


def several_codes(column, context):
    """Return the reader of cells such as "3A, 4B; 16A": every code that is there, in the order of its list."""
    code_list = context.definitions.code_lists[column.codes]
    order = {code: place for place, code in enumerate(code_list.codes)}

    def read(cell):
        text = str(cell.value) if cell.kind == "text" else tidy(cell)
        if normalise(text) in SAYS_NOTHING:
            return None
        pieces = [piece for piece in BETWEEN_CODES.split(text) if normalise(piece)]
        found = [codes_in(" ".join(piece.split()), code_list) for piece in pieces]
        if None in found or not pieces:
            # One code that is not known may be the one that matters, so the others do not stand alone.
            return Trouble(
                "value_unknown",
                f"Not all of it is known in '{code_list.title}'.",
                "Give the codes alone, with commas between them.",
            )
        return " ".join(sorted({code for codes in found for code in codes or ()}, key=order.__getitem__))

    return read


def codes_in(piece: str, code_list: CodeList) -> list[str] | None:
    """Return the code that a piece of a cell stands for, or those of its words; None where one is not known."""
    whole = code_of(piece, code_list)
    if whole is not None:
        return [whole]
    words = [code_of(word, code_list) for word in piece.split()]
    return None if None in words else [word for word in words if word]


def yes_or_no(_column, _context):
    def read(cell):
        if cell.kind == "yes_no":
            return "yes" if cell.value else "no"
        word = normalise(tidy(cell))
        if word in YES_NO or word in SAYS_NOTHING:
            return YES_NO.get(word)
        return Trouble("value_unknown", "Neither yes nor no.", "Write Yes or No, or leave it blank if it is not known.")

    return read


def numbers(column, _context):
    whole = column.type == "whole_number"
    percent = bool(TAKES_PERCENT_SIGN & {normalise(heading) for heading in column.headings})

    def read(cell):
        found = number_of(cell, percent)
        if found is None or isinstance(found, Trouble) or found[0] is None:
            return found
        number = found[0]
        if number < 0:
            return Trouble("number_below_zero", "This is below zero.", "Ask for the right number.")
        if number > LARGEST_NUMBER:
            return Trouble("number_too_large", "This is too large to be right.", "Ask for the right number.")
        if whole and number != int(number):
            return Trouble("number_not_whole", "A count must be a whole number.", "Ask for the right number.")
        return (int(number) if whole else number), None

    return read


def number_of(cell: Cell, percent: bool) -> tuple[float | None, str | None] | Trouble | None:
    """Return (number, None), or (None, symbol) where a sign says why there is no number, or the Trouble."""
    if cell.kind == "number":
        return cell.value, None
    if cell.kind == "percent" and percent:
        return hundredfold(cell.value), None
    if cell.kind != "text":
        kind = {"yes_no": "yes or no", "time": "time", "percent": "percentage"}.get(cell.kind, "date")
        return Trouble(
            "number_unreadable",
            f"A {kind} stands where a number belongs.",
            "Check the number and the format of the cell in Excel.",
        )
    text = tidy(cell)
    word = text.casefold()
    if not word:
        return None
    if word in SYMBOLS or _LESS_THAN.fullmatch(word):
        return None, SYMBOLS.get(word, word.replace(" ", ""))
    if is_promise(word):
        return None, NOT_AVAILABLE
    if word in ("nil", "none"):
        return 0.0, None
    negative = _IN_BRACKETS.fullmatch(text)
    text = (negative[1] or negative[2] or "") if negative else text
    text = text.removesuffix("%").rstrip() if percent else text
    if not _NUMBER.fullmatch(text):
        return Trouble(
            "number_unreadable",
            "This is not a number.",
            "Give a number alone, or leave the cell blank if it is not known.",
        )
    number = float(text.replace(",", ""))
    return (-number if negative else number), None


def hundredfold(share: float) -> float:
    """Return a share as a percentage: 0.57 is 57 and not 56.99999999999999."""
    return round(share * 100, 9)


def measures(_column, context):
    kpis = context.definitions.kpis
    known = {title: kpi for title, kpi in context.known_as.items() if kpi in kpis}
    known |= {normalise(form): kpi.id for kpi in kpis.values() for form in (kpi.title, kpi.id)}

    def read(cell):
        text = tidy(cell)
        if normalise(text) in known:
            return known[normalise(text)]
        near = did_you_mean(text, [kpi.title for kpi in kpis.values()])
        return Trouble(
            "kpi_unknown",
            f"Not the name of a measure.{near}",
            "Use the measure's id or title from the data dictionary.",
        )

    return read


def periods(column, context):
    def read(cell):
        text = period_text(cell)
        # A period that need not be given says when something can be had.
        period = parse_period(text) if column.required else period_of(text, context.today)
        if period is not None:
            return period.id
        if not column.required and normalise(text) in NO_IDENTIFIER:
            return None
        return Trouble(
            "period_unknown",
            "Not the name of a period.",
            "Write Q2 2025/26, August 2025, 2024/25 or 12 months to September 2025.",
        )

    return read


def period_text(cell: Cell) -> str:
    """Return what a cell says of a period; Excel turns "Aug-25" into the first of the month."""
    if cell.kind not in ("date", "datetime"):
        return tidy(cell)
    return f"{cell.value:%Y-%m}" if cell.value.day == 1 else f"{cell.value:%Y-%m-%d}"


def texts(column, context):
    # What a figure is broken down by goes by the name that the KPIs give it.
    names_breakdown = BREAKDOWN in map(normalise, column.headings)
    breakdowns = {word for kpi in context.definitions.kpis.values() for word in kpi.breakdowns}

    def read(cell):
        text = tidy(cell)
        if normalise(text) in SAYS_NOTHING:
            return None
        if column.places == "provider" and normalise(text) in ALL_PROVIDERS:
            return None
        if names_breakdown and (word := normalise(text).replace(" ", "_")) in breakdowns:
            return word
        if len(text) > TEXT_LENGTH:
            return Trouble(
                "text_too_long", f"The text has more than {TEXT_LENGTH} characters.", "Shorten it, without names."
            )
        return context.places.spelled(column.places, text) if column.places else text

    return read


def areas(_column, context):
    def read(cell):
        text = tidy(cell)
        area = context.places.area(text)
        if area is not None or normalise(text) in SAYS_NOTHING:
            return area
        return Trouble(
            "area_unknown", f"Not one of our localities.{did_you_mean(text, context.places.titles)}",
            "Correct it, or add the word to the locality's aliases in partnership.yaml.",
        )  # fmt: skip

    return read


READERS: dict[str, Callable[[Column, Context], Read]] = {
    "child": identifiers,
    "reference": identifiers,
    "birth": births,
    "date": days,
    "datetime": moments,
    "code": codes,
    "codes": several_codes,
    "yes_no": yes_or_no,
    "whole_number": numbers,
    "number": numbers,
    "kpi": measures,
    "period": periods,
    "text": texts,
    "locality": areas,
}

# A blank date says that it has not happened, and a blank figure removes nothing: one that cannot be read stops its row.
STOPS_THE_ROW = {"date", "datetime", "number", "kpi"}
# What identifies a child is never shown, whatever is wrong with it.
NEVER_SHOWN = {"child", "reference", "birth", "drop"}
