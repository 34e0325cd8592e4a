"""Every measure kind of rows from landing to the words, charts and files that people see of it."""

import csv
import datetime
import io
import zipfile
from contextlib import closing

import pytest

from scorecards import narrative, snapshots
from scorecards.catalogue import catalogue
from scorecards.charts.line_chart import kpi_chart
from scorecards.definitions import Population, read_definitions
from scorecards.exports import EXPORTS
from scorecards.periods import period_by_id
from scorecards.provenance import read_provenance
from scorecards.scorecard import View, build_scorecard
from scorecards.ui.dictionary import entries
from scorecards.ui.where_from import rests_on_words
from tests.measuring import kpi_with, measure
from tests.seeding import empty_store, land, with_partnership

Q1 = period_by_id("2025-26-Q1")
OPEN = "records: cp_plans, open_from: start_date, open_to: end_date"
KINDS = {
    "sum": ("count", "{kind: sum, records: referrals, dated_by: referral_date, column: referrals_last_12m}"),
    "newest": ("count", f"{{kind: stock, {OPEN}, latest_only: child_id}}"),
    "ratio": ("per_100", f"""{{kind: ratio, records: referrals, dated_by: referral_date,
                              over: {{{OPEN}, counts: plans}}}}"""),
    "recent": ("percent", f"{{kind: recent, {OPEN}, date: last_visit_date, limit: {{days: 9}}, blank: missed}}"),
    "ageing": ("count", f"{{kind: ageing, {OPEN}, date: last_visit_date, bands: [{{days: 3}}, {{days: 9}}]}}"),
    "change": ("percent", """{kind: change, records: referrals, dated_by: referral_date, who: child_id,
                              column: referrals_last_12m, direction: lower}"""),
    "every": ("percent", """{kind: every, records: referrals, dated_by: referral_date, group_by: child_id,
                             numerator: [{column: nfa, is: ["no"]}],
                             where: [{column: referrals_last_12m, at_most: 2}]}"""),
    "during": ("percent", f"""{{kind: during, {OPEN}, who: child_id,
                               had: {{records: referrals, dated_by: referral_date}}}}"""),
    "preceded": ("percent", """{kind: preceded, records: cp_plans, dated_by: start_date, who: child_id,
                                by: {records: referrals, dated_by: referral_date}, within_days: 30}"""),
    "population": ("count", "{kind: population, of: '0_17'}"),
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    held = (Population(area="partnership", mid_year=2024, children_0_17=52_000, release="ONS 2025"),)
    real = with_partnership(read_definitions(), populations=held)
    kpis = {
        name: kpi_with(measure(text), (), name, real).model_copy(
            update={"unit": unit, "title": name.capitalize(), "companions": ()}
        )
        for name, (unit, text) in KINDS.items()
    }
    folder = tmp_path_factory.mktemp("through")
    alone = real.model_copy(update={"kpis": kpis})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        with closing(empty_store(f"sqlite:///{folder / 'store.db'}", alone)) as opened:
            land(opened, rows(), ("2025-01-01", "2025-06-30"))
            yield opened


def rows():
    days = ("2025-03-20", "2025-04-02", "2025-05-02")
    referrals = [
        {"child_id": child, "referral_date": day, "source": "6", "nfa": "no", "referrals_last_12m": 3 - number}
        for child in "abc"
        for number, day in enumerate(days)
    ]
    plans = [{"child_id": child, "start_date": "2025-04-10", "last_visit_date": "2025-06-25"} for child in "abd"]
    return {"referrals": referrals, "cp_plans": plans}


@pytest.fixture(scope="module")
def scorecard(store):
    return build_scorecard(store, View(Q1))


FIGURES = {
    "sum": (9, "Sum stood at 9"),
    "newest": (3, "Newest stood at 3"),
    "ratio": (200, "Ratio stood at 200 (6 referrals to 3 plans)"),
    "recent": (100, "Recent stood at 100% (3 of 3)"),
    "ageing": (3, "Ageing stood at 3"),
    "change": (100, "Change stood at 100% (6 of 6)"),
    "every": (100, "Every stood at 100% (3 of 3)"),
    "during": (200 / 3, "During stood at 67% (2 of 3)"),
    "preceded": (200 / 3, "Preceded stood at 67% (2 of 3)"),
    "population": (52_000, "Population stood at 52,000"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_told_in_words_and_drawn(store, scorecard, name):
    line = scorecard.line(name)
    value, words = FIGURES[name]
    assert line.latest.value == pytest.approx(value), line.latest
    assert narrative.line_sentence(line).startswith(words)
    definitions = store.definitions
    told = [
        narrative.chart_alt(line), narrative.chart_subtitle(line, definitions), narrative.how_sure(line),
        narrative.measured_over(line), narrative.supplied_by(line, definitions),
        rests_on_words(read_provenance(store, line.kpi, Q1)), catalogue(definitions),
    ]  # fmt: skip
    assert all("None" not in words for words in told), told
    assert kpi_chart(line, definitions).data
    assert [one for one in entries(definitions, store.today) if one.kpi.id == name]


def test_only_shares_have_a_range_of_chance(scorecard):
    assert {line.kpi.id for line in scorecard.lines if line.interval is not None} == {
        "recent", "change", "every", "during", "preceded",
    }  # fmt: skip


def test_a_ratio_says_what_it_is_set_against(scorecard):
    line = scorecard.line("ratio")
    assert narrative.measured_over(line) == "Referrals in the quarter, for every 100 plans"
    assert narrative.unit_words(line.kpi) == "Referrals for every 100 plans"


def test_files_have_every_kind(store):
    noon = datetime.datetime(2025, 10, 14, 12, tzinfo=datetime.UTC)
    snapshot = snapshots.freeze(store, Q1.id, made_by="A. Analyst", made_at=noon)
    files = {name: export.make(snapshot) for name, export in EXPORTS.items()}
    with zipfile.ZipFile(io.BytesIO(files["csv"])) as archive:
        text = archive.read("figures.csv").decode("utf-8-sig")
    told = [row for row in csv.DictReader(io.StringIO(text)) if row["period"] == Q1.id]
    assert {row["kpi"]: float(row["value"]) for row in told} == pytest.approx(
        {name: value for name, (value, _words) in FIGURES.items()}
    )
    assert files["xlsx"]
