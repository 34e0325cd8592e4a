"""Owns what a layout makes of a file: each filled cell a figure, a question or ignored for a reason; all counted."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from data_loaders.grid import Cell, FileContent, address
from data_loaders.layouts.answers import Contradiction, Fit, LeftOut, Question
from data_loaders.layouts.frames import NUMBERS, Frame, frame_of, places_in_words
from data_loaders.layouts.meanings import (
    NOT_SAID,
    WHOLE_GROUP,
    Said,
    Understood,
    Vocabulary,
    covered_in_words,
    is_status,
    period_for,
)
from data_loaders.layouts.model import Meaning, WordKind
from data_loaders.layouts.places import Grid, Place, grid_of
from data_loaders.parsing import NOT_AVAILABLE, tidy
from data_loaders.places import WHOLE_AREA
from data_loaders.problems import shown
from data_loaders.promises import is_promise, promised
from scorecards.definitions import Definitions, Kpi
from scorecards.periods import Covered, Period
from scorecards.store import today

OTHER_AREA = "another area"
WORD_IGNORED = "a word that is ignored"
NOTHING_SAID = "nothing says what it is"
TO_COME = "a period that has not begun"
SAID_TWICE = "the same figure a second time"
CONTRADICTED = "says another number than another cell"
BLANK = "blank"
OUTSIDE = "outside the tables"
HEADING = "heading or label"
TITLE = "title"
NOTE = "note below a table"

# Every figure needs these; the others may be blank for some of a table's figures.
NEEDED: tuple[WordKind, ...] = ("measure", "period", "area")
LONGEST_STATUS = 40  # a longer text in the place of a number is a remark, and may be about a child
QUESTION_WORDS = {
    "measure": "Which measure is '{}'?",
    "period": "Which period is '{}'?",
    "area": "Which area is '{}'?",
    "provider": "Is '{}' a provider whose figures count?",
    "breakdown": "What is '{}' broken down by?",
    "group": "Which group is '{}'?",
    "part": "Does '{}' give the number, what it is out of, or a percentage?",
    "unit": "How are figures marked '{}' written?",
    "basis": "What does '{}' cover?",
    "available_from": "From when is '{}'?",
    "status": "What does '{}' say in the place of a number?",
}


@dataclass(frozen=True)
class Heard:
    """What one dimension says of a figure: the word, what it means, and where it stands."""

    word: str
    understood: Understood
    place: Place | None


@dataclass(frozen=True, eq=False)
class Figure:
    """One filled cell in the body of a table, and what became of it."""

    frame: Frame
    place: Place
    cell: Cell
    heard: Mapping[WordKind, Heard]
    reason: str = ""  # why it is ignored; "" where it is read, or waits for an answer
    unknown: tuple[WordKind, ...] = ()
    meaning: Meaning | None = None
    period: Period | None = None
    provider: str | None = None
    area: str = WHOLE_AREA
    breakdown: str | None = None
    group: str | None = None
    basis: str | None = None
    part: str = "number"
    available: str | None = None

    @property
    def is_read(self) -> bool:
        return not self.reason and not self.unknown

    @property
    def key(self) -> tuple:
        """Return what tells this figure from every other, but for the part that the cell gives."""
        assert self.meaning is not None and self.period is not None
        return (
            self.meaning.kpi, self.period.id, self.provider, self.area, self.breakdown, self.group, self.basis
        )  # fmt: skip

    @property
    def address(self) -> str:
        return address(*self.place)


@dataclass(frozen=True, eq=False)
class Analysis:
    """A file read through a layout: its frames, its figures, and the account of all other cells."""

    fit: Fit
    content: FileContent
    vocabulary: Vocabulary
    grids: Mapping[str, Grid]
    frames: tuple[Frame, ...]
    figures: tuple[Figure, ...]
    ignored_on: Mapping[str, Mapping[str, int]]  # by sheet, cells by reason
    contradictions: tuple[Contradiction, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def ignored(self) -> tuple[tuple[str, int], ...]:
        """Return how many cells of all sheets were ignored, by reason."""
        counted: Counter[str] = Counter()
        for one in self.ignored_on.values():
            counted.update(one)
        return tuple((reason, count) for reason, count in counted.items() if count)

    @property
    def definitions(self) -> Definitions:
        return self.vocabulary.definitions


def analyse(content: FileContent, fit: Fit, definitions: Definitions, on: datetime.date | None = None) -> Analysis:
    """Return what a layout makes of a file; figures of periods that have not begun `on` a day (today) are ignored."""
    on = on or today()
    vocabulary = Vocabulary(fit.layout, definitions)
    sheets = {sheet.name: sheet for sheet in content.sheets if sheet.state == "visible"}
    grids = {name: grid_of(sheets[name]) for name in fit.sheets}
    frames = tuple(frames_in(content, fit, grids))
    figures = [figure for frame in frames for figure in figures_in(frame, vocabulary, on)]
    figures, contradictions = without_contradictions(figures)
    left = tuple(one for frame in frames for one in left_out(frame, figures))
    return Analysis(
        fit, content, vocabulary, grids, frames, tuple(figures), accounts(grids, frames, figures),
        tuple(contradictions), left,
    )  # fmt: skip


def frames_in(content: FileContent, fit: Fit, grids: Mapping[str, Grid]) -> Iterable[Frame]:
    file_name = content.name.rpartition(".")[0] or content.name
    for one in fit.tables:
        if one.sheet:
            others = [other for other in fit.tables if other is not one and other.sheet == one.sheet]
            yield frame_of(grids[one.sheet], one, file_name, others)


# One figure


def figures_in(frame: Frame, vocabulary: Vocabulary, on: datetime.date) -> list[Figure]:
    """Return the filled cells of a table's body, each with what is said of it."""
    rows, columns = set(frame.rows), set(frame.columns)
    filled = (place for place in frame.grid.filled if place[0] in rows and place[1] in columns)
    found = [heard_of(frame, place, vocabulary) for place in filled]
    last = last_periods(found, on)
    return [not_after_its_title(not_to_come(settled(figure, vocabulary, last), on)) for figure in found]


