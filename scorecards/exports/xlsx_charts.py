"""Native line charts, which Excel can edit, and the sheet of figures that they draw."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from scorecards.charts.scales import scale_for
from scorecards.definitions import BandThresholds
from scorecards.exports.xlsx_book import COLOURS, Book, axis_format, height_of
from scorecards.format import period_axis, threshold
from scorecards.narrative import (
    chart_alt,
    chart_title,
    drawn_limits,
    england_words,
    range_name,
    real_change,
    since,
    usual_range,
)
from scorecards.periods import Period
from scorecards.scorecard import CHART_PERIODS, Line

# The chart lies inside its cell.
CHART_SIZE = {"width": 446, "height": 138}
LABEL_EVERY = 4
PERIOD_WIDTH = 11
FIRST_PERIOD = 2  # column, after the measure and what is drawn
LAST_PERIOD = FIRST_PERIOD + CHART_PERIODS - 1
_BY_CHANGE = {"worse": COLOURS.worse, "better": COLOURS.better, "higher": COLOURS.neutral, "lower": COLOURS.neutral}


@dataclass(frozen=True)
class Rule:
    """A level that is drawn beside a figure."""

    words: str
    level: float
    colour: str
    dash: str
    since: datetime.date = datetime.date.min  # drawn from here on
    figures: Mapping[Period, float] | None = None  # instead of the one level

    def at(self, period: Period | None) -> float | None:
        """Return what stands in the column of a period."""
        if self.figures is not None:
            return self.figures.get(period) if period is not None else None
        return self.level if period is None or period.end > self.since else None


@dataclass(frozen=True)
class Drawn:
    """Where on the sheet of figures a line's periods, its figures and its rules stand."""

    axis: int  # the row of what stands below the chart
    row: int
    rules: tuple[Rule, ...]


Series = dict[tuple[str, str], Drawn]  # by theme and KPI


def write_series(book: Book, sheet: Worksheet) -> Series:
    """Write the figures of every theme's charts, and return where they stand."""
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 34)
    sheet.set_column(FIRST_PERIOD, LAST_PERIOD, PERIOD_WIDTH)
    book.headline(sheet, 0, "Figures over time")
    book.headline(sheet, 1, "What the charts draw. An empty cell is a period without a figure.", "soft_line")
    row = 3
    found: Series = {}
    for theme, scorecard in book.paper.themes:
        for window in dict.fromkeys(line.window for line in scorecard.lines):
            lines = [line for line in scorecard.lines if line.window == window]
            title = f"{theme.title}, {_WINDOWS.get(window, window)}"
            row, drawn = _write_block(book, sheet, row, title, lines)
            found |= {(theme.id, kpi_id): where for kpi_id, where in drawn.items()}
    sheet.freeze_panes(3, FIRST_PERIOD)
    book.ready_to_print(sheet)
    return found


_WINDOWS = {"quarter": "by quarter", "rolling_12_months": "12 months to the end of each quarter", "term": "by term"}


def _write_block(book, sheet, row, title, lines):
    """Write the lines that share their periods; return the next free row and where each line stands."""
    periods = _periods(lines)
    book.headline(sheet, row, title, "heading")
    header, axis, row, found = row + 1, row + 2, row + 3, {}
    for column, words in enumerate(("Measure", "What is drawn")):
        book.text(sheet, header, column, words, "head")
    for column, period in enumerate(periods, FIRST_PERIOD):
        words = period_axis(period) if period else ""
        book.text(sheet, header, column, words, "head_right")
        # One label a year, the latest among them: all of them would not fit below a chart of this size.
        is_labelled = (LAST_PERIOD - column) % LABEL_EVERY == 0
        book.text(sheet, axis, column, words if is_labelled else "", "note_line")
    book.text(sheet, axis, 0, "", "cell_soft")
    book.text(sheet, axis, 1, "Labels of the charts", "cell_soft")
    labels = [period_axis(period) for period in periods if period]
    sheet.set_row(header, height_of([(words, PERIOD_WIDTH - 2, "head_right") for words in labels]))
    sheet.set_row(axis, height_of([(words, PERIOD_WIDTH - 2, "note_line") for words in labels]))
    for line in lines:
        drawn = Drawn(axis, row, rules_of(line))
        _write_line(book, sheet, drawn, line, periods)
        found[line.kpi.id] = drawn
        row += 1 + len(drawn.rules)
    return row + 1, found


