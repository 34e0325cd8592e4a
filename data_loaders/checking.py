"""Owns the check of one list: cells read by column, rows judged, and every row accounted for."""

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy

from data_loaders.accounts import fates_of
from data_loaders.dates import turned_texts
from data_loaders.deriving import keys_of, spread, stored_values
from data_loaders.figures import TWICE, check_counts, check_percentages, check_totals, given_otherwise
from data_loaders.grid import Column as Cells
from data_loaders.grid import Sheet, address, column_letters
from data_loaders.matching import Match
from data_loaders.oddities import check_oddities
from data_loaders.parsing import NEVER_SHOWN, STOPS_THE_ROW, Context, Trouble, reader_of, tidy
from data_loaders.places import UNKNOWN
from data_loaders.privacy import may_name_somebody
from data_loaders.problems import HIDDEN, PLACES_KEPT, SHOWN_LENGTH, Problem, needs_a_look, shown
from data_loaders.promises import promised
from data_loaders.results import ListCheck, ListStatus, Rows
from data_loaders.tables import NO_FIGURE, NO_RECORD, REPEATED, Table, is_blank
from scorecards.definitions import Column

NOWHERE = -1  # the sheet column of what no cell says
PLACES_NAMED = 5  # places of no locality that are named
VALUES_NAMED = 20  # different wrong values of one column that are named one by one
HOLDS_DATES = {"date", "datetime", "period"}
HOLDS_NAMES = {"kpi", "period"}  # names of ours, which may be long
# Names of places are like those of people, and who adds one to partnership.yaml has to see it.
HOLDS_ANY_WORDS = HOLDS_NAMES | {"locality"}
DATE_LIKE = re.compile(r"\b\d{1,2}[-/. ](?:\d{1,2}|[a-z]{3,9})[-/. ]\d{2,4}\b|\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b", re.I)


@dataclass(frozen=True, eq=False)
class Reading:
    """One column read: `values` by different cell, `codes` by row; rows that are blank, and rows that are wrong."""

    name: str
    column: Column
    at: int
    values: Sequence
    codes: numpy.ndarray
    blank: numpy.ndarray
    wrong: numpy.ndarray
    troubles: dict[int, Trouble]


@dataclass(frozen=True, eq=False)
class Page:
    """Where a list stands: what problems need to say their place."""

    file: str
    sheet: Sheet
    match: Match
    rows: numpy.ndarray  # sheet rows (from zero) that hold records

    def problem(self, code, severity, sentence, advice, *, at=None, where=None, sheet_rows=(), value=None):
        """Return a Problem of a sheet column in the rows of the mask `where`, or in some `sheet_rows` (from zero)."""
        rows = self.rows[where].tolist() if where is not None else list(sheet_rows)
        places = self.addresses(rows[:PLACES_KEPT], at) if at is not None else ()
        heading = self.match.headings.get(at) if at is not None else None
        return Problem(
            code, severity, self.file, self.sheet.name, places[0] if places else None, heading, value, sentence, advice,
            max(len(rows), 1), places,
        )  # fmt: skip

    def addresses(self, rows: Iterable[int], at: int) -> tuple[str, ...]:
        return tuple(found for row in rows if (found := self.sheet.address(row, at)))


def check_list(
    file: str, sheet: Sheet, match: Match, table: Table, context: Context, family: Sequence[Match] = ()
) -> ListCheck:
    """Return the list that `match` finds in the rows of `table`; `family` are all lists that its rows feed."""
    record = match.record
    page = Page(file, sheet, match, table.rows)
    stops = [*missing_headings(page), *duplicate_headings(page), *missing_day(page, context)]
    if stops:
        ignored = tuple(table.ignored.items())
        refused = len(table.rows)
        return ListCheck(
            record.id, sheet.name, record.title, "refused", table.read, 0, refused, ignored, problems=tuple(stops)
        )
    rows, ignored, read = own_rows(sheet, match, table, family)
    page = replace(page, rows=rows)
    readings = {
        name: read_column(sheet.columns[at], rows, name, at, match, context) for name, at in match.columns.items()
    }
    readings |= meant_columns(match, len(rows))
    readings |= told_columns(match, readings)
    readings |= standing_day(match, readings, context, len(rows))
    readings |= promises(sheet, match, readings, context)
    without = without_figure(record, readings, len(rows))
    if without.any():
        ignored[NO_FIGURE] += int(without.sum())
        page = replace(page, rows=rows[~without])
        readings = {name: kept_rows(reading, ~without) for name, reading in readings.items()}
    return judged(page, readings, ignored, read, context, check_totals(page, table))


