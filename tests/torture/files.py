"""Partners' files made from their names alone, so that what must be in a store can be told from what is said to be."""

import datetime
import re
from dataclasses import dataclass

from sqlalchemy import select

from data_loaders import Check, Landed, check_files, land
from scorecards.store import Store
from scorecards.store.schema import kpi_value, submission
from tests.partner_files import MISSING, REFERRALS, text_file

MONTHS = (7, 8, 9)
PERIOD = "2025-26-Q2"


@dataclass(frozen=True)
class Kind:
    """A list that one agency sends: its headings, its rows, and the columns of the store that tell them apart."""

    agency: str
    records: str
    kpi: str
    headings: tuple[str, ...]
    dated_by: str
    told_by: str


KINDS = {
    "referrals": Kind("council", "referrals", "referrals", (*REFERRALS, "Allocated Team"), "referral_date", "team"),
    "missing": Kind("police", "missing_episodes", "missing_home_episodes", MISSING, "missing_at", "returned_at_minute"),
}
_NAME = re.compile(r"(\w+) 2025-(\d\d) sent (\d+)\.csv")


@dataclass(frozen=True)
class PartnerFile:
    """One file: which list, of which month, sent for which time. Sent again, every row of it has changed."""

    kind: str
    month: int
    sending: int

    @property
    def name(self) -> str:
        return f"{self.kind} 2025-{self.month:02d} sent {self.sending}.csv"

    @property
    def rows(self) -> list[tuple[str, datetime.date, int]]:
        """Return child, day, and a number that no earlier sending of the month had for that child and day."""
        count = 6 + (self.sending * 7 + self.month) % 19
        return [
            (f"{self.kind}{self.month}-{number}", datetime.date(2025, self.month, 1 + number), self.sending)
            for number in range(count)
        ]

    @property
    def bytes(self) -> bytes:
        made = {"referrals": _referral, "missing": _episode}[self.kind]
        return text_file([KINDS[self.kind].headings, *(made(*row) for row in self.rows)])

    @property
    def covers(self) -> tuple[datetime.date, datetime.date]:
        last = {7: 31, 8: 31, 9: 30}[self.month]
        return datetime.date(2025, self.month, 1), datetime.date(2025, self.month, last)

    def told(self, sending: int):
        """Return what the store holds in the column that tells sendings apart."""
        if self.kind == "referrals":
            return f"Team {sending}"
        return _returned(sending)


def _referral(child, day, sending):
    return child, f"{day:%d/%m/%Y}", "Police", f"Team {sending}"


def _episode(child, day, sending):
    gone = datetime.datetime.combine(day, datetime.time())
    back = gone + datetime.timedelta(minutes=_returned(sending))
    return child, f"{gone:%d/%m/%Y 00:05}", f"{back:%d/%m/%Y %H:%M}", "Missing", "Home"


def _returned(sending):
    return 60 + sending


def check_of(store: Store, file: PartnerFile) -> Check:
    return check_files(store, [(file.name, file.bytes, KINDS[file.kind].agency)], covers=file.covers)


def land_checked(store: Store, check: Check) -> Landed:
    """Land as an analyst does who means it, whatever seems odd about the file."""
    return land(store, check, by="a test", confirmed=True, reasons={"": "It is as the sender meant it"})


def named(name: str) -> PartnerFile:
    """Return the file of this name."""
    kind, month, sending = _NAME.fullmatch(name).groups()
    return PartnerFile(kind, int(month), int(sending))


def wrong_with(store: Store) -> list[str]:
    """Return how the rows and figures of `store` differ from what its files say, told without its own counts."""
    with store.read() as connection:
        sent = connection.execute(select(submission).order_by(submission.c.landed_in)).mappings().all()
        stored = {kind: _rows(store, connection, KINDS[kind]) for kind in KINDS}
        figures = {kind: _figure(connection, KINDS[kind]) for kind in KINDS}
    wrong, newest = [], {}
    for one in sent:
        file = named(one["file_name"])
        newest[file.kind, file.month] = one
        if stored[file.kind].get(one["id"], ([], []))[0] != _expected(store, file):
            wrong.append(f"{file.name} is not whole")
        if one["rows_landed"] != len(file.rows):
            wrong.append(f"{file.name} says that it has {one['rows_landed']} rows")
    for (kind, month), one in newest.items():
        file = named(one["file_name"])
        if stored[kind][one["id"]][1] != _expected(store, file):
            wrong.append(f"{kind} of month {month} is not what came last: {file.name}")
    for kind, by_submission in stored.items():
        strays = set(by_submission) - {one["id"] for one in sent}
        live = sum(len(rows) for _, rows in by_submission.values())
        last = sum(len(named(one["file_name"]).rows) for (its, _), one in newest.items() if its == kind)
        wrong += [f"rows of {kind} without a submission: {sorted(strays)}"] if strays else []
        wrong += [f"{live} rows of {kind} count, and {last} came last"] if live != last else []
        wrong += [f"{kind} counts {figures[kind]} in {PERIOD}, and {last} came"] if (figures[kind] or 0) != last else []
    return wrong


def _rows(store, connection, kind):
    """Return by submission all its rows and those that still count, each sorted."""
    table = store.lists[kind.records]
    columns = (table.c.submission_id, table.c.superseded_in, table.c.child_id)
    found: dict[int, tuple[list, list]] = {}
    for number, gone, *row in connection.execute(select(*columns, table.c[kind.dated_by], table.c[kind.told_by])):
        every, live = found.setdefault(number, ([], []))
        every.append(tuple(row))
        if gone is None:
            live.append(tuple(row))
    return {number: (sorted(every), sorted(live)) for number, (every, live) in found.items()}


def _expected(store, file):
    pseudonym = store.pseudonymiser.pseudonym
    day_minutes = {"referrals": lambda _day: 0, "missing": lambda day: day.toordinal() * 1_440}[file.kind]
    told = file.told(file.sending)
    return sorted(
        (pseudonym(child), day.toordinal(), told if isinstance(told, str) else told + day_minutes(day))
        for child, day, _ in file.rows
    )


def _figure(connection, kind):
    live = kpi_value.c.superseded_in.is_(None) & (kpi_value.c.breakdown == "") & (kpi_value.c.period == PERIOD)
    return connection.scalar(select(kpi_value.c.numerator).where(live, kpi_value.c.kpi == kind.kpi))
