"""The child protection journey in words: what was counted, who was followed, and how the two differ."""

from scorecards.definitions import Ratio
from scorecards.format import figure, noun, number
from scorecards.journey import Cohort, Followed, Journey, Stage
from scorecards.narrative.statuses import missing_words
from scorecards.narrative.words import capital, listed
from scorecards.periods import Period
from scorecards.scorecard import Line

NOT_SUPPLIED = "not supplied"
TWO_WAYS = (
    "An activity ratio sets what was counted in the period against what was counted one stage earlier in the same "
    "period: they are different children, so it may be more than 100. A followed share stays with the same children: "
    "of those at the earlier stage, how many came to the next in time; those too recent to tell are left out."
)


def journey_summary(journey: Journey) -> str:
    """Return in a few sentences how many came to each stage, how far those followed came, and what is missing."""
    return " ".join(part for part in (_counted(journey), _followed(journey.cohort), _missing(journey)) if part)


def _counted(journey):
    supplied = [stage for stage in journey.stages if stage.is_supplied]
    if not supplied:
        return "Nothing has been supplied that the journey could be counted from."
    counts = [f"{stage_number(stage)} {lower(stage.stage.title)}" for stage in supplied]
    return f"{capital(when_of(supplied[0].counts.latest.period))} there were {listed(counts)}."


def _followed(cohort):
    if cohort is None or len(cohort.known) < 2:
        return ""
    last, second = cohort.known[-1], cohort.known[1]
    came = f"{came_to(second, cohort)} came to {second.stage.one}"
    further = f" and {came_to(last, cohort)} to {last.stage.one}" if last is not second else ""
    days = f", all within {cohort.within_days} days" if cohort.within_days else ""
    return f"Of {number(cohort.base)} {cohort_about(cohort)} {when_of(cohort.period)}, {came}{further}{days}."


def _missing(journey):
    missing = [lower(stage.stage.title) for stage in journey.stages if not stage.is_supplied]
    if not missing or len(missing) == len(journey.stages):
        return ""
    return f"{capital(listed(missing))}: {NOT_SUPPLIED}, so nothing is drawn through there."


def when_of(period: Period) -> str:
    """Return "in Q2 2025/26", or "in the 12 months to September 2025"."""
    return f"in the {lower(period.label)}" if period.kind == "rolling_12_months" else f"in {period.label}"


def lower(title: str) -> str:
    """Return a title as it stands inside a sentence."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def stage_number(stage: Stage) -> str:
    """Return how many came to a stage, or that it is not supplied."""
    value = stage.counts.latest.value
    return NOT_SUPPLIED if value is None else number(value)


def stage_missing(stage: Stage) -> str:
    """Return in a few words why a stage has no number."""
    return missing_words(stage.counts.latest)


def came_to(one: Followed, cohort: Cohort) -> str:
    """Return how many of those followed came to a stage, and which share of all they are: "1,621 (24.3%)"."""
    return f"{number(one.number or 0)} ({_share(one, cohort)})"


def _share(one, cohort):
    value = one.point.value if one.point is not None else None
    return figure(cohort.first.kpi, value)


def cohort_about(cohort: Cohort) -> str:
    """Return who is followed: "contacts about children not already open to social care"."""
    kpi = cohort.first.kpi
    clause, found, _ = kpi.definition.partition(", the share")
    if not found or not clause.startswith("Of "):
        return noun(kpi.counts, cohort.base)
    return clause.removeprefix("Of ").replace(" in the period", "")


def cohort_title(cohort: Cohort) -> str:
    """Return who is followed: how many, of when, and for how long."""
    days = f", followed for {cohort.within_days} days" if cohort.within_days else ""
    return f"{number(cohort.base)} {cohort_about(cohort)} {when_of(cohort.period)}{days}"


def cohort_recency(cohort: Cohort) -> str:
    """Return why these and no newer ones: how many of the period looked at are too recent."""
    latest = cohort.first.latest
    if cohort.period == latest.period and not cohort.too_recent:
        return ""
    if cohort.too_recent:
        of = f"{number(cohort.too_recent)} of {number(cohort.too_recent + (latest.denominator or 0))}"
        counts = noun(cohort.first.kpi.counts, 2)
        when = when_of(latest.period)
        drawn = "The newest period of which all can be followed is drawn."
        return f"Too recent to follow to the end: {of} {counts} {when}. {drawn}"
    why = missing_words(latest) or "no figure"
    return f"These are the newest that can be followed: for {latest.period.label} there is no figure ({why})."


def flow_rows(cohort: Cohort) -> list[tuple[str, str, str, str]]:
    """Return for each stage its title, how many came to it, of all, and of those at the stage before."""
    rows: list[tuple[str, str, str, str]] = []
    before: float | None = None
    for one in cohort.followed:
        if one.number is None or one not in cohort.known:
            rows.append((one.stage.title, NOT_SUPPLIED, _why_not(one), ""))
            continue
        shares = ("", "") if before is None else (_share(one, cohort), _of(one.number, before))
        rows.append((one.stage.title, number(one.number), *shares))
        before = one.number
    return rows


def _of(count, before):
    return f"{number(100 * count / before, 1)}%" if before else ""


def _why_not(one):
    if one.point is None:
        return "no figure"
    return missing_words(one.point) or "a stage before it is missing"


def flow_alt(cohort: Cohort) -> str:
    """Return the picture of those followed for those who cannot see it."""
    rows = [f"{title} {count}{f' ({share})' if share else ''}" for title, count, share, _before in flow_rows(cohort)]
    return f"Bars, one below the other: {cohort_title(cohort)}. {'; '.join(rows)}."


def step_name(stage: Stage) -> str:
    """Return what a step is called: "Referral to strategy discussion"."""
    assert stage.before is not None
    return f"{capital(_bare(stage.before.one))} to {_bare(stage.stage.one)}"


def _bare(one):
    return one.removeprefix("a ").removeprefix("an ").removeprefix("the ")


def step_figure(line: Line) -> str:
    """Return a figure of a step as it stands under its heading, which says that times are working days."""
    kpi, value = line.kpi, line.latest.value
    if value is None:
        return "not known"
    return number(value, kpi.decimals) if kpi.unit == "working_days" else figure(kpi, value)


def ratio_words(line: Line) -> str:
    """Return what a ratio is for: "for every 100 contacts"."""
    measure = line.kpi.measure
    return f"for every 100 {measure.over.counts}" if isinstance(measure, Ratio) else "for every 100"


def unlinked_words(stage: Stage) -> str:
    """Return how many of a stage have no earlier record that they can be linked to; "" where that is not counted."""
    point = stage.unlinked
    if point is None:
        return ""
    whole = point.excluded + (point.denominator or 0)
    return f"{number(point.excluded)} of {number(whole)}"


def trend_alt(line: Line, title: str) -> str:
    """Return a small trend for those who cannot see it: its first and latest figures and its range."""
    known = [point for point in line.points if point.is_known]
    values = [point.value for point in known if point.value is not None]
    if not known:
        return f"{title}: no figures yet."
    first, last = known[0], known[-1]
    low, high = figure(line.kpi, min(values)), figure(line.kpi, max(values))
    return (
        f"{title}: {figure(line.kpi, first.value)} in {first.period.label}, {figure(line.kpi, last.value)} in "
        f"{last.period.label}, between {low} and {high}."
    )
