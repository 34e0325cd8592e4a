"""The settings of each measure kind, as they stand in `kpi_definitions.yaml`."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

LONGEST_MONTH = 31
DAYS_A_WEEK = 7


class Model(BaseModel):
    """A frozen definition that knows no other keys than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def exactly_one(model, names):
    given = [name for name in names if getattr(model, name) is not None]
    if len(given) != 1:
        listed = ", ".join(name.rstrip("_") for name in names)
        found = f"{len(given)} stand" if given else "none stands"
        raise ValueError(f"give exactly one of {listed}; {found} here")
    return model


class Condition(Model):
    """One test of one column; a record with the column blank passes only `known: false` and `is_not`."""

    column: str
    is_: tuple[str, ...] | None = Field(default=None, alias="is", min_length=1)
    is_not: tuple[str, ...] | None = Field(default=None, min_length=1)
    known: bool | None = None
    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _one_test(self):
        return exactly_one(self, ("is_", "is_not", "known", "at_least", "at_most"))


LENGTHS = ("more_than_days", "more_than_working_days", "at_least_months", "at_most_months", "more_than_hours")


class Duration(Model):
    """How long something has lasted: from a date column to another, or to the last day of the period."""

    from_: str = Field(alias="from")
    to: str  # a date column, or "period_end"
    more_than_days: int | None = Field(default=None, ge=0)
    more_than_working_days: int | None = Field(default=None, ge=0)
    at_least_months: int | None = Field(default=None, gt=0)
    at_most_months: int | None = Field(default=None, gt=0)
    more_than_hours: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one_length(self):
        if self.more_than_hours is not None and self.to == "period_end":
            raise ValueError("more_than_hours runs between two moments of a row, so `to` is no period_end")
        return exactly_one(self, LENGTHS)


class Limit(Model):
    """A time limit: day 0 is the day of the start; hours are clock hours."""

    working_days: int | None = Field(default=None, ge=0)
    days: int | None = Field(default=None, ge=0)
    hours: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_unit(self):
        return exactly_one(self, ("working_days", "days", "hours"))


class LimitBy(Model):
    """A time limit for each of some codes of a column: the rating that a contact had."""

    column: str
    limits: dict[str, Limit] = Field(min_length=1)


class Reach(Model):
    """How far back from the last day of the period something may lie."""

    working_days: int | None = Field(default=None, ge=0)
    days: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_unit(self):
        return exactly_one(self, ("working_days", "days", "months"))


class Linked(Model):
    """The date of an earlier record of the same child: the reported one, else the nearest earlier."""

    records: str
    column: str
    reported_in: str | None = None  # the column of the later record that carries the earlier record's date
    within_days: int = Field(gt=0)


class Base(Model):
    """Which records a measure looks at: dated in the period, or open on its last day."""

    records: str
    dated_by: str | None = None
    open_from: str | None = None
    open_to: str | None = None
    where: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _flow_or_stock(self):
        given = [name for name in ("dated_by", "open_from", "open_to") if getattr(self, name) is not None]
        if given not in (["dated_by"], ["open_from", "open_to"]):
            raise ValueError("give dated_by (dated in the period), or open_from and open_to (open on its last day)")
        return self

    @property
    def is_stock(self) -> bool:
        return self.open_from is not None


class Count(Base):
    kind: Literal["count"]


class OpenRows(Base):
    """A base of which the newest open row of each child (or of whatever is named) may stand for all of theirs."""

    latest_only: str | None = None

    @model_validator(mode="after")
    def _latest_of_open_ones(self):
        if self.latest_only is not None and not self.is_stock:
            raise ValueError("latest_only is about rows open on the last day, so give open_from and open_to")
        return self


class Sum(Base):
    kind: Literal["sum"]
    column: str


class DistinctCount(OpenRows):
    kind: Literal["distinct"]
    of: str


class Stock(OpenRows):
    kind: Literal["stock"]
    lasted: Duration | None = None


class Percentage(OpenRows):
    kind: Literal["percentage"]
    numerator: tuple[Condition, ...] = ()
    lasted: Duration | None = None

    @model_validator(mode="after")
    def _has_numerator(self):
        if not self.numerator and self.lasted is None:
            raise ValueError("give numerator (conditions), lasted (a duration), or both")
        if self.lasted is not None and self.lasted.to == "period_end" and not self.is_stock:
            raise ValueError("lasted runs to period_end, so give open_from and open_to (open on the last day)")
        return self


class Within(Base):
    kind: Literal["within"]
    from_: str | Linked = Field(alias="from")
    to: str
    limit: Limit | None = None
    limit_by: LimitBy | None = None
    unfinished: Literal["left_out", "missed_when_overdue"]

    @model_validator(mode="after")
    def _one_limit(self):
        return exactly_one(self, ("limit", "limit_by"))


