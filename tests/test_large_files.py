"""Limits that somebody at the server raises for a file that they know; the traps stay shut."""

import io
import zipfile

import pytest

from data_loaders.__main__ import REFUSED, main
from data_loaders.reading import read_file
from scorecards.errors import LoadRefused
from tests.samples.make_reading_samples import workbook

LONG = b"Agency,Value\n" + b"".join(b"North,%d\n" % number for number in range(200_100))


def test_a_list_that_is_too_long_is_read_where_the_limits_are_raised():
    with pytest.raises(LoadRefused) as refusal:
        read_file(LONG, "long.csv")
    assert refusal.value.code == "too_many_rows"
    (sheet,) = read_file(LONG, "long.csv", times=2).sheets
    assert sheet.n_rows == 200_101


def test_a_file_that_is_too_large_is_told_the_size_that_is_allowed():
    large = b"Agency,Value\n" + b"North,1\n" * (26 * 1024**2 // 8)
    with pytest.raises(LoadRefused, match="larger than 25 MB"):
        read_file(large, "large.csv")
    with pytest.raises(LoadRefused) as refusal:
        read_file(large, "large.csv", times=2)
    assert refusal.value.code == "too_many_rows"


def test_what_unpacks_to_far_more_than_it_should_is_refused_all_the_same():
    out = io.BytesIO(workbook(("Agency", "Value")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.bin", b"\0" * (160 * 1024**2))
    with pytest.raises(LoadRefused, match="unpacks to far more"):
        read_file(out.getvalue(), "bomb.xlsx", times=10)


@pytest.mark.parametrize(("asked", "is_refused"), [([], True), (["--large", "2"], False)])
def test_limits_are_raised_at_the_command_line(tmp_path, asked, is_refused, capsys):
    (tmp_path / "long.csv").write_bytes(LONG)
    assert (main(["--check", *asked, str(tmp_path / "long.csv")]) == REFUSED) is is_refused
    assert ("at most 200,000 rows are read" in capsys.readouterr().out) is is_refused
