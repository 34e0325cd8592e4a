"""What must hold between a KPI and the lists it measures: every column is there, and of a type that fits."""

from scorecards.definitions.breaks import SeriesBreak, begins_a_period
from scorecards.definitions.measure_models import TIME_SINCE, Condition, Linked
from scorecards.definitions.models import Kpi, RecordType
from scorecards.definitions.reporting import DATES, NUMBERS, Parts, Report, check_column, check_date, no

# Columns that every list has beside its own; age_band only where a date of birth is sent.
EVERY_LIST = ("agency",)
GROUPS = ("code", "yes_no", "text", "locality")
STORED = ("child", "reference", "code", "yes_no", "text", "locality", *DATES, *NUMBERS)

# A child in two months is one child in the quarter; a middle of middles is no middle.
MAY_BE_ADDED = {"count": ("sum",), "sum": ("sum",), "submitted": ("sum", "pool", "latest")}
MAY_BE_POOLED = (
    "percentage",
    "within",
    "repeat",
    "previous_ever",
    "change",
    "cohort",
    "reached",
    "preceded",
    "every",
    "returned",
    "filled",
)

# Kinds that look at no one list, with what they may be split by.
SPLIT_BY = {"returned": ("agency",), "filled": ("agency", "list"), "population": ("locality",)}

NEED_A_DAY = (
    "count", "sum", "ratio", "within", "repeat", "previous_ever", "change", "cohort", "reached", "preceded", "every",
)  # fmt: skip
NEED_A_SPAN = ("stock", "reviewed", "recent", "ageing")

UNITS = {
    "count": ("count",),
    "sum": ("count",),
    "distinct": ("count",),
    "stock": ("count",),
    "ageing": ("count",),
    "population": ("count",),
    "rate": ("per_10000",),
    "ratio": ("per_100",),
    "mean": ("count", "days", "working_days"),
    "median": ("count", "days", "working_days"),
    "upper_quartile": ("count", "days", "working_days"),
    "submitted": ("count", "percent", "per_10000", "days", "working_days"),
}


def check_kpi(kpi: Kpi, parts: Parts, report: Report) -> None:
    """Report every name in `kpi` that is not defined, and every setting that does not fit its measure."""
    if kpi.evidence is None:
        report((), ": 'evidence' is missing.")
    if parts.partnership is not None:
        _check_groups(kpi, parts.partnership, report)
    for index, companion in enumerate(kpi.companions):
        if not parts.knows("kpis", companion):
            report(("companions", index), f" has the companion {parts.no('kpis', 'a KPI', companion)}")
    if kpi.compared_with is not None and not parts.knows("kpis", kpi.compared_with):
        report(("compared_with",), f" is compared with {parts.no('kpis', 'a KPI', kpi.compared_with)}")
    if kpi.thresholds is not None and (problem := kpi.misfit(kpi.thresholds)) is not None:
        report(("thresholds",), f": {problem}.")
    if kpi.benchmark is not None and kpi.benchmark.window not in kpi.windows.shown:
        report(("benchmark",), f": the benchmark is fair for {kpi.benchmark.window}, which windows does not show.")
    _check_breaks(kpi, report)
    _check_unit(kpi, report)
    _check_aggregation(kpi, report)
    _check_measure(kpi, parts, report)


def _check_breaks(kpi, report):
    for index, one in enumerate(kpi.breaks):
        path = ("breaks", index, "from")
        if (problem := break_misfit(kpi, one)) is not None:
            report(path, f": {problem}.")
        if index and one.from_ <= kpi.breaks[index - 1].from_:
            report(path, f": the break of {one.from_} stands after one of {kpi.breaks[index - 1].from_}; oldest first.")


def break_misfit(kpi: Kpi, one: SeriesBreak) -> str | None:
    """Return why a break cannot be one of this KPI, as a clause, or None when it can."""
    if begins_a_period(one.from_, kpi.windows.shown):
        return None
    # Inside a period the old and the new way of recording would be one figure, and nobody could tell which.
    kinds = " or ".join(kind.replace("_", " ") for kind in kpi.windows.shown if kind != "rolling_12_months")
    return f"the break of {one.from_} is not the first day of a {kinds}; give that of the first one recorded anew"