def own_rows(sheet, match, table: Table, family):
    """Return the rows that are this list's own, those ignored by reason, and how many were read.

    Of a row that feeds two lists, each takes only the rows in which its own date is given.
    """
    others = [other for other in family if other.record.id != match.record.id]
    if not others:
        return table.rows, Counter(table.ignored), table.read
    own = filled(sheet, match, table.rows)
    if match.record.same_row_as:
        return table.rows[own], Counter(), int(own.sum())
    elsewhere = numpy.any([filled(sheet, other, table.rows) for other in others], axis=0)
    kept = own | ~elsewhere
    ignored = Counter(table.ignored)
    if not kept.all():
        ignored[NO_RECORD] += int((~kept).sum())
    return table.rows[kept], ignored, table.read


def filled(sheet, match, rows):
    column = sheet.columns[match.columns[match.record.dated_by]]
    blank = numpy.array([is_blank(cell) or cell.value == "-" for cell in column.uniques], dtype=bool)
    return ~blank[column.codes[rows]]


def read_column(cells: Cells, rows, name: str, at: int, match: Match, context: Context) -> Reading:
    """Return a column with each of its different cells read once."""
    column = match.record.columns[name]
    codes = cells.codes[rows]
    values: list = [None] * len(cells.uniques)
    troubles: dict[int, Trouble] = {}
    if column.type != "drop":
        read = reader_of(column, context)
        used = numpy.flatnonzero(numpy.bincount(codes, minlength=1)).tolist()
        for code in used:
            if code:
                value = read(cells.uniques[code])
                if value.__class__ is Trouble:
                    troubles[code] = value
                else:
                    values[code] = value
    troubles |= turned_texts(cells.uniques, values, troubles)
    if name == match.record.dated_by:
        troubles |= days_to_come(values, context.today)
    is_none = numpy.fromiter((value is None for value in values), dtype=bool, count=len(values))
    is_wrong = numpy.zeros(len(values), dtype=bool)
    is_wrong[list(troubles)] = True
    wrong = is_wrong[codes]
    return Reading(name, column, at, values, codes, is_none[codes] & ~wrong, wrong, troubles)


def meant_columns(match: Match, count: int) -> dict[str, Reading]:
    """Return the columns that a national return leaves unsaid because they are the same in every row."""
    means = match.form.means if match.form else {}
    same, none = numpy.zeros(count, dtype=int), numpy.zeros(count, dtype=bool)
    columns = match.record.columns
    return {name: Reading(name, columns[name], NOWHERE, (code,), same, none, none, {}) for name, code in means.items()}


def told_columns(match: Match, readings: dict[str, Reading]) -> dict[str, Reading]:
    """Return the columns of yes and no that a column of several codes tells, where their own does not say."""
    found = {}
    for name, column in match.record.columns.items():
        source, own = readings.get(column.told_by or ""), readings.get(name)
        if source is None:
            continue
        told: list = [None if value is None else told_of(value, column) for value in source.values]
        if own is None:
            blank = source.blank | source.wrong
            none = numpy.zeros(len(blank), dtype=bool)
            found[name] = Reading(name, column, NOWHERE, told, source.codes, blank, none, {})
        else:
            codes = numpy.where(own.blank, source.codes + len(own.values), own.codes)
            blank = own.blank & (source.blank | source.wrong)
            found[name] = replace(own, values=[*own.values, *told], codes=codes, blank=blank)
    return found


def told_of(codes: str, column: Column) -> str:
    return "yes" if set(codes.split()) & set(column.any_of) else "no"


def standing_day(match: Match, readings: dict[str, Reading], context: Context, count: int) -> dict[str, Reading]:
    """Return the day on which a list stands: as each row says, else the one that is known for its file."""
    name, day = match.record.stands_at, context.stands_at
    if name is None:
        return {}
    none = numpy.zeros(count, dtype=bool)
    all_blank = Reading(name, match.record.columns[name], NOWHERE, (None,), none.astype(int), ~none, none, {})
    own = readings.get(name, all_blank)
    if day is None:
        # A row of no day would count in no period, so the day must be there.
        return {name: replace(own, column=own.column.model_copy(update={"required": True}))}
    codes = numpy.where(own.blank, len(own.values), own.codes)
    return {name: replace(own, values=[*own.values, day.toordinal()], codes=codes, blank=none)}


