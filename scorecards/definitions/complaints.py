"""What pydantic finds wrong with a block, told as a colleague would: file, line, whose block, what, and what to do."""

from collections import defaultdict
from typing import get_args

from pydantic import ValidationError

from scorecards.definitions.measure_models import Model
from scorecards.definitions.words import did_you_mean, nearest_or_all
from scorecards.definitions.yaml_lines import Path_, YamlFile

# Where a setting may have one of several shapes, pydantic complains about each of them.
SHAPES = ("Thresholds", "BandThresholds", "Linked", "str")

A_BLOCK = "a block of settings, each with its name"
WANTED = {
    "string_type": "a word or sentence in quotes",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "date_type": "a date such as 2025-04-01",
    "date_parsing": "a date such as 2025-04-01",
    "date_from_datetime_parsing": "a date such as 2025-04-01",
    "date_from_datetime_inexact": "a date such as 2025-04-01",
    "tuple_type": "a list such as [one, another]",
    "dict_type": A_BLOCK,
    "model_type": A_BLOCK,
    "model_attributes_type": A_BLOCK,
}


def sentences(error: ValidationError, model: type[Model], file: YamlFile, path: Path_, what: str) -> list[str]:
    """Return a sentence with file and line for everything wrong with the block at `path`."""
    told = []
    for one in _of_the_nearest_shape(error.errors()):
        here = file.known_steps((*path, *one["loc"]))
        told.append(f"{file.name}:{file.line(here)}: {what}{_sentence(one, here[len(path) :], model)}")
    return told


def _of_the_nearest_shape(errors: list) -> list:
    """Return `errors` with only the complaints of the shape that each many-shaped setting comes nearest to."""
    kept = []
    shaped: dict = defaultdict(lambda: defaultdict(list))
    for error in errors:
        at = next((index for index, step in enumerate(error["loc"]) if step in SHAPES), None)
        if at is None:
            kept.append(error)
        elif not (error["loc"][at] == "str" and isinstance(error["input"], dict)):
            shaped[error["loc"][:at]][error["loc"][at]].append(error)
    return kept + [error for shapes in shaped.values() for error in min(shapes.values(), key=len)]


def _sentence(error, inside: Path_, model: type[Model]) -> str:
    """Return what is wrong, to be read on after the name of the block; `inside` leads to the place in it."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    name = error["loc"][-1] if error["loc"] else ""
    if kind == "missing":
        return f"{_in(inside)} needs '{name}', which is not given."
    if kind == "extra_forbidden":
        hint = nearest_or_all(name, _settings_at(model, error["loc"][:-1]))
        return f"{_in(inside[:-1])} has '{name}', which is not known here.{hint}"
    if kind == "union_tag_not_found":
        return f"{_in(inside)} needs 'kind', which is not given."
    if kind == "union_tag_invalid":
        return _not_allowed((*inside, "kind"), context["tag"], context["expected_tags"].split(", "))
    if kind == "literal_error":
        return _not_allowed(inside, given, context["expected"].replace(" or ", ", ").split(", "))
    if kind == "value_error":
        return f"{_in(inside)}: {context['error']}."
    if kind == "too_short":
        return f"{_in(inside)} is an empty list; it needs at least {context['min_length']}."
    if kind == "string_too_short":
        return f"{_in(inside)} is empty; write a word or a sentence."
    if kind in WANTED:
        return f"{_in(inside)} is {_shown(given)}, which is not {WANTED[kind]}."
    return f"{_in(inside)} is {_shown(given)}; {error['msg'].replace('Input should', 'it should')}."


def _in(inside: Path_) -> str:
    """Return ", windows, shown, item 2": where in the block, from the outside in."""
    return "".join(f", item {step + 1}" if isinstance(step, int) else f", {step}" for step in inside)


def _not_allowed(inside, given, quoted) -> str:
    allowed = [word.strip("'") for word in quoted]
    return f"{_in(inside)} is {_shown(given)}; it may be {', '.join(allowed)}.{did_you_mean(str(given), allowed)}"


def _shown(given) -> str:
    if given is None:
        return "left empty"
    if isinstance(given, dict):
        return "a block of settings"
    return "a list" if isinstance(given, list) else f"'{given}'"


def _settings_at(model: type[Model], loc) -> set[str]:
    """Return the names of the settings that the model knows at `loc`."""
    models = {model}
    for step in loc:
        fields = [field for one in models for name, field in one.model_fields.items() if step in (name, field.alias)]
        inner = {found for field in fields for found in _models_in(field.annotation)}
        # A step that is no field tells shapes and kinds apart, or is a position in a list or a name in a dict.
        named = {one for one in models if step in (one.__name__, _kind(one))}
        models = inner or named or models
    return {field.alias or name for one in models for name, field in one.model_fields.items()}


def _kind(model: type[Model]) -> str | None:
    kind = model.model_fields.get("kind")
    return get_args(kind.annotation)[0] if kind else None


def _models_in(annotation) -> set[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models_in(part)}
