"""The words in which measure kinds describe themselves, taken from the definitions."""

from scorecards.definitions import Condition, Definitions, Duration, Limit, Linked, Reach

_NUMBER_WORDS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def ordinal(number: int) -> str:
    return _NUMBER_WORDS.get(number, f"{number}th")


def listed(parts, last="and") -> str:
    """Return "a", "a and b" or "a, b and c"."""
    parts = list(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def rows_of(definitions: Definitions, records: str) -> str:
    return _lower(definitions.record_types[records].title)


def column_words(definitions: Definitions, records: str, column: str) -> str:
    columns = definitions.record_types[records].columns
    return _lower(columns[column].title) if column in columns else column.replace("_", " ")


def _lower(words: str) -> str:
    # Acronyms such as MASH keep their capitals.
    return words if words[:2].isupper() else words[0].lower() + words[1:]


def where_words(definitions: Definitions, records: str, conditions: tuple[Condition, ...]) -> str:
    """Return " where outcome is Referral and ..." for `conditions`, or nothing."""
    if not conditions:
        return ""
    return " where " + listed([condition_words(definitions, records, one) for one in conditions])


def condition_words(definitions: Definitions, records: str, condition: Condition) -> str:
    name = column_words(definitions, records, condition.column)
    if condition.is_ is not None:
        return f"{name} is {listed(code_words(definitions, records, condition.column, condition.is_), 'or')}"
    if condition.is_not is not None:
        return f"{name} is not {listed(code_words(definitions, records, condition.column, condition.is_not), 'or')}"
    if condition.known is not None:
        return f"{name} is {'given' if condition.known else 'not given'}"
    if condition.at_least is not None:
        return f"{name} is {condition.at_least} or more"
    return f"{name} is {condition.at_most} or less"


def code_words(definitions: Definitions, records: str, column: str, codes) -> list[str]:
    """Return codes of a column by their labels."""
    columns = definitions.record_types[records].columns
    code_list = definitions.code_list(records, column) if column in columns else None
    return [code_list.codes[code].label if code_list and code in code_list.codes else code for code in codes]


def limit_words(limit: Limit | Reach) -> str:
    """Return "15 working days", "1 day", "24 hours" or "3 calendar months"."""
    units = {"working_days": "working day", "days": "day", "hours": "hour", "months": "calendar month"}
    for name, unit in units.items():
        if (number := getattr(limit, name, None)) is not None:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return ""


def lasted_words(definitions: Definitions, records: str, lasted: Duration) -> str:
    start = column_words(definitions, records, lasted.from_)
    if lasted.more_than_days is not None:
        length = f"more than {lasted.more_than_days} days"
    elif lasted.more_than_hours is not None:
        length = f"more than {lasted.more_than_hours} hours"
    elif lasted.more_than_working_days is not None:
        length = f"more than {lasted.more_than_working_days} working days"
    elif lasted.at_most_months is not None:
        length = f"{lasted.at_most_months} calendar months or less"
    else:
        length = f"{lasted.at_least_months} calendar months or more"
    end = "the last day of the period" if lasted.to == "period_end" else column_words(definitions, records, lasted.to)
    return f"that lasted {length} from {start} to {end}"


def start_words(definitions: Definitions, measure) -> str:
    """Return from when a time runs: a column of the row, or the day of an earlier record of the child."""
    start = measure.from_
    if not isinstance(start, Linked):
        return column_words(definitions, measure.records, start)
    words = f"{column_words(definitions, start.records, start.column)} in {rows_of(definitions, start.records)}"
    nearest = f"the child's nearest earlier one in the {start.within_days} days before"
    return f"{words} ({'the one reported with it, else ' if start.reported_in else ''}{nearest})"


def base_words(definitions: Definitions, measure) -> str:
    """Return which rows a measure looks at: "referrals in the period (by date of referral; only where ...)"."""
    rows = rows_of(definitions, measure.records)
    only = where_words(definitions, measure.records, measure.where)
    if measure.is_stock:
        newest = _newest_words(definitions, measure)
        return f"{rows} open on the last day of the period{newest}" + (f" (only{only})" if only else "")
    date = column_words(definitions, measure.records, measure.dated_by)
    return f"{rows} in the period (by {date}{f'; only{only}' if only else ''})"


def _newest_words(definitions, measure):
    who = getattr(measure, "latest_only", None)
    return "" if who is None else f", of each {column_words(definitions, measure.records, who)} only the newest"
