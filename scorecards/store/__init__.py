"""Everything that was landed, every version of it, on SQLite or PostgreSQL."""

from scorecards.store.engine import Store, database_url, home, open_store, today
from scorecards.store.identity import Pseudonymiser, canonical
from scorecards.store.lists import list_tables
from scorecards.store.schema import fixed
from scorecards.store.writing import Landing, bulk_insert, count_rows_anew, landing

__all__ = [
    "Landing",
    "Pseudonymiser",
    "Store",
    "bulk_insert",
    "canonical",
    "count_rows_anew",
    "database_url",
    "fixed",
    "home",
    "landing",
    "list_tables",
    "open_store",
    "today",
]
