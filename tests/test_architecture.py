"""Imports point one way: who may know whom, as data, and the walk that holds it."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# From the ground up: a module imports only from rows above its own, and from its own folder.
LAYERS = (
    {"errors"},
    {"definitions"},
    {"store"},
    {"periods", "layout_uses"},
    {"measures"},
    {"returns"},
    {"series"},
    {"submissions"},
    {"provenance"},
    {"funnel", "intervals", "rag", "rate_ratio", "spc", "trend"},
    {"comparators"},
    {"scorecard"},
    {"exceptions", "journey", "places", "tally"},
    {"affected"},
    {"disclosure"},
    {"snapshots"},
    {"format"},
    {"narrative"},
    {"charts"},
    {"catalogue"},
    {"exports"},
    {"ui"},
    {"__main__"},
)
LEVEL = {module: level for level, modules in enumerate(LAYERS) for module in modules}

# Numbers in, a judgement out: they know neither us nor each other, so anybody can check them alone.
LEAVES = {"funnel", "intervals", "rag", "rate_ratio", "spc", "trend"}

# A landing writes records and recomputes what it touched; nothing else of the product is its business.
LOADERS_MAY_IMPORT = {"errors", "definitions", "store", "periods", "series"}

# A benchmark speaks to a running server in its own words.
STREAMLIT_ONLY_IN = ("scorecards/ui", "pages/", "app.py", "benchmarks/pages.py")

# Pages list what the reader sees; arithmetic and SQL happen below them.
NOT_IN_PAGES = {"sqlalchemy", "scipy", "numpy"}

PRODUCT = ("scorecards", "data_loaders", "demo", "pages", "benchmarks")


def python_files(*folders: str) -> list[str]:
    """Return the product's files in `folders`, as paths from the project's folder."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def pages() -> list[str]:
    return [*python_files("pages"), *(path.name for path in ROOT.glob("app.py"))]


def dotted(file: str) -> list[str]:
    """Return the package that relative imports in `file` start from."""
    return list(Path(file).parent.parts)


@cache
def imports(file: str) -> tuple[str, ...]:
    """Return the full name of everything `file` imports, wherever in it the import stands."""
    found = []
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            package = dotted(file)
            above = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            found += [f"{source}.{alias.name}" for alias in node.names]
    return tuple(found)


def ours(file: str, package: str = "scorecards") -> set[str]:
    """Return the modules directly under `package` that `file` imports."""
    parts = [name.split(".") for name in imports(file)]
    return {names[1] for names in parts if names[0] == package and len(names) > 1}


def libraries(file: str) -> set[str]:
    return {name.split(".")[0] for name in imports(file)}


def module_of(file: str) -> str:
    """Return the module directly under its package that `file` is, or is a room of."""
    return Path(file).parts[1].removesuffix(".py")


SCORECARDS = [file for file in python_files("scorecards") if module_of(file) != "__init__"]


@pytest.mark.parametrize("file", SCORECARDS)
def test_every_module_has_a_layer(file):
    assert module_of(file) in LEVEL, f"Give {module_of(file)!r} its row in LAYERS."


@pytest.mark.parametrize("file", SCORECARDS)
def test_imports_point_down(file):
    module = module_of(file)
    upward = {name for name in ours(file) - {module} if LEVEL.get(name, 0) >= LEVEL.get(module, len(LAYERS))}
    assert upward == set(), f"{file} imports what stands on it."


@pytest.mark.parametrize("file", SCORECARDS)
def test_no_module_imports_an_unknown_one(file):
    assert ours(file) - set(LEVEL) == set()


@pytest.mark.parametrize("file", [file for file in SCORECARDS if module_of(file) in LEAVES])
def test_a_judgement_knows_nothing_of_ours(file):
    assert ours(file) == set()


def test_definitions_know_nothing_but_errors():
    rooms = [file for file in SCORECARDS if module_of(file) == "definitions"]
    assert set().union(*(ours(file) for file in rooms)) - {"definitions"} <= {"errors"}


@pytest.mark.parametrize("file", python_files("scorecards"))
def test_scorecards_do_not_know_the_loaders_the_demo_or_the_pages(file):
    assert libraries(file) & {"data_loaders", "demo", "pages", "app", "benchmarks", "tests"} == set()


@pytest.mark.parametrize("file", python_files("data_loaders"))
def test_a_loader_lands_records_and_no_more(file):
    assert ours(file) <= LOADERS_MAY_IMPORT
    assert libraries(file) & {"demo", "pages", "app", "benchmarks", "tests"} == set()


@pytest.mark.parametrize("file", [*python_files("scorecards", "data_loaders", "demo", "benchmarks")])
def test_streamlit_is_known_only_to_what_draws(file):
    assert file.startswith(STREAMLIT_ONLY_IN) or "streamlit" not in libraries(file)


@pytest.mark.parametrize("file", pages())
def test_a_page_does_no_arithmetic_and_no_sql(file):
    assert libraries(file) & NOT_IN_PAGES == set()


@pytest.mark.parametrize("file", [*python_files(*PRODUCT), *pages()])
def test_a_module_opens_by_saying_what_it_owns(file):
    docstring = ast.get_docstring(ast.parse((ROOT / file).read_text(encoding="utf-8"))) or ""
    assert docstring.splitlines()[:1] not in ([], [""]), f"{file} has no sentence at its top."


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "common.py", "misc.py"])
def test_no_module_is_a_drawer_for_what_has_no_place(name):
    assert [file for file in python_files(*PRODUCT) if Path(file).name == name] == []


def test_the_walk_sees_relative_and_local_imports(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "scorecards" / "exports").mkdir(parents=True)
    room = tmp_path / "scorecards" / "exports" / "example_room.py"
    room.write_text(
        "from .. import rag\nfrom ..store import read\nfrom . import pdf\ndef f():\n import scorecards.spc\n"
    )
    assert ours("scorecards/exports/example_room.py") == {"rag", "store", "exports", "spc"}
