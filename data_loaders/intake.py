"""Owns the check of files sent together: each read apart, then judged against each other and the store."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from data_loaders.files import Given, Taught, check_content, refused_file
from data_loaders.grid import FileContent
from data_loaders.judging import judged_together
from data_loaders.landing import known_files
from data_loaders.layouts import layouts_read
from data_loaders.parsing import Context
from data_loaders.places import Places
from data_loaders.preview import batches_of, plan_of, without_shared_rows
from data_loaders.reading import read_files
from data_loaders.results import Check, FileCheck
from data_loaders.senders import GivenCovers, known_agency
from scorecards.errors import LoadRefused
from scorecards.store import Store
from scorecards.store.engine import newest_version

Sent = tuple[str, bytes] | tuple[str, bytes, str | None]
READING_SHARE = 0.5  # of a check goes into reading

ALREADY_STORED = "This very file was stored before; nothing in it is new"
SENT_TWICE = "This very file is here twice"


def check_files(
    store: Store,
    files: Sequence[Sent],
    *,
    agency: str | None = None,
    covers: GivenCovers = None,
    drop_columns: Collection[tuple[str, str, str]] = (),
    accept_moved: Collection[str] = (),
    progress: Callable[[float, str], None] | None = None,
    times: int = 1,
) -> Check:
    """Return what was found in `files`, each (name, bytes) or (name, bytes, agency), and what landing them changes.

    Nothing is stored. `agency` and `covers` (first and last day, both included; for all lists, or by file name, or
    by record type) go before what the files say. `drop_columns` has (file, sheet, heading) of columns to leave out.
    `accept_moved` names the files whose tables somebody saw where they stand now, though they were taught elsewhere.
    `times` raises the limits of size, rows, memory and time for files that somebody at the server knows.
    """
    say = progress or (lambda _share, _what: None)
    say(0.0, "Reading files")
    read = read_files(
        [(data, name) for name, data, *_ in files],
        lambda done, of: say(READING_SHARE * done / of, f"{done} of {of} files read"),
        times,
    )
    context = Context(
        store.definitions, store.today, Places(store.definitions.partnership), store.pseudonymiser.pseudonym
    )
    layouts, checks = layouts_read(store.definitions), []
    for number, (sent, content) in enumerate(zip(files, read, strict=True)):
        say(READING_SHARE + (1 - READING_SHARE) * number / len(files), f"Checking {sent[0]}")
        taught = Taught(layouts.layouts, layouts.problems, sent[0] in accept_moved)
        checks.append(check_one(sent, content, context, agency, covers, drop_columns, taught))
    found = check_together(store, checks)
    say(1.0, "Checked")
    return found


def check_together(store: Store, checks: Sequence[FileCheck]) -> Check:
    """Return the checks of files that are sent together, judged against each other and against the store."""
    with store.read() as connection:
        checks = without_shared_rows(without_known(checks, known_files(connection, checks)))
        plans = [plan_of(store, connection, batch) for batch in batches_of(checks, store.definitions.record_types)]
        checks = judged_together(store, connection, checks, plans)
        version = newest_version(connection)
    return Check(tuple(checks), tuple(plan.change for plan in plans), version)


def check_one(
    sent: Sent,
    content: FileContent | LoadRefused,
    context: Context,
    agency: str | None,
    covers: GivenCovers,
    drop_columns,
    taught: Taught,
) -> FileCheck:
    """Return the check of one file, read or refused."""
    name = sent[0]
    if isinstance(content, LoadRefused):
        return refused_file(name, content)
    said = (sent[2] if len(sent) > 2 else None) or agency
    dropped = frozenset((sheet, heading) for file, sheet, heading in drop_columns if file == name)
    given = Given(known_agency(said, context.definitions) if said else None, covers_of(name, covers), dropped, taught)
    found = check_content(content, context, given)
    # What was left out, or should not have been sent, the store is not to have in an original either.
    is_kept = not dropped and not any(problem.code == "personal_data" for problem in found.problems)
    return replace(found, data=sent[1]) if is_kept else found


def covers_of(file: str, covers):
    """Return what `covers` says of one file: what stands under its name, else what holds for all."""
    return covers.get(file, covers) if isinstance(covers, Mapping) else covers


def without_known(checks: Sequence[FileCheck], known: set[str]) -> list[FileCheck]:
    """Return the checks with files that were stored before, or are here a second time, set to bring nothing new."""
    seen: set[str] = set()
    found = []
    for one in checks:
        is_again = bool(one.sha256) and one.sha256 in seen
        if one.sha256 in known or is_again:
            one = replace(one, verdict="nothing new", sentence=SENT_TWICE if is_again else ALREADY_STORED)
        seen.add(one.sha256)
        found.append(one)
    return found
