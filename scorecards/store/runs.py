"""Pairs of a stored row and a sheet row in few words: most of them follow each other."""

import json
from collections.abc import Iterable, Iterator


def runs_text(pairs: Iterable[tuple[int, int]]) -> str:
    """Return (row id, sheet row) pairs as JSON runs [row id, sheet row, count] in which both go up by one."""
    runs: list[list[int]] = []
    for row_id, sheet_row in pairs:
        if runs and row_id == runs[-1][0] + runs[-1][2] and sheet_row == runs[-1][1] + runs[-1][2]:
            runs[-1][2] += 1
        else:
            runs.append([row_id, sheet_row, 1])
    return json.dumps(runs, separators=(",", ":"))


def runs_of(text: str) -> list[tuple[int, int, int]]:
    """Return the runs of a text that `runs_text` wrote."""
    return [(row_id, sheet_row, count) for row_id, sheet_row, count in json.loads(text)]


def pairs_of(text: str) -> Iterator[tuple[int, int]]:
    """Yield the (row id, sheet row) pairs that `runs_text` put together."""
    for row_id, sheet_row, count in runs_of(text):
        yield from zip(range(row_id, row_id + count), range(sheet_row, sheet_row + count), strict=True)
