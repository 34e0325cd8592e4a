"""What agencies said and what was done: reasons for what is not supplied, reminders, and who above was told."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select, update

from scorecards.definitions import Escalation
from scorecards.errors import ScorecardError
from scorecards.store import Store
from scorecards.store.schema import chaser, not_supplied
from scorecards.store.writing import name_kept, now, write_audit, writing

Kind = Literal["reminder", "escalation"]
How = Literal["email", "call", "meeting"]
LONGEST_TEXT = 500
WHOLE_RETURN = ""  # the item of a reason that is given for all of a return
Returned = tuple[str, str]  # agency and period id


@dataclass(frozen=True)
class Reason:
    """Why something is not supplied, and when it will be, as somebody recorded it."""

    agency: str
    period: str  # its id
    item: str  # a record type, "kpi:" + id, or "" for the whole return
    why: str
    expected: datetime.date | None
    recorded_by: str
    recorded_at: str  # ISO, UTC


Said = Mapping[str, Reason]  # by item


@dataclass(frozen=True)
class Chaser:
    """One time that an agency was asked for what is missing, or that somebody above it was told."""

    agency: str
    period: str  # its id
    kind: str  # reminder or escalation
    how: str
    sent_on: datetime.date
    note: str
    recorded_by: str


def read_reasons(connection: Connection) -> dict[Returned, dict[str, Reason]]:
    """Return the reasons that hold: of several for one item the newest, and none that was taken back."""
    table = not_supplied.c
    query = select(
        table.agency, table.period, table.item, table.reason, table.expected_on, table.recorded_by, table.recorded_at
    ).where(table.taken_back_at.is_(None))
    found: dict[Returned, dict[str, Reason]] = {}
    for agency, period, item, why, day, by, at in connection.execute(query.order_by(table.id)):
        expected = datetime.date.fromordinal(day) if day is not None else None
        found.setdefault((agency, period), {})[item] = Reason(agency, period, item, why, expected, by, at)
    return found


def record_reason(
    store: Store,
    agency: str,
    period: str,
    item: str,
    why: str,
    expected: datetime.date | None,
    by: str,
    *,
    at: datetime.datetime | None = None,
) -> None:
    """Record why something is not supplied; it takes the place of what was recorded for the same item before.

    `at` is the moment, where that is not now. Raise ScorecardError where the reason or the name is missing.
    """
    why, by = _given(why, "Say in a few words why it is not supplied."), _name(by)
    row = {
        "agency": agency, "period": period, "item": item, "reason": why, "recorded_by": by,
        "recorded_at": at.isoformat(timespec="seconds") if at else now(),
        "expected_on": expected.toordinal() if expected is not None else None,
    }  # fmt: skip
    with writing(store) as connection:
        connection.execute(not_supplied.insert().values(row))
        _audit(connection, by, f"Reason recorded: not supplied, {_about(agency, period, item)}")


def take_back_reason(store: Store, agency: str, period: str, item: str, by: str) -> None:
    """Take back what was recorded for an item: it counts as missing without a reason again."""
    by, table = _name(by), not_supplied.c
    mine = (table.agency == agency) & (table.period == period) & (table.item == item) & table.taken_back_at.is_(None)
    with writing(store) as connection:
        connection.execute(update(not_supplied).where(mine).values(taken_back_at=now()))
        _audit(connection, by, f"Reason taken back: {_about(agency, period, item)}")


def read_chasers(store: Store) -> dict[Returned, tuple[Chaser, ...]]:
    """Return every reminder and escalation by agency and period, oldest first."""
    table = chaser.c
    query = select(table.agency, table.period, table.kind, table.how, table.sent_on, table.note, table.recorded_by)
    found: dict[Returned, list[Chaser]] = {}
    with store.read() as connection:
        for agency, period, kind, how, day, note, by in connection.execute(query.order_by(table.sent_on, table.id)):
            one = Chaser(agency, period, kind, how, datetime.date.fromordinal(day), note, by)
            found.setdefault((agency, period), []).append(one)
    return {key: tuple(those) for key, those in found.items()}


def record_chaser(
    store: Store, agency: str, period: str, kind: Kind, how: How, sent_on: datetime.date, note: str, by: str
) -> None:
    """Record that an agency was asked for what is missing, or that somebody above it was told.

    Raise ScorecardError where the name is missing or the day has not come.
    """
    by, note = _name(by), note.strip()[:LONGEST_TEXT]
    if sent_on > store.today:
        raise ScorecardError("The day on which it was sent has not come yet. Give today or an earlier day.")
    row = {
        "agency": agency, "period": period, "kind": kind, "how": how, "sent_on": sent_on.toordinal(), "note": note,
        "recorded_by": by, "recorded_at": now(),
    }  # fmt: skip
    with writing(store) as connection:
        connection.execute(chaser.insert().values(row))
        _audit(connection, by, f"{kind.capitalize()} recorded: {_about(agency, period, WHOLE_RETURN)}")


def newest_said(connection: Connection) -> str:
    """Return a word that changes whenever a reason or a chaser is recorded or taken back."""
    reasons = select(func.count(), func.count(not_supplied.c.taken_back_at)).select_from(not_supplied)
    counts = (*connection.execute(reasons).one(), connection.scalar(select(func.count()).select_from(chaser)))
    return "-".join(str(count) for count in counts)


def escalation_due(
    due: datetime.date, rule: Escalation, chasers: tuple[Chaser, ...], today: datetime.date
) -> datetime.date | None:
    """Return since when a return that is not here in full should be with somebody above; None while or once it is not.

    A reason does not stop it: that an agency cannot report is itself a thing that the chair is to know.
    """
    since = due + datetime.timedelta(days=rule.days_late)
    was_told = any(one.kind == "escalation" for one in chasers)
    return since if since <= today and not was_told else None


def _given(text: str, otherwise: str) -> str:
    text = " ".join(text.split())[:LONGEST_TEXT]
    if not text:
        raise ScorecardError(f"{otherwise} Nothing was recorded.")
    return text


def _name(by: str) -> str:
    return name_kept(_given(by, "Give your name first: it is kept with what you record."))


def _about(agency: str, period: str, item: str) -> str:
    return f"{agency}, {period}{f', {item}' if item else ''}"


def _audit(connection: Connection, by: str, what: str) -> None:
    # What was written in the reason or the note stays out: the log is never changed.
    write_audit(connection, by, what, None)
