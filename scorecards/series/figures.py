"""One figure: its value and, apart from it, its status; unknown is never zero."""

from dataclasses import dataclass, replace
from enum import StrEnum

from scorecards.definitions import (
    Cohort,
    Definitions,
    During,
    Filled,
    Kpi,
    Linked,
    PopulationSize,
    Reached,
    Repeat,
    Returned,
    Submitted,
)
from scorecards.measures import kind_of
from scorecards.periods import Period, add_months
from scorecards.series.coverage import Coverage

MONTHS_A_YEAR = 12
# Kinds that set what one list has of a period against what another has of it.
OF_TWO_LISTS = ("ratio", "during")
# Kinds that follow what a list has of a period forward through other lists.
FOLLOWED = (Cohort, Reached)


class Status(StrEnum):
    FINAL = "final"
    PROVISIONAL = "provisional"
    NOT_SUBMITTED = "not_submitted"  # the list or return has not been sent
    NOT_SUPPLIED = "not_supplied"  # it was sent without what this figure needs
    HISTORY_INCOMPLETE = "history_incomplete"
    TOO_RECENT = "too_recent"
    NOT_APPLICABLE = "not_applicable"  # nothing to divide by: no cases
    WITHHELD = "withheld"  # the sender gave a symbol instead of a number


class Note(StrEnum):
    NONE = ""
    PART_COVERED = "part_covered"
    ROWS_REFUSED = "rows_refused"
    REPORTED_COUNTER = "reported_counter"
    TOO_RECENT_LEFT_OUT = "too_recent_left_out"
    SENT_SINCE = "sent_since"  # rows that were brought up to date after the last day are left out
    NO_POPULATION = "no_population"
    OLDER_POPULATION = "older_population"
    REVISED_POPULATION = "revised_population"  # a later release gives that mid-year otherwise than an earlier one did
    SENDERS_DISAGREE = "senders_disagree"
    SENDER_MISSING = "sender_missing"
    CANNOT_BE_ADDED = "cannot_be_added"
    NOT_BY_LOCALITY = "not_by_locality"
    NOT_AVAILABLE = "not_available"
    MONTHLY_AVERAGE = "monthly_average"
    EARLIER_MISSING = "earlier_missing"  # the year to date before it, from which the period would follow
    TO_DATE_FALLS = "to_date_falls"
    TO_DATE_ONLY = "to_date_only"


class FedBy(StrEnum):
    NOTHING = "nothing"
    LIST = "list"
    COUNTER = "counter"
    AGGREGATE = "aggregate"
    POPULATION = "population"  # the estimate in partnership.yaml


@dataclass(frozen=True)
class Point:
    """A KPI's figure for one period. Percentages are 0 to 100; a median has no numerator."""

    period: Period
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    excluded: int = 0
    status: Status = Status.NOT_SUBMITTED
    note: Note = Note.NONE
    fed_by: FedBy = FedBy.NOTHING

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def is_part_period(self) -> bool:
        return self.note is Note.PART_COVERED

    @property
    def stands_apart(self) -> bool:
        """Return whether the figure is not of the same kind as those of whole periods, and compares with none."""
        return self.note in (Note.PART_COVERED, Note.MONTHLY_AVERAGE)


@dataclass(frozen=True)
class Row:
    """What a measure statement returned for one period and group."""

    numerator: float | None = 0
    denominator: float | None = None
    excluded: int = 0
    reported_numerator: float | None = None
    reported_known: float | None = None
    since: float | None = None  # of those left out, how many for a date after the last day


@dataclass(frozen=True)
class Setting:
    """What figures of one KPI need beside their rows."""

    kpi: Kpi
    definitions: Definitions
    coverage: Coverage


