"""Owns how a record is linked to the same child's earlier record of another list: as reported, else the nearest."""

from sqlalchemy import case, func, literal, select, union_all

from scorecards.measures.frame import NO_NUMBER


def with_nearest(earlier, later):
    """Return the rows of `later` with `nearest`: the day of the same child's newest earlier row, the same day included.

    `earlier` selects who and day; `later` selects who, day and whatever else is wanted. One pass over both lists in
    the order of days: to look the nearest up for each row takes ten times as long.
    """
    first, second = earlier.subquery("first"), later.subquery("second")
    others = [column for column in second.c if column.name not in ("who", "day")]
    events = union_all(
        select(first.c.who, first.c.day, literal(0).label("is_later"), *(NO_NUMBER.label(one.name) for one in others)),
        select(second.c.who, second.c.day, literal(1), *others),
    ).subquery("events")
    nearest = func.max(case((events.c.is_later == 0, events.c.day))).over(
        partition_by=events.c.who, order_by=[events.c.day, events.c.is_later], rows=(None, 0)
    )
    dated = select(*events.c, nearest.label("nearest")).subquery("dated")
    wanted = [column for column in dated.c if column.name != "is_later"]
    return select(*wanted).where(dated.c.is_later == 1).subquery("with_nearest")


def linked_starts(measure, reading, table):
    """Return, by row of `table`, the day that `measure.from_` links it to (`row`, `start`), or null."""
    link = measure.from_
    earlier = reading.lists[link.records].alias("earlier")
    child = reading.definitions.record_types[link.records].child_column
    own_child = reading.definitions.record_types[measure.records].child_column
    found = with_nearest(
        select(earlier.c[child].label("who"), earlier.c[link.column].label("day")).where(
            reading.live(link.records, earlier)
        ),
        select(
            table.c[own_child].label("who"),
            table.c[measure.to].label("day"),
            table.c.id.label("row"),
            (table.c[link.reported_in] if link.reported_in else NO_NUMBER).label("reported"),
        ).where(reading.live(measure.records, table)),
    )
    near_enough = case((found.c.nearest >= found.c.day - link.within_days, found.c.nearest))
    return select(found.c.row, func.coalesce(found.c.reported, near_enough).label("start")).subquery("linked")
