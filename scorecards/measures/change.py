"""Whether a number or a level is lower, or higher, than in the child's row before: a risk that fell at reassessment."""

from sqlalchemy import and_, case, func, or_, select

from scorecards.measures.frame import by_day, flag, group_of, minute_of, passes, per_period
from scorecards.measures.words import base_words, code_words, column_words, listed

SUMS = ("numerator", "denominator", "excluded")


class ChangeKind:
    """Of rows with an earlier one of the same child, the share in which the level is lower, or higher, than it was."""

    name = "change"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        before = _before(measure, reading)
        level, day = _level(measure, table), table.c[measure.dated_by]
        same = [table.c[column] == before.c[f"who_{number}"] for number, column in enumerate(measure.who_columns)]
        moved = level < before.c.level if measure.direction == "lower" else level > before.c.level
        known = and_(level.is_not(None), before.c.level.is_not(None))
        rows = (
            select(
                day.label("day"),
                group_of(kpi, reading, table, wanted.breakdown).label("grp"),
                flag(and_(known, moved)).label("numerator"),
                flag(known).label("denominator"),
                (1 - flag(known)).label("excluded"),
            )
            .select_from(table.outerjoin(before, and_(*same, before.c.day == day)))
            .where(
                reading.live(measure.records, table),
                passes(table, measure.where),
                day.is_not(None),
                # Whether a row has one before is not known where it does not say whose it is.
                or_(before.c.day_before.is_not(None), *(table.c[column].is_(None) for column in measure.who_columns)),
            )
            .subquery("rows")
        )
        return per_period(by_day(rows, *SUMS), wanted, *SUMS)

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        name = column_words(definitions, measure.records, measure.column)
        order = ""
        if measure.order is not None:
            levels = code_words(definitions, measure.records, measure.column, measure.order)
            order = f" (from low to high: {', '.join(levels)})"
        whose = "child"
        if not isinstance(measure.who, str):
            whose = listed(column_words(definitions, measure.records, one) for one in measure.who)
        return (
            f"Of {base_words(definitions, measure)} that come after one of the same {whose} on an earlier day, the "
            f"percentage in which {name} is {measure.direction} than in the last one before{order}. Where either is "
            "blank it is not known."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)


def has_one_before(measure, reading, table):
    """Return the condition that a row comes after one of the same child, or does not say whose it is."""
    earlier = reading.lists[measure.records].alias("earlier")
    same = [earlier.c[column] == table.c[column] for column in measure.who_columns]
    found = select(earlier.c.id).where(
        reading.live(measure.records, earlier), *same, earlier.c[measure.dated_by] < table.c[measure.dated_by]
    )
    return or_(found.correlate(table).exists(), *(table.c[column].is_(None) for column in measure.who_columns))


def _level(measure, table):
    """Return the number of a row, or the place of its code in the order; null where it has neither."""
    column = table.c[measure.column]
    if measure.order is None:
        return column
    return case({code: place for place, code in enumerate(measure.order)}, value=column)


def _before(measure, reading):
    """Return whose, day, and the day before with the level of its last row, whatever rows the measure is about."""
    table = reading.lists[measure.records]
    day = table.c[measure.dated_by]
    who = [table.c[column].label(f"who_{number}") for number, column in enumerate(measure.who_columns)]
    names = [one.name for one in who]
    last_first = [minute_of(table, measure.dated_by).desc(), table.c.id.desc()]
    place = func.row_number().over(partition_by=[*(table.c[one] for one in measure.who_columns), day],
                                   order_by=last_first)  # fmt: skip
    ranked = (
        select(*who, day.label("day"), _level(measure, table).label("level"), place.label("place"))
        .where(reading.live(measure.records, table), day.is_not(None), *(one.is_not(None) for one in who))
        .subquery("ranked")
    )
    days = select(*(ranked.c[name] for name in (*names, "day", "level"))).where(ranked.c.place == 1).subquery("days")
    theirs = {"partition_by": [days.c[name] for name in names], "order_by": days.c.day}
    return select(
        *(days.c[name] for name in (*names, "day")),
        func.lag(days.c.day).over(**theirs).label("day_before"),
        func.lag(days.c.level).over(**theirs).label("level"),
    ).subquery("before")
