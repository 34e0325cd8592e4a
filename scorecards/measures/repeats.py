"""What happened before: the n-th time within a window, and the second time ever."""

from sqlalchemy import and_, case, func, literal, or_, select

from scorecards.definitions import Repeat
from scorecards.measures.frame import (
    NO_NUMBER,
    by_day,
    flag,
    group_of,
    in_windows,
    is_dated_in,
    minute_of,
    passes,
    per_period,
)
from scorecards.measures.words import base_words, column_words, listed, ordinal, rows_of
from scorecards.store.schema import calendar_months, period


def _rows(kpi, reading, breakdown):
    """Return every row of the child's history that the measure is about, with what orders rows of one day."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    reported = table.c[measure.reported_count] if measure.reported_count else NO_NUMBER
    return (
        select(
            table.c.id,
            *(table.c[column].label(name) for name, column in _who(measure).items()),
            table.c[measure.dated_by].label("day"),
            # Untimed rows come first in their day.
            minute_of(table, measure.dated_by).label("minute"),
            group_of(kpi, reading, table, breakdown).label("grp"),
            reported.label("reported"),
            table.c[getattr(measure, "since", None) or measure.dated_by].label("since"),
        )
        .where(
            reading.live(measure.records, table),
            passes(table, measure.where),
            table.c[measure.dated_by].is_not(None),
        )
        .subquery("rows")
    )


def _who(measure):
    """Return by name the columns that tell one from another: a child's, or those of victim and perpetrator."""
    columns = measure.who_columns if isinstance(measure, Repeat) else (measure.who,)
    return {f"who_{number}" if number else "who": column for number, column in enumerate(columns)}


def _with_prior(measure, rows):
    """Return the rows with `prior`, the day of the occurrence that makes this one the n-th, or null."""
    back, who = measure.occurrence - 1, [rows.c[name] for name in _who(measure)]
    if measure.same_day == "separate_occasions":
        order = [rows.c.day, rows.c.minute, rows.c.id]
        prior = func.lag(rows.c.day, back).over(partition_by=who, order_by=order)
        return select(*rows.c, prior.label("prior")).subquery("with_prior")
    if back == 1:
        # The newest of the earlier days, in one pass: quicker than to number the days and to join them back.
        prior = func.max(rows.c.since).over(partition_by=who, order_by=rows.c.day, range_=(None, -1))
        return select(*rows.c, prior.label("prior")).subquery("with_prior")
    days = select(*who, rows.c.day).distinct().subquery("days")
    *theirs, day = days.c
    prior = func.lag(day, back).over(partition_by=theirs, order_by=day)
    dated = select(*days.c, prior.label("prior")).subquery("dated")
    same = [dated.c[one.name] == one for one in who]
    joined = rows.outerjoin(dated, and_(*same, dated.c.day == rows.c.day))
    return select(*rows.c, dated.c.prior).select_from(joined).subquery("with_prior")


def _repeats(kpi, reading, breakdown):
    """Return the rows with 0/1 flags: repeat by our own history, repeat as reported, and whether it was reported."""
    measure = kpi.measure
    rows = _with_prior(measure, _rows(kpi, reading, breakdown))
    if measure.within_days is not None:
        repeat = rows.c.day - rows.c.prior < measure.within_days
        joined = rows
    else:
        shifted = calendar_months.alias("window_start")
        joined = rows.outerjoin(shifted, and_(shifted.c.months == measure.within_months, shifted.c.day == rows.c.day))
        repeat = rows.c.prior > shifted.c.earlier
    if measure.not_within_months is not None:
        gap = calendar_months.alias("gap_start")
        joined = joined.outerjoin(gap, and_(gap.c.months == measure.not_within_months, gap.c.day == rows.c.day))
        repeat = and_(repeat, rows.c.prior <= gap.c.earlier)
    # Of a row that does not say who it is about, nobody knows whether it is a repeat.
    known = and_(*(rows.c[name].is_not(None) for name in _who(measure)))
    own = flag(and_(known, rows.c.prior.is_not(None), repeat))
    return (
        select(
            rows.c.day,
            rows.c.who,
            rows.c.grp,
            own.label("own"),
            flag(known).label("known"),
            flag(and_(known, or_(own == 1, rows.c.reported >= measure.occurrence - 1))).label("reported"),
            flag(and_(known, or_(own == 1, rows.c.reported.is_not(None)))).label("reported_known"),
        )
        .select_from(joined)
        .subquery("repeats")
    )


