"""The settings of each kind of rule between lists and over time, as they stand in `record_types.yaml`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from scorecards.definitions.measure_models import Condition, Model, exactly_one

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Dated(Model):
    """Rows of a list by one of their dates."""

    records: str
    date: str
    where: tuple[Condition, ...] = ()


class Spells(Model):
    """Rows of a list as stretches of time, from one date to another; still open where the other is blank."""

    records: str
    from_: str = Field(alias="from")
    to: str
    where: tuple[Condition, ...] = ()


class SameDay(Model):
    """Two dates of one row that cannot be one day."""

    kind: Literal["same_day"]
    of: Dated
    and_: str = Field(alias="and")  # the row's other date


class AtWeekend(Model):
    """What does not happen on a Saturday or Sunday."""

    kind: Literal["at_weekend"]
    of: Dated


class TooOld(Model):
    """Somebody who had more completed years than this on the day that dates the row."""

    kind: Literal["too_old"]
    lists: tuple[str, ...] = Field(min_length=1)
    years: int = Field(gt=0)


class OpenTooLong(Model):
    """What was open for more working days than this when the days covered by its list ended."""

    kind: Literal["open_too_long"]
    of: Spells
    working_days: int = Field(gt=0)


class Overlapping(Model):
    """Two stretches of one child, from one sender, of which the later begins before the earlier ends."""

    kind: Literal["overlapping"]
    of: Spells


class TwoOpen(Model):
    """Two stretches of one child, from one sender, that are both still open."""

    kind: Literal["two_open"]
    of: Spells


class WrongOrder(Model):
    """`then` within so many days before `first`, and no `first` of the child in the days of history before that."""

    kind: Literal["wrong_order"]
    first: Dated
    then: Dated
    within_days: int = Field(gt=0)
    history_days: int = Field(gt=0)


class NothingBefore(Model):
    """`then` without a `first` of the same child on the day or in so many days before.

    It is told only where so many days of history before it are covered: they may be more than the days it looks at,
    where a list begins with what began in its days, and what began before and came later is not in it.
    """

    kind: Literal["nothing_before"]
    then: Dated
    first: Dated
    within_days: int = Field(gt=0)
    history_days: int = Field(gt=0)


class NothingAfter(Model):
    """`first` without a `then` of the same child on the day or later, once so many days have passed."""

    kind: Literal["nothing_after"]
    first: Dated
    then: Dated
    days: int | None = Field(default=None, gt=0)
    working_days: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_limit(self):
        return exactly_one(self, ("days", "working_days"))


class ActivityAfter(Model):
    """Any of `then` within so many days after a row of `first` that said there would be none."""

    kind: Literal["activity_after"]
    first: Dated
    then: tuple[Dated, ...] = Field(min_length=1)
    within_days: int = Field(gt=0)


class Outside(Model):
    """An event on no day of the child's spells: a spell counts from the day after its first to its last."""

    kind: Literal["outside"]
    of: Dated
    spells: Spells


class Inside(Model):
    """An event whose dates all lie within one spell of the child, where they cannot be."""

    kind: Literal["inside"]
    of: Dated
    and_: str = Field(alias="and")  # the event's other date
    spells: Spells


RuleKind = Annotated[
    SameDay
    | AtWeekend
    | TooOld
    | OpenTooLong
    | Overlapping
    | TwoOpen
    | WrongOrder
    | NothingBefore
    | NothingAfter
    | ActivityAfter
    | Outside
    | Inside,
    Field(discriminator="kind"),
]


class RuleBetween(Model):
    """What rows of lists should be to each other and over time; broken, it is told and the rows are kept."""

    id: str
    says: Sentence
    advice: Sentence
    source: Sentence  # where the rule comes from
    severity: Literal["warning", "note"] = "warning"
    rule: RuleKind


def parts_of(rule: RuleKind) -> list[tuple[tuple[str | int, ...], Dated | Spells]]:
    """Return every part of a rule that names a list, with the path of settings to it."""
    found: list[tuple[tuple[str | int, ...], Dated | Spells]] = []
    for name in type(rule).model_fields:
        value = getattr(rule, name)
        several = value if isinstance(value, tuple) else (value,)
        paths = [(name, index) for index in range(len(several))] if isinstance(value, tuple) else [(name,)]
        found += [(path, one) for path, one in zip(paths, several, strict=True) if isinstance(one, Dated | Spells)]
    return found


def lists_of(rule: RuleKind) -> set[str]:
    """Return the record types that a rule looks at."""
    return {part.records for _, part in parts_of(rule)} | set(getattr(rule, "lists", ()))
