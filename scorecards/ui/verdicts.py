"""Owns the words of a check of partners' files: what was found, what will change and what the buttons say."""

from dataclasses import dataclass

from scorecards.format import day
from scorecards.narrative.words import capital, listed, spelled

PROBLEMS_SHOWN = 200

# The mark of each verdict on a file: the kind of chip, and its words.
VERDICT_CHIPS = {
    "ready": ("green", "Ready"),
    "to look at": ("amber", "To look at"),
    "refused": ("red", "Refused"),
    "nothing new": ("none", "Nothing new"),
    "not used": ("none", "Not used yet"),
}
HIDDEN_HEADING = "(not shown)"


@dataclass(frozen=True)
class FileRow:
    """One line of the table of files."""

    name: str
    sender: str
    recognised: str
    remark: str
    rows_read: str
    rows_ready: str
    to_look_at: str
    chip: tuple[str, str]


def count_words(count: int, noun: str) -> str:
    """Return "1 row", "9,412 rows"; `noun` is the singular of a word that takes an s."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def span_words(covers) -> str:
    """Return the first and the last day as "1 July 2025 to 30 September 2025"; "" where there are none."""
    if not covers:
        return ""
    first, last = covers
    return day(first) if first == last else f"{day(first)} to {day(last)}"


def to_look_at(file) -> int:
    """Return how many places of a file need somebody to look: what was not read, and what was read with a doubt."""
    return sum(problem.rows for problem in file.problems if problem.severity != "note")


def checked_words(check) -> str:
    """Return how many files were checked, and that nothing is stored."""
    count = len(check.files)
    return f"{capital(spelled(count))} {'file' if count == 1 else 'files'} checked. Nothing has been stored yet."


def file_rows(check, agencies) -> list[FileRow]:
    """Return the lines of the table of files; `agencies` gives an agency's title by its id."""
    return [_file_row(file, agencies) for file in check.files]


def _file_row(file, agencies) -> FileRow:
    was_read = file.verdict in ("ready", "to look at")
    found, why_not = to_look_at(file), _why_nothing(file)
    kind, words = VERDICT_CHIPS[file.verdict]
    if file.verdict == "to look at":
        words = f"{found:,} to look at"
    elif why_not:
        kind, words = "none", "Nothing to add"
    sender = agencies[file.agency].title if file.agency else "Sender not known yet" if was_read else ""
    counts = (f"{file.rows_read:,}", f"{file.rows_ready:,}", f"{found:,}") if was_read else ("–", "–", "–")
    remark = " ".join((*file.remarks, *why_not))
    return FileRow(file.name, sender, file.sentence, remark, *counts, (kind, words))


def _why_nothing(file) -> tuple[str, ...]:
    """Return why every row of a file without a problem was left out; () where it has rows to store."""
    if file.verdict != "ready" or not file.rows_read or file.rows_ready:
        return ()
    left_out = [(count_words(count, "row"), reason) for one in file.lists for reason, count in one.ignored]
    return tuple(f"Left out: {rows} ({reason})." for rows, reason in left_out)


@dataclass(frozen=True)
class ProblemRow:
    """One line of a table of problems."""

    file: str
    sheet: str
    place: str
    heading: str
    value: str
    sentence: str
    advice: str
    count: str  # "412 rows:", where the sentence does not say so itself
    places: str  # every cell, where there are several


@dataclass(frozen=True)
class Severity:
    """The problems of one file that are equally serious, under a title that says so."""

    sign: str
    title: str
    rows: tuple[ProblemRow, ...]


@dataclass(frozen=True)
class FileProblems:
    """The problems of one file that need somebody."""

    name: str
    title: str
    sentence: str  # of a file that could not be opened, where there is no place to look at
    parts: tuple[Severity, ...]
    more: str  # what is left out, in words


# The mark and the words of what is more than a note, the worst first.
SEVERITIES = (("error", "■", "Not read until it is put right"), ("warning", "◆", "To be checked"))


