"""Twelve partners' returns for tests of taught layouts: definitions with enough KPIs, the drawn files, the store."""

from functools import cache

from data_loaders.layouts import Layout
from data_loaders.layouts.kept import read_layout
from data_loaders.reading import read_file
from scorecards.definitions import Definitions, read_definitions
from scorecards.store import Store, open_store
from tests import partner_files
from tests.samples.make_layout_samples import LAYOUTS, SAMPLES, Expected

KPIS = (
    "assaults_recorded", "missing_home_episodes", "missing_care_episodes", "ed_self_harm", "cpp_reviewed_on_time_pct",
    "perm_exclusions", "referrals", "missing_repeat_pct", "mash_contacts", "s47_started", "missing_home_children",
    "missing_care_children", "assessment_45wd_pct", "icpc_15wd_pct", "icpc_held", "cpp_starts", "cpp_stock",
    "assessments_completed", "cpp_ends", "rhi_72h_pct", "rhi_offered_pct", "rhi_completed_pct", "strategy_discussions",
    "mash_decision_1wd_pct", "training_attendance",
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
    return open_store(url, definitions=definitions(), on=today)


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
