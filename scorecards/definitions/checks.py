"""What must hold between the blocks of the definitions files: every name used is a name defined."""

import re

from scorecards.definitions.councils import read_councils
from scorecards.definitions.data_set_checks import check_data_set
from scorecards.definitions.journey_checks import check_journey
from scorecards.definitions.kpi_checks import break_misfit, check_kpi
from scorecards.definitions.models import ExpectedReturn, Form, Partnership, RecordType
from scorecards.definitions.reporting import Parts, Report, check_date, no, reporter
from scorecards.definitions.rule_checks import check_rule
from scorecards.definitions.words import normalise
from scorecards.definitions.yaml_lines import YamlFile

# Ids become names of tables, columns and links.
ID = re.compile(r"[a-z][a-z0-9_]*")
A_NAME = "a name starts with a letter and has small letters, digits and underscores only"
# Every list has these beside its own columns: who sent a row, where it stood, when it counts, and the child's age.
RESERVED = (
    *("id", "agency", "submission_id", "source_row", "landed_in", "superseded_in"),
    *("age", "age_band", "birth_month"),
)
# What children are told apart by when it is asked whom something happens to.
GROUPED = ("age_band", "sex", "ethnicity", "disability")


def cross_check(parts: dict, kpi_file: YamlFile, record_file: YamlFile, partnership_file: YamlFile) -> list[str]:
    """Return every broken reference between the definitions as a sentence with file and line."""
    known = Parts(
        kpis=parts["kpis"],
        record_types=parts["record_types"],
        code_lists=parts["code_lists"],
        partnership=parts["partnership"],
        names={
            "kpis": _names(kpi_file, "kpis"),
            "record_types": _names(record_file, "record_types"),
            "code_lists": _names(record_file, "code_lists"),
        },
    )
    problems: list[str] = []
    for name, record in known.record_types.items():
        what = f"record type '{name}'"
        _check_record(record, known, reporter(record_file, ("record_types", name), what, problems))
    _check_told_apart(known, record_file, problems)
    for name, codes in known.code_lists.items():
        _check_code_list(codes, reporter(record_file, ("code_lists", name), f"code list '{name}'", problems))
    for name, rule in parts["rules_between"].items():
        report = reporter(record_file, ("rules_between", name), f"rule '{name}'", problems)
        _check_id(name, report)
        check_rule(rule, known, report)
    for name, kpi in known.kpis.items():
        report = reporter(kpi_file, ("kpis", name), f"KPI '{name}'", problems)
        _check_id(name, report)
        check_kpi(kpi, known, report)
    _check_titles(known, kpi_file, problems)
    if known.partnership is not None:
        _check_partnership(known.partnership, known, reporter(partnership_file, (), "", problems))
        _check_data_sets(known, kpi_file, partnership_file, problems)
        _check_journey_where_it_stands(known, kpi_file, partnership_file, problems)
    return problems


def _check_data_sets(parts: Parts, kpi_file: YamlFile, partnership_file: YamlFile, problems: list[str]) -> None:
    """Check every data set where it stands: a partnership's own in its file, the others with the KPIs."""
    ours = _own_places(partnership_file, "data_sets")
    seen = set()
    for index, found in enumerate(parts.partnership.data_sets if parts.partnership else ()):
        own = index < ours
        file, place = (partnership_file, ("data_sets", index)) if own else (kpi_file, ("data_sets", found.id))
        report = reporter(file, place, f"data set '{found.id}'", problems)
        _check_id(found.id, report)
        if found.id in seen:
            report((), " stands here a second time.")
        seen.add(found.id)
        check_data_set(found, parts, report)


def _own_places(file: YamlFile, section: str) -> int:
    """Return how many blocks a partnership has in a section of its own: they come first."""
    blocks = file.data.get(section) if isinstance(file.data, dict) else None
    return len(blocks) if isinstance(blocks, list) else 0


def _check_journey_where_it_stands(known, kpi_file, partnership_file, problems):
    stages = known.partnership.journey
    if isinstance(partnership_file.data, dict) and partnership_file.data.get("journey") is not None:
        places = [("journey", index) for index in range(len(stages))]
        check_journey(known, places, reporter(partnership_file, (), "", problems))
    elif len(_names(kpi_file, "journey") or ()) == len(stages):  # else a stage is broken, and steps would look wrong
        places = [("journey", stage.id) for stage in stages]
        check_journey(known, places, reporter(kpi_file, (), "", problems))


