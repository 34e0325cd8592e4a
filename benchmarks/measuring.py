"""Working out every measure of the demo anew, against its statements run bare and against queries written by hand."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from demo.area import DEMO_TODAY
from scorecards.definitions import Definitions, Kpi, read_definitions
from scorecards.measures import Reading, Slice, kind_of
from scorecards.series import recompute
from scorecards.series.coverage import read_coverage
from scorecards.store import Store, landing, open_store

PROJECT = Path(__file__).resolve().parents[1]
MOST_BESIDE_QUERIES = 1.5
FLOW = "JOIN period p ON r.{day} >= p.first_day AND r.{day} < p.end_day"
OPEN = "JOIN period p ON r.start_date < p.end_day AND (r.end_date IS NULL OR r.end_date >= p.end_day)"
OURS = "r.superseded_in IS NULL AND r.agency = '{agency}'"
# As an analyst writes them who knows the tables: {g} is the group, {w} the kinds of period. Numerator, denominator.
BY_HAND = {
    "mash_contacts": f"""
        SELECT p.id, {{g}}, count(*), NULL FROM list_contacts r {FLOW.format(day="contact_at")}
        WHERE p.kind IN ({{w}}) AND {OURS.format(agency="mash")} GROUP BY 1, 2""",
    "contact_to_referral_pct": f"""
        SELECT p.id, {{g}}, sum(r.outcome = 'referral'), count(*)
        FROM list_contacts r {FLOW.format(day="contact_at")}
        WHERE p.kind IN ({{w}}) AND {OURS.format(agency="mash")} AND r.outcome IS NOT NULL
          AND (r.open_case IS NULL OR r.open_case <> 'yes') GROUP BY 1, 2""",
    "mash_contact_children": f"""
        SELECT p.id, {{g}}, count(DISTINCT r.child_id), NULL FROM list_contacts r {FLOW.format(day="contact_at")}
        WHERE p.kind IN ({{w}}) AND {OURS.format(agency="mash")} GROUP BY 1, 2""",
    "missing_home_children": f"""
        SELECT p.id, {{g}}, count(DISTINCT r.child_id), NULL
        FROM list_missing_episodes r {FLOW.format(day="missing_at")}
        WHERE p.kind IN ({{w}}) AND {OURS.format(agency="police")} AND r.type = 'missing' AND r.missing_from = 'home'
        GROUP BY 1, 2""",
    "re_referral_pct": f"""
        WITH dated AS (
          SELECT r.*, (SELECT max(e.referral_date) FROM list_referrals e WHERE e.child_id = r.child_id
                       AND e.superseded_in IS NULL AND e.agency = 'council' AND e.referral_date < r.referral_date) prior
          FROM list_referrals r WHERE {OURS.format(agency="council")})
        SELECT p.id, {{g}}, sum(m.earlier < r.prior AND r.prior IS NOT NULL), count(*)
        FROM dated r JOIN calendar_months m ON m.months = 12 AND m.day = r.referral_date
        {FLOW.format(day="referral_date")} WHERE p.kind IN ({{w}}) GROUP BY 1, 2""",
    "assessment_days_median": f"""
        WITH r AS (
          SELECT r.*, b.working_day - a.working_day length
          FROM list_assessments r JOIN calendar a ON a.day = r.start_date JOIN calendar b ON b.day = r.authorised_date
          WHERE {OURS.format(agency="council")} AND r.authorised_date >= r.start_date),
        ranked AS (
          SELECT p.id pid, {{g}} grp, r.length, row_number() OVER (PARTITION BY p.id, {{g}} ORDER BY r.length) rank,
                 count(*) OVER (PARTITION BY p.id, {{g}}) n
          FROM r {FLOW.format(day="authorised_date")} WHERE p.kind IN ({{w}}))
        SELECT pid, grp, sum(length), n FROM ranked
        WHERE CASE n % 2 WHEN 1 THEN 2 * rank = n + 1 ELSE 2 * rank IN (n, n + 2) END GROUP BY 1, 2, n""",
    "cpp_stock": f"""
        SELECT p.id, {{g}}, count(*), NULL FROM list_cp_plans r {OPEN}
        WHERE p.kind IN ({{w}}) AND {OURS.format(agency="council")}
          AND (r.other_authority IS NULL OR r.other_authority <> 'yes') GROUP BY 1, 2""",
    "cpp_18m_plus_pct": f"""
        SELECT p.id, {{g}}, sum(r.start_date <= m.latest_start), count(*)
        FROM list_cp_plans r {OPEN} JOIN calendar_months m ON m.months = 18 AND m.day = p.end_day - 1
        WHERE p.kind IN ({{w}}) AND {OURS.format(agency="council")}
          AND (r.other_authority IS NULL OR r.other_authority <> 'yes') GROUP BY 1, 2""",
}


def main() -> int:
    """Print the figures and return 1 where working out takes more than the limit, or where figures disagree."""
    with tempfile.TemporaryDirectory() as place:
        store = demo_store(Path(place))
        try:
            whole, touched = seconds_of_all(store), seconds_of_one_list(store)
            bare = seconds_of_statements(store)
            pairs = {kpi: against_hand(store, store.definitions.kpis[kpi]) for kpi in BY_HAND}
        finally:
            store.close()
    print(f"every measure of the demo anew: {whole:.1f} s; its statements alone, by sqlite3: {bare:.1f} s")
    print(f"  {whole / bare:.2f} times the statements (at most {MOST_BESIDE_QUERIES})")
    print(f"what a list of missing episodes touches: {touched:.1f} s, {touched / whole:.2f} of all")
    print("against queries written by hand (all windows and groups; the same figures):")
    for kpi, (ours, theirs) in pairs.items():
        print(f"  {kpi:28} {ours:6.2f} s {theirs:6.2f} s {ours / theirs:6.2f} times")
    ours, theirs = (sum(column) for column in zip(*pairs.values(), strict=True))
    print(f"  {'together':28} {ours:6.2f} s {theirs:6.2f} s {ours / theirs:6.2f} times")
    return 0 if whole / bare <= MOST_BESIDE_QUERIES and ours / theirs <= MOST_BESIDE_QUERIES else 1


def demo_store(home: Path) -> Store:
    """Make the demo in `home` and return its store, as at the demo's today."""
    os.environ |= {"SCORECARDS_HOME": str(home)}
    subprocess.run([sys.executable, "-m", "demo"], cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)
    definitions = read_definitions(partnership=PROJECT / "demo" / "partnership.yaml")
    return open_store(f"sqlite:///{home / 'demo.db'}", definitions, on=DEMO_TODAY)


