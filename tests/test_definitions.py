"""Definitions are read as they are meant, and whatever is wrong with one is told by file, line and word."""

import datetime
from pathlib import Path

import pytest

from scorecards.definitions import (
    BandThresholds,
    definitions_folder,
    did_you_mean,
    normalise,
    read_definitions,
    yaml_lines,
)
from scorecards.definitions.words import nearest_or_all
from scorecards.definitions.yaml_lines import read_yaml
from scorecards.errors import DefinitionError

BAD = sorted((Path(__file__).parent / "bad_definitions").glob("*.yaml"))

# The smallest definitions that hold: each bad file takes the place of one of these.
GOOD = {
    "kpi_definitions.yaml": """\
kpis:
  re_referrals:
    title: Re-referrals
    why: A child who comes back may not have been helped.
    definition: Referrals of a child who was referred before.
    themes: [referrals]
    measure: {kind: count, records: referrals, dated_by: referral_date}
    unit: count
    counts: referrals
    decimals: 0
    polarity: lower
    windows: {shown: [quarter], judged: quarter, pattern: quarter}
    breakdowns: [source]
    aggregation: sum
    thresholds: {green: 20, amber: 23, basis: local, source: Executive group}
    benchmark: null
    owner: Head of assessment
    caveats: None is known.
    questions: [What happened then]
    reviewed: 2026-11-20
    evidence: quantity
""",
    "record_types.yaml": """\
code_lists:
  source:
    title: Who referred
    codes:
      "6": {label: Police}
      2A: {label: Schools, aliases: [School]}
record_types:
  referrals:
    title: Referrals
    one_row_is: One child in one referral
    sent_by: [council]
    key: [child_id, referral_date]
    dated_by: referral_date
    replaces: event
    columns:
      child_id: {title: Child, type: child, required: true, headings: [Child ID]}
      date_of_birth: {title: Date of birth, type: birth, required: false, headings: [DoB]}
      referral_date: {title: Date of referral, type: date, required: true, headings: [Referral date]}
      source: {title: Source, type: code, codes: source, required: false, headings: [Source]}
      earlier: {title: Earlier referrals, type: whole_number, required: false, headings: [Earlier referrals]}
      nfa: {title: No further action, type: yes_no, required: false, headings: [NFA]}
      worker: {title: Worker, type: drop, required: false, headings: [Worker]}
  plans:
    title: Plans
    one_row_is: One plan of one child
    sent_by: [council]
    key: [child_id, start_date]
    dated_by: start_date
    ended_by: end_date
    replaces: episode
    columns:
      child_id: {title: Child, type: child, required: true, headings: [Child ID]}
      start_date: {title: Start, type: date, required: true, headings: [Start]}
      end_date: {title: End, type: date, required: false, headings: [End]}
  aggregate_return:
    title: Aggregate return
    one_row_is: One figure
    sent_by: [police]
    key: [kpi]
    dated_by: null
    replaces: key
    columns:
      kpi: {title: Measure, type: text, required: true, headings: [Measure]}
""",
    "partnership.yaml": """\
name: Wexmoor Safeguarding Children Partnership
short_name: Wexmoor
is_fictional: true
handling: Official-sensitive
first_day: 2021-04-01
agencies:
  council: {title: Children's social care}
lead_agencies:
  - {records: referrals, agency: council, from: 2000-01-01}
localities:
  north: {title: North, teams: [Team 1]}
  south: {title: South, teams: [Team 2]}
populations:
  - {area: partnership, mid_year: 2024, children_0_17: 52000, release: ONS 2025}
returns:
  - {agency: council, records: [referrals], every: quarter, due_days_after: 8, from: 2025-04-01}
themes:
  - {id: referrals, title: Referrals, group: MASH sub-group, lead: Head of assessment, about: Who is referred.}
targets: []
""",
}


COUNT = "{kind: count, records: referrals, dated_by: referral_date}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with definitions that hold."""
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(DefinitionError) as raised:
        read_definitions(folder)
    return list(raised.value.problems)


