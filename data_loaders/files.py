"""Owns the check of one file: its sheets as lists, what may not come in, who sent it and what is to be said of it."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from data_loaders.accounts import cells_of
from data_loaders.blocks import tables_on
from data_loaders.checking import check_list
from data_loaders.cover_sheet import CoverSheet, read_cover
from data_loaders.grid import FileContent, Sheet, address, column_letters
from data_loaders.layouts.model import Layout
from data_loaders.matching import Match, Recognised
from data_loaders.merged import filled_down
from data_loaders.oddities import about_a_sheet_of_no_list
from data_loaders.parsing import Context
from data_loaders.privacy import nameless, personal_columns, persons_on
from data_loaders.problems import HIDDEN, Problem, needs_a_look, shown
from data_loaders.results import NO_ROWS, FileCheck, ListCheck
from data_loaders.senders import GivenCovers, last_day_covered, sender_of, with_covers
from data_loaders.tables import Table, table_of
from data_loaders.through import NOT_THROUGH, Through, read_through
from data_loaders.typed import typed_from
from scorecards.definitions import Definitions, Form, RecordType, normalise
from scorecards.errors import LoadRefused

ANSWER_READING = "Put it right as the sentence says, or ask the sender for another copy."
HEADINGS_NAMED = 10
BROKEN_NAMED = 3


@dataclass(frozen=True)
class Taught:
    """The taught layouts, what is wrong with others, and whether a file may be read whose tables moved."""

    layouts: tuple[Layout, ...] = ()
    problems: tuple[str, ...] = ()
    accept_moved: bool = False


@dataclass(frozen=True)
class Given:
    """What the analyst says about a file, beyond the file itself."""

    agency: str | None = None
    covers: GivenCovers = None
    dropped: frozenset[tuple[str, str]] = frozenset()  # (sheet, heading) to leave out
    taught: Taught = Taught()


@dataclass(frozen=True, eq=False)
class SheetRead:
    """A sheet, what it was recognised as, and for each list that it feeds the rows of records."""

    sheet: Sheet
    found: Recognised
    tables: tuple[Table, ...]
    whole: Sheet  # with merged cells as they are


def sheet_read(sheet: Sheet, found: Recognised) -> SheetRead:
    tables = tuple(table_of(sheet, match) for match in found.matches)
    return SheetRead(filled_down(sheet, found.matches, tables), found, tables, sheet)


def refused_file(name: str, refusal: LoadRefused) -> FileCheck:
    """Return the check of a file that could not be read."""
    problem = Problem(refusal.code, "error", name, None, None, None, None, str(refusal), ANSWER_READING)
    return FileCheck(name, "", "refused", str(refusal), own_problems=(problem,))


def check_content(content: FileContent, context: Context, given: Given) -> FileCheck:
    """Return the check of one file that was read."""
    context = replace(context, epoch_1904=content.epoch_1904)
    cover = read_cover(content, context.definitions)
    if cover is not None:
        # Every list and measure is judged by what the template asked for when it was made.
        context = replace(context, known_as=cover.made.measures, definitions=cover.made.as_asked(context.definitions))
    through = NOT_THROUGH if cover else through_layouts(content, context, given)
    sheets = [sheet for sheet in content.sheets if sheet.n_rows and not (cover and sheet.name == cover.sheet)]
    visible = [sheet for sheet in sheets if sheet.state == "visible" and sheet.name not in through.sheets]
    pages = [
        sheet_read(part, found)
        for sheet in visible
        for part, found in tables_on(sheet, context.definitions, template_list(sheet, cover))
    ]
    cells = cells_in(content, pages, through, cover, given)
    own = [hidden_sheet(content.name, sheet) for sheet in sheets if sheet.state != "visible"]
    personal = [problem for page in pages for problem in personal_data(content, page, context, given)]
    if personal or through.personal:
        check = refused_for_personal_data(content, (*personal, *through.personal, *own))
        return replace(check, read_cells=cells, layout=through.used)
    lists = lists_of_pages(content, pages, context, given, cover)
    own += [unrecognised(content.name, page.sheet) for page in pages if page.found.has_children]
    own += [problem for page in pages for problem in about_a_sheet_of_no_list(content.name, page.sheet, page.found)]
    own += [problem for page in pages for problem in persons_elsewhere(content.name, page)]
    own += [*through.problems, *broken_layouts(content.name, given.taught, [*lists, *through.lists], through)]
    check = completed(content, [*lists, *through.lists], own, cover, context, with_sender(given, through))
    how = agency_words(check, given, through)
    typed = typed_from(content, cover)
    made = cover.kept_of(check.agency) if cover else None
    return replace(
        check, read_cells=cells, agency_from=how, layout=through.used, questions=through.questions, typed=typed,
        made=made,
    )  # fmt: skip


def through_layouts(content: FileContent, context: Context, given: Given) -> Through:
    return read_through(content, given.taught.layouts, context, given.agency, given.taught.accept_moved)


def cells_in(content, pages, through: Through, cover: CoverSheet | None, given: Given):
    """Return the account of the cells of every sheet, in the order of the sheets."""
    others = [sheet for sheet in content.sheets if sheet.name not in {one.sheet for one in through.cells}]
    found = [*cells_of(others, pages, cover.sheet if cover else None, given.dropped), *through.cells]
    order = [sheet.name for sheet in content.sheets]
    return tuple(sorted(found, key=lambda one: order.index(one.sheet)))


def with_sender(given: Given, through: Through) -> Given:
    """Return what is said of a file, with the agency of the layout that it was made by."""
    made_by = through.fit.layout.agency if through.fit is not None and through.sheets else None
    return replace(given, agency=given.agency or made_by)


def agency_words(check: FileCheck, given: Given, through: Through) -> str:
    """Return how the agency of a file was found, in words."""
    if given.agency is None and through.fit is not None and through.sheets and check.agency:
        return f"from the layout '{through.fit.layout.title}'"
    return check.agency_from


def broken_layouts(file: str, taught: Taught, lists: Sequence[ListCheck], through: Through) -> list[Problem]:
    """Return a warning where nothing is recognised in a file and a layout that might be its own cannot be read."""
    if not taught.problems or through.fit is not None or any(one.record_type for one in lists):
        return []
    told = " ".join(taught.problems[:BROKEN_NAMED])
    sentence = f"Nothing was recognised, and a taught layout cannot be used: {told}"
    advice = "Put the layout right, or teach it anew."
    return [Problem("layout_broken", "warning", file, None, None, None, None, sentence, advice)]


def template_list(sheet: Sheet, cover: CoverSheet | None) -> str | None:
    return cover.records.get(normalise(sheet.name)) if cover else None


def completed(content, lists, own, cover, context: Context, given: Given) -> FileCheck:
    """Return the file's check with its sender, its days and its verdict."""
    definitions = context.definitions
    lists = [declared(one, cover, content.name) for one in lists] + nil_without_sheet(lists, cover, definitions)
    agency, agency_from = sender_of([one for one in lists if one.can_be_sent], given.agency, cover, definitions)
    lists = [sent_by(one, agency, definitions, content.name) for one in lists]
    lists = with_covers(lists, given.covers, cover, definitions, context.today, content.covers)
    lists = [outside_cover(one, definitions, content.name) for one in lists]
    lists = [beside_the_lead(one, definitions, context.today, content.name) for one in lists]
    if agency is None and any(one.can_be_sent for one in lists):
        own.append(agency_unknown(content.name))
    if cover is not None and (cover.agency is None or cover.covers is None):
        own.append(cover_unread(content.name, cover))
    check = FileCheck(
        content.name, content.sha256, "ready", sentence_of(lists), agency, agency_from, tuple(lists),
        content.remarks, tuple(own), content.kind, content.size,
    )  # fmt: skip
    return replace(check, verdict=verdict_of(check))


