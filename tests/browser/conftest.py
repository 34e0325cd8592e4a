"""The product as a reader meets it: a running server, Debian's Chromium, and the accessibility rules."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, sync_playwright

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 30
SECONDS_TO_PREPARE = 300

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def clean_environment(**environment: str) -> dict[str, str]:
    """Return our environment without anybody's product settings, and with `environment`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("SCORECARDS_", "STREAMLIT_"))}
    return ours | environment


@contextmanager
def running(app: Path, log: Path, **environment: str) -> Iterator[str]:
    """Serve `app` as its users start it, on a free port; yield its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
    with log.open("w") as out:
        server = subprocess.Popen(
            command, cwd=ROOT, env=clean_environment(**environment), stdout=out, stderr=subprocess.STDOUT
        )
        try:
            wait_until_healthy(server, f"http://127.0.0.1:{port}/_stcore/health", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(server: subprocess.Popen, health: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(health, timeout=5) as answer:
                if answer.read() == b"ok":
                    return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    pytest.fail(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Start the product: `serve(home, SCORECARDS_DEMO="1")` returns its address. All are stopped at the end."""
    with ExitStack() as servers:

        def start(home: Path, app: Path = ROOT / "app.py", **environment: str) -> str:
            log = tmp_path_factory.mktemp("server") / "log.txt"
            return servers.enter_context(running(app, log, SCORECARDS_HOME=str(home), **environment))

        yield start


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder of this process's own with the fictional partnership in it, prepared once per run."""
    # Workers of one run have neighbouring folders: the first to ask prepares, the others wait and copy.
    own = tmp_path_factory.mktemp("demo")
    prepared = own if worker_id == "master" else tmp_path_factory.getbasetemp().parent / "demo"
    try:
        prepared.mkdir(exist_ok=prepared == own)
    except FileExistsError:
        wait_for(prepared / "ready")
    else:
        command = [sys.executable, "-m", "demo"]
        environment = clean_environment(SCORECARDS_HOME=str(prepared))
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        (prepared / "ready").touch()
    if prepared != own:
        shutil.copytree(prepared, own, dirs_exist_ok=True)
    return own


def wait_for(file: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_PREPARE
    while not file.exists():
        if time.monotonic() > deadline:
            pytest.fail("the demonstration store was not prepared by the other test process")
        time.sleep(0.2)


@pytest.fixture(scope="session")
def demo_url(serve: Callable[..., str], demo_home: Path) -> str:
    """The address of the product with the fictional partnership in it."""
    return serve(demo_home, SCORECARDS_DEMO="1")


@pytest.fixture(scope="session")
def empty_url(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the product on its first day, with nothing in its store."""
    return serve(tmp_path_factory.mktemp("empty"))


# Of a module, not of the session: while it runs, Playwright keeps an event loop that other tests may not meet.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium as the operating system installs it; Playwright downloads none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    # Without these it looks for its maker's hosts at every start.
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=quiet)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to a failure what stood on the page: a wait that ran out says nothing about why."""
    report = yield
    tab = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and tab is not None and not tab.is_closed():
        # A page that does not answer any more must not hide the failure itself.
        with suppress(Error):
            report.sections.append((f"Page {tab.url}", tab.locator("body").inner_text()))
    return report


@pytest.fixture
def page_problems() -> list[str]:
    """What went wrong unseen on `page`: console errors, exceptions, requests to other hosts."""
    return []


@pytest.fixture
def page(chromium: Browser, page_problems: list[str]) -> Iterator[Page]:
    """An empty tab of a reader of its own; whatever goes wrong unseen in it fails the test at its end."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/London", accept_downloads=True)
    context.set_default_timeout(20_000)
    tab = context.new_page()

    def note_request(request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            page_problems.append(f"asked another host: {request.url}")

    def note_error(message) -> None:
        # On a page's own address Streamlit looks for its server below that page first; it finds it at the second try.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            page_problems.append(message.text)

    tab.on("request", note_request)
    tab.on("console", note_error)
    tab.on("pageerror", lambda error: page_problems.append(str(error)))
    yield tab
    context.close()
    assert page_problems == []


@pytest.fixture
def visit(page: Page) -> Callable[[str], Page]:
    """Open an address in `page` and wait until Streamlit has drawn it."""

    def open_and_settle(address: str) -> Page:
        page.goto(address)
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_selector("[data-testid=stMain] h1")
        return page

    return open_and_settle


@pytest.fixture(scope="session")
def axe_violations() -> Callable[..., list[str]]:
    """Return each breach of WCAG 2.2 AA on a page, or in the part of it that the selector `include` names."""

    def violations(page: Page, include: str | None = None) -> list[str]:
        options = {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}, "resultTypes": ["violations"]}
        found = Axe().run(page, context=include, options=options).response["violations"]
        return [
            f"{rule['id']} ({rule['impact']}): {', '.join(map(str, node['target']))}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
