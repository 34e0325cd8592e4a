"""Exports: the same figures as the screen, the same bytes at any time, and no text that a spreadsheet would run."""

import copy
import csv
import datetime
import hashlib
import io
import re
import zipfile
from dataclasses import replace
from functools import partial

import openpyxl
import pytest

from scorecards import snapshots
from scorecards.exports import EXPORTS
from scorecards.exports.csv_zip import STARTS_A_FORMULA, cell, make_csv_zip
from scorecards.exports.paper import read_paper
from scorecards.exports.tables import TABLES
from scorecards.exports.xlsx import make_workbook
from scorecards.exports.xlsx_book import axis_format, change_format, height_of, number_format, sheet_names
from scorecards.exports.xlsx_charts import rules_of
from scorecards.narrative import exception_title, rating_reason, rating_word, real_change
from scorecards.periods import period_by_id
from scorecards.scorecard import View, build_scorecard
from tests import frozen
from tests.seeding import land

Q2 = period_by_id("2025-26-Q2")
NOON = datetime.datetime(2025, 10, 14, 12, tzinfo=datetime.UTC)
# A workbook keeps 16 digits of a number.
EXCELS = partial(pytest.approx, rel=1e-14)
FILES = (
    "README.txt", "data_dictionary.csv", "figures.csv", "judgements.csv", "exceptions.csv", "returns.csv",
    "definitions.csv", "snapshot.json",
)  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frozen")
    frozen.make_template(folder)
    return folder


