"""Means and medians of lengths of time or of numbers: recomputed for every group and period, never averaged."""

from sqlalchemy import and_, case, func, or_, select

from scorecards.definitions import Linked
from scorecards.measures.frame import flag, group_of, in_windows, is_dated_in, open_on_last_day, passes
from scorecards.measures.links import linked_rows
from scorecards.measures.words import base_words, column_words, start_words
from scorecards.store.schema import calendar, period


def _lengths(kpi, reading, wanted):
    """Return period, group and length of every row; the length is null where it cannot be measured."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
    if measure.is_stock:
        joined, length = _measured(measure, table)
        return (
            select(period.c.id.label("period"), grp, length.label("length"), table.c.id.label("row"))
            .select_from(period.join(joined, open_on_last_day(table, measure)))
            .where(in_windows(wanted), reading.live(measure.records, table), passes(table, measure.where))
            .subquery("lengths")
        )
    rows = _dated_rows(measure, reading, table, grp)
    return (
        select(period.c.id.label("period"), rows.c.grp, rows.c.length, rows.c.row)
        .join_from(period, rows, is_dated_in(rows.c.day))
        .where(in_windows(wanted))
        .subquery("lengths")
    )


def _dated_rows(measure, reading, table, grp):
    """Return day, group and length of each row, measured once and not once for every period that it lies in."""
    columns = {"day": table.c[measure.dated_by], "grp": grp, "row": table.c.id}
    if isinstance(measure.from_, Linked):
        linked = linked_rows(measure, reading, table, columns | {"done": table.c[measure.to]})
        joined, length = _between(measure, linked, linked.c.start, linked.c.done)
        wanted = (linked.c.day, linked.c.grp, linked.c.row, length.label("length"))
        return select(*wanted).select_from(joined).subquery("rows")
    joined, length = _measured(measure, table)
    return (
        select(*(column.label(name) for name, column in columns.items()), length.label("length"))
        .select_from(joined)
        .where(
            reading.live(measure.records, table),
            passes(table, measure.where),
            table.c[measure.dated_by].is_not(None),
        )
        .subquery("rows")
    )


def _measured(measure, table):
    """Return what to select from, and the length of a row: null where it cannot be measured."""
    if measure.column is not None:
        return table, table.c[measure.column]
    return _between(measure, table, table.c[measure.from_], table.c[measure.to])


def _between(measure, rows, start, end):
    if measure.in_ == "days":
        return rows, case((end >= start, end - start))
    first, last = calendar.alias("first"), calendar.alias("last")
    joined = rows.outerjoin(first, first.c.day == start).outerjoin(last, last.c.day == end)
    return joined, case((end >= start, last.c.working_day - first.c.working_day))


def _length_words(measure, definitions):
    if measure.column is not None:
        return column_words(definitions, measure.records, measure.column)
    unit = "working days" if measure.in_ == "working_days" else "days"
    start = start_words(definitions, measure)
    end = column_words(definitions, measure.records, measure.to)
    return f"number of {unit} from {start} to {end}"


def _lists(measure):
    return (measure.records, measure.from_.records) if isinstance(measure.from_, Linked) else (measure.records,)


class MeanKind:
    """The mean: the sum of the lengths over how many there are."""

    name = "mean"

    def select(self, kpi, reading, wanted):
        lengths = _lengths(kpi, reading, wanted)
        return select(
            lengths.c.period,
            lengths.c.grp,
            func.sum(lengths.c.length).label("numerator"),
            func.count(lengths.c.length).label("denominator"),
            func.sum(flag(lengths.c.length.is_(None))).label("excluded"),
        ).group_by(lengths.c.period, lengths.c.grp)

    def sentence(self, kpi, definitions):
        return f"Of {base_words(definitions, kpi.measure)}, the mean {_length_words(kpi.measure, definitions)}."

    def record_types(self, kpi):
        return _lists(kpi.measure)


class MedianKind:
    """The median: the middle length, or the mean of the two in the middle."""

    name = "median"

    def select(self, kpi, reading, wanted):
        lengths = _lengths(kpi, reading, wanted)
        within = [lengths.c.period, lengths.c.grp]
        known = lengths.c.length.is_not(None)
        # Unmeasurable rows are ranked last, so that the ranks of the others are those among themselves.
        ranked = select(
            *within,
            lengths.c.length,
            func.row_number()
            .over(partition_by=within, order_by=[case((known, 0), else_=1), lengths.c.length, lengths.c.row])
            .label("rank"),
            func.count(lengths.c.length).over(partition_by=within).label("known"),
        ).subquery("ranked")
        # Rank r is in the middle of n when n <= 2r <= n + 2 - and of an odd n when 2r = n + 1.
        middle = and_(ranked.c.rank * 2 >= ranked.c.known, ranked.c.rank * 2 <= ranked.c.known + 2)
        odd_middle = ranked.c.rank * 2 == ranked.c.known + 1
        is_even = ranked.c.known % 2 == 0
        in_middle = and_(ranked.c.length.is_not(None), or_(odd_middle, and_(is_even, middle)))
        return select(
            ranked.c.period,
            ranked.c.grp,
            func.sum(case((in_middle, ranked.c.length))).label("numerator"),
            func.max(ranked.c.known).label("denominator"),
            func.sum(flag(ranked.c.length.is_(None))).label("excluded"),
        ).group_by(ranked.c.period, ranked.c.grp)

    def sentence(self, kpi, definitions):
        return f"Of {base_words(definitions, kpi.measure)}, the median {_length_words(kpi.measure, definitions)}."

    def record_types(self, kpi):
        return _lists(kpi.measure)
