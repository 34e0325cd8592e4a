"""The KPI catalogue as a page of documentation, written from the definitions alone."""

from scorecards.definitions import Definitions, Kpi, Theme
from scorecards.format import evidence_words, priorities_words, thresholds_words
from scorecards.measures import kind_of, sentence
from scorecards.narrative import breaks_words, sent_as
from scorecards.scorecard import judged_window

WINDOW_WORDS = {
    "month": "month",
    "quarter": "quarter",
    "half_year": "half-year",
    "term": "school term",
    "financial_year": "financial year",
    "academic_year": "academic year",
    "date": "single day",
    "rolling_12_months": "last 12 months",
}
POLARITY_WORDS = {
    "higher": "high",
    "lower": "low",
    "band": "neither very low nor very high",
    "context": "neither: activity, never coloured",
}
HEAD = """# KPI catalogue

This page is written from `kpi_definitions.yaml` by `python -m scorecards catalogue`; do not edit it by hand.
The SQL statement of each stands on the page "Data dictionary",
with how often it is asked for and from whom.
It has {kpis} KPIs in {themes} themes. Thresholds are defaults until a partnership agrees its own in `partnership.yaml`.
"""


def catalogue(definitions: Definitions) -> str:
    """Return the catalogue as Markdown: every KPI once, under the first of its themes."""
    themes = [theme for theme in definitions.partnership.themes if _of(definitions, theme.id)]
    parts = [HEAD.format(kpis=len(definitions.kpis), themes=len(themes))]
    for theme in themes:
        parts.append(f"## {theme.title}\n\n{theme.about}{_readers(theme)}\n")
        parts += [_entry(kpi, definitions) for kpi in _of(definitions, theme.id)]
    return "\n".join(parts)


def _readers(theme: Theme) -> str:
    return f" Led by: {theme.lead}, {theme.group}." + (f" Read by: {theme.audience}." if theme.audience else "")


def _of(definitions: Definitions, theme_id: str) -> list[Kpi]:
    return [kpi for kpi in definitions.kpis.values() if kpi.themes[0] == theme_id]


def _entry(kpi: Kpi, definitions: Definitions) -> str:
    facts = [
        ("Definition", kpi.definition),
        ("How it is made", sentence(kpi, definitions)),
        ("Why it matters", kpi.why),
        ("Tells", evidence_words(kpi)),
        ("Serves", priorities_words(kpi, definitions) or "no priority"),
        ("Good is", POLARITY_WORDS[kpi.polarity]),
        ("Judged by", _judged_by(kpi)),
        ("Supplied by", _supplied_by(kpi, definitions)),
        ("Sent as", _sent_as(kpi, definitions)),
        ("Official source", kpi.benchmark.note if kpi.benchmark else ""),
        ("Recorded otherwise since", " ".join(breaks_words(kpi))),
        ("Read by", _windows(kpi)),
        ("Broken down by", ", ".join(name.replace("_", " ") for name in kpi.breakdowns) or "nothing"),
        ("Watch out for", kpi.caveats),
        ("Questions to ask", " ".join(kpi.questions)),
        ("Owner", kpi.owner),
        ("Reviewed", kpi.reviewed.isoformat()),
    ]
    lines = "\n".join(f"- **{name}**: {' '.join(text.split())}" for name, text in facts if text)
    return f"### {kpi.title}\n\n`{kpi.id}`\n\n{lines}\n"


def _judged_by(kpi: Kpi) -> str:
    if kpi.thresholds is None:
        return "nothing yet: agree a target in `partnership.yaml`" if kpi.polarity != "context" else "not rated"
    return f"{thresholds_words(kpi, kpi.thresholds, None)} ({kpi.thresholds.source})"


def _supplied_by(kpi: Kpi, definitions: Definitions) -> str:
    if kpi.measure.kind == "population":
        return "`partnership.yaml`, under `populations`"
    lists = [definitions.record_types[name] for name in kind_of(kpi.measure).record_types(kpi)]
    words = [
        record.title + (f" (Annex A list {record.annex_a_list})" if record.annex_a_list else "") for record in lists
    ]
    return " and ".join(words) + ("" if kpi.measure.kind == "submitted" else ", or an aggregate return")


def _sent_as(kpi: Kpi, definitions: Definitions) -> str:
    """Return as what it is sent, list by list; nothing for what nobody sends."""
    if kpi.measure.kind == "population":
        return ""
    records = [definitions.record_types[name] for name in dict.fromkeys(kind_of(kpi.measure).record_types(kpi))]
    return "; ".join(f"{record.title}: {sent_as(kpi, record)}" for record in records)


def _windows(kpi: Kpi) -> str:
    shown = ", ".join(WINDOW_WORDS[window] for window in kpi.windows.shown)
    return (
        f"{shown}; rated by {WINDOW_WORDS[judged_window(kpi, kpi.thresholds, None)]}, tested for real change by "
        f"{WINDOW_WORDS[kpi.windows.pattern]}"
    )
