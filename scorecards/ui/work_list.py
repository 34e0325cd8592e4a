"""Owns the words of the analyst's work for a quarter: each step, whether it is done, and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scorecards.definitions import Definitions
from scorecards.exceptions import Exceptions
from scorecards.format import agency_title, day
from scorecards.narrative import missing_parts, missing_words, status_in_line
from scorecards.narrative.words import capital, spelled
from scorecards.returns import Return, ReturnState, SentList
from scorecards.scorecard import Scorecard
from scorecards.snapshots import SnapshotInfo
from scorecards.ui.dictionary import is_review_due, is_unverified
from scorecards.ui.returns_grid import Mark, mark_of

PROBLEMS_OF_A_LIST = 20


@dataclass(frozen=True)
class Table:
    """What is left of a step, as a table; a cell is text, or (text, address)."""

    summary: str
    headings: tuple[str, ...]
    rows: tuple[tuple, ...]
    note: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the quarter's work."""

    title: str
    chip: tuple[str, str]
    sentence: str
    link: str  # words of the link
    page: str  # where it leads
    tables: tuple[Table, ...] = field(default=())

    @property
    def is_done(self) -> bool:
        return self.chip[0] == "green"


DONE = ("green", "Done")


def left(count: int, words: str, kind: str = "amber") -> tuple[str, str]:
    """Return the chip of a step: done when nothing is left of it."""
    return (kind, f"{count:,} {words}") if count else DONE


def _table(title: str, headings: tuple[str, ...], rows: Sequence[tuple]) -> Table:
    return Table(f"{title} ({len(rows)})", headings, tuple(rows))


def returns_step(returns: Sequence[Return], definitions: Definitions) -> Step:
    """Return the step of having every return in."""
    awaited = [one for one in returns if one.is_open]
    not_due = [one for one in returns if one.state is ReturnState.NOT_DUE]
    agencies = definitions.partnership.agencies
    rows = tuple(
        (agencies[one.agency].title, one.period.label, day(one.due), _chip(mark_of(one)), ", ".join(missing_parts(one)))
        for one in (*awaited, *not_due)
    )  # fmt: skip
    here = len(returns) - len(rows)
    sentence = f"{here} of {len(returns)} returns are here." if returns else "No return is expected for this quarter."
    table = _table("What is awaited", ("Who", "Period", "Due", "State", "Missing"), rows)
    return Step(
        "Get every return in", left(len(rows), "awaited"), sentence, "Returns received", "pages/returns.py",
        (table,) if rows else (),
    )  # fmt: skip


def _chip(mark: Mark) -> tuple[str, str, str]:
    return mark.kind, mark.words, mark.shape


def problems_step(sent: Sequence[SentList], definitions: Definitions) -> Step:
    """Return the step of settling rows that were sent and could not be read."""
    with_refused = [one for one in sent if one.rows_refused]
    doubtful = [one for one in sent if one.problems and not one.rows_refused]
    refused = sum(one.rows_refused for one in with_refused)
    rows = sum(one.rows_landed for one in sent)
    if not sent:
        sentence = "Nothing was sent for this quarter yet."
    elif not refused:
        sentence = f"{rows:,} rows were stored, and none was refused."
    else:
        verb = "row was" if refused == 1 else "rows were"
        lists = spelled(len(with_refused))
        which = "list" if len(with_refused) == 1 else "lists"
        sentence = (
            f"{rows:,} rows were stored; {refused:,} {verb} refused, in {lists} {which}. Send them back to whoever "
            "sent them, and load the corrected file: it takes the place of this one."
        )
    if doubtful:
        lists = "One list was" if len(doubtful) == 1 else f"{capital(spelled(len(doubtful)))} lists were"
        sentence += f" {lists} stored in full with something to check."
    tables = tuple(_list_table(one, definitions) for one in (*with_refused, *doubtful))
    chip = left(refused, "refused") if sent else ("none", "Nothing yet")
    return Step("Settle what could not be read", chip, sentence, "Load returns", "pages/load.py", tables)


def _list_table(one: SentList, definitions: Definitions) -> Table:
    record = definitions.record_types.get(one.records)
    who = agency_title(definitions, one.agency)
    what = record.title if record else one.records
    count = f"{one.rows_refused:,} of {one.rows_read:,} rows refused" if one.rows_refused else "something to check"
    rows = tuple(
        (problem.sheet or "–", problem.cell or "–", problem.heading or "–", problem.value or "–",
         f"{problem.sentence} {problem.advice}")
        for problem in one.problems[:PROBLEMS_OF_A_LIST]
    )  # fmt: skip
    more = len(one.problems) - len(rows)
    rest = f" The first {len(rows)} of {len(one.problems)} kinds of problem." if more > 0 else ""
    headings = ("Sheet", "First cell", "Heading", "Value", "What is wrong, and what to do")
    note = f"{one.file_name}, received {day(one.received)}.{rest}"
    return Table(f"{who}, {what}: {count}", headings, rows, note)


