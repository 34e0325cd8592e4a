"""Owns the check of a file that a taught layout fits: its figures as lists, what is asked, and what was not read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from data_loaders.accounts import NOTHING_NEW, CellAccount, filled_cells
from data_loaders.checking import check_list
from data_loaders.grid import FileContent, Sheet, column_letters
from data_loaders.layouts.analysis import BLANK, Analysis, analyse
from data_loaders.layouts.answers import Fit, LaidOut, LaidTable, LeftOut, Question
from data_loaders.layouts.fitting import fits, marks_found
from data_loaders.layouts.kept import layout_hash, layout_text
from data_loaders.layouts.laying import laid_out, rows_of
from data_loaders.layouts.model import Layout
from data_loaders.layouts.personal import personal_problems
from data_loaders.matching import recognise
from data_loaders.oddities import counted
from data_loaders.parsing import Context
from data_loaders.problems import Problem, needs_a_look, shown
from data_loaders.results import LayoutUsed, ListCheck
from data_loaders.tables import REPEATED, table_of

MOVED = "the layout moved"
UNDECIDED = "several layouts fit"
UNSEEN = "unseen under a merged cell"
ANSWER = {
    "measure": "Say which measure it is, or that it is to be ignored, and check the file again.",
    "period": "Say which period it is, or that it is to be ignored, and check the file again.",
    "area": "Say which area it is, or that it is not ours, and check the file again.",
}
ANSWER_ANY = "Say what it means, or that it is to be ignored, and check the file again."


@dataclass(frozen=True, eq=False)
class LaidCells:
    """The filled cells of a sheet that a layout reads; `by_cell` has how many stand in the row of each figure."""

    sheet: str
    read: int
    by_cell: Mapping[str, int]
    ignored: Mapping[str, int]

    def account(self, check: Any) -> CellAccount:
        """Return the account as `check`, the file's, now stands: read = ready + refused + ignored, always."""
        if check.verdict == "refused":
            return CellAccount(self.sheet, self.read, 0, self.read, ())
        if check.verdict == "nothing new":
            return CellAccount(self.sheet, self.read, 0, 0, ((NOTHING_NEW, self.read),) if self.read else ())
        own = [one for one in check.lists if one.through_layout and one.sheet == self.sheet and one.status != "refused"]
        ready = sum(self.by_cell[cell] for one in own for cell in one.rows.cells)
        again = sum(self.by_cell[cell] for one in own for cell in one.left.cells)
        ignored = Counter(self.ignored)
        ignored[REPEATED] += again
        refused = self.read - ready - ignored.total()
        return CellAccount(self.sheet, self.read, ready, refused, tuple((why, n) for why, n in ignored.items() if n))


@dataclass(frozen=True, eq=False)
class Through:
    """What a taught layout makes of a file; `fit` is None where none is the file's."""

    fit: Fit | None = None
    lists: tuple[ListCheck, ...] = ()
    problems: tuple[Problem, ...] = ()
    personal: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()
    cells: tuple[LaidCells, ...] = ()
    sheets: frozenset[str] = field(default_factory=frozenset)  # which are read through the layout, or would be

    @property
    def used(self) -> LayoutUsed | None:
        """Return which layout it was, in the words it then had."""
        if self.fit is None:
            return None
        layout = self.fit.layout
        return LayoutUsed(layout.agency, layout.name, layout.title, layout_hash(layout), layout_text(layout))


NOT_THROUGH = Through()


def read_through(
    content: FileContent, layouts: Sequence[Layout], context: Context, agency: str | None, accept_moved: bool
) -> Through:
    """Return what the layout that fits a file makes of it; `agency` is who sent it, where somebody said so."""
    own = [layout for layout in layouts if agency is None or layout.agency == agency]
    found = fits(own, content)
    if not found:
        return NOT_THROUGH
    exact = {fit.layout.agency for fit in found if fit.kind == "exact"}
    if len(exact) > 1:
        cells = unread_cells(content, found[0], UNDECIDED)
        return Through(problems=(ambiguous(content, found),), cells=cells, sheets=taken(found[0]))
    fit = found[0]
    alike = [one for one in found if one.kind == "exact" and marks_found(one) == marks_found(fit)]
    if fit.kind == "exact" and len({reading_of(one) for one in alike}) > 1:
        cells = unread_cells(content, fit, UNDECIDED)
        return Through(problems=(undecided(content, alike),), cells=cells, sheets=taken(fit))
    if fit.kind == "changed":
        return changed(content, fit, context)
    if fit.kind == "moved" and not accept_moved:
        return moved(content, fit)
    return read(content, fit, context)