class Rate(Base):
    kind: Literal["rate"]
    population: Literal["0_17"]
    per: int = Field(gt=0)


class Over(Base):
    """What a ratio divides by: rows dated in the period or open on its last day, and what people call them."""

    counts: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]  # "strategy discussions"


class Ratio(Base):
    kind: Literal["ratio"]
    over: Over


class _Length(Base):
    from_: str | Linked | None = Field(default=None, alias="from")
    to: str | None = None
    in_: Literal["days", "working_days"] | None = Field(default=None, alias="in")
    column: str | None = None

    @model_validator(mode="after")
    def _dates_or_number(self):
        dates = (self.from_, self.to, self.in_)
        if (self.column is None) == (None in dates) and not (self.column and dates == (None, None, None)):
            raise ValueError("give from, to and in (a length of time), or column (a number)")
        if isinstance(self.from_, Linked) and self.is_stock:
            raise ValueError("from an earlier record it is a length of rows dated in the period, so give dated_by")
        return self


class Mean(_Length):
    kind: Literal["mean"]


class Median(_Length):
    kind: Literal["median"]


class UpperQuartile(_Length):
    kind: Literal["upper_quartile"]


class OfSomebody(Base):
    """A base whose rows are told apart by one column, or by several: the same victim and perpetrator."""

    who: str | Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def who_columns(self) -> tuple[str, ...]:
        return (self.who,) if isinstance(self.who, str) else self.who


class Repeat(OfSomebody):
    kind: Literal["repeat"]
    occurrence: int = Field(ge=2)
    within_months: int | None = Field(default=None, gt=0)
    not_within_months: int | None = Field(default=None, gt=0)  # and none since that long ago
    within_days: int | None = Field(default=None, gt=0)
    since: str | None = None  # the date of the one before from which the time runs, where it is not the dating one
    same_day: Literal["one_occasion", "separate_occasions"]
    counted: Literal["records", "children"]
    reported_count: str | None = None

    @model_validator(mode="after")
    def _one_window(self):
        return exactly_one(self, ("within_months", "within_days"))

    @model_validator(mode="after")
    def _window_with_a_gap(self):
        if self.not_within_months is None:
            return self
        if self.within_months is None or self.within_months <= self.not_within_months:
            raise ValueError(
                "not_within_months needs a longer within_months: how far back an earlier one is looked for"
            )
        if self.occurrence != 2 or self.reported_count is not None:
            raise ValueError(
                "not_within_months is about the one before, so occurrence is 2 and no counter can stand in"
            )
        return self

    @model_validator(mode="after")
    def _since_the_one_before(self):
        if self.since is not None and (self.occurrence != 2 or self.reported_count or self.not_within_months):
            raise ValueError("since is about the one before, so occurrence is 2, with no counter and no gap")
        if self.since is not None and self.same_day != "one_occasion":
            raise ValueError("since is about an earlier day, so same_day is one_occasion")
        return self

    @model_validator(mode="after")
    def _several_columns_are_no_child(self):
        if self.counted == "children" and len(self.who_columns) > 1:
            raise ValueError("who names several columns, which are no child, so what is counted are records")
        return self


class PreviousEver(Base):
    kind: Literal["previous_ever"]
    who: str
    reported_count: str


class Change(OfSomebody):
    kind: Literal["change"]
    column: str
    direction: Literal["lower", "higher"]
    order: Annotated[tuple[str, ...], Field(min_length=2)] | None = None  # of codes, from low to high


class Cohort(Base):
    kind: Literal["cohort"]
    who: str
    then: str  # the later record type
    then_dated_by: str
    then_where: tuple[Condition, ...] = ()
    reported_in: str | None = None  # the column of the later record that carries this record's date
    within_days: int = Field(gt=0)


class Reviewed(Base):
    kind: Literal["reviewed"]
    who: str
    reviews: str
    reviews_dated_by: str
    reviews_who: str | None = None  # the column of the reviews that says whose they are; else their child
    first_within_months: int | None = Field(default=None, gt=0)
    first_within_weeks: int | None = Field(default=None, gt=0)
    then_within_months: int | None = Field(default=None, gt=0)
    then_within_weeks: int | None = Field(default=None, gt=0)
    second_year_within_months: int | None = Field(default=None, gt=0)
    second_year_within_weeks: int | None = Field(default=None, gt=0)
    open_at_least_months: int | None = Field(default=None, gt=0)
    open_at_least_weeks: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_unit_each(self):
        for name in ("first_within", "then_within", "open_at_least"):
            exactly_one(self, (f"{name}_months", f"{name}_weeks"))
        if self.second_year_within_months is not None and self.second_year_within_weeks is not None:
            raise ValueError("give second_year_within_months or second_year_within_weeks, not both")
        return self

    @property
    def longest_gap(self) -> int:
        """Return how many days there may at most be from one review to the next."""
        months = max(self.then_within_months or 0, self.second_year_within_months or 0)
        weeks = max(self.then_within_weeks or 0, self.second_year_within_weeks or 0)
        return max(months * LONGEST_MONTH, weeks * DAYS_A_WEEK)


