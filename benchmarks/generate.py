"""Makes as many requests as a town has in years, with their history, as a real borough receives them.

Months, weekdays, hours, channels and how many are at their end follow the 20,049 requests of `plateau.json` (Ville de
Montréal, CC BY 4.0); how often each kind of request comes follows the sizes of its categories, the largest for the kind
that the demo has most. Every request is one of the demo's, with its contact, history, clocks and words, under another
reference, at another time, at a real address, by another person. Rows go in past the host: it is reading that is
measured with them, and the chain of their hashes is not theirs. What differs is drawn here, one row for each request;
the database makes all others of it by itself, with triggers and indexes left for the end: a million in minutes.
"""

import csv
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import asyncpg

from parvis import clock
from parvis.db.migrations.parvis_2026_12_01t01_00_00_000000 import COMPOSED, ON_POSTGRES, ON_SQLITE
from parvis.identifiers import new_id
from parvis.requests.contacts import searched_of
from parvis.requests.references import new_reference
from parvis_sdk.requests import Requester
from parvis_sdk.text_normalisation import fold

HERE = Path(__file__).parent
ADDRESSES = HERE.parent / "tests" / "addresses" / "montreal" / "addresses.csv"
SEED, YEARS, IN_HAND, TOGETHER = 7, 6, 180, 20_000  # in hand: days after which nearly all is at its end
OF_THE_DEMO = 400  # requests that came first, which all others are made after
FIRST_ROWS = f"""
SELECT id, reference, type, phase, submitted_at, address FROM service_request
WHERE id IN (SELECT id FROM service_request ORDER BY id LIMIT {OF_THE_DEMO}) AND erased_at IS NULL ORDER BY id"""
FIRST = (
    "Zoé", "Réjean", "Aïcha", "Siobhán", "Jean-François", "Marie-Ève", "Hương", "Peter", "Stéphane", "Nadia", "Luc",
    "Ana", "Olivier", "Mohamed", "Chloé",
)  # fmt: skip
LAST = (
    "Côté", "Tremblay", "Gagnon", "Roy", "Bouchard", "Gauthier", "Morin", "Lavoie", "Fortin", "Gagné", "Ouellet",
    "Pelletier", "Bélanger", "Lévesque", "Bergeron", "Leblanc", "Paquette", "Girard", "Simard", "Boucher", "Caron",
    "Beaulieu", "Cloutier", "Dubé", "Poirier", "Lefebvre", "Benali", "Nguyễn", "O’Brien", "MacDonald",
)  # fmt: skip
# Words that nothing else holds, by the share of requests that do; each of the last two stands where the other does not.
SHARES = {"quetsche": 0.001, "tournesol": 0.01, "glaieul": 0.05, "coquelicot": 0.3}
NEVER_MET = ("jonquille", "hortensia")
WITH_REQUEST = ("contact", "entry", "clock", "said")
MOMENTS = frozenset({
    "submitted_at", "updated_at", "state_since", "closed_at", "decided_at", "promised_at", "at",
    "started_at", "due_at", "paused_at", "ended_at", "first_answer_at", "reopened_at",
    "settled_at", "holder_since",
})  # fmt: skip
# What is drawn for each request, and beside it what stands in the text of its sample instead.
DRAWN = (
    *("sample", "id", "later", "reference", "channel", "address", "lon", "lat", "person", "email", "phone"),
    *("of_contact", "words", "old", "new", "old_address", "new_address"),
)
OTHERWISE = {
    "service_request": {
        "id": "m.id",
        "reference": "m.reference",
        "channel": "m.channel",
        **{name: f"CASE WHEN s.lon IS NULL THEN s.{name} ELSE m.{name} END" for name in ("address", "lon", "lat")},
        "public_lon": "CASE WHEN s.public_lon IS NULL THEN NULL ELSE m.lon END",
        "public_lat": "CASE WHEN s.public_lat IS NULL THEN NULL ELSE m.lat END",
        "search_text": "replace(replace(s.search_text, m.old, m.new), m.old_address, m.new_address) || m.words",
        "public_text": "replace(replace(s.public_text, m.old, m.new), m.old_address, m.new_address)",
    },
    "contact": {
        "request": "m.id",
        "name": "m.person",
        "email": "m.email",
        "phone": "m.phone",
        "search_text": "m.of_contact",
    },
}
Row = dict[str, Any]


