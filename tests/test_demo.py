"""The fictional area has England-like figures and the stories that a newcomer is to find in them."""

import csv
import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import python_calamine

from demo import area
from demo.__main__ import main, prepare
from demo.dirt import SLIPS
from demo.files import write_partner_files
from demo.journey import NEVER
from demo.records import make_records
from scorecards.definitions import normalise, read_definitions
from scorecards.snapshots import list_snapshots
from scorecards.store import open_store

QUARTERS = area.quarters(area.LISTS_FROM)
LATER_QUARTERS = area.quarters(area.OTHERS_FROM)
MONTH = 30.4375
DEMO_PARTNERSHIP = Path(area.__file__).with_name("partnership.yaml")


@pytest.fixture(scope="module")
def records():
    return make_records()


@pytest.fixture(scope="module")
def small_files(tmp_path_factory):
    return write_partner_files(tmp_path_factory.mktemp("demo"), scale=0.02)


def per_quarter(days, quarters=QUARTERS):
    """Return how many of `days` lie in each quarter."""
    days = np.asarray(days)
    return [int(((days >= quarter.first) & (days <= quarter.last)).sum()) for quarter in quarters]


def within(counts, low, high):
    return low <= min(counts) and max(counts) <= high


def during(rows, column, first, last):
    return rows[rows[column].between(first, last)]


def working_days(start, end):
    position = [np.searchsorted(area.WORKING_DAYS, day, side="right") for day in (start, end)]
    return position[1] - position[0]


def open_plans(records, day):
    plans = records.lists["plans"]
    return plans[(plans["start"] <= day) & (plans["end"] > day)]


def in_time(rows):
    return (working_days(rows["strategy"], rows["conference"]) <= 15).mean() * 100


def conferences(records, quarter):
    return during(records.lists["s47"], "conference", quarter.first, quarter.last)


def returned_in_a_year(records, last_day, place=None):
    rows = during(records.lists["referrals"], "referred", last_day - 364, last_day)
    rows = rows if place is None else rows[rows["place"] == place]
    return (rows["earlier"] > 0).mean() * 100, len(rows)


def test_the_demo_partnership_is_a_valid_definition_and_says_that_it_is_fictional():
    us = read_definitions(partnership=DEMO_PARTNERSHIP).partnership
    assert us.is_fictional
    assert {name: place.title for name, place in us.localities.items()} == {p.id: p.title for p in area.PLACES}


def test_the_localities_add_up_to_the_partnership_in_every_year():
    populations = read_definitions(partnership=DEMO_PARTNERSHIP).partnership.populations
    for year in range(2020, 2025):
        of_year = {row.area: row.children_0_17 for row in populations if row.mid_year == year}
        assert of_year.pop("partnership") == sum(of_year.values())
        assert set(of_year) == {place.id for place in area.PLACES}


def test_every_team_and_district_of_the_files_belongs_to_its_locality():
    us = read_definitions(partnership=DEMO_PARTNERSHIP).partnership
    for place in area.PLACES:
        teams = area.team_names(place)
        assert us.localities[place.id].teams == teams["assessment"] + teams["safeguarding"]
        assert us.localities[place.id].districts == place.districts


def test_the_last_complete_quarter_before_the_demo_day_is_q2_2025_26():
    assert len(QUARTERS) == 20
    assert QUARTERS[-1].label == "Q2 2025/26"
    assert area.as_date(QUARTERS[-1].last) == area.LAST_DAY < area.DEMO_TODAY


def test_working_days_leave_out_weekends_and_bank_holidays():
    thursday_before_easter = area.day_number(datetime.date(2025, 4, 17))
    assert area.as_date(area.working_days_after(thursday_before_easter, 1)) == datetime.date(2025, 4, 22)
    assert area.as_date(area.working_days_after(thursday_before_easter, 0)) == datetime.date(2025, 4, 17)


def test_the_same_seed_gives_the_same_records():
    one, other = (make_records(seed=7, scale=0.02) for _ in range(2))
    for name, rows in one.lists.items():
        pd.testing.assert_frame_equal(rows, other.lists[name])


def test_another_seed_gives_other_records():
    one, other = (make_records(seed=seed, scale=0.02).lists["contacts"] for seed in (7, 8))
    assert not one["at"].equals(other["at"])


def test_volumes_of_every_quarter_are_those_of_an_area_of_130_000_children(records):
    lists = records.lists
    conferred = lists["s47"]["conference"]
    assert within(per_quarter(lists["contacts"]["day"]), 4500, 11000)
    assert within(per_quarter(lists["referrals"]["referred"]), 1340, 2060)
    assert within(per_quarter(lists["assessments"]["authorised"]), 1390, 2160)
    assert within(per_quarter(lists["s47"]["strategy"]), 500, 800)
    assert within(per_quarter(conferred), 155, 257)
    assert within(per_quarter(lists["plans"]["start"]), 134, 215)
    assert within([len(open_plans(records, quarter.last)) for quarter in QUARTERS], 417, 692)