def _check_groups(kpi, us, report):
    for field, sentence, noun in (
        ("themes", " is in", "a theme of the partnership"),
        ("priorities", " serves", "a priority of the partnership"),
    ):
        known = {one.id for one in getattr(us, field)}
        for index, name in enumerate(getattr(kpi, field)):
            if name not in known:
                report((field, index), f"{sentence} {no(name, noun, known)}")


def _check_unit(kpi, report):
    units = UNITS.get(kpi.measure.kind, ("percent",))
    if kpi.unit not in units:
        report(("unit",), f": a measure of kind {kpi.measure.kind} has the unit {' or '.join(units)}, not {kpi.unit}.")


def _check_aggregation(kpi, report):
    allowed = ("recompute", *_aggregations(kpi.measure))
    if kpi.aggregation not in allowed:
        sentence = f"may be combined by {' or '.join(allowed)}, not by {kpi.aggregation}"
        report(("aggregation",), f": figures of kind {_described(kpi.measure)} {sentence}.")


def _aggregations(measure) -> tuple[str, ...]:
    if _is_at_a_date(measure):
        return ("latest",)
    if measure.kind == "ratio":
        # What is open at the end of a quarter is no part of what is open at the end of a year.
        return () if measure.over.is_stock else ("pool",)
    if measure.kind in MAY_BE_POOLED and getattr(measure, "counted", "records") == "records":
        return ("pool",)
    return MAY_BE_ADDED.get(measure.kind, ())


def _described(measure) -> str:
    if _is_at_a_date(measure):
        return f"{measure.kind} at a date"
    return f"{measure.kind} that count children" if getattr(measure, "counted", "") == "children" else measure.kind


def _is_at_a_date(measure) -> bool:
    return measure.kind in NEED_A_SPAN or (measure.kind != "submitted" and measure.is_stock)


def _check_measure(kpi, parts, report):
    measure = kpi.measure
    if measure.kind in SPLIT_BY:
        _check_split(kpi, report)
        _check_cells(getattr(measure, "cells", {}), parts, report)
        return
    if not parts.knows("record_types", measure.records):
        report(("measure", "records"), f" measures {parts.no('record_types', 'a record type', measure.records)}")
    record = parts.record_types.get(measure.records)
    if record is None or measure.kind == "submitted":
        return
    _check_base(measure, record, report)
    _check_columns(measure, record, report)
    for field in ("where", "numerator", "required"):
        check_conditions(getattr(measure, field, ()), record, parts, ("measure", field), report)
    if getattr(measure, "order", None) is not None:
        _check_order(measure, record, parts, report)
    _check_lasted(measure, record, report)
    _check_ends(measure, record, parts, report)
    _check_later(measure, parts, report)
    _check_breakdowns(kpi, record, report)
    if measure.kind == "ratio":
        _check_over(kpi, parts, report)


def _check_split(kpi, report):
    known = SPLIT_BY[kpi.measure.kind]
    for index, name in enumerate(kpi.breakdowns):
        if name not in known:
            what = f"a group of a measure of kind {kpi.measure.kind}"
            report(("breakdowns", index), f" is broken down by {no(name, what, known)}")


def _check_cells(cells, parts, report):
    """Check the lists and columns that ought to be filled; a list without a day belongs to no period."""
    for records, columns in cells.items():
        path = ("measure", "cells", records)
        if not parts.knows("record_types", records):
            report(path, f" looks at the cells of {parts.no('record_types', 'a record type', records)}")
        if (record := parts.record_types.get(records)) is None:
            continue
        if record.dated_by is None:
            report(path, f" looks at the cells of {records}, which has no date to say which period a row is of.")
        for index, name in enumerate(columns):
            if name not in record.columns:
                report((*path, index), f" looks at the cells of {no(name, f'a column of {records}', record.columns)}")
            elif record.columns[name].type == "drop":
                report((*path, index), f" looks at the cells of '{name}' in {records}, which are not stored.")


def _check_base(measure, record, report):
    if measure.is_stock and measure.kind in NEED_A_DAY:
        report(("measure",), f": a measure of kind {measure.kind} needs dated_by, not open_from and open_to.")
    if not measure.is_stock and measure.kind in NEED_A_SPAN:
        report(("measure",), f": a measure of kind {measure.kind} needs open_from and open_to, not dated_by.")
    for field in ("dated_by", "open_from", "open_to"):
        if (name := getattr(measure, field)) is not None:
            check_date(report, ("measure", field), name, record)


