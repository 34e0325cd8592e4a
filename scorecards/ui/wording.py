"""Owns the step of teaching in which each of the sender's words gets its meaning: asked in a form, a guess marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from scorecards.definitions import Definitions, normalise
from scorecards.errors import ScorecardError
from scorecards.narrative.words import listed
from scorecards.periods import all_periods
from scorecards.ui.lesson import Layouts, Lesson, keep, moved_on
from scorecards.ui.page import Page
from scorecards.ui.parts import field_label
from scorecards.ui.placing import PARTS, fixed_words
from scorecards.ui.rendering import html, render
from scorecards.ui.verdicts import count_words

IGNORED = "ignored"
IGNORE_WORDS = "Ignore it: not for our scorecard"
# Words that a sender has of its own, kept as they stand; and the engine's word for everybody.
KEPT_AS_THEY_STAND = ("provider", "group")
EVERYBODY = {"whole": "Everybody: not broken down"}
TOLD_BY_MEASURE = ""
STATUSES = {
    "x": "not available",
    "c": "withheld because it is small",
    "low": "a low number, not given",
    "z": "does not apply",
}
# What a word is about, as the heading above the words of its kind.
KINDS = {
    "measure": "Measures",
    "period": "Periods",
    "area": "Areas",
    "provider": "Providers and sites",
    "breakdown": "Breakdowns",
    "group": "Groups",
    "part": "Number, out of or percentage",
    "unit": "How numbers are written",
    "basis": "How it is counted",
    "available_from": "When a missing figure is expected",
    "status": "Words that stand where a number belongs",
}


@dataclass(frozen=True)
class Answer:
    """What somebody says a word means: an id of ours, IGNORED, or None where they said nothing."""

    word: Any
    chosen: str | None
    part: str = TOLD_BY_MEASURE


def draw_words(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Draw every word that needs a meaning with what it may mean, and those that were understood below."""
    found = layouts.words_of(lesson.content, lesson.draft, page.definitions)
    asked = [one for one in found if one.known != "itself"]
    understood = [one for one in found if one.known == "itself"]
    open_words = [one for one in asked if not one.known]
    html(render("teach_words.html", lead=lead_words(open_words, understood)))
    with st.container(key="words_asked"), st.form(f"words {lesson.number}", border=False):
        answers = _ask_kinds(page, lesson, asked)
        if understood:
            with st.expander(f"Words that were understood by themselves ({len(understood)})"):
                answers += _ask_kinds(page, lesson, understood)
        ignores = bool(open_words) and st.checkbox("Ignore every word above that I leave open", key="ignore open words")
        with st.container(horizontal=True):
            goes_on = st.form_submit_button("These meanings are right", type="primary")
            goes_back = st.form_submit_button("Back to the picture")
    if goes_on:
        keep(_answered(layouts, lesson, answers, ignores))
    elif goes_back:
        keep(moved_on(lesson, "places"))
    if goes_on or goes_back:
        st.rerun()


def lead_words(open_words: Sequence[Any], understood: Sequence[Any]) -> str:
    """Return how many words must be told, in a sentence or two."""
    if not open_words:
        return "Every word is known. Look them over, then go on."
    guessed = sum(bool(one.suggestion) for one in open_words)
    said = (
        f"{count_words(len(open_words), 'word')} of the sender {'needs' if len(open_words) == 1 else 'need'} a meaning."
    )
    if guessed:
        said += f" {'One has' if guessed == 1 else f'{guessed} have'} a guess of ours: check it before you go on."
    if understood:
        said += f" {count_words(len(understood), 'other')} {'was' if len(understood) == 1 else 'were'} understood."
    return said


def _ask_kinds(page: Page, lesson: Lesson, words: Sequence[Any]) -> list[Answer]:
    answers = []
    for kind, title in KINDS.items():
        of_kind = [one for one in words if one.dimension == kind]
        if of_kind:
            html(render("teach_kind.html", title=title))
            answers += [_ask_word(page, lesson, one) for one in of_kind]
    return answers


