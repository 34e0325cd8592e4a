"""Seeded random rows of every list, full of the dates at which counting goes wrong."""

import datetime
import random

from scorecards.measures import kind_of
from tests.oracle import months_after, working_days

FIRST, LAST = datetime.date(2022, 10, 1), datetime.date(2025, 9, 30)
ONE_DAY = datetime.timedelta(days=1)
# The last covered day of the tests: what is too recent on it depends on the length of a window.
CUT = datetime.date(2025, 9, 10)
LEAP_DAYS = [datetime.date(2024, 2, 29), datetime.date(2023, 2, 28), datetime.date(2025, 2, 28)]
TURNS = [datetime.date(year, month, 1) for year in (2023, 2024, 2025) for month in (1, 4, 6, 7)]
# Where limits lie: an enquiry's week, 45 and 60 days, a quarter's 90, two years of 729.
LENGTHS = [0, 1, 2, 3, 7, 14, 30, 31, 45, 46, 60, 61, 89, 90, 91, 120, 364, 365, 366, 728, 729, 730, 731]
MONTHS = [3, 6, 9, 12, 18, 24]
WORKING_DAYS = [1, 15, 45]


def random_lists(definitions, seed, rows=300, version=1, last_version=1):
    """Return rows of every list that a KPI reads for one seed, landed in `version`; a later version takes some back."""
    dice = random.Random(seed)
    read = {name for kpi in definitions.kpis.values() for name in kind_of(kpi.measure).record_types(kpi)}
    lists = {}
    for records, record in definitions.record_types.items():
        if record.dated_by is not None and records in read:
            lists[records] = _list(dice, definitions, record, rows, lists)
    for made in lists.values():
        for row in made:
            later = dice.randint(version + 1, last_version) if version < last_version else None
            row |= {"landed_in": version, "superseded_in": later}
            if later is None and dice.random() < 0.05:
                row["superseded_in"] = version + 1
    return lists


