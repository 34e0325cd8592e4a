"""The rules between lists again in plain Python, row by row: random lists give the same places."""

import datetime
import random

import pytest

from data_loaders import check_files, land
from data_loaders.rules import BY_NAME
from scorecards.periods import working_days_between
from tests.partner_files import definitions, opened, workbook
from tests.test_rules import ASSESSMENTS, CONFERENCES, DISCUSSIONS, ENQUIRIES, INTERVIEWS, MISSED, REVIEWS

BEGIN, TURN, END = datetime.date(2024, 10, 1), datetime.date(2025, 7, 1), datetime.date(2025, 9, 30)
DAY = datetime.timedelta(days=1)
PLANS = ("Child ID", "Plan start date", "Plan end date", "Date of latest review conference")
REFERRALS = (
    *("Child Unique ID", "Date of referral", "Referral Source", "Referral NFA?", "Date of Birth"),
    *("Referral closure date", "Referral closure reason"),
)
# Headings of each list, the columns they stand for, and how its rows are told apart.
LISTS = {
    "referrals": (
        REFERRALS,
        (
            *("child", "referral_date", "source", "nfa", "born"),
            *("closed_date", "closure_reason"),
        ),
    ),
    "assessments": (ASSESSMENTS, ("child", "start_date", "authorised_date")),
    "strategy_discussions": (DISCUSSIONS, ("child", "held_date", "police")),
    "section_47": (ENQUIRIES, ("child", "start_date", "icpc_unnecessary")),
    "icpc": (CONFERENCES, ("child", "conference_date", "transfer_in", "led_to_plan")),
    "cp_plans": (PLANS, ("child", "start_date", "end_date", "latest_review_date")),
    "cp_reviews": (REVIEWS, ("child", "review_date")),
    "missing_episodes": (MISSED, ("child", "missing_at", "returned_at", "type", "missing_from")),
    "cin": (("Child ID", "CIN Start Date", "CIN Closure Date"), ("child", "start_date", "end_date")),
    "cla": (("Child ID", "CLA start date", "CLA end date"), ("child", "start_date", "end_date")),
    "cp_visits": (("Child ID", "CP visit date"), ("child", "visit_date")),
    "core_groups": (("Child ID", "Core group date"), ("child", "core_group_date")),
    "return_interviews": (INTERVIEWS, ("child", "returned_at", "completed_at", "offered")),
}
EPISODES = {"assessments": "authorised_date", "cp_plans": "end_date", "cin": "end_date", "cla": "end_date"}


def random_lists(draw: random.Random, first: datetime.date, last: datetime.date) -> dict[str, list[dict]]:
    """Return rows of every list, dated in the days given, of few children so that much meets."""

    def day(since=first, until=last):
        return since + DAY * draw.randrange(max((until - since).days, 1))

    def ended(start, share):
        return min(start + DAY * draw.randint(0, 90), last) if draw.random() < share else None

    def moment(at):
        # Midnight to the minute is read as a day without a time.
        return datetime.datetime.combine(at, datetime.time(draw.randrange(24), 7))

    found: dict[str, list[dict]] = {name: [] for name in LISTS}
    for name in LISTS:
        for _ in range(14):
            at = day()
            row = {"child": f"K{draw.randrange(7)}", LISTS[name][1][1]: at}
            if name == "referrals":
                row |= {"source": "Police", "nfa": draw.choice(("Yes", "No", None))}
                row["born"] = draw.choice((datetime.date(2012, 2, 3), datetime.date(1999, 8, 15), None))
                row["closed_date"] = ended(at, 0.7)
                row["closure_reason"] = draw.choice(("RC7", "RC8", "RC9")) if row["closed_date"] else None
            if name in EPISODES:
                row[EPISODES[name]] = ended(at, 0.6)
            if name == "cp_plans":
                row["latest_review_date"] = at + DAY * draw.randrange(3)
            if name == "section_47":
                row["icpc_unnecessary"] = draw.choice(("Yes", "No", None))
            if name == "icpc":
                row |= {"transfer_in": draw.choice(("Yes", None)), "led_to_plan": draw.choice(("Yes", "No"))}
            if name == "missing_episodes":
                start = moment(at)
                end = start + datetime.timedelta(hours=draw.randint(1, 200)) if draw.random() < 0.8 else None
                row |= {"missing_at": start, "returned_at": end, "type": "Missing", "missing_from": "Home"}
            if name == "return_interviews":
                back = moment(at)
                row |= {"returned_at": back, "completed_at": back + datetime.timedelta(hours=draw.randint(0, 80))}
            found[name].append(row)
    keys = {
        name: {(row["child"], row[LISTS[name][1][1]]): row for row in reversed(rows)} for name, rows in found.items()
    }
    return {name: list(reversed(list(rows.values()))) for name, rows in keys.items()}


