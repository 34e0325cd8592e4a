"""Lines of a scorecard drawn by hand: figures of a few quarters in, everything that is judged about them out."""

import datetime

from scorecards.definitions import Locality, Target, read_definitions
from scorecards.periods import add_months, quarter, quarter_of, rolling_year, term
from scorecards.returns import Supplied
from scorecards.scorecard import Scorecard, View, build_line
from scorecards.series import FedBy, Point, Status

Q2 = quarter(2025, 2)
VIEW = View(Q2)


def definitions(*targets, **thresholds):
    """Return the project's definitions in a place called Wexmoor, with some localities and agreed targets."""
    ours = read_definitions()
    places = {"east": Locality(title="East"), "north": Locality(title="North locality")}
    changes = {"short_name": "Wexmoor", "targets": targets, "localities": places}
    partnership = ours.partnership.model_copy(update=changes)
    kpis = {name: ours.kpis[name].model_copy(update={"thresholds": lines}) for name, lines in thresholds.items()}
    return ours.model_copy(update={"partnership": partnership, "kpis": {**ours.kpis, **kpis}})


def target(kpi, green, amber):
    return Target(**{"kpi": kpi, "from": "2020-04-01", "green": green, "amber": amber, "agreed_by": "Executive"})


def band(kpi, *edges):
    names = ("green_low", "green_high", "amber_low", "amber_high")
    lines = dict(zip(names, edges, strict=True))
    return Target(**{"kpi": kpi, "from": "2020-04-01", **lines, "agreed_by": "Executive"})


def quarters(count, last=Q2):
    """Return `count` quarters, oldest first, up to `last`."""
    return [quarter_of(add_months(last.first, -3 * back)) for back in reversed(range(count))]


def share(period, value, n=200, **more):
    """Return a percentage as a point; None for no figure sent, a point as it is."""
    if isinstance(value, Point):
        return value
    if value is None:
        return Point(period)
    more = {"status": Status.FINAL, "fed_by": FedBy.LIST} | more
    return Point(period, value, round(value * n / 100), n, **more)


def count(period, value, **more):
    if value is None:
        return Point(period)
    return Point(period, value, value, **({"status": Status.FINAL, "fed_by": FedBy.LIST} | more))


def points(values, *, make=share, rolling=False, last=Q2, **more):
    """Return a point for each value, the last of them for `last`; every other argument goes to `make`."""
    periods = quarters(len(values), last)
    return tuple(
        make(rolling_year(one) if rolling else one, value, **more) for one, value in zip(periods, values, strict=True)
    )


def terms(values):
    """Return counts of school terms, the last of them summer 2024/25."""
    numbers = [divmod(3 * 2024 + 2 - back, 3) for back in reversed(range(len(values)))]
    return tuple(count(term(year, at + 1), value) for (year, at), value in zip(numbers, values, strict=True))


def line(kpi_id, quarterly=(), rolling=(), *, ours=None, area="partnership", supplied=None, view=None):
    """Return the line of a KPI from its quarterly and rolling points."""
    ours = ours or definitions()
    kpi = ours.kpis[kpi_id]
    kind = quarterly[0].period.kind if quarterly else "quarter"
    series = {(kpi_id, kind): tuple(quarterly), (kpi_id, "rolling_12_months"): tuple(rolling)}
    return build_line(ours, kpi, view or View(Q2, area), series, supplied or {})


def supplied(agency="council", received=datetime.date(2025, 10, 9)):
    return Supplied(agency, received, "September.xlsx", 7)


def scorecard(*lines, theme=None):
    return Scorecard(VIEW, theme, tuple(lines), 1)


# Thirteen quarters of conferences in time with a fall at the end, as a board would see them.
STEADY = [84.0, 86.0, 83.0, 85.0, 82.5, 83.0, 85.0, 82.0, 83.0, 82.0, 81.5, 81.0, 80.8]
FALLEN = [*STEADY, 71.3]
