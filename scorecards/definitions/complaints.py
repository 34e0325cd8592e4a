"""What pydantic finds wrong with a block, told as a colleague would: file, line, whose block, what, and what to do."""

from collections import defaultdict
from typing import get_args

from pydantic import ValidationError

from scorecards.definitions.measure_models import Model
from scorecards.definitions.words import did_you_mean, nearest, nearest_or_all
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
    for one in _told_once(_of_the_nearest_shape(error.errors()), model):
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


def _told_once(errors: list, model: type[Model]) -> list:
    """Return `errors` without those that only follow from another: a misspelt setting is missing as well."""
    meant = {(*one["loc"][:-1], _nearest(one, model)) for one in errors if one["type"] == "extra_forbidden"}
    return [one for one in errors if not (_is_missing(one) and one["loc"] in meant) and not _is_long_enough(one)]


def _nearest(error, model: type[Model]) -> str | None:
    return nearest(error["loc"][-1], _settings_at(model, error["loc"][:-1]))


def _is_missing(error) -> bool:
    return error["type"] == "missing"


def _is_long_enough(error) -> bool:
    """Return whether a list is called too short only because its items are wrong, which is told already."""
    return error["type"] == "too_short" and len(error["input"]) >= error["ctx"]["min_length"]


def _sentence(error, inside: Path_, model: type[Model]) -> str:
    """Return what is wrong, to be read on after the name of the block; `inside` leads to the place in it."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return f"{_in(inside)}: '{error['loc'][-1]}' is missing."
    if kind == "extra_forbidden":
        hint = nearest_or_all(error["loc"][-1], _settings_at(model, error["loc"][:-1]))
        return f"{_named(inside)} is not known here.{hint}"
    if kind == "union_tag_not_found":
        return f"{_in(inside)}: 'kind' is missing."
    if kind == "union_tag_invalid":
        return _not_allowed((*inside, "kind"), context["tag"], context["expected_tags"].split(", "))
    if kind == "literal_error":
        return _not_allowed(inside, given, context["expected"].replace(" or ", ", ").split(", "))
    if kind == "value_error":
        return f"{_in(inside)}: {context['error']}."
    if kind == "too_short":
        length = f"has only {len(given)} in it" if given else "is an empty list"
        return f"{_named(inside)} {length}; it needs at least {context['min_length']}."
    if kind == "string_too_short" or given is None:
        return f"{_named(inside)} is empty."
    if kind in WANTED:
        return f"{_named(inside)} is {_shown(given)}, which is not {WANTED[kind]}."
    return f"{_named(inside)} is {_shown(given)}; {error['msg'].replace('Input should', 'it should')}."


def _in(inside: Path_) -> str:
    """Return ", in measure, where, item 2": where in the block, from the outside in."""
    steps = [f"item {step + 1}" if isinstance(step, int) else str(step) for step in inside]
    return f", in {', '.join(steps)}" if steps else ""


def _named(inside: Path_) -> str:
    """Return ", in windows: item 2 of 'shown'": the setting itself, after where it stands."""
    if not inside:
        return ""
    if isinstance(inside[-1], int):
        return f"{_in(inside[:-2])}: item {inside[-1] + 1} of '{inside[-2]}'"
    return f"{_in(inside[:-1])}: '{inside[-1]}'"


def _not_allowed(inside, given, quoted) -> str:
    allowed = [word.strip("'") for word in quoted]
    return f"{_named(inside)} is {_shown(given)}; it may be {', '.join(allowed)}.{did_you_mean(str(given), allowed)}"


def _shown(given) -> str:
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
    return {field.alias or name for one in models for name, field in one.model_fields.items()} - {"id"}


def _kind(model: type[Model]) -> str | None:
    kind = model.model_fields.get("kind")
    return get_args(kind.annotation)[0] if kind else None


def _models_in(annotation) -> set[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return {annotation}
    return {model for part in get_args(annotation) for model in _models_in(part)}