class Chance:
    """What is drawn for each request, by the shares of the borough."""

    def __init__(self) -> None:
        self.random, self.marks = random.Random(SEED), random.Random(SEED)
        self.shares = json.loads((HERE / "plateau.json").read_text("utf-8"))
        self.days = self._days()
        self.hours = self.shares["hours"]
        with ADDRESSES.open(encoding="utf-8") as file:
            self.addresses = [
                (f"{row['number']}, {row['street']}", float(row["lon"]), float(row["lat"]))
                for row in csv.DictReader(file)
            ]

    def _days(self) -> tuple[list[datetime], list[int]]:
        today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
        days = [today - timedelta(days=before) for before in range(1, YEARS * 365)]
        months, weekdays = self.shares["months"], self.shares["weekdays"]
        return days, [months[day.month - 1] * weekdays[day.weekday()] for day in days]

    def moments(self, number: int) -> list[datetime]:
        """When so many were received."""
        days = self.random.choices(self.days[0], self.days[1], k=number)
        hours = self.random.choices(range(24), self.hours, k=number)
        return [
            day + timedelta(hours=hour + 4, seconds=self.random.random() * 3600)
            for day, hour in zip(days, hours, strict=True)
        ]

    def is_ended(self, at: datetime) -> bool:
        if at < clock.now() - timedelta(days=IN_HAND):
            return self.random.random() < 0.998
        return bool(self.random.random() < self.shares["ended"] / self.shares["all"])

    def words(self) -> list[str]:
        """What a search of known frequency is to find in a request; drawn beside all else."""
        drawn = [word for word, share in SHARES.items() if self.marks.random() < share]
        return [*drawn, self.marks.choice(NEVER_MET)] if self.marks.random() < 0.4 else drawn

    def channel(self) -> str:
        channels = self.shares["channels"]
        return str(self.random.choices(list(channels), list(channels.values()))[0])


class Samples:
    """The requests of the demo, drawn as often as their kinds come."""

    def __init__(self, chance: Chance, first: list[Row], taken: set[str]) -> None:
        self.chance, self.taken = chance, taken
        self.ended = self._drawn([row for row in first if row["phase"] == "closed"])
        self.standing = self._drawn([row for row in first if row["phase"] != "closed"])

    def _drawn(self, rows: list[Row]) -> tuple[list[Row], list[float]]:
        of_type: dict[str, int] = {}
        for row in rows:
            of_type[row["type"]] = of_type.get(row["type"], 0) + 1
        ranked = sorted(of_type, key=lambda code: -of_type[code])
        sizes = sorted(self.chance.shares["categories"].values(), reverse=True)
        size = dict(zip(ranked, sizes, strict=False))
        return rows, list(accumulate(size.get(row["type"], 50) / of_type[row["type"]] for row in rows))

    def _reference(self) -> str:
        while (reference := new_reference()) in self.taken:
            pass
        self.taken.add(reference)
        return reference

    def made(self, at: datetime) -> tuple[Any, ...]:
        """What a new request received at that time has for itself, as `DRAWN` says."""
        chance = self.chance
        rows, shares = self.ended if chance.is_ended(at) else self.standing
        sample = chance.random.choices(rows, cum_weights=shares)[0]
        address, lon, lat = chance.random.choice(chance.addresses)
        person = f"{chance.random.choice(FIRST)} {chance.random.choice(LAST)}"
        phone, reference = f"+1514{chance.random.randrange(2_000_000, 10_000_000)}", self._reference()
        email = f"{fold(person).replace(' ', '.')}.{phone[-5:]}@exemple.ca"
        contact = searched_of(Requester(mode="named", name=person, email=email, phone=phone))
        later = (at - _moment(sample["submitted_at"])).total_seconds()
        words = "".join(f" {word}" for word in chance.words())
        texts = (_searched(sample["reference"]), _searched(reference), fold(sample["address"]), fold(address))
        own = (reference, chance.channel(), address, lon, lat, person, email, phone, contact, words)
        return (sample["id"], new_id(), later, *own, *texts)


def _searched(reference: str) -> str:
    return fold(f"{reference} {reference.replace('-', '')}")


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


def _batches(samples: Samples, number: int) -> Iterator[list[tuple[Any, ...]]]:
    """One after the other in time, as they came: what is of one month lies together on the disk."""
    moments = sorted(samples.chance.moments(max(0, number)))
    for start in range(0, number, TOGETHER):
        yield [samples.made(at) for at in moments[start : start + TOGETHER]]


def _copied(table: str, columns: list[str], later: str, own_id: str) -> str:
    """The statement that makes the rows of one table for all that was drawn."""
    otherwise = OTHERWISE.get(table, {"id": own_id, "request": "m.id"})
    values = [
        otherwise.get(column) or (later.format(column) if column in MOMENTS else f's."{column}"') for column in columns
    ]
    named = ", ".join(f'"{column}"' for column in columns)
    of = "id" if table == "service_request" else "request"
    made = f'SELECT {", ".join(values)} FROM making m JOIN "{table}" s ON s.{of} = m.sample'
    return f'INSERT INTO "{table}" ({named}) {made}'


