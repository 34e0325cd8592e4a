"""Pictures made from figures: what is drawn, what is said on them, and that gaps stay gaps."""

import base64
import time
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards import charts
from scorecards.charts.scales import nice_step, scale_for, spread
from scorecards.definitions import Thresholds
from scorecards.periods import month, rolling_year
from scorecards.scorecard import View
from scorecards.series import FedBy, Note, Point, Status
from tests.lines import FALLEN, Q2, band, count, definitions, line, points, quarters, share, target, terms

CONFERENCE, LONG, AGAIN, SECOND = (
    "icpc_15wd_pct",
    "cpp_18m_plus_pct",
    "re_referral_pct",
    "cpp_second_subsequent_pct",
)
OURS = definitions()
AGREED = definitions(target(CONFERENCE, 82, 75), band(SECOND, 15, 24.3, 10, 28))
USUAL = [83.0, 85.0] * 6
R12 = rolling_year(Q2)
SVG = "{http://www.w3.org/2000/svg}"


def conference(values, **more):
    return line(CONFERENCE, points(values, **more), ours=AGREED)


def rolling(alone, year):
    return line(AGAIN, points(alone, n=1700), points(year, rolling=True, n=6760))


def texts(figure):
    return [note.text for note in figure.layout.annotations]


def text_with(figure, words):
    return next(note for note in figure.layout.annotations if words in note.text)


def markers(figure):
    """Return the traces that mark special causes."""
    return [trace for trace in figure.data if trace.mode == "markers"]


# Small pictures


def drawn(svg):
    """Return what an SVG holds, in order: tag and attributes."""
    return [(one.tag.removeprefix(SVG), one.attrib) for one in ET.fromstring(svg)]


def test_a_sparkline_is_a_dashed_line_the_figures_and_the_latest_as_a_dot():
    tags = [tag for tag, _ in drawn(charts.sparkline(conference(FALLEN)))]
    assert tags == ["line", "polyline", "circle"]


def test_a_sparkline_shows_twelve_periods():
    _, polyline, _ = drawn(charts.sparkline(conference(FALLEN)))
    assert len(polyline[1]["points"].split()) == 12


def test_a_gap_breaks_the_sparkline():
    tags = [tag for tag, _ in drawn(charts.sparkline(line("referrals", points([5, 6, None, 7, 8], make=count))))]
    assert tags == ["polyline", "polyline", "circle"]


def test_a_figure_between_two_gaps_is_still_seen():
    first = drawn(charts.sparkline(line("referrals", points([5, None, 7, 8], make=count))))[0]
    assert (first[0], first[1]["r"]) == ("circle", "1.8")


def test_a_missing_latest_figure_has_no_dot():
    tags = [tag for tag, _ in drawn(charts.sparkline(line("referrals", points([5, 6, None], make=count))))]
    assert tags == ["polyline"]


def test_a_sparkline_of_nothing_says_so():
    assert "no figures yet" in charts.sparkline(line("referrals"))


def test_a_series_that_never_moves_lies_in_the_middle():
    *_, dot = drawn(charts.sparkline(line("referrals", points([5, 5, 5], make=count))))
    assert dot[1]["cy"] == "18.0"


def test_the_dashed_line_of_a_band_is_its_nearer_edge():
    edges = {}
    for value in (16.0, 27.0):
        drawing = line(SECOND, (), points([20.0, value], rolling=True), ours=AGREED)
        edges[value] = float(drawn(charts.sparkline(drawing))[0][1]["y1"])
    assert edges[16.0] > edges[27.0]


def test_a_picture_becomes_an_address():
    kind, _, data = charts.data_uri(charts.sparkline(conference(FALLEN))).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(data).startswith(b"<svg")


@pytest.mark.parametrize("dark", [False, True])
def test_every_change_has_its_own_icon(dark):
    kinds = ("none", "better", "worse", "higher", "lower", "unknown")
    icons = {charts.change_icon(kind, dark=dark) for kind in kinds} | {
        charts.change_icon("worse", falls=True, dark=dark)
    }
    assert len(icons) == 7
    assert all(ET.fromstring(icon).tag == f"{SVG}svg" for icon in icons)


# The chart of three years


