"""Counts, totals, distinct counts, stocks, percentages of rows, and rates per head of population."""

from sqlalchemy import and_, case, func, literal, select

from scorecards.measures.frame import (
    NO_NUMBER,
    by_day,
    duration_is_known,
    flag,
    group_of,
    has_lasted,
    in_windows,
    is_dated_in,
    is_unknown,
    join_lasted,
    must_be_known,
    narrows,
    only_latest,
    open_on_last_day,
    passes,
    per_period,
)
from scorecards.measures.words import base_words, column_words, condition_words, lasted_words, listed
from scorecards.store.schema import period


def _flow_rows(kpi, reading, wanted, joined, **flags):
    """Return a subquery of the rows dated in any wanted period: day, group and 0/1 flags."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    day = table.c[measure.dated_by]
    columns = [column.label(name) for name, column in flags.items()]
    return (
        select(day.label("day"), group_of(kpi, reading, table, wanted.breakdown).label("grp"), *columns)
        .select_from(joined)
        .where(reading.live(measure.records, table), passes(table, narrows(measure)), day.is_not(None))
        .subquery("rows")
    )


def _stock_select(kpi, reading, wanted, joined, **flags):
    """Return a select over the rows open on each wanted period's last day."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
    columns = [func.sum(column).label(name) for name, column in flags.items()]
    return (
        select(period.c.id.label("period"), grp, *columns)
        .select_from(joined)
        .where(in_windows(wanted), reading.live(measure.records, table), passes(table, narrows(measure)))
        .group_by(period.c.id, grp)
    )


def _open_rows(reading, measure, table, wanted):
    return only_latest(period.join(table, open_on_last_day(table, measure)), reading, measure, table, wanted)


class CountKind:
    """How many rows."""

    name = "count"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        known = passes(table, must_be_known(measure))
        rows = _flow_rows(kpi, reading, wanted, table, numerator=flag(known), excluded=1 - flag(known))
        daily = by_day(rows, "numerator", "excluded")
        return per_period(daily, wanted, "numerator", "excluded").add_columns(NO_NUMBER.label("denominator"))

    def sentence(self, kpi, definitions):
        return f"The number of {base_words(definitions, kpi.measure)}."

    def record_types(self, kpi):
        return (kpi.measure.records,)


class SumKind:
    """The total of a column of whole numbers; rows in which it is blank are counted apart."""

    name = "sum"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        number = table.c[measure.column]
        known = and_(passes(table, must_be_known(measure)), number.is_not(None))
        # No number at all sums to null, which is not nought.
        rows = _flow_rows(kpi, reading, wanted, table, numerator=case((known, number)), excluded=1 - flag(known))
        daily = by_day(rows, "numerator", "excluded")
        return per_period(daily, wanted, "numerator", "excluded").add_columns(NO_NUMBER.label("denominator"))

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        name = column_words(definitions, measure.records, measure.column)
        return f"The total of {name} of {base_words(definitions, measure)}; where it is blank it is not known."

    def record_types(self, kpi):
        return (kpi.measure.records,)


class DistinctKind:
    """How many different children (or whatever `of` names): never the sum of shorter periods or of groups."""

    name = "distinct"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        if measure.is_stock:
            joined = _open_rows(reading, measure, table, wanted)
        else:
            joined = period.join(table, is_dated_in(table.c[measure.dated_by]))
        grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
        return (
            select(
                period.c.id.label("period"),
                grp,
                func.count(table.c[measure.of].distinct()).label("numerator"),
                NO_NUMBER.label("denominator"),
                literal(0).label("excluded"),
            )
            .select_from(joined)
            .where(in_windows(wanted), reading.live(measure.records, table), passes(table, measure.where))
            .group_by(period.c.id, grp)
        )

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        column = definitions.record_types[measure.records].columns[measure.of]
        name = column_words(definitions, measure.records, measure.of)
        who = "children" if column.type == "child" else f"values of {name}"
        return (
            f"The number of different {who} among {base_words(definitions, measure)}; one that appears several times "
            "is counted once."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)


class StockKind:
    """How many rows are open on the last day of the period."""

    name = "stock"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        lasted = getattr(measure, "lasted", None)
        joined, shifted = join_lasted(_open_rows(reading, measure, table, wanted), table, lasted)
        known = and_(passes(table, must_be_known(measure)), duration_is_known(table, lasted))
        long_enough = literal(True) if lasted is None else has_lasted(table, lasted, shifted)
        return _stock_select(
            kpi, reading, wanted, joined, numerator=flag(and_(known, long_enough)), excluded=1 - flag(known)
        ).add_columns(NO_NUMBER.label("denominator"))

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        lasted = getattr(measure, "lasted", None)
        longer = f", {lasted_words(definitions, measure.records, lasted)}" if lasted is not None else ""
        return f"The number of {base_words(definitions, measure)}{longer}."

    def record_types(self, kpi):
        return (kpi.measure.records,)


class PercentageKind:
    """Which share of the rows pass a test; rows whose test column is blank leave the base and are counted apart."""

    name = "percentage"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        joined = _open_rows(reading, measure, table, wanted) if measure.is_stock else table
        joined, shifted = join_lasted(joined, table, measure.lasted)
        counted = and_(
            passes(table, must_be_known(measure)),
            ~is_unknown(table, measure.numerator),
            duration_is_known(table, measure.lasted),
        )
        flags = {
            "numerator": flag(and_(counted, _passes_test(table, measure, shifted))),
            "denominator": flag(counted),
            "excluded": 1 - flag(counted),
        }
        if measure.is_stock:
            return _stock_select(kpi, reading, wanted, joined, **flags)
        return per_period(by_day(_flow_rows(kpi, reading, wanted, joined, **flags), *flags), wanted, *flags)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        tests = [condition_words(definitions, measure.records, one) for one in measure.numerator]
        if measure.lasted is not None:
            tests.append(lasted_words(definitions, measure.records, measure.lasted))
        return f"Of {base_words(definitions, measure)}, the percentage {_which(tests)}."

    def record_types(self, kpi):
        return (kpi.measure.records,)


def _which(tests):
    return listed([test if test.startswith("that ") else f"in which {test}" for test in tests])


def _passes_test(table, measure, shifted):
    tests = [passes(table, measure.numerator)]
    if measure.lasted is not None:
        tests.append(has_lasted(table, measure.lasted, shifted))
    return and_(*tests)


class RateKind:
    """How many rows for every `per` children aged 0 to 17; the population is joined when the figure is divided."""

    name = "rate"

    def select(self, kpi, reading, wanted):
        return (StockKind() if kpi.measure.is_stock else CountKind()).select(kpi, reading, wanted)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        return (
            f"The number of {base_words(definitions, measure)}, for every {measure.per:,} children aged 0 to 17 (ONS "
            "estimate of the middle of the year before the financial year ends)."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)
