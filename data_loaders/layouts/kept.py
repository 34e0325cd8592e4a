"""Owns where taught layouts are kept: a YAML file each, read with its lines, written whole, earlier versions beside."""

import datetime
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import yaml
from pydantic import ValidationError

from data_loaders.layouts.answers import LayoutsRead
from data_loaders.layouts.meanings import meaning_problem
from data_loaders.layouts.model import Layout, Meaning
from scorecards.definitions import Definitions, did_you_mean
from scorecards.definitions.complaints import sentences
from scorecards.definitions.yaml_lines import YamlFile, read_yaml
from scorecards.errors import ScorecardError
from scorecards.store.engine import home, is_demo

EARLIER = "earlier"
# Who taught a layout, and when, is no part of how a file is read.
NOT_HASHED = {"taught_by", "taught_on"}


def layouts_folder() -> Path:
    """Return where layouts are kept: SCORECARDS_LAYOUTS, else `layouts` in the data home (`demo-layouts` of the demo).

    A layout stands in `<agency>/<name>.yaml`, its earlier versions in `<agency>/earlier/`.
    """
    given = os.environ.get("SCORECARDS_LAYOUTS")
    return Path(given) if given else home() / ("demo-layouts" if is_demo() else "layouts")


def layouts_read(definitions: Definitions) -> LayoutsRead:
    """Return every layout that can be used, and a sentence with file and line for what is wrong in the others."""
    found, problems = [], []
    for path in sorted(layouts_folder().glob("*/*.yaml")):
        layout, wrong = read_layout(path, definitions)
        problems += wrong
        if layout is not None and not wrong:
            found.append(layout)
    return LayoutsRead(tuple(found), tuple(problems))


def read_layouts(definitions: Definitions) -> tuple[Layout, ...]:
    """Return every layout that can be used; `layouts_read` tells why others cannot."""
    return layouts_read(definitions).layouts


def read_layout(path: Path, definitions: Definitions) -> tuple[Layout | None, list[str]]:
    """Return the layout of one file and what is wrong with it, as sentences that begin with file and line."""
    file = read_yaml(path)
    problems = list(file.problems)
    if problems or not isinstance(file.data, dict):
        return None, problems or [f"{file.name}:1: the file should begin with 'agency:'."]
    try:
        layout = Layout.model_validate(file.data)
    except ValidationError as error:
        return None, sentences(error, Layout, file, (), "the layout")
    problems += [f"{file.name}:{file.line(at)}: {sentence}" for at, sentence in complaints(layout, definitions)]
    problems += misplaced(layout, path, file)
    return layout, problems


def misplaced(layout: Layout, path: Path, file: YamlFile) -> Iterable[str]:
    """Yield a sentence where a file does not stand where its agency and name say: saving it would make a second one."""
    if (path.parent.name, path.stem) != (layout.agency, layout.name):
        wanted = f"{layout.agency}/{layout.name}.yaml"
        yield f"{file.name}:{file.line(('name',))}: the layout stands in {path.parent.name}, but says it is {wanted}."


def layout_problems(layout: Layout, definitions: Definitions) -> tuple[str, ...]:
    """Return what a layout names that is not ours (a KPI, a locality, an agency), as sentences; () when it is good."""
    return tuple(sentence for _, sentence in complaints(layout, definitions))


def complaints(layout: Layout, definitions: Definitions) -> Iterable[tuple[tuple, str]]:
    """Yield (where in the file, what is wrong) for everything that a layout names and we do not know."""
    agencies = definitions.partnership.agencies
    if layout.agency not in agencies:
        yield ("agency",), f"'{layout.agency}' is not an agency.{did_you_mean(layout.agency, agencies)}"
    for word, meaning in layout.measures.items():
        if meaning is not None and (wrong := measure_problem(meaning, definitions)):
            yield ("measures", word), f"'{word}' {wrong}"
    for dimension, words in layout.words.items():
        for word, one in words.items():
            if one is not None and (wrong := meaning_problem(dimension, one, definitions)):
                yield ("words", dimension, word), f"'{word}' {wrong}"
    for number, table in enumerate(layout.tables):
        for dimension, sources in table.says.items():
            for source in sources:
                fixed = source.fixed if len(sources) == 1 else None
                if fixed and (wrong := meaning_problem(dimension, fixed, definitions)):
                    yield ("tables", number, "says", dimension), f"'{fixed}' {wrong}"