def test_the_chart_draws_range_target_england_and_the_figures():
    figure = charts.kpi_chart(conference([*USUAL, 71.3], n=174), AGREED)
    words = texts(figure)
    assert "Usual range<br>to 88.3%" in words
    assert "Usual range<br>from 77.7%" in words
    assert "Agreed target<br>82%" in words
    assert "England 24/25<br>81.4%" in words
    assert "<b>Q2 25/26: 71.3%,<br>below the usual range</b>" in words
    assert not figure.layout.showlegend


def test_lines_differ_by_dash_and_not_by_colour_alone():
    shapes = charts.kpi_chart(conference([*USUAL, 71.3]), AGREED).layout.shapes
    assert {shape.line.dash for shape in shapes if shape.type == "line"} == {"solid", "dash", "dot"}


def test_a_special_cause_has_its_own_shape():
    (marked,) = markers(charts.kpi_chart(conference([*USUAL, 71.3]), AGREED))
    assert (list(marked.x), list(marked.y), list(marked.marker.symbol)) == ([12], [71.3], ["diamond"])
    (marked,) = markers(charts.kpi_chart(conference([*USUAL, 97.0]), AGREED))
    assert list(marked.marker.symbol) == ["square"]


@pytest.mark.parametrize(
    ("value", "shape", "said"), [(900, "triangle-up", "▲ higher"), (300, "triangle-down", "▼ lower")]
)
def test_activity_is_marked_as_neither_good_nor_bad(value, shape, said):
    figure = charts.kpi_chart(line("mash_contacts", points([*[600, 610] * 6, value], make=count)), OURS)
    assert markers(figure)[0].marker.symbol[-1] == shape
    assert said in figure.layout.xaxis.title.text


def test_usual_ups_and_downs_have_no_marks():
    figure = charts.kpi_chart(conference([*USUAL, 84.0]), AGREED)
    assert markers(figure) == []
    assert "<b>Q2 25/26: 84.0%</b>" in texts(figure)


def test_an_axis_that_does_not_start_at_zero_says_so():
    assert (
        charts.kpi_chart(conference(USUAL), AGREED).layout.xaxis.title.text == "The scale starts at 75%, not at zero."
    )
    low = line(LONG, points([5.0, 1.0, 9.0]))
    assert charts.kpi_chart(low, OURS).layout.xaxis.title.text == ""
    assert charts.kpi_chart(low, OURS).layout.yaxis.range[0] == 0


def test_a_year_of_figures_stands_over_its_quarters_alone():
    figure = charts.kpi_chart(rolling([*[22.0, 23.0] * 6, 31.0], [22.0] * 12 + [27.4]), OURS)
    thin, thick, marked = figure.data
    assert (thin.y[-1], thick.y[-1], marked.y[-1]) == (31.0, 27.4, 31.0)
    assert thin.line.width < thick.line.width
    assert text_with(figure, "Last 12 months:<br>27.4%").yanchor == "top"
    assert text_with(figure, "Q2 25/26 alone: 31.0%,<br>above the usual range").yanchor == "bottom"


def test_a_year_whose_quarter_is_lower_changes_the_labels_about():
    figure = charts.kpi_chart(rolling([*[22.0, 23.0] * 6, 21.0], [22.0] * 12 + [27.4]), OURS)
    assert text_with(figure, "Last 12 months").yanchor == "bottom"


def test_a_year_without_its_latest_quarter_is_labelled_alone():
    figure = charts.kpi_chart(rolling([*[22.0, 23.0] * 6, None], [22.0] * 12 + [27.4]), OURS)
    assert [words for words in texts(figure) if "alone" in words] == []
    assert text_with(figure, "Last 12 months")


def test_a_year_with_no_quarters_has_no_range():
    figure = charts.kpi_chart(rolling([], [22.0, 23.0]), OURS)
    assert [words for words in texts(figure) if "range" in words] == []
    assert len(figure.data) == 1


def test_a_missing_year_beside_a_known_quarter_says_both():
    figure = charts.kpi_chart(rolling([22.0, 23.0], [22.0, None]), OURS)
    assert "<b>Q2 25/26:<br>no figure sent</b>" in texts(figure)
    assert "<b>Q2 25/26 alone: 23.0%</b>" in texts(figure)


