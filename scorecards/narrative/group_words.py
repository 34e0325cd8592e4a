"""A measure's groups in one plain sentence: who makes up most of it, how far they lie apart, and who stands out."""

from collections.abc import Mapping

from scorecards.definitions import Ageing, Definitions, Kpi
from scorecards.format import UNKNOWN, base, breakdown_name, counted, figure, group_name, noun, number
from scorecards.funnel import MIN_BASE, Funnel, Placed
from scorecards.measures import kind_of
from scorecards.narrative.funnel_words import in_funnel, meaning
from scorecards.narrative.rows import lower
from scorecards.narrative.words import capital, listed, spelled
from scorecards.periods import Period
from scorecards.series import Point

# With more groups than this only the ends are named.
MOST_LISTED = 4


def groups_sentence(kpi: Kpi, groups: Mapping[str, Point], whole: Point, names: Mapping[str, str]) -> str:
    """Return what a measure's groups show: the largest of a count, the lowest and highest of a share."""
    if isinstance(kpi.measure, Ageing):
        return _bands(kpi, groups, whole, names)
    known = {name: point for name, point in groups.items() if point.is_known and name != UNKNOWN}
    if not known:
        return f"There are no figures of any group {in_period(whole.period)}."
    if kpi.unit == "count":
        return _largest(kpi, known, whole, names)
    large = {name: point for name, point in known.items() if (point.denominator or 0) >= MIN_BASE}
    return _ends(kpi, large or known, whole, names)


def _bands(kpi, groups, whole, names):
    """Return every band of time in order, with its share."""
    in_order = [name for name in (*kpi.measure.labels, UNKNOWN) if name in groups and groups[name].is_known]
    parts = [_band(lower(names[name]), groups[name], whole) for name in in_order]
    if not parts or not whole.value:
        return f"There are no figures of any group {in_period(whole.period)}."
    return f"Of {counted(kpi, whole.value)}: {listed(parts)}."


def _band(name, point, whole):
    share = f" ({share_of(point, whole)})" if point.value else ""
    return f"{name} {number(point.value)}{share}"


def in_period(period: Period) -> str:
    """Return when: "in Q2 2025/26", "in the 12 months to September 2025"."""
    if period.kind == "rolling_12_months":
        return f"in the {period.label[:1].lower()}{period.label[1:]}"
    return f"in {period.label}"


def _largest(kpi, known, whole, names):
    first, *others = sorted(known, key=lambda name: -(known[name].value or 0))
    if not known[first].value:
        return f"No group has any {in_period(whole.period)}."
    share = share_of(known[first], whole)
    of = f" of {counted(kpi, whole.value)}" if whole.value else f" {noun(kpi.counts, known[first].value)}"
    then = [f"{names[name]} ({number(known[name].value)})" for name in others[:2]]
    rest = f"; then {listed(then)}" if then else ""
    brackets = f" ({share})" if share else ""
    return f"Most: {names[first]}, {number(known[first].value)}{of} {in_period(whole.period)}{brackets}{rest}."


def share_of(part: Point, whole: Point) -> str:
    """Return a count's share of the whole: "36%"; "" where there is none."""
    if part.value is None or not whole.value:
        return ""
    share = 100 * part.value / whole.value
    return "under 1%" if 0 < share < 1 else f"{number(share)}%"


def _ends(kpi, known, whole, names):
    when = in_period(whole.period)
    if len(known) <= MOST_LISTED:
        return f"{listed([_named(kpi, known, name, names) for name in known])} {when}."
    low, *_, high = sorted(known, key=lambda name: known[name].value)
    return f"From {_named(kpi, known, low, names)} to {_named(kpi, known, high, names)} {when}."


def _named(kpi, known, name, names):
    rests_on = base(kpi, known[name])
    return f"{names[name]} {figure(kpi, known[name].value)}{f' ({rests_on})' if rests_on else ''}"


def funnel_sentence(kpi: Kpi, found: Funnel, whole: Point, names: Mapping[str, str], breakdown: str) -> str:
    """Return who differs from the average by more than chance, if anybody does."""
    groups = f"{spelled(len(found.groups))} {_plural(breakdown)}"
    average = f"the average of {in_funnel(found.kind, found.average, kpi.decimals)} {in_period(whole.period)}"
    beyond = [one for one in found.groups if one.is_beyond]
    if not beyond:
        return f"None of {groups} differs from {average} by more than chance."
    said = listed([f"{names[one.group.name]} ({_side(one, kpi)})" for one in beyond])
    verb = "differs" if len(beyond) == 1 else "differ"
    return f"{capital(spelled(len(beyond)))} of {groups} {verb} from {average} by more than chance: {said}."


def _side(one: Placed, kpi: Kpi) -> str:
    way = "higher" if one.distance > 0 else "lower"
    good = meaning(one.verdict, kpi.polarity)
    return f"{in_funnel('share', one.value, kpi.decimals)}, {good if good in ('worse', 'better') else way}"


def _plural(breakdown):
    name = breakdown_name(breakdown).lower()
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def not_supplied_sentence(kpi: Kpi, definitions: Definitions) -> str:
    """Return that nobody sends a measure yet, and which list it would need."""
    records = kind_of(kpi.measure).record_types(kpi) if kpi.measure.kind != "submitted" else ()
    titles = [f"\u201c{definitions.record_types[one].title}\u201d" for one in records]
    needs = f" It needs {listed(titles)}, which nobody sends yet." if titles else " Nobody sends it yet."
    return f"{kpi.title}: not supplied.{needs}"


def group_names(kpi: Kpi, breakdown: str, groups: Mapping[str, object], definitions: Definitions) -> dict[str, str]:
    """Return what each group is called."""
    return {group: group_name(definitions, kpi, breakdown, group) for group in groups}
