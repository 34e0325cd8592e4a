"""What a check of a measure's figures found, in words and by a mark."""

from scorecards.definitions import Checked
from scorecards.format import day

# Shape and word, so that neither colour nor the mark alone says it.
_MARKS = {"agreed": "✓", "agreed after correction": "✓", "did not agree": "✗"}


def checked_words(one: Checked) -> str:
    """Return a check in a sentence: "On 3 September 2025 by the data analyst, against the case system: agreed."."""
    note = f" {one.note.rstrip('.')}." if one.note else ""
    return f"On {day(one.on)} by {_role(one.by)}, against {one.compared.rstrip('.')}: {one.outcome}.{note}"


def checked_mark(one: Checked) -> tuple[str, str]:
    """Return the mark of a check and its words in a table: ("✓", "Checked on 3 September 2025: agreed")."""
    return _MARKS[one.outcome], f"Checked on {day(one.on)}: {one.outcome}"


def _role(by: str) -> str:
    return by if by.startswith(("the ", "our ", "an ", "a ")) else f"the {by[:1].lower()}{by[1:]}"
