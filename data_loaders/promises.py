"""Owns when a figure that is not there can be had, in its sender's words: "not available until Q3"."""

import datetime
import re

from scorecards.periods import Period, parse_period, quarter_of

# What people write in the place of a number; what follows is a day or a period.
_NOT_YET = re.compile(
    r"(?:not (?:yet )?(?:available|ready|published)(?: yet)?|available(?= )|expected|due|awaited|to follow)"
    r"(?:[ :,-]+(?:until|till|before|from|in|by|on|after))?[ :,-]*(?P<when>.*)",
    re.IGNORECASE,
)
_QUARTER = re.compile(r"(?:q|qtr|quarter) ?([1-4])", re.IGNORECASE)


def is_promise(text: str) -> bool:
    """Return whether words in the place of a number say that there is none yet."""
    return _NOT_YET.fullmatch(text) is not None


def promised(text: str, today: datetime.date) -> Period | None:
    """Return the day or period from which a figure can be had, of words in the place of a number; None for no day."""
    said = _NOT_YET.fullmatch(text)
    return period_of(said["when"], today) if said else None


def period_of(text: str, today: datetime.date) -> Period | None:
    """Return the day or period that `text` names; "Q3" alone is the next third quarter that has not ended."""
    quarter = _QUARTER.fullmatch(text.strip())
    if quarter is None:
        return parse_period(text)
    found = quarter_of(today)
    while found.id[-1] != quarter[1]:
        found = quarter_of(found.end)
    return found
