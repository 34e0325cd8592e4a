"""How long ago the last of something was, of every row open on the last day of the period: a count in bands of time."""

from sqlalchemy import case, func, literal, select

from scorecards.definitions import TIME_SINCE
from scorecards.measures.frame import (
    NO_NUMBER,
    UNKNOWN,
    flag,
    group_of,
    in_windows,
    passes,
)
from scorecards.measures.recent import Clock, latest_start, seen_by_last_day
from scorecards.measures.words import base_words, column_words, limit_words, listed
from scorecards.store.schema import period


class AgeingKind:
    """How many rows, open for longer than the first band, have a known place in the bands or no date at all.

    A row that was brought up to date since counts as it stood when a list had come for that day, else it is in no band.
    """

    name = "ageing"

    def select(self, kpi, reading, wanted):
        measure = kpi.measure
        table = reading.lists[measure.records]
        joined, seen, is_since = seen_by_last_day(measure, reading, table, wanted)
        clocks = [Clock(limit, f"_{number}") for number, limit in enumerate(measure.bands)]
        for clock in clocks:
            joined = clock.joined(joined, table.c[measure.open_from], seen)
        in_bands = wanted.breakdown == TIME_SINCE
        grp = _band(measure, clocks, seen) if in_bands else group_of(kpi, reading, table, wanted.breakdown)
        since = flag(is_since)
        rows = (
            select(
                period.c.id.label("period"),
                grp.label("grp"),
                since.label("since"),
                # A band does not know of the rows that are in none, and still it is not all that it should be.
                func.sum(since).over(partition_by=period.c.id).label("since_of_all"),
            )
            .select_from(joined)
            .where(
                in_windows(wanted),
                reading.live(measure.records, table),
                passes(table, measure.where),
                ~clocks[0].is_within(clocks[0].begun, table.c[measure.open_from]),
            )
            .subquery("aged")
        )
        left_out = func.max(rows.c.since_of_all) if in_bands else func.sum(rows.c.since)
        return (
            select(
                rows.c.period,
                rows.c.grp,
                func.sum(1 - rows.c.since).label("numerator"),
                NO_NUMBER.label("denominator"),
                func.sum(rows.c.since).label("excluded"),
                left_out.label("since"),
            )
            .where(rows.c.since == 0 if in_bands else literal(True))
            .group_by(rows.c.period, rows.c.grp)
        )

    def sentence(self, kpi, definitions):
        measure = kpi.measure
        date = column_words(definitions, measure.records, measure.date)
        first = limit_words(measure.bands[0])
        ends = listed([limit_words(one) for one in measure.bands])
        return (
            f"The number of {base_words(definitions, measure)} for more than {first}, split by how long before that "
            f"day {date} lies: the bands end at {ends}. A blank is a band of its own; where the newest list has "
            "a date after that day, the list that was sent for that day tells, and without one the row is left out."
        )

    def record_types(self, kpi):
        return (kpi.measure.records,)


def _band(measure, clocks, seen):
    """Return the name of the band that a row falls in."""
    ends = [(clock.is_within(clock.seen, seen), label) for clock, label in zip(clocks, measure.labels, strict=False)]
    return case((seen.is_(None), UNKNOWN), *ends, else_=measure.labels[-1])


def band_on(measure, table, last_day: int):
    """Return the name of the band that a row falls in on one day; null where it was brought up to date since."""
    seen = table.c[measure.date]
    starts = [latest_start(limit, last_day) for limit in measure.bands]
    ends = [(seen > start, label) for start, label in zip(starts, measure.labels, strict=False)]
    return case((seen.is_(None), UNKNOWN), (seen > last_day, literal(None)), *ends, else_=measure.labels[-1])