def test_12_month_counts_are_not_drawn_with_quarters_a_quarter_their_size():
    windows = OURS.kpis["referrals"].windows.model_copy(update={"judged": "rolling_12_months"})
    kpi = OURS.kpis["referrals"].model_copy(update={"windows": windows})
    ours = OURS.model_copy(update={"kpis": {"referrals": kpi}})
    alone, year = points([*[600, 610] * 6, 900], make=count), points([2400] * 13, make=count, rolling=True)
    figure = charts.kpi_chart(line("referrals", alone, year, ours=ours), ours)
    assert [list(trace.y) for trace in figure.data] == [[2400] * 13]


def test_councils_lines_are_not_called_targets():
    words = texts(charts.kpi_chart(line(AGAIN, (), points([22.0, 23.0], rolling=True)), OURS))
    assert {"Middle council<br>20%", "Worst quarter<br>from 23%"} <= set(words)
    assert [one for one in words if "target" in one] == []


def test_councils_lines_of_another_kind_are_called_what_they_are():
    ours = definitions(re_referral_pct=Thresholds(green=20, amber=25, basis="councils", source="Neighbours"))
    words = texts(charts.kpi_chart(line(AGAIN, (), points([22.0], rolling=True), ours=ours), ours))
    assert "Other councils<br>20%" in words


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("local", "Suggested level<br>20%"),
        ("national", "National level<br>20%"),
        ("statutory", "Statutory level<br>20%"),
    ],
)
def test_levels_that_nobody_agreed_are_called_what_they_are(basis, words):
    ours = definitions(re_referral_pct=Thresholds(green=20, amber=25, basis=basis, source="A source"))
    assert words in texts(charts.kpi_chart(line(AGAIN, (), points([22.0], rolling=True), ours=ours), ours))


@pytest.mark.parametrize(("ours", "whose"), [(AGREED, "Agreed"), (OURS, "Suggested")])
def test_both_edges_of_a_band_are_labelled(ours, whose):
    words = texts(charts.kpi_chart(line(SECOND, (), points([22.0], rolling=True), ours=ours), ours))
    assert {f"{whose} band<br>from 15%", f"{whose} band<br>to 24.3%"} <= set(words)


def test_a_provisional_range_is_called_so():
    words = texts(charts.kpi_chart(conference([83.0, 85.0] * 4), AGREED))
    assert [one for one in words if one.startswith("Provisional<br>usual range<br>to ")]


def test_a_gap_is_a_gap_and_says_why():
    figure = charts.kpi_chart(conference([83.0, None, 85.0]), AGREED)
    assert list(figure.data[0].y) == [83.0, None, 85.0]
    assert figure.data[0].connectgaps is False
    assert text_with(figure, "no figure sent").textangle == -90


def test_a_period_without_a_stored_point_is_a_gap_too():
    one, _, three = quarters(3)
    figure = charts.kpi_chart(line(CONFERENCE, (share(one, 83.0), share(three, 85.0)), ours=AGREED), AGREED)
    assert list(figure.data[0].y) == [83.0, None, 85.0]


def test_a_missing_latest_figure_says_why():
    figure = charts.kpi_chart(conference([83.0, 85.0, None]), AGREED)
    assert "<b>Q2 25/26:<br>no figure sent</b>" in texts(figure)


def test_a_chart_of_nothing_is_still_a_chart():
    figure = charts.kpi_chart(line("referrals"), OURS)
    assert texts(figure) == ["<b>Q2 25/26:<br>no figure sent</b>"]
    assert figure.layout.yaxis.visible is False


def test_a_part_of_a_period_is_hollow():
    part = share(Q2, 60.0, status=Status.PROVISIONAL, note=Note.PART_COVERED)
    before = points([83.0, 85.0], last=quarters(2)[0])
    figure = charts.kpi_chart(line(CONFERENCE, (*before, part), ours=AGREED), AGREED)
    assert list(figure.data[0].marker.symbol) == ["circle", "circle", "circle-open"]
    assert "Part of the period only" in figure.data[0].hovertext[-1]


def test_where_records_take_the_place_of_totals_the_join_is_marked():
    early = [replace(point, fed_by=FedBy.AGGREGATE) for point in points([83.0, 84.0], last=quarters(5)[1])]
    late = points([83.0, 85.0, 84.0])
    figure = charts.kpi_chart(line(CONFERENCE, (*early, *late), ours=AGREED), AGREED)
    assert text_with(figure, "from records").x == 1.5
    late = (*points([83.0] * 2, last=quarters(2)[0]), replace(share(Q2, 80.0), fed_by=FedBy.COUNTER))
    figure = charts.kpi_chart(line(CONFERENCE, late, ours=AGREED), AGREED)
    assert text_with(figure, "from the sender's counts").xanchor == "right"


