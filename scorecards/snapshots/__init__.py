"""What was frozen: a quarter's complete scorecards with their definitions, and what differs from them today."""

from scorecards.snapshots.content import (
    Split,
    definitions_of,
    exceptions_of,
    lines_of,
    period_of,
    returns_of,
    scorecard_of,
    splits_of,
)
from scorecards.snapshots.kept import (
    Snapshot,
    SnapshotInfo,
    freeze,
    list_snapshots,
    read_snapshot,
    snapshot_before,
    text_of,
)
from scorecards.snapshots.since import ChangeSince, Difference, differences, real_changes

__all__ = [
    "ChangeSince",
    "Difference",
    "Snapshot",
    "SnapshotInfo",
    "Split",
    "definitions_of",
    "differences",
    "exceptions_of",
    "freeze",
    "lines_of",
    "list_snapshots",
    "period_of",
    "read_snapshot",
    "real_changes",
    "returns_of",
    "scorecard_of",
    "snapshot_before",
    "splits_of",
    "text_of",
]
