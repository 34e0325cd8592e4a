"""Words compared as people mean them, and the nearest word when one is wrong."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_PUNCTUATION = re.compile(r"[^\w\s]|_")

SHOWN = 12  # a longer list is no help


def normalise(text: str) -> str:
    """Return `text` for comparison: NFKC, casefolded, without punctuation, single spaces."""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    return " ".join(_PUNCTUATION.sub(" ", folded).split())


@lru_cache(maxsize=4096)
def known_form(word: str) -> str:
    """Return `normalise` of a word of the definitions, kept in memory: never call it with what a partner wrote."""
    return normalise(word)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest of `known`, or an empty string."""
    meant = nearest(word, known)
    return f" Did you mean '{meant}'?" if meant is not None else ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that is written most alike, or None where none is."""
    by_form = {normalise(candidate): candidate for candidate in known}
    near = difflib.get_close_matches(normalise(word), by_form, n=1, cutoff=0.6)
    return by_form[near[0]] if near else None


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Return the nearest of `known` as a question, or what is known where none is near, as a sentence."""
    return did_you_mean(word, known) or _all(sorted(known))


def _all(known: list[str]) -> str:
    if not known:
        return " None is defined yet."
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return f" Known are: {', '.join(known[:SHOWN])}{more}."
