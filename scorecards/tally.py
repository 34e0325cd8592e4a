"""How a scorecard stands in whole numbers: each of its measures counted once by rating, and what really changed."""

from dataclasses import dataclass

from scorecards.rag import Rating
from scorecards.scorecard import Scorecard
from scorecards.spc import Variation


@dataclass(frozen=True)
class Tally:
    """A scorecard's measures, each in one of the first seven; then those that really changed, whatever their rating."""

    red: int
    amber: int
    green: int
    unrated: int  # with a figure
    without_figure: int  # supplied at other times
    elsewhere: int  # counted for the whole partnership, and not by the locality that is looked at
    unused: int  # that nobody supplies yet
    worse: int
    better: int
    otherwise: int  # higher or lower than usual, of what has no good direction
    tested: int  # of which it can be said whether they changed

    @property
    def measures(self) -> int:
        return self.supplied + self.elsewhere + self.unused

    @property
    def supplied(self) -> int:
        return self.red + self.amber + self.green + self.unrated + self.without_figure

    @property
    def needs_telling(self) -> bool:
        """Return whether something is red or has really changed."""
        return bool(self.red or self.worse or self.better or self.otherwise)


def tally(card: Scorecard) -> Tally:
    """Return the counts of a scorecard's measures."""
    supplied = [line for line in card.lines if not line.is_unused]
    used = [line for line in supplied if not line.is_elsewhere]
    ratings = [line.judgement.rating for line in used]
    known = sum(line.latest.is_known for line in used)
    variations = [line.pattern.variation for line in used]
    rated = len(ratings) - ratings.count(Rating.NOT_RATED)
    return Tally(
        red=ratings.count(Rating.RED),
        amber=ratings.count(Rating.AMBER),
        green=ratings.count(Rating.GREEN),
        unrated=known - rated,
        without_figure=len(used) - known,
        elsewhere=len(supplied) - len(used),
        unused=len(card.lines) - len(supplied),
        worse=variations.count(Variation.CONCERN),
        better=variations.count(Variation.IMPROVEMENT),
        otherwise=variations.count(Variation.NEUTRAL_HIGH) + variations.count(Variation.NEUTRAL_LOW),
        tested=len(variations) - variations.count(Variation.NOT_ENOUGH_DATA),
    )
