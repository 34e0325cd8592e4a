"""The funnel plot: who is on it, by which shape, and that its words say the same as its marks."""

import pytest

from scorecards import charts
from scorecards.funnel import Group, funnel
from scorecards.narrative.funnel_words import funnel_alt, in_funnel, place_words
from scorecards.ui.funnels import funnel_table

SOURCES = [
    Group("police", 310, 1240),
    Group("schools", 260, 900),
    Group("family", 14, 95),
    Group("hidden", 2, 7),
    Group("voluntary", 22, 40),
]
NAMES = {"police": "Police", "schools": "Schools", "family": "Family", "hidden": "Not said", "voluntary": "Voluntary"}
FOUND = funnel(SOURCES, "share", 0.25)
AREAS = funnel([Group("north", 340, 34_000), Group("coast", 320, 15_000), Group("vale", 110, 12_000)], "rate", 0.0115)


def drawn(found, **more):
    return charts.funnel_chart(found, NAMES, "contacts", **more)


def texts(figure):
    return [note.text for note in figure.layout.annotations]


def symbols(figure):
    return dict(zip(NAMES, figure.data[-1].marker.symbol, strict=True))


def test_every_group_is_named_on_the_plot_and_those_beyond_with_their_figure():
    said = texts(drawn(FOUND))
    assert {"Police", "Family", "Not said", "<b>Voluntary 55.0%</b>"} <= set(said)


def test_shape_tells_what_colour_tells():
    found = symbols(drawn(FOUND))
    assert found == {
        "police": "circle", "schools": "triangle-up-open", "family": "triangle-down-open", "hidden": "x-thin-open",
        "voluntary": "triangle-up",
    }  # fmt: skip


@pytest.mark.parametrize(("polarity", "shape"), [("higher", "square"), ("lower", "diamond"), ("band", "triangle-up")])
def test_beyond_is_better_or_worse_only_where_there_is_a_good_direction(polarity, shape):
    assert symbols(drawn(FOUND, polarity=polarity))["voluntary"] == shape


def test_lines_stand_at_the_average_and_at_four_limits():
    lines = [trace for trace in drawn(FOUND).data if trace.mode == "lines"]
    assert [trace.line.dash for trace in lines] == ["solid", "solid", "dash", "dash", "solid"]
    assert set(lines[-1].y) == {25.0}


def test_rates_are_drawn_per_10000():
    figure = charts.funnel_chart(AREAS, {"coast": "Coast"}, "children")
    assert list(figure.data[-1].y) == pytest.approx([100, 213.333333, 91.666667])
    assert "<b>Coast 213.3</b>" in texts(figure)
    assert "per 10,000" in figure.layout.xaxis.title.text


def test_day_and_night_have_their_own_colours():
    light, dark = drawn(FOUND), drawn(FOUND, dark=True)
    assert light.data[-1].marker.color != dark.data[-1].marker.color


def test_the_table_says_in_words_what_the_plot_shows():
    table = funnel_table("Contacts becoming referrals", FOUND, NAMES, "contacts", by="Source")
    assert "22 of 40 contacts" in table
    assert "Higher: above the 99.8% limit" in table
    assert "Worth a look: below the 95% limit" in table
    assert "Fewer than 10: too few to judge" in table


def test_within_the_limits_is_never_called_good_or_bad():
    police = FOUND.groups[0]
    assert {place_words(police, one).words for one in ("higher", "lower", "band", "context")} == {
        "Within the limits: no more than chance"
    }


def test_those_who_cannot_see_the_plot_hear_who_is_beyond():
    assert funnel_alt("contacts", FOUND, NAMES) == (
        "Funnel plot of contacts, average 25.0%. Beyond the 99.8% limits: Voluntary. The table below has its figures."
    )


def test_figures_are_written_as_shares_or_rates():
    assert in_funnel("share", 0.34249) == "34.2%"
    assert in_funnel("rate", 0.005225) == "52.3 per 10,000"


def test_a_plot_of_one_small_group_is_drawn():
    assert len(drawn(funnel([Group("hidden", 1, 3)], "share")).data) == 6
