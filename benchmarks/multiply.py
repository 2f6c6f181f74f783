"""Makes many requests out of the few hundred of the demo: copies under new ids, spread over two years."""

import random
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from parvis.identifiers import new_id
from parvis.requests.references import new_reference

SEED = 7
SPAN_DAYS = 730
MOMENTS = {
    "submitted_at",
    "updated_at",
    "state_since",
    "closed_at",
    "promised_at",
    "at",
    "started_at",
    "due_at",
    "paused_at",
    "ended_at",
    "made_at",
    "first_answer_at",
    "reopened_at",
}
WITH_REQUEST = ("contact", "entry", "clock")


async def multiply(file: Path, wanted: int) -> int:
    """Bring the number of requests in this SQLite file up to `wanted`; how many there are then.

    Copies skip the host on purpose: it is lists and pages that are measured here, not taking in. Nine in ten are of
    closed requests, as in a town that keeps up with its work.
    """
    chance = random.Random(SEED)
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    try:
        there = connection.execute("SELECT count(*) FROM service_request").fetchone()[0]
        samples = [dict(row) for row in connection.execute("SELECT * FROM service_request")]
        closed = [row for row in samples if row["phase"] == "closed"] or samples
        opened = [row for row in samples if row["phase"] != "closed"] or samples
        parts = {
            (name, row["id"]): [
                dict(part) for part in connection.execute(f"SELECT * FROM {name} WHERE request = ?", (row["id"],))
            ]
            for name in WITH_REQUEST
            for row in samples
        }
        with connection:
            for _ in range(max(0, wanted - there)):
                sample = chance.choice(closed if chance.random() < 0.9 else opened)
                shift = timedelta(days=-chance.uniform(0, SPAN_DAYS) if sample["phase"] == "closed" else 0)
                _copy(connection, sample, parts, shift)
        connection.execute("ANALYZE")
        return max(there, wanted)
    finally:
        connection.close()


def _copy(
    connection: sqlite3.Connection, sample: dict[str, Any], parts: dict[tuple[str, str], Any], shift: timedelta
) -> None:
    id, reference = str(new_id()), new_reference()
    _insert(connection, "service_request", _shifted(sample, shift) | {"id": id, "reference": reference})
    for name in WITH_REQUEST:
        for part in parts[name, sample["id"]]:
            own = {} if name == "contact" else {"id": str(new_id())}
            _insert(connection, name, _shifted(part, shift) | {"request": id, **own})


def _shifted(row: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    return {name: _moved(value, shift) if name in MOMENTS and value else value for name, value in row.items()}


def _moved(value: str, shift: timedelta) -> str:
    return (datetime.fromisoformat(value).astimezone(UTC) + shift).isoformat(" ")


def _insert(connection: sqlite3.Connection, name: str, row: dict[str, Any]) -> None:
    columns, marks = ", ".join(f'"{column}"' for column in row), ", ".join("?" * len(row))
    connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(row.values()))
