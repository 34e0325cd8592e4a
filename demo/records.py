"""Everything that happened in the fictional area, as record tables before any partner writes a file."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from demo.children import Children, make_children
from demo.council import council_lists
from demo.events import contacts, counts, missing_episodes, return_interviews
from demo.journey import follow_families


class Records(NamedTuple):
    """The children and one frame a list; dates are day numbers, times minutes since 1970."""

    children: Children
    lists: dict[str, pd.DataFrame]
    counts: dict[str, pd.DataFrame]


def make_records(seed: int = 2025, scale: float = 1.0) -> Records:
    """Return all records of the area; the same seed and scale give the same records."""
    children = make_children(_stream(seed, 1), scale)
    episodes = follow_families(children, seed, scale)
    lists = council_lists(children, episodes, _stream(seed, 2))
    lists["contacts"] = contacts(children, episodes, lists["referrals"], _stream(seed, 3), scale)
    lists["missing"] = missing_episodes(children, _stream(seed, 4), scale)
    lists["interviews"] = return_interviews(lists["missing"], _stream(seed, 5))
    return Records(children, lists, counts(_stream(seed, 6), scale))


def _stream(seed: int, part: int) -> np.random.Generator:
    # Each part draws from its own stream, so that a change in one leaves the others as they were.
    return np.random.default_rng((seed, part))
