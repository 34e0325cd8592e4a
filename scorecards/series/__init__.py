"""The figures of every KPI over time: recomputed by a landing, read by everything else."""

from scorecards.series.coverage import Coverage, read_coverage
from scorecards.series.figures import FedBy, Note, Point, Status, population_for
from scorecards.series.reading import read_groups, read_latest, read_points, versions
from scorecards.series.recompute import bring_up_to_date, recompute

__all__ = [
    "Coverage",
    "FedBy",
    "Note",
    "Point",
    "Status",
    "bring_up_to_date",
    "population_for",
    "read_coverage",
    "read_groups",
    "read_latest",
    "read_points",
    "recompute",
    "versions",
]
