"""Owns which locality a row belongs to: by its own word for it, else by its team, district or provider."""

from collections.abc import Mapping, Sequence

from scorecards.definitions import Partnership, normalise

WHOLE_AREA = "partnership"
UNKNOWN = "unknown"
KINDS = {"team": "teams", "district": "districts", "provider": "providers"}
# What stands in a column of providers for all of them together.
ALL_PROVIDERS = ("total", "all", "all providers", "all sites", "all trusts", "trust total", "grand total", "overall")
WHOLE_AREA_WORDS = ("partnership", "whole partnership", "whole area", "all", "all areas", "all localities", "total")


class Places:
    """The localities of a partnership by every name they, their teams, districts and providers go by."""

    def __init__(self, partnership: Partnership):
        self.areas: dict[str, str] = {}
        self.by_kind: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        self._spelling: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
        for word in (*WHOLE_AREA_WORDS, partnership.name, partnership.short_name):
            self.areas[normalise(word)] = WHOLE_AREA
        for name, locality in partnership.localities.items():
            for word in (name, locality.title, *locality.aliases):
                self.areas[normalise(word)] = name
            for kind, field in KINDS.items():
                for place in getattr(locality, field):
                    self.by_kind[kind][normalise(place)] = name
                    self._spelling[kind][normalise(place)] = place
        self.areas[UNKNOWN] = UNKNOWN
        self.titles = [locality.title for locality in partnership.localities.values()]

    def area(self, word: str) -> str | None:
        """Return the locality (or "partnership", or "unknown") that a sender calls `word`; None for no known one."""
        return self.areas.get(normalise(word))

    def spelled(self, kind: str, word: str) -> str:
        """Return a team, district or provider in our own spelling where we know it."""
        return self._spelling[kind].get(normalise(word), word)


def localities(places: Places, own: Sequence | None, others: Mapping[str, Sequence], rows: int) -> list[str]:
    """Return each row's locality: `own` where it is given and is one, else the first of `others` that is known.

    `others` holds the rows' words by kind (team, district, provider), in the order in which they are asked.
    """
    found = [None if area in (WHOLE_AREA, UNKNOWN) else area for area in own] if own is not None else [None] * rows
    for kind, words in others.items():
        known = places.by_kind[kind]
        by_word = {word: known.get(normalise(word)) for word in set(words) if word is not None}
        found = [area or by_word.get(word) for area, word in zip(found, words, strict=True)]
    return [area or UNKNOWN for area in found]
