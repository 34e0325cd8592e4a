"""What must hold between the blocks of the definitions files: every name used is a name defined."""

from scorecards.definitions.measure_models import Condition, Linked
from scorecards.definitions.words import did_you_mean, normalise
from scorecards.definitions.yaml_lines import YamlFile

# Columns that every list has beside its own: derived at intake, or known from the sender.
DERIVED = ("locality", "agency", "age_band")
DATES = ("date", "datetime")
NUMBERS = ("whole_number", "number")


def cross_check(parts: dict, kpi_file: YamlFile, record_file: YamlFile, partnership_file: YamlFile) -> list[str]:
    """Return every broken reference between the definitions as a sentence with file and line."""
    problems: list[str] = []
    for record in parts["record_types"].values():
        _check_record(record, parts, _reporter(record_file, ("record_types", record.id), problems))
    _check_code_lists(parts, record_file, problems)
    for kpi in parts["kpis"].values():
        _check_kpi(kpi, parts, _reporter(kpi_file, ("kpis", kpi.id), problems))
    if parts["partnership"] is not None:
        _check_partnership(parts, _reporter(partnership_file, (), problems))
    return problems


def _reporter(file: YamlFile, block, problems):
    def report(path, sentence):
        problems.append(f"{file.name}:{file.line((*block, *path))}: {sentence}")

    return report


def _known(report, path, what, name, known):
    if name in known:
        return True
    listed = ", ".join(sorted(known)[:12]) + (" ..." if len(known) > 12 else "")
    report(path, f"{what} '{name}' is not defined; allowed: {listed}.{did_you_mean(name, known)}")
    return False


def _check_record(record, parts, report):
    for agency in record.sent_by:
        if parts["partnership"] is not None:
            # A partnership need not have every agency that could send a list; the word must only be a word.
            if not agency.replace("_", "").isalnum():
                report(("sent_by",), f"record type '{record.id}': sent_by '{agency}' is not an agency id.")
    for name in record.key:
        _known(report, ("key",), f"record type '{record.id}': key column", name, record.columns)
    _check_dating(record, report)
    headings: dict[str, str] = {}
    for name, column in record.columns.items():
        path = ("columns", name)
        if column.codes:
            _known(report, (*path, "codes"), f"record type '{record.id}', column '{name}': code list", column.codes, parts["code_lists"])
        for heading in column.headings:
            other = headings.setdefault(normalise(heading), name)
            if other != name:
                report((*path, "headings"), f"record type '{record.id}': heading '{heading}' stands for both '{other}' and '{name}'.")
    for index, rule in enumerate(record.rules):
        for name in (rule.column, rule.not_before):
            _date_column(report, ("rules", index), f"record type '{record.id}': rule column", name, record)
    if record.same_row_as:
        _known(report, ("same_row_as",), f"record type '{record.id}': same_row_as", record.same_row_as, parts["record_types"])


def _check_dating(record, report):
    if record.replaces == "key":
        return
    if record.dated_by is None:
        report((), f"record type '{record.id}' replaces by {record.replaces}, so it needs dated_by.")
        return
    _date_column(report, ("dated_by",), f"record type '{record.id}': dated_by", record.dated_by, record)
    if record.replaces == "episode":
        if record.ended_by is None:
            report((), f"record type '{record.id}' replaces by episode, so it needs ended_by.")
        else:
            _date_column(report, ("ended_by",), f"record type '{record.id}': ended_by", record.ended_by, record)


def _date_column(report, path, what, name, record):
    if _known(report, path, what, name, record.columns) and record.columns[name].type not in DATES:
        report(path, f"{what} '{name}' is of type {record.columns[name].type}; it must be a date.")


def _check_code_lists(parts, file, problems):
    for name, codes in parts["code_lists"].items():
        seen: dict[str, str] = {}
        for code, entry in codes.codes.items():
            for form in (code, entry.label, *entry.aliases):
                other = seen.setdefault(normalise(form), code)
                if other != code:
                    line = file.line(("code_lists", name, "codes", code))
                    problems.append(f"{file.name}:{line}: code list '{name}': '{form}' stands for both '{other}' and '{code}'.")


def _check_kpi(kpi, parts, report):
    what = f"KPI '{kpi.id}'"
    if parts["partnership"] is not None:
        themes = {theme.id for theme in parts["partnership"].themes}
        for theme in kpi.themes:
            _known(report, ("themes",), f"{what}: theme", theme, themes)
    for companion in kpi.companions:
        _known(report, ("companions",), f"{what}: companion", companion, parts["kpis"])
    measure = kpi.measure
    if not _known(report, ("measure", "records"), f"{what} measures", measure.records, parts["record_types"]):
        return
    if measure.kind == "submitted":
        return
    record = parts["record_types"][measure.records]
    _check_base(measure, record, parts, what, report)
    for name in kpi.breakdowns:
        _known(report, ("breakdowns",), f"{what}: breakdown", name, {*record.columns, *DERIVED})