def replace(folder: Path, name: str, old: str, new: str) -> None:
    """Write `new` for the first `old`, which must stand in the file."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("bad", BAD, ids=lambda path: path.stem)
def test_what_is_wrong_is_told_by_file_line_and_word(folder, bad):
    """A bad file opens with all that should be said of it; the first word names the file whose place it takes."""
    lines = bad.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
    name = expected[0].partition(":")[0]
    (folder / name).write_bytes(bad.read_bytes())
    assert problems_of(folder) == expected


def test_good_definitions_are_read(folder):
    definitions = read_definitions(folder)
    assert list(definitions.kpis) == ["re_referrals"]
    assert definitions.kpis["re_referrals"].measure.dated_by == "referral_date"
    assert definitions.record_types["referrals"].child_column == "child_id"
    assert definitions.record_types["aggregate_return"].child_column is None
    assert definitions.partnership.short_name == "Wexmoor"


def test_all_that_is_wrong_in_any_file_is_told_at_once_in_the_order_of_files_and_lines(folder):
    replace(folder, "kpi_definitions.yaml", "records: referrals", "records: referals")
    replace(folder, "kpi_definitions.yaml", "unit: count", "unit: percent")
    replace(folder, "partnership.yaml", "area: partnership", "area: norht")
    replace(folder, "record_types.yaml", "key: [kpi]", "key: [kpis]")
    assert [problem.rpartition(": ")[0].partition(": ")[0] for problem in problems_of(folder)] == [
        "kpi_definitions.yaml:7",
        "kpi_definitions.yaml:8",
        "partnership.yaml:14",
        "record_types.yaml:39",
    ]


def test_a_broken_block_does_not_make_what_names_it_look_wrong(folder):
    replace(folder, "kpi_definitions.yaml", "    why: A child", "    wy: A child")
    replace(folder, "record_types.yaml", "replaces: event", "replaces: evnt")
    replace(folder, "partnership.yaml", "targets: []", TARGETS)
    assert problems_of(folder) == [
        "kpi_definitions.yaml:4: KPI 're_referrals': 'wy' is not known here. Did you mean 'why'?",
        "record_types.yaml:14: record type 'referrals': 'replaces' is 'evnt'; it may be event, episode, key."
        " Did you mean 'event'?",
    ]


def test_a_kpi_is_checked_although_its_code_list_is_broken(folder):
    replace(folder, "record_types.yaml", "    title: Who referred\n", "")
    replace(folder, "kpi_definitions.yaml", "{kind: count, ", "{where: [{column: source, is: [2B]}], kind: count, ")
    assert problems_of(folder) == ["record_types.yaml:2: code list 'source': 'title' is missing."]


@pytest.mark.parametrize("kind", ["cohort", "within"])
def test_a_kpi_is_checked_although_the_later_or_earlier_list_is_broken(folder, kind):
    replace(folder, "record_types.yaml", "    title: Plans\n", "")
    measure = {
        "cohort": "{kind: cohort, records: referrals, dated_by: referral_date, who: child_id, then: plans,"
        " then_dated_by: start_date, within_days: 45}",
        "within": "{kind: within, records: referrals, dated_by: referral_date, to: referral_date, limit: {days: 1},"
        " from: {records: plans, column: start_date, within_days: 60}, unfinished: left_out}",
    }[kind]
    replace(folder, "kpi_definitions.yaml", COUNT, measure)
    replace(folder, "kpi_definitions.yaml", "unit: count", "unit: percent")
    replace(folder, "kpi_definitions.yaml", "aggregation: sum", "aggregation: pool")
    assert problems_of(folder) == ["record_types.yaml:23: record type 'plans': 'title' is missing."]


def test_a_missing_file_is_one_problem_and_not_one_for_everything_that_names_it(folder):
    (folder / "record_types.yaml").unlink()
    assert problems_of(folder) == [f"record_types.yaml:1: the file is missing from {folder.name}."]


def test_a_missing_partnership_leaves_the_themes_unchecked(folder):
    (folder / "partnership.yaml").unlink()
    replace(folder, "kpi_definitions.yaml", "themes: [referrals]", "themes: [unheard_of]")
    assert problems_of(folder) == [f"partnership.yaml:1: the file is missing from {folder.name}."]


def test_a_folder_in_the_place_of_a_file_is_a_problem(folder):
    (folder / "partnership.yaml").unlink()
    (folder / "partnership.yaml").mkdir()
    assert problems_of(folder)[0].startswith("partnership.yaml:1: the file cannot be opened: ")


def test_a_file_that_is_not_utf_8_is_a_problem(folder):
    (folder / "partnership.yaml").write_bytes("name: Bürgerhaus\n".encode("cp1252"))
    assert problems_of(folder) == ["partnership.yaml:1: the file is not UTF-8 text. Save it as UTF-8."]


def test_a_character_that_is_not_text_is_told_by_its_line(folder):
    replace(folder, "partnership.yaml", "short_name: Wexmoor", "short_name: Wex\x07moor")
    expected = "partnership.yaml:2: a character here is not text. Delete the line and type it again."
    assert problems_of(folder) == [expected]


# What YAML would make of these words is in brackets; codes and headings look like them.
@pytest.mark.parametrize("word", ["no", "on", "010", "0_17", "12:30", "2025-04-01"])
def test_words_stay_words(folder, word):
    """[false, true, 8, 15, 750, a date]"""
    replace(folder, "record_types.yaml", '"6": {label: Police}', f"{word}: {{label: {word}}}")
    assert read_definitions(folder).code_lists["source"].codes[word].label == word


def test_an_unquoted_number_is_a_code(folder):
    replace(folder, "record_types.yaml", '"6": {label: Police}', "6: {label: Police}")
    assert list(read_definitions(folder).code_lists["source"].codes) == ["6", "2A"]


def test_a_heading_may_stand_in_a_folded_block(folder):
    replace(folder, "kpi_definitions.yaml", "why: A child who", "why: >-\n      A child who")
    assert read_definitions(folder).kpis["re_referrals"].why == "A child who comes back may not have been helped."


def test_a_condition_may_ask_for_the_agency_that_sent_the_row_and_for_numbers(folder):
    where = "where: [{column: agency, is: [council]}, {column: age_band, known: true}, {column: earlier, at_least: 1}]"
    replace(folder, "kpi_definitions.yaml", "{kind: count, ", f"{{{where}, kind: count, ")
    conditions = read_definitions(folder).kpis["re_referrals"].measure.where
    assert [condition.column for condition in conditions] == ["agency", "age_band", "earlier"]
    assert conditions[2].at_least == 1


def test_a_submitted_figure_is_measured_in_the_aggregate_return(folder):
    replace(
        folder,
        "kpi_definitions.yaml",
        COUNT,
        "{kind: submitted}",
    )
    assert read_definitions(folder).kpis["re_referrals"].measure.records == "aggregate_return"


def test_a_rate_has_its_population(folder):
    rate = "{kind: rate, records: referrals, dated_by: referral_date, population: 0_17, per: 10000}"
    replace(folder, "kpi_definitions.yaml", COUNT, rate)
    replace(folder, "kpi_definitions.yaml", "unit: count", "unit: per_10000")
    replace(folder, "kpi_definitions.yaml", "aggregation: sum", "aggregation: recompute")
    measure = read_definitions(folder).kpis["re_referrals"].measure
    assert (measure.population, measure.is_stock) == ("0_17", False)


TARGETS = """\
targets:
  - {kpi: re_referrals, from: 2025-04-01, green: 18, amber: 22, agreed_by: Executive group}
  - {kpi: re_referrals, from: 2026-04-01, green: 17, amber: 21, agreed_by: Board}"""


@pytest.mark.parametrize(
    ("day", "green", "source"),
    [
        (datetime.date(2025, 3, 31), 20, "Executive group"),
        (datetime.date(2025, 4, 1), 18, "Executive group"),
        (datetime.date(2026, 3, 31), 18, "Executive group"),
        (datetime.date(2026, 4, 1), 17, "Board"),
    ],
)
def test_the_newest_target_agreed_by_a_day_overrides_the_thresholds(folder, day, green, source):
    replace(folder, "partnership.yaml", "targets: []", TARGETS)
    definitions = read_definitions(folder)
    thresholds, target = definitions.thresholds(definitions.kpis["re_referrals"], day)
    assert (thresholds.green, thresholds.source) == (green, source)
    assert (target is None) == (day < datetime.date(2025, 4, 1))


def test_a_target_may_be_a_band(folder):
    band = "green_low: 0, green_high: 24, amber_low: 0, amber_high: 27"
    replace(folder, "kpi_definitions.yaml", "polarity: lower", "polarity: band")
    replace(folder, "kpi_definitions.yaml", "{green: 20, amber: 23, basis: local, source: Executive group}", "null")
    target = f"targets: [{{kpi: re_referrals, from: 2025-04-01, {band}, agreed_by: Board}}]"
    replace(folder, "partnership.yaml", "targets: []", target)
    definitions = read_definitions(folder)
    thresholds, _ = definitions.thresholds(definitions.kpis["re_referrals"], datetime.date(2025, 6, 30))
    expected = BandThresholds(green_low=0, green_high=24, amber_low=0, amber_high=27, basis="local", source="Board")
    assert thresholds == expected


def test_the_lead_agency_is_the_one_named_last_before_a_day(folder):
    replace(folder, "partnership.yaml", "agencies:\n", "agencies:\n  mash: {title: MASH}\n")
    later = "lead_agencies:\n  - {records: referrals, agency: mash, from: 2025-04-01}\n"
    replace(folder, "partnership.yaml", "lead_agencies:\n", later)
    us = read_definitions(folder).partnership
    assert us.lead_agency("referrals", datetime.date(2025, 3, 31)) == "council"
    assert us.lead_agency("referrals", datetime.date(2025, 4, 1)) == "mash"
    assert us.lead_agency("plans", datetime.date(2025, 4, 1)) is None


def test_a_theme_and_a_code_list_are_found_by_name(folder):
    definitions = read_definitions(folder)
    assert definitions.theme("referrals").title == "Referrals"
    assert definitions.theme("missing") is None
    assert definitions.code_list("referrals", "source").title == "Who referred"
    assert definitions.code_list("referrals", "nfa") is None


def test_a_code_is_known_by_its_label_its_aliases_and_the_alias_file(folder):
    replace(
        folder, "record_types.yaml", "    title: Who referred", "    title: Who referred\n    alias_file: source.csv"
    )
    codes = read_definitions(folder).code_lists["source"]
    assert codes.by_form["police"] == "6"
    assert codes.by_form["school"] == "2A"
    assert codes.by_form["2a"] == "2A"
    assert set(codes.aliases.values()) <= {"6", "2A"}
    assert codes.aliases


def test_a_changed_word_is_another_version(folder):
    before = read_definitions(folder).version
    assert read_definitions(folder).version == before
    replace(folder, "kpi_definitions.yaml", "None is known.", "Watch August.")
    assert read_definitions(folder).version != before


def test_the_partnership_may_stand_elsewhere(folder, monkeypatch):
    elsewhere = folder / "demo.yaml"
    elsewhere.write_text(
        GOOD["partnership.yaml"].replace("short_name: Wexmoor", "short_name: Elsewhere"), encoding="utf-8"
    )
    assert read_definitions(folder, elsewhere).partnership.short_name == "Elsewhere"
    monkeypatch.setenv("SCORECARDS_PARTNERSHIP", str(elsewhere))
    assert read_definitions(folder).partnership.short_name == "Elsewhere"


def test_the_definitions_may_stand_elsewhere(folder, monkeypatch):
    monkeypatch.setenv("SCORECARDS_DEFINITIONS", str(folder))
    assert definitions_folder() == folder
    assert list(read_definitions().kpis) == ["re_referrals"]


@pytest.mark.parametrize("deep", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000])
def test_a_file_with_any_number_of_levels_is_a_problem_and_no_crash(tmp_path, deep):
    file = tmp_path / "deep.yaml"
    file.write_text(deep, encoding="utf-8")
    assert len(read_yaml(file).problems) == 1


@pytest.mark.parametrize("name", ["kpi_definitions.yaml", "record_types.yaml", "partnership.yaml"])
def test_a_file_reads_the_same_with_and_without_the_fast_loader(monkeypatch, name):
    fast = read_yaml(definitions_folder() / name)
    monkeypatch.setattr(yaml_lines, "DEEPEST", 0)
    assert (read_yaml(definitions_folder() / name), fast.problems) == (fast, ())


def test_words_are_compared_as_people_mean_them():
    assert normalise("  Date_of  Referral? ") == normalise("DATE OF REFERRAL") == "date of referral"


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("referals", ["referrals", "contacts"], " Did you mean 'referrals'?"),
        ("xyz", ["referrals", "contacts"], " Known are: contacts, referrals."),
        ("xyz", [], " None is defined yet."),
        ("xyz", [f"k{number:02}" for number in range(14)], " Known are: k00, k01, k02, k03, k04, k05, k06, k07, k08,"
         " k09, k10, k11 and 2 more."),
    ],
)  # fmt: skip
def test_a_wrong_word_is_answered_with_the_nearest_or_with_what_is_known(word, known, hint):
    assert nearest_or_all(word, known) == hint


def test_a_question_is_asked_only_when_a_word_is_near():
    assert did_you_mean("xyz", ["referrals"]) == ""
