"""Times 1,000,000 rows of text at the command line against 100,000: time is to grow no faster than the rows."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.loading import HEADINGS, made_rows

FEW, MANY = 100_000, 1_000_000
MOST_GROWTH = 1.15  # of the time a row takes
LARGE = "12"  # times the usual limits


def written(path: Path, count: int) -> Path:
    """Write fictional contacts as a CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(HEADINGS)
        for row in made_rows(count):
            rows.writerow([f"{cell:%d/%m/%Y}" if hasattr(cell, "year") else cell for cell in row])
    return path


def seconds_at_the_command_line(path: Path, home: Path) -> float:
    """Return how long checking and landing a file takes in an empty store, with every figure worked out."""
    command = [sys.executable, "-m", "data_loaders", str(path), "--agency", "council", "--large", LARGE, "--by", "us"]
    environment = os.environ | {"SCORECARDS_HOME": str(home), "SCORECARDS_TODAY": "2025-10-14"}
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if "Stored as data version" not in done.stdout:
        raise RuntimeError(f"Nothing landed: {done.stdout[-500:]} {done.stderr[-500:]}")
    return time.perf_counter() - started


def main() -> int:
    """Print the figures and return 1 where a row of many takes longer than a row of few."""
    with tempfile.TemporaryDirectory() as place:
        times = []
        for count in (FEW, MANY):
            path = written(Path(place) / f"{count}.csv", count)
            times.append(seconds_at_the_command_line(path, Path(place) / str(count)))
    few, many = times
    growth = many / few / (MANY / FEW)
    print(f"{FEW:,} rows at the command line: {few:.1f} s; {MANY:,} rows: {many:.1f} s")
    print(f"  a row of the many takes {growth:.2f} times what a row of the few takes (at most {MOST_GROWTH})")
    return 0 if growth <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
