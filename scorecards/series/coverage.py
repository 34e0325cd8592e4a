"""Which days of each list have been sent by the agency that leads on it."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, Select, select

from scorecards.definitions import Definitions
from scorecards.periods import Span, merged
from scorecards.store.schema import submission, withdrawal


@dataclass(frozen=True)
class Coverage:
    """The covered spans of each record type, in order and without overlap, and those in which rows were refused."""

    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    refused: dict[str, tuple[Span, ...]] = field(default_factory=dict)

    def covers(self, records: str, first: int, end: int) -> bool:
        """Return whether every day from `first` until before `end` is covered."""
        return any(start <= first and end <= stop for start, stop in self.spans.get(records, ()))

    def touches(self, records: str, first: int, end: int) -> bool:
        """Return whether any of the days is covered."""
        return any(start < end and first < stop for start, stop in self.spans.get(records, ()))

    def parts(self, records: str, first: int, end: int) -> list[Span]:
        """Return those of the days that are covered, as spans."""
        clipped = [(max(start, first), min(stop, end)) for start, stop in self.spans.get(records, ())]
        return [span for span in clipped if span[0] < span[1]]

    def has_refused(self, records: str, first: int, end: int) -> bool:
        return any(start < end and first < stop for start, stop in self.refused.get(records, ()))

    def first_days(self) -> dict[str, int]:
        """Return, for each record type, the first day of the unbroken cover that reaches to the newest day."""
        return {records: spans[-1][0] for records, spans in self.spans.items() if spans}

    def end_days(self) -> dict[str, int]:
        """Return, for each record type, the day after its newest covered day."""
        return {records: spans[-1][1] for records, spans in self.spans.items() if spans}


def read_coverage(connection: Connection, definitions: Definitions, version: int | None = None) -> Coverage:
    """Return what is covered in the newest version, or as it was at `version`."""
    columns = (
        submission.c.agency,
        submission.c.record_type,
        submission.c.covers_from,
        submission.c.covers_to,
        submission.c.rows_refused,
    )
    stands = submission.c.covers_from.is_not(None) & submission.c.id.not_in(withdrawn(version))
    if version is not None:
        stands &= submission.c.landed_in <= version
    query = select(*columns).where(stands).order_by(submission.c.id)
    spans: dict[str, list[Span]] = {}
    refused: dict[str, list[Span]] = {}
    for agency, records, first, end, rows_refused in connection.execute(query):
        for led in _led(definitions, records, agency, first, end):
            spans.setdefault(records, []).append(led)
            # What was refused once is forgiven by a later submission of the same days.
            refused[records] = [part for span in refused.get(records, ()) for part in _without(span, led)]
            if rows_refused:
                refused[records].append(led)
    return Coverage(
        {records: merged(found) for records, found in spans.items()},
        {records: merged(found) for records, found in refused.items()},
    )


def withdrawn(version: int | None = None) -> Select:
    """Return the select of the ids of submissions that were withdrawn, in the newest version or by `version`."""
    query = select(withdrawal.c.submission_id)
    return query if version is None else query.where(withdrawal.c.landed_in <= version)


def _led(definitions, records, agency, first, end):
    """Return the parts of a span in which `agency` leads on `records`."""
    leads = sorted(
        (lead for lead in definitions.partnership.lead_agencies if lead.records == records), key=lambda lead: lead.from_
    )
    if not leads:
        return [(first, end)]
    starts = [0, *(lead.from_.toordinal() for lead in leads[1:])]
    ends = [*starts[1:], end]
    parts = []
    for lead, start, stop in zip(leads, starts, ends, strict=True):
        begin, finish = max(first, start), min(end, stop)
        if lead.agency == agency and begin < finish:
            parts.append((begin, finish))
    return parts


def _without(span: Span, taken: Span) -> list[Span]:
    """Return the parts of `span` that `taken` leaves."""
    before, after = (span[0], min(span[1], taken[0])), (max(span[0], taken[1]), span[1])
    return [part for part in (before, after) if part[0] < part[1]]