def _periods(lines: list[Line]) -> list[Period | None]:
    """Return the newest periods of a block, None before the first: the same number for all, so that charts line up."""
    found = sorted({point.period for line in lines for point in (*line.points, line.latest)})[-CHART_PERIODS:]
    return [*[None] * (CHART_PERIODS - len(found)), *found]


def _write_line(book, sheet, drawn, line, periods):
    by_period = {point.period: point for point in (*line.points, line.latest)}
    book.text(sheet, drawn.row, 0, line.kpi.title, "cell_bold", text_wrap=False)
    book.text(sheet, drawn.row, 1, book.paper.definitions.partnership.short_name, "cell")
    for column, period in enumerate(periods, FIRST_PERIOD):
        point = by_period.get(period)
        if period is not None and period.end <= _alike_since(line):
            point = None  # it has a row and a line of its own
        if point is None or point.value is None:
            book.text(sheet, drawn.row, column, "", "cell")
        else:
            book.figure(sheet, drawn.row, column, line.kpi, point.value, "cell_right", bold=True)
    for row, rule in enumerate(drawn.rules, drawn.row + 1):
        book.text(sheet, row, 0, "", "cell_soft")
        book.text(sheet, row, 1, rule.words, "cell_soft")
        for column, period in enumerate(periods, FIRST_PERIOD):
            if (level := rule.at(period)) is None:
                book.text(sheet, row, column, "", "note_line")
            else:
                book.figure(sheet, row, column, line.kpi, level, "note_line")


def _alike_since(line):
    """Return from when on all figures are recorded alike."""
    return line.newest_break.from_ if line.newest_break else datetime.date.min


def rules_of(line: Line) -> tuple[Rule, ...]:
    """Return the levels that stand beside a figure: what it is judged by, England, and its usual range."""
    return (*_judged_by(line), *_england(line), *_usual(line), *_recorded_otherwise(line))


def _recorded_otherwise(line):
    """Return the figures before the newest break, which are not one line with those since."""
    if line.newest_break is None:
        return ()
    first = line.newest_break.from_
    before = [point for point in line.points[-CHART_PERIODS:] if point.value is not None and point.period.end <= first]
    if not before:
        return ()
    figures = {point.period: point.value for point in before}
    words = f"Recorded otherwise before {since(line.newest_break)}, not to be compared"
    return (Rule(words, before[-1].value, COLOURS.soft, "square_dot", figures=figures),)


def _judged_by(line):
    lines, kpi, colour = line.thresholds, line.kpi, COLOURS.better
    if lines is None:
        return ()
    whose = "Agreed" if line.target else lines.basis.capitalize() if lines.basis != "local" else "Suggested"
    if isinstance(lines, BandThresholds):
        words = f"{whose} band {threshold(kpi, lines.green_low)} to {threshold(kpi, lines.green_high)}"
        return tuple(Rule(words, level, colour, "solid") for level in (lines.green_low, lines.green_high))
    if line.target is None and lines.basis == "councils":
        return (Rule(f"Middle council {threshold(kpi, lines.green)}", lines.green, colour, "long_dash"),)
    name = "target" if line.target else "level"
    return (Rule(f"{whose} {name} {threshold(kpi, lines.green)}", lines.green, colour, "solid"),)


def _england(line):
    if line.england is None:
        return ()
    return (Rule(f"England {england_words(line)}", line.england.value, COLOURS.reference, "round_dot"),)


