"""Owns loading at the command line: `python -m data_loaders FILE... [--agency X] [--covers FROM..TO] [--check]`.

It is also where a drop folder is loaded, once (`--inbox FOLDER`) or again and again (`--watch FOLDER`), and where an
original can be had back: `python -m data_loaders --original NUMBER --to FILE --by NAME`. Figures that others published
are loaded with `--published [FILE...]`.
"""

import argparse
import datetime
import getpass
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from data_loaders import Check, check_files, land
from data_loaders.files import refused_file
from data_loaders.gathering import bytes_of, files_in, in_batches, names_of
from data_loaders.originals import fetch_original
from data_loaders.problem_guide import problems_page
from data_loaders.problems import needs_a_look
from data_loaders.published import check_carried, check_published, land_published, published_report
from data_loaders.reply_book import reply_to
from data_loaders.results import Covers, FileCheck
from data_loaders.telling import report
from data_loaders.watching import PERSON, SETTLED_SECONDS, Busy, Ran, run_once, watch
from data_loaders.watching import REFUSED as GONE_TO_REFUSED
from scorecards.definitions import read_definitions
from scorecards.errors import LoadRefused, ScorecardError
from scorecards.store import Store, open_store
from scorecards.store.private import write_once

GOOD, PROBLEMS, REFUSED, TROUBLE, BUSY = 0, 1, 2, 3, 4
POLL_SECONDS = 30.0
MOST_TIMES = 20  # the usual limits: half a gigabyte, four million rows
PROBLEMS_PAGE = Path(__file__).parents[1] / "docs" / "problems.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check files and land their good rows; return 0 when all is good, 1 with problems, 2 when something is refused.

    Of a drop folder, return 3 where nothing could be done and 4 where another run is at work.
    """
    given = parser().parse_args(arguments)
    if given.problems_doc:
        return write_problems_page()
    if given.original and not (given.to and given.by):
        parser().error("--original needs --to FILE and --by NAME")
    is_published = given.published is not None
    if sum(map(bool, (given.files, given.original, given.inbox, given.watch, is_published))) != 1:
        parser().error(
            "name a file, or a folder of files; or one of --inbox, --watch, --published and --original, and no file"
        )
    try:
        if is_published:
            return published(given)
        if given.original:
            return fetched(given)
        return dropped(given) if given.inbox or given.watch else loaded(given)
    except Busy as other:
        print(other, file=sys.stderr)
        return BUSY
    except (ScorecardError, OSError) as trouble:
        print(printable(str(trouble)), file=sys.stderr)
        return TROUBLE if given.inbox else REFUSED


def fetched(given) -> int:
    """Fetch an original."""
    store = open_store()
    try:
        print(printable(fetch_original(store, given.original, given.to, given.by)))
    finally:
        store.close()
    return GOOD


def published(given) -> int:
    """Check published figures, say what they are, and land what is new; without a file those of the product."""
    paths, _ = files_in(given.published)
    files = [(name, bytes_of(path, given.large)) for path, name in zip(paths, names_of(paths), strict=True)]
    store = open_store()
    try:
        check = check_published(store, files, given.release) if given.published else check_carried(store)
        print("\n".join(map(printable, published_report(check))))
        version = None if given.check else land_published(store, check, given.by or getpass.getuser())
    finally:
        store.close()
    if version is not None:
        print(f"Stored as data version {version}.")
    if any(file.wrong and file.table for file in check.files):
        return REFUSED
    return PROBLEMS if any(file.wrong for file in check.files) else GOOD


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
        "--large", type=int, default=1, choices=range(1, MOST_TIMES + 1), metavar="TIMES",
        help=f"allow files so many times larger than usual, up to {MOST_TIMES}; only of senders that you know",
    )  # fmt: skip
    made.add_argument(
        "--confirm", type=int, metavar="ROWS", help="land though so many rows go, more than a tenth of what is stored"
    )
    made.add_argument(
        "--reason", default="", help="why what is hard to believe is right; it is kept, so no names of children"
    )
    made.add_argument("--by", default=None, help="who loads them, for the audit log")
    made.add_argument("--inbox", type=Path, metavar="FOLDER", help="load what has arrived in a drop folder, once")
    made.add_argument("--watch", type=Path, metavar="FOLDER", help="load a drop folder again and again until stopped")
    made.add_argument(
        "--every",
        type=seconds,
        default=POLL_SECONDS,
        metavar="SECONDS",
        help="how often --watch looks, 30 unless given",
    )
    made.add_argument(
        "--settled", type=seconds, default=SETTLED_SECONDS, metavar="SECONDS",
        help="how long nobody may have touched a file of a drop folder before it is loaded, 10 if not given",
    )  # fmt: skip
    made.add_argument(
        "--reply", type=Path, metavar="FOLDER", help="write a reply to the sender of each file into this folder"
    )
    made.add_argument("--original", metavar="NUMBER", help="fetch the original of a submission, or of a SHA-256")
    made.add_argument("--to", type=Path, metavar="FILE", help="where the original goes; it must not be there yet")
    made.add_argument(
        "--published", nargs="*", type=Path, metavar="FILE",
        help="load published figures to compare with; without a file those that come with the product",
    )  # fmt: skip
    made.add_argument("--release", help="the release of published figures, where it is not that of their newest year")
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


def seconds(text: str) -> float:
    """Return how many seconds are meant; fewer than none would have a folder looked into without a pause."""
    try:
        given = float(text)
    except ValueError:
        given = -1
    if not 0 <= given <= threading.TIMEOUT_MAX:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds such as 30")
    return given


def printable(line: str) -> str:
    """Return a line without signs that would steer a terminal, or that it cannot show."""
    seen = "".join(sign for sign in line if sign.isprintable())
    encoding = sys.stdout.encoding or "ascii"
    return seen.encode(encoding, "replace").decode(encoding)


def say(line: str) -> None:
    print(printable(line), flush=True)


def dropped(given) -> int:
    """Load a drop folder, once or until somebody stops it."""
    by = given.by or "drop folder"
    if given.inbox:
        ran = run_once(given.inbox, open_store, by, say, given.settled)
        say(ran.sentence)
        return exit_code_of_run(ran)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    say(f"Looking into '{given.watch.name}' every {given.every:g} seconds. Stop with Ctrl+C.")
    watch(given.watch, open_store, by, say, stop, given.every, given.settled)
    return GOOD


def exit_code_of_run(ran: Ran) -> int:
    if ran.moved[GONE_TO_REFUSED]:
        return REFUSED
    return PROBLEMS if ran.moved[PERSON] else GOOD


def loaded(given) -> int:
    """Load files and folders a batch at a time, and return the worst of what became of them."""
    paths, left = files_in(given.files)
    if left:
        endings = ", ".join(f"{count} {ending or 'without an ending'}" for ending, count in endings_of(left).items())
        say(f"Left alone, because nothing of the kind is loaded: {endings}.")
    if not paths:
        say("There is nothing to load.")
    store = open_store()
    try:
        names = dict(zip(paths, names_of(paths), strict=True))
        told = progress(len(paths))
        return max((load_batch(store, batch, names, given, told) for batch in in_batches(paths)), default=GOOD)
    finally:
        store.close()


def endings_of(paths: Sequence[Path]) -> Counter[str]:
    return Counter(path.suffix.lower() for path in paths)


def progress(files: int) -> Callable[[float, str], None]:
    """Return what tells on the side, a line a file, how far a check of several files is."""
    done = 0

    def tell(_share: float, what: str) -> None:
        nonlocal done
        if what.startswith("Checking ") and files > 1:
            done += 1
            print(printable(f"{done} of {files}: {what}"), file=sys.stderr, flush=True)

    return tell


def load_batch(store: Store, paths: Sequence[Path], names: dict[Path, str], given, told) -> int:
    """Check files together, say what was found, and land them unless only a check was asked for."""
    files, unread = read(paths, names, given.large)
    check = check_files(store, files, agency=given.agency, covers=given.covers, progress=told, times=given.large)
    check = replace(check, files=(*check.files, *unread))
    print("\n".join(map(printable, report(check))))
    if given.reply:
        write_replies(store, files, check, given.reply)
    if given.check:
        return exit_code(check)
    confirmed = given.confirm is not None and given.confirm == check.rows_to_confirm
    try:
        by, reasons = given.by or getpass.getuser(), {"": given.reason}
        result = land(store, check, by=by, confirmed=confirmed, reasons=reasons)
    except LoadRefused as refusal:
        print(printable(str(refusal)), file=sys.stderr)
        return REFUSED
    print(f"\n{result.sentence}")
    return exit_code(check)


def read(paths: Sequence[Path], names: dict[Path, str], times: int) -> tuple[list[tuple[str, bytes]], list[FileCheck]]:
    """Return the files with their bytes, and the checks of those that cannot be opened."""
    files, unread = [], []
    for path in paths:
        try:
            files.append((names[path], bytes_of(path, times)))
        except LoadRefused as refusal:
            unread.append(refused_file(names[path], refusal))
    return files, unread


def write_replies(store, files, check: Check, folder: Path) -> None:
    """Write a workbook and the text of an e-mail for each file that its sender should look at again."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Files that could not be opened stand last in the check, and there is nothing of them to write back.
    for (_, data), file in zip(files, check.files, strict=False):
        if file.verdict != "nothing new" and needs_a_look(file.problems):
            reply = reply_to(store.definitions, data, file, today=store.today)
            path = unused(folder / reply.name)
            # It holds rows of the sender's file, so nobody but its owner may read it.
            write_once(path, reply.workbook)
            write_once(path.with_suffix(".txt"), reply.covering.text.encode())
            print(printable(f"Reply written: {path.name}"))


def unused(path: Path) -> Path:
    """Return `path`, with a number where another reply of this folder has its name."""
    number, found = 2, path
    while found.exists() or found.with_suffix(".txt").exists():
        number, found = number + 1, path.with_stem(f"{path.stem} ({number})")
    return found


def exit_code(check: Check) -> int:
    if any(file.verdict == "refused" or any(one.status == "refused" for one in file.lists) for file in check.files):
        return REFUSED
    return PROBLEMS if check.needs_a_look else GOOD


if __name__ == "__main__":
    sys.exit(main())
