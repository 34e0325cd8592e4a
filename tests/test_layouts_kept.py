"""Where taught layouts are kept: YAML that a person can read, whole or not at all, every wrong line told."""

import pytest

from data_loaders.layouts import (
    Layout,
    Meaning,
    layout_hash,
    layout_problems,
    layout_text,
    layouts_folder,
    layouts_read,
    read_layouts,
    retire_layout,
    save_layout,
    taught,
)
from scorecards.errors import ScorecardError
from tests.layouts import definitions, layout
from tests.samples.make_layout_samples import LAYOUTS

TAUGHT = layout({"last": "C9", "ends_before": ["Notes"], "blank_rows": 1},
                area={"Ours": "partnership", "Theirs": None}, period={"Year 2024/25 (old)": "2024-25"})  # fmt: skip


def kept(text, agency="police", name="drawn"):
    path = layouts_folder() / agency / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_layout_is_read_as_it_was_kept(own_home):
    path = save_layout(TAUGHT)
    assert path == own_home / "layouts" / "police" / "drawn.yaml"
    assert read_layouts(definitions()) == (TAUGHT,)
    assert [one.name for one in path.parent.iterdir()] == ["drawn.yaml"]


def test_a_layout_is_plain_yaml():
    assert layout_text(TAUGHT).splitlines()[:8] == [
        "agency: police", "name: drawn", "title: Figures as drawn", "taught_by: Analyst", "taught_on: '2025-07-10'",
        "tables:", "- title: Drawn", "  sheet: Data",
    ]  # fmt: skip
    assert "  - label_column: A\n" in layout_text(TAUGHT)


def test_layouts_are_kept_where_a_setting_says_and_the_demo_has_its_own(own_home, monkeypatch, tmp_path):
    monkeypatch.setenv("SCORECARDS_DEMO", "1")
    assert layouts_folder() == own_home / "demo-layouts"
    monkeypatch.setenv("SCORECARDS_LAYOUTS", str(tmp_path / "elsewhere"))
    assert layouts_folder() == tmp_path / "elsewhere"
    assert layouts_read(definitions()).layouts == ()


def test_the_version_that_is_replaced_stays_beside_it():
    path = save_layout(TAUGHT)
    before = path.read_text(encoding="utf-8")
    save_layout(TAUGHT)
    assert not (path.parent / "earlier").exists()
    save_layout(taught(TAUGHT, "area", "Elsewhere", None))
    (earlier,) = (path.parent / "earlier").iterdir()
    assert (earlier.read_text(encoding="utf-8"), earlier.name[:6], earlier.suffix) == (before, "drawn-", ".yaml")
    assert len(read_layouts(definitions())) == 1


def test_a_layout_that_cannot_be_written_changes_nothing(monkeypatch):
    path = save_layout(TAUGHT)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ScorecardError, match="could not be kept: No space left on device"):
        save_layout(taught(TAUGHT, "area", "Elsewhere", None))
    assert read_layouts(definitions()) == (TAUGHT,)
    assert sorted(one.name for one in path.parent.iterdir() if one.is_file()) == ["drawn.yaml"]


def test_the_hash_knows_every_word_and_not_who_taught_them():
    same = TAUGHT.model_copy(update={"taught_by": "Somebody else"})
    assert layout_hash(TAUGHT) == layout_hash(same) and len(layout_hash(TAUGHT)) == 16
    assert layout_hash(TAUGHT) != layout_hash(taught(TAUGHT, "area", "Elsewhere", None))


def test_a_layout_that_is_set_aside_reads_no_file_and_is_still_there():
    path = save_layout(TAUGHT)
    aside = retire_layout(TAUGHT)
    assert (path.exists(), aside.exists(), read_layouts(definitions())) == (False, True, ())
    with pytest.raises(ScorecardError, match="is not there any more"):
        retire_layout(TAUGHT)


# What is wrong is told with file and line, and the other layouts are read all the same


