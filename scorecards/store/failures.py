"""What a database says when it fails, as a sentence that a reader can act on: never its own words about our rows."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from scorecards.errors import StoreError


@dataclass(frozen=True)
class Failure:
    """A way in which a database fails: what is wrong, and what to do about it."""

    what: str
    advice: str


DISK_FULL = Failure("The disk is full", "Make room on the disk that the store is on, then try again.")
DISK_FAULT = Failure(
    "The disk reported a fault",
    "Ask whoever looks after the machine to look at the disk, and run `python -m scorecards verify`.",
)
BUSY = Failure("Somebody else is storing something just now", "Try again in a minute.")
NOT_WRITABLE = Failure(
    "The store may not be written", "Ask whoever looks after the machine for the right to write in its folder."
)
DAMAGED = Failure(
    "Its file is damaged, or is not a database",
    "Stop storing, and ask whoever looks after the product to restore the newest backup.",
)
NOT_FOUND = Failure("Its file cannot be opened", "Look whether its folder is there, and whose it is.")
UNREACHABLE = Failure("The database server does not answer", "Try again in a minute.")
TOO_MANY = Failure("The database server has no connection free", "Try again in a minute.")

# The beginnings of SQLite's names of errors, and of SQLSTATE codes of PostgreSQL.
_BY_CODE = (
    ("SQLITE_FULL", DISK_FULL),
    ("SQLITE_IOERR", DISK_FAULT),
    ("SQLITE_BUSY", BUSY),
    ("SQLITE_READONLY", NOT_WRITABLE),
    ("SQLITE_CANTOPEN", NOT_FOUND),
    ("SQLITE_CORRUPT", DAMAGED),
    ("SQLITE_NOTADB", DAMAGED),
    ("53100", DISK_FULL),
    ("53300", TOO_MANY),
    ("55P03", BUSY),
    ("58030", DISK_FAULT),
    ("08", UNREACHABLE),
    ("57P", UNREACHABLE),
)
# Of files beside the database, such as keys.
_BY_ERRNO = {
    errno.ENOSPC: DISK_FULL,
    errno.EFBIG: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EIO: DISK_FAULT,
    errno.EACCES: NOT_WRITABLE,
    errno.EPERM: NOT_WRITABLE,
    errno.EROFS: NOT_WRITABLE,
}
# After one of these a commit may have been kept all the same: it was the answer that did not come.
_MAY_BE_KEPT = (DISK_FAULT, UNREACHABLE)
_UNCERTAIN = (
    "It is not certain whether this was stored. Look before you do it again; a file that was stored is recognised "
    "when it is loaded again."
)


def failure_of(error: Exception) -> Failure | None:
    """Return which failure of the database this is; None when it is about what was asked of it."""
    if isinstance(error, OSError):
        return _BY_ERRNO.get(error.errno or 0)
    own = getattr(error, "orig", None) or error
    code = getattr(own, "sqlite_errorname", None) or getattr(own, "sqlstate", None) or ""
    for beginning, failure in _BY_CODE:
        if code.startswith(beginning):
            return failure
    # A server that went away leaves no code; the driver's own error comes from where rows are copied in.
    is_gone = getattr(error, "connection_invalidated", False) or (
        not code and _is_operational(error) and not isinstance(error, DBAPIError | sqlite3.Error)
    )
    return UNREACHABLE if is_gone else None


def _is_operational(error) -> bool:
    """Return whether an error is about the database, and not about a row: drivers agree on the class's name."""
    return any(kind.__name__ == "OperationalError" for kind in type(error).__mro__)


def not_written(error: Exception, is_committing: bool) -> StoreError:
    """Return what to tell whoever wanted to write, without the values that the database names."""
    failure = failure_of(error)
    if failure is None:
        return StoreError(f"{_own_words(error, 'written')}. Nothing was stored.")
    if is_committing and failure in _MAY_BE_KEPT:
        return StoreError(f"{failure.what}. {_UNCERTAIN} {failure.advice}")
    return StoreError(f"{failure.what}. Nothing was stored. {failure.advice}")


def not_opened(error: Exception) -> StoreError:
    """Return what to tell whoever wanted to open the store."""
    failure = failure_of(error)
    if failure is None:
        return StoreError(f"{_own_words(error, 'opened')}. Nothing was changed.")
    return StoreError(f"The store cannot be opened: {_inside(failure)}. Nothing was changed. {failure.advice}")


def not_copied(error: Exception, what: str) -> StoreError:
    """Return what to tell whoever wanted a backup, or wanted one back."""
    failure = failure_of(error)
    if failure is None:
        return StoreError(f"{what}: {first_line(error)}. Nothing was changed.")
    return StoreError(f"{what}: {_inside(failure)}. {failure.advice}")


def _own_words(error, verb) -> str:
    if isinstance(error, OSError) or _is_operational(error):
        return f"The database cannot be {verb} just now: {first_line(error)}"
    # The error's own words hold what was to be stored, and would stand in a log.
    kind = type(getattr(error, "orig", error)).__name__
    return f"The database did not take what was to be {verb} ({kind})"


def _inside(failure) -> str:
    return failure.what[0].lower() + failure.what[1:]


def first_line(error: Exception) -> str:
    """Return what the database's own driver, or the system, says, without what follows it."""
    if isinstance(error, OSError):
        return (error.strerror or "the disk failed").lower()
    return str(getattr(error, "orig", error)).strip().partition("\n")[0]


@contextmanager
def told_when_read() -> Iterator[None]:
    """Turn what keeps the database from being read into a sentence; a mistake in a statement stays what it is."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        failure = failure_of(error)
        if failure is None or failure is NOT_WRITABLE:
            raise
        raise StoreError(f"The store cannot be read: {_inside(failure)}. {failure.advice}") from error
