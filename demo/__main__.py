"""What one types: `python -m demo` prepares the store of the fictional partnership; `--serve` opens it.

With `--area` it is a real council's published figures, in a store of their own.
"""

import argparse
import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from data_loaders import check_files, land
from demo.area import DEMO_TODAY
from demo.files import PartnerFile, write_partner_files
from demo.real_council import council_of, prepare_council, settings_of
from demo.said import record_what_was_said
from scorecards.definitions import read_definitions
from scorecards.errors import ScorecardError
from scorecards.snapshots import freeze
from scorecards.store import home, open_store

PROJECT = Path(__file__).resolve().parents[1]
PARTNERSHIP = Path(__file__).with_name("partnership.yaml")

# The paper of Q1 2025/26 was frozen before the last quarter's files came.
FROZEN_PERIOD = "2025-26-Q1"
FROZEN_ON = datetime.date(2025, 7, 17)

# What would open another store, or another day.
ANYBODY_S = ("SCORECARDS_DATABASE_URL", "SCORECARDS_DEMO", "SCORECARDS_TODAY")
DEMO_SETTINGS = {
    "SCORECARDS_DEMO": "1",
    "SCORECARDS_PARTNERSHIP": str(PARTNERSHIP),
    "SCORECARDS_TODAY": DEMO_TODAY.isoformat(),
}

# What is hard to believe lands only with a reason: made-up figures jump by chance now and then.
REASON = "The partnership is fictional, and so are its ups and downs."

MOST_WRITERS = 4
# The shares of the time that writing, the first load and the second load take.
WRITING, FIRST_LOAD, SECOND_LOAD = (0.0, 0.35), (0.35, 0.7), (0.7, 1.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare the demo, and serve it where asked; return 0, or 1 when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Prepare the fictional partnership.")
    parser.add_argument("--serve", action="store_true", help="then open the product in the browser")
    parser.add_argument("--again", action="store_true", help="make the demo anew, and lose what was tried in it")
    parser.add_argument("--area", metavar="CODE", help="a real council's published figures instead: its code or name")
    asked = parser.parse_args(arguments)
    settings = DEMO_SETTINGS
    try:
        if asked.area:
            settings = open_council(asked.area)
        else:
            prepare(asked.again)
    except (ScorecardError, OSError) as error:
        # On Windows a store that is open somewhere cannot be replaced.
        is_in_use = isinstance(error, PermissionError)
        print(f"\n{error}{' Stop the demo where it runs, then try again.' if is_in_use else ''}")
        return 1
    return serve(settings) if asked.serve else 0


def open_council(asked: str) -> dict[str, str]:
    """Make the store of a council's published figures, and return the settings that open it."""
    council = council_of(asked)
    settings = settings_of(council)
    for name in ANYBODY_S:
        os.environ.pop(name, None)
    # Of this process alone: what is made here lies in the council's folder, its keys too.
    os.environ.update(settings)
    print(f"Preparing the published figures of {council.name} ({council.code}) ...", flush=True)
    prepare_council(council)
    print(f"They are ready: {home()}. Nothing was fetched: they come with the product.", flush=True)
    print("It opens on the newest year that most measures have; those with a newer one have it under Period.")
    return settings


def demo_store() -> Path:
    """Return where the demo's store stands: beside your own, never in it."""
    return home() / "demo.db"


def prepare(again: bool = False, scale: float = 1.0) -> None:
    """Make the demo's files and store unless they are there; `again` makes them anew."""
    if demo_store().exists() and not again:
        print(f"The demo is ready: {demo_store()}")
        return
    files_folder, unfinished = home() / "demo-files", home() / "demo-unfinished.db"
    shutil.rmtree(files_folder, ignore_errors=True)
    remove_store(unfinished)
    bar = Bar()
    workers = min(os.cpu_count() or 1, MOST_WRITERS) if scale == 1 else 0
    writing = bar.part(*WRITING, "Writing")
    files = write_partner_files(files_folder, scale=scale, workers=workers, progress=writing)
    fill(unfinished, files, bar)
    remove_store(demo_store())
    # Only a finished store gets the name by which it is opened.
    unfinished.rename(demo_store())
    bar.show(1, "Ready")
    print(f"\nThe demo is ready: {demo_store()}. The partners' files are in {files_folder}.")


def fill(path: Path, files: list[PartnerFile], bar: "Bar") -> None:
    """Load the files up to June 2025, freeze that quarter, and load the files of the last quarter."""
    definitions = read_definitions(partnership=PARTNERSHIP)
    url = f"sqlite:///{path}"
    store = open_store(url, definitions, on=FROZEN_ON)
    try:
        load(store, [file for file in files if file.batch == 1], bar, FIRST_LOAD)
        made_at = datetime.datetime.combine(FROZEN_ON, datetime.time(10))
        freeze(store, FROZEN_PERIOD, made_by="demo", made_at=made_at)
    finally:
        store.close()
    store = open_store(url, definitions, on=DEMO_TODAY)
    try:
        load(store, [file for file in files if file.batch == 2], bar, SECOND_LOAD)
        record_what_was_said(store)
    finally:
        store.close()


def load(store, files: list[PartnerFile], bar: "Bar", share: tuple[float, float]) -> None:
    """Check and land the files together."""
    start, end = share
    middle = (start + end) / 2
    sent = [(file.path.name, file.path.read_bytes(), file.agency) for file in files]
    check = check_files(store, sent, progress=bar.part(start, middle, "Checking"))
    received = {file.path.name: file.received for file in files}
    land(store, check, by="demo", received=received, reasons={"": REASON}, progress=bar.part(middle, end, "Loading"))


def remove_store(path: Path) -> None:
    """Remove a SQLite store with the files that SQLite keeps beside it."""
    for beside in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + beside).unlink(missing_ok=True)


def serve(settings: Mapping[str, str]) -> int:
    """Run the product with these settings, and none of anybody's own, until it is stopped."""
    environment = {name: value for name, value in os.environ.items() if name not in ANYBODY_S} | {**settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    try:
        return subprocess.call(command, cwd=PROJECT, env=environment)
    except KeyboardInterrupt:
        return 0


class Bar:
    """A line of text that fills as the work is done; where nobody looks, one line for each kind of work."""

    def __init__(self):
        self.last_word = ""

    def part(self, start: float, end: float, word: str):
        """Return a progress function (share, what) for the part of the bar from `start` to `end`."""

        def progress(share: float, what: str) -> None:
            self.show(start + (end - start) * share, f"{word}: {what}")

        return progress

    def show(self, share: float, words: str) -> None:
        """Show how much is done and what is being done."""
        if sys.stdout.isatty():
            print(f"\r[{'#' * round(share * 30):.<30}] {share:4.0%} {words[:44]:<44}", end="", flush=True)
        elif words.split(":")[0] != self.last_word:
            self.last_word = words.split(":")[0]
            print(f"{self.last_word} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main())