GOOD = layout_text(TAUGHT)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("agency: [", "drawn.yaml:1: not readable as YAML"),
        ("", "drawn.yaml:1: the file is empty."),
        ("- a list", "drawn.yaml:1: the file should begin with 'agency:'."),
        (GOOD.replace("agency: police", "agency: polise"), "'polise' is not an agency. Did you mean 'police'?"),
        (GOOD.replace("kpi: cpp_stock", "kpi: cpp_stok"), "'cpp_stok', which is not a KPI. Did you mean 'cpp_stock'?"),
        (GOOD.replace("Ours: partnership", "Ours: nort"), "'Ours' means 'nort', which is not a locality"),
        (GOOD.replace("(old): 2024-25", "(old): 2024-55"), "means '2024-55', which is not the id of a period."),
        (GOOD.replace("Year 2024/25 (old)", "Last year"), "'Last year' names no year, so it would mean another period"),
        (GOOD.replace("heading_row: 1", "fixed: Q1 2025/26"), "a fixed period would be wrong the next time"),
        (GOOD.replace("heading_row: 1", "heading_row: 1\n      cell: A1"), "give exactly one of heading_row"),
        (GOOD.replace("    period:\n    - heading_row: 1\n", ""), "says nothing of period; every figure needs them"),
        (GOOD.replace("    period:", "    group:\n    - label_column: B\n    period:"), "add breakdown"),
        (GOOD.replace("first: B2", "first: B0"), "in tables, item 1: 'first' is 'B0'"),
        (GOOD.replace("sheet: Data", "sheat: Data"), "'sheat' is not known here. Did you mean 'sheet'?"),
        (GOOD.replace("name: drawn", "name: other"), "the layout stands in police, but says it is police/other.yaml."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_layout_is_told_with_its_line(text, problem):
    kept(text)
    save_layout(layout(agency="hospital", name="good"))
    found = layouts_read(definitions())
    assert [one.name for one in found.layouts] == ["good"]
    assert any(problem in one for one in found.problems), found.problems
    assert all(one.startswith("drawn.yaml:") for one in found.problems)


def test_the_line_of_a_wrong_word_is_that_on_which_it_stands():
    text = GOOD.replace("Theirs: null", "Theirs: nowhere")
    line = 1 + text.splitlines().index("    Theirs: nowhere")
    kept(text)
    (problem,) = layouts_read(definitions()).problems
    assert problem.startswith(f"drawn.yaml:{line}: 'Theirs' means 'nowhere'")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"part": {"No.": "numbers"}}, "'No.' means 'numbers', which is not one of number, out_of, value."),
        ({"unit": {"%": "shares"}}, "'%' means 'shares', which is not one of count, percent, fraction, rate."),
        ({"status": {"tbc": "y"}}, "'tbc' means 'y', which is not one of c, x, z, low."),
        ({"basis": {"Sum": "at date"}}, "'Sum' means 'at date', which is not one of in_period"),
        ({"group": {"All": "x" * 130}}, "is too long or about a person; 120 characters are kept at most."),
        ({"provider": {"Site": "write to jo@example.org"}}, "is too long or about a person"),
    ],
)
def test_a_word_can_only_mean_what_we_know(change, problem):
    (found,) = layout_problems(layout(**change), definitions())
    assert problem in found


def test_what_is_fixed_is_looked_at_too():
    wrong = layout({"says": {"measure": [{"fixed": "Assaults of all kinds"}], "area": [{"fixed": "nowhere"}]}})
    assert [one.split(",")[0] for one in layout_problems(wrong, definitions())] == [
        "'Assaults of all kinds' means 'Assaults of all kinds'",
        "'nowhere' means 'nowhere'",
    ]
    half = layout(measures={"Assaults": {"kpi": "assaults_recorded", "group": "under 5"}})
    assert layout_problems(half, definitions()) == (
        "'Assaults' gives only one of breakdown and group; give both or none.",
    )


def test_a_word_is_taught_one_at_a_time():
    more = taught(taught(layout(), "measure", " Public   notices ", None), "area", "North", "north")
    more = taught(more, "measure", "Care", Meaning(kpi="missing_care_episodes"))
    assert more.measures["Public notices"] is None
    assert more.measures["Care"] == Meaning(kpi="missing_care_episodes")
    assert more.words == {"area": {"North": "north"}}


def test_a_word_is_not_taught_what_would_be_wrong_next_time():
    with pytest.raises(ScorecardError, match="'This quarter' cannot mean this: 'This quarter' names no year"):
        taught(layout(), "period", "This quarter", "2025-26-Q2")
    with pytest.raises(ScorecardError, match="cannot mean this"):
        taught(layout(), "weather", "Rain", "wet")
    assert taught(layout(), "period", "This quarter", None).words["period"] == {"This quarter": None}


def test_every_sample_is_a_good_layout(monkeypatch):
    monkeypatch.setenv("SCORECARDS_LAYOUTS", str(LAYOUTS))
    found = layouts_read(definitions())
    assert (len(found.layouts), found.problems) == (11, ())
    assert all(isinstance(one, Layout) for one in found.layouts)
