"""Owns the way from a partner's bytes to a grid of cells: the reader may die, the parent does not."""

import datetime
import hashlib
import itertools
import logging
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import numpy
import orjson

from data_loaders.containers import DAMAGED, given_name, look
from data_loaders.grid import BLANK, Cell, Column, FileContent, Sheet
from data_loaders.privacy import holds_person
from scorecards.errors import LoadRefused

log = logging.getLogger(__name__)

READER = Path(__file__).with_name("reader.py")
OTHER_READERS = {"xml": Path(__file__).with_name("census_reader.py")}
# On the clock; the child has 20 seconds of work, which take longer on a busy machine.
SECONDS = 40
# Two children of 1.5 GB at most; further files wait for their turn.
CHILDREN = 2
free_children = threading.BoundedSemaphore(CHILDREN)

# The child reads hostile bytes: it gets no keys, addresses or passwords that may stand in the environment.
KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TZ")

TOO_SLOW = (
    "took too much time or memory to read and was stopped. "
    "Open it in Excel, delete what is not needed, save it as .xlsx and send it again."
)

# ERROR_NOT_ENOUGH_QUOTA, with which Windows ends a process that has used up the time of its job.
OUT_OF_QUOTA = 1816
SHEET_NAME_LENGTH = 80  # Excel allows 31; a text file goes by its own name

# Signs that steer a terminal or end a text, which a workbook can hold as _x0000_; PostgreSQL takes no such text.
CONTROLS = dict.fromkeys((*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)))


def without_controls(text: str) -> str:
    return text if text.isprintable() else text.translate(CONTROLS)


VALUES = {
    "text": without_controls,
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
}


def read_file(data: bytes, name: str, times: int = 1) -> FileContent:
    """Return the cells of a partner's file; raise LoadRefused with a plain sentence if it gives none.

    `times` raises the limits of size, rows, memory and time, for a file that somebody at the server knows.
    """
    container = look(data, name, times)
    name = given_name(name)
    request = orjson.dumps({"kind": container.kind, "name": name, "times": times})
    command = [sys.executable, "-I", str(OTHER_READERS.get(container.kind, READER))]
    answer = unpacked(run_reader(command, request + b"\n" + data, name, SECONDS * times), name)
    return FileContent(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        kind=container.kind,
        size=len(data),
        encoding=answer.get("encoding"),
        sheets=answer["sheets"],
        remarks=(*container.remarks, *answer["remarks"], *about_the_epoch(answer["epoch_1904"])),
        epoch_1904=answer["epoch_1904"],
        covers=days_of(answer.get("covers")),
    )


