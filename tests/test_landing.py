"""What a landing changes in the store: rows by rule and key, one version for all, and nothing when it fails."""

import datetime
import io
import zipfile
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from data_loaders import check_files, land
from data_loaders.__main__ import main
from scorecards.errors import LoadRefused, StoreError
from scorecards.series import read_points
from scorecards.store.schema import audit, data_version, problem, source_file, submission
from tests.partner_files import (
    CONTACTS,
    FIGURES,
    PLANS,
    REFERRALS,
    checked,
    day,
    landed,
    live,
    opened,
    text_file,
    workbook,
)

ASSAULTS = "Recorded assaults on children"
QUARTER = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))


@pytest.fixture
def store(sqlite_url):
    store = opened(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def either_store(database_url):
    store = opened(database_url)
    yield store
    store.close()


def referrals(*rows):
    return (REFERRALS, *((child, f"{when}/2025", source) for child, when, source in rows))


def dates(store) -> list[str]:
    return [f"{datetime.date.fromordinal(when):%d/%m}" for (when,) in live(store, "referrals", "referral_date")]


def change(check) -> tuple[int, int, int, int]:
    (one,) = check.changes
    return one.added, one.changed, one.removed, one.unchanged


def count(store, table) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table))


def test_a_landing_stores_rows_with_where_they_come_from(either_store):
    _, result = landed(either_store, *referrals(("C1", "03/09", "Police"), ("C2", "04/09", "GP")))
    assert (result.data_version, result.rows_added) == (1, 2)
    assert live(
        either_store, "referrals", "referral_date", "source", "agency", "source_row", "landed_in", "submission_id"
    ) == [
        (day(2025, 9, 3), "6", "council", 2, 1, 1),
        (day(2025, 9, 4), "3A", "council", 3, 1, 1),
    ]
    with either_store.read() as connection:
        row = connection.execute(select(submission)).mappings().one()
    assert (row["covers_from"], row["covers_to"]) == (day(2025, 9, 1), day(2025, 10, 1))
    assert (row["rows_read"], row["rows_landed"], row["rows_refused"], row["rows_ignored"]) == (2, 2, 0, 0)
    assert (row["file_name"], row["sheet"], row["received_by"]) == ("test.xlsx", "List", "a test")


def test_the_same_file_again_changes_nothing(store):
    rows = referrals(("C1", "03/09", "Police"))
    landed(store, *rows)
    check, result = landed(store, *rows)
    assert (check.files[0].verdict, check.can_land, result.data_version) == ("nothing new", False, None)
    assert result.sentence == "Nothing was stored: no list was ready."
    assert store.data_version() == 1


def test_rows_as_before_are_left_alone_and_the_others_replaced(either_store):
    landed(either_store, *referrals(("C1", "03/09", "Police"), ("C2", "04/09", "GP"), ("C3", "05/09", "GP")))
    check, result = landed(
        either_store, *referrals(("C1", "03/09", "Police"), ("C2", "04/09", "Police"), ("C4", "06/09", "GP"))
    )
    assert change(check) == (1, 1, 1, 1)
    assert check.changes[0].removed_days == (datetime.date(2025, 9, 5), datetime.date(2025, 9, 5))
    assert (result.rows_added, result.rows_changed, result.rows_removed, result.rows_unchanged) == (1, 1, 1, 1)
    assert live(either_store, "referrals", "referral_date", "source", "landed_in") == [
        (day(2025, 9, 3), "6", 1), (day(2025, 9, 4), "6", 2), (day(2025, 9, 6), "3A", 2),
    ]  # fmt: skip
    table = either_store.lists["referrals"]
    with either_store.read() as connection:
        was = connection.scalars(select(table.c.referral_date).where(table.c.superseded_in == 2)).all()
    assert sorted(was) == [day(2025, 9, 4), day(2025, 9, 5)]


def test_events_outside_the_days_covered_stay(store):
    landed(
        store,
        *referrals(("C1", "31/07", "Police"), ("C2", "01/08", "Police"), ("C3", "31/08", "GP"), ("C4", "01/09", "GP")),
    )
    august = (datetime.date(2025, 8, 1), datetime.date(2025, 8, 31))
    landed(store, *referrals(("C5", "15/08", "Police")), covers=august)
    assert dates(store) == ["31/07", "15/08", "01/09"]


