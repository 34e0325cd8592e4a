"""Means and medians of lengths of time or of numbers: recomputed for every group and period, never averaged."""

from sqlalchemy import Integer, case, cast, func, select

from scorecards.definitions import Linked
from scorecards.measures.frame import flag, group_of, in_windows, is_dated_in, open_on_last_day, passes, per_period
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


def _sums(lengths):
    """Return the sum of the known lengths, how many are known and how many are not."""
    return (
        func.sum(lengths.c.length).label("numerator"),
        func.count(lengths.c.length).label("denominator"),
        func.sum(flag(lengths.c.length.is_(None))).label("excluded"),
    )


class MeanKind:
    """The mean: the sum of the lengths over how many there are."""

    name = "mean"

    def select(self, kpi, reading, wanted):
        if kpi.measure.is_stock:
            lengths = _lengths(kpi, reading, wanted)
            return select(lengths.c.period, lengths.c.grp, *_sums(lengths)).group_by(lengths.c.period, lengths.c.grp)
        table = reading.lists[kpi.measure.records]
        grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
        rows = _dated_rows(kpi.measure, reading, table, grp)
        daily = select(rows.c.day, rows.c.grp, *_sums(rows)).group_by(rows.c.day, rows.c.grp).subquery("daily")
        return per_period(daily, wanted, "numerator", "denominator", "excluded")

    def sentence(self, kpi, definitions):
        return f"Of {base_words(definitions, kpi.measure)}, the mean {_length_words(kpi.measure, definitions)}."

    def record_types(self, kpi):
        return _lists(kpi.measure)


def _ranked(kpi, reading, wanted):
    """Return the lengths there are with `upto`, how many rows are as long or shorter, and how many are known or not.

    How many rows have each length are far fewer than rows, and it is these that are put in order.
    """
    lengths = _lengths(kpi, reading, wanted)
    columns = (lengths.c.period, lengths.c.grp, lengths.c.length)
    counted = select(*columns, func.count().label("rows")).group_by(*columns).subquery("counted")
    within, known = [counted.c.period, counted.c.grp], counted.c.length.is_not(None)
    rows, of_known = counted.c.rows, case((known, counted.c.rows), else_=0)
    # Lengths that are not known come last, so that the others are ranked among themselves.
    order = [flag(~known), counted.c.length]
    return select(
        *within,
        case((known, counted.c.length)).label("length"),
        func.sum(rows).over(partition_by=within, order_by=order, rows=(None, 0)).label("upto"),
        func.sum(of_known).over(partition_by=within).label("known"),
        func.sum(rows - of_known).over(partition_by=within).label("unknown"),
    ).subquery("ranked")


def _first_at(ranked, twice_the_rank):
    """Return the shortest length at which half of `twice_the_rank` rows are as long or shorter."""
    return func.min(case((ranked.c.upto * 2 >= twice_the_rank, ranked.c.length)))


def _per_group(ranked, numerator):
    """Return `numerator` per period and group, with how many lengths are known and how many are not."""
    return select(
        ranked.c.period,
        ranked.c.grp,
        numerator.label("numerator"),
        cast(func.max(ranked.c.known), Integer).label("denominator"),
        cast(func.max(ranked.c.unknown), Integer).label("excluded"),
    ).group_by(ranked.c.period, ranked.c.grp)


class MedianKind:
    """The median: the middle length, or the mean of the two in the middle."""

    name = "median"

    def select(self, kpi, reading, wanted):
        ranked = _ranked(kpi, reading, wanted)
        low, high = _first_at(ranked, ranked.c.known), _first_at(ranked, ranked.c.known + 2)
        middle, is_even = _first_at(ranked, ranked.c.known + 1), func.max(ranked.c.known) % 2 == 0
        return _per_group(ranked, case((is_even, low + high), else_=middle))

    def sentence(self, kpi, definitions):
        return f"Of {base_words(definitions, kpi.measure)}, the median {_length_words(kpi.measure, definitions)}."

    def record_types(self, kpi):
        return _lists(kpi.measure)


class UpperQuartileKind:
    """The upper quartile by nearest rank: the shortest length that three in four do not exceed.

    Of the nine definitions that Hyndman and Fan compare (The American Statistician 50, 1996) it is the first, the
    inverse of the observed distribution: always a length that occurred, and one that can be checked by counting.
    """

    name = "upper_quartile"

    def select(self, kpi, reading, wanted):
        ranked = _ranked(kpi, reading, wanted)
        # The rank is three quarters of n, rounded up.
        return _per_group(ranked, func.min(case((ranked.c.upto * 4 >= ranked.c.known * 3, ranked.c.length))))

    def sentence(self, kpi, definitions):
        return (
            f"Of {base_words(definitions, kpi.measure)}, the upper quartile of the "
            f"{_length_words(kpi.measure, definitions)}: three in four took so long or less."
        )

    def record_types(self, kpi):
        return _lists(kpi.measure)
