"""Published tables on the page that loads files: told from partners' files, shown, and stored with one press."""

import csv
import io
from pathlib import Path

import pytest

from data_loaders.published import published_among
from data_loaders.published.sorting import is_published
from scorecards.definitions.published_reading import read_published_tables
from tests.partner_files import workbook
from tests.test_analyst_pages import EPISODES, alerts, choose, labels, load_page, press, sign
from tests.test_pages import words

SAMPLES = Path(__file__).parent / "samples"
OWN_HOME = pytest.mark.usefixtures("own_home")


def published(name, before="", after=""):
    data = (SAMPLES / "published" / name).read_bytes()
    return name, data.replace(before.encode(), after.encode()) if before else data


C1, C4, PEOPLE = (published(f"{name}_of_2024.csv") for name in ("c1", "c4", "population"))


def test_published_tables_are_told_from_partners_files_by_their_headings():
    paths = [path for path in SAMPLES.rglob("*.csv") if path.parent.name != "published"]
    assert paths
    assert published_among({str(path): path.read_bytes() for path in paths}) == frozenset()
    paths = list((SAMPLES / "published").glob("*.csv"))
    assert published_among({f"return {path.name}": path.read_bytes() for path in paths}) == {
        f"return {path.name}" for path in paths
    }


@pytest.mark.parametrize(
    ("headings", "is_one"),
    [
        ("time_period,geographic_level,Something new", True),
        ("LA num,SN1,SN2,SN3,SN4,SN5,Name", True),
        ("Child Unique ID,Date of referral,Referral Source", False),
        ("Measure,Period,Number,Out of,Value", False),
        ("referral_count,rereferral_count,rereferral_child_count", False),
        ("Measure,time_period,Value", False),
        ("", False),
    ],
)
def test_a_file_means_to_be_published_by_the_form_of_its_headings(headings, is_one):
    assert is_published("any.csv", f"{headings}\n1,2,3\n".encode(), read_published_tables()) is is_one


@OWN_HOME
def test_a_published_table_is_told_as_what_it_is_and_stored_with_one_press():
    app = load_page(C1, PEOPLE)
    shown = words(app)
    assert "Two published tables. Nothing of them is stored yet." in shown
    assert "Children in need, table C1: referrals and re-referrals" in shown
    assert "Department for Education. Release 2024, 2022/23 to 2023/24" in shown
    assert "Re-referrals within 12 months" in shown
    assert "partnership.yaml names no council yet, so nothing is shown beside these figures" in shown
    app = press(sign(app), "Store the")
    assert "published figures of 2 tables stored as data version" in words(app)
    assert not [one for one in labels(app) if "published" in one]
    assert "Nothing new" in words(choose(app, C1))


@OWN_HOME
def test_partners_files_and_published_tables_are_stored_apart():
    app = load_page(("Q2 police.csv", EPISODES), C1)
    assert "One file checked." in words(app)
    assert "One published table." in words(app)
    app = press(sign(app), "Store the 2 good rows")
    app = press(app, "Store the")
    assert "published figures of 1 table stored" in words(app)


@OWN_HOME
def test_what_was_published_may_be_stored_before_partners_files():
    app = load_page(("Q2 police.csv", EPISODES), C4)
    (button,) = [one for one in sign(app).button if "published figures" in one.label and "Store" in one.label]
    app = button.click().run()
    assert "published figures of 1 table stored" in words(app)
    assert "of 1 table stored" not in words(press(app, "Store the 2 good rows"))


@OWN_HOME
def test_a_published_workbook_is_told_as_its_csv_is():
    rows = list(csv.reader(io.StringIO(C1[1].decode("utf-8-sig"))))
    app = load_page(("Q2 police.csv", EPISODES), ("C1.xlsx", workbook(C1=rows)))
    shown = words(app)
    assert "One file checked." in shown
    assert "Children in need, table C1: referrals and re-referrals" in shown


@OWN_HOME
def test_a_press_without_a_name_stores_nothing():
    assert alerts(press(load_page(C4), "Store the")) == [
        "Give your name above the buttons: it is kept with what you store."
    ]


@OWN_HOME
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("rereferral_count", "Returned", "Nearest is 'Children in need, table C1: referrals and re-referrals', but no "
         "column is headed 'Re_referrals': it was renamed, or is missing."),
        ("120,30,25", "12O,30,25", "Cell L6, column 'referral_count': '12O' is neither a number nor a symbol"),
        (",26,23.6\n", "\n", "Line 6: the row has fewer cells than there are headings, so cells may have moved."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_cell_and_nothing_can_be_stored(before, after, said):
    app = load_page(published("c1_of_2024.csv", before, after))
    assert said in words(app)
    assert not [one for one in labels(app) if one.startswith("Store the")]
    assert said not in words(press(app, "Put the published tables away"))


@OWN_HOME
def test_another_figure_of_a_stored_release_is_refused_until_it_has_a_name_of_its_own():
    app = press(sign(load_page(C1)), "Store the")
    app = choose(app, published("c1_of_2024.csv", "120,30,25", "120,36,30"))
    assert "A release is never changed" in words(app)
    app = press(app, "Check it under this name")
    assert "Release 2024 revised" in words(app)
    assert "stored as data version" in words(press(sign(app), "Store the"))
