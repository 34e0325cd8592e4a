"""Owns what stays of a stored row that a file sends without some of its columns: what nobody speaks of is not unsaid.

A children in need census has no teams and no visits. Landed over an Annex A list it changes dates and codes, and
leaves each child's locality where it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from data_loaders.deriving import AGE_UNKNOWN
from data_loaders.details import Parts, parts_of
from data_loaders.places import UNKNOWN
from data_loaders.results import ListCheck
from scorecards.definitions import RecordType

SAYS_NOTHING = (None, UNKNOWN, AGE_UNKNOWN)


def with_what_stays(
    record: RecordType, one: ListCheck, names: Sequence[str], stored: Mapping[tuple, tuple]
) -> ListCheck:
    """Return the list with the stored values of columns that its sheet does not have; `stored` has contents by key."""
    rows = one.rows
    silent = [part for part in parts_of(record, names) if is_silent(record, part.name, rows.headings)]
    if record.replaces == "key" or not rows.headings or not silent:
        return one
    columns = {names[at]: list(rows.columns[names[at]]) for part in silent for at in part.places}
    for index, key in enumerate(rows.keys):
        before = stored.get(key)
        if before is not None:
            for part in silent:
                keep(part, names, columns, index, before)
    return replace(one, rows=replace(rows, columns={**rows.columns, **columns}))


def is_silent(record: RecordType, name: str, headings: Collection[str]) -> bool:
    """Return whether a sheet with these columns says nothing of the column; teams and districts tell the locality."""
    if record.columns[name].type == "locality":
        telling = [other for other, column in record.columns.items() if column.places or other == name]
        return not any(other in headings for other in telling)
    return name not in headings


def keep(part: Parts, names: Sequence[str], columns: Mapping[str, list], index: int, before: tuple) -> None:
    own = [columns[names[at]] for at in part.places]
    if all(values[index] in SAYS_NOTHING for values in own):
        for values, at in zip(own, part.places, strict=True):
            values[index] = before[at]
