"""Times the preview of 100,000 rows sent again, one in a hundred of them changed, against landing them."""

import os
import sys
import tempfile
from pathlib import Path

from benchmarks.loading import ROWS, made_rows, opened_store, seconds, workbook_of

MOST_OF_LANDING = 1.0
EVERY = 100
OUTCOME = 9  # the column that changes
ROUNDS = 3
REASONS = {"": "Made for the benchmark"}


def corrected(rows: list[tuple]) -> list[tuple]:
    """Return the rows with another outcome in one of a hundred."""
    return [
        (*row[:OUTCOME], "NFA" if row[OUTCOME] != "NFA" else "Advice", *row[OUTCOME + 1 :]) if at % EVERY == 0 else row
        for at, row in enumerate(rows)
    ]


def measure(first: bytes, again: bytes, folder: Path) -> dict[str, float]:
    """Return the best of a few rounds in seconds: reading and checking, what is shown of it, and landing it.

    Figures are recomputed apart, so the landing is what storing the rows takes and no more.
    """
    from data_loaders import check_files, land
    from data_loaders.intake import check_together

    found: dict[str, list[float]] = {"preview": [], "check": [], "landing": []}
    for _ in range(ROUNDS):
        store = opened_store(folder)
        land(store, check_files(store, [("contacts.xlsx", first)], agency="council"), by="the benchmark")
        given = []
        found["check"].append(
            seconds(lambda store=store, given=given: given.append(
                check_files(store, [("contacts again.xlsx", again)], agency="council")
            ))
        )  # fmt: skip
        (check,) = given
        (change,) = check.changes
        if (change.added, change.changed, change.removed) != (0, ROWS // EVERY, 0):
            raise RuntimeError(f"The preview is not what was changed: {change.sentence}")
        found["preview"].append(seconds(lambda store=store, check=check: check_together(store, check.files)))
        found["landing"].append(
            seconds(lambda store=store, check=check: land(store, check, by="the benchmark", reasons=REASONS))
        )
        store.close()
    return {name: min(times) for name, times in found.items()}


def main() -> int:
    """Print the figures and return 1 where looking at what would change takes longer than doing it."""
    rows = made_rows()
    with tempfile.TemporaryDirectory() as place:
        os.environ["SCORECARDS_HOME"] = place
        found = measure(workbook_of(rows), workbook_of(corrected(rows)), Path(place))
    ratio = found["preview"] / found["landing"]
    print(f"{ROWS:,} rows sent again, {ROWS // EVERY:,} of them changed")
    print(f"  reading, checking and preview  {found['check']:.2f} s")
    print(
        f"  of it the preview              {found['preview']:.2f} s: {ratio:.2f} of landing (at most {MOST_OF_LANDING})"
    )
    print(f"  landing, without figures       {found['landing']:.2f} s")
    return 0 if ratio <= MOST_OF_LANDING else 1


if __name__ == "__main__":
    sys.exit(main())
