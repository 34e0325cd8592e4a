"""The council's Annex A workbook for a window of days, list by list, as the case system exports it."""

import numpy as np
import pandas as pd

from demo.area import CATEGORIES, PLACES, SOURCES, WITHOUT_PLACE, team_names
from demo.children import Children
from demo.journey import NEVER
from demo.records import Records
from demo.sheets import Column, Sheet, cells

YES, NO = "a) Yes", "b) No"
CATEGORY_TEXTS = {
    "NEG": "a) Neglect",
    "PHY": "b) Physical abuse",
    "SAB": "c) Sexual abuse",
    "EMO": "d) Emotional abuse",
    "MUL": "e) Multiple/not recommended",
}
CLOSED = "RC7 - Services ceased for any other reason, including child no longer in need"
UNBORN = "c) Not stated/recorded (or unborn)"

# Made-up people; a worker's name is dropped when a file is loaded.
FIRST_NAMES = ("Amara", "Bryn", "Carys", "Dilip", "Esme", "Femi", "Greta", "Hamza", "Iona", "Jonty", "Keziah", "Lorcan")
LAST_NAMES = ("Achterberg", "Birdsall", "Crowhurst", "Dunmore", "Elphick", "Farrant", "Goss", "Hartshorn", "Ingle")

SOURCE_TEXTS = np.array([source[1] for source in SOURCES], dtype=object)
# One family in forty is with a team that serves the whole area.
AREA_TEAMS = 40
# Days after the contact on which early help begins and ends.
EARLY_HELP_BEGINS, EARLY_HELP_ENDS = 7, 40


def annex_a(records: Records, first: int, last: int, known: int, with_contacts: bool) -> list[Sheet]:
    """Return the lists for the window from `first` to `last`, with what was known on the day `known`."""
    children, lists = records.children, records.lists
    sheets = [
        _list_2(children, lists, first, last, known),
        _list_3(children, lists["referrals"], first, last),
        _list_4(children, lists["assessments"], first, last, known),
        _list_5(children, lists["s47"], first, last, known),
        _list_6(children, lists["assessments"], first, last, known),
        _list_7(children, lists, first, last, known),
        _list_8(children, lists["missing"], last),
    ]
    return [_list_1(children, lists["contacts"], first, last), *sheets] if with_contacts else sheets