def measure_problem(meaning: Meaning, definitions: Definitions) -> str | None:
    """Return why a measure's meaning cannot be, as a clause, or None."""
    if meaning.kpi not in definitions.kpis:
        return f"means '{meaning.kpi}', which is not a KPI.{did_you_mean(meaning.kpi, definitions.kpis)}"
    if (meaning.breakdown is None) != (meaning.group is None):
        return "gives only one of breakdown and group; give both or none."
    return None


def layout_hash(layout: Layout) -> str:
    """Return sixteen letters that change when anything about the layout does, other than who taught it and when."""
    return hashlib.sha256(layout_text(layout, NOT_HASHED).encode()).hexdigest()[:16]


def layout_text(layout: Layout, without: Iterable[str] = ()) -> str:
    """Return a layout as YAML, as it is kept."""
    plain = layout.model_dump(mode="json", exclude_none=False, exclude=set(without))
    plain["tables"] = [table_as_written(table) for table in plain["tables"]]
    plain["measures"] = {word: meaning and given(meaning) for word, meaning in plain["measures"].items()}
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=120)


def table_as_written(table: dict) -> dict:
    """Return a table without what it does not say."""
    says = {name: [given(source) for source in sources] for name, sources in table["says"].items()}
    return {**{name: value for name, value in table.items() if value not in (None, 0, [], ())}, "says": says}


def given(values: dict) -> dict:
    return {name: value for name, value in values.items() if value is not None}


def save_layout(layout: Layout) -> Path:
    """Keep a layout, whole or not at all, and the version that it replaces beside it; return its file."""
    path = layouts_folder() / layout.agency / f"{layout.name}.yaml"
    text = layout_text(layout)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        keep_earlier(path, text)
        write_whole(path, text)
    except OSError as error:
        raise ScorecardError(f"The layout could not be kept: {error.strerror}. Nothing was changed.") from None
    return path


def keep_earlier(path: Path, text: str) -> None:
    """Copy what the file holds so far beside it, under its day and its hash, where it differs."""
    if not path.exists() or path.read_text(encoding="utf-8") == text:
        return
    before = path.read_bytes()
    changed_on = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    folder = path.parent / EARLIER
    folder.mkdir(exist_ok=True)
    mark = hashlib.sha256(before).hexdigest()[:16]
    write_whole(folder / f"{path.stem}-{changed_on:%Y%m%d}-{mark}.yaml", before.decode("utf-8", "replace"))


def write_whole(path: Path, text: str) -> None:
    """Write a file under another name and give it its own when it is done, so that nobody reads half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def taught(layout: Layout, dimension: str, word: str, meaning: Meaning | str | None) -> Layout:
    """Return the layout with the meaning of one more word: a Meaning for a measure, else our word; None to ignore it.

    Raise ScorecardError where the meaning would be wrong the next time, such as a fixed quarter for "This quarter".
    """
    word = " ".join(word.split())
    plain = layout.model_dump()
    if dimension == "measure":
        plain["measures"][word] = meaning.model_dump() if isinstance(meaning, Meaning) else meaning
    else:
        plain["words"].setdefault(dimension, {})[word] = meaning
    try:
        return Layout.model_validate(plain)
    except ValidationError as error:
        wrong = "; ".join(str(one.get("ctx", {}).get("error", one["msg"])) for one in error.errors())
        raise ScorecardError(f"'{word}' cannot mean this: {wrong}.") from None
