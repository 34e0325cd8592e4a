"""Owns what a check of published files says as lines of plain text: which table, which release, how many values."""

from collections.abc import Iterable

from data_loaders.published.results import PublishedCheck, PublishedFile, revised
from scorecards.definitions.published_models import NeighboursTable, ValueStatus

WORDS = {
    ValueStatus.PUBLISHED: "as published",
    ValueStatus.DERIVED: "worked out from published counts",
    ValueStatus.SUPPRESSED: "suppressed",
    ValueStatus.LOW_RELIABILITY: "of low reliability",
    ValueStatus.ROUNDS_TO_ZERO: "that round to nought",
    ValueStatus.UNAVAILABLE: "not available",
    ValueStatus.NOT_APPLICABLE: "not applicable",
}


def published_report(check: PublishedCheck) -> list[str]:
    """Return what was found, line by line: a sentence a file, what is wrong with it, and how much is new."""
    lines = [line for file in check.files for line in file_lines(file)]
    return [*lines, f"{check.new:,} figures are new, {check.known:,} are in the store already."]


def file_lines(file: PublishedFile) -> list[str]:
    if file.wrong:
        how = [f"  Name it with --release '{revised(file)}'."] if file.is_other else []
        return [f"{file.name}: refused, and nothing of it is stored.", *(f"  {one}" for one in file.wrong), *how]
    left_out = [f"{rows:,} {'row' if rows == 1 else 'rows'} {why}" for why, rows in sorted(file.left_out.items())]
    told = [f"  Left out: {', '.join(left_out)}."] if left_out else []
    return [sentence_of(file), *told, *(f"  {remark}" for remark in file.remarks)]


def sentence_of(file: PublishedFile) -> str:
    """Return what a file is: its table, its release, and how many values it has by what they are."""
    assert file.table is not None
    if isinstance(file.table, NeighboursTable):
        councils = len({one.area for one in file.neighbours})
        named = "1 council with its neighbours" if councils == 1 else f"{councils:,} councils with their neighbours"
        return f"{file.name}: {file.table.title} (model {file.release}): {named}."
    counts = file.statuses
    said = [f"{counts[status]:,} {words}" for status, words in WORDS.items() if counts[status]]
    years = sorted({one.year for one in file.values} | {one.mid_year for one in file.people})
    span = f"{years[0]} to {years[-1]}" if len(years) > 1 else f"{years[0]}"
    figures = f"{sum(counts.values()):,} figures of {span}, {joined(said)}"
    return f"{file.name}: {file.table.title} (release {file.release}): {figures}."


def joined(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last
