"""The children of the area: families with brothers and sisters, each child with an id, a birthday and a background."""

from typing import NamedTuple

import numpy as np

from demo.area import ETHNICITIES, ETHNICITY_SHARES, PLACES

FIRST_BIRTH = np.datetime64("2000-01-01", "D").astype(int)
LAST_BIRTH = np.datetime64("2025-12-31", "D").astype(int)

# Services know of an unborn child from about the twentieth week.
UNBORN_KNOWN = 140
ADULT = 6575  # days in 18 years

FAMILIES_PER_CHILD = 0.42
FAMILY_SIZES = (0.38, 0.36, 0.17, 0.07, 0.02)

# Multiplying by one prime modulo another gives every child a different number in no visible order.
ID_PRIME, ID_FACTOR, FIRST_ID = 15_485_863, 6_700_417, 612_306


class Children(NamedTuple):
    """Columns of equal length, one entry a child; `family` counts families through all localities."""

    id: np.ndarray
    family: np.ndarray
    born: np.ndarray  # day number
    is_girl: np.ndarray
    ethnicity: np.ndarray  # as in Annex A
    is_disabled: np.ndarray
    place: np.ndarray  # index of PLACES
    district: np.ndarray
    first_of_family: np.ndarray  # one entry a family and one more: where its children start
    families_of_place: tuple[range, ...]


def make_children(rng: np.random.Generator, scale: float) -> Children:
    """Return the children of the area, at `scale` times its size."""
    counts = [max(int(place.children * FAMILIES_PER_CHILD * scale), 20) for place in PLACES]
    place_of_family = np.repeat(np.arange(len(PLACES)), counts)
    sizes = 1 + rng.choice(len(FAMILY_SIZES), p=FAMILY_SIZES, size=len(place_of_family))
    starts = np.concatenate(([0], np.cumsum(sizes)))
    family = np.repeat(np.arange(len(sizes)), sizes)
    nth = np.arange(len(family)) - starts[family]
    gaps = rng.integers(400, 1500, size=len(family)) * (nth > 0)
    # A sum that starts anew in each family: the running total less what it was at the first child.
    running = np.cumsum(gaps)
    born = rng.integers(FIRST_BIRTH, LAST_BIRTH, size=len(sizes))[family] + running - running[starts[family]]
    ends = np.cumsum(counts)
    return Children(
        id=FIRST_ID + (np.arange(1, len(family) + 1) * ID_FACTOR) % ID_PRIME,
        family=family,
        born=born,
        is_girl=rng.random(len(family)) < 0.47,
        ethnicity=np.array(ETHNICITIES)[rng.choice(len(ETHNICITIES), p=ETHNICITY_SHARES, size=len(sizes))][family],
        is_disabled=rng.random(len(family)) < 0.09,
        place=place_of_family[family],
        district=_districts(rng, place_of_family)[family],
        first_of_family=starts,
        families_of_place=tuple(range(end - count, end) for end, count in zip(ends, counts, strict=True)),
    )


def _districts(rng, place_of_family):
    drawn = rng.random(len(place_of_family))
    return np.array(
        [
            PLACES[place].districts[int(share * len(PLACES[place].districts))]
            for place, share in zip(place_of_family, drawn, strict=True)
        ]
    )


def of_age(children: Children, child, day, youngest: int = -UNBORN_KNOWN, oldest: int = ADULT):
    """Return whether `child` is between `youngest` and `oldest` days old on `day`; before birth counts down."""
    age = day - children.born[child]
    return (age >= youngest) & (age < oldest)


def expand_families(children: Children, families: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return, for each child of each of `families`, which entry of `families` it is of, and the child."""
    first = children.first_of_family[families]
    sizes = children.first_of_family[families + 1] - first
    entry = np.repeat(np.arange(len(families)), sizes)
    nth = np.arange(len(entry)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return entry, first[entry] + nth
