"""Owns what merged cells mean in a list: a label stands in each of its rows, a number only in the first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy

from data_loaders.grid import Column, Sheet
from data_loaders.matching import Match
from data_loaders.tables import Table

# What a merged cell says of each of the rows it spans. A number or a date would be counted as often as there are rows.
LABELS = {"child", "reference", "birth", "code", "text", "locality", "kpi", "period"}


def filled_down(sheet: Sheet, matches: Sequence[Match], tables: Sequence[Table]) -> Sheet:
    """Return the sheet with merged labels in each row of records, and without what stands unseen under merged cells."""
    if not matches or not sheet.merged:
        return sheet
    labels = {at for match in matches for name, at in match.columns.items() if is_label(match, name)}
    codes: dict[int, numpy.ndarray] = {}
    for top, left, bottom, right in sheet.merged:
        rows = tables[0].rows[(tables[0].rows >= top) & (tables[0].rows <= bottom)]
        for at in range(left, min(right + 1, len(sheet.columns))) if len(rows) else ():
            mine = codes.setdefault(at, sheet.columns[at].codes.copy())
            shown = mine[top]
            if at == left and at in labels:
                mine[rows] = shown
            else:
                mine[rows[rows > top] if at == left else rows] = 0
    columns = [Column(column.uniques, codes.get(at, column.codes)) for at, column in enumerate(sheet.columns)]
    return replace(sheet, columns=tuple(columns))


def is_label(match: Match, name: str) -> bool:
    return match.record.columns[name].type in LABELS


def merged_rows(sheet: Sheet, at: int, rows: Iterable[int]) -> list[int]:
    """Return those of `rows` in which a column is merged with the row above or below it."""
    spans = [(top, bottom) for top, left, bottom, right in sheet.merged if left <= at <= right and bottom > top]
    return [row for row in rows if any(top <= row <= bottom for top, bottom in spans)] if spans else []
