"""The page of submissions as it is worked with: what counts and why, whose it is, and one taken back."""

import datetime
import re
import sqlite3
from html import unescape

import pytest
from sqlalchemy import select

from data_loaders import check_files, land, plan_withdrawal, withdraw
from data_loaders.results import Change
from data_loaders.typed import TypedFigure, typed_file, typed_name
from scorecards.definitions import read_definitions
from scorecards.periods import period_by_id
from scorecards.store.schema import audit
from scorecards.submissions import read_submissions
from scorecards.ui import submissions
from scorecards.ui.readers import current_store
from scorecards.ui.row_changes import MONTHS_SHOWN, months_words
from tests import seeded
from tests.partner_files import MISSING, PLANS, REFERRALS, workbook
from tests.seeding import empty_store
from tests.test_analyst_pages import alerts, load_page, press, sign, versions
from tests.test_pages import markup, open_page, words

RECEIVED = datetime.date(2025, 10, 10)
QUARTER = (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))
JULY = (datetime.date(2025, 7, 1), datetime.date(2025, 7, 31))
LISTS = workbook(
    Referrals=[REFERRALS, ("70001", "03/07/2025", "Police"), ("70002", "04/08/2025", "GP"),
               ("70003", "05/09/2025", "GP")],
    Plans=[PLANS, ("70001", "10/07/2025", None)],
)  # fmt: skip
CORRECTED = workbook(Referrals=[REFERRALS, ("70001", "03/07/2025", "GP"), ("70004", "07/07/2025", "GP")])
EPISODES = workbook(Episodes=[
    MISSING, ("70001", "02/07/2025", "03/07/2025", "Missing", "Home"),
    ("70002", "31/09/2025", "", "Missing", "Home"),
])  # fmt: skip
ANEW = workbook(Episodes=[MISSING, ("70001", "02/07/2025", "04/07/2025", "Missing", "Home")])
SENT_IN_ERROR = workbook(Referrals=[REFERRALS, ("70009", "01/06/2025", "GP")])
COUNTS = ("added", "changed", "removed", "unchanged")
# Their numbers on the page, in the order in which they are stored.
LISTED, PLANNED, CORRECTION, FIRST_EPISODES, LAST_EPISODES, LETTER, ERROR = range(1, 8)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("submissions")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCORECARDS_HOME", str(folder))
        store = empty_store(None, read_definitions(partnership=seeded.PARTNERSHIP))
        send(store, "quarter.xlsx", LISTS, "council", QUARTER)
        send(store, "july.xlsx", CORRECTED, "council", JULY)
        send(store, "episodes.xlsx", EPISODES, "police", QUARTER)
        send(store, "episodes again.xlsx", ANEW, "police", QUARTER)
        send(store, *letter(store.definitions), "police", None)
        send(store, "june.xlsx", SENT_IN_ERROR, "council", (datetime.date(2025, 6, 1), datetime.date(2025, 6, 30)))
        withdraw(store, plan_withdrawal(store, [ERROR]), by="B. Analyst", why="The <b>wrong</b> year")
        store.close()
    return folder


def send(store, name, data, agency, covers):
    check = check_files(store, [(name, data, agency)], covers=covers)
    reasons = {"": "They say that it is right."}
    return land(store, check, by="A. Sender", confirmed=True, received={name: RECEIVED}, reasons=reasons)


def letter(definitions):
    """Return the name and the bytes of a figure that came by telephone."""
    quarter = period_by_id("2025-26-Q2")
    figure = TypedFigure("assaults_recorded", quarter.id, number="31")
    data = typed_file([figure], definitions, agency="police", period=quarter, by="Performance team",
                      note="Telephone. They will write, too", received=RECEIVED)  # fmt: skip
    return typed_name(definitions, "police", quarter, RECEIVED), data


@pytest.fixture(autouse=True)
def with_submissions(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)


def opened():
    return open_page("pages/submissions.py")


def rows(app):
    """Return the words of each submission's line, by its number."""
    lines = re.findall(r'<tr>\s*<th scope="row">(\d+)<small>(.*?)</tr>', markup(app), re.DOTALL)
    return {int(number): unescape(" ".join(re.sub(r"<[^>]+>", " ", line).split())) for number, line in lines}


def field(widgets, label):
    (one,) = [one for one in widgets if one.label == label]
    return one


def choose(app, number):
    return field(app.selectbox, "Which submission").set_value(number).run()


