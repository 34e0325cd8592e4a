"""Breaks in a series: from which day on a KPI is recorded otherwise, why, and what may not be compared across it."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from scorecards.definitions.measure_models import Model

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# The months on whose first day a period of each kind begins; 12 months that roll begin anew with every quarter, and
# a single day is a period of its own.
BEGINS_IN = {
    "month": tuple(range(1, 13)),
    "quarter": (1, 4, 7, 10),
    "half_year": (4, 10),
    "term": (1, 4, 9),
    "financial_year": (4,),
    "academic_year": (9,),
}


class SeriesBreak(Model):
    """From this day on a figure is recorded otherwise, so that no limit, trend or comparison crosses it."""

    from_: datetime.date = Field(alias="from")
    title: Annotated[Words, StringConstraints(max_length=40)]  # for a chart: "New recording system"
    reason: Words  # a sentence for whoever asks


class LocalBreak(SeriesBreak):
    """A break of one KPI in this partnership alone."""

    kpi: str

    @property
    def as_of_kpi(self) -> SeriesBreak:
        """Return the break as it stands on its KPI."""
        return SeriesBreak.model_validate(self.model_dump(exclude={"kpi"}))


def with_local(breaks: Sequence[SeriesBreak], kpi_id: str, local: Iterable[LocalBreak]) -> tuple[SeriesBreak, ...]:
    """Return a KPI's own breaks and the partnership's for it, the oldest first."""
    found = (*breaks, *(one.as_of_kpi for one in local if one.kpi == kpi_id))
    return tuple(sorted(found, key=lambda one: one.from_))


def newest_between(breaks: Iterable[SeriesBreak], first: datetime.date, end: datetime.date) -> SeriesBreak | None:
    """Return the newest break after `first` and before `end`: with it, days from the one to the other are not alike."""
    found = [one for one in breaks if first < one.from_ < end]
    return max(found, key=lambda one: one.from_) if found else None


def begins_a_period(day: datetime.date, windows: Iterable[str]) -> bool:
    """Return whether a period of one of these kinds begins on `day`."""
    return any(kind == "date" or (day.day == 1 and day.month in BEGINS_IN.get(kind, ())) for kind in windows)