def read(content: FileContent, fit: Fit, context: Context) -> Through:
    """Return the figures of a file that stand as taught, or moved as somebody accepted."""
    analysis = analyse(content, fit, context.definitions, context.today)
    personal = personal_problems(analysis)
    if personal:
        return Through(fit, personal=tuple(personal), cells=unread_cells(content, fit, MOVED), sheets=taken(fit))
    laid = laid_out(analysis)
    lists = tuple(list_of(content.name, table, laid, context) for table in laid.tables)
    problems = (
        read_note(content.name, fit, laid),
        *word_problems(content.name, laid.questions),
        *hidden_note(content.name, analysis),
    )
    return Through(fit, lists, problems, (), laid.questions, tuple(laid_cells(analysis)), taken(fit))


def reading_of(fit: Fit) -> str:
    """Return all of a layout that decides what is read through it."""
    names = {"name", "title", "taught_by", "taught_on"}
    return fit.layout.model_dump_json(exclude=names)


def undecided(content: FileContent, alike: Sequence[Fit]) -> Problem:
    titles = " and ".join(f"'{fit.layout.title}' ({fit.layout.name})" for fit in alike)
    sentence = f"The file is built as taught in {titles}. Nothing of it was read."
    advice = "Retire the layout that is out of date, or teach both with a text that tells their files apart."
    return problem_at("layout_contradicts", "error", content.name, None, None, None, sentence, advice)


def taken(fit: Fit) -> frozenset[str]:
    return frozenset(fit.sheets)


def list_of(file: str, table: LaidTable, laid: LaidOut, context: Context) -> ListCheck:
    """Return the list of one sheet: its long sheet goes through the same check as any aggregate return."""
    (match,) = recognise(table.sheet, context.definitions, aggregate_id(context)).matches
    one = check_list(file, table.sheet, match, table_of(table.sheet, match), context)
    told = [
        *contradictions(file, table.sheet.name, laid),
        *left_out(file, table.sheet.name, laid.left_out),
    ]
    problems = (*one.problems, *told)
    status = "to look at" if one.status == "ready" and needs_a_look(problems) else one.status
    return replace(
        one, status=status, problems=problems, through_layout=True,
        rows_read=one.rows_read + table.unanswered, rows_refused=one.rows_refused + table.unanswered,
    )  # fmt: skip


def aggregate_id(context: Context) -> str:
    return next(record.id for record in context.definitions.record_types.values() if record.replaces == "key")


# What is said of it


def problem_at(code, severity, file, sheet, cell, value, sentence, advice, rows=1, places=()) -> Problem:
    return Problem(code, severity, file, sheet, cell, None, value, sentence, advice, rows, tuple(places))


def read_note(file: str, fit: Fit, laid: LaidOut) -> Problem:
    """Return the note that says through which layout a file was read, and what became of its cells."""
    layout = fit.layout
    account = [f"{count:,} {reason}" for reason, count in laid.ignored if reason != BLANK]
    rest = f" Not read: {', '.join(account)}." if account else ""
    sentence = (
        f"Read through the layout '{layout.title}', taught by {layout.taught_by} on {layout.taught_on:%d/%m/%Y}: "
        f"{laid.figures:,} figures.{rest}"
    )
    moved_on = f" {fit.sentence}" if fit.kind == "moved" else ""
    return problem_at("layout_read", "note", file, None, None, None, f"{sentence}{moved_on}", "Nothing.")


def word_problems(file: str, questions: Sequence[Question]) -> list[Problem]:
    """Return a warning for each word that is not known: its figures were not read."""
    return [
        problem_at(
            "layout_word_unknown", "warning", file, one.sheet, one.address, shown(one.word),
            f"{one.sentence} They were not read." if one.figures > 1 else f"{one.sentence} It was not read.",
            ANSWER.get(one.dimension, ANSWER_ANY), one.figures,
        )
        for one in questions
    ]  # fmt: skip


def contradictions(file: str, sheet: str, laid: LaidOut) -> list[Problem]:
    advice = "Ask the sender which is right, or teach what tells the cells apart."
    return [
        problem_at("layout_contradicts", "error", file, sheet, one.addresses[0], None, one.sentence, advice,
                   len(one.addresses), one.addresses)
        for one in laid.contradictions if one.sheet == sheet
    ]  # fmt: skip


