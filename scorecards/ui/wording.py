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
from scorecards.ui.placing import BASES, PARTS, fixed_words
from scorecards.ui.rendering import html, render
from scorecards.ui.verdicts import count_words

IGNORED = "ignored"
GUESSES_UNCHECKED = "Look at our guesses, put right what is wrong, and tick that you have checked them."
IGNORE_REST = "Ignore every word above that I leave open"
IGNORE_WORDS = "Ignore it: not for our scorecard"
# Words that a sender has of its own, kept as they stand; and the engine's word for everybody.
KEPT_AS_THEY_STAND = ("provider", "group")
EVERYBODY = {"whole": "Everybody: not broken down"}
TOLD_BY_MEASURE = ""
# What a word for a measure may say beside which one it is.
MORE = {
    TOLD_BY_MEASURE: "what the measure says",
    **{f"part:{name}": words for name, words in PARTS.items()},
    **{f"basis:{name}": words for name, words in BASES.items() if name != "in_period"},
}
WORDS_ASKED, WORDS_LISTED = 60, 200  # at once
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
    more: str = TOLD_BY_MEASURE  # of a measure, which number it gives or how that is counted: "part:value"

    @property
    def is_guess(self) -> bool:
        """Return whether it is what we guessed, and nobody said so before."""
        return not self.word.known and bool(self.chosen) and self.chosen == self.word.suggestion


@dataclass(frozen=True)
class Given:
    """All answers of one click, and what was ticked beside them."""

    answers: tuple[Answer, ...]
    ignores_rest: bool
    guesses_checked: bool
    is_all: bool  # whether no further word waits


def draw_words(page: Page, layouts: Layouts, lesson: Lesson) -> None:
    """Draw every word that needs a meaning with what it may mean, and those that are known below."""
    found = layouts.words_of(lesson.content, lesson.draft, page.definitions)
    open_words = [one for one in found if not one.known]
    told = [one for one in found if one.known in ("layout", IGNORED)]
    understood = [one for one in found if one.known == "itself"]
    html(render("teach_words.html", lead=lead_words(open_words, understood)))
    with st.container(key="words_asked"), st.form(f"words {lesson.number}", border=False):
        answers = _ask_kinds(page, lesson, open_words[:WORDS_ASKED])
        guesses = sum(bool(one.suggestion) for one in open_words[:WORDS_ASKED])
        are_checked = not guesses or st.checkbox(guess_words(guesses), key=f"guesses {lesson.number}")
        ignores = len(open_words) > 1 and st.checkbox(
            "Ignore every word above that I leave open", key="ignore open words"
        )
        if told:
            with st.expander(f"Words that were told ({len(told)})", expanded=not open_words):
                answers += _ask_kinds(page, lesson, told[:WORDS_ASKED])
        if understood:
            answers += _draw_understood(lesson, understood)
        with st.container(horizontal=True):
            goes_on = st.form_submit_button("These meanings are right", type="primary")
            goes_back = st.form_submit_button("Back to the picture")
    if goes_on:
        given = Given(tuple(answers), ignores, are_checked, len(open_words) <= WORDS_ASKED)
        keep(_answered(layouts, lesson, given))
    elif goes_back:
        keep(moved_on(lesson, "places"))
    if goes_on or goes_back:
        st.rerun()


def _draw_understood(lesson: Lesson, words: Sequence[Any]) -> list[Answer]:
    """Draw the words that mean something by themselves, and which of them are to be ignored all the same."""
    with st.expander(f"Words that were understood by themselves ({len(words)})"):
        html(render("teach_understood.html", words=words[:WORDS_LISTED], left=max(len(words) - WORDS_LISTED, 0)))
        titles = {number: word.word for number, word in enumerate(words)}
        ignored = st.multiselect(
            "Ignore what stands under these", list(titles), format_func=titles.__getitem__,
            key=f"ignored {lesson.number}", placeholder="None of them",
        )  # fmt: skip
    return [Answer(words[number], IGNORED) for number in ignored]


