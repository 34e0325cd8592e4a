"""Whether the stored figures are what the stored rows give: all of them worked out anew, compared, and thrown away."""

from sqlalchemy import or_, select

from scorecards.series.figures import Status
from scorecards.series.recompute import recompute
from scorecards.store import Store, landing
from scorecards.store.schema import kpi_value


class _Compared(Exception):
    """Ends the landing that was only for looking, with what it would have changed."""


def figures_that_differ(store: Store) -> list[str]:
    """Return the KPI and period of every live figure that would come out otherwise today; nothing is stored.

    Nobody else can store anything meanwhile.
    """
    try:
        with landing(store, "the product", "Figures compared") as opened:
            recompute(store, opened)
            raise _Compared(_changed_in(opened))
    except _Compared as compared:
        return compared.args[0]


def _changed_in(opened) -> list[str]:
    # A KPI that nobody sent anything for yet has no figures, and would get some that say just this.
    is_new = (kpi_value.c.landed_in == opened.version) & (kpi_value.c.status != Status.NOT_SUBMITTED.value)
    here = or_(is_new, kpi_value.c.superseded_in == opened.version)
    changed = select(kpi_value.c.kpi, kpi_value.c.period).where(here).distinct()
    rows = opened.connection.execute(changed.order_by(kpi_value.c.kpi, kpi_value.c.period))
    return [f"{kpi} {period}" for kpi, period in rows]
