"""Owns figures that an analyst types from a letter, a PDF or an e-mail: a file like any other, so every check holds."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from scorecards.definitions import Definitions
from scorecards.periods import Period


@dataclass(frozen=True)
class TypedFigure:
    """One figure as it was typed; every field but the measure and the period may stay blank."""

    kpi: str  # id or title
    period: str  # id or label
    number: str = ""
    out_of: str = ""
    value: str = ""
    area: str = ""
    provider: str = ""
    breakdown: str = ""
    group: str = ""
    basis: str = ""
    available_from: str = ""


def typed_file(
    figures: Sequence[TypedFigure],
    definitions: Definitions,
    *,
    agency: str,
    period: Period,
    by: str,
    note: str,
    received: datetime.date,
) -> bytes:
    """Return a workbook like our own template with the figures in it, for `check_files` and `land`.

    `by` is who sent the letter or e-mail, as an office ("Performance team"), `note` where it stands and what was asked.
    Raise ScorecardError where there is no figure, or the note or sender holds a person's details.
    """
    raise NotImplementedError


def typed_name(definitions: Definitions, agency: str, period: Period, received: datetime.date) -> str:
    """Return the file name under which typed figures are kept: "Typed in: Police, Q2 2025-26, 14-10-2025.xlsx"."""
    raise NotImplementedError
