"""Links to somebody's own page, without their letter."""

from parvis.db import Engine, transaction
from parvis.people.own_keys import put_link


async def new_link(engine: Engine, jurisdiction: str, email: str, language: str) -> str:
    async with transaction(engine):
        return await put_link("link", jurisdiction, email, language)
