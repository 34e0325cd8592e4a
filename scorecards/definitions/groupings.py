"""How measures are grouped: the scorecards and priorities that come with them, and what a partnership makes of them."""

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


def merged(ours: Any, known: Mapping[str, Model]) -> Any:
    """Return a partnership's own list with what it leaves unsaid of known ones filled in, and the others after it.

    `ours` is what stands in the file. What is no list of blocks with ids is returned as it is, for its reader to judge.
    """
    if not isinstance(ours, Sequence | None) or isinstance(ours, str):
        return ours
    own = [_filled(one, known) for one in ours or ()]
    named = {one.get("id") for one in own if isinstance(one, dict)}
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
