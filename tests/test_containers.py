"""What a file is goes by its bytes; whatever is not a plain spreadsheet is refused in words."""

import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from data_loaders import containers
from data_loaders.containers import Container, given_name, look
from scorecards.errors import LoadRefused
from tests.samples.make_reading_samples import members_of, open_document, with_members, workbook, zipped

XLS = (Path(__file__).parent / "samples/reading/errors_and_dates.xls").read_bytes()
EXCEL_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
ROW = '<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'


def refusal(data: bytes, name: str = "Referrals.xlsx") -> tuple[str, str]:
    with pytest.raises(LoadRefused) as refused:
        look(data, name)
    return refused.value.code, str(refused.value)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (workbook(("Agency", "Value")), "Referrals.xlsx", "xlsx"),
        (XLS, "Referrals.xls", "xls"),
        (open_document(ROW), "Referrals.ods", "ods"),
        (b"Agency,Value\n", "Referrals.CSV", "csv"),
    ],
)
def test_each_kind_is_known_by_its_content(data, name, kind):
    assert look(data, name) == Container(kind)


@pytest.mark.parametrize(
    ("data", "name", "remark"),
    [
        (workbook(("a",)), "Referrals.xls", "The file is called .xls but is an xlsx workbook."),
        (workbook(("a",)), "Referrals", "The file has no ending in its name but is an xlsx workbook."),
        (XLS, "Referrals.xlsx", "The file is called .xlsx but is an old Excel workbook (xls)."),
        (b"Agency\tValue\n", "Referrals.xls", "The file is called .xls but is text."),
    ],
)
def test_a_name_that_says_another_kind_is_remarked(data, name, remark):
    assert look(data, name).remarks == (remark,)


def test_macros_and_links_to_other_workbooks_are_remarked():
    data = with_members(
        workbook(("a",)), **{"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": "<externalLink/>"}
    )
    assert look(data, "Referrals.xlsm").remarks == (
        "The workbook contains macros. They were not run.",
        "Some formulas refer to other workbooks. The results saved in this file were read.",
    )


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "Referrals.xlsx is empty."),
        (b"\n \r\n", "empty", "Referrals.xlsx is empty."),
        (b"%PDF-1.7", "not_a_spreadsheet", "Referrals.xlsx is a PDF document. Send an Excel workbook"),
        (b"\x89PNG\r\n", "not_a_spreadsheet", "is a picture."),
        (b"\x09\x04\x06\x00\x00\x00", "old_format", "is a workbook from a very old Excel."),
        (b"<html><table>", "html", "is a web page with a table, not a workbook. Open it in Excel"),
        ("<html><table>".encode("utf-16"), "html", "is a web page with a table"),
        (b"\r\n<!DOCTYPE html>", "html", "is a web page with a table"),
        (b"MIME-Version: 1.0\n", "html", "is a saved web page"),
        (EXCEL_2003, "old_format", "is an Excel 2003 XML workbook."),
        (b"<?xml version='1.0'?><Return/>", "not_a_spreadsheet", "is an XML file."),
        (zipped({"word/document.xml": "x"}), "not_a_spreadsheet", "is a Word document."),
        (zipped({"ppt/presentation.xml": "x"}), "not_a_spreadsheet", "is a PowerPoint presentation."),
        (zipped({"xl/workbook.bin": "x"}), "not_a_spreadsheet", "is a binary workbook (.xlsb)"),
        (zipped({"Index/Document.iwa": "x"}), "not_a_spreadsheet", "Export it to Excel"),
        (zipped({"april.xlsx": "x"}), "not_a_spreadsheet", "Take the files out and send them one by one."),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "x"}),
            "not_a_spreadsheet",
            "is an OpenDocument text",
        ),
    ],
)
def test_what_is_no_spreadsheet_is_named_and_refused(data, code, words):
    found, sentence = refusal(data)
    assert found == code
    assert words in sentence


def test_a_file_over_25_mb_is_refused():
    assert refusal(b"a" * (containers.FILE_LIMIT + 1))[0] == "too_large"


def test_text_that_only_begins_like_a_tag_is_text():
    assert look(b"<5,>5\n1,2\n", "Referrals.csv").kind == "csv"


# Zip archives


