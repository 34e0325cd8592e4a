"""Six processes store files at once while others read: each file is stored once, and nobody sees half a version."""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import select

from scorecards.errors import LoadRefused
from scorecards.series.proof import figures_that_differ
from scorecards.store import Store, backup
from scorecards.store.schema import data_version, source_file
from tests.partner_files import opened
from tests.torture.children import Tell, spawn
from tests.torture.files import KINDS, MONTHS, PartnerFile, check_of, land_checked, wrong_with


@dataclass
class Report:
    """What many writers came to."""

    acknowledged: int = 0
    refused: int = 0
    looks: int = 0
    versions_seen: int = 0
    longest_landing: float = 0.0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def land_one(store: Store, file: PartnerFile, tell: Tell) -> None:
    """Check and land a file as an analyst would: again, when somebody else stored something meanwhile."""
    while True:
        check = check_of(store, file)
        tell(landing=file.name)
        began = time.monotonic()
        try:
            landed = land_checked(store, check)
        except LoadRefused as refused:
            if refused.code != "changed_meanwhile":
                raise
            tell(refused=file.name)
            continue
        tell(acknowledged=file.name, version=landed.data_version, took=time.monotonic() - began)
        return


def some_file(chance: random.Random, sending: int) -> PartnerFile:
    return PartnerFile(chance.choice(list(KINDS)), chance.choice(MONTHS), sending)


def wrong_in(url: str, acknowledged: dict[str, int]) -> list[str]:
    """Return what is wrong in the store after `acknowledged` (file name: version) was told to be stored."""
    wrong = [one.sentence for one in backup.check(url)[1] if not one.is_right]
    store = opened(url)
    try:
        wrong += wrong_with(store)
        wrong += [f"{figure} is not what the rows give" for figure in figures_that_differ(store)]
        with store.read() as connection:
            there = dict(connection.execute(select(source_file.c.name, source_file.c.landed_in)).all())
            versions = list(connection.scalars(select(data_version.c.id)))
    finally:
        store.close()
    wrong += [f"{name} was lost" for name, version in acknowledged.items() if there.get(name) != version]
    # Every landing here is of one file, so each version has its file and each file its version.
    if sorted(there.values()) != sorted(versions):
        wrong.append("versions and files do not go together")
    return wrong


def run(url: str, writers: int, each: int, readers: int, seed: int) -> Report:
    """Have so many writers land so many files each, and return what came of it."""
    began = time.monotonic()
    spawn(lambda _tell: opened(url).close()).end()

    def write(number: int):
        def work(tell: Tell) -> None:
            store, chance = opened(url), random.Random(seed * 100 + number)
            for turn in range(each):
                land_one(store, some_file(chance, 1 + number * each + turn), tell)
            store.close()

        return work

    def read(tell: Tell) -> None:
        store, newest = opened(url), 0
        while not is_over.exists():
            version = store.data_version()
            if version < newest:
                tell(wrong="a reader saw versions go back")
            newest = version
            for one in wrong_with(store):
                tell(wrong=f"a reader saw that {one}")
            tell(looked=version)
        store.close()

    is_over = Path(os.environ["SCORECARDS_HOME"]) / "over"
    lookers = [spawn(read) for _ in range(readers)]
    said = [one for child in [spawn(write(number)) for number in range(writers)] for one in child.end()]
    is_over.touch()
    said += [one for child in lookers for one in child.end()]
    acknowledged = {one["acknowledged"]: one["version"] for one in said if "acknowledged" in one}
    report = Report(
        acknowledged=len(acknowledged),
        refused=sum("refused" in one for one in said),
        looks=sum("looked" in one for one in said),
        versions_seen=len({one["looked"] for one in said if "looked" in one}),
        longest_landing=round(max((one.get("took", 0) for one in said), default=0), 2),
        wrong=[one.get("wrong") or one["traceback"] for one in said if "wrong" in one or "traceback" in one],
    )
    if len(acknowledged) != writers * each:
        report.wrong.append(f"{len(acknowledged)} of {writers * each} files were acknowledged")
    report.wrong += wrong_in(url, acknowledged)
    report.seconds = round(time.monotonic() - began, 1)
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run many writers at `--url` and print the report as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.writers")
    parser.add_argument("--url", required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--writers", type=int, default=6)
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    os.environ["SCORECARDS_HOME"] = str(given.home)
    report = run(given.url, given.writers, given.each, given.readers, given.seed)
    print(json.dumps(asdict(report)))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
