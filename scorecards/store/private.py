"""Files for their owner's eyes alone: wholly on the disk under their name, or not there."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def private_file(near: Path) -> Iterator[Path]:
    """Yield an empty file beside `near` that only its owner may read; it is gone afterwards unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=f".{near.name}.", suffix=".part", dir=near.parent)  # mode 0600
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for beside in ("", "-journal", "-wal", "-shm"):
            Path(f"{name}{beside}").unlink(missing_ok=True)


def settle(path: Path, final: Path) -> None:
    """Give a finished file its name, once the disk has all of it."""
    _settle_content(path)
    path.replace(final)
    _settle_names(final.parent)


def write_once(path: Path, content: bytes) -> bool:
    """Write a new file; return False, with nothing changed, where there is one already."""
    with private_file(path) as unfinished:
        unfinished.write_bytes(content)
        _settle_content(unfinished)
        try:
            # Unlike a renaming, a link takes nobody's place.
            os.link(unfinished, path)
        except FileExistsError:
            return False
        except OSError:
            return _write_without_links(path, content)
    _settle_names(path.parent)
    return True


def _write_without_links(path, content) -> bool:
    """Write a new file where the disk knows no links, as on some sticks: a machine that stops may leave a part."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        # Half a key would be taken for the key from then on.
        path.unlink()
        raise
    _settle_names(path.parent)
    return True


def _settle_content(path):
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _settle_names(folder):
    """Wait until the disk has the names of the folder's files; Windows keeps no such thing."""
    with contextlib.suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
