"""What is wrong with a published table is told by file, line and word; a new table needs no code."""

import pytest

from data_loaders.published.reading import read_published
from scorecards.definitions import read_definitions
from scorecards.definitions.councils import read_councils
from scorecards.definitions.published_reading import FILE, read_published_tables
from scorecards.errors import DefinitionError

GOOD = """\
symbols: {suppressed: [c], unavailable: [x, ""], not_applicable: [z], low_reliability: [u], rounds_to_zero: [k]}
areas:
  period: [time_period]
  level: [geographic_level]
  country: [country_code]
  region: [region_code]
  region_name: [region_name]
  council: [new_la_code]
  council_name: [la_name]
  number: [old_la_code]
  levels: {country: [National], region: [Regional], council: [Local authority]}
tables:
  exclusions:
    kind: values
    title: Permanent exclusions
    publisher: Department for Education
    columns:
      excluded: [perm_excl]
      rate: [perm_excl_rate]
      kind: [school_type]
    recognised_by: [excluded, rate]
    only: {kind: [Total]}
    measures:
      perm_exclusion_pct: {unit: percent, value: rate}
      perm_exclusions: {unit: count, value: excluded}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / FILE).write_text(GOOD)
    return tmp_path


def complaints(folder, before, after):
    assert before in GOOD
    (folder / FILE).write_text(GOOD.replace(before, after, 1))
    with pytest.raises(DefinitionError) as error:
        read_published_tables(folder)
    return list(error.value.problems)


def test_a_new_published_table_needs_a_block_and_no_code(folder):
    rows = (
        "time_period,geographic_level,country_code,region_code,new_la_code,school_type,perm_excl,perm_excl_rate\n"
        "202324,National,E92000001,,,Total,1000,0.13\n"
        "202324,National,E92000001,,,Special,10,0.2\n"
        "202324,Local authority,E92000001,E12000009,E10000013,Total,c,c\n"
    )
    (file,) = read_published([("a.csv", rows.encode())], read_published_tables(folder))
    assert (file.wrong, file.release, file.left_out) == ((), "2024", {"about something else, 'Special'": 1})
    assert [(one.measure, one.area, one.value, str(one.status)) for one in file.values] == [
        ("perm_exclusion_pct", "E92000001", 0.13, "published"),
        ("perm_exclusions", "E92000001", 1000, "published"),
        ("perm_exclusion_pct", "E10000013", None, "suppressed"),
        ("perm_exclusions", "E10000013", None, "suppressed"),
    ]


KINDS = "it may be values, population, neighbours."
NO_COLUMN = "which is not one of its columns. Did you mean 'rate'?"


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("kind: values", "kind: vales", 14, f"table 'exclusions': 'kind' is 'vales'; {KINDS}"),
        ("    kind: values\n", "", 13, f"table 'exclusions': 'kind' is missing; {KINDS}"),
        (": rate}", ": rat}", 24, f"table 'exclusions': measure 'perm_exclusion_pct' names 'rat', {NO_COLUMN}"),
        ("[excluded, rate]", "[excluded, rat]", 21, f"table 'exclusions': recognised_by names 'rat', {NO_COLUMN}"),
        (
            "publisher: D",
            "publishr: D",
            16,
            "table 'exclusions': 'publishr' is not known here. Did you mean 'publisher'?",
        ),
        (
            *("[perm_excl_rate]", "[perm_excl]", 19),
            "table 'exclusions': the heading 'perm_excl' stands for both 'excluded' and 'rate'.",
        ),
        (
            *("unit: percent, value: rate", "unit: percent, numerator: [excluded]", 24),
            "table 'exclusions', in measures, perm_exclusion_pct: a percentage has a numerator and a denominator, "
            "or neither.",
        ),
        (
            *("unit: count, value: excluded", "unit: count", 25),
            "table 'exclusions', in measures, perm_exclusions: a count is the column named by value, and divides by "
            "nothing.",
        ),
        ("unavailable: [x", "unavailable: [c", 1, "symbols: 'c' means 'suppressed' already."),
        ("unavailable: [x", 'unavailable: ["0"', 1, "symbols: '0' is a number."),
        ("symbols:", "symbol:", 1, "'symbol' is not known here. Did you mean 'symbols'?"),
        ("  number: [old_la_code]\n", "", 2, "areas: 'number' is missing."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(folder, before, after, line, said):
    assert f"{FILE}:{line}: {said}" in complaints(folder, before, after)


def test_all_that_is_wrong_is_told_at_once(folder):
    (folder / FILE).write_text(
        GOOD.replace("value: rate}", "value: rat}").replace("unavailable: [x", "unavailable: [c")
    )
    with pytest.raises(DefinitionError) as error:
        read_published_tables(folder)
    assert len(error.value.problems) == 2


def test_one_measure_comes_from_one_table(folder):
    twice = GOOD + GOOD.split("tables:\n")[1].replace("exclusions:", "others:", 1)
    (folder / FILE).write_text(twice)
    with pytest.raises(DefinitionError, match="table 'others': the table 'exclusions' gives 'perm_exclusions' already"):
        read_published_tables(folder)


def test_a_folder_without_the_file_has_the_tables_of_the_product(tmp_path):
    assert read_published_tables(tmp_path) == read_published_tables()


def test_every_benchmark_of_a_kpi_is_a_published_measure_in_its_unit():
    tables, kpis = read_published_tables(), read_definitions().kpis.values()
    wanted = {kpi.benchmark.published_id: kpi.unit for kpi in kpis if kpi.benchmark}
    found = {name: tables.measure(name) for name in wanted}
    # Of these England alone comes with the product: no table that can be loaded has them.
    assert {name for name, measure in found.items() if measure is None} == {
        "cin_rate_10k", "cla_rate_10k", "cla_20_miles_outside_pct", "cla_missing_pct", "low_income_u16_pct",
    }  # fmt: skip
    assert {name: measure.unit for name, measure in found.items() if measure}.items() <= wanted.items()


# Councils.


def test_a_council_is_known_by_its_number_and_by_every_code_it_had():
    councils = read_councils()
    assert councils.by_number["933"].code == councils.code("E10000027") == councils.code("E06000066") == "E06000066"
    assert {one.number: one.earlier_codes for one in councils.by_number.values() if one.earlier_codes} == {
        "390": ("E08000020",),
        "815": ("E10000023",),
        "825": ("E10000002",),
        "929": ("E06000048",),
        "933": ("E10000027",),
    }


def test_every_year_has_its_councils_and_no_two_share_a_code():
    councils = read_councils()
    there = {year: sum(one.first_year <= year <= one.last_year for one in councils.by_number.values())
             for year in (2016, 2019, 2020, 2022, 2025)}  # fmt: skip
    # Bournemouth, Poole and Dorset became two in April 2019, Northamptonshire in 2020-21, Cumbria in 2023.
    assert there == {2016: 152, 2019: 152, 2020: 151, 2022: 152, 2025: 153}
    assert len(councils.by_code) == len(councils.by_number) + 5


def test_a_code_that_is_not_known_stays_as_it_is():
    councils = read_councils()
    assert (councils.code("E06999999"), councils.region("E06999999"), councils.name("E06999999")) == (
        "E06999999", None, None,
    )  # fmt: skip
    assert (councils.region("E10000013"), councils.name("E10000013")) == ("E12000009", "Gloucestershire")
