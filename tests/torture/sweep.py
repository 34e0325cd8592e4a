"""The N-th thing asked of the disk goes wrong, for every N: nothing lost or half written, and a plain sentence."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scorecards.errors import ScorecardError
from scorecards.store import engine
from tests.torture.children import Tell, spawn
from tests.torture.scenarios import SCENARIOS, Run, named
from tests.torture.shim import DEADLY, Fault, Faults

NOTHING = "Nothing was "  # stored, changed, written: then it must be so
NEVER = 1 << 40


@dataclass
class Report:
    """What a sweep came to."""

    runs: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    killed: int = 0
    acknowledged: int = 0
    sentences: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, run: Run, said: Sequence[dict], was_killed: bool) -> None:
        self.runs += 1
        self.faults[run.fault.name] = self.faults.get(run.fault.name, 0) + 1
        self.killed += was_killed
        self.acknowledged += len(named(said, "acknowledged"))
        for sentence in named(said, "sentence"):
            self.sentences[sentence] = self.sentences.get(sentence, 0) + 1


def sweep(name: str, folder: Path, points: int = 0, faults: Sequence[Fault] = ()) -> Report:
    """Run a scenario with each of its faults at every N, or at so many spread over them; return what it came to."""
    scenario, began = SCENARIOS[name](), time.monotonic()
    template, at = folder / "template", folder / "run"
    template.mkdir(parents=True)
    scenario.prepare(template)
    report, steerer = Report(), Faults()
    renew(template, at)
    scenario.ready(at)
    for fault in faults or scenario.faults:
        renew(template, at)
        asked = one_run(scenario, Run(at, fault, NEVER, 0), steerer, report)
        for nth in spread(asked, points):
            renew(template, at)
            one_run(scenario, Run(at, fault, nth, report.runs), steerer, report)
    report.seconds = round(time.monotonic() - began, 1)
    return report


def spread(of: int, points: int) -> list[int]:
    """Return so many numbers from 1 to `of`, the first and the last among them; none asked for are all of them."""
    if not points or points >= of:
        return list(range(1, of + 1))
    return sorted({1 + round(at * (of - 1) / max(points - 1, 1)) for at in range(points)})


def renew(template: Path, at: Path) -> None:
    os.environ["SCORECARDS_HOME"] = str(at)
    shutil.rmtree(at, ignore_errors=True)
    shutil.copytree(template, at)


def one_run(scenario, run: Run, steerer: Faults, report: Report) -> int:
    """Run once, judge what is left, and return how often the disk was asked for something that could fail."""

    def work(tell: Tell) -> None:
        scenario.act(run, steerer, tell)
        tell(asked=steerer.seen)

    child = spawn(work)
    said = child.end()
    report.count(run, said, child.was_killed)
    found = list(wrong_in_words(run, said))
    try:
        found += scenario.judge(run, said)
    except ScorecardError as error:
        found.append(f"it cannot be gone on with: {error}")
    report.wrong += [f"{type(scenario).__name__}, {run.fault.name} at {run.nth}: {one}" for one in found]
    return max(named(said, "asked"), default=0)


def wrong_in_words(run: Run, said: Sequence[dict]) -> Iterable[str]:
    """Yield what nobody should have been told, or should have been and was not."""
    yield from (f"not a sentence but {one}" for one in named(said, "traceback"))
    for one in said:
        if one.get("is_there") and NOTHING in one["sentence"]:
            yield f"it is there, and was told: {one['sentence']}"
    if run.fault not in DEADLY and not named(said, "acknowledged"):
        yield f"it did not go on afterwards: {said[-1:]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Sweep one scenario in this process, which has the faults preloaded, and print the report as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.sweep")
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("--points", type=int, default=0, help="of all the N; 0: every one")
    parser.add_argument("--journal", choices=["DELETE", "WAL"])
    parser.add_argument("--faults", nargs="*", type=Fault.__getitem__, default=[])
    parser.add_argument("--synchronous", help="how far the product waits for the disk, when it is to lose something")
    given = parser.parse_args(arguments)
    if given.journal:
        engine._journal_mode = lambda: given.journal
    if given.synchronous:
        engine.SYNCHRONOUS = given.synchronous
    with tempfile.TemporaryDirectory(prefix="scorecards-") as folder:
        report = sweep(given.scenario, Path(folder), given.points, given.faults)
    print(json.dumps(asdict(report)))
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