@pytest.fixture(scope="module")
def made(template, tmp_path_factory):
    """A snapshot and the scorecard that was on the screen when it was frozen."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = frozen.open_copy(template, folder)
    snapshot = snapshots.freeze(store, Q2.id, made_by="A. Analyst", made_at=NOON)
    scorecard = build_scorecard(store, View(Q2))
    store.close()
    return snapshot, scorecard


@pytest.fixture(scope="module")
def snapshot(made):
    return made[0]


@pytest.fixture(scope="module")
def workbook(snapshot):
    return openpyxl.load_workbook(io.BytesIO(make_workbook(snapshot)))


def unzipped(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def cells_of(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


def changed(snapshot, change):
    """Return a copy of a snapshot whose content `change` has altered."""
    content = copy.deepcopy(snapshot.content)
    change(content)
    return replace(snapshot, content=content)


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x.example")')


def hostile(content):
    """Put formulas wherever a partner's or a partnership's own words stand."""
    us = content["partnership"]
    us |= {"name": "=1+1", "short_name": "@SUM(1)", "handling": "+1 & &P"}
    for number, theme in enumerate(us["themes"]):
        theme |= {"title": HOSTILE[number % 7], "group": "=2", "lead": "-3", "about": "=4"}
    for parts in (us["agencies"], us["localities"]):
        for number, part in enumerate(parts.values()):
            part["title"] = HOSTILE[number % 7]
    for number, kpi in enumerate(content["kpis"]):
        kpi |= dict.fromkeys(("title", "why", "definition", "caveats", "owner", "counts"), HOSTILE[number % 7])
        kpi["questions"] = ["=1+1"]
    content["measures"] = dict.fromkeys(content["measures"], "=1+1")
    content["commentary"]["measures"] = dict.fromkeys(content["commentary"]["measures"], "=1+1")
    for split in content["breakdowns"]:
        if split["breakdown"] == "locality":
            split["groups"]["=9+9"] = split["groups"]["north"]
    for one in content["returns"]:
        one["missing"] = ["=1+1"]


@pytest.fixture(scope="module")
def attack(snapshot):
    found = changed(snapshot, hostile)
    return replace(found, info=replace(found.info, title="=1+1", made_by="=1+1"))


@pytest.fixture(scope="module")
def files(snapshot):
    return unzipped(make_csv_zip(snapshot))


@pytest.mark.parametrize("name", EXPORTS)
def test_the_same_snapshot_gives_the_same_bytes(snapshot, name):
    make = EXPORTS[name].make
    assert make(snapshot) == make(snapshot)


@pytest.mark.parametrize("name", EXPORTS)
def test_a_later_load_does_not_change_a_file(template, own_home, name):
    store = frozen.open_copy(template, own_home)
    before = snapshots.freeze(store, Q2.id, made_by="A. Analyst", made_at=NOON)
    row = {"child_id": "late", "s47_start_date": "2025-08-01", "conference_date": "2025-08-29", "locality": "north"}
    land(store, {"icpc": [row]}, ("2025-08-01", "2025-08-31"), agency="council")
    after = snapshots.read_snapshot(store, before.info.id)
    assert snapshots.differences(store, after)
    assert EXPORTS[name].make(after) == EXPORTS[name].make(before)
    store.close()


@pytest.mark.parametrize("name", EXPORTS)
def test_a_file_is_named_after_its_quarter_and_snapshot(snapshot, name):
    export = EXPORTS[name]
    short = snapshot.content["partnership"]["short_name"].replace(" ", "-")
    assert export.file_name(snapshot) == f"{short}-scorecards-2025-26-Q2-snapshot-1.{export.extension}"
    assert export.title
    assert "/" in export.mime


def test_a_file_name_has_no_path_in_it(attack):
    worse = changed(attack, lambda content: content["partnership"].update(short_name="../../a:b"))
    assert EXPORTS["xlsx"].file_name(worse) == "a-b-scorecards-2025-26-Q2-snapshot-1.xlsx"


class TestCsv:
    def test_the_files_stand_in_order_without_a_clock(self, snapshot):
        with zipfile.ZipFile(io.BytesIO(make_csv_zip(snapshot))) as archive:
            assert tuple(archive.namelist()) == FILES
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}

    def test_the_csv_has_the_same_figures_as_the_screen(self, made, files):
        rows = rows_of(files, "figures.csv")
        whole = {
            (row["kpi"], row["window"], row["period"]): row
            for row in rows
            if row["area"] == "Whole partnership" and not row["breakdown"]
        }
        for line in made[1].lines:
            shown = {*line.points, line.latest}
            for point in shown:
                row = whole[line.kpi.id, line.window, point.period.id]
                assert row["value"] == cell(point.value)
                assert (row["status"], row["note"]) == (point.status.value, point.note.value)

    def test_a_figure_stands_there_once(self, files):
        keys = [
            tuple(row[name] for name in ("kpi", "window", "period", "area", "breakdown", "group"))
            for row in rows_of(files, "figures.csv")
        ]
        assert len(keys) == len(set(keys))

    def test_a_figure_says_all_about_itself(self, files):
        found = [
            row
            for row in rows_of(files, "figures.csv")
            if (row["kpi"], row["period"], row["area"]) == ("icpc_15wd_pct", "2025-26-Q2", "Whole partnership")
            and not row["breakdown"]
        ]
        assert found == [
            {
                "kpi": "icpc_15wd_pct",
                "title": "Conference within 15 working days",
                "theme": "Child protection; The child protection journey",
                "window": "quarter",
                "period": "2025-26-Q2",
                "period_from": "2025-07-01",
                "period_to": "2025-09-30",
                "area": "Whole partnership",
                "breakdown": "",
                "group": "",
                "numerator": "71",
                "denominator": "100",
                "value": "71",
                "unit": "percent",
                "status": "final",
                "note": "",
                "fed_by": "list",
                "break": "",
            }
        ]

    def test_unknown_is_empty_and_not_nought(self, files):
        rows = rows_of(files, "figures.csv")
        (row,) = [row for row in rows if (row["kpi"], row["period"]) == ("ed_self_harm", "2025-26-Q2")]
        assert (row["value"], row["status"]) == ("", "not_submitted")

    def test_localities_and_groups_stand_apart(self, files):
        rows = [row for row in rows_of(files, "figures.csv") if row["kpi"] == "referrals"]
        assert {row["area"] for row in rows} == {"Whole partnership", "North", "South", "Locality unknown"}
        assert {row["breakdown"] for row in rows} >= {"", "source"}

    def test_judgements_are_those_of_the_screen(self, made, files):
        for row, line in zip(rows_of(files, "judgements.csv"), made[1].lines, strict=True):
            assert (row["kpi"], row["rating"]) == (line.kpi.id, line.judgement.rating.value)
            assert (row["rating_reason"], row["real_change"]) == (rating_reason(line), real_change(line)[1])
            assert row["change"] == cell(line.change)
            assert row["green"] == cell(getattr(line.thresholds, "green", None))

    def test_exceptions_keep_their_rank(self, snapshot, files):
        found = snapshots.exceptions_of(snapshot.content)
        rows = rows_of(files, "exceptions.csv")
        assert [row["kpi"] for row in rows] == [item.line.kpi.id for item in (*found.current, *found.resolved)]
        assert [row["rank"] for row in rows if row["rank"]] == [str(at) for at in range(1, len(found.current) + 1)]

    def test_returns_say_what_is_missing(self, files):
        states = {row["agency"]: (row["state"], row["missing"]) for row in rows_of(files, "returns.csv")}
        assert states["Hospital trust"] == ("missing", "Hospital attendances for self-harm")

    def test_every_column_is_in_the_dictionary(self, files):
        told = {(row["file"], row["column"]) for row in rows_of(files, "data_dictionary.csv")}
        for table in TABLES:
            assert {(table.name, name) for name in rows_of(files, table.name)[0]} <= told
            assert all(field.meaning for field in table.fields)

    def test_the_snapshot_inside_has_the_hash_that_the_readme_names(self, snapshot, files):
        assert hashlib.sha256(files["snapshot.json"]).hexdigest() == snapshot.info.sha256
        assert f"SHA-256 of snapshot.json: {snapshot.info.sha256}" in files["README.txt"].decode("utf-8-sig")

    def test_the_readme_says_how_to_read_and_whose_figures_they_are(self, files):
        readme = files["README.txt"].decode("utf-8-sig")
        for words in ("unsuppressed", "never nought", "Open Government Licence", "30,000 children", "14 October 2025"):
            assert words in readme
        assert "\n" not in readme.replace("\r\n", "")

    def test_a_store_without_population_says_nothing_of_one(self, snapshot):
        without = changed(snapshot, lambda content: content.update(populations=content["populations"][1:]))
        assert read_paper(without).population_words == ""

    @pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".csv")])
    def test_excel_reads_it_as_utf_8(self, files, name):
        assert files[name].startswith(b"\xef\xbb\xbf")
        assert b"\r\n" in files[name]

    def test_no_cell_is_a_formula_whatever_partners_write(self, attack):
        files = unzipped(make_csv_zip(attack))
        number = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
        for name in files:
            if not name.endswith(".csv"):
                continue
            for row in csv.reader(io.StringIO(files[name].decode("utf-8-sig"), newline="")):
                for value in row:
                    assert number.fullmatch(value) or not value.lstrip().startswith(STARTS_A_FORMULA), (name, value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, "0"),
        (-9.5, "-9.5"),
        (124.0, "124"),
        (100 / 3, "33.333333333333336"),
        (True, "yes"),
        (False, "no"),
        ("Police", "Police"),
        ("=1+1", "'=1+1"),
        ("-1", "'-1"),
        (" @x", "' @x"),
        ("\t", "'\t"),
        ("\rx", "'\rx"),
        ("＝1", "'＝1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("", ""),
    ],
)
def test_a_value_is_written_so_that_no_spreadsheet_runs_it(value, written):
    assert cell(value) == written


class TestWorkbook:
    def test_the_sheets_stand_in_order(self, snapshot, workbook):
        themes = [theme.title for theme, _ in read_paper(snapshot).themes]
        last = ["Localities", "Returns", "Figures over time", "Definitions"]
        assert workbook.sheetnames == ["Cover", "Exceptions", *themes, *last]

    def test_the_workbook_has_the_same_figures_as_the_screen(self, made, workbook):
        _, scorecard = made
        for theme in snapshots.definitions_of(made[0].content).partnership.themes:
            lines = [line for line in scorecard.lines if theme.id in line.kpi.themes]
            if not lines:
                continue
            sheet = workbook[theme.title]
            for row, line in enumerate(lines, 7):
                assert sheet.cell(row, 1).value.startswith(line.kpi.title)
                if line.latest.value is None:
                    assert isinstance(sheet.cell(row, 2).value, str)
                else:
                    assert sheet.cell(row, 2).value == EXCELS(line.latest.value)
                    assert sheet.cell(row, 2).number_format == number_format(line.kpi)
                if line.change:
                    assert sheet.cell(row, 4).value == EXCELS(line.change)
                assert sheet.cell(row, 6).value.endswith(rating_word(line))
                assert sheet.cell(row, 7).value == rating_reason(line)
                assert sheet.cell(row, 8).value == real_change(line)[1]

    def test_a_rating_is_a_word_on_its_colour(self, workbook):
        ratings = {
            cell.value: cell.fill.fgColor.rgb
            for cell in cells_of(workbook)
            if str(cell.value)[:2] in ("■ ", "◆ ", "● ")
        }
        assert ratings["■ Red"] == "FFF6D7D2"
        assert set(ratings) <= {"■ Red", "◆ Amber", "● Green"}

    def test_the_cover_says_what_was_frozen_and_how_it_may_be_used(self, snapshot, workbook):
        words = "\n".join(str(cell.value) for cell in cells_of(workbook) if cell.parent.title == "Cover")
        told = (
            "Quarter 2 2025/26, July to September 2025",
            "14 October 2025, 12:00 (UTC), by A. Analyst",
            "unsuppressed",
        )
        for one in (*told, snapshot.info.sha256, snapshot.content["partnership"]["handling"], "data version 2"):
            assert one in words

    def test_a_title_of_its_own_stands_on_the_cover(self, snapshot):
        named = replace(snapshot, info=replace(snapshot.info, title="Board of November"))
        book = openpyxl.load_workbook(io.BytesIO(make_workbook(named)))
        assert "1: Board of November" in [cell.value for cell in book["Cover"]["B"]]

    def test_the_cover_counts_the_ratings_of_each_theme(self, snapshot, workbook):
        theme, scorecard = read_paper(snapshot).themes[0]
        row = [cell.value for cell in workbook["Cover"][9]][:7]
        assert row[0] == theme.title
        assert row[2] == len(scorecard.lines) == sum(row[3:7])

    def test_exceptions_are_in_words_and_in_order(self, snapshot, workbook):
        paper = read_paper(snapshot)
        titles = [exception_title(item, paper.definitions) for item in paper.exceptions.current]
        found = [workbook["Exceptions"].cell(row, 2).value for row in range(5, 5 + len(titles))]
        assert titles
        assert found == titles

    def test_a_quarter_without_exceptions_says_so(self, snapshot):
        calm = {"current": [], "resolved": []}
        quiet = changed(snapshot, lambda content: content["exceptions"].update(calm))
        sheet = openpyxl.load_workbook(io.BytesIO(make_workbook(quiet)))["Exceptions"]
        assert sheet["B5"].value == "Nothing needs attention."

    def test_what_was_resolved_stands_below(self, snapshot):
        def resolve(content):
            items = content["exceptions"]
            items.update(current=[], resolved=[{**items["current"][0], "state": "resolved", "running": 0}])

        sheet = openpyxl.load_workbook(io.BytesIO(make_workbook(changed(snapshot, resolve))))["Exceptions"]
        assert sheet["A7"].value == "No longer"
        assert sheet["B8"].value

    def test_localities_show_what_each_figure_is_out_of(self, workbook):
        rows = list(workbook["Localities"].iter_rows(values_only=True))
        heads = rows[3][:4]
        at = next(number for number, row in enumerate(rows) if row[0] == "Conference within 15 working days")
        assert heads == ("Measure", "Whole partnership", "North", "South")
        assert rows[at + 1][1] == "324 of 400"
        assert rows[at][1] == 81

    def test_a_locality_beyond_chance_is_marked_in_words(self, snapshot):
        def stand_out(content):
            point = next(
                split["groups"]["north"]
                for split in content["breakdowns"]
                if (split["kpi"], split["window"], split["breakdown"])
                == ("icpc_15wd_pct", "rolling_12_months", "locality")
            )
            finding = {"locality": "north", "point": point, "whole": point, "points": [point], "direction": "below"}
            item = content["exceptions"]["current"][0]
            content["exceptions"]["current"] = [
                {**item, "kpi": "icpc_15wd_pct", "reason": "a locality beyond chance", "locality": finding}
            ]

        book = openpyxl.load_workbook(io.BytesIO(make_workbook(changed(snapshot, stand_out))))
        marked = [cell for cell in cells_of(book) if str(cell.value).endswith(", beyond chance")]
        assert [(cell.parent.title, cell.fill.fgColor.rgb) for cell in marked] == [("Localities", "FFF6D7D2")]

    def test_without_localities_the_sheet_says_so(self, snapshot):
        without = changed(snapshot, lambda content: content.update(breakdowns=[]))
        sheet = openpyxl.load_workbook(io.BytesIO(make_workbook(without)))["Localities"]
        assert sheet["A5"].value == "No figures by locality."

    def test_every_measure_with_figures_has_a_native_chart(self, snapshot):
        files = unzipped(make_workbook(snapshot))
        charts = [files[name].decode() for name in files if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        drawn = sum(
            any(point.is_known for point in line.points[-13:])
            for _, scorecard in read_paper(snapshot).themes
            for line in scorecard.lines
        )
        assert len(charts) == drawn > 0
        assert all("<c:lineChart>" in chart and 'dispBlanksAs val="zero"' not in chart for chart in charts)

    def test_a_chart_draws_the_figures_of_the_screen(self, made, workbook):
        sheet = workbook["Figures over time"]
        rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
        line = made[1].line("icpc_15wd_pct")
        assert list(rows[line.kpi.title][2:15]) == [EXCELS(point.value) for point in line.points[-13:]]

    def test_the_levels_beside_a_figure_are_named_with_their_values(self, made):
        rules = rules_of(made[1].line("icpc_15wd_pct"))
        assert [rule.words for rule in rules][:2] == ["Agreed target 82%", "England 81.4% (2024/25)"]
        assert len({rule.words for rule in rules}) == 3
        assert rules_of(made[1].line("referrals"))

    @pytest.mark.parametrize("kpi", ["contact_to_referral_pct", "mash_decision_1wd_pct", "re_referral_pct"])
    def test_levels_that_were_not_agreed_are_not_called_targets(self, made, kpi):
        words = [rule.words for rule in rules_of(made[1].line(kpi))]
        assert words[0].startswith(("Suggested band", "Suggested level", "Middle council"))

    def test_pages_are_ready_to_print(self, workbook):
        for sheet in workbook:
            assert sheet.page_setup.orientation == "landscape"
            assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
            assert sheet.page_setup.fitToWidth in (None, 1)  # one page is what is meant when it is left out
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert "&P of &N" in f"&{sheet.oddFooter.right.text}".replace("&Page", "Page")
            assert "Q2 2025/26" in sheet.oddFooter.center.text
        assert workbook["Definitions"].print_title_rows == "$4:$4"
        assert workbook["Child protection"].freeze_panes == "B7"

    def test_no_cell_is_or_can_become_a_formula(self, attack):
        packed = make_workbook(attack)
        files = unzipped(packed)
        assert not [name for name in files if name.startswith("xl/worksheets/sheet") and b"<f>" in files[name]]
        assert not [name for name in files if b"<hyperlink" in files[name]]
        texts = [cell for cell in cells_of(openpyxl.load_workbook(io.BytesIO(packed))) if isinstance(cell.value, str)]
        assert {cell.data_type for cell in texts} == {"s"}
        assert all(cell.quotePrefix for cell in texts)
        assert "=1+1" in {cell.value for cell in texts}

    def test_charts_refer_to_our_own_sheet_only(self, attack):
        files = unzipped(make_workbook(attack))
        formulas = {
            formula
            for name in files
            if name.startswith("xl/charts/chart")
            for formula in re.findall(r"<c:f>(.*?)</c:f>", files[name].decode())
        }
        assert formulas
        assert all(formula.startswith("'Figures over time'!$") for formula in formulas)

    def test_a_marking_cannot_command_the_footer(self, attack):
        book = openpyxl.load_workbook(io.BytesIO(make_workbook(attack)))
        raw = unzipped(make_workbook(attack))["xl/worksheets/sheet1.xml"].decode()
        assert "+1 &amp;&amp; &amp;&amp;P" in raw
        assert len(book.sheetnames) == len(set(book.sheetnames))

    def test_the_properties_have_no_clock(self, snapshot, workbook):
        assert workbook.properties.created == datetime.datetime(2025, 10, 14, 12)
        assert workbook.properties.creator == "A. Analyst"
        assert snapshot.info.sha256 in workbook.properties.description

    def test_definitions_explain_how_each_figure_is_made(self, snapshot, workbook):
        sheet = workbook["Definitions"]
        for row, kpi in enumerate(snapshot.content["kpis"], 5):
            assert sheet.cell(row, 1).value == kpi["title"]
            assert snapshot.content["measures"][kpi["id"]] in sheet.cell(row, 3).value

    def test_returns_name_who_sends_them(self, snapshot, workbook):
        senders = [row[0].value for row in workbook["Returns"].iter_rows(min_row=5)]
        assert senders == ["Children's social care", "Hospital trust"]
        gone = changed(snapshot, lambda content: content["partnership"].update(agencies={}))
        sheet = openpyxl.load_workbook(io.BytesIO(make_workbook(gone)))["Returns"]
        assert [row[0].value for row in sheet.iter_rows(min_row=5)] == ["council", "hospital"]


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Health"], ["Health"]),
        (["Health", "health"], ["Health", "health 2"]),
        (["A [b]: c/d\\e*?"], ["A b c d e"]),
        (["'quoted'"], ["quoted"]),
        (["?"], ["Scorecard"]),
        (["History"], ["History 2"]),
        (["Exploitation and children who go missing"], ["Exploitation and children who g"]),
        (["x" * 40, "x" * 41], ["x" * 31, f"{'x' * 29} 2"]),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(titles, names):
    assert sheet_names(titles) == names


def test_numbers_are_shown_with_their_units(snapshot):
    kpis = snapshots.definitions_of(snapshot.content).kpis
    assert number_format(kpis["icpc_15wd_pct"]) == '#,##0.0"%"'
    assert number_format(kpis["referrals"]) == "#,##0"
    assert number_format(kpis["cpp_duration_days_median"]) == '#,##0" days"'
    assert change_format(kpis["icpc_15wd_pct"]) == '+#,##0.0" points";-#,##0.0" points";"no change"'
    assert change_format(kpis["referrals"]) == '+#,##0;-#,##0;"no change"'
    assert axis_format(kpis["icpc_15wd_pct"], 5.0) == '#,##0"%"'
    assert axis_format(kpis["referral_rate_10k"], 2.5) == "#,##0.0"


def test_a_row_is_as_high_as_its_longest_cell():
    short, long = ("word", 40, "plain"), ("word " * 40, 20, "plain")
    assert height_of([short, long]) > height_of([short]) == height_of([short, ("", 10, "plain")])
    assert height_of([short], least=50) == 50
