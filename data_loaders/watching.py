"""Owns the drop folder: what partners put into it is checked, stored where all is well, moved away and told."""

import hashlib
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from data_loaders.gathering import below, bytes_of, in_batches, names_of
from data_loaders.intake import check_files
from data_loaders.landing import land
from data_loaders.results import Change, Check, FileCheck
from data_loaders.run_reports import Entry, RunReport
from data_loaders.telling import ended
from scorecards.definitions import Definitions, did_you_mean, normalise
from scorecards.errors import LoadRefused, ScorecardError
from scorecards.store import Store

log = logging.getLogger(__name__)

# Where a file goes, each a folder of the drop folder.
STORED, PERSON, REFUSED, NOT_USED, REPORTS = "stored", "needs-a-person", "refused", "not-used", "reports"
FATES = (STORED, PERSON, REFUSED, NOT_USED)
OWN_FOLDERS = (*FATES, REPORTS)
LOCK = ".being-loaded"
PRIVATE = 0o700
SETTLED_SECONDS = 10.0  # a file that nobody has touched for so long has arrived
TRIES = 3  # of a landing before which somebody else stored something
CHANGED_MEANWHILE = "changed_meanwhile"

FAULT = (
    "It could not be loaded because of a fault in this product; nothing of it was stored. Tell whoever looks after it."
)

Open = Callable[[], Store]
Say = Callable[[str], None]


class Busy(ScorecardError):
    """Another run is at work on the folder."""


@dataclass(frozen=True)
class Arrived:
    """A file that arrived: where it is, what it is called, who sent it and when, and how it looked when it was read."""

    path: Path
    name: str
    agency: str | None
    came: date
    looks: tuple[int, int, int]
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Fate:
    """What becomes of a file: the folder it goes to, why, and what was found in it."""

    folder: str
    sentence: str
    found: FileCheck | None = None


@dataclass(frozen=True)
class Ran:
    """What a run did: how many files went where, how many stay for the next run, and where it is told."""

    moved: Counter[str] = field(default_factory=Counter)
    left: int = 0
    report: Path | None = None

    @property
    def sentence(self) -> str:
        said = [f"{self.moved[folder]} to {folder}" for folder in FATES if self.moved[folder]]
        said += [f"{self.left} left for the next run"] if self.left else []
        return f"{', '.join(said)}." if said else "Nothing new."


def watch(
    folder: Path, open_store: Open, by: str, say: Say, stop: threading.Event, every: float, settled: float
) -> None:
    """Look into the folder again and again until `stop` is set; what goes wrong is said, and tried again later."""
    while not stop.is_set():
        try:
            ran = run_once(folder, open_store, by, say, settled)
            if ran.moved:
                say(ran.sentence)
        except (ScorecardError, OSError) as trouble:
            say(str(trouble))
        stop.wait(every)


def run_once(folder: Path, open_store: Open, by: str, say: Say, settled: float = SETTLED_SECONDS) -> Ran:
    """Load what has arrived in the folder, and say file by file what became of it; raise Busy beside another run."""
    with alone_in(folder):
        paths, waiting = arrived_in(folder, settled)
        if not paths:
            return Ran(left=waiting)
        store = open_store()
        try:
            with RunReport(folder / REPORTS) as report:
                run = Run(folder, store, by, say, report)
                for batch in in_batches(paths):
                    run.load(batch)
        finally:
            store.close()
        return Ran(run.moved, waiting + run.left, report.path)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder for this run, with the folders that it needs; the lock goes with the process, however it ends."""
    if not folder.is_dir():
        raise ScorecardError(f"There is no folder '{folder.name}'. Make it, or give the right one.")
    try:
        with FileLock(folder / LOCK, timeout=0, mode=0o600):
            for name in OWN_FOLDERS:
                make_folder(folder, Path(name))
            yield
    except Timeout:
        raise Busy(f"Another run is at work on '{folder.name}'. Nothing was done.") from None


def make_folder(top: Path, place: Path) -> Path:
    """Return the folder at `place` in the drop folder, made with those that it stands in; refuse a link.

    What is moved or written through a link would land wherever somebody else had pointed it.
    """
    path = top
    for name in place.parts:
        path = path / name
        if path.is_symlink():
            raise ScorecardError(f"'{name}' is a link where a folder of our own is needed. Take the link away.")
        try:
            path.mkdir(mode=PRIVATE, exist_ok=True)
        except FileExistsError:
            raise ScorecardError(f"'{name}' is a file where a folder is needed. Give the file another name.") from None
    return path


def arrived_in(folder: Path, settled: float) -> tuple[list[Path], int]:
    """Return the files that have arrived, in order, and how many somebody may still be writing."""
    there = [path for path in below(folder) if path.relative_to(folder).parts[0] not in OWN_FOLDERS]
    paths = [path for path in there if is_quiet(path, settled)]
    return paths, len(there) - len(paths)


def is_quiet(path: Path, settled: float) -> bool:
    """Return whether nobody has touched a file for a while.

    A copy may carry the time of its original; when it was last touched in this folder only its other time tells.
    """
    try:
        seen = path.stat()
    except OSError:
        return False
    now = time.time()
    # A clock that is ahead elsewhere must not keep a file waiting for years.
    touched = max((moment for moment in (seen.st_mtime, seen.st_ctime) if moment <= now), default=now)
    return now - touched >= settled


def looks_of(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file does; of a link, how the link itself looks."""
    seen = path.lstat()
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def senders(definitions: Definitions) -> dict[str, str]:
    """Return the agencies by every name that a folder of theirs may have, normalised."""
    agencies = definitions.partnership.agencies
    return {normalise(form): name for name, agency in agencies.items() for form in (agency.title, name)}


