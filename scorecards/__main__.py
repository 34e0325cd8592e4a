"""What one types: `python -m scorecards <command>`."""

import argparse
import getpass
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from scorecards.catalogue import catalogue as kpi_catalogue
from scorecards.definitions import read_definitions
from scorecards.definitions.published_reading import read_published_tables
from scorecards.errors import ScorecardError
from scorecards.series import bring_up_to_date
from scorecards.series.proof import figures_that_differ
from scorecards.store import backup as backups
from scorecards.store import open_store
from scorecards.store.checks import SHOWN, Finding
from scorecards.store.originals import purge_originals

PROJECT = Path(__file__).resolve().parents[1]
Given = argparse.Namespace


def check(_given: Given) -> int:
    """Read every definition and say what is wrong with any of them"""
    definitions = read_definitions()
    read_published_tables()
    kpis, records = len(definitions.kpis), len(definitions.record_types)
    print(f"All definitions are right: {kpis} KPIs, {records} record types.")
    return 0


def catalogue(_given: Given) -> int:
    """Write the KPI catalogue of the documentation from the definitions"""
    page = PROJECT / "docs" / "kpi_catalogue.md"
    page.write_text(kpi_catalogue(read_definitions()), encoding="utf-8")
    print(f"Written: {page.relative_to(PROJECT)}")
    return 0


def start(_given: Given) -> int:
    """Open the product with your own store, empty the first time"""
    store = open_store()
    bring_up_to_date(store)
    store.close()
    with suppress(KeyboardInterrupt):
        subprocess.call([sys.executable, "-m", "streamlit", "run", "app.py"], cwd=PROJECT)
    return 0


def backup(given: Given) -> int:
    """Write a copy of the store into a new file, while others work; it holds no key"""
    manifest, findings = backups.back_up(given.file)
    print(f"Backed up: {manifest.rows:,} rows, data version {manifest.data_version}, into {given.file}.")
    print("Keep the key file apart from it: without the key no child is recognised, and a backup holds none.")
    return told([one for one in findings if not one.is_right])


def restore(given: Given) -> int:
    """Put a backup in the place of the store, once it is proved right; what it replaces is kept"""
    restored = backups.restore(given.file, by=given.by or getpass.getuser(), replace=given.replace)
    manifest = restored.manifest
    print(f"Restored: {manifest.rows:,} rows, data version {manifest.data_version}, as of {manifest.made_at}.")
    if restored.kept:
        print(f"What was there before is kept: {restored.kept}")
    print("Start the product again, so that nobody sees figures of before.")
    return 0


def verify(given: Given) -> int:
    """Say whether the store is whole: file, references, versions, submissions, audit log, snapshots, figures"""
    counts, findings = backups.check()
    if given.figures:
        findings = [*findings, figures_are_right()]
    for name, count in counts.items():
        print(f"  {name}: {count:,} rows")
    return told(findings)


def figures_are_right() -> Finding:
    """Return whether every figure is what the rows give today."""
    store = open_store()
    try:
        differing = figures_that_differ(store)
    finally:
        store.close()
    if not differing:
        return Finding(True, "Every figure is what the rows give.")
    more = f" and {len(differing) - SHOWN:,} more" if len(differing) > SHOWN else ""
    return Finding(False, f"Figures are not what the rows give: {', '.join(differing[:SHOWN])}{more}.")


def purge(given: Given) -> int:
    """Delete the originals of partners' files that are past their time, and say which they were"""
    store = open_store()
    try:
        gone = purge_originals(store, given.by or getpass.getuser())
    finally:
        store.close()
    for one in gone:
        print(f"Purged: the original of {one.name}, which was kept until {one.keep_until:%d/%m/%Y}.")
    print(f"{len(gone):,} originals purged." if len(gone) != 1 else "1 original purged.")
    return 0


def told(findings: Sequence[Finding]) -> int:
    """Print what checks found, and return 1 when anything is wrong."""
    for one in findings:
        print(f"{'Right' if one.is_right else 'WRONG'}: {one.sentence}")
    return 0 if all(one.is_right for one in findings) else 1


# A new command is a function here; its docstring is its help.
COMMANDS: dict[str, Callable[[Given], int]] = {
    "check": check,
    "catalogue": catalogue,
    "start": start,
    "backup": backup,
    "restore": restore,
    "verify": verify,
    "purge": purge,
}
# What stands after a command: names as argparse takes them.
ARGUMENTS: Mapping[str, Sequence[tuple[str, dict]]] = {
    "backup": (("file", {"type": Path, "help": "the file to write; it must not be there yet"}),),
    "restore": (
        ("file", {"type": Path, "help": "a file that backup wrote"}),
        ("--replace", {"action": "store_true", "help": "also where there are figures already; they are kept aside"}),
        ("--by", {"help": "who restores it, for the audit log"}),
    ),
    "purge": (("--by", {"help": "who purges, for the audit log"}),),
    "verify": (("--figures", {"action": "store_true", "help": "also work every figure out anew and compare"}),),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command of `arguments` (else the command line); return 0, or 1 when it cannot or not all is right."""
    parser = argparse.ArgumentParser(prog="python -m scorecards")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, run in COMMANDS.items():
        command = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        for argument, options in ARGUMENTS.get(name, ()):
            command.add_argument(argument, **options)
    given = parser.parse_args(arguments)
    try:
        return COMMANDS[given.command](given)
    except ScorecardError as error:
        print(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