def not_to_come(figure: Figure, on: datetime.date) -> Figure:
    """Return a figure, ignored where its period has not begun: months that are printed ahead hold noughts."""
    is_to_come = figure.period is not None and figure.period.first > on
    return replace(figure, reason=TO_COME) if is_to_come and not figure.reason else figure


def not_after_its_title(figure: Figure) -> Figure:
    """Return a figure, asked about where its month or quarter took its year from an earlier one above it.

    "Oct" under "September 2025" may be the next October as well as the last.
    """
    if figure.period is None or figure.reason:
        return figure
    within = figure.heard["period"].understood.value.within
    is_after = within is not None and figure.period.first >= within.end
    return replace(figure, unknown=tuple(dict.fromkeys([*figure.unknown, "period"]))) if is_after else figure


def heard_of(frame: Frame, place: Place, vocabulary: Vocabulary) -> Figure:
    """Return a cell with every word that is said of it."""
    heard: dict[WordKind, Heard] = {}
    for dimension in frame.table.says:
        texts = frame.said(dimension, *place)
        word, understood = vocabulary.understand(dimension, [said for said, _ in texts])
        where = [spot for said, spot in texts if said.text and spot is not None]
        heard[dimension] = Heard(word, understood, where[-1] if where else None)
    return Figure(frame, place, frame.grid.cell(*place), heard)


Last = Mapping[tuple[tuple, int], Period]  # by series, () for the whole table, and the year it began in
TABLE: tuple = ()


def last_periods(figures: Sequence[Figure], on: datetime.date) -> Last:
    """Return the last month or quarter that a table, and each series in it, gives a number for, in each year.

    That is where "YTD" ends. A series without June beside one that has it is to date to May.
    """
    last: dict[tuple[tuple, int], Period] = {}
    for figure in figures:
        heard = figure.heard["period"].understood
        covered = heard.value if isinstance(heard.value, Covered) else None
        if covered is None or covered.period is None or covered.basis not in (None, "in_period"):
            continue
        if covered.period.kind not in ("month", "quarter") or not is_number(figure.cell):
            continue
        if covered.period.first > on or any(one.understood.is_ignored for one in figure.heard.values()):
            continue
        year = year_beginning(covered.period)
        for key in ((TABLE, year), (series_of(figure), year)):
            before = last.get(key)
            if before is None or (covered.period.end, covered.period.first) > (before.end, before.first):
                last[key] = covered.period
    return last