def test_the_axis_names_the_same_quarter_of_each_year():
    axis = charts.kpi_chart(conference([*USUAL, 84.0]), AGREED).layout.xaxis
    assert list(axis.ticktext) == ["Q2<br>22/23", "Q2<br>23/24", "Q2<br>24/25", "Q2<br>25/26"]


def test_terms_are_named_a_year_apart():
    axis = charts.kpi_chart(line("perm_exclusions", terms([5, 6, 7, 5, 6, 0, 8])), OURS).layout.xaxis
    assert list(axis.ticktext) == ["Summer<br>22/23", "Summer<br>23/24", "Summer<br>24/25"]


def test_a_short_series_names_every_period():
    axis = charts.kpi_chart(conference([83.0, 84.0]), AGREED).layout.xaxis
    assert list(axis.ticktext) == ["Q1<br>25/26", "Q2<br>25/26"]


def test_months_are_drawn_further_back_than_quarters():
    windows = OURS.kpis["referrals"].windows.model_copy(update={"judged": "month", "pattern": "month"})
    kpi = OURS.kpis["referrals"].model_copy(update={"windows": windows})
    ours = OURS.model_copy(update={"kpis": {"referrals": kpi}})
    months = [month(2024, at) for at in range(1, 13)] + [month(2025, at) for at in range(1, 10)]
    figure = charts.kpi_chart(line("referrals", [count(one, 200) for one in months], ours=ours, view=View(Q2)), ours)
    assert len(figure.data[0].y) == 20


def test_the_latest_label_covers_none_of_the_recent_figures():
    figure = charts.kpi_chart(conference([85.0, 90.0, 84.0, 83.0, 84.0]), AGREED)
    label = text_with(figure, "Q2 25/26: 84.0%")
    low, high = figure.layout.yaxis.range
    assert label.yanchor == "top" and label.y == pytest.approx((83.0 - low) / (high - low))


def test_hovering_says_period_figure_and_n():
    assert charts.kpi_chart(conference([84.0], n=174), AGREED).data[0].hovertext[0] == "Q2 2025/26: 84.0% (146 of 174)"
    assert charts.kpi_chart(line("referrals", points([84], make=count)), OURS).data[0].hovertext[0] == "Q2 2025/26: 84"


def test_by_night_the_chart_has_other_colours_and_the_same_words():
    day, night = (charts.kpi_chart(conference([*USUAL, 71.3]), AGREED, dark=dark) for dark in (False, True))
    assert texts(day) == texts(night)
    assert day.data[0].line.color == charts.PALETTE["light"].accent
    assert night.data[0].line.color == charts.PALETTE["dark"].accent
    assert day.layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_a_chart_is_cheap_to_build():
    drawing = rolling([*[22.0, 23.0] * 6, 31.0], [22.0] * 12 + [27.4])
    charts.kpi_chart(drawing, OURS)
    taken = []
    for _ in range(10):
        start = time.perf_counter()
        charts.kpi_chart(drawing, OURS)
        taken.append(time.perf_counter() - start)
    # 3 ms on a quiet machine; the bound is for a busy one.
    assert min(taken) < 0.03


figures = st.lists(st.one_of(st.none(), st.floats(0, 100)), max_size=20)


@given(
    kpi=st.sampled_from([CONFERENCE, AGAIN, SECOND, "mash_contacts", "cpp_rate_10k"]), quarterly=figures, year=figures
)
def test_any_figures_make_a_chart(kpi, quarterly, year):
    make = share if OURS.kpis[kpi].unit == "percent" else count
    drawing = line(kpi, points(quarterly, make=make), points(year, make=make, rolling=True), ours=AGREED)
    figure = charts.kpi_chart(drawing, AGREED)
    low, high = figure.layout.yaxis.range
    known = [value for trace in figure.data for value in trace.y if value is not None]
    assert all(low <= value <= high + 1e-9 for value in known)
    assert ET.fromstring(charts.sparkline(drawing)).tag == f"{SVG}svg"


# Groups


def bars(figure):
    """Return the words over the bars, from the top one down."""
    return [
        words
        for _, words in sorted(((note.y, note.text) for note in figure.layout.annotations if note.x == 0), reverse=True)
    ]


