"""The three definitions files read together, with every error of all of them in one go."""

import csv
import hashlib
import os
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from scorecards.definitions.breaks import with_local
from scorecards.definitions.checks import cross_check
from scorecards.definitions.complaints import sentences
from scorecards.definitions.data_sets import DataSet
from scorecards.definitions.groupings import JourneyStage, Priority, Theme, filled_up, joined, merged
from scorecards.definitions.measure_models import Model
from scorecards.definitions.models import CodeList, Definitions, Kpi, Partnership, RecordType, Unused
from scorecards.definitions.rule_models import RuleBetween
from scorecards.definitions.words import nearest_or_all
from scorecards.definitions.yaml_lines import YamlFile, read_yaml
from scorecards.errors import DefinitionError

PROJECT = Path(__file__).resolve().parents[2]
ALIASES = Path(__file__).parent / "aliases"

Paths = tuple[Path, Path, Path]

KPI_SECTIONS = ("kpis", "themes", "priorities", "data_sets", "journey")
RECORD_SECTIONS = ("record_types", "code_lists", "recognised_but_unused", "rules_between")


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
    # The aliases of the codes are of the definitions, too.
    return _read(paths, tuple(map(_content, (*paths, *sorted(ALIASES.glob("*.csv"))))))


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@lru_cache(maxsize=4)
def _read(paths: Paths, contents: tuple[bytes | None, ...]) -> Definitions:
    """Return the definitions of `paths`; the same words are not read twice in a process."""
    files = kpi_file, record_file, partnership_file = tuple(read_yaml(path) for path in paths)
    problems = [problem for file in files for problem in file.problems]
    _check_sections(kpi_file, KPI_SECTIONS, problems)
    _check_sections(record_file, RECORD_SECTIONS, problems)
    parts: dict = {
        "kpis": _blocks(Kpi, kpi_file, "kpis", "KPI", problems),
        "record_types": _blocks(RecordType, record_file, "record_types", "record type", problems),
        "code_lists": _code_lists(record_file, problems),
        "rules_between": _blocks(RuleBetween, record_file, "rules_between", "rule", problems),
        "unused_lists": _blocks(Unused, record_file, "recognised_but_unused", "unused list", problems),
        "partnership": _partnership(partnership_file, kpi_file, problems),
    }
    problems += cross_check(parts, kpi_file, record_file, partnership_file)
    if problems:
        raise DefinitionError(sorted(set(problems), key=_by_file_and_line))
    parts["kpis"] = {name: _grouped(kpi, parts["partnership"]) for name, kpi in parts["kpis"].items()}
    return Definitions.model_construct(**parts, version=_version(contents))


def _version(contents: tuple[bytes | None, ...]) -> str:
    """Return a hash of every word that figures depend on."""
    return hashlib.sha256(b"".join(content or b"" for content in contents)).hexdigest()[:16]


def _by_file_and_line(problem: str):
    name, line, _ = problem.split(":", 2)
    return name, int(line), problem


def _check_sections(file: YamlFile, known: tuple[str, ...], problems: list[str]):
    """Report what stands in the place of the sections; the first of `known` is the one that must be there."""
    if file.data is None:
        return
    if not isinstance(file.data, dict):
        problems.append(f"{file.name}:1: the file should start with '{known[0]}:'.")
        return
    if known[0] not in file.data and set(file.data) <= set(known):
        problems.append(f"{file.name}:1: the file has no '{known[0]}:', which it is for.")
    for key, value in file.data.items():
        here = f"{file.name}:{file.line((str(key),))}: '{key}'"
        if key not in known:
            problems.append(f"{here} is not known here.{nearest_or_all(str(key), known)}")
        elif not isinstance(value, dict):
            problems.append(f"{here} should hold named blocks, each with its settings indented below its name.")


def _section(file: YamlFile, name: str) -> dict:
    section = file.data.get(name) if isinstance(file.data, dict) else None
    return section if isinstance(section, dict) else {}


def _blocks(model, file: YamlFile, section: str, what: str, problems: list[str]) -> dict:
    found = {}
    for key, value in _section(file, section).items():
        path = (section, str(key))
        if isinstance(value, dict) and "id" in value:
            line = file.line((*path, "id"))
            problems.append(f"{file.name}:{line}: {what} '{key}': 'id' is not given here; the name of the block is it.")
        if isinstance(value, dict) and "id" in model.model_fields:
            value = {**value, "id": str(key)}
        block = _model(model, file, path, value, f"{what} '{key}'", problems)
        if block is not None:
            found[str(key)] = block
    return found


def _code_lists(file: YamlFile, problems: list[str]) -> dict[str, CodeList]:
    lists = {}
    for key, value in _section(file, "code_lists").items():
        path, what = ("code_lists", str(key)), f"code list '{key}'"
        if isinstance(value, dict) and isinstance(value.get("codes"), dict):
            # An unquoted 10 is a number to YAML; a code is always a word.
            codes = {str(code): entry for code, entry in value["codes"].items()}
            aliases = _aliases(file, path, what, value.get("alias_file"), problems)
            known = {typed: code for typed, code in aliases.items() if code in codes}
            value = {**value, "codes": codes, "aliases": known}
        block = _model(CodeList, file, path, value, what, problems)
        if block is not None:
            lists[str(key)] = block
    return lists


def _aliases(file: YamlFile, path, what: str, name: str | None, problems: list[str]) -> dict[str, str]:
    """Return what people typed and the code it stands for, from a CSV file beside this module."""
    if name is None:
        return {}
    known = [source.name for source in ALIASES.glob("*.csv")]
    if name not in known:
        line = file.line((*path, "alias_file"))
        sentence = f"takes its aliases from '{name}', which is not an alias file."
        problems.append(f"{file.name}:{line}: {what} {sentence}{nearest_or_all(str(name), known)}")
        return {}
    with (ALIASES / name).open(encoding="utf-8", newline="") as lines:
        return {row["as_typed"]: row["code"] for row in csv.DictReader(lines)}


def _partnership(file: YamlFile, kpi_file: YamlFile, problems: list[str]) -> Partnership | None:
    """Return the partnership with every scorecard, priority and data set: its own first, else what comes with them."""
    themes = _blocks(Theme, kpi_file, "themes", "theme", problems)
    priorities = _blocks(Priority, kpi_file, "priorities", "priority", problems)
    data_sets = _blocks(DataSet, kpi_file, "data_sets", "data set", problems)
    journey = _blocks(JourneyStage, kpi_file, "journey", "journey stage", problems)
    if file.data is None:
        return None
    data = file.data
    if isinstance(data, dict):
        groups = {"themes": themes, "priorities": priorities, "data_sets": data_sets}
        data = {**data, **{name: merged(data.get(name), known) for name, known in groups.items()}}
        data["journey"] = filled_up(data.get("journey"), journey)
    return _model(Partnership, file, (), data, "the partnership", problems)


def _grouped(kpi: Kpi, us: Partnership) -> Kpi:
    """Return a KPI with the scorecards, priorities and breaks that name it, beside those it names."""
    themes, priorities = joined(kpi.themes, kpi.id, us.themes), joined(kpi.priorities, kpi.id, us.priorities)
    breaks = with_local(kpi.breaks, kpi.id, us.breaks)
    return kpi.model_copy(update={"themes": themes, "priorities": priorities, "breaks": breaks})


def _model(model: type[Model], file: YamlFile, path, value, what: str, problems: list[str]):
    """Return `value` as a `model`, or None with a sentence in `problems` for each thing wrong with it."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems += sentences(error, model, file, path, what)
        return None
