"""What must hold of a data set: its measures are there, once in a section, and can be shown as it asks."""

from scorecards.definitions.data_sets import DataSet
from scorecards.definitions.reporting import Parts, Report, no

# A funnel plot has limits of chance for shares alone.
SHARE = "percent"


def check_data_set(found: DataSet, parts: Parts, report: Report) -> None:
    """Report every measure that is none, breakdown it does not have, form that it cannot be shown in, and repeat."""
    for at, section in enumerate(found.sections):
        for index, shown in enumerate(section.shows):
            place = ("sections", at, "shows", index)
            _check_shown(shown, parts, place, report)
            if shown in section.shows[:index]:
                report(place, f" shows {shown.kpi} a second time in the same way in one section.")


def _check_shown(shown, parts, path, report):
    if not parts.knows("kpis", shown.kpi):
        report(path, f" shows {parts.no('kpis', 'a KPI', shown.kpi)}")
    if (kpi := parts.kpis.get(shown.kpi)) is None:
        return
    if shown.by is not None and shown.by not in kpi.breakdowns:
        report(path, f" shows {shown.kpi} by {no(shown.by, 'one of its breakdowns', kpi.breakdowns)}")
    if shown.form == "funnel" and kpi.unit != SHARE:
        report(path, f" shows {shown.kpi} as a funnel, which is for percentages; its unit is {kpi.unit}.")
