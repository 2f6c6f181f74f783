"""Makes as many requests as a town has in years, with their history, as a real borough receives them.

Months, weekdays, hours, channels and how many are at their end follow the 20,049 requests of `plateau.json` (Ville de
Montréal, CC BY 4.0); how often each kind of request comes follows the sizes of its categories, the largest for the kind
that the demo has most. Every request is one of the demo's, with its contact, history, clocks and words, under another
reference, at another time, at a real address, by another person. Rows go in past the host: it is reading that is
measured with them, and the chain of their hashes is not theirs.
"""

import csv
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from parvis import clock
from parvis.identifiers import new_id
from parvis.requests.references import new_reference
from parvis.text_normalisation import fold

HERE = Path(__file__).parent
ADDRESSES = HERE.parent / "tests" / "addresses" / "montreal" / "addresses.csv"
SEED, YEARS, IN_HAND, TOGETHER = 7, 6, 180, 5_000  # in hand: days after which nearly all is at its end
OF_THE_DEMO = 400  # requests that came first, which all others are made after
FIRST_ROWS = f"SELECT * FROM service_request ORDER BY id LIMIT {OF_THE_DEMO}"
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
})  # fmt: skip
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
    """The requests of the demo with all that belongs to each, drawn as often as their kinds come."""

    def __init__(self, chance: Chance, rows: dict[str, list[Row]], taken: set[str]) -> None:
        self.chance, self.taken = chance, taken
        self.parts: dict[tuple[str, Any], list[Row]] = {}
        for name in WITH_REQUEST:
            for row in rows[name]:
                self.parts.setdefault((name, row["request"]), []).append(row)
        requests = [row for row in rows["service_request"] if row["erased_at"] is None]
        self.ended = self._drawn([row for row in requests if row["phase"] == "closed"])
        self.standing = self._drawn([row for row in requests if row["phase"] != "closed"])

    def _drawn(self, rows: list[Row]) -> tuple[list[Row], list[float]]:
        of_type: dict[str, int] = {}
        for row in rows:
            of_type[row["type"]] = of_type.get(row["type"], 0) + 1
        ranked = sorted(of_type, key=lambda code: -of_type[code])
        sizes = sorted(self.chance.shares["categories"].values(), reverse=True)
        size = dict(zip(ranked, sizes, strict=False))
        return rows, [size.get(row["type"], 50) / of_type[row["type"]] for row in rows]

    def _reference(self) -> str:
        while (reference := new_reference()) in self.taken:
            pass
        self.taken.add(reference)
        return reference

    def made(self, at: datetime) -> Iterator[tuple[str, Row]]:
        """The rows of one new request."""
        chance = self.chance
        rows, weights = self.ended if chance.is_ended(at) else self.standing
        sample = chance.random.choices(rows, weights)[0]
        by, id, reference = at - _moment(sample["submitted_at"]), _like(sample["id"], new_id()), self._reference()
        address, lon, lat = chance.random.choice(chance.addresses)
        person = f"{chance.random.choice(FIRST)} {chance.random.choice(LAST)}"
        phone = f"+1514{chance.random.randrange(2_000_000, 10_000_000)}"
        changed: Row = {"id": id, "reference": reference, "channel": chance.channel()}
        if sample["lon"] is not None:
            changed |= {"address": address, "lon": lon, "lat": lat}
            if sample["public_lon"] is not None:
                changed |= {"public_lon": lon, "public_lat": lat}
        old = fold(f"{sample['reference']} {sample['reference'].replace('-', '')}")
        new = fold(f"{reference} {reference.replace('-', '')}")
        for column in ("search_text", "public_text"):
            changed[column] = sample[column].replace(old, new)
            if sample["address"]:
                changed[column] = changed[column].replace(fold(sample["address"]), fold(address))
        changed["search_text"] += "".join(f" {word}" for word in chance.words())
        yield "service_request", _shifted(sample, by) | changed
        for name in WITH_REQUEST:
            for part in self.parts.get((name, sample["id"]), ()):
                row = _shifted(part, by) | {"request": id}
                if name == "contact":
                    email = f"{fold(person).replace(' ', '.')}.{phone[-5:]}@exemple.ca"
                    row |= {"name": person, "email": email, "phone": phone}
                    row["search_text"] = fold(f"{person} {email} {phone} {phone[2:]}")
                else:
                    row["id"] = _like(part["id"], new_id())
                yield name, row


def _shifted(row: Row, by: timedelta) -> Row:
    return {name: _moved(value, by) if name in MOMENTS and value else value for name, value in row.items()}


def _moved(value: Any, by: timedelta) -> Any:
    return (_moment(value) + by).isoformat(" ") if isinstance(value, str) else value + by


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


def _like(old: Any, new: UUID) -> Any:
    return str(new) if isinstance(old, str) else new


def _batches(samples: Samples, number: int) -> Iterator[dict[str, list[Row]]]:
    for start in range(0, number, TOGETHER):
        rows: dict[str, list[Row]] = {}
        for at in samples.chance.moments(min(TOGETHER, number - start)):
            for name, row in samples.made(at):
                rows.setdefault(name, []).append(row)
        yield rows


def _first() -> dict[str, str]:
    """What is read of the demo's requests, by table."""
    of_them = f"WHERE request IN (SELECT id FROM ({FIRST_ROWS}) AS first)"
    return {"service_request": FIRST_ROWS} | {name: f"SELECT * FROM {name} {of_them}" for name in WITH_REQUEST}


def generate_in_sqlite(file: Path, wanted: int) -> None:
    """Bring the number of requests in this file, in which the demo has lived, up to `wanted`."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        for pragma in ("synchronous = OFF", "cache_size = -500000", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        there = {name: [dict(row) for row in connection.execute(sql)] for name, sql in _first().items()}
        taken = {row["reference"] for row in connection.execute("SELECT reference FROM service_request")}
        for rows in _batches(Samples(Chance(), there, taken), wanted - len(taken)):
            with connection:
                for name, made in rows.items():
                    columns = ", ".join(f'"{column}"' for column in made[0])
                    marks = ", ".join("?" * len(made[0]))
                    sql = f'INSERT INTO "{name}" ({columns}) VALUES ({marks})'
                    connection.executemany(sql, [tuple(row.values()) for row in made])
        connection.execute("ANALYZE")
        connection.commit()


async def generate_in_postgres(url: str, wanted: int) -> None:
    """The same in a database of PostgreSQL, by COPY; indexes of words are made once all is there."""
    connection = await asyncpg.connect(url)
    try:
        there = {name: [dict(row) for row in await connection.fetch(sql)] for name, sql in _first().items()}
        taken = {row["reference"] for row in await connection.fetch("SELECT reference FROM service_request")}
        gin = await connection.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%'")
        for index in gin:
            await connection.execute(f"DROP INDEX {index['indexname']}")
        for rows in _batches(Samples(Chance(), there, taken), wanted - len(taken)):
            for name, made in rows.items():
                records = [tuple(row.values()) for row in made]
                await connection.copy_records_to_table(name, records=records, columns=list(made[0]))
        await connection.execute("SET maintenance_work_mem = '1GB'")
        for index in gin:
            await connection.execute(index["indexdef"])
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
