"""The KPIs that come with the product say what they should, and their outside figures are those published."""

import csv
import re
from pathlib import Path

import pytest

from scorecards.definitions import BandThresholds, Kpi, Thresholds, read_definitions

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "scorecards" / "published" / "england.csv"

DEFINITIONS = read_definitions(ROOT)
KPIS = list(DEFINITIONS.kpis.values())
EACH_KPI = pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.id)

# Names of published series that differ from our ids.
SERIES = {
    "referral_nfa_pct": "referrals_nfa_pct",
    "cla_20_miles_outside_pct": "cla_over20miles_outside_pct",
    "low_income_u16_pct": "relative_low_income_u16_pct",
    "assessment_nfa_pct": "referrals_assessed_not_in_need_pct",
    "re_referral_pct": "rereferral_12m_pct",
    "cpp_rate_10k": "cpp_stock_rate_10k",
    "cpp_2y_plus_open_pct": "cpp_open_2y_plus_pct",
    "cpp_2y_plus_ended_pct": "cpp_ended_2y_plus_pct",
    "cpp_second_subsequent_pct": "cpp_second_or_subsequent_pct",
    "cpp_reviewed_on_time_pct": "cpp_reviewed_in_timescale_pct",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@EACH_KPI
def test_a_kpi_asks_two_to_four_questions(kpi: Kpi):
    assert 2 <= len(kpi.questions) <= 4
    assert all(question.endswith("?") for question in kpi.questions)


@EACH_KPI
def test_a_title_is_short_and_has_no_abbreviation(kpi: Kpi):
    assert len(kpi.title) <= 50
    assert not re.search(r"\b[A-Z]{2,}|\d+[dm]\b|%", kpi.title)


@EACH_KPI
def test_words_for_people_are_whole_sentences(kpi: Kpi):
    assert all(text.endswith((".", "?")) for text in (kpi.why, kpi.definition, kpi.caveats))


@EACH_KPI
def test_a_rated_kpi_says_where_its_lines_come_from(kpi: Kpi):
    if kpi.thresholds is not None:
        assert ("not verified" in kpi.thresholds.source) == (kpi.thresholds.basis == "local" or is_part_local(kpi))


def is_part_local(kpi: Kpi) -> bool:
    # Other councils say nothing of how low is too low.
    return kpi.id == "cpp_second_subsequent_pct"


@EACH_KPI
def test_lines_drawn_from_years_judge_years_unless_they_are_of_a_day_or_of_timeliness(kpi: Kpi):
    if kpi.thresholds is None or kpi.thresholds.basis != "councils":
        return
    may_be_quarterly = kpi.measure.is_stock or kpi.measure.kind == "within"
    assert kpi.windows.judged == ("quarter" if may_be_quarterly else "rolling_12_months")


def test_every_theme_has_a_kpi():
    assert {theme for kpi in KPIS for theme in kpi.themes} == {theme.id for theme in DEFINITIONS.partnership.themes}


def test_a_stock_is_never_coloured_by_its_number_alone():
    assert {kpi.polarity for kpi in KPIS if kpi.measure.kind == "stock"} == {"context"}


@EACH_KPI
def test_england_is_given_for_every_year_from_2016_where_a_kpi_may_be_compared(kpi: Kpi):
    years = [row["year"] for row in rows(PUBLISHED) if row["kpi"] == kpi.id]
    # Relative low income was counted anew from 2021/22 on, and what was published before does not compare.
    first = 2022 if kpi.id == "low_income_u16_pct" else 2016
    assert years == ([str(year) for year in range(first, 2026)] if kpi.benchmark else [])
    assert kpi.benchmark is None or kpi.benchmark.published_id == kpi.id


def test_a_published_figure_names_its_release():
    assert all(re.fullmatch(r"DfE, .* 2025 release.*", row["source"]) for row in rows(PUBLISHED))


def test_england_is_as_published(shared: Path):
    published = {
        (row["indicator"], row["year"]): row["value"] for row in rows(shared / "data/derived/england_lait.csv")
    }
    for row in rows(PUBLISHED):
        if row["kpi"] != "re_referral_child_pct":
            series = SERIES.get(row["kpi"], row["kpi"])
            assert float(row["value"]) == pytest.approx(float(published[series, row["year"]])), row


def test_england_counted_by_children_is_as_published(shared: Path):
    table = rows(shared / "data/dfe_2025_release/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv")
    published = {
        row["time_period"]: float(row["rereferral_child_percent"])
        for row in table
        if row["geographic_level"] == "National"
    }
    ours = {row["year"]: float(row["value"]) for row in rows(PUBLISHED) if row["kpi"] == "re_referral_child_pct"}
    assert ours == {year: published[year] for year in ours}


def test_lines_drawn_from_other_councils_are_their_middle_and_their_worse_quarter(shared: Path):
    spread = {row["indicator"]: row for row in rows(shared / "data/derived/la_distribution_latest.csv")}
    checked = []
    for kpi in KPIS:
        councils = spread.get(SERIES.get(kpi.id, kpi.id))
        if kpi.thresholds is None or kpi.thresholds.basis != "councils" or councils is None or is_middle_half(kpi):
            continue
        worse = "q1" if kpi.polarity == "higher" else "q3"
        given = outer_lines(kpi.thresholds)
        assert given == pytest.approx((float(councils["median"]), float(councils[worse])), abs=0.0501), kpi.id
        checked.append(kpi.id)
    assert len(checked) == 9


def is_middle_half(kpi: Kpi) -> bool:
    return kpi.thresholds is not None and kpi.thresholds.source.startswith("Middle half")


def test_bands_of_the_middle_half_of_councils_are_that_and_the_twentieths_at_their_ends(shared: Path):
    spread = {row["indicator"]: row for row in rows(shared / "data/derived/la_distribution_latest.csv")}
    banded = [kpi for kpi in KPIS if is_middle_half(kpi)]
    for kpi in banded:
        given = [
            kpi.thresholds.amber_low,
            kpi.thresholds.green_low,
            kpi.thresholds.green_high,
            kpi.thresholds.amber_high,
        ]
        councils = [float(spread[SERIES[kpi.id]][name]) for name in ("p5", "q1", "q3", "p95")]
        assert given == pytest.approx(councils, abs=0.0501), kpi.id
    assert len(banded) == 2


def outer_lines(thresholds: Thresholds | BandThresholds) -> tuple[float, float]:
    """Return the line that ends green and the line that ends amber, on the side of concern."""
    if isinstance(thresholds, BandThresholds):
        return thresholds.green_high, thresholds.amber_high
    return thresholds.green, thresholds.amber
