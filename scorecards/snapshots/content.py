"""What a snapshot holds: every fact of a quarter's scorecards with its definitions; and those facts read back."""

import datetime
from dataclasses import dataclass

from scorecards.definitions import CodeList, Definitions, Kpi, Partnership, Population, RecordType
from scorecards.exceptions import ExceptionItem, Exceptions, LocalityFinding, Reason, State, find_exceptions
from scorecards.measures import sentence
from scorecards.periods import Period
from scorecards.returns import Return, figures_as_at, read_returns
from scorecards.scorecard import Line, Scorecard, View, build_scorecard, window_for
from scorecards.series import Point, read_coverage, read_groups, read_points
from scorecards.snapshots.facts import hints, pack, period_of_id, unpack
from scorecards.store import Store

SCHEMA = 1
# The facts of a line beside its KPI and its series, by the names they have there.
LINE_FACTS = (
    *("area", "window", "latest", "previous", "year_ago", "judgement", "thresholds", "target", "pattern", "trend"),
    *("interval", "england", "supplied", "awaited"),
)
# Any locality: all are shown for the same window.
A_LOCALITY = "locality"


@dataclass(frozen=True)
class Split:
    """A KPI's latest figures by the groups of one breakdown, with the whole partnership's for the same period."""

    kpi: str
    breakdown: str
    window: str
    whole: Point | None
    groups: dict[str, Point]


def content_of(store: Store, period: Period, version: int) -> dict:
    """Return everything that is known of a quarter at a data version, as JSON knows it; no clock, no sentences of ours.

    The sentences of the measures are an exception: with them a snapshot explains itself without the product.
    """
    definitions = store.definitions
    view = View(period, version=version)
    scorecard = build_scorecard(store, view)
    exceptions = find_exceptions(store, view)
    return {
        "snapshot_schema": SCHEMA,
        "period": _period_facts(period),
        "data_version": version,
        "figures_as_at": pack(figures_as_at(store)),
        "definitions_version": definitions.version,
        "partnership": pack(definitions.partnership),
        "populations": pack(_populations_in_force(definitions, period)),
        "kpis": [pack(line.kpi) for line in scorecard.lines],
        "measures": {kpi.id: sentence(kpi, definitions) for kpi in definitions.kpis.values()},
        "record_types": {name: _record_type(record) for name, record in definitions.record_types.items()},
        "code_lists": {name: _code_list(codes) for name, codes in definitions.code_lists.items()},
        "lines": [_line_facts(line) for line in scorecard.lines],
        "breakdowns": _breakdowns(store, scorecard),
        "exceptions": _exception_facts(exceptions),
        "returns": pack(_returns(store, period)),
        "coverage": _coverage(store, version),
        "commentary": {
            "partnership": "",
            "themes": {theme.id: "" for theme in definitions.partnership.themes},
            "measures": dict.fromkeys(definitions.kpis, ""),
        },
    }


def _period_facts(period):
    return {
        "id": period.id,
        "label": period.label,
        "dates": period.dates,
        "first_day": pack(period.first),
        "last_day": pack(period.last),
    }


# Guidance for senders, and what people typed for a code, help to read a file and not to understand a figure.


def _record_type(record: RecordType) -> dict:
    return record.model_dump(mode="json", by_alias=True, exclude={"columns": {"__all__": {"guidance"}}})


def _code_list(codes: CodeList) -> dict:
    return codes.model_dump(mode="json", by_alias=True, exclude={"aliases"})


def _populations_in_force(definitions: Definitions, period: Period) -> list[Population]:
    """Return the population of each area that rates of `period` rest on, with its release."""
    last = period.last
    newest_allowed = last.year if last.month >= 4 else last.year - 1
    found: dict[str, Population] = {}
    for one in definitions.partnership.populations:
        kept = found.get(one.area)
        if one.mid_year <= newest_allowed and (kept is None or one.mid_year >= kept.mid_year):
            found[one.area] = one
    return list(found.values())


def _line_facts(line: Line) -> dict:
    series = {line.window: pack(line.points)}
    if line.kpi.windows.pattern not in series:
        series[line.kpi.windows.pattern] = pack(line.pattern_points)
    return {
        "kpi": line.kpi.id,
        **{name: pack(getattr(line, name)) for name in LINE_FACTS},
        "series": series,
        "pattern_periods": len(line.pattern_points),
    }


def _breakdowns(store: Store, scorecard: Scorecard) -> list[dict]:
    """Return the latest figures of every KPI by each of its breakdowns, for its own window and that of localities."""
    by_breakdown: dict[str, list[Line]] = {}
    for line in scorecard.lines:
        for breakdown in line.kpi.breakdowns:
            by_breakdown.setdefault(breakdown, []).append(line)
    version, end = scorecard.view.version, scorecard.view.period.end
    wholes = read_points(store, [line.kpi.id for line in scorecard.lines], version=version)
    found = []
    for breakdown, lines in by_breakdown.items():
        stored = read_groups(store, [line.kpi.id for line in lines], breakdown, version=version)
        for line in lines:
            for window in dict.fromkeys((line.window, window_for(line.kpi, A_LOCALITY))):
                groups = _latest(stored.get((line.kpi.id, window), {}), end)
                if groups:
                    period = next(iter(groups.values())).period
                    whole = _at(wholes.get((line.kpi.id, window), ()), period)
                    found.append(Split(line.kpi.id, breakdown, window, whole, groups))
    return pack(found)


def _at(points, period):
    return next((point for point in points if point.period == period), None)


