"""Every measure kind again in plain Python, slowly and from the words of the definitions: statements must agree.

Days are dates and times of day are moments, rows are dicts, and there is neither SQL nor day number here.
"""

import calendar
import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from scorecards.definitions import Linked
from scorecards.periods import all_periods, bank_holidays

ONE_DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.date(1999, 1, 1)


@dataclass(frozen=True, eq=False)
class World:
    """What was sent: rows of every list, how far each list reaches, and the version we look at (None: newest)."""

    definitions: object
    lists: dict[str, list[dict]]
    covered_from: dict[str, datetime.date] = field(default_factory=dict)
    covered_to: dict[str, datetime.date] = field(default_factory=dict)  # the day after the last
    version: int | None = None

    def rows(self, records):
        """Return the rows that count: current in the version, and sent by the agency that leads on their day."""
        return _rows_that_count(self, records)

    def _is_current(self, row):
        landed, superseded = row.get("landed_in", 1), row.get("superseded_in")
        if self.version is None:
            return superseded is None
        return landed <= self.version and (superseded is None or superseded > self.version)

    def _is_led(self, records, row):
        leads = [lead for lead in self.definitions.partnership.lead_agencies if lead.records == records]
        leads.sort(key=lambda lead: lead.from_)
        if not leads or "agency" not in row:
            return True
        record = self.definitions.record_types[records]
        day = row[record.dated_by]
        if record.replaces == "episode":
            day = row.get(record.ended_by) or datetime.date.max
        leader = leads[0].agency
        for lead in leads:
            if lead.from_ <= day:
                leader = lead.agency
        return row["agency"] == leader

    def child_column(self, records):
        return self.definitions.record_types[records].child_column


@cache
def _rows_that_count(world, records):
    return tuple(row for row in world.lists.get(records, []) if world._is_current(row) and world._is_led(records, row))


def answer(kpi, world, periods, breakdown=""):
    """Return {(period id, group): {numerator, denominator, excluded, ...}} for the periods in which rows fall."""
    return KINDS[kpi.measure.kind](kpi, world, periods, breakdown)


# What the words mean.


def holds(row, condition):
    value = row.get(condition.column)
    if condition.is_ is not None:
        return value in condition.is_
    if condition.is_not is not None:
        return value not in condition.is_not
    if condition.known is not None:
        return (value is not None) == condition.known
    if value is None:
        return False
    return value >= condition.at_least if condition.at_least is not None else value <= condition.at_most


def all_hold(row, conditions):
    return all(holds(row, one) for one in conditions)


def asks_for_a_value(condition):
    return condition.known is True


def group_of(kpi, world, row, breakdown, records=None):
    """Return a code's group, else its label; other values as they are; blank is unknown."""
    if not breakdown:
        return ""
    value = row.get(breakdown)
    if value is None:
        return "unknown"
    columns = world.definitions.record_types[records or kpi.measure.records].columns
    if breakdown in columns and columns[breakdown].type == "code":
        code = world.definitions.code_lists[columns[breakdown].codes].codes.get(value)
        return value if code is None else code.group or code.label
    return value


