"""Many requests of the queue at once: four of one unit, and the pages on which they are ticked, shown and done."""

import re

import pytest

from parvis.requests.lifecycle import make_move
from parvis_testing.desk import ANA


def hidden(page, name):
    """What a page sends along without showing it."""
    return re.search(f'name="{name}" value="([^"]*)"', page.text)[1]


@pytest.fixture
async def four(desk):
    """Three just received and one under way, of the roads."""
    records = [await desk.request(unit="roads") for _ in range(4)]
    await make_move(desk.host, records[3].reference, "start", {}, actor=ANA, mover="agent")
    return [await desk.record(one.reference) for one in records]


async def ticked(clerk, records):
    """The page of what may be done with these."""
    return await clerk.get("/bureau/plusieurs?" + "&".join(f"r={one.reference}" for one in records))


async def previewed(clerk, page, do, **given):
    """How it would go with each."""
    return await clerk.post("/bureau/plusieurs", chosen=hidden(page, "chosen"), _do=do, **given)


async def sure(clerk, page, **given):
    """It is done, and each says what became of it."""
    kept = {name: value for name, value in re.findall(r'type="hidden" name="([^"_]+)" value="([^"]*)"', page.text)}
    return await clerk.post("/bureau/plusieurs", **(kept | {"_do": hidden(page, "_do"), "_sure": "1"} | given))
