"""A withdrawn submission leaves what would stand had it never been sent, on either database."""

import datetime
import random
import shutil
from types import MappingProxyType

import numpy
import pytest
from sqlalchemy import select

from data_loaders.files import Given, check_content
from data_loaders.grid import BLANK, Cell, Column, FileContent, Sheet
from data_loaders.intake import check_together
from data_loaders.landing import land
from data_loaders.withdrawing import plan_withdrawal, withdraw
from scorecards.errors import LoadRefused
from scorecards.series import bring_up_to_date, read_coverage
from scorecards.store.lists import stored_columns
from scorecards.store.schema import audit, kpi_value, submission, withdrawal
from tests.partner_files import (
    CONTACTS,
    FIGURES,
    MISSING,
    PLANS,
    REFERRALS,
    checked,
    context,
    day,
    definitions,
    landed,
    live,
    opened,
)

D = datetime.date
QUARTER = (D(2025, 7, 1), D(2025, 9, 30))
ASSAULTS = "Recorded assaults on children"
LIST_5 = (
    "Child Unique ID", "Strategy discussion initiating Section 47 Enquiry Start Date",
    "Was an Initial Child Protection Conference deemed unnecessary?", "Date of Initial Child Protection Conference",
)  # fmt: skip


# Any landings, any of them withdrawn: compared with a store in which only the others were ever landed.


def cell(value) -> Cell:
    if value is None:
        return BLANK
    if isinstance(value, datetime.date):
        return Cell("date", value)
    return Cell("number", float(value)) if isinstance(value, int) else Cell("text", value)


def read(name: str, rows, number: int) -> FileContent:
    """Return rows as the reader gives them, without a child process for each of hundreds of files."""
    columns = []
    for values in zip(*rows, strict=True):
        uniques = [BLANK, *dict.fromkeys(cell(value) for value in values if value is not None)]
        codes = numpy.array([uniques.index(cell(value)) for value in values], dtype="u4")
        columns.append(Column(tuple(uniques), codes))
    sheet = Sheet("List", "visible", tuple(columns), len(rows))
    return FileContent(name, f"{number:064}", "xlsx", 1, None, (sheet,), ())


def check(store, files):
    """Check files, each (name, number, rows, agency, days covered)."""
    found = [
        check_content(read(name, rows, number), context(), Given(agency, covers))
        for name, number, rows, agency, covers in files
    ]
    return check_together(store, found)


class Sending:
    """Random returns of one list about a few children and days, so that they overlap in every way."""

    optional = MappingProxyType({})

    def __init__(self, dice: random.Random):
        self.dice, self.number = dice, 0

    def days(self):
        first, last = sorted(self.dice.sample(range(1, 13), 2))
        return D(2025, 7, 1) + datetime.timedelta(days=7 * first), D(2025, 7, 1) + datetime.timedelta(days=7 * last)

    def a_day(self):
        return D(2025, 7, 1) + datetime.timedelta(days=self.dice.randrange(14) * 7)

    def file(self):
        """Return a file with some of the columns that it need not have."""
        self.number += 1
        more = [name for name in self.optional if self.dice.random() < 0.5]
        rows = {row[: self.width()]: row for row in (self.row() for _ in range(self.dice.randrange(1, 9)))}.values()
        rows = [(*row, *(self.dice.choice(self.optional[name]) for name in more)) for row in rows]
        return (f"{self.number}.xlsx", self.number, [(*self.headings, *more), *rows], self.agency, self.covers())

    def covers(self):
        return self.days()

    def width(self):
        """Return how many cells of a row no other row of the file has."""
        return 2


class Referrals(Sending):
    headings, agency = REFERRALS, "council"
    optional = MappingProxyType(
        {
            "Team": (None, "North team", "South team"),
            "Gender": (None, "Female", "Unborn"),
            "Date of Birth": (None, D(2015, 8, 1), D(2025, 12, 1)),
        }
    )

    def row(self):
        return self.dice.choice("ABC"), self.a_day(), self.dice.choice(("Police", "GP", "Schools"))


