"""Rows put straight into a store, as a landing would put them: for tests of what comes after loading."""

import datetime
import hashlib
import re

from scorecards.definitions import read_definitions
from scorecards.series import recompute
from scorecards.store import bulk_insert, landing
from scorecards.store.lists import stored_columns
from scorecards.store.schema import source_file, submission
from tests.prepared import open_prepared

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
TODAY = datetime.date(2025, 10, 14)


def day(text):
    return datetime.date.fromisoformat(text).toordinal()


def with_partnership(definitions, **changes):
    """Return the definitions with parts of the partnership exchanged."""
    partnership = definitions.partnership.model_copy(update=changes)
    return definitions.model_copy(update={"partnership": partnership})


def with_kpi(definitions, kpi_id, **changes):
    """Return the definitions with parts of one KPI exchanged."""
    changed = definitions.kpis[kpi_id].model_copy(update=changes)
    return definitions.model_copy(update={"kpis": {**definitions.kpis, kpi_id: changed}})


def empty_store(url, definitions=None, on=TODAY):
    return open_prepared(url, definitions or read_definitions(), on)


def land(store, lists, covers, *, agency=None, refused=0, received=None, touched="these", by="tester", anew=False):
    """Land rows (dicts of column: value) of several lists as one version; `covers` are ISO days, both included.

    `anew`: they take the place of all rows of these lists.
    """
    first, end = (day(covers[0]), day(covers[1]) + 1) if covers else (None, None)
    received = received or store.today
    with landing(store, by, "rows for a test") as landed:
        sha = hashlib.sha256(f"{landed.version} {sorted(lists)}".encode()).hexdigest()
        name = f"version {landed.version}.xlsx"
        landed.connection.execute(
            source_file.insert().values(sha256=sha, name=name, size=1, kind="xlsx", landed_in=landed.version)
        )
        for records, rows in lists.items():
            if anew:
                table = store.lists[records]
                landed.connection.execute(
                    table.update().where(table.c.superseded_in.is_(None)).values(superseded_in=landed.version)
                )
            _submit(store, landed, records, rows, (first, end), agency, refused, received, sha, name)
        span = (first, end) if covers else None
        affected = dict.fromkeys(lists, span) if touched == "these" else touched
        recompute(store, landed, affected)
        return landed.version


def _submit(store, landed, records, rows, covers, agency, refused, received, sha, name):
    record = store.definitions.record_types[records]
    sender = agency or store.definitions.partnership.lead_agency(records, store.today) or record.sent_by[0]
    made = landed.connection.execute(
        submission.insert().values(
            agency=sender, record_type=records, covers_from=covers[0], covers_to=covers[1], sha256=sha, file_name=name,
            sheet="Sheet1", rows_read=len(rows) + refused, rows_landed=len(rows), rows_refused=refused, rows_ignored=0,
            received_on=received.toordinal(), received_by="tester", landed_in=landed.version,
        )
    )  # fmt: skip
    columns = stored_columns(record)
    unknown = {name for row in rows for name in row} - set(columns)
    assert not unknown, f"{records} has no column {unknown}"
    submission_id = made.inserted_primary_key[0]
    values = [
        (sender, *(_stored(row.get(name)) for name in columns), submission_id, number, landed.version)
        for number, row in enumerate(rows, 2)
    ]
    bulk_insert(
        landed.connection,
        store.lists[records],
        ["agency", *columns, "submission_id", "source_row", "landed_in"],
        values,
    )


def _stored(value):
    return day(value) if isinstance(value, str) and ISO_DAY.fullmatch(value) else value