def is_number(cell: Cell) -> bool:
    """Return whether a cell gives a number, which senders write as text, too."""
    return cell.kind in NUMBERS or (cell.kind == "text" and any(sign.isdigit() for sign in tidy(cell)[:1]))


def series_of(figure: Figure) -> tuple:
    """Return what is said of a figure apart from its period and what it covers."""
    return tuple((name, one.word) for name, one in figure.heard.items() if name not in ("period", "basis", "status"))


def year_beginning(period: Period) -> int:
    """Return the calendar year in which the financial year of a period begins."""
    return period.last.year if period.last.month >= 4 else period.last.year - 1


def settled(figure: Figure, vocabulary: Vocabulary, last: Last) -> Figure:
    """Return a cell as read, as waiting for the meaning of words, or as ignored with the reason."""
    heard = figure.heard
    if figure.place[0] in figure.frame.headings_again:
        return replace(figure, reason=HEADING)
    ignored = [dimension for dimension, one in heard.items() if one.understood.is_ignored]
    if ignored:
        return replace(figure, reason=OTHER_AREA if "area" in ignored else WORD_IGNORED)
    if any(dimension in heard and not heard[dimension].word for dimension in NEEDED):
        return replace(figure, reason=NOTHING_SAID)
    figure = with_status(figure, vocabulary)
    if figure.reason:
        return figure
    unknown = [dimension for dimension, one in figure.heard.items() if one.understood.is_unknown]
    if "measure" in unknown or "period" in unknown:
        return replace(figure, unknown=tuple(unknown))
    return dated(figure, vocabulary.definitions, last, unknown)


def with_status(figure: Figure, vocabulary: Vocabulary) -> Figure:
    """Return a figure whose text in the place of a number is read as what it stands for."""
    if figure.cell.kind != "text":
        return figure
    text = tidy(figure.cell)
    word, understood = vocabulary.understand("status", [Said(text, True)])
    if not understood.is_unknown and understood is not NOT_SAID:
        heard = {**figure.heard, "status": Heard(word, understood, figure.place)}
        if understood.is_ignored:
            return replace(figure, heard=heard, reason=WORD_IGNORED)
        return replace(figure, heard=heard, cell=Cell("text", understood.value))
    if is_promise(text):
        return replace(figure, cell=Cell("text", NOT_AVAILABLE), available=text)
    if is_status(text) or any(sign.isdigit() for sign in text) or len(text) > LONGEST_STATUS:
        return figure
    return replace(figure, heard={**figure.heard, "status": Heard(word, Understood(), figure.place)})


def dated(figure: Figure, definitions: Definitions, last: Last, unknown: list[WordKind]) -> Figure:
    """Return a figure with its measure, period and all else that is said, or with the words that are not known."""
    heard = figure.heard
    meaning: Meaning = heard["measure"].understood.value
    kpi = definitions.kpis[meaning.kpi]
    covered = with_last(heard["period"].understood.value, figure, last)
    basis = value_of(heard, "basis") or meaning.basis
    found = period_for(kpi, covered, basis)
    if found is None:
        return replace(figure, unknown=tuple(dict.fromkeys([*unknown, "period"])))
    group = value_of(heard, "group") or meaning.group
    group = None if group == WHOLE_GROUP else group
    breakdown = (value_of(heard, "breakdown") or meaning.breakdown) if group else None
    available = value_of(heard, "available_from")
    if figure.available is not None:
        # "Q3" is the next third quarter after the one that it is said of.
        until = promised(figure.available, found[0].end)
        available = until.id if until is not None else available
    made = replace(
        figure, unknown=tuple(unknown), meaning=meaning, period=found[0], basis=found[1],
        provider=value_of(heard, "provider"), area=value_of(heard, "area") or WHOLE_AREA,
        breakdown=None if breakdown == WHOLE_GROUP else breakdown, group=group, available=available,
    )  # fmt: skip
    return with_part(made, kpi)


