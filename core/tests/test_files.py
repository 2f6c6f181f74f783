"""Contents in the folder of the host keep the contract of every store."""

import os
from datetime import timedelta

import pytest

from parvis import clock
from parvis.files import LocalFiles
from parvis_sdk.file_stores import part_of
from parvis_sdk.testing import FileStoreContract


class TestLocalFiles(FileStoreContract):
    @pytest.fixture
    def store(self, tmp_path):
        return LocalFiles(tmp_path / "files")

    @pytest.fixture
    def away(self, tmp_path):
        (tmp_path / "no-folder").write_text("")
        return LocalFiles(tmp_path / "no-folder")


def test_what_a_writer_left_half_done_is_cleared_away_once_it_is_old(tmp_path):
    files = LocalFiles(tmp_path)
    place = tmp_path / "ab" / "cd"
    place.mkdir(parents=True)
    half = place / ".coming-123"
    half.write_bytes(b"half")
    assert files.kept_before(part_of("ab"), clock.now() - timedelta(days=1)) == []
    assert half.exists()
    os.utime(half, (0, 0))
    assert files.kept_before(part_of("ab"), clock.now() - timedelta(days=1)) == []
    assert not half.exists()
