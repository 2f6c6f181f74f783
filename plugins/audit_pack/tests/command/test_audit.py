"""`parvis requests audit` writes the pack of a town, beside the commands of the core about requests."""

import pytest

from parvis_testing.commands import said_in_a_sentence

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("database")]  # a process of its own

DAYS = ("--from", "2026-01-01", "--to", "2026-01-31")


def test_the_pack_of_some_days_is_written_to_a_file(command, tmp_path):
    ran = command("requests", "audit", "pack.zip", "--town", "parvis", *DAYS)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "pack.zip").read_bytes().startswith(b"PK")
    refused = command("requests", "audit", "pack.zip", "--town", "rien", *DAYS)
    assert "no town 'rien'" in said_in_a_sentence(refused)


def test_it_stands_among_the_commands_about_requests(command):
    shown = command("requests", "--help").stdout
    assert [word in shown for word in ("audit", "audit file", "verify", "forget")] == [True] * 4
    assert "audit" not in command("--help").stdout
