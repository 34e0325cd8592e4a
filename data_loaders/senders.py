"""Owns who sent a file and which days it covers, where nobody says so: what the lists themselves allow."""

import calendar
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from data_loaders.cover_sheet import CoverSheet
from data_loaders.results import Covers, ListCheck
from scorecards.definitions import Definitions, RecordType, did_you_mean
from scorecards.errors import ScorecardError
from scorecards.periods import add_months, quarter_of

WINDOW_MONTHS = 6  # of an Annex A list of plans, where nothing in it shows where its window begins
# From this many rows on, dates show where a list begins and ends. A gap of five times the mean one comes by chance
# once in 150 (exp(-5)), and nothing may come in over a weekend.
DENSE = 10
LONG_SILENCE = 5
WEEKEND = 3

GivenCovers = Mapping[str, Covers] | Covers | None


def known_agency(agency: str, definitions: Definitions) -> str:
    """Return `agency` if it is an agency of the partnership; raise ScorecardError otherwise."""
    agencies = definitions.partnership.agencies
    if agency not in agencies:
        listed = ", ".join(agencies)
        raise ScorecardError(
            f"'{agency}' is not an agency of partnership.yaml; known are {listed}.{did_you_mean(agency, agencies)}"
        )
    return agency


def sender_of(lists: Sequence[ListCheck], given: str | None, cover: CoverSheet | None, definitions: Definitions):
    """Return (agency, how it was found); the agency is None where several could have sent the lists."""
    if given:
        return given, "as chosen"
    if cover is not None and cover.agency:
        return cover.agency, "from the cover sheet"
    makers = {one.made_by for one in lists if one.made_by}
    if len(makers) == 1 and makers <= set(definitions.partnership.agencies):
        return makers.pop(), "the agency that makes this national return"
    records = [definitions.record_types[one.record_type] for one in lists if one.record_type]
    if not records:
        return None, ""
    able = set.intersection(*(set(record.sent_by) for record in records)) & set(definitions.partnership.agencies)
    if len(able) == 1:
        return able.pop(), "the only agency that sends these lists"
    used = [expected_from(record, measures_in(lists), definitions) & able for record in records]
    expected = set.intersection(*used) if used else set()
    if len(expected) == 1:
        return expected.pop(), "the agency that is expected to send these lists"
    return None, ""


def expected_from(record: RecordType, kpis: set[str], definitions: Definitions) -> set[str]:
    """Return the agencies that partnership.yaml expects a list from, or the measures of an aggregate return."""
    us = definitions.partnership
    if record.replaces == "key":
        senders = [{one.agency for one in us.returns if kpi in one.kpis} for kpi in kpis]
        return set.intersection(*senders) if senders else set()
    leads = {lead.agency for lead in us.lead_agencies if lead.records == record.id}
    return leads | {one.agency for one in us.returns if record.id in one.records}


def measures_in(lists: Iterable[ListCheck]) -> set[str]:
    return {kpi for one in lists for kpi in one.rows.columns.get("kpi", ())}


def with_covers(
    lists: Sequence[ListCheck],
    given: GivenCovers,
    cover: CoverSheet | None,
    definitions: Definitions,
    today: datetime.date,
    header: Covers | None = None,
) -> list[ListCheck]:
    """Return the lists with the days they cover: as given, as the cover sheet or header says, else proposed."""
    if header is not None:
        header = (header[0], min(header[1], today))
    found = [said_covers(one, given, cover, definitions, header) for one in lists]
    found = [standing_covers(one, definitions) for one in found]
    found = [event_covers(one, definitions, today) if len(one.rows) >= DENSE else one for one in found]
    dense = [one.covers for one in found if one.covers and tells_days(one, definitions)]
    found = [sparse_covers(one, dense, definitions, today) for one in found]
    siblings = [one.covers for one in found if one.covers and tells_days(one, definitions)]
    found = [plan_covers(one, siblings, definitions, today) for one in found]
    return [family_covers(one, found) for one in found]


def replaces(one: ListCheck, definitions: Definitions) -> str | None:
    return definitions.record_types[one.record_type].replaces if one.record_type else None


def tells_days(one: ListCheck, definitions: Definitions) -> bool:
    """Return whether the days of a list are those of its file: not where it says what stands on a day."""
    record = definitions.record_types.get(one.record_type or "")
    return record is not None and record.replaces == "event" and record.stands_at is None