class RepeatKind:
    """The share of rows, or of children, that are the n-th within a window of days or calendar months."""

    name = "repeat"

    def select(self, kpi, reading, wanted):
        repeats = _repeats(kpi, reading, wanted.breakdown)
        return (self._children if kpi.measure.counted == "children" else self._records)(repeats, wanted)

    def _records(self, repeats, wanted):
        daily = (
            select(
                repeats.c.day,
                repeats.c.grp,
                func.sum(repeats.c.own).label("numerator"),
                func.sum(repeats.c.known).label("denominator"),
                func.sum(1 - repeats.c.known).label("excluded"),
                func.sum(repeats.c.reported).label("reported_numerator"),
                func.sum(repeats.c.reported_known).label("reported_known"),
            )
            .group_by(repeats.c.day, repeats.c.grp)
            .subquery("daily")
        )
        return per_period(daily, wanted, "numerator", "denominator", "excluded", "reported_numerator", "reported_known")

    def _children(self, repeats, wanted):
        def children(column):
            return func.count(case((repeats.c[column] == 1, repeats.c.who)).distinct())

        return (
            select(
                period.c.id.label("period"),
                repeats.c.grp,
                children("own").label("numerator"),
                func.count(repeats.c.who.distinct()).label("denominator"),
                literal(0).label("excluded"),
                children("reported").label("reported_numerator"),
                children("reported_known").label("reported_known"),
            )
            .join_from(period, repeats, is_dated_in(repeats.c.day))
            .where(in_windows(wanted))
            .group_by(period.c.id, repeats.c.grp)
        )

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        if measure.within_months is not None:
            window = f"{measure.within_months} calendar months"
        else:
            window = f"{measure.within_days} days"
        if measure.counted == "children":
            who = f"of the children in {base_words(definitions, measure)}, the percentage with"
            what = f"at least one that is their {ordinal(measure.occurrence)} or later within {window}"
        else:
            who = f"of {base_words(definitions, measure)}, the percentage that are"
            what = _again_words(measure, definitions, window)
        same_day = " Several on one day are one occasion." if measure.same_day == "one_occasion" else ""
        counted = "counted from date to date"
        if measure.since is not None:
            counted = f"counted from {column_words(definitions, measure.records, measure.since)} of the one before"
        return f"{who[0].upper()}{who[1:]} {what}, {counted}.{same_day}"

    def record_types(self, kpi):
        return (kpi.measure.records,)


def _again_words(measure, definitions, window):
    again = f"{ordinal(measure.occurrence)} or later within {window}"
    if measure.not_within_months is not None:
        again = (
            f"first after a gap of {measure.not_within_months} calendar months or more since one in the {window} before"
        )
    if isinstance(measure.who, str):
        return f"the same child's {again}"
    names = [column_words(definitions, measure.records, one) for one in measure.who]
    return f"the {again} of the same {listed(names)}"


class PreviousEverKind:
    """The share of rows of children with an earlier one, however long ago: reported by the sender, or stored."""

    name = "previous_ever"

    def select(self, kpi, reading, wanted):
        rows = _rows(kpi, reading, wanted.breakdown)
        first = func.min(rows.c.day).over(partition_by=rows.c.who)
        dated = select(*rows.c, first.label("first_day")).subquery("dated")
        stored = dated.c.first_day < dated.c.day
        again = or_(stored, dated.c.reported >= 1)
        # Neither reported nor stored is unknown, not first.
        known = or_(stored, dated.c.reported.is_not(None))
        flags = (
            select(
                dated.c.day,
                dated.c.grp,
                flag(again).label("numerator"),
                flag(known).label("denominator"),
                (1 - flag(known)).label("excluded"),
            )
        ).subquery("flags")
        sums = ("numerator", "denominator", "excluded")
        return per_period(by_day(flags, *sums), wanted, *sums)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        rows = rows_of(definitions, measure.records)
        return (
            f"Of {base_words(definitions, measure)}, the percentage of children who had one before, however long ago: "
            f"the sender reports one or more earlier {rows}, or an earlier one is stored here."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)