def promises(sheet: Sheet, match: Match, readings: dict[str, Reading], context: Context) -> dict[str, Reading]:
    """Return when figures that are not there can be had: by the column for it, else by what stands in their place."""
    name = promise_column(match.record)
    figures = [reading for reading in readings.values() if reading.column.type == "number" and reading.at != NOWHERE]
    if name is None or not figures:
        return {}
    own = readings.get(name)
    values = list(own.values) if own else [None]
    codes = own.codes.copy() if own else numpy.zeros(len(figures[0].codes), dtype=int)
    open_rows = own.blank if own else numpy.ones(len(codes), dtype=bool)
    for reading in figures:
        for code, cell in enumerate(sheet.columns[reading.at].uniques):
            period = promised(tidy(cell), context.today) if cell.kind == "text" else None
            if period is not None:
                codes[open_rows & (reading.codes == code)] = len(values)
                values.append(period.id)
    blank = numpy.array([value is None for value in values])[codes]
    wrong = own.wrong if own else numpy.zeros(len(codes), dtype=bool)
    at, troubles = (own.at, own.troubles) if own else (NOWHERE, {})
    return {name: Reading(name, match.record.columns[name], at, values, codes, blank & ~wrong, wrong, troubles)}


def promise_column(record) -> str | None:
    """Return the column of an aggregate that says from when a figure can be had: a period that is not in its key."""
    columns = record.columns.items() if record.replaces == "key" else ()
    return next((name for name, column in columns if column.type == "period" and name not in record.key), None)


def days_to_come(values, today: datetime.date) -> dict[int, Trouble]:
    trouble = Trouble("date_in_future", "This day has not come yet.", "Ask for the right date.")
    last = today.toordinal()
    late = [code for code, value in enumerate(values) if value is not None and day_of(value) > last]
    for code in late:
        values[code] = None
    return dict.fromkeys(late, trouble)


def day_of(value) -> int:
    return value[0] if isinstance(value, tuple) else value


def kept_rows(reading: Reading, mask) -> Reading:
    return replace(reading, codes=reading.codes[mask], blank=reading.blank[mask], wrong=reading.wrong[mask])


def without_figure(record, readings: dict[str, Reading], count: int):
    """Return the mask of rows of an aggregate that give no figure, nor say when: a blank removes nothing."""
    figures = [reading for reading in readings.values() if reading.column.type == "number"]
    if record.replaces != "key" or not figures:
        return numpy.zeros(count, dtype=bool)
    said = readings.get(promise_column(record) or "")
    without = numpy.all([reading.blank for reading in figures], axis=0)
    # A day that cannot be read promises nothing: it must not take the place of a figure that is stored.
    return without & (said.blank | said.wrong) if said else without


def judged(page: Page, readings, ignored: Counter, read: int, context: Context, problems: list[Problem]) -> ListCheck:
    """Return the list check of the rows read: refused, repeated and ready."""
    record = page.match.record
    refused = numpy.zeros(len(page.rows), dtype=bool)
    for reading in readings.values():
        refused |= check_column(page, reading, context, problems)
    refused |= check_order(page, readings, problems)
    readings, stopped = check_oddities(page, readings, problems)
    refused |= stopped
    refused |= check_counts(page, readings, context.definitions, problems)
    problems += check_percentages(page, readings, ~refused, context.definitions)
    stored = stored_values(record, readings, ~refused, context.places)
    problems += unplaced(page, readings, stored, ~refused, context)
    sheet_rows = (page.rows[~refused] + 1).tolist()
    cells = cells_of(page, readings, ~refused)
    found = Rows(stored, keys_of(record, stored), sheet_rows, cells, letters_of(page), headings_of(page))
    rows, repeated = without_repeats(found)
    if repeated:
        ignored[REPEATED] += len(repeated)
        problems += repeated_rows(page, repeated, given_otherwise(found))
    rows = replace(rows, sheet_rows=page.sheet.numbers(rows.sheet_rows))
    status: ListStatus = "to look at" if needs_a_look(problems) else "ready" if read else "empty"
    return ListCheck(
        record.id, page.sheet.name, record.title, status, read, len(rows), int(refused.sum()), tuple(ignored.items()),
        problems=tuple(problems), rows=rows, refused_children=children_of(record, readings, refused),
        fates=fates_of(page.rows, refused, repeated, readings),
    )  # fmt: skip


