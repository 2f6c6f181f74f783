"""Colleagues of a town by name, kept for some seconds: each page of the desk names them, and they seldom change."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct

from parvis import clock
from parvis.db import Engine
from parvis.people.agents import Person, agents

KEPT = timedelta(seconds=5)


class KnownColleagues(Struct, frozen=True):
    """Those of a town, when they were read, and of whom is known by then whether they are among them."""

    read_at: datetime
    people: tuple[Person, ...]
    asked: frozenset[str]


class Colleagues(dict[str, KnownColleagues]):
    """Those of each town. For what is shown alone: whether somebody may do something is asked anew."""

    async def of(self, engine: Engine, jurisdiction: str, named: Collection[str] = ()) -> tuple[Person, ...]:
        """Everybody with a role in a town in the order of their names; read again where one of those `named` is new."""
        now, known = clock.now(), self.get(jurisdiction)
        if known is None or not timedelta() <= now - known.read_at < KEPT or not known.asked.issuperset(named):
            people = await agents(engine, jurisdiction)
            known = KnownColleagues(now, people, frozenset((*named, *(one.id for one in people))))
            self[jurisdiction] = known
        return known.people