def _check_columns(measure, record, report):
    who = ("child", "reference")
    for field, types, wanted in (
        ("of", STORED, "a column that is stored"),
        ("who", who, "a child or a reference"),
        ("latest_only", who, "a child or a reference"),
        ("group_by", who, "a child or a reference"),
        ("reported_count", NUMBERS, "a number"),
        ("since", DATES, "a date"),
        _column_wanted(measure),
    ):
        names = getattr(measure, field, None) or ()
        for name in (names,) if isinstance(names, str) else names:
            check_column(report, ("measure", field), name, record, types, wanted)


def _column_wanted(measure):
    """Return of which types the column may be that a measure reads a number or level from, and what to call them."""
    if measure.kind == "sum":
        return "column", ("whole_number",), "a whole number"  # a total of part numbers is no count of anything
    if getattr(measure, "order", None) is not None:
        return "column", ("code",), "a code"
    return "column", NUMBERS, "a number"


def _check_order(measure, record, parts, report):
    """Check that every code of an order of levels is one of its column."""
    column = record.columns.get(measure.column)
    known = _codes(column, parts) if column is not None and column.type == "code" else None
    for index, code in enumerate(measure.order):
        if known is not None and code not in known:
            report(("measure", "order", index), f" orders {measure.column} by {no(code, 'one of its codes', known)}")


def _check_lasted(measure, record, report):
    lasted = getattr(measure, "lasted", None)
    if lasted is None:
        return
    types, wanted = DATES, "a date"
    if lasted.more_than_hours is not None:
        types, wanted = ("datetime",), "a date with its time"
    check_column(report, ("measure", "lasted", "from"), lasted.from_, record, types, wanted)
    if lasted.to != "period_end":
        check_column(report, ("measure", "lasted", "to"), lasted.to, record, types, wanted)


def _check_ends(measure, record, parts, report):
    start, end = getattr(measure, "from_", None), getattr(measure, "to", None)
    if measure.kind == "preceded" and measure.reported_in is not None:
        check_date(report, ("measure", "reported_in"), measure.reported_in, record)
    if (date := getattr(measure, "date", None)) is not None:
        check_date(report, ("measure", "date"), date, record)
    if isinstance(start, Linked):
        _check_linked(start, record, parts, report)
    elif start is not None:
        check_date(report, ("measure", "from"), start, record)
    if end is not None:
        check_date(report, ("measure", "to"), end, record)
    if (limits := getattr(measure, "limit_by", None)) is not None:
        _check_limits(limits, record, parts, report)


def _check_limits(limits, record, parts, report):
    """Check the column whose codes each have a limit of their own."""
    path = ("measure", "limit_by")
    check_column(report, (*path, "column"), limits.column, record, ("code",), "a code")
    column = record.columns.get(limits.column)
    known = _codes(column, parts) if column is not None and column.type == "code" else None
    for code in limits.limits:
        if known is not None and code not in known:
            report((*path, "limits", code), f" limits {limits.column} {no(code, 'one of its codes', known)}")


def _check_linked(start, record, parts, report):
    path = ("measure", "from")
    if not parts.knows("record_types", start.records):
        report((*path, "records"), f" starts from {parts.no('record_types', 'a record type', start.records)}")
    if (earlier := parts.record_types.get(start.records)) is not None:
        check_date(report, (*path, "column"), start.column, earlier)
    if start.reported_in is not None:
        check_date(report, (*path, "reported_in"), start.reported_in, record)