def problems_by_file(check) -> list[FileProblems]:
    """Return what needs somebody in each file, the worst first, at most 200 problems of a file."""
    files = [file for file in check.files if file.verdict != "nothing new"]
    return [_file_problems(file) for file in files if any(one.severity != "note" for one in file.problems)]


def _file_problems(file) -> FileProblems:
    looked = [problem for problem in file.problems if problem.severity != "note" and not is_asked(problem, file)]
    shown = sorted(looked, key=lambda problem: problem.severity != "error")[:PROBLEMS_SHOWN]
    left = len(looked) - len(shown)
    says = "refused" if file.verdict == "refused" else f"{count_words(to_look_at(file), 'place')} to look at"
    sentence = "" if not looked or any(problem.sheet for problem in looked) else looked[0].sentence
    parts = () if sentence else tuple(_parts(shown))
    return FileProblems(file.name, f"{file.name}: {says}", sentence, parts,
                        f"{left:,} more are in the download." if left > 0 else "")  # fmt: skip


def is_asked(problem, file) -> bool:
    """Return whether a problem stands beside the question for its reason, and so not in the tables."""
    return problem.needs_reason and file.can_land


def _parts(problems):
    for severity, sign, words in SEVERITIES:
        found = [problem for problem in problems if problem.severity == severity]
        if found:
            places = count_words(sum(problem.rows for problem in found), "place")
            yield Severity(sign, f"{words}: {places}", tuple(map(_problem_row, found)))


def notes(check) -> tuple[ProblemRow, ...]:
    """Return what was noted in all files without anything to do, at most 200."""
    found = [problem for problem in check.problems if problem.severity == "note"]
    return tuple(map(_problem_row, found[:PROBLEMS_SHOWN]))


def _problem_row(one) -> ProblemRow:
    advice = one.advice.removeprefix("Nothing. ")
    rows = count_words(one.rows, "row")
    count = "" if one.rows == 1 or rows in one.sentence else f"{rows}:"
    return ProblemRow(
        one.file, one.sheet or "", one.place, one.heading or "", one.value or "", one.sentence, advice, count,
        places_words(one),
    )  # fmt: skip


def places_words(problem) -> str:
    """Return every cell of a problem that has several, and how many more there are than are kept."""
    if len(problem.places) < 2:
        return ""
    left = problem.rows - len(problem.places)
    return f"{', '.join(problem.places)}{f' and {left:,} more' if left > 0 else ''}"


def reply_name(name: str) -> str:
    """Return what the reply to the sender of a file is called."""
    return f"Reply - {name.rpartition('.')[0] or name}.xlsx"


@dataclass(frozen=True)
class ListRow:
    """One line of the account of rows: what was read is what is stored, refused or left out."""

    file: str
    sheet: str
    title: str
    covers: str
    covers_from: str
    rows_read: int
    rows_ready: int
    rows_refused: int
    rows_ignored: int
    reasons: str


def list_rows(check) -> list[ListRow]:
    """Return the account of every list found, in the order of the files."""
    files = [file for file in check.files if file.verdict != "nothing new"]
    return [_list_row(file, one) for file in files for one in file.lists if one.record_type]


def _list_row(file, one) -> ListRow:
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in one.ignored)
    covers = span_words(one.covers) or ("by the period of each figure" if one.rows_ready else "")
    if one.status == "nothing to report":
        reasons = "Declared as nothing to report"
    return ListRow(
        file.name, one.sheet, one.title, covers, one.covers_from, one.rows_read, one.rows_ready, one.rows_refused,
        one.rows_ignored, reasons,
    )  # fmt: skip


def account_words(check) -> str:
    """Return where every row that was read goes, in one sentence."""
    lists = [one for file in check.files if file.verdict in ("ready", "to look at") for one in file.lists]
    read = sum(one.rows_read for one in lists)
    ready, refused, ignored = (
        sum(getattr(one, name) for one in lists) for name in ("rows_ready", "rows_refused", "rows_ignored")
    )
    parts = [f"{ready:,} can be stored"]
    parts += [f"{refused:,} refused"] if refused else []
    parts += [f"{ignored:,} left out"] if ignored else []
    return f"{count_words(read, 'row')} read: {listed(parts)}."