def verdict_of(check: FileCheck):
    if needs_a_look(check.problems):
        return "to look at"
    return "ready" if any(one.can_land for one in check.lists) else "not used"


def lists_of_pages(
    content: FileContent, pages: Sequence[SheetRead], context: Context, given: Given, cover: CoverSheet | None
) -> list[ListCheck]:
    """Return the lists of all sheets; those that stand on a day are read when the days of the others are known."""
    found = {id(page): sheet_lists(content, page, context, given) for page in pages if standing(page) is None}
    others = [one for lists in found.values() for one in lists]
    for page in pages:
        if (record := standing(page)) is not None:
            day = last_day_covered(
                record, others, given.covers, cover, context.definitions, context.today, content.covers
            )
            found[id(page)] = sheet_lists(content, page, replace(context, stands_at=day), given)
    return [one for page in pages for one in found[id(page)]]


def standing(page: SheetRead) -> RecordType | None:
    """Return the list that a sheet is, where that says what stands on a day."""
    return next((match.record for match in page.found.matches if match.record.stands_at), None)


def sheet_lists(content: FileContent, page: SheetRead, context: Context, given: Given) -> list[ListCheck]:
    """Return the lists that a sheet feeds, or the one line that says why it feeds none."""
    sheet, found = page.sheet, page.found
    if found.unused is not None:
        return [ListCheck(None, sheet.name, f"{found.unused.title} (not used yet)", "not used")]
    if not found.matches:
        return [ListCheck(None, sheet.name, "Not a list", "not data")]
    lists = [
        check_list(content.name, sheet, match, table, context, found.matches)
        for match, table in zip(found.matches, page.tables, strict=True)
    ]
    first = replace(lists[0], problems=(*lists[0].problems, *column_notes(content, page, given)))
    if form := found.matches[0].form:
        first = replace(first, made_by=form.sent_by, problems=(*first.problems, form_note(content.name, sheet, form)))
    said = {(problem.code, problem.heading, problem.value) for problem in first.problems}
    return [
        first,
        *(sibling(one, match, found.matches[0], said) for one, match in zip(lists[1:], found.matches[1:], strict=True)),
    ]


