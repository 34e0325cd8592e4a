"""Owns how a moment is told: in the time of this country, whatever the clock of the server."""

import datetime
from zoneinfo import ZoneInfo

from scorecards.format import day

LONDON = ZoneInfo("Europe/London")


def moment_words(moment: datetime.datetime) -> str:
    """Return a moment as people here tell it: "17 July 2025, 11:00"."""
    here = moment.astimezone(LONDON)
    return f"{day(here.date())}, {here:%H:%M}"