@cache
def months_after(day, months):
    """Return the same day of a later month, or the last day of that month when it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_before(day, months):
    return months_after(day, -months)


@cache
def working_days(start, end):
    """Return how many working days come after `start`, up to and including `end`: the start is day 0."""
    days = (start + ONE_DAY * number for number in range(1, (end - start).days + 1))
    return sum(day.weekday() < 5 and day not in bank_holidays() for day in days)


def is_open(row, measure, day):
    """Return whether a row has begun by `day` and has not ended by the end of it."""
    start, end = row.get(measure.open_from), row.get(measure.open_to)
    return start is not None and start <= day and (end is None or end > day)


def lasted(row, duration, period):
    """Return whether a row lasted long enough, or None where that cannot be known."""
    if duration.more_than_hours is not None:
        moments = [row.get(f"{name}_minute") for name in (duration.from_, duration.to)]
        if None in moments:
            return None
        return moments[1] - moments[0] > datetime.timedelta(hours=duration.more_than_hours)
    start = row.get(duration.from_)
    end = period.last if duration.to == "period_end" else row.get(duration.to)
    if start is None or end is None:
        return None
    if duration.more_than_days is not None:
        return (end - start).days > duration.more_than_days
    if duration.more_than_working_days is not None:
        return end > start and working_days(start, end) > duration.more_than_working_days
    if duration.at_most_months is not None:
        return end <= months_after(start, duration.at_most_months)
    return months_after(start, duration.at_least_months) <= end


def of_period(rows, measure, period):
    """Return the rows that are dated in the period, or open on its last day."""
    if measure.is_stock:
        return [row for row in rows if is_open(row, measure, period.last)]
    days = [(row, row.get(measure.dated_by)) for row in rows]
    return [row for row, day in days if day is not None and period.first <= day < period.end]


def is_newest(world, measure, row, day):
    """Return whether no other row of the same child that is open on the day began later, or was sent later."""
    who, minute = row.get(measure.latest_only), f"{measure.open_from}_minute"
    if who is None:
        return True
    theirs = [one for one in world.rows(measure.records) if one.get(measure.latest_only) == who]
    open_ones = [one for one in theirs if is_open(one, measure, day)]
    return max(
        enumerate(open_ones),
        key=lambda pair: (pair[1][measure.open_from], pair[1].get(minute) or datetime.datetime.min, pair[0]),
    )[1] is row  # fmt: skip


def _rows_about(world, records, conditions):
    return [row for row in world.rows(records) if all_hold(row, conditions)]


def grouped(kpi, world, rows, breakdown):
    groups = defaultdict(list)
    for row in rows:
        groups[group_of(kpi, world, row, breakdown)].append(row)
    return groups


def tally(kpi, world, periods, breakdown, conditions, figures, belongs=lambda _row, _period: True):
    """Return `figures(rows, period)` of every period and group in which rows fall that belong there."""
    measure = kpi.measure
    rows = _rows_about(world, measure.records, conditions)

    def counting(period):
        found = [row for row in of_period(rows, measure, period) if belongs(row, period)]
        if getattr(measure, "latest_only", None) is None:
            return found
        return [row for row in found if is_newest(world, measure, row, period.last)]

    return {
        (period.id, group): figures(members, period)
        for period in periods
        for group, members in grouped(kpi, world, counting(period), breakdown).items()
    }


def sums(verdicts):
    """Return figures from a verdict for each row: True, False, or None where it does not count."""
    verdicts = list(verdicts)
    known = [one for one in verdicts if one is not None]
    return {"numerator": sum(known), "denominator": len(known), "excluded": len(verdicts) - len(known)}


# The kinds.


def count(kpi, world, periods, breakdown):
    """How many rows; those that lack a value asked for are counted apart."""
    asked = [one for one in kpi.measure.where if asks_for_a_value(one)]
    others = [one for one in kpi.measure.where if not asks_for_a_value(one)]

    def verdict(row, period):
        if not all_hold(row, asked):
            return None
        wanted = getattr(kpi.measure, "lasted", None)
        return lasted(row, wanted, period) if wanted else True

    def figures(rows, period):
        return {**sums(verdict(row, period) for row in rows), "denominator": None}

    return tally(kpi, world, periods, breakdown, others, figures)


def total(kpi, world, periods, breakdown):
    """The sum of a column; without a single number it is not known, and blank ones are counted apart."""
    asked = [one for one in kpi.measure.where if asks_for_a_value(one)]
    others = [one for one in kpi.measure.where if not asks_for_a_value(one)]

    def figures(rows, _period):
        numbers = [row.get(kpi.measure.column) for row in rows if all_hold(row, asked)]
        known = [number for number in numbers if number is not None]
        return {"numerator": sum(known) if known else None, "denominator": None, "excluded": len(rows) - len(known)}

    return tally(kpi, world, periods, breakdown, others, figures)


def distinct(kpi, world, periods, breakdown):
    def figures(rows, _period):
        different = {row.get(kpi.measure.of) for row in rows} - {None}
        return {"numerator": len(different), "denominator": None, "excluded": 0}

    return tally(kpi, world, periods, breakdown, kpi.measure.where, figures)


def percentage(kpi, world, periods, breakdown):
    """Which share passes; a row with a blank tested column does not count."""
    measure = kpi.measure
    others = [one for one in measure.where if not asks_for_a_value(one)]

    def verdict(row, period):
        if not all(holds(row, one) for one in measure.where if asks_for_a_value(one)):
            return None
        tested = [one for one in measure.numerator if one.is_not is None and one.known is None]
        if any(row.get(one.column) is None for one in tested):
            return None
        long_enough = lasted(row, measure.lasted, period) if measure.lasted else True
        return None if long_enough is None else long_enough and all_hold(row, measure.numerator)

    return tally(
        kpi, world, periods, breakdown, others, lambda rows, period: sums(verdict(row, period) for row in rows)
    )


def within(kpi, world, periods, breakdown):
    """Which share was done in time; what ended before it began does not count, nor what is not finished.

    Where the measure says so, what is unfinished and over its limit by the end of the last covered day is late.
    """
    measure = kpi.measure
    start_of = _start_of(measure, world)
    end_of_cover = world.covered_to.get(measure.records)

    def verdict(row):
        limit = measure.limit_by.limits.get(row.get(measure.limit_by.column)) if measure.limit_by else measure.limit
        if limit is None:
            return None
        if start_of:
            start, start_time = start_of(row), None
        else:
            start, start_time = row.get(measure.from_), row.get(f"{measure.from_}_minute")
        end, end_time = row.get(measure.to), row.get(f"{measure.to}_minute")
        if start is None:
            return None
        if end is None:
            if measure.unfinished == "left_out" or end_of_cover is None:
                return None
            midnight = datetime.datetime.combine(end_of_cover, datetime.time())
            in_time = _in_time(limit, start, end_of_cover - ONE_DAY, start_time, midnight)
            return None if in_time else False
        if end < start or (start_time and end_time and end_time < start_time):
            return None
        if limit.hours and limit.hours < 24 and not (start_time and end_time):
            # Less than a day needs both times, unless a whole day lies between the two.
            return None if end <= start + ONE_DAY else False
        return _in_time(limit, start, end, start_time, end_time)

    verdicts = {id(row): verdict(row) for row in _rows_about(world, measure.records, measure.where)}
    return tally(
        kpi, world, periods, breakdown, measure.where, lambda rows, _period: sums(verdicts[id(row)] for row in rows)
    )


def _in_time(limit, start, end, start_time, end_time):
    if limit.working_days is not None:
        return working_days(start, end) <= limit.working_days
    if limit.days is not None:
        return (end - start).days <= limit.days
    if start_time and end_time:
        return end_time - start_time <= datetime.timedelta(hours=limit.hours)
    whole_days = limit.hours // 24 + (1 if limit.hours % 24 else 0)
    return (end - start).days <= whole_days


def _start_of(measure, world):
    return _linked_starts(world, measure) if isinstance(measure.from_, Linked) else None


def _linked_starts(world, measure):
    """Return a function from a row to the date reported with it, else the child's nearest earlier one."""
    link = measure.from_
    days = defaultdict(list)
    for row in world.rows(link.records):
        if row.get(link.column) is not None:
            days[row[world.child_column(link.records)]].append(row[link.column])

    def start_of(row):
        if link.reported_in and row.get(link.reported_in) is not None:
            return row[link.reported_in]
        end = row.get(measure.to)
        child = row[world.child_column(measure.records)]
        near = [day for day in days[child] if end and 0 <= (end - day).days <= link.within_days]
        return max(near, default=None)

    return start_of


