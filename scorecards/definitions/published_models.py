"""The shapes of published tables: which heading is which column, and which columns make which measure."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from scorecards.definitions.measure_models import Model
from scorecards.definitions.models import Text

# Ids become words in the store; their lengths are those of its columns.
MeasureId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,79}$")]
AgeBand = Annotated[str, StringConstraints(pattern=r"^\d{1,3}_\d{1,3}$")]
ModelId = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2})?( [a-z0-9 ]{1,12})?$")]
Headings = Annotated[tuple[Text, ...], Field(min_length=1)]
PublishedUnit = Literal["count", "percent", "per_10000"]


class ValueStatus(StrEnum):
    """What a published value is; only the first two have a number."""

    PUBLISHED = "published"
    DERIVED = "derived"  # worked out from published counts; not itself in the table
    SUPPRESSED = "suppressed"
    LOW_RELIABILITY = "low_reliability"
    ROUNDS_TO_ZERO = "rounds_to_zero"
    UNAVAILABLE = "unavailable"
    NOT_APPLICABLE = "not_applicable"


class Symbols(Model):
    """What stands where no number does; a blank is one of them."""

    suppressed: tuple[str, ...]
    unavailable: tuple[str, ...]
    not_applicable: tuple[str, ...]
    low_reliability: tuple[str, ...]
    rounds_to_zero: tuple[str, ...]

    @cached_property
    def by_form(self) -> dict[str, ValueStatus]:
        """Return every symbol, in small letters, and what it means."""
        return {form.casefold(): ValueStatus(name) for name, forms in self for form in forms}


class Levels(Model):
    country: Headings
    region: Headings
    council: Headings


class AreaColumns(Model):
    """The headings of what a row is about: its period, its level and the codes of its area."""

    period: Headings
    level: Headings
    country: Headings
    region: Headings
    region_name: Headings
    council: Headings
    council_name: Headings
    number: Headings
    levels: Levels


class PublishedMeasure(Model):
    """A measure as a column that has it, else as counts that make it; counts are added before they are divided."""

    unit: PublishedUnit
    value: str | None = None
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    per_children: AgeBand | None = None

    @model_validator(mode="after")
    def _can_be_had(self):
        if self.unit == "count" and (self.value is None or self.denominator or self.per_children):
            raise ValueError("a count is the column named by value, and divides by nothing")
        if self.unit == "percent" and (bool(self.numerator) != bool(self.denominator) or self.per_children):
            raise ValueError("a percentage has a numerator and a denominator, or neither")
        if self.unit == "per_10000" and (bool(self.numerator) != bool(self.per_children) or self.denominator):
            raise ValueError("a rate has a numerator and per_children, or neither")
        if self.value is None and not self.numerator:
            raise ValueError("give value, or what it is worked out from")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        return (*([self.value] if self.value else ()), *self.numerator, *self.denominator)


class _Table(Model):
    id: str
    title: Text
    publisher: Text
    columns: dict[str, Headings]
    recognised_by: tuple[str, ...] = Field(min_length=1)

    @property
    def used(self) -> Iterable[tuple[str, str]]:
        """Return the name of every column that a setting names, with the setting."""
        return [("recognised_by", name) for name in self.recognised_by]


class ValuesTable(_Table):
    kind: Literal["values"]
    measures: dict[MeasureId, PublishedMeasure] = Field(min_length=1)
    only: dict[str, tuple[Text, ...]] = Field(default_factory=dict)  # column -> words; rows with others are left out
    years_behind: int = Field(default=0, ge=0, le=5)

    @property
    def used(self) -> Iterable[tuple[str, str]]:
        of_measures = [(f"measure '{name}'", column) for name, one in self.measures.items() for column in one.columns]
        return [*super().used, *(("only", name) for name in self.only), *of_measures]


class PopulationTable(_Table):
    kind: Literal["population"]
    age: str
    value: str
    bands: dict[AgeBand, Headings] = Field(min_length=1)
    years_behind: int = Field(default=0, ge=0, le=5)  # how many years before its release its newest mid-year lies

    @property
    def used(self) -> Iterable[tuple[str, str]]:
        return [*super().used, ("age", self.age), ("value", self.value)]


class NeighboursTable(_Table):
    kind: Literal["neighbours"]
    model: ModelId
    number: str
    nearest: tuple[str, ...] = Field(min_length=1)  # the nearest first

    @property
    def used(self) -> Iterable[tuple[str, str]]:
        return [*super().used, ("number", self.number), *(("nearest", name) for name in self.nearest)]


PublishedTable = ValuesTable | PopulationTable | NeighboursTable
TABLE_KINDS: dict[str, type[_Table]] = {
    "values": ValuesTable,
    "population": PopulationTable,
    "neighbours": NeighboursTable,
}


class PublishedTables(Model):
    """Every published table that can be loaded."""

    symbols: Symbols
    areas: AreaColumns
    tables: dict[str, PublishedTable]

    def measure(self, measure_id: str) -> PublishedMeasure | None:
        """Return the measure of that id in whichever table has it."""
        values = [table for table in self.tables.values() if isinstance(table, ValuesTable)]
        return next((table.measures[measure_id] for table in values if measure_id in table.measures), None)
