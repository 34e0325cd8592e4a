"""Owns what was found in published files: values that know their status, and sentences on what is wrong."""

from collections import Counter
from dataclasses import dataclass, field

from scorecards.definitions.published_models import PublishedTable, ValueStatus

REVISED = " revised"
MOST_SAID = 20  # sentences on one file; what is wrong with a column is wrong with thousands of rows


@dataclass(frozen=True)
class Value:
    """A measure of one area and year, as one release has it."""

    measure: str
    area: str
    level: str
    year: int  # ending on 31 March
    value: float | None
    status: ValueStatus
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class People:
    """How many people of an age lived in an area at the middle of a year."""

    area: str
    level: str
    band: str
    mid_year: int
    value: int | None
    status: ValueStatus


@dataclass(frozen=True)
class Neighbour:
    """One of the councils most like another; rank 1 is the nearest."""

    area: str
    neighbour: str
    rank: int


@dataclass(frozen=True)
class PublishedFile:
    """What one file holds: of a file with anything wrong nothing lands."""

    name: str
    sha256: str = ""
    table: PublishedTable | None = None
    release: str = ""  # of neighbours, the model
    values: tuple[Value, ...] = ()
    people: tuple[People, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    left_out: Counter = field(default_factory=Counter)  # why -> rows
    wrong: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    new: int = 0  # figures that are not in the store yet
    is_other: bool = False  # the store has other figures of this release

    @property
    def can_land(self) -> bool:
        return not self.wrong and bool(self.values or self.people or self.neighbours)

    @property
    def statuses(self) -> Counter:
        """Return how many values have each status."""
        return Counter(one.status for one in self.values) + Counter(one.status for one in self.people)


@dataclass(frozen=True)
class PublishedCheck:
    """Files as they were read, and what of them is not in the store yet."""

    files: tuple[PublishedFile, ...]
    new: int = 0
    known: int = 0

    @property
    def can_land(self) -> bool:
        return self.new > 0


def revised(file: PublishedFile) -> str:
    """Return a name for a release that has other figures than the one that is stored."""
    return f"{file.release.removesuffix(REVISED)}{REVISED}"
