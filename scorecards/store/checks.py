"""Whether a store is whole: its file, references, versions, submissions, audit log, snapshots and figures."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, select

from scorecards.store.schema import audit, data_version, snapshot
from scorecards.store.writing import chained

SHOWN = 5  # of many things that are wrong alike


@dataclass(frozen=True)
class Finding:
    """What one check found: a sentence, and whether all is right."""

    is_right: bool
    sentence: str


def check_store(connection: Connection) -> list[Finding]:
    """Return what every check finds in what `connection` sees."""
    return [check(connection) for check in CHECKS]


def _finding(wrong, right: str, said: str) -> Finding:
    """Return the finding: `right` when nothing is wrong, else `said` with the first few that are."""
    if not wrong:
        return Finding(True, right)
    more = f" and {len(wrong) - SHOWN:,} more" if len(wrong) > SHOWN else ""
    return Finding(False, f"{said}: {', '.join(map(str, wrong[:SHOWN]))}{more}.")


def the_file_is_whole(connection: Connection) -> Finding:
    if connection.dialect.name != "sqlite":
        return Finding(True, "The database server answers for its own files.")
    told = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    # Its words name tables and pages, never what stands in them.
    return _finding([one for one in told if one != "ok"], "The database file is whole.", "The database file is damaged")


def every_reference_leads_somewhere(connection: Connection) -> Finding:
    if connection.dialect.name != "sqlite":
        return Finding(True, "The database server keeps every reference.")
    broken = [f"{row[0]} row {row[1]}" for row in connection.exec_driver_sql("PRAGMA foreign_key_check")]
    return _finding(broken, "Every reference leads somewhere.", "References lead nowhere")


def versions_follow_each_other(connection: Connection) -> Finding:
    ids = list(connection.scalars(select(data_version.c.id).order_by(data_version.c.id)))
    missing = sorted(set(range(1, max(ids, default=0) + 1)) - set(ids))
    right = f"Data versions 1 to {len(ids):,} follow each other." if ids else "There is no data version yet."
    return _finding(missing, right, "Data versions are missing")


def submissions_are_whole(connection: Connection) -> Finding:
    """A submission has no more rows than it says, and no row stands without its submission and its versions."""
    count = connection.exec_driver_sql("SELECT count(*) FROM submission").scalar() or 0
    names = sorted(name for name in inspect(connection).get_table_names() if name.startswith("list_"))
    wrong = [one for name in names for one in _stray_rows(connection, name)]
    return _finding(wrong, f"{count:,} submissions are whole.", "Rows are not what their submissions say")


# Rows that stayed as they were are not stored again, so a submission may have fewer rows than it landed.
# Rows that gave way to another list's in the version in which they landed never count, and are no part of it.
_STRAY = """
    SELECT r.submission_id, count(*) FROM {table} AS r
    LEFT JOIN submission AS s ON s.id = r.submission_id
    LEFT JOIN data_version AS v ON v.id = r.landed_in
    LEFT JOIN data_version AS e ON e.id = r.superseded_in
    WHERE s.id IS NULL OR v.id IS NULL OR r.landed_in < s.landed_in
       OR (r.superseded_in IS NOT NULL AND (e.id IS NULL OR r.superseded_in < r.landed_in))
    GROUP BY r.submission_id
    UNION ALL
    SELECT s.id, count(*) FROM {table} AS r JOIN submission AS s ON s.id = r.submission_id AND s.landed_in = r.landed_in
    WHERE r.superseded_in IS NULL OR r.superseded_in > r.landed_in
    GROUP BY s.id, s.rows_landed HAVING count(*) > s.rows_landed
"""


def _stray_rows(connection, name):
    table = connection.dialect.identifier_preparer.quote(name)
    found = connection.exec_driver_sql(_STRAY.format(table=table)).all()
    return [f"{count:,} rows of submission {number} in {name}" for number, count in found]


def the_audit_log_is_unbroken(connection: Connection) -> Finding:
    """Each line holds the hash of the line before and of itself, and every data version has its line."""
    broken, previous, versions, count = [], "", set(), 0
    for line in connection.execute(select(audit).order_by(audit.c.id)):
        said = chained(previous, line.at, line.who, line.what, line.data_version)
        if line.previous != previous or line.hash != said:
            broken.append(f"line {line.id}")
        previous, count = line.hash, count + 1
        versions.add(line.data_version)
    broken += [f"no line for data version {one}" for one in connection.scalars(_IDS) if one not in versions]
    return _finding(
        broken, f"The {count:,} lines of the audit log follow from each other.", "The audit log was changed"
    )


_IDS = select(data_version.c.id).order_by(data_version.c.id)


AUDIT_TRIGGERS = {
    "sqlite": {"audit_no_update", "audit_no_delete", "audit_no_replace"},
    "postgresql": {"audit_no_update", "audit_no_delete", "audit_no_truncate"},
}
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit'::regclass AND tgenabled IN ('O', 'A')",
}


def the_audit_log_refuses_changes(connection: Connection) -> Finding:
    database = connection.dialect.name
    there = set(connection.exec_driver_sql(_TRIGGERS[database]).scalars())
    missing = sorted(AUDIT_TRIGGERS[database] - there)
    return _finding(missing, "The audit log refuses changes.", "What keeps the audit log from being changed is missing")


def snapshots_are_as_frozen(connection: Connection) -> Finding:
    rows = connection.execute(select(snapshot.c.id, snapshot.c.sha256, snapshot.c.body).order_by(snapshot.c.id))
    kept = [(number, hashlib.sha256(body.encode()).hexdigest() == said) for number, said, body in rows]
    changed = [number for number, is_kept in kept if not is_kept]
    return _finding(changed, f"{len(kept):,} snapshots are what was frozen.", "Snapshots are not what was frozen")


# Two live figures of one period would be two answers to one question.
_TWICE = """
    SELECT kpi, period, breakdown, count(*) FROM kpi_value WHERE superseded_in IS NULL
    GROUP BY kpi, "window", period, breakdown, grp HAVING count(*) > 1 ORDER BY kpi, period
"""


def no_figure_stands_twice(connection: Connection) -> Finding:
    twice = [f"{kpi} {period} {breakdown}".strip() for kpi, period, breakdown, _ in connection.exec_driver_sql(_TWICE)]
    return _finding(twice, "No figure stands twice.", "Figures stand twice")


CHECKS: tuple[Callable[[Connection], Finding], ...] = (
    the_file_is_whole,
    every_reference_leads_somewhere,
    versions_follow_each_other,
    submissions_are_whole,
    the_audit_log_is_unbroken,
    the_audit_log_refuses_changes,
    snapshots_are_as_frozen,
    no_figure_stands_twice,
)
