"""What one types: `python -m scorecards <command>`."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from scorecards.catalogue import catalogue as kpi_catalogue
from scorecards.definitions import read_definitions
from scorecards.errors import ScorecardError
from scorecards.series import bring_up_to_date
from scorecards.store import open_store

PROJECT = Path(__file__).resolve().parents[1]


def check() -> None:
    """Read every definition and say what is wrong with any of them"""
    definitions = read_definitions()
    kpis, records = len(definitions.kpis), len(definitions.record_types)
    print(f"All definitions are right: {kpis} KPIs, {records} record types.")


def catalogue() -> None:
    """Write the KPI catalogue of the documentation from the definitions"""
    page = PROJECT / "docs" / "kpi_catalogue.md"
    page.write_text(kpi_catalogue(read_definitions()), encoding="utf-8")
    print(f"Written: {page.relative_to(PROJECT)}")


def start() -> None:
    """Open the product with your own store, empty the first time"""
    store = open_store()
    bring_up_to_date(store)
    store.close()
    with suppress(KeyboardInterrupt):
        subprocess.call([sys.executable, "-m", "streamlit", "run", "app.py"], cwd=PROJECT)


# A new command is a function here; its docstring is its help.
COMMANDS: dict[str, Callable[[], None]] = {"check": check, "catalogue": catalogue, "start": start}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that `arguments` (else the command line) name, and return 0, or 1 when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m scorecards")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, run in COMMANDS.items():
        commands.add_parser(name, help=run.__doc__, description=run.__doc__)
    command = parser.parse_args(arguments).command
    try:
        COMMANDS[command]()
    except ScorecardError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
