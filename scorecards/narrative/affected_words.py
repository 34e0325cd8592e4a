"""What is said of who is affected: how many times as often, against what, and what was left out."""

from scorecards.affected import Affected, Basis, GroupRatio, NotCompared
from scorecards.format import breakdown_name, number
from scorecards.narrative.funnel_words import PER
from scorecards.narrative.words import listed
from scorecards.rate_ratio import FEW_CASES_BELOW, MIN_CASES, Ratio, Standing

SIGNS = {Standing.MORE: "▲", Standing.LESS: "▼", Standing.ALIKE: "●", Standing.TOO_FEW: "–"}
_WORDS = {
    Standing.MORE: "More often than others",
    Standing.LESS: "Less often than others",
    Standing.ALIKE: "No more than chance",
    Standing.TOO_FEW: f"Fewer than {MIN_CASES} cases on a side: too few to judge",
}
_WHY_NOT = {
    NotCompared.NO_FIGURES: "",
    NotCompared.NOT_WHOLE: "The groups are not compared: the figures are of a part of the period or of the cases.",
    NotCompared.NO_LIMITS: "The groups are not compared: an average, a total or a ratio has no range of chance.",
    NotCompared.NO_BASE: (
        "The groups are not compared: it is not known how many children of each group live here. They can be given "
        "under group_populations in partnership.yaml."
    ),
}


def ratio_words(ratio: Ratio) -> str:
    """Return "1.68 times"; "none elsewhere" where nobody else has a case."""
    return "no case among others" if ratio.value is None else f"{number(ratio.value, 2)} times"


def range_words(ratio: Ratio) -> str:
    """Return the 95% interval, or "" where there is none."""
    return "" if ratio.low is None else f"{number(ratio.low, 2)} to {number(ratio.high or 0, 2)}"


def standing_words(ratio: Ratio) -> str:
    """Return what a ratio says of its group, with a caution where it rests on few."""
    return _WORDS[ratio.standing]


def caution_words(ratio: Ratio) -> str:
    """Return the caution that small numbers ask for."""
    if not ratio.is_cautious:
        return ""
    return f"Small numbers: fewer than {FEW_CASES_BELOW} cases on a side, so read it with caution."


def counted_words(of: Affected, one: GroupRatio) -> tuple[str, str]:
    """Return the group's figure and that of what it is set beside."""
    return _counted(of, one.counted), _counted(of, one.others)


def _counted(of, counted):
    cases, base = number(counted.cases), number(counted.base)
    if of.basis is Basis.CHILDREN:
        return f"{number(PER * counted.cases / counted.base, 1)} ({cases})"
    return f"{number(100 * counted.cases / counted.base, 1)}% ({cases} of {base})"


def beside_title(of: Affected) -> tuple[str, str]:
    """Return the headings of both figures."""
    if of.basis is Basis.COHORT and of.wider is not None:
        return f"Share of {_small(of.kpi.title)}", f"Share of {_small(of.wider.title)}"
    return (f"Per {PER:,}", f"All others, per {PER:,}") if of.basis is Basis.CHILDREN else ("Group", "All others")


def affected_sentence(of: Affected) -> str:
    """Return what the groups are set against and by whose word, or why they are not."""
    if of.why_not is not None:
        return _WHY_NOT[of.why_not]
    if of.basis is Basis.CHILDREN:
        return (
            f"How many times as often as among all other children who live here (mid-{of.mid_year}; {of.source}), with "
            "the range that chance allows."
        )
    if of.basis is Basis.COHORT and of.wider is not None:
        return (
            f"How many times the group's share of ‘{_small(of.kpi.title)}’ is its share of ‘{_small(of.wider.title)}’, "
            "with the range that chance allows. How many children of each group live here is not held, so this says "
            "nothing of how often it happens among them."
        )
    return "How many times the group's figure is that of all others, with the range that chance allows."


def apart_words(of: Affected) -> str:
    """Return who was left out, and how many."""
    if not of.apart:
        return ""
    said = [f"{group_name_of(of, group).lower()} {number(count)}" for group, count in of.apart]
    return f"Left out and counted apart: {listed(said)}."


def group_name_of(of: Affected, group: str) -> str:
    """Return what a group is called; of yes and no, with what it answers."""
    if group in ("yes", "no"):
        return f"{breakdown_name(of.breakdown)}: {group}"
    return "Not recorded" if group == "unknown" else group[:1].upper() + group[1:]


def finding_words(of: Affected, one: GroupRatio) -> str:
    """Return a group that stands out, in a few words."""
    return f"{group_name_of(of, one.group)} {ratio_words(one.ratio)} ({range_words(one.ratio)})"


def affected_alt(of: Affected) -> str:
    """Return what the picture shows, for those who cannot see it."""
    out = [finding_words(of, one) for one in of.standing_out]
    said = f"Beyond chance: {listed(out)}." if out else "None is beyond chance."
    return f"{of.kpi.title} by {breakdown_name(of.breakdown).lower()}, each group beside the others. {said}"


def _small(title: str) -> str:
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