def test_groups_are_bars_from_zero_with_their_n_and_a_caution():
    groups = {
        "east": share(R12, 31.0, 800),
        "north": share(R12, 22.0, 900),
        "south": Point(R12),
        "unknown": share(R12, 12.0, 25),
    }
    figure = charts.breakdown_chart(OURS.kpis[AGAIN], groups, share(R12, 22.4, 6760), OURS)
    assert bars(figure) == [
        "<b>East</b> 31.0% (248 of 800)",
        "<b>North locality</b> 22.0% (198 of 900)",
        "<b>South</b> no figure sent",
        "<b>Not recorded</b> 12.0% (3 of 25), small numbers",
    ]
    assert figure.layout.xaxis.range[0] == 0
    assert list(figure.data[0].marker.opacity) == [0.45, 1, 1, 1]
    assert text_with(figure, "Whole partnership 22.4%").xanchor == "right"


def test_ages_stand_in_the_order_of_age():
    names = ("1 to 4", "10 to 15", "16 and over", "5 to 9", "under 1", "unborn", "unknown")
    figure = charts.breakdown_chart(
        OURS.kpis["referrals"], {name: count(Q2, 3) for name in names}, count(Q2, 21), OURS, dark=True
    )
    assert [words.split("</b>")[0] for words in bars(figure)] == [
        "<b>Unborn", "<b>Under 1", "<b>1 to 4", "<b>5 to 9", "<b>10 to 15", "<b>16 and over", "<b>Not recorded",
    ]  # fmt: skip
    # A count of the whole beside counts of its parts would say nothing.
    assert not figure.layout.shapes


def test_a_whole_that_is_low_is_labelled_on_its_right():
    figure = charts.breakdown_chart(OURS.kpis[AGAIN], {"east": share(R12, 50.0)}, share(R12, 10.0), OURS)
    assert text_with(figure, "Whole partnership").xanchor == "left"


@pytest.mark.parametrize("groups", [{}, {"east": Point(R12)}, {"east": share(R12, 0.0)}])
def test_groups_of_nothing_are_still_a_chart(groups):
    figure = charts.breakdown_chart(OURS.kpis[AGAIN], groups, None, OURS)
    assert figure.layout.xaxis.range[1] > 0


# Scales and labels


@pytest.mark.parametrize(
    ("values", "is_share", "ends"),
    [
        ([71.3, 88.8], True, (65, 95)),
        ([97.0, 100.0], True, (92, 100)),
        ([0.0, 40.0], True, (0, 50)),
        ([600, 590], False, (500, 700)),
        ([0], False, (0, 1)),
        ([2], False, (0, 2.5)),
        ([9, 10], False, (0, 15)),
    ],
)
def test_an_axis_shows_ups_and_downs_without_blowing_them_up(values, is_share, ends):
    scale = scale_for(values, is_share=is_share)
    assert (scale.low, scale.high) == ends
    assert scale.ticks[0] == scale.low and scale.ticks[-1] == pytest.approx(scale.high)


@pytest.mark.parametrize(("rough", "step"), [(3.4, 5), (0.03, 0.05), (100, 100), (1.2, 2), (7, 10)])
def test_steps_are_numbers_that_people_count_in(rough, step):
    assert nice_step(rough) == pytest.approx(step)


def test_labels_keep_out_of_each_others_way():
    assert spread([0.5, 0.5], [0.1, 0.1], 0, 1) == pytest.approx([0.5, 0.6])
    assert spread([0.97, 0.95], [0.1, 0.1], 0, 1) == pytest.approx([0.95, 0.85])
    assert spread([], [], 0, 1) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_labels_that_fit_never_overlap(centres):
    found = sorted(spread(centres, [0.1] * len(centres), 0, 1))
    assert all(after - before >= 0.1 - 1e-9 for before, after in pairwise(found))
    assert all(0.05 - 1e-9 <= centre <= 0.95 + 1e-9 for centre in found)


# Colours


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_word_can_be_read_on_its_ground(mode):
    colours = charts.PALETTE[mode]
    for name in ("ink", "soft", "accent", "reference", "worse", "better", "neutral"):
        assert contrast(getattr(colours, name), colours.page) >= 4.5, name
    for rating, (ground, ink) in charts.RATING_COLOURS[mode].items():
        assert contrast(ground, ink) >= 4.5, rating