def look(number, app=None):
    """Return the page with what withdrawing a submission would change."""
    return press(choose(app or opened(), number), "See what would change")


def state_of(number):
    (one,) = [one for one in read_submissions(current_store()) if one.id == number]
    return one


# The register


def test_every_list_stands_in_the_register_with_what_became_of_it():
    app = opened()
    assert not app.exception
    assert "7 submissions: 5 stand, 1 was replaced in full and 1 was withdrawn." in words(app)
    assert list(rows(app)) == [7, 6, 5, 4, 3, 2, 1]


def test_a_submission_says_who_sent_what_when_and_until_when_its_original_is_kept():
    line = rows(opened())[CORRECTION]
    for part in (
        "10 October 2025", "Children's social care", "Referrals to children's social care", "july.xlsx",
        "Referrals, as a file", "by A. Sender, data version 2", "1 July 2025 to 31 July 2025", "2 stored", "Stands",
        "kept until 14 November 2026",
    ):  # fmt: skip
        assert part in line


def test_one_that_stands_in_part_says_how_many_of_its_rows_count():
    assert "3 stored 2 count under it" in rows(opened())[LISTED]


def test_one_that_later_ones_speak_for_is_replaced_in_full_and_says_what_was_refused():
    line = rows(opened())[FIRST_EPISODES]
    assert "1 stored 0 count under it, 1 refused" in line
    assert "○ Replaced in full later ones speak for all of it" in line
    assert "● Stands" in rows(opened())[LAST_EPISODES]


def test_a_withdrawn_one_says_why_by_whom_and_when():
    line = rows(opened())[ERROR]
    assert re.search(
        r"◆ Withdrawn \d+ \w+ \d{4}, \d\d:\d\d by B\. Analyst, data version 7: The <b>wrong</b> year", line
    )
    assert "<b>wrong</b>" not in markup(opened())


def test_typed_figures_say_so_with_their_note_and_have_no_days():
    line = rows(opened())[LETTER]
    assert "typed in: Telephone. They will write, too" in line
    assert "by the period of each figure" in line


def test_an_original_is_not_kept_for_ever(monkeypatch):
    monkeypatch.setenv("SCORECARDS_TODAY", "2026-11-15")
    assert "not kept any more" in rows(opened())[CORRECTION]


def test_of_a_file_with_names_no_original_is_kept_and_the_page_says_so_before_and_after():
    named = workbook(Referrals=[(*REFERRALS, "Child name"), ("70005", "01/10/2025", "GP", "Ann Example")])
    both = workbook(Plans=[PLANS, ("70001", "10/07/2025", None), ("70005", "02/10/2025", None)])
    app = load_page(("named.xlsx", named), ("plain.xlsx", both))
    assert "Of named.xlsx" not in words(app)
    app.checkbox[0].check()
    app = press(app, "Check again")
    assert "Files are kept as they came, encrypted, until 18 November 2026; no page gives one away." in words(app)
    assert "Of named.xlsx no original is kept, because columns are left out of it." in words(app)
    press(sign(app), "Store 3 rows")
    lines = list(rows(opened()).values())[:2]
    assert sorted(line.endswith(" not kept") for line in lines) == [False, True]


def test_of_many_the_newest_are_shown_until_all_are_asked_for(monkeypatch):
    monkeypatch.setattr(submissions, "SHOWN", 3)
    app = opened()
    assert list(rows(app)) == [7, 6, 5]
    assert "4 older ones are not shown." in words(app)
    app.toggle[0].set_value(True).run()
    assert len(rows(app)) == 7


def test_an_empty_register_says_where_to_begin(own_home):
    (own_home / "scorecards.db").unlink()
    app = opened()
    assert not app.exception
    assert "Nothing was stored yet. Load returns" in words(app)
    assert not app.selectbox


def test_the_register_is_read_by_agency_and_so_is_what_can_be_withdrawn():
    app = opened()
    assert field(app.selectbox, "Sent by").options == ["Every agency", "Children's social care", "Police"]
    app = field(app.selectbox, "Sent by").set_value("police").run()
    assert "3 submissions: 2 stand and 1 was replaced in full." in words(app)
    assert list(rows(app)) == [LETTER, LAST_EPISODES, FIRST_EPISODES]
    offered = field(app.selectbox, "Which submission").options
    assert [one.split(":")[0] for one in offered] == ["6", "5", "4"]
    assert offered[1] == "5: Police, Missing episodes, episodes again.xlsx, received 10 October 2025"


