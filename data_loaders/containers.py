"""Owns the first look at a file: what its bytes are, before any cell is read."""

import io
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from scorecards.errors import LoadRefused

# Measured over 3,605 public spreadsheets: the largest legitimate one unpacked to 114 MB, had 340 members
# and was packed 100:1. The limits leave room above that and stop what only a trap needs.
FILE_LIMIT = 25 * 1024**2
UNPACKED_LIMIT = 150 * 1024**2
MEMBERS_LIMIT = 1_000
RATIO_LIMIT = 200
RATIO_FROM = 1024**2
# A document type, where entities are declared, stands before the first element.
HEAD = 64 * 1024

SEND = "Send an Excel workbook (.xlsx), an OpenDocument spreadsheet (.ods) or a CSV file."
DAMAGED = (
    "could not be read: the file is damaged or made in an unusual way. "
    "Open it in Excel, save it as .xlsx and send it again."
)
PROTECTED = "is protected with a password. Ask the sender for a copy without one."
SAVE_AS = "Open it in Excel, save it as .xlsx and send it again."

ENDINGS = {
    "xlsx": (".xlsx", ".xlsm", ".xltx", ".xltm"),
    "xls": (".xls", ".xlt"),
    "ods": (".ods", ".ots"),
    "csv": (".csv", ".txt", ".tsv", ".tab"),
    "xml": (".xml",),
}
KIND_WORDS = {
    "xlsx": "an xlsx workbook",
    "xls": "an old Excel workbook (xls)",
    "ods": "an OpenDocument spreadsheet",
    "csv": "text",
    "xml": "a return in XML",
}

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")

# How a file begins, and what it then is.
OTHER_BEGINNINGS = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"II*\x00", "a picture"),
    (b"MM\x00*", "a picture"),
    (b"RIFF", "a picture or a recording"),
    (b"{\\rtf", "a word-processing document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
)
# Excel 2 to 4 wrote bare records; no library reads them.
BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")

# What a zip archive is, told by a member whose name begins so; the first that fits is taken.
OTHER_ARCHIVES = (
    ("xl/workbook.bin", "a binary workbook (.xlsb), which is not accepted", SAVE_AS),
    ("word/", "a Word document", SEND),
    ("ppt/", "a PowerPoint presentation", SEND),
    ("visio/", "a Visio drawing", SEND),
    ("index/", "an Apple Numbers, Pages or Keynote document", "Export it to Excel and send the .xlsx."),
    ("index.zip", "an Apple Numbers, Pages or Keynote document", "Export it to Excel and send the .xlsx."),
    ("meta-inf/container.xml", "an electronic book", SEND),
)

# The names of streams in an OLE file, and what the file then is.
OTHER_STREAMS = (
    ("WordDocument", "a Word document"),
    ("PowerPoint Document", "a PowerPoint presentation"),
    ("__properties_version1.0", "an Outlook message"),
    ("VisioDocument", "a Visio drawing"),
)


@dataclass(frozen=True)
class Container:
    """What a file is: `kind` is xlsx, xls, ods, csv or xml; `remarks` are plain sentences about it."""

    kind: str
    remarks: tuple[str, ...] = ()