def files_of(lists: dict[str, list[dict]], word: str) -> list[tuple]:
    sheets = {name: [LISTS[name][0], *([row.get(column) for column in LISTS[name][1]] for row in rows)]
              for name, rows in lists.items()}  # fmt: skip
    police = {"missing_episodes": sheets.pop("missing_episodes")}
    return [
        (f"{word} council.xlsx", workbook(**sheets), "council"),
        (f"{word} police.xlsx", workbook(**police), "police"),
    ]


def standing(stored: dict, sent: dict) -> dict[str, list[dict]]:
    """Return what stands after the second load: each row with `row`, its sheet row where it is sent, else None."""
    found = {}
    for name in LISTS:
        column = LISTS[name][1][1]
        again = {(row["child"], row[column]) for row in sent[name]}
        kept = [row for row in stored[name] if (row["child"], row[column]) not in again and not replaced(name, row)]
        rows = [{**row, "row": number} for number, row in enumerate(sent[name], 2)]
        found[name] = [{**row, "row": None} for row in kept] + rows
    return found


def replaced(name, row):
    """An event of the covered days, or an episode open in them, is gone where it is not sent again."""
    if name in EPISODES:
        end = row[EPISODES[name]]
        return row["start_date"] <= END and (end is None or end >= TURN)
    return date(row[LISTS[name][1][1]]) >= TURN


def date(value):
    return value.date() if isinstance(value, datetime.datetime) else value


def passes(row, conditions):
    for one in conditions:
        value = row.get(one.column)
        # "Yes" is kept as yes; the codes of a census stay as they are.
        value = value.lower() if value in ("Yes", "No") else value
        if one.is_ is not None and value not in one.is_:
            return False
        if one.is_not is not None and value in one.is_not:
            return False
    return True


def of(lists, part):
    return [row for row in lists[part.records] if row.get(part.date) is not None and passes(row, part.where)]


def same_child(rows, row):
    return [other for other in rows if other["child"] == row["child"]]


def broken(rule, lists) -> set[tuple[str, int]]:
    """Return (list, sheet row) of every sent row that breaks a rule, found row by row."""
    found = FINDERS[rule.kind](rule, lists)
    return {(name, row["row"]) for name, row in found if row["row"] is not None}


def same_day(rule, lists):
    return [(rule.of.records, row) for row in of(lists, rule.of) if row[rule.of.date] == row.get(rule.and_)]


def at_weekend(rule, lists):
    return [(rule.of.records, row) for row in of(lists, rule.of) if row[rule.of.date].weekday() in (5, 6)]


def too_old(rule, lists):
    for row in lists["referrals"]:
        born, day = row["born"], row["referral_date"]
        if born and day.year - born.year - ((day.month, day.day) < (born.month, born.day)) > rule.years:
            yield "referrals", row


def open_too_long(rule, lists):
    for row in lists[rule.of.records]:
        waited = working_days_between(row[rule.of.from_], END)
        if row[rule.of.to] is None and waited > rule.working_days:
            yield rule.of.records, row


def in_order(rule, lists):
    """Return the spells of each child in order of their start."""
    by_child: dict[str, list] = {}
    for row in lists[rule.of.records]:
        by_child.setdefault(row["child"], []).append(row)
    return [sorted(rows, key=lambda row: row[rule.of.from_]) for rows in by_child.values()]


def meets(earlier, later, rule):
    """Return whether a later spell begins before an earlier one ends; two open ones are another matter."""
    end, both_open = earlier[rule.of.to], earlier[rule.of.to] is None and later[rule.of.to] is None
    return not both_open and (end is None or later[rule.of.from_] < end)


def overlapping(rule, lists):
    for rows in in_order(rule, lists):
        for at, row in enumerate(rows):
            after = rows[at + 1] if at + 1 < len(rows) else None
            runs_into_stored = after is not None and after["row"] is None and meets(row, after, rule)
            if runs_into_stored or any(meets(before, row, rule) for before in rows[:at]):
                yield rule.of.records, row


