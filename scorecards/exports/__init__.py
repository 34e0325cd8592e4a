"""Files to take away, each made from a snapshot alone: the same snapshot gives the same file at any later time."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from scorecards.exports.csv_zip import make_csv_zip
from scorecards.exports.xlsx import make_workbook
from scorecards.snapshots import Snapshot


@dataclass(frozen=True)
class Export:
    """A kind of file that a snapshot can be taken away as."""

    title: str
    extension: str
    mime: str
    make: Callable[[Snapshot], bytes]

    def file_name(self, snapshot: Snapshot) -> str:
        """Return a name that says whose scorecards of which quarter, frozen when: no two snapshots share one."""
        info = snapshot.info
        name = snapshot.content["partnership"]["short_name"]
        words = re.sub(r"[^\w-]+", "-", f"{name} scorecards {info.period.id} snapshot {info.id}").strip("-")
        return f"{words}.{self.extension}"


# A new kind of file is an entry here.
EXPORTS: dict[str, Export] = {
    "xlsx": Export(
        "Excel workbook",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        make_workbook,
    ),
    "csv": Export("CSV files with a data dictionary", "zip", "application/zip", make_csv_zip),
}

__all__ = ["EXPORTS", "Export"]
