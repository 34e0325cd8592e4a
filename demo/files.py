"""Writes the partner files of the fictional area: who sent what, covering which days, in which of two loads."""

import contextlib
import datetime
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np

from demo.annex_a import annex_a
from demo.area import FOLLOWED_FROM, LAST_DAY, LISTS_FROM, OTHERS_FROM, day_number, quarters
from demo.dirt import with_slips
from demo.records import Records, make_records
from demo.returns import (
    TRUST,
    aggregate_return,
    by_locality,
    mash_contacts,
    missing_episodes,
    plan_reviews,
    return_interviews,
    strategy_discussions,
)
from demo.sheets import Sheet, write_csv, write_workbook
from scorecards.periods import all_periods, parse_period

# Accumulated extracts, a year each, up to here; then one extract a quarter.
HISTORY_UNTIL = datetime.date(2024, 9, 30)
# Conferences of October 2020 come with the section 47 enquiries before them.
ENQUIRIES_FROM = datetime.date(2020, 7, 1)
POLICE_HISTORY_UNTIL = datetime.date(2024, 6, 30)
# What was sent by July 2025 is the first load; the last quarter's files are the second.
FIRST_LOAD_UNTIL = datetime.date(2025, 6, 30)
HOSPITAL_NEVER_SENT = "Q3 2024/25"
# How many days after the last day covered an agency sends; returns are due after 8, those of terms after 30.
DAYS_AFTER = {
    "council": 6, "mash": 5, "police": 7, "hospital": 7, "education": 21, "business_unit": 8, "voluntary": 12,
}  # fmt: skip
LATE = {
    ("police", datetime.date(2024, 12, 31)): 20,
    ("business_unit", datetime.date(2025, 3, 31)): 20,
}

Progress = Callable[[float, str], None]


class PartnerFile(NamedTuple):
    """A written file: who sent it, in which load (1 or 2), the days it covers, both included, and when it came."""

    path: Path
    agency: str
    batch: int
    covers_from: datetime.date
    covers_to: datetime.date | None
    received: datetime.date


class _Planned(NamedTuple):
    """A file to be: `make` returns its sheets from the records and the first and last day number."""

    name: str
    agency: str
    first: datetime.date
    last: datetime.date
    make: Callable[[Records, int, int], list[Sheet]]


def write_partner_files(
    folder: Path, *, seed: int = 2025, scale: float = 1.0, workers: int = 0, progress: Progress | None = None
) -> list[PartnerFile]:
    """Write all partner files into `folder` and return them; `progress` hears (share done, file name).

    The same seed and scale give the same files. A scale of 0.02 makes a tiny area in about a second. `workers` other
    processes write side by side: for a whole area, where to start them costs less than they save.
    """
    folder.mkdir(parents=True, exist_ok=True)
    records, planned = make_records(seed, scale), _all_files()
    written = []
    with _writer(workers) as write:
        for done, file in enumerate(planned):
            if progress:
                progress(done / len(planned), file.name)
            written.append(_planned_file(folder, file))
            write(written[-1].path, _sheets(file, records))
    if progress:
        progress(1.0, "all files written")
    return written


@contextlib.contextmanager
def _writer(workers: int) -> Iterator[Callable[[Path, list[Sheet]], None]]:
    """Yield what writes a file: at once, or in one of `workers` processes; at the end all are written."""
    if not workers:
        yield _write
        return
    # A forked process would take the threads of numpy with it in whatever state they are.
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        writing: list[Future] = []

        def write(path: Path, sheets: list[Sheet]) -> None:
            if len(writing) > 2 * workers:
                writing[-2 * workers].result()  # sheets that wait to be written take memory
            writing.append(pool.submit(_write, path, sheets))

        yield write
        for one in writing:
            one.result()


def _planned_file(folder: Path, file: _Planned) -> PartnerFile:
    return PartnerFile(
        folder / file.name, file.agency, 2 if _is_new(file) else 1, file.first, file.last, _received(file)
    )


def _is_new(file: _Planned) -> bool:
    return file.last > FIRST_LOAD_UNTIL


def _sheets(file: _Planned, records: Records) -> list[Sheet]:
    sheets = file.make(records, day_number(file.first), day_number(file.last))
    return with_slips(sheets) if _is_new(file) and not file.name.endswith(".csv") else sheets


def _write(path: Path, sheets: list[Sheet]) -> None:
    if path.suffix == ".csv":
        write_csv(path, sheets[0])
    else:
        write_workbook(path, sheets)


def _received(file: _Planned) -> datetime.date:
    """Return the day a file came: a few days after what it covers, and now and then too late."""
    days = LATE.get((file.agency, file.last), DAYS_AFTER[file.agency])
    return file.last + datetime.timedelta(days=days)


def _all_files() -> list[_Planned]:
    return [*_council_history(), *_council_quarters(), *_mash(), *_police(), *_others(), *_voluntary()]


def _years(since: datetime.date = LISTS_FROM) -> list[tuple[datetime.date, datetime.date]]:
    """Return the first and last day of the years of history; the first begins with `since`."""
    ends = [datetime.date(year, 9, 30) for year in range(LISTS_FROM.year + 1, HISTORY_UNTIL.year + 1)]
    return [(datetime.date(end.year - 1, 10, 1) if number else since, end) for number, end in enumerate(ends)]


def _latest_quarters(since: datetime.date) -> list[tuple[str, datetime.date, datetime.date]]:
    """Return the name for files and the first and last day of each quarter after `since`."""
    found = quarters(since + datetime.timedelta(days=1))
    epoch = datetime.date(1970, 1, 1).toordinal()
    return [
        (
            quarter.label.replace("/", "-"),
            datetime.date.fromordinal(epoch + quarter.first),
            datetime.date.fromordinal(epoch + quarter.last),
        )
        for quarter in found
    ]


