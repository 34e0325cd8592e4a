"""Data sets: measures set out section by section for one question, such as what becomes of contacts to the MASH."""

from typing import Literal

from pydantic import Field, model_validator

from scorecards.definitions.groupings import Words
from scorecards.definitions.measure_models import Model

Form = Literal["trend", "groups", "now", "funnel"]


class Shown(Model):
    """One measure as it is shown: its three years, its groups over time or now, or its groups about their average."""

    kpi: str
    form: Form
    by: str | None = None

    @model_validator(mode="after")
    def _by_a_breakdown(self):
        if (self.by is None) != (self.form == "trend"):
            raise ValueError("by names a breakdown, and stands with the forms groups, now and funnel only")
        return self


class Section(Model):
    title: Words
    about: Words | None = None
    shows: tuple[Shown, ...] = Field(min_length=1)


class DataSet(Model):
    """A page of its own: what it is about, who answers for it, and its sections in order."""

    id: str
    title: Words
    about: Words
    lead: Words
    audience: Words | None = None
    sections: tuple[Section, ...] = Field(min_length=1)

    @property
    def shows(self) -> tuple[Shown, ...]:
        """Return everything that is shown, in order."""
        return tuple(shown for section in self.sections for shown in section.shows)
