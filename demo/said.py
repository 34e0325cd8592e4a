"""What the agencies of the fictional area said about returns that are not here, and what was done about them."""

import datetime
from typing import NamedTuple

from scorecards.returns import record_chaser, record_reason
from scorecards.returns.said import WHOLE_RETURN, How, Kind
from scorecards.store import Store

ANALYST = "Ana Lyst"


class _Reason(NamedTuple):
    agency: str
    period: str
    item: str
    why: str
    expected: datetime.date | None
    on: datetime.date


class _Chaser(NamedTuple):
    agency: str
    period: str
    kind: Kind
    how: How
    on: datetime.date
    note: str


_REASONS = (
    _Reason(
        "hospital", "2024-25-Q3", WHOLE_RETURN,
        "The trust changed its record system in November 2024 and cannot count that quarter again", None,
        datetime.date(2025, 2, 12),
    ),
    _Reason(
        "police", "2025-26-Q2", "missing_episodes", "Moving to a new system, the first extract is being checked",
        datetime.date(2025, 10, 20), datetime.date(2025, 10, 13),
    ),
)  # fmt: skip
_CHASERS = (
    _Chaser("hospital", "2024-25-Q3", "reminder", "email", datetime.date(2025, 1, 10), ""),
    _Chaser("hospital", "2024-25-Q3", "reminder", "email", datetime.date(2025, 1, 24), "Out of office until the 27th"),
    _Chaser("hospital", "2024-25-Q3", "reminder", "call", datetime.date(2025, 2, 12), "They cannot count the quarter"),
    _Chaser("hospital", "2024-25-Q3", "escalation", "meeting", datetime.date(2025, 2, 14), "Chair wrote to the trust"),
    _Chaser("voluntary", "2025-26-Q1", "reminder", "email", datetime.date(2025, 7, 28), "June is not in the file"),
    _Chaser("police", "2025-26-Q2", "reminder", "email", datetime.date(2025, 10, 9), ""),
    _Chaser("police", "2025-26-Q2", "reminder", "call", datetime.date(2025, 10, 13), "Expected on the 20th"),
)


def record_what_was_said(store: Store) -> None:
    """Record the reasons and the log of reminders, each on its day."""
    for reason in _REASONS:
        agency, period, item, why, expected, on = reason
        at = datetime.datetime.combine(on, datetime.time(10), datetime.UTC)
        record_reason(store, agency, period, item, why, expected, ANALYST, at=at)
    for chaser in _CHASERS:
        record_chaser(store, chaser.agency, chaser.period, chaser.kind, chaser.how, chaser.on, chaser.note, ANALYST)
