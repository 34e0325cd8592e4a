"""Events over events: two counts of one period, of which the first is no part of the second."""

from sqlalchemy import Integer, and_, case, cast, func, literal, select, union_all

from scorecards.measures.frame import (
    by_day,
    flag,
    group_of,
    in_windows,
    must_be_known,
    narrows,
    open_on_last_day,
    passes,
    per_period,
)
from scorecards.measures.words import base_words
from scorecards.store.schema import period

COUNTED = ("known", "unknown")
COLUMNS = ("above", "unknown_above", "below", "unknown_below")


class RatioKind:
    """How many of one thing for every 100 of another; what lacks a value asked for is counted apart."""

    name = "ratio"

    def select(self, kpi, reading, wanted):
        above = _counted(kpi, reading, wanted, kpi.measure, "above")
        below = _counted(kpi, reading, wanted, kpi.measure.over, "below")
        both = union_all(_in_columns(above, 0), _in_columns(below, 2)).subquery("both")
        known_above, unknown_above, known_below, unknown_below = (func.sum(both.c[name]) for name in COLUMNS)
        return select(
            both.c.period,
            both.c.grp,
            _unless_unknown(known_above, unknown_above).label("numerator"),
            _unless_unknown(known_below, unknown_below).label("denominator"),
            cast(unknown_above + unknown_below, Integer).label("excluded"),
        ).group_by(both.c.period, both.c.grp)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        above, below = base_words(definitions, measure), base_words(definitions, measure.over)
        return (
            f"{above[0].upper()}{above[1:]}, for every 100 {below}. The two are counted apart: it is not a share, and "
            "may be more than 100."
        )

    def record_types(self, kpi):
        return tuple(dict.fromkeys((kpi.measure.records, kpi.measure.over.records)))


def _in_columns(side, place):
    """Return the rows of one side with its two numbers at their place among four, and noughts in the others."""
    numbers = [literal(0)] * len(COLUMNS)
    numbers[place : place + len(COUNTED)] = [side.c[name] for name in COUNTED]
    named = [number.label(name) for number, name in zip(numbers, COLUMNS, strict=True)]
    return select(side.c.period, side.c.grp, *named)


def _unless_unknown(known, unknown):
    """Return a count, or null where there are rows and none of them is known to count."""
    return cast(case((and_(known == 0, unknown > 0), None), else_=known), Integer)


def _counted(kpi, reading, wanted, base, name):
    """Return the rows of one side by period and group: those that count, and those that lack what is asked for."""
    table = reading.lists[base.records]
    known = flag(passes(table, must_be_known(base)))
    grp = group_of(kpi, reading, table, wanted.breakdown, base.records).label("grp")
    counts = (reading.live(base.records, table), passes(table, narrows(base)))
    if base.is_stock:
        sums = (func.sum(known).label("known"), func.sum(1 - known).label("unknown"))
        joined = period.join(table, open_on_last_day(table, base))
        on_last_day = select(period.c.id.label("period"), grp, *sums).select_from(joined)
        return on_last_day.where(in_windows(wanted), *counts).group_by(period.c.id, grp).subquery(name)
    day = table.c[base.dated_by]
    columns = (day.label("day"), grp, known.label("known"), (1 - known).label("unknown"))
    rows = select(*columns).where(day.is_not(None), *counts).subquery(f"rows_{name}")
    return per_period(by_day(rows, *COUNTED), wanted, *COUNTED).subquery(name)