@pytest.mark.parametrize(("where", "low", "high"), [("care", 150, 350), ("home", 180, 380)])
def test_missing_episodes_of_every_quarter(records, where, low, high):
    missing = records.lists["missing"]
    rows = missing[(missing["missing_from"] == where) & ~missing["away"]]
    assert within(per_quarter(rows["at"] // 1440, LATER_QUARTERS), low, high)


def test_return_interviews_are_offered_to_most_and_completed_with_over_half(records):
    rows = records.lists["interviews"]
    for quarter in LATER_QUARTERS:
        ended = rows[(rows["returned"] // 1440).between(quarter.first, quarter.last)]
        offered = ended[ended["offered"]]
        assert 0.85 <= len(offered) / len(ended) <= 0.98
        assert 0.50 <= (offered["completed"] < NEVER * 1440).mean() <= 0.70


def test_totals_that_partners_send(records):
    counts = records.counts
    summers = counts["hospital"][counts["hospital"]["period"].str.startswith("Q2")]["number"]
    assert counts["hospital"]["number"].between(70, 130).all()
    assert summers.mean() < counts["hospital"]["number"].mean() - 8
    assert counts["business_unit"]["number"].between(250, 700).all()
    limits = {"Autumn": (45, 55), "Spring": (30, 42), "Summer": (22, 32)}
    for period, number in counts["education"][["period", "number"]].itertuples(index=False):
        assert limits[period.split()[0]][0] <= number <= limits[period.split()[0]][1]


def test_a_quarter_of_new_contacts_become_referrals(records):
    contacts = records.lists["contacts"]
    for quarter in QUARTERS:
        new = during(contacts[~contacts["open_case"]], "day", quarter.first, quarter.last)
        assert 0.18 <= (new["outcome"] == "referral").mean() <= 0.28


def test_contacts_are_nine_per_cent_up_on_a_year_ago(records):
    counts = per_quarter(records.lists["contacts"]["day"])
    assert counts[-1] / counts[-5] == pytest.approx(1.09, abs=0.015)


def test_nine_contacts_in_ten_are_decided_by_the_next_working_day(records):
    contacts = records.lists["contacts"]
    waited = working_days(contacts["day"], contacts["decided"] // 1440)
    assert (waited <= 1).mean() == pytest.approx(0.93, abs=0.01)
    assert (contacts["decided"] >= contacts["at"]).all()


def test_summer_quarters_bring_fewer_referrals(records):
    counts = np.array(per_quarter(records.lists["referrals"]["referred"]))
    is_summer = np.array([quarter.label.startswith("Q2") for quarter in QUARTERS])
    assert counts[is_summer].mean() / counts[~is_summer].mean() == pytest.approx(0.95, abs=0.02)


def test_re_referrals_climb_in_east_alone(records):
    east = [place.id for place in area.PLACES].index("east")
    a_year = [returned_in_a_year(records, quarter.last, east)[0] for quarter in QUARTERS[-8:]]
    share, number = returned_in_a_year(records, QUARTERS[-1].last, east)
    assert a_year == sorted(a_year)
    assert share == pytest.approx(31, abs=1)
    assert number > 1000
    assert 20 <= returned_in_a_year(records, QUARTERS[-1].last)[0] <= 23
    assert 18 <= returned_in_a_year(records, QUARTERS[7].last)[0] <= 22


def test_conferences_fell_behind_a_year_ago_recovered_and_fell_again_in_north(records):
    shares = [in_time(conferences(records, quarter)) for quarter in QUARTERS]
    assert np.mean(shares[:-4]) == pytest.approx(83, abs=1.5)
    autumn, winter, spring, summer = shares[-4:]
    assert max(autumn, winter) < 78 < spring
    # Below the lower process limit of the quarters before it, so the latest point is no noise.
    before = np.array(shares[:-1])
    assert summer < before.mean() - 2.66 * np.abs(np.diff(before)).mean()
    latest = conferences(records, QUARTERS[-1])
    assert in_time(latest[latest["place"] == 0]) < 50 < 75 < in_time(latest[latest["place"] != 0])


def test_most_conferences_are_held_on_working_days_11_to_15_as_in_england(records):
    rows = pd.concat([conferences(records, quarter) for quarter in QUARTERS[:-4]])
    bands = np.histogram(working_days(rows["strategy"], rows["conference"]), bins=(0, 11, 16, 21, 99))[0]
    assert bands / len(rows) * 100 == pytest.approx([9, 73, 9, 9], abs=2)


def test_long_plans_grow_over_seven_quarters(records):
    shares = []
    for quarter in QUARTERS[-7:]:
        plans = open_plans(records, quarter.last)
        shares.append((plans["start"] + 18 * MONTH <= quarter.last).mean() * 100)
    assert all(later > earlier - 0.3 for earlier, later in pairwise(shares))
    assert shares[0] < 7
    assert shares[-1] > 9


def test_plans_last_as_long_as_in_england(records):
    ended = during(records.lists["plans"], "end", QUARTERS[0].first, QUARTERS[-1].last)
    days = ended["end"] - ended["start"]
    assert days.median() == pytest.approx(8 * MONTH, abs=15)
    assert (days > 729).mean() == pytest.approx(0.04, abs=0.015)


def test_a_quarter_of_plans_are_not_the_childs_first(records):
    started = during(records.lists["plans"], "start", QUARTERS[0].first, QUARTERS[-1].last)
    assert (started["previous"] > 0).mean() == pytest.approx(0.235, abs=0.02)


def test_assessments_are_done_in_45_working_days_as_often_as_in_england(records):
    done = during(records.lists["assessments"], "authorised", QUARTERS[0].first, QUARTERS[-1].last)
    assert (working_days(done["assessed_from"], done["authorised"]) <= 45).mean() == pytest.approx(0.855, abs=0.012)


def test_nine_plans_in_ten_are_reviewed_on_time(records):
    day = QUARTERS[-1].last
    plans = open_plans(records, day - 91)
    plans = plans[plans["end"] > day]
    reviews = records.lists["reviews"]
    held = reviews[reviews["review"] <= day].sort_values(["episode", "child", "review"])
    held = held.merge(plans[["episode", "child"]], on=["episode", "child"])
    before = held.groupby(["episode", "child"])["review"].shift(1).fillna(held["start"])
    limit = np.where(before == held["start"], 92, 184)
    late = held[held["review"] - before > limit][["episode", "child"]].drop_duplicates()
    assert 1 - len(late) / len(plans) == pytest.approx(0.93, abs=0.025)


def test_some_children_are_unborn_and_most_have_brothers_or_sisters(records):
    referrals, children = records.lists["referrals"], records.children
    unborn = referrals["referred"].to_numpy() < children.born[referrals["child"]]
    assert 0.01 < unborn.mean() < 0.04
    assert referrals.groupby("episode")["child"].size().mean() > 1.5
    assert len(np.unique(children.id)) == len(children.id)


def test_no_list_has_the_same_row_twice(records):
    keys = {
        "contacts": ["child", "at"],
        "referrals": ["child", "referred"],
        "assessments": ["child", "assessed_from"],
        "strategy": ["child", "strategy"],
        "s47": ["child", "strategy"],
        "plans": ["child", "start"],
        "reviews": ["child", "review"],
        "missing": ["child", "at"],
        "interviews": ["child", "returned"],
    }
    assert [name for name, key in keys.items() if records.lists[name].duplicated(key).any()] == []


def test_no_child_is_on_two_plans_at_once(records):
    plans = records.lists["plans"].sort_values(["child", "start"])
    same_child = plans["child"].eq(plans["child"].shift())
    assert (plans["start"] > plans["end"].shift())[same_child].all()


# The files


def sheets_of(path):
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def named(files, start):
    return next(file for file in files if file.path.name.startswith(start))


def test_some_forty_six_files_are_written_in_two_loads(small_files):
    assert len(small_files) == 46
    assert all(file.path.exists() for file in small_files)
    assert {file.batch for file in small_files if file.covers_to > datetime.date(2025, 6, 30)} == {2}
    assert {file.batch for file in small_files if file.covers_to <= datetime.date(2025, 6, 30)} == {1}


def test_the_police_have_not_sent_the_last_quarter(small_files):
    assert {file.agency for file in small_files if file.batch == 2} == {
        "council",
        "mash",
        "hospital",
        "education",
        "business_unit",
    }


def test_the_hospital_never_sent_one_quarter(small_files):
    sent = [file for file in small_files if file.agency == "hospital"]
    periods = [row[1] for file in sent for row in sheets_of(file.path)["Return"][1:]]
    assert "Q3 2024/25" not in periods
    assert {"Q2 2024/25", "Q4 2024/25", "Q1 2025/26", "Q2 2025/26"} < set(periods)


def test_two_returns_came_twelve_days_after_they_were_due(small_files):
    due = datetime.timedelta(days=8)
    late = {file.agency for file in small_files if file.received - file.covers_to == due + datetime.timedelta(days=12)}
    assert late == {"police", "business_unit"}


def test_an_annex_a_workbook_has_the_published_headings(small_files):
    sheets = sheets_of(named(small_files, "Annex A 2025-09-30").path)
    assert list(sheets) == [f"List {number}" for number in range(1, 9)]
    assert sheets["List 3"][0][5:9] == [
        "Date of referral",
        "Referral Source",
        "Referral NFA?",
        "Number of Referrals in Last 12 Months",
    ]
    assert len(sheets["List 7"][0]) == 17


def test_an_annex_a_workbook_knows_nothing_of_later_days(small_files):
    file = named(small_files, "Annex A 2025-06-30")
    for rows in sheets_of(file.path).values():
        days = [value for row in rows[1:] for value in row if isinstance(value, datetime.date)]
        assert max(days) <= file.covers_to


def test_a_mash_log_has_a_title_a_total_and_a_hidden_sheet(small_files):
    path = named(small_files, "MASH contacts log 2020-21").path
    rows = sheets_of(path)["Contacts log"]
    hidden = {
        sheet.name: str(sheet.visible)
        for sheet in python_calamine.CalamineWorkbook.from_path(str(path)).sheets_metadata
    }
    assert rows[0][0] == "Wexmoor Multi-Agency Safeguarding Hub"
    assert rows[3][:3] == ["Person ID", "DoB", "Contact received"]
    assert rows[-1][0] == "Total"
    assert rows[-1][2] == len(rows) - 5
    assert "Hidden" in hidden["Lookups"]


def test_the_police_send_the_councils_child_numbers(small_files):
    with named(small_files, "Missing episodes to June").path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {str(number) for number in make_records(scale=0.02).children.id}
    assert {row["Nominal reference"] for row in rows} <= known
    assert datetime.datetime.strptime(rows[0]["Date and time missing"], "%d/%m/%Y %H:%M").year == 2022


def test_every_code_in_the_files_is_known_but_for_the_slips_of_the_newest_quarter(small_files):
    definitions = read_definitions(partnership=DEMO_PARTNERSHIP)
    codes = [
        ({normalise(heading) for heading in column.headings}, definitions.code_lists[column.codes].by_form)
        for record in definitions.record_types.values()
        for column in record.columns.values()
        if column.codes
    ]
    strange = set()
    for file in small_files:
        if file.path.suffix == ".xlsx":
            for rows in sheets_of(file.path).values():
                strange |= _unknown_codes(rows, codes)
    assert strange == {"Polcie", "Neglct", "#N/A"}


def _unknown_codes(rows, codes):
    top = next((row for row in rows if len([cell for cell in row if cell]) > 3), [])
    found = set()
    for number, heading in enumerate(top):
        forms = [by_form for headings, by_form in codes if normalise(str(heading)) in headings]
        words = {row[number] for row in rows[rows.index(top) + 1 :] if isinstance(row[number], str)} - {""}
        found |= {word for word in words if forms and not any(normalise(word) in by_form for by_form in forms)}
    return found


def test_the_newest_files_have_fourteen_slips_and_the_older_ones_none(small_files):
    assert len(SLIPS) == 14
    typed = {text for _, _, text in SLIPS if text}
    for file in small_files:
        if file.path.suffix == ".xlsx":
            words = {
                cell for rows in sheets_of(file.path).values() for row in rows for cell in row if isinstance(cell, str)
            }
            assert bool(words & typed) == (file.batch == 2 and file.agency in ("council", "mash")), file.path.name


def test_the_same_seed_writes_the_same_bytes(small_files, tmp_path):
    again = write_partner_files(tmp_path, scale=0.02)
    assert [file.path.read_bytes() for file in again] == [file.path.read_bytes() for file in small_files]


def test_progress_is_told_file_by_file(tmp_path):
    heard = []
    files = write_partner_files(tmp_path, scale=0.01, progress=lambda *news: heard.append(news))
    assert heard[0] == (0.0, files[0].path.name)
    assert heard[-1] == (1.0, "all files written")
    assert len(heard) == len(files) + 1


# The store


def test_the_demo_makes_its_own_store_once_with_one_frozen_quarter(own_home, capsys, monkeypatch):
    monkeypatch.setenv("SCORECARDS_DATABASE_URL", "sqlite:///your-own.db")
    prepare(scale=0.01)
    prepare(scale=0.01)
    assert capsys.readouterr().out.count("The demo is ready") == 2
    store = open_store(f"sqlite:///{own_home / 'demo.db'}", read_definitions(partnership=DEMO_PARTNERSHIP))
    frozen = [(one.period.id, one.made_at.date(), one.made_by) for one in list_snapshots(store)]
    assert store.data_version() == 2
    assert frozen == [("2025-26-Q1", datetime.date(2025, 7, 17), "demo")]
    store.close()


def test_a_demo_that_cannot_be_made_says_why(own_home, capsys, monkeypatch):
    monkeypatch.setenv("SCORECARDS_DEFINITIONS", str(own_home))
    monkeypatch.setattr("demo.__main__.write_partner_files", lambda *_, **__: [])
    assert main([]) == 1
    assert "kpi_definitions.yaml" in capsys.readouterr().out
    assert not (own_home / "demo.db").exists()