def headings_of(page: Page) -> dict[str, str]:
    """Return how each column is headed that the sheet speaks of; what its form means in every row has no heading."""
    meant = page.match.form.means if page.match.form else {}
    found = dict.fromkeys(meant, "") | {name: page.match.headings[at] for name, at in page.match.columns.items()}
    told = {name: found[one.told_by] for name, one in page.match.record.columns.items() if one.told_by in found}
    return told | found


def children_of(record, readings, where) -> frozenset[str]:
    """Return the children whose rows are in the mask `where`, by their pseudonyms."""
    reading = readings.get(record.child_column)
    if reading is None or not where.any():
        return frozenset()
    return frozenset(spread(reading.values, reading.codes[where])) - {None}


def letters_of(page: Page) -> dict[str, str]:
    """Return in which column of the sheet each column stands; none where the grid is not the sender's own."""
    if page.sheet.origins is not None or page.sheet.lines is not None:
        return {}
    return {name: column_letters(at) for name, at in page.match.columns.items()}


def cells_of(page: Page, readings, kept) -> list[str]:
    """Return the address of each row's figure in an aggregate return; of lists the row tells enough."""
    figures = [reading for reading in readings.values() if reading.column.type == "number"]
    if page.match.record.replaces != "key" or not figures:
        return []
    given = numpy.array([~reading.blank[kept] for reading in figures])
    first = numpy.argmax(given, axis=0).tolist() if given.size else []
    return [
        page.sheet.address(row, figures[which].at) for row, which in zip(page.rows[kept].tolist(), first, strict=True)
    ]


def severity_of(record, reading: Reading) -> str:
    column = reading.column
    stops = column.required or reading.name in record.key or column.type in STOPS_THE_ROW
    return "error" if stops else "warning"


def check_column(page: Page, reading: Reading, context: Context, problems: list[Problem]):
    """Append what is wrong in a column and return the mask of rows that it stops."""
    stopped = numpy.zeros(len(page.rows), dtype=bool)
    if reading.troubles:
        severity = severity_of(page.match.record, reading)
        problems += trouble_problems(page, reading, severity, context)
        stopped |= reading.wrong if severity == "error" else stopped
    if reading.column.required and reading.blank.any():
        sentence = f"{reading.column.title} is blank. {left_out(int(reading.blank.sum()))}"
        advice = "Fill it in and send again."
        problems.append(page.problem("blank_required", "error", sentence, advice, at=reading.at, where=reading.blank))
        stopped |= reading.blank
    return stopped


def left_out(rows: int) -> str:
    return "The row was not read." if rows == 1 else f"{rows:,} rows were not read."


def outcome(severity: str, reading: Reading, rows: int) -> str:
    if severity == "error":
        return left_out(rows)
    if reading.column.type == "locality":
        return "Counted by team or district, else as unknown."
    return "Read as not known."


def trouble_problems(page: Page, reading: Reading, severity: str, context: Context) -> list[Problem]:
    """Return one problem for each different wrong value, or for each kind of trouble where values are not shown."""
    codes, firsts = numpy.unique(reading.codes, return_index=True)
    first_of = dict(zip(codes.tolist(), firsts.tolist(), strict=True))
    groups: dict[tuple, list[int]] = {}
    named: Counter = Counter()
    known = words_of(reading.column, context)
    for code in sorted(set(reading.troubles) & set(first_of), key=first_of.__getitem__):
        trouble = reading.troubles[code]
        value = None
        if reading.column.type not in NEVER_SHOWN and (named[trouble.code] < VALUES_NAMED):
            named[trouble.code] += 1
            value = shown_of(reading.column, page.sheet.columns[reading.at].uniques[code], known)
        same = (trouble, value) if value is not None else (trouble.code, None)
        groups.setdefault(same, []).append(code)
    return [grouped(page, reading, severity, value, group) for (_, value), group in groups.items()]


