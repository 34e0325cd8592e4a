"""The tables of a csv export as data: each column with its meaning and the way to its value, so they cannot drift."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from scorecards.exceptions import ExceptionItem, Reason, State
from scorecards.exports.paper import Paper
from scorecards.format import agency_title, area_name, group_name
from scorecards.narrative import break_sentence, exception_sentence, rating_reason, real_change
from scorecards.rag import Rating
from scorecards.returns import ReturnState
from scorecards.scorecard import WHOLE, Line
from scorecards.series import FedBy, Note, Point, Status
from scorecards.spc import Assurance, Rule, Variation

Value = str | float | int | bool | None


@dataclass(frozen=True)
class Field:
    """A column: its name, what it means, the codes it may hold, and its value for a row."""

    name: str
    meaning: str
    value: Callable[[Paper, Any], Value]
    codes: str = ""


@dataclass(frozen=True)
class Table:
    """A csv file: what one row is, its columns, and its rows."""

    name: str
    one_row_is: str
    fields: tuple[Field, ...]
    rows: Callable[[Paper], Iterator[Any]]


def _codes(kind, words: dict | None = None) -> str:
    """Return the codes of an enumeration, each with its meaning where it does not speak for itself."""
    return "; ".join(f"{one.value}: {words[one]}" if words else str(one.value) for one in kind if one.value)


_STATUS_WORDS = {
    Status.FINAL: "complete as sent",
    Status.PROVISIONAL: "may still change; the note says why",
    Status.NOT_SUBMITTED: "what it is made from was not sent",
    Status.NOT_SUPPLIED: "it was sent without what this figure needs",
    Status.HISTORY_INCOMPLETE: "records of the time before are not held",
    Status.TOO_RECENT: "too little time has passed to know",
    Status.NOT_APPLICABLE: "no cases to divide by",
    Status.WITHHELD: "the sender gave a symbol instead of a number",
}
_NOTE_WORDS = {
    Note.NONE: "",
    Note.PART_COVERED: "what was sent covers part of the period only",
    Note.ROWS_REFUSED: "some rows could not be read",
    Note.REPORTED_COUNTER: "made from the sender's own count of earlier events",
    Note.TOO_RECENT_LEFT_OUT: "cases too recent to know the outcome of are left out",
    Note.NO_POPULATION: "the number of children is not held",
    Note.OLDER_POPULATION: "an older estimate of the number of children stands in",
    Note.REVISED_POPULATION: "the estimate of the number of children was revised",
    Note.SENDERS_DISAGREE: "two senders gave figures for the same thing",
    Note.SENDER_MISSING: "one of those who each send a part of it has not sent theirs",
    Note.CANNOT_BE_ADDED: "what was sent cannot be added up",
    Note.NOT_BY_LOCALITY: "it is not counted by locality",
    Note.NOT_AVAILABLE: "the sender says it is not available",
    Note.SENT_SINCE: "rows that were brought up to date after the last day are left out",
    Note.MONTHLY_AVERAGE: "sent as an average of the months, not as a figure of the whole period",
    Note.EARLIER_MISSING: "sent for the year to date, and the year to the beginning of the period is not held",
    Note.TO_DATE_FALLS: "the year to date cannot follow from what it was at the beginning of the period",
    Note.TO_DATE_ONLY: "sent for the year to date, which cannot be taken apart for this measure",
}
_FED_BY_WORDS = {
    FedBy.NOTHING: "no figure",
    FedBy.LIST: "counted from a list",
    FedBy.COUNTER: "from a counter in a list",
    FedBy.AGGREGATE: "sent ready made",
    FedBy.POPULATION: "the estimate of the number of children",
}


@dataclass(frozen=True)
class _Figure:
    line: Line
    window: str
    area: str
    breakdown: str
    group: str
    point: Point


def _figures(paper: Paper) -> Iterator[_Figure]:
    """Yield every frozen figure: series over time, then the latest by locality and group."""
    for line in paper.scorecard.lines:
        latest = () if line.latest in line.points else (line.latest,)
        series = {line.window: (*line.points, *latest)}
        series.setdefault(line.kpi.windows.pattern, line.pattern_points)
        for window, points in series.items():
            yield from (_Figure(line, window, WHOLE, "", "", point) for point in points)
        yield from _split_figures(
            paper, line, {(window, point.period) for window in series for point in series[window]}
        )


def _split_figures(paper, line, told):
    for split in paper.splits:
        if split.kpi != line.kpi.id:
            continue
        if split.whole is not None and (split.window, split.whole.period) not in told:
            told.add((split.window, split.whole.period))
            yield _Figure(line, split.window, WHOLE, "", "", split.whole)
        for group, point in split.groups.items():
            if split.breakdown == "locality":
                yield _Figure(line, split.window, group, "", "", point)
            else:
                yield _Figure(line, split.window, WHOLE, split.breakdown, group, point)


def _group(paper, row):
    return group_name(paper.definitions, row.line.kpi, row.breakdown, row.group) if row.breakdown else ""


def _agency(paper, agency):
    return agency_title(paper.definitions, agency)


FIGURES = Table(
    "figures.csv",
    "one figure: a measure, an area or group, and a period",
    (
        Field("kpi", "The measure's id, the same in every file", lambda _, row: row.line.kpi.id),
        Field("title", "The measure's title", lambda _, row: row.line.kpi.title),
        Field("theme", "The scorecards it stands in", lambda paper, row: paper.theme_titles(row.line)),
        Field("window", "The kind of period", lambda _, row: row.window),
        Field("period", "The period's id; 2025-26-Q2-R12 is the 12 months that end with that quarter",
              lambda _, row: row.point.period.id),
        Field("period_from", "First day of the period", lambda _, row: row.point.period.first.isoformat()),
        Field("period_to", "Last day of the period", lambda _, row: row.point.period.last.isoformat()),
        Field("area", "The whole partnership or a locality", lambda paper, row: area_name(paper.definitions, row.area)),
        Field("breakdown", "What the figure is split by; empty for all", lambda _, row: row.breakdown),
        Field("group", "The group of the breakdown", _group),
        Field("numerator", "How many counted; empty when unknown", lambda _, row: row.point.numerator),
        Field("denominator", "Out of how many; empty where nothing is divided", lambda _, row: row.point.denominator),
        Field("value", "The figure, not rounded; percentages are 0 to 100; empty is unknown, never nought",
              lambda _, row: row.point.value),
        Field("unit", "What the value is in", lambda _, row: row.line.kpi.unit,
              "count; percent; per_100: for every 100 of another count; "
              "per_10000: for every 10,000 children; days; working_days"),
        Field("status", "Whether the figure is whole, or why there is none", lambda _, row: row.point.status.value,
              _codes(Status, _STATUS_WORDS)),
        Field("note", "More about the status", lambda _, row: row.point.note.value, _codes(Note, _NOTE_WORDS)),
        Field("fed_by", "What the figure was made from", lambda _, row: row.point.fed_by.value,
              _codes(FedBy, _FED_BY_WORDS)),
        Field("break", "Where the series is recorded otherwise from this period on, or within it: not to be compared",
              lambda _, row: break_sentence(row.point, row.line.kpi)),
    ),
    _figures,
)  # fmt: skip


def _edge(name):
    """Return the way to one edge of the thresholds; a band has other edges than a line."""
    return lambda _, line: getattr(line.thresholds, name, None)


def _part(whole, name, convert=lambda value: value):
    """Return the way to an attribute of a part of the line that may be missing."""

    def value(_, line):
        part = getattr(line, whole)
        return convert(getattr(part, name)) if part is not None else None

    return value


def _limit(name):
    return lambda _, line: getattr(line.pattern.limits, name, None)


JUDGEMENTS = Table(
    "judgements.csv",
    "the latest figure of one measure for the whole partnership, with everything that was judged about it",
    (
        Field("kpi", "The measure's id", lambda _, line: line.kpi.id),
        Field("title", "The measure's title", lambda _, line: line.kpi.title),
        Field("theme", "The scorecards it stands in", lambda paper, line: paper.theme_titles(line)),
        Field("window", "The kind of period that is rated", lambda _, line: line.window),
        Field("period", "The period's id", lambda _, line: line.latest.period.id),
        Field("value", "The latest figure, not rounded; empty is unknown", lambda _, line: line.latest.value),
        Field("change", "Difference from one period earlier (12 months: one quarter earlier), in the unit of the value",
              lambda _, line: line.change),
        Field("change_on_year", "Difference from a year earlier", lambda _, line: line.change_on_year),
        Field("rating", "The colour", lambda _, line: line.judgement.rating.value, _codes(Rating)),
        Field("rating_reason", "What the figure is rated by, or why it is not rated",
              lambda _, line: rating_reason(line)),
        Field("is_low_base", "Whether fewer than 30 stand behind the figure",
              lambda _, line: line.judgement.is_low_base),
        Field("polarity", "Which way is good", lambda _, line: line.kpi.polarity,
              "higher; lower; band: neither very low nor very high; context: neither"),
        Field("green", "Green from here on", _edge("green")),
        Field("amber", "Amber up to here, red beyond", _edge("amber")),
        Field("green_low", "Lower edge of the green band", _edge("green_low")),
        Field("green_high", "Upper edge of the green band", _edge("green_high")),
        Field("amber_low", "Lower edge of the amber band", _edge("amber_low")),
        Field("amber_high", "Upper edge of the amber band", _edge("amber_high")),
        Field("basis", "What kind of line it is", _edge("basis"),
              "councils: where other councils stand; statutory; national; local"),
        Field("source", "Where the line comes from, or who agreed it", _edge("source")),
        Field("is_agreed_target", "Whether the partnership agreed it", lambda _, line: line.target is not None),
        Field("real_change", "Whether the latest figure differs from its usual ups and downs, in words",
              lambda _, line: real_change(line)[1]),
        Field("variation", "The same as a code (XmR chart, words of NHS Making Data Count)",
              lambda _, line: line.pattern.variation.value, _codes(Variation)),
        Field("rule", "The rule that the latest figure meets",
              lambda _, line: line.pattern.rule.value if line.pattern.rule else "", _codes(Rule)),
        Field("assurance", "Whether the measure will meet its target as it runs",
              lambda _, line: line.pattern.assurance.value, _codes(Assurance)),
        Field("pattern_window", "The kind of period that was tested for change",
              lambda _, line: line.kpi.windows.pattern),
        Field("mean", "Average of the tested series", _limit("mean")),
        Field("lower_limit", "Lower end of the usual range", _limit("lower")),
        Field("upper_limit", "Upper end of the usual range", _limit("upper")),
        Field("limit_points", "From how many periods; fewer than 13 are provisional", _limit("points")),
        Field("trend", "Direction over three years (Mann-Kendall, 5% level)", _part("trend", "direction"),
              "increasing; decreasing; none"),
        Field("trend_p", "Its two-sided p", _part("trend", "p")),
        Field("slope_per_period", "Theil-Sen slope in the unit of the value", _part("trend", "slope_per_period")),
        Field("interval_low", "Lower end of the 95% interval", _part("interval", "low")),
        Field("interval_high", "Upper end of the 95% interval", _part("interval", "high")),
        Field("interval_method", "How the interval was made", _part("interval", "method")),
        Field("england", "England's newest published figure", _part("england", "value")),
        Field("england_year", "Its year ending 31 March", _part("england", "year_label")),
        Field("england_source", "The release it comes from", _part("england", "source")),
        Field("supplied_by", "Who sent the newest file it is made from",
              lambda paper, line: _agency(paper, line.supplied.agency) if line.supplied else None),
        Field("supplied_on", "When that came", _part("supplied", "received", lambda day: day.isoformat())),
    ),
    lambda paper: iter(paper.scorecard.lines),
)  # fmt: skip


def _exceptions(paper: Paper) -> Iterator[tuple[int | None, ExceptionItem]]:
    """Yield the exceptions with their rank, then those that were resolved, which have none."""
    yield from enumerate(paper.exceptions.current, 1)
    yield from ((None, item) for item in paper.exceptions.resolved)


EXCEPTIONS = Table(
    "exceptions.csv",
    "something that needs attention, ranked, or that did in the quarter before",
    (
        Field("rank", "Place in the order of attention; empty when resolved", lambda _, row: row[0]),
        Field("kpi", "The measure's id", lambda _, row: row[1].line.kpi.id),
        Field("title", "The measure's title", lambda _, row: row[1].line.kpi.title),
        Field("locality", "The locality it is about; empty for the whole partnership",
              lambda paper, row: area_name(paper.definitions, row[1].locality.locality) if row[1].locality else ""),
        Field("reason", "Why it is an exception", lambda _, row: row[1].reason.value, _codes(Reason)),
        Field("also", "Further reasons", lambda _, row: "; ".join(reason.value for reason in row[1].also)),
        Field("state", "New this quarter, continuing, or no longer so", lambda _, row: row[1].state.value,
              _codes(State)),
        Field("quarters_running", "For how many quarters in a row, this one included; at most nine are looked at",
              lambda _, row: row[1].running),
        Field("value", "The figure",
              lambda _, row: (row[1].locality.point if row[1].locality else row[1].line.latest).value),
        Field("in_words", "The same as a sentence", lambda paper, row: exception_sentence(row[1], paper.definitions)),
    ),
    _exceptions,
)  # fmt: skip

RETURNS = Table(
    "returns.csv",
    "what one agency was to send for one period",
    (
        Field("agency", "Who was to send it", lambda paper, one: _agency(paper, one.agency)),
        Field("period", "For which period", lambda _, one: one.period.id),
        Field("due", "By when", lambda _, one: one.due.isoformat()),
        Field("state", "What became of it by the time of freezing", lambda _, one: one.state.value,
              _codes(ReturnState)),
        Field("received", "When the last of it came",
              lambda _, one: one.received.isoformat() if one.received else None),
        Field("days_late", "Days after it was due", lambda _, one: one.days_late),
        Field("missing", "Lists and measures not sent", lambda _, one: "; ".join(one.missing)),
        Field("rows_refused", "Rows that could not be read", lambda _, one: one.problem_rows),
        Field("kpis_without_figure", "Ids of measures without a figure because of it",
              lambda _, one: "; ".join(one.without_figure)),
    ),
    lambda paper: iter(paper.returns),
)  # fmt: skip

DEFINITIONS = Table(
    "definitions.csv",
    "a measure as it was defined when the figures were frozen",
    (
        Field("kpi", "The measure's id", lambda _, line: line.kpi.id),
        Field("title", "Its title", lambda _, line: line.kpi.title),
        Field("why", "Why it matters", lambda _, line: line.kpi.why),
        Field("definition", "What is measured", lambda _, line: line.kpi.definition),
        Field("how", "How the figure is made, from its settings",
              lambda paper, line: paper.content["measures"][line.kpi.id]),
        Field("unit", "What the value is in", lambda _, line: line.kpi.unit),
        Field("counts", "What is counted", lambda _, line: line.kpi.counts),
        Field("aggregation", "How a longer time comes from shorter ones", lambda _, line: line.kpi.aggregation,
              "sum; pool; latest; recompute: it never does"),
        Field("owner", "Who answers for it", lambda _, line: line.kpi.owner),
        Field("caveats", "What to be careful about", lambda _, line: line.kpi.caveats),
        Field("questions", "What a board may ask", lambda _, line: " ".join(line.kpi.questions)),
        Field("reviewed", "When somebody last read the definition through",
              lambda _, line: line.kpi.reviewed.isoformat()),
    ),
    lambda paper: iter(paper.scorecard.lines),
)  # fmt: skip

TABLES = (FIGURES, JUDGEMENTS, EXCEPTIONS, RETURNS, DEFINITIONS)
