"""Whether what was due came in time, counted by period: of every list and measure that an agency is to send."""

import datetime
import hashlib
from collections.abc import Iterable, Sequence

from scorecards.definitions import Definitions
from scorecards.periods import Period
from scorecards.returns import Part, expected_parts
from scorecards.series.figures import Row

RETURNED = "returned"


def is_returned(kpi) -> bool:
    """Return whether a KPI is worked out from what agencies send and when, and so changes with every landing."""
    return kpi.measure.kind == RETURNED


def returned_rows(
    parts: Sequence[Part], periods: Iterable[Period], breakdown: str, today: datetime.date
) -> dict[tuple[str, str], Row]:
    """Return, by period and group, how many parts were due, how many of them came in time, and how many are not due.

    A part belongs to the periods in which its own period ends. None is judged before the day it is due has passed:
    those that are here early would make the share look good until then.
    """
    found: dict[tuple[str, str], Row] = {}
    for period in periods:
        for part in parts:
            if period.first < part.period.end <= period.end:
                key = (period.id, part.agency if breakdown == "agency" else "")
                found[key] = _with(found.get(key, Row(0, 0)), part, today)
    return found


def _with(row: Row, part: Part, today: datetime.date) -> Row:
    assert row.numerator is not None and row.denominator is not None
    if part.due >= today:
        return Row(row.numerator, row.denominator, row.excluded + 1)
    return Row(row.numerator + part.is_on_time, row.denominator + 1, row.excluded)


def what_is_due(definitions: Definitions, today: datetime.date) -> str:
    """Return a word that changes on the day after anything falls due; "" where no KPI asks."""
    if not any(is_returned(kpi) for kpi in definitions.kpis.values()):
        return ""
    due = sorted((one.agency, one.item, one.period.id) for one in expected_parts(definitions, today) if one.due < today)
    return hashlib.sha256(repr(due).encode()).hexdigest()[:16]
