"""Words compared as people mean them, and the nearest word when one is wrong."""

import difflib
import re
import unicodedata

_PUNCTUATION = re.compile(r"[^\w\s]|_")


def normalise(text: str) -> str:
    """Return `text` for comparison: NFKC, casefolded, without punctuation, single spaces."""
    folded = unicodedata.normalize("NFKC", str(text)).casefold()
    return " ".join(_PUNCTUATION.sub(" ", folded).split())


def did_you_mean(word: str, known) -> str:
    """Return " Did you mean 'x'?" for the nearest of `known`, or an empty string."""
    by_form = {normalise(candidate): candidate for candidate in known}
    near = difflib.get_close_matches(normalise(word), by_form, n=1, cutoff=0.6)
    return f" Did you mean '{by_form[near[0]]}'?" if near else ""
