"""Processes of a test that are made to die: forked, and heard through a pipe until they end."""

import contextlib
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

Tell = Callable[..., None]
LONGEST = 120  # seconds that a child may be silent


@dataclass
class Child:
    """A running child: its number, what it said so far, and how it ended."""

    pid: int
    pipe: int
    said: list[dict] = field(default_factory=list)
    status: int | None = None
    _rest: bytes = b""

    def listen(self, seconds: float) -> bool:
        """Take in what the child says within so many seconds; return whether its pipe is still open."""
        if not select.select([self.pipe], [], [], max(seconds, 0))[0]:
            return True
        heard = os.read(self.pipe, 65_536)
        *lines, self._rest = (self._rest + heard).split(b"\n")
        self.said += [json.loads(line) for line in lines]
        return bool(heard)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> list[dict]:
        """Hear the child out, and return all that it said."""
        silent_since = time.monotonic()
        while self.status is None:
            before = len(self.said)
            is_open = self.listen(0.2)
            if len(self.said) > before:
                silent_since = time.monotonic()
            if time.monotonic() - silent_since > LONGEST:
                self.kill()
                raise TimeoutError(f"a child said nothing for {LONGEST} seconds after {self.said[-1:]}")
            if not is_open:
                self.status = os.waitpid(self.pid, 0)[1]
        os.close(self.pipe)
        return self.said

    @property
    def was_killed(self) -> bool:
        return self.status is not None and os.WIFSIGNALED(self.status)


def spawn(work: Callable[[Tell], None], close: tuple[int, ...] = ()) -> Child:
    """Run `work` in a child; what it tells is heard, line by line, however it ends.

    Nobody may have a database open here: a connection does not survive being in two processes.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    hearing, telling = os.pipe()
    pid = os.fork()
    if pid:
        os.close(telling)
        return Child(pid, hearing)
    status = 1
    try:
        for pipe in (hearing, *close):
            os.close(pipe)

        def tell(**said) -> None:
            os.write(telling, json.dumps(said).encode() + b"\n")

        try:
            work(tell)
            status = 0
        except BaseException:
            tell(traceback=traceback.format_exc())
    finally:
        os._exit(status)
