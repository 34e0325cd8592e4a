"""Owns measures out of the rows of a published table: as published, else worked out from what is."""

from collections.abc import Mapping, Sequence

from data_loaders.published.results import Value
from data_loaders.published.rows import About, Reading, amount, rows_about
from data_loaders.published.tables import shown
from scorecards.definitions import normalise
from scorecards.definitions.published_models import PublishedMeasure, ValuesTable, ValueStatus

# What stands for a sum of which parts are not known: that somebody is protected is said before that it is not there.
GRAVEST = (
    ValueStatus.SUPPRESSED,
    ValueStatus.LOW_RELIABILITY,
    ValueStatus.ROUNDS_TO_ZERO,
    ValueStatus.UNAVAILABLE,
    ValueStatus.NOT_APPLICABLE,
)
PER = {"percent": 100, "per_10000": 10_000}
HALF_A_STEP = 0.05  # figures are published to one decimal
ROUNDED_BY = 5  # counts of England and of regions are rounded to the nearest 10
A_LITTLE = 1e-9
MOST = {"percent": 100.0, "per_10000": 10_000.0}

Amount = tuple[float | None, ValueStatus]
Made = tuple[float | None, ValueStatus, float | None, float | None]  # value, status, numerator, denominator
# Children of an age at the middle of a year, in an area, of the release that is read.
Children = Mapping[tuple[str, str, int], float]


def values_of(reading: Reading, table: ValuesTable, children: Children) -> tuple[Value, ...]:
    """Return every measure of every row; what is wrong is noted, and then nothing of the file is to land."""
    found: dict[tuple, tuple[Value, int]] = {}
    for about in rows_about(reading):
        if not is_meant(reading, table, about):
            continue
        for name, value, line in row_values(reading, table, about, children):
            key = (name, value.area, value.year)
            if key in found and found[key][0] != value:
                said = f"{name} of {value.area} in {value.year} stands on line {found[key][1]} with another figure."
                reading.is_wrong(line, None, said)
            found[key] = value, line
    return tuple(value for value, _ in found.values())


def is_meant(reading: Reading, table: ValuesTable, about: About) -> bool:
    """Return whether a row is one that the table is about, and not one of its breakdowns."""
    for name, words in table.only.items():
        place = reading.found.places.get(name)
        if place is not None:
            written = reading.found.text(about.row, place)
            if normalise(written) not in map(normalise, words):
                reading.left_out[f"about something else, {shown(written)}"] += 1
                return False
    return True


def row_values(reading: Reading, table: ValuesTable, about: About, children: Children):
    """Yield each measure that the columns of this release give, as (name, value, line)."""
    used = {column for one in table.measures.values() for column in one.columns}
    read = {name: amount(reading, about, name) for name in used if name in reading.found.places}
    cells = {name: cell for name, cell in read.items() if cell is not None}
    if len(cells) < len(read):
        return
    for name, measure in table.measures.items():
        made = measured(reading, measure, about, cells, children)
        if made is not None:
            yield name, Value(name, about.area, about.level, about.year, *made), about.line


def measured(
    reading: Reading, measure: PublishedMeasure, about: About, cells: Mapping[str, Amount], children: Children
) -> Made | None:
    """Return value, status, numerator and denominator of a measure; None where this release has nothing of it."""
    if measure.unit == "count":
        return (*cells[str(measure.value)], None, None) if measure.value in cells else None
    over = summed(cells, measure.numerator)
    under = people_under(measure, about, children) if measure.per_children else summed(cells, measure.denominator)
    published = cells.get(measure.value or "")
    if published is None:
        return worked_out(measure, over, under)
    numerator, denominator = (part[0] if part else None for part in (over, under))
    value, status = published
    is_whole = numerator is not None and denominator is not None
    if value is not None:
        check_value(reading, measure, about, value, (numerator, denominator) if is_whole else None)
    return value, status, numerator, denominator


def people_under(measure: PublishedMeasure, about: About, children: Children) -> Amount | None:
    """Return the children that a rate of a year is divided by: those at the middle of the year before."""
    number = children.get((about.area, str(measure.per_children), about.year - 1))
    return None if number is None else (number, ValueStatus.PUBLISHED)


def summed(cells: Mapping[str, Amount], names: Sequence[str]) -> Amount | None:
    """Return the sum of columns, with no number where one of them has none; None where one is not there."""
    parts = [cells[name] for name in names if name in cells]
    if not parts or len(parts) < len(names):
        return None
    numbers = [number for number, _ in parts if number is not None]
    if len(numbers) < len(parts):
        return None, min((status for number, status in parts if number is None), key=GRAVEST.index)
    return sum(numbers), ValueStatus.PUBLISHED


def worked_out(measure: PublishedMeasure, over: Amount | None, under: Amount | None) -> Made | None:
    """Return what counts give, unrounded; of nothing there is no share."""
    if over is None or under is None:
        return None
    (numerator, _), (denominator, _) = over, under
    if numerator is None or denominator is None:
        missing = [status for number, status in (over, under) if number is None]
        return None, min(missing, key=GRAVEST.index), numerator, denominator
    if not denominator:
        return None, ValueStatus.NOT_APPLICABLE, numerator, denominator
    return PER[measure.unit] * numerator / denominator, ValueStatus.DERIVED, numerator, denominator


def check_value(reading: Reading, measure: PublishedMeasure, about: About, value: float, counts) -> None:
    """Note a figure that cannot be one, or that its own published counts contradict: a column may have moved."""
    place = reading.found.places[str(measure.value)]
    if value > MOST[measure.unit]:
        reading.is_wrong(about.line, place, f"{value:g} is more than {MOST[measure.unit]:,.0f}, which cannot be.")
    elif counts and not follows(measure, about, value, *counts):
        numerator, denominator = counts
        under = f"and {denominator:,g} children of the same release" if measure.per_children else f"of {denominator:,g}"
        said = f"{value:g} does not follow from {numerator:,g} {under}."
        if about.level == "council":
            reading.is_wrong(about.line, place, f"{said} A column may have moved.")
        else:
            # The Department puts earlier figures into totals where a council sent none, so these may differ for once.
            reading.remarks.append(f"{reading.found.where(about.line, place)}: {said} It is kept as published.")


def follows(measure: PublishedMeasure, about: About, value: float, numerator: float, denominator: float) -> bool:
    """Return whether a published figure is what its counts give, as far as they are rounded."""
    by = 0 if about.level == "council" else ROUNDED_BY
    # Populations are not rounded, at any level.
    under = 0 if measure.per_children else by
    low = PER[measure.unit] * max(numerator - by, 0) / (denominator + under) if denominator + under else 0
    high = PER[measure.unit] * (numerator + by) / (denominator - under) if denominator > under else MOST[measure.unit]
    return low - HALF_A_STEP - A_LITTLE <= value <= high + HALF_A_STEP + A_LITTLE
