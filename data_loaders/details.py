"""Owns what a preview says of single cells: from what to what, in which column and month, never about whom."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from data_loaders.places import WHOLE_AREA
from data_loaders.problems import HIDDEN, shown
from data_loaders.results import CellChange, Detail
from scorecards.definitions import Column, Definitions, RecordType
from scorecards.periods import Period, period_by_id
from scorecards.periods.made import MONTHS

EXAMPLES = 50
FIGURES = 200  # cells of aggregate returns that are named one by one: they are few, and each is a figure
NEVER_SHOWN = ("child", "reference", "birth")
BLANK = "blank"
IN_PERIOD = "in_period"  # the basis that needs no words
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, eq=False)
class Edit:
    """A stored row, what takes its place, and where in a sender's file that stands."""

    was: tuple
    now: tuple
    file: str
    sheet: str
    row: int
    cell: str = ""  # of an aggregate's figure
    letters: Mapping[str, str] = field(default_factory=dict)
    is_lines: bool = False  # the file counts lines instead of rows

    def place(self, column: str) -> str:
        """Return where the sender has the cell of a column: "F17", or its row where the sheet has no such column."""
        if column in self.letters:
            return f"{self.letters[column]}{self.row}"
        return self.cell or f"{'line' if self.is_lines else 'row'} {self.row}"


@dataclass(frozen=True)
class Parts:
    """A column of the sender's and the places of what is stored of it in a row's content."""

    name: str
    column: Column
    places: tuple[int, ...]

    def of(self, content: tuple) -> tuple:
        return tuple(content[place] for place in self.places)


@dataclass(frozen=True)
class Figure:
    """Which figure a row of an aggregate return gives."""

    measure: str
    period: Period | None
    words: str  # the period, and what tells this figure from others of it


def detail_of(
    definitions: Definitions,
    record: RecordType,
    names: Sequence[str],
    edits: Sequence[Edit],
    added: Iterable,
    removed: Iterable,
    newest: Mapping[str, datetime.date] | None = None,
) -> Detail:
    """Return what stands behind a change; `added` and `removed` have the day or the period of each such row.

    `newest` has by file name the end of the newest period that a file of aggregates speaks of.
    """
    parts = parts_of(record, names)
    counted = [(edit, [one for one in parts if one.of(edit.was) != one.of(edit.now)]) for edit in edits]
    columns = Counter(one.column.title for _, changed in counted for one in changed)
    described = describer(definitions, record, names, newest or {})
    most = FIGURES if record.replaces == "key" else EXAMPLES
    cells = ((edit, one) for edit, changed in counted for one in changed)
    examples = tuple(described(edit, one) for edit, one in islice(cells, most))
    return Detail(
        tuple(columns.most_common()), examples, sum(columns.values()), by_month(added), by_month(removed),
        restated_periods(definitions, record, names, edits, newest or {}),
    )  # fmt: skip


def parts_of(record: RecordType, names: Sequence[str]) -> list[Parts]:
    """Return the sender's columns with what is stored of each."""
    at = {name: place for place, name in enumerate(names)}
    found = []
    for name, column in record.columns.items():
        stored = {
            "birth": ("age", "age_band", "birth_month"),
            "datetime": (name, f"{name}_minute"),
            "number": (name, f"{name}_symbol"),
            "whole_number": (name, f"{name}_symbol"),
            "drop": (),
        }.get(column.type, (name,))
        if stored:
            found.append(Parts(name, column, tuple(at[one] for one in stored)))
    return found


def describer(definitions, record, names, newest) -> Callable[[Edit, Parts], CellChange]:
    """Return the function that puts one changed cell into words."""
    figures = record.replaces == "key"

    def described(edit: Edit, one: Parts) -> CellChange:
        was, now = (written(definitions, record, one, content) for content in (edit.was, edit.now))
        cell = CellChange(edit.file, edit.sheet, edit.place(one.name), one.column.title, was, now)
        if not figures:
            return cell
        figure = figure_of(definitions, names, edit.now)
        return CellChange(
            cell.file, cell.sheet, cell.cell, cell.column, was, now, figure.measure, figure.words,
            is_restated(figure, edit, newest),
        )  # fmt: skip

    return described