def _check_later(measure, parts, report):
    """Check the record type that a cohort is followed to, or that holds the reviews of a plan."""
    for field in ("had", "by"):
        if (had := getattr(measure, field, None)) is not None:
            _check_had(had, (field,), parts, report)
    for index, hop in enumerate(getattr(measure, "hops", ())):
        _check_hop(hop, index, parts, report)
    fields = {"cohort": ("then", "then_dated_by"), "reviewed": ("reviews", "reviews_dated_by")}.get(measure.kind)
    if fields is None:
        return
    name, dated_by = (getattr(measure, field) for field in fields)
    if not parts.knows("record_types", name):
        report(("measure", fields[0]), f" looks for {parts.no('record_types', 'a record type', name)}")
    if (later := parts.record_types.get(name)) is None:
        return
    check_date(report, ("measure", fields[1]), dated_by, later)
    if getattr(measure, "reviews_who", None) is not None:
        who = ("child", "reference")
        check_column(report, ("measure", "reviews_who"), measure.reviews_who, later, who, "a child or a reference")
    elif measure.who not in later.columns:
        report(("measure", "who"), f" looks in {name} for {no(measure.who, f'a column of {name}', later.columns)}")
    if measure.kind == "cohort":
        check_conditions(measure.then_where, later, parts, ("measure", "then_where"), report)
        if measure.reported_in is not None:
            check_date(report, ("measure", "reported_in"), measure.reported_in, later)


def _check_hop(hop, index, parts, report):
    """Check one event of a journey."""
    _check_had(hop, ("hops", index), parts, report)
    record = parts.record_types.get(hop.records)
    if record is not None and hop.reported_in is not None:
        check_date(report, ("measure", "hops", index, "reported_in"), hop.reported_in, record)


def _check_had(had, field, parts, report):
    """Check the other list in which children are looked for."""
    path = ("measure", *field)
    if not parts.knows("record_types", had.records):
        report((*path, "records"), f" looks for {parts.no('record_types', 'a record type', had.records)}")
    if (record := parts.record_types.get(had.records)) is None:
        return
    check_date(report, (*path, "dated_by"), had.dated_by, record)
    check_conditions(had.where, record, parts, (*path, "where"), report)
    if record.child_column is None:
        report((*path, "records"), f" looks for children in {had.records}, whose rows have no child.")


def _check_over(kpi, parts, report):
    """Check what a ratio divides by, which is split by the same groups."""
    over, path = kpi.measure.over, ("measure", "over")
    if not parts.knows("record_types", over.records):
        report((*path, "records"), f" divides by {parts.no('record_types', 'a record type', over.records)}")
    if (record := parts.record_types.get(over.records)) is None:
        return
    for field in ("dated_by", "open_from", "open_to"):
        if (name := getattr(over, field)) is not None:
            check_date(report, (*path, field), name, record)
    check_conditions(over.where, record, parts, (*path, "where"), report)
    if over.records != kpi.measure.records:
        _check_breakdowns(kpi, record, report)


def _check_breakdowns(kpi, record, report):
    known = {*_derived(record), *(name for name, column in record.columns.items() if column.type in GROUPS)}
    known |= {TIME_SINCE} if kpi.measure.kind == "ageing" else set()
    for index, name in enumerate(kpi.breakdowns):
        if name not in known:
            report(("breakdowns", index), f" is broken down by {no(name, f'a group of {record.id}', known)}")


def _derived(record: RecordType) -> tuple[str, ...]:
    has_age = any(column.type == "birth" for column in record.columns.values())
    return (*EVERY_LIST, "age_band") if has_age else EVERY_LIST


def check_conditions(conditions: tuple[Condition, ...], record, parts, path, report):
    """Report every condition, of those at `path`, on a column that is not stored or for a code that is not known."""
    for index, condition in enumerate(conditions):
        here = (*path, index)
        if condition.column in _derived(record):
            continue
        check_column(report, (*here, "column"), condition.column, record, STORED, "one that is stored")
        if condition.column in record.columns:
            _check_condition(condition, record.columns[condition.column], parts, here, report)


def _check_condition(condition, column, parts, path, report):
    known = _codes(column, parts)
    for code in condition.is_ or condition.is_not or ():
        if known is not None and code not in known:
            report(path, f" tests {condition.column} for {no(code, 'one of its codes', known)}")
    if (condition.at_least is not None or condition.at_most is not None) and column.type not in NUMBERS:
        sentence = f"which is of type {column.type}; at_least and at_most need a number"
        report(path, f" tests '{condition.column}', {sentence}.")


def _codes(column, parts) -> set[str] | None:
    """Return the words that a column may hold, or None where it may hold any."""
    if column.type == "yes_no":
        return {"yes", "no"}
    code_list = parts.code_lists.get(column.codes)
    return set(code_list.codes) if code_list else None
