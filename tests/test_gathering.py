"""Folders of whatever files are loaded to the last: found in all folders, named apart, a batch at a time."""

import random

import pytest

from data_loaders.__main__ import main
from data_loaders.gathering import below, bytes_of, files_in, in_batches, names_of, size_of
from scorecards.errors import LoadRefused
from tests.census_files import case, census, child
from tests.partner_files import REFERRALS, TODAY, text_file, workbook


@pytest.fixture
def folder(tmp_path, monkeypatch, sqlite_url):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCORECARDS_TODAY", TODAY.isoformat())
    place = tmp_path / "returns"
    place.mkdir()
    return place


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def found(paths, folder):
    return [path.relative_to(folder).as_posix() for path in paths]


def test_the_files_of_all_folders_are_found_in_order(folder):
    put(folder, "b.csv", "a/2.XLSX", "a/1.xml", "a/deep/er/3.ods", "notes.docx", "no ending")
    paths, left = files_in([folder])
    assert found(paths, folder) == ["b.csv", "a/1.xml", "a/2.XLSX", "a/deep/er/3.ods"]
    assert found(left, folder) == ["no ending", "notes.docx"]


def test_a_file_that_is_named_is_meant_whatever_its_ending(folder):
    put(folder, "list.docx")
    assert files_in([folder / "list.docx"]) == ([folder / "list.docx"], [])


def test_what_is_hidden_passing_or_a_link_is_not_meant(folder, tmp_path):
    put(folder, ".hidden.csv", ".git/a.csv", "~$open.xlsx", "half.csv.part", "Thumbs.db")
    (folder / "loop").symlink_to(folder)
    (folder / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert list(below(folder)) == []


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["a.csv", "x/b.csv"], ["a.csv", "b.csv"]),
        (["north/q2.csv", "south/q2.csv"], ["north - q2.csv", "south - q2.csv"]),
        (["x/y/north/q2.csv", "z/y/north/q2.csv"], ["y - north - q2.csv", "y - north - q2.csv (2)"]),
        (["a.csv", "a.csv"], ["a.csv", "a.csv (2)"]),
    ],
)
def test_every_file_has_a_name_of_its_own(folder, paths, names):
    assert names_of([(folder / path).relative_to(folder) for path in paths]) == names


def test_names_that_are_alike_for_long_are_told_apart(folder):
    long = "very " * 40
    names = names_of([folder / f"{long}{number}.csv" for number in range(3)])
    assert len(set(names)) == 3
    assert all(len(name) <= 120 for name in names)


def test_batches_are_bounded_by_number_and_by_size(folder):
    put(folder, *(f"{number}.csv" for number in range(5)))
    (folder / "2.csv").write_bytes(b"x" * 90)
    paths, _ = files_in([folder])
    assert [found(batch, folder) for batch in in_batches(paths, files=2, size=1_000)] == [
        ["0.csv", "1.csv"], ["2.csv", "3.csv"], ["4.csv"],
    ]  # fmt: skip
    assert [found(batch, folder) for batch in in_batches(paths, files=10, size=50)] == [
        ["0.csv", "1.csv"], ["2.csv"], ["3.csv", "4.csv"],
    ]  # fmt: skip
    assert list(in_batches([])) == []


def test_a_file_that_is_gone_is_told_and_weighs_nothing(folder):
    assert size_of(folder / "gone.csv") == 0
    with pytest.raises(LoadRefused, match=r"gone\.csv cannot be opened: No such file or directory\."):
        bytes_of(folder / "gone.csv")


# At the command line


def test_one_file_that_cannot_be_opened_stops_no_other(folder, capsys):
    (folder / "a.csv").write_bytes(text_file((REFERRALS, ("C1", "03/09/2025", "Police"))))
    assert main([str(folder / "gone.csv"), str(folder / "a.csv")]) == 2
    printed = capsys.readouterr()
    assert "gone.csv: refused. gone.csv cannot be opened" in printed.out
    assert "Stored as data version 1" in printed.out
    assert printed.err == "1 of 2: Checking a.csv\n"


def test_a_census_and_other_files_of_a_folder_are_loaded_and_told_one_by_one(folder, capsys):
    put(folder, "notes.docx", "more.docx", "README")
    (folder / "council").mkdir()
    (folder / "council" / "cin.xml").write_bytes(census(child(1, case())))
    (folder / "list.csv").write_bytes(text_file((REFERRALS, ("C1", "03/09/2025", "Police"))))
    assert main([str(folder), "--check"]) == 0
    printed = capsys.readouterr()
    assert "Left alone, because nothing of the kind is loaded: 1 without an ending, 2 .docx." in printed.out
    assert "cin.xml: ready." in printed.out
    assert "  Children in need census for the year to 31 March 2025, with 1 child." in printed.out
    assert printed.err.splitlines() == ["1 of 2: Checking list.csv", "2 of 2: Checking cin.xml"]


def test_an_empty_folder_is_told(folder, capsys):
    assert main([str(folder)]) == 0
    assert capsys.readouterr().out == "There is nothing to load.\n"


def test_what_a_landing_refuses_in_one_batch_stops_no_other(folder, capsys, monkeypatch):
    (folder / "a.csv").write_bytes(text_file((REFERRALS, ("C1", "03/09/2025", "Police"), ("C2", "30/09/2025", "GP"))))
    assert main([str(folder)]) == 0
    (folder / "a.csv").write_bytes(text_file((REFERRALS, ("C1", "03/09/2025", "Police"), ("C3", "29/09/2025", "GP"))))
    (folder / "b.csv").write_bytes(text_file((REFERRALS, ("C4", "03/08/2025", "Police"))))
    monkeypatch.setattr(in_batches, "__defaults__", (1, 10**6))
    assert main([str(folder)]) == 2
    printed = capsys.readouterr()
    assert "1 of 2 rows of 'Referrals to children's social care' would go" in printed.err
    assert "Stored as data version 2" in printed.out


def anything(chance):
    """Return a file of whatever kind: good, cut short, of bytes without sense, or text of all sorts."""
    good = text_file((REFERRALS, *((f"C{number}", "03/09/2025", "Police") for number in range(chance.randrange(9)))))
    kinds = (
        lambda: good,
        lambda: good[: chance.randrange(len(good))],
        lambda: workbook(List=[REFERRALS, ("C1", "03/09/2025", "GP")])[: chance.randrange(9_000)],
        lambda: chance.randbytes(chance.randrange(2_000)),
        lambda: b"<Message>" + chance.randbytes(200),
        lambda: census(child(1, case()))[: chance.randrange(1_500)],
        lambda: "".join(chance.choices("a1,;\"\n\t='é", k=500)).encode(),
        lambda: b"",
    )
    return chance.choice(kinds)()


def test_whatever_files_are_checked_to_the_last(folder, capsys, monkeypatch):
    monkeypatch.setattr(in_batches, "__defaults__", (7, 10**6))
    chance = random.Random(903)
    for number in range(30):
        ending = chance.choice((".csv", ".xlsx", ".xml", ".ods", ".txt", ".xls"))
        (folder / f"{number:03}{ending}").write_bytes(anything(chance))
    assert main([str(folder), "--check"]) == 2
    printed = capsys.readouterr()
    told = {line.split(": ")[0] for line in printed.out.splitlines() if not line.startswith(" ")}
    assert {path.name for path in folder.iterdir()} <= told
    assert [line.split(":")[0] for line in printed.err.splitlines()] == [f"{at} of 30" for at in range(1, 31)]
