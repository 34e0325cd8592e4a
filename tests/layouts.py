"""What tests of taught layouts share: definitions with enough KPIs, sheets drawn as tables, what is read from them."""

import datetime
from functools import cache

from data_loaders.grid import BLANK, Cell, FileContent, Sheet
from data_loaders.layouts import Layout, tried
from data_loaders.layouts.kept import read_layout
from data_loaders.layouts.laying import column_of
from data_loaders.reading import read_file
from scorecards.definitions import Definitions, read_definitions
from scorecards.store import Store
from tests import partner_files
from tests.prepared import open_prepared
from tests.samples.make_layout_samples import LAYOUTS, SAMPLES, Expected

KPIS = (
    "assaults_recorded", "missing_home_episodes", "missing_care_episodes", "ed_self_harm", "cpp_reviewed_on_time_pct",
    "perm_exclusions", "referrals", "missing_repeat_pct", "mash_contacts", "s47_started", "missing_home_children",
    "missing_care_children", "assessment_45wd_pct", "icpc_15wd_pct", "icpc_held", "cpp_starts", "cpp_stock",
    "assessments_completed", "cpp_ends", "rhi_72h_pct", "rhi_offered_pct", "rhi_completed_pct", "strategy_discussions",
    "mash_decision_1wd_pct", "training_attendance", "cpp_duration_days_median",
)  # fmt: skip


BROKEN_DOWN = {"cpp_ends": ("age_band",)}


@cache
def definitions() -> Definitions:
    """The project's definitions with two localities and the KPIs that the samples have figures of.

    Only one is broken down, by age, so that a landing that works out two dozen of them takes seconds.
    """
    found = read_definitions()
    kpis = {name: found.kpis[name].model_copy(update={"breakdowns": BROKEN_DOWN.get(name, ())}) for name in KPIS}
    us = found.partnership.model_copy(update={"localities": partner_files.LOCALITIES, "returns": partner_files.RETURNS})
    return found.model_copy(update={"partnership": us, "kpis": kpis})


def opened(url: str, today=partner_files.TODAY) -> Store:
    return open_prepared(url, definitions(), today)


@cache
def drawn(name: str, quarter: int) -> tuple[str, bytes, tuple[Expected, ...]]:
    """Name, bytes and figures of one sample's file."""
    return SAMPLES[name].file(quarter)


def content(name: str, quarter: int):
    file, data, _ = drawn(name, quarter)
    return read_file(data, file)


def layout_of(name: str) -> Layout:
    """The layout that was taught on a sample's first file."""
    return taught_layouts()[name]


@cache
def taught_layouts() -> dict[str, Layout]:
    """The samples' layouts by name."""
    return {path.stem: read_layout(path, definitions())[0] for path in sorted(LAYOUTS.glob("*/*.yaml"))}


# Sheets drawn as tables, without a file


def table(text: str) -> list[list]:
    """Return a drawn table as rows: cells between bars, numbers as numbers, 45%% as a percentage, blanks as nothing."""
    return [[value_of(part.strip()) for part in line.split("|")] for line in text.strip("\n").splitlines()]


def value_of(text: str):
    if not text:
        return None
    if text.endswith("%%"):
        return Cell("percent", float(text[:-2]) / 100)
    try:
        return float(text)
    except ValueError:
        return text


def cell_of(value) -> Cell:
    if value is None or isinstance(value, Cell):
        return value or BLANK
    if isinstance(value, bool):
        return Cell("yes_no", value)
    if isinstance(value, int | float):
        return Cell("number", float(value))
    if isinstance(value, datetime.datetime):
        return Cell("datetime", value)
    return Cell("date" if isinstance(value, datetime.date) else "text", value)


def sheet_of(rows, name="Data", state="visible", **facts) -> Sheet:
    """Return rows of values as the reader gives a sheet; a drawn table is one, too."""
    rows = table(rows) if isinstance(rows, str) else rows
    width = max(map(len, rows), default=0)
    columns = [[cell_of(row[at]) if at < len(row) else BLANK for row in rows] for at in range(width)]
    return Sheet(name, state, tuple(column_of(cells) for cells in columns), len(rows), **facts)


def content_of(*sheets, name="figures.xlsx") -> FileContent:
    """Return a file of drawn tables or sheets."""
    made = tuple(one if isinstance(one, Sheet) else sheet_of(one) for one in sheets)
    return FileContent(name, f"sha of {name}", "xlsx", 1, None, made, ())


ASSAULTS, MISSING, STOCK, SHARE = (
    {"Assaults": {"kpi": "assaults_recorded"}},
    {"Missing": {"kpi": "missing_home_episodes"}},
    {"Plans": {"kpi": "cpp_stock"}},
    {"In time": {"kpi": "rhi_72h_pct"}},
)
MEASURES = ASSAULTS | MISSING | STOCK | SHARE


def layout(*tables, measures=None, agency="police", name="drawn", **words) -> Layout:
    """Return a layout of tables, each as plain values that complete the simplest one: measures down, periods across."""
    plain = {
        "title": "Drawn", "sheet": "Data", "first": "B2", "marks": {"A1": "Indicator"},
        "says": {"measure": [{"label_column": "A"}], "period": [{"heading_row": 1}]},
    }  # fmt: skip
    return Layout.model_validate({
        "agency": agency, "name": name, "title": "Figures as drawn", "taught_by": "Analyst", "taught_on": "2025-07-10",
        "tables": [{**plain, **one, "says": {**plain["says"], **one.get("says", {})}} for one in tables or ({},)],
        "measures": MEASURES if measures is None else measures, "words": words,
    })  # fmt: skip


def read(taught: Layout, *sheets, name="figures.xlsx") -> list[str]:
    """Return what a layout reads, a line a figure: "assaults_recorded 2025-26-Q1: 12 at B2"."""
    return [line_of(one) for one in tried(content_of(*sheets, name=name), taught, definitions()).figures]


def line_of(one) -> str:
    area = "" if one.area == "The whole partnership" else one.area
    group = f"{one.breakdown}={one.group}" if one.group else ""
    of_whom = " ".join(filter(None, (area, one.provider, group, one.basis)))
    numbers = [one.number, one.out_of and f"of {one.out_of}", one.value and f"value {one.value}"]
    until = f" until {one.available_from}" if one.available_from else ""
    said = " ".join(filter(None, numbers))
    return f"{one.kpi} {one.period_id}{f' [{of_whom}]' if of_whom else ''}: {said}{until} at {', '.join(one.cells)}"


def asked(taught: Layout, *sheets, name="figures.xlsx") -> list[tuple[str, str, str, int]]:
    """Return what a layout asks: the dimension, the word, where it stands and how many figures wait."""
    questions = tried(content_of(*sheets, name=name), taught, definitions()).questions
    return [(one.dimension, one.word, one.address, one.figures) for one in questions]