def test_a_row_outside_the_days_covered_replaces_its_own_key_alone(store):
    landed(store, *referrals(("C1", "31/07", "Police"), ("C2", "31/07", "Police")))
    august = (datetime.date(2025, 8, 1), datetime.date(2025, 8, 31))
    check, _ = landed(store, *referrals(("C1", "31/07", "GP")), covers=august)
    assert change(check) == (0, 1, 0, 0)
    assert [source for (source,) in live(store, "referrals", "source")] == ["3A", "6"]


def test_another_agency_s_rows_are_not_touched(store):
    row = ("C1", "03/09/2025", "Police")
    landed(store, CONTACTS, row, agency="mash")
    landed(store, CONTACTS, ("C2", "04/09/2025", "Police"), agency="council")
    assert [agency for (agency,) in live(store, "contacts", "agency")] == ["council", "mash"]


def test_a_plan_open_at_any_time_of_the_days_covered_is_replaced(either_store):
    landed(
        either_store, PLANS, ("open since", "01/02/2024", None), ("ended on the first day", "01/02/2024", "01/07/2025"),
        ("ended before", "02/02/2024", "30/06/2025"), ("starts after", "01/10/2025", None),
        ("starts on the last day", "30/09/2025", None), covers=QUARTER,
    )  # fmt: skip
    check, _ = landed(either_store, PLANS, ("open since", "01/02/2024", "05/08/2025"), covers=QUARTER)
    assert change(check) == (0, 1, 2, 0)
    assert check.changes[0].there == 3
    starts = [datetime.date.fromordinal(start).isoformat() for (start,) in live(either_store, "cp_plans", "start_date")]
    assert starts == ["2024-02-01", "2024-02-02", "2025-10-01"]


def test_conferences_of_list_5_go_by_the_dates_of_their_enquiries(store):
    headings = (
        "Child Unique ID", "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
    )  # fmt: skip
    august = (datetime.date(2025, 8, 1), datetime.date(2025, 8, 31))
    july = (datetime.date(2025, 7, 1), datetime.date(2025, 7, 31))
    landed(store, headings, ("C1", "30/07/2025", "No", "11/08/2025"), covers=july)
    landed(store, headings, ("C2", "20/08/2025", "No", "02/09/2025"), covers=august)
    assert [conference for (conference,) in live(store, "icpc", "conference_date")] == [
        day(2025, 8, 11),
        day(2025, 9, 2),
    ]
    landed(store, headings, ("C3", "21/08/2025", "Yes", None), ("C4", "22/08/2025", "No", "05/09/2025"), covers=august)
    assert [conference for (conference,) in live(store, "icpc", "conference_date")] == [
        day(2025, 8, 11),
        day(2025, 9, 5),
    ]


def test_figures_are_replaced_one_by_one_and_a_blank_removes_nothing(either_store):
    rows = [(ASSAULTS, "Q1 2025/26", 12), (ASSAULTS, "Q2 2025/26", 7)]
    landed(either_store, FIGURES, *rows)
    check, _ = landed(either_store, FIGURES, (ASSAULTS, "Q1 2025/26", None), (ASSAULTS, "Q2 2025/26", 8))
    assert change(check) == (0, 1, 0, 0)
    assert live(either_store, "aggregate_return", "period", "numerator") == [("2025-26-Q1", 12.0), ("2025-26-Q2", 8.0)]


def test_files_together_are_one_version_and_do_not_replace_each_other(store):
    files = [
        ("july.csv", text_file(referrals(("C1", "03/07", "Police")))),
        ("august.csv", text_file(referrals(("C2", "03/08", "Police")))),
    ]
    check = check_files(store, files, covers=QUARTER)
    result = land(store, check, by="a test")
    assert (result.data_version, result.files, dates(store)) == (1, 2, ["03/07", "03/08"])
    assert (count(store, submission), count(store, source_file), count(store, data_version)) == (2, 2, 1)