def grouped(page, reading, severity, value, group) -> Problem:
    trouble, where = reading.troubles[group[0]], numpy.isin(reading.codes, group)
    sentence = trouble.sentence
    if value is None and len(group) > 1 and reading.column.type not in NEVER_SHOWN:
        sentence = f"{len(group):,} more different values that cannot be read."
    return page.problem(
        trouble.code, severity, f"{sentence} {outcome(severity, reading, int(where.sum()))}", trouble.advice,
        at=reading.at, where=where, value=value,
    )  # fmt: skip


def words_of(column: Column, context: Context) -> frozenset[str]:
    """Return the words that the codes of a column are written with."""
    code_list = context.definitions.code_lists.get(column.codes or "")
    return frozenset(word for form in code_list.by_form for word in form.split()) if code_list else frozenset()


def shown_of(column: Column, cell, known: frozenset[str]) -> str:
    """Return a wrong cell as it may be shown: no long text, no name, and no date in a column of other things.

    Where a row has slipped by a cell, a name or a day of birth stands under another heading; a long text is about
    somebody.
    """
    text = cell_text(cell)
    if column.type not in HOLDS_ANY_WORDS and may_name_somebody(text, known):
        return HIDDEN
    is_date = cell.kind in ("date", "datetime") or DATE_LIKE.search(text) is not None
    if column.type not in HOLDS_DATES and is_date:
        return HIDDEN
    return HIDDEN if column.type not in HOLDS_NAMES and len(text) > SHOWN_LENGTH else shown(text)


def cell_text(cell) -> str:
    if cell.kind in ("formula", "disputed"):
        return {"formula": "a formula", "disputed": "two readings"}[cell.kind]
    if cell.kind in ("date", "datetime"):
        return f"{cell.value:%d/%m/%Y}"
    return tidy(cell)


def check_order(page: Page, readings, problems: list[Problem]):
    """Append the rules between two dates that rows break, and return the mask of rows that they stop."""
    stopped = numpy.zeros(len(page.rows), dtype=bool)
    for rule in page.match.record.rules:
        later, earlier = readings.get(rule.column), readings.get(rule.not_before)
        if later is None or earlier is None:
            continue
        broken = out_of_order(moments(earlier), moments(later))
        if not broken.any():
            continue
        kept = "Kept." if rule.severity == "warning" else left_out(int(broken.sum()))
        advice = "Ask which of the dates is right."
        problems.append(
            page.problem("dates_out_of_order", rule.severity, f"{rule.says} {kept}", advice, at=later.at, where=broken)
        )
        if rule.severity == "error":
            stopped |= broken
    return stopped


def moments(reading: Reading):
    """Return (day, minute) of each row as integers, -1 where there is none."""
    days = [-1 if value is None else day_of(value) for value in reading.values]
    minutes = [value[1] if isinstance(value, tuple) and value[1] is not None else -1 for value in reading.values]
    return numpy.array(days)[reading.codes], numpy.array(minutes)[reading.codes]


def out_of_order(earlier, later):
    """Return the mask of rows in which the later moment is before the earlier; without times days are compared."""
    (start, start_minute), (end, end_minute) = earlier, later
    known = (start >= 0) & (end >= 0)
    timed = (start_minute >= 0) & (end_minute >= 0)
    return known & ((end < start) | (timed & (end_minute < start_minute)))


def unplaced(page: Page, readings, stored, kept, context: Context) -> list[Problem]:
    """Return a note on the rows that fit no locality, with the places that would tell if they were known."""
    record = page.match.record
    name = next((name for name, column in record.columns.items() if column.type == "locality"), None)
    if name is None or UNKNOWN not in stored[name] or not context.places.titles:
        return []
    words: Counter = Counter()
    for reading in readings.values():
        if reading.column.places:
            values = spread(reading.values, reading.codes[kept])
            words.update(word for word, area in zip(values, stored[name], strict=True) if area == UNKNOWN and word)
    if not words:
        return []
    told = ", ".join(f"'{shown(word)}' ({count:,})" for word, count in words.most_common(PLACES_NAMED))
    sentence = f"Fits no locality and counts as unknown: {told}."
    advice = "Add these places to their locality in partnership.yaml; it holds for what is landed from then on."
    rows = page.rows[kept][numpy.array(stored[name]) == UNKNOWN].tolist()
    return [page.problem("area_unplaced", "note", sentence, advice, sheet_rows=rows)]


