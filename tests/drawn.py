"""Tables drawn as text, the way a person would write them in a note."""

import datetime
import re

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_WHOLE = re.compile(r"-?\d+")


def table(text):
    """Return a drawn table as a list of dicts: the first line names the columns, a blank cell or a dash is None.

    Cells that look like days, moments (2025-04-01 14:05) and whole numbers become such; quotes keep a word a word.
    """
    lines = [line for line in text.strip().splitlines() if set(line.strip()) - set("|-+ ")]
    names = _cells(lines[0])
    rows = []
    for line in lines[1:]:
        cells = _cells(line)
        assert len(cells) == len(names), f"{len(cells)} cells under {len(names)} columns: {line.strip()}"
        rows.append({name: value(cell) for name, cell in zip(names, cells, strict=True)})
    return rows


def value(cell):
    """Return what a cell means."""
    if cell in ("", "-"):
        return None
    if _DAY.fullmatch(cell):
        return datetime.date.fromisoformat(cell)
    if _MOMENT.fullmatch(cell):
        return datetime.datetime.fromisoformat(cell)
    return int(cell) if _WHOLE.fullmatch(cell) else cell.strip('"')


def _cells(line):
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