class Plans(Sending):
    headings, agency = PLANS, "council"

    def width(self):
        return self.dice.choice((1, 2))  # some files have each child's latest plan alone

    def row(self):
        start = D(2025, 6, 1) + datetime.timedelta(days=self.dice.randrange(5) * 20)
        ended = self.dice.choice((None, None, self.a_day()))
        return self.dice.choice("ABC"), start, ended if ended and ended >= start else None


class Episodes(Sending):
    headings, agency = MISSING, "police"

    def row(self):
        start = self.a_day()
        back = self.dice.choice((None, start, start + datetime.timedelta(days=3)))
        return self.dice.choice("ABC"), start, back, self.dice.choice(("Missing", "Away")), "Home"


class Conferences(Sending):
    headings, agency = LIST_5, "council"

    def row(self):
        start = self.a_day()
        held = self.dice.choice((None, start + datetime.timedelta(days=self.dice.randrange(20))))
        return self.dice.choice("ABC"), start, "No", held


class Figures(Sending):
    headings, agency = FIGURES, "police"

    def row(self):
        quarter = f"Q{self.dice.randrange(1, 5)} 2024/25"
        return ASSAULTS, quarter, self.dice.choice((None, 1, 2, 3))

    def covers(self):
        return None


KINDS = {kind.__name__.lower(): kind for kind in (Referrals, Plans, Episodes, Conferences, Figures)}
LISTS = ("referrals", "cp_plans", "missing_episodes", "section_47", "icpc", "aggregate_return")


def rows_that_count(store):
    """Return what counts of every list, whoever sent it first."""
    names = {records: ("agency", *stored_columns(definitions().record_types[records])) for records in LISTS}
    return {records: live(store, records, *names[records]) for records in LISTS}


def known_figures(store):
    columns = [kpi_value.c[name] for name in ("kpi", "period", "breakdown", "grp", "value", "status", "note", "fed_by")]
    with store.read() as connection:
        found = connection.execute(select(*columns).where(kpi_value.c.superseded_in.is_(None)))
        return {tuple(row) for row in found if row[4] is not None}


def coverage(store):
    with store.read() as connection:
        return read_coverage(connection, definitions())