def the_child(children: Children, child: np.ndarray, last: int, disability: bool = True) -> list[Column]:
    """Return the columns that open every list; an unborn child has no birthday yet."""
    born = children.born[child]
    is_born = born <= last
    sex = np.where(children.is_girl[child], "b) Female", "a) Male")
    columns = [
        Column("Child Unique ID", "number", cells(children.id[child])),
        Column("Gender", "text", cells(np.where(is_born, sex, UNBORN))),
        Column("Ethnicity", "text", cells(children.ethnicity[child])),
        Column("Date of Birth", "date", cells(born, is_born)),
        Column("Age of Child (Years)", "number", cells((last - born) * 4 // 1461, is_born)),
    ]
    if disability:
        disabled = np.where(children.is_disabled[child], YES, NO)
        columns.append(Column("Does the Child have a Disability", "text", cells(disabled)))
    return columns


def yes_no(claim) -> list:
    """Return "a) Yes" or "b) No" for each claim."""
    return cells(np.where(claim, YES, NO))


def dates(days: pd.Series, last: int) -> list:
    """Return days as cells, blank where they are not yet known on the last day."""
    values = days.to_numpy()
    return cells(values, values <= last)


def the_team(rows: pd.DataFrame, work: str) -> list[Column]:
    """Return the allocated team and worker: a team of the child's locality, now and then one of the whole area."""
    teams = [team_names(place)[work] for place in PLACES]
    by_row = list(zip(rows["place"].tolist(), rows["episode"].tolist(), strict=True))
    named = [
        WITHOUT_PLACE[0] if episode % AREA_TEAMS == 7 else teams[place][episode % len(teams[place])]
        for place, episode in by_row
    ]
    workers = [f"{FIRST_NAMES[episode % 12]} {LAST_NAMES[(episode // 12 + place) % 9]}" for place, episode in by_row]
    return [Column("Allocated Team", "text", named), Column("Allocated Worker", "text", workers)]


def within(rows: pd.DataFrame, column: str, first: int, last: int) -> pd.DataFrame:
    """Return the rows dated in the window, in order."""
    return rows[rows[column].between(first, last)].sort_values([column, "child"], kind="stable")


def _list_1(children, contacts, first, last) -> Sheet:
    # The case system keeps the day of a contact only.
    rows = within(contacts, "day", first, last).drop_duplicates(["child", "day", "source"])
    columns = the_child(children, rows["child"].to_numpy(), last, disability=False)
    columns += [
        Column("Date of Contact", "date", cells(rows["day"].to_numpy())),
        Column("Contact Source", "text", cells(SOURCE_TEXTS[rows["source"]])),
    ]
    return Sheet("List 1", columns)


def _list_2(children, lists, first, last, known) -> Sheet:
    """A fifth of the early help assessments that were open at any time in the window."""
    helped = lists["contacts"][lists["contacts"]["outcome"] == "early_help"]
    helped = helped[helped["child"] % 5 == 0].drop_duplicates(["child", "day"])
    rows = within(helped, "day", first - EARLY_HELP_ENDS, last - EARLY_HELP_BEGINS)
    columns = the_child(children, rows["child"].to_numpy(), last, disability=False)
    columns += [
        Column("Assessment start date", "date", cells((rows["day"] + EARLY_HELP_BEGINS).to_numpy())),
        Column("Assessment completion date", "date", dates(rows["day"] + EARLY_HELP_ENDS, known)),
        Column("Organisation completing assessment", "text", ["Early Help Hub"] * len(rows)),
    ]
    return Sheet("List 2", columns)


def _list_3(children, referrals, first, last) -> Sheet:
    rows = within(referrals, "referred", first, last)
    columns = the_child(children, rows["child"].to_numpy(), last, disability=False)
    columns += [
        Column("Date of referral", "date", cells(rows["referred"].to_numpy())),
        Column("Referral Source", "text", cells(SOURCE_TEXTS[rows["source"]])),
        Column("Referral NFA?", "text", yes_no(rows["nfa"])),
        Column("Number of Referrals in Last 12 Months", "number", cells(rows["earlier"].to_numpy())),
        *the_team(rows, "assessment"),
    ]
    return Sheet("List 3", columns)


def _list_4(children, assessments, first, last, known) -> Sheet:
    """Assessments that were open at any time in the window."""
    rows = assessments[(assessments["assessed_from"] <= last) & (assessments["authorised"] >= first)]
    rows = rows.sort_values(["assessed_from", "child"], kind="stable")
    done = rows["authorised"].to_numpy() <= known
    columns = the_child(children, rows["child"].to_numpy(), last)
    columns += [
        Column("Continuous Assessment Start Date", "date", cells(rows["assessed_from"].to_numpy())),
        Column("Child Seen During Continuous Assessment", "text", yes_no(rows["seen"])),
        Column("Continuous Assessment Date of Authorisation", "date", dates(rows["authorised"], known)),
        Column(
            "Was the child assessed as requiring LA children's social care support?",
            "text",
            cells(np.where(rows["supported"], YES, NO), done),
        ),
        *the_team(rows, "assessment"),
    ]
    return Sheet("List 4", columns)


def _list_5(children, s47, first, last, known) -> Sheet:
    """Enquiries that started in the window, with their conferences so far."""
    rows = within(s47, "strategy", first, last)
    held = rows["conference"].to_numpy() <= known
    # Whether a conference is needed is known three weeks after the strategy discussion.
    settled = (rows["conference"].to_numpy() == NEVER) & (rows["strategy"].to_numpy() + 21 <= known)
    columns = the_child(children, rows["child"].to_numpy(), last)
    columns += [
        Column(
            "Strategy discussion initiating Section 47 Enquiry Start Date", "date", cells(rows["strategy"].to_numpy())
        ),
        Column(
            "Was an Initial Child Protection Conference deemed unnecessary?",
            "text",
            cells(np.where(settled, YES, NO), settled | held),
        ),
        Column("Date of Initial Child Protection Conference", "date", dates(rows["conference"], known)),
        Column(
            "Did the Initial Child Protection Conference Result in a Child Protection Plan",
            "text",
            cells(np.where(rows["planned"], YES, NO), held),
        ),
        Column("Number of Section 47 Enquiries in the last 12 months", "number", cells(rows["earlier"].to_numpy())),
        Column("Number of ICPCs in the last 12 months", "number", cells(rows["earlier_conferences"].to_numpy())),
        *the_team(rows, "assessment"),
    ]
    return Sheet("List 5", columns)


def _list_6(children, assessments, first, last, known) -> Sheet:
    """A tenth of the children who were in need at any time in the window."""
    rows = assessments[(assessments["referred"] <= last) & (assessments["closed"] >= first)]
    rows = rows[rows["child"] % 10 == 0].drop_duplicates(["child", "referred"])
    rows = rows.sort_values(["referred", "child"], kind="stable")
    is_closed = rows["closed"].to_numpy() <= known
    status = np.where(rows["authorised"] <= known, "c) Child in need plan", "d) Open assessment")
    seen = np.maximum(np.minimum(rows["closed"], last).to_numpy() - rows["episode"] % 23, rows["referred"]).to_numpy()
    columns = the_child(children, rows["child"].to_numpy(), last)
    columns += [
        Column("CIN Start Date", "date", cells(rows["referred"].to_numpy())),
        Column("Primary Need Code", "text", ["N1 - Abuse or neglect"] * len(rows)),
        Column("Date Child Was Last Seen", "date", cells(seen)),
        Column("CIN Closure Date", "date", dates(rows["closed"], known)),
        Column("Reason for Closure", "text", cells(np.full(len(rows), CLOSED, dtype=object), is_closed)),
        Column("Case Status", "text", cells(np.where(is_closed, "e) Closed episode", status))),
        *the_team(rows, "safeguarding"),
    ]
    return Sheet("List 6", columns)


def _list_7(children, lists, first, last, known) -> Sheet:
    """Plans that were open at any time in the window."""
    plans = lists["plans"]
    rows = plans[(plans["start"] <= last) & (plans["end"] >= first)].sort_values(["start", "child"], kind="stable")
    child, until = rows["child"].to_numpy(), np.minimum(rows["end"], known).to_numpy()
    visited = np.maximum(until - rows["episode"].to_numpy() % 17, rows["start"].to_numpy())
    reviewed = _latest_reviews(lists["reviews"], rows, known)
    is_born = children.born[child] <= last
    columns = the_child(children, child, last)
    columns += [
        Column("Child Protection Plan Start Date", "date", cells(rows["start"].to_numpy())),
        Column("Initial Category of Abuse", "text", _categories(rows["category"])),
        Column("Latest Category of Abuse", "text", _categories(rows["latest_category"])),
        Column("Date of the Last Statutory Visit", "date", cells(visited)),
        Column("Was the Child Seen Alone?", "text", cells(np.where(rows["episode"] % 5 > 0, YES, NO), is_born)),
        Column("Date of latest review conference", "date", cells(reviewed, reviewed > 0)),
        Column("Child Protection Plan End Date", "date", dates(rows["end"], known)),
        Column(
            "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
            "text",
            yes_no(rows["episode"] % 19 == 0),
        ),
        Column("Number of Previous Child Protection Plans", "number", cells(rows["previous"].to_numpy())),
        *the_team(rows, "safeguarding"),
    ]
    return Sheet("List 7", columns)


def _categories(codes: pd.Series) -> list:
    return [CATEGORY_TEXTS[CATEGORIES[code]] for code in codes]


def _latest_reviews(reviews, rows, last) -> np.ndarray:
    """Return the latest review of each plan by the last day, 0 where there was none yet."""
    latest = reviews[reviews["review"] <= last].groupby(["episode", "child"])["review"].max()
    return latest.reindex(pd.MultiIndex.from_frame(rows[["episode", "child"]])).fillna(0).astype(int).to_numpy()


def _list_8(children, missing, last) -> Sheet:
    """A few of the children in care, with the main columns: some of those who ever go missing from care."""
    first_missing = missing[missing["missing_from"] == "care"].groupby("child")["at"].min() // 1440
    begun = first_missing - 200 - first_missing.index % 900
    begun = begun[(first_missing.index % 4 == 0) & (begun <= last)]
    child = begun.index.to_numpy()
    columns = the_child(children, child, last)
    columns += [
        Column("Date Started to be Looked After", "date", cells(begun.to_numpy())),
        Column("Child's Legal Status", "text", ["C2: Full care order"] * len(child)),
        Column("Placement Type", "text", ["d) U4: Foster placement - long term"] * len(child)),
        Column("Placement Provider", "text", ["b) PR1 - Own provision"] * len(child)),
        Column("Date Ceased to be Looked After", "date", [None] * len(child)),
    ]
    return Sheet("List 8", columns)
