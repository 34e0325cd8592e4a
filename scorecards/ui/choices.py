"""What the reader chose: read from the address, drawn as filters, written back to the address; nowhere else."""

from dataclasses import dataclass

import streamlit as st

from scorecards.definitions import DataSet, Definitions, Kpi, Theme
from scorecards.format import area_name
from scorecards.periods import Period, period_by_id
from scorecards.scorecard import WHOLE
from scorecards.ui.address import CARRIED

LABELS = {
    "set": "Data set",
    "theme": "Scorecard",
    "kpi": "Measure",
    "period": "Period",
    "area": "Area",
    "version": "As it was",
}
NEWEST = ""  # the version of a reader who looks at what stands now
EVERY_THEME = {"": "All scorecards"}
IN_VAIN = {
    "set": "There is no data set called '{}'. This is the first one.",
    "theme": "There is no scorecard called '{}'. The page Scorecards shows them all.",
    "kpi": "There is no measure called '{}'. It may have been renamed; the data dictionary lists them all.",
    "period": "There are no figures for '{}'. These are the newest.",
    "area": "There is no area called '{}'. This is the whole partnership.",
    "version": "There is no earlier version '{}' of the data. These are the newest figures.",
}
# Wide enough for the longest usual option, in pixels; on a telephone each takes the whole line.
WIDTHS = {"set": 300, "theme": 260, "kpi": 380, "period": 160, "area": 220, "version": 230}


@dataclass(frozen=True)
class Choice:
    """A data set if there is any, a theme, perhaps a KPI, a quarter, an area and an earlier data version; `unusual` is
    what of it the address must carry on.

    `has_theme` says whether the address chose the theme, by its name or its KPI's; else it is the first.
    `in_vain` says in sentences what the address asked for that does not exist.
    """

    data_set: DataSet | None
    theme: Theme
    has_theme: bool
    kpi: Kpi | None
    period: Period
    area: str
    unusual: dict[str, str]
    version: int | None = None  # None: the newest
    in_vain: tuple[str, ...] = ()


def read_choice(
    definitions: Definitions, quarters: tuple[Period, ...], usual: Period, newest_version: int = 0
) -> Choice:
    """Return what the address asks for; what it asks for in vain is left at the usual."""
    asked = {name: st.query_params.get(name, "") for name in CARRIED}
    kpi = definitions.kpis.get(asked["kpi"])
    themes = {theme.id: theme for theme in definitions.partnership.themes}
    data_set = _data_set(definitions, asked["set"])
    theme = themes.get(asked["theme"])
    if theme is None or (kpi is not None and theme.id not in kpi.themes):
        theme = themes[kpi.themes[0]] if kpi else themes_with_kpis(definitions)[0]
    period = period_by_id(asked["period"])
    period = period if period in quarters else usual
    area = asked["area"] if asked["area"] in definitions.partnership.localities else WHOLE
    version = asked["version"] if is_earlier(asked["version"], newest_version) else NEWEST
    unusual = {"theme": theme.id if asked["theme"] in themes else "", "kpi": kpi.id if kpi else ""}
    unusual |= {"period": period.id if period != usual else "", "area": area if area != WHOLE else ""}
    unusual |= {"version": version, "set": asked["set"] if data_set and asked["set"] == data_set.id else ""}
    found = {
        "set": data_set.id if data_set else "",
        "theme": theme.id,
        "kpi": kpi.id if kpi else "",
        "period": period.id,
        "area": area,
        "version": version,
    }
    # A theme that does not have the KPI gives way without a word: the KPI says where it belongs.
    missed = [name for name in CARRIED if asked[name] not in ("", found[name]) and not (name == "theme" and kpi)]
    in_vain = tuple(IN_VAIN[name].format(asked[name]) for name in missed)
    carried = {name: value for name, value in unusual.items() if value}
    has_theme = asked["theme"] in themes or kpi is not None
    return Choice(data_set, theme, has_theme, kpi, period, area, carried, int(version) if version else None, in_vain)


def _data_set(definitions, asked) -> DataSet | None:
    """Return the data set that is asked for, else the first."""
    found = definitions.partnership.data_sets
    return next((one for one in found if one.id == asked), found[0] if found else None)


def is_earlier(version: str, newest: int) -> bool:
    """Return whether an address names a data version before the newest."""
    return version.isascii() and version.isdigit() and len(version) < 10 and 1 <= int(version) < newest


def themes_with_kpis(definitions: Definitions) -> tuple[Theme, ...]:
    """Return the themes that have at least one KPI, in the partnership's order."""
    used = {theme for kpi in definitions.kpis.values() for theme in kpi.themes}
    return tuple(theme for theme in definitions.partnership.themes if theme.id in used)


def kpis_of(definitions: Definitions, theme: Theme) -> tuple[Kpi, ...]:
    """Return the KPIs of a theme in the order they are defined."""
    return tuple(kpi for kpi in definitions.kpis.values() if theme.id in kpi.themes)


def draw_filters(
    names: tuple[str, ...],
    definitions: Definitions,
    quarters: tuple[Period, ...],
    here: dict[str, str],
    versions: dict[str, str] | None = None,
    key: str = "filters",
    only: dict[str, dict[str, str]] | None = None,
):
    """Draw a chooser for each of `names`, such as theme and period; a change is written to the address.

    `versions` has the words for each data version that may be chosen, the newest under NEWEST; `only` has the options
    (id: title) of a chooser that offers fewer than usual.
    """
    options = _options(definitions, quarters, here) | {"version": versions or {}} | (only or {})
    with st.container(horizontal=True, key=key, vertical_alignment="bottom"):
        for name in names:
            chooser = f"choose_{name}"
            # The address says what is chosen; a widget of an earlier page must not say otherwise.
            st.session_state[chooser] = here[name]
            titles: dict[str, str] = options[name]
            if name == "set" and len(titles) < 2:
                continue
            ids: list[str] = list(titles)
            st.selectbox(
                LABELS[name], ids, format_func=titles.__getitem__, key=chooser, on_change=_keep, args=(name,),
                width=WIDTHS[name],
            )  # fmt: skip


def _options(definitions, quarters, here) -> dict[str, dict[str, str]]:
    areas = (WHOLE, *definitions.partnership.localities)
    return {
        "set": {one.id: one.title for one in definitions.partnership.data_sets},
        "theme": EVERY_THEME | {theme.id: theme.title for theme in themes_with_kpis(definitions)},
        "kpi": _kpi_titles(definitions, here["theme"]),
        "period": {period.id: period.label for period in quarters},
        "area": {area: area_name(definitions, area) for area in areas},
    }


def _kpi_titles(definitions, theme_id):
    theme = definitions.theme(theme_id)
    return {kpi.id: kpi.title for kpi in kpis_of(definitions, theme)} if theme else {}


def _keep(name: str) -> None:
    st.query_params[name] = st.session_state[f"choose_{name}"]
    if not st.query_params[name]:
        st.query_params.pop(name)
    if name == "theme":
        st.query_params.pop("kpi", None)