def _ask_word(page: Page, lesson: Lesson, word: Any) -> Answer:
    """Draw the chooser of one word's meaning, its present meaning or our guess chosen."""
    titles = meanings(page, lesson.agency, word.dimension)
    if word.dimension in KEPT_AS_THEY_STAND:
        titles = {word.word: f"{word.word}, as it stands", **titles}
    now = IGNORED if word.known == "ignored" else word.meaning or word.suggestion or _as_it_stands(word)
    if now and now not in titles and now != IGNORED:
        titles = {now: word.in_words or now, **titles}
    ids = [IGNORED, *titles]
    shown = {IGNORED: IGNORE_WORDS, **titles}
    if not word.known and word.suggestion in titles:
        shown[word.suggestion] = f"{titles[word.suggestion]} (our guess: check it)"
    key = f"{lesson.number} {word.dimension} {word.word}"
    left, right = st.columns([3, 1.4], vertical_alignment="bottom")
    chosen = left.selectbox(
        word_label(word), ids, index=ids.index(now) if now in ids else None,
        format_func=lambda one: shown[one], placeholder="Choose what it means", key=f"means {key}",
    )  # fmt: skip
    if word.dimension != "measure":
        return Answer(word, chosen)
    parts = {TOLD_BY_MEASURE: "what the measure says", **PARTS}
    now_part = part_of(lesson.draft, word.word)
    part = right.selectbox(
        "It gives", list(parts), index=list(parts).index(now_part), format_func=lambda one: parts[one],
        key=f"part {key}",
    )  # fmt: skip
    return Answer(word, chosen, part)


def _as_it_stands(word: Any) -> str | None:
    return word.word if word.dimension in KEPT_AS_THEY_STAND else None


def word_label(word: Any) -> str:
    """Return a word as the label of its field, with where it stands and how many figures it speaks for."""
    return field_label(f"“{word.word}” in {word.sheet}, cell {word.address}, {count_words(word.figures, 'figure')}")


def meaning_of(draft: Any, word: str) -> Any:
    """Return what a layout says a word for a measure means, or None."""
    return next((said for one, said in draft.measures.items() if normalise(one) == normalise(word)), None)


def part_of(draft: Any, word: str) -> str:
    meaning = meaning_of(draft, word)
    return (meaning.part if meaning else None) or TOLD_BY_MEASURE


def meanings(page: Page, agency: str, dimension: str) -> Mapping[str, str]:
    """Return what a word of a kind may mean: our id, and how it is shown."""
    definitions = page.definitions
    if dimension == "measure":
        return {name: definitions.kpis[name].title for name in measures_for(definitions, agency)}
    if dimension == "period":
        known = all_periods(definitions.partnership.first_day, page.store.today)
        return {one.id: one.long_label for one in sorted(known, key=lambda one: one.end, reverse=True)}
    own: dict[str, Mapping[str, str]] = {"status": STATUSES, "group": EVERYBODY}
    if dimension == "breakdown":
        return EVERYBODY | dict(fixed_words(definitions, dimension))
    return own.get(dimension) or fixed_words(definitions, dimension)


def measures_for(definitions: Definitions, agency: str) -> list[str]:
    """Return the ids of all measures, those that are expected of an agency first."""
    expected = [kpi for one in definitions.partnership.returns if one.agency == agency for kpi in one.kpis]
    return list(dict.fromkeys([*expected, *definitions.kpis]))


def _answered(layouts: Layouts, lesson: Lesson, answers: Sequence[Answer], ignores: bool) -> Lesson:
    """Return the lesson with what was answered, and on its last step; or with what is still to be said."""
    draft, wrong, left = lesson.draft, [], []
    for one in answers:
        if one.chosen is None and not ignores:
            left.append(f"“{one.word.word}”")
            continue
        try:
            draft = _with_answer(layouts, draft, one)
        except ScorecardError as error:
            wrong.append(str(error))
    lesson = replace(lesson, draft=draft, number=lesson.number + 1)
    if wrong or left:
        asked = f"Say what {listed(left)} {'means' if len(left) == 1 else 'mean'}, or tick that open words are ignored."
        return replace(lesson, trouble=" ".join([*wrong, *([asked] if left else [])]))
    return moved_on(lesson, "keep")


def _with_answer(layouts: Layouts, draft: Any, answer: Answer) -> Any:
    """Return the layout with one answer, unchanged where it says what was known already."""
    word = answer.word
    if answer.chosen in (None, IGNORED):
        return draft if word.known == IGNORED else layouts.taught(draft, word.dimension, word.word, None)
    if word.dimension != "measure":
        is_new = answer.chosen != word.meaning or not word.known
        return layouts.taught(draft, word.dimension, word.word, answer.chosen) if is_new else draft
    if word.known and answer.chosen == word.meaning and answer.part == part_of(draft, word.word):
        return draft
    before = meaning_of(draft, word.word)
    kept = before.model_dump(exclude_none=True) if before and before.kpi == answer.chosen else {}
    said = {**kept, "kpi": answer.chosen, "part": answer.part or None}
    return layouts.taught(draft, "measure", word.word, layouts.Meaning.model_validate(said))
