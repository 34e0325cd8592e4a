"""Owns how a record is linked to the same child's earlier record of another list: as reported, else the nearest."""

from sqlalchemy import case, cast, func, literal, null, select, union_all

from scorecards.measures.frame import NO_NUMBER, passes


def with_nearest(earlier, later):
    """Return the rows of `later` with `nearest`: the day of the same child's newest earlier row, the same day included.

    `earlier` selects who and at; `later` selects who, at and whatever else is wanted of its rows. One pass over both
    lists in the order of days: to look the nearest up for each row, or to join what was found to the rows again, takes
    many times as long.
    """
    first, second = earlier.subquery("first"), later.subquery("second")
    others = [column for column in second.c if column.name not in ("who", "at")]
    events = union_all(
        # A null of no type is a text to PostgreSQL, and a text stands in no column of numbers.
        select(
            first.c.who,
            first.c.at,
            literal(0).label("is_later"),
            *(cast(null(), one.type).label(one.name) for one in others),
        ),
        select(second.c.who, second.c.at, literal(1), *others),
    ).subquery("events")
    nearest = func.max(case((events.c.is_later == 0, events.c.at))).over(
        partition_by=events.c.who, order_by=[events.c.at, events.c.is_later], rows=(None, 0)
    )
    dated = select(*events.c, nearest.label("nearest")).subquery("dated")
    wanted = [column for column in dated.c if column.name != "is_later"]
    return select(*wanted).where(dated.c.is_later == 1).subquery("with_nearest")


def linked_rows(measure, reading, table, columns):
    """Return the rows that `measure` is about, with `columns` (label to column) and `start`.

    The start is the day of the earlier record that `measure.from_` links the row to; null where there is none.
    """
    link = measure.from_
    earlier = reading.lists[link.records].alias("earlier")
    child = reading.definitions.record_types[link.records].child_column
    own_child = reading.definitions.record_types[measure.records].child_column
    found = with_nearest(
        select(earlier.c[child].label("who"), earlier.c[link.column].label("at")).where(
            reading.live(link.records, earlier)
        ),
        select(
            table.c[own_child].label("who"),
            table.c[measure.to].label("at"),
            (table.c[link.reported_in] if link.reported_in else NO_NUMBER).label("reported"),
            *(column.label(name) for name, column in columns.items()),
        ).where(
            reading.live(measure.records, table),
            passes(table, measure.where),
            table.c[measure.dated_by].is_not(None),
        ),
    )
    near_enough = case((found.c.nearest >= found.c.at - link.within_days, found.c.nearest))
    start = func.coalesce(found.c.reported, near_enough).label("start")
    return select(*(found.c[name] for name in columns), start).subquery("linked")
