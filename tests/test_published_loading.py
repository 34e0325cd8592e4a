"""Published tables are known by their headings, keep their release, and land whole or not at all."""

from pathlib import Path

import pytest
import xlsxwriter
from sqlalchemy import func, select

from data_loaders import __main__ as command
from data_loaders.grid import Cell
from data_loaders.published import check_carried, check_published, land_published, published_report
from data_loaders.published.reading import read_published
from data_loaders.published.tables import recognise, written
from scorecards.definitions.published_reading import read_published_tables
from scorecards.errors import LoadRefused
from scorecards.store.schema import (
    audit,
    data_version,
    neighbour_set,
    published_population,
    published_source,
    published_value,
)
from tests.partner_files import opened

SAMPLES = Path(__file__).parent / "samples" / "published"
GLOUCESTERSHIRE, SOMERSET, NORTH_SOMERSET, HACKNEY = "E10000013", "E06000066", "E06000024", "E09000012"


@pytest.fixture
def store(database_url):
    store = opened(database_url)
    yield store
    store.close()


@pytest.fixture
def on_sqlite(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


def sample(name):
    return name, (SAMPLES / name).read_bytes()


def changed(name, before, after):
    data = (SAMPLES / name).read_bytes()
    assert before.encode() in data
    return name, data.replace(before.encode(), after.encode(), 1)


def read(*files, release=None):
    return read_published(files, read_published_tables(), release)


def one(file, measure, area, year):
    """Return value, status, numerator and denominator of a measure in a file, as words."""
    found = [value for value in file.values if (value.measure, value.area, value.year) == (measure, area, year)]
    return [(value.value, str(value.status), value.numerator, value.denominator) for value in found]


def wrong(*file):
    (read_,) = read(file)
    assert not read_.can_land
    return read_.wrong


def everything(store):
    """Return every published row of the store, without the source that it names."""
    found = {}
    with store.read() as connection:
        for table in (published_value, published_population, neighbour_set):
            columns = [column for column in table.c if column.name != "source_id"]
            found[table.name] = sorted(map(tuple, connection.execute(select(*columns))), key=repr)
    return found


def land(store, *files, release=None):
    return land_published(store, check_published(store, files, release), by="An Analyst")


# What a table says.


def test_a_table_is_known_by_its_headings_whatever_its_file_is_called():
    (_, data) = sample("c1_of_2024.csv")
    (file,) = read(("neighbours.csv", data))
    assert (file.table.id, file.release, file.wrong) == ("dfe_c1", "2024", ())


def test_a_measure_is_read_under_every_name_that_its_column_went_by():
    old, new = read(sample("c1_of_2023.csv"), sample("c1_of_2024.csv"))
    assert one(old, "re_referral_pct", GLOUCESTERSHIRE, 2023) == [(20, "published", 20, 100)]
    assert one(new, "re_referral_pct", GLOUCESTERSHIRE, 2023) == [(21, "published", 21, 100)]
    assert one(new, "re_referral_child_pct", GLOUCESTERSHIRE, 2024) == [(23.6, "published", 26, 110)]
    assert one(old, "referrals", GLOUCESTERSHIRE, 2023) == [(100, "published", None, None)]


def test_a_symbol_is_a_status_and_never_nought():
    old, new = read(sample("c1_of_2023.csv"), sample("c1_of_2024.csv"))
    assert one(old, "re_referral_pct", SOMERSET, 2023) == [(None, "suppressed", None, 200)]
    assert one(old, "referrals", HACKNEY, 2023) == [(None, "unavailable", None, None)]
    assert one(new, "re_referral_pct", HACKNEY, 2024) == [(None, "low_reliability", None, 300)]
    assert one(new, "referral_nfa_pct", NORTH_SOMERSET, 2024) == [(0, "published", 0, 50)]


@pytest.mark.parametrize(
    ("symbol", "status"),
    [("c", "suppressed"), ("C", "suppressed"), ("x", "unavailable"), (":", "unavailable"), ("..", "unavailable"),
     ("-", "unavailable"), ("", "unavailable"), ("z", "not_applicable"), ("u", "low_reliability"),
     ("k", "rounds_to_zero"), ("low", "rounds_to_zero")],
)  # fmt: skip
def test_every_symbol_means_what_is_written_down(symbol, status):
    (file,) = read(changed("c1_of_2024.csv", "300,u,u,30", f"{symbol},u,u,30"))
    assert one(file, "referrals", HACKNEY, 2024) == [(None, status, None, None)]


def test_a_percentage_that_is_not_published_is_worked_out_from_bands():
    (file,) = read(sample("c4_of_2024.csv"))
    assert one(file, "icpc_15wd_pct", GLOUCESTERSHIRE, 2024) == [(90, "derived", 36, 40)]
    assert one(file, "icpc_15wd_pct", SOMERSET, 2024) == [(None, "suppressed", None, 20)]


def test_of_nothing_there_is_no_share():
    (file,) = read(sample("c4_of_2024.csv"))
    assert one(file, "icpc_15wd_pct", NORTH_SOMERSET, 2024) == [(None, "not_applicable", 0, 0)]
    assert one(file, "s47_rate_10k", NORTH_SOMERSET, 2024) == [(0, "published", 0, None)]


def test_a_rate_that_is_not_published_is_worked_out_with_the_population_of_its_release():
    alone, _ = read(sample("c1_of_2024.csv"), sample("c1_of_2023.csv"))
    assert one(alone, "referral_rate_10k", GLOUCESTERSHIRE, 2024) == []
    assert any("referral_rate_10k" in remark and "population" in remark for remark in alone.remarks)
    c1, people = read(sample("c1_of_2024.csv"), sample("population_of_2024.csv"))
    assert (people.release, people.table.id) == ("2024", "ons_population")
    assert one(c1, "referral_rate_10k", GLOUCESTERSHIRE, 2024) == [(600, "derived", 120, 2000)]


def test_a_release_that_drops_its_rates_is_the_same_table():
    """As the tables C1 and C4 of 2025 did."""
    name, data = sample("c4_of_2024.csv")
    rows = [row.split(",") for row in data.decode().splitlines()]
    kept = [at for at, heading in enumerate(rows[0]) if not heading.endswith("_rate")]
    without = "\n".join(",".join(row[at] for at in kept) for row in rows)
    people = sample("population_of_2024.csv")
    (before, _), (after, _) = (read((name, table), people) for table in (data, without.encode()))
    assert one(before, "s47_rate_10k", GLOUCESTERSHIRE, 2024) == [(400, "published", 80, 2000)]
    assert one(after, "s47_rate_10k", GLOUCESTERSHIRE, 2024) == [(400, "derived", 80, 2000)]
    assert one(after, "s47_rate_10k", NORTH_SOMERSET, 2024) == [(0, "derived", 0, 2000)]


def test_the_population_of_another_release_makes_no_rate():
    c1, _ = read(sample("c1_of_2024.csv"), changed("population_of_2024.csv", "2023,Reporting", "2024,Reporting"))
    assert one(c1, "referral_rate_10k", GLOUCESTERSHIRE, 2024) == []


def test_a_council_whose_code_changed_is_the_same_council():
    old, new = read(sample("c1_of_2023.csv"), sample("c1_of_2024.csv"))
    assert one(old, "referrals", SOMERSET, 2023) == [(200, "published", None, None)]
    assert one(new, "referrals", SOMERSET, 2023) == one(new, "referrals", SOMERSET, 2024)
    assert {value.area for value in old.values} == {
        "E92000001", "E12000009", GLOUCESTERSHIRE, SOMERSET, NORTH_SOMERSET, HACKNEY,
    }  # fmt: skip


def test_neighbours_are_named_by_their_codes_the_nearest_first():
    old, new = read(sample("neighbours_2021.csv"), sample("neighbours_2025.csv"))
    assert [(file.release, len(file.neighbours)) for file in (old, new)] == [("2021-04", 10), ("2025-05", 10)]
    assert [(one.neighbour, one.rank) for one in old.neighbours[:2]] == [(SOMERSET, 1), (NORTH_SOMERSET, 2)]
    assert [one.neighbour for one in new.neighbours[:3]] == [NORTH_SOMERSET, HACKNEY, SOMERSET]
    assert old.left_out == {"without a council's number": 1}


def test_people_of_another_age_are_left_out_and_counted():
    (file,) = read(sample("population_of_2024.csv"))
    assert (len(file.people), file.left_out) == (10, {"of another age, 'Adults aged 18 or over'": 1})


@pytest.mark.parametrize("period", ["202324", "2023/24", "2023-24", "2024"])
def test_a_period_is_the_year_in_which_it_ends(period):
    (file,) = read(changed("c1_of_2024.csv", "2024,Reporting year,National", f"{period},Reporting year,National"))
    assert one(file, "referrals", "E92000001", 2024) == [(4400, "published", None, None)]


def test_a_workbook_is_read_as_its_csv_is(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_numbers": True}) as book:
        sheet = book.add_worksheet("Data")
        sheet.write(0, 0, "Referrals and re-referrals")
        for at, row in enumerate((SAMPLES / "c1_of_2024.csv").read_text().splitlines(), 2):
            sheet.write_row(at, 0, row.split(","))
    (from_csv,), (from_book,) = read(sample("c1_of_2024.csv")), read(("a.xlsx", path.read_bytes()))
    assert from_book.wrong == ()
    assert from_book.values == from_csv.values


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell("number", 22.4), "22.4"),
        (Cell("number", 22.399999999999999), "22.4"),
        (Cell("number", 621880.0), "621880"),
        (Cell("percent", 0.224), "22.4"),
        (Cell("text", "c"), "c"),
        (Cell("blank", None), ""),
        # Not blank, which would be a symbol: nobody knows what stands there.
        (Cell("formula", None), "#formula"),
        (Cell("disputed", None), "#disputed"),
        (Cell("error", "#N/A"), "#N/A"),
    ],
)
def test_a_cell_of_a_workbook_says_what_the_table_would(cell, text):
    assert written(cell) == text