def change_words(check) -> str:
    """Return what landing would do to what is stored, in one sentence."""
    totals = [
        (sum(getattr(change, name) for change in check.changes), words)
        for name, words in (("added", "added"), ("changed", "changed"), ("removed", "removed"))
    ]
    said = [f"{count:,} {words}" for count, words in totals if count]
    if not said:
        return "Nothing changes: all of these rows are stored already."
    first, *others = said
    rows = "row" if first.startswith("1 ") else "rows"
    number, what = first.split(" ", 1)
    return f"{listed([f'{number} {rows} {what}', *others])}."


def removal_words(change, agencies) -> str:
    """Return which stored rows would go, in words."""
    rows = count_words(change.removed, "row")
    of = f" of the {change.there:,} stored" if change.there else ""
    days = f", dated {span_words(change.removed_days)}," if change.removed_days else ""
    sender = agencies[change.agency].title
    verb = "is" if change.removed == 1 else "are"
    return (
        f"{change.title} from {sender}: {rows}{of}{days} {verb} not in the new file and would no longer count. "
        f"Earlier versions keep them."
    )


def confirmation_words(check) -> str:
    """Return the sentence that somebody must tick where more than a tenth of what was there would go."""
    going = [change for change in check.changes if change.needs_confirmation]
    said = listed(f"{change.removed:,} of {change.there:,} rows of ‘{change.title}’" for change in going)
    return f"Yes, {said} should go: the new files are complete for the days they cover."


def store_words(check) -> str:
    """Return what the button says: how many good rows, of which files."""
    landing = [file for file in check.files if file.can_land]
    doubtful = [file for file in landing if file.verdict == "to look at"]
    rest = len(landing) - len(doubtful)
    if not doubtful:
        rows = count_words(sum(_landing_rows(file) for file in landing), "row")
        return f"Store {rows}" if len(landing) == 1 else f"Store {rows} from {spelled(len(landing))} files"
    good = sum(_landing_rows(file) for file in doubtful)
    words = f"Store the {good:,} good rows" if good != 1 else "Store the one good row"
    if not rest:
        return words
    return f"{words} and the other file" if rest == 1 else f"{words} and the {spelled(rest)} other files"


def _landing_rows(file) -> int:
    return sum(one.rows_ready for one in file.lists if one.can_land)


def cannot_store_words(check) -> str:
    """Return why there is nothing to store."""
    unknown = [file.name for file in check.files if not file.agency and any(one.can_be_sent for one in file.lists)]
    if unknown:
        return f"Say who sent {listed(unknown)}, then check again."
    if all(file.verdict == "nothing new" for file in check.files):
        return "There is nothing new here: these files are stored already."
    return "There is nothing to store: no list in these files could be read."


def covers_of(file):
    """Return the first and the last day that any list of the file covers, or None."""
    covers = [one.covers for one in file.lists if one.covers]
    return (min(first for first, _ in covers), max(last for _, last in covers)) if covers else None


def senders_of(file, definitions) -> list[str]:
    """Return the agencies that send every list of the file; all agencies where no list was found in it."""
    agencies = definitions.partnership.agencies
    records = [definitions.record_types[one.record_type] for one in file.lists if one.record_type]
    able = [name for name in agencies if all(name in record.sent_by for record in records)]
    return able or list(agencies)


def personal_columns(file) -> list[tuple[str, str]]:
    """Return (sheet, heading) of the columns of a refused file that may be left out by name."""
    return [
        (problem.sheet, problem.heading)
        for problem in file.problems
        if problem.code == "personal_data" and _is_whole(problem.heading)
    ]


def _is_whole(heading) -> bool:
    """A heading that was shortened or hidden cannot name its column."""
    return bool(heading) and heading != HIDDEN_HEADING and not heading.endswith("…")


def must_be_asked(file) -> bool:
    """Return whether a file waits for somebody to say who sent it, or which columns to leave out."""
    is_unknown = file.agency is None and any(one.can_be_sent for one in file.lists)
    return is_unknown or bool(personal_columns(file))
