"""What must hold between a rule and the lists it looks at: every column is there, and of a type that fits."""

from scorecards.definitions.kpi_checks import check_conditions
from scorecards.definitions.models import RecordType
from scorecards.definitions.reporting import Parts, Report, check_date
from scorecards.definitions.rule_models import Dated, RuleBetween, Spells, parts_of

# These judge a row by itself; all others need to know whose it is.
OF_ONE_ROW = ("same_day", "at_weekend", "too_old", "open_too_long")


def check_rule(rule: RuleBetween, parts: Parts, report: Report) -> None:
    """Report every name in `rule` that is not defined, and every column of another type than it needs."""
    for path, part in parts_of(rule.rule):
        _check_part(rule, part, parts, ("rule", *path), report)
    for index, name in enumerate(getattr(rule.rule, "lists", ())):
        record = _record(name, parts, ("rule", "lists", index), report)
        if record is not None and not any(column.type == "birth" for column in record.columns.values()):
            report(("rule", "lists", index), f" asks for an age in {name}, which has no date of birth.")


def _record(name: str, parts: Parts, path, report: Report) -> RecordType | None:
    if not parts.knows("record_types", name):
        report(path, f" looks at {parts.no('record_types', 'a record type', name)}")
    return parts.record_types.get(name)


def _check_part(rule: RuleBetween, part: Dated | Spells, parts: Parts, path, report: Report) -> None:
    record = _record(part.records, parts, (*path, "records"), report)
    if record is None:
        return
    if rule.rule.kind not in OF_ONE_ROW and record.child_column is None:
        report(path, f" compares the rows of a child, and {part.records} has no child.")
    settings = ("from_", "to") if isinstance(part, Spells) else ("date",)
    for name in settings:
        check_date(report, (*path, name.rstrip("_")), getattr(part, name), record)
    if path[1] == "of" and (other := getattr(rule.rule, "and_", None)) is not None:
        check_date(report, ("rule", "and"), other, record)
    check_conditions(part.where, record, parts, (*path, "where"), report)
