"""From a definition to rows: each measure kind is one statement and one sentence."""

from scorecards.measures.ageing import AgeingKind
from scorecards.measures.change import ChangeKind
from scorecards.measures.cohort import CohortKind
from scorecards.measures.counts import CountKind, DistinctKind, PercentageKind, RateKind, StockKind, SumKind
from scorecards.measures.during import DuringKind
from scorecards.measures.every import EveryKind
from scorecards.measures.filled import FilledKind
from scorecards.measures.frame import Kind, Reading, Slice
from scorecards.measures.lengths import MeanKind, MedianKind, UpperQuartileKind
from scorecards.measures.population import PopulationKind
from scorecards.measures.preceded import PrecededKind
from scorecards.measures.ratios import RatioKind
from scorecards.measures.reached import ReachedKind
from scorecards.measures.recent import RecentKind
from scorecards.measures.repeats import PreviousEverKind, RepeatKind
from scorecards.measures.returned import ReturnedKind
from scorecards.measures.reviewed import ReviewedKind
from scorecards.measures.submitted import SubmittedKind
from scorecards.measures.within import WithinKind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CountKind(),
        SumKind(),
        DistinctKind(),
        StockKind(),
        PercentageKind(),
        WithinKind(),
        RateKind(),
        RatioKind(),
        MeanKind(),
        MedianKind(),
        UpperQuartileKind(),
        RepeatKind(),
        PreviousEverKind(),
        ChangeKind(),
        CohortKind(),
        ReachedKind(),
        ReviewedKind(),
        RecentKind(),
        AgeingKind(),
        PrecededKind(),
        EveryKind(),
        DuringKind(),
        SubmittedKind(),
        ReturnedKind(),
        PopulationKind(),
        FilledKind(),
    )
}


def kind_of(measure) -> Kind:
    """Return the kind that computes `measure`."""
    return KINDS[measure.kind]


def sentence(kpi, definitions) -> str:
    """Return in one plain sentence how the figure of `kpi` is made, from its settings alone."""
    return kind_of(kpi.measure).sentence(kpi, definitions)


__all__ = ["KINDS", "Kind", "Reading", "Slice", "kind_of", "sentence"]
