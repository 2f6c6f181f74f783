"""`parvis open-data` writes what everybody may have of a year."""

import pytest

from parvis_testing.commands import said_in_a_sentence

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # a process of its own


def test_the_open_data_of_a_year_is_written_to_a_file(command, tmp_path):
    ran = command("open-data", "out.csv", "--town", "parvis", "--year", "2026")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out.csv").read_text("utf-8-sig").startswith("reference,service,service_fr")
    refused = command("open-data", "out.csv", "--town", "rien", "--year", "2026")
    assert "no town 'rien'" in said_in_a_sentence(refused)