# What is wrong with it.


def test_a_number_that_is_none_is_told_with_its_file_and_cell():
    assert wrong(*changed("c1_of_2024.csv", "120,30,25", "12O,30,25")) == (
        "c1_of_2024.csv, cell L6, column 'referral_count': '12O' is neither a number nor a symbol that we know.",
    )


COUNT, PERCENT, PERIOD = (f"column '{name}'" for name in ("referral_count", "rereferral_percent", "time_period"))
NO_YEAR = "is not a year such as 2024, 202324 or 2023/24."


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("120,30,25", "-120,30,25", f"cell L6, {COUNT}: '-120' is less than nought."),
        ("120,30,25", "120,30,125", f"cell N6, {PERCENT}: 125 is more than 100, which cannot be."),
        (
            "120,30,25",
            "120,30,24.9",
            f"cell N6, {PERCENT}: 24.9 does not follow from 30 of 120. A column may",
        ),
        (
            "E10000013",
            "916",
            "cell I6, column 'new_la_code': '916' is not a code of nine characters such as E09000003.",
        ),
        ("2024,Rep", "20245,Rep", f"cell A2, {PERIOD}: '20245' {NO_YEAR}"),
        ("2024,Rep", "202325,Rep", f"cell A2, {PERIOD}: '202325' {NO_YEAR}"),
        ("E92000001", "K02000001", "cell D2, column 'country_code': 'K02000001' is not E92000001, England."),
        ("2024,Rep", "2204,Rep", f"cell A2, {PERIOD}: '2204' has not ended yet."),
        ("120,30,25", "12\uff10,30,25", f"cell L6, {COUNT}: '12\uff10' is neither a number nor a symbol that we know."),
        ("120,30,25", "1_20,30,25", f"cell L6, {COUNT}: '1_20' is neither a number nor a symbol that we know."),
        ("120,30,25", "inf,30,25", f"cell L6, {COUNT}: 'inf' is neither a number nor a symbol that we know."),
        (",26,23.6\n", "\n", "line 6: the row has fewer cells than there are headings, so cells may have moved."),
        ("23.6\n", "23.6,7\n", "line 6: the row has more cells than there are headings, so cells may have moved."),
    ],
)
def test_whatever_else_is_wrong_is_told_in_a_sentence(before, after, said):
    assert any(one.startswith(f"c1_of_2024.csv, {said}") for one in wrong(*changed("c1_of_2024.csv", before, after)))


