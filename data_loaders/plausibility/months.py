"""Owns the doubt about how many rows a list has: month by month, beside the same agency's months before."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy
from sqlalchemy import Connection, func, select

from data_loaders.plausibility.usual import MOST_POINTS, Told, Usual, by_doubt, doubt, usual
from data_loaders.preview import Plan
from data_loaders.results import ListCheck
from scorecards.definitions import RecordType
from scorecards.periods import merged, month
from scorecards.series.coverage import withdrawn
from scorecards.store import Store
from scorecards.store.schema import submission

EPOCH = 719_163  # the ordinal of 1 January 1970
NAMED = 3  # months that are named in a sentence


def unusual_months(store: Store, connection: Connection, plan: Plan) -> list[Told]:
    """Return the months of which a list has far more or fewer rows than the same agency's months before."""
    batch, record = plan.batch, plan.batch.record
    if record.dated_by is None or any(one.follows for _, one in batch.lists):
        # A list that stands in another's rows is complete by the other's date, not by its own.
        return []
    sent = whole_months(spans_of(one for _, one in batch.lists))
    if not sent:
        return []
    known = whole_months(stored_spans(connection, batch.agency, record)) - sent
    past = [month for month in sorted(known) if month < min(sent)][-MOST_POINTS:]
    stored = stored_months(store, connection, batch.agency, record, min(past, default=min(sent)))
    history = [stored.get(month, 0) for month in past]
    counts = Counter(months_of(day for _, one in batch.lists for day in one.rows.columns.get(record.dated_by, ())))
    # What was sent before and stands was believed then.
    fresh = [month for month in sorted(sent) if counts[month] != stored.get(month, -1)]
    return [
        told
        for code, months in by_doubt(history, [(month, counts[month]) for month in fresh]).items()
        for told in month_doubts(code, months, history, plan)
    ]


def month_doubts(code: str, months, history: Sequence[float], plan: Plan) -> list[Told]:
    """Return one doubt for each list that covers any of the months."""
    told = []
    left = dict(months)
    for file, one in plan.batch.lists:
        own = [(month, left.pop(month)) for month in sorted(set(left) & whole_months(spans_of([one])))]
        if own:
            said = ", ".join(
                f"{month_name(month)}: {count:,} {'row' if count == 1 else 'rows'}" for month, count in own[:NAMED]
            )
            more = f", and {len(own) - NAMED} more months like that" if len(own) > NAMED else ""
            sentence = f"{said}{more}, where {expected(history)} a month are usual from this agency."
            told.append(doubt(code, file, one, sentence))
    return told


def expected(history: Sequence[float]) -> str:
    limits = usual(history, math.sqrt) or Usual(min(history), max(history), len(history))
    return f"{max(math.ceil(limits.low), 0):,} to {math.floor(limits.high):,}"


def month_name(number: int) -> str:
    return month(1970 + number // 12, number % 12 + 1).label


def months_of(days: Iterable[int]) -> list[int]:
    """Return the months of days, counted from January 1970."""
    since = numpy.fromiter(days, numpy.int64) - EPOCH
    return since.astype("datetime64[D]").astype("datetime64[M]").astype(int).tolist()


def spans_of(lists: Iterable[ListCheck]) -> list[tuple[int, int]]:
    return [(one.covers[0].toordinal(), one.covers[1].toordinal() + 1) for one in lists if one.covers]


def whole_months(spans: Iterable[tuple[int, int]]) -> set[int]:
    """Return the months of which every day is in the spans."""
    found: set[int] = set()
    for first, end in merged(spans):
        # The month before the first day's is the last that is not whole from its beginning on.
        before, last = months_of((first - 1, end))
        found.update(range(before + 1, last))
    return found


def stored_spans(connection: Connection, agency: str, record: RecordType) -> list[tuple[int, int]]:
    """Return the days that an agency's standing submissions of a list cover."""
    query = select(submission.c.covers_from, submission.c.covers_to).where(
        submission.c.agency == agency,
        submission.c.record_type == record.id,
        submission.c.covers_from.is_not(None),
        submission.c.id.not_in(withdrawn()),
    )
    return [(first, end) for first, end in connection.execute(query)]


def stored_months(store: Store, connection: Connection, agency: str, record: RecordType, since: int) -> Counter:
    """Return how many live rows of an agency's list are dated in each month from `since` on."""
    table = store.lists[record.id]
    day = table.c[str(record.dated_by)]
    first = numpy.datetime64(since, "M").astype("datetime64[D]").astype(int).item() + EPOCH
    query = select(day, func.count()).where(table.c.superseded_in.is_(None), table.c.agency == agency, day >= first)
    found = list(connection.execute(query.group_by(day)))
    counts: Counter = Counter()
    for number, (_, count) in zip(months_of(day for day, _ in found), found, strict=True):
        counts[number] += count
    return counts
