"""What is done to a store while writing fails: landing, opening, backing up, restoring; and how each is judged."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from data_loaders.published import check_published, land_published
from scorecards.errors import ScorecardError, StoreError
from scorecards.store import backup, open_store
from scorecards.store.checks import check_store
from scorecards.store.copies import opened_file, read_manifest, sums_of, unpack
from scorecards.store.schema import neighbour_set, published_population, published_value, source_file
from scorecards.store.sqlite_copies import prove
from tests.first_schema import KEY, make_first_store
from tests.partner_files import TODAY, definitions, opened
from tests.torture.children import Tell
from tests.torture.files import PartnerFile, check_of, land_checked, wrong_with
from tests.torture.shim import DEADLY, Fault, Faults

STORED = (PartnerFile("referrals", 7, 1), PartnerFile("missing", 8, 2))
NEW = (PartnerFile("referrals", 7, 3), PartnerFile("missing", 8, 4))
PUBLISHED = sorted((Path(__file__).parents[1] / "samples" / "published").glob("*.csv"))
# Lines that bear the time, and so differ from run to run.
TIMED = {"audit", "data_version"}


@dataclass(frozen=True)
class Run:
    """One run of a scenario: in which folder, which fault, at which N."""

    folder: Path
    fault: Fault
    nth: int
    seed: int


def named(said: Sequence[dict], what: str) -> list:
    """Return what a child told under this name."""
    return [one[what] for one in said if what in one]


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'scorecards.db'}"


def filled(folder: Path, files: Iterable[PartnerFile]) -> None:
    """Make a store in `folder` with the files landed one after the other."""
    os.environ["SCORECARDS_HOME"] = str(folder)
    store = opened(address(folder))
    for file in files:
        land_checked(store, check_of(store, file))
    store.close()


def broken(folder: Path) -> list[str]:
    """Return what checks of the whole store find wrong."""
    with opened_file(folder / "scorecards.db") as connection:
        return [one.sentence for one in check_store(connection) if not one.is_right]


def sums(folder: Path) -> dict:
    with opened_file(folder / "scorecards.db") as connection:
        return {name: one for name, one in sums_of(connection).items() if name not in TIMED}


def stop_now(run: Run, faults: Faults, tell: Tell) -> None:
    """Where the machine was to stop and has not yet, stop it now: what was acknowledged last must not be lost."""
    if run.fault in DEADLY:
        tell(asked=faults.seen)
        faults.cut()


class Landing:
    """Two files are landed one after the other into a store that has some."""

    faults = tuple(Fault)[1:]

    def prepare(self, folder: Path) -> None:
        filled(folder, STORED)

    def ready(self, folder: Path) -> None:
        self.store = opened(address(folder))
        self.checks = {file.name: check_of(self.store, file) for file in NEW}
        self.store.close()

    def act(self, run: Run, faults: Faults, tell: Tell) -> None:
        faults.arm(run.folder, run.fault, run.nth, run.seed)
        for name, check in self.checks.items():
            try:
                land_checked(self.store, check)
            except ScorecardError as error:
                faults.disarm()  # there is room again
                tell(refused=name, sentence=str(error), is_there=name in self.there())
                land_checked(self.store, check)
            tell(acknowledged=name)
        stop_now(run, faults, tell)
        self.store.close()

    def there(self) -> list[str]:
        with self.store.read() as connection:
            return list(connection.scalars(select(source_file.c.name)))

    def judge(self, run: Run, said: Sequence[dict]) -> Iterable[str]:
        yield from broken(run.folder)
        yield from wrong_with(self.store)
        there = self.there()
        yield from (f"{name} was lost" for name in named(said, "acknowledged") if name not in there)
        for check in self.checks.values():
            land_checked(self.store, check)
        yield from wrong_with(self.store)
        if set(self.there()) != {file.name for file in (*STORED, *NEW)}:
            yield "what was to be landed again was not"
        self.store.close()


class Publishing:
    """Published figures are landed into a store that has some figures of its own."""

    faults = tuple(Fault)[1:]

    def prepare(self, folder: Path) -> None:
        filled(folder, STORED)

    def ready(self, folder: Path) -> None:
        self.store = opened(address(folder))
        self.check = check_published(self.store, [(path.name, path.read_bytes()) for path in PUBLISHED])
        self.store.close()

    def act(self, run: Run, faults: Faults, tell: Tell) -> None:
        faults.arm(run.folder, run.fault, run.nth, run.seed)
        try:
            land_published(self.store, self.check, by="a test")
        except ScorecardError as error:
            faults.disarm()  # there is room again
            tell(refused="published", sentence=str(error), is_there=self.there() > 0)
            land_published(self.store, self.check, by="a test")
        tell(acknowledged="published")
        stop_now(run, faults, tell)
        self.store.close()

    def there(self) -> int:
        with self.store.read() as connection:
            tables = (published_value, published_population, neighbour_set)
            return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)

    def judge(self, run: Run, said: Sequence[dict]) -> Iterable[str]:
        yield from broken(run.folder)
        there = self.there()
        if there not in (0, self.check.new):
            yield f"{there} of {self.check.new} published figures are there"
        if named(said, "acknowledged") and not there:
            yield "published figures were lost"
        if not there:
            land_published(self.store, self.check, by="a test")
        if self.there() != self.check.new:
            yield "published figures could not be landed again"
        self.store.close()


class Opening:
    """A new store is made with its key, and one file landed into it."""

    faults = (Fault.FULL, Fault.FAULT, Fault.SYNC_FAULT, *DEADLY)

    def prepare(self, folder: Path) -> None:
        pass

    def ready(self, folder: Path) -> None:
        pass

    def act(self, run: Run, faults: Faults, tell: Tell) -> None:
        faults.arm(run.folder, run.fault, run.nth, run.seed)
        try:
            self.land(run.folder)
        except (ScorecardError, OSError) as error:
            faults.disarm()
            if not isinstance(error, ScorecardError):
                raise
            tell(refused=NEW[0].name, sentence=str(error), is_there=False)
            self.land(run.folder)
        tell(acknowledged=NEW[0].name)
        stop_now(run, faults, tell)

    def land(self, folder: Path) -> None:
        # Not from a store made before: its making is what is tried.
        store = open_store(address(folder), definitions(), TODAY)
        try:
            land_checked(store, check_of(store, NEW[0]))
        finally:
            store.close()

    def judge(self, run: Run, said: Sequence[dict]) -> Iterable[str]:
        store = opened(address(run.folder))
        with store.read() as connection:
            there = list(connection.scalars(select(source_file.c.name)))
        yield from (f"{name} was lost" for name in named(said, "acknowledged") if name not in there)
        self.land(run.folder)
        yield from wrong_with(store)
        store.close()
        yield from broken(run.folder)


class Backup:
    """A backup is taken."""

    faults = (Fault.FULL, Fault.FAULT, Fault.SYNC_FAULT, *DEADLY)
    file = "store.backup"

    def prepare(self, folder: Path) -> None:
        filled(folder, STORED)

    def ready(self, folder: Path) -> None:
        self.stored = sums(folder)

    def act(self, run: Run, faults: Faults, tell: Tell) -> None:
        faults.arm(run.folder, run.fault, run.nth, run.seed)
        try:
            backup.back_up(run.folder / self.file, address(run.folder))
        except StoreError as error:
            faults.disarm()
            tell(refused=self.file, sentence=str(error), is_there=(run.folder / self.file).exists())
            backup.back_up(run.folder / self.file, address(run.folder))
        tell(acknowledged=self.file)
        stop_now(run, faults, tell)

    def judge(self, run: Run, said: Sequence[dict]) -> Iterable[str]:
        path = run.folder / self.file
        if named(said, "acknowledged") and not path.exists():
            yield "the backup was lost"
        if path.exists():
            manifest = read_manifest(path)
            unpack(path, manifest, run.folder / "unpacked.db")
            prove(run.folder / "unpacked.db", manifest)
        if sums(run.folder) != self.stored:
            yield "the store was changed"
        yield from broken(run.folder)


class Restoring:
    """A backup is put in the place of a store that went on since."""

    faults = (Fault.FULL, Fault.FAULT, Fault.SYNC_FAULT, *DEADLY)

    def prepare(self, folder: Path) -> None:
        filled(folder, STORED)
        backup.back_up(folder / "store.backup", address(folder))
        filled(folder, NEW)

    def ready(self, folder: Path) -> None:
        manifest = read_manifest(folder / "store.backup")
        self.earlier = {name: one for name, one in manifest.tables.items() if name not in TIMED}
        self.later = sums(folder)

    def act(self, run: Run, faults: Faults, tell: Tell) -> None:
        faults.arm(run.folder, run.fault, run.nth, run.seed)
        try:
            self.restore(run.folder)
        except StoreError as error:
            faults.disarm()
            tell(refused="restore", sentence=str(error), is_there=sums(run.folder) != self.later)
            self.restore(run.folder)
        tell(acknowledged="restore")
        stop_now(run, faults, tell)

    def restore(self, folder: Path) -> None:
        backup.restore(folder / "store.backup", by="a test", replace=True, url=address(folder))

    def judge(self, run: Run, said: Sequence[dict]) -> Iterable[str]:
        found = sums(run.folder)
        if found not in (self.earlier, self.later):
            yield "the store is neither what it was nor what was restored"
        if named(said, "acknowledged") and found != self.earlier:
            yield "what was restored is not there"
        yield from broken(run.folder)


class Upgrade:
    """A store of the first version is opened by this one."""

    faults = (Fault.FULL, Fault.FAULT, Fault.SYNC_FAULT, *DEADLY)

    def prepare(self, folder: Path) -> None:
        os.environ["SCORECARDS_KEY"] = KEY
        make_first_store(address(folder))

    def ready(self, folder: Path) -> None:
        self.first = shape(folder)
        self.rows = rows(folder, self.first)
        opened(address(folder)).close()
        self.newest = shape(folder)

    def act(self, run: Run, faults: Faults, tell: Tell) -> None:
        faults.arm(run.folder, run.fault, run.nth, run.seed)
        try:
            opened(address(run.folder)).close()
        except StoreError as error:
            faults.disarm()
            tell(refused="upgrade", sentence=str(error), is_there=shape(run.folder) != self.first)
            opened(address(run.folder)).close()
        tell(acknowledged="upgrade")
        stop_now(run, faults, tell)

    def judge(self, run: Run, said: Sequence[dict]) -> Iterable[str]:
        found = shape(run.folder)
        if found not in (self.first, self.newest):
            yield "the store is between two versions"
        if named(said, "acknowledged") and found != self.newest:
            yield "the upgrade was lost"
        kept = sorted(run.folder.glob("scorecards.before-*.backup"))
        if found == self.newest and not kept:
            yield "the store was upgraded without a backup"
        for path in kept:
            unpack(path, read_manifest(path), run.folder / "unpacked.db")
            prove(run.folder / "unpacked.db", read_manifest(path))
        opened(address(run.folder)).close()
        if rows(run.folder, self.first) != self.rows:
            yield "rows were changed"
        yield from broken(run.folder)


def shape(folder: Path) -> dict[str, list[str]]:
    """Return the columns of every table, and what else there is."""
    connection = sqlite3.connect(folder / "scorecards.db")
    try:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master ORDER BY name")]
        found = {
            name: [row[1] for row in connection.execute(f"SELECT * FROM pragma_table_info('{name}')")] for name in names
        }
        revision = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
        return found | {"revision": revision}
    finally:
        connection.close()


def rows(folder: Path, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return every row of these columns."""
    connection = sqlite3.connect(folder / "scorecards.db")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    wanted = {name: those for name, those in columns.items() if name in tables - {"alembic_version"}}
    try:
        return {
            name: sorted(map(repr, connection.execute(f"SELECT {', '.join(map(quoted, those))} FROM {name}")))
            for name, those in wanted.items()
        }
    finally:
        connection.close()


def quoted(name: str) -> str:
    return f'"{name}"'


SCENARIOS: dict[str, Callable] = {
    "landing": Landing,
    "publishing": Publishing,
    "opening": Opening,
    "upgrade": Upgrade,
    "backup": Backup,
    "restoring": Restoring,
}