def _names(file: YamlFile, section: str) -> set[str] | None:
    """Return the names in a section, of broken blocks too; None where the section cannot be read."""
    blocks = file.data.get(section) if isinstance(file.data, dict) else None
    return {str(name) for name in blocks} if isinstance(blocks, dict) else None


def _check_id(name: str, report: Report) -> None:
    if not ID.fullmatch(name):
        report((), f": {A_NAME}.")


def _check_titles(parts: Parts, file: YamlFile, problems: list[str]) -> None:
    """Report titles that two KPIs share: partners may name a KPI by its title."""
    seen: dict[str, str] = {}
    for name, kpi in parts.kpis.items():
        other = seen.setdefault(normalise(kpi.title), name)
        if other != name:
            line = file.line(("kpis", name, "title"))
            problems.append(f"{file.name}:{line}: KPI '{name}' has the same title as '{other}'.")


def _check_told_apart(parts: Parts, file: YamlFile, problems: list[str]) -> None:
    """Report two lists of which each has every heading that the other needs: a sheet could be either."""
    needed = {name: _headings_needed(record) for name, record in parts.record_types.items()}
    for name, columns in needed.items():
        for other, others in needed.items():
            if other == name:
                break
            if _stands_in(columns, others) and _stands_in(others, columns):
                line = file.line(("record_types", name, "columns"))
                sentence = f"record type '{name}' needs the same headings as '{other}', so that neither can be told."
                problems.append(f"{file.name}:{line}: {sentence}")


def _headings_needed(record: RecordType) -> list[set[str]]:
    columns = [column for column in record.columns.values() if column.required]
    return [{normalise(heading) for heading in column.headings} for column in columns]


def _stands_in(columns: list[set[str]], others: list[set[str]]) -> bool:
    """Return whether headings of `others` may be all that a list with these `columns` needs."""
    return bool(columns) and all(any(column & other for other in others) for column in columns)


def _check_record(record: RecordType, parts: Parts, report: Report) -> None:
    _check_id(record.id, report)
    for index, name in enumerate(record.key):
        if name not in record.columns:
            report(("key", index), f" has the key {no(name, 'one of its columns', record.columns)}")
    _check_dating(record, report)
    _check_columns(record, parts, report)
    _check_told(record, parts, report)
    for index, rule in enumerate(record.rules):
        check_date(report, ("rules", index, "column"), rule.column, record)
        check_date(report, ("rules", index, "not_before"), rule.not_before, record)
    for index, form in enumerate(record.forms):
        _check_form(form, record, parts, _below(report, "forms", index))
    if record.same_row_as is not None and not parts.knows("record_types", record.same_row_as):
        sentence = parts.no("record_types", "a record type", record.same_row_as)
        report(("same_row_as",), f" comes from the same row as {sentence}")


def _below(report: Report, *place: str | int) -> Report:
    """Return what reports of a part of the block that stands at `place` in it."""
    return lambda path, sentence: report((*place, *path), sentence)


def _check_dating(record, report):
    if record.replaces == "key":
        return
    if record.dated_by is None:
        report(("dated_by",), f" replaces by {record.replaces}, so it needs dated_by.")
    else:
        check_date(report, ("dated_by",), record.dated_by, record)
    if record.ended_by is not None:
        check_date(report, ("ended_by",), record.ended_by, record)
    elif record.replaces == "episode":
        report((), " replaces by episode, so it needs ended_by.")

    if record.may_be_latest_only and (record.child_column is None or record.ended_by is None):
        report(("may_be_latest_only",), " may have each child's latest row alone, so it needs a child and ended_by.")
    if record.stands_at is not None and (record.replaces != "event" or record.stands_at != record.dated_by):
        report(("stands_at",), " has stands_at, so it replaces by event and stands_at is what dates it.")


def _check_columns(record, parts, report):
    headings: dict[str, str] = {}
    for name, column in record.columns.items():
        path = ("columns", name)
        if not ID.fullmatch(name):
            report(path, f" has a column '{name}'; {A_NAME}.")
        if name in RESERVED:
            report(path, f" has a column '{name}', a name that every list uses already. Choose another.")
        if column.codes is not None and not parts.knows("code_lists", column.codes):
            sentence = parts.no("code_lists", "a code list", column.codes)
            report((*path, "codes"), f" takes the codes of '{name}' from {sentence}")
        for heading in column.headings:
            other = headings.setdefault(normalise(heading), name)
            if other != name:
                report((*path, "headings"), f": the heading '{heading}' stands for both '{other}' and '{name}'.")