def test_a_year_of_an_area_that_stands_twice_with_two_figures_is_told():
    again = changed("c1_of_2024.csv", "2023,Reporting year,Local authority", "2024,Reporting year,Local authority")
    said = "c1_of_2024.csv, line 7: referrals of E10000013 in 2024 stands on line 6 with another figure."
    assert said in wrong(*again)


def test_two_columns_that_mean_the_same_are_told():
    name, data = changed("c1_of_2024.csv", "category,", "category,Referrals,")
    assert wrong(name, data.replace(b",Sample,", b",Sample,1,"))[0] == (
        "c1_of_2024.csv, line of headings: more than one column is 'Referrals' and 'referral_count', so it is not "
        "clear which is meant."
    )


def test_a_figure_of_england_that_does_not_follow_is_kept_and_said():
    (file,) = read(changed("c1_of_2024.csv", "4400,880,20.0", "4400,880,20.9"))
    assert file.can_land
    assert "cell N2, column 'rereferral_percent': 20.9 does not follow from 880 of 4,400. It is kept as published." in (
        file.remarks
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("West,933", "West,999", "cell F2, column 'SN1': '999' is not a council's number that we know."),
        ("West,933", "West,916", "cell F2, column 'SN1': council '916' stands twice in this row."),
        ("Close,802,", "Close,933,", "cell H2, column 'SN2': council '933' stands twice in this row."),
        ("Close,802,", "Close,,", "cell H2, column 'SN2': neighbour 2 is not given."),
    ],
)
def test_neighbours_that_cannot_be_are_told(before, after, said):
    assert f"neighbours_2021.csv, {said}" in wrong(*changed("neighbours_2021.csv", before, after))


