"""Owns the blank templates that an agency is sent: its lists and measures, with dates and codes to choose from."""

import datetime
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import xlsxwriter

from data_loaders.cover_sheet import (
    AGENCY,
    COVER,
    FIRST_DAY,
    IDENTITY,
    LAST_DAY,
    LAYOUT,
    MEASURE,
    NIL,
    NIL_LIST,
    PERIOD,
    TEMPLATE,
    identity,
    sheet_name,
)
from data_loaders.senders import known_agency
from scorecards.definitions import Column, Definitions, Kpi, RecordType
from scorecards.errors import ScorecardError
from scorecards.periods import Period

ROWS_READY = 2_000  # rows with drop-downs; more may be filled in
CODES, GUIDE = "Codes", "Guide"
DATE, MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"

HOW_TO = (
    "Fill in the sheets that follow, one row for each record. Do not change the headings or the cells above.",
    "Leave a cell blank where something is not known. A blank date says that it has not happened.",
    "Give no names, addresses or NHS numbers; an identifier is turned into a code when the file is read.",
    "Where you have no figure to give, write c (withheld), x (not available) or z (not applicable); 0 says none.",
    "If there was nothing to report in a list below, choose Yes beside it. An empty list counts as not sent.",
)
WRITTEN = {
    "child": "The child's identifier in your system, always the same for one child",
    "reference": "The identifier in your system",
    "birth": "31/10/2015; only the age and the month are kept",
    "date": "31/10/2025",
    "datetime": "31/10/2025 14:05, or the day alone",
    "code": "Choose from the list",
    "codes": "All that hold, with commas between them",
    "yes_no": "Yes or No; blank where it is not known",
    "whole_number": "A whole number",
    "number": "A number",
    "kpi": "The measure's title or id, as in the data dictionary",
    "period": "Q2 2025/26, August 2025, 2024/25 or 12 months to September 2025",
    "text": "A short word, no names of people",
    "locality": "Choose from the list",
}


@dataclass(frozen=True)
class Styles:
    title: object
    heading: object
    needed: object
    plain: object
    text: object
    date: object
    moment: object
    faint: object


def return_template(
    definitions: Definitions,
    agency: str,
    period: Period,
    *,
    past_periods: Sequence[Period] = (),
    only: Collection[str] | None = None,
) -> bytes:
    """Return a workbook for `agency` to fill in for `period`: its lists, and the measures that it sends as figures.

    With `past_periods` it also asks for past figures of every measure that the agency's lists feed, each for the kinds
    of period that it is rated and tested on: so a partnership's own earlier scorecards come in. With `only` it has the
    sheets of these lists and measures ("kpi:" + id) alone, such as those that are missing. Either way it says all that
    was expected when it was made, so that what is expected later is not called missing from it.

    Raise ScorecardError where partnership.yaml expects nothing from the agency.
    """
    known_agency(agency, definitions)
    every_list, every_kpi = expected(definitions, agency)
    lists = [record for record in every_list if only is None or record.id in only]
    kpis = [kpi for kpi in every_kpi if only is None or MEASURE + kpi.id in only]
    asked = measures_asked(definitions, lists, kpis, period, past_periods)
    out = io.BytesIO()
    # A title is text, whatever it begins with.
    as_text = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": DATE, **as_text}) as book:
        # The day it was made stays out, so that the same template has the same bytes.
        book.set_properties({"created": datetime.datetime.combine(period.first, datetime.time())})
        styles = styles_of(book)
        row = write_cover(book, styles, definitions, agency, period, lists)
        says = identity_of(definitions, agency, period, [kpi for kpi, _ in asked])
        write_identity(book.get_worksheet_by_name(COVER), row, styles, says)
        sheets = {record.id: book.add_worksheet(sheet_name(record.title)) for record in lists}
        aggregate = aggregate_record(definitions)
        if asked:
            sheets[aggregate.id] = book.add_worksheet(sheet_name(aggregate.title))
        write_guide(book, styles, definitions, [*lists, *([aggregate] if asked else [])])
        choices = write_codes(book, styles, definitions)
        for record in lists:
            write_list(sheets[record.id], styles, record, choices, definitions)
        if asked:
            write_list(sheets[aggregate.id], styles, aggregate, choices, definitions)
            write_measures(sheets[aggregate.id], aggregate, asked, definitions)
    return out.getvalue()