def _check_told(record, parts, report):
    """Report a yes or no that is told by what is no column of codes, or by codes that its list does not have."""
    for name, column in record.columns.items():
        if column.told_by is None:
            continue
        source = record.columns.get(column.told_by)
        if source is None or source.type != "codes":
            report(("columns", name, "told_by"), f" has '{name}' told by '{column.told_by}', no column of type codes.")
            continue
        code_list = parts.code_lists.get(source.codes)
        for code in column.any_of if code_list else ():
            if code not in code_list.codes:
                sentence = no(code, f"a code of '{source.codes}'", code_list.codes)
                report(("columns", name, "any_of"), f" has '{name}' told by {sentence}")


def _check_form(form: Form, record: RecordType, parts: Parts, report: Report) -> None:
    for part in ("columns", "means"):
        for name in getattr(form, part):
            if name not in record.columns:
                report((part, name), f" has a form with {no(name, 'one of its columns', record.columns)}")
    for name, code in form.means.items():
        column = record.columns.get(name)
        code_list = parts.code_lists.get(column.codes) if column and column.codes else None
        if column is not None and (code_list is None or code not in code_list.codes):
            report(("means", name), f" has a form in which '{name}' means '{code}', which is no code of it.")
    lacking = [name for name, column in record.columns.items() if column.required]
    lacking = [name for name in lacking if name not in {**form.columns, **form.means}]
    if lacking:
        report(("columns",), f" has a form that says nothing of {' and '.join(lacking)}, which every row needs.")
    if form.sent_by not in record.sent_by:
        report(("sent_by",), f" has a form from {no(form.sent_by, 'one of those that send it', record.sent_by)}")


def _check_code_list(code_list, report):
    seen: dict[str, str] = {}
    for code, entry in code_list.codes.items():
        for form in (code, entry.label, *entry.aliases):
            other = seen.setdefault(normalise(form), code)
            if other != code:
                report(("codes", code), f": '{form}' stands for both '{other}' and '{code}'.")


def _check_partnership(us: Partnership, parts: Parts, report: Report) -> None:
    for index, lead in enumerate(us.lead_agencies):
        _check_lead(lead, us, parts, ("lead_agencies", index), report)
    for index, expected in enumerate(us.returns):
        _check_return(expected, us, parts, ("returns", index), report)
    for index, target in enumerate(us.targets):
        _check_target(target, parts, ("targets", index), report)
    for index, checked in enumerate(us.checked):
        if not parts.knows("kpis", checked.kpi):
            report(("checked", index), f"a check is noted of {parts.no('kpis', 'a KPI', checked.kpi)}")
    for index, one in enumerate(us.breaks):
        _check_break(one, parts, ("breaks", index), report)
    areas = {"partnership", *us.localities}
    for index, population in enumerate(us.populations):
        if population.area not in areas:
            report(("populations", index), f"a population is of {no(population.area, 'a locality', areas)}")
    _check_group_populations(us, parts, areas, report)
    for field, what in (("themes", "theme"), ("priorities", "priority")):
        _check_grouping(field, what, us, parts, report)
    _check_twice(us, report)
    _check_places(us, report)
    _check_area_code(us, report)


def _check_group_populations(us, parts, areas, report):
    """Report a population of a group that no KPI is broken down by, of no area, or that stands twice."""
    seen = set()
    for index, one in enumerate(us.group_populations):
        path = ("group_populations", index)
        if one.area not in areas:
            report(path, f"a group's population is of {no(one.area, 'a locality', areas)}")
        if one.breakdown not in GROUPED:
            report(path, f"a group's population is by {no(one.breakdown, 'one of the groups of children', GROUPED)}")
        elif (names := _group_names(one.breakdown, parts)) and one.group not in names:
            report(path, f"a group's population is of {no(one.group, f'a group of {one.breakdown}', names)}")
        key = (one.area, one.breakdown, one.group, one.mid_year)
        if key in seen:
            report(path, f"the group '{one.group}' of mid-{one.mid_year} stands here a second time.")
        seen.add(key)