def status_of(setting: Setting, period: Period) -> tuple[Status, Note]:
    """Return the status that coverage alone gives a list-fed figure of `period`, before its rows are looked at."""
    measure, coverage = setting.kpi.measure, setting.coverage
    first, end = period.first.toordinal(), period.end.toordinal()
    records = kind_of(measure).record_types(setting.kpi)
    if isinstance(measure, Submitted):
        return Status.NOT_SUBMITTED, Note.NONE  # no list feeds it
    if isinstance(measure, PopulationSize):
        return Status.FINAL, Note.NONE  # no list tells it
    if isinstance(measure, Returned):
        return Status.FINAL, Note.NONE  # what did not come is what it counts
    if isinstance(measure, Filled):
        return _status_of_cells(measure, setting.coverage, period)
    if measure.kind in OF_TWO_LISTS:
        return _status_of_two(setting, period)
    if measure.is_stock:
        if not coverage.covers(records[0], end - 1, end):
            return Status.NOT_SUBMITTED, Note.NONE
        first = end - 1
    elif period.kind == "rolling_12_months" and not coverage.covers(records[0], end - 1, end):
        return Status.NOT_SUBMITTED, Note.NONE  # a year that runs on past the newest data is no figure of its end
    elif not coverage.covers(records[0], first, end):
        if coverage.touches(records[0], first, end):
            return Status.PROVISIONAL, Note.PART_COVERED
        return Status.NOT_SUBMITTED, Note.NONE
    if isinstance(measure, FOLLOWED):
        if not all(coverage.touches(later, first, end) for later in records[1:]):
            return Status.NOT_SUBMITTED, Note.NONE
        if not all(_is_followed(coverage, later, first, end, measure.within_days) for later in records[1:]):
            return Status.PROVISIONAL, Note.PART_COVERED
    if measure.kind == "preceded" and not coverage.touches(records[-1], first - measure.within_days, end):
        return Status.NOT_SUBMITTED, Note.NONE
    if measure.kind == "reviewed" and not coverage.covers(records[1], end - 1, end):
        return Status.NOT_SUBMITTED, Note.NONE
    if any(coverage.has_refused(*span) for span in _read_spans(measure, records, first, end)):
        return Status.PROVISIONAL, Note.ROWS_REFUSED
    return Status.FINAL, Note.NONE


def _is_followed(coverage: Coverage, later: str, first: int, end: int, within_days: int) -> bool:
    """Return whether a later list has no gap until its newest day, or until everybody's time has passed."""
    return coverage.covers(later, first, min(end + within_days, coverage.end_days()[later]))


def _status_of_two(setting: Setting, period: Period) -> tuple[Status, Note]:
    """Return the status of a figure that sets one list against another: both must be of the same days."""
    coverage, spans = setting.coverage, _set_against(setting.kpi.measure, period)
    (_, *days), (_, *other_days) = spans
    is_rolling = period.kind == "rolling_12_months"
    if is_rolling and not all(coverage.covers(records, end - 1, end) for records, _first, end in spans):
        return Status.NOT_SUBMITTED, Note.NONE
    if not all(coverage.covers(*span) for span in spans):
        parts, other_parts = (coverage.parts(*span) for span in spans)
        # A month of one over a quarter of the other is a figure of nothing.
        alike = parts == other_parts if days == other_days else coverage.covers(*spans[1])
        return (Status.PROVISIONAL, Note.PART_COVERED) if parts and alike else (Status.NOT_SUBMITTED, Note.NONE)
    if any(coverage.has_refused(*span) for span in spans):
        return Status.PROVISIONAL, Note.ROWS_REFUSED
    return Status.FINAL, Note.NONE


def _set_against(measure, period: Period) -> tuple[tuple[str, int, int], tuple[str, int, int]]:
    """Return (record type, first day, end) of both lists of a figure that sets one against the other."""
    first, end = period.first.toordinal(), period.end.toordinal()
    if isinstance(measure, During):
        return (measure.records, first, end), (measure.had.records, first, end)
    return (measure.records, first, end), (measure.over.records, end - 1 if measure.over.is_stock else first, end)


def _status_of_cells(measure: Filled, coverage: Coverage, period: Period) -> tuple[Status, Note]:
    """Return the status of a figure that is made of whichever of its lists came: those that did not are not in it."""
    first, end = period.first.toordinal(), period.end.toordinal()
    came = [records for records in measure.cells if coverage.touches(records, first, end)]
    if period.kind == "rolling_12_months":
        came = [records for records in came if coverage.covers(records, end - 1, end)]
    if not came:
        return Status.NOT_SUBMITTED, Note.NONE
    if not all(coverage.covers(records, first, end) for records in came):
        return Status.PROVISIONAL, Note.PART_COVERED
    if any(coverage.has_refused(records, first, end) for records in came):
        return Status.PROVISIONAL, Note.ROWS_REFUSED
    return Status.FINAL, Note.NONE