def days_of(covers: list[str] | None) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day that the file itself says it covers."""
    if covers is None:
        return None
    first, last = map(datetime.date.fromisoformat, covers)
    return first, last


def read_files(
    items: Iterable[tuple[bytes, str]], progress: Callable[[int, int], None] | None = None, times: int = 1
) -> list[FileContent | LoadRefused]:
    """Return the content or refusal of each (bytes, name), in order; call progress(done, all) after each.

    `times` raises the limits of each.
    """
    items = list(items)
    with ThreadPoolExecutor(CHILDREN) as pool:
        waiting = [pool.submit(content_or_refusal, data, name, times) for data, name in items]
        for done, _ in enumerate(as_completed(waiting), 1):
            if progress:
                progress(done, len(items))
    return [future.result() for future in waiting]


def content_or_refusal(data, name, times):
    try:
        return read_file(data, name, times)
    except LoadRefused as refusal:
        return refusal


def about_the_epoch(epoch_1904):
    if not epoch_1904:
        return ()
    return ("The workbook counts its dates from 1904. Cells formatted as dates were read accordingly.",)


def run_reader(command: list[str], message: bytes, name: str, seconds: float = SECONDS) -> bytes:
    """Return what the child answers to `message`; raise LoadRefused if it dies or is not done in time."""
    with free_children, start(command, name) as child:
        try:
            answer, _ = child.communicate(message, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            raise LoadRefused("too_slow", f"{name} {TOO_SLOW}") from None
    if child.returncode:
        log.warning("A reader of a partner's file ended with %s.", child.returncode)
        raise refusal_of_a_dead_child(child.returncode, name)
    return answer


def start(command, name):
    """Return the started child; what it prints as an error is dropped, for it may hold cells of the file."""
    environment = {key: os.environ[key] for key in KEPT_ENVIRONMENT if key in os.environ}
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, env=environment)
    except OSError as trouble:
        advice = "could not be read just now: no reader could be started. Try again later."
        raise LoadRefused("not_now", f"{name} {advice}") from trouble


def refusal_of_a_dead_child(returncode, name):
    # Out of processor time ends in SIGXCPU or SIGKILL; a library out of memory or in a panic ends in SIGABRT.
    if returncode == OUT_OF_QUOTA or -returncode in (
        getattr(signal, "SIGXCPU", None),
        getattr(signal, "SIGKILL", None),
    ):
        return LoadRefused("too_slow", f"{name} {TOO_SLOW}")
    return LoadRefused("damaged", f"{name} {DAMAGED}")


def unpacked(answer, name):
    """Return the answer of the child with its sheets as Sheet values, or raise the refusal in it."""
    try:
        length = struct.unpack_from("<Q", answer)[0]
        content = orjson.loads(answer[8 : 8 + length])
        if "sheets" in content:
            content["sheets"] = sheets_of(content["sheets"], numpy.frombuffer(answer, "u1", offset=8 + length))
    except (struct.error, ValueError, KeyError, TypeError, IndexError) as trouble:
        raise LoadRefused("damaged", f"{name} {DAMAGED}") from trouble
    if "refused" in content:
        code, sentence = content["refused"]
        raise LoadRefused(code, f"{name} {sentence}")
    if "failed" in content:
        log.warning("A reader of a partner's file failed: %s.", content["failed"])
        raise LoadRefused("damaged", f"{name} {DAMAGED}")
    return content


def sheets_of(sheets, raw):
    """Return the sheets, taking the codes of each column in turn from the raw bytes behind the head."""
    found, at = [], 0
    names: set[str] = set()
    for sheet in sheets:
        n_rows = sheet.pop("n_rows")
        columns = []
        for kinds in sheet.pop("columns"):
            codes = raw[at : at + 4 * n_rows].view("u4")
            uniques = unique_cells(kinds)
            if len(codes) < n_rows or codes.max(initial=0) >= len(uniques):
                raise ValueError("A code stands for no cell.")
            columns.append(Column(uniques, codes))
            at += 4 * n_rows
        columns, n_rows = without_blank_edge(columns, n_rows)
        name = unlike(sheet_name(sheet.pop("name"), len(found) + 1), names)
        names.add(name)
        found.append(Sheet(name=name, columns=columns, n_rows=n_rows, **sheet))
    if at != len(raw):
        raise ValueError("The codes do not fill the columns.")
    return tuple(found)


def sheet_name(written: str, number: int = 1) -> str:
    """Return the name of a sheet for use in sentences: without signs that nobody sees, and not if it is a person's."""
    name = "".join(sign for sign in " ".join(written.split()) if sign.isprintable())[:SHEET_NAME_LENGTH]
    return f"Sheet {number}" if not name or holds_person(name) else name


def unlike(name: str, names: set[str]) -> str:
    """Return the name of a sheet with a number where another has the same, as no workbook made by Excel does."""
    others = (f"{name} ({number})" for number in itertools.count(2))
    return name if name not in names else next(other for other in others if other not in names)


def unique_cells(kinds):
    cells = [BLANK]
    for kind, values in kinds.items():
        values = map(VALUES[kind], values) if kind in VALUES else values
        cells.extend([Cell(kind, value) for value in values])
    return tuple(cells)


def without_blank_edge(columns, n_rows):
    """Return the columns without blank rows at the end and blank columns at the right, and the rows left."""
    last = [int(filled[-1]) + 1 if len(filled := numpy.flatnonzero(column.codes)) else 0 for column in columns]
    while last and not last[-1]:
        last.pop()
    n_rows = max(last, default=0)
    return tuple(Column(column.uniques, column.codes[:n_rows]) for column in columns[: len(last)]), n_rows
