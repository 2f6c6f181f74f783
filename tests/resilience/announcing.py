"""A process that announces a word about an incident in small pieces, made to be killed while it does."""

import asyncio
import os
import sys
from uuid import UUID

from parvis.deployment import open_deployment
from parvis.requests.actors import Actor
from parvis.requests.records import find
from parvis.settings import read_settings
from parvis_incidents import telling
from parvis_sdk.text import Text

TITLE = Text(fr="Bris d’aqueduc", en="Water main break")
WORDS = Text(fr="Faites bouillir l’eau.", en="Boil the water.")
PIECE = 20


async def announce(reference: str, word: str) -> None:
    telling.PIECE = PIECE
    async with open_deployment(read_settings(None, os.environ)) as deployment:
        record = await find(deployment.host, reference)
        assert record is not None
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        ana = Actor(kind="agent", id="ana", name="Ana Tremblay")
        await telling.announce_word(deployment.host, record, UUID(word), TITLE, WORDS, actor=ana, urgency="emergency")


if __name__ == "__main__":
    asyncio.run(announce(sys.argv[1], sys.argv[2]))
