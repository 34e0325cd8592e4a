"""Small words that sentences are built from: numbers spelled out, lists, and what a step in time is called."""

from scorecards.measures.words import listed

_CARDINALS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
# A rolling year moves on by a quarter at a time.
_STEPS = {
    "month": "month",
    "quarter": "quarter",
    "rolling_12_months": "quarter",
    "half_year": "half-year",
    "term": "term",
    "financial_year": "year",
    "academic_year": "school year",
    "date": "date",
}


def spelled(number: int) -> str:
    """Return a whole number in words up to ten, else in digits."""
    return _CARDINALS[number] if 0 <= number < len(_CARDINALS) else f"{number:,}"


def ordinal(number: int) -> str:
    """Return "second", "third" up to "tenth", else "11th", "21st"."""
    if number < len(_ORDINALS):
        return _ORDINALS[number]
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number:,}{ending}"


def step(window: str) -> str:
    """Return what one period of a series is called: "quarter"."""
    return _STEPS[window]


def steps(window: str, count: int, *, in_words: bool = True) -> str:
    """Return "one quarter", "seven quarters" or, in digits, "14 quarters"."""
    number = spelled(count) if in_words else str(count)
    return f"{number} {step(window)}{'' if count == 1 else 's'}"


def capital(words: str) -> str:
    """Return the words with their first letter large."""
    return words[:1].upper() + words[1:]


def some(names: list[str], most: int) -> str:
    """Return a list of at most `most` names, and how many more there are."""
    if len(names) > most:
        return listed([*names[:most], f"{spelled(len(names) - most)} more"])
    return listed(names)


__all__ = ["capital", "listed", "ordinal", "some", "spelled", "step", "steps"]
