"""A file for its owner's eyes alone is wholly there under its name, or it is not there at all."""

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from scorecards.store.private import private_file, settle, write_once

WITH_MODES = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no modes")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "originals.key"


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(path):
    return sorted(one.name for one in path.parent.iterdir())


def no_links(monkeypatch):
    """Let the disk know no links, as a stick does."""

    def refused(*_paths):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)


@pytest.fixture(params=["a disk with links", "a disk without"])
def disk(request, monkeypatch):
    if request.param == "a disk without":
        no_links(monkeypatch)


@pytest.mark.usefixtures("disk")
def test_a_file_is_written_once_and_the_first_one_stays(path):
    assert write_once(path, b"the first key")
    assert not write_once(path, b"another key")
    assert path.read_bytes() == b"the first key"
    assert names(path) == ["originals.key"]


@WITH_MODES
@pytest.mark.usefixtures("disk")
def test_a_file_is_for_its_owner_alone_whatever_others_are_usually_given(path):
    usual = os.umask(0)
    try:
        write_once(path, b"a key")
    finally:
        os.umask(usual)
    assert mode(path) == 0o600


@pytest.mark.usefixtures("disk")
def test_a_file_never_goes_through_a_link(path, tmp_path):
    path.symlink_to(tmp_path / "elsewhere")
    assert not write_once(path, b"a key")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.usefixtures("disk")
def test_where_there_is_no_folder_nothing_is_left_behind(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_once(tmp_path / "nowhere" / "key", b"a key")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_without_links_is_left_no_half_of_a_key(path, monkeypatch):
    settling, settled = os.fsync, []

    def full_at_the_second(handle):
        settled.append(handle)
        if len(settled) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        settling(handle)

    no_links(monkeypatch)
    monkeypatch.setattr(os, "fsync", full_at_the_second)
    with pytest.raises(OSError, match="No space left"):
        write_once(path, b"a key")
    assert names(path) == []


@WITH_MODES
def test_an_unfinished_file_stands_beside_the_final_one_and_is_private(path):
    with private_file(path) as unfinished:
        assert unfinished.parent == path.parent
        assert unfinished.name.startswith(".originals.key.")
        assert (mode(unfinished), unfinished.read_bytes()) == (0o600, b"")
        unfinished.write_bytes(b"content")
        settle(unfinished, path)
        assert not unfinished.exists()
    assert (path.read_bytes(), names(path), mode(path)) == (b"content", ["originals.key"], 0o600)


def test_a_finished_file_takes_the_place_of_the_one_before(path):
    path.write_bytes(b"before")
    with private_file(path) as unfinished:
        unfinished.write_bytes(b"after")
        settle(unfinished, path)
    assert path.read_bytes() == b"after"


def half_written(path):
    """Write what stands beside a database, too, and stop in the middle."""
    with private_file(path) as unfinished:
        for beside in ("", "-journal", "-wal", "-shm"):
            unfinished.with_name(f"{unfinished.name}{beside}").write_bytes(b"half of it")
        raise KeyboardInterrupt


def test_what_was_not_finished_is_gone_with_all_that_a_database_puts_beside_it(path):
    path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        half_written(path)
    assert (names(path), path.read_bytes()) == (["originals.key"], b"before")


def test_a_folder_that_may_not_be_opened_to_be_waited_for_stops_nothing(path, monkeypatch):
    opening = os.open

    def refuse_folders(name, *rest, **named):
        if Path(name).is_dir():
            raise PermissionError(errno.EACCES, "Permission denied")  # as Windows does
        return opening(name, *rest, **named)

    monkeypatch.setattr(os, "open", refuse_folders)
    assert write_once(path, b"a key")
    assert path.read_bytes() == b"a key"
