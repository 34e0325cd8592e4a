"""YAML as plain values, with the line on which each stands."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

Path_ = tuple[str | int, ...]


class _Loader(yaml.SafeLoader):
    """SafeLoader in which yes, no, on and off stay words: they are codes here, not truth values."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


@dataclass(frozen=True)
class YamlFile:
    """The content of one file, the line of every value in it, and what is wrong with it as YAML."""

    name: str
    data: object
    lines: dict[Path_, int]
    problems: tuple[str, ...]

    def line(self, path: Path_) -> int:
        """Return the line of `path`, or of the nearest thing above it; steps that do not exist are skipped."""
        known: Path_ = ()
        for step in path:
            if (*known, step) in self.lines:
                known = (*known, step)
        return self.lines.get(known, 1)


def read_yaml(path: Path) -> YamlFile:
    """Read one definitions file; a file that is missing or not YAML gives a problem, never an exception."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return YamlFile(path.name, {}, {}, (f"{path.name}:1: the file is missing from {path.parent.name or '.'}.",))
    except UnicodeDecodeError:
        return YamlFile(path.name, {}, {}, (f"{path.name}:1: the file is not UTF-8 text. Save it as UTF-8.",))
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return YamlFile(path.name, {}, {}, (f"{path.name}:1: the file is empty.",))
        lines: dict[Path_, int] = {}
        problems: list[str] = []
        _walk(node, (), lines, problems, path.name)
        return YamlFile(path.name, loader.construct_document(node), lines, tuple(problems))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return YamlFile(path.name, {}, {}, (f"{path.name}:{line}: not readable as YAML: {error.problem or error.context}.",))
    finally:
        loader.dispose()


def _walk(node, path, lines, problems, name):
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in seen:
                problems.append(f"{name}:{line}: '{key}' stands here a second time; the first is on line {seen[key]}.")
            seen[key] = line
            _walk(value_node, (*path, key), lines, problems, name)
            lines[(*path, key)] = line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*path, index), lines, problems, name)
