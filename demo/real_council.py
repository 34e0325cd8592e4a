"""A real council's published figures in a store of their own: the product opened before anybody has sent a file.

The measures are those with a published equivalent, each read by the financial year, as they are published.
"""

import csv
import io
import shutil
from collections.abc import Iterable
from pathlib import Path

import yaml

from data_loaders import check_files, land
from data_loaders.published import check_carried, land_published
from scorecards.comparators import Figure, published_series
from scorecards.definitions import Definitions, read_definitions
from scorecards.definitions.councils import Council, read_councils
from scorecards.definitions.published_models import ValueStatus
from scorecards.definitions.published_reading import read_published_tables
from scorecards.errors import ScorecardError
from scorecards.periods import financial_year
from scorecards.store import Store, home, open_store

PROJECT = Path(__file__).resolve().parents[1]
SENDER = "council"  # the agency under which the publisher's figures stand
HEADINGS = ("Measure", "Period", "Number", "Out of", "Value")
REASON = "Published by the Department for Education as it stands."
YEARLY = {"shown": ["financial_year"], "judged": "financial_year", "pattern": "financial_year"}
# What a return says where it gives no number.
SIGNS = {
    ValueStatus.SUPPRESSED: "c",
    ValueStatus.ROUNDS_TO_ZERO: "low",
    ValueStatus.LOW_RELIABILITY: "x",
    ValueStatus.UNAVAILABLE: "x",
    ValueStatus.NOT_APPLICABLE: "z",
}


def council_of(asked: str) -> Council:
    """Return the council of a code or a name, or raise ScorecardError."""
    known = read_councils()
    found = known.by_code.get(asked.strip().upper()) or known.named(asked)
    if found is None:
        raise ScorecardError(
            f"'{asked}' is not a council's code or name. Give a code such as E09000003, or a name such as Barnet."
        )
    return found


def settings_of(council: Council) -> dict[str, str]:
    """Return what opens a council's own store: nothing of it lies in the demo's folder or in yours."""
    folder = home() / "councils" / council.code
    return {
        "SCORECARDS_HOME": str(folder),
        "SCORECARDS_DEFINITIONS": str(folder),
        "SCORECARDS_PARTNERSHIP": str(folder / "partnership.yaml"),
        "SCORECARDS_DATABASE_URL": f"sqlite:///{folder / 'scorecards.db'}",
    }


def prepare_council(council: Council) -> None:
    """Make or refresh the council's store in the folder that the settings name; again changes nothing."""
    write_definitions(home(), council)
    store = open_store(definitions=read_definitions())
    try:
        land_published(store, check_carried(store), by="product")
        land_own(store, council)
    finally:
        store.close()


def write_definitions(folder: Path, council: Council) -> None:
    """Write the measures and lists anew; the partnership only where there is none, so that targets set there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT / "record_types.yaml", folder / "record_types.yaml")
    written = yaml.safe_load((PROJECT / "kpi_definitions.yaml").read_text(encoding="utf-8"))
    write_yaml(folder / "kpi_definitions.yaml", with_published_only(written))
    if not (folder / "partnership.yaml").exists():
        write_yaml(folder / "partnership.yaml", partnership_of(council))


def write_yaml(path: Path, content: dict) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def with_published_only(written: dict) -> dict:
    """Return the definitions with the measures that have a published equivalent, read by the year."""
    tables = read_published_tables()
    # Of some measures England alone is published in a form that comes with the product.
    kept = {name: kpi for name, kpi in written["kpis"].items()
            if kpi["benchmark"] and tables.measure(kpi["benchmark"]["published_id"])}  # fmt: skip
    kpis = {
        name: {
            **kpi,
            "windows": YEARLY,
            "breakdowns": [],
            "benchmark": {**kpi["benchmark"], "window": "financial_year"},
            "companions": [one for one in kpi.get("companions", ()) if one in kept],
        }
        for name, kpi in kept.items()
    }
    used = {theme for kpi in kpis.values() for theme in kpi["themes"]}
    themes = {name: theme for name, theme in written["themes"].items() if name in used}
    # The journey and the data sets are of measures that nobody publishes.
    rest = {name: part for name, part in written.items() if name not in ("journey", "data_sets")}
    return {**rest, "kpis": kpis, "themes": themes}


def partnership_of(council: Council) -> dict:
    """Return a partnership of the council alone: no localities, and nobody is expected to send anything."""
    name = council.name.partition(", ")[0]
    return {
        "name": f"{name} figures as published",
        "short_name": name,
        "is_fictional": False,
        "handling": "For published figures only",
        "area_code": council.code,
        "first_day": "2015-04-01",
        "agencies": {SENDER: {"title": "DfE, published"}},
        "lead_agencies": [],
        "localities": {},
        "populations": [],
        "returns": [],
        "themes": [],
    }


def land_own(store: Store, council: Council) -> None:
    """Land the council's own published figures as a return of yearly figures, through every check of a return."""
    name = f"{council.code} as published.csv"
    check = check_files(store, [(name, own_figures(store, council), SENDER)])
    if check.can_land:
        land(store, check, by="product", reasons={"": REASON})


def own_figures(store: Store, council: Council) -> bytes:
    """Return a council's published figures as a partner's CSV file."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    rows.writerows(figure_rows(store, store.definitions, council))
    return text.getvalue().encode()


def figure_rows(store: Store, definitions: Definitions, council: Council) -> Iterable[tuple]:
    with store.read() as connection:
        for kpi in definitions.kpis.values():
            assert kpi.benchmark is not None
            for figure in published_series(connection, kpi.benchmark.published_id, council.code):
                yield (kpi.title, financial_year(figure.year - 1).label, *numbers_of(figure))


def numbers_of(figure: Figure) -> tuple[float | str, float | str, float | str]:
    """Return number, out of and value: both counts where they are published, else the figure alone, else a sign."""
    if figure.value is None:
        return "", "", SIGNS[figure.status]
    if figure.numerator is None or not figure.denominator:
        return "", "", figure.value
    return figure.numerator, figure.denominator, ""