def _length(row, measure, start_of=None):
    if measure.column is not None:
        return row.get(measure.column)
    start, end = start_of(row) if start_of else row.get(measure.from_), row.get(measure.to)
    if start is None or end is None or end < start:
        return None
    return working_days(start, end) if measure.in_ == "working_days" else (end - start).days


def ratio(kpi, world, periods, breakdown):
    """How many of one thing, and how many of another; rows that lack a value asked for are counted apart."""
    sides = kpi.measure, kpi.measure.over
    found = {}
    for place, base in enumerate(sides):
        asked = [one for one in base.where if asks_for_a_value(one)]
        rows = _rows_about(world, base.records, [one for one in base.where if not asks_for_a_value(one)])
        for period in periods:
            for row in of_period(rows, base, period):
                group = group_of(kpi, world, row, breakdown, base.records)
                known, unknown = found.setdefault((period.id, group), ([0, 0], [0, 0]))
                (known if all_hold(row, asked) else unknown)[place] += 1

    def number(known, unknown):
        return None if unknown and not known else known

    return {
        key: {
            "numerator": number(known[0], unknown[0]),
            "denominator": number(known[1], unknown[1]),
            "excluded": sum(unknown),
        }
        for key, (known, unknown) in found.items()
    }


def mean(kpi, world, periods, breakdown):
    """The sum of the lengths, and how many there are; what cannot be measured is counted apart."""

    start_of = _start_of(kpi.measure, world)

    def figures(rows, _period):
        lengths = [length for row in rows if (length := _length(row, kpi.measure, start_of)) is not None]
        total = sum(lengths) if lengths else None
        return {"numerator": total, "denominator": len(lengths), "excluded": len(rows) - len(lengths)}

    return tally(kpi, world, periods, breakdown, kpi.measure.where, figures)