def test_another_agency_lets_go_of_what_was_chosen_to_be_withdrawn():
    app = choose(opened(), CORRECTION)
    app = field(app.selectbox, "Sent by").set_value("police").run()
    assert not app.exception
    assert field(app.selectbox, "Which submission").value is None
    assert not app.button


def test_what_was_withdrawn_cannot_be_chosen_again():
    offered = field(opened().selectbox, "Which submission").options
    assert not [one for one in offered if one.startswith(f"{ERROR}:")]


# Taking one back


def test_what_would_change_is_shown_and_nothing_is_done():
    before = versions()
    app = look(CORRECTION)
    shown = words(app)
    assert "To be withdrawn: 3: Children's social care, Referrals to children's social care, july.xlsx" in shown
    assert "1 row no longer counts and 1 row is again what it was." in shown
    assert "Sheet Cell Column From To Referrals row 2 Referral source General practice Police" in shown
    assert "Gone: July 2025 (1)." in shown
    assert versions() == before
    assert not state_of(CORRECTION).withdrawn


def test_a_submission_that_is_left_as_it_is_stays_and_another_can_be_chosen():
    before = versions()
    app = press(look(CORRECTION), "Leave it as it is")
    assert "To be withdrawn" not in words(app)
    assert field(app.selectbox, "Which submission").value is None
    assert versions() == before
    assert "To be withdrawn: 5: Police" in words(look(LAST_EPISODES, app))


def test_a_withdrawal_stays_looked_at_while_another_page_is_read():
    app = look(CORRECTION)
    app.switch_page("pages/dictionary.py").run()
    app.switch_page("pages/submissions.py").run()
    assert "To be withdrawn: 3" in words(app)


def give(app, name="A. Analyst", why="Sent for the wrong year"):
    """Say who withdraws and why, and press the button."""
    app = sign(app, name) if name else app
    field(app.text_input, "Why it is withdrawn").set_value(why)
    return press(app, "Withdraw ")


@pytest.mark.parametrize(("name", "why"), [("", "Sent in error"), ("A. Analyst", ""), ("A. Analyst", "  ")])
def test_a_withdrawal_needs_a_name_and_a_reason(name, why):
    before = versions()
    app = give(look(CORRECTION), name, why)
    assert alerts(app) == ["A withdrawal needs your name and a reason. Nothing was done."]
    assert "To be withdrawn: 3" in words(app)
    assert versions() == before
    assert field(app.text_input, "Why it is withdrawn").value == why


@pytest.mark.parametrize("why", ["Child 943 476 5919 is not ours", "ann@example.org asked for it"])
def test_a_reason_that_seems_personal_is_sent_back_and_stays_in_its_box(why):
    before = versions()
    app = give(look(CORRECTION), why=why)
    assert alerts(app) == ["The reason holds what could identify a person. Write it without."]
    assert why not in words(app)
    assert field(app.text_input, "Why it is withdrawn").value == why
    assert versions() == before
    assert "Withdrawn as data version 8." in words(give(app))


def test_a_withdrawal_is_done_once_and_said_with_the_figures_that_change():
    app = give(look(CORRECTION))
    assert not app.exception
    shown = words(app)
    assert "Withdrawn as data version 8. 1 row no longer counts and 1 row is again what it was." in shown
    assert "Referrals to children's social care Q2 25/26 4 3" in shown
    assert re.search(r"figures? (is|are) new or different", shown)
    assert re.search(r"by A\. Analyst, data version 8: Sent for the wrong year", rows(app)[CORRECTION])
    assert "3 stored – ● Stands" in rows(app)[LISTED]
    assert field(app.selectbox, "Which submission").value is None
    assert "Withdrawn as data version" not in words(app.run())
    with current_store().read() as connection:
        newest = connection.execute(select(audit.c.who, audit.c.what).order_by(audit.c.id.desc())).first()
    assert tuple(newest) == (
        "A. Analyst", "Withdrawn: submission 3 (Referrals to children's social care) from Children's social care"
    )  # fmt: skip


def test_what_no_figure_rests_on_changes_none_when_it_goes():
    shown = words(give(look(FIRST_EPISODES)))
    assert "Withdrawn as data version 8. 1 row stays, as another file has it too." in shown
    assert "No figure became another because of it." in shown
    assert "newest figures that changed" not in shown