def test_half_a_workbook_is_damaged():
    data = workbook(("a",))
    assert refusal(data[: len(data) // 2]) == (
        "damaged",
        "Referrals.xlsx could not be read: the file is damaged or made in an unusual way. "
        "Open it in Excel, save it as .xlsx and send it again.",
    )


def test_a_small_file_that_unpacks_to_a_great_one_is_refused():
    bomb = with_members(workbook(), **{"xl/worksheets/sheet1.xml": b"A" * 20_000_000})
    assert len(bomb) < 50_000
    assert refusal(bomb)[0] == "too_large"


def test_the_sum_of_unpacked_sizes_is_limited(monkeypatch):
    monkeypatch.setattr(containers, "UNPACKED_LIMIT", 1_000)
    assert refusal(workbook(("a",)))[0] == "too_large"


def test_too_many_members_are_refused_before_the_directory_is_read():
    crowd = zipped({f"xl/{number}.xml": "" for number in range(1_001)}, zipfile.ZIP_STORED)
    assert refusal(crowd) == (
        "unsafe",
        "Referrals.xlsx has more than 1,000 parts inside. Open it in Excel, save it as .xlsx and send it again.",
    )


def added(data: bytes, member: str, text: str = "x") -> bytes:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(member, text)
    return stream.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "XL/Worksheets/SHEET1.XML"])
def test_a_member_that_is_there_twice_is_refused(member):
    code, sentence = refusal(added(workbook(("a",)), member))
    assert code == "unsafe"
    assert "the same part twice" in sentence


@pytest.mark.parametrize("member", ["../../outside", "/etc/cron.d/x", "C:\\x", "xl\\..\\..\\x"])
def test_a_member_with_an_unsafe_name_is_refused(member):
    assert refusal(added(workbook(("a",)), member))[0] == "unsafe"


def test_a_compression_that_spreadsheets_do_not_use_is_refused():
    assert refusal(zipped(members_of(workbook(("a",))), zipfile.ZIP_LZMA))[0] == "damaged"


@pytest.mark.parametrize("member", ["xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_entity_declarations_are_refused_wherever_they_stand(member):
    laughs = '<!DOCTYPE w [<!ENTITY a "lol">]><worksheet/>'
    code, sentence = refusal(with_members(workbook(("a",)), **{member: laughs}))
    assert code == "unsafe"
    assert "declares XML entities" in sentence


def test_a_plain_document_type_is_accepted():
    """Old OpenOffice writes one into its manifest."""
    manifest = '<!DOCTYPE manifest:manifest PUBLIC "-//x//EN" "Manifest.dtd"><manifest:manifest/>'
    assert look(with_members(open_document(ROW), **{"META-INF/manifest.xml": manifest}), "a.ods").kind == "ods"


def test_entity_declarations_in_utf16_are_seen_too():
    sheet = '<!DOCTYPE w [<!ENTITY a "lol">]><worksheet/>'.encode("utf-16")
    assert refusal(with_members(workbook(("a",)), **{"xl/worksheets/sheet1.xml": sheet}))[0] == "unsafe"


def test_entity_declarations_behind_a_long_comment_are_refused_unseen():
    sheet = f'<!-- {"x" * 70_000} --><!DOCTYPE w [<!ENTITY a "lol">]><worksheet/>'
    code, sentence = refusal(with_members(workbook(("a",)), **{"xl/worksheets/odd.part": sheet}))
    assert code == "unsafe"
    assert "behind a long comment" in sentence


def test_comments_and_instructions_before_a_long_sheet_are_accepted():
    sheet = f'<?xml version="1.0"?><!-- made by hand --><worksheet>{"<row/>" * 20_000}</worksheet>'
    assert look(with_members(workbook(("a",)), **{"xl/worksheets/sheet1.xml": sheet}), "a.xlsx").kind == "xlsx"


def test_a_workbook_packed_anew_on_a_mac_is_accepted():
    """The Mac adds a file of its own beside each part, which is no XML whatever its name says."""
    data = with_members(workbook(("a",)), **{"__MACOSX/xl/worksheets/._sheet1.xml": b"\0\x05\x16\x07 Mac OS X \0"})
    assert look(data, "a.xlsx").kind == "xlsx"


def test_a_member_whose_bytes_do_not_unpack_is_damaged():
    data = bytearray(zipped({"xl/workbook.xml": "x" * 1000}))
    data[45:50] = b"\xff\xff\xff\xff\xff"
    assert refusal(bytes(data))[0] == "damaged"


def test_an_open_document_without_a_manifest_is_still_read():
    members = members_of(open_document(ROW))
    del members["META-INF/manifest.xml"]
    assert look(zipped(members), "a.ods").kind == "ods"


# Passwords

PROTECTED = "Referrals.xlsx is protected with a password. Ask the sender for a copy without one."


def ole(*streams: str, sectors: int = 8) -> bytes:
    """Return an OLE file that is only a header and a directory."""
    header = bytearray(512)
    header[:8] = containers.OLE
    struct.pack_into("<HH", header, 28, 0xFFFE, 9)
    entries = b"".join(
        stream.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(stream) + 2) + bytes(62)
        for stream in streams
    )
    return bytes(header) + entries.ljust(512 * sectors, b"\0")


def test_a_workbook_encrypted_by_excel_is_protected():
    assert refusal(ole("Root Entry", "EncryptedPackage")) == ("password", PROTECTED)


def test_an_old_workbook_with_a_password_is_protected():
    first_record = XLS.index(b"\x09\x08\x10\x00") + 20
    data = XLS[:first_record] + struct.pack("<HH", 0x2F, 54) + XLS[first_record + 4 :]
    assert refusal(data) == ("password", PROTECTED)


def test_an_encrypted_open_document_is_protected():
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    data = with_members(open_document(ROW), **{"META-INF/manifest.xml": manifest})
    assert refusal(data) == ("password", PROTECTED)


def test_an_archive_with_encrypted_members_is_protected():
    data = bytearray(workbook(("a",)))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == ("password", PROTECTED)


# OLE files


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        ("WordDocument", "is a Word document."),
        ("PowerPoint Document", "is a PowerPoint presentation."),
        ("__properties_version1.0", "is an Outlook message."),
        ("Something", "is not a workbook."),
    ],
)
def test_other_files_in_the_wrapping_of_old_office_are_named(stream, words):
    code, sentence = refusal(ole("Root Entry", stream))
    assert code == "not_a_spreadsheet"
    assert words in sentence


