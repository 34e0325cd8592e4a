"""The shape of a taught layout: where a sender's figures stand, and what the sender's words mean to us."""

import datetime
import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from scorecards.definitions.measure_models import Model

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Letters = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
Address = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}[1-9]\d*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", max_length=80)]

# What can be said about a figure: each is found above it, beside it, in one cell, in the sheet's name, or is fixed.
Dimension = Literal[
    "measure", "period", "area", "provider", "breakdown", "group", "part", "unit", "basis", "available_from"
]
# A word that stands where a number belongs has a meaning, too: which of the symbols it is.
WordKind = Literal[
    "measure", "period", "area", "provider", "breakdown", "group", "part", "unit", "basis", "available_from", "status"
]
# Which number of an aggregate return a cell gives.
Part = Literal["number", "out_of", "value"]
# How a number is to be read: "fraction" is a percentage written as 0.45.
Unit = Literal["count", "percent", "fraction", "rate"]
Basis = Literal["in_period", "to_date", "rolling_12_months", "at_date", "monthly_average"]
# Why there is no number: withheld, not available, not applicable, small.
Status = Literal["c", "x", "z", "low"]


class Source(Model):
    """Where one thing about a figure is said; exactly one of these.

    Rows and columns are those of the sheet on which the layout was taught. A merged or blank heading repeats the one
    to its left, a merged or blank label the one above it. `section_column` holds texts that stand alone in their row,
    above the rows that they speak for.
    """

    heading_row: int | None = Field(default=None, ge=1)
    label_column: Letters | None = None
    section_column: Letters | None = None
    cell: Address | None = None
    sheet_name: Literal[True] | None = None
    file_name: Literal[True] | None = None
    fixed: Text | None = None

    @model_validator(mode="after")
    def _one_of_them(self):
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            names = "heading_row, label_column, section_column, cell, sheet_name, file_name and fixed"
            raise ValueError(f"give exactly one of {names}")
        return self


class Meaning(Model):
    """What a sender's word for a measure stands for; `part` and the group where the word says them too."""

    kpi: Text
    part: Part | None = None
    unit: Unit | None = None
    basis: Basis | None = None
    breakdown: Text | None = None
    group: Text | None = None


class TaughtTable(Model):
    """One block of figures on a sheet, as it stood when it was taught.

    `sheet` is the sheet's name, in which * stands for anything ("Q*"), so that one table may serve several sheets.
    The block begins at `first` and goes on to `last`; without it, down to the first row and right to the first column
    that has no label or heading, more than `blank_rows` and `blank_columns` of them in succession. It also ends before
    a row or column whose label or heading begins with one of `ends_before` ("Notes", "Source"). `marks` are the fixed
    texts by which the table is found again; all of them may have moved together. `says` names the sources of each
    dimension; several sources of one dimension are read as one text ("Q1" and "2025/26").
    """

    title: Text
    sheet: Text
    first: Address
    last: Address | None = None
    blank_rows: int = Field(default=0, ge=0, le=20)
    blank_columns: int = Field(default=0, ge=0, le=20)
    ends_before: tuple[Text, ...] = ()
    marks: dict[Address, Text] = Field(min_length=1)
    says: dict[Dimension, tuple[Source, ...]]

    @model_validator(mode="after")
    def _what_every_figure_needs(self):
        missing = {"measure", "period"} - self.says.keys()
        if missing:
            raise ValueError(f"says nothing of {' and '.join(sorted(missing))}; every figure needs them")
        if any(source.fixed for source in self.says["period"]):
            raise ValueError("a fixed period would be wrong the next time; name a cell, the sheet's or the file's name")
        if "group" in self.says and "breakdown" not in self.says:
            raise ValueError("says a group but not what the figures are broken down by; add breakdown")
        return self


# What a word must hold to mean the same period next year: 2025, 25/26, Sep 25.
_A_YEAR = re.compile(r"20\d\d|\b\d\d ?[/–-] ?\d\d\b|[a-z]{3,9}[ '’.-]*\d\d\b", re.I)


class Layout(Model):
    """One sender's workbook: its tables, and what its words mean; None for a word that is to be ignored.

    `words` has a map for each dimension whose words are not ours by themselves. Words are compared normalised. An
    area's word means "partnership" or a locality; a part's word a Part; a unit's a Unit; a basis's a Basis; a status's
    word ("awaited") a Status; a period's word the id of a period, for those that cannot be read by themselves.
    """

    agency: Text
    name: Name
    title: Text
    taught_by: Text
    taught_on: datetime.date
    tables: tuple[TaughtTable, ...] = Field(min_length=1)
    measures: dict[str, Meaning | None] = Field(default_factory=dict)
    words: dict[WordKind, dict[str, str | None]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _words_that_hold_next_time(self):
        for word, period in self.words.get("period", {}).items():
            if period is not None and not _A_YEAR.search(word):
                raise ValueError(
                    f"'{word}' names no year, so it would mean another period next time; "
                    "say which cell, heading, sheet or file name has the year"
                )
        return self