def _council_history() -> list[_Planned]:
    until, last = f"to {HISTORY_UNTIL:%B %Y}", HISTORY_UNTIL
    yearly = [
        _Planned(f"Annex A history {first:%b %Y} to {last:%b %Y}.xlsx", "council", first, last, _lists_3_to_8)
        for first, last in _years(ENQUIRIES_FROM)
    ]
    return [
        *yearly,
        _Planned(f"Strategy discussions {until}.xlsx", "council", LISTS_FROM, last, _only(strategy_discussions)),
        # Plans that were open in October 2020 had been reviewed before.
        _Planned(f"CP reviews {until}.xlsx", "council", FOLLOWED_FROM, last, _only(plan_reviews)),
        _Planned(f"Return interviews {until}.xlsx", "council", OTHERS_FROM, last, _only(return_interviews)),
    ]


def _council_quarters() -> list[_Planned]:
    found = []
    for label, first, last in _latest_quarters(HISTORY_UNTIL):
        # Annex A looks back six months.
        half_year = (first.replace(day=1) - datetime.timedelta(days=80)).replace(day=1)
        found += [
            _Planned(f"Annex A {last:%Y-%m-%d}.xlsx", "council", half_year, last, _all_lists),
            _Planned(f"CP and missing lists {label}.xlsx", "council", first, last, _lists_outside_annex_a),
        ]
    return found


def _lists_3_to_8(records, first, last):
    # A year's extract was kept up for another three months, so that its conferences and endings are in it.
    return annex_a(records, first, last, known=last + 90, with_contacts=False)


def _all_lists(records, first, last):
    return annex_a(records, first, last, known=last, with_contacts=True)


def _lists_outside_annex_a(records, first, last):
    return [make(records, first, last) for make in (strategy_discussions, plan_reviews, return_interviews)]


def _only(make):
    return lambda records, first, last: [make(records, first, last)]


def _mash() -> list[_Planned]:
    yearly = [
        _Planned(f"MASH contacts log {first.year}-{last:%y}.xlsx", "mash", first, last, _log(style))
        for style, (first, last) in enumerate(_years())
    ]
    quarterly = [
        _Planned(f"MASH contacts {label}.xlsx", "mash", first, last, _log(3))
        for label, first, last in _latest_quarters(HISTORY_UNTIL)
    ]
    return yearly + quarterly


def _log(style):
    return lambda records, first, last: mash_contacts(records, first, last, style)


def _police() -> list[_Planned]:
    """Return the police's files; those of the last quarter have not come."""
    before = POLICE_HISTORY_UNTIL
    missing = [
        _Planned(f"Missing episodes {label}.csv", "police", first, last, _only(missing_episodes))
        for label, first, last in _latest_quarters(POLICE_HISTORY_UNTIL)
        if last <= FIRST_LOAD_UNTIL
    ]
    return [
        _Planned("Missing episodes to June 2024.csv", "police", OTHERS_FROM, before, _only(missing_episodes)),
        *missing,
        *(file for file in _aggregates("police", "Police return") if file.last <= FIRST_LOAD_UNTIL),
    ]


def _others() -> list[_Planned]:
    hospital = _aggregates("hospital", "Self-harm attendances")
    return [
        *(file for file in hospital if HOSPITAL_NEVER_SENT.replace("/", "-") not in file.name),
        *_terms("education", "Exclusions"),
        *_aggregates("business_unit", "Training"),
    ]


def _voluntary() -> list[_Planned]:
    """Return the interviews that the voluntary sector held: two months of its first quarter, and nothing since."""
    first, last = datetime.date(2025, 4, 1), datetime.date(2025, 5, 31)
    return [_Planned("Interviews held April and May 2025.xlsx", "voluntary", first, last, _only(return_interviews))]


def _aggregates(agency: str, title: str) -> list[_Planned]:
    """Return one file of past quarters, and one for each quarter since."""
    until = f"{title} to {HISTORY_UNTIL:%B %Y}.xlsx"
    return [
        _Planned(until, agency, OTHERS_FROM, HISTORY_UNTIL, _figures(agency)),
        *(
            _Planned(f"{title} {label}.xlsx", agency, first, last, _figures(agency))
            for label, first, last in _latest_quarters(HISTORY_UNTIL)
        ),
    ]


def _terms(agency: str, title: str) -> list[_Planned]:
    terms = [one for one in all_periods(HISTORY_UNTIL, LAST_DAY) if one.kind == "term" and one.end > HISTORY_UNTIL]
    ended = [one for one in terms if one.last <= LAST_DAY]
    past = ended[0].first - datetime.timedelta(days=1)
    return [
        _Planned(f"{title} to {past:%B %Y}.xlsx", agency, OTHERS_FROM, past, _figures(agency)),
        *(
            _Planned(f"{title} {one.label.replace('/', '-')}.xlsx", agency, one.first, one.last, _figures(agency))
            for one in ended
        ),
    ]


def _figures(agency: str):
    """Return what makes an aggregate return of the figures whose periods end in the days of a file."""

    def make(records: Records, first: int, last: int) -> list[Sheet]:
        figures = records.counts[agency]
        ends = np.array([day_number(parse_period(period).last) for period in figures["period"]])
        sent = figures[(ends >= first) & (ends <= last)]
        if agency == "police" and last > day_number(HISTORY_UNTIL):
            sent = by_locality(sent).replace({float("nan"): None})
        return [aggregate_return(sent, TRUST if agency == "hospital" else None)]

    return make
