"""A snapshot read back into the values that files are written from; nothing here asks the store or the clock."""

from dataclasses import dataclass

from scorecards.definitions import Definitions, Theme
from scorecards.exceptions import Exceptions
from scorecards.format import day
from scorecards.periods import Period
from scorecards.returns import Return
from scorecards.scorecard import WHOLE, Line, Scorecard
from scorecards.snapshots import (
    Snapshot,
    SnapshotInfo,
    Split,
    definitions_of,
    exceptions_of,
    period_of,
    returns_of,
    scorecard_of,
    splits_of,
)

UNSUPPRESSED = (
    "These are unsuppressed figures: small numbers are shown as they are and a child could be recognised from them. "
    "Share them only with people who may see them, and do not publish them."
)

ENGLAND = (
    "England's figures: Department for Education, Crown copyright, licensed under the Open Government Licence v3.0, "
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)


@dataclass(frozen=True)
class Paper:
    """Everything that an export may say."""

    info: SnapshotInfo
    content: dict
    period: Period
    definitions: Definitions
    scorecard: Scorecard  # every KPI once
    themes: tuple[tuple[Theme, Scorecard], ...]
    exceptions: Exceptions
    returns: tuple[Return, ...]
    splits: tuple[Split, ...]

    @property
    def frozen_words(self) -> str:
        """Return "14 October 2025, 09:30 (UTC), by A. Analyst"."""
        made_at = self.info.made_at
        return f"{day(made_at.date())}, {made_at:%H:%M} (UTC), by {self.info.made_by}"

    @property
    def population_words(self) -> str:
        """Return which estimate of children the rates rest on; "" when none is held."""
        for one in self.content["populations"]:
            if one["area"] == WHOLE:
                children = f"{one['children_0_17']:,} children aged 0 to 17 in mid-{one['mid_year']}"
                return f"Rates rest on {children} ({one['release']})."
        return ""

    def theme_titles(self, line: Line) -> str:
        """Return the titles of the themes that a line stands in, joined by semicolons."""
        return "; ".join(theme.title for theme, scorecard in self.themes if theme.id in line.kpi.themes)


def read_paper(snapshot: Snapshot) -> Paper:
    """Return a snapshot's content as the values it was frozen from."""
    content = snapshot.content
    definitions = definitions_of(content)
    themes = tuple((theme, scorecard_of(content, theme.id)) for theme in definitions.partnership.themes)
    return Paper(
        info=snapshot.info,
        content=content,
        period=period_of(content),
        definitions=definitions,
        scorecard=scorecard_of(content),
        themes=tuple((theme, scorecard) for theme, scorecard in themes if scorecard.lines),
        exceptions=exceptions_of(content),
        returns=returns_of(content),
        splits=splits_of(content),
    )
