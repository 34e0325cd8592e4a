"""Annex A extracts for tests: what a council's case system knew on a day, of six months of it, and what was true."""

import datetime
import random
from dataclasses import dataclass, field, replace
from functools import cache

from tests.partner_files import workbook

FIRST, LAST = datetime.date(2022, 10, 1), datetime.date(2025, 9, 30)
MONTHS, WINDOW, STEP = 36, 6, 5  # seven windows of six months, each beginning in the last month of the one before
CHILDREN = 90
NEVER = datetime.date(2099, 1, 1)
ALWAYS = datetime.date(2000, 1, 1)

EVENTS, SPELLS = ("List 1", "List 3", "List 5"), ("List 4", "List 7")
CHILD = ("Child Unique ID", "Gender", "Date of Birth")
HEADINGS = {
    "List 1": (*CHILD, "Date of Contact", "Contact Source"),
    "List 3": (*CHILD, "Date of referral", "Referral Source", "Referral NFA?", "Number of Referrals in Last 12 Months",
               "Allocated Team"),
    "List 4": (*CHILD, "Continuous Assessment Start Date", "Continuous Assessment Date of Authorisation",
               "Allocated Team"),
    "List 5": (*CHILD, "Strategy discussion initiating Section 47 Enquiry Start Date",
               "Was an Initial Child Protection Conference deemed unnecessary?",
               "Date of Initial Child Protection Conference",
               "Did the Initial Child Protection Conference Result in a Child Protection Plan", "Allocated Team"),
    "List 7": (*CHILD, "Child Protection Plan Start Date", "Latest Category of Abuse",
               "Child Protection Plan End Date", "Number of Previous Child Protection Plans", "Allocated Team"),
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """A row of a list as it is in truth, and what the case system made of it before somebody put it right."""

    child: int
    start: datetime.date
    end: datetime.date | None = None  # of an assessment or a plan, or the day of an enquiry's conference
    words: tuple = ()
    # From the first of these days on the row is in the system, from the second its end is as it is in truth.
    entered: datetime.date = ALWAYS
    end_known: datetime.date | None = None  # None: on the day itself
    wrong_words: tuple | None = None  # what stood there until `put_right`
    wrong_end: datetime.date | None = None  # it was closed, and opened again on `put_right`
    put_right: datetime.date = ALWAYS
    deleted: datetime.date = NEVER  # never was: somebody else's child

    def known(self, day: datetime.date) -> "Record | None":
        """Return the row as the system had it at the end of a day, or None where it was not there."""
        if not max(self.entered, self.start) <= day < self.deleted:
            return None
        told = self.end is not None and (self.end_known or self.end) <= day and self.end <= day
        end, words = (self.end if told else None), self.words
        if day < self.put_right:
            end = self.wrong_end if self.wrong_end and self.wrong_end <= day else end
            words = self.wrong_words or words
        return replace(self, end=end, words=words)


@dataclass(frozen=True)
class CaseSystem:
    """Everything a council ever recorded, by Annex A list."""

    lists: dict[str, list[Record]] = field(default_factory=dict)

    def extract(self, first: datetime.date, last: datetime.date) -> dict[str, list[Record]]:
        """Return lists 1, 3 and 5 by their events, 4 and 7 with what was open at any time, as known on the last day."""
        known = {name: [row for one in rows if (row := one.known(last))] for name, rows in self.lists.items()}
        events = {name: [row for row in known[name] if first <= row.start] for name in EVENTS}
        open_ = {name: [row for row in known[name] if row.end is None or row.end >= first] for name in SPELLS}
        return events | open_


def month(number: int) -> datetime.date:
    """Return the first day of a month, counted from the first."""
    years, months = divmod(FIRST.month - 1 + number, 12)
    return datetime.date(FIRST.year + years, months + 1, 1)


def windows() -> list[tuple[datetime.date, datetime.date]]:
    return [(month(at), month(at + WINDOW) - datetime.timedelta(days=1)) for at in range(0, MONTHS - WINDOW + 1, STEP)]


def born(child: int) -> datetime.date:
    return datetime.date(2008 + child % 15, 1 + child % 12, 1 + child % 28)


def team(child: int) -> str:
    return "North team" if child % 3 else "South team"


def file_of(extract: dict[str, list[Record]]) -> bytes:
    """Return an extract as an Annex A workbook."""
    made = {name: [HEADINGS[name], *(ROWS[name](row) for row in rows)] for name, rows in extract.items() if rows}
    return workbook(**made)


def about(row: Record) -> tuple:
    return f"C{row.child}", "b) Female" if row.child % 2 else "a) Male", born(row.child)


def enquiry(row: Record) -> tuple:
    held = row.end is not None
    return (*about(row), row.start, "b) No" if held else None, row.end, row.words[0] if held else None, team(row.child))


ROWS = {
    "List 1": lambda row: (*about(row), row.start, *row.words),
    "List 3": lambda row: (*about(row), row.start, *row.words, team(row.child)),
    "List 4": lambda row: (*about(row), row.start, row.end, team(row.child)),
    "List 5": enquiry,
    "List 7": lambda row: (*about(row), row.start, row.words[0], row.end, row.words[1], team(row.child)),
}

SOURCES = ("q) 6: Police", "e) 2A: Schools", "g) 3A: Health services")
CATEGORIES = ("a) Neglect", "b) Physical abuse", "d) Emotional abuse")


@cache
def case_system() -> CaseSystem:
    """Return three years of a small council with every kind of revision that a later extract can show."""
    chance = random.Random(47)
    lists: dict[str, dict[tuple, Record]] = {name: {} for name in HEADINGS}
    plans: dict[int, int] = {}
    for number in range(MONTHS * 12):
        child = chance.randrange(CHILDREN)
        day = FIRST + datetime.timedelta(days=number * ((LAST - FIRST).days + 1) // (MONTHS * 12))
        source = SOURCES[number % 3]
        put(lists["List 1"], Record(child, day, words=(source,)))
        if number % 3 == 0:
            continue
        put(lists["List 3"], Record(child, day, words=(source, "b) No", number % 4 // 3)))
        put(lists["List 4"], Record(child, later(day, 1), later(day, 20 + number % 60)))
        if number % 3 == 1:
            continue
        held = later(day, 3 + 9 + number % 14) if number % 2 else None
        put(lists["List 5"], Record(child, later(day, 3), held, ("a) Yes" if number % 5 else "b) No",)))
        if held and number % 5:
            ended = later(held, 60 + (number * 37) % 600)
            put(lists["List 7"], Record(child, held, ended, (CATEGORIES[number % 3], plans.get(child, 0))))
            plans[child] = plans.get(child, 0) + 1
    return CaseSystem({name: revised(name, list(rows.values())) for name, rows in lists.items()})


def put(rows: dict[tuple, Record], row: Record) -> None:
    if row.start <= LAST:
        rows.setdefault((row.child, row.start), row)


def later(day: datetime.date, days: int) -> datetime.date:
    return day + datetime.timedelta(days=days)


def overlap(day: datetime.date) -> datetime.date | None:
    """Return the end of the window that a day of its last month falls into; the next extract sees that month again."""
    ends = [last for _, last in windows()[:-1]]
    return next((last for last in ends if last.replace(day=1) <= day <= last), None)


def revised(name: str, rows: list[Record]) -> list[Record]:
    """Return the rows with revisions that came between two extracts, to what both of them show."""
    found, turn = [], 0
    for row in rows:
        window = overlap(row.start)
        turn += window is not None
        after = later(window, 10) if window else ALWAYS
        if window and turn % 7 == 1:
            row = replace(row, entered=after)
        elif window and turn % 7 == 3:
            # Wrong all the time: it is in one extract and in no later one.
            row = replace(row, deleted=after)
        elif window and turn % 7 == 5 and name in ("List 1", "List 3", "List 7"):
            row = replace(row, wrong_words=(SOURCES[2], *row.words[1:]), put_right=after)
            row = replace(row, wrong_words=(CATEGORIES[1], *row.words[1:])) if name == "List 7" else row
        found.append(with_a_late_end(row, len(found)) if name in ("List 4", "List 7") else row)
    return found


def with_a_late_end(row: Record, number: int) -> Record:
    """Return a plan or assessment whose end was learnt late, or that was closed by mistake and opened again."""
    window = overlap(row.end) if row.end else None
    if window and row.put_right == ALWAYS and number % 3 == 0:
        return replace(row, end_known=later(window, 12))
    ends = [last for _, last in windows()[:-1] if row.start < last.replace(day=1) and (row.end or NEVER) > last]
    if ends and row.put_right == ALWAYS and number % 3 == 1:
        # Closed in the middle of a window, open again in the next, of which that day is no part.
        return replace(row, wrong_end=max(row.start, ends[0].replace(day=1) - datetime.timedelta(days=40)),
                       put_right=later(ends[0], 5))  # fmt: skip
    return row


def truth() -> dict[str, list[Record]]:
    """Return every row as it is in truth, as far as it was known on the last day."""
    return {
        name: [row for one in rows if (row := one.known(LAST)) and one.deleted == NEVER]
        for name, rows in case_system().lists.items()
    }