def test_the_other_lists_of_the_file_go_with_it_where_that_is_asked_for():
    app = choose(opened(), LISTED)
    (tick,) = app.checkbox
    assert tick.label == "Withdraw the other list of this file, too: Child protection plans"
    app = press(tick.check().run(), "See what would change")
    assert "To be withdrawn: 1: Children's" in words(app)
    assert "; 2: Children's social care, Child protection plans, quarter.xlsx" in words(app)
    app = give(app)
    assert "Withdrawn as data version 8." in words(app)
    assert [state_of(number).withdrawn.version for number in (LISTED, PLANNED)] == [8, 8]


def test_without_the_tick_the_other_lists_of_the_file_stay():
    give(look(LISTED))
    assert state_of(LISTED).withdrawn
    assert not state_of(PLANNED).withdrawn


def test_a_list_that_came_alone_offers_no_others():
    assert not choose(opened(), CORRECTION).checkbox


def test_a_store_that_changed_meanwhile_is_looked_at_again():
    app = look(CORRECTION)
    later = workbook(Referrals=[REFERRALS, ("70001", "03/07/2025", "Schools")])
    send(current_store(), "later.xlsx", later, "council", (JULY[0], datetime.date(2025, 7, 5)))
    before = versions()
    app = give(app)
    assert "Somebody stored something meanwhile, and the withdrawal would now change something else." in alerts(app)[0]
    assert "To be withdrawn" not in words(app)
    assert (versions(), state_of(CORRECTION).withdrawn) == (before, None)
    shown = words(look(CORRECTION, app))
    assert "1 row no longer counts and 1 row stays, as another file has it too." in shown


def test_what_is_stored_meanwhile_and_makes_no_difference_stops_nothing():
    app = look(CORRECTION)
    later = workbook(Referrals=[REFERRALS, ("70008", "03/05/2025", "Schools")])
    send(current_store(), "may.xlsx", later, "council", (datetime.date(2025, 5, 1), datetime.date(2025, 5, 31)))
    assert "Withdrawn as data version 9." in words(give(app))


def test_what_somebody_else_withdrew_meanwhile_can_no_longer_be_chosen():
    mine, theirs = look(CORRECTION), choose(opened(), CORRECTION)
    give(mine)
    theirs = press(theirs, "See what would change")
    assert "by A. Analyst, data version 8: Sent for the wrong year" in rows(theirs)[CORRECTION]
    assert "To be withdrawn" not in words(theirs)


def test_two_who_withdraw_the_same_do_it_once():
    mine, theirs = look(CORRECTION), look(CORRECTION)
    give(mine)
    theirs = give(theirs, "B. Analyst")
    assert alerts(theirs) == ["This submission was withdrawn before. Nothing was done."]
    assert (versions(), state_of(CORRECTION).withdrawn.by) == (8, "A. Analyst")


def test_a_list_that_is_defined_no_more_cannot_be_taken_back_and_the_page_says_why(own_home):
    with sqlite3.connect(own_home / "scorecards.db") as connection:
        connection.execute("UPDATE submission SET record_type = 'gone' WHERE id = ?", (LAST_EPISODES,))
    connection.close()
    app = look(LAST_EPISODES)
    assert alerts(app) == ["&#39;gone&#39; is not in record_types.yaml any more. Nothing was done."]
    assert "5: Police, gone, episodes again.xlsx" in field(app.selectbox, "Which submission").options[1]


# What a withdrawal and a change of rows are called


def change(**counts):
    return Change("referrals", "Referrals", "council", None, *(counts.get(one, 0) for one in COUNTS), 0, None)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([], "No row changes; only the days that it covered are no longer covered by it."),
        ([change()], "No row changes; only the days that it covered are no longer covered by it."),
        ([change(removed=1)], "1 row no longer counts."),
        ([change(removed=1), change(removed=1200, added=1)], "1,201 rows no longer count and 1 row comes back."),
        ([change(added=2, changed=2, unchanged=2)],
         "2 rows come back, 2 rows are again what they were and 2 rows stay, as other files have them too."),
    ],
)  # fmt: skip
def test_what_a_withdrawal_changes_is_one_sentence(changes, sentence):
    assert submissions.withdrawal_words(changes) == sentence


def test_of_many_months_the_newest_are_told():
    months = [(f"month {number}", number) for number in range(1, MONTHS_SHOWN + 3)]
    assert months_words(months[:2]) == "month 1 (1), month 2 (2)"
    assert months_words(months).startswith("month 3 (3), month 4")
    assert months_words(months).endswith("month 26 (26), and 2 earlier")
