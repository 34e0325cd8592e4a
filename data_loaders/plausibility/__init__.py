"""What is hard to believe of a return beside its sender's own history: jumps, noughts, copies, parts and wholes.

Nothing here says that a return is wrong. Each doubt is a warning that somebody passes with a reason, so each must be
rare where all is well; what keeps it rare is said beside each number. An agency's first return has no history.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from data_loaders.plausibility.columns import copied_columns
from data_loaders.plausibility.copies import copied_figures
from data_loaders.plausibility.figures import unusual_figures
from data_loaders.plausibility.months import unusual_months
from data_loaders.plausibility.parts import parts_and_wholes
from data_loaders.plausibility.usual import Told
from data_loaders.preview import Plan
from scorecards.store import Store

__all__ = ["FIGURE_CHECKS", "LIST_CHECKS", "doubts"]

Check = Callable[[Store, Connection, Plan], list[Told]]
LIST_CHECKS: tuple[Check, ...] = (unusual_months, copied_columns)
FIGURE_CHECKS: tuple[Check, ...] = (unusual_figures, copied_figures, parts_and_wholes)


def doubts(store: Store, connection: Connection, plans: Sequence[Plan]) -> list[Told]:
    """Return the lists of `plans`, and what is hard to believe of each, to be passed with a reason."""
    told: list[Told] = []
    for plan in plans:
        for check in FIGURE_CHECKS if plan.batch.record.replaces == "key" else LIST_CHECKS:
            told += check(store, connection, plan)
    return told