def _latest(groups, end: datetime.date) -> dict[str, Point]:
    """Return each group's figure for the newest period that had ended by `end`, where it has one for that period."""
    ended = {group: [point for point in points if point.period.end <= end] for group, points in groups.items()}
    newest = max((points[-1].period for points in ended.values() if points), default=None)
    return {group: points[-1] for group, points in ended.items() if points and points[-1].period == newest}


def _exception_facts(exceptions: Exceptions) -> dict:
    return {
        "current": [_item_facts(item) for item in exceptions.current],
        "resolved": [_item_facts(item) for item in exceptions.resolved],
        "returns": pack(exceptions.returns),
        "measures": exceptions.measures,
    }


def _item_facts(item: ExceptionItem) -> dict:
    return {
        "kpi": item.line.kpi.id,
        "reason": pack(item.reason),
        "also": pack(item.also),
        "state": pack(item.state),
        "running": item.running,
        "locality": pack(item.locality),
    }


def _returns(store: Store, period: Period) -> tuple[Return, ...]:
    """Return every return expected for the periods that ended in the quarter, whatever became of it."""
    return tuple(one for one in read_returns(store) if period.first < one.period.end <= period.end)


def _coverage(store: Store, version: int) -> dict:
    """Return which days each list covers and in which of them rows were refused, as first and last days."""
    with store.read() as connection:
        coverage = read_coverage(connection, store.definitions, version)
    return {"covered": _spans(coverage.spans), "refused": _spans(coverage.refused)}


def _spans(by_list):
    day = datetime.date.fromordinal
    return {
        records: [{"from": day(first).isoformat(), "to": day(end - 1).isoformat()} for first, end in spans]
        for records, spans in by_list.items()
    }


def period_of(content: dict) -> Period:
    """Return the quarter that was frozen."""
    return period_of_id(content["period"]["id"])


def definitions_of(content: dict) -> Definitions:
    """Return the definitions as they were, but for the aliases and unused lists that only loading needs."""
    return Definitions.model_construct(
        kpis={kpi["id"]: Kpi.model_validate(kpi) for kpi in content["kpis"]},
        record_types={name: RecordType.model_validate(record) for name, record in content["record_types"].items()},
        code_lists={name: CodeList.model_validate(codes) for name, codes in content["code_lists"].items()},
        unused_lists={},
        partnership=Partnership.model_validate(content["partnership"]),
        version=content["definitions_version"],
    )


def scorecard_of(content: dict, theme_id: str | None = None) -> Scorecard:
    """Return the frozen scorecard of a theme, or of all KPIs: equal to the one that was on the screen."""
    lines = _lines(content)
    theme = definitions_of(content).theme(theme_id) if theme_id is not None else None
    chosen = tuple(line for line in lines.values() if theme_id is None or theme_id in line.kpi.themes)
    return Scorecard(_view(content), theme, chosen, content["data_version"])


def lines_of(content: dict) -> dict[str, tuple[Line, ...]]:
    """Return the frozen lines by theme id, themes and lines in their order on the screen."""
    lines = _lines(content).values()
    themes = [theme["id"] for theme in content["partnership"]["themes"]]
    return {theme: tuple(line for line in lines if theme in line.kpi.themes) for theme in themes}


def exceptions_of(content: dict) -> Exceptions:
    """Return the exceptions as they stood."""
    frozen, lines = content["exceptions"], _lines(content)
    return Exceptions(
        _view(content),
        tuple(_item(item, lines) for item in frozen["current"]),
        tuple(_item(item, lines) for item in frozen["resolved"]),
        unpack(tuple[Return, ...], frozen["returns"]),
        frozen["measures"],
    )


def returns_of(content: dict) -> tuple[Return, ...]:
    """Return the returns of the quarter as they stood."""
    return unpack(tuple[Return, ...], content["returns"])


def splits_of(content: dict) -> tuple[Split, ...]:
    """Return the latest figures by group; localities are the groups of the breakdown 'locality'."""
    return tuple(
        Split(
            one["kpi"],
            one["breakdown"],
            one["window"],
            unpack(Point, one["whole"]),
            {group: unpack(Point, point) for group, point in one["groups"].items()},
        )
        for one in content["breakdowns"]
    )


def _view(content: dict) -> View:
    return View(period_of(content), version=content["data_version"])


def _lines(content: dict) -> dict[str, Line]:
    kpis = {kpi["id"]: Kpi.model_validate(kpi) for kpi in content["kpis"]}
    return {facts["kpi"]: _line(facts, kpis[facts["kpi"]]) for facts in content["lines"]}


def _line(facts: dict, kpi: Kpi) -> Line:
    series = {window: unpack(tuple[Point, ...], points) for window, points in facts["series"].items()}
    pattern = series[kpi.windows.pattern]
    # A snapshot frozen before a fact was kept does without it.
    known = {name: unpack(hints(Line)[name], facts[name]) for name in LINE_FACTS if name in facts}
    return Line(
        kpi=kpi,
        points=series[facts["window"]],
        pattern_points=pattern[len(pattern) - facts["pattern_periods"] :],
        **known,
    )


def _item(facts: dict, lines: dict[str, Line]) -> ExceptionItem:
    return ExceptionItem(
        lines[facts["kpi"]],
        Reason(facts["reason"]),
        State(facts["state"]),
        facts["running"],
        unpack(LocalityFinding, facts["locality"]),
        unpack(tuple[Reason, ...], facts["also"]),
    )