def expected(definitions: Definitions, agency: str) -> tuple[list[RecordType], list[Kpi]]:
    """Return the lists and the measures that partnership.yaml expects of an agency."""
    returns = [one for one in definitions.partnership.returns if one.agency == agency]
    if not returns:
        title = definitions.partnership.agencies[agency].title
        raise ScorecardError(f"partnership.yaml expects no return from {title}. Add one under 'returns:'.")
    records = dict.fromkeys(name for one in returns for name in one.records)
    kpis = dict.fromkeys(name for one in returns for name in one.kpis)
    return [definitions.record_types[name] for name in records], [definitions.kpis[name] for name in kpis]


def measures_asked(
    definitions: Definitions, lists, kpis, period: Period, past_periods: Sequence[Period]
) -> list[tuple[Kpi, Period]]:
    """Return the measures and periods that figures are asked for, measure by measure and oldest first."""
    fed = {record.id for record in lists}
    asked = []
    for kpi in definitions.kpis.values():
        if kpi in kpis or kpi.measure.records in fed:
            kinds = (kpi.windows.judged, kpi.windows.pattern)
            asked += [(kpi, one) for one in past_periods if one.kind in kinds]
        if kpi in kpis and period.kind in kpi.windows.shown and period not in past_periods:
            asked.append((kpi, period))
    return asked


def aggregate_record(definitions: Definitions) -> RecordType:
    return next(record for record in definitions.record_types.values() if record.replaces == "key")


def styles_of(book) -> Styles:
    heading = {"bold": True, "bg_color": "#E7EDF3", "bottom": 1, "text_wrap": True, "valign": "top"}
    return Styles(
        title=book.add_format({"bold": True, "font_size": 14}),
        heading=book.add_format(heading),
        needed=book.add_format({**heading, "bg_color": "#C9D8E6"}),
        plain=book.add_format({"text_wrap": True, "valign": "top"}),
        text=book.add_format({"num_format": "@"}),
        date=book.add_format({"num_format": DATE, "align": "left"}),
        moment=book.add_format({"num_format": MOMENT, "align": "left"}),
        faint=book.add_format({"num_format": "@", "font_color": "#595959", "font_size": 8}),
    )


def write_cover(book, styles: Styles, definitions: Definitions, agency: str, period: Period, lists) -> int:
    """Write the cover and return the row below what is written."""
    us = definitions.partnership
    sheet = book.add_worksheet(COVER)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 60)
    sheet.write(0, 0, f"{us.name}: return for {period.label}", styles.title)
    facts = (
        (AGENCY, us.agencies[agency].title, None),
        (PERIOD, period.label, None),
        (FIRST_DAY, period.first, styles.date),
        (LAST_DAY, period.last, styles.date),
        (TEMPLATE, f"{LAYOUT}, definitions {definitions.version}", None),
    )
    for row, (label, value, style) in enumerate(facts, 2):
        sheet.write(row, 0, label, styles.heading)
        sheet.write(row, 1, value, style)
    for row, line in enumerate(HOW_TO, len(facts) + 3):
        sheet.write(row, 0, line)
    row = len(facts) + len(HOW_TO) + 4
    if lists:
        write_nil(sheet, styles, lists, row)
        row += len(lists) + 2
    return row


def identity_of(definitions: Definitions, agency: str, period: Period, also: Sequence[Kpi]) -> list[tuple]:
    """Return the lines in which a template says what it is: all that is expected, and `also` what else it asks for."""
    lists, kpis = expected(definitions, agency)
    asked = {record.id: (record.title, tuple(names_asked(record, definitions))) for record in lists}
    asked |= {MEASURE + kpi.id: (kpi.title, ()) for kpi in (*kpis, *also)}
    return identity(agency, period.id, definitions.version, asked)


def write_identity(sheet, row: int, styles: Styles, lines: Sequence[tuple]) -> None:
    sheet.write(row, 0, IDENTITY)
    for place, (label, text) in enumerate(lines, row + 1):
        sheet.write(place, 0, label, styles.faint)
        sheet.write(place, 1, text, styles.faint)


def write_nil(sheet, styles: Styles, lists, row: int) -> None:
    sheet.write_row(row, 0, (NIL_LIST, NIL), styles.heading)
    for place, record in enumerate(lists, row + 1):
        sheet.write(place, 0, record.title)
        sheet.data_validation(place, 1, place, 1, {"validate": "list", "source": ["Yes"]})


