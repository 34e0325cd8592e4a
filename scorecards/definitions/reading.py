"""The three definitions files read together, with every error of all of them in one go."""

import csv
import hashlib
import os
from pathlib import Path

from pydantic import ValidationError

from scorecards.definitions.checks import cross_check
from scorecards.definitions.measure_models import Model
from scorecards.definitions.models import CodeList, Definitions, Kpi, Partnership, RecordType, Unused
from scorecards.definitions.words import did_you_mean
from scorecards.definitions.yaml_lines import YamlFile, read_yaml
from scorecards.errors import DefinitionError

PROJECT = Path(__file__).resolve().parents[2]
ALIASES = Path(__file__).parent / "aliases"


def definitions_folder() -> Path:
    """Return where the definitions stand: SCORECARDS_DEFINITIONS, else the project's own folder."""
    return Path(os.environ.get("SCORECARDS_DEFINITIONS") or PROJECT)


def read_definitions(folder: Path | None = None, partnership: Path | None = None) -> Definitions:
    """Return the checked definitions of `folder`, or raise DefinitionError with every problem found.

    `partnership` (else SCORECARDS_PARTNERSHIP) is a partnership file that stands elsewhere, as the demo's does.
    """
    folder = folder or definitions_folder()
    elsewhere = partnership or os.environ.get("SCORECARDS_PARTNERSHIP")
    paths = (
        folder / "kpi_definitions.yaml",
        folder / "record_types.yaml",
        Path(elsewhere) if elsewhere else folder / "partnership.yaml",
    )
    files = kpi_file, record_file, partnership_file = tuple(read_yaml(path) for path in paths)
    problems = [problem for file in files for problem in file.problems]
    _check_top(kpi_file, ("kpis",), problems)
    _check_top(record_file, ("code_lists", "record_types", "recognised_but_unused"), problems)
    parts = {
        "kpis": _blocks(Kpi, kpi_file, ("kpis",), "KPI", problems),
        "record_types": _blocks(RecordType, record_file, ("record_types",), "record type", problems),
        "code_lists": _code_lists(record_file, problems),
        "unused_lists": _blocks(Unused, record_file, ("recognised_but_unused",), "unused list", problems),
        "partnership": _model(Partnership, partnership_file, (), partnership_file.data, "the partnership", problems),
    }
    problems += cross_check(parts, kpi_file, record_file, partnership_file)
    if problems:
        raise DefinitionError(sorted(set(problems), key=_by_file_and_line))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    return Definitions.model_construct(**parts, version=digest[:16])


def _by_file_and_line(problem: str):
    name, _, rest = problem.partition(":")
    line = rest.partition(":")[0]
    return name, int(line) if line.isdigit() else 0, problem


def _check_top(file: YamlFile, allowed: tuple[str, ...], problems: list[str]):
    if file.problems:
        return
    if not isinstance(file.data, dict):
        problems.append(f"{file.name}:1: the file should start with {', '.join(f'{key}:' for key in allowed)}.")
        return
    for key in file.data:
        if key not in allowed:
            problems.append(
                f"{file.name}:{file.line((key,))}: '{key}' is not known here; allowed: {', '.join(allowed)}."
                f"{did_you_mean(str(key), allowed)}"
            )


def _section(file: YamlFile, path) -> dict:
    data = file.data
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _blocks(model, file: YamlFile, path, what: str, problems: list[str]) -> dict:
    found = {}
    for key, value in _section(file, path).items():
        if isinstance(value, dict) and "id" in model.model_fields:
            value = {"id": str(key), **value}
        block = _model(model, file, (*path, key), value, f"{what} '{key}'", problems)
        if block is not None:
            found[str(key)] = block
    return found


def _code_lists(file: YamlFile, problems: list[str]) -> dict[str, CodeList]:
    lists = {}
    for key, value in _section(file, ("code_lists",)).items():
        aliases: dict[str, str] = {}
        if isinstance(value, dict) and value.get("alias_file"):
            aliases = _aliases(file, ("code_lists", key, "alias_file"), str(value["alias_file"]), problems)
        if isinstance(value, dict):
            codes = value.get("codes") or {}
            value = {**value, "aliases": {typed: code for typed, code in aliases.items() if code in codes}}
            value["codes"] = {str(code): entry for code, entry in codes.items()}
        block = _model(CodeList, file, ("code_lists", key), value, f"code list '{key}'", problems)
        if block is not None:
            lists[str(key)] = block
    return lists


def _aliases(file: YamlFile, path, name: str, problems: list[str]) -> dict[str, str]:
    source = ALIASES / Path(name).name
    if not source.exists():
        problems.append(f"{file.name}:{file.line(path)}: alias_file '{name}' is not among the alias files.")
        return {}
    with source.open(encoding="utf-8", newline="") as lines:
        return {row["as_typed"]: row["code"] for row in csv.DictReader(lines)}


def _model(model: type[Model], file: YamlFile, path, value, what: str, problems: list[str]):
    if file.problems and not file.data:
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for one in error.errors():
            where = (*path, *one["loc"])
            problems.append(f"{file.name}:{file.line(where)}: {what}{_sentence(one, model)}")
        return None


def _sentence(error: dict, model: type[Model]) -> str:
    loc = [str(step) for step in error["loc"] if isinstance(step, str)]
    name = loc[-1] if loc else ""
    place = f": {'.'.join(str(step) for step in error['loc'])}" if loc else ""
    given, context = error.get("input"), error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f" needs '{name}', which is not given."
        case "extra_forbidden":
            fields = _field_names(model, error["loc"][:-1])
            return f" has '{name}', which is not known here.{did_you_mean(name, fields)}"
        case "literal_error":
            allowed = [word.strip(" '") for word in context["expected"].replace(" or ", ", ").split(",")]
            return f"{place} is '{given}'; allowed: {', '.join(allowed)}.{did_you_mean(str(given), allowed)}"
        case "union_tag_invalid":
            allowed = [word.strip(" '") for word in context["expected_tags"].split(",")]
            tag = context["tag"]
            return f": measure kind is '{tag}'; allowed: {', '.join(allowed)}.{did_you_mean(tag, allowed)}"
        case "union_tag_not_found":
            return " has a measure without a kind."
        case "value_error":
            return f"{place}: {context['error']}." if place else f": {context['error']}."
        case _:
            return f"{place}: {error['msg'][0].lower()}{error['msg'][1:]}, but '{given}' is given."


def _field_names(model, loc) -> list[str]:
    """Return the names known at `loc`, as far as the model can be followed; all measure settings otherwise."""
    from scorecards.definitions import measure_models

    names = [field.alias or name for name, field in model.model_fields.items()]
    if not loc:
        return names
    measures = vars(measure_models).values()
    kinds = [kind for kind in measures if isinstance(kind, type) and issubclass(kind, Model)]
    return names + [field.alias or name for kind in kinds for name, field in kind.model_fields.items()]



