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
        rows = {row[:2]: row for row in (self.row() for _ in range(self.dice.randrange(1, 9)))}.values()
        rows = [(*row, *(self.dice.choice(self.optional[name]) for name in more)) for row in rows]
        return (f"{self.number}.xlsx", self.number, [(*self.headings, *more), *rows], self.agency, self.covers())

    def covers(self):
        return self.days()


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
            land(store, check(store, files), by="a test", confirmed=True)


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
@pytest.mark.parametrize("seed", range(12))
def test_any_withdrawal_leaves_what_the_others_alone_would(fresh, kind, seed):
    dice = random.Random(f"{kind} {seed}")
    compare(fresh(), fresh, landings(dice, kind), dice)
