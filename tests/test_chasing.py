"""The Returns page as it is worked with: a reason recorded and taken back, an agency reminded, the chair told."""

import io

import openpyxl
import pytest

from data_loaders import return_template
from scorecards.periods import period_by_id
from scorecards.returns import read_chasers, read_reasons
from scorecards.ui.parts import plain
from scorecards.ui.readers import current_store
from tests import seeded
from tests.test_pages import markup, open_page, words

RETURN = ("police", "2025-26-Q2")
CHASE = {"chase": "police.2025-26-Q2"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seeded")
    seeded.make(folder)
    return folder


@pytest.fixture(autouse=True)
def with_figures(made, own_home, monkeypatch):
    seeded.use(made, own_home, monkeypatch)


def opened(name="A. Analyst", **address):
    app = open_page("pages/returns.py", **(address or CHASE))
    return app.text_input(key="ask_your_name").set_value(name).run() if name else app


def field(widgets, label):
    (one,) = [one for one in widgets if one.label == label]
    return one


def press(app, label):
    return field(app.button, label).click().run()


def say(app, item, why, expected=None):
    """Fill in the form of reasons and send it."""
    field(app.selectbox, "What is not supplied").set_value(item)
    field(app.text_area, "Because").set_value(why)
    if expected:
        field(app.date_input, "Expected on, if they know").set_value(expected)
    return press(app, "Record the reason")


def reasons():
    with current_store().read() as connection:
        return read_reasons(connection).get(RETURN, {})


def test_the_address_names_the_return_to_work_on_and_it_stands_first():
    app = opened()
    assert field(app.selectbox, "Return").value == "police.2025-26-Q2"
    assert words(app).index("First reminder to Police") < words(app).index("Who has sent what")


def test_an_address_that_names_no_return_begins_with_the_newest():
    app = opened(chase="nobody.1999-00-Q1")
    assert not app.exception
    assert field(app.selectbox, "Return").value.endswith(".2025-26-Q2")


def test_a_reason_shows_wherever_its_figure_is_missing_and_nowhere_once_taken_back():
    app = say(opened(), "missing_episodes", "A new system", "2025-10-20")
    assert not app.exception
    assert "Recorded." in words(app)
    one = reasons()["missing_episodes"]
    assert (one.why, one.expected.isoformat(), one.recorded_by) == ("A new system", "2025-10-20", "A. Analyst")
    assert "Missing episodes (reason given: A new system; expected on 20 October 2025)" in words(app)
    card = words(open_page("pages/scorecards.py", theme="missing"))
    assert "Awaited from Police, expected on 20 October 2025" in card
    measure = words(open_page("pages/kpi.py", kpi="missing_home_episodes"))
    assert "Awaited from Police: Missing episodes for Q2 2025/26, due 8 October 2025. Reason given: A new" in measure
    assert "20 October" not in words(open_page("pages/kpi.py", kpi="assaults_recorded"))
    app = press(app, plain("Take back: Missing episodes"))
    assert "Taken back." in words(app)
    assert reasons() == {}
    card = words(open_page("pages/scorecards.py", theme="missing"))
    assert "Awaited from Police, due 8 October 2025" in card


def test_a_reason_for_the_whole_return_makes_it_not_supplied_and_not_missing():
    app = say(opened(), "", "A new system")
    assert "▲ Not supplied because: A new system" in words(app)


@pytest.mark.parametrize(
    ("name", "why", "said"),
    [("", "A new system", "Give your name first"), ("A. Analyst", " ", "Say in a few words why")],
)
def test_a_reason_needs_a_name_and_words(name, why, said):
    app = say(opened(name), "missing_episodes", why)
    assert said in words(app)
    assert reasons() == {}


PERSONAL = ("Ann's NHS no 943 476 5919", "943\n476\n5919", "943.476.5919", "Child 7000123", "ann@example.org")


@pytest.mark.parametrize("why", PERSONAL)
def test_a_reason_that_seems_personal_is_sent_back_and_stays_in_its_box(why):
    app = say(opened(), "missing_episodes", why, "2025-10-20")
    assert "The reason seems to hold a number, an address or a postcode that could identify a person." in words(app)
    assert reasons() == {}
    assert why not in words(app)
    assert field(app.text_area, "Because").value == why
    assert field(app.selectbox, "What is not supplied").value == "missing_episodes"
    assert field(app.date_input, "Expected on, if they know").value.isoformat() == "2025-10-20"
    assert reasons() == {}
    assert "Recorded." in words(say(app, "missing_episodes", "A new system"))
    assert reasons()["missing_episodes"].why == "A new system"


def test_a_note_that_seems_personal_is_sent_back_and_stays_in_its_box():
    app, label = opened(), "Note, without names of children"
    field(app.selectbox, "How").set_value("call")
    field(app.text_input, label).set_value("They asked about 943 476 5919")
    app = press(app, "Keep in the log")
    assert "The note seems to hold a number" in words(app)
    assert "943 476 5919" not in words(app)
    assert read_chasers(current_store()) == {}
    assert (field(app.text_input, label).value, field(app.selectbox, "How").value) == (
        "They asked about 943 476 5919", "call",
    )  # fmt: skip


def test_a_reminder_that_was_sent_is_kept_and_the_next_one_is_the_second():
    app = opened()
    field(app.selectbox, "How").set_value("call")
    field(app.text_input, "Note, without names of children").set_value("They will look")
    app = press(app, "Keep in the log")
    (one,) = read_chasers(current_store())[RETURN]
    assert (one.kind, one.how, one.note, one.recorded_by) == ("reminder", "call", "They will look", "A. Analyst")
    shown = words(app)
    assert "Second reminder to Police" in shown
    assert "We asked on 14 October 2025 by telephone; this is our second reminder." in shown
    assert "14 October 2025 Police, Q2 2025/26 Reminder to the agency, by telephone They will look A. Analyst" in shown


def test_after_the_agreed_days_the_page_says_who_is_due_an_escalation_until_it_was_told(monkeypatch):
    assert "Police, Q2 2025/26: due to be told" not in words(opened())
    monkeypatch.setenv("SCORECARDS_TODAY", "2025-10-28")
    app = opened()
    due = "Police , Q2 2025/26: due to be told to the chair of the partnership since 28 October 2025"
    assert due in words(app)
    assert "mailto:chair@safeguarding.wexmoor.example?" in markup(app)
    field(app.selectbox, "What was done").set_value("escalation")
    app = press(app, "Keep in the log")
    assert due not in words(app)
    assert "Escalated on 28 October 2025 by e-mail." in words(app)


def test_the_reminder_opens_to_the_agency_s_mailbox():
    assert "mailto:safeguarding-data@police.wexmoor.example?subject=Safeguarding%20return" in markup(opened())


def test_the_template_beside_it_has_exactly_what_is_missing():
    (one,) = [one for one in opened().get("download_button") if "what is missing" in one.proto.label]
    assert one.proto.label == "Download the template of what is missing"
    store = current_store()
    data = return_template(store.definitions, "police", period_by_id("2025-26-Q2"), only={"missing_episodes"})
    assert "Aggregate return" not in openpyxl.load_workbook(io.BytesIO(data)).sheetnames
