"""A data set's page: its sections in order, each opened by what the figures show, with charts and small tables."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from markupsafe import Markup

from scorecards import charts, format, narrative
from scorecards.definitions import TIME_SINCE, Ageing, Kpi, Section, Shown
from scorecards.funnel import Funnel, Group, funnel
from scorecards.narrative import group_words
from scorecards.scorecard import NOT_WHOLE, SHARES, WHOLE, Line
from scorecards.series import Point
from scorecards.ui.funnels import draw_funnel
from scorecards.ui.page import Page, head
from scorecards.ui.parts import note, section
from scorecards.ui.readers import group_series_for, groups_for, html_for, line_for
from scorecards.ui.rendering import html, render
from scorecards.ui.tables import icon_of, rating_tag

INSIDE = "Groups inside a locality are too small to keep. Choose the whole partnership to see them."
NO_SETS = "No data set is declared. One is a block under data_sets in kpi_definitions.yaml or partnership.yaml."


@dataclass(frozen=True)
class Found:
    """One thing to show with its facts: the measure's line and, where it is shown by group, its groups."""

    shown: Shown
    kpi: Kpi
    line: Line
    groups: dict[str, Point]
    whole: Point | None
    names: dict[str, str]

    @property
    def funnel(self) -> Funnel | None:
        """Return the groups about their average; None where fewer than two can be compared."""
        parts = [
            Group(name, point.numerator or 0, point.denominator or 0)
            for name, point in self.groups.items()
            if name != format.UNKNOWN and _can_be_compared(point)
        ]
        return funnel(parts, "share") if len(parts) > 1 and self.kpi.measure.kind in SHARES else None


def _can_be_compared(point: Point) -> bool:
    return point.is_known and point.note not in NOT_WHOLE and point.numerator is not None and bool(point.denominator)


def draw_data_set(page: Page) -> None:
    """Draw the data set that the address names, or the first."""
    found = page.data_set
    if found is None:
        head(page, "Data sets", NO_SETS)
        return
    audience = f" For: {found.audience}." if found.audience else ""
    head(page, found.title, f"{page.when} {found.about} Lead: {found.lead}.{audience}")
    for at, one in enumerate(found.sections):
        _draw_section(page, f"{found.id} {at}", one)


def _draw_section(page: Page, key: str, one: Section) -> None:
    section(one.title, one.about or "")
    found = [_found(page, shown) for shown in one.shows]
    supplied = [each for each in found if not each.line.is_unused]
    if supplied:
        html(html_for(page, f"{key} finding", lambda: render("finding.html", sentence=sentence_of(page, supplied[0]))))
    for form, together in groupby(supplied, key=lambda each: each.shown.form):
        DRAWN[form](page, key, list(together), supplied[0])
    missing = {each.kpi.id: each.kpi for each in found if each.line.is_unused}
    for kpi in missing.values():
        note(narrative.not_supplied_sentence(kpi, page.definitions))


def _found(page: Page, shown: Shown) -> Found:
    kpi = page.definitions.kpis[shown.kpi]
    line = line_for(page, kpi)
    if shown.by is None or page.view.area != WHOLE or line.is_unused:
        return Found(shown, kpi, line, {}, None, {})
    groups, whole = groups_for(page, kpi, shown.by)
    groups = _with_empty_bands(kpi, groups, whole)
    return Found(shown, kpi, line, groups, whole, group_words.group_names(kpi, shown.by, groups, page.definitions))


def _with_empty_bands(kpi: Kpi, groups: dict[str, Point], whole: Point | None) -> dict[str, Point]:
    """Return the groups with nought in every band that has no row, where the others make up the whole."""
    known = [point.value or 0 for point in groups.values()]
    if not isinstance(kpi.measure, Ageing) or whole is None or not known or sum(known) != whole.value:
        return groups
    nought = replace(whole, value=0.0, numerator=0.0, excluded=0)
    return {**dict.fromkeys(kpi.measure.labels, nought), **groups}


def sentence_of(page: Page, found: Found) -> str:
    """Return in one sentence what is shown, or why there is nothing to show."""
    if found.shown.by is None:
        return narrative.lead_sentence(found.line)
    if page.view.area != WHOLE:
        return INSIDE
    plotted = found.funnel if found.shown.form == "funnel" else None
    if found.whole is None or not found.groups or (found.shown.form == "funnel" and plotted is None):
        by = format.breakdown_name(found.shown.by).lower()
        return f"{found.kpi.title}: there are no figures by {by} for this quarter."
    if plotted is not None:
        return narrative.funnel_sentence(found.kpi, plotted, found.whole, found.names, found.shown.by)
    return narrative.groups_sentence(found.kpi, found.groups, found.whole, found.names)


def _draw_trends(page: Page, key: str, found: list[Found], first: Found) -> None:
    name = f"{key} {' '.join(one.kpi.id for one in found)}"
    html(html_for(page, name, lambda: render("panels.html", panels=[_panel(page, one, first) for one in found])))


def _panel(page: Page, found: Found, first: Found) -> dict:
    line = found.line
    return {
        "title": found.kpi.title,
        "address": _address(page, found),
        "about": narrative.measured_over(line),
        "figure": format.figure(found.kpi, line.latest.value),
        "tag": rating_tag(line),
        "icon": icon_of(page, line),
        "real_change": narrative.real_change(line)[1],
        "sentence": narrative.what_follows(line) if found is first else narrative.line_sentence(line),
        "picture": charts.data_uri(charts.panel(line, dark=page.dark)),
        "alt": narrative.chart_alt(line),
    }