def generate_in_sqlite(file: Path, wanted: int) -> None:
    """Bring the number of requests in this file, in which the demo has lived, up to `wanted`."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        for pragma in ("synchronous = OFF", "cache_size = -500000", "journal_mode = MEMORY", "foreign_keys = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"CREATE TEMP TABLE making ({', '.join(DRAWN)})")
        first = [dict(row) for row in connection.execute(FIRST_ROWS)]
        taken = {row["reference"] for row in connection.execute("SELECT reference FROM service_request")}
        marks = ", ".join("?" * len(DRAWN))
        for rows in _batches(Samples(Chance(), first, taken), wanted - len(taken)):
            drawn = [(sample, str(id), f"{later:+.3f} seconds", *own) for sample, id, later, *own in rows]
            connection.executemany(f"INSERT INTO making VALUES ({marks})", drawn)
        later = "strftime('%Y-%m-%d %H:%M:%f000+00:00', s.{}, m.later)"
        own_id = (
            "lower(substr(m.id, 1, 14) || '7' || substr(hex(randomblob(2)), 2) || '-8' || "
            "substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))"
        )
        connection.execute("BEGIN")
        kept = _taken_away(connection)
        for table in ("service_request", *WITH_REQUEST):
            columns = [row["name"] for row in connection.execute(f"PRAGMA table_info({table})")]
            connection.execute(_copied(table, columns, later, own_id))
        for statement in kept["index"]:
            connection.execute(statement)
        connection.execute(COMPOSED.format(joined=ON_SQLITE, which="q.id IN (SELECT id FROM making)"))
        connection.execute("INSERT INTO search_index (search_index) VALUES ('rebuild')")
        for statement in kept["trigger"]:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA journal_mode = WAL")


def _taken_away(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """Triggers and indexes of what is filled, gone for the moment: the statements that make them again."""
    filled = ("service_request", "request_text", *WITH_REQUEST)
    marks, kept = ", ".join("?" * len(filled)), {}
    for kind in ("trigger", "index"):
        asked = (
            f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL AND tbl_name IN ({marks})"
        )
        found = connection.execute(asked, filled).fetchall()
        kept[kind] = [row["sql"] for row in found]
        for row in found:
            connection.execute(f"DROP {kind} {row['name']}")
    return kept


async def generate_in_postgres(url: str, wanted: int) -> None:
    """The same in a database of PostgreSQL, by COPY."""
    connection = await asyncpg.connect(url)
    try:
        first = [dict(row) for row in await connection.fetch(FIRST_ROWS)]
        taken = {row["reference"] for row in await connection.fetch("SELECT reference FROM service_request")}
        await _draw_in_postgres(connection, Samples(Chance(), first, taken), wanted - len(taken))
        own_id = "overlay(gen_random_uuid()::text placing left(m.id::text, 14) from 1)::uuid"
        await connection.execute("SET session_replication_role = replica")  # no trigger runs
        await connection.execute("SET maintenance_work_mem = '1GB'")
        filled = ["service_request", "request_text", *WITH_REQUEST]
        indexes = await connection.fetch(INDEXES, filled)
        for index in indexes:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        for table in ("service_request", *WITH_REQUEST):
            columns = [row["attname"] for row in await connection.fetch(COLUMNS, table)]
            await connection.execute(_copied(table, columns, "s.{} + m.later", own_id))
        for index in sorted(indexes, key=lambda each: "USING gin" in each["indexdef"]):
            if index["tablename"] != "request_text":
                await connection.execute(index["indexdef"])
        await connection.execute("ANALYZE")
        await connection.execute(COMPOSED.format(joined=ON_POSTGRES, which="q.id IN (SELECT id FROM making)"))
        for index in indexes:
            if index["tablename"] == "request_text":
                await connection.execute(index["indexdef"])
        await connection.execute("DROP TABLE making")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


INDEXES = """
SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1)
AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"""
COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped"
MAKING = """
CREATE TEMP TABLE making (sample uuid, id uuid, later interval, reference text, channel text, address text,
lon float8, lat float8, person text, email text, phone text, of_contact text, words text, old text, new text,
old_address text, new_address text)"""


async def _draw_in_postgres(connection: asyncpg.Connection, samples: Samples, number: int) -> None:
    await connection.execute(MAKING)
    for rows in _batches(samples, number):
        drawn = [(sample, id, timedelta(seconds=later), *own) for sample, id, later, *own in rows]
        await connection.copy_records_to_table("making", records=drawn, columns=DRAWN)
    await connection.execute("ANALYZE making")