def _list(dice, definitions, record, rows, earlier_lists):
    # So few children that most come several times.
    children = [f"child {number}" for number in range(rows // 5)]
    agencies = _agencies(definitions, record)
    made = []
    while len(made) < rows:
        luck = dice.random()
        if made and luck < 0.06:
            # The same child and day once more, from another source or agency, or the very same.
            row = dict(dice.choice(made))
            row |= {name: value for name, value in _row(dice, definitions, record, row, earlier_lists).items()
                    if name in ("source", "agency", "locality") and dice.random() < 0.5}  # fmt: skip
            made.append(row)
            continue
        row = {"agency": dice.choices(agencies, [6] + [1] * (len(agencies) - 1))[0]}
        if record.child_column is not None:
            row[record.child_column] = dice.choice(children)
        row[record.dated_by] = _day(dice, [one[record.dated_by] for one in made if _same_child(one, row, record)])
        made.append(row | _row(dice, definitions, record, row, earlier_lists))
    return made


def _same_child(one, other, record):
    return record.child_column is None or one[record.child_column] == other[record.child_column]


def _agencies(definitions, record):
    leads = [lead.agency for lead in definitions.partnership.lead_agencies if lead.records == record.id]
    return list(dict.fromkeys([*leads, *record.sent_by, "council"]))


def _day(dice, earlier):
    """Return a day: any, the turn of a period, a leap day, or at the edge of a window from an earlier one."""
    luck = dice.random()
    if earlier and luck < 0.4:
        return _in_range(_edge(dice, dice.choice(earlier)))
    if luck < 0.5:
        return dice.choice(TURNS) - ONE_DAY * dice.randint(0, 1)
    if luck < 0.55:
        return CUT - ONE_DAY * (dice.choice(LENGTHS) + dice.randint(-1, 1))
    if luck < 0.6:
        return dice.choice(LEAP_DAYS) + ONE_DAY * dice.randint(-1, 1)
    return FIRST + ONE_DAY * dice.randint(0, (LAST - FIRST).days)


def _in_range(day):
    return min(max(day, FIRST), LAST)


def _edge(dice, day):
    """Return a day that lies on, just before or just after the end of some limit."""
    kind = dice.choice(("days", "days", "months", "months", "working days", "soon"))
    if kind == "days":
        return day + ONE_DAY * dice.choice(LENGTHS)
    if kind == "months":
        return months_after(day, dice.choice(MONTHS)) + ONE_DAY * dice.randint(-1, 1)
    if kind == "soon":
        return day + ONE_DAY * dice.randint(0, 60)
    wanted, end = dice.choice(WORKING_DAYS), day
    while working_days(day, end) < wanted:
        end += ONE_DAY
    return end + ONE_DAY * dice.randint(-1, 1)


def _row(dice, definitions, record, known, earlier_lists):
    """Return the other columns of a row: each is sometimes blank."""
    row = {}
    for name, column in record.columns.items():
        if column.type == "birth":
            row["age_band"] = dice.choice(["unborn", "under 1", "1 to 4", "5 to 9", "10 to 15", None])
        elif column.type == "code":
            row[name] = _blank_at_times(dice, column, dice.choice(list(definitions.code_lists[column.codes].codes)))
        elif column.type == "yes_no":
            row[name] = dice.choice(["yes", "no", None])
        elif column.type == "reference":
            row[name] = _blank_at_times(dice, column, f"{name} {dice.randint(1, 60)}")
        elif column.type == "locality":
            row[name] = dice.choice(["north", "south", None])
        elif column.type == "whole_number":
            row[name] = dice.choice([0, 0, 1, 2, 3, *_edges(definitions, record, name), None])
        elif column.type in ("date", "datetime") and name != record.dated_by:
            row[name] = _other_day(dice, record, name, known, earlier_lists)
            if column.type == "datetime" and row[name] and dice.random() < 0.7:
                row[name] = known[record.dated_by] + ONE_DAY * dice.randint(0, 4)
            if column.required and row[name] is None:
                row[name] = known[record.dated_by]
    for name, column in record.columns.items():
        if column.type == "datetime":
            day = row.get(name) or known.get(name)
            row[f"{name}_minute"] = _moment(dice, day)
    return row


def _edges(definitions, record, name):
    """Return the large numbers at which a measure of the list tells one row from another, and those just below."""
    measures = [kpi.measure for kpi in definitions.kpis.values() if getattr(kpi.measure, "records", "") == record.id]
    tests = [one for measure in measures for one in measure.where if one.column == name]
    limits = sorted({one.at_least for one in tests if one.at_least is not None and one.at_least > 3})
    return [number for limit in limits for number in (limit - 1, limit)]


def _blank_at_times(dice, column, value):
    return None if not column.required and dice.random() < 0.15 else value


def _other_day(dice, record, name, known, earlier_lists):
    luck = dice.random()
    if luck < 0.2:
        return None
    day = known[record.dated_by]
    if name.startswith("s47"):
        # The date of an enquiry of the same child, of none, or after the conference.
        theirs = [row["start_date"] for row in earlier_lists["section_47"]
                  if row["child_id"] == known[record.child_column] and row["start_date"] <= day]  # fmt: skip
        if luck < 0.6:
            return None
        return max(theirs) if theirs and luck < 0.9 else day + ONE_DAY * dice.randint(-50, 3)
    if record.replaces == "episode" and luck < 0.35:
        return dice.choice([turn - ONE_DAY * dice.randint(0, 1) for turn in TURNS if turn > day] or [None])
    if luck < 0.4:
        return day - ONE_DAY * dice.randint(0, 2)
    return _edge(dice, day)


def _moment(dice, day):
    if day is None or dice.random() < 0.3:
        return None
    return datetime.datetime.combine(day, datetime.time(dice.choice([0, 12, 12, 23]), dice.choice([0, 0, 1, 59])))
