"""What must hold of the child protection journey: its measures are there, and of what each is named for."""

from collections.abc import Sequence

from scorecards.definitions.groupings import JourneyStage
from scorecards.definitions.reporting import Parts, Report

UNITS = {
    "counts": ("count",),
    "reached": ("percent",),
    "ratio": ("per_100",),
    "followed": ("percent",),
    "median": ("days", "working_days"),
    "upper_quartile": ("days", "working_days"),
    "in_timescale": ("percent",),
}


def check_journey(parts: Parts, places: Sequence[tuple[str | int, ...]], report: Report) -> None:
    """Report every stage that stands twice, or names what is no KPI or no figure of it; `places` are theirs."""
    stages = parts.partnership.journey if parts.partnership is not None else ()
    for number, (stage, place) in enumerate(zip(stages, places, strict=True)):
        if stage.id in {earlier.id for earlier in stages[:number]}:
            report(place, f"the stage '{stage.id}' of the journey stands here a second time.")
        _check_names(stage, parts, place, report)
        if number == 0:
            _check_first(stage, place, report)
        else:
            _check_step(stage, stages[number - 1], stages[0], parts, place, report)


def _check_names(stage: JourneyStage, parts, place, report):
    for name, kpi_id in {"counts": stage.counts, **stage.of_the_step}.items():
        what = f"the stage '{stage.id}' of the journey has as {name}"
        if not parts.knows("kpis", kpi_id):
            report((*place, name), f"{what} {parts.no('kpis', 'a KPI', kpi_id)}")
        elif (kpi := parts.kpis.get(kpi_id)) is not None and kpi.unit not in UNITS[name]:
            units = " or ".join(UNITS[name])
            report((*place, name), f"{what} '{kpi_id}', whose unit is {kpi.unit}; it should be {units}.")


def _check_first(stage, place, report):
    for name in stage.of_the_step:
        report((*place, name), f"the stage '{stage.id}' is the first of the journey, so it has no {name}.")


def _check_step(stage, before, first, parts, place, report):
    """Report figures of a step that do not lead from the stage before, or from the first, to this one."""
    counted = {one.id: _list_of(one.counts, parts) for one in (stage, before, first)}
    for name, start in (("ratio", before), ("followed", before), ("reached", first)):
        leads = _leads(getattr(stage, name), parts)
        wanted = (counted[start.id], counted[stage.id])
        if leads is None or None in wanted or leads == wanted:
            continue
        kpi_id = getattr(stage, name)
        sentence = f"which is of {leads[0]} to {leads[1]}; it should be of {wanted[0]} to {wanted[1]}"
        report((*place, name), f"the stage '{stage.id}' of the journey has as {name} '{kpi_id}', {sentence}.")


def _list_of(kpi_id, parts):
    kpi = parts.kpis.get(kpi_id)
    # What is sent ready made does not say what it counts.
    return None if kpi is None or kpi.measure.kind == "submitted" else kpi.measure.records


def _leads(kpi_id, parts):
    """Return from which list a measure leads to which; None where it does not say."""
    kpi = parts.kpis.get(kpi_id)
    measure = kpi.measure if kpi is not None else None
    kind = getattr(measure, "kind", "")
    if kind == "ratio":
        return measure.over.records, measure.records
    if kind == "cohort":
        return measure.records, measure.then
    return (measure.records, measure.hops[-1].records) if kind == "reached" else None