def test_more_than_a_tenth_removed_must_be_confirmed(store):
    landed(store, *referrals(*((f"C{at}", f"{at + 1:02}/09", "Police") for at in range(20))))
    two_less = referrals(*((f"C{at}", f"{at + 1:02}/09", "Police") for at in range(2, 20)))
    check = checked(store, *two_less, covers=(datetime.date(2025, 9, 1), datetime.date(2025, 9, 30)))
    assert (check.changes[0].there, check.changes[0].removed, check.needs_confirmation) == (20, 2, False)
    check = checked(store, *two_less[:-1], covers=(datetime.date(2025, 9, 1), datetime.date(2025, 9, 30)))
    assert check.needs_confirmation
    with pytest.raises(LoadRefused, match="3 of 20 rows of 'Referrals to children's social care' would go"):
        land(store, check, by="a test")
    assert len(dates(store)) == 20
    assert land(store, check, by="a test", confirmed=True).rows_removed == 3


def test_a_landing_after_somebody_else_s_is_refused_where_it_would_change_something_else(store):
    first = checked(store, *referrals(("C1", "03/09", "Police")))
    other = checked(store, *referrals(("C2", "05/09", "Police")))
    land(store, other, by="a test")
    with pytest.raises(LoadRefused, match="Check again; nothing was stored"):
        land(store, first, by="a test")
    assert dates(store) == ["05/09"]


def test_a_landing_after_somebody_else_s_goes_on_where_nothing_else_changes(store):
    first = checked(store, *referrals(("C1", "03/09", "Police")))
    landed(store, PLANS, ("C2", "05/09/2025", None))
    assert land(store, first, by="a test").data_version == 2


def test_a_file_that_somebody_else_landed_meanwhile_is_not_landed_again(store):
    first = checked(store, *referrals(("C1", "03/09", "Police")))
    assert land(store, first, by="a test").data_version == 1
    assert land(store, first, by="a test").data_version is None
    assert store.data_version() == 1


def test_a_landing_that_fails_in_its_figures_leaves_everything_as_before(store, monkeypatch):
    def fails(*_arguments):
        raise RuntimeError("figures failed")

    check = checked(store, *referrals(("C1", "03/09", "Police")))
    monkeypatch.setattr("data_loaders.landing.recompute", fails)
    with pytest.raises(RuntimeError, match="figures failed"):
        land(store, check, by="a test")
    assert store.data_version() == 0
    assert [count(store, table) for table in (submission, source_file, audit, store.lists["referrals"])] == [0, 0, 0, 0]


def test_a_landing_that_fails_in_the_database_leaves_everything_as_before(store):
    check = checked(store, *referrals(("C1", "03/09", "Police")))

    def fails(_connection, _cursor, statement, *_more):
        if "list_referrals" in statement and statement.startswith("INSERT"):
            raise OSError("the disk is full")

    event.listen(store.writer, "before_cursor_execute", fails)
    with pytest.raises(OSError, match="the disk is full"):
        land(store, check, by="a test")
    assert (store.data_version(), count(store, submission)) == (0, 0)


def test_figures_are_up_to_date_as_soon_as_rows_are(store):
    landed(store, *referrals(("C1", "03/09", "Police"), ("C2", "04/08", "GP")), covers=QUARTER)
    points = read_points(store, ["referrals"])["referrals", "quarter"]
    assert [point.value for point in points if point.period.id == "2025-26-Q2"] == [2]


def test_problems_are_kept_with_the_submission(store):
    landed(store, REFERRALS, ("C1", "31/09/2025", "Police"), ("C2", "03/09/2025", "Police"))
    with store.read() as connection:
        row = connection.execute(select(problem)).mappings().one()
    assert (row["submission_id"], row["code"], row["cell"], row["value"]) == (1, "date_impossible", "B2", "31/09/2025")


def test_progress_is_told_from_nothing_to_all(store):
    told = []
    check = check_files(
        store, [("a.csv", text_file(referrals(("C1", "03/09", "Police"))))], progress=lambda *said: told.append(said)
    )
    land(store, check, by="a test", progress=lambda *said: told.append(said))
    shares = [share for share, _ in told]
    assert (shares[0], shares.count(1.0)) == (0.0, 2)
    assert told[0][1] == "Reading files"


def test_only_the_good_rows_land(store):
    check, result = landed(store, REFERRALS, ("C1", "31/09/2025", "Police"), ("C2", "03/09/2025", "Police"))
    assert (check.files[0].verdict, result.rows_added) == ("to look at", 1)
    assert result.sentence == ("Stored as data version 1 from 1 file: 1 row added, 0 changed, 0 removed, 0 as before.")