class Undone(Exception):
    """Raised to roll a landing back: the store stays as it was."""


def seconds_of(store: Store, touched: dict | None) -> float:
    """Return how long working out anew takes of what `touched` affects; nothing is kept."""
    try:
        with landing(store, "benchmark", "worked out anew") as landed:
            started = time.perf_counter()
            recompute(store, landed, touched)
            seconds = time.perf_counter() - started
            raise Undone
    except Undone:
        return seconds


def seconds_of_all(store: Store) -> float:
    return min(seconds_of(store, None) for _ in range(2))


def seconds_of_one_list(store: Store) -> float:
    day = DEMO_TODAY.toordinal()
    return min(seconds_of(store, {"missing_episodes": (day - 120, day)}) for _ in range(2))


def reading_of(store: Store) -> Reading:
    with store.read() as connection:
        coverage = read_coverage(connection, store.definitions)
    return Reading(store.definitions, store.lists, coverage.first_days(), coverage.end_days())


def statements(kpi: Kpi, reading: Reading):
    """Yield breakdown and text of the statements of a measure, where its list was sent."""
    kind = kind_of(kpi.measure)
    if not set(kind.record_types(kpi)) & reading.covered_to.keys():
        return
    for breakdown in ("", *kpi.breakdowns):
        wanted = kind.select(kpi, reading, Slice(kpi.windows.shown, breakdown, 0))
        if wanted is not None:
            yield breakdown, str(wanted.compile(dialect=sqlite(), compile_kwargs={"literal_binds": True}))


def sqlite():
    from sqlalchemy.dialects.sqlite import dialect

    return dialect()


def bare_connection(store: Store) -> sqlite3.Connection:
    return sqlite3.connect(store.reader.url.database)


def seconds_of_statements(store: Store) -> float:
    """Return how long the statements of all measures take in sqlite3 alone, without us and without SQLAlchemy."""
    reading = reading_of(store)
    texts = [text for kpi in store.definitions.kpis.values() for _by, text in statements(kpi, reading)]
    connection = bare_connection(store)

    def run():
        started = time.perf_counter()
        for text in texts:
            connection.execute(text).fetchall()
        return time.perf_counter() - started

    seconds = min(run() for _ in range(2))
    connection.close()
    return seconds


def against_hand(store: Store, kpi: Kpi) -> tuple[float, float]:
    """Return the seconds of our statements and of those by hand; raise where their figures differ."""
    connection, ours, theirs = bare_connection(store), 0.0, 0.0
    for breakdown, text in statements(kpi, reading_of(store)):
        query = BY_HAND[kpi.id].format(g=group_by_hand(store.definitions, kpi, breakdown), w=quoted(kpi.windows.shown))
        our_seconds, our_rows = timed(connection, text)
        their_seconds, their_rows = timed(connection, query)
        figures = {(row["period"], row["grp"]): (row["numerator"], row["denominator"]) for row in our_rows}
        if figures != {(row[0], row[1]): (row[2], row[3]) for row in their_rows}:
            raise RuntimeError(f"{kpi.id} by {breakdown or 'the whole'} is another figure by hand.")
        ours, theirs = ours + our_seconds, theirs + their_seconds
    connection.close()
    return ours, theirs


def timed(connection: sqlite3.Connection, text: str):
    connection.row_factory = sqlite3.Row
    best, rows = float("inf"), []
    for _ in range(2):
        started = time.perf_counter()
        rows = connection.execute(text).fetchall()
        best = min(best, time.perf_counter() - started)
    return best, rows


def quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def group_by_hand(definitions: Definitions, kpi: Kpi, breakdown: str) -> str:
    """Return the group of a row: its own value, or the group of its code."""
    if not breakdown:
        return "''"
    is_sent = breakdown in definitions.record_types[kpi.measure.records].columns
    codes = definitions.code_list(kpi.measure.records, breakdown) if is_sent else None
    if codes is None:
        return f"coalesce(r.{breakdown}, 'unknown')"
    cases = " ".join(
        f"WHEN '{code}' THEN '{(entry.group or entry.label).replace(chr(39), chr(39) * 2)}'"
        for code, entry in codes.codes.items()
    )
    return f"CASE r.{breakdown} {cases} ELSE coalesce(r.{breakdown}, 'unknown') END"


if __name__ == "__main__":
    sys.exit(main())
