"""An import that dies in the middle: no request is left half brought in, and the next run brings in the rest, once.

A real process, killed with `kill -9` again and again, on a real database.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.example_towns import town_folder
from parvis.requests.history import broken_at, entries_of
from parvis.requests.records import record_of

pytestmark = [pytest.mark.slow, pytest.mark.both_engines]

LINES, KILLS = 60, 3
STEPS = ("triaged", "in_progress", "resolved", "closed")
BEGUN = datetime(2019, 3, 4, 15, tzinfo=UTC)


def past(number: int) -> bytes:
    at = BEGUN + timedelta(days=number)
    steps = [{"at": at + timedelta(days=day), "state": state} for day, state in enumerate(STEPS, 1)]
    return msgspec.json.encode({"key": f"N-{number}", "type": "pothole", "submitted_at": at, "steps": steps})


@pytest.fixture
def lines(tmp_path) -> Path:
    file = tmp_path / "past.jsonl"
    file.write_bytes(b"\n".join(past(number) for number in range(LINES)))
    return file


class Importing:
    """The command, in a process of its own."""

    def __init__(self, lines: Path, folder: Path, database_url: str) -> None:
        self.lines = lines
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PARVIS_")}
        self.environment = clean | {
            **clock.variables(),
            "PARVIS_TERRITORY": str(town_folder()),
            "PARVIS_SECRET_KEY": "s" * 40,
            "PARVIS_DATA": str(folder),
            "PARVIS_DATABASE": database_url,
        }

    async def start(self) -> asyncio.subprocess.Process:
        program = Path(sys.executable).with_name("parvis")
        words = ("requests", "import", str(self.lines), "--town", "parvis", "--source", "old")
        return await asyncio.create_subprocess_exec(
            program, *words, env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )


async def brought_in() -> int:
    return await ServiceRequest.count().where(ServiceRequest.type == "pothole")


async def test_an_import_killed_in_the_middle_leaves_no_request_half_imported(database, database_url, lines, tmp_path):
    importing = Importing(lines, tmp_path, database_url)
    for kill in range(1, KILLS + 1):
        process = await importing.start()
        while await brought_in() < kill * LINES // (KILLS + 2):
            assert process.returncode is None, (await process.communicate())[0]
            await asyncio.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        assert 0 < await brought_in() < LINES
        await _all_whole()
    process = await importing.start()
    said = (await process.communicate())[0]
    assert process.returncode == 0, said
    assert said.decode().strip().endswith(f"{LINES} in, 0 refused")
    assert await brought_in() == LINES
    await _all_whole()


async def _all_whole() -> None:
    """What is there has come to its last state, by each step once."""
    for row in await ServiceRequest.select().where(ServiceRequest.type == "pothole"):
        record = record_of(row)
        entries = await entries_of(record)
        assert [entry.body["target"] for entry in entries[1:]] == list(STEPS), record.reference
        assert record.state == STEPS[-1]
        assert await broken_at(record) is None
