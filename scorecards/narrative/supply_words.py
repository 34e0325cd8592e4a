"""Who is asked to send what a measure is made from, as what and how often, in words: from the definitions alone."""

from scorecards.comparators import england
from scorecards.definitions import Definitions, ExpectedReturn, Kpi, RecordType
from scorecards.format import agency_title
from scorecards.narrative.words import listed
from scorecards.periods import Period

READY_MADE = "ready-made figures, in the aggregate return"


def sent_as(kpi: Kpi, record: RecordType) -> str:
    """Return as what a list comes: "a list with one row for each ...", or ready-made figures."""
    if kpi.measure.kind == "submitted":
        return READY_MADE
    return f"a list; one row is {record.one_row_is[:1].lower()}{record.one_row_is[1:].rstrip('.')}"


def how_often(kpi: Kpi, records: str, definitions: Definitions) -> str:
    """Return "every quarter from Police, due 8 days after it ends"; that nobody is asked yet where nobody is."""
    asked = [one for one in definitions.partnership.returns if records in one.records]
    if kpi.measure.kind == "submitted":
        asked = asked_ready_made(kpi, definitions)
    return asked_words(asked, definitions) or "nobody is asked for it yet in partnership.yaml"


def asked_ready_made(kpi: Kpi, definitions: Definitions) -> list[ExpectedReturn]:
    """Return which agencies are asked for the figure itself."""
    return [one for one in definitions.partnership.returns if kpi.id in one.kpis]


def asked_words(asked: list[ExpectedReturn], definitions: Definitions) -> str:
    """Return who is asked how often, and by when: "every quarter from Police, due 8 days after it ends"."""
    words = [
        f"every {one.every} from {agency_title(definitions, one.agency)}, due {one.due_days_after} days after it ends"
        for one in asked
    ]
    return listed(list(dict.fromkeys(words))) if words else ""


def official_source(kpi: Kpi, period: Period) -> str:
    """Return which published figure it may be compared with, and its newest release; "" where none is published."""
    if kpi.benchmark is None:
        return ""
    newest = england(kpi.benchmark.published_id, period)
    release = f" England's newest here is {newest.year_label}: {newest.source.rstrip('.')}." if newest else ""
    return f"{kpi.benchmark.note.rstrip('.')}.{release}"