def guess_words(count: int) -> str:
    """Return the sentence that is to be ticked where meanings are guessed."""
    return (
        "I have checked the one that is our guess" if count == 1 else f"I have checked the {count} that are our guesses"
    )


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
    titles = _titles(page, lesson, word)
    now = _meaning_now(word)
    shown = {IGNORED: IGNORE_WORDS, **titles}
    if now is not None and now not in shown:
        shown[now] = word.in_words or now
    ids, key = list(shown), f"{lesson.number} {word.dimension} {word.word} {word.sheet} {word.address}"
    if not word.known and word.suggestion:
        html(render("teach_guess.html"))
    left, right = st.columns([3, 1.4], vertical_alignment="bottom")
    chosen = left.selectbox(
        word_label(word), ids, index=ids.index(now) if now in ids else None,
        format_func=shown.__getitem__, placeholder="Choose what it means", key=f"means {key}",
    )  # fmt: skip
    return Answer(word, chosen, _ask_more(right, lesson.draft, word, key) if word.dimension == "measure" else "")


def _titles(page: Page, lesson: Lesson, word: Any) -> Mapping[str, str]:
    titles = meanings(page, lesson.agency, word.dimension)
    if word.dimension in KEPT_AS_THEY_STAND:
        return {word.word: f"{word.word}, as it stands", **titles}
    return titles


def _meaning_now(word: Any) -> str | None:
    """Return what a word means so far, else our guess, else itself where words of its kind are kept."""
    if word.known == IGNORED:
        return IGNORED
    return word.meaning or word.suggestion or (word.word if word.dimension in KEPT_AS_THEY_STAND else None)


def _ask_more(column, draft: Any, word: Any, key: str) -> str:
    """Ask which number of a measure stands under a word, or how it is counted, where the word says it."""
    now = more_of(draft, word.word)
    known = {**MORE, **({now: "as it was told"} if now not in MORE else {})}
    return column.selectbox("It gives", list(known), index=list(known).index(now), format_func=known.__getitem__,
                            key=f"more {key}") or TOLD_BY_MEASURE  # fmt: skip


def word_label(word: Any) -> str:
    """Return a word as the label of its field, with where it stands and how many figures it speaks for."""
    return field_label(f"“{word.word}” in {word.sheet}, cell {word.address}, {count_words(word.figures, 'figure')}")


def meaning_of(draft: Any, word: str) -> Any:
    """Return what a layout says a word for a measure means, or None."""
    return next((said for one, said in draft.measures.items() if normalise(one) == normalise(word)), None)


def more_of(draft: Any, word: str) -> str:
    """Return which number a word gives or how that is counted, as the layout has it: "part:value", "basis:to_date"."""
    meaning = meaning_of(draft, word)
    said = {name: getattr(meaning, name, None) for name in ("part", "basis")}
    return ";".join(f"{name}:{value}" for name, value in said.items() if value)


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


def _answered(layouts: Layouts, lesson: Lesson, given: Given) -> Lesson:
    """Return the lesson with what was answered, at its last step; or with what is still to be said."""
    draft, wrong, left = lesson.draft, [], []
    if any(one.is_guess for one in given.answers) and not given.guesses_checked:
        return replace(lesson, trouble=GUESSES_UNCHECKED)
    for one in given.answers:
        if one.chosen is None and not given.ignores_rest:
            left.append(f"“{one.word.word}”")
            continue
        try:
            draft = _with_answer(layouts, draft, one)
        except ScorecardError as error:
            wrong.append(str(error))
    lesson = replace(lesson, draft=draft, number=lesson.number + 1)
    if left:
        wrong.append(f"Say what {listed(left)} {'means' if len(left) == 1 else 'mean'}, or ignore what is not for us.")
    if wrong or not given.is_all:
        return replace(lesson, trouble=" ".join(wrong) or "Kept. Here are the next words.")
    return moved_on(lesson, "keep")


def _with_answer(layouts: Layouts, draft: Any, answer: Answer) -> Any:
    """Return the layout with one answer, unchanged where it says what was known already."""
    word = answer.word
    if answer.chosen in (None, IGNORED):
        return draft if word.known == IGNORED else layouts.taught(draft, word.dimension, word.word, None)
    if word.known and answer.chosen == word.meaning and answer.more == more_of(draft, word.word):
        return draft
    if word.dimension != "measure":
        return layouts.taught(draft, word.dimension, word.word, answer.chosen)
    before = meaning_of(draft, word.word)
    kept = before.model_dump(exclude_none=True) if before and before.kpi == answer.chosen else {}
    more = dict(one.split(":") for one in answer.more.split(";") if one)
    said = {name: value for name, value in kept.items() if name not in ("part", "basis")} | more
    return layouts.taught(draft, "measure", word.word, layouts.Meaning.model_validate({**said, "kpi": answer.chosen}))