def two_open(rule, lists):
    for rows in in_order(rule, lists):
        open_ = [row for row in rows if row[rule.of.to] is None]
        for at, row in enumerate(open_):
            if at > 0 or (len(open_) > 1 and open_[1]["row"] is None):
                yield rule.of.records, row


def wrong_order(rule, lists):
    for row in of(lists, rule.then):
        day = row[rule.then.date]
        firsts = same_child(of(lists, rule.first), row)
        earlier = [one for one in firsts if 0 <= (day - one[rule.first.date]).days <= rule.history_days]
        later = [one for one in firsts if one[rule.first.date] > day]
        known = (day - BEGIN).days >= rule.history_days
        if day < TURN or earlier or not later or not known:
            continue
        first = min(later, key=lambda one: one[rule.first.date])
        if (first[rule.first.date] - day).days <= rule.within_days:
            yield (rule.then.records, row) if row["row"] is not None else (rule.first.records, first)


def nothing_before(rule, lists):
    for row in of(lists, rule.then):
        day = row[rule.then.date]
        firsts = [one[rule.first.date] for one in same_child(of(lists, rule.first), row)]
        if day >= TURN and not any(0 <= (day - first).days <= rule.within_days for first in firsts):
            yield rule.then.records, row


def nothing_after(rule, lists):
    for row in of(lists, rule.first):
        day = row[rule.first.date]
        waited = working_days_between(day, END) if rule.days is None else (END - day).days
        thens = [one[rule.then.date] for one in same_child(of(lists, rule.then), row)]
        if day >= TURN and waited > (rule.days or rule.working_days) and not any(then >= day for then in thens):
            yield rule.first.records, row


def activity_after(rule, lists):
    for part in rule.then:
        for row in of(lists, part):
            day = row[part.date]
            before = [one for one in same_child(lists[rule.first.records], row) if one[rule.first.date] <= day]
            if day < TURN or not before:
                continue
            began = max(before, key=lambda one: one[rule.first.date])
            if passes(began, rule.first.where) and (day - began[rule.first.date]).days <= rule.within_days:
                yield (rule.first.records, began) if began["row"] is not None else (part.records, row)


def outside(rule, lists):
    for row in of(lists, rule.of):
        day, part = row[rule.of.date], rule.spells
        spells = [(one[part.from_], one[part.to]) for one in same_child(lists[part.records], row)]
        if day >= TURN and not any(start < day and (end is None or day <= end) for start, end in spells):
            yield rule.of.records, row


def inside(rule, lists):
    for row in of(lists, rule.of):
        part = rule.spells
        dates = (row[rule.of.date], row[rule.and_])
        if date(dates[0]) < TURN:
            continue
        for spell in same_child(lists[part.records], row):
            end = spell[part.to]
            if end is not None and spell[part.from_] < min(dates) and max(dates) < end:
                yield (rule.of.records, row) if row["row"] is not None else (part.records, spell)


FINDERS = {
    finder.__name__: finder
    for finder in (
        same_day, at_weekend, too_old, open_too_long, overlapping, two_open, wrong_order, nothing_before, nothing_after,
        activity_after, outside, inside,
    )
}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_random_lists_break_the_same_rules_row_by_row(sqlite_url, seed):
    draw, store = random.Random(seed), opened(sqlite_url)
    stored, sent = random_lists(draw, BEGIN, TURN), random_lists(draw, TURN, END)
    try:
        earlier = check_files(store, files_of(stored, "earlier"), covers=(BEGIN, TURN - DAY))
        land(store, earlier, by="a test")
        check = check_files(store, files_of(sent, "later"), covers=(TURN, END))
    finally:
        store.close()
    assert [one.code for one in check.problems if one.severity == "error"] == []
    titles = {name.replace("_", " "): name for name in LISTS}
    told: dict[str, set] = {}
    for one in check.problems:
        if one.code in BY_NAME:
            places = {(titles[one.sheet], int(place.lstrip("ABCDEFG"))) for place in one.places}
            told.setdefault(one.code, set()).update(places)
    lists, expected = standing(stored, sent), {}
    for rule in definitions().rules_between.values():
        expected.setdefault(rule.rule.kind, set()).update(broken(rule.rule, lists))
    assert told == {code: places for code, places in expected.items() if places}