def _check_base(measure, record, parts, what, report):
    path = ("measure",)
    for field in ("dated_by", "open_from", "open_to"):
        name = getattr(measure, field)
        if name is not None:
            _date_column(report, (*path, field), f"{what}: {field}", name, record)
    for field in ("of", "who", "reported_count", "column"):
        name = getattr(measure, field, None)
        if name is not None:
            _known(report, (*path, field), f"{what}: {field}", name, record.columns)
    for field in ("where", "numerator"):
        _check_conditions(getattr(measure, field, ()), record, parts, what, (*path, field), report)
    _check_lasting(measure, record, parts, what, report)
    later = {"cohort": ("then", "then_dated_by"), "reviewed": ("reviews", "reviews_dated_by")}.get(measure.kind)
    if later:
        _check_later(measure, later, parts, what, report)


def _check_lasting(measure, record, parts, what, report):
    lasted = getattr(measure, "lasted", None)
    if lasted is not None:
        _date_column(report, ("measure", "lasted"), f"{what}: lasted from", lasted.from_, record)
        if lasted.to != "period_end":
            _date_column(report, ("measure", "lasted"), f"{what}: lasted to", lasted.to, record)
    start, end = getattr(measure, "from_", None), getattr(measure, "to", None)
    if isinstance(start, Linked):
        if _known(report, ("measure", "from"), f"{what}: from records", start.records, parts["record_types"]):
            earlier = parts["record_types"][start.records]
            _date_column(report, ("measure", "from"), f"{what}: from column", start.column, earlier)
        if start.reported_in:
            _date_column(report, ("measure", "from"), f"{what}: reported_in", start.reported_in, record)
    elif start is not None:
        _date_column(report, ("measure", "from"), f"{what}: from", start, record)
    if end is not None:
        _date_column(report, ("measure", "to"), f"{what}: to", end, record)


def _check_later(measure, fields, parts, what, report):
    records, dated_by = (getattr(measure, field) for field in fields)
    if not _known(report, ("measure", fields[0]), f"{what}: {fields[0]}", records, parts["record_types"]):
        return
    later = parts["record_types"][records]
    _date_column(report, ("measure", fields[1]), f"{what}: {fields[1]}", dated_by, later)
    if measure.kind == "cohort":
        _check_conditions(measure.then_where, later, parts, what, ("measure", "then_where"), report)
        if measure.reported_in:
            _date_column(report, ("measure", "reported_in"), f"{what}: reported_in", measure.reported_in, later)


def _check_conditions(conditions: tuple[Condition, ...], record, parts, what, path, report):
    for index, condition in enumerate(conditions):
        where = (*path, index)
        if condition.column in DERIVED:
            continue
        if not _known(report, where, f"{what}: column", condition.column, record.columns):
            continue
        column = record.columns[condition.column]
        wanted = condition.is_ or condition.is_not or ()
        if column.type == "yes_no":
            for code in wanted:
                _known(report, where, f"{what}: {condition.column}", code, {"yes", "no"})
        elif column.codes in parts["code_lists"]:
            for code in wanted:
                _known(report, where, f"{what}: {condition.column}", code, parts["code_lists"][column.codes].codes)
        if (condition.at_least is not None or condition.at_most is not None) and column.type not in NUMBERS:
            report(where, f"{what}: '{condition.column}' is of type {column.type}; at_least and at_most need a number.")


def _check_partnership(parts, report):
    us = parts["partnership"]
    for index, lead in enumerate(us.lead_agencies):
        path = ("lead_agencies", index)
        _known(report, path, "lead agency for records", lead.records, parts["record_types"])
        _known(report, path, "lead agency", lead.agency, us.agencies)
    for index, expected in enumerate(us.returns):
        path = ("returns", index)
        _known(report, path, "return from agency", expected.agency, us.agencies)
        for records in expected.records:
            _known(report, path, "return of records", records, parts["record_types"])
        for kpi in expected.kpis:
            _known(report, path, "return of KPI", kpi, parts["kpis"])
    for index, target in enumerate(us.targets):
        path = ("targets", index)
        if _known(report, path, "target for KPI", target.kpi, parts["kpis"]):
            band = target.green is None
            if band != (parts["kpis"][target.kpi].polarity == "band"):
                report(path, f"target for KPI '{target.kpi}': the target and the KPI's polarity do not fit each other.")
    for index, population in enumerate(us.populations):
        _known(report, ("populations", index), "population of area", population.area, {"partnership", *us.localities})
    _check_places(us, report)


def _check_places(us, report):
    seen: dict[tuple[str, str], str] = {}
    for name, locality in us.localities.items():
        for kind in ("teams", "districts", "providers"):
            for place in getattr(locality, kind):
                other = seen.setdefault((kind, normalise(place)), name)
                if other != name:
                    report(("localities", name, kind), f"'{place}' is in both '{other}' and '{name}'.")
