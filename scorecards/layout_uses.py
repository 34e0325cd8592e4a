"""When each taught layout was last used: read from what was landed through it."""

import datetime

from sqlalchemy import func, select

from scorecards.store import Store
from scorecards.store.schema import layout_used, submission


def read_layout_uses(store: Store) -> dict[tuple[str, str], datetime.date]:
    """Return by agency and name of a layout the last day on which a file came that was read through it."""
    query = (
        select(layout_used.c.agency, layout_used.c.name, func.max(submission.c.received_on))
        .join(submission, submission.c.layout == layout_used.c.hash)
        .group_by(layout_used.c.agency, layout_used.c.name)
    )
    with store.read() as connection:
        found = connection.execute(query).all()
    return {(agency, name): datetime.date.fromordinal(day) for agency, name, day in found}