def test_sentences_of_changes_name_what_is_not_nothing(store):
    check = checked(store, *referrals(("C1", "03/09", "Police")))
    assert check.changes[0].sentence == "Referrals to children's social care: 1 added."
    assert replace(check.changes[0], added=0).sentence == "Referrals to children's social care: nothing changes."


# At the command line


@pytest.fixture
def folder(tmp_path, monkeypatch, sqlite_url):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("SCORECARDS_TODAY", "2025-10-14")
    place = tmp_path / "returns"
    place.mkdir()
    (place / "read me.md").write_text("no spreadsheet")
    return place


def run(*arguments) -> int:
    return main([str(argument) for argument in arguments])


def test_a_folder_of_good_files_lands_and_ends_with_0(folder, capsys):
    (folder / "a.csv").write_bytes(text_file(referrals(("C1", "03/09", "Police"))))
    assert run(folder, "--by", "An analyst") == 0
    out = capsys.readouterr().out
    assert (
        "a.csv: ready. Referrals to children's social care (from council, the only agency that sends these lists)"
        in out
    )
    assert "1 rows read = 1 ready + 0 refused + 0 ignored, covers 01/09/2025 to 30/09/2025" in out
    assert "Stored as data version 1" in out


def test_problems_end_with_1_and_a_check_stores_nothing(folder, capsys):
    (folder / "a.csv").write_bytes(text_file(referrals(("C1", "31/09", "Police"), ("C2", "03/09", "GP"))))
    assert run("--check", folder, "--covers", "2025-07-01..2025-09-30") == 1
    out = capsys.readouterr().out
    assert "error: a.csv, a, B2, Date of referral: '31/09/2025': September has 30 days." in out
    assert "Stored" not in out


def test_what_is_refused_ends_with_2(folder, capsys):
    (folder / "a.xlsx").write_bytes(b"no spreadsheet")
    assert run(folder) == 2
    assert run(folder / "nowhere.xlsx") == 2
    (folder / "a.xlsx").write_bytes(workbook(List=[CONTACTS, ("C1", "03/09/2025", "Police")]))
    assert run(folder, "--agency", "polise") == 2
    assert "Did you mean 'police'?" in capsys.readouterr().err


def test_what_would_go_must_be_confirmed_at_the_command_line(folder, capsys):
    (folder / "a.csv").write_bytes(text_file(referrals(("C1", "03/09", "Police"), ("C2", "30/09", "GP"))))
    assert run(folder) == 0
    (folder / "a.csv").write_bytes(text_file(referrals(("C1", "03/09", "Police"))))
    assert run(folder) == 2
    printed = capsys.readouterr()
    assert "1 stored row would go, more than a tenth: confirm with --confirm 1." in printed.out
    assert "1 of 2 rows" in printed.err
    assert run(folder, "--confirm", "2") == 2
    assert run(folder, "--confirm", "1") == 0


@pytest.mark.parametrize("days", ["2025-09-30..2025-07-01", "last quarter"])
def test_days_covered_must_be_two_days_in_order(folder, days, capsys):
    with pytest.raises(SystemExit) as ended:
        run(folder, "--covers", days)
    assert ended.value.code == 2
    assert days in capsys.readouterr().err