def median(kpi, world, periods, breakdown):
    """The middle length, or the sum of the two in the middle of an even number."""

    start_of = _start_of(kpi.measure, world)

    def figures(rows, _period):
        lengths = sorted(length for row in rows if (length := _length(row, kpi.measure, start_of)) is not None)
        middle = lengths[(len(lengths) - 1) // 2 : len(lengths) // 2 + 1]
        total = sum(middle) if middle else None
        return {"numerator": total, "denominator": len(lengths), "excluded": len(rows) - len(lengths)}

    return tally(kpi, world, periods, breakdown, kpi.measure.where, figures)


def upper_quartile(kpi, world, periods, breakdown):
    """The shortest of the lengths that at least three in four of them do not exceed."""

    start_of = _start_of(kpi.measure, world)

    def figures(rows, _period):
        lengths = [length for row in rows if (length := _length(row, kpi.measure, start_of)) is not None]
        enough = [one for one in lengths if sum(other <= one for other in lengths) * 4 >= len(lengths) * 3]
        return {
            "numerator": min(enough, default=None), "denominator": len(lengths), "excluded": len(rows) - len(lengths),
        }  # fmt: skip

    return tally(kpi, world, periods, breakdown, kpi.measure.where, figures)


def repeat(kpi, world, periods, breakdown):
    """Which share of rows, or of children, is the n-th time or later within the window."""
    measure = kpi.measure
    mine = [row for row in _rows_about(world, measure.records, measure.where) if row.get(measure.dated_by)]

    def who(row):
        return tuple(row.get(column) for column in measure.who_columns)

    history = defaultdict(list)
    for row in mine:
        if None not in who(row):
            history[who(row)].append(row)
    own = {id(row): _is_repeat(row, measure, history[who(row)]) for row in mine if None not in who(row)}

    def counter(row):
        return row.get(measure.reported_count) if measure.reported_count else None

    def is_reported(row):
        return own[id(row)] or (counter(row) is not None and counter(row) >= measure.occurrence - 1)

    def is_known(row):
        return own[id(row)] or counter(row) is not None

    def how_many(rows):
        return len({who(row) for row in rows}) if measure.counted == "children" else len(list(rows))

    def figures(everything, _period):
        rows = [row for row in everything if None not in who(row)]
        return {
            "numerator": how_many([row for row in rows if own[id(row)]]),
            "denominator": how_many(rows),
            "excluded": len(everything) - len(rows) if measure.counted == "records" else 0,
            "reported_numerator": how_many([row for row in rows if is_reported(row)]),
            "reported_known": how_many([row for row in rows if is_known(row)]),
        }

    return tally(kpi, world, periods, breakdown, measure.where, figures)


def _is_repeat(row, measure, history):
    day = row[measure.dated_by]

    def is_recent(earlier):
        if measure.within_days is not None:
            return (day - earlier).days < measure.within_days
        # To the day: exactly twelve months ago is no longer within twelve months.
        return earlier > months_before(day, measure.within_months)

    if measure.same_day == "one_occasion":
        occasions = {other[measure.dated_by] for other in history if other[measure.dated_by] < day}
        if measure.since is not None:
            earlier = [other.get(measure.since) for other in history if other[measure.dated_by] < day]
            return any(is_recent(one) for one in earlier if one is not None)
        if measure.not_within_months is not None:
            last = max(occasions, default=None)
            return last is not None and is_recent(last) and last <= months_before(day, measure.not_within_months)
        return sum(map(is_recent, occasions)) >= measure.occurrence - 1
    minute = f"{measure.dated_by}_minute"
    # Of several on one day the untimed come first, and then the order in which they were sent decides.
    ordered = sorted(history, key=lambda one: (one[measure.dated_by], one.get(minute) or datetime.datetime.min))
    before = ordered[: next(place for place, other in enumerate(ordered) if other is row)]
    return sum(is_recent(other[measure.dated_by]) for other in before) >= measure.occurrence - 1


def previous_ever(kpi, world, periods, breakdown):
    """Which share has had one before, ever: stored here on an earlier day, or reported; else it is not known."""
    measure = kpi.measure
    first = {}
    for row in _rows_about(world, measure.records, measure.where):
        child, day = row[measure.who], row[measure.dated_by]
        if day is not None:
            first[child] = min(first.get(child, day), day)

    def verdict(row):
        if first[row[measure.who]] < row[measure.dated_by]:
            return True
        reported = row.get(measure.reported_count)
        return None if reported is None else reported >= 1

    return tally(
        kpi, world, periods, breakdown, measure.where, lambda rows, _period: sums(verdict(row) for row in rows)
    )


def change(kpi, world, periods, breakdown):
    """Of rows that come after another of the same child, in which share the level is lower, or higher, than it was."""
    measure, minute = kpi.measure, f"{kpi.measure.dated_by}_minute"

    def who(row):
        return tuple(row.get(column) for column in measure.who_columns)

    def level(row):
        value = row.get(measure.column)
        if measure.order is None or value is None:
            return value
        return measure.order.index(value) if value in measure.order else None

    history = defaultdict(list)
    for row in world.rows(measure.records):
        if row.get(measure.dated_by) is not None:
            history[who(row)].append(row)

    def before(row):
        earlier = [one for one in history[who(row)] if one[measure.dated_by] < row[measure.dated_by]]
        order = {id(one): (one[measure.dated_by], one.get(minute) or datetime.datetime.min) for one in earlier}
        return sorted(earlier, key=lambda one: order[id(one)])[-1] if earlier else None

    def verdict(row, _period):
        if None in who(row):
            return None
        now, then = level(row), level(before(row))
        if now is None or then is None:
            return None
        return now < then if measure.direction == "lower" else now > then

    return tally(
        kpi, world, periods, breakdown, measure.where,
        lambda rows, period: sums(verdict(row, period) for row in rows),
        lambda row, _period: None in who(row) or before(row) is not None,
    )  # fmt: skip


def cohort(kpi, world, periods, breakdown):
    """Which share was followed in time; those whose time has not passed by the last covered day do not count."""
    measure = kpi.measure
    starts = defaultdict(set)
    for row in _rows_about(world, measure.records, measure.where):
        if row[measure.dated_by] is not None:
            starts[row[measure.who]].add(row[measure.dated_by])
    followed = set()
    for event in _rows_about(world, measure.then, measure.then_where):
        child, day = event[world.child_column(measure.then)], event[measure.then_dated_by]
        near = [start for start in starts[child] if start <= day and (day - start).days <= measure.within_days]
        belongs_to = event.get(measure.reported_in) if measure.reported_in else None
        belongs_to = belongs_to or max(near, default=None)
        if belongs_to and 0 <= (day - belongs_to).days <= measure.within_days:
            followed.add((child, belongs_to))
    end_of_cover = world.covered_to.get(measure.then, LONG_AGO)

    def verdict(row):
        last_chance = row[measure.dated_by] + ONE_DAY * measure.within_days
        return None if last_chance >= end_of_cover else (row[measure.who], row[measure.dated_by]) in followed

    return tally(
        kpi, world, periods, breakdown, measure.where, lambda rows, _period: sums(verdict(row) for row in rows)
    )


def reached(kpi, world, periods, breakdown):
    """Which share came to the last of several events, step by step; all are followed for the same time."""
    measure = kpi.measure
    before = {}  # (child, day) -> the first event's day that each earlier event belongs to, or None
    for row in _rows_about(world, measure.records, measure.where):
        if row[measure.dated_by] is not None:
            before[row[measure.who], row[measure.dated_by]] = row[measure.dated_by]
    for hop in measure.hops:
        before = _after_hop(hop, before, world)
    came = {
        (child, first) for (child, day), first in before.items() if first and (day - first).days <= measure.within_days
    }
    end_of_cover = min(world.covered_to.get(hop.records, LONG_AGO) for hop in measure.hops)

    def verdict(row):
        last_chance = row[measure.dated_by] + ONE_DAY * measure.within_days
        return None if last_chance >= end_of_cover else (row[measure.who], row[measure.dated_by]) in came

    return tally(
        kpi, world, periods, breakdown, measure.where, lambda rows, _period: sums(verdict(row) for row in rows)
    )


def _after_hop(hop, before, world):
    """Return the events of a hop by child and day, each with the first event's day that it belongs to."""
    found = {}
    for row in _rows_about(world, hop.records, hop.where):
        child, day = row[world.child_column(hop.records)], row[hop.dated_by]
        earlier = [one for who, one in before if who == child and one <= day]
        reported = row.get(hop.reported_in) if hop.reported_in else None
        belongs_to = reported if reported else max(earlier, default=None)
        first = None
        if belongs_to in earlier and (day - belongs_to).days <= hop.within_days:
            first = before[child, belongs_to]
        # Of several events of one day the one of the newest journey speaks for all.
        found[child, day] = max(filter(None, (first, found.get((child, day)))), default=None)
    return found


def reviewed(kpi, world, periods, breakdown):
    """Which share of the plans open long enough had every review in time, seen from the period's last day."""
    measure = kpi.measure
    reviews = defaultdict(list)
    for review in world.rows(measure.reviews):
        reviews[review[measure.reviews_who or world.child_column(measure.reviews)]].append(
            review[measure.reviews_dated_by]
        )
    sent_from = world.covered_from.get(measure.reviews, LONG_AGO)

    def after(day, months, weeks):
        return months_after(day, months) if weeks is None else day + ONE_DAY * 7 * weeks

    def verdict(row, today):
        start, end = row[measure.open_from], row.get(measure.open_to)
        if start < sent_from:
            return None
        held = sorted(day for day in reviews[row[measure.who]] if start < day <= today and (end is None or day <= end))
        due = after(start, measure.first_within_months, measure.first_within_weeks)
        second_year = months_after(start, 12)
        has_longer = measure.second_year_within_months or measure.second_year_within_weeks
        for day in held:
            if day > due:
                return False
            due = after(day, measure.then_within_months, measure.then_within_weeks)
            if has_longer and day >= second_year:
                due = after(day, measure.second_year_within_months, measure.second_year_within_weeks)
        return today <= due

    def figures(rows, period):
        return sums(verdict(row, period.last) for row in rows)

    def is_old_enough(row, period):
        return after(row[measure.open_from], measure.open_at_least_months, measure.open_at_least_weeks) <= period.last

    found = {}
    plans = _rows_about(world, measure.records, measure.where)
    for period in periods:
        old_enough = [row for row in of_period(plans, measure, period) if is_old_enough(row, period)]
        for group, members in grouped(kpi, world, old_enough, breakdown).items():
            found[period.id, group] = figures(members, period)
    return found


def recent(kpi, world, periods, breakdown):
    """Which share of rows open for longer than the limit has its date within the limit of the last day."""
    measure, limit = kpi.measure, kpi.measure.limit

    def is_near(day, last):
        if limit.months is not None:
            return months_after(day, limit.months) >= last
        return (working_days(day, last) if limit.days is None else (last - day).days) <= (
            limit.working_days if limit.days is None else limit.days
        )

    def is_long_open(row, period):
        return not is_near(row[measure.open_from], period.last)

    def verdict(row, period):
        day = row.get(measure.date)
        if day is None:
            return False if measure.blank == "missed" else None
        # What was the last one on that day is not known of a row that has a later one.
        return None if day > period.last else is_near(day, period.last)

    def figures(rows, period):
        since = sum(row.get(measure.date) is not None and row[measure.date] > period.last for row in rows)
        return {**sums(verdict(row, period) for row in rows), "since": since}

    return tally(kpi, world, periods, breakdown, measure.where, figures, is_long_open)


def ageing(kpi, world, periods, breakdown):
    """How many rows open for longer than the first band lie in each, counted from the date to the last day."""
    measure, by_time = kpi.measure, breakdown == "time_since"

    def is_near(day, last, end):
        if end.months is not None:
            return months_after(day, end.months) >= last
        if end.days is not None:
            return (last - day).days <= end.days
        return working_days(day, last) <= end.working_days

    def band(row, last):
        day = row.get(measure.date)
        if day is None:
            return "unknown"
        near = (label for label, end in zip(measure.labels, measure.bands, strict=False) if is_near(day, last, end))
        return next(near, measure.labels[-1])

    def figures(rows, period):
        later = sum(row.get(measure.date) is not None and row[measure.date] > period.last for row in rows)
        return {"numerator": len(rows) - later, "denominator": None, "excluded": later, "since": later}

    def by_band(rows, period):
        known = [row for row in rows if row.get(measure.date) is None or row[measure.date] <= period.last]
        return {
            one: {
                "numerator": sum(band(row, period.last) == one for row in known),
                "denominator": None, "excluded": 0, "since": len(rows) - len(known),
            }
            for one in {band(row, period.last) for row in known}
        }  # fmt: skip

    def is_long_open(row, period):
        return not is_near(row[measure.open_from], period.last, measure.bands[0])

    if not by_time:
        return tally(kpi, world, periods, breakdown, measure.where, figures, is_long_open)
    found = tally(kpi, world, periods, "", measure.where, by_band, is_long_open)
    return {(period, group): one for (period, _), groups in found.items() for group, one in groups.items()}


def preceded(kpi, world, periods, breakdown):
    """Which share has an earlier row of the same child in another list: on the reported day, else near enough."""
    measure, by = kpi.measure, kpi.measure.by
    days = defaultdict(set)
    for row in _rows_about(world, by.records, by.where):
        days[row[world.child_column(by.records)]].add(row.get(by.dated_by))

    def verdict(row):
        child, day = row.get(measure.who), row[measure.dated_by]
        if child is None:
            return None
        near = {one for one in days[child] if one and one <= day <= one + ONE_DAY * measure.within_days}
        reported = row.get(measure.reported_in) if measure.reported_in else None
        return bool(near) if reported is None else reported in near

    return tally(
        kpi, world, periods, breakdown, measure.where, lambda rows, _period: sums(verdict(row) for row in rows)
    )


def every(kpi, world, periods, breakdown):
    """Of groups of rows, in which share every row that must pass does: one fails, else one unknown leaves it open."""
    measure = kpi.measure

    def answer_to(row, conditions):
        """Return True, False, or None where a blank leaves it open."""
        answers = []
        for one in conditions:
            is_open = row.get(one.column) is None and one.known is None and one.is_not is None
            answers.append(None if is_open else holds(row, one))
        return False if False in answers else None if None in answers else True

    def verdict(rows):
        said = [(answer_to(row, measure.required), answer_to(row, measure.numerator)) for row in rows]
        if (True, False) in said:
            return False
        if any(must is not False and passed is not True for must, passed in said):
            return None
        if (True, True) in said:
            return True
        return None if (None, True) in said else "nothing to pass"

    groups = defaultdict(list)
    for row in _rows_about(world, measure.records, measure.where):
        one = row.get(measure.group_by)
        if row.get(measure.dated_by) is not None:
            groups[group_of(kpi, world, row, breakdown), one, None if one else id(row)].append(row)
    found = defaultdict(list)
    for (group, one, _nobodys), rows in groups.items():
        said = verdict(rows) if one else None
        first = min(row[measure.dated_by] for row in rows)
        for period in periods:
            if period.first <= first < period.end and said != "nothing to pass":
                found[period.id, group].append(said)
    return {key: sums(verdicts) for key, verdicts in found.items()}


def during(kpi, world, periods, breakdown):
    """Of the children with a row that was open on any day of the period, how many have one of the other list in it."""
    measure, had = kpi.measure, kpi.measure.had
    events = defaultdict(list)
    for row in _rows_about(world, had.records, had.where):
        if row.get(had.dated_by) is not None:
            events[row[world.child_column(had.records)]].append(row[had.dated_by])
    found = {}
    for period in periods:
        was_there = [
            row
            for row in _rows_about(world, measure.records, measure.where)
            if row[measure.open_from] <= period.last and (row.get(measure.open_to) or period.last) >= period.first
        ]
        for group, rows in grouped(kpi, world, was_there, breakdown).items():
            children = {row[measure.who] for row in rows}
            found[period.id, group] = sums(
                any(period.first <= day <= period.last for day in events[child]) for child in children
            )
    return found


def filled(kpi, world, periods, breakdown):
    """How many of the cells looked at say something; a child who is not born yet has no date of birth to give."""

    def says_something(record, row, name):
        if record.columns[name].type == "birth":
            return row.get("age_band") not in (None, "unknown")
        return row.get(name) is not None

    found = {}
    for records, columns in kpi.measure.cells.items():
        record = world.definitions.record_types[records]
        for row in world.rows(records):
            group = {"": "", "list": records}.get(breakdown, row.get(breakdown))
            for period in periods:
                day = row.get(record.dated_by)
                if day is None or not period.first <= day < period.end:
                    continue
                figures = found.setdefault((period.id, group), {"numerator": 0, "denominator": 0, "excluded": 0})
                for name in columns:
                    figures["denominator"] += 1
                    figures["numerator"] += says_something(record, row, name)
    return found


def came_in_time(definitions, sheets, figures, periods, today, breakdown=""):
    """Return what of all that was due was here in time, day by day and figure by figure.

    `sheets` are rows of agency, list, first and last day, and the day it came; `figures` of agency, measure, period id,
    the day it came and whether it is a number, in the order in which they came.
    """
    expected = [
        (line, item, one)
        for line in definitions.partnership.returns
        for one in all_periods(definitions.partnership.first_day, today)
        if one.kind == line.every and one.first >= line.from_
        for item in (*line.records, *line.kpis)
    ]
    found = {}
    for period in periods:
        for line, item, one in expected:
            if not period.first < one.end <= period.end:
                continue
            group = line.agency if breakdown == "agency" else ""
            tally = found.setdefault((period.id, group), {"numerator": 0, "denominator": 0, "excluded": 0})
            due = one.last + ONE_DAY * line.due_days_after
            if today <= due:
                tally["excluded"] += 1
                continue
            tally["denominator"] += 1
            tally["numerator"] += _was_here(line.agency, item, one, due, sheets, figures)
    return found


def _was_here(agency, item, period, due, sheets, figures):
    sent = [row for row in figures if row["agency"] == agency and row["kpi"] == item and row["period"] == period.id]
    if sent:
        return sent[-1]["is_number"] and any(row["is_number"] and row["came"] <= due for row in sent)
    days = [period.first + ONE_DAY * number for number in range((period.end - period.first).days)]
    mine = [row for row in sheets if row["agency"] == agency and row["list"] == item and row["came"] <= due]
    return all(any(row["first"] <= day <= row["last"] for row in mine) for day in days)


KINDS = {
    "count": count,
    "sum": total,
    "stock": count,
    "rate": count,
    "ratio": ratio,
    "distinct": distinct,
    "percentage": percentage,
    "within": within,
    "mean": mean,
    "median": median,
    "upper_quartile": upper_quartile,
    "repeat": repeat,
    "previous_ever": previous_ever,
    "change": change,
    "cohort": cohort,
    "reached": reached,
    "reviewed": reviewed,
    "recent": recent,
    "ageing": ageing,
    "every": every,
    "preceded": preceded,
    "during": during,
    "filled": filled,
}
