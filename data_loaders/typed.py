"""Owns figures that an analyst types from a letter, a PDF or an e-mail: a file like any other, so every check holds."""

import datetime
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter

from data_loaders.cover_sheet import (
    AGENCY,
    COVER,
    FIRST_DAY,
    LAST_DAY,
    LAYOUT,
    PERIOD,
    TEMPLATE,
    CoverSheet,
    labelled,
    sheet_name,
)
from data_loaders.grid import BLANK, FileContent
from data_loaders.parsing import tidy
from data_loaders.privacy import holds_person
from data_loaders.problems import seems_personal
from data_loaders.senders import known_agency
from scorecards.definitions import Definitions, did_you_mean, normalise
from scorecards.errors import ScorecardError
from scorecards.periods import Period, parse_period

TYPED_FROM, RECEIVED, NOTE = "Typed in from", "Received", "Note"
LONGEST_NOTE, LONGEST_OFFICE = 500, 120
DATE = "dd/mm/yyyy"
_PLAIN_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
# Which column of the aggregate return each part of a typed figure stands in.
COLUMNS = {
    "kpi": "kpi",
    "period": "period",
    "provider": "provider",
    "area": "area",
    "breakdown": "breakdown",
    "group": "group",
    "number": "numerator",
    "out_of": "denominator",
    "value": "value",
    "basis": "basis",
    "available_from": "available_from",
}


@dataclass(frozen=True)
class TypedFigure:
    """One figure as it was typed; every field but the measure and the period may stay blank."""

    kpi: str  # id or title
    period: str  # id or label
    number: str = ""
    out_of: str = ""
    value: str = ""
    area: str = ""
    provider: str = ""
    breakdown: str = ""
    group: str = ""
    basis: str = ""
    available_from: str = ""

    @property
    def says_something(self) -> bool:
        """Return whether there is a number, or why there is none."""
        return any(text.strip() for text in (self.number, self.out_of, self.value, self.available_from))


@dataclass(frozen=True)
class Typed:
    """Where the figures of a typed return came from."""

    by: str
    note: str
    period: str | None  # id


def typed_file(
    figures: Sequence[TypedFigure],
    definitions: Definitions,
    *,
    agency: str,
    period: Period,
    by: str,
    note: str,
    received: datetime.date,
) -> bytes:
    """Return a workbook like our own template with the figures in it, for `check_files` and `land`.

    `by` is who sent the letter or e-mail, as an office ("Performance team"), `note` where it stands and what was asked.
    Raise ScorecardError where there is no figure, or the note or sender holds a person's details.
    """
    known_agency(agency, definitions)
    rows = [row_of(figure, definitions) for figure in figures if figure.says_something]
    if not rows:
        raise ScorecardError("Type at least one figure, or say why there is none.")
    by, note = remark(by, "who sent the figures", LONGEST_OFFICE), remark(note, "the note", LONGEST_NOTE)
    record = next(one for one in definitions.record_types.values() if one.replaces == "key")
    names = [name for name in COLUMNS.values() if name in record.columns]
    out = io.BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": DATE, **as_text}) as book:
        # The moment of typing stays out, so that the same figures typed again are known to be the same.
        book.set_properties({"created": datetime.datetime.combine(received, datetime.time())})
        write_rows(book.add_worksheet(COVER), cover_rows(definitions, agency, period, (by, received, note)))
        headings = [record.columns[name].headings[0] for name in names]
        write_rows(
            book.add_worksheet(sheet_name(record.title)),
            [headings, *([row.get(name) for name in names] for row in rows)],
        )
    return out.getvalue()


def cover_rows(definitions: Definitions, agency: str, period: Period, came: tuple[str, datetime.date, str]) -> list:
    """Return the cover sheet: that of our template, with who wrote the figures, when they came, and a note."""
    by, received, note = came
    us = definitions.partnership
    return [
        [f"{us.name}: figures typed in for {period.label}"],
        [],
        [AGENCY, us.agencies[agency].title],
        [PERIOD, period.label],
        [FIRST_DAY, period.first],
        [LAST_DAY, period.last],
        [TEMPLATE, f"{LAYOUT}, definitions {definitions.version}"],
        [TYPED_FROM, by],
        [RECEIVED, received],
        [NOTE, note],
    ]


def remark(text: str, what: str, longest: int) -> str:
    """Return a remark as it is kept; raise ScorecardError where it is too long or about a person."""
    plain = " ".join(text.split())
    if len(plain) > longest:
        raise ScorecardError(f"Shorten {what}: it has {len(plain):,} characters, and at most {longest} are kept.")
    if seems_personal(plain):
        raise ScorecardError(
            f"Take personal details out of {what}: an address, a telephone number or a number as long as an identifier "
            "is not kept."
        )
    return plain


def row_of(figure: TypedFigure, definitions: Definitions) -> dict[str, str | float | None]:
    """Return a figure as the cells of its row; raise ScorecardError where its measure or period is not known."""
    kpis = {normalise(form): kpi for kpi in definitions.kpis.values() for form in (kpi.id, kpi.title)}
    kpi = kpis.get(normalise(figure.kpi))
    if kpi is None:
        titles = [one.title for one in definitions.kpis.values()]
        raise ScorecardError(f"'{figure.kpi}' is not a measure of ours.{did_you_mean(figure.kpi, titles)}")
    period = parse_period(figure.period)
    if period is None:
        raise ScorecardError(f"'{figure.period}' is not a period. Write Q2 2025/26, August 2025 or 2024/25.")
    cells = {COLUMNS[name]: typed_cell(getattr(figure, name)) for name in COLUMNS}
    return cells | {"kpi": kpi.title, "period": period.label}


def typed_cell(text: str) -> str | float | None:
    """Return what was typed as a number where it is a plain one, so that the file reads as a sender's would."""
    plain = " ".join(text.split())
    return float(plain.replace(",", "")) if _PLAIN_NUMBER.fullmatch(plain) else plain or None


def write_rows(sheet, rows: Iterable[Sequence]) -> None:
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            if value not in (None, ""):
                sheet.write(number, at, value)
    sheet.set_column(0, 1, 44)


def typed_name(definitions: Definitions, agency: str, period: Period, received: datetime.date) -> str:
    """Return the file name under which typed figures are kept: "Typed in - Police - Q2 2025-26 - 14-10-2025.xlsx"."""
    title = definitions.partnership.agencies[agency].title
    plain = re.sub(r"[^\w &'()-]", "-", f"Typed in - {title} - {period.label} - {received:%d-%m-%Y}")
    return f"{plain}.xlsx"


def typed_from(content: FileContent, cover: CoverSheet | None) -> Typed | None:
    """Return where the figures of a file were typed from, where it is such a file."""
    if cover is None:
        return None
    sheet = next(one for one in content.sheets if one.name == cover.sheet)
    said = labelled(sheet)
    by = said.get(normalise(TYPED_FROM))
    if by is None:
        return None
    period = parse_period(tidy(said.get(normalise(PERIOD), BLANK)))
    note = said.get(normalise(NOTE), BLANK)
    plain = tidy(note)[:LONGEST_NOTE] if note.kind == "text" and not holds_person(tidy(note)) else ""
    return Typed(tidy(by) if by.kind == "text" else "", plain, period.id if period else None)