def value_of(heard: Mapping[WordKind, Heard], dimension: WordKind) -> str | None:
    one = heard.get(dimension)
    return one.understood.value if one is not None else None


def with_last(covered: Covered, figure: Figure, last: Last) -> Covered:
    """Return "year to date" with its last month or quarter: the last of its year, else of all, that has a number.

    Where its own series has none, the table's holds; but nought is then the sum of blank cells, and no figure.
    """
    if covered.period is not None or not last:
        return covered
    newest = max(year for series, year in last if series == TABLE)
    year = newest if covered.within is None else year_beginning(covered.within)
    own = last.get((series_of(figure), year))
    is_empty_sum = own is None and number_in(figure.cell) == "0"
    return replace(covered, period=None if is_empty_sum else own or last.get((TABLE, year)))


def with_part(figure: Figure, kpi: Kpi) -> Figure:
    """Return a figure with the number that its cell gives: by its words, else by how it is written, else by the KPI.

    A percentage where a number or a rate belongs is left a percentage, which the check of the list then refuses.
    """
    assert figure.meaning is not None
    said = value_of(figure.heard, "part") or figure.meaning.part
    unit = value_of(figure.heard, "unit") or figure.meaning.unit
    cell = figure.cell
    is_share = cell.kind == "percent" or unit in ("percent", "fraction")
    if cell.kind == "number" and (unit == "fraction" or (is_share and kpi.unit != "percent")):
        share = cell.value if unit == "fraction" else cell.value / 100
        cell = Cell("percent", share)
    if said is None:
        said = "value" if is_share or unit == "rate" or (kpi.unit != "count" and unit != "count") else "number"
    if cell.kind == "percent" and kpi.unit != "percent":
        said = "number"
    return replace(figure, cell=cell, part=said)


# Figures against each other


def without_contradictions(figures: Sequence[Figure]) -> tuple[list[Figure], list[Contradiction]]:
    """Return the figures with those that stand twice read once, and none read where they say different numbers."""
    same: dict[tuple, list[int]] = {}
    for at, figure in enumerate(figures):
        if figure.is_read:
            same.setdefault((*figure.key, figure.part), []).append(at)
    found, contradictions = list(figures), []
    for places in same.values():
        if len(places) == 1:
            continue
        agree = len({number_in(figures[at].cell) for at in places}) == 1
        for at in places[1:] if agree else places:
            found[at] = replace(found[at], reason=SAID_TWICE if agree else CONTRADICTED)
        if not agree:
            contradictions.append(contradiction([figures[at] for at in places]))
    return found, contradictions


def number_in(cell: Cell) -> str:
    """Return what a figure's cell says, so that 12 and "12" are the same."""
    return f"{round(cell.value * 100, 9):g}" if cell.kind == "percent" else tidy(cell).removesuffix("%").strip()


def contradiction(figures: Sequence[Figure]) -> Contradiction:
    first = figures[0]
    assert first.meaning is not None and first.period is not None
    where = places_in_words([figure.place for figure in figures])
    title = first.frame.fit.table.title
    sentence = f"{where} give different numbers for one figure ({first.period.label}) in '{title}'. None was read."
    return Contradiction(first.frame.grid.sheet.name, tuple(figure.address for figure in figures), sentence)


def left_out(frame: Frame, figures: Sequence[Figure]) -> Iterable[LeftOut]:
    """Yield the numbers in and beside a table that nothing speaks for."""
    name, title = frame.grid.sheet.name, frame.table.title
    nameless = [at for at in sorted(frame.unlabelled) if frame.grid.cell(*at).kind in NUMBERS]
    nameless += [
        one.place for one in figures if one.frame is frame and one.reason == NOTHING_SAID and one.cell.kind in NUMBERS
    ]
    if nameless:
        sentence = f"{count_of(nameless)} in '{title}' no label or heading speaks for: {places_in_words(nameless)}."
        yield LeftOut(name, tuple(address(*at) for at in nameless), f"{sentence} Not read.")
    taken = {one.place for one in figures if one.frame.grid is frame.grid}
    outside = [at for at in frame.beyond if at not in taken]
    if outside:
        sentence = f"{count_of(outside)} beside or below '{title}': {places_in_words(outside)}. Not read."
        yield LeftOut(name, tuple(address(*at) for at in outside), sentence)


