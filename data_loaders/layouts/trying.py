"""Owns what a layout reads from a file, in words: the words it needs, and the figures, for a person to look over."""

from collections.abc import Sequence

from data_loaders.grid import FileContent
from data_loaders.layouts.analysis import (
    HEADING,
    Analysis,
    Figure,
    Heard,
    analyse,
    period_in_words,
    place_named,
    questions_of,
)
from data_loaders.layouts.answers import Fit, Tried, TriedFigure, WordRead
from data_loaders.layouts.fitting import fits
from data_loaders.layouts.laying import number_words, rows_of
from data_loaders.layouts.model import Layout, WordKind
from data_loaders.layouts.personal import personal_problems
from scorecards.definitions import Definitions
from scorecards.periods import Covered

WORD_ORDER: tuple[WordKind, ...] = (
    "measure", "period", "area", "provider", "breakdown", "group", "part", "unit", "basis", "available_from", "status"
)  # fmt: skip


def fit_of(layout: Layout, content: FileContent) -> Fit | None:
    return next(iter(fits((layout,), content)), None)


def words_of(content: FileContent, layout: Layout, definitions: Definitions) -> tuple[WordRead, ...]:
    """Return every word about figures that the layout reads in a file, with its meaning; unknown words first.

    Where labels seem to hold people there are none.
    """
    fit = fit_of(layout, content)
    if fit is None:
        return ()
    analysis = analyse(content, fit, definitions)
    if personal_problems(analysis):
        return ()
    asked = {(one.dimension, one.word) for one in questions_of(analysis)}
    words = [word_read(key, figures, key in asked, analysis) for key, figures in words_heard(analysis).items()]
    return tuple(sorted(words, key=lambda one: (one.known != "", WORD_ORDER.index(one.dimension))))


def words_heard(analysis: Analysis) -> dict[tuple[WordKind, str], list[Figure]]:
    """Return the figures of each word, those left out that another word has ignored."""
    found: dict[tuple[WordKind, str], list[Figure]] = {}
    for figure in analysis.figures:
        silent = {name for name, heard in figure.heard.items() if heard.understood.is_ignored}
        for dimension, heard in figure.heard.items() if figure.reason != HEADING else ():
            if heard.word and not silent - {dimension}:
                found.setdefault((dimension, heard.word), []).append(figure)
    return found


def word_read(key: tuple[WordKind, str], figures: Sequence[Figure], is_asked: bool, analysis: Analysis) -> WordRead:
    dimension, word = key
    first = figures[0]
    heard = first.heard[dimension]
    known = "" if is_asked else heard.understood.known
    meaning = None if known in ("", "ignored") else plain_meaning(heard, first)
    in_words = heard.understood.in_words if known else ""
    if dimension == "period" and meaning is not None:
        in_words = period_in_words(first, analysis.vocabulary)
    return WordRead(
        dimension, word, first.frame.grid.sheet.name, place_named(heard, first), len(figures), meaning, known, in_words,
        heard.understood.suggestion,
    )  # fmt: skip


def plain_meaning(heard: Heard, figure: Figure) -> str | None:
    """Return what a word means as one of our ids."""
    value = heard.understood.value
    if isinstance(value, Covered):
        period = figure.period or value.period
        return period.id if period is not None else None
    return getattr(value, "kpi", value)


def tried(content: FileContent, layout: Layout, definitions: Definitions) -> Tried:
    """Return what a layout reads from a file, as plain rows, for "try it on last quarter's file"."""
    fit = fit_of(layout, content)
    if fit is None:
        return Tried(None, sentence=f"Nothing in {content.name} is built as taught in '{layout.title}'.")
    analysis = analyse(content, fit, definitions)
    personal = personal_problems(analysis)
    if personal:
        return Tried(fit, sentence=personal[0].sentence)
    rows = rows_of([figure for figure in analysis.figures if figure.is_read])
    figures = tuple(tried_figure(row, analysis) for row in rows)
    questions = questions_of(analysis)
    told = [f"{fit.sentence} {count_words(len(figures), 'figure')} read."]
    if questions:
        told.append(f"{count_words(len(questions), 'word')} must be explained first.")
    told += [one.sentence for one in analysis.contradictions]
    told += [one.sentence for one in analysis.left_out]
    return Tried(fit, figures, questions, analysis.ignored, " ".join(told))


def count_words(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count:,} {what}s"


def tried_figure(row: Sequence[Figure], analysis: Analysis) -> TriedFigure:
    """Return one figure as plain words and numbers."""
    first = row[0]
    assert first.meaning is not None and first.period is not None
    kpi = analysis.definitions.kpis[first.meaning.kpi]
    numbers = {figure.part: number_words(figure, kpi) for figure in row}
    vocabulary = analysis.vocabulary
    return TriedFigure(
        measure=kpi.title,
        period=first.period.label,
        area=vocabulary.in_words("area", first.area),
        provider=first.provider or "",
        breakdown=(first.breakdown or "").replace("_", " "),
        group=first.group or "",
        number=numbers.get("number", ""),
        out_of=numbers.get("out_of", ""),
        value=numbers.get("value", ""),
        basis=vocabulary.basis_in_words(first.basis) if first.basis else "",
        available_from=next((one.available for one in row if one.available), "") or "",
        sheet=first.frame.grid.sheet.name,
        cells=tuple(figure.address for figure in row),
        kpi=kpi.id,
        period_id=first.period.id,
    )