def everything(store):
    return rows_that_count(store), coverage(store), known_figures(store)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A store with calendar and periods ready, to be copied: making them takes longer than all else here."""
    folder = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = opened(f"sqlite:///{folder / 'scorecards.db'}")
        bring_up_to_date(store)
        store.close()
    return folder


@pytest.fixture
def fresh(prepared, own_home):
    """Return a function that opens another empty store, with the same key for child identifiers."""
    shutil.copy(prepared / "child-identifiers.key", own_home)
    made = []

    def make():
        path = own_home / f"fresh {len(made)}.db"
        shutil.copy(prepared / "scorecards.db", path)
        made.append(opened(f"sqlite:///{path}"))
        return made[-1]

    yield make
    for store in made:
        store.close()


def landings(dice, kind):
    """Return three to five landings of one or two files each."""
    sending = KINDS[kind](dice)
    return [[sending.file() for _ in range(dice.choice((1, 1, 2)))] for _ in range(dice.randrange(3, 6))]


def land_all(store, batches):
    for files in batches:
        if files:
            land(store, check(store, files), by="a test", confirmed=True, reasons={"": "As it was meant to be"})


def ids_of(store, names):
    with store.read() as connection:
        return list(connection.scalars(select(submission.c.id).where(submission.c.file_name.in_(names))))


def compare(store, fresh, batches, dice):
    """Withdraw files of `batches` at one or two times, and compare with the others landed alone."""
    names = [name for files in batches for name, *_ in files]
    gone = dice.sample(names, dice.randrange(1, min(4, len(names))))
    cut = dice.randrange(len(gone) + 1)
    land_all(store, batches)
    for together in (gone[:cut], gone[cut:]):
        if ids := ids_of(store, together):
            withdraw(store, plan_withdrawal(store, ids), by="a test", why="sent in error")
    alone = fresh()
    land_all(alone, [[file for file in files if file[0] not in gone] for files in batches])
    assert everything(store) == everything(alone), f"withdrawn: {gone}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_any_withdrawal_leaves_what_the_others_alone_would(fresh, kind, seed):
    dice = random.Random(f"{kind} {seed}")
    compare(fresh(), fresh, landings(dice, kind), dice)


@pytest.mark.parametrize("kind", ["plans", "figures"])
def test_any_withdrawal_leaves_what_the_others_alone_would_on_postgresql(fresh, postgres_url, kind):
    store, dice = opened(postgres_url), random.Random(kind)
    compare(store, fresh, landings(dice, kind), dice)
    store.close()


# One by one


@pytest.fixture
def store(fresh):
    return fresh()


@pytest.fixture
def either_store(fresh, request):
    if request.param == "sqlite":
        yield fresh()
        return
    store = opened(request.getfixturevalue("postgres_url"))
    yield store
    store.close()


on_either = pytest.mark.parametrize(
    "either_store", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
AUGUST, SEPTEMBER = (D(2025, 8, 1), D(2025, 8, 31)), (D(2025, 9, 1), D(2025, 9, 30))
number = iter(range(1, 1000))


def send(store, *rows, covers=QUARTER, headings=REFERRALS, agency="council"):
    """Land one file; return the id of its submission."""
    at = next(number)
    land(store, check(store, [(f"{at}.xlsx", at, [headings, *rows], agency, covers)]), by="a test", confirmed=True)
    return ids_of(store, [f"{at}.xlsx"])[0]


def take_back(store, *ids, why="sent in error"):
    return withdraw(store, plan_withdrawal(store, ids), by="An analyst", why=why)


def who_when(store):
    """Return child and source of the referrals that count, with the submission and the row they stand under."""
    rows = live(store, "referrals", "child_id", "source", "submission_id", "source_row")
    return [(child.removeprefix("hash of "), *others) for child, *others in rows]


@on_either
def test_what_a_submission_changed_and_removed_is_back(either_store):
    first = send(either_store, ("A", D(2025, 9, 1), "Police"), ("B", D(2025, 9, 2), "Police"))
    second = send(either_store, ("A", D(2025, 9, 1), "GP"), ("C", D(2025, 9, 3), "GP"))
    planned = plan_withdrawal(either_store, [second])
    (change,) = planned.changes
    assert (change.added, change.changed, change.removed, change.unchanged) == (1, 1, 1, 0)
    assert change.detail.examples[0].was == "General practice"
    assert (change.detail.examples[0].now, change.detail.examples[0].cell) == ("Police", "row 2")
    assert (change.detail.removed, change.detail.added) == ((("September 2025", 1),),) * 2
    assert who_when(either_store) == [("A", "3A", second, 2), ("C", "3A", second, 3)]
    done = withdraw(either_store, planned, by="An analyst", why="sent in error")
    assert (done.data_version, done.changes) == (3, planned.changes)
    assert who_when(either_store) == [("A", "6", first, 2), ("B", "6", first, 3)]


def test_what_a_later_submission_removed_stays_away(store):
    send(store, ("A", D(2025, 8, 1), "Police"), ("B", D(2025, 9, 2), "Police"))
    second = send(store, ("C", D(2025, 9, 3), "GP"))
    third = send(store, ("D", D(2025, 9, 4), "GP"), covers=SEPTEMBER)
    take_back(store, second)
    assert [child for child, *_ in who_when(store)] == ["A", "D"]
    take_back(store, third)
    assert [child for child, *_ in who_when(store)] == ["A", "B"]


def test_a_row_that_was_sent_again_stays_and_stands_under_the_file_that_has_it_still(store):
    first = send(store, ("A", D(2025, 9, 1), "Police"), ("B", D(2025, 9, 2), "Police"))
    second = send(store, ("C", D(2025, 9, 3), "GP"), ("B", D(2025, 9, 2), "Police"))
    (change,) = take_back(store, first).changes
    assert (change.added, change.changed, change.removed, change.unchanged) == (0, 0, 0, 1)
    assert who_when(store) == [("B", "6", second, 3), ("C", "3A", second, 2)]


def test_of_two_files_together_only_one_may_leave(store):
    files = [
        ("july.xlsx", 1, [REFERRALS, ("A", D(2025, 7, 1), "Police"), ("B", D(2025, 9, 2), "GP")], "council", QUARTER),
        ("all.xlsx", 2, [REFERRALS, ("B", D(2025, 9, 2), "Police")], "council", QUARTER),
    ]
    land(store, check(store, files), by="a test")
    assert [row[:2] for row in who_when(store)] == [("A", "6"), ("B", "6")]
    take_back(store, *ids_of(store, ["all.xlsx"]))
    assert [row[:2] for row in who_when(store)] == [("A", "6"), ("B", "3A")]


def test_an_episode_that_a_later_list_ended_is_open_again_as_the_earlier_one_has_it(store):
    spring = (D(2025, 4, 1), D(2025, 6, 30))
    ended = send(store, ("A", D(2025, 2, 1), D(2025, 7, 1)), headings=PLANS)
    send(store, ("A", D(2025, 2, 1), None), headings=PLANS, covers=spring)
    assert live(store, "cp_plans", "end_date") == [(day(2025, 7, 1),)]
    take_back(store, ended)
    assert live(store, "cp_plans", "end_date") == [(None,)]


def test_a_figure_sent_again_stands_under_the_newest_file(store):
    first = send(store, (ASSAULTS, "Q1 2025/26", 5), headings=FIGURES, agency="police", covers=None)
    second = send(store, (ASSAULTS, "Q1 2025/26", 5), headings=FIGURES, agency="police", covers=None)
    assert live(store, "aggregate_return", "submission_id", "source_cell") == [(second, "C2")]
    take_back(store, second)
    assert live(store, "aggregate_return", "submission_id", "source_cell") == [(first, "C2")]


def test_as_it_was_before_the_withdrawal_nothing_was_withdrawn(store):
    send(store, ("A", D(2025, 8, 1), "Police"), covers=AUGUST)
    second = send(store, ("B", D(2025, 9, 1), "Police"), covers=SEPTEMBER)
    with store.read() as connection:
        before = read_coverage(connection, definitions())
    take_back(store, second)
    with store.read() as connection:
        assert read_coverage(connection, definitions(), 2) == before
        now = read_coverage(connection, definitions())
    assert now.spans["referrals"] == ((day(2025, 8, 1), day(2025, 9, 1)),)


def test_of_submissions_from_before_it_was_recorded_rows_left_alone_were_sent_again(store):
    first = send(store, ("A", D(2025, 9, 1), "Police"), ("B", D(2025, 8, 2), "Police"))
    send(store, ("A", D(2025, 9, 1), "Police"), covers=SEPTEMBER)
    with store.writer.begin() as connection:
        connection.execute(submission.update().values(confirmed=None, columns=None))
    take_back(store, first)
    assert [child for child, *_ in who_when(store)] == ["A"]


def test_a_withdrawn_file_may_be_sent_again(store):
    rows = (REFERRALS, ("A", D(2025, 9, 1), "Police"))
    sent, _ = landed(store, *rows)
    assert checked(store, *rows).files[0].verdict == "nothing new"
    take_back(store, 1)
    again, done = landed(store, *rows)
    assert (again.files[0].verdict, done.data_version) == (sent.files[0].verdict, 3)
    assert checked(store, *rows).files[0].verdict == "nothing new"


@on_either
def test_a_withdrawal_is_kept_with_its_reason_and_told_in_the_audit_log(either_store):
    send(either_store, ("A", D(2025, 9, 1), "Police"))
    take_back(either_store, 1, why=" wrong quarter ")
    with either_store.read() as connection:
        kept = connection.execute(select(withdrawal)).one()
        told = connection.scalars(select(audit.c.what).order_by(audit.c.id)).all()
    assert tuple(kept) == (1, "wrong quarter", 2)
    council = definitions().partnership.agencies["council"].title
    assert told[-1] == f"Withdrawn: submission 1 (Referrals to children's social care) from {council}"


@pytest.mark.parametrize(
    ("by", "why", "code"),
    [
        ("", "wrong", "reason_missing"),
        ("A", " ", "reason_missing"),
        ("A", "-", "reason_missing"),
        ("A", "ask jo@example.org", "reason_personal"),
    ],
)
def test_a_withdrawal_needs_a_name_and_a_reason_that_names_nobody(store, by, why, code):
    planned = plan_withdrawal(store, [send(store, ("A", D(2025, 9, 1), "Police"))])
    with pytest.raises(LoadRefused) as refused:
        withdraw(store, planned, by=by, why=why)
    assert (refused.value.code, store.data_version()) == (code, 1)


def test_nothing_is_withdrawn_twice_or_without_being_there(store):
    one = send(store, ("A", D(2025, 9, 1), "Police"))
    take_back(store, one)
    for ids, code in (([one], "withdrawn_already"), ([99], "submission_unknown"), ([], "submission_unknown")):
        with pytest.raises(LoadRefused) as refused:
            plan_withdrawal(store, ids)
        assert refused.value.code == code


def test_a_list_that_is_not_defined_any_more_is_not_withdrawn(store):
    one = send(store, ("A", D(2025, 9, 1), "Police"))
    with store.writer.begin() as connection:
        connection.execute(submission.update().values(record_type="gone"))
    with pytest.raises(LoadRefused, match=r"'gone' is not in record_types\.yaml any more"):
        plan_withdrawal(store, [one])


def test_what_somebody_else_stored_meanwhile_must_be_looked_at_first(store):
    first = send(store, ("A", D(2025, 9, 1), "Police"))
    planned = plan_withdrawal(store, [first])
    send(store, ("A", D(2025, 9, 1), "Police"), ("B", D(2025, 9, 2), "GP"))
    with pytest.raises(LoadRefused, match="Look at it again"):
        withdraw(store, planned, by="An analyst", why="sent in error")
    assert store.data_version() == 2


def test_what_somebody_else_stored_of_another_list_does_not_matter(store):
    planned = plan_withdrawal(store, [send(store, ("A", D(2025, 9, 1), "Police"))])
    send(store, ("A", D(2025, 9, 1), "Police"), headings=CONTACTS)
    assert withdraw(store, planned, by="An analyst", why="sent in error").data_version == 3


def test_a_withdrawal_that_fails_in_its_figures_leaves_everything_as_before(store, monkeypatch):
    def fails(*_arguments):
        raise RuntimeError("figures failed")

    planned = plan_withdrawal(store, [send(store, ("A", D(2025, 9, 1), "Police"))])
    before = everything(store)
    monkeypatch.setattr("data_loaders.withdrawing.recompute", fails)
    with pytest.raises(RuntimeError, match="figures failed"):
        withdraw(store, planned, by="An analyst", why="sent in error")
    assert (everything(store), store.data_version()) == (before, 1)


def test_progress_is_told_from_nothing_to_all(store):
    told = []
    planned = plan_withdrawal(store, [send(store, ("A", D(2025, 9, 1), "Police"))])
    withdraw(store, planned, by="A", why="wrong", progress=lambda *said: told.append(said))
    assert (told[0], told[-1][0]) == ((0.0, "Finding back what stood before"), 1.0)


def test_a_list_of_latest_plans_takes_no_earlier_plan_back_in_a_withdrawal_either(store):
    send(store, ("A", D(2025, 7, 1), D(2025, 7, 20)), headings=PLANS)
    other = send(store, ("B", D(2025, 7, 2), None), ("A", D(2025, 7, 1), D(2025, 7, 20)), headings=PLANS)
    send(store, ("A", D(2025, 8, 1), None), headings=PLANS)
    take_back(store, other)
    starts = [datetime.date.fromordinal(start).isoformat() for (start,) in live(store, "cp_plans", "start_date")]
    assert starts == ["2025-07-01", "2025-08-01"]