def without_repeats(rows: Rows) -> tuple[Rows, list[int]]:
    """Return the rows with the first of each key kept, and the sheet rows of the others."""
    if len(set(rows.keys)) == len(rows.keys):
        return rows, []
    seen: set[tuple] = set()
    kept: list[int] = []
    repeated: list[int] = []
    for index, key in enumerate(rows.keys):
        (repeated if key in seen else kept).append(index)
        seen.add(key)
    return chosen(rows, kept), [rows.sheet_rows[index] for index in repeated]


def chosen(rows: Rows, indexes: Iterable[int]) -> Rows:
    """Return only the rows at `indexes`."""
    indexes = list(indexes)
    columns = {name: [values[index] for index in indexes] for name, values in rows.columns.items()}
    keys, sheet_rows = [rows.keys[index] for index in indexes], [rows.sheet_rows[index] for index in indexes]
    cells = [rows.cells[index] for index in indexes] if rows.cells else ()
    return Rows(columns, keys, sheet_rows, cells, rows.letters, rows.headings)


def repeated_rows(page: Page, sheet_rows: list[int], otherwise: list[int]) -> list[Problem]:
    """Return the problems of rows whose key a row above has; `otherwise` are figures that it gives as others."""
    record = page.match.record
    titles = [record.columns[name].title.lower() for name in record.key if name in page.match.columns]
    same = " and ".join(filter(None, (", ".join(titles[:-1]), titles[-1])))
    sentence, at = f"Same {same} as a row above. The first was kept.", min(page.match.columns.values())
    alike = [row - 1 for row in sheet_rows if row not in set(otherwise)]
    advice = "Nothing, if sent twice by mistake."
    told = [page.problem("row_repeated", "note", sentence, advice, at=at, sheet_rows=alike)] if alike else []
    if otherwise:
        sentence = f"Same {same} as a row above, with another number. The first was kept."
        rows = [row - 1 for row in otherwise]
        told.append(
            replace(page.problem("figure_twice", "warning", sentence, TWICE, at=at, sheet_rows=rows), needs_reason=True)
        )
    return [replace(one, heading=None) for one in told]


def missing_headings(page: Page) -> list[Problem]:
    found = []
    record, match = page.match.record, page.match
    for name in match.missing:
        column = record.columns[name]
        near = f" Is it '{match.suggestion}'?" if match.suggestion else ""
        lacks = f"no column is headed '{column.headings[0]}'.{near} The list was not read."
        sentence = f"This looks like '{record.title}', but {lacks}"
        others = ", ".join(column.headings[1:4])
        advice = f"Name the column '{column.headings[0]}'" + (f" (or {others})." if others else ".")
        found.append(
            Problem(
                "heading_missing", "error", page.file, page.sheet.name, None, column.headings[0], None, sentence, advice
            )
        )
    return found


def missing_day(page: Page, context: Context) -> list[Problem]:
    """Return the problem of a list that says what stands on a day where nothing tells on which."""
    record = page.match.record
    if record.stands_at is None or record.stands_at in page.match.columns or context.stands_at is not None:
        return []
    sentence = f"'{record.title}' says what stands on a day, and nothing in the file says on which. It was not read."
    heading = record.columns[record.stands_at].headings[0]
    advice = f"Say which days the file covers; the last of them is the day. Or add a column '{heading}'."
    return [Problem("day_unknown", "error", page.file, page.sheet.name, None, None, None, sentence, advice)]


def duplicate_headings(page: Page) -> list[Problem]:
    found = []
    for name, places in page.match.duplicates:
        written = " and ".join(f"{address(page.match.header_row, at)} '{page.match.headings[at]}'" for at in places)
        title = page.match.record.columns[name].title
        sentence = f"{len(places)} columns stand for '{title}': {written}. The list was not read."
        cell = address(page.match.header_row, places[1])
        advice = "Keep one of them, or give the others another heading."
        heading = page.match.headings[places[1]]
        found.append(
            Problem("heading_duplicate", "error", page.file, page.sheet.name, cell, heading, None, sentence, advice)
        )
    return found
