"""YAML as plain values, with the line on which each stands."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

Path_ = tuple[str | int, ...]

NULL, FLOAT, MERGE = "tag:yaml.org,2002:null", "tag:yaml.org,2002:float", "tag:yaml.org,2002:merge"


class _Loader(yaml.SafeLoader):
    """SafeLoader in which words stay words.

    YAML would read no as a truth value, 0_17 as 15, 010 as 8 and 12:30 as 750; codes and headings look like
    that. Dates stay words too: the models read them, and can say on which line one is wrong.
    """


_Fast: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where PyYAML was built with it


class _FastLoader(_Fast):
    """The same, five times as fast; but the process dies of a file with a hundred thousand levels."""


for _loader in (_Loader, _FastLoader):
    _loader.yaml_implicit_resolvers = {
        letter: [(tag, pattern) for tag, pattern in resolvers if tag in (NULL, FLOAT, MERGE)]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    _loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
    _loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789"))

DEEPEST = 100  # levels that the fast loader is trusted with
_FAR_IN = re.compile(rf"^[ \t?:-]{{{DEEPEST}}}", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")


@dataclass(frozen=True)
class YamlFile:
    """The content of one file, the line of every value in it, and what is wrong with it as YAML."""

    name: str
    data: object
    lines: dict[Path_, int]
    problems: tuple[str, ...]

    def line(self, path: Path_) -> int:
        """Return the line of `path`, or of the nearest thing above it; steps that do not exist are skipped."""
        return self.lines.get(self.known_steps(path), 1)

    def known_steps(self, path: Path_) -> Path_:
        """Return the steps of `path` that stand in the file, in their order."""
        known: Path_ = ()
        for step in path:
            if (*known, step) in self.lines:
                known = (*known, step)
        return known


def read_yaml(path: Path) -> YamlFile:
    """Read one definitions file; a file that is missing or not YAML gives a problem, never an exception."""
    try:
        return _parse(path.name, path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return _unreadable(path.name, 1, f"the file is missing from {path.parent.resolve().name}")
    except OSError as error:
        return _unreadable(path.name, 1, f"the file cannot be opened: {error.strerror}")
    except UnicodeDecodeError:
        return _unreadable(path.name, 1, "the file is not UTF-8 text. Save it as UTF-8")


def _unreadable(name: str, line: int, sentence: str) -> YamlFile:
    return YamlFile(name, None, {}, (f"{name}:{line}: {sentence}.",))


def _parse(name: str, text: str) -> YamlFile:
    if not _may_be_deep(text):
        read = _parse_with(_FastLoader, name, text)
        if read.data is not None:
            return read
    # What is wrong is said in the words of the loader that counts every line as people do.
    return _parse_with(_Loader, name, text)


def _may_be_deep(text: str) -> bool:
    """Return whether a file may have more levels than the fast loader is trusted with; brackets in words count, too."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(text):
        depth = depth + 1 if bracket[0] in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest > DEEPEST or _FAR_IN.search(text) is not None


def _parse_with(kind: type, name: str, text: str) -> YamlFile:
    try:
        loader = kind(text)
        node = loader.get_single_node()
        if node is None:
            return _unreadable(name, 1, "the file is empty")
        lines: dict[Path_, int] = {}
        problems: list[str] = []
        _walk(node, (), lines, problems, name)
        return YamlFile(name, loader.construct_document(node), lines, tuple(problems))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return _unreadable(name, line, "a character here is not text. Delete the line and type it again")
    except yaml.MarkedYAMLError as error:
        sentence = f"not readable as YAML ({error.problem}). Look for a missing quote, colon or space"
        return _unreadable(name, error.problem_mark.line + 1 if error.problem_mark else 1, sentence)
    except RecursionError:
        return _unreadable(name, 1, "something in the file contains itself, or stands too many levels deep")


def _walk(node, path, lines, problems, name):
    """Note the line of everything below `node`, and every key that stands twice."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in seen:
                problems.append(f"{name}:{line}: '{key}' stands here a second time; the first is on line {seen[key]}.")
            seen[key] = lines[(*path, key)] = line
            _walk(value_node, (*path, key), lines, problems, name)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            lines[(*path, index)] = item.start_mark.line + 1
            _walk(item, (*path, index), lines, problems, name)
