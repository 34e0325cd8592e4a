"""Snapshots in the store: frozen in one transaction, listed, and read back only when their hash still holds."""

import datetime
import json
from dataclasses import dataclass

from sqlalchemy import select

from scorecards.errors import StoreError
from scorecards.periods import Period, period_by_id, quarter_of
from scorecards.snapshots.content import SCHEMA, content_of
from scorecards.snapshots.facts import canonical, period_of_id, sha256
from scorecards.store import Store
from scorecards.store.engine import newest_version
from scorecards.store.schema import snapshot
from scorecards.store.writing import name_kept, write_audit, writing


@dataclass(frozen=True)
class SnapshotInfo:
    """What stands beside a snapshot: which quarter, who froze it and when (UTC), of which data version."""

    id: int
    period: Period
    title: str
    made_at: datetime.datetime
    made_by: str
    data_version: int
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """A frozen quarter: `content` is what the hash is of."""

    info: SnapshotInfo
    content: dict


def freeze(
    store: Store, period_id: str, *, made_by: str, title: str = "", made_at: datetime.datetime | None = None
) -> Snapshot:
    """Freeze a quarter as it stands now and return the snapshot; StoreError with a sentence when it cannot be frozen.

    `made_at` (else now) is taken as UTC where it names no zone.
    """
    period, made_by = _quarter(store, period_id), name_kept(made_by)
    made_at = _in_utc(made_at or datetime.datetime.now(datetime.UTC))
    # Nobody lands anything while the facts are gathered, so that all of them are of one version.
    with writing(store) as connection:
        version = newest_version(connection)
        if version == 0:
            raise StoreError("There is nothing to freeze yet. Load the partners' files first.")
        again = snapshot.c.made_at == made_at.isoformat(), snapshot.c.period == period.id
        if connection.scalar(select(snapshot.c.id).where(*again)) is not None:
            raise StoreError(f"{period.label} was frozen this very second. The snapshot is in the list.")
        body = canonical(content_of(store, period, version))
        row = {
            "period": period.id,
            "title": title.strip() or period.long_label,
            "made_at": made_at.isoformat(),
            "made_by": made_by,
            "data_version": version,
            "sha256": sha256(body),
        }
        made = connection.execute(snapshot.insert().values(**row, body=body)).inserted_primary_key[0]
        write_audit(connection, made_by, f"Froze {period.label} as snapshot {made}, SHA-256 {row['sha256']}", version)
    return Snapshot(_info({"id": made, **row}), json.loads(body))


def _quarter(store: Store, period_id: str) -> Period:
    period = period_by_id(period_id)
    if period is None or period.kind != "quarter":
        raise StoreError(f"'{period_id}' is not a quarter. Name one as 2025-26-Q2.")
    if period.end > store.today:
        raise StoreError(f"{period.label} has not ended yet ({period.dates}). Freeze it when it has.")
    first = quarter_of(store.definitions.partnership.first_day)
    if period.first < first.first:
        raise StoreError(f"{period.label} lies before the first quarter with figures, {first.label}.")
    return period


def _in_utc(moment: datetime.datetime) -> datetime.datetime:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC).replace(microsecond=0)


_BESIDE = (
    *(snapshot.c.id, snapshot.c.period, snapshot.c.title, snapshot.c.made_at, snapshot.c.made_by),
    *(snapshot.c.data_version, snapshot.c.sha256),
)


def list_snapshots(store: Store) -> tuple[SnapshotInfo, ...]:
    """Return what stands beside every snapshot, the newest first."""
    with store.read() as connection:
        rows = connection.execute(select(*_BESIDE).order_by(snapshot.c.id.desc())).mappings()
        return tuple(_info(row) for row in rows)


def _info(row) -> SnapshotInfo:
    return SnapshotInfo(
        row["id"],
        period_of_id(row["period"]),
        row["title"],
        datetime.datetime.fromisoformat(row["made_at"]),
        row["made_by"],
        row["data_version"],
        row["sha256"],
    )


def read_snapshot(store: Store, snapshot_id: int) -> Snapshot:
    """Return a snapshot whose hash holds; StoreError when there is none, it was altered, or a newer product made it."""
    with store.read() as connection:
        query = select(*_BESIDE, snapshot.c.body).where(snapshot.c.id == snapshot_id)
        row = connection.execute(query).mappings().first()
    if row is None:
        raise StoreError(f"There is no snapshot {snapshot_id}. It may be in another store.")
    if sha256(row["body"]) != row["sha256"]:
        raise StoreError(
            f"Snapshot {snapshot_id} is not what was frozen: its content no longer matches its SHA-256. "
            "Restore the store from a backup, and find out who changed it."
        )
    content = json.loads(row["body"])
    if content["snapshot_schema"] > SCHEMA:
        raise StoreError(f"Snapshot {snapshot_id} was frozen by a newer version of the product. Update to read it.")
    return Snapshot(_info(row), content)


def text_of(snapshot: Snapshot) -> str:
    """Return the text that the hash is of."""
    return canonical(snapshot.content)


def snapshot_before(store: Store, period: Period) -> Snapshot | None:
    """Return the newest snapshot of an earlier quarter than `period`, or None: what a board saw last."""
    earlier = [info for info in list_snapshots(store) if info.period < period]
    if not earlier:
        return None
    return read_snapshot(store, max(earlier, key=lambda info: (info.period, info.id)).id)
