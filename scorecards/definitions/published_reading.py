"""`published_tables.yaml` read and checked, with every error of it in one go."""

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from scorecards.definitions.complaints import sentences
from scorecards.definitions.measure_models import Model
from scorecards.definitions.published_models import (
    TABLE_KINDS,
    AreaColumns,
    PublishedTable,
    PublishedTables,
    Symbols,
    ValuesTable,
)
from scorecards.definitions.reading import PROJECT, definitions_folder
from scorecards.definitions.words import nearest_or_all, normalise
from scorecards.definitions.yaml_lines import YamlFile, read_yaml
from scorecards.errors import DefinitionError

FILE = "published_tables.yaml"
SECTIONS = ("symbols", "areas", "tables")


def read_published_tables(folder: Path | None = None) -> PublishedTables:
    """Return the published tables of `folder`, or raise DefinitionError with every problem found.

    They are the same for every area: a folder of definitions without the file has those of the product.
    """
    own = (folder or definitions_folder()) / FILE
    path = own if own.exists() else PROJECT / FILE
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> PublishedTables:
    file = read_yaml(path)
    problems = list(file.problems)
    data = file.data if isinstance(file.data, dict) else {}
    problems += [
        f"{file.name}:{file.line((str(name),))}: '{name}' is not known here.{nearest_or_all(str(name), SECTIONS)}"
        for name in data
        if name not in SECTIONS
    ]
    problems += [f"{file.name}:1: '{name}' is missing." for name in SECTIONS if name not in data and not file.problems]
    symbols = _modelled(Symbols, file, ("symbols",), data.get("symbols"), "symbols", problems)
    areas = _modelled(AreaColumns, file, ("areas",), data.get("areas"), "areas", problems)
    tables = _tables(file, data.get("tables"), problems)
    _check_symbols(symbols, file, problems)
    _check_measures(tables, file, problems)
    if problems:
        raise DefinitionError(sorted(set(problems), key=lambda one: (int(one.split(":")[1]), one)))
    return PublishedTables.model_construct(symbols=symbols, areas=areas, tables=tables)


def _modelled(model: type[Model], file: YamlFile, path, value, what: str, problems: list[str]):
    if value is None:
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problems += sentences(error, model, file, path, what)
        return None


def _tables(file: YamlFile, section, problems: list[str]) -> dict[str, PublishedTable]:
    if not isinstance(section, dict):
        return {}
    found = {}
    for name, value in section.items():
        path, what = ("tables", str(name)), f"table '{name}'"
        kind = value.get("kind") if isinstance(value, dict) else None
        if kind not in TABLE_KINDS:
            said = f"'kind' is '{kind}'; it may be" if kind else "'kind' is missing; it may be"
            problems.append(f"{file.name}:{file.line((*path, 'kind'))}: {what}: {said} {', '.join(TABLE_KINDS)}.")
            continue
        table = _modelled(TABLE_KINDS[kind], file, path, {**value, "id": str(name)}, what, problems)
        if table is not None:
            _check_columns(table, file, path, what, problems)
            found[str(name)] = table
    return found


def _check_columns(table, file: YamlFile, path, what: str, problems: list[str]) -> None:
    for setting, name in table.used:
        if name not in table.columns:
            place = ("measures", setting.split("'")[1]) if setting.startswith("measure ") else (setting,)
            sentence = f"'{name}', which is not one of its columns.{nearest_or_all(name, table.columns)}"
            problems.append(f"{file.name}:{file.line((*path, *place))}: {what}: {setting} names {sentence}")
    seen: dict[str, str] = {}
    for name, headings in table.columns.items():
        for heading in headings:
            other = seen.setdefault(normalise(heading), name)
            if other != name:
                line = file.line((*path, "columns", name))
                sentence = f"the heading '{heading}' stands for both '{other}' and '{name}'"
                problems.append(f"{file.name}:{line}: {what}: {sentence}.")


def _check_symbols(symbols: Symbols | None, file: YamlFile, problems: list[str]) -> None:
    seen: dict[str, str] = {}
    for name, forms in symbols or ():
        for form in forms:
            other = seen.setdefault(form.casefold(), name)
            if other != name or _is_number(form):
                line = file.line(("symbols", name))
                why = f"means '{other}' already" if other != name else "is a number"
                problems.append(f"{file.name}:{line}: symbols: '{form}' {why}.")


def _is_number(form: str) -> bool:
    try:
        float(form)
    except ValueError:
        return False
    return True


def _check_measures(tables: dict[str, PublishedTable], file: YamlFile, problems: list[str]) -> None:
    """Report a measure that two tables give: which of two figures would hold?"""
    seen: dict[str, str] = {}
    for table in tables.values():
        for name in table.measures if isinstance(table, ValuesTable) else ():
            other = seen.setdefault(name, table.id)
            if other != table.id:
                line = file.line(("tables", table.id, "measures", name))
                problems.append(f"{file.name}:{line}: table '{table.id}': the table '{other}' gives '{name}' already.")