def with_raw_text(data: bytes, text: bytes, other: bytes) -> bytes:
    """Return a workbook in whose XML one text stands as another: XlsxWriter writes no control characters."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(text, other))
    return out.getvalue()


def test_signs_that_nobody_sees_are_not_stored(either_store):
    data = workbook(List=[(*CONTACTS, "Team"), ("C1", "03/09/2025", "Police", "Te-am")])
    data = with_raw_text(
        with_raw_text(data, b"Te-am", b"Te_x0000__x001B_am"), b'name="List"', b'name="Li&#10;st\xe2\x80\xae"'
    )
    check = check_files(either_store, [("a.xlsx", data)], agency="council")
    land(either_store, check, by="a test")
    assert live(either_store, "contacts", "team") == [("Team",)]
    assert check.lists[0].sheet == "Li st"


def test_the_longest_of_everything_lands_on_either_database(either_store):
    rows = [("C1", "03/09/2025", "Police", "T" * 120, "D" * 120)]
    data = workbook(List=[(*CONTACTS, "Team", "District"), *rows])
    check = check_files(either_store, [("a" * 500 + ".xlsx", data)], agency="council")
    assert land(either_store, check, by="x" * 500).rows_added == 1
    check, done = landed(either_store, (*FIGURES, "Group"), (ASSAULTS, "Q1 2025/26", 1e9, "g" * 120), agency="police")
    assert done.rows_added == 1
    check, done = landed(
        either_store, (*REFERRALS, "Previous referrals in last 12 months"), ("C1", "03/09/2025", "GP", 1e9)
    )
    assert done.rows_added == 1


def test_a_database_that_does_not_take_the_rows_says_so_without_them(either_store):
    check = checked(either_store, (*CONTACTS, "Team"), ("C1", "03/09/2025", "Police", "Nightjar"), agency="council")
    check.lists[0].rows.columns["age"][0] = "Quillfeather" if either_store.url.startswith("postgres") else object()
    with pytest.raises(StoreError) as refused:
        land(either_store, check, by="a test")
    assert str(refused.value).endswith("Nothing was stored.")
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert (either_store.data_version(), live(either_store, "contacts", "team")) == (0, [])


def test_the_command_line_shows_nothing_that_steers_a_terminal(tmp_path, capsys):
    path = tmp_path / "a\x1b[31m.xlsx"
    path.write_bytes(
        with_raw_text(workbook(List=[REFERRALS, ("C1", "03/09/2025", "Mar-s")]), b"Mar-s", b"M_x001B_[2Jars")
    )
    main([str(path), "--check"])
    shown = capsys.readouterr().out
    assert "a[31m.xlsx" in shown
    assert "M[2Jars" in shown
    assert "\x1b" not in shown


def test_the_command_line_reads_no_more_of_a_file_than_may_be(tmp_path, capsys):
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n")
        file.truncate(3 * 1024**3)
    assert main([str(path), "--check"]) == 2
    assert "a.csv is larger than 25 MB." in capsys.readouterr().out


def test_an_earlier_list_sent_again_does_not_open_a_plan_that_ended_later(store):
    spring, summer = (datetime.date(2025, 4, 1), datetime.date(2025, 6, 30)), QUARTER
    landed(store, PLANS, ("A", "01/02/2025", None), covers=spring)
    landed(store, PLANS, ("A", "01/02/2025", "01/07/2025"), covers=summer)
    _, again = landed(store, PLANS, ("A", "01/02/2025", None), ("B", "01/05/2025", None), covers=spring)
    ends = live(store, "cp_plans", "start_date", "end_date")
    assert ends == [(day(2025, 2, 1), day(2025, 7, 1)), (day(2025, 5, 1), None)]
    assert (again.rows_added, again.rows_changed, again.rows_unchanged) == (1, 0, 1)


def test_a_list_of_the_days_in_which_a_plan_ended_opens_it_again(store):
    landed(store, PLANS, ("A", "01/02/2025", "30/09/2025"), covers=QUARTER)
    _, again = landed(store, PLANS, ("A", "01/02/2025", None), covers=QUARTER)
    assert again.rows_changed == 1
    assert live(store, "cp_plans", "end_date") == [(None,)]


def twice(check):
    return [(one.file, one.cell, one.needs_reason) for one in check.problems if one.code == "figure_twice"]


def test_a_figure_given_twice_with_different_numbers_lands_only_with_a_reason(store):
    rows = [FIGURES, *((ASSAULTS, "Q1 2025/26", number) for number in (12, 12, 15))]
    check = check_files(store, [("figures.csv", text_file(rows))], agency="police")
    assert twice(check) == [("figures.csv", "A4", True)]
    with pytest.raises(LoadRefused):
        land(store, check, by="a test")
    land(store, check, by="a test", reasons={"": "The second is of another county."})
    assert live(store, "aggregate_return", "numerator") == [(12.0,)]


def test_a_figure_that_two_files_together_give_differently_is_told_and_one_alike_is_not(store):
    files = [(name, text_file([FIGURES, (ASSAULTS, "Q1 2025/26", first), (ASSAULTS, "Q2 2025/26", 7)]))
             for name, first in (("one.csv", 12), ("two.csv", 15))]  # fmt: skip
    check = check_files(store, files, agency="police")
    assert set(twice(check)) == {("one.csv", "C2", True)}
    land(store, check, by="a test", reasons={"": "The second is the corrected one."})
    assert live(store, "aggregate_return", "period", "numerator") == [("2025-26-Q1", 15.0), ("2025-26-Q2", 7.0)]