def left_out(file: str, sheet: str, found: Sequence[LeftOut]) -> list[Problem]:
    advice = "If they are figures, teach the table anew; if not, say at which word the table ends."
    return [
        problem_at("layout_left_out", "warning", file, sheet, one.addresses[0], None, one.sentence, advice,
                   len(one.addresses), one.addresses)
        for one in found if one.sheet == sheet
    ]  # fmt: skip


def ambiguous(content: FileContent, found: Sequence[Fit]) -> Problem:
    titles = " and ".join(f"'{fit.layout.title}'" for fit in found if fit.kind == "exact")
    sentence = f"The file is built as taught in {titles}, of different agencies. Nothing of it was read."
    return problem_at(
        "agency_unknown", "error", content.name, None, None, None, sentence, "Choose the agency that sent it."
    )


def moved(content: FileContent, fit: Fit) -> Through:
    """Return that a layout moved as a whole, which somebody is to look at before anything is read."""
    first = next(table for table in fit.tables if table.kind == "moved")
    advice = "Look at the picture of the sheet. If it is right, say that the file is to be read where it stands now."
    problem = problem_at(
        "layout_moved", "warning", content.name, first.sheet, None, None, f"{fit.sentence} Nothing was read.", advice
    )
    return Through(fit, problems=(problem,), cells=unread_cells(content, fit, MOVED), sheets=taken(fit))


def changed(content: FileContent, fit: Fit, context: Context) -> Through:
    """Return that a file is like a layout and was changed; a list that is recognised by its headings is read as one."""
    sheets = [sheet for sheet in content.sheets if sheet.name in fit.sheets]
    if any(recognise(sheet, context.definitions).matches for sheet in sheets):
        return NOT_THROUGH
    found = [(table, mark) for table in fit.tables for mark in table.missing]
    table, mark = found[0]
    there = f"'{mark.found}' stands" if mark.found else "nothing stands"
    sentence = f"{fit.sentence} Where '{shown(mark.text)}' was taught, {there} now. Nothing was read."
    advice = "Look at the picture of the sheet, and teach the layout anew where it changed."
    problem = problem_at(
        "layout_changed", "error", content.name, table.sheet or None, mark.address, None, sentence, advice, len(found)
    )
    return Through(fit, problems=(problem,))


# The account of cells


def laid_cells(analysis: Analysis) -> list[LaidCells]:
    """Return the account of each sheet that the layout reads."""
    found = []
    for name, grid in analysis.grids.items():
        own = [figure for figure in analysis.figures if figure.frame.grid is grid]
        rows = rows_of([figure for figure in own if figure.is_read])
        ignored = Counter(analysis.ignored_on[name])
        ignored.pop(BLANK, None)
        read = filled_count(grid.sheet)
        ignored[UNSEEN] += read - len(grid.filled)
        by_cell = {figure.address: len(row) for row in rows for figure in row}
        found.append(LaidCells(name, read, by_cell, ignored))
    return found


def unread_cells(content: FileContent, fit: Fit, reason: str) -> tuple[LaidCells, ...]:
    counts = {sheet.name: filled_count(sheet) for sheet in content.sheets if sheet.name in fit.sheets}
    return tuple(LaidCells(name, count, {}, {reason: count}) for name, count in counts.items())


def filled_count(sheet: Sheet) -> int:
    return int(filled_cells(sheet).sum())


def hidden_note(file: str, analysis: Analysis) -> list[Problem]:
    """Return a note for each sheet on figures that were read from hidden rows or columns."""
    found = []
    for name, grid in analysis.grids.items():
        own = [figure.place for figure in analysis.figures if figure.frame.grid is grid and figure.is_read]
        rows = {row for row, _ in own} & set(grid.sheet.hidden_rows)
        columns = {column for _, column in own} & set(grid.sheet.hidden_columns)
        named = (
            ("row", [str(at + 1) for at in sorted(rows)]),
            ("column", [column_letters(at) for at in sorted(columns)]),
        )
        parts = [counted(len(names), what, names) for what, names in named if names]
        if parts:
            sentence = f"Hidden and read like the others: {' and '.join(parts)}."
            advice = "Ask the sender, if they were not meant to be sent."
            found.append(problem_at("cells_hidden", "note", file, name, None, None, sentence, advice))
    return found