def test_a_workbook_that_holds_a_document_is_a_workbook_and_a_document_that_holds_one_is_none():
    data = ole("Root Entry", "Workbook", "WordDocument")
    assert look(data, "Referrals.xls").kind == "xls"
    assert "is a Word document." in refusal(data, "Referrals.doc")[1]


def test_a_stream_name_in_cell_text_is_not_a_stream():
    data = bytearray(ole("Root Entry", "Workbook"))
    text = "EncryptedPackage".encode("utf-16-le") + b"\0\0"
    data[1025 : 1025 + len(text)] = text
    data[-len(text) :] = text
    assert look(bytes(data), "Referrals.xls").kind == "xls"


@pytest.mark.parametrize("at", [44, 48, 64, 72])
def test_a_header_that_claims_more_sectors_than_the_file_has_is_damaged(at):
    data = bytearray(XLS)
    struct.pack_into("<I", data, at, 1_000_000)
    assert refusal(bytes(data))[0] == "damaged"


def test_a_few_bytes_of_an_old_workbook_are_damaged():
    assert refusal(XLS[:600])[0] == "damaged"


def test_an_unknown_sector_size_is_damaged():
    data = bytearray(XLS)
    data[30] = 20
    assert refusal(bytes(data))[0] == "damaged"


# Names


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Referrals.xlsx", "Referrals.xlsx"),
        ("C:\\Users\\a\\Referrals.xlsx", "Referrals.xlsx"),
        ("../../Referrals.xlsx", "Referrals.xlsx"),
        ("Refer\nrals\x1b[31m.xlsx", "Referrals[31m.xlsx"),
        ("a" * 500, "a" * 120),
        ("", "The file"),
    ],
)
def test_sentences_use_the_bare_name(name, bare):
    assert given_name(name) == bare


def test_a_workbook_by_openpyxl_with_hidden_sheets_is_looked_at_without_remarks():
    book = openpyxl.Workbook()
    book.create_sheet("Hidden").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    assert look(stream.getvalue(), "a.xlsx") == Container("xlsx")