def test_a_file_of_no_known_table_is_told_so():
    assert wrong("a.csv", b"time_period,geographic_level,Something\n2024,National,1\n") == (
        "a.csv: its headings fit no published table that we know. A new one is described in published_tables.yaml.",
    )


def test_the_code_of_a_refusal_says_whether_no_table_fits_or_two():
    with pytest.raises(LoadRefused) as refused:
        recognise("a.csv", b"time_period,Something\n2024,1\n", read_published_tables())
    assert refused.value.code == "unknown_table"
    first, second = (sample(name)[1].split(b"\n")[0].strip() for name in ("c1_of_2024.csv", "c4_of_2024.csv"))
    both = first + b"," + second + b"\n"
    with pytest.raises(LoadRefused, match=r"fits more than one published table: .*C1.*C4") as refused:
        recognise("both.csv", both, read_published_tables())
    assert refused.value.code == "two_tables"


def test_a_release_that_would_not_sort_is_refused():
    with pytest.raises(LoadRefused, match="'last year' is not a release") as refused:
        read(sample("c1_of_2024.csv"), release="last year")
    assert refused.value.code == "release_unknown"


# Into the store.

ALL = (
    *("c1_of_2023.csv", "c1_of_2024.csv", "c4_of_2024.csv", "population_of_2024.csv"),
    *("neighbours_2021.csv", "neighbours_2025.csv"),
)


def test_releases_of_one_year_stand_side_by_side(store):
    land(store, sample("c1_of_2023.csv"))
    land(store, sample("c1_of_2024.csv"))
    rows = [
        row for row in everything(store)["published_value"] if row[:3] == ("re_referral_pct", GLOUCESTERSHIRE, 2023)
    ]
    assert [(row[3], row[5]) for row in rows] == [("2023", 20.0), ("2024", 21.0)]


def test_what_lands_is_one_version_with_a_line_in_the_audit_log(store):
    assert land(store, *map(sample, ALL)) == 1
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(data_version)) == 1
        (line,) = connection.execute(select(audit.c.who, audit.c.what, audit.c.data_version)).all()
        sources = connection.execute(select(published_source.c.table_id, published_source.c.release)).all()
    assert (line.who, line.data_version) == ("An Analyst", 1)
    assert line.what.startswith(
        "Landed published figures: Children in need, table C1: referrals and re-referrals (2023), "
    )
    assert sorted(map(tuple, sources)) == [
        ("dfe_c1", "2023"), ("dfe_c1", "2024"), ("dfe_c4", "2024"),
        ("neighbours_2021", "2021-04"), ("neighbours_2025", "2025-05"), ("ons_population", "2024"),
    ]  # fmt: skip
    assert {name: len(rows) for name, rows in everything(store).items()} == {
        "published_value": 103, "published_population": 10, "neighbour_set": 20,
    }  # fmt: skip


def test_the_same_files_twice_change_nothing(store):
    files = list(map(sample, ALL))
    land(store, *files)
    before = everything(store)
    check = check_published(store, files)
    assert (check.new, check.known, check.can_land) == (0, 133, False)
    assert land_published(store, check, by="An Analyst") is None
    assert (everything(store), store.data_version()) == (before, 1)


def test_a_rate_comes_once_its_population_does(store):
    land(store, sample("c1_of_2024.csv"))
    land(store, sample("population_of_2024.csv"))
    assert check_published(store, [sample("c1_of_2024.csv")]).new == 9
    land(store, sample("c1_of_2024.csv"))
    rates = [row for row in everything(store)["published_value"] if row[0] == "referral_rate_10k"]
    assert ("referral_rate_10k", GLOUCESTERSHIRE, 2024, "2024", "council", 600.0, "derived", 120.0, 2000.0) in rates