class Run:
    """One run over a drop folder: files are read, checked together, landed, told and moved, in this order."""

    def __init__(self, folder: Path, store: Store, by: str, say: Say, report: RunReport):
        self.folder, self.store, self.by, self.say, self.report = folder, store, by, say, report
        self.senders = senders(store.definitions)
        self.moved: Counter[str] = Counter()
        self.left = 0

    def load(self, paths: Sequence[Path]) -> None:
        """Load files: those of one sender together, so that they do not take each other's rows away."""
        names = names_of([path.relative_to(self.folder) for path in paths])
        by_sender: dict[str | None, list[Arrived]] = {}
        for path, name in zip(paths, names, strict=True):
            one = self.read(path, name)
            if one is not None:
                by_sender.setdefault(one.agency, []).append(one)
        for files in by_sender.values():
            self.load_together(files)

    def read(self, path: Path, name: str) -> Arrived | None:
        """Return a file with its bytes; None for one that stays where it is, or whose sender nobody knows."""
        try:
            before, data = looks_of(path), bytes_of(path, may_be_link=False)
            came = min(date.fromtimestamp(path.lstat().st_ctime), self.store.today)
            if looks_of(path) != before:
                self.leave(path, "Somebody is still writing it.")
                return None
        except (LoadRefused, OSError) as trouble:
            self.leave(path, str(trouble) if isinstance(trouble, LoadRefused) else "It went while it was looked at.")
            return None
        top = path.relative_to(self.folder).parts[0] if path.parent != self.folder else None
        one = Arrived(path, name, self.senders.get(normalise(top)) if top else None, came, before, data)
        if top and one.agency is None:
            self.settle(one, Fate(PERSON, self.no_agency(top)))
            return None
        return one

    def no_agency(self, folder: str) -> str:
        agencies = self.store.definitions.partnership.agencies
        near = did_you_mean(folder, [*agencies, *(agency.title for agency in agencies.values())])
        return (
            f"It lay in the folder '{folder}', which is no agency of partnership.yaml.{near} "
            "Put it into a folder named after its sender, or straight into the drop folder."
        )

    def load_together(self, files: Sequence[Arrived]) -> None:
        """Land those of the files that are fine beside each other, and give each its fate."""
        first = {hashlib.sha256(one.data).digest(): one for one in reversed(files)}
        own = [one for one in files if first[hashlib.sha256(one.data).digest()] is one]
        fates = self.fates_of(own)
        for one in files:
            twin = first[hashlib.sha256(one.data).digest()]
            fate = fates.get(twin.name)
            if fate is None:
                self.leave(one.path, "Somebody else was storing returns at the same time.")
            elif twin is one:
                self.settle(one, fate)
            else:
                self.settle(one, replace(fate, sentence=f"The very same as {twin.name}. {fate.sentence}"))

    def fates_of(self, files: Sequence[Arrived], tries: int = TRIES) -> dict[str, Fate]:
        """Return the fate of each file by its name, those that are fine stored; a fault in one spares the others."""
        try:
            return self.tried(files, tries)
        except ScorecardError:
            raise
        except Exception as fault:
            # Its words may hold what stands in a file; its kind and place do not.
            log.error("A file of the drop folder could not be loaded: %s.", type(fault).__name__)
            if len(files) == 1:
                return {files[0].name: Fate(PERSON, FAULT)}
            return {name: fate for one in files for name, fate in self.fates_of([one]).items()}

    def tried(self, files: Sequence[Arrived], tries: int) -> dict[str, Fate]:
        if not files:
            return {}
        check = check_files(self.store, [(one.name, one.data, one.agency) for one in files])
        fates = {one.name: fate_of(found, check) for one, found in zip(files, check.files, strict=True)}
        unfit = {name: fate for name, fate in fates.items() if fate.folder != STORED}
        if unfit:
            # The others are fine only if they are so without these.
            return unfit | self.fates_of([one for one in files if one.name not in unfit], tries)
        if not check.can_land:
            return fates
        try:
            version = land(self.store, check, by=self.by, received={one.name: one.came for one in files}).data_version
        except LoadRefused as refusal:
            if refusal.code != CHANGED_MEANWHILE:
                return {name: replace(fate, folder=PERSON, sentence=str(refusal)) for name, fate in fates.items()}
            return self.fates_of(files, tries - 1) if tries > 1 else {}
        return {name: stored(fate, version, check.changes) for name, fate in fates.items()}

    def settle(self, one: Arrived, fate: Fate) -> None:
        """Tell what became of a file and move it: its rows are stored by now, or never will be."""
        place = one.path.relative_to(self.folder)
        self.report.add(Entry(str(place), fate.folder, fate.sentence, fate.found))
        try:
            moved = move(one, self.folder, Path(fate.folder) / place)
        except (OSError, ScorecardError) as trouble:
            why = trouble.strerror if isinstance(trouble, OSError) else str(trouble)
            self.leave(one.path, f"It could not be moved: {why}")
            return
        if moved:
            self.moved[fate.folder] += 1
            self.say(f"{place}: {fate.folder}. {fate.sentence}")
        else:
            self.leave(one.path, "Somebody put another version in its place meanwhile.")

    def leave(self, path: Path, why: str) -> None:
        self.left += 1
        self.say(f"{path.relative_to(self.folder)}: left for the next run. {why}")


