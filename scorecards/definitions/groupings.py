"""How measures are grouped: scorecards, priorities and the journey, and what a partnership makes of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import StringConstraints

from scorecards.definitions.measure_models import Model

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Theme(Model):
    """A thematic scorecard: who answers for it, who reads it, and what it is about."""

    id: str
    title: Words
    group: Words
    lead: Words
    about: Words
    audience: Words | None = None
    kpis: tuple[str, ...] = ()  # measures that stand on it beside those that name it


class Priority(Model):
    """A strategic priority of the partnership, which measures serve."""

    id: str
    title: Words
    about: Words
    kpis: tuple[str, ...] = ()  # measures that serve it beside those that name it


class JourneyStage(Model):
    """A decision point of the child protection journey, and the measures of it and of the step that leads to it."""

    id: str
    title: Words  # "Strategy discussions"
    one: Words  # "a strategy discussion", inside a sentence
    counts: str  # how many there were
    reached: str | None = None  # the share of the first stage's that came so far
    ratio: str | None = None  # for every 100 of the stage before, whoever they were
    followed: str | None = None  # the share of the stage before, the same children
    median: str | None = None
    upper_quartile: str | None = None
    in_timescale: str | None = None

    @property
    def of_the_step(self) -> dict[str, str]:
        """Return the measures that need a stage before, by what they are there for."""
        return {name: kpi for name in OF_A_STEP if (kpi := getattr(self, name)) is not None}


OF_A_STEP = ("reached", "ratio", "followed", "median", "upper_quartile", "in_timescale")


def filled_up(ours: Any, known: Mapping[str, Model]) -> Any:
    """Return a partnership's own list with what it leaves unsaid of known ones filled in; all of them without one."""
    if ours is None:
        return [_as_written(model) for model in known.values()]
    if not isinstance(ours, Sequence) or isinstance(ours, str):
        return ours
    return [_filled(one, known) for one in ours]


def merged(ours: Any, known: Mapping[str, Model]) -> Any:
    """Return a partnership's own list with what it leaves unsaid of known ones filled in, and the others after it.

    `ours` is what stands in the file. What is no list of blocks with ids is returned as it is, for its reader to judge.
    """
    if not isinstance(ours, Sequence | None) or isinstance(ours, str):
        return ours
    own = [_filled(one, known) for one in ours or ()]
    named = {str(one.get("id")) for one in own if isinstance(one, dict)}
    return [*own, *(_as_written(model) for name, model in known.items() if name not in named)]


def _filled(one: Any, known: Mapping[str, Model]) -> Any:
    if isinstance(one, dict) and (model := known.get(str(one.get("id")))) is not None:
        return {**_as_written(model), **one}
    return one


def _as_written(model: Model) -> dict[str, Any]:
    return model.model_dump(mode="json")


def joined(own: Sequence[str], kpi: str, groups: Sequence[Theme | Priority]) -> tuple[str, ...]:
    """Return the groups that a measure names, and after them those that name it."""
    return tuple(dict.fromkeys([*own, *(group.id for group in groups if kpi in group.kpis)]))