def sibling(one: ListCheck, match: Match, parent: Match, said: set) -> ListCheck:
    """Return a list that shares its rows with `parent`, without the problems that were said there."""
    fresh = tuple(problem for problem in one.problems if (problem.code, problem.heading, problem.value) not in said)
    return replace(one, problems=fresh, follows=follows(match, parent))


def follows(match: Match, parent: Match) -> str | None:
    """Return the column of a list that holds the date of the list whose rows it shares."""
    at = parent.columns.get(parent.record.dated_by or "")
    return next((name for name, place in match.columns.items() if place == at), None)


def declared(one: ListCheck, cover: CoverSheet | None, file: str) -> ListCheck:
    """Return a list as declared on the cover sheet: nothing to report, or empty and not declared."""
    nil = cover is not None and one.record_type in cover.nil
    if one.status == "refused" or not one.record_type:
        return one
    if nil and one.rows_read:
        sentence = f"'{one.title}' is ticked as nothing to report, but it has rows. They were read."
        problem = list_problem("nil_with_rows", "warning", one, file, sentence, "Ask which is right.")
        return replace(one, status="to look at", problems=(*one.problems, problem))
    if nil:
        return replace(one, status="nothing to report", declared_nil=True)
    if one.rows_ready + one.rows_refused == 0 and one.follows:
        return replace(one, status="empty")
    if one.rows_ready + one.rows_refused == 0:
        sentence = f"'{one.title}' has its headings and nothing below them, so it counts as not sent."
        advice = "If there was nothing to report, say so on the cover sheet of our template."
        return replace(
            one,
            status="empty",
            problems=(*one.problems, list_problem("list_empty", "note", one, file, sentence, advice)),
        )
    return one


def nil_without_sheet(lists: list[ListCheck], cover: CoverSheet | None, definitions: Definitions) -> list[ListCheck]:
    """Return the lists declared as nothing to report whose sheets were taken out of the template."""
    there = {one.record_type for one in lists}
    if cover is None:
        return []
    titles = {name: definitions.record_types[name].title for name in sorted(cover.nil - there)}
    return [ListCheck(name, cover.sheet, titles[name], "nothing to report", declared_nil=True) for name in titles]


def list_problem(code, severity, one: ListCheck, file, sentence, advice) -> Problem:
    return Problem(code, severity, file, one.sheet, None, None, None, sentence, advice)


