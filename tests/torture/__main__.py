"""The long run, which `make torture` starts: 200 kills and every write of every scenario; half an hour or more."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.torture import shim
from tests.torture.scenarios import SCENARIOS

KILLS = "200"


def main() -> int:
    """Run everything and print each report; return 1 where anything was lost, half written or not told."""
    with tempfile.TemporaryDirectory(prefix="scorecards-") as place:
        folder = Path(place)
        (folder / "home").mkdir()
        url = f"sqlite:///{folder / 'crash.db'}"
        failed = [ran("crash", "--url", url, "--home", str(folder / "home"), "--kills", KILLS)]
        if why := shim.why_not():
            print(f"Writing was not made to fail: {why}")
        else:
            environment = shim.environment(shim.build(folder))
            failed += [ran("sweep", name, environment=environment) for name in SCENARIOS]
    return int(any(failed))


def ran(module: str, *arguments: str, environment=None) -> bool:
    """Run one torture, which prints its report, and return whether it found anything wrong."""
    print(f"== {module} {' '.join(arguments[:1] if module == 'sweep' else ())}", flush=True)
    command = [sys.executable, "-m", f"tests.torture.{module}", *arguments]
    return subprocess.run(command, env=environment or os.environ, check=False).returncode != 0


if __name__ == "__main__":
    sys.exit(main())
