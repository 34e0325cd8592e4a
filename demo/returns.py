"""What the MASH, the police and the others send, and the council's lists outside Annex A: each in its own way."""

import numpy as np
import pandas as pd

from demo.annex_a import dates, the_team, within
from demo.area import PLACES, SOURCES
from demo.records import Records
from demo.sheets import Column, Sheet, british_date, british_time, cells

PLACE_TITLES = np.array([place.title for place in PLACES], dtype=object)
SOURCE_WORDS = np.array([source[2] for source in SOURCES], dtype=object)

# Extracts of decisions and interviews are made a week after the last day.
A_WEEK = 7
DAY = 1440

# How the MASH's log was headed over the years: the same ten columns, never twice alike.
CONTACT_HEADINGS = (
    "Person ID|DoB|Contact received|Referring agency|Already open|BRAG|Decision made|MASH outcome|EDT|Ward",
    "Child ID|Date of birth|Date contact received|Source|Open to CSC|Initial BRAG|Decision date|Outcome|EDT|Ward",
    "CHILD  ID|Date Of Birth|Contact date|Source of contact|Open case|MASH rating|MASH decision date|Contact outcome"
    "|Out of hours|District",
    "Child Unique ID|DoB|Date and time of contact|Referring agency|Already open to social care|Initial RAG"
    "|Date and time of decision|Decision|Out of hours|District",
)
OUTCOME_WORDS = (
    {
        "nfa": "NFA",
        "advice": "IAG",
        "early_help": "EH",
        "strategy": "Strategy meeting",
        "existing": "Open case",
        "referral": "CSC referral",
    },
    {
        "nfa": "No further action",
        "advice": "Advice",
        "early_help": "Early help",
        "strategy": "Strategy discussion",
        "existing": "Existing case",
        "referral": "Referral",
    },
)
RATING_WORDS = {"red": "Red", "amber": "Amber", "green": "Green", "blue": "Blue"}


def mash_contacts(records: Records, first: int, last: int, style: int) -> list[Sheet]:
    """Return the MASH's log: a title, its own headings, a total at the end and a hidden sheet of lookups."""
    children, rows = records.children, within(records.lists["contacts"], "day", first, last)
    child, words = rows["child"].to_numpy(), OUTCOME_WORDS[style % 2]
    born, known = children.born[child], rows["decided"].to_numpy() <= (last + A_WEEK) * DAY
    outcomes = np.where(known, rows["outcome"].map(words), None)
    ids, times = cells(children.id[child]), cells(rows["at"].to_numpy())
    kinds_and_cells = (
        # One year's log was kept as text throughout.
        ("text", [str(value) for value in ids]) if style == 1 else ("number", ids),
        ("date", cells(born, born <= rows["day"].to_numpy())),
        ("text", [british_time(at) for at in times]) if style == 1 else ("time", times),
        ("text", cells(SOURCE_WORDS[rows["source"]])),
        ("text", cells(np.where(rows["open_case"], "Y", "N"))),
        ("text", rows["rating"].map(RATING_WORDS).tolist()),
        ("time", cells(rows["decided"].to_numpy(), known)),
        ("text", outcomes.tolist()),
        ("text", cells(np.where(rows["out_of_hours"], "Yes", "No"))),
        ("text", cells(children.district[child])),
    )
    headings = CONTACT_HEADINGS[style].split("|")
    columns = [Column(heading, *column) for heading, column in zip(headings, kinds_and_cells, strict=True)]
    above = ("Wexmoor Multi-Agency Safeguarding Hub", f"Contacts {british_date(first)} to {british_date(last)}", "")
    return [Sheet("Contacts log", columns, above, has_total=True), _lookups(words)]


def _lookups(words: dict[str, str]) -> Sheet:
    columns = [
        Column("Outcome list", "text", list(words.values())),
        Column("BRAG list", "text", list(RATING_WORDS.values())),
    ]
    return Sheet("Lookups", columns, is_hidden=True)


ABOVE = ("Wexmoor Council, children's performance team", "Official-sensitive", "")


def strategy_discussions(records: Records, first: int, last: int) -> Sheet:
    """Return the council's strategy discussions, which Annex A does not have."""
    children, rows = records.children, within(records.lists["strategy"], "strategy", first, last)
    child = rows["child"].to_numpy()
    born, lot = children.born[child], (rows["episode"].to_numpy() * 0.6180339887) % 1
    outcomes = np.array(["No section 47", "Joint section 47", "Single agency section 47"], dtype=object)
    columns = [
        Column("Person ID", "number", cells(children.id[child])),
        Column("DoB", "date", cells(born, born <= last)),
        Column("Strategy discussion held", "date", cells(rows["strategy"].to_numpy())),
        Column("Police present", "text", cells(np.where(lot < 0.96, "Y", "N"))),
        Column("Health present", "text", cells(np.where(lot % 0.1 < 0.083, "Y", "N"))),
        Column("Strategy outcome", "text", cells(outcomes[rows["s47"]])),
        *the_team(rows, "assessment"),
    ]
    return Sheet("Strategy discussions", columns, ABOVE)