def write_guide(book, styles: Styles, definitions: Definitions, records: Sequence[RecordType]) -> None:
    """Write a sheet that says, for each column, whether it is needed and how to write it."""
    sheet = book.add_worksheet(GUIDE)
    sheet.write_row(0, 0, ("In sheet", "Heading", "Needed in every row", "How to write it"), styles.heading)
    for at, width in enumerate((34, 46, 14, 80)):
        sheet.set_column(at, at, width)
    row = 1
    for record in records:
        for column in columns_of(record, definitions):
            how = column.guidance or WRITTEN[column.type]
            sheet.write_row(
                row, 0, (record.title, column.headings[0], "Yes" if column.required else "", how), styles.plain
            )
            row += 1


def columns_of(record: RecordType, definitions: Definitions) -> list[Column]:
    """Return the columns that a template asks for."""
    return [record.columns[name] for name in names_asked(record, definitions)]


def names_asked(record: RecordType, definitions: Definitions) -> list[str]:
    """Return the names of the columns that a template asks for.

    None that is not kept or that another column tells, and no locality where there are none.
    """
    left_out = {"drop"} if definitions.partnership.localities else {"drop", "locality"}
    return [name for name, one in record.columns.items() if one.type not in left_out and one.told_by is None]


def write_codes(book, styles: Styles, definitions: Definitions) -> dict[str, str]:
    """Write the codes to choose from, a column each, and return where each list of them stands."""
    lists = {name: [code.label for code in one.codes.values()] for name, one in definitions.code_lists.items()}
    lists["locality"] = [one.title for one in definitions.partnership.localities.values()]
    titles = {name: one.title for name, one in definitions.code_lists.items()} | {"locality": "Localities"}
    sheet = book.add_worksheet(CODES)
    choices = {}
    for at, (name, labels) in enumerate(lists.items()):
        sheet.write(0, at, titles[name], styles.heading)
        sheet.write_column(1, at, labels)
        sheet.set_column(at, at, 30)
        letter = xlsxwriter.utility.xl_col_to_name(at)
        choices[name] = f"={CODES}!${letter}$2:${letter}${len(labels) + 1}"
    return choices


def write_list(sheet, styles: Styles, record: RecordType, choices: dict[str, str], definitions: Definitions) -> None:
    """Write one list's headings, with formats and drop-downs below them."""
    formats = {"child": styles.text, "reference": styles.text, "period": styles.text, "datetime": styles.moment}
    formats |= {"birth": styles.date, "date": styles.date}
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 45)
    for at, column in enumerate(columns_of(record, definitions)):
        sheet.write(0, at, column.headings[0], styles.needed if column.required else styles.heading)
        sheet.set_column(at, at, 20, formats.get(column.type))
        allowed = validation(column, choices)
        if allowed:
            sheet.data_validation(1, at, ROWS_READY, at, {**allowed, **message(column)})


def validation(column: Column, choices: dict[str, str]) -> dict | None:
    """Return what Excel offers or asks for in a column; it warns and never forbids, as other spellings are read too."""
    if column.type == "yes_no":
        return {"validate": "list", "source": ["Yes", "No"], "error_type": "warning"}
    if column.type in ("code", "locality"):
        return {"validate": "list", "source": choices[column.codes or "locality"], "error_type": "warning"}
    if column.type in ("birth", "date", "datetime"):
        first = datetime.date(1990, 1, 1)
        return {"validate": "date", "criteria": ">=", "value": first, "error_type": "warning"}
    return None


def message(column: Column) -> dict[str, str]:
    # Excel allows 32 characters for the title of a message and 255 for its text.
    return {"input_title": column.title[:32], "input_message": (column.guidance or WRITTEN[column.type])[:255]}


def write_measures(sheet, record: RecordType, asked: Sequence[tuple[Kpi, Period]], definitions) -> None:
    """Write a row for each measure and period, for the figures to be put in."""
    headings = [column.type for column in columns_of(record, definitions)]
    kpi_at, period_at = headings.index("kpi"), headings.index("period")
    for row, (kpi, period) in enumerate(asked, 1):
        sheet.write(row, kpi_at, kpi.title)
        sheet.write(row, period_at, period.label)
    sheet.set_column(kpi_at, kpi_at, 60)