def test_a_release_is_never_changed(store):
    land(store, sample("c1_of_2024.csv"))
    before = everything(store)
    other = changed("c1_of_2024.csv", "120,30,25", "120,36,30")
    check = check_published(store, [other])
    assert check.files[0].wrong[0] == (
        "c1_of_2024.csv: re_referral_pct, E10000013, 2024, 2024 stands in the store as council, 25.0, published, 30.0, "
        "120.0, and here as council, 30.0, published, 36.0, 120.0. A release is never changed: load this one under "
        "a name of its own, such as 2024 revised."
    )
    assert land_published(store, check, by="An Analyst") is None
    assert everything(store) == before
    assert land(store, other, release="2024 revised") == 2


def test_two_files_of_one_release_that_contradict_each_other_do_not_both_land(on_sqlite):
    check = check_published(on_sqlite, [sample("c1_of_2024.csv"), changed("c1_of_2024.csv", "120,30,25", "120,36,30")])
    assert [bool(file.wrong) for file in check.files] == [False, True]


def test_of_a_file_with_anything_wrong_nothing_lands_and_the_others_do(store):
    bad = changed("c1_of_2024.csv", "50,6,12,0", "50,6,?,0")
    land(store, bad, sample("c4_of_2024.csv"))
    assert {row[0] for row in everything(store)["published_value"]} == {
        "s47_started", "s47_rate_10k", "icpc_held", "icpc_rate_10k", "icpc_15wd_pct",
    }  # fmt: skip


def test_what_somebody_stored_since_the_check_is_not_contradicted(store):
    check = check_published(store, [changed("c1_of_2024.csv", "120,30,25", "120,36,30")])
    land(store, sample("c1_of_2024.csv"))
    before = everything(store)
    with pytest.raises(LoadRefused, match="A release is never changed"):
        land_published(store, check, by="An Analyst")
    assert (everything(store), store.data_version()) == (before, 1)


def test_a_report_says_a_sentence_a_file(on_sqlite):
    files = [
        sample("c1_of_2023.csv"),
        sample("population_of_2024.csv"),
        sample("neighbours_2025.csv"),
        ("a.csv", b"a\n"),
    ]
    assert published_report(check_published(on_sqlite, files)) == [
        "c1_of_2023.csv: Children in need, table C1: referrals and re-referrals (release 2023): 24 figures of 2023, "
        "18 as published, 2 suppressed and 4 not available.",
        "  It has no referral_nfa_pct in this release.",
        "  It has no assessment_nfa_pct in this release.",
        "population_of_2024.csv: Population at the middle of the year (release 2024): 10 figures of 2022 to 2023, "
        "9 as published and 1 not available.",
        "  Left out: 1 row of another age, 'Adults aged 18 or over'.",
        "neighbours_2025.csv: Statistical neighbours, May 2025 (model 2025-05): 1 council with its neighbours.",
        "a.csv: refused, and nothing of it is stored.",
        "  a.csv: its headings fit no published table that we know. A new one is described in published_tables.yaml.",
        "44 figures are new, 0 are in the store already.",
    ]


def test_what_comes_with_the_product_lands_once(on_sqlite):
    check = check_carried(on_sqlite)
    assert (check.new, [sentence for file in check.files for sentence in file.wrong]) == (45_839, [])
    land_published(on_sqlite, check, by="An Analyst")
    assert check_carried(on_sqlite).can_land is False


# At the command line.


@pytest.fixture
def own_store(monkeypatch, sqlite_url):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", sqlite_url)


@pytest.mark.usefixtures("own_store")
def test_published_files_are_loaded_at_the_command_line(capsys):
    assert command.main(["--published", str(SAMPLES / "c1_of_2023.csv"), "--check"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "24 figures are new, 0 are in the store already."
    assert command.main(["--published", str(SAMPLES / "c1_of_2023.csv"), "--by", "An Analyst"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Stored as data version 1."
    assert command.main(["--published", str(SAMPLES / "c1_of_2023.csv"), "--release", "soon"]) == 2
    assert "'soon' is not a release" in capsys.readouterr().err


@pytest.mark.usefixtures("own_store")
def test_a_file_that_is_no_published_table_is_told_and_one_that_is_wrong_is_refused(tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    assert command.main(["--published", str(other)]) == 1
    bad = tmp_path / "bad.csv"
    bad.write_bytes(changed("c1_of_2024.csv", "120,30,25", "12O,30,25")[1])
    assert command.main(["--published", str(bad)]) == 2
    assert "cell L6, column 'referral_count': '12O'" in capsys.readouterr().out