def count_of(places: Sequence[Place]) -> str:
    return "1 number" if len(places) == 1 else f"{len(places):,} numbers"


# Words


def questions_of(analysis: Analysis) -> tuple[Question, ...]:
    """Return each word that keeps figures from being read, with how many."""
    found: dict[tuple, list[Figure]] = {}
    for figure in analysis.figures:
        for dimension in figure.unknown if not figure.reason else ():
            found.setdefault((dimension, figure.heard[dimension].word), []).append(figure)
    return tuple(question(dimension, word, figures) for (dimension, word), figures in found.items())


def question(dimension: WordKind, word: str, figures: Sequence[Figure]) -> Question:
    first = figures[0]
    heard = first.heard[dimension]
    count = "1 figure waits" if len(figures) == 1 else f"{len(figures):,} figures wait"
    sentence = f"{QUESTION_WORDS[dimension].format(shown(word))} {count} for it."
    return Question(
        dimension, word, first.frame.grid.sheet.name, place_named(heard, first), len(figures),
        heard.understood.suggestion, sentence,
    )  # fmt: skip


def place_named(heard: Heard, figure: Figure) -> str:
    return address(*(heard.place or figure.place))


def period_in_words(figure: Figure, vocabulary: Vocabulary) -> str:
    """Return the period that a figure counts for, in words; of one that waits, what its heading says."""
    if figure.period is not None:
        return covered_in_words(Covered(figure.period, figure.basis), vocabulary)  # type: ignore[arg-type]
    return figure.heard["period"].understood.in_words


# The account of cells


def accounts(grids: Mapping[str, Grid], frames: Sequence[Frame], figures: Sequence[Figure]) -> dict[str, Counter[str]]:
    """Return the account of each sheet."""
    return {
        name: account(
            grid, [frame for frame in frames if frame.grid is grid], [one for one in figures if one.frame.grid is grid]
        )
        for name, grid in grids.items()
    }


def account(grid: Grid, frames: Sequence[Frame], figures: Sequence[Figure]) -> Counter[str]:
    """Return how many cells of a sheet were ignored, by reason; with its figures these are all filled cells."""
    counted = Counter(figure.reason for figure in figures if figure.reason)
    bodies = {figure.place for figure in figures}
    speaking = {place for frame in frames for place in speaking_places(frame)}
    nameless = {place for frame in frames for place in frame.unlabelled}
    top = min((row for frame in frames for row in (*frame.rows[:1], *frame.headings)), default=0)
    bottom = max((row for frame in frames for row in frame.rows), default=0)
    for place in grid.filled:
        if place not in bodies:
            counted[fate_of(place, speaking, nameless, top, bottom, grid)] += 1
    counted[BLANK] += sum(len(frame.rows) * len(frame.columns) for frame in frames) - len(figures)
    return counted


def fate_of(place: Place, speaking: set[Place], nameless: set[Place], top: int, bottom: int, grid: Grid) -> str:
    """Return why a cell outside the bodies of the tables is no figure."""
    if place in speaking:
        return HEADING
    if place in nameless:
        return NOTHING_SAID
    if grid.cell(*place).kind == "text" and place[0] < top:
        return TITLE
    return NOTE if grid.cell(*place).kind == "text" and place[0] > bottom else OUTSIDE


def speaking_places(frame: Frame) -> Iterable[Place]:
    """Yield the places of everything that speaks for figures of a table, and of its marks."""
    yield from frame.marks
    for spots in (*frame.headings.values(), *frame.labels.values(), *frame.sections.values()):
        for spot in spots.values():
            if spot.place is not None:
                yield spot.place
    for row in frame.headings_again:
        yield from ((row, column) for column in range(frame.grid.n_columns))
    for source in (source for given in frame.table.says.values() for source in given):
        if source.cell is not None:
            spot = frame._spot(source, 0, 0)
            if spot.place is not None:
                yield spot.place
