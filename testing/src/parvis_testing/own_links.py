"""Links to somebody's own page, without their letter."""

from parvis.db import Engine, unit
from parvis.people.own_keys import put_link


async def new_link(engine: Engine, jurisdiction: str, email: str, language: str) -> str:
    async with unit(engine):
        return await put_link("link", jurisdiction, email, language)
