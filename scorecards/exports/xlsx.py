"""An Excel workbook for a board: cover, exceptions, a sheet a theme, localities, returns, figures and definitions."""

import datetime

from xlsxwriter.worksheet import Worksheet

from scorecards.definitions import Theme
from scorecards.exceptions import ExceptionItem
from scorecards.exports.paper import ENGLAND, UNSUPPRESSED, read_paper
from scorecards.exports.xlsx_book import Book, height_of, rating_colours, sheet_names
from scorecards.exports.xlsx_charts import CHART_SIZE, Series, has_figures, insert_chart, write_series
from scorecards.format import agency_title, area_name, base, day, thresholds_words
from scorecards.narrative import (
    england_words,
    exception_context,
    exception_sentence,
    exception_title,
    front_summary,
    good_is,
    measured_over,
    missing_in_line,
    missing_parts,
    missing_words,
    rating_reason,
    real_change,
    return_words,
    returns_sentence,
    scorecard_summary,
    status_in_line,
    theme_summary,
)
from scorecards.rag import Rating
from scorecards.scorecard import Line, Scorecard, window_for
from scorecards.series import Point
from scorecards.snapshots import Snapshot, Split

HOW_TO_READ = (
    "Rating compares the latest figure with the partnership's agreed target, or with other councils or a suggested "
    "level where none is agreed. “Real change?” says whether it differs by more than this measure's usual ups and "
    "downs; a red may be within them, and a green may be slipping."
)
ALL_RATINGS = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.NOT_RATED)
# Excel draws 96 pixels in 72 points; the chart needs a little air above and below.
CHART_ROW = CHART_SIZE["height"] * 72 / 96 + 6


def make_workbook(snapshot: Snapshot) -> bytes:
    """Return the workbook of a snapshot; the same snapshot gives the same workbook."""
    book = Book(read_paper(snapshot))
    _set_properties(book)
    first, last = ["Cover", "Exceptions"], ["Localities", "Returns", "Figures over time", "Definitions"]
    titles = [theme.title for theme, _ in book.paper.themes]
    # Our own sheets come first to their names, so that a theme of the same name gives way.
    names = sheet_names([*first, *last, *titles])
    in_order = [*names[:2], *names[6:], *names[2:6]]
    sheets = {name: book.workbook.add_worksheet(name) for name in in_order}
    ours = [sheets[name] for name in names]
    series = write_series(book, ours[4])
    _write_cover(book, ours[0])
    _write_exceptions(book, ours[1])
    for (theme, scorecard), sheet in zip(book.paper.themes, ours[6:], strict=True):
        _write_theme(book, sheet, theme, scorecard, series)
    _write_localities(book, ours[2])
    _write_returns(book, ours[3])
    _write_definitions(book, ours[5])
    ours[0].activate()
    book.workbook.close()
    return book.made.getvalue()


def _set_properties(book: Book) -> None:
    paper = book.paper
    us = paper.definitions.partnership
    book.workbook.set_properties(
        {
            "title": f"{us.short_name} safeguarding scorecards, {paper.period.label}",
            "subject": paper.info.title,
            "author": paper.info.made_by,
            "company": us.name,
            "comments": f"Snapshot {paper.info.id}, SHA-256 {paper.info.sha256}",
            # Not the clock: the same snapshot is the same file.
            "created": paper.info.made_at.astimezone(datetime.UTC).replace(tzinfo=None),
        }
    )


def _heads(book: Book, sheet: Worksheet, row: int, words: tuple[str, ...], right: tuple[int, ...] = ()) -> None:
    for column, one in enumerate(words):
        if column in right:
            book.text(sheet, row, column, one, "head_right")
        else:
            book.text(sheet, row, column, one, "head", **_indent(column))


def _indent(column: int) -> dict[str, int | str]:
    """Return a little room on the left for all columns but the first, which stands below its title."""
    return {"indent": 1, "align": "left"} if column else {}