def written(definitions: Definitions, record: RecordType, one: Parts, content: tuple) -> str:
    """Return what is stored of a column as people write it; what may tell who it is about is not shown."""
    if one.column.type in NEVER_SHOWN:
        return HIDDEN
    value, *beside = one.of(content)
    if value is None:
        sign = next(filter(None, beside), None)  # such as "c", where no number was given
        return BLANK if sign is None else shown(sign)
    if one.column.type in WRITTEN:
        return WRITTEN[one.column.type](value, *beside)
    return shown(label(definitions, record, one, value))


def moment(day: int, minute: int | None = None) -> str:
    """Return a day as 31/10/2025, with its time where the sender gave one."""
    date = f"{datetime.date.fromordinal(day):%d/%m/%Y}"
    if minute is None:
        return date
    hours, minutes = divmod(minute % MINUTES_A_DAY, 60)
    return f"{date} {hours:02}:{minutes:02}"


def number(value: float, _sign: str | None) -> str:
    """Return a number as it was sent, with commas for thousands."""
    return f"{value:,.10g}"


def period_label(period_id: str) -> str:
    period = period_by_id(period_id)
    return period.label if period else period_id


# How each type of column is written, from its value and what is stored beside it; the others are words.
WRITTEN: dict[str, Callable[..., str]] = {
    "date": moment,
    "datetime": moment,
    "number": number,
    "whole_number": number,
    "yes_no": str.capitalize,
    "period": period_label,
}


def label(definitions: Definitions, record: RecordType, one: Parts, value: str) -> str:
    """Return a code or a locality by its name; other words as they are."""
    if one.column.type == "locality":
        locality = definitions.partnership.localities.get(value)
        return locality.title if locality else value
    codes = definitions.code_list(record.id, one.name)
    return codes.codes[value].label if codes and value in codes.codes else str(value)


def figure_of(definitions: Definitions, names: Sequence[str], content: tuple) -> Figure:
    """Return which figure a row of an aggregate return gives."""
    row = dict(zip(names, content, strict=True))
    kpi = definitions.kpis.get(row["kpi"])
    period = period_by_id(row["period"])
    area = row["area"] if row["area"] not in (None, WHOLE_AREA) else None
    locality = definitions.partnership.localities.get(area) if area else None
    bases = definitions.code_list("aggregate_return", "basis")
    basis = bases.codes.get(row["basis"]) if bases and row["basis"] != IN_PERIOD else None
    said = (
        period.label if period else row["period"],
        row["provider"],
        locality.title if locality else area,
        row["group"],
        basis.label.lower() if basis else None,
    )
    return Figure(kpi.title if kpi else row["kpi"], period, ", ".join(filter(None, said)))


def is_restated(figure: Figure, edit: Edit, newest: Mapping[str, datetime.date]) -> bool:
    """Return whether a changed figure is of an earlier period than the newest that its file speaks of."""
    return figure.period is not None and edit.file in newest and figure.period.end < newest[edit.file]


def newest_periods(rows: Iterable[tuple[str, Iterable[str]]]) -> dict[str, datetime.date]:
    """Return by file name the end of the newest of the periods (by id) that each file speaks of."""
    found: dict[str, datetime.date] = {}
    for file, ids in rows:
        ends = [period.end for one in set(ids) if (period := period_by_id(one)) is not None]
        if ends:
            found[file] = max(ends + ([found[file]] if file in found else []))
    return found


def restated_periods(definitions, record, names, edits: Sequence[Edit], newest) -> tuple[str, ...]:
    """Return the labels of the earlier periods of which figures change, oldest first."""
    if record.replaces != "key" or not newest:
        return ()
    figures = [(figure_of(definitions, names, edit.now), edit) for edit in edits]
    periods = {figure.period for figure, edit in figures if figure.period and is_restated(figure, edit, newest)}
    return tuple(one.label for one in sorted(periods))


def by_month(moments: Iterable) -> tuple[tuple[str, int], ...]:
    """Return how many rows fall into each month, oldest first; those of aggregates into each period."""
    months: Counter = Counter()
    for moment_, count in Counter(moments).items():
        months[month_of(moment_)] += count
    return tuple((words, count) for (_first, words), count in sorted(months.items()))


def month_of(moment_) -> tuple[datetime.date, str]:
    """Return what sorts a month or period, and what it is called."""
    if moment_ is None:
        return datetime.date.min, "without a date"
    if isinstance(moment_, str):
        period = period_by_id(moment_)
        return (period.first, period.label) if period else (datetime.date.min, moment_)
    day = datetime.date.fromordinal(moment_).replace(day=1)
    return day, f"{MONTHS[day.month - 1]} {day.year}"
