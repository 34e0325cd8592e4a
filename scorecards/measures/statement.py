"""A measure's statement as text that people can read and run on a copy of the store: SQL in SQLite's own words."""

import re

from sqlalchemy.dialects import sqlite

from scorecards.definitions import Kpi
from scorecards.measures.frame import Kind, Reading, Slice

INDENT = "  "
# A clause begins a line; a condition goes below the clause that it belongs to.
CLAUSES = ("SELECT", "FROM", "LEFT OUTER JOIN", "JOIN", "WHERE", "GROUP BY", "ORDER BY", "HAVING", "UNION ALL")
CONDITIONS = ("AND", "OR")
# Words in quotes, then what stands between them: brackets, commas, and clauses as whole words.
_PARTS = re.compile(
    rf"'(?:[^']|'')*'|\"[^\"]*\"|[(),]|\b(?:{'|'.join((*CLAUSES, *CONDITIONS))})\b|[^'\"(),\s]+|\s+", re.IGNORECASE
)


def statement_text(kind: Kind, kpi: Kpi, reading: Reading) -> str:
    """Return the statement that makes `kpi` for all periods of the whole, or "" where no list is counted."""
    statement = kind.select(kpi, reading, Slice(kpi.windows.shown))
    if statement is None:
        return ""
    compiled = statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return laid_out(str(compiled))


def laid_out(sql: str) -> str:
    """Return SQL with a line for each clause and condition, those of an inner query further in."""
    lines, line, depths = [], "", [_Level(0, is_query=True)]
    parts = [" " if part.isspace() else part for part in _PARTS.findall(sql)]
    for at, part in enumerate(parts):
        level = depths[-1]
        starts = part in CLAUSES or (part in CONDITIONS and level.is_query)
        if (starts and level.is_query) or (part == ")" and level.is_query and len(depths) > 1):
            if line.strip():
                lines.append(line.rstrip())
            inside = level.depth if part in CLAUSES else level.depth - 1 if part == ")" else level.depth + 1
            line = INDENT * inside
        if part == "(":
            is_query = next((one for one in parts[at + 1 :] if one != " "), "") == "SELECT"
            depths.append(_Level(level.depth + (1 if is_query else 0), is_query))
        elif part == ")":
            depths.pop()
        if part != " " or line.strip():
            line += part
        if part == "," and level.is_query:
            lines.append(line.rstrip())
            line = INDENT * (level.depth + 1)
    return "\n".join([*lines, line.rstrip()])


class _Level:
    """How far in a bracket stands, and whether it holds a query."""

    def __init__(self, depth: int, is_query: bool):
        self.depth, self.is_query = depth, is_query
