"""Owns the reasons with which doubtful returns are stored all the same: asked for, looked over, and kept."""

from collections.abc import Mapping

from sqlalchemy import Connection

from data_loaders.problems import Problem, seems_personal
from data_loaders.results import Check
from scorecards.errors import LoadRefused
from scorecards.store.writing import write_audit

SHORTEST = 4  # letters: "Ok" and "-" are no reasons
NAMED = 3  # of the doubts without a reason


def is_reason(text: str) -> bool:
    """Return whether a text says something: it has a word's worth of letters."""
    return sum(sign.isalpha() for sign in text) >= SHORTEST


def needing_reasons(check: Check) -> list[Problem]:
    """Return the problems of what can land that land only with a reason."""
    lists = [one for file in check.files if file.can_land for one in file.lists if one.can_land]
    return [problem for one in lists for problem in one.problems if problem.needs_reason]


def reasons_given(check: Check, reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the reason of each problem that needs one, by its key; raise LoadRefused where one lacks or is no reason.

    `reasons` are by key of a problem; one under "" answers all.
    """
    doubts = needing_reasons(check)
    given = {one.key: " ".join(reasons.get(one.key, reasons.get("", "")).split()) for one in doubts}
    lacking = [one for one in doubts if not is_reason(given[one.key])]
    if lacking:
        raise LoadRefused("reason_missing", without_reason(lacking))
    if any(seems_personal(reason) for reason in given.values()):
        raise LoadRefused(
            "reason_personal",
            "A reason seems to hold a number, an address or a postcode that could identify a person. Say it without; "
            "reasons are kept with the figures. Nothing was stored.",
        )
    return given


def without_reason(lacking: list[Problem]) -> str:
    said = " ".join(f"{one.file}: {one.sentence}" for one in lacking[:NAMED])
    more = f" And {len(lacking) - NAMED} more." if len(lacking) > NAMED else ""
    return f"{said}{more} If it is right, say why: it is stored only with a reason. Nothing was stored."


def write_reasons(connection: Connection, check: Check, given: Mapping[str, str], by: str, version: int) -> None:
    """Put each reason into the audit log, once for all that it answers in a file."""
    told = dict.fromkeys((one.file, one.code, given[one.key]) for one in needing_reasons(check) if one.key in given)
    for file, code, reason in told:
        write_audit(connection, by, f"Stored {file} in spite of {code}: {reason}", version)
