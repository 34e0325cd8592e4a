"""A scorecard's counts in words: what is rated how, what really changed, and what there is no figure of."""

from scorecards.tally import Tally


def rating_counts(counts: Tally) -> list[tuple[str, str]]:
    """Return (rating, words) of each rating that is there, the weightiest first: ("red", "2 red")."""
    found = (("red", counts.red), ("amber", counts.amber), ("green", counts.green), ("not rated", counts.unrated))
    return [(rating, f"{count} {rating}") for rating, count in found if count]


def change_counts(counts: Tally) -> list[tuple[str, str]]:
    """Return (kind, words) of what really changed: ("worse", "1 getting worse"); one of kind none where nothing did."""
    found = (
        ("worse", counts.worse, "getting worse"),
        ("better", counts.better, "getting better"),
        ("higher", counts.otherwise, "higher or lower than usual"),
    )
    changed = [(kind, f"{count} {words}") for kind, count, words in found if count]
    if changed:
        return changed
    return [("none", "No real change") if counts.tested else ("unknown", "Too early to say what is usual")]


def gaps_words(counts: Tally, period: str) -> str:
    """Return how many measures have no figure: "2 have no figure for Q2 2025/26. 3 not supplied yet."."""
    without, unused = counts.without_figure, counts.unused
    parts = [
        f"{without} {'has' if without == 1 else 'have'} no figure for {period}." if without else "",
        f"{counts.elsewhere} for the whole partnership only." if counts.elsewhere else "",
        f"{unused} not supplied yet." if unused else "",
    ]
    return " ".join(part for part in parts if part)


def index_summary(tallies: list[Tally]) -> str:
    """Return in a sentence or two how all scorecards stand."""
    used = [one for one in tallies if one.supplied]
    red, worse = sum(one.red > 0 for one in used), sum(one.worse > 0 for one in used)
    parts = [
        f"{len(used)} of {len(tallies)} scorecards have figures." if len(used) < len(tallies) else "",
        _of(red, len(used), "something red"),
        _of(worse, len(used), "a measure that is really getting worse"),
    ]
    return " ".join(part for part in parts if part)


def _of(count: int, total: int, what: str) -> str:
    if not count:
        return f"None has {what}."
    return f"{count} of {total} {'has' if count == 1 else 'have'} {what}."
