"""Opening the scorecard page as 50 viewers at once over real WebSockets, beside a page with a single line of text."""

import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PROJECT = Path(__file__).resolve().parents[1]
VIEWERS = 50
TICKS = os.sysconf("SC_CLK_TCK")
ONE_LINE = "import streamlit as st\nst.write('One line of text.')\n"


def main() -> None:
    """Print p50, p95, CPU per first view and memory of both pages, and the second render in AppTest."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = demo_environment(home)
        (home / "line").mkdir()
        (home / "line" / "app.py").write_text(ONE_LINE)
        shutil.copytree(PROJECT / ".streamlit", home / "line" / ".streamlit")
        scorecard = measure(PROJECT, environment, "scorecards", "theme=child_protection")
        line = measure(home / "line", environment, "", "")
        second = second_render(environment)
    print(f"{VIEWERS} viewers at once      scorecard   one line   ratio")
    for name, unit in (("p50", "s"), ("p95", "s"), ("cpu", "ms a first view"), ("memory", "MB more")):
        ratio = scorecard[name] / line[name] if line[name] else float("nan")
        print(f"{name + ' (' + unit + ')':24} {scorecard[name]:9.2f} {line[name]:10.2f} {ratio:7.1f}")
    print(f"second render of the scorecard page in AppTest: {second:.0f} ms")


def demo_environment(home: Path) -> dict[str, str]:
    """Return the environment of a demo made in `home`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCORECARDS_")}
    environment |= {"SCORECARDS_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    subprocess.run([sys.executable, "-m", "demo"], cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL)
    from demo.area import DEMO_TODAY

    return environment | {
        "SCORECARDS_DEMO": "1",
        "SCORECARDS_PARTNERSHIP": str(PROJECT / "demo" / "partnership.yaml"),
        "SCORECARDS_TODAY": DEMO_TODAY.isoformat(),
    }


def measure(folder: Path, environment: dict[str, str], page: str, query: str) -> dict[str, float]:
    """Return what 50 first views of a page cost on a server of their own."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        asyncio.run(views(port, page, query, 1))  # the first view of all opens the store and imports everything
        cpu, memory = cpu_seconds(server.pid), resident_megabytes(server.pid)
        times = sorted(asyncio.run(views(port, page, query, VIEWERS)))
        return {
            "p50": statistics.median(times),
            "p95": times[int(len(times) * 0.95)],
            "cpu": 1000 * (cpu_seconds(server.pid) - cpu) / VIEWERS,
            "memory": resident_megabytes(server.pid) - memory,
        }
    finally:
        server.terminate()
        server.wait()


async def views(port: int, page: str, query: str, viewers: int) -> list[float]:
    return await asyncio.gather(*(view(port, page, query) for _ in range(viewers)))


async def view(port: int, page: str, query: str) -> float:
    """Open one session and return the seconds until its script has finished."""
    started = time.perf_counter()
    async with websockets.connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, open_timeout=60) as socket_:
        ask = BackMsg()
        ask.rerun_script.query_string = query
        ask.rerun_script.page_name = page
        await socket_.send(ask.SerializeToString())
        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(socket_.recv(), 120))
            if message.WhichOneof("type") == "script_finished":
                return time.perf_counter() - started


def second_render(environment: dict[str, str]) -> float:
    """Return the milliseconds of the second render of the scorecard page in AppTest."""
    script = (
        "import time\nfrom streamlit.testing.v1 import AppTest\n"
        "test = AppTest.from_file('app.py', default_timeout=60).run()\n"
        "test.switch_page('pages/scorecards.py').run()\n"
        "times = []\n"
        "for _ in range(5):\n    start = time.perf_counter(); test.run(); times.append(time.perf_counter() - start)\n"
        "print(1000 * sorted(times)[2])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
    )
    return float(done.stdout.split()[-1])


def free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return chosen.getsockname()[1]


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("The server did not start within 30 seconds.")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main()
