"""Owns the checks of figures against each other: totals, fractions given for percentages, parts above their whole."""

import numpy

from data_loaders.parsing import number_of
from data_loaders.problems import Problem
from data_loaders.results import Rows
from data_loaders.tables import Table
from scorecards.definitions import Definitions
from scorecards.series.aggregates import MONTHLY_AVERAGE

NUMBERS = ("number", "whole_number")
FIGURE = ("numerator", "denominator", "value")  # what an aggregate return gives of one figure
LEAST_PART = 1e-6  # formulas in Excel make 12.000000000000002 of twelve
TWICE = "Ask which number is right. If the one that was kept is, say why there are two."


def figure_at(rows: Rows, index: int) -> tuple | None:
    """Return the numbers, or signs in their place, of a row of an aggregate return; None for a row of another list."""
    names = [name for name in rows.columns if name.removesuffix("_symbol") in FIGURE]
    return tuple(rows.columns[name][index] for name in names) if "kpi" in rows.columns else None


def given_otherwise(rows: Rows) -> list[int]:
    """Return the sheet rows that give a figure which a row above gives with other numbers."""
    first: dict[tuple, int] = {}
    for index, key in enumerate(rows.keys):
        first.setdefault(key, index)
    return [
        rows.sheet_rows[index]
        for index, key in enumerate(rows.keys)
        if first[key] != index and figure_at(rows, index) != figure_at(rows, first[key])
    ]


def check_totals(page, table: Table) -> list[Problem]:
    """Return a warning for each total that is not the sum of the rows above it; blank totals say nothing."""
    found = []
    for row in table.totals[-1:]:
        for name, at in page.match.columns.items():
            if page.match.record.columns[name].type in NUMBERS:
                found += differing_total(page, table, row, at)
    return found


def differing_total(page, table, row, at):
    column = page.sheet.columns[at]
    numbers = [as_number(cell) for cell in column.uniques]
    total = numbers[column.codes[row]]
    if total is None:
        return
    above = table.rows[table.rows < row]
    each = numpy.array([number or 0.0 for number in numbers])
    summed = float(each[column.codes[above]].sum())
    if abs(summed - total) > 0.005:
        yield page.problem(
            "total_differs", "warning", f"The total is given as {total:,g}, but the rows above add up to {summed:,g}.",
            "Check that no row is missing or hidden. Totals are not stored.", sheet_rows=[row], at=at,
        )  # fmt: skip


def as_number(cell) -> float | None:
    if cell.kind not in ("number", "text"):
        return None
    found = number_of(cell, percent=False)
    return found[0] if isinstance(found, tuple) and len(found) == 2 else None


def check_percentages(page, readings, kept, definitions: Definitions) -> list[Problem]:
    """Return warnings for figures of a percentage that are fractions of one, or numbers above what they are out of."""
    kpi = readings.get("kpi")
    if kpi is None:
        return []
    units = [definitions.kpis[value].unit if value in definitions.kpis else None for value in kpi.values]
    percent = kept & numpy.array([unit == "percent" for unit in units])[kpi.codes]
    value, number, base = (floats(readings.get(name), len(kept)) for name in ("value", "numerator", "denominator"))
    fraction = percent & (value > 0) & (value <= 1)
    above = percent & (number > base)
    return [
        *one_warning(page, readings.get("value"), fraction, "number_fraction",
                     "A percentage of 1 or less: is it a fraction, such as 0.45 for 45%? It was read as it stands.",
                     "Give 45 for 45%, or better the number and what it is out of."),
        *one_warning(page, readings.get("numerator"), above, "number_over_base",
                     "The number is more than what it is out of. Kept.", "Check both."),
    ]  # fmt: skip


def check_counts(page, readings, definitions: Definitions, problems: list[Problem]) -> numpy.ndarray:
    """Append an error for figures of KPIs that count which are no whole numbers, and return the mask of their rows.

    An average of the months may have decimals. A rate beside the count itself is no count.
    """
    kpi, basis = readings.get("kpi"), readings.get("basis")
    stopped = numpy.zeros(len(page.rows), dtype=bool)
    if kpi is None or page.match.record.replaces != "key":
        return stopped
    counts = numpy.array(
        [value in definitions.kpis and definitions.kpis[value].unit == "count" for value in kpi.values]
    )
    counted = counts[kpi.codes]
    if basis is not None:
        counted &= numpy.array([value != MONTHLY_AVERAGE for value in basis.values])[basis.codes]
    number, value = (floats(readings.get(name), len(page.rows)) for name in ("numerator", "value"))
    for name, figures in (("numerator", number), ("value", numpy.where(numpy.isnan(number), value, numpy.nan))):
        broken = counted & (numpy.abs(figures - numpy.round(figures)) > LEAST_PART)
        if broken.any():
            problems.append(not_whole(page, readings[name], broken, figures))
            stopped |= broken
    return stopped


def not_whole(page, reading, broken: numpy.ndarray, figures: numpy.ndarray) -> Problem:
    """Return the problem of one column; the first number is named."""
    rows = int(broken.sum())
    left = "The row was not read." if rows == 1 else f"{rows:,} rows were not read."
    return page.problem(
        "number_not_whole", "error", f"This measure counts, and its figure is no whole number. {left}",
        "Ask for the right number. If it is an average of the months, say so as its basis.",
        at=reading.at, where=broken, value=f"{figures[broken][0]:.10g}",
    )  # fmt: skip


def floats(reading, count):
    if reading is None:
        return numpy.full(count, numpy.nan)
    numbers = [value[0] if value is not None and value[0] is not None else numpy.nan for value in reading.values]
    return numpy.array(numbers, dtype=float)[reading.codes]


def one_warning(page, reading, mask, code, sentence, advice):
    if mask.any():
        yield page.problem(code, "warning", sentence, advice, at=reading.at, where=mask)
