"""Writers are killed in the middle of landing, again and again: what was acknowledged is there, and nothing half is."""

import argparse
import json
import os
import random
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from tests.partner_files import opened
from tests.torture.children import Child, Tell, spawn
from tests.torture.writers import land_one, some_file, wrong_in

WRITERS = 2
PATIENCE = 60  # seconds until a writer must have begun a landing
FILES = 40  # that one writer lands before it makes room for the next


@dataclass
class Report:
    """What killing came to."""

    kills: int = 0
    in_landing: int = 0
    with_a_journal: int = 0
    acknowledged: int = 0
    refused: int = 0
    looks: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Torture:
    """Writers, and whoever kills them."""

    def __init__(self, url: str, seed: int):
        self.url, self.chance = url, random.Random(seed)
        self.report = Report()
        self.acknowledged: dict[str, int] = {}
        self.took: deque[float] = deque([0.2], maxlen=20)
        self.begun = 0
        self.writers: list[Child] = []

    def begin(self) -> Child:
        """Start a writer whose files nobody sent before."""
        self.begun += 1
        first, seed, url = self.begun * FILES, self.chance.random(), self.url

        def work(tell: Tell) -> None:
            store, chance = opened(url), random.Random(seed)
            for sending in range(first, first + FILES):
                land_one(store, some_file(chance, sending), tell)
            store.close()

        return spawn(work, tuple(one.pipe for one in self.writers))

    def kill_one(self) -> None:
        """Kill a writer, or both, somewhere in a landing."""
        victim = self.chance.choice(self.writers)
        if not self.has_begun(victim):
            self.replace([victim])  # it landed all its files, or fell over: the report says which
            return
        time.sleep(self.chance.uniform(0, 1.2 * sum(self.took) / len(self.took)))
        victims = list(self.writers) if self.chance.random() < 0.4 else [victim]
        for one in victims:
            one.kill()
        self.report.kills += len(victims)
        self.report.with_a_journal += self.journal_is_there()
        self.replace(victims)

    def has_begun(self, writer: Child) -> bool:
        """Wait until a writer tells that it lands; return False when it ended instead."""
        until, heard = time.monotonic() + PATIENCE, len(writer.said)
        while time.monotonic() < until:
            if any("landing" in one for one in writer.said[heard:]):
                return True
            if not writer.listen(1):
                return False
        raise TimeoutError(f"a writer began no landing in {PATIENCE} seconds: {writer.said[-1:]}")

    def journal_is_there(self) -> bool:
        database = make_url(self.url).database or ""
        return self.url.startswith("sqlite") and Path(f"{database}-journal").exists()

    def collect(self, writer: Child) -> None:
        """Take in what a writer said until it ended."""
        said = writer.end()
        self.writers.remove(writer)
        self.acknowledged |= {one["acknowledged"]: one["version"] for one in said if "acknowledged" in one}
        self.took += [one["took"] for one in said if "took" in one]
        self.report.refused += sum("refused" in one for one in said)
        self.report.wrong += [one["traceback"] for one in said if "traceback" in one]
        self.report.in_landing += writer.was_killed and "landing" in (said or [{}])[-1]

    def replace(self, writers: list[Child]) -> None:
        for one in writers:
            self.collect(one)
            self.writers.append(self.begin())

    def look(self) -> None:
        """Kill everybody and look at the whole store."""
        for one in self.writers:
            one.kill()
        self.report.kills += len(self.writers)
        for one in list(self.writers):
            self.collect(one)
        self.report.looks += 1
        self.report.wrong += wrong_in(self.url, self.acknowledged)


def run(url: str, kills: int, every: int, seed: int) -> Report:
    """Kill writers so many times, looking at the store after each `every` of them."""
    began = time.monotonic()
    spawn(lambda _tell: opened(url).close()).end()
    torture = Torture(url, seed)
    report = torture.report
    while report.kills < kills and not report.wrong:
        torture.writers = []
        for _ in range(WRITERS):
            torture.writers.append(torture.begin())
        until = min(report.kills + every, kills) - WRITERS
        while report.kills < until:
            torture.kill_one()
        torture.look()
    report.acknowledged = len(torture.acknowledged)
    report.seconds = round(time.monotonic() - began, 1)
    return report


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill writers at `--url` and print the report as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.crash")
    parser.add_argument("--url", required=True)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--every", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    os.environ["SCORECARDS_HOME"] = str(given.home)
    report = run(given.url, given.kills, given.every, given.seed)
    print(json.dumps(asdict(report)))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
