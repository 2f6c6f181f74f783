"""Invented people: a name of Québec, an address at example.org, a number that rings nowhere."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random

import msgspec

from parvis_sdk.text_normalisation import words_of


class Person(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    email: str
    phone: str


@cache
def names() -> dict[str, list[str]]:
    text = (Path(__file__).parent / "people.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def invent_person(chance: Random) -> Person:
    given, family = chance.choice(names()["given"]), chance.choice(names()["family"])
    address = ".".join("".join(words_of(part)) for part in (given, family))
    area = chance.choice(("450", "514"))
    return Person(
        name=f"{given} {family}",
        email=f"{address}@example.org",
        phone=f"{area} 555-01{chance.randint(0, 99):02}",
    )