def figures_step(card: Scorecard, address) -> Step:
    """Return the step of knowing why measures have no figure, or only a provisional one."""
    without = [line for line in card.lines if not line.latest.is_known]
    provisional = [line for line in card.lines if line.latest.is_known and status_in_line(line)]
    known = len(card.lines) - len(without)
    sentence = f"{known} of {len(card.lines)} measures have a figure."
    if provisional:
        verb = "is provisional or carries" if len(provisional) == 1 else "are provisional or carry"
        sentence += f" {capital(spelled(len(provisional)))} of them {verb} a remark."
    tables = tuple(
        _table(title, ("Measure", "Period", "Why"), [_figure_row(line, address) for line in lines])
        for title, lines in (("Measures without a figure, and why", without),
                             ("Figures that are provisional or carry a remark", provisional))
        if lines
    )  # fmt: skip
    chip = left(len(without), "without a figure")
    return Step("Know why a figure is missing", chip, sentence, "Scorecards", "pages/scorecards.py", tables)


def _figure_row(line, address):
    why = status_in_line(line) or missing_words(line.latest)
    return (line.kpi.title, address(line.kpi)), line.latest.period.label, why


def definitions_step(definitions: Definitions, today, address) -> Step:
    """Return the step of agreeing thresholds and reading definitions through once a year."""
    kpis = definitions.kpis.values()
    unverified = [kpi for kpi in kpis if is_unverified(kpi, definitions, today)]
    due = [kpi for kpi in kpis if is_review_due(kpi, today)]
    said = []
    if unverified:
        verb = "measure is" if len(unverified) == 1 else "measures are"
        said.append(f"{capital(spelled(len(unverified)))} {verb} rated by a default that nobody here has agreed.")
    if due:
        verb = "definition was" if len(due) == 1 else "definitions were"
        said.append(f"{capital(spelled(len(due)))} {verb} last read through more than a year ago.")
    tables = []
    if unverified:
        rows = [((kpi.title, address(kpi)), _source(kpi, definitions, today), kpi.owner) for kpi in unverified]
        title = f"Thresholds to agree, in partnership.yaml ({len(rows)})"
        tables.append(Table(title, ("Measure", "Source", "Owner"), tuple(rows)))
    if due:
        rows = [((kpi.title, address(kpi)), day(kpi.reviewed), kpi.owner) for kpi in due]
        tables.append(_table("Definitions to read through", ("Measure", "Last read", "Owner"), rows))
    count = len({kpi.id for kpi in (*unverified, *due)})
    sentence = " ".join(said) or "Every threshold is agreed or published, and every definition was read within a year."
    return Step(
        "Check what measures are judged by", left(count, "to check"), sentence, "Data dictionary",
        "pages/dictionary.py", tuple(tables),
    )  # fmt: skip


def exceptions_step(found: Exceptions) -> Step:
    """Return the step of reading the exceptions before the executive group does; it is never done by itself."""
    count = len(found.current)
    chip = ("none", f"{count} to read") if count else DONE
    verb = "measure or locality stands" if count == 1 else "measures and localities stand"
    sentence = f"{count} {verb} out this quarter." if count else "Nothing stands out this quarter."
    return Step("Read the exceptions first", chip, sentence, "Exceptions", "pages/exceptions.py")


def snapshot_step(snapshots: Sequence[SnapshotInfo], quarter, version: int) -> Step:
    """Return the step of freezing the quarter: done when the newest snapshot holds the newest data."""
    of_quarter = [one for one in snapshots if one.period == quarter]
    title, link, page = f"Freeze {quarter.label}", "Snapshots", "pages/snapshots.py"
    if not of_quarter:
        sentence = "Not frozen yet. A snapshot keeps what the board reads, whatever arrives later."
        return Step(title, ("amber", "To do"), sentence, link, page)
    newest = of_quarter[0]
    frozen = f"Frozen on {day(newest.made_at.date())} by {newest.made_by}"
    if newest.data_version == version:
        return Step(title, DONE, f"{frozen}, with the newest data.", link, page)
    sentence = f"{frozen}, before the newest data came. See what differs, and freeze again if the board should see it."
    return Step(title, ("amber", "Data came later"), sentence, link, page)


def progress_words(steps: Sequence[Step]) -> str:
    """Return how far the quarter's work is."""
    done = sum(step.is_done for step in steps)
    if done == len(steps):
        return "Everything is done."
    return f"{capital(spelled(done))} of the {spelled(len(steps))} steps {'are' if done > 1 else 'is'} done."


def _source(kpi, definitions, today):
    thresholds, _target = definitions.thresholds(kpi, today)
    return thresholds.source
