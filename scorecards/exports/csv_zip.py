"""A zip of csv files with their data dictionary and the snapshot itself: the same bytes at any time, on any machine."""

import csv
import io
import zipfile

from scorecards.exports.paper import ENGLAND, UNSUPPRESSED, Paper, read_paper
from scorecards.exports.tables import TABLES, Table, Value
from scorecards.snapshots import Snapshot, text_of

# Zip files know no time before 1980; a fixed one keeps the bytes the same.
THEN = (1980, 1, 1, 0, 0, 0)
# Excel reads a csv file as UTF-8 only when it begins with this mark.
ENCODING = "utf-8-sig"
# A spreadsheet takes a cell that begins so for a formula: OWASP, CSV injection; the wide forms are Excel's in Japan.
STARTS_A_FORMULA = tuple("=+-@＝＋－＠")
BLANKS = " \t\r\n\v\f\u00a0\u200b\ufeff"


def make_csv_zip(snapshot: Snapshot) -> bytes:
    """Return the zip of a snapshot's figures, judgements, exceptions, returns and definitions."""
    paper = read_paper(snapshot)
    files = {
        "README.txt": _readme(paper).encode(ENCODING),
        "data_dictionary.csv": _csv(_dictionary()),
        **{table.name: _csv(_table(paper, table)) for table in TABLES},
        "snapshot.json": text_of(snapshot).encode("utf-8"),
    }
    packed = io.BytesIO()
    # Not compressed: another zlib would give other bytes.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(_entry(name), content)
    return packed.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, THEN)
    entry.create_system = 3  # else Windows and Linux would write different bytes
    entry.external_attr = 0o644 << 16
    return entry


def _csv(rows: list[list[Value]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([[cell(value) for value in row] for row in rows])
    return written.getvalue().encode(ENCODING)


def cell(value: Value) -> str:
    """Return a value as csv has it: numbers by repr, unknown empty, text never a formula to a spreadsheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else repr(value)
    is_formula = value.lstrip(BLANKS).startswith(STARTS_A_FORMULA) or value.startswith(("\t", "\r", "\n"))
    return f"'{value}" if is_formula else value


def _table(paper: Paper, table: Table) -> list[list[Value]]:
    heading: list[Value] = [field.name for field in table.fields]
    return [heading, *([field.value(paper, row) for field in table.fields] for row in table.rows(paper))]


def _dictionary() -> list[list[Value]]:
    rows: list[list[Value]] = [["file", "column", "meaning", "values"]]
    for table in TABLES:
        rows.append([table.name, "", f"One row is {table.one_row_is}.", ""])
        rows += [[table.name, field.name, field.meaning, field.codes] for field in table.fields]
    return rows


def _readme(paper: Paper) -> str:
    us, info = paper.definitions.partnership, paper.info
    parts = [
        us.handling.upper(),
        "\n".join(dict.fromkeys((us.name, info.title, paper.period.long_label))),
        "These people do not exist: the data are fictional." if us.is_fictional else "",
        f"Frozen: {paper.frozen_words}\nData version: {info.data_version}\n"
        f"Definitions: {paper.content['definitions_version']}\nSHA-256 of snapshot.json: {info.sha256}",
        UNSUPPRESSED,
        "\n".join(f"{table.name}: one row is {table.one_row_is}." for table in TABLES),
        "data_dictionary.csv: what every column means.\n"
        "snapshot.json: everything that was frozen, in one file; its SHA-256 is the one above.",
        "An empty value is unknown, and never nought; the status says why it is empty. Values are not rounded. "
        "Days are written as 2025-09-30. The files are UTF-8 with a byte order mark, so that Excel shows them rightly.",
        "Text that a spreadsheet would take for a formula begins with an apostrophe ('); it is not part of the text.",
        paper.population_words,
        ENGLAND,
    ]
    return "\n\n".join(part for part in parts if part).replace("\n", "\r\n") + "\r\n"