def _set_widths(sheet: Worksheet, widths: tuple[int, ...]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


COVER_WIDTHS = (27, 37, 10, 10, 10, 10, 10, 60)


def _room(widths: tuple[int, ...], column: int) -> int:
    """Return how many characters wide the words of a column may be, beside its indent."""
    return widths[column] - 2 if column else widths[column]


def _write_cover(book: Book, sheet: Worksheet) -> None:
    paper, us = book.paper, book.paper.definitions.partnership
    _set_widths(sheet, COVER_WIDTHS)
    book.headline(sheet, 0, us.handling, "mark")
    book.headline(sheet, 1, us.name)
    book.headline(sheet, 2, f"Safeguarding scorecards, {paper.period.long_label}", "heading")
    summary = front_summary(paper.scorecard, paper.exceptions, paper.returns, paper.definitions)
    book.across(sheet, 4, (0, 7), summary, "lead", COVER_WIDTHS)
    book.across(sheet, 5, (0, 7), returns_sentence(paper.returns, paper.definitions), "lead", COVER_WIDTHS)
    heads = ("Scorecard", "Group", "Measures", "Red", "Amber", "Green", "Not rated", "What stands out")
    _heads(book, sheet, 7, heads, (2, 3, 4, 5, 6))
    row = 8
    for row, (theme, scorecard) in enumerate(paper.themes, 8):
        _write_theme_count(book, sheet, row, theme, scorecard)
    row += 2
    for label, words in _facts(book):
        book.text(sheet, row, 0, label, "label")
        book.across(sheet, row, (1, 7), words, "plain", COVER_WIDTHS)
        row += 1
    book.ready_to_print(sheet)


def _write_theme_count(book, sheet, row, theme, scorecard):
    words = theme_summary(scorecard)
    book.text(sheet, row, 0, theme.title, "cell_bold")
    book.text(sheet, row, 1, theme.group, "cell", **_indent(1))
    book.count(sheet, row, 2, len(scorecard.lines), "cell_right")
    for column, rating in enumerate(ALL_RATINGS, 3):
        count = scorecard.count(rating)
        colours = rating_colours(rating) if count else {}
        book.count(sheet, row, column, count, "cell_right", **colours)
    book.text(sheet, row, 7, words, "cell", **_indent(7))
    texts = ((theme.title, 0, "cell_bold"), (theme.group, 1, "cell"), (words, 7, "cell"))
    sheet.set_row(row, height_of([(one, _room(COVER_WIDTHS, column), style) for one, column, style in texts], 18))


def _facts(book: Book) -> list[tuple[str, str]]:
    """Return what a reader must know of the figures, label and words."""
    paper = book.paper
    as_at = datetime.date.fromisoformat(paper.content["figures_as_at"])
    title = paper.info.title
    facts = [
        ("Snapshot", f"{paper.info.id}: {title}" if title != paper.period.long_label else str(paper.info.id)),
        ("Frozen", paper.frozen_words),
        ("Figures as at", f"{day(as_at)}, data version {paper.info.data_version}"),
        ("Definitions", f"version {paper.content['definitions_version']}"),
        ("SHA-256", paper.info.sha256),
        ("Children", paper.population_words),
        ("Handling", UNSUPPRESSED),
        ("How to read this", HOW_TO_READ),
        ("Sources", ENGLAND),
    ]
    return [(label, words) for label, words in facts if words]


EXCEPTION_WIDTHS = (5, 27, 27, 64, 14, 17, 36)
EXCEPTION_HEADS = (
    "",
    "Measure",
    "Where and since when",
    "What the figures say",
    "Rating",
    "Real change?",
    "Commentary",
)


def _write_exceptions(book: Book, sheet: Worksheet) -> None:
    _set_widths(sheet, EXCEPTION_WIDTHS)
    book.headline(sheet, 0, "What needs attention")
    book.headline(sheet, 1, f"{book.paper.period.long_label}. The first needs it most.", "soft_line")
    _heads(book, sheet, 3, EXCEPTION_HEADS)
    row = 4
    for number, item in enumerate(book.paper.exceptions.current, 1):
        _write_exception(book, sheet, row, item, str(number))
        row += 1
    if not book.paper.exceptions.current:
        book.text(sheet, row, 1, "Nothing needs attention.", "one_line")
        row += 1
    if book.paper.exceptions.resolved:
        book.headline(sheet, row + 1, "No longer", "heading")
        row += 2
    for item in book.paper.exceptions.resolved:
        _write_exception(book, sheet, row, item, "")
        row += 1
    sheet.freeze_panes(4, 2)
    book.ready_to_print(sheet, (3, 3))


def _write_exception(book, sheet, row, item: ExceptionItem, number):
    definitions = book.paper.definitions
    words = {
        0: (number, "cell_bold"),
        1: (exception_title(item, definitions), "cell_bold"),
        2: (exception_context(item, definitions), "cell"),
        3: (exception_sentence(item, definitions), "cell"),
        5: (real_change(item.line)[1], "cell"),
        6: (book.paper.content["commentary"]["measures"].get(item.line.kpi.id, ""), "cell"),
    }
    for column, (word, style) in words.items():
        book.text(sheet, row, column, word, style, **_indent(column))
    book.rating(sheet, row, 4, item.line)
    cells = [(word, _room(EXCEPTION_WIDTHS, column), style) for column, (word, style) in words.items()]
    sheet.set_row(row, height_of(cells) + 4)


THEME_WIDTHS = (31, 11, 14, 13, 13, 14, 21, 17, 12, 63)


def _write_theme(book: Book, sheet: Worksheet, theme: Theme, scorecard: Scorecard, series: Series) -> None:
    last = len(THEME_WIDTHS) - 1
    _set_widths(sheet, THEME_WIDTHS)
    book.headline(sheet, 0, theme.title)
    under = f"{book.paper.period.long_label}. {theme.group}; lead: {theme.lead}. {theme.about}"
    book.across(sheet, 1, (0, last), under, "soft", THEME_WIDTHS)
    book.across(sheet, 2, (0, last), scorecard_summary(scorecard), "lead", THEME_WIDTHS)
    book.across(sheet, 3, (0, last), HOW_TO_READ, "soft", THEME_WIDTHS)
    heads = (
        "Measure", "Latest", "Out of", "Change on period before", "Change on a year ago", "Rating", "Rated by",
        "Real change?", "England", "Three years",
    )  # fmt: skip
    _heads(book, sheet, 5, heads, (1, 2, 3, 4))
    sheet.set_row(4, 4)
    sheet.set_row(5, 28)
    for row, line in enumerate(scorecard.lines, 6):
        _write_line(book, sheet, row, line)
        sheet.set_row(row, CHART_ROW)
        if has_figures(line):
            insert_chart(book, sheet, (row, last), "Figures over time", series[theme.id, line.kpi.id], line)
            book.text(sheet, row, last, "", "cell")
        else:
            book.text(sheet, row, last, "No figures yet.", "cell_soft", **MIDDLE)
    sheet.freeze_panes(6, 1)
    book.ready_to_print(sheet, (5, 5))


# Beside a chart, words stand in the middle of their row.
MIDDLE = {"valign": "vcenter"}


def _write_line(book: Book, sheet: Worksheet, row: int, line: Line) -> None:
    kpi = line.kpi
    small = " ".join(part for part in (f"{measured_over(line)}. {good_is(kpi)}.", status_in_line(line)) if part)
    parts = (book.format("label"), f"{kpi.title}\n", book.format("soft"), small)
    sheet.write_rich_string(row, 0, *parts, book.format("cell", **MIDDLE))
    if line.latest.value is None:
        book.text(sheet, row, 1, missing_in_line(line), "cell_right", **MIDDLE)
    else:
        book.figure(sheet, row, 1, kpi, line.latest.value, "cell_right", bold=True, font_size=12, **MIDDLE)
    book.text(sheet, row, 2, base(kpi, line.latest) if line.latest.is_known else "", "note_line", **MIDDLE)
    for column, change in ((3, line.change), (4, line.change_on_year)):
        if change is None:
            book.text(sheet, row, column, "", "cell_right")
        else:
            book.change(sheet, row, column, kpi, change, "cell_right", **MIDDLE)
    book.rating(sheet, row, 5, line, **MIDDLE)
    book.text(sheet, row, 6, rating_reason(line), "cell", **MIDDLE, **_indent(6))
    kind, words = real_change(line)
    book.text(sheet, row, 7, words, "cell" if kind in ("none", "unknown") else "cell_bold", **MIDDLE, **_indent(7))
    book.text(sheet, row, 8, england_words(line), "cell", **MIDDLE, **_indent(8))


LOCALITY_WIDTHS = (42, 16)


def _write_localities(book: Book, sheet: Worksheet) -> None:
    """Write each KPI's latest figure by locality: the figure above, what it is out of below."""
    lines = {line.kpi.id: line for line in book.paper.scorecard.lines}
    splits = [
        split
        for split in book.paper.splits
        if split.breakdown == "locality" and split.window == window_for(lines[split.kpi].kpi, "locality")
    ]
    groups = _locality_order(book, splits)
    _set_widths(sheet, (LOCALITY_WIDTHS[0], *[LOCALITY_WIDTHS[1]] * (len(groups) + 1)))
    book.headline(sheet, 0, "Localities")
    under = (
        "Percentages are of 12 months, because a quarter of one locality is small. Marked: beyond what chance allows."
    )
    book.headline(sheet, 1, under, "soft_line")
    names = ("Whole partnership", *(area_name(book.paper.definitions, group) for group in groups))
    _heads(book, sheet, 3, ("Measure", *names), tuple(range(1, len(names) + 1)))
    found = {item.key for item in book.paper.exceptions.current if item.locality}
    for row, split in zip(range(4, 4 + 2 * len(splits), 2), splits, strict=True):
        _write_split(book, sheet, row, lines[split.kpi], split, groups, found)
    if not splits:
        book.text(sheet, 4, 0, "No figures by locality.", "one_line")
    sheet.freeze_panes(4, 1)
    book.ready_to_print(sheet, (3, 3))


def _locality_order(book: Book, splits: list[Split]) -> list[str]:
    """Return the localities in their own order, those that are not defined (any more) last."""
    known = list(book.paper.definitions.partnership.localities)
    others = {group for split in splits for group in split.groups} - set(known)
    return [*known, *sorted(others)]


def _write_split(book, sheet, row, line, split, groups, found):
    kpi = line.kpi
    period = next(iter(split.groups.values())).period
    about = f"{period.label}. {good_is(kpi)}"
    book.text(sheet, row, 0, kpi.title, "label")
    book.text(sheet, row + 1, 0, about, "cell_soft")
    below = [(about, LOCALITY_WIDTHS[0], "cell_soft")]
    for column, group in enumerate((None, *groups), 1):
        point = split.groups.get(group) if group is not None else split.whole
        _write_split_figure(book, sheet, row, column, kpi, point)
        style = "note_found" if (kpi.id, group) in found else "note_line"
        words = _split_note(kpi, point, style == "note_found")
        book.text(sheet, row + 1, column, words, style)
        below.append((words, LOCALITY_WIDTHS[1] - 2, style))
    sheet.set_row(row, height_of([(kpi.title, LOCALITY_WIDTHS[0], "label")], 18))
    sheet.set_row(row + 1, height_of(below))


def _write_split_figure(book, sheet, row, column, kpi, point: Point | None):
    if point is not None and point.value is not None:
        book.figure(sheet, row, column, kpi, point.value, "value", bold=column == 1)


def _split_note(kpi, point: Point | None, is_found: bool) -> str:
    """Return what stands below a figure: what it is out of, or why there is none."""
    if point is None or point.value is None:
        return missing_words(point) if point is not None else ""
    return f"{base(kpi, point)}, beyond chance" if is_found else base(kpi, point)


RETURN_WIDTHS = (34, 24, 20, 20, 32, 60)


def _write_returns(book: Book, sheet: Worksheet) -> None:
    paper = book.paper
    _set_widths(sheet, RETURN_WIDTHS)
    book.headline(sheet, 0, "Returns")
    book.across(sheet, 1, (0, 5), returns_sentence(paper.returns, paper.definitions), "lead", RETURN_WIDTHS)
    _heads(book, sheet, 3, ("Agency", "Period", "Due", "Received", "State", "Not sent"))
    for row, one in enumerate(paper.returns, 4):
        words = (
            agency_title(paper.definitions, one.agency), one.period.label, day(one.due),
            day(one.received) if one.received else "", return_words(one), "; ".join(missing_parts(one)),
        )  # fmt: skip
        _write_words(book, sheet, row, words, RETURN_WIDTHS)
    sheet.freeze_panes(4, 1)
    book.ready_to_print(sheet, (3, 3))


def _write_words(book, sheet, row, words, widths):
    """Write a row of words, the first in bold, high enough for all of them."""
    styles = ["cell_bold", *["cell"] * (len(words) - 1)]
    for column, (word, style) in enumerate(zip(words, styles, strict=True)):
        book.text(sheet, row, column, word, style, **_indent(column))
    rooms = [_room(widths, column) for column in range(len(words))]
    sheet.set_row(row, height_of(list(zip(words, rooms, styles, strict=True))) + 4)


DEFINITION_WIDTHS = (25, 48, 54, 26, 46)
DEFINITION_HEADS = ("Measure", "Why it matters, and what to ask", "What is measured", "Rated by", "Be careful")


def _write_definitions(book: Book, sheet: Worksheet) -> None:
    _set_widths(sheet, DEFINITION_WIDTHS)
    book.headline(sheet, 0, "Definitions")
    book.headline(sheet, 1, "As they were when the figures were frozen.", "soft_line")
    _heads(book, sheet, 3, DEFINITION_HEADS)
    for row, line in enumerate(book.paper.scorecard.lines, 4):
        kpi = line.kpi
        questions = "\n".join(f"• {question}" for question in kpi.questions)
        words = (
            kpi.title,
            f"{kpi.why}\n{questions}",
            f"{kpi.definition}\nHow: {book.paper.content['measures'][kpi.id]}",
            f"{_rated_by(line)}\nAnswers for it: {kpi.owner}\nRead through: {day(kpi.reviewed)}",
            kpi.caveats,
        )
        _write_words(book, sheet, row, words, DEFINITION_WIDTHS)
    sheet.freeze_panes(4, 1)
    book.ready_to_print(sheet, (3, 3))


def _rated_by(line: Line) -> str:
    """Return the thresholds with where they come from."""
    if line.thresholds is None:
        return good_is(line.kpi)
    words = thresholds_words(line.kpi, line.thresholds, line.target)
    return f"{words[:1].upper()}{words[1:]}. {good_is(line.kpi)}. Source: {line.thresholds.source}"