def sent_by(one: ListCheck, agency: str | None, definitions: Definitions, file: str) -> ListCheck:
    """Return the list with its sender, refused where that agency does not send it."""
    if one.record_type is None or agency is None:
        return one
    record = definitions.record_types[one.record_type]
    if agency in record.sent_by:
        return replace(one, agency=agency)
    title = definitions.partnership.agencies[agency].title
    senders = ", ".join(
        definitions.partnership.agencies[name].title
        for name in record.sent_by
        if name in definitions.partnership.agencies
    )
    problem = list_problem(
        "agency_may_not_send", "error", one, file, f"'{one.title}' is not sent by {title}. The list was not read.",
        f"Choose the agency that sent it ({senders}), or send it apart.",
    )  # fmt: skip
    refused = one.rows_refused + one.rows_ready
    return replace(
        one,
        agency=agency,
        status="refused",
        rows_ready=0,
        rows_refused=refused,
        rows=NO_ROWS,
        problems=(*one.problems, problem),
    )


def outside_cover(one, definitions, file):
    """Return the list with a note where rows are dated outside the days it is said to cover; they land all the same."""
    if one.covers is None or one.follows or one.record_type is None or not len(one.rows):
        return one
    record = definitions.record_types[one.record_type]
    if record.replaces != "event":
        return one
    first, last = (day.toordinal() for day in one.covers)
    outside = sum(1 for day in one.rows.columns[record.dated_by] if not first <= day <= last)
    if not outside:
        return one
    sentence = f"Dated outside the days covered, {one.covers[0]:%d/%m/%Y} to {one.covers[1]:%d/%m/%Y}. Kept."
    problem = list_problem("outside_cover", "note", one, file, sentence, "Change the days covered if they are wrong.")
    return replace(one, problems=(*one.problems, replace(problem, rows=outside)))


def beside_the_lead(one: ListCheck, definitions: Definitions, today: datetime.date, file: str) -> ListCheck:
    """Return the list with a note where its rows are stored and do not count, because another agency leads on it."""
    us = definitions.partnership
    if not one.can_land or definitions.record_types[str(one.record_type)].replaces == "key":
        return one
    lead = us.lead_agency(str(one.record_type), one.covers[1] if one.covers else today)
    if lead is None or lead == one.agency:
        return one
    sentence = f"{us.agencies[lead].title} leads on this list, so these rows are stored and count in no figure."
    advice = "Nothing, unless their sender should lead: then change lead_agencies in partnership.yaml."
    return replace(one, problems=(*one.problems, list_problem("not_the_lead", "note", one, file, sentence, advice)))


def personal_data(content: FileContent, page: SheetRead, context: Context, given: Given) -> list[Problem]:
    """Return an error for each column that must not come in."""
    if not page.found.matches:
        return []
    dropped = dropped_forms(context.definitions.record_types.values(), page.sheet, given)
    columns = personal_columns(page.sheet, page.found.matches, page.tables[0].rows, dropped)
    return [personal_problem(content.name, page, at, what) for at, what in columns]


def dropped_forms(records: Iterable[RecordType], sheet: Sheet, given: Given) -> set[str]:
    """Return the headings, normalised, whose columns are left out: those any list drops, and those we are told to."""
    drops = [column for record in records for column in record.columns.values() if column.type == "drop"]
    told = {normalise(heading) for name, heading in given.dropped if name == sheet.name}
    return told | {normalise(heading) for column in drops for heading in column.headings}


def personal_problem(file: str, page: SheetRead, at: int, what: str) -> Problem:
    match = page.found.matches[0]
    heading = shown(match.headings.get(at, ""))
    # A heading that is shortened or not shown cannot name the column that somebody leaves out; its letters can.
    name = heading if heading and heading != HIDDEN and not heading.endswith("…") else nameless(at)
    named = f", '{heading}'," if heading else ""
    return Problem(
        "personal_data", "error", file, page.sheet.name, address(match.header_row, at), name, None,
        f"Column {column_letters(at)}{named} seems to hold {what}. Nothing of the file was read.",
        "Delete the column and send the file again, or choose to leave the column out.",
    )  # fmt: skip