def _usual(line):
    limits = drawn_limits(line)
    # The range is of the series that does not overlap; it belongs to no other.
    if limits is None or line.window != line.kpi.windows.pattern:
        return ()
    words = f"{range_name(line).capitalize()} {usual_range(line)}"
    return tuple(
        Rule(words, level, COLOURS.reference, "dash", _alike_since(line)) for level in (limits.upper, limits.lower)
    )


def insert_chart(book: Book, sheet: Worksheet, place: tuple[int, int], series: str, drawn: Drawn, line: Line) -> None:
    """Put a line's chart into the cell at `place`; `series` is the name of the sheet of figures."""
    chart = book.workbook.add_chart({"type": "line"})
    chart.add_series(_figures(series, drawn, line))
    for row, rule in enumerate(drawn.rules, drawn.row + 1):
        style = {"color": rule.colour, "width": 1, "dash_type": rule.dash}
        chart.add_series({**_reference(series, drawn, row), "line": style, "marker": {"type": "none"}})
    small = {"name": "Arial", "size": 8, "color": COLOURS.soft}
    chart.set_title(
        {"name": chart_title(line), "name_font": {**small, "size": 9, "bold": True}, "overlay": True,
         "layout": {"x": 0.02, "y": 0.01}}
    )  # fmt: skip
    chart.set_plotarea({"layout": {"x": 0.1, "y": 0.17, "width": 0.77, "height": 0.45}})
    # The same words on two levels are one entry.
    told = [rule.words for rule in drawn.rules]
    again = [at for at, words in enumerate(told, 1) if words in told[: at - 1]]
    legend = {"x": 0.01, "y": 0.79, "width": 0.98, "height": 0.2}
    chart.set_legend({"position": "bottom", "font": small, "delete_series": again, "layout": legend})
    chart.set_x_axis(
        {"num_font": small, "line": {"color": COLOURS.reference}, "major_tick_mark": "none",
         "interval_unit": LABEL_EVERY}
    )  # fmt: skip
    values = [point.value for point in line.points[-CHART_PERIODS:] if point.value is not None]
    scale = scale_for([*values, *(rule.level for rule in drawn.rules)], is_share=line.kpi.unit == "percent")
    chart.set_y_axis(
        {"num_font": small, "num_format": axis_format(line.kpi, scale.step), "min": scale.low, "max": scale.high,
         "major_unit": scale.step, "major_gridlines": {"visible": True, "line": {"color": COLOURS.grid}},
         "line": {"none": True}}
    )  # fmt: skip
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.show_blanks_as("gap")
    chart.set_size(CHART_SIZE)
    offset = {"x_offset": 4, "y_offset": 3, "object_position": 1, "description": chart_alt(line)}
    sheet.insert_chart(*place, chart, offset)


def _reference(series, drawn, row):
    return {
        "name": [series, row, 1],
        "categories": [series, drawn.axis, FIRST_PERIOD, drawn.axis, LAST_PERIOD],
        "values": [series, row, FIRST_PERIOD, row, LAST_PERIOD],
    }


def _figures(series, drawn, line):
    """Return the figure's own line: dark, its last point marked by whether it really changed, and labelled."""
    colour = _BY_CHANGE.get(real_change(line)[0], COLOURS.accent)
    last = {"fill": {"color": colour}, "border": {"color": colour}}
    return {
        **_reference(series, drawn, drawn.row),
        "line": {"color": COLOURS.accent, "width": 2},
        "marker": {"type": "circle", "size": 4, "fill": {"color": COLOURS.accent}, "border": {"color": COLOURS.accent}},
        "points": [None] * (CHART_PERIODS - 1) + [last],
        "data_labels": {
            "value": True,
            "position": "right",
            "font": {"name": "Arial", "size": 9, "bold": True, "color": colour},
            "custom": [{"delete": True}] * (CHART_PERIODS - 1),
        },
    }


def has_figures(scorecard_line: Line) -> bool:
    """Return whether there is anything to draw."""
    return any(point.value is not None for point in scorecard_line.points[-CHART_PERIODS:])