def _read_spans(measure, records, first, end):
    """Return (record type, first day, end) of the rows that a figure is made from: its own and those they link with."""
    spans = [(records[0], first, end)]
    if isinstance(measure, FOLLOWED):
        spans += [(later, first, end + measure.within_days) for later in records[1:]]
    elif measure.kind == "reviewed":
        spans.append((records[1], end - measure.longest_gap, end))
    elif measure.kind == "preceded":
        spans.append((records[1], first - measure.within_days, end))
    elif len(records) > 1:
        spans.append((records[1], first - measure.from_.within_days, end))
    return spans


def has_look_back(setting: Setting, period: Period) -> bool:
    """Return whether a repeat measure's whole window before the period is covered."""
    measure = setting.kpi.measure
    assert isinstance(measure, Repeat)
    first = period.first.toordinal()
    if measure.within_months is not None:
        start = add_months(period.first, -measure.within_months).toordinal()
    else:
        start = first - (measure.within_days or 0)
    return setting.coverage.covers(measure.records, start, first)


def point_of(setting: Setting, period: Period, row: Row, area: str) -> Point:
    """Return the figure that `row` gives for a covered period, in `area` ("partnership" or a locality)."""
    status, note = status_of(setting, period)
    if status is Status.NOT_SUBMITTED:
        return Point(period)
    found = Point(period, None, row.numerator, row.denominator, row.excluded, status, note, FedBy.LIST)
    return _FINISHERS[setting.kpi.measure.kind](setting, found, row, area)


def _counted(_setting, found, _row, _area):
    if not found.numerator and found.excluded:
        return replace(found, numerator=None, status=Status.NOT_SUPPLIED)
    return replace(found, value=found.numerator)


def _total(_setting, found, _row, _area):
    # Rows there were, but none with a number; and without a row the total is nought.
    if found.numerator is None:
        return replace(found, status=Status.NOT_SUPPLIED)
    return replace(found, value=found.numerator)


def _share(_setting, found, _row, _area):
    if not found.denominator:
        # Rows there were, but none with what the test needs.
        status = Status.NOT_SUPPLIED if found.excluded else Status.NOT_APPLICABLE
        return replace(found, numerator=None, denominator=0, status=status)
    return replace(found, value=100 * found.numerator / found.denominator)


def _ratio(_setting, found, _row, _area):
    if found.numerator is None or found.denominator is None:
        # Rows there were, but of none is it known whether it counts.
        return replace(found, numerator=None, denominator=None, status=Status.NOT_SUPPLIED)
    if not found.denominator:
        return replace(found, numerator=None, status=Status.NOT_APPLICABLE)
    return replace(found, value=100 * found.numerator / found.denominator)


def _repeat(setting, found, row, area):
    if has_look_back(setting, found.period):
        return _share(setting, found, row, area)
    measure = setting.kpi.measure
    if measure.reported_count and found.denominator and row.reported_known == found.denominator:
        counted = replace(found, numerator=row.reported_numerator, note=found.note or Note.REPORTED_COUNTER)
        return replace(_share(setting, counted, row, area), fed_by=FedBy.COUNTER)
    return replace(found, numerator=None, status=Status.HISTORY_INCOMPLETE)


def _preceded(setting, found, row, area):
    measure = setting.kpi.measure
    if found.denominator and not _has_earlier(setting, found, measure.by.records, measure.within_days):
        return replace(found, numerator=None, status=Status.HISTORY_INCOMPLETE)
    return _share(setting, found, row, area)


def _has_earlier(setting, found, earlier, within_days):
    """Return whether the list of earlier records is covered as far back as any row of the figure looks into it."""
    first, end = found.period.first.toordinal(), found.period.end.toordinal()
    if found.note is Note.PART_COVERED:
        # Not how far the list reaches by now: rows of later days are in no part of this period.
        end = setting.coverage.parts(setting.kpi.measure.records, first, end)[-1][1]
    return setting.coverage.covers(earlier, first - within_days, end)


def _cohort(setting, found, row, area):
    if not found.denominator and found.excluded:
        return replace(found, numerator=None, denominator=0, status=Status.TOO_RECENT)
    if found.excluded and found.note is Note.NONE:
        found = replace(found, status=Status.PROVISIONAL, note=Note.TOO_RECENT_LEFT_OUT)
    return _share(setting, found, row, area)


