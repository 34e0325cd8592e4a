"""Counts, distinct counts, stocks, percentages of rows, and rates per head of population."""

from sqlalchemy import and_, func, literal, select

from scorecards.measures.frame import (
    by_day,
    flag,
    group_of,
    has_lasted,
    in_windows,
    is_unknown,
    months_row,
    must_be_known,
    narrows,
    open_on_last_day,
    passes,
    per_period,
)
from scorecards.measures.words import base_words, column_words, condition_words, lasted_words, listed
from scorecards.store.schema import period


def _flow_rows(kpi, reading, wanted, **flags):
    """Return a subquery of the rows dated in any wanted period: day, group and 0/1 flags."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    day = table.c[measure.dated_by]
    columns = [column.label(name) for name, column in flags.items()]
    return (
        select(day.label("day"), group_of(kpi, reading, table, wanted.breakdown).label("grp"), *columns)
        .where(reading.live(measure.records, table), passes(table, narrows(measure)), day.is_not(None))
        .subquery("rows")
    )


def _stock_select(kpi, reading, wanted, lasted, numerator, denominator, excluded):
    """Return a select over the rows open on each wanted period's last day."""
    measure = kpi.measure
    table = reading.lists[measure.records]
    shifted = months_row(lasted)
    joined = period.join(table, open_on_last_day(table, measure))
    if shifted is not None:
        joined = joined.join(
            shifted, and_(shifted.c.months == lasted.at_least_months, shifted.c.day == period.c.end_day - 1)
        )
    grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
    return (
        select(
            period.c.id.label("period"),
            grp,
            func.sum(numerator(table, shifted)).label("numerator"),
            func.sum(denominator(table)).label("denominator"),
            func.sum(excluded(table)).label("excluded"),
        )
        .select_from(joined)
        .where(in_windows(wanted), reading.live(measure.records, table), passes(table, narrows(measure)))
        .group_by(period.c.id, grp)
    )


class CountKind:
    """How many rows."""

    name = "count"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        if measure.is_stock:
            return StockKind().select(kpi, reading, wanted)
        table = reading.lists[measure.records]
        known = passes(table, must_be_known(measure))
        rows = _flow_rows(kpi, reading, wanted, numerator=flag(known), excluded=1 - flag(known))
        daily = by_day(rows, "numerator", "excluded")
        return per_period(daily, wanted, "numerator", "excluded").add_columns(literal(None).label("denominator"))

    def sentence(self, kpi, definitions):
        return f"The number of {base_words(definitions, kpi.measure)}."

    def record_types(self, kpi):
        return (kpi.measure.records,)


class DistinctKind:
    """How many different children (or whatever `of` names): never the sum of shorter periods or of groups."""

    name = "distinct"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        day = table.c[measure.dated_by]
        grp = group_of(kpi, reading, table, wanted.breakdown).label("grp")
        return (
            select(
                period.c.id.label("period"),
                grp,
                func.count(table.c[measure.of].distinct()).label("numerator"),
                literal(None).label("denominator"),
                literal(0).label("excluded"),
            )
            .join_from(period, table, and_(day >= period.c.first_day, day < period.c.end_day))
            .where(in_windows(wanted), reading.live(measure.records, table), passes(table, measure.where))
            .group_by(period.c.id, grp)
        )

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        column = definitions.record_types[measure.records].columns[measure.of]
        who = "children" if column.type == "child" else column_words(definitions, measure.records, measure.of)
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
        lasted = getattr(measure, "lasted", None)
        known = must_be_known(measure)

        def numerator(table, shifted):
            long_enough = has_lasted(table, lasted, shifted) if lasted is not None else literal(True)
            return flag(and_(long_enough, passes(table, known)))

        stock = _stock_select(
            kpi,
            reading,
            wanted,
            lasted,
            numerator,
            lambda _table: literal(0),
            lambda table: 1 - flag(passes(table, known)),
        ).subquery("stock")
        return select(
            stock.c.period, stock.c.grp, stock.c.numerator, literal(None).label("denominator"), stock.c.excluded
        )

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
        untestable = is_unknown(table, measure.numerator)
        counted = and_(passes(table, must_be_known(measure)), ~untestable)
        lasted = measure.lasted
        if measure.is_stock:
            return _stock_select(
                kpi,
                reading,
                wanted,
                lasted,
                lambda _table, shifted: flag(and_(counted, _passes_test(table, measure, shifted))),
                lambda _table: flag(counted),
                lambda _table: 1 - flag(counted),
            )
        shifted = months_row(lasted)
        rows = _flow_rows(
            kpi,
            reading,
            wanted,
            numerator=flag(and_(counted, _passes_test(table, measure, shifted))),
            denominator=flag(counted),
            excluded=1 - flag(counted),
        ) if shifted is None else self._rows_with_months(kpi, reading, wanted, shifted, counted)  # fmt: skip
        daily = by_day(rows, "numerator", "denominator", "excluded")
        return per_period(daily, wanted, "numerator", "denominator", "excluded")

    def _rows_with_months(self, kpi, reading, wanted, shifted, counted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        day = table.c[measure.dated_by]
        on = and_(shifted.c.months == measure.lasted.at_least_months, shifted.c.day == table.c[measure.lasted.to])
        return (
            select(
                day.label("day"),
                group_of(kpi, reading, table, wanted.breakdown).label("grp"),
                flag(and_(counted, _passes_test(table, measure, shifted))).label("numerator"),
                flag(counted).label("denominator"),
                (1 - flag(counted)).label("excluded"),
            )
            .select_from(table.outerjoin(shifted, on))
            .where(reading.live(measure.records, table), passes(table, narrows(measure)), day.is_not(None))
            .subquery("rows")
        )

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
