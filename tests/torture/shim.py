"""Writing that fails on demand: `faults.c` built, preloaded into a process, and steered from inside it."""

import ctypes
import os
import shutil
import subprocess
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")


class Fault(IntEnum):
    """What goes wrong, as `faults.c` numbers it."""

    COUNT = 0  # nothing; what is asked of the disk is only counted
    FULL = 1  # the disk is full from then on
    FAULT = 2  # one write fails
    SHORT = 3  # one write is cut in half, and the disk is full from then on
    SYNC_FAULT = 4  # the disk does not confirm once
    UNLINK_FAULT = 5  # a file's name cannot be changed or removed once
    KILL = 6  # the process is killed
    CUT_ALL = 7  # the power fails, and whatever was not confirmed is lost
    CUT_SOME = 8  # the power fails, and some of what was not confirmed is lost


DEADLY = (Fault.KILL, Fault.CUT_ALL, Fault.CUT_SOME)


def why_not() -> str:
    """Return why faults cannot be made here, or nothing when they can."""
    if os.name != "posix" or not Path("/proc/self/fd").is_dir():
        return "writing is made to fail by LD_PRELOAD, which this system does not have"
    return "" if shutil.which("gcc") else "gcc is not installed, and builds what makes writing fail"


def build(folder: Path) -> Path:
    """Build `faults.c` into `folder` and return the library."""
    made = folder / "faults.so"
    command = ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(made), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return made


def environment(library: Path) -> dict[str, str]:
    """Return the environment of a process into which faults are preloaded."""
    return os.environ | {"LD_PRELOAD": str(library)}


class Faults:
    """The faults of this process; it must have been started with them preloaded."""

    def __init__(self):
        self._library = ctypes.CDLL(None)
        self._library.faults_seen.restype = ctypes.c_long

    def arm(self, folder: Path, fault: Fault, nth: int, seed: int = 0) -> None:
        at = ctypes.c_long(nth)
        self._library.faults_arm(str(folder.resolve()).encode(), int(fault), at, ctypes.c_uint(seed))

    def disarm(self) -> None:
        self._library.faults_disarm()

    def cut(self) -> None:
        """Cut the power now; this does not return."""
        self._library.faults_cut()

    @property
    def seen(self) -> int:
        return self._library.faults_seen()

    @property
    def fired(self) -> bool:
        return bool(self._library.faults_fired())