def plan_reviews(records: Records, first: int, last: int) -> Sheet:
    """Return the review conferences held; Annex A has the latest of each plan only."""
    children, rows = records.children, within(records.lists["reviews"], "review", first, last)
    columns = [
        Column("Child ID", "number", cells(children.id[rows["child"]])),
        Column("Review conference date", "date", dates(rows["review"], last)),
        Column("Locality", "text", cells(PLACE_TITLES[rows["place"]])),
    ]
    return Sheet("CP reviews", columns, ABOVE)


def return_interviews(records: Records, first: int, last: int) -> Sheet:
    """Return the missing episodes that ended in the days, each with its interview if there was one."""
    children, rows = records.children, records.lists["interviews"]
    rows = rows[(rows["returned"] // DAY).between(first, last)].sort_values(["returned", "child"], kind="stable")
    child, home = rows["child"].to_numpy(), np.where(rows["missing_from"] == "care", "Looked after", "Family home")
    columns = [
        Column("Child ID", "number", cells(children.id[child])),
        Column("DoB", "date", cells(children.born[child])),
        Column("Date and time returned", "time", cells(rows["returned"].to_numpy())),
        Column("Missing from home or care", "text", cells(home)),
        Column("RHI offered", "text", cells(np.where(rows["offered"], "Y", "N"))),
        Column("RHI completed", "time", dates(rows["completed"], (last + A_WEEK) * DAY)),
        Column("Child declined", "text", cells(np.where(rows["declined"], "Y", "N"))),
        Column("Locality", "text", cells(PLACE_TITLES[children.place[child]])),
    ]
    return Sheet("Return interviews", columns, ABOVE)


def missing_episodes(records: Records, first: int, last: int) -> Sheet:
    """Return the police's missing episodes, with the council's number of the child."""
    children, rows = records.children, records.lists["missing"]
    rows = rows[(rows["at"] // DAY).between(first, last)]
    child = rows["child"].to_numpy()
    missing = np.where(rows["at"] % 3 > 0, "Medium risk missing", "High risk missing")
    status = np.where(rows["missing_from"] == "care", "Looked after", "Family home")
    columns = [
        Column("Nominal reference", "number", cells(children.id[child])),
        Column("DoB", "date", cells(children.born[child])),
        Column("Date and time missing", "time", cells(rows["at"].to_numpy())),
        Column("Date and time found", "time", dates(rows["returned"], last * DAY + DAY - 1)),
        Column("Episode type", "text", cells(np.where(rows["away"], "No apparent risk", missing))),
        Column("Placement status", "text", cells(status)),
        Column("OLA child", "text", cells(np.where(rows["by_other"], "Y", "N"))),
        Column("Beat", "text", cells(children.district[child])),
        Column("OIC", "text", [f"PC {4000 + at % 900}" for at in rows["at"].tolist()]),
    ]
    return Sheet("Missing", columns)


AGGREGATE_HEADINGS = (
    ("Measure", "text"),
    ("Period", "text"),
    ("Provider", "text"),
    ("Area", "text"),
    ("Number", "number"),
    ("Out of", "number"),
    ("Value", "number"),
    ("Basis", "text"),
    ("Note", "text"),
)
TRUST = "Wexmoor Hospitals NHS Trust"


def aggregate_return(figures: pd.DataFrame, provider: str | None = None) -> Sheet:
    """Return figures in the headings of our own template: `figures` has kpi, period and number, and may have area."""
    blank = [None] * len(figures)
    given = {
        "Measure": figures["kpi"].tolist(),
        "Period": figures["period"].tolist(),
        "Provider": [provider] * len(figures),
        "Area": figures["area"].tolist() if "area" in figures else blank,
        "Number": figures["number"].tolist(),
        "Basis": ["In the period"] * len(figures),
    }
    return Sheet("Return", [Column(name, kind, given.get(name, blank)) for name, kind in AGGREGATE_HEADINGS])


def by_locality(figures: pd.DataFrame) -> pd.DataFrame:
    """Return `figures` with each followed by its localities; the force withholds numbers below 20 as "c"."""
    children = np.array([place.children * place.need for place in PLACES])
    rows = []
    for kpi, period, number in figures[["kpi", "period", "number"]].itertuples(index=False):
        rows.append((kpi, period, None, number))
        parts = np.floor(children / children.sum() * number).astype(int)
        parts[0] += number - parts.sum()
        rows += [
            (kpi, period, place.title, int(part) if part >= 20 else "c")
            for place, part in zip(PLACES, parts, strict=True)
        ]
    return pd.DataFrame(rows, columns=["kpi", "period", "area", "number"])