def persons_elsewhere(file: str, page: SheetRead) -> list[Problem]:
    """Return a warning where a sheet that is no list of ours seems to be about persons; nothing of it is told."""
    found = [] if page.found.matches else persons_on(page.sheet)
    if not found:
        return []
    what = ", ".join(dict.fromkeys(what for _, what in found))
    columns = ", ".join(column_letters(at) for at, _ in found[:HEADINGS_NAMED])
    sentence = f"Sheet '{page.sheet.name}' is not read, and seems to hold {what} (column {columns})."
    advice = "Ask the sender to leave this sheet out. Nothing of it is stored, and no copy of the file is kept."
    return [Problem("personal_data", "warning", file, page.sheet.name, None, None, None, sentence, advice)]


def refused_for_personal_data(content: FileContent, problems: tuple[Problem, ...]) -> FileCheck:
    sentence = "It seems to hold what identifies a person, so nothing of it was read."
    return FileCheck(
        content.name, content.sha256, "refused", sentence, own_problems=problems, kind=content.kind, size=content.size
    )


def column_notes(content: FileContent, page: SheetRead, given: Given) -> list[Problem]:
    """Return notes on the columns that were left out: those a list drops, and those that mean nothing to it."""
    match = page.found.matches[0]
    known = {at: other.record.columns[name] for other in page.found.matches for name, at in other.columns.items()}
    told = {normalise(heading) for name, heading in given.dropped if name == page.sheet.name}
    dropped = [
        at
        for at in match.headings
        if (at in known and known[at].type == "drop") or normalise(match.headings[at]) in told
    ]
    unknown = [at for at in match.headings if at not in known and at not in dropped and at not in duplicated(match)]
    notes = (
        ("columns_dropped", dropped, "Left out and not stored", "Nothing. It need not be sent."),
        (
            "columns_unknown",
            unknown,
            "Not part of this list and left out",
            "Nothing, unless a heading here is a misspelt one.",
        ),
    )
    return [
        Problem(
            code, "note", content.name, page.sheet.name, None, None, None, f"{says}: {named(match, places)}.", advice
        )
        for code, places, says, advice in notes
        if places
    ]


def form_note(file: str, sheet: Sheet, form: Form) -> Problem:
    return Problem("form_read", "note", file, sheet.name, None, None, None, f"{form.title}. {form.says}", "Nothing.")


def duplicated(match: Match) -> set[int]:
    return {at for _, places in match.duplicates for at in places}


def named(match: Match, places: Sequence[int]) -> str:
    names = ", ".join(f"'{shown(match.headings[at])}'" for at in places[:HEADINGS_NAMED])
    more = len(places) - HEADINGS_NAMED
    return f"{names} and {more} more" if more > 0 else names


def hidden_sheet(file: str, sheet: Sheet) -> Problem:
    sentence = f"Sheet '{sheet.name}' is {sheet.state} and was not read. It may hold personal data."
    advice = "Ask the sender what it is. If it belongs to the return, unhide it and send again; else delete it."
    return Problem("sheet_hidden", "warning", file, sheet.name, None, None, None, sentence, advice)


def unrecognised(file: str, sheet: Sheet) -> Problem:
    sentence = f"Sheet '{sheet.name}' has a column of child identifiers, but its headings fit no list. It was not read."
    advice = "Use the headings of our template, or add the list to record_types.yaml."
    return Problem("sheet_unrecognised", "warning", file, sheet.name, None, None, None, sentence, advice)


def agency_unknown(file: str) -> Problem:
    sentence = "Several agencies could have sent this, and the file does not say which."
    return Problem("agency_unknown", "error", file, None, None, None, None, sentence, "Choose the agency that sent it.")


def cover_unread(file: str, cover: CoverSheet) -> Problem:
    sentence = "The cover sheet was changed, and its agency or days cannot be read."
    advice = "Check the agency and the days covered here, or ask for a fresh template to be filled in."
    return Problem("cover_unread", "warning", file, cover.sheet, None, None, None, sentence, advice)


def sentence_of(lists: Sequence[ListCheck]) -> str:
    """Return what the file was recognised as, in a sentence."""
    titles = list(dict.fromkeys(one.title for one in lists if one.record_type))
    not_used = [one.title for one in lists if one.status == "not used"]
    if not_used and not titles:
        return ", ".join(not_used)
    unused = len(not_used)
    parts = [", ".join(titles)] if titles else []
    if unused:
        parts.append("1 list not used yet" if unused == 1 else f"{unused} lists not used yet")
    return "; ".join(parts) or "No list that we know was found in it"
