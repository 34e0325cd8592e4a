"""A broken reference between definitions, reported with file, line and the word that was meant."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from scorecards.definitions.models import CodeList, Kpi, Partnership, RecordType
from scorecards.definitions.words import nearest_or_all
from scorecards.definitions.yaml_lines import Path_, YamlFile

Report = Callable[[Path_, str], None]  # path within the block, what is wrong with it

DATES = ("date", "datetime")
NUMBERS = ("whole_number", "number")


@dataclass(frozen=True)
class Parts:
    """What could be read so far; a block that is itself wrong is missing from here, but its name is known."""

    kpis: dict[str, Kpi]
    record_types: dict[str, RecordType]
    code_lists: dict[str, CodeList]
    partnership: Partnership | None
    names: dict[str, set[str] | None]  # of every section, also of broken blocks; None: the file cannot be read

    def knows(self, section: str, name: str) -> bool:
        """Return whether `name` stands in `section`, or may stand there."""
        names = self.names[section]
        return names is None or name in names

    def no(self, section: str, noun: str, name: str) -> str:
        """Return "'x', which is not <noun>. Did you mean 'y'?"."""
        return no(name, noun, self.names[section] or ())


def no(name: str, noun: str, known: Collection[str]) -> str:
    """Return "'x', which is not <noun>. Did you mean 'y'?"."""
    return f"'{name}', which is not {noun}.{nearest_or_all(name, known)}"


def reporter(file: YamlFile, block: Path_, what: str, problems: list[str]) -> Report:
    """Return a function that notes a sentence beginning with `what`, with file and line of a path in `block`."""

    def report(path: Path_, sentence: str) -> None:
        problems.append(f"{file.name}:{file.line((*block, *path))}: {what}{sentence}")

    return report


def check_date(report: Report, path: Path_, name: str, record: RecordType) -> None:
    """Report unless `name`, which the setting at `path` gives, is a date column of `record`."""
    check_column(report, path, name, record, DATES, "a date")


def check_column(
    report: Report, path: Path_, name: str, record: RecordType, types: Collection[str], wanted: str
) -> None:
    """Report unless `name`, which the setting at `path` gives, is a column of `record` and of one of `types`."""
    if name not in record.columns:
        report(path, f": '{path[-1]}' is {no(name, f'a column of {record.id}', record.columns)}")
    elif record.columns[name].type not in types:
        kind = record.columns[name].type
        report(path, f": '{path[-1]}' is '{name}', a column of type {kind}; it should be {wanted}.")
