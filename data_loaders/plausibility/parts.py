"""Owns the doubt about a whole that is not the sum of its parts in one return."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from data_loaders.places import WHOLE_AREA
from data_loaders.plausibility.usual import Told, doubt
from data_loaders.preview import Plan
from data_loaders.results import FileCheck, ListCheck
from scorecards.definitions import Definitions, Kpi
from scorecards.periods import period_by_id
from scorecards.store import Store

NOT_ADDED = ("distinct",)  # measures of children, each of whom may be in two parts
ROUNDED = 0.5  # by which a sum may differ from its whole


def parts_and_wholes(store: Store, connection: Connection, plan: Plan) -> list[Told]:  # noqa: ARG001
    """Return the figures of a return that are not the sum of their parts in the same return."""
    definitions = store.definitions
    told = []
    for file, one in plan.batch.lists:
        if not len(one.rows):
            continue
        wholes: dict[tuple, dict[tuple, Part]] = defaultdict(dict)
        senders: dict[tuple, dict[str, Part]] = defaultdict(dict)
        for part in parts_of_return(definitions, one):
            wholes[part.about][part.area, part.breakdown, part.group] = part
            senders[part.without_provider][part.provider] = part
        found = [difference for those in wholes.values() for difference in differing(definitions, those)]
        found += [difference for those in senders.values() for difference in differing_providers(those)]
        told += [parts_doubt(definitions, difference, file, one) for difference in found]
    return told


@dataclass(frozen=True)
class Part:
    """One row of an aggregate return as a part or a whole: its numbers, None where it gives none."""

    about: tuple  # KPI, period, provider and basis
    area: str
    breakdown: str
    group: str
    numbers: tuple[float | None, float | None]
    cell: str

    @property
    def kpi(self) -> str:
        return self.about[0]

    @property
    def provider(self) -> str:
        return self.about[2] or ""

    @property
    def without_provider(self) -> tuple:
        kpi, period, _, basis = self.about
        return kpi, period, basis, self.area, self.breakdown, self.group


def parts_of_return(definitions: Definitions, one: ListCheck) -> list[Part]:
    """Return the rows of a return whose numbers add up; a percentage without its numbers does not."""
    columns, count = one.rows.columns, len(one.rows)
    found = []
    for row, cell in zip(range(count), one.rows.cells or [""] * count, strict=True):
        kpi = definitions.kpis.get(columns["kpi"][row])
        if kpi is None or not adds_up(kpi):
            continue
        about = tuple(columns[name][row] for name in ("kpi", "period", "provider", "basis"))
        area, breakdown, group = (columns[name][row] or "" for name in ("area", "breakdown", "group"))
        number = columns["numerator"][row]
        if number is None and columns["denominator"][row] is None and kpi.unit == "count":
            number = columns["value"][row]
        found.append(Part(about, area or WHOLE_AREA, breakdown, group, (number, columns["denominator"][row]), cell))
    return found


def adds_up(kpi: Kpi) -> bool:
    """Return whether a measure's parts make its whole: not where one child may be in two of them."""
    counts_children = getattr(kpi.measure, "counted", "records") == "children"
    return kpi.unit in ("count", "percent") and kpi.measure.kind not in NOT_ADDED and not counts_children


@dataclass(frozen=True)
class Difference:
    """A whole, its parts, which of its numbers is not theirs together, and what they are together."""

    whole: Part
    parts: Sequence[Part]
    at: int
    summed: float


def differing(definitions: Definitions, parts: Mapping[tuple, Part]) -> Iterator[Difference]:
    """Yield each whole that is another number than its parts add up to."""
    localities = set(definitions.partnership.localities)
    whole = parts.get((WHOLE_AREA, "", ""))
    by_area = [part for (area, breakdown, _), part in parts.items() if area != WHOLE_AREA and not breakdown]
    if whole and len(by_area) > 1:
        are_all = localities <= {part.area for part in by_area}
        yield from other_sums(whole, by_area, are_all)
    groups: dict[tuple, list[Part]] = defaultdict(list)
    for (area, breakdown, _), part in parts.items():
        if breakdown:
            groups[area, breakdown].append(part)
    for (area, _), found in groups.items():
        if len(found) > 1 and (area, "", "") in parts:
            yield from other_sums(parts[area, "", ""], found, True)


def differing_providers(parts: Mapping[str, Part]) -> Iterator[Difference]:
    """Yield a sender's own total where its providers, of which one may be all that it names, give another."""
    providers = [part for provider, part in parts.items() if provider]
    if "" in parts and providers:
        yield from other_sums(parts[""], providers, len(providers) > 1)


def other_sums(whole: Part, parts: Sequence[Part], are_all: bool) -> Iterator[Difference]:
    """Yield the number in which a whole differs; where parts may be missing, only a sum above it is one."""
    for at in (0, 1):
        numbers = [number for part in parts if (number := part.numbers[at]) is not None]
        total = whole.numbers[at]
        if total is None or len(numbers) < len(parts):
            continue
        summed = sum(numbers)
        if summed > total + ROUNDED or (are_all and summed < total - ROUNDED):
            yield Difference(whole, parts, at, summed)
            return


def parts_doubt(definitions: Definitions, found: Difference, file: FileCheck, one: ListCheck) -> Told:
    whole, parts = found.whole, found.parts
    kpi, period = definitions.kpis[whole.kpi], period_by_id(whole.about[1])
    what = "localities" if not parts[0].breakdown else f"groups by {parts[0].breakdown.replace('_', ' ')}"
    what = "providers" if parts[0].provider != whole.provider else what
    of = " (what it is out of)" if found.at else ""
    when = period.label if period else whole.about[1]
    total = f"the whole is {whole.numbers[found.at]:,g}, and its {what} add up to {found.summed:,g}"
    advice = "Ask which is right: a part may be missing or counted twice. If it is right, say why."
    cells = [whole.cell, *(part.cell for part in parts)]
    return doubt("parts_differ", file, one, f"{kpi.title}, {when}{of}: {total}.", cells, advice=advice, rows=1)