def given_name(name: str) -> str:
    """Return the bare name of a file, without folders or control characters, for use in sentences."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    return "".join(letter for letter in bare if letter.isprintable())[:120] or "The file"


def look(data: bytes, name: str, times: int = 1) -> Container:
    """Return what the bytes are, going by content and not by name; raise LoadRefused for anything else.

    `times` raises how large a file may be; what an archive may unpack to stays as it is.
    """
    name = given_name(name)
    if not data.strip(b"\0 \t\r\n"):
        raise LoadRefused("empty", f"{name} is empty. {SEND}")
    if len(data) > FILE_LIMIT * times:
        size = FILE_LIMIT * times // 1024**2
        raise LoadRefused("too_large", f"{name} is larger than {size} MB. Send it in parts, by month or by list.")
    if data.startswith(ZIP):
        kind, remarks = look_in_zip(data, name)
    elif data.startswith(OLE):
        kind, remarks = look_in_ole(data, name), []
    elif is_message(data):
        kind, remarks = "xml", []
    else:
        refuse_other_text(data, name)
        kind, remarks = "csv", []
    return Container(kind, tuple(about_the_ending(name, kind) + remarks))


def is_message(data):
    """Return whether the first element is a Message, as in the returns that the Department for Education collects."""
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    first = re.search(rb"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)", head) if head.startswith(b"<") else None
    return first is not None and first[2] == b"Message"


def about_the_ending(name, kind):
    ending = PurePosixPath(name).suffix
    if ending.lower() in ENDINGS[kind]:
        return []
    called = f"is called {ending}" if ending else "has no ending in its name"
    return [f"The file {called} but is {KIND_WORDS[kind]}."]


def refuse_other_text(data, name):
    """Refuse what is known not to be a text table: documents, pictures, web pages, XML."""
    for beginning, words in OTHER_BEGINNINGS:
        if data.startswith(beginning):
            raise LoadRefused("not_a_spreadsheet", f"{name} is {words}. {SEND}")
    if data.startswith(BARE_BIFF):
        raise LoadRefused("old_format", f"{name} is a workbook from a very old Excel. {SAVE_AS}")
    # Without the zeros, text in UTF-16 shows its letters too.
    head = data[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(b"mime-version:"):
        raise LoadRefused("html", f"{name} is a saved web page, not a workbook. {SAVE_AS}")
    if not re.match(rb"<[a-z!?]", head):
        return
    if b"office:spreadsheet" in head:
        raise LoadRefused("old_format", f"{name} is an Excel 2003 XML workbook. {SAVE_AS}")
    if re.search(rb"<(?:html|table|head|body|meta|style|div|script)\b|<!doctype html", head):
        raise LoadRefused("html", f"{name} is a web page with a table, not a workbook. {SAVE_AS}")
    raise LoadRefused("not_a_spreadsheet", f"{name} is an XML file. {SEND}")


# Zip containers: xlsx and ods


def look_in_zip(data, name):
    # Opening an archive with half a million directory entries costs seconds and memory; counting does not.
    if data.count(b"PK\x01\x02") > MEMBERS_LIMIT:
        raise LoadRefused("unsafe", f"{name} has more than {MEMBERS_LIMIT:,} parts inside. {SAVE_AS}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except Exception as trouble:
        # BadZipFile, struct.error, ValueError, NotImplementedError: whatever the bytes of the file provoke.
        raise LoadRefused("damaged", f"{name} {DAMAGED}") from trouble
    with archive:
        members = archive.infolist()
        check_directory(members, name)
        kind, remarks = kind_of_zip(archive, name)
        refuse_entities(archive, members, name)
    return kind, remarks


def check_directory(members, name):
    """Refuse an archive whose directory shows a trap; readers were measured to honour declared sizes."""
    if any(member.flag_bits & 1 for member in members):
        raise LoadRefused("password", f"{name} {PROTECTED}")
    if sum(member.file_size for member in members) > UNPACKED_LIMIT or any(map(is_bomb, members)):
        raise LoadRefused(
            "too_large",
            f"{name} unpacks to far more than it should. Delete what is not needed, save it as .xlsx "
            "and send it again, or send it in parts.",
        )
    places = [member.filename.replace("\\", "/").casefold() for member in members]
    if len(set(places)) < len(places):
        raise LoadRefused("unsafe", f"{name} holds the same part twice, so readers may disagree. {SAVE_AS}")
    if any(place.startswith("/") or ":" in place or ".." in place.split("/") for place in places):
        raise LoadRefused("unsafe", f"{name} holds a part with an unsafe name. {SAVE_AS}")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise LoadRefused("damaged", f"{name} {DAMAGED}")


def is_bomb(member):
    return member.file_size > RATIO_FROM and member.file_size > RATIO_LIMIT * max(member.compress_size, 1)


def kind_of_zip(archive, name):
    places = [member.filename.replace("\\", "/").casefold() for member in archive.infolist()]
    for beginning, words, advice in OTHER_ARCHIVES:
        if any(place.startswith(beginning) for place in places):
            raise LoadRefused("not_a_spreadsheet", f"{name} is {words}. {advice}")
    if any(place.startswith("xl/") and place.endswith(".xml") for place in places):
        return "xlsx", about_the_workbook(places)
    if "mimetype" in places and "content.xml" in places:
        return kind_of_open_document(archive, name), []
    advice = "Take the files out and send them one by one."
    raise LoadRefused("not_a_spreadsheet", f"{name} is a zip archive, not a workbook. {advice}")


def about_the_workbook(places):
    remarks = []
    if "xl/vbaproject.bin" in places:
        remarks.append("The workbook contains macros. They were not run.")
    if any(place.startswith("xl/externallinks/") for place in places):
        remarks.append("Some formulas refer to other workbooks. The results saved in this file were read.")
    return remarks


def kind_of_open_document(archive, name):
    if b"encryption-data" in head_of(archive, "META-INF/manifest.xml", name):
        raise LoadRefused("password", f"{name} {PROTECTED}")
    if b"opendocument.spreadsheet" not in head_of(archive, "mimetype", name):
        raise LoadRefused("not_a_spreadsheet", f"{name} is an OpenDocument text, drawing or slides. {SEND}")
    return "ods"


def head_of(archive, member, name):
    """Return the first bytes of a member, or refuse a file that does not give them."""
    try:
        with archive.open(member) as stream:
            return stream.read(HEAD)
    except KeyError:
        return b""
    except Exception as trouble:
        # zlib.error, BadZipFile, EOFError and others, all from the bytes of the file.
        raise LoadRefused("damaged", f"{name} {DAMAGED}") from trouble


def refuse_entities(archive, members, name):
    """Refuse entity declarations, in whichever part they stand and however it is named.

    Pictures, and what a Mac adds to an archive under the names of its parts, do not begin as XML does.
    """
    for member in members:
        whole = head_of(archive, member, name)
        # Without the zeros, XML in UTF-16 shows its declarations too.
        head = whole.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not head.startswith(b"<"):
            continue
        if b"<!ENTITY" in head:
            raise LoadRefused("unsafe", f"{name} declares XML entities, which no spreadsheet needs. {SAVE_AS}")
        if len(whole) == HEAD and not reaches_first_element(head):
            raise LoadRefused("unsafe", f"{name} hides the beginning of a part behind a long comment. {SAVE_AS}")


def reaches_first_element(head):
    """Return whether the first element begins in `head`, behind whatever comments and instructions."""
    at = head.find(b"<")
    while at >= 0:
        if re.match(rb"<[^!?]", head[at : at + 2]):
            return True
        close = b"-->" if head.startswith(b"<!--", at) else b">"
        end = head.find(close, at)
        at = head.find(b"<", end) if end >= 0 else -1
    return False


# OLE containers: xls, and what hides in the same wrapping


def look_in_ole(data, name):
    sector = check_ole_header(data, name)
    if has_stream(data, "EncryptedPackage") or has_stream(data, "EncryptionInfo"):
        raise LoadRefused("password", f"{name} {PROTECTED}")
    workbook = has_stream(data, "Workbook") or has_stream(data, "Book")
    for stream, words in OTHER_STREAMS:
        # A workbook may hold a document, and a document a workbook: then the name says which it is.
        if has_stream(data, stream) and not (workbook and is_called_a_workbook(name)):
            raise LoadRefused("not_a_spreadsheet", f"{name} is {words}. {SEND}")
    if not workbook:
        raise LoadRefused("not_a_spreadsheet", f"{name} is not a workbook. {SEND}")
    if has_file_pass(data, workbook, sector):
        raise LoadRefused("password", f"{name} {PROTECTED}")
    return "xls"


def is_called_a_workbook(name):
    return PurePosixPath(name).suffix.lower() in (*ENDINGS["xls"], *ENDINGS["xlsx"])


def check_ole_header(data, name):
    """Return the sector size; refuse a header that claims more sectors than the file has."""
    if len(data) < 1536:
        raise LoadRefused("damaged", f"{name} {DAMAGED}")
    order, shift = struct.unpack_from("<HH", data, 28)
    fat, directory, mini_fat, more_fat = (struct.unpack_from("<I", data, at)[0] for at in (44, 48, 64, 72))
    sectors = len(data) >> shift if shift in (9, 12) else 0
    if order != 0xFFFE or max(fat, directory, mini_fat, more_fat) > sectors:
        raise LoadRefused("damaged", f"{name} {DAMAGED}")
    return 1 << shift


def has_stream(data, stream):
    """Return the offset of the directory entry that names `stream`, or 0.

    Entries are 128 bytes long and stand at multiples of 128, so no cell text can be taken for one.
    """
    entry_name = stream.encode("utf-16-le") + b"\0\0"
    at = data.find(entry_name)
    while at >= 0:
        length = struct.unpack_from("<H", data, at + 64)[0] if at + 128 <= len(data) else 0
        if at % 128 == 0 and length == len(entry_name):
            return at
        at = data.find(entry_name, at + 1)
    return 0


def has_file_pass(data, workbook, sector):
    """Return whether the first records of the workbook stream say that the rest is encrypted."""
    first, size = struct.unpack_from("<II", data, workbook + 116)
    # Streams below 4,096 bytes live elsewhere; Excel writes none so short, and calamine refuses them encrypted.
    at, end = (first + 1) * sector, min((first + 2) * sector, len(data) - 4)
    while size >= 4096 and at < end:
        record, length = struct.unpack_from("<HH", data, at)
        if record == 0x2F:
            return True
        at += 4 + length
    return False
