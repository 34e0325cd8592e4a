"""What the signs say that partners put where they give no number."""

# https://analysisfunction.civilservice.gov.uk/policy-store/symbols-in-tables-definitions-and-help/
NOT_APPLICABLE, NOT_AVAILABLE = "z", "x"
_WITHHELD = ("c", "*", "low")


def is_withheld(sign: str | None) -> bool:
    """Return whether a sign says that there is a number and that it is kept back: c, low, <5."""
    return sign in _WITHHELD or str(sign).startswith(("<", "≤"))


def is_answer(sign: str | None) -> bool:
    """Return whether a sign answers the question; the others say that the figure is not available."""
    return sign == NOT_APPLICABLE or is_withheld(sign)