class Recent(OpenRows):
    kind: Literal["recent"]
    date: str  # the column with the day of the last visit or review
    limit: Reach
    blank: Literal["missed", "left_out"]


# What an ageing is split by beside columns: how long ago the last one was.
TIME_SINCE = "time_since"


class Ageing(OpenRows):
    kind: Literal["ageing"]
    date: str  # the column with the day of the last visit or review
    bands: tuple[Reach, ...] = Field(min_length=1)  # where each but the last band ends, the shortest first

    @model_validator(mode="after")
    def _open_and_rising(self):
        ends = [one.model_dump(exclude_none=True) for one in self.bands]
        units = {unit for end in ends for unit in end}
        lengths = [length for end in ends for length in end.values()]
        if len(units) > 1 or lengths != sorted(set(lengths)):
            raise ValueError("bands are ends in one unit, the shortest first")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what each band is called: "Up to 10 working days", "11 to 20 working days", "Over 20 working days"."""
        ((unit, _),) = self.bands[0].model_dump(exclude_none=True).items()
        ends, words = [getattr(one, unit) for one in self.bands], unit.replace("_", " ")
        between = [
            f"Over {low} and up to {high} {words}" if unit == "months" else f"{low + 1} to {high} {words}"
            for low, high in pairwise(ends)
        ]
        return (f"Up to {ends[0]} {words}", *between, f"Over {ends[-1]} {words}")


class Every(Base):
    kind: Literal["every"]
    group_by: str  # the column that says which rows belong together: the conference's reference
    required: tuple[Condition, ...] = ()  # which of them must pass
    numerator: tuple[Condition, ...] = Field(min_length=1)


class Had(Model):
    """The rows of another list in which the children of a measure are looked for."""

    records: str
    dated_by: str
    where: tuple[Condition, ...] = ()


class Hop(Had):
    """The next event of a journey: which rows are it, and how soon after the one before it has to come."""

    reported_in: str | None = None  # the column that carries the date of the event before
    within_days: int = Field(gt=0)


class Reached(Base):
    kind: Literal["reached"]
    who: str
    hops: tuple[Hop, ...] = Field(min_length=1)  # in order; the last is the one that is reached
    within_days: int = Field(gt=0)  # of the first event: how long everybody is followed


class Preceded(Base):
    kind: Literal["preceded"]
    who: str
    by: Had  # the earlier rows that are looked for
    reported_in: str | None = None  # the column that carries the earlier row's date
    within_days: int = Field(gt=0)


class During(Model):
    kind: Literal["during"]
    records: str
    open_from: str
    open_to: str
    where: tuple[Condition, ...] = ()
    who: str
    had: Had

    @property
    def dated_by(self) -> None:
        return None

    @property
    def is_stock(self) -> bool:
        return False  # open at any time in the period, not on its last day


class Submitted(Model):
    kind: Literal["submitted"]

    @property
    def records(self) -> str:
        return "aggregate_return"


class Returned(Model):
    kind: Literal["returned"]

    @property
    def records(self) -> str:
        return "aggregate_return"

    @property
    def is_stock(self) -> bool:
        return False


class PopulationSize(Model):
    kind: Literal["population"]
    of: Literal["0_17"]

    @property
    def records(self) -> str:
        return "aggregate_return"

    @property
    def is_stock(self) -> bool:
        return False


class Filled(Model):
    kind: Literal["filled"]
    cells: dict[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(min_length=1)  # by list, its columns

    @property
    def records(self) -> str:
        return next(iter(self.cells))

    @property
    def is_stock(self) -> bool:
        return False


Measure = Annotated[
    Count
    | Sum
    | DistinctCount
    | Stock
    | Percentage
    | Within
    | Rate
    | Ratio
    | Mean
    | Median
    | UpperQuartile
    | Repeat
    | PreviousEver
    | Change
    | Cohort
    | Reached
    | Reviewed
    | Recent
    | Ageing
    | Preceded
    | Every
    | During
    | Submitted
    | Returned
    | PopulationSize
    | Filled,
    Field(discriminator="kind"),
]
