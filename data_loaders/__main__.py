"""Owns loading at the command line: `python -m data_loaders FILE... [--agency X] [--covers FROM..TO] [--check]`.

It is also where an original can be had back: `python -m data_loaders --original NUMBER --to FILE --by NAME`.
"""

import argparse
import datetime
import getpass
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from data_loaders import Check, check_files, land
from data_loaders.containers import FILE_LIMIT, given_name
from data_loaders.originals import fetch_original
from data_loaders.problem_guide import problems_page
from data_loaders.problems import Problem, needs_a_look
from data_loaders.reply_book import reply_to
from data_loaders.results import Covers, FileCheck, ListCheck
from scorecards.definitions import read_definitions
from scorecards.errors import ScorecardError
from scorecards.store import open_store

GOOD, PROBLEMS, REFUSED = 0, 1, 2
PROBLEMS_PAGE = Path(__file__).parents[1] / "docs" / "problems.md"
SUFFIXES = {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".txt", ".tsv"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check files and land their good rows; return 0 when all is good, 1 with problems, 2 when something is refused."""
    given = parser().parse_args(arguments)
    if given.problems_doc:
        return write_problems_page()
    if given.original and not (given.to and given.by):
        parser().error("--original needs --to FILE and --by NAME")
    if bool(given.files) == bool(given.original):
        parser().error("name a file, or a folder of files; or --original and no file")
    try:
        if given.original:
            return fetched(given)
        files = [(given_name(path.name), bytes_of(path)) for path in files_in(given.files)]
        store = open_store()
        try:
            return loaded(store, files, given)
        finally:
            store.close()
    except (ScorecardError, OSError) as trouble:
        print(trouble, file=sys.stderr)
        return REFUSED


def fetched(given) -> int:
    """Fetch an original."""
    store = open_store()
    try:
        print(printable(fetch_original(store, given.original, given.to, given.by)))
    finally:
        store.close()
    return GOOD


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m data_loaders", description="Check partners' files and land their rows."
    )
    made.add_argument("files", nargs="*", type=Path, help="files, or folders of them")
    made.add_argument("--agency", help="the agency that sent them, as in partnership.yaml")
    made.add_argument(
        "--covers", type=days, metavar="FROM..TO", help="first and last day covered, as 2025-07-01..2025-09-30"
    )
    made.add_argument("--check", action="store_true", help="check only, store nothing")
    made.add_argument(
        "--confirm", type=int, metavar="ROWS", help="land though so many rows go, more than a tenth of what is stored"
    )
    made.add_argument(
        "--reason", default="", help="why what is hard to believe is right; it is kept, so no names of children"
    )
    made.add_argument("--by", default=None, help="who loads them, for the audit log")
    made.add_argument(
        "--reply", type=Path, metavar="FOLDER", help="write a reply to the sender of each file into this folder"
    )
    made.add_argument("--original", metavar="NUMBER", help="fetch the original of a submission, or of a SHA-256")
    made.add_argument("--to", type=Path, metavar="FILE", help="where the original goes; it must not be there yet")
    made.add_argument("--problems-doc", action="store_true", help="write docs/problems.md, and load nothing")
    return made


def write_problems_page() -> int:
    """Write the page that says what each problem is."""
    PROBLEMS_PAGE.write_text(problems_page(read_definitions()), encoding="utf-8")
    print(f"Written: {PROBLEMS_PAGE.name}")
    return GOOD


def days(text: str) -> Covers:
    try:
        first, last = (datetime.date.fromisoformat(day.strip()) for day in text.split(".."))
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not two days such as 2025-07-01..2025-09-30") from None
    if last < first:
        raise argparse.ArgumentTypeError(f"'{text}' ends before it begins")
    return first, last


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files, and those of the folders, in order of their names."""
    found: list[Path] = []
    for path in paths:
        found += sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
    return found


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file; of one that is too large only so many that it is refused as such."""
    with path.open("rb") as file:
        return file.read(FILE_LIMIT + 1)


def printable(line: str) -> str:
    """Return a line without signs that would steer a terminal, or that it cannot show."""
    seen = "".join(sign for sign in line if sign.isprintable())
    encoding = sys.stdout.encoding or "ascii"
    return seen.encode(encoding, "replace").decode(encoding)


def loaded(store, files, given) -> int:
    check = check_files(store, files, agency=given.agency, covers=given.covers)
    print("\n".join(map(printable, report(check))))
    if given.reply:
        write_replies(store, files, check, given.reply)
    if not given.check:
        by, reasons = given.by or getpass.getuser(), {"": given.reason}
        confirmed = given.confirm == check.rows_to_confirm
        result = land(store, check, by=by, confirmed=confirmed, reasons=reasons)
        print(f"\n{result.sentence}")
    return exit_code(check)


def write_replies(store, files, check: Check, folder: Path) -> None:
    """Write a workbook and the text of an e-mail for each file that its sender should look at again."""
    folder.mkdir(parents=True, exist_ok=True)
    for (_, data), file in zip(files, check.files, strict=True):
        if file.verdict != "nothing new" and needs_a_look(file.problems):
            reply = reply_to(store.definitions, data, file, today=store.today)
            path = unused(folder / reply.name)
            path.write_bytes(reply.workbook)
            path.with_suffix(".txt").write_text(reply.covering.text, encoding="utf-8")
            print(printable(f"Reply written: {path.name}"))


def unused(path: Path) -> Path:
    """Return `path`, with a number where another reply of this folder has its name."""
    number, found = 2, path
    while found.exists():
        number, found = number + 1, path.with_stem(f"{path.stem} ({number})")
    return found


def exit_code(check: Check) -> int:
    if any(file.verdict == "refused" or any(one.status == "refused" for one in file.lists) for file in check.files):
        return REFUSED
    return PROBLEMS if check.needs_a_look else GOOD


def report(check: Check) -> list[str]:
    """Return what was found, line by line: files with their lists, problems, and what changes."""
    lines = [line for file in check.files for line in file_lines(file)]
    problems = [line for problem in check.problems for line in problem_lines(problem)]
    changes = [f"  {change.sentence}" for change in check.changes]
    return [
        *lines,
        *(["", "Problems", *problems] if problems else []),
        *(["", "What changes", *changes, *asks(check)] if changes else []),
    ]


def asks(check: Check) -> list[str]:
    """Return how to confirm that more than a tenth of what is stored goes: by the number of rows."""
    rows = check.rows_to_confirm
    going = "1 stored row" if rows == 1 else f"{rows:,} stored rows"
    return [f"  {going} would go, more than a tenth: confirm with --confirm {rows}."] if rows else []


def file_lines(file: FileCheck) -> list[str]:
    sender = f" (from {file.agency}, {file.agency_from})" if file.agency else ""
    return [
        f"{file.name}: {file.verdict}. {file.sentence}{sender}",
        *(list_line(one) for one in file.lists if one.record_type),
    ]


def list_line(one: ListCheck) -> str:
    covers = f", covers {one.covers[0]:%d/%m/%Y} to {one.covers[1]:%d/%m/%Y} ({one.covers_from})" if one.covers else ""
    why = "".join(f", {count:,} {reason}" for reason, count in one.ignored)
    counts = f"{one.rows_ready:,} ready + {one.rows_refused:,} refused + {one.rows_ignored:,} ignored{why}"
    return f"  {one.sheet}: {one.title}: {one.rows_read:,} rows read = {counts}{covers}"


def problem_lines(problem: Problem) -> list[str]:
    place = ", ".join(filter(None, (problem.file, problem.sheet, problem.place, problem.heading)))
    value = f" '{problem.value}':" if problem.value is not None else ""
    return [f"  {problem.severity}: {place}:{value} {problem.sentence} {problem.advice}"]


if __name__ == "__main__":
    sys.exit(main())