def _address(page, found):
    return page.link("pages/kpi.py", kpi=found.kpi.id, theme=found.kpi.themes[0], set=None)


def _draw_groups(page: Page, key: str, found: list[Found], first: Found) -> None:
    for one in found:
        name = f"{key} {one.kpi.id} {one.shown.by}"
        make = partial(_groups_table if one.groups else _without_groups, page, one, first)
        html(html_for(page, name, make))


def _without_groups(page: Page, found: Found, first: Found) -> Markup:
    sentence = "" if found is first else sentence_of(page, found)
    return render("shown.html", title=_title(found), address=_address(page, found), sentence=sentence)


def _groups_table(page: Page, found: Found, first: Found) -> Markup:
    series = group_series_for(page, found.kpi, found.shown.by or "")
    in_order = _in_order(found, series)
    ends = _common_ends(found, series)
    return render(
        "group_lines.html",
        title=_title(found),
        address=_address(page, found),
        by=format.breakdown_name(found.shown.by or ""),
        period=found.whole.period.label if found.whole else "",
        sentence="" if found is first else sentence_of(page, found),
        is_count=found.kpi.unit == "count",
        rows=[_row(page, found, group, series[group], ends) for group in in_order],
    )


def _draw_now(page: Page, key: str, found: list[Found], first: Found) -> None:
    for one in found:
        name = f"{key} {one.kpi.id} {one.shown.by} now"
        html(html_for(page, name, partial(_bars if one.groups else _without_groups, page, one, first)))


def _bars(page: Page, found: Found, first: Found) -> Markup:
    """Return the groups at the latest time as bars from nought, each with its figure and what it rests on."""
    highest = max((point.value or 0 for point in found.groups.values()), default=0)
    groups = sorted(found.groups, key=partial(_place_now, found))
    return render(
        "bars.html",
        title=_title(found),
        address=_address(page, found),
        sentence="" if found is first else sentence_of(page, found),
        by=format.breakdown_name(found.shown.by or ""),
        period=found.whole.period.label if found.whole else "",
        note=narrative.status_sentence(found.whole, found.kpi) if found.whole else "",
        rows=[_bar(found, group, highest) for group in groups],
    )


def _place_now(found: Found, group: str):
    """Return where a group stands: bands by time, others by size; what is not recorded last."""
    labels = found.kpi.measure.labels if isinstance(found.kpi.measure, Ageing) else ()
    at = labels.index(group) if group in labels else len(labels)
    return group == format.UNKNOWN, at, -(found.groups[group].value or 0)


def _bar(found: Found, group: str, highest: float) -> dict:
    point, kpi = found.groups[group], found.kpi
    is_of_whole = kpi.aggregation in ("sum", "latest") and kpi.unit == "count" and found.whole is not None
    return {
        "name": found.names[group],
        "figure": format.figure(kpi, point.value) if point.is_known else narrative.missing_words(point),
        "base": format.base(kpi, point) if kpi.unit != "count" else "",
        "share": narrative.share_of(point, found.whole) if is_of_whole and found.whole else "",
        "width": round(100 * point.value / highest, 1) if point.value and highest else 0,
    }


def _title(found):
    if found.shown.by == TIME_SINCE:
        return found.kpi.title
    return f"{found.kpi.title} by {format.breakdown_name(found.shown.by).lower()}"


def _in_order(found: Found, series) -> list[str]:
    """Return the groups with any figure: counts by size, shares by name as they are no league; unknown last."""
    known = [group for group, points in series.items() if group in found.names and any(one.is_known for one in points)]
    size = {group: found.groups[group].value or 0 for group in known} if found.kpi.unit == "count" else {}
    return sorted(known, key=lambda group: (group == format.UNKNOWN, -size.get(group, 0), found.names[group]))


def _common_ends(found: Found, series) -> tuple[float, float] | None:
    """Return the ends of a scale that all groups share: of shares, which are to be compared; counts have their own."""
    values = [point.value for points in series.values() for point in points if point.value is not None]
    return (min(values), max(values)) if found.kpi.unit != "count" and values else None


def _row(page: Page, found: Found, group: str, points, ends) -> dict:
    kpi, latest = found.kpi, found.groups[group]
    low, high = ends or (0.0, max((point.value or 0 for point in points), default=0))
    year_ago = points[-5] if len(points) > 4 and latest.period.kind in ("quarter", "rolling_12_months") else None
    was = year_ago.value if year_ago and not {year_ago.note, latest.note} & NOT_WHOLE else None
    difference = None if was is None or latest.value is None else latest.value - was
    return {
        "name": found.names[group],
        "picture": charts.data_uri(charts.group_line(points, low, high, dark=page.dark)),
        "figure": format.figure(kpi, latest.value),
        "base": format.base(kpi, latest) if latest.is_known else narrative.missing_words(latest),
        "share": narrative.share_of(latest, found.whole)
        if found.whole and kpi.aggregation in ("sum", "latest")
        else "",
        "change": format.change(kpi, difference) or "not known",
    }


def _draw_funnels(page: Page, key: str, found: list[Found], first: Found) -> None:
    for one in found:
        by = format.breakdown_name(one.shown.by or "")
        html(_without_groups(page, one, first))
        if one.funnel is not None:
            draw_funnel(
                page, f"{key} {one.kpi.id} {one.shown.by}", _title(one), one.funnel, one.names, one.kpi.counts, by=by,
                polarity=one.kpi.polarity, decimals=one.kpi.decimals,
            )  # fmt: skip


DRAWN = {"trend": _draw_trends, "groups": _draw_groups, "now": _draw_now, "funnel": _draw_funnels}
