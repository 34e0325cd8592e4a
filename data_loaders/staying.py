"""Owns what stays because a file does not speak of it: columns that it lacks, and rows that it is not to hold.

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


def told_before(
    record: RecordType, lists: Sequence[ListCheck], names: Sequence[str], stored: Mapping[tuple, tuple]
) -> set[tuple]:
    """Return the keys of stored rows that a list of each child's latest row does not take back by leaving them out.

    List 7 of Annex A has a single entry for a child, the most recent plan. A plan that had ended by the time when that
    one began is not among them, and was one all the same.
    """
    if not record.may_be_latest_only or not stored:
        return set()
    latest = latest_starts(record, lists)
    child, end = names.index(str(record.child_column)), names.index(str(record.ended_by))
    ends = ((key, latest.get(content[child]), content[end]) for key, content in stored.items())
    return {key for key, begun, ended in ends if begun is not None and ended is not None and ended <= begun}


def latest_starts(record: RecordType, lists: Sequence[ListCheck]) -> dict[str, int]:
    """Return the start of each child's only row, or nothing where a child has two: then the lists hold every row."""
    found: dict[str, int] = {}
    for one in lists:
        if not len(one.rows):
            continue
        columns = one.rows.columns
        for child, start in zip(columns[str(record.child_column)], columns[str(record.dated_by)], strict=True):
            if child in found:
                return {}
            found[child] = start
    return found