def _of_lengths(finish):
    """Return what finishes a figure of lengths: `finish`, where lengths are known and as many as there can be."""

    def finished(setting, found, row, area):
        start = setting.kpi.measure.from_
        if not found.denominator:
            return _share(setting, found, row, area)
        # Only those whose earlier record was sent would be measured, and they waited least.
        if isinstance(start, Linked) and not _has_earlier(setting, found, start.records, start.within_days):
            return replace(found, numerator=None, status=Status.HISTORY_INCOMPLETE)
        return finish(setting, found, row, area)

    return finished


def _upper_quartile(_setting, found, _row, _area):
    return replace(found, value=found.numerator, numerator=None)


def _recent(setting, found, row, area):
    if row.since and found.denominator and found.note is Note.NONE:
        # Those who were seen since are left out, and those who were not are all still there.
        found = replace(found, status=Status.PROVISIONAL, note=Note.SENT_SINCE)
    return _share(setting, found, row, area)


def _ageing(setting, found, row, area):
    if row.since and found.note is Note.NONE:
        found = replace(found, status=Status.PROVISIONAL, note=Note.SENT_SINCE)
    return _counted(setting, found, row, area)


def _rate(setting, found, _row, area):
    children, about_them = population_for(setting.definitions, area, found.period)
    if children is None:
        return replace(found, status=Status.NOT_SUPPLIED, note=Note.NO_POPULATION)
    measure = setting.kpi.measure
    # A flow of less than a year is given as a yearly rate; a stock is what it is.
    annual = 1 if measure.is_stock else MONTHS_A_YEAR / found.period.months
    value = found.numerator * annual / children * measure.per
    return replace(found, value=value, denominator=children, note=found.note or about_them)


def _population(setting, found, _row, area):
    children, is_older = population_for(setting.definitions, area, found.period)
    if children is None:
        return replace(
            found, numerator=None, status=Status.NOT_SUPPLIED, note=Note.NO_POPULATION, fed_by=FedBy.NOTHING
        )  # fmt: skip
    note = Note.OLDER_POPULATION if is_older else Note.NONE
    return replace(found, value=children, numerator=children, note=note, fed_by=FedBy.POPULATION)


def _mean(_setting, found, _row, _area):
    return replace(found, value=found.numerator / found.denominator)


def _median(_setting, found, _row, _area):
    middle = 1 if found.denominator % 2 else 2
    return replace(found, value=found.numerator / middle, numerator=None)


_FINISHERS = {
    "count": _counted,
    "sum": _total,
    "distinct": _counted,
    "stock": _counted,
    "percentage": _share,
    "within": _share,
    "reviewed": _share,
    "recent": _recent,
    "ageing": _ageing,
    "during": _share,
    "every": _share,
    "preceded": _preceded,
    "previous_ever": _share,
    "change": _share,
    "filled": _share,
    "returned": _cohort,
    "repeat": _repeat,
    "cohort": _cohort,
    "reached": _cohort,
    "rate": _rate,
    "ratio": _ratio,
    "population": _population,
    "mean": _of_lengths(_mean),
    "median": _of_lengths(_median),
    "upper_quartile": _of_lengths(_upper_quartile),
}


def population_for(definitions: Definitions, area: str, period: Period) -> tuple[int | None, Note]:
    """Return the children aged 0 to 17 of `area` for `period`, and what must be said of that number.

    The Department for Education divides a year that ends on 31 March by the population at the middle of the year
    before.
    """
    last = period.last
    wanted = last.year if last.month >= 4 else last.year - 1
    known = [one for one in definitions.partnership.populations if one.area == area and one.mid_year <= wanted]
    if not known:
        return None, Note.NO_POPULATION
    mid_year = max(one.mid_year for one in known)
    # Of several releases of one mid-year the last in the file is the one in force.
    releases = [one.children_0_17 for one in known if one.mid_year == mid_year]
    if mid_year < wanted:
        return releases[-1], Note.OLDER_POPULATION
    # A rate that changes though no case did says why.
    return releases[-1], Note.NONE if len(set(releases)) == 1 else Note.REVISED_POPULATION
