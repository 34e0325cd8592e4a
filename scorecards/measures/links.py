"""Owns how a record is linked to the same child's earlier record of another list: as reported, else the nearest."""

from sqlalchemy import BigInteger, and_, case, cast, func, literal, null, or_, select, union_all

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


# More than any day's number: a day and another that rides on it are one number, of which the greatest is the newest.
RIDES = 10_000_000


def after_hop(earlier, later, within_days: int, number: int):
    """Return the select of `later` with `anchor`: that of the same child's earlier event which each belongs to.

    `earlier` selects who, at and anchor (null: it belongs to nothing); `later` who, at and reported. A later event
    belongs to the earlier one of the reported day, and where no day is reported to the nearest, if that lies within the
    days. Of several earlier ones on a day the newest anchor is taken. One pass over both, as in `with_nearest`: a
    reported event is put in the order of days where the event lies that it names.
    """
    first, second = earlier.subquery(f"first_{number}"), later.subquery(f"second_{number}")
    no_day = cast(null(), second.c.at.type)
    events = union_all(
        select(
            first.c.who, first.c.at, first.c.at.label("place"), literal(0).label("is_later"), no_day.label("reported"),
            (cast(first.c.at, BigInteger) * RIDES + func.coalesce(first.c.anchor, 0)).label("rides"),
        ),
        select(
            second.c.who, second.c.at, func.coalesce(second.c.reported, second.c.at), literal(1), second.c.reported,
            cast(null(), BigInteger),
        ),
    ).subquery(f"events_{number}")  # fmt: skip
    nearest = func.max(events.c.rides).over(
        partition_by=events.c.who, order_by=[events.c.place, events.c.is_later], rows=(None, 0)
    )
    columns = (events.c.who, events.c.at, events.c.is_later, events.c.reported, nearest.label("nearest"))
    # By a name and not inside one another: SQLite reads only so many brackets deep.
    found = select(*columns).cte(f"found_{number}")
    day, anchor = found.c.nearest // RIDES, found.c.nearest % RIDES
    belongs = and_(
        anchor > 0,
        or_(found.c.reported.is_(None), day == found.c.reported),
        day <= found.c.at,
        day >= found.c.at - within_days,
    )
    return select(found.c.who, found.c.at, case((belongs, anchor)).label("anchor")).where(found.c.is_later == 1)


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
