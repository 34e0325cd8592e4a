"""Makes the bytes of small good and awkward files, so that a test shows what is in them."""

import io
import zipfile

import openpyxl

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "{before}<sheetData>{rows}</sheetData></worksheet>"
)
MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
CONTENT = (
    "<office:document-content"
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' office:version="1.2"><office:body><office:spreadsheet>'
    '<table:table table:name="List">{rows}</table:table>'
    "</office:spreadsheet></office:body></office:document-content>"
)


def workbook(*rows: tuple, **cells: object) -> bytes:
    """Return a workbook with one sheet of these rows, and of cells given as A1='text'."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for address, value in cells.items():
        book.active[address] = value
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """Return an openpyxl workbook as the bytes of a file."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def members_of(data: bytes) -> dict[str, bytes]:
    """Return the members of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_members(data: bytes, **members: bytes | str) -> bytes:
    """Return the archive with members replaced or added, given as {'xl/workbook.xml': ...}."""
    return zipped(members_of(data) | members)


def with_sheet(rows: str, before: str = "") -> bytes:
    """Return a workbook whose only sheet, called Sheet, has this XML for its rows."""
    xml = SHEET.format(rows=rows, before=before)
    return with_members(workbook(), **{"xl/worksheets/sheet1.xml": xml})


def open_document(rows: str) -> bytes:
    """Return an OpenDocument spreadsheet whose only sheet, called List, has this XML for its rows."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": MANIFEST,
            "content.xml": CONTENT.format(rows=rows),
        }
    )