def move(one: Arrived, top: Path, target: Path) -> bool:
    """Move a file where nothing is overwritten; return False where it is not the file that was read, and stays.

    `target` is its place in the drop folder `top`.
    """
    place = free_place(make_folder(top, target.parent) / target.name)
    one.path.rename(place)
    if looks_of(place) == one.looks:
        return True
    place.rename(free_place(one.path))
    return False


def free_place(path: Path) -> Path:
    """Return the path, or the next with a number, at which there is nothing; only one run moves files here."""
    found, number = path, 2
    while os.path.lexists(found):
        found, number = path.with_name(f"{path.stem} ({number}){path.suffix}"), number + 1
    return found


def fate_of(found: FileCheck, check: Check) -> Fate:
    """Return where a file goes that was checked: nobody is there to answer a question."""
    if found.verdict == "refused":
        return Fate(REFUSED, ended(found.sentence), found)
    if found.verdict == "nothing new":
        return Fate(STORED, ended(found.sentence), found)
    if is_not_used(found):
        return Fate(NOT_USED, ended(found.sentence), found)
    question = question_of(found, check.changes)
    return Fate(PERSON if question else STORED, question or ended(found.sentence), found)


def is_not_used(found: FileCheck) -> bool:
    """Return whether a file holds nothing but lists that are known and not used yet."""
    wrong = any(one.severity == "error" for one in found.problems)
    known = [one.status for one in found.lists if one.status != "not data"]
    return not wrong and bool(known) and set(known) == {"not used"}


def question_of(found: FileCheck, changes: Sequence[Change]) -> str:
    """Return what a person has to say about a file before it can be stored; nothing where it can."""
    errors = sum(1 for one in found.problems if one.severity == "error")
    if errors:
        return f"{'1 error' if errors == 1 else f'{errors:,} errors'} in it."
    doubts = [one for one in found.problems if one.needs_reason]
    if doubts:
        return f"It is stored only with a reason: {doubts[0].sentence}"
    own = {(one.record_type, one.agency) for one in found.lists}
    for change in changes:
        if change.needs_confirmation and (change.record_type, change.agency) in own:
            return f"{change.removed:,} of {change.there:,} rows of '{change.title}' would go, which must be confirmed."
    return "" if found.can_land else f"Nothing in it can be stored. {ended(found.sentence)}"


def stored(fate: Fate, version: int | None, changes: Sequence[Change]) -> Fate:
    """Return the fate of a file that was landed, saying in which version and what that changed."""
    if version is None or fate.found is None or not fate.found.can_land:
        return fate
    lists = {(one.record_type, one.agency) for one in fate.found.lists if one.can_land}
    said = " ".join(change.sentence for change in changes if (change.record_type, change.agency) in lists)
    return replace(fate, sentence=f"Stored as data version {version}. {said}".rstrip())