def _group_names(breakdown, parts) -> set[str]:
    """Return the words by which a group may be named; none where any may be."""
    columns = [record.columns[breakdown] for record in parts.record_types.values() if breakdown in record.columns]
    if any(column.type == "yes_no" for column in columns):
        return {"yes", "no"}
    lists = [parts.code_lists[column.codes] for column in columns if column.codes in parts.code_lists]
    entries = [item for codes in lists for item in codes.codes.items()]
    return {word for code, entry in entries for word in (code, entry.label, entry.group) if word}


def _check_grouping(field, what, us, parts, report):
    """Report a scorecard or a priority that stands twice, or that names what is no KPI."""
    groups = getattr(us, field)
    for index, group in enumerate(groups):
        if group.id in {earlier.id for earlier in groups[:index]}:
            report((field, index), f"the {what} '{group.id}' stands here a second time.")
        for kpi in group.kpis:
            if not parts.knows("kpis", kpi):
                report((field, index), f"the {what} '{group.id}' holds {parts.no('kpis', 'a KPI', kpi)}")


def _check_lead(lead, us, parts, path, report):
    if not parts.knows("record_types", lead.records):
        report(path, f"a lead agency is named for {parts.no('record_types', 'a record type', lead.records)}")
    if lead.agency not in us.agencies:
        report(path, f"the lead agency of {lead.records} is {no(lead.agency, 'an agency', us.agencies)}")


def _check_return(expected: ExpectedReturn, us, parts, path, report):
    if expected.agency not in us.agencies:
        report(path, f"a return is expected from {no(expected.agency, 'an agency', us.agencies)}")
    who = f"'{expected.agency}' is to send"
    for records in expected.records:
        if not parts.knows("record_types", records):
            report(path, f"{who} {parts.no('record_types', 'a record type', records)}")
    for kpi in expected.kpis:
        if not parts.knows("kpis", kpi):
            report(path, f"{who} {parts.no('kpis', 'a KPI', kpi)}")


def _check_target(target, parts, path, report):
    if not parts.knows("kpis", target.kpi):
        report(path, f"a target is agreed for {parts.no('kpis', 'a KPI', target.kpi)}")
    if (kpi := parts.kpis.get(target.kpi)) is None:
        return
    if (problem := kpi.misfit(target.thresholds)) is not None:
        report(path, f"the target for '{target.kpi}' does not fit: {problem}.")


def _check_break(one, parts, path, report):
    if not parts.knows("kpis", one.kpi):
        report(path, f"a break is recorded for {parts.no('kpis', 'a KPI', one.kpi)}")
    if (kpi := parts.kpis.get(one.kpi)) is None:
        return
    if (problem := break_misfit(kpi, one)) is not None:
        report(path, f"for '{one.kpi}' {problem}.")
    if one.from_ in {own.from_ for own in kpi.breaks}:
        report(path, f"'{one.kpi}' has a break of {one.from_} in its own definition already.")


def _check_twice(us, report):
    """Report two lead agencies of a list, or two targets or breaks of a KPI, from the same day on: which one holds?"""
    for field, what, of in (
        ("lead_agencies", "lead agency", "records"),
        ("targets", "target", "kpi"),
        ("breaks", "break", "kpi"),
    ):
        seen = set()
        for index, entry in enumerate(getattr(us, field)):
            about = (getattr(entry, of), entry.from_)
            if about in seen:
                report((field, index), f"'{about[0]}' has a second {what} from {about[1]} on; only one can hold.")
            seen.add(about)


def _check_places(us, report):
    seen: dict[tuple[str, str], str] = {}
    for name, locality in us.localities.items():
        for kind in ("teams", "districts", "providers"):
            for place in getattr(locality, kind):
                other = seen.setdefault((kind, normalise(place)), name)
                if other != name:
                    report(("localities", name, kind), f"'{place}' is in both '{other}' and '{name}'.")


def _check_area_code(us, report):
    councils = read_councils()
    if us.area_code is None or us.area_code in councils.by_code:
        return
    # Codes are all alike, so that the nearest one would be somebody else's: a name tells whose code is meant.
    meant = councils.named(us.area_code)
    hint = f" {meant.name} is {meant.code}." if meant else " It has nine signs, as E10000013 for Gloucestershire has."
    report(("area_code",), f"the area code '{us.area_code}' is not the code of a council.{hint}")