def standing_covers(one: ListCheck, definitions: Definitions) -> ListCheck:
    """Return a list of what stands on a day with the part of the day's quarter that it tells, and nothing before.

    It says nothing of what stood at the end of an earlier quarter, which an earlier list told.
    """
    record = definitions.record_types.get(one.record_type or "")
    if record is None or record.stands_at is None or not len(one.rows):
        return one
    newest = datetime.date.fromordinal(max(one.rows.columns[record.stands_at]))
    oldest = datetime.date.fromordinal(min(one.rows.columns[record.stands_at]))
    first = min(quarter_of(newest).first, oldest)
    if one.covers is None:
        return replace(one, covers=(first, newest), covers_from="the quarter of its day")
    return replace(one, covers=(max(first, one.covers[0]), max(newest, one.covers[1])))


def last_day_covered(
    record: RecordType,
    lists: Sequence[ListCheck],
    given: GivenCovers,
    cover: CoverSheet | None,
    definitions: Definitions,
    today: datetime.date,
    header: Covers | None,
) -> datetime.date | None:
    """Return the last day that a file covers, as it is said or as its other `lists` show; not after today."""
    said = given.get(record.id) if isinstance(given, Mapping) else given
    told = [covers for covers in (said, cover.covers if cover else None, header) if covers]
    shown = with_covers(lists, given, cover, definitions, today, header) if not told else ()
    ends = [told[0][1]] if told else [one.covers[1] for one in shown if one.covers]
    return min(max(ends), today) if ends else None


def said_covers(one, given, cover, definitions, header):
    if replaces(one, definitions) in (None, "key"):
        return one
    said = given.get(one.record_type) if isinstance(given, Mapping) else given
    if said:
        return replace(one, covers=said, covers_from="as given")
    if cover is not None and cover.covers:
        return replace(one, covers=cover.covers, covers_from="from the cover sheet")
    if header is not None:
        return replace(one, covers=header, covers_from="from the header of the return")
    return one


def event_covers(one, definitions, today):
    """Propose the whole months from the oldest to the newest date, not beyond today.

    Where events are so dense that the silence before the first or after the last cannot be chance, the list was
    drawn up from or to a day within the month, and the proposal keeps to that day.
    """
    if one.covers or replaces(one, definitions) != "event" or not len(one.rows):
        return one
    days = one.rows.columns[definitions.record_types[one.record_type].dated_by]
    oldest, newest = min(days), max(days)
    first, last = whole_months(oldest, newest, today)
    if len(days) >= DENSE:
        silence = LONG_SILENCE * (newest - oldest + 1) / len(days) + WEEKEND
        first = first if oldest - first.toordinal() <= silence else datetime.date.fromordinal(oldest)
        last = last if last.toordinal() - newest <= silence else datetime.date.fromordinal(newest)
    return replace(one, covers=(first, last), covers_from="the months of its dates")


def sparse_covers(one: ListCheck, dense: Sequence[Covers], definitions: Definitions, today: datetime.date) -> ListCheck:
    """Propose for a short list its own months with the days of the longer lists of the file, which tell them better."""
    if one.covers or not dense:
        return event_covers(one, definitions, today)
    own = event_covers(one, definitions, today)
    if own.covers is None:
        return own
    covers = (min(first for first, _ in (own.covers, *dense)), max(last for _, last in (own.covers, *dense)))
    return replace(own, covers=covers, covers_from="the days of the other lists of the file")


def plan_covers(one, siblings, definitions, today):
    """Propose, for a list of what was open, the days of the other lists of the file, else those since the first end."""
    if one.covers or replaces(one, definitions) != "episode" or not len(one.rows):
        return one
    if siblings:
        covers = (min(first for first, _ in siblings), max(last for _, last in siblings))
        return replace(one, covers=covers, covers_from="the days of the other lists of the file")
    record = definitions.record_types[one.record_type]
    ends = [day for day in one.rows.columns[record.ended_by] if day is not None and day <= today.toordinal()]
    newest = max([*ends, *one.rows.columns[record.dated_by]])
    if ends:
        return replace(one, covers=whole_months(min(ends), newest, today), covers_from="since the first that ended")
    first = add_months(datetime.date.fromordinal(newest), 1 - WINDOW_MONTHS).toordinal()
    return replace(one, covers=whole_months(first, newest, today), covers_from="the six months to its newest date")


def family_covers(one: ListCheck, lists: Sequence[ListCheck]) -> ListCheck:
    """Give a list that stands in the same rows as another the days of that other."""
    if not one.follows or one.covers_from == "as given":
        return one
    parent = next(other for other in lists if other.sheet == one.sheet and other is not one and not other.follows)
    if parent.covers is None:
        return one
    return replace(one, covers=parent.covers, covers_from=f"the days of '{parent.title}'")


def whole_months(first: int, last: int, today: datetime.date) -> Covers:
    """Return the first day of the month of `first` and the last of that of `last`, but no day after today."""
    start, end = datetime.date.fromordinal(first), datetime.date.fromordinal(last)
    month_end = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    return start.replace(day=1), max(min(month_end, today), end)
